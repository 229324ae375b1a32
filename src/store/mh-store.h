/* mh-store: hits that wait for delivery, in order, by session; and positions.
 *
 * What is in memory counts. With a directory, the database there
 * (mh-store-db) follows it at each mh_store_commit(), and what a process that
 * is gone has left there is adopted. A database that fails is left alone until
 * mh_store_recover(), and then gets what it has missed.
 *
 * May touch: GLib, mh-heap, mh-store-db, mh-position, mh-hit's event types,
 * mh-config's protocol kinds. Not thread-safe: the worker owns it. Knows no clock.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-config.h"
#include "mh-hit.h"
#include "mh-position.h"

G_BEGIN_DECLS

typedef struct _MhStore MhStore;

/**
 * MhStoreLimits:
 * @max_hits: how many hits may wait, > 0
 * @max_bytes: how long their bodies may be together
 * @max_age: seconds after which they are not sent any more; its owner sees to
 *   that (mh_store_dup_old())
 */
typedef struct
{
  guint max_hits;
  guint max_bytes;
  guint max_age;
} MhStoreLimits;

/**
 * MhStoreSession:
 * @key: names the session in this store, > 0
 * @server: base URI that its hits go to
 * @protocol: what that server speaks
 * @session_id: (nullable): the server's id, once known
 * @accepted: when the server took its latest hit, milliseconds UTC; 0: none yet
 * @ended: whether its last hit ends it
 * @mode: how it is sent
 * @start: (nullable): the body of its sessionStart, also when that has arrived
 * @tls_database: (nullable): the file of CAs that @server's certificate is
 *   checked by; NULL: the system's
 * @consent: (nullable): what the visitor has to agree to before anything of it
 *   is sent (mh_config_dup_consent())
 * @adopted: whether its player is gone with another process
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
  gint64 accepted;
  gboolean ended;
  MhSendMode mode;
  GBytes *start;
  char *tls_database;
  char *consent;
  gboolean adopted;
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
 * @max_hits: how many hits may wait; there is no other limit
 *
 * Returns: (transfer full): an empty store, in memory only; free with
 *   mh_store_free().
 */
MhStore *mh_store_new (guint max_hits);

/**
 * mh_store_free:
 * @store: (nullable) (transfer full): a store. What it has on the disk is there
 *   for others to adopt
 */
void mh_store_free (MhStore *store);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MhStore, mh_store_free)

/**
 * mh_store_set_limits:
 *
 * Counts from the next hit on.
 */
void mh_store_set_limits (MhStore *store, const MhStoreLimits *limits);

/**
 * mh_store_get_limits:
 *
 * Returns: (transfer none): its limits.
 */
const MhStoreLimits *mh_store_get_limits (MhStore *store);

/**
 * mh_store_share_keys:
 * @store: an empty store
 * @last_key: the latest key that was given; outlives the store
 *
 * Sessions of all stores with the same @last_key have different keys.
 */
void mh_store_share_keys (MhStore *store, gint64 *last_key);

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
 * mh_store_set_mode:
 * @mode: how @session is sent from here on; %MH_SEND_ONLY_LIVE at first
 */
void mh_store_set_mode (MhStore *store, gint64 session, MhSendMode mode);

/**
 * mh_store_set_tls_database:
 * @path: (nullable): absolute path of a file of CAs, for @session's server; NULL
 *   (at first): the system's
 */
void mh_store_set_tls_database (
    MhStore *store, gint64 session, const char *path);

/**
 * mh_store_set_consent:
 * @consent: (nullable): what @session waits for; NULL (at first): nothing
 */
void mh_store_set_consent (MhStore *store, gint64 session, const char *consent);

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
 * without one its oldest hit. A hit that is larger than all may be together is
 * dropped itself.
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
 * mh_store_dup_hits:
 *
 * Returns: (transfer container) (element-type MhStoreHit): the hits of @session,
 *   oldest first.
 */
GPtrArray *mh_store_dup_hits (MhStore *store, gint64 session);

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
 * mh_store_set_accepted:
 * @ts: when the server took a hit of @session, milliseconds UTC
 *
 * To be called before mh_store_acknowledge(): it is kept in the same step.
 */
void mh_store_set_accepted (MhStore *store, gint64 session, gint64 ts);

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

