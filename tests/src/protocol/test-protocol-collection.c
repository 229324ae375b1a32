/* Tests of mh-protocol-collection.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-protocol-private.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#define SERVER "https://a.example"
#define VERSION "gst-media-heartbeat/" MH_VERSION

static MhHit *
new_hit (MhEvent event, double playhead, const char *params,
    const char *metadata, const char *qoe)
{
  MhHit *hit = mh_hit_new (event, 2, playhead, 0,
      params ? g_variant_new_parsed (params) : NULL,
      metadata ? g_variant_new_parsed (metadata) : NULL,
      qoe ? g_variant_new_parsed (qoe) : NULL);

  hit->ts = 1767225600123;
  return hit;
}

/* Takes @hit. What is wanted may have other spaces and single quotes. */
static void
assert_text (const MhConfig *config, MhHit *hit, const char *wanted)
{
  g_autoptr (MhHit) owned = hit;
  g_autofree char *text = mh_protocol_collection_event_text (
      config, hit, FALSE);
  g_autoptr (GBytes) body = mh_protocol_collection.encode (config, owned, NULL);
  g_autoptr (GString) quoted = g_string_new (wanted);

  g_string_replace (quoted, "'", "\"", 0);
  g_assert_cmpstr (text, ==, quoted->str);
  g_assert_cmpmem (g_bytes_get_data (body, NULL), g_bytes_get_size (body),
      quoted->str, quoted->len);
}

static MhConfig *
full_config (void)
{
  MhConfig *config = mh_config_new ();

  config->collection_server = g_strdup (SERVER);
  config->tracking_server = g_strdup ("track.example");
  config->report_suite = g_strdup ("suite");
  config->org_id = g_strdup ("ORG@AdobeOrg");
  config->visitor_id = g_strdup ("v1");
  config->marketing_cloud_user_id = g_strdup ("m1");
  config->app_installation_id = g_strdup ("i1");
  config->channel = g_strdup ("chan");
  config->player_name = g_strdup ("player");
  config->app_version = g_strdup ("1.0");
  return config;
}

static void
test_ping (void)
{
  g_autoptr (MhConfig) config = full_config ();

  assert_text (config, new_hit (MH_EVENT_PING, 12.5, NULL, NULL, NULL),
      "{'eventType':'ping',"
      "'playerTime':{'playhead':12.5,'ts':1767225600123}}");
}

static void
test_with_session (void)
{
  g_autoptr (MhConfig) config = mh_config_new ();
  g_autoptr (MhHit) hit = new_hit (MH_EVENT_PLAY, 0, NULL, NULL, NULL);
  g_autofree char *text = mh_protocol_collection_event_text (config, hit, TRUE);

  g_assert_cmpstr (text, ==,
      "{\"session\":2,\"eventType\":\"play\","
      "\"playerTime\":{\"playhead\":0,\"ts\":1767225600123}}");
}

static void
test_session_start_full (void)
{
  g_autoptr (MhConfig) config = full_config ();

  assert_text (config,
      new_hit (MH_EVENT_SESSION_START, 0,
          "{'media.id': <'id'>, 'media.length': <30.0>,"
          " 'media.resume': <false>}",
          "{'key1': 'value1'}", NULL),
      "{'eventType':'sessionStart',"
      "'playerTime':{'playhead':0,'ts':1767225600123},"
      "'params':{'analytics.trackingServer':'track.example',"
      "'analytics.reportSuite':'suite',"
      "'visitor.marketingCloudOrgId':'ORG@AdobeOrg',"
      "'analytics.enableSSL':true,'analytics.visitorId':'v1',"
      "'visitor.marketingCloudUserId':'m1','appInstallationId':'i1',"
      "'media.playerName':'player','media.channel':'chan',"
      "'media.sdkVersion':'1.0','media.libraryVersion':'" VERSION "',"
      "'media.id':'id','media.length':30,'media.resume':false},"
      "'customMetadata':{'key1':'value1'}}");
}

