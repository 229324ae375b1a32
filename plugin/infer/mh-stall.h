/* mh-stall: whether the player stands still although it should play.
 *
 * The rule of docs/design/inference.md#stalls: no progress, neither of the
 * pipeline's position nor of data, for as long as the stream's own rhythm does
 * not explain. Pure.
 *
 * May touch: GLib, mh-time.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-time.h"

G_BEGIN_DECLS

/**
 * MhStall:
 * @threshold: T0: how long without progress is a stall
 * @playing_since: when this period of playing began
 * @progress_at: when progress was last seen
 * @position: the latest position since data last passed, ns, or -1
 * @expected: where it should have been when data was last seen, ns, or -1
 * @expected_at: when it should have come there
 * @rate: seconds of media a second, then
 * @looked_at: when it was last fed
 * @data_after: the same, before the data that was last seen
 * @buffers: how many buffers had passed then
 * @stalled: whether it stands still
 * @slept: whether the machine has slept since it was last fed
 */
typedef struct
{
  MhTime threshold;
  MhTime playing_since;
  MhTime progress_at;
  gint64 position;
  gint64 expected;
  MhTime expected_at;
  double rate;
  MhTime looked_at;
  MhTime data_after;
  guint64 buffers;
  gboolean stalled;
  gboolean slept;
} MhStall;

/**
 * mh_stall_reset:
 * @since: when a period of playing begins, or a seek in it ends
 * @buffers: how many buffers have passed by now
 * @begins: whether playing begins: sinks may take a while to get going
 *
 * Begins to look for a stall anew. One that goes on is over where playing begins; one
 * that a seek has not ended, which was too short to count, goes on until there is
 * progress.
 */
void mh_stall_reset (
    MhStall *self, MhTime since, guint64 buffers, gboolean begins);

/**
 * mh_stall_sleep:
 * @from: when the machine fell asleep
 *
 * It has stood still since then, until progress is seen.
 */
void mh_stall_sleep (MhStall *self, MhTime from);

/**
 * mh_stall_wake:
 * @buffers: how many buffers have passed
 *
 * Call it before mh_stall_feed(): data from before the machine slept is no progress.
 *
 * Returns: whether data has passed since it was last fed, and since the machine woke.
 */
gboolean mh_stall_wake (MhStall *self, guint64 buffers);

/**
 * mh_stall_feed:
 * @at: now
 * @asked: whether the pipeline has been asked for its position: while no data
 *   comes nothing is concluded without that
 * @position: of the pipeline, ns, or -1 when it does not say
 * @buffers: how many buffers have passed
 * @step: largest step of running time between buffers, ns
 *
 * To be called while the player should be playing.
 *
 * Returns: whether @stalled has changed. A stall began at @progress_at.
 */
gboolean mh_stall_feed (MhStall *self, MhTime at, gboolean asked,
    gint64 position, guint64 buffers, guint64 step);

/**
 * mh_stall_expect:
 * @position: where the media should be by now, ns, or -1 where that is not known
 * @at: when it should have come there: before now where no data is there to go on
 * @rate: how many seconds of media it plays a second
 *
 * Call it when data has passed, after mh_stall_feed(). The position is not asked for
 * then: the first answer after that is compared with this. The media was there when it
 * should have been there: what has come to a stand between two looks is not taken for
 * something that moved up to the second.
 */
void mh_stall_expect (MhStall *self, gint64 position, MhTime at, double rate);

/* Returns: how often to feed it while no data comes. */
MhTime mh_stall_interval (const MhStall *self);

/**
 * mh_stall_next_look:
 * @at: when it was fed last, and data was coming
 *
 * While data comes it is enough to look half as often. All players of a process
 * look at the same moments then: one wake-up does for all of them.
 *
 * Returns: when to feed it again.
 */
MhTime mh_stall_next_look (const MhStall *self, MhTime at);

G_END_DECLS
