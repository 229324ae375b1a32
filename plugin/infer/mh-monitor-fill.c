/* mh-monitor-fill: how full the buffers are (docs/design/inference.md#buffering).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-monitor-private.h"

/* How close to the end of the data the media is when it has run dry, and by how
 * much it would be beyond it, seconds. */
#define DRY_NEAR 0.1
#define DRY_SINCE 1.0

static void
move_if_changed (MhMonitor *self, int before)
{
  if (mh_buffering_percent (&self->buffering) != before)
    mh_ending_move (&self->ending, self->now);
}

void
mh_monitor_observe_fill (MhMonitor *self, guint64 source, int percent)
{
  int before = mh_buffering_percent (&self->buffering);

  if (mh_ending_is_stopping (&self->ending)) {
    self->buffering.is_told = TRUE;
    return; /* R1: a stray one */
  }
  mh_buffering_tell (&self->buffering, source, percent, self->now);
  move_if_changed (self, before);
  if (!mh_buffering_is_low (&self->buffering) && before < 100)
    mh_start_fill (&self->start, self->now);
}

gboolean
mh_monitor_take_percent (MhMonitor *self, int percent)
{
  int before = mh_buffering_percent (&self->buffering);
  gboolean known;

  if (percent < 0 || !mh_monitor_wants_percent (self))
    return FALSE;
  known = mh_buffering_answer (&self->buffering, percent, self->run.own_at);
  move_if_changed (self, before);
  return known;
}

/* Where the clock would have it. */
static double
get_unlimited (const MhMonitor *self)
{
  MhPlayhead playhead = self->playhead;

  playhead.limit = -1;
  return mh_playhead_get (&playhead, self->now);
}

void
mh_monitor_take_dry (MhMonitor *self, double end)
{
  double beyond = get_unlimited (self) - end;

  self->buffering.is_dry = self->start.is_shown &&
      self->playback.reported == MH_PLAYBACK_PLAYING && !self->stall.stalled &&
      !mh_seek_is_active (&self->seek) && !self->buffering.is_told &&
      self->data_end.state == MH_DATA_END_OPEN && !self->playhead.live &&
      mh_rate_is_forward (&self->rate) && beyond >= -DRY_NEAR &&
      beyond <= DRY_SINCE;
}

gboolean
mh_monitor_is_dry (const MhMonitor *self)
{
  return self->buffering.is_dry && !mh_data_end_is_over (&self->data_end) &&
      !mh_run_is_prerolled (&self->run);
}
