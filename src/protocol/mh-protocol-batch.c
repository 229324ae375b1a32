/* mh-protocol-batch: hits of one session as one body.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-protocol-batch.h"

#include <json-glib/json-glib.h>
#include <string.h>

/* Ours have four levels; the parser knows no bound. */
#define MAX_DEPTH 16

/* Deep nesting would be the stack's end. */
static gboolean
is_shallow (const char *text, gsize length)
{
  gboolean in_string = FALSE;
  guint depth = 0;

  for (gsize i = 0; i < length && depth <= MAX_DEPTH; i++) {
    if (text[i] == '"')
      in_string = !in_string;
    else if (in_string)
      i += text[i] == '\\';
    else if (text[i] == '{' || text[i] == '[')
      depth++;
    else if ((text[i] == '}' || text[i] == ']') && depth > 0)
      depth--;
  }
  return depth <= MAX_DEPTH;
}

/* Returns: (transfer full) (nullable): an object with an eventType and a
 * playerTime: what every protocol of this family encodes. */
static JsonNode *
parse_event (GBytes *body)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  gsize length;
  const char *text = g_bytes_get_data (body, &length);
  JsonObject *event;
  JsonNode *root;

  if (!text || !g_utf8_validate (text, (gssize) length, NULL) ||
      !is_shallow (text, length) ||
      !json_parser_load_from_data (parser, text, (gssize) length, NULL))
    return NULL;
  root = json_parser_get_root (parser);
  if (!root || !JSON_NODE_HOLDS_OBJECT (root))
    return NULL;
  event = json_node_get_object (root);
  if (!json_object_has_member (event, "eventType") ||
      !json_object_has_member (event, "playerTime"))
    return NULL;
  return json_node_ref (root);
}

/* What was parsed is immutable. */
static JsonObject *
copy_object (JsonObject *object)
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

static JsonObject *
make_params (JsonObject *start, gboolean resume)
{
  JsonNode *node = json_object_get_member (start, "params");
  JsonObject *params = node && JSON_NODE_HOLDS_OBJECT (node)
      ? copy_object (json_node_get_object (node))
      : json_object_new ();

  json_object_set_boolean_member (params, "media.downloaded", TRUE);
  if (resume)
    json_object_set_boolean_member (params, "media.resume", TRUE);
  return params;
}

static void
append_node (GString *json, JsonNode *node)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autofree char *text = NULL;

  json_generator_set_root (generator, node);
  text = json_generator_to_data (generator, NULL);
  g_string_append (json, text);
}

/* Just before @first: two events of a session never share a time. */
static JsonObject *
make_time (JsonObject *first)
{
  JsonNode *node = json_object_get_member (first, "playerTime");
  JsonObject *time = JSON_NODE_HOLDS_OBJECT (node)
      ? copy_object (json_node_get_object (node))
      : json_object_new ();
  gint64 ts = json_object_get_int_member_with_default (time, "ts", 0);

  json_object_set_int_member (time, "ts", MAX (ts - 1, 0));
  return time;
}

/* @first: (nullable): the event whose moment it takes over. */
static void
append_start (GString *json, JsonNode *start, gboolean resume, JsonNode *first)
{
  JsonObject *object = copy_object (json_node_get_object (start));
  g_autoptr (JsonNode)
      node = json_node_init_object (json_node_alloc (), object);

  json_object_set_object_member (
      object, "params", make_params (json_node_get_object (start), resume));
  if (resume && first)
    json_object_set_object_member (
        object, "playerTime", make_time (json_node_get_object (first)));
  append_node (json, node);
  json_object_unref (object);
}

GBytes *
mh_protocol_batch_encode (
    GBytes *start, gboolean resume, GPtrArray *hits, guint *left_out)
{
  g_autoptr (JsonNode) start_node = parse_event (start);
  GString *json;

  *left_out = 0;
  if (!start_node)
    return NULL;
  json = g_string_new ("[");
  for (guint i = 0; i < hits->len; i++) {
    GBytes *body = g_ptr_array_index (hits, i);
    g_autoptr (JsonNode) node = parse_event (body);

    if (!node) {
      (*left_out)++;
      continue;
    }
    if (json->len == 1)
      append_start (json, start_node, resume, node);
    /* Not @body as it is: json-glib takes comments, and what comes behind. */
    g_string_append_c (json, ',');
    append_node (json, node);
  }
  if (json->len == 1)
    append_start (json, start_node, resume, NULL);
  g_string_append_c (json, ']');
  return g_string_free_to_bytes (json);
}
