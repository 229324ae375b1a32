/* mh-monitor: what GStreamer's behaviour means for a session.
 *
 * Two steps. raw_state() says what the player seems to do at this moment;
 * update() makes it the reported state at once or, where the next moment may
 * prove it wrong, after a while (settle_time()). commit() turns a change of the
 * reported state into calls.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-monitor.h"

#include <math.h>

#include "mh-playhead.h"
#include "mh-stall.h"

/* inference.md, 2: R7, R3 and R6, R2. */
#define SETTLE MH_TIME_FROM_MSEC (250)
#define SETTLE_PAUSE MH_TIME_FROM_MSEC (500)
#define BUFFERING_BEFORE_PAUSE MH_TIME_FROM_SEC (1)
/* inference.md, 3: how long ASYNC_DONE may be missing after a flush. */
#define SEEK_ASYNC_DONE MH_TIME_FROM_MSEC (500)
/* inference.md, 10: an error may come after the state change that it causes. */
#define STOP_WAIT MH_TIME_FROM_MSEC (250)
/* How long a session's start may wait for what is known with the first data,
 * and for how long after that for the first frame. */
#define START_WAIT MH_TIME_FROM_SEC (5)
#define START_WAIT_AFTER_DATA MH_TIME_FROM_SEC (1)
/* How often to look at the topmost parent while waiting for the first frame:
 * its messages may be kept from us (inference.md, 1). */
#define START_POLL MH_TIME_FROM_MSEC (100)

/* settle_time() of what is no change. */
#define NEVER MH_TIME_NEVER

typedef enum
{
  PHASE_NONE, /* nothing to track yet */
  PHASE_WANTED, /* somebody wants to play; sessionStart is to come */
  PHASE_OPEN, /* a session is tracked */
  PHASE_OVER, /* it has ended; a new run or item, or a replay, begins one */
} Phase;

struct _MhMonitor
{
  const MhMonitorListener *listener;
  gpointer user_data;
  MhTime now; /* of the latest observation or sample */

  /* The pipeline, as far as observed. */
  GstState own;
  GstState top;
  GstState top_pending;
  GstState target; /* of the topmost parent */
  int percent; /* of the last BUFFERING message */
  MhTime low_since; /* since when it is below 100 */
  gboolean pause_is_buffering; /* own PAUSED is the application's buffering */
  gboolean pad_eos;
  gboolean data; /* of the current item has passed */
  MhTime data_at;
  gboolean have_group;
  guint group;
  guint pad_group;
  double segment_rate;
  double multiplier; /* instant rate change */
  guint64 buffers;

  /* Stopping: decided when it is over. */
  gboolean stopping;
  MhTime stop_at;
  MhTime stop_decide_at; /* MH_TIME_NEVER: not before READY → NULL */

  /* Seeking. */
  gboolean seeking;
  gboolean flushing;
  guint32 flush_seqnum;
  MhTime flush_stop_at;
  MhTime seek_data_at; /* MH_TIME_NONE: no data since the flush */
  double seek_target; /* seconds, NaN: not known */
  guint32 seek_seqnum; /* of the latest SEEK event */
  GstClockTime seek_time;

  /* The session. */
  Phase phase;
  MhTime wanted_at;
  gboolean played; /* the first frame of the item was rendered */
  gboolean wire_paused; /* the session's own play state is pause */
  MhPlaybackState reported; /* never STALLED: that is stall.stalled */
  MhPlaybackState candidate;
  MhTime candidate_since; /* MH_TIME_NONE: there is none */

  MhStall stall;
  MhPlayhead playhead;
};

MhMonitor *
mh_monitor_new (const MhMonitorListener *listener, gpointer user_data)
{
  MhMonitor *self = g_new0 (MhMonitor, 1);

  self->listener = listener;
  self->user_data = user_data;
  self->own = GST_STATE_NULL;
  self->percent = 100;
  self->segment_rate = 1;
  self->multiplier = 1;
  self->seek_target = NAN;
  self->candidate_since = MH_TIME_NONE;
  self->stop_decide_at = MH_TIME_NEVER;
  self->stall.threshold = MH_TIME_FROM_SEC (2);
  mh_playhead_reset (&self->playhead);
  return self;
}

void
mh_monitor_free (MhMonitor *self)
{
  g_free (self);
}

