/* Tests of mh-session-hits: what a hit of the session holds.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-recorder.h"

#include <math.h>

#define S SESSION_START
#define B AD_BREAK_START ("b")
#define A AD_START ("a")
#define C CHAPTER_START ("c")
#define ERROR "error {'id': <'e'>}"
#define ERROR_QOE "errorID='e' errorSource='player')"

/* ---- quality of experience ---- */

static void
qoe_goes_once (void)
{
  g_autoptr (MhRecorder) recorder = mh_recorder_new ();

  mh_recorder_call (recorder, 0, S);
  mh_recorder_call (recorder, 1, QOE (1000));
  mh_recorder_call (recorder, 2, "play");
  mh_recorder_call (recorder, 3, "pause");
  mh_recorder_call (recorder, 4, QOE (1000)); /* equal */
  mh_recorder_call (recorder, 5, "play");
  mh_recorder_call (recorder, 6, QOE (2000));
  mh_recorder_call (recorder, 7, C);
  mh_recorder_call (recorder, 8, "chapterSkip");
  mh_recorder_expect (recorder, "0 sessionStart@0",
      "0 play@2 qoe(bitrate=1000)", "0 pauseStart@3", "0 play@5",
      "0 chapterStart@7 c qoe(bitrate=2000)", "0 chapterSkip@8");
}

/* There and back before a hit: nothing to report. */
static void
qoe_back_again (void)
{
  g_autoptr (MhRecorder) recorder = mh_recorder_new ();

  mh_recorder_call (recorder, 0, S);
  mh_recorder_call (recorder, 1, QOE (1000));
  mh_recorder_call (recorder, 2, "play");
  mh_recorder_call (recorder, 3, QOE (2000));
  mh_recorder_call (recorder, 4, QOE (1000));
  mh_recorder_call (recorder, 5, "pause");
  mh_recorder_expect (recorder, "0 sessionStart@0",
      "0 play@2 qoe(bitrate=1000)", "0 pauseStart@5");
}

/* Every kind of hit takes it along. */
static void
qoe_with_each_kind (void)
{
  static const char *const calls[] = { "play", "pause", B, A, "adComplete",
    "adBreakComplete", C, "chapterComplete", STATE_START ("s"), STATE_END ("s"),
    "bufferStart" };
  g_autoptr (MhRecorder) recorder = mh_recorder_new ();
  g_autofree char *hits = NULL;

  mh_recorder_call (recorder, 0, S);
  hits = mh_recorder_take (recorder);
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++) {
    g_autofree char *qoe = g_strdup_printf ("qoe {'fps': <%u>}", i);
    g_autofree char *wanted = g_strdup_printf ("qoe(framesPerSecond=%u)", i);
    g_autofree char *got = NULL;

    mh_recorder_call (recorder, i, qoe);
    mh_recorder_call (recorder, i, calls[i]);
    got = mh_recorder_take (recorder);
    g_assert_nonnull (g_strstr_len (got, -1, wanted));
  }
  mh_recorder_call (recorder, 20, QOE (1));
  mh_recorder_advance (recorder, 10010);
  mh_recorder_expect (recorder, "0 ping@10010 qoe(bitrate=1)");
  mh_recorder_call (recorder, 10011, QOE (2));
  mh_recorder_call (recorder, 10012, "complete");
  mh_recorder_expect (recorder, "0 sessionComplete@10012 qoe(bitrate=2)");
}

static void
bitrate_change (void)
{
  g_autoptr (MhRecorder) recorder = mh_recorder_new ();

  mh_recorder_call (recorder, 0, S);
  mh_recorder_call (recorder, 1, "bitrateChange");
  mh_recorder_call (recorder, 2, QOE (1000));
  mh_recorder_call (recorder, 3, "bitrateChange");
  mh_recorder_call (recorder, 4, "bitrateChange"); /* always */
  mh_recorder_call (recorder, 5, "play"); /* reported just now */
  mh_recorder_expect (recorder, "0 sessionStart@0", "0 bitrateChange@1",
      "0 bitrateChange@3 qoe(bitrate=1000)",
      "0 bitrateChange@4 qoe(bitrate=1000)", "0 play@5");
}

