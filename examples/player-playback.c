/* player-playback: the example player's pipeline.
 *
 * An item begins in PAUSED, goes to the position to resume at if there is one,
 * and then plays. Everything runs in the main thread; what happens in the
 * pipeline comes here as messages of its bus.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "player-playback.h"

#include "player-heartbeat.h"
#include "player-output.h"

/* How far the current item has come. */
typedef enum
{
  PHASE_IDLE, /* none: nothing may be done with the pipeline */
  PHASE_PREROLLING, /* on its way to PAUSED */
  PHASE_RESUMING, /* on its way to the position to resume at */
  PHASE_RUNNING,
} Phase;

struct _PlayerPlayback
{
  PlayerPlaybackOptions options;
  GstElement *playbin;
  guint bus_watch;

  guint item; /* index in options.uris */
  Phase phase;
  gboolean live;
  gboolean started;
  gboolean warned; /* that the element is not in use */

  /* What the viewer wants. */
  gboolean want_playing;
  gboolean muted;
  double volume;
  double rate;
  gint64 target; /* ns: of the last seek */

  gboolean buffering; /* waiting for data, whatever the viewer wants */
};

/* ---- position ---- */

static double
seconds (gint64 time)
{
  return (double) time / GST_SECOND;
}

/* While a seek is under way the pipeline may not know. */
static gint64
get_position (PlayerPlayback *self)
{
  gint64 position;

  if (gst_element_query_position (self->playbin, GST_FORMAT_TIME, &position) &&
      position >= 0)
    return position;
  return self->target;
}

double
player_playback_get_position (PlayerPlayback *self)
{
  return seconds (get_position (self));
}

static gint64
clamp_position (PlayerPlayback *self, double position)
{
  gint64 time = (gint64) (MAX (position, 0) * GST_SECOND);
  gint64 duration;

  if (gst_element_query_duration (self->playbin, GST_FORMAT_TIME, &duration) &&
      duration >= 0)
    time = MIN (time, duration);
  return time;
}

/* Trying it where it does not work ends in an error of the source's. */
static gboolean
is_seekable (PlayerPlayback *self)
{
  g_autoptr (GstQuery) query = gst_query_new_seeking (GST_FORMAT_TIME);
  gboolean seekable = FALSE;

  if (gst_element_query (self->playbin, query))
    gst_query_parse_seeking (query, NULL, &seekable, NULL, NULL);
  return seekable;
}

static gboolean
seek (PlayerPlayback *self, gint64 position)
{
  GstSeekFlags flags = GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE;
  gint64 start = self->rate > 0 ? position : 0;
  gint64 stop = self->rate > 0 ? (gint64) GST_CLOCK_TIME_NONE : position;

  if (!is_seekable (self) ||
      !gst_element_seek (self->playbin, self->rate, GST_FORMAT_TIME, flags,
          GST_SEEK_TYPE_SET, start, GST_SEEK_TYPE_SET, stop)) {
    player_print ("player", "this stream cannot do that");
    return FALSE;
  }
  self->target = position;
  return TRUE;
}

/* ---- states ---- */

/* The one place that decides between PAUSED and PLAYING. */
static void
update_state (PlayerPlayback *self)
{
  gboolean play = self->want_playing && !self->buffering;

  if (self->phase == PHASE_RUNNING)
    gst_element_set_state (
        self->playbin, play ? GST_STATE_PLAYING : GST_STATE_PAUSED);
}

/* The end of everything: nobody calls back after this. */
static void
finish (PlayerPlayback *self, gboolean failed)
{
  if (self->phase == PHASE_IDLE)
    return;
  self->phase = PHASE_IDLE;
  self->options.done (failed, self->options.user_data);
}

static void
on_prerolled (PlayerPlayback *self)
{
  double resume = self->item == 0 ? self->options.resume : 0;

  if (self->phase == PHASE_PREROLLING && resume > 0) {
    self->options.resume = 0;
    self->phase = PHASE_RESUMING;
    if (seek (self, clamp_position (self, resume)))
      return;
  }
  self->phase = PHASE_RUNNING;
  update_state (self);
}

