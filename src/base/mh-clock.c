/* mh-clock: what time it is.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-clock.h"

#include <time.h>

static gint64
read_clock (clockid_t id)
{
  struct timespec ts;

  /* Cannot fail: both clocks exist since Linux 2.6.39. */
  clock_gettime (id, &ts);
  return (gint64) ts.tv_sec * MH_USEC_PER_SEC + ts.tv_nsec / 1000;
}

static MhTime
system_now (gpointer user_data)
{
  return read_clock (CLOCK_BOOTTIME);
}

static gint64
system_utc (gpointer user_data)
{
  return read_clock (CLOCK_REALTIME);
}

static const MhClock system_clock = { system_now, system_utc, NULL };

const MhClock *
mh_clock_system (void)
{
  return &system_clock;
}
