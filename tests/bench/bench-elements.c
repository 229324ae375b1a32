/* bench-elements: elements with as little in them as can be, to measure others
 * against.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#define GST_USE_UNSTABLE_API
#include "bench-elements.h"

#include <gst/gsttracer.h>

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE (
    "sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS_ANY);
static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE (
    "src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS_ANY);

static GstPad *
add_pad (gpointer element, GstStaticPadTemplate *static_template)
{
  GstPad *pad = gst_pad_new_from_static_template (
      static_template, static_template->name_template);

  gst_element_add_pad (GST_ELEMENT (element), pad);
  return pad;
}

static void
set_proxy (GstPad *pad)
{
  GST_PAD_SET_PROXY_CAPS (pad);
  GST_PAD_SET_PROXY_ALLOCATION (pad);
  GST_PAD_SET_PROXY_SCHEDULING (pad);
}

static void
set_up_class (gpointer klass, const char *name, GstStaticPadTemplate *sink,
    GstStaticPadTemplate *src)
{
  gst_element_class_set_metadata (
      klass, name, "Generic", "For measuring", "gst-media-heartbeat");
  if (sink)
    gst_element_class_add_static_pad_template (klass, sink);
  if (src)
    gst_element_class_add_static_pad_template (klass, src);
}

/* ---- benchsource ---- */

G_DECLARE_FINAL_TYPE (BenchSource, bench_source, BENCH, SOURCE, GstElement)

struct _BenchSource
{
  GstElement parent_instance;
};

G_DEFINE_FINAL_TYPE (BenchSource, bench_source, GST_TYPE_ELEMENT)

static void
bench_source_init (BenchSource *self)
{
  add_pad (self, &src_template);
}

static void
bench_source_class_init (BenchSourceClass *klass)
{
  set_up_class (klass, "Source", NULL, &src_template);
}

/* ---- benchminimal ---- */

G_DECLARE_FINAL_TYPE (BenchMinimal, bench_minimal, BENCH, MINIMAL, GstElement)

struct _BenchMinimal
{
  GstElement parent_instance;
  GstPad *srcpad;
};

G_DEFINE_FINAL_TYPE (BenchMinimal, bench_minimal, GST_TYPE_ELEMENT)

static GstFlowReturn
minimal_chain (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  return gst_pad_push (((BenchMinimal *) parent)->srcpad, buffer);
}

static GstFlowReturn
minimal_chain_list (GstPad *pad, GstObject *parent, GstBufferList *list)
{
  return gst_pad_push_list (((BenchMinimal *) parent)->srcpad, list);
}

static void
bench_minimal_init (BenchMinimal *self)
{
  GstPad *sinkpad = add_pad (self, &sink_template);

  gst_pad_set_chain_function (sinkpad, minimal_chain);
  gst_pad_set_chain_list_function (sinkpad, minimal_chain_list);
  set_proxy (sinkpad);
  self->srcpad = add_pad (self, &src_template);
  set_proxy (self->srcpad);
}

static void
bench_minimal_class_init (BenchMinimalClass *klass)
{
  set_up_class (klass, "Minimal", &sink_template, &src_template);
}

/* ---- benchsink ---- */

G_DECLARE_FINAL_TYPE (BenchSink, bench_sink, BENCH, SINK, GstElement)

struct _BenchSink
{
  GstElement parent_instance;
};

G_DEFINE_FINAL_TYPE (BenchSink, bench_sink, GST_TYPE_ELEMENT)

static GstFlowReturn
sink_chain (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  gst_buffer_unref (buffer);
  return GST_FLOW_OK;
}

static GstFlowReturn
sink_chain_list (GstPad *pad, GstObject *parent, GstBufferList *list)
{
  gst_buffer_list_unref (list);
  return GST_FLOW_OK;
}

static void
bench_sink_init (BenchSink *self)
{
  GstPad *pad = add_pad (self, &sink_template);

  GST_OBJECT_FLAG_SET (self, GST_ELEMENT_FLAG_SINK);
  gst_pad_set_chain_function (pad, sink_chain);
  gst_pad_set_chain_list_function (pad, sink_chain_list);
}

static void
bench_sink_get_property (
    GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_boolean (value, TRUE);
}

static void
bench_sink_class_init (BenchSinkClass *klass)
{
  set_up_class (klass, "Sink", &sink_template, NULL);
  G_OBJECT_CLASS (klass)->get_property = bench_sink_get_property;
  g_object_class_install_property (G_OBJECT_CLASS (klass), 1,
      g_param_spec_boolean ("sync", NULL, NULL, TRUE, G_PARAM_READABLE));
}

/* ---- the tracer ---- */

G_DECLARE_FINAL_TYPE (BenchTracer, bench_tracer, BENCH, TRACER, GstTracer)

struct _BenchTracer
{
  GstTracer parent_instance;
};

G_DEFINE_FINAL_TYPE (BenchTracer, bench_tracer, GST_TYPE_TRACER)

static void
bench_tracer_init (BenchTracer *self)
{
}

static void
bench_tracer_class_init (BenchTracerClass *klass)
{
}

static void
do_nothing (void)
{
}

void
bench_tracer_install (void)
{
  static const char *const hooks[] = { "pad-push-pre", "pad-push-list-pre",
    "pad-push-event-pre", "element-post-message-pre",
    "element-change-state-pre", "element-change-state-post" };
  GstTracer *tracer = g_object_new (bench_tracer_get_type (), NULL);

  for (guint i = 0; i < G_N_ELEMENTS (hooks); i++)
    gst_tracing_register_hook (tracer, hooks[i], do_nothing);
}

/* ---- all ---- */

void
bench_elements_register (void)
{
  gst_element_register (
      NULL, "benchsource", GST_RANK_NONE, bench_source_get_type ());
  gst_element_register (
      NULL, "benchminimal", GST_RANK_NONE, bench_minimal_get_type ());
  gst_element_register (
      NULL, "benchsink", GST_RANK_NONE, bench_sink_get_type ());
}
