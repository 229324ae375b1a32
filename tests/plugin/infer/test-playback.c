/* Tests of mh-playback (docs/design/inference.md#buffering).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-playback.h"

#define MSEC MH_TIME_FROM_MSEC

/* What plays, and where is known. */
#define PARTS_PLAYING \
  { \
    .pipeline = MH_PIPELINE_PLAYING, .has_data = TRUE, .is_shown = TRUE, \
    .is_placed = TRUE \
  }

static MhPlaybackState
judge (MhPipelineState pipeline, gboolean is_shown, gboolean lacks_data)
{
  const MhPlayback playback = { .reported = MH_PLAYBACK_STALLED };
  const MhPlaybackParts parts = { .pipeline = pipeline,
    .has_data = TRUE,
    .is_shown = is_shown,
    .lacks_data = lacks_data };

  return mh_playback_judge (&playback, &parts);
}

/* Before the first frame. */
static void
test_start (void)
{
  for (MhPipelineState pipeline = MH_PIPELINE_CLOSING;
       pipeline < MH_PIPELINE_PLAYING; pipeline++) {
    g_assert_cmpint (judge (pipeline, FALSE, TRUE), ==, MH_PLAYBACK_BUFFERING);
    g_assert_cmpint (judge (pipeline, FALSE, FALSE), ==,
        pipeline == MH_PIPELINE_PAUSED || pipeline == MH_PIPELINE_KEPT_PAUSED
            ? MH_PLAYBACK_PAUSED
            : MH_PLAYBACK_INIT);
  }
  g_assert_cmpint (
      judge (MH_PIPELINE_PLAYING, FALSE, FALSE), ==, MH_PLAYBACK_PLAYING);
  g_assert_cmpint (
      judge (MH_PIPELINE_PLAYING, FALSE, TRUE), ==, MH_PLAYBACK_PLAYING);
}

/* Once something was shown. */
static void
test_shown (void)
{
  static const MhPipelineState paused[] = { MH_PIPELINE_CLOSING,
    MH_PIPELINE_PAUSED, MH_PIPELINE_OPENING, MH_PIPELINE_KEPT_PAUSED };
  static const MhPipelineState playing[] = { MH_PIPELINE_STARTING,
    MH_PIPELINE_PLAYING };

  for (guint i = 0; i < G_N_ELEMENTS (paused); i++) {
    g_assert_cmpint (judge (paused[i], TRUE, FALSE), ==, MH_PLAYBACK_PAUSED);
    g_assert_cmpint (judge (paused[i], TRUE, TRUE), ==, MH_PLAYBACK_BUFFERING);
  }
  for (guint i = 0; i < G_N_ELEMENTS (playing); i++) {
    g_assert_cmpint (judge (playing[i], TRUE, FALSE), ==, MH_PLAYBACK_PLAYING);
    g_assert_cmpint (judge (playing[i], TRUE, TRUE), ==, MH_PLAYBACK_PLAYING);
  }
}

/* A pipeline that is in PLAYING without data has nothing to show. */
static void
test_no_data (void)
{
  MhPlayback playback = { 0 };
  MhPlaybackParts parts = { .pipeline = MH_PIPELINE_PLAYING };

  g_assert_cmpint (mh_playback_judge (&playback, &parts), ==, MH_PLAYBACK_INIT);
  parts.has_data = TRUE;
  g_assert_cmpint (
      mh_playback_judge (&playback, &parts), ==, MH_PLAYBACK_PLAYING);
}

/* What was reported stays: while the element is down or stops, and after the end. */
static void
test_stays (void)
{
  MhPlayback playback = { 0 };
  MhPlaybackParts parts = PARTS_PLAYING;

  mh_playback_set (&playback, MH_PLAYBACK_PAUSED);
  parts.is_stopping = TRUE;
  g_assert_cmpint (
      mh_playback_judge (&playback, &parts), ==, MH_PLAYBACK_PAUSED);
  parts.is_stopping = FALSE;
  parts.pipeline = MH_PIPELINE_DOWN;
  parts.is_seeking = TRUE;
  g_assert_cmpint (
      mh_playback_judge (&playback, &parts), ==, MH_PLAYBACK_PAUSED);
  parts.pipeline = MH_PIPELINE_PLAYING;
  g_assert_cmpint (
      mh_playback_judge (&playback, &parts), ==, MH_PLAYBACK_SEEKING);
  mh_playback_set (&playback, MH_PLAYBACK_ENDED);
  g_assert_cmpint (
      mh_playback_judge (&playback, &parts), ==, MH_PLAYBACK_ENDED);
}

