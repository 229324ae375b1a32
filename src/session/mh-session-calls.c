/* mh-session-calls: what is refused when, and what a call does
 * (docs/design/session-rules.md#calls). Read the table `rules` at the end first: each
 * row says which function does the call, and when it is refused.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-log.h"
#include "mh-session-private.h"

/* ---- what a call does ---- */

static void
skip_ad (MhSession *self, MhTime t)
{
  if (!self->ad)
    return;
  mh_session_emit (self, MH_EVENT_AD_SKIP, t);
  g_clear_pointer (&self->ad, mh_ad_unref);
}

static void
close_ad_break (MhSession *self, MhTime t)
{
  skip_ad (self, t);
  if (!self->ad_break)
    return;
  mh_session_emit (self, MH_EVENT_AD_BREAK_COMPLETE, t);
  g_clear_pointer (&self->ad_break, mh_ad_break_unref);
}

static void
close_chapter (MhSession *self, MhEvent event, MhTime t)
{
  if (!self->chapter)
    return;
  mh_session_emit (self, event, t);
  g_clear_pointer (&self->chapter, mh_chapter_unref);
}

/* docs/design/session-rules.md#state. */
static PlayerState *
find_state (MhSession *self, const char *name)
{
  for (guint i = 0; i < self->n_states; i++) {
    if (g_str_equal (self->states[i].name, name))
      return &self->states[i];
  }
  return NULL;
}

/* Keeps of an accepted value's metadata what may be reported
 * (docs/design/session-rules.md#hits): it is looked at (and complained about) once,
 * not with every restart. For the session's own copy: the value of the call has other
 * owners, in other threads as well. */
static void
take_metadata (MhSession *self, MhEvent event, GVariant **metadata)
{
  GVariant *clean = mh_session_clean_metadata (self, event, *metadata);

  g_clear_pointer (metadata, g_variant_unref);
  *metadata = clean;
}

/* The calls that follow wait for a pre-roll: docs/design/session-rules.md#pre-roll. */
static void
do_session_start (MhSession *self, const MhCall *call, MhTime t)
{
  self->media = mh_media_copy (call->media);
  take_metadata (self, MH_EVENT_SESSION_START, &self->media->metadata);
  mh_session_begin (self, t, self->media->resumed);
  if (self->media->preroll_wait > 0)
    self->held.until = mh_time_add (
        t, (MhTime) MIN (self->media->preroll_wait * MH_USEC_PER_MSEC, 1e15));
}

static void
do_play (MhSession *self, const MhCall *call, MhTime t)
{
  self->buffering = FALSE;
  self->seeking = FALSE;
  self->play_state = PLAYBACK_PLAY;
}

static void
do_pause (MhSession *self, const MhCall *call, MhTime t)
{
  self->play_state = PLAYBACK_PAUSE;
}

static void
do_buffer_start (MhSession *self, const MhCall *call, MhTime t)
{
  self->buffering = TRUE;
}

static void
do_seek_start (MhSession *self, const MhCall *call, MhTime t)
{
  self->seeking = TRUE;
}

/* Only one of the two is set at a time. */
static void
do_buffer_or_seek_complete (MhSession *self, const MhCall *call, MhTime t)
{
  self->buffering = FALSE;
  self->seeking = FALSE;
  if (self->play_state == PLAYBACK_INIT)
    self->play_state = PLAYBACK_PAUSE;
}

static void
do_stall_start_or_complete (MhSession *self, const MhCall *call, MhTime t)
{
  self->stalled = call->type == MH_CALL_STALL_START;
}

static void
do_complete_or_session_end (MhSession *self, const MhCall *call, MhTime t)
{
  close_ad_break (self, t);
  close_chapter (self, MH_EVENT_CHAPTER_SKIP, t);
  mh_session_emit (self,
      call->type == MH_CALL_COMPLETE ? MH_EVENT_SESSION_COMPLETE
                                     : MH_EVENT_SESSION_END,
      t);
  mh_session_abandon (self);
}

static void
do_error (MhSession *self, const MhCall *call, MhTime t)
{
  mh_session_emit_error (self, call->text, call->source, t);
}

static void
do_ad_break_start (MhSession *self, const MhCall *call, MhTime t)
{
  close_ad_break (self, t);
  self->ad_break = mh_ad_break_ref (call->ad_break);
  mh_session_emit_ad_break_start (self, t);
}

static void
do_ad_break_complete (MhSession *self, const MhCall *call, MhTime t)
{
  close_ad_break (self, t);
  mh_session_flush (self, t);
}

static void
do_ad_start (MhSession *self, const MhCall *call, MhTime t)
{
  skip_ad (self, t);
  self->ad = mh_ad_copy (call->ad);
  take_metadata (self, MH_EVENT_AD_START, &self->ad->metadata);
  mh_session_emit_ad_start (self, t);
  if (self->play_state == PLAYBACK_INIT && !self->buffering && !self->seeking)
    self->play_state = PLAYBACK_PLAY;
  mh_session_flush (self, t);
}

