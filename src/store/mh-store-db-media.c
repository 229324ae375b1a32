/* mh-store-db-media: what is known of media items: where they were left, and how
 * often their start has failed.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-store-db-private.h"

#include "mh-wall-jump.h"

#include <math.h>

void
mh_store_db_remove_media (MhStoreDb *db)
{
  MH_STORE_DB_RUN (db, MH_SQL_REMOVE_ALL_FAILURES, "");
  MH_STORE_DB_RUN (db, MH_SQL_REMOVE_POSITIONS, "");
}

/* ---- positions ---- */

void
mh_store_db_put_position (MhStoreDb *db, const char *media, const char *boot,
    gint64 clock, const MhPosition *position)
{
  MH_STORE_DB_RUN (db, MH_SQL_PUT_POSITION, "sdiisi", media, position->playhead,
      (gint64) position->complete, position->ts, boot, clock);
}

void
mh_store_db_redate_positions (MhStoreDb *db, const char *boot, gint64 clock)
{
  MH_STORE_DB_RUN (
      db, MH_SQL_REDATE_POSITIONS, "sii", boot, clock, MH_WALL_JUMP_MSEC);
}

void
mh_store_db_prune_positions (MhStoreDb *db, gint64 before, guint most)
{
  MH_STORE_DB_RUN (db, MH_SQL_REMOVE_OLD_POSITIONS, "i", before);
  MH_STORE_DB_RUN (db, MH_SQL_REMOVE_MORE_POSITIONS, "i", (gint64) most);
}

/* As the clock of now would have made it, if it is of this boot. */
static gint64
read_time (sqlite3_stmt *statement, const char *boot, gint64 clock)
{
  gint64 ts = sqlite3_column_int64 (statement, 2);
  const char *made_in = (const char *) sqlite3_column_text (statement, 3);

  return boot && g_strcmp0 (boot, made_in) == 0
      ? ts + mh_wall_jump_measure (sqlite3_column_int64 (statement, 4), clock)
      : ts;
}

MhStoreDbResult
mh_store_db_get_position (MhStoreDb *db, const char *media, const char *boot,
    gint64 clock, MhPosition *position, gboolean *found, GError **error)
{
  sqlite3_stmt *statement;
  int status = mh_store_db_query (db, &statement, MH_SQL_POSITION, "s", media);

  *found = FALSE;
  if (status == SQLITE_ROW) {
    position->playhead = sqlite3_column_double (statement, 0);
    position->complete = sqlite3_column_int (statement, 1) != 0;
    position->ts = read_time (statement, boot, clock);
    /* What is on the disk may be anything. */
    *found = isfinite (position->playhead) && position->playhead >= 0;
  }
  return mh_store_db_result (
      db, mh_store_db_end_query (statement, status), error);
}

/* ---- starts that fail ---- */

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

MhStoreDbResult
mh_store_db_get_failures (
    MhStoreDb *db, const char *media, MhStoreFailures *failures, GError **error)
{
  sqlite3_stmt *statement;
  int status = mh_store_db_query (db, &statement, MH_SQL_FAILURES, "s", media);

  *failures = (MhStoreFailures){ 0, 0 };
  if (status == SQLITE_ROW) {
    /* What is on the disk may be anything. */
    failures->n = (guint) CLAMP (
        sqlite3_column_int64 (statement, 0), 0, G_MAXINT);
    failures->ts = sqlite3_column_int64 (statement, 1);
  }
  return mh_store_db_result (
      db, mh_store_db_end_query (statement, status), error);
}
