/* mh-states: which player states are on, as the controls show or the application says.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-states.h"

/* By MhStateKind; docs/design/session-rules.md#calls. */
static const char *const names[MH_N_STATES] = { "mute", "closedCaptioning" };

void
mh_states_begin (MhStates *self, gboolean wanted)
{
  *self = (MhStates){ .wanted = wanted };
}

void
mh_states_leave (MhStates *self)
{
  mh_states_begin (self, FALSE);
}

gboolean
mh_states_are_wanted (const MhStates *self)
{
  return self->wanted;
}

void
mh_states_tell (MhStates *self, MhStateKind kind, gboolean on, MhTime at)
{
  if (!self->wanted || self->states[kind].shown == on)
    return;
  self->states[kind].shown = on;
  if (self->states[kind].theirs)
    return;
  /* Without the two oldest, the rest begins from the same. */
  if (self->states[kind].n_changes == MH_STATE_CHANGES) {
    self->states[kind].n_changes -= 2;
    memmove (self->states[kind].changes, self->states[kind].changes + 2,
        self->states[kind].n_changes * sizeof (MhTime));
  }
  self->states[kind].changes[self->states[kind].n_changes++] = at;
}

gboolean
mh_states_pop (MhStates *self, MhTime until, MhStateChange *change)
{
  guint first = MH_N_STATES;

  for (guint i = 0; i < MH_N_STATES; i++) {
    if (self->states[i].n_changes > 0 && self->states[i].changes[0] <= until &&
        (first == MH_N_STATES ||
            self->states[i].changes[0] < self->states[first].changes[0]))
      first = i;
  }
  if (first == MH_N_STATES)
    return FALSE;
  change->name = names[first];
  change->on = !self->states[first].told;
  change->at = self->states[first].changes[0];
  self->states[first].told = change->on;
  self->states[first].used = TRUE;
  self->states[first].n_changes--;
  memmove (self->states[first].changes, self->states[first].changes + 1,
      self->states[first].n_changes * sizeof (MhTime));
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

void
mh_states_give_up (MhStates *self, const char *name)
{
  mh_states_note (self, name);
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
