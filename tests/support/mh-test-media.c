/* mh-test-media: files to play, made on the spot.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-test-media.h"

#include <glib/gstdio.h>
#include <gst/gst.h>

static char *directory;
static GHashTable *paths; /* name → path */

static void
set_up (void)
{
  g_autoptr (GError) error = NULL;

  directory = g_dir_make_tmp ("mh-media-XXXXXX", &error);
  g_assert_no_error (error);
  paths = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

static void
tear_down (void)
{
  GHashTableIter iter;
  gpointer path;

  g_hash_table_iter_init (&iter, paths);
  while (g_hash_table_iter_next (&iter, NULL, &path))
    g_unlink (path);
  g_rmdir (directory);
  g_clear_pointer (&paths, g_hash_table_unref);
  g_clear_pointer (&directory, g_free);
}

int
mh_test_media_run (void)
{
  int result;

  set_up ();
  result = g_test_run ();
  tear_down ();
  return result;
}

static char *
add_path (const char *name)
{
  char *path = g_build_filename (directory, name, NULL);

  g_hash_table_insert (paths, g_strdup (name), path);
  return path;
}

static void
run (const char *description)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch (description, &error);
  g_autoptr (GstBus) bus = NULL;
  g_autoptr (GstMessage) message = NULL;

  g_assert_no_error (error);
  bus = gst_element_get_bus (pipeline);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (
      bus, GST_CLOCK_TIME_NONE, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  g_assert_cmpint (GST_MESSAGE_TYPE (message), ==, GST_MESSAGE_EOS);
  gst_element_set_state (pipeline, GST_STATE_NULL);
}

const char *
mh_test_media_audio (guint seconds)
{
  g_autofree char *name = g_strdup_printf ("audio-%u.ogg", seconds);
  const char *path = g_hash_table_lookup (paths, name);
  g_autofree char *description = NULL;

  if (path)
    return path;
  path = add_path (name);
  description = g_strdup_printf (
      "audiotestsrc num-buffers=%u samplesperbuffer=441 ! "
      "audio/x-raw,rate=44100,channels=1 ! vorbisenc ! oggmux ! "
      "filesink location=%s",
      seconds * 100, path);
  run (description);
  return path;
}

const char *
mh_test_media_video (guint seconds)
{
  g_autofree char *name = g_strdup_printf ("video-%u.ogg", seconds);
  const char *path = g_hash_table_lookup (paths, name);
  g_autofree char *description = NULL;

  if (path)
    return path;
  path = add_path (name);
  description = g_strdup_printf (
      "videotestsrc num-buffers=%u ! video/x-raw,width=32,height=32,"
      "framerate=10/1 ! theoraenc keyframe-force=5 ! queue ! oggmux name=mux ! "
      "filesink location=%s audiotestsrc num-buffers=%u "
      "samplesperbuffer=441 ! audio/x-raw,rate=44100,channels=1 ! vorbisenc ! "
      "queue ! mux.",
      seconds * 10, path, seconds * 100);
  run (description);
  return path;
}

const char *
mh_test_media_file (const char *name, gconstpointer data, gsize length)
{
  const char *path = add_path (name);

  g_assert_true (g_file_set_contents (path, data, (gssize) length, NULL));
  return path;
}
