/* fuzz-rows: a database as a disk, or somebody, may give it back, opened and
 * delivered.
 *
 * Lines: the letter of a table and the values of a row of it, separated by "|"
 * (the letter of their type, i, r, t, x or n, and their text); "!" and SQL for
 * the schema; "@", a place in the file and what is added to that byte. The
 * tables have no types and no constraints: they are another's.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "mh-spool.h"
#include "mh-protocol.h"
#include "mh-test-clock.h"
#include "mh-test-dir.h"
#include "mh-test-transport.h"

#define MAX_ROWS 40
#define MAX_COLUMNS 8
#define MAX_CHANGES 20

static const struct
{
  char letter;
  guint n_columns;
  const char *columns;
  const char *insert;
} tables[] = {
  { 'o', 1, "owners (id INTEGER PRIMARY KEY AUTOINCREMENT)",
      "INSERT OR REPLACE INTO owners VALUES (?)" },
  { 's', 8,
      "sessions (id INTEGER PRIMARY KEY, owner, server, protocol, session_id, "
      "accepted, ended, mode)",
      "INSERT OR REPLACE INTO sessions VALUES (?, ?, ?, ?, ?, ?, ?, ?)" },
  { 'b', 2, "starts (session INTEGER PRIMARY KEY, body)",
      "INSERT OR REPLACE INTO starts VALUES (?, ?)" },
  { 'h', 5, "hits (session, seq, event, ts, body, PRIMARY KEY (session, seq))",
      "INSERT OR REPLACE INTO hits VALUES (?, ?, ?, ?, ?)" },
};

/* ---- making it ---- */

typedef struct
{
  sqlite3 *db;
  guint n_rows;
  guint n_changes;
  struct
  {
    guint64 at;
    guint8 by;
  } changes[MAX_CHANGES];
} Disk;

static void
bind_value (sqlite3_stmt *statement, int place, const char *value)
{
  const char *text = *value ? value + 1 : "";

  switch (*value) {
    case 'i':
      sqlite3_bind_int64 (statement, place, g_ascii_strtoll (text, NULL, 10));
      break;
    case 'r':
      sqlite3_bind_double (statement, place, g_ascii_strtod (text, NULL));
      break;
    case 't':
      sqlite3_bind_text (statement, place, text, -1, SQLITE_TRANSIENT);
      break;
    case 'x':
      sqlite3_bind_blob (
          statement, place, text, (int) strlen (text), SQLITE_TRANSIENT);
      break;
    default:
      sqlite3_bind_null (statement, place);
      break;
  }
}

/* What SQLite refuses is not there. */
static void
add_row (Disk *disk, guint table, const char *line)
{
  g_auto (GStrv) values = g_strsplit (line, "|", MAX_COLUMNS);
  sqlite3_stmt *statement = NULL;

  if (disk->n_rows++ >= MAX_ROWS)
    return;
  sqlite3_prepare_v2 (disk->db, tables[table].insert, -1, &statement, NULL);
  for (guint i = 0; i < tables[table].n_columns && values[i]; i++)
    bind_value (statement, (int) i + 1, values[i]);
  sqlite3_step (statement);
  sqlite3_finalize (statement);
}

static void
add_line (Disk *disk, const char *line)
{
  char *end;

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++) {
    if (line[0] == tables[i].letter)
      add_row (disk, i, line + 1);
  }
  /* Views and triggers; anything else might have no end here. */
  if (g_str_has_prefix (line, "!CREATE ") || g_str_has_prefix (line, "!DROP "))
    sqlite3_exec (disk->db, line + 1, NULL, NULL, NULL);
  if (line[0] == '@' && disk->n_changes < MAX_CHANGES) {
    disk->changes[disk->n_changes].at = g_ascii_strtoull (line + 1, &end, 10);
    disk->changes[disk->n_changes++].by = (guint8) atoi (end);
  }
}

static void
change_bytes (const Disk *disk, const char *path)
{
  int fd = open (path, O_RDWR | O_CLOEXEC);
  off_t size = lseek (fd, 0, SEEK_END);
  guint8 byte;

  for (guint i = 0; i < disk->n_changes && size > 0; i++) {
    off_t at = (off_t) (disk->changes[i].at % (guint64) size);

    g_assert_cmpint (pread (fd, &byte, 1, at), ==, 1);
    byte = (guint8) (byte + disk->changes[i].by);
    g_assert_cmpint (pwrite (fd, &byte, 1, at), ==, 1);
  }
  close (fd);
}

