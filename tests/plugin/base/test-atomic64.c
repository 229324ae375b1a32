/* Tests of mh-atomic64, with the halves that a machine without 64-bit stores has.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#define MH_ATOMIC64_HALVES 1

#include "mh-atomic64.h"

#define NONE G_MAXUINT64

static const guint64 numbers[] = {
  0,
  1,
  G_MAXUINT32,
  (guint64) G_MAXUINT32 + 1,
  G_GUINT64_CONSTANT (0x0000000500000007),
  G_GUINT64_CONSTANT (0x0000000700000005),
  G_GUINT64_CONSTANT (0x123456789abcdef0),
  NONE,
};

static void
test_stored (void)
{
  MhAtomic64 wide = { 0 };

  g_assert_cmpuint (mh_atomic64_load (&wide, 9), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++) {
    mh_atomic64_store (&wide, numbers[i]);
    g_assert_cmpuint (mh_atomic64_load (&wide, 9), ==, numbers[i]);
  }
}

/* What a reader finds that has seen some words of one number, and the others
 * of another. */
static guint64
load_mixed (guint64 one, guint64 other, guint words)
{
  MhAtomic64 from, to, mixed;

  mh_atomic64_store (&from, one);
  mh_atomic64_store (&to, other);
  mixed.high = words & 1 ? to.high : from.high;
  mixed.low = words & 2 ? to.low : from.low;
  mixed.check = words & 4 ? to.check : from.check;
  return mh_atomic64_load (&mixed, 9);
}

static void
test_torn (void)
{
  guint refused = 0;

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    for (guint j = 0; j < G_N_ELEMENTS (numbers); j++)
      for (guint words = 0; words < 8; words++) {
        guint64 value = load_mixed (numbers[i], numbers[j], words);

        refused += value == 9;
        g_assert_true (
            value == 9 || value == numbers[i] || value == numbers[j]);
      }
  g_assert_cmpuint (refused, >, 0);
}

typedef struct
{
  MhAtomic64 wide;
  int ended; /* atomic */
} Shared;

static gpointer
store_many (gpointer data)
{
  Shared *shared = data;

  for (guint64 i = 0; i < 1000000; i++)
    mh_atomic64_store (&shared->wide, i << 32 | (guint32) ~i);
  g_atomic_int_set (&shared->ended, 1);
  return NULL;
}

/* Whatever is loaded has been stored. */
static void
test_threads (void)
{
  Shared shared = { 0 };
  GThread *thread;

  mh_atomic64_store (&shared.wide, (guint32) ~0U);
  thread = g_thread_new ("store", store_many, &shared);
  while (!g_atomic_int_get (&shared.ended)) {
    guint64 value = mh_atomic64_load (&shared.wide, NONE);

    if (value != NONE)
      g_assert_cmpuint ((guint32) value, ==, (guint32) ~(value >> 32));
  }
  g_thread_join (thread);
  g_assert_cmpuint (mh_atomic64_load (&shared.wide, NONE) >> 32, ==, 999999);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/atomic64/stored", test_stored);
  g_test_add_func ("/atomic64/torn", test_torn);
  g_test_add_func ("/atomic64/threads", test_threads);
  return g_test_run ();
}
