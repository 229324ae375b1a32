/* mh-motion: where the media is at a moment, and how it moves from there.
 *
 * The line says when the media reaches a position: a call that is due at a position
 * is made then.
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
 * MhLine:
 * @at: a moment
 * @value: where the media is then, seconds of stream time
 * @rate: seconds of media a second; 0: it stands still; < 0: backwards
 */
typedef struct
{
  MhTime at;
  double value;
  double rate;
} MhLine;

/* Returns: where the media is at that moment, seconds. */
static inline double
mh_line_get (const MhLine *line, MhTime at)
{
  return line->value + line->rate * mh_time_seconds (at - line->at);
}

/**
 * mh_line_reach:
 * @value: a place of the media, seconds
 *
 * Returns: when the line is there, which may have been before its own moment;
 *   %MH_TIME_NEVER: it stands still, or that is more than about a year away; the line's
 *   own moment, if that was more than about a year before it.
 */
static inline MhTime
mh_line_reach (const MhLine *line, double value)
{
  double usec = line->rate != 0
      ? ceil ((value - line->value) / line->rate * MH_USEC_PER_SEC)
      : INFINITY;

  /* A place that is reached in more than about a year is never reached. */
  if (!(fabs (usec) < 4e13))
    return usec < 0 ? line->at : MH_TIME_NEVER;
  return line->at + (MhTime) usec;
}

G_END_DECLS
