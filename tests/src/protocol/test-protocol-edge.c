/* Tests of mh-protocol-edge, and of what it reads and puts together.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-protocol-private.h"

#include <json-glib/json-glib.h>
#include <string.h>

#define ENDPOINT "https://edge.example?configId=ds-1"
#define SID "bfba9a5f2986d69a9a9424f6a99702562512eb244f2b65c4f1c1553e7fe9997f"
#define FPID "9f2d4a1e-5c7b-4e0a-8d0d-2f6f0b6f3a11"
#define TS 1795896000000 /* 2026-11-28T20:00:00.000Z */

static MhHit *
new_hit (MhEvent event, double playhead, gint64 ts, const char *params,
    const char *metadata, const char *qoe)
{
  MhHit *hit = mh_hit_new (event, 0, playhead, 0,
      params ? g_variant_new_parsed (params) : NULL,
      metadata ? g_variant_new_parsed (metadata) : NULL,
      qoe ? g_variant_new_parsed (qoe) : NULL);

  hit->ts = ts;
  return hit;
}

static MhConfig *
full_config (void)
{
  MhConfig *config = mh_config_new ();

  config->protocol = MH_PROTOCOL_MEDIA_EDGE;
  config->collection_server = g_strdup ("https://edge.example/");
  config->datastream_id = g_strdup ("ds-1");
  config->app_installation_id = g_strdup (FPID);
  config->channel = g_strdup ("kiosk");
  config->player_name = g_strdup ("gst-play");
  config->app_version = g_strdup ("1.2");
  config->customer_ids = g_variant_ref_sink (
      g_variant_new_parsed ("{'loyalty': 'u-17,1'}"));
  return config;
}

/* The body of the request for @hit, in session "SID". */
static char *
request_body (const MhConfig *config, const MhHit *hit)
{
  g_autoptr (GBytes) encoded = mh_protocol_edge.encode (config, hit, NULL);
  g_autoptr (MhRequest)
      request = mh_protocol_edge.request (ENDPOINT, hit->event, encoded,
          hit->event == MH_EVENT_SESSION_START ? NULL : "SID", NULL);
  gsize length;
  const char *text = g_bytes_get_data (request->body, &length);

  return g_strndup (text, length);
}

/* ---- the examples ---- */

static char *document;

/* What docs/design/wire-media-edge.md shows for @name. */
static char *
dup_example (const char *name)
{
  g_autofree char *heading = g_strdup_printf ("\n`%s`\n\n```json\n", name);
  const char *begin = strstr (document, heading);

  g_assert_nonnull (begin);
  begin += strlen (heading);
  return g_strndup (begin, strcspn (begin, "\n"));
}

