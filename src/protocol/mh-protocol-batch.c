/* mh-protocol-batch: hits of one session as one body.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-protocol-batch.h"
#include "mh-json-check.h"
#include "mh-json.h"

/* A hit has four levels. json-glib's parser recurses without a bound. */
#define MAX_DEPTH 16

/* Returns: (transfer full) (nullable): an object with an eventType and a
 * playerTime: what every protocol of this family encodes. */
static JsonNode *
batch_parse_event (GBytes *body)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  gsize length;
  const char *text = g_bytes_get_data (body, &length);
  JsonObject *event;
  JsonNode *root;

  if (!text || !mh_json_check_object (text, length, MAX_DEPTH) ||
      !json_parser_load_from_data (parser, text, (gssize) length, NULL))
    return NULL;
  root = json_parser_get_root (parser);
  event = json_node_get_object (root);
  if (!json_object_has_member (event, "eventType") ||
      !json_object_has_member (event, "playerTime"))
    return NULL;
  return json_node_ref (root);
}

static JsonObject *
batch_make_params (JsonObject *start, gboolean resume)
{
  JsonNode *node = json_object_get_member (start, "params");
  JsonObject *params = node && JSON_NODE_HOLDS_OBJECT (node)
      ? mh_json_copy_object (json_node_get_object (node))
      : json_object_new ();

  json_object_set_boolean_member (params, "media.downloaded", TRUE);
  if (resume)
    json_object_set_boolean_member (params, "media.resume", TRUE);
  return params;
}

/* Just before @first: two events of a session never share a time. */
static JsonObject *
batch_make_time (JsonObject *first)
{
  JsonNode *node = json_object_get_member (first, "playerTime");
  JsonObject *time = JSON_NODE_HOLDS_OBJECT (node)
      ? mh_json_copy_object (json_node_get_object (node))
      : json_object_new ();
  gint64 ts = json_object_get_int_member_with_default (time, "ts", 0);

  json_object_set_int_member (time, "ts", MAX (ts - 1, 0));
  return time;
}

/* @first: (nullable): the event whose moment it takes over. */
static void
append_start (GString *json, JsonNode *start, gboolean resume, JsonNode *first)
{
  g_autoptr (JsonObject)
      object = mh_json_copy_object (json_node_get_object (start));

  json_object_set_object_member (object, "params",
      batch_make_params (json_node_get_object (start), resume));
  if (resume && first)
    json_object_set_object_member (
        object, "playerTime", batch_make_time (json_node_get_object (first)));
  mh_json_append_object (json, object);
}

GBytes *
mh_protocol_batch_encode (
    GBytes *start, gboolean resume, GPtrArray *hits, guint *left_out)
{
  g_autoptr (JsonNode) start_node = batch_parse_event (start);
  GString *json;

  *left_out = 0;
  if (!start_node)
    return NULL;
  json = g_string_new ("[");
  for (guint i = 0; i < hits->len; i++) {
    GBytes *body = g_ptr_array_index (hits, i);
    g_autoptr (JsonNode) node = batch_parse_event (body);

    if (!node) {
      (*left_out)++;
      continue;
    }
    if (json->len == 1)
      append_start (json, start_node, resume, node);
    g_string_append_c (json, ',');
    mh_json_append_object (json, json_node_get_object (node));
  }
  if (json->len == 1)
    append_start (json, start_node, resume, NULL);
  g_string_append_c (json, ']');
  return g_string_free_to_bytes (json);
}
