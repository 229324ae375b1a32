/* mh-stall: whether the player stands still although it should play.
 *
 * The rule of inference.md, 4: no progress, neither of the pipeline's position
 * nor of data, for as long as the stream's own rhythm does not explain.
 * Pure.
 *
 * May touch: GLib, mh-time.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-time.h"

G_BEGIN_DECLS

/**
 * MhStall:
 * @threshold: T0: how long without progress is a stall
 * @playing_since: when this period of playing began
 * @progress_at: when progress was last seen
 * @position: the latest position since data last passed, ns, or -1
 * @buffers: how many buffers had passed then
 * @stalled: whether it stands still
 */
typedef struct
{
  MhTime threshold;
  MhTime playing_since;
  MhTime progress_at;
  gint64 position;
  guint64 buffers;
  gboolean stalled;
} MhStall;

/**
 * mh_stall_reset:
 * @since: when a period of playing begins, or a seek in it ends
 * @buffers: how many buffers have passed by now
 * @begins: whether playing begins: sinks may take a while to get going
 */
void mh_stall_reset (
    MhStall *self, MhTime since, guint64 buffers, gboolean begins);

/**
 * mh_stall_feed:
 * @at: now
 * @position: of the pipeline, ns, or -1 when not known
 * @buffers: how many buffers have passed
 * @step: largest step of running time between buffers, ns
 *
 * To be called while the player should be playing.
 *
 * Returns: whether @stalled has changed. A stall began at @progress_at.
 */
gboolean mh_stall_feed (
    MhStall *self, MhTime at, gint64 position, guint64 buffers, guint64 step);

/**
 * mh_stall_interval:
 *
 * Returns: how often to feed it.
 */
MhTime mh_stall_interval (const MhStall *self);

G_END_DECLS
