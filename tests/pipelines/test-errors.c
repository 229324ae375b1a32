/* Tests of whole pipelines: what goes wrong in the pipeline itself.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-player.h"
#include "mh-test-media.h"

#include "collector-event.h"

static void
assert_is_error (MhCollector *collector)
{
  const MhCollected *error = mh_collector_wait (collector, "error", 1);
  const char *id = collector_event_get_string (
      error->event, "qoeData", "media.qoe.errorID");

  g_test_message ("error %s", id);
  g_assert_true (g_str_has_prefix (id, "gst-"));
}

/* ---- while it plays ---- */

static void
test_failing (gconstpointer where)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer)
      player = mh_player_launch (collector, "%s", (const char *) where);

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_ERROR);
  mh_collector_wait (collector, "sessionEnd", 1);
  assert_is_error (collector);
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_assert_order (collector, "sessionStart play error sessionEnd");
  g_assert_cmpfloat_with_epsilon (
      mh_collector_wait (collector, "error", 1)->playhead, 0.9, 0.3);
}

static GstBusSyncReply
drop_all (GstBus *bus, GstMessage *message, gpointer user_data)
{
  gst_message_unref (message);
  return GST_BUS_DROP;
}

static const char tone[] =
    "audiotestsrc num-buffers=1000 samplesperbuffer=441 ! "
    "audio/x-raw,rate=44100 ! mediaheartbeat name=heartbeat ! "
    "fakesink sync=true";

/* An application that takes all messages for itself keeps them from the
 * element: the session is tracked all the same. */
static void
test_dropped_messages (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (collector, tone);

  gst_bus_set_sync_handler (player->bus, drop_all, NULL, NULL);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_collector_wait (collector, "play", 1);
  mh_player_go (player, GST_STATE_PAUSED);
  mh_collector_wait (collector, "pauseStart", 1);
  mh_player_go (player, GST_STATE_NULL);
  gst_bus_set_sync_handler (player->bus, NULL, NULL, NULL);
  mh_collector_assert_order (
      collector, "sessionStart play pauseStart sessionEnd");
}

/* ---- what cannot be played ---- */

static void
play_until_error (MhPlayer *player)
{
  gst_element_set_state (player->pipeline, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_ERROR);
  /* Until all of it has arrived. */
  g_object_set (player->heartbeat, "flush-timeout", 60000, NULL);
  mh_player_go (player, GST_STATE_NULL);
}

/* Somebody wanted to play it: that is told, with the reason why not. Or, where
 * the element has not even become a part of the pipeline, nothing. */
static void
assert_failed_start (MhPlayer *player, MhCollector *collector)
{
  if (mh_player_get_stat (player, "hits") > 0)
    mh_collector_assert_order (collector, "sessionStart error sessionEnd");
  else
    mh_collector_assert_order (collector, "");
  g_assert_cmpuint (mh_player_get_stat (player, "queued"), ==, 0);
}

static void
test_missing (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (collector,
      "filesrc location=/nonexistent/file.ogg ! oggdemux ! vorbisdec ! "
      "mediaheartbeat name=heartbeat ! fakesink sync=true");

  play_until_error (player);
  assert_failed_start (player, collector);
}

/* A kiosk that tries again at once: one of the starts that fail is reported, as fewer
 * than five seconds lie between them, and the one that plays as well. */
static void
test_storm (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (collector,
      "filesrc name=source location=/nonexistent/file.ogg ! oggdemux ! "
      "vorbisdec ! mediaheartbeat name=heartbeat media-id=clip ! "
      "fakesink sync=true");
  g_autoptr (GstElement)
      source = gst_bin_get_by_name (GST_BIN (player->pipeline), "source");

  for (guint i = 0; i < 8; i++)
    play_until_error (player);
  mh_collector_assert_order (collector, "sessionStart error sessionEnd");
  g_assert_cmpuint (mh_player_get_stat (player, "sessions"), ==, 8);
  g_assert_cmpuint (mh_player_get_stat (player, "queued"), ==, 0);
  g_object_set (source, "location", mh_test_media_audio (3), NULL);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_collector_wait (collector, "play", 1);
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_assert_order (
      collector, "sessionStart error sessionEnd sessionStart play sessionEnd");
}

static void
test_missing_playbin (gconstpointer factory)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_playbin (
      collector, factory, "audio-filter", "/nonexistent/file.ogg");

  play_until_error (player);
  assert_failed_start (player, collector);
  mh_collector_assert_order (collector, "");
}

