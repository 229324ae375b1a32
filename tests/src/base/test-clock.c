/* Tests of mh-clock and of the arithmetic in mh-time.h.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-clock.h"

#include <time.h>

#include "mh-test-clock.h"
#include "mh-test-sleep.h"

static MhTime
boot_time (void)
{
  struct timespec ts;

  g_assert_cmpint (clock_gettime (CLOCK_BOOTTIME, &ts), ==, 0);
  return (MhTime) ts.tv_sec * MH_USEC_PER_SEC + ts.tv_nsec / 1000;
}

static void
test_system_now (void)
{
  const MhClock *clock = mh_clock_system ();
  MhTime before = boot_time ();
  MhTime now = mh_clock_now (clock);

  g_assert_cmpint (before, <=, now);
  g_assert_cmpint (now, <=, boot_time ());
}

/* It runs on while the machine sleeps; g_get_monotonic_time() does not. */
static void
test_system_sleep (void)
{
  const MhClock *clock = mh_clock_system ();
  MhTime before = mh_clock_now (clock);
  gint64 monotonic = g_get_monotonic_time ();

  mh_test_sleep (3600);
  g_assert_cmpint (mh_clock_now (clock) - before, >=, MH_TIME_FROM_SEC (3600));
  g_assert_cmpint (
      g_get_monotonic_time () - monotonic, <, MH_TIME_FROM_SEC (3600));
}

static void
test_system_utc (void)
{
  gint64 before = g_get_real_time ();
  gint64 utc = mh_clock_utc (mh_clock_system ());

  /* A wall clock may be set meanwhile, but hardly by a minute. */
  g_assert_cmpint (ABS (utc - before), <, 60 * MH_USEC_PER_SEC);
}

static void
test_by_hand (void)
{
  MhTestClock hand;

  mh_test_clock_init (&hand);
  mh_test_clock_advance (&hand, MH_TIME_FROM_MSEC (1500));
  g_assert_cmpint (mh_clock_now (&hand.clock), ==, 1001500000);
  g_assert_cmpint (mh_clock_utc (&hand.clock), ==, 1767225601500000);
}

static void
test_add (void)
{
  g_assert_cmpint (mh_time_add (5, 7), ==, 12);
  g_assert_cmpint (mh_time_add (-5, 7), ==, 2);
  g_assert_cmpint (mh_time_add (MH_TIME_NEVER - 1, 1), ==, MH_TIME_NEVER);
  g_assert_cmpint (mh_time_add (MH_TIME_NEVER - 1, 2), ==, MH_TIME_NEVER);
  g_assert_cmpint (mh_time_add (MH_TIME_NEVER, 1), ==, MH_TIME_NEVER);
  g_assert_cmpint (mh_time_add (1, MH_TIME_NEVER), ==, MH_TIME_NEVER);
}

static void
test_units (void)
{
  g_assert_cmpint (MH_TIME_FROM_SEC (2), ==, 2000000);
  g_assert_cmpint (MH_TIME_FROM_MSEC (2), ==, 2000);
  g_assert_cmpint (MH_TIME_TO_MSEC (2999), ==, 2);
  g_assert_cmpfloat (mh_time_seconds (1500000), ==, 1.5);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clock/system/now", test_system_now);
  g_test_add_func ("/clock/system/sleep", test_system_sleep);
  g_test_add_func ("/clock/system/utc", test_system_utc);
  g_test_add_func ("/clock/by-hand", test_by_hand);
  g_test_add_func ("/time/add/saturates", test_add);
  g_test_add_func ("/time/units", test_units);
  return g_test_run ();
}
