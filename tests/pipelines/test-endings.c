/* Tests of whole pipelines: what ends a session and what does not: errors, the
 * end of the media and that of its data, loops, a source or an element that is
 * gone for a moment (docs/design/inference.md#end-stop-and-error and #loops).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-player.h"
#include "mh-test-media.h"

#include "collector-event.h"

#include <glib/gstdio.h>
#include <unistd.h>

static double
get_playhead (MhCollector *collector, const char *event, guint n)
{
  return mh_collector_wait (collector, event, n)->playhead;
}

/* Hits up to now; all that come at NULL are on their way with it. */
static void
stop (MhPlayer *player, MhCollector *collector, const char *order)
{
  g_object_set (player->heartbeat, "flush-timeout", 60000, NULL);
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_assert_order (collector, order);
  mh_collector_assert_sane (collector);
}

/* ---- an error is not the end ---- */

/* The source fails while two seconds of it are in the queue. */
static void
test_buffered (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (collector,
      "audiotestsrc samplesperbuffer=441 ! audio/x-raw,rate=44100 ! "
      "identity error-after=350 ! queue max-size-buffers=0 max-size-bytes=0 "
      "max-size-time=2000000000 ! mediaheartbeat name=heartbeat ! "
      "fakesink sync=true");

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_ERROR);
  mh_player_assert_near (get_playhead (collector, "error", 1), 1.5);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_player_assert_near (get_playhead (collector, "sessionEnd", 1), 3.48);
  stop (player, collector, "sessionStart play error sessionEnd");
}

/* The next item of a playlist is not there: this one is played to its end. */
static void
on_about_to_finish (GstElement *playbin, gpointer user_data)
{
  g_object_set (playbin, "uri", "file:///nonexistent/next.ogg", NULL);
}

static void
test_next_item (gconstpointer factory)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_playbin (
      collector, factory, "audio-filter", mh_test_media_audio (3));

  g_signal_connect (player->pipeline, "about-to-finish",
      G_CALLBACK (on_about_to_finish), NULL);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_assert_near (get_playhead (collector, "sessionComplete", 1), 3);
  g_assert_cmpuint (mh_collector_count (collector, "error"), ==, 1);
  stop (player, collector, "sessionStart play error sessionComplete");
}

static void
post_error (MhPlayer *player, const char *name, int code)
{
  g_autoptr (GstElement)
      element = gst_bin_get_by_name (GST_BIN (player->pipeline), name);

  gst_element_message_full (element, GST_MESSAGE_ERROR, GST_RESOURCE_ERROR,
      code, NULL, NULL, __FILE__, G_STRFUNC, __LINE__);
}

static GstPadProbeReturn
on_idle (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  g_autoptr (GstPad) peer = gst_pad_get_peer (pad);

  gst_pad_unlink (pad, peer);
  g_atomic_int_set ((int *) user_data, TRUE);
  return GST_PAD_PROBE_REMOVE;
}

static void
take_branch_out (MhPlayer *player)
{
  g_autoptr (GstElement)
      branch = gst_bin_get_by_name (GST_BIN (player->pipeline), "branch");
  g_autoptr (GstElement)
      sink = gst_bin_get_by_name (GST_BIN (player->pipeline), "recorder");
  g_autoptr (GstPad) pad = gst_element_get_static_pad (branch, "sink");
  g_autoptr (GstPad) peer = gst_pad_get_peer (pad);
  int unlinked = FALSE;

  gst_pad_add_probe (peer, GST_PAD_PROBE_TYPE_IDLE, on_idle, &unlinked, NULL);
  while (!g_atomic_int_get (&unlinked))
    g_thread_yield ();
  gst_element_set_state (sink, GST_STATE_NULL);
  gst_element_set_state (branch, GST_STATE_NULL);
  gst_bin_remove (GST_BIN (player->pipeline), sink);
  gst_bin_remove (GST_BIN (player->pipeline), branch);
}

/* The disk is full; the application takes the recording out of the pipeline. */
static void
test_branch (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (collector,
      "audiotestsrc is-live=true samplesperbuffer=441 ! "
      "audio/x-raw,rate=44100 ! tee name=t t. ! queue ! "
      "mediaheartbeat name=heartbeat ping-interval=1 ! fakesink sync=true "
      "t. ! queue name=branch ! fakesink name=recorder");

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_position (player, 1.2);
  post_error (player, "recorder", GST_RESOURCE_ERROR_NO_SPACE_LEFT);
  take_branch_out (player);
  mh_collector_wait (collector, "error", 1);
  mh_player_wait_position (player, 3.5);
  mh_collector_wait (collector, "ping", 2);
  g_assert_cmpuint (mh_collector_count (collector, "sessionEnd"), ==, 0);
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_wait (collector, "sessionEnd", 1);
  g_assert_cmpuint (mh_collector_count (collector, "sessionStart"), ==, 1);
}

