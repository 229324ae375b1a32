/* mh-trace: one pipeline that the tracer watches.
 *
 * Belongs to its pipeline and goes with it. Finds out whether that is playback:
 * a sink in it keeps time and is given sound or pictures. Until then nothing
 * runs for it; from then on the sink's pad is the point where its data is seen.
 *
 * May touch: GStreamer, tap, pad table, observer. Each function is for the
 * thread that the tracer's hook of the same name runs in.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

#include "mh-settings.h"

G_BEGIN_DECLS

typedef struct _MhTrace MhTrace;

/**
 * mh_trace_attach:
 * @pipeline: a pipeline that is in nothing else, and not watched yet
 * @settings: (transfer none): what its sessions go by
 *
 * Watches it from here on, for as long as it lives.
 */
void mh_trace_attach (GstElement *pipeline, MhSettings *settings);

/**
 * mh_trace_get:
 * @pipeline: any pipeline
 *
 * Returns: (transfer none) (nullable): what watches it; valid while it lives.
 */
MhTrace *mh_trace_get (GstElement *pipeline);

void mh_trace_before_change (
    MhTrace *trace, GstElement *pipeline, GstStateChange transition);
void mh_trace_after_change (MhTrace *trace, GstElement *pipeline,
    GstStateChange transition, GstStateChangeReturn result);

/* A message is about to be posted by the pipeline. */
void mh_trace_message (
    MhTrace *trace, GstElement *pipeline, GstMessage *message);

/**
 * mh_trace_is_sink:
 *
 * Returns: whether an element is where data ends, and not a bin around that.
 */
gboolean mh_trace_is_sink (GstElement *element);

/**
 * mh_trace_caps:
 * @pad: a source pad
 * @sink: (transfer none): the sink that its peer belongs to
 * @event: a CAPS event that is about to be pushed there
 *
 * Takes this for the point where data is seen, where there is none yet.
 */
void mh_trace_caps (MhTrace *trace, GstElement *pipeline, GstPad *pad,
    GstElement *sink, GstEvent *event);

/* An event goes upstream from one of the pipeline's sinks. */
void mh_trace_upstream_event (MhTrace *trace, GstEvent *event);

G_END_DECLS
