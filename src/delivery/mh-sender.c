/* mh-sender: delivers what is in the store.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-sender-private.h"

#include "mh-crash.h"
#include "mh-backoff.h"

#include <string.h>

void
mh_sender_set_state (MhSender *self, SenderSession *session, State state)
{
  State before = session->state;

  switch (before) {
    case STATE_IDLE:
      break;
    case STATE_READY:
      g_queue_unlink (&self->ready, &session->link);
      break;
    case STATE_IN_FLIGHT:
      g_queue_unlink (&self->in_flight, &session->link);
      session->flight = NULL;
      break;
    case STATE_POSTPONED:
      mh_time_queue_remove (self->postponed, &session->node);
      break;
    case STATE_HELD:
      g_queue_unlink (&session->server->held, &session->link);
      break;
  }
  session->state = state;
  self->changed = TRUE;
  switch (state) {
    case STATE_IDLE:
      break;
    case STATE_READY:
      g_queue_push_tail_link (&self->ready, &session->link);
      break;
    case STATE_IN_FLIGHT:
      g_queue_push_tail_link (&self->in_flight, &session->link);
      break;
    case STATE_POSTPONED:
      /* mh_sender_postpone() puts it in with its time. */
      break;
    case STATE_HELD:
      g_queue_push_tail_link (&session->server->held, &session->link);
      break;
  }
  mh_sender_server_note_state (self, session, before);
}

void
mh_sender_postpone (MhSender *self, SenderSession *session, MhTime until)
{
  mh_sender_set_state (self, session, STATE_POSTPONED);
  mh_time_queue_set (self->postponed, &session->node, until);
}

void
mh_sender_tell_dropped (
    MhSender *self, gint64 session, guint n, const char *reason)
{
  self->changed = TRUE;
  if (n > 0)
    mh_log (DELIVERY, WARNING, NULL,
        "hits of %" G_GINT64_FORMAT ": %u dropped: %s", session, n, reason);
  if (n > 0 && self->listener.dropped)
    self->listener.dropped (session, n, reason, self->user_data);
}

void
mh_sender_tell_hit_refused (
    MhSender *self, SenderSession *session, const char *reason)
{
  if (session->refused)
    return;
  session->refused = TRUE;
  if (self->listener.hit_refused)
    self->listener.hit_refused (session->key, reason, self->user_data);
}

void
mh_sender_tell_changed (MhSender *self)
{
  if (!self->changed)
    return;
  self->changed = FALSE;
  if (self->listener.changed)
    self->listener.changed (self->user_data);
}

static SenderSession *
sender_add_session (MhSender *self, gint64 key)
{
  SenderSession *session = g_new0 (SenderSession, 1);

  session->key = key;
  session->last_accepted = MH_TIME_NONE;
  session->link.data = session;
  mh_sender_take_server (self, session);
  g_hash_table_insert (self->sessions, &session->key, session);
  return session;
}

/* When the server took the latest hit, by the wall clock of that time. */
static MhTime
accepted_at (MhSender *self, const MhStoreSession *row)
{
  gint64 utc = mh_clock_utc (self->clock) / MH_USEC_PER_MSEC;

  if (row->accepted <= 0)
    return MH_TIME_NONE;
  if (row->accepted >= utc)
    return mh_clock_now (self->clock);
  return mh_clock_now (self->clock) - MH_TIME_FROM_MSEC (utc - row->accepted);
}

/* What was read is no more to be trusted than what is typed: requests go only
 * where an application could have sent them. */
static gboolean
is_sound (const MhStoreSession *row)
{
  return mh_config_check_endpoint (row->server, TRUE, NULL) &&
      (!row->session_id ||
          mh_protocol_check_session_id (
              row->session_id, strlen (row->session_id))) &&
      (!row->hint || mh_protocol_check_hint (row->hint));
}