void
mh_monitor_set_stall_threshold (MhMonitor *self, MhTime threshold)
{
  self->stall.threshold = threshold;
}

void
mh_monitor_set_utc_offset (MhMonitor *self, gint64 offset)
{
  self->playhead.utc_offset = offset;
}

/* ---- calls ---- */

static void
call (MhMonitor *self, const MhCall *the_call, MhTime at)
{
  if (self->phase == PHASE_OPEN)
    self->listener->call (the_call, at, self->user_data);
}

static void
call_type (MhMonitor *self, MhCallType type, MhTime at)
{
  const MhCall the_call = { type };

  call (self, &the_call, at);
}

static double
current_rate (const MhMonitor *self)
{
  return self->reported == MH_PLAYBACK_PLAYING && !self->stall.stalled
      ? self->segment_rate * self->multiplier
      : 0;
}

static void
call_playhead (MhMonitor *self, MhTime at)
{
  MhCall the_call;

  mh_monitor_playhead (self, at, &the_call);
  call (self, &the_call, at);
}

static void
call_startup_time (MhMonitor *self, MhTime at)
{
  MhCall the_call = { MH_CALL_QOE, .qoe = MH_QOE_INIT };

  the_call.qoe.startup_time = (double) MH_TIME_TO_MSEC (at - self->wanted_at);
  call (self, &the_call, at);
}

/* The start of a session comes late, when it is known what is played, but is
 * dated to the moment when somebody wanted it. */
static void
start (MhMonitor *self)
{
  if (self->phase != PHASE_WANTED)
    return;
  self->phase = PHASE_OPEN;
  self->wire_paused = FALSE;
  self->playhead.live = self->listener->start (
      self->wanted_at, self->user_data);
}

static void
announce (MhMonitor *self)
{
  self->listener->state (
      self->stall.stalled ? MH_PLAYBACK_STALLED : self->reported,
      self->user_data);
}

/* A stall has begun or ended. */
static void
report_stall (MhMonitor *self, MhTime at)
{
  mh_playhead_set_rate (&self->playhead, current_rate (self), at);
  call_playhead (self, at);
  call_type (self,
      self->stall.stalled ? MH_CALL_STALL_START : MH_CALL_STALL_COMPLETE, at);
  announce (self);
}

/* ---- from one reported state to the next ---- */

static void
enter_playing (MhMonitor *self, MhTime at)
{
  if (!self->played) {
    self->played = TRUE;
    call_startup_time (self, at);
  }
  call_playhead (self, at);
  call_type (self, MH_CALL_PLAY, at);
  self->wire_paused = FALSE;
}

static void
enter_paused (MhMonitor *self, MhPlaybackState from, MhTime at)
{
  call_playhead (self, at);
  switch (from) {
    case MH_PLAYBACK_SEEKING:
      /* A seek that began in play: to complete it now would report a play
       * that never was. The session stays seeking, which is as inactive, until
       * the play that ends both. */
      if (self->wire_paused)
        call_type (self, MH_CALL_SEEK_COMPLETE, at);
      return;
    case MH_PLAYBACK_BUFFERING:
      call_type (self, MH_CALL_BUFFER_COMPLETE, at);
      break;
    default:
      break;
  }
  call_type (self, MH_CALL_PAUSE, at);
  self->wire_paused = TRUE;
}

static void
commit (MhMonitor *self, MhPlaybackState to, MhTime at)
{
  MhPlaybackState from = self->reported;

  self->candidate_since = MH_TIME_NONE;
  if (self->stall.stalled) {
    self->stall.stalled = FALSE;
    report_stall (self, at);
  }
  start (self);
  self->reported = to;
  mh_playhead_set_rate (&self->playhead, current_rate (self), at);
  switch (to) {
    case MH_PLAYBACK_PLAYING:
      mh_stall_reset (&self->stall, at, self->buffers, TRUE);
      enter_playing (self, at);
      break;
    case MH_PLAYBACK_PAUSED:
      enter_paused (self, from, at);
      break;
    case MH_PLAYBACK_SEEKING:
      if (!isnan (self->seek_target))
        mh_playhead_set (&self->playhead, self->seek_target, at);
      call_playhead (self, at);
      call_type (self, MH_CALL_SEEK_START, at);
      break;
    case MH_PLAYBACK_BUFFERING:
      call_playhead (self, at);
      call_type (self, MH_CALL_BUFFER_START, at);
      break;
    case MH_PLAYBACK_INIT:
    case MH_PLAYBACK_STALLED:
    case MH_PLAYBACK_ENDED:
      break;
  }
  announce (self);
}

