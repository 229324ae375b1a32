/* mh-time-queue: what comes next.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-time-queue.h"

static void
time_node_leave (gpointer data)
{
  MhTimeNode *node = data;

  node->place = NULL;
}

MhTimeQueue *
mh_time_queue_new (void)
{
  return g_sequence_new (time_node_leave);
}

void
mh_time_queue_free (MhTimeQueue *queue)
{
  g_clear_pointer (&queue, g_sequence_free);
}

static gint
time_node_compare (gconstpointer a, gconstpointer b, gpointer user_data)
{
  MhTime x = ((const MhTimeNode *) a)->time;
  MhTime y = ((const MhTimeNode *) b)->time;

  return (x > y) - (x < y);
}

void
mh_time_queue_remove (MhTimeQueue *queue, MhTimeNode *node)
{
  if (!node->place)
    return;
  g_assert (g_sequence_iter_get_sequence (node->place) == queue);
  g_sequence_remove (node->place);
}

/* A new one goes behind those that are equal; g_sequence_sort_changed() may leave
 * it where it is. */
void
mh_time_queue_set (MhTimeQueue *queue, MhTimeNode *node, MhTime time)
{
  mh_time_queue_remove (queue, node);
  node->time = time;
  node->place = g_sequence_insert_sorted (queue, node, time_node_compare, NULL);
}

MhTimeNode *
mh_time_queue_peek (MhTimeQueue *queue)
{
  GSequenceIter *first = g_sequence_get_begin_iter (queue);

  return g_sequence_iter_is_end (first) ? NULL : g_sequence_get (first);
}

MhTimeNode *
mh_time_queue_pop (MhTimeQueue *queue, MhTime until)
{
  MhTimeNode *node = mh_time_queue_peek (queue);

  if (!node || node->time > until)
    return NULL;
  g_sequence_remove (node->place);
  return node;
}

MhTime
mh_time_queue_next (MhTimeQueue *queue)
{
  MhTimeNode *node = mh_time_queue_peek (queue);

  return node ? node->time : MH_TIME_NEVER;
}
