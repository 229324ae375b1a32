/* Tests of whole pipelines: nobody notices that the element is there. Whatever
 * passes its neighbours' pads, and whatever they are asked and told, is the same
 * with it and without it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-pad-log.h"
#include "mh-player.h"
#include "mh-test-media.h"

#include <string.h>

/**
 * Scenario:
 * @description: what plays, with an @ where the element goes, behind an element
 *   named "before" and in front of one named "behind"
 * @media: whether a file's path goes in for %s
 * @act: (nullable): what happens once it is in PAUSED
 * @inject: whether the stream has what sources rarely have
 * @moves: whether it moves in PAUSED, or plays by the clock: what it is asked
 *   then is a matter of the moment
 */
typedef struct
{
  const char *name;
  const char *description;
  gboolean media;
  void (*act) (MhPlayer *player, GString *text);
  gboolean inject;
  gboolean moves;
} Scenario;

/* ---- what happens ---- */

static void
note_pipeline (MhPlayer *player, GString *text)
{
  g_autoptr (GstQuery) latency = gst_query_new_latency ();
  gint64 position = -1, duration = -1;
  GstClockTime low = 0, high = 0;
  gboolean live = FALSE;

  if (gst_element_query (player->pipeline, latency))
    gst_query_parse_latency (latency, &live, &low, &high);
  /* Of what is live it is the clock's. */
  if (!live)
    gst_element_query_position (player->pipeline, GST_FORMAT_TIME, &position);
  gst_element_query_duration (player->pipeline, GST_FORMAT_TIME, &duration);
  g_string_append_printf (text,
      "live %d latency %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT
      " position %" G_GINT64_FORMAT " duration %" G_GINT64_FORMAT "\n",
      live, low, high, position, duration);
}

static void
seek (MhPlayer *player, double rate, GstSeekFlags flags, double start,
    double stop)
{
  g_assert_true (gst_element_seek (player->pipeline, rate, GST_FORMAT_TIME,
      flags, GST_SEEK_TYPE_SET, (gint64) (start * GST_SECOND),
      stop < 0 ? GST_SEEK_TYPE_NONE : GST_SEEK_TYPE_SET,
      (gint64) (stop * GST_SECOND)));
  mh_player_settle (player);
}

static void
act_seek (MhPlayer *player, GString *text)
{
  seek (player, 1, GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE, 1, -1);
  note_pipeline (player, text);
  seek (player, 1, GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_KEY_UNIT, 0.5, 1.5);
  note_pipeline (player, text);
}

static void
act_rate (MhPlayer *player, GString *text)
{
  seek (player, 2, GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE, 0.5, -1);
  note_pipeline (player, text);
}

/* ---- a stream with everything in it ---- */

static void
push_others (GstPad *pad)
{
  g_autoptr (GstToc) toc = gst_toc_new (GST_TOC_SCOPE_GLOBAL);
  g_autoptr (GstBuffer) data = gst_buffer_new_and_alloc (4);
  GstEvent *events[] = {
    gst_event_new_tag (
        gst_tag_list_new (GST_TAG_TITLE, "title", GST_TAG_BITRATE, 5, NULL)),
    gst_event_new_toc (toc, TRUE),
    gst_event_new_gap (GST_SECOND / 10, GST_SECOND / 10),
    gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM,
        gst_structure_new ("one", "a", G_TYPE_INT, 1, NULL)),
    gst_event_new_custom (
        GST_EVENT_CUSTOM_DOWNSTREAM_OOB, gst_structure_new_empty ("two")),
    gst_event_new_custom (
        GST_EVENT_CUSTOM_DOWNSTREAM_STICKY, gst_structure_new_empty ("three")),
    gst_event_new_custom (
        GST_EVENT_CUSTOM_BOTH, gst_structure_new_empty ("four")),
    gst_event_new_protection ("system", data, "origin"),
    gst_event_new_segment_done (GST_FORMAT_TIME, 5),
  };

  for (guint i = 0; i < G_N_ELEMENTS (events); i++)
    gst_pad_push_event (pad, events[i]);
}

