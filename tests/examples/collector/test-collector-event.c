/* Tests of collector-event and collector-schema: what an event may be.
 *
 * Events are written with ' for ", which none of them needs for itself.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-event.h"

#include "collector-json.h"
#include "collector-rules.h"
#include "collector-schema.h"

#include <string.h>

#define TIME "'playerTime': {'playhead': 1.5, 'ts': 1000}"
#define EVENT(type, rest) "{'eventType': '" type "', " TIME rest "}"
#define PLAIN(type) EVENT (type, "")
#define PARAMS(type, params) EVENT (type, ", 'params': {" params "}")
#define START(rest, after) \
  EVENT ("sessionStart", \
      ", 'params': {'analytics.trackingServer': 'a', " \
      "'analytics.reportSuite': 'b', 'visitor.marketingCloudOrgId': 'c', " \
      "'media.id': 'd', 'media.length': 60, 'media.contentType': 'vod', " \
      "'media.playerName': 'e', 'media.channel': 'f'" rest "}" after)
#define AD(rest, after) \
  EVENT ("adStart", \
      ", 'params': {'media.ad.id': 'a', 'media.ad.length': 5.5, " \
      "'media.ad.playerName': 'p'" rest "}" after)

typedef struct
{
  const char *name;
  const char *event;
  const char *reason; /* of a refused event */
} Case;

static const Case accepted[] = {
  { "session-start", START ("", "") },
  { "session-start-in-full",
      START (", 'analytics.enableSSL': true, 'analytics.visitorId': 'v', "
             "'analytics.aid': 'a', 'visitor.marketingCloudUserId': 'u', "
             "'visitor.aamLocationHint': 9, 'visitor.customerIDs': {'x y': "
             "{'id': 'i', 'authState': 2}}, 'appInstallationId': 'i', "
             "'media.name': 'n', 'media.streamType': 'audio', "
             "'media.resume': true, 'media.downloaded': false, "
             "'media.sdkVersion': '1', 'media.libraryVersion': '1', "
             "'analytics.optOutServerSideForwarding': false, "
             "'analytics.optOutShare': true, 'media.show': 's'",
          ", 'customMetadata': {'a.B_9': 'c'}, 'qoeData': "
          "{'media.qoe.bitrate': 5}") },
  { "own-standard-metadata", START (", 'media.ownThing': 'x'", "") },
  { "empty-string", START (", 'media.genre': ''", "") },
  { "session-complete", PLAIN ("sessionComplete") },
  { "session-end", PLAIN ("sessionEnd") },
  { "ad-break-start",
      PARAMS ("adBreakStart",
          "'media.ad.podIndex': 0, 'media.ad.podSecond': 0.5, "
          "'media.ad.podFriendlyName': 'n'") },
  { "ad-break-complete", PLAIN ("adBreakComplete") },
  { "ad-start",
      AD (", 'media.ad.podPosition': 1, 'media.ad.name': 'n', "
          "'media.ad.creativeURL': 'u', 'media.ad.own': 'o'",
          ", 'customMetadata': {'k': 'v'}") },
  { "ad-complete", PLAIN ("adComplete") },
  { "ad-skip", PLAIN ("adSkip") },
  { "chapter-start",
      EVENT ("chapterStart",
          ", 'params': {'media.chapter.index': 1, 'media.chapter.offset': 0, "
          "'media.chapter.length': 1.5, 'media.chapter.friendlyName': 'n', "
          "'media.own': 'x'}, 'customMetadata': {'k': ''}") },
  { "chapter-complete", PLAIN ("chapterComplete") },
  { "chapter-skip", PLAIN ("chapterSkip") },
  { "play", PLAIN ("play") },
  { "ping", PLAIN ("ping") },
  { "buffer-start", PLAIN ("bufferStart") },
  { "pause-start", PLAIN ("pauseStart") },
  { "bitrate-change",
      EVENT ("bitrateChange",
          ", 'qoeData': {'media.qoe.bitrate': 1, 'media.qoe.droppedFrames': 0, "
          "'media.qoe.framesPerSecond': 25, 'media.qoe.timeToStart': 12}") },
  { "error",
      EVENT ("error",
          ", 'qoeData': {'media.qoe.errorID': 'x', "
          "'media.qoe.errorSource': 'player'}") },
  { "state-start", PARAMS ("stateStart", "'media.state.name': 'mute'") },
  { "state-end", PARAMS ("stateEnd", "'media.state.name': 'own'") },
  { "integer-playhead",
      "{'eventType': 'ping', 'playerTime': {'playhead': 0, 'ts': 1}}" },
  { "large-ts",
      "{'eventType': 'ping', 'playerTime': {'playhead': 86399.999, "
      "'ts': 9223372036854775807}}" },
};

