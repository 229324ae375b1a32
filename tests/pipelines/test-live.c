/* Tests of whole pipelines: live or not, and what becomes known a moment later
 * (docs/design/inference.md#live-media, #what-becomes-known-later).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-media-server.h"
#include "mh-player.h"
#include "mh-test-media.h"

#include "collector-event.h"

#define SECONDS 4

/* Returns: (transfer none): path of a tone of that many seconds. */
static const char *
make_tone (const char *name, guint seconds, const char *rest)
{
  const char *path = mh_test_media_file (name, "", 0);
  g_autoptr (MhPlayer) player = mh_player_launch (NULL,
      "audiotestsrc num-buffers=%u samplesperbuffer=441 ! "
      "audio/x-raw,rate=44100,channels=1 ! %s ! filesink location=%s",
      seconds * 100, rest, path);

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  return path;
}

static const char *
make_mp3 (guint seconds)
{
  return make_tone (
      "tone.mp3", seconds, "lamemp3enc target=bitrate cbr=true bitrate=128");
}

static MhPlayer *
make_player (MhCollector *collector, const char *factory, const char *uri)
{
  MhPlayer *player = mh_player_playbin (
      collector, factory, "audio-filter", mh_test_media_audio (SECONDS));

  g_object_set (player->pipeline, "uri", uri, NULL);
  return player;
}

static void
assert_text (const MhCollected *start, const char *name, const char *value)
{
  g_assert_cmpstr (
      collector_event_get_string (start->event, "params", name), ==, value);
}

static double
get_length (const MhCollected *start)
{
  JsonNode *node = collector_event_get (start->event, "params", "media.length");

  g_assert_nonnull (node);
  return json_node_get_double (node);
}

/* Plays it to its end, and asserts that the playhead is the position. */
static const MhCollected *
play (MhPlayer *player, MhCollector *collector, double seconds)
{
  const MhCollected *start;

  g_object_set (player->heartbeat, "ping-interval", 1, NULL);
  mh_player_go (player, GST_STATE_PLAYING);
  start = mh_collector_wait (collector, "sessionStart", 1);
  mh_player_assert_near (start->playhead, 0);
  mh_player_assert_near (mh_collector_wait (collector, "play", 1)->playhead, 0);
  mh_player_assert_near (mh_collector_wait (collector, "play", 2)->playhead, 1);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_player_assert_near (
      mh_collector_wait (collector, "sessionComplete", 1)->playhead, seconds);
  return start;
}

/* ---- without a length ---- */

/* As a transcoder sends it. */
static const MhMediaServed *
get_chunked (void)
{
  static MhMediaServed served;

  served = (MhMediaServed){ .path = mh_test_media_audio (SECONDS),
    .type = "application/ogg",
    .rate = 40000 };
  return &served;
}

static void
test_chunked (gconstpointer factory)
{
  g_autoptr (MhMediaServer) server = mh_media_server_new (get_chunked ());
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_player (
      collector, factory, mh_media_server_get_uri (server));
  const MhCollected *start = play (player, collector, SECONDS);

  assert_text (start, "media.contentType", "vod");
  g_assert_cmpfloat (get_length (start), ==, 86400);
}

static void
test_chunked_told (gconstpointer factory)
{
  g_autoptr (MhMediaServer) server = mh_media_server_new (get_chunked ());
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_player (
      collector, factory, mh_media_server_get_uri (server));
  const MhCollected *start;

  g_object_set (player->heartbeat, "content-type", "song", "media-length",
      (double) SECONDS, NULL);
  start = play (player, collector, SECONDS);
  assert_text (start, "media.contentType", "song");
  g_assert_cmpfloat (get_length (start), ==, SECONDS);
}

/* It is kept where that is left, though it cannot be sought in: the application may ask
 * its server for the rest. */
#define LEFT_AT 10.5 /* resume-position is none before ten seconds */
#define LONG 30

static double
get_resume_position (MhPlayer *player)
{
  gint64 until = g_get_monotonic_time () + MH_TEST_PATIENCE;
  double position;

  do
    g_object_get (player->heartbeat, "resume-position", &position, NULL);
  while (position < 0 && g_get_monotonic_time () < until);
  return position;
}

