/* Tests of mh-item: where a media item begins and ends.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-item.h"

#include <math.h>

#define AT MH_TIME_FROM_MSEC

static MhItem
make_item (double length)
{
  MhItem item = MH_ITEM_INIT;

  item.length = length;
  return item;
}

static void
test_complete (void)
{
  const MhItem clip = make_item (20);
  const MhItem film = make_item (6000);
  const MhItem unknown = make_item (-1);

  g_assert_true (mh_item_is_complete (&clip, 20, 1, FALSE));
  g_assert_true (mh_item_is_complete (&clip, 15.1, 2, FALSE));
  g_assert_false (mh_item_is_complete (&clip, 14.9, 1, FALSE));
  g_assert_false (mh_item_is_complete (&clip, 20, 1, TRUE));
  g_assert_false (mh_item_is_complete (&clip, 20, -1, FALSE));
  g_assert_true (mh_item_is_complete (&film, 5710, 1, FALSE));
  g_assert_false (mh_item_is_complete (&film, 5690, 1, FALSE));
  g_assert_true (mh_item_is_complete (&unknown, 6.6, 1, FALSE));
  g_assert_false (mh_item_is_complete (&unknown, 6.6, 1, TRUE));
}

static void
test_rewound (void)
{
  const MhItem clip = make_item (20);
  const MhItem film = make_item (6000);
  const MhItem blink = make_item (1.5);
  const MhItem unknown = make_item (-1);

  g_assert_true (mh_item_is_rewound (&clip, 19.2, 0));
  g_assert_true (mh_item_is_rewound (&clip, 20, 0.9));
  g_assert_false (mh_item_is_rewound (&clip, 18.5, 0));
  g_assert_false (mh_item_is_rewound (&clip, 19.5, 2));
  g_assert_true (mh_item_is_rewound (&film, 5890, 100));
  g_assert_false (mh_item_is_rewound (&blink, 0.7, 0));
  g_assert_true (mh_item_is_rewound (&blink, 0.8, 0));
  g_assert_false (mh_item_is_rewound (&unknown, 60, 0));
}

static void
test_limit (void)
{
  const MhItem clip = make_item (20);
  const MhItem unknown = make_item (-1);

  g_assert_cmpfloat (mh_item_limit (&clip, 5, 30), ==, 20);
  g_assert_cmpfloat (mh_item_limit (&clip, 5, 19), ==, 19);
  g_assert_cmpfloat (mh_item_limit (&clip, 22, 30), ==, 30);
  g_assert_cmpfloat (mh_item_limit (&unknown, 5, 30), ==, 30);
  g_assert_true (isnan (mh_item_limit (&clip, 5, NAN)));
}

/* SEGMENT_DONE, and the SEGMENT of the next round. */
static void
test_rounds (void)
{
  MhItem item = make_item (8);

  mh_item_finish (&item, 8);
  g_assert_cmpint (item.state, ==, MH_ITEM_DONE);
  g_assert_cmpint (
      mh_item_end_at (&item, AT (1000), 6, 2), ==, AT (1000) + AT (1000));
  g_assert_true (mh_item_turn (&item, 8.01, 0, TRUE));
  g_assert_cmpint (item.state, ==, MH_ITEM_TURNED);
  g_assert_cmpint (mh_item_end_at (&item, AT (0), 7, 1), ==, AT (1010));
  g_assert_cmpint (mh_item_end_at (&item, AT (0), 7, 0), ==, MH_TIME_NEVER);
  mh_item_next_round (&item);
  g_assert_cmpint (item.state, ==, MH_ITEM_RUNS);
}

/* oggdemux estimates 1.5 s of 20 s over HTTP: a seek back from the middle is one. */
static void
test_wrong_length (void)
{
  MhItem item = make_item (1.5);

  g_assert_false (mh_item_is_rewound (&item, 8, 0));
  g_assert_true (mh_item_turn (&item, 20, 0, FALSE));
}

/* Rounds that are shorter than what is queued. */
static void
test_several_rounds (void)
{
  MhItem item = make_item (2);

  mh_item_finish (&item, 2);
  g_assert_true (mh_item_turn (&item, 2, 0, TRUE));
  mh_item_finish (&item, 2);
  g_assert_true (mh_item_turn (&item, 2, 0, TRUE));
  mh_item_next_round (&item);
  g_assert_cmpint (item.state, ==, MH_ITEM_TURNED);
  mh_item_next_round (&item);
  g_assert_cmpint (item.state, ==, MH_ITEM_RUNS);
}

