/* mh-traced-pipeline: one pipeline that the tracer watches.
 *
 * It lives as long as its pipeline. It finds out whether the pipeline plays: whether
 * a sink in it keeps time and is given sound or pictures. Until then nothing runs for
 * the pipeline. From then on its data is seen at the pad in front of that sink.
 *
 * All functions of this header are called by a tracer's hooks, in any thread and
 * with any locks of GStreamer held: they take no such lock, ask nothing and give
 * up no last reference. mh-hook-work does what needs that.
 *
 * mh-traced-pipeline.c       the pipeline
 * mh-traced-pipeline-look.c  what is looked at later
 *
 * May touch: GStreamer, hook-work, tap, watch, mailbox.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

#include "mh-settings-media.h"

G_BEGIN_DECLS

typedef struct _MhTracedPipeline MhTracedPipeline;

/**
 * mh_traced_pipeline_attach:
 * @pipeline: a pipeline that is in nothing else, and not watched yet
 * @settings: (transfer none): what its sessions go by
 * @filter: (nullable) (transfer none): patterns of pipelines that are tracked;
 *   outlives @pipeline
 *
 * Watches it from here on, for as long as it lives.
 */
void mh_traced_pipeline_attach (
    GstElement *pipeline, MhSettings *settings, char **filter);

/**
 * mh_traced_pipeline_get:
 * @pipeline: any pipeline
 *
 * Returns: (transfer none) (nullable): what watches it; valid while it lives.
 */
MhTracedPipeline *mh_traced_pipeline_get (GstElement *pipeline);

/* Before a state change of @pipeline. On its way to READY or NULL it waits for
 * mh-hook-work, for a second at most. */
void mh_traced_pipeline_before_change (
    MhTracedPipeline *trace, GstElement *pipeline, GstStateChange transition);
/* After it, with what has come of it. */
void mh_traced_pipeline_after_change (MhTracedPipeline *trace,
    GstElement *pipeline, GstStateChange transition,
    GstStateChangeReturn result);

/* A message is about to be posted by the pipeline. */
void mh_traced_pipeline_message (
    MhTracedPipeline *trace, GstElement *pipeline, GstMessage *message);

/**
 * mh_traced_pipeline_caps:
 * @pad: a source pad of any pipeline
 * @event: a CAPS event that is about to be pushed there
 *
 * Takes @pad as the point where data is seen, if the pad may belong to playback and
 * its pipeline has no such point yet.
 */
void mh_traced_pipeline_caps (GstPad *pad, GstEvent *event);

/**
 * mh_traced_pipeline_upstream_event:
 * @pad: a sink pad of any pipeline
 * @event: a SEEK, or an event of an application's, that goes upstream
 *
 * Observes the event, if the pipeline of @pad is watched.
 */
void mh_traced_pipeline_upstream_event (GstPad *pad, GstEvent *event);

G_END_DECLS
