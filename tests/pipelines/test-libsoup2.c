/* Tests of a pipeline in an application that is linked to libsoup 2. libsoup 3
 * would abort it as soon as it is loaded.
 *
 * Not linked to libsoup 3, so there is no collector to send to. And there is no
 * scan for plugins but ours, some of which are linked to libsoup 3: what else
 * is needed is loaded from PLUGINS_DIR.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <dlfcn.h>
#include <gst/gst.h>
#include <libsoup/soup.h>
#include <string.h>

/* The helper program is not there: tests/programs/helper.py has the cases where it
 * is. */
#define HELPER "/nowhere/mediaheartbeat-helper"

/* The flush-timeout is the longest there is, and as long as the test may take:
 * who waits for it fails. */
#define TONE(properties) \
  "audiotestsrc num-buffers=20 samplesperbuffer=441 ! " \
  "audio/x-raw,rate=44100 ! mediaheartbeat name=heartbeat media-id=tone " \
  "flush-timeout=60000 " properties " ! fakesink sync=true"

typedef struct
{
  GstElement *pipeline;
  GstElement *heartbeat;
  GString *hits; /* a word for each */
  guint warnings; /* of the element */
  guint warnings_of_soup; /* those that name libsoup 2 and the helper program */
} Fixture;

static void
launch (Fixture *f, const char *description)
{
  g_autoptr (GError) error = NULL;

  f->pipeline = gst_parse_launch_full (
      description, NULL, GST_PARSE_FLAG_FATAL_ERRORS, &error);
  g_assert_no_error (error);
  f->heartbeat = gst_bin_get_by_name (GST_BIN (f->pipeline), "heartbeat");
  f->hits = g_string_new (NULL);
}

static void
clear (Fixture *f)
{
  gst_object_unref (f->heartbeat);
  gst_object_unref (f->pipeline);
  g_string_free (f->hits, TRUE);
}

static void
take_warning (Fixture *f, GstMessage *message)
{
  g_autoptr (GError) error = NULL;

  gst_message_parse_warning (message, &error, NULL);
  g_test_message ("warning: %s", error->message);
  f->warnings++;
  f->warnings_of_soup += strstr (error->message, "libsoup 2") &&
      strstr (error->message, HELPER);
}

static void
take (Fixture *f, GstMessage *message)
{
  const GstStructure *structure = gst_message_get_structure (message);

  if (GST_MESSAGE_SRC (message) != GST_OBJECT_CAST (f->heartbeat))
    return;
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_WARNING)
    take_warning (f, message);
  else if (gst_structure_has_name (structure, "media-heartbeat"))
    g_string_append_printf (
        f->hits, "%s ", gst_structure_get_string (structure, "event"));
}

/* From NULL to its end and back, with `warnings` in all. They come from another
 * thread, and going to NULL throws away what is on the bus. */
static void
play (Fixture *f, guint warnings)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (f->pipeline);
  gboolean over = FALSE;

  gst_element_set_state (f->pipeline, GST_STATE_PLAYING);
  while (!over || !strstr (f->hits->str, "sessionComplete") ||
      f->warnings < warnings) {
    GstMessage *message = gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE,
        GST_MESSAGE_EOS | GST_MESSAGE_ERROR | GST_MESSAGE_WARNING |
            GST_MESSAGE_ELEMENT);

    g_assert_cmpint (GST_MESSAGE_TYPE (message), !=, GST_MESSAGE_ERROR);
    over |= GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS;
    take (f, message);
    gst_message_unref (message);
  }
  gst_element_set_state (f->pipeline, GST_STATE_NULL);
  g_assert_cmpstr (f->hits->str, ==, "sessionStart play sessionComplete ");
  g_string_truncate (f->hits, 0);
}

static guint64
get_stat (const GstStructure *stats, const char *name)
{
  guint64 value = 0;

  g_assert_true (gst_structure_get_uint64 (stats, name, &value));
  return value;
}

