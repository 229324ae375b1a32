/* mh-clock: what time it is. The only place that reads a clock.
 *
 * May touch: GLib, clock_gettime(), /proc.
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
 * @user_data: passed to all
 * @boot: (nullable): names the boot of the machine that @now counts from; NULL:
 *   it cannot be named
 *
 * A source of time. The tests bring their own; all other code takes
 * mh_clock_system(). The functions may be called from any thread.
 */
typedef struct
{
  MhTime (*now) (gpointer user_data);
  gint64 (*utc) (gpointer user_data);
  gpointer user_data;
  const char *(*boot) (gpointer user_data);
} MhClock;

/* Returns: (transfer none): CLOCK_BOOTTIME and CLOCK_REALTIME. */
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

/* Returns: the time of mh_clock_system(). */
static inline MhTime
mh_clock_system_now (void)
{
  return mh_clock_now (mh_clock_system ());
}

/* Returns: microseconds from #MhTime to UTC, as the wall clock has it now. */
gint64 mh_clock_utc_offset (const MhClock *clock);

/* Returns: (nullable) (transfer none): names the boot of the machine. Times of
 * mh_clock_now() can be compared only within it. NULL: it cannot be named. */
static inline const char *
mh_clock_boot (const MhClock *clock)
{
  return clock->boot ? clock->boot (clock->user_data) : NULL;
}

G_END_DECLS
