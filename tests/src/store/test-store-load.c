/* Tests of mh-store: what has been adopted is read from the disk when it is to
 * be sent, some hits at a time, and whatever becomes of the disk meanwhile.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-test-dir.h"
#include "mh-test-vfs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MANY 10000

/* One to a page of the database, and so many of them that the first are not kept
 * in SQLite's memory when the last have been looked through. */
#define LONG 3000
#define LONG_ONES 2000

typedef struct
{
  char *top;
  char *dir;
  char *path; /* of the database */
  MhStore *store;
  GArray *keys; /* of what it has adopted */
} Fixture;

static MhStore *
open_store (Fixture *f)
{
  MhStore *store = mh_store_new (2 * MANY);

  mh_store_attach (store, f->dir);
  return store;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  mh_test_vfs_fail (MH_TEST_FAULT_ERROR, -1, FALSE);
  f->top = mh_test_dir_new ();
  f->dir = g_build_filename (f->top, "state", NULL);
  f->path = g_build_filename (f->dir, "hits.db", NULL);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  mh_test_vfs_fail (MH_TEST_FAULT_ERROR, -1, FALSE);
  mh_store_free (f->store);
  g_clear_pointer (&f->keys, g_array_unref);
  mh_test_dir_free (f->top);
  g_free (f->dir);
  g_free (f->path);
}

/* The number of a hit, filled up to @length. */
static GBytes *
make_body (guint n, gsize length)
{
  g_autofree char *number = g_strdup_printf ("%u ", n);
  char *text = g_strnfill (MAX (length, strlen (number)), 'x');

  memcpy (text, number, strlen (number));
  return g_bytes_new_take (text, strlen (text));
}

/* What a process that is gone has left: @n_hits, @length bytes each, and all of
 * them in @n_sessions. Another one comes and adopts that. */
static void
leave (Fixture *f, guint n_sessions, guint n_hits, gsize length)
{
  MhStore *store = open_store (f);
  g_autofree gint64 *keys = g_new (gint64, n_sessions);
  guint dropped;

  for (guint i = 0; i < n_sessions; i++)
    keys[i] = mh_store_add_session (
        store, "https://a.example", MH_PROTOCOL_MEDIA_COLLECTION);
  for (guint i = 0; i < n_hits; i++) {
    g_autoptr (GBytes) body = make_body (i, length);
    MhEvent event = i < n_sessions ? MH_EVENT_SESSION_START : MH_EVENT_PING;

    mh_store_append (store, keys[i % n_sessions], event, 1000 + i, body);
  }
  mh_store_free (store);
  f->store = open_store (f);
  f->keys = mh_store_adopt (f->store, &dropped);
  g_assert_cmpuint (f->keys->len, ==, n_sessions);
  g_assert_cmpuint (dropped, ==, 0);
  g_assert_cmpuint (mh_store_count (f->store), ==, n_hits);
}

static gint64
get_key (Fixture *f, guint i)
{
  return g_array_index (f->keys, gint64, i % f->keys->len);
}

/* Returns: its number, or -1: its row is damaged, or it cannot be read now. */
static gint
take (Fixture *f, gint64 key, guint n, MhStoreBody *result)
{
  const MhStoreHit *head = mh_store_head (f->store, key);
  g_autoptr (GBytes) body = NULL;
  g_autofree char *text = NULL;

  *result = mh_store_load (f->store, head->id, n, &body);
  if (*result != MH_STORE_BODY_READY) {
    g_assert_null (body);
    return -1;
  }
  head = mh_store_head (f->store, key);
  g_assert_cmpuint (head->length, ==, g_bytes_get_size (body));
  mh_store_acknowledge (f->store, head->id, NULL);
  text = g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  return atoi (text);
}

static guint
take_losses (MhStore *store)
{
  g_autoptr (GArray) losses = mh_store_take_losses (store);
  guint n = 0;

  for (guint i = 0; losses && i < losses->len; i++)
    n += g_array_index (losses, MhStoreLoss, i).n;
  g_assert_false (mh_store_has_losses (store));
  return n;
}

/* Takes what is left of a single session, in order. Returns: how many. */
static guint
take_rest (Fixture *f, gint *last)
{
  gint64 key = get_key (f, 0);
  guint n = 0;

  while (mh_store_head (f->store, key)) {
    MhStoreBody result;
    gint number = take (f, key, MH_STORE_WINDOW, &result);

    g_assert_cmpint (result, !=, MH_STORE_BODY_LATER);
    if (result == MH_STORE_BODY_DAMAGED)
      continue;
    g_assert_cmpint (number, >, *last);
    *last = number;
    n++;
  }
  return n;
}

