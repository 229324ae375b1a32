/* Tests of whole pipelines: calls that come with the data, as events.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-player.h"

#include "collector-event.h"

/* What is marked is a second or more ahead of what is heard. */
#define PIPELINE \
  "audiotestsrc num-buffers=%u samplesperbuffer=441 ! " \
  "audio/x-raw,rate=44100 ! identity name=inserter ! " \
  "mediaheartbeat name=heartbeat ! queue max-size-time=2000000000 " \
  "max-size-buffers=0 max-size-bytes=0 ! fakesink sync=true"

/* An event that comes in front of the data at a place. */
typedef struct
{
  double at;
  const char *structure;
  GstEventType type;
} Insertion;

typedef struct
{
  const Insertion *insertions;
  guint n;
  guint done; /* bits */
  guint32 seqnum; /* of all of them; 0: each has one of its own */
} Inserter;

static GstEvent *
make_event (const Inserter *self, GstEventType type, const char *structure)
{
  GstEvent *event = type == GST_EVENT_TAG
      ? gst_event_new_tag (gst_tag_list_new_from_string (structure))
      : gst_event_new_custom (
            type, gst_structure_from_string (structure, NULL));

  if (self->seqnum != 0)
    gst_event_set_seqnum (event, self->seqnum);
  return event;
}

static GstPadProbeReturn
insert (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Inserter *self = user_data;
  GstClockTime pts = GST_BUFFER_PTS (GST_PAD_PROBE_INFO_BUFFER (info));

  for (guint i = 0; i < self->n; i++) {
    const Insertion *insertion = &self->insertions[i];

    if (pts < (GstClockTime) (insertion->at * GST_SECOND) ||
        (self->done & (1U << i)))
      continue;
    self->done |= 1U << i;
    gst_pad_push_event (
        pad, make_event (self, insertion->type, insertion->structure));
  }
  return GST_PAD_PROBE_OK;
}

static MhPlayer *
make_player (MhCollector *collector, guint seconds, Inserter *inserter)
{
  MhPlayer *player = mh_player_launch (collector, PIPELINE, seconds * 100);
  g_autoptr (GstElement)
      identity = gst_bin_get_by_name (GST_BIN (player->pipeline), "inserter");
  g_autoptr (GstPad) pad = gst_element_get_static_pad (identity, "src");

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, insert, inserter, NULL);
  return player;
}

#define BREAK \
  "media-heartbeat,call=adBreakStart,name=break,position=1,startTime=0.0"
#define AD "media-heartbeat,call=adStart,id=ad,name=ad,position=1,length=1.0"
#define AD_COMPLETE "media-heartbeat,call=adComplete"
#define BREAK_COMPLETE "media-heartbeat,call=adBreakComplete"

static void
assert_hit (MhCollector *collector, const char *type, double playhead)
{
  const MhCollected *start = mh_collector_wait (collector, "play", 1);
  const MhCollected *hit = mh_collector_wait (collector, type, 1);

  mh_player_assert_near (hit->playhead, playhead);
  /* The one as the other: it is dated to when the media was there. */
  mh_player_assert_near (
      (double) (hit->ts - start->ts) / 1000, playhead - start->playhead);
}

static void
play_to_end (MhPlayer *player, MhCollector *collector)
{
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
  mh_collector_wait (collector, "sessionComplete", 1);
}

static void
test_ads (gconstpointer data)
{
  GstEventType type = (GstEventType) GPOINTER_TO_INT (data);
  const Insertion insertions[] = {
    { 1, BREAK, type },
    { 1, AD, type },
    { 2, AD_COMPLETE, type },
    { 2, BREAK_COMPLETE, type },
  };
  Inserter inserter = { insertions, G_N_ELEMENTS (insertions), 0, 0 };
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_player (collector, 3, &inserter);

  play_to_end (player, collector);
  assert_hit (collector, "adBreakStart", 1);
  assert_hit (collector, "adStart", 1);
  assert_hit (collector, "adComplete", 2);
  assert_hit (collector, "adBreakComplete", 2);
  mh_collector_assert_order (collector,
      "sessionStart play adBreakStart adStart play adComplete "
      "adBreakComplete play sessionComplete");
}

