/* Tests of mh-item-place (docs/design/inference.md#items).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-item-place.h"

#define MSEC MH_TIME_FROM_MSEC

/* A SEGMENT says where it is, if the element has seen the run from its start. */
static void
test_segment (void)
{
  MhPlacing placing = { 0 };

  mh_placing_take_segment (&placing);
  g_assert_false (placing.is_known);
  placing.from_start = TRUE;
  mh_placing_take_segment (&placing);
  g_assert_true (placing.is_known);
  mh_placing_begin_item (&placing);
  g_assert_false (placing.is_known);
  mh_placing_follow (&placing, 60, FALSE, 0);
  mh_placing_take_segment (&placing);
  g_assert_false (placing.is_known);
}

/* The second time that it prerolls it has stepped. */
static void
test_preroll (void)
{
  MhPlacing placing = { .from_start = TRUE };

  mh_placing_take_segment (&placing);
  mh_placing_preroll (&placing);
  g_assert_true (placing.is_known);
  mh_placing_take_segment (&placing);
  mh_placing_preroll (&placing);
  g_assert_true (placing.is_known);
  mh_placing_preroll (&placing);
  g_assert_false (placing.is_known);
  mh_placing_begin_item (&placing);
  mh_placing_take_segment (&placing);
  mh_placing_preroll (&placing);
  g_assert_true (placing.is_known);
}

/* An answer is about what is played. */
static void
test_answer (void)
{
  MhPlacing placing = { 0 };

  g_assert_true (mh_placing_take_answer (&placing, 1234, MSEC (100)));
  g_assert_true (placing.is_known);
}

/* For two seconds an answer that goes on from where the item before was left is about
 * that, until one is not. */
static void
test_left (void)
{
  MhPlacing placing = { 0 };

  mh_placing_follow (&placing, 60, FALSE, MSEC (1000));
  g_assert_false (mh_placing_take_answer (&placing, 59.6, MSEC (1000)));
  g_assert_true (placing.is_known);
  g_assert_false (mh_placing_take_answer (&placing, 61.4, MSEC (2000)));
  g_assert_cmpint (placing.state, ==, MH_PLACING_BEHIND);
  g_assert_true (mh_placing_take_answer (&placing, 0.5, MSEC (2500)));
  g_assert_cmpint (placing.state, ==, MH_PLACING_ALONE);
  g_assert_true (mh_placing_take_answer (&placing, 61, MSEC (2600)));
}

/* What is not near, or comes later, is not about the item before. */
static void
test_not_left (void)
{
  MhPlacing placing = { 0 };

  mh_placing_follow (&placing, 60, FALSE, MSEC (1000));
  g_assert_true (mh_placing_take_answer (&placing, 59.4, MSEC (1000)));
  mh_placing_follow (&placing, 60, FALSE, MSEC (1000));
  g_assert_true (mh_placing_take_answer (&placing, 61.6, MSEC (2000)));
  mh_placing_follow (&placing, 60, FALSE, MSEC (1000));
  g_assert_true (mh_placing_take_answer (&placing, 62, MSEC (3000)));
}

/* Data that begins elsewhere says where a stream is that another was exchanged for. */
static void
test_exchanged (void)
{
  MhPlacing placing = { 0 };

  mh_placing_follow (&placing, 30, FALSE, 0);
  g_assert_cmpfloat (mh_placing_take_data (&placing, 30.2), ==, -1);
  mh_placing_follow (&placing, 30, TRUE, 0);
  g_assert_cmpfloat (mh_placing_take_data (&placing, -1), ==, -1);
  g_assert_cmpfloat (mh_placing_take_data (&placing, 0.4), ==, -1);
  g_assert_false (mh_placing_take_answer (&placing, 30, 0));
  g_assert_cmpfloat (mh_placing_take_data (&placing, 30.2), ==, 30);
  g_assert_cmpint (placing.state, ==, MH_PLACING_ALONE);
  mh_placing_follow (&placing, 30, TRUE, 0);
  g_assert_cmpfloat (mh_placing_take_data (&placing, 45), ==, 45);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/placing/segment", test_segment);
  g_test_add_func ("/placing/preroll", test_preroll);
  g_test_add_func ("/placing/answer", test_answer);
  g_test_add_func ("/placing/item-before", test_left);
  g_test_add_func ("/placing/this-item", test_not_left);
  g_test_add_func ("/placing/exchanged", test_exchanged);
  return g_test_run ();
}
