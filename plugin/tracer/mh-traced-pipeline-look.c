/* mh-traced-pipeline-look: what is looked at later, by another thread than a hook's.
 *
 * Each part has two halves: one that puts something into mh-hook-work, for hooks, and
 * one that runs there, without a lock, and may call GStreamer. What it needs of
 * GStreamer's is kept alive by references until then.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-traced-pipeline-private.h"

#include "mh-gst.h"
#include "mh-hook-work.h"
#include "mh-log-route.h"
#include "mh-notifier.h"

#include <string.h>

#define GST_CAT_DEFAULT mh_log_tracer

/* ---- what is tracked ---- */

static void
trace_look_at_name (gpointer data)
{
  GstElement *pipeline = data;
  MhTracedPipeline *self = mh_traced_pipeline_get (pipeline);
  g_autofree char *name = gst_object_get_name (GST_OBJECT (pipeline));
  gboolean wanted = mh_traced_pipeline_matches (self->filter, name);

  g_mutex_lock (&self->lock);
  self->wanted |= wanted;
  g_mutex_unlock (&self->lock);
  mh_notifier_release (pipeline);
}

void
mh_traced_pipeline_look_at_name (GstElement *pipeline)
{
  mh_hook_work_put (trace_look_at_name, gst_object_ref (pipeline));
}

static void
trace_track (MhTracedPipeline *self, GstElement *pipeline)
{
  gboolean begins;

  g_mutex_lock (&self->lock);
  /* A thread that asks for the URI comes here again when it has the answer. */
  begins = self->wanted && !self->running && self->asking == 0 &&
      (self->plays || (self->failed && !self->silent));
  self->playback = TRUE;
  self->running |= begins;
  g_mutex_unlock (&self->lock);
  if (!begins)
    return;
  GST_INFO_OBJECT (pipeline, "is playback");
  mh_mailbox_set_top (self->mailbox, pipeline);
  mh_mailbox_join (self->mailbox, pipeline, MH_LEADER_TRACER);
  mh_tracked_player_start (self->player);
}

static void
trace_track_later (gpointer pipeline)
{
  trace_track (mh_traced_pipeline_get (pipeline), pipeline);
  mh_notifier_release (pipeline);
}

void
mh_traced_pipeline_track (GstElement *pipeline)
{
  mh_hook_work_put (trace_track_later, gst_object_ref (pipeline));
}

/* ---- where it comes from ---- */

/* playbin's `uri` is that of the item which it has not taken up yet, or again when it
 * has been stopped, which may be in between. */
static char *
read_uri (GstElement *pipeline)
{
  static const char *const names[] = { "uri", "current-uri", "uri" };

  return mh_gst_dup_first_string (pipeline, names, G_N_ELEMENTS (names));
}

/* Not what writes it down or sends it on, even where that keeps time. */
static gboolean
is_player_sink (GstElement *sink)
{
  const char *klass = gst_element_get_metadata (
      sink, GST_ELEMENT_METADATA_KLASS);
  gboolean sync = FALSE;

  if (!mh_gst_has_property (sink, "sync", G_TYPE_BOOLEAN) ||
      (klass && (strstr (klass, "Network") || strstr (klass, "File"))))
    return FALSE;
  g_object_get (sink, "sync", &sync, NULL);
  return sync;
}

/* Returns: (transfer full) (nullable): the sink that the application has set. */
static GstElement *
read_sink (GstElement *pipeline, const char *name)
{
  GstElement *sink = NULL;

  if (mh_gst_has_property (pipeline, name, GST_TYPE_ELEMENT))
    g_object_get (pipeline, name, &sink, NULL);
  return sink;
}

/* Thumbnailers and scanners give their player sinks that show nothing. Those that
 * are bins may do anything, and so may what a player finds for itself. */
static gboolean
is_silent (GstElement *pipeline)
{
  static const char *const names[] = { "video-sink", "audio-sink" };
  gboolean silent = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    GstElement *sink = read_sink (pipeline, names[i]);
    gboolean plays;

    if (!sink)
      continue;
    plays = GST_IS_BIN (sink) || is_player_sink (sink);
    mh_notifier_release (sink);
    if (plays)
      return FALSE;
    silent = TRUE;
  }
  return silent;
}

/* A player may be busy with the media that it is about to open. */
static void
trace_ask_uri (gpointer data)
{
  GstElement *pipeline = data;
  MhTracedPipeline *self = mh_traced_pipeline_get (pipeline);
  g_autofree char *uri = read_uri (pipeline);
  gboolean silent = is_silent (pipeline);
  gboolean waited_for;

  mh_stream_note_uri (mh_mailbox_get_stream (self->mailbox), uri);
  g_mutex_lock (&self->lock);
  self->silent = silent;
  self->asking--;
  waited_for = self->playback && !self->running && self->asking == 0;
  g_mutex_unlock (&self->lock);
  if (waited_for)
    mh_traced_pipeline_track (pipeline);
  g_atomic_int_add (&self->asks, -1);
  mh_notifier_release (pipeline);
}

