/* Tests of collector-expect: the first difference is found and told.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-expect.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#define BASE G_GINT64_CONSTANT (1700000000000)

#define SCENARIO \
  "{\"expect\":[" \
  "{\"session\":0,\"eventType\":\"sessionStart\",\"playhead\":0,\"ts\":0," \
  "\"params\":{\"media.id\":\"film\",\"media.length\":30}," \
  "\"customMetadata\":{\"a\":\"b\"}}," \
  "{\"session\":0,\"eventType\":\"play\",\"playhead\":0,\"ts\":100}," \
  "{\"session\":0,\"eventType\":\"sessionEnd\",\"playhead\":5,\"ts\":5000}," \
  "{\"session\":1,\"index\":0,\"eventType\":\"sessionStart\",\"playhead\":5," \
  "\"ts\":9000,\"params\":{\"media.resume\":true}}]}"

#define START \
  ",\"params\":{\"media.id\":\"film\",\"media.length\":30.0," \
  "\"media.channel\":\"one\"},\"customMetadata\":{\"a\":\"b\"}"

static CollectorExpect *
load (const char *text, GError **error)
{
  g_autofree char *path = NULL;
  CollectorExpect *expect;
  int fd = g_file_open_tmp ("expect-XXXXXX.json", &path, NULL);

  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  expect = collector_expect_new (path, 0.5, error);
  g_unlink (path);
  return expect;
}

static CollectorExpect *
load_scenario (void)
{
  g_autoptr (GError) error = NULL;
  CollectorExpect *expect = load (SCENARIO, &error);

  g_assert_no_error (error);
  return expect;
}

/* @playhead: -1: it is not told. */
static CollectorVerdict
add (CollectorExpect *expect, const char *session, const char *type, gint64 at,
    double playhead, const char *parts)
{
  g_autofree char *told = playhead < 0
      ? g_strdup ("")
      : g_strdup_printf ("\"playhead\":%g,", playhead);
  g_autofree char *text = g_strdup_printf (
      "{\"eventType\":\"%s\",\"playerTime\":{%s\"ts\":%" G_GINT64_FORMAT "}%s}",
      type, told, BASE + at, parts);
  g_autoptr (JsonNode) event = json_from_string (text, NULL);
  const CollectorReport report = {
    .accepted = TRUE,
    .status = 204,
    .session_id = session,
    .event = json_node_get_object (event),
  };

  return collector_expect_add (expect, &report);
}

static void
assert_explained (CollectorExpect *expect, const char *wanted)
{
  g_autofree char *text = collector_expect_explain (expect);

  g_assert_cmpstr (text, ==, wanted);
}

static void
agrees (void)
{
  g_autoptr (CollectorExpect) expect = load_scenario ();

  g_assert_cmpint (add (expect, "x", "sessionStart", 0, 0, START), ==,
      COLLECTOR_VERDICT_OPEN);
  g_assert_cmpint (
      add (expect, "x", "play", 400, 0.3, ""), ==, COLLECTOR_VERDICT_OPEN);
  g_assert_cmpint (add (expect, "x", "sessionEnd", 5200, 5.2, ""), ==,
      COLLECTOR_VERDICT_OPEN);
  assert_explained (
      expect, "session 1, event 0, sessionStart: it has not come");
  g_assert_cmpint (add (expect, "y", "sessionStart", 9000, 5,
                       ",\"params\":{\"media.resume\":true}"),
      ==, COLLECTOR_VERDICT_AGREES);
  assert_explained (expect, "all has come");
}

static void
tells_another_event (void)
{
  g_autoptr (CollectorExpect) expect = load_scenario ();

  add (expect, "x", "sessionStart", 0, 0, START);
  g_assert_cmpint (add (expect, "x", "bufferStart", 100, 0, ""), ==,
      COLLECTOR_VERDICT_DIFFERS);
  /* The first one counts. */
  add (expect, "x", "error", 100, 0, "");
  assert_explained (
      expect, "session 0, event 1, play: bufferStart came instead");
}

