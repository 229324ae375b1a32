/* Tests of whole pipelines whose worker is late: a slow disk, a busy machine. What
 * it hears of then has happened at other times than now.
 *
 * The plugin is linked into this program, so that it finds the worker.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-player.h"
#include "mh-test-chapters.h"
#include "mh-test-gate.h"
#include "mh-test-media.h"

#include "mh-service.h"

GST_PLUGIN_STATIC_DECLARE (mediaheartbeat);

/* What holds the worker up. */
typedef struct
{
  MhTestGate gate;
  MhService *service;
} Hold;

typedef struct
{
  MhCollector *collector;
  MhPlayer *player;
  Hold hold;
} Fixture;

static void
hold_begin (Hold *hold)
{
  g_autoptr (GError) error = NULL;

  mh_test_gate_init (&hold->gate);
  hold->service = mh_service_acquire (&error);
  g_assert_no_error (error);
  mh_worker_invoke (mh_service_get_worker (hold->service), mh_test_gate_pass,
      &hold->gate, NULL);
}

/* After the gate has been opened. */
static void
hold_end (Hold *hold)
{
  mh_test_gate_await (&hold->gate);
  mh_test_gate_clear (&hold->gate);
  mh_service_release (hold->service);
}

/* The first data after a seek takes a moment to come. */
static GstPadProbeReturn
delay (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  g_autoptr (GstClock) clock = gst_system_clock_obtain ();
  GstClockID id = gst_clock_new_single_shot_id (
      clock, gst_clock_get_time (clock) + 600 * GST_MSECOND);

  gst_clock_id_wait (id, NULL);
  gst_clock_id_unref (id);
  return GST_PAD_PROBE_REMOVE;
}

static GstPadProbeReturn
delay_next (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  if (GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info)) != GST_EVENT_FLUSH_STOP)
    return GST_PAD_PROBE_OK;
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, delay, NULL, NULL);
  return GST_PAD_PROBE_REMOVE;
}

static void
delay_after_flush (Fixture *f)
{
  g_autoptr (GstPad)
      pad = gst_element_get_static_pad (f->player->heartbeat, "sink");

  gst_pad_add_probe (
      pad, GST_PAD_PROBE_TYPE_EVENT_FLUSH, delay_next, NULL, NULL);
}

static void
set_up (Fixture *f, gconstpointer unused)
{
  f->collector = mh_collector_new ();
  f->player = mh_player_launch (f->collector,
      "filesrc location=%s ! matroskademux ! vorbisdec ! "
      "mediaheartbeat name=heartbeat ! fakesink sync=true",
      mh_test_chapters_file ("chapters.mka", "vorbisenc ! matroskamux",
          GST_TOC_ENTRY_TYPE_CHAPTER));
  delay_after_flush (f);
  hold_begin (&f->hold);
  mh_player_go (f->player, GST_STATE_PLAYING);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  mh_player_free (f->player);
  mh_collector_free (f->collector);
  hold_end (&f->hold);
}

static void
assert_between (double value, double least, double most)
{
  g_assert_cmpfloat (value, >=, least - MH_PLAYHEAD_TOLERANCE);
  g_assert_cmpfloat (value, <=, most + MH_PLAYHEAD_TOLERANCE);
}

static double
get_playhead (Fixture *f, const char *event, guint n)
{
  return mh_collector_wait (f->collector, event, n)->playhead;
}

/* To the end, with the worker from the moment at which the seek is done on. */
static void
play_on (Fixture *f)
{
  mh_player_settle (f->player);
  mh_test_gate_open (&f->hold.gate);
  mh_player_wait_message (f->player, GST_MESSAGE_EOS);
  mh_collector_wait (f->collector, "sessionComplete", 1);
}

/* The chapter was left where the seek was, not where it would be by now. */
static void
test_seek (Fixture *f, gconstpointer unused)
{
  double least, most;

  mh_player_wait_position (f->player, 0.2);
  most = mh_player_seek_from (f->player, &least, 2.2);
  play_on (f);
  assert_between (get_playhead (f, "chapterSkip", 1), least, most);
  mh_player_assert_near (get_playhead (f, "chapterStart", 2), 2.2);
  g_assert_cmpuint (
      mh_collector_count (f->collector, "chapterComplete"), ==, 1);
}

