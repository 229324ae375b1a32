/* Tests of mh-store-media: where people were in what they have played.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#define _GNU_SOURCE /* memmem() */

#include "mh-store.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mh-test-dir.h"
#include "mh-test-vfs.h"

#define ID "https://a.example/film"

typedef struct
{
  char *top;
  char *dir; /* in it; NULL: memory only */
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->top = mh_test_dir_new ();
  f->dir = data ? NULL : g_build_filename (f->top, "state", NULL);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  mh_test_dir_free (f->top);
  g_free (f->dir);
}

static MhStore *
open_store (Fixture *f)
{
  MhStore *store = mh_store_new (100);

  if (f->dir) {
    mh_store_attach (store, f->dir);
    g_assert_true (mh_store_is_safe (store));
    g_assert_null (mh_store_take_problem (store));
  }
  return store;
}

static void
put (MhStore *store, const char *id, double playhead, gint64 ts)
{
  const MhPosition position = { playhead, FALSE, ts };

  mh_store_put_position (store, id, &position);
}

static void
commit (MhStore *store)
{
  g_assert_true (mh_store_commit (store));
}

/* -1: none */
static double
get (MhStore *store, const char *id)
{
  MhPosition position;

  return mh_store_get_position (store, id, &position) ? position.playhead : -1;
}

/* Before and after it is written. */
static void
test_put (Fixture *f, gconstpointer data)
{
  g_autoptr (MhStore) store = open_store (f);
  MhPosition position = { 3.5, FALSE, 1000 };

  g_assert_cmpfloat (get (store, ID), ==, -1);
  for (guint i = 0; i < 2; i++) {
    position.playhead++;
    position.complete = i == 1;
    position.ts++;
    mh_store_put_position (store, ID, &position);
    for (guint j = 0; j < 2; j++) {
      MhPosition found = { 0 };

      g_assert_true (mh_store_get_position (store, ID, &found));
      g_assert_cmpfloat (found.playhead, ==, position.playhead);
      g_assert_cmpint (found.complete, ==, position.complete);
      g_assert_cmpint (found.ts, ==, position.ts);
      commit (store);
    }
  }
  g_assert_cmpfloat (get (store, "another"), ==, -1);
}

static void
test_empty (Fixture *f, gconstpointer data)
{
  g_autoptr (MhStore) store = open_store (f);

  g_assert_true (mh_store_is_empty (store));
  put (store, ID, 20, 1);
  g_assert_false (mh_store_is_empty (store));
  commit (store);
  /* In memory only it would be lost. */
  g_assert_cmpint (mh_store_is_empty (store), ==, f->dir != NULL);
}

static void
put_many (MhStore *store, guint first, guint end)
{
  for (guint i = first; i < end; i++) {
    g_autofree char *id = g_strdup_printf ("item-%u", i);

    put (store, id, i, 1 + i);
  }
  commit (store);
}

static void
test_too_many (Fixture *f, gconstpointer data)
{
  g_autoptr (MhStore) store = open_store (f);

  put_many (store, 0, MH_STORE_MAX_POSITIONS);
  g_assert_cmpfloat (get (store, "item-0"), ==, 0);
  put (store, "item-0", 5, 5000);
  commit (store);
  put_many (store, MH_STORE_MAX_POSITIONS, MH_STORE_MAX_POSITIONS + 2);
  g_assert_cmpfloat (get (store, "item-0"), ==, 5);
  g_assert_cmpfloat (get (store, "item-1"), ==, -1);
  g_assert_cmpfloat (get (store, "item-2"), ==, -1);
  g_assert_cmpfloat (get (store, "item-3"), ==, 3);
}

static void
test_too_old (Fixture *f, gconstpointer data)
{
  g_autoptr (MhStore) store = open_store (f);

  put (store, "old", 20, 99);
  put (store, "new", 30, 100);
  commit (store);
  mh_store_set_positions_from (store, 100);
  g_assert_cmpfloat (get (store, "old"), ==, -1);
  g_assert_cmpfloat (get (store, "new"), ==, 30);
  put (store, "another", 40, 101);
  commit (store);
  /* It is gone, at least from the disk. */
  mh_store_set_positions_from (store, 0);
  g_assert_cmpfloat (get (store, "old"), ==, f->dir ? -1 : 20);
  g_assert_cmpfloat (get (store, "new"), ==, 30);
}

static void
test_forget (Fixture *f, gconstpointer data)
{
  g_autoptr (MhStore) store = open_store (f);

  put (store, "one", 20, 1);
  commit (store);
  put (store, "two", 20, 1);
  mh_store_forget_positions (store);
  g_assert_cmpfloat (get (store, "one"), ==, -1);
  g_assert_cmpfloat (get (store, "two"), ==, -1);
  put (store, "three", 20, 1);
  g_assert_cmpfloat (get (store, "three"), ==, 20);
  commit (store);
  g_assert_cmpfloat (get (store, "one"), ==, -1);
  g_assert_cmpfloat (get (store, "three"), ==, 20);
}

/* ---- on the disk ---- */

