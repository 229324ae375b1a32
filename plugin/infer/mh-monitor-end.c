/* mh-monitor-end: how a session comes to its end: by the end of the media, an
 * error or a stop (docs/design/inference.md#end-stop-and-error).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-monitor-private.h"

/* Seconds: how close to its end the media is when it has come to it. */
#define REACHED 0.05
/* Seconds: how close to the end of a round a stop belongs to it. */
#define STOP_NEAR 0.5
/* Seconds: how close to the end of the data a pause belongs to the end: WebKit pauses
 * there, before the pipeline has said that it is at its end. */
#define PAUSE_NEAR 0.1

void
mh_monitor_end (MhMonitor *self, MhCallType how, MhTime at)
{
  if (!mh_session_phase_is_tracked (&self->phase))
    return;
  mh_monitor_start (self);
  mh_playback_drop (&self->playback);
  mh_playhead_set_rate (&self->playhead, 0, at);
  mh_monitor_end_qoe (self, at);
  mh_monitor_call_type (self, how, at);
  self->stall.stalled = FALSE;
  mh_session_phase_end (&self->phase);
  mh_continuation_end (&self->continuation);
}

/* ---- the end of the media ---- */

/* After an error the source says that it is at its end, wherever that is. */
MhCallType
mh_monitor_judge_end (const MhMonitor *self, double place)
{
  if (self->early_end.failed && self->item.length < 0)
    return MH_CALL_SESSION_END;
  return mh_item_is_complete (
             &self->item, place, mh_rate_get (&self->rate), self->playhead.live)
      ? MH_CALL_COMPLETE
      : MH_CALL_SESSION_END;
}

void
mh_monitor_end_item (MhMonitor *self, MhTime at)
{
  mh_monitor_end (self,
      mh_monitor_judge_end (self, mh_playhead_get (&self->playhead, at)), at);
  mh_data_end_move (&self->data_end);
  mh_playback_set (&self->playback, MH_PLAYBACK_ENDED);
  mh_monitor_announce (self);
}

/* Returns: where the media is at EOS, seconds. Another stream may be longer than this
 * one, by less than a look takes. */
static double
get_end_place (const MhMonitor *self)
{
  double place = mh_playhead_get (&self->playhead, self->now);
  double last = mh_data_end_get_last (&self->data_end, place);

  if (last < 0 || !mh_rate_is_forward (&self->rate))
    return place;
  return place >= self->item.length - REACHED ? MAX (self->item.length, last)
                                              : last;
}

void
mh_monitor_observe_eos (MhMonitor *self)
{
  if (mh_early_end_is_stopping (&self->early_end) ||
      !mh_pipeline_is_up (&self->pipeline))
    return;
  mh_monitor_settle_play (self);
  mh_playhead_set (&self->playhead, get_end_place (self), self->now);
  mh_monitor_end_item (self, self->now);
}

/* ---- errors ---- */

/* Something that is still undecided may be dated before the error: the error is
 * then dated to that moment, so that calls stay in order. */
static void
call_error (MhMonitor *self, const char *text, MhTime at)
{
  MhCall error = { MH_CALL_ERROR, .text = (char *) text };

  mh_monitor_start (self);
  at = MAX (MIN (at, mh_monitor_settled (self)), self->phase.called_at);
  mh_monitor_call (self, &error, at);
}

/* Whether the pipeline failed before it was asked to play. gst-play-1.0 and others
 * set PAUSED, do not look whether that failed, and set PLAYING: that fails again,
 * without a message. */
gboolean
mh_monitor_has_failed_early (const MhMonitor *self)
{
  return self->phase.state == MH_SESSION_PHASE_NONE &&
      self->start.state == MH_START_FAILED;
}

/* A player that prerolls first shows a failure by an error message and by going down
 * again, whether it was asked to play by then or not. */
static void
call_early_error (MhMonitor *self)
{
  MhTime at = self->early_end.stop_at;

  if (self->start.state != MH_START_FAILED)
    return;
  if (self->phase.state == MH_SESSION_PHASE_NONE)
    mh_monitor_want (self, at);
  if (mh_session_phase_is_wanted (&self->phase))
    call_error (self, self->start.error, at);
}

/* A seek that has got nowhere is over. */
static void
fail_seek (MhMonitor *self)
{
  if (!mh_seek_fail (&self->seek))
    return;
  mh_playhead_set (&self->playhead, self->seek.from, self->now);
  mh_monitor_update (self, self->now);
}

