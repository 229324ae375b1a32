/* mh-store-db: the sessions and hits of mh-store on the disk.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-store-db-private.h"

#include "mh-crash.h"
#include "mh-store-lock.h"

#include <stdarg.h>
#include <sys/stat.h>

static const char *const sql[MH_N_SQL] = {
  [MH_SQL_BEGIN] = "BEGIN IMMEDIATE",
  [MH_SQL_COMMIT] = "COMMIT",
  [MH_SQL_ROLLBACK] = "ROLLBACK",
  [MH_SQL_PUT_SESSION] =
      "INSERT OR REPLACE INTO sessions (owner, $columns) VALUES (?, $places)",
  [MH_SQL_PUT_START] = "INSERT OR REPLACE INTO starts (session, body) "
                       "VALUES (?, ?)",
  [MH_SQL_REMOVE_START] = "DELETE FROM starts WHERE session = ?",
  [MH_SQL_REMOVE_SESSION] = "DELETE FROM sessions WHERE id = ?",
  [MH_SQL_PUT_HIT] = "INSERT OR REPLACE INTO hits (session, seq, event, ts, "
                     "body) VALUES (?, ?, ?, ?, ?)",
  [MH_SQL_REMOVE_HIT] = "DELETE FROM hits WHERE session = ? AND seq = ?",
  [MH_SQL_REMOVE_HITS] = "DELETE FROM hits WHERE session = ?",
  [MH_SQL_OWNERS] = "SELECT id FROM owners",
  [MH_SQL_ADD_OWNER] = "INSERT INTO owners DEFAULT VALUES",
  [MH_SQL_REMOVE_OWNER] = "DELETE FROM owners WHERE id = ?",
  [MH_SQL_ORPHANS] = "SELECT 1 FROM sessions WHERE owner NOT IN "
                     "(SELECT id FROM owners) LIMIT 1",
  [MH_SQL_ADOPT] = "UPDATE sessions SET owner = ? WHERE owner NOT IN "
                   "(SELECT id FROM owners)",
  /* The high half of an id is the owner that has made it. */
  [MH_SQL_ADOPTED] =
      "SELECT $columns, EXISTS (SELECT 1 FROM starts WHERE "
      "session = sessions.id) FROM sessions "
      "WHERE owner = ?1 AND id >> 32 <> ?1 "
      "ORDER BY (SELECT ts FROM hits WHERE session = sessions.id "
      "ORDER BY seq LIMIT 1), id",
  /* All but what is a living one's, which is another owner. */
  [MH_SQL_FORGET_HITS] =
      "DELETE FROM hits WHERE session NOT IN (SELECT id FROM sessions "
      "WHERE owner <> ? AND owner IN (SELECT id FROM owners))",
  [MH_SQL_FORGET_STARTS] =
      "DELETE FROM starts WHERE session NOT IN (SELECT id FROM sessions "
      "WHERE owner <> ? AND owner IN (SELECT id FROM owners))",
  [MH_SQL_FORGET_SESSIONS] =
      "DELETE FROM sessions WHERE owner = ? OR owner NOT IN "
      "(SELECT id FROM owners)",
  [MH_SQL_HITS] = "SELECT seq, event, ts, length(body) FROM hits "
                  "WHERE session = ? ORDER BY seq",
  [MH_SQL_BODIES] = "SELECT seq, body FROM hits WHERE session = ? AND "
                    "seq BETWEEN ? AND ? ORDER BY seq",
  [MH_SQL_START] = "SELECT body FROM starts WHERE session = ?",
  [MH_SQL_PUT_POSITION] = "INSERT OR REPLACE INTO positions (media, playhead, "
                          "complete, ts, boot, clock) "
                          "VALUES (?, ?, ?, ?, ?, ?)",
  [MH_SQL_REDATE_POSITIONS] =
      "UPDATE positions SET ts = ts + ?2 - clock, clock = ?2 "
      "WHERE boot = ?1 AND abs(?2 - clock) > ?3",
  [MH_SQL_POSITION] =
      "SELECT playhead, complete, ts, boot, clock FROM positions "
      "WHERE media = ?",
  [MH_SQL_REMOVE_OLD_POSITIONS] = "DELETE FROM positions WHERE ts < ?",
  [MH_SQL_REMOVE_MORE_POSITIONS] =
      "DELETE FROM positions WHERE media IN (SELECT media FROM positions "
      "ORDER BY ts DESC, media LIMIT -1 OFFSET ?)",
  [MH_SQL_REMOVE_POSITIONS] = "DELETE FROM positions",
  [MH_SQL_PUT_FAILURES] = "INSERT OR REPLACE INTO failures (media, n, ts) "
                          "VALUES (?, ?, ?)",
  [MH_SQL_FAILURES] = "SELECT n, ts FROM failures WHERE media = ?",
  [MH_SQL_REMOVE_FAILURES] = "DELETE FROM failures WHERE media = ?",
  [MH_SQL_PRUNE_FAILURES] =
      "DELETE FROM failures WHERE media IN (SELECT media FROM failures "
      "ORDER BY ts DESC, media LIMIT -1 OFFSET ?)",
  [MH_SQL_REMOVE_ALL_FAILURES] = "DELETE FROM failures",
};

