/* plugin: registers the features, nothing else.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <gst/gst.h>

#include "gstmediaheartbeat.h"
#include "gstmediaheartbeattracer.h"

#define PACKAGE "gst-media-heartbeat"

static gboolean
plugin_init (GstPlugin *plugin)
{
  return gst_media_heartbeat_tracer_register (plugin);
}

GST_PLUGIN_DEFINE (GST_VERSION_MAJOR, GST_VERSION_MINOR, mediaheartbeat,
    "Reports playback sessions to Adobe's collection servers or one's own",
    plugin_init, MH_VERSION, "LGPL", PACKAGE, PACKAGE)