/* ---- windows ---- */

static void
test_window (Fixture *f, gconstpointer data)
{
  guint n_sessions = GPOINTER_TO_UINT (data);
  guint window = MAX (1, MH_STORE_WINDOW / n_sessions);

  leave (f, n_sessions, MANY, 200);
  g_assert_cmpuint (mh_store_count_loaded (f->store), ==, 0);
  for (guint i = 0; i < MANY; i++) {
    MhStoreBody result;

    g_assert_cmpint (take (f, get_key (f, i), window, &result), ==, i);
    g_assert_cmpuint (mh_store_count_loaded (f->store), <=, MH_STORE_WINDOW);
  }
  g_assert_cmpuint (mh_store_count (f->store), ==, 0);
  g_assert_cmpuint (mh_store_count_loaded (f->store), ==, 0);
  g_assert_true (mh_store_commit (f->store));
  g_assert_cmpuint (take_losses (f->store), ==, 0);
}

/* Long ones are fewer. One that is longer than all may be together is alone. */
static void
test_bytes (Fixture *f, gconstpointer data)
{
  gsize length = GPOINTER_TO_SIZE (data);
  guint most = MAX (1, (guint) (MH_STORE_WINDOW_BYTES / length));

  leave (f, 1, 10, length);
  for (guint i = 0; i < 10; i++) {
    MhStoreBody result;

    g_assert_cmpint (take (f, get_key (f, 0), MH_STORE_WINDOW, &result), ==, i);
    g_assert_cmpuint (mh_store_count_loaded (f->store), <, MAX (most, 2));
  }
}

/* One process reads a window and is gone, then the next, then another one. */
static void
test_passed_on (Fixture *f, gconstpointer data)
{
  gint n = 0;

  leave (f, 1, 100, 200);
  while (n < 100) {
    MhStoreBody result;
    guint dropped;

    for (guint i = 0; i < 10; i++)
      g_assert_cmpint (
          take (f, get_key (f, 0), MH_STORE_WINDOW, &result), ==, n++);
    mh_store_free (f->store);
    g_array_unref (f->keys);
    f->store = open_store (f);
    f->keys = mh_store_adopt (f->store, &dropped);
    g_assert_cmpuint (mh_store_count (f->store), ==, 100 - n);
  }
}

static void
test_start (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) start = NULL;
  g_autoptr (GBytes) again = NULL;

  leave (f, 1, 3, 200);
  g_assert_null (mh_store_get_session (f->store, get_key (f, 0))->start);
  g_assert_true (mh_store_get_session (f->store, get_key (f, 0))->has_start);
  g_assert_cmpint (mh_store_load_start (f->store, get_key (f, 0), &start), ==,
      MH_STORE_BODY_READY);
  g_assert_cmpuint (g_bytes_get_size (start), ==, 200);
  g_assert_null (mh_store_get_session (f->store, get_key (f, 0))->start);
  mh_test_dir_exec (f->dir, "DELETE FROM starts");
  g_assert_cmpint (mh_store_load_start (f->store, get_key (f, 0), &again), ==,
      MH_STORE_BODY_DAMAGED);
}

/* ---- what goes wrong ---- */

static void
test_start_later (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) start = NULL;

  leave (f, 1, 3, 200);
  mh_test_vfs_fail (MH_TEST_FAULT_ERROR, 0, TRUE);
  g_assert_cmpint (mh_store_load_start (f->store, get_key (f, 0), &start), ==,
      MH_STORE_BODY_LATER);
  g_assert_null (start);
  g_assert_false (mh_store_is_safe (f->store));
  g_assert_false (mh_store_recover (f->store));
  mh_test_vfs_fail (MH_TEST_FAULT_ERROR, -1, FALSE);
  g_assert_true (mh_store_recover (f->store));
  g_assert_cmpint (mh_store_load_start (f->store, get_key (f, 0), &start), ==,
      MH_STORE_BODY_READY);
}

/* They count, and those around them arrive. */
static void
test_missing_rows (Fixture *f, gconstpointer data)
{
  gint last = -1;

  leave (f, 1, 100, 200);
  mh_test_dir_exec (f->dir, "DELETE FROM hits WHERE seq IN (1, 40, 41, 100)");
  g_assert_cmpuint (take_rest (f, &last), ==, 96);
  g_assert_cmpuint (take_losses (f->store), ==, 4);
}

