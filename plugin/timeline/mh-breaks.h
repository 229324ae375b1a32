/* mh-breaks: starts and ends the ad breaks that a broadcast announces, when the
 * media reaches them. Each break has one ad, because a broadcast tells no more.
 *
 * Pure: its caller says where the media is.
 *
 * May touch: mh-call, mh-line, mh-scte35, mh-time. Not thread-safe.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-call.h"
#include "mh-line.h"
#include "mh-scte35.h"

G_BEGIN_DECLS

typedef struct _MhBreaks MhBreaks;

/**
 * mh_breaks_new:
 *
 * Returns: (transfer full): no breaks.
 */
MhBreaks *mh_breaks_new (void);
void mh_breaks_free (MhBreaks *breaks);

/**
 * mh_breaks_take:
 * @group: of the stream that it came with
 * @splice: what is announced
 * @position: where that is, seconds of stream time
 * @here: where the media is, seconds of stream time: a break that is over by then
 *   does not count; NaN: in another item
 *
 * Takes an announcement. Announcements are repeated: a break that is known already is
 * brought up to date.
 */
void mh_breaks_take (MhBreaks *breaks, guint group, const MhScte35 *splice,
    double position, double here);

/**
 * mh_breaks_begin:
 *
 * A session begins: its first break is to come.
 */
void mh_breaks_begin (MhBreaks *breaks);

/**
 * mh_breaks_leave:
 * @group: of an item that is over
 *
 * Forgets the announcements for that item.
 */
void mh_breaks_leave (MhBreaks *breaks, guint group);

/**
 * mh_breaks_flush:
 *
 * Forgets the announcements: the data was flushed, and brings them again.
 */
void mh_breaks_flush (MhBreaks *breaks);

/* As mh_chapters_jump(). */
void mh_breaks_jump (MhBreaks *breaks, double from, double to);

/* As mh_chapters_deadline(); @group: what is played. */
MhTime mh_breaks_deadline (MhBreaks *breaks, const MhLine *line, guint group);

/* As mh_chapters_pop(). */
MhCall *mh_breaks_pop (MhBreaks *breaks, const MhLine *line, guint group,
    MhTime until, MhTime *at, double *left);

/* As mh_chapters_pop_end(). */
MhCall *mh_breaks_pop_end (MhBreaks *breaks, double at);

G_END_DECLS
