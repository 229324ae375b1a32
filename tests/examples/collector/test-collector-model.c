/* Tests of collector-model and what it is made of (collector-record,
 * collector-tally, collector-history), and of what is written of it
 * (collector-view, collector-prometheus).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-prometheus.h"
#include "collector-view.h"

#include <string.h>

#define EXPIRE 600000
#define T0 G_GINT64_CONSTANT (1700000000000)

/* ---- reports ---- */

/* @playhead: -1: it is not told. */
static JsonNode *
new_event (const char *type, gint64 ts, double playhead, const char *parts)
{
  g_autofree char *told = playhead < 0
      ? g_strdup ("")
      : g_strdup_printf ("\"playhead\":%g,", playhead);
  g_autofree char *text = g_strdup_printf (
      "{\"eventType\":\"%s\",\"playerTime\":{%s\"ts\":%" G_GINT64_FORMAT "}%s}",
      type, told, ts, parts ? parts : "");
  JsonNode *node = json_from_string (text, NULL);

  g_assert_nonnull (node);
  return node;
}

/* @status: of a refusal; 0: it is accepted. */
static void
add_full (CollectorModel *model, const char *id, const char *type, gint64 ts,
    double playhead, const char *parts, gint64 lag, guint status)
{
  g_autoptr (JsonNode) event = new_event (type, ts, playhead, parts);
  const CollectorReport report = {
    .accepted = status == 0,
    .status = status ? status : 204,
    .protocol = "media-collection",
    .arrival = ts + lag,
    .path = "/",
    .session_id = id,
    .event = json_node_get_object (event),
    .reason = status ? "a reason" : NULL,
  };

  collector_model_add (model, &report);
}

static void
add (CollectorModel *model, const char *id, const char *type, gint64 ts,
    double playhead)
{
  add_full (model, id, type, ts, playhead, NULL, 10, 0);
}

static void
start (CollectorModel *model, const char *id, gint64 ts, const char *media,
    const char *visitor, gboolean resume)
{
  g_autofree char *parts = g_strdup_printf (
      ",\"params\":{\"media.id\":\"%s\",\"media.name\":\"A name\","
      "\"media.length\":100,\"media.contentType\":\"vod\","
      "\"appInstallationId\":\"%s\",\"media.resume\":%s}",
      media, visitor, resume ? "true" : "false");

  add_full (model, id, "sessionStart", ts, 0, parts, 10, 0);
}

static CollectorRecord *
find (CollectorModel *model, const char *id)
{
  CollectorRecord *record = collector_model_find (model, id);

  g_assert_nonnull (record);
  return record;
}

/* ---- viewings ---- */

static void
links_what_is_resumed (void)
{
  g_autoptr (CollectorModel) model = collector_model_new (EXPIRE);

  start (model, "a", T0, "film", "tv", FALSE);
  add (model, "a", "sessionEnd", T0 + 5000, 5);
  start (model, "x", T0 + 6000, "film", "other tv", TRUE);
  start (model, "y", T0 + 7000, "other film", "tv", TRUE);
  start (model, "b", T0 + 9000, "film", "tv", TRUE);
  g_assert_cmpstr (find (model, "b")->resumes, ==, "a");
  g_assert_cmpstr (find (model, "a")->resumed_by, ==, "b");
  g_assert_null (find (model, "x")->resumes);
  g_assert_null (find (model, "y")->resumes);
}

/* Of CMCD, for one, nothing tells whether two are of one viewer. */
static void
links_no_strangers (void)
{
  static const char parts[] =
      ",\"params\":{\"media.id\":\"film\",\"analytics.aid\":\"\","
      "\"media.resume\":true}";
  g_autoptr (CollectorModel) model = collector_model_new (EXPIRE);

  add_full (model, "a", "sessionStart", T0, 0, parts, 10, 0);
  add_full (model, "b", "sessionStart", T0 + 1000, 0, parts, 10, 0);
  g_assert_null (find (model, "b")->resumes);
  g_assert_null (find (model, "a")->resumed_by);
}

