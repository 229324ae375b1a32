/* Tests of mh-resume-detector: what waits, for how long, and what is a resume.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-resume-detector.h"

#include "mh-log.h"

#define MSEC(t) MH_TIME_FROM_MSEC (t)

/* Where somebody was. */
#define THERE 600.0

typedef struct
{
  MhResumeDetector *remember;
  GString *passed; /* since the last time that it was looked at */
} Fixture;

static void
note (Fixture *f, const MhCall *call, MhTime at)
{
  g_string_append_printf (f->passed, "%s%s@%" G_GINT64_FORMAT,
      f->passed->len > 0 ? " " : "", mh_call_name (call->type),
      at / MH_USEC_PER_MSEC);
  if (call->type == MH_CALL_SESSION_START && call->media->resumed)
    g_string_append (f->passed, "(resumed)");
}

static void
on_passed (const MhCall *call, MhTime at, gpointer user_data)
{
  note (user_data, call, at);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->remember = mh_resume_detector_new (on_passed, f);
  f->passed = g_string_new (NULL);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  mh_resume_detector_free (f->remember);
  g_string_free (f->passed, TRUE);
}

static void
call_with (Fixture *f, guint at, const MhCall *call, double resume_at)
{
  if (!mh_resume_detector_take (f->remember, call, MSEC (at), resume_at))
    note (f, call, MSEC (at));
}

static void
call (Fixture *f, guint at, MhCallType type)
{
  const MhCall call = { type };

  call_with (f, at, &call, -1);
}

static void
playhead (Fixture *f, guint at, double value, double rate)
{
  const MhCall call = { .type = MH_CALL_PLAYHEAD, .playhead = { value, rate } };

  call_with (f, at, &call, -1);
}

static void
start_as (Fixture *f, guint at, double from, double resume_at, gboolean resumed)
{
  g_auto (MhCall) call = { MH_CALL_SESSION_START };

  playhead (f, at, from, 0);
  call.media = mh_media_new ();
  call.media->resumed = resumed;
  call_with (f, at, &call, resume_at);
  /* Others have a reference to it. */
  g_assert_true (call.media->resumed == resumed);
}

static void
start (Fixture *f, guint at, double from)
{
  start_as (f, at, from, THERE, FALSE);
}

/* It plays from @from on, somewhere else than THERE. */
static void
play (Fixture *f, guint at, double from)
{
  start (f, at, from);
  call (f, at, MH_CALL_PLAY);
}

/* All that has come through since the last time. */
static void
expect (Fixture *f, const char *calls)
{
  g_assert_cmpstr (f->passed->str, ==, calls);
  g_string_truncate (f->passed, 0);
}

static void
expect_deadline (Fixture *f, guint at)
{
  g_assert_true (mh_resume_detector_is_holding (f->remember));
  g_assert_cmpint (
      mh_resume_detector_next_deadline (f->remember) / MH_USEC_PER_MSEC, ==,
      at);
}

static void
expect_idle (Fixture *f)
{
  g_assert_false (mh_resume_detector_is_holding (f->remember));
  g_assert_cmpint (
      mh_resume_detector_next_deadline (f->remember), ==, MH_TIME_NEVER);
  g_assert_cmpint (mh_resume_detector_get_now (f->remember), ==, MH_TIME_NONE);
}

static void
test_resume_at (Fixture *f, gconstpointer data)
{
  MhPosition position = { 10.5, FALSE, 0 };

  g_assert_cmpfloat (mh_resume_detector_resume_at (NULL), ==, -1);
  g_assert_cmpfloat (mh_resume_detector_resume_at (&position), ==, 10.5);
  position.playhead = 10;
  g_assert_cmpfloat (mh_resume_detector_resume_at (&position), ==, -1);
  position.playhead = 100;
  position.complete = TRUE;
  g_assert_cmpfloat (mh_resume_detector_resume_at (&position), ==, -1);
}

/* Nothing is known: nothing waits. */
static void
test_unknown (Fixture *f, gconstpointer data)
{
  call (f, 0, MH_CALL_PLAY);
  start_as (f, 1000, 0, -1, FALSE);
  call (f, 1000, MH_CALL_PLAY);
  expect (f, "play@0 playhead@1000 sessionStart@1000 play@1000");
  expect_idle (f);
}

static void
test_starts_there (Fixture *f, gconstpointer data)
{
  start (f, 0, THERE - 10);
  expect (f, "playhead@0 sessionStart@0(resumed)");
  start (f, 1000, THERE + 10);
  expect (f, "playhead@1000 sessionStart@1000(resumed)");
  expect_idle (f);
  start (f, 2000, THERE + 10.1);
  expect (f, "playhead@2000");
  expect_deadline (f, 12000);
}

/* The application has said so. */
static void
test_resumed (Fixture *f, gconstpointer data)
{
  start_as (f, 0, 0, THERE, TRUE);
  expect (f, "playhead@0 sessionStart@0(resumed)");
  expect_idle (f);
}

