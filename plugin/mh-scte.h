/* mh-scte: what tsdemux tells of SCTE-35, as plain values.
 *
 * mh-scte.c needs libgstmpegts; where that is not there, mh-scte-none.c sees
 * nothing.
 *
 * May touch: GStreamer, libgstmpegts, mh-splice. Any thread.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

#include "mh-splice.h"

G_BEGIN_DECLS

/* Name of the events and of the element messages. */
#define MH_SCTE_NAME "scte-sit"

/**
 * MhScteSplice:
 * @splice: (transfer full): what is announced
 * @running: when, running time; NONE: at once, or not said
 */
typedef void (*MhScteSplice) (
    MhSplice *splice, GstClockTime running, gpointer user_data);

/**
 * mh_scte_read:
 * @structure: of an event or of an element message, named `scte-sit`
 * @found: told of each splice
 * @user_data: for @found
 *
 * What only says that nothing is announced is passed over.
 */
void mh_scte_read (
    const GstStructure *structure, MhScteSplice found, gpointer user_data);

G_END_DECLS
