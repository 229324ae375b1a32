/* Tests of mh-retry.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-retry.h"

#define SEC(s) MH_TIME_FROM_SEC (s)

static void
test_doubles (void)
{
  static const int ceilings[] = { 1, 2, 4, 8, 16, 32, 60, 60 };

  for (guint i = 0; i < G_N_ELEMENTS (ceilings); i++) {
    g_assert_cmpint (mh_retry_delay (i + 1, 0, 0), ==, 0);
    g_assert_cmpint (mh_retry_delay (i + 1, 0, 0.5), ==, SEC (ceilings[i]) / 2);
    g_assert_cmpint (
        mh_retry_delay (i + 1, 0, 0.999999999), <, SEC (ceilings[i]));
  }
}

static void
test_many_attempts (void)
{
  g_assert_cmpint (mh_retry_delay (64, 0, 0.5), ==, SEC (30));
  g_assert_cmpint (mh_retry_delay (G_MAXUINT, 0, 0.5), ==, SEC (30));
}

static void
test_retry_after (void)
{
  g_assert_cmpint (mh_retry_delay (1, SEC (120), 0), ==, SEC (120));
  g_assert_cmpint (mh_retry_delay (2, SEC (120), 0.5), ==, SEC (121));
}

static void
test_retry_after_bounds (void)
{
  g_assert_cmpint (mh_retry_delay (1, MH_TIME_NEVER, 0), ==, SEC (86400));
  g_assert_cmpint (
      mh_retry_delay (7, SEC (86401), 0.5), ==, SEC (86400) + SEC (30));
  g_assert_cmpint (mh_retry_delay (1, -1, 0.5), ==, SEC (1) / 2);
}

static void
test_offline (void)
{
  static const int ceilings[] = { 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024,
    1800, 1800 };

  for (guint i = 0; i < G_N_ELEMENTS (ceilings); i++) {
    g_assert_cmpint (mh_retry_server_delay (i + 1, 0), ==, 0);
    g_assert_cmpint (
        mh_retry_server_delay (i + 1, 0.5), ==, SEC (ceilings[i]) / 2);
  }
  g_assert_cmpint (mh_retry_server_delay (G_MAXUINT, 0.5), ==, SEC (900));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/retry/doubles-up-to-a-minute", test_doubles);
  g_test_add_func ("/retry/many-attempts", test_many_attempts);
  g_test_add_func ("/retry/offline/half-an-hour", test_offline);
  g_test_add_func ("/retry/retry-after/not-before", test_retry_after);
  g_test_add_func ("/retry/retry-after/bounds", test_retry_after_bounds);
  return g_test_run ();
}