static void
test_session_start_bare (void)
{
  g_autoptr (MhConfig) config = mh_config_new ();

  assert_text (config, new_hit (MH_EVENT_SESSION_START, 0, NULL, NULL, NULL),
      "{'eventType':'sessionStart',"
      "'playerTime':{'playhead':0,'ts':1767225600123},"
      "'params':{'media.libraryVersion':'" VERSION "'}}");
}

#define START_WITH(params) \
  "{'eventType':'sessionStart'," \
  "'playerTime':{'playhead':0,'ts':1767225600123}," \
  "'params':{" params "'media.libraryVersion':'" VERSION "'}}"

/* Who the visitor is, and what may be done with it: what is not set is not
 * there, and of the customer IDs those that are some. */
static void
test_identity (void)
{
  static const struct
  {
    const char *ids;
    const char *wanted;
  } rows[] = {
    { "@a{ss} {}", START_WITH ("") },
    { "{'crm': 'nobody'}", START_WITH ("") },
    { "{'crm': 'u \"1\",1'}",
        START_WITH ("'visitor.customerIDs':"
                    "{'crm':{'id':'u \\'1\\'','authState':1}},") },
    { "{'bad': 'nobody', 'crm': 'a,0', 'worse': ',2', 'x y': 'b,c,2'}",
        START_WITH ("'visitor.customerIDs':{'crm':{'id':'a','authState':0},"
                    "'x y':{'id':'b,c','authState':2}},") },
  };
  g_autoptr (MhConfig) config = mh_config_new ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_clear_pointer (&config->customer_ids, g_variant_unref);
    config->customer_ids = g_variant_ref_sink (
        g_variant_new_parsed (rows[i].ids));
    assert_text (config, new_hit (MH_EVENT_SESSION_START, 0, NULL, NULL, NULL),
        rows[i].wanted);
  }
  g_clear_pointer (&config->customer_ids, g_variant_unref);
  config->analytics_id = g_strdup ("A1");
  config->opt_out_share = TRUE;
  config->opt_out_forwarding = TRUE;
  config->location_hint = 0;
  assert_text (config, new_hit (MH_EVENT_SESSION_START, 0, NULL, NULL, NULL),
      START_WITH ("'analytics.aid':'A1','analytics.optOutShare':true,"
                  "'analytics.optOutServerSideForwarding':true,"
                  "'visitor.aamLocationHint':0,"));
  assert_text (config, new_hit (MH_EVENT_PING, 0, NULL, NULL, NULL),
      "{'eventType':'ping','playerTime':{'playhead':0,'ts':1767225600123}}");
}

static void
test_enable_ssl (void)
{
  static const char *const servers[] = { "http://localhost:1",
    "https://a.example", "HTTPS://a.example" };

  for (guint i = 0; i < G_N_ELEMENTS (servers); i++) {
    g_autoptr (MhConfig) config = mh_config_new ();
    g_autofree char *wanted = g_strdup_printf (
        "{'eventType':'sessionStart',"
        "'playerTime':{'playhead':0,'ts':1767225600123},"
        "'params':{'analytics.enableSSL':%s,"
        "'media.libraryVersion':'" VERSION "'}}",
        i == 0 ? "false" : "true");

    config->collection_server = g_strdup (servers[i]);
    assert_text (
        config, new_hit (MH_EVENT_SESSION_START, 0, NULL, NULL, NULL), wanted);
  }
}

static void
test_config_wins (void)
{
  g_autoptr (MhConfig) config = mh_config_new ();

  config->channel = g_strdup ("ours");
  assert_text (config,
      new_hit (MH_EVENT_SESSION_START, 0,
          "{'media.channel': <'theirs'>, 'media.playerName': <'theirs'>}", NULL,
          NULL),
      "{'eventType':'sessionStart',"
      "'playerTime':{'playhead':0,'ts':1767225600123},"
      "'params':{'media.channel':'ours',"
      "'media.libraryVersion':'" VERSION "','media.playerName':'theirs'}}");
}

