/* collector-event: one event as a player sent it.
 *
 * An event stays the JsonObject that came; this says whether it follows
 * docs/design/wire-media-collection.md#events and reads single values out of
 * it.
 *
 * May touch: GLib, json-glib, collector-rules, collector-text.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * collector_event_check:
 * @node: what came
 * @reason: (out): what is wrong with it, one printable line that names the
 *   member; set only where FALSE is returned
 *
 * Judges the event by itself: whether it fits its session and the path that it
 * was sent to is for others to say.
 *
 * Returns: whether @node is an object that is a correct event.
 */
gboolean collector_event_check (JsonNode *node, char **reason);

/* The functions below want an event that collector_event_check() accepted. */

/**
 * collector_event_type:
 * @event: an event
 *
 * Returns: its eventType; owned by @event.
 */
const char *collector_event_type (JsonObject *event);

/**
 * collector_event_ts:
 * @event: an event
 *
 * Returns: when it happened, milliseconds UTC.
 */
gint64 collector_event_ts (JsonObject *event);

/**
 * collector_event_playhead:
 * @event: an event
 *
 * Returns: seconds of content; -1 where it is not told: CMCD's sessionStart has
 *   none.
 */
double collector_event_playhead (JsonObject *event);

/**
 * collector_event_get:
 * @event: an event
 * @object: "params", "qoeData" or "customMetadata"
 * @member: a member's name in there
 *
 * Returns: (transfer none) (nullable): the member's value, if it is there.
 */
JsonNode *collector_event_get (
    JsonObject *event, const char *object, const char *member);

/**
 * collector_event_get_string:
 * @event: an event
 * @object: as in collector_event_get()
 * @member: name of a member that is a string
 *
 * Returns: (nullable): the string; owned by @event.
 */
const char *collector_event_get_string (
    JsonObject *event, const char *object, const char *member);

/**
 * collector_event_is_true:
 * @event: an event
 * @param: name of a boolean parameter
 *
 * Returns: whether it is there and true.
 */
gboolean collector_event_is_true (JsonObject *event, const char *param);

G_END_DECLS
