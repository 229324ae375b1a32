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

/* A time namespace has a CLOCK_BOOTTIME of its own. */
static char *
read_boot (void)
{
  g_autofree char *boot = NULL;
  g_autofree char *space = g_file_read_link ("/proc/self/ns/time", NULL);

  if (!g_file_get_contents (
          "/proc/sys/kernel/random/boot_id", &boot, NULL, NULL))
    return NULL;
  return g_strconcat (g_strstrip (boot), space ? " " : NULL, space, NULL);
}

static const char *
system_boot (gpointer user_data)
{
  static gsize done;
  static char *boot;

  if (g_once_init_enter (&done)) {
    boot = read_boot ();
    g_once_init_leave (&done, 1);
  }
  return boot;
}

static const MhClock system_clock = {
  .now = system_now,
  .utc = system_utc,
  .boot = system_boot,
};

const MhClock *
mh_clock_system (void)
{
  return &system_clock;
}

/* As long as reading both may take at most, so that they are of one moment. */
#define APART MH_TIME_FROM_MSEC (10)

#define MAX_READS 5

gint64
mh_clock_utc_offset (const MhClock *clock)
{
  MhTime before, after;
  gint64 utc;
  guint n = 0;

  do {
    before = mh_clock_now (clock);
    utc = mh_clock_utc (clock);
    after = mh_clock_now (clock);
  } while (after - before > APART && ++n < MAX_READS);
  return utc - before;
}
