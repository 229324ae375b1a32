/* Tests of mh-stream-groups (docs/design/inference.md#items).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-stream-groups.h"

/* The pad is ahead of what is played. */
static void
test_ahead (void)
{
  MhStreamGroups streams = { 0 };

  mh_stream_groups_pass (&streams, 5);
  g_assert_false (mh_stream_groups_is_ahead (&streams)); /* of what? */
  g_assert_cmpuint (mh_stream_groups_get_played (&streams), ==, 0);
  mh_stream_groups_play (&streams, 5);
  g_assert_cmpuint (mh_stream_groups_get_played (&streams), ==, 5);
  g_assert_false (mh_stream_groups_is_ahead (&streams));
  mh_stream_groups_pass (&streams, 6);
  g_assert_true (mh_stream_groups_is_ahead (&streams));
  g_assert_true (mh_stream_groups_is_other (&streams, 6));
  mh_stream_groups_play (&streams, 6);
  g_assert_false (mh_stream_groups_is_ahead (&streams));
  g_assert_true (mh_stream_groups_is_other (&streams, 5));
}

/* The streams begin anew, and their data goes on. */
static void
test_continued (void)
{
  MhStreamGroups streams = { 0 };

  mh_stream_groups_pass (&streams, 5);
  mh_stream_groups_take_segment (&streams);
  mh_stream_groups_play (&streams, 5);
  g_assert_true (streams.pad_has_segment);
  mh_stream_groups_pass (&streams, 6);
  g_assert_false (streams.pad_has_segment);
  mh_stream_groups_take_segment (&streams);
  g_assert_true (streams.pad_has_segment);
}

/* Nothing has passed the pad: the element is not in the way of the data. */
static void
test_no_pad (void)
{
  MhStreamGroups streams = { 0 };

  mh_stream_groups_play (&streams, 5);
  g_assert_false (mh_stream_groups_is_ahead (&streams));
}

/* Several items may have passed with data before one of them is played. */
static void
test_data (void)
{
  MhStreamGroups streams = { 0 };

  mh_stream_groups_pass (&streams, 1);
  g_assert_false (mh_stream_groups_had_data (&streams, 1));
  mh_stream_groups_take_data (&streams, 7);
  mh_stream_groups_take_data (&streams, 8);
  g_assert_true (mh_stream_groups_had_data (&streams, 1));
  g_assert_cmpfloat (streams.pad_place, ==, 7);
  mh_stream_groups_pass (&streams, 1); /* another stream of it */
  g_assert_true (mh_stream_groups_had_data (&streams, 1));
  mh_stream_groups_pass (&streams, 2);
  mh_stream_groups_pass (&streams, 3);
  mh_stream_groups_take_data (&streams, 0);
  g_assert_true (mh_stream_groups_had_data (&streams, 1));
  g_assert_false (mh_stream_groups_had_data (&streams, 2));
  g_assert_true (mh_stream_groups_had_data (&streams, 3));
}

/* The oldest are forgotten. */
static void
test_many (void)
{
  MhStreamGroups streams = { 0 };

  for (guint group = 1; group <= MH_STREAM_GROUPS_PASSED + 2; group++) {
    mh_stream_groups_pass (&streams, group);
    mh_stream_groups_take_data (&streams, 0);
  }
  g_assert_false (mh_stream_groups_had_data (&streams, 1));
  for (guint group = 2; group <= MH_STREAM_GROUPS_PASSED + 2; group++)
    g_assert_true (mh_stream_groups_had_data (&streams, group));
}

static void
test_run (void)
{
  MhStreamGroups streams = { 0 };

  mh_stream_groups_play (&streams, 1);
  mh_stream_groups_pass (&streams, 1);
  mh_stream_groups_take_data (&streams, 0);
  mh_stream_groups_pass (&streams, 2);
  mh_stream_groups_begin_run (&streams);
  g_assert_cmpuint (mh_stream_groups_get_played (&streams), ==, 0);
  g_assert_false (mh_stream_groups_is_other (&streams, 2));
  g_assert_false (mh_stream_groups_had_data (&streams, 1));
}

/* The pad is ahead by the next item only where what is played is at its end. */
static void
test_flush (void)
{
  MhStreamGroups streams = { 0 };

  mh_stream_groups_play (&streams, 1);
  mh_stream_groups_pass (&streams, 1);
  mh_stream_groups_flush (&streams, TRUE);
  g_assert_false (mh_stream_groups_is_flushed_next (&streams));
  mh_stream_groups_pass (&streams, 2);
  mh_stream_groups_flush (&streams, FALSE);
  g_assert_false (mh_stream_groups_is_flushed_next (&streams));
  mh_stream_groups_flush (&streams, TRUE);
  g_assert_true (mh_stream_groups_is_flushed_next (&streams));
  g_assert_cmpuint (streams.next, ==, 2);
  mh_stream_groups_pass (&streams, 3);
  g_assert_false (mh_stream_groups_is_flushed_next (&streams));
}

static void
test_prepared (void)
{
  MhStreamGroups streams = { .unmade = 5 };

  g_assert_false (mh_stream_groups_was_prepared (&streams, 4));
  mh_stream_groups_play (&streams, 3);
  g_assert_true (mh_stream_groups_was_prepared (&streams, 4));
  g_assert_false (mh_stream_groups_was_prepared (&streams, 2));
  g_assert_false (mh_stream_groups_was_prepared (&streams, 6));
  streams.unmade = 0;
  g_assert_false (mh_stream_groups_was_prepared (&streams, 4));
  streams.unmade = 2;
  mh_stream_groups_play (&streams, G_MAXUINT);
  g_assert_true (mh_stream_groups_was_prepared (&streams, 1));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stream-groups/ahead", test_ahead);
  g_test_add_func ("/stream-groups/continued", test_continued);
  g_test_add_func ("/stream-groups/no-pad", test_no_pad);
  g_test_add_func ("/stream-groups/data", test_data);
  g_test_add_func ("/stream-groups/many", test_many);
  g_test_add_func ("/stream-groups/run", test_run);
  g_test_add_func ("/stream-groups/flush", test_flush);
  g_test_add_func ("/stream-groups/prepared", test_prepared);
  return g_test_run ();
}
