/* mh-monitor-observe: what each observation changes (inference.md).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-monitor-private.h"

#include <math.h>

/* inference.md, 2: R2. */
#define BUFFERING_BEFORE_PAUSE MH_TIME_FROM_SEC (1)
/* In the dark, how long the pipeline must stand still after the EOS event for it
 * to be the end; otherwise that message is long overdue; and how close to the
 * end of the data that must be. */
#define END_WAIT_DARK MH_TIME_FROM_MSEC (500)
#define END_WAIT MH_TIME_FROM_SEC (2)
#define END_NEAR 0.5
/* How soon a player that could not be made ready is told to play anyway. */
#define EARLY_ERROR MH_TIME_FROM_SEC (1)

/* inference.md, 10: an error may come after the state change that it causes. */
#define STOP_WAIT MH_TIME_FROM_MSEC (250)

/* ---- items and runs ---- */

/* What is known of an item, apart from the pipeline that plays it. */
static void
begin_item (MhMonitor *self, gboolean data)
{
  self->phase = PHASE_NONE;
  self->played = FALSE;
  self->data = data;
  self->data_at = self->now;
  self->placed = FALSE;
  self->pad_eos = FALSE;
  self->seeking = FALSE;
  self->seek_target = NAN;
  self->candidate_since = MH_TIME_NONE;
  self->stall.stalled = FALSE;
  self->left_at = MH_TIME_NONE;
  self->first_item = FALSE;
  self->reported = MH_PLAYBACK_INIT;
  mh_playhead_reset (&self->playhead);
  mh_monitor_reset_qoe (self);
  mh_monitor_announce (self);
}

/* Ends the session, if there is one or was to be one. */
static void
end (MhMonitor *self, MhCallType how, MhTime at)
{
  if (self->phase != PHASE_WANTED && self->phase != PHASE_OPEN)
    return;
  mh_monitor_start (self);
  self->candidate_since = MH_TIME_NONE;
  mh_playhead_set_rate (&self->playhead, 0, at);
  mh_monitor_end_qoe (self, at);
  mh_monitor_call_playhead (self, at);
  mh_monitor_call_type (self, how, at);
  self->stall.stalled = FALSE;
  self->phase = PHASE_OVER;
}

gboolean
mh_monitor_is_in_the_dark (const MhMonitor *self)
{
  return !self->messages;
}

static gboolean
is_near_end (const MhMonitor *self, double position)
{
  return self->pad_eos &&
      (self->end < 0 || fabs (position - self->end) < END_NEAR);
}

/* Whoever keeps the EOS message acts on it. */
static gboolean
stops_at_end (const MhMonitor *self)
{
  return mh_monitor_is_in_the_dark (self) &&
      is_near_end (self, mh_playhead_get (&self->playhead, self->stop_at));
}

static void
call_error (MhMonitor *self, const char *text, MhTime at)
{
  MhCall error = { MH_CALL_ERROR, .text = (char *) text };

  mh_monitor_start (self);
  mh_monitor_call_playhead (self, at);
  mh_monitor_call (self, &error, at);
}

/* gst-play-1.0 and others make ready, do not look what came of it, and play:
 * that fails without a word. */
static void
call_early_error (MhMonitor *self)
{
  if (self->early_error && !self->data && self->phase == PHASE_WANTED &&
      self->stop_at - self->early_error_at <= EARLY_ERROR)
    call_error (self, self->early_error, self->stop_at);
  g_clear_pointer (&self->early_error, g_free);
}

/* inference.md, 10: what a stop was is decided when it is over. */
void
mh_monitor_finish_stop (MhMonitor *self)
{
  if (!self->stopping)
    return;
  if (self->phase == PHASE_WANTED)
    call_early_error (self);
  end (self, stops_at_end (self) ? MH_CALL_COMPLETE : MH_CALL_SESSION_END,
      self->stop_at);
  self->stopping = FALSE;
  self->stop_decide_at = MH_TIME_NEVER;
  self->reported = MH_PLAYBACK_INIT;
  mh_monitor_announce (self);
}

/* READY → PAUSED: whatever was before, this plays anew. */
static void
begin_run (MhMonitor *self)
{
  gboolean prepared;

  mh_monitor_finish_stop (self);
  /* What is open now the application has started, for this run. */
  prepared = self->phase == PHASE_OPEN && self->own < GST_STATE_PAUSED;
  if (!prepared)
    end (self, MH_CALL_SESSION_END, self->now);
  self->percent = 100;
  self->messages = FALSE;
  self->pause_is_buffering = FALSE;
  self->flushing = FALSE;
  self->have_group = FALSE;
  self->segment_rate = 1;
  self->multiplier = 1;
  self->top = GST_STATE_READY;
  mh_monitor_begin_streams (self);
  begin_item (self, FALSE);
  self->first_item = TRUE;
  self->run_at = self->now;
  self->ready_at = MH_TIME_NONE;
  if (prepared)
    self->phase = PHASE_OPEN;
}

