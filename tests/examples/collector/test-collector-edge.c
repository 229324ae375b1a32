/* Tests of collector-edge: the Media Edge API through HTTP in one process.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-client.h"
#include "collector-edge.h"

#include <string.h>

#define BODY(type, time, collection) \
  "{\"events\":[{\"xdm\":{\"eventType\":\"media." type "\"," \
  "\"timestamp\":\"2023-11-28T20:00:" time "Z\"," \
  "\"mediaCollection\":{" collection "}%s}}]}"
#define DETAILS \
  "\"playhead\":0,\"sessionDetails\":{\"name\":\"i\",\"playerName\":\"p\"," \
  "\"length\":60,\"channel\":\"c\",\"contentType\":\"vod\",\"show\":\"s\"}"
#define IDENTITY \
  ",\"identityMap\":{\"FPID\":[{\"id\":\"f\"}],\"crm\":[{\"id\":\"u\"," \
  "\"authenticatedState\":\"authenticated\"}]}"

static void
on_report (const CollectorReport *report, gpointer user_data)
{
  CollectorClient *f = user_data;

  g_assert_cmpstr (report->protocol, ==, "media-edge");
  collector_client_note (f, report, "");
}

/* @mode: (nullable): "strict" or "cookies". */
static void
set_up (CollectorClient *f, gconstpointer mode)
{
  collector_client_set_up (f, g_strcmp0 (mode, "strict") == 0,
      g_strcmp0 (mode, "cookies") == 0 ? "1A@AdobeOrg" : NULL, on_report);
}

/* Returns: the status; @answer: (out) (optional): the body of the answer. */
static guint
post_as (CollectorClient *f, const char *path, const char *type,
    const char *body, char **answer)
{
  g_autofree char *whole = g_strdup_printf ("/ee/%s?configId=d", path);

  return collector_client_post_text (f, whole, type, body, answer);
}

static guint post (CollectorClient *f, const char *path, char **answer,
    const char *format, ...) G_GNUC_PRINTF (4, 5);

static guint
post (CollectorClient *f, const char *path, char **answer, const char *format,
    ...)
{
  g_autofree char *body = NULL;
  va_list args;

  va_start (args, format);
  body = g_strdup_vprintf (format, args);
  va_end (args);
  return post_as (f, path, "application/json", body, answer);
}

#define STARTED \
  "{'eventType':'sessionStart'," \
  "'playerTime':{'playhead':0,'ts':1701201600000}," \
  "'params':{'media.id':'i','media.playerName':'p','media.length':60," \
  "'media.channel':'c','media.contentType':'vod','media.show':'s'," \
  "'appInstallationId':'f'," \
  "'visitor.customerIDs':{'crm':{'id':'u','authState':1}}}}\n"

/* Keeps the session's ID. */
static void
start_at (CollectorClient *f, const char *path)
{
  g_autofree char *answer = NULL;
  const char *id;

  g_assert_cmpuint (post (f, path, &answer,
                        BODY ("sessionStart", "00.000", DETAILS), IDENTITY),
      ==, 200);
  id = strstr (answer, "\"sessionId\":\"");
  g_assert_nonnull (id);
  g_free (f->id);
  f->id = g_strndup (id + 13, 32);
  g_assert_nonnull (strstr (answer, "\"EdgeNetwork\",\"hint\":\"loc1\""));
  collector_client_assert_reported (f, STARTED);
}

static guint
ping (CollectorClient *f, const char *path, const char *second)
{
  g_autofree char *body = g_strdup_printf (
      "{\"events\":[{\"xdm\":{\"_id\":\"x\",\"eventType\":\"media.ping\","
      "\"timestamp\":\"2023-11-28T20:00:%s.000Z\",\"mediaCollection\":{"
      "\"sessionID\":\"%s\",\"playhead\":10,"
      "\"qoeDataDetails\":{\"bitrate\":3200}}}}],\"query\":{},\"meta\":{}}",
      second, f->id);

  return post_as (f, path, "text/plain; charset=UTF-8", body, NULL);
}

