/* gstmediaheartbeattracer: the tracer.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/**
 * SECTION:tracer-mediaheartbeattracer
 * @title: mediaheartbeattracer
 * @short_description: reports what any GStreamer program plays
 *
 * Does for every playback pipeline of a program what the element does for the
 * one that it is in, without a change to the program:
 *
 * |[
 * GST_TRACERS="mediaheartbeattracer(collection-server=http://127.0.0.1:8080)" \
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
 *
 * Since: 0.1
 */

#include "gstmediaheartbeattracer.h"

#include <string.h>

#include "gstmediaheartbeat.h"
#include "mh-hook-work.h"
#include "mh-log-route.h"
#include "mh-tracer-options.h"
#include "mh-traced-pipeline.h"
#include "mh-watched-pad.h"

#define GST_CAT_DEFAULT mh_log_tracer

/* GStreamer's registry holds one feature of a name, whatever its kind: the
 * element has "mediaheartbeat". */
#define TRACER_NAME "mediaheartbeattracer"
#define ELEMENT_NAME "mediaheartbeat"

/* How long gst_deinit() waits for a pipeline that hangs while it is asked. */
#define PATIENCE MH_TIME_FROM_SEC (1)

struct _GstMediaHeartbeatTracer
{
  GstTracer parent_instance;

  MhSettings *settings;
  char **filter; /* patterns; NULL: everything */
};

G_DEFINE_TYPE (
    GstMediaHeartbeatTracer, gst_media_heartbeat_tracer, GST_TYPE_TRACER)

/* ---- the name ---- */

static gboolean
tracer_is_named (const char *tracers, const char *name)
{
  g_auto (GStrv) names = g_strsplit (tracers ? tracers : "", ";", -1);

  for (guint i = 0; names[i]; i++) {
    names[i][strcspn (names[i], "(")] = '\0';
    if (g_str_equal (g_strstrip (names[i]), name))
      return TRUE;
  }
  return FALSE;
}

/* GStreamer would make an element of it, and complain of a property that this
 * has not. */
static void
tracer_warn_of_name (void)
{
  static gsize warned;

  if (!tracer_is_named (g_getenv ("GST_TRACERS"), ELEMENT_NAME) ||
      !g_once_init_enter (&warned))
    return;
  g_printerr ("GST_TRACERS: " ELEMENT_NAME " is an element; the tracer is "
              "called " TRACER_NAME "\n");
  g_once_init_leave (&warned, 1);
}

gboolean
gst_media_heartbeat_tracer_register (GstPlugin *plugin)
{
  tracer_warn_of_name ();
  /* This fails where GStreamer was built without tracers. */
  gst_tracer_register (plugin, TRACER_NAME, GST_TYPE_MEDIA_HEARTBEAT_TRACER);
  return TRUE;
}

/* ---- hooks: any thread, under any lock ---- */

/* HACKING.md, "The tracer's hooks", says what is held, and since when. */

/* Two loads and a multiplication where the pad is none that is watched. */
static void
tracer_on_push (GObject *self, GstClockTime ts, GstPad *pad, GstBuffer *buffer)
{
  MhWatchedPad *watch = mh_watched_pad_find (pad);

  if (watch)
    mh_watched_pad_buffer (watch, buffer);
}

static void
tracer_on_push_list (
    GObject *self, GstClockTime ts, GstPad *pad, GstBufferList *list)
{
  MhWatchedPad *watch = mh_watched_pad_find (pad);

  if (watch)
    mh_watched_pad_list (watch, list);
}

static void
tracer_on_downstream (GstPad *pad, GstEvent *event)
{
  MhWatchedPad *watch;

  if (GST_EVENT_TYPE (event) == GST_EVENT_CAPS) {
    mh_traced_pipeline_caps (pad, event);
    return;
  }
  watch = mh_watched_pad_find (pad);
  if (watch)
    mh_watched_pad_event (watch, event);
}

/* @event: (nullable): GStreamer 1.26.0 to 1.26.3 say nothing of an EOS that they
 * push where something before it has failed. */
static void
tracer_on_push_event (
    GObject *self, GstClockTime ts, GstPad *pad, GstEvent *event)
{
  if (!event)
    return;
  if (GST_PAD_IS_SRC (pad) && GST_EVENT_IS_DOWNSTREAM (event))
    tracer_on_downstream (pad, event);
  else if (GST_PAD_IS_SINK (pad) &&
      (GST_EVENT_TYPE (event) == GST_EVENT_SEEK ||
          GST_EVENT_TYPE (event) == GST_EVENT_CUSTOM_UPSTREAM))
    mh_traced_pipeline_upstream_event (pad, event);
}

