/* collector-edge-event: an event of the Media Edge API in the form of the Media
 * Collection API.
 *
 * The rest of the collector knows one form of an event. This says whether a
 * Media Edge event follows docs/design/wire-media-edge.md#body, and writes it
 * that way. Members that are not known are left out: other clients send more
 * than is needed.
 *
 * May touch: GLib, json-glib, collector-text.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * collector_edge_event_convert:
 * @xdm: the member xdm of an event, or an item of mediaDownloadedEvents
 * @downloaded: whether it is the latter
 * @reason: (out): what is wrong with it, one line that names the member; set
 *   only where NULL is returned
 *
 * One statesUpdate is an event for each state, a millisecond after each other.
 *
 * Returns: (transfer full) (nullable) (element-type JsonObject): the events, in
 *   order, as of docs/design/wire-media-collection.md#events.
 */
GPtrArray *collector_edge_event_convert (
    JsonNode *xdm, gboolean downloaded, char **reason);

/**
 * collector_edge_event_add_identity:
 * @event: a converted sessionStart
 * @map: (nullable): an identityMap
 *
 * Adds who the visitor is to its parameters.
 */
void collector_edge_event_add_identity (JsonObject *event, JsonNode *map);

/**
 * collector_edge_event_session:
 * @xdm: as above
 *
 * Returns: (nullable): the session's ID that it names; owned by @xdm.
 */
const char *collector_edge_event_session (JsonNode *xdm);

G_END_DECLS
