/* Tests of mh-tracker-starts: media that fails at its start again and again.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-tracker-private.h"

#include <string.h>

#include "mh-test-clock.h"
#include "mh-test-dir.h"
#include "mh-test-transport.h"
#include "mh-test-turn.h"

#define SERVER "https://a.example"
#define SEC(s) MH_TIME_FROM_SEC (s)

typedef struct
{
  MhTestClock clock;
  MhTestTransport *transport;
  MhService *service;
  MhTracker *tracker;
  char *dir; /* NULL: in memory */
  guint n_told; /* hits that the application was told of */
} Fixture;

static void
on_hit (const MhHit *hit, gpointer user_data)
{
  ((Fixture *) user_data)->n_told++;
}

static void
on_session_id (const char *id, gpointer user_data)
{
}

static void
on_warning (const char *message, gpointer user_data)
{
}

static const MhTrackerListener listener = { on_hit, on_session_id, on_warning };

static void
start_process (Fixture *f)
{
  f->service = mh_service_new_for_test (
      &f->clock.clock, MH_TRANSPORT (f->transport));
  if (f->dir)
    mh_service_set_durable_for_test (f->service);
}

/* Another element of the process. */
static void
start_player (Fixture *f)
{
  g_autoptr (MhConfig) config = mh_config_new ();

  f->tracker = mh_tracker_new (&f->clock.clock, &listener, f);
  mh_tracker_set_service (f->tracker, f->service);
  config->collection_server = g_strdup (SERVER);
  if (f->dir) {
    g_free (config->state_dir);
    config->state_dir = g_strdup (f->dir);
  }
  mh_tracker_set_config (f->tracker, config);
}

static void
turn (Fixture *f)
{
  mh_test_turn (mh_service_get_worker (f->service));
  mh_test_transport_answer_all (f->transport);
}

static void
stop_player (Fixture *f)
{
  turn (f);
  mh_tracker_set_service (f->tracker, NULL);
  mh_service_forget (f->service, f->tracker);
  mh_tracker_free (f->tracker);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  mh_test_clock_init (&f->clock);
  f->transport = mh_test_transport_new ();
  f->dir = data ? mh_test_dir_new () : NULL;
  start_process (f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  mh_service_free_for_test (f->service);
  g_assert_finalize_object (f->transport);
  if (f->dir)
    mh_test_dir_free (f->dir);
}

static void
call (Fixture *f, MhCallType type)
{
  const MhCall call = { type, .text = (char *) "no-such-file" };

  g_assert_true (mh_tracker_call (f->tracker, &call, f->clock.now, NULL));
}

static void
call_start (Fixture *f, const char *id)
{
  g_auto (MhCall) start = { MH_CALL_SESSION_START };

  start.media = mh_media_new ();
  start.media->id = g_strdup (id);
  start.media->name = g_strdup ("name");
  start.media->length = 60;
  start.media->stream_type = g_strdup ("vod");
  start.media->media_type = g_strdup ("video");
  start.media->preroll_wait = 0;
  g_assert_true (mh_tracker_call (f->tracker, &start, f->clock.now, NULL));
}

static void
fail (Fixture *f, const char *id)
{
  start_player (f);
  call_start (f, id);
  call (f, MH_CALL_ERROR);
  call (f, MH_CALL_SESSION_END);
  stop_player (f);
}

/* How many requests say @what so far, since number @from. */
static guint
count (Fixture *f, guint from, const char *what)
{
  guint n = 0;

  for (guint i = from; i < mh_test_transport_count (f->transport); i++)
    n += strstr (mh_test_transport_body (f->transport, i), what) != NULL;
  return n;
}

/* For ten hours, each second. */
static void
test_rare (Fixture *f, gconstpointer data)
{
  guint first;

  fail (f, "a");
  g_assert_cmpuint (count (f, 0, "\"sessionStart\""), ==, 1);
  g_assert_cmpuint (count (f, 0, "\"error\""), ==, 1);
  g_assert_cmpuint (count (f, 0, "\"sessionEnd\""), ==, 1);
  for (guint i = 0; i < 60; i++) {
    mh_test_clock_advance (&f->clock, SEC (1));
    fail (f, "a");
  }
  first = count (f, 0, "\"sessionStart\"");
  g_assert_cmpuint (first, >=, 3);
  g_assert_cmpuint (first, <=, 5);
  for (guint i = 60; i < 36000; i += 10) {
    mh_test_clock_advance (&f->clock, SEC (10));
    fail (f, "a");
  }
  g_assert_cmpuint (count (f, 0, "\"sessionStart\""), <=, 20);
  g_assert_cmpuint (count (f, 0, "\"sessionStart\""), >, first + 5);
  g_assert_cmpuint (
      count (f, 0, "\"sessionStart\""), ==, count (f, 0, "\"error\""));
  g_assert_cmpuint (f->n_told, ==, 3 * (1 + 60 + 3594));
}

/* One that plays after all is reported, from its start on; and from then on
 * another failure is news. */
static void
test_plays (Fixture *f, gconstpointer data)
{
  guint n;

  fail (f, "a");
  n = mh_test_transport_count (f->transport);
  mh_test_clock_advance (&f->clock, SEC (1));
  start_player (f);
  call_start (f, "a");
  mh_test_clock_advance (&f->clock, SEC (1));
  turn (f);
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, n);
  call (f, MH_CALL_PLAY);
  turn (f);
  g_assert_cmpuint (count (f, n, "\"sessionStart\""), ==, 1);
  g_assert_cmpuint (count (f, n, "\"play\""), ==, 1);
  call (f, MH_CALL_SESSION_END);
  stop_player (f);
  g_assert_cmpuint (count (f, n, "\"sessionEnd\""), ==, 1);
  n = mh_test_transport_count (f->transport);
  mh_test_clock_advance (&f->clock, SEC (1));
  fail (f, "a");
  g_assert_cmpuint (count (f, n, "\"sessionStart\""), ==, 1);
}

