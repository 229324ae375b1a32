/* mh-store-position: where media items were left.
 *
 * They are kept as the hits are: what is in memory counts until the database
 * has it. What it has is read from there, as other processes write it as well.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-store-private.h"

#include <math.h>

typedef struct
{
  MhPosition row;
  gint64 clock; /* that its time was made with */
  gboolean unsaved; /* the database has another one, or none */
} StorePosition;

char *
mh_store_dup_media_name (const char *media_id)
{
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, media_id, -1);
}

static GHashTable *
store_position_get_table (MhStore *store)
{
  if (!store->positions)
    store->positions = g_hash_table_new_full (
        g_str_hash, g_str_equal, g_free, g_free);
  return store->positions;
}

/* Makes room for one more, in memory. */
static void
store_position_forget_oldest (MhStore *store)
{
  GHashTableIter iter;
  StorePosition *position, *oldest = NULL;
  char *name, *oldest_name = NULL;

  if (g_hash_table_size (store->positions) < MH_STORE_MAX_POSITIONS)
    return;
  g_hash_table_iter_init (&iter, store->positions);
  while (g_hash_table_iter_next (
      &iter, (gpointer *) &name, (gpointer *) &position)) {
    if (!oldest || position->row.ts < oldest->row.ts) {
      oldest = position;
      oldest_name = name;
    }
  }
  store->n_unsaved_positions -= oldest->unsaved;
  g_hash_table_remove (store->positions, oldest_name);
}

void
mh_store_put_position (
    MhStore *store, const char *media_id, const MhPosition *position)
{
  GHashTable *table = store_position_get_table (store);
  g_autofree char *name = mh_store_dup_media_name (media_id);
  StorePosition *kept;

  g_return_if_fail (isfinite (position->playhead) && position->playhead >= 0);

  kept = g_hash_table_lookup (table, name);
  if (!kept) {
    store_position_forget_oldest (store);
    kept = g_new0 (StorePosition, 1);
    g_hash_table_insert (table, g_steal_pointer (&name), kept);
    /* The position may be new in the database, too, and one too many. */
    store->prune_positions = TRUE;
  }
  kept->row = *position;
  kept->clock = store->clock;
  store->n_unsaved_positions += !kept->unsaved;
  kept->unsaved = TRUE;
}

gboolean
mh_store_get_position (
    MhStore *store, const char *media_id, MhPosition *position)
{
  g_autofree char *name = mh_store_dup_media_name (media_id);
  const StorePosition *kept = g_hash_table_lookup (
      store_position_get_table (store), name);
  gboolean found;

  if (!(kept && kept->unsaved) && !store->forget_positions &&
      mh_store_read_position (store, name, position, &found)) {
    if (!found)
      g_hash_table_remove (store->positions, name);
  } else {
    found = kept != NULL;
    if (kept)
      *position = kept->row;
  }
  return found && position->ts >= store->positions_from;
}

void
mh_store_set_positions_from (MhStore *store, gint64 from)
{
  store->positions_from = from;
}

void
mh_store_forget_positions (MhStore *store)
{
  g_hash_table_remove_all (store_position_get_table (store));
  store->n_unsaved_positions = 0;
  store->prune_positions = FALSE;
  store->forget_positions = TRUE;
  mh_store_forget_failures (store);
}

void
mh_store_redate_positions (MhStore *store, gint64 by)
{
  GHashTableIter iter;
  StorePosition *position;

  store->redate_positions = by != 0 && store->dir && store->boot;
  g_hash_table_iter_init (&iter, store_position_get_table (store));
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &position)) {
    position->row.ts += by;
    position->clock += by;
  }
}

void
mh_store_note_positions (MhStore *store)
{
  GHashTableIter iter;
  StorePosition *position;

  g_hash_table_iter_init (&iter, store_position_get_table (store));
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &position))
    position->unsaved = TRUE;
  store->n_unsaved_positions = g_hash_table_size (store->positions);
}

gboolean
mh_store_has_new_positions (const MhStore *store)
{
  return store->n_unsaved_positions > 0 || store->forget_positions;
}

void
mh_store_write_positions (MhStore *store)
{
  GHashTableIter iter;
  StorePosition *position;
  const char *name;

  if (store->forget_positions)
    mh_store_db_remove_positions (store->db);
  else if (store->boot && (store->redate_positions || store->prune_positions))
    mh_store_db_redate_positions (store->db, store->boot, store->clock);
  if (store->n_unsaved_positions == 0)
    return;
  g_hash_table_iter_init (&iter, store->positions);
  while (g_hash_table_iter_next (
      &iter, (gpointer *) &name, (gpointer *) &position)) {
    if (position->unsaved)
      mh_store_db_put_position (
          store->db, name, store->boot, position->clock, &position->row);
  }
  if (store->prune_positions)
    mh_store_db_prune_positions (
        store->db, store->positions_from, MH_STORE_MAX_POSITIONS);
}

void
mh_store_note_positions_written (MhStore *store)
{
  GHashTableIter iter;
  StorePosition *position;

  store->forget_positions = FALSE;
  store->redate_positions = FALSE;
  if (store->n_unsaved_positions == 0)
    return;
  g_hash_table_iter_init (&iter, store->positions);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &position))
    position->unsaved = FALSE;
  store->n_unsaved_positions = 0;
  store->prune_positions = FALSE;
}
