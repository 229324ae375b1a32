/* Tests of mh-store: its database, others that use it, and what may be wrong
 * with it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#define _GNU_SOURCE /* F_OFD_SETLK */

#include "mh-test-dir.h"
#include "mh-test-vfs.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct
{
  char *top;
  char *dir; /* in it, not there yet */
  char *path; /* of the database */
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->top = mh_test_dir_new ();
  f->dir = g_build_filename (f->top, "state", "here", NULL);
  f->path = g_build_filename (f->dir, "hits.db", NULL);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  mh_test_dir_free (f->top);
  g_free (f->dir);
  g_free (f->path);
}

/* One that works, or does not. */
static MhStore *
open_any (Fixture *f)
{
  MhStore *store = mh_store_new (100);

  mh_store_attach (store, f->dir);
  return store;
}

static MhStore *
open_store (Fixture *f)
{
  MhStore *store = open_any (f);

  g_assert_true (mh_store_is_safe (store));
  g_assert_null (mh_store_take_problem (store));
  return store;
}

static gint64
add (MhStore *store)
{
  return mh_store_add_session (
      store, "https://a.example", MH_PROTOCOL_MEDIA_COLLECTION);
}

static void
append (MhStore *store, gint64 session, const char *text)
{
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));

  mh_store_append (store, session, MH_EVENT_PLAY, 1000, body);
}

/* A session of a process that is gone, with these hits. */
static void
leave (Fixture *f, const char *first, const char *second)
{
  g_autoptr (MhStore) store = open_store (f);
  gint64 key = add (store);

  append (store, key, first);
  if (second)
    append (store, key, second);
}

static gint64
adopt_one (MhStore *store)
{
  guint dropped;
  g_autoptr (GArray) keys = mh_store_adopt (store, &dropped);

  g_assert_cmpuint (keys->len, ==, 1);
  g_assert_cmpuint (dropped, ==, 0);
  return g_array_index (keys, gint64, 0);
}

static void
adopt_none (MhStore *store)
{
  guint dropped;
  g_autoptr (GArray) keys = mh_store_adopt (store, &dropped);

  g_assert_cmpuint (keys->len, ==, 0);
}

static void
assert_takes (MhStore *store, gint64 key, const char *body)
{
  const MhStoreHit *head = mh_store_head (store, key);
  g_autoptr (GBytes) found = NULL;

  g_assert_nonnull (head);
  found = mh_test_dir_dup_body (store, head);
  g_assert_cmpmem (g_bytes_get_data (found, NULL), g_bytes_get_size (found),
      body, strlen (body));
  mh_store_acknowledge (store, head->id, NULL);
}

/* One line, and then all goes on in memory. */
static void
assert_problem (MhStore *store, const char *part)
{
  g_autofree char *problem = mh_store_take_problem (store);

  g_test_message ("%s", problem);
  g_assert_nonnull (problem);
  g_assert_nonnull (strstr (problem, part));
  g_assert_null (strchr (problem, '\n'));
  g_assert_null (mh_store_take_problem (store));
}

static void
assert_works (MhStore *store)
{
  gint64 key = add (store);

  append (store, key, "one");
  append (store, key, "two");
  g_assert_true (mh_store_commit (store));
  mh_store_sync (store);
  assert_takes (store, key, "one");
  assert_takes (store, key, "two");
  g_assert_true (mh_store_commit (store));
  mh_store_remove_session (store, key);
}

static void
assert_in_memory (Fixture *f, const char *part)
{
  g_autoptr (MhStore) store = open_any (f);

  g_assert_false (mh_store_is_safe (store));
  assert_problem (store, part);
  assert_works (store);
  adopt_none (store);
  g_assert_false (mh_store_recover (store));
  g_assert_false (mh_store_needs_sync (store));
}

/* ---- others ---- */

static void
test_adopt (Fixture *f, gconstpointer data)
{
  MhStore *first = open_store (f);
  g_autoptr (MhStore) second = NULL;
  gint64 key = add (first);
  const MhStoreSession *row;

  append (first, key, "start");
  append (first, key, "one");
  append (first, key, "two");
  g_assert_true (mh_store_commit (first));
  mh_store_set_accepted (first, key, 1234);
  mh_store_acknowledge (first, mh_store_head (first, key)->id, "sid");
  g_assert_true (mh_store_commit (first));

  /* It lives. */
  second = open_store (f);
  adopt_none (second);
  mh_store_free (first);
  add (second);
  key = adopt_one (second);
  row = mh_store_get_session (second, key);
  g_assert_cmpstr (row->session_id, ==, "sid");
  g_assert_cmpstr (row->server, ==, "https://a.example");
  g_assert_cmpint (row->accepted, ==, 1234);
  g_assert_true (row->adopted);
  g_assert_false (row->ended);
  g_assert_cmpuint (row->n_hits, ==, 2);
  adopt_none (second);
  assert_takes (second, key, "one");
  assert_takes (second, key, "two");
  mh_store_remove_session (second, key);
  adopt_none (second);
}

