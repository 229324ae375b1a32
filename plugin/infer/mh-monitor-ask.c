/* mh-monitor-ask: what its owner asks: when it is to be fed again and with what,
 * how far it is, and where the media is.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-monitor-private.h"

#include <math.h>

/* How often to look at the topmost parent while waiting for the first frame:
 * its messages may be kept from us (docs/design/inference.md#bus-messages). */
#define START_POLL MH_TIME_FROM_MSEC (100)
#define START_SOON MH_TIME_FROM_SEC (5)
#define START_POLL_LATER MH_TIME_FROM_SEC (2)
/* How often to look after the EOS event, where the bus is hidden. */
#define END_POLL MH_TIME_FROM_MSEC (100)
/* How often to look in a pause that did not reach the element. */
#define KEPT_POLL MH_TIME_FROM_MSEC (250)
/* How close to the end of the data the end is, seconds. */
#define END_NEAR 0.5
/* A change of state that takes longer than that will not come to its end. */
#define SLOW_CHANGE MH_TIME_FROM_SEC (2)

/* A player whose next item has failed stands still at the end of this one, and
 * gets no EOS event (playbin). */
gboolean
mh_monitor_may_be_over (const MhMonitor *self)
{
  return mh_data_end_is_over (&self->data_end) ||
      (self->early_end.failed && self->item.length > 0 &&
          mh_playhead_get (&self->playhead, self->now) >
              self->item.length - END_NEAR);
}

gboolean
mh_monitor_is_near_end (const MhMonitor *self, double position)
{
  double end = mh_data_end_is_over (&self->data_end) ? self->data_end.seen
                                                     : self->item.length;

  return mh_monitor_may_be_over (self) &&
      (end < 0 || fabs (position - end) < END_NEAR);
}

/* How often to look whether it still plays. */
MhTime
mh_monitor_look_interval (const MhMonitor *self)
{
  return mh_data_end_is_over (&self->data_end) && !self->pipeline.has_messages
      ? END_POLL
      : mh_stall_interval (&self->stall);
}

/* When to look next. While data comes, a message or the data itself tells of
 * everything else. */
static MhTime
look_deadline (const MhMonitor *self)
{
  MhTime interval = mh_monitor_look_interval (self);

  if (!self->pipeline.has_messages || self->stall.stalled ||
      !mh_data_watch_has_flowed (&self->data_watch, self->now, interval))
    return mh_time_add (self->now, interval);
  return mh_stall_next_look (&self->stall, self->now);
}

/* When to ask for the position. Not before the pipeline stands still in its
 * state, and not where no answer is needed. */
static MhTime
ask_deadline (const MhMonitor *self)
{
  if (!mh_session_phase_is_tracked (&self->phase) || !self->phase.leads ||
      !mh_pipeline_is_up (&self->pipeline) ||
      mh_early_end_is_stopping (&self->early_end) ||
      self->seek.state != MH_SEEK_NONE ||
      self->playback.reported == MH_PLAYBACK_ENDED ||
      !mh_start_has_begun (&self->start))
    return MH_TIME_NEVER;
  if (self->pipeline.pending == GST_STATE_VOID_PENDING ||
      self->poll.due == MH_TIME_NEVER)
    return self->poll.due;
  return MAX (self->poll.due, mh_time_add (self->poll.changed_at, SLOW_CHANGE));
}

/* When to ask how full the peer's buffer is. */
static MhTime
percent_deadline (const MhMonitor *self)
{
  return mh_monitor_wants_percent (self)
      ? MAX (self->buffering.ask_at,
            mh_time_add (self->poll.changed_at, MH_POLL_QUIET))
      : MH_TIME_NEVER;
}

