/* mh-hook-work: threads for what a tracer's hook must not do itself.
 *
 * A hook may run with locks of GStreamer's held that it does not know of. What
 * takes such a lock or may give up a last reference is put here and done by
 * another thread, one after the other (mh_hook_work_put()). Work that may
 * wait for an element gets a thread of its own (mh_hook_work_ask()). The threads come from GLib's pool, and
 * there are some only while there is something to do.
 *
 * May touch: GLib, mh-time. Thread-safe.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

#include "mh-time.h"

G_BEGIN_DECLS

/**
 * MhHookWorkFunc:
 * @data: (transfer full): what was put with it
 *
 * In the other thread. What it does must come to an end by itself.
 */
typedef void (*MhHookWorkFunc) (gpointer data);

/**
 * mh_hook_work_put:
 * @func: what is done
 * @data: (transfer full): for @func
 *
 * Never waits. Is done after everything that was put here before.
 */
void mh_hook_work_put (MhHookWorkFunc func, gpointer data);

/* Does what may wait for an element, in a thread for itself. mh_hook_work_wait() does
 * not wait for it. */
void mh_hook_work_ask (MhHookWorkFunc func, gpointer data);

/**
 * mh_hook_work_wait:
 * @busy: (nullable): atomic: what also has to become 0; whatever sets it does so
 *   in a thread of mh_hook_work_put() or mh_hook_work_ask()
 * @patience: how long to wait at most, microseconds
 *
 * Waits until everything is done that was put into mh_hook_work_put() before. If that
 * needs a lock that the caller holds, the wait lasts for @patience.
 *
 * Returns: whether it is done.
 */
gboolean mh_hook_work_wait (const int *busy, MhTime patience);

/**
 * mh_hook_work_finish:
 * @patience: how long to wait at most, microseconds
 *
 * Comes back when everything is done and no thread is left, unless something
 * takes longer than that.
 *
 * Returns: whether all is done.
 */
gboolean mh_hook_work_finish (MhTime patience);

G_END_DECLS
