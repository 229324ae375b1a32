/* player-heartbeat: everything that the example player has to do with the
 * element `mediaheartbeat`.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "player-heartbeat.h"

#include "player-output.h"

#include <string.h>

#define ELEMENT "mediaheartbeat"
#define MESSAGE "media-heartbeat"

/* ---- making one ---- */

static gboolean
is_installed (GError **error)
{
  g_autoptr (GstElementFactory) factory = gst_element_factory_find (ELEMENT);

  if (factory)
    return TRUE;
  g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN,
      "GStreamer does not find the element " ELEMENT ": add the folder that "
      "has libgstmediaheartbeat.so to GST_PLUGIN_PATH");
  return FALSE;
}

/* What gst-launch-1.0 makes of a description; one that goes on behind the
 * element comes out as a bin. */
static GstElement *
parse_description (const char *description, GError **error)
{
  g_autofree char *line = g_strconcat (
      ELEMENT " ", description ? description : "", NULL);
  g_autoptr (GError) reason = NULL;
  GstElement *element = gst_parse_launch_full (
      line, NULL, GST_PARSE_FLAG_FATAL_ERRORS, &reason);

  if (element && !reason && GST_OBJECT_PARENT (element) == NULL &&
      !GST_IS_BIN (element))
    return element;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
      "--heartbeat \"%s\": %s", description ? description : "",
      reason ? reason->message : "properties only, please");
  if (element)
    gst_object_unref (gst_object_ref_sink (element));
  return NULL;
}

/* Unlike gst_util_set_object_arg() this tells what it cannot set. */
static gboolean
set_property (GstElement *heartbeat, const char *setting, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (setting, "=", 2);
  GValue value = G_VALUE_INIT;
  GParamSpec *pspec = NULL;
  gboolean fine = FALSE;

  if (parts[0] && parts[1])
    pspec = g_object_class_find_property (
        G_OBJECT_GET_CLASS (heartbeat), parts[0]);
  if (!pspec || !(pspec->flags & G_PARAM_WRITABLE)) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        "--set \"%s\": NAME=VALUE with a property of " ELEMENT ", please",
        setting);
    return FALSE;
  }
  g_value_init (&value, pspec->value_type);
  fine = gst_value_deserialize_with_pspec (&value, parts[1], pspec) &&
      !g_param_value_validate (pspec, &value);
  if (fine)
    g_object_set_property (G_OBJECT (heartbeat), pspec->name, &value);
  else
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        "--set \"%s\": %s cannot be that", setting, pspec->name);
  g_value_unset (&value);
  return fine;
}

/* Returns: (transfer full): the next of a list's parts, without backslashes. */
static char *
next_part (const char **list)
{
  GString *part = g_string_new (NULL);
  const char *c;

  for (c = *list; *c && *c != ','; c++) {
    if (*c == '\\' && c[1])
      c++;
    g_string_append_c (part, *c);
  }
  *list = *c ? c + 1 : c;
  return g_string_free (part, FALSE);
}

static gboolean
add_metadata (GstStructure *structure, const char *list, GError **error)
{
  const char *rest = list;

  while (*rest) {
    g_autofree char *part = next_part (&rest);
    char *equals = strchr (part, '=');

    if (!equals || equals == part || !g_utf8_validate (part, -1, NULL)) {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
          "--metadata: “%s” is not KEY=VALUE", part);
      return FALSE;
    }
    *equals = '\0';
    gst_structure_set (
        structure, g_strstrip (part), G_TYPE_STRING, equals + 1, NULL);
  }
  return TRUE;
}

static gboolean
set_metadata (
    GstElement *heartbeat, const char *const *metadata, GError **error)
{
  g_autoptr (GstStructure) structure = NULL;

  g_object_get (heartbeat, "metadata", &structure, NULL);
  if (!structure)
    structure = gst_structure_new_empty ("metadata");
  for (; *metadata; metadata++)
    if (!add_metadata (structure, *metadata, error))
      return FALSE;
  g_object_set (heartbeat, "metadata", structure, NULL);
  return TRUE;
}

GstElement *
player_heartbeat_new (const char *description, const char *const *settings,
    const char *const *metadata, GError **error)
{
  GstElement *heartbeat = NULL;
  gboolean fine = TRUE;

  if (is_installed (error))
    heartbeat = parse_description (description, error);
  if (!heartbeat)
    return NULL;
  for (; fine && settings && *settings; settings++)
    fine = set_property (heartbeat, *settings, error);
  if (fine && metadata)
    fine = set_metadata (heartbeat, metadata, error);
  if (!fine) {
    gst_object_unref (gst_object_ref_sink (heartbeat));
    return NULL;
  }
  /* A notification runs in one of the element's threads. As a message of the
   * bus it comes where the application expects it. */
  gst_element_add_property_notify_watch (heartbeat, "playback-state", TRUE);
  return heartbeat;
}