/* An ad in front of everything is no content that was interrupted. */
static void
test_preroll (void)
{
  static const Insertion insertions[] = {
    { 0, BREAK, GST_EVENT_CUSTOM_DOWNSTREAM },
    { 0, AD, GST_EVENT_CUSTOM_DOWNSTREAM },
    { 1, AD_COMPLETE, GST_EVENT_CUSTOM_DOWNSTREAM },
    { 1, BREAK_COMPLETE, GST_EVENT_CUSTOM_DOWNSTREAM },
  };
  Inserter inserter = { insertions, G_N_ELEMENTS (insertions), 0, 0 };
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_player (collector, 2, &inserter);

  play_to_end (player, collector);
  mh_collector_assert_order (collector,
      "sessionStart adBreakStart adStart play adComplete adBreakComplete play "
      "sessionComplete");
}

/* An application reports the quality in front of the first data. From then on its
 * value counts: tags that follow do not replace it. */
static void
test_preroll_quality (void)
{
  static const Insertion insertions[] = {
    { 0, BREAK, GST_EVENT_CUSTOM_DOWNSTREAM },
    { 0, AD, GST_EVENT_CUSTOM_DOWNSTREAM },
    { 0, "media-heartbeat,call=qoe,bitrate=64000.0",
        GST_EVENT_CUSTOM_DOWNSTREAM },
    { 0.5, "taglist,bitrate=(uint)128000", GST_EVENT_TAG },
    { 2.5, AD_COMPLETE, GST_EVENT_CUSTOM_DOWNSTREAM },
    { 2.5, BREAK_COMPLETE, GST_EVENT_CUSTOM_DOWNSTREAM },
  };
  Inserter inserter = { insertions, G_N_ELEMENTS (insertions), 0, 0 };
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_player (collector, 3, &inserter);
  const MhCollected *hit;
  gint64 bitrate = -1;

  play_to_end (player, collector);
  for (guint i = 0; (hit = mh_collector_nth (collector, i)); i++) {
    JsonNode *node = hit->event
        ? collector_event_get (hit->event, "qoeData", "media.qoe.bitrate")
        : NULL;

    if (node)
      bitrate = json_node_get_int (node);
  }
  g_assert_cmpint (bitrate, ==, 64000);
}

/* Events that follow from one another share a sequence number. */
static void
test_one_seqnum (void)
{
  static const Insertion insertions[] = {
    { 0.3, BREAK, GST_EVENT_CUSTOM_DOWNSTREAM },
    { 0.3, AD, GST_EVENT_CUSTOM_DOWNSTREAM },
    { 0.6, AD_COMPLETE, GST_EVENT_CUSTOM_DOWNSTREAM },
    { 0.6, AD, GST_EVENT_CUSTOM_DOWNSTREAM },
    { 0.9, AD_COMPLETE, GST_EVENT_CUSTOM_DOWNSTREAM },
    { 0.9, BREAK_COMPLETE, GST_EVENT_CUSTOM_DOWNSTREAM },
  };
  Inserter inserter = { insertions, G_N_ELEMENTS (insertions), 0,
    gst_util_seqnum_next () };
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_player (collector, 2, &inserter);

  play_to_end (player, collector);
  mh_collector_assert_order (collector,
      "sessionStart play adBreakStart adStart play adComplete adStart play "
      "adComplete adBreakComplete play sessionComplete");
}

/* What is still in a queue at a seek is never heard. */
static void
test_flush (void)
{
  static const Insertion insertions[] = {
    { 1.5, BREAK, GST_EVENT_CUSTOM_DOWNSTREAM },
    { 5, "media-heartbeat,call=stateStart,name=mute",
        GST_EVENT_CUSTOM_DOWNSTREAM },
  };
  Inserter inserter = { insertions, G_N_ELEMENTS (insertions), 0, 0 };
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_player (collector, 600, &inserter);

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_position (player, 0.5);
  mh_player_seek (player, 4);
  mh_player_settle (player);
  mh_player_assert_near (
      mh_collector_wait (collector, "stateStart", 1)->playhead, 5);
  g_assert_cmpuint (mh_collector_count (collector, "adBreakStart"), ==, 0);
}

/* It waits for the data, not for time to pass. */
static void
test_pause (void)
{
  static const Insertion insertions[] = {
    { 3, "media-heartbeat,call=stateStart,name=mute",
        GST_EVENT_CUSTOM_DOWNSTREAM },
  };
  Inserter inserter = { insertions, G_N_ELEMENTS (insertions), 0, 0 };
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_player (collector, 600, &inserter);
  const MhCollected *again, *state;

  mh_player_go (player, GST_STATE_PLAYING);
  /* The start, and that it is confirmed. */
  mh_collector_wait (collector, "play", 2);
  mh_player_go (player, GST_STATE_PAUSED);
  mh_collector_wait (collector, "pauseStart", 1);
  mh_player_go (player, GST_STATE_PLAYING);
  state = mh_collector_wait (collector, "stateStart", 1);
  again = mh_collector_wait (collector, "play", 3);
  g_assert_cmpint (state->ts, >=, again->ts);
  mh_player_assert_near (state->playhead, 3);
}

