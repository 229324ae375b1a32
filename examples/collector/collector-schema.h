/* collector-schema: the rules of an event as a JSON schema (draft 4).
 *
 * What GET /api/v1/schemas/{eventType} answers.
 *
 * May touch: GLib, json-glib, collector-rules.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "collector-rules.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * collector_schema_new:
 * @rules: the rules of an event type
 *
 * Returns: (transfer full): a schema that accepts what collector_event_check()
 *   accepts for this type, and nothing else.
 */
JsonNode *collector_schema_new (const CollectorEventRules *rules);

G_END_DECLS
