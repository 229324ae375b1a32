/* mh-monitor: what GStreamer's behaviour means for a session.
 *
 * Two steps. raw_state() says what the player seems to do at this moment;
 * update() makes it the reported state at once or, where the next moment may
 * prove it wrong, after a while (settle_time()). commit() turns a change of the
 * reported state into calls.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-monitor-private.h"

#include <math.h>

/* inference.md, 2: R7, R3 and R6. */
#define SETTLE MH_TIME_FROM_MSEC (250)
/* A seek whose target nobody has told yet: with the SEGMENT it is known. */
#define SETTLE_SEEK MH_TIME_FROM_SEC (2)
#define SETTLE_PAUSE MH_TIME_FROM_MSEC (500)
/* How long the first frame may wait for an answer about where it is: one that
 * comes to a pipeline that plays is anywhere. */
#define SETTLE_START MH_TIME_FROM_MSEC (20)
/* How long a session's start may wait for what is known with the first data,
 * and for how long after that for the first frame. */
#define START_WAIT MH_TIME_FROM_SEC (5)
#define START_WAIT_AFTER_DATA MH_TIME_FROM_SEC (1)
/* How soon a player plays on by itself once it is ready to. */
#define READY_TO_PLAY MH_TIME_FROM_MSEC (500)
/* For how long, and how close to it, an answer may still be of the item before
 * (inference.md, 6: the sink comes to the next one last). */
#define LEFT_FOR MH_TIME_FROM_SEC (2)
#define LEFT_NEAR 0.5

/* settle_time() of what is no change. */
#define NEVER MH_TIME_NEVER

MhMonitor *
mh_monitor_new (const MhMonitorListener *listener, gpointer user_data)
{
  MhMonitor *self = g_new0 (MhMonitor, 1);

  self->listener = listener;
  self->user_data = user_data;
  self->own = GST_STATE_NULL;
  self->leads = TRUE;
  self->percent = 100;
  self->segment_rate = 1;
  self->multiplier = 1;
  self->seek_target = NAN;
  self->left_at = MH_TIME_NONE;
  self->end = -1;
  self->end_since = MH_TIME_NONE;
  self->candidate_since = MH_TIME_NONE;
  self->stop_decide_at = MH_TIME_NEVER;
  self->stall.threshold = MH_TIME_FROM_SEC (2);
  mh_playhead_reset (&self->playhead);
  mh_monitor_reset_qoe (self);
  return self;
}

void
mh_monitor_free (MhMonitor *self)
{
  if (!self)
    return;
  g_free (self->early_error);
  g_free (self);
}

void
mh_monitor_set_stall_threshold (MhMonitor *self, MhTime threshold)
{
  self->stall.threshold = threshold;
}

void
mh_monitor_set_live (MhMonitor *self, gboolean live, gint64 utc_offset)
{
  self->playhead.live = live;
  self->playhead.utc_offset = utc_offset;
}

/* ---- calls ---- */

void
mh_monitor_call (MhMonitor *self, const MhCall *the_call, MhTime at)
{
  if (self->phase != PHASE_OPEN || !self->leads)
    return;
  self->called_at = MAX (self->called_at, at);
  self->listener->call (the_call, at, self->user_data);
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
  return self->reported == MH_PLAYBACK_PLAYING && !self->stall.stalled
      ? self->segment_rate * self->multiplier
      : 0;
}

void
mh_monitor_call_playhead (MhMonitor *self, MhTime at)
{
  MhCall the_call;

  mh_monitor_playhead (self, at, &the_call);
  mh_monitor_call (self, &the_call, at);
}

/* The start of a session comes late, when it is known what is played, but is
 * dated to the moment when somebody wanted it. */
void
mh_monitor_start (MhMonitor *self)
{
  if (self->phase != PHASE_WANTED)
    return;
  self->phase = PHASE_OPEN;
  self->wire_paused = FALSE;
  self->wire_seeking = FALSE;
  if (self->leads)
    self->listener->start (self->wanted_at, self->user_data);
}

void
mh_monitor_announce (MhMonitor *self)
{
  self->listener->state (
      self->stall.stalled ? MH_PLAYBACK_STALLED : self->reported,
      self->user_data);
}

/* A stall has begun or ended: then, or when the session was last called. */
static void
report_stall (MhMonitor *self, MhTime at)
{
  at = MAX (at, self->called_at);
  mh_playhead_set_rate (&self->playhead, mh_monitor_current_rate (self), at);
  mh_monitor_call_playhead (self, at);
  mh_monitor_call_type (self,
      self->stall.stalled ? MH_CALL_STALL_START : MH_CALL_STALL_COMPLETE, at);
  mh_monitor_announce (self);
}

/* ---- from one reported state to the next ---- */