/* Text that would break out of a statement's quotes is text: in a hit, and in
 * the sessionStart that is kept. */
static void
test_quotes (Fixture *f, gconstpointer data)
{
  static const char text[] = "{\"n\":\"Don't'); DROP TABLE hits; --\"}";
  g_autoptr (GBytes) body = g_bytes_new_static (text, strlen (text));
  g_autoptr (MhStore) store = open_store (f);
  g_autoptr (MhStore) next = NULL;
  g_autoptr (GBytes) start = NULL;
  gint64 key = add (store);

  mh_store_append (store, key, MH_EVENT_SESSION_START, 1000, body);
  append (store, key, text);
  g_assert_true (mh_store_commit (store));
  g_assert_true (mh_store_is_safe (store));
  g_clear_pointer (&store, mh_store_free);
  next = open_store (f);
  key = adopt_one (next);
  g_assert_cmpint (
      mh_store_load_start (next, key, &start), ==, MH_STORE_BODY_READY);
  g_assert_true (g_bytes_equal (start, body));
  assert_takes (next, key, text);
  assert_takes (next, key, text);
}

/* Only one of several has it, and passes it on when it goes as well. */
static void
test_adopt_once (Fixture *f, gconstpointer data)
{
  MhStore *first;
  g_autoptr (MhStore) second = NULL;
  gint64 key;

  leave (f, "one", "two");
  first = open_store (f);
  second = open_store (f);
  assert_takes (first, adopt_one (first), "one");
  adopt_none (second);
  mh_store_free (first);
  key = adopt_one (second);
  assert_takes (second, key, "two");
  g_assert_null (mh_store_head (second, key));
}

static void
test_adopt_order (Fixture *f, gconstpointer data)
{
  g_autoptr (MhStore) store = NULL;
  g_autoptr (GArray) keys = NULL;
  g_autoptr (GArray) all = NULL;
  const MhStoreLimits limits = { 2, 1000, 1000 };
  guint dropped;
  gint64 own;

  leave (f, "a1", NULL);
  leave (f, "b1", "b2");
  leave (f, "c1", NULL);
  store = open_store (f);
  own = add (store);
  append (store, own, "own");
  keys = mh_store_adopt (store, &dropped);
  g_assert_cmpuint (keys->len, ==, 3);
  all = mh_store_dup_sessions (store);
  g_assert_cmpuint (all->len, ==, 4);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (
        g_array_index (all, gint64, i), ==, g_array_index (keys, gint64, i));
  g_assert_cmpint (g_array_index (all, gint64, 3), ==, own);
  /* They are the first to make room. */
  mh_store_set_limits (store, &limits);
  append (store, own, "own");
  g_assert_cmpuint (mh_store_count (store), ==, 2);
  g_assert_cmpuint (mh_store_get_session (store, own)->n_hits, ==, 2);
}

static void
test_adopt_too_many (Fixture *f, gconstpointer data)
{
  g_autoptr (MhStore) store = NULL;
  g_autoptr (GArray) keys = NULL;
  const MhStoreLimits limits = { 3, 1000, 1000 };
  guint dropped;

  leave (f, "a1", "a2");
  leave (f, "b1", "b2");
  leave (f, "c1", NULL);
  store = open_store (f);
  mh_store_set_limits (store, &limits);
  keys = mh_store_adopt (store, &dropped);
  g_assert_cmpuint (dropped, ==, 2);
  g_assert_cmpuint (keys->len, ==, 2);
  assert_takes (store, g_array_index (keys, gint64, 0), "b1");
  assert_takes (store, g_array_index (keys, gint64, 1), "c1");
}

/* A version with more protocols and events has been at it. */
static void
test_adopt_unknown (Fixture *f, gconstpointer data)
{
  g_autoptr (MhStore) store = NULL;
  gint64 key;

  leave (f, "one", "two");
  leave (f, "other", NULL);
  mh_test_dir_exec (f->dir, "UPDATE hits SET event = 'leap' WHERE seq = 1");
  mh_test_dir_exec (f->dir,
      "UPDATE sessions SET protocol = 'telegraph' WHERE id = "
      "(SELECT max (id) FROM sessions)");
  store = open_store (f);
  key = adopt_one (store);
  assert_takes (store, key, "two");
  g_assert_null (mh_store_head (store, key));
}

