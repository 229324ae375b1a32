/* Tests of the element by itself: data, events and queries pass untouched.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <gst/check/gstharness.h>
#include <gst/gst.h>

static GstHarness *
make_harness (void)
{
  GstHarness *h = gst_harness_new ("mediaheartbeat");

  gst_harness_set_src_caps_str (h,
      "audio/x-raw,format=S16LE,rate=8000,"
      "channels=1,layout=interleaved");
  return h;
}

static GstBuffer *
make_buffer (guint n)
{
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, 16, NULL);

  gst_buffer_memset (buffer, 0, (guint8) n, 16);
  GST_BUFFER_PTS (buffer) = n * GST_MSECOND;
  GST_BUFFER_DURATION (buffer) = GST_MSECOND;
  return buffer;
}

/* ---- data ---- */

static void
test_buffers (void)
{
  GstHarness *h = make_harness ();

  for (guint i = 0; i < 100; i++) {
    GstBuffer *in = make_buffer (i);
    GstBuffer *out;

    if (i == 50)
      GST_BUFFER_PTS (in) = GST_CLOCK_TIME_NONE;
    g_assert_cmpint (gst_harness_push (h, in), ==, GST_FLOW_OK);
    out = gst_harness_pull (h);
    g_assert_true (in == out);
    g_assert_true (gst_buffer_is_writable (out));
    gst_buffer_unref (out);
  }
  gst_harness_teardown (h);
}

static GstFlowReturn
take_list (GstPad *pad, GstObject *parent, GstBufferList *list)
{
  GstBufferList **where = g_object_get_data (G_OBJECT (pad), "list");

  g_assert_null (*where);
  *where = list;
  return GST_FLOW_OK;
}

static void
test_lists (void)
{
  GstHarness *h = make_harness ();
  GstBufferList *out = NULL;

  g_object_set_data (G_OBJECT (h->sinkpad), "list", &out);
  gst_pad_set_chain_list_function (h->sinkpad, take_list);
  for (guint length = 0; length < 4; length++) {
    GstBufferList *in = gst_buffer_list_new ();

    for (guint i = 0; i < length; i++)
      gst_buffer_list_add (in, make_buffer (i));
    g_assert_cmpint (gst_pad_push_list (h->srcpad, in), ==, GST_FLOW_OK);
    g_assert_true (in == out);
    g_assert_cmpuint (gst_buffer_list_length (out), ==, length);
    g_clear_pointer (&out, gst_buffer_list_unref);
  }
  gst_harness_teardown (h);
}

static GstFlowReturn
refuse (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  GstFlowReturn *flow = g_object_get_data (G_OBJECT (pad), "flow");

  gst_buffer_unref (buffer);
  return *flow;
}

/* What the element behind says is what the one in front hears. */
static void
test_flow (void)
{
  static const GstFlowReturn flows[] = { GST_FLOW_OK, GST_FLOW_FLUSHING,
    GST_FLOW_EOS, GST_FLOW_NOT_NEGOTIATED, GST_FLOW_ERROR,
    GST_FLOW_NOT_SUPPORTED, GST_FLOW_CUSTOM_SUCCESS, GST_FLOW_CUSTOM_ERROR };
  GstHarness *h = make_harness ();

  gst_pad_set_chain_function (h->sinkpad, refuse);
  for (guint i = 0; i < G_N_ELEMENTS (flows); i++) {
    g_object_set_data (G_OBJECT (h->sinkpad), "flow", (gpointer) &flows[i]);
    g_assert_cmpint (gst_harness_push (h, make_buffer (i)), ==, flows[i]);
  }
  gst_harness_teardown (h);
}

static void
test_unlinked (void)
{
  GstHarness *h = gst_harness_new_with_padnames (
      "mediaheartbeat", "sink", NULL);

  gst_harness_set_src_caps_str (h, "audio/x-raw");
  g_assert_cmpint (
      gst_harness_push (h, make_buffer (0)), ==, GST_FLOW_NOT_LINKED);
  gst_harness_teardown (h);
}

/* ---- events ---- */

static GstEvent *
make_stream_start (void)
{
  GstEvent *event = gst_event_new_stream_start ("stream");

  gst_event_set_group_id (event, 7);
  return event;
}

static GstEvent *
make_caps (void)
{
  g_autoptr (GstCaps)
      caps = gst_caps_new_simple ("audio/x-raw", "rate", G_TYPE_INT, 1, NULL);

  return gst_event_new_caps (caps);
}

static GstEvent *
make_segment (void)
{
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  return gst_event_new_segment (&segment);
}