/* The viewer closes the window of the video, and the application stops: as the
 * sinks for X11 and Wayland say it. */
static void
test_window (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (collector,
      "videotestsrc ! video/x-raw,width=32,height=32,framerate=10/1 ! "
      "mediaheartbeat name=heartbeat ! fakesink name=window sync=true");

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_position (player, 1.3);
  post_error (player, "window", GST_RESOURCE_ERROR_NOT_FOUND);
  stop (player, collector, "sessionStart play sessionEnd");
}

/* ---- the end of the media ---- */

/* Twelve seconds, of which two are there. */
static void
test_truncated (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autofree char *whole = g_build_filename (
      g_get_tmp_dir (), "mh-XXXXXX", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) maker = NULL;
  g_autoptr (GstBus) bus = NULL;
  g_autofree char *data = NULL;
  g_autofree char *description = NULL;
  g_autoptr (GstMessage) message = NULL;
  g_autoptr (MhPlayer) player = NULL;
  gsize length;

  close (g_mkstemp (whole));
  description = g_strdup_printf (
      "audiotestsrc num-buffers=1200 samplesperbuffer=441 ! "
      "audio/x-raw,rate=44100,channels=1 ! vorbisenc ! matroskamux ! "
      "filesink location=%s",
      whole);
  maker = gst_parse_launch (description, &error);
  g_assert_no_error (error);
  bus = gst_element_get_bus (maker);
  gst_element_set_state (maker, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (
      bus, GST_CLOCK_TIME_NONE, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  gst_element_set_state (maker, GST_STATE_NULL);
  g_assert_true (g_file_get_contents (whole, &data, &length, NULL));
  g_unlink (whole);
  player = mh_player_launch (collector,
      "filesrc location=%s ! matroskademux ! vorbisdec ! "
      "mediaheartbeat name=heartbeat ! fakesink sync=true",
      mh_test_media_file ("truncated.mkv", data, length / 5));
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  g_assert_cmpfloat (get_playhead (collector, "sessionEnd", 1), <, 4);
  stop (player, collector, "sessionStart play sessionEnd");
}

static void
test_live (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (collector,
      "audiotestsrc is-live=true num-buffers=120 samplesperbuffer=441 ! "
      "audio/x-raw,rate=44100 ! mediaheartbeat name=heartbeat ! "
      "fakesink sync=true");

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_collector_wait (collector, "sessionEnd", 1);
  stop (player, collector, "sessionStart play sessionEnd");
}

static gboolean
seek (MhPlayer *player, double rate, GstSeekFlags flags, gint64 start,
    gint64 stop)
{
  return gst_element_seek (player->pipeline, rate, GST_FORMAT_TIME, flags,
      GST_SEEK_TYPE_SET, start, GST_SEEK_TYPE_SET, stop);
}

/* Backwards to the start. */
static void
test_backwards (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (collector,
      "videotestsrc num-buffers=300 ! "
      "video/x-raw,width=32,height=32,framerate=10/1 ! "
      "mediaheartbeat name=heartbeat ! fakesink sync=true");

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_position (player, 1.2);
  g_assert_true (seek (player, -1, GST_SEEK_FLAG_FLUSH, 0, 2 * GST_SECOND));
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_player_assert_near (get_playhead (collector, "sessionEnd", 1), 0);
  stop (player, collector, "sessionStart play pauseStart play sessionEnd");
}

/* ---- loops ---- */

#define LOOP GST_SEEK_FLAG_SEGMENT

/* As WebKit repeats its media; the last round is an ordinary one. */
static void
play_rounds (MhPlayer *player, MhCollector *collector)
{
  mh_player_go (player, GST_STATE_PAUSED);
  g_assert_true (
      seek (player, 1, LOOP | GST_SEEK_FLAG_FLUSH, 0, GST_CLOCK_TIME_NONE));
  mh_player_go (player, GST_STATE_PAUSED);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_SEGMENT_DONE);
  g_assert_true (seek (player, 1, LOOP, 0, GST_CLOCK_TIME_NONE));
  mh_player_wait_message (player, GST_MESSAGE_SEGMENT_DONE);
  g_assert_true (seek (player, 1, 0, 0, GST_CLOCK_TIME_NONE));
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_collector_wait (collector, "sessionComplete", 3);
  for (guint i = 1; i <= 3; i++) {
    mh_player_assert_near (get_playhead (collector, "sessionStart", i), 0);
    mh_player_assert_near (get_playhead (collector, "sessionComplete", i), 2);
    g_assert_false (mh_collector_wait (collector, "sessionStart", i)->resume);
  }
  stop (player, collector,
      "sessionStart play sessionComplete "
      "sessionStart play sessionComplete "
      "sessionStart play sessionComplete");
}

static void
test_rounds (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (collector,
      "filesrc location=%s ! oggdemux ! vorbisdec ! "
      "mediaheartbeat name=heartbeat ! fakesink sync=true",
      mh_test_media_audio (2));

  play_rounds (player, collector);
}

static void
test_rounds_playbin (gconstpointer factory)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_playbin (
      collector, factory, "audio-filter", mh_test_media_audio (2));

  play_rounds (player, collector);
}