static void
assert_stats (Fixture *f, guint64 hits, guint64 queued, const char *delivery)
{
  g_autoptr (GstStructure) stats = NULL;
  const char *last_error;

  g_object_get (f->heartbeat, "stats", &stats, NULL);
  g_assert_cmpuint (get_stat (stats, "hits"), ==, hits);
  g_assert_cmpuint (get_stat (stats, "queued"), ==, queued);
  g_assert_cmpuint (get_stat (stats, "sent"), ==, 0);
  g_assert_cmpuint (get_stat (stats, "dropped"), ==, 0);
  last_error = gst_structure_get_string (stats, "last-error");
  g_assert_cmpstr (gst_structure_get_string (stats, "delivery"), ==, delivery);
  g_assert_cmpint (last_error != NULL, ==, delivery != NULL);
  if (delivery)
    g_assert_nonnull (strstr (last_error, "libsoup 2"));
}

/* ---- the cases ---- */

static void
test_inspect (void)
{
  g_autoptr (GstPlugin) plugin = gst_plugin_load_by_name ("mediaheartbeat");
  GstElement *element = gst_element_factory_make ("mediaheartbeat", NULL);
  GObjectClass *klass;
  guint n = 0;

  g_assert_nonnull (plugin);
  g_assert_nonnull (element);
  klass = G_OBJECT_GET_CLASS (element);
  g_free (g_object_class_list_properties (klass, &n));
  g_assert_cmpuint (n, >, 0);
  g_assert_nonnull (g_object_class_find_property (klass, "collection-server"));
  gst_object_unref (element);
}

/* Nothing is to be sent, so nothing is wrong. */
static void
test_no_server (void)
{
  Fixture f = { 0 };

  launch (&f, TONE (""));
  play (&f, 0);
  g_assert_cmpuint (f.warnings, ==, 0);
  assert_stats (&f, 3, 0, NULL);
  clear (&f);
}

/* It plays, tracks, and keeps what it cannot send; it says so once. */
static void
test_server (void)
{
  Fixture f = { 0 };

  launch (&f, TONE ("collection-server=http://127.0.0.1:9"));
  play (&f, 1);
  assert_stats (&f, 3, 3, "helper");
  /* It hears of what waits from before while the worker lasts, flush-timeout. */
  play (&f, 1);
  assert_stats (&f, 6, 6, "helper");
  g_assert_cmpuint (f.warnings, ==, 1);
  g_assert_cmpuint (f.warnings_of_soup, ==, 1);
  clear (&f);
}

/* ---- the application ---- */

/* A use of libsoup 2, so that the linker does not leave it out. */
static void
use_soup_2 (void)
{
  SoupURI *uri = soup_uri_new ("http://127.0.0.1:9/");
  SoupSession *session = soup_session_new ();

  g_assert_nonnull (uri);
  g_assert_nonnull (session);
  g_object_unref (session);
  soup_uri_free (uri);
}

static void
load_plugin (const char *file)
{
  g_autofree char *path = g_build_filename (PLUGINS_DIR, file, NULL);
  g_autoptr (GError) error = NULL;
  GstPlugin *plugin = gst_plugin_load_file (path, &error);

  g_assert_no_error (error);
  gst_object_unref (plugin);
}

int
main (int argc, char *argv[])
{
  int result;

  use_soup_2 ();
  g_setenv ("MEDIAHEARTBEAT_HELPER", HELPER, TRUE);
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  load_plugin ("libgstcoreelements.so");
  load_plugin ("libgstaudiotestsrc.so");
  g_test_add_func ("/libsoup2/inspect", test_inspect);
  g_test_add_func ("/libsoup2/no-server", test_no_server);
  g_test_add_func ("/libsoup2/server", test_server);
  result = g_test_run ();
  /* Nobody has loaded it, which is why this is still here. */
  g_assert_null (dlopen ("libsoup-3.0.so.0", RTLD_LAZY | RTLD_NOLOAD));
  return result;
}