/* ---- statements ---- */

int
mh_store_db_tell (MhStoreDb *db, const char *text)
{
  return sqlite3_exec (db->sqlite, text, NULL, NULL, NULL);
}

int
mh_store_db_prepare (MhStoreDb *db, MhSql which, sqlite3_stmt **statement)
{
  int status = SQLITE_OK;

  if (!db->statements[which]) {
    g_autofree char *text = mh_store_db_make_session_sql (sql[which]);

    status = sqlite3_prepare_v3 (db->sqlite, text, -1,
        SQLITE_PREPARE_PERSISTENT, &db->statements[which], NULL);
  }
  *statement = db->statements[which];
  return status;
}

static int
bind_bytes (sqlite3_stmt *statement, int place, GBytes *bytes)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);

  /* A NULL pointer would be a NULL, not an empty blob. */
  return sqlite3_bind_blob64 (
      statement, place, data ? data : "", size, SQLITE_STATIC);
}

static int
bind_all (sqlite3_stmt *statement, const char *types, va_list values)
{
  int status = SQLITE_OK;

  for (int i = 0; types[i] && status == SQLITE_OK; i++) {
    switch (types[i]) {
      case 'i':
        status = sqlite3_bind_int64 (statement, i + 1, va_arg (values, gint64));
        break;
      case 'd':
        status = sqlite3_bind_double (
            statement, i + 1, va_arg (values, double));
        break;
      case 's':
        status = sqlite3_bind_text (
            statement, i + 1, va_arg (values, const char *), -1, SQLITE_STATIC);
        break;
      case 'b':
        status = bind_bytes (statement, i + 1, va_arg (values, GBytes *));
        break;
      default:
        g_assert_not_reached ();
    }
  }
  return status;
}

static int
begin_query (MhStoreDb *db, sqlite3_stmt **statement, MhSql which,
    const char *types, va_list values)
{
  int status = mh_store_db_prepare (db, which, statement);

  if (status == SQLITE_OK)
    status = bind_all (*statement, types, values);
  return status == SQLITE_OK ? sqlite3_step (*statement) : status;
}

int
mh_store_db_query (MhStoreDb *db, sqlite3_stmt **statement, MhSql which,
    const char *types, ...)
{
  va_list values;
  int status;

  va_start (values, types);
  status = begin_query (db, statement, which, types, values);
  va_end (values);
  return status;
}

int
mh_store_db_end_query (sqlite3_stmt *statement, int status)
{
  if (statement) {
    sqlite3_reset (statement);
    sqlite3_clear_bindings (statement);
  }
  return status == SQLITE_ROW || status == SQLITE_DONE ? SQLITE_OK : status;
}

int
mh_store_db_run (MhStoreDb *db, MhSql which, const char *types, ...)
{
  sqlite3_stmt *statement;
  va_list values;
  int status;

  va_start (values, types);
  status = begin_query (db, &statement, which, types, values);
  va_end (values);
  return mh_store_db_end_query (statement, status);
}

void
mh_store_db_disconnect (MhStoreDb *db)
{
  for (guint i = 0; i < MH_N_SQL; i++)
    g_clear_pointer (&db->statements[i], sqlite3_finalize);
  g_clear_pointer (&db->sqlite, sqlite3_close_v2);
}

MhStoreDbResult
mh_store_db_result (MhStoreDb *db, int status, GError **error)
{
  if (status == SQLITE_OK)
    return MH_STORE_DB_DONE;
  g_set_error (error, MH_ERROR, MH_ERROR_STORAGE, "“%s”: %s", db->path,
      sqlite3_errstr (status));
  switch (status & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      return MH_STORE_DB_BUSY;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return MH_STORE_DB_CORRUPT;
    default:
      return MH_STORE_DB_FAILED;
  }
}

/* ---- writing ---- */

