/* mh-json-check: whether text is JSON, by the grammar and nothing else.
 *
 * json-glib takes more than JSON, and not the same in each version: before 1.10
 * comments, assignments, several values in a row, numbers that are infinite.
 *
 * May touch: GLib. Pure.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * mh_json_check_object:
 * @text: (array length=length): any bytes
 * @length: how many
 * @max_depth: how deep objects and arrays may be nested
 *
 * Also refuses what JSON can say and json-glib cannot hold: integers beyond 64
 * bits, numbers beyond a double, U+0000 and surrogates in escapes.
 *
 * Returns: whether @text is one JSON object (RFC 8259) in UTF-8.
 */
gboolean mh_json_check_object (const char *text, gsize length, guint max_depth);

G_END_DECLS
