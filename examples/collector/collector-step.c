/* collector-step: what the metrics and lanes need of one event.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-step.h"

#include "collector-event.h"

#include <math.h>
#include <string.h>

/* Sums of what lies below them stay exact in a double. */
#define MAX_TS (G_GINT64_CONSTANT (1000000000) * 1000000)
#define MAX_PLAYHEAD 1e9

/* Of each kind: its event type, and the parameters that name it, the better one
 * first. */
static const struct
{
  const char *type;
  const char *names[2];
} kinds[] = {
  [COLLECTOR_STEP_SESSION_START] = { "sessionStart",
      { "media.name", "media.id" } },
  [COLLECTOR_STEP_SESSION_COMPLETE] = { "sessionComplete" },
  [COLLECTOR_STEP_SESSION_END] = { "sessionEnd" },
  [COLLECTOR_STEP_BREAK_START] = { "adBreakStart",
      { "media.ad.podFriendlyName" } },
  [COLLECTOR_STEP_BREAK_COMPLETE] = { "adBreakComplete" },
  [COLLECTOR_STEP_AD_START] = { "adStart", { "media.ad.name", "media.ad.id" } },
  [COLLECTOR_STEP_AD_COMPLETE] = { "adComplete" },
  [COLLECTOR_STEP_AD_SKIP] = { "adSkip" },
  [COLLECTOR_STEP_CHAPTER_START] = { "chapterStart",
      { "media.chapter.friendlyName" } },
  [COLLECTOR_STEP_CHAPTER_COMPLETE] = { "chapterComplete" },
  [COLLECTOR_STEP_CHAPTER_SKIP] = { "chapterSkip" },
  [COLLECTOR_STEP_PLAY] = { "play" },
  [COLLECTOR_STEP_PING] = { "ping" },
  [COLLECTOR_STEP_BUFFER_START] = { "bufferStart" },
  [COLLECTOR_STEP_PAUSE_START] = { "pauseStart" },
  [COLLECTOR_STEP_BITRATE_CHANGE] = { "bitrateChange" },
  [COLLECTOR_STEP_ERROR] = { "error" },
  [COLLECTOR_STEP_STATE_START] = { "stateStart", { "media.state.name" } },
  [COLLECTOR_STEP_STATE_END] = { "stateEnd", { "media.state.name" } },
};

CollectorStepKind
collector_step_kind (const char *type)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    if (strcmp (kinds[i].type, type) == 0)
      return (CollectorStepKind) i;
  }
  return COLLECTOR_STEP_OTHER;
}

const char *
collector_step_name (CollectorStepKind kind)
{
  return kind == COLLECTOR_STEP_OTHER ? "other" : kinds[kind].type;
}

static double
read_number (JsonObject *event, const char *object, const char *member)
{
  JsonNode *node = collector_event_get (event, object, member);
  double number =
      node && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_double (node) : 0;

  return isfinite (number) ? CLAMP (number, 0, MAX_PLAYHEAD) : 0;
}

static double
read_playhead (JsonObject *event)
{
  double playhead = collector_event_playhead (event);

  return playhead < 0 ? -1 : MIN (playhead, MAX_PLAYHEAD);
}

/* CMCD has no source, and in the Media Collection API it may be missing. */
static gboolean
is_external (JsonObject *event)
{
  const char *source = collector_event_get_string (
      event, "qoeData", "media.qoe.errorSource");

  return source && *source && strcmp (source, "player") != 0;
}

static gint64
read_count (JsonObject *event, const char *member)
{
  JsonNode *node = collector_event_get (event, "qoeData", member);

  if (!node || !JSON_NODE_HOLDS_VALUE (node) ||
      json_node_get_value_type (node) != G_TYPE_INT64)
    return -1;
  return CLAMP (json_node_get_int (node), -1, G_MAXINT32 * (gint64) 1000);
}

static char *
cut (const char *text)
{
  return text ? g_utf8_substring (text, 0,
                    MIN (g_utf8_strlen (text, -1), COLLECTOR_STEP_NAME_MAX))
              : NULL;
}

static char *
find_name (JsonObject *event, CollectorStepKind kind)
{
  if (kind == COLLECTOR_STEP_ERROR)
    return cut (
        collector_event_get_string (event, "qoeData", "media.qoe.errorID"));
  for (guint i = 0; i < 2 && kind != COLLECTOR_STEP_OTHER; i++) {
    const char *member = kinds[kind].names[i];
    const char *name =
        member ? collector_event_get_string (event, "params", member) : NULL;

    if (name && *name)
      return cut (name);
  }
  return NULL;
}

static void
read_session (CollectorStep *step, JsonObject *event)
{
  const char *type = collector_event_get_string (
      event, "params", "media.contentType");

  step->length = read_number (event, "params", "media.length");
  step->resume = collector_event_is_true (event, "media.resume");
  step->live = step->length >= COLLECTOR_STEP_LIVE_LENGTH ||
      g_strcmp0 (type, "live") == 0 || g_strcmp0 (type, "linear") == 0;
}

CollectorStep *
collector_step_new (JsonObject *event)
{
  CollectorStep *step = g_new0 (CollectorStep, 1);

  step->kind = collector_step_kind (collector_event_type (event));
  step->ts = CLAMP (collector_event_ts (event), 0, MAX_TS);
  step->playhead = read_playhead (event);
  step->bitrate = read_count (event, "media.qoe.bitrate");
  step->dropped = read_count (event, "media.qoe.droppedFrames");
  step->time_to_start = read_count (event, "media.qoe.timeToStart");
  step->name = find_name (event, step->kind);
  step->identified = json_object_has_member (event, "id") ||
      json_object_has_member (event, "sn");
  step->seq = json_object_has_member (event, "seq")
      ? json_object_get_int_member (event, "seq")
      : -1;
  if (step->kind == COLLECTOR_STEP_SESSION_START)
    read_session (step, event);
  else if (step->kind == COLLECTOR_STEP_AD_START)
    step->length = read_number (event, "params", "media.ad.length");
  else if (step->kind == COLLECTOR_STEP_ERROR)
    step->external = is_external (event);
  return step;
}

void
collector_step_free (CollectorStep *step)
{
  if (!step)
    return;
  g_free (step->name);
  g_free (step);
}
