/* Tests of mh-session: what happens by the passing of time.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-recorder.h"

#define S SESSION_START
#define B AD_BREAK_START ("b")
#define A AD_START ("a")
#define C CHAPTER_START ("c")

#define DAY 86400000

/* Time-outs that keep pings and long sessions out of a test's way. */
static const MhTimeouts quiet = { MH_TIME_FROM_SEC (1800),
  MH_TIME_FROM_SEC (864000), MH_TIME_FROM_SEC (432000),
  MH_TIME_FROM_SEC (432000) };

static MhRecorder *
recorder_new_quiet (void)
{
  MhRecorder *recorder = mh_recorder_new ();

  mh_session_set_timeouts (mh_recorder_session (recorder), &quiet);
  return recorder;
}

static gint64
inactive_since (MhRecorder *recorder)
{
  MhTime since = mh_session_get_inactive_since (mh_recorder_session (recorder));

  return since == MH_TIME_NONE ? -1 : MH_TIME_TO_MSEC (since);
}

/* ---- inactivity ---- */

static void
inactivity_limit (void)
{
  g_autoptr (MhRecorder) recorder = recorder_new_quiet ();

  mh_recorder_call (recorder, 0, S);
  mh_recorder_call (recorder, 0, "play");
  mh_recorder_call (recorder, 500, "pause");
  mh_recorder_expect (
      recorder, "0 sessionStart@0", "0 play@0", "0 pauseStart@500");
  g_assert_cmpint (inactive_since (recorder), ==, 500);
  g_assert_cmpint (mh_recorder_get_deadline (recorder), ==, 1800500);
  mh_recorder_advance (recorder, 1800499);
  mh_recorder_expect (recorder);
  mh_recorder_advance (recorder, 1800500);
  mh_recorder_expect (recorder, "0 sessionEnd@1800500");
  g_assert_true (mh_session_is_open (mh_recorder_session (recorder)));
  g_assert_cmpint (mh_recorder_get_deadline (recorder), ==, -1);
  mh_recorder_advance (recorder, 1800501);
  mh_recorder_advance (recorder, 10 * DAY);
  mh_recorder_expect (recorder);
}

/* Active again just before the limit: the session goes on. At it: too late. */
static void
inactivity_play_at_limit (void)
{
  g_autoptr (MhRecorder) recorder = recorder_new_quiet ();

  mh_recorder_call (recorder, 0, S);
  mh_recorder_call (recorder, 1799999, "play");
  mh_recorder_expect (recorder, "0 sessionStart@0", "0 play@1799999");
  g_assert_cmpint (inactive_since (recorder), ==, -1);
  mh_recorder_call (recorder, 1800500, "pause");
  mh_recorder_call (recorder, 3600500, "play");
  mh_recorder_expect (recorder, "0 pauseStart@1800500", "0 sessionEnd@3600500",
      "1 sessionStart@3600500 resume", "1 play@3600500");
}

/* The times are 1 µs before and at the limit. */
static void
inactivity_microsecond (void)
{
  g_autoptr (MhRecorder) recorder = recorder_new_quiet ();

  mh_recorder_call (recorder, 0, S);
  mh_session_advance (mh_recorder_session (recorder), 1799999999);
  mh_recorder_expect (recorder, "0 sessionStart@0");
  mh_session_advance (mh_recorder_session (recorder), 1800000001);
  mh_recorder_expect (recorder, "0 sessionEnd@1800000");
}

static void
inactivity_with_pings (void)
{
  g_autoptr (MhRecorder) recorder = mh_recorder_new ();

  mh_recorder_call (recorder, 0, S);
  mh_recorder_call (recorder, 0, "pause");
  mh_recorder_advance (recorder, 9000000);
  /* None with the end, which comes first. */
  mh_recorder_drop_pings (recorder, 179);
  mh_recorder_expect (
      recorder, "0 sessionStart@0", "0 pauseStart@0", "0 sessionEnd@1800000");
}

