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

/* That a session is over is all that its end says; the back end has seen to
 * that by itself. */
static gboolean
is_worth_it (MhSender *self, const MhStoreSession *row)
{
  const MhStoreHit *head = mh_store_head (self->store, row->key);

  return head && (row->n_hits > 1 || head->event != MH_EVENT_SESSION_END);
}

static gboolean
can_be_rest (MhSender *self, const MhStoreSession *row)
{
  return row && row->mode == MH_SEND_LIVE && row->start &&
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
  mh_sender_count_rejection (self, session);
  mh_store_set_mode (self->store, session->key, MH_SEND_REST);
  MH_CRASH_POINT ("sender/is-rest");
  session->ended = TRUE;
  session->attempts = 0;
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
      head->ts < utc - MH_TIME_TO_MSEC (MH_SESSION_EXPIRY);
}

/* ---- sending ---- */

/* The bodies of @hits from @first on. */
static GPtrArray *
get_bodies (GPtrArray *hits, guint first)
{
  GPtrArray *bodies = g_ptr_array_new ();

  for (guint i = first; i < hits->len; i++)
    g_ptr_array_add (bodies, ((MhStoreHit *) hits->pdata[i])->body);
  return bodies;
}

static MhRequest *
make_request (MhSender *self, SenderSession *session, const MhStoreSession *row,
    guint *left_out)
{
  const MhProtocol *protocol = mh_protocol_get (row->protocol);
  g_autoptr (GPtrArray) hits = mh_store_dup_hits (self->store, session->key);
  const MhStoreHit *first = g_ptr_array_index (hits, 0);
  gboolean begins = first->event == MH_EVENT_SESSION_START;
  g_autoptr (GPtrArray) bodies = get_bodies (hits, begins);

  if (!protocol->batch || !row->start)
    return NULL;
  return protocol->batch (row->server, row->start, !begins, bodies, left_out);
}

void
mh_sender_send_batch (
    MhSender *self, SenderSession *session, const MhStoreSession *row)
{
  guint left_out = 0;
  g_autoptr (MhRequest) request = make_request (self, session, row, &left_out);
  Flight *flight;

  if (!request) {
    mh_sender_give_up (
        self, session, "what is left of it cannot be sent as a batch");
    return;
  }
  flight = g_new0 (Flight, 1);
  flight->sender = self;
  flight->session = session;
  flight->protocol = mh_protocol_get (row->protocol);
  flight->batch = TRUE;
  flight->left_out = left_out;
  mh_sender_set_state (self, session, STATE_IN_FLIGHT);
  session->flight = flight;
  MH_CRASH_POINT ("sender/sending-batch");
  mh_sender_transmit (self, request, flight);
  MH_CRASH_POINT ("sender/sent-batch");
}

/* ---- the answer ---- */

static void
batch_accepted (MhSender *self, SenderSession *session, guint left_out)
{
  g_autoptr (GPtrArray) hits = mh_store_dup_hits (self->store, session->key);
  g_autofree MhEvent *events = g_new (MhEvent, hits->len + 1);
  guint n = hits->len - MIN (left_out, hits->len);
  gint64 key = session->key;

  for (guint i = 0; i < hits->len; i++)
    events[i] = ((MhStoreHit *) hits->pdata[i])->event;
  mh_sender_forget (self, session);
  MH_CRASH_POINT ("sender/accepted-batch");
  mh_sender_tell_dropped (self, key, left_out, "a damaged row");
  for (guint i = 0; i < n && self->listener.sent; i++)
    self->listener.sent (key, events[i], self->user_data);
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
  session->unanswered = answer->status == 0;
  switch (outcome.kind) {
    case MH_OUTCOME_ACCEPTED:
      batch_accepted (self, session, flight->left_out);
      return;
    case MH_OUTCOME_RETRY:
      mh_sender_retry (self, session, &outcome);
      return;
    case MH_OUTCOME_REFUSED:
    case MH_OUTCOME_EXPIRED:
      mh_sender_give_up (self, session, outcome.reason);
      return;
  }
  g_assert_not_reached ();
}
