/* Tests of whole pipelines: what a user does with a player.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-player.h"
#include "mh-test-media.h"
#include "mh-test-sleep.h"

#include "collector-event.h"

static void
assert_accepted (MhCollector *collector, const char *wanted)
{
  g_autofree char *order = mh_collector_dup_order (collector);

  g_assert_cmpstr (order, ==, wanted);
  mh_collector_assert_sane (collector);
}

static MhPlayer *
make_player (MhCollector *collector, guint seconds, const char *properties)
{
  return mh_player_launch (collector,
      "filesrc location=%s ! oggdemux ! vorbisdec ! "
      "mediaheartbeat name=heartbeat %s ! fakesink sync=true",
      mh_test_media_audio (seconds), properties);
}

/* One that can be played again: links that gst-launch's syntax makes later, to
 * a demuxer's pads, are made once only. */
static MhPlayer *
make_tone (MhCollector *collector)
{
  return mh_player_launch (collector,
      "audiotestsrc num-buffers=500 samplesperbuffer=441 ! "
      "audio/x-raw,rate=44100 ! mediaheartbeat name=heartbeat ! "
      "fakesink sync=true");
}

/* ---- stopping ---- */

static void
test_stop (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_player (collector, 5, "");
  double stopped;

  mh_player_go (player, GST_STATE_PLAYING);
  mh_collector_wait (collector, "play", 1);
  mh_player_wait_position (player, 0.8);
  stopped = mh_player_position (player);
  mh_player_go (player, GST_STATE_NULL);
  mh_player_assert_near (
      mh_collector_wait (collector, "sessionEnd", 1)->playhead, stopped);
  mh_collector_assert_order (collector, "sessionStart play sessionEnd");
}

static void
test_stop_in_pause (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_player (collector, 5, "");
  double paused;

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_position (player, 0.5);
  mh_player_go (player, GST_STATE_PAUSED);
  paused = mh_player_position (player);
  mh_collector_wait (collector, "pauseStart", 1);
  mh_player_go (player, GST_STATE_NULL);
  mh_player_assert_near (
      mh_collector_wait (collector, "sessionEnd", 1)->playhead, paused);
  mh_collector_assert_order (
      collector, "sessionStart play pauseStart sessionEnd");
}

/* Between the wish to play and the first frame. Each plays something else: a source
 * that is stopped in its first moment may post an error, and of media that fails again
 * and again not every start is told. */
static void
test_stop_at_once (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_tone (collector);
  guint n;

  for (guint i = 0; i < 20; i++) {
    g_autofree char *id = g_strdup_printf ("media %u", i);

    g_object_set (player->heartbeat, "media-id", id, NULL);
    gst_element_set_state (player->pipeline, GST_STATE_PLAYING);
    gst_element_set_state (player->pipeline, GST_STATE_NULL);
  }
  g_object_set (player->heartbeat, "media-id", "played", NULL);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_hit (player, "play", 1);
  mh_player_go (player, GST_STATE_NULL);
  n = mh_player_get_stat (player, "sessions");
  mh_collector_wait (collector, "sessionEnd", n);
  g_assert_cmpuint (mh_collector_count (collector, "sessionStart"), ==, n);
  mh_collector_assert_sane (collector);
}

static void
test_never_played (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_player (collector, 2, "");

  mh_player_go (player, GST_STATE_PAUSED);
  mh_player_seek (player, 1);
  mh_player_settle (player);
  mh_player_go (player, GST_STATE_NULL);
  g_assert_cmpuint (mh_player_get_stat (player, "sessions"), ==, 0);
  g_assert_cmpuint (mh_player_get_stat (player, "hits"), ==, 0);
  g_assert_null (mh_collector_nth (collector, 0));
}

/* ---- pausing ---- */

static void
test_idle (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_player (collector, 5, "idle-timeout=1");
  const MhCollected *first, *second;
  double paused;

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_position (player, 0.7);
  mh_player_go (player, GST_STATE_PAUSED);
  paused = mh_player_position (player);
  mh_player_assert_near (
      mh_collector_wait (collector, "sessionEnd", 1)->playhead, paused);
  mh_player_go (player, GST_STATE_PLAYING);
  second = mh_collector_wait (collector, "sessionStart", 2);
  first = mh_collector_wait (collector, "sessionStart", 1);
  g_assert_true (second->resume);
  g_assert_false (first->resume);
  g_assert_cmpstr (first->session, !=, second->session);
  mh_player_assert_near (second->playhead, paused);
  g_assert_cmpstr (
      collector_event_get_string (first->event, "params", "media.id"), ==,
      collector_event_get_string (second->event, "params", "media.id"));
  mh_collector_wait (collector, "play", 2);
  g_assert_cmpuint (mh_player_get_stat (player, "resumes"), ==, 1);
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_assert_order (collector,
      "sessionStart play pauseStart sessionEnd sessionStart play sessionEnd");
}

