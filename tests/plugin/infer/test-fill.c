/* Tests of mh-fill.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-fill.h"

static void
test_lowest (void)
{
  MhFill fill = { 0 };

  g_assert_cmpint (mh_fill_percent (&fill), ==, 100);
  mh_fill_tell (&fill, 1, 20);
  mh_fill_tell (&fill, 2, 50);
  g_assert_cmpint (mh_fill_percent (&fill), ==, 20);
  mh_fill_tell (&fill, 1, 70);
  g_assert_cmpint (mh_fill_percent (&fill), ==, 50);
  mh_fill_tell (&fill, 2, 100);
  g_assert_cmpint (mh_fill_percent (&fill), ==, 70);
  mh_fill_tell (&fill, 3, 100);
  g_assert_cmpint (mh_fill_percent (&fill), ==, 70);
  mh_fill_tell (&fill, 1, 100);
  g_assert_cmpint (mh_fill_percent (&fill), ==, 100);
  g_assert_cmpuint (fill.n, ==, 0);
}

static void
test_flush (void)
{
  MhFill fill = { 0 };

  mh_fill_tell (&fill, 1, 20);
  mh_fill_tell (&fill, 2, 30);
  mh_fill_flush (&fill);
  g_assert_cmpint (mh_fill_percent (&fill), ==, 20);
  mh_fill_tell (&fill, 2, 40);
  g_assert_cmpint (mh_fill_percent (&fill), ==, 40);
  mh_fill_tell (&fill, 1, 10);
  g_assert_cmpint (mh_fill_percent (&fill), ==, 10);
  mh_fill_flush (&fill);
  mh_fill_tell (&fill, 3, 100);
  g_assert_cmpint (mh_fill_percent (&fill), ==, 100);
}

/* Of too many, the one that has said nothing for longest is left out. */
static void
test_bounded (void)
{
  MhFill fill = { 0 };

  for (int i = 0; i <= MH_FILL_SOURCES; i++)
    mh_fill_tell (&fill, (guint64) i, i);
  g_assert_cmpuint (fill.n, ==, MH_FILL_SOURCES);
  g_assert_cmpint (mh_fill_percent (&fill), ==, 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fill/lowest", test_lowest);
  g_test_add_func ("/fill/flush", test_flush);
  g_test_add_func ("/fill/bounded", test_bounded);
  return g_test_run ();
}
