/* collector-metrics: Adobe's metrics of one session, as running sums.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-metrics.h"

#include <string.h>

/* A stall: so many events in a row, over so many milliseconds. */
#define STALL_EVENTS 3
#define STALL_TIME 2000

#define MAX_INTERVALS 200

typedef struct
{
  double from;
  double to;
} Interval;

const guint collector_metrics_markers[COLLECTOR_METRICS_MARKERS] = { 10, 25, 50,
  75, 95 };

/* ---- making and copying ---- */

static void
clear_state (gpointer state)
{
  g_free (((CollectorPlayerState *) state)->name);
}

static GArray *
new_states (void)
{
  GArray *states = g_array_new (FALSE, TRUE, sizeof (CollectorPlayerState));

  g_array_set_clear_func (states, clear_state);
  return states;
}

CollectorMetrics *
collector_metrics_new (void)
{
  CollectorMetrics *metrics = g_new0 (CollectorMetrics, 1);

  metrics->time_to_start = -1;
  metrics->bitrate = -1;
  metrics->dropped = -1;
  metrics->states = new_states ();
  metrics->viewed = g_array_new (FALSE, TRUE, sizeof (Interval));
  return metrics;
}

CollectorMetrics *
collector_metrics_copy (const CollectorMetrics *metrics)
{
  CollectorMetrics *copy = g_memdup2 (metrics, sizeof *metrics);

  copy->viewed = g_array_copy (metrics->viewed);
  copy->states = new_states ();
  for (guint i = 0; i < metrics->states->len; i++) {
    CollectorPlayerState state = g_array_index (
        metrics->states, CollectorPlayerState, i);

    state.name = g_strdup (state.name);
    g_array_append_val (copy->states, state);
  }
  return copy;
}

void
collector_metrics_free (CollectorMetrics *metrics)
{
  if (!metrics)
    return;
  g_array_unref (metrics->states);
  g_array_unref (metrics->viewed);
  g_free (metrics);
}

/* ---- what was viewed ---- */

/* Makes one of the two neighbours that are closest to each other. */
static void
join_closest (GArray *intervals)
{
  Interval *all = (Interval *) (gpointer) intervals->data;
  guint best = 1;

  for (guint i = 2; i < intervals->len; i++) {
    if (all[i].from - all[i - 1].to < all[best].from - all[best - 1].to)
      best = i;
  }
  all[best - 1].to = all[best].to;
  g_array_remove_index (intervals, best);
}

static void
add_interval (GArray *intervals, double from, double to)
{
  Interval *all = (Interval *) (gpointer) intervals->data;
  Interval added = { from, to };
  guint first = 0;
  guint end;

  if (to <= from)
    return;
  while (first < intervals->len && all[first].to < from)
    first++;
  for (end = first; end < intervals->len && all[end].from <= to; end++) {
    added.from = MIN (added.from, all[end].from);
    added.to = MAX (added.to, all[end].to);
  }
  g_array_remove_range (intervals, first, end - first);
  g_array_insert_val (intervals, first, added);
  if (intervals->len > MAX_INTERVALS)
    join_closest (intervals);
}

/* A playhead that jumps is a seek: what was viewed before it went on at the old
 * place. */
static void
add_viewed (CollectorMetrics *metrics, double next, double dt)
{
  double from = metrics->playhead;
  double moved = next - from;
  double seconds = dt / 1000;
  gboolean plays_on = moved >= 0 && moved <= 1.5 * seconds + 1;

  add_interval (metrics->viewed, from, from + (plays_on ? moved : seconds));
}

/* ---- time that passes ---- */

gboolean
collector_metrics_is_main (const CollectorMetrics *metrics)
{
  return metrics->state == COLLECTOR_STATE_PLAYING && !metrics->in_break;
}

static void
pass_playing (CollectorMetrics *metrics, const CollectorStep *step, double dt)
{
  if (metrics->bitrate >= 0) {
    metrics->rate_time += dt;
    metrics->rate_sum += (double) metrics->bitrate * dt;
  }
  if (metrics->in_ad)
    metrics->ad_time += dt;
  if (!collector_metrics_is_main (metrics))
    return;
  metrics->playing_time += dt;
  metrics->run_time += dt;
  if (metrics->in_chapter)
    metrics->chapter_time += dt;
  add_viewed (metrics, step->playhead, dt);
}

