/* Tests of mh-data-watch.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-data-watch.h"

#define MSEC MH_TIME_FROM_MSEC

static void
test_take (void)
{
  MhDataWatch data_watch = { 0 };

  mh_data_watch_look (&data_watch, MSEC (100), 3);
  g_assert_true (data_watch.flows);
  mh_data_watch_look (&data_watch, MSEC (400), 3);
  g_assert_false (data_watch.flows);
  g_assert_cmpint (data_watch.before, ==, MSEC (100));
  g_assert_true (
      mh_data_watch_has_flowed (&data_watch, MSEC (400), MSEC (301)));
  g_assert_false (
      mh_data_watch_has_flowed (&data_watch, MSEC (400), MSEC (300)));
}

static void
test_sleep (void)
{
  MhDataWatch data_watch = { 0 };

  mh_data_watch_look (&data_watch, MSEC (100), 3);
  mh_data_watch_sleep (&data_watch, MSEC (9000));
  mh_data_watch_look (&data_watch, MSEC (9100), 4);
  g_assert_cmpint (data_watch.before, ==, MSEC (9000));
  g_assert_cmpint (data_watch.flowed_at, ==, MSEC (9100));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/data-watch/take", test_take);
  g_test_add_func ("/data-watch/sleep", test_sleep);
  return g_test_run ();
}