/* ---- what the player seems to do ---- */

/* The first frame counts as rendered when the whole pipeline plays and data of
 * this item has come by (issue of sinks that go to PLAYING without data:
 * async=false and live ones). */
static gboolean
is_rendering (const MhMonitor *self)
{
  return self->own == GST_STATE_PLAYING && self->top == GST_STATE_PLAYING &&
      self->top_pending == GST_STATE_VOID_PENDING && self->data;
}

/* Before the first frame: R6. */
static MhPlaybackState
raw_state_at_start (const MhMonitor *self)
{
  if (is_rendering (self))
    return MH_PLAYBACK_PLAYING;
  if (self->percent < 100)
    return MH_PLAYBACK_BUFFERING;
  if (self->own == GST_STATE_PAUSED && self->target == GST_STATE_PAUSED)
    return MH_PLAYBACK_PAUSED;
  return MH_PLAYBACK_INIT;
}

static MhPlaybackState
raw_state (const MhMonitor *self)
{
  if (self->own < GST_STATE_PAUSED || self->stopping ||
      self->reported == MH_PLAYBACK_ENDED)
    return self->reported;
  if (self->seeking)
    return MH_PLAYBACK_SEEKING;
  if (!self->played)
    return raw_state_at_start (self);
  if (self->own == GST_STATE_PLAYING)
    return MH_PLAYBACK_PLAYING; /* R5: whatever BUFFERING says */
  if (self->pause_is_buffering && self->percent < 100)
    return MH_PLAYBACK_BUFFERING;
  return MH_PLAYBACK_PAUSED;
}

/* How long a state must last to count, by what is reported so far. */
static MhTime
settle_time (const MhMonitor *self, MhPlaybackState to)
{
  MhPlaybackState from = self->reported;
  gboolean waiting = from == MH_PLAYBACK_BUFFERING ||
      from == MH_PLAYBACK_SEEKING;

  if (to == from || to == MH_PLAYBACK_INIT)
    return NEVER;
  switch (to) {
    case MH_PLAYBACK_PLAYING:
      /* Between two seeks of a scrub, or two flaps of buffering, it plays for
       * moments only: the whole is one period. */
      return waiting && self->played ? SETTLE : 0;
    case MH_PLAYBACK_PAUSED:
      return from == MH_PLAYBACK_PLAYING || from == MH_PLAYBACK_SEEKING
          ? SETTLE
          : SETTLE_PAUSE;
    case MH_PLAYBACK_SEEKING:
      /* A seek while buffering is part of the buffering: the session rules
       * know no both. */
      return from == MH_PLAYBACK_BUFFERING ? NEVER : 0;
    case MH_PLAYBACK_BUFFERING:
      /* R4, and the same for a seek as above. */
      return from == MH_PLAYBACK_PAUSED || from == MH_PLAYBACK_SEEKING ? NEVER
                                                                       : SETTLE;
    case MH_PLAYBACK_INIT:
    case MH_PLAYBACK_STALLED:
    case MH_PLAYBACK_ENDED:
      break;
  }
  return NEVER;
}

static gboolean
is_wanted (const MhMonitor *self)
{
  return self->own >= GST_STATE_PAUSED && !self->stopping &&
      (self->target == GST_STATE_PLAYING || self->own == GST_STATE_PLAYING);
}

/* When a wanted session starts whatever is not known yet. */
static MhTime
start_deadline (const MhMonitor *self)
{
  MhTime latest = mh_time_add (self->wanted_at, START_WAIT);

  if (self->phase != PHASE_WANTED)
    return MH_TIME_NEVER;
  return self->data ? MIN (latest,
                          mh_time_add (MAX (self->data_at, self->wanted_at),
                              START_WAIT_AFTER_DATA))
                    : latest;
}

/* When the candidate becomes the reported state. */
static MhTime
candidate_deadline (const MhMonitor *self)
{
  MhTime settled;

  if (self->candidate_since == MH_TIME_NONE)
    return MH_TIME_NEVER;
  settled = mh_time_add (
      self->candidate_since, settle_time (self, self->candidate));
  /* What is played is not known before data comes; nor need anybody be told
   * that it buffers before then. */
  if (self->phase == PHASE_WANTED && !self->data &&
      self->candidate != MH_PLAYBACK_PLAYING)
    settled = MAX (settled, start_deadline (self));
  return settled;
}