/* Somebody else holds the database for long. */
static void
test_busy (Fixture *f, gconstpointer data)
{
  g_autoptr (MhStore) store = open_store (f);
  g_autofree char *disk = NULL;
  g_autofree char *memory = NULL;
  gint64 key = add (store);
  sqlite3 *other = NULL;
  guint tries = 1;

  append (store, key, "one");
  g_assert_true (mh_store_commit (store));
  g_assert_cmpint (sqlite3_open (f->path, &other), ==, SQLITE_OK);
  g_assert_cmpint (
      sqlite3_exec (other, "BEGIN IMMEDIATE", NULL, NULL, NULL), ==, SQLITE_OK);
  append (store, key, "two");
  g_assert_false (mh_store_commit (store));
  g_assert_true (mh_store_is_safe (store));
  append (store, key, "three");
  while (!mh_store_commit (store))
    tries++;
  g_assert_cmpuint (tries, <, 10);
  assert_problem (store, "in memory only");
  g_assert_false (mh_store_is_safe (store));
  assert_takes (store, key, "one");
  append (store, key, "four");
  g_assert_true (mh_store_commit (store));

  sqlite3_exec (other, "COMMIT", NULL, NULL, NULL);
  sqlite3_close (other);
  g_assert_true (mh_store_recover (store));
  g_assert_null (mh_store_take_problem (store));
  disk = mh_test_dir_dump_disk (f->dir);
  memory = mh_test_dir_take_out (store);
  g_assert_cmpstr (disk, ==, memory);
  g_assert_nonnull (strstr (disk, "two play:1000:three play:1000:four"));
}

/* ---- files ---- */

static guint
mode_of (const char *dir, const char *name)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  struct stat status;

  g_assert_cmpint (lstat (path, &status), ==, 0);
  return status.st_mode & 0777;
}

static void
test_modes (Fixture *f, gconstpointer data)
{
  mode_t before = umask (0);
  g_autoptr (MhStore) store = open_store (f);

  assert_works (store);
  g_assert_cmpuint (mode_of (f->dir, ""), ==, 0700);
  g_assert_cmpuint (mode_of (f->dir, "hits.db"), ==, 0600);
  g_assert_cmpuint (mode_of (f->dir, "hits.db-wal"), ==, 0600);
  g_assert_cmpuint (mode_of (f->dir, "hits.db-shm"), ==, 0600);
  g_assert_cmpuint (mode_of (f->dir, "hits.lock"), ==, 0600);
  umask (before);
}

static void
make_dir (Fixture *f)
{
  g_assert_cmpint (g_mkdir_with_parents (f->dir, 0700), ==, 0);
}

static void
write_file (const char *path, const char *text, gssize length)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, length, &error);
  g_assert_no_error (error);
}

static void
test_no_directory (Fixture *f, gconstpointer data)
{
  g_autofree char *file = g_build_filename (f->top, "state", NULL);

  write_file (file, "a file", -1);
  assert_in_memory (f, "cannot make the state directory");
}

static void
test_read_only (Fixture *f, gconstpointer data)
{
  g_free (f->dir);
  f->dir = g_strdup ("/proc/self");
  assert_in_memory (f, "cannot use");
}

static void
test_open_to_all (Fixture *f, gconstpointer data)
{
  make_dir (f);
  g_assert_cmpint (g_chmod (f->dir, 0777), ==, 0);
  assert_in_memory (f, "everybody may write");
}

static void
test_somebody_elses (Fixture *f, gconstpointer data)
{
  make_dir (f);
  if (chown (f->dir, 12345, (gid_t) -1) < 0) {
    g_test_skip ("only root can give a directory away");
    return;
  }
  assert_in_memory (f, "another user");
}

static void
test_symlink (Fixture *f, gconstpointer data)
{
  g_autofree char *target = g_build_filename (f->top, "target", NULL);

  make_dir (f);
  g_assert_cmpint (symlink (target, f->path), ==, 0);
  assert_in_memory (f, "not a file of one's own");
  g_assert_false (g_file_test (target, G_FILE_TEST_EXISTS));
}

/* The directory may be one. */
static void
test_symlink_directory (Fixture *f, gconstpointer data)
{
  char *link = g_build_filename (f->top, "link", NULL);

  make_dir (f);
  g_assert_cmpint (symlink (f->dir, link), ==, 0);
  g_free (f->dir);
  f->dir = link;
  leave (f, "one", NULL);
}

/* It is not touched, and the version that made it goes on with it. */
static void
test_newer (Fixture *f, gconstpointer data)
{
  g_autoptr (MhStore) store = NULL;
  g_autofree char *back = NULL;

  leave (f, "one", NULL);
  back = g_strdup_printf ("PRAGMA user_version = %d",
      mh_test_dir_get_number (f->dir, "PRAGMA user_version"));
  mh_test_dir_exec (f->dir, "PRAGMA user_version = 1000");
  assert_in_memory (f, "a newer version");
  mh_test_dir_exec (f->dir, back);
  store = open_store (f);
  assert_takes (store, adopt_one (store), "one");
}