static gboolean
passes (GstPad *pad, GstObject *parent, GstEvent *event)
{
  if (gst_event_has_name (event, "media-heartbeat"))
    g_atomic_int_inc ((int *) g_object_get_data (G_OBJECT (pad), "count"));
  return gst_pad_event_default (pad, parent, event);
}

/* Upstream, at once, even in a pause; and it goes on. */
static void
test_upstream (void)
{
  static const Insertion none[] = { { 0 } };
  Inserter inserter = { none, 0, 0, 0 };
  g_autoptr (MhCollector) collector = mh_collector_new ();
  g_autoptr (MhPlayer) player = make_player (collector, 600, &inserter);
  g_autoptr (GstElement)
      identity = gst_bin_get_by_name (GST_BIN (player->pipeline), "inserter");
  g_autoptr (GstPad) pad = gst_element_get_static_pad (identity, "src");
  int count = 0;

  g_object_set_data (G_OBJECT (pad), "count", &count);
  gst_pad_set_event_function (pad, passes);
  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_position (player, 1);
  mh_player_go (player, GST_STATE_PAUSED);
  gst_element_send_event (player->pipeline,
      gst_event_new_custom (GST_EVENT_CUSTOM_UPSTREAM,
          gst_structure_from_string (
              "media-heartbeat,call=stateStart,name=mute", NULL)));
  mh_player_assert_near (
      mh_collector_wait (collector, "stateStart", 1)->playhead,
      mh_player_position (player));
  g_assert_cmpint (g_atomic_int_get (&count), ==, 1);
}

/* ---- what is refused ---- */

static void
test_refused (void)
{
  static const Insertion insertions[] = {
    { 0.5, AD, GST_EVENT_CUSTOM_DOWNSTREAM },
    { 0.5,
        "media-heartbeat,call=adBreakStart,name=break,position=(int)0,"
        "startTime=0.0",
        GST_EVENT_CUSTOM_DOWNSTREAM },
    { 0.5, "media-heartbeat,call=adStart,colour=red",
        GST_EVENT_CUSTOM_DOWNSTREAM },
    { 0.5, "media-heartbeat,call=adStart,id=(int)5",
        GST_EVENT_CUSTOM_DOWNSTREAM },
    { 0.5, "media-heartbeat,name=x", GST_EVENT_CUSTOM_DOWNSTREAM },
    { 0.5, "media-heartbeat,call=dance", GST_EVENT_CUSTOM_DOWNSTREAM },
  };
  Inserter inserter = { insertions, G_N_ELEMENTS (insertions), 0, 0 };
  g_autoptr (MhPlayer) player = make_player (NULL, 2, &inserter);

  mh_player_go (player, GST_STATE_PLAYING);
  mh_player_wait_warning (
      player, "adStart of an event is refused: no open ad break");
  mh_player_wait_warning (
      player, "adBreakStart of an event is refused: position");
  mh_player_wait_warning (player, "adStart has no argument “colour”");
  mh_player_wait_warning (player, "id is a string, not 5");
  mh_player_wait_warning (player, "no field “call”");
  mh_player_wait_warning (player, "there is no call “dance”");
  g_assert_cmpuint (mh_player_get_stat (player, "refused"), ==, 2);
  mh_player_wait_message (player, GST_MESSAGE_EOS);
}

int
main (int argc, char *argv[])
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func (
      "/inband/ads", GINT_TO_POINTER (GST_EVENT_CUSTOM_DOWNSTREAM), test_ads);
  g_test_add_data_func ("/inband/ads/sticky",
      GINT_TO_POINTER (GST_EVENT_CUSTOM_DOWNSTREAM_STICKY), test_ads);
  g_test_add_func ("/inband/preroll", test_preroll);
  g_test_add_func ("/inband/preroll-quality", test_preroll_quality);
  g_test_add_func ("/inband/one-seqnum", test_one_seqnum);
  g_test_add_func ("/inband/flush", test_flush);
  g_test_add_func ("/inband/pause", test_pause);
  g_test_add_func ("/inband/upstream", test_upstream);
  g_test_add_func ("/inband/refused", test_refused);
  return g_test_run ();
}