static const Case rejected[] = {
  { "array", "[]", "an event must be an object, not an array" },
  { "scalar", "5", "an event must be an object, not 5" },
  { "no-event-type", "{" TIME "}", "\"eventType\" is missing" },
  { "unknown-event-type", PLAIN ("seek"),
      "eventType: there is no event \"seek\"" },
  { "event-type-not-string", "{'eventType': 5, " TIME "}",
      "eventType: there is no event 5" },
  { "unknown-member", EVENT ("ping", ", 'extra': {}"),
      "\"extra\" is not a member of an event" },
  { "first-of-several-faults", EVENT ("ping", ", 'b': 1, 'a': 1, 'params': 1"),
      "\"b\" is not a member of an event" },
  { "control-characters", EVENT ("ping", ", '\\u001b[2J\\u009b': 1"),
      "\"\\u001b[2J\\u009b\" is not a member of an event" },

  { "no-player-time", "{'eventType': 'ping'}", "\"playerTime\" is missing" },
  { "player-time-not-object", "{'eventType': 'ping', 'playerTime': 5}",
      "playerTime: must be an object, not 5" },
  { "no-playhead", "{'eventType': 'ping', 'playerTime': {'ts': 1}}",
      "playerTime: \"playhead\" is missing" },
  { "no-ts", "{'eventType': 'ping', 'playerTime': {'playhead': 1}}",
      "playerTime: \"ts\" is missing" },
  { "playhead-string",
      "{'eventType': 'ping', 'playerTime': {'playhead': '1', 'ts': 1}}",
      "playerTime: \"playhead\" must be a number, not \"1\"" },
  { "playhead-null",
      "{'eventType': 'ping', 'playerTime': {'playhead': null, 'ts': 1}}",
      "playerTime: \"playhead\" must be a number, not null" },
  { "playhead-negative",
      "{'eventType': 'ping', 'playerTime': {'playhead': -0.5, 'ts': 1}}",
      "playerTime: \"playhead\" must be at least 0, not -0.5" },
  { "ts-fraction",
      "{'eventType': 'ping', 'playerTime': {'playhead': 1, 'ts': 5.0}}",
      "playerTime: \"ts\" must be an integer, not 5.0" },
  { "ts-exponent",
      "{'eventType': 'ping', 'playerTime': {'playhead': 1, 'ts': 1e3}}",
      "playerTime: \"ts\" must be an integer, not 1000.0" },
  { "ts-string",
      "{'eventType': 'ping', 'playerTime': {'playhead': 1, 'ts': '5'}}",
      "playerTime: \"ts\" must be an integer, not \"5\"" },
  { "ts-zero", "{'eventType': 'ping', 'playerTime': {'playhead': 1, 'ts': 0}}",
      "playerTime: \"ts\" must be at least 1, not 0" },
  { "unknown-player-time",
      "{'eventType': 'ping', 'playerTime': {'playhead': 1, 'ts': 1, 'x': 1}}",
      "playerTime: \"x\" is not known here" },

  { "unknown-param",
      PARAMS ("stateStart", "'media.state.name': 'a', 'other': 'b'"),
      "params: \"other\" is not known here" },
  { "unknown-param-without-metadata",
      PARAMS ("stateStart", "'media.state.name': 'a', 'media.own': 'b'"),
      "params: \"media.own\" is not known here" },
  { "unknown-param-on-start", START (", 'own.thing': 'x'", ""),
      "params: \"own.thing\" is not known here" },
  { "own-metadata-not-string", START (", 'media.own': 5", ""),
      "params: \"media.own\" is not known here, and as standard metadata must "
      "be a string, not 5" },
  { "own-metadata-odd-key", START (", 'media.o-n': 'x'", ""),
      "params: \"media.o-n\" is not known here" },
  { "missing-param",
      PARAMS ("chapterStart",
          "'media.chapter.index': 1, 'media.chapter.offset': 0"),
      "params: \"media.chapter.length\" is missing" },
  { "missing-params", PLAIN ("sessionStart"), "\"params\" is missing" },
  { "params-not-object", EVENT ("stateEnd", ", 'params': []"),
      "params: must be an object, not an array" },
  { "empty-params", PARAMS ("stateEnd", ""),
      "params: must be left out when it is empty" },
  { "ping-params", PARAMS ("ping", "'media.id': 'a'"),
      "params: ping has none" },
  { "ping-empty-params", PARAMS ("ping", ""), "params: ping has none" },
  { "boolean-as-string", START (", 'media.resume': 'true'", ""),
      "params: \"media.resume\" must be true or false, not \"true\"" },
  { "boolean-as-integer", START (", 'analytics.enableSSL': 1", ""),
      "params: \"analytics.enableSSL\" must be true or false, not 1" },
  { "string-as-integer", START (", 'media.episode': 5", ""),
      "params: \"media.episode\" must be a string, not 5" },
  { "integer-as-fraction", START (", 'visitor.aamLocationHint': 9.0", ""),
      "params: \"visitor.aamLocationHint\" must be an integer, not 9.0" },
  { "stream-type", START (", 'media.streamType': 'radio'", ""),
      "params: \"media.streamType\" must be audio or video, not \"radio\"" },
  { "pod-position", AD (", 'media.ad.podPosition': 0", ""),
      "params: \"media.ad.podPosition\" must be at least 1, not 0" },

  { "customer-ids-not-object", START (", 'visitor.customerIDs': 'x'", ""),
      "params: \"visitor.customerIDs\" must be an object, not \"x\"" },
  { "customer-not-object", START (", 'visitor.customerIDs': {'u': 'x'}", ""),
      "params: \"visitor.customerIDs\": \"u\": must be an object, not \"x\"" },
  { "customer-without-id",
      START (", 'visitor.customerIDs': {'u': {'authState': 1}}", ""),
      "params: \"visitor.customerIDs\": \"u\": \"id\" is missing" },
  { "customer-auth-state",
      START (", 'visitor.customerIDs': {'u': {'id': 'x', 'authState': 3}}", ""),
      "params: \"visitor.customerIDs\": \"u\": \"authState\" must be at most 2, "
      "not 3" },
  { "customer-auth-state-type",
      START (
          ", 'visitor.customerIDs': {'u': {'id': 'x', 'authState': '1'}}", ""),
      "params: \"visitor.customerIDs\": \"u\": \"authState\" must be an integer, "
      "not \"1\"" },
  { "customer-unknown-member",
      START (", 'visitor.customerIDs': "
             "{'u': {'id': 'x', 'authState': 1, 'y': 1}}",
          ""),
      "params: \"visitor.customerIDs\": \"u\": \"y\" is not known here" },

  { "empty-qoe", EVENT ("ping", ", 'qoeData': {}"),
      "qoeData: must be left out when it is empty" },
  { "unknown-qoe", EVENT ("ping", ", 'qoeData': {'media.qoe.x': 1}"),
      "qoeData: \"media.qoe.x\" is not known here" },
  { "qoe-fraction", EVENT ("ping", ", 'qoeData': {'media.qoe.bitrate': 1.5}"),
      "qoeData: \"media.qoe.bitrate\" must be an integer, not 1.5" },
  { "qoe-not-object", EVENT ("ping", ", 'qoeData': null"),
      "qoeData: must be an object, not null" },

  { "metadata-on-ping", EVENT ("ping", ", 'customMetadata': {'a': 'b'}"),
      "customMetadata: ping has none" },
  { "empty-metadata", START ("", ", 'customMetadata': {}"),
      "customMetadata: must be left out when it is empty" },
  { "metadata-not-object", START ("", ", 'customMetadata': 'x'"),
      "customMetadata: must be an object, not \"x\"" },
  { "metadata-value", START ("", ", 'customMetadata': {'a': 1}"),
      "customMetadata: \"a\" must be a string, not 1" },
  { "metadata-key", START ("", ", 'customMetadata': {'a b': 'c'}"),
      "customMetadata: the key \"a b\" has other characters than a-z, A-Z, 0-9, "
      "_ and ." },
  { "metadata-empty-key", START ("", ", 'customMetadata': {'': 'c'}"),
      "customMetadata: the key \"\" has other characters than a-z, A-Z, 0-9, "
      "_ and ." },
};

