/* Tests of whole pipelines: player states without anybody's doing.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-player.h"
#include "mh-test-media.h"

#define LONG 20 /* seconds: nothing here comes to its end */

/* One whose volume is an element, that never ends. */
#define PIPELINE \
  "audiotestsrc ! mediaheartbeat name=heartbeat %s ! volume name=volume ! " \
  "fakesink sync=true"

/* ---- what was told ---- */

static const char *
get_state (const GstStructure *hit)
{
  const GValue *params = gst_structure_get_value (hit, "params");
  const GstStructure *structure = params ? gst_value_get_structure (params)
                                         : NULL;

  return structure ? gst_structure_get_string (structure, "media.state.name")
                   : NULL;
}

/* Returns: (transfer full): "+name" and "-name" for each state that has begun
 * and ended so far, "start" and "end" for sessions, and "error". */
static char *
dup_told (MhPlayer *player)
{
  static const struct
  {
    const char *event, *text;
  } events[] = {
    { "stateStart", "+" },
    { "stateEnd", "-" },
    { "sessionStart", "start" },
    { "sessionEnd", "end" },
    { "error", "error" },
  };
  GString *told = g_string_new (NULL);

  for (guint i = 0; i < player->hits->len; i++) {
    const GstStructure *hit = g_ptr_array_index (player->hits, i);
    const char *event = gst_structure_get_string (hit, "event");

    for (guint j = 0; j < G_N_ELEMENTS (events); j++) {
      if (g_str_equal (event, events[j].event))
        g_string_append_printf (told, "%s%s%s", told->len > 0 ? " " : "",
            events[j].text, get_state (hit) ? get_state (hit) : "");
    }
  }
  return g_string_free (told, FALSE);
}

static void
assert_told (MhPlayer *player, const char *wanted)
{
  g_autofree char *told = dup_told (player);

  g_assert_cmpstr (told, ==, wanted);
  g_assert_cmpuint (player->warnings->len, ==, 0);
}

static gboolean
track (
    MhPlayer *player, const char *call, const char *argument, const char *value)
{
  g_autoptr (GstStructure) details = gst_structure_new (
      "details", argument, G_TYPE_STRING, value, NULL);
  gboolean accepted;

  g_signal_emit_by_name (player->heartbeat, "track", call, details, &accepted);
  return accepted;
}

/* From here on there is a hit, before which is what was done before. */
static void
mark (MhPlayer *player, guint n)
{
  g_assert_true (track (player, "error", "id", "mark"));
  mh_player_wait_hit (player, "error", n);
}

/* ---- players ---- */

typedef struct
{
  const char *factory; /* NULL: a pipeline with an element for the volume */
} Kind;

static const Kind playbin = { "playbin" };
static const Kind playbin3 = { "playbin3" };
static const Kind pipeline = { NULL };

static MhPlayer *
make (const Kind *kind)
{
  return kind->factory ? mh_player_playbin (NULL, kind->factory, "audio-filter",
                             mh_test_media_audio (LONG))
                       : mh_player_launch (NULL, PIPELINE, "");
}

/* Returns: (transfer full): whoever has the properties. */
static GstElement *
get_volume (MhPlayer *player)
{
  GstElement *volume = gst_bin_get_by_name (
      GST_BIN (player->pipeline), "volume");

  /* playbin's own is nothing that an application may know. */
  if (volume && GST_OBJECT_PARENT (volume) == GST_OBJECT (player->pipeline))
    return volume;
  g_clear_object (&volume);
  return gst_object_ref (player->pipeline);
}

static void
set_mute (MhPlayer *player, gboolean mute)
{
  g_autoptr (GstElement) volume = get_volume (player);

  g_object_set (volume, "mute", mute, NULL);
}

static void
set_volume (MhPlayer *player, double value)
{
  g_autoptr (GstElement) volume = get_volume (player);

  g_object_set (volume, "volume", value, NULL);
}

static void
play (MhPlayer *player, guint n)
{
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_hit (player, "play", n);
}

/* ---- mute ---- */

static void
test_before (gconstpointer kind)
{
  g_autoptr (MhPlayer) player = make (kind);
  const GstStructure *start, *mute;
  double playhead;

  set_mute (player, TRUE);
  play (player, 1);
  assert_told (player, "start +mute");
  start = g_ptr_array_index (player->hits, 0);
  mute = g_ptr_array_index (player->hits, 1);
  g_assert_cmpstr (
      gst_structure_get_string (start, "event"), ==, "sessionStart");
  g_assert_cmpstr (get_state (mute), ==, "mute");
  g_assert_true (gst_structure_get_double (mute, "playhead", &playhead));
  mh_player_assert_near (playhead, 0);
}

