/* Tests of whole pipelines: the quality of experience, by what is seen of it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-player.h"
#include "mh-test-media.h"

#include "collector-event.h"

/* Returns: the member of a hit's QoE data, or -1 where it is not there. */
static gint64
get_qoe (const MhCollected *hit, const char *member)
{
  JsonNode *node =
      hit->event ? collector_event_get (hit->event, "qoeData", member) : NULL;

  return node ? json_node_get_int (node) : -1;
}

/* Returns: the last that has come of it, or -1. */
static gint64
find_qoe (MhCollector *collector, const char *member)
{
  const MhCollected *hit;
  gint64 value = -1;

  for (guint i = 0; (hit = mh_collector_nth (collector, i)); i++) {
    if (get_qoe (hit, member) >= 0)
      value = get_qoe (hit, member);
  }
  return value;
}

static void
play (MhPlayer *player, MhCollector *collector)
{
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_collector_wait (collector, "sessionComplete", 1);
}

/* ---- frames a second ---- */

static void
test_frame_rate (gconstpointer filter)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_playbin (
      collector, "playbin", filter, mh_test_media_video (2));

  play (player, collector);
  g_assert_cmpint (find_qoe (collector, "media.qoe.framesPerSecond"), ==, 10);
}

static void
test_no_frames (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_playbin (
      collector, "playbin", "audio-filter", mh_test_media_audio (2));

  play (player, collector);
  g_assert_cmpint (find_qoe (collector, "media.qoe.timeToStart"), >=, 0);
  g_assert_cmpint (find_qoe (collector, "media.qoe.framesPerSecond"), ==, -1);
}

/* ---- dropped frames ---- */

#define SLOW \
  "identity sleep-time=100000 ! " \
  "fakesink name=sink sync=true qos=true max-lateness=20000000"
#define SLOW_VIDEO \
  "videotestsrc num-buffers=30 ! video/x-raw,width=32,height=32," \
  "framerate=25/1 ! mediaheartbeat name=heartbeat ! " SLOW

/* Returns: what the sink itself counts. */
static guint64
get_sink_count (MhPlayer *player, const char *field)
{
  g_autoptr (GstElement)
      sink = gst_bin_get_by_name (GST_BIN (player->pipeline), "sink");
  g_autoptr (GstStructure) stats = NULL;
  guint64 count = 0;

  g_object_get (sink, "stats", &stats, NULL);
  g_assert_true (gst_structure_get_uint64 (stats, field, &count));
  return count;
}

/* A machine that needs longer for a frame than it is to be seen: each that the
 * sink does not show counts, once, up to the last. */
static void
test_dropped (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (collector, SLOW_VIDEO);
  gint64 dropped;

  play (player, collector);
  dropped = get_qoe (mh_collector_wait (collector, "sessionComplete", 1),
      "media.qoe.droppedFrames");
  g_assert_cmpint (dropped, >, 0);
  g_assert_cmpint (dropped, ==, get_sink_count (player, "dropped"));
  g_assert_cmpint (find_qoe (collector, "media.qoe.framesPerSecond"), ==, 25);
}

static GstBusSyncReply
keep (GstBus *bus, GstMessage *message, gpointer unused)
{
  gst_message_unref (message);
  return GST_BUS_DROP;
}

/* The application keeps the messages: what is late is what the sink does not
 * show, but for one now and then so that there is a picture at all. */
static void
test_dropped_hidden_bus (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (collector, SLOW_VIDEO);
  gint64 dropped;

  gst_bus_set_sync_handler (player->bus, keep, NULL, NULL);
  mh_player_go (player, GST_STATE_PLAYING);
  dropped = get_qoe (mh_collector_wait (collector, "sessionComplete", 1),
      "media.qoe.droppedFrames");
  g_assert_cmpint (dropped, >=, get_sink_count (player, "dropped"));
  g_assert_cmpint (dropped, <=, 30);
  g_assert_cmpint (dropped, >, 0);
}

/* What is too late of a sound is not a frame. */
static void
test_dropped_sound (gconstpointer bus_is_hidden)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (collector,
      "audiotestsrc num-buffers=30 samplesperbuffer=1764 ! "
      "audio/x-raw,rate=44100 ! mediaheartbeat name=heartbeat ! " SLOW);

  if (bus_is_hidden) {
    gst_bus_set_sync_handler (player->bus, keep, NULL, NULL);
    mh_player_go (player, GST_STATE_PLAYING);
    mh_collector_wait (collector, "sessionComplete", 1);
  } else {
    play (player, collector);
  }
  g_assert_cmpuint (get_sink_count (player, "dropped"), >, 0);
  g_assert_cmpint (find_qoe (collector, "media.qoe.droppedFrames"), ==, -1);
}

static void
post_qos (GstElement *element, GstFormat format, guint64 dropped)
{
  GstMessage *message = gst_message_new_qos (
      GST_OBJECT (element), FALSE, 0, 0, 0, 0);

  gst_message_set_qos_stats (message, format, 0, dropped);
  gst_element_post_message (element, message);
}

static void
post_step (GstElement *element, gboolean begins)
{
  GstObject *source = GST_OBJECT (element);

  gst_element_post_message (element,
      begins ? gst_message_new_step_start (
                   source, TRUE, GST_FORMAT_BUFFERS, 10, 1, FALSE, FALSE)
             : gst_message_new_step_done (
                   source, GST_FORMAT_BUFFERS, 10, 1, FALSE, FALSE, 0, FALSE));
}

