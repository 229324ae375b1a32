/* mh-schedule: calls that wait for the media to get somewhere.
 *
 * A call that came with the data is made when the data that follows it is
 * rendered. Pure: it is told where the media is.
 *
 * May touch: mh-call, mh-line, mh-time. Not thread-safe.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-call.h"
#include "mh-line.h"

G_BEGIN_DECLS

typedef struct _MhSchedule MhSchedule;

/**
 * mh_schedule_new:
 *
 * Returns: (transfer full): a schedule with nothing on it.
 */
MhSchedule *mh_schedule_new (void);
void mh_schedule_free (MhSchedule *schedule);

/**
 * mh_schedule_add:
 * @group: of the stream that it came with: it waits for that item
 * @position: where it is due, seconds of stream time
 * @call: (transfer full): what is to be called
 *
 * Returns: whether there was room.
 */
gboolean mh_schedule_add (
    MhSchedule *schedule, guint group, double position, MhCall *call);

/**
 * mh_schedule_is_new:
 * @seqnum: of the event that brings a call
 * @sticky: whether that is one that is sent again where pads are linked anew
 *
 * Returns: whether it has not come before; it has, from now on.
 */
gboolean mh_schedule_is_new (
    MhSchedule *schedule, guint32 seqnum, gboolean sticky);

/**
 * mh_schedule_flush:
 *
 * The data that was on its way is not rendered any more: what came with it is
 * dropped, and may come again with the data.
 */
void mh_schedule_flush (MhSchedule *schedule);

/**
 * mh_schedule_leave:
 * @group: of an item that is over
 *
 * Drops what came with it.
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

/**
 * mh_schedule_pop_rest:
 *
 * Returns: (transfer full) (nullable): the next of those that wait for the item
 *   that is played, wherever: all of it has been rendered.
 */
MhCall *mh_schedule_pop_rest (MhSchedule *schedule, guint group);

/**
 * mh_schedule_can_open:
 *
 * Whether what is due may be called before playback goes on: not where it opens
 * an ad break and leaves it without an ad, in which nothing can be played; nor
 * where it is about more than ads and chapters.
 */
gboolean mh_schedule_can_open (
    MhSchedule *schedule, const MhLine *line, guint group, MhTime until);

G_END_DECLS