static double
pass (CollectorMetrics *metrics, const CollectorStep *step)
{
  double dt = 0;

  if (step->ts < metrics->last_ts)
    metrics->mistakes |= COLLECTOR_MISTAKE_CLOCK_BACK;
  else
    dt = (double) (step->ts - metrics->last_ts);
  if (metrics->state == COLLECTOR_STATE_PLAYING)
    pass_playing (metrics, step, dt);
  else if (metrics->state == COLLECTOR_STATE_PAUSED)
    metrics->pause_time += dt;
  else if (metrics->state == COLLECTOR_STATE_BUFFERING)
    metrics->buffer_time += dt;
  for (guint i = 0; i < metrics->states->len; i++) {
    CollectorPlayerState *state = &g_array_index (
        metrics->states, CollectorPlayerState, i);

    if (state->open)
      state->time += dt;
  }
  return dt;
}

/* ---- what an event changes ---- */

static void
set_player_state (
    CollectorMetrics *metrics, const CollectorStep *step, gboolean open)
{
  CollectorPlayerState added = { NULL };
  CollectorPlayerState *state = NULL;
  const char *name = step->name ? step->name : "";

  for (guint i = 0; i < metrics->states->len && !state; i++) {
    state = &g_array_index (metrics->states, CollectorPlayerState, i);
    if (strcmp (state->name, name) != 0)
      state = NULL;
  }
  if (!state) {
    if (!open || metrics->states->len >= COLLECTOR_METRICS_STATES_MAX)
      return;
    added.name = g_strdup (name);
    g_array_append_val (metrics->states, added);
    state = &g_array_index (
        metrics->states, CollectorPlayerState, metrics->states->len - 1);
  }
  if (open && !state->open)
    state->count++;
  state->open = open;
}

static void
start_ad (CollectorMetrics *metrics)
{
  if (!metrics->in_break) {
    metrics->mistakes |= COLLECTOR_MISTAKE_AD_OUTSIDE;
    return;
  }
  if (metrics->break_play)
    metrics->mistakes |= COLLECTOR_MISTAKE_PLAY_BETWEEN;
  metrics->break_play = FALSE;
  metrics->break_had_ad = TRUE;
  metrics->in_ad = TRUE;
  metrics->ads++;
}

static void
end_ad (CollectorMetrics *metrics, gboolean completed)
{
  if (metrics->in_ad && completed)
    metrics->ads_completed++;
  metrics->in_ad = FALSE;
}

static void
set_break (CollectorMetrics *metrics, gboolean open)
{
  metrics->in_break = open;
  metrics->in_ad = FALSE;
  metrics->break_had_ad = FALSE;
  metrics->break_play = FALSE;
}

static void
play (CollectorMetrics *metrics)
{
  metrics->state = COLLECTOR_STATE_PLAYING;
  if (!metrics->in_break)
    metrics->started = TRUE;
  else if (metrics->break_had_ad && !metrics->in_ad)
    metrics->break_play = TRUE;
}

static void
end (CollectorMetrics *metrics, gboolean completed)
{
  if (metrics->in_break)
    metrics->mistakes |= COLLECTOR_MISTAKE_BREAK_OPEN;
  metrics->completed |= completed;
  metrics->state = COLLECTOR_STATE_ENDED;
}

static void
change_part (CollectorMetrics *metrics, const CollectorStep *step)
{
  switch (step->kind) {
    case COLLECTOR_STEP_BREAK_START:
    case COLLECTOR_STEP_BREAK_COMPLETE:
      set_break (metrics, step->kind == COLLECTOR_STEP_BREAK_START);
      break;
    case COLLECTOR_STEP_AD_START:
      start_ad (metrics);
      break;
    case COLLECTOR_STEP_AD_COMPLETE:
    case COLLECTOR_STEP_AD_SKIP:
      end_ad (metrics, step->kind == COLLECTOR_STEP_AD_COMPLETE);
      break;
    case COLLECTOR_STEP_CHAPTER_START:
      metrics->in_chapter = TRUE;
      metrics->chapters++;
      break;
    case COLLECTOR_STEP_CHAPTER_COMPLETE:
    case COLLECTOR_STEP_CHAPTER_SKIP:
      if (metrics->in_chapter && step->kind == COLLECTOR_STEP_CHAPTER_COMPLETE)
        metrics->chapters_completed++;
      metrics->in_chapter = FALSE;
      break;
    case COLLECTOR_STEP_STATE_START:
    case COLLECTOR_STEP_STATE_END:
      set_player_state (
          metrics, step, step->kind == COLLECTOR_STEP_STATE_START);
      break;
    default:
      break;
  }
}

