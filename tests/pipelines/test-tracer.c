/* Tests of whole pipelines without an element in them: the tracer sees them.
 *
 * GStreamer makes tracers in gst_init(): each case is a process of its own,
 * with the parameters that it is listed with.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <glib/gstdio.h>

#include "collector-event.h"
#include "mh-player.h"
#include "mh-test-gate.h"
#include "mh-test-media.h"
#include "mh-test-sanitizer.h"

#define PLAYBIN_SINKS \
  "audio-sink=\"fakesink sync=true\" video-sink=\"fakesink sync=true\""

static MhCollector *collector; /* the case's own */

static const char *
get_media_id (const MhCollected *start)
{
  return collector_event_get_string (start->event, "params", "media.id");
}

static MhPlayer *
make_playbin (const char *factory, const char *path)
{
  return mh_player_launch (
      NULL, "%s name=player uri=file://%s " PLAYBIN_SINKS, factory, path);
}

static MhPlayer *
make_tone (guint buffers)
{
  return mh_player_launch (NULL,
      "audiotestsrc num-buffers=%u samplesperbuffer=441 ! "
      "audio/x-raw,rate=44100 ! fakesink sync=true",
      buffers);
}

/* ---- what is tracked ---- */

static void
test_to_the_end (const char *factory)
{
  g_autofree char *uri = gst_filename_to_uri (mh_test_media_video (3), NULL);
  g_autoptr (MhPlayer) player = make_playbin (factory, mh_test_media_video (3));

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_assert_near (mh_collector_wait (collector, "play", 1)->playhead, 0);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_player_assert_near (
      mh_collector_wait (collector, "sessionComplete", 1)->playhead, 3);
  g_assert_cmpstr (
      get_media_id (mh_collector_wait (collector, "sessionStart", 1)), ==, uri);
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_assert_order (collector, "sessionStart play sessionComplete");
  /* Nothing is posted on a bus that is none of ours. */
  g_assert_cmpuint (player->hits->len, ==, 0);
}

static void
test_playbin (void)
{
  test_to_the_end ("playbin");
}

static void
test_playbin3 (void)
{
  test_to_the_end ("playbin3");
}

static void
test_pause_and_seek (const char *factory)
{
  g_autoptr (MhPlayer)
      player = make_playbin (factory, mh_test_media_video (20));
  double at;

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_position (player, 1.4); /* the content has started */
  mh_player_go (player, GST_STATE_PAUSED);
  at = mh_player_position (player);
  mh_player_assert_near (
      mh_collector_wait (collector, "pauseStart", 1)->playhead, at);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_assert_near (
      mh_collector_wait (collector, "play", 3)->playhead, at);
  mh_player_wait_position (player, 1.8);
  mh_player_seek (player, 8);
  mh_player_assert_near (
      mh_collector_wait (collector, "pauseStart", 2)->playhead, 8);
  mh_player_assert_near (mh_collector_wait (collector, "play", 4)->playhead, 8);
  mh_player_wait_position (player, 8.5);
  at = mh_player_position (player);
  mh_player_go (player, GST_STATE_NULL);
  mh_player_assert_near (
      mh_collector_wait (collector, "sessionEnd", 1)->playhead, at);
  mh_collector_assert_order (collector,
      "sessionStart play pauseStart play pauseStart play sessionEnd");
}

static void
test_pause_and_seek_playbin (void)
{
  test_pause_and_seek ("playbin");
}

static void
test_pause_and_seek_playbin3 (void)
{
  test_pause_and_seek ("playbin3");
}

static void
seek_to_start (MhPlayer *player, GstSeekFlags flags)
{
  g_assert_true (gst_element_seek (player->pipeline, 1, GST_FORMAT_TIME, flags,
      GST_SEEK_TYPE_SET, 0, GST_SEEK_TYPE_SET, GST_CLOCK_TIME_NONE));
}