static void
test_during (gconstpointer kind)
{
  g_autoptr (MhPlayer) player = make (kind);

  play (player, 1);
  set_mute (player, TRUE);
  mh_player_wait_hit (player, "stateStart", 1);
  set_mute (player, FALSE);
  mh_player_wait_hit (player, "stateEnd", 1);
  set_volume (player, 0);
  mh_player_wait_hit (player, "stateStart", 2);
  /* It is one thing, whatever makes it so. */
  set_mute (player, TRUE);
  set_volume (player, 1);
  mark (player, 1);
  set_mute (player, FALSE);
  mh_player_wait_hit (player, "stateEnd", 2);
  assert_told (player, "start +mute -mute +mute error -mute");
}

/* While the player is paused as well, with the playhead of that. */
static void
test_paused (gconstpointer kind)
{
  g_autoptr (MhPlayer) player = make (kind);
  double position, playhead;

  play (player, 1);
  mh_player_wait_position (player, 0.5);
  mh_player_go (player, GST_STATE_PAUSED);
  mh_player_wait_hit (player, "pauseStart", 1);
  position = mh_player_position (player);
  set_mute (player, TRUE);
  g_assert_true (gst_structure_get_double (
      mh_player_wait_hit (player, "stateStart", 1), "playhead", &playhead));
  mh_player_assert_near (playhead, position);
}

/* The state is on when the session is resumed, or it is not. */
static void
test_resumed (gconstpointer kind)
{
  g_autoptr (MhPlayer) player = make (kind);

  g_object_set (player->heartbeat, "idle-timeout", 1, NULL);
  play (player, 1);
  set_mute (player, TRUE);
  mh_player_wait_hit (player, "stateStart", 1);
  mh_player_go (player, GST_STATE_PAUSED);
  mh_player_wait_hit (player, "sessionEnd", 1);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_hit (player, "stateStart", 2);
  mh_player_go (player, GST_STATE_PAUSED);
  mh_player_wait_hit (player, "sessionEnd", 2);
  set_mute (player, FALSE);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_hit (player, "sessionStart", 3);
  mark (player, 1);
  assert_told (player, "start +mute end start +mute end start error");
}

/* The next item is another session: it is muted from its start as well. */
static void
test_next_item (gconstpointer kind)
{
  g_autoptr (MhPlayer) player = make (kind);

  play (player, 1);
  set_mute (player, TRUE);
  mh_player_wait_hit (player, "stateStart", 1);
  mh_player_go (player, GST_STATE_READY);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_hit (player, "sessionStart", 2);
  mh_player_wait_hit (player, "stateStart", 2);
  assert_told (player, "start +mute end start +mute");
}

/* However short, and however many: each is the other's opposite, and the last
 * is what is so. */
static void
test_flaps (gconstpointer kind)
{
  g_autoptr (MhPlayer) player = make (kind);
  g_autofree char *told = NULL;
  g_auto (GStrv) words = NULL;
  guint n;

  play (player, 1);
  for (guint i = 0; i < 201; i++)
    set_mute (player, i % 2 == 0);
  mark (player, 1);
  told = dup_told (player);
  words = g_strsplit (told, " ", -1);
  n = g_strv_length (words);
  g_assert_cmpuint (n, >=, 3);
  g_assert_cmpstr (words[n - 1], ==, "error");
  g_assert_cmpstr (words[n - 2], ==, "+mute");
  for (guint i = 1; i < n - 1; i++)
    g_assert_cmpstr (words[i], ==, i % 2 == 1 ? "+mute" : "-mute");
}

/* ---- a volume that moves ---- */

typedef struct
{
  GstElement *volume;
  int buffers;
} Fade;

static GstPadProbeReturn
fade_a_bit (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Fade *fade = user_data;
  int n = g_atomic_int_add (&fade->buffers, 1);

  g_object_set (fade->volume, "volume", MAX (0, 1 - n * 0.02), NULL);
  return GST_PAD_PROBE_OK;
}

/* With each buffer, in the streaming thread, as by a GstController. */
static void
test_fade (void)
{
  g_autoptr (MhPlayer) player = make (&pipeline);
  g_autoptr (GstElement) volume = get_volume (player);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (volume, "sink");
  Fade fade = { volume, 0 };

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, fade_a_bit, &fade, NULL);
  play (player, 1);
  mh_player_wait_hit (player, "stateStart", 1);
  g_assert_cmpint (g_atomic_int_get (&fade.buffers), >=, 50);
  mark (player, 1);
  assert_told (player, "start +mute error");
}