/* ---- telling it something ---- */

void
player_heartbeat_set_resumed (GstElement *heartbeat, gboolean resumed)
{
  g_object_set (heartbeat, "resumed", resumed, NULL);
}

gboolean
player_heartbeat_track (
    GstElement *heartbeat, const char *call, const GstStructure *details)
{
  gboolean accepted = FALSE;

  g_signal_emit_by_name (heartbeat, "track", call, details, &accepted);
  return accepted;
}

void
player_heartbeat_set_muted (GstElement *heartbeat, gboolean muted)
{
  g_autoptr (GstStructure) details = gst_structure_new (
      "details", "name", G_TYPE_STRING, "mute", NULL);

  player_heartbeat_track (
      heartbeat, muted ? "stateStart" : "stateEnd", details);
}

/* ---- hearing from it ---- */

gboolean
player_heartbeat_is_used (GstElement *heartbeat)
{
  GstState state;

  gst_element_get_state (heartbeat, &state, NULL, 0);
  return state >= GST_STATE_PAUSED;
}

/* An event may be told of later than it happened: what looks like a pause may
 * turn out to be none, and a session's first calls wait for an ad break. It has
 * the time and the playhead of the moment all the same.
 *
 * Returns: (transfer full): how long ago it was, where that can be noticed. */
static char *
describe_delay (const GstStructure *hit)
{
  guint64 timestamp;
  double delay;

  if (!gst_structure_get_uint64 (hit, "timestamp", &timestamp))
    return g_strdup ("");
  delay = (double) g_get_real_time () / G_USEC_PER_SEC -
      (double) timestamp / 1000;
  return delay < 0.05 ? g_strdup ("")
                      : g_strdup_printf ("  (%.2f s ago)", delay);
}

static void
print_hit (const GstStructure *hit, gboolean *started)
{
  const char *event = gst_structure_get_string (hit, "event");
  g_autofree char *delay = describe_delay (hit);
  double playhead = 0;
  guint session = 0;
  gboolean resume = FALSE;

  gst_structure_get (hit, "session", G_TYPE_UINT, &session, "playhead",
      G_TYPE_DOUBLE, &playhead, "resume", G_TYPE_BOOLEAN, &resume, NULL);
  player_print ("heartbeat", "session %u  %-15s  %10.3f%s%s", session, event,
      playhead, resume ? "  RESUME" : "", delay);
  *started = g_strcmp0 (event, "sessionStart") == 0 && !resume;
}

static void
print_property (GstMessage *message)
{
  g_autofree char *text = NULL;
  const char *name;
  const GValue *value;

  gst_message_parse_property_notify (message, NULL, &name, &value);
  text = value ? gst_value_serialize (value) : NULL;
  player_print ("state", "%s", text ? text : name);
}

gboolean
player_heartbeat_print (
    GstElement *heartbeat, GstMessage *message, gboolean *started)
{
  *started = FALSE;
  if (GST_MESSAGE_SRC (message) != GST_OBJECT (heartbeat))
    return FALSE;
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_PROPERTY_NOTIFY)
    print_property (message);
  else if (gst_message_has_name (message, MESSAGE))
    print_hit (gst_message_get_structure (message), started);
  else
    return FALSE;
  return TRUE;
}

static guint64
get_count (const GstStructure *stats, const char *name)
{
  guint64 count = 0;

  gst_structure_get_uint64 (stats, name, &count);
  return count;
}

void
player_heartbeat_print_stats (GstElement *heartbeat)
{
  g_autoptr (GstStructure) stats = NULL;
  const char *last_error;

  g_object_get (heartbeat, "stats", &stats, NULL);
  last_error = gst_structure_get_string (stats, "last-error");
  player_print ("stats",
      "%" G_GUINT64_FORMAT " sessions (%" G_GUINT64_FORMAT
      " resumed), %" G_GUINT64_FORMAT " heartbeats, %" G_GUINT64_FORMAT
      " delivered, %" G_GUINT64_FORMAT " waiting, %" G_GUINT64_FORMAT
      " dropped%s%s",
      get_count (stats, "sessions"), get_count (stats, "resumes"),
      get_count (stats, "hits"), get_count (stats, "sent"),
      get_count (stats, "queued"), get_count (stats, "dropped"),
      last_error ? "; last error: " : "", last_error ? last_error : "");
}
