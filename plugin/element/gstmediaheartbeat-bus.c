/* gstmediaheartbeat-bus: listens to the pipeline that the element is in: to the bus of
 * its topmost parent, and to what is taken out of that.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "gstmediaheartbeat.h"

/* What a handler needs, whatever becomes of the element. */
typedef struct
{
  MhMailbox *mailbox;
  gconstpointer top; /* only compared with */
  GWeakRef element;
} Watch;

static Watch *
bus_watch_new (GstMediaHeartbeat *self, GstElement *top)
{
  Watch *watch = g_new0 (Watch, 1);

  watch->mailbox = mh_mailbox_ref (self->mailbox);
  watch->top = top;
  g_weak_ref_init (&watch->element, self);
  return watch;
}

static void
bus_watch_free (gpointer data, GClosure *closure)
{
  Watch *watch = data;

  mh_mailbox_unref (watch->mailbox);
  g_weak_ref_clear (&watch->element);
  g_free (watch);
}

/* ---- its messages ---- */

/* In the thread that posts. */
static void
bus_on_sync_message (GstBus *bus, GstMessage *message, gpointer user_data)
{
  Watch *watch = user_data;
  GstMessageType type = GST_MESSAGE_TYPE (message);
  GstElement *element;

  if (!mh_tap_message (watch->mailbox, watch->top, message) ||
      (type != GST_MESSAGE_EOS && type != GST_MESSAGE_ERROR))
    return;
  element = g_weak_ref_get (&watch->element);
  if (element) {
    mh_mailbox_settle (watch->mailbox, element, MH_SETTLE_AT_END);
    gst_object_unref (element);
  }
}

/* Ends the watch, and the synchronous emission that it needs, which costs time
 * for each message of the pipeline. */
static void
bus_unwatch (GstMediaHeartbeat *self)
{
  GstBus *bus;
  gulong handler;

  GST_OBJECT_LOCK (self);
  bus = g_steal_pointer (&self->bus);
  handler = self->bus_handler;
  GST_OBJECT_UNLOCK (self);
  if (!bus)
    return;
  g_signal_handler_disconnect (bus, handler);
  gst_bus_disable_sync_message_emission (bus);
  gst_object_unref (bus);
}

static void
bus_watch (GstMediaHeartbeat *self, GstElement *top, GstBus *bus)
{
  gulong handler;

  gst_bus_enable_sync_message_emission (bus);
  handler = g_signal_connect_data (bus, "sync-message",
      G_CALLBACK (bus_on_sync_message), bus_watch_new (self, top),
      bus_watch_free, 0);
  GST_OBJECT_LOCK (self);
  self->bus = gst_object_ref (bus);
  self->bus_handler = handler;
  GST_OBJECT_UNLOCK (self);
}

/* Applications give a pipeline another bus, also one that plays. */
void
gst_media_heartbeat_follow_bus (GstMediaHeartbeat *self, GstElement *top)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (top);
  gboolean same;

  GST_OBJECT_LOCK (self);
  same = bus == self->bus;
  GST_OBJECT_UNLOCK (self);
  if (same)
    return;
  bus_unwatch (self);
  if (bus)
    bus_watch (self, top, bus);
}

/* ---- being taken out of it ---- */

/* Applications take an element out of a pipeline that plays, and playsink does
 * with its branches, before the element is told to stop: from then on the pipeline's
 * position is not that of the element, and its messages reach no bus. This runs in
 * any thread, in any state, with locks of other code held: it waits for nothing, and
 * leaves the fields that have no lock to the next state change. */
static void
bus_on_removed (
    GstBin *top, GstBin *parent, GstElement *removed, gpointer user_data)
{
  const MhObservation gone = MH_OBSERVATION_INIT (MH_OBSERVED_GONE);
  Watch *watch = user_data;
  MhObservation filler;
  GstMediaHeartbeat *self = g_weak_ref_get (&watch->element);

  if (!self)
    return;
  if (mh_observation_from_removed (removed, &filler))
    mh_mailbox_push (self->mailbox, &filler);
  if (!gst_object_has_as_ancestor (GST_OBJECT (self), GST_OBJECT (top)) &&
      g_atomic_int_compare_and_exchange (&self->lost, FALSE, TRUE)) {
    bus_unwatch (self);
    mh_mailbox_set_quiet (self->mailbox, TRUE);
    MH_RELAXED_STORE (self->tap.want_data, TRUE);
    mh_mailbox_push (self->mailbox, &gone);
    mh_mailbox_leave (self->mailbox);
    /* An element in NULL was kept ready for the pipeline's next item. */
    if (GST_STATE (self) == GST_STATE_NULL)
      mh_tracked_player_stop (self->player);
  }
  gst_object_unref (self);
}

static void
bus_unwatch_children (GstMediaHeartbeat *self)
{
  GstElement *top = g_weak_ref_get (&self->watched);

  if (top) {
    g_signal_handler_disconnect (top, self->removed_handler);
    gst_object_unref (top);
  }
  g_weak_ref_set (&self->watched, NULL);
}

static void
bus_watch_children (GstMediaHeartbeat *self, GstElement *top)
{
  if (!GST_IS_BIN (top))
    return;
  self->removed_handler = g_signal_connect_data (top, "deep-element-removed",
      G_CALLBACK (bus_on_removed), bus_watch_new (self, top), bus_watch_free,
      0);
  g_weak_ref_set (&self->watched, top);
}

/* ---- the parent itself ---- */

static MhLeaderRank
bus_get_rank (GstMediaHeartbeat *self)
{
  static const MhLeaderRank ranks[] = {
    [MH_LEAD_AUTO] = MH_LEADER_AUTO,
    [MH_LEAD_YES] = MH_LEADER_ALWAYS,
    [MH_LEAD_NO] = MH_LEADER_NEVER,
  };
  MhLeaderRank rank;

  GST_OBJECT_LOCK (self);
  rank = ranks[self->settings->leader];
  GST_OBJECT_UNLOCK (self);
  return rank;
}

/* Where it is only becomes clear on the way to PAUSED, and may change afterwards
 * (docs/design/inference.md#attaching). */
void
gst_media_heartbeat_follow_top (GstMediaHeartbeat *self)
{
  GstElement *top = mh_tap_find_top (GST_ELEMENT (self));

  if (g_atomic_int_compare_and_exchange (&self->lost, TRUE, FALSE) ||
      top != self->top) {
    bus_unwatch (self);
    bus_unwatch_children (self);
    bus_watch_children (self, top);
    mh_seek_watch_follow (self->seek_watch, GST_ELEMENT (self));
    self->top = top;
    mh_mailbox_set_top (self->mailbox, top);
  }
  gst_media_heartbeat_follow_bus (self, top);
  /* The element was taken out meanwhile: bus_on_removed() found no bus to leave. */
  if (g_atomic_int_get (&self->lost))
    bus_unwatch (self);
  mh_mailbox_join (self->mailbox, top, bus_get_rank (self));
  gst_object_unref (top);
}

void
gst_media_heartbeat_leave_top (GstMediaHeartbeat *self, gboolean stay)
{
  bus_unwatch (self);
  if (!stay)
    bus_unwatch_children (self);
  mh_seek_watch_follow (self->seek_watch, NULL);
  mh_mailbox_leave (self->mailbox);
  self->top = NULL;
  g_atomic_int_set (&self->lost, FALSE);
  mh_mailbox_set_top (self->mailbox, NULL);
}
