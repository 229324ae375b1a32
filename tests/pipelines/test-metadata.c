/* Tests of whole pipelines: metadata by the tags of what is played.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-player.h"
#include "mh-test-media.h"

#include "collector-event.h"

#define ALL_TAGS \
  "title=Song,artist=Someone,album=Works,genre=Jazz,organization=Label"

/* Returns: (transfer none): path of two seconds of a tone with these tags, as
 * `encoder ! muxer` takes them from the stream. */
static const char *
make_file (const char *name, const char *tags, const char *rest)
{
  const char *path = mh_test_media_file (name, "", 0);
  g_autoptr (MhPlayer) player = mh_player_launch (NULL,
      "audiotestsrc num-buffers=200 samplesperbuffer=441 ! "
      "audio/x-raw,rate=44100,channels=1 ! taginject tags=\"%s\" ! %s ! "
      "filesink location=%s",
      tags, rest, path);

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  return path;
}

#define make_ogg(name, tags) make_file (name, tags, "vorbisenc ! oggmux")

/* The muxer is told of the whole. */
static const char *
make_quicktime (void)
{
  const char *path = mh_test_media_file ("tags.mov", "", 0);
  g_autoptr (MhPlayer) player = mh_player_launch (NULL,
      "videotestsrc num-buffers=20 ! video/x-raw,width=32,height=32,"
      "framerate=10/1 ! jpegenc ! qtmux name=mux ! filesink location=%s",
      path);
  g_autoptr (GstElement)
      mux = gst_bin_get_by_name (GST_BIN (player->pipeline), "mux");

  gst_tag_setter_add_tags (GST_TAG_SETTER (mux), GST_TAG_MERGE_REPLACE,
      GST_TAG_TITLE, "Pilot", GST_TAG_SHOW_NAME, "A show", GST_TAG_GENRE,
      "Drama", NULL);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  return path;
}

/* ---- what must come ---- */

/* @value: NULL: it is not there. */
static void
assert_param (const MhCollected *start, const char *name, const char *value)
{
  g_assert_cmpstr (
      collector_event_get_string (start->event, "params", name), ==, value);
}

static void
assert_all (const MhCollected *start)
{
  assert_param (start, "media.name", "Song");
  assert_param (start, "media.artist", "Someone");
  assert_param (start, "media.album", "Works");
  assert_param (start, "media.genre", "Jazz");
  assert_param (start, "media.label", "Label");
}

/* Returns: the start of what is played until there is no more of it. */
static const MhCollected *
play_to (MhPlayer *player, MhCollector *collector, const char *end)
{
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_collector_wait (collector, end, 1);
  return mh_collector_wait (collector, "sessionStart", 1);
}

static const MhCollected *
play (MhPlayer *player, MhCollector *collector)
{
  return play_to (player, collector, "sessionComplete");
}

/* ---- where it is ---- */

static void
test_flac (gconstpointer factory)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_playbin (collector, factory,
      "audio-filter", make_file ("tags.flac", ALL_TAGS, "flacenc"));

  assert_all (play (player, collector));
  mh_collector_assert_order (collector, "sessionStart play sessionComplete");
}

static void
test_ogg (gconstpointer rest)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer)
      player = mh_player_launch (collector, "filesrc location=%s ! %s",
          make_ogg ("tags.ogg", ALL_TAGS), (const char *) rest);

  assert_all (play (player, collector));
}

static void
test_quicktime (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_playbin (
      collector, "playbin", "video-filter", make_quicktime ());
  const MhCollected *start = play (player, collector);

  assert_param (start, "media.name", "Pilot");
  assert_param (start, "media.show", "A show");
  assert_param (start, "media.genre", "Drama");
  assert_param (start, "media.artist", NULL);
}

/* What is live comes from a station. */
static void
test_live (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (collector,
      "audiotestsrc is-live=true num-buffers=200 samplesperbuffer=441 ! "
      "audio/x-raw,rate=44100 ! taginject tags=organization=Radio ! "
      "mediaheartbeat name=heartbeat ! fakesink sync=true");
  const MhCollected *start = play_to (player, collector, "sessionEnd");

  assert_param (start, "media.station", "Radio");
  assert_param (start, "media.label", NULL);
}

/* ---- who says it ---- */

static MhPlayer *
make_tone (MhCollector *collector, const char *properties)
{
  return mh_player_launch (collector,
      "audiotestsrc num-buffers=200 samplesperbuffer=441 ! "
      "audio/x-raw,rate=44100 ! taginject tags=\"%s\" ! "
      "mediaheartbeat name=heartbeat %s ! fakesink name=sink sync=true",
      ALL_TAGS, properties);
}

