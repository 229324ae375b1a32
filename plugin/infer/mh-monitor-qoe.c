/* mh-monitor-qoe: what a session is told of the quality of experience.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-monitor-private.h"

void
mh_monitor_observe_rate (MhMonitor *self, const MhObservation *observation)
{
  if (observation->type == MH_OBSERVED_BITRATE)
    mh_quality_take_bitrate (&self->quality, &observation->bitrate,
        observation->frame_rate, self->now);
  else
    mh_quality_take_frame_rate (&self->quality, observation->frame_rate,
        !mh_stream_groups_is_other (&self->streams, self->streams.pad));
}

void
mh_monitor_count_dropped (MhMonitor *self, guint64 dropped, guint64 late)
{
  mh_quality_count (&self->quality, (MhDropped){ dropped, late },
      mh_pipeline_is_up (&self->pipeline));
}

/* ---- what is told of it ---- */

static void
call_qoe (MhMonitor *self, const MhQoe *qoe, MhTime at)
{
  const MhCall the_call = { MH_CALL_QOE, .qoe = *qoe };

  mh_monitor_call (self, &the_call, at);
}

/* Tells all of it. Returns: whether the bitrate has changed because the media has. */
static gboolean
tell_qoe (MhMonitor *self, MhTime at)
{
  MhQoe qoe;
  gboolean changed = mh_quality_tell (
      &self->quality, !self->pipeline.has_messages, at, &qoe);

  call_qoe (self, &qoe, at);
  return changed;
}

void
mh_monitor_begin_qoe (MhMonitor *self, MhTime at)
{
  if (self->quality.state == MH_QUALITY_THEIRS)
    return;
  mh_quality_start (&self->quality, mh_start_get_wait (&self->start, at), at);
  tell_qoe (self, at);
}

void
mh_monitor_end_qoe (MhMonitor *self, MhTime at)
{
  MhQoe qoe;

  if (self->start.is_shown &&
      mh_quality_tell_dropped (
          &self->quality, !self->pipeline.has_messages, at, &qoe))
    call_qoe (self, &qoe, at);
}

/* While something is undecided, what follows may be dated earlier than now. */
MhTime
mh_monitor_qoe_deadline (const MhMonitor *self)
{
  if (!mh_session_phase_is_open (&self->phase) || !self->start.is_shown ||
      self->playback.reported != MH_PLAYBACK_PLAYING ||
      mh_monitor_settled ((MhMonitor *) self) != MH_TIME_NEVER)
    return MH_TIME_NEVER;
  return mh_quality_deadline (
      &self->quality, !self->pipeline.has_messages, self->now);
}

void
mh_monitor_update_qoe (MhMonitor *self)
{
  if (mh_monitor_qoe_deadline (self) <= self->now && tell_qoe (self, self->now))
    mh_monitor_call_type (self, MH_CALL_BITRATE_CHANGE, self->now);
}
