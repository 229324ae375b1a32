/* Tests of the tracer's hooks: they come back whatever locks are held.
 *
 * The hooks are those that the plugin registers: this program has a function of
 * the name that GStreamer's has, writes down what it is given and hands it on.
 * Then each hook is called with the locks of all objects around held, in the
 * same thread, as GStreamer 1.26.2 does with that of a pad.
 *
 * GStreamer makes tracers in gst_init(): each case is a process of its own.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#define GST_USE_UNSTABLE_API
#include <dlfcn.h>

#include <gst/gst.h>
#include <gst/gsttracer.h>

#include "mh-test-media.h"

/* A hook that waits for what is done elsewhere does so for less. */
#define PATIENCE (20 * G_TIME_SPAN_SECOND)

static GHashTable *hooks; /* name → GCallback */
static GObject *the_tracer;

typedef void (*RegisterFunc) (
    GstTracer *tracer, const char *detail, GCallback func);

void
gst_tracing_register_hook (
    GstTracer *tracer, const char *detail, GCallback func)
{
  RegisterFunc next = (RegisterFunc) dlsym (
      RTLD_NEXT, "gst_tracing_register_hook");

  if (g_str_has_prefix (G_OBJECT_TYPE_NAME (tracer), "GstMediaHeartbeat")) {
    the_tracer = G_OBJECT (tracer);
    g_hash_table_insert (hooks, g_strdup (detail), (gpointer) func);
  }
  next (tracer, detail, func);
}

/* ---- the scene ---- */

typedef struct
{
  GstElement *pipeline;
  GstElement *fresh; /* a pipeline that the tracer has not seen yet */
  GstElement *sink;
  GstPad *pad; /* in front of the sink's */
  GstPad *sinkpad;
  GstPad *other; /* one that no data has passed yet, or NULL */
  GPtrArray *objects; /* whose locks are held */

  GMutex lock;
  GCond cond;
  const char *called; /* lock: what is being called */
  gboolean done; /* lock */
} Scene;

static void
add_with_ancestors (GPtrArray *objects, gpointer object)
{
  GstObject *next = gst_object_ref (object);

  while (next) {
    GstObject *parent = gst_object_get_parent (next);

    if (g_ptr_array_find (objects, next, NULL))
      gst_object_unref (next);
    else
      g_ptr_array_add (objects, next);
    next = parent;
  }
}

/* Returns: (transfer full) (nullable): the pad in front of its sink. */
static GstPad *
find_pad (GstElement *pipeline)
{
  g_autoptr (GstElement)
      sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  g_autoptr (GstPad) pad = sink ? gst_element_get_static_pad (sink, "sink")
                                : NULL;

  return pad ? gst_pad_get_peer (pad) : NULL;
}

static Scene *
scene_new (const char *description)
{
  Scene *scene = g_new0 (Scene, 1);

  g_mutex_init (&scene->lock);
  g_cond_init (&scene->cond);
  scene->pipeline = gst_parse_launch (description, NULL);
  scene->fresh = gst_parse_launch (description, NULL);
  g_assert_true (GST_IS_PIPELINE (scene->fresh));
  gst_element_set_state (scene->pipeline, GST_STATE_PAUSED);
  g_assert_cmpint (
      gst_element_get_state (scene->pipeline, NULL, NULL, GST_CLOCK_TIME_NONE),
      ==, GST_STATE_CHANGE_SUCCESS);
  scene->sink = gst_bin_get_by_name (GST_BIN (scene->pipeline), "sink");
  scene->sinkpad = gst_element_get_static_pad (scene->sink, "sink");
  scene->pad = gst_pad_get_peer (scene->sinkpad);
  scene->other = find_pad (scene->fresh);
  scene->objects = g_ptr_array_new_with_free_func (gst_object_unref);
  add_with_ancestors (scene->objects, scene->pad);
  add_with_ancestors (scene->objects, scene->sinkpad);
  add_with_ancestors (scene->objects, scene->fresh);
  if (scene->other)
    add_with_ancestors (scene->objects, scene->other);
  return scene;
}

static void
scene_free (Scene *scene)
{
  gst_element_set_state (scene->pipeline, GST_STATE_NULL);
  g_ptr_array_unref (scene->objects);
  gst_object_unref (scene->pad);
  gst_object_unref (scene->sinkpad);
  gst_object_unref (scene->sink);
  gst_clear_object (&scene->other);
  gst_object_unref (scene->pipeline);
  gst_object_unref (scene->fresh);
  g_mutex_clear (&scene->lock);
  g_cond_clear (&scene->cond);
  g_free (scene);
}

/* ---- calling ---- */

