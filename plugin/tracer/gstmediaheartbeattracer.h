/* gstmediaheartbeattracer: the tracer `mediaheartbeattracer`.
 *
 * Turns GStreamer's hooks into what mh-traced-pipeline is told. Decides nothing.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#define GST_USE_UNSTABLE_API
#include <gst/gst.h>
#include <gst/gsttracer.h>

#include "mh-traced-pipeline.h"

G_BEGIN_DECLS

#define GST_TYPE_MEDIA_HEARTBEAT_TRACER (gst_media_heartbeat_tracer_get_type ())
G_DECLARE_FINAL_TYPE (GstMediaHeartbeatTracer, gst_media_heartbeat_tracer, GST,
    MEDIA_HEARTBEAT_TRACER, GstTracer)

/**
 * gst_media_heartbeat_tracer_register:
 * @plugin: the plugin
 *
 * Registers the tracer. Call it in the plugin's init function.
 *
 * Returns: %TRUE: a GStreamer that is built without tracers is no failure.
 *
 * Since: 0.1
 */
gboolean gst_media_heartbeat_tracer_register (GstPlugin *plugin);

G_END_DECLS
