/* Tests of whole pipelines: the ad breaks of a broadcast.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-player.h"
#include "mh-test-media.h"

#include "collector-event.h"

#define GST_USE_UNSTABLE_API /* or its header warns */
#include <gst/mpegts/mpegts.h>

#define PID 500

/* What is announced: in front of the data at @at, for the data at @splice. */
typedef struct
{
  double at;
  double splice; /* s; < 0: at once */
  double duration; /* < 0: it ends here */
  gboolean auto_return;
  guint event;
} Announcement;

typedef struct
{
  const Announcement *announcements;
  guint n;
  guint done; /* bits */
  GstElement *mux;
} Broadcaster;

static GstMpegtsSCTESIT *
make_sit (const Announcement *announcement)
{
  GstClockTime when = announcement->splice < 0
      ? GST_CLOCK_TIME_NONE
      : (GstClockTime) (announcement->splice * GST_SECOND);
  GstMpegtsSCTESIT *sit = announcement->duration < 0
      ? gst_mpegts_scte_splice_in_new (announcement->event, when)
      : gst_mpegts_scte_splice_out_new (announcement->event, when,
            (GstClockTime) (announcement->duration * GST_SECOND));
  GstMpegtsSCTESpliceEvent *event = g_ptr_array_index (sit->splices, 0);

  event->break_duration_auto_return = announcement->auto_return;
  return sit;
}

static GstPadProbeReturn
announce (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Broadcaster *self = user_data;
  GstClockTime pts = GST_BUFFER_PTS (GST_PAD_PROBE_INFO_BUFFER (info));

  for (guint i = 0; i < self->n; i++) {
    const Announcement *announcement = &self->announcements[i];
    GstMpegtsSection *section;

    if (pts < (GstClockTime) (announcement->at * GST_SECOND) ||
        (self->done & (1U << i)))
      continue;
    self->done |= 1U << i;
    section = gst_mpegts_section_from_scte_sit (make_sit (announcement), PID);
    g_assert_true (gst_mpegts_section_send_event (section, self->mux));
    gst_mpegts_section_unref (section);
  }
  return GST_PAD_PROBE_OK;
}

/* Returns: (transfer none): six seconds of a broadcast. */
static const char *
make_file (const char *name, const Announcement *announcements, guint n)
{
  const char *path = mh_test_media_file (name, "", 0);
  g_autoptr (MhPlayer) player = mh_player_launch (NULL,
      "audiotestsrc num-buffers=600 samplesperbuffer=480 ! "
      "audio/x-raw,rate=48000,channels=1 ! identity name=source ! opusenc ! "
      "mpegtsmux name=mux scte-35-pid=%d scte-35-null-interval=90000 ! "
      "filesink location=%s",
      PID, path);
  g_autoptr (GstElement)
      mux = gst_bin_get_by_name (GST_BIN (player->pipeline), "mux");
  g_autoptr (GstElement)
      source = gst_bin_get_by_name (GST_BIN (player->pipeline), "source");
  g_autoptr (GstPad) pad = gst_element_get_static_pad (source, "src");
  Broadcaster broadcaster = { announcements, n, 0, mux };

  gst_pad_add_probe (
      pad, GST_PAD_PROBE_TYPE_BUFFER, announce, &broadcaster, NULL);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  return path;
}

/* A program of the broadcast begins that much before its data. */
#define LEAD_IN 0.125

static MhPlayer *
make_player (MhCollector *collector, const char *path, gboolean events)
{
  return mh_player_launch (collector,
      "filesrc location=%s ! tsdemux send-scte35-events=%s ! opusdec ! "
      "mediaheartbeat name=heartbeat ! queue max-size-time=1000000000 "
      "max-size-buffers=0 max-size-bytes=0 ! fakesink sync=true",
      path, events ? "true" : "false");
}

static void
assert_break (MhCollector *collector, guint n, const char *id, double start,
    double end, double length)
{
  const MhCollected *hit = mh_collector_wait (collector, "adBreakStart", n);
  const MhCollected *ad = mh_collector_wait (collector, "adStart", n);
  const MhCollected *play = mh_collector_wait (collector, "play", 1);

  mh_player_assert_near (hit->playhead, start);
  mh_player_assert_near (
      (double) (hit->ts - play->ts) / 1000, start - play->playhead);
  g_assert_cmpstr (
      collector_event_get_string (ad->event, "params", "media.ad.id"), ==, id);
  mh_player_assert_near (json_node_get_double (collector_event_get (
                             ad->event, "params", "media.ad.length")),
      length);
  mh_player_assert_near (
      mh_collector_wait (collector, "adComplete", n)->playhead, end);
  mh_player_assert_near (
      mh_collector_wait (collector, "adBreakComplete", n)->playhead, end);
}

