/* gstmediaheartbeat: the pass-through element `mediaheartbeat`.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/**
 * SECTION:element-mediaheartbeat
 * @title: mediaheartbeat
 * @short_description: reports what is played to an analytics back end
 *
 * Passes everything on as it is, and reports what the viewer gets: sessions
 * with heartbeats, by the rules of Adobe's Media Heartbeat SDKs. Put it anywhere
 * in a player's pipeline: it finds out by itself what is played, and whether
 * it plays, pauses, seeks, buffers or stalls.
 *
 * |[
 * gst-launch-1.0 -m audiotestsrc num-buffers=200 ! mediaheartbeat media-id=tone
 *     ! fakesink sync=true
 * ]|
 *
 * In playbin and playbin3 it is an audio-filter or a video-filter, or comes
 * before the sink in a sink's description:
 *
 * |[
 * gst-launch-1.0 playbin uri=file:///clip.ogg
 *     audio-filter="mediaheartbeat collection-server=http://127.0.0.1:8080"
 * ]|
 *
 * Every hit is an element message as well, see #GstMediaHeartbeat:post-messages.
 *
 * Since: 0.1
 */

#include "gstmediaheartbeat.h"

#include "mh-log-route.h"
#include "mh-structure.h"

#define GST_CAT_DEFAULT gst_media_heartbeat_debug

