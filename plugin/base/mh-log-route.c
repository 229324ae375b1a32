/* mh-log-route: the core's log, and the plugin's, in GStreamer's.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-log-route.h"

#include "mh-log.h"

GST_DEBUG_CATEGORY (gst_media_heartbeat_debug);
GST_DEBUG_CATEGORY (mh_log_tracer);

static GstDebugCategory *core_categories[MH_N_LOG_CATEGORIES];

static gboolean
log_route_wants (MhLogCategory category, MhLogLevel level)
{
  return (GstDebugLevel) level <= GST_LEVEL_MAX &&
      (GstDebugLevel) level <= _gst_debug_min &&
      (GstDebugLevel) level <=
      gst_debug_category_get_threshold (core_categories[category]);
}

static void
log_route_write (const MhLogEntry *entry)
{
  gst_debug_log_id (core_categories[entry->category],
      (GstDebugLevel) entry->level, entry->file, entry->function, entry->line,
      entry->object, "%s", entry->text);
}

static void
log_route_make_plugin (void)
{
  GST_DEBUG_CATEGORY_INIT (
      gst_media_heartbeat_debug, "mediaheartbeat", 0, "media heartbeat");
  GST_DEBUG_CATEGORY_INIT (mh_log_tracer, "mediaheartbeat-tracer", 0,
      "media heartbeat: which pipelines are tracked");
}

static void
log_route_make_core (void)
{
  static const struct
  {
    const char *name;
    const char *description;
  } texts[MH_N_LOG_CATEGORIES] = {
    [MH_LOG_SESSION] = { "mediaheartbeat-session",
        "media heartbeat: session rules and hits" },
    [MH_LOG_STORE] = { "mediaheartbeat-store",
        "media heartbeat: what waits on disk" },
    [MH_LOG_DELIVERY] = { "mediaheartbeat-delivery",
        "media heartbeat: order, retries, what is given up" },
    [MH_LOG_HTTP] = { "mediaheartbeat-http",
        "media heartbeat: requests on the network" },
  };

  for (guint i = 0; i < MH_N_LOG_CATEGORIES; i++)
    GST_DEBUG_CATEGORY_INIT (
        core_categories[i], texts[i].name, 0, texts[i].description);
}

void
mh_log_route_init (void)
{
  static const MhLogHook hook = {
    .wants = log_route_wants,
    .write = log_route_write,
  };
  static gsize done;

  if (!g_once_init_enter (&done))
    return;
  log_route_make_plugin ();
  log_route_make_core ();
  mh_log_set_hook (&hook);
  g_once_init_leave (&done, 1);
}
