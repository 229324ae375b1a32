/* mh-inband-calls: calls that came in band and wait until the media reaches a position.
 *
 * A call that came with the data is made when the data that follows it is
 * rendered. Pure: its caller says where the media is.
 *
 * May touch: mh-call, mh-motion, mh-time. Not thread-safe.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-call.h"
#include "mh-motion.h"

G_BEGIN_DECLS

typedef struct _MhInbandCalls MhInbandCalls;

/* Returns: (transfer full): none. */
MhInbandCalls *mh_inband_calls_new (void);
void mh_inband_calls_free (MhInbandCalls *calls);

/**
 * mh_inband_calls_add:
 * @group: of the stream that it came with: it waits for that item
 * @position: where it is due, seconds of stream time
 * @call: (transfer full): the call that is to be made
 *
 * Returns: whether there was room.
 */
gboolean mh_inband_calls_add (
    MhInbandCalls *calls, guint group, double position, MhCall *call);

/* Drops the calls that came with data that was on its way: the data was flushed. */
void mh_inband_calls_flush (MhInbandCalls *calls);

/**
 * mh_inband_calls_leave:
 * @group: of an item that is over
 *
 * Drops the calls that came with it.
 */
void mh_inband_calls_leave (MhInbandCalls *calls, guint group);

/**
 * mh_inband_calls_deadline:
 * @motion: where the media is, and how it moves
 * @group: what is played
 *
 * Returns: when the next call is due; before the motion's own moment where it is
 *   overdue.
 */
MhTime mh_inband_calls_deadline (
    MhInbandCalls *calls, const MhMotion *motion, guint group);

/**
 * mh_inband_calls_pop:
 * @until: now
 * @at: (out): when it is due
 *
 * Returns: (transfer full) (nullable): the next call that is due by now; of
 *   those due at the same moment the one that came first.
 */
MhCall *mh_inband_calls_pop (MhInbandCalls *calls, const MhMotion *motion,
    guint group, MhTime until, MhTime *at);

/* All of the item that is played has been rendered.
 * Returns: (transfer full) (nullable): the next call that waits for that item, at
 * whatever place. */
MhCall *mh_inband_calls_pop_rest (MhInbandCalls *calls, guint group);

/* Returns: whether the calls that are due may be made before playback goes on. They
 * may not, where they open an ad break and leave it without an ad, in which nothing
 * can be played, or where one is about more than ads and chapters. */
gboolean mh_inband_calls_can_open (
    MhInbandCalls *calls, const MhMotion *motion, guint group, MhTime until);

G_END_DECLS
