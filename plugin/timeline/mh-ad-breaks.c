/* mh-ad-breaks: the ad breaks that a broadcast announces.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-ad-breaks.h"

/* No broadcast announces more than that. */
#define MAX_PLANNED 64
/* How far apart two announcements of one break may put it, seconds. */
#define SAME 10.0
/* What begins that close to the end of another follows it, seconds. */
#define NEXT 0.5
#define END_NEAR 1.0

typedef struct
{
  guint group;
  guint32 event;
  char *id;
  double start;
  double end; /* infinite: it will be told */
  double length;
} Break;

struct _MhAdBreaks
{
  GPtrArray *planned; /* of Break, by start */
  Break *open; /* NULL: none */
  guint32 over_event; /* the one before */
  double over_start; /* NaN: none */
  gint64 n; /* so far in this session */
  GQueue steps; /* of MhCall: what follows from what has been called */
  MhTime steps_at;
  double left; /* where the media was then; NaN: it is there */
};

static void
break_free (gpointer data)
{
  Break *item = data;

  if (!item)
    return;
  g_free (item->id);
  g_free (item);
}

MhAdBreaks *
mh_ad_breaks_new (void)
{
  MhAdBreaks *self = g_new0 (MhAdBreaks, 1);

  self->planned = g_ptr_array_new_with_free_func (break_free);
  g_queue_init (&self->steps);
  self->over_start = NAN;
  return self;
}

void
mh_ad_breaks_free (MhAdBreaks *self)
{
  g_ptr_array_unref (self->planned);
  break_free (self->open);
  g_queue_clear_full (&self->steps, (GDestroyNotify) mh_call_free);
  g_free (self);
}

/* ---- announcements ---- */

static Break *
get_planned (const MhAdBreaks *self, guint index)
{
  return self->planned->pdata[index];
}

/* Returns: (nullable) */
static Break *
find_planned (const MhAdBreaks *self, guint group, guint32 event)
{
  for (guint i = 0; i < self->planned->len; i++) {
    if (get_planned (self, i)->group == group &&
        get_planned (self, i)->event == event)
      return get_planned (self, i);
  }
  return NULL;
}

static void
breaks_update (Break *item, const MhScte35 *splice, double start)
{
  item->start = start;
  item->length = MAX (splice->duration, 0);
  item->end = splice->duration >= 0 && splice->auto_return
      ? start + splice->duration
      : INFINITY;
  g_free (item->id);
  item->id = splice->id && *splice->id ? g_utf8_make_valid (splice->id, -1)
                                       : g_strdup_printf ("%u", splice->event);
}

/* An ad within a break, or an opportunity in which it is shown. */
static gboolean
is_within (const Break *item, guint group, guint32 event, double start)
{
  return item && item->group == group && item->event != event &&
      isfinite (item->end) && start >= item->start - NEXT &&
      start < item->end - NEXT;
}

static int
compare_starts (gconstpointer a, gconstpointer b)
{
  double one = (*(Break *const *) a)->start;
  double other = (*(Break *const *) b)->start;

  return one < other ? -1 : one > other;
}

static void
breaks_plan (
    MhAdBreaks *self, guint group, const MhScte35 *splice, double start)
{
  Break *item = find_planned (self, group, splice->event);

  if (!item) {
    if (is_within (self->open, group, splice->event, start) ||
        self->planned->len >= MAX_PLANNED)
      return;
    for (guint i = 0; i < self->planned->len; i++) {
      if (is_within (get_planned (self, i), group, splice->event, start))
        return;
    }
    item = g_new0 (Break, 1);
    item->group = group;
    item->event = splice->event;
    g_ptr_array_add (self->planned, item);
  }
  breaks_update (item, splice, start);
  g_ptr_array_sort (self->planned, compare_starts);
}

static void
start_break (
    MhAdBreaks *self, guint group, const MhScte35 *splice, double start)
{
  Break *open = self->open;

  if (open && open->group == group && open->event == splice->event &&
      fabs (start - open->start) < SAME) {
    if (splice->duration >= 0 && splice->auto_return)
      open->end = open->start + splice->duration;
  } else if (!(splice->event == self->over_event &&
                 fabs (start - self->over_start) < SAME)) {
    breaks_plan (self, group, splice, start);
  }
}

/* Sets the end of the break that @splice names, or else of the latest. */
static void
end_break (MhAdBreaks *self, guint group, const MhScte35 *splice, double end)
{
  Break *known = find_planned (self, group, splice->event);
  Break *item = known;

  if (self->open && self->open->event == splice->event)
    item = self->open;
  if (!item)
    item = self->open;
  for (guint i = 0; i < self->planned->len && !known; i++) {
    Break *planned = get_planned (self, i);

    if (planned->group == group && planned->start < end &&
        (!item || item == self->open) && isinf (planned->end))
      item = planned;
  }
  if (item)
    item->end = MAX (end, item->start);
}