static GstEvent *
make_tags (void)
{
  return gst_event_new_tag (gst_tag_list_new (
      GST_TAG_TITLE, "title", GST_TAG_ARTIST, "artist", NULL));
}

static GstEvent *
make_collection (void)
{
  g_autoptr (GstStreamCollection)
      collection = gst_stream_collection_new ("stream");

  return gst_event_new_stream_collection (collection);
}

static GstEvent *
make_toc (void)
{
  g_autoptr (GstToc) toc = gst_toc_new (GST_TOC_SCOPE_GLOBAL);

  return gst_event_new_toc (toc, FALSE);
}

static GstEvent *
make_sink_message (void)
{
  g_autoptr (GstMessage) message = gst_message_new_custom (
      GST_MESSAGE_ELEMENT, NULL, gst_structure_new_empty ("message"));

  return gst_event_new_sink_message ("name", message);
}

static GstEvent *
make_protection (void)
{
  g_autoptr (GstBuffer) buffer = gst_buffer_new ();

  return gst_event_new_protection ("id", buffer, "origin");
}

static GstEvent *
make_custom (GstEventType type)
{
  return gst_event_new_custom (type, gst_structure_new_empty ("custom"));
}

/* In an order in which a stream may have them. */
static GPtrArray *
make_events (void)
{
  GstEvent *events[] = {
    make_stream_start (),
    make_caps (),
    make_segment (),
    make_tags (),
    make_collection (),
    make_toc (),
    make_sink_message (),
    make_custom (GST_EVENT_CUSTOM_DOWNSTREAM_STICKY),
    gst_event_new_gap (0, GST_SECOND),
    make_custom (GST_EVENT_CUSTOM_DOWNSTREAM),
    gst_event_new_segment_done (GST_FORMAT_TIME, 5),
    gst_event_new_stream_group_done (7),
    make_custom (GST_EVENT_CUSTOM_DOWNSTREAM_OOB),
    gst_event_new_buffer_size (GST_FORMAT_BYTES, 1, 2, FALSE),
    make_protection (),
    gst_event_new_eos (),
    gst_event_new_flush_start (),
    gst_event_new_flush_stop (TRUE),
    /* Pads repeat it before whatever comes next: the last. */
    gst_event_new_instant_rate_change (2.0, 0),
  };
  GPtrArray *array = g_ptr_array_new_with_free_func (
      (GDestroyNotify) gst_event_unref);

  for (guint i = 0; i < G_N_ELEMENTS (events); i++)
    g_ptr_array_add (array, events[i]);
  return array;
}

/* One of its own: the harness sends events of its own accord. */
static void
test_events (void)
{
  GstHarness *h = gst_harness_new ("mediaheartbeat");
  g_autoptr (GPtrArray) events = make_events ();

  gst_harness_set_forwarding (h, FALSE);
  for (guint i = 0; i < events->len; i++) {
    GstEvent *event = g_ptr_array_index (events, i);
    g_autoptr (GstEvent) got = NULL;

    g_assert_true (gst_harness_push_event (h, gst_event_ref (event)));
    got = gst_harness_pull_event (h);
    g_assert_nonnull (got);
    g_assert_cmpstr (
        GST_EVENT_TYPE_NAME (got), ==, GST_EVENT_TYPE_NAME (event));
    g_assert_true (got == event);
    g_assert_cmpuint (gst_harness_events_in_queue (h), ==, 0);
  }
  gst_harness_teardown (h);
}

static void
test_upstream_events (void)
{
  GstHarness *h = make_harness ();
  GstEvent *events[] = {
    gst_event_new_seek (1.0, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH,
        GST_SEEK_TYPE_SET, GST_SECOND, GST_SEEK_TYPE_NONE, -1),
    gst_event_new_seek (-1.0, GST_FORMAT_BYTES, GST_SEEK_FLAG_NONE,
        GST_SEEK_TYPE_NONE, 0, GST_SEEK_TYPE_SET, 5),
    gst_event_new_qos (GST_QOS_TYPE_UNDERFLOW, 1.0, 0, 0),
    gst_event_new_navigation (gst_structure_new_empty ("navigation")),
    gst_event_new_latency (GST_SECOND),
    gst_event_new_reconfigure (),
    gst_event_new_step (GST_FORMAT_BUFFERS, 1, 1.0, TRUE, FALSE),
    gst_event_new_custom (
        GST_EVENT_CUSTOM_UPSTREAM, gst_structure_new_empty ("custom")),
  };
  GstEvent *old;

  while ((old = gst_harness_try_pull_upstream_event (h)))
    gst_event_unref (old);
  for (guint i = 0; i < G_N_ELEMENTS (events); i++) {
    g_autoptr (GstEvent) got = NULL;

    g_assert_true (
        gst_harness_push_upstream_event (h, gst_event_ref (events[i])));
    got = gst_harness_pull_upstream_event (h);
    g_assert_true (got == events[i]);
    gst_event_unref (events[i]);
  }
  gst_harness_teardown (h);
}