/* Everything is posted that there will be, but the main loop has not come to
 * it. */
static void
fail_to_start (PlayerPlayback *self)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (self->playbin);
  g_autoptr (GstMessage)
      message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  g_autoptr (GError) error = NULL;

  if (message)
    gst_message_parse_error (message, &error, NULL);
  player_complain ("%s: %s", self->options.uris[self->item],
      error ? error->message : "cannot be played");
  finish (self, TRUE);
}

/* Through READY: playbin takes the element to NULL and uses it again. */
static void
start_item (PlayerPlayback *self, guint item)
{
  GstStateChangeReturn result;

  self->phase = PHASE_PREROLLING;
  self->item = item;
  self->target = 0;
  self->rate = 1;
  self->buffering = FALSE;
  player_print ("player", "item %u of %u: %s", item + 1,
      g_strv_length ((char **) self->options.uris), self->options.uris[item]);

  gst_element_set_state (self->playbin, GST_STATE_READY);
  /* Set for the session that comes next, and for that one only. */
  player_heartbeat_set_resumed (
      self->options.heartbeat, item == 0 && self->options.resume > 0);
  g_object_set (self->playbin, "uri", self->options.uris[item], NULL);
  result = gst_element_set_state (self->playbin, GST_STATE_PAUSED);
  self->live = result == GST_STATE_CHANGE_NO_PREROLL;
  if (result == GST_STATE_CHANGE_FAILURE)
    fail_to_start (self);
  else if (result != GST_STATE_CHANGE_ASYNC)
    on_prerolled (self);
}

static void
next_item (PlayerPlayback *self)
{
  if (self->options.uris[self->item + 1])
    start_item (self, self->item + 1);
  else if (self->options.loop)
    start_item (self, 0);
  else
    finish (self, FALSE);
}

/* ---- messages ---- */

static void
on_async_done (PlayerPlayback *self)
{
  GstState state;

  /* It may be the one of a seek in the item before. */
  if (gst_element_get_state (self->playbin, &state, NULL, 0) ==
          GST_STATE_CHANGE_SUCCESS &&
      state >= GST_STATE_PAUSED &&
      (self->phase == PHASE_PREROLLING || self->phase == PHASE_RESUMING))
    on_prerolled (self);
}

/* Pauses until there is enough to go on with: what every application should
 * do, and what the element takes for buffering, not for a pause. Live streams
 * do not wait. */
static void
on_buffering (PlayerPlayback *self, GstMessage *message)
{
  int percent;

  gst_message_parse_buffering (message, &percent);
  if (self->live || self->buffering == (percent < 100))
    return;
  self->buffering = percent < 100;
  player_print ("player", self->buffering ? "buffering" : "buffering is over");
  update_state (self);
}

static void
on_state_changed (PlayerPlayback *self, GstMessage *message)
{
  GstState state;

  gst_message_parse_state_changed (message, NULL, &state, NULL);
  if (GST_MESSAGE_SRC (message) != GST_OBJECT (self->playbin) ||
      state != GST_STATE_PLAYING || self->phase != PHASE_RUNNING)
    return;
  if (!self->warned && !player_heartbeat_is_used (self->options.heartbeat))
    player_complain ("there is no %s in this, so nothing is reported%s",
        self->options.video ? "video" : "audio",
        self->options.video ? "" : "; try --video");
  self->warned = TRUE;
  if (!self->started)
    self->options.started (self->options.user_data);
  self->started = TRUE;
}

static void
on_clock_lost (PlayerPlayback *self)
{
  if (self->phase != PHASE_RUNNING || !self->want_playing || self->buffering)
    return;
  gst_element_set_state (self->playbin, GST_STATE_PAUSED);
  update_state (self);
}

static void
on_error (PlayerPlayback *self, GstMessage *message)
{
  g_autoptr (GError) error = NULL;

  if (self->phase == PHASE_IDLE)
    return;
  gst_message_parse_error (message, &error, NULL);
  player_complain ("%s: %s", self->options.uris[self->item], error->message);
  finish (self, TRUE);
}

