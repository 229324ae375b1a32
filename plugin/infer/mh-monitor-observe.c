/* mh-monitor-observe: what each observation changes
 * (docs/design/inference.md).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-monitor-private.h"

/* How soon a player that could not be made ready is told to play anyway. */
#define PLAY_ANYWAY MH_TIME_FROM_SEC (1)

/* Errors come late at times: docs/design/inference.md#end-stop-and-error. */
#define STOP_WAIT MH_TIME_FROM_MSEC (250)

/* For how long a pipeline has played something else before it is given what there is
 * to be seen or heard. */
#define PLAYS_OTHER MH_TIME_FROM_SEC (10)

/* How close to the end of the data the media is when it has run dry, and by how
 * much it would be beyond it, seconds. */
#define DRY_NEAR 0.1
#define DRY_SINCE 1.0

/* ---- runs ---- */

/* READY → PAUSED: whatever was before, this plays anew. */
static void
begin_run (MhMonitor *self, GstState top)
{
  gboolean anyway = mh_monitor_has_failed_early (self) &&
      mh_early_end_is_stopping (&self->early_end) &&
      self->now - self->early_end.stop_at <= PLAY_ANYWAY;
  gboolean live = self->playhead.live;
  gboolean prepared;

  if (anyway)
    mh_early_end_resume (&self->early_end);
  mh_monitor_finish_stop (self);
  /* What is open now the application has started, for this run. */
  prepared = mh_session_phase_is_open (&self->phase) &&
      !mh_pipeline_is_up (&self->pipeline);
  if (!prepared)
    mh_monitor_end (self, MH_CALL_SESSION_END, self->now);
  self->buffering = (MhBuffering){ 0 };
  mh_seek_begin_run (&self->seek);
  if (top < GST_STATE_PAUSED)
    mh_continuation_end (&self->continuation); /* the pipeline has begun anew */
  self->item_place.from_start = top < GST_STATE_PAUSED &&
      self->continuation.resume == MH_RESUME_NO;
  self->rate = (MhRate) MH_RATE_INIT;
  mh_pipeline_begin (&self->pipeline);
  mh_stream_groups_begin_run (&self->streams);
  mh_item_forget (&self->item);
  mh_monitor_begin_item (self, FALSE);
  mh_quality_begin_run (&self->quality);
  mh_start_begin_run (&self->start, self->now, anyway);
  if (!prepared)
    return;
  mh_session_phase_keep (&self->phase);
  self->playhead.live = live;
}

/* ---- observations ---- */

/* An element has told how full its buffer is. */
static void
observe_fill (MhMonitor *self, guint64 source, int percent)
{
  int before = mh_buffering_percent (&self->buffering);

  if (mh_early_end_is_stopping (&self->early_end)) {
    self->buffering.is_told = TRUE;
    return; /* R1: a stray one */
  }
  if (mh_buffering_tell (&self->buffering, source, percent, self->now))
    mh_early_end_move (&self->early_end, self->now);
  if (!mh_buffering_is_low (&self->buffering) && before < 100)
    mh_start_fill (&self->start, self->now);
}

/* Where the clock would have it. */
static double
get_unlimited (const MhMonitor *self)
{
  MhPlayhead playhead = self->playhead;

  playhead.limit = -1;
  return mh_playhead_get (&playhead, self->now);
}

/* A pause begins; @end: seconds: of the data so far. */
static void
take_dry (MhMonitor *self, double end)
{
  double beyond = get_unlimited (self) - end;

  self->buffering.is_dry = self->start.is_shown &&
      self->playback.reported == MH_PLAYBACK_PLAYING && !self->stall.stalled &&
      !mh_seek_is_active (&self->seek) && !self->buffering.is_told &&
      self->data_end.state == MH_DATA_END_OPEN && !self->playhead.live &&
      mh_rate_is_forward (&self->rate) && beyond >= -DRY_NEAR &&
      beyond <= DRY_SINCE;
}

/* @end: of the data so far. */
static void
observe_pause (MhMonitor *self, GstClockTime end)
{
  mh_pipeline_set_own (&self->pipeline, GST_STATE_PAUSED, self->now);
  self->buffering.is_dry = FALSE;
  if (GST_CLOCK_TIME_IS_VALID (end))
    take_dry (self, (double) end / GST_SECOND);
  /* Before it stands still: what has played is placed by how it moved. */
  if (mh_pipeline_is_stopped (&self->pipeline))
    mh_monitor_settle_play (self);
  /* What was flushed has stood still since. */
  mh_playhead_set_rate (&self->playhead, 0,
      mh_seek_is_active (&self->seek)
          ? mh_playback_get_since (&self->playback, self->now)
          : self->now);
  if (!self->pipeline.has_messages)
    mh_buffering_ask (&self->buffering, self->now);
  if (mh_pipeline_is_stopped (&self->pipeline))
    mh_monitor_begin_stop (self); /* R1 */
  else
    mh_buffering_begin_pause (&self->buffering, self->now);
}