/* ---- pull mode ---- */

/* Elements may pull in several threads at once, and events come in one more. */
#define PULLS 20000
#define EVENTS 2000

static gboolean
activate_source (
    GstPad *pad, GstObject *parent, GstPadMode mode, gboolean active)
{
  return mode == GST_PAD_MODE_PULL;
}

static GstFlowReturn
give_buffer (GstPad *pad, GstObject *parent, guint64 offset, guint length,
    GstBuffer **buffer)
{
  *buffer = make_buffer ((guint) offset % 256);
  return GST_FLOW_OK;
}

static gpointer
pull_all (gpointer srcpad)
{
  for (guint i = 0; i < PULLS; i++) {
    GstBuffer *buffer = NULL;

    g_assert_cmpint (
        gst_pad_get_range (srcpad, i, 16, &buffer), ==, GST_FLOW_OK);
    gst_buffer_unref (buffer);
  }
  return NULL;
}

/* Each makes the element look at the data that follows. */
static void
push_marks (GstPad *source)
{
  gst_pad_push_event (source, make_stream_start ());
  gst_pad_push_event (source, make_caps ());
  for (guint i = 0; i < EVENTS; i++) {
    gst_pad_push_event (source, make_segment ());
    gst_pad_push_event (source,
        gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM,
            gst_structure_new (
                "media-heartbeat", "call", G_TYPE_STRING, "adComplete", NULL)));
  }
}

static void
test_pull (void)
{
  GstElement *element = gst_element_factory_make ("mediaheartbeat", NULL);
  GstPad *source = gst_pad_new ("src", GST_PAD_SRC);
  g_autoptr (GstPad) sinkpad = gst_element_get_static_pad (element, "sink");
  g_autoptr (GstPad) srcpad = gst_element_get_static_pad (element, "src");
  GThread *threads[2];

  gst_object_ref_sink (element);
  gst_pad_set_getrange_function (source, give_buffer);
  gst_pad_set_activatemode_function (source, activate_source);
  g_assert_cmpint (gst_pad_link (source, sinkpad), ==, GST_PAD_LINK_OK);
  g_assert_true (gst_pad_activate_mode (srcpad, GST_PAD_MODE_PULL, TRUE));
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("pull", pull_all, srcpad);
  push_marks (source);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  gst_pad_activate_mode (srcpad, GST_PAD_MODE_PULL, FALSE);
  gst_object_unref (element);
  gst_object_unref (source);
}

/* ---- queries ---- */

static void
test_caps (void)
{
  GstHarness *h = gst_harness_new ("mediaheartbeat");
  g_autoptr (GstCaps) wanted = gst_caps_from_string ("audio/x-raw,rate=8000");
  g_autoptr (GstCaps) got = NULL;
  g_autoptr (GstCaps) bad = gst_caps_from_string ("video/x-raw");

  gst_harness_set_sink_caps (h, gst_caps_ref (wanted));
  got = gst_pad_peer_query_caps (h->srcpad, NULL);
  g_assert_true (gst_caps_is_equal (got, wanted));
  g_assert_true (gst_pad_peer_query_accept_caps (h->srcpad, wanted));
  g_assert_false (gst_pad_peer_query_accept_caps (h->srcpad, bad));
  gst_harness_teardown (h);
}

static void
test_allocation (void)
{
  GstHarness *h = make_harness ();
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (h->srcpad);
  g_autoptr (GstQuery) query = NULL;

  gst_harness_add_propose_allocation_meta (
      h, GST_PROTECTION_META_API_TYPE, NULL);
  query = gst_query_new_allocation (caps, TRUE);
  g_assert_true (gst_pad_peer_query (h->srcpad, query));
  g_assert_true (gst_query_find_allocation_meta (
      query, GST_PROTECTION_META_API_TYPE, NULL));
  gst_harness_teardown (h);
}

static void
test_latency (void)
{
  GstHarness *h = make_harness ();

  gst_harness_set_upstream_latency (h, 42 * GST_MSECOND);
  g_assert_cmpuint (gst_harness_query_latency (h), ==, 42 * GST_MSECOND);
  gst_harness_teardown (h);
}

