/* Tests of collector-line and collector-text: what is printed.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-line.h"

#include "collector-text.h"

#include <string.h>

#define ID "0123456789abcdef0123456789abcdef"

/* @event: (nullable): JSON with ' for ". Sets the event of @report. */
static char *
print (const char *event, CollectorReport report)
{
  g_autofree char *json = g_strdup (event);
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GDateTime)
      arrival = g_date_time_new_utc (2026, 2, 3, 4, 5, 6.7891);

  if (!event)
    return collector_line_new (&report, arrival);
  node = json_from_string (g_strdelimit (json, "'", '"'), NULL);
  report.event = json_node_get_object (node);
  return collector_line_new (&report, arrival);
}

static CollectorReport
accepted (CollectorState state, const char *subject)
{
  return (CollectorReport){
    .accepted = TRUE,
    .status = 204,
    .path = "/p",
    .session_id = ID,
    .state = state,
    .subject = subject,
  };
}

static void
shows_session_start (void)
{
  g_autofree char *line = print (
      "{'eventType': 'sessionStart', 'playerTime': {'playhead': 12.5, "
      "'ts': 1}, 'params': {'media.id': 'm', 'media.name': 'Big Film', "
      "'media.resume': true}}",
      accepted (COLLECTOR_STATE_START, NULL));

  g_assert_cmpstr (line, ==,
      "04:05:06.789  01234567  start      sessionStart         12.500  m  "
      "\"Big Film\"  RESUME");
}

static void
shows_subject_and_qoe (void)
{
  g_autofree char *line = print (
      "{'eventType': 'adStart', 'playerTime': {'playhead': 0, 'ts': 1}, "
      "'qoeData': {'media.qoe.bitrate': 5, 'media.qoe.timeToStart': 7}}",
      accepted (COLLECTOR_STATE_PLAYING, "ad"));

  g_assert_cmpstr (line, ==,
      "04:05:06.789  01234567  playing    adStart               0.000  \"ad\"  "
      "[5 b/s, 7 ms to start]");
}

static void
shows_that_no_playhead_is_told (void)
{
  g_autofree char *line = print (
      "{'eventType': 'sessionStart', 'playerTime': {'ts': 1}, "
      "'params': {'media.id': 'm'}}",
      accepted (COLLECTOR_STATE_START, NULL));

  g_assert_cmpstr (line, ==,
      "04:05:06.789  01234567  start      sessionStart              -  m");
}

static void
shows_error (void)
{
  g_autofree char *line = print (
      "{'eventType': 'error', 'playerTime': {'playhead': 0, 'ts': 1}, "
      "'qoeData': {'media.qoe.errorID': 'e1'}}",
      accepted (COLLECTOR_STATE_BUFFERING, NULL));

  g_assert_cmpstr (line, ==,
      "04:05:06.789  01234567  buffering  error                 0.000  error "
      "e1");
}

static void
shows_refusal (void)
{
  g_autofree char *line = print (NULL,
      (CollectorReport){ .status = 404, .path = "/p", .reason = "unknown" });

  g_assert_cmpstr (
      line, ==, "04:05:06.789  -         refused 404: unknown (/p)");
}

static void
shows_refusal_of_session (void)
{
  g_autofree char *line = print ("{'eventType': 5}",
      (CollectorReport){
          .status = 400, .path = "/p", .session_id = ID, .reason = "bad" });

  g_assert_cmpstr (line, ==, "04:05:06.789  01234567  refused 400: bad");
}

static void
escapes_control_characters (void)
{
  g_autofree char *line = print (
      "{'eventType': 'sessionStart', 'playerTime': {'playhead': 0, "
      "'ts': 1}, 'params': {'media.id': '\\u001b[31m\\n', 'media.name': "
      "'\\u009b\\u007f\\u202eé'}}",
      accepted (COLLECTOR_STATE_START, "\033c"));

  g_assert_true (g_str_has_suffix (
      line, "  \\u001b[31m\\u000a  \"\\u009b\\u007f\\u202eé\"  \"\\u001bc\""));
}

static void
prints_json (void)
{
  CollectorReport report = accepted (COLLECTOR_STATE_PLAYING, NULL);
  const char *event =
      "{\"eventType\":\"x\",\"playerTime\":{\"playhead\":1.5,\"ts\":2},"
      "\"params\":{\"a\":\"\302\233\342\200\250\"}}";
  g_autoptr (JsonNode) node = json_from_string (event, NULL);
  g_autoptr (JsonNode) again = NULL;
  g_autofree char *line = NULL;

  report.event = json_node_get_object (node);
  line = collector_line_new_json (&report);
  g_assert_cmpstr (line, ==,
      "{\"session\":\"" ID "\",\"state\":\"playing\",\"eventType\":\"x\","
      "\"playerTime\":{\"playhead\":1.5,\"ts\":2},"
      "\"params\":{\"a\":\"\\u009b\\u2028\"}}");
  again = json_from_string (line, NULL);
  json_object_remove_member (json_node_get_object (again), "session");
  json_object_remove_member (json_node_get_object (again), "state");
  g_assert_true (json_node_equal (node, again));
}

static void
text_beyond_16_bits (void)
{
  g_autofree char *kept = collector_text_printable ("😀", -1);
  /* U+E0001, a language tag: nothing to see. */
  g_autofree char *escaped = collector_text_printable ("\363\240\200\201", -1);

  g_assert_cmpstr (kept, ==, "😀");
  g_assert_cmpstr (escaped, ==, "\\udb40\\udc01");
}

static void
text_is_cut (void)
{
  g_autofree char *whole = collector_text_printable ("ééé", 3);
  g_autofree char *cut = collector_text_printable ("éééé", 3);

  g_assert_cmpstr (whole, ==, "ééé");
  g_assert_cmpstr (cut, ==, "ééé…");
}

static void
text_that_is_not_utf8 (void)
{
  g_autofree char *text = collector_text_printable ("a\xff"
                                                    "b",
      -1);

  g_assert_cmpstr (text, ==, "a\357\277\275b");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add_func ("/collector/" name, func)
  ADD ("line/shows-session-start", shows_session_start);
  ADD ("line/shows-subject-and-qoe", shows_subject_and_qoe);
  ADD ("line/shows-no-playhead", shows_that_no_playhead_is_told);
  ADD ("line/shows-error", shows_error);
  ADD ("line/shows-refusal", shows_refusal);
  ADD ("line/shows-refusal-of-session", shows_refusal_of_session);
  ADD ("line/escapes-control-characters", escapes_control_characters);
  ADD ("line/prints-json", prints_json);
  ADD ("text/beyond-16-bits", text_beyond_16_bits);
  ADD ("text/is-cut", text_is_cut);
  ADD ("text/that-is-not-utf8", text_that_is_not_utf8);
  return g_test_run ();
}