/* Stopped after it was closed by inactivity: it does not come back. */
static void
test_idle_stop (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_player (collector, 5, "idle-timeout=1");

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_hit (player, "play", 1);
  mh_player_go (player, GST_STATE_PAUSED);
  mh_player_wait_hit (player, "sessionEnd", 1);
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_assert_order (
      collector, "sessionStart play pauseStart sessionEnd");
}

static void
test_session_timeout (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_player (collector, 5, "session-timeout=2");
  const MhCollected *second;

  mh_player_go (player, GST_STATE_PLAYING);
  second = mh_collector_wait (collector, "sessionStart", 2);
  g_assert_true (second->resume);
  mh_player_assert_near (second->playhead, 2);
  mh_player_go (player, GST_STATE_NULL);
}

/* ---- the machine sleeps ---- */

#define NIGHT (8 * 3600)

/* The heartbeats of its sleep are left out here (late-delivery): they come as
 * a batch otherwise.
 *
 * What it did meanwhile nobody has seen: another session goes on with what is
 * played. The one before the server has closed itself, long ago: it may have
 * refused a hit, where it fell asleep before its last answer was heard. */
static void
test_sleep (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (collector,
      "audiotestsrc num-buffers=12000 samplesperbuffer=441 ! "
      "audio/x-raw,rate=44100 ! mediaheartbeat name=heartbeat "
      "late-delivery=drop ! fakesink sync=true");
  const MhCollected *first, *second;
  double slept;

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_position (player, 1.4);
  mh_collector_wait (collector, "play", 2);
  slept = mh_player_position (player);
  mh_test_sleep (NIGHT);
  mh_player_wait_hit (player, "sessionEnd", 1);
  second = mh_collector_wait (collector, "sessionStart", 2);
  first = mh_collector_wait (collector, "sessionStart", 1);
  g_assert_true (second->resume);
  g_assert_cmpfloat (second->playhead, >=, slept);
  g_assert_cmpint (second->ts - first->ts, >=, NIGHT * 1000);
  /* What is due after it is due by the same clock. */
  mh_collector_wait (collector, "play", 4);
  mh_player_go (player, GST_STATE_NULL);
  assert_accepted (collector, "sessionStart play sessionStart play sessionEnd");
}

/* What did not play before it slept does not play when it wakes up. */
static void
test_sleep_in_pause (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer)
      player = make_player (collector, 5, "ping-interval=1 late-delivery=drop");

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_position (player, 0.7);
  mh_player_go (player, GST_STATE_PAUSED);
  mh_collector_wait (collector, "pauseStart", 1);
  mh_test_sleep (NIGHT);
  mh_player_wait_hit (player, "sessionEnd", 1);
  mh_player_go (player, GST_STATE_PLAYING);
  g_assert_true (mh_collector_wait (collector, "sessionStart", 2)->resume);
  mh_player_go (player, GST_STATE_NULL);
  assert_accepted (
      collector, "sessionStart play pauseStart sessionStart play sessionEnd");
}

/* ---- a wall clock that is wrong ---- */

#define WRONG (-5 * 3600)

/* The playhead of live media is the second of the day, also in the message. */
static void
assert_of_its_time (const MhCollected *hit, const GstStructure *message)
{
  double second = (double) (hit->ts % 86400000) / 1000;
  double told;
  guint64 ts;

  g_assert_cmpfloat_with_epsilon (hit->playhead, second, 0.1);
  g_assert_true (gst_structure_get (message, "timestamp", G_TYPE_UINT64, &ts,
      "playhead", G_TYPE_DOUBLE, &told, NULL));
  g_assert_cmpint ((gint64) ts, ==, hit->ts);
  g_assert_cmpfloat_with_epsilon (told, second, 0.1);
}

/* A time server is heard of while live media plays: what the server has of it by the
 * wrong clock is ended, and another session goes on by the right one. */
