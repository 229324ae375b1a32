/* mh-installation: names this installation of the player.
 *
 * May touch: GLib, the file system. Any thread; may block on the disk.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

#include "mh-error.h"

G_BEGIN_DECLS

/**
 * mh_installation_dup_dir:
 * @state_dir: (nullable): the state directory; NULL: gst-media-heartbeat in the
 *   user's XDG state directory
 *
 * Returns: (transfer full): the absolute path of it; it need not be there yet.
 */
char *mh_installation_dup_dir (const char *state_dir);

/**
 * mh_installation_dup_id:
 * @state_dir: (nullable): the state directory, see mh_installation_dup_dir()
 * @error: %MH_ERROR_CONFIG: it cannot be kept there, with the reason
 *
 * The id that is kept in the file `installation-id` of the directory. Without
 * one it is made: random, in a file that only the user can read (0600, in a
 * directory 0700), and the same for all processes that ask at that moment.
 *
 * Returns: (transfer full) (nullable): the id, a UUID.
 */
char *mh_installation_dup_id (const char *state_dir, GError **error);

/**
 * mh_installation_remove:
 * @state_dir: (nullable): as above
 *
 * Forgets the id: the next one to ask gets another.
 */
void mh_installation_remove (const char *state_dir);

G_END_DECLS
