/* mh-store-disk: how the database follows the store.
 *
 * Changes are noted as they are made and written together. So the database is
 * locked for others only as long as writing takes, and what could not be
 * written once is simply written the next time.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-store-private.h"

#include "mh-crash.h"
/* How often in a row others may be in the way before it counts as a failure. */
#define MAX_BUSY 3

/* How many damaged files are set aside before it is the disk that is to blame. */
#define MAX_SET_ASIDE 3

/* ---- noting ---- */

void
mh_store_note_session (MhStore *store, StoreSession *session)
{
  if (!store->db || session->change_link.data)
    return;
  if (!session->row.id)
    session->row.id = mh_store_db_new_id (store->db);
  session->change_link.data = session;
  g_queue_push_tail_link (&store->changed, &session->change_link);
}

void
mh_store_note_hit (MhStore *store, StoreHit *hit)
{
  if (!store->db)
    return;
  hit->new_link.data = hit;
  g_queue_push_tail_link (&store->new_hits, &hit->new_link);
}

void
mh_store_note_session_gone (MhStore *store, StoreSession *session)
{
  if (store->db && session->saved)
    g_array_append_val (store->gone_sessions, session->row.id);
}

void
mh_store_note_hit_gone (MhStore *store, StoreHit *hit)
{
  StoreGone gone = { hit->session->row.id, hit->seq };

  if (store->db && !hit->new_link.data)
    g_array_append_val (store->gone_hits, gone);
}

static void
unlink_all (GQueue *queue)
{
  while (queue->head) {
    GList *link = g_queue_pop_head_link (queue);

    link->data = NULL;
  }
}

static void
forget_changes (MhStore *store)
{
  unlink_all (&store->changed);
  unlink_all (&store->new_hits);
  g_array_set_size (store->gone_hits, 0);
  g_array_set_size (store->gone_sessions, 0);
}

/* A database that knows nothing of what is here has to learn it all. */
static void
note_all (MhStore *store)
{
  forget_changes (store);
  for (GList *l = store->sessions.head; l; l = l->next) {
    StoreSession *session = l->data;

    session->row.id = 0;
    session->saved = FALSE;
    session->start_is_new = session->row.start != NULL;
    mh_store_note_session (store, session);
    for (GList *h = session->hits.head; h; h = h->next) {
      mh_store_note_unloaded (store, h->data);
      mh_store_note_hit (store, h->data);
    }
  }
  mh_store_note_media (store);
}

static guint
count_changed_hits (MhStore *store)
{
  return store->new_hits.length + store->gone_hits->len;
}

/* Something that is not a hit. */
static gboolean
has_other_changes (MhStore *store)
{
  return store->changed.length > 0 || store->gone_sessions->len > 0 ||
      store->forget_sessions || store->redate_positions ||
      store->failures.n_unsaved > 0 || mh_store_has_new_positions (store);
}

static gboolean
is_changed (MhStore *store)
{
  return count_changed_hits (store) > 0 || has_other_changes (store);
}

/* ---- problems ---- */

static void
set_problem (MhStore *store, const char *what, const char *message)
{
  g_free (store->problem);
  store->problem = g_strdup_printf ("%s%s", message, what);
  mh_log (STORE, WARNING, NULL, "%s", store->problem);
}

char *
mh_store_take_problem (MhStore *store)
{
  return g_steal_pointer (&store->problem);
}

static void
set_failed (MhStore *store, const GError *error)
{
  store->failed = TRUE;
  store->n_busy = 0;
  set_problem (store, "; heartbeats are kept in memory only", error->message);
  mh_store_load_all (store, FALSE);
}

static void
open_db (MhStore *store)
{
  g_autofree char *note = NULL;
  g_autoptr (GError) error = NULL;

  store->db = mh_store_db_open (store->dir, &note, &error);
  store->failed = FALSE;
  if (!store->db)
    set_failed (store, error);
  else if (note)
    set_problem (store, "", note);
  note_all (store);
}

static void
lose_db (MhStore *store)
{
  mh_store_load_all (store, TRUE);
  forget_changes (store);
  g_clear_pointer (&store->db, mh_store_db_close);
}

static void
handle_failure (MhStore *store, MhStoreDbResult result, const GError *error)
{
  g_autofree char *note = NULL;

  if (result == MH_STORE_DB_CORRUPT && store->n_set_aside++ < MAX_SET_ASIDE) {
    mh_store_load_all (store, TRUE);
    note = mh_store_db_set_aside (g_steal_pointer (&store->db));
    MH_CRASH_POINT ("store/set-aside");
    open_db (store);
    /* With the reason for another failure, if there is one. */
    if (store->db)
      set_problem (store, "", note);
  } else {
    set_failed (store, error);
  }
}