static gboolean
answer_query (GstPad *pad, GstObject *parent, GstQuery *query)
{
  switch (GST_QUERY_TYPE (query)) {
    case GST_QUERY_SCHEDULING:
      gst_query_set_scheduling (
          query, GST_SCHEDULING_FLAG_SEEKABLE, 3, 4096, 16);
      gst_query_add_scheduling_mode (query, GST_PAD_MODE_PULL);
      gst_query_add_scheduling_mode (query, GST_PAD_MODE_PUSH);
      return TRUE;
    case GST_QUERY_DURATION:
      gst_query_set_duration (query, GST_FORMAT_TIME, 123);
      return TRUE;
    case GST_QUERY_POSITION:
      gst_query_set_position (query, GST_FORMAT_TIME, 45);
      return TRUE;
    case GST_QUERY_SEEKING:
      gst_query_set_seeking (query, GST_FORMAT_TIME, TRUE, 1, 2);
      return TRUE;
    case GST_QUERY_URI:
      gst_query_set_uri (query, "test:///uri");
      return TRUE;
    default:
      return gst_pad_query_default (pad, parent, query);
  }
}

static void
assert_scheduling (GstPad *pad)
{
  g_autoptr (GstQuery) query = gst_query_new_scheduling ();
  GstSchedulingFlags flags;
  int minimum, maximum, align;

  g_assert_true (gst_pad_query (pad, query));
  gst_query_parse_scheduling (query, &flags, &minimum, &maximum, &align);
  g_assert_cmpint (minimum, ==, 3);
  g_assert_cmpint (maximum, ==, 4096);
  g_assert_cmpint (align, ==, 16);
  g_assert_true (gst_query_has_scheduling_mode (query, GST_PAD_MODE_PULL));
  g_assert_true (gst_query_has_scheduling_mode (query, GST_PAD_MODE_PUSH));
}

static void
test_queries (void)
{
  GstElement *element = gst_element_factory_make ("mediaheartbeat", NULL);
  GstPad *source = gst_pad_new ("src", GST_PAD_SRC);
  g_autoptr (GstPad) sinkpad = gst_element_get_static_pad (element, "sink");
  g_autoptr (GstPad) srcpad = gst_element_get_static_pad (element, "src");
  g_autoptr (GstQuery) seeking = gst_query_new_seeking (GST_FORMAT_TIME);
  g_autoptr (GstQuery) uri = gst_query_new_uri ();
  g_autofree char *text = NULL;
  gint64 value, start, end;
  gboolean seekable;

  gst_pad_set_query_function (source, answer_query);
  g_assert_cmpint (gst_pad_link (source, sinkpad), ==, GST_PAD_LINK_OK);
  assert_scheduling (srcpad);
  g_assert_true (gst_pad_query_duration (srcpad, GST_FORMAT_TIME, &value));
  g_assert_cmpint (value, ==, 123);
  g_assert_true (gst_pad_query_position (srcpad, GST_FORMAT_TIME, &value));
  g_assert_cmpint (value, ==, 45);
  g_assert_true (gst_pad_query (srcpad, seeking));
  gst_query_parse_seeking (seeking, NULL, &seekable, &start, &end);
  g_assert_true (seekable);
  g_assert_cmpint (end, ==, 2);
  g_assert_true (gst_pad_query (srcpad, uri));
  gst_query_parse_uri (uri, &text);
  g_assert_cmpstr (text, ==, "test:///uri");
  gst_object_unref (element);
  gst_object_unref (source);
}

/* ---- memory ---- */

/* A template for each pad of each element would be some hundred bytes of it. */
static void
test_templates (void)
{
  g_autoptr (GstElement) element = gst_object_ref_sink (
      gst_element_factory_make ("mediaheartbeat", NULL));
  GstElementClass *klass = GST_ELEMENT_GET_CLASS (element);

  for (GList *l = element->pads; l; l = l->next) {
    g_autoptr (GstPadTemplate) template = gst_pad_get_pad_template (l->data);

    g_assert_true (template ==
        gst_element_class_get_pad_template (klass, GST_PAD_NAME (l->data)));
  }
}

int
main (int argc, char *argv[])
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/element/buffers", test_buffers);
  g_test_add_func ("/element/lists", test_lists);
  g_test_add_func ("/element/flow", test_flow);
  g_test_add_func ("/element/unlinked", test_unlinked);
  g_test_add_func ("/element/events", test_events);
  g_test_add_func ("/element/events/upstream", test_upstream_events);
  g_test_add_func ("/element/pull/threads", test_pull);
  g_test_add_func ("/element/query/caps", test_caps);
  g_test_add_func ("/element/query/allocation", test_allocation);
  g_test_add_func ("/element/query/latency", test_latency);
  g_test_add_func ("/element/query/others", test_queries);
  g_test_add_func ("/element/memory/templates", test_templates);
  return g_test_run ();
}