gint64
mh_store_db_new_id (MhStoreDb *db)
{
  return (db->owner << 32) + ++db->n_sessions;
}

void
mh_store_db_begin (MhStoreDb *db, gboolean one)
{
  db->status = one ? SQLITE_OK : mh_store_db_run (db, MH_SQL_BEGIN, "");
}

void
mh_store_db_put_start (MhStoreDb *db, gint64 session, GBytes *start)
{
  MH_STORE_DB_RUN (db, MH_SQL_PUT_START, "ib", session, start);
}

void
mh_store_db_remove_session (MhStoreDb *db, gint64 id)
{
  MH_STORE_DB_RUN (db, MH_SQL_REMOVE_HITS, "i", id);
  MH_CRASH_POINT ("db/removing-session");
  MH_STORE_DB_RUN (db, MH_SQL_REMOVE_START, "i", id);
  MH_STORE_DB_RUN (db, MH_SQL_REMOVE_SESSION, "i", id);
}

void
mh_store_db_put_hit (MhStoreDb *db, gint64 session, gint64 seq, MhEvent event,
    gint64 ts, GBytes *body)
{
  MH_STORE_DB_RUN (db, MH_SQL_PUT_HIT, "iisib", session, seq,
      mh_event_name (event), ts, body);
}

void
mh_store_db_remove_hit (MhStoreDb *db, gint64 session, gint64 seq)
{
  MH_STORE_DB_RUN (db, MH_SQL_REMOVE_HIT, "ii", session, seq);
}

MhStoreDbResult
mh_store_db_end (MhStoreDb *db, GError **error)
{
  if (!sqlite3_get_autocommit (db->sqlite))
    MH_STORE_DB_RUN (db, MH_SQL_COMMIT, "");
  /* Some failures have done it already. */
  if (!sqlite3_get_autocommit (db->sqlite))
    mh_store_db_run (db, MH_SQL_ROLLBACK, "");
  return mh_store_db_result (db, db->status, error);
}

MhStoreDbResult
mh_store_db_sync (MhStoreDb *db, GError **error)
{
  int in_log = 0, copied = 0;
  int status = sqlite3_wal_checkpoint_v2 (
      db->sqlite, NULL, SQLITE_CHECKPOINT_PASSIVE, &in_log, &copied);

  /* Some of the log is left where a reader is in the way: it may not have been
   * looked at either. */
  if (status == SQLITE_OK && copied < in_log)
    status = SQLITE_BUSY;
  return mh_store_db_result (db, status, error);
}

MhStoreDbResult
mh_store_db_scrub (MhStoreDb *db, GError **error)
{
  int status = sqlite3_wal_checkpoint_v2 (
      db->sqlite, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);

  mh_store_db_remove_set_aside (db);
  return mh_store_db_result (db, status, error);
}

/* ---- adopting ---- */

/* Finds the owners whose locks no process holds. */
static int
find_dead (MhStoreDb *db, GArray *dead)
{
  sqlite3_stmt *statement;
  int status = mh_store_db_query (db, &statement, MH_SQL_OWNERS, "");

  for (; status == SQLITE_ROW; status = sqlite3_step (statement)) {
    gint64 owner = sqlite3_column_int64 (statement, 0);

    if (owner != db->owner && mh_store_lock_is_free (db->lock, owner))
      g_array_append_val (dead, owner);
  }
  return mh_store_db_end_query (statement, status);
}

static int
find_orphans (MhStoreDb *db, gboolean *found)
{
  sqlite3_stmt *statement;
  int status = mh_store_db_query (db, &statement, MH_SQL_ORPHANS, "");

  *found = status == SQLITE_ROW;
  return mh_store_db_end_query (statement, status);
}

/* In a transaction. An owner that is dead stays so: ids are used once, and are
 * locked before others can see them. */
static void
remove_owners (MhStoreDb *db, const GArray *dead)
{
  for (guint i = 0; i < dead->len; i++)
    MH_STORE_DB_RUN (
        db, MH_SQL_REMOVE_OWNER, "i", g_array_index (dead, gint64, i));
}

void
mh_store_db_forget_sessions (MhStoreDb *db)
{
  g_autoptr (GArray) dead = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (db->status == SQLITE_OK)
    db->status = find_dead (db, dead);
  remove_owners (db, dead);
  MH_STORE_DB_RUN (db, MH_SQL_FORGET_HITS, "i", db->owner);
  MH_STORE_DB_RUN (db, MH_SQL_FORGET_STARTS, "i", db->owner);
  MH_STORE_DB_RUN (db, MH_SQL_FORGET_SESSIONS, "i", db->owner);
}

