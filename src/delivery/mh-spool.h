/* mh-spool: all that belongs to one state directory: its store, the sender that
 * empties the store, the timers of both, and the players that are told of the
 * delivery.
 *
 * May touch: worker, store, sender, clock. On the worker.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-sender.h"
#include "mh-worker.h"

G_BEGIN_DECLS

typedef struct _MhSpool MhSpool;

/**
 * mh_spool_new:
 * @worker: (transfer none): outlives the spool
 * @store: (transfer full): where hits wait
 * @dir: (nullable): the state directory; NULL: memory only
 * @owner: (transfer none): static. It hears of all sessions, of problems, and
 *   with changed that the sender has done all it can for now
 * @owner_data: for @owner
 *
 * Hits of other processes are not touched before mh_spool_begin().
 *
 * Returns: (transfer full): a spool; end with mh_spool_end().
 */
MhSpool *mh_spool_new (MhWorker *worker, MhStore *store, const char *dir,
    const MhDelivery *owner, gpointer owner_data);

/* From now on, what is in the directory and belongs to no process that lives is
 * delivered as well. */
void mh_spool_begin (MhSpool *spool);

/* Adopts now what was left since the last look; begins the spool, where that was
 * not done. Its owner hears of what is adopted (#MhDelivery.adopted). */
void mh_spool_look (MhSpool *spool);

/* From now on nothing is sent. */
void mh_spool_close (MhSpool *spool);

/**
 * mh_spool_end:
 * @spool: (transfer full): a spool
 *
 * Returns: (transfer full) (nullable): its store, where that has something that
 *   is in memory only.
 */
MhStore *mh_spool_end (MhSpool *spool);

/* Returns: (nullable) (transfer none): the directory. */
const char *mh_spool_get_dir (MhSpool *spool);

/* Returns: (transfer none): its store, and its sender. */
MhStore *mh_spool_get_store (MhSpool *spool);
MhSender *mh_spool_get_sender (MhSpool *spool);

/* Returns: (nullable) (transfer full): what is wrong, or what was wrong at first
 * and has not been told. */
char *mh_spool_take_problem (MhSpool *spool);

/**
 * mh_spool_forget_all:
 * @reason: why, for the listeners
 *
 * Drops all hits that wait, those that processes that are gone have left included,
 * and all positions. Nothing of them is left on the disk. Hits that another living
 * process has are left to that process.
 */
void mh_spool_forget_all (MhSpool *spool, const char *reason);

/* Has the sender do what is due, now. */
void mh_spool_run (MhSpool *spool);

/* Does what is due at the end of the worker's turn, so that the hits of one turn go
 * together. */
void mh_spool_queue_run (MhSpool *spool);

/* ---- the sessions of players ---- */

/**
 * mh_spool_open:
 * @config: its server, checked; its protocol, which this build has; whether the
 *   visitor has agreed
 * @whole: whether it is sent as one batch when it has ended
 * @delivery: (transfer none): static; what its player hears
 * @user_data: for @delivery; names the player
 *
 * Begins the spool. See mh_service_open().
 *
 * Returns: the key of a new session.
 */
gint64 mh_spool_open (MhSpool *spool, const MhConfig *config, gboolean whole,
    const MhDelivery *delivery, gpointer user_data);

/* Returns: whether the player of @session still listens: it was opened here, and
 * there is more to be told. */
gboolean mh_spool_has_session (MhSpool *spool, gint64 session);

/* Adds the players that still listen to any session to a set of them, each as the
 * @user_data that it was opened with. */
void mh_spool_add_players (MhSpool *spool, GHashTable *players);

/* Accepts a hit of a session that has a player; see mh_sender_enqueue(). */
void mh_spool_enqueue (
    MhSpool *spool, gint64 session, MhEvent event, gint64 ts, GBytes *body);

/**
 * mh_spool_withhold:
 * @config: what its visitor has to agree to
 *
 * Nothing more of @session is sent, by whatever process, before
 * mh_spool_consent().
 */
void mh_spool_withhold (MhSpool *spool, gint64 session, const MhConfig *config);

/**
 * mh_spool_consent:
 * @config: what the visitor has agreed to
 * @user_data: whose sessions that is about, beside those that have no player any
 *   more
 *
 * See mh_sender_consent().
 */
void mh_spool_consent (
    MhSpool *spool, const MhConfig *config, gpointer user_data);

/* Gives up all sessions that were opened with @user_data. */
void mh_spool_drop_all (MhSpool *spool, gpointer user_data, const char *reason);

/* Nothing more is told to @user_data; its hits are still delivered. */
void mh_spool_leave (MhSpool *spool, gpointer user_data);

/* Nothing more is told to any player. */
void mh_spool_leave_all (MhSpool *spool);

/**
 * mh_spool_tell_unclaimed:
 * @n: hits of a process, or of a player, that is gone
 *
 * Returns: whether there is a player, which counts them from now on.
 */
gboolean mh_spool_tell_unclaimed (MhSpool *spool, guint n, const char *reason);

G_END_DECLS