/* Rounds without a flush between them, as WebKit repeats its media. */
static void
test_loop (const char *factory)
{
  g_autoptr (MhPlayer) player = make_playbin (factory, mh_test_media_audio (2));

  mh_player_go (player, GST_STATE_PAUSED);
  seek_to_start (player, GST_SEEK_FLAG_SEGMENT | GST_SEEK_FLAG_FLUSH);
  mh_player_go (player, GST_STATE_PAUSED);
  mh_player_go (player, GST_STATE_PLAYING);
  for (guint i = 0; i < 2; i++) {
    mh_player_wait_message (player, GST_MESSAGE_SEGMENT_DONE);
    seek_to_start (player, i == 0 ? GST_SEEK_FLAG_SEGMENT : 0);
  }
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  for (guint i = 1; i <= 3; i++) {
    mh_player_assert_near (
        mh_collector_wait (collector, "sessionComplete", i)->playhead, 2);
    mh_player_assert_near (
        mh_collector_wait (collector, "sessionStart", i)->playhead, 0);
  }
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_assert_order (collector,
      "sessionStart play sessionComplete sessionStart play sessionComplete "
      "sessionStart play sessionComplete");
}

static void
test_loop_playbin (void)
{
  test_loop ("playbin");
}

static void
test_loop_playbin3 (void)
{
  test_loop ("playbin3");
}

/* Paused while a seek is not done: the pipeline's state changes by itself alone,
 * and no element's. */
static void
test_pause_in_seek (const char *factory)
{
  g_autoptr (MhPlayer)
      player = make_playbin (factory, mh_test_media_video (20));
  g_autoptr (GstElement) sink = NULL;
  g_autoptr (GstPad) pad = NULL;
  gulong probe;
  guint ended, played;

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_position (player, 1.4);
  /* On a slow machine the start may have been an inactive session of its own. */
  ended = mh_collector_count (collector, "sessionEnd");
  played = mh_collector_count (collector, "play");
  g_object_get (player->pipeline, "audio-sink", &sink, NULL);
  pad = gst_element_get_static_pad (sink, "sink");
  probe = gst_pad_add_probe (pad,
      GST_PAD_PROBE_TYPE_BLOCK | GST_PAD_PROBE_TYPE_BUFFER, NULL, NULL, NULL);
  mh_player_seek (player, 10);
  gst_element_set_state (player->pipeline, GST_STATE_PAUSED);
  gst_pad_remove_probe (pad, probe);
  mh_player_settle (player);
  mh_player_assert_near (
      mh_collector_wait (collector, "pauseStart", 1)->playhead, 10);
  mh_player_assert_near (
      mh_collector_wait (collector, "sessionEnd", ended + 1)->playhead, 10);
  mh_player_go (player, GST_STATE_PLAYING);
  g_assert_true (
      mh_collector_wait (collector, "sessionStart", ended + 2)->resume);
  mh_player_assert_near (
      mh_collector_wait (collector, "play", played + 1)->playhead, 10);
  mh_player_go (player, GST_STATE_NULL);
}

static void
test_pause_in_seek_playbin (void)
{
  test_pause_in_seek ("playbin");
}

static void
test_pause_in_seek_playbin3 (void)
{
  test_pause_in_seek ("playbin3");
}

/* Made ready in vain: WebKit plays only once there is data. */
static void
prepare_in_vain (const char *sinks)
{
  g_autoptr (MhPlayer) player = mh_player_launch (
      NULL, "playbin name=player uri=file:///nowhere.ogg %s", sinks);

  gst_element_set_state (player->pipeline, GST_STATE_PAUSED);
  while (player->errors == 0)
    mh_player_wait_message (player, GST_MESSAGE_ERROR);
  mh_player_go (player, GST_STATE_NULL);
}

static void
test_failed_preroll (void)
{
  prepare_in_vain (PLAYBIN_SINKS);
  mh_collector_wait (collector, "sessionEnd", 1);
  mh_collector_assert_order (collector, "sessionStart error sessionEnd");
}

/* A thumbnailer does so as well, and is no player. What plays then is tracked. */
static void
test_failed_scan (void)
{
  g_autoptr (MhPlayer) player = NULL;

  prepare_in_vain ("audio-sink=fakesink video-sink=fakesink");
  player = make_playbin ("playbin", mh_test_media_audio (2));
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_wait (collector, "sessionComplete", 1);
  mh_collector_assert_order (collector, "sessionStart play sessionComplete");
}

