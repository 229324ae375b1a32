/* mh-scte35-mpegts: what tsdemux tells of SCTE-35, as plain values.
 *
 * Without libgstmpegts (see -Dmpegts in meson_options.txt) it finds nothing.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-scte35.h"

#ifdef MH_HAVE_MPEGTS

#define GST_USE_UNSTABLE_API /* or its header warns */
#include <gst/mpegts/mpegts.h>

/* Its clock, and where that begins anew. */
#define TICKS 90000.0
#define WRAP (G_GUINT64_CONSTANT (1) << 33)

typedef struct
{
  const GstMpegtsSCTESIT *sit;
  const GstStructure *running; /* NULL: there is none */
  MhScte35Func found;
  gpointer user_data;
} Reading;

static double
get_pts (const Reading *reading, guint64 ticks)
{
  return (double) ((ticks + reading->sit->pts_adjustment) % WRAP) / TICKS;
}

static GstClockTime
get_running (const Reading *reading, const char *name)
{
  guint64 running;

  return reading->running &&
          gst_structure_get_uint64 (reading->running, name, &running)
      ? running
      : GST_CLOCK_TIME_NONE;
}

static void
read_insert (const Reading *reading, const GstMpegtsSCTESpliceEvent *event)
{
  MhScte35 *splice = mh_scte35_new ();
  g_autofree char *name = g_strdup_printf (
      "event-%u-splice-time", event->splice_event_id);
  gboolean timed = !event->splice_immediate_flag &&
      event->program_splice_time_specified;

  splice->event = event->splice_event_id;
  splice->cancel = event->splice_event_cancel_indicator;
  splice->out = event->out_of_network_indicator;
  if (event->duration_flag) {
    splice->duration = (double) event->break_duration / TICKS;
    splice->auto_return = event->break_duration_auto_return;
  }
  if (timed)
    splice->pts = get_pts (reading, event->program_splice_time);
  reading->found (splice,
      timed ? get_running (reading, name) : GST_CLOCK_TIME_NONE,
      reading->user_data);
}

static void
read_signal (const Reading *reading)
{
  const GstMpegtsSCTESIT *sit = reading->sit;

  for (guint i = 0; sit->descriptors && i < sit->descriptors->len; i++) {
    const GstMpegtsDescriptor *descriptor = sit->descriptors->pdata[i];
    MhScte35 *splice = mh_scte35_parse_segmentation (
        descriptor->data, (gsize) descriptor->length + 2);

    if (!splice)
      continue;
    if (sit->splice_time_specified)
      splice->pts = get_pts (reading, sit->splice_time);
    reading->found (splice,
        sit->splice_time_specified ? get_running (reading, "splice-time")
                                   : GST_CLOCK_TIME_NONE,
        reading->user_data);
  }
}

static void
read_sit (const Reading *reading)
{
  const GPtrArray *splices = reading->sit->splices;

  switch (reading->sit->splice_command_type) {
    case GST_MTS_SCTE_SPLICE_COMMAND_INSERT:
      for (guint i = 0; splices && i < splices->len; i++)
        read_insert (reading, splices->pdata[i]);
      break;
    case GST_MTS_SCTE_SPLICE_COMMAND_TIME:
      read_signal (reading);
      break;
    default:
      break; /* heartbeats, and what is scheduled for some day */
  }
}

void
mh_scte35_read (
    const GstStructure *structure, MhScte35Func found, gpointer user_data)
{
  g_autoptr (GstStructure) running = NULL;
  GstMpegtsSection *section = NULL;
  Reading reading = { .found = found, .user_data = user_data };

  gst_structure_get (
      structure, "section", GST_TYPE_MPEGTS_SECTION, &section, NULL);
  if (!section)
    return;
  gst_structure_get (
      structure, "running-time-map", GST_TYPE_STRUCTURE, &running, NULL);
  if (GST_MPEGTS_SECTION_TYPE (section) == GST_MPEGTS_SECTION_SCTE_SIT)
    reading.sit = gst_mpegts_section_get_scte_sit (section);
  reading.running = running;
  if (reading.sit && !reading.sit->encrypted_packet &&
      reading.sit->fully_parsed)
    read_sit (&reading);
  gst_mpegts_section_unref (section);
}

#else

void
mh_scte35_read (
    const GstStructure *structure, MhScte35Func found, gpointer user_data)
{
}

#endif