/* By a seek just before the end. */
static void
test_rewound (gconstpointer factory)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_playbin (
      collector, factory, "audio-filter", mh_test_media_audio (3));

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_position (player, 2.3);
  mh_player_seek (player, 0);
  mh_collector_wait (collector, "sessionComplete", 1);
  mh_player_assert_near (get_playhead (collector, "sessionStart", 2), 0);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_player_assert_near (get_playhead (collector, "sessionComplete", 2), 3);
  stop (player, collector,
      "sessionStart play sessionComplete "
      "sessionStart play sessionComplete");
}

/* ---- media of no known length ---- */

static MhPlayer *
make_endless_of (MhCollector *collector, guint samples)
{
  return mh_player_launch (collector,
      "audiotestsrc samplesperbuffer=%u ! audio/x-raw,rate=44100 ! "
      "identity name=effect ! mediaheartbeat name=heartbeat ! "
      "fakesink sync=true",
      samples);
}

static MhPlayer *
make_endless (MhCollector *collector)
{
  return make_endless_of (collector, 441);
}

static GstPad *
get_effect_pad (MhPlayer *player)
{
  g_autoptr (GstElement)
      effect = gst_bin_get_by_name (GST_BIN (player->pipeline), "effect");

  return gst_element_get_static_pad (effect, "src");
}

typedef struct
{
  GstElement *before;
  GstElement *after;
  int done; /* atomic */
} Exchange;

/* Between two buffers. */
static GstPadProbeReturn
on_exchange (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Exchange *exchange = user_data;
  g_autoptr (GstElement) from = gst_pad_get_parent_element (pad);
  g_autoptr (GstPad) src = gst_element_get_static_pad (exchange->before, "src");
  g_autoptr (GstPad) peer = gst_pad_get_peer (src);
  g_autoptr (GstElement) to = gst_pad_get_parent_element (peer);

  gst_element_unlink_many (from, exchange->before, to, NULL);
  g_assert_true (gst_element_link_many (from, exchange->after, to, NULL));
  g_atomic_int_set (&exchange->done, TRUE);
  return GST_PAD_PROBE_REMOVE;
}

/* The sticky events come again with another effect. */
static void
exchange_effect (MhPlayer *player)
{
  GstBin *bin = GST_BIN (player->pipeline);
  g_autoptr (GstElement) before = gst_bin_get_by_name (bin, "effect");
  g_autoptr (GstPad) pad = gst_element_get_static_pad (before, "sink");
  g_autoptr (GstPad) peer = gst_pad_get_peer (pad);
  Exchange exchange = { before, gst_element_factory_make ("identity", NULL) };

  gst_bin_add (bin, exchange.after);
  gst_element_sync_state_with_parent (exchange.after);
  gst_pad_add_probe (
      peer, GST_PAD_PROBE_TYPE_IDLE, on_exchange, &exchange, NULL);
  while (!g_atomic_int_get (&exchange.done))
    g_thread_yield ();
  gst_element_set_state (before, GST_STATE_NULL);
  gst_bin_remove (bin, before);
}

static void
test_effect_exchanged (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_endless (collector);

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_position (player, 1.2);
  exchange_effect (player);
  mh_player_wait_position (player, 2.5);
  stop (player, collector, "sessionStart play sessionEnd");
}

