/* Tests of mh-stream: what is known of an item whose data has passed, and of
 * what the pipeline says where the streams say nothing.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-stream.h"

GST_DEBUG_CATEGORY (gst_media_heartbeat_debug);

static void
note (MhStream *stream, GstEvent *event)
{
  mh_stream_note_event (stream, event);
  gst_event_unref (event);
}

/* @id: of its stream */
static void
pass_stream (MhStream *stream, guint group, const char *id)
{
  GstEvent *start = gst_event_new_stream_start (id);

  gst_event_set_group_id (start, group);
  mh_stream_forget (stream);
  note (stream, start);
}

/* @title: (nullable): NULL: it has no tags. */
static void
pass_item (MhStream *stream, guint group, const char *title)
{
  pass_stream (stream, group, "stream");
  if (title)
    note (stream,
        gst_event_new_tag (gst_tag_list_new (GST_TAG_TITLE, title, NULL)));
}

static void
assert_title (MhStream *stream, guint group, const char *title)
{
  g_auto (MhStreamInfo) info = { 0 };

  mh_stream_find_out (stream, TRUE, group, &info);
  g_assert_cmpstr (info.title, ==, title);
}

/* A queue behind the element has all three when the first is played. */
static void
test_passed (void)
{
  MhStream *stream = mh_stream_new (NULL);

  pass_item (stream, 1, "First");
  pass_item (stream, 2, NULL);
  pass_item (stream, 3, "Third");
  assert_title (stream, 1, "First");
  assert_title (stream, 2, NULL);
  assert_title (stream, 3, "Third");
  mh_stream_free (stream);
}

/* A mixer makes a group that has not passed: what passes is what is played. */
static void
test_unknown_group (void)
{
  MhStream *stream = mh_stream_new (NULL);

  pass_item (stream, 1, "First");
  assert_title (stream, 7, "First");
  mh_stream_free (stream);
}

/* Of as many items as are remembered, and of none before them. */
static void
test_many (void)
{
  MhStream *stream = mh_stream_new (NULL);

  for (guint i = 1; i <= 20; i++) {
    g_autofree char *title = g_strdup_printf ("Item %u", i);

    pass_item (stream, i, title);
  }
  assert_title (stream, 13, "Item 13");
  assert_title (stream, 19, "Item 19");
  assert_title (stream, 20, "Item 20");
  mh_stream_begin (stream);
  pass_item (stream, 13, NULL);
  assert_title (stream, 13, NULL);
  mh_stream_free (stream);
}

/* ---- messages ---- */

static void
note_message (MhStream *stream, GstMessage *message)
{
  mh_stream_note_message (stream, message);
  gst_message_unref (message);
}

/* An application may keep some for itself, or all of them. */
static void
test_heard (void)
{
  MhStream *stream = mh_stream_new (NULL);

  g_assert_false (mh_stream_is_heard (stream));
  note_message (stream, gst_message_new_tag (NULL, gst_tag_list_new_empty ()));
  g_assert_false (mh_stream_is_heard (stream));
  note_message (stream,
      gst_message_new_state_changed (
          NULL, GST_STATE_READY, GST_STATE_PAUSED, GST_STATE_VOID_PENDING));
  g_assert_true (mh_stream_is_heard (stream));
  mh_stream_begin (stream);
  g_assert_false (mh_stream_is_heard (stream));
  mh_stream_free (stream);
}

/* ---- what the player says ---- */

typedef gboolean (*Answer) (GstElement *element, GstQuery *query);

static void
init_class (gpointer klass, gpointer answer)
{
  GST_ELEMENT_CLASS (klass)->query = (Answer) answer;
}

