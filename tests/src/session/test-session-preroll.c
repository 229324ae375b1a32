/* Tests of mh-session: the pre-roll wait.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-recorder.h"

#define S SESSION_START_PREROLL
#define B AD_BREAK_START ("b")
#define A AD_START ("a")
#define C CHAPTER_START ("c")

static void
held_calls_keep_their_time (void)
{
  g_autoptr (MhRecorder) recorder = mh_recorder_new ();

  mh_recorder_call (recorder, 1000, S);
  mh_recorder_expect (recorder, "0 sessionStart@1000");
  mh_recorder_call (recorder, 1000, PLAYHEAD (3, 1));
  mh_recorder_call (recorder, 1100, "play");
  mh_recorder_call (recorder, 1200, STATE_START ("s"));
  mh_recorder_call (recorder, 1200, QOE (1000));
  mh_recorder_call (recorder, 1210, "pause");
  g_assert_cmpint (mh_recorder_get_deadline (recorder), ==, 1250);
  mh_recorder_advance (recorder, 1249);
  mh_recorder_expect (recorder);
  mh_recorder_advance (recorder, 1250);
  mh_recorder_expect (recorder, "0 play@1100 ph=3.1",
      "0 stateStart@1200 ph=3.2 s",
      "0 pauseStart@1210 ph=3.21 qoe(bitrate=1000)");
  g_assert_cmpint (mh_recorder_get_deadline (recorder), ==, 11210);
  /* From here on, nothing is held back. */
  mh_recorder_call (recorder, 1250, "play");
  mh_recorder_expect (recorder, "0 play@1250 ph=3.25");
}

/* A call at the limit comes after it. */
static void
call_at_the_limit (void)
{
  g_autoptr (MhRecorder) recorder = mh_recorder_new ();

  mh_recorder_call (recorder, 0, S);
  mh_recorder_call (recorder, 249, "play");
  mh_recorder_expect (recorder, "0 sessionStart@0");
  mh_recorder_call (recorder, 250, B);
  mh_recorder_expect (recorder, "0 play@249", "0 adBreakStart@250 b");
}

static void
ad_break_just_before_the_limit (void)
{
  g_autoptr (MhRecorder) recorder = mh_recorder_new ();

  mh_recorder_call (recorder, 0, S);
  mh_recorder_call (recorder, 0, "play");
  mh_recorder_call (recorder, 249, B);
  mh_recorder_call (recorder, 249, A);
  mh_recorder_expect (recorder, "0 sessionStart@0", "0 adBreakStart@249 b",
      "0 adStart@249 a", "0 play@249");
}

/* Plays are dropped, and only those. */
static void
ad_break_drops_plays (void)
{
  g_autoptr (MhRecorder) recorder = mh_recorder_new ();

  mh_recorder_call (recorder, 0, S);
  mh_recorder_call (recorder, 10, "play");
  mh_recorder_call (recorder, 20, C);
  mh_recorder_call (recorder, 30, "pause");
  mh_recorder_call (recorder, 40, "play");
  mh_recorder_call (recorder, 50, "error {'id': <'e'>}");
  mh_recorder_call (recorder, 60, B);
  mh_recorder_expect (recorder, "0 sessionStart@0", "0 chapterStart@20 c",
      "0 pauseStart@30", "0 error@50 qoe(errorID='e' errorSource='player')",
      "0 adBreakStart@60 b");
  /* The wait is over. */
  mh_recorder_call (recorder, 70, "adBreakComplete");
  mh_recorder_call (recorder, 80, "play");
  mh_recorder_expect (
      recorder, "0 adBreakComplete@70", "0 pauseStart@70", "0 play@80");
}

/* A dropped play does not end a seek that was held back as well. */
static void
dropped_play_has_no_effect (void)
{
  g_autoptr (MhRecorder) recorder = mh_recorder_new ();

  mh_recorder_call (recorder, 0, S);
  mh_recorder_call (recorder, 10, "seekStart");
  mh_recorder_call (recorder, 20, "play");
  mh_recorder_call (recorder, 30, B);
  mh_recorder_call (recorder, 40, A);
  mh_recorder_call (recorder, 50, "seekComplete");
  mh_recorder_expect (recorder, "0 sessionStart@0", "0 pauseStart@10",
      "0 adBreakStart@30 b", "0 adStart@40 a", "0 pauseStart@40",
      "0 pauseStart@50");
}

/* Not yet let go: what the SDK's scenario of a pre-roll ad has. */
static void
content_counts_from_after_the_ad (void)
{
  g_autoptr (MhRecorder) recorder = mh_recorder_new ();

  mh_recorder_call (recorder, 0, S);
  mh_recorder_call (recorder, 0, "play");
  mh_recorder_call (recorder, 100, B);
  mh_recorder_call (recorder, 200, A);
  mh_recorder_call (recorder, 5200, "adComplete");
  mh_recorder_call (recorder, 5200, "adBreakComplete");
  mh_recorder_advance (recorder, 7000);
  mh_recorder_expect (recorder, "0 sessionStart@0", "0 adBreakStart@100 b",
      "0 adStart@200 a", "0 play@200", "0 adComplete@5200",
      "0 adBreakComplete@5200", "0 play@5200", "0 play@6200");
}