static void
test_seeks_there (Fixture *f, gconstpointer data)
{
  play (f, 0, 0);
  expect (f, "playhead@0");
  expect_deadline (f, 1000);
  playhead (f, 999, THERE + 9, 0);
  g_assert_cmpint (mh_resume_detector_get_now (f->remember), ==, MSEC (999));
  expect (f, "");
  call (f, 999, MH_CALL_SEEK_START);
  expect (f, "sessionStart@0(resumed) play@0 playhead@999 seekStart@999");
  expect_idle (f);
  call (f, 1500, MH_CALL_PLAY);
  expect (f, "play@1500");
}

/* Where it goes is seen only when it is there. */
static void
test_seeks_somewhere (Fixture *f, gconstpointer data)
{
  play (f, 0, 0);
  call (f, 500, MH_CALL_SEEK_START);
  expect_deadline (f, 10000);
  mh_resume_detector_advance (f->remember, MSEC (9000));
  expect (f, "playhead@0");
  playhead (f, 9000, THERE, 1);
  expect (f, "sessionStart@0(resumed) play@0 seekStart@500 playhead@9000");
  expect_idle (f);
}

static void
test_seeks_elsewhere (Fixture *f, gconstpointer data)
{
  play (f, 0, 0);
  playhead (f, 600, 300, 0);
  call (f, 600, MH_CALL_SEEK_START);
  playhead (f, 800, 300, 1);
  call (f, 800, MH_CALL_PLAY);
  /* It has played for 0.6 s so far. */
  expect_deadline (f, 1200);
  expect (f, "playhead@0");
  mh_resume_detector_advance (f->remember, MSEC (1200));
  expect (f,
      "sessionStart@0 play@0 playhead@600 seekStart@600 playhead@800 play@800");
  expect_idle (f);
}

/* What it comes to by playing is no resume. */
static void
test_plays_there (Fixture *f, gconstpointer data)
{
  start_as (f, 0, 0, 10.5, FALSE);
  call (f, 0, MH_CALL_PLAY);
  playhead (f, 700, 0.7, 1);
  call (f, 900, MH_CALL_STATE_START);
  expect (f, "playhead@0");
  mh_resume_detector_advance (f->remember, MSEC (1000));
  expect (f, "sessionStart@0 play@0 playhead@700 stateStart@900");
}

/* A call at the limit comes after it. */
static void
test_too_late (Fixture *f, gconstpointer data)
{
  play (f, 0, 0);
  mh_resume_detector_advance (f->remember, MSEC (999));
  playhead (f, 1000, THERE, 0);
  expect (f, "playhead@0 sessionStart@0 play@0 playhead@1000");
  call (f, 1000, MH_CALL_SEEK_START);
  expect (f, "seekStart@1000");
}

/* Only what plays counts, but not for ever. */
static void
test_waits (Fixture *f, gconstpointer data)
{
  start (f, 0, 0);
  expect_deadline (f, 10000);
  call (f, 1000, MH_CALL_BUFFER_START);
  call (f, 3000, MH_CALL_PLAY);
  expect_deadline (f, 4000);
  call (f, 3500, MH_CALL_STALL_START);
  expect_deadline (f, 10000);
  call (f, 4000, MH_CALL_STALL_COMPLETE);
  expect_deadline (f, 4500);
  call (f, 4100, MH_CALL_PAUSE);
  call (f, 5000, MH_CALL_PLAY);
  call (f, 5100, MH_CALL_BUFFER_START);
  call (f, 6000, MH_CALL_BUFFER_COMPLETE);
  expect_deadline (f, 6300);
  call (f, 6100, MH_CALL_PAUSE);
  expect (f, "playhead@0");
  mh_resume_detector_advance (f->remember, MSEC (9999));
  expect (f, "");
  mh_resume_detector_advance (f->remember, MSEC (10000));
  g_assert_true (
      g_str_has_prefix (f->passed->str, "sessionStart@0 bufferStart@1000 "));
  g_assert_true (
      g_str_has_suffix (f->passed->str, " bufferComplete@6000 pause@6100"));
  expect_idle (f);
}

static void
test_ends (Fixture *f, gconstpointer data)
{
  static const MhCallType types[] = { MH_CALL_COMPLETE, MH_CALL_SESSION_END,
    MH_CALL_ERROR, MH_CALL_AD_BREAK_START, MH_CALL_EXPIRE };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++) {
    g_autofree char *calls = g_strdup_printf (
        "playhead@%u sessionStart@%u play@%u %s@%u", i * 1000, i * 1000,
        i * 1000, mh_call_name (types[i]), i * 1000 + 500);

    play (f, i * 1000, 0);
    call (f, i * 1000 + 500, types[i]);
    expect (f, calls);
    expect_idle (f);
  }
}

/* The session refuses it. */
static void
test_second_start (Fixture *f, gconstpointer data)
{
  play (f, 0, 0);
  start_as (f, 500, 0, -1, FALSE);
  expect (f, "playhead@0 sessionStart@0 play@0 playhead@500 sessionStart@500");
}

