/* Tests of mh-heap.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-heap.h"

typedef struct
{
  int before; /* so that the node is not at the start */
  MhHeapNode node;
} Item;

static MhTime
pop_key (MhHeap *heap)
{
  MhHeapNode *node = mh_heap_pop (heap, MH_TIME_NEVER);

  g_assert_nonnull (node);
  g_assert_false (mh_heap_node_is_in (node));
  return mh_heap_node_get_key (node);
}

static void
test_empty (void)
{
  g_autoptr (MhHeap) heap = mh_heap_new ();

  g_assert_null (mh_heap_peek (heap));
  g_assert_null (mh_heap_pop (heap, MH_TIME_NEVER));
  g_assert_cmpint (mh_heap_next (heap), ==, MH_TIME_NEVER);
  g_assert_cmpuint (mh_heap_size (heap), ==, 0);
  g_assert_null (MH_HEAP_ENTRY (mh_heap_peek (heap), Item, node));
  mh_heap_free (NULL);
}

static void
test_until (void)
{
  g_autoptr (MhHeap) heap = mh_heap_new ();
  Item item = { 0 };

  mh_heap_set (heap, &item.node, 100);
  g_assert_null (mh_heap_pop (heap, 99));
  g_assert_cmpint (mh_heap_next (heap), ==, 100);
  g_assert_true (MH_HEAP_ENTRY (mh_heap_pop (heap, 100), Item, node) == &item);
  g_assert_null (mh_heap_pop (heap, 100));
}

static void
test_equal_keys (void)
{
  g_autoptr (MhHeap) heap = mh_heap_new ();
  Item items[20] = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    mh_heap_set (heap, &items[i].node, 7);
  /* Put in again: it goes behind the others. */
  mh_heap_set (heap, &items[0].node, 7);
  for (guint i = 1; i < G_N_ELEMENTS (items); i++)
    g_assert_true (mh_heap_pop (heap, 7) == &items[i].node);
  g_assert_true (mh_heap_pop (heap, 7) == &items[0].node);
}

static void
test_move (void)
{
  g_autoptr (MhHeap) heap = mh_heap_new ();
  Item items[3] = { 0 };

  for (guint i = 0; i < 3; i++)
    mh_heap_set (heap, &items[i].node, 10 * (i + 1));
  mh_heap_set (heap, &items[2].node, 5);
  mh_heap_set (heap, &items[0].node, 40);
  g_assert_cmpuint (mh_heap_size (heap), ==, 3);
  g_assert_cmpint (pop_key (heap), ==, 5);
  g_assert_cmpint (pop_key (heap), ==, 20);
  g_assert_cmpint (pop_key (heap), ==, 40);
}

static void
test_remove (void)
{
  g_autoptr (MhHeap) heap = mh_heap_new ();
  Item items[3] = { 0 };

  for (guint i = 0; i < 3; i++)
    mh_heap_set (heap, &items[i].node, 10 * (i + 1));
  mh_heap_remove (heap, &items[0].node);
  mh_heap_remove (heap, &items[0].node);
  mh_heap_remove (heap, &items[2].node);
  g_assert_false (mh_heap_node_is_in (&items[0].node));
  g_assert_true (mh_heap_node_is_in (&items[1].node));
  g_assert_cmpint (pop_key (heap), ==, 20);
  g_assert_cmpuint (mh_heap_size (heap), ==, 0);
}

static void
test_free_takes_out (void)
{
  MhHeap *heap = mh_heap_new ();
  Item item = { 0 };

  mh_heap_set (heap, &item.node, 1);
  mh_heap_free (heap);
  g_assert_false (mh_heap_node_is_in (&item.node));
}

static gint64
smallest (const Item *items, guint n)
{
  gint64 found = MH_TIME_NEVER;

  for (guint i = 0; i < n; i++) {
    if (mh_heap_node_is_in (&items[i].node))
      found = MIN (found, mh_heap_node_get_key (&items[i].node));
  }
  return found;
}

/* Any mix of operations, against a search through all. */
static void
test_random (void)
{
  g_autoptr (MhHeap) heap = mh_heap_new ();
  Item items[64] = { 0 };

  for (guint i = 0; i < 20000; i++) {
    MhHeapNode *node =
        &items[g_test_rand_int_range (0, G_N_ELEMENTS (items))].node;

    switch (g_test_rand_int_range (0, 4)) {
      case 0:
        mh_heap_remove (heap, node);
        break;
      case 1: {
        MhTime least = smallest (items, G_N_ELEMENTS (items));

        if (mh_heap_size (heap) > 0)
          g_assert_cmpint (pop_key (heap), ==, least);
        break;
      }
      default:
        mh_heap_set (heap, node, g_test_rand_int_range (-50, 50));
        break;
    }
    g_assert_cmpint (
        mh_heap_next (heap), ==, smallest (items, G_N_ELEMENTS (items)));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/heap/empty", test_empty);
  g_test_add_func ("/heap/pop/until", test_until);
  g_test_add_func ("/heap/order/equal-keys", test_equal_keys);
  g_test_add_func ("/heap/order/random", test_random);
  g_test_add_func ("/heap/move", test_move);
  g_test_add_func ("/heap/remove", test_remove);
  g_test_add_func ("/heap/free-takes-out", test_free_takes_out);
  return g_test_run ();
}
