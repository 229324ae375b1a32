/* mh-sender-lost: sessions that are given up, and what is told of them.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-sender-private.h"

#include "mh-crash.h"

void
mh_sender_forget (MhSender *self, SenderSession *session)
{
  mh_sender_set_state (self, session, STATE_IDLE);
  mh_sender_leave_server (self, session);
  mh_store_remove_session (self->store, session->key);
  g_hash_table_remove (self->sessions, &session->key);
}

gint64
mh_sender_give_up (MhSender *self, SenderSession *session, const char *reason)
{
  gint64 key = session->key;
  guint n = session->n_hits;

  /* Before the listener hears of it, which may well enqueue. */
  mh_sender_forget (self, session);
  MH_CRASH_POINT ("sender/gave-up");
  mh_sender_tell_dropped (self, key, n, reason);
  return key;
}

/* The session has no part in its flight any more. */
static void
leave_flight (MhSender *self, SenderSession *session)
{
  Flight *flight = session->flight;
  gboolean any = FALSE;

  if (!flight)
    return;
  for (guint i = 0; flight->joined && i < flight->joined->len; i++) {
    JoinedHit *hit = &g_array_index (flight->joined, JoinedHit, i);

    if (hit->session == session)
      hit->session = NULL;
    any |= hit->session != NULL;
  }
  if (flight->session == session)
    flight->session = NULL;
  if (any)
    return;
  /* Its answer, if one comes, is for no session. */
  flight->sender = NULL;
  mh_sender_join_end_flight (self, session->server, flight);
}

void
mh_sender_drop (MhSender *sender, gint64 session, const char *reason)
{
  SenderSession *dropped = g_hash_table_lookup (sender->sessions, &session);

  if (!dropped)
    return;
  /* Its answer, if one comes, is ignored. */
  leave_flight (sender, dropped);
  mh_sender_give_up (sender, dropped, reason);
  mh_sender_tell_changed (sender);
}

void
mh_sender_drop_all (MhSender *sender, const char *reason)
{
  g_autoptr (GArray) keys = mh_store_dup_sessions (sender->store);

  for (guint i = 0; i < keys->len; i++) {
    gint64 key = g_array_index (keys, gint64, i);

    mh_sender_drop (sender, key, reason);
    /* What another version has stored is not the sender's. */
    mh_store_remove_session (sender->store, key);
  }
}

void
mh_sender_refuse (MhSender *self, SenderSession *session, const char *reason)
{
  gint64 key = session->key;

  mh_log (DELIVERY, WARNING, NULL,
      "hits of %" G_GINT64_FORMAT ": the server refuses the session: %s", key,
      reason);
  mh_sender_give_up (self, session, reason);
  if (self->listener.refused)
    self->listener.refused (key, reason, self->user_data);
}

/* A server that takes sessions and then does not know them must not make us
 * begin the next as fast as it answers. */
void
mh_sender_count_rejection (MhSender *self, SenderSession *session)
{
  const MhStoreSession *row = mh_store_get_session (self->store, session->key);
  guint n;

  if (!row || session->confirmed)
    return;
  n = GPOINTER_TO_UINT (g_hash_table_lookup (self->rejections, row->server));
  g_hash_table_insert (
      self->rejections, g_strdup (row->server), GUINT_TO_POINTER (n + 1));
}

void
mh_sender_expire_session (
    MhSender *self, SenderSession *session, const char *reason)
{
  gint64 key = session->key;

  mh_log (DELIVERY, INFO, NULL,
      "hits of %" G_GINT64_FORMAT ": the session has expired: %s", key, reason);
  mh_sender_count_rejection (self, session);
  mh_sender_give_up (self, session, reason);
  if (self->listener.expired)
    self->listener.expired (key, reason, self->user_data);
}

void
mh_sender_expire (MhSender *sender, gint64 session, const char *reason)
{
  SenderSession *expired = g_hash_table_lookup (sender->sessions, &session);

  if (!expired) {
    /* A session that this sender does not send. */
    mh_sender_tell_dropped (sender, session,
        mh_store_remove_session (sender->store, session), reason);
    return;
  }
  leave_flight (sender, expired);
  expired->confirmed = TRUE; /* it is no fault of the server's */
  mh_sender_expire_session (sender, expired, reason);
  mh_sender_tell_changed (sender);
}

/* The store has made room at this session's cost. A player that still reports
 * to it is told with its next hit, not at once: new sessions for all of them at
 * the same moment would fill the store again. */
void
mh_sender_lose (MhSender *self, SenderSession *session)
{
  const char *reason = "the queue was full";

  if (session->missed && !session->ended) {
    mh_sender_expire_session (self, session, reason);
  } else if (session->ended) {
    mh_sender_give_up (self, session, reason);
  } else {
    guint n = session->n_hits;

    session->n_hits = 0;
    mh_store_remove_session (self->store, session->key);
    mh_sender_set_state (self, session, STATE_IDLE);
    mh_sender_tell_dropped (self, session->key, n, reason);
  }
}

void
mh_sender_enqueue_lost (MhSender *self, SenderSession *session, MhEvent event)
{
  session->n_hits++;
  session->missed = TRUE;
  self->lost = TRUE;
  if (mh_event_ends_session (event))
    session->ended = TRUE;
  /* mh_sender_run() sees to it: the caller is no listener here. */
  if (session->state != STATE_IN_FLIGHT)
    mh_sender_set_state (self, session, STATE_READY);
}

void
mh_sender_settle_lost (MhSender *self)
{
  /* First, as a listener that is told may enqueue: that is for the next run. */
  self->lost = FALSE;
  for (GList *link = self->ready.head, *next; link; link = next) {
    SenderSession *session = link->data;

    next = link->next;
    if (!mh_store_get_session (self->store, session->key))
      mh_sender_lose (self, session);
  }
}
