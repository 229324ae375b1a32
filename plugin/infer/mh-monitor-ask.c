/* mh-monitor-ask: what its owner asks: when it is to be fed again and with what,
 * how far it is, and where the media is.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-monitor-private.h"

/* How often to look at the topmost parent while waiting for the first frame:
 * its messages may be kept from us (inference.md, 1). */
#define START_POLL MH_TIME_FROM_MSEC (100)
#define START_SOON MH_TIME_FROM_SEC (5)
#define START_POLL_LATER MH_TIME_FROM_SEC (2)
/* The same after the EOS event, and for a buffer that fills, in the dark. */
#define END_POLL MH_TIME_FROM_MSEC (100)
#define FILL_POLL MH_TIME_FROM_MSEC (250)
/* inference.md, 3: how long ASYNC_DONE may be missing after a flush. */
#define SEEK_ASYNC_DONE MH_TIME_FROM_MSEC (500)

/* When a seek without ASYNC_DONE is over: inference.md, 3. */
MhTime
mh_monitor_seek_deadline (const MhMonitor *self)
{
  if (!self->seeking || self->flushing || self->seek_data_at == MH_TIME_NONE)
    return MH_TIME_NEVER;
  return MAX (
      mh_time_add (self->flush_stop_at, SEEK_ASYNC_DONE), self->seek_data_at);
}

/* How often to look whether it still plays. */
static MhTime
look_interval (const MhMonitor *self)
{
  return self->pad_eos && mh_monitor_is_in_the_dark (self)
      ? END_POLL
      : mh_stall_interval (&self->stall);
}

MhTime
mh_monitor_next_deadline (MhMonitor *self)
{
  MhTime deadline = MIN (
      mh_monitor_candidate_deadline (self), mh_monitor_start_deadline (self));

  deadline = MIN (deadline, mh_monitor_seek_deadline (self));
  deadline = MIN (deadline, mh_monitor_qoe_deadline (self));
  if (self->stopping)
    deadline = MIN (deadline, self->stop_decide_at);
  if (self->reported == MH_PLAYBACK_PLAYING && self->phase == PHASE_OPEN)
    deadline = MIN (deadline, mh_time_add (self->now, look_interval (self)));
  if (mh_monitor_wants_percent (self))
    deadline = MIN (deadline, mh_time_add (self->now, FILL_POLL));
  if (!self->played && self->own == GST_STATE_PLAYING &&
      (self->phase == PHASE_WANTED || self->phase == PHASE_OPEN))
    deadline = MIN (deadline,
        mh_time_add (self->now,
            self->now - self->wanted_at < START_SOON ? START_POLL
                                                     : START_POLL_LATER));
  return deadline;
}

MhTime
mh_monitor_settled (MhMonitor *self)
{
  MhTime settled = MH_TIME_NEVER;

  if (self->phase == PHASE_WANTED)
    settled = self->wanted_at;
  if (self->candidate_since != MH_TIME_NONE)
    settled = MIN (settled, self->candidate_since);
  if (mh_monitor_seek_deadline (self) != MH_TIME_NEVER)
    settled = MIN (settled, self->seek_data_at);
  if (self->stopping)
    settled = MIN (settled, self->stop_at);
  if (self->end_since != MH_TIME_NONE)
    settled = MIN (settled, self->end_since);
  return settled;
}

void
mh_monitor_playhead (MhMonitor *self, MhTime at, MhCall *the_call)
{
  the_call->type = MH_CALL_PLAYHEAD;
  the_call->playhead.value = mh_playhead_get (&self->playhead, at);
  the_call->playhead.rate =
      self->playhead.live ? 1 : mh_monitor_current_rate (self);
}

guint
mh_monitor_where (MhMonitor *self, MhTime at, double *value, double *rate)
{
  MhPlayhead playhead = self->playhead;

  playhead.live = FALSE;
  *value = mh_playhead_get (&playhead, at);
  *rate = mh_monitor_current_rate (self);
  return mh_monitor_get_group (self);
}

guint
mh_monitor_get_group (MhMonitor *self)
{
  return self->have_group ? self->group : 0;
}

gboolean
mh_monitor_leads (MhMonitor *self)
{
  return self->leads;
}

gboolean
mh_monitor_wants_look (MhMonitor *self)
{
  return !self->played && self->own >= GST_STATE_PAUSED;
}

gboolean
mh_monitor_wants_percent (MhMonitor *self)
{
  return self->own == GST_STATE_PAUSED && self->pause_is_buffering &&
      self->percent < 100 && mh_monitor_is_in_the_dark (self);
}

gboolean
mh_monitor_wants_position (MhMonitor *self, guint64 buffers)
{
  return self->reported == MH_PLAYBACK_PLAYING && buffers == self->buffers;
}