/* Returns: the type of an element like those of @factory, but for its answers. */
static GType
register_answer (const char *factory, const char *name, Answer answer)
{
  g_autoptr (GstElement)
      like = gst_object_ref_sink (gst_element_factory_make (factory, NULL));
  GTypeInfo info = { .class_init = init_class,
    .class_data = (gconstpointer) answer };
  GTypeQuery query;

  g_type_query (G_OBJECT_TYPE (like), &query);
  info.class_size = (guint16) query.class_size;
  info.instance_size = (guint16) query.instance_size;
  return g_type_register_static (query.type, name, &info, 0);
}

#define LENGTH (20 * GST_SECOND)

static gint64 length = LENGTH; /* what the pad says */

static gboolean
answer_duration (GstPad *pad, GstObject *parent, GstQuery *query)
{
  if (GST_QUERY_TYPE (query) != GST_QUERY_DURATION)
    return FALSE;
  gst_query_set_duration (query, GST_FORMAT_TIME, length);
  return TRUE;
}

/* Returns: (transfer full): whose last element has a pad that knows. */
static GstElement *
make_top (void)
{
  GstElement *top = gst_object_ref_sink (
      gst_element_factory_make ("bin", NULL));
  GstElement *sink = gst_element_factory_make ("fakesink", NULL);
  g_autoptr (GstPad) sinkpad = gst_element_get_static_pad (sink, "sink");
  GstPad *src = gst_pad_new ("src", GST_PAD_SRC);

  gst_pad_set_query_function (src, answer_duration);
  gst_bin_add (GST_BIN (top), sink);
  gst_pad_set_active (src, TRUE);
  gst_pad_link (src, sinkpad);
  g_object_set_data_full (
      G_OBJECT (top), "src", gst_object_ref_sink (src), gst_object_unref);
  return top;
}

static void
assert_length (MhStream *stream, guint group, double seconds)
{
  g_auto (MhStreamInfo) info = { 0 };

  mh_stream_find_out (stream, TRUE, group, &info);
  g_assert_cmpfloat (info.duration, ==, seconds);
}

/* What passes is ahead of what is played: what the pad says is about that. */
static void
test_ahead (void)
{
  GstElement *top = make_top ();
  GstPad *src = g_object_get_data (G_OBJECT (top), "src");
  g_autoptr (GstPad) sinkpad = gst_pad_get_peer (src);
  MhStream *stream = mh_stream_new (sinkpad);

  pass_item (stream, 1, NULL);
  assert_length (stream, 1, 20);
  pass_item (stream, 2, NULL);
  length = 7 * GST_SECOND;
  assert_length (stream, 1, 20);
  pass_item (stream, 3, NULL);
  length = 9 * GST_SECOND;
  assert_length (stream, 2, 7);
  assert_length (stream, 3, 9);
  /* It has passed while nothing was asked. */
  pass_item (stream, 4, NULL);
  pass_item (stream, 5, NULL);
  assert_length (stream, 4, -1);
  /* A mixer's. */
  assert_length (stream, 99, 9);
  length = LENGTH;
  mh_stream_free (stream);
  gst_object_unref (top);
}

static gint64 played_length = LENGTH; /* what the topmost parent says */

static gboolean
answer_played (GstElement *top, GstQuery *query)
{
  if (GST_QUERY_TYPE (query) != GST_QUERY_DURATION)
    return FALSE;
  gst_query_set_duration (query, GST_FORMAT_TIME, played_length);
  return TRUE;
}

/* The next item passes, whose pads know no length yet: playbin tells that of the item
 * that is played. */
static void
test_ahead_of_top (void)
{
  GType type = register_answer ("bin", "MhPlayedBin", answer_played);
  GstElement *top = make_top ();
  GstElement *played = gst_object_ref_sink (g_object_new (type, NULL));
  g_autoptr (GstPad)
      sinkpad = gst_pad_get_peer (g_object_get_data (G_OBJECT (top), "src"));
  MhStream *stream = mh_stream_new (sinkpad);

  length = -1;
  mh_stream_set_top (stream, played);
  pass_item (stream, 1, NULL);
  assert_length (stream, 1, 20);
  pass_item (stream, 2, NULL);
  assert_length (stream, 1, 20);
  played_length = -1;
  assert_length (stream, 2, -1);
  played_length = LENGTH;
  /* A demuxer behind the pad makes a group of its own. */
  assert_length (stream, 99, 20);
  length = LENGTH;
  mh_stream_free (stream);
  gst_object_unref (played);
  gst_object_unref (top);
}

