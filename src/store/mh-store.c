/* mh-store: hits that wait for delivery, in order, by session.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-store-private.h"

#include "mh-crash.h"
/* Own sessions are as old as their keys; adopted ones are all older. */
#define OLDEST_ADOPTED (G_MININT64 / 2)

static void
store_hit_free (gpointer data)
{
  StoreHit *hit = data;

  g_clear_pointer (&hit->row.body, g_bytes_unref);
  g_free (hit);
}

static void
store_session_free (gpointer data)
{
  StoreSession *session = data;

  mh_store_session_clear (&session->row);
  g_free (session);
}

MhStore *
mh_store_new (guint max_hits)
{
  MhStore *store;

  g_return_val_if_fail (max_hits > 0, NULL);

  store = g_new0 (MhStore, 1);
  store->limits.max_hits = max_hits;
  store->limits.max_bytes = G_MAXUINT;
  store->limits.max_age = G_MAXUINT;
  store->last_session = &store->own_last_session;
  store->last_adopted = OLDEST_ADOPTED;
  store->sessions_by_key = g_hash_table_new_full (
      g_int64_hash, g_int64_equal, NULL, store_session_free);
  store->hits_by_id = g_hash_table_new_full (
      g_int64_hash, g_int64_equal, NULL, store_hit_free);
  for (guint i = 0; i < G_N_ELEMENTS (store->waiting); i++)
    store->waiting[i] = mh_time_queue_new ();
  store->gone_hits = g_array_new (FALSE, FALSE, sizeof (StoreGone));
  store->gone_sessions = g_array_new (FALSE, FALSE, sizeof (gint64));
  mh_store_init_media (store);
  return store;
}

void
mh_store_free (MhStore *store)
{
  if (!store)
    return;
  mh_store_commit (store);
  mh_store_db_close (store->db);
  for (guint i = 0; i < G_N_ELEMENTS (store->waiting); i++)
    mh_time_queue_free (store->waiting[i]);
  g_hash_table_unref (store->hits_by_id);
  g_hash_table_unref (store->sessions_by_key);
  g_array_unref (store->gone_hits);
  g_array_unref (store->gone_sessions);
  g_clear_pointer (&store->losses, g_array_unref);
  mh_store_clear_media (store);
  g_free (store->boot);
  g_free (store->dir);
  g_free (store->problem);
  g_free (store);
}

void
mh_store_set_limits (MhStore *store, const MhStoreLimits *limits)
{
  g_return_if_fail (limits->max_hits > 0);

  store->limits = *limits;
}

const MhStoreLimits *
mh_store_get_limits (MhStore *store)
{
  return &store->limits;
}

void
mh_store_share_keys (MhStore *store, gint64 *last_key)
{
  g_return_if_fail (store->sessions.length == 0);

  store->last_session = last_key;
}

StoreHit *
mh_store_find_hit (MhStore *store, gint64 id)
{
  return g_hash_table_lookup (store->hits_by_id, &id);
}

static StoreSession *
find_session (MhStore *store, gint64 key)
{
  return g_hash_table_lookup (store->sessions_by_key, &key);
}

/* Behind those that are older. */
static void
insert_session (MhStore *store, StoreSession *session)
{
  GList *l = store->sessions.tail;

  while (l && ((StoreSession *) l->data)->age > session->age)
    l = l->prev;
  if (l)
    g_queue_insert_after_link (&store->sessions, l, &session->link);
  else
    g_queue_push_head_link (&store->sessions, &session->link);
}

static guint
is_withheld (const StoreSession *session)
{
  return session->row.consent ? 1 : 0;
}

StoreSession *
mh_store_add (MhStore *store, const MhStoreSession *like, gint64 age)
{
  StoreSession *session = g_new0 (StoreSession, 1);

  mh_store_session_copy (&session->row, like);
  session->row.key = ++*store->last_session;
  session->age = age ? age : session->row.key;
  session->link.data = session;
  store->n_withheld += is_withheld (session);
  insert_session (store, session);
  g_hash_table_insert (store->sessions_by_key, &session->row.key, session);
  return session;
}

