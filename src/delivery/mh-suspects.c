/* mh-suspects: hits that a server may never take.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-suspects.h"

#include "mh-protocol.h"

void
mh_suspects_clear (MhSuspects *self)
{
  g_clear_pointer (&self->list, g_array_unref);
  *self = (MhSuspects){ NULL };
}

guint
mh_suspects_count (const MhSuspects *self)
{
  return self->list ? self->list->len : 0;
}

MhSuspect
mh_suspects_get (const MhSuspects *self, guint index)
{
  return g_array_index (self->list, MhSuspect, index);
}

/* Returns: its index, or how many there are. */
static guint
find_suspect (const MhSuspects *self, gint64 hit)
{
  guint i, n = mh_suspects_count (self);

  for (i = 0; i < n && mh_suspects_get (self, i).hit != hit; i++)
    ;
  return i;
}

gboolean
mh_suspects_contains (const MhSuspects *self, gint64 hit)
{
  return find_suspect (self, hit) < mh_suspects_count (self);
}

gboolean
mh_suspects_wants_other (const MhSuspects *self)
{
  return !self->works && self->tries > 0 &&
      self->tries % (MH_PROTOCOL_TRIES + 1) == MH_PROTOCOL_TRIES;
}

/* Before the next is judged the server has to take another hit: that is the next
 * to be tried. */
static void
give_up (MhSuspects *self, gint64 hit)
{
  mh_suspects_forget (self, hit);
  if (mh_suspects_count (self) == 0)
    return;
  self->works = FALSE;
  self->tries = MH_PROTOCOL_TRIES;
}

gboolean
mh_suspects_fail (MhSuspects *self, gint64 session, gint64 hit)
{
  MhSuspect suspect = { hit, session };
  gboolean known = mh_suspects_contains (self, hit);

  if (known && self->works) {
    give_up (self, hit);
    return TRUE;
  }
  self->tries++;
  if (known)
    return FALSE;
  if (!self->list)
    self->list = g_array_new (FALSE, FALSE, sizeof (MhSuspect));
  g_array_append_val (self->list, suspect);
  /* The server has taken nothing after this one. */
  self->works = FALSE;
  return FALSE;
}

void
mh_suspects_take (MhSuspects *self, gint64 hit)
{
  self->tries = 0;
  self->works = TRUE;
  mh_suspects_forget (self, hit);
}

void
mh_suspects_interrupt (MhSuspects *self)
{
  self->works = FALSE;
}

void
mh_suspects_forget (MhSuspects *self, gint64 hit)
{
  guint index = find_suspect (self, hit);

  if (index < mh_suspects_count (self))
    g_array_remove_index (self->list, index);
  if (mh_suspects_count (self) == 0)
    mh_suspects_clear (self);
}
