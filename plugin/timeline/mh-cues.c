/* mh-cues: what is to be called because of where the media is.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-cues.h"

#include "mh-ad-breaks.h"
#include "mh-chapters.h"
#include "mh-error.h"
#include "mh-inband-calls.h"
#include "mh-seen-marks.h"

/* Further than that it has not gone by playing, seconds. */
#define JUMP 0.5

/* What is played, and what is to be played next. */
#define ITEMS 2

typedef struct
{
  guint group;
  GPtrArray *chapters;
} Item;

struct _MhCues
{
  MhInbandCalls *inband_calls;
  MhSeenMarks *seen;
  MhChapters *chapters;
  MhAdBreaks *breaks;
  MhScte35Map map;
  Item items[ITEMS];
  gboolean has_chapters; /* of the stream, for this session */
  gboolean has_ads;
  guint group; /* what is played */
  MhMotion motion; /* where it is */
  MhTime floor; /* since when it has been on its way there */
};

void
mh_cue_clear (MhCue *cue)
{
  g_clear_pointer (&cue->call, mh_call_free);
}

MhCues *
mh_cues_new (void)
{
  MhCues *self = g_new0 (MhCues, 1);

  self->inband_calls = mh_inband_calls_new ();
  self->seen = mh_seen_marks_new ();
  self->chapters = mh_chapters_new ();
  self->breaks = mh_ad_breaks_new ();
  return self;
}

void
mh_cues_free (MhCues *self)
{
  mh_inband_calls_free (self->inband_calls);
  mh_seen_marks_free (self->seen);
  mh_chapters_free (self->chapters);
  mh_ad_breaks_free (self->breaks);
  for (guint i = 0; i < ITEMS; i++)
    g_clear_pointer (&self->items[i].chapters, g_ptr_array_unref);
  g_free (self);
}

/* Returns: what is known of an item; of one that nothing is known of, where that
 * is to be noted. */
static Item *
find_item (MhCues *self, guint group)
{
  guint other = 0;

  for (guint i = 0; i < ITEMS; i++) {
    if (self->items[i].group == group)
      return &self->items[i];
    if (self->items[i].group != self->group)
      other = i;
  }
  return &self->items[other];
}

static void
use_chapters (MhCues *self)
{
  Item *item = find_item (self, self->group);

  mh_chapters_set (
      self->chapters, item->group == self->group ? item->chapters : NULL);
}

void
mh_cues_begin (MhCues *self, gboolean chapters, gboolean ads, double duration)
{
  self->has_ads = ads;
  mh_ad_breaks_begin (self->breaks);
  self->has_chapters = chapters;
  mh_chapters_begin (self->chapters, duration);
  mh_chapters_jump (self->chapters, self->motion.value, self->motion.value,
      self->motion.rate);
}

void
mh_cues_note (MhCues *self, MhCallType type)
{
  switch (type) {
    case MH_CALL_CHAPTER_START:
    case MH_CALL_CHAPTER_COMPLETE:
    case MH_CALL_CHAPTER_SKIP:
      self->has_chapters = FALSE;
      break;
    case MH_CALL_AD_BREAK_START:
    case MH_CALL_AD_BREAK_COMPLETE:
    case MH_CALL_AD_START:
    case MH_CALL_AD_COMPLETE:
    case MH_CALL_AD_SKIP:
      self->has_ads = FALSE;
      break;
    default:
      break;
  }
}

/* Demuxers tell of them again and again. */
static void
take_chapters (MhCues *self, const MhMark *mark)
{
  Item *item = find_item (self, mark->group);

  if (item->group == mark->group &&
      mh_chapters_list_equal (item->chapters, mark->chapters))
    return;
  item->group = mark->group;
  g_clear_pointer (&item->chapters, g_ptr_array_unref);
  item->chapters = g_ptr_array_ref (mark->chapters);
  if (mark->group == self->group)
    use_chapters (self);
}

static void
take_splice (MhCues *self, const MhMark *mark)
{
  guint group = mark->of_message ? self->group : mark->group;
  double here = group == self->group ? self->motion.value : NAN;
  double position = mark->position;

  if (mark->of_message && !isnan (mark->splice->pts))
    position = mh_scte35_map_place (&self->map, mark->splice->pts, position);
  /* What is said without a place is about what is played. */
  if (isnan (position))
    position = here;
  mh_ad_breaks_take (self->breaks, group, mark->splice, position, here);
}