static const char *
garbage_file (void)
{
  guint8 data[4096];

  for (gsize i = 0; i < sizeof data; i++)
    data[i] = (guint8) (i * 37 + i / 251);
  return mh_test_media_file ("garbage.ogg", data, sizeof data);
}

static void
test_garbage (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (collector,
      "filesrc location=%s ! oggdemux ! vorbisdec ! "
      "mediaheartbeat name=heartbeat ! fakesink sync=true",
      garbage_file ());

  play_until_error (player);
  assert_failed_start (player, collector);
}

static void
test_garbage_playbin (gconstpointer factory)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_playbin (
      collector, factory, "audio-filter", garbage_file ());
  g_autofree char *uri = gst_filename_to_uri (mh_test_media_audio (1), NULL);

  play_until_error (player);
  assert_failed_start (player, collector);
  /* And then something that can. */
  g_object_set (player->pipeline, "uri", uri, NULL);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_collector_wait (collector, "sessionComplete", 1);
}

/* ---- files that are broken somewhere ---- */

static void
play_broken (const char *path)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (collector,
      "filesrc location=%s ! oggdemux ! vorbisdec ! "
      "mediaheartbeat name=heartbeat ! fakesink sync=true",
      path);
  double position;

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  position = mh_player_position (player);
  g_assert_cmpfloat_with_epsilon (
      mh_collector_wait (collector, "sessionComplete", 1)->playhead, position,
      MH_PLAYHEAD_TOLERANCE);
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_assert_order (collector, "sessionStart play sessionComplete");
}

static void
test_truncated (void)
{
  g_autofree char *data = NULL;
  gsize length;

  g_assert_true (
      g_file_get_contents (mh_test_media_audio (2), &data, &length, NULL));
  play_broken (mh_test_media_file ("truncated.ogg", data, length * 3 / 4));
}

static void
test_corrupt (void)
{
  g_autofree char *data = NULL;
  gsize length;

  g_assert_true (
      g_file_get_contents (mh_test_media_audio (2), &data, &length, NULL));
  for (gsize i = length / 2; i < length / 2 + 500; i++)
    data[i] ^= 0x55;
  play_broken (mh_test_media_file ("corrupt.ogg", data, length));
}

/* ---- applications that do odd things ---- */

/* Taken out of a pipeline that plays. */
static void
test_taken_out (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (collector, tone);

  mh_player_go (player, GST_STATE_PLAYING);
  mh_collector_wait (collector, "play", 1);
  gst_element_set_locked_state (player->heartbeat, TRUE);
  gst_element_set_state (player->heartbeat, GST_STATE_NULL);
  gst_bin_remove (GST_BIN (player->pipeline), player->heartbeat);
  gst_clear_object (&player->heartbeat);
  mh_collector_wait (collector, "sessionEnd", 1);
  mh_collector_assert_order (collector, "sessionStart play sessionEnd");
}

/* Which GStreamer would lose where an element goes that is not in NULL. */
static void
remove_pad (GstElement *element, const char *name)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (element, name);

  gst_element_remove_pad (element, pad);
}

/* By itself, without a pipeline: its session ends with it. */
static void
test_disposed_playing (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  GstElement *heartbeat = gst_object_ref_sink (
      gst_element_factory_make ("mediaheartbeat", NULL));
  g_autoptr (GstStructure) details = gst_structure_new_empty ("details");
  g_autoptr (GstStructure)
      media = gst_structure_new ("media", "id", G_TYPE_STRING, "one", "name",
          G_TYPE_STRING, "One", "length", G_TYPE_INT, 60, "streamType",
          G_TYPE_STRING, "vod", "mediaType", G_TYPE_STRING, "video", NULL);
  gboolean accepted;

  gst_structure_set (details, "media", GST_TYPE_STRUCTURE, media, NULL);
  g_object_set (heartbeat, "collection-server",
      mh_collector_get_uri (collector), "post-messages", FALSE, NULL);
  gst_element_set_state (heartbeat, GST_STATE_PLAYING);
  g_signal_emit_by_name (
      heartbeat, "track", "sessionStart", details, &accepted);
  g_assert_true (accepted);
  g_signal_emit_by_name (heartbeat, "track", "play", NULL, &accepted);
  g_assert_true (accepted);
  mh_collector_wait (collector, "play", 1);
  remove_pad (heartbeat, "sink");
  remove_pad (heartbeat, "src");
  g_test_expect_message (
      "GStreamer", G_LOG_LEVEL_CRITICAL, "*Trying to dispose*");
  gst_object_unref (heartbeat);
  mh_collector_wait (collector, "sessionEnd", 1);
  g_test_assert_expected_messages ();
  mh_collector_assert_order (collector, "sessionStart play sessionEnd");
}