static void
links_in_one_direction (void)
{
  g_autoptr (CollectorModel) model = collector_model_new (EXPIRE);

  start (model, "a", T0, "film", "tv", TRUE);
  start (model, "b", T0 + 1000, "film", "tv", FALSE);
  add (model, "a", "play", T0 + 2000, 0);
  start (model, "c", T0 + 3000, "film", "tv", TRUE);
  g_assert_null (find (model, "a")->resumes);
  g_assert_null (find (model, "b")->resumes);
  g_assert_cmpstr (find (model, "c")->resumes, ==, "b");
}

/* ---- the order of events ---- */

static void
sorts_what_came_late (void)
{
  g_autoptr (CollectorModel) model = collector_model_new (EXPIRE);
  const CollectorMetrics *metrics;

  start (model, "a", T0, "film", "tv", FALSE);
  add (model, "a", "play", T0 + 100, 0);
  add (model, "a", "play", T0 + 4100, 2);
  add_full (model, "a", "pauseStart", T0 + 2100, 2, NULL, 2500, 0);
  add (model, "a", "ping", T0 + 8100, 6);
  metrics = collector_record_metrics (find (model, "a"));
  g_assert_cmpfloat_with_epsilon (metrics->pause_time, 2000, 0.1);
  g_assert_cmpfloat_with_epsilon (metrics->playing_time, 6000, 0.1);
  g_assert_cmpuint (metrics->mistakes, ==, 0);
  g_assert_cmpuint (find (model, "a")->disorder, ==, 1);
}

static void
tells_what_came_too_late (void)
{
  g_autoptr (CollectorModel) model = collector_model_new (EXPIRE);
  const CollectorMetrics *metrics;

  start (model, "a", T0, "film", "tv", FALSE);
  add (model, "a", "play", T0 + 100, 0);
  for (gint64 at = 10000; at <= 60000; at += 10000)
    add (model, "a", "ping", T0 + at, (double) at / 1000);
  add_full (model, "a", "pauseStart", T0 + 20000, 20, NULL, 41000, 0);
  metrics = collector_record_metrics (find (model, "a"));
  g_assert_cmpuint (metrics->mistakes, ==, COLLECTOR_MISTAKE_CLOCK_BACK);
  g_assert_cmpuint (find (model, "a")->disorder, ==, 1);
  g_assert_cmpuint (find (model, "a")->late, ==, 1);
}

/* The lanes show what the metrics count. */
static void
too_late_changes_no_lane (void)
{
  g_autoptr (CollectorModel) model = collector_model_new (EXPIRE);
  const CollectorLanes *lanes;

  start (model, "a", T0, "film", "tv", FALSE);
  add (model, "a", "play", T0 + 100, 0);
  add (model, "a", "adBreakStart", T0 + 5000, 5);
  add (model, "a", "adBreakComplete", T0 + 9000, 5);
  add (model, "a", "stateStart", T0 + 10000, 6);
  add (model, "a", "stateEnd", T0 + 11000, 7);
  add (model, "a", "play", T0 + 25000, 20);
  for (gint64 at = 30000; at <= 60000; at += 10000)
    add (model, "a", "ping", T0 + at, (double) at / 1000 - 5);
  add_full (model, "a", "pauseStart", T0 + 20000, 16, NULL, 41000, 0);
  add_full (model, "a", "adBreakStart", T0 + 6000, 5, NULL, 55000, 0);
  add_full (model, "a", "stateStart", T0 + 10500, 6, NULL, 51000, 0);
  add (model, "a", "ping", T0 + 70000, 65);
  lanes = collector_tally_get_lanes (find (model, "a")->tally);
  g_assert_cmpuint (lanes->lanes[COLLECTOR_LANE_PLAYBACK]->len, ==, 2);
  g_assert_cmpuint (lanes->lanes[COLLECTOR_LANE_BREAK]->len, ==, 1);
  g_assert_cmpuint (lanes->lanes[COLLECTOR_LANE_STATE]->len, ==, 1);
  for (guint i = 1; i < lanes->playhead->len; i++)
    g_assert_cmpint (g_array_index (lanes->playhead, CollectorPoint, i).ts, >,
        g_array_index (lanes->playhead, CollectorPoint, i - 1).ts);
}

