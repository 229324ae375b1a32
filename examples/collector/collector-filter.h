/* collector-filter: which sessions are to be shown.
 *
 * The page filters by the same rules, out of what it has already.
 *
 * May touch: GLib, collector-record.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "collector-record.h"

G_BEGIN_DECLS

typedef struct _CollectorFilter CollectorFilter;

/**
 * collector_filter_new:
 * @query: (nullable) (element-type utf8 utf8): names and values of a query;
 *   docs/guide/collector.md#interfaces has them, others are ignored
 *
 * Returns: (transfer full): a filter; free with collector_filter_free().
 */
CollectorFilter *collector_filter_new (GHashTable *query);
void collector_filter_free (CollectorFilter *filter);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CollectorFilter, collector_filter_free)

/**
 * collector_filter_matches:
 * @filter: (nullable): a filter; NULL: all
 * @record: a session
 * @now: milliseconds UTC
 * @expire: after how many milliseconds without an event a session is closed
 *
 * Returns: whether the session is wanted.
 */
gboolean collector_filter_matches (CollectorFilter *filter,
    CollectorRecord *record, gint64 now, gint64 expire);

G_END_DECLS
