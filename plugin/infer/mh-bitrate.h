/* mh-bitrate: which bitrate the media has, by what its pipeline tells.
 *
 * Several sources report at once, and differ. A demuxer of adaptive streams reports
 * the variant that it has chosen. Each sink reports the tags of its stream, with what a
 * muxer has written down and what a parser has counted so far.
 * This file decides which of them counts. Pure.
 *
 * May touch: GLib, mh-bitrate-report, mh-time.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-bitrate-report.h"
#include "mh-time.h"

G_BEGIN_DECLS

#define MH_BITRATE_STREAMS 8

/**
 * MhBitrate:
 * @variant: the latest of the item's demuxer, if it is an adaptive one
 * @adaptive: whether it is
 * @next: of another demuxer: the next item's, which is loaded already
 * @next_adaptive: whether there is one
 * @container: the latest
 * @pad: the latest
 * @streams: the latest of each sink
 * @told_at: when that was
 * @n_streams: how many there are
 */
typedef struct
{
  MhBitrateReport variant;
  gboolean adaptive;
  MhBitrateReport next;
  gboolean next_adaptive;
  MhBitrateReport container;
  MhBitrateReport pad;
  MhBitrateReport streams[MH_BITRATE_STREAMS];
  MhTime told_at[MH_BITRATE_STREAMS];
  guint n_streams;
} MhBitrate;

/* Forgets all reports. */
void mh_bitrate_reset (MhBitrate *self);

/**
 * mh_bitrate_next_item:
 * @since: a moment before the first report of its bitrate
 *
 * Another item is played, without a stop.
 */
void mh_bitrate_next_item (MhBitrate *self, MhTime since);

/**
 * mh_bitrate_tell:
 * @report: what is told
 * @at: now
 *
 * Takes what a demuxer, a tag or the pad tells of a bitrate.
 */
void mh_bitrate_tell (
    MhBitrate *self, const MhBitrateReport *report, MhTime at);

/**
 * mh_bitrate_get:
 * @bus_is_hidden: whether the sinks' messages are kept from us
 *
 * Returns: bits a second of the whole; 0: not known. For an adaptive stream this is
 *   the bitrate of the variant or, where its demuxer has not told that, what the
 *   demuxer counts in the fragments of its largest stream. Otherwise it is that of
 *   the container, or the sum of all streams: the bitrate of the sound alone says
 *   nothing about a film.
 */
double mh_bitrate_get (const MhBitrate *self, gboolean bus_is_hidden);

/* Returns: whether that is written down in a manifest; else it may have been counted,
 * and changes without a change of the media. */
gboolean mh_bitrate_is_exact (const MhBitrate *self);

G_END_DECLS
