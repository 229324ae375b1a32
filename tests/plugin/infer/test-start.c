/* Tests of mh-start: since when a viewer waits, and for how long a session does
 * (docs/design/inference.md#the-start).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-start.h"

#define MSEC MH_TIME_FROM_MSEC

static void
begin (MhStart *start, MhTime at)
{
  mh_start_begin_item (start, at, FALSE);
  mh_start_begin_run (start, at, FALSE);
}

/* It is told to play at once, or a moment after it is ready: since the run. */
static void
test_at_once (void)
{
  MhStart start = { 0 };

  begin (&start, 0);
  mh_start_want (&start, 0);
  g_assert_cmpint (mh_start_get_wait (&start, MSEC (1000)), ==, MSEC (1000));
  begin (&start, MSEC (5000));
  mh_start_idle (&start, MSEC (5000));
  mh_start_take_data (&start, MSEC (6000));
  mh_start_preroll (&start, MSEC (6100));
  mh_start_fill (&start, MSEC (9000));
  mh_start_want (&start, MSEC (9400));
  g_assert_cmpint (mh_start_get_wait (&start, MSEC (9500)), ==, MSEC (4500));
}

/* It was kept ready: since it was told to play. */
static void
test_kept_ready (void)
{
  MhStart start = { 0 };

  begin (&start, 0);
  mh_start_preroll (&start, MSEC (500));
  mh_start_idle (&start, MSEC (500));
  mh_start_want (&start, MSEC (60000));
  g_assert_cmpint (mh_start_get_wait (&start, MSEC (60100)), ==, MSEC (100));
}

/* It was opened, and told to play before it was ready: since it was last seen not
 * to be. */
static void
test_told_while_opening (void)
{
  MhStart start = { 0 };

  begin (&start, 0);
  mh_start_idle (&start, MSEC (700));
  mh_start_want (&start, MSEC (800));
  g_assert_cmpint (mh_start_get_wait (&start, MSEC (2000)), ==, MSEC (1300));
}

/* Another item of the run. */
static void
test_next (void)
{
  MhStart start = { 0 };

  begin (&start, 0);
  mh_start_begin_item (&start, MSEC (20000), TRUE);
  mh_start_preroll (&start, MSEC (20000));
  mh_start_want (&start, MSEC (20010));
  g_assert_cmpint (mh_start_get_wait (&start, MSEC (20020)), ==, MSEC (10));
}

/* The page has made its MediaSource long before play(). */
static void
test_fed (void)
{
  MhStart start = { 0 };

  begin (&start, 0);
  mh_start_idle (&start, 0);
  mh_start_take_data (&start, MSEC (1840));
  mh_start_preroll (&start, MSEC (1900));
  mh_start_want (&start, MSEC (1950));
  g_assert_cmpint (mh_start_get_wait (&start, MSEC (2020)), ==, MSEC (2020));
  start.is_fed = TRUE;
  g_assert_cmpint (mh_start_get_wait (&start, MSEC (2020)), ==, MSEC (180));
}

static void
test_deadline (void)
{
  MhStart start = { 0 };

  begin (&start, 0);
  mh_start_want (&start, MSEC (10));
  g_assert_cmpint (mh_start_deadline (&start), ==, MSEC (10010));
  mh_start_take_data (&start, MSEC (7000));
  mh_start_take_data (&start, MSEC (7500));
  g_assert_cmpint (mh_start_deadline (&start), ==, MSEC (8000));
  mh_start_forget_data (&start);
  g_assert_cmpint (mh_start_deadline (&start), ==, MSEC (10010));
}

/* An error counts while there is nothing to play. */
static void
test_fail (void)
{
  MhStart start = { 0 };

  mh_start_fail (&start, "nothing:1");
  g_assert_cmpint (start.state, ==, MH_START_NEXT);
  begin (&start, 0);
  mh_start_fail (&start, "first:1");
  mh_start_fail (&start, "second:1");
  g_assert_cmpint (start.state, ==, MH_START_FAILED);
  g_assert_cmpstr (start.error, ==, "first:1");
  /* It goes on all the same. */
  mh_start_take_data (&start, MSEC (100));
  g_assert_cmpint (start.state, ==, MH_START_OPENING);
  mh_start_preroll (&start, MSEC (200));
  mh_start_fail (&start, "late:1");
  g_assert_cmpint (start.state, ==, MH_START_READY);
  begin (&start, MSEC (300));
  g_assert_null (start.error);
  mh_start_fail (&start, "third:1");
  mh_start_begin_item (&start, MSEC (400), FALSE);
  mh_start_begin_run (&start, MSEC (400), TRUE);
  g_assert_cmpint (start.state, ==, MH_START_FAILED);
  g_assert_cmpstr (start.error, ==, "third:1");
  mh_start_clear (&start);
}

/* The first frame of an item is one, and what comes after it is not the start. */
static void
test_show (void)
{
  MhStart start = { 0 };

  begin (&start, 0);
  g_assert_false (mh_start_has_begun (&start));
  mh_start_take_data (&start, MSEC (100));
  g_assert_true (mh_start_has_begun (&start));
  g_assert_true (mh_start_show (&start));
  g_assert_false (mh_start_show (&start));
  mh_start_preroll (&start, MSEC (200));
  g_assert_cmpint (start.state, ==, MH_START_OPENING);
  mh_start_forget_data (&start);
  g_assert_true (mh_start_has_begun (&start));
  mh_start_begin_item (&start, MSEC (300), FALSE);
  g_assert_false (mh_start_has_begun (&start));
  g_assert_true (mh_start_show (&start));
}

/* The application starts a session: its viewer waits from then on, or has waited since
 * one was wanted. */
static void
test_called (void)
{
  MhStart start = { 0 };

  begin (&start, 0);
  mh_start_want (&start, 0);
  mh_start_show (&start);
  mh_start_begin_called (&start, MSEC (5000), TRUE);
  g_assert_false (start.is_shown);
  g_assert_cmpint (start.wanted_at, ==, 0);
  g_assert_cmpint (mh_start_get_wait (&start, MSEC (5100)), ==, MSEC (5100));
  mh_start_begin_called (&start, MSEC (6000), FALSE);
  g_assert_cmpint (start.wanted_at, ==, MSEC (6000));
  g_assert_cmpint (mh_start_get_wait (&start, MSEC (6100)), ==, MSEC (100));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/start/at-once", test_at_once);
  g_test_add_func ("/start/kept-ready", test_kept_ready);
  g_test_add_func ("/start/told-while-opening", test_told_while_opening);
  g_test_add_func ("/start/next", test_next);
  g_test_add_func ("/start/fed", test_fed);
  g_test_add_func ("/start/deadline", test_deadline);
  g_test_add_func ("/start/fail", test_fail);
  g_test_add_func ("/start/show", test_show);
  g_test_add_func ("/start/called", test_called);
  return g_test_run ();
}
