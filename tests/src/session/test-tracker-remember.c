/* Tests of mh-tracker: positions that are kept, and sessions that resume there.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-tracker.h"

#include "mh-test-clock.h"
#include "mh-test-dir.h"
#include "mh-test-transport.h"
#include "mh-test-turn.h"

#include <string.h>

#define SERVER "https://a.example"
#define MSEC(t) MH_TIME_FROM_MSEC (t)
#define DAY MH_TIME_FROM_SEC (24 * 60 * 60)

typedef struct
{
  char *top;
  char *dir; /* in it */
  MhTestClock clock;
  MhTime began; /* what times in hits are from */
  MhTestTransport *transport;
  MhService *service;
  MhTracker *tracker;
  MhConfig *config;
  GString *hits; /* since the last time that they were looked at */
  GString *warnings; /* a line each */
} Fixture;

static void
on_hit (const MhHit *hit, gpointer user_data)
{
  Fixture *f = user_data;
  gboolean resume = FALSE;

  if (hit->params)
    g_variant_lookup (hit->params, "media.resume", "b", &resume);
  g_string_append_printf (f->hits, "%s%s@%" G_GINT64_FORMAT "%s",
      f->hits->len > 0 ? " " : "", mh_event_name (hit->event),
      (hit->at - f->began) / MH_USEC_PER_MSEC, resume ? "(resume)" : "");
}

static void
on_session_id (const char *id, gpointer user_data)
{
}

static void
on_warning (const char *message, gpointer user_data)
{
  g_string_append_printf (((Fixture *) user_data)->warnings, "%s\n", message);
}

static const MhTrackerListener listener = { on_hit, on_session_id, on_warning };

static void
set_config (Fixture *f, const char *server)
{
  g_clear_pointer (&f->config, mh_config_unref);
  f->config = mh_config_new ();
  f->config->collection_server = g_strdup (server);
  f->config->state_dir = g_strdup (f->dir);
  mh_tracker_set_config (f->tracker, f->config);
}

static MhService *
new_service (Fixture *f)
{
  MhService *service = mh_service_new_for_test (
      &f->clock.clock, MH_TRANSPORT (f->transport));

  mh_service_set_durable_for_test (service);
  return service;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->top = mh_test_dir_new ();
  f->dir = g_build_filename (f->top, "state", NULL);
  mh_test_clock_init (&f->clock);
  f->began = f->clock.now;
  f->transport = mh_test_transport_new ();
  f->service = new_service (f);
  f->hits = g_string_new (NULL);
  f->warnings = g_string_new (NULL);
  f->tracker = mh_tracker_new (&f->clock.clock, &listener, f);
  mh_tracker_set_service (f->tracker, f->service);
  set_config (f, NULL);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  mh_tracker_set_service (f->tracker, NULL);
  mh_tracker_free (f->tracker);
  mh_service_free_for_test (f->service);
  g_assert_finalize_object (f->transport);
  mh_config_unref (f->config);
  g_string_free (f->hits, TRUE);
  g_string_free (f->warnings, TRUE);
  g_free (f->dir);
  mh_test_dir_free (f->top);
}

static void
turn (Fixture *f)
{
  mh_test_turn (mh_service_get_worker (f->service));
}

static gboolean
try_call (Fixture *f, const MhCall *call)
{
  return mh_tracker_call (f->tracker, call, f->clock.now, NULL);
}

static void
call (Fixture *f, MhCallType type)
{
  const MhCall call = { type };

  g_assert_true (try_call (f, &call));
}

static void
playhead (Fixture *f, double value, double rate)
{
  const MhCall call = { .type = MH_CALL_PLAYHEAD, .playhead = { value, rate } };

  g_assert_true (try_call (f, &call));
}

static gboolean
try_start (Fixture *f, const char *id, gboolean remember)
{
  g_auto (MhCall) start = { MH_CALL_SESSION_START };

  start.media = mh_media_new ();
  start.media->id = g_strdup (id);
  start.media->name = g_strdup ("name");
  start.media->length = 3600;
  start.media->stream_type = g_strdup ("vod");
  start.media->media_type = g_strdup ("video");
  start.media->preroll_wait = 0;
  start.media->remember = remember;
  return try_call (f, &start);
}

static void
start_as (Fixture *f, const char *id, double from, gboolean remember)
{
  playhead (f, from, 0);
  g_assert_true (try_start (f, id, remember));
}

static void
start (Fixture *f, double from)
{
  start_as (f, "id", from, TRUE);
}

static void
play (Fixture *f, double from)
{
  playhead (f, from, 1);
  call (f, MH_CALL_PLAY);
}

