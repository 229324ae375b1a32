/* Tests of whole pipelines with several elements: one player is one session.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-player.h"
#include "mh-test-media.h"

#include "collector-event.h"

static guint64
get_sessions (GstElement *heartbeat)
{
  g_autoptr (GstStructure) stats = NULL;
  guint64 value = 0;

  g_object_get (heartbeat, "stats", &stats, NULL);
  g_assert_true (gst_structure_get_uint64 (stats, "sessions", &value));
  return value;
}

static void
assert_state (GstElement *heartbeat, const char *wanted)
{
  g_autofree char *state = NULL;
  GValue value = G_VALUE_INIT;

  g_object_get_property (G_OBJECT (heartbeat), "playback-state", &value);
  state = gst_value_serialize (&value);
  g_assert_cmpstr (state, ==, wanted);
  g_value_unset (&value);
}

/* ---- playbin, with both filters ---- */

/* A player with video-filter as its heartbeat, and audio-filter as *@audio. */
static MhPlayer *
make_playbin (MhCollector *collector, const char *factory, const char *path,
    GstElement **audio)
{
  MhPlayer *player = mh_player_playbin (
      collector, factory, "video-filter", path);

  *audio = gst_element_factory_make ("mediaheartbeat", "audio");
  g_object_set (
      *audio, "collection-server", mh_collector_get_uri (collector), NULL);
  g_object_set (player->pipeline, "audio-filter", *audio, NULL);
  return player;
}

static void
test_playbin (gconstpointer data)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  GstElement *audio;
  g_autoptr (MhPlayer)
      player = make_playbin (collector, data, mh_test_media_video (3), &audio);
  double paused;

  mh_player_go (player, GST_STATE_PLAYING);
  mh_collector_wait (collector, "play", 1);
  mh_player_wait_position (player, 0.7);
  mh_player_go (player, GST_STATE_PAUSED);
  paused = mh_player_position (player);
  mh_player_assert_near (
      mh_collector_wait (collector, "pauseStart", 1)->playhead, paused);
  mh_player_seek (player, 1.5);
  mh_player_settle (player);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_position (player, 1.8);
  assert_state (player->heartbeat, "playing");
  assert_state (audio, "playing");
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_collector_wait (collector, "sessionComplete", 1);
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_assert_order (
      collector, "sessionStart play pauseStart play sessionComplete");
  g_assert_cmpuint (
      get_sessions (player->heartbeat) + get_sessions (audio), ==, 1);
}

/* Without video there is one in the pipeline. */
static void
test_playbin_audio (gconstpointer data)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  GstElement *audio;
  g_autoptr (MhPlayer)
      player = make_playbin (collector, data, mh_test_media_audio (2), &audio);

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_assert_order (collector, "sessionStart play sessionComplete");
  g_assert_cmpuint (get_sessions (audio), ==, 1);
}

static void
test_playbin_stop (gconstpointer data)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  GstElement *audio;
  g_autoptr (MhPlayer)
      player = make_playbin (collector, data, mh_test_media_video (5), &audio);

  for (guint i = 1; i <= 3; i++) {
    mh_player_go (player, GST_STATE_PLAYING);
    mh_collector_wait (collector, "play", 2 * i - 1);
    mh_player_wait_position (player, 0.3);
    if (i == 2) {
      mh_player_go (player, GST_STATE_PAUSED);
      mh_collector_wait (collector, "pauseStart", 1);
    }
    mh_player_go (player, i == 1 ? GST_STATE_READY : GST_STATE_NULL);
    mh_collector_wait (collector, "sessionEnd", i);
  }
  g_assert_cmpuint (mh_collector_count (collector, "sessionStart"), ==, 3);
  g_assert_cmpuint (
      get_sessions (player->heartbeat) + get_sessions (audio), ==, 3);
}

typedef struct
{
  char *next;
  gboolean given;
} Next;

static void
give_next (GstElement *playbin, gpointer user_data)
{
  Next *next = user_data;

  if (!next->given)
    g_object_set (playbin, "uri", next->next, NULL);
  next->given = TRUE;
}

