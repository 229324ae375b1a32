/* gstmediaheartbeat-top: where the element is: its topmost parent, that one's
 * bus, and the other elements in it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "gstmediaheartbeat.h"

/* ---- its messages ---- */

/* What the handler of a bus needs, whatever becomes of the element. */
typedef struct
{
  MhObserver *observer;
  gconstpointer top; /* only compared with */
  GWeakRef element;
} BusWatch;

static void
bus_watch_free (gpointer data, GClosure *closure)
{
  BusWatch *watch = data;

  mh_observer_unref (watch->observer);
  g_weak_ref_clear (&watch->element);
  g_free (watch);
}

/* In the thread that posts. */
static void
on_sync_message (GstBus *bus, GstMessage *message, gpointer user_data)
{
  BusWatch *watch = user_data;
  MhObservation observation;
  GstElement *element;

  if (!mh_observation_from_message (message, watch->top, &observation))
    return;
  mh_observer_push (watch->observer, &observation);
  g_free (observation.text);
  if (observation.type != MH_OBSERVED_EOS &&
      observation.type != MH_OBSERVED_ERROR)
    return;
  element = g_weak_ref_get (&watch->element);
  if (element) {
    mh_observer_settle (watch->observer, element);
    gst_object_unref (element);
  }
}

static void
unwatch_bus (GstMediaHeartbeat *self)
{
  if (!self->bus)
    return;
  g_signal_handler_disconnect (self->bus, self->bus_handler);
  gst_bus_disable_sync_message_emission (self->bus);
  gst_clear_object (&self->bus);
}

static void
watch_bus (GstMediaHeartbeat *self, GstElement *top)
{
  BusWatch *watch;

  self->bus = gst_element_get_bus (top);
  if (!self->bus)
    return;
  watch = g_new0 (BusWatch, 1);
  watch->observer = mh_observer_ref (self->observer);
  watch->top = top;
  g_weak_ref_init (&watch->element, self);
  gst_bus_enable_sync_message_emission (self->bus);
  self->bus_handler = g_signal_connect_data (self->bus, "sync-message",
      G_CALLBACK (on_sync_message), watch, bus_watch_free, 0);
}

/* ---- the parent itself ---- */

static MhLeaderRank
get_rank (GstMediaHeartbeat *self)
{
  MhLead leader;

  GST_OBJECT_LOCK (self);
  leader = self->settings->leader;
  GST_OBJECT_UNLOCK (self);
  switch (leader) {
    case MH_LEAD_YES:
      return MH_LEADER_ALWAYS;
    case MH_LEAD_NO:
      return MH_LEADER_NEVER;
    case MH_LEAD_AUTO:
      break;
  }
  return MH_LEADER_AUTO;
}

/* inference.md, 0: where it is only becomes clear on the way to PAUSED, and
 * may change afterwards. */
void
gst_media_heartbeat_follow_top (GstMediaHeartbeat *self)
{
  GstElement *top = mh_tap_find_top (GST_ELEMENT (self));

  if (top != self->top) {
    unwatch_bus (self);
    self->top = top;
    mh_stream_set_top (mh_observer_get_stream (self->observer), top);
  }
  if (!self->bus)
    watch_bus (self, top);
  mh_observer_join (self->observer, top, get_rank (self));
  gst_object_unref (top);
}

void
gst_media_heartbeat_leave_top (GstMediaHeartbeat *self)
{
  unwatch_bus (self);
  mh_observer_leave (self->observer);
  self->top = NULL;
  mh_stream_set_top (mh_observer_get_stream (self->observer), NULL);
}
