/* mh-sender-load: reads what is to be sent, where it is on the disk only.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-sender-private.h"

/* The windows of all sessions that send at the same time fit into the store's. */
static guint
get_window (MhSender *self)
{
  return MAX (1, MH_STORE_WINDOW / (self->in_flight.length + 1));
}

/* How long to leave a session alone whose hits cannot be read: the spool sees to
 * the database. */
#define UNREADABLE_HOLD MH_TIME_FROM_SEC (10)

/* As the clock of now would have dated it, or that of when the server got the first
 * hit of the session. */
static GBytes *
sender_redate (MhSender *self, SenderSession *session, GBytes *body)
{
  const MhStoreSession *row = mh_store_get_session (self->store, session->key);
  gint64 shift = !row            ? 0
      : mh_sender_is_batch (row) ? row->shift
                                 : row->sent_shift;
  GBytes *redated;

  if (!body || shift == 0)
    return body;
  redated = mh_protocol_redate (
      mh_protocol_get (row->protocol)->clocks, body, shift);
  g_bytes_unref (body);
  return redated;
}

/* A damaged hit is gone: the session's turn goes on with the next. */
static void
note_not_ready (MhSender *self, SenderSession *session, MhStoreBody result)
{
  MhTime hold = mh_store_is_safe (self->store) ? MH_SENDER_HOLD
                                               : UNREADABLE_HOLD;

  if (result == MH_STORE_BODY_LATER)
    mh_sender_postpone (
        self, session, mh_time_add (mh_clock_now (self->clock), hold));
}

GBytes *
mh_sender_load (MhSender *self, SenderSession *session, gint64 hit)
{
  GBytes *body;
  MhStoreBody result = mh_store_load (
      self->store, hit, get_window (self), &body);

  note_not_ready (self, session, result);
  return sender_redate (self, session, body);
}

GBytes *
mh_sender_load_start (MhSender *self, SenderSession *session)
{
  GBytes *body;
  MhStoreBody result = mh_store_load_start (self->store, session->key, &body);

  note_not_ready (self, session, result);
  return sender_redate (self, session, body);
}

static void
note_loss (MhSender *self, const MhStoreLoss *loss)
{
  const MhStoreSession *row = mh_store_get_session (self->store, loss->session);
  SenderSession *session = g_hash_table_lookup (self->sessions, &loss->session);

  if (session)
    session->n_hits = row ? row->n_hits
                          : session->n_hits - MIN (session->n_hits, loss->n);
}

void
mh_sender_settle_losses (MhSender *self)
{
  g_autoptr (GArray) losses = mh_store_take_losses (self->store);

  /* First, as the listener may enqueue. */
  for (guint i = 0; losses && i < losses->len; i++)
    note_loss (self, &g_array_index (losses, MhStoreLoss, i));
  for (guint i = 0; losses && i < losses->len; i++) {
    const MhStoreLoss *loss = &g_array_index (losses, MhStoreLoss, i);

    mh_sender_tell_dropped (self, loss->session, loss->n, loss->reason);
  }
}
