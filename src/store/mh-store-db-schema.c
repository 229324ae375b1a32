/* mh-store-db-schema: the tables of the database, and how those of an older version
 * become these.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-store-db-private.h"

#include "mh-crash.h"

/* Makes version N + 1 of version N. Never change one that was released: add the
 * next. A hit's place in its session is its seq; sessions and owners are never
 * named twice (mh_store_db_new_id()). */
static const char *const migrations[] = {
  "CREATE TABLE owners (id INTEGER PRIMARY KEY AUTOINCREMENT);"
  "CREATE TABLE sessions (id INTEGER PRIMARY KEY, owner INTEGER NOT NULL,"
  " server TEXT NOT NULL, protocol TEXT NOT NULL, session_id TEXT,"
  " accepted INTEGER NOT NULL, ended INTEGER NOT NULL, mode TEXT NOT NULL);"
  "CREATE TABLE starts (session INTEGER PRIMARY KEY, body BLOB NOT NULL);"
  "CREATE TABLE hits (session INTEGER NOT NULL, seq INTEGER NOT NULL,"
  " event TEXT NOT NULL, ts INTEGER NOT NULL, body BLOB NOT NULL,"
  " PRIMARY KEY (session, seq));",
  "ALTER TABLE sessions ADD COLUMN tls_database TEXT;",
  "ALTER TABLE sessions ADD COLUMN consent TEXT;",
  /* In parentheses: one text, as clang sees that none is missing a comma. */
  ("CREATE TABLE positions (media TEXT PRIMARY KEY, playhead REAL NOT NULL,"
   " complete INTEGER NOT NULL, ts INTEGER NOT NULL);"),
  "ALTER TABLE sessions ADD COLUMN sent INTEGER NOT NULL DEFAULT 0;",
  "ALTER TABLE sessions ADD COLUMN hint TEXT;",
  /* A session of an older version may have played: it counts as one that has. */
  "ALTER TABLE sessions ADD COLUMN played INTEGER NOT NULL DEFAULT 1;",
  /* Nothing is known of the clock of what an older version has left. */
  ("ALTER TABLE sessions ADD COLUMN boot TEXT;"
   "ALTER TABLE sessions ADD COLUMN clock INTEGER NOT NULL DEFAULT 0;"
   "ALTER TABLE sessions ADD COLUMN shift INTEGER NOT NULL DEFAULT 0;"
   "ALTER TABLE sessions ADD COLUMN sent_shift INTEGER NOT NULL DEFAULT 0;"
   "ALTER TABLE positions ADD COLUMN boot TEXT;"
   "ALTER TABLE positions ADD COLUMN clock INTEGER NOT NULL DEFAULT 0;"
   "CREATE TABLE failures (media TEXT PRIMARY KEY, n INTEGER NOT NULL,"
   " ts INTEGER NOT NULL);"),
};

int
mh_store_db_newest_version (void)
{
  return (int) G_N_ELEMENTS (migrations);
}

static int
run_steps (MhStoreDb *db, int version)
{
  int status = mh_store_db_tell (db, "BEGIN IMMEDIATE");

  /* The process that opens a database is alone at it. */
  for (int i = version;
       i < mh_store_db_newest_version () && status == SQLITE_OK; i++) {
    g_autofree char *done = g_strdup_printf ("PRAGMA user_version=%d", i + 1);

    status = mh_store_db_tell (db, migrations[i]);
    MH_CRASH_POINT ("db/migrating");
    if (status == SQLITE_OK)
      status = mh_store_db_tell (db, done);
  }
  MH_CRASH_POINT ("db/migrated");
  if (status == SQLITE_OK)
    status = mh_store_db_tell (db, "COMMIT");
  if (!sqlite3_get_autocommit (db->sqlite))
    mh_store_db_tell (db, "ROLLBACK");
  return status;
}

int
mh_store_db_migrate (MhStoreDb *db, int version)
{
  return version < mh_store_db_newest_version () ? run_steps (db, version)
                                                 : SQLITE_OK;
}