static void
too_late_opens_no_session (void)
{
  g_autoptr (CollectorModel) model = collector_model_new (EXPIRE);

  start (model, "a", T0, "film", "tv", FALSE);
  add (model, "a", "sessionEnd", T0 + 60000, 50);
  add_full (model, "a", "play", T0 + 20000, 16, NULL, 41000, 0);
  add (model, "a", "ping", T0 + 70000, 50);
  g_assert_true (
      collector_record_is_closed (find (model, "a"), T0 + 70000, EXPIRE));
}

static void
late_end_closes_the_lane (void)
{
  g_autoptr (CollectorModel) model = collector_model_new (EXPIRE);
  const CollectorInterval *closed;
  const CollectorLanes *lanes;

  start (model, "a", T0, "film", "tv", FALSE);
  add (model, "a", "play", T0 + 100, 0);
  add (model, "a", "adBreakStart", T0 + 10000, 5);
  add (model, "a", "ping", T0 + 60000, 40);
  add_full (model, "a", "adBreakComplete", T0 + 25000, 5, NULL, 36000, 0);
  lanes = collector_tally_get_lanes (find (model, "a")->tally);
  closed = &g_array_index (
      lanes->lanes[COLLECTOR_LANE_BREAK], CollectorInterval, 0);
  g_assert_cmpint (closed->to, ==, T0 + 25000);
  g_assert_false (closed->open);
}

static void
curve_begins_with_a_playhead (void)
{
  g_autoptr (CollectorModel) model = collector_model_new (EXPIRE);
  const CollectorLanes *lanes;
  g_autofree char *text = NULL;

  add (model, "a", "sessionStart", T0, -1);
  text = collector_view_list (model, NULL, T0);
  g_assert_null (strstr (text, "\"playhead\""));
  add (model, "a", "play", T0 + 100, 2000);
  lanes = collector_tally_get_lanes (find (model, "a")->tally);
  g_assert_cmpuint (lanes->playhead->len, ==, 1);
  g_assert_cmpfloat_with_epsilon (
      g_array_index (lanes->playhead, CollectorPoint, 0).value, 2000, 0.1);
}

static void
counts_repeated_once (void)
{
  g_autoptr (CollectorModel) model = collector_model_new (EXPIRE);
  CollectorRecord *record;

  start (model, "a", T0, "film", "tv", FALSE);
  add (model, "a", "play", T0 + 100, 0);
  add (model, "a", "error", T0 + 200, 0);
  add (model, "a", "error", T0 + 200, 0);
  add_full (model, "a", "play", T0 + 100, 0, NULL, 900, 400);
  add_full (model, "a", "ping", T0 + 50, 0, NULL, 900, 400);
  record = find (model, "a");
  g_assert_cmpuint (collector_record_metrics (record)->errors, ==, 1);
  g_assert_cmpuint (record->repeated, ==, 2);
  g_assert_cmpuint (record->refused, ==, 2);
  g_assert_cmpuint (record->disorder, ==, 1);
  g_assert_cmpuint (record->history->entries->len, ==, 6);
}

static void
external_is_told (void)
{
  g_autoptr (CollectorModel) model = collector_model_new (EXPIRE);

#define SOURCE(text) ",\"qoeData\":{\"media.qoe.errorID\":\"e\"," text "}"
  start (model, "a", T0, "film", "tv", FALSE);
  add_full (model, "a", "error", T0 + 1, 0,
      ",\"qoeData\":{\"media.qoe.errorID\":\"e\"}", 10, 0);
  add (model, "a", "error", T0 + 2, 0);
  add_full (model, "a", "error", T0 + 3, 0,
      SOURCE ("\"media.qoe.errorSource\":\"\""), 10, 0);
  add_full (model, "a", "error", T0 + 4, 0,
      SOURCE ("\"media.qoe.errorSource\":\"player\""), 10, 0);
  add_full (model, "a", "error", T0 + 5, 0,
      SOURCE ("\"media.qoe.errorSource\":\"external\""), 10, 0);
#undef SOURCE
  g_assert_cmpuint (
      collector_record_metrics (find (model, "a"))->errors, ==, 5);
  g_assert_cmpuint (
      collector_record_metrics (find (model, "a"))->external_errors, ==, 1);
}