void
mh_traced_pipeline_ask_uri (MhTracedPipeline *self, GstElement *pipeline)
{
  mh_stream_note_uri (mh_mailbox_get_stream (self->mailbox), NULL);
  if (!mh_gst_has_property (pipeline, "uri", G_TYPE_STRING))
    return;
  g_mutex_lock (&self->lock);
  self->asking++;
  g_mutex_unlock (&self->lock);
  g_atomic_int_inc (&self->asks);
  mh_hook_work_ask (trace_ask_uri, gst_object_ref (pipeline));
}

/* ---- the point where data is seen ---- */

/* A pad may go while its pipeline goes on, or move to another one with its bin,
 * and another come to its place. */
static gboolean
is_used (GstPad *pad, GstElement *pipeline)
{
  return pad && gst_pad_is_active (pad) && gst_pad_is_linked (pad) &&
      gst_object_has_as_ancestor (GST_OBJECT (pad), GST_OBJECT (pipeline));
}

/* Returns: whether @pad is the point where data is seen from now on. */
static gboolean
take_pad (MhTracedPipeline *self, GstElement *pipeline, GstPad *pad,
    MhWatchedPad *watch)
{
  g_autoptr (GstPad) before = g_weak_ref_get (&self->pad);
  MhWatchedPad *old = NULL;
  gboolean taken;

  if (before != pad && is_used (before, pipeline))
    return FALSE;
  g_mutex_lock (&self->lock);
  taken = self->streams;
  if (taken && self->watch != watch) {
    old = self->watch;
    self->watch = mh_watched_pad_ref (watch);
  }
  g_mutex_unlock (&self->lock);
  if (old) {
    mh_watched_pad_release (old);
    mh_watched_pad_unref (old);
  }
  if (taken)
    g_weak_ref_set (&self->pad, pad);
  return taken;
}

/* @pad: (transfer none): in front of @sinkpad, which belongs to a sink that
 * keeps time, and given sound or pictures. Returns: whether it is the point. */
static gboolean
tap_pad (
    MhTracedPipeline *self, GstElement *pipeline, GstPad *pad, GstPad *sinkpad)
{
  MhWatchedPad *watch = mh_watched_pad_ensure (pad);

  if (!take_pad (self, pipeline, pad, watch))
    return FALSE;
  /* The sink may be another one by now: autoaudiosink makes a new one each time. */
  mh_stream_set_pad (mh_mailbox_get_stream (self->mailbox), sinkpad);
  mh_watched_pad_bind (watch, pad, self->mailbox);
  return TRUE;
}

/* Whose pad is asked to seek, and told of what is to be tracked. */
static void
watch_sink (MhTracedPipeline *self, GstPad *sinkpad)
{
  mh_watched_pad_bind (mh_watched_pad_ensure (sinkpad), sinkpad, self->mailbox);
}

/* Returns: (transfer full) (nullable): the pipeline that a sink is in, if it is
 * watched. */
static GstElement *
find_pipeline (GstElement *sink)
{
  GstElement *top = mh_tap_find_top (sink);

  if (!GST_IS_PIPELINE (top) || !mh_traced_pipeline_get (top))
    g_clear_pointer (&top, mh_notifier_release);
  return top;
}

/* Returns: (transfer full) (nullable): the sink that a sink pad belongs to. */
static GstElement *
find_sink (GstPad *sinkpad)
{
  GstElement *element = gst_pad_get_parent_element (sinkpad);

  if (element && !mh_gst_is_sink (element))
    gst_clear_object (&element);
  return element;
}

/* Returns: whether a pad that is given sound or pictures is the point. */
static gboolean
look_behind (GstPad *pad)
{
  g_autoptr (GstPad) peer = gst_pad_get_peer (pad);
  g_autoptr (GstElement) sink = peer ? find_sink (peer) : NULL;
  GstElement *pipeline = sink ? find_pipeline (sink) : NULL;
  MhTracedPipeline *self = pipeline ? mh_traced_pipeline_get (pipeline) : NULL;
  gboolean is_point = FALSE;

  if (!self)
    return FALSE;
  watch_sink (self, peer);
  if (is_player_sink (sink)) {
    is_point = tap_pad (self, pipeline, pad, peer);
    trace_track (self, pipeline);
  }
  mh_notifier_release (pipeline);
  return is_point;
}

