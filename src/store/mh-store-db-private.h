/* mh-store-db-private: what the files of the database share.
 *
 * mh-store-db.c          statements, transactions, hits, owners
 * mh-store-db-media.c    where media items were left, and whose start has failed
 * mh-store-db-open.c     finds, makes, checks and closes the database
 * mh-store-db-schema.c   its tables, and how those of an older version become these
 * mh-store-db-session.c  sessions to and from their rows
 *
 * May touch: what mh-store-db.h may. For those files only; on the worker.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-store-db.h"

#include <sqlite3.h>
#include <sys/types.h>

G_BEGIN_DECLS

/* How long to wait for another process. The worker has other things to do. */
#define MH_STORE_DB_PATIENCE_MS 250

typedef enum
{
  MH_SQL_BEGIN,
  MH_SQL_COMMIT,
  MH_SQL_ROLLBACK,
  MH_SQL_PUT_SESSION,
  MH_SQL_PUT_START,
  MH_SQL_REMOVE_START,
  MH_SQL_REMOVE_SESSION,
  MH_SQL_PUT_HIT,
  MH_SQL_REMOVE_HIT,
  MH_SQL_REMOVE_HITS,
  MH_SQL_OWNERS,
  MH_SQL_ADD_OWNER,
  MH_SQL_REMOVE_OWNER,
  MH_SQL_ORPHANS,
  MH_SQL_ADOPT,
  MH_SQL_ADOPTED,
  MH_SQL_FORGET_HITS,
  MH_SQL_FORGET_STARTS,
  MH_SQL_FORGET_SESSIONS,
  MH_SQL_HITS,
  MH_SQL_BODIES,
  MH_SQL_START,
  MH_SQL_PUT_POSITION,
  MH_SQL_REDATE_POSITIONS,
  MH_SQL_POSITION,
  MH_SQL_REMOVE_OLD_POSITIONS,
  MH_SQL_REMOVE_MORE_POSITIONS,
  MH_SQL_REMOVE_POSITIONS,
  MH_SQL_PUT_FAILURES,
  MH_SQL_FAILURES,
  MH_SQL_REMOVE_FAILURES,
  MH_SQL_PRUNE_FAILURES,
  MH_SQL_REMOVE_ALL_FAILURES,
} MhSql;

#define MH_N_SQL (MH_SQL_REMOVE_ALL_FAILURES + 1)

struct _MhStoreDb
{
  char *dir; /* without symbolic links in it */
  char *path;
  int lock; /* mh-store-lock's */
  gint64 owner; /* 0: none */
  gint64 n_sessions; /* that it has named */
  sqlite3 *sqlite;
  sqlite3_stmt *statements[MH_N_SQL]; /* made when they are needed */
  dev_t device; /* of the file that is open, with: */
  ino_t inode;
  int status; /* SQLite's, of the first that failed in a transaction */
};

/* mh-store-db.c */

/* Runs a statement. @types: of the values for its places: i (gint64), d (double),
 * s (text or NULL), b (GBytes). Returns: SQLITE_OK or what is wrong with it. */
int mh_store_db_run (MhStoreDb *db, MhSql which, const char *types, ...);

/* Makes the statement, if that has not been done; the same status. */
int mh_store_db_prepare (MhStoreDb *db, MhSql which, sqlite3_stmt **statement);

/* Runs a statement in a transaction in which nothing has failed so far. */
#define MH_STORE_DB_RUN(db, ...) \
  G_STMT_START \
  { \
    if ((db)->status == SQLITE_OK) \
      (db)->status = mh_store_db_run ((db), __VA_ARGS__); \
  } \
  G_STMT_END

/* Runs a statement that gives rows, up to the first. Returns: SQLITE_ROW: @statement
 * has it; SQLITE_DONE: there is none; or what is wrong. mh_store_db_end_query() takes
 * the latest status, and makes SQLITE_OK of both. */
int mh_store_db_query (MhStoreDb *db, sqlite3_stmt **statement, MhSql which,
    const char *types, ...);
int mh_store_db_end_query (sqlite3_stmt *statement, int status);

/* What a status means, with @error for all but DONE. */
MhStoreDbResult mh_store_db_result (MhStoreDb *db, int status, GError **error);

/* Runs SQL that is not one of the statements. Returns: SQLITE_OK or what is wrong. */
int mh_store_db_tell (MhStoreDb *db, const char *text);

/* Frees the statements and closes the connection, if there is one. */
void mh_store_db_disconnect (MhStoreDb *db);

/* mh-store-db-open.c */

/* Removes the files that were set aside, as far as that is possible. */
void mh_store_db_remove_set_aside (MhStoreDb *db);

/* mh-store-db-schema.c */

/* The version of the tables that this process makes and uses. */
int mh_store_db_newest_version (void);
/* Makes the tables of the newest version of those of @version, 0 for none. Returns:
 * SQLITE_OK, or what is wrong: then nothing has changed. */
int mh_store_db_migrate (MhStoreDb *db, int version);

/* mh-store-db-session.c */

/* Returns: (transfer full): a statement with the session's columns for $columns,
 * and a place for each for $places. */
char *mh_store_db_make_session_sql (const char *format);

/* The row there is, and behind its columns whether it has a start. Returns: FALSE:
 * this version cannot read it. */
gboolean mh_store_db_take_session (
    sqlite3_stmt *statement, MhStoreSession *session);

G_END_DECLS