static void
on_warning (GstMessage *message)
{
  g_autoptr (GError) error = NULL;

  gst_message_parse_warning (message, &error, NULL);
  player_complain ("warning: %s", error->message);
}

/* Returns: whether it was one of the element's. */
static gboolean
show_heartbeat (PlayerPlayback *self, GstMessage *message)
{
  gboolean started;

  if (!player_heartbeat_print (self->options.heartbeat, message, &started))
    return FALSE;
  /* Player states belong to an item; this one stays as it is. */
  if (started && self->muted)
    player_heartbeat_set_muted (self->options.heartbeat, TRUE);
  return TRUE;
}

static gboolean
on_message (GstBus *bus, GstMessage *message, gpointer user_data)
{
  PlayerPlayback *self = user_data;

  if (show_heartbeat (self, message))
    return G_SOURCE_CONTINUE;
  switch (GST_MESSAGE_TYPE (message)) {
    case GST_MESSAGE_ASYNC_DONE:
      on_async_done (self);
      break;
    case GST_MESSAGE_BUFFERING:
      on_buffering (self, message);
      break;
    case GST_MESSAGE_STATE_CHANGED:
      on_state_changed (self, message);
      break;
    case GST_MESSAGE_CLOCK_LOST:
      on_clock_lost (self);
      break;
    case GST_MESSAGE_LATENCY:
      gst_bin_recalculate_latency (GST_BIN (self->playbin));
      break;
    case GST_MESSAGE_EOS:
      if (self->phase == PHASE_RUNNING) {
        player_print (
            "player", "end of stream at %.3f", seconds (get_position (self)));
        next_item (self);
      }
      break;
    case GST_MESSAGE_ERROR:
      on_error (self, message);
      break;
    case GST_MESSAGE_WARNING:
      on_warning (message);
      break;
    default:
      break;
  }
  return G_SOURCE_CONTINUE;
}

/* ---- actions ---- */

static void
act_play (PlayerPlayback *self, gboolean play)
{
  player_print ("player", "%s at %.3f", play ? "play" : "pause",
      seconds (get_position (self)));
  self->want_playing = play;
  update_state (self);
}

static void
act_seek (PlayerPlayback *self, double position)
{
  gint64 from = get_position (self);
  gint64 to = clamp_position (self, position);

  player_print (
      "player", "seek from %.3f to %.3f", seconds (from), seconds (to));
  seek (self, to);
}

static void
act_rate (PlayerPlayback *self, double rate)
{
  gint64 position = get_position (self);
  double before = self->rate;

  player_print ("player", "rate %g at %.3f", rate, seconds (position));
  self->rate = rate;
  if (!seek (self, position))
    self->rate = before;
}

static void
act_volume (PlayerPlayback *self, double volume)
{
  self->volume = CLAMP (volume, 0, 1);
  player_print ("player", "volume %.1f", self->volume);
  g_object_set (self->playbin, "volume", self->volume, NULL);
}

static void
act_mute (PlayerPlayback *self)
{
  self->muted = !self->muted;
  player_print ("player", "%s at %.3f", self->muted ? "mute" : "unmute",
      seconds (get_position (self)));
  g_object_set (self->playbin, "mute", self->muted, NULL);
  player_heartbeat_set_muted (self->options.heartbeat, self->muted);
}

