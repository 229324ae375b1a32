/* mh-stall: whether the player stands still although it should play.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-stall.h"

/* inference.md, 4: audio sinks freeze for up to 1.75 s at the start, so T0
 * counts twice in the first seconds of playing. */
#define START_PERIOD MH_TIME_FROM_SEC (5)
#define MAX_STEP G_GUINT64_CONSTANT (10000000000) /* ns */
#define MAX_INTERVAL MH_TIME_FROM_MSEC (500)
#define MIN_INTERVAL MH_TIME_FROM_MSEC (20)

void
mh_stall_reset (MhStall *self, MhTime since, guint64 buffers, gboolean begins)
{
  if (begins)
    self->playing_since = since;
  self->progress_at = since;
  self->position = -1;
  self->buffers = buffers;
  self->stalled = FALSE;
}

static MhTime
patience (const MhStall *self, guint64 step)
{
  MhTime t0 = self->threshold;
  /* A gap in a broken stream shall not hide every stall that follows. */
  MhTime rhythm = (MhTime) (MIN (step, MAX_STEP) / 500);

  if (self->progress_at < mh_time_add (self->playing_since, START_PERIOD))
    t0 = mh_time_add (t0, t0);
  return MAX (t0, rhythm);
}

gboolean
mh_stall_feed (
    MhStall *self, MhTime at, gint64 position, guint64 buffers, guint64 step)
{
  gboolean was = self->stalled;
  gboolean data = buffers != self->buffers;
  gboolean progress = data ||
      (position >= 0 && self->position >= 0 && position != self->position);

  self->buffers = buffers;
  /* While data flows nobody asks for the position: what it was before then is
   * nothing to compare with. */
  if (data || position >= 0)
    self->position = position;
  if (progress) {
    self->progress_at = at;
    self->stalled = FALSE;
  } else if (at - self->progress_at >= patience (self, step)) {
    self->stalled = TRUE;
  }
  return self->stalled != was;
}

MhTime
mh_stall_interval (const MhStall *self)
{
  return CLAMP (self->threshold / 4, MIN_INTERVAL, MAX_INTERVAL);
}
