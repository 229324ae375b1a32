/* Tests of mh-session: pings, time-outs of one's own, deadlines.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-recorder.h"

#define S SESSION_START
#define B AD_BREAK_START ("b")
#define A AD_START ("a")
#define C CHAPTER_START ("c")

#define DAY 86400000

/* ---- pings ---- */

static void
ping_clock (void)
{
  g_autoptr (MhRecorder) recorder = mh_recorder_new ();

  mh_recorder_call (recorder, 0, S);
  mh_recorder_advance (recorder, 9999);
  mh_recorder_expect (recorder, "0 sessionStart@0");
  mh_recorder_advance (recorder, 10000);
  mh_recorder_expect (recorder, "0 ping@10000");
  mh_recorder_call (recorder, 15000, "play"); /* begins the clock anew */
  mh_recorder_call (recorder, 20000, C); /* other hits do not */
  mh_recorder_call (recorder, 21000, "bitrateChange");
  mh_recorder_call (recorder, 22000, "error {'id': <'e'>}");
  mh_recorder_call (recorder, 22000, "play");
  mh_recorder_call (recorder, 23000, STATE_START ("s"));
  mh_recorder_call (recorder, 24000, "stallStart");
  mh_recorder_advance (recorder, 35999);
  mh_recorder_expect (recorder, "0 play@15000", "0 play@16000",
      "0 chapterStart@20000 c", "0 bitrateChange@21000",
      "0 error@22000 qoe(errorID='e' errorSource='player')",
      "0 stateStart@23000 s", "0 ping@26000");
  mh_recorder_call (recorder, 36000, "pause");
  mh_recorder_call (recorder, 46000, "sessionEnd");
  mh_recorder_expect (recorder, "0 ping@36000", "0 pauseStart@36000",
      "0 ping@46000", "0 chapterSkip@46000", "0 sessionEnd@46000");
}

static void
ping_granular_ads (void)
{
  g_autoptr (MhRecorder) recorder = mh_recorder_new ();

  mh_recorder_call (recorder, 0, SESSION_START_GRANULAR);
  mh_recorder_call (recorder, 0, B); /* not yet in an ad */
  mh_recorder_call (recorder, 3000, A);
  mh_recorder_call (recorder, 5500, "adComplete");
  mh_recorder_advance (recorder, 15000);
  mh_recorder_expect (recorder, "0 sessionStart@0", "0 adBreakStart@0 b",
      "0 adStart@3000 a", "0 play@3000", "0 ping@4000", "0 ping@5000",
      "0 adComplete@5500", "0 ping@15000");
  mh_recorder_call (recorder, 15500, AD_START ("a2"));
  mh_recorder_call (recorder, 17000, "pause");
  mh_recorder_call (recorder, 18200, "adSkip");
  mh_recorder_advance (recorder, 28000);
  mh_recorder_expect (recorder, "0 adStart@15500 a2", "0 play@15500",
      "0 ping@16500", "0 pauseStart@17000", "0 ping@18000", "0 adSkip@18200",
      "0 ping@28000");
  mh_recorder_call (recorder, 28000, A);
  mh_recorder_call (recorder, 28500, AD_START ("a2"));
  mh_recorder_call (recorder, 30000, "adBreakComplete");
  mh_recorder_advance (recorder, 40000);
  mh_recorder_expect (recorder, "0 adStart@28000 a", "0 pauseStart@28000",
      "0 adSkip@28500", "0 adStart@28500 a2", "0 pauseStart@28500",
      "0 ping@29500", "0 adSkip@30000", "0 adBreakComplete@30000",
      "0 pauseStart@30000", "0 ping@40000");
}

static void
ping_without_granular_ads (void)
{
  g_autoptr (MhRecorder) recorder = mh_recorder_new ();

  mh_recorder_call (recorder, 0, S);
  mh_recorder_call (recorder, 0, B);
  mh_recorder_call (recorder, 0, A);
  mh_recorder_advance (recorder, 20000);
  mh_recorder_expect (recorder, "0 sessionStart@0", "0 adBreakStart@0 b",
      "0 adStart@0 a", "0 play@0", "0 ping@10000", "0 ping@20000");
}

#define DOWNLOADED \
  "sessionStart {'downloaded': <true>, 'media': <{" MEDIA_MEMBERS \
  ", 'prerollWaitingTime': <0>, 'granularAdTracking': <true>}>}"

