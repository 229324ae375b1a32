/* mh-store-load: bodies that are on the disk only.
 *
 * What has been adopted stays on the disk until it is to be sent, and is then
 * read some hits at a time: a queue that has grown for days costs a start no
 * more than what is known of its hits, and never much memory. A body that was
 * read can be let go and read again for as long as the database is well.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-store-private.h"

#include "mh-crash.h"

/* ---- in memory ---- */

void
mh_store_note_unloaded (MhStore *store, StoreHit *hit)
{
  if (!hit->load_link.data)
    return;
  g_queue_unlink (&store->loaded, &hit->load_link);
  hit->load_link.data = NULL;
  store->loaded_bytes -= hit->row.length;
}

static void
store_load_let_go (MhStore *store, StoreHit *hit)
{
  mh_store_note_unloaded (store, hit);
  g_clear_pointer (&hit->row.body, g_bytes_unref);
}

/* Bodies that were read first go first. Where the database is not well, what is
 * in memory is all there is. */
void
mh_store_limit_loaded (MhStore *store, guint n, gsize n_bytes)
{
  while (mh_store_is_safe (store) && store->loaded.head &&
      (store->loaded.length + n > MH_STORE_WINDOW ||
          store->loaded_bytes + n_bytes > MH_STORE_WINDOW_BYTES))
    store_load_let_go (store, store->loaded.head->data);
}

static void
take_body (MhStore *store, StoreHit *hit, GBytes *body)
{
  gsize size = g_bytes_get_size (body);

  store->bytes += size;
  store->bytes -= hit->row.length;
  hit->row.length = size;
  hit->row.body = g_bytes_ref (body);
  hit->load_link.data = hit;
  g_queue_push_tail_link (&store->loaded, &hit->load_link);
  store->loaded_bytes += size;
}

guint
mh_store_count_loaded (MhStore *store)
{
  return store->loaded.length;
}

/* ---- what cannot be read ---- */

void
mh_store_lose_hit (MhStore *store, StoreHit *hit, const char *reason)
{
  const MhStoreLoss loss = { hit->row.session, 1, reason };
  MhStoreLoss *last = NULL;

  if (!store->losses)
    store->losses = g_array_new (FALSE, FALSE, sizeof (MhStoreLoss));
  if (store->losses->len > 0)
    last = &g_array_index (store->losses, MhStoreLoss, store->losses->len - 1);
  if (last && last->session == loss.session && last->reason == reason)
    last->n++;
  else
    g_array_append_val (store->losses, loss);
  mh_store_drop_hit (store, hit);
}

static void
drop_damaged (MhStore *store, StoreHit *hit)
{
  mh_store_lose_hit (store, hit, "a damaged row");
}

GArray *
mh_store_take_losses (MhStore *store)
{
  return g_steal_pointer (&store->losses);
}

gboolean
mh_store_has_losses (MhStore *store)
{
  return store->losses != NULL;
}

/* ---- reading ---- */

static StoreHit *
next_hit (StoreHit *hit)
{
  return hit->link.next ? hit->link.next->data : NULL;
}

typedef struct
{
  MhStore *store;
  StoreHit *hit; /* the next that is waited for, or NULL */
} Reading;

static void
store_load_on_body (gint64 seq, GBytes *body, gpointer user_data)
{
  Reading *self = user_data;

  while (self->hit && self->hit->seq < seq)
    self->hit = next_hit (self->hit);
  if (self->hit && self->hit->seq == seq && !self->hit->row.body)
    take_body (self->store, self->hit, body);
}

/* From @first to @last; those that are not there are damaged. */
static MhStoreDbResult
read_bodies (
    MhStore *store, StoreHit *first, const StoreHit *last, GError **error)
{
  Reading reading = { store, first };
  gint64 until = last->seq;
  MhStoreDbResult result = mh_store_db_read_bodies (store->db,
      first->session->row.id, first->seq, until, store_load_on_body, &reading,
      error);
  StoreHit *next;

  if (result != MH_STORE_DB_DONE)
    return result;
  for (StoreHit *hit = first; hit && hit->seq <= until; hit = next) {
    next = next_hit (hit);
    if (!hit->row.body)
      drop_damaged (store, hit);
  }
  return result;
}

static MhStoreDbResult
read_window (MhStore *store, StoreHit *first, guint n, GError **error)
{
  gsize n_bytes = first->row.length;
  StoreHit *last = first;
  StoreHit *next;
  guint i;

  for (i = 1; i < n; i++) {
    next = next_hit (last);
    if (!next || n_bytes + next->row.length > MH_STORE_WINDOW_BYTES)
      break;
    n_bytes += next->row.length;
    last = next;
  }
  mh_store_limit_loaded (store, i, n_bytes);
  return read_bodies (store, first, last, error);
}

