/* mh-heap: who is next, by time.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-heap.h"

struct _MhHeap
{
  /* Element 0 is unused: the children of place n are at 2n and 2n + 1. */
  GPtrArray *nodes;
  guint64 order;
};

MhHeap *
mh_heap_new (void)
{
  MhHeap *heap = g_new0 (MhHeap, 1);

  heap->nodes = g_ptr_array_new ();
  g_ptr_array_add (heap->nodes, NULL);
  return heap;
}

static MhHeapNode *
node_at (MhHeap *heap, guint place)
{
  return g_ptr_array_index (heap->nodes, place);
}

static void
put_at (MhHeap *heap, MhHeapNode *node, guint place)
{
  g_ptr_array_index (heap->nodes, place) = node;
  node->place = place;
}

void
mh_heap_free (MhHeap *heap)
{
  if (!heap)
    return;
  for (guint place = 1; place < heap->nodes->len; place++)
    node_at (heap, place)->place = 0;
  g_ptr_array_unref (heap->nodes);
  g_free (heap);
}

static gboolean
comes_before (const MhHeapNode *a, const MhHeapNode *b)
{
  return a->key < b->key || (a->key == b->key && a->order < b->order);
}

/* Moves @node from the free @place towards the root. */
static void
sift_up (MhHeap *heap, MhHeapNode *node, guint place)
{
  while (place > 1 && comes_before (node, node_at (heap, place / 2))) {
    put_at (heap, node_at (heap, place / 2), place);
    place /= 2;
  }
  put_at (heap, node, place);
}

/* Moves @node from the free @place towards the leaves. */
static void
sift_down (MhHeap *heap, MhHeapNode *node, guint place)
{
  guint last = heap->nodes->len - 1;

  while (place <= last / 2) {
    guint child = place * 2;

    if (child < last &&
        comes_before (node_at (heap, child + 1), node_at (heap, child)))
      child++;
    if (!comes_before (node_at (heap, child), node))
      break;
    put_at (heap, node_at (heap, child), place);
    place = child;
  }
  put_at (heap, node, place);
}

static void
settle (MhHeap *heap, MhHeapNode *node, guint place)
{
  if (place > 1 && comes_before (node, node_at (heap, place / 2)))
    sift_up (heap, node, place);
  else
    sift_down (heap, node, place);
}

void
mh_heap_set (MhHeap *heap, MhHeapNode *node, MhTime key)
{
  node->key = key;
  node->order = heap->order++;
  if (!node->place) {
    g_ptr_array_add (heap->nodes, node);
    node->place = heap->nodes->len - 1;
  }
  g_assert (node_at (heap, node->place) == node);
  settle (heap, node, node->place);
}

void
mh_heap_remove (MhHeap *heap, MhHeapNode *node)
{
  guint place = node->place;
  MhHeapNode *last;

  if (!place)
    return;
  g_assert (place < heap->nodes->len && node_at (heap, place) == node);
  last = g_ptr_array_steal_index (heap->nodes, heap->nodes->len - 1);
  node->place = 0;
  if (last != node)
    settle (heap, last, place);
}

MhHeapNode *
mh_heap_peek (MhHeap *heap)
{
  return heap->nodes->len > 1 ? node_at (heap, 1) : NULL;
}

MhHeapNode *
mh_heap_pop (MhHeap *heap, MhTime until)
{
  MhHeapNode *node = mh_heap_peek (heap);

  if (!node || node->key > until)
    return NULL;
  mh_heap_remove (heap, node);
  return node;
}

MhTime
mh_heap_next (MhHeap *heap)
{
  MhHeapNode *node = mh_heap_peek (heap);

  return node ? node->key : MH_TIME_NEVER;
}

guint
mh_heap_size (MhHeap *heap)
{
  return heap->nodes->len - 1;
}