void
mh_monitor_observe_error (MhMonitor *self, const MhObservation *observation)
{
  const char *id = observation->text;

  if (self->phase.state == MH_SESSION_PHASE_NONE)
    mh_start_fail (&self->start, id);
  if (!mh_session_phase_is_tracked (&self->phase))
    return;
  if (self->start.is_shown && observation->from_sink &&
      mh_early_end_is_closed_window (id))
    mh_early_end_fail_silently (&self->early_end, self->now);
  else if (mh_early_end_fail (&self->early_end, id, self->now)) {
    fail_seek (self);
    call_error (self, id, self->now);
  }
}

/* A pause may last: the error was before it, or will show after it. */
static gboolean
is_user_paused (const MhMonitor *self)
{
  gboolean fills = self->start.is_shown
      ? mh_buffering_fills (&self->buffering)
      : mh_buffering_is_low (&self->buffering);
  gboolean is_paused = self->pipeline.own == GST_STATE_PAUSED ||
      mh_pipeline_get_state (&self->pipeline) == MH_PIPELINE_KEPT_PAUSED;

  return is_paused && !mh_seek_is_active (&self->seek) && !fills &&
      (self->start.is_shown || self->pipeline.target != GST_STATE_PLAYING);
}

MhTime
mh_monitor_failed_deadline (const MhMonitor *self)
{
  if (!mh_session_phase_is_tracked (&self->phase) || is_user_paused (self))
    return MH_TIME_NEVER;
  return mh_early_end_deadline (&self->early_end);
}

void
mh_monitor_check_failed (MhMonitor *self)
{
  if (mh_monitor_failed_deadline (self) > self->now)
    return;
  mh_monitor_end (self, MH_CALL_SESSION_END, self->now);
  mh_continuation_break_off (&self->continuation, 0);
  mh_early_end_break (&self->early_end);
  mh_playback_set (&self->playback, MH_PLAYBACK_INIT);
  mh_monitor_announce (self);
}

/* ---- stops ---- */

/* An application that keeps the EOS message to itself stops when it gets it; and one
 * that plays in a loop may stop just where the last round is over. */
static gboolean
stops_at_end (const MhMonitor *self, double place)
{
  MhItemState state = self->item.state;

  if ((state == MH_ITEM_DONE || state == MH_ITEM_TURNED) && self->item.end >= 0)
    return place >= self->item.end - STOP_NEAR;
  if (self->playback.reported == MH_PLAYBACK_PAUSED &&
      mh_data_end_is_over (&self->data_end) && self->data_end.place >= 0 &&
      place >= self->data_end.place - PAUSE_NEAR)
    return TRUE;
  return !self->pipeline.has_messages && mh_monitor_is_near_end (self, place);
}

static MhCallType
judge_stop (const MhMonitor *self)
{
  double place = mh_playhead_get (&self->playhead, self->early_end.stop_at);

  return stops_at_end (self, place) ? mh_monitor_judge_end (self, place)
                                    : MH_CALL_SESSION_END;
}

void
mh_monitor_begin_stop (MhMonitor *self)
{
  mh_monitor_settle_play (self);
  if (!mh_early_end_stop (&self->early_end, self->now))
    return;
  /* What it seemed to do came to nothing: what follows is the end. But if it was no
   * longer playing, it has not moved since. */
  mh_playhead_set_rate (
      &self->playhead, 0, mh_playback_get_since (&self->playback, self->now));
  mh_playback_drop (&self->playback);
}

/* Decided when it is over: docs/design/inference.md#end-stop-and-error. */
void
mh_monitor_finish_stop (MhMonitor *self)
{
  /* The element stops, and the pipeline does not: it may come back. */
  gboolean alone = mh_session_phase_is_open (&self->phase) &&
      self->pipeline.target >= GST_STATE_PAUSED;
  MhCallType how;

  if (!mh_early_end_is_stopping (&self->early_end))
    return;
  call_early_error (self);
  how = judge_stop (self);
  mh_monitor_end (self, how, self->early_end.stop_at);
  if (alone && how == MH_CALL_SESSION_END)
    mh_continuation_break_off (
        &self->continuation, mh_stream_groups_get_played (&self->streams));
  mh_early_end_resume (&self->early_end);
  mh_playback_set (&self->playback, MH_PLAYBACK_INIT);
  mh_monitor_announce (self);
}
