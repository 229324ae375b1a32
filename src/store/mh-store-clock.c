/* mh-store-clock: a wall clock that turns out to have been wrong.
 *
 * What waits stays as it was encoded. By how much its times were wrong is kept with
 * its session, as a time of CLOCK_BOOTTIME means nothing after the next boot.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-store-private.h"

#include "mh-wall-jump.h"

/* What this process has made is, also where the boot cannot be named. */
static gboolean
is_of_this_boot (const MhStore *store, const StoreSession *session)
{
  return !session->row.adopted ||
      (store->boot && g_strcmp0 (store->boot, session->row.boot) == 0);
}

/* The times of what a server has in part are moved only as those of a batch: in
 * its eyes an event would be earlier than the one before, or much later. */
void
mh_store_redate_session (MhStore *store, StoreSession *session)
{
  MhStoreSession *row = &session->row;
  gint64 by;

  if (!is_of_this_boot (store, session))
    return;
  by = mh_wall_jump_measure (row->clock + row->shift, store->clock);
  if (by == 0)
    return;
  mh_log (STORE, INFO, NULL,
      "session %" G_GINT64_FORMAT
      ": the wall clock was wrong, its times move by %" G_GINT64_FORMAT " s",
      row->key, by / 1000);
  row->shift += by;
  if (!mh_store_session_is_begun (row))
    row->sent_shift = row->shift;
  if (row->accepted > 0)
    row->accepted += by;
  mh_store_note_session (store, session);
}

static void
redate_all (MhStore *store, gint64 by)
{
  for (GList *l = store->sessions.head; l; l = l->next)
    mh_store_redate_session (store, l->data);
  mh_store_redate_positions (store, by);
}

void
mh_store_set_clock (MhStore *store, const char *boot, gint64 clock)
{
  gboolean first = !store->has_clock;
  gint64 by = first ? 0 : mh_wall_jump_measure (store->redated_to, clock);

  if (first)
    store->boot = g_strdup (boot);
  store->has_clock = TRUE;
  store->clock = clock;
  if (!first && by == 0)
    return;
  store->redated_to = clock;
  redate_all (store, by);
}
