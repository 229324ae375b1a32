/* Tests of collector-metrics and collector-metric: Adobe's rules, on the
 * scenarios and at the edges.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-metric.h"

#include <math.h>
#include <string.h>

/* ---- sessions ---- */

static CollectorStep *
new_step (const char *type, gint64 ts, double playhead)
{
  CollectorStep *step = g_new0 (CollectorStep, 1);

  step->kind = collector_step_kind (type);
  g_assert_cmpint (step->kind, !=, COLLECTOR_STEP_OTHER);
  step->ts = ts;
  step->playhead = playhead;
  step->bitrate = step->dropped = step->time_to_start = -1;
  return step;
}

/* Words of the form type:milliseconds:playhead, and for some a fourth part: the
 * length of the content, the bitrate in b/s, or the name of a state. */
static CollectorMetrics *
run (const char *text)
{
  CollectorMetrics *metrics = collector_metrics_new ();
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  for (guint i = 0; words[i]; i++) {
    g_auto (GStrv) parts = g_strsplit (words[i], ":", 4);
    g_autoptr (CollectorStep) step = new_step (parts[0],
        g_ascii_strtoll (parts[1], NULL, 10), g_ascii_strtod (parts[2], NULL));

    if (parts[3] && step->kind == COLLECTOR_STEP_SESSION_START)
      step->length = g_ascii_strtod (parts[3], NULL);
    else if (parts[3] && step->kind == COLLECTOR_STEP_BITRATE_CHANGE)
      step->bitrate = g_ascii_strtoll (parts[3], NULL, 10);
    else
      step->name = g_strdup (parts[3]);
    collector_metrics_add (metrics, step);
  }
  return metrics;
}

/* Returns: a metric's value; NAN: there is none. */
static double
value_of (const CollectorMetrics *metrics, const char *id)
{
  const CollectorMetric *metric = collector_metric_find (id);
  CollectorOutcome outcome = { metrics, metrics->state == COLLECTOR_STATE_ENDED,
    -1 };

  g_assert_nonnull (metric);
  return metric->value (&outcome);
}

static void
assert_value (const CollectorMetrics *metrics, const char *id, double wanted)
{
  double value = value_of (metrics, id);

  if (isnan (wanted) ? !isnan (value) : !(fabs (value - wanted) < 0.001))
    g_error ("%s is %g, not %g", id, value, wanted);
}

/* ---- the scenarios ---- */

/* A row: a scenario, and metrics that it has to have. */
typedef struct
{
  const char *name;
  const char *events; /* as of run(); NULL: those of the scenario's file */
  const char *wanted; /* id=value, with spaces between */
} Vector;

static const Vector vectors[] = {
  { "simple_playback_realtime", NULL,
      "contentTimeSpent=20 pauseEvents=1 totalPauseDuration=15 progress10=1 "
      "progress25=1 progress50=1 progress75=0 progress95=0 "
      "averageMinuteAudience=0.6667 contentCompletes=1 mediaStarts=1 "
      "contentStarts=1 dropsBeforeStart=0 uniqueTimePlayed=20 stallEvents=0 "
      "estimatedStreams=1" },
  { "simple_playback_with_buffer_realtime", NULL,
      "contentTimeSpent=20 bufferEvents=2 totalBufferDuration=20 "
      "pauseEvents=0 stallEvents=0" },
  { "simple_playback_with_seek_realtime", NULL,
      "contentTimeSpent=20 pauseEvents=2 totalPauseDuration=20 stallEvents=0" },
  { "ad_with_buffer_realtime", NULL,
      "contentTimeSpent=5 pauseEvents=2 totalPauseDuration=25 bufferEvents=2 "
      "totalBufferDuration=10 adCount=1" },
  { "chapter_realtime", NULL, "chapterTimeSpent=15 chapterCount=1" },
  { "multiple_ad_chapter_realtime", NULL,
      "contentTimeSpent=30 mediaTimeSpent=60 adTimeSpent=30 "
      "chapterTimeSpent=30 adCount=2 progress10=1 progress25=1 progress50=1 "
      "progress75=1 progress95=1 averageMinuteAudience=1" },
  { "preroll_ad_realtime", NULL,
      "contentTimeSpent=15 adTimeSpent=15 mediaTimeSpent=30 adCompletes=1 "
      "stallEvents=0" },
  { "preroll_ad_with_granular_tracking_enabled_realtime", NULL,
      "contentTimeSpent=15 adTimeSpent=15 mediaTimeSpent=30 adCompletes=1 "
      "stallEvents=0" },
  { "simple_playback_downloaded", NULL, "contentCompletes=1 contentStarts=1" },
  { "custom_error_realtime", NULL, "errorEvents=2" },
  { "error_source_realtime", NULL, "errorEvents=2" },
};