MhCall *
mh_cues_take (MhCues *self, MhMark *mark, GError **error)
{
  g_autoptr (MhMark) taken = mark;

  if (mark->chapters) {
    take_chapters (self, mark);
    return NULL;
  }
  if (mark->splice) {
    take_splice (self, mark);
    return NULL;
  }
  if (!mh_seen_marks_is_new (self->seen, mark))
    return NULL;
  if (isnan (mark->position))
    return g_steal_pointer (&mark->call);
  if (!mh_inband_calls_add (self->inband_calls, mark->group, mark->position,
          g_steal_pointer (&mark->call)))
    g_set_error_literal (error, MH_ERROR, MH_ERROR_REFUSED,
        "too many calls wait for their data");
  return NULL;
}

void
mh_cues_flush (MhCues *self)
{
  mh_inband_calls_flush (self->inband_calls);
  mh_seen_marks_flush (self->seen);
  mh_ad_breaks_flush (self->breaks);
}

static void
cues_jump (MhCues *self, double from, const MhMotion *to)
{
  mh_chapters_jump (self->chapters, from, to->value, to->rate);
  mh_ad_breaks_jump (self->breaks, from, to->value);
}

void
mh_cues_tell (MhCues *self, guint group, const MhMotion *motion)
{
  double expected = mh_motion_get (&self->motion, motion->at);
  gboolean other = group != self->group;

  if (motion->at < self->motion.at)
    return;
  /* From one place to the next it has moved all the time, or not at all. */
  self->floor = self->motion.rate != 0 && !other ? self->motion.at : motion->at;
  self->group = group;
  self->motion = *motion;
  if (other)
    use_chapters (self);
  if (other || !(fabs (motion->value - expected) <= JUMP))
    cues_jump (self, expected, motion);
}

static MhTime
chapters_deadline (MhCues *self)
{
  return self->has_chapters
      ? mh_chapters_deadline (self->chapters, &self->motion)
      : MH_TIME_NEVER;
}

static MhTime
breaks_deadline (MhCues *self)
{
  return self->has_ads
      ? mh_ad_breaks_deadline (self->breaks, &self->motion, self->group)
      : MH_TIME_NEVER;
}

MhTime
mh_cues_deadline (MhCues *self)
{
  MhTime deadline = mh_inband_calls_deadline (
      self->inband_calls, &self->motion, self->group);

  deadline = MIN (deadline, chapters_deadline (self));
  deadline = MIN (deadline, breaks_deadline (self));
  return MAX (deadline, self->floor);
}

gboolean
mh_cues_pop (MhCues *self, MhTime until, MhCue *cue)
{
  MhTime chapters = chapters_deadline (self);
  MhTime breaks = breaks_deadline (self);
  MhTime marked = mh_inband_calls_deadline (
      self->inband_calls, &self->motion, self->group);

  *cue = (MhCue) MH_CUE_INIT;
  /* A chapter that is over is so before anything else at its end. */
  if (chapters <= until && chapters <= MIN (breaks, marked)) {
    cue->call = mh_chapters_pop (
        self->chapters, &self->motion, until, &cue->at, &cue->left);
  } else if (breaks <= until && breaks <= marked) {
    cue->call = mh_ad_breaks_pop (
        self->breaks, &self->motion, self->group, until, &cue->at, &cue->left);
  } else {
    cue->call = mh_inband_calls_pop (
        self->inband_calls, &self->motion, self->group, until, &cue->at);
    cue->theirs = TRUE;
  }
  if (cue->call)
    cue->at = self->floor = MAX (cue->at, self->floor);
  return cue->call != NULL;
}

gboolean
mh_cues_pop_rest (MhCues *self, MhCue *cue)
{
  *cue = (MhCue) MH_CUE_INIT;
  cue->at = self->motion.at;
  if (self->has_ads)
    cue->call = mh_ad_breaks_pop_end (self->breaks, self->motion.value);
  if (!cue->call && self->has_chapters)
    cue->call = mh_chapters_pop_end (self->chapters, self->motion.value);
  if (!cue->call) {
    cue->call = mh_inband_calls_pop_rest (self->inband_calls, self->group);
    cue->theirs = TRUE;
  }
  return cue->call != NULL;
}

gboolean
mh_cues_can_open (MhCues *self, MhTime until)
{
  return mh_inband_calls_can_open (
      self->inband_calls, &self->motion, self->group, until);
}

void
mh_cues_leave (MhCues *self)
{
  mh_inband_calls_leave (self->inband_calls, self->group);
  self->has_chapters = FALSE;
  self->has_ads = FALSE;
  mh_chapters_begin (self->chapters, -1);
  mh_ad_breaks_leave (self->breaks, self->group);
}
