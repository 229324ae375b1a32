/* mh-motion: where the media is at a moment, and how it moves from there.
 *
 * It says when the media reaches a position: a call that is due at a position is made
 * then. A motion is a copy of the value, the rate and the moment of an MhPlayhead. The
 * rest of the playhead (where it is held, what it is for live media) is not the
 * timeline's business.
 *
 * May touch: GLib, mh-time. Pure.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <math.h>

#include "mh-time.h"

G_BEGIN_DECLS

/**
 * MhMotion:
 * @at: a moment
 * @value: where the media is then, seconds of stream time
 * @rate: seconds of media a second; 0: it stands still; < 0: backwards
 */
typedef struct
{
  MhTime at;
  double value;
  double rate;
} MhMotion;

/* Returns: where the media is at that moment, seconds. */
static inline double
mh_motion_get (const MhMotion *motion, MhTime at)
{
  return motion->value + motion->rate * mh_time_seconds (at - motion->at);
}

/**
 * mh_motion_reach:
 * @value: a place of the media, seconds
 *
 * Returns: when the media is there, which may be before @at of the motion;
 *   %MH_TIME_NEVER: it stands still, or that is more than about a year away; @at, if it
 *   was there more than about a year before that.
 */
static inline MhTime
mh_motion_reach (const MhMotion *motion, double value)
{
  double usec = motion->rate != 0
      ? ceil ((value - motion->value) / motion->rate * MH_USEC_PER_SEC)
      : INFINITY;

  /* A place that is reached in more than about a year is never reached. */
  if (!(fabs (usec) < 4e13))
    return usec < 0 ? motion->at : MH_TIME_NEVER;
  return motion->at + (MhTime) usec;
}

G_END_DECLS
