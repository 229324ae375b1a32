/* Tests of whole pipelines: from the start of a file to its end, with the
 * element wherever it may be.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-player.h"
#include "mh-test-media.h"

#include "collector-event.h"

#define HEARTBEAT "mediaheartbeat name=heartbeat ping-interval=1"
#define FULL_PLAY "sessionStart play pauseStart play sessionComplete"

/* Plays two seconds of media, with a pause in between. */
static void
play_it_all (MhPlayer *player, MhCollector *collector)
{
  g_autofree char *order = NULL;
  double paused;

  mh_player_go (player, GST_STATE_PLAYING);
  mh_collector_wait (collector, "play", 1);
  mh_player_wait_position (player, 1);
  mh_player_go (player, GST_STATE_PAUSED);
  paused = mh_player_position (player);
  mh_player_assert_near (
      mh_collector_wait (collector, "pauseStart", 1)->playhead, paused);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_player_assert_near (
      mh_collector_wait (collector, "sessionComplete", 1)->playhead, 2);
  mh_player_go (player, GST_STATE_NULL);

  order = mh_collector_dup_order (collector);
  g_assert_cmpstr (order, ==, FULL_PLAY);
  g_assert_cmpuint (mh_collector_count_refused (collector), ==, 0);
  mh_collector_assert_sane (collector);
  mh_player_assert_near (
      mh_collector_wait (collector, "sessionStart", 1)->playhead, 0);
  mh_player_assert_near (mh_collector_wait (collector, "play", 1)->playhead, 0);
  g_assert_cmpuint (mh_player_get_stat (player, "queued"), ==, 0);
  g_assert_cmpuint (mh_player_get_stat (player, "dropped"), ==, 0);
  g_assert_cmpuint (mh_player_get_stat (player, "sent"), ==,
      mh_player_get_stat (player, "hits"));
}

static const char *
media_param (MhCollector *collector, const char *name)
{
  return collector_event_get_string (
      mh_collector_wait (collector, "sessionStart", 1)->event, "params", name);
}

/* ---- hand-built ---- */

static void
test_launch (gconstpointer rest)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  const char *path = mh_test_media_audio (2);
  g_autofree char *uri = gst_filename_to_uri (path, NULL);
  g_autoptr (MhPlayer) player = mh_player_launch (
      collector, "filesrc location=%s %s", path, (const char *) rest);

  play_it_all (player, collector);
  g_assert_cmpstr (media_param (collector, "media.id"), ==, uri);
  g_assert_cmpstr (media_param (collector, "media.contentType"), ==, "vod");
}

static void
test_length (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (collector,
      "filesrc location=%s ! oggdemux ! vorbisdec ! " HEARTBEAT
      " media-name=Tone ! fakesink sync=true",
      mh_test_media_audio (2));
  JsonNode *length;

  play_it_all (player, collector);
  length = collector_event_get (
      mh_collector_wait (collector, "sessionStart", 1)->event, "params",
      "media.length");
  mh_player_assert_near (json_node_get_double (length), 2);
  g_assert_cmpstr (media_param (collector, "media.name"), ==, "Tone");
  g_assert_cmpstr (media_param (collector, "media.streamType"), ==, "audio");
}

static const char video_pipeline[] =
    "filesrc location=%s ! oggdemux name=demux "
    "demux. ! queue ! theoradec ! " HEARTBEAT " ! fakesink sync=true "
    "demux. ! queue ! vorbisdec ! fakesink sync=true";

static void
test_video (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (
      collector, video_pipeline, mh_test_media_video (2));

  play_it_all (player, collector);
  g_assert_cmpstr (media_param (collector, "media.streamType"), ==, "video");
}

/* The element sees the sound only, and nothing but the sinks tells of the rest:
 * decodebin makes no collection of streams. */
static void
test_sound_of_video (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (collector,
      "filesrc location=%s ! decodebin name=d "
      "d. ! audioconvert ! " HEARTBEAT " ! fakesink sync=true "
      "d. ! videoconvert ! fakesink sync=true",
      mh_test_media_video (2));

  play_it_all (player, collector);
  g_assert_cmpstr (media_param (collector, "media.streamType"), ==, "video");
}

/* Pictures that are made of the sound are no video. */
static void
test_visualization (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (collector,
      "filesrc location=%s ! decodebin ! audioconvert ! tee name=t "
      "t. ! queue ! " HEARTBEAT " ! fakesink sync=true "
      "t. ! queue ! goom ! fakesink sync=true",
      mh_test_media_audio (2));

  play_it_all (player, collector);
  g_assert_cmpstr (media_param (collector, "media.streamType"), ==, "audio");
}

/* Pings tell where the media is. */
static void
test_pings (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (collector,
      "filesrc location=%s ! oggdemux ! vorbisdec ! " HEARTBEAT
      " ! fakesink sync=true",
      mh_test_media_audio (5));
  const MhCollected *play;

  mh_player_go (player, GST_STATE_PLAYING);
  play = mh_collector_wait (collector, "play", 1);
  for (guint i = 1; i <= 3; i++) {
    const MhCollected *ping = mh_collector_wait (collector, "ping", i);

    mh_player_assert_near (
        ping->playhead - play->playhead, (double) (ping->ts - play->ts) / 1000);
  }
  mh_player_assert_near (mh_collector_wait (collector, "ping", 3)->playhead,
      mh_player_position (player));
}

/* ---- playbin ---- */

typedef struct
{
  const char *factory;
  const char *filter;
} Place;