static MhPlayer *
make_remembering (const char *factory, const char *uri)
{
  g_autofree char *dir = g_build_filename (
      g_getenv ("XDG_STATE_HOME"), factory, NULL);
  MhPlayer *player = make_player (NULL, factory, uri);

  g_object_set (player->heartbeat, "state-dir", dir, "remember", TRUE,
      "content-type", "song", "media-length", (double) LONG, NULL);
  return player;
}

static void
test_chunked_remembered (gconstpointer factory)
{
  MhMediaServed served = *get_chunked ();
  g_autoptr (MhMediaServer) server = NULL;
  g_autoptr (MhPlayer) player = NULL;
  const char *uri;

  served.path = mh_test_media_audio (LONG);
  server = mh_media_server_new (&served);
  uri = mh_media_server_get_uri (server);
  player = make_remembering (factory, uri);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_position (player, LEFT_AT);
  g_clear_pointer (&player, mh_player_free);
  player = make_remembering (factory, uri);
  mh_player_go (player, GST_STATE_PAUSED);
  g_assert_cmpfloat (get_resume_position (player), >=, LEFT_AT - 0.3);
  mh_player_go (player, GST_STATE_NULL);
}

/* Where the application says that it is live, it is. */
static void
test_told_live (gconstpointer factory)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_playbin (
      collector, factory, "audio-filter", mh_test_media_audio (SECONDS));
  const MhCollected *first;

  g_object_set (player->heartbeat, "content-type", "live", NULL);
  mh_player_go (player, GST_STATE_PLAYING);
  first = mh_collector_wait (collector, "play", 1);
  g_assert_cmpfloat_with_epsilon (first->playhead,
      (double) (first->ts % (86400 * 1000)) / 1000, MH_PLAYHEAD_TOLERANCE);
  g_assert_cmpfloat (
      get_length (mh_collector_wait (collector, "sessionStart", 1)), ==, 86400);
}

/* The application's own session, of what it says, which starts before the pipeline
 * has set out. */
static void
start_session (MhPlayer *player, const char *type)
{
  g_autoptr (GstStructure) media = gst_structure_new ("media", "id",
      G_TYPE_STRING, "theirs", "name", G_TYPE_STRING, "Theirs", "length",
      G_TYPE_DOUBLE, (double) SECONDS, "streamType", G_TYPE_STRING, type,
      "mediaType", G_TYPE_STRING, "audio", NULL);
  g_autoptr (GstStructure) details = gst_structure_new (
      "details", "media", GST_TYPE_STRUCTURE, media, NULL);
  gboolean accepted = FALSE;

  g_signal_emit_by_name (
      player->heartbeat, "track", "sessionStart", details, &accepted);
  g_assert_true (accepted);
}

static void
test_call (gconstpointer factory)
{
  g_autoptr (MhMediaServer) server = mh_media_server_new (get_chunked ());
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_player (
      collector, factory, mh_media_server_get_uri (server));

  mh_player_go (player, GST_STATE_PAUSED);
  start_session (player, "song");
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_assert_near (mh_collector_wait (collector, "play", 2)->playhead, 1);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_player_assert_near (
      mh_collector_wait (collector, "sessionComplete", 1)->playhead, SECONDS);
}

static void
test_call_live (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (collector,
      "audiotestsrc num-buffers=300 samplesperbuffer=441 ! "
      "audio/x-raw,rate=44100 ! mediaheartbeat name=heartbeat ! "
      "fakesink sync=true");
  const MhCollected *first;

  mh_player_go (player, GST_STATE_READY);
  start_session (player, "live");
  mh_player_go (player, GST_STATE_PLAYING);
  first = mh_collector_wait (collector, "play", 1);
  g_assert_cmpfloat_with_epsilon (first->playhead,
      (double) (first->ts % (86400 * 1000)) / 1000, MH_PLAYHEAD_TOLERANCE);
}

/* ---- radio ---- */

static void
test_radio (gconstpointer factory)
{
  const MhMediaServed served = { .path = make_mp3 (8),
    .type = "audio/mpeg",
    .station = "Station",
    .rate = 16000 };
  g_autoptr (MhMediaServer) server = mh_media_server_new (&served);
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_player (
      collector, factory, mh_media_server_get_uri (server));
  const MhCollected *start, *first;

  mh_player_go (player, GST_STATE_PLAYING);
  start = mh_collector_wait (collector, "sessionStart", 1);
  first = mh_collector_wait (collector, "play", 1);
  g_assert_cmpfloat_with_epsilon (first->playhead,
      (double) (first->ts % (86400 * 1000)) / 1000, MH_PLAYHEAD_TOLERANCE);
  assert_text (start, "media.contentType", "live");
  assert_text (start, "media.name", "Station");
  assert_text (start, "media.station", "Station");
  assert_text (start, "media.genre", "Jazz");
  /* Several songs later. */
  mh_player_wait_position (player, 2);
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_wait (collector, "sessionEnd", 1);
  mh_collector_assert_order (collector, "sessionStart play sessionEnd");
}