static void
pass (Fixture *f, MhTime span)
{
  mh_test_clock_advance (&f->clock, span);
  mh_tracker_advance (f->tracker, f->clock.now);
  turn (f);
}

/* Somebody was at @where, and a while has passed since. */
static void
leave_at (Fixture *f, const char *id, double where)
{
  start_as (f, id, where - 2, TRUE);
  play (f, where - 2);
  pass (f, MSEC (2000));
  call (f, MH_CALL_SESSION_END);
  pass (f, MSEC (8000));
  f->began = f->clock.now;
  g_string_truncate (f->hits, 0);
}

static void
expect (Fixture *f, const char *hits)
{
  g_assert_cmpstr (f->hits->str, ==, hits);
  g_string_truncate (f->hits, 0);
}

static double
get (Fixture *f, const char *id)
{
  return mh_tracker_get_resume_position (f->tracker, f->config, id);
}

/* The next process, while the one before is still there, or was killed. */
static double
get_elsewhere (Fixture *f, const char *id)
{
  MhService *service = new_service (f);
  MhPosition position;
  gboolean found = mh_service_get_position (service, f->config, id, &position);

  mh_service_free_for_test (service);
  return found ? position.playhead : -1;
}

/* ---- what is kept ---- */

/* In the middle of play: what a process that is killed leaves. */
static void
test_keep (Fixture *f, gconstpointer data)
{
  start (f, 100);
  play (f, 100);
  pass (f, MSEC (999));
  g_assert_cmpfloat (get (f, "id"), ==, -1);
  pass (f, MSEC (1));
  g_assert_cmpfloat_with_epsilon (get_elsewhere (f, "id"), 101, 0.01);
  pass (f, MSEC (9999));
  g_assert_cmpfloat_with_epsilon (get_elsewhere (f, "id"), 101, 0.01);
  pass (f, MSEC (1));
  expect (f, "sessionStart@0 play@0 play@1000 ping@11000");
  g_assert_cmpfloat_with_epsilon (get_elsewhere (f, "id"), 111, 0.01);
  pass (f, MSEC (500));
  call (f, MH_CALL_SESSION_END);
  turn (f);
  g_assert_cmpfloat_with_epsilon (get_elsewhere (f, "id"), 111.5, 0.01);
  g_assert_cmpfloat (get_elsewhere (f, "another"), ==, -1);
}

static void
test_complete (Fixture *f, gconstpointer data)
{
  leave_at (f, "id", 600);
  g_assert_cmpfloat_with_epsilon (get (f, "id"), 600, 0.01);
  start (f, 600);
  play (f, 600);
  call (f, MH_CALL_COMPLETE);
  turn (f);
  g_assert_cmpfloat (get (f, "id"), ==, -1);
  /* It begins anew, and there. */
  start (f, 600);
  call (f, MH_CALL_SESSION_END);
  expect (f,
      "sessionStart@0(resume) play@0 sessionComplete@0 sessionStart@0 "
      "sessionEnd@0");
}

/* What fails before it plays, or is left at once, is not where somebody is. */
static void
test_hardly_begun (Fixture *f, gconstpointer data)
{
  const MhCall error = { .type = MH_CALL_ERROR, .text = (char *) "an error" };

  leave_at (f, "id", 600);
  start (f, 0);
  call (f, MH_CALL_BUFFER_START);
  pass (f, MSEC (30000));
  g_assert_true (try_call (f, &error));
  call (f, MH_CALL_SESSION_END);
  g_assert_cmpfloat_with_epsilon (get (f, "id"), 600, 0.01);
  start (f, 0);
  play (f, 0);
  pass (f, MSEC (999));
  call (f, MH_CALL_SESSION_END);
  g_assert_cmpfloat_with_epsilon (get (f, "id"), 600, 0.01);
}

/* The session is closed while it pauses. */
static void
test_inactive (Fixture *f, gconstpointer data)
{
  start (f, 100);
  play (f, 100);
  pass (f, MSEC (5000));
  call (f, MH_CALL_PAUSE);
  playhead (f, 105, 0);
  pass (f, MH_TIME_FROM_SEC (1800));
  g_assert_nonnull (strstr (f->hits->str, "sessionEnd"));
  g_assert_cmpfloat_with_epsilon (get_elsewhere (f, "id"), 105, 0.01);
}

static void
test_not_remembered (Fixture *f, gconstpointer data)
{
  start_as (f, "id", 100, FALSE);
  play (f, 100);
  pass (f, MSEC (30000));
  call (f, MH_CALL_SESSION_END);
  turn (f);
  g_assert_cmpfloat (get (f, "id"), ==, -1);
  g_assert_false (g_file_test (f->dir, G_FILE_TEST_EXISTS));
  leave_at (f, "id", 600);
  /* Nor does anything wait. */
  start_as (f, "id", 0, FALSE);
  expect (f, "sessionStart@0");
}

