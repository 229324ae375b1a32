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
    MhPipelineState state;
  } cases[] = {
    { READY_, PAUSED_, VOID_, PLAYING_, MH_PIPELINE_DOWN },
    { GST_STATE_NULL, PLAYING_, VOID_, PLAYING_, MH_PIPELINE_DOWN },
    { PAUSED_, READY_, PAUSED_, VOID_, MH_PIPELINE_CLOSING },
    { PAUSED_, PLAYING_, VOID_, READY_, MH_PIPELINE_CLOSING },
    { PAUSED_, READY_, PAUSED_, PAUSED_, MH_PIPELINE_PAUSED },
    { PAUSED_, PLAYING_, VOID_, PAUSED_, MH_PIPELINE_PAUSED },
    { PAUSED_, READY_, PAUSED_, PLAYING_, MH_PIPELINE_OPENING },
    { PLAYING_, PAUSED_, PLAYING_, PLAYING_, MH_PIPELINE_STARTING },
    { PLAYING_, READY_, PAUSED_, PAUSED_, MH_PIPELINE_STARTING },
    { PLAYING_, PLAYING_, PAUSED_, PAUSED_, MH_PIPELINE_STARTING },
    { PLAYING_, PAUSED_, VOID_, PAUSED_, MH_PIPELINE_KEPT_PAUSED },
    { PLAYING_, PAUSED_, PAUSED_, PAUSED_, MH_PIPELINE_KEPT_PAUSED },
    { PLAYING_, PLAYING_, VOID_, PLAYING_, MH_PIPELINE_PLAYING },
    { PLAYING_, PLAYING_, VOID_, PAUSED_, MH_PIPELINE_PLAYING },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    MhPipeline pipeline = MH_PIPELINE_INIT;

    mh_pipeline_set_own (&pipeline, cases[i].own, 0);
    mh_pipeline_set_top (&pipeline, cases[i].top, cases[i].pending);
    pipeline.target = cases[i].target;
    g_assert_cmpint (mh_pipeline_get_state (&pipeline), ==, cases[i].state);
  }
}

/* What is asked of a state. */
static void
test_questions (void)
{
  MhPipeline pipeline = MH_PIPELINE_INIT;

  g_assert_false (mh_pipeline_is_up (&pipeline));
  g_assert_false (mh_pipeline_is_wanted (&pipeline));
  pipeline.target = PAUSED_;
  mh_pipeline_set_own (&pipeline, PAUSED_, 7);
  g_assert_cmpint (pipeline.own_at, ==, 7);
  g_assert_true (mh_pipeline_is_up (&pipeline));
  g_assert_false (mh_pipeline_is_wanted (&pipeline));
  pipeline.target = PLAYING_;
  g_assert_true (mh_pipeline_is_wanted (&pipeline));
  g_assert_false (mh_pipeline_moves (&pipeline));
  mh_pipeline_set_own (&pipeline, PLAYING_, 8);
  g_assert_true (mh_pipeline_moves (&pipeline));
  mh_pipeline_set_top (&pipeline, PAUSED_, VOID_);
  pipeline.target = PAUSED_;
  g_assert_false (mh_pipeline_is_wanted (&pipeline));
  g_assert_false (mh_pipeline_moves (&pipeline));
}

static void
test_stopped (void)
{
  MhPipeline pipeline = MH_PIPELINE_INIT;

  g_assert_false (mh_pipeline_is_stopped (&pipeline)); /* not known */
  pipeline.target = PAUSED_;
  g_assert_false (mh_pipeline_is_stopped (&pipeline));
  pipeline.target = READY_;
  g_assert_true (mh_pipeline_is_stopped (&pipeline));
  pipeline.target = GST_STATE_NULL;
  g_assert_true (mh_pipeline_is_stopped (&pipeline));
}

static void
test_top (void)
{
  MhPipeline pipeline = MH_PIPELINE_INIT;

  g_assert_true (mh_pipeline_set_top (&pipeline, PAUSED_, PLAYING_));
  g_assert_false (mh_pipeline_set_top (&pipeline, PAUSED_, PLAYING_));
  g_assert_false (mh_pipeline_is_prerolled (&pipeline));
  g_assert_true (mh_pipeline_set_top (&pipeline, PAUSED_, VOID_));
  g_assert_true (mh_pipeline_is_prerolled (&pipeline));
  pipeline.has_messages = TRUE;
  mh_pipeline_begin (&pipeline);
  g_assert_false (mh_pipeline_is_prerolled (&pipeline));
  g_assert_false (pipeline.has_messages);
}

/* It is told once, and again when it has been another. */
static void
test_kept (void)
{
  MhPipeline pipeline = MH_PIPELINE_INIT;

  mh_pipeline_set_own (&pipeline, PLAYING_, 0);
  mh_pipeline_set_top (&pipeline, PAUSED_, VOID_);
  pipeline.target = PAUSED_;
  g_assert_true (mh_pipeline_is_newly_kept (&pipeline));
  g_assert_false (mh_pipeline_is_newly_kept (&pipeline));
  mh_pipeline_set_top (&pipeline, PLAYING_, VOID_);
  g_assert_false (mh_pipeline_is_newly_kept (&pipeline));
  mh_pipeline_set_top (&pipeline, PAUSED_, VOID_);
  g_assert_true (mh_pipeline_is_newly_kept (&pipeline));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pipeline-state/states", test_states);
  g_test_add_func ("/pipeline-state/questions", test_questions);
  g_test_add_func ("/pipeline-state/stopped", test_stopped);
  g_test_add_func ("/pipeline-state/top", test_top);
  g_test_add_func ("/pipeline-state/kept", test_kept);
  return g_test_run ();
}
