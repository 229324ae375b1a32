/* Tests of sleep, as far as the kernel can do it: a process that moves into a
 * time namespace where the machine has been up for hours more.
 *
 * Only a process with a single thread may, and so this has the worker without
 * its thread; whole pipelines have a clock of their own (mh_test_sleep()).
 * Timers that the kernel has are not moved: that these wake the worker when the
 * machine does is only to be seen on one that sleeps. Skipped where the kernel
 * does not let us.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "mh-service.h"
#include "mh-test-transport.h"
#include "mh-test-turn.h"

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif

#define HOURS 8

/* Makes the namespace, with its clock ahead. Returns: it, or -1. */
static int
make_namespace (void)
{
  g_autofree char *offset = g_strdup_printf ("boottime %d 0\n", HOURS * 3600);
  int fd;
  gssize written;

  if (unshare (CLONE_NEWTIME) < 0 &&
      unshare (CLONE_NEWUSER | CLONE_NEWTIME) < 0)
    return -1;
  fd = open ("/proc/self/timens_offsets", O_WRONLY | O_CLOEXEC);
  if (fd < 0)
    return -1;
  written = write (fd, offset, strlen (offset));
  close (fd);
  if (written < 0)
    return -1;
  return open ("/proc/self/ns/time_for_children", O_RDONLY | O_CLOEXEC);
}

/* The machine wakes up after HOURS. */
static gboolean
sleep_for_hours (void)
{
  int fd = make_namespace ();
  gboolean slept = fd >= 0 && setns (fd, CLONE_NEWTIME) == 0;

  if (!slept)
    g_test_message ("no time namespace: %s", g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return slept;
}

static void
hear_text (gint64 session, const char *text, gpointer user_data)
{
}

static void
hear_sent (gint64 session, MhEvent event, gpointer user_data)
{
}

static void
hear_dropped (gint64 session, guint n, const char *reason, gpointer user_data)
{
}

static void
hear_expired (gint64 session, const char *reason, gpointer user_data)
{
  g_string_append_printf (user_data, "expired ");
}

static void
hear_problem (const char *message, gpointer user_data)
{
}

static const MhDelivery delivery = { hear_text, hear_sent, hear_dropped,
  hear_text, hear_expired, hear_text, hear_problem };

static void
on_due (MhTime now, gpointer user_data)
{
  *(MhTime *) user_data = now;
}

static void
turn (MhService *service)
{
  mh_test_turn (mh_service_get_worker (service));
}

static void
enqueue (MhService *service, gint64 session, MhEvent event)
{
  const char *text = "{\"eventType\":\"x\",\"playerTime\":{\"ts\":1}}";
  g_autoptr (GBytes) body = g_bytes_new_static (text, strlen (text));

  mh_service_enqueue (service, session, event,
      mh_clock_utc (mh_clock_system ()) / MH_USEC_PER_MSEC, body);
}

/* What was to happen meanwhile happens now, and the back end has closed the
 * session: what comes for it goes as its rest. */
static void
test_sleep (void)
{
  const MhClock *clock = mh_clock_system ();
  g_autoptr (MhTestTransport) transport = mh_test_transport_new ();
  g_autoptr (GString) told = g_string_new (NULL);
  g_autoptr (MhConfig) config = mh_config_new ();
  MhService *service = mh_service_new_for_test (
      clock, MH_TRANSPORT (transport));
  MhTime before = mh_clock_now (clock), due = MH_TIME_NONE;
  MhTimer timer = { .due = on_due, .user_data = &due };
  gint64 session;

  config->collection_server = g_strdup ("https://a.example");
  session = mh_service_open (service, config, FALSE, &delivery, told);
  enqueue (service, session, MH_EVENT_SESSION_START);
  turn (service);
  mh_test_transport_answer_all (transport);
  mh_worker_set_timer (mh_service_get_worker (service), &timer,
      before + MH_TIME_FROM_SEC ((HOURS - 1) * 3600));
  turn (service);
  g_assert_cmpint (due, ==, MH_TIME_NONE);
  if (sleep_for_hours ()) {
    g_assert_cmpint (
        mh_clock_now (clock) - before, >=, MH_TIME_FROM_SEC (HOURS * 3600));
    turn (service);
    g_assert_cmpint (due, >=, before + MH_TIME_FROM_SEC (HOURS * 3600));
    enqueue (service, session, MH_EVENT_PLAY);
    turn (service);
    g_assert_cmpstr (told->str, ==, "expired ");
    mh_test_transport_answer_all (transport);
    g_assert_true (g_str_has_suffix (
        mh_test_transport_request (transport, 1)->uri, "/downloaded"));
  } else {
    g_test_skip ("the kernel has no time namespaces for us");
  }
  mh_worker_set_timer (mh_service_get_worker (service), &timer, MH_TIME_NEVER);
  mh_service_free_for_test (service);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/timens/sleep", test_sleep);
  return g_test_run ();
}