/* Downloaded: 50 s, in ads too, whatever the time-outs say. */
static void
ping_downloaded (void)
{
  const MhTimeouts timeouts = { MH_TIME_FROM_SEC (1800), MH_TIME_FROM_SEC (DAY),
    MH_TIME_FROM_SEC (3), MH_TIME_FROM_SEC (2) };

  for (guint i = 0; i < 2; i++) {
    g_autoptr (MhRecorder) recorder = mh_recorder_new ();

    if (i == 1)
      mh_session_set_timeouts (mh_recorder_session (recorder), &timeouts);
    mh_recorder_call (recorder, 0, DOWNLOADED);
    mh_recorder_call (recorder, 0, B);
    mh_recorder_call (recorder, 0, A);
    mh_recorder_advance (recorder, 49999);
    mh_recorder_expect (recorder, "0 sessionStart@0", "0 adBreakStart@0 b",
        "0 adStart@0 a", "0 play@0");
    mh_recorder_advance (recorder, 100000);
    mh_recorder_expect (recorder, "0 ping@50000", "0 ping@100000");
    mh_recorder_call (recorder, 100000, "adBreakComplete");
    mh_recorder_advance (recorder, 151000);
    mh_recorder_expect (recorder, "0 adSkip@100000", "0 adBreakComplete@100000",
        "0 play@100000", "0 play@101000", "0 ping@151000");
  }
}

/* ---- other times ---- */

static void
timeouts_custom (void)
{
  g_autoptr (MhRecorder) recorder = mh_recorder_new ();
  const MhTimeouts timeouts = { MH_TIME_FROM_SEC (7), MH_TIME_FROM_SEC (20),
    MH_TIME_FROM_SEC (3), MH_TIME_FROM_SEC (2) };

  mh_session_set_timeouts (mh_recorder_session (recorder), &timeouts);
  mh_recorder_call (recorder, 0, SESSION_START_GRANULAR);
  mh_recorder_call (recorder, 0, "play");
  mh_recorder_call (recorder, 8000, B);
  mh_recorder_call (recorder, 8000, A);
  mh_recorder_call (recorder, 13000, "pause");
  mh_recorder_advance (recorder, DAY);
  mh_recorder_expect (recorder, "0 sessionStart@0", "0 play@0", "0 play@1000",
      "0 ping@4000", "0 ping@7000", "0 adBreakStart@8000 b", "0 adStart@8000 a",
      "0 play@8000", "0 ping@10000", "0 ping@12000", "0 pauseStart@13000",
      "0 ping@15000", "0 ping@17000", "0 ping@19000", "0 sessionEnd@20000");
}

/* Shorter ones take effect now, not at a time that is past. */
static void
timeouts_made_shorter (void)
{
  const MhTimeouts pings = { MH_TIME_FROM_SEC (1800), MH_TIME_FROM_SEC (DAY),
    MH_TIME_FROM_SEC (2), MH_TIME_FROM_SEC (1) };
  const MhTimeouts idle = { MH_TIME_FROM_SEC (100), MH_TIME_FROM_SEC (DAY),
    MH_TIME_FROM_SEC (10), MH_TIME_FROM_SEC (1) };
  g_autoptr (MhRecorder) recorder = mh_recorder_new ();

  mh_recorder_call (recorder, 0, S);
  mh_recorder_call (recorder, 0, "pause");
  mh_recorder_advance (recorder, 8000);
  mh_session_set_timeouts (mh_recorder_session (recorder), &pings);
  mh_recorder_advance (recorder, 11000);
  mh_recorder_expect (recorder, "0 sessionStart@0", "0 pauseStart@0",
      "0 ping@8000", "0 ping@10000");
  mh_recorder_advance (recorder, 500000);
  mh_recorder_drop_pings (recorder, 245);
  mh_session_set_timeouts (mh_recorder_session (recorder), &idle);
  mh_recorder_advance (recorder, 501000);
  mh_recorder_expect (recorder, "0 sessionEnd@500000");
}

/* The same while calls are held back: they keep their times. */
static void
timeouts_made_shorter_in_preroll (void)
{
  const MhTimeouts timeouts = { MH_TIME_FROM_SEC (1), MH_TIME_FROM_SEC (DAY),
    MH_TIME_FROM_SEC (2), MH_TIME_FROM_SEC (1) };
  g_autoptr (MhRecorder) recorder = mh_recorder_new ();

  mh_recorder_call (recorder, 0,
      "sessionStart {'media': <{" MEDIA_MEMBERS
      ", 'prerollWaitingTime': <5000>}>}");
  mh_recorder_call (recorder, 2000, "pause");
  mh_recorder_advance (recorder, 3000);
  mh_session_set_timeouts (mh_recorder_session (recorder), &timeouts);
  mh_recorder_call (recorder, 4000, "play");
  mh_recorder_call (recorder, 4500, "sessionEnd");
  mh_recorder_expect (recorder, "0 sessionStart@0", "0 sessionEnd@2000",
      "1 sessionStart@4000 resume", "1 play@4000", "1 sessionEnd@4500");
}