static void
ended_by_the_end (void)
{
  static const struct
  {
    const char *call;
    const char *hit;
  } ends[] = {
    { "complete", "0 sessionComplete@200" },
    { "sessionEnd", "0 sessionEnd@200" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++) {
    g_autoptr (MhRecorder) recorder = mh_recorder_new ();

    mh_recorder_call (recorder, 0, S);
    mh_recorder_call (recorder, 100, "play");
    mh_recorder_call (recorder, 150, C);
    mh_recorder_call (recorder, 200, ends[i].call);
    mh_recorder_expect (recorder, "0 sessionStart@0", "0 play@100",
        "0 chapterStart@150 c", "0 chapterSkip@200", ends[i].hit);
    g_assert_cmpint (mh_recorder_get_deadline (recorder), ==, -1);
    /* The next item waits for itself. */
    mh_recorder_call (recorder, 210, S);
    mh_recorder_call (recorder, 220, "play");
    mh_recorder_expect (recorder, "1 sessionStart@210");
    mh_recorder_advance (recorder, 459);
    mh_recorder_expect (recorder);
    mh_recorder_advance (recorder, 460);
    mh_recorder_expect (recorder, "1 play@220");
  }
}

/* What is refused only then is told then. */
static void
held_calls_refused_later (void)
{
  g_autoptr (MhRecorder) recorder = mh_recorder_new ();

  mh_recorder_call (recorder, 0, S);
  mh_recorder_call (recorder, 10, "adComplete");
  mh_recorder_call (recorder, 20, "bufferStart");
  mh_recorder_call (recorder, 30, "pause");
  mh_recorder_call (recorder, 40, C);
  mh_recorder_call (recorder, 50, C);
  mh_recorder_expect (recorder, "0 sessionStart@0");
  mh_recorder_advance (recorder, 1000);
  mh_recorder_expect (recorder, "refused adComplete@10: no open ad",
      "0 bufferStart@20", "refused pause@30: buffering", "0 chapterStart@40 c",
      "refused chapterStart@50: equal to the open chapter");
}

/* A listener need not want to know. */
static void
hit_only (MhHit *hit, gpointer user_data)
{
  (*(guint *) user_data)++;
  mh_hit_free (hit);
}

static void
listener_without_refused (void)
{
  static const MhSessionListener listener = { hit_only, NULL, NULL };
  guint n_hits = 0;
  g_autoptr (MhSession) session = mh_session_new (&listener, &n_hits);
  static const char *const calls[] = {
    "sessionStart {'media': <{" MEDIA_MEMBERS
    "}>, 'metadata': <{'not clean': 'v', 'media.id': 'x'}>}",
    "adComplete", "pause", "sessionEnd"
  };

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++) {
    g_autoptr (MhCall) call = mh_recorder_parse (calls[i]);

    g_assert_true (mh_session_call (session, call, i, NULL));
  }
  g_assert_cmpuint (n_hits, ==, 3);
}

/* Invalid arguments are refused at once; sessionStart too. */
static void
invalid_calls_refused_at_once (void)
{
  g_autoptr (MhRecorder) recorder = mh_recorder_new ();

  mh_recorder_call (recorder, 0, S);
  mh_recorder_call (recorder, 100, "play");
  mh_recorder_refuse (recorder, 110, "stateStart", "name is missing or empty");
  mh_recorder_refuse (recorder, 110, QOE (-1),
      "bitrate is missing or not a number of at least 0");
  mh_recorder_refuse (recorder, 120, S, "a session is open");
  mh_recorder_advance (recorder, 250);
  mh_recorder_expect (recorder, "0 sessionStart@0", "0 play@100");
}

/* It neither ends the wait nor drops a play. */
static void
invalid_ad_break (void)
{
  g_autoptr (MhRecorder) recorder = mh_recorder_new ();

  mh_recorder_call (recorder, 0, S);
  mh_recorder_call (recorder, 100, "play");
  mh_recorder_refuse (recorder, 110,
      "adBreakStart {'name': <'b'>, 'position': <0>, 'startTime': <0>}",
      "position is missing or less than 1");
  mh_recorder_expect (recorder, "0 sessionStart@0");
  mh_recorder_call (recorder, 120, "pause");
  mh_recorder_expect (recorder);
  mh_recorder_advance (recorder, 250);
  mh_recorder_expect (recorder, "0 play@100", "0 pauseStart@120");
}

#define START(wait) \
  "sessionStart {'media': <{" MEDIA_MEMBERS ", 'prerollWaitingTime': <" wait \
  ">}>}"

