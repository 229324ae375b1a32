/* Tests of whole pipelines: what a sink gets is the same with the element and
 * without it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-player.h"
#include "mh-test-media.h"

static void
note_buffer (GString *log, GstBuffer *buffer)
{
  GstMapInfo map;
  g_autofree char *sum = NULL;

  g_assert_true (gst_buffer_map (buffer, &map, GST_MAP_READ));
  sum = g_compute_checksum_for_data (G_CHECKSUM_MD5, map.data, map.size);
  g_string_append_printf (log,
      "buffer %" GST_TIME_FORMAT " %" GST_TIME_FORMAT " %" GST_TIME_FORMAT
      " %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %x %" G_GSIZE_FORMAT
      " %s\n",
      GST_TIME_ARGS (GST_BUFFER_PTS (buffer)),
      GST_TIME_ARGS (GST_BUFFER_DTS (buffer)),
      GST_TIME_ARGS (GST_BUFFER_DURATION (buffer)), GST_BUFFER_OFFSET (buffer),
      GST_BUFFER_OFFSET_END (buffer),
      GST_BUFFER_FLAGS (buffer) & ~(guint) GST_BUFFER_FLAG_TAG_MEMORY, map.size,
      sum);
  gst_buffer_unmap (buffer, &map);
}

/* Without what differs from run to run. */
static void
note_event (GString *log, GstEvent *event)
{
  const GstSegment *segment;
  const char *id;
  g_autofree char *text = NULL;

  g_string_append_printf (log, "event %s ", GST_EVENT_TYPE_NAME (event));
  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_STREAM_START:
      gst_event_parse_stream_start (event, &id);
      g_string_append_printf (log, "%s\n", id);
      return;
    case GST_EVENT_SEGMENT:
      gst_event_parse_segment (event, &segment);
      g_string_append_printf (log,
          "%s %f %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT
          " %" G_GUINT64_FORMAT "\n",
          gst_format_get_name (segment->format), segment->rate, segment->start,
          segment->stop, segment->time, segment->base);
      return;
    default:
      if (gst_event_get_structure (event))
        text = gst_structure_to_string (gst_event_get_structure (event));
      g_string_append_printf (log, "%s\n", text ? text : "");
      return;
  }
}

static GstPadProbeReturn
on_probe (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  GString *log = user_data;

  if (info->type & GST_PAD_PROBE_TYPE_BUFFER)
    note_buffer (log, GST_PAD_PROBE_INFO_BUFFER (info));
  else if (info->type & GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM)
    note_event (log, GST_PAD_PROBE_INFO_EVENT (info));
  return GST_PAD_PROBE_OK;
}

static GString *
play (const char *description, const char *path)
{
  g_autofree char *file = g_strdup_printf ("filesrc location=%s", path);
  g_autoptr (MhPlayer)
      player = mh_player_launch (NULL, "%s %s", file, description);
  g_autoptr (GstElement)
      sink = gst_bin_get_by_name (GST_BIN (player->pipeline), "sink");
  g_autoptr (GstPad) pad = gst_element_get_static_pad (sink, "sink");
  GString *log = g_string_new (NULL);

  gst_pad_add_probe (pad,
      GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_probe,
      log, NULL);
  gst_element_set_state (player->pipeline, GST_STATE_PLAYING);
  mh_player_wait_message (player, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  g_assert_cmpuint (player->errors, ==, 0);
  mh_player_go (player, GST_STATE_NULL);
  return log;
}

/* @data has an @ where the element goes. */
static void
test_same (gconstpointer data)
{
  g_auto (GStrv) parts = g_strsplit (data, "@", 2);
  g_autofree char *with = g_strconcat (
      parts[0], "! mediaheartbeat name=heartbeat ", parts[1], NULL);
  g_autofree char *without = g_strconcat (parts[0], parts[1], NULL);
  const char *path = mh_test_media_video (2);
  GString *first = play (without, path);
  GString *second = play (with, path);

  g_assert_cmpuint (first->len, >, 500);
  if (!g_string_equal (first, second))
    g_test_message ("without:\n%s\nwith:\n%s", first->str, second->str);
  g_assert_true (g_string_equal (first, second));
  g_string_free (first, TRUE);
  g_string_free (second, TRUE);
}

int
main (int argc, char *argv[])
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func (
      "/data/bytes", "@ ! fakesink name=sink sync=false", test_same);
  g_test_add_data_func ("/data/before-demuxer",
      "@ ! oggdemux name=demux demux. ! queue ! theoradec ! "
      "fakesink name=sink sync=false demux. ! queue ! vorbisdec ! "
      "fakesink sync=false",
      test_same);
  g_test_add_data_func ("/data/before-decoder",
      "! oggdemux name=demux demux. ! queue @ ! theoradec ! "
      "fakesink name=sink sync=false demux. ! queue ! vorbisdec ! "
      "fakesink sync=false",
      test_same);
  g_test_add_data_func ("/data/video",
      "! oggdemux name=demux demux. ! queue ! theoradec @ ! videoconvert ! "
      "fakesink name=sink sync=false demux. ! queue ! vorbisdec ! "
      "fakesink sync=false",
      test_same);
  g_test_add_data_func ("/data/audio",
      "! oggdemux name=demux demux. ! queue ! vorbisdec @ ! audioconvert ! "
      "audioresample ! audio/x-raw,rate=8000 ! fakesink name=sink sync=false "
      "demux. ! queue ! theoradec ! fakesink sync=false",
      test_same);
  g_test_add_data_func ("/data/sink",
      "! oggdemux name=demux demux. ! queue ! vorbisdec ! audioconvert @ ! "
      "fakesink name=sink sync=true demux. ! queue ! theoradec ! "
      "fakesink sync=true",
      test_same);
  return mh_test_media_run ();
}