gboolean
mh_store_settle (MhStore *store, MhStoreDbResult result, const GError *error)
{
  if (result != MH_STORE_DB_DONE && result != MH_STORE_DB_BUSY)
    handle_failure (store, result, error);
  return result == MH_STORE_DB_DONE;
}

/* ---- writing ---- */

static void
store_disk_put_session (MhStore *store, StoreSession *session)
{
  mh_store_db_put_session (store->db, &session->row);
  if (session->start_is_new)
    mh_store_db_put_start (store->db, session->row.id, session->row.start);
}

static MhStoreDbResult
write_changes (MhStore *store, GError **error)
{
  mh_store_db_begin (
      store->db, count_changed_hits (store) == 1 && !has_other_changes (store));
  /* First: what is here has come since. */
  if (store->forget_sessions)
    mh_store_db_forget_sessions (store->db);
  for (guint i = 0; i < store->gone_hits->len; i++) {
    const StoreGone *gone = &g_array_index (store->gone_hits, StoreGone, i);

    mh_store_db_remove_hit (store->db, gone->session, gone->seq);
  }
  MH_CRASH_POINT ("store/writing");
  for (guint i = 0; i < store->gone_sessions->len; i++)
    mh_store_db_remove_session (
        store->db, g_array_index (store->gone_sessions, gint64, i));
  for (GList *l = store->changed.head; l; l = l->next)
    store_disk_put_session (store, l->data);
  for (GList *l = store->new_hits.head; l; l = l->next) {
    const StoreHit *hit = l->data;

    mh_store_db_put_hit (store->db, hit->session->row.id, hit->seq,
        hit->row.event, hit->row.ts, hit->row.body);
  }
  MH_CRASH_POINT ("store/written");
  mh_store_write_media (store);
  return mh_store_db_end (store->db, error);
}

static void
note_written (MhStore *store)
{
  for (GList *l = store->changed.head; l; l = l->next) {
    StoreSession *session = l->data;

    session->saved = TRUE;
    session->start_is_new = FALSE;
  }
  forget_changes (store);
  store->forget_sessions = FALSE;
  mh_store_note_media_written (store);
  store->n_busy = 0;
  store->failed = FALSE;
  store->unsynced = TRUE;
}

/* Returns: FALSE: try again. */
static gboolean
try_write (MhStore *store)
{
  g_autoptr (GError) error = NULL;
  MhStoreDbResult result = write_changes (store, &error);

  if (result == MH_STORE_DB_DONE) {
    MH_CRASH_POINT ("store/committed");
    note_written (store);
    return TRUE;
  }
  if (result == MH_STORE_DB_BUSY && ++store->n_busy < MAX_BUSY)
    return FALSE;
  handle_failure (store, result, error);
  return TRUE;
}

gboolean
mh_store_commit (MhStore *store)
{
  if (!mh_store_is_safe (store) || !is_changed (store))
    return TRUE;
  if (!try_write (store))
    return FALSE;
  /* Another one in its place has to learn it all. */
  if (mh_store_is_safe (store) && is_changed (store))
    return try_write (store);
  return TRUE;
}

gboolean
mh_store_needs_sync (MhStore *store)
{
  return (store->unsynced || store->unscrubbed) && mh_store_is_safe (store);
}

void
mh_store_sync (MhStore *store)
{
  g_autoptr (GError) error = NULL;
  MhStoreDbResult result;

  if (!mh_store_needs_sync (store))
    return;
  if (mh_store_db_has_moved (store->db)) {
    lose_db (store);
    open_db (store);
    mh_store_commit (store);
    if (!mh_store_needs_sync (store))
      return;
  }
  if (store->unscrubbed) {
    mh_store_scrub (store);
    return;
  }
  MH_CRASH_POINT ("store/syncing");
  result = mh_store_db_sync (store->db, &error);
  if (mh_store_settle (store, result, error))
    store->unsynced = FALSE;
}

void
mh_store_forget_sessions (MhStore *store)
{
  store->forget_sessions = TRUE;
}

void
mh_store_scrub (MhStore *store)
{
  g_autoptr (GError) error = NULL;
  MhStoreDbResult result;

  store->unscrubbed = TRUE;
  if (!mh_store_commit (store) || !mh_store_is_safe (store))
    return;
  MH_CRASH_POINT ("store/scrubbing");
  result = mh_store_db_scrub (store->db, &error);
  if (mh_store_settle (store, result, error))
    store->unsynced = store->unscrubbed = FALSE;
}

gboolean
mh_store_is_safe (MhStore *store)
{
  return store->db && !store->failed;
}

