/* Tests of mh-playhead.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-playhead.h"

#define MS(ms) MH_TIME_FROM_MSEC (ms)

static MhPlayhead
make (void)
{
  MhPlayhead playhead = { 0 };

  mh_playhead_reset (&playhead);
  return playhead;
}

static void
assert_at (const MhPlayhead *playhead, gint64 ms, double value)
{
  g_assert_cmpfloat_with_epsilon (
      mh_playhead_get (playhead, MS (ms)), value, 1e-9);
}

static void
test_reset (void)
{
  MhPlayhead playhead = make ();

  assert_at (&playhead, 0, 0);
  assert_at (&playhead, 100000, 0);
}

static void
test_moves (void)
{
  MhPlayhead playhead = make ();

  mh_playhead_set (&playhead, 10, MS (1000));
  assert_at (&playhead, 5000, 10);
  mh_playhead_set_rate (&playhead, 1, MS (2000));
  assert_at (&playhead, 2000, 10);
  assert_at (&playhead, 5500, 13.5);
  mh_playhead_set_rate (&playhead, 2, MS (4000));
  assert_at (&playhead, 5500, 15);
  mh_playhead_set_rate (&playhead, 0, MS (5000));
  assert_at (&playhead, 60000, 14);
}

/* What was known already is not moved by a rate that began before. */
static void
test_rate_dated_back (void)
{
  MhPlayhead playhead = make ();

  mh_playhead_set (&playhead, 10, MS (1000));
  mh_playhead_set_rate (&playhead, 1, MS (1000));
  mh_playhead_set (&playhead, 14, MS (5000));
  mh_playhead_set_rate (&playhead, 0, MS (4800));
  assert_at (&playhead, 4800, 14);
  assert_at (&playhead, 9000, 14);
  mh_playhead_set_rate (&playhead, 1, MS (4900));
  assert_at (&playhead, 4900, 13.9);
  assert_at (&playhead, 6000, 15);
}

static void
test_not_negative (void)
{
  MhPlayhead playhead = make ();

  mh_playhead_set (&playhead, 2, MS (1000));
  mh_playhead_set_rate (&playhead, -1, MS (1000));
  assert_at (&playhead, 2500, 0.5);
  assert_at (&playhead, 3000, 0);
  assert_at (&playhead, 9000, 0);
}

static void
test_by_the_clock (void)
{
  MhPlayhead playhead = make ();

  mh_playhead_set_rate (&playhead, 0, MS (500));
  mh_playhead_set_rate (&playhead, 1, MS (1000));
  assert_at (&playhead, 1000, 0);
  assert_at (&playhead, 4000, 3);
}

static void
test_limit (void)
{
  MhPlayhead playhead = make ();

  mh_playhead_set (&playhead, 10, MS (1000));
  mh_playhead_set_rate (&playhead, 1, MS (1000));
  playhead.limit = 12;
  assert_at (&playhead, 2999, 11.999);
  assert_at (&playhead, 3001, 12);
  assert_at (&playhead, 60000, 12);
  /* An answer counts for more. */
  mh_playhead_set (&playhead, 13, MS (4000));
  assert_at (&playhead, 5000, 13);
  playhead.limit = -1;
  assert_at (&playhead, 5000, 14);
  /* Backwards there is none. */
  playhead.limit = 12;
  mh_playhead_set_rate (&playhead, -1, MS (4000));
  assert_at (&playhead, 4500, 12.5);
}

/* More is coming: it may be as far beyond the limit as time has passed. */
static void
test_limit_moves (void)
{
  MhPlayhead playhead = make ();

  mh_playhead_set (&playhead, 10, MS (1000));
  mh_playhead_set_rate (&playhead, 1, MS (1000));
  playhead.limit = 11.1;
  playhead.limit_at = MS (2000);
  assert_at (&playhead, 1500, 10.5);
  assert_at (&playhead, 2000, 11);
  assert_at (&playhead, 2500, 11.5);
  playhead.limit = 10.9;
  assert_at (&playhead, 2000, 10.9);
  assert_at (&playhead, 2500, 11.4);
}