/* Takes the raw state up as a candidate, or as reported where it need not be
 * waited for. */
static void
update (MhMonitor *self, MhTime since)
{
  MhPlaybackState raw;

  if (self->phase == PHASE_NONE && is_wanted (self)) {
    self->phase = PHASE_WANTED;
    self->wanted_at = self->now;
  }
  raw = raw_state (self);
  if (settle_time (self, raw) == NEVER) {
    self->candidate_since = MH_TIME_NONE;
  } else if (self->candidate_since == MH_TIME_NONE) {
    self->candidate = raw;
    self->candidate_since = since;
  } else if (self->candidate != raw) {
    /* A pause too short to count before a seek belongs to the seek. */
    if (raw != MH_PLAYBACK_SEEKING)
      self->candidate_since = since;
    self->candidate = raw;
  }
  if (candidate_deadline (self) <= self->now)
    commit (self, self->candidate, self->candidate_since);
  if (start_deadline (self) <= self->now)
    start (self);
}

/* ---- items and runs ---- */

/* What is known of an item, apart from the pipeline that plays it. */
static void
begin_item (MhMonitor *self, gboolean data)
{
  self->phase = PHASE_NONE;
  self->played = FALSE;
  self->data = data;
  self->data_at = self->now;
  self->pad_eos = FALSE;
  self->seeking = FALSE;
  self->seek_target = NAN;
  self->candidate_since = MH_TIME_NONE;
  self->stall.stalled = FALSE;
  self->reported = MH_PLAYBACK_INIT;
  mh_playhead_reset (&self->playhead);
  announce (self);
}

/* Ends the session, if there is one or was to be one. */
static void
end (MhMonitor *self, MhCallType how, MhTime at)
{
  if (self->phase != PHASE_WANTED && self->phase != PHASE_OPEN)
    return;
  start (self);
  self->candidate_since = MH_TIME_NONE;
  mh_playhead_set_rate (&self->playhead, 0, at);
  call_playhead (self, at);
  call_type (self, how, at);
  self->stall.stalled = FALSE;
  self->phase = PHASE_OVER;
}

/* inference.md, 10: what a stop was is decided when it is over. */
static void
finish_stop (MhMonitor *self)
{
  if (!self->stopping)
    return;
  end (self, MH_CALL_SESSION_END, self->stop_at);
  self->stopping = FALSE;
  self->stop_decide_at = MH_TIME_NEVER;
}

/* READY → PAUSED: whatever was before, this plays anew. */
static void
begin_run (MhMonitor *self)
{
  finish_stop (self);
  end (self, MH_CALL_SESSION_END, self->now);
  self->percent = 100;
  self->pause_is_buffering = FALSE;
  self->flushing = FALSE;
  self->have_group = FALSE;
  self->segment_rate = 1;
  self->multiplier = 1;
  self->top = GST_STATE_READY;
  begin_item (self, FALSE);
}

static void
begin_stop (MhMonitor *self)
{
  if (self->stopping)
    return;
  self->stopping = TRUE;
  self->stop_at = self->now;
  /* The candidate came to nothing: what follows is the end. */
  self->candidate_since = MH_TIME_NONE;
}

/* ---- observations ---- */

static void
observe_pause (MhMonitor *self)
{
  self->own = GST_STATE_PAUSED;
  if (self->target < GST_STATE_PAUSED && self->target != GST_STATE_VOID_PENDING)
    begin_stop (self); /* R1 */
  else
    self->pause_is_buffering = self->percent < 100 &&
        self->now - self->low_since <= BUFFERING_BEFORE_PAUSE; /* R2 */
}

