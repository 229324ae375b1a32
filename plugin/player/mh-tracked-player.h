/* mh-tracked-player: makes calls of what was observed of one pipeline.
 *
 *   mailbox ──► monitor ──► decisions ──► tracker ──► hits
 *
 * It is the reader of a mailbox. It lives on the worker: it takes the
 * observations, has the monitor and the timeline say which calls they mean, adds
 * the playhead, and gives the calls to the tracker. It asks the pipeline for what
 * they need to know, and finds out what is played when a session starts. It never
 * waits, and never runs the application's code.
 *
 * May touch: GStreamer's types, mailbox, monitor, cues, states, tracker, service.
 * The functions here are for any thread; all others for the worker's.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-mailbox.h"
#include "mh-tracker.h"

G_BEGIN_DECLS

typedef struct _MhTrackedPlayer MhTrackedPlayer;

/**
 * mh_tracked_player_new:
 * @mailbox: a mailbox without a reader
 *
 * Returns: (transfer none): the reader of the mailbox, not running; freed with
 *   it.
 */
MhTrackedPlayer *mh_tracked_player_new (MhMailbox *mailbox);

/* Takes up the process's worker, and opens the mailbox; nothing if it has done so. */
void mh_tracked_player_start (MhTrackedPlayer *player);

/* Gives the worker back, and waits for nothing: what is left is delivered meanwhile,
 * or when the process ends, for the time that the settings allow. Its tracking is
 * kept: a session's number and the stats go on with the next start. */
void mh_tracked_player_stop (MhTrackedPlayer *player);

/**
 * mh_tracked_player_close:
 * @player: a player, running or not, whose element goes
 *
 * Ends its session, if there is one, and stops it.
 */
void mh_tracked_player_close (MhTrackedPlayer *player);

/**
 * mh_tracked_player_obey_opt_out:
 * @player: a player whose mailbox has settings that count another opt-out
 *
 * Has the worker delete what is kept of the visitor, also where nothing runs.
 * Waits for nothing.
 */
void mh_tracked_player_obey_opt_out (MhTrackedPlayer *player);

/**
 * mh_tracked_player_get_stats:
 * @stats: (out): filled in; mh_stats_clear() it
 *
 * Any thread.
 */
void mh_tracked_player_get_stats (MhTrackedPlayer *player, MhStats *stats);

G_END_DECLS