/* The sound is moved against the pictures. */
static void
test_moved (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_endless (collector);
  g_autoptr (GstPad) pad = get_effect_pad (player);

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_position (player, 1.2);
  gst_pad_set_offset (pad, 20 * GST_MSECOND);
  mh_player_wait_position (player, 2.5);
  stop (player, collector, "sessionStart play sessionEnd");
}

#define SOURCE_ROUND (2 * GST_SECOND)

typedef struct
{
  GstClockTime base; /* where the second one begins */
  gboolean turned;
} Round;

/* The source begins again after its first round, and running time goes on. */
static GstPadProbeReturn
on_buffer (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Round *round = user_data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  GstSegment segment;

  if (GST_BUFFER_PTS (buffer) < SOURCE_ROUND)
    return GST_PAD_PROBE_OK;
  buffer = gst_buffer_make_writable (buffer);
  GST_BUFFER_PTS (buffer) -= SOURCE_ROUND;
  GST_PAD_PROBE_INFO_DATA (info) = buffer;
  if (round->turned)
    return GST_PAD_PROBE_OK;
  round->turned = TRUE;
  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.base = round->base;
  gst_pad_push_event (pad, gst_event_new_segment (&segment));
  return GST_PAD_PROBE_OK;
}

static void
test_source_repeats (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_endless (collector);
  g_autoptr (GstPad) pad = get_effect_pad (player);
  Round round = { SOURCE_ROUND, FALSE };

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_buffer, &round, NULL);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_collector_wait (collector, "sessionStart", 2);
  mh_player_assert_near (get_playhead (collector, "sessionComplete", 1), 2);
  mh_player_wait_position (player, 1.2);
  stop (player, collector,
      "sessionStart play sessionComplete sessionStart play sessionEnd");
}

/* It goes on from where its last buffer begins, which is a second long. */
static void
test_source_repeats_early (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_endless_of (collector, 44100);
  g_autoptr (GstPad) pad = get_effect_pad (player);
  Round round = { SOURCE_ROUND - GST_SECOND, FALSE };

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_buffer, &round, NULL);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_collector_wait (collector, "sessionComplete", 1);
  mh_collector_wait (collector, "sessionStart", 2);
}

/* ---- one viewing ---- */

static void
set_video (MhPlayer *player, gboolean on)
{
  gst_util_set_object_arg (G_OBJECT (player->pipeline), "flags",
      on ? "video+audio+soft-volume" : "audio+soft-volume");
}

/* The element goes with the video, and comes back with it. */
static void
test_video_off (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_playbin (
      collector, "playbin", "video-filter", mh_test_media_video (20));
  const MhCollected *second;

  mh_player_go (player, GST_STATE_PLAYING);
  mh_collector_wait (collector, "play", 2);
  set_video (player, FALSE);
  mh_collector_wait (collector, "sessionEnd", 1);
  mh_player_wait_position (player, 3);
  set_video (player, TRUE);
  second = mh_collector_wait (collector, "sessionStart", 2);
  g_assert_true (second->resume);
  g_assert_cmpfloat (second->playhead, >, 2.7);
  mh_collector_wait (collector, "play", 4);
  stop (player, collector,
      "sessionStart play sessionEnd sessionStart play sessionEnd");
}

/* Two cameras; the application says that they are one programme. */
static void
test_cameras (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (collector,
      "input-selector name=selector ! mediaheartbeat name=heartbeat "
      "media-id=door ping-interval=1 ! fakesink sync=true "
      "videotestsrc is-live=true ! "
      "video/x-raw,width=32,height=32,framerate=10/1 ! selector.sink_0 "
      "videotestsrc is-live=true ! "
      "video/x-raw,width=32,height=32,framerate=10/1 ! selector.sink_1");
  g_autoptr (GstElement)
      selector = gst_bin_get_by_name (GST_BIN (player->pipeline), "selector");

  mh_player_go (player, GST_STATE_PLAYING);
  for (guint i = 0; i < 4; i++) {
    g_autofree char *name = g_strdup_printf ("sink_%u", (i + 1) % 2);
    g_autoptr (GstPad) pad = gst_element_get_static_pad (selector, name);

    mh_collector_wait (collector, "ping", 1 + i);
    g_object_set (selector, "active-pad", pad, NULL);
  }
  mh_collector_wait (collector, "ping", 6);
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_wait (collector, "sessionEnd", 1);
  g_assert_cmpuint (mh_collector_count (collector, "sessionStart"), ==, 1);
  g_assert_cmpuint (mh_collector_count (collector, "sessionComplete"), ==, 0);
}

