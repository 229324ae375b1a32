/* Tests of mh-stall.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-stall.h"

#define MS(ms) MH_TIME_FROM_MSEC (ms)

/* Has played since 0 ms, with data up to and a threshold of 2 s. */
static MhStall
make (void)
{
  MhStall stall = { .threshold = MS (2000) };

  mh_stall_reset (&stall, 0, 1, TRUE);
  return stall;
}

static void
assert_feed (MhStall *stall, gint64 ms, gint64 position, guint64 buffers,
    gint64 step_ms, gboolean changes)
{
  g_assert_cmpint (mh_stall_feed (stall, MS (ms), position, buffers,
                       (guint64) step_ms * 1000000),
      ==, changes);
}

static void
test_threshold (void)
{
  MhStall stall = make ();

  assert_feed (&stall, 10000, -1, 2, 0, FALSE);
  assert_feed (&stall, 10500, 500, 2, 0, FALSE);
  assert_feed (&stall, 11999, 500, 2, 0, FALSE);
  assert_feed (&stall, 12000, 500, 2, 0, TRUE);
  g_assert_true (stall.stalled);
  g_assert_cmpint (stall.progress_at, ==, MS (10000));
  assert_feed (&stall, 20000, 500, 2, 0, FALSE);
  g_assert_true (stall.stalled);
}

/* Either of the two is enough to end it, or to keep it from beginning. */
static void
test_progress (void)
{
  MhStall stall = make ();

  assert_feed (&stall, 10000, 500, 2, 0, FALSE);
  assert_feed (&stall, 12000, 500, 2, 0, TRUE);
  assert_feed (&stall, 12100, 501, 2, 0, TRUE);
  g_assert_false (stall.stalled);
  g_assert_cmpint (stall.progress_at, ==, MS (12100));
  assert_feed (&stall, 14100, 501, 2, 0, TRUE);
  assert_feed (&stall, 14200, 501, 3, 0, TRUE);
  g_assert_false (stall.stalled);
}

/* The first seconds of playing, by when progress was last seen. */
static void
test_start (void)
{
  MhStall stall = make ();

  assert_feed (&stall, 3999, -1, 1, 0, FALSE);
  assert_feed (&stall, 4000, -1, 1, 0, TRUE);
  stall = make ();
  assert_feed (&stall, 4999, -1, 2, 0, FALSE);
  assert_feed (&stall, 8998, -1, 2, 0, FALSE);
  assert_feed (&stall, 8999, -1, 2, 0, TRUE);
  stall = make ();
  assert_feed (&stall, 5000, -1, 2, 0, FALSE);
  assert_feed (&stall, 7000, -1, 2, 0, TRUE);
}

/* A seek in it begins no new period. */
static void
test_reset (void)
{
  MhStall stall = make ();

  mh_stall_reset (&stall, MS (20000), 7, FALSE);
  assert_feed (&stall, 21999, -1, 7, 0, FALSE);
  assert_feed (&stall, 22000, -1, 7, 0, TRUE);
  mh_stall_reset (&stall, MS (30000), 8, TRUE);
  g_assert_false (stall.stalled);
  assert_feed (&stall, 33999, -1, 8, 0, FALSE);
  assert_feed (&stall, 34000, -1, 8, 0, TRUE);
}

/* Twice the stream's rhythm. */
static void
test_step (void)
{
  MhStall stall = make ();

  assert_feed (&stall, 10000, -1, 2, 5000, FALSE);
  assert_feed (&stall, 19999, -1, 2, 5000, FALSE);
  assert_feed (&stall, 20000, -1, 2, 5000, TRUE);
}

/* Steps of hours hide no stall for ever. */
static void
test_step_bounded (void)
{
  MhStall stall = make ();

  assert_feed (&stall, 10000, -1, 2, 36000000, FALSE);
  g_assert_false (mh_stall_feed (&stall, MS (29999), -1, 2, G_MAXUINT64));
  g_assert_true (mh_stall_feed (&stall, MS (30000), -1, 2, G_MAXUINT64));
}

/* The answer of before the data is nothing to compare with. */
static void
test_old_position (void)
{
  MhStall stall = make ();

  assert_feed (&stall, 10000, 100, 2, 0, FALSE);
  assert_feed (&stall, 10500, -1, 3, 0, FALSE);
  assert_feed (&stall, 11000, 900, 3, 0, FALSE);
  g_assert_cmpint (stall.progress_at, ==, MS (10500));
  assert_feed (&stall, 12500, 900, 3, 0, TRUE);
}

/* It does not say any more: no progress. */
static void
test_position_fails (void)
{
  MhStall stall = make ();

  assert_feed (&stall, 10000, 100, 2, 0, FALSE);
  assert_feed (&stall, 10500, -1, 2, 0, FALSE);
  assert_feed (&stall, 11000, 100, 2, 0, FALSE);
  assert_feed (&stall, 12000, -1, 2, 0, TRUE);
}

static void
test_interval (void)
{
  MhStall stall = { .threshold = MS (2000) };

  g_assert_cmpint (mh_stall_interval (&stall), ==, MS (500));
  stall.threshold = MS (60000);
  g_assert_cmpint (mh_stall_interval (&stall), ==, MS (500));
  stall.threshold = MS (400);
  g_assert_cmpint (mh_stall_interval (&stall), ==, MS (100));
  stall.threshold = MS (1);
  g_assert_cmpint (mh_stall_interval (&stall), ==, MS (20));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stall/threshold", test_threshold);
  g_test_add_func ("/stall/progress", test_progress);
  g_test_add_func ("/stall/start", test_start);
  g_test_add_func ("/stall/reset", test_reset);
  g_test_add_func ("/stall/step", test_step);
  g_test_add_func ("/stall/step-bounded", test_step_bounded);
  g_test_add_func ("/stall/old-position", test_old_position);
  g_test_add_func ("/stall/position-fails", test_position_fails);
  g_test_add_func ("/stall/interval", test_interval);
  return g_test_run ();
}
