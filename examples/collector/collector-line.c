/* collector-line: one report as a line of output.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-line.h"

#include "collector-event.h"
#include "collector-json.h"
#include "collector-text.h"

#include <string.h>

#define SHORT_ID 8
#define MAX_NAME 60

static void
append_text (
    GString *line, const char *before, const char *text, const char *after)
{
  g_autofree char *printable = NULL;

  if (!text)
    return;
  printable = collector_text_printable (text, MAX_NAME);
  g_string_append_printf (line, "%s%s%s", before, printable, after);
}

static void
append_count (
    GString *line, JsonObject *event, const char *member, const char *unit)
{
  JsonNode *node = collector_event_get (event, "qoeData", member);

  if (!node)
    return;
  if (line->str[line->len - 1] != '[')
    g_string_append (line, ", ");
  g_string_append_printf (
      line, "%" G_GINT64_FORMAT " %s", json_node_get_int (node), unit);
}

static void
append_qoe (GString *line, JsonObject *event)
{
  if (!json_object_has_member (event, "qoeData"))
    return;
  append_text (line, "  error ",
      collector_event_get_string (event, "qoeData", "media.qoe.errorID"), "");
  g_string_append (line, "  [");
  append_count (line, event, "media.qoe.bitrate", "b/s");
  append_count (line, event, "media.qoe.framesPerSecond", "fps");
  append_count (line, event, "media.qoe.droppedFrames", "dropped");
  append_count (line, event, "media.qoe.timeToStart", "ms to start");
  if (line->str[line->len - 1] == '[')
    g_string_truncate (line, line->len - strlen ("  ["));
  else
    g_string_append_c (line, ']');
}

static void
append_playhead (GString *line, double playhead)
{
  if (playhead < 0)
    g_string_append_printf (line, "  %10s", "-");
  else
    g_string_append_printf (line, "  %10.3f", playhead);
}

static void
append_event (GString *line, const CollectorReport *report)
{
  JsonObject *event = report->event;

  g_string_append_printf (line, "%-9s  %-15s",
      collector_state_name (report->state), collector_event_type (event));
  append_playhead (line, collector_event_playhead (event));
  append_text (
      line, "  ", collector_event_get_string (event, "params", "media.id"), "");
  append_text (line, "  \"",
      collector_event_get_string (event, "params", "media.name"), "\"");
  append_text (line, "  \"", report->subject, "\"");
  if (collector_event_is_true (event, "media.resume"))
    g_string_append (line, "  RESUME");
  append_qoe (line, event);
  if (report->repeated)
    g_string_append (line, "  REPEATED");
}

/* The first characters. Players make the ids of some protocols. */
static void
append_id (GString *line, const char *id)
{
  g_autofree char *valid = g_utf8_make_valid (id, -1);
  g_autofree char *start = g_utf8_substring (
      valid, 0, MIN (g_utf8_strlen (valid, -1), SHORT_ID));
  g_autofree char *printable = collector_text_printable (start, -1);

  g_string_append_printf (line, "  %-*s  ", SHORT_ID, printable);
}

char *
collector_line_new (const CollectorReport *report, GDateTime *arrival)
{
  g_autofree char *time = g_date_time_format (arrival, "%H:%M:%S");
  GString *line = g_string_new (time);

  g_string_append_printf (
      line, ".%03d", g_date_time_get_microsecond (arrival) / 1000);
  append_id (line, report->session_id ? report->session_id : "-");
  if (report->accepted)
    append_event (line, report);
  else
    g_string_append_printf (
        line, "refused %u: %s", report->status, report->reason);
  /* Beside an id it would say the same once more. */
  if (!report->session_id)
    g_string_append_printf (line, " (%s)", report->path);
  return g_string_free (line, FALSE);
}

char *
collector_line_new_json (const CollectorReport *report)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autofree char *text = NULL;
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_set_string_member (object, "session", report->session_id);
  json_object_set_string_member (
      object, "state", collector_state_name (report->state));
  json_object_iter_init_ordered (&iter, report->event);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    json_object_set_member (object, name, json_node_copy (value));
  text = collector_json_write_object (object);
  /* JSON without control characters is JSON all the same. */
  return collector_text_printable (text, -1);
}