/* What the first version has left, whose sessions knew of no TLS database, and of no
 * consent. */
static void
test_version_1 (Fixture *f, gconstpointer data)
{
  g_autoptr (MhStore) store = NULL;
  const MhStoreSession *row;
  gint64 key;

  make_dir (f);
  write_file (f->path, "", 0);
  mh_test_dir_exec (f->dir,
      "CREATE TABLE owners (id INTEGER PRIMARY KEY AUTOINCREMENT);"
      "CREATE TABLE sessions (id INTEGER PRIMARY KEY, owner INTEGER NOT NULL,"
      " server TEXT NOT NULL, protocol TEXT NOT NULL, session_id TEXT,"
      " accepted INTEGER NOT NULL, ended INTEGER NOT NULL, mode TEXT NOT "
      "NULL);"
      "CREATE TABLE starts (session INTEGER PRIMARY KEY, body BLOB NOT NULL);"
      "CREATE TABLE hits (session INTEGER NOT NULL, seq INTEGER NOT NULL,"
      " event TEXT NOT NULL, ts INTEGER NOT NULL, body BLOB NOT NULL,"
      " PRIMARY KEY (session, seq));"
      "INSERT INTO sessions VALUES (4294967297, 1, 'https://a.example',"
      " 'media-collection', 'sid', 5, 0, 'live');"
      "INSERT INTO hits VALUES (4294967297, 1, 'play', 1000, x'6f6e65');"
      "INSERT INTO owners VALUES (1);"
      "PRAGMA user_version = 1");
  store = open_store (f);
  key = adopt_one (store);
  row = mh_store_get_session (store, key);
  g_assert_cmpstr (row->session_id, ==, "sid");
  g_assert_cmpint (row->mode, ==, MH_SEND_LIVE);
  g_assert_null (row->tls_database);
  g_assert_null (row->consent);
  assert_takes (store, key, "one");
}

/* What version 8 has that those before it did not. */
#define DROP_CLOCK \
  "ALTER TABLE sessions DROP COLUMN boot;" \
  "ALTER TABLE sessions DROP COLUMN clock;" \
  "ALTER TABLE sessions DROP COLUMN shift;" \
  "ALTER TABLE sessions DROP COLUMN sent_shift;" \
  "ALTER TABLE positions DROP COLUMN boot;" \
  "ALTER TABLE positions DROP COLUMN clock;" \
  "DROP TABLE failures;"

/* The version before the one that notes what was sent. */
static void
test_version_4 (Fixture *f, gconstpointer data)
{
  g_autoptr (MhStore) store = NULL;
  gint64 key;

  leave (f, "one", NULL);
  mh_test_dir_exec (f->dir,
      "ALTER TABLE sessions DROP COLUMN sent;"
      "ALTER TABLE sessions DROP COLUMN hint;" DROP_CLOCK
      "ALTER TABLE sessions DROP COLUMN played; PRAGMA user_version = 4");
  store = open_store (f);
  key = adopt_one (store);
  g_assert_false (mh_store_was_sent (store, mh_store_head (store, key)->id));
  assert_takes (store, key, "one");
}

/* The version before the one that keeps the server's hint. */
static void
test_version_5 (Fixture *f, gconstpointer data)
{
  g_autoptr (MhStore) store = NULL;
  gint64 key;

  leave (f, "one", NULL);
  mh_test_dir_exec (f->dir,
      "ALTER TABLE sessions DROP COLUMN hint;" DROP_CLOCK
      "ALTER TABLE sessions DROP COLUMN played; PRAGMA user_version = 5");
  store = open_store (f);
  key = adopt_one (store);
  g_assert_null (mh_store_get_session (store, key)->hint);
  assert_takes (store, key, "one");
}

/* The version before the one that notes what has played: all of it may have. */
static void
test_version_6 (Fixture *f, gconstpointer data)
{
  g_autoptr (MhStore) store = NULL;

  leave (f, "one", NULL);
  mh_test_dir_exec (f->dir,
      DROP_CLOCK
      "ALTER TABLE sessions DROP COLUMN played; PRAGMA user_version = 6");
  store = open_store (f);
  g_assert_true (mh_store_get_session (store, adopt_one (store))->played);
}

/* The version before the one that notes by which clock times were made: they are
 * left as they are. */
static void
test_version_7 (Fixture *f, gconstpointer data)
{
  g_autoptr (MhStore) store = NULL;
  const MhStoreSession *row;

  leave (f, "one", NULL);
  mh_test_dir_exec (f->dir, DROP_CLOCK "PRAGMA user_version = 7");
  store = open_store (f);
  mh_store_set_clock (store, "boot", G_GINT64_CONSTANT (1795896000000));
  row = mh_store_get_session (store, adopt_one (store));
  g_assert_null (row->boot);
  g_assert_cmpint (row->shift, ==, 0);
}

