/* mh-wall-jump: what a wall clock that jumps does to times that were made with it.
 *
 * A machine without a clock of its own boots in 1970, or at the time of its last
 * shutdown, until it has asked a time server. Times are therefore kept with the
 * distance from #MhTime to UTC that they were made with, and moved when that turns
 * out to have been wrong (docs/design/architecture.md#time).
 *
 * May touch: GLib, mh-time. Pure.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-time.h"

G_BEGIN_DECLS

/* A wall clock that is moved by no more has been adjusted and was not wrong. */
#define MH_WALL_JUMP_MSEC G_GINT64_CONSTANT (1000)

/**
 * mh_wall_jump_measure:
 * @before: milliseconds from #MhTime to UTC, as they were
 * @now: the same, as they are
 *
 * Returns: by how many milliseconds UTC has jumped, or 0 where it has not: it has
 *   moved by a second at most.
 */
gint64 mh_wall_jump_measure (gint64 before, gint64 now);

/**
 * mh_wall_jump_move_playhead:
 * @playhead: seconds
 * @ts: when that was, milliseconds UTC
 * @by: milliseconds by which @ts is wrong
 * @near: seconds by which the two may differ; from one on, @playhead is rounded
 *
 * The playhead of live media is the second of the UTC day, and so as wrong as @ts.
 * A playhead that agrees with @ts counts as one of live media.
 *
 * Returns: the second of the day that is @by later; @playhead if it is not of live
 *   media.
 */
double mh_wall_jump_move_playhead (
    double playhead, gint64 ts, gint64 by, double near);

G_END_DECLS