static JsonNode *
load_scenario (const char *name)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_strdup_printf ("%s/%s.json", SCENARIOS_DIR, name);

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  return json_parser_steal_root (parser);
}

/* The hits that a scenario expects, as the events that they are on the wire. */
static CollectorMetrics *
run_scenario (const char *name)
{
  g_autoptr (JsonNode) scenario = load_scenario (name);
  JsonArray *hits = json_object_get_array_member (
      json_node_get_object (scenario), "expect");
  CollectorMetrics *metrics = collector_metrics_new ();

  for (guint i = 0; i < json_array_get_length (hits); i++) {
    JsonObject *hit = json_array_get_object_element (hits, i);
    JsonObject *time = json_object_new ();
    g_autoptr (CollectorStep) step = NULL;

    json_object_set_double_member (
        time, "playhead", json_object_get_double_member (hit, "playhead"));
    json_object_set_int_member (
        time, "ts", json_object_get_int_member (hit, "ts"));
    json_object_set_object_member (hit, "playerTime", time);
    step = collector_step_new (hit);
    collector_metrics_add (metrics, step);
  }
  return metrics;
}

static void
gives_vector (gconstpointer data)
{
  const Vector *vector = data;
  g_autoptr (CollectorMetrics) metrics =
      vector->events ? run (vector->events) : run_scenario (vector->name);
  g_auto (GStrv) wanted = g_strsplit (vector->wanted, " ", -1);

  for (guint i = 0; wanted[i]; i++) {
    g_auto (GStrv) parts = g_strsplit (wanted[i], "=", 2);

    assert_value (metrics, parts[0], g_ascii_strtod (parts[1], NULL));
  }
}

static const Vector edges[] = {
  { "counts_pause_once",
      "sessionStart:0:0 play:0:0 pauseStart:5000:5 ping:8000:5 "
      "pauseStart:9000:5 bufferStart:10000:5 play:12000:5 sessionEnd:13000:6",
      "pauseEvents=1 totalPauseDuration=5 totalBufferDuration=2 "
      "contentTimeSpent=6" },
  { "takes_stalls_off",
      "sessionStart:0:0:100 play:0:0 play:1000:1 ping:11000:11 ping:21000:11 "
      "ping:31000:11 ping:41000:15",
      "stallEvents=1 totalStallingDuration=30 contentTimeSpent=11 "
      "averageMinuteAudience=0.11" },
  { "burst_is_no_stall",
      "sessionStart:0:0 play:0:0 chapterStart:0:0 ping:1:0 play:1000:0 "
      "ping:2500:2",
      "stallEvents=0 contentTimeSpent=2.5" },
  { "stall_ends_with_the_state",
      "sessionStart:0:5 play:0:5 ping:1000:5 ping:2000:5 pauseStart:6000:5 "
      "ping:16000:5 play:20000:5 ping:21000:6",
      "stallEvents=1 totalStallingDuration=6 contentTimeSpent=1 "
      "totalPauseDuration=14" },
  { "counts_twice_viewed_once",
      "sessionStart:0:0:100 play:0:0 ping:10000:10 pauseStart:15000:15 "
      "play:16000:5 ping:26000:15 ping:36000:25 play:37000:80 "
      "sessionEnd:39000:82",
      "contentTimeSpent=38 uniqueTimePlayed=28 progress75=1 progress95=0" },
  { "goes_on_after_complete",
      "sessionStart:0:0 play:0:0 sessionComplete:5000:5 play:10000:0 "
      "sessionEnd:12000:2",
      "contentCompletes=1 contentTimeSpent=7" },
  { "late_end_of_a_break_ends_it",
      "sessionStart:0:0 play:0:0 adBreakStart:10000:10 adStart:10000:10 "
      "ping:60000:45 adBreakComplete:25000:10 ping:70000:55",
      "adTimeSpent=50 contentTimeSpent=20" },
};

