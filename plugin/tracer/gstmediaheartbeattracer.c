/* gstmediaheartbeattracer: the tracer `mediaheartbeat`.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/**
 * SECTION:tracer-mediaheartbeat
 * @title: mediaheartbeat (tracer)
 * @short_description: reports what any GStreamer program plays
 *
 * Does for every playback pipeline of a program what the element does for the
 * one that it is in, without a change to the program:
 *
 * |[
 * GST_TRACERS="mediaheartbeat(collection-server=http://127.0.0.1:8080)" \
 *     gst-play-1.0 clip.ogg
 * ]|
 *
 * Parameters are the element's properties, and `filter`: names or types of
 * pipelines, separated by commas or spaces, with * and ? as wildcards; others
 * are left alone. They may stand in a key file as well, in the group
 * `mediaheartbeat`, whose name is in the environment variable
 * `MEDIAHEARTBEAT_CONFIG`; what stands in GST_TRACERS counts more.
 *
 * post-messages is FALSE here. What is wrong is told on stderr.
 */

#include "gstmediaheartbeattracer.h"

#include <string.h>

#include "gstmediaheartbeat.h"
#include "mh-options.h"
#include "mh-pad-table.h"

GST_DEBUG_CATEGORY_EXTERN (gst_media_heartbeat_debug);
#define GST_CAT_DEFAULT gst_media_heartbeat_debug

/* The name that the element has in the registry, and one of its own. */
#define SHARED_NAME "mediaheartbeat"
#define OWN_NAME "mediaheartbeattracer"

struct _GstMediaHeartbeatTracer
{
  GstTracer parent_instance;

  MhSettings *settings;
  char **filter; /* patterns; NULL: everything */
};

G_DEFINE_TYPE (
    GstMediaHeartbeatTracer, gst_media_heartbeat_tracer, GST_TYPE_TRACER)

static GstPlugin *the_plugin;

/* ---- the name ---- */

/* GStreamer's registry holds one feature of a name, whatever its kind, and this
 * one is the element's. gst_init() makes the tracers that GST_TRACERS names: it
 * finds the name, loads the plugin, and then looks the name up once more. What
 * it finds then is the tracer; as soon as that is made, the element has its
 * name back. */

static gboolean
is_asked_for (void)
{
  const char *tracers = g_getenv ("GST_TRACERS");
  g_auto (GStrv) names = g_strsplit (tracers ? tracers : "", ";", -1);

  for (guint i = 0; names[i]; i++) {
    names[i][strcspn (names[i], "(")] = '\0';
    if (g_str_equal (g_strstrip (names[i]), SHARED_NAME))
      return TRUE;
  }
  return FALSE;
}

static void
remove_feature (const char *name)
{
  GstRegistry *registry = gst_registry_get ();
  g_autoptr (GstPluginFeature)
      feature = gst_registry_lookup_feature (registry, name);

  if (feature)
    gst_registry_remove_feature (registry, feature);
}

static gboolean
lend_name (GstPlugin *plugin)
{
  remove_feature (SHARED_NAME);
  return gst_tracer_register (
      plugin, SHARED_NAME, GST_TYPE_MEDIA_HEARTBEAT_TRACER);
}

static void
give_name_back (void)
{
  g_autoptr (GstPluginFeature)
      feature = gst_registry_lookup_feature (gst_registry_get (), SHARED_NAME);

  if (!feature || !GST_IS_TRACER_FACTORY (feature))
    return;
  remove_feature (SHARED_NAME);
  GST_ELEMENT_REGISTER (mediaheartbeat, the_plugin);
}

gboolean
gst_media_heartbeat_tracer_register (GstPlugin *plugin)
{
  g_autoptr (GstPluginFeature)
      known = gst_registry_lookup_feature (gst_registry_get (), SHARED_NAME);

  the_plugin = plugin;
  if (!gst_tracer_register (plugin, OWN_NAME, GST_TYPE_MEDIA_HEARTBEAT_TRACER))
    return GST_ELEMENT_REGISTER (mediaheartbeat, plugin); /* built without */
  /* Not known: the plugin is being looked at for the registry. Otherwise nobody
   * comes before gst_init() itself. */
  if (known && is_asked_for () && lend_name (plugin))
    return TRUE;
  return GST_ELEMENT_REGISTER (mediaheartbeat, plugin);
}