static void
downloaded_is_not_late (void)
{
  g_autoptr (CollectorModel) model = collector_model_new (EXPIRE);

  add_full (model, "a", "sessionStart", T0, 0,
      ",\"params\":{\"media.id\":\"a\",\"media.downloaded\":true}", 900000, 0);
  add_full (model, "a", "play", T0 + 1, 0, NULL, 900000, 0);
  add_full (model, "b", "sessionStart", T0, 0, NULL, 6000, 0);
  g_assert_cmpuint (find (model, "a")->late, ==, 0);
  g_assert_cmpuint (find (model, "b")->late, ==, 1);
  g_assert_true (
      collector_record_is_closed (find (model, "a"), T0 + 900000, EXPIRE));
}

/* ---- states ---- */

static void
silence_becomes_a_state (void)
{
  g_autoptr (CollectorModel) model = collector_model_new (EXPIRE);
  CollectorRecord *record;

  start (model, "a", T0, "film", "tv", FALSE);
  add (model, "a", "play", T0 + 100, 0);
  record = find (model, "a");
#define STATE(at) collector_record_state (record, T0 + (at), EXPIRE)
  g_assert_cmpstr (STATE (20000), ==, "playing");
  g_assert_cmpstr (STATE (40000), ==, "silent");
  g_assert_cmpstr (STATE (EXPIRE + 200), ==, "closed");
  add (model, "a", "sessionEnd", T0 + 41000, 40);
  g_assert_cmpstr (STATE (EXPIRE * 2), ==, "ended");
#undef STATE
}

/* ---- bounds ---- */

static void
bounds_events (void)
{
  g_autoptr (CollectorModel) model = collector_model_new (EXPIRE);
  CollectorRecord *record;
  CollectorEntry *first;

  start (model, "a", T0, "film", "tv", FALSE);
  add (model, "a", "play", T0 + 1, 0);
  for (int i = 2; i < 3000; i++)
    add (model, "a", "ping", T0 + i * 1000, i);
  record = find (model, "a");
  first = g_ptr_array_index (record->history->entries, 0);
  g_assert_cmpuint (record->history->entries->len, ==, COLLECTOR_HISTORY_MAX);
  g_assert_cmpint (first->kind, ==, COLLECTOR_STEP_SESSION_START);
  g_assert_cmpuint (record->history->forgotten, ==, 2000);
  g_assert_cmpuint (collector_record_metrics (record)->events, ==, 3000);
}

static void
bounds_sessions (void)
{
  g_autoptr (CollectorModel) model = collector_model_new (EXPIRE);
  g_autofree char *text = NULL;

  for (int i = 0; i < COLLECTOR_MODEL_SESSIONS_MAX + 10; i++) {
    g_autofree char *id = g_strdup_printf ("%d", i);

    add (model, id, "sessionStart", T0 + i, 0);
  }
  g_assert_cmpuint (model->by_heard.length, ==, COLLECTOR_MODEL_SESSIONS_MAX);
  g_assert_cmpuint (model->totals.forgotten, ==, 10);
  g_assert_null (collector_model_find (model, "9"));
  g_assert_nonnull (collector_model_find (model, "10"));
  text = collector_view_list (model, NULL, T0);
  g_assert_cmpuint (strlen (text), <, 2 * 1024 * 1024);
}

static void
bounds_memory (void)
{
  g_autoptr (CollectorModel) model = collector_model_new (EXPIRE);
  g_autofree char *long_text = g_strnfill (15000, 'x');
  g_autofree char *parts = g_strdup_printf (
      ",\"customMetadata\":{\"a\":\"%s\"}", long_text);

  for (int i = 0; i < 15000; i++) {
    g_autofree char *id = g_strdup_printf ("%d", i / 100);

    add_full (
        model, id, i % 100 ? "ping" : "sessionStart", T0 + i, 0, parts, 10, 0);
    g_assert_cmpuint (model->size, <=, COLLECTOR_MODEL_SIZE_MAX);
  }
  g_assert_cmpuint (model->totals.forgotten, ==, 0);
  g_assert_cmpuint (find (model, "0")->history->entries->len, ==, 1);
  g_assert_cmpuint (find (model, "149")->history->entries->len, ==, 100);
}