/* Each start is one of its own. */
static void
test_again (Fixture *f, gconstpointer data)
{
  play (f, 0, 0);
  call (f, 600, MH_CALL_SEEK_START);
  call (f, 700, MH_CALL_SESSION_END);
  play (f, 1000, 0);
  expect_deadline (f, 2000);
  playhead (f, 1500, THERE, 1);
  mh_resume_detector_advance (f->remember, MSEC (2000));
  expect (f,
      "playhead@0 sessionStart@0 play@0 seekStart@600 sessionEnd@700 "
      "playhead@1000 sessionStart@1000 play@1000 playhead@1500");
}

static void
test_discard (Fixture *f, gconstpointer data)
{
  play (f, 0, 0);
  mh_resume_detector_discard (f->remember);
  expect_idle (f);
  mh_resume_detector_advance (f->remember, MSEC (20000));
  call (f, 20000, MH_CALL_SESSION_END);
  expect (f, "playhead@0 sessionEnd@20000");
}

/* Whatever happens: what comes is what goes on, in order and with its times, and
 * nothing waits for longer than it may. */
static void
test_random (Fixture *f, gconstpointer data)
{
  static const MhCallType types[] = { MH_CALL_PLAY, MH_CALL_PAUSE,
    MH_CALL_BUFFER_START, MH_CALL_BUFFER_COMPLETE, MH_CALL_SEEK_START,
    MH_CALL_SEEK_COMPLETE, MH_CALL_STALL_START, MH_CALL_STALL_COMPLETE,
    MH_CALL_QOE, MH_CALL_SESSION_END, MH_CALL_ERROR };
  GString *wanted = g_string_new (NULL);
  guint at = 0, held_since = 0, n_resumed = 0;

  for (guint i = 0; i < 20000; i++) {
    int what = g_test_rand_int_range (0, (int) G_N_ELEMENTS (types) + 3);

    at += (guint) g_test_rand_int_range (0, 700);
    if (what < (int) G_N_ELEMENTS (types)) {
      call (f, at, types[what]);
      g_string_append_printf (wanted, " %s@%u", mh_call_name (types[what]), at);
    } else if (what == (int) G_N_ELEMENTS (types)) {
      start (f, at, g_test_rand_int_range (0, 2000));
      held_since = at; /* if at all */
      g_string_append_printf (wanted, " playhead@%u sessionStart@%u", at, at);
    } else if (what == (int) G_N_ELEMENTS (types) + 1) {
      playhead (f, at, g_test_rand_int_range (550, 650), 1);
      g_string_append_printf (wanted, " playhead@%u", at);
    } else {
      mh_resume_detector_advance (f->remember, MSEC (at));
    }
    if (mh_resume_detector_is_holding (f->remember)) {
      g_assert_cmpuint (at - held_since, <, 10000);
      g_assert_cmpint (
          mh_resume_detector_next_deadline (f->remember), >, MSEC (at));
    }
  }
  mh_resume_detector_advance (f->remember, MSEC (at + 10000));
  expect_idle (f);
  n_resumed = g_string_replace (f->passed, "(resumed)", "", 0);
  g_assert_cmpuint (n_resumed, >, 0);
  g_assert_cmpstr (f->passed->str, ==, wanted->str + 1);
  g_string_free (wanted, TRUE);
}

/* ---- the log ---- */

static GString *logged;

static gboolean
wants (MhLogCategory category, MhLogLevel level)
{
  return category == MH_LOG_SESSION && level == MH_LOG_DEBUG;
}

static void
write_entry (const MhLogEntry *entry)
{
  g_string_append (logged, entry->text);
}

/* It says why a session has no flag. */
static void
test_log (Fixture *f, gconstpointer data)
{
  static const MhLogHook hook = { wants, write_entry };

  logged = g_string_new (NULL);
  mh_log_set_hook (&hook);
  play (f, 0, 0);
  mh_resume_detector_advance (f->remember, MSEC (1000));
  g_assert_true (g_str_has_prefix (
      logged->str, "not resumed: it does not begin near 600.000"));
  g_string_truncate (logged, 0);
  start (f, 2000, THERE);
  g_assert_true (
      g_str_has_prefix (logged->str, "resumed: it begins near 600.000"));
  mh_log_set_hook (NULL);
  g_string_free (logged, TRUE);
}

#define TEST(name, function) \
  g_test_add ( \
      "/resume-detector/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  TEST ("resume-at", test_resume_at);
  TEST ("unknown", test_unknown);
  TEST ("starts-there", test_starts_there);
  TEST ("resumed", test_resumed);
  TEST ("seeks-there", test_seeks_there);
  TEST ("seeks-somewhere", test_seeks_somewhere);
  TEST ("seeks-elsewhere", test_seeks_elsewhere);
  TEST ("plays-there", test_plays_there);
  TEST ("too-late", test_too_late);
  TEST ("waits", test_waits);
  TEST ("ends", test_ends);
  TEST ("second-start", test_second_start);
  TEST ("again", test_again);
  TEST ("discard", test_discard);
  TEST ("random", test_random);
  TEST ("log", test_log);
  return g_test_run ();
}