static void
test_session (CollectorClient *f, gconstpointer data)
{
  start_at (f, "va/v1/sessionStart");
  g_assert_cmpuint (ping (f, "loc1/va/v1/ping", "10"), ==, 204);
  collector_client_assert_reported (f,
      "{'eventType':'ping','playerTime':{'playhead':10,'ts':1701201610000},"
      "'qoeData':{'media.qoe.bitrate':3200000}}\n");
  g_assert_cmpuint (ping (f, "va/v1/ping", "11"), ==, 204);
}

/* Where Adobe's web SDK begins a session. */
static void
test_interact (CollectorClient *f, gconstpointer data)
{
  start_at (f, "v1/interact");
  g_assert_cmpuint (ping (f, "loc1/va/v1/ping", "10"), ==, 204);
  g_string_truncate (f->reports, 0);
  start_at (f, "loc1/v1/interact");
  g_assert_cmpuint (ping (f, "v1/interact", "11"), ==, 400);
}

/* A sessionStart from a page that has the cookie @had. Returns: the answer. */
static char *
start_with_cookie (CollectorClient *f, const char *had)
{
  g_autofree char *event = g_strdup_printf (
      BODY ("sessionStart", "00.000", DETAILS), IDENTITY);
  g_autofree char *body = g_strdup_printf (
      "%.*s,\"meta\":{\"state\":{\"entries\":[{\"key\":\"%s\",\"value\":\"v\"}]}}"
      "}",
      (int) strlen (event) - 1, event, had);
  char *answer = NULL;

  g_assert_cmpuint (
      post_as (f, "v1/interact", "text/plain", body, &answer), ==, 200);
  return answer;
}

#define CLUSTER "{\"key\":\"kndctr_1A_AdobeOrg_cluster\",\"value\":\"loc1\""

/* Adobe's web SDK waits for an identity, which it is given once. */
static void
test_cookies (CollectorClient *f, gconstpointer data)
{
  g_autofree char *first = start_with_cookie (f, "other");
  g_autofree char *second = start_with_cookie (
      f, "kndctr_1A_AdobeOrg_identity");
  g_autoptr (JsonNode) node = NULL;

  g_assert_nonnull (strstr (first, "\"type\":\"state:store\""));
  g_assert_nonnull (strstr (first, CLUSTER));
  g_assert_nonnull (strstr (first, "\"kndctr_1A_AdobeOrg_identity\""));
  g_assert_nonnull (strstr (second, CLUSTER));
  g_assert_null (strstr (second, "_identity"));
  node = json_from_string (first, NULL);
  g_assert_nonnull (node);
}

static void
test_no_cookies (CollectorClient *f, gconstpointer data)
{
  g_autofree char *answer = start_with_cookie (f, "other");

  g_assert_null (strstr (answer, "state:store"));
}

static void
test_states (CollectorClient *f, gconstpointer data)
{
  g_autofree char *body = NULL;

  start_at (f, "va/v1/sessionStart");
  body = g_strdup_printf (
      "{\"events\":[{\"xdm\":{\"eventType\":\"media.statesUpdate\","
      "\"timestamp\":\"2023-11-28T20:00:05.000Z\",\"mediaCollection\":{"
      "\"sessionID\":\"%s\",\"playhead\":5,\"statesStart\":[{\"name\":\"a\"}],"
      "\"statesEnd\":[{\"name\":\"b\"}]}}}]}",
      f->id);
  g_assert_cmpuint (
      post_as (f, "va/v1/statesUpdate", "application/json", body, NULL), ==,
      204);
  collector_client_assert_reported (f,
      "{'eventType':'stateStart','playerTime':{'playhead':5,"
      "'ts':1701201605000},'params':{'media.state.name':'a'}}\n"
      "{'eventType':'stateEnd','playerTime':{'playhead':5,"
      "'ts':1701201605001},'params':{'media.state.name':'b'}}\n");
}

static void
test_strict (CollectorClient *f, gconstpointer data)
{
  start_at (f, "va/v1/sessionStart");
  g_assert_cmpuint (ping (f, "va/v1/ping", "10"), ==, 404);
  g_assert_cmpuint (ping (f, "other/va/v1/ping", "10"), ==, 404);
  g_assert_cmpuint (ping (f, "loc1/va/v1/ping", "10"), ==, 204);
}

