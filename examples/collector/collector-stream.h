/* collector-stream: changes of the model as server-sent events.
 *
 * The first event is the whole list, the others are what has changed since, a
 * few times a second at most. A page that does not read gets nothing more until
 * it has read: nothing piles up.
 *
 * May touch: GLib, libsoup, collector-view.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "collector-view.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* So many pages can look at the same time. */
#define COLLECTOR_STREAMS_MAX 16

typedef struct _CollectorStreams CollectorStreams;

/**
 * collector_streams_new:
 * @model: what is shown; must outlive the streams
 * @now: the clock, milliseconds UTC
 *
 * Returns: (transfer full): no streams; free with collector_streams_free().
 */
CollectorStreams *collector_streams_new (
    CollectorModel *model, gint64 (*now) (void));
void collector_streams_free (CollectorStreams *streams);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CollectorStreams, collector_streams_free)

/**
 * collector_streams_add:
 * @streams: all streams
 * @message: a request; it is answered for as long as its client stays
 *
 * Returns: FALSE if there are too many already; then nothing has happened.
 */
gboolean collector_streams_add (
    CollectorStreams *streams, SoupServerMessage *message);

G_END_DECLS
