/* Tests of whole pipelines whose application keeps all messages to itself: its
 * bus handler drops them, and whatever it needs it takes there.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-player.h"
#include "mh-test-media.h"

#include "collector-event.h"

/* ---- the application ---- */

static void
message_unref (gpointer data)
{
  gst_message_unref (data);
}

static void
queue_unref (gpointer data)
{
  g_async_queue_unref (data);
}

static GstBusSyncReply
keep (GstBus *bus, GstMessage *message, gpointer queue)
{
  /* A reference to the pipeline would keep it for ever. */
  g_async_queue_push (queue, message);
  return GST_BUS_DROP;
}

/* Returns: (transfer full): where the messages go. */
static GAsyncQueue *
keep_messages (MhPlayer *player)
{
  GAsyncQueue *queue = g_async_queue_new_full (message_unref);

  gst_bus_set_sync_handler (
      player->bus, keep, g_async_queue_ref (queue), queue_unref);
  return queue;
}

/* Waits for a message of the pipeline's, or for one about buffering.
 *
 * Returns: the percentage of the latter. */
static int
wait_for (MhPlayer *player, GAsyncQueue *queue, GstMessageType type)
{
  int percent = -1;
  gboolean found = FALSE;

  while (!found) {
    GstMessage *message = g_async_queue_timeout_pop (queue, MH_TEST_PATIENCE);

    if (!message)
      g_error ("waited in vain for %s", gst_message_type_get_name (type));
    found = GST_MESSAGE_TYPE (message) == type &&
        (type == GST_MESSAGE_BUFFERING ||
            GST_MESSAGE_SRC (message) == GST_OBJECT_CAST (player->pipeline));
    if (found && type == GST_MESSAGE_BUFFERING)
      gst_message_parse_buffering (message, &percent);
    gst_message_unref (message);
  }
  /* None has come to the bus's own queue. */
  g_assert_false (gst_bus_have_pending (player->bus));
  return percent;
}

static MhPlayer *
make_player (MhCollector *collector, const char *host, guint seconds)
{
  if (g_str_has_prefix (host, "playbin"))
    return mh_player_playbin (
        collector, host, "audio-filter", mh_test_media_audio (seconds));
  return mh_player_launch (collector,
      "filesrc location=%s ! oggdemux ! vorbisdec ! queue ! "
      "mediaheartbeat name=heartbeat ! fakesink sync=true",
      mh_test_media_audio (seconds));
}

/* ---- tests: @data is the host ---- */

static void
test_to_the_end (gconstpointer data)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_player (collector, data, 3);
  g_autoptr (GAsyncQueue) queue = keep_messages (player);

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_assert_near (mh_collector_wait (collector, "play", 1)->playhead, 0);
  wait_for (player, queue, GST_MESSAGE_EOS);
  /* Nothing else tells of it. */
  mh_player_assert_near (
      mh_collector_wait (collector, "sessionComplete", 1)->playhead, 3);
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_assert_order (collector, "sessionStart play sessionComplete");
}

/* As players do, right at the message. */
static void
test_stop_at_end (gconstpointer data)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_player (collector, data, 2);
  g_autoptr (GAsyncQueue) queue = keep_messages (player);

  mh_player_go (player, GST_STATE_PLAYING);
  wait_for (player, queue, GST_MESSAGE_EOS);
  mh_player_go (player, GST_STATE_NULL);
  mh_player_assert_near (
      mh_collector_wait (collector, "sessionComplete", 1)->playhead, 2);
  mh_collector_assert_order (collector, "sessionStart play sessionComplete");
}

static void
test_pause_and_seek (gconstpointer data)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_player (collector, data, 20);
  g_autoptr (GAsyncQueue) queue = keep_messages (player);
  double at;

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_position (player, 1.4);
  mh_player_go (player, GST_STATE_PAUSED);
  at = mh_player_position (player);
  mh_player_assert_near (
      mh_collector_wait (collector, "pauseStart", 1)->playhead, at);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_assert_near (
      mh_collector_wait (collector, "play", 3)->playhead, at);
  mh_player_wait_position (player, 1.8);
  mh_player_seek (player, 3.5);
  mh_player_assert_near (
      mh_collector_wait (collector, "pauseStart", 2)->playhead, 3.5);
  mh_player_assert_near (
      mh_collector_wait (collector, "play", 4)->playhead, 3.5);
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_assert_order (collector,
      "sessionStart play pauseStart play pauseStart play sessionEnd");
}

static void
test_gapless (gconstpointer data)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_player (collector, data, 3);
  g_autoptr (GAsyncQueue) queue = keep_messages (player);
  g_autofree char *uri = gst_filename_to_uri (mh_test_media_audio (2), NULL);
  const MhCollected *second;

  mh_player_give_next (player, uri);
  mh_player_go (player, GST_STATE_PLAYING);
  wait_for (player, queue, GST_MESSAGE_EOS);
  mh_player_assert_near (
      mh_collector_wait (collector, "sessionComplete", 1)->playhead, 3);
  mh_player_assert_near (
      mh_collector_wait (collector, "sessionComplete", 2)->playhead, 2);
  second = mh_collector_wait (collector, "sessionStart", 2);
  mh_player_assert_near (second->playhead, 0);
  g_assert_cmpstr (
      collector_event_get_string (second->event, "params", "media.id"), ==,
      uri);
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_assert_order (collector,
      "sessionStart play sessionComplete sessionStart play sessionComplete");
}

