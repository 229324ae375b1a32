/* mh-json: JSON as text, written front to back.
 *
 * A hit is a few dozen bytes of JSON of a fixed shape, made millions of times:
 * a tree of nodes would cost more than the rest of a hit's way together. The
 * tests read everything back with json-glib.
 *
 * May touch: GLib, mh-text. Pure.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * mh_json_append_string:
 * @json: appended to
 * @text: any string
 *
 * Appends @text in quotes and escaped, made fit as by mh_text_dup_fit(): whoever
 * made it, this is where it goes out.
 */
void mh_json_append_string (GString *json, const char *text);

/**
 * mh_json_append_integer:
 * @json: appended to
 * @value: any number
 */
void mh_json_append_integer (GString *json, gint64 value);

/**
 * mh_json_append_double:
 * @json: appended to
 * @value: a finite number: JSON has no others
 *
 * Appends the shortest of the usual forms that reads back as @value, in any
 * locale; whole numbers have no fraction.
 */
void mh_json_append_double (GString *json, double value);

/**
 * mh_json_append_variant:
 * @json: appended to
 * @value: `s`, `x`, `d` (finite) or `b`
 */
void mh_json_append_variant (GString *json, GVariant *value);

G_END_DECLS