/* What has never played is the first to go in the next process as well. */
static void
test_never_played (Fixture *f, gconstpointer data)
{
  const MhStoreLimits limits = { 3, 1000, 1000 };
  g_autoptr (GBytes) body = g_bytes_new_static ("start", 5);
  MhStore *before = open_store (f);
  g_autoptr (MhStore) store = NULL;
  g_autoptr (GArray) keys = NULL;
  gint64 failed;
  guint dropped;

  append (before, add (before), "one");
  failed = add (before);
  mh_store_append (before, failed, MH_EVENT_SESSION_START, 2000, body);
  mh_store_append (before, failed, MH_EVENT_SESSION_END, 3000, body);
  mh_store_free (before);
  store = open_store (f);
  mh_store_set_limits (store, &limits);
  keys = mh_store_adopt (store, &dropped);
  g_assert_cmpuint (keys->len, ==, 2);
  append (store, add (store), "two");
  g_assert_cmpuint (mh_store_count (store), ==, 2);
  g_assert_null (mh_store_get_session (store, g_array_index (keys, gint64, 1)));
  assert_takes (store, g_array_index (keys, gint64, 0), "one");
}

/* What may have arrived is known to the next process; what comes after it was not
 * sent. */
static void
test_sent (Fixture *f, gconstpointer data)
{
  g_autoptr (MhStore) store = open_store (f);
  g_autoptr (MhStore) next = NULL;
  gint64 key = add (store);

  append (store, key, "one");
  append (store, key, "two");
  g_assert_true (mh_store_commit (store));
  mh_store_set_sent (store, mh_store_head (store, key)->id, TRUE);
  g_clear_pointer (&store, mh_store_free);
  next = open_store (f);
  key = adopt_one (next);
  g_assert_true (mh_store_was_sent (next, mh_store_head (next, key)->id));
  mh_store_acknowledge (next, mh_store_head (next, key)->id, NULL);
  g_assert_false (mh_store_was_sent (next, mh_store_head (next, key)->id));
  mh_store_set_sent (next, mh_store_head (next, key)->id, TRUE);
  mh_store_set_sent (next, mh_store_head (next, key)->id, FALSE);
  g_assert_false (mh_store_was_sent (next, mh_store_head (next, key)->id));
}

/* The whole file is looked through once, not each time that the disk is full, as
 * the worker has other players. That it was damaged meanwhile shows later. */
static void
test_checked_once (Fixture *f, gconstpointer data)
{
  g_autofree char *text = g_strnfill (20000, 'x');
  g_autofree char *aside = g_strconcat (f->path, ".corrupt-1", NULL);
  g_autofree char *zeroes = g_malloc0 (4096);
  g_autoptr (MhStore) store = NULL;
  int n = 0, fd;

  leave (f, text, text);
  mh_test_vfs_register ();
  /* The last thing that needs room is behind the look. */
  do {
    mh_store_free (store);
    mh_test_vfs_fail (MH_TEST_FAULT_FULL, n++, TRUE);
    store = open_any (f);
  } while (!mh_store_is_safe (store));
  do {
    g_assert_cmpint (n, >, 0);
    mh_store_free (store);
    mh_test_vfs_fail (MH_TEST_FAULT_FULL, --n, TRUE);
    store = open_any (f);
  } while (mh_store_is_safe (store));
  fd = open (f->path, O_WRONLY | O_CLOEXEC);
  g_assert_cmpint (lseek (fd, -4096, SEEK_END) % 4096, ==, 0);
  g_assert_cmpint (write (fd, zeroes, 4096), ==, 4096);
  close (fd);
  g_assert_false (mh_store_recover (store));
  mh_test_vfs_fail (MH_TEST_FAULT_FULL, -1, FALSE);
  g_assert_true (mh_store_recover (store));
  g_assert_false (g_file_test (aside, G_FILE_TEST_EXISTS));
}

/* As a process that opens the database does (F_RDLCK), or one that makes it. */
static int
hold_door (Fixture *f, short type)
{
  g_autofree char *path = g_build_filename (f->dir, "hits.lock", NULL);
  struct flock lock = { .l_type = type, .l_whence = SEEK_SET, .l_len = 1 };
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (fcntl (fd, F_OFD_SETLK, &lock), ==, 0);
  return fd;
}

/* To look through a large file takes a while: processes that start at the same time
 * do not wait for each other. */
static void
test_opened_together (Fixture *f, gconstpointer data)
{
  g_autoptr (MhStore) store = NULL;
  int door;

  leave (f, "one", NULL);
  door = hold_door (f, F_RDLCK);
  store = open_store (f);
  assert_takes (store, adopt_one (store), "one");
  close (door);
}