/* ---- whose volume ---- */

/* A crossfade: what is heard is none of one element's. */
static void
test_several (void)
{
  g_autoptr (MhPlayer) player = mh_player_launch (NULL,
      PIPELINE " audiotestsrc ! volume name=other mute=true ! fakesink", "");

  set_mute (player, TRUE);
  play (player, 1);
  set_volume (player, 0);
  mark (player, 1);
  assert_told (player, "start error");
}

/* A volume that comes to a pipeline that plays. */
static void
test_comes_late (void)
{
  g_autoptr (MhPlayer) player = mh_player_launch (NULL,
      "audiotestsrc ! mediaheartbeat name=heartbeat ! fakesink sync=true");
  GstElement *volume = gst_element_factory_make ("volume", "volume");

  play (player, 1);
  g_object_set (volume, "mute", TRUE, NULL);
  gst_bin_add (GST_BIN (player->pipeline), volume);
  mh_player_wait_hit (player, "stateStart", 1);
  gst_bin_remove (GST_BIN (player->pipeline), volume);
  mh_player_wait_hit (player, "stateEnd", 1);
  assert_told (player, "start +mute -mute");
}

/* ---- the application's word ---- */

static void
test_off (gconstpointer kind)
{
  g_autoptr (MhPlayer) player = make (kind);

  g_object_set (player->heartbeat, "auto-states", FALSE, NULL);
  set_mute (player, TRUE);
  play (player, 1);
  set_mute (player, FALSE);
  mark (player, 1);
  g_assert_true (track (player, "stateStart", "name", "mute"));
  mh_player_wait_hit (player, "stateStart", 1);
  assert_told (player, "start error +mute");
}

/* One that has done it all by itself so far. */
static void
test_app_tells (gconstpointer kind)
{
  g_autoptr (MhPlayer) player = make (kind);

  play (player, 1);
  for (guint i = 1; i <= 2; i++) {
    set_mute (player, TRUE);
    g_assert_true (track (player, "stateStart", "name", "mute"));
    mh_player_wait_hit (player, "stateStart", i);
    set_mute (player, FALSE);
    g_assert_true (track (player, "stateEnd", "name", "mute"));
    mh_player_wait_hit (player, "stateEnd", i);
  }
  mark (player, 1);
  assert_told (player, "start +mute -mute +mute -mute error");
  g_assert_cmpuint (mh_player_get_stat (player, "refused"), ==, 0);
}

/* From its first word on it is its own, for that item. */
static void
test_app_wins (gconstpointer kind)
{
  g_autoptr (MhPlayer) player = make (kind);

  play (player, 1);
  g_assert_true (track (player, "stateStart", "name", "mute"));
  set_mute (player, TRUE);
  set_mute (player, FALSE);
  mark (player, 1);
  g_assert_true (track (player, "stateEnd", "name", "mute"));
  set_mute (player, TRUE);
  mark (player, 2);
  assert_told (player, "start +mute error -mute error");
  mh_player_go (player, GST_STATE_READY);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_hit (player, "stateStart", 2);
  assert_told (player, "start +mute error -mute error end start +mute");
}

/* Before there is anything to see of the player: the session begins in READY. */
static void
test_app_starts (void)
{
  g_autoptr (MhPlayer) player = make (&pipeline);
  g_autoptr (GstStructure) details = gst_structure_new_empty ("details");
  g_autoptr (GstStructure)
      media = gst_structure_new ("media", "id", G_TYPE_STRING, "one", "name",
          G_TYPE_STRING, "One", "length", G_TYPE_INT, 60, "streamType",
          G_TYPE_STRING, "aod", "mediaType", G_TYPE_STRING, "audio", NULL);
  gboolean accepted;

  gst_structure_set (details, "media", GST_TYPE_STRUCTURE, media, NULL);
  set_mute (player, TRUE);
  mh_player_go (player, GST_STATE_READY);
  g_signal_emit_by_name (
      player->heartbeat, "track", "sessionStart", details, &accepted);
  g_assert_true (accepted);
  play (player, 1);
  mark (player, 1);
  assert_told (player, "start +mute error");
}