static JsonNode *
parse (const char *text)
{
  g_autofree char *json = g_strdelimit (g_strdup (text), "'", '"');
  g_autofree char *reason = NULL;
  JsonNode *node = collector_json_parse (json, strlen (json), &reason);

  g_assert_cmpstr (reason, ==, NULL);
  return node;
}

static void
accepts (gconstpointer data)
{
  const Case *test = data;
  g_autoptr (JsonNode) node = parse (test->event);
  g_autofree char *reason = NULL;

  g_assert_true (collector_event_check (node, &reason));
  g_assert_cmpstr (reason, ==, NULL);
}

static void
rejects (gconstpointer data)
{
  const Case *test = data;
  g_autoptr (JsonNode) node = parse (test->event);
  g_autofree char *reason = NULL;

  g_assert_false (collector_event_check (node, &reason));
  g_assert_cmpstr (reason, ==, test->reason);
}

static gboolean
accepts_without (JsonNode *node, const char *param)
{
  g_autofree char *text = json_to_string (node, FALSE);
  g_autoptr (JsonNode) copy = json_from_string (text, NULL);
  JsonObject *event = json_node_get_object (copy);
  g_autofree char *reason = NULL;

  json_object_remove_member (
      json_object_get_object_member (event, "params"), param);
  return collector_event_check (copy, &reason);
}