static void
test_duplicates (void)
{
  g_autoptr (MhConfig) config = mh_config_new ();

  assert_text (config,
      new_hit (MH_EVENT_CHAPTER_START, 1,
          "[{'media.chapter.index', <int64 1>},"
          " {'media.chapter.index', <'x'>}]",
          "[{'a', '1'}, {'b', '2'}, {'a', '3'}]", NULL),
      "{'eventType':'chapterStart',"
      "'playerTime':{'playhead':1,'ts':1767225600123},"
      "'params':{'media.chapter.index':1},"
      "'customMetadata':{'a':'1','b':'2'}}");
}

static void
test_ad_start (void)
{
  g_autoptr (MhConfig) config = full_config ();
  g_autoptr (MhConfig) bare = mh_config_new ();

  assert_text (config,
      new_hit (MH_EVENT_AD_START, 0, "{'media.ad.podPosition': <int64 1>}",
          NULL, NULL),
      "{'eventType':'adStart',"
      "'playerTime':{'playhead':0,'ts':1767225600123},"
      "'params':{'media.ad.playerName':'player','media.ad.podPosition':1}}");
  assert_text (bare, new_hit (MH_EVENT_AD_START, 0, NULL, NULL, NULL),
      "{'eventType':'adStart',"
      "'playerTime':{'playhead':0,'ts':1767225600123}}");
}

static void
test_qoe (void)
{
  g_autoptr (MhConfig) config = mh_config_new ();

  assert_text (config,
      new_hit (MH_EVENT_ERROR, 0.5, NULL, NULL,
          "{'media.qoe.bitrate': <int64 96000>,"
          " 'media.qoe.errorID': <'a\"b'>}"),
      "{'eventType':'error',"
      "'playerTime':{'playhead':0.5,'ts':1767225600123},"
      "'qoeData':{'media.qoe.bitrate':96000,"
      "'media.qoe.errorID':'a\\'b'}}");
}

