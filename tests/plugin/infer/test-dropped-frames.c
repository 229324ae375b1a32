/* Tests of mh-dropped-frames.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-dropped-frames.h"

/* As whoever is told does it. */
static void
tell (MhDrops *drops, guint64 id, guint64 count)
{
  if (!mh_drops_knows (drops, id))
    mh_drops_add (drops, id, TRUE);
  mh_drops_tell (drops, id, count);
}

/* Each frame is dropped by one of them. */
static void
test_sum (void)
{
  MhDrops drops = { 0 };

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
  MhDrops drops = { 0 };

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
  MhDrops drops = { 0 };

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
  MhDrops drops = { 0 };

  mh_drops_add (&drops, 1, FALSE);
  mh_drops_tell (&drops, 1, 1);
  mh_drops_tell (&drops, 1, 2);
  mh_drops_tell (&drops, 2, 1);
  g_assert_cmpuint (drops.total, ==, 0);
}

static void
test_stepping (void)
{
  MhDrops drops = { 0 };

  tell (&drops, 1, 1);
  mh_drops_step (&drops, 1, TRUE);
  tell (&drops, 1, 10);
  mh_drops_step (&drops, 1, FALSE);
  tell (&drops, 1, 11);
  g_assert_cmpuint (drops.total, ==, 2);
  mh_drops_step (&drops, 2, FALSE);
  tell (&drops, 1, 12);
  g_assert_cmpuint (drops.total, ==, 3);
}

/* One is done before the other; one that begins again has not begun twice. */
static void
test_stepping_together (void)
{
  MhDrops drops = { 0 };

  tell (&drops, 1, 1);
  mh_drops_step (&drops, 1, TRUE);
  mh_drops_step (&drops, 2, TRUE);
  mh_drops_step (&drops, 1, TRUE);
  mh_drops_step (&drops, 2, FALSE);
  tell (&drops, 1, 10);
  g_assert_cmpuint (drops.total, ==, 1);
  mh_drops_step (&drops, 1, FALSE);
  tell (&drops, 1, 11);
  g_assert_cmpuint (drops.total, ==, 2);
  for (guint i = 0; i < 2 * MH_DROPS_SOURCES; i++)
    mh_drops_step (&drops, i, TRUE);
  mh_drops_end_steps (&drops);
  tell (&drops, 1, 12);
  g_assert_cmpuint (drops.total, ==, 3);
}

/* The same ones, but they count anew; what there was stays. */
static void
test_begin (void)
{
  MhDrops drops = { 0 };

  tell (&drops, 1, 1);
  tell (&drops, 1, 2);
  mh_drops_step (&drops, 1, TRUE);
  mh_drops_begin (&drops);
  g_assert_false (mh_drops_knows (&drops, 1));
  tell (&drops, 1, 1);
  g_assert_cmpuint (drops.total, ==, 3);
}

/* Of more than it has room for the latest are known. */
static void
test_many (void)
{
  MhDrops drops = { 0 };

  for (guint i = 1; i <= MH_DROPS_SOURCES; i++)
    tell (&drops, i, 1);
  tell (&drops, 1, 2);
  tell (&drops, 100, 1);
  g_assert_true (mh_drops_knows (&drops, 1));
  g_assert_false (mh_drops_knows (&drops, 2));
  g_assert_true (mh_drops_knows (&drops, 100));
  tell (&drops, 1, 3);
  tell (&drops, 100, 2);
  g_assert_cmpuint (drops.total, ==, MH_DROPS_SOURCES + 4);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/drops/sum", test_sum);
  g_test_add_func ("/drops/reset", test_reset);
  g_test_add_func ("/drops/late-comer", test_late_comer);
  g_test_add_func ("/drops/no-frames", test_no_frames);
  g_test_add_func ("/drops/stepping", test_stepping);
  g_test_add_func ("/drops/stepping/together", test_stepping_together);
  g_test_add_func ("/drops/begin", test_begin);
  g_test_add_func ("/drops/many", test_many);
  return g_test_run ();
}
