/* mh-ad-breaks: starts and ends the ad breaks that a broadcast announces, when the
 * media reaches them. Each break has one ad, because a broadcast tells no more.
 *
 * Pure: its caller says where the media is.
 *
 * May touch: mh-call, mh-motion, mh-scte35, mh-time. Not thread-safe.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-call.h"
#include "mh-motion.h"
#include "mh-scte35.h"

G_BEGIN_DECLS

typedef struct _MhAdBreaks MhAdBreaks;

/* Returns: (transfer full): no breaks. */
MhAdBreaks *mh_ad_breaks_new (void);
void mh_ad_breaks_free (MhAdBreaks *breaks);

/**
 * mh_ad_breaks_take:
 * @group: of the stream that it came with
 * @splice: what is announced
 * @position: where that is, seconds of stream time
 * @here: where the media is, seconds of stream time: a break that is over by then
 *   does not count; NaN: in another item
 *
 * Takes an announcement. Announcements are repeated: a break that is known already is
 * brought up to date.
 */
void mh_ad_breaks_take (MhAdBreaks *breaks, guint group, const MhScte35 *splice,
    double position, double here);

/* A session begins: its first break is to come. */
void mh_ad_breaks_begin (MhAdBreaks *breaks);

/**
 * mh_ad_breaks_leave:
 * @group: of an item that is over
 *
 * Forgets the announcements for that item.
 */
void mh_ad_breaks_leave (MhAdBreaks *breaks, guint group);

/* Forgets the announcements: the data was flushed, and brings them again. */
void mh_ad_breaks_flush (MhAdBreaks *breaks);

/* As mh_chapters_jump(). */
void mh_ad_breaks_jump (MhAdBreaks *breaks, double from, double to);

/* As mh_chapters_deadline(); @group: what is played. */
MhTime mh_ad_breaks_deadline (
    MhAdBreaks *breaks, const MhMotion *motion, guint group);

/* As mh_chapters_pop(). */
MhCall *mh_ad_breaks_pop (MhAdBreaks *breaks, const MhMotion *motion,
    guint group, MhTime until, MhTime *at, double *left);

/* As mh_chapters_pop_end(). */
MhCall *mh_ad_breaks_pop_end (MhAdBreaks *breaks, double at);

G_END_DECLS
