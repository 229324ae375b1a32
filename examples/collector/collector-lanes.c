/* collector-lanes: what went on in a session, as intervals on one time axis.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-lanes.h"

#include <string.h>

static const char *const lane_names[COLLECTOR_LANES] = {
  [COLLECTOR_LANE_PLAYBACK] = "playback",
  [COLLECTOR_LANE_STALL] = "stalls",
  [COLLECTOR_LANE_BREAK] = "breaks",
  [COLLECTOR_LANE_AD] = "ads",
  [COLLECTOR_LANE_CHAPTER] = "chapters",
  [COLLECTOR_LANE_STATE] = "states",
};

const char *
collector_lane_name (CollectorLane lane)
{
  return lane_names[lane];
}

/* ---- making and copying ---- */

static void
clear_interval (gpointer interval)
{
  g_free (((CollectorInterval *) interval)->name);
}

static GArray *
new_lane (void)
{
  GArray *lane = g_array_new (FALSE, TRUE, sizeof (CollectorInterval));

  g_array_set_clear_func (lane, clear_interval);
  return lane;
}

CollectorLanes *
collector_lanes_new (void)
{
  CollectorLanes *lanes = g_new0 (CollectorLanes, 1);

  for (guint i = 0; i < COLLECTOR_LANES; i++)
    lanes->lanes[i] = new_lane ();
  lanes->playhead = g_array_new (FALSE, TRUE, sizeof (CollectorPoint));
  lanes->bitrate = g_array_new (FALSE, TRUE, sizeof (CollectorPoint));
  return lanes;
}

CollectorLanes *
collector_lanes_copy (const CollectorLanes *lanes)
{
  CollectorLanes *copy = g_new0 (CollectorLanes, 1);

  for (guint i = 0; i < COLLECTOR_LANES; i++) {
    copy->lanes[i] = new_lane ();
    for (guint j = 0; j < lanes->lanes[i]->len; j++) {
      CollectorInterval interval = g_array_index (
          lanes->lanes[i], CollectorInterval, j);

      interval.name = g_strdup (interval.name);
      g_array_append_val (copy->lanes[i], interval);
    }
  }
  copy->playhead = g_array_copy (lanes->playhead);
  copy->bitrate = g_array_copy (lanes->bitrate);
  return copy;
}

void
collector_lanes_free (CollectorLanes *lanes)
{
  if (!lanes)
    return;
  for (guint i = 0; i < COLLECTOR_LANES; i++)
    g_array_unref (lanes->lanes[i]);
  g_array_unref (lanes->playhead);
  g_array_unref (lanes->bitrate);
  g_free (lanes);
}

/* ---- intervals ---- */

/* The newest open one, of that name if there is a name. */
static CollectorInterval *
find_open (GArray *lane, const char *name)
{
  for (guint i = lane->len; i > 0; i--) {
    CollectorInterval *interval = &g_array_index (
        lane, CollectorInterval, i - 1);

    if (interval->open && (!name || g_strcmp0 (interval->name, name) == 0))
      return interval;
  }
  return NULL;
}

/* Closes the open one, if there is one. */
static void
close_interval (GArray *lane, const char *name, gint64 at, const char *outcome)
{
  CollectorInterval *interval = find_open (lane, name);

  if (!interval)
    return;
  interval->open = FALSE;
  interval->to = MAX (interval->from, at);
  interval->outcome = outcome;
}

/* The oldest ones go; one that is open stays as long as others are there. */
static void
make_room (GArray *lane)
{
  guint oldest = 0;

  if (lane->len < COLLECTOR_LANE_MAX)
    return;
  while (oldest < lane->len &&
      g_array_index (lane, CollectorInterval, oldest).open)
    oldest++;
  g_array_remove_index (lane, oldest < lane->len ? oldest : 0);
}

static void
open_interval (GArray *lane, const char *name, gint64 at)
{
  CollectorInterval interval = {
    .name = g_strdup (name),
    .from = at,
    .to = at,
    .open = TRUE,
  };

  make_room (lane);
  g_array_append_val (lane, interval);
}

static void
extend (GArray *lane, gint64 to, double playing)
{
  for (guint i = 0; i < lane->len; i++) {
    CollectorInterval *interval = &g_array_index (lane, CollectorInterval, i);

    if (!interval->open)
      continue;
    interval->to = MAX (interval->to, to);
    interval->playing += playing;
  }
}

/* ---- what an event changes ---- */

static void
follow_playback (CollectorLanes *lanes, const CollectorMetrics *metrics)
{
  GArray *lane = lanes->lanes[COLLECTOR_LANE_PLAYBACK];
  const char *name = collector_state_name (metrics->state);

  if (find_open (lane, name))
    return;
  close_interval (lane, NULL, metrics->last_ts, NULL);
  if (metrics->state != COLLECTOR_STATE_ENDED)
    open_interval (lane, name, metrics->last_ts);
}

static void
follow_stall (CollectorLanes *lanes, const CollectorMetrics *metrics)
{
  GArray *lane = lanes->lanes[COLLECTOR_LANE_STALL];
  gint64 since = collector_metrics_stall_since (metrics);

  if (since < 0)
    close_interval (lane, NULL, metrics->last_ts, NULL);
  else if (!find_open (lane, NULL))
    open_interval (lane, NULL, since);
}

/* Whether nothing in the lane, of that name if there is a name, has changed after
 * @at. What is newer stays as it is when a late event comes. */
