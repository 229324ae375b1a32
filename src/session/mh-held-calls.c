/* mh-held-calls: calls that are held back for a while.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-held-calls.h"

typedef struct
{
  MhCall *call;
  MhTime at;
} HeldCall;

static void
held_call_free (gpointer data)
{
  HeldCall *held = data;

  mh_call_free (held->call);
  g_free (held);
}

void
mh_held_calls_add (MhHeldCalls *self, const MhCall *call, MhTime at)
{
  HeldCall *held = g_new (HeldCall, 1);

  held->call = mh_call_copy (call);
  held->at = at;
  g_queue_push_tail (&self->queue, held);
}

MhCall *
mh_held_calls_peek_first (MhHeldCalls *self)
{
  HeldCall *first = g_queue_peek_head (&self->queue);

  return first ? first->call : NULL;
}

MhTime
mh_held_calls_get_last_time (const MhHeldCalls *self)
{
  const HeldCall *last = self->queue.tail ? self->queue.tail->data : NULL;

  return last ? last->at : MH_TIME_NONE;
}

void
mh_held_calls_release (
    MhHeldCalls *self, MhHeldCallFunc pass, gpointer user_data)
{
  GQueue queue = self->queue;
  HeldCall *held;

  *self = (MhHeldCalls) MH_HELD_CALLS_INIT;
  while ((held = g_queue_pop_head (&queue))) {
    pass (held->call, held->at, user_data);
    held_call_free (held);
  }
}

void
mh_held_calls_clear (MhHeldCalls *self)
{
  g_queue_clear_full (&self->queue, held_call_free);
  self->until = MH_TIME_NONE;
}
