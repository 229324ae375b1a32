/* Tests of whole pipelines: an application that brings the data itself, and has
 * none for a while, pauses the pipeline for that, as WebKit does with Media Source
 * Extensions.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-player.h"

#define RATE 8000

static GstElement *
get_source (MhPlayer *player)
{
  return gst_bin_get_by_name (GST_BIN (player->pipeline), "source");
}

/* Silence in buffers of a tenth of a second. */
static void
push (MhPlayer *player, guint from, guint seconds)
{
  g_autoptr (GstElement) source = get_source (player);

  for (guint i = from * 10; i < (from + seconds) * 10; i++) {
    g_autoptr (GstBuffer)
        buffer = gst_buffer_new_allocate (NULL, 2 * RATE / 10, NULL);
    GstFlowReturn result;

    gst_buffer_memset (buffer, 0, 0, 2 * RATE / 10);
    GST_BUFFER_PTS (buffer) = i * GST_SECOND / 10;
    GST_BUFFER_DURATION (buffer) = GST_SECOND / 10;
    g_signal_emit_by_name (source, "push-buffer", buffer, &result);
    g_assert_cmpint (result, ==, GST_FLOW_OK);
  }
}

static MhPlayer *
start (MhCollector *collector)
{
  MhPlayer *player = mh_player_launch (collector,
      "appsrc name=source format=time caps=audio/x-raw,format=S16LE,rate=8000,"
      "channels=1,layout=interleaved ! queue ! mediaheartbeat name=heartbeat "
      "! fakesink sync=true");

  push (player, 0, 2);
  mh_player_go (player, GST_STATE_PLAYING);
  return player;
}

static void
test_dry (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = start (collector);

  mh_player_wait_position (player, 1.999);
  gst_element_set_state (player->pipeline, GST_STATE_PAUSED);
  mh_player_assert_near (
      mh_collector_wait (collector, "bufferStart", 1)->playhead, 2);
  push (player, 2, 2);
  mh_player_settle (player);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_assert_near (mh_collector_wait (collector, "play", 3)->playhead, 2);
  mh_player_wait_position (player, 2.5);
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_wait (collector, "sessionEnd", 1);
  mh_collector_assert_order (
      collector, "sessionStart play bufferStart play sessionEnd");
}

/* While there is some, a pause is one. */
static void
test_not_dry (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = start (collector);

  push (player, 2, 1);
  mh_player_wait_position (player, 1.5);
  mh_player_go (player, GST_STATE_PAUSED);
  mh_player_assert_near (
      mh_collector_wait (collector, "pauseStart", 1)->playhead, 1.5);
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_wait (collector, "sessionEnd", 1);
  mh_collector_assert_order (
      collector, "sessionStart play pauseStart sessionEnd");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_test_add_func ("/pipelines/dry/dry", test_dry);
  g_test_add_func ("/pipelines/dry/not-dry", test_not_dry);
  return g_test_run ();
}