/* One for each event. What is rounded is not whole here. */
static const struct
{
  const char *name;
  MhEvent event;
  double playhead;
  gint64 ts;
  const char *params;
  const char *metadata;
  const char *qoe;
} examples[] = {
  { "sessionStart", MH_EVENT_SESSION_START, 0, 1795896000000,
      "{'media.id':<'clip-1'>,'media.name':<'Clip 1'>,"
      "'media.length':<480.0>,'media.contentType':<'vod'>,"
      "'media.streamType':<'video'>,'media.resume':<false>,"
      "'media.downloaded':<false>,'media.show':<'A show'>,"
      "'media.season':<'2'>,'media.episode':<'5'>,"
      "'media.assetId':<'a-1'>,'media.firstAirDate':<'2026-01-31'>}",
      "{'_tenant.room':'12'}", NULL },
  { "play", MH_EVENT_PLAY, 0.4, 1795896000480, NULL, NULL,
      "{'media.qoe.bitrate':<int64 3200000>,"
      "'media.qoe.droppedFrames':<int64 3>,"
      "'media.qoe.framesPerSecond':<int64 25>,"
      "'media.qoe.timeToStart':<int64 480>}" },
  { "ping", MH_EVENT_PING, 10.4, 1795896010480, NULL, NULL, NULL },
  { "bufferStart", MH_EVENT_BUFFER_START, 11.999, 1795896012100, NULL, NULL,
      NULL },
  { "pauseStart", MH_EVENT_PAUSE_START, 13, 1795896015000, NULL, NULL, NULL },
  { "bitrateChange", MH_EVENT_BITRATE_CHANGE, 14.5, 1795896017000, NULL, NULL,
      "{'media.qoe.bitrate':<int64 4500499>}" },
  { "adBreakStart", MH_EVENT_AD_BREAK_START, 15, 1795896018000,
      "{'media.ad.podFriendlyName':<'mid-roll'>,"
      "'media.ad.podIndex':<int64 1>,'media.ad.podSecond':<15.9>}",
      NULL, NULL },
  { "adStart", MH_EVENT_AD_START, 15, 1795896018001,
      "{'media.ad.id':<'ad-1'>,'media.ad.name':<'First ad'>,"
      "'media.ad.length':<14.6>,'media.ad.podPosition':<int64 1>,"
      "'media.ad.advertiser':<'A'>,'media.ad.campaignId':<'c'>,"
      "'media.ad.creativeId':<'cr'>,"
      "'media.ad.creativeURL':<'https://example.com/c'>,"
      "'media.ad.placementId':<'p'>,'media.ad.siteId':<'s'>}",
      "{'_tenant.slot':'left'}", NULL },
  { "adComplete", MH_EVENT_AD_COMPLETE, 15, 1795896033000, NULL, NULL, NULL },
  { "adSkip", MH_EVENT_AD_SKIP, 15, 1795896034000, NULL, NULL, NULL },
  { "adBreakComplete", MH_EVENT_AD_BREAK_COMPLETE, 15, 1795896034001, NULL,
      NULL, NULL },
  { "chapterStart", MH_EVENT_CHAPTER_START, 15, 1795896035000,
      "{'media.chapter.friendlyName':<'Chapter 1'>,"
      "'media.chapter.index':<int64 1>,'media.chapter.length':<60.0>,"
      "'media.chapter.offset':<15.0>}",
      NULL, NULL },
  { "chapterComplete", MH_EVENT_CHAPTER_COMPLETE, 75, 1795896036000, NULL, NULL,
      NULL },
  { "chapterSkip", MH_EVENT_CHAPTER_SKIP, 90, 1795896037000, NULL, NULL, NULL },
  { "statesUpdate", MH_EVENT_STATE_START, 92, 1795896038000,
      "{'media.state.name':<'mute'>}", NULL, NULL },
  { "error", MH_EVENT_ERROR, 93, 1795896039000, NULL, NULL,
      "{'media.qoe.errorID':<'gst-resource-error-quark:3'>,"
      "'media.qoe.errorSource':<'player'>}" },
  { "sessionComplete", MH_EVENT_SESSION_COMPLETE, 480, 1795896040000, NULL,
      NULL, NULL },
  { "sessionEnd", MH_EVENT_SESSION_END, 94.9, 1795896041000, NULL, NULL, NULL },
};

static void
test_examples (void)
{
  g_autoptr (MhConfig) config = full_config ();

  for (guint i = 0; i < G_N_ELEMENTS (examples); i++) {
    g_autoptr (MhHit)
        hit = new_hit (examples[i].event, examples[i].playhead, examples[i].ts,
            examples[i].params, examples[i].metadata, examples[i].qoe);
    g_autofree char *body = request_body (config, hit);
    g_autofree char *wanted = dup_example (examples[i].name);

    g_assert_cmpstr (body, ==, wanted);
  }
}

static GBytes *
encode (const MhConfig *config, MhEvent event, double playhead, gint64 ts,
    const char *params)
{
  g_autoptr (MhHit) hit = new_hit (event, playhead, ts, params, NULL, NULL);

  return mh_protocol_edge.encode (config, hit, NULL);
}