static void
set_consent (Fixture *f, gboolean given)
{
  g_autoptr (MhConfig) visitor = mh_config_copy (f->config);

  visitor->consent_pending = !given;
  mh_tracker_set_consent (f->tracker, visitor);
}

/* Who has begun with consent and is asked again has not given it. */
static void
test_consent (Fixture *f, gconstpointer data)
{
  start (f, 100);
  play (f, 100);
  pass (f, MSEC (2000));
  set_consent (f, FALSE);
  pass (f, MSEC (20000));
  call (f, MH_CALL_PAUSE);
  pass (f, 0);
  g_assert_cmpfloat_with_epsilon (get (f, "id"), 101, 0.01);
  set_consent (f, TRUE);
  call (f, MH_CALL_SESSION_END);
  g_assert_cmpfloat (get (f, "id"), >, 110);
}

static void
test_max_age (Fixture *f, gconstpointer data)
{
  leave_at (f, "id", 600);
  pass (f, 30 * DAY - MH_TIME_FROM_SEC (10));
  g_assert_cmpfloat_with_epsilon (get (f, "id"), 600, 0.01);
  pass (f, MH_TIME_FROM_SEC (10));
  g_assert_cmpfloat (get (f, "id"), ==, -1);
  f->config->remember_max_age *= 2;
  g_assert_cmpfloat_with_epsilon (get (f, "id"), 600, 0.01);
}

/* ---- who resumes ---- */

static void
test_starts_there (Fixture *f, gconstpointer data)
{
  g_auto (MhStats) stats = { 0 };

  leave_at (f, "id", 600);
  start (f, 592);
  expect (f, "sessionStart@0(resume)");
  mh_tracker_get_stats (f->tracker, &stats);
  g_assert_cmpuint (stats.resumes, ==, 1);
}

static void
test_seeks_there (Fixture *f, gconstpointer data)
{
  leave_at (f, "id", 600);
  start (f, 0);
  g_assert_true (mh_tracker_is_open (f->tracker));
  play (f, 0);
  g_assert_cmpint (
      mh_tracker_next_deadline (f->tracker), ==, f->began + MSEC (1000));
  pass (f, MSEC (400));
  playhead (f, 608, 0);
  expect (f, "");
  g_assert_cmpint (mh_tracker_get_now (f->tracker), ==, f->clock.now);
  call (f, MH_CALL_SEEK_START);
  pass (f, MSEC (200));
  play (f, 608);
  pass (f, MSEC (10400));
  expect (f,
      "sessionStart@0(resume) play@0 pauseStart@400 play@600 play@1000 "
      "ping@11000");
}

/* As if nothing had waited. */
static void
test_elsewhere (Fixture *f, gconstpointer data)
{
  leave_at (f, "id", 600);
  start (f, 0);
  play (f, 0);
  pass (f, MSEC (999));
  expect (f, "");
  pass (f, MSEC (1));
  expect (f, "sessionStart@0 play@0 play@1000");
  pass (f, MSEC (10000));
  expect (f, "ping@11000");
  g_assert_cmpuint (f->warnings->len, ==, 0);
}

/* Even what was due in between. */
static void
test_waits (Fixture *f, gconstpointer data)
{
  leave_at (f, "id", 600);
  start (f, 0);
  call (f, MH_CALL_BUFFER_START);
  pass (f, MSEC (25000));
  expect (f, "sessionStart@0 bufferStart@0 ping@10000 ping@20000");
}

static void
test_refused (Fixture *f, gconstpointer data)
{
  g_auto (MhCall) no_chapter = { MH_CALL_CHAPTER_START };
  g_auto (MhStats) stats = { 0 };

  leave_at (f, "id", 600);
  start (f, 0);
  play (f, 0);
  /* What is no call is refused at once, what does not fit when it comes up. */
  no_chapter.chapter = mh_chapter_new ();
  g_assert_false (try_call (f, &no_chapter));
  call (f, MH_CALL_SEEK_COMPLETE);
  g_assert_cmpuint (f->warnings->len, ==, 0);
  call (f, MH_CALL_SESSION_END);
  expect (f, "sessionStart@0 play@0 sessionEnd@0");
  g_assert_nonnull (strstr (f->warnings->str, "seekComplete is refused: "));
  mh_tracker_get_stats (f->tracker, &stats);
  g_assert_cmpuint (stats.refused, ==, 2);
}

