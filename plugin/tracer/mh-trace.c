/* mh-trace: one pipeline that the tracer watches.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-trace.h"

#include "mh-pad-table.h"

#include <string.h>

GST_DEBUG_CATEGORY_EXTERN (gst_media_heartbeat_debug);
#define GST_CAT_DEFAULT gst_media_heartbeat_debug

struct _MhTrace
{
  MhObserver *observer;
  MhTap tap;

  GMutex lock; /* of what follows; nobody is asked while it is held */
  GWeakRef pad; /* where data is seen, or was */
  gboolean running; /* it is playback */
};

static GQuark
trace_quark (void)
{
  return g_quark_from_static_string ("mh-trace");
}

MhTrace *
mh_trace_get (GstElement *pipeline)
{
  return g_object_get_qdata (G_OBJECT (pipeline), trace_quark ());
}

/* With its pipeline, whose streaming threads are gone. */
static void
trace_free (gpointer data)
{
  MhTrace *self = data;
  g_autoptr (GstPad) pad = g_weak_ref_get (&self->pad);

  if (pad)
    mh_pad_table_remove (pad, &self->tap);
  g_weak_ref_clear (&self->pad);
  mh_observer_leave (self->observer);
  mh_observer_close (self->observer);
  mh_tap_clear (&self->tap);
  mh_observer_unref (self->observer);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* Everything is kept, and it does not lead, until it turns out to be playback. */
static void
wait_for_playback (MhTrace *self, GstElement *pipeline)
{
  mh_observer_hold (self->observer);
  mh_observer_leave (self->observer); /* to be told again that it does not */
  mh_observer_join (self->observer, pipeline, MH_LEADER_NEVER);
}

void
mh_trace_attach (GstElement *pipeline, MhSettings *settings)
{
  MhTrace *self = g_new0 (MhTrace, 1);

  self->observer = mh_observer_new (pipeline, FALSE, NULL);
  mh_observer_set_settings (self->observer, settings);
  mh_observer_set_top (self->observer, pipeline);
  mh_tap_init (&self->tap, self->observer);
  g_mutex_init (&self->lock);
  g_weak_ref_init (&self->pad, NULL);
  wait_for_playback (self, pipeline);
  g_object_set_qdata_full (
      G_OBJECT (pipeline), trace_quark (), self, trace_free);
}

/* It is playback: from here on it is tracked, if no element does so already. */
static void
track (MhTrace *self, GstElement *pipeline)
{
  gboolean begins;

  g_mutex_lock (&self->lock);
  begins = !self->running;
  self->running = TRUE;
  g_mutex_unlock (&self->lock);
  if (!begins)
    return;
  GST_INFO_OBJECT (pipeline, "is playback");
  mh_observer_join (self->observer, pipeline, MH_LEADER_TRACER);
  mh_observer_start (self->observer);
}

/* ---- the point where data is seen ---- */

/* Not what writes it down or sends it on, even where that keeps time. */
static gboolean
is_player_sink (GstElement *sink)
{
  GParamSpec *pspec = g_object_class_find_property (
      G_OBJECT_GET_CLASS (sink), "sync");
  const char *klass = gst_element_get_metadata (
      sink, GST_ELEMENT_METADATA_KLASS);
  gboolean sync = FALSE;

  if (!pspec || pspec->value_type != G_TYPE_BOOLEAN ||
      (klass && (strstr (klass, "Network") || strstr (klass, "File"))))
    return FALSE;
  g_object_get (sink, "sync", &sync, NULL);
  return sync;
}

static gboolean
is_media (GstCaps *caps)
{
  const char *name = gst_caps_is_any (caps) || gst_caps_is_empty (caps)
      ? ""
      : gst_structure_get_name (gst_caps_get_structure (caps, 0));

  return g_str_has_prefix (name, "audio/") ||
      g_str_has_prefix (name, "video/") || g_str_has_prefix (name, "image/");
}

/* A pad may go while its pipeline goes on, and another come to its place. */
static void
pad_gone (gpointer pad)
{
  mh_pad_table_remove (pad, NULL);
}

static gboolean
is_used (GstPad *pad)
{
  return pad && gst_pad_is_active (pad) && gst_pad_is_linked (pad);
}

/* Returns: whether @pad is it from now on. */
static gboolean
take_pad (MhTrace *self, GstPad *pad)
{
  g_autoptr (GstPad) before = g_weak_ref_get (&self->pad);
  gboolean taken = FALSE;

  if (is_used (before))
    return FALSE;
  g_mutex_lock (&self->lock);
  {
    g_autoptr (GstPad) now = g_weak_ref_get (&self->pad);

    if (now == before) {
      g_weak_ref_set (&self->pad, pad);
      taken = TRUE;
    }
  }
  g_mutex_unlock (&self->lock);
  if (!taken)
    return FALSE;
  if (before)
    mh_pad_table_remove (before, &self->tap);
  g_object_set_qdata_full (G_OBJECT (pad),
      g_quark_from_static_string ("mh-trace-pad"), pad, pad_gone);
  return TRUE;
}

static gboolean
replay_event (GstPad *pad, GstEvent **event, gpointer user_data)
{
  mh_tap_event (user_data, *event);
  return TRUE;
}

/* @event: (nullable): CAPS that are on their way. */
static void
tap_pad (MhTrace *self, GstPad *pad, GstEvent *event)
{
  g_autoptr (GstPad) peer = NULL;

  if (!take_pad (self, pad))
    return;
  peer = gst_pad_get_peer (pad);
  mh_stream_set_pad (mh_observer_get_stream (self->observer), peer);
  gst_pad_sticky_events_foreach (pad, replay_event, &self->tap);
  if (event)
    mh_tap_event (&self->tap, event);
  if (!mh_pad_table_add (pad, &self->tap))
    GST_WARNING_OBJECT (pad, "too many pipelines: its data is not counted");
}

void
mh_trace_caps (MhTrace *self, GstElement *pipeline, GstPad *pad,
    GstElement *sink, GstEvent *event)
{
  GstCaps *caps;

  gst_event_parse_caps (event, &caps);
  if (!is_media (caps) || !is_player_sink (sink))
    return;
  tap_pad (self, pad, event);
  track (self, pipeline);
}

/* What was pushed before there was a way to the sink has not been seen. */
static void
look_at_sink (const GValue *item, gpointer user_data)
{
  MhTrace *self = user_data;
  GstElement *sink = g_value_get_object (item);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (sink, "sink");
  g_autoptr (GstPad) peer = pad ? gst_pad_get_peer (pad) : NULL;
  g_autoptr (GstCaps) caps = pad ? gst_pad_get_current_caps (pad) : NULL;

  if (peer && caps && is_media (caps) && is_player_sink (sink))
    tap_pad (self, peer, NULL);
}

gboolean
mh_trace_is_sink (GstElement *element)
{
  return GST_OBJECT_FLAG_IS_SET (element, GST_ELEMENT_FLAG_SINK) &&
      !GST_IS_BIN (element);
}

static int
compare_sink (gconstpointer item, gconstpointer unused)
{
  return mh_trace_is_sink (g_value_get_object (item)) ? 0 : 1;
}

static void
look_for_pad (MhTrace *self, GstElement *pipeline)
{
  g_autoptr (GstPad) used = g_weak_ref_get (&self->pad);
  GstIterator *all, *sinks;

  if (is_used (used))
    return;
  all = gst_bin_iterate_recurse (GST_BIN (pipeline));
  sinks = gst_iterator_filter (all, compare_sink, NULL);
  /* Where something changes meanwhile, the next message comes soon. */
  gst_iterator_foreach (sinks, look_at_sink, self);
  gst_iterator_free (sinks);
  g_clear_object (&used);
  used = g_weak_ref_get (&self->pad);
  if (used)
    track (self, pipeline);
}

/* ---- messages ---- */

/* playbin and its like: what they are for is known before they do it. */
static gboolean
is_player (GstElement *pipeline)
{
  const char *klass = gst_element_get_metadata (
      pipeline, GST_ELEMENT_METADATA_KLASS);

  return klass && strstr (klass, "Player");
}

void
mh_trace_message (MhTrace *self, GstElement *pipeline, GstMessage *message)
{
  MhObservation observation;

  switch (GST_MESSAGE_TYPE (message)) {
    case GST_MESSAGE_STREAM_START:
    case GST_MESSAGE_ASYNC_DONE:
    case GST_MESSAGE_STATE_CHANGED:
      if (GST_MESSAGE_SRC (message) == GST_OBJECT_CAST (pipeline) &&
          GST_STATE (pipeline) >= GST_STATE_PAUSED)
        look_for_pad (self, pipeline);
      break;
    case GST_MESSAGE_ERROR:
      /* It has failed before there was anything to be seen. */
      if (is_player (pipeline))
        track (self, pipeline);
      break;
    default:
      break;
  }
  mh_tap_message_mark (self->observer, message);
  if (!mh_observation_from_message (message, pipeline, &observation))
    return;
  mh_observer_push (self->observer, &observation);
  g_free (observation.text);
}

void
mh_trace_upstream_event (MhTrace *self, GstEvent *event)
{
  mh_tap_upstream_event (&self->tap, event);
}

/* ---- states ---- */

static void
note_uri (MhTrace *self, GstElement *pipeline)
{
  GParamSpec *pspec = g_object_class_find_property (
      G_OBJECT_GET_CLASS (pipeline), "uri");
  g_autofree char *uri = NULL;

  if (pspec && pspec->value_type == G_TYPE_STRING)
    g_object_get (pipeline, "uri", &uri, NULL);
  mh_stream_note_uri (mh_observer_get_stream (self->observer), uri);
}

void
mh_trace_before_change (
    MhTrace *self, GstElement *pipeline, GstStateChange transition)
{
  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED)
    note_uri (self, pipeline);
  mh_tap_before_change (&self->tap, pipeline, transition);
}

/* The next run may be anything. */
static void
after_null (MhTrace *self, GstElement *pipeline)
{
  g_autoptr (GstPad) pad = g_weak_ref_get (&self->pad);

  if (pad)
    mh_pad_table_remove (pad, &self->tap);
  mh_observer_stop (self->observer);
  g_mutex_lock (&self->lock);
  g_weak_ref_set (&self->pad, NULL);
  self->running = FALSE;
  g_mutex_unlock (&self->lock);
  mh_stream_set_pad (mh_observer_get_stream (self->observer), NULL);
  wait_for_playback (self, pipeline);
}

void
mh_trace_after_change (MhTrace *self, GstElement *pipeline,
    GstStateChange transition, GstStateChangeReturn result)
{
  mh_tap_after_change (&self->tap, pipeline, transition, result);
  if (transition == GST_STATE_CHANGE_READY_TO_NULL)
    after_null (self, pipeline);
}