MhStoreDbResult
mh_store_db_adopt (MhStoreDb *db, GError **error)
{
  g_autoptr (GArray) dead = g_array_new (FALSE, FALSE, sizeof (gint64));
  gboolean orphans = FALSE;
  int status = find_dead (db, dead);

  if (status == SQLITE_OK && dead->len == 0)
    status = find_orphans (db, &orphans);
  if (status != SQLITE_OK || (dead->len == 0 && !orphans))
    return mh_store_db_result (db, status, error);
  mh_store_db_begin (db, FALSE);
  remove_owners (db, dead);
  MH_CRASH_POINT ("db/adopting");
  MH_STORE_DB_RUN (db, MH_SQL_ADOPT, "i", db->owner);
  return mh_store_db_end (db, error);
}

static gboolean
find_event (const char *name, MhEvent *event)
{
  for (guint i = 0; i < MH_N_EVENTS; i++) {
    if (g_strcmp0 (mh_event_name ((MhEvent) i), name) == 0) {
      *event = (MhEvent) i;
      return TRUE;
    }
  }
  return FALSE;
}

/* Returns: (transfer full): a copy. */
static GBytes *
read_bytes (sqlite3_stmt *statement, int column)
{
  gconstpointer data = sqlite3_column_blob (statement, column);

  return g_bytes_new (data, (gsize) sqlite3_column_bytes (statement, column));
}

static void
read_hit (
    sqlite3_stmt *statement, const MhStoreDbReader *reader, gpointer user_data)
{
  MhEvent event;

  if (find_event ((const char *) sqlite3_column_text (statement, 1), &event))
    reader->hit (sqlite3_column_int64 (statement, 0), event,
        sqlite3_column_int64 (statement, 2),
        (gsize) sqlite3_column_int64 (statement, 3), user_data);
}

static int
read_hits (MhStoreDb *db, gint64 session, const MhStoreDbReader *reader,
    gpointer user_data)
{
  sqlite3_stmt *statement;
  int status = mh_store_db_query (db, &statement, MH_SQL_HITS, "i", session);

  for (; status == SQLITE_ROW; status = sqlite3_step (statement))
    read_hit (statement, reader, user_data);
  return mh_store_db_end_query (statement, status);
}

/* What this version does not know stays where it is. */
static int
read_session (MhStoreDb *db, sqlite3_stmt *statement,
    const MhStoreDbReader *reader, gpointer user_data)
{
  g_auto (MhStoreSession) session = { 0 };

  if (!mh_store_db_take_session (statement, &session))
    return SQLITE_OK;
  return reader->session (&session, user_data)
      ? read_hits (db, session.id, reader, user_data)
      : SQLITE_OK;
}

MhStoreDbResult
mh_store_db_read_adopted (MhStoreDb *db, const MhStoreDbReader *reader,
    gpointer user_data, GError **error)
{
  sqlite3_stmt *statement;
  int status = mh_store_db_query (
      db, &statement, MH_SQL_ADOPTED, "i", db->owner);

  while (status == SQLITE_ROW) {
    status = read_session (db, statement, reader, user_data);
    if (status == SQLITE_OK)
      status = sqlite3_step (statement);
  }
  return mh_store_db_result (
      db, mh_store_db_end_query (statement, status), error);
}

MhStoreDbResult
mh_store_db_read_bodies (MhStoreDb *db, gint64 session, gint64 first,
    gint64 last, MhStoreDbBodyFunc func, gpointer user_data, GError **error)
{
  sqlite3_stmt *statement;
  int status = mh_store_db_query (
      db, &statement, MH_SQL_BODIES, "iii", session, first, last);

  for (; status == SQLITE_ROW; status = sqlite3_step (statement)) {
    g_autoptr (GBytes) body = read_bytes (statement, 1);

    func (sqlite3_column_int64 (statement, 0), body, user_data);
  }
  return mh_store_db_result (
      db, mh_store_db_end_query (statement, status), error);
}

MhStoreDbResult
mh_store_db_read_start (
    MhStoreDb *db, gint64 session, GBytes **start, GError **error)
{
  sqlite3_stmt *statement;
  int status = mh_store_db_query (db, &statement, MH_SQL_START, "i", session);

  *start = status == SQLITE_ROW ? read_bytes (statement, 0) : NULL;
  return mh_store_db_result (
      db, mh_store_db_end_query (statement, status), error);
}
