/* Tests of mh-protocol-collection-batch: hits of one session as one body.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-protocol-private.h"

#include <json-glib/json-glib.h>
#include <string.h>

#define START \
  "{\"eventType\":\"sessionStart\",\"playerTime\":{\"playhead\":0,\"ts\":100}," \
  "\"params\":{\"media.id\":\"i\",\"media.resume\":false}," \
  "\"customMetadata\":{\"a\":\"[[[[[[[[[[[[[[[[[[[[[[ \\\" {{\"}}"
#define PLAY \
  "{\"eventType\":\"play\",\"playerTime\":{\"playhead\":1.5,\"ts\":200}}"
#define PING \
  "{\"eventType\":\"ping\",\"playerTime\":{\"playhead\":11.5,\"ts\":10200}}"

static GBytes *
make_bytes (const char *text)
{
  return g_bytes_new (text, strlen (text));
}

/* Returns: (transfer full) (nullable): what @hits, up to NULL, make. */
static JsonNode *
encode (
    const char *start, gboolean resume, const char *const *hits, guint left_out)
{
  g_autoptr (GBytes) start_bytes = make_bytes (start);
  g_autoptr (GPtrArray)
      bodies = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (GBytes) batch = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  JsonNode *node;
  guint n;

  for (; *hits; hits++)
    g_ptr_array_add (bodies, make_bytes (*hits));
  batch = mh_protocol_collection_batch_encode (start_bytes, resume, bodies, &n);
  if (!batch)
    return NULL;
  g_assert_cmpuint (n, ==, left_out);
  text = g_strndup (g_bytes_get_data (batch, NULL), g_bytes_get_size (batch));
  node = json_from_string (text, &error);
  g_assert_no_error (error);
  return node;
}

static JsonObject *
get_event (JsonNode *batch, guint i)
{
  return json_array_get_object_element (json_node_get_array (batch), i);
}

static void
assert_start (JsonNode *batch, gint64 ts, gboolean resume)
{
  JsonObject *start = get_event (batch, 0);
  JsonObject *params = json_object_get_object_member (start, "params");
  JsonObject *time = json_object_get_object_member (start, "playerTime");

  g_assert_cmpstr (
      json_object_get_string_member (start, "eventType"), ==, "sessionStart");
  g_assert_cmpstr (json_object_get_string_member (params, "media.id"), ==, "i");
  g_assert_true (json_object_get_boolean_member (params, "media.downloaded"));
  g_assert_cmpint (
      json_object_get_boolean_member (params, "media.resume"), ==, resume);
  g_assert_cmpint (json_object_get_int_member (time, "ts"), ==, ts);
  g_assert_true (json_object_has_member (start, "customMetadata"));
}

/* None of it was delivered: it is told as it was. */
static void
test_whole (void)
{
  const char *const hits[] = { PLAY, PING, NULL };
  g_autoptr (JsonNode) batch = encode (START, FALSE, hits, 0);

  g_assert_cmpuint (json_array_get_length (json_node_get_array (batch)), ==, 3);
  assert_start (batch, 100, FALSE);
  g_assert_cmpstr (
      json_object_get_string_member (get_event (batch, 1), "eventType"), ==,
      "play");
  g_assert_cmpstr (
      json_object_get_string_member (get_event (batch, 2), "eventType"), ==,
      "ping");
}

/* The rest of a session goes on where that begins. */
static void
test_rest (void)
{
  const char *const hits[] = { PING, PLAY, NULL };
  g_autoptr (JsonNode) batch = encode (START, TRUE, hits, 0);
  JsonObject *time = json_object_get_object_member (
      get_event (batch, 0), "playerTime");

  assert_start (batch, 10199, TRUE);
  g_assert_cmpfloat (
      json_object_get_double_member (time, "playhead"), ==, 11.5);
}

static void
test_nothing (void)
{
  const char *const hits[] = { NULL };
  g_autoptr (JsonNode) batch = encode (START, TRUE, hits, 0);

  g_assert_cmpuint (json_array_get_length (json_node_get_array (batch)), ==, 1);
  assert_start (batch, 100, TRUE);
}

/* What some version of json-glib takes for JSON, or makes something else of when
 * it writes it. */
static void
test_lenient (void)
{
  const char *const hits[] = { "var x = " PLAY ";", "/* { */" PLAY, PLAY PLAY,
    "{\"eventType\":\"ping\",\"playerTime\":{\"playhead\":1e999}}", PING,
    NULL };
  g_autoptr (JsonNode) batch = encode (START, FALSE, hits, 4);

  g_assert_cmpuint (json_array_get_length (json_node_get_array (batch)), ==, 2);
  g_assert_null (encode ("/* [ */" START, FALSE, hits, 0));
}

/* What has come to harm on the disk does not take the rest with it. */
static void
test_broken_hits (void)
{
  const char *const hits[] = { "", "{", "[]", "null", "{}", "\xff",
    "{\"eventType\":\"ping\"}", PLAY, "}],[{", NULL };
  g_autoptr (JsonNode) batch = encode (START, TRUE, hits, 8);

  g_assert_cmpuint (json_array_get_length (json_node_get_array (batch)), ==, 2);
  assert_start (batch, 199, TRUE);
}

static void
test_broken_start (void)
{
  static const char *const starts[] = { "", "[]", "{}", "1", "{\"a\":", NULL };
  const char *const hits[] = { PLAY, NULL };
  g_autofree char *deep = g_strnfill (100000, '[');

  for (guint i = 0; starts[i]; i++)
    g_assert_null (encode (starts[i], TRUE, hits, 0));
  g_assert_null (encode (deep, TRUE, hits, 0));
}

/* Params of the wrong type are made anew. */
static void
test_odd_params (void)
{
  const char *const hits[] = { NULL };
  g_autoptr (JsonNode) batch = encode (
      "{\"eventType\":\"sessionStart\",\"playerTime\":{},\"params\":7}", TRUE,
      hits, 0);
  JsonObject *params = json_object_get_object_member (
      get_event (batch, 0), "params");

  g_assert_true (json_object_get_boolean_member (params, "media.downloaded"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/batch/whole", test_whole);
  g_test_add_func ("/batch/rest", test_rest);
  g_test_add_func ("/batch/nothing", test_nothing);
  g_test_add_func ("/batch/broken/lenient", test_lenient);
  g_test_add_func ("/batch/broken/hits", test_broken_hits);
  g_test_add_func ("/batch/broken/start", test_broken_start);
  g_test_add_func ("/batch/broken/params", test_odd_params);
  return g_test_run ();
}