static void
test_new_uri (gconstpointer data)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_player (collector, data, 5);
  g_autoptr (GAsyncQueue) queue = keep_messages (player);
  g_autofree char *uri = gst_filename_to_uri (mh_test_media_audio (2), NULL);

  mh_player_go (player, GST_STATE_PLAYING);
  mh_collector_wait (collector, "play", 1);
  mh_player_go (player, GST_STATE_READY);
  g_object_set (player->pipeline, "uri", uri, NULL);
  mh_player_go (player, GST_STATE_PLAYING);
  wait_for (player, queue, GST_MESSAGE_EOS);
  mh_collector_wait (collector, "sessionComplete", 1);
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_assert_order (collector,
      "sessionStart play sessionEnd sessionStart play sessionComplete");
}

/* ---- starving ---- */

static MhPlayer *
make_starving_player (MhCollector *collector, const char *properties)
{
  return mh_player_launch (collector,
      "filesrc location=%s blocksize=1000 name=source ! "
      "queue2 name=buffer max-size-buffers=0 max-size-time=0 "
      "max-size-bytes=20000 %s ! oggdemux ! vorbisdec ! "
      "mediaheartbeat name=heartbeat stall-threshold=500 ! fakesink sync=true",
      mh_test_media_audio (30), properties);
}

static GstPadProbeReturn
block (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  return GST_PAD_PROBE_OK;
}

static GstPad *
get_source_pad (MhPlayer *player)
{
  g_autoptr (GstElement)
      source = gst_bin_get_by_name (GST_BIN (player->pipeline), "source");

  return gst_element_get_static_pad (source, "src");
}

static void
forget (GAsyncQueue *queue)
{
  GstMessage *message;

  while ((message = g_async_queue_try_pop (queue)))
    gst_message_unref (message);
}

static void
test_buffering (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_starving_player (
      collector, "use-buffering=true low-watermark=0.1 high-watermark=0.9");
  g_autoptr (GAsyncQueue) queue = keep_messages (player);
  g_autoptr (GstPad) pad = get_source_pad (player);
  gulong probe;
  double at;

  mh_player_go (player, GST_STATE_PAUSED);
  while (wait_for (player, queue, GST_MESSAGE_BUFFERING) < 100)
    ;
  mh_player_go (player, GST_STATE_PLAYING);
  mh_collector_wait (collector, "play", 2); /* the content has started */
  probe = gst_pad_add_probe (
      pad, GST_PAD_PROBE_TYPE_BLOCK_DOWNSTREAM, block, NULL, NULL);
  forget (queue);
  while (wait_for (player, queue, GST_MESSAGE_BUFFERING) >= 100)
    ;
  gst_element_set_state (player->pipeline, GST_STATE_PAUSED);
  at = mh_collector_wait (collector, "bufferStart", 1)->playhead;
  mh_player_assert_near (at, mh_player_position (player));
  gst_pad_remove_probe (pad, probe);
  while (wait_for (player, queue, GST_MESSAGE_BUFFERING) < 100)
    ;
  gst_element_set_state (player->pipeline, GST_STATE_PLAYING);
  mh_player_assert_near (
      mh_collector_wait (collector, "play", 3)->playhead, at);
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_assert_order (
      collector, "sessionStart play bufferStart play sessionEnd");
}

/* Values of playback-state. */
enum
{
  PLAYING = 1,
  STALLED = 5,
};

static void
on_playback_state (GstElement *heartbeat, GParamSpec *pspec, gpointer queue)
{
  int state;

  g_object_get (heartbeat, "playback-state", &state, NULL);
  g_async_queue_push (queue, GINT_TO_POINTER (state + 1));
}

static void
wait_for_playback_state (GAsyncQueue *queue, int state)
{
  gpointer next;

  do {
    next = g_async_queue_timeout_pop (queue, MH_TEST_PATIENCE);
    g_assert_nonnull (next);
  } while (GPOINTER_TO_INT (next) != state + 1);
}

static void
test_stall (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_starving_player (collector, "");
  g_autoptr (GAsyncQueue) queue = keep_messages (player);
  g_autoptr (GAsyncQueue) states = g_async_queue_new ();
  g_autoptr (GstPad) pad = get_source_pad (player);
  gulong probe;

  g_signal_connect (player->heartbeat, "notify::playback-state",
      G_CALLBACK (on_playback_state), states);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_collector_wait (collector, "play", 2);
  probe = gst_pad_add_probe (
      pad, GST_PAD_PROBE_TYPE_BLOCK_DOWNSTREAM, block, NULL, NULL);
  wait_for_playback_state (states, STALLED);
  gst_pad_remove_probe (pad, probe);
  wait_for_playback_state (states, PLAYING);
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_assert_order (collector, "sessionStart play sessionEnd");
}

static void
add_host_tests (const char *host)
{
  static const struct
  {
    const char *name;
    GTestDataFunc func;
    gboolean playbin;
  } tests[] = {
    { "to-the-end", test_to_the_end, FALSE },
    { "stop-at-end", test_stop_at_end, FALSE },
    { "pause-and-seek", test_pause_and_seek, FALSE },
    { "gapless", test_gapless, TRUE },
    { "new-uri", test_new_uri, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (tests); i++) {
    g_autofree char *path = g_strdup_printf (
        "/dropped/%s/%s", host, tests[i].name);

    if (!tests[i].playbin || g_str_has_prefix (host, "playbin"))
      g_test_add_data_func (path, host, tests[i].func);
  }
}

int
main (int argc, char *argv[])
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  add_host_tests ("pipeline");
  add_host_tests ("playbin");
  add_host_tests ("playbin3");
  g_test_add_func ("/dropped/buffering", test_buffering);
  g_test_add_func ("/dropped/stall", test_stall);
  return mh_test_media_run ();
}