static void
times_player_states (void)
{
  g_autoptr (CollectorMetrics) metrics = run_scenario ("custom_state_realtime");

  g_assert_cmpuint (metrics->states->len, >, 1);
  for (guint i = 0; i < metrics->states->len; i++) {
    CollectorPlayerState *state = &g_array_index (
        metrics->states, CollectorPlayerState, i);

    g_assert_cmpuint (state->count, ==, 1);
    g_assert_cmpfloat_with_epsilon (state->time, 5000, 1);
  }
}

/* ---- edges ---- */

static void
tells_drop_when_closed (void)
{
  g_autoptr (CollectorMetrics)
      open = run ("sessionStart:0:0 bufferStart:0:0 ping:10000:0");
  g_autoptr (CollectorMetrics)
      closed = run ("sessionStart:0:0 adBreakStart:0:0 adStart:0:0 play:0:0 "
                    "adSkip:4000:0 adBreakComplete:4000:0 sessionEnd:4000:0");

  assert_value (open, "dropsBeforeStart", NAN);
  assert_value (closed, "dropsBeforeStart", 1);
  assert_value (closed, "adCount", 1);
  assert_value (closed, "adCompletes", 0);
  assert_value (closed, "adTimeSpent", 4);
  assert_value (closed, "contentTimeSpent", 0);
}

static void
ignores_ads_outside_a_break (void)
{
  g_autoptr (CollectorMetrics)
      metrics = run ("sessionStart:0:0 play:0:0 adStart:1000:1 "
                     "adComplete:6000:6 sessionEnd:7000:7");

  assert_value (metrics, "adCount", 0);
  assert_value (metrics, "adTimeSpent", 0);
  assert_value (metrics, "contentTimeSpent", 7);
  g_assert_cmpuint (metrics->mistakes, ==, COLLECTOR_MISTAKE_AD_OUTSIDE);
}

static void
sees_mistakes (void)
{
  g_autoptr (CollectorMetrics)
      between = run ("sessionStart:0:0 adBreakStart:0:0 adStart:0:0 play:0:0 "
                     "adComplete:5000:0 play:5000:0 adStart:5001:0 "
                     "adComplete:9000:0 adBreakComplete:9000:0 play:9000:0");
  g_autoptr (CollectorMetrics)
      open = run ("sessionStart:0:0 adBreakStart:0:0 sessionEnd:1000:0");
  g_autoptr (CollectorMetrics)
      back = run ("sessionStart:9000:0 play:9000:0 ping:3000:1 ping:10000:2");

  g_assert_cmpuint (between->mistakes, ==, COLLECTOR_MISTAKE_PLAY_BETWEEN);
  g_assert_cmpuint (open->mistakes, ==, COLLECTOR_MISTAKE_BREAK_OPEN);
  g_assert_cmpuint (back->mistakes, ==, COLLECTOR_MISTAKE_CLOCK_BACK);
  assert_value (back, "contentTimeSpent", 1);
}

static void
weighs_bitrates (void)
{
  g_autoptr (CollectorMetrics)
      metrics = run ("sessionStart:0:0 play:0:0 bitrateChange:1000:1:1000000 "
                     "bitrateChange:4000:4:500000 pauseStart:5000:5 "
                     "ping:60000:5 sessionEnd:61000:5");
  CollectorOutcome outcome = { metrics, TRUE, -1 };
  g_autofree char *bucket =
      collector_metric_find ("averageBitrateBucket")->text (&outcome);

  assert_value (metrics, "averageBitrate", 875);
  assert_value (metrics, "bitrateChanges", 2);
  g_assert_cmpstr (bucket, ==, "800-899");
}