static void
test_example_downloaded (void)
{
  g_autoptr (MhConfig) config = full_config ();
  g_autoptr (GPtrArray)
      hits = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autofree char *wanted = dup_example ("downloaded");
  g_autoptr (GBytes) start = NULL;
  g_autoptr (MhRequest) request = NULL;
  guint left_out;

  g_clear_pointer (&config->app_version, g_free);
  start = encode (config, MH_EVENT_SESSION_START, 0, TS,
      "{'media.id': <'clip-1'>, 'media.length': <480.0>,"
      " 'media.contentType': <'vod'>}");
  g_ptr_array_add (hits, encode (config, MH_EVENT_PLAY, 0, TS + 480, NULL));
  g_ptr_array_add (hits, encode (config, MH_EVENT_PING, 10, TS + 10480, NULL));
  g_ptr_array_add (
      hits, encode (config, MH_EVENT_SESSION_END, 13.9, TS + 14000, NULL));
  request = mh_protocol_edge.batch (ENDPOINT, start, FALSE, hits, &left_out);
  g_assert_cmpstr (request->uri, ==,
      "https://edge.example/ee/va/v1/downloaded?configId=ds-1");
  g_assert_cmpmem (g_bytes_get_data (request->body, NULL),
      g_bytes_get_size (request->body), wanted, strlen (wanted));
  g_assert_cmpuint (left_out, ==, 0);
}

/* ---- single values ---- */

static void
assert_contains (const MhConfig *config, MhHit *hit, const char *wanted)
{
  g_autoptr (MhHit) owned = hit;
  g_autofree char *body = request_body (config, owned);
  g_autoptr (GString) quoted = g_string_new (wanted);

  g_string_replace (quoted, "'", "\"", 0);
  if (!strstr (body, quoted->str))
    g_error ("%s is not in %s", quoted->str, body);
}

static void
assert_contains_not (const MhConfig *config, MhHit *hit, const char *unwanted)
{
  g_autoptr (MhHit) owned = hit;
  g_autofree char *body = request_body (config, owned);

  g_assert_null (strstr (body, unwanted));
}

static void
test_numbers (void)
{
  g_autoptr (MhConfig) config = full_config ();

  assert_contains (config,
      new_hit (MH_EVENT_PING, 86399.999, TS, NULL, NULL, NULL),
      "'playhead':86399}");
  assert_contains (config, new_hit (MH_EVENT_PING, 1e300, TS, NULL, NULL, NULL),
      "'playhead':2147483647}");
  assert_contains (config,
      new_hit (
          MH_EVENT_AD_START, 0, TS, "{'media.ad.length': <0.2>}", NULL, NULL),
      "'length':1,");
  assert_contains (config,
      new_hit (
          MH_EVENT_AD_START, 0, TS, "{'media.ad.length': <0.0>}", NULL, NULL),
      "'length':0,");
  assert_contains (config,
      new_hit (MH_EVENT_SESSION_START, 0, TS, "{'media.length': <86400.0>}",
          NULL, NULL),
      "'length':86400,");
  assert_contains (config,
      new_hit (MH_EVENT_PLAY, 0, TS, NULL, NULL,
          "{'media.qoe.bitrate': <int64 9000000000000>}"),
      "'bitrate':2147483647}");
}

static void
test_state_end (void)
{
  g_autoptr (MhConfig) config = full_config ();

  assert_contains (config,
      new_hit (MH_EVENT_STATE_END, 1, TS, "{'media.state.name': <'a\"b'>}",
          NULL, NULL),
      "'eventType':'media.statesUpdate'");
  assert_contains (config,
      new_hit (MH_EVENT_STATE_END, 1, TS, "{'media.state.name': <'mute'>}",
          NULL, NULL),
      "'statesEnd':[{'name':'mute'}]}");
}

static void
test_qoe (void)
{
  g_autoptr (MhConfig) config = full_config ();

  assert_contains (config,
      new_hit (MH_EVENT_BITRATE_CHANGE, 1, TS, NULL, NULL, NULL),
      "'playhead':1,'qoeDataDetails':{}}");
  assert_contains (config,
      new_hit (MH_EVENT_ERROR, 1, TS, NULL, NULL,
          "{'media.qoe.framesPerSecond': <int64 25>,"
          " 'media.qoe.errorID': <'e'>, 'media.qoe.errorSource': <'external'>}"),
      "'playhead':1,'errorDetails':{'name':'e','source':'external'},"
      "'qoeDataDetails':{'framesPerSecond':25}}");
  assert_contains (config,
      new_hit (MH_EVENT_ERROR, 1, TS, NULL, NULL,
          "{'media.qoe.errorID': <'e'>, 'media.qoe.errorSource': <'cdn'>}"),
      "'source':'player'}}");
}