/* A session has room for ten names: no complaint where that is not enough. */
static void
test_no_room (void)
{
  g_autoptr (MhPlayer) player = make (&pipeline);

  play (player, 1);
  for (guint i = 0; i < 10; i++) {
    g_autofree char *name = g_strdup_printf ("own%u", i);

    g_assert_true (track (player, "stateStart", "name", name));
  }
  mh_player_wait_hit (player, "stateStart", 10);
  set_mute (player, TRUE);
  mark (player, 1);
  set_mute (player, FALSE);
  mark (player, 2);
  g_assert_cmpuint (player->warnings->len, ==, 0);
  g_assert_false (track (player, "stateStart", "name", "mute"));
}

/* ---- subtitles ---- */

/* Shorter files are not recognized. */
static const char subtitles[] =
    "1\n00:00:00,000 --> 00:00:05,000\nWhere have they all gone?\n\n"
    "2\n00:00:05,000 --> 00:00:10,000\nWho? There was nobody here.\n\n"
    "3\n00:00:10,000 --> 00:00:15,000\nThat is what I mean.\n\n";

static const char *
get_subtitles (void)
{
  static const char *path;

  if (!path)
    path = mh_test_media_file ("text.srt", subtitles, sizeof subtitles - 1);
  return path;
}

/* Fifteen seconds of text, a second each. */
static void
push_text (MhPlayer *muxer)
{
  g_autoptr (GstElement)
      source = gst_bin_get_by_name (GST_BIN (muxer->pipeline), "text");
  GstFlowReturn flow;

  for (guint i = 0; i < 15; i++) {
    GstBuffer *buffer = gst_buffer_new_memdup ("Text", 4);

    GST_BUFFER_PTS (buffer) = i * GST_SECOND;
    GST_BUFFER_DURATION (buffer) = GST_SECOND;
    g_signal_emit_by_name (source, "push-buffer", buffer, &flow);
    gst_buffer_unref (buffer);
    g_assert_cmpint (flow, ==, GST_FLOW_OK);
  }
  g_signal_emit_by_name (source, "end-of-stream", &flow);
}

/* Returns: (transfer none): a film with subtitles in it. */
static const char *
get_film (void)
{
  static const char *path;
  g_autoptr (MhPlayer) muxer = NULL;

  if (path)
    return path;
  path = mh_test_media_file ("text.mkv", "", 0);
  muxer = mh_player_launch (NULL,
      "matroskamux name=mux ! filesink location=%s "
      "videotestsrc num-buffers=75 ! video/x-raw,width=32,height=32,"
      "framerate=5/1 ! theoraenc keyframe-force=5 ! queue ! mux. "
      "audiotestsrc num-buffers=1500 samplesperbuffer=441 ! "
      "audio/x-raw,rate=44100,channels=1 ! vorbisenc ! queue ! mux. "
      "appsrc name=text format=time caps=text/x-raw,format=utf8 ! queue ! "
      "mux.subtitle_%%u",
      path);
  /* Before it can wait for them. */
  gst_element_set_state (muxer->pipeline, GST_STATE_PAUSED);
  push_text (muxer);
  mh_player_go (muxer, GST_STATE_PLAYING);
  mh_player_wait_message (muxer, GST_MESSAGE_EOS);
  return path;
}

static void
show_subtitles (MhPlayer *player, gboolean show)
{
  guint flags;

  g_object_get (player->pipeline, "flags", &flags, NULL);
  g_object_set (
      player->pipeline, "flags", show ? flags | 4 : flags & ~4u, NULL);
}

/* Where a renderer is missing (Debian has it in a package that few players do
 * without), playbin warns: that is not ours. */
static void
assert_captions (MhPlayer *player, const char *wanted)
{
  g_autofree char *told = dup_told (player);

  g_assert_cmpstr (told, ==, wanted);
  g_assert_cmpuint (mh_player_count_warnings (player, "refused"), ==, 0);
}

static void
test_captions (gconstpointer kind)
{
  g_autoptr (MhPlayer) player = mh_player_playbin (
      NULL, ((const Kind *) kind)->factory, "audio-filter", get_film ());

  play (player, 1);
  mh_player_wait_hit (player, "stateStart", 1);
  show_subtitles (player, FALSE);
  mh_player_wait_hit (player, "stateEnd", 1);
  show_subtitles (player, TRUE);
  mh_player_wait_hit (player, "stateStart", 2);
  assert_captions (
      player, "start +closedCaptioning -closedCaptioning +closedCaptioning");
}

