/* mh-inband-calls: calls that wait until the media reaches a position.
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

typedef struct _MhSchedule MhSchedule;

/* Returns: (transfer full): a schedule with nothing on it. */
MhSchedule *mh_schedule_new (void);
void mh_schedule_free (MhSchedule *schedule);

/**
 * mh_schedule_add:
 * @group: of the stream that it came with: it waits for that item
 * @position: where it is due, seconds of stream time
 * @call: (transfer full): the call that is to be made
 *
 * Returns: whether there was room.
 */
gboolean mh_schedule_add (
    MhSchedule *schedule, guint group, double position, MhCall *call);

/* Drops the calls that came with data that was on its way: the data was flushed. */
void mh_schedule_flush (MhSchedule *schedule);

/**
 * mh_schedule_leave:
 * @group: of an item that is over
 *
 * Drops the calls that came with it.
 */
void mh_schedule_leave (MhSchedule *schedule, guint group);

/**
 * mh_schedule_deadline:
 * @line: where the media is, and how it moves
 * @group: what is played
 *
 * Returns: when the next call is due; before the line's own moment where it is
 *   overdue.
 */
MhTime mh_schedule_deadline (
    MhSchedule *schedule, const MhLine *line, guint group);

/**
 * mh_schedule_pop:
 * @until: now
 * @at: (out): when it is due
 *
 * Returns: (transfer full) (nullable): the next call that is due by now; of
 *   those due at the same moment the one that came first.
 */
MhCall *mh_schedule_pop (MhSchedule *schedule, const MhLine *line, guint group,
    MhTime until, MhTime *at);

/* All of the item that is played has been rendered.
 * Returns: (transfer full) (nullable): the next call that waits for that item, at
 * whatever place. */
MhCall *mh_schedule_pop_rest (MhSchedule *schedule, guint group);

/* Returns: whether the calls that are due may be made before playback goes on. They
 * may not, where they open an ad break and leave it without an ad, in which nothing
 * can be played, or where one is about more than ads and chapters. */
gboolean mh_schedule_can_open (
    MhSchedule *schedule, const MhLine *line, guint group, MhTime until);

G_END_DECLS
