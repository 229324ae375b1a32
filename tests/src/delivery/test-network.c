/* Tests of mh-network, in a network of their own.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* For unshare(). */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "mh-network.h"

#include <dirent.h>
#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* The exit status of a process that may not have a network of its own. */
#define NOT_ALLOWED 77

static void
count (gpointer user_data)
{
  ++*(guint *) user_data;
}

/* A network without addresses, for this process from here on. */
static gboolean
enter_empty_network (void)
{
  return unshare (CLONE_NEWNET) == 0 ||
      unshare (CLONE_NEWUSER | CLONE_NEWNET) == 0;
}

static void
set_loopback (gboolean up)
{
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  struct ifreq request = { .ifr_name = "lo" };

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (ioctl (fd, SIOCGIFFLAGS, &request), ==, 0);
  if (up)
    request.ifr_flags |= IFF_UP;
  else
    request.ifr_flags &= (short) ~IFF_UP;
  g_assert_cmpint (ioctl (fd, SIOCSIFFLAGS, &request), ==, 0);
  close (fd);
}

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* In a process of its own. Returns its exit status. */
static int
change_network (void)
{
  guint n = 0;
  MhNetwork *network;

  if (!enter_empty_network ())
    return NOT_ALLOWED;
  network = mh_network_new (NULL, count, &n);
  g_assert_nonnull (network);
  settle ();
  g_assert_cmpuint (n, ==, 0);

  set_loopback (TRUE);
  while (n == 0)
    g_main_context_iteration (NULL, TRUE);
  /* Over again is nothing new, and to lose it is none to hope for. */
  settle ();
  n = 0;
  set_loopback (TRUE);
  settle ();
  set_loopback (FALSE);
  settle ();
  g_assert_cmpuint (n, ==, 0);
  set_loopback (TRUE);
  while (n == 0)
    g_main_context_iteration (NULL, TRUE);
  mh_network_free (network);
  n = 0;
  set_loopback (FALSE);
  set_loopback (TRUE);
  settle ();
  g_assert_cmpuint (n, ==, 0);
  return 0;
}

/* The network of a process cannot be given back: in another one. It is forked,
 * and not executed anew, as an emulator of another machine cannot do that. */
static void
test_changes (void)
{
  int status;
  pid_t pid = fork ();

  if (pid == 0)
    _exit (change_network ());
  g_assert_cmpint (pid, >, 0);
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFEXITED (status));
  if (WEXITSTATUS (status) == NOT_ALLOWED)
    g_test_skip ("may not make a network of its own");
  else
    g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

static guint
count_files (void)
{
  DIR *dir = opendir ("/proc/self/fd");
  guint n = 0;

  g_assert_nonnull (dir);
  while (readdir (dir))
    n++;
  closedir (dir);
  return n;
}

static void
test_nothing_left (void)
{
  GMainContext *context = g_main_context_default ();
  guint n = 0, files = count_files ();
  MhNetwork *network = mh_network_new (context, count, &n);

  if (!network) {
    g_test_skip ("netlink is not allowed here");
    return;
  }
  g_assert_cmpuint (count_files (), ==, files + 1);
  mh_network_free (network);
  g_assert_cmpuint (count_files (), ==, files);
  mh_network_free (NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/network/changes", test_changes);
  g_test_add_func ("/network/nothing-left", test_nothing_left);
  return g_test_run ();
}