static void
error_hit (void)
{
  g_autoptr (MhRecorder) recorder = mh_recorder_new ();

  mh_recorder_call (recorder, 0, S);
  mh_recorder_call (recorder, 1, ERROR);
  mh_recorder_call (recorder, 2, "play"); /* no plain one to report */
  mh_recorder_call (recorder, 3, QOE (1000));
  mh_recorder_call (recorder, 4, "pause");
  mh_recorder_call (recorder, 5, ERROR);
  mh_recorder_call (recorder, 6, ERROR);
  mh_recorder_call (recorder, 7, "play"); /* the plain one again */
  mh_recorder_call (recorder, 8, "pause");
  mh_recorder_expect (recorder, "0 sessionStart@0", "0 error@1 qoe(" ERROR_QOE,
      "0 play@2", "0 pauseStart@4 qoe(bitrate=1000)",
      "0 error@5 qoe(bitrate=1000 " ERROR_QOE,
      "0 error@6 qoe(bitrate=1000 " ERROR_QOE, "0 play@7 qoe(bitrate=1000)",
      "0 pauseStart@8");
}

/* Who noticed it is the call's to say, each time anew. */
static void
error_source (void)
{
  g_autoptr (MhRecorder) recorder = mh_recorder_new ();

  mh_recorder_call (recorder, 0, S);
  mh_recorder_call (recorder, 1, "error {'id': <'e'>, 'source': <'external'>}");
  mh_recorder_call (recorder, 2, "error {'id': <'e'>, 'source': <'player'>}");
  mh_recorder_call (recorder, 3, ERROR);
  mh_recorder_expect (recorder, "0 sessionStart@0",
      "0 error@1 qoe(errorID='e' errorSource='external')",
      "0 error@2 qoe(" ERROR_QOE, "0 error@3 qoe(" ERROR_QOE);
}

static void
qoe_of_a_restart (void)
{
  g_autoptr (MhRecorder) recorder = mh_recorder_new ();

  mh_recorder_call (recorder, 0, S);
  mh_recorder_call (recorder, 0, QOE (1000));
  mh_recorder_call (recorder, 0, "play");
  mh_recorder_call (recorder, 1, "expire");
  mh_recorder_expect (recorder, "0 sessionStart@0",
      "0 play@0 qoe(bitrate=1000)", "1 sessionStart@1 resume qoe(bitrate=1000)",
      "1 play@1");
}

/* Whole numbers; what is not known is left out. */
static void
qoe_values (void)
{
  g_autoptr (MhRecorder) recorder = mh_recorder_new ();

  mh_recorder_call (recorder, 0, S);
  mh_recorder_call (recorder, 0,
      "qoe {'bitrate': <1e300>, 'startupTime': <0.4>, 'fps': <29.97>, "
      "'droppedFrames': <0>}");
  mh_recorder_call (recorder, 0, "play");
  mh_recorder_call (recorder, 0, "qoe");
  mh_recorder_call (recorder, 0, "pause");
  mh_recorder_call (recorder, 0, "bitrateChange");
  mh_recorder_expect (recorder, "0 sessionStart@0",
      "0 play@0 qoe(bitrate=9000000000000000 droppedFrames=0 "
      "framesPerSecond=30 timeToStart=0)",
      "0 pauseStart@0", "0 bitrateChange@0");
}

/* ---- playhead ---- */

static void
playhead_moves (void)
{
  g_autoptr (MhRecorder) recorder = mh_recorder_new ();

  mh_recorder_call (recorder, 0, S);
  mh_recorder_call (recorder, 0, PLAYHEAD (5, 1));
  mh_recorder_call (recorder, 250, "play");
  mh_recorder_call (recorder, 500, PLAYHEAD (100, 2));
  mh_recorder_advance (recorder, 1250);
  mh_recorder_call (recorder, 2000, "pause");
  mh_recorder_call (recorder, 2000, PLAYHEAD (103.25, 0));
  mh_recorder_call (recorder, 9000, "play");
  mh_recorder_call (recorder, 9000, PLAYHEAD (103.25, -1));
  mh_recorder_advance (recorder, 19000);
  mh_recorder_expect (recorder, "0 sessionStart@0", "0 play@250 ph=5.25",
      "0 play@1250 ph=101.5", "0 pauseStart@2000 ph=103",
      "0 play@9000 ph=103.25", "0 ping@19000 ph=93.25");
}