static const Announcement with_duration[] = {
  { 0.5, 2, 1.5, TRUE, 7 },
  { 1, 2, 1.5, TRUE, 7 },
};

static void
test_duration (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_player (collector,
      make_file ("duration.ts", with_duration, G_N_ELEMENTS (with_duration)),
      TRUE);

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_collector_wait (collector, "sessionComplete", 1);
  assert_break (collector, 1, "7", 2 + LEAD_IN, 3.5 + LEAD_IN, 1.5);
  mh_collector_assert_order (collector,
      "sessionStart play adBreakStart adStart play adComplete "
      "adBreakComplete play sessionComplete");
}

static void
test_out_and_in (void)
{
  static const Announcement announcements[] = {
    { 0.5, 2, 9, FALSE, 7 },
    { 3, 4, -1, FALSE, 7 },
  };
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_player (collector,
      make_file ("out-and-in.ts", announcements, G_N_ELEMENTS (announcements)),
      TRUE);

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_collector_wait (collector, "sessionComplete", 1);
  assert_break (collector, 1, "7", 2 + LEAD_IN, 4 + LEAD_IN, 9);
}

static void
test_immediate (void)
{
  static const Announcement announcements[] = {
    { 2, -1, 1.5, TRUE, 7 },
  };
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_player (collector,
      make_file ("immediate.ts", announcements, G_N_ELEMENTS (announcements)),
      TRUE);

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_collector_wait (collector, "sessionComplete", 1);
  assert_break (collector, 1, "7", 2 + LEAD_IN, 3.5 + LEAD_IN, 1.5);
}

static void
test_seek_away (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_player (collector,
      make_file ("seek.ts", with_duration, G_N_ELEMENTS (with_duration)), TRUE);

  mh_player_go (player, GST_STATE_PLAYING);
  mh_collector_wait (collector, "adStart", 1);
  mh_player_seek (player, 5);
  mh_player_settle (player);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_collector_wait (collector, "sessionComplete", 1);
  mh_player_assert_near (mh_collector_wait (collector, "adSkip", 1)->playhead,
      mh_collector_wait (collector, "adStart", 1)->playhead);
  g_assert_cmpuint (mh_collector_count (collector, "adBreakComplete"), ==, 1);
  g_assert_cmpuint (mh_collector_count (collector, "adComplete"), ==, 0);
  g_assert_cmpuint (mh_collector_count (collector, "adBreakStart"), ==, 1);
}

static void
test_off (void)
{
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_player (collector,
      make_file ("off.ts", with_duration, G_N_ELEMENTS (with_duration)), TRUE);

  g_object_set (player->heartbeat, "auto-ads", FALSE, NULL);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_collector_wait (collector, "sessionComplete", 1);
  mh_collector_assert_order (collector, "sessionStart play sessionComplete");
}

/* Nobody has asked the demuxer for events: of its messages, the last that comes
 * ahead of a break puts it there. */
static void
test_messages (gconstpointer playbin)
{
  static const Announcement announcements[] = {
    { 0.5, 3, 1.5, TRUE, 7 },
    { 1.5, 3, 1.5, TRUE, 7 },
  };
  const char *path = make_file (playbin ? "playbin.ts" : "messages.ts",
      announcements, G_N_ELEMENTS (announcements));
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = playbin
      ? mh_player_playbin (collector, playbin, "audio-filter", path)
      : make_player (collector, path, FALSE);
  const MhCollected *start;

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  start = mh_collector_wait (collector, "adBreakStart", 1);
  g_assert_cmpfloat (start->playhead, <=, 3 + LEAD_IN + 0.3);
  mh_player_assert_near (
      mh_collector_wait (collector, "adBreakComplete", 1)->playhead,
      start->playhead + 1.5);
  g_assert_cmpuint (mh_collector_count (collector, "adBreakStart"), ==, 1);
}

int
main (int argc, char *argv[])
{
  gst_init (&argc, &argv);
  gst_mpegts_initialize ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scte/duration", test_duration);
  g_test_add_func ("/scte/out-and-in", test_out_and_in);
  g_test_add_func ("/scte/immediate", test_immediate);
  g_test_add_func ("/scte/seek-away", test_seek_away);
  g_test_add_func ("/scte/off", test_off);
  g_test_add_data_func ("/scte/messages", NULL, test_messages);
  mh_player_add_playbins ("/scte/messages", test_messages);
  return mh_test_media_run ();
}
