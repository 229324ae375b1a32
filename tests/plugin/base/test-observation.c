/* Tests of mh-observation.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-observation.h"

/* Takes the event. */
static gboolean
read_event (GstEvent *event, MhObservation *observation)
{
  gboolean matters = mh_observation_from_event (event, observation);

  if (matters)
    g_assert_cmpuint (observation->seqnum, ==, gst_event_get_seqnum (event));
  gst_event_unref (event);
  return matters;
}

static void
assert_seek (double rate, GstFormat format, GstSeekType start_type,
    gint64 start, GstSeekType stop_type, gint64 stop, GstClockTime time)
{
  MhObservation observation;

  g_assert_true (
      read_event (gst_event_new_seek (rate, format, GST_SEEK_FLAG_FLUSH,
                      start_type, start, stop_type, stop),
          &observation));
  g_assert_cmpint (observation.type, ==, MH_OBSERVED_SEEK);
  g_assert_cmpfloat (observation.rate, ==, rate);
  g_assert_cmpuint (observation.time, ==, time);
}

static void
test_seek (void)
{
  const GstFormat time = GST_FORMAT_TIME;
  const GstSeekType set = GST_SEEK_TYPE_SET, none = GST_SEEK_TYPE_NONE;
  const GstSeekType end = GST_SEEK_TYPE_END;
  const GstClockTime unknown = GST_CLOCK_TIME_NONE;

  assert_seek (1, time, set, 10, none, -1, 10);
  assert_seek (2, time, set, 0, set, 50, 0);
  assert_seek (-1, time, set, 0, set, 50, 50);
  assert_seek (-1, time, set, 10, set, -1, unknown);
  assert_seek (1, time, none, 0, none, 0, unknown);
  assert_seek (1, time, end, -10, none, 0, unknown);
  assert_seek (1, GST_FORMAT_BYTES, set, 10, none, 0, unknown);
}

static void
assert_segment (const GstSegment *segment, double rate, GstClockTime time)
{
  MhObservation observation;

  g_assert_true (read_event (gst_event_new_segment (segment), &observation));
  g_assert_cmpint (observation.type, ==, MH_OBSERVED_SEGMENT);
  g_assert_cmpfloat (observation.rate, ==, rate);
  g_assert_cmpuint (observation.time, ==, time);
}

static GstSegment
make_segment (void)
{
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.start = 62;
  segment.time = 5;
  return segment;
}

/* A seek that changes the rate alone: the segment is as long as before, and its data
 * goes on from where the source is. */
static void
test_segment_from_here (void)
{
  GstSegment segment = make_segment ();

  segment.stop = 102;
  segment.offset = 10;
  assert_segment (&segment, 1, 15);
  segment.applied_rate = 2;
  assert_segment (&segment, 2, 25);
  segment.applied_rate = 1;
  segment.rate = -1;
  assert_segment (&segment, -1, 35);
  segment.stop = GST_CLOCK_TIME_NONE;
  segment.rate = 1;
  segment.applied_rate = -1;
  assert_segment (&segment, -1, 5);
}

static void
test_segment (void)
{
  GstSegment segment = make_segment ();

  assert_segment (&segment, 1, 5);
  segment.rate = 2;
  segment.applied_rate = 1.5;
  assert_segment (&segment, 3, 5);
  /* Backwards it begins at its end, where there is one. */
  segment.rate = -1;
  segment.applied_rate = 1;
  assert_segment (&segment, -1, 5);
  segment.stop = 102;
  assert_segment (&segment, -1, 45);
  segment.time = GST_CLOCK_TIME_NONE;
  assert_segment (&segment, -1, GST_CLOCK_TIME_NONE);
  gst_segment_init (&segment, GST_FORMAT_BYTES);
  segment.start = segment.time = 4096;
  assert_segment (&segment, 1, GST_CLOCK_TIME_NONE);
}

