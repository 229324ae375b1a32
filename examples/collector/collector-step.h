/* collector-step: what the metrics and lanes need of one event.
 *
 * An event may be large and is kept as text, or not at all; a step is small and
 * bounded, so that some of them can wait until it is clear that none is missing
 * before them.
 *
 * May touch: GLib, json-glib, collector-event.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* As much of a foreign name as is kept, characters. */
#define COLLECTOR_STEP_NAME_MAX 200

/* Content of a day and longer is what players send for live streams. */
#define COLLECTOR_STEP_LIVE_LENGTH 86400

/**
 * CollectorStepKind:
 *
 * The event types, in the order of their names in collector-step.c.
 */
typedef enum
{
  COLLECTOR_STEP_SESSION_START,
  COLLECTOR_STEP_SESSION_COMPLETE,
  COLLECTOR_STEP_SESSION_END,
  COLLECTOR_STEP_BREAK_START,
  COLLECTOR_STEP_BREAK_COMPLETE,
  COLLECTOR_STEP_AD_START,
  COLLECTOR_STEP_AD_COMPLETE,
  COLLECTOR_STEP_AD_SKIP,
  COLLECTOR_STEP_CHAPTER_START,
  COLLECTOR_STEP_CHAPTER_COMPLETE,
  COLLECTOR_STEP_CHAPTER_SKIP,
  COLLECTOR_STEP_PLAY,
  COLLECTOR_STEP_PING,
  COLLECTOR_STEP_BUFFER_START,
  COLLECTOR_STEP_PAUSE_START,
  COLLECTOR_STEP_BITRATE_CHANGE,
  COLLECTOR_STEP_ERROR,
  COLLECTOR_STEP_STATE_START,
  COLLECTOR_STEP_STATE_END,
  COLLECTOR_STEP_OTHER, /* a type that is not in the table */
} CollectorStepKind;

/**
 * CollectorStep:
 * @kind: the event's type
 * @ts: when it happened, milliseconds UTC
 * @playhead: seconds of content; -1 where it is not told
 * @length: of the content or the ad, seconds; 0 where it is not told
 * @bitrate: bits per second; -1 where it is not told
 * @dropped: frames dropped so far; -1 where it is not told
 * @time_to_start: milliseconds; -1 where it is not told
 * @name: (nullable): of the content, ad, break, chapter or player state; of an
 *   error its id
 * @identified: whether it has an identity of its own: one of the same time and
 *   name is then not the same
 * @seq: its number in its session, -1 where it is not told
 * @live: of a sessionStart: whether the content has no length of its own
 * @resume: of a sessionStart: whether it resumes another session
 * @external: of an error: whether its source is told, and not the player
 */
typedef struct
{
  CollectorStepKind kind;
  gint64 ts;
  double playhead;
  double length;
  gint64 bitrate;
  gint64 dropped;
  gint64 time_to_start;
  char *name;
  gboolean identified;
  gint64 seq;
  gboolean live;
  gboolean resume;
  gboolean external;
} CollectorStep;

/**
 * collector_step_new:
 * @event: an event; collector_event_check() need not have seen it, but it has a
 *   "playerTime" with "ts"
 *
 * Returns: (transfer full): what matters of it; free with
 *   collector_step_free().
 */
CollectorStep *collector_step_new (JsonObject *event);

/**
 * collector_step_free:
 * @step: (nullable) (transfer full): a step
 */
void collector_step_free (CollectorStep *step);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CollectorStep, collector_step_free)

/**
 * collector_step_kind:
 * @type: an event type
 *
 * Returns: its kind, %COLLECTOR_STEP_OTHER where it is not known.
 */
CollectorStepKind collector_step_kind (const char *type);

/**
 * collector_step_name:
 * @kind: a kind
 *
 * Returns: its event type, "other" for those without one; static.
 */
const char *collector_step_name (CollectorStepKind kind);

G_END_DECLS
