/* Tests of whole pipelines: one that has lost its state is paused before it has
 * got it back. The element is not told of that pause.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-player.h"
#include "mh-test-media.h"

#define FLAG_VIDEO 1 /* GstPlayFlags */

/* Keeps data away from what comes behind the element. */
static gulong
block (MhPlayer *player)
{
  g_autoptr (GstPad)
      pad = gst_element_get_static_pad (player->heartbeat, "src");

  return gst_pad_add_probe (pad,
      GST_PAD_PROBE_TYPE_BLOCK | GST_PAD_PROBE_TYPE_BUFFER, NULL, NULL, NULL);
}

static void
unblock (MhPlayer *player, gulong probe)
{
  g_autoptr (GstPad)
      pad = gst_element_get_static_pad (player->heartbeat, "src");

  gst_pad_remove_probe (pad, probe);
}

static void
assert_lost (MhPlayer *player)
{
  GstState state, pending;

  gst_element_get_state (player->pipeline, &state, &pending, 0);
  g_assert_cmpint (state, ==, GST_STATE_PAUSED);
  g_assert_cmpint (pending, !=, GST_STATE_VOID_PENDING);
}

/* Plays, seeks to 10 s, and pauses before the data of there has come. */
static void
pause_in_seek (MhPlayer *player)
{
  gulong probe;

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_position (player, 1.4);
  probe = block (player);
  mh_player_seek (player, 10);
  assert_lost (player);
  gst_element_set_state (player->pipeline, GST_STATE_PAUSED);
  unblock (player, probe);
  mh_player_settle (player);
}

/* It is inactive for longer than that is allowed: the session is closed, and
 * resumed by the real play. */
static void
test_seek (gconstpointer factory)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_playbin (
      collector, factory, "audio-filter", mh_test_media_video (20));
  guint64 inactive = 0;

  g_object_set (player->heartbeat, "idle-timeout", 1, NULL);
  pause_in_seek (player);
  g_assert_cmpint (GST_STATE (player->heartbeat), ==, GST_STATE_PLAYING);
  mh_player_assert_near (
      mh_collector_wait (collector, "pauseStart", 1)->playhead, 10);
  g_object_get (player->heartbeat, "inactive-time", &inactive, NULL);
  g_assert_cmpuint (inactive, >, 0);
  mh_player_assert_near (
      mh_collector_wait (collector, "sessionEnd", 1)->playhead, 10);
  mh_player_go (player, GST_STATE_PLAYING);
  g_assert_true (mh_collector_wait (collector, "sessionStart", 2)->resume);
  mh_player_assert_near (
      mh_collector_wait (collector, "play", 3)->playhead, 10);
  mh_player_wait_position (player, 10.5);
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_assert_sane (collector);
}

/* A session that stays open for the whole of the pause. */
static void
test_seek_briefly (gconstpointer factory)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_playbin (
      collector, factory, "audio-filter", mh_test_media_video (20));
  guint pings;

  g_object_set (player->heartbeat, "ping-interval", 1, NULL);
  pause_in_seek (player);
  mh_player_assert_near (
      mh_collector_wait (collector, "pauseStart", 1)->playhead, 10);
  pings = mh_collector_count (collector, "ping");
  mh_player_assert_near (
      mh_collector_wait (collector, "ping", pings + 2)->playhead, 10);
  g_assert_cmpuint (mh_collector_count (collector, "play"), ==, 2);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_assert_near (
      mh_collector_wait (collector, "play", 3)->playhead, 10);
  mh_player_wait_position (player, 10.5);
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_wait (collector, "sessionEnd", 1);
  mh_collector_assert_order (
      collector, "sessionStart play pauseStart play sessionEnd");
}

/* Video is switched off and on again. */
static void
test_video_on (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_playbin (
      collector, "playbin", "audio-filter", mh_test_media_video (20));
  guint flags;

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_position (player, 1.4);
  g_object_get (player->pipeline, "flags", &flags, NULL);
  g_object_set (player->pipeline, "flags", flags & ~(guint) FLAG_VIDEO, NULL);
  mh_player_wait_position (player, 2.4);
  g_object_set (player->pipeline, "flags", flags, NULL);
  while (GST_STATE (player->pipeline) == GST_STATE_PLAYING)
    g_thread_yield ();
  gst_element_set_state (player->pipeline, GST_STATE_PAUSED);
  mh_player_settle (player);
  mh_collector_wait (collector, "pauseStart", 1);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_collector_wait (collector, "play", 3);
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_wait (collector, "sessionEnd", 1);
  mh_collector_assert_order (
      collector, "sessionStart play pauseStart play sessionEnd");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  mh_player_add_playbins ("/pipelines/lost-state/seek", test_seek);
  mh_player_add_playbins ("/pipelines/lost-state/briefly", test_seek_briefly);
  g_test_add_func ("/pipelines/lost-state/video-on", test_video_on);
  return mh_test_media_run ();
}
