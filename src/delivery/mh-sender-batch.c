/* mh-sender-batch: sessions that are delivered as one batch: downloaded content
 * and, as such, the rest of what came too late for the back end.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-sender-private.h"

#include "mh-crash.h"

gboolean
mh_sender_is_batch (const MhStoreSession *row)
{
  return row->mode == MH_SEND_WHOLE || row->mode == MH_SEND_REST;
}

/* The last hit of a session says only that the session is over: the back end has
 * closed it by itself meanwhile. */
static gboolean
is_worth_it (MhSender *self, const MhStoreSession *row)
{
  const MhStoreHit *head = mh_store_head (self->store, row->key);

  return head && (row->n_hits > 1 || head->event != MH_EVENT_SESSION_END);
}

static gboolean
can_be_rest (MhSender *self, const MhStoreSession *row)
{
  return row && row->mode == MH_SEND_LIVE && row->has_start &&
      mh_protocol_get (row->protocol)->batch && is_worth_it (self, row);
}

void
mh_sender_close_session (
    MhSender *self, SenderSession *session, const char *reason)
{
  const MhStoreSession *row = mh_store_get_session (self->store, session->key);

  if (!can_be_rest (self, row)) {
    mh_sender_expire_session (self, session, reason);
    return;
  }
  mh_log (DELIVERY, INFO, NULL,
      "hits of %" G_GINT64_FORMAT
      ": the session has expired: %s; the rest goes as downloaded content",
      session->key, reason);
  mh_sender_count_rejection (self, session);
  mh_store_set_mode (self->store, session->key, MH_SEND_REST);
  MH_CRASH_POINT ("sender/is-rest");
  session->ended = TRUE;
  session->attempts = 0;
  session->doubts = 0;
  session->last_accepted = MH_TIME_NONE;
  mh_sender_set_state (self, session, STATE_READY);
  if (self->listener.expired)
    self->listener.expired (session->key, reason, self->user_data);
}

gboolean
mh_sender_is_past (MhSender *self, const SenderSession *session,
    const MhStoreSession *row, const MhStoreHit *head)
{
  gint64 utc = mh_clock_utc (self->clock) / MH_USEC_PER_MSEC;

  return session->ended && head->event == MH_EVENT_SESSION_START &&
      can_be_rest (self, row) &&
      head->ts + row->shift < utc - MH_TIME_TO_MSEC (MH_SESSION_EXPIRY);
}

/* ---- sending ---- */

/* What a batch is made of. */
typedef struct
{
  GBytes *start;
  gboolean resume; /* the start has been delivered */
  GPtrArray *bodies; /* of the hits after it */
} Batch;

