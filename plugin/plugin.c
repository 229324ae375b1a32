/* plugin: registers the features, nothing else.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <gst/gst.h>

#include "gstmediaheartbeat.h"
#include "gstmediaheartbeattracer.h"

#define PACKAGE "gst-media-heartbeat" /* GST_PLUGIN_DEFINE() takes it */

static gboolean
plugin_init (GstPlugin *plugin)
{
  return GST_ELEMENT_REGISTER (mediaheartbeat, plugin) &&
      gst_media_heartbeat_tracer_register (plugin);
}

GST_PLUGIN_DEFINE (GST_VERSION_MAJOR, GST_VERSION_MINOR, mediaheartbeat,
    "Reports playback sessions to Adobe's collection servers or one's own",
    plugin_init, MH_VERSION, "LGPL", MH_PACKAGE_NAME, MH_PACKAGE_ORIGIN)
