/* mh-store-media: what is known of media items: where they were left, and how often
 * their start has failed.
 *
 * It is kept as the hits are: what is in memory counts until the database has it.
 * What the database has is read from there, as other processes write it as well.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-store-private.h"

#include <math.h>

/* A row of a table: where a media item was left, or how often it has failed. */
typedef struct
{
  MhPosition position;
  gint64 clock; /* that the position's time was made with */
  guint n_failures;
  gint64 ts; /* ms UTC */
  gboolean unsaved; /* the database has another one, or none */
} MediaRow;

/* ---- tables ---- */

/* A hash: what was watched cannot be read from the disk. */
static char *
dup_name (const char *media_id)
{
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, media_id, -1);
}

static void
table_init (StoreMediaTable *table, guint most)
{
  table->rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  table->most = most;
}

/* Makes room for one more. */
static void
table_drop_oldest (StoreMediaTable *table)
{
  GHashTableIter iter;
  MediaRow *row, *oldest = NULL;
  char *name, *oldest_name = NULL;

  if (g_hash_table_size (table->rows) < table->most)
    return;
  g_hash_table_iter_init (&iter, table->rows);
  while (
      g_hash_table_iter_next (&iter, (gpointer *) &name, (gpointer *) &row)) {
    if (!oldest || row->ts < oldest->ts) {
      oldest = row;
      oldest_name = name;
    }
  }
  table->n_unsaved -= oldest->unsaved;
  g_hash_table_remove (table->rows, oldest_name);
}

/* Returns: the row of a media item, which the database is to learn. @is_new: (out):
 * whether there was none. */
static MediaRow *
table_change (StoreMediaTable *table, const char *media_id, gboolean *is_new)
{
  g_autofree char *name = dup_name (media_id);
  MediaRow *row = g_hash_table_lookup (table->rows, name);

  *is_new = !row;
  if (!row) {
    table_drop_oldest (table);
    row = g_new0 (MediaRow, 1);
    g_hash_table_insert (table->rows, g_steal_pointer (&name), row);
  }
  table->n_unsaved += !row->unsaved;
  row->unsaved = TRUE;
  return row;
}

static void
table_set_unsaved (StoreMediaTable *table, gboolean unsaved)
{
  GHashTableIter iter;
  MediaRow *row;

  g_hash_table_iter_init (&iter, table->rows);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &row))
    row->unsaved = unsaved;
  table->n_unsaved = unsaved ? g_hash_table_size (table->rows) : 0;
}

static void
table_clear (StoreMediaTable *table)
{
  g_hash_table_remove_all (table->rows);
  table->n_unsaved = 0;
}

/* ---- positions ---- */

void
mh_store_put_position (
    MhStore *store, const char *media_id, const MhPosition *position)
{
  gboolean is_new;
  MediaRow *row;

  g_return_if_fail (isfinite (position->playhead) && position->playhead >= 0);

  row = table_change (&store->positions, media_id, &is_new);
  row->position = *position;
  row->ts = position->ts;
  row->clock = store->clock;
  /* The position may be new in the database, too, and one too many. */
  store->prune_positions |= is_new;
}

/* Returns: FALSE: the database cannot tell. */
static gboolean
read_position (
    MhStore *store, const char *name, MhPosition *position, gboolean *found)
{
  g_autoptr (GError) error = NULL;
  MhStoreDbResult result;

  if (!mh_store_is_safe (store) || store->forget_positions)
    return FALSE;
  result = mh_store_db_get_position (
      store->db, name, store->boot, store->clock, position, found, &error);
  return mh_store_settle (store, result, error);
}

gboolean
mh_store_get_position (
    MhStore *store, const char *media_id, MhPosition *position)
{
  g_autofree char *name = dup_name (media_id);
  const MediaRow *row = g_hash_table_lookup (store->positions.rows, name);
  gboolean found;

  if (!(row && row->unsaved) && read_position (store, name, position, &found)) {
    if (!found)
      g_hash_table_remove (store->positions.rows, name);
  } else {
    found = row != NULL;
    if (row)
      *position = row->position;
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
  table_clear (&store->positions);
  table_clear (&store->failures);
  store->prune_positions = FALSE;
  store->forget_positions = TRUE;
}

void
mh_store_redate_positions (MhStore *store, gint64 by)
{
  GHashTableIter iter;
  MediaRow *row;

  store->redate_positions = by != 0 && store->dir && store->boot;
  g_hash_table_iter_init (&iter, store->positions.rows);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &row)) {
    row->position.ts += by;
    row->ts += by;
    row->clock += by;
  }
}

