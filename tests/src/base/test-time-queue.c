/* Tests of mh-time-queue.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-time-queue.h"

typedef struct
{
  int before; /* so that the node is not at the start */
  MhTimeNode node;
} Item;

static MhTime
pop_time (MhTimeQueue *queue)
{
  MhTimeNode *node = mh_time_queue_pop (queue, MH_TIME_NEVER);

  g_assert_nonnull (node);
  g_assert_false (mh_time_node_is_in (node));
  return mh_time_node_get_time (node);
}

static void
test_empty (void)
{
  g_autoptr (MhTimeQueue) queue = mh_time_queue_new ();

  g_assert_null (mh_time_queue_peek (queue));
  g_assert_null (mh_time_queue_pop (queue, MH_TIME_NEVER));
  g_assert_cmpint (mh_time_queue_next (queue), ==, MH_TIME_NEVER);
  g_assert_cmpint (g_sequence_get_length (queue), ==, 0);
  g_assert_null (MH_TIME_NODE_ENTRY (mh_time_queue_peek (queue), Item, node));
  mh_time_queue_free (NULL);
}

static void
test_until (void)
{
  g_autoptr (MhTimeQueue) queue = mh_time_queue_new ();
  Item item = { 0 };

  mh_time_queue_set (queue, &item.node, 100);
  g_assert_null (mh_time_queue_pop (queue, 99));
  g_assert_cmpint (mh_time_queue_next (queue), ==, 100);
  g_assert_true (
      MH_TIME_NODE_ENTRY (mh_time_queue_pop (queue, 100), Item, node) == &item);
  g_assert_null (mh_time_queue_pop (queue, 100));
}

static void
test_equal_keys (void)
{
  g_autoptr (MhTimeQueue) queue = mh_time_queue_new ();
  Item items[20] = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    mh_time_queue_set (queue, &items[i].node, 7);
  /* Put in again: it goes behind the others. */
  mh_time_queue_set (queue, &items[0].node, 7);
  for (guint i = 1; i < G_N_ELEMENTS (items); i++)
    g_assert_true (mh_time_queue_pop (queue, 7) == &items[i].node);
  g_assert_true (mh_time_queue_pop (queue, 7) == &items[0].node);
}

static void
test_move (void)
{
  g_autoptr (MhTimeQueue) queue = mh_time_queue_new ();
  Item items[3] = { 0 };

  for (guint i = 0; i < 3; i++)
    mh_time_queue_set (queue, &items[i].node, 10 * (i + 1));
  mh_time_queue_set (queue, &items[2].node, 5);
  mh_time_queue_set (queue, &items[0].node, 40);
  g_assert_cmpint (g_sequence_get_length (queue), ==, 3);
  g_assert_cmpint (pop_time (queue), ==, 5);
  g_assert_cmpint (pop_time (queue), ==, 20);
  g_assert_cmpint (pop_time (queue), ==, 40);
}

static void
test_remove (void)
{
  g_autoptr (MhTimeQueue) queue = mh_time_queue_new ();
  Item items[3] = { 0 };

  for (guint i = 0; i < 3; i++)
    mh_time_queue_set (queue, &items[i].node, 10 * (i + 1));
  mh_time_queue_remove (queue, &items[0].node);
  mh_time_queue_remove (queue, &items[0].node);
  mh_time_queue_remove (queue, &items[2].node);
  g_assert_false (mh_time_node_is_in (&items[0].node));
  g_assert_true (mh_time_node_is_in (&items[1].node));
  g_assert_cmpint (pop_time (queue), ==, 20);
  g_assert_cmpint (g_sequence_get_length (queue), ==, 0);
}

static void
test_free_takes_out (void)
{
  MhTimeQueue *queue = mh_time_queue_new ();
  Item item = { 0 };

  mh_time_queue_set (queue, &item.node, 1);
  mh_time_queue_free (queue);
  g_assert_false (mh_time_node_is_in (&item.node));
}

static gint64
smallest (const Item *items, guint n)
{
  gint64 found = MH_TIME_NEVER;

  for (guint i = 0; i < n; i++) {
    if (mh_time_node_is_in (&items[i].node))
      found = MIN (found, mh_time_node_get_time (&items[i].node));
  }
  return found;
}

/* Any mix of operations, against a search through all. */
static void
test_random (void)
{
  g_autoptr (MhTimeQueue) queue = mh_time_queue_new ();
  Item items[64] = { 0 };

  for (guint i = 0; i < 20000; i++) {
    MhTimeNode *node =
        &items[g_test_rand_int_range (0, G_N_ELEMENTS (items))].node;

    switch (g_test_rand_int_range (0, 4)) {
      case 0:
        mh_time_queue_remove (queue, node);
        break;
      case 1: {
        MhTime least = smallest (items, G_N_ELEMENTS (items));

        if (g_sequence_get_length (queue) > 0)
          g_assert_cmpint (pop_time (queue), ==, least);
        break;
      }
      default:
        mh_time_queue_set (queue, node, g_test_rand_int_range (-50, 50));
        break;
    }
    g_assert_cmpint (
        mh_time_queue_next (queue), ==, smallest (items, G_N_ELEMENTS (items)));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/time-queue/empty", test_empty);
  g_test_add_func ("/time-queue/pop/until", test_until);
  g_test_add_func ("/time-queue/order/equal-keys", test_equal_keys);
  g_test_add_func ("/time-queue/order/random", test_random);
  g_test_add_func ("/time-queue/move", test_move);
  g_test_add_func ("/time-queue/remove", test_remove);
  g_test_add_func ("/time-queue/free-takes-out", test_free_takes_out);
  return g_test_run ();
}