enum
{
  SIGNAL_TRACK,
  SIGNAL_LIST_CALLS,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE (
    "sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS_ANY);
static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE (
    "src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS_ANY);

G_DEFINE_TYPE (GstMediaHeartbeat, gst_media_heartbeat, GST_TYPE_ELEMENT)
GST_ELEMENT_REGISTER_DEFINE_WITH_CODE (mediaheartbeat, "mediaheartbeat",
    GST_RANK_NONE, GST_TYPE_MEDIA_HEARTBEAT, mh_log_route_init ())

/* ---- data: the streaming thread ---- */

static GstFlowReturn
gst_media_heartbeat_chain (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  GstMediaHeartbeat *self = (GstMediaHeartbeat *) parent;

  mh_tap_buffer (&self->tap, buffer);
  return gst_pad_push (self->srcpad, buffer);
}

/* A list counts as its last buffer and goes on whole. */
static GstFlowReturn
gst_media_heartbeat_chain_list (
    GstPad *pad, GstObject *parent, GstBufferList *list)
{
  GstMediaHeartbeat *self = (GstMediaHeartbeat *) parent;

  mh_tap_list (&self->tap, list);
  return gst_pad_push_list (self->srcpad, list);
}

static GstFlowReturn
gst_media_heartbeat_get_range (GstPad *pad, GstObject *parent, guint64 offset,
    guint length, GstBuffer **buffer)
{
  GstMediaHeartbeat *self = (GstMediaHeartbeat *) parent;
  GstFlowReturn flow = gst_pad_pull_range (
      self->sinkpad, offset, length, buffer);

  if (flow == GST_FLOW_OK)
    mh_tap_buffer (&self->tap, *buffer);
  return flow;
}

/* ---- events ---- */

/* An event is pushed to the other pad. GStreamer's default finds that pad with an
 * iterator, whose memory GLib's slices keep for each thread that has made one. */
static gboolean
gst_media_heartbeat_sink_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  GstMediaHeartbeat *self = GST_MEDIA_HEARTBEAT (parent);

  mh_tap_event (&self->tap, event);
  return gst_pad_push_event (self->srcpad, event);
}

static gboolean
gst_media_heartbeat_src_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  GstMediaHeartbeat *self = GST_MEDIA_HEARTBEAT (parent);

  mh_tap_upstream_event (&self->tap, event);
  if (GST_PAD_MODE (pad) == GST_PAD_MODE_PULL)
    mh_tap_pulled_event (&self->tap, event);
  return gst_pad_push_event (self->sinkpad, event);
}

/* ---- queries ---- */

/* A query is passed to the other side, and its answer back: GStreamer's default
 * puts answers together anew, and loses some on the way (the latency of media that
 * is not live). */
static gboolean
gst_media_heartbeat_sink_query (GstPad *pad, GstObject *parent, GstQuery *query)
{
  return gst_pad_peer_query (GST_MEDIA_HEARTBEAT (parent)->srcpad, query);
}

static gboolean
gst_media_heartbeat_src_query (GstPad *pad, GstObject *parent, GstQuery *query)
{
  return gst_pad_peer_query (GST_MEDIA_HEARTBEAT (parent)->sinkpad, query);
}

/* ---- activation ---- */

/* Pull mode passes through where the neighbours want it. */
static gboolean
gst_media_heartbeat_src_activate_mode (
    GstPad *pad, GstObject *parent, GstPadMode mode, gboolean active)
{
  GstMediaHeartbeat *self = GST_MEDIA_HEARTBEAT (parent);

  switch (mode) {
    case GST_PAD_MODE_PULL:
      return gst_pad_activate_mode (self->sinkpad, mode, active);
    case GST_PAD_MODE_PUSH:
      return TRUE;
    default:
      return FALSE;
  }
}

/* ---- states ---- */

/* The element was taken out of a pipeline that played. A change to the state that it
 * has already, or up to PLAYING, says that it is in another pipeline now: there it
 * begins a run of its own. Returns: whether nothing else is to be done. */
static gboolean
gst_media_heartbeat_come_back (
    GstMediaHeartbeat *self, GstElement *top, GstStateChange transition)
{
  switch (transition) {
    case GST_STATE_CHANGE_PAUSED_TO_PAUSED:
    case GST_STATE_CHANGE_PLAYING_TO_PLAYING:
    case GST_STATE_CHANGE_PAUSED_TO_PLAYING:
      gst_media_heartbeat_follow_top (self);
      mh_tap_before_change (&self->tap, top, GST_STATE_CHANGE_READY_TO_PAUSED);
      if (transition == GST_STATE_CHANGE_PLAYING_TO_PLAYING)
        mh_tap_after_change (&self->tap, top,
            GST_STATE_CHANGE_PAUSED_TO_PLAYING, GST_STATE_CHANGE_SUCCESS);
      return FALSE;
    case GST_STATE_CHANGE_PLAYING_TO_PAUSED:
      return TRUE; /* nothing plays */
    default:
      return FALSE;
  }
}

/* Call it before the parent class does its part of a state change. */
static void
gst_media_heartbeat_before_change (
    GstMediaHeartbeat *self, GstElement *top, GstStateChange transition)
{
  if (g_atomic_int_get (&self->lost) &&
      gst_media_heartbeat_come_back (self, top, transition))
    return;
  /* The element may get another topmost parent on the way up
   * (docs/design/inference.md#attaching). */
  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED ||
      transition == GST_STATE_CHANGE_PAUSED_TO_PLAYING)
    gst_media_heartbeat_follow_top (self);
  else if (transition == GST_STATE_CHANGE_PLAYING_TO_PAUSED)
    gst_media_heartbeat_follow_bus (self, top);
  mh_tap_before_change (&self->tap, top, transition);
  /* The element stops, and the pipeline does not: another element of it may go on. */
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY &&
      mh_tap_get_target (top) >= GST_STATE_PAUSED)
    mh_mailbox_leave (self->mailbox);
  if (transition == GST_STATE_CHANGE_NULL_TO_READY) {
    mh_tracked_player_start (self->player);
    gst_media_heartbeat_check_settings (self);
  } else if (transition == GST_STATE_CHANGE_READY_TO_NULL) {
    /* Players take the element out of the pipeline right after this: the end
     * of the session is told while its messages still reach the bus. */
    mh_mailbox_settle (
        self->mailbox, GST_ELEMENT (self), MH_SETTLE_IN_STATE_CHANGE);
  }
}