static void
test_clock_live (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  const MhCollected *before, *after;
  g_autoptr (MhPlayer) player = NULL;
  guint n;

  mh_test_set_wall (WRONG);
  player = mh_player_launch (collector,
      "audiotestsrc is-live=true samplesperbuffer=441 ! "
      "audio/x-raw,rate=44100 ! mediaheartbeat name=heartbeat "
      "ping-interval=1 ! fakesink sync=true");
  mh_player_go (player, GST_STATE_PLAYING);
  before = mh_collector_wait (collector, "ping", 1);
  assert_of_its_time (before, mh_player_wait_hit (player, "ping", 1));
  n = mh_collector_count (collector, "ping");
  mh_test_set_wall (0);
  mh_collector_wait (collector, "sessionStart", 2);
  after = mh_collector_wait (collector, "ping", n + 3);
  assert_of_its_time (after, mh_player_wait_hit (player, "ping", n + 3));
  mh_player_go (player, GST_STATE_NULL);
  g_assert_cmpint (after->ts - before->ts, >=, -WRONG * 1000);
  g_assert_cmpint (after->ts - before->ts, <, (-WRONG + 600) * 1000);
  /* The two sessions are sent at the same time, in any order. */
  g_assert_cmpuint (mh_collector_count (collector, "sessionStart"), ==, 2);
  g_assert_cmpuint (mh_collector_count (collector, "sessionEnd"), ==, 2);
  mh_collector_assert_sane (collector);
}

/* ---- pausing in quick succession ---- */

/* Too short to count, or not. */
static void
test_quick_pauses (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_player (collector, 5, "ping-interval=1");

  mh_player_go (player, GST_STATE_PLAYING);
  mh_collector_wait (collector, "play", 1);
  for (guint i = 0; i < 20; i++) {
    mh_player_go (player, GST_STATE_PAUSED);
    mh_player_go (player, GST_STATE_PLAYING);
  }
  mh_player_wait_position (player, 1.5);
  mh_player_go (player, GST_STATE_NULL);
  g_assert_cmpuint (mh_player_get_stat (player, "refused"), ==, 0);
  g_assert_cmpuint (mh_collector_count_refused (collector), ==, 0);
  mh_collector_assert_sane (collector);
}

/* ---- seeking ---- */

static void
test_seek (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_player (collector, 5, "");

  mh_player_go (player, GST_STATE_PLAYING);
  mh_collector_wait (collector, "play", 1);
  mh_player_wait_position (player, 1.4); /* the content has started */
  mh_player_seek (player, 3);
  mh_player_assert_near (
      mh_collector_wait (collector, "pauseStart", 1)->playhead, 3);
  mh_player_assert_near (mh_collector_wait (collector, "play", 3)->playhead, 3);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_player_assert_near (
      mh_collector_wait (collector, "sessionComplete", 1)->playhead, 5);
  mh_collector_assert_order (
      collector, "sessionStart play pauseStart play sessionComplete");
}

static void
test_scrub (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_player (collector, 5, "");

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_position (player, 1.4);
  for (guint i = 0; i < 10; i++)
    mh_player_seek (player, 1 + i * 0.2);
  mh_collector_wait (collector, "pauseStart", 1);
  mh_player_assert_near (
      mh_collector_wait (collector, "play", 3)->playhead, 2.8);
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_assert_order (
      collector, "sessionStart play pauseStart play sessionEnd");
}

static void
test_seek_in_pause (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_player (collector, 5, "");
  guint plays;

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_position (player, 0.5);
  mh_player_go (player, GST_STATE_PAUSED);
  mh_collector_wait (collector, "pauseStart", 1);
  plays = mh_collector_count (collector, "play");
  mh_player_seek (player, 3);
  mh_player_settle (player);
  mh_player_assert_near (mh_player_position (player), 3);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_assert_near (
      mh_collector_wait (collector, "play", plays + 1)->playhead, 3);
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_assert_order (
      collector, "sessionStart play pauseStart play sessionEnd");
}

/* playbin gives the event to its video sink, and the element is in the other branch. It is
 * told where the seek is to go, and not where the key frame is. */
static void
test_seek_other_branch (gconstpointer factory)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_playbin (
      collector, factory, "audio-filter", mh_test_media_video (20));

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_position (player, 1.4);
  g_assert_true (gst_element_seek_simple (player->pipeline, GST_FORMAT_TIME,
      GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_KEY_UNIT, 10300 * GST_MSECOND));
  g_assert_cmpfloat_with_epsilon (
      mh_collector_wait (collector, "pauseStart", 1)->playhead, 10.3, 0.01);
  mh_collector_wait (collector, "play", 3);
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_assert_order (
      collector, "sessionStart play pauseStart play sessionEnd");
}