MhStoreBody
mh_store_load (MhStore *store, gint64 hit, guint n, GBytes **body)
{
  StoreHit *found = mh_store_find_hit (store, hit);
  g_autoptr (GError) error = NULL;

  *body = NULL;
  if (found && !found->row.body && mh_store_is_safe (store)) {
    MhStoreDbResult result = read_window (
        store, found, CLAMP (n, 1, MH_STORE_WINDOW), &error);

    MH_CRASH_POINT ("store/read-window");
    mh_store_settle (store, result, error);
    found = mh_store_find_hit (store, hit);
  }
  if (!found)
    return MH_STORE_BODY_DAMAGED;
  if (!found->row.body)
    return MH_STORE_BODY_LATER;
  *body = g_bytes_ref (found->row.body);
  return MH_STORE_BODY_READY;
}

static MhStoreDbResult
read_start (MhStore *store, StoreSession *session, GError **error)
{
  MhStoreDbResult result = mh_store_db_read_start (
      store->db, session->row.id, &session->row.start, error);

  session->row.has_start = result != MH_STORE_DB_DONE || session->row.start;
  return result;
}

MhStoreBody
mh_store_load_start (MhStore *store, gint64 session, GBytes **body)
{
  StoreSession *found = g_hash_table_lookup (store->sessions_by_key, &session);
  g_autoptr (GError) error = NULL;

  *body = NULL;
  if (found && found->row.has_start && !found->row.start &&
      mh_store_is_safe (store)) {
    MhStoreDbResult result = read_start (store, found, &error);

    mh_store_settle (store, result, error);
    /* The body is on the disk as well, and is needed once. */
    if (mh_store_is_safe (store) && found->saved && !found->start_is_new)
      *body = g_steal_pointer (&found->row.start);
  }
  if (!found || !found->row.has_start)
    return MH_STORE_BODY_DAMAGED;
  if (!*body && found->row.start)
    *body = g_bytes_ref (found->row.start);
  return *body ? MH_STORE_BODY_READY : MH_STORE_BODY_LATER;
}

static StoreHit *
find_unread (MhStore *store)
{
  for (GList *l = store->sessions.head; l; l = l->next) {
    for (GList *h = ((StoreSession *) l->data)->hits.head; h; h = h->next) {
      if (!((StoreHit *) h->data)->row.body)
        return h->data;
    }
  }
  return NULL;
}

void
mh_store_try_reading (MhStore *store)
{
  StoreHit *hit = mh_store_is_safe (store) ? find_unread (store) : NULL;
  g_autoptr (GError) error = NULL;
  MhStoreDbResult result;

  if (!hit)
    return;
  result = read_bodies (store, hit, hit, &error);
  mh_store_settle (store, result, error);
}

/* ---- before the database is left ---- */

/* A disk that is about to die takes seconds for each error. */
#define MAX_ERRORS 8

typedef struct
{
  MhStore *store;
  gboolean last; /* what cannot be read is dropped */
  guint n_errors;
} Rescue;

/* Damage is somewhere: elsewhere there may be none. */
static void
note_rescued (Rescue *self, MhStoreDbResult result)
{
  self->n_errors += result != MH_STORE_DB_DONE && result != MH_STORE_DB_CORRUPT;
}

static gboolean
may_read (const Rescue *self)
{
  return self->n_errors < (self->last ? MAX_ERRORS : 1);
}

static void
rescue_start (Rescue *self, StoreSession *session)
{
  if (session->row.has_start && !session->row.start && may_read (self))
    note_rescued (self, read_start (self->store, session, NULL));
  if (self->last)
    session->row.has_start = session->row.start != NULL;
}

static void
rescue_hit (Rescue *self, StoreHit *hit)
{
  gint64 id = hit->row.id;
  StoreSession *session = hit->session;

  if (may_read (self))
    note_rescued (self, read_bodies (self->store, hit, hit, NULL));
  hit = mh_store_find_hit (self->store, id);
  if (!hit || hit->row.body || !self->last)
    return;
  /* There are two of a sessionStart. */
  if (hit->row.event == MH_EVENT_SESSION_START && session->row.start)
    take_body (self->store, hit, session->row.start);
  else
    drop_damaged (self->store, hit);
}

static void
rescue_session (Rescue *self, StoreSession *session)
{
  GList *link, *next;

  rescue_start (self, session);
  for (link = session->hits.head; link; link = next) {
    StoreHit *hit = link->data;

    next = link->next;
    if (!hit->row.body)
      rescue_hit (self, hit);
  }
}

void
mh_store_load_all (MhStore *store, gboolean last)
{
  Rescue rescue = { store, last, 0 };

  for (GList *l = store->sessions.head; l && store->db; l = l->next)
    rescue_session (&rescue, l->data);
}
