/* mh-bitrate-report: what an element or the stream tells of a bitrate.
 *
 * May touch: GLib. A plain value.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

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
 * @origin: which kind of element or event the report comes from
 * @source: which one of this kind
 * @bitrate: bits a second; 0: not told
 * @nominal: bits a second as they were meant to be; 0: not told
 * @stream: what tells the stream that a sink has from others; 0: not known
 */
typedef struct
{
  MhBitrateOrigin origin;
  guint64 source;
  double bitrate;
  double nominal;
  guint stream;
} MhBitrateReport;

G_END_DECLS
