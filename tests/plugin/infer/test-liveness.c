/* Tests of mh-liveness: live or not, by everything that is known
 * (docs/design/inference.md#live-media).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-liveness.h"

#define SEC MH_TIME_FROM_SEC

/* What each source was measured to say, and what it is. */
static void
test_sources (void)
{
  static const struct
  {
    const char *what;
    MhStreamInfo info;
    MhLivenessState state;
  } sources[] = {
    { "a file",
        { .duration = 20, .seekable = MH_SEEKABLE_TO_END, .has_size = TRUE },
        MH_LIVENESS_ON_DEMAND },
    { "HTTP without ranges", { .duration = 20, .seekable = MH_SEEKABLE_NOT },
        MH_LIVENESS_ON_DEMAND },
    { "HTTP without a length", { .duration = -1, .seekable = MH_SEEKABLE_NOT },
        MH_LIVENESS_UNDECIDED },
    { "a parser that only estimates",
        { .duration = 19.6, .seekable = MH_SEEKABLE_ENDLESS, .has_size = TRUE },
        MH_LIVENESS_ON_DEMAND },
    { "MSE", { .duration = -1, .seekable = MH_SEEKABLE_NOT },
        MH_LIVENESS_UNDECIDED },
    { "RTSP on demand",
        { .duration = 20, .seekable = MH_SEEKABLE_TO_END, .says_live = TRUE },
        MH_LIVENESS_ON_DEMAND },
    { "RTSP",
        { .duration = -1, .seekable = MH_SEEKABLE_NOT, .says_live = TRUE },
        MH_LIVENESS_LIVE },
    { "live HLS", { .duration = -1, .seekable = MH_SEEKABLE_TO_END },
        MH_LIVENESS_LIVE },
    { "radio",
        { .duration = -1, .seekable = MH_SEEKABLE_NOT, .is_radio = TRUE },
        MH_LIVENESS_LIVE },
    { "a podcast of a radio's server", { .duration = 1800, .is_radio = TRUE },
        MH_LIVENESS_ON_DEMAND },
    { "a test source", { .duration = -1, .seekable = MH_SEEKABLE_ENDLESS },
        MH_LIVENESS_UNDECIDED },
    { "a live test source",
        { .duration = -1, .seekable = MH_SEEKABLE_ENDLESS, .says_live = TRUE },
        MH_LIVENESS_LIVE },
    { "a live stream whose header says 0", { .duration = 0, .says_live = TRUE },
        MH_LIVENESS_LIVE },
    { "nothing is known yet", { .duration = -1 }, MH_LIVENESS_UNDECIDED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (sources); i++) {
    g_test_message ("%s", sources[i].what);
    g_assert_cmpint (
        mh_liveness_judge (MH_LIVENESS_UNDECIDED, &sources[i].info), ==,
        sources[i].state);
  }
}

/* The application's word counts before anything else. */
static void
test_told (void)
{
  static const struct
  {
    const char *stream_type;
    double length;
    MhLivenessState state;
  } words[] = {
    { NULL, -1, MH_LIVENESS_UNDECIDED },
    { "vod", -1, MH_LIVENESS_ON_DEMAND },
    { "song", 20, MH_LIVENESS_ON_DEMAND },
    { "podcast", -1, MH_LIVENESS_ON_DEMAND },
    { "live", -1, MH_LIVENESS_LIVE },
    { "linear", -1, MH_LIVENESS_LIVE },
    { "radio", -1, MH_LIVENESS_LIVE },
    { "live", 3600, MH_LIVENESS_LIVE },
    { NULL, 20, MH_LIVENESS_ON_DEMAND },
    { NULL, 86400, MH_LIVENESS_UNDECIDED },
    { NULL, 0, MH_LIVENESS_UNDECIDED },
    { "theirs", -1, MH_LIVENESS_UNDECIDED },
    { "theirs", 20, MH_LIVENESS_ON_DEMAND },
  };
  const MhStreamInfo live = { .duration = -1, .says_live = TRUE };
  const MhStreamInfo file = { .duration = 20 };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    g_assert_cmpint (
        mh_liveness_judge_told (words[i].stream_type, words[i].length), ==,
        words[i].state);
  g_assert_cmpint (mh_liveness_judge (MH_LIVENESS_ON_DEMAND, &live), ==,
      MH_LIVENESS_ON_DEMAND);
  g_assert_cmpint (
      mh_liveness_judge (MH_LIVENESS_LIVE, &file), ==, MH_LIVENESS_LIVE);
}

/* While the session is young anything counts that becomes known. */
static void
test_young (void)
{
  const MhStreamInfo nothing = { .duration = -1 };
  const MhStreamInfo live = { .duration = -1, .says_live = TRUE };
  MhLiveness liveness = MH_LIVENESS_INIT;

  mh_liveness_begin (&liveness, MH_LIVENESS_UNDECIDED, SEC (5));
  g_assert_false (mh_liveness_take (&liveness, &nothing, SEC (5)));
  g_assert_false (mh_liveness_is_live (&liveness));
  g_assert_true (mh_liveness_take (&liveness, &live, SEC (7)));
  g_assert_true (mh_liveness_is_live (&liveness));
}

/* Later on only a duration does. */
static void
test_old (void)
{
  const MhStreamInfo live = { .duration = -1, .says_live = TRUE };
  const MhStreamInfo file = { .duration = 20, .says_live = TRUE };
  const MhStreamInfo nothing = { .duration = -1 };
  MhLiveness liveness = MH_LIVENESS_INIT;

  mh_liveness_begin (&liveness, MH_LIVENESS_UNDECIDED, 0);
  g_assert_true (mh_liveness_take (&liveness, &live, 0));
  g_assert_false (mh_liveness_take (&liveness, &nothing, SEC (60)));
  g_assert_true (mh_liveness_is_live (&liveness));
  g_assert_true (mh_liveness_take (&liveness, &file, SEC (61)));
  g_assert_false (mh_liveness_is_live (&liveness));
  /* And nothing makes that live again. */
  g_assert_false (mh_liveness_take (&liveness, &live, SEC (62)));
  g_assert_false (mh_liveness_is_live (&liveness));
}

/* A second after the start, some seconds after it, and then no more. */
static void
test_deadline (void)
{
  const MhStreamInfo live = { .duration = -1, .is_radio = TRUE };
  const MhStreamInfo file = { .duration = 20 };
  MhLiveness liveness = MH_LIVENESS_INIT;

  g_assert_cmpint (mh_liveness_deadline (&liveness), ==, MH_TIME_NEVER);
  g_assert_false (mh_liveness_take (&liveness, &live, SEC (9)));
  mh_liveness_begin (&liveness, MH_LIVENESS_UNDECIDED, SEC (10));
  mh_liveness_take (&liveness, &live, SEC (10));
  g_assert_cmpint (mh_liveness_deadline (&liveness), ==, SEC (11));
  mh_liveness_ask (&liveness, SEC (11));
  g_assert_cmpint (mh_liveness_deadline (&liveness), ==, SEC (14));
  mh_liveness_ask (&liveness, SEC (14));
  g_assert_cmpint (mh_liveness_deadline (&liveness), ==, MH_TIME_NEVER);
  /* What is known need not be asked for. */
  mh_liveness_begin (&liveness, MH_LIVENESS_UNDECIDED, SEC (20));
  mh_liveness_take (&liveness, &file, SEC (20));
  g_assert_cmpint (mh_liveness_deadline (&liveness), ==, MH_TIME_NEVER);
  mh_liveness_begin (&liveness, MH_LIVENESS_LIVE, SEC (30));
  g_assert_cmpint (mh_liveness_deadline (&liveness), ==, MH_TIME_NEVER);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/liveness/sources", test_sources);
  g_test_add_func ("/liveness/told", test_told);
  g_test_add_func ("/liveness/young", test_young);
  g_test_add_func ("/liveness/old", test_old);
  g_test_add_func ("/liveness/deadline", test_deadline);
  return g_test_run ();
}
