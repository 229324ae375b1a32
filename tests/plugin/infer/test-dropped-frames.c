/* Tests of mh-dropped-frames.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-dropped-frames.h"

/* A caller that is told a count adds the one that tells it first. */
static void
tell (MhDroppedFrames *drops, guint64 id, guint64 count)
{
  if (!mh_dropped_frames_knows (drops, id))
    mh_dropped_frames_add (drops, id, TRUE);
  mh_dropped_frames_tell (drops, id, count);
}

/* Each frame is dropped by one of them. */
static void
test_sum (void)
{
  MhDroppedFrames drops = { 0 };

  tell (&drops, 1, 1);
  tell (&drops, 1, 2);
  tell (&drops, 2, 1);
  tell (&drops, 1, 4);
  g_assert_cmpuint (drops.total, ==, 5);
  tell (&drops, 2, 1);
  g_assert_cmpuint (drops.total, ==, 5);
}

/* A sink counts from 0 again after a flush. */
static void
test_reset (void)
{
  MhDroppedFrames drops = { 0 };

  for (guint i = 1; i <= 28; i++)
    tell (&drops, 1, i);
  tell (&drops, 1, 1);
  tell (&drops, 1, 2);
  g_assert_cmpuint (drops.total, ==, 30);
}

/* What was before anybody looked does not count. */
static void
test_late_comer (void)
{
  MhDroppedFrames drops = { 0 };

  tell (&drops, 1, 500);
  g_assert_cmpuint (drops.total, ==, 1);
  tell (&drops, 1, 501);
  g_assert_cmpuint (drops.total, ==, 2);
  tell (&drops, 2, 0);
  tell (&drops, 2, 3);
  g_assert_cmpuint (drops.total, ==, 5);
}

static void
test_no_frames (void)
{
  MhDroppedFrames drops = { 0 };

  mh_dropped_frames_add (&drops, 1, FALSE);
  mh_dropped_frames_tell (&drops, 1, 1);
  mh_dropped_frames_tell (&drops, 1, 2);
  mh_dropped_frames_tell (&drops, 2, 1);
  g_assert_cmpuint (drops.total, ==, 0);
}

static void
test_stepping (void)
{
  MhDroppedFrames drops = { 0 };

  tell (&drops, 1, 1);
  mh_dropped_frames_step (&drops, 1, TRUE);
  tell (&drops, 1, 10);
  mh_dropped_frames_step (&drops, 1, FALSE);
  tell (&drops, 1, 11);
  g_assert_cmpuint (drops.total, ==, 2);
  mh_dropped_frames_step (&drops, 2, FALSE);
  tell (&drops, 1, 12);
  g_assert_cmpuint (drops.total, ==, 3);
}

/* One is done before the other; one that begins again has not begun twice. */
static void
test_stepping_together (void)
{
  MhDroppedFrames drops = { 0 };

  tell (&drops, 1, 1);
  mh_dropped_frames_step (&drops, 1, TRUE);
  mh_dropped_frames_step (&drops, 2, TRUE);
  mh_dropped_frames_step (&drops, 1, TRUE);
  mh_dropped_frames_step (&drops, 2, FALSE);
  tell (&drops, 1, 10);
  g_assert_cmpuint (drops.total, ==, 1);
  mh_dropped_frames_step (&drops, 1, FALSE);
  tell (&drops, 1, 11);
  g_assert_cmpuint (drops.total, ==, 2);
  for (guint i = 0; i < 2 * MH_DROPPED_FRAMES_SOURCES; i++)
    mh_dropped_frames_step (&drops, i, TRUE);
  mh_dropped_frames_end_steps (&drops);
  tell (&drops, 1, 12);
  g_assert_cmpuint (drops.total, ==, 3);
}

/* The same ones, but they count anew; what there was stays. */
static void
test_begin (void)
{
  MhDroppedFrames drops = { 0 };

  tell (&drops, 1, 1);
  tell (&drops, 1, 2);
  mh_dropped_frames_step (&drops, 1, TRUE);
  mh_dropped_frames_begin (&drops);
  g_assert_false (mh_dropped_frames_knows (&drops, 1));
  tell (&drops, 1, 1);
  g_assert_cmpuint (drops.total, ==, 3);
}

/* Of more than it has room for the latest are known. */
static void
test_many (void)
{
  MhDroppedFrames drops = { 0 };

  for (guint i = 1; i <= MH_DROPPED_FRAMES_SOURCES; i++)
    tell (&drops, i, 1);
  tell (&drops, 1, 2);
  tell (&drops, 100, 1);
  g_assert_true (mh_dropped_frames_knows (&drops, 1));
  g_assert_false (mh_dropped_frames_knows (&drops, 2));
  g_assert_true (mh_dropped_frames_knows (&drops, 100));
  tell (&drops, 1, 3);
  tell (&drops, 100, 2);
  g_assert_cmpuint (drops.total, ==, MH_DROPPED_FRAMES_SOURCES + 4);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dropped-frames/sum", test_sum);
  g_test_add_func ("/dropped-frames/reset", test_reset);
  g_test_add_func ("/dropped-frames/late-comer", test_late_comer);
  g_test_add_func ("/dropped-frames/no-frames", test_no_frames);
  g_test_add_func ("/dropped-frames/stepping", test_stepping);
  g_test_add_func ("/dropped-frames/stepping/together", test_stepping_together);
  g_test_add_func ("/dropped-frames/begin", test_begin);
  g_test_add_func ("/dropped-frames/many", test_many);
  return g_test_run ();
}
