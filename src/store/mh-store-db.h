/* mh-store-db: the sessions, hits and positions of mh-store on the disk.
 *
 * One SQLite database in the state directory, shared by all processes of a
 * user. Each process that has it open is an owner, with an id and a lock that says
 * whether it lives (mh-store-lock); a session has one owner, and only that one touches it.
 * Sessions of owners that are dead can be adopted. Each statement can be repeated to
 * the same effect, so a transaction whose end is not known is simply repeated.
 *
 * May touch: GLib, SQLite, the file system. Waits a quarter of a second at most
 * for other processes. Not thread-safe: the worker owns it. Not for children of
 * fork().
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-hit.h"
#include "mh-position.h"
#include "mh-store-session.h"

G_BEGIN_DECLS

typedef struct _MhStoreDb MhStoreDb;

/**
 * MhStoreDbResult:
 * @MH_STORE_DB_DONE: it is done
 * @MH_STORE_DB_BUSY: another process is at it: nothing has changed, later
 * @MH_STORE_DB_FAILED: nothing has changed, and probably will not the next time
 * @MH_STORE_DB_CORRUPT: this file cannot be used any more
 */
typedef enum
{
  MH_STORE_DB_DONE,
  MH_STORE_DB_BUSY,
  MH_STORE_DB_FAILED,
  MH_STORE_DB_CORRUPT,
} MhStoreDbResult;

/**
 * mh_store_db_open:
 * @dir: the state directory; it is made, for its owner only
 * @note: (out) (nullable): what people should know although it is open, one
 *   line: a corrupt file had to be set aside
 * @error: %MH_ERROR_STORAGE
 *
 * Returns: (nullable) (transfer full): the database of @dir, with an owner of
 *   its own.
 */
MhStoreDb *mh_store_db_open (const char *dir, char **note, GError **error);

/* @db: (transfer full) (nullable): other processes can adopt the sessions that are
 * left in it. */
void mh_store_db_close (MhStoreDb *db);

/**
 * mh_store_db_set_aside:
 * @db: (transfer full): a corrupt one
 *
 * Closes it and gives its files another name, unless another process has done so.
 *
 * Returns: (transfer full): one line that says so.
 */
char *mh_store_db_set_aside (MhStoreDb *db);

/* Returns: whether what is open is not what others find any more: another process
 * has set it aside, or the file was deleted. */
gboolean mh_store_db_has_moved (MhStoreDb *db);

/* Returns: the id of a new session: increasing, and never used before. */
gint64 mh_store_db_new_id (MhStoreDb *db);

/**
 * mh_store_db_begin:
 * @one: whether it has one hit, which is put or removed, and nothing else: its
 *   statement is a transaction by itself, and two statements less are run
 *
 * Begins a transaction. What fails from here on is told by mh_store_db_end(), and
 * what follows it is not tried.
 */
void mh_store_db_begin (MhStoreDb *db, gboolean one);

/* In a transaction: puts the session's columns in, in place of what is there. */
void mh_store_db_put_session (MhStoreDb *db, const MhStoreSession *session);

/* In a transaction: puts the body of the session's sessionStart in, which is not one
 * of the columns. */
void mh_store_db_put_start (MhStoreDb *db, gint64 session, GBytes *start);

/* In a transaction: removes the session with all its hits. */
void mh_store_db_remove_session (MhStoreDb *db, gint64 id);

/**
 * mh_store_db_put_hit:
 * @session: the id of its session
 * @seq: its place there
 * @ts: milliseconds UTC, as in @body
 *
 * Puts a hit in. In a transaction.
 */
void mh_store_db_put_hit (MhStoreDb *db, gint64 session, gint64 seq,
    MhEvent event, gint64 ts, GBytes *body);

/* In a transaction: removes a hit that may be gone already. */
void mh_store_db_remove_hit (MhStoreDb *db, gint64 session, gint64 seq);

/**
 * mh_store_db_end:
 * @error: %MH_ERROR_STORAGE, unless it is done
 *
 * Commits the transaction as a whole, or nothing of it.
 */
MhStoreDbResult mh_store_db_end (MhStoreDb *db, GError **error);

/**
 * mh_store_db_sync:
 * @error: %MH_ERROR_STORAGE, unless it is done
 *
 * What is committed survives a power cut from here on, not only the end of the
 * process.
 */
MhStoreDbResult mh_store_db_sync (MhStoreDb *db, GError **error);

/**
 * mh_store_db_scrub:
 * @error: %MH_ERROR_STORAGE, unless it is done
 *
 * Empties the log, where what was removed may still be read. While others read
 * the database, it empties as much as is possible. Files that were set aside go as well.
 */
MhStoreDbResult mh_store_db_scrub (MhStoreDb *db, GError **error);

