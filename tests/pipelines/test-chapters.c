/* Tests of whole pipelines: the chapters of files, without anybody's doing.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-player.h"
#include "mh-test-chapters.h"
#include "mh-test-media.h"

#include "collector-event.h"

static const char *
make_matroska (void)
{
  static const char *path;

  if (!path)
    path = mh_test_chapters_file (
        "chapters.mka", "vorbisenc ! matroskamux", GST_TOC_ENTRY_TYPE_CHAPTER);
  return path;
}

static void
assert_chapter (MhCollector *collector, guint n, const char *name)
{
  const MhCollected *hit = mh_collector_wait (collector, "chapterStart", n);
  JsonNode *index = collector_event_get (
      hit->event, "params", "media.chapter.index");
  JsonNode *offset = collector_event_get (
      hit->event, "params", "media.chapter.offset");
  JsonNode *length = collector_event_get (
      hit->event, "params", "media.chapter.length");

  g_assert_cmpstr (collector_event_get_string (
                       hit->event, "params", "media.chapter.friendlyName"),
      ==, name);
  g_assert_cmpint (json_node_get_int (index), ==, n);
  mh_player_assert_near (json_node_get_double (offset), n - 1);
  mh_player_assert_near (json_node_get_double (length), 1);
  mh_player_assert_near (hit->playhead, n - 1);
}

static void
play_it_all (MhPlayer *player, MhCollector *collector)
{
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_collector_wait (collector, "sessionComplete", 1);
  assert_chapter (collector, 1, "One");
  assert_chapter (collector, 2, "Two");
  assert_chapter (collector, 3, "Chapter 3");
  for (guint i = 1; i <= 3; i++)
    mh_player_assert_near (
        mh_collector_wait (collector, "chapterComplete", i)->playhead, i);
}

static void
assert_all (MhCollector *collector)
{
  mh_collector_assert_order_but_play (collector,
      "sessionStart chapterStart chapterComplete chapterStart "
      "chapterComplete chapterStart chapterComplete sessionComplete");
}

static void
test_matroska (gconstpointer rest)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (collector,
      "filesrc location=%s ! matroskademux ! %s", make_matroska (),
      (const char *) rest);

  play_it_all (player, collector);
  assert_all (collector);
}

static void
test_playbin (gconstpointer factory)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_playbin (
      collector, factory, "audio-filter", make_matroska ());

  play_it_all (player, collector);
  assert_all (collector);
}

static void
test_seek (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_playbin (
      collector, "playbin", "audio-filter", make_matroska ());
  double position, most, skipped;

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_position (player, 0.2);
  most = mh_player_seek_from (player, &position, 2.2);
  mh_player_settle (player);
  skipped = mh_collector_wait (collector, "chapterSkip", 1)->playhead;
  g_assert_cmpfloat (skipped, >=, position - MH_PLAYHEAD_TOLERANCE);
  g_assert_cmpfloat (skipped, <=, most + MH_PLAYHEAD_TOLERANCE);
  mh_player_assert_near (
      mh_collector_wait (collector, "chapterStart", 2)->playhead, 2.2);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_player_assert_near (
      mh_collector_wait (collector, "chapterComplete", 1)->playhead, 3);
  mh_collector_assert_sane (collector);
}

static void
test_stop (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_playbin (
      collector, "playbin", "audio-filter", make_matroska ());

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_position (player, 0.5);
  mh_player_go (player, GST_STATE_NULL);
  mh_collector_wait (collector, "sessionEnd", 1);
  mh_collector_assert_order (
      collector, "sessionStart chapterStart play chapterSkip sessionEnd");
}

static void
test_off (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_playbin (
      collector, "playbin", "audio-filter", make_matroska ());

  g_object_set (player->heartbeat, "auto-chapters", FALSE, NULL);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_collector_wait (collector, "sessionComplete", 1);
  mh_collector_assert_order (collector, "sessionStart play sessionComplete");
}

/* The application's count instead, from its first one on. */
static void
test_theirs (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_playbin (
      collector, "playbin", "audio-filter", make_matroska ());
  g_autoptr (GstStructure) chapter = gst_structure_new ("chapter", "name",
      G_TYPE_STRING, "Mine", "position", G_TYPE_INT, 9, "length", G_TYPE_DOUBLE,
      2.0, "startTime", G_TYPE_DOUBLE, 0.5, NULL);
  gboolean accepted;

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_position (player, 0.5);
  g_signal_emit_by_name (
      player->heartbeat, "track", "chapterStart", chapter, &accepted);
  g_assert_true (accepted);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_collector_wait (collector, "sessionComplete", 1);
  g_assert_cmpuint (mh_collector_count (collector, "chapterStart"), ==, 2);
  g_assert_cmpuint (mh_collector_count (collector, "chapterSkip"), ==, 2);
  g_assert_cmpuint (mh_collector_count (collector, "chapterComplete"), ==, 0);
}

static void
test_flac (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer)
      player = mh_player_playbin (collector, "playbin", "audio-filter",
          mh_test_chapters_file (
              "cuesheet.flac", "flacenc", GST_TOC_ENTRY_TYPE_TRACK));

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_collector_wait (collector, "sessionComplete", 1);
  /* A cue sheet has no titles. */
  assert_chapter (collector, 1, "Chapter 1");
  assert_chapter (collector, 2, "Chapter 2");
  assert_chapter (collector, 3, "Chapter 3");
  assert_all (collector);
}

int
main (int argc, char *argv[])
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/chapters/matroska/after-decoder",
      "vorbisdec ! mediaheartbeat name=heartbeat ! fakesink sync=true",
      test_matroska);
  g_test_add_data_func ("/chapters/matroska/before-decoder",
      "mediaheartbeat name=heartbeat ! vorbisdec ! queue ! fakesink sync=true",
      test_matroska);
  mh_player_add_playbins ("/chapters/matroska", test_playbin);
  g_test_add_func ("/chapters/seek", test_seek);
  g_test_add_func ("/chapters/stop", test_stop);
  g_test_add_func ("/chapters/off", test_off);
  g_test_add_func ("/chapters/theirs", test_theirs);
  g_test_add_func ("/chapters/flac", test_flac);
  return mh_test_media_run ();
}