void
mh_sender_adopt (MhSender *sender, gint64 session)
{
  const MhStoreSession *row = mh_store_get_session (sender->store, session);
  SenderSession *adopted;

  g_return_if_fail (row != NULL);

  /* Another version has stored it, and will send it. */
  if (!mh_protocol_get (row->protocol)) {
    mh_log (DELIVERY, INFO, NULL,
        "hits of %" G_GINT64_FORMAT
        ": left alone, their protocol is not known here",
        session);
    return;
  }
  if (!is_sound (row)) {
    mh_sender_tell_dropped (sender, session,
        mh_store_remove_session (sender->store, session), "a damaged row");
    return;
  }
  /* The session waits until an element of this process allows http. */
  if (!mh_config_check_endpoint (row->server, sender->allow_http, NULL)) {
    mh_log (DELIVERY, INFO, NULL,
        "hits of %" G_GINT64_FORMAT
        ": left alone, plain http to their server is not allowed",
        session);
    return;
  }
  adopted = sender_add_session (sender, session);
  adopted->n_hits = row->n_hits;
  mh_log (DELIVERY, INFO, NULL,
      "hits of %" G_GINT64_FORMAT ": %u taken over from a process that is gone",
      session, row->n_hits);
  adopted->ended = TRUE;
  adopted->last_accepted = accepted_at (sender, row);
  /* No player begins another session in its place, so no back-off is needed. */
  adopted->confirmed = TRUE;
  mh_sender_set_state (sender, adopted, STATE_READY);
}

/* What an earlier sender has left, or this one has not taken so far. */
static void
adopt_sessions (MhSender *self)
{
  g_autoptr (GArray) keys = mh_store_dup_sessions (self->store);

  for (guint i = 0; i < keys->len; i++) {
    gint64 key = g_array_index (keys, gint64, i);

    if (!g_hash_table_contains (self->sessions, &key))
      mh_sender_adopt (self, key);
  }
}

void
mh_sender_check_clock (MhSender *sender)
{
  mh_store_set_clock (sender->store, mh_clock_boot (sender->clock),
      mh_clock_utc_offset (sender->clock) / MH_USEC_PER_MSEC);
}

void
mh_sender_allow_http (MhSender *sender)
{
  if (sender->allow_http)
    return;
  sender->allow_http = TRUE;
  adopt_sessions (sender);
  mh_sender_tell_changed (sender);
}

/* Each session that is opened says that its visitor has agreed: mostly there is none
 * that waits for that. */
void
mh_sender_consent (MhSender *sender, const MhConfig *config, MhConsentFunc func,
    gpointer user_data)
{
  g_autoptr (GArray) keys = NULL;

  if (mh_store_count_withheld (sender->store) == 0)
    return;
  keys = mh_store_dup_sessions (sender->store);
  for (guint i = 0; i < keys->len; i++) {
    gint64 key = g_array_index (keys, gint64, i);
    const MhStoreSession *row = mh_store_get_session (sender->store, key);
    SenderSession *session = g_hash_table_lookup (sender->sessions, &key);

    if (!row->consent || !func (key, user_data) ||
        !mh_config_consents (config, row->consent))
      continue;
    mh_store_set_text (sender->store, key, MH_STORE_CONSENT, NULL);
    /* What another version has stored, that one may send. */
    if (session && session->state == STATE_IDLE)
      mh_sender_set_state (sender, session, STATE_READY);
  }
}

MhSender *
mh_sender_new (MhStore *store, const MhClock *clock, const MhDelivery *listener,
    gpointer user_data)
{
  MhSender *self;

  g_return_val_if_fail (store != NULL && clock != NULL, NULL);
  g_return_val_if_fail (listener != NULL, NULL);

  self = g_new0 (MhSender, 1);
  self->store = store;
  self->clock = clock;
  self->listener = *listener;
  self->user_data = user_data;
  self->random = g_random_double;
  self->rejections = g_hash_table_new_full (
      g_str_hash, g_str_equal, g_free, NULL);
  self->sessions = g_hash_table_new_full (
      g_int64_hash, g_int64_equal, NULL, g_free);
  self->postponed = mh_time_queue_new ();
  self->servers = g_hash_table_new_full (
      g_str_hash, g_str_equal, NULL, mh_sender_server_free);
  self->silent = mh_time_queue_new ();
  self->joins = mh_time_queue_new ();
  self->access = g_hash_table_new_full (
      g_str_hash, g_str_equal, g_free, mh_sender_access_free);
  self->held_until = MH_TIME_NONE;
  mh_sender_check_clock (self);
  adopt_sessions (self);
  return self;
}

