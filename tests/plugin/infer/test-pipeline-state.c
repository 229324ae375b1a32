/* Tests of mh-pipeline-state (docs/design/inference.md#the-whole-pipelines-state).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-pipeline-state.h"

#define VOID_ GST_STATE_VOID_PENDING
#define READY_ GST_STATE_READY
#define PAUSED_ GST_STATE_PAUSED
#define PLAYING_ GST_STATE_PLAYING

/* What the states are together. */
static void
test_states (void)
{
  static const struct
  {
    GstState own, top, pending, target;
    MhRunState state;
  } cases[] = {
    { READY_, PAUSED_, VOID_, PLAYING_, MH_RUN_DOWN },
    { GST_STATE_NULL, PLAYING_, VOID_, PLAYING_, MH_RUN_DOWN },
    { PAUSED_, READY_, PAUSED_, VOID_, MH_RUN_CLOSING },
    { PAUSED_, PLAYING_, VOID_, READY_, MH_RUN_CLOSING },
    { PAUSED_, READY_, PAUSED_, PAUSED_, MH_RUN_PAUSED },
    { PAUSED_, PLAYING_, VOID_, PAUSED_, MH_RUN_PAUSED },
    { PAUSED_, READY_, PAUSED_, PLAYING_, MH_RUN_OPENING },
    { PLAYING_, PAUSED_, PLAYING_, PLAYING_, MH_RUN_STARTING },
    { PLAYING_, READY_, PAUSED_, PAUSED_, MH_RUN_STARTING },
    { PLAYING_, PLAYING_, PAUSED_, PAUSED_, MH_RUN_STARTING },
    { PLAYING_, PAUSED_, VOID_, PAUSED_, MH_RUN_KEPT_PAUSED },
    { PLAYING_, PAUSED_, PAUSED_, PAUSED_, MH_RUN_KEPT_PAUSED },
    { PLAYING_, PLAYING_, VOID_, PLAYING_, MH_RUN_PLAYING },
    { PLAYING_, PLAYING_, VOID_, PAUSED_, MH_RUN_PLAYING },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    MhRun run = MH_RUN_INIT;

    mh_run_set_own (&run, cases[i].own, 0);
    mh_run_set_top (&run, cases[i].top, cases[i].pending);
    run.target = cases[i].target;
    g_assert_cmpint (mh_run_get_state (&run), ==, cases[i].state);
  }
}

/* What is asked of a state. */
static void
test_questions (void)
{
  MhRun run = MH_RUN_INIT;

  g_assert_false (mh_run_is_up (&run));
  g_assert_false (mh_run_is_wanted (&run));
  run.target = PAUSED_;
  mh_run_set_own (&run, PAUSED_, 7);
  g_assert_cmpint (run.own_at, ==, 7);
  g_assert_true (mh_run_is_up (&run));
  g_assert_false (mh_run_is_wanted (&run));
  run.target = PLAYING_;
  g_assert_true (mh_run_is_wanted (&run));
  g_assert_false (mh_run_moves (&run));
  mh_run_set_own (&run, PLAYING_, 8);
  g_assert_true (mh_run_moves (&run));
  mh_run_set_top (&run, PAUSED_, VOID_);
  run.target = PAUSED_;
  g_assert_false (mh_run_is_wanted (&run));
  g_assert_false (mh_run_moves (&run));
}

static void
test_stopped (void)
{
  MhRun run = MH_RUN_INIT;

  g_assert_false (mh_run_is_stopped (&run)); /* not known */
  run.target = PAUSED_;
  g_assert_false (mh_run_is_stopped (&run));
  run.target = READY_;
  g_assert_true (mh_run_is_stopped (&run));
  run.target = GST_STATE_NULL;
  g_assert_true (mh_run_is_stopped (&run));
}

static void
test_top (void)
{
  MhRun run = MH_RUN_INIT;

  g_assert_true (mh_run_set_top (&run, PAUSED_, PLAYING_));
  g_assert_false (mh_run_set_top (&run, PAUSED_, PLAYING_));
  g_assert_false (mh_run_is_prerolled (&run));
  g_assert_true (mh_run_set_top (&run, PAUSED_, VOID_));
  g_assert_true (mh_run_is_prerolled (&run));
  run.has_messages = TRUE;
  mh_run_begin (&run);
  g_assert_false (mh_run_is_prerolled (&run));
  g_assert_false (run.has_messages);
}

/* It is told once, and again when it has been another. */
static void
test_kept (void)
{
  MhRun run = MH_RUN_INIT;

  mh_run_set_own (&run, PLAYING_, 0);
  mh_run_set_top (&run, PAUSED_, VOID_);
  run.target = PAUSED_;
  g_assert_true (mh_run_is_newly_kept (&run));
  g_assert_false (mh_run_is_newly_kept (&run));
  mh_run_set_top (&run, PLAYING_, VOID_);
  g_assert_false (mh_run_is_newly_kept (&run));
  mh_run_set_top (&run, PAUSED_, VOID_);
  g_assert_true (mh_run_is_newly_kept (&run));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/run/states", test_states);
  g_test_add_func ("/run/questions", test_questions);
  g_test_add_func ("/run/stopped", test_stopped);
  g_test_add_func ("/run/top", test_top);
  g_test_add_func ("/run/kept", test_kept);
  return g_test_run ();
}