/* A part of the media that is repeated is not the media. */
static void
test_part (void)
{
  MhItem item = make_item (60);

  mh_item_finish (&item, 10);
  g_assert_cmpint (mh_item_end_at (&item, AT (0), 9, 1), ==, MH_TIME_NEVER);
  g_assert_false (mh_item_turn (&item, 10, 5, TRUE));
  g_assert_cmpint (item.state, ==, MH_ITEM_RUNS);
}

/* What is rendered goes where the data goes, when it has come to the end of the data
 * before, or goes on at another rate. */
static void
test_part_again (void)
{
  MhItem item = make_item (60);

  g_assert_false (mh_item_jump (&item, -1, 5, TRUE));
  g_assert_false (mh_item_jump (&item, 10, 10.1, FALSE));
  g_assert_false (mh_item_has_turned (&item));
  g_assert_true (mh_item_jump (&item, 10, 5, FALSE));
  g_assert_true (mh_item_has_turned (&item));
  g_assert_cmpint (mh_item_end_at (&item, AT (0), 9, 1), ==, AT (1000));
  g_assert_cmpint (
      mh_item_turned_at (&item, AT (5000), 5.5, 9.8, 1), ==, AT (4500));
  g_assert_false (mh_item_turn (&item, 10, 5, TRUE));
  g_assert_true (mh_item_jump (&item, 10, 5, FALSE));
  mh_item_next_round (&item);
  g_assert_true (mh_item_has_turned (&item));
  mh_item_next_round (&item);
  g_assert_cmpint (item.state, ==, MH_ITEM_RUNS);
  g_assert_true (mh_item_jump (&item, 10, 10.1, TRUE));
}

/* What is rendered jumps, and comes to the end of the media then. */
static void
test_end_behind_jump (void)
{
  MhItem item = make_item (60);

  g_assert_true (mh_item_jump (&item, 10, 58, FALSE));
  mh_item_finish (&item, 60);
  g_assert_cmpint (item.state, ==, MH_ITEM_JUMPED);
  g_assert_cmpfloat (item.end, ==, 10);
  mh_item_next_round (&item);
  g_assert_cmpint (item.state, ==, MH_ITEM_DONE);
  g_assert_cmpint (mh_item_end_at (&item, AT (0), 58, 1), ==, AT (2000));
  mh_item_next_round (&item);
  g_assert_cmpint (item.state, ==, MH_ITEM_RUNS);
}

/* And to the next round. */
static void
test_round_behind_jump (void)
{
  MhItem item = make_item (60);

  g_assert_true (mh_item_jump (&item, 10, 58, FALSE));
  mh_item_finish (&item, -1);
  g_assert_true (mh_item_turn (&item, 60, 0, TRUE));
  g_assert_cmpint (item.state, ==, MH_ITEM_JUMPED);
  g_assert_cmpfloat (item.start, ==, 58);
  mh_item_next_round (&item);
  g_assert_cmpint (item.state, ==, MH_ITEM_TURNED);
  g_assert_cmpfloat (item.end, ==, 60);
  g_assert_cmpfloat (item.start, ==, 0);
  mh_item_next_round (&item);
  g_assert_cmpint (item.state, ==, MH_ITEM_RUNS);
}

/* Not when another part follows; and what was behind a jump goes with that. */
static void
test_jump_behind_jump (void)
{
  MhItem item = make_item (60);

  g_assert_true (mh_item_jump (&item, 10, 30, FALSE));
  mh_item_finish (&item, 40);
  g_assert_false (mh_item_turn (&item, 40, 20, TRUE));
  g_assert_true (mh_item_jump (&item, 40, 20, FALSE));
  mh_item_next_round (&item);
  g_assert_cmpint (item.state, ==, MH_ITEM_JUMPED);
  g_assert_cmpfloat (item.end, ==, 40);
  g_assert_cmpfloat (item.start, ==, 20);
  mh_item_finish (&item, 60);
  mh_item_begin (&item);
  g_assert_true (mh_item_jump (&item, 10, 30, FALSE));
  mh_item_next_round (&item);
  g_assert_cmpint (item.state, ==, MH_ITEM_RUNS);
}

static void
test_jump_ahead (void)
{
  MhItem item = make_item (60);

  g_assert_true (mh_item_jump (&item, 10, 30, FALSE));
  g_assert_cmpint (
      mh_item_turned_at (&item, AT (5000), 9.9, 9.8, 1), ==, MH_TIME_NEVER);
  g_assert_cmpint (
      mh_item_turned_at (&item, AT (5000), 30.5, 9.8, 1), ==, AT (4500));
}