static void
observe_gone (MhMonitor *self)
{
  mh_pipeline_set_own (&self->pipeline, GST_STATE_NULL, self->now);
  mh_monitor_begin_stop (self);
  mh_monitor_finish_stop (self);
}

static void
observe_state (MhMonitor *self, const MhObservation *observation)
{
  GstState state = observation->state;
  gboolean was_up = mh_pipeline_is_up (&self->pipeline);

  switch (state) {
    case GST_STATE_PLAYING:
      mh_pipeline_set_own (&self->pipeline, state, self->now);
      mh_playhead_set_rate (
          &self->playhead, mh_monitor_moving_rate (self), self->now);
      mh_early_end_resume (&self->early_end);
      mh_buffering_end_pause (&self->buffering);
      break;
    case GST_STATE_PAUSED:
      if (self->pipeline.own == GST_STATE_PLAYING) {
        observe_pause (self, observation->end);
      } else {
        begin_run (self, observation->top);
        mh_pipeline_set_own (&self->pipeline, state, self->now);
      }
      break;
    case GST_STATE_READY:
      mh_pipeline_set_own (&self->pipeline, state, self->now);
      if (was_up) {
        mh_monitor_begin_stop (self);
        self->early_end.decide_at = mh_time_add (self->now,
            mh_monitor_has_failed_early (self) ? PLAY_ANYWAY : STOP_WAIT);
      }
      break;
    case GST_STATE_NULL:
    case GST_STATE_VOID_PENDING:
      observe_gone (self);
      break;
  }
}

/* The application calls for itself: what it starts is tracked from then on as
 * if we had started it, what it ends is not started again by us. */
static void
observe_call (MhMonitor *self, MhCallType type)
{
  if (type == MH_CALL_SESSION_START) {
    mh_start_begin_called (
        &self->start, self->now, mh_session_phase_is_wanted (&self->phase));
    mh_session_phase_adopt (&self->phase);
    if (self->early_end.state == MH_EARLY_END_BROKEN)
      mh_early_end_begin_item (&self->early_end); /* that was the one before */
    self->early_end.stop_at = self->now; /* no stop of before is its end */
    self->stall.stalled = FALSE;
    mh_playback_set (&self->playback, MH_PLAYBACK_INIT);
    mh_quality_begin_session (&self->quality, self->now);
  } else if (type == MH_CALL_QOE) {
    mh_quality_leave (&self->quality);
  } else if (type == MH_CALL_COMPLETE || type == MH_CALL_SESSION_END) {
    mh_session_phase_end (&self->phase);
  }
}

static void
observe_async_done (MhMonitor *self)
{
  if (mh_monitor_end_seek (self) || self->pipeline.own != GST_STATE_PAUSED)
    return;
  if (self->start.is_shown)
    self->item_place.is_known = FALSE; /* it was a step */
  else
    mh_item_place_preroll (&self->item_place);
}

/* Whether it has been in PLAYING for long without what comes now. */
static gboolean
has_played_other (const MhMonitor *self)
{
  return !self->start.has_data &&
      mh_pipeline_get_state (&self->pipeline) == MH_PIPELINE_PLAYING &&
      self->now - self->pipeline.own_at >= PLAYS_OTHER;
}

/* A session that is wanted has been wanted since it was asked for. If the pipeline has
 * played something else until now, the viewer has waited for none of it: the session
 * is wanted from now on. */
static void
lead_wanted (MhMonitor *self)
{
  if (has_played_other (self)) {
    mh_start_begin_item (&self->start, self->now, FALSE);
    mh_monitor_want (self, self->now);
  }
  self->start.wanted_at = MAX (self->start.wanted_at, self->phase.called_at);
}

/* An element that follows goes through the same phases, and decides on no calls.
 * When it begins to lead, a session begins there and then, if something plays; not
 * where that has ended, or stops together with the leader. It goes on with the
 * viewing of a leader that had begun a session; where that had none, it begins what
 * is wanted. */
static void
begin_to_lead (MhMonitor *self, gboolean taken_over)
{
  if (taken_over && self->phase.state != MH_SESSION_PHASE_OVER)
    mh_continuation_take_over (&self->continuation, 0);
  if (mh_session_phase_lead (&self->phase, taken_over)) {
    self->stall.stalled = FALSE;
    mh_quality_begin_session (&self->quality, self->now);
  } else if (mh_session_phase_is_wanted (&self->phase)) {
    lead_wanted (self);
  }
  self->item_place.asks_since = self->now;
}

