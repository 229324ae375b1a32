/* gstmediaheartbeat-top: where the element is: its topmost parent, that one's
 * bus, and the other elements in it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "gstmediaheartbeat.h"

/* What a handler needs, whatever becomes of the element. */
typedef struct
{
  MhObserver *observer;
  gconstpointer top; /* only compared with */
  GWeakRef element;
} Watch;

static Watch *
watch_new (GstMediaHeartbeat *self, GstElement *top)
{
  Watch *watch = g_new0 (Watch, 1);

  watch->observer = mh_observer_ref (self->observer);
  watch->top = top;
  g_weak_ref_init (&watch->element, self);
  return watch;
}

static void
watch_free (gpointer data, GClosure *closure)
{
  Watch *watch = data;

  mh_observer_unref (watch->observer);
  g_weak_ref_clear (&watch->element);
  g_free (watch);
}

/* ---- its messages ---- */

/* In the thread that posts. */
static void
on_sync_message (GstBus *bus, GstMessage *message, gpointer user_data)
{
  Watch *watch = user_data;
  MhObservation observation;
  GstElement *element;

  mh_tap_message_mark (watch->observer, message);
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
  self->bus = gst_element_get_bus (top);
  if (!self->bus)
    return;
  gst_bus_enable_sync_message_emission (self->bus);
  self->bus_handler = g_signal_connect_data (self->bus, "sync-message",
      G_CALLBACK (on_sync_message), watch_new (self, top), watch_free, 0);
}

/* ---- being taken out of it ---- */

/* Applications take an element out of a pipeline that plays, and playsink does
 * with its branches, before it is told to stop: from then on the pipeline's
 * position is not ours, and what we post reaches nobody. In any thread, at any
 * state, with locks of others held: fields are left to the next state
 * change. */
static void
on_removed (
    GstBin *top, GstBin *parent, GstElement *removed, gpointer user_data)
{
  const MhObservation gone = MH_OBSERVATION_INIT (MH_OBSERVED_GONE);
  Watch *watch = user_data;
  GstMediaHeartbeat *self = g_weak_ref_get (&watch->element);

  if (!self)
    return;
  if (!gst_object_has_as_ancestor (GST_OBJECT (self), GST_OBJECT (top)) &&
      g_atomic_int_compare_and_exchange (&self->lost, FALSE, TRUE)) {
    mh_observer_set_quiet (self->observer, TRUE);
    MH_RELAXED_STORE (self->tap.want_data, TRUE);
    mh_observer_push (self->observer, &gone);
    mh_observer_leave (self->observer);
    /* It was kept ready for the next item. */
    if (GST_STATE (self) == GST_STATE_NULL)
      mh_observer_stop (self->observer);
  }
  gst_object_unref (self);
}

static void
unwatch_children (GstMediaHeartbeat *self)
{
  GstElement *top = g_weak_ref_get (&self->watched);

  if (top) {
    g_signal_handler_disconnect (top, self->removed_handler);
    gst_object_unref (top);
  }
  g_weak_ref_set (&self->watched, NULL);
}

static void
watch_children (GstMediaHeartbeat *self, GstElement *top)
{
  if (!GST_IS_BIN (top))
    return;
  self->removed_handler = g_signal_connect_data (top, "deep-element-removed",
      G_CALLBACK (on_removed), watch_new (self, top), watch_free, 0);
  g_weak_ref_set (&self->watched, top);
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

  if (g_atomic_int_compare_and_exchange (&self->lost, TRUE, FALSE) ||
      top != self->top) {
    unwatch_bus (self);
    unwatch_children (self);
    watch_children (self, top);
    self->top = top;
    mh_observer_set_top (self->observer, top);
  }
  if (!self->bus)
    watch_bus (self, top);
  mh_observer_join (self->observer, top, get_rank (self));
  gst_object_unref (top);
}

void
gst_media_heartbeat_leave_top (GstMediaHeartbeat *self, gboolean stay)
{
  unwatch_bus (self);
  if (!stay)
    unwatch_children (self);
  mh_observer_leave (self->observer);
  self->top = NULL;
  g_atomic_int_set (&self->lost, FALSE);
  mh_observer_set_top (self->observer, NULL);
}