/* ---- a moment later ---- */

static void
test_length (gconstpointer factory, const char *path)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer)
      player = mh_player_playbin (collector, factory, "audio-filter", path);
  const MhCollected *start;

  mh_player_go (player, GST_STATE_PLAYING);
  start = mh_collector_wait (collector, "sessionStart", 1);
  assert_text (start, "media.contentType", "vod");
  assert_text (start, "media.streamType", "audio");
  g_assert_cmpfloat_with_epsilon (get_length (start), 20, 0.1);
}

static void
test_length_mp3 (gconstpointer factory)
{
  test_length (factory, make_mp3 (20));
}

static void
test_length_aac (gconstpointer factory)
{
  test_length (factory,
      make_tone ("tone.aac", 20, "voaacenc ! audio/mpeg,stream-format=adts"));
}

static void
test_length_http (gconstpointer factory)
{
  const MhMediaServed served = {
    .path = make_mp3 (20), .type = "audio/mpeg", .length = TRUE, .rate = 40000
  };
  g_autoptr (MhMediaServer) server = mh_media_server_new (&served);
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_player (
      collector, factory, mh_media_server_get_uri (server));

  mh_player_go (player, GST_STATE_PLAYING);
  g_assert_cmpfloat_with_epsilon (
      get_length (mh_collector_wait (collector, "sessionStart", 1)), 20, 0.1);
}

/* Songs of one format, of which no CAPS event tells the second time. */
static void
test_album (gconstpointer factory)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_playbin (
      collector, factory, "audio-filter", mh_test_media_audio (2));
  g_autofree char *uri = gst_filename_to_uri (mh_test_media_audio (3), NULL);
  const MhCollected *start;

  mh_player_give_next (player, uri);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_collector_wait (collector, "sessionComplete", 2);
  for (guint i = 1; i <= 2; i++) {
    start = mh_collector_wait (collector, "sessionStart", i);
    assert_text (start, "media.streamType", "audio");
    g_assert_cmpfloat_with_epsilon (get_length (start), 1 + i, 0.1);
  }
}

/* The first byte comes when the session has waited for seven seconds. */
static void
test_late (void)
{
  const MhMediaServed served = { .path = make_tone (
                                     "tone.wav", SECONDS, "wavenc"),
    .type = "audio/x-wav",
    .delay = 7000 };
  g_autoptr (MhMediaServer) server = mh_media_server_new (&served);
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (collector,
      "souphttpsrc location=%s ! wavparse ! mediaheartbeat name=heartbeat ! "
      "fakesink sync=true",
      mh_media_server_get_uri (server));
  const MhCollected *start = play (player, collector, SECONDS);

  assert_text (start, "media.contentType", "vod");
  assert_text (start, "media.streamType", "audio");
  g_assert_cmpfloat_with_epsilon (get_length (start), SECONDS, 0.1);
}

/* ---- a file that repeats itself ---- */

#define ROUND 2

static MhPlayer *
make_repeated (MhCollector *collector, const char *properties)
{
  const char *path = make_tone (
      "tone.ts", ROUND, "audioresample ! opusenc ! mpegtsmux");

  return mh_player_launch (collector,
      "multifilesrc location=%s loop=true ! tsdemux ! opusdec ! "
      "mediaheartbeat name=heartbeat ping-interval=1 %s ! fakesink sync=true",
      path, properties);
}

/* tsdemux says that it can be sought in up to a nonsensical end, which is no window
 * of live media. */
static void
test_repeated (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_repeated (collector, "");
  const MhCollected *start;

  mh_player_go (player, GST_STATE_PLAYING);
  start = mh_collector_wait (collector, "sessionStart", 1);
  assert_text (start, "media.contentType", "vod");
  g_assert_cmpfloat (start->playhead, <, 1);
  g_assert_cmpfloat (mh_collector_wait (collector, "play", 2)->playhead, <, 3);
  mh_player_go (player, GST_STATE_NULL);
}