/* The end of a chapter came in between. */
static void
test_seek_later (Fixture *f, gconstpointer unused)
{
  double least, most;

  mh_player_wait_position (f->player, 1.2);
  most = mh_player_seek_from (f->player, &least, 2.2);
  play_on (f);
  mh_player_assert_near (get_playhead (f, "chapterComplete", 1), 1);
  mh_player_assert_near (get_playhead (f, "chapterStart", 2), 1);
  assert_between (get_playhead (f, "chapterSkip", 1), least, most);
  mh_player_assert_near (get_playhead (f, "chapterStart", 3), 2.2);
  g_assert_cmpuint (
      mh_collector_count (f->collector, "chapterComplete"), ==, 2);
}

/* A chapter that ended before the pause ends before it in what is told. */
static void
test_pause (Fixture *f, gconstpointer unused)
{
  double position;

  mh_player_wait_position (f->player, 1.2);
  mh_player_go (f->player, GST_STATE_PAUSED);
  position = mh_player_position (f->player);
  mh_test_gate_open (&f->hold.gate);
  mh_player_assert_near (get_playhead (f, "chapterComplete", 1), 1);
  mh_player_assert_near (get_playhead (f, "chapterStart", 2), 1);
  mh_player_assert_near (get_playhead (f, "pauseStart", 1), position);
  mh_collector_assert_order_but_play (f->collector,
      "sessionStart chapterStart chapterComplete chapterStart pauseStart");
}

/* ---- a player that is stopped again ---- */

#define TONE \
  "audiotestsrc num-buffers=%u samplesperbuffer=441 ! " \
  "audio/x-raw,rate=44100 ! mediaheartbeat name=heartbeat media-id=tone " \
  "flush-timeout=0 ! fakesink sync=true"

/* What was due before the pause has the playhead of then. */
static void
test_due_before_pause (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (collector, TONE, 6000u);
  Hold hold;
  double position;

  hold_begin (&hold);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_position (player, 2.2);
  mh_player_go (player, GST_STATE_PAUSED);
  position = mh_player_position (player);
  mh_test_gate_open (&hold.gate);
  mh_player_assert_near (
      mh_collector_wait (collector, "pauseStart", 1)->playhead, position);
  g_assert_cmpfloat (
      mh_collector_wait (collector, "play", 2)->playhead, <, position - 0.5);
  mh_player_go (player, GST_STATE_NULL);
  hold_end (&hold);
}

/* Plays, stops and plays again with a server that takes nothing: so the worker has
 * not done with the first time yet. */
static MhPlayer *
play_twice (MhCollector *collector)
{
  MhPlayer *player = mh_player_launch (collector, TONE, 6000u);

  mh_collector_fail_next (collector, G_MAXINT, 503, NULL, NULL);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_hit (player, "play", 2);
  mh_player_go (player, GST_STATE_NULL);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_hit (player, "play", 4);
  return player;
}

/* The worker obeys an opt-out, and has done with the first time by that; the player
 * is stopped in between, which the worker has not seen yet. */
static void
stop_again (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  MhPlayer *player = play_twice (collector);
  Hold before, after;

  hold_begin (&before);
  mh_test_gate_await (&before.gate);
  gst_util_set_object_arg (G_OBJECT (player->heartbeat), "privacy", "opt-out");
  hold_begin (&after);
  mh_test_gate_open (&before.gate);
  mh_test_gate_await (&after.gate);
  gst_element_set_state (player->pipeline, GST_STATE_NULL);
  mh_test_gate_open (&after.gate);
  mh_player_free (player);
  hold_end (&before);
  hold_end (&after);
}

/* Several times, as the worker may come to either first. */
static void
test_stopped_again (void)
{
  g_autoptr (MhPlayer) next = NULL;

  for (guint i = 0; i < 4; i++)
    stop_again ();
  /* Longer than until the worker would have looked at one of those again. */
  next = mh_player_launch (NULL, TONE, 200u);
  mh_player_go (next, GST_STATE_PLAYING);
  mh_player_wait_message (next, GST_MESSAGE_EOS);
}

int
main (int argc, char *argv[])
{
  gst_init (&argc, &argv);
  GST_PLUGIN_STATIC_REGISTER (mediaheartbeat);
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/late-worker/seek", Fixture, NULL, set_up, test_seek, tear_down);
  g_test_add ("/late-worker/seek-later", Fixture, NULL, set_up, test_seek_later,
      tear_down);
  g_test_add (
      "/late-worker/pause", Fixture, NULL, set_up, test_pause, tear_down);
  g_test_add_func ("/late-worker/due-before-pause", test_due_before_pause);
  g_test_add_func ("/late-worker/stopped-again", test_stopped_again);
  return mh_test_media_run ();
}
