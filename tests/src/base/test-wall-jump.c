/* Tests of mh-wall-jump: what a wall clock that jumps does to times.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-wall-jump.h"

/* 2026-11-28T20:00:00Z, in ms. */
#define EVENING G_GINT64_CONSTANT (1795896000000)

static void
test_jump (void)
{
  g_assert_cmpint (mh_wall_jump_measure (5000, 5000), ==, 0);
  g_assert_cmpint (mh_wall_jump_measure (5000, 6000), ==, 0);
  g_assert_cmpint (mh_wall_jump_measure (5000, 4000), ==, 0);
  g_assert_cmpint (mh_wall_jump_measure (5000, 6001), ==, 1001);
  g_assert_cmpint (mh_wall_jump_measure (5000, 3999), ==, -1001);
  g_assert_cmpint (mh_wall_jump_measure (0, EVENING), ==, EVENING);
}

static void
assert_moved (double playhead, gint64 ts, gint64 by, double near, double wanted)
{
  g_assert_cmpfloat_with_epsilon (
      mh_wall_jump_move_playhead (playhead, ts, by, near), wanted, 1e-6);
}

static void
test_playhead (void)
{
  /* Live, a minute after 1970 began. */
  assert_moved (60, 60000, EVENING, 0.05, 20 * 3600 + 60);
  assert_moved (60.0004, 60000, EVENING, 0.05, 20 * 3600 + 60.0004);
  assert_moved (60, 60100, EVENING, 0.05, 60);
  /* To whole seconds. */
  assert_moved (60, 60700, EVENING, 1.05, 20 * 3600 + 60.7);
  /* On demand. */
  assert_moved (5, 60000, EVENING, 0.05, 5);
  /* Back again, over midnight. */
  assert_moved (20 * 3600, EVENING, -21 * 3600 * 1000, 0.05, 23 * 3600);
  assert_moved (0.01, EVENING + 4 * 3600 * 1000, 0, 0.05, 0.01);
  assert_moved (86399.99, EVENING + 4 * 3600 * 1000, 0, 0.05, 86399.99);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wall-jump/jump", test_jump);
  g_test_add_func ("/wall-jump/playhead", test_playhead);
  return g_test_run ();
}