/* ---- a pipeline that is slow to say where it is ---- */

/* What those who meet in it tell each other; under the lock. */
static struct
{
  GMutex lock;
  GCond cond;
  GThread *asked_by;
  gboolean may_answer;
  GThread *freed_by;
} meeting;

G_DECLARE_FINAL_TYPE (SlowPipeline, slow_pipeline, SLOW, PIPELINE, GstPipeline)

struct _SlowPipeline
{
  GstPipeline parent;
};

G_DEFINE_FINAL_TYPE (SlowPipeline, slow_pipeline, GST_TYPE_PIPELINE)

/* Slow for the first who asks: that is the worker's query thread. Who stops the pipeline
 * asks as well. */
static gboolean
slow_pipeline_query (GstElement *element, GstQuery *query)
{
  g_mutex_lock (&meeting.lock);
  if (GST_QUERY_TYPE (query) == GST_QUERY_POSITION && !meeting.asked_by) {
    meeting.asked_by = g_thread_self ();
    g_cond_broadcast (&meeting.cond);
    while (!meeting.may_answer)
      g_cond_wait (&meeting.cond, &meeting.lock);
  }
  g_mutex_unlock (&meeting.lock);
  return GST_ELEMENT_CLASS (slow_pipeline_parent_class)->query (element, query);
}

static void
slow_pipeline_finalize (GObject *object)
{
  g_mutex_lock (&meeting.lock);
  meeting.freed_by = g_thread_self ();
  g_cond_broadcast (&meeting.cond);
  g_mutex_unlock (&meeting.lock);
  G_OBJECT_CLASS (slow_pipeline_parent_class)->finalize (object);
}

static void
slow_pipeline_class_init (SlowPipelineClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = slow_pipeline_finalize;
  GST_ELEMENT_CLASS (klass)->query = slow_pipeline_query;
}

static void
slow_pipeline_init (SlowPipeline *self)
{
}

/* Returns: (transfer full): one that plays, and has not answered yet. */
static GstElement *
play_slow_pipeline (void)
{
  g_autoptr (GError) error = NULL;
  GstElement *pipeline = g_object_new (slow_pipeline_get_type (), NULL);
  GstElement *bin = gst_parse_bin_from_description (
      "audiotestsrc ! mediaheartbeat flush-timeout=0 ! fakesink sync=true",
      FALSE, &error);

  g_assert_no_error (error);
  gst_object_ref_sink (pipeline);
  gst_bin_add (GST_BIN (pipeline), bin);
  meeting.asked_by = meeting.freed_by = NULL;
  meeting.may_answer = FALSE;
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  g_mutex_lock (&meeting.lock);
  while (!meeting.asked_by)
    g_cond_wait (&meeting.cond, &meeting.lock);
  g_mutex_unlock (&meeting.lock);
  return pipeline;
}

/* Lets it answer, and waits until it is gone. */
static void
let_go (void)
{
  g_mutex_lock (&meeting.lock);
  g_assert_null (meeting.freed_by);
  meeting.may_answer = TRUE;
  g_cond_broadcast (&meeting.cond);
  while (!meeting.freed_by)
    g_cond_wait (&meeting.cond, &meeting.lock);
  g_assert_true (meeting.freed_by != meeting.asked_by);
  g_mutex_unlock (&meeting.lock);
}

/* The application lets go of its pipeline while the worker asks it something.
 * It need not wait for that, and what runs when the pipeline goes (the
 * application's code, maybe) runs neither on the worker nor where it asks. */
static void
test_last_reference (void)
{
  GstElement *pipeline = play_slow_pipeline ();

  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
  let_go ();
}

/* A pipeline hangs. Other players of the process are tracked all the same, and
 * it can be stopped. */
static void
test_no_answer (void)
{
  GstElement *pipeline = play_slow_pipeline ();
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (collector,
      "audiotestsrc num-buffers=60 ! mediaheartbeat name=heartbeat ! "
      "fakesink sync=true");

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_collector_wait (collector, "sessionComplete", 1);
  mh_player_go (player, GST_STATE_NULL);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
  let_go ();
  mh_collector_assert_order (collector, "sessionStart play sessionComplete");
}

/* ---- a pipeline that stops ---- */

G_DECLARE_FINAL_TYPE (StopPipeline, stop_pipeline, STOP, PIPELINE, GstPipeline)

struct _StopPipeline
{
  GstPipeline parent;
  int stopping; /* atomic */
  int questions; /* atomic: that came meanwhile */
};

