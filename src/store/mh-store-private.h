/* mh-store-private: shared by mh-store.c and mh-store-disk.c only.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-store.h"

#include "mh-heap.h"
#include "mh-store-db.h"

G_BEGIN_DECLS

typedef struct
{
  MhStoreSession row; /* first: what callers see */
  gint64 age; /* smaller is older */
  gint64 last_seq;
  GQueue hits; /* of StoreHit.link, oldest first */
  GQueue pings; /* of StoreHit.ping_link: those of them that may go first */
  GList link; /* in MhStore.sessions */
  MhHeapNode node; /* in MhStore.waiting while there are hits */

  /* With a database. */
  gint64 id; /* there, or 0 */
  gboolean saved; /* it has been put there, perhaps otherwise */
  gboolean start_is_new; /* that has not */
  GList change_link; /* in MhStore.changed, if data is set */
} StoreSession;

typedef struct
{
  MhStoreHit row; /* first: what callers see */
  gint64 seq; /* place in its session */
  StoreSession *session;
  GList link; /* in StoreSession.hits */
  GList ping_link; /* in StoreSession.pings, if it is one */
  GList new_link; /* in MhStore.new_hits, if data is set */
} StoreHit;

/* A hit that the database still has. */
typedef struct
{
  gint64 session; /* id there */
  gint64 seq;
} StoreGone;

struct _MhStore
{
  MhStoreLimits limits;
  gint64 *last_session;
  gint64 own_last_session;
  gint64 last_hit;
  gint64 last_adopted; /* age */
  guint64 bytes; /* of all bodies */
  GHashTable *sessions_by_key; /* &StoreSession.row.key → itself, owned */
  GHashTable *hits_by_id; /* &StoreHit.row.id → itself, owned */
  GQueue sessions; /* of StoreSession.link, oldest first */
  MhHeap *waiting; /* sessions with hits, by age */

  /* What the database does not know yet; empty without one. */
  char *dir;
  MhStoreDb *db;
  GQueue changed; /* of StoreSession.change_link */
  GQueue new_hits; /* of StoreHit.new_link, in order */
  GArray *gone_hits; /* of StoreGone */
  GArray *gone_sessions; /* of gint64 */
  GHashTable *positions; /* mh-store-position's, or NULL */
  guint n_unsaved_positions;
  gint64 positions_from; /* ms UTC: older ones do not count */
  gboolean prune_positions; /* with the next that are written */
  gboolean forget_positions; /* those that the database has */
  gboolean forget_sessions; /* the same, but for those of living processes */
  guint n_set_aside; /* of its files */
  guint n_busy; /* times in a row that others were in the way */
  gboolean failed; /* it is left alone for now */
  gboolean unsynced;
  gboolean unscrubbed;
  char *problem;
};

/* The database has to learn of a session. */
void mh_store_note_session (MhStore *store, StoreSession *session);
void mh_store_note_hit (MhStore *store, StoreHit *hit);

/* The same of what is about to go; a session's hits go with it. */
void mh_store_note_session_gone (MhStore *store, StoreSession *session);
void mh_store_note_hit_gone (MhStore *store, StoreHit *hit);

/* mh-store-position.c: a database that has none of them, what it is to be told
 * in a transaction, and that it has been. */
void mh_store_note_positions (MhStore *store);
gboolean mh_store_has_new_positions (const MhStore *store);
void mh_store_write_positions (MhStore *store);
void mh_store_note_positions_written (MhStore *store);

/* What the database has. Returns: FALSE: it cannot tell. */
gboolean mh_store_read_position (
    MhStore *store, const char *name, MhPosition *position, gboolean *found);

StoreSession *mh_store_add (
    MhStore *store, const char *server, MhProtocolKind protocol, gint64 age);
StoreHit *mh_store_add_hit (MhStore *store, StoreSession *session, gint64 seq,
    MhEvent event, gint64 ts, GBytes *body);

/* Takes a session away, in memory only. */
guint mh_store_forget (MhStore *store, StoreSession *session);

/* Until @n_hits more with @n_bytes fit, for the sake of @session. */
guint mh_store_make_room (
    MhStore *store, StoreSession *session, guint n_hits, gsize n_bytes);

G_END_DECLS
