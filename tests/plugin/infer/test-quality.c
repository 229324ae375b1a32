/* Tests of mh-quality (docs/design/inference.md#quality).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-quality.h"

#include <math.h>

#define MSEC MH_TIME_FROM_MSEC

static void
take_bitrate (MhQuality *quality, double bitrate, MhTime at)
{
  const MhBitrateReport report = { .origin = MH_BITRATE_CONTAINER,
    .bitrate = bitrate };

  mh_quality_take_bitrate (quality, &report, 0, at);
}

static void
take_variant (MhQuality *quality, double bitrate, MhTime at)
{
  const MhBitrateReport report = { .origin = MH_BITRATE_VARIANT,
    .bitrate = bitrate };

  mh_quality_take_bitrate (quality, &report, 0, at);
}

/* A session begins at 0, and the first frame comes after a second. */
static void
begin (MhQuality *quality, MhQoe *qoe)
{
  mh_quality_begin_session (quality, 0);
  mh_quality_start (quality, MSEC (1000), MSEC (1000));
  g_assert_false (mh_quality_tell (quality, FALSE, MSEC (1000), qoe));
}

/* With the first frame all is told that is known. */
static void
test_first (void)
{
  MhQuality quality = { 0 };
  MhQoe qoe;

  mh_quality_begin_session (&quality, 0);
  g_assert_cmpint (mh_quality_deadline (&quality, FALSE, 0), ==, MH_TIME_NEVER);
  take_bitrate (&quality, 80000, 0);
  mh_quality_take_frame_rate (&quality, 25, TRUE);
  g_assert_cmpint (
      mh_quality_deadline (&quality, FALSE, MSEC (900)), ==, MSEC (900));
  begin (&quality, &qoe);
  g_assert_cmpfloat (qoe.startup_time, ==, 1000);
  g_assert_cmpfloat (qoe.bitrate, ==, 80000);
  g_assert_cmpfloat (qoe.fps, ==, 25);
  g_assert_true (isnan (qoe.dropped_frames));
  g_assert_cmpint (
      mh_quality_deadline (&quality, FALSE, MSEC (1000)), ==, MH_TIME_NEVER);
}

/* What is new is told, not more often than once a second. */
static void
test_interval (void)
{
  MhQuality quality = { 0 };
  MhQoe qoe;

  begin (&quality, &qoe);
  g_assert_true (isnan (qoe.bitrate));
  take_bitrate (&quality, 80000, MSEC (1100));
  g_assert_cmpint (
      mh_quality_deadline (&quality, FALSE, MSEC (1100)), ==, MSEC (2000));
  g_assert_false (mh_quality_tell (&quality, FALSE, MSEC (2000), &qoe));
  take_bitrate (&quality, 80700, MSEC (4000)); /* less than a hundredth */
  g_assert_cmpint (mh_quality_deadline (&quality, FALSE, 0), ==, MH_TIME_NEVER);
}

/* A bitrate that is counted has changed by a quarter; one of a variant by a
 * hundredth. */
static void
test_change (void)
{
  MhQuality quality = { 0 };
  MhQoe qoe;

  take_bitrate (&quality, 80000, 0);
  begin (&quality, &qoe);
  take_bitrate (&quality, 90000, MSEC (5000));
  g_assert_false (mh_quality_tell (&quality, FALSE, MSEC (5000), &qoe));
  g_assert_cmpfloat (qoe.bitrate, ==, 90000);
  take_bitrate (&quality, 120000, MSEC (7000));
  g_assert_true (mh_quality_tell (&quality, FALSE, MSEC (7000), &qoe));
  take_variant (&quality, 200000, MSEC (9000));
  g_assert_true (mh_quality_tell (&quality, FALSE, MSEC (9000), &qoe));
  take_variant (&quality, 203000, MSEC (11000));
  g_assert_true (mh_quality_tell (&quality, FALSE, MSEC (11000), &qoe));
}

/* What comes soon after the first corrects it. */
static void
test_correction (void)
{
  MhQuality quality = { 0 };
  MhQoe qoe;

  take_bitrate (&quality, 80000, 0);
  begin (&quality, &qoe);
  take_bitrate (&quality, 300000, MSEC (2000));
  g_assert_false (mh_quality_tell (&quality, FALSE, MSEC (2000), &qoe));
  g_assert_cmpfloat (qoe.bitrate, ==, 300000);
}

