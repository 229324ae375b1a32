/* mh-store-lock: which owners of a database are alive.
 *
 * A byte of a file for each. Whoever holds it is alive: the kernel lets go of it
 * when the process goes, however that happens. The locks belong to the open
 * file, not to the process, so that several stores of one process know of each
 * other as well; a child of fork() that calls no exec() holds what its parent
 * held, which keeps the parent's hits from being adopted until it ends, too.
 *
 * May touch: GLib, fcntl(). Never waits.
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
 * Returns: a file descriptor to be closed, which lets go of all that it holds;
 *   -1: there is none, or not one of ours.
 */
int mh_store_lock_open (const char *path, GError **error);

/**
 * mh_store_lock_take:
 *
 * Returns: 0: @byte is held until it is released; otherwise errno, EAGAIN if
 *   another holds it.
 */
int mh_store_lock_take (int fd, gint64 byte);

void mh_store_lock_release (int fd, gint64 byte);

/**
 * mh_store_lock_is_free:
 *
 * Returns: whether certainly nobody else holds @byte.
 */
gboolean mh_store_lock_is_free (int fd, gint64 byte);

G_END_DECLS
