/* static: an application that is linked to the plugin. It is given no plugin of
 * this name to load: the element and the tracer are those it has.
 *
 * Exit codes: 0 fine, 1 not.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <gst/gst.h>

GST_PLUGIN_STATIC_DECLARE (mediaheartbeat);

/* It has no file. */
static gboolean
is_linked (void)
{
  g_autoptr (GstPlugin)
      plugin = gst_registry_find_plugin (gst_registry_get (), "mediaheartbeat");

  return plugin && !gst_plugin_get_filename (plugin);
}

/* Returns: (transfer full) (nullable): the first report, an error, or the end. */
static GstMessage *
run (GstElement *pipeline)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  return gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE,
      GST_MESSAGE_ELEMENT | GST_MESSAGE_ERROR | GST_MESSAGE_EOS);
}

static gboolean
reports (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch (
      "fakesrc format=time sizetype=fixed "
      "filltype=zero num-buffers=3 datarate=1000 ! "
      "mediaheartbeat media-id=clip ! "
      "fakesink sync=true",
      &error);
  g_autoptr (GstMessage) message = NULL;

  if (error) {
    g_printerr ("%s\n", error->message);
    return FALSE;
  }
  message = run (pipeline);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  return gst_message_has_name (message, "media-heartbeat");
}

int
main (int argc, char **argv)
{
  g_autoptr (GstPluginFeature) tracer = NULL;

  gst_init (&argc, &argv);
  if (gst_registry_check_feature_version (
          gst_registry_get (), "mediaheartbeat", 0, 0, 0)) {
    g_printerr ("There is a plugin already\n");
    return 1;
  }
  GST_PLUGIN_STATIC_REGISTER (mediaheartbeat);
  tracer = gst_registry_lookup_feature (
      gst_registry_get (), "mediaheartbeattracer");
  g_print ("linked: %d, tracer: %d\n", is_linked (), tracer != NULL);
  return is_linked () && tracer && reports () ? 0 : 1;
}
