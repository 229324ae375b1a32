/* mh-store: hits that wait for delivery, in order, by session.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-store.h"

#include "mh-heap.h"

typedef struct
{
  MhStoreSession row; /* first: what callers see */
  GQueue hits; /* of StoreHit.link, oldest first */
  GQueue pings; /* of StoreHit.ping_link: those of them that may go first */
  GList link; /* in MhStore.sessions */
  MhHeapNode node; /* in MhStore.waiting while there are hits */
} StoreSession;

typedef struct
{
  MhStoreHit row; /* first: what callers see */
  StoreSession *session;
  GList link; /* in StoreSession.hits */
  GList ping_link; /* in StoreSession.pings, if it is one */
} StoreHit;

struct _MhStore
{
  guint max_hits;
  gint64 last_session;
  gint64 last_hit;
  GHashTable *sessions_by_key; /* &StoreSession.row.key → itself, owned */
  GHashTable *hits_by_id; /* &StoreHit.row.id → itself, owned */
  GQueue sessions; /* of StoreSession.link, oldest first */
  MhHeap *waiting; /* sessions with hits, by key and so by age */
};

static void
store_hit_free (gpointer data)
{
  StoreHit *hit = data;

  g_bytes_unref (hit->row.body);
  g_free (hit);
}

static void
store_session_free (gpointer data)
{
  StoreSession *session = data;

  g_free (session->row.server);
  g_free (session->row.session_id);
  g_free (session);
}

MhStore *
mh_store_new (guint max_hits)
{
  MhStore *store;

  g_return_val_if_fail (max_hits > 0, NULL);

  store = g_new0 (MhStore, 1);
  store->max_hits = max_hits;
  store->sessions_by_key = g_hash_table_new_full (
      g_int64_hash, g_int64_equal, NULL, store_session_free);
  store->hits_by_id = g_hash_table_new_full (
      g_int64_hash, g_int64_equal, NULL, store_hit_free);
  store->waiting = mh_heap_new ();
  return store;
}

void
mh_store_free (MhStore *store)
{
  if (!store)
    return;
  mh_heap_free (store->waiting);
  g_hash_table_unref (store->hits_by_id);
  g_hash_table_unref (store->sessions_by_key);
  g_free (store);
}

static StoreSession *
find_session (MhStore *store, gint64 key)
{
  return g_hash_table_lookup (store->sessions_by_key, &key);
}

gint64
mh_store_add_session (
    MhStore *store, const char *server, MhProtocolKind protocol)
{
  StoreSession *session = g_new0 (StoreSession, 1);

  session->row.key = ++store->last_session;
  session->row.server = g_strdup (server);
  session->row.protocol = protocol;
  session->link.data = session;
  g_queue_push_tail_link (&store->sessions, &session->link);
  g_hash_table_insert (store->sessions_by_key, &session->row.key, session);
  return session->row.key;
}

const MhStoreSession *
mh_store_get_session (MhStore *store, gint64 session)
{
  StoreSession *found = find_session (store, session);

  return found ? &found->row : NULL;
}

static void
remove_hit (MhStore *store, StoreHit *hit)
{
  StoreSession *session = hit->session;

  g_queue_unlink (&session->hits, &hit->link);
  if (hit->ping_link.data)
    g_queue_unlink (&session->pings, &hit->ping_link);
  session->row.n_hits--;
  if (session->row.n_hits == 0)
    mh_heap_remove (store->waiting, &session->node);
  g_hash_table_remove (store->hits_by_id, &hit->row.id);
}

static guint
remove_session (MhStore *store, StoreSession *session)
{
  guint n_hits = session->row.n_hits;

  while (session->hits.head)
    remove_hit (store, session->hits.head->data);
  g_queue_unlink (&store->sessions, &session->link);
  g_hash_table_remove (store->sessions_by_key, &session->row.key);
  return n_hits;
}

/* The oldest session with hits, @but left aside. */
static StoreSession *
oldest_waiting (MhStore *store, StoreSession *but)
{
  gboolean was_in = mh_heap_node_is_in (&but->node);
  MhHeapNode *node;

  mh_heap_remove (store->waiting, &but->node);
  node = mh_heap_peek (store->waiting);
  if (was_in)
    mh_heap_set (store->waiting, &but->node, but->row.key);
  return MH_HEAP_ENTRY (node, StoreSession, node);
}

static guint
make_room (MhStore *store, StoreSession *session)
{
  guint dropped = 0;

  while (mh_store_count (store) >= store->max_hits) {
    StoreSession *oldest = oldest_waiting (store, session);

    if (oldest) {
      dropped += remove_session (store, oldest);
    } else {
      GList *ping = session->pings.head;

      remove_hit (store, ping ? ping->data : session->hits.head->data);
      dropped++;
    }
  }
  return dropped;
}

guint
mh_store_append (
    MhStore *store, gint64 session, MhEvent event, gint64 ts, GBytes *body)
{
  StoreSession *owner = find_session (store, session);
  StoreHit *hit;
  guint dropped;

  g_return_val_if_fail (owner != NULL, 0);
  g_return_val_if_fail (body != NULL, 0);

  dropped = make_room (store, owner);
  hit = g_new0 (StoreHit, 1);
  hit->row.id = ++store->last_hit;
  hit->row.session = session;
  hit->row.event = event;
  hit->row.ts = ts;
  hit->row.body = g_bytes_ref (body);
  hit->session = owner;
  hit->link.data = hit;
  g_queue_push_tail_link (&owner->hits, &hit->link);
  if (event == MH_EVENT_PING) {
    hit->ping_link.data = hit;
    g_queue_push_tail_link (&owner->pings, &hit->ping_link);
  }
  owner->row.n_hits++;
  if (owner->row.n_hits == 1)
    mh_heap_set (store->waiting, &owner->node, owner->row.key);
  g_hash_table_insert (store->hits_by_id, &hit->row.id, hit);
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

void
mh_store_acknowledge (MhStore *store, gint64 hit, const char *session_id)
{
  StoreHit *found = g_hash_table_lookup (store->hits_by_id, &hit);

  if (!found)
    return;
  if (session_id) {
    g_free (found->session->row.session_id);
    found->session->row.session_id = g_strdup (session_id);
  }
  remove_hit (store, found);
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

guint
mh_store_count (MhStore *store)
{
  return g_hash_table_size (store->hits_by_id);
}
