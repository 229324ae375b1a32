/* collector-view-session: one session as JSON.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-metric.h"
#include "collector-view-private.h"

#include <math.h>

/* So many sessions of a viewing are told before and after one. */
#define VIEWING_MAX 20

/* ---- events ---- */

static void
add_flags (JsonBuilder *builder, guint flags)
{
  static const char *const names[] = { "repeated", "late", "refused",
    "out of order", "after a gap" };

  json_builder_set_member_name (builder, "flags");
  json_builder_begin_array (builder);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    if (flags & (1U << i))
      json_builder_add_string_value (builder, names[i]);
  }
  json_builder_end_array (builder);
}

/* The text is JSON of an object that was read here. */
static void
add_event (JsonBuilder *builder, const char *name, const char *text)
{
  JsonNode *node = text ? json_from_string (text, NULL) : NULL;

  if (!node)
    return;
  json_builder_set_member_name (builder, name);
  json_builder_add_value (builder, node);
}

void
collector_view_add_entry (JsonBuilder *builder, const CollectorEntry *entry)
{
  json_builder_begin_object (builder);
  collector_view_add_int (builder, "ts", entry->ts);
  collector_view_add_int (builder, "arrival", entry->arrival);
  collector_view_add_number (
      builder, "playhead", entry->playhead < 0 ? NAN : entry->playhead);
  collector_view_add_int (builder, "status", entry->status);
  collector_view_add_text (builder, "reason", entry->reason);
  add_flags (builder, entry->flags);
  add_event (builder, "event", entry->text);
  json_builder_end_object (builder);
}

static void
add_events (JsonBuilder *builder, CollectorHistory *history)
{
  collector_view_add_int (
      builder, "forgottenEvents", (gint64) history->forgotten);
  json_builder_set_member_name (builder, "events");
  json_builder_begin_array (builder);
  for (guint i = 0; i < history->entries->len; i++)
    collector_view_add_entry (builder, g_ptr_array_index (history->entries, i));
  json_builder_end_array (builder);
}

/* ---- metrics ---- */

static void
add_metric (JsonBuilder *builder, const CollectorMetric *metric,
    const CollectorOutcome *outcome)
{
  g_autofree char *text = metric->text ? metric->text (outcome) : NULL;

  json_builder_begin_object (builder);
  collector_view_add_text (builder, "id", metric->id);
  collector_view_add_text (builder, "key", metric->key);
  collector_view_add_text (builder, "name", metric->name);
  collector_view_add_text (builder, "unit", metric->unit);
  collector_view_add_text (builder, "rule", metric->rule);
  if (metric->value)
    collector_view_add_number (builder, "value", metric->value (outcome));
  collector_view_add_text (builder, "value", text);
  json_builder_end_object (builder);
}

static void
add_metrics (JsonBuilder *builder, CollectorModel *model,
    CollectorRecord *record, gint64 now)
{
  const CollectorMetrics *metrics = collector_record_metrics (record);
  gboolean closed = collector_record_is_closed (record, now, model->expire);
  gboolean timed_out = closed && metrics->state != COLLECTOR_STATE_ENDED &&
      !record->downloaded;
  CollectorOutcome outcome = { metrics, closed,
    timed_out ? (double) model->expire / 1000 : -1 };

  json_builder_set_member_name (builder, "metrics");
  json_builder_begin_array (builder);
  for (const CollectorMetric *at = collector_metric_all; at->id; at++)
    add_metric (builder, at, &outcome);
  json_builder_end_array (builder);
}

static void
add_player_states (JsonBuilder *builder, const CollectorMetrics *metrics)
{
  json_builder_set_member_name (builder, "playerStates");
  json_builder_begin_array (builder);
  for (guint i = 0; i < metrics->states->len; i++) {
    const CollectorPlayerState *state = &g_array_index (
        metrics->states, CollectorPlayerState, i);

    json_builder_begin_object (builder);
    collector_view_add_text (builder, "name", state->name);
    collector_view_add_int (builder, "count", state->count);
    collector_view_add_number (builder, "time", state->time / 1000);
    collector_view_add_flag (builder, "set", state->open);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

/* ---- lanes ---- */

static void
add_lane (JsonBuilder *builder, GArray *lane)
{
  json_builder_begin_array (builder);
  for (guint i = 0; i < lane->len; i++) {
    const CollectorInterval *interval = &g_array_index (
        lane, CollectorInterval, i);

    json_builder_begin_object (builder);
    collector_view_add_text (builder, "name", interval->name);
    collector_view_add_int (builder, "from", interval->from);
    collector_view_add_int (builder, "to", interval->to);
    collector_view_add_flag (builder, "open", interval->open);
    collector_view_add_text (builder, "outcome", interval->outcome);
    collector_view_add_number (builder, "playing", interval->playing / 1000);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

static void
add_curve (JsonBuilder *builder, const char *name, GArray *points)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; i < points->len; i++) {
    const CollectorPoint *point = &g_array_index (points, CollectorPoint, i);

    json_builder_begin_array (builder);
    json_builder_add_int_value (builder, point->ts);
    json_builder_add_double_value (builder, round (point->value * 1000) / 1000);
    json_builder_end_array (builder);
  }
  json_builder_end_array (builder);
}

static void
add_lanes (JsonBuilder *builder, const CollectorLanes *lanes)
{
  json_builder_set_member_name (builder, "lanes");
  json_builder_begin_object (builder);
  for (guint i = 0; i < COLLECTOR_LANES; i++) {
    json_builder_set_member_name (builder, collector_lane_name (i));
    add_lane (builder, lanes->lanes[i]);
  }
  add_curve (builder, "playhead", lanes->playhead);
  add_curve (builder, "bitrate", lanes->bitrate);
  json_builder_end_object (builder);
}

/* ---- the session ---- */

static void
add_viewing (JsonBuilder *builder, CollectorModel *model,
    CollectorRecord *record, gint64 now)
{
  CollectorRecord *first = record;
  guint n = 0;

  while (collector_model_find (model, first->resumes) && n++ < VIEWING_MAX)
    first = collector_model_find (model, first->resumes);
  json_builder_set_member_name (builder, "viewing");
  json_builder_begin_array (builder);
  for (n = 0; first && n <= 2 * VIEWING_MAX; n++) {
    collector_view_add_row (builder, model, first, now);
    first = collector_model_find (model, first->resumed_by);
  }
  json_builder_end_array (builder);
}

char *
collector_view_session (
    CollectorModel *model, CollectorRecord *record, gint64 now)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  collector_view_add_int (builder, "now", now);
  json_builder_set_member_name (builder, "session");
  collector_view_add_row (builder, model, record, now);
  add_event (builder, "start", record->start);
  add_metrics (builder, model, record, now);
  add_player_states (builder, collector_record_metrics (record));
  add_lanes (builder, collector_tally_get_lanes (record->tally));
  add_events (builder, record->history);
  add_viewing (builder, model, record, now);
  json_builder_end_object (builder);
  return collector_view_finish (builder);
}