gint64
mh_store_add_session (
    MhStore *store, const char *server, MhProtocolKind protocol)
{
  const MhStoreSession like = { .server = (char *) server,
    .protocol = protocol,
    .boot = store->boot,
    .clock = store->clock };
  StoreSession *session = mh_store_add (store, &like, 0);

  mh_store_note_session (store, session);
  return session->row.key;
}

void
mh_store_set_mode (MhStore *store, gint64 session, MhSendMode mode)
{
  StoreSession *found = find_session (store, session);

  if (!found || found->row.mode == mode)
    return;
  found->row.mode = mode;
  mh_store_note_session (store, found);
}

static void
set_text (MhStore *store, StoreSession *session, MhStoreColumn column,
    const char *text)
{
  guint before = is_withheld (session);

  if (!mh_store_session_set_text (&session->row, column, text))
    return;
  store->n_withheld = store->n_withheld - before + is_withheld (session);
  mh_store_note_session (store, session);
}

void
mh_store_set_text (
    MhStore *store, gint64 session, MhStoreColumn column, const char *text)
{
  StoreSession *found = find_session (store, session);

  if (found)
    set_text (store, found, column, text);
}

const MhStoreSession *
mh_store_get_session (MhStore *store, gint64 session)
{
  StoreSession *found = find_session (store, session);

  return found ? &found->row : NULL;
}

static MhTimeQueue *
get_waiting (MhStore *store, const StoreSession *session)
{
  return store->waiting[session->row.played ? 1 : 0];
}

static void
set_played (MhStore *store, StoreSession *session)
{
  if (session->row.played)
    return;
  mh_time_queue_remove (get_waiting (store, session), &session->node);
  session->row.played = TRUE;
  if (session->row.n_hits > 0)
    mh_time_queue_set (
        get_waiting (store, session), &session->node, session->age);
  mh_store_note_session (store, session);
}

static void
remove_hit (MhStore *store, StoreHit *hit)
{
  StoreSession *session = hit->session;

  if (hit->new_link.data)
    g_queue_unlink (&store->new_hits, &hit->new_link);
  g_queue_unlink (&session->hits, &hit->link);
  if (hit->ping_link.data)
    g_queue_unlink (&session->pings, &hit->ping_link);
  mh_store_note_unloaded (store, hit);
  session->row.n_hits--;
  if (session->row.n_hits == 0)
    mh_time_queue_remove (get_waiting (store, session), &session->node);
  store->bytes -= hit->row.length;
  g_hash_table_remove (store->hits_by_id, &hit->row.id);
}

void
mh_store_drop_hit (MhStore *store, StoreHit *hit)
{
  mh_store_note_hit_gone (store, hit);
  remove_hit (store, hit);
}

guint
mh_store_forget (MhStore *store, StoreSession *session)
{
  guint n_hits = session->row.n_hits;

  while (session->hits.head)
    remove_hit (store, session->hits.head->data);
  if (session->change_link.data)
    g_queue_unlink (&store->changed, &session->change_link);
  store->n_withheld -= is_withheld (session);
  g_queue_unlink (&store->sessions, &session->link);
  g_hash_table_remove (store->sessions_by_key, &session->row.key);
  return n_hits;
}

static guint
remove_session (MhStore *store, StoreSession *session)
{
  mh_store_note_session_gone (store, session);
  return mh_store_forget (store, session);
}

/* The first to go, @but left aside: the oldest session with hits of those that
 * have never played, and only then of the others. */
static StoreSession *
oldest_waiting (MhStore *store, StoreSession *but)
{
  gboolean was_in = but && mh_time_node_is_in (&but->node);
  MhTimeNode *node;

  if (was_in)
    mh_time_queue_remove (get_waiting (store, but), &but->node);
  node = mh_time_queue_peek (store->waiting[0]);
  if (!node)
    node = mh_time_queue_peek (store->waiting[1]);
  if (was_in)
    mh_time_queue_set (get_waiting (store, but), &but->node, but->age);
  return MH_TIME_NODE_ENTRY (node, StoreSession, node);
}