static void
act_now (PlayerPlayback *self, const PlayerAction *action)
{
  switch (action->type) {
    case PLAYER_PAUSE:
    case PLAYER_PLAY:
      act_play (self, action->type == PLAYER_PLAY);
      break;
    case PLAYER_TOGGLE:
      act_play (self, !self->want_playing);
      break;
    case PLAYER_SEEK:
      act_seek (self, action->value);
      break;
    case PLAYER_SKIP:
      act_seek (self, seconds (get_position (self)) + action->value);
      break;
    case PLAYER_RATE:
      act_rate (self, action->value);
      break;
    case PLAYER_VOLUME:
      act_volume (self, action->value);
      break;
    case PLAYER_LOUDER:
      act_volume (self, self->volume + action->value);
      break;
    case PLAYER_MUTE:
      act_mute (self);
      break;
    case PLAYER_NEXT:
      player_print ("player", "next at %.3f", seconds (get_position (self)));
      next_item (self);
      break;
    case PLAYER_QUIT:
      player_print ("player", "quit at %.3f", seconds (get_position (self)));
      finish (self, FALSE);
      break;
  }
}

void
player_playback_act (const PlayerAction *action, gpointer playback)
{
  PlayerPlayback *self = playback;

  /* While an item starts there is nothing to seek in yet. */
  if (self->phase == PHASE_RUNNING ||
      (self->phase != PHASE_IDLE && action->type == PLAYER_QUIT))
    act_now (self, action);
}

/* ---- from the beginning to the end ---- */

static gboolean
set_sink (PlayerPlayback *self, const char *property, GError **error)
{
  GstElement *sink;

  if (!self->options.fake)
    return TRUE; /* playbin takes autoaudiosink and autovideosink by itself */
  sink = gst_element_factory_make ("fakesink", NULL);
  if (!sink) {
    g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN,
        "GStreamer's element fakesink is not installed");
    return FALSE;
  }
  g_object_set (sink, "sync", TRUE, NULL);
  g_object_set (self->playbin, property, sink, NULL);
  return TRUE;
}

static void
watch_bus (PlayerPlayback *self)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (self->playbin);

  /* The last heartbeats, sessionEnd among them, are posted on the way to NULL:
   * they shall still be there afterwards. */
  g_object_set (self->playbin, "auto-flush-bus", FALSE, NULL);
  self->bus_watch = gst_bus_add_watch (bus, on_message, self);
}

PlayerPlayback *
player_playback_new (const PlayerPlaybackOptions *options, GError **error)
{
  g_autoptr (PlayerPlayback) self = g_new0 (PlayerPlayback, 1);

  self->options = *options;
  self->want_playing = TRUE;
  self->volume = 1;
  self->rate = 1;
  self->playbin = gst_element_factory_make ("playbin", NULL);
  if (!self->playbin) {
    g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN,
        "GStreamer's element playbin is not installed");
    return NULL;
  }
  gst_object_ref_sink (self->playbin);
  gst_object_ref_sink (self->options.heartbeat);
  /* One element is enough for a pipeline: it looks at the pipeline as a whole,
   * and the stream that passes only tells it that something does, and whether
   * it is audio or video: what has both is best seen from the video's side. Two
   * would report every session twice. */
  g_object_set (self->playbin, options->video ? "video-filter" : "audio-filter",
      self->options.heartbeat, NULL);
  if (!set_sink (self, "audio-sink", error) ||
      !set_sink (self, "video-sink", error))
    return NULL;
  watch_bus (self);
  return g_steal_pointer (&self);
}

/* What was posted on the way down. */
static void
drain_bus (PlayerPlayback *self)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (self->playbin);
  GstMessage *message;

  while ((message = gst_bus_pop (bus))) {
    if (!show_heartbeat (self, message) &&
        GST_MESSAGE_TYPE (message) == GST_MESSAGE_WARNING)
      on_warning (message);
    gst_message_unref (message);
  }
  gst_bus_set_flushing (bus, TRUE);
}

void
player_playback_free (PlayerPlayback *self)
{
  if (!self)
    return;
  if (self->playbin) {
    gst_element_set_state (self->playbin, GST_STATE_NULL);
    drain_bus (self);
    player_heartbeat_print_stats (self->options.heartbeat);
    g_clear_handle_id (&self->bus_watch, g_source_remove);
    gst_object_unref (self->playbin);
    gst_object_unref (self->options.heartbeat);
  }
  g_free (self);
}

void
player_playback_start (PlayerPlayback *self)
{
  start_item (self, 0);
}
