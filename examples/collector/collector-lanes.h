/* collector-lanes: what went on in a session, as intervals on one time axis.
 *
 * Intervals are kept, not events: what has lasted for hours is still drawn when
 * the event that began it has been forgotten.
 *
 * May touch: GLib, collector-metrics, collector-step.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "collector-metrics.h"

G_BEGIN_DECLS

/* Of each lane, the newest intervals; of a curve, so many points. */
#define COLLECTOR_LANE_MAX 300
#define COLLECTOR_POINTS_MAX 600

/**
 * CollectorLane:
 *
 * The lanes, from top to bottom.
 */
typedef enum
{
  COLLECTOR_LANE_PLAYBACK, /* playing, paused, buffering, … */
  COLLECTOR_LANE_STALL,
  COLLECTOR_LANE_BREAK,
  COLLECTOR_LANE_AD,
  COLLECTOR_LANE_CHAPTER,
  COLLECTOR_LANE_STATE, /* player states */
  COLLECTOR_LANES,
} CollectorLane;

/**
 * CollectorInterval:
 * @name: (nullable): of the playback state, ad, chapter and so on
 * @outcome: (nullable): static: "completed", "skipped", "abandoned"; NULL for
 *   lanes without one, and while it is open
 * @from: milliseconds UTC
 * @to: milliseconds UTC; of an open one: as far as the events go
 * @open: whether it goes on
 * @playing: of this, the player has played, milliseconds
 */
typedef struct
{
  char *name;
  const char *outcome;
  gint64 from;
  gint64 to;
  gboolean open;
  double playing;
} CollectorInterval;

/**
 * CollectorPoint:
 * @ts: milliseconds UTC
 * @value: seconds of content, or bits per second
 */
typedef struct
{
  gint64 ts;
  double value;
} CollectorPoint;

/**
 * CollectorLanes:
 * @lanes: (element-type CollectorInterval): by #CollectorLane, each in the order
 *   of their beginnings
 * @playhead: (element-type CollectorPoint): the playhead at events
 * @bitrate: (element-type CollectorPoint): from when on which bitrate
 *
 * May be read.
 */
typedef struct
{
  GArray *lanes[COLLECTOR_LANES];
  GArray *playhead;
  GArray *bitrate;
} CollectorLanes;

/**
 * collector_lanes_new:
 *
 * Returns: (transfer full): empty lanes; free with collector_lanes_free().
 */
CollectorLanes *collector_lanes_new (void);
CollectorLanes *collector_lanes_copy (const CollectorLanes *lanes);
void collector_lanes_free (CollectorLanes *lanes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CollectorLanes, collector_lanes_free)

/**
 * collector_lane_name:
 * @lane: a lane
 *
 * Returns: its name in JSON; static.
 */
const char *collector_lane_name (CollectorLane lane);

/**
 * collector_lanes_add:
 * @lanes: of a session
 * @step: an event
 * @played: milliseconds that were played since the event before
 * @main: of these, those outside ad breaks; they count for chapters
 * @metrics: the session's metrics, which have the event
 *
 * Takes the session's next event. One that is behind others changes what nothing
 * newer has changed, and has no place on the curves.
 */
void collector_lanes_add (CollectorLanes *lanes, const CollectorStep *step,
    double played, double main, const CollectorMetrics *metrics);

G_END_DECLS
