/* mh-store: hits that wait for delivery, in order, by session; and positions.
 *
 * What is in memory counts. With a directory, the database there
 * (mh-store-db) follows it at each mh_store_commit(), and what a process that
 * is gone has left there is adopted. The bodies of adopted hits stay on the disk
 * until mh_store_load(). A database that fails is left alone until
 * mh_store_recover(), and then gets what it has missed.
 *
 * May touch: GLib, mh-time-queue, mh-store-db, mh-position, mh-hit's event types,
 * mh-config's protocol kinds. Not thread-safe: the worker owns it. Knows no clock.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-hit.h"
#include "mh-position.h"
#include "mh-store-session.h"

G_BEGIN_DECLS

typedef struct _MhStore MhStore;

/**
 * MhStoreLimits:
 * @max_hits: how many hits may wait, > 0
 * @max_bytes: how long their bodies may be together
 * @max_age: seconds after which they are not sent any more. The store only keeps the
 *   number: the spool drops what is older, by mh_store_dup_old()
 */
typedef struct
{
  guint max_hits;
  guint max_bytes;
  guint max_age;
} MhStoreLimits;

/**
 * MhStoreHit:
 * @id: names the row, > 0, increasing
 * @session: key of its session
 * @event: what it reports
 * @ts: when that happened, milliseconds UTC, by the clock that its session began
 *   with: see #MhStoreSession.shift
 * @length: of its body, bytes
 * @body: (nullable): as the protocol encoded it; NULL: it is on the disk only,
 *   see mh_store_load()
 *
 * Owned by the store. It is valid until it is acknowledged or dropped, which
 * mh_store_load() may do as well: it drops what it finds damaged.
 */
typedef struct
{
  gint64 id;
  gint64 session;
  MhEvent event;
  gint64 ts;
  gsize length;
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

/* @store: (nullable) (transfer full): a store. What it has on the disk is there
 * for others to adopt. */
void mh_store_free (MhStore *store);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MhStore, mh_store_free)

/* Sets the limits, which count from the next hit on. */
void mh_store_set_limits (MhStore *store, const MhStoreLimits *limits);

