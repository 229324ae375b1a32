/* mh-player-states: which player states are on, as the controls show or the
 * application says.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-player-states.h"

/* By MhPlayerStateKind; docs/design/session-rules.md#calls. */
static const char *const names[MH_N_PLAYER_STATES] = { "mute",
  "closedCaptioning" };

void
mh_player_states_begin (MhPlayerStates *self, gboolean wanted)
{
  *self = (MhPlayerStates){ .wanted = wanted };
}

static void
state_drop_changes (MhPlayerState *state, guint n)
{
  state->n_changes -= n;
  memmove (state->changes, state->changes + n,
      state->n_changes * sizeof *state->changes);
}

gboolean
mh_player_states_are_wanted (const MhPlayerStates *self)
{
  return self->wanted;
}

void
mh_player_states_tell (
    MhPlayerStates *self, MhPlayerStateKind kind, gboolean on, MhTime at)
{
  MhPlayerState *state = &self->states[kind];

  if (!self->wanted || state->shown == on)
    return;
  state->shown = on;
  if (state->theirs)
    return;
  /* Without the two oldest, the rest begins from the same. */
  if (state->n_changes == MH_PLAYER_STATE_CHANGES)
    state_drop_changes (state, 2);
  state->changes[state->n_changes++] = at;
}

/* Returns: (nullable): the state that has changed first. */
static MhPlayerState *
states_find_first (MhPlayerStates *self)
{
  MhPlayerState *first = NULL;

  for (guint i = 0; i < MH_N_PLAYER_STATES; i++) {
    MhPlayerState *state = &self->states[i];

    if (state->n_changes > 0 &&
        (!first || state->changes[0] < first->changes[0]))
      first = state;
  }
  return first;
}

gboolean
mh_player_states_pop (
    MhPlayerStates *self, MhTime until, MhPlayerStateChange *change)
{
  MhPlayerState *first = states_find_first (self);

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

/* Returns: its kind; MH_N_PLAYER_STATES: it is none that a control shows, or not told
 * of any more. */
static guint
states_find (const MhPlayerStates *self, const char *name)
{
  guint i = 0;

  while (i < MH_N_PLAYER_STATES && !g_str_equal (names[i], name))
    i++;
  return i == MH_N_PLAYER_STATES || !self->wanted || self->states[i].theirs
      ? MH_N_PLAYER_STATES
      : i;
}

static void
leave_alone (MhPlayerStates *self, guint kind)
{
  self->states[kind].theirs = TRUE;
  self->states[kind].n_changes = 0;
}

gboolean
mh_player_states_is_said (MhPlayerStates *self, const char *name, gboolean on)
{
  guint kind = states_find (self, name);

  if (kind == MH_N_PLAYER_STATES || !self->states[kind].used ||
      self->states[kind].told != on)
    return FALSE;
  leave_alone (self, kind);
  return TRUE;
}

void
mh_player_states_note (MhPlayerStates *self, const char *name)
{
  guint kind = states_find (self, name);

  if (kind != MH_N_PLAYER_STATES)
    leave_alone (self, kind);
}
