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
  MhEnding ending = MH_ENDING_INIT;

  g_assert_true (mh_ending_fail (&ending, "a:1", AT (5000)));
  g_assert_cmpint (ending.state, ==, MH_ENDING_FAILED);
  g_assert_false (mh_ending_fail (&ending, "b:2", AT (5001)));
  g_assert_false (mh_ending_fail (&ending, "c:3", AT (6900)));
  /* Each of them belongs to the one before. */
  g_assert_false (mh_ending_fail (&ending, "d:4", AT (8000)));
}

static void
test_another (void)
{
  MhEnding ending = MH_ENDING_INIT;

  g_assert_true (mh_ending_fail (&ending, "a:1", AT (5000)));
  g_assert_true (mh_ending_fail (&ending, "b:2", AT (8000)));
}

/* What an error does to another element comes as late as the queue between them
 * is long; where there was none before, it is one. */
static void
test_flow_error (void)
{
  MhEnding ending = MH_ENDING_INIT;

  g_assert_true (mh_ending_fail (&ending, FLOW, AT (1000)));
  mh_ending_begin_item (&ending);
  g_assert_true (mh_ending_fail (&ending, "a:1", AT (5000)));
  g_assert_false (mh_ending_fail (&ending, FLOW, AT (65000)));
}

static void
test_deadline (void)
{
  MhEnding ending = MH_ENDING_INIT;

  g_assert_cmpint (mh_ending_deadline (&ending), ==, MH_TIME_NEVER);
  mh_ending_move (&ending, AT (4000));
  mh_ending_fail (&ending, "a:1", AT (5000));
  g_assert_cmpint (
      mh_ending_deadline (&ending), ==, AT (5000) + MH_ENDING_STILL);
  mh_ending_move (&ending, AT (9000));
  g_assert_cmpint (
      mh_ending_deadline (&ending), ==, AT (9000) + MH_ENDING_STILL);
  mh_ending_break (&ending);
  g_assert_cmpint (ending.state, ==, MH_ENDING_BROKEN);
  g_assert_cmpint (mh_ending_deadline (&ending), ==, MH_TIME_NEVER);
}

static void
test_stop (void)
{
  MhEnding ending = MH_ENDING_INIT;

  g_assert_true (mh_ending_stop (&ending, AT (1000)));
  g_assert_false (mh_ending_stop (&ending, AT (2000)));
  g_assert_true (mh_ending_is_stopping (&ending));
  g_assert_cmpint (ending.stop_at, ==, AT (1000));
  mh_ending_resume (&ending);
  g_assert_cmpint (ending.state, ==, MH_ENDING_NONE);
}

/* It was called off: the error is still there. */
static void
test_stop_after_error (void)
{
  MhEnding ending = MH_ENDING_INIT;

  mh_ending_fail (&ending, "a:1", AT (1000));
  mh_ending_stop (&ending, AT (2000));
  g_assert_cmpint (mh_ending_deadline (&ending), ==, MH_TIME_NEVER);
  g_assert_false (mh_ending_fail (&ending, "b:2", AT (2001)));
  mh_ending_resume (&ending);
  g_assert_cmpint (ending.state, ==, MH_ENDING_FAILED);
  mh_ending_begin_item (&ending);
  g_assert_cmpint (ending.state, ==, MH_ENDING_NONE);
}

static void
test_closed_window (void)
{
  g_assert_true (mh_ending_is_closed_window ("gst-resource-error-quark:3"));
  g_assert_false (mh_ending_is_closed_window ("gst-resource-error-quark:9"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ending/burst", test_burst);
  g_test_add_func ("/ending/another", test_another);
  g_test_add_func ("/ending/flow-error", test_flow_error);
  g_test_add_func ("/ending/deadline", test_deadline);
  g_test_add_func ("/ending/stop", test_stop);
  g_test_add_func ("/ending/stop-after-error", test_stop_after_error);
  g_test_add_func ("/ending/closed-window", test_closed_window);
  return g_test_run ();
}