static void
assert_waits (Fixture *f, short type)
{
  int door = hold_door (f, type);
  g_autoptr (MhStore) store = open_any (f);

  g_assert_false (mh_store_is_safe (store));
  close (door);
  g_assert_true (mh_store_recover (store));
}

/* It is made by one process alone, and not opened while another one replaces it. */
static void
test_made_alone (Fixture *f, gconstpointer data)
{
  g_assert_cmpint (g_mkdir_with_parents (f->dir, 0700), ==, 0);
  assert_waits (f, F_RDLCK);
  assert_waits (f, F_WRLCK);
  g_assert_true (g_file_set_contents (f->path, "garbage", -1, NULL));
  assert_waits (f, F_RDLCK);
}

/* To cut the log each time that it begins anew, and to let it grow again, costs more
 * than what is written to it. */
static void
test_log_kept (Fixture *f, gconstpointer data)
{
  g_autofree char *log = g_strconcat (f->path, "-wal", NULL);
  g_autofree char *text = g_strnfill (16000, 'x');
  g_autoptr (MhStore) store = open_store (f);
  gint64 key = add (store);
  goffset longest = 0;
  struct stat status;

  /* The log is full and begins anew after about 200 of them. */
  for (guint i = 0; i < 500; i++) {
    append (store, key, text);
    g_assert_true (mh_store_commit (store));
    mh_store_acknowledge (store, mh_store_head (store, key)->id, NULL);
    g_assert_cmpint (stat (log, &status), ==, 0);
    g_assert_cmpint (status.st_size, >=, longest);
    longest = status.st_size;
  }
  g_assert_cmpint (longest, >, 3 << 20);
  g_assert_cmpint (longest, <=, 5 << 20);
}

/* ---- children ---- */

/* Leaves a hit, a child that lives until @alive is closed, and goes when fork()
 * has returned in that child: its copy of the lock is closed by then. */
static void
be_parent (Fixture *f, int alive)
{
  MhStore *store = open_store (f);
  int runs[2];
  char nothing = 0;

  append (store, add (store), "one");
  if (!mh_store_commit (store) || pipe (runs) != 0)
    _exit (1);
  if (fork () == 0) {
    alarm (60);
    if (write (runs[1], &nothing, 1) != 1)
      _exit (1);
    _exit (read (alive, &nothing, 1) == 0 ? 0 : 1);
  }
  _exit (read (runs[0], &nothing, 1) == 1 ? 0 : 1);
}

/* A player is gone, while a helper that it has forked is not. */
static void
test_fork_lives_on (Fixture *f, gconstpointer data)
{
  g_autoptr (MhStore) store = NULL;
  int ends[2], status;
  pid_t parent;

  g_assert_cmpint (pipe (ends), ==, 0);
  parent = fork ();
  g_assert_cmpint (parent, >=, 0);
  if (parent == 0) {
    close (ends[1]);
    be_parent (f, ends[0]);
  }
  close (ends[0]);
  g_assert_cmpint (waitpid (parent, &status, 0), ==, parent);
  g_assert_cmpint (status, ==, 0);
  store = open_store (f);
  assert_takes (store, adopt_one (store), "one");
  close (ends[1]);
}

/* SQLite is not for children: they get memory, and leave the parent's files as
 * they are. */
static void
test_fork_uses_store (Fixture *f, gconstpointer data)
{
  g_autoptr (MhStore) store = open_store (f);
  gint64 key = add (store);
  int status;
  pid_t child;

  append (store, key, "one");
  g_assert_true (mh_store_commit (store));
  child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0) {
    MhStore *own = open_any (f);

    alarm (60);
    append (own, add (own), "two");
    if (mh_store_is_safe (own) || mh_store_count (own) != 1)
      _exit (1);
    /* Not _exit(): valgrind would report what SQLite has in the parent, which a
     * child must not give back. */
    execlp ("true", "true", NULL);
    _exit (2);
  }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_cmpint (status, ==, 0);
  append (store, key, "three");
  g_assert_true (mh_store_commit (store));
  g_clear_pointer (&store, mh_store_free);
  store = open_store (f);
  assert_takes (store, adopt_one (store), "one");
}

/* It is kept with the session, for whoever delivers that. */
static void
test_tls_database (Fixture *f, gconstpointer data)
{
  g_autoptr (MhStore) store = open_store (f);
  g_autoptr (MhStore) next = NULL;
  gint64 key = add (store);

  g_assert_null (mh_store_get_session (store, key)->tls_database);
  mh_store_set_text (store, key, MH_STORE_TLS_DATABASE, "/etc/it's a CA.pem");
  append (store, key, "one");
  g_clear_pointer (&store, mh_store_free);
  next = open_store (f);
  key = adopt_one (next);
  g_assert_cmpstr (
      mh_store_get_session (next, key)->tls_database, ==, "/etc/it's a CA.pem");
}