/* Returns: (transfer full): a pattern for splitmuxsrc: six seconds in three files. */
static char *
make_parts (void)
{
  const char *names[] = { "part-0.mkv", "part-1.mkv", "part-2.mkv" };
  g_autofree char *folder = NULL;
  g_autoptr (MhPlayer) player = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_free (folder);
    folder = g_path_get_dirname (mh_test_media_file (names[i], "", 0));
  }
  player = mh_player_launch (NULL,
      "videotestsrc num-buffers=60 ! "
      "video/x-raw,width=32,height=32,framerate=10/1 ! "
      "vp8enc keyframe-max-dist=10 deadline=1 ! splitmuxsink "
      "muxer-factory=matroskamux max-size-time=2000000000 "
      "location=%s/part-%%d.mkv",
      folder);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  return g_build_filename (folder, "part-*.mkv", NULL);
}

/* @behind: what is between the element and the sink; @from, @to: of the seek */
static void
seek_in_parts (const char *behind, double from, double to)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autofree char *parts = make_parts ();
  g_autoptr (MhPlayer) player = mh_player_launch (collector,
      "splitmuxsrc location=%s ! vp8dec ! mediaheartbeat name=heartbeat ! "
      "%s fakesink sync=true",
      parts, behind);

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_position (player, from);
  mh_player_seek (player, to);
  mh_player_assert_near (get_playhead (collector, "pauseStart", 1), to);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_player_assert_near (get_playhead (collector, "sessionComplete", 1), 6);
  stop (player, collector, "sessionStart play pauseStart play sessionComplete");
}

/* A recording in several files begins its streams anew after a seek. */
static void
test_parts (void)
{
  seek_in_parts ("", 1.3, 5);
}

/* Back from near the end into another of its files, of which none is a next item. */
static void
test_parts_back (void)
{
  seek_in_parts ("queue !", 5.3, 2.5);
}

/* Another recording of the same, from where the one before is. */
static void
test_exchanged (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  const char *path = mh_test_media_audio (20);
  g_autoptr (MhPlayer) player = mh_player_launch (collector,
      "input-selector name=selector sync-streams=true ! "
      "mediaheartbeat name=heartbeat ! fakesink sync=true "
      "filesrc location=%s ! oggdemux ! vorbisdec ! selector.sink_0 "
      "filesrc location=%s ! oggdemux ! vorbisdec ! selector.sink_1",
      path, path);
  g_autoptr (GstElement)
      selector = gst_bin_get_by_name (GST_BIN (player->pipeline), "selector");
  g_autoptr (GstPad) pad = gst_element_get_static_pad (selector, "sink_1");
  const MhCollected *second;

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_position (player, 2.3);
  g_object_set (selector, "active-pad", pad, NULL);
  second = mh_collector_wait (collector, "sessionStart", 2);
  g_assert_true (second->resume);
  mh_player_assert_near (
      second->playhead, get_playhead (collector, "sessionEnd", 1));
  mh_collector_wait (collector, "play", 4);
  stop (player, collector,
      "sessionStart play sessionEnd sessionStart play sessionEnd");
}

static void
add_tests (void)
{
  g_test_add_func ("/endings/error/buffered", test_buffered);
  mh_player_add_playbins ("/endings/error/next-item", test_next_item);
  g_test_add_func ("/endings/error/branch", test_branch);
  g_test_add_func ("/endings/error/window", test_window);
  g_test_add_func ("/endings/media/truncated", test_truncated);
  g_test_add_func ("/endings/media/live", test_live);
  g_test_add_func ("/endings/media/backwards", test_backwards);
  g_test_add_func ("/endings/loop/rounds", test_rounds);
  mh_player_add_playbins ("/endings/loop/rounds", test_rounds_playbin);
  mh_player_add_playbins ("/endings/loop/rewound", test_rewound);
  g_test_add_func ("/endings/endless/effect", test_effect_exchanged);
  g_test_add_func ("/endings/endless/moved", test_moved);
  g_test_add_func ("/endings/endless/source-repeats", test_source_repeats);
  g_test_add_func (
      "/endings/endless/source-repeats-early", test_source_repeats_early);
  g_test_add_func ("/endings/viewing/video-off", test_video_off);
  g_test_add_func ("/endings/viewing/cameras", test_cameras);
  g_test_add_func ("/endings/viewing/parts", test_parts);
  g_test_add_func ("/endings/viewing/parts-back", test_parts_back);
  g_test_add_func ("/endings/viewing/exchanged", test_exchanged);
}

int
main (int argc, char *argv[])
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  add_tests ();
  return mh_test_media_run ();
}