static void
inactivity_from_session_start (void)
{
  g_autoptr (MhRecorder) recorder = recorder_new_quiet ();

  mh_recorder_call (recorder, 7000, S);
  g_assert_cmpint (inactive_since (recorder), ==, 7000);
  mh_recorder_advance (recorder, 1807000);
  mh_recorder_expect (recorder, "0 sessionStart@7000", "0 sessionEnd@1807000");
}

static void
inactivity_runs_on (void)
{
  g_autoptr (MhRecorder) recorder = recorder_new_quiet ();

  mh_recorder_call (recorder, 0, S);
  mh_recorder_call (recorder, 0, "play");
  mh_recorder_call (recorder, 2000, "pause");
  mh_recorder_call (recorder, 3000, "seekStart");
  mh_recorder_call (recorder, 4000, "seekComplete");
  mh_recorder_call (recorder, 5000, "bufferStart");
  mh_recorder_call (recorder, 6000, "bufferComplete");
  mh_recorder_call (recorder, 7000, "stallStart");
  /* Playing, but stalled: still inactive. */
  mh_recorder_call (recorder, 8000, "play");
  mh_recorder_expect (recorder, "0 sessionStart@0", "0 play@0", "0 play@1000",
      "0 pauseStart@2000", "0 pauseStart@3000", "0 pauseStart@4000",
      "0 bufferStart@5000", "0 pauseStart@6000", "0 play@8000");
  g_assert_cmpint (inactive_since (recorder), ==, 2000);
  mh_recorder_advance (recorder, 1802000);
  mh_recorder_expect (recorder, "0 sessionEnd@1802000");
  mh_recorder_call (recorder, 1900000, "stallComplete");
  mh_recorder_expect (
      recorder, "1 sessionStart@1900000 resume", "1 play@1900000");
}

/* Each kind by itself makes the player inactive; each end resets the clock. */
static void
inactivity_kinds (void)
{
  static const struct
  {
    const char *start;
    const char *end;
  } kinds[] = {
    { "pause", "play" },
    { "seekStart", "seekComplete" },
    { "bufferStart", "bufferComplete" },
    { "stallStart", "stallComplete" },
    { "seekStart", "play" },
    { "bufferStart", "play" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    g_autoptr (MhRecorder) recorder = recorder_new_quiet ();
    g_autofree char *hits = NULL;

    mh_recorder_call (recorder, 0, S);
    mh_recorder_call (recorder, 0, "play");
    mh_recorder_call (recorder, 10000, kinds[i].start);
    mh_recorder_call (recorder, 1809999, kinds[i].end);
    g_assert_cmpint (inactive_since (recorder), ==, -1);
    mh_recorder_call (recorder, 1810000, kinds[i].start);
    hits = mh_recorder_take (recorder);
    mh_recorder_advance (recorder, 3609999);
    mh_recorder_expect (recorder);
    mh_recorder_advance (recorder, 3610000);
    mh_recorder_expect (recorder, "0 sessionEnd@3610000");
    mh_recorder_call (recorder, 4000000, kinds[i].end);
    mh_recorder_expect (
        recorder, "1 sessionStart@4000000 resume", "1 play@4000000");
  }
}

/* Calls that do not make it active leave the clock alone. */
static void
inactivity_not_reset (void)
{
  static const char *const calls[] = { B, A, "adComplete", "adBreakComplete", C,
    "chapterComplete", QOE (1), "bitrateChange", STATE_START ("s"),
    "error {'id': <'e'>}", PLAYHEAD (1, 0), "advance", "expire", "pause" };
  g_autoptr (MhRecorder) recorder = recorder_new_quiet ();

  mh_recorder_call (recorder, 0, S);
  mh_recorder_call (recorder, 1, "pause");
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++) {
    mh_recorder_call (recorder, 1000 + i, calls[i]);
    g_assert_cmpint (inactive_since (recorder), ==, 0);
  }
  g_assert_cmpint (mh_recorder_get_deadline (recorder), ==, 1800000);
}