static void
cuts_what_is_too_long (void)
{
  g_autofree char *long_text = g_strnfill (900000, 'x');
  g_autofree char *parts = g_strdup_printf (
      ",\"customMetadata\":{\"a\":\"%s\",\"b\":\"c\"}", long_text);
  g_autoptr (JsonNode) event = new_event ("sessionStart", T0, 0, parts);
  g_autofree char *text = collector_history_text (json_node_get_object (event));
  g_autoptr (JsonNode) cut = json_from_string (text, NULL);

  g_assert_cmpuint (strlen (text), <, 1000);
  g_assert_true (
      json_object_get_boolean_member (json_node_get_object (cut), "cut"));
  g_assert_cmpstr (json_object_get_string_member (
                       json_object_get_object_member (
                           json_node_get_object (cut), "customMetadata"),
                       "b"),
      ==, "c");
}

static void
takes_refusals_of_anything (void)
{
  g_autoptr (CollectorModel) model = collector_model_new (EXPIRE);
  const char *const texts[] = { "{}", "{\"eventType\":5}",
    "{\"eventType\":\"play\",\"playerTime\":[]}",
    "{\"playerTime\":{\"ts\":\"x\",\"playhead\":{}}}",
    "{\"playerTime\":{\"ts\":-9223372036854775807,\"playhead\":true}}" };

  start (model, "a", T0, "film", "tv", FALSE);
  for (guint i = 0; i < 2 * G_N_ELEMENTS (texts); i++) {
    g_autoptr (JsonNode)
        event = json_from_string (texts[i % G_N_ELEMENTS (texts)], NULL);
    const CollectorReport report = {
      .status = 400,
      .protocol = "media-collection",
      .arrival = T0,
      .path = "/",
      .session_id = i % 2 ? "a" : NULL,
      .event = json_node_get_object (event),
      .reason = "no",
    };

    collector_model_add (model, &report);
  }
  g_assert_cmpuint (find (model, "a")->refused, ==, 5);
  g_assert_cmpuint (model->strangers->entries->len, ==, 5);
}

/* 10 000 sessions of a client that means no good: names of 4 KiB, of its own
 * choice, with markup. */
static void
bounds_what_is_listed (void)
{
  g_autoptr (CollectorModel) model = collector_model_new (EXPIRE);
  g_autofree char *name = g_strnfill (4096, '<');
  g_autofree char *parts = g_strdup_printf (
      ",\"params\":{\"media.id\":\"%s\",\"media.name\":\"%s\","
      "\"media.playerName\":\"%s\",\"media.channel\":\"%s\"}",
      name, name, name, name);
  g_autoptr (JsonNode) event = new_event ("sessionStart", T0, 0, parts);
  CollectorReport report = {
    .accepted = TRUE,
    .status = 201,
    .protocol = "media-collection",
    .arrival = T0,
    .path = "/",
    .event = json_node_get_object (event),
  };
  g_autofree char *list = NULL;

  for (int i = 0; i < 10000; i++) {
    g_autofree char *id = g_strdup_printf ("%d", i);

    report.session_id = id;
    collector_model_add (model, &report);
  }
  add_full (model, name, "sessionStart", T0, 0, parts, 10, 0);
  g_assert_null (collector_model_find (model, name));
  g_assert_cmpuint (model->size, <=, COLLECTOR_MODEL_SIZE_MAX);
  list = collector_view_list (model, NULL, T0);
  g_assert_cmpuint (strlen (list), <, 3 * 1024 * 1024);
}

static void
note_id (const char *id, gpointer user_data)
{
  g_string_append (user_data, id);
}

static void
forgets_all (void)
{
  g_autoptr (CollectorModel) model = collector_model_new (EXPIRE);
  g_autoptr (GString) ids = g_string_new (NULL);

  collector_model_on_forgotten (model, note_id, ids);
  start (model, "a", T0, "film", "tv", FALSE);
  start (model, "b", T0 + 1, "film", "tv", TRUE);
  collector_model_clear (model);
  g_assert_cmpstr (ids->str, ==, "ab");
  start (model, "c", T0 + 2, "film", "tv", TRUE);
  g_assert_null (find (model, "c")->resumes);
}

/* ---- what is written ---- */

static JsonObject *
session_of (JsonNode *list, guint index)
{
  return json_array_get_object_element (
      json_object_get_array_member (json_node_get_object (list), "sessions"),
      index);
}