/* In front of a demuxer that pulls: that takes the seek for itself, and flushes what it
 * pulls from. Where it has gone is the pipeline's to say. */
static void
test_seek_pulled (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (collector,
      "filesrc location=%s ! mediaheartbeat name=heartbeat ! oggdemux ! "
      "vorbisdec ! fakesink sync=true",
      mh_test_media_audio (20));
  const MhCollected *pause;
  double least, most;

  mh_player_go (player, GST_STATE_PLAYING);
  mh_collector_wait (collector, "play", 2);
  most = mh_player_seek_from (player, &least, 8);
  pause = mh_collector_wait (collector, "pauseStart", 1);
  g_assert_cmpfloat (pause->playhead, >=, least - MH_PLAYHEAD_TOLERANCE);
  g_assert_cmpfloat (pause->playhead, <=, most + MH_PLAYHEAD_TOLERANCE);
  mh_player_assert_near (mh_collector_wait (collector, "play", 3)->playhead, 8);
  mh_player_go (player, GST_STATE_PAUSED);
  mh_collector_wait (collector, "pauseStart", 2);
  mh_player_seek (player, 3);
  mh_player_settle (player);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_assert_near (mh_collector_wait (collector, "play", 4)->playhead, 3);
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_assert_order (collector,
      "sessionStart play pauseStart play pauseStart play sessionEnd");
}

/* Starts where the application has sought to. */
static void
test_start_elsewhere (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_player (collector, 5, "resumed=true");

  mh_player_go (player, GST_STATE_PAUSED);
  mh_player_seek (player, 3);
  mh_player_settle (player);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_assert_near (mh_collector_wait (collector, "play", 1)->playhead, 3);
  mh_player_assert_near (
      mh_collector_wait (collector, "sessionStart", 1)->playhead, 3);
  g_assert_true (mh_collector_wait (collector, "sessionStart", 1)->resume);
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_assert_order (collector, "sessionStart play sessionEnd");
}

static void
test_rate (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_player (collector, 5, "ping-interval=1");
  const MhCollected *play, *ping;

  mh_player_go (player, GST_STATE_PAUSED);
  g_assert_true (gst_element_seek (player->pipeline, 2.0, GST_FORMAT_TIME,
      GST_SEEK_FLAG_FLUSH, GST_SEEK_TYPE_SET, 0, GST_SEEK_TYPE_NONE, -1));
  mh_player_settle (player);
  mh_player_go (player, GST_STATE_PLAYING);
  play = mh_collector_wait (collector, "play", 1);
  ping = mh_collector_wait (collector, "ping", 1);
  mh_player_assert_near (ping->playhead - play->playhead,
      2 * (double) (ping->ts - play->ts) / 1000);
  mh_player_go (player, GST_STATE_NULL);
}

/* Without a place: the source goes on from where it is, and its segment is as long as
 * before. */
static void
test_rate_from_here (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_tone (collector);

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_position (player, 1);
  mh_player_go (player, GST_STATE_PAUSED);
  mh_collector_wait (collector, "pauseStart", 1);
  g_assert_true (gst_element_seek (player->pipeline, 2.0, GST_FORMAT_TIME,
      GST_SEEK_FLAG_FLUSH, GST_SEEK_TYPE_NONE, 0, GST_SEEK_TYPE_NONE, 0));
  mh_player_settle (player);
  mh_player_assert_near (
      mh_collector_wait (collector, "pauseStart", 2)->playhead,
      mh_player_position (player));
  mh_player_go (player, GST_STATE_NULL);
}

/* ---- one after the other ---- */

static void
test_replay (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_player (collector, 2, "");
  const MhCollected *second;

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_collector_wait (collector, "sessionComplete", 1);
  mh_player_seek (player, 0);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_collector_wait (collector, "sessionComplete", 2);
  second = mh_collector_wait (collector, "sessionStart", 2);
  g_assert_false (second->resume);
  mh_player_assert_near (second->playhead, 0);
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_assert_order (collector,
      "sessionStart play sessionComplete sessionStart play sessionComplete");
}