static void
playhead_is_never_negative (void)
{
  g_autoptr (MhRecorder) recorder = mh_recorder_new ();

  mh_recorder_call (recorder, 0, S);
  mh_recorder_call (recorder, 0, PLAYHEAD (-3, 1));
  mh_recorder_call (recorder, 1000, "play");
  mh_recorder_call (recorder, 3000, "pause");
  mh_recorder_call (recorder, 3500, PLAYHEAD (1, -1));
  mh_recorder_call (recorder, 9000, "bitrateChange");
  mh_recorder_expect (recorder, "0 sessionStart@0", "0 play@1000",
      "0 play@2000", "0 pauseStart@3000", "0 bitrateChange@9000");
}

/* Free of the noise of adding doubles, also after a long time. */
static void
playhead_is_exact (void)
{
  g_autoptr (MhRecorder) recorder = mh_recorder_new ();

  mh_recorder_call (recorder, 0, S);
  mh_recorder_call (recorder, 0, PLAYHEAD (1.1, 1));
  mh_recorder_call (recorder, 100, "pause");
  mh_recorder_call (recorder, 100, PLAYHEAD (86399.7, 0.1));
  mh_recorder_call (recorder, 3100, "bitrateChange");
  mh_recorder_expect (recorder, "0 sessionStart@0", "0 pauseStart@100 ph=1.2",
      "0 bitrateChange@3100 ph=86400");
}

static void
keep_last (MhHit *hit, gpointer user_data)
{
  *(double *) user_data = hit->playhead;
  mh_hit_free (hit);
}