/* ---- deadlines ---- */

static const struct
{
  gint64 at;
  const char *call;
} long_timeline[] = {
  { 0, SESSION_START_GRANULAR },
  { 0, PLAYHEAD (0, 1) },
  { 100, "play" },
  { 700, "bufferStart" },
  { 1234, "bufferComplete" },
  { 30000, B },
  { 30000, A },
  { 37500, "adComplete" },
  { 39000, "adBreakComplete" },
  { 39500, C },
  { 60000, "pause" },
  { 70000, "seekStart" },
  { 2000000, STATE_START ("s") },
  { 2000500, "play" },
  { 2001000, B },
  { 2003000, "adBreakComplete" },
  { 90000000, "stallStart" },
  { 95000000, "stallComplete" },
  { 95000500, "expire" },
  { 95100000, "complete" },
  { 95200000, SESSION_START_PREROLL },
  { 95200100, "play" },
  { 95200200, "bitrateChange" },
  { 95300000, "sessionEnd" },
};

/* Advancing exactly when it is asked for, or also in between, or not at all:
 * the same hits. */
static void
deadlines_are_exact (void)
{
  g_autoptr (MhRecorder) never = mh_recorder_new ();
  g_autoptr (MhRecorder) exactly = mh_recorder_new ();
  g_autoptr (MhRecorder) often = mh_recorder_new ();
  MhSession *session = mh_recorder_session (exactly);
  g_autofree char *wanted = NULL;
  g_autofree char *hits = NULL;
  g_autofree char *hits_often = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (long_timeline); i++) {
    gint64 at = long_timeline[i].at;
    MhTime deadline;

    while ((deadline = mh_session_next_deadline (session)) <=
        MH_TIME_FROM_MSEC (at)) {
      mh_session_advance (session, deadline);
      g_assert_cmpint (mh_session_next_deadline (session), >, deadline);
      mh_session_advance (mh_recorder_session (often), deadline - 1);
      mh_session_advance (mh_recorder_session (often), deadline);
      mh_session_advance (mh_recorder_session (often), deadline);
    }
    mh_recorder_call (never, at, long_timeline[i].call);
    mh_recorder_call (exactly, at, long_timeline[i].call);
    mh_recorder_call (often, at, long_timeline[i].call);
  }
  wanted = mh_recorder_take (never);
  hits = mh_recorder_take (exactly);
  hits_often = mh_recorder_take (often);
  g_assert_cmpstr (hits, ==, wanted);
  g_assert_cmpstr (hits_often, ==, wanted);
}

/* Something happens at each deadline, and nothing just before it. */
static void
deadlines_matter (void)
{
  g_autoptr (MhRecorder) recorder = mh_recorder_new ();
  MhSession *session = mh_recorder_session (recorder);
  MhTime deadline;

  g_assert_cmpint (mh_session_get_now (session), ==, MH_TIME_NONE);
  g_assert_cmpint (mh_recorder_get_deadline (recorder), ==, -1);
  mh_recorder_call (recorder, 0, S);
  mh_recorder_call (recorder, 500, "play");
  mh_recorder_call (recorder, 100000, "seekStart");
  while ((deadline = mh_session_next_deadline (session)) != MH_TIME_NEVER) {
    g_autofree char *before = mh_recorder_take (recorder);
    g_autofree char *after = NULL;

    mh_session_advance (session, deadline - 1);
    mh_recorder_expect (recorder);
    mh_session_advance (session, deadline);
    g_assert_cmpint (mh_session_get_now (session), ==, deadline);
    after = mh_recorder_take (recorder);
    g_assert_cmpstr (after, !=, "");
  }
  g_assert_cmpint (mh_session_get_now (session), ==, 1900000000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, test) g_test_add_func ("/session/" path, test)
  ADD ("ping/clock", ping_clock);
  ADD ("ping/granular-ads", ping_granular_ads);
  ADD ("ping/without-granular-ads", ping_without_granular_ads);
  ADD ("ping/downloaded", ping_downloaded);
  ADD ("timeouts/custom", timeouts_custom);
  ADD ("timeouts/made-shorter", timeouts_made_shorter);
  ADD ("timeouts/made-shorter-in-preroll", timeouts_made_shorter_in_preroll);
  ADD ("deadlines/exact", deadlines_are_exact);
  ADD ("deadlines/matter", deadlines_matter);
  return g_test_run ();
}
