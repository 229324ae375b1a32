/* mh-scte35: what a broadcast says of its advertising (SCTE-35), as a plain
 * value; where that is, if only the broadcast's own clock is known; and how it is
 * read from what GStreamer has found.
 *
 * mh-scte35.c         the value, the parts that GStreamer does not read, the clock
 * mh-scte35-mpegts.c  what tsdemux tells; needs libgstmpegts
 *
 * May touch: GStreamer's structures, libgstmpegts. Pure.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * MhScte35:
 * @event: identifies the break, in what starts it and in what ends it
 * @cancel: there is none after all
 * @out: whether it starts; else it ends
 * @id: (nullable): of what is shown
 * @duration: seconds; -1: unknown
 * @auto_return: it is over after @duration, without another announcement
 * @pts: when, by the broadcast's clock, seconds; NaN: at once
 */
typedef struct
{
  guint32 event;
  gboolean cancel;
  gboolean out;
  char *id;
  double duration;
  gboolean auto_return;
  double pts;
} MhScte35;

/* Returns: (transfer full): one of which nothing is known. */
MhScte35 *mh_scte35_new (void);
void mh_scte35_free (MhScte35 *splice);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MhScte35, mh_scte35_free)

/**
 * mh_scte35_parse_segmentation:
 * @data: a splice descriptor (SCTE-35, 10.3.3), with its tag and length
 * @length: of @data
 *
 * Returns: (transfer full) (nullable): the start or the end of a break, an ad or
 *   an opportunity for one; NULL: it is about something else.
 */
MhScte35 *mh_scte35_parse_segmentation (const guint8 *data, gsize length);

/**
 * MhScte35Map:
 * @known: whether there was an announcement yet
 * @offset: the largest distance that is possible from the stream's time to the
 *   broadcast's clock, seconds
 *
 * Nothing says how the clock of a broadcast relates to the stream that is made of it.
 * But what is announced is never past, so each announcement limits @offset. As
 * announcements are repeated up to the moment itself, the last one limits it closely.
 */
typedef struct
{
  gboolean known;
  double offset;
} MhScte35Map;

/**
 * mh_scte35_map_place:
 * @pts: the broadcast's clock, seconds
 * @here: stream time of the data that an announcement came with, seconds
 *
 * Returns: stream time of @pts, seconds, not before @here. It is too early by the
 *   shortest time in advance that an announcement has come with so far.
 */
double mh_scte35_map_place (MhScte35Map *map, double pts, double here);

/* Name of the events and of the element messages. */
#define MH_SCTE35_NAME "scte-sit"

/**
 * MhScte35Func:
 * @splice: (transfer full): what is announced
 * @running: when, running time; NONE: at once, or not said
 */
typedef void (*MhScte35Func) (
    MhScte35 *splice, GstClockTime running, gpointer user_data);

/**
 * mh_scte35_read:
 * @structure: of an event or of an element message, named `scte-sit`
 * @found: told of each splice
 * @user_data: for @found
 *
 * Reads what tsdemux tells of SCTE-35. What only says that nothing is announced
 * is passed over. Without libgstmpegts it finds nothing. From any thread.
 */
void mh_scte35_read (
    const GstStructure *structure, MhScte35Func found, gpointer user_data);

G_END_DECLS