/* The next part is no round. */
static void
test_next_part (void)
{
  MhItem item = make_item (60);

  mh_item_finish (&item, 58);
  g_assert_false (mh_item_turn (&item, 58, 58, TRUE));
  g_assert_cmpint (item.state, ==, MH_ITEM_RUNS);
}

/* A jump that nothing has announced. */
static void
test_jump (void)
{
  MhItem item = make_item (60);
  MhItem unknown = make_item (-1);

  g_assert_false (mh_item_turn (&item, 40, 0, FALSE));
  g_assert_true (mh_item_turn (&item, 59.9, 0, TRUE));
  g_assert_false (mh_item_turn (&unknown, 4, 0, TRUE));
  g_assert_false (mh_item_turn (&unknown, 4, 3, FALSE));
  g_assert_true (mh_item_turn (&unknown, 4, 0, FALSE));
}

/* Where the data of the round ended is not known: where the media does, which
 * may be estimated. */
static void
test_unknown_end (void)
{
  MhItem item = make_item (8);

  mh_item_finish (&item, -1);
  g_assert_cmpint (mh_item_end_at (&item, AT (0), 7, 1), ==, MH_TIME_NEVER);
  g_assert_true (mh_item_turn (&item, -1, 0, TRUE));
  g_assert_cmpfloat (item.end, ==, 8);
}

/* Nothing has come since the last SEGMENT, and nothing has said that it is the end. */
static void
test_nothing_came (void)
{
  MhItem item = make_item (8);

  g_assert_false (mh_item_turn (&item, -1, 0, FALSE));
  g_assert_cmpint (item.state, ==, MH_ITEM_RUNS);
}

static void
test_turned_at (void)
{
  MhItem item = make_item (8);

  g_assert_cmpint (
      mh_item_turned_at (&item, AT (5000), 0.5, 7.6, 1), ==, MH_TIME_NEVER);
  mh_item_finish (&item, 8);
  mh_item_turn (&item, 8, 0, TRUE);
  g_assert_cmpint (
      mh_item_turned_at (&item, AT (5000), 7.5, 7.6, 1), ==, MH_TIME_NEVER);
  g_assert_cmpint (
      mh_item_turned_at (&item, AT (5000), 0.5, 7.6, 1), ==, AT (4500));
  g_assert_cmpint (
      mh_item_turned_at (&item, AT (5000), 0.5, 7.6, 2), ==, AT (4750));
}

/* A clip that is shorter than what is queued: the next round comes by when this one has
 * hardly begun. */
static void
test_turned_short (void)
{
  MhItem item = make_item (1);

  mh_item_finish (&item, 1);
  mh_item_turn (&item, 1, 0, TRUE);
  g_assert_cmpint (
      mh_item_turned_at (&item, AT (5000), 0.1, 0.1, 1), ==, MH_TIME_NEVER);
  g_assert_cmpint (
      mh_item_turned_at (&item, AT (5000), 0.4, 0.6, 1), ==, MH_TIME_NEVER);
  g_assert_cmpint (
      mh_item_turned_at (&item, AT (5000), 0.1, 0.9, 1), ==, AT (4900));
}

/* Nothing but the number stays of the item before. */
static void
test_forget (void)
{
  MhItem item = make_item (8);

  item.number = 3;
  mh_item_finish (&item, 8);
  mh_item_forget (&item);
  g_assert_cmpuint (item.number, ==, 3);
  g_assert_cmpint (item.state, ==, MH_ITEM_RUNS);
  g_assert_cmpfloat (item.length, ==, -1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/item/complete", test_complete);
  g_test_add_func ("/item/rewound", test_rewound);
  g_test_add_func ("/item/wrong-length", test_wrong_length);
  g_test_add_func ("/item/limit", test_limit);
  g_test_add_func ("/item/rounds", test_rounds);
  g_test_add_func ("/item/several-rounds", test_several_rounds);
  g_test_add_func ("/item/part", test_part);
  g_test_add_func ("/item/part-again", test_part_again);
  g_test_add_func ("/item/jump/end", test_end_behind_jump);
  g_test_add_func ("/item/jump/round", test_round_behind_jump);
  g_test_add_func ("/item/jump/jump", test_jump_behind_jump);
  g_test_add_func ("/item/jump-ahead", test_jump_ahead);
  g_test_add_func ("/item/next-part", test_next_part);
  g_test_add_func ("/item/jump", test_jump);
  g_test_add_func ("/item/unknown-end", test_unknown_end);
  g_test_add_func ("/item/nothing-came", test_nothing_came);
  g_test_add_func ("/item/turned-at", test_turned_at);
  g_test_add_func ("/item/turned-at/short", test_turned_short);
  g_test_add_func ("/item/forget", test_forget);
  return g_test_run ();
}
