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

/* The thread that stores has been interrupted. */
static void
test_torn (void)
{
  MhAtomic64 wide = { 0 };

  mh_atomic64_store (&wide, 5);
  wide.sequence++;
  g_assert_cmpuint (mh_atomic64_load (&wide, 9), ==, 9);
  wide.sequence++;
  g_assert_cmpuint (mh_atomic64_load (&wide, 9), ==, 5);
  /* A number that was stored in between does no harm. */
  wide.sequence++;
  mh_atomic64_store (&wide, 6);
  g_assert_cmpuint (mh_atomic64_load (&wide, 9), ==, 6);
}

typedef struct
{
  MhAtomic64 wide;
  int ended; /* atomic */
} Shared;

/* High and low: 0 and 0, 1 and 1, 1 and 0; never 0 and 1. */
static gpointer
store_many (gpointer data)
{
  static const guint64 turns[] = { 0, (G_GUINT64_CONSTANT (1) << 32) + 1,
    G_GUINT64_CONSTANT (1) << 32 };
  Shared *shared = data;

  for (guint i = 0; i < 1000000; i++)
    mh_atomic64_store (&shared->wide, turns[i % G_N_ELEMENTS (turns)]);
  g_atomic_int_set (&shared->ended, 1);
  return NULL;
}

/* Whatever is loaded has been stored, and is not made of several numbers. */
static void
test_threads (void)
{
  Shared shared = { 0 };
  GThread *thread = g_thread_new ("store", store_many, &shared);

  while (!g_atomic_int_get (&shared.ended))
    g_assert_cmpuint (mh_atomic64_load (&shared.wide, NONE), !=, 1);
  g_thread_join (thread);
  g_assert_cmpuint (mh_atomic64_load (&shared.wide, NONE), ==, 0);
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