static void
trace_look_at_pad (gpointer data)
{
  g_autoptr (GstPad) pad = data;

  if (!look_behind (pad))
    mh_watched_pad_release (mh_watched_pad_get (pad));
}

void
mh_traced_pipeline_caps (GstPad *pad, GstEvent *event)
{
  MhWatchedPad *watch;
  GstCaps *caps;

  gst_event_parse_caps (event, &caps);
  if (mh_stream_read_caps (caps) == MH_MEDIA_TYPE_AUTO) {
    if ((watch = mh_watched_pad_find (pad)))
      mh_watched_pad_event (watch, event);
    return;
  }
  if (mh_watched_pad_begin (mh_watched_pad_ensure (pad), event))
    mh_hook_work_put (trace_look_at_pad, gst_object_ref (pad));
}

/* What was pushed before there was a way to the sink has not been seen. */
static void
trace_look_at_sink (const GValue *item, gpointer user_data)
{
  GstElement *pipeline = user_data;
  MhTracedPipeline *self = mh_traced_pipeline_get (pipeline);
  GstElement *sink = g_value_get_object (item);
  g_autoptr (GstPad) pad = NULL;
  g_autoptr (GstPad) peer = NULL;
  g_autoptr (GstCaps) caps = NULL;

  if (!mh_gst_is_sink (sink) ||
      !(pad = gst_element_get_static_pad (sink, "sink")))
    return;
  watch_sink (self, pad);
  peer = gst_pad_get_peer (pad);
  caps = gst_pad_get_current_caps (pad);
  if (!peer || !caps || mh_stream_read_caps (caps) == MH_MEDIA_TYPE_AUTO ||
      !is_player_sink (sink))
    return;
  tap_pad (self, pipeline, peer, pad);
  trace_track (self, pipeline);
}

static void
trace_look_at_sinks (gpointer data)
{
  GstElement *pipeline = data;
  GstIterator *all = gst_bin_iterate_recurse (GST_BIN (pipeline));

  /* Where something changes meanwhile, the next message comes soon. */
  gst_iterator_foreach (all, trace_look_at_sink, pipeline);
  gst_iterator_free (all);
  mh_notifier_release (pipeline);
}

void
mh_traced_pipeline_look (GstElement *pipeline)
{
  mh_hook_work_put (trace_look_at_sinks, gst_object_ref (pipeline));
}

/* ---- what is kept until then ---- */

/* References to an event and its pad, or to a message and its pipeline. */
typedef struct
{
  gpointer of;
  GstMiniObject *what;
} Kept;

static void
keep_for_later (MhHookWorkFunc func, gpointer of, gpointer what)
{
  Kept *kept = g_new (Kept, 1);

  kept->of = gst_object_ref (of);
  kept->what = gst_mini_object_ref (what);
  mh_hook_work_put (func, kept);
}

/* ---- what comes up from a sink ---- */

/* Handles an event at a pad of which the hook does not know the pipeline. */
static void
trace_look_at_event (gpointer data)
{
  g_autofree Kept *kept = data;
  g_autoptr (GstPad) pad = kept->of;
  g_autoptr (GstEvent) event = GST_EVENT (kept->what);
  g_autoptr (GstElement) sink = find_sink (pad);
  GstElement *pipeline = sink ? find_pipeline (sink) : NULL;

  if (!pipeline)
    return;
  watch_sink (mh_traced_pipeline_get (pipeline), pad);
  mh_tap_upstream_event (&mh_traced_pipeline_get (pipeline)->tap, event);
  mh_notifier_release (pipeline);
}

/* Each sink sends its own, all the same. */
void
mh_traced_pipeline_upstream_event (GstPad *pad, GstEvent *event)
{
  MhWatchedPad *watch = mh_watched_pad_find (pad);
  MhTap *tap = watch ? __atomic_load_n (&watch->tap, __ATOMIC_ACQUIRE) : NULL;

  if (tap)
    mh_tap_upstream_event (tap, event);
  else
    keep_for_later (trace_look_at_event, pad, event);
}

/* ---- messages ---- */

static void
trace_read_message (gpointer data)
{
  g_autofree Kept *kept = data;
  GstElement *pipeline = kept->of;
  g_autoptr (GstMessage) message = GST_MESSAGE (kept->what);
  MhTracedPipeline *self = mh_traced_pipeline_get (pipeline);

  mh_tap_message (self->mailbox, pipeline, message);
  g_atomic_int_add (&self->messages, -1);
  gst_clear_message (&message);
  mh_notifier_release (pipeline);
}

void
mh_traced_pipeline_read_message (
    MhTracedPipeline *self, GstElement *pipeline, GstMessage *message)
{
  g_atomic_int_inc (&self->messages);
  keep_for_later (trace_read_message, pipeline, message);
}