/* Another media item is not the same, and one that was left before it has played
 * has not failed. */
static void
test_others (Fixture *f, gconstpointer data)
{
  guint n;

  fail (f, "a");
  n = mh_test_transport_count (f->transport);
  fail (f, "b");
  g_assert_cmpuint (count (f, n, "\"sessionStart\""), ==, 1);
  for (guint i = 0; i < 3; i++) {
    n = mh_test_transport_count (f->transport);
    start_player (f);
    call_start (f, "c");
    call (f, MH_CALL_SESSION_END);
    stop_player (f);
    g_assert_cmpuint (count (f, n, "\"sessionStart\""), ==, 1);
  }
}

/* An error of what has played is no failed start. */
static void
test_later_error (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < 2; i++) {
    guint n = mh_test_transport_count (f->transport);

    start_player (f);
    call_start (f, "a");
    call (f, MH_CALL_PLAY);
    call (f, MH_CALL_ERROR);
    call (f, MH_CALL_SESSION_END);
    stop_player (f);
    g_assert_cmpuint (count (f, n, "\"sessionStart\""), ==, 1);
  }
}

/* A program that ends at the error and is started again each second. */
static void
test_processes (Fixture *f, gconstpointer data)
{
  guint n = 0;

  for (guint i = 0; i < 60; i++) {
    mh_test_clock_advance (&f->clock, SEC (1));
    fail (f, "a");
    n += count (f, 0, "\"sessionStart\"");
    mh_service_free_for_test (f->service);
    g_assert_finalize_object (f->transport);
    f->transport = mh_test_transport_new ();
    start_process (f);
  }
  g_assert_cmpuint (n, >=, 3);
  g_assert_cmpuint (n, <=, 5);
}

static void
set_consent (Fixture *f, gboolean pending)
{
  g_autoptr (MhConfig) visitor = mh_config_new ();

  visitor->collection_server = g_strdup (SERVER);
  visitor->consent_pending = pending;
  mh_tracker_set_consent (f->tracker, visitor);
}

/* The visitor takes consent back while a start is withheld, and may give it again. */
static void
test_consent (Fixture *f, gconstpointer data)
{
  guint n;

  fail (f, "a");
  n = mh_test_transport_count (f->transport);
  start_player (f);
  call_start (f, "a");
  set_consent (f, TRUE);
  call (f, MH_CALL_PLAY);
  turn (f);
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, n);
  set_consent (f, FALSE);
  turn (f);
  g_assert_cmpuint (count (f, n, "\"sessionStart\""), ==, 1);
  g_assert_cmpuint (count (f, n, "\"play\""), ==, 1);
  call (f, MH_CALL_SESSION_END);
  stop_player (f);
}

/* What has played is no new start where it goes on in another session, although
 * another player has failed to play it meanwhile. */
static void
test_resume (Fixture *f, gconstpointer data)
{
  MhTracker *tracker;
  guint n;

  start_player (f);
  call_start (f, "a");
  call (f, MH_CALL_PLAY);
  call (f, MH_CALL_PAUSE);
  tracker = f->tracker;
  fail (f, "a");
  f->tracker = tracker;
  n = mh_test_transport_count (f->transport);
  call (f, MH_CALL_EXPIRE);
  turn (f);
  g_assert_cmpuint (count (f, n, "\"media.resume\":true"), ==, 1);
  g_assert_cmpuint (count (f, n, "\"pauseStart\""), ==, 1);
  call (f, MH_CALL_SESSION_END);
  stop_player (f);
}

/* A visitor opts out: nothing is left of what is withheld, in memory either. */
static void
test_abandoned (Fixture *f, gconstpointer data)
{
  guint n;

  fail (f, "a");
  n = mh_test_transport_count (f->transport);
  start_player (f);
  call_start (f, "a");
  g_assert_cmpuint (f->tracker->starts.withheld.length, ==, 1);
  mh_tracker_abandon (f->tracker, "privacy=opt-out");
  g_assert_cmpuint (f->tracker->starts.withheld.length, ==, 0);
  stop_player (f);
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, n);
}

#define TEST(name, function, data) \
  g_test_add ( \
      "/tracker-starts/" name, Fixture, data, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  TEST ("rare", test_rare, NULL);
  TEST ("rare/disk", test_rare, "");
  TEST ("plays", test_plays, NULL);
  TEST ("others", test_others, NULL);
  TEST ("later-error", test_later_error, NULL);
  TEST ("processes", test_processes, "");
  TEST ("consent", test_consent, NULL);
  TEST ("resume", test_resume, NULL);
  TEST ("abandoned", test_abandoned, NULL);
  return g_test_run ();
}