/* No hit is made while closed, and nothing is due. */
static void
closed_makes_no_hits (void)
{
  static const char *const calls[] = { C, B, AD_START ("a0"), A, "adSkip",
    "adBreakComplete", "seekStart", "seekComplete", "bufferStart",
    "bufferComplete", "stallStart", STATE_START ("s"), STATE_END ("s"),
    QOE (1000), "bitrateChange", "error {'id': <'e'>}", PLAYHEAD (7, 1),
    "chapterComplete", "advance", "play", "pause" };
  g_autoptr (MhRecorder) recorder = recorder_new_quiet ();
  g_autofree char *hits = NULL;

  mh_recorder_call (recorder, 0, S);
  mh_recorder_call (recorder, 0, "pause");
  mh_recorder_advance (recorder, 1800000);
  hits = mh_recorder_take (recorder);
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++) {
    mh_recorder_call (recorder, 1800001 + i, calls[i]);
    g_assert_cmpint (mh_recorder_get_deadline (recorder), ==, -1);
  }
  mh_recorder_refuse (recorder, 1900000, S, "a session is open");
  mh_recorder_refuse (
      recorder, 1900000, "expire", "the session is closed by inactivity");
  mh_recorder_expect (recorder);
}

/* What they change of the context shows in the resume. */
static void
closed_resume (void)
{
  g_autoptr (MhRecorder) recorder = recorder_new_quiet ();
  g_autofree char *hits = NULL;

  mh_recorder_call (recorder, 0, S);
  mh_recorder_call (recorder, 0, CHAPTER_START ("c0"));
  mh_recorder_call (recorder, 0, STATE_START ("z"));
  mh_recorder_call (recorder, 0, STATE_START ("y"));
  mh_recorder_call (recorder, 0, QOE (1000));
  mh_recorder_call (recorder, 0, "bitrateChange");
  mh_recorder_advance (recorder, 1800000);
  hits = mh_recorder_take (recorder);
  mh_recorder_call (recorder, 1800001, C);
  mh_recorder_call (recorder, 1800002, B);
  mh_recorder_call (recorder, 1800004, "stallStart");
  mh_recorder_call (recorder, 1800005, A);
  mh_recorder_call (recorder, 1800006, STATE_START ("x"));
  mh_recorder_call (recorder, 1800007, STATE_END ("y"));
  mh_recorder_call (recorder, 1800008, STATE_END ("z"));
  mh_recorder_call (recorder, 1800009, STATE_START ("z"));
  mh_recorder_call (recorder, 1800012, PLAYHEAD (7, 1));
  mh_recorder_expect (recorder);
  mh_recorder_call (recorder, 1801012, "stallComplete");
  mh_recorder_expect (recorder,
      "1 sessionStart@1801012 ph=8 resume qoe(bitrate=1000)",
      "1 chapterStart@1801012 ph=8 c", "1 adBreakStart@1801012 ph=8 b",
      "1 adStart@1801012 ph=8 a", "1 stateStart@1801012 ph=8 z",
      "1 stateStart@1801012 ph=8 x", "1 play@1801012 ph=8");
}

/* adStart makes a player play that did not yet: it resumes. */
static void
closed_resumed_by_an_ad (void)
{
  g_autoptr (MhRecorder) recorder = recorder_new_quiet ();

  mh_recorder_call (recorder, 0, S);
  mh_recorder_call (recorder, 0, B);
  mh_recorder_advance (recorder, 2000000);
  mh_recorder_call (recorder, 2000001, A);
  mh_recorder_expect (recorder, "0 sessionStart@0", "0 adBreakStart@0 b",
      "0 sessionEnd@1800000", "1 sessionStart@2000001 resume",
      "1 adBreakStart@2000001 b", "1 adStart@2000001 a", "1 play@2000001");
}