/* The application, key by key, by whichever name. */
static void
test_theirs (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_tone (collector, "media-name=Mine");
  g_autoptr (GstStructure) metadata = gst_structure_new ("metadata",
      "a.media.artist", G_TYPE_STRING, "Me", "media.album", G_TYPE_STRING,
      "My works", "a.media.rating", G_TYPE_STRING, "TV-Y", NULL);
  const MhCollected *start;

  g_object_set (player->heartbeat, "metadata", metadata, NULL);
  start = play (player, collector);
  assert_param (start, "media.name", "Mine");
  assert_param (start, "media.artist", "Me");
  assert_param (start, "media.album", "My works");
  assert_param (start, "media.rating", "TV-Y");
  assert_param (start, "media.genre", "Jazz");
  assert_param (start, "media.label", "Label");
  g_assert_cmpuint (player->warnings->len, ==, 0);
}

static void
test_off (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer)
      player = make_tone (collector, "auto-metadata=false media-id=tone");
  const MhCollected *start = play (player, collector);

  assert_param (start, "media.name", "tone");
  assert_param (start, "media.artist", NULL);
  assert_param (start, "media.genre", NULL);
}

/* ---- when ---- */

/* A song ends, and the next begins, in one stream. */
static GstPadProbeReturn
send_other_tags (GstPad *pad, GstPadProbeInfo *info, gpointer sent)
{
  gst_pad_push_event (pad,
      gst_event_new_tag (gst_tag_list_new (
          GST_TAG_TITLE, "Another", GST_TAG_ARTIST, "Other", NULL)));
  g_atomic_int_set ((int *) sent, TRUE);
  return GST_PAD_PROBE_REMOVE;
}

/* The resumed session is of the same item. */
static void
test_later (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_tone (collector, "idle-timeout=1");
  g_autoptr (GstPad)
      sinkpad = gst_element_get_static_pad (player->heartbeat, "sink");
  g_autoptr (GstPad) pad = gst_pad_get_peer (sinkpad);
  const MhCollected *resumed;
  int sent = FALSE;

  mh_player_go (player, GST_STATE_PLAYING);
  mh_collector_wait (collector, "play", 1);
  gst_pad_add_probe (
      pad, GST_PAD_PROBE_TYPE_BUFFER, send_other_tags, &sent, NULL);
  mh_player_wait_position (player, 0.7);
  mh_player_go (player, GST_STATE_PAUSED);
  g_assert_true (g_atomic_int_get (&sent));
  mh_collector_wait (collector, "sessionEnd", 1);
  mh_player_go (player, GST_STATE_PLAYING);
  resumed = mh_collector_wait (collector, "sessionStart", 2);
  g_assert_true (resumed->resume);
  assert_all (resumed);
  assert_all (mh_collector_wait (collector, "sessionStart", 1));
  mh_player_go (player, GST_STATE_NULL);
}

static void
assert_next (const MhCollected *start)
{
  assert_param (start, "media.name", "Next");
  assert_param (start, "media.genre", "Pop");
  assert_param (start, "media.artist", NULL);
  assert_param (start, "media.album", NULL);
  assert_param (start, "media.label", NULL);
}

static void
test_gapless (gconstpointer factory)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_playbin (
      collector, factory, "audio-filter", make_ogg ("first.ogg", ALL_TAGS));
  g_autofree char *uri = gst_filename_to_uri (
      make_ogg ("next.ogg", "title=Next,genre=Pop"), NULL);

  mh_player_give_next (player, uri);
  assert_all (play (player, collector));
  mh_collector_wait (collector, "sessionComplete", 2);
  assert_next (mh_collector_wait (collector, "sessionStart", 2));
  /* Nothing says so anew: it is as the one before. */
  for (guint i = 1; i <= 2; i++)
    assert_param (mh_collector_wait (collector, "sessionStart", i),
        "media.streamType", "audio");
}

static void
test_next_uri (gconstpointer factory)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_playbin (
      collector, factory, "audio-filter", make_ogg ("first.ogg", ALL_TAGS));
  g_autofree char *uri = gst_filename_to_uri (
      make_ogg ("next.ogg", "title=Next,genre=Pop"), NULL);

  assert_all (play (player, collector));
  mh_player_go (player, GST_STATE_READY);
  g_object_set (player->pipeline, "uri", uri, NULL);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_collector_wait (collector, "sessionComplete", 2);
  assert_next (mh_collector_wait (collector, "sessionStart", 2));
}

static void
test_concat (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (collector,
      "concat name=c ! mediaheartbeat name=heartbeat ! fakesink sync=true "
      "filesrc location=%s ! oggdemux ! vorbisdec ! c. "
      "filesrc location=%s ! oggdemux ! vorbisdec ! c.",
      make_ogg ("first.ogg", ALL_TAGS),
      make_ogg ("next.ogg", "title=Next,genre=Pop"));
  g_autofree char *uri = gst_filename_to_uri (
      make_ogg ("next.ogg", "title=Next,genre=Pop"), NULL);
  const MhCollected *next;

  assert_all (play (player, collector));
  mh_collector_wait (collector, "sessionComplete", 2);
  next = mh_collector_wait (collector, "sessionStart", 2);
  assert_next (next);
  assert_param (next, "media.id", uri);
}

