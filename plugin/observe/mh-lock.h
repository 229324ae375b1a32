/* mh-lock: a lock that is held to the end of a block.
 *
 * May touch: GLib.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

/**
 * MH_AUTO_LOCK:
 * @mutex: what is locked from here on, until the block is left
 *
 * Stands among the declarations, as G_MUTEX_AUTO_LOCK() of GLib 2.80 does. What is
 * declared after it is made under the lock.
 */
#define MH_AUTO_LOCK(mutex) \
  G_GNUC_UNUSED g_autoptr (GMutexLocker) \
      mh_auto_lock = g_mutex_locker_new (mutex)