static void
test_gapless (void)
{
  g_autoptr (MhPlayer)
      player = make_playbin ("playbin", mh_test_media_audio (3));
  g_autofree char *uri = gst_filename_to_uri (mh_test_media_audio (2), NULL);

  mh_player_give_next (player, uri);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_player_assert_near (
      mh_collector_wait (collector, "sessionComplete", 1)->playhead, 3);
  mh_player_assert_near (
      mh_collector_wait (collector, "sessionComplete", 2)->playhead, 2);
  g_assert_cmpstr (
      get_media_id (mh_collector_wait (collector, "sessionStart", 2)), ==, uri);
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_assert_order (collector,
      "sessionStart play sessionComplete sessionStart play sessionComplete");
}

/* The same pipeline again, and two at a time. */
static void
test_several (void)
{
  g_autoptr (MhPlayer) first = make_tone (1000);
  g_autoptr (MhPlayer) second = make_tone (1000);

  for (guint i = 0; i < 2; i++) {
    mh_player_go (first, GST_STATE_PLAYING);
    mh_collector_wait (collector, "play", 3 * i + 1);
    mh_player_go (second, GST_STATE_PLAYING);
    mh_collector_wait (collector, "sessionStart", 2 * i + 2);
    mh_collector_wait (collector, "play", 3 * i + 3);
    mh_player_go (first, GST_STATE_NULL);
    mh_player_go (second, GST_STATE_NULL);
    mh_collector_wait (collector, "sessionEnd", 2 * i + 2);
  }
  g_assert_cmpuint (mh_collector_count (collector, "sessionStart"), ==, 4);
  mh_collector_assert_sane (collector);
}

/* It has failed before there was a stream. */
static void
test_missing (void)
{
  g_autoptr (MhPlayer) player = make_playbin ("playbin", "/nowhere/x.ogg");

  gst_element_set_state (player->pipeline, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_ERROR);
  gst_element_set_state (player->pipeline, GST_STATE_NULL);
  g_assert_cmpstr (
      get_media_id (mh_collector_wait (collector, "sessionStart", 1)), ==,
      "file:///nowhere/x.ogg");
  mh_collector_wait (collector, "sessionEnd", 1);
  mh_collector_assert_order (collector, "sessionStart error sessionEnd");
}

static GstBusSyncReply
drop (GstBus *bus, GstMessage *message, gpointer user_data)
{
  gst_message_unref (message);
  return GST_BUS_DROP;
}

/* Whatever the application's own handler does with the messages. */
static void
test_dropped_messages (void)
{
  g_autoptr (MhPlayer) player = make_playbin ("playbin", "/nowhere/x.ogg");

  gst_bus_set_sync_handler (player->bus, drop, NULL, NULL);
  gst_element_set_state (player->pipeline, GST_STATE_PLAYING);
  mh_collector_wait (collector, "error", 1);
  gst_element_set_state (player->pipeline, GST_STATE_NULL);
  mh_collector_wait (collector, "sessionEnd", 1);
  mh_collector_assert_order (collector, "sessionStart error sessionEnd");
}

/* ---- what changes ---- */

static void
assert_length (guint session, double length)
{
  const MhCollected *start = mh_collector_wait (
      collector, "sessionStart", session);
  JsonNode *node = collector_event_get (start->event, "params", "media.length");

  g_assert_nonnull (node);
  mh_player_assert_near (json_node_get_double (node), length);
}

/* autoaudiosink makes another sink each time it comes from READY. */
static void
test_other_sink (const char *factory)
{
  g_autofree char *uri = gst_filename_to_uri (mh_test_media_audio (2), NULL);
  g_autoptr (MhPlayer) player = mh_player_launch (
      NULL, "%s uri=file://%s", factory, mh_test_media_audio (1));

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  assert_length (1, 1);
  mh_player_go (player, GST_STATE_READY);
  g_object_set (player->pipeline, "uri", uri, NULL);
  mh_player_go (player, GST_STATE_PLAYING);
  assert_length (2, 2);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_wait (collector, "sessionComplete", 2);
  mh_collector_assert_order (collector,
      "sessionStart play sessionComplete sessionStart play sessionComplete");
}