static void
closed_end (void)
{
  static const char *const ends[] = { "complete", "sessionEnd" };

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++) {
    g_autoptr (MhRecorder) recorder = recorder_new_quiet ();

    mh_recorder_call (recorder, 0, S);
    mh_recorder_call (recorder, 0, C);
    mh_recorder_advance (recorder, 1800000);
    mh_recorder_call (recorder, 1900000, ends[i]);
    mh_recorder_refuse (recorder, 1900001, "play", "no session");
    mh_recorder_call (recorder, 1900002, S);
    mh_recorder_call (recorder, 1900002, "play");
    mh_recorder_expect (recorder, "0 sessionStart@0", "0 chapterStart@0 c",
        "0 sessionEnd@1800000", "1 sessionStart@1900002", "1 play@1900002");
  }
}

/* An expired session of an inactive player: its clock runs on. */
static void
expire_keeps_the_inactive_clock (void)
{
  g_autoptr (MhRecorder) recorder = recorder_new_quiet ();

  mh_recorder_call (recorder, 0, S);
  mh_recorder_call (recorder, 0, "pause");
  mh_recorder_call (recorder, 600000, "expire");
  mh_recorder_advance (recorder, 1800000);
  mh_recorder_expect (recorder, "0 sessionStart@0", "0 pauseStart@0",
      "1 sessionStart@600000 resume", "1 pauseStart@600000",
      "1 sessionEnd@1800000");
}

/* ---- long sessions ---- */

static void
long_session (void)
{
  g_autoptr (MhRecorder) recorder = mh_recorder_new ();

  mh_recorder_call (recorder, 5, S);
  mh_recorder_call (recorder, 5, "play");
  mh_recorder_call (recorder, 5, C);
  mh_recorder_call (recorder, 5, QOE (1000));
  mh_recorder_call (recorder, 5, "bitrateChange");
  mh_recorder_advance (recorder, DAY + 4);
  mh_recorder_drop_pings (recorder, 8639);
  mh_recorder_expect (recorder, "0 sessionStart@5", "0 play@5",
      "0 chapterStart@5 c", "0 bitrateChange@5 qoe(bitrate=1000)",
      "0 play@1005");
  mh_recorder_advance (recorder, DAY + 5);
  mh_recorder_expect (recorder, "0 sessionEnd@86400005",
      "1 sessionStart@86400005 resume qoe(bitrate=1000)",
      "1 chapterStart@86400005 c", "1 play@86400005");
  /* Its content starts anew, its clock too. */
  mh_recorder_advance (recorder, 2 * DAY + 5);
  mh_recorder_drop_pings (recorder, 8639);
  mh_recorder_expect (recorder, "1 play@86401005", "1 sessionEnd@172800005",
      "2 sessionStart@172800005 resume qoe(bitrate=1000)",
      "2 chapterStart@172800005 c", "2 play@172800005");
}

/* Paused for a short while at the limit: the restart reports the pause. */
static void
long_session_in_pause (void)
{
  g_autoptr (MhRecorder) recorder = mh_recorder_new ();
  const MhTimeouts timeouts = { MH_TIME_FROM_SEC (50), MH_TIME_FROM_SEC (20),
    MH_TIME_FROM_SEC (432000), MH_TIME_FROM_SEC (1) };

  mh_session_set_timeouts (mh_recorder_session (recorder), &timeouts);
  mh_recorder_call (recorder, 0, S);
  mh_recorder_call (recorder, 0, "pause");
  mh_recorder_advance (recorder, DAY);
  mh_recorder_expect (recorder, "0 sessionStart@0", "0 pauseStart@0",
      "0 sessionEnd@20000", "1 sessionStart@20000 resume", "1 pauseStart@20000",
      "1 sessionEnd@40000", "2 sessionStart@40000 resume", "2 pauseStart@40000",
      "2 sessionEnd@50000");
  mh_recorder_call (recorder, DAY, "play");
  mh_recorder_call (recorder, DAY + 20000, "sessionEnd");
  mh_recorder_expect (recorder, "3 sessionStart@86400000 resume",
      "3 play@86400000", "3 play@86401000", "3 sessionEnd@86420000",
      "4 sessionStart@86420000 resume", "4 play@86420000",
      "4 sessionEnd@86420000");
}

