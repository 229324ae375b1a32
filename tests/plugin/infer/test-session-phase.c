/* Tests of mh-session-phase (docs/design/inference.md#the-start,
 * #end-stop-and-error).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-session-phase.h"

/* What each state is. */
static void
test_states (void)
{
  static const struct
  {
    gboolean wanted, open, tracked, begun;
  } cases[] = {
    [MH_SESSION_PHASE_NONE] = { FALSE, FALSE, FALSE, FALSE },
    [MH_SESSION_PHASE_WANTED] = { TRUE, FALSE, TRUE, FALSE },
    [MH_SESSION_PHASE_ASKING] = { TRUE, FALSE, TRUE, FALSE },
    [MH_SESSION_PHASE_INFORMED] = { TRUE, FALSE, TRUE, FALSE },
    [MH_SESSION_PHASE_PLAYING] = { FALSE, TRUE, TRUE, TRUE },
    [MH_SESSION_PHASE_SEEKING] = { FALSE, TRUE, TRUE, TRUE },
    [MH_SESSION_PHASE_PAUSED] = { FALSE, TRUE, TRUE, TRUE },
    [MH_SESSION_PHASE_PAUSED_SEEKING] = { FALSE, TRUE, TRUE, TRUE },
    [MH_SESSION_PHASE_OVER] = { FALSE, FALSE, FALSE, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const MhSessionPhase phase = { .state = i };

    g_assert_cmpint (mh_session_phase_is_wanted (&phase), ==, cases[i].wanted);
    g_assert_cmpint (mh_session_phase_is_open (&phase), ==, cases[i].open);
    g_assert_cmpint (
        mh_session_phase_is_tracked (&phase), ==, cases[i].tracked);
    g_assert_cmpint (mh_session_phase_has_begun (&phase), ==, cases[i].begun);
  }
}

/* From nothing to a session that is over. */
static void
test_session (void)
{
  g_auto (MhSessionPhase) phase = MH_SESSION_PHASE_INIT;

  g_assert_false (mh_session_phase_start (&phase)); /* not wanted */
  g_assert_cmpint (phase.state, ==, MH_SESSION_PHASE_NONE);
  mh_session_phase_want (&phase);
  g_assert_cmpint (phase.state, ==, MH_SESSION_PHASE_WANTED);
  mh_session_phase_withdraw (&phase);
  g_assert_cmpint (phase.state, ==, MH_SESSION_PHASE_NONE);
  mh_session_phase_want (&phase);
  g_assert_true (mh_session_phase_start (&phase));
  g_assert_cmpint (phase.state, ==, MH_SESSION_PHASE_PLAYING);
  mh_session_phase_withdraw (&phase); /* too late */
  g_assert_false (mh_session_phase_start (&phase));
  g_assert_cmpint (phase.state, ==, MH_SESSION_PHASE_PLAYING);
  mh_session_phase_end (&phase);
  g_assert_cmpint (phase.state, ==, MH_SESSION_PHASE_OVER);
  mh_session_phase_begin_item (&phase);
  g_assert_cmpint (phase.state, ==, MH_SESSION_PHASE_NONE);
}

/* The start waits until it is known what is played: once for each session. */
static void
test_ask (void)
{
  g_auto (MhSessionPhase) phase = MH_SESSION_PHASE_INIT;

  g_assert_false (mh_session_phase_ask (&phase));
  mh_session_phase_inform (&phase); /* of nothing that is wanted */
  for (guint i = 0; i < 2; i++) {
    mh_session_phase_want (&phase);
    g_assert_true (mh_session_phase_ask (&phase));
    g_assert_true (mh_session_phase_ask (&phase));
    g_assert_cmpint (phase.state, ==, MH_SESSION_PHASE_ASKING);
    mh_session_phase_inform (&phase);
    g_assert_false (mh_session_phase_ask (&phase));
    g_assert_cmpint (phase.state, ==, MH_SESSION_PHASE_INFORMED);
    g_assert_true (mh_session_phase_start (&phase));
    mh_session_phase_inform (&phase);
    g_assert_false (mh_session_phase_ask (&phase));
    g_assert_cmpint (phase.state, ==, MH_SESSION_PHASE_PLAYING);
  }
}

/* A session is called while it is open, by the element that leads. */
static void
test_call (void)
{
  g_auto (MhSessionPhase) phase = MH_SESSION_PHASE_INIT;

  g_assert_false (mh_session_phase_call (&phase, 5));
  mh_session_phase_want (&phase);
  g_assert_false (mh_session_phase_call (&phase, 5));
  g_assert_cmpint (phase.called_at, ==, 0);
  mh_session_phase_start (&phase);
  g_assert_true (mh_session_phase_call (&phase, 5));
  g_assert_true (mh_session_phase_call (&phase, 4));
  g_assert_cmpint (phase.called_at, ==, 5); /* the latest */
  mh_session_phase_follow (&phase);
  g_assert_false (mh_session_phase_call (&phase, 6));
  g_assert_cmpint (phase.called_at, ==, 5);
}

/* A seek that began in play ends with the next play; one that began in a pause ends in
 * it. */
static void
test_seek (void)
{
  g_auto (MhSessionPhase) phase = MH_SESSION_PHASE_INIT;

  mh_session_phase_adopt (&phase);
  g_assert_true (mh_session_phase_begin_seek (&phase));
  g_assert_false (mh_session_phase_begin_seek (&phase)); /* it is known */
  g_assert_false (mh_session_phase_pause_seek (&phase));
  g_assert_cmpint (phase.state, ==, MH_SESSION_PHASE_SEEKING);
  mh_session_phase_play (&phase);
  g_assert_cmpint (phase.state, ==, MH_SESSION_PHASE_PLAYING);
  mh_session_phase_pause (&phase);
  g_assert_false (mh_session_phase_pause_seek (&phase)); /* there is none */
  g_assert_true (mh_session_phase_begin_seek (&phase));
  g_assert_false (mh_session_phase_begin_seek (&phase));
  g_assert_cmpint (phase.state, ==, MH_SESSION_PHASE_PAUSED_SEEKING);
  g_assert_true (mh_session_phase_pause_seek (&phase));
  g_assert_cmpint (phase.state, ==, MH_SESSION_PHASE_PAUSED);
  g_assert_true (mh_session_phase_begin_seek (&phase));
  mh_session_phase_play (&phase);
  g_assert_cmpint (phase.state, ==, MH_SESSION_PHASE_PLAYING);
}

/* What the player does without a session leaves the phase as it is. */
static void
test_no_session (void)
{
  static const MhSessionPhaseState states[] = { MH_SESSION_PHASE_NONE,
    MH_SESSION_PHASE_WANTED, MH_SESSION_PHASE_ASKING, MH_SESSION_PHASE_INFORMED,
    MH_SESSION_PHASE_OVER };

  for (guint i = 0; i < G_N_ELEMENTS (states); i++) {
    MhSessionPhase phase = { .state = states[i] };

    mh_session_phase_play (&phase);
    mh_session_phase_pause (&phase);
    g_assert_false (mh_session_phase_begin_seek (&phase));
    g_assert_false (mh_session_phase_pause_seek (&phase));
    g_assert_cmpint (phase.state, ==, states[i]);
  }
}

/* The application's session begins as each does, whatever was before. */
static void
test_adopt (void)
{
  g_auto (MhSessionPhase) phase = MH_SESSION_PHASE_INIT;

  mh_session_phase_adopt (&phase);
  mh_session_phase_pause (&phase);
  mh_session_phase_begin_seek (&phase);
  mh_session_phase_adopt (&phase);
  g_assert_cmpint (phase.state, ==, MH_SESSION_PHASE_PLAYING);
  mh_session_phase_end (&phase);
  mh_session_phase_adopt (&phase);
  g_assert_cmpint (phase.state, ==, MH_SESSION_PHASE_PLAYING);
}

/* An element that follows starts no session and asks for nothing. When it begins to
 * lead, the session that it has followed is not its own. */
static void
test_lead (void)
{
  g_auto (MhSessionPhase) phase = MH_SESSION_PHASE_INIT;

  mh_session_phase_want (&phase);
  g_assert_true (mh_session_phase_ask (&phase));
  mh_session_phase_follow (&phase);
  g_assert_false (phase.leads);
  g_assert_cmpint (phase.state, ==, MH_SESSION_PHASE_WANTED);
  g_assert_false (mh_session_phase_ask (&phase));
  g_assert_false (
      mh_session_phase_lead (&phase, FALSE)); /* no session was open */
  g_assert_true (phase.leads);
  g_assert_cmpint (phase.state, ==, MH_SESSION_PHASE_WANTED);
  g_assert_true (mh_session_phase_lead (&phase, TRUE)); /* one was */
  g_assert_cmpint (phase.state, ==, MH_SESSION_PHASE_NONE);
  for (guint taken_over = 0; taken_over < 2; taken_over++) {
    mh_session_phase_follow (&phase);
    mh_session_phase_adopt (&phase);
    g_assert_true (mh_session_phase_lead (&phase, taken_over));
    g_assert_cmpint (phase.state, ==, MH_SESSION_PHASE_NONE);
  }
  mh_session_phase_end (&phase);
  g_assert_false (mh_session_phase_lead (&phase, TRUE));
  g_assert_cmpint (phase.state, ==, MH_SESSION_PHASE_OVER);
}

/* The name counts that the media had when its session started. */
static void
test_media (void)
{
  g_auto (MhSessionPhase) phase = MH_SESSION_PHASE_INIT;

  mh_session_phase_want (&phase);
  mh_session_phase_start (&phase);
  g_assert_false (mh_session_phase_is_same_media (&phase)); /* it has none */
  mh_session_phase_name_media (&phase, "one");
  g_assert_false (mh_session_phase_is_same_media (&phase));
  mh_session_phase_want (&phase);
  g_assert_false (mh_session_phase_is_same_media (&phase)); /* not open */
  mh_session_phase_start (&phase);
  g_assert_true (mh_session_phase_is_same_media (&phase));
  mh_session_phase_name_media (&phase, "two");
  g_assert_false (mh_session_phase_is_same_media (&phase));
  mh_session_phase_name_media (&phase, "one");
  g_assert_true (mh_session_phase_is_same_media (&phase));
  mh_session_phase_end (&phase);
  g_assert_false (mh_session_phase_is_same_media (&phase));
  mh_session_phase_name_media (&phase, "called");
  mh_session_phase_adopt (&phase);
  g_assert_true (mh_session_phase_is_same_media (&phase));
  mh_session_phase_name_media (&phase, "other");
  mh_session_phase_begin_item (&phase);
  mh_session_phase_keep (&phase); /* what was started with another name */
  g_assert_true (mh_session_phase_is_open (&phase));
  g_assert_false (mh_session_phase_is_same_media (&phase));
}

/* ---- the session before ---- */

/* What is over does not go on. */
static void
test_before_end (void)
{
  MhContinuation continuation = { 0 };
  MhStreamGroups streams = { 0 };

  g_assert_cmpint (
      mh_continuation_get (&continuation, &streams), ==, MH_RESUME_NO);
  mh_continuation_take_over (&continuation, 0);
  g_assert_cmpint (
      mh_continuation_get (&continuation, &streams), ==, MH_RESUME_YES);
  mh_continuation_end (&continuation);
  g_assert_cmpint (
      mh_continuation_get (&continuation, &streams), ==, MH_RESUME_NO);
}

/* What was broken off goes on in the same streams, as far as those are known. */
static void
test_same_streams (void)
{
  MhContinuation continuation = { 0 };
  MhStreamGroups streams = { 0 };

  mh_continuation_break_off (&continuation, 3);
  g_assert_cmpint (
      mh_continuation_get (&continuation, &streams), ==, MH_RESUME_SAME);
  mh_stream_groups_play (&streams, 3);
  g_assert_cmpint (
      mh_continuation_get (&continuation, &streams), ==, MH_RESUME_SAME);
  mh_stream_groups_play (&streams, 4);
  g_assert_cmpint (
      mh_continuation_get (&continuation, &streams), ==, MH_RESUME_NO);
}

/* A source that was restarted has other streams. */
static void
test_any_streams (void)
{
  MhContinuation continuation = { 0 };
  MhStreamGroups streams = { 0 };

  mh_stream_groups_play (&streams, 4);
  mh_continuation_break_off (&continuation, 0);
  g_assert_cmpint (
      mh_continuation_get (&continuation, &streams), ==, MH_RESUME_SAME);
}

/* What another element had open goes on whatever is played. */
static void
test_take_over (void)
{
  MhContinuation continuation = { 0 };
  MhStreamGroups streams = { 0 };

  mh_continuation_break_off (&continuation, 3);
  mh_continuation_take_over (&continuation, 0);
  mh_stream_groups_play (&streams, 4);
  g_assert_cmpint (
      mh_continuation_get (&continuation, &streams), ==, MH_RESUME_YES);
}

/* An element that comes may be that of the next item. */
static void
test_come (void)
{
  MhContinuation continuation = { 0 };
  MhStreamGroups streams = { 0 };

  mh_continuation_take_over (&continuation, 3);
  g_assert_cmpint (
      mh_continuation_get (&continuation, &streams), ==, MH_RESUME_YES);
  mh_stream_groups_play (&streams, 4);
  g_assert_cmpint (
      mh_continuation_get (&continuation, &streams), ==, MH_RESUME_NO);
  mh_continuation_take_over (&continuation, 0);
  g_assert_cmpint (
      mh_continuation_get (&continuation, &streams), ==, MH_RESUME_YES);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session-phase/states", test_states);
  g_test_add_func ("/session-phase/session", test_session);
  g_test_add_func ("/session-phase/ask", test_ask);
  g_test_add_func ("/session-phase/call", test_call);
  g_test_add_func ("/session-phase/seek", test_seek);
  g_test_add_func ("/session-phase/no-session", test_no_session);
  g_test_add_func ("/session-phase/adopt", test_adopt);
  g_test_add_func ("/session-phase/lead", test_lead);
  g_test_add_func ("/session-phase/media", test_media);
  g_test_add_func ("/session-phase/before/end", test_before_end);
  g_test_add_func ("/session-phase/before/same-streams", test_same_streams);
  g_test_add_func ("/session-phase/before/any-streams", test_any_streams);
  g_test_add_func ("/session-phase/before/take-over", test_take_over);
  g_test_add_func ("/session-phase/before/come", test_come);
  return g_test_run ();
}
