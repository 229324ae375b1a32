/* Tests of mh-data-watch.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-data-watch.h"

#define MSEC MH_TIME_FROM_MSEC

static void
test_take (void)
{
  MhLook look = { 0 };

  mh_look_take (&look, MSEC (100), 3);
  g_assert_true (look.flows);
  mh_look_take (&look, MSEC (400), 3);
  g_assert_false (look.flows);
  g_assert_cmpint (look.before, ==, MSEC (100));
  g_assert_true (mh_look_has_flowed (&look, MSEC (400), MSEC (301)));
  g_assert_false (mh_look_has_flowed (&look, MSEC (400), MSEC (300)));
}

static void
test_sleep (void)
{
  MhLook look = { 0 };

  mh_look_take (&look, MSEC (100), 3);
  mh_look_sleep (&look, MSEC (9000));
  mh_look_take (&look, MSEC (9100), 4);
  g_assert_cmpint (look.before, ==, MSEC (9000));
  g_assert_cmpint (look.flowed_at, ==, MSEC (9100));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/look/take", test_take);
  g_test_add_func ("/look/sleep", test_sleep);
  return g_test_run ();
}