static void
lists_sessions (void)
{
  g_autoptr (CollectorModel) model = collector_model_new (EXPIRE);
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) list = NULL;
  JsonObject *row;

  start (model, "a", T0, "film", "tv", FALSE);
  add (model, "a", "play", T0 + 100, 0);
  add (model, "a", "sessionEnd", T0 + 5100, 5);
  start (model, "b", T0 + 15100, "film", "tv", TRUE);
  text = collector_view_list (model, NULL, T0 + 16000);
  list = json_from_string (text, NULL);
  row = session_of (list, 0);
  g_assert_cmpstr (json_object_get_string_member (row, "id"), ==, "b");
  g_assert_cmpfloat_with_epsilon (
      json_object_get_double_member (row, "gap"), 10, 0.001);
  g_assert_false (json_object_has_member (row, "droppedBeforeStart"));
  row = session_of (list, 1);
  g_assert_cmpstr (json_object_get_string_member (row, "state"), ==, "ended");
  g_assert_cmpfloat_with_epsilon (
      json_object_get_double_member (row, "contentTime"), 5, 0.001);
  g_assert_false (json_object_get_boolean_member (row, "droppedBeforeStart"));
}

static void
tells_changes (void)
{
  g_autoptr (CollectorModel) model = collector_model_new (EXPIRE);
  g_autofree char *none = NULL;
  g_autofree char *silent = NULL;
  g_autoptr (JsonNode) list = NULL;

  start (model, "a", T0, "film", "tv", FALSE);
  add (model, "a", "play", T0 + 100, 0);
  none = collector_view_changes (model, model->serial, T0 + 1000, T0 + 2000);
  g_assert_null (none);
  silent = collector_view_changes (model, model->serial, T0 + 1000, T0 + 40000);
  list = json_from_string (silent, NULL);
  g_assert_cmpstr (
      json_object_get_string_member (session_of (list, 0), "state"), ==,
      "silent");
}

static void
shows_a_session (void)
{
  g_autoptr (CollectorModel) model = collector_model_new (EXPIRE);
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonObject *session;
  JsonObject *lanes;

  start (model, "a", T0, "film", "tv", FALSE);
  add_full (model, "a", "adBreakStart", T0 + 50, 0,
      ",\"params\":{\"media.ad.podFriendlyName\":\"pre\"}", 10, 0);
  add (model, "a", "play", T0 + 100, 0);
  add (model, "a", "sessionEnd", T0 + 5100, 5);
  text = collector_view_session (model, find (model, "a"), T0 + 6000);
  node = json_from_string (text, NULL);
  session = json_node_get_object (node);
  lanes = json_object_get_object_member (session, "lanes");
  g_assert_cmpuint (
      json_array_get_length (json_object_get_array_member (session, "events")),
      ==, 4);
  g_assert_cmpuint (
      json_array_get_length (json_object_get_array_member (lanes, "playback")),
      ==, 2);
  g_assert_cmpstr (json_object_get_string_member (
                       json_array_get_object_element (
                           json_object_get_array_member (lanes, "breaks"), 0),
                       "outcome"),
      ==, "abandoned");
  g_assert_cmpstr (
      json_array_get_string_element (
          json_object_get_array_member (
              json_object_get_object_member (session, "session"), "mistakes"),
          0),
      ==, "ad break never completed");
}

/* Returns: how long was played in the first interval of a lane. */
static double
playing_in (CollectorModel *model, const char *id, CollectorLane lane)
{
  const CollectorLanes *lanes = collector_tally_get_lanes (
      find (model, id)->tally);

  g_assert_cmpuint (lanes->lanes[lane]->len, >=, 1);
  return g_array_index (lanes->lanes[lane], CollectorInterval, 0).playing;
}