static void
test_other_sink_playbin (void)
{
  test_other_sink ("playbin");
}

static void
test_other_sink_playbin3 (void)
{
  test_other_sink ("playbin3");
}

/* The pads go with it, and are of another pipeline from then on. */
static void
test_moved (void)
{
  g_autoptr (MhPlayer)
      before = mh_player_new (gst_pipeline_new (NULL), NULL, NULL);
  g_autoptr (MhPlayer)
      after = mh_player_new (gst_pipeline_new (NULL), NULL, NULL);
  GstElement *bin = gst_parse_bin_from_description (
      "audiotestsrc samplesperbuffer=441 num-buffers=1000 ! "
      "audio/x-raw,rate=44100 ! fakesink sync=true",
      FALSE, NULL);

  gst_object_ref_sink (bin);
  gst_bin_add (GST_BIN (before->pipeline), bin);
  mh_player_go (before, GST_STATE_PLAYING);
  mh_collector_wait (collector, "play", 1);
  gst_bin_remove (GST_BIN (before->pipeline), bin);
  gst_element_set_state (bin, GST_STATE_NULL);
  gst_bin_add (GST_BIN (after->pipeline), bin);
  gst_object_unref (bin);
  mh_player_go (after, GST_STATE_PLAYING);
  mh_collector_wait (collector, "play", 2);
  gst_element_set_state (before->pipeline, GST_STATE_NULL);
  mh_collector_wait (collector, "sessionEnd", 1);
  mh_player_go (after, GST_STATE_NULL);
  mh_collector_wait (collector, "sessionEnd", 2);
  mh_collector_assert_sane (collector);
}

/* ---- what is left alone ---- */

static void
run (const char *description)
{
  g_autoptr (MhPlayer) player = mh_player_launch (NULL, "%s", description);

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
}

/* A session of what comes last shows that there was none before it. */
static void
assert_one_session (void)
{
  run ("audiotestsrc num-buffers=20 ! fakesink sync=true");
  mh_collector_wait (collector, "sessionComplete", 1);
  mh_collector_assert_order (collector, "sessionStart play sessionComplete");
}

static void
test_not_playback (void)
{
  /* Nothing keeps time. */
  run ("audiotestsrc num-buffers=20 ! fakesink");
  run ("videotestsrc num-buffers=20 ! theoraenc ! oggmux ! "
       "filesink location=/dev/null");
  /* No sound and no pictures. */
  run ("fakesrc num-buffers=20 ! fakesink sync=true");
  run ("fakesrc num-buffers=20 ! text/x-raw,format=utf8 ! fakesink sync=true");
  /* For others to play. */
  run ("videotestsrc num-buffers=5 ! rtpvrawpay ! udpsink port=9");
  run ("videotestsrc num-buffers=5 ! udpsink port=9");
  assert_one_session ();
}

static gboolean
has_worker (void)
{
  g_autoptr (GDir) tasks = g_dir_open ("/proc/self/task", 0, NULL);
  gboolean found = FALSE;
  const char *task;

  while (!found && (task = g_dir_read_name (tasks))) {
    g_autofree char *path = g_build_filename (
        "/proc/self/task", task, "comm", NULL);
    g_autofree char *name = NULL;

    /* It may have gone meanwhile. */
    if (g_file_get_contents (path, &name, NULL, NULL))
      found = g_str_has_prefix (name, "mediaheartbeat");
  }
  return found;
}

