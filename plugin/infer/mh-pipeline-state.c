/* mh-pipeline-state: the states of the element and of its pipeline, and what they are together.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-pipeline-state.h"

void
mh_run_begin (MhRun *self)
{
  self->top = GST_STATE_READY;
  self->has_messages = FALSE;
}

void
mh_run_set_own (MhRun *self, GstState state, MhTime at)
{
  self->own = state;
  self->own_at = at;
}

gboolean
mh_run_set_top (MhRun *self, GstState state, GstState pending)
{
  gboolean changed = state != self->top || pending != self->pending;

  self->top = state;
  self->pending = pending;
  return changed;
}

static MhRunState
get_state_in_paused (const MhRun *self)
{
  switch (self->target) {
    case GST_STATE_PLAYING:
      return MH_RUN_OPENING;
    case GST_STATE_PAUSED:
      return MH_RUN_PAUSED;
    default:
      return MH_RUN_CLOSING;
  }
}

static MhRunState
get_state_in_playing (const MhRun *self)
{
  if (self->top == GST_STATE_PLAYING && self->pending == GST_STATE_VOID_PENDING)
    return MH_RUN_PLAYING;
  if (self->top == GST_STATE_PAUSED && self->target == GST_STATE_PAUSED)
    return MH_RUN_KEPT_PAUSED;
  return MH_RUN_STARTING;
}

MhRunState
mh_run_get_state (const MhRun *self)
{
  switch (self->own) {
    case GST_STATE_PLAYING:
      return get_state_in_playing (self);
    case GST_STATE_PAUSED:
      return get_state_in_paused (self);
    default:
      return MH_RUN_DOWN;
  }
}

gboolean
mh_run_is_up (const MhRun *self)
{
  return mh_run_get_state (self) != MH_RUN_DOWN;
}

gboolean
mh_run_is_wanted (const MhRun *self)
{
  MhRunState state = mh_run_get_state (self);

  return state >= MH_RUN_OPENING && state != MH_RUN_KEPT_PAUSED;
}

gboolean
mh_run_moves (const MhRun *self)
{
  return self->own == GST_STATE_PLAYING &&
      mh_run_get_state (self) != MH_RUN_KEPT_PAUSED;
}

gboolean
mh_run_is_stopped (const MhRun *self)
{
  return self->target == GST_STATE_READY || self->target == GST_STATE_NULL;
}

gboolean
mh_run_is_prerolled (const MhRun *self)
{
  return self->top == GST_STATE_PAUSED &&
      self->pending == GST_STATE_VOID_PENDING;
}

gboolean
mh_run_is_newly_kept (MhRun *self)
{
  MhRunState before = self->seen;

  self->seen = mh_run_get_state (self);
  return self->seen == MH_RUN_KEPT_PAUSED && before != MH_RUN_KEPT_PAUSED;
}