static void
push_back (GstPad *pad)
{
  gst_pad_push_event (
      pad, gst_event_new_qos (GST_QOS_TYPE_OVERFLOW, 0.5, 7, 9));
  gst_pad_push_event (
      pad, gst_event_new_navigation (gst_structure_new_empty ("navigation")));
  gst_pad_push_event (pad,
      gst_event_new_custom (
          GST_EVENT_CUSTOM_UPSTREAM, gst_structure_new_empty ("five")));
}

/* At the third buffer, between it and the one before. */
static GstPadProbeReturn
on_third (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  int *count = user_data;
  g_autoptr (GstObject) parent = gst_object_get_parent (GST_OBJECT (pad));
  g_autoptr (GstPad)
      srcpad = gst_element_get_static_pad (GST_ELEMENT (parent), "src");

  if (++*count < 3)
    return GST_PAD_PROBE_OK;
  push_others (srcpad);
  return GST_PAD_PROBE_REMOVE;
}

static GstPadProbeReturn
on_fourth (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  int *count = user_data;

  if (++*count < 4)
    return GST_PAD_PROBE_OK;
  push_back (pad);
  return GST_PAD_PROBE_REMOVE;
}

static void
inject (MhPlayer *player, GstPad *behind)
{
  g_autoptr (GstElement)
      before = gst_bin_get_by_name (GST_BIN (player->pipeline), "before");
  g_autoptr (GstPad) pad = gst_element_get_static_pad (before, "sink");

  gst_pad_add_probe (
      pad, GST_PAD_PROBE_TYPE_BUFFER, on_third, g_new0 (int, 1), g_free);
  gst_pad_add_probe (
      behind, GST_PAD_PROBE_TYPE_BUFFER, on_fourth, g_new0 (int, 1), g_free);
}

/* ---- two runs ---- */

static GstPad *
get_pad (MhPlayer *player, const char *name, const char *pad)
{
  g_autoptr (GstElement)
      element = gst_bin_get_by_name (GST_BIN (player->pipeline), name);
  GstPad *found = gst_element_get_static_pad (element, pad);

  g_assert_nonnull (found);
  return found;
}

static void
ask (MhPlayer *player, GString *text, GstPad *before, GstPad *behind)
{
  g_autofree char *down = mh_pad_log_ask (before);
  g_autofree char *up = mh_pad_log_ask (behind);

  g_string_append_printf (text, "-- asked down\n%s-- asked up\n%s", down, up);
  note_pipeline (player, text);
}

static char *
play (const Scenario *scenario, const char *element)
{
  g_auto (GStrv) parts = g_strsplit (scenario->description, "@", 2);
  g_autofree char *start = scenario->media
      ? g_strdup_printf ("filesrc name=%s location=%s",
            g_str_has_prefix (parts[0], "!") ? "file" : "before",
            mh_test_media_video (2))
      : g_strdup ("");
  g_autoptr (MhPlayer) player = mh_player_launch (
      NULL, "%s %s %s %s", start, parts[0], element, parts[1]);
  g_autoptr (GstPad) before = get_pad (player, "before", "src");
  g_autoptr (GstPad) behind = get_pad (player, "behind", "sink");
  g_autoptr (MhPadLog) before_log = mh_pad_log_new (before);
  g_autoptr (MhPadLog) behind_log = mh_pad_log_new (behind);
  g_autofree char *first = NULL, *second = NULL;
  GString *text = g_string_new (NULL);

  if (scenario->inject)
    inject (player, behind);
  mh_player_go (player, GST_STATE_PAUSED);
  if (!scenario->moves) {
    ask (player, text, before, behind);
    if (scenario->act)
      scenario->act (player, text);
  }
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  g_assert_cmpuint (player->errors, ==, 0);
  note_pipeline (player, text);
  mh_player_go (player, GST_STATE_NULL);
  first = mh_pad_log_dup_text (before_log);
  second = mh_pad_log_dup_text (behind_log);
  g_string_append_printf (text, "-- before\n%s-- behind\n%s", first, second);
  return g_string_free (text, FALSE);
}