/* Returns: how many rows it has at most. */
static guint
make_file (const char *dir, const guint8 *data, gsize size)
{
  g_autofree char *path = g_build_filename (dir, "hits.db", NULL);
  Disk disk = { 0 };
  char *line;

  g_assert_cmpint (sqlite3_open (path, &disk.db), ==, SQLITE_OK);
  sqlite3_exec (disk.db,
      "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; BEGIN", NULL, NULL,
      NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++) {
    g_autofree char *sql = g_strconcat (
        "CREATE TABLE ", tables[i].columns, NULL);

    g_assert_cmpint (
        sqlite3_exec (disk.db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  }
  sqlite3_exec (disk.db, "PRAGMA user_version=1", NULL, NULL, NULL);
  while ((line = fuzz_take_line (&data, &size))) {
    add_line (&disk, line);
    g_free (line);
  }
  sqlite3_exec (disk.db, "COMMIT", NULL, NULL, NULL);
  sqlite3_close (disk.db);
  change_bytes (&disk, path);
  return disk.n_rows;
}

/* ---- delivering it ---- */

static void
on_text (gint64 session, const char *text, gpointer user_data)
{
}

static void
on_sent (gint64 session, MhEvent event, gpointer user_data)
{
}

static void
on_dropped (gint64 session, guint n, const char *reason, gpointer user_data)
{
  g_assert_cmpuint (n, >, 0);
}

static void
on_problem (const char *message, gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
}

static const MhDelivery listener = {
  .session_id = on_text,
  .sent = on_sent,
  .dropped = on_dropped,
  .refused = on_text,
  .expired = on_text,
  .failed = on_text,
  .problem = on_problem,
};

/* Nothing goes anywhere but to where an application could have sent it. */
static void
check_request (const MhRequest *request)
{
  const char *path = strstr (request->uri, "/api/v1/");
  g_autofree char *server = NULL;
  const char *id, *end;

  g_assert_nonnull (path);
  /* The last one: a server's own path may have one like it. */
  for (const char *next; (next = strstr (path + 1, "/api/v1/"));)
    path = next;
  server = g_strndup (request->uri, (gsize) (path - request->uri));
  g_assert_true (mh_config_check_endpoint (server, FALSE, NULL));
  g_assert_null (strpbrk (server, "?#"));
  path += strlen ("/api/v1/");
  if (g_str_equal (path, "sessions") || g_str_equal (path, "downloaded"))
    return;
  g_assert_true (g_str_has_prefix (path, "sessions/"));
  id = path + strlen ("sessions/");
  end = strchr (id, '/');
  g_assert_true (end && mh_protocol_check_session_id (id, (gsize) (end - id)));
  g_assert_cmpstr (end, ==, "/events");
}

/* Returns: how many requests have been made. */
static guint
deliver (const char *dir, gboolean *problem)
{
  const MhStoreLimits limits = { 20, 4096, 14 * 24 * 60 * 60 };
  MhStore *store = mh_store_new (limits.max_hits);
  MhTestTransport *transport = mh_test_transport_new ();
  MhTestClock clock;
  MhWorker *worker;
  MhSpool *spool;
  guint n;

  mh_test_clock_init (&clock);
  worker = mh_worker_new (&clock.clock);
  mh_store_set_limits (store, &limits);
  spool = mh_spool_new (worker, store, dir, &listener, problem);
  mh_sender_set_transport (
      mh_spool_get_sender (spool), MH_TRANSPORT (transport));
  mh_spool_run (spool);
  mh_test_transport_answer_all (transport);
  mh_test_clock_advance (&clock, MH_TIME_FROM_SEC (2));
  mh_worker_run_timers (worker);
  mh_test_transport_answer_all (transport);
  n = mh_test_transport_count (transport);
  for (guint i = 0; i < n; i++)
    check_request (mh_test_transport_request (transport, i));
  g_assert_cmpuint (n, <=, MAX_ROWS);
  mh_spool_close (spool);
  mh_store_free (mh_spool_end (spool));
  mh_worker_unref (worker);
  g_object_unref (transport);
  return n;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  char *dir = mh_test_dir_new ();
  guint n_rows = make_file (dir, data, size);
  gboolean problem = FALSE;
  guint n_requests = 0;

  /* What has been sent is gone, whatever it was. What claims to be the first
   * process's own is taken by the next. */
  for (guint i = 0; i < 3; i++)
    n_requests += deliver (dir, &problem);
  if (!problem)
    g_assert_cmpuint (n_requests, <=, n_rows);
  mh_test_dir_free (dir);
  return 0;
}
