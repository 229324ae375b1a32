/* mh-sender-server: servers that do not answer, or want to be left alone.
 *
 * Sessions that go to the same server share what is known of it. Once an attempt
 * has had no answer they are held, and one of them at a time has a try, in turn:
 * a machine without a network has one request under way, not one for each
 * session. The first answer, whatever it says, lets all of them go. A session
 * that has failed waits by itself as well before it is offline, so one whose
 * requests never get an answer leaves the next try to others. Before a server has
 * answered for the first time only a few try at once.
 *
 * A server may also ask to be left alone (Retry-After). Then none of its sessions has a
 * request until that time, each with some jitter of its own after it. What goes
 * together has that in mh-sender-join.c.
 *
 * At the end: with which authorization a server of several hits in a request is
 * asked, and how often.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-sender-private.h"

#include "mh-backoff.h"

/* What there is to do, and when: nothing while a try is under way. */
static void
set_deadline (MhSender *self, SenderServer *server)
{
  if (server->silent && !server->probe && server->held.length > 0)
    mh_time_queue_set (self->silent, &server->node, server->probe_at);
  else
    mh_time_queue_remove (self->silent, &server->node);
}

/* Its sessions are checked by other CAs: it may be known by one, and not by the
 * other. */
static char *
server_name (const MhStoreSession *row)
{
  return row->tls_database
      ? g_strconcat (row->server, "\n", row->tls_database, NULL)
      : g_strdup (row->server);
}

void
mh_sender_take_server (MhSender *self, SenderSession *session)
{
  const MhStoreSession *row = mh_store_get_session (self->store, session->key);
  g_autofree char *name = server_name (row);
  SenderServer *server = g_hash_table_lookup (self->servers, name);

  if (!server) {
    server = g_new0 (SenderServer, 1);
    server->name = g_steal_pointer (&name);
    g_hash_table_insert (self->servers, server->name, server);
  }
  server->n_sessions++;
  session->server = server;
}

void
mh_sender_leave_server (MhSender *self, SenderSession *session)
{
  SenderServer *server = g_steal_pointer (&session->server);

  if (--server->n_sessions > 0)
    return;
  if (server->offline)
    self->n_offline--;
  mh_time_queue_remove (self->silent, &server->node);
  mh_time_queue_remove (self->joins, &server->join.node);
  g_hash_table_remove (self->servers, server->name);
}

void
mh_sender_server_free (gpointer data)
{
  SenderServer *server = data;

  mh_suspects_clear (&server->join.suspects);
  g_free (server->name);
  g_free (server);
}

static gboolean
has_enough_tries (const SenderServer *server)
{
  return !server->answers && !server->silent &&
      server->n_in_flight >= MH_SENDER_MAX_UNANSWERED;
}

/* One of the first tries is over without anything that is known of the server. */
static void
let_another_try (MhSender *self, SenderServer *server)
{
  if (server->held.head && !server->answers && !has_enough_tries (server))
    mh_sender_set_state (self, server->held.head->data, STATE_READY);
}

void
mh_sender_server_note_state (
    MhSender *self, SenderSession *session, State before)
{
  SenderServer *server = session->server;

  if (server->probe == session &&
      !(before == STATE_READY && session->state == STATE_IN_FLIGHT))
    server->probe = NULL;
  server->n_in_flight += session->state == STATE_IN_FLIGHT;
  server->n_in_flight -= before == STATE_IN_FLIGHT;
  if (server->silent)
    set_deadline (self, server);
  else if (session->state == STATE_IDLE ||
      (before == STATE_IN_FLIGHT && session->state != STATE_HELD))
    let_another_try (self, server);
}

/* Lets the session try that has waited longest. */
static void
begin_probe (MhSender *self, SenderServer *server)
{
  SenderSession *session = server->held.head->data;

  mh_sender_set_state (self, session, STATE_READY);
  server->probe = session;
  set_deadline (self, server);
}

gboolean
mh_sender_hold (MhSender *self, SenderSession *session, MhTime now)
{
  SenderServer *server = session->server;

  if (now < server->retry_at) {
    mh_sender_postpone (self, session,
        mh_time_add (now,
            mh_backoff_delay (1, server->retry_at - now, self->random ())));
    return TRUE;
  }
  if (has_enough_tries (server)) {
    mh_sender_set_state (self, session, STATE_HELD);
    return TRUE;
  }
  if (!server->silent || server->probe == session)
    return FALSE;
  if (!server->probe && now >= server->probe_at) {
    server->probe = session;
    set_deadline (self, server);
    return FALSE;
  }
  mh_sender_set_state (self, session, STATE_HELD);
  return TRUE;
}

/* Sessions that the store has dropped have nothing to wait for. */
static void
settle_held (MhSender *self, SenderServer *server)
{
  for (GList *link = server->held.head, *next; link; link = next) {
    SenderSession *session = link->data;

    next = link->next;
    if (!mh_store_get_session (self->store, session->key))
      mh_sender_set_state (self, session, STATE_READY);
  }
}