static void
enter_playing (MhMonitor *self, MhTime at)
{
  if (!self->played) {
    self->played = TRUE;
    mh_monitor_begin_qoe (self, at);
  }
  mh_monitor_call_playhead (self, at);
  mh_monitor_call_type (self, MH_CALL_PLAY, at);
  self->wire_paused = FALSE;
  self->wire_seeking = FALSE;
}

static void
enter_paused (MhMonitor *self, MhPlaybackState from, MhTime at)
{
  mh_monitor_call_playhead (self, at);
  switch (from) {
    case MH_PLAYBACK_SEEKING:
      /* A seek that began in play: to complete it now would report a play
       * that never was. The session stays seeking, which is as inactive, until
       * the play that ends both. */
      if (self->wire_paused) {
        mh_monitor_call_type (self, MH_CALL_SEEK_COMPLETE, at);
        self->wire_seeking = FALSE;
      }
      return;
    case MH_PLAYBACK_BUFFERING:
      mh_monitor_call_type (self, MH_CALL_BUFFER_COMPLETE, at);
      break;
    default:
      break;
  }
  mh_monitor_call_type (self, MH_CALL_PAUSE, at);
  self->wire_paused = TRUE;
}

static void
enter_seeking (MhMonitor *self, MhTime at)
{
  if (!isnan (self->seek_target))
    mh_playhead_set (&self->playhead, self->seek_target, at);
  mh_monitor_call_playhead (self, at);
  if (!self->wire_seeking)
    mh_monitor_call_type (self, MH_CALL_SEEK_START, at);
  self->wire_seeking = TRUE;
}