static void
test_events (void)
{
  guint made = gst_util_group_id_next ();
  MhObservation observation;
  GstEvent *event;

  g_assert_true (read_event (gst_event_new_flush_start (), &observation));
  g_assert_cmpint (observation.type, ==, MH_OBSERVED_FLUSH_START);
  g_assert_cmpuint (observation.group, >, made);
  g_assert_cmpuint (observation.group, <, gst_util_group_id_next ());
  g_assert_true (read_event (gst_event_new_flush_stop (TRUE), &observation));
  g_assert_cmpint (observation.type, ==, MH_OBSERVED_FLUSH_STOP);
  g_assert_true (read_event (gst_event_new_eos (), &observation));
  g_assert_cmpint (observation.type, ==, MH_OBSERVED_PAD_EOS);
  g_assert_true (read_event (
      gst_event_new_instant_rate_change (0.5, GST_SEGMENT_FLAG_NONE),
      &observation));
  g_assert_cmpint (observation.type, ==, MH_OBSERVED_INSTANT_RATE);
  g_assert_cmpfloat (observation.rate, ==, 0.5);
  event = gst_event_new_stream_start ("id");
  gst_event_set_group_id (event, 7);
  g_assert_true (read_event (event, &observation));
  g_assert_cmpint (observation.type, ==, MH_OBSERVED_PAD_STREAM_START);
  g_assert_cmpuint (observation.group, ==, 7);
  /* Says nothing about items. */
  g_assert_false (read_event (gst_event_new_stream_start ("id"), &observation));
  g_assert_false (read_event (gst_event_new_gap (0, GST_SECOND), &observation));
  g_assert_false (
      read_event (gst_event_new_tag (gst_tag_list_new_empty ()), &observation));
}

/* The empty list counts in messages of sinks only. */
static void
test_tags (void)
{
  GstTagList *tags = gst_tag_list_new (
      GST_TAG_BITRATE, 64000u, GST_TAG_NOMINAL_BITRATE, 80000u, NULL);
  MhObservation observation;

  g_assert_true (
      read_event (gst_event_new_tag (gst_tag_list_copy (tags)), &observation));
  g_assert_cmpint (observation.type, ==, MH_OBSERVED_BITRATE);
  g_assert_cmpint (observation.bitrate.origin, ==, MH_BITRATE_PAD);
  g_assert_cmpfloat (observation.bitrate.bitrate, ==, 64000);
  g_assert_cmpfloat (observation.bitrate.nominal, ==, 80000);
  gst_tag_list_set_scope (tags, GST_TAG_SCOPE_GLOBAL);
  g_assert_true (read_event (gst_event_new_tag (tags), &observation));
  g_assert_cmpint (observation.bitrate.origin, ==, MH_BITRATE_CONTAINER);
  g_assert_false (read_event (
      gst_event_new_tag (gst_tag_list_new (GST_TAG_TITLE, "x", NULL)),
      &observation));
}

static gboolean
read_caps (const char *text, MhObservation *observation)
{
  g_autoptr (GstCaps) caps = gst_caps_from_string (text);

  return read_event (gst_event_new_caps (caps), observation);
}

/* Frames of video only, encoded or not, and only where they come regularly. */
static void
test_caps (void)
{
  MhObservation observation;

  g_assert_true (read_caps ("video/x-raw, framerate=30000/1001", &observation));
  g_assert_cmpint (observation.type, ==, MH_OBSERVED_FRAME_RATE);
  g_assert_cmpfloat_with_epsilon (observation.frame_rate, 29.97, 0.001);
  g_assert_true (read_caps ("video/x-h264, framerate=25/1", &observation));
  g_assert_cmpfloat (observation.frame_rate, ==, 25);
  g_assert_true (read_caps ("video/x-raw, framerate=0/1", &observation));
  g_assert_cmpfloat (observation.frame_rate, ==, 0);
  g_assert_true (read_caps ("video/x-vp8", &observation));
  g_assert_cmpfloat (observation.frame_rate, ==, 0);
  g_assert_false (read_caps ("audio/x-raw, framerate=25/1", &observation));
  g_assert_false (read_caps ("image/jpeg", &observation));
}

/* ---- messages ---- */