/* The playhead is nowhere where the media has no place. */
static void
test_repeated_told (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_repeated (collector, "media-length=2");

  mh_player_go (player, GST_STATE_PLAYING);
  g_assert_cmpfloat (mh_collector_wait (collector, "play", 2)->playhead, <, 2);
  g_assert_cmpfloat (
      mh_collector_wait (collector, "ping", 4)->playhead, ==, ROUND);
  mh_player_go (player, GST_STATE_NULL);
  g_assert_cmpfloat (
      mh_collector_wait (collector, "sessionEnd", 1)->playhead, ==, ROUND);
}

/* ---- a chain of songs ---- */

static const char *
make_song (const char *name, const char *title)
{
  g_autofree char *rest = g_strdup_printf (
      "taginject tags=title=%s,artist=%s ! vorbisenc ! oggmux", title, title);

  return make_tone (name, 2, rest);
}

static void
test_chain (gconstpointer factory)
{
  const char *songs[] = { make_song ("a.ogg", "A"), make_song ("b.ogg", "B"),
    make_song ("c.ogg", "C") };
  g_autoptr (GString) all = g_string_new (NULL);
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = NULL;
  const MhCollected *start;

  for (guint i = 0; i < G_N_ELEMENTS (songs); i++) {
    g_autofree char *data = NULL;
    gsize size;

    g_file_get_contents (songs[i], &data, &size, NULL);
    g_string_append_len (all, data, (gssize) size);
  }
  player = mh_player_playbin (collector, factory, "audio-filter",
      mh_test_media_file ("concert.ogg", all->str, all->len));
  mh_player_go (player, GST_STATE_PLAYING);
  start = mh_collector_wait (collector, "sessionStart", 1);
  assert_text (start, "media.name", "concert.ogg");
  assert_text (start, "media.artist", NULL);
  g_assert_cmpfloat_with_epsilon (get_length (start), 6, 0.1);
}

/* ---- while a session waits for a length that never comes ---- */

static const char *
make_picture (void)
{
  const char *path = mh_test_media_file ("picture.png", "", 0);
  g_autoptr (MhPlayer) player = mh_player_launch (NULL,
      "videotestsrc num-buffers=1 ! video/x-raw,width=32,height=32 ! pngenc ! "
      "filesink location=%s",
      path);

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  return path;
}

/* The file of a picture has a size, and no length. The pause keeps its place. */
static void
test_held (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (collector,
      "filesrc location=%s ! pngdec ! imagefreeze ! "
      "video/x-raw,framerate=10/1 ! mediaheartbeat name=heartbeat ! "
      "fakesink sync=true",
      make_picture ());
  double position;

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_position (player, 2.6);
  mh_player_go (player, GST_STATE_PAUSED);
  position = mh_player_position (player);
  mh_player_assert_near (mh_collector_wait (collector, "play", 1)->playhead, 0);
  mh_player_assert_near (
      mh_collector_wait (collector, "pauseStart", 1)->playhead, position);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  mh_player_add_playbins ("/pipelines/live/chunked", test_chunked);
  mh_player_add_playbins ("/pipelines/live/chunked-told", test_chunked_told);
  g_test_add_data_func ("/pipelines/live/chunked-remembered", "playbin3",
      test_chunked_remembered);
  mh_player_add_playbins ("/pipelines/live/told", test_told_live);
  mh_player_add_playbins ("/pipelines/live/call", test_call);
  g_test_add_func ("/pipelines/live/call-live", test_call_live);
  mh_player_add_playbins ("/pipelines/live/radio", test_radio);
  mh_player_add_playbins ("/pipelines/live/album", test_album);
  mh_player_add_playbins ("/pipelines/live/length/mp3", test_length_mp3);
  mh_player_add_playbins ("/pipelines/live/length/aac", test_length_aac);
  mh_player_add_playbins ("/pipelines/live/length/http", test_length_http);
  g_test_add_func ("/pipelines/live/late", test_late);
  g_test_add_func ("/pipelines/live/repeated", test_repeated);
  g_test_add_func ("/pipelines/live/repeated-told", test_repeated_told);
  mh_player_add_playbins ("/pipelines/live/chain", test_chain);
  g_test_add_func ("/pipelines/live/held", test_held);
  return mh_test_media_run ();
}
