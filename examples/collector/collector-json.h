/* collector-json: text that is JSON, and nothing else.
 *
 * json-glib's parser is lenient: it takes comments, single quotes, hexadecimal
 * numbers, several values in a row and numbers that wrap around, and it
 * recurses as deep as the text tells it to. A collector that lets those pass
 * would call a player correct that the real back end refuses.
 *
 * May touch: GLib, json-glib.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* An event needs five: batch, event, params, customerIDs, customer. */
#define COLLECTOR_JSON_MAX_DEPTH 32

/**
 * collector_json_parse:
 * @data: (array length=length): what came, need not be NUL-terminated
 * @length: its length in bytes
 * @reason: (out): what is wrong, one line; set only where NULL is returned
 *
 * Takes exactly one JSON value (RFC 8259) in UTF-8, nested at most
 * %COLLECTOR_JSON_MAX_DEPTH deep. Refuses as well what JSON can say but this
 * program cannot hold: integers beyond 64 bits, numbers beyond a double, and
 * U+0000 in strings.
 *
 * Returns: (transfer full) (nullable): the value; NULL where there is none.
 */
JsonNode *collector_json_parse (const char *data, gsize length, char **reason);

/**
 * collector_json_write:
 * @node: any value
 *
 * json-glib's writer makes "1e+22.0" and "inf.0" of numbers that are large or
 * small. Here a number is JSON, and null where JSON has none for it.
 *
 * Returns: (transfer full): @node as JSON, in one line, without spaces.
 */
char *collector_json_write (JsonNode *node);

/**
 * collector_json_write_object:
 * @object: an object
 *
 * Returns: (transfer full): the same for @object.
 */
char *collector_json_write_object (JsonObject *object);

G_END_DECLS