/* Returns: how long it must last, ms, or -1: it does not count. */
static gint64
wait_for (MhPlaybackState from, const MhPlaybackParts *parts)
{
  MhPlayback playback = { 0 };
  MhTime deadline;

  mh_playback_set (&playback, from);
  mh_playback_update (&playback, parts, MSEC (1000));
  deadline = mh_playback_deadline (&playback, parts);
  return deadline == MH_TIME_NEVER ? -1 : MH_TIME_TO_MSEC (deadline) - 1000;
}

static void
test_wait_to_play (void)
{
  MhPlaybackParts parts = PARTS_PLAYING;

  g_assert_cmpint (wait_for (MH_PLAYBACK_PLAYING, &parts), ==, -1);
  g_assert_cmpint (wait_for (MH_PLAYBACK_INIT, &parts), ==, 0);
  g_assert_cmpint (wait_for (MH_PLAYBACK_PAUSED, &parts), ==, 0);
  g_assert_cmpint (wait_for (MH_PLAYBACK_SEEKING, &parts), ==, 250);
  g_assert_cmpint (wait_for (MH_PLAYBACK_BUFFERING, &parts), ==, 250);
  parts.is_placed = FALSE;
  g_assert_cmpint (wait_for (MH_PLAYBACK_PAUSED, &parts), ==, 500);
  parts.asks_since = MSEC (1300);
  g_assert_cmpint (wait_for (MH_PLAYBACK_PAUSED, &parts), ==, 800);
  parts.asks_since = 0;
  g_assert_cmpint (wait_for (MH_PLAYBACK_BUFFERING, &parts), ==, 250);
  parts.is_shown = FALSE;
  g_assert_cmpint (wait_for (MH_PLAYBACK_BUFFERING, &parts), ==, 500);
  parts.is_placed = TRUE;
  g_assert_cmpint (wait_for (MH_PLAYBACK_BUFFERING, &parts), ==, 0);
}

static void
test_wait_to_pause (void)
{
  MhPlaybackParts parts = PARTS_PLAYING;

  parts.pipeline = MH_PIPELINE_PAUSED;
  g_assert_cmpint (wait_for (MH_PLAYBACK_INIT, &parts), ==, 500);
  g_assert_cmpint (wait_for (MH_PLAYBACK_PLAYING, &parts), ==, 250);
  g_assert_cmpint (wait_for (MH_PLAYBACK_SEEKING, &parts), ==, 250);
  g_assert_cmpint (wait_for (MH_PLAYBACK_BUFFERING, &parts), ==, 500);
  parts.asks_fill = TRUE;
  g_assert_cmpint (wait_for (MH_PLAYBACK_PLAYING, &parts), ==, 500);
  g_assert_cmpint (wait_for (MH_PLAYBACK_PAUSED, &parts), ==, -1);
  parts.lacks_data = TRUE;
  g_assert_cmpint (wait_for (MH_PLAYBACK_PLAYING, &parts), ==, 250);
  g_assert_cmpint (wait_for (MH_PLAYBACK_PAUSED, &parts), ==, -1);
  g_assert_cmpint (wait_for (MH_PLAYBACK_SEEKING, &parts), ==, -1);
}

static void
test_wait_to_seek (void)
{
  MhPlaybackParts parts = PARTS_PLAYING;

  parts.is_seeking = TRUE;
  parts.seek_wait = MSEC (2000);
  g_assert_cmpint (wait_for (MH_PLAYBACK_PLAYING, &parts), ==, 2000);
  g_assert_cmpint (wait_for (MH_PLAYBACK_PAUSED, &parts), ==, 2000);
  g_assert_cmpint (wait_for (MH_PLAYBACK_BUFFERING, &parts), ==, -1);
  parts.seek_wait = 0;
  g_assert_cmpint (wait_for (MH_PLAYBACK_PLAYING, &parts), ==, 0);
}

