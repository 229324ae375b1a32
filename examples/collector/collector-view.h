/* collector-view: the model as JSON: all that the page shows.
 *
 * May touch: GLib, json-glib, collector-filter, collector-metric,
 * collector-model.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "collector-filter.h"
#include "collector-model.h"

G_BEGIN_DECLS

/* So many sessions are listed. */
#define COLLECTOR_VIEW_SESSIONS_MAX 1000

/* docs/guide/collector.md#interfaces has the members. Each function returns
 * (transfer full) a text without line ends. @now is milliseconds UTC. */

/**
 * collector_view_list:
 * @model: what there is
 * @filter: (nullable): which sessions; NULL: all
 * @now: the time
 *
 * Returns: the sessions, the one heard of last first, refused requests that
 *   belong to none, and totals.
 */
char *collector_view_list (
    CollectorModel *model, CollectorFilter *filter, gint64 now);

/**
 * collector_view_changes:
 * @model: what there is
 * @serial: the model's serial at the last look
 * @since: the time of the last look
 * @now: the time
 *
 * Returns: (nullable): as collector_view_list(), with only those sessions that
 *   have changed since, or whose state has for the time that passed; NULL where
 *   nothing has.
 */
char *collector_view_changes (
    CollectorModel *model, guint64 serial, gint64 since, gint64 now);

/**
 * collector_view_session:
 * @model: what there is
 * @record: a session in it
 * @now: the time
 *
 * Returns: its row in the list, head, metrics, lanes and events, and the rows of
 *   the sessions that are one viewing with it.
 */
char *collector_view_session (
    CollectorModel *model, CollectorRecord *record, gint64 now);

G_END_DECLS
