/* mh-tracked-player-states: what the player's controls show, told to the session.
 *
 * They are looked at because the worker wants that: the thread that changes one may
 * hold what the answer needs. A switch is looked at as soon as it has been used, a volume that
 * moves all the time once in a while.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-tracked-player-private.h"

/* How often a volume that moves is looked at. */
#define LOOK_INTERVAL MH_TIME_FROM_MSEC (100)

void
mh_tracked_player_take_view (
    MhTrackedPlayer *self, const MhControlsView *view, MhTime at)
{
  GST_LOG (
      "the controls show: muted %d, captions %d", view->muted, view->captions);
  self->asked.view = *view;
  self->asked.view_known = TRUE;
  mh_player_states_tell (&self->states, MH_PLAYER_STATE_MUTE, view->muted, at);
  mh_player_states_tell (
      &self->states, MH_PLAYER_STATE_CAPTIONS, view->captions, at);
}

static void
player_want_look (MhTrackedPlayer *self, MhTime at, MhTime now)
{
  self->looked_at = now;
  if (mh_player_states_are_wanted (&self->states))
    mh_tracked_player_want_controls (self, at);
}

static gboolean
player_ring_is_due (MhTrackedPlayer *self, MhTime now)
{
  switch (mh_mailbox_get_ring (self->mailbox)) {
    case MH_RING:
      return TRUE;
    case MH_RING_MOVING:
      return self->looked_at == MH_TIME_NONE ||
          now - self->looked_at >= LOOK_INTERVAL;
    case MH_RING_NOT:
      break;
  }
  return FALSE;
}

void
mh_tracked_player_look_at_controls (MhTrackedPlayer *self, MhTime now)
{
  if (!player_ring_is_due (self, now))
    return;
  /* What changes while the answer is on its way rings again. */
  player_want_look (self, MIN (mh_mailbox_take_ring (self->mailbox), now), now);
}

MhTime
mh_tracked_player_controls_timer (MhTrackedPlayer *self)
{
  return mh_mailbox_get_ring (self->mailbox) == MH_RING_MOVING
      ? mh_time_add (self->looked_at, LOOK_INTERVAL)
      : MH_TIME_NEVER;
}

/* What they show already is so from the session's start on. */
void
mh_tracked_player_begin_states (
    MhTrackedPlayer *self, const MhSettings *settings, MhTime at)
{
  mh_player_states_begin (&self->states, settings->auto_states);
  if (self->asked.view_known)
    mh_tracked_player_take_view (self, &self->asked.view, at);
  else
    player_want_look (self, at, mh_clock_system_now ());
  self->asked.view_known = FALSE;
  mh_tracked_player_run_states (self, at);
}

static void
player_tell_state (MhTrackedPlayer *self, const MhPlayerStateChange *change)
{
  g_autoptr (GError) error = NULL;
  g_auto (MhCall)
      call = { change->on ? MH_CALL_STATE_START : MH_CALL_STATE_END };

  call.text = g_strdup (change->name);
  GST_DEBUG ("call %s of %s", mh_call_name (call.type), change->name);
  if (mh_tracked_player_call_by_itself (self, &call, change->at, &error))
    return;
  GST_DEBUG ("%s is refused: %s", mh_call_name (call.type), error->message);
  /* It has room for some names only: the rest is left alone. */
  mh_player_states_note (&self->states, change->name);
}

void
mh_tracked_player_run_states (MhTrackedPlayer *self, MhTime until)
{
  MhPlayerStateChange change;

  /* The session may have been given up. */
  if (!mh_tracker_is_open (self->tracker))
    mh_player_states_begin (&self->states, FALSE);
  while (mh_player_states_pop (&self->states, until, &change))
    player_tell_state (self, &change);
}

/* ---- what the application says ---- */

static gboolean
player_is_state_call (const MhCall *call)
{
  return call->type == MH_CALL_STATE_START || call->type == MH_CALL_STATE_END;
}

gboolean
mh_tracked_player_state_is_said (MhTrackedPlayer *self, const MhCall *call)
{
  return player_is_state_call (call) && call->text &&
      mh_player_states_is_said (
          &self->states, call->text, call->type == MH_CALL_STATE_START);
}

void
mh_tracked_player_note_state (MhTrackedPlayer *self, const MhCall *call)
{
  if (player_is_state_call (call) && call->text)
    mh_player_states_note (&self->states, call->text);
}