static void
begin_to_follow (MhMonitor *self)
{
  mh_monitor_call_type (self, MH_CALL_SESSION_END,
      mh_early_end_is_stopping (&self->early_end) ? self->early_end.stop_at
                                                  : self->now);
  mh_session_phase_follow (&self->phase);
}

static void
observe_lead (MhMonitor *self, const MhObservation *observation)
{
  gboolean leads = observation->leads;
  /* It comes to a pipeline that another element has tracked so far. */
  gboolean comes = leads && self->phase.leads && observation->taken_over &&
      !mh_session_phase_is_open (&self->phase);

  if (leads == self->phase.leads && !comes)
    return;
  if (leads)
    begin_to_lead (self, observation->taken_over);
  else
    begin_to_follow (self);
  if (comes)
    mh_continuation_take_over (&self->continuation, observation->group);
  self->item_place.is_known = FALSE; /* not asked so far */
}

/* Told many times, each time the whole of it. */
static void
observe_instant_rate (MhMonitor *self, double multiplier)
{
  self->rate.multiplier = multiplier;
  mh_playhead_set_rate (
      &self->playhead, mh_monitor_moving_rate (self), self->now);
}

static void
observe_top_state (MhMonitor *self, const MhObservation *observation)
{
  if (observation->state == GST_STATE_PAUSED)
    mh_start_preroll (&self->start, self->now);
  /* Its clock runs without data: what comes first is what is due by then. */
  if (observation->state == GST_STATE_PLAYING &&
      !mh_start_has_begun (&self->start))
    self->item_place.from_start = FALSE;
  mh_pipeline_set_top (
      &self->pipeline, observation->state, observation->pending);
}

/* An observation that comes from a message of the pipeline. */
static void
dispatch_message (MhMonitor *self, const MhObservation *observation)
{
  self->pipeline.has_messages = TRUE;
  switch (observation->type) {
    case MH_OBSERVED_TOP_STATE:
      observe_top_state (self, observation);
      break;
    case MH_OBSERVED_BUFFERING:
      observe_fill (self, observation->source, observation->percent);
      break;
    case MH_OBSERVED_EOS:
      mh_monitor_observe_eos (self);
      break;
    case MH_OBSERVED_ASYNC_DONE:
      observe_async_done (self);
      break;
    case MH_OBSERVED_STREAM_START:
      mh_monitor_observe_group (self, observation->group);
      break;
    case MH_OBSERVED_ERROR:
      mh_monitor_observe_error (self, observation);
      break;
    default:
      break;
  }
}

void
mh_monitor_dispatch (MhMonitor *self, const MhObservation *observation)
{
  switch (observation->type) {
    case MH_OBSERVED_STATE:
      observe_state (self, observation);
      break;
    case MH_OBSERVED_SEEK:
      mh_monitor_observe_seek (self, observation);
      break;
    case MH_OBSERVED_FLUSH_START:
      mh_monitor_observe_flush_start (self, observation);
      break;
    case MH_OBSERVED_FLUSH_STOP:
      mh_monitor_observe_flush_stop (self, observation);
      break;
    case MH_OBSERVED_SEGMENT:
      mh_monitor_observe_segment (self, observation);
      break;
    case MH_OBSERVED_DATA:
      mh_monitor_observe_data (self, observation->time);
      break;
    case MH_OBSERVED_PAD_EOS:
      mh_monitor_observe_pad_eos (self, observation->time);
      break;
    case MH_OBSERVED_PAD_STREAM_START:
      mh_monitor_observe_pad_group (
          self, observation->group, observation->time);
      break;
    case MH_OBSERVED_INSTANT_RATE:
      observe_instant_rate (self, observation->rate);
      break;
    case MH_OBSERVED_CALL:
      observe_call (self, observation->call);
      break;
    case MH_OBSERVED_GONE:
      observe_gone (self);
      break;
    case MH_OBSERVED_SEGMENT_DONE:
      mh_monitor_observe_segment_done (self, observation->end);
      break;
    case MH_OBSERVED_LEAD:
      observe_lead (self, observation);
      break;
    case MH_OBSERVED_MARK:
    case MH_OBSERVED_DURATION:
      break; /* of where the media is, and how long, which is not for here */
    case MH_OBSERVED_BITRATE:
    case MH_OBSERVED_FRAME_RATE:
      mh_monitor_observe_rate (self, observation);
      break;
    case MH_OBSERVED_TOP_STATE:
    case MH_OBSERVED_BUFFERING:
    case MH_OBSERVED_EOS:
    case MH_OBSERVED_ASYNC_DONE:
    case MH_OBSERVED_STREAM_START:
    case MH_OBSERVED_ERROR:
      dispatch_message (self, observation);
      break;
  }
}