static void
requires_each_required_param (void)
{
  guint required = 0;

  for (guint i = 0; i < G_N_ELEMENTS (accepted); i++) {
    g_autoptr (JsonNode) node = parse (accepted[i].event);
    const CollectorRule *rule = collector_rules_for_event (
        collector_event_type (json_node_get_object (node)))
                                    ->params;

    for (; rule && rule->name; rule++) {
      if (rule->required) {
        g_assert_false (accepts_without (node, rule->name));
        required++;
      }
    }
  }
  /* 4 cases of sessionStart with 8 each, the others 2 + 4 + 3 + 1 + 1. */
  g_assert_cmpuint (required, ==, 43);
}

static void
quotes_little_of_long_names (void)
{
  g_autofree char *name = g_strnfill (100000, 'x');
  g_autofree char *text = g_strdup_printf (EVENT ("ping", ", '%s': 1"), name);
  g_autoptr (JsonNode) node = parse (text);
  g_autofree char *reason = NULL;

  g_assert_false (collector_event_check (node, &reason));
  g_assert_cmpuint (strlen (reason), <, 200);
}

static void
reads_values (void)
{
  g_autoptr (JsonNode) node = parse (START (", 'media.resume': true", ""));
  JsonObject *event = json_node_get_object (node);

  g_assert_cmpstr (collector_event_type (event), ==, "sessionStart");
  g_assert_cmpint (collector_event_ts (event), ==, 1000);
  g_assert_cmpfloat (collector_event_playhead (event), ==, 1.5);
  g_assert_cmpstr (
      collector_event_get_string (event, "params", "media.id"), ==, "d");
  g_assert_null (collector_event_get_string (event, "params", "media.name"));
  g_assert_null (collector_event_get (event, "qoeData", "media.qoe.bitrate"));
  g_assert_true (collector_event_is_true (event, "media.resume"));
  g_assert_false (collector_event_is_true (event, "media.downloaded"));
}

static void
schema_tells_the_rules (void)
{
  g_autoptr (JsonNode)
      schema = collector_schema_new (collector_rules_for_event ("adStart"));
  g_autofree char *text = json_to_string (schema, FALSE);

  g_assert_nonnull (strstr (text,
      "\"required\":[\"media.ad.id\",\"media.ad.length\","
      "\"media.ad.podPosition\",\"media.ad.playerName\"]"));
  g_assert_nonnull (strstr (
      text, "\"media.ad.podPosition\":{\"type\":\"integer\",\"minimum\":1}"));
  g_assert_nonnull (
      strstr (text, "^media\\\\.(?!(ad\\\\.length|ad\\\\.podPosition)$)"));
  g_assert_nonnull (strstr (text, "\"customMetadata\""));
}

static void
schema_of_ping_has_no_params (void)
{
  g_autoptr (JsonNode)
      schema = collector_schema_new (collector_rules_for_event ("ping"));
  g_autofree char *text = json_to_string (schema, FALSE);

  g_assert_null (strstr (text, "params"));
  g_assert_null (strstr (text, "customMetadata"));
}

static void
add (const char *prefix, const Case *test, GTestDataFunc func)
{
  g_autofree char *path = g_strconcat (
      "/collector/event/", prefix, test->name, NULL);

  g_test_add_data_func (path, test, func);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (accepted); i++)
    add ("accepts-", &accepted[i], accepts);
  for (guint i = 0; i < G_N_ELEMENTS (rejected); i++)
    add ("rejects-", &rejected[i], rejects);
  g_test_add_func ("/collector/event/requires-each-required-param",
      requires_each_required_param);
  g_test_add_func ("/collector/event/quotes-little-of-long-names",
      quotes_little_of_long_names);
  g_test_add_func ("/collector/event/reads-values", reads_values);
  g_test_add_func ("/collector/schema/tells-the-rules", schema_tells_the_rules);
  g_test_add_func (
      "/collector/schema/of-ping-has-no-params", schema_of_ping_has_no_params);
  return g_test_run ();
}
