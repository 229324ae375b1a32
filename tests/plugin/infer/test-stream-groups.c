/* Tests of mh-stream-groups (docs/design/inference.md#items).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-stream-groups.h"

/* The pad is ahead of what is played. */
static void
test_ahead (void)
{
  MhStreams streams = { 0 };

  mh_streams_pass (&streams, 5);
  g_assert_false (mh_streams_is_ahead (&streams)); /* of what? */
  g_assert_cmpuint (mh_streams_get_played (&streams), ==, 0);
  mh_streams_play (&streams, 5);
  g_assert_cmpuint (mh_streams_get_played (&streams), ==, 5);
  g_assert_false (mh_streams_is_ahead (&streams));
  mh_streams_pass (&streams, 6);
  g_assert_true (mh_streams_is_ahead (&streams));
  g_assert_true (mh_streams_is_other (&streams, 6));
  mh_streams_play (&streams, 6);
  g_assert_false (mh_streams_is_ahead (&streams));
  g_assert_true (mh_streams_is_other (&streams, 5));
}

/* The streams begin anew, and their data goes on. */
static void
test_continued (void)
{
  MhStreams streams = { 0 };

  mh_streams_pass (&streams, 5);
  mh_streams_take_segment (&streams);
  mh_streams_play (&streams, 5);
  g_assert_true (streams.pad_has_segment);
  mh_streams_pass (&streams, 6);
  g_assert_false (streams.pad_has_segment);
  mh_streams_take_segment (&streams);
  g_assert_true (streams.pad_has_segment);
}

/* Nothing has passed the pad: the element is not in the way of the data. */
static void
test_no_pad (void)
{
  MhStreams streams = { 0 };

  mh_streams_play (&streams, 5);
  g_assert_false (mh_streams_is_ahead (&streams));
}

/* Several items may have passed with data before one of them is played. */
static void
test_data (void)
{
  MhStreams streams = { 0 };

  mh_streams_pass (&streams, 1);
  g_assert_false (mh_streams_had_data (&streams, 1));
  mh_streams_take_data (&streams, 7);
  mh_streams_take_data (&streams, 8);
  g_assert_true (mh_streams_had_data (&streams, 1));
  g_assert_cmpfloat (streams.pad_place, ==, 7);
  mh_streams_pass (&streams, 1); /* another stream of it */
  g_assert_true (mh_streams_had_data (&streams, 1));
  mh_streams_pass (&streams, 2);
  mh_streams_pass (&streams, 3);
  mh_streams_take_data (&streams, 0);
  g_assert_true (mh_streams_had_data (&streams, 1));
  g_assert_false (mh_streams_had_data (&streams, 2));
  g_assert_true (mh_streams_had_data (&streams, 3));
}

/* The oldest are forgotten. */
static void
test_many (void)
{
  MhStreams streams = { 0 };

  for (guint group = 1; group <= MH_STREAMS_PASSED + 2; group++) {
    mh_streams_pass (&streams, group);
    mh_streams_take_data (&streams, 0);
  }
  g_assert_false (mh_streams_had_data (&streams, 1));
  for (guint group = 2; group <= MH_STREAMS_PASSED + 2; group++)
    g_assert_true (mh_streams_had_data (&streams, group));
}

static void
test_run (void)
{
  MhStreams streams = { 0 };

  mh_streams_play (&streams, 1);
  mh_streams_pass (&streams, 1);
  mh_streams_take_data (&streams, 0);
  mh_streams_pass (&streams, 2);
  mh_streams_begin_run (&streams);
  g_assert_cmpuint (mh_streams_get_played (&streams), ==, 0);
  g_assert_false (mh_streams_is_other (&streams, 2));
  g_assert_false (mh_streams_had_data (&streams, 1));
}

/* The pad is ahead by the next item only where what is played is at its end. */
static void
test_flush (void)
{
  MhStreams streams = { 0 };

  mh_streams_play (&streams, 1);
  mh_streams_pass (&streams, 1);
  mh_streams_flush (&streams, TRUE);
  g_assert_false (mh_streams_is_flushed_next (&streams));
  mh_streams_pass (&streams, 2);
  mh_streams_flush (&streams, FALSE);
  g_assert_false (mh_streams_is_flushed_next (&streams));
  mh_streams_flush (&streams, TRUE);
  g_assert_true (mh_streams_is_flushed_next (&streams));
  g_assert_cmpuint (streams.next, ==, 2);
  mh_streams_pass (&streams, 3);
  g_assert_false (mh_streams_is_flushed_next (&streams));
}

static void
test_prepared (void)
{
  MhStreams streams = { .unmade = 5 };

  g_assert_false (mh_streams_was_prepared (&streams, 4));
  mh_streams_play (&streams, 3);
  g_assert_true (mh_streams_was_prepared (&streams, 4));
  g_assert_false (mh_streams_was_prepared (&streams, 2));
  g_assert_false (mh_streams_was_prepared (&streams, 6));
  streams.unmade = 0;
  g_assert_false (mh_streams_was_prepared (&streams, 4));
  streams.unmade = 2;
  mh_streams_play (&streams, G_MAXUINT);
  g_assert_true (mh_streams_was_prepared (&streams, 1));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/streams/ahead", test_ahead);
  g_test_add_func ("/streams/continued", test_continued);
  g_test_add_func ("/streams/no-pad", test_no_pad);
  g_test_add_func ("/streams/data", test_data);
  g_test_add_func ("/streams/many", test_many);
  g_test_add_func ("/streams/run", test_run);
  g_test_add_func ("/streams/flush", test_flush);
  g_test_add_func ("/streams/prepared", test_prepared);
  return g_test_run ();
}