/* Through NULL and back: another session of the same element. */
static void
test_again (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_tone (collector);

  for (guint i = 1; i <= 3; i++) {
    mh_player_go (player, GST_STATE_PLAYING);
    mh_player_wait_hit (player, "play", i);
    mh_player_go (player, GST_STATE_NULL);
    mh_collector_wait (collector, "sessionEnd", i);
    g_assert_false (mh_collector_wait (collector, "sessionStart", i)->resume);
    mh_player_pump (player);
  }
  g_assert_cmpuint (mh_player_get_stat (player, "sessions"), ==, 3);
  g_assert_cmpuint (mh_player_get_stat (player, "queued"), ==, 0);
  mh_collector_assert_order (collector,
      "sessionStart play sessionEnd sessionStart play sessionEnd "
      "sessionStart play sessionEnd");
}

/* ---- the pipeline's own affairs ---- */

/* Takes an element out of the pipeline, before it gets the next buffer. */
static GstPadProbeReturn
on_blocked (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  MhPlayer *player = user_data;
  GstElement *between = gst_bin_get_by_name (
      GST_BIN (player->pipeline), "between");
  g_autoptr (GstPad)
      sinkpad = gst_element_get_static_pad (player->heartbeat, "sink");

  gst_bin_remove (GST_BIN (player->pipeline), between);
  gst_element_set_state (between, GST_STATE_NULL);
  gst_object_unref (between);
  g_assert_cmpint (gst_pad_link (pad, sinkpad), ==, GST_PAD_LINK_OK);
  return GST_PAD_PROBE_REMOVE;
}

/* Over the new link all comes again that is said at a stream's beginning; it is
 * the same stream. */
static void
test_relink (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (collector,
      "audiotestsrc num-buffers=300 samplesperbuffer=441 ! "
      "capsfilter name=before caps=audio/x-raw,rate=44100 ! "
      "identity name=between ! mediaheartbeat name=heartbeat ! "
      "fakesink sync=true");
  g_autoptr (GstElement)
      before = gst_bin_get_by_name (GST_BIN (player->pipeline), "before");
  g_autoptr (GstPad) pad = gst_element_get_static_pad (before, "src");

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_position (player, 1.4);
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BLOCK | GST_PAD_PROBE_TYPE_BUFFER,
      on_blocked, player, NULL);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  g_assert_cmpuint (GST_BIN_NUMCHILDREN (player->pipeline), ==, 4);
  mh_player_assert_near (
      mh_collector_wait (collector, "sessionComplete", 1)->playhead, 3);
  mh_player_go (player, GST_STATE_NULL);
  g_assert_cmpuint (mh_player_get_stat (player, "sessions"), ==, 1);
  mh_collector_assert_order (collector, "sessionStart play sessionComplete");
}

static void
test_new_uri (gconstpointer data)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_playbin (
      collector, data, "audio-filter", mh_test_media_audio (5));
  g_autofree char *uri = gst_filename_to_uri (mh_test_media_audio (2), NULL);
  const MhCollected *second;

  mh_player_go (player, GST_STATE_PLAYING);
  mh_collector_wait (collector, "play", 1);
  mh_player_go (player, GST_STATE_READY);
  g_object_set (player->pipeline, "uri", uri, NULL);
  mh_player_go (player, GST_STATE_PLAYING);
  second = mh_collector_wait (collector, "sessionStart", 2);
  g_assert_false (second->resume);
  g_assert_cmpstr (
      collector_event_get_string (second->event, "params", "media.id"), ==,
      uri);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_collector_wait (collector, "sessionComplete", 1);
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_assert_order (collector,
      "sessionStart play sessionEnd sessionStart play sessionComplete");
}

static void
test_gapless (gconstpointer data)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_playbin (
      collector, data, "audio-filter", mh_test_media_audio (3));
  g_autofree char *uri = gst_filename_to_uri (mh_test_media_audio (2), NULL);
  const MhCollected *second;

  mh_player_give_next (player, uri);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_player_assert_near (
      mh_collector_wait (collector, "sessionComplete", 1)->playhead, 3);
  mh_player_assert_near (
      mh_collector_wait (collector, "sessionComplete", 2)->playhead, 2);
  second = mh_collector_wait (collector, "sessionStart", 2);
  g_assert_false (second->resume);
  mh_player_assert_near (second->playhead, 0);
  g_assert_cmpstr (
      collector_event_get_string (second->event, "params", "media.id"), ==,
      uri);
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_assert_order (collector,
      "sessionStart play sessionComplete sessionStart play sessionComplete");
}

/* ---- buffering ---- */

/* Two that fill buffers, as an application's own pipeline may have them: nothing
 * merges what they say. They lie beside the stream and say what they are told. */