/* What has no member goes beside the application's own. */
static void
test_metadata (void)
{
  g_autoptr (MhConfig) config = full_config ();

  assert_contains (config,
      new_hit (MH_EVENT_SESSION_START, 0, TS,
          "{'media.id': <'i'>, 'media.mine': <'m'>, 'media.channel': <'c'>,"
          " 'media.pass.auth': <'yes'>}",
          "{'a': '1', 'b\"': '2'}", NULL),
      "'channel':'kiosk','appVersion':'1.2','authorized':'yes'},"
      "'customMetadata':[{'name':'a','value':'1'},"
      "{'name':'b\\'','value':'2'},{'name':'media.mine','value':'m'}]}");
  assert_contains_not (config,
      new_hit (MH_EVENT_PING, 0, TS, NULL, "{'a': '1'}", NULL), "custom");
}

static void
test_identity (void)
{
  g_autoptr (MhConfig) config = full_config ();

  config->marketing_cloud_user_id = g_strdup ("123");
  config->analytics_id = g_strdup ("A1");
  config->visitor_id = g_strdup ("nowhere");
  g_clear_pointer (&config->customer_ids, g_variant_unref);
  config->customer_ids = g_variant_ref_sink (g_variant_new_parsed (
      "{'a': 'x,0', 'bad': 'x', 'c': 'y,2', 'FPID': 'mine,1'}"));
  assert_contains (config,
      new_hit (MH_EVENT_SESSION_START, 0, TS, NULL, NULL, NULL),
      "'identityMap':{"
      "'ECID':[{'id':'123','authenticatedState':'ambiguous','primary':true}],"
      "'FPID':[{'id':'" FPID
      "','authenticatedState':'ambiguous','primary':false}],"
      "'AAID':[{'id':'A1','authenticatedState':'ambiguous','primary':false}],"
      "'a':[{'id':'x','authenticatedState':'ambiguous','primary':false}],"
      "'c':[{'id':'y','authenticatedState':'loggedOut','primary':false}]}}}]}");
  g_free (config->app_installation_id);
  config->app_installation_id = g_strdup ("not-a-uuid");
  assert_contains_not (config,
      new_hit (MH_EVENT_SESSION_START, 0, TS, NULL, NULL, NULL), "not-a-uuid");
  assert_contains_not (
      config, new_hit (MH_EVENT_PLAY, 0, TS, NULL, NULL, NULL), "identityMap");
}

/* Names and values that try to break out of their strings, or to be taken for
 * the place of the session's ID. */
static void
test_hostile_strings (void)
{
  g_autoptr (MhConfig) config = full_config ();
  g_autoptr (MhHit) hit = new_hit (MH_EVENT_CHAPTER_START, 0, TS,
      "{'media.chapter.friendlyName': <'\"mediaCollection\":{'>}",
      "{'\"mediaCollection\":{': '\\\\\",\\n\\u0001'}", NULL);
  g_autofree char *body = request_body (config, hit);
  g_autoptr (JsonNode) node = json_from_string (body, NULL);

  g_assert_nonnull (node);
  g_assert_nonnull (strstr (body,
      "\"mediaCollection\":{\"sessionID\":\"SID\","
      "\"playhead\":0,"));
  g_assert_null (strpbrk (body, "\n\x01"));
}

/* ---- requests ---- */

static void
test_endpoint (void)
{
  g_autoptr (MhConfig) config = full_config ();
  g_autofree char *endpoint = mh_protocol_edge.endpoint (config);
  g_autofree char *escaped = NULL;

  g_assert_cmpstr (endpoint, ==, ENDPOINT);
  g_assert_true (mh_config_check_endpoint (endpoint, FALSE, NULL));
  g_free (config->datastream_id);
  config->datastream_id = g_strdup ("a&b=c d#");
  escaped = mh_protocol_edge.endpoint (config);
  g_assert_cmpstr (
      escaped, ==, "https://edge.example?configId=a%26b%3Dc%20d%23");
}

