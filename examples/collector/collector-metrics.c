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
  metrics->playhead = metrics->lowest = metrics->highest = -1;
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

/* What was played since the playhead was told last. A playhead that jumps is a
 * seek: what was viewed before it went on at the old place. */
static void
add_viewed (CollectorMetrics *metrics, double next)
{
  double from = metrics->playhead;
  double moved = next - from;
  double seconds = metrics->view_time / 1000;
  gboolean plays_on = moved >= 0 && moved <= 1.5 * seconds + 1;

  if (metrics->view_open && from >= 0)
    add_interval (metrics->viewed, from, from + (plays_on ? moved : seconds));
  metrics->view_open = FALSE;
  metrics->view_time = 0;
}

/* ---- time that passes ---- */

gboolean
collector_metrics_is_main (const CollectorMetrics *metrics)
{
  return metrics->state == COLLECTOR_STATE_PLAYING && !metrics->in_break;
}

static void
pass_playing (CollectorMetrics *metrics, double dt)
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
  metrics->view_open = TRUE;
  metrics->view_time += dt;
}

static void
pass (CollectorMetrics *metrics, double dt)
{
  if (metrics->state == COLLECTOR_STATE_PLAYING)
    pass_playing (metrics, dt);
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
}

/* ---- what an event changes ---- */

/* Whether nothing that happened later has changed the same thing, which has
 * changed at @changed so far. Only then a late event says what holds from now
 * on: a pause that came behind the play that has ended it begins no other. */
static gboolean
is_newest (gint64 *changed, const CollectorStep *step)
{
  if (step->ts < *changed)
    return FALSE;
  *changed = step->ts;
  return TRUE;
}

static CollectorPlayerState *
find_player_state (CollectorMetrics *metrics, const char *name)
{
  for (guint i = 0; i < metrics->states->len; i++) {
    CollectorPlayerState *state = &g_array_index (
        metrics->states, CollectorPlayerState, i);

    if (strcmp (state->name, name) == 0)
      return state;
  }
  return NULL;
}

static void
set_player_state (
    CollectorMetrics *metrics, const CollectorStep *step, gboolean open)
{
  CollectorPlayerState added = { NULL };
  const char *name = step->name ? step->name : "";
  CollectorPlayerState *state = find_player_state (metrics, name);
  gboolean newest;

  if (!state) {
    if (!open || metrics->states->len >= COLLECTOR_METRICS_STATES_MAX)
      return;
    added.name = g_strdup (name);
    g_array_append_val (metrics->states, added);
    state = &g_array_index (
        metrics->states, CollectorPlayerState, metrics->states->len - 1);
  }
  newest = is_newest (&state->changed, step);
  if (open && (!newest || !state->open))
    state->count++;
  if (newest)
    state->open = open;
}

/* Of a late ad before the last change of the break it is not known whether it
 * was in one: it counts. */
static void
start_ad (CollectorMetrics *metrics, const CollectorStep *step)
{
  if (!metrics->in_break && step->ts >= metrics->break_ts) {
    metrics->mistakes |= COLLECTOR_MISTAKE_AD_OUTSIDE;
    return;
  }
  metrics->ads++;
  if (!is_newest (&metrics->ad_ts, step))
    return;
  if (metrics->break_play)
    metrics->mistakes |= COLLECTOR_MISTAKE_PLAY_BETWEEN;
  metrics->break_play = FALSE;
  metrics->break_had_ad = TRUE;
  metrics->in_ad = TRUE;
}

static void
end_ad (CollectorMetrics *metrics, const CollectorStep *step)
{
  gboolean newest = is_newest (&metrics->ad_ts, step);
  gboolean begun = newest ? metrics->in_ad
                          : metrics->ads_completed < metrics->ads;

  if (begun && step->kind == COLLECTOR_STEP_AD_COMPLETE)
    metrics->ads_completed++;
  if (newest)
    metrics->in_ad = FALSE;
}

static void
set_break (CollectorMetrics *metrics, const CollectorStep *step)
{
  if (!is_newest (&metrics->break_ts, step))
    return;
  metrics->in_break = step->kind == COLLECTOR_STEP_BREAK_START;
  metrics->break_had_ad = FALSE;
  metrics->break_play = FALSE;
  if (is_newest (&metrics->ad_ts, step))
    metrics->in_ad = FALSE;
}

static void
start_chapter (CollectorMetrics *metrics, const CollectorStep *step)
{
  metrics->chapters++;
  if (is_newest (&metrics->chapter_ts, step))
    metrics->in_chapter = TRUE;
}

static void
end_chapter (CollectorMetrics *metrics, const CollectorStep *step)
{
  gboolean newest = is_newest (&metrics->chapter_ts, step);
  gboolean begun = newest ? metrics->in_chapter
                          : metrics->chapters_completed < metrics->chapters;

  if (begun && step->kind == COLLECTOR_STEP_CHAPTER_COMPLETE)
    metrics->chapters_completed++;
  if (newest)
    metrics->in_chapter = FALSE;
}