/* Both limits at once: closed by inactivity, nothing restarts. */
static void
long_session_and_inactivity (void)
{
  g_autoptr (MhRecorder) recorder = mh_recorder_new ();
  const MhTimeouts timeouts = { MH_TIME_FROM_SEC (20), MH_TIME_FROM_SEC (20),
    MH_TIME_FROM_SEC (20), MH_TIME_FROM_SEC (1) };

  mh_session_set_timeouts (mh_recorder_session (recorder), &timeouts);
  mh_recorder_call (recorder, 0, S);
  mh_recorder_advance (recorder, DAY);
  mh_recorder_expect (recorder, "0 sessionStart@0", "0 sessionEnd@20000");
}

/* expire begins the clock anew, a resume does too. */
static void
long_session_clock_begins_anew (void)
{
  g_autoptr (MhRecorder) recorder = mh_recorder_new ();
  const MhTimeouts timeouts = { MH_TIME_FROM_SEC (30), MH_TIME_FROM_SEC (100),
    MH_TIME_FROM_SEC (432000), MH_TIME_FROM_SEC (1) };
  g_autofree char *hits = NULL;

  mh_session_set_timeouts (mh_recorder_session (recorder), &timeouts);
  mh_recorder_call (recorder, 0, S);
  mh_recorder_call (recorder, 0, "play");
  mh_recorder_call (recorder, 60000, "expire");
  mh_recorder_advance (recorder, 61000);
  g_assert_cmpint (mh_recorder_get_deadline (recorder), ==, 160000);
  mh_recorder_call (recorder, 70000, "pause");
  mh_recorder_call (recorder, 150000, "play");
  mh_recorder_advance (recorder, 151000);
  g_assert_cmpint (mh_recorder_get_deadline (recorder), ==, 250000);
  hits = mh_recorder_take (recorder);
  mh_recorder_advance (recorder, 250000);
  mh_recorder_expect (recorder, "2 sessionEnd@250000",
      "3 sessionStart@250000 resume", "3 play@250000");
}

/* ---- content start ---- */

static void
content_start (void)
{
  g_autoptr (MhRecorder) recorder = recorder_new_quiet ();

  mh_recorder_call (recorder, 0, S);
  mh_recorder_call (recorder, 300, "play");
  mh_recorder_advance (recorder, 1299);
  mh_recorder_expect (recorder, "0 sessionStart@0", "0 play@300");
  mh_recorder_advance (recorder, 1300);
  mh_recorder_expect (recorder, "0 play@1300");
  /* Once only. */
  mh_recorder_call (recorder, 2000, "pause");
  mh_recorder_call (recorder, 3000, "play");
  mh_recorder_call (recorder, 4000, B);
  mh_recorder_call (recorder, 5000, "adBreakComplete");
  mh_recorder_advance (recorder, 9000);
  mh_recorder_expect (recorder, "0 pauseStart@2000", "0 play@3000",
      "0 adBreakStart@4000 b", "0 adBreakComplete@5000", "0 play@5000");
}

/* Inactive before the 1000 ms are over: the count goes on from its start. */
static void
content_start_with_a_pause (void)
{
  g_autoptr (MhRecorder) recorder = recorder_new_quiet ();

  mh_recorder_call (recorder, 0, S);
  mh_recorder_call (recorder, 0, "play");
  mh_recorder_call (recorder, 500, "pause");
  mh_recorder_call (recorder, 700, "play");
  mh_recorder_advance (recorder, 5000);
  mh_recorder_expect (recorder, "0 sessionStart@0", "0 play@0",
      "0 pauseStart@500", "0 play@700", "0 play@1000");
}

