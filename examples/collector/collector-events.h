/* collector-events: the back end's side of protocol=events.
 *
 * /events takes rows, a line each or in an array, and CloudEvents, one or in an
 * array, also compressed with gzip (docs/design/wire-events.md).
 *
 * May touch: GLib, GIO, json-glib, libsoup, the other collector files.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "collector-exchange.h"

G_BEGIN_DECLS

#define COLLECTOR_EVENTS_PATH "/events"

/**
 * collector_events_handle:
 * @exchange: a request to %COLLECTOR_EVENTS_PATH
 *
 * Answers it. All of its events are taken, or none is.
 */
void collector_events_handle (CollectorExchange *exchange);

/**
 * collector_events_take:
 * @exchange: a request
 * @session_id: an ID that the player has made
 * @event: an event, as of docs/design/wire-media-collection.md#events
 * @status: of the answer
 *
 * Adds @event to its session, which begins with it if it is not known. Its
 * member "id", or else "sn", says whether it has come before: players repeat
 * what they have no answer to. Such a one is reported as repeated. Events may
 * come in any order; "seq" is the event's number, counted without a gap.
 */
void collector_events_take (CollectorExchange *exchange, const char *session_id,
    JsonObject *event, guint status);

/**
 * collector_events_new:
 * @type: an event type
 * @playhead: seconds; -1: it is not told, and left out
 * @ts: milliseconds UTC
 *
 * Returns: (transfer full): an event, without parameters.
 */
JsonObject *collector_events_new (const char *type, double playhead, gint64 ts);

/**
 * collector_events_object:
 *
 * Returns: (transfer none): the object @name of @event, which is made if there
 *   is none.
 */
JsonObject *collector_events_object (JsonObject *event, const char *name);

G_END_DECLS
