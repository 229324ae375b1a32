/* mh-store-lock: which owners of a database are alive.
 *
 * Each owner locks a byte of a file. An owner that holds its lock is alive: the kernel
 * releases it when the process ends, in whatever way. The locks belong to the open
 * file, not to the process, so that several stores of one process know of each
 * other as well. A child of fork() closes the files: it would hold what its
 * parent held, and keep the parent's hits from being adopted.
 *
 * May touch: GLib, fcntl(), pthread_atfork(). Never waits.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-error.h"

G_BEGIN_DECLS

/**
 * mh_store_lock_open:
 * @path: the file, made (0600) where there is none
 * @error: %MH_ERROR_STORAGE
 *
 * Returns: a file descriptor for mh_store_lock_close(); -1: the file cannot be
 *   opened, or is not this user's.
 */
int mh_store_lock_open (const char *path, GError **error);

/* Lets go of all that @fd holds. Not in a child of fork(). */
void mh_store_lock_close (int fd);

/* Returns: whether a process that this one was forked from had such files open, and
 * with them databases. */
gboolean mh_store_lock_is_inherited (void);

/* Returns: 0: @byte is held until it is released; otherwise errno, EAGAIN if
 * another holds it. */
int mh_store_lock_take (int fd, gint64 byte);

/* The same for a @byte that others may share, but not take. */
int mh_store_lock_share (int fd, gint64 byte);

/* Lets go of @byte: others may take it. */
void mh_store_lock_release (int fd, gint64 byte);

/* Returns: whether it is certain that no other owner holds @byte. */
gboolean mh_store_lock_is_free (int fd, gint64 byte);

G_END_DECLS
