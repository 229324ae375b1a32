/* mh-json: what the protocols share when they make and read JSON with json-glib.
 *
 * Of two members with one name the first counts: a member that exists is not changed.
 * All text that leaves the process passes here, and is made fit as by
 * mh_text_dup_fit(). The unit separator U+001F becomes a space.
 *
 * May touch: GLib, json-glib, mh-text, mh-json-check. Pure.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * mh_json_add_text:
 * @name: of the member
 * @value: (nullable): NULL is left out
 *
 * Adds a member whose value is a string.
 */
void mh_json_add_text (JsonObject *object, const char *name, const char *value);

/* The same for a whole number, and for true or false. */
void mh_json_add_integer (JsonObject *object, const char *name, gint64 value);
void mh_json_add_boolean (JsonObject *object, const char *name, gboolean value);

/**
 * mh_json_add_number:
 * @value: any; one that is not finite is left out
 *
 * Whole numbers have no fraction. Those below 1e-4 are rounded to millionths,
 * and those beyond 64 bits to the nearest that is not.
 */
void mh_json_add_number (JsonObject *object, const char *name, double value);

/**
 * mh_json_add_variant:
 * @name: of the member
 * @value: (transfer none): `s`, `x`, `d` or `b`
 *
 * Adds a member of the type that @value has.
 */
void mh_json_add_variant (
    JsonObject *object, const char *name, GVariant *value);

/**
 * mh_json_add_object:
 * @name: of the member
 * @value: (transfer full): left out where it has no members
 *
 * Adds a member whose value is an object.
 */
void mh_json_add_object (
    JsonObject *object, const char *name, JsonObject *value);

/**
 * mh_json_add_list:
 * @name: of the member
 * @value: (transfer full): the one element of the list
 *
 * Adds a member whose value is an array.
 */
void mh_json_add_list (JsonObject *object, const char *name, JsonObject *value);

/**
 * mh_json_copy_object:
 * @object: an object, which may be immutable
 *
 * Returns: (transfer full): a new object with the members of @object.
 */
JsonObject *mh_json_copy_object (JsonObject *object);

/**
 * mh_json_append_object:
 * @text: appended to
 * @object: what is to be written, as one line
 *
 * Writes an object.
 */
void mh_json_append_object (GString *text, JsonObject *object);

/**
 * mh_json_parse:
 * @bytes: (nullable): any bytes
 *
 * Returns: (transfer full) (nullable): the object that they are as JSON, and which may
 *   be immutable; NULL: they are none, or one that json-glib cannot hold
 *   (mh-json-check), or more than 16 levels deep: its parser recurses without a bound.
 */
JsonObject *mh_json_parse (GBytes *bytes);

/* Returns: (transfer none) (nullable): the member @name of @object, of this type; NULL:
 * there is none, or @object is NULL. */
JsonObject *mh_json_get_object (JsonObject *object, const char *name);
JsonArray *mh_json_get_array (JsonObject *object, const char *name);
const char *mh_json_get_text (JsonObject *object, const char *name);

/* Returns: how many elements @array has, which may be NULL; and one of them, or NULL
 * where it is no object. */
guint mh_json_count (JsonArray *array);
JsonObject *mh_json_get_element (JsonArray *array, guint index);

/* Returns: (transfer full): @object as one line, without a line end. */
GBytes *mh_json_to_bytes (JsonObject *object);

G_END_DECLS
