/* mh-store-db-failure: media whose start has failed.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-store-db-private.h"

void
mh_store_db_put_failures (
    MhStoreDb *db, const char *media, const MhStoreFailures *failures)
{
  if (failures->n == 0)
    MH_STORE_DB_RUN (db, MH_SQL_REMOVE_FAILURES, "s", media);
  else
    MH_STORE_DB_RUN (db, MH_SQL_PUT_FAILURES, "sii", media,
        (gint64) failures->n, failures->ts);
}

void
mh_store_db_prune_failures (MhStoreDb *db, guint most)
{
  MH_STORE_DB_RUN (db, MH_SQL_PRUNE_FAILURES, "i", (gint64) most);
}

void
mh_store_db_remove_all_failures (MhStoreDb *db)
{
  MH_STORE_DB_RUN (db, MH_SQL_REMOVE_ALL_FAILURES, "");
}

MhStoreDbResult
mh_store_db_get_failures (
    MhStoreDb *db, const char *media, MhStoreFailures *failures, GError **error)
{
  sqlite3_stmt *statement;
  int status = mh_store_db_prepare (db, MH_SQL_FAILURES, &statement);

  *failures = (MhStoreFailures){ 0, 0 };
  if (status != SQLITE_OK)
    return mh_store_db_result (db, status, error);
  status = sqlite3_bind_text (statement, 1, media, -1, SQLITE_STATIC);
  if (status == SQLITE_OK)
    status = sqlite3_step (statement);
  if (status == SQLITE_ROW) {
    /* What is on the disk may be anything. */
    failures->n = (guint) CLAMP (
        sqlite3_column_int64 (statement, 0), 0, G_MAXINT);
    failures->ts = sqlite3_column_int64 (statement, 1);
    status = SQLITE_DONE;
  }
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
  return mh_store_db_result (
      db, status == SQLITE_DONE ? SQLITE_OK : status, error);
}