/* In a transaction: removes all sessions of its own and of dead owners with their
 * hits, also those that this version cannot read. */
void mh_store_db_forget_sessions (MhStoreDb *db);

/**
 * mh_store_db_adopt:
 * @error: %MH_ERROR_STORAGE, unless it is done
 *
 * Makes the sessions of all dead owners its own.
 */
MhStoreDbResult mh_store_db_adopt (MhStoreDb *db, GError **error);

/**
 * MhStoreDbReader:
 * @session: a session; valid during the call. FALSE: its hits are not wanted
 * @hit: the next hit of that session, in order, with the length of its body
 */
typedef struct
{
  gboolean (*session) (const MhStoreSession *session, gpointer user_data);
  void (*hit) (
      gint64 seq, MhEvent event, gint64 ts, gsize length, gpointer user_data);
} MhStoreDbReader;

/**
 * mh_store_db_read_adopted:
 * @error: %MH_ERROR_STORAGE, unless it is done
 *
 * Reads the sessions that it has adopted so far, oldest first.
 */
MhStoreDbResult mh_store_db_read_adopted (MhStoreDb *db,
    const MhStoreDbReader *reader, gpointer user_data, GError **error);

/* @body: that of the hit in place @seq; valid during the call. */
typedef void (*MhStoreDbBodyFunc) (
    gint64 seq, GBytes *body, gpointer user_data);

/**
 * mh_store_db_read_bodies:
 * @first: the place of a hit in @session
 * @last: the place of the last that is wanted
 * @error: %MH_ERROR_STORAGE, unless it is done
 *
 * Calls @func for those that there are from @first to @last, in order.
 */
MhStoreDbResult mh_store_db_read_bodies (MhStoreDb *db, gint64 session,
    gint64 first, gint64 last, MhStoreDbBodyFunc func, gpointer user_data,
    GError **error);

/**
 * mh_store_db_read_start:
 * @start: (out) (transfer full) (nullable): the body of its sessionStart, where
 *   there is one
 * @error: %MH_ERROR_STORAGE, unless it is done
 *
 * Reads the one body that is not read with the hits.
 */
MhStoreDbResult mh_store_db_read_start (
    MhStoreDb *db, gint64 session, GBytes **start, GError **error);

/* ---- media items ---- */

/* In a transaction: removes all that is known of media, by all processes: positions
 * and starts that have failed. */
void mh_store_db_remove_media (MhStoreDb *db);

/**
 * mh_store_db_put_position:
 * @media: names the media item, as all processes do
 * @boot: (nullable): names the boot that @clock is of
 * @clock: milliseconds from CLOCK_BOOTTIME to UTC that its time was made with
 *
 * Replaces the position that is there, whichever process has put it. In a
 * transaction.
 */
void mh_store_db_put_position (MhStoreDb *db, const char *media,
    const char *boot, gint64 clock, const MhPosition *position);

/**
 * mh_store_db_redate_positions:
 * @boot: names the boot that @clock is of
 * @clock: milliseconds from CLOCK_BOOTTIME to UTC
 *
 * In a transaction: dates those of @boot anew whose clock was wrong.
 */
void mh_store_db_redate_positions (
    MhStoreDb *db, const char *boot, gint64 clock);

/**
 * mh_store_db_prune_positions:
 * @before: milliseconds UTC
 * @most: how many may be left
 *
 * In a transaction: removes those that are from before @before, and the oldest
 * of those that are too many.
 */
void mh_store_db_prune_positions (MhStoreDb *db, gint64 before, guint most);

/**
 * mh_store_db_get_position:
 * @media: as in mh_store_db_put_position()
 * @boot: (nullable): names the boot that @clock is of
 * @clock: milliseconds from CLOCK_BOOTTIME to UTC, as they are
 * @position: (out): the position, where there is one
 * @found: (out): whether there is one that makes sense
 * @error: %MH_ERROR_STORAGE, unless it is done
 *
 * Reads a position, and dates it by the clock of now if it is of this boot.
 */
MhStoreDbResult mh_store_db_get_position (MhStoreDb *db, const char *media,
    const char *boot, gint64 clock, MhPosition *position, gboolean *found,
    GError **error);

/* In a transaction: puts them in, in place of what is there; removes that where
 * there are none. */
void mh_store_db_put_failures (
    MhStoreDb *db, const char *media, const MhStoreFailures *failures);

/* In a transaction: removes the oldest of those that are more than @most. */
void mh_store_db_prune_failures (MhStoreDb *db, guint most);

/* Reads what is known of @media. @failures: (out): none where nothing is known.
 * @error: %MH_ERROR_STORAGE, unless it is done. */
MhStoreDbResult mh_store_db_get_failures (MhStoreDb *db, const char *media,
    MhStoreFailures *failures, GError **error);

G_END_DECLS