static void
test_refused_of_ours (Fixture *f, gconstpointer data)
{
  const MhCall ours = { MH_CALL_SEEK_COMPLETE, .ours = TRUE };
  g_auto (MhStats) stats = { 0 };

  leave_at (f, "id", 600);
  start (f, 0);
  play (f, 0);
  g_assert_true (try_call (f, &ours));
  call (f, MH_CALL_SESSION_END);
  expect (f, "sessionStart@0 play@0 sessionEnd@0");
  g_assert_cmpstr (f->warnings->str, ==, "");
  mh_tracker_get_stats (f->tracker, &stats);
  g_assert_cmpuint (stats.refused, ==, 0);
}

static void
test_abandon (Fixture *f, gconstpointer data)
{
  leave_at (f, "id", 600);
  start (f, 0);
  play (f, 0);
  mh_tracker_abandon (f->tracker, "a test");
  g_assert_false (mh_tracker_is_open (f->tracker));
  pass (f, MSEC (20000));
  expect (f, "");
}

/* Nothing that is refused waits, nor does the session that is open. */
static void
test_open_already (Fixture *f, gconstpointer data)
{
  leave_at (f, "id", 600);
  start_as (f, "other", 0, FALSE);
  play (f, 0);
  g_assert_false (try_start (f, "id", TRUE));
  pass (f, MSEC (12000));
  expect (f, "sessionStart@0 play@0 play@1000 ping@11000");
  g_assert_cmpint (mh_tracker_next_deadline (f->tracker), >, f->clock.now);
  g_assert_cmpuint (f->warnings->len, ==, 0);
}

/* It is another session that is over. */
static void
test_expired_before (Fixture *f, gconstpointer data)
{
  set_config (f, SERVER);
  leave_at (f, "id", 600);
  start (f, 0);
  play (f, 0);
  mh_test_transport_answer (f->transport, 0, 201, "/sessions/one", NULL);
  turn (f);
  mh_test_transport_answer (f->transport, 1, 404, NULL, NULL);
  turn (f);
  expect (f, "");
  pass (f, MSEC (1000));
  expect (f, "sessionStart@0 play@0 play@1000");
}

/* ---- the state directory ---- */

static void
forget_visitor (Fixture *f)
{
  leave_at (f, "id", 600);
  start_as (f, "two", 600, TRUE);
  play (f, 600);
  pass (f, MSEC (2000));
  mh_tracker_forget_visitor (f->tracker, f->config, "a test");
  g_assert_cmpfloat (get (f, "id"), ==, -1);
  g_assert_cmpfloat (get (f, "two"), ==, -1);
  pass (f, MSEC (20000));
  g_assert_cmpfloat (get (f, "two"), ==, -1);
}

static void
test_forget (Fixture *f, gconstpointer data)
{
  forget_visitor (f);
  g_assert_cmpfloat (get_elsewhere (f, "id"), ==, -1);
  g_assert_cmpfloat (get_elsewhere (f, "two"), ==, -1);
}

/* Where nothing can be written, they are in memory. */
static void
test_no_directory (Fixture *f, gconstpointer data)
{
  g_autofree char *dir = f->dir;

  f->dir = g_strdup ("/proc/self/nothing");
  set_config (f, NULL);
  leave_at (f, "id", 600);
  leave_at (f, "two", 600);
  g_assert_cmpfloat_with_epsilon (get (f, "id"), 600, 0.01);
  g_assert_nonnull (strstr (f->warnings->str, "in memory only\n"));
  g_assert_cmpint (strchr (f->warnings->str, '\n') - f->warnings->str, ==,
      (gssize) f->warnings->len - 1);
  forget_visitor (f);
}

#define TEST(name, function) \
  g_test_add ( \
      "/tracker-remember/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  TEST ("keep", test_keep);
  TEST ("complete", test_complete);
  TEST ("hardly-begun", test_hardly_begun);
  TEST ("inactive", test_inactive);
  TEST ("not-remembered", test_not_remembered);
  TEST ("consent", test_consent);
  TEST ("max-age", test_max_age);
  TEST ("starts-there", test_starts_there);
  TEST ("seeks-there", test_seeks_there);
  TEST ("elsewhere", test_elsewhere);
  TEST ("waits", test_waits);
  TEST ("refused", test_refused);
  TEST ("refused/of-ours", test_refused_of_ours);
  TEST ("abandon", test_abandon);
  TEST ("open-already", test_open_already);
  TEST ("expired-before", test_expired_before);
  TEST ("forget", test_forget);
  TEST ("no-directory", test_no_directory);
  return g_test_run ();
}
