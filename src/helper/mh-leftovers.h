/* mh-leftovers: delivers what processes that are gone have left in a state
 * directory.
 *
 * It opens a spool for that, and closes it as soon as nothing more can be sent. Hits
 * that wait for something else, such as the visitor's consent, are then free for the
 * next player.
 *
 * May touch: spool, sender, store, network, mh-answer-memory. On the worker.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-answer-memory.h"
#include "mh-worker.h"

G_BEGIN_DECLS

typedef struct _MhLeftovers MhLeftovers;

/**
 * mh_leftovers_new:
 * @worker: (transfer none): outlives it
 * @dir: the state directory
 * @memory: (transfer none): what to send with; outlives it
 * @done: called when there is nothing more to be sent
 * @user_data: for @done
 *
 * Returns: (transfer full): one that has not looked for anything yet.
 */
MhLeftovers *mh_leftovers_new (MhWorker *worker, const char *dir,
    MhAnswerMemory *memory, void (*done) (gpointer user_data),
    gpointer user_data);

/* @self: not busy. */
void mh_leftovers_free (MhLeftovers *self);

/* Has a look for what has been left since the last time; later, where the last of
 * it is about to be put away. What waits for another attempt goes on waiting. */
void mh_leftovers_look (MhLeftovers *self);

/* Returns: whether something waits that is to be sent, now or later. */
gboolean mh_leftovers_is_busy (MhLeftovers *self);

/* The visitor has opted out: deletes what was left. Until that is done, it is busy,
 * whatever it has been told to give up. */
void mh_leftovers_forget (MhLeftovers *self);

/* A player of this directory sends over plain http to other hosts: what was left
 * may go there, too. */
void mh_leftovers_allow_http (MhLeftovers *self);

/**
 * mh_leftovers_set_access:
 * @uri: where a player of this directory has sent something
 * @authorization: (nullable): what it has sent with that; kept in memory only
 *
 * What was left for @uri is sent with it, too.
 */
void mh_leftovers_set_access (
    MhLeftovers *self, const char *uri, const char *authorization);

/* Returns: when a server has taken something last, or the last look that has found
 * something. */
MhTime mh_leftovers_get_progress (MhLeftovers *self);

/* Leaves what waits to the next process. */
void mh_leftovers_give_up (MhLeftovers *self);

/**
 * mh_leftovers_set_max_age:
 * @seconds: what is older is not sent
 *
 * Sets the bound that a process has told (%MH_RELAY_MAX_AGE).
 */
void mh_leftovers_set_max_age (MhLeftovers *self, guint seconds);

G_END_DECLS