static void
live_has_no_markers (void)
{
  g_autoptr (CollectorMetrics) metrics = collector_metrics_new ();
  g_autoptr (CollectorStep) start = new_step ("sessionStart", 0, 0);
  g_autoptr (CollectorStep) play = new_step ("play", 0, 80000);

  start->length = 86400;
  start->live = TRUE;
  collector_metrics_add (metrics, start);
  collector_metrics_add (metrics, play);
  assert_value (metrics, "progress10", NAN);
  assert_value (metrics, "averageMinuteAudience", NAN);
  assert_value (metrics, "contentStarts", 1);
}

/* ---- events that come too late to be sorted in ---- */

static void
late_pause_is_over (void)
{
  g_autoptr (CollectorMetrics)
      metrics = run ("sessionStart:0:0 play:100:0 ping:10000:10 play:25000:20 "
                     "ping:60000:55 pauseStart:20000:20 ping:70000:65 "
                     "sessionEnd:80000:75");

  assert_value (metrics, "pauseEvents", 1);
  assert_value (metrics, "totalPauseDuration", 0);
  assert_value (metrics, "contentTimeSpent", 79.9);
  assert_value (metrics, "uniqueTimePlayed", 75);
  g_assert_cmpuint (metrics->mistakes, ==, COLLECTOR_MISTAKE_CLOCK_BACK);
}

/* Nothing later says otherwise: it holds from where it has come. */
static void
late_state_holds_from_now_on (void)
{
  g_autoptr (CollectorMetrics)
      plays = run ("sessionStart:0:0 ping:10000:10 ping:60000:60 play:100:0 "
                   "ping:70000:70");
  g_autoptr (CollectorMetrics)
      pauses = run ("sessionStart:0:0 play:100:0 ping:60000:20 "
                    "pauseStart:20000:20 ping:70000:20");

  assert_value (plays, "contentStarts", 1);
  assert_value (plays, "contentTimeSpent", 10);
  assert_value (pauses, "totalPauseDuration", 10);
  assert_value (pauses, "pauseEvents", 1);
}

static void
late_play_opens_nothing (void)
{
  g_autoptr (CollectorMetrics)
      metrics = run ("sessionStart:0:0 play:100:0 pauseStart:10000:10 "
                     "sessionEnd:60000:10 play:20000:10 ping:90000:10");

  g_assert_cmpint (metrics->state, ==, COLLECTOR_STATE_ENDED);
  assert_value (metrics, "contentTimeSpent", 9.9);
}

static void
late_break_is_over (void)
{
  g_autoptr (CollectorMetrics)
      metrics = run ("sessionStart:0:0 play:0:0 adComplete:25000:10 "
                     "adBreakComplete:25000:10 ping:60000:45 "
                     "adBreakStart:10000:10 adStart:10001:10 "
                     "adComplete:24000:10 ping:70000:55");

  assert_value (metrics, "adCount", 1);
  assert_value (metrics, "adCompletes", 1);
  assert_value (metrics, "adTimeSpent", 0);
  assert_value (metrics, "contentTimeSpent", 70);
  g_assert_cmpuint (metrics->mistakes, ==, COLLECTOR_MISTAKE_CLOCK_BACK);
}

static void
late_chapter_and_state_are_over (void)
{
  g_autoptr (CollectorMetrics)
      metrics = run ("sessionStart:0:0 play:0:0 stateStart:1000:1:mute "
                     "stateEnd:2000:2:mute chapterSkip:9000:9 ping:60000:60 "
                     "chapterStart:5000:5 stateStart:1500:1:mute "
                     "ping:70000:70");
  const CollectorPlayerState *state = &g_array_index (
      metrics->states, CollectorPlayerState, 0);

  assert_value (metrics, "chapterCount", 1);
  assert_value (metrics, "chapterTimeSpent", 0);
  g_assert_false (state->open);
  g_assert_cmpuint (state->count, ==, 2);
  g_assert_cmpfloat_with_epsilon (state->time, 1000, 0.1);
}

/* What it tells beside that is what was, and not what is. */
static void
late_values_are_old (void)
{
  g_autoptr (CollectorMetrics)
      metrics = run ("sessionStart:0:0 play:0:0 bitrateChange:1000:1:1000000 "
                     "bitrateChange:30000:30:2000000 ping:60000:60 "
                     "bitrateChange:9000:9:500000 ping:70000:60");

  assert_value (metrics, "bitrateChanges", 3);
  g_assert_cmpint (metrics->bitrate, ==, 2000000);
  g_assert_cmpfloat_with_epsilon (metrics->playhead, 60, 0.1);
  assert_value (metrics, "stallEvents", 0);
}

