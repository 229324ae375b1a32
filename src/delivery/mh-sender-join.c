/* mh-sender-join: several hits in one request, for back ends that know nothing of
 * sessions (MhProtocol.join).
 *
 * One request at a time goes to such a server; what comes meanwhile, of any
 * session, goes together with the next. The hits of a session keep their order.
 * A request that the server will not take is sent again with half as many hits,
 * and so on, until the hit that is wrong is alone: that one is refused. Where the
 * answer leaves open whether the server fails, it is a suspect, and refused once
 * the server has taken another one for it. The server is free to get a hit twice,
 * as each has an ID of its own.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-sender-private.h"

#include "mh-backoff.h"
#include "mh-crash.h"

/* ---- sending ---- */

/* What goes together. */
typedef struct
{
  const MhProtocol *protocol;
  GArray *hits; /* of JoinedHit */
  GPtrArray *bodies;
  gsize n_bytes;
  guint most;
  gsize most_bytes;
} Load;

static void
load_clear (Load *load)
{
  g_clear_pointer (&load->hits, g_array_unref);
  g_clear_pointer (&load->bodies, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Load, load_clear)

static gboolean
is_full (const Load *load)
{
  return load->hits->len >= load->most ||
      (load->hits->len > 0 && load->n_bytes >= load->most_bytes);
}

/* The IDs of a session's first hits: some may go while others are read. */
static GArray *
dup_heads (MhSender *self, SenderSession *session, guint most)
{
  g_autoptr (GPtrArray) hits = mh_store_dup_hits (self->store, session->key);
  GArray *heads = g_array_new (FALSE, FALSE, sizeof (JoinedHit));

  for (guint i = 0; i < MIN (hits->len, most); i++) {
    const MhStoreHit *hit = hits->pdata[i];
    JoinedHit head = { session, hit->id, hit->event };

    g_array_append_val (heads, head);
  }
  return heads;
}

static void
add_hit (Load *load, const JoinedHit *hit, GBytes *body)
{
  load->n_bytes += g_bytes_get_size (body);
  g_ptr_array_add (load->bodies, g_bytes_ref (body));
  g_array_append_val (load->hits, *hit);
}

/* Returns: FALSE: it is not the session's turn any more. */
static gboolean
add_session (MhSender *self, SenderSession *session, Load *load)
{
  g_autoptr (GArray)
      heads = dup_heads (self, session, load->most - load->hits->len);

  for (guint i = 0; i < heads->len && !is_full (load); i++) {
    JoinedHit *head = &g_array_index (heads, JoinedHit, i);
    State before = session->state;
    g_autoptr (GBytes) body = mh_sender_load (self, session, head->hit);

    if (session->state != before)
      return FALSE;
    if (!body)
      continue;
    if (load->hits->len > 0 &&
        load->n_bytes + g_bytes_get_size (body) > load->most_bytes) {
      load->most = load->hits->len;
      break;
    }
    add_hit (load, head, body);
  }
  return TRUE;
}

gboolean
mh_sender_join_goes_with (
    MhSender *self, SenderSession *session, SenderSession *other)
{
  const MhStoreSession *row = mh_store_get_session (self->store, session->key);
  const MhStoreSession *own = mh_store_get_session (self->store, other->key);

  return other != session && other->server == session->server && own &&
      !own->consent && own->protocol == row->protocol && own->n_hits > 0;
}

static GPtrArray *
find_others (MhSender *self, SenderSession *session, GQueue *queue)
{
  GPtrArray *others = g_ptr_array_new ();

  for (GList *link = queue->head; link; link = link->next) {
    if (mh_sender_join_goes_with (self, session, link->data))
      g_ptr_array_add (others, link->data);
  }
  return others;
}

static void
add_others (MhSender *self, SenderSession *session, GQueue *queue, Load *load)
{
  g_autoptr (GPtrArray) others = NULL;

  if (load->protocol->one_session || session->server->silent || is_full (load))
    return;
  others = find_others (self, session, queue);
  for (guint i = 0; i < others->len && !is_full (load); i++)
    add_session (self, others->pdata[i], load);
}

/* The server has not taken them, as it says, or as it was never asked. */
static void
note_not_begun (MhSender *self, GArray *hits)
{
  for (guint i = 0; i < hits->len; i++) {
    JoinedHit *hit = &g_array_index (hits, JoinedHit, i);

    if (hit->session && hit->begins)
      mh_store_set_sent (self->store, hit->hit, FALSE);
  }
}

/* From the first hit on that the server may have, the times of a session are not
 * moved. That is noted once, not for each hit. */
static void
note_begun (MhSender *self, Load *load)
{
  for (guint i = 0; i < load->hits->len; i++) {
    JoinedHit *hit = &g_array_index (load->hits, JoinedHit, i);
    const MhStoreSession *row = mh_store_get_session (
        self->store, hit->session->key);

    hit->begins = row && !mh_store_session_is_begun (row);
    if (hit->begins)
      mh_store_set_sent (self->store, hit->hit, TRUE);
  }
}

static void
note_flight (MhSender *self, Load *load, Flight *flight)
{
  flight->joined = g_array_ref (load->hits);
  for (guint i = 0; i < load->hits->len; i++) {
    SenderSession *session = g_array_index (load->hits, JoinedHit, i).session;

    if (session->state == STATE_IN_FLIGHT)
      continue;
    mh_sender_set_state (self, session, STATE_IN_FLIGHT);
    session->flight = flight;
  }
}

static void
send_load (MhSender *self, SenderSession *session, const MhStoreSession *row,
    Load *load, MhTime now)
{
  g_autoptr (MhRequest)
      request = load->protocol->join (row->server, load->bodies);
  SenderServer *server = session->server;
  Flight *flight = g_new0 (Flight, 1);

  flight->sender = self;
  flight->session = session;
  flight->protocol = load->protocol;
  flight->event = g_array_index (load->hits, JoinedHit, 0).event;
  server->join.flight = flight;
  mh_time_queue_remove (self->joins, &server->join.node);
  note_flight (self, load, flight);
  mh_sender_join_note_sent (self, flight, now);
  MH_CRASH_POINT ("sender/sending-joined");
  mh_sender_transmit (self, request, flight);
  MH_CRASH_POINT ("sender/sent-joined");
}

static void
load_init (Load *load, const SenderJoin *join, const MhStoreSession *row)
{
  load->protocol = mh_protocol_get (row->protocol);
  load->hits = g_array_new (FALSE, FALSE, sizeof (JoinedHit));
  load->bodies = g_ptr_array_new_with_free_func (
      (GDestroyNotify) g_bytes_unref);
  load->most = MIN (join->limit > 0 ? join->limit : MH_SENDER_JOIN_HITS,
      load->protocol->join_limit (row->server));
  load->most_bytes = join->max_bytes > 0 ? join->max_bytes
                                         : MH_SENDER_JOIN_BYTES;
}

/* What waits for the server of @session. */
static void
collect_hits (MhSender *self, SenderSession *session, Load *load)
{
  if (!add_session (self, session, load)) {
    g_array_set_size (load->hits, 0);
    return;
  }
  add_others (self, session, &self->ready, load);
  add_others (self, session, &session->server->held, load);
}

static void
collect_hit (MhSender *self, const JoinedHit *hit, Load *load)
{
  g_autoptr (GBytes) body = mh_sender_load (self, hit->session, hit->hit);

  if (body)
    add_hit (load, hit, body);
}

/* Returns: FALSE: not now. */
static gboolean
dispatch (MhSender *self, Load *load, MhTime now)
{
  SenderSession *session = g_array_index (load->hits, JoinedHit, 0).session;

  note_begun (self, load);
  if (!mh_sender_commit (self, now)) {
    note_not_begun (self, load->hits);
    return FALSE;
  }
  send_load (self, session, mh_store_get_session (self->store, session->key),
      load, now);
  return TRUE;
}

gboolean
mh_sender_join_turn (MhSender *self, SenderSession *session,
    const MhStoreSession *row, MhTime now)
{
  SenderServer *server = session->server;
  g_auto (Load) load = { NULL };
  JoinedHit picked;

  if (mh_sender_hold (self, session, now) ||
      mh_sender_join_must_wait (self, session, row, now))
    return TRUE;
  if (!server->silent && mh_sender_suspects_pick (self, server, &picked)) {
    load_init (&load, &server->join,
        mh_store_get_session (self->store, picked.session->key));
    collect_hit (self, &picked, &load);
  } else {
    load_init (&load, &server->join, row);
    collect_hits (self, session, &load);
  }
  return load.hits->len == 0 || dispatch (self, &load, now);
}

/* ---- the answer ---- */

void
mh_sender_flight_free (Flight *flight)
{
  g_clear_pointer (&flight->joined, g_array_unref);
  g_free (flight);
}

void
mh_sender_join_end_flight (
    MhSender *self, SenderServer *server, const Flight *flight)
{
  if (server->join.flight != flight)
    return;
  server->join.flight = NULL;
  mh_sender_join_note_failed (flight);
  mh_sender_join_release (self, server);
}

/* How many of its hits still have a session, and the first of these sessions. */
static guint
count_left (const Flight *flight, SenderSession **first)
{
  guint n = 0;

  *first = NULL;
  for (guint i = 0; i < flight->joined->len; i++) {
    JoinedHit *hit = &g_array_index (flight->joined, JoinedHit, i);

    if (!hit->session)
      continue;
    if (n++ == 0)
      *first = hit->session;
  }
  return n;
}

/* All of its sessions are where they were, in front of the others. */
static void
requeue_sessions (MhSender *self, Flight *flight, gboolean held)
{
  for (guint i = flight->joined->len; i-- > 0;) {
    SenderSession *session =
        g_array_index (flight->joined, JoinedHit, i).session;
    GQueue *queue;

    if (!session || session->state != STATE_IN_FLIGHT)
      continue;
    mh_sender_set_state (self, session, held ? STATE_HELD : STATE_READY);
    queue = held ? &session->server->held : &self->ready;
    g_queue_unlink (queue, &session->link);
    g_queue_push_head_link (queue, &session->link);
  }
}

/* The hits of a flight are done with: @sent, or given up for @reason. */
static void
settle_hits (MhSender *self, Flight *flight, gboolean sent, const char *reason)
{
  for (guint i = 0; i < flight->joined->len; i++) {
    JoinedHit *hit = &g_array_index (flight->joined, JoinedHit, i);
    const MhStoreSession *row;
    gint64 key;

    if (!hit->session)
      continue;
    key = hit->session->key;
    mh_store_acknowledge (self->store, hit->hit, NULL);
    MH_CRASH_POINT ("sender/acknowledged-joined");
    row = mh_store_get_session (self->store, key);
    hit->session->n_hits = row ? row->n_hits : hit->session->n_hits - 1;
    if (!sent)
      mh_sender_tell_hit_refused (self, hit->session, reason);
    if (!sent)
      mh_sender_tell_dropped (self, key, 1, reason);
    else if (self->listener.sent)
      self->listener.sent (key, hit->event, self->user_data);
  }
}

static void
request_accepted (MhSender *self, SenderServer *server, Flight *flight)
{
  SenderJoin *join = &server->join;
  SenderSession *first;

  join->failures = 0;
  join->retry_at = 0;
  if (count_left (flight, &first) > 0)
    mh_sender_join_note_taken (flight, first);
  for (guint i = 0; i < flight->joined->len; i++)
    mh_suspects_take (
        &join->suspects, g_array_index (flight->joined, JoinedHit, i).hit);
  /* After a refusal: the rest may be all right. */
  join->limit = join->limit >= MH_SENDER_JOIN_HITS / 2 ? 0 : 2 * join->limit;
  settle_hits (self, flight, TRUE, NULL);
  requeue_sessions (self, flight, FALSE);
  MH_CRASH_POINT ("sender/accepted-joined");
}

/* What is wrong is among fewer, or it is the one that was alone. One that was not, and
 * whose others have gone meanwhile, may be all right. */
static void
split_request (MhSender *self, SenderServer *server, Flight *flight, guint n,
    const MhOutcome *outcome)
{
  SenderJoin *join = &server->join;
  gsize max = join->max_bytes > 0 ? join->max_bytes : MH_SENDER_JOIN_BYTES;
  gboolean alone = flight->joined->len == 1;

  join->limit = alone ? 2 * join->limit : MAX (n / 2, 1);
  if (!alone && outcome->too_long)
    join->max_bytes = MAX (max / 2, 1024);
  if (alone)
    settle_hits (self, flight, FALSE, outcome->reason);
  else
    mh_sender_join_note_failed (flight);
  requeue_sessions (self, flight, FALSE);
  MH_CRASH_POINT ("sender/split-joined");
}

static void
tell_failed (MhSender *self, Flight *flight, const char *reason)
{
  SenderSession *told = NULL;

  for (guint i = 0; i < flight->joined->len && self->listener.failed; i++) {
    SenderSession *session =
        g_array_index (flight->joined, JoinedHit, i).session;

    if (!session || session == told)
      continue;
    told = session;
    self->listener.failed (session->key, reason, self->user_data);
  }
}

static void
retry_request (MhSender *self, SenderServer *server, Flight *flight,
    const MhOutcome *outcome)
{
  SenderJoin *join = &server->join;

  join->failures++;
  join->retry_at = mh_time_add (mh_clock_now (self->clock),
      mh_backoff_delay (join->failures, outcome->retry_after, self->random ()));
  mh_sender_join_note_failed (flight);
  requeue_sessions (self, flight, TRUE);
  if (!server->silent)
    mh_time_queue_set (self->joins, &join->node, join->retry_at);
  tell_failed (self, flight, outcome->reason);
  MH_CRASH_POINT ("sender/failed-joined");
}

/* The server fails, or one of the hits is wrong. */
static void
doubt_request (MhSender *self, SenderServer *server, Flight *flight, guint n,
    const MhOutcome *outcome)
{
  SenderJoin *join = &server->join;
  JoinedHit *first = &g_array_index (flight->joined, JoinedHit, 0);

  if (flight->joined->len == 1 &&
      mh_suspects_fail (&join->suspects, first->session->key, first->hit)) {
    split_request (self, server, flight, n, outcome);
    return;
  }
  if (flight->joined->len > 1)
    mh_suspects_interrupt (&join->suspects);
  join->limit = MAX (n / 2, 1);
  retry_request (self, server, flight, outcome);
}

/* One session's, and nothing more of it. */
static void
stop_session (MhSender *self, Flight *flight, const char *reason)
{
  SenderSession *session;

  requeue_sessions (self, flight, FALSE);
  if (count_left (flight, &session) > 0)
    mh_sender_refuse (self, session, reason);
  MH_CRASH_POINT ("sender/stopped-joined");
}

static void
handle_outcome (MhSender *self, SenderServer *server, Flight *flight, guint n,
    const MhOutcome *outcome)
{
  switch (outcome->kind) {
    case MH_OUTCOME_ACCEPTED:
      request_accepted (self, server, flight);
      return;
    case MH_OUTCOME_RETRY:
      mh_suspects_interrupt (&server->join.suspects);
      retry_request (self, server, flight, outcome);
      return;
    case MH_OUTCOME_DOUBT:
      doubt_request (self, server, flight, n, outcome);
      return;
    case MH_OUTCOME_STOP:
      stop_session (self, flight, outcome->reason);
      return;
    case MH_OUTCOME_REFUSED:
    case MH_OUTCOME_EXPIRED:
    case MH_OUTCOME_SPLIT:
      split_request (self, server, flight, n, outcome);
      return;
  }
  g_assert_not_reached ();
}

void
mh_sender_join_on_answer (
    MhSender *self, Flight *flight, const MhAnswer *answer)
{
  g_auto (MhOutcome) outcome = { MH_OUTCOME_ACCEPTED };
  SenderSession *first;
  guint n = count_left (flight, &first);
  SenderServer *server = first->server;

  server->join.flight = NULL;
  MH_CRASH_POINT ("sender/answered-joined");
  if (self->closing) {
    mh_sender_join_note_failed (flight);
    mh_sender_join_release (self, server);
    requeue_sessions (self, flight, FALSE);
    return;
  }
  mh_sender_note_answer (self, first, answer);
  mh_sender_join_release (self, server);
  flight->protocol->answer (flight->event, answer,
      mh_clock_utc (self->clock) / MH_USEC_PER_SEC, &outcome);
  if (answer->unsent || outcome.untaken)
    note_not_begun (self, flight->joined);
  handle_outcome (self, server, flight, n, &outcome);
  mh_sender_run (self);
}
