/* mh-test-sleep: a machine that sleeps, without one.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-test-sleep.h"

#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define MAX_FDS 1024

/* Not <sys/timerfd.h>: that is for the worker alone. */
int timerfd_create (int clock, int flags);
int timerfd_settime (
    int fd, int flags, const struct itimerspec *value, struct itimerspec *old);

static gint slept; /* seconds, all sleeps together */
static gint wrong; /* seconds, the wall clock alone */
static gint runs_on[MAX_FDS]; /* whether that timerfd's clock does */

void
mh_test_sleep (guint seconds)
{
  g_atomic_int_add (&slept, (gint) seconds);
}

void
mh_test_set_wall (gint seconds)
{
  g_atomic_int_set (&wrong, seconds);
}

static gboolean
clock_runs_on (clockid_t id)
{
  return id == CLOCK_BOOTTIME || id == CLOCK_REALTIME;
}

int
clock_gettime (clockid_t id, struct timespec *ts)
{
  int result = (int) syscall (SYS_clock_gettime, id, ts);

  if (result == 0 && clock_runs_on (id))
    ts->tv_sec += g_atomic_int_get (&slept);
  if (result == 0 && id == CLOCK_REALTIME)
    ts->tv_sec += g_atomic_int_get (&wrong);
  return result;
}

/* What GLib takes the wall clock from. */
int
gettimeofday (struct timeval *tv, void *zone)
{
  struct timespec ts;

  clock_gettime (CLOCK_REALTIME, &ts);
  *tv = (struct timeval){ ts.tv_sec, ts.tv_nsec / 1000 };
  return 0;
}

int
timerfd_create (int clock, int flags)
{
  int fd = (int) syscall (SYS_timerfd_create, clock, flags);

  g_assert_cmpint (fd, <, MAX_FDS);
  if (fd >= 0)
    g_atomic_int_set (&runs_on[fd], clock_runs_on (clock));
  return fd;
}

/* Of ours there are none with a span: all are set to a moment. */
int
timerfd_settime (
    int fd, int flags, const struct itimerspec *value, struct itimerspec *old)
{
  struct itimerspec moment = *value;

  if (g_atomic_int_get (&runs_on[fd]) &&
      (moment.it_value.tv_sec != 0 || moment.it_value.tv_nsec != 0)) {
    moment.it_value.tv_sec -= g_atomic_int_get (&slept);
    /* Gone by; 0 would be never. */
    if (moment.it_value.tv_sec < 0)
      moment.it_value = (struct timespec){ 0, 1 };
  }
  return (int) syscall (SYS_timerfd_settime, fd, flags, &moment, old);
}