static void
do_ad_complete_or_skip (MhSession *self, const MhCall *call, MhTime t)
{
  mh_session_emit (self,
      call->type == MH_CALL_AD_COMPLETE ? MH_EVENT_AD_COMPLETE
                                        : MH_EVENT_AD_SKIP,
      t);
  g_clear_pointer (&self->ad, mh_ad_unref);
}

static void
do_chapter_start (MhSession *self, const MhCall *call, MhTime t)
{
  close_chapter (self, MH_EVENT_CHAPTER_SKIP, t);
  self->chapter = mh_chapter_copy (call->chapter);
  take_metadata (self, MH_EVENT_CHAPTER_START, &self->chapter->metadata);
  mh_session_emit_chapter_start (self, t);
}

static void
do_chapter_complete_or_skip (MhSession *self, const MhCall *call, MhTime t)
{
  close_chapter (self,
      call->type == MH_CALL_CHAPTER_COMPLETE ? MH_EVENT_CHAPTER_COMPLETE
                                             : MH_EVENT_CHAPTER_SKIP,
      t);
}

static void
do_qoe (MhSession *self, const MhCall *call, MhTime t)
{
  g_clear_pointer (&self->qoe, g_variant_unref);
  self->qoe = mh_session_qoe_params (&call->qoe);
}

static void
do_bitrate_change (MhSession *self, const MhCall *call, MhTime t)
{
  mh_session_emit_bitrate_change (self, t);
}

static void
do_state_start (MhSession *self, const MhCall *call, MhTime t)
{
  PlayerState *state = find_state (self, call->text);

  if (!state) {
    state = &self->states[self->n_states++];
    state->name = g_strdup (call->text);
  }
  state->on = TRUE;
  mh_session_emit_state (self, MH_EVENT_STATE_START, state->name, t);
}

static void
do_state_end (MhSession *self, const MhCall *call, MhTime t)
{
  PlayerState *state = find_state (self, call->text);

  state->on = FALSE;
  mh_session_emit_state (self, MH_EVENT_STATE_END, state->name, t);
}

static void
do_playhead (MhSession *self, const MhCall *call, MhTime t)
{
  self->playhead = call->playhead.value;
  self->rate = call->playhead.rate;
  self->playhead_since = t;
}

/* docs/design/session-rules.md#back-end. */
static void
do_expire (MhSession *self, const MhCall *call, MhTime t)
{
  mh_session_restart (self, t);
}

static void
do_advance (MhSession *self, const MhCall *call, MhTime t)
{
}

/* ---- what is refused ---- */

/* Each is a condition of docs/design/session-rules.md#calls, “is refused when”, and
 * returns why the call is refused, or NULL where the condition does not hold. */
#define CONDITION(name, holds, reason) \
  static const char *name (MhSession *self, const MhCall *call) \
  { \
    return (holds) ? reason : NULL; \
  }

/* clang-format off */
CONDITION (no_session, !self->media, "no session")
CONDITION (has_session, self->media, "a session is open")
CONDITION (is_closed, self->closed, "the session is closed by inactivity")
CONDITION (is_between_ads, self->ad_break && !self->ad,
    "in an ad break without an ad")
CONDITION (is_buffering, self->buffering, "buffering")
CONDITION (is_not_buffering, !self->buffering, "not buffering")
CONDITION (is_seeking, self->seeking, "seeking")
CONDITION (is_not_seeking, !self->seeking, "not seeking")
CONDITION (is_stalled, self->stalled, "already stalled")
CONDITION (is_not_stalled, !self->stalled, "not stalled")
CONDITION (no_ad_break, !self->ad_break, "no open ad break")
CONDITION (no_ad, !self->ad, "no open ad")
CONDITION (no_chapter, !self->chapter, "no open chapter")
CONDITION (is_same_ad_break,
    self->ad_break && mh_ad_break_equal (self->ad_break, call->ad_break),
    "equal to the open ad break")
CONDITION (is_same_ad, self->ad && mh_ad_equal (self->ad, call->ad),
    "equal to the open ad")
CONDITION (is_same_chapter,
    self->chapter && mh_chapter_equal (self->chapter, call->chapter),
    "equal to the open chapter")
/* clang-format on */

static const char *
state_is_on_or_one_too_many (MhSession *self, const MhCall *call)
{
  PlayerState *state = find_state (self, call->text);

  if (state)
    return state->on ? "that state is on" : NULL;
  return self->n_states == MAX_STATES ? "10 state names are used already"
                                      : NULL;
}

static const char *
state_is_not_on (MhSession *self, const MhCall *call)
{
  PlayerState *state = find_state (self, call->text);

  return state && state->on ? NULL : "that state is not on";
}

typedef const char *(*Condition) (MhSession *self, const MhCall *call);
typedef void (*Effect) (MhSession *self, const MhCall *call, MhTime t);

/* The table of docs/design/session-rules.md#calls: what a call does, and the conditions
 * in which it is refused, in the order in which they are tried. What follows after
 * each call (#after-every-call-and-at-every-deadline) is in mh_session_step(). */
