/* main: the helper program: mediaheartbeat-helper STATE-DIRECTORY.
 *
 * Sends for processes that hold libsoup 2 and cannot, and delivers what they have
 * left in the state directory when they are gone. The plugin starts it; it goes
 * into the background as soon as it listens, and ends by itself.
 *
 * May touch: processes, files, and all of this folder.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* For syscall(). */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "mh-helper.h"
#include "mh-relay-server.h"
#include "mh-relay.h"
#include "mh-soup-load.h"

#define LOCK_NAME "helper.lock"

/* How long its thread may take to end. */
#define STOP_WAIT MH_TIME_FROM_SEC (5)

/* How long another program may hold the lock that does not listen any more: a
 * little longer than its thread takes; between two tries. */
#define LOCK_WAIT (STOP_WAIT + MH_TIME_FROM_SEC (1))
#define LOCK_TRY MH_TIME_FROM_MSEC (10)

typedef struct
{
  const char *dir;
  int dir_fd;
  int lock; /* the server's, when there is one */
  int listener;
  MhWorker *worker;
  MhRelayServer *server;
  GMutex mutex;
  GCond cond;
  gboolean over; /* mutex */
} Helper;

/* Where there is neither close_range() nor this folder, nothing is closed. */
static void
close_by_name (int first)
{
  GDir *dir = g_dir_open ("/proc/self/fd", 0, NULL);
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (int));
  const char *name;

  while (dir && (name = g_dir_read_name (dir))) {
    int fd = atoi (name);

    if (fd >= first)
      g_array_append_val (found, fd);
  }
  g_clear_pointer (&dir, g_dir_close);
  /* That of the folder is closed already. */
  for (guint i = 0; i < found->len; i++)
    close (g_array_index (found, int, i));
}

/* What the process that has started this one has open: not every libc can start a
 * program without that. */
static void
close_inherited (void)
{
  const int first = STDERR_FILENO + 1;

#ifdef SYS_close_range
  if (syscall (SYS_close_range, first, ~0U, 0) == 0)
    return;
#endif
  close_by_name (first);
}

static int
fail (MhHelperStatus status, const char *message)
{
  g_printerr ("mediaheartbeat-helper: %s\n", message);
  return status;
}

/* Returns: whether a program for this directory listens. */
static gboolean
is_served (Helper *self)
{
  int fd = mh_relay_connect (self->dir);

  if (fd >= 0)
    close (fd);
  return fd >= 0;
}

/* One that is about to end has its lock until it has ended, and listens no more.
 * Returns: whether this is the one program for this directory; FALSE with *served:
 * another one listens. */
static gboolean
helper_lock (Helper *self, gboolean *served)
{
  gint64 until = g_get_monotonic_time () + LOCK_WAIT;

  self->lock = openat (
      self->dir_fd, LOCK_NAME, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  *served = FALSE;
  while (self->lock >= 0 && !*served) {
    if (flock (self->lock, LOCK_EX | LOCK_NB) == 0)
      return TRUE;
    if (errno != EWOULDBLOCK || g_get_monotonic_time () >= until)
      return FALSE;
    *served = is_served (self);
    if (!*served)
      g_usleep (LOCK_TRY);
  }
  return FALSE;
}

/* ---- on the worker ---- */

static void
helper_tell_over (gpointer data)
{
  Helper *self = data;

  mh_worker_quit (self->worker);
  mh_relay_server_free (self->server);
  g_mutex_lock (&self->mutex);
  self->over = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
}

/* Behind what was invoked before. */
static void
helper_on_over (gpointer user_data)
{
  Helper *self = user_data;

  mh_worker_invoke (self->worker, helper_tell_over, self, NULL);
}

static void
helper_begin (gpointer data)
{
  Helper *self = data;

  self->server = mh_relay_server_new (self->worker, self->dir, self->dir_fd,
      self->listener, self->lock, helper_on_over, self);
}

/* ---- the process ---- */

static int
helper_run (Helper *self)
{
  g_autoptr (GError) error = NULL;

  self->worker = mh_worker_new (mh_clock_system ());
  if (!mh_worker_start (self->worker, &error))
    return fail (MH_HELPER_NO_SOUP, error->message);
  mh_worker_invoke (self->worker, helper_begin, self, NULL);
  g_mutex_lock (&self->mutex);
  while (!self->over)
    g_cond_wait (&self->cond, &self->mutex);
  g_mutex_unlock (&self->mutex);
  mh_worker_join (self->worker, STOP_WAIT);
  mh_worker_unref (self->worker);
  return 0;
}

static int
serve (Helper *self)
{
  pid_t pid;

  if (!mh_soup_load (NULL))
    return fail (MH_HELPER_NO_SOUP, "libsoup 3 cannot be used");
  pid = fork ();
  if (pid < 0)
    return fail (MH_HELPER_FAILED, "it cannot go into the background");
  if (pid > 0)
    return 0;
  return chdir ("/") == 0 ? helper_run (self) : MH_HELPER_FAILED;
}

/* Before there is another thread. */
static int
prepare (Helper *self, gboolean *go_on)
{
  g_autoptr (GError) error = NULL;
  gboolean served;

  umask (077);
  self->dir_fd = mh_relay_open_dir (self->dir, &error);
  if (self->dir_fd < 0)
    return fail (MH_HELPER_NO_DIR, error->message);
  if (!helper_lock (self, &served))
    return served ? 0 : fail (MH_HELPER_NO_DIR, "cannot lock");
  self->listener = mh_relay_listen (self->dir_fd, &error);
  if (self->listener < 0)
    return fail (MH_HELPER_NO_DIR, error->message);
  *go_on = TRUE;
  return 0;
}

int
main (int argc, char *argv[])
{
  Helper self = { 0 };
  gboolean go_on = FALSE;
  int status;

  close_inherited ();
  if (argc != 2 || !g_path_is_absolute (argv[1]))
    return fail (MH_HELPER_USAGE,
        "usage: mediaheartbeat-helper STATE-DIRECTORY (an absolute path)");
  self.dir = argv[1];
  status = prepare (&self, &go_on);
  if (!go_on)
    return status;
  status = serve (&self);
  /* A process must not find a socket without a listener. */
  if (status != 0)
    mh_relay_unlisten (self.dir_fd);
  return status;
}
