/* mh-observer-states: what the player's controls show, told to the session.
 *
 * They are asked on the worker only: whoever changes them may hold what the
 * answer needs. A switch is looked at as soon as it has been used, a volume that
 * moves all the time once in a while.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-observer-private.h"

GST_DEBUG_CATEGORY_EXTERN (gst_media_heartbeat_debug);
#define GST_CAT_DEFAULT gst_media_heartbeat_debug

/* How often a volume that moves is looked at. */
#define LOOK_INTERVAL MH_TIME_FROM_MSEC (100)

/* ---- from any thread ---- */

static gpointer
ref_owner (gpointer owner)
{
  return mh_observer_ref (owner);
}

/* A volume may move with each buffer: once that is known, this is one load. */
static void
on_changed (gpointer owner, gboolean moving)
{
  mh_observer_ring (owner, moving);
}

MhControls *
mh_observer_new_controls (MhObserver *self)
{
  static const MhControlsOwner funcs = { ref_owner, mh_observer_unref_data,
    on_changed };

  return mh_controls_new (&funcs, self);
}

void
mh_observer_set_top (MhObserver *self, GstElement *top)
{
  mh_stream_set_top (self->stream, top);
  mh_controls_set_top (self->controls, top);
  /* A session of the application's may have begun before there were any. */
  if (top)
    mh_observer_ring (self, FALSE);
}

/* ---- on the worker ---- */

static void
look (MhObserver *self, MhTime at, MhTime now)
{
  MhControlsView view;

  self->looked_at = now;
  if (!mh_states_are_wanted (&self->states) ||
      !mh_observer_ask_controls (self, &view))
    return;
  GST_LOG (
      "the controls show: muted %d, captions %d", view.muted, view.captions);
  mh_states_tell (&self->states, MH_STATE_MUTE, view.muted, at);
  mh_states_tell (&self->states, MH_STATE_CAPTIONS, view.captions, at);
}

static gboolean
is_due (MhObserver *self, MhTime now)
{
  switch ((MhRung) g_atomic_int_get (&self->rung)) {
    case RUNG:
      return TRUE;
    case RUNG_MOVING:
      return self->looked_at == MH_TIME_NONE ||
          now - self->looked_at >= LOOK_INTERVAL;
    case RUNG_NOT:
      break;
  }
  return FALSE;
}

void
mh_observer_look_at_controls (MhObserver *self, MhTime now)
{
  MhTime at;

  if (!is_due (self, now))
    return;
  /* Before the look: what changes while it is taken rings again. */
  g_mutex_lock (&self->lock);
  g_atomic_int_set (&self->rung, RUNG_NOT);
  at = self->rung_at;
  g_mutex_unlock (&self->lock);
  look (self, MIN (at, now), now);
}

MhTime
mh_observer_controls_timer (MhObserver *self)
{
  return g_atomic_int_get (&self->rung) == RUNG_MOVING
      ? mh_time_add (self->looked_at, LOOK_INTERVAL)
      : MH_TIME_NEVER;
}

/* What they show already is so from the session's start on. */
void
mh_observer_begin_states (
    MhObserver *self, const MhSettings *settings, MhTime at)
{
  mh_states_begin (&self->states, settings->auto_states);
  look (self, at, mh_clock_now (mh_clock_system ()));
  mh_observer_run_states (self, at);
}

static void
tell (MhObserver *self, const MhStateChange *change)
{
  g_autoptr (GError) error = NULL;
  g_auto (MhCall)
      call = { change->on ? MH_CALL_STATE_START : MH_CALL_STATE_END };
  MhCall playhead;

  call.text = g_strdup (change->name);
  mh_monitor_playhead (self->monitor, change->at, &playhead);
  mh_tracker_call (self->tracker, &playhead, change->at, NULL);
  GST_DEBUG ("call %s of %s", mh_call_name (call.type), change->name);
  if (mh_tracker_call (self->tracker, &call, change->at, &error))
    return;
  GST_DEBUG ("%s is refused: %s", mh_call_name (call.type), error->message);
  mh_states_give_up (&self->states, change->name);
}

void
mh_observer_run_states (MhObserver *self, MhTime until)
{
  MhStateChange change;

  /* It may have been given up. */
  if (!mh_tracker_is_open (self->tracker))
    mh_states_leave (&self->states);
  while (mh_states_pop (&self->states, until, &change))
    tell (self, &change);
}

/* ---- what the application says ---- */

static gboolean
is_state (const MhCall *call)
{
  return call->type == MH_CALL_STATE_START || call->type == MH_CALL_STATE_END;
}

gboolean
mh_observer_state_is_said (MhObserver *self, const MhCall *call)
{
  return is_state (call) && call->text &&
      mh_states_is_said (
          &self->states, call->text, call->type == MH_CALL_STATE_START);
}

void
mh_observer_note_state (MhObserver *self, const MhCall *call)
{
  if (is_state (call) && call->text)
    mh_states_note (&self->states, call->text);
}