/* A late play before the break that is open now was outside of it. */
static void
play (CollectorMetrics *metrics, const CollectorStep *step)
{
  gboolean newest = is_newest (&metrics->state_ts, step);

  if (newest)
    metrics->state = COLLECTOR_STATE_PLAYING;
  if (!metrics->in_break || step->ts < metrics->break_ts)
    metrics->started = TRUE;
  else if (newest && metrics->break_had_ad && !metrics->in_ad)
    metrics->break_play = TRUE;
}

/* @count: how often that state has begun. */
static void
stop (CollectorMetrics *metrics, const CollectorStep *step,
    CollectorState state, guint *count)
{
  gboolean newest = is_newest (&metrics->state_ts, step);

  if (!newest || metrics->state != state)
    (*count)++;
  if (newest)
    metrics->state = state;
}

static void
end (CollectorMetrics *metrics, const CollectorStep *step)
{
  if (step->kind == COLLECTOR_STEP_SESSION_COMPLETE)
    metrics->completed = TRUE;
  if (!is_newest (&metrics->state_ts, step))
    return;
  if (metrics->in_break)
    metrics->mistakes |= COLLECTOR_MISTAKE_BREAK_OPEN;
  metrics->state = COLLECTOR_STATE_ENDED;
}

static void
change_part (CollectorMetrics *metrics, const CollectorStep *step)
{
  switch (step->kind) {
    case COLLECTOR_STEP_BREAK_START:
    case COLLECTOR_STEP_BREAK_COMPLETE:
      set_break (metrics, step);
      break;
    case COLLECTOR_STEP_AD_START:
      start_ad (metrics, step);
      break;
    case COLLECTOR_STEP_AD_COMPLETE:
    case COLLECTOR_STEP_AD_SKIP:
      end_ad (metrics, step);
      break;
    case COLLECTOR_STEP_CHAPTER_START:
      start_chapter (metrics, step);
      break;
    case COLLECTOR_STEP_CHAPTER_COMPLETE:
    case COLLECTOR_STEP_CHAPTER_SKIP:
      end_chapter (metrics, step);
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
      play (metrics, step);
      break;
    case COLLECTOR_STEP_PAUSE_START:
      stop (metrics, step, COLLECTOR_STATE_PAUSED, &metrics->pauses);
      break;
    case COLLECTOR_STEP_BUFFER_START:
      stop (metrics, step, COLLECTOR_STATE_BUFFERING, &metrics->buffers);
      break;
    case COLLECTOR_STEP_SESSION_END:
    case COLLECTOR_STEP_SESSION_COMPLETE:
      end (metrics, step);
      break;
    default:
      change_part (metrics, step);
      break;
  }
}

static void
read_quality (CollectorMetrics *metrics, const CollectorStep *step)
{
  if (step->bitrate >= 0 && is_newest (&metrics->bitrate_ts, step))
    metrics->bitrate = step->bitrate;
  if (step->dropped >= 0 && is_newest (&metrics->dropped_ts, step))
    metrics->dropped = step->dropped;
  if (step->time_to_start >= 0 && is_newest (&metrics->time_to_start_ts, step))
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

/* How far the content was reached, in whatever order it was told. */
static void
read_bounds (CollectorMetrics *metrics, double playhead)
{
  metrics->lowest = metrics->lowest < 0 ? playhead
                                        : MIN (metrics->lowest, playhead);
  metrics->highest = MAX (metrics->highest, playhead);
  for (guint i = 0; i < COLLECTOR_METRICS_MARKERS; i++) {
    if (metrics->started && !metrics->live && metrics->length > 0 &&
        playhead * 100 >= metrics->length * collector_metrics_markers[i])
      metrics->progress[i] = TRUE;
  }
}

static void
follow_playhead (CollectorMetrics *metrics, double playhead)
{
  gboolean moved = playhead < metrics->playhead || playhead > metrics->playhead;

  add_viewed (metrics, playhead);
  metrics->playhead = playhead;
  count_run (metrics, moved);
}

double
collector_metrics_add (CollectorMetrics *metrics, const CollectorStep *step)
{
  gboolean late;
  double dt;

  if (metrics->events++ == 0)
    metrics->first_ts = metrics->last_ts = step->ts;
  late = step->ts < metrics->last_ts;
  dt = late ? 0 : (double) (step->ts - metrics->last_ts);
  if (late)
    metrics->mistakes |= COLLECTOR_MISTAKE_CLOCK_BACK;
  else
    pass (metrics, dt);
  metrics->last_ts = MAX (metrics->last_ts, step->ts);
  change_state (metrics, step);
  read_quality (metrics, step);
  if (step->playhead >= 0)
    read_bounds (metrics, step->playhead);
  if (step->playhead >= 0 && !late)
    follow_playhead (metrics, step->playhead);
  else if (!collector_metrics_is_main (metrics))
    end_run (metrics);
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
