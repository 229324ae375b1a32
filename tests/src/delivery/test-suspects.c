/* Tests of mh-suspects.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-suspects.h"

#include "mh-protocol.h"

#define SESSION 7

/* Five tries, then one of another hit, and so on. */
static void
test_turns (void)
{
  MhSuspects suspects = { NULL };

  g_assert_false (mh_suspects_wants_other (&suspects));
  for (guint round = 0; round < 3; round++) {
    for (guint i = 0; i < MH_PROTOCOL_TRIES; i++) {
      g_assert_false (mh_suspects_wants_other (&suspects));
      g_assert_false (mh_suspects_fail (&suspects, SESSION, 1));
    }
    g_assert_true (mh_suspects_wants_other (&suspects));
    g_assert_false (mh_suspects_fail (&suspects, SESSION, 10 + round));
  }
  g_assert_cmpuint (mh_suspects_count (&suspects), ==, 4);
  g_assert_cmpint (mh_suspects_get (&suspects, 0).hit, ==, 1);
  g_assert_cmpint (mh_suspects_get (&suspects, 3).hit, ==, 12);
  g_assert_cmpint (mh_suspects_get (&suspects, 3).session, ==, SESSION);
  mh_suspects_clear (&suspects);
}

/* What fails again after the server has taken another one is wrong; what it takes
 * then was all right, and says of the next that the server works. */
static void
test_judged (void)
{
  MhSuspects suspects = { NULL };

  for (gint64 hit = 1; hit <= 3; hit++)
    g_assert_false (mh_suspects_fail (&suspects, SESSION, hit));
  mh_suspects_take (&suspects, 9);
  g_assert_false (mh_suspects_wants_other (&suspects));
  g_assert_true (mh_suspects_fail (&suspects, SESSION, 1));
  mh_suspects_take (&suspects, 2);
  g_assert_true (mh_suspects_fail (&suspects, SESSION, 3));
  g_assert_cmpuint (mh_suspects_count (&suspects), ==, 0);
  /* And nothing is left of that. */
  g_assert_false (mh_suspects_fail (&suspects, SESSION, 4));
  g_assert_false (mh_suspects_fail (&suspects, SESSION, 4));
  mh_suspects_clear (&suspects);
}

/* It has taken one, and fails then for all: that is one hit given up, not all. */
static void
test_one_for_one (void)
{
  MhSuspects suspects = { NULL };

  for (gint64 hit = 1; hit <= 3; hit++)
    g_assert_false (mh_suspects_fail (&suspects, SESSION, hit));
  mh_suspects_take (&suspects, 9);
  g_assert_true (mh_suspects_fail (&suspects, SESSION, 1));
  /* The next is one that is no suspect, if there is one. */
  g_assert_true (mh_suspects_wants_other (&suspects));
  g_assert_false (mh_suspects_fail (&suspects, SESSION, 2));
  g_assert_false (mh_suspects_wants_other (&suspects));
  g_assert_false (mh_suspects_fail (&suspects, SESSION, 3));
  mh_suspects_take (&suspects, 10);
  g_assert_true (mh_suspects_fail (&suspects, SESSION, 2));
  g_assert_false (mh_suspects_fail (&suspects, SESSION, 3));
  mh_suspects_clear (&suspects);
}

/* Whether the server works has to be seen after each of them has failed. */
static void
test_not_judged (void)
{
  MhSuspects suspects = { NULL };

  g_assert_false (mh_suspects_fail (&suspects, SESSION, 1));
  mh_suspects_take (&suspects, 9);
  g_assert_false (mh_suspects_fail (&suspects, SESSION, 2));
  g_assert_false (mh_suspects_fail (&suspects, SESSION, 1));
  mh_suspects_take (&suspects, 9);
  mh_suspects_interrupt (&suspects);
  g_assert_false (mh_suspects_fail (&suspects, SESSION, 1));
  g_assert_false (mh_suspects_fail (&suspects, SESSION, 2));
  mh_suspects_forget (&suspects, 1);
  g_assert_false (mh_suspects_contains (&suspects, 1));
  g_assert_true (mh_suspects_contains (&suspects, 2));
  mh_suspects_clear (&suspects);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/suspects/turns", test_turns);
  g_test_add_func ("/suspects/judged", test_judged);
  g_test_add_func ("/suspects/one-for-one", test_one_for_one);
  g_test_add_func ("/suspects/not-judged", test_not_judged);
  return g_test_run ();
}
