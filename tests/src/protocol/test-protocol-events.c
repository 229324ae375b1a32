/* Tests of mh-protocol-events.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-protocol-private.h"

#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <string.h>

#define ID "6e0b1f0e-1a55-4f0e-8e0c-0f6f5a2b7c11"
#define SESSION "0f6f2a5e-8d55-4c2e-9a53-7b9d1f0f6a11"
#define INSTALLATION "9f2d4a1e-5c7b-4e0a-8d0d-2f6f0b6f3a11"
#define TS 1795896010480
#define HEAD(type) \
  "{'id':'" ID "','session':'" SESSION "','seq':2,'ts':1795896010480," \
  "'type':'" type "','playhead':10.48,'installation':'" INSTALLATION "'"

static MhConfig *
new_config (MhFraming framing)
{
  MhConfig *config = mh_config_new ();

  config->protocol = MH_PROTOCOL_EVENTS;
  config->collection_server = g_strdup ("https://h.example/?query=x&y=1");
  config->app_installation_id = g_strdup (INSTALLATION);
  config->framing = framing;
  return config;
}

/* The third hit of its session. */
static char *
encode (const MhConfig *config, MhEvent event, const char *params,
    const char *metadata, const char *qoe)
{
  g_autoptr (MhHit) hit = mh_hit_new (event, 0, 10.48, 0,
      params ? g_variant_new_parsed (params) : NULL,
      metadata ? g_variant_new_parsed (metadata) : NULL,
      qoe ? g_variant_new_parsed (qoe) : NULL);
  MhSessionTrail trail = { .seq = 2 };
  g_autoptr (GBytes) body = NULL;

  g_strlcpy (trail.session, SESSION, sizeof trail.session);
  g_strlcpy (trail.id, ID, sizeof trail.id);
  hit->ts = TS;
  body = mh_protocol_events.encode (config, hit, &trail);
  return g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
}

/* Takes @text. */
static void
assert_text (char *text, const char *wanted)
{
  g_autofree char *owned = text;
  g_autoptr (GString) quoted = g_string_new (wanted);
  g_autoptr (JsonNode) node = json_from_string (text, NULL);

  g_string_replace (quoted, "'", "\"", 0);
  g_assert_cmpstr (owned, ==, quoted->str);
  g_assert_nonnull (node);
}

/* Those of docs/design/wire-events.md#members. */
static void
test_examples (void)
{
  static const char qoe[] = "{'media.qoe.bitrate': <int64 3200000>,"
                            " 'media.qoe.droppedFrames': <int64 3>}";
  g_autofree char *document = NULL;

  g_assert_true (g_file_get_contents (
      SOURCE_DIR "/docs/design/wire-events.md", &document, NULL, NULL));
  for (guint i = MH_FRAMING_ROWS; i <= MH_FRAMING_CLOUDEVENTS_BATCH; i++) {
    g_autoptr (MhConfig) config = new_config ((MhFraming) i);
    g_autofree char *text = encode (config, MH_EVENT_PING, NULL, NULL, qoe);

    g_assert_nonnull (strstr (document, text));
  }
}

static void
test_start (void)
{
  g_autoptr (MhConfig) config = new_config (MH_FRAMING_ROWS);

  config->player_name = g_strdup ("p");
  config->channel = g_strdup ("");
  config->visitor_id = g_strdup ("v");
  config->customer_ids = g_variant_ref_sink (
      g_variant_new_parsed ("{'crm': 'u-1,1', 'bad': 'x'}"));
  assert_text (
      encode (config, MH_EVENT_SESSION_START,
          "{'media.id': <'i\"'>, 'media.name': <''>, 'media.length': <12.5>,"
          " 'media.resume': <true>, 'media.downloaded': <true>,"
          " 'media.show': <'s'>}",
          "{'mine': 'm', 'show': 'other'}", NULL),
      HEAD (
          "sessionStart") ",'content_id':'i\\'','length':12.5,'resume':true,"
                          "'player':'p','library_version':'gst-media-heartbeat/" MH_VERSION
                          "','visitor_id':'v','customer_ids':{'crm':'u-1'},"
                          "'metadata':{'show':'s','mine':'m'}}");
}