/* Frames are those of this session, by messages or, without them, by what is late. */
/* What is counted before a run is seen is counted in it. */
static void
test_count (void)
{
  MhQuality quality = { 0 };

  mh_quality_count (&quality, (MhDropped){ 3, 0 }, TRUE);
  mh_quality_count (&quality, (MhDropped){ 5, 0 }, FALSE);
  g_assert_cmpuint (quality.dropped.told, ==, 3);
  mh_quality_begin_session (&quality, 0);
  mh_quality_begin_run (&quality);
  g_assert_cmpuint (quality.dropped.told, ==, 5);
  g_assert_cmpuint (quality.dropped_before.told, ==, 3);
}

static void
test_dropped (void)
{
  MhQuality quality = { .dropped = { 10, 4 } };
  MhQoe qoe;

  begin (&quality, &qoe);
  quality.dropped.told = 13;
  quality.dropped.late = 9;
  g_assert_true (mh_quality_tell_dropped (&quality, FALSE, MSEC (5000), &qoe));
  g_assert_cmpfloat (qoe.dropped_frames, ==, 3);
  g_assert_false (mh_quality_tell_dropped (&quality, FALSE, MSEC (5000), &qoe));
  g_assert_true (mh_quality_tell_dropped (&quality, TRUE, MSEC (5000), &qoe));
  g_assert_cmpfloat (qoe.dropped_frames, ==, 5);
}

/* What a sink said just before the next item is about that. */
static void
test_next_item (void)
{
  static const MhBitrateReport report = {
    .origin = MH_BITRATE_STREAM, .source = 1, .bitrate = 64000
  };
  MhQuality quality = { 0 };
  MhQoe qoe;

  mh_quality_take_bitrate (&quality, &report, 30, MSEC (9800));
  mh_quality_take_frame_rate (&quality, 50, FALSE);
  mh_quality_begin_session (&quality, MSEC (9900));
  mh_quality_tell (&quality, FALSE, MSEC (9900), &qoe);
  g_assert_cmpfloat (qoe.fps, ==, 30);
  mh_quality_begin_item (&quality, MSEC (10000));
  mh_quality_tell (&quality, FALSE, MSEC (10000), &qoe);
  g_assert_cmpfloat (qoe.fps, ==, 50);
  mh_quality_take_frame_rate (&quality, 0, TRUE);
  mh_quality_tell (&quality, FALSE, MSEC (10000), &qoe);
  g_assert_cmpfloat (qoe.fps, ==, 30);
  mh_quality_begin_item (&quality, MSEC (20000));
  mh_quality_begin_session (&quality, MSEC (20000));
  mh_quality_tell (&quality, FALSE, MSEC (20000), &qoe);
  g_assert_true (isnan (qoe.fps));
}

/* Where the application tells, we do not, until the next session. */
static void
test_theirs (void)
{
  MhQuality quality = { 0 };
  MhQoe qoe;

  begin (&quality, &qoe);
  mh_quality_leave (&quality);
  take_bitrate (&quality, 80000, MSEC (5000));
  quality.dropped.told = 1;
  g_assert_cmpint (
      mh_quality_deadline (&quality, FALSE, MSEC (5000)), ==, MH_TIME_NEVER);
  g_assert_false (mh_quality_tell_dropped (&quality, FALSE, MSEC (5000), &qoe));
  mh_quality_begin_session (&quality, MSEC (6000));
  g_assert_cmpint (
      mh_quality_deadline (&quality, FALSE, MSEC (6000)), ==, MSEC (6000));
}

/* Another run: nothing is known. */
static void
test_run (void)
{
  MhQuality quality = { 0 };

  take_bitrate (&quality, 80000, 0);
  mh_quality_take_frame_rate (&quality, 25, TRUE);
  mh_quality_begin_run (&quality);
  mh_quality_begin_session (&quality, 0);
  g_assert_cmpint (mh_quality_deadline (&quality, FALSE, 0), ==, MH_TIME_NEVER);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/quality/first", test_first);
  g_test_add_func ("/quality/interval", test_interval);
  g_test_add_func ("/quality/change", test_change);
  g_test_add_func ("/quality/correction", test_correction);
  g_test_add_func ("/quality/count", test_count);
  g_test_add_func ("/quality/dropped", test_dropped);
  g_test_add_func ("/quality/next-item", test_next_item);
  g_test_add_func ("/quality/theirs", test_theirs);
  g_test_add_func ("/quality/run", test_run);
  return g_test_run ();
}