static void
test_playbin (gconstpointer data)
{
  const Place *place = data;
  g_autoptr (MhCollector) collector = mh_collector_new ();
  gboolean audio = g_str_equal (place->filter, "audio-filter");
  g_autoptr (MhPlayer) player = mh_player_playbin (collector, place->factory,
      place->filter, audio ? mh_test_media_audio (2) : mh_test_media_video (2));

  play_it_all (player, collector);
}

/* In a description of a sink. */
static void
test_sink_bin (gconstpointer data)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autofree char *uri = gst_filename_to_uri (mh_test_media_audio (2), NULL);
  g_autoptr (MhPlayer) player = mh_player_launch (collector,
      "%s uri=%s audio-sink=\"" HEARTBEAT " ! fakesink sync=true\"",
      (const char *) data, uri);
  GstElement *sink;

  g_object_get (player->pipeline, "audio-sink", &sink, NULL);
  player->heartbeat = gst_bin_get_by_name (GST_BIN (sink), "heartbeat");
  g_object_set (player->heartbeat, "collection-server",
      mh_collector_get_uri (collector), NULL);
  gst_object_unref (sink);
  play_it_all (player, collector);
}

/* ---- more than one ---- */

#define N_PIPELINES 8

static void
test_many_pipelines (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  MhPlayer *players[N_PIPELINES];

  for (guint i = 0; i < N_PIPELINES; i++) {
    players[i] = mh_player_launch (collector,
        "filesrc location=%s ! oggdemux ! vorbisdec ! "
        "mediaheartbeat name=heartbeat media-id=number-%u ! "
        "fakesink sync=true",
        mh_test_media_audio (5), i);
    gst_element_set_state (players[i]->pipeline, GST_STATE_PLAYING);
  }
  /* One that leaves early disturbs nobody. */
  mh_collector_wait (collector, "play", N_PIPELINES);
  mh_player_free (players[0]);
  mh_collector_wait (collector, "sessionEnd", 1);
  for (guint i = 1; i < N_PIPELINES; i++)
    mh_player_wait_message (players[i], GST_MESSAGE_EOS);
  mh_collector_wait (collector, "sessionComplete", N_PIPELINES - 1);
  for (guint i = 1; i < N_PIPELINES; i++) {
    g_assert_cmpuint (mh_player_get_stat (players[i], "sessions"), ==, 1);
    mh_player_free (players[i]);
  }
  g_assert_cmpuint (
      mh_collector_count (collector, "sessionStart"), ==, N_PIPELINES);
  g_assert_cmpuint (mh_collector_count_refused (collector), ==, 0);
  mh_collector_assert_sane (collector);
}

/* Live sources count from now, not from the start. */
static void
test_live (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (collector,
      "audiotestsrc is-live=true ! " HEARTBEAT " ! fakesink sync=true");
  g_autoptr (GDateTime) before = g_date_time_new_now_utc ();
  const MhCollected *play;
  double second;

  mh_player_go (player, GST_STATE_PLAYING);
  play = mh_collector_wait (collector, "play", 1);
  g_assert_cmpstr (media_param (collector, "media.contentType"), ==, "live");
  second = (double) (play->ts % (86400 * 1000)) / 1000;
  mh_player_assert_near (play->playhead, second);
  mh_player_assert_near (
      mh_collector_wait (collector, "ping", 1)->playhead - play->playhead,
      (double) (mh_collector_wait (collector, "ping", 1)->ts - play->ts) /
          1000);
}

static void
add_playbins (void)
{
  static const Place places[] = {
    { "playbin", "audio-filter" },
    { "playbin", "video-filter" },
    { "playbin3", "audio-filter" },
    { "playbin3", "video-filter" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
    g_autofree char *name = g_strdup_printf (
        "/playback/%s/%s", places[i].factory, places[i].filter);

    g_test_add_data_func (name, &places[i], test_playbin);
  }
  mh_player_add_playbins ("/playback/sink", test_sink_bin);
}

int
main (int argc, char *argv[])
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/playback/launch/after-decoder",
      "! oggdemux ! vorbisdec ! " HEARTBEAT " ! fakesink sync=true",
      test_launch);
  g_test_add_data_func ("/playback/launch/before-decoder",
      "! oggdemux ! " HEARTBEAT " ! vorbisdec ! fakesink sync=true",
      test_launch);
  g_test_add_data_func ("/playback/launch/before-demuxer",
      "! " HEARTBEAT " ! oggdemux ! vorbisdec ! fakesink sync=true",
      test_launch);
  g_test_add_data_func ("/playback/launch/decodebin-and-queue",
      "! decodebin ! queue ! " HEARTBEAT " ! fakesink sync=true", test_launch);
  g_test_add_data_func ("/playback/launch/before-a-queue",
      "! decodebin ! " HEARTBEAT " ! queue ! fakesink sync=true", test_launch);
  g_test_add_data_func ("/playback/launch/sink-without-preroll",
      "! oggdemux ! vorbisdec ! " HEARTBEAT " ! fakesink sync=true async=false",
      test_launch);
  g_test_add_func ("/playback/launch/length", test_length);
  g_test_add_func ("/playback/launch/video", test_video);
  g_test_add_func ("/playback/launch/sound-of-video", test_sound_of_video);
  g_test_add_func ("/playback/launch/visualization", test_visualization);
  g_test_add_func ("/playback/pings", test_pings);
  g_test_add_func ("/playback/live", test_live);
  add_playbins ();
  g_test_add_func ("/playback/many-pipelines", test_many_pipelines);
  return mh_test_media_run ();
}