/* The pad of a sink that was replaced is gone. */
static void
test_no_pad (void)
{
  MhStream *stream = mh_stream_new (NULL);
  GstElement *top = make_top ();
  g_auto (MhStreamInfo) info = { 0 };

  mh_stream_set_top (stream, top);
  mh_stream_find_out (stream, TRUE, 1, &info);
  g_assert_cmpfloat_with_epsilon (info.duration, 20, 0.001);
  g_assert_false (info.live);
  mh_stream_free (stream);
  gst_object_unref (top);
}

/* ---- what the source says ---- */

/* Returns: (transfer full): what souphttpsrc sends of a server's answer. */
static GstEvent *
make_headers (const char *field, const char *value)
{
  g_autoptr (GstStructure)
      headers = gst_structure_new ("response-headers", "Content-Type",
          G_TYPE_STRING, "audio/mpeg", field, G_TYPE_STRING, value, NULL);

  return gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM_STICKY,
      gst_structure_new ("http-headers", "response-headers", GST_TYPE_STRUCTURE,
          headers, NULL));
}

/* Adds a source of that group to @top. */
static void
add_source (GstElement *top, guint group, GstEvent *headers, const char *name)
{
  /* Which sends nothing of its own. */
  GstElement *source = gst_element_factory_make ("identity", NULL);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (source, "src");
  GstEvent *start = gst_event_new_stream_start ("stream");

  GST_OBJECT_FLAG_SET (source, GST_ELEMENT_FLAG_SOURCE);
  gst_bin_add (GST_BIN (top), source);
  gst_pad_set_active (pad, TRUE);
  gst_event_set_group_id (start, group);
  gst_pad_store_sticky_event (pad, start);
  gst_pad_store_sticky_event (pad, headers);
  if (name) {
    GstEvent *tags = gst_event_new_tag (gst_tag_list_new (
        GST_TAG_ORGANIZATION, name, GST_TAG_GENRE, "Jazz", NULL));

    gst_pad_store_sticky_event (pad, tags);
    gst_event_unref (tags);
  }
  gst_event_unref (start);
  gst_event_unref (headers);
}

static void
assert_station (GstElement *top, guint group, gboolean radio, const char *name)
{
  MhStream *stream = mh_stream_new (NULL);
  g_auto (MhStreamInfo) info = { 0 };

  /* A song of the radio's. */
  pass_item (stream, group, "Song");
  mh_stream_set_top (stream, top);
  mh_stream_find_out (stream, TRUE, group, &info);
  g_assert_cmpint (info.is_radio, ==, radio);
  g_assert_cmpstr (info.station, ==, name);
  g_assert_cmpstr (info.title, ==, "Song");
  if (name) {
    g_autofree char *text = g_variant_print (info.live_metadata, FALSE);

    g_assert_cmpstr (
        text, ==, "{'a.media.genre': 'Jazz', 'a.media.station': 'Station'}");
  }
  mh_stream_free (stream);
}