static void
test_survives (Fixture *f, gconstpointer data)
{
  g_autoptr (MhStore) store = open_store (f);

  put (store, ID, 20, 1);
  g_clear_pointer (&store, mh_store_free);
  store = open_store (f);
  g_assert_cmpfloat (get (store, ID), ==, 20);
}

/* Whoever writes last is right. */
static void
test_two (Fixture *f, gconstpointer data)
{
  g_autoptr (MhStore) one = open_store (f);
  g_autoptr (MhStore) two = open_store (f);

  put (one, ID, 20, 2);
  commit (one);
  g_assert_cmpfloat (get (two, ID), ==, 20);
  put (two, ID, 30, 1);
  g_assert_cmpfloat (get (one, ID), ==, 20);
  commit (two);
  g_assert_cmpfloat (get (one, ID), ==, 30);
  mh_store_forget_positions (one);
  commit (one);
  g_assert_cmpfloat (get (one, ID), ==, -1);
  g_assert_cmpfloat (get (two, ID), ==, -1);
}

#define N_PROCESSES 4
#define N_WRITES 50

/* Others may be in the way so often that it counts as a failure: then it is
 * tried again by whoever owns the store. */
static void
write_many (Fixture *f, guint process)
{
  g_autofree char *own = g_strdup_printf ("own-%u", process);
  MhStore *store = mh_store_new (100);

  mh_store_attach (store, f->dir);
  for (guint i = 1; i <= N_WRITES; i++) {
    put (store, own, i, i);
    put (store, ID, process * 1000 + i, i);
    while (!mh_store_recover (store) || !mh_store_commit (store))
      ;
  }
  mh_store_free (store);
}

/* Processes at the same time. */
static void
test_processes (Fixture *f, gconstpointer data)
{
  g_autoptr (MhStore) store = NULL;
  pid_t pids[N_PROCESSES];
  guint shared;

  for (guint i = 0; i < N_PROCESSES; i++) {
    pids[i] = fork ();
    if (pids[i] == 0) {
      write_many (f, i);
      _exit (0);
    }
    g_assert_cmpint (pids[i], >, 0);
  }
  for (guint i = 0; i < N_PROCESSES; i++) {
    int status;

    g_assert_cmpint (waitpid (pids[i], &status, 0), ==, pids[i]);
    g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
  }
  store = open_store (f);
  for (guint i = 0; i < N_PROCESSES; i++) {
    g_autofree char *own = g_strdup_printf ("own-%u", i);

    g_assert_cmpfloat (get (store, own), ==, N_WRITES);
  }
  /* Somebody's last. */
  shared = (guint) get (store, ID);
  g_assert_cmpuint (shared % 1000, ==, N_WRITES);
  g_assert_cmpuint (shared / 1000, <, N_PROCESSES);
}

static gboolean
is_on_disk (Fixture *f, const char *text)
{
  static const char *const names[] = { "hits.db", "hits.db-wal" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (f->dir, names[i], NULL);
    g_autofree char *bytes = NULL;
    gsize length;

    if (g_file_get_contents (path, &bytes, &length, NULL) &&
        memmem (bytes, length, text, strlen (text)))
      return TRUE;
  }
  return FALSE;
}

/* What was watched is not to be read there, and after an opt-out not even
 * whether it was. */
static void
test_private (Fixture *f, gconstpointer data)
{
  g_autoptr (MhStore) store = open_store (f);
  g_autofree char *hash = g_compute_checksum_for_string (
      G_CHECKSUM_SHA256, ID, -1);

  put (store, ID, 20, 1);
  commit (store);
  g_assert_false (is_on_disk (f, ID));
  g_assert_true (is_on_disk (f, hash));
  mh_store_sync (store);
  mh_store_forget_positions (store);
  mh_store_scrub (store);
  g_assert_false (is_on_disk (f, hash));
}

/* The tables as version 3 has made them. */
static void
test_version_3 (Fixture *f, gconstpointer data)
{
  g_autoptr (MhStore) store = open_store (f);
  g_autoptr (GArray) keys = NULL;
  guint dropped;
  gint64 key = mh_store_add_session (
      store, "https://a.example", MH_PROTOCOL_MEDIA_COLLECTION);
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);

  mh_store_append (store, key, MH_EVENT_PLAY, 1000, body);
  g_clear_pointer (&store, mh_store_free);
  mh_test_dir_exec (f->dir,
      "DROP TABLE positions; DROP TABLE failures; ALTER TABLE sessions DROP COLUMN sent;"
      "ALTER TABLE sessions DROP COLUMN hint;"
      "ALTER TABLE sessions DROP COLUMN played;"
      "ALTER TABLE sessions DROP COLUMN boot;"
      "ALTER TABLE sessions DROP COLUMN clock;"
      "ALTER TABLE sessions DROP COLUMN shift;"
      "ALTER TABLE sessions DROP COLUMN sent_shift;"
      "PRAGMA user_version = 3");
  store = open_store (f);
  keys = mh_store_adopt (store, &dropped);
  g_assert_cmpuint (keys->len, ==, 1);
  g_assert_cmpint (
      mh_store_head (store, g_array_index (keys, gint64, 0))->ts, ==, 1000);
  g_assert_cmpfloat (get (store, ID), ==, -1);
  put (store, ID, 20, 1);
  commit (store);
  g_clear_pointer (&store, mh_store_free);
  store = open_store (f);
  g_assert_cmpfloat (get (store, ID), ==, 20);
}

