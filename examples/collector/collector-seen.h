/* collector-seen: the identities of events that have come, to know one that
 * comes again.
 *
 * May touch: GLib, json-glib.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* So many are remembered, of all sessions, the newest ones. */
#define COLLECTOR_SEEN_MAX 262144

typedef struct _CollectorSeen CollectorSeen;

/**
 * collector_seen_new:
 *
 * Returns: (transfer full): nothing has come; free with collector_seen_free().
 */
CollectorSeen *collector_seen_new (void);
void collector_seen_free (CollectorSeen *seen);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CollectorSeen, collector_seen_free)

/**
 * collector_seen_add:
 * @seen: what has come
 * @session: the id of a session
 * @event: an event of it. Its identity is its member "id", or else "sn", as
 *   collector_events_take() says; one without either is always a new one
 *
 * Returns: whether it is new, and not one that has come before.
 */
gboolean collector_seen_add (
    CollectorSeen *seen, const char *session, JsonObject *event);

G_END_DECLS