static MhPlayer *
make_buffering (MhCollector *collector)
{
  MhPlayer *player = make_player (collector, 10, "");

  for (guint i = 1; i <= 2; i++) {
    g_autofree char *name = g_strdup_printf ("buffer-%u", i);

    gst_bin_add (
        GST_BIN (player->pipeline), gst_element_factory_make ("queue2", name));
  }
  mh_player_go (player, GST_STATE_PLAYING);
  mh_collector_wait (collector, "play", 1);
  return player;
}

static void
buffer (MhPlayer *player, guint n, int percent)
{
  g_autofree char *name = g_strdup_printf ("buffer-%u", n);
  g_autoptr (GstElement)
      element = gst_bin_get_by_name (GST_BIN (player->pipeline), name);

  g_assert_true (gst_element_post_message (
      element, gst_message_new_buffering (GST_OBJECT (element), percent)));
}

/* The application pauses for the one; the other is full. */
static void
test_two_buffers (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_buffering (collector);

  buffer (player, 1, 20);
  buffer (player, 2, 100);
  mh_player_go (player, GST_STATE_PAUSED);
  mh_collector_wait (collector, "bufferStart", 1);
  buffer (player, 1, 100);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_collector_wait (collector, "play", 2);
  g_assert_cmpuint (mh_collector_count (collector, "pauseStart"), ==, 0);
}

static void
stop_element (GstElement *pipeline, GstElement *element)
{
  g_assert_true (gst_element_set_locked_state (element, TRUE));
  gst_element_set_state (element, GST_STATE_NULL);
}

static void
remove_element (GstElement *pipeline, GstElement *element)
{
  g_assert_true (gst_bin_remove (GST_BIN (pipeline), element));
}

/* One that was not full has gone: after that it is the user who pauses. */
static void
test_buffer_gone (gconstpointer data)
{
  void (*end) (GstElement * pipeline, GstElement * element) = data;
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_buffering (collector);
  g_autoptr (GstElement)
      element = gst_bin_get_by_name (GST_BIN (player->pipeline), "buffer-1");

  buffer (player, 1, 20);
  end (player->pipeline, element);
  mh_player_go (player, GST_STATE_PAUSED);
  mh_collector_wait (collector, "pauseStart", 1);
  gst_element_set_state (element, GST_STATE_NULL);
  g_assert_cmpuint (mh_collector_count (collector, "bufferStart"), ==, 0);
}

static void
add_tests (void)
{
  g_test_add_func ("/transitions/stop", test_stop);
  g_test_add_func ("/transitions/stop/in-pause", test_stop_in_pause);
  g_test_add_func ("/transitions/stop/at-once", test_stop_at_once);
  g_test_add_func ("/transitions/stop/never-played", test_never_played);
  g_test_add_func ("/transitions/pause/idle", test_idle);
  g_test_add_func ("/transitions/pause/idle-and-stop", test_idle_stop);
  g_test_add_func ("/transitions/pause/quick", test_quick_pauses);
  g_test_add_func ("/transitions/sleep/playing", test_sleep);
  g_test_add_func ("/transitions/sleep/paused", test_sleep_in_pause);
  g_test_add_func ("/transitions/clock/live", test_clock_live);
  g_test_add_func ("/transitions/session-timeout", test_session_timeout);
  g_test_add_func ("/transitions/seek", test_seek);
  g_test_add_func ("/transitions/seek/scrub", test_scrub);
  g_test_add_func ("/transitions/seek/in-pause", test_seek_in_pause);
  mh_player_add_playbins (
      "/transitions/seek/other-branch", test_seek_other_branch);
  g_test_add_func ("/transitions/seek/pulled", test_seek_pulled);
  g_test_add_func ("/transitions/seek/before-playing", test_start_elsewhere);
  g_test_add_func ("/transitions/seek/rate", test_rate);
  g_test_add_func ("/transitions/seek/rate-from-here", test_rate_from_here);
  g_test_add_func ("/transitions/replay", test_replay);
  g_test_add_func ("/transitions/again", test_again);
  g_test_add_func ("/transitions/relink", test_relink);
  g_test_add_func ("/transitions/buffering/two", test_two_buffers);
  g_test_add_data_func (
      "/transitions/buffering/stopped", stop_element, test_buffer_gone);
  g_test_add_data_func (
      "/transitions/buffering/removed", remove_element, test_buffer_gone);
  mh_player_add_playbins ("/transitions/new-uri", test_new_uri);
  mh_player_add_playbins ("/transitions/gapless", test_gapless);
}

int
main (int argc, char *argv[])
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  add_tests ();
  return mh_test_media_run ();
}