void
mh_ad_breaks_take (MhAdBreaks *self, guint group, const MhScte35 *splice,
    double position, double here)
{
  gboolean past = splice->duration >= 0 && splice->auto_return &&
      position + splice->duration <= here;

  if (splice->cancel) {
    g_ptr_array_remove (
        self->planned, find_planned (self, group, splice->event));
  } else if (!isfinite (position)) {
    return;
  } else if (splice->out) {
    if (!past)
      start_break (self, group, splice, position);
  } else {
    end_break (self, group, splice, position);
  }
}

void
mh_ad_breaks_begin (MhAdBreaks *self)
{
  g_clear_pointer (&self->open, break_free);
  g_queue_clear_full (&self->steps, (GDestroyNotify) mh_call_free);
  self->over_start = NAN;
  self->n = 0;
}

void
mh_ad_breaks_leave (MhAdBreaks *self, guint group)
{
  mh_ad_breaks_begin (self);
  for (guint i = self->planned->len; i > 0; i--) {
    if (get_planned (self, i - 1)->group == group)
      g_ptr_array_remove_index (self->planned, i - 1);
  }
}

void
mh_ad_breaks_flush (MhAdBreaks *self)
{
  g_ptr_array_set_size (self->planned, 0);
  self->over_start = NAN;
}

/* ---- calls ---- */

/* Returns: (transfer none): the call. */
static MhCall *
push_step (MhAdBreaks *self, MhCallType type)
{
  MhCall *call = mh_call_new (type);

  g_queue_push_tail (&self->steps, call);
  return call;
}

static void
close_break (MhAdBreaks *self, MhCallType how, MhTime at)
{
  push_step (self, how);
  push_step (self, MH_CALL_AD_BREAK_COMPLETE);
  self->steps_at = at;
  self->over_event = self->open->event;
  self->over_start = self->open->start;
  g_clear_pointer (&self->open, break_free);
}

static void
open_break (MhAdBreaks *self, const Break *next, MhTime at)
{
  MhAdBreak *ad_break = mh_ad_break_new ();
  MhAd *ad = mh_ad_new ();
  Break *item;
  guint index;

  g_ptr_array_find (self->planned, next, &index);
  item = g_ptr_array_steal_index (self->planned, index);
  ad_break->position = ++self->n;
  ad_break->name = g_strdup_printf (
      "Ad break %" G_GINT64_FORMAT, ad_break->position);
  ad_break->start_time = MAX (item->start, 0);
  push_step (self, MH_CALL_AD_BREAK_START)->ad_break = ad_break;
  ad->id = g_strdup (item->id);
  ad->name = g_strdup (item->id);
  ad->position = 1;
  ad->length = item->length;
  push_step (self, MH_CALL_AD_START)->ad = ad;
  self->steps_at = at;
  self->open = item;
}

void
mh_ad_breaks_jump (MhAdBreaks *self, double from, double to)
{
  const Break *open = self->open;

  if (!open ||
      (to >= open->start && to < open->end &&
          (isfinite (open->end) || to <= from)))
    return;
  close_break (self, MH_CALL_AD_SKIP, MH_TIME_NONE);
  self->left = from;
}

/* Returns: (nullable): the next one. */
static const Break *
breaks_find_ahead (const MhAdBreaks *self, guint group)
{
  for (guint i = 0; i < self->planned->len; i++) {
    if (get_planned (self, i)->group == group)
      return get_planned (self, i);
  }
  return NULL;
}

/* Where the open one ends, if by the beginning of the next. */
static double
breaks_get_end (const MhAdBreaks *self, guint group)
{
  const Break *next = breaks_find_ahead (self, group);
  double end = self->open->end;

  return next && next->start > self->open->start ? MIN (end, next->start) : end;
}

MhTime
mh_ad_breaks_deadline (MhAdBreaks *self, const MhMotion *motion, guint group)
{
  const Break *next;

  if (self->steps.length > 0)
    return self->steps_at == MH_TIME_NONE ? motion->at : self->steps_at;
  if (self->open)
    return mh_motion_reach (motion,
        motion->rate > 0 ? breaks_get_end (self, group) : self->open->start);
  next = breaks_find_ahead (self, group);
  /* A break that is played backwards does not count. */
  return next && motion->rate > 0 ? mh_motion_reach (motion, next->start)
                                  : MH_TIME_NEVER;
}

MhCall *
mh_ad_breaks_pop (MhAdBreaks *self, const MhMotion *motion, guint group,
    MhTime until, MhTime *at, double *left)
{
  MhTime deadline = mh_ad_breaks_deadline (self, motion, group);

  if (deadline > until)
    return NULL;
  *at = deadline;
  *left = NAN;
  if (self->steps.length == 0) {
    self->left = NAN;
    if (self->open) {
      close_break (self,
          motion->rate > 0 ? MH_CALL_AD_COMPLETE : MH_CALL_AD_SKIP, deadline);
    } else {
      open_break (self, breaks_find_ahead (self, group), deadline);
    }
  }
  *left = self->left;
  return g_queue_pop_head (&self->steps);
}

MhCall *
mh_ad_breaks_pop_end (MhAdBreaks *self, double at)
{
  if (self->steps.length == 0 && self->open && at >= self->open->end - END_NEAR)
    close_break (self, MH_CALL_AD_COMPLETE, MH_TIME_NONE);
  return g_queue_pop_head (&self->steps);
}