/* What waits for the visitor waits in the next process as well. */
static void
test_consent (Fixture *f, gconstpointer data)
{
  g_autoptr (MhStore) store = open_store (f);
  g_autoptr (MhStore) next = NULL;
  g_autoptr (MhStore) last = NULL;
  gint64 key = add (store);

  g_assert_cmpuint (mh_store_count_withheld (store), ==, 0);
  mh_store_set_text (store, key, MH_STORE_CONSENT, "the visitor's");
  mh_store_set_text (store, key, MH_STORE_CONSENT, "the same visitor's");
  mh_store_set_text (store, key, MH_STORE_CONSENT, "the visitor's");
  g_assert_cmpuint (mh_store_count_withheld (store), ==, 1);
  append (store, key, "one");
  mh_store_set_text (store, add (store), MH_STORE_CONSENT, "another's");
  g_assert_cmpuint (mh_store_count_withheld (store), ==, 2);
  mh_store_remove_session (store, key + 1);
  g_assert_cmpuint (mh_store_count_withheld (store), ==, 1);
  g_clear_pointer (&store, mh_store_free);
  next = open_store (f);
  key = adopt_one (next);
  g_assert_cmpstr (
      mh_store_get_session (next, key)->consent, ==, "the visitor's");
  g_assert_cmpuint (mh_store_count_withheld (next), ==, 1);
  mh_store_set_text (next, key, MH_STORE_CONSENT, NULL);
  g_assert_cmpuint (mh_store_count_withheld (next), ==, 0);
  g_clear_pointer (&next, mh_store_free);
  last = open_store (f);
  key = adopt_one (last);
  g_assert_null (mh_store_get_session (last, key)->consent);
  assert_takes (last, key, "one");
}

/* Where the session is at the server is known to the next process. */
static void
test_hint (Fixture *f, gconstpointer data)
{
  g_autoptr (MhStore) store = open_store (f);
  g_autoptr (MhStore) next = NULL;
  gint64 key = add (store);

  append (store, key, "one");
  g_assert_true (mh_store_commit (store));
  g_assert_null (mh_store_get_session (store, key)->hint);
  mh_store_set_text (store, key, MH_STORE_HINT, "or2");
  g_assert_cmpstr (mh_store_get_session (store, key)->hint, ==, "or2");
  g_clear_pointer (&store, mh_store_free);
  next = open_store (f);
  key = adopt_one (next);
  g_assert_cmpstr (mh_store_get_session (next, key)->hint, ==, "or2");
  assert_takes (next, key, "one");
}

/* ---- damage ---- */

static void
assert_set_aside (Fixture *f, guint n, const char *bytes, gsize length)
{
  g_autofree char *path = g_strdup_printf ("%s.corrupt-%u", f->path, n);
  g_autofree char *found = NULL;
  gsize found_length;

  g_assert_true (g_file_get_contents (path, &found, &found_length, NULL));
  if (bytes)
    g_assert_cmpmem (found, found_length, bytes, length);
}

static void
assert_made_anew (Fixture *f)
{
  g_autoptr (MhStore) store = open_any (f);

  g_assert_true (mh_store_is_safe (store));
  assert_problem (store, "damaged");
  assert_works (store);
}

static void
test_garbage (Fixture *f, gconstpointer data)
{
  g_autofree char *garbage = g_strnfill (5000, 'x');

  make_dir (f);
  write_file (f->path, garbage, 5000);
  assert_made_anew (f);
  assert_set_aside (f, 1, garbage, 5000);
  write_file (f->path, garbage, 17);
  assert_made_anew (f);
  assert_set_aside (f, 2, garbage, 17);
  leave (f, "one", NULL);
}

/* As after a power cut on a bad disk: the end is missing. */
static void
test_truncated (Fixture *f, gconstpointer data)
{
  g_autofree char *body = g_strnfill (20000, 'x');
  struct stat status;

  leave (f, body, body);
  g_assert_cmpint (stat (f->path, &status), ==, 0);
  g_assert_cmpint (truncate (f->path, status.st_size / 2), ==, 0);
  assert_made_anew (f);
  assert_set_aside (f, 1, NULL, 0);
}

static void
test_empty (Fixture *f, gconstpointer data)
{
  make_dir (f);
  write_file (f->path, "", 0);
  leave (f, "one", NULL);
}

/* Not one of ours. Each is told when it is opened: what fails later than that is
 * tried again, and would fail for ever. */
static void
test_other_schema (Fixture *f, gconstpointer data)
{
  static const char *const changes[] = { "DROP TABLE owners",
    "DROP TABLE sessions", "ALTER TABLE sessions DROP COLUMN hint",
    "DROP TABLE starts", "ALTER TABLE starts DROP COLUMN body",
    "DROP TABLE hits", "ALTER TABLE hits DROP COLUMN body",
    "DROP TABLE positions", "ALTER TABLE positions DROP COLUMN boot",
    "DROP TABLE failures" };

  leave (f, "one", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++) {
    g_test_message ("%s", changes[i]);
    mh_test_dir_exec (f->dir, changes[i]);
    assert_made_anew (f);
    assert_set_aside (f, i + 1, NULL, 0);
  }
}

