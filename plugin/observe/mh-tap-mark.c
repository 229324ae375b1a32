/* mh-tap-mark: what the stream says of itself on its way, and of which data.
 *
 * An event is about the data that follows it: it waits here for that to come.
 * The streaming thread's, but for what comes upstream.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-tap.h"

#include <math.h>

#include "mh-gst.h"
#include "mh-lock.h"
#include "mh-scte35.h"

static void
tap_push (MhTap *self, MhMark *mark)
{
  mark->group = self->have_group ? self->group : 0;
  mh_mailbox_push_mark (self->mailbox, mark);
}

/* Returns: (transfer full) (nullable) */
static MhMark *
read_event (MhTap *self, GstEvent *event)
{
  g_autoptr (GError) error = NULL;
  MhMark *mark = mh_mark_from_event (event, &error);
  g_autofree char *message = NULL;

  if (mark) {
    mark->place = (guint64) (gsize) self;
    return mark;
  }
  message = g_strdup_printf (
      "an event “" MH_MARK_EVENT "” is refused: %s", error->message);
  mh_notifier_put_warning (mh_mailbox_get_notifier (self->mailbox), message);
  return NULL;
}

static void
wait_for_data (MhTap *self, MhMark *mark)
{
  g_mutex_lock (&self->lock);
  g_queue_push_tail (&self->marks, mark);
  g_mutex_unlock (&self->lock);
  MH_RELAXED_STORE (self->want_data, TRUE);
}

static void
tap_found_in_event (MhScte35 *splice, GstClockTime running, gpointer user_data)
{
  wait_for_data (user_data, mh_mark_from_splice (splice, running));
}

void
mh_tap_mark (MhTap *self, GstEvent *event)
{
  MhMark *mark;

  if (GST_EVENT_TYPE (event) == GST_EVENT_TOC) {
    tap_push (self, mh_mark_from_toc (event));
    return;
  }
  if (GST_EVENT_TYPE (event) == GST_EVENT_CUSTOM_DOWNSTREAM &&
      gst_event_has_name (event, MH_SCTE35_NAME)) {
    mh_scte35_read (gst_event_get_structure (event), tap_found_in_event, self);
    return;
  }
  if (!mh_mark_is_in (event) || !(mark = read_event (self, event)))
    return;
  if (!GST_EVENT_IS_SERIALIZED (event)) {
    tap_push (self, mark);
    return;
  }
  wait_for_data (self, mark);
}

/* ---- messages ---- */

static void
tap_found_in_message (
    MhScte35 *splice, GstClockTime running, gpointer user_data)
{
  MhMailbox *mailbox = user_data;
  MhMark *mark = mh_mark_from_splice (splice, running);
  GstClockTime here = mh_mailbox_get_end (mailbox);

  mark->of_message = TRUE;
  mark->position = GST_CLOCK_TIME_IS_VALID (here) ? (double) here / GST_SECOND
                                                  : 0;
  mh_mailbox_push_mark (mailbox, mark);
}

/* A demuxer that sends events says more in them than in its messages. */
static gboolean
sends_events (GstObject *demuxer)
{
  static const char name[] = "send-scte35-events";
  gboolean sends = FALSE;

  if (demuxer && mh_gst_has_property (demuxer, name, G_TYPE_BOOLEAN))
    g_object_get (demuxer, name, &sends, NULL);
  return sends;
}

gboolean
mh_tap_message (MhMailbox *mailbox, gconstpointer top, GstMessage *message)
{
  MhObservation observation;

  mh_stream_note_message (mh_mailbox_get_stream (mailbox), message);
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ELEMENT &&
      gst_message_has_name (message, MH_SCTE35_NAME) &&
      !sends_events (GST_MESSAGE_SRC (message)))
    mh_scte35_read (
        gst_message_get_structure (message), tap_found_in_message, mailbox);
  if (!mh_observation_from_message (message, top, &observation))
    return FALSE;
  mh_mailbox_push (mailbox, &observation);
  g_free (observation.text);
  return TRUE;
}

/* ---- the data ---- */

/* Where it is that a mark is about. */
static double
get_mark_place (MhStream *stream, const MhMark *mark, GstClockTime data)
{
  GstClockTime position = data;

  if (GST_CLOCK_TIME_IS_VALID (mark->running))
    position = mh_stream_from_running (stream, mark->running);
  return GST_CLOCK_TIME_IS_VALID (position) ? (double) position / GST_SECOND
                                            : NAN;
}

void
mh_tap_upstream_mark (MhTap *self, GstEvent *event)
{
  MhMark *mark;

  if (!mh_mark_is_in (event) || !(mark = read_event (self, event)))
    return;
  /* Not the streaming thread: what passes there is not ours to look at. It
   * counts at once, whatever is played. */
  mh_mailbox_push_mark (self->mailbox, mark);
}

/* Returns: (transfer full) (nullable): the first. */
static MhMark *
pop_mark (MhTap *self)
{
  MH_AUTO_LOCK (&self->lock);

  return g_queue_pop_head (&self->marks);
}

void
mh_tap_release_marks (MhTap *self, GstClockTime pts)
{
  MhStream *stream = mh_mailbox_get_stream (self->mailbox);
  GstClockTime position = mh_stream_buffer_end (
      stream, pts, GST_CLOCK_TIME_NONE);
  MhMark *mark;

  /* Data that does not say where it is follows what came before. */
  if (!GST_CLOCK_TIME_IS_VALID (position))
    position = mh_mailbox_get_end (self->mailbox);
  while ((mark = pop_mark (self))) {
    mark->position = get_mark_place (stream, mark, position);
    tap_push (self, mark);
  }
}

void
mh_tap_drop_marks (MhTap *self)
{
  MhMark *mark;

  while ((mark = pop_mark (self)))
    mh_mark_free (mark);
}