static void
test_parts (void)
{
  g_autoptr (MhConfig) config = new_config (MH_FRAMING_ROWS);

  assert_text (
      encode (config, MH_EVENT_AD_START,
          "{'media.ad.id': <'a'>, 'media.ad.length': <15.0>,"
          " 'media.ad.podPosition': <int64 1>, 'media.ad.advertiser': <'A'>}",
          NULL, NULL),
      HEAD ("adStart") ",'ad_id':'a','ad_length':15,'ad_position':1,"
                       "'metadata':{'advertiser':'A'}}");
  assert_text (encode (config, MH_EVENT_STATE_END,
                   "{'media.state.name': <'mute'>}", NULL, NULL),
      HEAD ("stateEnd") ",'state_name':'mute'}");
  assert_text (
      encode (config, MH_EVENT_ERROR, NULL, NULL,
          "{'media.qoe.errorID': <'e'>, 'media.qoe.errorSource': <'player'>}"),
      HEAD ("error") ",'error_id':'e','error_source':'player'}");
}

/* ---- requests ---- */

static MhRequest *
join (const MhConfig *config, guint n)
{
  g_autofree char *endpoint = mh_protocol_events.endpoint (config);
  g_autoptr (GPtrArray)
      bodies = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  g_assert_true (mh_config_check_endpoint (endpoint, FALSE, NULL));
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (bodies, g_bytes_new_static ("{}", 2));
  return mh_protocol_events.join (endpoint, bodies);
}

