/* mh-store-private: what the files of the store share.
 *
 * mh-store.c           the queue in memory: what is in it, and what goes first
 * mh-store-clock.c     a wall clock that was wrong
 * mh-store-disk.c      how the database follows the queue
 * mh-store-load.c      bodies that are on the disk only
 * mh-store-media.c     where media items were left, and whose start has failed
 * mh-store-session.c   the record of a session, and its columns
 *
 * The database itself is mh-store-db.h; its lock file is mh-store-lock.h.
 *
 * May touch: what mh-store.h may. For those files only; on the worker.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-store.h"

#include "mh-time-queue.h"
#include "mh-log.h"
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
  MhTimeNode node; /* in one of MhStore.waiting while there are hits */

  /* With a database. */
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
  GList load_link; /* in MhStore.loaded, if data is set */
} StoreHit;

/* A hit that the database still has. */
typedef struct
{
  gint64 session; /* id there */
  gint64 seq;
} StoreGone;

/* What is known of media items; mh-store-media.c. */
typedef struct
{
  GHashTable *rows; /* name → MediaRow, owned */
  guint most; /* beyond, the oldest go */
  guint n_unsaved; /* of them: the database has others, or none */
} StoreMediaTable;

struct _MhStore
{
  MhStoreLimits limits;
  gboolean has_clock; /* with: */
  char *boot; /* or NULL */
  gint64 clock; /* ms from CLOCK_BOOTTIME to UTC */
  gint64 redated_to; /* the same, when the times here were last looked at */
  gint64 *last_session;
  gint64 own_last_session;
  gint64 last_hit;
  guint n_withheld; /* sessions with a consent that is needed */
  gint64 last_adopted; /* age */
  guint64 bytes; /* of all bodies */
  GHashTable *sessions_by_key; /* &StoreSession.row.key → itself, owned */
  GHashTable *hits_by_id; /* &StoreHit.row.id → itself, owned */
  GQueue sessions; /* of StoreSession.link, oldest first */
  MhTimeQueue *waiting[2]; /* sessions with hits, by age: those that have never
                       * played, and the others */

  /* What the database does not know yet; empty without one. */
  char *dir;
  MhStoreDb *db;
  GQueue changed; /* of StoreSession.change_link */
  GQueue new_hits; /* of StoreHit.new_link, in order */
  GArray *gone_hits; /* of StoreGone */
  GArray *gone_sessions; /* of gint64 */
  GQueue
      loaded; /* of StoreHit.load_link: their bodies are on the disk as well */
  gsize loaded_bytes; /* of these */
  GArray *losses; /* of MhStoreLoss, or NULL */
  StoreMediaTable positions;
  gint64 positions_from; /* ms UTC: older ones do not count */
  gboolean prune_positions; /* with the next that are written */
  gboolean redate_positions; /* those that the database has */
  gboolean forget_positions; /* those that the database has, and failures */
  StoreMediaTable failures;
  gboolean forget_sessions; /* the same, but for those of living processes */
  guint n_set_aside; /* of its files */
  guint n_busy; /* times in a row that others were in the way */
  gboolean failed; /* it is left alone for now */
  gboolean unsynced;
  gboolean unscrubbed;
  char *problem;
};

/* mh-store-disk.c */

/* The database has to learn of a session, or of a hit, at the next commit. */
void mh_store_note_session (MhStore *store, StoreSession *session);
void mh_store_note_hit (MhStore *store, StoreHit *hit);

/* The database has to learn that one is about to go; a session's hits go with it. */
void mh_store_note_session_gone (MhStore *store, StoreSession *session);
void mh_store_note_hit_gone (MhStore *store, StoreHit *hit);

/* @result: of something that the database was to do. What has gone wrong is dealt
 * with. Returns: whether it is done. */
gboolean mh_store_settle (
    MhStore *store, MhStoreDbResult result, const GError *error);

/* mh-store-media.c */

void mh_store_init_media (MhStore *store);
void mh_store_clear_media (MhStore *store);

/* The database is a new one: all that is known of media is to be written to it. */
void mh_store_note_media (MhStore *store);
/* Writes what is new, in a transaction. */
void mh_store_write_media (MhStore *store);
/* That transaction has been committed. */
void mh_store_note_media_written (MhStore *store);

/* Returns: whether the database is to be told something of positions. */
gboolean mh_store_has_new_positions (const MhStore *store);

/* The latest clock of this boot counts for the positions that it was not asked for.
 * @by: how far the clock has jumped, for those in memory. */
void mh_store_redate_positions (MhStore *store, gint64 by);

/* mh-store-clock.c */

/* Moves the times of a session of this boot to the clock of now. */
void mh_store_redate_session (MhStore *store, StoreSession *session);

/* mh-store.c */

/* Adds a session. @like: its columns are copied. @age: 0: it is the latest. */
StoreSession *mh_store_add (
    MhStore *store, const MhStoreSession *like, gint64 age);
/* Returns: (nullable): the hit; NULL: it has gone. */
StoreHit *mh_store_find_hit (MhStore *store, gint64 id);

/* Adds a hit. @body: (nullable): NULL: it is on the disk only. */
StoreHit *mh_store_add_hit (MhStore *store, StoreSession *session, gint64 seq,
    MhEvent event, gint64 ts, gsize length, GBytes *body);
/* Removes a hit, in memory and from the database. */
void mh_store_drop_hit (MhStore *store, StoreHit *hit);

/* Takes a session away, in memory only. Returns: how many hits it had. */
guint mh_store_forget (MhStore *store, StoreSession *session);

/* Drops what may go until @n_hits more with @n_bytes fit, for the sake of
 * @session. Returns: how many hits went. */
guint mh_store_make_room (
    MhStore *store, StoreSession *session, guint n_hits, gsize n_bytes);

/* mh-store-load.c */

/* Drops a hit, and tells its session of it (mh_store_take_losses()). */
void mh_store_lose_hit (MhStore *store, StoreHit *hit, const char *reason);

/* The body is about to go, or not to be on the disk any more. */
void mh_store_note_unloaded (MhStore *store, StoreHit *hit);

/* Lets go of bodies until there is room for @n more, @n_bytes long. */
void mh_store_limit_loaded (MhStore *store, guint n, gsize n_bytes);

/* Whether the database can be read again, where something has to be. */
void mh_store_try_reading (MhStore *store);

/* Reads what is on the disk only, as far as that can be read. @last: there is no
 * other time: what cannot be read is dropped. */
void mh_store_load_all (MhStore *store, gboolean last);

G_END_DECLS