/* A pipeline may go to NULL on its way to the next item, with a target above NULL:
 * then the element stays attached and keeps the worker. */
static void
gst_media_heartbeat_after_null (GstMediaHeartbeat *self, GstElement *top)
{
  GstState target = mh_tap_get_target (top);

  gst_media_heartbeat_leave_top (self, target > GST_STATE_NULL);
  if (target <= GST_STATE_NULL)
    mh_tracked_player_stop (self->player);
  mh_notifier_drain (
      mh_mailbox_get_notifier (self->mailbox), GST_ELEMENT (self));
}

static GstStateChangeReturn
gst_media_heartbeat_change_state (
    GstElement *element, GstStateChange transition)
{
  GstMediaHeartbeat *self = GST_MEDIA_HEARTBEAT (element);
  g_autoptr (GstElement) top = mh_tap_find_top (element);
  GstStateChangeReturn result;

  gst_media_heartbeat_before_change (self, top, transition);
  result = GST_ELEMENT_CLASS (gst_media_heartbeat_parent_class)
               ->change_state (element, transition);
  mh_tap_after_change (&self->tap, top, transition, result);
  if (result != GST_STATE_CHANGE_FAILURE &&
      (transition == GST_STATE_CHANGE_READY_TO_NULL ||
          transition == GST_STATE_CHANGE_NULL_TO_NULL))
    gst_media_heartbeat_after_null (self, top);
  return result;
}

/* ---- the track signal ---- */

static gboolean
gst_media_heartbeat_track (
    GstMediaHeartbeat *self, const char *name, const GstStructure *details)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) arguments = mh_structure_to_variant (details, &error);
  g_autofree char *message = NULL;
  MhCall *call = NULL;

  g_return_val_if_fail (name, FALSE);
  if (arguments)
    call = mh_call_parse (name, arguments, &error);
  if (call && mh_mailbox_track (self->mailbox, call, &error))
    return TRUE;
  message = g_strdup_printf ("%s is refused: %s", name, error->message);
  mh_notifier_put_warning (mh_mailbox_get_notifier (self->mailbox), message);
  return FALSE;
}

static char **
gst_media_heartbeat_list_calls (GstMediaHeartbeat *self)
{
  return mh_call_list ();
}

/* ---- the class ---- */

/* All elements share the templates of the class. */
static GstPad *
add_pad (GstMediaHeartbeat *self, const char *name)
{
  GstElementClass *klass = GST_ELEMENT_GET_CLASS (self);
  GstPad *pad = gst_pad_new_from_template (
      gst_element_class_get_pad_template (klass, name), name);

  gst_element_add_pad (GST_ELEMENT (self), pad);
  return pad;
}

static void
add_sinkpad (GstMediaHeartbeat *self)
{
  self->sinkpad = add_pad (self, "sink");
  gst_pad_set_chain_function (
      self->sinkpad, GST_DEBUG_FUNCPTR (gst_media_heartbeat_chain));
  gst_pad_set_chain_list_function (
      self->sinkpad, GST_DEBUG_FUNCPTR (gst_media_heartbeat_chain_list));
  gst_pad_set_event_function (
      self->sinkpad, GST_DEBUG_FUNCPTR (gst_media_heartbeat_sink_event));
  gst_pad_set_query_function (
      self->sinkpad, GST_DEBUG_FUNCPTR (gst_media_heartbeat_sink_query));
}

static void
add_srcpad (GstMediaHeartbeat *self)
{
  self->srcpad = add_pad (self, "src");
  gst_pad_set_getrange_function (
      self->srcpad, GST_DEBUG_FUNCPTR (gst_media_heartbeat_get_range));
  gst_pad_set_event_function (
      self->srcpad, GST_DEBUG_FUNCPTR (gst_media_heartbeat_src_event));
  gst_pad_set_activatemode_function (
      self->srcpad, GST_DEBUG_FUNCPTR (gst_media_heartbeat_src_activate_mode));
  gst_pad_set_query_function (
      self->srcpad, GST_DEBUG_FUNCPTR (gst_media_heartbeat_src_query));
}

