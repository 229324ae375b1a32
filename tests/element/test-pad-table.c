/* Tests of mh-pad-table: which pads the tracer counts data of.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-pad-table.h"

/* Pads are only compared with: any addresses do. */
static gconstpointer
pad (gsize i)
{
  return GSIZE_TO_POINTER (0x10000 + i * 16);
}

static void
test_find (void)
{
  MhTap one, other;

  g_assert_null (mh_pad_table_find (pad (1)));
  g_assert_true (mh_pad_table_add (pad (1), &one));
  g_assert_true (mh_pad_table_add (pad (2), &other));
  g_assert_true (mh_pad_table_find (pad (1)) == &one);
  g_assert_true (mh_pad_table_find (pad (2)) == &other);
  g_assert_null (mh_pad_table_find (pad (3)));
  mh_pad_table_remove (pad (1), &other); /* not its */
  g_assert_true (mh_pad_table_find (pad (1)) == &one);
  mh_pad_table_remove (pad (1), &one);
  mh_pad_table_remove (pad (2), NULL);
  g_assert_null (mh_pad_table_find (pad (1)));
  g_assert_null (mh_pad_table_find (pad (2)));
  mh_pad_table_remove (pad (1), NULL);
}

/* However full: what was added is found, what was not is not, and what goes
 * leaves the others where they are. */
static void
test_full (void)
{
  const gsize n = 2 * MH_PAD_TABLE_SIZE;
  g_autofree MhTap *taps = g_new0 (MhTap, n);
  g_autofree gboolean *added = g_new0 (gboolean, n);
  guint count = 0;

  for (gsize i = 0; i < n; i++)
    count += added[i] = mh_pad_table_add (pad (i), &taps[i]);
  g_assert_cmpuint (count, >=, MH_PAD_TABLE_SIZE / 2);
  g_assert_cmpuint (count, <=, MH_PAD_TABLE_SIZE + MH_PAD_TABLE_PROBES);
  for (gsize i = 0; i < n; i += 2)
    mh_pad_table_remove (pad (i), &taps[i]);
  for (gsize i = 0; i < n; i++)
    g_assert_true (
        mh_pad_table_find (pad (i)) == (added[i] && i % 2 ? &taps[i] : NULL));
  for (gsize i = 0; i < n; i++)
    mh_pad_table_remove (pad (i), NULL);
  g_assert_null (mh_pad_table_find (pad (1)));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pad-table/find", test_find);
  g_test_add_func ("/pad-table/full", test_full);
  return g_test_run ();
}