/* Something is undecided since it first seemed so, and no more when it is over. */
static void
test_undecided (void)
{
  MhPlayback playback = { 0 };
  MhPlaybackParts parts = PARTS_PLAYING;

  mh_playback_set (&playback, MH_PLAYBACK_PLAYING);
  g_assert_false (mh_playback_update (&playback, &parts, MSEC (1)));
  g_assert_cmpint (mh_playback_get_since (&playback, MSEC (1)), ==, MSEC (1));
  parts.pipeline = MH_PIPELINE_PAUSED;
  g_assert_true (mh_playback_update (&playback, &parts, MSEC (10)));
  g_assert_false (mh_playback_update (&playback, &parts, MSEC (20)));
  g_assert_true (mh_playback_is_undecided (&playback));
  g_assert_cmpint (mh_playback_get_since (&playback, MSEC (20)), ==, MSEC (10));
  parts.pipeline = MH_PIPELINE_PLAYING;
  g_assert_false (mh_playback_update (&playback, &parts, MSEC (30)));
  g_assert_false (mh_playback_is_undecided (&playback));
  parts.pipeline = MH_PIPELINE_PAUSED;
  mh_playback_update (&playback, &parts, MSEC (40));
  mh_playback_drop (&playback);
  g_assert_false (mh_playback_is_undecided (&playback));
}

/* A short pause before a seek belongs to it; what follows another state does not. */
static void
test_since (void)
{
  MhPlayback playback = { 0 };
  MhPlaybackParts parts = PARTS_PLAYING;

  mh_playback_set (&playback, MH_PLAYBACK_PLAYING);
  parts.pipeline = MH_PIPELINE_PAUSED;
  mh_playback_update (&playback, &parts, MSEC (10));
  parts.is_seeking = TRUE;
  g_assert_true (mh_playback_update (&playback, &parts, MSEC (20)));
  g_assert_cmpint (playback.since, ==, MSEC (10));
  parts.is_seeking = FALSE;
  g_assert_true (mh_playback_update (&playback, &parts, MSEC (30)));
  g_assert_cmpint (playback.since, ==, MSEC (30));
  parts.lacks_data = TRUE;
  mh_playback_update (&playback, &parts, MSEC (40));
  g_assert_cmpint (playback.since, ==, MSEC (40));
  parts.lacks_data = FALSE;
  parts.lacked_data = TRUE;
  g_assert_true (mh_playback_update (&playback, &parts, MSEC (50)));
  g_assert_cmpint (playback.seeming, ==, MH_PLAYBACK_PAUSED);
  g_assert_cmpint (playback.since, ==, MSEC (40));
}

/* What was about to play begins to when the machine is awake; a pause goes on. */
static void
test_sleep (void)
{
  MhPlayback playback = { 0 };
  MhPlaybackParts parts = PARTS_PLAYING;

  mh_playback_update (&playback, &parts, MSEC (10));
  mh_playback_sleep (&playback, MSEC (500));
  g_assert_false (mh_playback_is_undecided (&playback));
  g_assert_true (mh_playback_update (&playback, &parts, MSEC (20)));
  g_assert_cmpint (playback.since, ==, MSEC (500));
  mh_playback_set (&playback, MH_PLAYBACK_PLAYING);
  parts.pipeline = MH_PIPELINE_PAUSED;
  mh_playback_update (&playback, &parts, MSEC (600));
  mh_playback_sleep (&playback, MSEC (900));
  g_assert_cmpint (mh_playback_get_since (&playback, 0), ==, MSEC (600));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/playback/start", test_start);
  g_test_add_func ("/playback/shown", test_shown);
  g_test_add_func ("/playback/no-data", test_no_data);
  g_test_add_func ("/playback/stays", test_stays);
  g_test_add_func ("/playback/wait-to-play", test_wait_to_play);
  g_test_add_func ("/playback/wait-to-pause", test_wait_to_pause);
  g_test_add_func ("/playback/wait-to-seek", test_wait_to_seek);
  g_test_add_func ("/playback/undecided", test_undecided);
  g_test_add_func ("/playback/since", test_since);
  g_test_add_func ("/playback/sleep", test_sleep);
  return g_test_run ();
}
