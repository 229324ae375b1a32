/* mh-tap-mark: what the stream says of itself on its way, and of which data.
 *
 * An event is about the data that follows it: it waits here for that to come.
 * The streaming thread's, but for what comes upstream.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-tap.h"

#include <math.h>

static void
push (MhTap *self, MhMark *mark)
{
  mark->group = self->have_group ? self->group : 0;
  mh_observer_push_call (self->observer, mark);
}

/* Returns: (transfer full) (nullable) */
static MhMark *
read_event (MhTap *self, GstEvent *event)
{
  g_autoptr (GError) error = NULL;
  MhMark *mark = mh_mark_from_event (event, &error);
  g_autofree char *message = NULL;

  if (mark)
    return mark;
  message = g_strdup_printf (
      "an event “" MH_MARK_EVENT "” is refused: %s", error->message);
  mh_observer_warn (self->observer, message);
  return NULL;
}

static void
push_toc (MhTap *self, GstEvent *event)
{
  MhMark *mark = mh_mark_from_toc (event);

  mark->group = self->have_group ? self->group : 0;
  mh_observer_push_mark (self->observer, mark);
}

void
mh_tap_mark (MhTap *self, GstEvent *event)
{
  MhMark *mark;

  if (GST_EVENT_TYPE (event) == GST_EVENT_TOC) {
    push_toc (self, event);
    return;
  }
  if (!mh_mark_is_in (event) || !(mark = read_event (self, event)))
    return;
  if (!GST_EVENT_IS_SERIALIZED (event)) {
    push (self, mark);
    return;
  }
  g_queue_push_tail (&self->marks, mark);
  MH_RELAXED_STORE (self->want_data, TRUE);
}

void
mh_tap_upstream_mark (MhTap *self, GstEvent *event)
{
  MhMark *mark;

  if (!mh_mark_is_in (event) || !(mark = read_event (self, event)))
    return;
  /* Not the streaming thread: what passes there is not ours to look at. It
   * counts at once, whatever is played. */
  mh_observer_push_call (self->observer, mark);
}

void
mh_tap_release_marks (MhTap *self, GstClockTime pts)
{
  MhStream *stream = mh_observer_get_stream (self->observer);
  gint64 position = mh_stream_buffer_end (stream, pts, GST_CLOCK_TIME_NONE);
  MhMark *mark;

  /* Data that does not say where it is follows what came before. */
  if (position < 0)
    position = mh_stream_buffer_end (
        stream, self->flow->pts, self->flow->duration);
  while ((mark = g_queue_pop_head (&self->marks))) {
    mark->position = position >= 0 ? (double) position / GST_SECOND : NAN;
    push (self, mark);
  }
}

void
mh_tap_drop_marks (MhTap *self)
{
  MhMark *mark;

  while ((mark = g_queue_pop_head (&self->marks)))
    mh_mark_free (mark);
}