/* ---- hooks: any thread ---- */

/* Two loads and a multiplication where the pad is none of ours. */
static void
on_push (GObject *self, GstClockTime ts, GstPad *pad, GstBuffer *buffer)
{
  MhTap *tap = mh_pad_table_find (pad);

  if (tap)
    mh_tap_buffer (tap, buffer);
}

static void
on_push_list (GObject *self, GstClockTime ts, GstPad *pad, GstBufferList *list)
{
  MhTap *tap = mh_pad_table_find (pad);

  if (tap)
    mh_tap_list (tap, list);
}

/* Returns: (nullable): what watches the pipeline. */
static MhTrace *
find_trace (GstElement *pipeline)
{
  return GST_IS_PIPELINE (pipeline) ? mh_trace_get (pipeline) : NULL;
}

/* Returns: (transfer full) (nullable): the sink that a sink pad belongs to. */
static GstElement *
find_sink (GstPad *pad)
{
  GstElement *element = pad ? gst_pad_get_parent_element (pad) : NULL;

  if (element && !mh_trace_is_sink (element))
    gst_clear_object (&element);
  return element;
}

static void
on_caps (GstPad *pad, GstEvent *event)
{
  g_autoptr (GstPad) peer = gst_pad_get_peer (pad);
  g_autoptr (GstElement) sink = find_sink (peer);
  g_autoptr (GstElement) top = sink ? mh_tap_find_top (sink) : NULL;
  MhTrace *trace = top ? find_trace (top) : NULL;

  if (trace)
    mh_trace_caps (trace, top, pad, sink, event);
}

/* Each sink sends its own, all the same. */
static void
on_upstream (GstPad *pad, GstEvent *event)
{
  g_autoptr (GstElement) sink = find_sink (pad);
  g_autoptr (GstElement) top = sink ? mh_tap_find_top (sink) : NULL;
  MhTrace *trace = top ? find_trace (top) : NULL;

  if (trace)
    mh_trace_upstream_event (trace, event);
}

static void
on_push_event (GObject *self, GstClockTime ts, GstPad *pad, GstEvent *event)
{
  MhTap *tap = mh_pad_table_find (pad);

  if (tap && GST_EVENT_IS_DOWNSTREAM (event))
    mh_tap_event (tap, event);
  else if (GST_EVENT_TYPE (event) == GST_EVENT_CAPS)
    on_caps (pad, event);
  else if ((GST_EVENT_TYPE (event) == GST_EVENT_SEEK ||
               GST_EVENT_TYPE (event) == GST_EVENT_CUSTOM_UPSTREAM) &&
      GST_PAD_IS_SINK (pad))
    on_upstream (pad, event);
}

static void
on_post_message (
    GObject *self, GstClockTime ts, GstElement *element, GstMessage *message)
{
  MhTrace *trace = find_trace (element);

  if (trace)
    mh_trace_message (trace, element, message);
}

static gboolean
matches (char **patterns, const char *name)
{
  for (guint i = 0; name && patterns[i]; i++) {
    if (*patterns[i] && g_pattern_match_simple (patterns[i], name))
      return TRUE;
  }
  return FALSE;
}

static gboolean
is_wanted (GstMediaHeartbeatTracer *self, GstElement *pipeline)
{
  g_autofree char *name = gst_object_get_name (GST_OBJECT (pipeline));
  GstElementFactory *factory = gst_element_get_factory (pipeline);

  return !self->filter || matches (self->filter, name) ||
      matches (self->filter, G_OBJECT_TYPE_NAME (pipeline)) ||
      (factory && matches (self->filter, GST_OBJECT_NAME (factory)));
}

static void
on_change_state (GObject *object, GstClockTime ts, GstElement *element,
    GstStateChange transition)
{
  GstMediaHeartbeatTracer *self = GST_MEDIA_HEARTBEAT_TRACER (object);
  MhTrace *trace = find_trace (element);

  if (!trace && transition == GST_STATE_CHANGE_NULL_TO_READY &&
      GST_IS_PIPELINE (element) && !GST_OBJECT_PARENT (element) &&
      is_wanted (self, element)) {
    mh_trace_attach (element, self->settings);
    trace = mh_trace_get (element);
  }
  if (trace)
    mh_trace_before_change (trace, element, transition);
}