MhTime
mh_monitor_next_deadline (MhMonitor *self)
{
  MhTime deadline = MIN (
      mh_monitor_playback_deadline (self), mh_monitor_start_deadline (self));

  deadline = MIN (deadline, mh_seek_deadline (&self->seek));
  deadline = MIN (deadline, mh_monitor_qoe_deadline (self));
  deadline = MIN (deadline, mh_monitor_failed_deadline (self));
  deadline = MIN (deadline, mh_monitor_round_deadline (self));
  if (self->early_end.state == MH_EARLY_END_BROKEN &&
      self->pipeline.own == GST_STATE_PLAYING)
    deadline = MIN (deadline, mh_time_add (self->now, START_POLL_LATER));
  if (mh_early_end_is_stopping (&self->early_end))
    deadline = MIN (deadline, self->early_end.decide_at);
  if (self->playback.reported == MH_PLAYBACK_PLAYING &&
      mh_session_phase_is_open (&self->phase))
    deadline = MIN (deadline, look_deadline (self));
  /* No message says when it plays again. */
  if (mh_pipeline_get_state (&self->pipeline) == MH_PIPELINE_KEPT_PAUSED &&
      !self->pipeline.has_messages)
    deadline = MIN (deadline, mh_time_add (self->now, KEPT_POLL));
  deadline = MIN (deadline, ask_deadline (self));
  deadline = MIN (deadline, percent_deadline (self));
  if (!self->start.is_shown && self->pipeline.own == GST_STATE_PLAYING &&
      mh_session_phase_is_tracked (&self->phase))
    deadline = MIN (deadline,
        mh_time_add (self->now,
            self->now - self->start.wanted_at < START_SOON ? START_POLL
                                                           : START_POLL_LATER));
  return deadline;
}

MhTime
mh_monitor_settled (MhMonitor *self)
{
  MhTime settled = MH_TIME_NEVER;

  if (mh_session_phase_is_wanted (&self->phase))
    settled = self->start.wanted_at;
  settled = MIN (settled, mh_playback_get_since (&self->playback, settled));
  if (self->seek.state == MH_SEEK_DATA)
    settled = MIN (settled, self->seek.data_at);
  if (mh_early_end_is_stopping (&self->early_end))
    settled = MIN (settled, self->early_end.stop_at);
  if (self->data_end.over_since != MH_TIME_NONE)
    settled = MIN (settled, self->data_end.over_since);
  settled = MIN (settled, mh_monitor_round_deadline (self));
  return settled;
}

void
mh_monitor_get_place (MhMonitor *self, MhPlace *place)
{
  place->playhead = self->playhead;
  place->rate = mh_monitor_current_rate (self);
  place->item = self->item.number;
  place->group = mh_stream_groups_get_played (&self->streams);
}

MhDecision *
mh_monitor_take (MhMonitor *self)
{
  return mh_decisions_take (&self->decisions);
}

gboolean
mh_monitor_is_open (const MhMonitor *self)
{
  return self->phase.leads && mh_session_phase_is_open (&self->phase);
}

gboolean
mh_monitor_is_ahead (const MhMonitor *self)
{
  return mh_stream_groups_is_ahead (&self->streams);
}

gboolean
mh_monitor_leads (MhMonitor *self)
{
  return self->phase.leads;
}

gboolean
mh_monitor_wants_percent (const MhMonitor *self)
{
  return self->pipeline.own == GST_STATE_PAUSED &&
      !mh_early_end_is_stopping (&self->early_end) &&
      !self->pipeline.has_messages &&
      mh_buffering_wants_answer (&self->buffering);
}

gboolean
mh_monitor_asks (MhMonitor *self, MhTime now)
{
  if (ask_deadline (self) > now)
    return FALSE;
  mh_poll_schedule_ask (&self->poll, now);
  return TRUE;
}

gboolean
mh_monitor_asks_percent (MhMonitor *self, MhTime now)
{
  if (percent_deadline (self) > now)
    return FALSE;
  mh_buffering_ask_again (&self->buffering, now);
  return TRUE;
}

gboolean
mh_monitor_wants_info (MhMonitor *self)
{
  return self->phase.state == MH_SESSION_PHASE_ASKING;
}
