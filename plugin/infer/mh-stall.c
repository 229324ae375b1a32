/* mh-stall: whether the player stands still although it should play.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-stall.h"

/* Audio sinks freeze for up to 1.75 s at the start, so T0 counts twice in the
 * first seconds of playing (docs/design/inference.md#stalls). */
#define START_PERIOD MH_TIME_FROM_SEC (5)
#define MAX_STEP G_GUINT64_CONSTANT (10000000000) /* ns */
#define MAX_INTERVAL MH_TIME_FROM_MSEC (500)
#define NEAR 50000000 /* ns */
#define MIN_INTERVAL MH_TIME_FROM_MSEC (20)

void
mh_stall_reset (MhStall *self, MhTime since, guint64 buffers, gboolean begins)
{
  if (begins) {
    self->playing_since = since;
    self->stalled = FALSE;
  }
  self->progress_at = since;
  self->position = -1;
  self->expected = -1;
  self->looked_at = self->data_after = since;
  self->buffers = buffers;
}

void
mh_stall_sleep (MhStall *self, MhTime from)
{
  self->stalled = TRUE;
  self->progress_at = from;
  self->position = -1;
  self->expected = -1;
  self->slept = TRUE;
}

gboolean
mh_stall_wake (MhStall *self, guint64 buffers)
{
  if (self->slept)
    self->buffers = buffers;
  self->slept = FALSE;
  return buffers != self->buffers;
}

void
mh_stall_expect (MhStall *self, gint64 position, MhTime at, double rate)
{
  self->expected = position;
  self->expected_at = at;
  self->rate = rate;
}

static gboolean
has_moved (const MhStall *self, gint64 position)
{
  if (position < 0)
    return FALSE;
  if (self->position >= 0)
    return position != self->position;
  return self->expected >= 0 && ABS (position - self->expected) > NEAR;
}

/* When the media came to @position, which is the first answer since data has passed:
 * after @data_after. */
static MhTime
get_arrival (const MhStall *self, MhTime at, gint64 position)
{
  double ahead = (double) (position - self->expected) / 1000;

  return (MhTime) CLAMP ((double) self->expected_at + ahead / self->rate,
      (double) self->data_after, (double) at);
}

static void
note_progress (MhStall *self, MhTime at, gboolean data, gint64 position)
{
  gboolean moved = has_moved (self, position);
  gboolean first = position >= 0 && self->position < 0 && self->expected >= 0;

  if (data || (moved && (!first || self->rate == 0 || self->stalled)))
    self->progress_at = at;
  else if (moved)
    self->progress_at = get_arrival (self, at, position);
  else if (first && self->rate != 0 && !self->stalled)
    self->progress_at = MIN (
        self->progress_at, get_arrival (self, at, position));
}

static MhTime
get_patience (const MhStall *self, guint64 step)
{
  MhTime t0 = self->threshold;
  /* A gap in a broken stream shall not hide every stall that follows. */
  MhTime rhythm = (MhTime) (MIN (step, MAX_STEP) / 500);

  if (self->progress_at < mh_time_add (self->playing_since, START_PERIOD))
    t0 = mh_time_add (t0, t0);
  return MAX (t0, rhythm);
}

gboolean
mh_stall_feed (MhStall *self, MhTime at, gboolean asked, gint64 position,
    guint64 buffers, guint64 step)
{
  gboolean was = self->stalled;
  gboolean data = buffers != self->buffers;
  gboolean progress = data || has_moved (self, position);

  if (data)
    self->data_after = self->looked_at;
  self->looked_at = at;
  if (!data && !asked)
    return FALSE;
  note_progress (self, at, data, position);
  self->buffers = buffers;
  /* While data flows the position is not asked for: an answer from before that is
   * nothing to compare with. */
  if (data || position >= 0)
    self->position = position;
  if (progress) {
    self->stalled = FALSE;
  } else if (at - self->progress_at >= get_patience (self, step)) {
    self->stalled = TRUE;
  }
  return self->stalled != was;
}

MhTime
mh_stall_interval (const MhStall *self)
{
  return CLAMP (self->threshold / 4, MIN_INTERVAL, MAX_INTERVAL);
}

/* What was looked at a moment ago, as something else was due, is left out the next
 * time. The timer may be early or late a little. */
MhTime
mh_stall_next_look (const MhStall *self, MhTime at)
{
  MhTime interval = 2 * mh_stall_interval (self);

  return mh_time_round_up (mh_time_add (at, interval * 19 / 20), interval);
}