/* A ping that is not the next to be sent: that may be on its way. */
static StoreHit *
find_spare_ping (StoreSession *session)
{
  GList *ping = session->pings.head;

  if (ping && ping->data == session->hits.head->data)
    ping = ping->next;
  return ping ? ping->data : NULL;
}

/* A session that may never play is not worth one that has. */
static gboolean
drop_ping_of_others (MhStore *store, const StoreSession *session)
{
  if (!session || session->row.played)
    return FALSE;
  for (GList *l = store->sessions.head; l; l = l->next) {
    StoreHit *ping = l->data == session ? NULL : find_spare_ping (l->data);

    if (ping) {
      mh_store_lose_hit (store, ping, "the queue was full");
      return TRUE;
    }
  }
  return FALSE;
}

static guint
drop_first (MhStore *store, StoreSession *session)
{
  StoreSession *oldest = oldest_waiting (store, session);
  guint dropped = 1;

  if (oldest && oldest->row.played && drop_ping_of_others (store, session)) {
    MH_CRASH_POINT ("store/dropped-ping");
  } else if (oldest) {
    dropped = remove_session (store, oldest);
    MH_CRASH_POINT ("store/dropped-session");
  } else {
    GList *ping = session->pings.head;

    mh_store_drop_hit (store, ping ? ping->data : session->hits.head->data);
    MH_CRASH_POINT ("store/dropped-hit");
  }
  return dropped;
}

guint
mh_store_make_room (
    MhStore *store, StoreSession *session, guint n_hits, gsize n_bytes)
{
  guint dropped = 0;

  while (mh_store_count (store) > 0 &&
      (mh_store_count (store) + n_hits > store->limits.max_hits ||
          store->bytes + n_bytes > store->limits.max_bytes))
    dropped += drop_first (store, session);
  return dropped;
}

StoreHit *
mh_store_add_hit (MhStore *store, StoreSession *session, gint64 seq,
    MhEvent event, gint64 ts, gsize length, GBytes *body)
{
  StoreHit *hit = g_new0 (StoreHit, 1);

  hit->row.id = ++store->last_hit;
  hit->row.session = session->row.key;
  hit->row.event = event;
  hit->row.ts = ts;
  hit->row.length = length;
  hit->row.body = body ? g_bytes_ref (body) : NULL;
  hit->seq = seq;
  hit->session = session;
  hit->link.data = hit;
  g_queue_push_tail_link (&session->hits, &hit->link);
  if (event == MH_EVENT_PING) {
    hit->ping_link.data = hit;
    g_queue_push_tail_link (&session->pings, &hit->ping_link);
  }
  session->last_seq = seq;
  session->row.n_hits++;
  if (session->row.n_hits == 1)
    mh_time_queue_set (
        get_waiting (store, session), &session->node, session->age);
  store->bytes += length;
  g_hash_table_insert (store->hits_by_id, &hit->row.id, hit);
  return hit;
}

guint
mh_store_append (
    MhStore *store, gint64 session, MhEvent event, gint64 ts, GBytes *body)
{
  StoreSession *owner = find_session (store, session);
  guint dropped;
  gsize size;

  g_return_val_if_fail (owner != NULL, 0);
  g_return_val_if_fail (body != NULL, 0);

  size = g_bytes_get_size (body);
  if (mh_event_ends_session (event)) {
    owner->row.ended = TRUE;
    mh_store_note_session (store, owner);
  }
  if (event == MH_EVENT_PLAY)
    set_played (store, owner);
  if (event == MH_EVENT_SESSION_START && !owner->row.has_start) {
    owner->row.has_start = TRUE;
    owner->row.start = g_bytes_ref (body);
    owner->start_is_new = TRUE;
    mh_store_note_session (store, owner);
  }
  if (size > store->limits.max_bytes)
    return 1;
  dropped = mh_store_make_room (store, owner, 1, size);
  mh_store_note_hit (store,
      mh_store_add_hit (
          store, owner, owner->last_seq + 1, event, ts, size, body));
  return dropped;
}