static void
assert_same (const char *without, const char *with)
{
  g_auto (GStrv) first = g_strsplit (without, "\n", -1);
  g_auto (GStrv) second = g_strsplit (with, "\n", -1);

  if (g_str_equal (without, with))
    return;
  for (guint i = 0; first[i] && second[i]; i++) {
    if (!g_str_equal (first[i], second[i])) {
      g_test_message ("line %u without: %s", i, first[i]);
      g_test_message ("line %u with:    %s", i, second[i]);
      break;
    }
  }
  g_test_fail ();
}

static void
test_same (gconstpointer data)
{
  const Scenario *scenario = data;
  g_autofree char *without = play (scenario, "");
  g_autofree char *with = play (scenario, "! mediaheartbeat");

  g_assert_nonnull (strstr (without, "buffer "));
  assert_same (without, with);
}

/* ---- the scenarios ---- */

#define AUDIO \
  "audiotestsrc num-buffers=30 samplesperbuffer=4410 ! " \
  "audio/x-raw,rate=44100 ! "
#define VIDEO "videotestsrc num-buffers=30 ! video/x-raw,width=64,height=48 ! "
#define LIVE \
  "fakesrc is-live=true num-buffers=20 format=time datarate=2000 " \
  "sizetype=fixed sizemax=100 filltype=zero name=before "
#define BEHIND " ! fakesink name=behind sync=false"
#define DECODED(decoder) \
  "! oggdemux name=demux demux. ! " decoder " name=before @" BEHIND

static const Scenario scenarios[] = {
  { "audio", AUDIO "identity name=before @" BEHIND },
  { "video", VIDEO "identity name=before @" BEHIND },
  { "injected", AUDIO "identity name=before @" BEHIND, .inject = TRUE },
  { "seek", AUDIO "identity name=before @" BEHIND, .act = act_seek },
  { "rate", VIDEO "identity name=before @" BEHIND, .act = act_rate },
  { "converter",
      AUDIO "audioconvert name=before @ ! audioresample "
            "name=behind ! audio/x-raw,rate=8000 ! fakesink" },
  { "allocation",
      VIDEO "videoconvert name=before @ ! videoscale name=behind ! "
            "video/x-raw,width=32 ! fakesink" },
  { "pool",
      "videotestsrc num-buffers=30 name=before @ ! videocrop "
      "name=behind left=4 ! fakesink" },
  { "queue", AUDIO "identity name=before @ ! queue name=behind ! fakesink",
      .moves = TRUE },
  { "live", LIVE "@ ! fakesink name=behind sync=true", .moves = TRUE },
  { "lists",
      "videotestsrc num-buffers=30 ! "
      "video/x-raw,format=RGB,width=64,height=48 ! rtpvrawpay name=before "
      "ssrc=1 seqnum-offset=1 timestamp-offset=1 @" BEHIND },
  { "pull", "@ ! oggdemux name=behind ! fakesink", TRUE },
  { "pull/seek", "@ ! oggdemux name=behind ! vorbisdec ! fakesink sync=false",
      TRUE, act_seek },
  { "push", "! queue name=before @" BEHIND, TRUE, .moves = TRUE },
  { "decoded-audio", DECODED ("vorbisdec"), TRUE },
  { "decoded-video", DECODED ("theoradec"), TRUE },
  { "decoded-video/seek", DECODED ("theoradec"), TRUE, act_seek },
  { "decoded-video/rate", DECODED ("theoradec"), TRUE, act_rate },
};

int
main (int argc, char *argv[])
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (scenarios); i++) {
    g_autofree char *name = g_strconcat (
        "/undisturbed/", scenarios[i].name, NULL);

    g_test_add_data_func (name, &scenarios[i], test_same);
  }
  return mh_test_media_run ();
}