static void
test_not_finite (void)
{
  g_autoptr (MhConfig) config = mh_config_new ();
  GVariantBuilder params;
  MhHit *hit;

  g_variant_builder_init (&params, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (
      &params, "{sv}", "media.ad.length", g_variant_new_double (INFINITY));
  g_variant_builder_add (
      &params, "{sv}", "media.ad.podSecond", g_variant_new_double (NAN));
  hit = mh_hit_new (
      MH_EVENT_PLAY, 0, 0, 0, g_variant_builder_end (&params), NULL, NULL);
  assert_text (
      config, hit, "{'eventType':'play','playerTime':{'playhead':0,'ts':0}}");
}

/* Names and values that try to break out of their strings. */
static void
test_hostile_strings (void)
{
  static const char *const hostile[] = { "\",\"x\":\"", "\\", "\n\r\t\x01\x7f",
    "</script>", "a\xe2\x80\xa8z", "''; DROP TABLE hits" };
  g_autoptr (MhConfig) config = mh_config_new ();
  GVariantBuilder metadata;
  g_autoptr (MhHit) hit = NULL;
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object;

  g_variant_builder_init (&metadata, G_VARIANT_TYPE ("a{ss}"));
  for (guint i = 0; i < G_N_ELEMENTS (hostile); i++)
    g_variant_builder_add (&metadata, "{ss}", hostile[i], hostile[i]);
  hit = mh_hit_new (MH_EVENT_SESSION_START, 0, 0, 0, NULL,
      g_variant_builder_end (&metadata), NULL);
  config->channel = g_strdup ("not UTF-8: \xff");
  text = mh_protocol_collection_event_text (config, hit, FALSE);
  g_assert_null (strpbrk (text, "\r\n"));
  node = json_from_string (text, NULL);
  g_assert_nonnull (node);
  object = json_object_get_object_member (
      json_node_get_object (node), "customMetadata");
  g_assert_cmpuint (json_object_get_size (object), ==, G_N_ELEMENTS (hostile));
  for (guint i = 0; i < G_N_ELEMENTS (hostile); i++)
    g_assert_cmpstr (
        json_object_get_string_member (object, hostile[i]), ==, hostile[i]);
}

/* A week of pings. How long they take is told, not judged: machines differ. */
static void
test_speed (void)
{
  g_autoptr (MhConfig) config = full_config ();
  gsize size = 0;
  double elapsed;

  g_test_timer_start ();
  for (guint i = 0; i < 60000; i++) {
    g_autoptr (MhHit) hit = new_hit (MH_EVENT_PING, i * 10 + 0.123456, NULL,
        NULL, i % 100 ? NULL : "{'media.qoe.bitrate': <int64 96000>}");
    g_autoptr (GBytes) body = mh_protocol_collection.encode (config, hit, NULL);

    size += g_bytes_get_size (body);
  }
  elapsed = g_test_timer_elapsed ();
  g_test_message (
      "60000 pings, %" G_GSIZE_FORMAT " bytes, %.3f s", size, elapsed);
  g_assert_cmpuint (size, >, 60000 * 70);
}

static void
test_request (void)
{
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
  g_autoptr (MhRequest) start = mh_protocol_collection.request (
      SERVER "/", MH_EVENT_SESSION_START, body, NULL, NULL);
  g_autoptr (MhRequest) event = mh_protocol_collection.request (
      SERVER, MH_EVENT_PING, body, "s-1", NULL);

  g_assert_cmpstr (start->method, ==, "POST");
  g_assert_cmpstr (start->uri, ==, SERVER "/api/v1/sessions");
  g_assert_true (start->body == body);
  g_assert_cmpstr (event->method, ==, "POST");
  g_assert_cmpstr (event->uri, ==, SERVER "/api/v1/sessions/s-1/events");
}

static MhOutcomeKind
batch_kind_of (guint status)
{
  g_auto (MhOutcome) outcome = { 0 };

  mh_protocol_collection.batch_answer (
      &(MhAnswer){ .status = status }, 0, &outcome);
  g_assert_null (outcome.session_id);
  return outcome.kind;
}

static void
test_batch (void)
{
  g_autoptr (GBytes) start = g_bytes_new_static (
      "{\"eventType\":\"sessionStart\",\"playerTime\":{}}", 44);
  g_autoptr (GBytes) broken = g_bytes_new_static ("{}", 2);
  g_autoptr (GPtrArray) hits = g_ptr_array_new ();
  guint left_out;
  g_autoptr (MhRequest) request = mh_protocol_collection.batch (
      SERVER "/", start, FALSE, hits, &left_out);

  g_assert_cmpstr (request->method, ==, "POST");
  g_assert_cmpstr (request->uri, ==, SERVER "/api/v1/downloaded");
  g_assert_null (
      mh_protocol_collection.batch (SERVER, broken, FALSE, hits, &left_out));
  g_assert_cmpint (batch_kind_of (201), ==, MH_OUTCOME_ACCEPTED);
  g_assert_cmpint (batch_kind_of (400), ==, MH_OUTCOME_REFUSED);
  g_assert_cmpint (batch_kind_of (404), ==, MH_OUTCOME_REFUSED);
  g_assert_cmpint (batch_kind_of (503), ==, MH_OUTCOME_RETRY);
  g_assert_cmpint (batch_kind_of (0), ==, MH_OUTCOME_RETRY);
}

static MhOutcomeKind
kind_of (MhEvent event, guint status, const char *location)
{
  g_auto (MhOutcome) outcome = { 0 };

  mh_protocol_collection.answer (event,
      &(MhAnswer){ .status = status, .location = location }, 0, &outcome);
  g_assert_cmpint (
      outcome.kind == MH_OUTCOME_ACCEPTED, ==, outcome.reason == NULL);
  return outcome.kind;
}

static void
assert_location (const char *location, const char *session_id)
{
  g_auto (MhOutcome) outcome = { 0 };

  mh_protocol_collection.answer (MH_EVENT_SESSION_START,
      &(MhAnswer){ .status = 201, .location = location }, 0, &outcome);
  g_assert_cmpstr (outcome.session_id, ==, session_id);
  g_assert_cmpint (
      outcome.kind, ==, session_id ? MH_OUTCOME_ACCEPTED : MH_OUTCOME_RETRY);
  g_assert_cmpuint (outcome.tries, ==, session_id ? 0 : MH_PROTOCOL_TRIES);
}

static void
test_location (void)
{
  g_autofree char *longest = g_strnfill (256, 'x');
  g_autofree char *too_long = g_strnfill (257, 'x');

  assert_location ("/api/v1/sessions/abc-1_Z", "abc-1_Z");
  assert_location ("https://evil.example/other/abc", "abc");
  assert_location ("//evil.example/abc", "abc");
  assert_location ("abc", "abc");
  assert_location ("/s/abc?x=/def#/ghi", "abc");
  assert_location ("/s/abc#/def", "abc");
  assert_location (longest, longest);
  assert_location (too_long, NULL);
  assert_location (NULL, NULL);
  assert_location ("", NULL);
  assert_location ("/", NULL);
  assert_location ("/s/abc/", "abc");
  assert_location ("/s/abc//", "abc");
  assert_location ("/s/abc/?x", "abc");
  assert_location ("/api//v1/sessions//abc", "abc");
  assert_location ("https://evil.example/s/abc/", "abc");
  assert_location ("abc/", "abc");
  assert_location ("/s/abc%2Ddef%5f", "abc-def_");
  assert_location ("/s/abc%2Fdef", NULL);
  assert_location ("/s/abc%00", NULL);
  assert_location ("/s/abc%", NULL);
  assert_location ("/api/v1/sessions/", NULL);
  assert_location ("/api/v1/sessions", NULL);
  assert_location ("https://host/", NULL);
  assert_location ("//host/", NULL);
  assert_location ("/?abc", NULL);
  assert_location ("/s/..", NULL);
  assert_location ("/s/a%2e", NULL);
  assert_location ("/s/a b", NULL);
  assert_location ("/s/\xff", NULL);
  assert_location ("https://host", NULL);
  assert_location ("https://host?/abc", NULL);
  assert_location ("https://", NULL);
}

/* What is not the server's own: the same answer with and without a page. */
static MhOutcomeKind
kind_of_page (MhEvent event, guint status, const char *text)
{
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
  g_auto (MhOutcome) outcome = { 0 };

  mh_protocol_collection.answer (event,
      &(MhAnswer){ .status = status, .location = "/login", .body = body }, 0,
      &outcome);
  return outcome.kind;
}

static void
test_answers_page (void)
{
  static const guint statuses[] = { 200, 302, 307, 400, 401, 403, 404, 405, 407,
    410, 451, 500, 503, 511 };
  static const char *const pages[] = { "<html>", " \n<!DOCTYPE html>",
    "\xef\xbb\xbf<?xml" };
  static const MhEvent events[] = { MH_EVENT_SESSION_START, MH_EVENT_PING };

  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++) {
    for (guint j = 0; j < G_N_ELEMENTS (pages) * G_N_ELEMENTS (events); j++)
      g_assert_cmpint (kind_of_page (events[j % 2], statuses[i], pages[j / 2]),
          ==, MH_OUTCOME_RETRY);
  }
  /* The server's own. */
  g_assert_cmpint (
      kind_of_page (MH_EVENT_PING, 404, "{}"), ==, MH_OUTCOME_EXPIRED);
  g_assert_cmpint (kind_of_page (MH_EVENT_PING, 404, "no such session"), ==,
      MH_OUTCOME_EXPIRED);
  g_assert_cmpint (
      kind_of_page (MH_EVENT_PING, 403, "{}"), ==, MH_OUTCOME_REFUSED);
  g_assert_cmpint (
      kind_of_page (MH_EVENT_PING, 413, "<html>"), ==, MH_OUTCOME_REFUSED);
  g_assert_cmpint (
      kind_of_page (MH_EVENT_PING, 200, "{}"), ==, MH_OUTCOME_ACCEPTED);
}