static void
change_state (CollectorMetrics *metrics, const CollectorStep *step)
{
  switch (step->kind) {
    case COLLECTOR_STEP_SESSION_START:
      metrics->length = step->length;
      metrics->live = step->live;
      metrics->resumed = step->resume;
      break;
    case COLLECTOR_STEP_PLAY:
      play (metrics);
      break;
    case COLLECTOR_STEP_PAUSE_START:
      if (metrics->state != COLLECTOR_STATE_PAUSED)
        metrics->pauses++;
      metrics->state = COLLECTOR_STATE_PAUSED;
      break;
    case COLLECTOR_STEP_BUFFER_START:
      if (metrics->state != COLLECTOR_STATE_BUFFERING)
        metrics->buffers++;
      metrics->state = COLLECTOR_STATE_BUFFERING;
      break;
    case COLLECTOR_STEP_SESSION_END:
    case COLLECTOR_STEP_SESSION_COMPLETE:
      end (metrics, step->kind == COLLECTOR_STEP_SESSION_COMPLETE);
      break;
    default:
      change_part (metrics, step);
      break;
  }
}

static void
read_quality (CollectorMetrics *metrics, const CollectorStep *step)
{
  if (step->bitrate >= 0)
    metrics->bitrate = step->bitrate;
  if (step->dropped >= 0)
    metrics->dropped = step->dropped;
  if (step->time_to_start >= 0)
    metrics->time_to_start = step->time_to_start;
  if (step->kind == COLLECTOR_STEP_BITRATE_CHANGE)
    metrics->bitrates++;
  if (step->kind != COLLECTOR_STEP_ERROR)
    return;
  metrics->errors++;
  metrics->external_errors += step->external ? 1 : 0;
}

static void
end_run (CollectorMetrics *metrics)
{
  if (metrics->run_counted)
    metrics->stall_time += metrics->run_time;
  metrics->run_counted = FALSE;
  metrics->run_events = 0;
  metrics->run_time = 0;
}

static void
count_run (CollectorMetrics *metrics, gboolean moved)
{
  if (moved || !collector_metrics_is_main (metrics))
    end_run (metrics);
  if (!collector_metrics_is_main (metrics))
    return;
  if (metrics->run_events++ == 0)
    metrics->run_since = metrics->last_ts;
  if (metrics->run_counted || metrics->run_events < STALL_EVENTS ||
      metrics->last_ts - metrics->run_since < STALL_TIME)
    return;
  metrics->run_counted = TRUE;
  metrics->stalls++;
}

static void
read_playhead (CollectorMetrics *metrics, double playhead)
{
  gboolean moved = playhead < metrics->playhead || playhead > metrics->playhead;

  metrics->playhead = playhead;
  metrics->lowest = MIN (metrics->lowest, playhead);
  metrics->highest = MAX (metrics->highest, playhead);
  count_run (metrics, moved);
  for (guint i = 0; i < COLLECTOR_METRICS_MARKERS; i++) {
    if (metrics->started && !metrics->live && metrics->length > 0 &&
        playhead * 100 >= metrics->length * collector_metrics_markers[i])
      metrics->progress[i] = TRUE;
  }
}

double
collector_metrics_add (CollectorMetrics *metrics, const CollectorStep *step)
{
  double dt = 0;

  if (metrics->events++ == 0) {
    metrics->first_ts = metrics->last_ts = step->ts;
    metrics->lowest = metrics->highest = metrics->playhead = step->playhead;
  }
  dt = pass (metrics, step);
  metrics->last_ts = MAX (metrics->last_ts, step->ts);
  change_state (metrics, step);
  read_quality (metrics, step);
  read_playhead (metrics, step->playhead);
  return dt;
}

/* ---- results ---- */

gint64
collector_metrics_stall_since (const CollectorMetrics *metrics)
{
  return metrics->run_counted ? metrics->run_since : -1;
}

double
collector_metrics_stall_time (const CollectorMetrics *metrics)
{
  return metrics->stall_time + (metrics->run_counted ? metrics->run_time : 0);
}

double
collector_metrics_content_time (const CollectorMetrics *metrics)
{
  return MAX (
      metrics->playing_time - collector_metrics_stall_time (metrics), 0);
}

double
collector_metrics_media_time (const CollectorMetrics *metrics)
{
  return collector_metrics_content_time (metrics) + metrics->ad_time;
}

double
collector_metrics_unique_time (const CollectorMetrics *metrics)
{
  double sum = 0;

  for (guint i = 0; i < metrics->viewed->len; i++) {
    const Interval *viewed = &g_array_index (metrics->viewed, Interval, i);

    sum += viewed->to - viewed->from;
  }
  return sum * 1000;
}

double
collector_metrics_average_bitrate (const CollectorMetrics *metrics)
{
  return metrics->rate_time > 0 ? metrics->rate_sum / metrics->rate_time : -1;
}

double
collector_metrics_average_audience (const CollectorMetrics *metrics)
{
  if (metrics->live || metrics->length <= 0)
    return -1;
  return collector_metrics_content_time (metrics) / 1000 / metrics->length;
}