static GCallback
start (Scene *scene, const char *name, const char *what)
{
  GCallback hook = g_hash_table_lookup (hooks, name);

  g_assert_nonnull (hook);
  g_mutex_lock (&scene->lock);
  scene->called = what;
  g_mutex_unlock (&scene->lock);
  return hook;
}

static void
call_event (Scene *scene, GstPad *pad, GstEvent *event)
{
  typedef void (*Hook) (GObject *, GstClockTime, GstPad *, GstEvent *);
  Hook hook = (Hook) start (scene, "pad-push-event-pre",
      event ? GST_EVENT_TYPE_NAME (event) : "no event");

  hook (the_tracer, 0, pad, event);
  if (event)
    gst_event_unref (event);
}

static void
call_message (Scene *scene, GstMessage *message)
{
  typedef void (*Hook) (GObject *, GstClockTime, GstElement *, GstMessage *);
  Hook hook = (Hook) start (
      scene, "element-post-message-pre", GST_MESSAGE_TYPE_NAME (message));

  hook (the_tracer, 0, scene->pipeline, message);
  gst_message_unref (message);
}

static void
call_change (Scene *scene, GstElement *pipeline, GstStateChange transition)
{
  typedef void (*Before) (
      GObject *, GstClockTime, GstElement *, GstStateChange);
  typedef void (*After) (GObject *, GstClockTime, GstElement *, GstStateChange,
      GstStateChangeReturn);
  const char *name = gst_state_change_get_name (transition);
  Before before = (Before) start (scene, "element-change-state-pre", name);
  After after = (After) start (scene, "element-change-state-post", name);

  before (the_tracer, 0, pipeline, transition);
  after (the_tracer, 0, pipeline, transition, GST_STATE_CHANGE_SUCCESS);
}

static void
call_buffers (Scene *scene, GstPad *pad)
{
  typedef void (*Push) (GObject *, GstClockTime, GstPad *, gpointer);
  g_autoptr (GstBuffer) buffer = gst_buffer_new ();
  g_autoptr (GstBufferList) list = gst_buffer_list_new ();

  gst_buffer_list_add (list, gst_buffer_ref (buffer));
  ((Push) start (scene, "pad-push-pre", "a buffer")) (
      the_tracer, 0, pad, buffer);
  ((Push) start (scene, "pad-push-list-pre", "a list")) (
      the_tracer, 0, pad, list);
}

/* ---- all there is ---- */

static GstEvent *
new_tag_event (void)
{
  return gst_event_new_tag (
      gst_tag_list_new (GST_TAG_TITLE, "Song", GST_TAG_BITRATE, 1000, NULL));
}

static void
call_events (Scene *scene, GstPad *pad)
{
  g_autoptr (GstCaps) sound = gst_caps_new_empty_simple ("audio/x-raw");
  g_autoptr (GstCaps) picture = gst_caps_new_empty_simple ("video/x-raw");
  g_autoptr (GstStreamCollection) collection = gst_stream_collection_new (NULL);
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  call_event (scene, pad, gst_event_new_stream_start ("other"));
  call_event (scene, pad, gst_event_new_caps (sound));
  call_event (scene, pad, gst_event_new_caps (picture));
  call_event (scene, pad, gst_event_new_stream_collection (collection));
  call_event (scene, pad, gst_event_new_segment (&segment));
  call_event (scene, pad, new_tag_event ());
  call_buffers (scene, pad);
  call_event (scene, pad, gst_event_new_gap (0, GST_SECOND));
  call_event (scene, pad, gst_event_new_flush_start ());
  call_event (scene, pad, gst_event_new_flush_stop (TRUE));
  call_event (scene, pad, gst_event_new_eos ());
  /* GStreamer 1.26.0 to 1.26.3. */
  call_event (scene, pad, NULL);
}

static GstEvent *
new_call (GstEventType type)
{
  return gst_event_new_custom (type,
      gst_structure_new (
          "mediaheartbeat", "event", G_TYPE_STRING, "adComplete", NULL));
}

static void
call_upstream_events (Scene *scene, GstPad *sinkpad)
{
  call_event (scene, sinkpad,
      gst_event_new_seek (1, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH,
          GST_SEEK_TYPE_SET, 0, GST_SEEK_TYPE_NONE, -1));
  call_event (scene, sinkpad, new_call (GST_EVENT_CUSTOM_UPSTREAM));
  call_event (
      scene, sinkpad, gst_event_new_qos (GST_QOS_TYPE_UNDERFLOW, 1, 1, 1));
}

static GstMessage *
new_qos_message (GstObject *source)
{
  GstMessage *message = gst_message_new_qos (source, FALSE, 0, 0, 0, 0);

  gst_message_set_qos_stats (message, GST_FORMAT_BUFFERS, 1, 1);
  return message;
}