/* Not even a thread is started. */
static void
test_no_worker (void)
{
  g_autoptr (MhPlayer) player = mh_player_launch (
      NULL, "audiotestsrc is-live=true ! fakesink sync=false");

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_position (player, 0.3);
  g_assert_false (has_worker ());
  mh_player_go (player, GST_STATE_NULL);
  {
    /* Thumbnails are made like this. */
    g_autoptr (MhPlayer) still = make_tone (1000);

    mh_player_go (still, GST_STATE_PAUSED);
    g_assert_false (has_worker ());
    mh_player_go (still, GST_STATE_NULL);
  }
  {
    g_autoptr (MhPlayer) tone = make_tone (1000);

    mh_player_go (tone, GST_STATE_PLAYING);
    mh_collector_wait (collector, "play", 1);
    g_assert_true (has_worker ());
  }
  mh_collector_wait (collector, "sessionEnd", 1);
  mh_collector_assert_order (collector, "sessionStart play sessionEnd");
}

/* An element in the pipeline knows more of it. */
static void
test_element (void)
{
  g_autoptr (MhPlayer) player = mh_player_launch (collector,
      "audiotestsrc num-buffers=100 samplesperbuffer=441 ! "
      "audio/x-raw,rate=44100 ! mediaheartbeat name=heartbeat media-id=mine ! "
      "fakesink sync=true");

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_collector_wait (collector, "sessionComplete", 1);
  g_assert_cmpstr (
      get_media_id (mh_collector_wait (collector, "sessionStart", 1)), ==,
      "mine");
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_assert_order (collector, "sessionStart play sessionComplete");
}

static void
test_filter (void)
{
  run ("audiotestsrc num-buffers=20 ! fakesink sync=true");
  {
    g_autoptr (MhPlayer)
        player = make_playbin ("playbin", mh_test_media_audio (1));

    mh_player_go (player, GST_STATE_PLAYING);
    mh_player_wait_message (player, GST_MESSAGE_EOS);
    mh_collector_wait (collector, "sessionComplete", 1);
  }
  mh_collector_assert_order (collector, "sessionStart play sessionComplete");
}

/* What the key file says, but for what the parameters say. */
static void
test_config (void)
{
  const MhCollected *start;

  run ("audiotestsrc num-buffers=20 ! fakesink sync=true");
  mh_collector_wait (collector, "sessionComplete", 1);
  start = mh_collector_wait (collector, "sessionStart", 1);
  g_assert_cmpstr (
      collector_event_get_string (start->event, "params", "media.channel"), ==,
      "from-file");
  g_assert_cmpstr (
      collector_event_get_string (start->event, "params", "media.playerName"),
      ==, "from-parameters");
}

/* ---- what it says of it ---- */

static void
test_tags (void)
{
  const char *path = mh_test_media_file ("tags.ogg", "", 0);
  g_autoptr (MhPlayer) maker = mh_player_launch (NULL,
      "audiotestsrc num-buffers=100 samplesperbuffer=441 ! "
      "audio/x-raw,rate=44100 ! taginject tags=\"title=Song,artist=Someone\" ! "
      "vorbisenc ! oggmux ! filesink location=%s",
      path);
  g_autoptr (MhPlayer) player = NULL;
  const MhCollected *start;

  mh_player_go (maker, GST_STATE_PLAYING);
  mh_player_wait_message (maker, GST_MESSAGE_EOS);
  player = make_playbin ("playbin", path);
  mh_player_go (player, GST_STATE_PLAYING);
  start = mh_collector_wait (collector, "sessionStart", 1);
  g_assert_cmpstr (
      collector_event_get_string (start->event, "params", "media.name"), ==,
      "Song");
  g_assert_cmpstr (
      collector_event_get_string (start->event, "params", "media.artist"), ==,
      "Someone");
  mh_player_go (player, GST_STATE_NULL);
}

