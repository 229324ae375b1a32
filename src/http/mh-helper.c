/* mh-helper: starts the helper program, which sends for a process that cannot.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* For secure_getenv(), POSIX_SPAWN_SETSID. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "mh-helper.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mh-log.h"

/* What the program, GLib, and GIO's TLS and proxy resolvers need. These ask which
 * desktop it is, and then that one's settings. LD_LIBRARY_PATH, as the libraries of
 * the program are those of the plugin, which this process may have found by it. */
static const char *const passed_on[] = { "HOME", "PATH", "LD_LIBRARY_PATH",
  "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "LC_MESSAGES", "TMPDIR",
  "XDG_CONFIG_HOME", "XDG_CONFIG_DIRS", "XDG_DATA_HOME", "XDG_DATA_DIRS",
  "XDG_RUNTIME_DIR", "XDG_CURRENT_DESKTOP", "DESKTOP_SESSION",
  "GNOME_DESKTOP_SESSION_ID", "KDE_FULL_SESSION", "KDE_SESSION_VERSION",
  "KDEHOME", "GTK_USE_PORTAL", "DCONF_PROFILE", "GSETTINGS_SCHEMA_DIR",
  "DBUS_SESSION_BUS_ADDRESS", "http_proxy", "https_proxy", "ftp_proxy",
  "all_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY",
  "ALL_PROXY", "NO_PROXY", "GIO_USE_PROXY_RESOLVER", "GIO_USE_TLS",
  "GIO_EXTRA_MODULES", "GIO_MODULE_DIR", "GSETTINGS_BACKEND", "SSL_CERT_FILE",
  "SSL_CERT_DIR" };

static const char *
get_program (void)
{
  const char *program = secure_getenv ("MEDIAHEARTBEAT_HELPER");

  return program && *program ? program : MH_HELPER_PROGRAM;
}

static char **
dup_environment (void)
{
  g_auto (GStrv) all = g_get_environ ();
  GStrv environment = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (passed_on); i++) {
    const char *value = g_environ_getenv (all, passed_on[i]);

    if (value)
      environment = g_environ_setenv (environment, passed_on[i], value, TRUE);
  }
  return environment ? environment : g_new0 (char *, 1);
}

static void
init_attributes (posix_spawnattr_t *attributes)
{
  sigset_t signals;

  posix_spawnattr_init (attributes);
  sigemptyset (&signals);
  posix_spawnattr_setsigmask (attributes, &signals);
  sigfillset (&signals);
  posix_spawnattr_setsigdefault (attributes, &signals);
  posix_spawnattr_setflags (attributes,
      POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
}

static void
init_files (posix_spawn_file_actions_t *files)
{
  posix_spawn_file_actions_init (files);
  posix_spawn_file_actions_addopen (files, 0, "/dev/null", O_RDWR, 0);
  posix_spawn_file_actions_adddup2 (files, 0, 1);
  posix_spawn_file_actions_adddup2 (files, 0, 2);
  /* Elsewhere the program closes them itself, when it has been loaded. */
#ifdef MH_HAVE_CLOSEFROM
  posix_spawn_file_actions_addclosefrom_np (files, 3);
#endif
}

static int
spawn (pid_t *pid, const char *program, const char *dir)
{
  g_autofree char *name = g_strdup (program);
  g_autofree char *argument = g_strdup (dir);
  char *argv[] = { name, argument, NULL };
  g_auto (GStrv) environment = dup_environment ();
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  int result;

  init_attributes (&attributes);
  init_files (&files);
  result = posix_spawn (pid, program, &files, &attributes, argv, environment);
  posix_spawn_file_actions_destroy (&files);
  posix_spawnattr_destroy (&attributes);
  return result;
}

/* Children that reap() has to wait for: their players have gone. */
static GMutex left_lock;
static GArray *left; /* of pid_t; NULL at first */

void
mh_helper_leave (pid_t pid)
{
  if (pid < 0)
    return;
  g_mutex_lock (&left_lock);
  if (!left)
    left = g_array_new (FALSE, FALSE, sizeof (pid_t));
  g_array_append_val (left, pid);
  g_mutex_unlock (&left_lock);
}

static void
reap (void)
{
  g_mutex_lock (&left_lock);
  for (guint i = left ? left->len : 0; i-- > 0;) {
    pid_t *pid = &g_array_index (left, pid_t, i);

    mh_helper_poll (pid, NULL);
    if (*pid < 0)
      g_array_remove_index_fast (left, i);
  }
  g_mutex_unlock (&left_lock);
}

pid_t
mh_helper_start (const char *dir, GError **error)
{
  const char *program = get_program ();
  pid_t pid = -1;
  int result;

  reap ();
  result = spawn (&pid, program, dir);
  if (result == 0)
    return pid;
  g_set_error (error, MH_ERROR, MH_ERROR_TRANSPORT,
      "libsoup 2 is in this process, and the helper program “%s” cannot be "
      "started: %s",
      program, g_strerror (result));
  return -1;
}

static const char *
describe (int status)
{
  switch (WIFEXITED (status) ? WEXITSTATUS (status) : -1) {
    case MH_HELPER_USAGE:
      return "it is of another version";
    case MH_HELPER_NO_DIR:
      return "it cannot use the state directory";
    case MH_HELPER_NO_SOUP:
      return "it cannot use libsoup 3";
    default:
      return "it has failed";
  }
}

gboolean
mh_helper_poll (pid_t *pid, GError **error)
{
  int status = 0;
  pid_t ended = *pid < 0 ? 0 : waitpid (*pid, &status, WNOHANG);

  if (ended == 0 || (ended < 0 && errno == EINTR))
    return TRUE;
  *pid = -1;
  /* The application may have waited for it, or leave that to the kernel. */
  if (ended < 0 ||
      (WIFEXITED (status) && WEXITSTATUS (status) == MH_HELPER_LISTENS))
    return TRUE;
  g_set_error (error, MH_ERROR, MH_ERROR_TRANSPORT,
      "libsoup 2 is in this process, and the helper program “%s” does not "
      "send: %s",
      get_program (), describe (status));
  return FALSE;
}

/* Whether so much as one write() has is taken at once. */
static gboolean
takes_line (int fd)
{
  struct pollfd poll_fd = { fd, POLLOUT, 0 };

  return poll (&poll_fd, 1, 0) == 1 && poll_fd.revents == POLLOUT;
}

/* Not by g_printerr(): that may wait for the reader of stderr, and call a function of
 * the application. */
void
mh_helper_complain (const char *reason)
{
  static int told;
  char line[PIPE_BUF];
  gsize length;

  if (!g_atomic_int_compare_and_exchange (&told, 0, 1) ||
      !takes_line (STDERR_FILENO))
    return;
  g_snprintf (line, sizeof line - 1,
      "mediaheartbeat: heartbeats are kept, but not sent: %s", reason);
  length = strlen (line);
  line[length] = '\n';
  if (write (STDERR_FILENO, line, length + 1) < 0)
    mh_log (HTTP, DEBUG, NULL, "stderr takes nothing");
}
