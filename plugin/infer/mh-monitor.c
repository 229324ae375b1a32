/* mh-monitor: what GStreamer's behaviour means for a session.
 *
 * get_parts() puts together what is known of the player, and mh-playback says what
 * state that is and when it counts. commit() turns a change of the reported state
 * into calls.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-monitor-private.h"

#include <math.h>

MhMonitor *
mh_monitor_new (void)
{
  MhMonitor *self = g_new0 (MhMonitor, 1);

  self->pipeline = (MhPipeline) MH_PIPELINE_INIT;
  self->phase = (MhSessionPhase) MH_SESSION_PHASE_INIT;
  self->rate = (MhRate) MH_RATE_INIT;
  self->data_end = (MhDataEnd) MH_DATA_END_INIT;
  self->poll = (MhPollSchedule) MH_POLL_SCHEDULE_INIT;
  self->early_end = (MhEarlyEnd) MH_EARLY_END_INIT;
  self->item = (MhItem) MH_ITEM_INIT;
  self->stall.threshold = MH_TIME_FROM_SEC (2);
  mh_playhead_reset (&self->playhead);
  mh_quality_begin_session (&self->quality, self->now);
  return self;
}

void
mh_monitor_free (MhMonitor *self)
{
  if (!self)
    return;
  mh_decisions_clear (&self->decisions);
  mh_session_phase_clear (&self->phase);
  mh_start_clear (&self->start);
  g_free (self);
}

void
mh_monitor_set_stall_threshold (MhMonitor *self, MhTime threshold)
{
  self->stall.threshold = threshold;
}

void
mh_monitor_set_live (
    MhMonitor *self, guint item, gboolean live, gint64 utc_offset)
{
  mh_decisions_set_live (&self->decisions, item, live, utc_offset);
  if (item != self->item.number)
    return;
  /* The position is not asked for while it is live. */
  if (self->playhead.live && !live)
    mh_poll_schedule_want (&self->poll, self->now);
  self->playhead.live = live;
  self->playhead.utc_offset = utc_offset;
}

void
mh_monitor_set_length (MhMonitor *self, guint item, double length)
{
  if (item == self->item.number)
    self->item.length = length;
}

void
mh_monitor_set_media_id (MhMonitor *self, const char *id)
{
  mh_session_phase_name_media (&self->phase, id);
}

void
mh_monitor_set_fed (MhMonitor *self, gboolean fed)
{
  self->start.is_fed = fed;
}

/* ---- calls ---- */

void
mh_monitor_call (MhMonitor *self, const MhCall *the_call, MhTime at)
{
  MhPlace place;

  if (!mh_session_phase_call (&self->phase, at))
    return;
  mh_monitor_get_place (self, &place);
  mh_decisions_append_call (&self->decisions, the_call, at, &place);
}

void
mh_monitor_call_type (MhMonitor *self, MhCallType type, MhTime at)
{
  const MhCall the_call = { type };

  mh_monitor_call (self, &the_call, at);
}

double
mh_monitor_current_rate (const MhMonitor *self)
{
  return self->playback.reported == MH_PLAYBACK_PLAYING && !self->stall.stalled
      ? mh_rate_get (&self->rate)
      : 0;
}

double
mh_monitor_moving_rate (const MhMonitor *self)
{
  return self->pipeline.own == GST_STATE_PLAYING
      ? mh_monitor_current_rate (self)
      : 0;
}

/* The start of a session comes late, when it is known what is played, but is
 * dated to the moment when the pipeline was asked to play. */
void
mh_monitor_start (MhMonitor *self)
{
  MhPlace place;

  if (!mh_session_phase_start (&self->phase) || !self->phase.leads)
    return;
  /* Nothing that was undecided is dated to before that. */
  mh_session_phase_call (&self->phase, self->start.wanted_at);
  mh_monitor_get_place (self, &place);
  mh_decisions_append_start (&self->decisions, self->start.wanted_at, &place,
      mh_continuation_get (&self->continuation, &self->streams));
}

/* A seek is shown at once, and reported when it is known whether its target can
 * be reached. */
static gboolean
shows_seek (const MhMonitor *self)
{
  return mh_playback_is_undecided (&self->playback) &&
      self->playback.seeming == MH_PLAYBACK_SEEKING &&
      mh_seek_is_sure (&self->seek);
}