/* The disk cannot be read once, in the middle of it: all of it comes, now or
 * later, and memory is given back afterwards. */
static void
test_read_error (Fixture *f, gconstpointer data)
{
  guint n_failed = 0, n_later = 0, n = 0;

  leave (f, 1, LONG_ONES, LONG);
  for (guint i = 0; n < 200; i++) {
    MhStoreBody result;
    gint number;

    mh_test_vfs_fail (MH_TEST_FAULT_ERROR, (int) (i % 7), FALSE);
    number = take (f, get_key (f, 0), 8, &result);
    n_failed += mh_test_vfs_has_failed ();
    mh_test_vfs_fail (MH_TEST_FAULT_ERROR, -1, FALSE);
    if (result == MH_STORE_BODY_LATER)
      n_later++;
    else
      g_assert_cmpint (number, ==, n++);
    g_assert_true (mh_store_recover (f->store));
    g_assert_cmpuint (n_later, <, 200);
    /* What has been taken is gone from there. */
    if (n % 100 == 0)
      g_assert_true (mh_store_commit (f->store));
  }
  g_test_message ("%u errors, %u times not now", n_failed, n_later);
  g_assert_cmpuint (n_failed, >, 20);
  g_assert_cmpuint (take_losses (f->store), ==, 0);
}

/* For good: nothing is taken for damaged, and what has been read is delivered. */
static void
test_dead_disk (Fixture *f, gconstpointer data)
{
  MhStoreBody result;
  gint n = 0, last;

  leave (f, 1, LONG_ONES, LONG);
  g_assert_cmpint (take (f, get_key (f, 0), 8, &result), ==, n++);
  mh_test_vfs_fail (MH_TEST_FAULT_ERROR, 0, TRUE);
  while (take (f, get_key (f, 0), 8, &result) == n)
    n++;
  g_assert_cmpint (result, ==, MH_STORE_BODY_LATER);
  g_assert_cmpint (n, <, LONG_ONES);
  g_assert_false (mh_store_is_safe (f->store));
  g_assert_cmpint (take (f, get_key (f, 0), 8, &result), ==, -1);
  g_assert_cmpint (result, ==, MH_STORE_BODY_LATER);
  mh_test_vfs_fail (MH_TEST_FAULT_ERROR, -1, FALSE);
  g_assert_true (mh_store_recover (f->store));
  last = n - 1;
  g_assert_cmpuint (take_rest (f, &last), ==, LONG_ONES - (guint) n);
  g_assert_cmpuint (take_losses (f->store), ==, 0);
}

/* The database is left alone as the disk is full: what is on it is there. */
static void
test_full_disk (Fixture *f, gconstpointer data)
{
  gint last = -1;

  leave (f, 1, 100, LONG);
  mh_test_vfs_fail (MH_TEST_FAULT_FULL, 0, TRUE);
  mh_store_add_session (
      f->store, "https://a.example", MH_PROTOCOL_MEDIA_COLLECTION);
  g_assert_true (mh_store_commit (f->store));
  g_assert_false (mh_store_is_safe (f->store));
  g_assert_cmpuint (take_rest (f, &last), ==, 100);
}

/* Another process sets the file aside, or it is deleted: all of it goes into the
 * new one. */
static void
test_moved (Fixture *f, gconstpointer data)
{
  MhStoreBody result;
  gint last = 0;

  leave (f, 1, 100, LONG);
  g_assert_cmpint (take (f, get_key (f, 0), 8, &result), ==, 0);
  g_assert_true (mh_store_commit (f->store));
  mh_test_dir_free (g_strdup (f->dir));
  mh_store_sync (f->store);
  g_assert_true (mh_store_is_safe (f->store));
  g_assert_cmpuint (take_losses (f->store), ==, 0);
  g_assert_cmpint (
      mh_test_dir_get_number (f->dir, "SELECT count(*) FROM hits"), ==, 99);
  g_assert_cmpuint (take_rest (f, &last), ==, 99);
}

/* Both at once: what has been read before is all that is left, and the others
 * are counted. */