/* Returns: whether @factory gets to the end of @first and of @next without an
 * `mediaheartbeat` element. playbin3 of GStreamer 1.26 and 1.28 does not where a
 * video follows a song: its decodebin3 shows neither the picture nor the end. */
static gboolean
can_follow (const char *factory, const char *first, const char *next)
{
  static const char *const sinks[] = { "audio-sink", "video-sink" };
  GstElement *playbin = gst_element_factory_make (factory, NULL);
  g_autoptr (GstBus) bus = gst_element_get_bus (playbin);
  g_autoptr (GstMessage) message = NULL;
  g_autofree char *uri = gst_filename_to_uri (first, NULL);
  g_autofree char *next_uri = gst_filename_to_uri (next, NULL);
  Next then = { next_uri, FALSE };

  for (guint i = 0; i < G_N_ELEMENTS (sinks); i++) {
    GstElement *sink = gst_element_factory_make ("fakesink", NULL);

    g_object_set (sink, "sync", TRUE, NULL);
    g_object_set (playbin, sinks[i], sink, NULL);
  }
  g_object_set (playbin, "uri", uri, NULL);
  g_signal_connect (playbin, "about-to-finish", G_CALLBACK (give_next), &then);
  gst_element_set_state (playbin, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (
      bus, 8 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  gst_element_set_state (playbin, GST_STATE_NULL);
  gst_object_unref (playbin);
  return message && GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS;
}

/* A song, then a video, without a break: the second element comes to a pipeline
 * that plays. (playbin of GStreamer 1.22 does not do it the other way round.) */
static void
play_picture_comes (const char *factory)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  GstElement *audio;
  g_autoptr (MhPlayer) player = make_playbin (
      collector, factory, mh_test_media_audio (2), &audio);
  g_autofree char *uri = gst_filename_to_uri (mh_test_media_video (2), NULL);
  Next next = { uri, FALSE };

  g_signal_connect (
      player->pipeline, "about-to-finish", G_CALLBACK (give_next), &next);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_collector_wait (collector, "sessionComplete", 2);
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_assert_order (collector,
      "sessionStart play sessionComplete sessionStart play sessionComplete");
  g_assert_cmpuint (get_sessions (audio), ==, 2);
}

static void
test_picture_comes (gconstpointer data)
{
  if (can_follow (data, mh_test_media_audio (2), mh_test_media_video (2)))
    play_picture_comes (data);
  else
    g_test_skip ("without the element, this player does not get to the end");
}

#define PLAY_FLAG_VIDEO 1

/* The viewer switches the picture off: playsink takes its branch down, with the
 * element that leads. */
static void
test_picture_goes (gconstpointer data)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  GstElement *audio;
  g_autoptr (MhPlayer)
      player = make_playbin (collector, data, mh_test_media_video (3), &audio);
  guint flags;
  double position;

  mh_player_go (player, GST_STATE_PLAYING);
  mh_collector_wait (collector, "play", 1);
  mh_player_wait_position (player, 1);
  position = mh_player_position (player);
  g_object_get (player->pipeline, "flags", &flags, NULL);
  g_object_set (
      player->pipeline, "flags", flags & ~(guint) PLAY_FLAG_VIDEO, NULL);
  mh_player_assert_near (
      mh_collector_wait (collector, "sessionEnd", 1)->playhead, position);
  mh_player_assert_near (
      mh_collector_wait (collector, "sessionStart", 2)->playhead, position);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_player_assert_near (
      mh_collector_wait (collector, "sessionComplete", 1)->playhead, 3);
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_assert_order (collector,
      "sessionStart play sessionEnd sessionStart play sessionComplete");
  g_assert_cmpuint (get_sessions (audio), ==, 1);
}

/* ---- properties ---- */

static const char both[] =
    "filesrc location=%s ! oggdemux ! mediaheartbeat name=heartbeat %s ! "
    "vorbisdec ! mediaheartbeat name=other %s ! fakesink sync=true";

