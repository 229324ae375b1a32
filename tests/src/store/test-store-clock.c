/* Tests of mh-store-clock: a wall clock that turns out to have been wrong.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-store.h"

#include <string.h>

#include "mh-test-dir.h"

/* Milliseconds from CLOCK_BOOTTIME to UTC: booted in 1970, and in truth. */
#define WRONG G_GINT64_CONSTANT (0)
#define RIGHT G_GINT64_CONSTANT (1795896000000)

#define BOOT "first"
#define ID "the-media"

/* The boot and the clock are set before anything else. */
static MhStore *
open_store (const char *dir, const char *boot, gint64 clock)
{
  MhStore *store = mh_store_new (100);

  if (dir) {
    mh_store_attach (store, dir);
    g_assert_true (mh_store_is_safe (store));
  }
  mh_store_set_clock (store, boot, clock);
  return store;
}

static gint64
add (MhStore *store, gint64 ts)
{
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
  gint64 key = mh_store_add_session (
      store, "https://a.example", MH_PROTOCOL_MEDIA_COLLECTION);

  mh_store_append (store, key, MH_EVENT_PLAY, ts, body);
  return key;
}

static void
assert_shift (MhStore *store, gint64 key, gint64 shift)
{
  g_assert_cmpint (mh_store_get_session (store, key)->shift, ==, shift);
}

static guint
count_old (MhStore *store, gint64 before)
{
  g_autoptr (GArray) keys = mh_store_dup_old (store, before);

  return keys->len;
}

/* ---- sessions ---- */

static void
test_memory (void)
{
  g_autoptr (MhStore) store = open_store (NULL, BOOT, WRONG);
  gint64 early = add (store, 60000);
  gint64 late;

  mh_store_set_accepted (store, early, 61000);
  g_assert_cmpuint (count_old (store, RIGHT), ==, 1);
  mh_store_set_clock (store, BOOT, RIGHT);
  assert_shift (store, early, RIGHT);
  g_assert_cmpint (
      mh_store_get_session (store, early)->accepted, ==, RIGHT + 61000);
  g_assert_cmpuint (count_old (store, RIGHT), ==, 0);
  g_assert_cmpuint (count_old (store, RIGHT + 60001), ==, 1);
  late = add (store, RIGHT + 1000);
  mh_store_set_clock (store, BOOT, RIGHT + 5000);
  assert_shift (store, early, RIGHT + 5000);
  assert_shift (store, late, 5000);
}

static gint64
adopt (MhStore *store)
{
  guint dropped;
  g_autoptr (GArray) keys = mh_store_adopt (store, &dropped);

  g_assert_cmpuint (keys->len, ==, 1);
  return g_array_index (keys, gint64, 0);
}

static void
assert_sent_shift (MhStore *store, gint64 key, gint64 shift)
{
  g_assert_cmpint (mh_store_get_session (store, key)->sent_shift, ==, shift);
}

/* What the server has in part, or may have, goes on as it began. How old it is, is
 * known all the same, also to the next process. */
static void
test_begun (gconstpointer data)
{
  char *dir = mh_test_dir_new ();
  MhStore *store = open_store (dir, BOOT, WRONG);
  gint64 key = add (store, 60000);

  mh_store_set_clock (store, BOOT, RIGHT - 5000);
  assert_sent_shift (store, key, RIGHT - 5000);
  if (data)
    mh_store_set_accepted (store, key, RIGHT + 61000);
  else
    mh_store_set_sent (store, mh_store_head (store, key)->id, TRUE);
  mh_store_set_clock (store, BOOT, RIGHT);
  assert_sent_shift (store, key, RIGHT - 5000);
  assert_shift (store, key, RIGHT);
  mh_store_free (store);
  store = open_store (dir, BOOT, RIGHT + 9000);
  key = adopt (store);
  assert_sent_shift (store, key, RIGHT - 5000);
  assert_shift (store, key, RIGHT + 9000);
  g_assert_cmpuint (count_old (store, RIGHT + 9000), ==, 0);
  mh_store_free (store);
  mh_test_dir_free (dir);
}

/* It was in the future, and is set back. */
static void
test_back (void)
{
  g_autoptr (MhStore) store = open_store (NULL, BOOT, RIGHT + 5000);
  gint64 key = add (store, RIGHT + 6000);

  mh_store_set_clock (store, BOOT, RIGHT);
  assert_shift (store, key, -5000);
}

/* A clock that is adjusted is not wrong, but may become so little by little. */
static void
test_adjusted (void)
{
  g_autoptr (MhStore) store = open_store (NULL, BOOT, RIGHT);
  gint64 key = add (store, RIGHT);

  for (guint i = 1; i <= 10; i++) {
    mh_store_set_clock (store, BOOT, RIGHT + i * 100);
    assert_shift (store, key, 0);
  }
  mh_store_set_clock (store, BOOT, RIGHT + 1001);
  assert_shift (store, key, 1001);
}

