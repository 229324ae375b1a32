/* mh-session: the rules of a tracking session
 * (docs/design/session-rules.md): what happens after every call and at every
 * deadline, and the pre-roll wait.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-log.h"
#include "mh-session-private.h"

/* docs/design/session-rules.md#content-start and #playback-and-pings. */
#define CONTENT_START MH_TIME_FROM_SEC (1)
#define DOWNLOADED_PING MH_TIME_FROM_SEC (50)

void
mh_session_abandon (MhSession *self)
{
  g_clear_pointer (&self->media, mh_media_unref);
  g_clear_pointer (&self->ad_break, mh_ad_break_unref);
  g_clear_pointer (&self->ad, mh_ad_unref);
  g_clear_pointer (&self->chapter, mh_chapter_unref);
  for (guint i = 0; i < self->n_states; i++)
    g_clear_pointer (&self->states[i].name, g_free);
  self->n_states = 0;
  g_clear_pointer (&self->qoe, g_variant_unref);
  self->play_state = PLAYBACK_INIT;
  self->buffering = FALSE;
  self->seeking = FALSE;
  self->stalled = FALSE;
  self->inactive_since = MH_TIME_NONE;
  self->closed = FALSE;
  self->playhead = 0;
  self->rate = 0;
  self->playhead_since = 0;
  g_clear_pointer (&self->reported_qoe, g_variant_unref);
  mh_held_calls_clear (&self->held);
}

MhSession *
mh_session_new (const MhSessionListener *listener, gpointer user_data)
{
  MhSession *self = g_new0 (MhSession, 1);

  self->listener = *listener;
  self->user_data = user_data;
  self->timeouts = (MhTimeouts) MH_TIMEOUTS_INIT;
  self->timeouts_since = MH_TIME_NONE;
  self->now = MH_TIME_NONE;
  self->held = (MhHeldCalls) MH_HELD_CALLS_INIT;
  mh_session_abandon (self);
  return self;
}

void
mh_session_free (MhSession *self)
{
  if (!self)
    return;
  mh_session_abandon (self);
  g_free (self);
}

void
mh_session_set_timeouts (MhSession *self, const MhTimeouts *timeouts)
{
  self->timeouts = *timeouts;
  self->timeouts_since = self->now;
}

MhTime
mh_session_get_now (const MhSession *self)
{
  return self->now;
}

gboolean
mh_session_is_open (const MhSession *self)
{
  return self->media != NULL;
}

MhTime
mh_session_get_inactive_since (const MhSession *self)
{
  return self->inactive_since;
}

/* ---- after every call and at every deadline ---- */

static Playback
reported_playback (const MhSession *self)
{
  if (self->buffering)
    return PLAYBACK_BUFFER;
  if (self->seeking)
    return PLAYBACK_SEEK;
  return self->play_state;
}

static gboolean
is_active (const MhSession *self)
{
  return self->play_state == PLAYBACK_PLAY && !self->seeking &&
      !self->buffering && !self->stalled;
}

static MhEvent
playback_event (Playback playback)
{
  switch (playback) {
    case PLAYBACK_PLAY:
      return MH_EVENT_PLAY;
    case PLAYBACK_PAUSE:
    case PLAYBACK_SEEK:
      return MH_EVENT_PAUSE_START;
    case PLAYBACK_BUFFER:
      return MH_EVENT_BUFFER_START;
    case PLAYBACK_INIT:
      /* No event says so; the SDKs send a ping, which without any playback
       * event before it means just that. */
      return MH_EVENT_PING;
  }
  g_assert_not_reached ();
}

static MhTime
ping_interval (const MhSession *self)
{
  if (self->media->downloaded)
    return DOWNLOADED_PING;
  if (self->ad && self->media->granular_ads)
    return self->timeouts.ad_ping;
  return self->timeouts.ping;
}

void
mh_session_flush (MhSession *self, MhTime t)
{
  if (self->closed)
    return;
  self->reported = reported_playback (self);
  self->reported_at = t;
  mh_session_emit (self, playback_event (self->reported), t);
}

