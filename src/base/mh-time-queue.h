/* mh-time-queue: a queue in order of time. It is a GSequence whose nodes are members
 * of the structures that wait, so that one can be moved or taken out in O(log n).
 *
 * May touch: GLib and mh-time only. Not thread-safe.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-time.h"

G_BEGIN_DECLS

/* To be embedded. All zero: in no queue. The owner takes the node out of its queue
 * before the memory goes. */
typedef struct
{
  /*< private >*/
  MhTime time;
  GSequenceIter *place; /* NULL: in none */
} MhTimeNode;

/**
 * MH_TIME_NODE_ENTRY:
 * @node: (nullable): a node
 * @type: what it is embedded in
 * @member: under which name
 *
 * Returns: (nullable): the @type around @node.
 */
#define MH_TIME_NODE_ENTRY(node, type, member) \
  ((type *) mh_time_node_entry ((node), G_STRUCT_OFFSET (type, member)))

static inline gpointer
mh_time_node_entry (MhTimeNode *node, glong offset)
{
  return node ? G_STRUCT_MEMBER_P (node, -offset) : NULL;
}

typedef GSequence MhTimeQueue;

/* Returns: (transfer full): an empty queue; free with mh_time_queue_free(). */
MhTimeQueue *mh_time_queue_new (void);

/* @queue: (nullable) (transfer full): a queue; nodes still in it are taken out. */
void mh_time_queue_free (MhTimeQueue *queue);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MhTimeQueue, mh_time_queue_free)

/**
 * mh_time_queue_set:
 * @node: a node that is in @queue or in none
 * @time: its time, any value
 *
 * Puts @node in, or moves it if it is in already, behind those with the same
 * time.
 */
void mh_time_queue_set (MhTimeQueue *queue, MhTimeNode *node, MhTime time);

/**
 * mh_time_queue_remove:
 * @node: a node that is in @queue or in none
 *
 * Takes @node out if it is in.
 */
void mh_time_queue_remove (MhTimeQueue *queue, MhTimeNode *node);

/* Returns: (nullable): the node with the earliest time, the first put in of equal
 * ones; it stays in. */
MhTimeNode *mh_time_queue_peek (MhTimeQueue *queue);

/**
 * mh_time_queue_pop:
 * @until: a time
 *
 * Returns: (nullable): the node of mh_time_queue_peek(), taken out, if its time
 *   is not after @until.
 */
MhTimeNode *mh_time_queue_pop (MhTimeQueue *queue, MhTime until);

/* Returns: the earliest time; %MH_TIME_NEVER of an empty queue. */
MhTime mh_time_queue_next (MhTimeQueue *queue);

static inline gboolean
mh_time_node_is_in (const MhTimeNode *node)
{
  return node->place != NULL;
}

static inline MhTime
mh_time_node_get_time (const MhTimeNode *node)
{
  return node->time;
}

G_END_DECLS
