/* Tests of mh-early-end: errors and stops.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-early-end.h"

#define AT MH_TIME_FROM_MSEC
#define FLOW "gst-stream-error-quark:1"

/* One failure makes several messages. */
static void
test_burst (void)
{
  MhEarlyEnd early_end = MH_EARLY_END_INIT;

  g_assert_true (mh_early_end_fail (&early_end, "a:1", AT (5000)));
  g_assert_cmpint (early_end.state, ==, MH_EARLY_END_FAILED);
  g_assert_false (mh_early_end_fail (&early_end, "b:2", AT (5001)));
  g_assert_false (mh_early_end_fail (&early_end, "c:3", AT (6900)));
  /* Each of them belongs to the one before. */
  g_assert_false (mh_early_end_fail (&early_end, "d:4", AT (8000)));
}

static void
test_another (void)
{
  MhEarlyEnd early_end = MH_EARLY_END_INIT;

  g_assert_true (mh_early_end_fail (&early_end, "a:1", AT (5000)));
  g_assert_true (mh_early_end_fail (&early_end, "b:2", AT (8000)));
}

/* What an error does to another element comes as late as the queue between them
 * is long; where there was none before, it is one. */
static void
test_flow_error (void)
{
  MhEarlyEnd early_end = MH_EARLY_END_INIT;

  g_assert_true (mh_early_end_fail (&early_end, FLOW, AT (1000)));
  mh_early_end_begin_item (&early_end);
  g_assert_true (mh_early_end_fail (&early_end, "a:1", AT (5000)));
  g_assert_false (mh_early_end_fail (&early_end, FLOW, AT (65000)));
}

static void
test_deadline (void)
{
  MhEarlyEnd early_end = MH_EARLY_END_INIT;

  g_assert_cmpint (mh_early_end_deadline (&early_end), ==, MH_TIME_NEVER);
  mh_early_end_move (&early_end, AT (4000));
  mh_early_end_fail (&early_end, "a:1", AT (5000));
  g_assert_cmpint (
      mh_early_end_deadline (&early_end), ==, AT (5000) + MH_EARLY_END_STILL);
  mh_early_end_move (&early_end, AT (9000));
  g_assert_cmpint (
      mh_early_end_deadline (&early_end), ==, AT (9000) + MH_EARLY_END_STILL);
  mh_early_end_break (&early_end);
  g_assert_cmpint (early_end.state, ==, MH_EARLY_END_BROKEN);
  g_assert_cmpint (mh_early_end_deadline (&early_end), ==, MH_TIME_NEVER);
}

static void
test_stop (void)
{
  MhEarlyEnd early_end = MH_EARLY_END_INIT;

  g_assert_true (mh_early_end_stop (&early_end, AT (1000)));
  g_assert_false (mh_early_end_stop (&early_end, AT (2000)));
  g_assert_true (mh_early_end_is_stopping (&early_end));
  g_assert_cmpint (early_end.stop_at, ==, AT (1000));
  mh_early_end_resume (&early_end);
  g_assert_cmpint (early_end.state, ==, MH_EARLY_END_NONE);
}

/* It was called off: the error is still there. */
static void
test_stop_after_error (void)
{
  MhEarlyEnd early_end = MH_EARLY_END_INIT;

  mh_early_end_fail (&early_end, "a:1", AT (1000));
  mh_early_end_stop (&early_end, AT (2000));
  g_assert_cmpint (mh_early_end_deadline (&early_end), ==, MH_TIME_NEVER);
  g_assert_false (mh_early_end_fail (&early_end, "b:2", AT (2001)));
  mh_early_end_resume (&early_end);
  g_assert_cmpint (early_end.state, ==, MH_EARLY_END_FAILED);
  mh_early_end_begin_item (&early_end);
  g_assert_cmpint (early_end.state, ==, MH_EARLY_END_NONE);
}

static void
test_closed_window (void)
{
  g_assert_true (mh_early_end_is_closed_window ("gst-resource-error-quark:3"));
  g_assert_false (mh_early_end_is_closed_window ("gst-resource-error-quark:9"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/early-end/burst", test_burst);
  g_test_add_func ("/early-end/another", test_another);
  g_test_add_func ("/early-end/flow-error", test_flow_error);
  g_test_add_func ("/early-end/deadline", test_deadline);
  g_test_add_func ("/early-end/stop", test_stop);
  g_test_add_func ("/early-end/stop-after-error", test_stop_after_error);
  g_test_add_func ("/early-end/closed-window", test_closed_window);
  return g_test_run ();
}