static void
test_nonsense (Fixture *f, gconstpointer data)
{
  static const char *const nonsense[] = { "9e999", "-9e999", "-1" };
  g_autoptr (MhStore) store = open_store (f);

  put (store, ID, 20, 1);
  commit (store);
  for (guint i = 0; i < G_N_ELEMENTS (nonsense); i++) {
    g_autofree char *sql = g_strdup_printf (
        "UPDATE positions SET playhead = %s", nonsense[i]);

    mh_test_dir_exec (f->dir, sql);
    g_assert_cmpfloat (get (store, ID), ==, -1);
  }
  g_assert_true (mh_store_is_safe (store));
}

/* What this process has put is not lost with its table. */
static void
test_no_table (Fixture *f, gconstpointer data)
{
  g_autoptr (MhStore) store = open_store (f);

  put (store, ID, 20, 1);
  commit (store);
  mh_test_dir_exec (f->dir, "DROP TABLE positions");
  g_assert_cmpfloat (get (store, ID), ==, 20);
  put (store, "another", 30, 1);
  commit (store);
  g_assert_false (mh_store_is_safe (store));
  g_assert_cmpfloat (get (store, ID), ==, 20);
  g_assert_cmpfloat (get (store, "another"), ==, 30);
}

/* A directory that cannot be used, until it can. */
static void
test_no_disk (Fixture *f, gconstpointer data)
{
  g_autoptr (MhStore) store = mh_store_new (100);

  g_assert_true (g_file_set_contents (f->dir, "a file", -1, NULL));
  mh_store_attach (store, f->dir);
  g_assert_false (mh_store_is_safe (store));
  mh_store_forget_positions (store);
  put (store, ID, 20, 1);
  commit (store);
  g_assert_cmpfloat (get (store, ID), ==, 20);
  g_assert_false (mh_store_is_empty (store));
  g_assert_cmpint (g_unlink (f->dir), ==, 0);
  g_assert_true (mh_store_recover (store));
  g_assert_true (mh_store_is_empty (store));
  g_clear_pointer (&store, mh_store_free);
  store = open_store (f);
  g_assert_cmpfloat (get (store, ID), ==, 20);
}

/* Whatever of it fails, and how: this process knows, and in the end the disk. */
static void
test_faults (Fixture *f, gconstpointer data)
{
  static const MhTestFault faults[] = { MH_TEST_FAULT_ERROR, MH_TEST_FAULT_FULL,
    MH_TEST_FAULT_TORN, MH_TEST_FAULT_SHORT };

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++) {
    gboolean failed = TRUE;
    guint n_failed = 0;

    for (int n = 0; failed; n++) {
      g_autoptr (MhStore) store = NULL;

      g_free (f->dir);
      f->dir = g_strdup_printf ("%s/state-%u-%d", f->top, i, n);
      store = open_store (f);
      put (store, ID, 20, 1);
      commit (store);
      mh_test_vfs_fail (faults[i], n, FALSE);
      g_assert_cmpfloat (get (store, ID), ==, 20);
      put (store, ID, 30, 2);
      mh_store_commit (store);
      g_assert_cmpfloat (get (store, ID), ==, 30);
      mh_store_sync (store);
      failed = mh_test_vfs_has_failed ();
      n_failed += failed;
      mh_test_vfs_fail (faults[i], -1, FALSE);
      g_assert_true (mh_store_recover (store));
      g_assert_cmpfloat (get (store, ID), ==, 30);
      g_clear_pointer (&store, mh_store_free);
      store = open_store (f);
      g_assert_cmpfloat (get (store, ID), ==, 30);
    }
    if (faults[i] != MH_TEST_FAULT_SHORT)
      g_assert_cmpuint (n_failed, >, 0);
  }
}

#define TEST(name, function) \
  g_test_add ( \
      "/store-position/" name, Fixture, NULL, set_up, function, tear_down)

#define TEST_BOTH(name, function) \
  G_STMT_START \
  { \
    TEST ("disk/" name, function); \
    g_test_add ("/store-position/memory/" name, Fixture, "memory", set_up, \
        function, tear_down); \
  } \
  G_STMT_END

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  mh_test_vfs_register ();
  TEST_BOTH ("put", test_put);
  TEST_BOTH ("empty", test_empty);
  TEST_BOTH ("too-many", test_too_many);
  TEST_BOTH ("too-old", test_too_old);
  TEST_BOTH ("forget", test_forget);
  TEST ("survives", test_survives);
  TEST ("two", test_two);
  TEST ("processes", test_processes);
  TEST ("private", test_private);
  TEST ("version-3", test_version_3);
  TEST ("nonsense", test_nonsense);
  TEST ("no-table", test_no_table);
  TEST ("no-disk", test_no_disk);
  TEST ("faults", test_faults);
  return g_test_run ();
}