const MhStoreHit *
mh_store_head (MhStore *store, gint64 session)
{
  StoreSession *owner = find_session (store, session);

  if (!owner || !owner->hits.head)
    return NULL;
  return &((StoreHit *) owner->hits.head->data)->row;
}

GPtrArray *
mh_store_dup_hits (MhStore *store, gint64 session)
{
  StoreSession *owner = find_session (store, session);
  GPtrArray *hits = g_ptr_array_new ();

  for (GList *l = owner ? owner->hits.head : NULL; l; l = l->next)
    g_ptr_array_add (hits, &((StoreHit *) l->data)->row);
  return hits;
}

void
mh_store_acknowledge (MhStore *store, gint64 hit, const char *session_id)
{
  StoreHit *found = mh_store_find_hit (store, hit);

  if (!found)
    return;
  if (session_id)
    set_text (store, found->session, MH_STORE_SESSION_ID, session_id);
  MH_CRASH_POINT ("store/acknowledging");
  mh_store_drop_hit (store, found);
}

void
mh_store_set_sent (MhStore *store, gint64 hit, gboolean sent)
{
  StoreHit *found = mh_store_find_hit (store, hit);
  gint64 seq = found && sent ? found->seq : 0;

  if (!found || found->session->row.sent == seq)
    return;
  found->session->row.sent = seq;
  if (!mh_store_session_is_begun (&found->session->row))
    found->session->row.sent_shift = found->session->row.shift;
  mh_store_note_session (store, found->session);
}

gboolean
mh_store_was_sent (MhStore *store, gint64 hit)
{
  StoreHit *found = mh_store_find_hit (store, hit);

  return found && found->session->row.sent == found->seq;
}

void
mh_store_set_accepted (MhStore *store, gint64 session, gint64 ts)
{
  StoreSession *found = find_session (store, session);

  if (!found)
    return;
  found->row.accepted = ts;
  mh_store_note_session (store, found);
}

void
mh_store_set_sent_shift (MhStore *store, gint64 session, gint64 shift)
{
  StoreSession *found = find_session (store, session);

  if (!found || found->row.sent_shift == shift)
    return;
  found->row.sent_shift = shift;
  mh_store_note_session (store, found);
}

guint
mh_store_remove_session (MhStore *store, gint64 session)
{
  StoreSession *found = find_session (store, session);

  return found ? remove_session (store, found) : 0;
}

GArray *
mh_store_dup_sessions (MhStore *store)
{
  GArray *keys = g_array_sized_new (
      FALSE, FALSE, sizeof (gint64), store->sessions.length);

  for (GList *l = store->sessions.head; l; l = l->next)
    g_array_append_val (keys, ((StoreSession *) l->data)->row.key);
  return keys;
}

GArray *
mh_store_dup_old (MhStore *store, gint64 before)
{
  GArray *keys = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (GList *l = store->sessions.head; l; l = l->next) {
    StoreSession *session = l->data;

    if (session->hits.head &&
        ((StoreHit *) session->hits.head->data)->row.ts + session->row.shift <
            before)
      g_array_append_val (keys, session->row.key);
  }
  return keys;
}

gboolean
mh_store_is_empty (MhStore *store)
{
  return mh_store_count (store) == 0 && !store->forget_sessions &&
      !(store->dir && store->unscrubbed) && !mh_store_has_new_positions (store);
}

guint
mh_store_count_withheld (MhStore *store)
{
  return store->n_withheld;
}

guint
mh_store_count (MhStore *store)
{
  return g_hash_table_size (store->hits_by_id);
}