static void
test_moved_and_dead (Fixture *f, gconstpointer data)
{
  MhStoreBody result;
  gint last = 0;

  leave (f, 1, LONG_ONES, LONG);
  g_assert_cmpint (take (f, get_key (f, 0), 8, &result), ==, 0);
  g_assert_true (mh_store_commit (f->store));
  /* The new file cannot be made either. */
  mh_test_dir_free (g_strdup (f->dir));
  mh_test_vfs_fail (MH_TEST_FAULT_ERROR, 0, TRUE);
  mh_store_sync (f->store);
  mh_test_vfs_fail (MH_TEST_FAULT_ERROR, -1, FALSE);
  g_assert_true (mh_store_recover (f->store));
  g_assert_cmpuint (
      take_rest (f, &last) + take_losses (f->store), ==, LONG_ONES - 1);
  g_assert_cmpint (last, >=, 7);
}

static void
write_zeroes (const char *path, long offset)
{
  g_autofree char *zeroes = g_malloc0 (4096);
  FILE *file = fopen (path, "r+");

  g_assert_cmpint (fseek (file, offset, SEEK_SET), ==, 0);
  g_assert_cmpuint (fwrite (zeroes, 1, 4096, file), ==, 4096);
  fclose (file);
}

/* A page of the file is gone: what is on others is not, and is in the new file.
 */
static void
test_bad_page (Fixture *f, gconstpointer data)
{
  guint from_end = GPOINTER_TO_UINT (data);
  gint last = -1;
  guint n, n_lost;
  int n_pages;

  leave (f, 1, LONG_ONES, LONG);
  n_pages = mh_test_dir_get_number (f->dir, "PRAGMA page_count");
  g_assert_cmpint (
      mh_test_dir_get_number (f->dir, "PRAGMA page_size"), ==, 4096);
  g_assert_cmpint (n_pages, >, LONG_ONES);
  write_zeroes (f->path, (n_pages - (int) from_end) * 4096L);
  n = take_rest (f, &last);
  n_lost = take_losses (f->store);
  g_test_message ("%u taken, %u lost", n, n_lost);
  g_assert_cmpuint (n + n_lost, ==, LONG_ONES);
  g_assert_cmpuint (n_lost, >, 0);
  g_assert_cmpuint (n_lost, <, 5);
  g_assert_true (mh_store_is_safe (f->store));
}

/* The page of the file, but for page number @but, in which hit 0 begins. */
static gsize
find_first_hit (Fixture *f, int but)
{
  g_autofree char *file = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (f->path, &file, &size, NULL));
  for (gsize at = 1; at + 4 < size; at++) {
    if (memcmp (file + at, "0 xxx", 5) == 0 &&
        !g_ascii_isdigit (file[at - 1]) && at / 4096 + 1 != (gsize) but)
      return at / 4096 + 1;
  }
  g_assert_not_reached ();
}

/* A sessionStart is there twice: as a hit, and for a batch. */
static void
test_bad_start (Fixture *f, gconstpointer data)
{
  gint last = -1;
  int starts;

  leave (f, 1, LONG_ONES, LONG);
  starts = mh_test_dir_get_number (
      f->dir, "SELECT rootpage FROM sqlite_schema WHERE name = 'starts'");
  write_zeroes (f->path, (long) (find_first_hit (f, starts) - 1) * 4096);
  g_assert_cmpuint (take_rest (f, &last), ==, LONG_ONES);
  g_assert_cmpuint (take_losses (f->store), ==, 0);
}

#define TEST(name, function, data) \
  g_test_add ("/store-load/" name, Fixture, data, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  mh_test_vfs_register ();
  TEST ("window", test_window, GUINT_TO_POINTER (1));
  TEST ("window/sessions", test_window, GUINT_TO_POINTER (10));
  TEST ("window/many-sessions", test_window, GUINT_TO_POINTER (500));
  TEST ("bytes", test_bytes, GSIZE_TO_POINTER (100000));
  TEST ("bytes/too-long", test_bytes, GSIZE_TO_POINTER (500000));
  TEST ("passed-on", test_passed_on, NULL);
  TEST ("start", test_start, NULL);
  TEST ("start/later", test_start_later, NULL);
  TEST ("missing-rows", test_missing_rows, NULL);
  TEST ("read-error", test_read_error, NULL);
  TEST ("dead-disk", test_dead_disk, NULL);
  TEST ("full-disk", test_full_disk, NULL);
  TEST ("moved", test_moved, NULL);
  TEST ("moved/dead-disk", test_moved_and_dead, NULL);
  TEST ("bad-page", test_bad_page, GUINT_TO_POINTER (1990));
  TEST ("bad-page/inside", test_bad_page, GUINT_TO_POINTER (1700));
  TEST ("bad-page/start", test_bad_start, NULL);
  return g_test_run ();
}