static void
ads_are_no_chapter_time (void)
{
  g_autoptr (CollectorModel) model = collector_model_new (EXPIRE);

  start (model, "a", T0, "film", "tv", FALSE);
  add (model, "a", "chapterStart", T0 + 10, 0);
  add (model, "a", "play", T0 + 10, 0);
  add (model, "a", "adBreakStart", T0 + 3010, 3);
  add (model, "a", "adStart", T0 + 3010, 3);
  add (model, "a", "adComplete", T0 + 8010, 3);
  add (model, "a", "adBreakComplete", T0 + 8010, 3);
  add (model, "a", "sessionEnd", T0 + 10010, 5);
  g_assert_cmpfloat_with_epsilon (
      playing_in (model, "a", COLLECTOR_LANE_CHAPTER), 5000, 0.1);
  g_assert_cmpfloat_with_epsilon (
      playing_in (model, "a", COLLECTOR_LANE_AD), 5000, 0.1);
}

static void
bounds_lanes (void)
{
  g_autoptr (CollectorModel) model = collector_model_new (EXPIRE);
  const CollectorLanes *lanes;

  start (model, "a", T0, "film", "tv", FALSE);
  for (int i = 1; i < 3000; i++)
    add_full (model, "a", i % 2 ? "play" : "pauseStart", T0 + i * 1000, i,
        i % 2 ? ",\"qoeData\":{\"media.qoe.bitrate\":1000}"
              : ",\"qoeData\":{\"media.qoe.bitrate\":2000}",
        10, 0);
  lanes = collector_tally_get_lanes (find (model, "a")->tally);
  g_assert_cmpuint (
      lanes->lanes[COLLECTOR_LANE_PLAYBACK]->len, ==, COLLECTOR_LANE_MAX);
  g_assert_cmpuint (lanes->playhead->len, <=, COLLECTOR_POINTS_MAX);
  g_assert_cmpuint (lanes->bitrate->len, <=, COLLECTOR_POINTS_MAX);
  /* The whole session is still there. */
  g_assert_cmpint (
      g_array_index (lanes->playhead, CollectorPoint, 0).ts, ==, T0);
}

static void
counts_for_prometheus (void)
{
  g_autoptr (CollectorModel) model = collector_model_new (EXPIRE);
  g_autofree char *text = NULL;

#define HAS(line) \
  g_assert_nonnull (strstr (text, "\nmediaheartbeat_collector_" line "\n"))
  start (model, "a", T0, "film", "tv", FALSE);
  add_full (model, "a", "play", T0 + 1, 0, NULL, 7000, 0);
  add_full (model, "a", "play", T0 + 1, 0, NULL, 7000, 400);
  add_full (model, NULL, "ping", T0 + 1, 0, NULL, 10, 404);
  text = collector_prometheus_new (model, T0 + 8000);
  HAS ("sessions{state=\"playing\"} 1");
  HAS ("sessions_total 1");
  HAS ("events_total{type=\"play\"} 1");
  HAS ("protocol_events_total{protocol=\"media-collection\"} 2");
  HAS ("refusals_total{status=\"400\"} 1");
  HAS ("refusals_total{status=\"404\"} 1");
  HAS ("events_late_total 1");
  HAS ("events_repeated_total 1");
  HAS ("event_lag_seconds_bucket{le=\"0.1\"} 1");
  HAS ("event_lag_seconds_bucket{le=\"+Inf\"} 2");
  HAS ("event_lag_seconds_sum 7.010");
#undef HAS
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name) g_test_add_func ("/collector/model/" #name, name)
  ADD (links_what_is_resumed);
  ADD (links_no_strangers);
  ADD (links_in_one_direction);
  ADD (sorts_what_came_late);
  ADD (tells_what_came_too_late);
  ADD (too_late_changes_no_lane);
  ADD (too_late_opens_no_session);
  ADD (late_end_closes_the_lane);
  ADD (curve_begins_with_a_playhead);
  ADD (counts_repeated_once);
  ADD (external_is_told);
  ADD (downloaded_is_not_late);
  ADD (silence_becomes_a_state);
  ADD (bounds_events);
  ADD (bounds_sessions);
  ADD (bounds_memory);
  ADD (bounds_what_is_listed);
  ADD (cuts_what_is_too_long);
  ADD (takes_refusals_of_anything);
  ADD (forgets_all);
  ADD (lists_sessions);
  ADD (tells_changes);
  ADD (shows_a_session);
  ADD (ads_are_no_chapter_time);
  ADD (bounds_lanes);
  ADD (counts_for_prometheus);
  return g_test_run ();
}