static void
commit (MhMonitor *self, MhPlaybackState to, MhTime at)
{
  MhPlaybackState from = self->reported;
  gboolean stalled = self->stall.stalled;

  self->candidate_since = MH_TIME_NONE;
  self->stall.stalled = FALSE;
  /* Asked late, it is told where it is by now, not where it has begun. */
  if (to == MH_PLAYBACK_PLAYING && !self->played)
    mh_playhead_rewind (
        &self->playhead, self->segment_rate * self->multiplier, at);
  mh_monitor_start (self);
  self->reported = to;
  mh_playhead_set_rate (&self->playhead, mh_monitor_current_rate (self), at);
  switch (to) {
    case MH_PLAYBACK_PLAYING:
      mh_stall_reset (&self->stall, at, self->buffers, TRUE);
      enter_playing (self, at);
      break;
    case MH_PLAYBACK_PAUSED:
      enter_paused (self, from, at);
      break;
    case MH_PLAYBACK_SEEKING:
      enter_seeking (self, at);
      break;
    case MH_PLAYBACK_BUFFERING:
      mh_monitor_call_playhead (self, at);
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
      if (!self->played && !self->placed)
        return SETTLE_START;
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
      if (from == MH_PLAYBACK_BUFFERING)
        return NEVER;
      return self->seek_sure ? 0 : SETTLE_SEEK;
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

/* It was to play, and is not any more, before anybody was told or has seen
 * anything: as one that was only made ready. An application that pauses to fill
 * its buffer may have been told of that before the element came to the pipeline
 * (inference.md, 0). */
static gboolean
is_withdrawn (const MhMonitor *self)
{
  return self->own == GST_STATE_PAUSED && self->target == GST_STATE_PAUSED &&
      !self->stopping && self->percent >= 100;
}

/* Since when the viewer waits. A player that goes to PAUSED first and plays as
 * soon as it can was asked to play back then; one that was kept ready and then
 * told to play, only now. It was ready at 100 % even if there is less again
 * before it plays: the percentage flaps (lessons.md). */
static MhTime
asked_at (const MhMonitor *self)
{
  /* Not ready yet: at some time since it was last seen not to be asked. */
  if (self->first_item && self->ready_at == MH_TIME_NONE)
    return MAX (self->run_at, self->idle_at);
  return self->first_item && self->now - self->ready_at <= READY_TO_PLAY
      ? self->run_at
      : self->now;
}

/* Whatever the player did before, the session has been told nothing of it. */
static void
want (MhMonitor *self)
{
  self->phase = PHASE_WANTED;
  self->wanted_at = self->now;
  self->asked_at = asked_at (self);
  self->reported = MH_PLAYBACK_INIT;
  self->candidate_since = MH_TIME_NONE;
}

/* When a wanted session starts whatever is not known yet. */
MhTime
mh_monitor_start_deadline (const MhMonitor *self)
{
  MhTime latest = mh_time_add (self->wanted_at, START_WAIT);

  /* Who does not lead (yet) need not hurry. */
  if (self->phase != PHASE_WANTED || !self->leads)
    return MH_TIME_NEVER;
  return self->data ? MIN (latest,
                          mh_time_add (MAX (self->data_at, self->wanted_at),
                              START_WAIT_AFTER_DATA))
                    : latest;
}

/* When the candidate becomes the reported state. */
MhTime
mh_monitor_candidate_deadline (const MhMonitor *self)
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
    settled = MAX (settled, mh_monitor_start_deadline (self));
  return settled;
}

/* Takes the raw state up as a candidate, or as reported where it need not be
 * waited for. */
static void
update (MhMonitor *self, MhTime since)
{
  MhPlaybackState raw;

  if (self->phase == PHASE_NONE && is_wanted (self))
    want (self);
  else if (self->phase == PHASE_WANTED && is_withdrawn (self))
    self->phase = PHASE_NONE;
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
  if (mh_monitor_candidate_deadline (self) <= self->now)
    commit (self, self->candidate, self->candidate_since);
  if (mh_monitor_start_deadline (self) <= self->now)
    mh_monitor_start (self);
}

/* ---- public ---- */

/* While seeking the target counts; and before any data of an item has come, no
 * answer is about it. */
static void
take_position (MhMonitor *self, gint64 position, MhTime at)
{
  double value = (double) position / GST_SECOND;

  if (position < 0 || self->seeking || self->flushing ||
      (!self->played && !self->data))
    return;
  if (self->left_at != MH_TIME_NONE) {
    MhTime since = at - self->left_at;

    if (since < LEFT_FOR && value > self->left - LEFT_NEAR &&
        value < self->left + mh_time_seconds (since) + LEFT_NEAR)
      return;
    self->left_at = MH_TIME_NONE;
  }
  mh_playhead_set (&self->playhead, value, at);
  self->placed = TRUE;
}

static void
take_target (MhMonitor *self, GstState target)
{
  self->target = target;
  if (target != GST_STATE_PLAYING)
    self->idle_at = self->now;
}

void
mh_monitor_observe (MhMonitor *self, const MhObservation *observation)
{
  self->now = MAX (self->now, observation->at);
  if (observation->target != GST_STATE_VOID_PENDING)
    take_target (self, observation->target);
  take_position (self, observation->position, self->now);
  mh_monitor_dispatch (self, observation);
  update (self, self->now);
}

static void
feed_stall (MhMonitor *self, const MhSample *sample)
{
  gboolean changed, ending;

  if (self->reported != MH_PLAYBACK_PLAYING || self->seeking ||
      self->stopping || self->candidate_since != MH_TIME_NONE ||
      !is_rendering (self)) {
    self->end_since = MH_TIME_NONE;
    return;
  }
  changed = mh_stall_feed (&self->stall, sample->at, sample->position,
      sample->buffers, sample->step);
  ending = self->pad_eos && mh_monitor_check_end (self, sample);
  /* What stands still at its end has not stalled. */
  if (ending && changed && self->stall.stalled)
    self->stall.stalled = FALSE;
  else if (changed && self->reported == MH_PLAYBACK_PLAYING)
    report_stall (self, self->stall.progress_at);
}

/* While no message says so, the peer does. */
static void
take_percent (MhMonitor *self, int percent)
{
  if (percent >= 0 && mh_monitor_wants_percent (self))
    self->percent = percent;
}

void
mh_monitor_sleep (MhMonitor *self, MhTime from)
{
  if (self->reported != MH_PLAYBACK_PLAYING || self->stall.stalled)
    return;
  self->stall.stalled = TRUE;
  self->stall.progress_at = from;
  report_stall (self, from);
}

void
mh_monitor_sample (MhMonitor *self, const MhSample *sample)
{
  MhTime since = sample->at;

  self->now = MAX (self->now, sample->at);
  if (sample->looked) {
    self->top = sample->state;
    self->top_pending = sample->pending;
    take_target (self, sample->target);
  }
  self->end = sample->buffer_end >= 0 ? (double) sample->buffer_end / GST_SECOND
                                      : -1;
  self->playhead.limit = sample->position < 0 ? self->end : -1;
  /* While data comes this is right for the moment only. */
  self->playhead.limit_at = sample->buffers != self->buffers ? sample->at
                                                             : MH_TIME_NONE;
  take_percent (self, sample->percent);
  take_position (self, sample->position, sample->at);
  feed_stall (self, sample);
  self->buffers = sample->buffers;
  self->sampled_at = sample->at;
  if (mh_monitor_seek_deadline (self) <= self->now) {
    since = MAX (self->seek_data_at, self->own_at);
    mh_monitor_end_seek (self);
  }
  if (self->stopping && self->stop_decide_at <= self->now)
    mh_monitor_finish_stop (self);
  update (self, since);
  mh_monitor_update_qoe (self);
}
