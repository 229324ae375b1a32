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
  sqlite3_stmt *statement = NULL;
  int status = mh_store_db_look_up (db, MH_SQL_FAILURES, media, &statement);

  *failures = (MhStoreFailures){ 0, 0 };
  if (status == SQLITE_ROW) {
    /* What is on the disk may be anything. */
    failures->n = (guint) CLAMP (
        sqlite3_column_int64 (statement, 0), 0, G_MAXINT);
    failures->ts = sqlite3_column_int64 (statement, 1);
  }
  return mh_store_db_end_look_up (db, statement, status, error);
}