static void
assert_before_jump (const MhPlayhead *playhead, gint64 ms, double value)
{
  g_assert_cmpfloat_with_epsilon (
      mh_playhead_get_before_jump (playhead, MS (ms)), value, 1e-9);
}

static void
test_before_jump (void)
{
  MhPlayhead playhead = make ();

  mh_playhead_set (&playhead, 10, MS (1000));
  mh_playhead_set_rate (&playhead, 1, MS (1000));
  assert_before_jump (&playhead, 2000, 11);
  /* No jump: half a second is an answer that differs. */
  mh_playhead_set (&playhead, 12.5, MS (3000));
  assert_before_jump (&playhead, 3000, 12.5);
  mh_playhead_set (&playhead, 0.4, MS (4000));
  assert_at (&playhead, 4000, 0.4);
  assert_before_jump (&playhead, 4000, 13.5);
  assert_before_jump (&playhead, 5000, 13.5);
  /* Too long ago to be the end of what comes to its end now. */
  assert_before_jump (&playhead, 5001, 1.401);
}

/* The first answer is none. */
static void
test_first_is_no_jump (void)
{
  MhPlayhead playhead = make ();

  mh_playhead_set (&playhead, 30, MS (1000));
  assert_before_jump (&playhead, 1000, 30);
}

static void
test_live (void)
{
  MhPlayhead playhead = make ();

  playhead.live = TRUE;
  playhead.utc_offset = MS (86398000);
  assert_at (&playhead, 0, 86398);
  assert_at (&playhead, 1999, 86399.999);
  assert_at (&playhead, 2000, 0);
  assert_at (&playhead, 3500, 1.5);
  /* Whatever the pipeline says. */
  mh_playhead_set (&playhead, 36, MS (4000));
  mh_playhead_set_rate (&playhead, 0, MS (4000));
  assert_at (&playhead, 5000, 3);
  assert_before_jump (&playhead, 5000, 3);
}

/* Microseconds since 1970 are no matter. */
static void
test_live_utc (void)
{
  MhPlayhead playhead = make ();

  playhead.live = TRUE;
  /* 2023-11-14 22:13:20 UTC. */
  playhead.utc_offset = MH_TIME_FROM_SEC (1700000000);
  assert_at (&playhead, 0, 22 * 3600 + 13 * 60 + 20);
}

/* It goes on from where it was held, and does not leap to where it would have been. */
static void
test_lift (void)
{
  MhPlayhead playhead = make ();

  mh_playhead_set_rate (&playhead, 1, 0);
  playhead.limit = 4;
  assert_at (&playhead, 6000, 4);
  mh_playhead_lift (&playhead, MS (6000));
  assert_at (&playhead, 6000, 4);
  assert_at (&playhead, 7000, 5);
  mh_playhead_lift (&playhead, MS (9000));
  assert_at (&playhead, 8000, 6);
}

static void
test_rate (void)
{
  MhRate rate = MH_RATE_INIT;

  g_assert_cmpfloat (mh_rate_get (&rate), ==, 1);
  rate.multiplier = 2;
  g_assert_true (mh_rate_is_forward (&rate));
  rate.segment = -3;
  g_assert_cmpfloat (mh_rate_get (&rate), ==, -6);
  g_assert_false (mh_rate_is_forward (&rate));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/playhead/reset", test_reset);
  g_test_add_func ("/playhead/moves", test_moves);
  g_test_add_func ("/playhead/rate-dated-back", test_rate_dated_back);
  g_test_add_func ("/playhead/not-negative", test_not_negative);
  g_test_add_func ("/playhead/by-the-clock", test_by_the_clock);
  g_test_add_func ("/playhead/limit", test_limit);
  g_test_add_func ("/playhead/limit-moves", test_limit_moves);
  g_test_add_func ("/playhead/lift", test_lift);
  g_test_add_func ("/playhead/before-jump", test_before_jump);
  g_test_add_func ("/playhead/first-is-no-jump", test_first_is_no_jump);
  g_test_add_func ("/playhead/live", test_live);
  g_test_add_func ("/playhead/live-utc", test_live_utc);
  g_test_add_func ("/playhead/rate", test_rate);
  return g_test_run ();
}