/* What begins anew with each session of an item. */
void
mh_session_begin (MhSession *self, MhTime t, gboolean resume)
{
  self->number = self->n_sessions++;
  self->began = t;
  self->content_since = MH_TIME_NONE;
  self->content_started = FALSE;
  self->reported = PLAYBACK_INIT;
  self->reported_at = t;
  self->closed = FALSE;
  g_clear_pointer (&self->reported_qoe, g_variant_unref);
  mh_log (SESSION, INFO, NULL, "session %u begins%s", self->number,
      resume ? ", as a resume of the one before" : "");
  mh_session_emit_session_start (self, t, resume);
}

void
mh_session_restart (MhSession *self, MhTime t)
{
  mh_session_begin (self, t, TRUE);
  if (self->chapter)
    mh_session_emit_chapter_start (self, t);
  if (self->ad_break)
    mh_session_emit_ad_break_start (self, t);
  if (self->ad)
    mh_session_emit_ad_start (self, t);
  for (guint i = 0; i < self->n_states; i++) {
    if (self->states[i].on)
      mh_session_emit_state (
          self, MH_EVENT_STATE_START, self->states[i].name, t);
  }
  mh_session_flush (self, t);
}

static void
become_active (MhSession *self, MhTime t)
{
  if (self->inactive_since != MH_TIME_NONE)
    mh_log (SESSION, DEBUG, NULL, "session %u: active again", self->number);
  self->inactive_since = MH_TIME_NONE;
  if (self->closed)
    mh_session_restart (self, t);
}

static void
become_inactive (MhSession *self, MhTime t)
{
  self->inactive_since = t;
  mh_log (SESSION, DEBUG, NULL, "session %u: inactive:%s%s%s%s", self->number,
      self->play_state == PLAYBACK_PLAY ? "" : " paused or not started",
      self->seeking ? " seeking" : "", self->buffering ? " buffering" : "",
      self->stalled ? " stalled" : "");
}

static void
close_inactive (MhSession *self, MhTime t)
{
  mh_log (SESSION, INFO, NULL, "session %u: closed, it was inactive for %.3f s",
      self->number, mh_time_seconds (t - self->inactive_since));
  mh_session_emit (self, MH_EVENT_SESSION_END, t);
  self->closed = TRUE;
}

static void
check_inactivity (MhSession *self, MhTime t)
{
  if (is_active (self))
    become_active (self, t);
  else if (self->inactive_since == MH_TIME_NONE)
    become_inactive (self, t);
  else if (!self->closed &&
      t >= mh_time_add (self->inactive_since, self->timeouts.idle))
    close_inactive (self, t);
}

static void
check_content_start (MhSession *self, MhTime t)
{
  if (self->content_started)
    return;
  if (self->ad_break) {
    self->content_since = MH_TIME_NONE;
  } else if (is_active (self)) {
    if (self->content_since == MH_TIME_NONE)
      self->content_since = t;
    if (t >= mh_time_add (self->content_since, CONTENT_START)) {
      self->content_started = TRUE;
      mh_session_flush (self, t);
    }
  }
}

static void
check_playback (MhSession *self, MhTime t)
{
  if (self->reported != reported_playback (self)) {
    mh_session_flush (self, t);
  } else if (t >= mh_time_add (self->reported_at, ping_interval (self))) {
    self->reported_at = t;
    mh_session_emit (self, MH_EVENT_PING, t);
  }
}

static void
end_and_restart (MhSession *self, MhTime t)
{
  mh_session_emit (self, MH_EVENT_SESSION_END, t);
  mh_session_restart (self, t);
}

/* docs/design/session-rules.md#after-every-call-and-at-every-deadline. */
void
mh_session_step (MhSession *self, MhTime t)
{
  if (!self->media)
    return;
  check_inactivity (self, t);
  if (self->closed)
    return;
  if (t >= mh_time_add (self->began, self->timeouts.session)) {
    mh_log (SESSION, INFO, NULL, "session %u: it has reached its longest time",
        self->number);
    end_and_restart (self, t);
  }
  check_content_start (self, t);
  check_playback (self, t);
}