static GstElement *
get_other (MhPlayer *player, MhCollector *collector)
{
  GstElement *other = gst_bin_get_by_name (GST_BIN (player->pipeline), "other");

  g_object_set (
      other, "collection-server", mh_collector_get_uri (collector), NULL);
  return other;
}

/* @data has the properties of each. */
static void
play_properties (const char *first, const char *second, guint64 first_sessions,
    guint64 second_sessions)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (
      collector, both, mh_test_media_audio (2), first, second);
  g_autoptr (GstElement) other = get_other (player, collector);

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_player_go (player, GST_STATE_NULL);
  g_assert_cmpuint (get_sessions (player->heartbeat), ==, first_sessions);
  g_assert_cmpuint (get_sessions (other), ==, second_sessions);
  for (guint i = 1; i <= first_sessions + second_sessions; i++)
    mh_collector_wait (collector, "sessionComplete", i);
  g_assert_cmpuint (mh_collector_count (collector, "sessionComplete"), ==,
      first_sessions + second_sessions);
  mh_collector_assert_sane (collector);
}

static void
test_yes (void)
{
  play_properties ("leader=yes", "", 1, 0);
  play_properties ("", "leader=yes", 0, 1);
}

static void
test_no (void)
{
  play_properties ("leader=no", "", 0, 1);
  play_properties ("", "leader=no", 1, 0);
  play_properties ("leader=no", "leader=no", 0, 0);
}

/* What asks for two sessions gets them. */
static void
test_two_yes (void)
{
  play_properties ("leader=yes", "leader=yes", 1, 1);
}

/* ---- calls ---- */

static gboolean
track (GstElement *heartbeat, const char *name)
{
  g_autoptr (GstStructure) details = NULL;
  gboolean accepted;

  if (g_str_has_prefix (name, "state"))
    details = gst_structure_new (
        "state", "name", G_TYPE_STRING, "fullscreen", NULL);
  g_signal_emit_by_name (heartbeat, "track", name, details, &accepted);
  return accepted;
}

/* Whichever is called: it is one player's session. */
static void
test_track (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (
      collector, both, mh_test_media_audio (2), "", "");
  g_autoptr (GstElement) other = get_other (player, collector);

  mh_player_go (player, GST_STATE_PLAYING);
  mh_collector_wait (collector, "play", 1);
  g_assert_true (track (player->heartbeat, "stateStart"));
  g_assert_false (track (other, "stateStart"));
  g_assert_true (track (other, "stateEnd"));
  mh_collector_wait (collector, "stateStart", 1);
  mh_collector_wait (collector, "stateEnd", 1);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_player_go (player, GST_STATE_NULL);
  g_assert_cmpuint (mh_collector_count (collector, "sessionStart"), ==, 1);
}

static void
test_track_nobody (void)
{
  g_autoptr (MhPlayer) player = mh_player_launch (NULL,
      "audiotestsrc ! mediaheartbeat name=heartbeat leader=no ! "
      "fakesink sync=true");

  g_assert_false (track (player->heartbeat, "sessionStart"));
  mh_player_go (player, GST_STATE_PLAYING);
  g_assert_false (track (player->heartbeat, "sessionStart"));
  mh_player_wait_warning (player, "leader=no");
  mh_player_go (player, GST_STATE_NULL);
  g_assert_cmpuint (mh_player_get_stat (player, "sessions"), ==, 0);
}

int
main (int argc, char *argv[])
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  mh_player_add_playbins ("/leader/both-filters", test_playbin);
  mh_player_add_playbins (
      "/leader/both-filters/audio-only", test_playbin_audio);
  mh_player_add_playbins ("/leader/both-filters/stop", test_playbin_stop);
  mh_player_add_playbins (
      "/leader/both-filters/picture-comes", test_picture_comes);
  mh_player_add_playbins (
      "/leader/both-filters/picture-goes", test_picture_goes);
  g_test_add_func ("/leader/yes", test_yes);
  g_test_add_func ("/leader/no", test_no);
  g_test_add_func ("/leader/two-yes", test_two_yes);
  g_test_add_func ("/leader/track", test_track);
  g_test_add_func ("/leader/track/nobody", test_track_nobody);
  return mh_test_media_run ();
}