/* While it is open: all that is in memory goes into the new one. */
static void
test_damaged_meanwhile (Fixture *f, gconstpointer data)
{
  g_autoptr (MhStore) store = open_store (f);
  g_autoptr (MhStore) other = open_store (f);
  g_autofree char *wal = g_strconcat (f->path, "-wal", NULL);
  g_autofree char *zeroes = g_malloc0 (100000);
  g_autofree char *disk = NULL;
  g_autofree char *memory = NULL;
  gint64 key = add (store);
  FILE *file;

  append (store, key, "one");
  append (store, key, "two");
  g_assert_true (mh_store_commit (store));
  mh_store_sync (store);
  assert_takes (store, key, "one");
  /* What the store has read of it, it has to read again. */
  append (other, add (other), "other");
  g_assert_true (mh_store_commit (other));
  file = fopen (f->path, "r+");
  g_assert_cmpuint (fwrite (zeroes, 1, 100000, file), ==, 100000);
  fclose (file);
  g_assert_cmpint (truncate (wal, 0), ==, 0);

  append (store, key, "three");
  g_assert_true (mh_store_commit (store));
  assert_problem (store, "damaged");
  g_assert_true (mh_store_is_safe (store));
  assert_set_aside (f, 1, NULL, 0);
  /* The other one finds that out. */
  mh_store_sync (other);
  g_assert_true (mh_store_is_safe (other));
  mh_store_free (g_steal_pointer (&other));
  assert_takes (store, adopt_one (store), "other");
  g_assert_true (mh_store_commit (store));
  disk = mh_test_dir_dump_disk (f->dir);
  memory = mh_test_dir_take_out (store);
  g_assert_cmpstr (disk, ==, memory);
  g_assert_nonnull (strstr (disk, "two play:1000:three"));
}

/* Somebody has removed it, or another process has set it aside. */
static void
test_gone_meanwhile (Fixture *f, gconstpointer data)
{
  g_autoptr (MhStore) store = open_store (f);
  g_autoptr (MhStore) next = NULL;
  gint64 key = add (store);

  append (store, key, "one");
  g_assert_true (mh_store_commit (store));
  mh_store_sync (store);
  mh_test_dir_free (g_strdup (f->dir));
  append (store, key, "two");
  g_assert_true (mh_store_commit (store));
  mh_store_sync (store);
  g_assert_true (mh_store_is_safe (store));
  g_clear_pointer (&store, mh_store_free);
  next = open_store (f);
  key = adopt_one (next);
  assert_takes (next, key, "one");
  assert_takes (next, key, "two");
}

#define TEST(name, function) \
  g_test_add ("/store-disk/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  TEST ("adopt", test_adopt);
  TEST ("adopt/once", test_adopt_once);
  TEST ("adopt/order", test_adopt_order);
  TEST ("adopt/too-many", test_adopt_too_many);
  TEST ("adopt/unknown", test_adopt_unknown);
  TEST ("quotes", test_quotes);
  TEST ("busy", test_busy);
  TEST ("modes", test_modes);
  TEST ("no-directory", test_no_directory);
  TEST ("read-only", test_read_only);
  TEST ("open-to-all", test_open_to_all);
  TEST ("somebody-elses", test_somebody_elses);
  TEST ("symlink", test_symlink);
  TEST ("symlink/directory", test_symlink_directory);
  TEST ("newer", test_newer);
  TEST ("version-1", test_version_1);
  TEST ("version-4", test_version_4);
  TEST ("version-5", test_version_5);
  TEST ("version-6", test_version_6);
  TEST ("version-7", test_version_7);
  TEST ("sent", test_sent);
  TEST ("fork/lives-on", test_fork_lives_on);
  TEST ("fork/uses-store", test_fork_uses_store);
  TEST ("checked-once", test_checked_once);
  TEST ("log-kept", test_log_kept);
  TEST ("opened-together", test_opened_together);
  TEST ("made-alone", test_made_alone);
  TEST ("tls-database", test_tls_database);
  TEST ("never-played", test_never_played);
  TEST ("consent", test_consent);
  TEST ("hint", test_hint);
  TEST ("damaged/garbage", test_garbage);
  TEST ("damaged/truncated", test_truncated);
  TEST ("damaged/empty", test_empty);
  TEST ("damaged/other-schema", test_other_schema);
  TEST ("damaged/meanwhile", test_damaged_meanwhile);
  TEST ("gone-meanwhile", test_gone_meanwhile);
  return g_test_run ();
}