static void
test_captions_off (gconstpointer kind)
{
  g_autoptr (MhPlayer) player = mh_player_playbin (
      NULL, ((const Kind *) kind)->factory, "audio-filter", get_film ());

  show_subtitles (player, FALSE);
  play (player, 1);
  mark (player, 1);
  show_subtitles (player, TRUE);
  mh_player_wait_hit (player, "stateStart", 1);
  assert_captions (player, "start error +closedCaptioning");
}

/* Enabled, as by default, but there are none. */
static void
test_no_captions (gconstpointer kind)
{
  g_autoptr (MhPlayer) player = mh_player_playbin (NULL,
      ((const Kind *) kind)->factory, "audio-filter", mh_test_media_video (5));

  play (player, 1);
  show_subtitles (player, FALSE);
  show_subtitles (player, TRUE);
  mark (player, 1);
  assert_captions (player, "start error");
}

/* Not with playbin3: that of GStreamer 1.22 fails where the subtitles are there
 * before the pictures. */
static void
test_captions_file (gconstpointer kind)
{
  g_autofree char *uri = gst_filename_to_uri (get_subtitles (), NULL);
  g_autoptr (MhPlayer) player = mh_player_playbin (NULL,
      ((const Kind *) kind)->factory, "audio-filter", mh_test_media_video (5));

  g_object_set (player->pipeline, "suburi", uri, NULL);
  play (player, 1);
  mh_player_wait_hit (player, "stateStart", 1);
  show_subtitles (player, FALSE);
  mh_player_wait_hit (player, "stateEnd", 1);
  assert_captions (player, "start +closedCaptioning -closedCaptioning");
}

/* ---- threads ---- */

static void
change (GstElement *volume, guint i)
{
  /* To set them would use an element that playsink frees meanwhile without its lock
   * (GStreamer 1.26). */
  if (GST_IS_PIPELINE (volume))
    g_object_notify (G_OBJECT (volume), i % 2 == 0 ? "mute" : "volume");
  else
    g_object_set (volume, "mute", i % 2 == 0, "volume", i % 3 * 0.5, NULL);
}

static gpointer
toggle (gpointer data)
{
  GstElement *volume = data;

  for (guint i = 0; i < 200; i++)
    change (volume, i);
  gst_object_unref (volume);
  return NULL;
}

/* The player goes while another thread still mutes it. */
static void
test_gone (gconstpointer kind)
{
  for (guint i = 0; i < 10; i++) {
    MhPlayer *player = make (kind);
    GThread *thread;

    mh_player_go (player, GST_STATE_PLAYING);
    thread = g_thread_new ("toggle", toggle, get_volume (player));
    if (i % 2 == 0)
      mh_player_wait_hit (player, "sessionStart", 1);
    mh_player_free (player);
    g_thread_join (thread);
  }
}

/* ---- all of it ---- */

static void
add (const char *name, const Kind *kind, void (*func) (gconstpointer))
{
  g_autofree char *path = g_strdup_printf (
      "/states/%s/%s", name, kind->factory ? kind->factory : "pipeline");

  g_test_add_data_func (path, kind, func);
}

/* Not with playbin3: on a machine that is busy, that of GStreamer 1.22 now and
 * then never gets to PLAYING, whatever is in it. */
static void
add_both (const char *name, void (*func) (gconstpointer))
{
  add (name, &playbin, func);
  add (name, &pipeline, func);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  add_both ("before", test_before);
  add ("before", &playbin3, test_before);
  add_both ("during", test_during);
  add_both ("flaps", test_flaps);
  add_both ("gone", test_gone);
  add ("paused", &playbin, test_paused);
  add ("resumed", &playbin, test_resumed);
  add ("next-item", &playbin, test_next_item);
  add ("next-item", &pipeline, test_next_item);
  add ("off", &playbin, test_off);
  add ("app-tells", &playbin, test_app_tells);
  add ("app-tells", &pipeline, test_app_tells);
  add ("app-wins", &playbin, test_app_wins);
  add ("captions", &playbin, test_captions);
  add ("captions", &playbin3, test_captions);
  add ("captions-off", &playbin, test_captions_off);
  add ("captions-none", &playbin, test_no_captions);
  add ("captions-file", &playbin, test_captions_file);
  g_test_add_func ("/states/fade", test_fade);
  g_test_add_func ("/states/several", test_several);
  g_test_add_func ("/states/comes-late", test_comes_late);
  g_test_add_func ("/states/app-starts", test_app_starts);
  g_test_add_func ("/states/no-room", test_no_room);
  return mh_test_media_run ();
}