static void
test_radio (void)
{
  static const struct
  {
    const char *field, *value;
    gboolean radio;
  } headers[] = {
    { "icy-name", "Station", TRUE },
    { "Icy-MetaInt", "16000", TRUE },
    { "ice-audio-info", "bitrate=128", TRUE },
    { "Server", "Icecast", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (headers); i++) {
    g_autoptr (GstElement)
        top = gst_object_ref_sink (gst_element_factory_make ("bin", NULL));

    add_source (
        top, 1, make_headers (headers[i].field, headers[i].value), "Station");
    assert_station (
        top, 1, headers[i].radio, headers[i].radio ? "Station" : NULL);
  }
}

/* What is played next has its source in the pipeline already. */
static void
test_two_sources (void)
{
  g_autoptr (GstElement)
      top = gst_object_ref_sink (gst_element_factory_make ("bin", NULL));

  add_source (top, 1, make_headers ("Server", "Apache"), NULL);
  add_source (top, 2, make_headers ("icy-name", "Station"), "Station");
  assert_station (top, 1, FALSE, NULL);
  assert_station (top, 2, TRUE, "Station");
  assert_station (top, 3, FALSE, NULL);
}

/* ---- a chain ---- */

static void
pass_segment (MhStream *stream, double stop, double duration)
{
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.stop = (guint64) (stop * GST_SECOND);
  segment.duration = (guint64) (duration * GST_SECOND);
  note (stream, gst_event_new_segment (&segment));
}

/* Three songs in one file are not the first one. */
static void
test_chain (void)
{
  MhStream *stream = mh_stream_new (NULL);

  pass_item (stream, 1, "First");
  pass_segment (stream, 4.6, 13.9);
  assert_title (stream, 1, NULL);
  pass_item (stream, 2, "Whole");
  pass_segment (stream, 13.9, 13.9);
  assert_title (stream, 2, "Whole");
  /* A part that was asked for. */
  pass_item (stream, 3, "Part");
  note (stream, gst_event_new_flush_stop (TRUE));
  pass_segment (stream, 4.6, 13.9);
  assert_title (stream, 3, "Part");
  mh_stream_free (stream);
}

/* The next part of a recording brings no SEGMENT: that of before is its own. */
static void
test_part (void)
{
  MhStream *stream = mh_stream_new (NULL);

  pass_item (stream, 1, NULL);
  g_assert_false (
      GST_CLOCK_TIME_IS_VALID (mh_stream_buffer_end (stream, 3, 1)));
  pass_segment (stream, 10, 10);
  pass_item (stream, 2, NULL);
  g_assert_cmpint (mh_stream_buffer_end (stream, 3, 1), ==, 4);
  mh_stream_begin (stream);
  g_assert_false (
      GST_CLOCK_TIME_IS_VALID (mh_stream_buffer_end (stream, 3, 1)));
  mh_stream_free (stream);
}

/* Where no source says it, the player's property does. */
static void
test_uri (void)
{
  MhStream *stream = mh_stream_new (NULL);
  GstElement *top = gst_object_ref_sink (
      gst_element_factory_make ("uridecodebin", NULL));
  g_autofree char *unasked = NULL;
  g_autofree char *uri = NULL;

  g_object_set (top, "uri", "http://example.org/a.ogg", NULL);
  mh_stream_set_top (stream, top);
  unasked = mh_stream_dup_uri (stream, FALSE);
  g_assert_null (unasked);
  uri = mh_stream_dup_uri (stream, TRUE);
  g_assert_cmpstr (uri, ==, "http://example.org/a.ogg");
  mh_stream_free (stream);
  gst_object_unref (top);
}

/* As playbin, which begins to play what was next while it is asked. */
typedef struct
{
  GstBin parent;
  gboolean begun;
} Beginner;

typedef GstBinClass BeginnerClass;

GType beginner_get_type (void);

G_DEFINE_TYPE (Beginner, beginner, GST_TYPE_BIN)

enum
{
  BEGINNER_CURRENT_URI = 1,
  BEGINNER_URI,
};

static void
beginner_get_property (
    GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  Beginner *self = (Beginner *) object;

  if (self->begun == (id == BEGINNER_CURRENT_URI))
    g_value_set_string (value, "file:///a.ogg");
  self->begun = TRUE;
}

static void
beginner_init (Beginner *self)
{
}

static void
beginner_class_init (BeginnerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = beginner_get_property;
  g_object_class_install_property (object_class, BEGINNER_CURRENT_URI,
      g_param_spec_string ("current-uri", NULL, NULL, NULL, G_PARAM_READABLE));
  g_object_class_install_property (object_class, BEGINNER_URI,
      g_param_spec_string ("uri", NULL, NULL, NULL, G_PARAM_READABLE));
}

static void
test_uri_begins (void)
{
  MhStream *stream = mh_stream_new (NULL);
  GstElement *top = gst_object_ref_sink (
      g_object_new (beginner_get_type (), NULL));
  g_autofree char *uri = NULL;

  mh_stream_set_top (stream, top);
  uri = mh_stream_dup_uri (stream, TRUE);
  g_assert_cmpstr (uri, ==, "file:///a.ogg");
  mh_stream_free (stream);
  gst_object_unref (top);
}

/* ---- whose data it is ---- */

static gboolean
answer_length (GstElement *demuxer, GstQuery *query)
{
  if (GST_QUERY_TYPE (query) != GST_QUERY_DURATION)
    return FALSE;
  gst_query_set_duration (query, GST_FORMAT_TIME, 7 * GST_SECOND);
  return TRUE;
}

/* As concat does: for the first of its sources. */
static gboolean
answer_first (GstPad *pad, GstObject *parent, GstQuery *query)
{
  if (GST_QUERY_TYPE (query) != GST_QUERY_URI)
    return answer_duration (pad, parent, query);
  gst_query_set_uri (query, "file:///first.ogg");
  return TRUE;
}

/* Two sources, of which the second has a demuxer. */
static GstElement *
make_sources (void)
{
  GType known = g_type_from_name ("MhLengthDemuxer");
  GType type = known
      ? known
      : register_answer ("identity", "MhLengthDemuxer", answer_length);
  GstElement *top = gst_object_ref_sink (
      gst_element_factory_make ("bin", NULL));
  GstElement *demuxer = g_object_new (type, NULL);

  for (guint i = 0; i < 2; i++) {
    GstElement *source = gst_element_factory_make (
        "filesrc", i ? "second" : "first");

    g_object_set (source, "location", i ? "/second.ogg" : "/first.ogg", NULL);
    gst_bin_add (GST_BIN (top), source);
    if (i == 0)
      continue;
    gst_bin_add (GST_BIN (top), demuxer);
    g_assert_true (gst_element_link (source, demuxer));
  }
  return top;
}

static void
assert_source (MhStream *stream, guint group, const char *uri, double duration)
{
  g_auto (MhStreamInfo) info = { 0 };

  mh_stream_find_out (stream, TRUE, group, &info);
  g_assert_cmpstr (info.uri, ==, uri);
  g_assert_cmpfloat_with_epsilon (info.duration, duration, 0.001);
}

/* Returns: (transfer full): the ID of a stream of that. */
static char *
make_id (const char *uri)
{
  g_autofree char *hash = g_compute_checksum_for_string (
      G_CHECKSUM_SHA256, uri, -1);

  return g_strconcat (hash, "/0a7c86d1", NULL);
}

typedef struct
{
  GstPad *src, *sink; /* linked */
  GstElement *top;
  MhStream *stream;
  char *first, *second; /* the IDs of their streams */
} Sources;

static void
set_up_sources (Sources *f, gconstpointer unused)
{
  f->src = gst_object_ref_sink (gst_pad_new ("s", GST_PAD_SRC));
  f->sink = gst_object_ref_sink (gst_pad_new ("d", GST_PAD_SINK));
  f->top = make_sources ();
  f->stream = mh_stream_new (f->sink);
  f->first = make_id ("file:///first.ogg");
  f->second = make_id ("file:///second.ogg");
  gst_pad_set_query_function (f->src, answer_first);
  gst_pad_set_active (f->src, TRUE);
  gst_pad_set_active (f->sink, TRUE);
  gst_pad_link (f->src, f->sink);
  mh_stream_set_top (f->stream, f->top);
}

static void
tear_down_sources (Sources *f, gconstpointer unused)
{
  mh_stream_free (f->stream);
  gst_object_unref (f->top);
  gst_object_unref (f->sink);
  gst_object_unref (f->src);
  g_free (f->first);
  g_free (f->second);
}

/* What passes is the second's; the first's may be played still. */
static void
test_source (Sources *f, gconstpointer unused)
{
  pass_stream (f->stream, 1, f->first);
  pass_stream (f->stream, 2, f->second);
  assert_source (f->stream, 2, "file:///second.ogg", 7);
  assert_source (f->stream, 1, NULL, -1);
  /* It has passed when it is played. */
  pass_item (f->stream, 3, NULL);
  assert_source (f->stream, 2, "file:///second.ogg", 7);
}

/* The pad still has the STREAM_START of the item before. */
static void
test_source_early (Sources *f, gconstpointer unused)
{
  g_autoptr (GstEvent) before = gst_event_new_stream_start (f->first);

  gst_event_set_group_id (before, 1);
  gst_pad_store_sticky_event (f->sink, before);
  pass_stream (f->stream, 1, f->first);
  pass_stream (f->stream, 2, f->second);
  assert_source (f->stream, 2, "file:///second.ogg", 7);
}

static gboolean
answer_size (GstElement *source, GstQuery *query)
{
  GstFormat format;

  if (GST_QUERY_TYPE (query) != GST_QUERY_DURATION)
    return FALSE;
  gst_query_parse_duration (query, &format, NULL);
  gst_query_set_duration (query, format, 5000);
  return format == GST_FORMAT_BYTES;
}

/* The second is asked about again when its source is gone, and the answer is another's. */
static void
test_source_gone (Sources *f, gconstpointer unused)
{
  GType type = register_answer ("fakesrc", "MhSizedSource", answer_size);
  g_autoptr (GstElement)
      next = gst_object_ref_sink (gst_element_factory_make ("bin", NULL));
  g_auto (MhStreamInfo) info = { 0 };

  gst_bin_add (GST_BIN (next), g_object_new (type, NULL));
  pass_stream (f->stream, 2, f->second);
  assert_source (f->stream, 2, "file:///second.ogg", 7);
  mh_stream_set_top (f->stream, next);
  assert_source (f->stream, 2, "file:///second.ogg", 7);
  /* Its URI has been told as well. */
  gst_pad_set_query_function (f->src, answer_duration);
  mh_stream_note_uri (f->stream, "file:///second.ogg");
  g_free (mh_stream_dup_uri (f->stream, TRUE));
  gst_pad_set_query_function (f->src, answer_first);
  assert_source (f->stream, 2, "file:///second.ogg", 7);
  /* No length is waited for: that of the other one would come. */
  mh_stream_find_out (f->stream, TRUE, 2, &info);
  g_assert_false (info.has_size);
}

static void
assert_type (MhStream *stream, guint group, MhMediaType type)
{
  g_auto (MhStreamInfo) info = { 0 };

  mh_stream_find_out (stream, TRUE, group, &info);
  g_assert_cmpint (info.media_type, ==, type);
}

/* Its CAPS come after it was asked about, and its source is gone by then. */
static void
test_source_gone_type (Sources *f, gconstpointer unused)
{
  g_autoptr (GstElement)
      next = gst_object_ref_sink (gst_element_factory_make ("bin", NULL));
  g_autoptr (GstCaps) caps = gst_caps_new_empty_simple ("audio/x-raw");

  pass_stream (f->stream, 2, f->second);
  assert_type (f->stream, 2, MH_MEDIA_TYPE_AUTO);
  note (f->stream, gst_event_new_caps (caps));
  mh_stream_set_top (f->stream, next);
  assert_type (f->stream, 2, MH_MEDIA_TYPE_AUDIO);
  assert_source (f->stream, 2, "file:///second.ogg", 7);
  pass_stream (f->stream, 3, f->first);
  assert_type (f->stream, 2, MH_MEDIA_TYPE_AUDIO);
}

/* Nothing is known of an item that has lost its source before it was asked about: the
 * answer is the next one's. */
static void
test_source_lost (Sources *f, gconstpointer unused)
{
  g_autofree char *lost = make_id ("file:///lost.ogg");
  g_autoptr (GstElement)
      source = gst_bin_get_by_name (GST_BIN (f->top), "first");
  g_autoptr (GstPad) pad = gst_element_get_static_pad (source, "src");
  g_autoptr (GstEvent) of_first = gst_event_new_stream_start (f->first);
  g_autoptr (GstEvent) of_lost = gst_event_new_stream_start (lost);

  pass_stream (f->stream, 2, lost);
  assert_source (f->stream, 2, NULL, -1);
  /* As if it ran: there is no such file. */
  GST_OBJECT_FLAG_UNSET (pad, GST_PAD_FLAG_FLUSHING);
  GST_PAD_MODE (pad) = GST_PAD_MODE_PUSH;
  gst_pad_store_sticky_event (pad, of_first);
  assert_source (f->stream, 2, NULL, -1);
  /* It is that source under another name: a redirection. */
  gst_pad_store_sticky_event (pad, of_lost);
  assert_source (f->stream, 2, "file:///first.ogg", 20);
  /* A mixer makes an ID up. */
  pass_stream (f->stream, 3, "agg-12345678");
  assert_source (f->stream, 3, "file:///first.ogg", 20);
  GST_PAD_MODE (pad) = GST_PAD_MODE_NONE;
}

/* Its URI was told before it passed. */
static void
test_source_told (Sources *f, gconstpointer unused)
{
  g_autoptr (GstElement)
      empty = gst_object_ref_sink (gst_element_factory_make ("bin", NULL));
  g_autofree char *told = mh_stream_dup_uri (f->stream, TRUE);

  g_assert_cmpstr (told, ==, "file:///first.ogg");
  mh_stream_set_top (f->stream, empty);
  gst_pad_set_query_function (f->src, answer_duration);
  mh_stream_note_uri (f->stream, "file:///third.ogg");
  pass_stream (f->stream, 2, f->first);
  assert_source (f->stream, 2, "file:///first.ogg", -1);
}

/* A URI that is the media itself is not kept. */
static void
test_source_data (Sources *f, gconstpointer unused)
{
  g_autoptr (GstElement)
      empty = gst_object_ref_sink (gst_element_factory_make ("bin", NULL));
  const char *uri = "data:audio/wav;base64,UklGRg==";
  g_autofree char *id = make_id (uri);

  gst_pad_set_query_function (f->src, answer_duration);
  mh_stream_set_top (f->stream, empty);
  mh_stream_note_uri (f->stream, uri);
  pass_stream (f->stream, 1, id);
  assert_source (f->stream, 1, uri, 20);
  mh_stream_note_uri (f->stream, "file:///third.ogg");
  pass_stream (f->stream, 2, id);
  assert_source (f->stream, 2, "file:///third.ogg", 20);
}

/* ---- where it is ---- */

static gboolean
answer_position (GstElement *sink, GstQuery *query)
{
  gint64 *position = g_object_get_data (G_OBJECT (sink), "position");

  if (GST_QUERY_TYPE (query) != GST_QUERY_POSITION || *position < 0)
    return FALSE;
  gst_query_set_position (query, GST_FORMAT_TIME, *position);
  return TRUE;
}

/* A fakesink that says what it is told to. */
static GType
register_sink (void)
{
  return register_answer ("fakesink", "MhPositionSink", answer_position);
}

static void
add_sink (
    GstElement *top, GType type, gboolean sync, gboolean ended, gint64 position)
{
  GstElement *sink = g_object_new (type, "sync", sync, NULL);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (sink, "sink");

  if (ended)
    GST_OBJECT_FLAG_SET (pad, GST_PAD_FLAG_EOS);
  g_object_set_data_full (G_OBJECT (sink), "position",
      g_memdup2 (&position, sizeof position), g_free);
  gst_bin_add (GST_BIN (top), sink);
}

/* What records is ahead of what is shown, and does not say where that is. Nor does a sink
 * that has come to the end of its stream, while another one goes on. */
static void
test_position (void)
{
  static const struct
  {
    gboolean sync[2], ended[2];
    gint64 positions[2], position;
  } cases[] = {
    { { TRUE, FALSE }, { FALSE, FALSE }, { 3, 10 }, 3 },
    { { FALSE, TRUE }, { FALSE, FALSE }, { 3, 10 }, 10 },
    { { TRUE, FALSE }, { FALSE, FALSE }, { -1, 10 }, -1 },
    { { TRUE, TRUE }, { FALSE, FALSE }, { 3, 10 }, 10 },
    { { FALSE, FALSE }, { FALSE, FALSE }, { 3, 10 }, 10 },
    { { TRUE, TRUE }, { FALSE, TRUE }, { 3, 10 }, 3 },
    { { TRUE, TRUE }, { TRUE, TRUE }, { 3, 10 }, 10 },
    { { TRUE, FALSE }, { TRUE, FALSE }, { 3, 10 }, 3 },
    { { FALSE, FALSE }, { FALSE, TRUE }, { 3, 10 }, 10 },
    { { TRUE, TRUE }, { FALSE, TRUE }, { -1, 10 }, 10 },
  };
  GType type = register_sink ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GstElement)
        top = gst_object_ref_sink (gst_element_factory_make ("bin", NULL));
    MhStream *stream = mh_stream_new (NULL);

    for (guint n = 0; n < 2; n++)
      add_sink (top, type, cases[i].sync[n], cases[i].ended[n],
          cases[i].positions[n]);
    gst_element_set_state (top, GST_STATE_PAUSED);
    mh_stream_set_top (stream, top);
    g_assert_cmpint (mh_stream_ask_position (stream), ==, cases[i].position);
    mh_stream_free (stream);
    gst_element_set_state (top, GST_STATE_NULL);
  }
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stream/passed", test_passed);
  g_test_add_func ("/stream/heard", test_heard);
  g_test_add_func ("/stream/unknown-group", test_unknown_group);
  g_test_add_func ("/stream/many", test_many);
  g_test_add_func ("/stream/ahead", test_ahead);
  g_test_add_func ("/stream/ahead/of-top", test_ahead_of_top);
  g_test_add_func ("/stream/no-pad", test_no_pad);
  g_test_add_func ("/stream/uri", test_uri);
  g_test_add_func ("/stream/uri/begins", test_uri_begins);
  g_test_add_func ("/stream/radio", test_radio);
  g_test_add_func ("/stream/two-sources", test_two_sources);
  g_test_add_func ("/stream/chain", test_chain);
  g_test_add_func ("/stream/part", test_part);
  g_test_add ("/stream/source", Sources, NULL, set_up_sources, test_source,
      tear_down_sources);
  g_test_add ("/stream/source/early", Sources, NULL, set_up_sources,
      test_source_early, tear_down_sources);
  g_test_add ("/stream/source/lost", Sources, NULL, set_up_sources,
      test_source_lost, tear_down_sources);
  g_test_add ("/stream/source/told", Sources, NULL, set_up_sources,
      test_source_told, tear_down_sources);
  g_test_add ("/stream/source/data", Sources, NULL, set_up_sources,
      test_source_data, tear_down_sources);
  g_test_add ("/stream/source/gone", Sources, NULL, set_up_sources,
      test_source_gone, tear_down_sources);
  g_test_add ("/stream/source/gone/type", Sources, NULL, set_up_sources,
      test_source_gone_type, tear_down_sources);
  g_test_add_func ("/stream/position", test_position);
  return g_test_run ();
}