void
mh_monitor_announce (MhMonitor *self)
{
  MhPlaybackState state = self->stall.stalled ? MH_PLAYBACK_STALLED
                                              : self->playback.reported;
  MhPlace place;

  mh_monitor_get_place (self, &place);
  mh_decisions_append_state (&self->decisions,
      shows_seek (self) ? MH_PLAYBACK_SEEKING : state, &place);
}

/* A stall has begun or ended: then, or when the session was last called. */
void
mh_monitor_report_stall (MhMonitor *self, MhTime at)
{
  at = MAX (at, self->phase.called_at);
  mh_playhead_set_rate (&self->playhead, mh_monitor_moving_rate (self), at);
  mh_poll_schedule_change (&self->poll, self->now);
  mh_monitor_call_type (self,
      self->stall.stalled ? MH_CALL_STALL_START : MH_CALL_STALL_COMPLETE, at);
  mh_monitor_announce (self);
}

/* ---- from one reported state to the next ---- */

static void
enter_playing (MhMonitor *self, MhTime at)
{
  if (mh_start_show (&self->start))
    mh_monitor_begin_qoe (self, at);
  mh_monitor_call_type (self, MH_CALL_PLAY, at);
  mh_session_phase_play (&self->phase);
}

static void
enter_paused (MhMonitor *self, MhPlaybackState from, MhTime at)
{
  mh_monitor_call_type (self, MH_CALL_PLAYHEAD, at);
  switch (from) {
    case MH_PLAYBACK_SEEKING:
      if (mh_session_phase_pause_seek (&self->phase))
        mh_monitor_call_type (self, MH_CALL_SEEK_COMPLETE, at);
      return;
    case MH_PLAYBACK_BUFFERING:
      mh_monitor_call_type (self, MH_CALL_BUFFER_COMPLETE, at);
      break;
    default:
      break;
  }
  mh_monitor_call_type (self, MH_CALL_PAUSE, at);
  mh_session_phase_pause (&self->phase);
}

static void
enter_seeking (MhMonitor *self, MhTime at)
{
  double target = mh_seek_get_target (&self->seek);

  /* It has moved on since the flush, as if there were no seek. */
  mh_playhead_set (
      &self->playhead, isnan (target) ? self->seek.from : target, at);
  mh_playhead_forget_jump (&self->playhead);
  mh_monitor_call_type (self, MH_CALL_PLAYHEAD, at);
  if (mh_session_phase_begin_seek (&self->phase))
    mh_monitor_call_type (self, MH_CALL_SEEK_START, at);
}

static void
commit (MhMonitor *self, MhPlaybackState to, MhTime at)
{
  MhPlaybackState from = self->playback.reported;
  gboolean stalled = self->stall.stalled;

  self->stall.stalled = FALSE;
  /* The pipeline answers late: what it says is where the media is by then, and
   * not where it was when playing began. The start of a session needs that
   * place as well, before the rate is known. */
  if (to == MH_PLAYBACK_PLAYING)
    mh_playhead_rewind (&self->playhead, mh_rate_get (&self->rate), at);
  mh_monitor_start (self);
  mh_playback_set (&self->playback, to);
  mh_playhead_set_rate (&self->playhead, mh_monitor_current_rate (self), at);
  switch (to) {
    case MH_PLAYBACK_PLAYING:
      mh_stall_reset (&self->stall, at, self->data_watch.buffers, TRUE);
      enter_playing (self, at);
      break;
    case MH_PLAYBACK_PAUSED:
      enter_paused (self, from, at);
      break;
    case MH_PLAYBACK_SEEKING:
      enter_seeking (self, at);
      break;
    case MH_PLAYBACK_BUFFERING:
      mh_monitor_call_type (self, MH_CALL_BUFFER_START, at);
      break;
    case MH_PLAYBACK_INIT:
    case MH_PLAYBACK_STALLED:
    case MH_PLAYBACK_ENDED:
      break;
  }
  /* Only now: the player is inactive all the while. */
  if (stalled)
    mh_monitor_call_type (self, MH_CALL_STALL_COMPLETE, at);
  mh_monitor_announce (self);
}

/* ---- what the player seems to do ---- */

/* Whether the pause is for want of data, and there is still none. WebKit pauses a pipeline
 * that a page has left without data, and no message says why: it does not preroll. */