static void
other_waits (void)
{
  g_autoptr (MhRecorder) none = mh_recorder_new ();
  g_autoptr (MhRecorder) fraction = mh_recorder_new ();
  g_autoptr (MhRecorder) huge = mh_recorder_new ();

  mh_recorder_call (none, 0, START ("0"));
  mh_recorder_call (none, 0, "play");
  mh_recorder_call (none, 0, B);
  mh_recorder_expect (
      none, "0 sessionStart@0", "0 play@0", "0 adBreakStart@0 b");

  mh_recorder_call (fraction, 0, START ("0.5"));
  mh_recorder_call (fraction, 0, "play");
  mh_session_advance (mh_recorder_session (fraction), 499);
  mh_recorder_expect (fraction, "0 sessionStart@0");
  mh_session_advance (mh_recorder_session (fraction), 500);
  mh_recorder_expect (fraction, "0 play@0");

  mh_recorder_call (huge, 0, START ("1e300"));
  mh_recorder_call (huge, 5000, "play");
  mh_recorder_advance (huge, 100000);
  mh_recorder_expect (huge, "0 sessionStart@0");
  mh_recorder_call (huge, 200000, "sessionEnd");
  mh_recorder_drop_pings (huge, 19);
  mh_recorder_expect (
      huge, "0 play@5000", "0 play@6000", "0 sessionEnd@200000");
  mh_recorder_refuse (huge, 200000, START ("-1"),
      "prerollWaitingTime is missing or not a number of at least 0");
}

/* Deadlines inside of a long wait come in their place among held calls. */
static void
deadlines_in_the_wait (void)
{
  g_autoptr (MhRecorder) recorder = mh_recorder_new ();

  mh_recorder_call (recorder, 0, START ("25000"));
  mh_recorder_call (recorder, 0, "play");
  mh_recorder_call (recorder, 11000, C);
  mh_recorder_call (recorder, 11500, "pause");
  mh_recorder_advance (recorder, 24999);
  mh_recorder_expect (recorder, "0 sessionStart@0");
  mh_recorder_advance (recorder, 30000);
  mh_recorder_expect (recorder, "0 play@0", "0 play@1000", "0 ping@11000",
      "0 chapterStart@11000 c", "0 pauseStart@11500", "0 ping@21500");
}

static void
inactivity_in_the_wait (void)
{
  g_autoptr (MhRecorder) recorder = mh_recorder_new ();
  const MhTimeouts timeouts = { MH_TIME_FROM_SEC (2), MH_TIME_FROM_SEC (86400),
    MH_TIME_FROM_SEC (10), MH_TIME_FROM_SEC (1) };

  mh_session_set_timeouts (mh_recorder_session (recorder), &timeouts);
  mh_recorder_call (recorder, 0, START ("5000"));
  mh_recorder_call (recorder, 3000, C);
  mh_recorder_call (recorder, 4000, "play");
  mh_recorder_advance (recorder, 5000);
  mh_recorder_expect (recorder, "0 sessionStart@0", "0 sessionEnd@2000",
      "1 sessionStart@4000 resume", "1 chapterStart@4000 c", "1 play@4000",
      "1 play@5000");
}

/* No wait after a restart. */
static void
no_wait_after_a_restart (void)
{
  g_autoptr (MhRecorder) recorder = mh_recorder_new ();

  mh_recorder_call (recorder, 0, S);
  mh_recorder_call (recorder, 100, "expire");
  mh_recorder_call (recorder, 200, "play");
  mh_recorder_expect (recorder, "0 sessionStart@0");
  mh_recorder_advance (recorder, 250);
  mh_recorder_expect (
      recorder, "1 sessionStart@100 resume", "1 ping@100", "1 play@200");
  mh_recorder_call (recorder, 300, "expire");
  mh_recorder_call (recorder, 310, "pause");
  mh_recorder_expect (
      recorder, "2 sessionStart@300 resume", "2 play@300", "2 pauseStart@310");
}

/* What is held back when the session object goes away is just forgotten. */
static void
freed_while_waiting (void)
{
  g_autoptr (MhRecorder) recorder = mh_recorder_new ();

  mh_recorder_call (recorder, 0, S);
  mh_recorder_call (recorder, 1, C);
  mh_recorder_call (recorder, 2, STATE_START ("s"));
  mh_recorder_expect (recorder, "0 sessionStart@0");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, test) g_test_add_func ("/session/preroll/" path, test)
  ADD ("held-calls-keep-their-time", held_calls_keep_their_time);
  ADD ("call-at-the-limit", call_at_the_limit);
  ADD ("ad-break-just-before-the-limit", ad_break_just_before_the_limit);
  ADD ("ad-break-drops-plays", ad_break_drops_plays);
  ADD ("dropped-play-has-no-effect", dropped_play_has_no_effect);
  ADD ("content-counts-from-after-the-ad", content_counts_from_after_the_ad);
  ADD ("ended-by-the-end", ended_by_the_end);
  ADD ("held-calls-refused-later", held_calls_refused_later);
  ADD ("listener-without-refused", listener_without_refused);
  ADD ("invalid-calls-refused-at-once", invalid_calls_refused_at_once);
  ADD ("invalid-ad-break", invalid_ad_break);
  ADD ("other-waits", other_waits);
  ADD ("deadlines-in-the-wait", deadlines_in_the_wait);
  ADD ("inactivity-in-the-wait", inactivity_in_the_wait);
  ADD ("no-wait-after-a-restart", no_wait_after_a_restart);
  ADD ("freed-while-waiting", freed_while_waiting);
  return g_test_run ();
}