/* Of what passes at the sink, where the messages come from as well. */
static void
test_quality (void)
{
  g_autoptr (MhPlayer) player = mh_player_launch (NULL,
      "videotestsrc num-buffers=30 ! video/x-raw,width=32,height=32,"
      "framerate=25/1 ! identity sleep-time=100000 ! "
      "fakesink name=sink sync=true qos=true max-lateness=20000000");
  g_autoptr (GstElement)
      sink = gst_bin_get_by_name (GST_BIN (player->pipeline), "sink");
  g_autoptr (GstStructure) stats = NULL;
  const MhCollected *complete;
  JsonNode *node;
  guint64 dropped;

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  complete = mh_collector_wait (collector, "sessionComplete", 1);
  g_object_get (sink, "stats", &stats, NULL);
  g_assert_true (gst_structure_get_uint64 (stats, "dropped", &dropped));
  node = collector_event_get (
      complete->event, "qoeData", "media.qoe.droppedFrames");
  g_assert_nonnull (node);
  g_assert_cmpint (json_node_get_int (node), ==, dropped);
  node = collector_event_get (
      complete->event, "qoeData", "media.qoe.framesPerSecond");
  g_assert_nonnull (node);
  g_assert_cmpint (json_node_get_int (node), ==, 25);
}

/* An element comes to a pipeline that is traced: it is one viewing. */
static void
test_element_comes (void)
{
  g_autoptr (MhPlayer) player = mh_player_launch (NULL,
      "audiotestsrc samplesperbuffer=441 ! audio/x-raw,rate=44100 ! "
      "tee name=tee ! queue ! fakesink sync=true");
  g_autoptr (GstElement)
      tee = gst_bin_get_by_name (GST_BIN (player->pipeline), "tee");
  g_autofree char *text = g_strdup_printf (
      "queue ! mediaheartbeat collection-server=%s ! "
      "fakesink sync=true async=false",
      mh_collector_get_uri (collector));
  GstElement *branch = gst_parse_bin_from_description (text, TRUE, NULL);

  mh_player_go (player, GST_STATE_PLAYING);
  g_assert_false (mh_collector_wait (collector, "sessionStart", 1)->resume);
  mh_collector_wait (collector, "play", 2);
  g_assert_true (gst_bin_add (GST_BIN (player->pipeline), branch));
  g_assert_true (gst_element_sync_state_with_parent (branch));
  g_assert_true (gst_element_link (tee, branch));
  g_assert_true (mh_collector_wait (collector, "sessionStart", 2)->resume);
  mh_collector_wait (collector, "sessionEnd", 1);
  mh_player_go (player, GST_STATE_NULL);
}

/* ---- a pipeline that plays before it is known to be playback ---- */

/* It says late what its URI is, and is not tracked before that. */
typedef GstPipeline SlowPipeline;
typedef GstPipelineClass SlowPipelineClass;

GType slow_pipeline_get_type (void);

G_DEFINE_TYPE (SlowPipeline, slow_pipeline, GST_TYPE_PIPELINE)

static MhTestGate slow_gate; /* in front of the URI */

static void
slow_pipeline_get_property (
    GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  mh_test_gate_pass (&slow_gate);
  g_value_set_string (value, "test://slow");
}

