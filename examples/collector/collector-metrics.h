/* collector-metrics: Adobe's metrics of one session, as running sums.
 *
 * The rules are those of docs/guide/collector.md#metrics. Events are taken one
 * after the other, by the players' time, and none is kept: the time from one to
 * the next counts for the state that the first one has left.
 *
 * May touch: GLib, collector-session's states, collector-step.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "collector-session.h"
#include "collector-step.h"

G_BEGIN_DECLS

/* Player states of other names are not counted. */
#define COLLECTOR_METRICS_STATES_MAX 50

#define COLLECTOR_METRICS_MARKERS 5

/* The shares of the length that are markers, percent. */
extern const guint collector_metrics_markers[COLLECTOR_METRICS_MARKERS];

/**
 * CollectorMistake:
 *
 * What is wrong with a session's events though each is correct by itself.
 */
typedef enum
{
  COLLECTOR_MISTAKE_AD_OUTSIDE = 1 << 0, /* an ad outside an ad break */
  COLLECTOR_MISTAKE_PLAY_BETWEEN = 1 << 1, /* play between two ads of a break */
  COLLECTOR_MISTAKE_CLOCK_BACK = 1 << 2, /* a time before the one before */
  COLLECTOR_MISTAKE_BREAK_OPEN = 1 << 3, /* ended inside an ad break */
} CollectorMistake;

/**
 * CollectorPlayerState:
 * @name: of the player state
 * @count: how often it began
 * @time: how long it was set, milliseconds
 * @open: whether it is set
 * @changed: of the newest event that has set it or not, milliseconds UTC
 */
typedef struct
{
  char *name;
  guint count;
  double time;
  gboolean open;
  gint64 changed;
} CollectorPlayerState;

/**
 * CollectorMetrics:
 * @state: what the player does after the last event
 * @live: whether the content has no length of its own
 * @resumed: whether the session resumes another
 * @started: whether the main content has begun: a play outside ad breaks
 * @completed: whether sessionComplete was seen
 * @in_break: whether an ad break is open
 * @in_ad: whether an ad is open, inside a break
 * @in_chapter: whether a chapter is open
 * @length: of the content, seconds; 0: unknown
 * @first_ts: of the first event, milliseconds UTC
 * @last_ts: of the last event
 * @playhead: of the last event that told one, seconds; -1: none has; so are
 *   the two below
 * @lowest: the smallest playhead
 * @highest: the largest playhead
 * @time_to_start: milliseconds; -1: not told
 * @bitrate: the last one told, bits per second; -1: none
 * @dropped: frames; -1: not told
 * @events: how many
 * @pauses: how often it was paused
 * @buffers: how often it began to buffer
 * @stalls: how often the playhead stood still while it played
 * @bitrates: bitrateChange events
 * @errors: error events
 * @external_errors: of these, those that are told to be not the player's own
 * @ads: ads begun inside a break
 * @ads_completed: of these, those played to their end
 * @chapters: chapters begun
 * @chapters_completed: of these, those played to their end
 * @progress: for each marker whether it was reached
 * @mistakes: a set of #CollectorMistake
 * @playing_time: playing, without ad breaks, stalls not taken off; this and the
 *   times below in milliseconds
 * @ad_time: playing inside an ad
 * @chapter_time: playing inside a chapter, without ad breaks
 * @pause_time: paused
 * @buffer_time: buffering
 * @states: (element-type CollectorPlayerState): the player states
 *
 * The fields above may be read; what follows them is private.
 */
typedef struct
{
  CollectorState state;
  gboolean live;
  gboolean resumed;
  gboolean started;
  gboolean completed;
  gboolean in_break;
  gboolean in_ad;
  gboolean in_chapter;
  double length;
  gint64 first_ts;
  gint64 last_ts;
  double playhead;
  double lowest;
  double highest;
  gint64 time_to_start;
  gint64 bitrate;
  gint64 dropped;
  guint events;
  guint pauses;
  guint buffers;
  guint stalls;
  guint bitrates;
  guint errors;
  guint external_errors;
  guint ads;
  guint ads_completed;
  guint chapters;
  guint chapters_completed;
  gboolean progress[COLLECTOR_METRICS_MARKERS];
  guint mistakes;
  double playing_time;
  double ad_time;
  double chapter_time;
  double pause_time;
  double buffer_time;
  GArray *states;
  /*< private >*/
  gint64 state_ts; /* of the newest event that has set the state */
  gint64 break_ts; /* so of in_break, in_ad and the others */
  gint64 ad_ts;
  gint64 chapter_ts;
  gint64 bitrate_ts;
  gint64 dropped_ts;
  gint64 time_to_start_ts;
  double rate_time; /* playing with a bitrate known */
  double rate_sum; /* bits per second, each times its milliseconds */
  double stall_time; /* of the stalls that are over */
  double run_time; /* of events in a row that show the same playhead */
  gint64 run_since;
  guint run_events;
  gboolean run_counted; /* it is a stall */
  gboolean break_had_ad;
  gboolean break_play; /* a play after an ad of the break */
  gboolean view_open; /* something was played since the playhead was told */
  double view_time; /* how much */
  GArray *viewed; /* intervals of the content, sorted, apart from each other */
} CollectorMetrics;

/**
 * collector_metrics_new:
 *
 * Returns: (transfer full): of a session without events; free with
 *   collector_metrics_free().
 */
CollectorMetrics *collector_metrics_new (void);
CollectorMetrics *collector_metrics_copy (const CollectorMetrics *metrics);
void collector_metrics_free (CollectorMetrics *metrics);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CollectorMetrics, collector_metrics_free)

/**
 * collector_metrics_add:
 * @metrics: of a session
 * @step: its next event, by the player's time
 *
 * An event whose time is before the last one's is counted, and is a mistake. No
 * time passes, and it changes what holds from now on only where nothing that
 * happened later has: a late pauseStart does not undo the play that came after
 * the pause.
 *
 * Returns: the milliseconds since the event before; 0 of a late one.
 */
double collector_metrics_add (
    CollectorMetrics *metrics, const CollectorStep *step);

/**
 * collector_metrics_is_main:
 * @metrics: of a session
 *
 * Returns: whether it plays main content, no ad break.
 */
gboolean collector_metrics_is_main (const CollectorMetrics *metrics);

/**
 * collector_metrics_stall_since:
 * @metrics: of a session
 *
 * Returns: since when the playhead has stood still while it plays, milliseconds
 *   UTC; -1 where there is no stall now.
 */
gint64 collector_metrics_stall_since (const CollectorMetrics *metrics);

/* What is computed of the sums; times in milliseconds. */
double collector_metrics_stall_time (const CollectorMetrics *metrics);
double collector_metrics_content_time (const CollectorMetrics *metrics);
double collector_metrics_media_time (const CollectorMetrics *metrics);
double collector_metrics_unique_time (const CollectorMetrics *metrics);

/**
 * collector_metrics_average_bitrate:
 * @metrics: of a session
 *
 * Returns: bits per second; -1 where none was known while it played.
 */
double collector_metrics_average_bitrate (const CollectorMetrics *metrics);

/**
 * collector_metrics_average_audience:
 * @metrics: of a session
 *
 * Returns: content time by the content's length; -1 where that has none.
 */
double collector_metrics_average_audience (const CollectorMetrics *metrics);

G_END_DECLS