void
mh_sender_set_random (MhSender *sender, MhRandomFunc random)
{
  sender->random = random;
}

void
mh_sender_set_transport (MhSender *sender, MhTransport *transport)
{
  g_autoptr (MhTransport) old = NULL;
  GList *link;

  if (transport == sender->transport)
    return;
  old = sender->transport;
  sender->transport = transport ? g_object_ref (transport) : NULL;
  sender->closing = TRUE;
  if (old)
    mh_transport_close (old);
  sender->closing = FALSE;
  while ((link = sender->in_flight.head)) {
    SenderSession *session = link->data;
    Flight *flight = session->flight;

    flight->sender = NULL;
    mh_sender_set_state (sender, session, STATE_READY);
    mh_sender_join_end_flight (sender, session->server, flight);
  }
}

void
mh_sender_free (MhSender *sender)
{
  if (!sender)
    return;
  mh_sender_set_transport (sender, NULL);
  mh_time_queue_free (sender->postponed);
  mh_time_queue_free (sender->silent);
  mh_time_queue_free (sender->joins);
  g_hash_table_unref (sender->access);
  g_hash_table_unref (sender->sessions);
  g_hash_table_unref (sender->servers);
  g_hash_table_unref (sender->rejections);
  g_free (sender);
}

gint64
mh_sender_open (MhSender *sender, const char *server, MhProtocolKind protocol)
{
  guint rejections;
  gint64 key;

  g_return_val_if_fail (server != NULL, 0);
  g_return_val_if_fail (mh_protocol_get (protocol) != NULL, 0);

  mh_sender_check_clock (sender);
  key = mh_store_add_session (sender->store, server, protocol);
  rejections = GPOINTER_TO_UINT (
      g_hash_table_lookup (sender->rejections, server));
  if (rejections > 0)
    mh_sender_postpone (sender, sender_add_session (sender, key),
        mh_time_add (mh_clock_now (sender->clock),
            mh_backoff_delay (rejections, 0, sender->random ())));
  else
    sender_add_session (sender, key);
  return key;
}

void
mh_sender_set_tls_database (MhSender *sender, gint64 session, const char *path)
{
  SenderSession *found = g_hash_table_lookup (sender->sessions, &session);

  g_return_if_fail (found != NULL && found->n_hits == 0);

  mh_store_set_text (sender->store, session, MH_STORE_TLS_DATABASE, path);
  mh_sender_leave_server (sender, found);
  mh_sender_take_server (sender, found);
}

void
mh_sender_enqueue (
    MhSender *sender, gint64 session, MhEvent event, gint64 ts, GBytes *body)
{
  SenderSession *found;
  const MhStoreSession *row;
  guint before, dropped, own;

  mh_sender_settle_losses (sender);
  found = g_hash_table_lookup (sender->sessions, &session);
  if (!found || found->ended) {
    mh_sender_tell_dropped (sender, session, 1, "the session is over");
    return;
  }
  row = mh_store_get_session (sender->store, session);
  if (!row) {
    mh_sender_enqueue_lost (sender, found, event);
    return;
  }
  dropped = mh_store_append (sender->store, session, event, ts, body);
  before = found->n_hits;
  found->n_hits = row->n_hits;
  own = before + 1 - found->n_hits;
  found->ended = mh_event_ends_session (event);
  if (found->state == STATE_IDLE ||
      (found->state == STATE_POSTPONED && found->gathered))
    mh_sender_set_state (sender, found, STATE_READY);
  mh_sender_join_note_hit (sender, found, event);
  /* Other sessions that had to go are noticed when it is their turn. */
  sender->lost |= dropped > own;
  mh_sender_tell_dropped (sender, session, own, "the queue was full");
}

