/* mh-stream-message: what messages say of elements that drop frames; and that there
 * are messages.
 *
 * In the thread that posts, a streaming thread mostly: what is done here for a
 * frame that was dropped is a search among a few numbers.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-stream-private.h"

static gboolean
is_audio (GstObject *element)
{
  g_autoptr (GstPad) pad = GST_IS_ELEMENT (element)
      ? gst_element_get_static_pad (GST_ELEMENT (element), "sink")
      : NULL;
  g_autoptr (GstCaps) caps = pad ? gst_pad_get_current_caps (pad) : NULL;

  return caps && mh_stream_read_caps (caps) == MH_MEDIA_TYPE_AUDIO;
}

static void
note_dropped (MhStream *self, GstMessage *message)
{
  GstObject *source = GST_MESSAGE_SRC (message);
  guint64 id = (guint64) (gsize) source;
  gboolean known, frames;
  GstFormat format;
  guint64 dropped;

  gst_message_parse_qos_stats (message, &format, NULL, &dropped);
  if (format != GST_FORMAT_BUFFERS || dropped == G_MAXUINT64)
    return;
  g_mutex_lock (&self->lock);
  known = mh_dropped_frames_knows (&self->drops, id);
  if (known)
    mh_dropped_frames_tell (&self->drops, id, dropped);
  g_mutex_unlock (&self->lock);
  if (known)
    return;
  frames = !is_audio (source);
  g_mutex_lock (&self->lock);
  mh_dropped_frames_add (&self->drops, id, frames);
  mh_dropped_frames_tell (&self->drops, id, dropped);
  g_mutex_unlock (&self->lock);
}

static void
note_step (MhStream *self, GstMessage *message, gboolean begins)
{
  guint64 id = (guint64) (gsize) GST_MESSAGE_SRC (message);

  g_mutex_lock (&self->lock);
  mh_dropped_frames_step (&self->drops, id, begins);
  g_mutex_unlock (&self->lock);
}

void
mh_stream_note_message (MhStream *self, GstMessage *message)
{
  gboolean active;

  switch (GST_MESSAGE_TYPE (message)) {
    case GST_MESSAGE_STATE_CHANGED:
      g_atomic_int_set (&self->heard, TRUE);
      break;
    case GST_MESSAGE_QOS:
      note_dropped (self, message);
      break;
    case GST_MESSAGE_STEP_START:
      gst_message_parse_step_start (
          message, &active, NULL, NULL, NULL, NULL, NULL);
      if (active)
        note_step (self, message, TRUE);
      break;
    case GST_MESSAGE_STEP_DONE:
      note_step (self, message, FALSE);
      break;
    default:
      break;
  }
}

gboolean
mh_stream_is_heard (MhStream *self)
{
  return g_atomic_int_get (&self->heard);
}

gboolean
mh_stream_knows_message (MhStream *self, GstMessage *message)
{
  gboolean known;

  if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_QOS)
    return TRUE;
  g_mutex_lock (&self->lock);
  known = mh_dropped_frames_knows (
      &self->drops, (guint64) (gsize) GST_MESSAGE_SRC (message));
  g_mutex_unlock (&self->lock);
  return known;
}

guint64
mh_stream_count_dropped (MhStream *self)
{
  MH_AUTO_LOCK (&self->lock);

  return self->drops.total;
}
