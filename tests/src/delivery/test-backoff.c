/* Tests of mh-backoff.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-backoff.h"

#define SEC(s) MH_TIME_FROM_SEC (s)

static void
test_doubles (void)
{
  static const int ceilings[] = { 1, 2, 4, 8, 16, 32, 60, 60 };

  for (guint i = 0; i < G_N_ELEMENTS (ceilings); i++) {
    g_assert_cmpint (mh_backoff_delay (i + 1, 0, 0), ==, 0);
    g_assert_cmpint (
        mh_backoff_delay (i + 1, 0, 0.5), ==, SEC (ceilings[i]) / 2);
    g_assert_cmpint (
        mh_backoff_delay (i + 1, 0, 0.999999999), <, SEC (ceilings[i]));
  }
}

static void
test_many_attempts (void)
{
  g_assert_cmpint (mh_backoff_delay (64, 0, 0.5), ==, SEC (30));
  g_assert_cmpint (mh_backoff_delay (G_MAXUINT, 0, 0.5), ==, SEC (30));
}

static void
test_retry_after (void)
{
  g_assert_cmpint (mh_backoff_delay (1, SEC (120), 0), ==, SEC (120));
  g_assert_cmpint (mh_backoff_delay (2, SEC (120), 0.5), ==, SEC (121));
}

static void
test_retry_after_bounds (void)
{
  g_assert_cmpint (mh_backoff_delay (1, MH_TIME_NEVER, 0), ==, SEC (86400));
  g_assert_cmpint (
      mh_backoff_delay (7, SEC (86401), 0.5), ==, SEC (86400) + SEC (30));
  g_assert_cmpint (mh_backoff_delay (1, -1, 0.5), ==, SEC (1) / 2);
}

static void
test_offline (void)
{
  static const int ceilings[] = { 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024,
    1800, 1800 };

  for (guint i = 0; i < G_N_ELEMENTS (ceilings); i++) {
    g_assert_cmpint (mh_backoff_server_delay (i + 1, 0), ==, 0);
    g_assert_cmpint (
        mh_backoff_server_delay (i + 1, 0.5), ==, SEC (ceilings[i]) / 2);
  }
  g_assert_cmpint (mh_backoff_server_delay (G_MAXUINT, 0.5), ==, SEC (900));
}

/* How often a start that fails is reported. */
static void
test_start (void)
{
  g_assert_cmpint (mh_backoff_start_delay (1), ==, MH_BACKOFF_START);
  g_assert_cmpint (mh_backoff_start_delay (4), ==, 8 * MH_BACKOFF_START);
  g_assert_cmpint (mh_backoff_start_delay (100), ==, MH_BACKOFF_START_CAP);
  g_assert_cmpint (
      mh_backoff_start_delay (G_MAXUINT), ==, MH_BACKOFF_START_CAP);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/backoff/doubles-up-to-a-minute", test_doubles);
  g_test_add_func ("/backoff/many-attempts", test_many_attempts);
  g_test_add_func ("/backoff/offline/half-an-hour", test_offline);
  g_test_add_func ("/backoff/retry-after/not-before", test_retry_after);
  g_test_add_func ("/backoff/retry-after/bounds", test_retry_after_bounds);
  return g_test_run ();
  g_test_add_func ("/backoff/start", test_start);
}