/* ---- events that tell no playhead ---- */

static void
begins_with_the_first_playhead (void)
{
  g_autoptr (CollectorMetrics)
      metrics = run ("sessionStart:0:-1:6000 play:100:2000 ping:10100:2010 "
                     "sessionEnd:20100:2020");
  g_autoptr (CollectorMetrics) none = run ("sessionStart:0:-1 play:100:-1");
  CollectorOutcome outcome = { metrics, TRUE, -1 };
  CollectorOutcome nothing = { none, TRUE, -1 };
  g_autofree char *segment =
      collector_metric_find ("contentSegment")->text (&outcome);

  g_assert_cmpstr (segment, ==, "[30-35]");
  assert_value (metrics, "uniqueTimePlayed", 20);
  g_assert_null (collector_metric_find ("contentSegment")->text (&nothing));
}

static void
untold_playhead_stands_for_none (void)
{
  g_autoptr (CollectorMetrics)
      metrics = run ("sessionStart:0:5:100 play:0:5 ping:10000:-1 "
                     "ping:20000:25 pauseStart:25000:-1 play:26000:30 "
                     "sessionEnd:30000:34");

  assert_value (metrics, "uniqueTimePlayed", 29);
  assert_value (metrics, "stallEvents", 0);
  assert_value (metrics, "contentTimeSpent", 29);
  g_assert_cmpfloat_with_epsilon (metrics->lowest, 5, 0.001);
}

static void
bounds_what_was_viewed (void)
{
  g_autoptr (CollectorMetrics) metrics = collector_metrics_new ();

  for (guint i = 0; i < 5000; i++) {
    g_autoptr (CollectorStep)
        step = new_step ("play", i * 1000, (i * 7919) % 100000);

    collector_metrics_add (metrics, step);
  }
  g_assert_cmpuint (metrics->viewed->len, <=, 200);
  assert_value (metrics, "stallEvents", 0);
}

static void
copy_is_its_own (void)
{
  g_autoptr (CollectorMetrics)
      metrics = run ("sessionStart:0:0 play:0:0 stateStart:0:0:mute");
  g_autoptr (CollectorMetrics) copy = collector_metrics_copy (metrics);
  g_autoptr (CollectorStep) ping = new_step ("ping", 4000, 4);

  collector_metrics_add (copy, ping);
  assert_value (metrics, "contentTimeSpent", 0);
  assert_value (copy, "contentTimeSpent", 4);
  g_assert_cmpfloat (
      g_array_index (metrics->states, CollectorPlayerState, 0).time, <, 1);
  g_assert_cmpfloat (
      g_array_index (copy->states, CollectorPlayerState, 0).time, >, 3999);
}

static void
add_vectors (const char *folder, const Vector *rows, guint n)
{
  for (guint i = 0; i < n; i++) {
    g_autofree char *path = g_strconcat (folder, rows[i].name, NULL);

    g_test_add_data_func (path, &rows[i], gives_vector);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_vectors ("/collector/metrics/scenario/", vectors, G_N_ELEMENTS (vectors));
  add_vectors ("/collector/metrics/", edges, G_N_ELEMENTS (edges));
#define ADD(name) g_test_add_func ("/collector/metrics/" #name, name)
  ADD (times_player_states);
  ADD (tells_drop_when_closed);
  ADD (ignores_ads_outside_a_break);
  ADD (sees_mistakes);
  ADD (weighs_bitrates);
  ADD (live_has_no_markers);
  ADD (late_pause_is_over);
  ADD (late_state_holds_from_now_on);
  ADD (late_play_opens_nothing);
  ADD (late_break_is_over);
  ADD (late_chapter_and_state_are_over);
  ADD (late_values_are_old);
  ADD (begins_with_the_first_playhead);
  ADD (untold_playhead_stands_for_none);
  ADD (bounds_what_was_viewed);
  ADD (copy_is_its_own);
  return g_test_run ();
}
