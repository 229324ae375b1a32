/* collector-keep: what came, in a file, so that a restart loses nothing.
 *
 * A SQLite database with one row for each report, in the order in which they
 * came. What the model forgets is deleted there as well.
 *
 * May touch: GLib, json-glib, SQLite (in the .c only), collector-history,
 * collector-report.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "collector-report.h"

G_BEGIN_DECLS

/* So many refused requests are kept, the newest ones. */
#define COLLECTOR_KEEP_REFUSED_MAX 1000

typedef struct _CollectorKeep CollectorKeep;

/**
 * CollectorKeepFunc:
 * @report: what had come; valid during the call
 * @user_data: as given
 */
typedef void (*CollectorKeepFunc) (
    const CollectorReport *report, gpointer user_data);

/**
 * collector_keep_new:
 * @path: of the file; it is made where there is none
 * @error: %G_IO_ERROR of the file, or for one that is something else
 *
 * Returns: (transfer full) (nullable): the file, open; free with
 *   collector_keep_free().
 */
CollectorKeep *collector_keep_new (const char *path, GError **error);
void collector_keep_free (CollectorKeep *keep);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CollectorKeep, collector_keep_free)

/**
 * collector_keep_load:
 * @keep: the file
 * @callback: called for each report that is kept, in their order
 * @user_data: for @callback
 * @error: as above
 *
 * Returns: whether all could be read.
 */
gboolean collector_keep_load (CollectorKeep *keep, CollectorKeepFunc callback,
    gpointer user_data, GError **error);

/**
 * collector_keep_add:
 * @keep: the file
 * @report: what came
 * @error: as above
 *
 * It is in the file on return: who kills the process loses nothing.
 *
 * Returns: whether it is kept.
 */
gboolean collector_keep_add (
    CollectorKeep *keep, const CollectorReport *report, GError **error);

/**
 * collector_keep_forget:
 * @keep: the file
 * @session: the id of a session; all of its reports are deleted
 */
void collector_keep_forget (CollectorKeep *keep, const char *session);

G_END_DECLS