gboolean
mh_store_has_new_positions (const MhStore *store)
{
  return store->positions.n_unsaved > 0 || store->forget_positions;
}

static void
write_positions (MhStore *store)
{
  GHashTableIter iter;
  MediaRow *row;
  const char *name;

  if (store->positions.n_unsaved == 0)
    return;
  g_hash_table_iter_init (&iter, store->positions.rows);
  while (
      g_hash_table_iter_next (&iter, (gpointer *) &name, (gpointer *) &row)) {
    if (row->unsaved)
      mh_store_db_put_position (
          store->db, name, store->boot, row->clock, &row->position);
  }
  if (store->prune_positions)
    mh_store_db_prune_positions (
        store->db, store->positions_from, store->positions.most);
}

/* ---- starts that fail ---- */

void
mh_store_put_failures (
    MhStore *store, const char *media_id, const MhStoreFailures *failures)
{
  gboolean is_new;
  MediaRow *row = table_change (&store->failures, media_id, &is_new);

  row->n_failures = failures->n;
  row->ts = failures->ts;
}

/* Returns: FALSE: the database cannot tell. */
static gboolean
read_failures (MhStore *store, const char *name, MhStoreFailures *failures)
{
  g_autoptr (GError) error = NULL;
  MhStoreDbResult result;

  if (!mh_store_is_safe (store) || store->forget_positions)
    return FALSE;
  result = mh_store_db_get_failures (store->db, name, failures, &error);
  return mh_store_settle (store, result, error);
}

void
mh_store_get_failures (
    MhStore *store, const char *media_id, MhStoreFailures *failures)
{
  g_autofree char *name = dup_name (media_id);
  const MediaRow *row = g_hash_table_lookup (store->failures.rows, name);

  *failures = (MhStoreFailures){ 0, 0 };
  if (!(row && row->unsaved) && read_failures (store, name, failures))
    return;
  if (row)
    *failures = (MhStoreFailures){ row->n_failures, row->ts };
}

static void
write_failures (MhStore *store)
{
  GHashTableIter iter;
  MediaRow *row;
  const char *name;

  if (store->failures.n_unsaved == 0)
    return;
  g_hash_table_iter_init (&iter, store->failures.rows);
  while (
      g_hash_table_iter_next (&iter, (gpointer *) &name, (gpointer *) &row)) {
    const MhStoreFailures failures = { row->n_failures, row->ts };

    if (row->unsaved)
      mh_store_db_put_failures (store->db, name, &failures);
  }
  mh_store_db_prune_failures (store->db, store->failures.most);
}

/* ---- for the database ---- */

void
mh_store_init_media (MhStore *store)
{
  table_init (&store->positions, MH_STORE_MAX_POSITIONS);
  table_init (&store->failures, MH_STORE_MAX_FAILURES);
}

void
mh_store_clear_media (MhStore *store)
{
  g_hash_table_unref (store->positions.rows);
  g_hash_table_unref (store->failures.rows);
}

void
mh_store_note_media (MhStore *store)
{
  table_set_unsaved (&store->positions, TRUE);
  table_set_unsaved (&store->failures, TRUE);
}

void
mh_store_write_media (MhStore *store)
{
  if (store->forget_positions)
    mh_store_db_remove_media (store->db);
  else if (store->boot && (store->redate_positions || store->prune_positions))
    mh_store_db_redate_positions (store->db, store->boot, store->clock);
  write_failures (store);
  write_positions (store);
}

void
mh_store_note_media_written (MhStore *store)
{
  if (store->positions.n_unsaved > 0)
    store->prune_positions = FALSE;
  store->forget_positions = FALSE;
  store->redate_positions = FALSE;
  table_set_unsaved (&store->positions, FALSE);
  table_set_unsaved (&store->failures, FALSE);
}