/* The next time at which step() does something by itself. */
static MhTime
step_deadline (const MhSession *self)
{
  MhTime deadline;

  if (!self->media || self->closed)
    return MH_TIME_NEVER;
  deadline = MIN (mh_time_add (self->began, self->timeouts.session),
      mh_time_add (self->reported_at, ping_interval (self)));
  if (self->inactive_since != MH_TIME_NONE)
    deadline = MIN (
        deadline, mh_time_add (self->inactive_since, self->timeouts.idle));
  if (!self->content_started && self->content_since != MH_TIME_NONE &&
      !self->ad_break && is_active (self))
    deadline = MIN (deadline, mh_time_add (self->content_since, CONTENT_START));
  /* Shorter time-outs must not make something due at a time that is past. */
  return MAX (deadline, self->timeouts_since);
}

static void
step_until (MhSession *self, MhTime t)
{
  MhTime deadline;

  while ((deadline = step_deadline (self)) <= t)
    mh_session_step (self, deadline);
}

/* ---- the pre-roll wait ---- */

static void
session_pass_held (const MhCall *call, MhTime at, gpointer user_data)
{
  MhSession *self = user_data;
  g_autoptr (GError) error = NULL;

  step_until (self, at);
  if (!mh_session_do_call (self, call, at, &error) && self->listener.refused)
    self->listener.refused (call, at, error, self->user_data);
}

/* Without the plays: they were about the ad, not about the content. */
static void
session_pass_held_before_ad (const MhCall *call, MhTime at, gpointer user_data)
{
  if (call->type == MH_CALL_PLAY)
    step_until (user_data, at);
  else
    session_pass_held (call, at, user_data);
}

static gboolean
hold_call (MhSession *self, const MhCall *call, MhTime now, GError **error)
{
  /* What can be refused without knowing what will have happened by then is
   * refused at once: the caller is still there to hear it. */
  if (call->type == MH_CALL_SESSION_START)
    return mh_session_do_call (self, call, now, error);
  if (!mh_call_check (call, error))
    return FALSE;
  mh_held_calls_add (&self->held, call, now);
  return TRUE;
}

static gboolean
ends_hold (const MhCall *call)
{
  return call->type == MH_CALL_COMPLETE || call->type == MH_CALL_SESSION_END ||
      (call->type == MH_CALL_AD_BREAK_START && mh_call_check (call, NULL));
}

/* ---- public ---- */

gboolean
mh_session_call (
    MhSession *self, const MhCall *call, MhTime now, GError **error)
{
  mh_session_advance (self, now);
  if (call->type == MH_CALL_ADVANCE)
    return TRUE;
  if (mh_held_calls_are_on (&self->held)) {
    if (!ends_hold (call))
      return hold_call (self, call, now, error);
    mh_held_calls_release (&self->held,
        call->type == MH_CALL_AD_BREAK_START ? session_pass_held_before_ad
                                             : session_pass_held,
        self);
    step_until (self, now);
  }
  return mh_session_do_call (self, call, now, error);
}

double
mh_session_get_playhead (MhSession *self, MhTime at)
{
  return self->playhead +
      self->rate * mh_time_seconds (at - self->playhead_since);
}

gboolean
mh_session_can_renew (MhSession *self)
{
  return self->media && !self->closed && !mh_held_calls_are_on (&self->held);
}

void
mh_session_renew (MhSession *self)
{
  g_return_if_fail (mh_session_can_renew (self));

  end_and_restart (self, self->now);
}

void
mh_session_advance (MhSession *self, MhTime now)
{
  g_return_if_fail (now >= self->now);
  self->now = now;
  if (mh_held_calls_are_on (&self->held)) {
    if (now < self->held.until)
      return;
    mh_held_calls_release (&self->held, session_pass_held, self);
  }
  step_until (self, now);
}

MhTime
mh_session_next_deadline (const MhSession *self)
{
  return mh_held_calls_are_on (&self->held) ? self->held.until
                                            : step_deadline (self);
}