/* Has no pads; it is what it says. */
typedef GstElement Sink;
typedef GstElementClass SinkClass;

typedef struct
{
  GstElement *top;
  GstElement *child;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->top = gst_object_ref_sink (gst_pipeline_new (NULL));
  fixture->child = gst_bin_new (NULL);
  gst_bin_add (GST_BIN (fixture->top), fixture->child);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gst_object_unref (fixture->top);
}

/* Takes the message. */
static gboolean
read_message (Fixture *fixture, GstMessage *message, MhObservation *observation)
{
  gboolean matters = mh_observation_from_message (
      message, fixture->top, observation);

  gst_message_unref (message);
  return matters;
}

/* Of the topmost parent only. */
static void
test_from_top (Fixture *fixture, gconstpointer data)
{
  GstObject *top = GST_OBJECT (fixture->top);
  GstObject *child = GST_OBJECT (fixture->child);
  MhObservation observation;
  GstMessage *message;

  g_assert_true (
      read_message (fixture, gst_message_new_eos (top), &observation));
  g_assert_cmpint (observation.type, ==, MH_OBSERVED_EOS);
  g_assert_false (
      read_message (fixture, gst_message_new_eos (child), &observation));
  g_assert_true (read_message (fixture,
      gst_message_new_async_done (top, GST_CLOCK_TIME_NONE), &observation));
  g_assert_cmpint (observation.type, ==, MH_OBSERVED_ASYNC_DONE);
  g_assert_false (read_message (fixture,
      gst_message_new_async_done (child, GST_CLOCK_TIME_NONE), &observation));
  g_assert_true (read_message (fixture,
      gst_message_new_state_changed (
          top, GST_STATE_READY, GST_STATE_PAUSED, GST_STATE_PLAYING),
      &observation));
  g_assert_cmpint (observation.type, ==, MH_OBSERVED_TOP_STATE);
  g_assert_cmpint (observation.state, ==, GST_STATE_PAUSED);
  g_assert_cmpint (observation.pending, ==, GST_STATE_PLAYING);
  g_assert_false (read_message (fixture,
      gst_message_new_state_changed (
          child, GST_STATE_READY, GST_STATE_PAUSED, GST_STATE_PLAYING),
      &observation));
  message = gst_message_new_stream_start (top);
  g_assert_false (
      read_message (fixture, gst_message_ref (message), &observation));
  gst_message_set_group_id (message, 7);
  g_assert_true (read_message (fixture, message, &observation));
  g_assert_cmpint (observation.type, ==, MH_OBSERVED_STREAM_START);
  g_assert_cmpuint (observation.group, ==, 7);
}

/* Whoever posts them. */
static void
test_from_any (Fixture *fixture, gconstpointer data)
{
  GstObject *child = GST_OBJECT (fixture->child);
  g_autoptr (GError) error = g_error_new_literal (
      GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND, "/secret/file");
  MhObservation observation;

  g_assert_true (read_message (
      fixture, gst_message_new_buffering (child, 42), &observation));
  g_assert_cmpint (observation.type, ==, MH_OBSERVED_BUFFERING);
  g_assert_cmpint (observation.percent, ==, 42);
  g_assert_null (observation.text);
  g_assert_true (read_message (
      fixture, gst_message_new_error (child, error, "debug"), &observation));
  g_assert_cmpint (observation.type, ==, MH_OBSERVED_ERROR);
  g_assert_cmpstr (observation.text, ==, "gst-resource-error-quark:3");
  g_free (observation.text);
  g_assert_false (read_message (
      fixture, gst_message_new_warning (child, error, NULL), &observation));
  g_assert_false (
      read_message (fixture, gst_message_new_latency (child), &observation));
}

GType sink_get_type (void);

G_DEFINE_TYPE (Sink, sink, GST_TYPE_ELEMENT)

static void
sink_class_init (SinkClass *klass)
{
}

static void
sink_init (Sink *self)
{
  GST_OBJECT_FLAG_SET (self, GST_ELEMENT_FLAG_SINK);
}