static void
gst_media_heartbeat_init (GstMediaHeartbeat *self)
{
  self->settings = mh_settings_new ();
  g_weak_ref_init (&self->watched, NULL);
  add_sinkpad (self);
  add_srcpad (self);
  self->mailbox = mh_mailbox_new (GST_ELEMENT (self), TRUE, self->sinkpad);
  self->player = mh_tracked_player_new (self->mailbox);
  self->seek_watch = mh_seek_watch_new (self->mailbox);
  mh_tap_init (&self->tap, self->mailbox);
}

static void
gst_media_heartbeat_dispose (GObject *object)
{
  GstMediaHeartbeat *self = GST_MEDIA_HEARTBEAT (object);

  gst_media_heartbeat_leave_top (self, FALSE);
  mh_tracked_player_close (self->player);
  G_OBJECT_CLASS (gst_media_heartbeat_parent_class)->dispose (object);
}

static void
gst_media_heartbeat_finalize (GObject *object)
{
  GstMediaHeartbeat *self = GST_MEDIA_HEARTBEAT (object);

  mh_seek_watch_free (self->seek_watch);
  mh_tap_clear (&self->tap);
  mh_mailbox_unref (self->mailbox);
  mh_settings_unref (self->settings);
  g_weak_ref_clear (&self->watched);
  G_OBJECT_CLASS (gst_media_heartbeat_parent_class)->finalize (object);
}

static void
gst_media_heartbeat_class_init (GstMediaHeartbeatClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  object_class->dispose = gst_media_heartbeat_dispose;
  object_class->finalize = gst_media_heartbeat_finalize;
  gst_media_heartbeat_install_properties (object_class);
  element_class->change_state = GST_DEBUG_FUNCPTR (
      gst_media_heartbeat_change_state);

  /**
   * GstMediaHeartbeat::track:
   * @heartbeat: the element
   * @name: a call: `adBreakStart`, `stateStart`, `error`, …
   * @details: (nullable): the call's arguments, as fields of the same names
   *
   * Makes a call of the session rules, for what the pipeline does not show: ads,
   * chapters, player states. docs/reference/calls.md lists names and arguments.
   * From any thread. A call that comes while calls are held back
   * (#GstMediaHeartbeat:preroll-wait) may be refused later, by a warning only.
   *
   * Returns: FALSE when the call is refused; the reason is posted as a warning
   *   message.
   *
   * Since: 0.1
   */
  signals[SIGNAL_TRACK] = g_signal_new_class_handler ("track",
      G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION,
      G_CALLBACK (gst_media_heartbeat_track), NULL, NULL, NULL, G_TYPE_BOOLEAN,
      2, G_TYPE_STRING, GST_TYPE_STRUCTURE);

  /**
   * GstMediaHeartbeat::list-calls:
   * @heartbeat: the element
   *
   * Lists the calls that #GstMediaHeartbeat::track takes, for a program that
   * offers them. From any thread.
   *
   * Returns: (transfer full): a text for each call: its name and its arguments
   *   with their types, as in `stateStart (name: string)`.
   *
   * Since: 0.1
   */
  signals[SIGNAL_LIST_CALLS] = g_signal_new_class_handler ("list-calls",
      G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION,
      G_CALLBACK (gst_media_heartbeat_list_calls), NULL, NULL, NULL,
      G_TYPE_STRV, 0);

  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "Media heartbeat",
      "Filter/Analyzer",
      "Reports playback sessions with heartbeats, by the rules of Adobe's Media "
      "Heartbeat SDKs, and passes the data on unchanged",
      "gst-media-heartbeat authors");
}
