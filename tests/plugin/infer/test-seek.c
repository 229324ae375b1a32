/* Tests of mh-seek (docs/design/inference.md#seeking).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-seek.h"

#include <math.h>

#define MSEC MH_TIME_FROM_MSEC

/* A flush begins, and is taken for a seek. Returns: whether it is another one. */
static gboolean
begin (MhSeek *seek, guint32 seqnum, double from)
{
  mh_seek_flush (seek);
  return mh_seek_begin (seek, seqnum, from);
}

static void
test_whole (void)
{
  MhSeek seek = { 0 };

  mh_seek_ask (&seek, 7, 30);
  g_assert_false (mh_seek_is_active (&seek));
  g_assert_true (begin (&seek, 7, 12));
  g_assert_cmpint (seek.state, ==, MH_SEEK_FLUSHING);
  g_assert_cmpfloat (mh_seek_get_target (&seek), ==, 30);
  g_assert_cmpfloat (seek.from, ==, 12);
  g_assert_false (mh_seek_end (&seek)); /* not in its flush */
  mh_seek_end_flush (&seek, MSEC (100), FALSE);
  g_assert_cmpint (seek.state, ==, MH_SEEK_EMPTY);
  g_assert_true (mh_seek_awaits_data (&seek));
  mh_seek_take_segment (&seek);
  mh_seek_take_data (&seek, MSEC (150));
  mh_seek_take_data (&seek, MSEC (160));
  g_assert_cmpint (seek.state, ==, MH_SEEK_DATA);
  g_assert_true (mh_seek_is_active (&seek));
  g_assert_false (mh_seek_awaits_data (&seek));
  g_assert_cmpint (seek.data_at, ==, MSEC (150));
  g_assert_true (mh_seek_end (&seek));
  g_assert_cmpint (seek.state, ==, MH_SEEK_NONE);
  g_assert_true (isnan (mh_seek_get_target (&seek)));
  g_assert_false (mh_seek_end (&seek));
}

/* Data shows the end of a seek half a second after its flush, or when it comes. */
static void
test_deadline (void)
{
  MhSeek seek = { 0 };

  begin (&seek, 1, 0);
  mh_seek_take_data (&seek, MSEC (50)); /* of before */
  g_assert_cmpint (mh_seek_deadline (&seek), ==, MH_TIME_NEVER);
  mh_seek_end_flush (&seek, MSEC (100), FALSE);
  g_assert_cmpint (mh_seek_deadline (&seek), ==, MH_TIME_NEVER);
  mh_seek_take_data (&seek, MSEC (200));
  g_assert_cmpint (mh_seek_deadline (&seek), ==, MSEC (600));
  mh_seek_end_flush (&seek, MSEC (300), FALSE); /* another branch */
  g_assert_cmpint (mh_seek_deadline (&seek), ==, MH_TIME_NEVER);
  mh_seek_take_data (&seek, MSEC (2000));
  g_assert_cmpint (mh_seek_deadline (&seek), ==, MSEC (2000));
  begin (&seek, 2, 0);
  g_assert_cmpint (mh_seek_deadline (&seek), ==, MH_TIME_NEVER);
}

/* The wait gets shorter with what is known. */
static void
test_certainty (void)
{
  MhSeek seek = { 0 };

  mh_seek_ask (&seek, 1, 10);
  begin (&seek, 2, 0);
  g_assert_false (mh_seek_is_sure (&seek));
  g_assert_true (isnan (mh_seek_get_target (&seek)));
  g_assert_cmpint (mh_seek_get_wait (&seek), ==, MSEC (2000));
  begin (&seek, 1, 0);
  g_assert_true (mh_seek_is_sure (&seek));
  g_assert_cmpint (mh_seek_get_wait (&seek), ==, MSEC (1000));
  mh_seek_take_segment (&seek);
  g_assert_true (mh_seek_is_sure (&seek));
  g_assert_cmpint (mh_seek_get_wait (&seek), ==, 0);
  mh_seek_end_flush (&seek, 0, FALSE);
  g_assert_true (mh_seek_end (&seek));
  g_assert_false (mh_seek_is_sure (&seek));
  begin (&seek, 3, 0);
  g_assert_false (mh_seek_is_sure (&seek));
}