/* Inactive when they are over: at the return, in one hit with it. */
static void
content_start_in_a_pause (void)
{
  g_autoptr (MhRecorder) recorder = recorder_new_quiet ();

  mh_recorder_call (recorder, 0, S);
  mh_recorder_call (recorder, 0, "play");
  mh_recorder_call (recorder, 500, "stallStart");
  mh_recorder_advance (recorder, 4999);
  mh_recorder_call (recorder, 5000, "stallComplete");
  mh_recorder_advance (recorder, 9000);
  mh_recorder_expect (recorder, "0 sessionStart@0", "0 play@0", "0 play@5000");
  mh_recorder_call (recorder, 9000, "sessionEnd");
  mh_recorder_call (recorder, 10000, S);
  mh_recorder_call (recorder, 10000, "play");
  mh_recorder_call (recorder, 10999, "pause");
  mh_recorder_call (recorder, 20000, "play");
  mh_recorder_advance (recorder, 29000);
  mh_recorder_expect (recorder, "0 sessionEnd@9000", "1 sessionStart@10000",
      "1 play@10000", "1 pauseStart@10999", "1 play@20000");
}

static void
content_start_reset_by_a_break (void)
{
  g_autoptr (MhRecorder) recorder = recorder_new_quiet ();

  mh_recorder_call (recorder, 0, S);
  mh_recorder_call (recorder, 0, "play");
  mh_recorder_call (recorder, 999, B);
  mh_recorder_call (recorder, 999, A);
  mh_recorder_call (recorder, 16000, "adComplete");
  mh_recorder_call (recorder, 16000, "adBreakComplete");
  mh_recorder_advance (recorder, 16999);
  mh_recorder_expect (recorder, "0 sessionStart@0", "0 play@0",
      "0 adBreakStart@999 b", "0 adStart@999 a", "0 play@999",
      "0 adComplete@16000", "0 adBreakComplete@16000", "0 play@16000");
  mh_recorder_advance (recorder, 17000);
  mh_recorder_expect (recorder, "0 play@17000");
}

/* The deadline comes before an ad break at the same time. */
static void
content_start_then_a_break (void)
{
  g_autoptr (MhRecorder) recorder = recorder_new_quiet ();

  mh_recorder_call (recorder, 0, S);
  mh_recorder_call (recorder, 0, "play");
  mh_recorder_call (recorder, 1000, B);
  mh_recorder_call (recorder, 2000, "adBreakComplete");
  mh_recorder_advance (recorder, 9000);
  mh_recorder_expect (recorder, "0 sessionStart@0", "0 play@0", "0 play@1000",
      "0 adBreakStart@1000 b", "0 adBreakComplete@2000", "0 play@2000");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, test) g_test_add_func ("/session/" path, test)
  ADD ("inactivity/limit", inactivity_limit);
  ADD ("inactivity/play-at-limit", inactivity_play_at_limit);
  ADD ("inactivity/microsecond", inactivity_microsecond);
  ADD ("inactivity/with-pings", inactivity_with_pings);
  ADD ("inactivity/from-session-start", inactivity_from_session_start);
  ADD ("inactivity/runs-on", inactivity_runs_on);
  ADD ("inactivity/kinds", inactivity_kinds);
  ADD ("inactivity/not-reset", inactivity_not_reset);
  ADD ("closed/no-hits", closed_makes_no_hits);
  ADD ("closed/resume", closed_resume);
  ADD ("closed/resumed-by-an-ad", closed_resumed_by_an_ad);
  ADD ("closed/end", closed_end);
  ADD ("expire/inactive-clock", expire_keeps_the_inactive_clock);
  ADD ("long-session/limit", long_session);
  ADD ("long-session/in-pause", long_session_in_pause);
  ADD ("long-session/and-inactivity", long_session_and_inactivity);
  ADD ("long-session/clock-begins-anew", long_session_clock_begins_anew);
  ADD ("content-start/once", content_start);
  ADD ("content-start/with-a-pause", content_start_with_a_pause);
  ADD ("content-start/in-a-pause", content_start_in_a_pause);
  ADD ("content-start/reset-by-a-break", content_start_reset_by_a_break);
  ADD ("content-start/then-a-break", content_start_then_a_break);
  return g_test_run ();
}
