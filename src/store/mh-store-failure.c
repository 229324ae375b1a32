/* mh-store-failure: media whose start has failed.
 *
 * Kept as positions are: what is in memory counts until the database has it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-store-private.h"

typedef struct
{
  MhStoreFailures row;
  gboolean unsaved; /* the database has others, or none */
} StoreFailures;

static GHashTable *
store_failure_get_table (MhStore *store)
{
  if (!store->failures)
    store->failures = g_hash_table_new_full (
        g_str_hash, g_str_equal, g_free, g_free);
  return store->failures;
}

/* Makes room for one more, in memory. */
static void
store_failure_forget_oldest (MhStore *store)
{
  GHashTableIter iter;
  StoreFailures *failures, *oldest = NULL;
  char *name, *oldest_name = NULL;

  if (g_hash_table_size (store->failures) < MH_STORE_MAX_FAILURES)
    return;
  g_hash_table_iter_init (&iter, store->failures);
  while (g_hash_table_iter_next (
      &iter, (gpointer *) &name, (gpointer *) &failures)) {
    if (!oldest || failures->row.ts < oldest->row.ts) {
      oldest = failures;
      oldest_name = name;
    }
  }
  g_hash_table_remove (store->failures, oldest_name);
}

void
mh_store_put_failures (
    MhStore *store, const char *media_id, const MhStoreFailures *failures)
{
  GHashTable *table = store_failure_get_table (store);
  char *name = mh_store_dup_media_name (media_id);
  StoreFailures *kept = g_new0 (StoreFailures, 1);

  if (!g_hash_table_contains (table, name))
    store_failure_forget_oldest (store);
  kept->row = *failures;
  kept->unsaved = TRUE;
  store->has_new_failures = TRUE;
  g_hash_table_replace (table, name, kept);
}

void
mh_store_get_failures (
    MhStore *store, const char *media_id, MhStoreFailures *failures)
{
  g_autofree char *name = mh_store_dup_media_name (media_id);
  const StoreFailures *kept = g_hash_table_lookup (
      store_failure_get_table (store), name);

  *failures = (MhStoreFailures){ 0, 0 };
  if (kept && kept->unsaved)
    *failures = kept->row;
  else if (!mh_store_read_failures (store, name, failures) && kept)
    *failures = kept->row;
}

void
mh_store_forget_failures (MhStore *store)
{
  g_hash_table_remove_all (store_failure_get_table (store));
  store->has_new_failures = FALSE;
}

void
mh_store_note_failures (MhStore *store)
{
  GHashTableIter iter;
  StoreFailures *failures;

  g_hash_table_iter_init (&iter, store_failure_get_table (store));
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &failures))
    failures->unsaved = store->has_new_failures = TRUE;
}

void
mh_store_write_failures (MhStore *store)
{
  GHashTableIter iter;
  StoreFailures *failures;
  const char *name;

  if (store->forget_positions)
    mh_store_db_remove_all_failures (store->db);
  if (!store->has_new_failures)
    return;
  g_hash_table_iter_init (&iter, store->failures);
  while (g_hash_table_iter_next (
      &iter, (gpointer *) &name, (gpointer *) &failures)) {
    if (failures->unsaved)
      mh_store_db_put_failures (store->db, name, &failures->row);
  }
  mh_store_db_prune_failures (store->db, MH_STORE_MAX_FAILURES);
}

void
mh_store_note_failures_written (MhStore *store)
{
  GHashTableIter iter;
  StoreFailures *failures;

  if (!store->has_new_failures)
    return;
  g_hash_table_iter_init (&iter, store->failures);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &failures))
    failures->unsaved = FALSE;
  store->has_new_failures = FALSE;
}
