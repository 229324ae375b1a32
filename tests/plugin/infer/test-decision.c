/* Tests of mh-decision.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-decision.h"

#define SEC(s) MH_TIME_FROM_SEC (s)
#define DAY SEC (86400)

/* ---- where the media is ---- */

static MhPlace
make_moving (void)
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
  MhPlace place = make_moving ();

  assert_playhead (&place, SEC (100), 10, 2);
  assert_playhead (&place, SEC (105), 20, 2);
  g_assert_cmpfloat (mh_place_stream_time (&place, SEC (105)), ==, 20);
}

/* What moves may not be reported to do so yet. */
static void
test_rate_is_as_reported (void)
{
  MhPlace place = make_moving ();

  place.rate = 0;
  assert_playhead (&place, SEC (105), 20, 0);
}

/* It stands still, and that has not been reported: where it was before is not to be
 * told from that. */
static void
test_reaches (void)
{
  MhPlace place = make_moving ();

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
test_place_live (void)
{
  MhPlace place = make_moving ();

  mh_place_set_live (&place, 3, TRUE, 5 * DAY + SEC (7));
  assert_playhead (&place, SEC (105), 112, 1);
  g_assert_cmpfloat (mh_place_stream_time (&place, SEC (105)), ==, 20);
  mh_place_set_live (&place, 3, FALSE, 0);
  assert_playhead (&place, SEC (105), 20, 2);
}

static void
test_live_is_of_an_item (void)
{
  MhPlace place = make_moving ();

  mh_place_set_live (&place, 4, TRUE, 0);
  assert_playhead (&place, SEC (105), 20, 2);
}

/* ---- what has been decided ---- */

static MhPlace
make_place (guint item)
{
  MhPlace place = { .item = item };

  mh_playhead_reset (&place.playhead);
  return place;
}

/* Everything comes out in the order in which it was decided. */
static void
test_order (void)
{
  const MhCall play = { MH_CALL_PLAY };
  const MhPlace place = make_place (1);
  MhDecisions decisions = { 0 };
  g_autoptr (MhDecision) start = NULL;
  g_autoptr (MhDecision) call = NULL;
  g_autoptr (MhDecision) state = NULL;

  g_assert_null (mh_decisions_take (&decisions));
  mh_decisions_append_start (&decisions, SEC (1), &place, MH_RESUME_NO);
  mh_decisions_append_call (&decisions, &play, SEC (2), &place);
  mh_decisions_append_state (&decisions, MH_PLAYBACK_PLAYING, &place);
  start = mh_decisions_take (&decisions);
  g_assert_cmpint (start->type, ==, MH_DECISION_START);
  g_assert_cmpint (start->at, ==, SEC (1));
  call = mh_decisions_take (&decisions);
  g_assert_cmpint (call->type, ==, MH_DECISION_CALL);
  g_assert_cmpint (call->at, ==, SEC (2));
  g_assert_cmpint (call->call->type, ==, MH_CALL_PLAY);
  state = mh_decisions_take (&decisions);
  g_assert_cmpint (state->type, ==, MH_DECISION_STATE);
  g_assert_cmpint (state->state, ==, MH_PLAYBACK_PLAYING);
  g_assert_null (mh_decisions_take (&decisions));
}

/* A decision keeps what it was made with, whatever becomes of that. */
static void
test_copies (void)
{
  char text[] = "gst-core:1";
  MhCall error = { MH_CALL_ERROR, .text = text };
  MhPlace place = make_place (1);
  MhDecisions decisions = { 0 };
  g_autoptr (MhDecision) decision = NULL;

  mh_playhead_set (&place.playhead, 10, SEC (1));
  mh_decisions_append_call (&decisions, &error, SEC (1), &place);
  text[0] = '\0';
  mh_playhead_set (&place.playhead, 30, SEC (1));
  decision = mh_decisions_take (&decisions);
  g_assert_cmpstr (decision->call->text, ==, "gst-core:1");
  g_assert_cmpfloat (mh_place_stream_time (&decision->place, SEC (1)), ==, 10);
}

/* It is found out with the start whether an item is live: of what is decided
 * then, the rest of that item is. */
static void
test_live (void)
{
  const MhCall play = { MH_CALL_PLAY };
  const MhPlace first = make_place (1);
  const MhPlace second = make_place (2);
  MhDecisions decisions = { 0 };
  g_autoptr (MhDecision) call = NULL;
  g_autoptr (MhDecision) state = NULL;

  mh_decisions_append_call (&decisions, &play, SEC (1), &first);
  mh_decisions_append_state (&decisions, MH_PLAYBACK_INIT, &second);
  mh_decisions_set_live (&decisions, 1, TRUE, SEC (5));
  call = mh_decisions_take (&decisions);
  g_assert_true (call->place.playhead.live);
  g_assert_cmpint (call->place.playhead.utc_offset, ==, SEC (5));
  state = mh_decisions_take (&decisions);
  g_assert_false (state->place.playhead.live);
}

static void
test_clear (void)
{
  const MhCall error = { MH_CALL_ERROR, .text = (char *) "text" };
  const MhPlace place = make_place (1);
  MhDecisions decisions = { 0 };

  mh_decisions_append_call (&decisions, &error, SEC (1), &place);
  mh_decisions_clear (&decisions);
  g_assert_null (mh_decisions_take (&decisions));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/decision/place/moves", test_moves);
  g_test_add_func (
      "/decision/place/rate-is-as-reported", test_rate_is_as_reported);
  g_test_add_func ("/decision/place/reaches", test_reaches);
  g_test_add_func ("/decision/place/live", test_place_live);
  g_test_add_func (
      "/decision/place/live-is-of-an-item", test_live_is_of_an_item);
  g_test_add_func ("/decision/order", test_order);
  g_test_add_func ("/decision/copies", test_copies);
  g_test_add_func ("/decision/live", test_live);
  g_test_add_func ("/decision/clear", test_clear);
  return g_test_run ();
}
