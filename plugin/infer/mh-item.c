/* mh-item: where a media item begins and ends, and whether it got there.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-item.h"

#include <math.h>

/* An item counts as complete this close to its known end (seconds, or a share of the
 * length, whichever is more): demuxers estimate lengths, and the streams of one item
 * differ. */
#define COMPLETE_WITHIN 5.0
#define COMPLETE_SHARE 0.05
/* How close to its ends a seek or a jump must be for a repetition. */
#define NEAR 1.0
#define NEAR_SHARE 0.02
/* What players have queued, and do not play when they seek as they hear of the end. */
#define QUEUED 2.0
/* A jump, and not a new segment of what plays on. */
#define JUMP 0.5

void
mh_item_forget (MhItem *self)
{
  guint number = self->number;

  *self = (MhItem) MH_ITEM_INIT;
  self->number = number;
}

void
mh_item_begin (MhItem *self)
{
  self->state = MH_ITEM_RUNS;
  self->end = -1;
  self->more = 0;
  self->behind = MH_ITEM_RUNS;
  self->behind_end = -1;
}

/* Returns: the item as it will be when what is rendered has jumped. */
static MhItem
get_behind (const MhItem *self)
{
  return (MhItem){
    .number = self->number,
    .state = self->behind,
    .length = self->length,
    .end = self->behind_end,
    .start = self->behind_start,
    .behind_end = -1,
  };
}

static void
set_behind (MhItem *self, const MhItem *behind)
{
  self->behind = behind->state;
  self->behind_end = behind->end;
  self->behind_start = behind->start;
}

/* A queue behind the pad may hold several rounds. They are alike. */
void
mh_item_next_round (MhItem *self)
{
  if (self->more > 0)
    self->more--;
  else if (self->state == MH_ITEM_JUMPED)
    *self = get_behind (self);
  else
    mh_item_begin (self);
}

static gboolean
is_end (const MhItem *self, double place)
{
  double within = MAX (COMPLETE_WITHIN, COMPLETE_SHARE * self->length);

  return self->length < 0 || place >= self->length - within;
}

gboolean
mh_item_is_complete (
    const MhItem *self, double place, double rate, gboolean live)
{
  return !live && rate > 0 && is_end (self, place);
}

/* Returns: seconds. A very short item has its first half and its second. */
static double
get_near (const MhItem *self)
{
  double near = MAX (NEAR, NEAR_SHARE * self->length);

  return MIN (near, self->length / 2);
}

/* A demuxer may estimate it far too small (oggdemux, over HTTP). */
static gboolean
knows_length (const MhItem *self, double place)
{
  return self->length > 0 && place <= self->length + NEAR;
}

/* The source has told of its end, which is queued. Not of a clip that is queued as a
 * whole: a player that seeks at once plays nothing of it. */
static gboolean
is_read (const MhItem *self, double place)
{
  return self->state == MH_ITEM_DONE && place >= self->length - QUEUED &&
      place >= self->length / 2;
}

gboolean
mh_item_is_rewound (const MhItem *self, double from, double to)
{
  double near;

  if (!knows_length (self, from))
    return FALSE;
  near = get_near (self);
  return (from >= self->length - near || is_read (self, from)) && to <= near &&
      to < from;
}

double
mh_item_limit (const MhItem *self, double from, double place)
{
  return knows_length (self, from) && place > self->length ? self->length
                                                           : place;
}

void
mh_item_finish (MhItem *self, double end)
{
  MhItem behind = get_behind (self);

  if (self->state == MH_ITEM_JUMPED) {
    mh_item_finish (&behind, end);
    set_behind (self, &behind);
    return;
  }
  if (self->state == MH_ITEM_RUNS)
    self->state = MH_ITEM_DONE;
  if (end >= 0 && self->state == MH_ITEM_DONE)
    self->end = end;
}

/* Where it is not known how long the media is, no player has asked for the jump,
 * and it goes to the beginning, then the source repeats it. */
static gboolean
is_repeated (const MhItem *self, double end, double start, gboolean asked)
{
  return knows_length (self, end)
      ? mh_item_is_rewound (self, end, start)
      : !asked && start <= NEAR && end - start > JUMP;
}

/* As mh_item_turn(), of what is rendered next. */
static gboolean
turn_here (MhItem *self, double end, double start, gboolean asked)
{
  gboolean done = self->state == MH_ITEM_DONE;

  if (end < 0 && self->state != MH_ITEM_RUNS)
    end = self->end >= 0 ? self->end : self->length;
  if (end < 0)
    return FALSE; /* nothing has come that it could go back behind */
  if (self->state == MH_ITEM_TURNED) {
    self->more += start < end - JUMP;
    return TRUE;
  }
  if (self->state == MH_ITEM_JUMPED)
    return FALSE;
  if (done ? start >= end - JUMP || !is_end (self, end)
           : !is_repeated (self, end, start, asked)) {
    mh_item_begin (self);
    return FALSE;
  }
  self->state = MH_ITEM_TURNED;
  self->end = end;
  self->start = start;
  return TRUE;
}

gboolean
mh_item_turn (MhItem *self, double end, double start, gboolean asked)
{
  MhItem behind = get_behind (self);
  gboolean turned;

  if (self->state != MH_ITEM_JUMPED)
    return turn_here (self, end, start, asked);
  turned = turn_here (&behind, end, start, asked);
  set_behind (self, &behind);
  return turned;
}

static void
set_jump (MhItem *self, double end, double start)
{
  self->state = MH_ITEM_JUMPED;
  self->end = end;
  self->start = start;
}

/* Jumps to the same place are alike: a part is repeated that is shorter than what is
 * queued. Of several to other places the last one counts. */
static void
jump_behind (MhItem *self, double end, double start)
{
  MhItem behind = get_behind (self);

  if (fabs (start - self->start) <= JUMP) {
    mh_item_begin (&behind);
    self->more++;
  } else {
    set_jump (&behind, end, start);
  }
  set_behind (self, &behind);
}

gboolean
mh_item_jump (MhItem *self, double end, double start, gboolean other_rate)
{
  gboolean elsewhere = fabs (start - end) > JUMP;

  if (end < 0 || (!elsewhere && !other_rate))
    return self->state == MH_ITEM_JUMPED;
  if (self->state == MH_ITEM_JUMPED)
    jump_behind (self, end, start);
  else
    set_jump (self, end, start);
  return TRUE;
}

gboolean
mh_item_has_turned (const MhItem *self)
{
  return self->state >= MH_ITEM_TURNED;
}

MhTime
mh_item_end_at (const MhItem *self, MhTime now, double place, double rate)
{
  double left = MAX (self->end - place, 0);

  if (self->state == MH_ITEM_RUNS || self->end < 0 || rate <= 0 ||
      (self->state != MH_ITEM_JUMPED && !is_end (self, self->end)))
    return MH_TIME_NEVER;
  return mh_time_add (now, (MhTime) rint (left / rate * MH_USEC_PER_SEC));
}

MhTime
mh_item_turned_at (
    const MhItem *self, MhTime at, double place, double expected, double rate)
{
  double past = place - self->start;
  double left = MAX (self->end - expected, 0);

  /* It takes less to have come there by the jump than without it. Nothing shows where
   * only the rate changes. */
  if (!mh_item_has_turned (self) || past < -JUMP ||
      fabs (self->start - self->end) <= JUMP ||
      left + past > fabs (expected - place))
    return MH_TIME_NEVER;
  return at - (MhTime) rint (MAX (past, 0) / rate * MH_USEC_PER_SEC);
}
