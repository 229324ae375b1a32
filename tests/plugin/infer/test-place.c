/* Tests of mh-place.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-place.h"

#define SEC(s) MH_TIME_FROM_SEC (s)
#define DAY SEC (86400)

static MhPlace
make_place (void)
{
  MhPlace place = { .rate = 2, .item = 3 };

  mh_playhead_reset (&place.playhead);
  mh_playhead_set (&place.playhead, 10, SEC (100));
  mh_playhead_set_rate (&place.playhead, 2, SEC (100));
  return place;
}

static void
assert_playhead (const MhPlace *place, MhTime at, double value, double rate)
{
  MhCall call;

  mh_place_playhead (place, at, &call);
  g_assert_cmpint (call.type, ==, MH_CALL_PLAYHEAD);
  g_assert_cmpfloat (call.playhead.value, ==, value);
  g_assert_cmpfloat (call.playhead.rate, ==, rate);
}

static void
test_moves (void)
{
  MhPlace place = make_place ();

  assert_playhead (&place, SEC (100), 10, 2);
  assert_playhead (&place, SEC (105), 20, 2);
  g_assert_cmpfloat (mh_place_stream_time (&place, SEC (105)), ==, 20);
}

/* What moves may not be reported to do so yet. */
static void
test_rate_is_as_reported (void)
{
  MhPlace place = make_place ();

  place.rate = 0;
  assert_playhead (&place, SEC (105), 20, 0);
}

/* It stands still, and that has not been reported: where it was before is not to be
 * told from that. */
static void
test_reaches (void)
{
  MhPlace place = make_place ();

  g_assert_true (mh_place_reaches (&place, SEC (99)));
  place.playhead.rate = 0;
  g_assert_false (mh_place_reaches (&place, SEC (99)));
  g_assert_true (mh_place_reaches (&place, SEC (100)));
  /* A seek in a pause: where the pause was is not to be told from that either. */
  place.rate = 0;
  g_assert_false (mh_place_reaches (&place, SEC (99)));
  g_assert_true (mh_place_reaches (&place, SEC (100)));
  place.rate = 2;
  mh_place_set_live (&place, 3, TRUE, 0);
  g_assert_true (mh_place_reaches (&place, SEC (99)));
}

/* The second of the UTC day, at the rate of the clock; the stream goes on. */
static void
test_live (void)
{
  MhPlace place = make_place ();

  mh_place_set_live (&place, 3, TRUE, 5 * DAY + SEC (7));
  assert_playhead (&place, SEC (105), 112, 1);
  g_assert_cmpfloat (mh_place_stream_time (&place, SEC (105)), ==, 20);
  mh_place_set_live (&place, 3, FALSE, 0);
  assert_playhead (&place, SEC (105), 20, 2);
}

static void
test_live_is_of_an_item (void)
{
  MhPlace place = make_place ();

  mh_place_set_live (&place, 4, TRUE, 0);
  assert_playhead (&place, SEC (105), 20, 2);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/place/moves", test_moves);
  g_test_add_func ("/place/rate-is-as-reported", test_rate_is_as_reported);
  g_test_add_func ("/place/reaches", test_reaches);
  g_test_add_func ("/place/live", test_live);
  g_test_add_func ("/place/live-is-of-an-item", test_live_is_of_an_item);
  return g_test_run ();
}
