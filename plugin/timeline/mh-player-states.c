/* mh-player-states: which player states are on, as the controls show or the application says.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-player-states.h"

/* By MhStateKind; docs/design/session-rules.md#calls. */
static const char *const names[MH_N_STATES] = { "mute", "closedCaptioning" };

void
mh_states_begin (MhStates *self, gboolean wanted)
{
  *self = (MhStates){ .wanted = wanted };
}

static void
state_drop_changes (MhState *state, guint n)
{
  state->n_changes -= n;
  memmove (state->changes, state->changes + n,
      state->n_changes * sizeof *state->changes);
}

gboolean
mh_states_are_wanted (const MhStates *self)
{
  return self->wanted;
}

void
mh_states_tell (MhStates *self, MhStateKind kind, gboolean on, MhTime at)
{
  MhState *state = &self->states[kind];

  if (!self->wanted || state->shown == on)
    return;
  state->shown = on;
  if (state->theirs)
    return;
  /* Without the two oldest, the rest begins from the same. */
  if (state->n_changes == MH_STATE_CHANGES)
    state_drop_changes (state, 2);
  state->changes[state->n_changes++] = at;
}

/* Returns: (nullable): the state that has changed first. */
static MhState *
states_find_first (MhStates *self)
{
  MhState *first = NULL;

  for (guint i = 0; i < MH_N_STATES; i++) {
    MhState *state = &self->states[i];

    if (state->n_changes > 0 &&
        (!first || state->changes[0] < first->changes[0]))
      first = state;
  }
  return first;
}

gboolean
mh_states_pop (MhStates *self, MhTime until, MhStateChange *change)
{
  MhState *first = states_find_first (self);

  if (!first || first->changes[0] > until)
    return FALSE;
  change->name = names[first - self->states];
  change->on = !first->told;
  change->at = first->changes[0];
  first->told = change->on;
  first->used = TRUE;
  state_drop_changes (first, 1);
  return TRUE;
}

/* Returns: its kind; MH_N_STATES: it is none that a control shows, or not told
 * of any more. */
static guint
states_find (const MhStates *self, const char *name)
{
  guint i = 0;

  while (i < MH_N_STATES && !g_str_equal (names[i], name))
    i++;
  return i == MH_N_STATES || !self->wanted || self->states[i].theirs
      ? MH_N_STATES
      : i;
}

static void
leave_alone (MhStates *self, guint kind)
{
  self->states[kind].theirs = TRUE;
  self->states[kind].n_changes = 0;
}

gboolean
mh_states_is_said (MhStates *self, const char *name, gboolean on)
{
  guint kind = states_find (self, name);

  if (kind == MH_N_STATES || !self->states[kind].used ||
      self->states[kind].told != on)
    return FALSE;
  leave_alone (self, kind);
  return TRUE;
}

void
mh_states_note (MhStates *self, const char *name)
{
  guint kind = states_find (self, name);

  if (kind != MH_N_STATES)
    leave_alone (self, kind);
}