static gboolean
is_dry (const MhMonitor *self)
{
  return self->buffering.is_dry && !mh_data_end_is_over (&self->data_end) &&
      !mh_pipeline_is_prerolled (&self->pipeline);
}

/* Whether a pause is for want of data or, before the first frame, the start waits for
 * it. */
static gboolean
lacks_data (const MhMonitor *self)
{
  if (!self->start.is_shown)
    return mh_buffering_is_low (&self->buffering);
  return mh_buffering_fills (&self->buffering) || is_dry (self);
}

static MhPlaybackParts
get_parts (const MhMonitor *self)
{
  return (MhPlaybackParts){
    .pipeline = mh_pipeline_get_state (&self->pipeline),
    .is_stopping = mh_early_end_is_stopping (&self->early_end),
    .is_seeking = mh_seek_is_active (&self->seek),
    .seek_wait = mh_seek_get_wait (&self->seek),
    .has_data = self->start.has_data,
    .is_shown = self->start.is_shown,
    .is_placed = self->item_place.is_known,
    .asks_since = self->item_place.asks_since,
    .lacks_data = lacks_data (self),
    .lacked_data = self->buffering.is_dry,
    .asks_fill = mh_monitor_wants_percent (self) && self->buffering.is_unknown,
  };
}

/* The application took PLAYING back before the first frame: treat the pipeline as
 * prerolled only. Not so while a buffer is below 100 %: an application that pauses
 * to fill it may have been told of that before the element came to the pipeline
 * (docs/design/inference.md#attaching). */
static gboolean
is_withdrawn (const MhMonitor *self)
{
  MhPipelineState state = mh_pipeline_get_state (&self->pipeline);

  return (state == MH_PIPELINE_PAUSED || state == MH_PIPELINE_KEPT_PAUSED) &&
      !mh_early_end_is_stopping (&self->early_end) &&
      !mh_buffering_is_low (&self->buffering);
}

/* Whatever the player did before, the session has been told nothing of it. */
void
mh_monitor_want (MhMonitor *self, MhTime at)
{
  mh_session_phase_want (&self->phase);
  mh_start_want (&self->start, at);
  mh_playback_set (&self->playback, MH_PLAYBACK_INIT);
}

/* When a wanted session starts whatever is not known yet. An element that does not
 * lead starts none. */
MhTime
mh_monitor_start_deadline (const MhMonitor *self)
{
  return mh_session_phase_is_wanted (&self->phase) && self->phase.leads
      ? mh_start_deadline (&self->start)
      : MH_TIME_NEVER;
}

MhTime
mh_monitor_playback_deadline (const MhMonitor *self)
{
  const MhPlaybackParts parts = get_parts (self);
  MhTime deadline = mh_playback_deadline (&self->playback, &parts);

  /* What is played is not known before data comes, and buffering need not be
   * reported before then. */
  if (deadline != MH_TIME_NEVER && mh_session_phase_is_wanted (&self->phase) &&
      !self->start.has_data && self->playback.seeming != MH_PLAYBACK_PLAYING)
    deadline = MAX (deadline, mh_monitor_start_deadline (self));
  return deadline;
}

static gboolean
ends_item (const MhMonitor *self, const MhObservation *next)
{
  switch (next->type) {
    case MH_OBSERVED_EOS:
      return TRUE;
    case MH_OBSERVED_STREAM_START:
      return mh_stream_groups_is_other (&self->streams, next->group);
    case MH_OBSERVED_DATA:
      return !self->pipeline.has_messages &&
          mh_stream_groups_is_ahead (&self->streams);
    default:
      return FALSE;
  }
}

void
mh_monitor_prepare (MhMonitor *self, const MhObservation *next)
{
  if (self->start.has_data && ends_item (self, next))
    mh_session_phase_ask (&self->phase);
}

void
mh_monitor_settle_play (MhMonitor *self)
{
  const MhPlaybackParts parts = get_parts (self);

  if (mh_session_phase_is_tracked (&self->phase) &&
      mh_playback_waits_for_place (&self->playback, &parts))
    commit (self, MH_PLAYBACK_PLAYING, self->playback.since);
}

/* A session is wanted when the pipeline is to play, and no more when that is taken
 * back. */