void
mh_sender_transmit (MhSender *self, MhRequest *request, Flight *flight)
{
  const MhStoreSession *row = mh_store_get_session (
      self->store, flight->session->key);

  request->tls_database = g_strdup (row->tls_database);
  mh_sender_access_authorize (self, row, request);
  mh_transport_send (self->transport, request, mh_sender_on_answer, flight);
}

static void
send_hit (MhSender *self, SenderSession *session, const MhStoreSession *row,
    const MhStoreHit *hit, GBytes *body, gboolean again)
{
  Flight *flight = g_new0 (Flight, 1);
  g_autoptr (MhRequest) request = NULL;

  flight->sender = self;
  flight->session = session;
  flight->protocol = mh_protocol_get (row->protocol);
  flight->hit = hit->id;
  flight->event = hit->event;
  flight->again = again;
  mh_sender_note_try (session, flight);
  flight->shift = row->sent_shift;
  request = flight->protocol->request (row->server, hit->event, body,
      hit->event == MH_EVENT_SESSION_START ? NULL : row->session_id,
      hit->event == MH_EVENT_SESSION_START ? NULL : row->hint);
  mh_sender_set_state (self, session, STATE_IN_FLIGHT);
  session->flight = flight;
  MH_CRASH_POINT ("sender/sending");
  mh_sender_transmit (self, request, flight);
  MH_CRASH_POINT ("sender/sent");
}

static gboolean
has_expired (const SenderSession *session, MhTime now)
{
  return session->last_accepted != MH_TIME_NONE &&
      now - session->last_accepted > MH_SESSION_EXPIRY;
}

/* What may have arrived is asked for once more, as its answer tells. But an answer
 * that leaves open what is wrong tells nothing, however often it comes. */
static gboolean
is_closed (MhSender *self, const SenderSession *session, const MhStoreHit *head,
    MhTime now)
{
  return has_expired (session, now) &&
      (!mh_store_was_sent (self->store, head->id) ||
          session->doubts >= MH_PROTOCOL_TRIES);
}

/* What is sent is safe in the store first. Otherwise a process that ends now
 * would not know what it has sent. */
gboolean
mh_sender_commit (MhSender *self, MhTime now)
{
  gboolean done = mh_store_commit (self->store);

  self->held_until = done ? MH_TIME_NONE : mh_time_add (now, MH_SENDER_HOLD);
  return done;
}

static gboolean
send_head (MhSender *self, SenderSession *session, const MhStoreSession *row,
    const MhStoreHit *head, MhTime now)
{
  g_autoptr (GBytes) body = mh_sender_load (self, session, head->id);
  gboolean again;

  if (!body)
    return TRUE;
  again = mh_store_was_sent (self->store, head->id) && !session->gathered;
  if (!mh_sender_commit_sending (self, head, now))
    return FALSE;
  session->gathered = FALSE;
  send_hit (self, session, row, head, body, again);
  return TRUE;
}