static void
on_changed_state (GObject *self, GstClockTime ts, GstElement *element,
    GstStateChange transition, GstStateChangeReturn result)
{
  MhTrace *trace = find_trace (element);

  if (trace)
    mh_trace_after_change (trace, element, transition, result);
}

/* ---- the class ---- */

/* There is no bus of anybody's that this would belong to. */
static void
complain (const char *text, gpointer user_data)
{
  GST_ERROR_OBJECT (user_data, "%s", text);
  g_printerr ("tracer " SHARED_NAME ": %s\n", text);
}

/* An element that is never used says what can be set, and to what. */
static void
read_options (GstMediaHeartbeatTracer *self)
{
  GstMediaHeartbeat *element = gst_object_ref_sink (
      g_object_new (GST_TYPE_MEDIA_HEARTBEAT, NULL));
  MhOptions options = { G_OBJECT (element), NULL, complain, self };
  const char *path = g_getenv ("MEDIAHEARTBEAT_CONFIG");
  g_autofree char *params = NULL;

  g_object_get (self, "params", &params, NULL);
  g_object_set (element, "post-messages", FALSE, NULL);
  if (path && *path)
    mh_options_take_file (&options, path);
  if (params)
    mh_options_take_text (&options, params);
  if (options.filter)
    self->filter = g_strsplit_set (options.filter, ", ", -1);
  self->settings = mh_settings_ref (element->settings);
  mh_settings_check (self->settings, complain, self);
  g_free (options.filter);
  gst_object_unref (element);
}

/* Of a name that this GStreamer does not know GStreamer makes a hook for
 * everything, and calls it with anything (lessons.md: a tracer that froze on
 * another version). */
static void
register_hooks (GstTracer *self)
{
  static const struct
  {
    const char *name;
    GCallback callback;
  } hooks[] = {
    { "pad-push-pre", G_CALLBACK (on_push) },
    { "pad-push-list-pre", G_CALLBACK (on_push_list) },
    { "pad-push-event-pre", G_CALLBACK (on_push_event) },
    { "element-post-message-pre", G_CALLBACK (on_post_message) },
    { "element-change-state-pre", G_CALLBACK (on_change_state) },
    { "element-change-state-post", G_CALLBACK (on_changed_state) },
  };

  for (guint i = 0; i < G_N_ELEMENTS (hooks); i++) {
    if (g_quark_try_string (hooks[i].name) == 0) {
      g_autofree char *version = gst_version_string ();
      g_autofree char *text = g_strdup_printf (
          "%s has no %s, nothing is tracked", version, hooks[i].name);

      complain (text, self);
      return;
    }
  }
  for (guint i = 0; i < G_N_ELEMENTS (hooks); i++)
    gst_tracing_register_hook (self, hooks[i].name, hooks[i].callback);
}

static void
gst_media_heartbeat_tracer_constructed (GObject *object)
{
  GstMediaHeartbeatTracer *self = GST_MEDIA_HEARTBEAT_TRACER (object);

  G_OBJECT_CLASS (gst_media_heartbeat_tracer_parent_class)
      ->constructed (object);
  give_name_back ();
  read_options (self);
  register_hooks (GST_TRACER (self));
}

static void
gst_media_heartbeat_tracer_finalize (GObject *object)
{
  GstMediaHeartbeatTracer *self = GST_MEDIA_HEARTBEAT_TRACER (object);

  mh_settings_unref (self->settings);
  g_strfreev (self->filter);
  G_OBJECT_CLASS (gst_media_heartbeat_tracer_parent_class)->finalize (object);
}

static void
gst_media_heartbeat_tracer_class_init (GstMediaHeartbeatTracerClass *klass)
{
  G_OBJECT_CLASS (klass)->constructed = gst_media_heartbeat_tracer_constructed;
  G_OBJECT_CLASS (klass)->finalize = gst_media_heartbeat_tracer_finalize;
}

static void
gst_media_heartbeat_tracer_init (GstMediaHeartbeatTracer *self)
{
}