static void
test_request (void)
{
  g_autoptr (GBytes)
      body = g_bytes_new_static ("{\"mediaCollection\":{\"playhead\":1}}", 34);
  g_autoptr (MhRequest) start = mh_protocol_edge.request (
      ENDPOINT, MH_EVENT_SESSION_START, body, NULL, NULL);
  g_autoptr (MhRequest) event = mh_protocol_edge.request (
      ENDPOINT, MH_EVENT_STATE_START, body, "s-1", "va6");
  g_autoptr (MhRequest) bare = mh_protocol_edge.request (
      "http://127.0.0.1:1/x?configId=d", MH_EVENT_PING, body, "s-1", NULL);

  g_assert_cmpstr (start->method, ==, "POST");
  g_assert_cmpstr (start->uri, ==,
      "https://edge.example/ee/va/v1/sessionStart?configId=ds-1");
  g_assert_true (g_bytes_equal (start->body, body));
  g_assert_cmpstr (event->uri, ==,
      "https://edge.example/ee/va6/va/v1/statesUpdate?configId=ds-1");
  g_assert_cmpmem (g_bytes_get_data (event->body, NULL),
      g_bytes_get_size (event->body),
      "{\"mediaCollection\":{\"sessionID\":\"s-1\",\"playhead\":1}}", 52);
  g_assert_cmpstr (
      bare->uri, ==, "http://127.0.0.1:1/x/ee/va/v1/ping?configId=d");
}

/* ---- answers ---- */

/* With single quotes in @text. */
static void
judge (MhEvent event, guint status, const char *text, MhOutcome *outcome)
{
  g_autoptr (GString) quoted = g_string_new (text ? text : "");
  g_autoptr (GBytes) body = NULL;

  g_string_replace (quoted, "'", "\"", 0);
  body = g_bytes_new (quoted->str, quoted->len);
  mh_protocol_edge.answer (event,
      &(MhAnswer){ .status = status, .body = text ? body : NULL }, 0, outcome);
  g_assert_cmpint (
      outcome->kind == MH_OUTCOME_ACCEPTED, ==, outcome->reason == NULL);
}

#define NEW_SESSION(id) \
  "{'type':'media-analytics:new-session','eventIndex':0," \
  "'payload':[{'sessionId':'" id "'}]}"
#define HINTS \
  "{'type':'locationHint:result','payload':[" \
  "{'scope':'Target','hint':'34','ttlSeconds':1800}," \
  "{'scope':'EdgeNetwork','hint':'va6','ttlSeconds':1800}]}"
#define ERROR(code) \
  "{'errors':[{'type':'https://ns.adobe.com/aep/errors/" code "'," \
  "'status':400,'title':'Invalid request'}]}"