/* Whatever it was set to, a hit has a number that JSON has. */
static void
playhead_is_finite (void)
{
  static const MhSessionListener listener = { keep_last, NULL, NULL };
  static const char *const playheads[] = { PLAYHEAD (1e307, 1),
    PLAYHEAD (1.7e308, 1e308), PLAYHEAD (0, 1e308), PLAYHEAD (-1e308, -1e308) };
  double playhead = 0;
  g_autoptr (MhSession) session = mh_session_new (&listener, &playhead);
  g_autoptr (MhCall) start = mh_recorder_parse (S);
  g_autoptr (MhCall) change = mh_recorder_parse ("bitrateChange");

  g_assert_true (mh_session_call (session, start, 0, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (playheads); i++) {
    g_autoptr (MhCall) call = mh_recorder_parse (playheads[i]);
    MhTime at = MH_TIME_FROM_SEC (1 + 10 * i);

    g_assert_true (mh_session_call (session, call, at, NULL));
    g_assert_true (mh_session_call (session, change, at, NULL));
    g_assert_true (isfinite (playhead) && playhead >= 0);
    at += MH_TIME_FROM_SEC (5);
    g_assert_true (mh_session_call (session, change, at, NULL));
    g_assert_true (isfinite (playhead) && playhead >= 0);
  }
}

/* A restart goes on from where it is; closed, it moves on. */
static void
playhead_while_closed (void)
{
  g_autoptr (MhRecorder) recorder = mh_recorder_new ();

  mh_recorder_call (recorder, 0, S);
  mh_recorder_call (recorder, 0, PLAYHEAD (10, 0.001));
  mh_recorder_advance (recorder, 1800000);
  mh_recorder_drop_pings (recorder, 179);
  mh_recorder_call (recorder, 2000000, "play");
  mh_recorder_expect (recorder, "0 sessionStart@0",
      "0 sessionEnd@1800000 ph=11.8", "1 sessionStart@2000000 ph=12 resume",
      "1 play@2000000 ph=12");
}

/* ---- params and metadata ---- */

static void
session_start_params (void)
{
  g_autoptr (MhRecorder) recorder = mh_recorder_new ();

  mh_recorder_set_full (recorder, TRUE);
  mh_recorder_call (recorder, 0,
      "sessionStart {'media': <{'id': <'i'>, 'name': <'n'>, 'length': <60>, "
      "'streamType': <'vod'>, 'mediaType': <'video'>, 'resumed': <true>, "
      "'prerollWaitingTime': <0>}>, 'downloaded': <true>, 'metadata': <{"
      "'media.show': 's', 'a.media.asset': 'x', 'k.1_A': 'v', "
      "'a.media.other': 'o', 'media.anything': 'm', 'mediax': 'n'}>}");
  mh_recorder_call (recorder, 0, "play");
  mh_recorder_call (recorder, 1, "expire");
#define COMMON \
  "'media.downloaded': <true>, 'media.show': <'s'>, 'media.assetId': <'x'>, " \
  "'media.anything': <'m'>} custom={'k.1_A': 'v', 'a.media.other': 'o', " \
  "'mediax': 'n'}"
#define MEMBERS \
  "params={'media.id': <'i'>, 'media.name': <'n'>, 'media.length': <60.0>, " \
  "'media.contentType': <'vod'>, 'media.streamType': <'video'>, "
  mh_recorder_expect (recorder,
      "0 sessionStart@0 " MEMBERS "'media.resume': <true>, " COMMON, "0 play@0",
      "1 sessionStart@1 " MEMBERS "'media.resume': <true>, " COMMON,
      "1 play@1");
#undef COMMON
#undef MEMBERS
}

static void
start_params (void)
{
  g_autoptr (MhRecorder) recorder = mh_recorder_new ();

  mh_recorder_set_full (recorder, TRUE);
  mh_recorder_call (recorder, 0, S);
  mh_recorder_call (recorder, 1,
      "chapterStart {'name': <'c'>, 'position': <3>, 'length': <20.5>, "
      "'startTime': <4>, 'metadata': <{'k': 'v'}>}");
  mh_recorder_call (recorder, 1,
      "adBreakStart {'name': <'b'>, 'position': <2>, 'startTime': <1.5>}");
  mh_recorder_call (recorder, 1,
      "adStart {'id': <'i'>, 'name': <'a'>, 'position': <4>, 'length': <15>, "
      "'metadata': <{'k': 'v', 'a.media.ad.campaign': 'x'}>}");
  mh_recorder_call (recorder, 1, STATE_START ("mute"));
  mh_recorder_call (recorder, 2, STATE_END ("mute"));
  mh_recorder_expect (recorder,
      "0 sessionStart@0 params={'media.id': <'i'>, 'media.name': <'n'>, "
      "'media.length': <60.0>, 'media.contentType': <'vod'>, "
      "'media.streamType': <'video'>, 'media.resume': <false>, "
      "'media.downloaded': <false>}",
      "0 chapterStart@1 params={'media.chapter.friendlyName': <'c'>, "
      "'media.chapter.index': <int64 3>, 'media.chapter.length': <20.5>, "
      "'media.chapter.offset': <4.0>} custom={'k': 'v'}",
      "0 adBreakStart@1 params={'media.ad.podFriendlyName': <'b'>, "
      "'media.ad.podIndex': <int64 2>, 'media.ad.podSecond': <1.5>}",
      "0 adStart@1 params={'media.ad.id': <'i'>, 'media.ad.name': <'a'>, "
      "'media.ad.length': <15.0>, 'media.ad.podPosition': <int64 4>, "
      "'media.ad.campaignId': <'x'>} custom={'k': 'v'}",
      "0 play@1", "0 stateStart@1 params={'media.state.name': <'mute'>}",
      "0 stateEnd@2 params={'media.state.name': <'mute'>}");
}

/* Only once, not with each restart; and no hit's own parameter twice. */
static void
metadata_warnings (void)
{
  g_autoptr (MhRecorder) recorder = mh_recorder_new ();

  mh_recorder_set_full (recorder, TRUE);
  mh_recorder_call (recorder, 0, S);
  g_free (mh_recorder_take (recorder));
  mh_recorder_call (recorder, 0,
      "chapterStart {'name': <'c'>, 'position': <1>, 'length': <1>, "
      "'startTime': <0>, 'metadata': <{'a b': 'v', 'k': 'v', "
      "'media.chapter.index': '9', 'media.id': 'x'}>}");
#define HIT \
  " params={'media.chapter.friendlyName': <'c'>, 'media.chapter.index': " \
  "<int64 1>, 'media.chapter.length': <1.0>, 'media.chapter.offset': <0.0>, " \
  "'media.id': <'x'>} custom={'k': 'v'}"
  mh_recorder_expect (recorder,
      "warning: metadata “a b” is dropped: a key has letters, digits, '_' and "
      "'.' only",
      "warning: metadata “media.chapter.index” is dropped: chapterStart has a "
      "parameter of its own of that name",
      "0 chapterStart@0" HIT);
  mh_recorder_call (recorder, 1, "expire");
  mh_recorder_expect (recorder,
      "1 sessionStart@1 params={'media.id': <'i'>, 'media.name': <'n'>, "
      "'media.length': <60.0>, 'media.contentType': <'vod'>, "
      "'media.streamType': <'video'>, 'media.resume': <true>, "
      "'media.downloaded': <false>}",
      "1 chapterStart@1" HIT, "1 ping@1");
#undef HIT
}

/* Refused calls are not worth a warning. */
/* The session keeps what may be reported; the values of a call have other
 * owners, and to them they stay as they were. */
static void
values_stay (void)
{
#define DIRTY "'metadata': <{'a b': 'v', 'k': 'v'}>"
  g_autoptr (MhRecorder) recorder = mh_recorder_new ();
  g_autoptr (MhCall)
      start = mh_recorder_parse ("sessionStart {'media': <{" MEDIA_MEMBERS
                                 ", 'prerollWaitingTime': <0>}>, " DIRTY "}");
  g_autoptr (MhCall) chapter = mh_recorder_parse (
      "chapterStart {'name': <'c'>, 'position': <1>, 'length': <20>, "
      "'startTime': <0>, " DIRTY "}");
  g_autoptr (MhCall) ad_break = mh_recorder_parse (AD_BREAK_START ("b"));
  g_autoptr (MhCall) ad = mh_recorder_parse (
      "adStart {'id': <'i'>, 'name': <'a'>, 'position': <1>, 'length': <15>, " DIRTY
      "}");
#undef DIRTY
  const MhCall *const calls[] = { start, chapter, ad_break, ad };

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    g_assert_true (
        mh_session_call (mh_recorder_session (recorder), calls[i], 0, NULL));
  g_assert_cmpuint (g_variant_n_children (start->media->metadata), ==, 2);
  g_assert_cmpuint (g_variant_n_children (chapter->chapter->metadata), ==, 2);
  g_assert_cmpuint (g_variant_n_children (ad->ad->metadata), ==, 2);
  g_free (mh_recorder_take (recorder));
}

static void
metadata_of_refused_calls (void)
{
  g_autoptr (MhRecorder) recorder = mh_recorder_new ();

  mh_recorder_refuse (
      recorder, 0, "adStart {'metadata': <{'a b': 'v'}>}", "no session");
  mh_recorder_call (recorder, 0, S);
  mh_recorder_refuse (recorder, 0,
      "adStart {'id': <'i'>, 'name': <'a'>, 'position': <1>, 'length': <1>, "
      "'metadata': <{'a b': 'v'}>}",
      "no open ad break");
  mh_recorder_expect (recorder, "0 sessionStart@0");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, test) g_test_add_func ("/session-hits/" path, test)
  ADD ("qoe/goes-once", qoe_goes_once);
  ADD ("qoe/back-again", qoe_back_again);
  ADD ("qoe/with-each-kind", qoe_with_each_kind);
  ADD ("qoe/bitrate-change", bitrate_change);
  ADD ("qoe/error", error_hit);
  ADD ("qoe/error-source", error_source);
  ADD ("qoe/restart", qoe_of_a_restart);
  ADD ("qoe/values", qoe_values);
  ADD ("playhead/moves", playhead_moves);
  ADD ("playhead/never-negative", playhead_is_never_negative);
  ADD ("playhead/exact", playhead_is_exact);
  ADD ("playhead/finite", playhead_is_finite);
  ADD ("playhead/while-closed", playhead_while_closed);
  ADD ("params/session-start", session_start_params);
  ADD ("params/other-starts", start_params);
  ADD ("metadata/warnings", metadata_warnings);
  ADD ("metadata/refused-calls", metadata_of_refused_calls);
  ADD ("metadata/values-stay", values_stay);
  return g_test_run ();
}
