/* Tests of mh-continuation (docs/design/inference.md#end-stop-and-error).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-continuation.h"

/* What is over does not go on. */
static void
test_end (void)
{
  MhContinuation continuation = { 0 };
  MhStreams streams = { 0 };

  g_assert_cmpint (
      mh_continuation_get (&continuation, &streams), ==, MH_RESUME_NO);
  mh_continuation_take_over (&continuation);
  g_assert_cmpint (
      mh_continuation_get (&continuation, &streams), ==, MH_RESUME_YES);
  mh_continuation_end (&continuation);
  g_assert_cmpint (
      mh_continuation_get (&continuation, &streams), ==, MH_RESUME_NO);
}

/* What was broken off goes on in the same streams, as far as those are known. */
static void
test_same_streams (void)
{
  MhContinuation continuation = { 0 };
  MhStreams streams = { 0 };

  mh_continuation_break_off (&continuation, 3);
  g_assert_cmpint (
      mh_continuation_get (&continuation, &streams), ==, MH_RESUME_SAME);
  mh_streams_play (&streams, 3);
  g_assert_cmpint (
      mh_continuation_get (&continuation, &streams), ==, MH_RESUME_SAME);
  mh_streams_play (&streams, 4);
  g_assert_cmpint (
      mh_continuation_get (&continuation, &streams), ==, MH_RESUME_NO);
}

/* A source that was restarted has other streams. */
static void
test_any_streams (void)
{
  MhContinuation continuation = { 0 };
  MhStreams streams = { 0 };

  mh_streams_play (&streams, 4);
  mh_continuation_break_off (&continuation, 0);
  g_assert_cmpint (
      mh_continuation_get (&continuation, &streams), ==, MH_RESUME_SAME);
}

/* What another element had open goes on whatever is played. */
static void
test_take_over (void)
{
  MhContinuation continuation = { 0 };
  MhStreams streams = { 0 };

  mh_continuation_break_off (&continuation, 3);
  mh_continuation_take_over (&continuation);
  mh_streams_play (&streams, 4);
  g_assert_cmpint (
      mh_continuation_get (&continuation, &streams), ==, MH_RESUME_YES);
}

/* An element that comes may be that of the next item. */
static void
test_come (void)
{
  MhContinuation continuation = { 0 };
  MhStreams streams = { 0 };

  mh_continuation_come (&continuation, 3);
  g_assert_cmpint (
      mh_continuation_get (&continuation, &streams), ==, MH_RESUME_YES);
  mh_streams_play (&streams, 4);
  g_assert_cmpint (
      mh_continuation_get (&continuation, &streams), ==, MH_RESUME_NO);
  mh_continuation_come (&continuation, 0);
  g_assert_cmpint (
      mh_continuation_get (&continuation, &streams), ==, MH_RESUME_YES);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/continuation/end", test_end);
  g_test_add_func ("/continuation/same-streams", test_same_streams);
  g_test_add_func ("/continuation/any-streams", test_any_streams);
  g_test_add_func ("/continuation/take-over", test_take_over);
  g_test_add_func ("/continuation/come", test_come);
  return g_test_run ();
}
