/* mh-traced-pipeline: one pipeline that the tracer watches.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-traced-pipeline-private.h"

#include "mh-hook-work.h"
#include "mh-scte35.h"

#include <string.h>

/* How long a pipeline that stops waits for what it has left to be looked at.
 * That takes microseconds, unless the thread that stops it holds a lock
 * meanwhile. */
#define PATIENCE MH_TIME_FROM_SEC (1)

static GQuark
trace_quark (void)
{
  return g_quark_from_static_string ("mh-traced-pipeline");
}

MhTracedPipeline *
mh_traced_pipeline_get (GstElement *pipeline)
{
  return g_object_get_qdata (G_OBJECT (pipeline), trace_quark ());
}

/* What passes is not this pipeline's, until it is looked at again. */
static void
release_watch (MhTracedPipeline *self)
{
  MhWatchedPad *watch;

  g_mutex_lock (&self->lock);
  watch = g_steal_pointer (&self->watch);
  g_mutex_unlock (&self->lock);
  if (!watch)
    return;
  mh_watched_pad_release (watch);
  mh_watched_pad_unref (watch);
}

/* With its pipeline. A pad that is somewhere else by now keeps the mailbox. */
static void
trace_free (gpointer data)
{
  MhTracedPipeline *self = data;

  release_watch (self);
  g_weak_ref_clear (&self->pad);
  mh_mailbox_leave (self->mailbox);
  mh_tracked_player_close (self->player);
  mh_tap_clear (&self->tap);
  mh_mailbox_unref (self->mailbox);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* Everything is kept, and it does not lead, until it turns out to be playback. */
static void
wait_for_playback (MhTracedPipeline *self, GstElement *pipeline)
{
  mh_mailbox_hold (self->mailbox);
  mh_mailbox_leave (self->mailbox); /* to be told again that it does not */
  mh_mailbox_join (self->mailbox, pipeline, MH_LEADER_NEVER);
}

gboolean
mh_traced_pipeline_matches (char **patterns, const char *name)
{
  for (guint i = 0; name && patterns[i]; i++) {
    if (*patterns[i] && g_pattern_match_simple (patterns[i], name))
      return TRUE;
  }
  return FALSE;
}

/* Returns: whether the filter lets it through whatever its name is, for which it
 * would have to be asked. A factory's never changes. */
static gboolean
trace_is_wanted (GstElement *pipeline, char **filter)
{
  GstElementFactory *factory = gst_element_get_factory (pipeline);

  return !filter ||
      mh_traced_pipeline_matches (filter, G_OBJECT_TYPE_NAME (pipeline)) ||
      (factory &&
          mh_traced_pipeline_matches (filter, GST_OBJECT_NAME (factory)));
}

void
mh_traced_pipeline_attach (
    GstElement *pipeline, MhSettings *settings, char **filter)
{
  MhTracedPipeline *self = g_new0 (MhTracedPipeline, 1);

  self->mailbox = mh_mailbox_new (pipeline, FALSE, NULL);
  self->player = mh_tracked_player_new (self->mailbox);
  self->filter = filter;
  self->wanted = trace_is_wanted (pipeline, filter);
  mh_mailbox_set_settings (self->mailbox, settings);
  mh_tap_init (&self->tap, self->mailbox);
  g_mutex_init (&self->lock);
  g_weak_ref_init (&self->pad, NULL);
  wait_for_playback (self, pipeline);
  g_object_set_qdata_full (
      G_OBJECT (pipeline), trace_quark (), self, trace_free);
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

/* The element that posts them has to be asked as well. Those of one element that
 * drops frames stay in order. */
static gboolean
is_for_later (MhTracedPipeline *self, GstMessage *message)
{
  MhStream *stream = mh_mailbox_get_stream (self->mailbox);

  switch (GST_MESSAGE_TYPE (message)) {
    case GST_MESSAGE_TAG:
      return TRUE;
    case GST_MESSAGE_ELEMENT:
      return gst_message_has_name (message, MH_SCTE35_NAME);
    case GST_MESSAGE_QOS:
      return g_atomic_int_get (&self->messages) > 0 ||
          !mh_stream_knows_message (stream, message);
    default:
      return FALSE;
  }
}

/* The pipeline has failed before there was anything to be seen. */
static void
fail (MhTracedPipeline *self, GstElement *pipeline)
{
  gboolean wanted;

  g_mutex_lock (&self->lock);
  wanted = self->wanted;
  self->failed = TRUE;
  g_mutex_unlock (&self->lock);
  if (!wanted || !is_player (pipeline))
    return;
  mh_mailbox_join (self->mailbox, pipeline, MH_LEADER_TRACER);
  mh_traced_pipeline_track (pipeline);
}

/* What the pipeline is may have become clear. */
static void
trace_look (MhTracedPipeline *self, GstElement *pipeline, GstMessage *message)
{
  switch (GST_MESSAGE_TYPE (message)) {
    case GST_MESSAGE_STREAM_START:
    case GST_MESSAGE_ASYNC_DONE:
    case GST_MESSAGE_STATE_CHANGED:
      if (GST_MESSAGE_SRC (message) == GST_OBJECT_CAST (pipeline) &&
          MH_RELAXED_LOAD (GST_STATE (pipeline)) >= GST_STATE_PAUSED)
        mh_traced_pipeline_look (pipeline);
      break;
    case GST_MESSAGE_ERROR:
      fail (self, pipeline);
      break;
    default:
      break;
  }
}

void
mh_traced_pipeline_message (
    MhTracedPipeline *self, GstElement *pipeline, GstMessage *message)
{
  trace_look (self, pipeline, message);
  if (is_for_later (self, message))
    mh_traced_pipeline_read_message (self, pipeline, message);
  else
    mh_tap_message (self->mailbox, pipeline, message);
}

/* ---- states ---- */

/* The pipeline may have another name than the last time: looks at it again. */
static void
trace_begin_anew (MhTracedPipeline *self, GstElement *pipeline)
{
  if (trace_is_wanted (pipeline, self->filter))
    return;
  g_mutex_lock (&self->lock);
  self->wanted = FALSE;
  g_mutex_unlock (&self->lock);
  mh_traced_pipeline_look_at_name (pipeline);
}

static void
trace_begin (MhTracedPipeline *self, GstElement *pipeline)
{
  g_mutex_lock (&self->lock);
  self->streams = TRUE;
  self->plays |= mh_tap_get_target (pipeline) >= GST_STATE_PLAYING;
  self->failed = FALSE;
  g_mutex_unlock (&self->lock);
  mh_traced_pipeline_ask_uri (self, pipeline);
}

static void
trace_begin_playing (MhTracedPipeline *self, GstElement *pipeline)
{
  gboolean starts;

  g_mutex_lock (&self->lock);
  self->plays = TRUE;
  starts = self->playback && !self->running;
  g_mutex_unlock (&self->lock);
  if (starts)
    mh_traced_pipeline_track (pipeline);
}

void
mh_traced_pipeline_before_change (
    MhTracedPipeline *self, GstElement *pipeline, GstStateChange transition)
{
  switch (transition) {
    case GST_STATE_CHANGE_NULL_TO_READY:
      trace_begin_anew (self, pipeline);
      break;
    case GST_STATE_CHANGE_READY_TO_PAUSED:
      trace_begin (self, pipeline);
      break;
    case GST_STATE_CHANGE_PAUSED_TO_PLAYING:
      trace_begin_playing (self, pipeline);
      break;
    case GST_STATE_CHANGE_PAUSED_TO_READY:
    case GST_STATE_CHANGE_READY_TO_NULL:
      mh_hook_work_wait (&self->asks, PATIENCE);
      break;
    default:
      break;
  }
  mh_tap_before_change (&self->tap, pipeline, transition);
}

static void
trace_end (MhTracedPipeline *self)
{
  g_mutex_lock (&self->lock);
  self->streams = FALSE;
  g_mutex_unlock (&self->lock);
  release_watch (self);
}

/* The next run may be anything. */
static void
trace_after_null (MhTracedPipeline *self, GstElement *pipeline)
{
  mh_tracked_player_stop (self->player);
  g_mutex_lock (&self->lock);
  self->plays = self->playback = self->running = FALSE;
  g_mutex_unlock (&self->lock);
  mh_stream_set_pad (mh_mailbox_get_stream (self->mailbox), NULL);
  wait_for_playback (self, pipeline);
}

void
mh_traced_pipeline_after_change (MhTracedPipeline *self, GstElement *pipeline,
    GstStateChange transition, GstStateChangeReturn result)
{
  mh_tap_after_change (&self->tap, pipeline, transition, result);
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY ||
      (transition == GST_STATE_CHANGE_READY_TO_PAUSED &&
          result == GST_STATE_CHANGE_FAILURE))
    trace_end (self);
  if (transition == GST_STATE_CHANGE_READY_TO_NULL)
    trace_after_null (self, pipeline);
}
