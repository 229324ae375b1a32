/* Tests of mh-data-end (docs/design/inference.md#end-stop-and-error).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-data-end.h"

#define MSEC MH_TIME_FROM_MSEC

static MhDataEnd
make (double seen)
{
  MhDataEnd end = MH_DATA_END_INIT;

  end.seen = seen;
  return end;
}

/* The playhead runs as far as data has come, unless there is more than that data. */
static void
test_limit (void)
{
  MhDataEnd end = MH_DATA_END_INIT;

  g_assert_cmpfloat (mh_data_end_get_limit (&end), ==, -1);
  end.seen = 10;
  g_assert_cmpfloat (mh_data_end_get_limit (&end), ==, 10);
  g_assert_false (mh_data_end_take_position (&end, 10.04));
  g_assert_cmpfloat (mh_data_end_get_limit (&end), ==, 10);
  g_assert_true (mh_data_end_take_position (&end, 10.06));
  g_assert_cmpfloat (mh_data_end_get_limit (&end), ==, -1);
  end.seen = 20;
  g_assert_true (mh_data_end_take_position (&end, 15));
  mh_data_end_flush (&end, TRUE);
  g_assert_cmpfloat (mh_data_end_get_limit (&end), ==, 20);
}

/* Before anything has been seen no position is behind it. */
static void
test_nothing_seen (void)
{
  MhDataEnd end = MH_DATA_END_INIT;

  g_assert_false (mh_data_end_take_position (&end, 10));
}

/* EOS is where the data ended, or where a longer stream is. */
static void
test_over (void)
{
  MhDataEnd end = make (20);

  g_assert_cmpfloat (mh_data_end_get_last (&end, 19.5), ==, -1);
  mh_data_end_finish (&end, 20);
  g_assert_true (mh_data_end_is_over (&end));
  g_assert_cmpfloat (end.place, >=, 0);
  g_assert_cmpfloat (mh_data_end_get_limit (&end), ==, -1);
  g_assert_cmpfloat (mh_data_end_get_last (&end, 19.5), ==, 20);
  g_assert_cmpfloat (mh_data_end_get_last (&end, 20.5), ==, 20);
  g_assert_true (mh_data_end_take_position (&end, 20.5));
  g_assert_cmpfloat (mh_data_end_get_last (&end, 20.5), ==, -1);
  g_assert_cmpfloat (mh_data_end_get_last (&end, 19.5), ==, 20);
}

/* An EOS event may come where the data has no times. */
static void
test_over_somewhere (void)
{
  MhDataEnd end = make (-1);

  mh_data_end_finish (&end, -1);
  g_assert_true (mh_data_end_is_over (&end));
  g_assert_cmpfloat (end.place, ==, -1);
  g_assert_cmpfloat (mh_data_end_get_last (&end, 5), ==, -1);
}

/* The next item's data ends that of this one, once. */
static void
test_followed (void)
{
  MhDataEnd end = make (20);

  g_assert_false (mh_data_end_follow (&end, -1));
  g_assert_cmpint (end.state, ==, MH_DATA_END_OPEN);
  g_assert_true (mh_data_end_follow (&end, 20));
  g_assert_cmpint (end.state, ==, MH_DATA_END_FOLLOWED);
  g_assert_false (mh_data_end_follow (&end, 25));
  g_assert_cmpfloat (end.place, ==, 20);
  g_assert_cmpfloat (mh_data_end_get_last (&end, 19), ==, -1);
  mh_data_end_flush (&end, TRUE);
  g_assert_cmpint (end.state, ==, MH_DATA_END_OPEN);
  g_assert_cmpfloat (end.place, ==, -1);
}

/* It does not where the pipeline plays on after it; and an EOS event stays one. */
static void
test_not_followed (void)
{
  MhDataEnd passed = make (20);
  MhDataEnd over = make (20);

  g_assert_true (mh_data_end_take_position (&passed, 21));
  g_assert_false (mh_data_end_follow (&passed, 20));
  mh_data_end_finish (&over, -1);
  g_assert_true (mh_data_end_follow (&over, 20));
  g_assert_cmpint (over.state, ==, MH_DATA_END_OVER);
}

/* What is flushed before anything was played has come to its end all the same. */
static void
test_flush (void)
{
  MhDataEnd end = make (20);

  mh_data_end_finish (&end, 20);
  mh_data_end_flush (&end, FALSE);
  g_assert_true (mh_data_end_is_over (&end));
  g_assert_cmpfloat (end.place, ==, -1);
  mh_data_end_flush (&end, TRUE);
  g_assert_false (mh_data_end_is_over (&end));
  g_assert_true (mh_data_end_follow (&end, 20));
  mh_data_end_flush (&end, FALSE);
  g_assert_cmpint (end.state, ==, MH_DATA_END_OPEN);
}

/* Since when it stands still is since the first time, or since what moved after. */
static void
test_stands (void)
{
  MhDataEnd end = MH_DATA_END_INIT;

  mh_data_end_stand (&end, MSEC (1000), MH_TIME_NONE);
  mh_data_end_stand (&end, MSEC (1500), MSEC (900));
  g_assert_cmpint (end.over_since, ==, MSEC (1000));
  mh_data_end_stand (&end, MSEC (2000), MSEC (1200));
  g_assert_cmpint (end.over_since, ==, MSEC (1200));
  mh_data_end_move (&end);
  g_assert_cmpint (end.over_since, ==, MH_TIME_NONE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/data-end/limit", test_limit);
  g_test_add_func ("/data-end/limit/nothing-seen", test_nothing_seen);
  g_test_add_func ("/data-end/over", test_over);
  g_test_add_func ("/data-end/over/somewhere", test_over_somewhere);
  g_test_add_func ("/data-end/followed", test_followed);
  g_test_add_func ("/data-end/followed/not", test_not_followed);
  g_test_add_func ("/data-end/flush", test_flush);
  g_test_add_func ("/data-end/stands", test_stands);
  return g_test_run ();
}