static void
test_answers_start (void)
{
  const MhEvent start = MH_EVENT_SESSION_START;

  g_assert_cmpint (kind_of (start, 200, "/s/a"), ==, MH_OUTCOME_ACCEPTED);
  g_assert_cmpint (kind_of (start, 200, NULL), ==, MH_OUTCOME_RETRY);
  g_assert_cmpint (kind_of (start, 201, NULL), ==, MH_OUTCOME_RETRY);
  g_assert_cmpint (kind_of (start, 204, NULL), ==, MH_OUTCOME_RETRY);
  g_assert_cmpint (kind_of (start, 400, NULL), ==, MH_OUTCOME_REFUSED);
  g_assert_cmpint (kind_of (start, 404, NULL), ==, MH_OUTCOME_REFUSED);
  g_assert_cmpint (kind_of (start, 410, NULL), ==, MH_OUTCOME_REFUSED);
  g_assert_cmpint (kind_of (start, 302, "/s/a"), ==, MH_OUTCOME_RETRY);
  g_assert_cmpint (kind_of (start, 500, "/s/a"), ==, MH_OUTCOME_RETRY);
  g_assert_cmpint (kind_of (start, 0, NULL), ==, MH_OUTCOME_RETRY);
}

static void
test_answers_event (void)
{
  g_assert_cmpint (kind_of (MH_EVENT_PING, 204, NULL), ==, MH_OUTCOME_ACCEPTED);
  g_assert_cmpint (
      kind_of (MH_EVENT_PING, 200, "/s/a"), ==, MH_OUTCOME_ACCEPTED);
  g_assert_cmpint (kind_of (MH_EVENT_PING, 400, NULL), ==, MH_OUTCOME_REFUSED);
  g_assert_cmpint (kind_of (MH_EVENT_PING, 404, NULL), ==, MH_OUTCOME_EXPIRED);
  g_assert_cmpint (kind_of (MH_EVENT_PING, 410, NULL), ==, MH_OUTCOME_EXPIRED);
  g_assert_cmpint (kind_of (MH_EVENT_PING, 429, NULL), ==, MH_OUTCOME_RETRY);
  g_assert_cmpint (kind_of (MH_EVENT_PING, 301, NULL), ==, MH_OUTCOME_RETRY);
  g_assert_cmpint (kind_of (MH_EVENT_PING, 0, NULL), ==, MH_OUTCOME_RETRY);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/collection/event/ping", test_ping);
  g_test_add_func ("/collection/answers/page", test_answers_page);
  g_test_add_func ("/collection/event/with-session", test_with_session);
  g_test_add_func (
      "/collection/event/session-start/full", test_session_start_full);
  g_test_add_func (
      "/collection/event/session-start/bare", test_session_start_bare);
  g_test_add_func ("/collection/event/session-start/identity", test_identity);
  g_test_add_func (
      "/collection/event/session-start/enable-ssl", test_enable_ssl);
  g_test_add_func (
      "/collection/event/session-start/config-wins", test_config_wins);
  g_test_add_func ("/collection/event/ad-start", test_ad_start);
  g_test_add_func ("/collection/event/qoe", test_qoe);
  g_test_add_func ("/collection/event/duplicates", test_duplicates);
  g_test_add_func ("/collection/event/not-finite", test_not_finite);
  g_test_add_func ("/collection/event/hostile-strings", test_hostile_strings);
  g_test_add_func ("/collection/event/speed", test_speed);
  g_test_add_func ("/collection/request", test_request);
  g_test_add_func ("/collection/batch", test_batch);
  g_test_add_func ("/collection/answer/location", test_location);
  g_test_add_func ("/collection/answer/session-start", test_answers_start);
  g_test_add_func ("/collection/answer/event", test_answers_event);
  return g_test_run ();
}
