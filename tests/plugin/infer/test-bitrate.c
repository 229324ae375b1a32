/* Tests of mh-bitrate.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-bitrate.h"

static void
tell (MhBitrate *bitrate, MhBitrateOrigin origin, guint64 source, double actual,
    double nominal, MhTime at)
{
  const MhBitrateReport report = { origin, source, actual, nominal };

  mh_bitrate_tell (bitrate, &report, at);
}

static void
tell_stream (MhBitrate *bitrate, guint64 source, double actual, double nominal)
{
  tell (bitrate, MH_BITRATE_STREAM, source, actual, nominal, 0);
}

/* All of them, or it is not known. */
static void
test_sum (void)
{
  MhBitrate bitrate;

  mh_bitrate_reset (&bitrate);
  g_assert_cmpfloat (mh_bitrate_get (&bitrate, FALSE), ==, 0);
  tell_stream (&bitrate, 1, 64000, 80000);
  g_assert_cmpfloat (mh_bitrate_get (&bitrate, FALSE), ==, 64000);
  tell_stream (&bitrate, 2, 0, 0);
  g_assert_cmpfloat (mh_bitrate_get (&bitrate, FALSE), ==, 0);
  tell_stream (&bitrate, 2, 0, 300000);
  g_assert_cmpfloat (mh_bitrate_get (&bitrate, FALSE), ==, 364000);
  /* What is left out is as it was. */
  tell_stream (&bitrate, 1, 0, 0);
  g_assert_cmpfloat (mh_bitrate_get (&bitrate, FALSE), ==, 364000);
  g_assert_false (mh_bitrate_is_exact (&bitrate));
}

/* One stream in two sinks (tee), or in one that another has been replaced with. */
static void
test_sinks_of_stream (void)
{
  const MhBitrateReport one = { MH_BITRATE_STREAM, 1, 64000, 0, 7 };
  const MhBitrateReport other = { MH_BITRATE_STREAM, 2, 64000, 0, 7 };
  const MhBitrateReport next = { MH_BITRATE_STREAM, 2, 96000, 0, 8 };
  MhBitrate bitrate;

  mh_bitrate_reset (&bitrate);
  mh_bitrate_tell (&bitrate, &one, 0);
  mh_bitrate_tell (&bitrate, &other, 0);
  g_assert_cmpfloat (mh_bitrate_get (&bitrate, FALSE), ==, 64000);
  mh_bitrate_tell (&bitrate, &next, 0);
  g_assert_cmpfloat (mh_bitrate_get (&bitrate, FALSE), ==, 96000);
}

/* More streams than anybody has are left out. */
static void
test_many (void)
{
  MhBitrate bitrate;

  mh_bitrate_reset (&bitrate);
  for (guint i = 0; i < 2 * MH_BITRATE_STREAMS; i++)
    tell_stream (&bitrate, i, 1000, 0);
  g_assert_cmpfloat (
      mh_bitrate_get (&bitrate, FALSE), ==, 1000 * MH_BITRATE_STREAMS);
}

static void
test_container (void)
{
  MhBitrate bitrate;

  mh_bitrate_reset (&bitrate);
  tell_stream (&bitrate, 1, 64000, 0);
  tell (&bitrate, MH_BITRATE_CONTAINER, 1, 500000, 0, 0);
  g_assert_cmpfloat (mh_bitrate_get (&bitrate, FALSE), ==, 500000);
}

/* Where the bus is hidden nothing else is heard. */
static void
test_hidden_bus (void)
{
  MhBitrate bitrate;

  mh_bitrate_reset (&bitrate);
  tell (&bitrate, MH_BITRATE_PAD, 0, 64000, 0, 0);
  g_assert_cmpfloat (mh_bitrate_get (&bitrate, FALSE), ==, 0);
  g_assert_cmpfloat (mh_bitrate_get (&bitrate, TRUE), ==, 64000);
}

/* The largest fragments', until a variant is told. */
static void
test_adaptive (void)
{
  MhBitrate bitrate;

  mh_bitrate_reset (&bitrate);
  tell (&bitrate, MH_BITRATE_VARIANT, 9, 0, 0, 0);
  tell_stream (&bitrate, 1, 31696, 0);
  tell_stream (&bitrate, 2, 81576, 0);
  g_assert_cmpfloat (mh_bitrate_get (&bitrate, FALSE), ==, 113272);
  tell_stream (&bitrate, 1, 31696, 1752912);
  tell_stream (&bitrate, 2, 0, 1754416);
  g_assert_cmpfloat (mh_bitrate_get (&bitrate, FALSE), ==, 1754416);
  g_assert_false (mh_bitrate_is_exact (&bitrate));
  tell (&bitrate, MH_BITRATE_VARIANT, 9, 200000, 0, 0);
  tell (&bitrate, MH_BITRATE_VARIANT, 9, 0, 0, 0);
  g_assert_cmpfloat (mh_bitrate_get (&bitrate, FALSE), ==, 200000);
  g_assert_true (mh_bitrate_is_exact (&bitrate));
}

/* Another demuxer is of the next item; a sink is a little early. */
static void
test_next_item (void)
{
  MhBitrate bitrate;

  mh_bitrate_reset (&bitrate);
  tell (&bitrate, MH_BITRATE_VARIANT, 9, 200000, 0, 0);
  tell (&bitrate, MH_BITRATE_VARIANT, 10, 900000, 0, 1);
  tell (&bitrate, MH_BITRATE_VARIANT, 10, 0, 0, 1);
  g_assert_cmpfloat (mh_bitrate_get (&bitrate, FALSE), ==, 200000);
  mh_bitrate_next_item (&bitrate, 2);
  g_assert_cmpfloat (mh_bitrate_get (&bitrate, FALSE), ==, 900000);
  tell (&bitrate, MH_BITRATE_STREAM, 1, 1000, 0, 4);
  tell (&bitrate, MH_BITRATE_STREAM, 2, 2000, 0, 5);
  mh_bitrate_next_item (&bitrate, 5);
  g_assert_cmpfloat (mh_bitrate_get (&bitrate, FALSE), ==, 2000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bitrate/sum", test_sum);
  g_test_add_func ("/bitrate/sinks-of-stream", test_sinks_of_stream);
  g_test_add_func ("/bitrate/many", test_many);
  g_test_add_func ("/bitrate/container", test_container);
  g_test_add_func ("/bitrate/hidden-bus", test_hidden_bus);
  g_test_add_func ("/bitrate/adaptive", test_adaptive);
  g_test_add_func ("/bitrate/next-item", test_next_item);
  return g_test_run ();
}