static void
test_framings (void)
{
  static const struct
  {
    guint n;
    const char *type;
    const char *body;
    guint most;
  } rows[] = {
    [MH_FRAMING_ROWS] = { 2, "application/x-ndjson", "{}\n{}\n", 500 },
    [MH_FRAMING_ROWS_ARRAY] = { 2, "application/json", "[{},{}]", 500 },
    [MH_FRAMING_CLOUDEVENTS] = { 1, "application/cloudevents+json", "{}", 1 },
    [MH_FRAMING_CLOUDEVENTS_BATCH] = { 2, "application/cloudevents-batch+json",
        "[{},{}]", 500 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (MhConfig) config = new_config ((MhFraming) i);
    g_autofree char *endpoint = mh_protocol_events.endpoint (config);
    g_autoptr (MhRequest) request = join (config, rows[i].n);

    g_assert_cmpstr (request->uri, ==, "https://h.example/?query=x&y=1");
    g_assert_cmpstr (request->content_type, ==, rows[i].type);
    g_assert_false (request->compressed);
    g_assert_cmpmem (g_bytes_get_data (request->body, NULL),
        g_bytes_get_size (request->body), rows[i].body, strlen (rows[i].body));
    g_assert_cmpuint (
        mh_protocol_events.join_limit (endpoint), ==, rows[i].most);
  }
}

static void
test_content_type (void)
{
  g_autoptr (MhConfig) config = new_config (MH_FRAMING_ROWS);
  g_autoptr (MhRequest) request = NULL;

  config->body_type = g_strdup ("text/plain; charset=\"utf-8\"#,");
  request = join (config, 1);
  g_assert_cmpstr (request->content_type, ==, config->body_type);
}

static void
test_compress (void)
{
  g_autoptr (MhConfig) config = new_config (MH_FRAMING_ROWS);
  g_autoptr (GConverter) gunzip = G_CONVERTER (
      g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
  g_autoptr (MhRequest) request = NULL;
  char text[2000];
  gsize read, written;

  config->compress = TRUE;
  request = join (config, 500);
  g_assert_true (request->compressed);
  g_assert_cmpuint (g_bytes_get_size (request->body), <, 100);
  g_assert_cmpint (
      g_converter_convert (gunzip, g_bytes_get_data (request->body, NULL),
          g_bytes_get_size (request->body), text, sizeof text,
          G_CONVERTER_INPUT_AT_END, &read, &written, NULL),
      ==, G_CONVERTER_FINISHED);
  g_assert_cmpuint (written, ==, 1500);
  g_assert_cmpmem (text, 6, "{}\n{}\n", 6);
}

/* What is no media type is not sent as one: set now, or kept by an older
 * version. */
static void
test_no_content_type (void)
{
  static const char *const wrong[] = { "plain", "/plain", "text/", "text /x",
    "a/b c", "a/b/c", "text/x;\tq\n", "text/\xc3\xa9", ";", " " };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (MhConfig) config = new_config (MH_FRAMING_ROWS);
    g_autoptr (MhRequest) request = NULL;
    g_autoptr (MhRequest) kept = NULL;
    g_autoptr (GPtrArray) bodies = g_ptr_array_new ();
    g_autofree char *escaped = g_uri_escape_string (wrong[i], NULL, FALSE);
    g_autofree char *server = g_strconcat (
        "https://h.example/#rows-array,plain,", escaped, NULL);

    config->body_type = g_strdup (wrong[i]);
    request = join (config, 1);
    g_assert_cmpstr (request->content_type, ==, "application/x-ndjson");
    kept = mh_protocol_events.join (server, bodies);
    g_assert_cmpstr (kept->content_type, ==, "application/json");
  }
}

/* Nothing of what opens a door is kept with the session. */
static void
test_authorization (void)
{
  g_autoptr (MhConfig) config = new_config (MH_FRAMING_ROWS);
  g_autofree char *endpoint = NULL;
  g_autofree char *text = NULL;

  config->authorization = g_strdup ("Bearer secret");
  endpoint = mh_protocol_events.endpoint (config);
  text = encode (config, MH_EVENT_SESSION_START, NULL, NULL, NULL);
  g_assert_null (strstr (endpoint, "secret"));
  g_assert_null (strstr (text, "secret"));
}

/* ---- answers ---- */

static void
test_answers (void)
{
  static const struct
  {
    guint status;
    const char *body;
    MhOutcomeKind kind;
    guint tries;
  } rows[] = {
    { 200, "", MH_OUTCOME_ACCEPTED, 0 },
    { 200, "<html>", MH_OUTCOME_RETRY, 0 },
    { 201, "", MH_OUTCOME_ACCEPTED, 0 },
    { 202, "", MH_OUTCOME_ACCEPTED, 0 },
    { 204, "", MH_OUTCOME_ACCEPTED, 0 },
    { 302, "", MH_OUTCOME_RETRY, 0 },
    { 400, "Code: 27", MH_OUTCOME_SPLIT, 0 },
    { 400, "<html>", MH_OUTCOME_RETRY, 0 },
    { 401, "{}", MH_OUTCOME_RETRY, 0 },
    { 403, "{}", MH_OUTCOME_RETRY, 0 },
    { 404, "", MH_OUTCOME_RETRY, 0 },
    { 405, "{}", MH_OUTCOME_RETRY, 0 },
    { 408, "", MH_OUTCOME_RETRY, 0 },
    { 410, "", MH_OUTCOME_RETRY, 0 },
    { 413, "", MH_OUTCOME_SPLIT, 0 },
    { 415, "", MH_OUTCOME_SPLIT, 0 },
    { 422, "", MH_OUTCOME_SPLIT, 0 },
    { 429, "", MH_OUTCOME_RETRY, 0 },
    { 500, "", MH_OUTCOME_DOUBT, 0 },
    { 501, "", MH_OUTCOME_RETRY, 0 },
    { 503, "", MH_OUTCOME_RETRY, 0 },
    { 0, "", MH_OUTCOME_RETRY, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GBytes) body = g_bytes_new (rows[i].body, strlen (rows[i].body));
    const MhAnswer answer = { .status = rows[i].status, .body = body };
    g_auto (MhOutcome) outcome = { 0 };

    mh_protocol_events.answer (MH_EVENT_PING, &answer, 0, &outcome);
    g_assert_cmpint (outcome.kind, ==, rows[i].kind);
    g_assert_cmpuint (outcome.tries, ==, rows[i].tries);
    g_assert_cmpint (outcome.too_long, ==, rows[i].status == 413);
    g_assert_cmpint (
        outcome.kind == MH_OUTCOME_ACCEPTED, ==, outcome.reason == NULL);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/events/row/examples", test_examples);
  g_test_add_func ("/events/row/start", test_start);
  g_test_add_func ("/events/row/parts", test_parts);
  g_test_add_func ("/events/request/framings", test_framings);
  g_test_add_func ("/events/request/content-type", test_content_type);
  g_test_add_func ("/events/request/no-content-type", test_no_content_type);
  g_test_add_func ("/events/request/compress", test_compress);
  g_test_add_func ("/events/request/authorization", test_authorization);
  g_test_add_func ("/events/answers", test_answers);
  return g_test_run ();
}
