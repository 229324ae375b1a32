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
  MhItemPlace item_place = { 0 };

  mh_item_place_take_segment (&item_place);
  g_assert_false (item_place.is_known);
  item_place.from_start = TRUE;
  mh_item_place_take_segment (&item_place);
  g_assert_true (item_place.is_known);
  mh_item_place_begin_item (&item_place);
  g_assert_false (item_place.is_known);
  mh_item_place_follow (&item_place, 60, FALSE, 0);
  mh_item_place_take_segment (&item_place);
  g_assert_false (item_place.is_known);
}

/* The second time that it prerolls it has stepped. */
static void
test_preroll (void)
{
  MhItemPlace item_place = { .from_start = TRUE };

  mh_item_place_take_segment (&item_place);
  mh_item_place_preroll (&item_place);
  g_assert_true (item_place.is_known);
  mh_item_place_take_segment (&item_place);
  mh_item_place_preroll (&item_place);
  g_assert_true (item_place.is_known);
  mh_item_place_preroll (&item_place);
  g_assert_false (item_place.is_known);
  mh_item_place_begin_item (&item_place);
  mh_item_place_take_segment (&item_place);
  mh_item_place_preroll (&item_place);
  g_assert_true (item_place.is_known);
}

/* An answer is about what is played. */
static void
test_answer (void)
{
  MhItemPlace item_place = { 0 };

  g_assert_true (mh_item_place_take_answer (&item_place, 1234, MSEC (100)));
  g_assert_true (item_place.is_known);
}

/* For two seconds an answer that goes on from where the item before was left is about
 * that, until one is not. */
static void
test_left (void)
{
  MhItemPlace item_place = { 0 };

  mh_item_place_follow (&item_place, 60, FALSE, MSEC (1000));
  g_assert_false (mh_item_place_take_answer (&item_place, 59.6, MSEC (1000)));
  g_assert_true (item_place.is_known);
  g_assert_false (mh_item_place_take_answer (&item_place, 61.4, MSEC (2000)));
  g_assert_cmpint (item_place.state, ==, MH_ITEM_PLACE_BEHIND);
  g_assert_true (mh_item_place_take_answer (&item_place, 0.5, MSEC (2500)));
  g_assert_cmpint (item_place.state, ==, MH_ITEM_PLACE_ALONE);
  g_assert_true (mh_item_place_take_answer (&item_place, 61, MSEC (2600)));
}

/* What is not near, or comes later, is not about the item before. */
static void
test_not_left (void)
{
  MhItemPlace item_place = { 0 };

  mh_item_place_follow (&item_place, 60, FALSE, MSEC (1000));
  g_assert_true (mh_item_place_take_answer (&item_place, 59.4, MSEC (1000)));
  mh_item_place_follow (&item_place, 60, FALSE, MSEC (1000));
  g_assert_true (mh_item_place_take_answer (&item_place, 61.6, MSEC (2000)));
  mh_item_place_follow (&item_place, 60, FALSE, MSEC (1000));
  g_assert_true (mh_item_place_take_answer (&item_place, 62, MSEC (3000)));
}

/* Data that begins elsewhere says where a stream is that another was exchanged for. */
static void
test_exchanged (void)
{
  MhItemPlace item_place = { 0 };

  mh_item_place_follow (&item_place, 30, FALSE, 0);
  g_assert_cmpfloat (mh_item_place_take_data (&item_place, 30.2), ==, -1);
  mh_item_place_follow (&item_place, 30, TRUE, 0);
  g_assert_cmpfloat (mh_item_place_take_data (&item_place, -1), ==, -1);
  g_assert_cmpfloat (mh_item_place_take_data (&item_place, 0.4), ==, -1);
  g_assert_false (mh_item_place_take_answer (&item_place, 30, 0));
  g_assert_cmpfloat (mh_item_place_take_data (&item_place, 30.2), ==, 30);
  g_assert_cmpint (item_place.state, ==, MH_ITEM_PLACE_ALONE);
  mh_item_place_follow (&item_place, 30, TRUE, 0);
  g_assert_cmpfloat (mh_item_place_take_data (&item_place, 45), ==, 45);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/item-place/segment", test_segment);
  g_test_add_func ("/item-place/preroll", test_preroll);
  g_test_add_func ("/item-place/answer", test_answer);
  g_test_add_func ("/item-place/item-before", test_left);
  g_test_add_func ("/item-place/this-item", test_not_left);
  g_test_add_func ("/item-place/exchanged", test_exchanged);
  return g_test_run ();
}