typedef struct
{
  GstPad *pad;
  gulong probe;
} Held;

static GstPadProbeReturn
hold (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
release_at_eos (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Held *held = user_data;

  if (GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info)) != GST_EVENT_EOS)
    return GST_PAD_PROBE_OK;
  gst_pad_remove_probe (held->pad, held->probe);
  return GST_PAD_PROBE_REMOVE;
}

/* The sink gets nothing before the queue has all of it. */
static void
fill_queue_first (MhPlayer *player)
{
  g_autoptr (GstElement)
      queue = gst_bin_get_by_name (GST_BIN (player->pipeline), "queue");
  g_autoptr (GstPad) sinkpad = gst_element_get_static_pad (queue, "sink");
  Held *held = g_new (Held, 1);

  held->pad = gst_element_get_static_pad (queue, "src");
  held->probe = gst_pad_add_probe (held->pad,
      GST_PAD_PROBE_TYPE_BLOCK | GST_PAD_PROBE_TYPE_DATA_DOWNSTREAM, hold, NULL,
      NULL);
  gst_pad_add_probe (sinkpad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM,
      release_at_eos, held, g_free);
  gst_object_unref (held->pad); /* the queue keeps it */
}

/* Returns: (nullable): the start of the session of that name. A machine that is too slow
 * comes to several items at one moment, and sessions are sent side by side. */
static const MhCollected *
find_start (MhCollector *collector, const char *name)
{
  const MhCollected *start;

  for (guint n = 1; (start = mh_collector_nth_start (collector, n)); n++) {
    if (g_strcmp0 (
            collector_event_get_string (start->event, "params", "media.name"),
            name) == 0)
      return start;
  }
  return NULL;
}

/* The last of three has passed the element when the second is played, which has
 * no tags; and the first as well, with @held. */
static void
test_ahead (gconstpointer held)
{
#define ITEM \
  "audiotestsrc num-buffers=30 samplesperbuffer=441 ! " \
  "audio/x-raw,rate=44100,channels=1 ! "
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = mh_player_launch (collector,
      "concat name=c ! mediaheartbeat name=heartbeat ! "
      "identity drop-allocation=true ! queue name=queue max-size-time=0 "
      "max-size-bytes=0 max-size-buffers=0 ! fakesink sync=true " ITEM
      "taginject tags=title=First ! c. " ITEM "c. " ITEM
      "taginject tags=title=Third ! c.");
  static const char *const names[] = { "First", "player", "Third" };
  gint64 ts = 0;

  gst_object_set_name (GST_OBJECT (player->pipeline), "player");
  if (held)
    fill_queue_first (player);
  play (player, collector);
  mh_collector_wait (collector, "sessionComplete", G_N_ELEMENTS (names));
  mh_player_go (player, GST_STATE_NULL);
  g_assert_cmpuint (
      mh_collector_count (collector, "sessionStart"), ==, G_N_ELEMENTS (names));
  g_assert_cmpuint (mh_collector_count (collector, "sessionComplete"), ==,
      G_N_ELEMENTS (names));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    const MhCollected *start = find_start (collector, names[i]);

    g_assert_nonnull (start);
    g_assert_cmpint (start->ts, >=, ts);
    ts = start->ts;
  }
#undef ITEM
}

int
main (int argc, char *argv[])
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  mh_player_add_playbins ("/metadata/flac", test_flac);
  g_test_add_data_func ("/metadata/ogg/after-decoder",
      "oggdemux ! vorbisdec ! mediaheartbeat name=heartbeat ! "
      "fakesink sync=true",
      test_ogg);
  g_test_add_data_func ("/metadata/ogg/before-decoder",
      "oggdemux ! mediaheartbeat name=heartbeat ! vorbisdec ! queue ! "
      "fakesink sync=true",
      test_ogg);
  g_test_add_data_func ("/metadata/ogg/before-demuxer",
      "mediaheartbeat name=heartbeat ! oggdemux ! vorbisdec ! "
      "fakesink sync=true",
      test_ogg);
  g_test_add_data_func ("/metadata/ogg/before-mixer",
      "oggdemux ! vorbisdec ! mediaheartbeat name=heartbeat ! audiomixer ! "
      "fakesink sync=true",
      test_ogg);
  g_test_add_func ("/metadata/quicktime", test_quicktime);
  g_test_add_func ("/metadata/live", test_live);
  g_test_add_func ("/metadata/theirs", test_theirs);
  g_test_add_func ("/metadata/off", test_off);
  g_test_add_func ("/metadata/later", test_later);
  mh_player_add_playbins ("/metadata/gapless", test_gapless);
  mh_player_add_playbins ("/metadata/next-uri", test_next_uri);
  g_test_add_func ("/metadata/concat", test_concat);
  g_test_add_data_func ("/metadata/ahead", NULL, test_ahead);
  g_test_add_data_func ("/metadata/all-ahead", "held", test_ahead);
  return mh_test_media_run ();
}