/* Where the boot cannot be named, only this process knows what it means. */
static void
test_nameless (void)
{
  char *dir = mh_test_dir_new ();
  MhStore *store = open_store (dir, NULL, WRONG);
  gint64 key = add (store, 60000);

  mh_store_set_clock (store, NULL, RIGHT);
  assert_shift (store, key, RIGHT);
  mh_store_free (store);
  store = open_store (dir, NULL, RIGHT + 50000);
  assert_shift (store, adopt (store), RIGHT);
  mh_store_free (store);
  mh_test_dir_free (dir);
}

/* The clock is set while no process runs, and after the next boot it is wrong
 * again. */
static void
test_next_process (void)
{
  char *dir = mh_test_dir_new ();
  MhStore *store = open_store (dir, BOOT, WRONG);
  gint64 key;

  add (store, 60000);
  mh_store_free (store);
  store = open_store (dir, BOOT, RIGHT);
  key = adopt (store);
  assert_shift (store, key, RIGHT);
  g_assert_cmpuint (count_old (store, RIGHT), ==, 0);
  mh_store_free (store);
  store = open_store (dir, "second", WRONG + 7000);
  key = adopt (store);
  assert_shift (store, key, RIGHT);
  mh_store_set_clock (store, "second", RIGHT + 7000);
  assert_shift (store, key, RIGHT);
  mh_store_free (store);
  mh_test_dir_free (dir);
}

/* The clock is set while the process runs: the next boot knows it. */
static void
test_next_boot (void)
{
  char *dir = mh_test_dir_new ();
  MhStore *store = open_store (dir, BOOT, WRONG);

  add (store, 60000);
  g_assert_true (mh_store_commit (store));
  mh_store_set_clock (store, BOOT, RIGHT);
  mh_store_free (store);
  store = open_store (dir, "second", RIGHT);
  assert_shift (store, adopt (store), RIGHT);
  mh_store_free (store);
  mh_test_dir_free (dir);
}

/* ---- positions ---- */

static void
put (MhStore *store, gint64 ts)
{
  const MhPosition position = { 20, FALSE, ts };

  mh_store_put_position (store, ID, &position);
}

static void
assert_position (MhStore *store, gint64 ts)
{
  MhPosition position;

  g_assert_true (mh_store_get_position (store, ID, &position));
  g_assert_cmpint (position.ts, ==, ts);
}

/* Of the positions that are too old, none was put under a wrong clock of this
 * boot: neither for one that reads it, nor for one that makes room. */
static void
test_position (gconstpointer data)
{
  char *dir = data ? mh_test_dir_new () : NULL;
  MhStore *store = open_store (dir, BOOT, WRONG);
  const MhPosition other = { 1, FALSE, RIGHT + 70000 };

  put (store, 60000);
  for (guint i = 0; i < 2; i++) {
    mh_store_set_clock (store, BOOT, RIGHT);
    mh_store_set_positions_from (store, RIGHT);
    assert_position (store, RIGHT + 60000);
    g_assert_true (mh_store_commit (store));
  }
  mh_store_put_position (store, "other", &other);
  g_assert_true (mh_store_commit (store));
  assert_position (store, RIGHT + 60000);
  mh_store_free (store);
  if (dir)
    mh_test_dir_free (dir);
}

/* @data: whether the next process comes with the next boot. */
static void
test_position_next (gconstpointer data)
{
  char *dir = mh_test_dir_new ();
  MhStore *store = open_store (dir, BOOT, WRONG);
  const MhPosition other = { 1, FALSE, RIGHT + 70000 };

  put (store, 60000);
  g_assert_true (mh_store_commit (store));
  if (data)
    mh_store_set_clock (store, BOOT, RIGHT);
  mh_store_free (store);
  store = open_store (dir, data ? "second" : BOOT, RIGHT);
  mh_store_set_positions_from (store, RIGHT);
  assert_position (store, RIGHT + 60000);
  mh_store_put_position (store, "other", &other);
  g_assert_true (mh_store_commit (store));
  assert_position (store, RIGHT + 60000);
  mh_store_free (store);
  mh_test_dir_free (dir);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store-clock/memory", test_memory);
  g_test_add_func ("/store-clock/back", test_back);
  g_test_add_data_func ("/store-clock/begun/accepted", "", test_begun);
  g_test_add_data_func ("/store-clock/begun/sent", NULL, test_begun);
  g_test_add_func ("/store-clock/adjusted", test_adjusted);
  g_test_add_func ("/store-clock/nameless", test_nameless);
  g_test_add_func ("/store-clock/next-process", test_next_process);
  g_test_add_func ("/store-clock/next-boot", test_next_boot);
  g_test_add_data_func ("/store-clock/position/memory", NULL, test_position);
  g_test_add_data_func ("/store-clock/position/disk", "", test_position);
  g_test_add_data_func (
      "/store-clock/position/next-process", NULL, test_position_next);
  g_test_add_data_func (
      "/store-clock/position/next-boot", "", test_position_next);
  return g_test_run ();
}