static const struct
{
  Effect effect;
  Condition refused_if[5];
} rules[MH_N_CALLS] = {
  [MH_CALL_SESSION_START] = { do_session_start, .refused_if = { has_session } },
  [MH_CALL_PLAY] = { do_play, .refused_if = { no_session, is_between_ads } },
  [MH_CALL_PAUSE] = { do_pause,
      .refused_if = { no_session, is_between_ads, is_buffering, is_seeking } },
  [MH_CALL_BUFFER_START] = { do_buffer_start,
      .refused_if = { no_session, is_between_ads, is_buffering, is_seeking } },
  [MH_CALL_BUFFER_COMPLETE] = { do_buffer_or_seek_complete,
      .refused_if = { no_session, is_between_ads, is_not_buffering } },
  [MH_CALL_SEEK_START] = { do_seek_start,
      .refused_if = { no_session, is_between_ads, is_buffering, is_seeking } },
  [MH_CALL_SEEK_COMPLETE] = { do_buffer_or_seek_complete,
      .refused_if = { no_session, is_between_ads, is_not_seeking } },
  [MH_CALL_STALL_START] = { do_stall_start_or_complete,
      .refused_if = { no_session, is_stalled } },
  [MH_CALL_STALL_COMPLETE] = { do_stall_start_or_complete,
      .refused_if = { no_session, is_not_stalled } },
  [MH_CALL_COMPLETE] = { do_complete_or_session_end,
      .refused_if = { no_session } },
  [MH_CALL_SESSION_END] = { do_complete_or_session_end,
      .refused_if = { no_session } },
  [MH_CALL_ERROR] = { do_error, .refused_if = { no_session } },
  [MH_CALL_AD_BREAK_START] = { do_ad_break_start,
      .refused_if = { no_session, is_same_ad_break } },
  [MH_CALL_AD_BREAK_COMPLETE] = { do_ad_break_complete,
      .refused_if = { no_session, no_ad_break } },
  [MH_CALL_AD_START] = { do_ad_start,
      .refused_if = { no_session, no_ad_break, is_same_ad } },
  [MH_CALL_AD_COMPLETE] = { do_ad_complete_or_skip,
      .refused_if = { no_session, no_ad } },
  [MH_CALL_AD_SKIP] = { do_ad_complete_or_skip,
      .refused_if = { no_session, no_ad } },
  [MH_CALL_CHAPTER_START] = { do_chapter_start,
      .refused_if = { no_session, is_same_chapter } },
  [MH_CALL_CHAPTER_COMPLETE] = { do_chapter_complete_or_skip,
      .refused_if = { no_session, no_chapter } },
  [MH_CALL_CHAPTER_SKIP] = { do_chapter_complete_or_skip,
      .refused_if = { no_session, no_chapter } },
  [MH_CALL_QOE] = { do_qoe, .refused_if = { no_session } },
  [MH_CALL_BITRATE_CHANGE] = { do_bitrate_change,
      .refused_if = { no_session } },
  [MH_CALL_STATE_START] = { do_state_start,
      .refused_if = { no_session, state_is_on_or_one_too_many } },
  [MH_CALL_STATE_END] = { do_state_end,
      .refused_if = { no_session, state_is_not_on } },
  [MH_CALL_PLAYHEAD] = { do_playhead },
  [MH_CALL_EXPIRE] = { do_expire, .refused_if = { no_session, is_closed } },
  [MH_CALL_ADVANCE] = { do_advance },
};

static gboolean
refuse (const char *reason, GError **error)
{
  g_set_error_literal (error, MH_ERROR, MH_ERROR_REFUSED, reason);
  return FALSE;
}

static gboolean
session_do_call (MhSession *self, const MhCall *call, MhTime t, GError **error)
{
  const Condition *refused_if = rules[call->type].refused_if;
  const char *reason;

  /* Without a session the arguments do not matter, with one they come first:
   * the other conditions look at them. */
  if (refused_if[0] && (reason = refused_if[0](self, call)))
    return refuse (reason, error);
  if (!mh_call_check (call, error))
    return FALSE;
  for (guint i = 1; refused_if[0] && refused_if[i]; i++) {
    if ((reason = refused_if[i](self, call)))
      return refuse (reason, error);
  }
  rules[call->type].effect (self, call, t);
  mh_session_step (self, t);
  return TRUE;
}

gboolean
mh_session_do_call (
    MhSession *self, const MhCall *call, MhTime t, GError **error)
{
  g_autoptr (GError) reason = NULL;

  /* A playhead comes before each of the other calls. */
  if (call->type != MH_CALL_PLAYHEAD)
    mh_log (SESSION, DEBUG, NULL, "session %u: call %s", self->number,
        mh_call_name (call->type));
  if (session_do_call (self, call, t, &reason))
    return TRUE;
  mh_log (SESSION, DEBUG, NULL, "session %u: %s is refused: %s", self->number,
      mh_call_name (call->type), reason->message);
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}