G_DEFINE_FINAL_TYPE (StopPipeline, stop_pipeline, GST_TYPE_PIPELINE)

static gboolean
stop_pipeline_query (GstElement *element, GstQuery *query)
{
  StopPipeline *self = STOP_PIPELINE (element);

  if (g_atomic_int_get (&self->stopping))
    g_atomic_int_inc (&self->questions);
  return GST_ELEMENT_CLASS (stop_pipeline_parent_class)->query (element, query);
}

/* A call waits for the worker, which has dealt with all before it. */
static void
meet_worker (StopPipeline *self)
{
  g_autoptr (GstElement)
      heartbeat = gst_bin_get_by_name (GST_BIN (self), "heartbeat");
  gboolean accepted;

  g_signal_emit_by_name (heartbeat, "track", "qoe", NULL, &accepted);
}

static GstStateChangeReturn
stop_pipeline_change_state (GstElement *element, GstStateChange transition)
{
  StopPipeline *self = STOP_PIPELINE (element);
  gboolean stops = transition == GST_STATE_CHANGE_PAUSED_TO_READY;
  GstStateChangeReturn result;

  if (stops)
    meet_worker (self);
  g_atomic_int_set (&self->stopping, stops);
  result = GST_ELEMENT_CLASS (stop_pipeline_parent_class)
               ->change_state (element, transition);
  if (stops)
    meet_worker (self);
  g_atomic_int_set (&self->stopping, FALSE);
  return result;
}

static void
stop_pipeline_class_init (StopPipelineClass *klass)
{
  GST_ELEMENT_CLASS (klass)->query = stop_pipeline_query;
  GST_ELEMENT_CLASS (klass)->change_state = stop_pipeline_change_state;
}

static void
stop_pipeline_init (StopPipeline *self)
{
}

/* What stops is not asked any more: sinks that are down say that they are at 0,
 * and others wait for the end of it before they answer. */
static void
test_stopping (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  StopPipeline *pipeline = g_object_new (stop_pipeline_get_type (), NULL);
  GstElement *source = gst_element_factory_make ("audiotestsrc", NULL);
  GstElement *heartbeat = gst_element_factory_make (
      "mediaheartbeat", "heartbeat");
  GstElement *sink = gst_element_factory_make ("fakesink", NULL);
  g_autoptr (MhPlayer)
      player = mh_player_new (GST_ELEMENT (pipeline), heartbeat, collector);

  g_object_set (sink, "sync", TRUE, NULL);
  gst_bin_add_many (GST_BIN (pipeline), source, heartbeat, sink, NULL);
  g_assert_true (gst_element_link_many (source, heartbeat, sink, NULL));
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_position (player, 0.5);
  mh_player_go (player, GST_STATE_READY);
  g_assert_cmpint (g_atomic_int_get (&pipeline->questions), ==, 0);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_position (player, 0.5);
  mh_player_go (player, GST_STATE_NULL);
  g_assert_cmpint (g_atomic_int_get (&pipeline->questions), ==, 0);
}

static void
add_tests (void)
{
  g_test_add_data_func ("/errors/failing/before",
      "audiotestsrc samplesperbuffer=441 ! audio/x-raw,rate=44100 ! "
      "identity error-after=90 ! mediaheartbeat name=heartbeat ! "
      "fakesink sync=true",
      test_failing);
  g_test_add_data_func ("/errors/failing/behind",
      "audiotestsrc samplesperbuffer=441 ! audio/x-raw,rate=44100 ! "
      "mediaheartbeat name=heartbeat ! identity error-after=90 ! "
      "fakesink sync=true",
      test_failing);
  g_test_add_func ("/errors/dropped-messages", test_dropped_messages);
  g_test_add_func ("/errors/missing/launch", test_missing);
  g_test_add_func ("/errors/storm", test_storm);
  mh_player_add_playbins ("/errors/missing", test_missing_playbin);
  g_test_add_func ("/errors/garbage/launch", test_garbage);
  mh_player_add_playbins ("/errors/garbage", test_garbage_playbin);
  g_test_add_func ("/errors/truncated", test_truncated);
  g_test_add_func ("/errors/corrupt", test_corrupt);
  g_test_add_func ("/errors/taken-out", test_taken_out);
  g_test_add_func ("/errors/disposed-playing", test_disposed_playing);
  g_test_add_func ("/errors/last-reference", test_last_reference);
  g_test_add_func ("/errors/no-answer", test_no_answer);
  g_test_add_func ("/errors/stopping", test_stopping);
}

int
main (int argc, char *argv[])
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  add_tests ();
  return mh_test_media_run ();
}
