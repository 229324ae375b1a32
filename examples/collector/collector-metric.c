/* collector-metric: the metrics by name, each with its rule.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-metric.h"

#include <math.h>
#include <string.h>

/* Content segments are ranges of so many seconds. */
#define SEGMENT 300

/* One stream is estimated for each half hour. */
#define STREAM_TIME (30 * 60 * 1000.0)

#define FIELD(name, expression) \
  static double name (const CollectorOutcome *outcome) \
  { \
    G_GNUC_UNUSED const CollectorMetrics *m = outcome->metrics; \
\
    return (double) (expression); \
  }

FIELD (media_starts, m->resumed ? 0 : 1)
FIELD (content_resumes, m->resumed)
FIELD (content_starts, m->started)
FIELD (drops, m->started ? 0 : outcome->closed ? 1 : NAN)
FIELD (completes, m->completed)
FIELD (content_time, collector_metrics_content_time (m) / 1000)
FIELD (media_time, collector_metrics_media_time (m) / 1000)
FIELD (ad_time, m->ad_time / 1000)
FIELD (chapter_time, m->chapter_time / 1000)
FIELD (pauses, m->pauses)
FIELD (pause_time, m->pause_time / 1000)
FIELD (buffers, m->buffers)
FIELD (buffer_time, m->buffer_time / 1000)
FIELD (stalls, m->stalls)
FIELD (stall_time, collector_metrics_stall_time (m) / 1000)
FIELD (time_to_start, m->time_to_start < 0 ? NAN : (double) m->time_to_start)
FIELD (unique_time, collector_metrics_unique_time (m) / 1000)
FIELD (streams, floor (collector_metrics_media_time (m) / STREAM_TIME) + 1)
FIELD (bitrate_changes, m->bitrates)
FIELD (dropped, m->dropped < 0 ? NAN : (double) m->dropped)
FIELD (errors, m->errors)
FIELD (external_errors, m->external_errors)
FIELD (ads, m->ads)
FIELD (ad_completes, m->ads_completed)
FIELD (chapters, m->chapters)
FIELD (chapter_completes, m->chapters_completed)
FIELD (silence, outcome->silence < 0 ? NAN : outcome->silence)