static void
test_answer_start (void)
{
  static const struct
  {
    guint status;
    const char *body;
    MhOutcomeKind kind;
    guint tries;
    const char *id;
    const char *hint;
  } rows[] = {
    { 200, "{'requestId':'r','handle':[" NEW_SESSION (SID) "," HINTS "]}",
        MH_OUTCOME_ACCEPTED, 0, SID, "va6" },
    { 207,
        "{'handle':[{'type':'state:store'}," HINTS
        "," NEW_SESSION ("a-_1") "]}",
        MH_OUTCOME_ACCEPTED, 0, "a-_1", "va6" },
    { 200, "{'handle':[" NEW_SESSION ("x") "]}", MH_OUTCOME_ACCEPTED, 0, "x",
        NULL },
    { 200,
        "{'handle':[{'type':'locationHint:result','payload':[{'scope':"
        "'EdgeNetwork','hint':'../x'}]}," NEW_SESSION ("x") "]}",
        MH_OUTCOME_ACCEPTED, 0, "x", NULL },
    { 200, "{'handle':[" NEW_SESSION ("a/b") "]}", MH_OUTCOME_RETRY,
        MH_PROTOCOL_TRIES, NULL, NULL },
    { 200, "{'handle':[" NEW_SESSION ("") "]}", MH_OUTCOME_RETRY,
        MH_PROTOCOL_TRIES, NULL, NULL },
    { 200,
        "{'handle':[{'type':'media-analytics:new-session','payload':7},7,"
        "null]}",
        MH_OUTCOME_RETRY, MH_PROTOCOL_TRIES, NULL, NULL },
    { 200, "{'handle':[]}", MH_OUTCOME_RETRY, MH_PROTOCOL_TRIES, NULL, NULL },
    { 204, NULL, MH_OUTCOME_RETRY, MH_PROTOCOL_TRIES, NULL, NULL },
    { 200, "not json", MH_OUTCOME_RETRY, MH_PROTOCOL_TRIES, NULL, NULL },
    { 200, "{}{}", MH_OUTCOME_RETRY, MH_PROTOCOL_TRIES, NULL, NULL },
    { 200, "<html>", MH_OUTCOME_RETRY, 0, NULL, NULL },
    { 207, ERROR ("va-edge-0400-400"), MH_OUTCOME_REFUSED, 0, NULL, NULL },
    { 200, ERROR ("va-edge-0404-404"), MH_OUTCOME_RETRY, MH_PROTOCOL_TRIES,
        NULL, NULL },
    { 400, "{'type':'va-edge-0400-400'}", MH_OUTCOME_REFUSED, 0, NULL, NULL },
    { 404, "{}", MH_OUTCOME_REFUSED, 0, NULL, NULL },
    { 422, NULL, MH_OUTCOME_REFUSED, 0, NULL, NULL },
    { 500, NULL, MH_OUTCOME_DOUBT, 0, NULL, NULL },
    { 503, NULL, MH_OUTCOME_RETRY, 0, NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_auto (MhOutcome) outcome = { 0 };

    judge (MH_EVENT_SESSION_START, rows[i].status, rows[i].body, &outcome);
    g_assert_cmpint (outcome.kind, ==, rows[i].kind);
    g_assert_cmpuint (outcome.tries, ==, rows[i].tries);
    g_assert_cmpstr (outcome.session_id, ==, rows[i].id);
    g_assert_cmpstr (outcome.hint, ==, rows[i].hint);
  }
}

static void
test_answer_event (void)
{
  static const struct
  {
    guint status;
    const char *body;
    MhOutcomeKind kind;
    guint tries;
    gboolean repeated;
  } rows[] = {
    { 204, NULL, MH_OUTCOME_ACCEPTED, 0, FALSE },
    { 200, "{}", MH_OUTCOME_ACCEPTED, 0, FALSE },
    { 207, "{'errors':[]}", MH_OUTCOME_ACCEPTED, 0, FALSE },
    { 207, ERROR ("EXEG-0301-200"), MH_OUTCOME_ACCEPTED, 0, FALSE },
    { 207, "{'errors':[7,{'type':7}]}", MH_OUTCOME_ACCEPTED, 0, FALSE },
    { 200, ERROR ("va-edge-0404-404"), MH_OUTCOME_EXPIRED, 0, TRUE },
    { 207, ERROR ("va-edge-0400-400"), MH_OUTCOME_REFUSED, 0, TRUE },
    { 400, "{'type':'x'}", MH_OUTCOME_REFUSED, 0, TRUE },
    { 404, "{'type':'va-edge-0404-404'}", MH_OUTCOME_EXPIRED, 0, TRUE },
    { 404, NULL, MH_OUTCOME_EXPIRED, 0, TRUE },
    { 404, "<html>", MH_OUTCOME_RETRY, 0, FALSE },
    { 410, NULL, MH_OUTCOME_EXPIRED, 0, TRUE },
    { 413, NULL, MH_OUTCOME_REFUSED, 0, FALSE },
    { 415, NULL, MH_OUTCOME_REFUSED, 0, FALSE },
    { 422, NULL, MH_OUTCOME_REFUSED, 0, FALSE },
    { 408, NULL, MH_OUTCOME_RETRY, 0, FALSE },
    { 425, NULL, MH_OUTCOME_RETRY, 0, FALSE },
    { 429, NULL, MH_OUTCOME_RETRY, 0, FALSE },
    { 500, NULL, MH_OUTCOME_DOUBT, 0, FALSE },
    { 501, NULL, MH_OUTCOME_DOUBT, 0, FALSE },
    { 502, NULL, MH_OUTCOME_RETRY, 0, FALSE },
    { 503, NULL, MH_OUTCOME_RETRY, 0, FALSE },
    { 504, NULL, MH_OUTCOME_RETRY, 0, FALSE },
    { 505, NULL, MH_OUTCOME_DOUBT, 0, FALSE },
    { 507, NULL, MH_OUTCOME_RETRY, 0, FALSE },
    { 0, NULL, MH_OUTCOME_RETRY, 0, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_auto (MhOutcome) outcome = { 0 };

    judge (MH_EVENT_PING, rows[i].status, rows[i].body, &outcome);
    g_assert_cmpint (outcome.kind, ==, rows[i].kind);
    g_assert_cmpuint (outcome.tries, ==, rows[i].tries);
    g_assert_cmpint (outcome.repeated, ==, rows[i].repeated);
    g_assert_null (outcome.session_id);
  }
}

/* As deep as the body of an answer may be long. */
static void
test_answer_deep (void)
{
  g_autofree char *deep = g_strnfill (MH_ANSWER_MAX_BODY, '[');
  g_auto (MhOutcome) outcome = { 0 };

  judge (MH_EVENT_SESSION_START, 200, deep, &outcome);
  g_assert_cmpint (outcome.kind, ==, MH_OUTCOME_RETRY);
}

static MhOutcomeKind
batch_kind (guint status, const char *text)
{
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
  g_auto (MhOutcome) outcome = { 0 };

  mh_protocol_edge.batch_answer (
      &(MhAnswer){ .status = status, .body = body }, 0, &outcome);
  return outcome.kind;
}

static void
test_answer_batch (void)
{
  g_assert_cmpint (batch_kind (200, "{}"), ==, MH_OUTCOME_ACCEPTED);
  g_assert_cmpint (batch_kind (207, "{\"errors\":[{\"type\":\"a/0400-400\"}]}"),
      ==, MH_OUTCOME_REFUSED);
  g_assert_cmpint (batch_kind (404, "{}"), ==, MH_OUTCOME_REFUSED);
  g_assert_cmpint (batch_kind (500, ""), ==, MH_OUTCOME_DOUBT);
  g_assert_cmpint (batch_kind (503, ""), ==, MH_OUTCOME_RETRY);
}

/* ---- batches ---- */

typedef struct
{
  MhConfig *config;
  GBytes *start;
  GPtrArray *hits;
  guint left_out;
} Batch;

static void
batch_set_up (Batch *f, gconstpointer data)
{
  f->config = full_config ();
  f->start = encode (f->config, MH_EVENT_SESSION_START, 0, TS,
      "{'media.id': <'clip-1'>, 'media.resume': <false>}");
  f->hits = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
}

static void
batch_tear_down (Batch *f, gconstpointer data)
{
  mh_config_unref (f->config);
  g_bytes_unref (f->start);
  g_ptr_array_unref (f->hits);
}

static void
add_hit (Batch *f, MhEvent event, gint64 at)
{
  g_ptr_array_add (
      f->hits, encode (f->config, event, (double) at / 1000, TS + at, NULL));
}

/* The events of the batch. */
static JsonArray *
make_batch (Batch *f, gboolean resume, JsonNode **node)
{
  g_autoptr (GBytes) body = mh_protocol_edge_batch_encode (
      f->start, resume, f->hits, &f->left_out);
  gsize length;
  const char *text = g_bytes_get_data (body, &length);
  g_autofree char *copy = g_strndup (text, length);
  JsonObject *xdm;

  g_assert_cmpuint (length, <=, MH_PROTOCOL_EDGE_BATCH_MAX);
  *node = json_from_string (copy, NULL);
  g_assert_nonnull (*node);
  xdm = json_object_get_object_member (
      json_array_get_object_element (
          json_object_get_array_member (json_node_get_object (*node), "events"),
          0),
      "xdm");
  return json_object_get_array_member (xdm, "mediaDownloadedEvents");
}

static void
test_batch_rest (Batch *f, gconstpointer data)
{
  g_autoptr (JsonNode) node = NULL;
  JsonArray *events;
  JsonObject *start, *collection;

  add_hit (f, MH_EVENT_PAUSE_START, 61000);
  add_hit (f, MH_EVENT_SESSION_END, 62000);
  g_ptr_array_insert (f->hits, 1, g_bytes_new_static ("{}", 2));
  g_ptr_array_insert (
      f->hits, 1, g_bytes_new_static ("{\"events\":[{\"xdm\":7}]}", 22));
  events = make_batch (f, TRUE, &node);
  g_assert_cmpuint (f->left_out, ==, 2);
  g_assert_cmpuint (json_array_get_length (events), ==, 3);
  start = json_array_get_object_element (events, 0);
  collection = json_object_get_object_member (start, "mediaCollection");
  g_assert_cmpstr (json_object_get_string_member (start, "mediaEventTimestamp"),
      ==, "2026-11-28T20:01:00.999Z");
  g_assert_cmpint (json_object_get_int_member (collection, "playhead"), ==, 61);
  g_assert_true (json_object_get_boolean_member (
      json_object_get_object_member (collection, "sessionDetails"),
      "hasResume"));
}

static void
test_batch_broken (Batch *f, gconstpointer data)
{
  static const char *const broken[] = { "{}", "[]", "7", "{\"events\":7}",
    "{\"events\":[]}", "{\"events\":[7]}", "{\"events\":[{\"xdm\":{}}]}" };

  for (guint i = 0; i < G_N_ELEMENTS (broken); i++) {
    g_autoptr (GBytes) start = g_bytes_new (broken[i], strlen (broken[i]));

    g_assert_null (
        mh_protocol_edge_batch_encode (start, FALSE, f->hits, &f->left_out));
  }
}

/* A day of content, paused now and then: all but pings are there, and no ten
 * minutes without any. */
static void
test_batch_long (Batch *f, gconstpointer data)
{
  g_autoptr (JsonNode) node = NULL;
  JsonArray *events;
  guint n_pauses = 0;
  gint64 last = TS;

  for (gint64 at = 10; at < 24 * 60 * 60; at += 10)
    add_hit (
        f, at % 3600 == 0 ? MH_EVENT_PAUSE_START : MH_EVENT_PING, at * 1000);
  events = make_batch (f, FALSE, &node);
  g_assert_cmpuint (json_array_get_length (events), >, 300);
  for (guint i = 0; i < json_array_get_length (events); i++) {
    JsonObject *event = json_array_get_object_element (events, i);
    g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (
        json_object_get_string_member (event, "mediaEventTimestamp"), NULL);
    gint64 ts = g_date_time_to_unix (time) * 1000;

    g_assert_cmpint (ts - last, <=, 600 * 1000);
    last = ts;
    n_pauses += g_str_equal (
        json_object_get_string_member (event, "mediaEventType"),
        "media.pauseStart");
  }
  g_assert_cmpuint (n_pauses, ==, 23);
  g_assert_cmpint (last, >=, TS + (24 * 60 * 60 - 600) * 1000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (g_file_get_contents (
      SOURCE_DIR "/docs/design/wire-media-edge.md", &document, NULL, NULL));
  g_test_add_func ("/edge/example/events", test_examples);
  g_test_add_func ("/edge/example/downloaded", test_example_downloaded);
  g_test_add_func ("/edge/event/numbers", test_numbers);
  g_test_add_func ("/edge/event/state-end", test_state_end);
  g_test_add_func ("/edge/event/qoe", test_qoe);
  g_test_add_func ("/edge/event/metadata", test_metadata);
  g_test_add_func ("/edge/event/identity", test_identity);
  g_test_add_func ("/edge/event/hostile-strings", test_hostile_strings);
  g_test_add_func ("/edge/endpoint", test_endpoint);
  g_test_add_func ("/edge/request", test_request);
  g_test_add_func ("/edge/answer/session-start", test_answer_start);
  g_test_add_func ("/edge/answer/event", test_answer_event);
  g_test_add_func ("/edge/answer/deep", test_answer_deep);
  g_test_add_func ("/edge/answer/batch", test_answer_batch);
  g_test_add ("/edge/batch/rest", Batch, NULL, batch_set_up, test_batch_rest,
      batch_tear_down);
  g_test_add ("/edge/batch/broken", Batch, NULL, batch_set_up,
      test_batch_broken, batch_tear_down);
  g_test_add ("/edge/batch/long", Batch, NULL, batch_set_up, test_batch_long,
      batch_tear_down);
  return g_test_run ();
}
