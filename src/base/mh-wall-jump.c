/* mh-wall-jump: what a wall clock that jumps does to times that were made with it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-wall-jump.h"

#include <math.h>

#define SECONDS_A_DAY 86400.0

gint64
mh_wall_jump_measure (gint64 before, gint64 now)
{
  return ABS (now - before) > MH_WALL_JUMP_MSEC ? now - before : 0;
}

/* From 0 to less than a day, also for times before 1970. */
static double
second_of_day (double seconds)
{
  double second = fmod (seconds, SECONDS_A_DAY);

  return second < 0 ? second + SECONDS_A_DAY : second;
}

double
mh_wall_jump_move_playhead (double playhead, gint64 ts, gint64 by, double near)
{
  double apart = second_of_day (playhead - (double) ts / 1000.0);

  if (MIN (apart, SECONDS_A_DAY - apart) > near)
    return playhead;
  /* One that is rounded does not say what it was. */
  if (near >= 1)
    return second_of_day ((double) (ts + by) / 1000.0);
  return second_of_day (playhead + (double) by / 1000.0);
}