static void
slow_pipeline_class_init (SlowPipelineClass *klass)
{
  G_OBJECT_CLASS (klass)->get_property = slow_pipeline_get_property;
  g_object_class_install_property (G_OBJECT_CLASS (klass), 1,
      g_param_spec_string (
          "uri", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static void
slow_pipeline_init (SlowPipeline *self)
{
}

static MhPlayer *
make_slow (guint buffers)
{
  GstElement *pipeline = g_object_new (slow_pipeline_get_type (), NULL);
  g_autofree char *text = g_strdup_printf (
      "audiotestsrc num-buffers=%u samplesperbuffer=441 ! "
      "audio/x-raw,rate=44100 ! fakesink sync=true",
      buffers);

  gst_bin_add (
      GST_BIN (pipeline), gst_parse_bin_from_description (text, FALSE, NULL));
  mh_test_gate_init (&slow_gate);
  return mh_player_new (pipeline, NULL, NULL);
}

static void
assert_started (void)
{
  const MhCollected *play = mh_collector_wait (collector, "play", 1);

  mh_player_assert_near (
      mh_collector_wait (collector, "sessionStart", 1)->playhead, 0);
  mh_player_assert_near (play->playhead, 0);
  g_assert_nonnull (
      collector_event_get (play->event, "qoeData", "media.qoe.timeToStart"));
}

/* The time to start is that of the pipeline, not of the look at it. */
static void
test_late (void)
{
  g_autoptr (MhPlayer) player = make_slow (2000);

  mh_player_go (player, GST_STATE_PLAYING);
  mh_test_gate_await (&slow_gate);
  mh_player_wait_position (player, 0.3);
  mh_test_gate_open (&slow_gate);
  assert_started ();
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_wait (collector, "sessionEnd", 1);
  g_clear_pointer (&player, mh_player_free);
  mh_test_gate_clear (&slow_gate);
}

/* An editor goes back and forth before it plays for the first time: that is more than
 * is kept. */
static void
test_late_scrubbed (void)
{
  g_autoptr (MhPlayer) player = make_slow (100000);

  mh_player_go (player, GST_STATE_PAUSED);
  mh_test_gate_await (&slow_gate);
  for (guint i = 0; i < 300; i++) {
    mh_player_seek (player, i % 2 == 0 ? 8 : 5);
    mh_player_settle (player);
  }
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_position (player, 6);
  mh_test_gate_open (&slow_gate);
  mh_player_assert_near (
      mh_collector_wait (collector, "sessionStart", 1)->playhead, 5);
  mh_player_assert_near (mh_collector_wait (collector, "play", 1)->playhead, 5);
  mh_player_wait_position (player, 7.5);
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_assert_order (collector, "sessionStart play sessionEnd");
  g_clear_pointer (&player, mh_player_free);
  mh_test_gate_clear (&slow_gate);
}

/* What was over by then is told as well. */
static void
test_late_at_end (void)
{
  g_autoptr (MhPlayer) player = make_slow (30);

  mh_player_go (player, GST_STATE_PLAYING);
  mh_test_gate_await (&slow_gate);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_test_gate_open (&slow_gate);
  mh_player_assert_near (
      mh_collector_wait (collector, "sessionComplete", 1)->playhead, 0.3);
  assert_started ();
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_assert_order (collector, "sessionStart play sessionComplete");
  g_clear_pointer (&player, mh_player_free);
  mh_test_gate_clear (&slow_gate);
}

/* ---- player states ---- */

static void
test_states (const char *factory)
{
  g_autoptr (MhPlayer)
      player = make_playbin (factory, mh_test_media_audio (20));
  const MhCollected *start;

  g_object_set (player->pipeline, "volume", 0.0, NULL);
  mh_player_go (player, GST_STATE_PLAYING);
  start = mh_collector_wait (collector, "stateStart", 1);
  g_assert_cmpstr (
      collector_event_get_string (start->event, "params", "media.state.name"),
      ==, "mute");
  mh_player_assert_near (start->playhead, 0);
  g_object_set (player->pipeline, "volume", 0.5, NULL);
  mh_collector_wait (collector, "stateEnd", 1);
  g_object_set (player->pipeline, "mute", TRUE, NULL);
  mh_collector_wait (collector, "stateStart", 2);
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_wait (collector, "sessionEnd", 1);
}

static void
test_states_playbin (void)
{
  test_states ("playbin");
}

static void
test_states_playbin3 (void)
{
  test_states ("playbin3");
}

/* ---- a process for each ---- */

#define CONFIG "[mediaheartbeat]\nchannel=from-file\nplayer-name=from-file\n"

static const struct
{
  const char *path;
  void (*func) (void);
  const char *params;
  const char *config;
} cases[] = {
  { "/tracer/playbin", test_playbin, "", NULL },
  { "/tracer/playbin3", test_playbin3, "", NULL },
  { "/tracer/pause-and-seek/playbin", test_pause_and_seek_playbin, "", NULL },
  { "/tracer/pause-and-seek/playbin3", test_pause_and_seek_playbin3, "", NULL },
  { "/tracer/loop/playbin", test_loop_playbin, "", NULL },
  { "/tracer/loop/playbin3", test_loop_playbin3, "", NULL },
  { "/tracer/gapless", test_gapless, "", NULL },
  { "/tracer/several", test_several, "", NULL },
  { "/tracer/missing", test_missing, "", NULL },
  { "/tracer/dropped-messages", test_dropped_messages, "", NULL },
  { "/tracer/other-sink/playbin", test_other_sink_playbin, "", NULL },
  { "/tracer/other-sink/playbin3", test_other_sink_playbin3, "", NULL },
  { "/tracer/moved", test_moved, "", NULL },
  { "/tracer/not-playback", test_not_playback, "", NULL },
  { "/tracer/pause-in-seek/playbin", test_pause_in_seek_playbin,
      ",idle-timeout=1", NULL },
  { "/tracer/pause-in-seek/playbin3", test_pause_in_seek_playbin3,
      ",idle-timeout=1", NULL },
  { "/tracer/failed-preroll", test_failed_preroll, "", NULL },
  { "/tracer/failed-scan", test_failed_scan, "", NULL },
  { "/tracer/no-worker", test_no_worker, "", NULL },
  { "/tracer/element", test_element, "", NULL },
  { "/tracer/comes", test_element_comes, "", NULL },
  { "/tracer/late/plays", test_late, "", NULL },
  { "/tracer/late/scrubbed", test_late_scrubbed, "", NULL },
  { "/tracer/late/at-end", test_late_at_end, "", NULL },
  { "/tracer/tags", test_tags, "", NULL },
  { "/tracer/quality", test_quality, "", NULL },
  { "/tracer/states/playbin", test_states_playbin, "", NULL },
  { "/tracer/states/playbin3", test_states_playbin3, "", NULL },
  { "/tracer/filter/name", test_filter, ",filter=\"other play*r\"", NULL },
  { "/tracer/filter/type", test_filter, ",filter=GstPlayBin", NULL },
  { "/tracer/filter/factory", test_filter, ",filter=playbin", NULL },
  { "/tracer/config", test_config, ",player-name=from-parameters", CONFIG },
};

static void
run_case (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);

  if (g_test_subprocess ()) {
    cases[i].func ();
    return;
  }
  g_setenv ("MH_TEST_TRACER", cases[i].params, TRUE);
  if (cases[i].config)
    g_setenv ("MEDIAHEARTBEAT_CONFIG",
        mh_test_media_file (
            "tracer.conf", cases[i].config, strlen (cases[i].config)),
        TRUE);
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

/* The element's name is none of the tracer's: the user is told, and the program
 * plays. */
static void
test_name (void)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *told = NULL;

  if (MH_TEST_WITH_ASAN || MH_TEST_WITH_TSAN) {
    g_test_skip ("gst-launch-1.0 cannot load an instrumented plugin");
    return;
  }
  g_subprocess_launcher_setenv (
      launcher, "GST_TRACERS", "mediaheartbeat(media-id=x)", TRUE);
  g_subprocess_launcher_unsetenv (launcher, "G_DEBUG"); /* it complains, too */
  process = g_subprocess_launcher_spawn (launcher, &error, "gst-launch-1.0",
      "-q", "audiotestsrc", "num-buffers=3", "!", "fakesink", NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, NULL, &told, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 0);
  g_test_message ("%s", told);
  g_assert_nonnull (strstr (told,
      "GST_TRACERS: mediaheartbeat is an element; the tracer is "
      "called mediaheartbeattracer\n"));
}

/* In the case's own process. */
static void
ask_for_tracer (void)
{
  g_autofree char *tracers = NULL;

  collector = mh_collector_new ();
  tracers = g_strdup_printf ("mediaheartbeattracer(collection-server=%s%s)",
      mh_collector_get_uri (collector), g_getenv ("MH_TEST_TRACER"));
  g_setenv ("GST_TRACERS", tracers, TRUE);
}

int
main (int argc, char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  if (g_test_subprocess ())
    ask_for_tracer ();
  gst_init (&argc, &argv);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add_data_func (cases[i].path, GUINT_TO_POINTER (i), run_case);
  g_test_add_func ("/tracer/name", test_name);
  result = mh_test_media_run ();
  g_clear_pointer (&collector, mh_collector_free);
  return result;
}