/**
 * mh_store_dup_old:
 * @before: milliseconds UTC
 *
 * Returns: (transfer full) (element-type gint64): keys of the sessions whose
 *   oldest hit is from before @before.
 */
GArray *mh_store_dup_old (MhStore *store, gint64 before);

/**
 * mh_store_is_empty:
 *
 * Returns: whether nothing waits: no hit for delivery, no position for a
 *   database, nothing that is to be forgotten.
 */
gboolean mh_store_is_empty (MhStore *store);

/* ---- positions ---- */

/* More are not kept: the oldest go. */
#define MH_STORE_MAX_POSITIONS 1000

/**
 * mh_store_put_position:
 * @store: a store
 * @media_id: the media item
 * @position: where it is now, copied
 *
 * Keeps it in place of what was there. The disk gets a hash of @media_id only.
 */
void mh_store_put_position (
    MhStore *store, const char *media_id, const MhPosition *position);

/**
 * mh_store_get_position:
 * @position: (out): what was put last, by any process
 *
 * Returns: whether there is one.
 */
gboolean mh_store_get_position (
    MhStore *store, const char *media_id, MhPosition *position);

/**
 * mh_store_set_positions_from:
 * @from: milliseconds UTC
 *
 * Positions from before @from do not count from now on, and are removed with
 * the next that is new.
 */
void mh_store_set_positions_from (MhStore *store, gint64 from);

/**
 * mh_store_forget_positions:
 *
 * Removes all positions, also those of other processes.
 */
void mh_store_forget_positions (MhStore *store);

/* ---- on the disk ---- */

/**
 * mh_store_attach:
 * @store: a store in memory only
 * @dir: the state directory; the same as before, if it had one: then this is
 *   mh_store_recover()
 *
 * From now on what the store has is kept in @dir as well. Where that fails,
 * mh_store_take_problem() says why, and mh_store_recover() tries again.
 */
void mh_store_attach (MhStore *store, const char *dir);

/**
 * mh_store_commit:
 *
 * Writes all changes since the last time, as one. A hit is safe, and may be
 * sent, when this has returned TRUE; where the database does not work, memory
 * is as safe as it gets.
 *
 * Returns: FALSE: other processes are in the way at the moment, to be tried
 *   again. This does not last: sooner or later the database counts as one that
 *   does not work.
 */
gboolean mh_store_commit (MhStore *store);

/**
 * mh_store_needs_sync:
 *
 * Returns: whether a power cut would take some of what is committed.
 */
gboolean mh_store_needs_sync (MhStore *store);

/**
 * mh_store_sync:
 *
 * Sees to it that it would not. Where it cannot now, it still needs to be done.
 */
void mh_store_sync (MhStore *store);

/**
 * mh_store_forget_sessions:
 * @store: a store whose sessions have been removed
 *
 * Removes what the database has beside that, once it can be written: sessions of
 * processes that are gone, whether or not they are adopted, and whether or not
 * this version can read them.
 */
void mh_store_forget_sessions (MhStore *store);

/**
 * mh_store_scrub:
 *
 * Commits, and sees to it that nothing is left on the disk of what was removed,
 * nor of what was set aside as damaged. Where it cannot now, mh_store_sync()
 * does it.
 */
void mh_store_scrub (MhStore *store);

/**
 * mh_store_is_safe:
 *
 * Returns: whether all is well with the database, as far as is known: FALSE in
 *   memory only, and after a failure.
 */
gboolean mh_store_is_safe (MhStore *store);

/**
 * mh_store_recover:
 *
 * Tries to go on with a database that has failed, or could not be opened: it
 * gets what it has missed.
 *
 * Returns: mh_store_is_safe().
 */
gboolean mh_store_recover (MhStore *store);

/**
 * mh_store_take_problem:
 *
 * Returns: (nullable) (transfer full): what has gone wrong with the database
 *   since the last time, one line.
 */
char *mh_store_take_problem (MhStore *store);

/**
 * mh_store_adopt:
 * @store: a store
 * @dropped: (out): how many hits of them went for want of room
 *
 * Adopts sessions whose process is gone, as older than its own. No hit will be
 * appended to them.
 *
 * Returns: (transfer full) (element-type gint64): their keys, oldest first.
 */
GArray *mh_store_adopt (MhStore *store, guint *dropped);

G_END_DECLS