/* Who has dropped what: not samples, not what a step skips, nothing twice. */
static void
test_dropped_by_whom (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (collector,
      "videotestsrc name=source num-buffers=50 ! video/x-raw,width=32,"
      "height=32,framerate=25/1 ! mediaheartbeat name=heartbeat ! "
      "fakesink name=sink sync=true");
  g_autoptr (GstElement)
      sink = gst_bin_get_by_name (GST_BIN (player->pipeline), "sink");
  g_autoptr (GstElement)
      source = gst_bin_get_by_name (GST_BIN (player->pipeline), "source");

  mh_player_go (player, GST_STATE_PLAYING);
  mh_collector_wait (collector, "play", 1);
  post_qos (sink, GST_FORMAT_BUFFERS, 1);
  post_qos (sink, GST_FORMAT_BUFFERS, 2);
  post_qos (sink, GST_FORMAT_BUFFERS, 2);
  post_qos (sink, GST_FORMAT_DEFAULT, 1000);
  post_qos (sink, GST_FORMAT_BUFFERS, G_MAXUINT64);
  post_qos (source, GST_FORMAT_BUFFERS, 1);
  /* Sinks step together, and not at the same pace. */
  post_step (sink, TRUE);
  post_step (source, TRUE);
  post_qos (sink, GST_FORMAT_BUFFERS, 7);
  post_step (source, FALSE);
  post_qos (sink, GST_FORMAT_BUFFERS, 12);
  post_step (sink, FALSE);
  post_qos (sink, GST_FORMAT_BUFFERS, 14);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  g_assert_cmpint (get_qoe (mh_collector_wait (collector, "sessionComplete", 1),
                       "media.qoe.droppedFrames"),
      ==, 5);
}

/* The application's count, for the item. */
static void
test_theirs (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (collector, SLOW_VIDEO);
  g_autoptr (GstStructure) qoe = gst_structure_new ("qoe", "droppedFrames",
      G_TYPE_INT, 12345, "fps", G_TYPE_DOUBLE, 60.0, NULL);
  gboolean accepted;

  mh_player_go (player, GST_STATE_PLAYING);
  mh_collector_wait (collector, "play", 1);
  g_signal_emit_by_name (player->heartbeat, "track", "qoe", qoe, &accepted);
  g_assert_true (accepted);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_collector_wait (collector, "sessionComplete", 1);
  g_assert_cmpint (find_qoe (collector, "media.qoe.droppedFrames"), ==, 12345);
  g_assert_cmpint (find_qoe (collector, "media.qoe.framesPerSecond"), ==, 60);
}

/* ---- bitrate ---- */

/* Of noise each moment needs another bitrate. */
static const char *
make_variable (void)
{
  const char *path = mh_test_media_file ("variable.flac", "", 0);
  g_autoptr (MhPlayer) player = mh_player_launch (NULL,
      "audiotestsrc wave=pink-noise num-buffers=300 samplesperbuffer=441 ! "
      "audio/x-raw,rate=44100,channels=1 ! flacenc ! filesink location=%s",
      path);

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  return path;
}

/* What a parser counts makes no hits of its own, and is as large as the file
 * says. */
static void
test_variable_bitrate (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  const char *path = make_variable ();
  g_autoptr (MhPlayer)
      player = mh_player_playbin (collector, "playbin", "audio-filter", path);
  g_autofree char *data = NULL;
  gsize length;
  double bitrate, average;

  g_assert_true (g_file_get_contents (path, &data, &length, NULL));
  average = (double) length * 8 / 3;
  play (player, collector);
  bitrate = (double) find_qoe (collector, "media.qoe.bitrate");
  g_assert_cmpfloat (bitrate, >, average / 4);
  g_assert_cmpfloat (bitrate, <, average * 4);
}

static gint64
find_bitrate (const char *rest)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (collector,
      "filesrc location=%s ! oggdemux ! vorbisdec ! tee name=t "
      "t. ! queue ! mediaheartbeat name=heartbeat ! fakesink sync=true %s",
      mh_test_media_audio (2), rest);

  play (player, collector);
  return find_qoe (collector, "media.qoe.bitrate");
}

/* What two sinks have of one stream is there once. */
static void
test_two_sinks (void)
{
  gint64 one = find_bitrate ("");

  g_assert_cmpint (one, >, 0);
  g_assert_cmpint (find_bitrate ("t. ! queue ! fakesink"), ==, one);
}

int
main (int argc, char *argv[])
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func (
      "/quality/frame-rate/video", "video-filter", test_frame_rate);
  g_test_add_data_func (
      "/quality/frame-rate/sound", "audio-filter", test_frame_rate);
  g_test_add_func ("/quality/frame-rate/none", test_no_frames);
  g_test_add_func ("/quality/dropped/messages", test_dropped);
  g_test_add_func ("/quality/dropped/by-whom", test_dropped_by_whom);
  g_test_add_func ("/quality/dropped/hidden-bus", test_dropped_hidden_bus);
  g_test_add_data_func ("/quality/dropped/sound", NULL, test_dropped_sound);
  g_test_add_data_func ("/quality/dropped/sound/hidden-bus",
      GINT_TO_POINTER (TRUE), test_dropped_sound);
  g_test_add_func ("/quality/theirs", test_theirs);
  g_test_add_func ("/quality/variable-bitrate", test_variable_bitrate);
  g_test_add_func ("/quality/two-sinks", test_two_sinks);
  return mh_test_media_run ();
}
