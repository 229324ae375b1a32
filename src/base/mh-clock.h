/* mh-clock: what time it is. The only place that reads a clock.
 *
 * May touch: GLib, clock_gettime().
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-time.h"

G_BEGIN_DECLS

/**
 * MhClock:
 * @now: microseconds of a clock that runs on while the machine sleeps
 * @utc: microseconds of the wall clock, since 1970
 * @user_data: passed to both
 *
 * A source of time. The tests bring their own; everybody else takes
 * mh_clock_system(). Both functions may be called from any thread.
 */
typedef struct
{
  MhTime (*now) (gpointer user_data);
  gint64 (*utc) (gpointer user_data);
  gpointer user_data;
} MhClock;

/**
 * mh_clock_system:
 *
 * Returns: (transfer none): CLOCK_BOOTTIME and CLOCK_REALTIME.
 */
const MhClock *mh_clock_system (void);

static inline MhTime
mh_clock_now (const MhClock *clock)
{
  return clock->now (clock->user_data);
}

static inline gint64
mh_clock_utc (const MhClock *clock)
{
  return clock->utc (clock->user_data);
}

G_END_DECLS