static void
update_phase (MhMonitor *self)
{
  if (self->phase.state == MH_SESSION_PHASE_NONE &&
      mh_pipeline_is_wanted (&self->pipeline) &&
      !mh_early_end_is_stopping (&self->early_end))
    mh_monitor_want (self, self->now);
  else if (is_withdrawn (self))
    mh_session_phase_withdraw (&self->phase);
}

static void
update_playback (MhMonitor *self, MhTime since)
{
  const MhPlaybackParts parts = get_parts (self);

  /* Nothing has played before its session begins. */
  if (mh_session_phase_is_wanted (&self->phase))
    since = MAX (since, self->start.wanted_at);
  if (mh_playback_update (&self->playback, &parts, since) && shows_seek (self))
    mh_monitor_announce (self);
  if (mh_monitor_playback_deadline (self) <= self->now &&
      !mh_session_phase_ask (&self->phase))
    commit (self, self->playback.seeming, self->playback.since);
}

void
mh_monitor_update (MhMonitor *self, MhTime since)
{
  /* An application that pauses to fill its buffer may do so in that moment as
   * well: R2. */
  if (mh_pipeline_is_newly_kept (&self->pipeline))
    mh_buffering_begin_pause (&self->buffering, self->now);
  update_phase (self);
  update_playback (self, since);
  if (mh_monitor_start_deadline (self) <= self->now &&
      !mh_session_phase_ask (&self->phase))
    mh_monitor_start (self);
}

void
mh_monitor_take_target (MhMonitor *self, GstState target)
{
  self->pipeline.target = target;
  if (target != GST_STATE_PLAYING)
    mh_start_idle (&self->start, self->now);
}

gboolean
mh_monitor_sees_item (const MhMonitor *self)
{
  return !mh_stream_groups_is_ahead (&self->streams) &&
      !mh_item_has_turned (&self->item);
}

/* The pad has seen data up to @end by now. The limit from the last look may be too low
 * (more came since), or too high (data stopped, and the limit was extrapolated). */
static void
take_counted (MhMonitor *self, GstClockTime end)
{
  if (!GST_CLOCK_TIME_IS_VALID (end) || self->playhead.limit < 0 ||
      self->data_end.place >= 0 || !mh_monitor_sees_item (self))
    return;
  self->playhead.limit = (double) end / GST_SECOND;
  self->playhead.limit_at = MH_TIME_NONE;
}

/* ---- public ---- */

/* What has come to count before @at does so first: several observations may have
 * waited, for a start that was held or a worker that had no time. */
static void
catch_up (MhMonitor *self, MhTime at)
{
  MhTime deadline = mh_monitor_playback_deadline (self);

  if (deadline >= at)
    return;
  self->now = MAX (self->now, deadline);
  mh_monitor_update (self, self->now);
}

void
mh_monitor_observe (MhMonitor *self, const MhObservation *observation)
{
  catch_up (self, observation->at);
  self->now = MAX (self->now, observation->at);
  if (observation->target != GST_STATE_VOID_PENDING)
    mh_monitor_take_target (self, observation->target);
  if (mh_observation_is_change (observation->type)) {
    mh_poll_schedule_change (&self->poll, self->now);
    mh_early_end_move (&self->early_end, self->now);
  }
  if (observation->heard)
    self->pipeline.has_messages = TRUE;
  take_counted (self, observation->end);
  mh_monitor_dispatch (self, observation);
  mh_monitor_update (self, self->now);
}

/* What plays stands still @from then on. */
static void
stop_playing (MhMonitor *self, MhTime from)
{
  /* What has not been settled yet has stopped it before: a pause, a seek, its end. */
  if (self->playback.reported != MH_PLAYBACK_PLAYING || self->stall.stalled ||
      mh_monitor_settled (self) < from)
    return;
  mh_stall_sleep (&self->stall, from);
  mh_monitor_report_stall (self, from);
  mh_poll_schedule_want (&self->poll, from);
}

void
mh_monitor_sleep (MhMonitor *self, MhTime from, MhTime until)
{
  stop_playing (self, from);
  /* All before that is settled, whatever is seen late. */
  mh_playback_sleep (&self->playback, until);
  mh_data_watch_sleep (&self->data_watch, until);
  self->now = MAX (self->now, until);
}

void
mh_monitor_inform (MhMonitor *self)
{
  mh_session_phase_inform (&self->phase);
  mh_monitor_update (self, self->now);
}
