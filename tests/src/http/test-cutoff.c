/* Tests of mh-cutoff.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-cutoff.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#define LONG (60 * G_USEC_PER_SEC)

static void
set_up (int fds[2])
{
  const struct timeval limit = { .tv_sec = 20 };

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM, 0, fds), ==, 0);
  g_assert_cmpint (
      setsockopt (fds[1], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit), ==,
      0);
}

static void
tear_down (int fds[2])
{
  close (fds[0]);
  close (fds[1]);
}

/* Until the other end has been shut down, which is no error. */
static void
wait_for_end (int fd)
{
  char byte;

  g_assert_cmpint (recv (fd, &byte, 1, 0), ==, 0);
}

static gboolean
is_open (int fd)
{
  return send (fd, "x", 1, MSG_NOSIGNAL) == 1;
}

/* This thread waits in a system call, as one that does not come back to its main
 * loop. */
static void
test_due (void)
{
  MhCutoff *cutoff = mh_cutoff_new ();
  MhCutoffMark late = { 0 }, early = { 0 };
  int late_fds[2], early_fds[2];

  set_up (late_fds);
  set_up (early_fds);
  mh_cutoff_set (cutoff, &late, late_fds[0], g_get_monotonic_time () + LONG);
  mh_cutoff_set (cutoff, &early, early_fds[0], g_get_monotonic_time () + 1000);
  wait_for_end (early_fds[1]);
  g_assert_true (is_open (late_fds[0]));
  mh_cutoff_remove (cutoff, &late);
  mh_cutoff_remove (cutoff, &early);
  mh_cutoff_free (cutoff);
  tear_down (late_fds);
  tear_down (early_fds);
}

/* The caller may close its own descriptor, and another file get its number. */
static void
test_closed (void)
{
  MhCutoff *cutoff = mh_cutoff_new ();
  MhCutoffMark mark = { 0 };
  int fds[2], others[2];

  set_up (fds);
  set_up (others);
  mh_cutoff_set (cutoff, &mark, fds[0], g_get_monotonic_time () + 1000);
  g_assert_cmpint (dup2 (others[0], fds[0]), ==, fds[0]);
  wait_for_end (fds[1]);
  g_assert_true (is_open (fds[0]));
  mh_cutoff_remove (cutoff, &mark);
  mh_cutoff_free (cutoff);
  tear_down (fds);
  tear_down (others);
}

/* What has been removed stays open, though a later one's time comes; a mark can
 * be set again; and a removed one holds no descriptor. */
static void
test_remove (void)
{
  MhCutoff *cutoff = mh_cutoff_new ();
  MhCutoffMark mark = { 0 }, other = { 0 };
  int fds[2], others[2];

  set_up (fds);
  set_up (others);
  mh_cutoff_set (cutoff, &mark, fds[0], g_get_monotonic_time () + 50000);
  mh_cutoff_set (cutoff, &mark, fds[0], g_get_monotonic_time () + LONG);
  mh_cutoff_set (cutoff, &other, others[0], g_get_monotonic_time () + 100000);
  wait_for_end (others[1]);
  g_assert_true (is_open (fds[0]));
  mh_cutoff_remove (cutoff, &mark);
  mh_cutoff_remove (cutoff, &mark);
  mh_cutoff_remove (cutoff, &other);
  g_assert_cmpint (fcntl (mark.fd, F_GETFD), ==, -1);
  mh_cutoff_free (cutoff);
  tear_down (fds);
  tear_down (others);
}

static void
test_never_used (void)
{
  MhCutoff *cutoff = mh_cutoff_new ();
  MhCutoffMark mark = { 0 };

  mh_cutoff_set (cutoff, &mark, -1, 0);
  g_assert_false (mark.set);
  mh_cutoff_remove (cutoff, &mark);
  mh_cutoff_free (cutoff);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cutoff/due", test_due);
  g_test_add_func ("/cutoff/closed", test_closed);
  g_test_add_func ("/cutoff/remove", test_remove);
  g_test_add_func ("/cutoff/never-used", test_never_used);
  return g_test_run ();
}