static GstMessage *
make_tag_message (GstObject *src, guint bitrate, GstTagScope scope)
{
  GstTagList *tags = gst_tag_list_new (GST_TAG_TITLE, "x", NULL);

  if (bitrate > 0)
    gst_tag_list_add (
        tags, GST_TAG_MERGE_APPEND, GST_TAG_BITRATE, bitrate, NULL);
  gst_tag_list_set_scope (tags, scope);
  return gst_message_new_tag (src, tags);
}

/* Of sinks only. */
static void
test_tag_messages (Fixture *fixture, gconstpointer data)
{
  const GstTagScope stream = GST_TAG_SCOPE_STREAM;
  const GstTagScope global = GST_TAG_SCOPE_GLOBAL;
  GstObject *child = GST_OBJECT (fixture->child);
  GstElement *sink = gst_object_ref_sink (
      g_object_new (sink_get_type (), NULL));
  MhObservation observation;

  g_assert_true (read_message (fixture,
      make_tag_message (GST_OBJECT (sink), 64000, stream), &observation));
  g_assert_cmpint (observation.type, ==, MH_OBSERVED_BITRATE);
  g_assert_cmpint (observation.bitrate.origin, ==, MH_BITRATE_STREAM);
  g_assert_cmpuint (observation.bitrate.source, !=, 0);
  g_assert_cmpfloat (observation.bitrate.bitrate, ==, 64000);
  /* It is known not to be known. */
  g_assert_true (read_message (
      fixture, make_tag_message (GST_OBJECT (sink), 0, stream), &observation));
  g_assert_cmpfloat (observation.bitrate.bitrate, ==, 0);
  g_assert_true (read_message (fixture,
      make_tag_message (GST_OBJECT (sink), 64000, global), &observation));
  g_assert_cmpint (observation.bitrate.origin, ==, MH_BITRATE_CONTAINER);
  g_assert_false (read_message (
      fixture, make_tag_message (GST_OBJECT (sink), 0, global), &observation));
  g_assert_false (read_message (
      fixture, make_tag_message (child, 64000, stream), &observation));
  gst_object_unref (sink);
}

static GstMessage *
make_statistics (GstObject *src, const char *text)
{
  return gst_message_new_element (src, gst_structure_from_string (text, NULL));
}

/* As hlsdemux posts them. */
static void
test_statistics (Fixture *fixture, gconstpointer data)
{
  GstObject *child = GST_OBJECT (fixture->child);
  MhObservation observation;

  g_assert_true (read_message (fixture,
      make_statistics (child,
          "adaptive-streaming-statistics, manifest-uri=(string)a, "
          "uri=(string)b, bitrate=(int)185900"),
      &observation));
  g_assert_cmpint (observation.type, ==, MH_OBSERVED_BITRATE);
  g_assert_cmpint (observation.bitrate.origin, ==, MH_BITRATE_VARIANT);
  g_assert_cmpfloat (observation.bitrate.bitrate, ==, 185900);
  g_assert_true (read_message (fixture,
      make_statistics (child, "adaptive-streaming-statistics, bitrate=-1"),
      &observation));
  g_assert_cmpfloat (observation.bitrate.bitrate, ==, 0);
  g_assert_true (read_message (fixture,
      make_statistics (
          child, "adaptive-streaming-statistics, fragment-size=(guint64)47564"),
      &observation));
  g_assert_cmpfloat (observation.bitrate.bitrate, ==, 0);
  g_assert_false (read_message (fixture,
      make_statistics (child, "media-heartbeat, bitrate=1"), &observation));
}

/* Without a parent nothing is from the topmost one. */
static void
test_without_top (Fixture *fixture, gconstpointer data)
{
  GstMessage *message = gst_message_new_eos (NULL);
  MhObservation observation;

  g_assert_false (mh_observation_from_message (message, NULL, &observation));
  gst_message_unref (message);
}

static guint64
get_source (Fixture *fixture, GstElement *element, int percent)
{
  MhObservation observation;

  g_assert_true (read_message (fixture,
      gst_message_new_buffering (GST_OBJECT (element), percent), &observation));
  g_assert_cmpint (observation.type, ==, MH_OBSERVED_BUFFERING);
  g_assert_cmpuint (observation.source, !=, 0);
  return observation.source;
}