/* Of several in a row, where the first began and where the last goes. */
static void
test_burst (void)
{
  MhSeek seek = { 0 };

  mh_seek_ask (&seek, 1, 10);
  begin (&seek, 1, 5);
  mh_seek_end_flush (&seek, 0, FALSE);
  mh_seek_take_segment (&seek);
  mh_seek_take_data (&seek, 0);
  mh_seek_ask (&seek, 2, 20);
  g_assert_true (begin (&seek, 2, 10));
  g_assert_cmpint (seek.state, ==, MH_SEEK_FLUSHING);
  g_assert_cmpfloat (seek.from, ==, 5);
  g_assert_cmpfloat (mh_seek_get_target (&seek), ==, 20);
  g_assert_cmpint (seek.certainty, ==, MH_SEEK_ASKED);
  /* A later one that nothing has asked for belongs to it. */
  g_assert_true (begin (&seek, 3, 20));
  g_assert_true (mh_seek_is_sure (&seek));
  g_assert_true (isnan (mh_seek_get_target (&seek)));
}

/* A second flush with the number of the first is the same, unless the application has
 * given the number to another seek. */
static void
test_same (void)
{
  MhSeek seek = { 0 };

  mh_seek_ask (&seek, 1, 10);
  g_assert_true (begin (&seek, 1, 0));
  mh_seek_end_flush (&seek, 0, FALSE);
  mh_seek_take_segment (&seek);
  mh_seek_take_data (&seek, 0);
  g_assert_false (begin (&seek, 1, 0));
  g_assert_cmpint (seek.state, ==, MH_SEEK_FLUSHING);
  g_assert_cmpint (seek.certainty, ==, MH_SEEK_REACHED);
  mh_seek_ask (&seek, 1, 20);
  g_assert_true (begin (&seek, 1, 0));
  g_assert_cmpfloat (mh_seek_get_target (&seek), ==, 20);
}

/* The next seek may be asked for long before its flush. */
static void
test_was_asked (void)
{
  MhSeek seek = { 0 };

  g_assert_false (mh_seek_was_asked (&seek));
  mh_seek_ask (&seek, 7, 10);
  begin (&seek, 7, 0);
  g_assert_true (mh_seek_was_asked (&seek));
  mh_seek_ask (&seek, 8, 20);
  g_assert_true (mh_seek_was_asked (&seek));
  begin (&seek, 9, 0);
  g_assert_false (mh_seek_was_asked (&seek));
  begin (&seek, 8, 0);
  g_assert_true (mh_seek_was_asked (&seek));
}

static void
test_error (void)
{
  MhSeek seek = { 0 };

  g_assert_false (mh_seek_fail (&seek));
  mh_seek_ask (&seek, 1, 10);
  begin (&seek, 1, 3);
  g_assert_true (mh_seek_fail (&seek));
  g_assert_cmpfloat (mh_seek_get_target (&seek), ==, 3);
  g_assert_cmpint (mh_seek_get_wait (&seek), ==, 0);
  g_assert_false (mh_seek_fail (&seek));
}

/* What began as a seek is the cut to another item; its flush goes on. */
static void
test_other_item (void)
{
  MhSeek seek = { 0 };

  begin (&seek, 1, 3);
  mh_seek_begin_item (&seek);
  g_assert_cmpint (seek.state, ==, MH_SEEK_FLUSH);
  g_assert_false (mh_seek_is_active (&seek));
  mh_seek_end_flush (&seek, 0, FALSE);
  g_assert_cmpint (seek.state, ==, MH_SEEK_NONE);
  begin (&seek, 1, 3);
  mh_seek_end_flush (&seek, 0, FALSE);
  mh_seek_begin_item (&seek);
  g_assert_cmpint (seek.state, ==, MH_SEEK_NONE);
}

/* A flush before anything was shown is no seek. */
static void
test_plain_flush (void)
{
  MhSeek seek = { 0 };

  mh_seek_flush (&seek);
  mh_seek_take_segment (&seek);
  mh_seek_take_data (&seek, 0);
  g_assert_cmpint (seek.state, ==, MH_SEEK_FLUSH);
  mh_seek_begin_item (&seek);
  g_assert_cmpint (seek.state, ==, MH_SEEK_FLUSH);
  mh_seek_begin_run (&seek);
  g_assert_cmpint (seek.state, ==, MH_SEEK_NONE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/seek/whole", test_whole);
  g_test_add_func ("/seek/deadline", test_deadline);
  g_test_add_func ("/seek/certainty", test_certainty);
  g_test_add_func ("/seek/burst", test_burst);
  g_test_add_func ("/seek/same", test_same);
  g_test_add_func ("/seek/was-asked", test_was_asked);
  g_test_add_func ("/seek/error", test_error);
  g_test_add_func ("/seek/other-item", test_other_item);
  g_test_add_func ("/seek/plain-flush", test_plain_flush);
  return g_test_run ();
}
