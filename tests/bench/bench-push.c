/* bench-push: sends a number of buffers through an element, and nothing else.
 *
 *   bench-push MODE COUNT ELEMENT [PROPERTY=VALUE...]
 *
 * What an element costs is the difference between two of its runs, of different
 * counts, compared with the same for no element (ELEMENT = none). The counting
 * is not done here but by whatever runs this: tests/bench/overhead.py.
 *
 * Modes: fakesrc (buffers without time stamps, fakesrc ! ELEMENT ! fakesink),
 * fakesrc-time (the same with time stamps), push (time-stamped buffers from a
 * source to a sink that do nothing), list (the same in lists of 32; COUNT is
 * the number of lists), media and media-list (likewise, as sound: what a tracer
 * takes for playback). With BENCH_TRACER=empty in the environment, under a
 * tracer that does nothing.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdlib.h>

#include "bench-elements.h"

#define LIST_LENGTH 32
#define DURATION (20 * GST_MSECOND)

static GstElement *
make (const char *description, const char *name)
{
  g_autoptr (GError) error = NULL;
  GstElement *element = gst_parse_launch (description, &error);

  if (error)
    g_error ("%s: %s", description, error->message);
  gst_object_set_name (GST_OBJECT (element), name);
  return element;
}

/* Returns: (transfer floating): a pipeline that is not running. */
static GstElement *
make_pipeline (const char *source, const char *element, const char *sink)
{
  GstElement *pipeline = gst_pipeline_new (NULL);
  GstElement *first = make (source, "first");
  GstElement *last = make (sink, "last");
  gboolean linked;

  gst_bin_add_many (GST_BIN (pipeline), first, last, NULL);
  if (g_str_equal (element, "none")) {
    linked = gst_element_link (first, last);
  } else {
    GstElement *middle = make (element, "middle");

    gst_bin_add (GST_BIN (pipeline), middle);
    linked = gst_element_link_many (first, middle, last, NULL);
  }
  if (!linked)
    g_error ("cannot link %s", element);
  return pipeline;
}

static void
stop (GstElement *pipeline)
{
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
}

/* ---- fakesrc ---- */

static void
run_fakesrc (const char *element, guint count, gboolean timed)
{
  g_autofree char *source = g_strdup_printf ("fakesrc num-buffers=%u %s", count,
      timed ? "format=time sizetype=fixed sizemax=1000 datarate=50000" : "");
  GstElement *pipeline = make_pipeline (
      source, element, "fakesink sync=false async=false");
  GstBus *bus = gst_element_get_bus (pipeline);
  GstMessage *message;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (
      bus, GST_CLOCK_TIME_NONE, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_EOS)
    g_error ("%s: no end of stream", element);
  gst_message_unref (message);
  gst_object_unref (bus);
  stop (pipeline);
}

/* ---- own source ---- */

static void
push_start (GstPad *pad, GstCaps *caps)
{
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (pad, gst_event_new_stream_start ("bench"));
  if (caps)
    gst_pad_push_event (pad, gst_event_new_caps (caps));
  gst_pad_push_event (pad, gst_event_new_segment (&segment));
}

/* One buffer again and again: the sink has given it back by then. */
static void
push_buffers (GstPad *pad, guint count)
{
  GstBuffer *buffer = gst_buffer_new ();

  GST_BUFFER_DURATION (buffer) = DURATION;
  for (guint i = 0; i < count; i++) {
    GST_BUFFER_PTS (buffer) = i * DURATION;
    gst_pad_push (pad, gst_buffer_ref (buffer));
  }
  gst_buffer_unref (buffer);
}

static void
push_lists (GstPad *pad, guint count)
{
  GstBufferList *list = gst_buffer_list_new_sized (LIST_LENGTH);

  for (guint i = 0; i < LIST_LENGTH; i++) {
    GstBuffer *buffer = gst_buffer_new ();

    GST_BUFFER_PTS (buffer) = i * DURATION;
    GST_BUFFER_DURATION (buffer) = DURATION;
    gst_buffer_list_add (list, buffer);
  }
  for (guint i = 0; i < count; i++) {
    GstBuffer *last = gst_buffer_list_get (list, LIST_LENGTH - 1);

    GST_BUFFER_PTS (last) += LIST_LENGTH * DURATION;
    gst_pad_push_list (pad, gst_buffer_list_ref (list));
  }
  gst_buffer_list_unref (list);
}

static void
run_push (const char *element, guint count, gboolean lists, const char *media)
{
  g_autoptr (GstCaps) caps = media ? gst_caps_new_empty_simple (media) : NULL;
  GstElement *pipeline = make_pipeline ("benchsource", element, "benchsink");
  GstElement *source = gst_bin_get_by_name (GST_BIN (pipeline), "first");
  GstPad *pad = gst_element_get_static_pad (source, "src");

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  push_start (pad, caps);
  if (lists)
    push_lists (pad, count);
  else
    push_buffers (pad, count);
  gst_object_unref (pad);
  gst_object_unref (source);
  stop (pipeline);
}

int
main (int argc, char **argv)
{
  g_autofree char *element = NULL;
  const char *mode;
  guint count;

  gst_init (&argc, &argv);
  if (argc < 4) {
    g_printerr ("usage: bench-push MODE COUNT ELEMENT [PROPERTY=VALUE...]\n");
    return 2;
  }
  bench_elements_register ();
  if (g_strcmp0 (g_getenv ("BENCH_TRACER"), "empty") == 0)
    bench_tracer_install ();
  mode = argv[1];
  count = (guint) strtoul (argv[2], NULL, 10);
  element = g_strjoinv (" ", argv + 3);
  if (g_str_equal (mode, "fakesrc") || g_str_equal (mode, "fakesrc-time"))
    run_fakesrc (element, count, g_str_has_suffix (mode, "-time"));
  else if (g_str_equal (mode, "push") || g_str_equal (mode, "list"))
    run_push (element, count, g_str_equal (mode, "list"), NULL);
  else if (g_str_equal (mode, "media") || g_str_equal (mode, "media-list"))
    run_push (element, count, g_str_has_suffix (mode, "-list"), "audio/x-raw");
  else
    g_error ("no such mode: %s", mode);
  return 0;
}