/* Does what there is to do for a session that is ready. Returns: FALSE: not now. */
static gboolean
session_turn (MhSender *self, SenderSession *session, MhTime now)
{
  const MhStoreSession *row = mh_store_get_session (self->store, session->key);
  const MhStoreHit *head = mh_store_head (self->store, session->key);

  if (!row) {
    mh_sender_lose (self, session);
  } else if (!head) {
    if (session->ended)
      mh_sender_forget (self, session);
    else
      mh_sender_set_state (self, session, STATE_IDLE);
  } else if (row->consent) {
    mh_sender_set_state (self, session, STATE_IDLE);
  } else if (mh_protocol_get (row->protocol)->join) {
    return mh_sender_join_turn (self, session, row, now);
  } else if (mh_sender_is_batch (row)) {
    return mh_sender_batch_turn (self, session, row, now);
  } else if (mh_sender_is_past (self, session, row, head)) {
    mh_store_set_mode (self->store, session->key, MH_SEND_REST);
  } else if (is_closed (self, session, head, now)) {
    mh_sender_close_session (self, session,
        "the back end has closed it: too long since the last event");
  } else if (head->event != MH_EVENT_SESSION_START && !row->session_id) {
    /* Its sessionStart had to make room. */
    mh_sender_lose (self, session);
  } else if (!mh_sender_hold (self, session, now)) {
    return mh_sender_may_gather (self, session, row, head)
        ? mh_sender_gather (self, session, head, now)
        : send_head (self, session, row, head, now);
  }
  return TRUE;
}

static gboolean
may_send (MhSender *self)
{
  return self->transport && !self->paused &&
      self->in_flight.length < MH_SENDER_MAX_IN_FLIGHT;
}

void
mh_sender_pause (MhSender *sender, gboolean pause)
{
  sender->paused = pause;
}

guint
mh_sender_count_in_flight (MhSender *sender)
{
  return sender->in_flight.length;
}

void
mh_sender_run (MhSender *sender)
{
  MhTime now = mh_clock_now (sender->clock);
  gboolean held;
  MhTimeNode *node;

  mh_sender_check_clock (sender);
  held = now < sender->held_until;
  /* What is about to be sent is made safe then, together with the note that it is:
   * in one transaction, not two. */
  if (!held && !(may_send (sender) && sender->ready.head))
    held = !mh_sender_commit (sender, now);
  mh_sender_settle_losses (sender);
  while (
      may_send (sender) && (node = mh_time_queue_pop (sender->postponed, now)))
    mh_sender_set_state (
        sender, MH_TIME_NODE_ENTRY (node, SenderSession, node), STATE_READY);
  while (may_send (sender) && mh_sender_probe (sender, now))
    ;
  mh_sender_join_run (sender, now);
  while (!held && may_send (sender) && sender->ready.head)
    held = !session_turn (sender, sender->ready.head->data, now);
  if (!sender->transport && sender->lost)
    mh_sender_settle_lost (sender);
  if (!held)
    mh_sender_commit (sender, now);
  mh_sender_settle_losses (sender);
  mh_sender_tell_changed (sender);
}

void
mh_sender_hurry (MhSender *sender)
{
  g_autoptr (GPtrArray) asked = g_ptr_array_new ();
  MhTimeNode *node;

  while ((node = mh_time_queue_peek (sender->postponed))) {
    SenderSession *session = MH_TIME_NODE_ENTRY (node, SenderSession, node);

    mh_time_queue_remove (sender->postponed, node);
    if (session->unanswered || session->gathered)
      mh_sender_set_state (sender, session, STATE_READY);
    else
      g_ptr_array_add (asked, session);
  }
  for (guint i = 0; i < asked->len; i++) {
    SenderSession *session = g_ptr_array_index (asked, i);

    mh_time_queue_set (sender->postponed, &session->node,
        mh_time_node_get_time (&session->node));
  }
  mh_sender_hurry_servers (sender);
  mh_sender_join_hurry (sender);
}

MhTime
mh_sender_next_deadline (MhSender *sender)
{
  /* Whatever there is to do comes after that. */
  if (sender->held_until != MH_TIME_NONE)
    return sender->held_until;
  if (!may_send (sender))
    return MH_TIME_NEVER;
  if (sender->ready.head)
    return mh_clock_now (sender->clock);
  return MIN (mh_time_queue_next (sender->joins),
      MIN (mh_time_queue_next (sender->postponed),
          mh_time_queue_next (sender->silent)));
}

gboolean
mh_sender_is_busy (MhSender *sender)
{
  return sender->transport &&
      (sender->ready.length > 0 || sender->in_flight.length > 0);
}
