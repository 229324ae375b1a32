/* mh-heap: who is next, by time. A binary heap whose nodes live in what they
 * stand for, so that a deadline can be moved or withdrawn in O(log n).
 *
 * May touch: GLib and mh-time only. Not thread-safe.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-time.h"

G_BEGIN_DECLS

/**
 * MhHeapNode:
 *
 * To be embedded. All zero: in no heap. Whoever embeds it takes it out of its
 * heap before going away.
 */
typedef struct
{
  /*< private >*/
  MhTime key;
  guint64 order; /* of equal keys, the first to be put in comes first */
  guint place; /* position in the heap, from 1; 0: in none */
} MhHeapNode;

/**
 * MH_HEAP_ENTRY:
 * @node: (nullable): a node
 * @type: what it is embedded in
 * @member: under which name
 *
 * Returns: (nullable): the @type around @node.
 */
#define MH_HEAP_ENTRY(node, type, member) \
  ((type *) mh_heap_entry ((node), G_STRUCT_OFFSET (type, member)))

static inline gpointer
mh_heap_entry (MhHeapNode *node, glong offset)
{
  return node ? G_STRUCT_MEMBER_P (node, -offset) : NULL;
}

typedef struct _MhHeap MhHeap;

/**
 * mh_heap_new:
 *
 * Returns: (transfer full): an empty heap; free with mh_heap_free().
 */
MhHeap *mh_heap_new (void);

/**
 * mh_heap_free:
 * @heap: (nullable) (transfer full): a heap; nodes still in it are taken out
 */
void mh_heap_free (MhHeap *heap);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MhHeap, mh_heap_free)

/**
 * mh_heap_set:
 * @heap: a heap
 * @node: a node that is in @heap or in none
 * @key: its time, any value
 *
 * Puts @node in, or moves it if it is in already. O(log n).
 */
void mh_heap_set (MhHeap *heap, MhHeapNode *node, MhTime key);

/**
 * mh_heap_remove:
 * @heap: a heap
 * @node: a node that is in @heap or in none
 *
 * Takes @node out if it is in. O(log n).
 */
void mh_heap_remove (MhHeap *heap, MhHeapNode *node);

/**
 * mh_heap_peek:
 * @heap: a heap
 *
 * Returns: (nullable): the node with the smallest key, the first put in of
 *   equal ones; it stays in.
 */
MhHeapNode *mh_heap_peek (MhHeap *heap);

/**
 * mh_heap_pop:
 * @heap: a heap
 * @until: a time
 *
 * Returns: (nullable): the node of mh_heap_peek(), taken out, if its key is
 *   not after @until.
 */
MhHeapNode *mh_heap_pop (MhHeap *heap, MhTime until);

/**
 * mh_heap_next:
 * @heap: a heap
 *
 * Returns: the smallest key; %MH_TIME_NEVER of an empty heap.
 */
MhTime mh_heap_next (MhHeap *heap);

/**
 * mh_heap_size:
 * @heap: a heap
 *
 * Returns: how many nodes are in.
 */
guint mh_heap_size (MhHeap *heap);

static inline gboolean
mh_heap_node_is_in (const MhHeapNode *node)
{
  return node->place != 0;
}

static inline MhTime
mh_heap_node_get_key (const MhHeapNode *node)
{
  return node->key;
}

G_END_DECLS
