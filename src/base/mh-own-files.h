/* mh-own-files: which files and directories belong to this user alone.
 *
 * May touch: GLib; asks who the process runs as. Any thread.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>
#include <sys/stat.h>

G_BEGIN_DECLS

/**
 * mh_own_files_refuse_dir:
 * @status: what stat() says of a directory
 *
 * Call it before anything in a state directory is read or made.
 *
 * Returns: (nullable): why the directory is not to be used, a text for a
 *   message; NULL: it belongs to this user, and not everybody may write into it.
 */
const char *mh_own_files_refuse_dir (const struct stat *status);

/**
 * mh_own_files_is_safe:
 * @status: what fstat() or lstat() says of a file
 *
 * Returns: whether it is a regular file of this user. Do not read anything else: another
 *   user may have put it there, and to read a pipe may have no end.
 */
gboolean mh_own_files_is_safe (const struct stat *status);

G_END_DECLS
