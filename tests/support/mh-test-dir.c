/* mh-test-dir: a directory for a test, and a store in it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-test-dir.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

char *
mh_test_dir_new (void)
{
  g_autoptr (GError) error = NULL;
  char *dir = g_dir_make_tmp ("mh-test-XXXXXX", &error);

  g_assert_no_error (error);
  return dir;
}

static void
remove_all (const char *path)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  if (!g_file_test (path, G_FILE_TEST_IS_SYMLINK))
    dir = g_dir_open (path, 0, NULL);
  while (dir && (name = g_dir_read_name (dir))) {
    g_autofree char *child = g_build_filename (path, name, NULL);

    remove_all (child);
  }
  g_remove (path);
}

void
mh_test_dir_free (char *dir)
{
  remove_all (dir);
  g_free (dir);
}

GBytes *
mh_test_dir_dup_body (MhStore *store, const MhStoreHit *hit)
{
  GBytes *body;

  g_assert_cmpint (mh_store_load (store, hit->id, MH_STORE_WINDOW, &body), ==,
      MH_STORE_BODY_READY);
  return body;
}

static void
dump_hits (GString *text, MhStore *store, gint64 key)
{
  const MhStoreHit *hit;

  while ((hit = mh_store_head (store, key))) {
    g_autoptr (GBytes) body = mh_test_dir_dup_body (store, hit);

    g_string_append_printf (text, " %s:%" G_GINT64_FORMAT ":%.*s",
        mh_event_name (hit->event), hit->ts, (int) g_bytes_get_size (body),
        (const char *) g_bytes_get_data (body, NULL));
    mh_store_acknowledge (store, hit->id, NULL);
  }
}

char *
mh_test_dir_take_out (MhStore *store)
{
  g_autoptr (GArray) keys = mh_store_dup_sessions (store);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < keys->len; i++) {
    gint64 key = g_array_index (keys, gint64, i);
    const MhStoreSession *row = mh_store_get_session (store, key);

    if (row->n_hits == 0)
      continue;
    g_string_append_printf (text,
        "%s %s %s %" G_GINT64_FORMAT " %d:", row->server,
        row->protocol == MH_PROTOCOL_MEDIA_EDGE ? "media-edge"
                                                : "media-collection",
        row->session_id ? row->session_id : "-", row->accepted, row->ended);
    dump_hits (text, store, key);
    g_string_append_c (text, '\n');
  }
  return g_string_free (text, FALSE);
}

static sqlite3 *
open_db (const char *dir, int flags)
{
  g_autofree char *path = g_build_filename (dir, "hits.db", NULL);
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open_v2 (path, &db, flags, NULL), ==, SQLITE_OK);
  sqlite3_busy_timeout (db, 10000);
  return db;
}

char *
mh_test_dir_dump_disk (const char *dir)
{
  static const char *const sql =
      "SELECT server || ' ' || protocol || ' ' || ifnull (session_id, '-') || "
      "' ' || accepted || ' ' || ended || ':' || (SELECT group_concat (' ' || "
      "event || ':' || ts || ':' || cast (body AS TEXT), '') FROM (SELECT * "
      "FROM hits WHERE session = sessions.id ORDER BY seq)) FROM sessions "
      "WHERE EXISTS (SELECT 1 FROM hits WHERE session = sessions.id) "
      "ORDER BY id";
  sqlite3 *db = open_db (dir, SQLITE_OPEN_READWRITE);
  GString *text = g_string_new (NULL);
  sqlite3_stmt *statement = NULL;
  int status;

  g_assert_cmpint (
      sqlite3_prepare_v2 (db, sql, -1, &statement, NULL), ==, SQLITE_OK);
  while ((status = sqlite3_step (statement)) == SQLITE_ROW)
    g_string_append_printf (
        text, "%s\n", (const char *) sqlite3_column_text (statement, 0));
  g_assert_cmpint (status, ==, SQLITE_DONE);
  sqlite3_finalize (statement);
  sqlite3_close (db);
  return g_string_free (text, FALSE);
}

int
mh_test_dir_get_number (const char *dir, const char *sql)
{
  sqlite3 *db = open_db (dir, SQLITE_OPEN_READWRITE);
  sqlite3_stmt *statement = NULL;
  int number;

  g_assert_cmpint (
      sqlite3_prepare_v2 (db, sql, -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  number = sqlite3_column_int (statement, 0);
  sqlite3_finalize (statement);
  sqlite3_close (db);
  return number;
}

void
mh_test_dir_exec (const char *dir, const char *sql)
{
  sqlite3 *db = open_db (dir, SQLITE_OPEN_READWRITE);

  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}