static gboolean
is_newest (GArray *lane, const char *name, gint64 at)
{
  for (guint i = 0; i < lane->len; i++) {
    const CollectorInterval *interval = &g_array_index (
        lane, CollectorInterval, i);

    if (name && g_strcmp0 (interval->name, name) != 0)
      continue;
    if (interval->from > at || (!interval->open && interval->to > at))
      return FALSE;
  }
  return TRUE;
}

static void
begin (CollectorLanes *lanes, CollectorLane lane, const CollectorStep *step)
{
  if (!is_newest (lanes->lanes[lane], NULL, step->ts))
    return;
  close_interval (lanes->lanes[lane], NULL, step->ts, "abandoned");
  open_interval (lanes->lanes[lane], step->name, step->ts);
}

static void
finish (CollectorLanes *lanes, CollectorLane lane, const CollectorStep *step,
    const char *outcome)
{
  if (is_newest (lanes->lanes[lane], NULL, step->ts))
    close_interval (lanes->lanes[lane], NULL, step->ts, outcome);
}

static void
finish_all (CollectorLanes *lanes, const CollectorStep *step)
{
  for (guint i = COLLECTOR_LANE_BREAK; i < COLLECTOR_LANES; i++) {
    const char *outcome = i == COLLECTOR_LANE_STATE ? NULL : "abandoned";

    while (find_open (lanes->lanes[i], NULL))
      close_interval (lanes->lanes[i], NULL, step->ts, outcome);
  }
}

static void
follow_parts (CollectorLanes *lanes, const CollectorStep *step)
{
  switch (step->kind) {
    case COLLECTOR_STEP_BREAK_START:
      begin (lanes, COLLECTOR_LANE_BREAK, step);
      break;
    case COLLECTOR_STEP_BREAK_COMPLETE:
      finish (lanes, COLLECTOR_LANE_AD, step, "abandoned");
      finish (lanes, COLLECTOR_LANE_BREAK, step, "completed");
      break;
    case COLLECTOR_STEP_AD_START:
      begin (lanes, COLLECTOR_LANE_AD, step);
      break;
    case COLLECTOR_STEP_AD_COMPLETE:
      finish (lanes, COLLECTOR_LANE_AD, step, "completed");
      break;
    case COLLECTOR_STEP_AD_SKIP:
      finish (lanes, COLLECTOR_LANE_AD, step, "skipped");
      break;
    case COLLECTOR_STEP_CHAPTER_START:
      begin (lanes, COLLECTOR_LANE_CHAPTER, step);
      break;
    case COLLECTOR_STEP_CHAPTER_COMPLETE:
      finish (lanes, COLLECTOR_LANE_CHAPTER, step, "completed");
      break;
    case COLLECTOR_STEP_CHAPTER_SKIP:
      finish (lanes, COLLECTOR_LANE_CHAPTER, step, "skipped");
      break;
    default:
      break;
  }
}

static void
follow_states (CollectorLanes *lanes, const CollectorStep *step)
{
  GArray *lane = lanes->lanes[COLLECTOR_LANE_STATE];
  const char *name = step->name ? step->name : "";

  if (!is_newest (lane, name, step->ts))
    return;
  if (step->kind == COLLECTOR_STEP_STATE_START && !find_open (lane, name))
    open_interval (lane, name, step->ts);
  else if (step->kind == COLLECTOR_STEP_STATE_END)
    close_interval (lane, name, step->ts, NULL);
}

/* ---- curves ---- */

/* Every other point goes, but for the ends. */
static void
thin (GArray *points)
{
  guint kept = 1;

  for (guint i = 2; i + 1 < points->len; i += 2)
    g_array_index (points, CollectorPoint, kept++) = g_array_index (
        points, CollectorPoint, i);
  g_array_index (points, CollectorPoint, kept++) = g_array_index (
      points, CollectorPoint, points->len - 1);
  g_array_set_size (points, kept);
}

static void
add_point (GArray *points, gint64 ts, double value)
{
  CollectorPoint point = { ts, value };

  if (points->len >= COLLECTOR_POINTS_MAX)
    thin (points);
  g_array_append_val (points, point);
}

static void
follow_bitrate (CollectorLanes *lanes, const CollectorMetrics *metrics)
{
  GArray *points = lanes->bitrate;
  double rate = (double) metrics->bitrate;

  if (metrics->bitrate < 0)
    return;
  if (points->len > 0) {
    double last = g_array_index (points, CollectorPoint, points->len - 1).value;

    if (rate >= last && rate <= last)
      return;
  }
  add_point (points, metrics->last_ts, rate);
}

void
collector_lanes_add (CollectorLanes *lanes, const CollectorStep *step,
    double played, double main, const CollectorMetrics *metrics)
{
  for (guint i = 0; i < COLLECTOR_LANES; i++)
    extend (
        lanes->lanes[i], step->ts, i == COLLECTOR_LANE_CHAPTER ? main : played);
  follow_playback (lanes, metrics);
  follow_stall (lanes, metrics);
  follow_parts (lanes, step);
  follow_states (lanes, step);
  if (metrics->state == COLLECTOR_STATE_ENDED)
    finish_all (lanes, step);
  if (step->playhead >= 0 && step->ts >= metrics->last_ts)
    add_point (lanes->playhead, step->ts, step->playhead);
  follow_bitrate (lanes, metrics);
}
