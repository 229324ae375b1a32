/* Tests of mh-log-route: the core's log in GStreamer's, and after that has ended.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-log-route.h"

#include "mh-log.h"

static guint n_lines;

static void
count_line (GstDebugCategory *category, GstDebugLevel level, const gchar *file,
    const gchar *function, gint line, GObject *object, GstDebugMessage *message,
    gpointer user_data)
{
  if (g_str_equal (
          gst_debug_category_get_name (category), "mediaheartbeat-delivery"))
    n_lines++;
}

static void
write_lines (void)
{
  mh_log (DELIVERY, DEBUG, NULL, "written");
  mh_log (DELIVERY, LOG, NULL, "not wanted");
  mh_log (STORE, DEBUG, NULL, "another category");
  GST_CAT_DEBUG (gst_media_heartbeat_debug, "the element's");
}

/* The worker sends what is left when the application is done with GStreamer. */
static void
test_end (void)
{
  gst_debug_set_threshold_for_name ("mediaheartbeat-*", GST_LEVEL_DEBUG);
  gst_debug_remove_log_function (NULL);
  gst_debug_add_log_function (count_line, NULL, NULL);
  write_lines ();
  g_assert_cmpuint (n_lines, ==, 1);
  g_assert_true (mh_log_wants (MH_LOG_DELIVERY, MH_LOG_DEBUG));
  gst_deinit ();
  g_assert_false (mh_log_wants (MH_LOG_DELIVERY, MH_LOG_ERROR));
  g_assert_cmpint (gst_debug_category_get_threshold (gst_media_heartbeat_debug),
      ==, GST_LEVEL_NONE);
  write_lines ();
  g_assert_cmpuint (n_lines, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  mh_log_route_init ();
  g_test_add_func ("/log-route/end", test_end);
  return g_test_run ();
}
