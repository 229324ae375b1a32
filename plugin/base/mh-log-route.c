/* mh-log-route: the core's log, and the plugin's, in GStreamer's.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-log-route.h"

#include "mh-log.h"

GST_DEBUG_CATEGORY (gst_media_heartbeat_debug);
GST_DEBUG_CATEGORY (mh_log_tracer);

static GstDebugCategory *core_categories[MH_N_LOG_CATEGORIES];

static GRWLock lock; /* of what follows; for reading while a category is used */
static gboolean is_over; /* the categories are about to be freed */

/* GStreamer itself ends: its registry goes before its categories. */
static void
log_route_on_end (gpointer data, GObject *registry)
{
  static GstDebugCategory silent = { .threshold = GST_LEVEL_NONE };

  g_atomic_pointer_set (&gst_media_heartbeat_debug, &silent);
  g_atomic_pointer_set (&mh_log_tracer, &silent);
  g_rw_lock_writer_lock (&lock);
  is_over = TRUE;
  g_rw_lock_writer_unlock (&lock);
}

static gboolean
log_route_wants (MhLogCategory category, MhLogLevel level)
{
  GstDebugLevel wanted = (GstDebugLevel) level;
  gboolean wants;

  if (wanted > GST_LEVEL_MAX || wanted > _gst_debug_min)
    return FALSE;
  g_rw_lock_reader_lock (&lock);
  wants = !is_over &&
      wanted <= gst_debug_category_get_threshold (core_categories[category]);
  g_rw_lock_reader_unlock (&lock);
  return wants;
}

static void
log_route_write (const MhLogEntry *entry)
{
  g_rw_lock_reader_lock (&lock);
  if (!is_over)
    gst_debug_log_id (core_categories[entry->category],
        (GstDebugLevel) entry->level, entry->file, entry->function, entry->line,
        entry->object, "%s", entry->text);
  g_rw_lock_reader_unlock (&lock);
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
  g_object_weak_ref (G_OBJECT (gst_registry_get ()), log_route_on_end, NULL);
  mh_log_set_hook (&hook);
  g_once_init_leave (&done, 1);
}
