/* Tests of collector-events: rows and CloudEvents through HTTP in one process.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-client.h"
#include "collector-events.h"

#include <string.h>

#define ROW(seq, time, type, more) \
  "{\"id\":\"i" seq "\",\"session\":\"s\",\"seq\":" seq ",\"ts\":" time \
  ",\"type\":\"" type "\",\"playhead\":1.5" more "}"
#define CLOUD(type) \
  "{\"specversion\":\"1.0\",\"id\":\"i\",\"source\":\"urn:uuid:x\"," \
  "\"type\":\"gst-media-heartbeat." type "\",\"subject\":\"s\"," \
  "\"time\":\"1970-01-01T00:00:09.001Z\",\"data\":{\"seq\":7,\"playhead\":2}}"

static void
on_report (const CollectorReport *report, gpointer user_data)
{
  CollectorClient *f = user_data;
  g_autofree char *before = g_strdup_printf (
      "%s%s ", report->repeated ? "repeated " : "", report->session_id);

  g_assert_cmpstr (report->protocol, ==, "events");
  collector_client_note (f, report, before);
}

static void
set_up (CollectorClient *f, gconstpointer data)
{
  collector_client_set_up (f, FALSE, NULL, on_report);
}

static guint
post_text (CollectorClient *f, const char *type, const char *text)
{
  return collector_client_post_text (f, "/events?x=y", type, text, NULL);
}

#define PLAIN(seq, type, ts) \
  "s {'playerTime':{'playhead':1.5,'ts':" ts "},'eventType':'" type \
  "','id':'i" seq "','seq':" seq

static void
test_rows (CollectorClient *f, gconstpointer data)
{
  g_assert_cmpuint (
      post_text (f, "application/x-ndjson",
          ROW ("0", "1000", "sessionStart",
              ",\"content_id\":\"c\",\"length\":60,\"metadata\":{\"a\":\"b\"}") "\n" ROW ("1",
              "2000", "error", ",\"error_id\":\"e\"") "\n"),
      ==, 200);
  collector_client_assert_reported (f,
      PLAIN ("0", "sessionStart",
          "1000") ",'params':{'media.id':'c',"
                  "'media.length':60},'customMetadata':{'a':'b'}}\n" PLAIN ("1",
                      "error",
                      "2000") ",'qoeData':{'media.qoe.errorID':'e'}}\n");
  /* What came before is told apart. */
  g_assert_cmpuint (post_text (f, "application/json",
                        "[" ROW ("1", "2000", "error", "") "," ROW (
                            "2", "3000", "ping", "") "]"),
      ==, 200);
  collector_client_assert_reported (f,
      "repeated " PLAIN ("1", "error", "2000") "}\n" PLAIN (
          "2", "ping", "3000") "}\n");
}

static void
test_cloud_events (CollectorClient *f, gconstpointer data)
{
  g_assert_cmpuint (
      post_text (f, "application/cloudevents+json", CLOUD ("play")), ==, 200);
  collector_client_assert_reported (f,
      "s {'playerTime':{'playhead':2.0,'ts':9001},"
      "'eventType':'play','id':'i','seq':7}\n");
  g_assert_cmpuint (post_text (f, "application/cloudevents-batch+json",
                        "[" CLOUD ("ping") "]"),
      ==, 200);
  collector_client_assert_reported (f,
      "repeated s {'playerTime':{'playhead':2.0,'ts':9001},"
      "'eventType':'ping','id':'i','seq':7}\n");
}

static void
test_compressed (CollectorClient *f, gconstpointer data)
{
  g_autoptr (GConverter) gzip = G_CONVERTER (
      g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, -1));
  static const char text[] = ROW ("0", "1000", "play", "") "\n";
  char packed[500];
  gsize read, written;
  g_autoptr (GBytes) body = NULL;

  g_converter_convert (gzip, text, sizeof text - 1, packed, sizeof packed,
      G_CONVERTER_INPUT_AT_END, &read, &written, NULL);
  body = g_bytes_new (packed, written);
  g_assert_cmpuint (collector_client_post (f, "/events?x=y",
                        "application/x-ndjson", "gzip", body, NULL),
      ==, 200);
  collector_client_assert_reported (f, PLAIN ("0", "play", "1000") "}\n");
  g_assert_cmpuint (collector_client_post (f, "/events?x=y",
                        "application/x-ndjson", NULL, body, NULL),
      ==, 400);
}

/* All of a request, or nothing. */
static void
test_refused (CollectorClient *f, gconstpointer data)
{
  static const char *const wrong[] = { "", "{}", "[7]",
    ROW ("0", "1000", "nothing", ""), ROW ("0", "0", "play", ""),
    ROW ("0", "1000", "play", "") "\n{}\n",
    "[" ROW ("0", "1000", "play", "") ",{\"specversion\":\"1.0\"}]" };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_assert_cmpuint (post_text (f, "application/json", wrong[i]), ==, 400);
    g_assert_true (g_str_has_prefix (f->reports->str, "400 "));
    g_string_truncate (f->reports, 0);
  }
  g_assert_cmpuint (
      post_text (f, "text/html", ROW ("0", "1000", "play", "")), ==, 400);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define TEST(path, function) \
  g_test_add ("/collector-events/" path, CollectorClient, NULL, set_up, \
      function, collector_client_tear_down)
  TEST ("rows", test_rows);
  TEST ("cloud-events", test_cloud_events);
  TEST ("compressed", test_compressed);
  TEST ("refused", test_refused);
  return g_test_run ();
}
