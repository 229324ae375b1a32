/* mh-protocol-collection-batch: hits of one session as one body, for the Media
 * Collection API's downloaded content
 * (docs/design/wire-media-collection.md#requests).
 *
 * The hits have been encoded before, perhaps by another version, and may come from
 * the disk. They are therefore read as JSON again, and what is not JSON is left out.
 * The batch begins with a sessionStart that is flagged as downloaded, and as a resume
 * where it continues a session.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-protocol-private.h"

#include "mh-json.h"

/* Returns: (transfer full) (nullable): an object with an eventType and a
 * playerTime: what every protocol of this family encodes. */
static JsonObject *
batch_parse_event (GBytes *body)
{
  g_autoptr (JsonObject) event = mh_json_parse (body);

  return event && json_object_has_member (event, "eventType") &&
          json_object_has_member (event, "playerTime")
      ? g_steal_pointer (&event)
      : NULL;
}

static JsonObject *
batch_make_params (JsonObject *start, gboolean resume)
{
  JsonObject *given = mh_json_get_object (start, "params");
  JsonObject *params = given ? mh_json_copy_object (given) : json_object_new ();

  json_object_set_boolean_member (params, "media.downloaded", TRUE);
  if (resume)
    json_object_set_boolean_member (params, "media.resume", TRUE);
  return params;
}

/* Just before @first: two events of a session never share a time. */
static JsonObject *
batch_make_time (JsonObject *first)
{
  JsonObject *given = mh_json_get_object (first, "playerTime");
  JsonObject *time = given ? mh_json_copy_object (given) : json_object_new ();
  gint64 ts = json_object_get_int_member_with_default (time, "ts", 0);

  json_object_set_int_member (time, "ts", MAX (ts - 1, 0));
  return time;
}

/* @first: (nullable): the event whose moment it takes over. */
static void
append_start (
    GString *json, JsonObject *start, gboolean resume, JsonObject *first)
{
  g_autoptr (JsonObject) object = mh_json_copy_object (start);

  json_object_set_object_member (
      object, "params", batch_make_params (start, resume));
  if (resume && first)
    json_object_set_object_member (
        object, "playerTime", batch_make_time (first));
  mh_json_append_object (json, object);
}

GBytes *
mh_protocol_collection_batch_encode (
    GBytes *start, gboolean resume, GPtrArray *hits, guint *left_out)
{
  g_autoptr (JsonObject) first = batch_parse_event (start);
  GString *json;

  *left_out = 0;
  if (!first)
    return NULL;
  json = g_string_new ("[");
  for (guint i = 0; i < hits->len; i++) {
    GBytes *body = g_ptr_array_index (hits, i);
    g_autoptr (JsonObject) event = batch_parse_event (body);

    if (!event) {
      (*left_out)++;
      continue;
    }
    if (json->len == 1)
      append_start (json, first, resume, event);
    g_string_append_c (json, ',');
    mh_json_append_object (json, event);
  }
  if (json->len == 1)
    append_start (json, first, resume, NULL);
  g_string_append_c (json, ']');
  return g_string_free_to_bytes (json);
}