static void
observe_state (MhMonitor *self, GstState state)
{
  GstState before = self->own;

  switch (state) {
    case GST_STATE_PLAYING:
      self->own = state;
      self->stopping = FALSE;
      self->pause_is_buffering = FALSE;
      break;
    case GST_STATE_PAUSED:
      if (before == GST_STATE_PLAYING) {
        observe_pause (self);
      } else {
        begin_run (self);
        self->own = state;
      }
      break;
    case GST_STATE_READY:
      self->own = state;
      if (before == GST_STATE_PAUSED) {
        begin_stop (self);
        self->stop_decide_at = mh_time_add (self->now, STOP_WAIT);
      }
      break;
    case GST_STATE_NULL:
    case GST_STATE_VOID_PENDING:
      self->own = GST_STATE_NULL;
      finish_stop (self);
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
  self->percent = percent;
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
  if (!self->played)
    return; /* where it starts from; or a demuxer's own flush */
  self->pad_eos = FALSE;
  if (self->seeking && seqnum == self->flush_seqnum)
    return; /* the same seek again (queue2, playbin3) */
  self->seeking = TRUE;
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
  if (self->seeking && isnan (self->seek_target) &&
      GST_CLOCK_TIME_IS_VALID (observation->time)) {
    self->seek_target = (double) observation->time / GST_SECOND;
    mh_playhead_set (&self->playhead, self->seek_target, self->now);
  }
  mh_playhead_set_rate (&self->playhead, current_rate (self), self->now);
}

static void
end_seek (MhMonitor *self)
{
  self->seeking = FALSE;
  mh_stall_reset (&self->stall, self->now, self->buffers, FALSE);
}

/* When a seek without ASYNC_DONE is over: inference.md, 3. */
static MhTime
seek_deadline (const MhMonitor *self)
{
  if (!self->seeking || self->flushing || self->seek_data_at == MH_TIME_NONE)
    return MH_TIME_NEVER;
  return MAX (
      mh_time_add (self->flush_stop_at, SEEK_ASYNC_DONE), self->seek_data_at);
}

static void
observe_data (MhMonitor *self)
{
  if (!self->data)
    self->data_at = self->now;
  self->data = TRUE;
  if (self->seeking && !self->flushing && self->seek_data_at == MH_TIME_NONE)
    self->seek_data_at = self->now;
}

static void
observe_group (MhMonitor *self, guint group)
{
  gboolean other = self->have_group && group != self->group;
  gboolean data = self->data && self->pad_group == group;
  gboolean cut = self->seeking; /* instant-uri: flushed away */

  self->have_group = TRUE;
  self->group = group;
  if (!other)
    return; /* a variant switch */
  if (self->phase == PHASE_OPEN && !cut && !self->playhead.live)
    mh_playhead_set (&self->playhead,
        mh_playhead_get_before_jump (&self->playhead, self->now), self->now);
  end (self, cut ? MH_CALL_SESSION_END : MH_CALL_COMPLETE, self->now);
  begin_item (self, data);
}

static void
observe_pad_group (MhMonitor *self, guint group)
{
  self->pad_group = group;
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
  MhCall error = { MH_CALL_ERROR, .text = (char *) text };

  if (self->phase != PHASE_WANTED && self->phase != PHASE_OPEN)
    return; /* the first counts: those that follow are its echo */
  start (self);
  call (self, &error, self->now);
  end (self, MH_CALL_SESSION_END, self->now);
}

/* The application calls for itself: what it starts is tracked from then on as
 * if we had started it, what it ends is not started again by us. */
static void
observe_call (MhMonitor *self, MhCallType type)
{
  if (type == MH_CALL_SESSION_START) {
    if (self->phase != PHASE_WANTED)
      self->wanted_at = self->now;
    self->phase = PHASE_OPEN;
    self->played = FALSE;
    self->wire_paused = FALSE;
    self->candidate_since = MH_TIME_NONE;
    self->reported = MH_PLAYBACK_INIT;
  } else if (type == MH_CALL_COMPLETE || type == MH_CALL_SESSION_END) {
    self->phase = PHASE_OVER;
  }
}

static void
observe_eos (MhMonitor *self)
{
  if (self->stopping)
    return;
  end (self, MH_CALL_COMPLETE, self->now);
  self->reported = MH_PLAYBACK_ENDED;
  announce (self);
}

static void
dispatch (MhMonitor *self, const MhObservation *observation)
{
  switch (observation->type) {
    case MH_OBSERVED_STATE:
      observe_state (self, observation->state);
      break;
    case MH_OBSERVED_TOP_STATE:
      self->top = observation->state;
      self->top_pending = observation->pending;
      break;
    case MH_OBSERVED_BUFFERING:
      observe_buffering (self, observation->percent);
      break;
    case MH_OBSERVED_SEEK:
      self->seek_seqnum = observation->seqnum;
      self->seek_time = observation->time;
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
      self->pad_eos = TRUE;
      observe_data (self);
      break;
    case MH_OBSERVED_EOS:
      observe_eos (self);
      break;
    case MH_OBSERVED_ASYNC_DONE:
      if (self->seeking && !self->flushing)
        end_seek (self);
      break;
    case MH_OBSERVED_STREAM_START:
      observe_group (self, observation->group);
      break;
    case MH_OBSERVED_PAD_STREAM_START:
      observe_pad_group (self, observation->group);
      break;
    case MH_OBSERVED_INSTANT_RATE:
      self->multiplier = observation->rate;
      mh_playhead_set_rate (&self->playhead, current_rate (self), self->now);
      break;
    case MH_OBSERVED_ERROR:
      observe_error (self, observation->text);
      break;
    case MH_OBSERVED_CALL:
      observe_call (self, observation->call);
      break;
    case MH_OBSERVED_GONE:
      begin_stop (self);
      finish_stop (self);
      break;
  }
}

/* ---- public ---- */

void
mh_monitor_observe (MhMonitor *self, const MhObservation *observation)
{
  self->now = MAX (self->now, observation->at);
  if (observation->target != GST_STATE_VOID_PENDING)
    self->target = observation->target;
  if (observation->position >= 0 && !self->seeking)
    mh_playhead_set (&self->playhead,
        (double) observation->position / GST_SECOND, self->now);
  dispatch (self, observation);
  update (self, self->now);
}

static void
feed_stall (MhMonitor *self, const MhSample *sample)
{
  if (self->reported != MH_PLAYBACK_PLAYING || self->seeking ||
      self->stopping || self->pad_eos ||
      self->candidate_since != MH_TIME_NONE || !is_rendering (self))
    return;
  if (mh_stall_feed (&self->stall, sample->at, sample->position,
          sample->buffers, sample->step))
    report_stall (self, self->stall.progress_at);
}

void
mh_monitor_sample (MhMonitor *self, const MhSample *sample)
{
  MhTime since = sample->at;

  self->now = MAX (self->now, sample->at);
  if (sample->looked) {
    self->top = sample->state;
    self->top_pending = sample->pending;
    self->target = sample->target;
  }
  self->playhead.limit = sample->buffer_end >= 0 && sample->position < 0
      ? (double) sample->buffer_end / GST_SECOND
      : -1;
  if (sample->position >= 0 && !self->seeking)
    mh_playhead_set (
        &self->playhead, (double) sample->position / GST_SECOND, sample->at);
  feed_stall (self, sample);
  self->buffers = sample->buffers;
  if (seek_deadline (self) <= self->now) {
    since = self->seek_data_at;
    end_seek (self);
  }
  if (self->stopping && self->stop_decide_at <= self->now)
    finish_stop (self);
  update (self, since);
}

MhTime
mh_monitor_next_deadline (MhMonitor *self)
{
  MhTime deadline = MIN (candidate_deadline (self), start_deadline (self));

  deadline = MIN (deadline, seek_deadline (self));
  if (self->stopping)
    deadline = MIN (deadline, self->stop_decide_at);
  if (self->reported == MH_PLAYBACK_PLAYING && self->phase == PHASE_OPEN &&
      !self->pad_eos)
    deadline = MIN (
        deadline, mh_time_add (self->now, mh_stall_interval (&self->stall)));
  if (!self->played && self->own == GST_STATE_PLAYING &&
      self->reported != MH_PLAYBACK_ENDED)
    deadline = MIN (deadline, mh_time_add (self->now, START_POLL));
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
  if (self->stopping)
    settled = MIN (settled, self->stop_at);
  return settled;
}

void
mh_monitor_playhead (MhMonitor *self, MhTime at, MhCall *the_call)
{
  the_call->type = MH_CALL_PLAYHEAD;
  the_call->playhead.value = mh_playhead_get (&self->playhead, at);
  the_call->playhead.rate = self->playhead.live ? 1 : current_rate (self);
}

gboolean
mh_monitor_wants_look (MhMonitor *self)
{
  return !self->played && self->own >= GST_STATE_PAUSED;
}

gboolean
mh_monitor_wants_position (MhMonitor *self, guint64 buffers)
{
  return self->reported == MH_PLAYBACK_PLAYING && buffers == self->buffers;
}