gboolean
mh_sender_probe (MhSender *self, MhTime now)
{
  MhTimeNode *node = mh_time_queue_pop (self->silent, now);
  SenderServer *server = MH_TIME_NODE_ENTRY (node, SenderServer, node);

  if (!server)
    return FALSE;
  settle_held (self, server);
  if (server->held.length > 0)
    begin_probe (self, server);
  return TRUE;
}

void
mh_sender_hurry_servers (MhSender *self)
{
  MhTime now = mh_clock_now (self->clock);
  GHashTableIter iter;
  SenderServer *server;

  g_hash_table_iter_init (&iter, self->servers);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &server)) {
    server->probe_at = MIN (server->probe_at, now);
    set_deadline (self, server);
  }
}

/* Offline still, but as if it had only just been so. */
static void
hurry_soon (MhSender *self, SenderServer *server)
{
  MhTime soon = mh_time_add (
      mh_clock_now (self->clock), mh_backoff_server_delay (1, self->random ()));

  server->failures = 0;
  server->probe_at = MIN (server->probe_at, soon);
  set_deadline (self, server);
}

void
mh_sender_network_changed (MhSender *sender)
{
  GHashTableIter iter;
  SenderServer *server;

  g_hash_table_iter_init (&iter, sender->servers);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &server)) {
    if (server->offline)
      hurry_soon (sender, server);
  }
}

guint
mh_sender_count_offline (MhSender *sender)
{
  return sender->n_offline;
}

static void
note_no_answer (MhSender *self, SenderServer *server, SenderSession *session)
{
  MhTime delay;

  /* What was under way already when the first failed says nothing new. */
  if (server->silent && server->probe != session)
    return;
  server->silent = TRUE;
  server->failures++;
  if (!server->offline && server->failures >= MH_BACKOFF_OFFLINE_AFTER) {
    server->offline = TRUE;
    self->n_offline++;
  }
  delay = mh_backoff_server_delay (server->failures, self->random ());
  server->probe_at = mh_time_add (mh_clock_now (self->clock), delay);
  mh_log (DELIVERY, INFO, NULL,
      "no answer from the server, failures in a row: %u; all its sessions wait, "
      "the next try is in %.1f s",
      server->failures, mh_time_seconds (delay));
}

void
mh_sender_note_answer (
    MhSender *self, SenderSession *session, const MhAnswer *answer)
{
  SenderServer *server = session->server;
  gboolean back = server->offline;

  if (answer->status == 0) {
    note_no_answer (self, server, session);
    return;
  }
  if (server->answers && !server->silent)
    return;
  if (server->silent)
    mh_log (DELIVERY, INFO, NULL, "the server answers again");
  server->answers = TRUE;
  self->n_offline -= server->offline;
  server->silent = server->offline = FALSE;
  server->failures = 0;
  set_deadline (self, server);
  while (server->held.head)
    mh_sender_set_state (self, server->held.head->data, STATE_READY);
  /* The network may have been away, and not the server: others may answer again. */
  if (back)
    mh_sender_network_changed (self);
}

void
mh_sender_note_wish (
    MhSender *self, SenderSession *session, const MhOutcome *outcome)
{
  SenderServer *server = session->server;
  MhTime wish = MIN (outcome->retry_after, MH_PROTOCOL_RETRY_AFTER_MAX);
  MhTime until = mh_time_add (mh_clock_now (self->clock), wish);
  gboolean fails = outcome->kind == MH_OUTCOME_RETRY ||
      outcome->kind == MH_OUTCOME_DOUBT;

  if (!fails || wish <= 0 || until <= server->retry_at)
    return;
  server->retry_at = until;
  mh_log (DELIVERY, INFO, NULL,
      "the server asks to be left alone for %.0f s: all its sessions wait",
      mh_time_seconds (wish));
}

/* ---- access ---- */

typedef struct
{
  char *authorization;
  MhTime interval;
} Access;

void
mh_sender_access_free (gpointer data)
{
  Access *access = data;

  g_free (access->authorization);
  g_free (access);
}

void
mh_sender_set_access (MhSender *sender, const char *server,
    const char *authorization, MhTime interval)
{
  Access *access = g_new0 (Access, 1);

  access->authorization = g_strdup (authorization);
  access->interval = interval;
  g_hash_table_insert (sender->access, g_strdup (server), access);
}

void
mh_sender_access_authorize (
    MhSender *self, const MhStoreSession *row, MhRequest *request)
{
  const Access *access = mh_protocol_get (row->protocol)->join
      ? g_hash_table_lookup (self->access, row->server)
      : NULL;

  if (access)
    request->authorization = g_strdup (access->authorization);
}

MhTime
mh_sender_access_get_interval (MhSender *self, const MhStoreSession *row)
{
  const Access *access = g_hash_table_lookup (self->access, row->server);

  return access ? access->interval : 0;
}