static void
test_refused (CollectorClient *f, gconstpointer data)
{
  static const char *const wrong[] = { "", "{}", "[]", "{\"events\":[]}",
    "{\"events\":[7]}", "{\"events\":[{\"xdm\":7}]}" };
  g_autofree char *answer = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_cmpuint (
        post_as (f, "va/v1/sessionStart", "application/json", wrong[i], NULL),
        ==, 400);
  g_string_truncate (f->reports, 0);
  g_assert_cmpuint (
      post (f, "va/v1/sessionStart", &answer,
          BODY ("sessionStart", "00.000", "\"sessionDetails\":{}"), ""),
      ==, 400);
  collector_client_assert_reported (
      f, "400 mediaCollection.playhead: Missing required field\n");
  g_assert_nonnull (strstr (answer, "va-edge-0400-400\""));
  g_assert_cmpuint (post (f, "va/v1/sessionStart", NULL,
                        BODY ("sessionStart", "00.000",
                            "\"playhead\":0,\"sessionDetails\":{\"name\":7}"),
                        ""),
      ==, 400);
  collector_client_assert_reported (
      f, "400 mediaCollection.sessionDetails.name: must be a string, not 7\n");
  g_assert_cmpuint (post (f, "va/v1/ping", NULL,
                        BODY ("adBreakSkip", "00.000", "\"playhead\":0"), ""),
      ==, 400);
  g_assert_cmpuint (
      post_as (f, "va/v1/ping", "text/html", "{}", NULL), ==, 400);
  g_assert_cmpuint (
      post_as (f, "va/v2/x", "application/json", "", NULL), ==, 404);
  f->id = g_strdup ("unknown");
  g_clear_pointer (&answer, g_free);
  g_assert_cmpuint (
      post (f, "va/v1/ping", &answer,
          BODY ("ping", "00.000", "\"sessionID\":\"unknown\",\"playhead\":0"),
          ""),
      ==, 404);
  g_assert_nonnull (strstr (answer, "va-edge-0404-404\""));
}

#define DOWNLOADED(rest) \
  "{\"events\":[{\"xdm\":{\"eventType\":\"media.downloaded\"" rest \
  ",\"mediaDownloadedEvents\":[{\"mediaEventType\":\"media.sessionStart\"," \
  "\"mediaEventTimestamp\":\"2023-11-28T20:00:00.000Z\"," \
  "\"mediaCollection\":{" DETAILS \
  "}},{\"mediaEventType\":\"media.sessionEnd\"," \
  "\"mediaEventTimestamp\":\"2023-11-28T20:00:14.000Z\"," \
  "\"mediaCollection\":{\"playhead\":13}}]}}]}"

static void
test_downloaded (CollectorClient *f, gconstpointer data)
{
  g_assert_cmpuint (post_as (f, "va/v1/downloaded", "application/json",
                        DOWNLOADED (",\"identityMap\":{}"), NULL),
      ==, 200);
  g_assert_nonnull (strstr (f->reports->str, "\"media.downloaded\":true"));
  g_assert_nonnull (strstr (f->reports->str, "\"sessionEnd\""));
  g_string_truncate (f->reports, 0);
  g_assert_cmpuint (post_as (f, "va/v1/downloaded", "application/json",
                        DOWNLOADED (""), NULL),
      ==, 400);
  collector_client_assert_reported (
      f, "400 identityMap: Missing required field\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define TEST(path, data, function) \
  g_test_add ("/collector-edge/" path, CollectorClient, data, set_up, \
      function, collector_client_tear_down)
  TEST ("session", NULL, test_session);
  TEST ("interact", NULL, test_interact);
  TEST ("cookies", "cookies", test_cookies);
  TEST ("no-cookies", NULL, test_no_cookies);
  TEST ("states", NULL, test_states);
  TEST ("strict", "strict", test_strict);
  TEST ("refused", NULL, test_refused);
  TEST ("downloaded", NULL, test_downloaded);
  return g_test_run ();
}
