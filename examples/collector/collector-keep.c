/* collector-keep: what came, in a file, so that a restart loses nothing.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-keep.h"

#include "collector-history.h"
#include "collector-json.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

/* In the head of the file: whose it is, and in which form. */
#define APPLICATION_ID 0x4d48434c
#define FORM 1

#define SCHEMA \
  "CREATE TABLE reports (seq INTEGER PRIMARY KEY, arrival INTEGER NOT NULL," \
  " accepted INTEGER NOT NULL, status INTEGER NOT NULL," \
  " protocol TEXT NOT NULL, path TEXT NOT NULL, session TEXT, event TEXT," \
  " reason TEXT);" \
  "CREATE INDEX by_session ON reports (session);" \
  "CREATE INDEX refused ON reports (seq) WHERE accepted = 0;" \
  "PRAGMA application_id = 1296581452; PRAGMA user_version = 1;"

G_STATIC_ASSERT (APPLICATION_ID == 1296581452);

#define INSERT \
  "INSERT INTO reports (arrival, accepted, status, protocol, path, session," \
  " event, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
#define SELECT \
  "SELECT arrival, accepted, status, protocol, path, session, event, reason" \
  " FROM reports ORDER BY seq"
#define FORGET "DELETE FROM reports WHERE session = ?"
#define BOUND \
  "DELETE FROM reports WHERE accepted = 0 AND seq <= (SELECT seq FROM reports" \
  " WHERE accepted = 0 ORDER BY seq DESC LIMIT 1 OFFSET ?)"

struct _CollectorKeep
{
  sqlite3 *db;
  sqlite3_stmt *insert;
  sqlite3_stmt *forget;
  sqlite3_stmt *bound;
};

static gboolean
fail (CollectorKeep *keep, GError **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s",
      keep->db ? sqlite3_errmsg (keep->db) : "out of memory");
  return FALSE;
}

static gboolean
execute (CollectorKeep *keep, const char *sql, GError **error)
{
  return sqlite3_exec (keep->db, sql, NULL, NULL, NULL) == SQLITE_OK ||
      fail (keep, error);
}

static gboolean
prepare (CollectorKeep *keep, sqlite3_stmt **statement, const char *sql,
    GError **error)
{
  return sqlite3_prepare_v2 (keep->db, sql, -1, statement, NULL) == SQLITE_OK ||
      fail (keep, error);
}

static gboolean
read_number (CollectorKeep *keep, const char *sql, int *number, GError **error)
{
  sqlite3_stmt *statement = NULL;
  gboolean done = prepare (keep, &statement, sql, error) &&
      (sqlite3_step (statement) == SQLITE_ROW || fail (keep, error));

  if (done)
    *number = sqlite3_column_int (statement, 0);
  sqlite3_finalize (statement);
  return done;
}

/* Makes the table in an empty file. Refuses a database of another program. */
static gboolean
check_form (CollectorKeep *keep, GError **error)
{
  int owner = 0;
  int form = 0;
  int tables = 0;

  if (!read_number (keep, "PRAGMA application_id", &owner, error) ||
      !read_number (keep, "PRAGMA user_version", &form, error) ||
      !read_number (keep, "SELECT count(*) FROM sqlite_schema", &tables, error))
    return FALSE;
  if (tables == 0 && owner == 0)
    return execute (keep, "BEGIN;" SCHEMA "COMMIT", error);
  if (owner == APPLICATION_ID && form == FORM)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
      "it is not a file of this program, or of a later version");
  return FALSE;
}

/* Also of a file of an older version. */
static gboolean
set_mode (const char *path, GError **error)
{
  if (g_chmod (path, 0600) == 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, (gint) g_io_error_from_errno (errno), "%s",
      g_strerror (errno));
  return FALSE;
}

/* Makes it for this user only; SQLite's files beside it have the same mode. */
static gboolean
prepare_file (const char *path, GError **error)
{
  int fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  gboolean done = fd >= 0;

  if (!done)
    g_set_error (error, G_IO_ERROR, (gint) g_io_error_from_errno (errno), "%s",
        g_strerror (errno));
  else
    close (fd);
  return done;
}

/* One process at a time: what another one writes would not be in the model. The
 * lock is held until the file is closed. */
static gboolean
lock (CollectorKeep *keep, GError **error)
{
  int status = sqlite3_exec (keep->db,
      "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT", NULL, NULL,
      NULL);

  if (status != SQLITE_BUSY)
    return status == SQLITE_OK || fail (keep, error);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY,
      "another collector has the file open");
  return FALSE;
}

static gboolean
open_file (CollectorKeep *keep, const char *path, GError **error)
{
  if (!prepare_file (path, error))
    return FALSE;
  if (sqlite3_open_v2 (path, &keep->db,
          SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) != SQLITE_OK)
    return fail (keep, error);
  sqlite3_busy_timeout (keep->db, 2000);
  return lock (keep, error) && check_form (keep, error) &&
      set_mode (path, error) &&
      execute (keep, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL",
          error) &&
      prepare (keep, &keep->insert, INSERT, error) &&
      prepare (keep, &keep->forget, FORGET, error) &&
      prepare (keep, &keep->bound, BOUND, error);
}