static void
begin_stop (MhMonitor *self)
{
  if (self->stopping)
    return;
  self->stopping = TRUE;
  self->stop_at = self->now;
  /* The candidate came to nothing: what follows is the end. But if it was no
   * longer playing, it has not moved since. */
  mh_playhead_set_rate (&self->playhead, 0,
      self->candidate_since != MH_TIME_NONE ? self->candidate_since
                                            : self->now);
  self->candidate_since = MH_TIME_NONE;
}

/* ---- observations ---- */

/* @percent: what the peer says of its buffer, or -1. */
static void
observe_pause (MhMonitor *self, int percent)
{
  self->own = GST_STATE_PAUSED;
  if (percent >= 0 && mh_monitor_is_in_the_dark (self)) {
    self->percent = percent;
    self->low_since = self->now;
  }
  if (self->target < GST_STATE_PAUSED && self->target != GST_STATE_VOID_PENDING)
    begin_stop (self); /* R1 */
  else
    self->pause_is_buffering = self->percent < 100 &&
        self->now - self->low_since <= BUFFERING_BEFORE_PAUSE; /* R2 */
}

static void
observe_state (MhMonitor *self, const MhObservation *observation)
{
  GstState state = observation->state;
  GstState before = self->own;

  self->own_at = self->now;
  switch (state) {
    case GST_STATE_PLAYING:
      self->own = state;
      if (self->stopping)
        mh_playhead_set_rate (
            &self->playhead, mh_monitor_current_rate (self), self->now);
      self->stopping = FALSE;
      self->pause_is_buffering = FALSE;
      break;
    case GST_STATE_PAUSED:
      if (before == GST_STATE_PLAYING) {
        observe_pause (self, observation->percent);
      } else {
        begin_run (self);
        self->own = state;
      }
      break;
    case GST_STATE_READY:
      self->own = state;
      if (before >= GST_STATE_PAUSED) {
        begin_stop (self);
        self->stop_decide_at = mh_time_add (self->now, STOP_WAIT);
      }
      break;
    case GST_STATE_NULL:
    case GST_STATE_VOID_PENDING:
      self->own = GST_STATE_NULL;
      begin_stop (self);
      mh_monitor_finish_stop (self);
      break;
  }
}

static void
observe_buffering (MhMonitor *self, int percent)
{
  if (self->stopping)
    return; /* R1: a stray one */
  if (percent < 100 && self->percent >= 100)
    self->low_since = self->now;
  if (percent >= 100 && self->percent < 100 && self->ready_at != MH_TIME_NONE)
    self->ready_at = self->now;
  self->percent = percent;
}

static void
observe_seek (MhMonitor *self, const MhObservation *observation)
{
  self->seek_seqnum = observation->seqnum;
  self->seek_time = observation->time;
}

static void
observe_flush_start (MhMonitor *self, guint32 seqnum)
{
  if (self->stopping)
    return;
  if (self->reported == MH_PLAYBACK_ENDED) {
    /* Replay: a new session, not a seek in the old one. */
    begin_item (self, FALSE);
    if (seqnum == self->seek_seqnum &&
        GST_CLOCK_TIME_IS_VALID (self->seek_time))
      mh_playhead_set (
          &self->playhead, (double) self->seek_time / GST_SECOND, self->now);
    self->flushing = TRUE;
    return;
  }
  self->flushing = TRUE;
  self->data = FALSE;
  self->placed = self->placed && self->played;
  if (!self->played)
    return; /* where it starts from; or a demuxer's own flush */
  self->pad_eos = FALSE;
  if (self->seeking && seqnum == self->flush_seqnum)
    return; /* the same seek again (queue2, playbin3) */
  if (!self->seeking)
    self->seek_sure = FALSE;
  if (!self->seeking)
    self->seek_from = mh_playhead_get (&self->playhead, self->now);
  self->seek_segment = FALSE;
  self->seeking = TRUE;
  self->seek_sure = self->seek_sure || seqnum == self->seek_seqnum;
  self->flush_seqnum = seqnum;
  self->seek_data_at = MH_TIME_NONE;
  self->seek_target = seqnum == self->seek_seqnum &&
          GST_CLOCK_TIME_IS_VALID (self->seek_time)
      ? (double) self->seek_time / GST_SECOND
      : NAN;
  if (self->reported != MH_PLAYBACK_PLAYING && !isnan (self->seek_target))
    mh_playhead_set (&self->playhead, self->seek_target, self->now);
}