/* Returns: (nullable): what watches the pipeline. */
static MhTracedPipeline *
find_trace (GstElement *pipeline)
{
  return GST_IS_PIPELINE (pipeline) ? mh_traced_pipeline_get (pipeline) : NULL;
}

static void
tracer_on_post_message (
    GObject *self, GstClockTime ts, GstElement *element, GstMessage *message)
{
  MhTracedPipeline *trace = find_trace (element);

  if (trace)
    mh_traced_pipeline_message (trace, element, message);
}

static void
tracer_on_change_state (GObject *object, GstClockTime ts, GstElement *element,
    GstStateChange transition)
{
  GstMediaHeartbeatTracer *self = GST_MEDIA_HEARTBEAT_TRACER (object);
  MhTracedPipeline *trace = find_trace (element);

  if (!trace && transition == GST_STATE_CHANGE_NULL_TO_READY &&
      GST_IS_PIPELINE (element) && !GST_OBJECT_PARENT (element)) {
    mh_traced_pipeline_attach (element, self->settings, self->filter);
    trace = mh_traced_pipeline_get (element);
  }
  if (trace)
    mh_traced_pipeline_before_change (trace, element, transition);
}

static void
tracer_on_changed_state (GObject *self, GstClockTime ts, GstElement *element,
    GstStateChange transition, GstStateChangeReturn result)
{
  MhTracedPipeline *trace = find_trace (element);

  if (trace)
    mh_traced_pipeline_after_change (trace, element, transition, result);
}

/* ---- the class ---- */

/* A warning goes to stderr: it belongs to no pipeline's bus. */
static void
tracer_complain (const char *text, gpointer user_data)
{
  GST_ERROR_OBJECT (user_data, "%s", text);
  g_printerr (TRACER_NAME ": %s\n", text);
}

/* An element that is never used says what can be set, and to what. */
static void
read_options (GstMediaHeartbeatTracer *self)
{
  GstMediaHeartbeat *element = gst_object_ref_sink (
      g_object_new (GST_TYPE_MEDIA_HEARTBEAT, NULL));
  MhTracerOptions options = { G_OBJECT (element), NULL, tracer_complain, self };
  const char *path = g_getenv ("MEDIAHEARTBEAT_CONFIG");
  g_autofree char *params = NULL;

  g_object_get (self, "params", &params, NULL);
  g_object_set (element, "post-messages", FALSE, NULL);
  if (path && *path)
    mh_tracer_options_take_file (&options, path);
  if (params)
    mh_tracer_options_take_text (&options, params);
  if (options.filter)
    self->filter = g_strsplit_set (options.filter, ", ", -1);
  self->settings = mh_settings_ref (element->settings);
  mh_settings_check (self->settings, tracer_complain, self);
  g_free (options.filter);
  gst_object_unref (element);
}

/* GStreamer takes a hook whose name it does not know as one for all hooks, and calls
 * it with the arguments of each
 * (docs/design/decisions.md#lessons-from-other-trackers). */
static void
register_hooks (GstTracer *self)
{
  static const struct
  {
    const char *name;
    GCallback callback;
  } hooks[] = {
    { "pad-push-pre", G_CALLBACK (tracer_on_push) },
    { "pad-push-list-pre", G_CALLBACK (tracer_on_push_list) },
    { "pad-push-event-pre", G_CALLBACK (tracer_on_push_event) },
    { "element-post-message-pre", G_CALLBACK (tracer_on_post_message) },
    { "element-change-state-pre", G_CALLBACK (tracer_on_change_state) },
    { "element-change-state-post", G_CALLBACK (tracer_on_changed_state) },
  };

  for (guint i = 0; i < G_N_ELEMENTS (hooks); i++) {
    if (g_quark_try_string (hooks[i].name) == 0) {
      g_autofree char *version = gst_version_string ();
      g_autofree char *text = g_strdup_printf (
          "%s has no %s, nothing is tracked", version, hooks[i].name);

      tracer_complain (text, self);
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
  read_options (self);
  register_hooks (GST_TRACER (self));
}

static void
gst_media_heartbeat_tracer_finalize (GObject *object)
{
  GstMediaHeartbeatTracer *self = GST_MEDIA_HEARTBEAT_TRACER (object);

  if (mh_hook_work_finish (PATIENCE))
    g_strfreev (self->filter); /* else it may still be looked at */
  mh_settings_unref (self->settings);
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
