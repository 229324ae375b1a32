/* collector-view: the model as JSON: all that the page shows.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-json.h"
#include "collector-view-private.h"

#include <math.h>
#include <string.h>

/* Concurrent sessions are told for so many minutes. */
#define MINUTES 60
#define MINUTE 60000

/* ---- writing ---- */

void
collector_view_add_text (
    JsonBuilder *builder, const char *name, const char *text)
{
  if (!text)
    return;
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, text);
}

void
collector_view_add_int (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

/* Three digits are what the events have; more would be noise of the sums. */
void
collector_view_add_number (JsonBuilder *builder, const char *name, double value)
{
  if (isnan (value))
    return;
  json_builder_set_member_name (builder, name);
  json_builder_add_double_value (builder, round (value * 1000) / 1000);
}

void
collector_view_add_flag (JsonBuilder *builder, const char *name, gboolean value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

char *
collector_view_finish (JsonBuilder *builder)
{
  g_autoptr (JsonNode) node = json_builder_get_root (builder);

  return collector_json_write (node);
}

/* ---- the row of a session ---- */

static void
add_mistakes (JsonBuilder *builder, guint mistakes)
{
  static const char *const texts[] = {
    "ad outside an ad break",
    "play between two ads",
    "clock went back",
    "ad break never completed",
  };

  json_builder_set_member_name (builder, "mistakes");
  json_builder_begin_array (builder);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    if (mistakes & (1U << i))
      json_builder_add_string_value (builder, texts[i]);
  }
  json_builder_end_array (builder);
}

static void
add_row_head (JsonBuilder *builder, CollectorRecord *record)
{
  collector_view_add_text (builder, "id", record->id);
  collector_view_add_text (builder, "protocol", record->protocol);
  collector_view_add_text (builder, "name", record->name);
  collector_view_add_text (builder, "media", record->media);
  collector_view_add_text (builder, "player", record->player);
  collector_view_add_text (builder, "channel", record->channel);
  collector_view_add_text (builder, "contentType", record->content_type);
  collector_view_add_text (builder, "streamType", record->stream_type);
  collector_view_add_text (builder, "visitor", record->visitor);
  collector_view_add_flag (builder, "beginning", record->start != NULL);
  collector_view_add_flag (builder, "downloaded", record->downloaded);
}

static void
add_row_metrics (JsonBuilder *builder, const CollectorMetrics *metrics)
{
  collector_view_add_int (builder, "first", metrics->first_ts);
  collector_view_add_int (builder, "last", metrics->last_ts);
  collector_view_add_number (
      builder, "playhead", metrics->playhead < 0 ? NAN : metrics->playhead);
  collector_view_add_number (builder, "length",
      metrics->live || metrics->length <= 0 ? NAN : metrics->length);
  collector_view_add_flag (builder, "live", metrics->live);
  collector_view_add_number (
      builder, "contentTime", collector_metrics_content_time (metrics) / 1000);
  collector_view_add_number (
      builder, "mediaTime", collector_metrics_media_time (metrics) / 1000);
  collector_view_add_int (builder, "pauses", metrics->pauses);
  collector_view_add_number (builder, "pauseTime", metrics->pause_time / 1000);
  collector_view_add_int (builder, "buffers", metrics->buffers);
  collector_view_add_number (
      builder, "bufferTime", metrics->buffer_time / 1000);
  collector_view_add_int (builder, "stalls", metrics->stalls);
  collector_view_add_number (
      builder, "stallTime", collector_metrics_stall_time (metrics) / 1000);
  collector_view_add_int (builder, "errors", metrics->errors);
  collector_view_add_flag (builder, "started", metrics->started);
  collector_view_add_flag (builder, "completed", metrics->completed);
  collector_view_add_flag (builder, "resumed", metrics->resumed);
  add_mistakes (builder, metrics->mistakes);
}

static void
add_row_arrival (JsonBuilder *builder, CollectorRecord *record)
{
  collector_view_add_int (builder, "begun", record->begun);
  collector_view_add_int (builder, "heard", record->heard);
  collector_view_add_int (builder, "lag", record->lag);
  collector_view_add_int (
      builder, "events", collector_record_metrics (record)->events);
  collector_view_add_int (builder, "refused", (gint64) record->refused);
  collector_view_add_int (builder, "repeated", (gint64) record->repeated);
  collector_view_add_int (builder, "late", (gint64) record->late);
  collector_view_add_int (builder, "outOfOrder", (gint64) record->disorder);
  collector_view_add_int (builder, "missing", (gint64) record->missing);
  collector_view_add_int (builder, "bytes", (gint64) record->bytes);
}

/* A session that resumes another is one viewing with it. */
static void
add_row_viewing (
    JsonBuilder *builder, CollectorModel *model, CollectorRecord *record)
{
  CollectorRecord *before = collector_model_find (model, record->resumes);

  collector_view_add_text (builder, "resumes", record->resumes);
  collector_view_add_text (builder, "resumedBy", record->resumed_by);
  if (before)
    collector_view_add_number (builder, "gap",
        (double) (collector_record_metrics (record)->first_ts -
            collector_record_metrics (before)->last_ts) /
            1000);
}

void
collector_view_add_row (JsonBuilder *builder, CollectorModel *model,
    CollectorRecord *record, gint64 now)
{
  const CollectorMetrics *metrics = collector_record_metrics (record);
  gboolean closed = collector_record_is_closed (record, now, model->expire);

  json_builder_begin_object (builder);
  add_row_head (builder, record);
  collector_view_add_text (
      builder, "state", collector_record_state (record, now, model->expire));
  collector_view_add_text (
      builder, "playback", collector_state_name (metrics->state));
  collector_view_add_flag (builder, "closed", closed);
  if (metrics->started || closed)
    collector_view_add_flag (builder, "droppedBeforeStart", !metrics->started);
  add_row_metrics (builder, metrics);
  add_row_arrival (builder, record);
  add_row_viewing (builder, model, record);
  json_builder_end_object (builder);
}

/* ---- totals ---- */

/* A session counts for each minute that its events cover. */
static void
count_minutes (
    CollectorRecord *record, guint minutes[MINUTES], gint64 this_minute)
{
  const CollectorMetrics *metrics = collector_record_metrics (record);
  gint64 first = metrics->first_ts / MINUTE - this_minute + MINUTES - 1;
  gint64 last = metrics->last_ts / MINUTE - this_minute + MINUTES - 1;

  for (gint64 at = MAX (first, 0); at <= MIN (last, MINUTES - 1); at++)
    minutes[at]++;
}

static void
add_concurrent (JsonBuilder *builder, CollectorModel *model, gint64 now)
{
  guint minutes[MINUTES] = { 0 };

  for (GList *at = model->by_heard.head; at; at = at->next)
    count_minutes (at->data, minutes, now / MINUTE);
  json_builder_set_member_name (builder, "concurrent");
  json_builder_begin_array (builder);
  for (guint i = 0; i < MINUTES; i++)
    json_builder_add_int_value (builder, minutes[i]);
  json_builder_end_array (builder);
}

static gint64
sum_events (const CollectorTotals *totals)
{
  guint64 sum = 0;

  for (guint i = 0; i <= COLLECTOR_STEP_OTHER; i++)
    sum += totals->events[i];
  return (gint64) sum;
}

static gint64
sum_refusals (const CollectorTotals *totals)
{
  GHashTableIter iter;
  gpointer value;
  gint64 sum = 0;

  g_hash_table_iter_init (&iter, totals->refusals);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    sum += (gint64) GPOINTER_TO_SIZE (value);
  return sum;
}

static void
add_totals (JsonBuilder *builder, CollectorModel *model, gint64 now)
{
  const CollectorTotals *totals = &model->totals;

  json_builder_set_member_name (builder, "totals");
  json_builder_begin_object (builder);
  collector_view_add_int (builder, "sessions", (gint64) totals->sessions);
  collector_view_add_int (builder, "known", model->by_heard.length);
  collector_view_add_int (builder, "forgotten", (gint64) totals->forgotten);
  collector_view_add_int (builder, "events", sum_events (totals));
  collector_view_add_int (builder, "refused", sum_refusals (totals));
  collector_view_add_int (builder, "repeated", (gint64) totals->repeated);
  collector_view_add_int (builder, "late", (gint64) totals->late);
  collector_view_add_int (builder, "outOfOrder", (gint64) totals->disorder);
  add_concurrent (builder, model, now);
  json_builder_end_object (builder);
}

/* ---- the list ---- */

static void
add_strangers (JsonBuilder *builder, CollectorModel *model)
{
  GPtrArray *entries = model->strangers->entries;

  json_builder_set_member_name (builder, "refusals");
  json_builder_begin_array (builder);
  for (guint i = entries->len; i > 0; i--)
    collector_view_add_entry (builder, g_ptr_array_index (entries, i - 1));
  json_builder_end_array (builder);
}

static void
begin (JsonBuilder *builder, CollectorModel *model, gint64 now)
{
  json_builder_begin_object (builder);
  collector_view_add_int (builder, "now", now);
  collector_view_add_int (builder, "expire", model->expire);
  add_totals (builder, model, now);
  add_strangers (builder, model);
  json_builder_set_member_name (builder, "sessions");
  json_builder_begin_array (builder);
}

static char *
finish (JsonBuilder *builder)
{
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  return collector_view_finish (builder);
}

char *
collector_view_list (CollectorModel *model, CollectorFilter *filter, gint64 now)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  guint n = 0;

  begin (builder, model, now);
  for (GList *at = model->by_heard.tail; at && n < COLLECTOR_VIEW_SESSIONS_MAX;
       at = at->prev) {
    if (!collector_filter_matches (filter, at->data, now, model->expire))
      continue;
    collector_view_add_row (builder, model, at->data, now);
    n++;
  }
  return finish (builder);
}

static gboolean
has_changed (CollectorModel *model, CollectorRecord *record, guint64 serial,
    gint64 since, gint64 now)
{
  return record->serial > serial ||
      strcmp (collector_record_state (record, since, model->expire),
          collector_record_state (record, now, model->expire)) != 0;
}

char *
collector_view_changes (
    CollectorModel *model, guint64 serial, gint64 since, gint64 now)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  gboolean any = model->serial != serial;
  guint n = 0;

  begin (builder, model, now);
  for (GList *at = model->by_heard.tail; at && n < COLLECTOR_VIEW_SESSIONS_MAX;
       at = at->prev, n++) {
    if (!has_changed (model, at->data, serial, since, now))
      continue;
    collector_view_add_row (builder, model, at->data, now);
    any = TRUE;
  }
  return any ? finish (builder) : NULL;
}