#define MARKER(index) \
  FIELD (marker_##index, m->live || m->length <= 0 ? NAN : m->progress[index])

MARKER (0)
MARKER (1)
MARKER (2)
MARKER (3)
MARKER (4)

static double
audience (const CollectorOutcome *outcome)
{
  double audience = collector_metrics_average_audience (outcome->metrics);

  return audience < 0 ? NAN : audience;
}

static double
bitrate (const CollectorOutcome *outcome)
{
  double rate = collector_metrics_average_bitrate (outcome->metrics);

  return rate < 0 ? NAN : rate / 1000;
}

static double
playback_time (const CollectorOutcome *outcome)
{
  const CollectorMetrics *m = outcome->metrics;

  return (collector_metrics_media_time (m) + m->pause_time + m->buffer_time +
             (double) MAX (m->time_to_start, 0)) /
      1000;
}

static char *
bucket (const CollectorOutcome *outcome)
{
  double rate = collector_metrics_average_bitrate (outcome->metrics);
  int from = rate < 0 ? 0 : (int) floor (rate / 100000) * 100;

  return rate < 0 ? NULL : g_strdup_printf ("%d-%d", from, from + 99);
}

static char *
segment (const CollectorOutcome *outcome)
{
  const CollectorMetrics *m = outcome->metrics;

  if (!m->started || m->live || m->highest < 0)
    return NULL;
  return g_strdup_printf ("[%.0f-%.0f]", floor (m->lowest / SEGMENT) * 5,
      floor (m->highest / SEGMENT) * 5 + 5);
}

#define NUMBER(id, key, name, unit, function, rule) \
  { \
    id, key, name, unit, rule, function, NULL \
  }
#define TEXT(id, key, name, function, rule) \
  { \
    id, key, name, "text", rule, NULL, function \
  }
#define MARKER_ROW(index, percent) \
  NUMBER ("progress" percent, "a.media.progress" percent, \
      "Progress " percent " %", "flag", marker_##index, \
      "The playhead has reached " percent \
      " % of the length, after the content start. Once per session; not for " \
      "live content.")

const CollectorMetric collector_metric_all[] = {
  NUMBER ("mediaStarts", "a.media.view", "Media starts", "count", media_starts,
      "1 for a session that does not resume another."),
  NUMBER ("contentResumes", "a.media.resume", "Content resumes", "count",
      content_resumes, "1 for a session with the resume flag."),
  NUMBER ("contentStarts", "a.media.play", "Content starts", "count",
      content_starts, "1 once there was a play outside ad breaks."),
  NUMBER ("dropsBeforeStart", "a.media.qoe.dropBeforeStart",
      "Drops before start", "count", drops,
      "1 if the session was closed without a content start. Not told while it "
      "is open."),
  NUMBER ("contentCompletes", "a.media.complete", "Content completes", "count",
      completes, "1 once sessionComplete was seen; a time-out never counts."),
  NUMBER ("contentTimeSpent", "a.media.timePlayed", "Content time spent", "s",
      content_time,
      "Time from each event to the next while the player plays outside ad "
      "breaks, without stalls."),
  NUMBER ("mediaTimeSpent", "a.media.totalTimePlayed", "Media time spent", "s",
      media_time, "Content time spent and ad time spent."),
  NUMBER ("adTimeSpent", "a.media.ad.timePlayed", "Ad time spent", "s", ad_time,
      "Time while the player plays inside an ad of an ad break."),
  NUMBER ("chapterTimeSpent", "a.media.chapter.timePlayed",
      "Chapter time spent", "s", chapter_time,
      "Time while the player plays inside a chapter, outside ad breaks."),
  NUMBER ("pauseEvents", "a.media.pauseCount", "Pause events", "count", pauses,
      "pauseStart while it was not paused: one continuous pause counts once."),
  NUMBER ("totalPauseDuration", "a.media.pauseTime", "Total pause duration",
      "s", pause_time, "Time while the player is paused."),
  NUMBER ("bufferEvents", "a.media.qoe.bufferCount", "Buffer events", "count",
      buffers, "bufferStart while it was not buffering."),
  NUMBER ("totalBufferDuration", "a.media.qoe.bufferTime",
      "Total buffer duration", "s", buffer_time,
      "Time from bufferStart to the next change of the playback state."),
  NUMBER ("stallEvents", "a.media.qoe.stallCount", "Stall events", "count",
      stalls,
      "Three or more events in a row, over two seconds at least, that show the "
      "same playhead while the player plays outside ad breaks."),
  NUMBER ("totalStallingDuration", "a.media.qoe.stallTime",
      "Total stalling duration", "s", stall_time,
      "Time of these events, to the event that moved or changed the state."),
  NUMBER ("timeToStart", "a.media.qoe.timeToStart", "Time to start", "ms",
      time_to_start, "The last value that the player told."),
  MARKER_ROW (0, "10"),
  MARKER_ROW (1, "25"),
  MARKER_ROW (2, "50"),
  MARKER_ROW (3, "75"),
  MARKER_ROW (4, "95"),
  NUMBER ("averageMinuteAudience", "a.media.averageMinuteAudience",
      "Average minute audience", "ratio", audience,
      "Content time spent by the content's length; not for live content."),
  NUMBER ("uniqueTimePlayed", "a.media.uniqueTimePlayed", "Unique time played",
      "s", unique_time,
      "How much of the content was played, what was played twice counted "
      "once."),
  NUMBER ("estimatedStreams", "a.media.estimatedStreams", "Estimated streams",
      "count", streams, "One, and one more for each half hour of media time."),
  NUMBER ("averageBitrate", NULL, "Average bitrate", "kbit/s", bitrate,
      "Each bitrate weighted by the time for which the player played with it."),
  TEXT ("averageBitrateBucket", "a.media.qoe.bitrateAverage",
      "Average bitrate, bucket", bucket,
      "The average bitrate as a range of 100 kbit/s."),
  NUMBER ("bitrateChanges", "a.media.qoe.bitrateChangeCount", "Bitrate changes",
      "count", bitrate_changes, "Each bitrateChange."),
  NUMBER ("droppedFrames", "a.media.qoe.droppedFrameCount", "Dropped frames",
      "count", dropped, "The last value that the player told."),
  NUMBER ("errorEvents", "a.media.qoe.errorCount", "Error events", "count",
      errors, "Each error."),
  NUMBER ("externalErrors", NULL, "External errors", "count", external_errors,
      "Errors whose source is told, and is not the player."),
  NUMBER ("adCount", "a.media.adCount", "Ads", "count", ads,
      "Each adStart inside an ad break; others are ignored."),
  NUMBER ("adCompletes", "a.media.ad.complete", "Ads completed", "count",
      ad_completes, "Ads that ended with adComplete."),
  NUMBER ("chapterCount", "a.media.chapterCount", "Chapters", "count", chapters,
      "Each chapterStart."),
  NUMBER ("chapterCompletes", "a.media.chapter.complete", "Chapters completed",
      "count", chapter_completes, "Chapters that ended with chapterComplete."),
  TEXT ("contentSegment", "a.media.segment", "Content segment", segment,
      "Ranges of five minutes that the smallest and the largest playhead are "
      "in; not for live content."),
  NUMBER ("secondsSinceLastCall", "a.media.secondsSinceLastCall",
      "Seconds since last call", "s", silence,
      "Of a session that a time-out has closed: from its last event to that."),
  NUMBER ("playbackTimeSpent", NULL, "Playback time spent", "s", playback_time,
      "Media time, pauses, buffering and time to start."),
  { NULL },
};

const CollectorMetric *
collector_metric_find (const char *id)
{
  for (guint i = 0; collector_metric_all[i].id; i++) {
    if (strcmp (collector_metric_all[i].id, id) == 0)
      return &collector_metric_all[i];
  }
  return NULL;
}