static void
tells_another_value (void)
{
  g_autoptr (CollectorExpect) expect = load_scenario ();

  add (expect, "x", "sessionStart", 0, 0,
      ",\"params\":{\"media.id\":\"other\",\"media.length\":30},"
      "\"customMetadata\":{\"a\":\"b\"}");
  assert_explained (expect,
      "session 0, event 0, sessionStart: params: \"media.id\" is \"other\", "
      "not \"film\"");
}

static void
tells_what_is_missing (void)
{
  g_autoptr (CollectorExpect) expect = load_scenario ();

  add (expect, "x", "sessionStart", 0, 0,
      ",\"params\":{\"media.id\":\"film\",\"media.length\":30}");
  assert_explained (expect,
      "session 0, event 0, sessionStart: customMetadata: \"a\" is not there, "
      "not \"b\"");
}

/* What a protocol does not tell is no difference. */
static void
takes_an_untold_playhead (void)
{
  g_autoptr (CollectorExpect) expect = load_scenario ();

  add (expect, "x", "sessionStart", 0, 0, START);
  add (expect, "x", "play", 100, 0, "");
  add (expect, "x", "sessionEnd", 5000, 5, "");
  g_assert_cmpint (add (expect, "y", "sessionStart", 9000, -1,
                       ",\"params\":{\"media.resume\":true}"),
      ==, COLLECTOR_VERDICT_AGREES);
}

static void
tells_other_times (void)
{
  g_autoptr (CollectorExpect) late = load_scenario ();
  g_autoptr (CollectorExpect) far = load_scenario ();

  add (late, "x", "sessionStart", 0, 0, START);
  add (late, "x", "play", 900, 0, "");
  assert_explained (
      late, "session 0, event 1, play: it is at 0.900 s, not at 0.100 s");
  add (far, "x", "sessionStart", 0, 0, START);
  add (far, "x", "play", 100, 2, "");
  assert_explained (
      far, "session 0, event 1, play: the playhead is 2.000 s, not 0.000 s");
}

static void
tells_what_is_too_much (void)
{
  g_autoptr (CollectorExpect) event = load_scenario ();
  g_autoptr (CollectorExpect) session = load_scenario ();

  add (event, "x", "sessionStart", 0, 0, START);
  add (event, "x", "play", 100, 0, "");
  add (event, "x", "sessionEnd", 5000, 5, "");
  add (event, "x", "ping", 5100, 5, "");
  assert_explained (
      event, "session 0, event 3: ping came, and nothing is expected");
  add (session, "x", "sessionStart", 0, 0, START);
  add (session, "y", "sessionStart", 9000, 5,
      ",\"params\":{\"media.resume\":true}");
  /* Of this session only one event is in the file. */
  g_assert_cmpint (
      add (session, "y", "ping", 9100, 5, ""), ==, COLLECTOR_VERDICT_OPEN);
  add (session, "z", "sessionStart", 9200, 5, "");
  assert_explained (session,
      "session 2, event 0: sessionStart came, and nothing is expected");
}

static void
tells_a_refusal (void)
{
  g_autoptr (CollectorExpect) expect = load_scenario ();
  const CollectorReport report = { .status = 400, .reason = "not JSON" };

  g_assert_cmpint (
      collector_expect_add (expect, &report), ==, COLLECTOR_VERDICT_DIFFERS);
  assert_explained (expect, "refused 400: not JSON");
}

static void
refuses_other_files (void)
{
  const char *const texts[] = { "", "[]", "{}", "{\"expect\":[]}",
    "{\"expect\":[5]}", "{\"expect\":[{\"eventType\":\"play\"}]}",
    "{\"expect\":[{\"eventType\":5,\"session\":0,\"ts\":0,\"playhead\":0}]}" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (load (texts[i], &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name) g_test_add_func ("/collector/expect/" #name, name)
  ADD (agrees);
  ADD (tells_another_event);
  ADD (tells_another_value);
  ADD (tells_what_is_missing);
  ADD (takes_an_untold_playhead);
  ADD (tells_other_times);
  ADD (tells_what_is_too_much);
  ADD (tells_a_refusal);
  ADD (refuses_other_files);
  return g_test_run ();
}