static void
observe_flush_stop (MhMonitor *self)
{
  self->flushing = FALSE;
  self->flush_stop_at = self->now;
  self->seek_data_at = MH_TIME_NONE;
}

static void
observe_segment (MhMonitor *self, const MhObservation *observation)
{
  self->segment_rate = observation->rate;
  self->seek_segment = TRUE;
  self->seek_sure = TRUE;
  if (self->seeking && isnan (self->seek_target) &&
      GST_CLOCK_TIME_IS_VALID (observation->time)) {
    self->seek_target = (double) observation->time / GST_SECOND;
    mh_playhead_set (&self->playhead, self->seek_target, self->now);
  }
  /* Where it begins, for as long as the pipeline does not say. */
  if (!self->played && !self->placed && !self->seeking &&
      GST_CLOCK_TIME_IS_VALID (observation->time))
    mh_playhead_set (
        &self->playhead, (double) observation->time / GST_SECOND, self->now);
  mh_playhead_set_rate (
      &self->playhead, mh_monitor_current_rate (self), self->now);
}

void
mh_monitor_end_seek (MhMonitor *self)
{
  self->seeking = FALSE;
  mh_stall_reset (&self->stall, self->now, self->buffers, FALSE);
}

static void
observe_group (MhMonitor *self, guint group)
{
  gboolean other = self->have_group && group != self->group;
  gboolean data = mh_monitor_had_data (self, group);
  gboolean cut = self->seeking; /* instant-uri: flushed away */
  MhTime at = self->now;
  double left;

  self->have_group = TRUE;
  self->group = group;
  if (!other)
    return; /* a variant switch */
  if ((self->phase == PHASE_NONE || self->phase == PHASE_WANTED) &&
      !self->data) {
    /* Nothing has come or been told of an item yet: it is this one. A flush
     * after the end has begun it (instant-uri). */
    self->data = data;
    self->data_at = self->now;
    return;
  }
  if (cut && self->candidate_since != MH_TIME_NONE)
    at = self->candidate_since; /* what looked like a seek was its end */
  left = mh_playhead_get_before_jump (&self->playhead, self->now);
  if (self->phase == PHASE_OPEN && !cut && !self->playhead.live)
    mh_playhead_set (&self->playhead, left, self->now);
  end (self, cut ? MH_CALL_SESSION_END : MH_CALL_COMPLETE, at);
  begin_item (self, data);
  mh_monitor_next_streams (self);
  if (!cut) {
    self->left = left;
    self->left_at = self->now;
  }
}

static void
observe_data (MhMonitor *self)
{
  if (!self->data)
    self->data_at = self->now;
  g_clear_pointer (&self->early_error, g_free);
  self->data = TRUE;
  self->pad_data = TRUE;
  /* inference.md, 6: in the dark, the item changes with its first data. */
  if (self->have_group && self->pad_group != self->group && !self->seeking &&
      mh_monitor_is_in_the_dark (self))
    observe_group (self, self->pad_group);
  if (self->seeking && !self->flushing && self->seek_data_at == MH_TIME_NONE)
    self->seek_data_at = self->now;
}

static void
observe_pad_eos (MhMonitor *self)
{
  self->pad_eos = TRUE;
  observe_data (self);
}

static void
observe_pad_group (MhMonitor *self, guint group)
{
  mh_monitor_set_pad_group (self, group);
  if (!self->have_group) {
    self->have_group = TRUE;
    self->group = group;
  } else if (group != self->group && self->seeking) {
    /* inference.md, 6: data of an item that comes after a flush is a cut. */
    observe_group (self, group);
  }
}

static void
observe_error (MhMonitor *self, const char *text)
{
  if (self->phase == PHASE_NONE && !self->early_error) {
    self->early_error = g_strdup (text);
    self->early_error_at = self->now;
  }
  if (self->phase != PHASE_WANTED && self->phase != PHASE_OPEN)
    return; /* the first counts: those that follow are its echo */
  if (self->seeking && !self->seek_segment)
    mh_playhead_set (&self->playhead, self->seek_from, self->now);
  call_error (self, text, self->now);
  end (self, MH_CALL_SESSION_END, self->now);
}

/* The application calls for itself: what it starts is tracked from then on as
 * if we had started it, what it ends is not started again by us. */
static void
observe_call (MhMonitor *self, MhCallType type)
{
  if (type == MH_CALL_SESSION_START) {
    if (self->phase != PHASE_WANTED)
      self->wanted_at = self->asked_at = self->now;
    self->phase = PHASE_OPEN;
    self->stop_at = self->now; /* no stop of before is its end */
    self->played = FALSE;
    self->wire_paused = FALSE;
    self->wire_seeking = FALSE;
    self->stall.stalled = FALSE;
    self->candidate_since = MH_TIME_NONE;
    self->reported = MH_PLAYBACK_INIT;
    mh_monitor_reset_qoe (self);
  } else if (type == MH_CALL_QOE) {
    self->qoe_theirs = TRUE;
  } else if (type == MH_CALL_COMPLETE || type == MH_CALL_SESSION_END) {
    self->phase = PHASE_OVER;
  }
}