/* Returns: (transfer none): its limits. */
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
 * mh_store_set_clock:
 * @boot: (nullable): names the boot of the machine; always the same one
 * @clock: milliseconds from CLOCK_BOOTTIME to UTC, as the wall clock has it now
 *
 * The times of the hits of new sessions are made with @clock. Where it differs by
 * more than a second from the one before, that was wrong: the sessions and
 * positions of this boot are dated anew (#MhStoreSession.shift), now, and when
 * they are adopted.
 */
void mh_store_set_clock (MhStore *store, const char *boot, gint64 clock);

/**
 * mh_store_add_session:
 * @server: base URI
 * @protocol: what it speaks
 *
 * Returns: the key of a new session without hits.
 */
gint64 mh_store_add_session (
    MhStore *store, const char *server, MhProtocolKind protocol);

/**
 * mh_store_set_mode:
 * @mode: how @session is sent from here on; %MH_SEND_ONLY_LIVE at first. As a whole
 *   (%MH_SEND_WHOLE) only where nothing of it has been appended yet
 *
 * It is written at the next commit.
 */
void mh_store_set_mode (MhStore *store, gint64 session, MhSendMode mode);

/**
 * mh_store_set_text:
 * @column: one of text, such as %MH_STORE_CONSENT
 * @text: (nullable): what @session has there from now on, copied; NULL at first
 *
 * It is written at the next commit.
 */
void mh_store_set_text (
    MhStore *store, gint64 session, MhStoreColumn column, const char *text);

/* Returns: (nullable) (transfer none): the session with that key. */
const MhStoreSession *mh_store_get_session (MhStore *store, gint64 session);

/**
 * mh_store_append:
 * @session: key of a session
 * @event: what the hit reports
 * @ts: when, milliseconds UTC
 * @body: the encoded hit
 *
 * Appends a hit to its session. Where the store is full, room is made: whole
 * sessions are dropped, those that have never played first, and of each kind the
 * oldest first. @session itself is not dropped, nor is a session without hits, which
 * takes no room. As long as @session has not played, only pings are dropped of
 * sessions that have played, as far as there are any. If @session is all there is,
 * its oldest ping is dropped, and without one its oldest hit. A hit that is larger
 * than all may be together is dropped itself.
 *
 * Returns: how many hits had to be dropped.
 */
guint mh_store_append (
    MhStore *store, gint64 session, MhEvent event, gint64 ts, GBytes *body);

/* Returns: (nullable) (transfer none): the oldest hit of @session. */
const MhStoreHit *mh_store_head (MhStore *store, gint64 session);

/* Returns: (transfer container) (element-type MhStoreHit): the hits of @session,
 * oldest first. */
GPtrArray *mh_store_dup_hits (MhStore *store, gint64 session);

/* How many bodies are read from the disk at once, and how long they may be
 * together; as much as that is kept until it is sent. */
#define MH_STORE_WINDOW 32
#define MH_STORE_WINDOW_BYTES (256 * 1024)

/**
 * MhStoreBody:
 * @MH_STORE_BODY_READY: here it is
 * @MH_STORE_BODY_DAMAGED: it cannot be read and never will be: its hit has been
 *   dropped (mh_store_take_losses())
 * @MH_STORE_BODY_LATER: the disk cannot be read at the moment
 */
typedef enum
{
  MH_STORE_BODY_READY,
  MH_STORE_BODY_DAMAGED,
  MH_STORE_BODY_LATER,
} MhStoreBody;

/**
 * mh_store_load:
 * @hit: id of a hit
 * @n: how many hits of its session are read together with it, itself included,
 *   where it is on the disk only; 1 to %MH_STORE_WINDOW
 * @body: (out) (transfer full) (nullable): its body; NULL unless READY
 *
 * To be called before a hit is sent. Other hits may turn out to be damaged, and
 * be gone afterwards.
 */
MhStoreBody mh_store_load (MhStore *store, gint64 hit, guint n, GBytes **body);

/**
 * mh_store_load_start:
 * @session: key of a session with @has_start
 * @body: (out) (transfer full) (nullable): the body of its sessionStart
 *
 * Reads it from the disk where it is only there. As mh_store_load(), it says what
 * has come of that.
 */
MhStoreBody mh_store_load_start (MhStore *store, gint64 session, GBytes **body);

/**
 * MhStoreLoss:
 * @session: key of a session
 * @n: how many of its hits are gone, > 0
 * @reason: why, for people; static
 */
typedef struct
{
  gint64 session;
  guint n;
  const char *reason;
} MhStoreLoss;

/* Returns: (transfer full) (nullable) (element-type MhStoreLoss): single hits that
 * were dropped since the last time, of sessions that are still there: they could
 * not be read, or had to make room for another session; NULL: none. */
GArray *mh_store_take_losses (MhStore *store);

/* Returns: whether there are such hits. */
gboolean mh_store_has_losses (MhStore *store);

/* Returns: how many bodies of those that were read from the disk are in memory. */
guint mh_store_count_loaded (MhStore *store);

/**
 * mh_store_acknowledge:
 * @hit: id of the row
 * @session_id: (nullable): the server's id that came with the answer, copied
 *
 * Removes a hit that has arrived, or never will. The answer's effect is kept in the
 * same step. A row that is gone already is not an error.
 */
void mh_store_acknowledge (MhStore *store, gint64 hit, const char *session_id);

/**
 * mh_store_set_sent:
 * @hit: id of the head of a session
 * @sent: whether it is about to be sent; FALSE: the server has said that it has
 *   not taken it, or it was not sent after all
 *
 * The mark is kept until the hit is acknowledged, also in the database, for a
 * process that adopts the hit.
 */
void mh_store_set_sent (MhStore *store, gint64 hit, gboolean sent);

/* Returns: whether @hit may have arrived although no answer has come. */
gboolean mh_store_was_sent (MhStore *store, gint64 hit);

/**
 * mh_store_set_accepted:
 * @ts: when the server took a hit of @session, milliseconds UTC
 *
 * To be called before mh_store_acknowledge(): it is kept in the same step.
 */
void mh_store_set_accepted (MhStore *store, gint64 session, gint64 ts);

/**
 * mh_store_set_sent_shift:
 * @shift: what was added to the times of the first hit of @session that the server
 *   has: the wall clock may have jumped while its answer was awaited
 *
 * A session that has one is not dated anew any more: what follows keeps that
 * distance.
 */
void mh_store_set_sent_shift (MhStore *store, gint64 session, gint64 shift);

/* Removes a session with the hits that it still has. Returns: how many hits that
 * were. */
guint mh_store_remove_session (MhStore *store, gint64 session);

/* Returns: (transfer full) (element-type gint64): keys of all sessions, oldest
 * first. */
GArray *mh_store_dup_sessions (MhStore *store);

/* Returns: how many sessions need a consent before anything of them is sent. */
guint mh_store_count_withheld (MhStore *store);

/* Returns: how many hits wait. */
guint mh_store_count (MhStore *store);

/**
 * mh_store_dup_old:
 * @before: milliseconds UTC
 *
 * Returns: (transfer full) (element-type gint64): keys of the sessions whose
 *   oldest hit is from before @before.
 */
GArray *mh_store_dup_old (MhStore *store, gint64 before);

/* Returns: whether nothing waits: no hit for delivery, no position for a database,
 * nothing that is to be forgotten. */
gboolean mh_store_is_empty (MhStore *store);

/* ---- positions ---- */

/* More are not kept: the oldest go. */
#define MH_STORE_MAX_POSITIONS 1000

/**
 * mh_store_put_position:
 * @media_id: the media item
 * @position: where it is now, copied
 *
 * Keeps a position, in place of the one that was there. The disk gets only a hash of
 * @media_id.
 */
void mh_store_put_position (
    MhStore *store, const char *media_id, const MhPosition *position);

/**
 * mh_store_get_position:
 * @position: (out): what was put last, by any process
 *
 * Returns: whether there is a position.
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

/* Removes all positions, also those of other processes, and what is known of starts
 * that have failed. */
void mh_store_forget_positions (MhStore *store);

/* ---- starts that fail ---- */

/* Of more media items they are not kept: the oldest go. */
#define MH_STORE_MAX_FAILURES 100

/**
 * mh_store_put_failures:
 * @media_id: the media item
 * @failures: how often its start has failed, copied
 *
 * The disk gets only a hash of @media_id.
 */
void mh_store_put_failures (
    MhStore *store, const char *media_id, const MhStoreFailures *failures);

/**
 * mh_store_get_failures:
 * @failures: (out): what was put last, by any process; none where nothing was
 *
 * Reads how often the start of a media item has failed, from memory or from the
 * disk.
 */
void mh_store_get_failures (
    MhStore *store, const char *media_id, MhStoreFailures *failures);

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

/* Writes all changes since the last time, as one. A hit is safe, and may be sent,
 * when this has returned TRUE. While the database does not work, TRUE only means
 * that the hit is in memory. Returns: FALSE: other processes are in the way at the
 * moment, to be tried again. This does not last: sooner or later the database
 * counts as one that does not work. */
gboolean mh_store_commit (MhStore *store);

/* Returns: whether a power cut would take some of what is committed. */
gboolean mh_store_needs_sync (MhStore *store);

/* Syncs the database's log, so that a power cut takes nothing of what is committed.
 * If that fails, mh_store_needs_sync() stays TRUE. */
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

/* Commits, and overwrites on the disk what was removed; deletes the files that were
 * set aside as damaged. Where that cannot be done now, mh_store_sync() does it. */
void mh_store_scrub (MhStore *store);

/* Returns: whether all is well with the database, as far as is known: FALSE in
 * memory only, and after a failure. */
gboolean mh_store_is_safe (MhStore *store);

/* Tries to go on with a database that has failed, or could not be opened: it gets
 * what it has missed. Returns: mh_store_is_safe(). */
gboolean mh_store_recover (MhStore *store);

/* Tries once more, before the store goes, to bring all that is not on the disk there, and
 * to remove from it what is to be removed. Returns: whether that is done: FALSE also where
 * other processes are in the way. */
gboolean mh_store_save (MhStore *store);

/* Returns: (nullable) (transfer full): what has gone wrong with the database since
 * the last time, one line. */
char *mh_store_take_problem (MhStore *store);

/**
 * mh_store_adopt:
 * @dropped: (out): how many hits of them went for want of room
 *
 * Adopts sessions whose process is gone. They count as older than the store's own,
 * and no hit will be appended to them.
 *
 * Returns: (transfer full) (element-type gint64): their keys, oldest first.
 */
GArray *mh_store_adopt (MhStore *store, guint *dropped);

G_END_DECLS
