/* mh-json: what the protocols share when they make and read JSON with json-glib.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-json.h"

#include <math.h>

#include "mh-json-check.h"
#include "mh-text.h"

/* The largest number below 2^63 that a double has. */
#define MAX_WHOLE 9223372036854774784.0

/* What is read has eight levels at most. */
#define MAX_DEPTH 16

/* json-glib 1.6 writes U+001F as it is, which is not JSON. */
static char *
dup_fit (const char *text)
{
  return g_strdelimit (mh_text_dup_fit (text), "\x1f", ' ');
}

/* Takes @value. */
static void
add_node (JsonObject *object, const char *name, JsonNode *value)
{
  g_autofree char *fit = dup_fit (name);

  if (json_object_has_member (object, fit))
    json_node_unref (value);
  else
    json_object_set_member (object, fit, value);
}

void
mh_json_add_text (JsonObject *object, const char *name, const char *value)
{
  g_autofree char *fit = value ? dup_fit (value) : NULL;

  if (fit)
    add_node (object, name, json_node_init_string (json_node_alloc (), fit));
}

void
mh_json_add_integer (JsonObject *object, const char *name, gint64 value)
{
  add_node (object, name, json_node_init_int (json_node_alloc (), value));
}

void
mh_json_add_boolean (JsonObject *object, const char *name, gboolean value)
{
  add_node (object, name, json_node_init_boolean (json_node_alloc (), value));
}

/* json-glib 1.6 writes ".0" behind a number of one digit and an exponent, such
 * as 1e-08 and 1e+22, which is not JSON. There is an exponent below 1e-4, where
 * no multiple of 1e-6 has only one digit, and above MAX_WHOLE. */
void
mh_json_add_number (JsonObject *object, const char *name, double value)
{
  if (!isfinite (value))
    return;
  if (fabs (value) < 1e-4)
    value = rint (value * 1e6) / 1e6;
  if (value == rint (value))
    mh_json_add_integer (
        object, name, (gint64) CLAMP (value, -MAX_WHOLE, MAX_WHOLE));
  else
    add_node (object, name, json_node_init_double (json_node_alloc (), value));
}

void
mh_json_add_variant (JsonObject *object, const char *name, GVariant *value)
{
  switch (g_variant_classify (value)) {
    case G_VARIANT_CLASS_STRING:
      mh_json_add_text (object, name, g_variant_get_string (value, NULL));
      return;
    case G_VARIANT_CLASS_INT64:
      mh_json_add_integer (object, name, g_variant_get_int64 (value));
      return;
    case G_VARIANT_CLASS_DOUBLE:
      mh_json_add_number (object, name, g_variant_get_double (value));
      return;
    case G_VARIANT_CLASS_BOOLEAN:
      mh_json_add_boolean (object, name, g_variant_get_boolean (value));
      return;
    /* GLib's enum, not ours: the others are a caller's mistake. */
    default:
      g_return_if_reached ();
  }
}

void
mh_json_add_object (JsonObject *object, const char *name, JsonObject *value)
{
  if (json_object_get_size (value) > 0)
    add_node (object, name, json_node_init_object (json_node_alloc (), value));
  json_object_unref (value);
}

void
mh_json_add_list (JsonObject *object, const char *name, JsonObject *value)
{
  JsonArray *list = json_array_new ();

  json_array_add_object_element (list, value);
  add_node (object, name, json_node_init_array (json_node_alloc (), list));
  json_array_unref (list);
}

JsonObject *
mh_json_copy_object (JsonObject *object)
{
  JsonObject *copy = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    json_object_set_member (copy, name, json_node_ref (node));
  return copy;
}

void
mh_json_append_object (GString *text, JsonObject *object)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode)
      node = json_node_init_object (json_node_alloc (), object);

  json_generator_set_root (generator, node);
  json_generator_to_gstring (generator, text);
}

GBytes *
mh_json_to_bytes (JsonObject *object)
{
  GString *text = g_string_sized_new (256);

  mh_json_append_object (text, object);
  return g_string_free_to_bytes (text);
}

/* ---- reading ---- */

JsonObject *
mh_json_parse (GBytes *bytes)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  gsize length = 0;
  const char *text = bytes ? g_bytes_get_data (bytes, &length) : NULL;

  if (!text || !mh_json_check_object (text, length, MAX_DEPTH) ||
      !json_parser_load_from_data (parser, text, (gssize) length, NULL))
    return NULL;
  return json_object_ref (json_node_get_object (json_parser_get_root (parser)));
}

static JsonNode *
get_member (JsonObject *object, const char *name, JsonNodeType type)
{
  JsonNode *node = object ? json_object_get_member (object, name) : NULL;

  return node && JSON_NODE_TYPE (node) == type ? node : NULL;
}

JsonObject *
mh_json_get_object (JsonObject *object, const char *name)
{
  JsonNode *node = get_member (object, name, JSON_NODE_OBJECT);

  return node ? json_node_get_object (node) : NULL;
}

JsonArray *
mh_json_get_array (JsonObject *object, const char *name)
{
  JsonNode *node = get_member (object, name, JSON_NODE_ARRAY);

  return node ? json_node_get_array (node) : NULL;
}

const char *
mh_json_get_text (JsonObject *object, const char *name)
{
  JsonNode *node = get_member (object, name, JSON_NODE_VALUE);

  return node && json_node_get_value_type (node) == G_TYPE_STRING
      ? json_node_get_string (node)
      : NULL;
}

guint
mh_json_count (JsonArray *array)
{
  return array ? json_array_get_length (array) : 0;
}

JsonObject *
mh_json_get_element (JsonArray *array, guint index)
{
  JsonNode *node = json_array_get_element (array, index);

  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}