static void
observe_async_done (MhMonitor *self)
{
  if (self->seeking && !self->flushing)
    mh_monitor_end_seek (self);
}

/* Who follows goes through the same phases, and tells nobody: when the lead
 * falls to it, what plays begins a session there and then. Not what has ended,
 * nor what stops with the leader. */
static void
observe_lead (MhMonitor *self, gboolean leads)
{
  MhTime at = self->stopping ? self->stop_at : self->now;

  if (leads == self->leads)
    return;
  if (!leads) {
    mh_monitor_call_playhead (self, at);
    mh_monitor_call_type (self, MH_CALL_SESSION_END, at);
  } else if (self->phase == PHASE_WANTED) {
    self->wanted_at = MAX (self->wanted_at, self->called_at);
  } else if (self->phase == PHASE_OPEN) {
    self->phase = PHASE_NONE;
    self->stall.stalled = FALSE;
    mh_monitor_reset_qoe (self);
  }
  self->leads = leads;
}

/* Told many times, each time the whole of it. */
static void
observe_instant_rate (MhMonitor *self, double multiplier)
{
  self->multiplier = multiplier;
  mh_playhead_set_rate (
      &self->playhead, mh_monitor_current_rate (self), self->now);
}

static void
end_item (MhMonitor *self, MhTime at)
{
  end (self, MH_CALL_COMPLETE, at);
  self->end_since = MH_TIME_NONE;
  self->reported = MH_PLAYBACK_ENDED;
  mh_monitor_announce (self);
}

static void
observe_gone (MhMonitor *self)
{
  self->own = GST_STATE_NULL;
  begin_stop (self);
  mh_monitor_finish_stop (self);
}

static void
observe_eos (MhMonitor *self)
{
  if (!self->stopping && self->own >= GST_STATE_PAUSED)
    end_item (self, self->now);
}

gboolean
mh_monitor_check_end (MhMonitor *self, const MhSample *sample)
{
  gboolean dark = mh_monitor_is_in_the_dark (self);
  MhTime since = self->end_since;

  self->end_since = MH_TIME_NONE;
  /* One that does not say where it is has its message to wait for. */
  if (sample->position < 0 && !dark)
    return TRUE;
  if (sample->position >= 0 &&
      !is_near_end (self, (double) sample->position / GST_SECOND))
    return FALSE;
  /* Not before what has been settled already. */
  self->end_since = MAX (since == MH_TIME_NONE ? self->sampled_at : since,
      self->stall.progress_at);
  if (sample->at - self->end_since >= (dark ? END_WAIT_DARK : END_WAIT))
    end_item (self, self->end_since);
  return TRUE;
}

/* Of the pipeline's messages. */
static void
dispatch_message (MhMonitor *self, const MhObservation *observation)
{
  self->messages = TRUE;
  switch (observation->type) {
    case MH_OBSERVED_TOP_STATE:
      if (observation->state == GST_STATE_PAUSED && !self->played)
        self->ready_at = self->now;
      self->top = observation->state;
      self->top_pending = observation->pending;
      break;
    case MH_OBSERVED_BUFFERING:
      observe_buffering (self, observation->percent);
      break;
    case MH_OBSERVED_EOS:
      observe_eos (self);
      break;
    case MH_OBSERVED_ASYNC_DONE:
      observe_async_done (self);
      break;
    case MH_OBSERVED_STREAM_START:
      observe_group (self, observation->group);
      break;
    case MH_OBSERVED_ERROR:
      observe_error (self, observation->text);
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
      observe_seek (self, observation);
      break;
    case MH_OBSERVED_FLUSH_START:
      observe_flush_start (self, observation->seqnum);
      break;
    case MH_OBSERVED_FLUSH_STOP:
      observe_flush_stop (self);
      break;
    case MH_OBSERVED_SEGMENT:
      observe_segment (self, observation);
      break;
    case MH_OBSERVED_DATA:
      observe_data (self);
      break;
    case MH_OBSERVED_PAD_EOS:
      observe_pad_eos (self);
      break;
    case MH_OBSERVED_PAD_STREAM_START:
      observe_pad_group (self, observation->group);
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
    case MH_OBSERVED_LEAD:
      observe_lead (self, observation->leads);
      break;
    case MH_OBSERVED_MARK:
      break; /* of where the media is, which is not for here */
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
