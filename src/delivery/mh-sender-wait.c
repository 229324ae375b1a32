/* mh-sender-wait: until when hits wait that go together with others, in one request or
 * in one turn.
 *
 * Hits are collected for an interval (mh_sender_set_access()) from the latest
 * request on that the server has taken and that left nothing behind: what found no
 * place goes with the next request, and what has failed waits for the back-off
 * only. Where a request has the hits of one session, each session has an interval of
 * its own; otherwise all that go to the server have the same.
 *
 * Sessions that wait, for the answer or for a time, are in the server's queue of
 * those that are held, as they are while it is silent.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-sender-private.h"

void
mh_sender_join_release (MhSender *self, SenderServer *server)
{
  mh_time_queue_remove (self->joins, &server->join.node);
  if (server->silent)
    return;
  while (server->held.head)
    mh_sender_set_state (self, server->held.head->data, STATE_READY);
}

static MhTime *
get_next_at (const MhProtocol *protocol, SenderSession *session)
{
  return protocol->one_session ? &session->next_at
                               : &session->server->join.next_at;
}

/* Until when @session has to wait for others, or for a back-off. While it is looked
 * for what is wrong, and before the process goes, nothing waits for others. */
static MhTime
wait_until (MhSender *self, SenderSession *session, const MhStoreSession *row)
{
  const SenderJoin *join = &session->server->join;
  MhTime next_at = *get_next_at (mh_protocol_get (row->protocol), session);

  return session->urgent || join->limit > 0 || self->hurried
      ? join->retry_at
      : MAX (join->retry_at, next_at);
}

gboolean
mh_sender_join_must_wait (MhSender *self, SenderSession *session,
    const MhStoreSession *row, MhTime now)
{
  SenderServer *server = session->server;
  MhTime until = wait_until (self, session, row);

  /* The one that has its try then does not wait for anything else. */
  if (server->silent)
    return FALSE;
  if (!server->join.flight && now >= until)
    return FALSE;
  mh_sender_set_state (self, session, STATE_HELD);
  if (!server->join.flight &&
      (!mh_time_node_is_in (&server->join.node) ||
          until < mh_time_node_get_time (&server->join.node)))
    mh_time_queue_set (self->joins, &server->join.node, until);
  return TRUE;
}

static gboolean
is_urgent (MhEvent event)
{
  return event == MH_EVENT_SESSION_START || event == MH_EVENT_ERROR ||
      mh_event_ends_session (event);
}

void
mh_sender_join_note_hit (MhSender *self, SenderSession *session, MhEvent event)
{
  SenderServer *server = session->server;

  if (!is_urgent (event))
    return;
  session->urgent = TRUE;
  if (session->state == STATE_HELD && !server->silent && !server->join.flight)
    mh_sender_set_state (self, session, STATE_READY);
}

void
mh_sender_join_run (MhSender *self, MhTime now)
{
  MhTimeNode *node;

  while ((node = mh_time_queue_pop (self->joins, now)))
    mh_sender_join_release (
        self, MH_TIME_NODE_ENTRY (node, SenderServer, join.node));
}

void
mh_sender_join_hurry (MhSender *self)
{
  GHashTableIter iter;
  SenderServer *server;

  self->hurried = TRUE;
  g_hash_table_iter_init (&iter, self->servers);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &server)) {
    if (mh_time_node_is_in (&server->join.node))
      mh_sender_join_release (self, server);
  }
}

/* ---- what is left behind ---- */

/* How many hits of the session that has the one at @first stand there together. */
static guint
count_together (const GArray *hits, guint first)
{
  SenderSession *session = g_array_index (hits, JoinedHit, first).session;
  guint n = 1;

  while (first + n < hits->len &&
      g_array_index (hits, JoinedHit, first + n).session == session)
    n++;
  return n;
}

/* Notes which sessions of @flight have no other hits: what comes next waits for
 * others. Returns: whether one of them has. */
static gboolean
note_left (MhSender *self, const Flight *flight)
{
  gboolean any = FALSE;

  for (guint i = 0, n; i < flight->joined->len; i += n) {
    SenderSession *session =
        g_array_index (flight->joined, JoinedHit, i).session;
    const MhStoreSession *row = mh_store_get_session (
        self->store, session->key);

    n = count_together (flight->joined, i);
    if (row && row->n_hits > n)
      any = TRUE;
    else
      session->urgent = FALSE;
  }
  return any;
}

static gboolean
leaves_sessions (MhSender *self, const Flight *flight)
{
  SenderSession *session = flight->session;
  GQueue *queues[] = { &self->ready, &session->server->held };

  for (guint i = 0; i < G_N_ELEMENTS (queues); i++) {
    for (GList *link = queues[i]->head; link; link = link->next) {
      if (mh_sender_join_goes_with (self, session, link->data))
        return TRUE;
    }
  }
  return FALSE;
}

void
mh_sender_join_note_sent (MhSender *self, Flight *flight, MhTime now)
{
  const MhStoreSession *row = mh_store_get_session (
      self->store, flight->session->key);
  MhTime interval = mh_sender_access_get_interval (self, row);

  if (note_left (self, flight) || interval == 0)
    return;
  if (flight->protocol->one_session || !leaves_sessions (self, flight))
    flight->next_at = mh_time_add (now, interval);
}

void
mh_sender_join_note_taken (const Flight *flight, SenderSession *session)
{
  *get_next_at (flight->protocol, session) = flight->next_at;
}

void
mh_sender_join_note_failed (const Flight *flight)
{
  for (guint i = 0; i < flight->joined->len; i++) {
    JoinedHit *hit = &g_array_index (flight->joined, JoinedHit, i);

    if (hit->session && is_urgent (hit->event))
      hit->session->urgent = TRUE;
  }
}

/* ---- pings of many sessions, each in a request of its own ---- */

/* How many sessions one server has where their pings go together. */
#define CROWD 32
/* They go at the multiples of that. */
#define TICK MH_TIME_FROM_MSEC (125)

gboolean
mh_sender_may_gather (MhSender *self, const SenderSession *session,
    const MhStoreSession *row, const MhStoreHit *head)
{
  return session->server->n_sessions >= CROWD && head->event == MH_EVENT_PING &&
      row->n_hits == 1 && session->attempts == 0 &&
      !mh_store_was_sent (self->store, head->id) && !self->hurried;
}

/* It is noted as sent in the transaction that makes it safe, so that none is needed when
 * it is. */
gboolean
mh_sender_gather (
    MhSender *self, SenderSession *session, const MhStoreHit *head, MhTime now)
{
  if (!mh_sender_commit_sending (self, head, now))
    return FALSE;
  session->gathered = TRUE;
  mh_sender_postpone (self, session, now - now % TICK + TICK);
  return TRUE;
}
