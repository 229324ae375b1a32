/* mh-bitrate: which bitrate the media has, by what its pipeline tells.
 *
 * Several tell at a time, and not the same: a demuxer of adaptive streams the
 * variant that it has chosen, each sink the tags of its stream, and those hold
 * what a muxer has written down as well as what a parser has counted so far.
 * This knows whom to believe. Pure.
 *
 * May touch: GLib, mh-time.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-time.h"

G_BEGIN_DECLS

/**
 * MhBitrateOrigin:
 * @MH_BITRATE_VARIANT: a demuxer of adaptive streams: the variant that it loads
 *   from now on, or, where it tells no bitrate, that it is one
 * @MH_BITRATE_CONTAINER: tags of the whole
 * @MH_BITRATE_STREAM: tags of the stream that a sink is given
 * @MH_BITRATE_PAD: tags that pass the element itself
 */
typedef enum
{
  MH_BITRATE_VARIANT,
  MH_BITRATE_CONTAINER,
  MH_BITRATE_STREAM,
  MH_BITRATE_PAD,
} MhBitrateOrigin;

/**
 * MhBitrateReport:
 * @origin: who tells
 * @source: which one of these
 * @bitrate: bits a second; 0: not told
 * @nominal: likewise, as it was meant to be; 0: not told
 */
typedef struct
{
  MhBitrateOrigin origin;
  guint64 source;
  double bitrate;
  double nominal;
} MhBitrateReport;

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

/**
 * mh_bitrate_reset:
 *
 * Nothing is known.
 */
void mh_bitrate_reset (MhBitrate *self);

/**
 * mh_bitrate_next_item:
 * @since: a moment when nobody had told of it yet
 *
 * Another item is played, without a stop.
 */
void mh_bitrate_next_item (MhBitrate *self, MhTime since);

/**
 * mh_bitrate_tell:
 * @report: what is told
 * @at: now
 */
void mh_bitrate_tell (
    MhBitrate *self, const MhBitrateReport *report, MhTime at);

/**
 * mh_bitrate_get:
 * @dark: whether the sinks' messages are kept from us
 *
 * Returns: bits a second of the whole; 0: not known. Of an adaptive stream that
 *   is the variant's or, where its demuxer has not told that, what it counts in
 *   the fragments of its largest stream. Otherwise it is the container's, or the
 *   sum of all streams': what is known of the sound says nothing about a film.
 */
double mh_bitrate_get (const MhBitrate *self, gboolean dark);

/**
 * mh_bitrate_is_exact:
 *
 * Returns: whether that is written down in a manifest; else it may have been
 *   counted, and changes without a change of the media.
 */
gboolean mh_bitrate_is_exact (const MhBitrate *self);

G_END_DECLS