void
mh_store_attach (MhStore *store, const char *dir)
{
  if (store->dir) {
    mh_store_recover (store);
    return;
  }
  store->dir = g_strdup (dir);
  open_db (store);
  mh_store_commit (store);
}

gboolean
mh_store_recover (MhStore *store)
{
  if (!store->dir || mh_store_is_safe (store))
    return mh_store_is_safe (store);
  if (store->db && mh_store_db_has_moved (store->db))
    lose_db (store);
  if (!store->db)
    open_db (store);
  else
    store->failed = FALSE;
  mh_store_commit (store);
  mh_store_try_reading (store);
  mh_store_limit_loaded (store, 0, 0);
  mh_log (STORE, INFO, NULL,
      mh_store_is_safe (store) ? "the state directory can be used again"
                               : "the state directory still cannot be used");
  return mh_store_is_safe (store);
}

/* The first commit may end in a failure, after which the second one does it all. */
gboolean
mh_store_save (MhStore *store)
{
  if (!mh_store_commit (store) || !mh_store_recover (store) ||
      !mh_store_commit (store))
    return FALSE;
  if (store->unscrubbed)
    mh_store_scrub (store);
  return mh_store_is_safe (store) && !store->unscrubbed;
}

/* ---- adopting ---- */

typedef struct
{
  MhStore *store;
  GHashTable *known; /* set of ids in the database */
  GArray *keys;
  GArray *sizes; /* of each: its hits */
  StoreSession *session; /* the one that is read */
} Adoption;

static void
end_session (Adoption *self)
{
  if (!self->session)
    return;
  g_array_append_val (self->keys, self->session->row.key);
  g_array_append_val (self->sizes, self->session->row.n_hits);
  self->session = NULL;
  mh_store_make_room (self->store, NULL, 0, 0);
}

static gboolean
store_disk_on_session (const MhStoreSession *row, gpointer user_data)
{
  Adoption *self = user_data;
  StoreSession *session;

  end_session (self);
  if (g_hash_table_contains (self->known, &row->id))
    return FALSE;
  session = mh_store_add (self->store, row, ++self->store->last_adopted);
  session->row.adopted = TRUE;
  session->saved = TRUE;
  mh_store_redate_session (self->store, session);
  self->session = session;
  return TRUE;
}

static void
store_disk_on_hit (
    gint64 seq, MhEvent event, gint64 ts, gsize length, gpointer user_data)
{
  Adoption *self = user_data;

  mh_store_add_hit (self->store, self->session, seq, event, ts, length, NULL);
  MH_CRASH_POINT ("store/reading-orphan");
}

static void
store_disk_adopt (MhStore *store, Adoption *adoption)
{
  static const MhStoreDbReader reader = {
    .session = store_disk_on_session,
    .hit = store_disk_on_hit,
  };
  g_autoptr (GError) error = NULL;
  MhStoreDbResult result = mh_store_db_adopt (store->db, &error);

  if (result == MH_STORE_DB_DONE)
    result = mh_store_db_read_adopted (store->db, &reader, adoption, &error);
  if (result == MH_STORE_DB_DONE) {
    end_session (adoption);
    MH_CRASH_POINT ("store/adopted");
    return;
  }
  /* Half of a session is none: it stays where it is, for the next time. */
  if (adoption->session)
    mh_store_forget (store, adoption->session);
  mh_store_settle (store, result, error);
}

/* Returns: how many hits of those that were adopted are gone again. */
static guint
leave_out_dropped (Adoption *self)
{
  guint n = 0, dropped = 0;

  for (guint i = 0; i < self->keys->len; i++) {
    gint64 key = g_array_index (self->keys, gint64, i);

    if (mh_store_get_session (self->store, key))
      g_array_index (self->keys, gint64, n++) = key;
    else
      dropped += g_array_index (self->sizes, guint, i);
  }
  g_array_set_size (self->keys, n);
  return dropped;
}

GArray *
mh_store_adopt (MhStore *store, guint *dropped)
{
  g_autoptr (GHashTable)
      known = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_autoptr (GArray) sizes = g_array_new (FALSE, FALSE, sizeof (guint));
  Adoption adoption = { store, known,
    g_array_new (FALSE, FALSE, sizeof (gint64)), sizes, NULL };

  *dropped = 0;
  /* What it still has of ours must not be taken for something new. */
  if (!mh_store_commit (store) || !mh_store_is_safe (store))
    return adoption.keys;
  for (GList *l = store->sessions.head; l; l = l->next)
    g_hash_table_add (known,
        g_memdup2 (&((StoreSession *) l->data)->row.id, sizeof (gint64)));
  store_disk_adopt (store, &adoption);
  *dropped = leave_out_dropped (&adoption);
  return adoption.keys;
}