static void
call_messages (Scene *scene)
{
  GstObject *pipeline = GST_OBJECT (scene->pipeline);
  GstObject *sink = GST_OBJECT (scene->sink);
  g_autoptr (GError)
      error = g_error_new (GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED, "broken");

  call_message (scene, gst_message_new_stream_start (pipeline));
  call_message (scene,
      gst_message_new_state_changed (
          pipeline, GST_STATE_READY, GST_STATE_PAUSED, GST_STATE_VOID_PENDING));
  call_message (
      scene, gst_message_new_async_done (pipeline, GST_CLOCK_TIME_NONE));
  call_message (scene, gst_message_new_buffering (pipeline, 50));
  call_message (scene, gst_message_new_tag (sink, gst_tag_list_new_empty ()));
  call_message (scene, new_qos_message (sink));
  call_message (scene, new_qos_message (sink));
  call_message (scene,
      gst_message_new_element (sink, gst_structure_new_empty ("scte-sit")));
  call_message (scene, gst_message_new_error (sink, error, NULL));
  call_message (scene, gst_message_new_eos (pipeline));
}

static void
call_changes (Scene *scene, GstElement *pipeline)
{
  call_change (scene, pipeline, GST_STATE_CHANGE_NULL_TO_READY);
  call_change (scene, pipeline, GST_STATE_CHANGE_READY_TO_PAUSED);
  call_change (scene, pipeline, GST_STATE_CHANGE_PAUSED_TO_PLAYING);
  call_change (scene, pipeline, GST_STATE_CHANGE_PLAYING_TO_PAUSED);
  call_change (scene, pipeline, GST_STATE_CHANGE_PAUSED_TO_READY);
  call_change (scene, pipeline, GST_STATE_CHANGE_READY_TO_NULL);
}

static gpointer
call_all (gpointer data)
{
  Scene *scene = data;

  for (guint i = 0; i < scene->objects->len; i++)
    GST_OBJECT_LOCK (g_ptr_array_index (scene->objects, i));
  if (scene->other)
    call_events (scene, scene->other);
  call_events (scene, scene->pad);
  call_upstream_events (scene, scene->sinkpad);
  call_messages (scene);
  call_changes (scene, scene->fresh);
  call_changes (scene, scene->pipeline);
  for (guint i = 0; i < scene->objects->len; i++)
    GST_OBJECT_UNLOCK (g_ptr_array_index (scene->objects, i));
  g_mutex_lock (&scene->lock);
  scene->done = TRUE;
  g_cond_signal (&scene->cond);
  g_mutex_unlock (&scene->lock);
  return NULL;
}

static void
run_scene (const char *description)
{
  Scene *scene = scene_new (description);
  gint64 until = g_get_monotonic_time () + PATIENCE;
  GThread *thread = g_thread_new ("hooks", call_all, scene);

  g_mutex_lock (&scene->lock);
  while (!scene->done && g_cond_wait_until (&scene->cond, &scene->lock, until))
    ;
  if (!scene->done)
    g_error ("the hook does not come back: %s", scene->called);
  g_mutex_unlock (&scene->lock);
  g_thread_join (thread);
  scene_free (scene);
}

/* ---- a process for each ---- */

static void
test_bare (void)
{
  run_scene (
      "pipeline.( bin.( audiotestsrc ! fakesink name=sink sync=true ) )");
}

/* Whose type says that it plays. */
static void
test_player (void)
{
  g_autofree char *uri = gst_filename_to_uri (mh_test_media_audio (2), NULL);
  g_autofree char *description = g_strdup_printf (
      "playbin uri=%s audio-sink=\"fakesink name=sink sync=true\"", uri);

  run_scene (description);
}

/* Whose name has to be looked at. */
static void
test_filter (void)
{
  test_bare ();
}

static const struct
{
  const char *path;
  void (*func) (void);
  const char *params;
} cases[] = {
  { "/hooks/bare", test_bare, "" },
  { "/hooks/player", test_player, "" },
  { "/hooks/filter", test_filter, ",filter=\"pipe*\"" },
};

static void
run_case (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);

  if (g_test_subprocess ()) {
    cases[i].func ();
    return;
  }
  g_setenv ("MH_TEST_TRACER", cases[i].params, TRUE);
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

int
main (int argc, char *argv[])
{
  g_autofree char *tracers = NULL;
  g_test_init (&argc, &argv, NULL);
  hooks = g_hash_table_new (g_str_hash, g_str_equal);
  if (g_test_subprocess ()) {
    tracers = g_strdup_printf (
        "mediaheartbeattracer(media-id=x%s)", g_getenv ("MH_TEST_TRACER"));
    g_setenv ("GST_TRACERS", tracers, TRUE);
  }
  gst_init (&argc, &argv);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add_data_func (cases[i].path, GUINT_TO_POINTER (i), run_case);
  return mh_test_media_run ();
}