static void
batch_clear (Batch *self)
{
  g_clear_pointer (&self->start, g_bytes_unref);
  g_clear_pointer (&self->bodies, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Batch, batch_clear)

/* By name: those that cannot be read go while the others are. */
static GArray *
dup_hit_ids (MhSender *self, gint64 session, gboolean *begins)
{
  g_autoptr (GPtrArray) hits = mh_store_dup_hits (self->store, session);
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  *begins = ((MhStoreHit *) hits->pdata[0])->event == MH_EVENT_SESSION_START;
  for (guint i = *begins; i < hits->len; i++)
    g_array_append_val (ids, ((MhStoreHit *) hits->pdata[i])->id);
  return ids;
}

/* Returns: FALSE: it is not the session's turn any more. */
static gboolean
load_batch (MhSender *self, SenderSession *session, Batch *batch)
{
  gboolean begins;
  g_autoptr (GArray) ids = dup_hit_ids (self, session->key, &begins);

  batch->resume = !begins;
  batch->bodies = g_ptr_array_new_with_free_func (
      (GDestroyNotify) g_bytes_unref);
  batch->start = mh_sender_load_start (self, session);
  for (guint i = 0; session->state == STATE_READY && i < ids->len; i++) {
    GBytes *body = mh_sender_load (
        self, session, g_array_index (ids, gint64, i));

    if (body)
      g_ptr_array_add (batch->bodies, body);
  }
  return session->state == STATE_READY;
}

static void
send_batch (MhSender *self, SenderSession *session, const MhStoreSession *row,
    const Batch *batch)
{
  const MhProtocol *protocol = mh_protocol_get (row->protocol);
  guint left_out = 0;
  g_autoptr (MhRequest) request = NULL;
  Flight *flight;

  if (protocol->batch && batch->start)
    request = protocol->batch (
        row->server, batch->start, batch->resume, batch->bodies, &left_out);
  if (!request) {
    mh_sender_give_up (
        self, session, "what is left of it cannot be sent as a batch");
    return;
  }
  flight = g_new0 (Flight, 1);
  flight->sender = self;
  flight->session = session;
  flight->protocol = protocol;
  flight->batch = TRUE;
  mh_sender_note_try (session, flight);
  flight->left_out = left_out;
  mh_sender_set_state (self, session, STATE_IN_FLIGHT);
  session->flight = flight;
  MH_CRASH_POINT ("sender/sending-batch");
  mh_sender_transmit (self, request, flight);
  MH_CRASH_POINT ("sender/sent-batch");
}

gboolean
mh_sender_batch_turn (MhSender *self, SenderSession *session,
    const MhStoreSession *row, MhTime now)
{
  g_auto (Batch) batch = { NULL, FALSE, NULL };

  if (!session->ended) {
    mh_sender_set_state (self, session, STATE_IDLE);
    return TRUE;
  }
  if (mh_sender_hold (self, session, now) ||
      !load_batch (self, session, &batch))
    return TRUE;
  if (!mh_sender_commit (self, now))
    return FALSE;
  /* Otherwise all of it was damaged: nothing is left to be sent. */
  if (mh_store_head (self->store, session->key))
    send_batch (self, session, row, &batch);
  return TRUE;
}

/* ---- the answer ---- */

static void
batch_accepted (MhSender *self, SenderSession *session, guint left_out)
{
  g_autoptr (GPtrArray) hits = mh_store_dup_hits (self->store, session->key);
  g_autofree MhEvent *events = g_new (MhEvent, hits->len + 1);
  guint n = hits->len - MIN (left_out, hits->len);
  gint64 key = session->key;

  session->server->n_taken++;
  for (guint i = 0; i < hits->len; i++)
    events[i] = ((MhStoreHit *) hits->pdata[i])->event;
  mh_sender_forget (self, session);
  MH_CRASH_POINT ("sender/accepted-batch");
  mh_sender_tell_dropped (self, key, left_out, "a damaged row");
  for (guint i = 0; i < n && self->listener.sent; i++)
    self->listener.sent (key, events[i], self->user_data);
}

static void
batch_refused (MhSender *self, SenderSession *session, const char *reason)
{
  mh_sender_tell_hit_refused (self, session, reason);
  mh_sender_give_up (self, session, reason);
}

void
mh_sender_handle_batch_answer (
    MhSender *self, const Flight *flight, const MhAnswer *answer)
{
  SenderSession *session = flight->session;
  g_auto (MhOutcome) outcome = { MH_OUTCOME_ACCEPTED };

  MH_CRASH_POINT ("sender/answered-batch");
  flight->protocol->batch_answer (
      answer, mh_clock_utc (self->clock) / MH_USEC_PER_SEC, &outcome);
  mh_sender_note_wish (self, session, &outcome);
  session->unanswered = answer->status == 0;
  switch (outcome.kind) {
    case MH_OUTCOME_ACCEPTED:
      batch_accepted (self, session, flight->left_out);
      return;
    case MH_OUTCOME_RETRY:
    case MH_OUTCOME_DOUBT:
      if (!mh_sender_retry (self, session, flight, &outcome))
        batch_refused (self, session, outcome.reason);
      return;
    case MH_OUTCOME_REFUSED:
    case MH_OUTCOME_EXPIRED:
    case MH_OUTCOME_SPLIT:
    case MH_OUTCOME_STOP:
      batch_refused (self, session, outcome.reason);
      return;
  }
  g_assert_not_reached ();
}
