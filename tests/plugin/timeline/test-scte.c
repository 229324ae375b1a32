/* Tests of plugin/timeline/mh-scte35-mpegts.c: what libgstmpegts has read, as plain
 * values.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <math.h>

#include "mh-scte35.h"

#define GST_USE_UNSTABLE_API /* or its header warns */
#include <gst/mpegts/mpegts.h>

/* As it comes out of a demuxer. */
static GstStructure *
make_structure (GstMpegtsSCTESIT *sit, GstStructure *running)
{
  GstMpegtsSection *section;
  GstStructure *structure;

  sit->is_running_time = FALSE;
  sit->fully_parsed = TRUE;
  section = gst_mpegts_section_from_scte_sit (sit, 500);
  structure = gst_structure_new (
      MH_SCTE35_NAME, "section", GST_TYPE_MPEGTS_SECTION, section, NULL);
  if (running)
    gst_structure_set (
        structure, "running-time-map", GST_TYPE_STRUCTURE, running, NULL);
  gst_mpegts_section_unref (section);
  g_clear_pointer (&running, gst_structure_free);
  return structure;
}

typedef struct
{
  guint n;
  MhScte35 *splice;
  GstClockTime running;
} Found;

static void
found (MhScte35 *splice, GstClockTime running, gpointer user_data)
{
  Found *self = user_data;

  self->n++;
  g_clear_pointer (&self->splice, mh_scte35_free);
  self->splice = splice;
  self->running = running;
}

static Found
read_sit (GstMpegtsSCTESIT *sit, GstStructure *running)
{
  g_autoptr (GstStructure) structure = make_structure (sit, running);
  Found result = { 0 };

  mh_scte35_read (structure, found, &result);
  return result;
}

static void
test_out (void)
{
  GstMpegtsSCTESIT *sit = gst_mpegts_scte_splice_out_new (
      7, 90000 * 10, 90000 * 30);
  GstMpegtsSCTESpliceEvent *event = g_ptr_array_index (sit->splices, 0);
  Found result;

  event->break_duration_auto_return = TRUE;
  result = read_sit (sit,
      gst_structure_new ("running-time-map", "event-7-splice-time",
          G_TYPE_UINT64, (guint64) 4 * GST_SECOND, NULL));
  g_assert_cmpuint (result.n, ==, 1);
  g_assert_cmpuint (result.splice->event, ==, 7);
  g_assert_true (result.splice->out);
  g_assert_true (result.splice->auto_return);
  g_assert_false (result.splice->cancel);
  g_assert_cmpfloat (result.splice->duration, ==, 30);
  g_assert_cmpfloat (result.splice->pts, ==, 10);
  g_assert_cmpuint (result.running, ==, 4 * GST_SECOND);
  mh_scte35_free (result.splice);
}

static void
test_in (void)
{
  Found result = read_sit (gst_mpegts_scte_splice_in_new (7, 90000 * 10), NULL);

  g_assert_cmpuint (result.n, ==, 1);
  g_assert_false (result.splice->out);
  g_assert_cmpfloat (result.splice->duration, <, 0);
  g_assert_cmpuint (result.running, ==, GST_CLOCK_TIME_NONE);
  mh_scte35_free (result.splice);
}

static void
test_immediate (void)
{
  Found result = read_sit (
      gst_mpegts_scte_splice_out_new (7, GST_CLOCK_TIME_NONE, 0), NULL);

  g_assert_cmpuint (result.n, ==, 1);
  g_assert_true (isnan (result.splice->pts));
  mh_scte35_free (result.splice);
}

static void
test_cancel (void)
{
  Found result = read_sit (gst_mpegts_scte_cancel_new (7), NULL);

  g_assert_cmpuint (result.n, ==, 1);
  g_assert_true (result.splice->cancel);
  mh_scte35_free (result.splice);
}

static void
test_heartbeat (void)
{
  Found result = read_sit (gst_mpegts_scte_null_new (), NULL);

  g_assert_cmpuint (result.n, ==, 0);
}

static void
test_nothing (void)
{
  g_autoptr (GstStructure) empty = gst_structure_new_empty (MH_SCTE35_NAME);
  g_autoptr (GstStructure) other = gst_structure_new (
      MH_SCTE35_NAME, "section", G_TYPE_STRING, "x", NULL);
  Found result = { 0 };

  mh_scte35_read (empty, found, &result);
  mh_scte35_read (other, found, &result);
  g_assert_cmpuint (result.n, ==, 0);
}

int
main (int argc, char *argv[])
{
  gst_init (&argc, &argv);
  gst_mpegts_initialize ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scte/out", test_out);
  g_test_add_func ("/scte/in", test_in);
  g_test_add_func ("/scte/immediate", test_immediate);
  g_test_add_func ("/scte/cancel", test_cancel);
  g_test_add_func ("/scte/heartbeat", test_heartbeat);
  g_test_add_func ("/scte/nothing", test_nothing);
  return g_test_run ();
}
