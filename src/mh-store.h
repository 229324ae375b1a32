/* mh-store: hits that wait for delivery, in order, by session.
 *
 * Rows are kept in memory and are gone with the process.
 *
 * May touch: GLib, mh-heap, mh-hit's event types, mh-config's protocol kinds.
 * Not thread-safe: the worker owns it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-config.h"
#include "mh-hit.h"

G_BEGIN_DECLS

/* Bound of the queue (lessons.md, "Numbers that others settled on"). */
#define MH_STORE_MAX_HITS 10000

typedef struct _MhStore MhStore;

/**
 * MhStoreSession:
 * @key: names the session in this store, > 0
 * @server: base URI that its hits go to
 * @protocol: what that server speaks
 * @session_id: (nullable): the server's id, once known
 * @n_hits: how many of its hits wait
 *
 * Owned by the store; valid until the session is removed.
 */
typedef struct
{
  gint64 key;
  char *server;
  MhProtocolKind protocol;
  char *session_id;
  guint n_hits;
} MhStoreSession;

/**
 * MhStoreHit:
 * @id: names the row, > 0, increasing
 * @session: key of its session
 * @event: what it reports
 * @ts: when that happened, milliseconds UTC
 * @body: as the protocol encoded it
 *
 * Owned by the store; valid until it is acknowledged or dropped.
 */
typedef struct
{
  gint64 id;
  gint64 session;
  MhEvent event;
  gint64 ts;
  GBytes *body;
} MhStoreHit;

/**
 * mh_store_new:
 * @max_hits: how many hits may wait, %MH_STORE_MAX_HITS
 *
 * Returns: (transfer full): an empty store; free with mh_store_free().
 */
MhStore *mh_store_new (guint max_hits);
void mh_store_free (MhStore *store);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MhStore, mh_store_free)

/**
 * mh_store_add_session:
 * @store: a store
 * @server: base URI
 * @protocol: what it speaks
 *
 * Returns: the key of a new session without hits.
 */
gint64 mh_store_add_session (
    MhStore *store, const char *server, MhProtocolKind protocol);

/**
 * mh_store_get_session:
 *
 * Returns: (nullable) (transfer none): the session with that key.
 */
const MhStoreSession *mh_store_get_session (MhStore *store, gint64 session);

/**
 * mh_store_append:
 * @store: a store
 * @session: key of a session
 * @event: what the hit reports
 * @ts: when, milliseconds UTC
 * @body: the encoded hit
 *
 * Appends a hit to its session. Where the store is full, room is made: whole
 * sessions go, oldest first, but never @session itself, nor those without
 * hits, which take no room; if that is all there is, its oldest ping goes, and
 * without one its oldest hit.
 *
 * Returns: how many hits had to be dropped.
 */
guint mh_store_append (
    MhStore *store, gint64 session, MhEvent event, gint64 ts, GBytes *body);

/**
 * mh_store_head:
 *
 * Returns: (nullable) (transfer none): the oldest hit of @session.
 */
const MhStoreHit *mh_store_head (MhStore *store, gint64 session);

/**
 * mh_store_acknowledge:
 * @store: a store
 * @hit: id of the row
 * @session_id: (nullable): the server's id that came with the answer, copied
 *
 * The hit is done with: it has arrived, or never will. The answer's effect is
 * kept in the same step. A row that is gone already is not an error.
 */
void mh_store_acknowledge (MhStore *store, gint64 hit, const char *session_id);

/**
 * mh_store_remove_session:
 *
 * Removes a session with the hits that it still has.
 *
 * Returns: how many hits that were.
 */
guint mh_store_remove_session (MhStore *store, gint64 session);

/**
 * mh_store_dup_sessions:
 *
 * Returns: (transfer full) (element-type gint64): keys of all sessions, oldest
 *   first.
 */
GArray *mh_store_dup_sessions (MhStore *store);

/**
 * mh_store_count:
 *
 * Returns: how many hits wait.
 */
guint mh_store_count (MhStore *store);

G_END_DECLS
