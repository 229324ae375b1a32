/* Tests of mh-buffering (docs/design/inference.md#buffering).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-buffering.h"

#define MSEC MH_TIME_FROM_MSEC

static void
test_lowest (void)
{
  MhBuffering buffering = { 0 };

  g_assert_cmpint (mh_buffering_percent (&buffering), ==, 100);
  g_assert_true (mh_buffering_tell (&buffering, 1, 20, 0));
  g_assert_false (mh_buffering_tell (&buffering, 2, 50, 0));
  g_assert_cmpint (mh_buffering_percent (&buffering), ==, 20);
  mh_buffering_tell (&buffering, 1, 70, 0);
  g_assert_cmpint (mh_buffering_percent (&buffering), ==, 50);
  mh_buffering_tell (&buffering, 2, 100, 0);
  g_assert_cmpint (mh_buffering_percent (&buffering), ==, 70);
  mh_buffering_tell (&buffering, 3, 100, 0);
  g_assert_cmpint (mh_buffering_percent (&buffering), ==, 70);
  mh_buffering_tell (&buffering, 1, 100, 0);
  g_assert_cmpint (mh_buffering_percent (&buffering), ==, 100);
  g_assert_cmpuint (buffering.n_sources, ==, 0);
}

static void
test_flush (void)
{
  MhBuffering buffering = { 0 };

  mh_buffering_tell (&buffering, 1, 20, 0);
  mh_buffering_tell (&buffering, 2, 30, 0);
  mh_buffering_flush (&buffering);
  g_assert_cmpint (mh_buffering_percent (&buffering), ==, 20);
  mh_buffering_tell (&buffering, 2, 40, 0);
  g_assert_cmpint (mh_buffering_percent (&buffering), ==, 40);
  mh_buffering_tell (&buffering, 1, 10, 0);
  g_assert_cmpint (mh_buffering_percent (&buffering), ==, 10);
  mh_buffering_flush (&buffering);
  mh_buffering_tell (&buffering, 3, 100, 0);
  g_assert_cmpint (mh_buffering_percent (&buffering), ==, 100);
}

/* Of too many, the one that has said nothing for longest is left out. */
static void
test_bounded (void)
{
  MhBuffering buffering = { 0 };

  for (int i = 0; i <= MH_BUFFERING_SOURCES; i++)
    mh_buffering_tell (&buffering, (guint64) i, i, 0);
  g_assert_cmpuint (buffering.n_sources, ==, MH_BUFFERING_SOURCES);
  g_assert_cmpint (mh_buffering_percent (&buffering), ==, 1);
}

/* A buffer that gets low just before a pause is what that is for. */
static void
test_low_before (void)
{
  MhBuffering buffering = { 0 };

  mh_buffering_tell (&buffering, 1, 90, MSEC (1000));
  mh_buffering_tell (&buffering, 1, 10, MSEC (1900));
  g_assert_false (mh_buffering_fills (&buffering));
  mh_buffering_begin_pause (&buffering, MSEC (2000));
  g_assert_true (mh_buffering_fills (&buffering));
  mh_buffering_tell (&buffering, 1, 100, MSEC (5000));
  g_assert_false (mh_buffering_fills (&buffering));
  /* It is low again in the same pause. */
  mh_buffering_tell (&buffering, 1, 99, MSEC (5100));
  g_assert_true (mh_buffering_fills (&buffering));
  mh_buffering_end_pause (&buffering);
  g_assert_true (mh_buffering_is_low (&buffering));
  g_assert_false (mh_buffering_fills (&buffering));
}

/* One that was low for long, and played, is not. */
static void
test_low_for_long (void)
{
  MhBuffering buffering = { 0 };

  mh_buffering_tell (&buffering, 1, 90, MSEC (1000));
  mh_buffering_begin_pause (&buffering, MSEC (2001));
  g_assert_false (mh_buffering_fills (&buffering));
}

/* Nor is one that gets low in a pause. */
static void
test_low_after (void)
{
  MhBuffering buffering = { 0 };

  mh_buffering_begin_pause (&buffering, 0);
  mh_buffering_tell (&buffering, 1, 0, MSEC (10));
  g_assert_true (mh_buffering_is_low (&buffering));
  g_assert_false (mh_buffering_fills (&buffering));
}

/* Where no message tells, the element in front is asked, and again while it fills. */
static void
test_asked (void)
{
  MhBuffering buffering = { 0 };

  mh_buffering_begin_pause (&buffering, MSEC (1000));
  g_assert_false (mh_buffering_wants_answer (&buffering));
  mh_buffering_ask (&buffering, MSEC (1000));
  g_assert_true (mh_buffering_wants_answer (&buffering));
  g_assert_cmpint (buffering.ask_at, ==, MSEC (1000));
  mh_buffering_ask_again (&buffering, MSEC (1100));
  g_assert_cmpint (buffering.ask_at, ==, MSEC (1350));
  g_assert_true (mh_buffering_answer (&buffering, 40, MSEC (1000)));
  g_assert_cmpint (buffering.low_since, ==, MSEC (1000));
  g_assert_true (mh_buffering_fills (&buffering));
  g_assert_true (mh_buffering_wants_answer (&buffering));
  g_assert_false (mh_buffering_answer (&buffering, 100, MSEC (1000)));
  g_assert_false (mh_buffering_fills (&buffering));
  g_assert_false (mh_buffering_wants_answer (&buffering));
}

/* The answer that a buffer is full says that the pause is the viewer's. */
static void
test_answered_full (void)
{
  MhBuffering buffering = { 0 };

  mh_buffering_ask (&buffering, 0);
  g_assert_true (mh_buffering_answer (&buffering, 100, 0));
  g_assert_false (mh_buffering_wants_answer (&buffering));
  g_assert_false (mh_buffering_answer (&buffering, 20, 0));
  g_assert_false (mh_buffering_fills (&buffering));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/buffering/fill/lowest", test_lowest);
  g_test_add_func ("/buffering/fill/flush", test_flush);
  g_test_add_func ("/buffering/fill/bounded", test_bounded);
  g_test_add_func ("/buffering/low/before-pause", test_low_before);
  g_test_add_func ("/buffering/low/for-long", test_low_for_long);
  g_test_add_func ("/buffering/low/in-pause", test_low_after);
  g_test_add_func ("/buffering/asked", test_asked);
  g_test_add_func ("/buffering/answered-full", test_answered_full);
  return g_test_run ();
}