/* Whatever gets the memory of one that is gone is another one. */
static void
test_fillers (Fixture *fixture, gconstpointer data)
{
  GHashTable *sources = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < 100; i++) {
    g_autoptr (GstElement)
        queue = gst_object_ref_sink (gst_element_factory_make ("queue2", NULL));
    guint64 source = get_source (fixture, queue, 20);

    g_assert_cmpuint (get_source (fixture, queue, 100), ==, source);
    g_assert_true (g_hash_table_add (sources, (gpointer) (gsize) source));
  }
  g_hash_table_unref (sources);
}

/* They forward the lowest percentage, and not each. */
static void
test_merged_fillers (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GstElement) decodebin = gst_object_ref_sink (
      gst_element_factory_make ("decodebin", NULL));
  GstElement *one = gst_element_factory_make ("queue2", NULL);
  GstElement *other = gst_element_factory_make ("queue2", NULL);
  guint64 source;

  gst_bin_add_many (GST_BIN (decodebin), one, other, NULL);
  source = get_source (fixture, one, 20);
  g_assert_cmpuint (get_source (fixture, other, 20), ==, source);
  g_assert_cmpuint (get_source (fixture, decodebin, 100), ==, source);
  gst_bin_remove (GST_BIN (decodebin), other);
}

static GstMessage *
make_state_changed (GstElement *element, GstState state)
{
  return gst_message_new_state_changed (
      GST_OBJECT (element), GST_STATE_PAUSED, state, GST_STATE_VOID_PENDING);
}

static void
test_filler_stops (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GstElement)
      queue = gst_object_ref_sink (gst_element_factory_make ("queue2", NULL));
  MhObservation observation;
  guint64 source;

  g_assert_false (mh_observation_from_removed (queue, &observation));
  g_assert_false (read_message (
      fixture, make_state_changed (queue, GST_STATE_READY), &observation));
  source = get_source (fixture, queue, 20);
  g_assert_false (read_message (
      fixture, make_state_changed (queue, GST_STATE_PLAYING), &observation));
  g_assert_true (read_message (
      fixture, make_state_changed (queue, GST_STATE_READY), &observation));
  g_assert_cmpint (observation.type, ==, MH_OBSERVED_BUFFERING);
  g_assert_cmpint (observation.percent, ==, 100);
  g_assert_cmpuint (observation.source, ==, source);
  g_assert_true (mh_observation_from_removed (queue, &observation));
  g_assert_cmpint (observation.percent, ==, 100);
  g_assert_cmpuint (observation.source, ==, source);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/observation/event/seek", test_seek);
  g_test_add_func ("/observation/event/segment", test_segment);
  g_test_add_func (
      "/observation/event/segment/from-here", test_segment_from_here);
  g_test_add_func ("/observation/event/others", test_events);
  g_test_add_func ("/observation/event/tags", test_tags);
  g_test_add_func ("/observation/event/caps", test_caps);
  g_test_add ("/observation/message/from-top", Fixture, NULL, set_up,
      test_from_top, tear_down);
  g_test_add ("/observation/message/from-any", Fixture, NULL, set_up,
      test_from_any, tear_down);
  g_test_add (
      "/observation/fillers", Fixture, NULL, set_up, test_fillers, tear_down);
  g_test_add ("/observation/fillers/merged", Fixture, NULL, set_up,
      test_merged_fillers, tear_down);
  g_test_add ("/observation/fillers/stop", Fixture, NULL, set_up,
      test_filler_stops, tear_down);
  g_test_add ("/observation/message/tags", Fixture, NULL, set_up,
      test_tag_messages, tear_down);
  g_test_add ("/observation/message/statistics", Fixture, NULL, set_up,
      test_statistics, tear_down);
  g_test_add ("/observation/message/without-top", Fixture, NULL, set_up,
      test_without_top, tear_down);
  return g_test_run ();
}