CollectorKeep *
collector_keep_new (const char *path, GError **error)
{
  g_autoptr (CollectorKeep) keep = g_new0 (CollectorKeep, 1);

  if (open_file (keep, path, error))
    return g_steal_pointer (&keep);
  g_prefix_error (error, "%s: ", path);
  return NULL;
}

void
collector_keep_free (CollectorKeep *keep)
{
  if (!keep)
    return;
  sqlite3_finalize (keep->insert);
  sqlite3_finalize (keep->forget);
  sqlite3_finalize (keep->bound);
  sqlite3_close (keep->db);
  g_free (keep);
}

/* ---- writing ---- */

static void
bind_text (sqlite3_stmt *statement, int index, const char *text)
{
  sqlite3_bind_text (statement, index, text, -1, SQLITE_TRANSIENT);
}

static gboolean
run (CollectorKeep *keep, sqlite3_stmt *statement, GError **error)
{
  gboolean done = sqlite3_step (statement) == SQLITE_DONE || fail (keep, error);

  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
  return done;
}

static gboolean
bound_refused (CollectorKeep *keep, GError **error)
{
  sqlite3_bind_int (keep->bound, 1, COLLECTOR_KEEP_REFUSED_MAX);
  return run (keep, keep->bound, error);
}

gboolean
collector_keep_add (
    CollectorKeep *keep, const CollectorReport *report, GError **error)
{
  g_autofree char *event = collector_history_text (report->event);

  sqlite3_bind_int64 (keep->insert, 1, report->arrival);
  sqlite3_bind_int (keep->insert, 2, report->accepted);
  sqlite3_bind_int (keep->insert, 3, (int) report->status);
  bind_text (keep->insert, 4, report->protocol ? report->protocol : "");
  bind_text (keep->insert, 5, report->path);
  bind_text (keep->insert, 6, report->session_id);
  bind_text (keep->insert, 7, event);
  bind_text (keep->insert, 8, report->reason);
  return run (keep, keep->insert, error) &&
      (report->accepted || bound_refused (keep, error));
}

void
collector_keep_forget (CollectorKeep *keep, const char *session)
{
  bind_text (keep->forget, 1, session);
  run (keep, keep->forget, NULL);
}

/* ---- reading ---- */

static const char *
text_of (sqlite3_stmt *statement, int column)
{
  return (const char *) sqlite3_column_text (statement, column);
}

static JsonNode *
parse_event (const char *text)
{
  g_autofree char *reason = NULL;
  g_autoptr (JsonNode)
      node = text ? collector_json_parse (text, strlen (text), &reason) : NULL;

  return node && JSON_NODE_HOLDS_OBJECT (node) ? g_steal_pointer (&node) : NULL;
}

static gboolean
holds (JsonObject *object, const char *name, GType type)
{
  JsonNode *node = json_object_get_member (object, name);

  return node && JSON_NODE_HOLDS_VALUE (node) &&
      (json_node_get_value_type (node) == type ||
          (type == G_TYPE_DOUBLE &&
              json_node_get_value_type (node) == G_TYPE_INT64));
}

static gboolean
lacks_or_holds (JsonObject *object, const char *name, GType type)
{
  return !json_object_has_member (object, name) || holds (object, name, type);
}

/* An event that was accepted, as the file should have it; it may have been
 * changed meanwhile. */
static gboolean
is_event (JsonObject *event)
{
  JsonNode *time = json_object_get_member (event, "playerTime");

  return holds (event, "eventType", G_TYPE_STRING) && time &&
      lacks_or_holds (event, "id", G_TYPE_STRING) &&
      lacks_or_holds (event, "seq", G_TYPE_INT64) &&
      lacks_or_holds (event, "sn", G_TYPE_INT64) &&
      JSON_NODE_HOLDS_OBJECT (time) &&
      holds (json_node_get_object (time), "ts", G_TYPE_INT64) &&
      lacks_or_holds (json_node_get_object (time), "playhead", G_TYPE_DOUBLE);
}

static void
load_row (
    sqlite3_stmt *statement, CollectorKeepFunc callback, gpointer user_data)
{
  g_autoptr (JsonNode) event = parse_event (text_of (statement, 6));
  const char *path = text_of (statement, 4);
  CollectorReport report = {
    .arrival = sqlite3_column_int64 (statement, 0),
    .accepted = sqlite3_column_int (statement, 1) != 0,
    .status = (guint) sqlite3_column_int (statement, 2),
    .protocol = g_intern_string (text_of (statement, 3)),
    .path = path ? path : "",
    .session_id = text_of (statement, 5),
    .event = event ? json_node_get_object (event) : NULL,
    .reason = text_of (statement, 7),
  };

  /* What is accepted has an event and a session. */
  if (!report.accepted ||
      (report.event && report.session_id && is_event (report.event)))
    callback (&report, user_data);
}

gboolean
collector_keep_load (CollectorKeep *keep, CollectorKeepFunc callback,
    gpointer user_data, GError **error)
{
  sqlite3_stmt *statement = NULL;
  int status;

  if (!prepare (keep, &statement, SELECT, error))
    return FALSE;
  while ((status = sqlite3_step (statement)) == SQLITE_ROW)
    load_row (statement, callback, user_data);
  sqlite3_finalize (statement);
  return status == SQLITE_DONE || fail (keep, error);
}
