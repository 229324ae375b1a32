/* mh-lane: what belongs to one state directory: its store, the sender that
 * empties it, and when they have something to do.
 *
 * May touch: worker, store, sender, clock. On the worker.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-sender.h"
#include "mh-worker.h"

G_BEGIN_DECLS

typedef struct _MhLane MhLane;

/**
 * MhLaneListener:
 * @sender: what the sender tells; not its changed. @dropped with session 0:
 *   hits of a process that is gone
 * @ran: the sender has done all it can for now
 * @problem: something is wrong with the directory, one line; not again before
 *   it was well in between
 *
 * What a lane tells its owner.
 */
typedef struct
{
  MhSenderListener sender;
  void (*ran) (gpointer user_data);
  void (*problem) (MhLane *lane, const char *message, gpointer user_data);
} MhLaneListener;

/**
 * mh_lane_new:
 * @worker: (transfer none): outlives the lane
 * @store: (transfer full): where hits wait
 * @dir: (nullable): the state directory; NULL: memory only
 * @listener: (transfer none): static
 * @user_data: for @listener
 *
 * Nobody else's hits are touched before mh_lane_begin().
 *
 * Returns: (transfer full): a lane; end with mh_lane_end().
 */
MhLane *mh_lane_new (MhWorker *worker, MhStore *store, const char *dir,
    const MhLaneListener *listener, gpointer user_data);

/**
 * mh_lane_begin:
 *
 * From now on, what is in the directory and belongs to no process that lives is
 * delivered as well.
 */
void mh_lane_begin (MhLane *lane);

/**
 * mh_lane_close:
 *
 * Nothing is sent any more.
 */
void mh_lane_close (MhLane *lane);

/**
 * mh_lane_end:
 * @lane: (transfer full): a lane
 *
 * Returns: (transfer full) (nullable): its store, where that has something that
 *   is in memory only.
 */
MhStore *mh_lane_end (MhLane *lane);

/**
 * mh_lane_get_dir:
 *
 * Returns: (nullable) (transfer none): the directory.
 */
const char *mh_lane_get_dir (MhLane *lane);

MhStore *mh_lane_get_store (MhLane *lane);
MhSender *mh_lane_get_sender (MhLane *lane);

/**
 * mh_lane_take_problem:
 *
 * Returns: (nullable) (transfer full): what is wrong, or what was at first and
 *   nobody has been told.
 */
char *mh_lane_take_problem (MhLane *lane);

/**
 * mh_lane_look:
 *
 * Adopts what processes that are gone have left, and gives up what is too old.
 * A lane does so by itself now and then.
 */
void mh_lane_look (MhLane *lane);

/**
 * mh_lane_forget_all:
 * @reason: why, for whoever listens
 *
 * Drops all that waits, what processes that are gone have left included, and
 * all positions, and leaves nothing of it on the disk. Hits that a living one
 * has are that one's.
 */
void mh_lane_forget_all (MhLane *lane, const char *reason);

/**
 * mh_lane_run:
 *
 * Does what is due, now.
 */
void mh_lane_run (MhLane *lane);

/**
 * mh_lane_queue_run:
 *
 * The same later, so that the hits of one turn go together.
 */
void mh_lane_queue_run (MhLane *lane);

G_END_DECLS
