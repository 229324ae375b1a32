/* mh-helper: starts the helper program, which sends for a process that cannot.
 *
 * The program inherits nothing: no descriptor, no signal mask, no session, and of
 * the environment only what names the user's home, language, desktop, proxies, CAs
 * and libraries. It forks as soon as it listens; what is started here ends then,
 * within milliseconds.
 *
 * May touch: GLib, processes. Any thread; never waits.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <sys/types.h>

#include "mh-error.h"

G_BEGIN_DECLS

/* What the program's exit status says. */
typedef enum
{
  MH_HELPER_LISTENS = 0, /* or another one does */
  MH_HELPER_FAILED = 1, /* the system has no room for it */
  MH_HELPER_USAGE = 2,
  MH_HELPER_NO_DIR = 3, /* the state directory cannot be used */
  MH_HELPER_NO_SOUP = 4, /* libsoup 3 cannot be used */
} MhHelperStatus;

/**
 * mh_helper_start:
 * @dir: the state directory, which is there
 * @error: %MH_ERROR_TRANSPORT: why it cannot be started
 *
 * Starts the program, which is MEDIAHEARTBEAT_HELPER in the environment, or the
 * installed one.
 *
 * Returns: its process, to be asked for with mh_helper_poll(); -1: there is none.
 */
pid_t mh_helper_start (const char *dir, GError **error);

/**
 * mh_helper_poll:
 * @pid: (inout): of mh_helper_start(); -1 when it has ended
 * @error: %MH_ERROR_TRANSPORT: it has ended, and cannot send: why
 *
 * Returns: FALSE: it has ended, and cannot send.
 */
gboolean mh_helper_poll (pid_t *pid, GError **error);

/**
 * mh_helper_leave:
 * @pid: of mh_helper_start(), or -1
 *
 * The caller does not poll any more. A later mh_helper_start() collects the child if it
 * has ended by then, so that it does not stay a zombie.
 */
void mh_helper_leave (pid_t pid);

/**
 * mh_helper_complain:
 * @reason: why nothing can be sent
 *
 * Writes one line to stderr, once for a process, if that takes it at once.
 */
void mh_helper_complain (const char *reason);

G_END_DECLS
