/* Tests of mh-tracker.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-tracker.h"

#include "mh-test-clock.h"
#include "mh-test-transport.h"
#include "mh-test-turn.h"

#include <json-glib/json-glib.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>

#define SERVER "https://a.example"

typedef struct
{
  MhTestClock clock;
  MhTestTransport *transport;
  MhService *service;
  MhTracker *tracker;
  GString *hits; /* a word for each hit */
  GString *ids; /* a word for each change */
  GString *warnings; /* a line each */
  GArray *stamps; /* of gint64: what the hits' times were */
  guint resumes;
} Fixture;

static void
on_hit (const MhHit *hit, gpointer user_data)
{
  Fixture *f = user_data;
  gboolean resume = FALSE;

  g_string_append_printf (f->hits, "%s ", mh_event_name (hit->event));
  g_array_append_val (f->stamps, hit->ts);
  if (hit->params)
    g_variant_lookup (hit->params, "media.resume", "b", &resume);
  f->resumes += resume;
}

static void
on_session_id (const char *id, gpointer user_data)
{
  g_string_append_printf (
      ((Fixture *) user_data)->ids, "%s ", id ? id : "none");
}

static void
on_warning (const char *message, gpointer user_data)
{
  g_string_append_printf (((Fixture *) user_data)->warnings, "%s\n", message);
}

static const MhTrackerListener listener = { on_hit, on_session_id, on_warning };

static void
set_server (Fixture *f, const char *server)
{
  g_autoptr (MhConfig) config = mh_config_new ();

  config->collection_server = g_strdup (server);
  mh_tracker_set_config (f->tracker, config);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  mh_test_clock_init (&f->clock);
  f->transport = mh_test_transport_new ();
  f->service = mh_service_new_for_test (
      &f->clock.clock, MH_TRANSPORT (f->transport));
  f->hits = g_string_new (NULL);
  f->ids = g_string_new (NULL);
  f->warnings = g_string_new (NULL);
  f->stamps = g_array_new (FALSE, FALSE, sizeof (gint64));
  f->tracker = mh_tracker_new (&f->clock.clock, &listener, f);
  mh_tracker_set_service (f->tracker, f->service);
  set_server (f, SERVER);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  mh_tracker_set_service (f->tracker, NULL);
  mh_tracker_free (f->tracker);
  mh_service_free_for_test (f->service);
  g_assert_finalize_object (f->transport);
  g_string_free (f->hits, TRUE);
  g_string_free (f->ids, TRUE);
  g_string_free (f->warnings, TRUE);
  g_array_unref (f->stamps);
}

static void
turn (Fixture *f)
{
  mh_test_turn (mh_service_get_worker (f->service));
}

static gboolean
try_call (Fixture *f, MhCallType type)
{
  const MhCall call = { type };

  return mh_tracker_call (f->tracker, &call, f->clock.now, NULL);
}

static void
call (Fixture *f, MhCallType type)
{
  g_assert_true (try_call (f, type));
}

static void
call_start_named (Fixture *f, const char *name)
{
  g_auto (MhCall) start = { MH_CALL_SESSION_START };

  start.media = mh_media_new ();
  start.media->id = g_strdup ("id");
  start.media->name = g_strdup (name);
  start.media->length = 60;
  start.media->stream_type = g_strdup ("vod");
  start.media->media_type = g_strdup ("video");
  start.media->preroll_wait = 0;
  g_assert_true (mh_tracker_call (f->tracker, &start, f->clock.now, NULL));
}

static void
call_start (Fixture *f)
{
  call_start_named (f, "name");
}

static void
pass (Fixture *f, MhTime span)
{
  mh_test_clock_advance (&f->clock, span);
  mh_tracker_advance (f->tracker, f->clock.now);
  turn (f);
}

static void
answer (Fixture *f, guint index, guint status, const char *location)
{
  mh_test_transport_answer (f->transport, index, status, location, NULL);
  turn (f);
}

static void
assert_words (GString *words, const char *wanted)
{
  g_assert_cmpstr (words->str, ==, wanted);
  g_string_truncate (words, 0);
}

static gint64
stamp (Fixture *f, guint index)
{
  g_assert_cmpuint (index, <, f->stamps->len);
  return g_array_index (f->stamps, gint64, index);
}

static guint64
count_refused (Fixture *f)
{
  g_auto (MhStats) stats = { 0 };

  mh_tracker_get_stats (f->tracker, &stats);
  return stats.refused;
}

/* ---- time stamps ---- */

static void
test_stamps (Fixture *f, gconstpointer data)
{
  gint64 utc = f->clock.utc / MH_USEC_PER_MSEC;

  call_start (f);
  call (f, MH_CALL_PLAY);
  call (f, MH_CALL_PAUSE);
  assert_words (f->hits, "sessionStart play pauseStart ");
  /* At the same moment, but never at the same time. */
  g_assert_cmpint (stamp (f, 0), ==, utc);
  g_assert_cmpint (stamp (f, 1), ==, utc + 1);
  g_assert_cmpint (stamp (f, 2), ==, utc + 2);
  mh_test_clock_advance (&f->clock, MH_TIME_FROM_MSEC (2));
  call (f, MH_CALL_PLAY);
  g_assert_cmpint (stamp (f, 3), ==, utc + 3);
  mh_test_clock_advance (&f->clock, MH_TIME_FROM_MSEC (100));
  call (f, MH_CALL_PAUSE);
  g_assert_cmpint (stamp (f, 4), ==, utc + 102);
}

static void
test_wall_jumps (Fixture *f, gconstpointer data)
{
  gint64 utc = f->clock.utc / MH_USEC_PER_MSEC;

  call_start (f);
  f->clock.utc -= MH_TIME_FROM_SEC (3600);
  mh_test_clock_advance (&f->clock, MH_TIME_FROM_SEC (1));
  call (f, MH_CALL_PLAY);
  g_assert_cmpint (stamp (f, 1), ==, utc - 3600000 + 1000);
  f->clock.utc += MH_TIME_FROM_SEC (86400);
  utc += (86400 - 3600) * 1000;
  mh_test_clock_advance (&f->clock, MH_TIME_FROM_SEC (1));
  call (f, MH_CALL_PAUSE);
  g_assert_cmpint (stamp (f, 2), >=, utc + 2000);
  g_assert_cmpint (stamp (f, f->stamps->len - 1), <, utc + 3000);
  /* What is no jump moves nothing. */
  f->clock.utc += MH_TIME_FROM_MSEC (900);
  mh_test_clock_advance (&f->clock, MH_TIME_FROM_SEC (1));
  call (f, MH_CALL_PLAY);
  g_assert_cmpint (stamp (f, f->stamps->len - 1), <, utc + 4000);
  call (f, MH_CALL_SESSION_END);
  /* The next session goes by the clock as it is by then. */
  call_start (f);
  g_assert_cmpint (
      stamp (f, f->stamps->len - 1), ==, f->clock.utc / MH_USEC_PER_MSEC);
}

/* A call dated before what is known counts as of then. */
static void
test_late_call (Fixture *f, gconstpointer data)
{
  const MhCall play = { MH_CALL_PLAY };

  call_start (f);
  g_assert_true (mh_tracker_call (
      f->tracker, &play, f->clock.now - MH_TIME_FROM_SEC (5), NULL));
  mh_tracker_advance (f->tracker, f->clock.now - MH_TIME_FROM_SEC (5));
  g_assert_cmpint (mh_tracker_get_now (f->tracker), ==, f->clock.now);
  assert_words (f->hits, "sessionStart play ");
}

/* ---- delivery ---- */

static void
start_session (Fixture *f)
{
  call_start (f);
  call (f, MH_CALL_PLAY);
  turn (f);
  answer (f, 0, 201, "/sessions/one");
  answer (f, 1, 204, NULL);
  assert_words (f->ids, "one ");
  assert_words (f->hits, "sessionStart play ");
}

static void
assert_stats (
    Fixture *f, guint64 hits, guint64 sent, guint64 queued, guint64 dropped)
{
  g_auto (MhStats) stats = { 0 };

  mh_tracker_get_stats (f->tracker, &stats);
  g_assert_cmpuint (stats.hits, ==, hits);
  g_assert_cmpuint (stats.sent, ==, sent);
  g_assert_cmpuint (stats.queued, ==, queued);
  g_assert_cmpuint (stats.dropped, ==, dropped);
}

static void
test_stats (Fixture *f, gconstpointer data)
{
  g_auto (MhStats) stats = { 0 };

  assert_stats (f, 0, 0, 0, 0);
  call_start (f);
  call (f, MH_CALL_PLAY);
  assert_stats (f, 2, 0, 2, 0);
  turn (f);
  answer (f, 0, 201, "/sessions/one");
  assert_stats (f, 2, 1, 1, 0);
  answer (f, 1, 400, NULL);
  assert_stats (f, 2, 1, 0, 1);
  g_assert_false (try_call (f, MH_CALL_AD_COMPLETE));
  call (f, MH_CALL_SESSION_END);
  turn (f);
  answer (f, 2, 0, NULL);
  mh_tracker_get_stats (f->tracker, &stats);
  g_assert_cmpuint (stats.sessions, ==, 1);
  g_assert_cmpuint (stats.resumes, ==, 0);
  g_assert_cmpuint (stats.refused, ==, 1);
  g_assert_cmpuint (stats.failed, ==, 1);
  g_assert_nonnull (strstr (stats.last_error, "network is down"));
  g_assert_cmpstr (stats.session_id, ==, "one");
}

static void
test_failing (Fixture *f, gconstpointer data)
{
  start_session (f);
  call (f, MH_CALL_PAUSE);
  turn (f);
  for (guint i = 2; i < 5; i++) {
    answer (f, i, 0, NULL);
    pass (f, MH_TIME_FROM_SEC (60));
  }
  /* Once, although it lasts. */
  g_assert_nonnull (strstr (f->warnings->str, SERVER));
  g_assert_true (strchr (f->warnings->str, '\n') ==
      f->warnings->str + f->warnings->len - 1);
  mh_test_transport_answer_all (f->transport);
  turn (f);
  g_string_truncate (f->warnings, 0);
  /* And once more when it happens again. */
  call (f, MH_CALL_PLAY);
  turn (f);
  answer (f, mh_test_transport_count (f->transport) - 1, 0, NULL);
  g_assert_cmpuint (f->warnings->len, >, 0);
  mh_test_transport_set_late (f->transport, FALSE);
}

/* What event number @i of a batch says of when and where. */
static double
read_player_time (JsonNode *batch, guint i, gint64 *ts)
{
  JsonObject *event = json_array_get_object_element (
      json_node_get_array (batch), i);
  JsonObject *time = json_object_get_object_member (event, "playerTime");

  *ts = json_object_get_int_member (time, "ts");
  return json_object_get_double_member (time, "playhead");
}

/* Whatever waits for an answer gets none. */
static void
fail_all (Fixture *f)
{
  while (mh_test_transport_waiting (f->transport) > 0)
    answer (f, mh_test_transport_count (f->transport) - 1, 0, NULL);
}

/* Two hours are played without a network: nothing of it is lost, nor do the
 * pings wait for an answer. Afterwards each hit arrives with the time and the
 * playhead of its moment. */
static void
test_outage (Fixture *f, gconstpointer data)
{
  const MhCall playhead = { MH_CALL_PLAYHEAD, .playhead = { 0, 1 } };
  g_autoptr (JsonNode) batch = NULL;
  guint first, n_pings = 0;
  gint64 start, ts = 0;

  call_start (f);
  g_assert_true (mh_tracker_call (f->tracker, &playhead, f->clock.now, NULL));
  call (f, MH_CALL_PLAY);
  turn (f);
  for (guint i = 0; i < 720; i++) {
    fail_all (f);
    pass (f, MH_TIME_FROM_SEC (10));
  }
  for (const char *p = f->hits->str; (p = strstr (p, "ping ")); p++)
    n_pings++;
  g_assert_cmpuint (n_pings, ==, 719);
  call (f, MH_CALL_COMPLETE);
  fail_all (f);

  first = mh_test_transport_count (f->transport);
  /* It was tried all the while, but ever more rarely. */
  g_assert_cmpuint (first, >=, 10);
  g_assert_cmpuint (first, <=, 100);
  pass (f, MH_TIME_FROM_SEC (30 * 60));
  mh_test_transport_answer_all (f->transport);
  /* It is over, and the back end has not heard of it: one batch. */
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, first + 1);
  batch = json_from_string (mh_test_transport_body (f->transport, first), NULL);
  g_assert_cmpuint (
      json_array_get_length (json_node_get_array (batch)), ==, f->stamps->len);
  read_player_time (batch, 0, &start);
  for (guint i = 0; i < f->stamps->len; i++) {
    double at = read_player_time (batch, i, &ts);

    g_assert_cmpint (ts, ==, stamp (f, i));
    /* But for the millisecond between hits of one moment. */
    g_assert_cmpfloat_with_epsilon (at, (double) (ts - start) / 1000, 0.002);
  }
  g_assert_cmpint (ts - start, >=, 2 * 3600 * 1000);
  assert_stats (f, f->stamps->len, f->stamps->len, 0, 0);
}

/* Text that would break out of a statement's quotes is text. */
static void
test_apostrophe (Fixture *f, gconstpointer data)
{
  const char *name = "Don't Look Now'); DROP TABLE hits; --";
  g_autofree char *wanted = g_strdup_printf ("\"media.name\":\"%s\"", name);

  call_start_named (f, name);
  turn (f);
  /* Also as it is sent once more. */
  answer (f, 0, 0, NULL);
  pass (f, MH_TIME_FROM_SEC (1));
  for (guint i = 0; i < 2; i++)
    g_assert_nonnull (
        strstr (mh_test_transport_body (f->transport, i), wanted));
  answer (f, 1, 201, "/sessions/one");
  assert_stats (f, 1, 1, 0, 0);
}

static void
test_expire (Fixture *f, gconstpointer data)
{
  g_auto (MhStats) stats = { 0 };

  start_session (f);
  call (f, MH_CALL_PAUSE);
  turn (f);
  answer (f, 2, 404, NULL);
  /* A session that goes on, without an end of the one before. */
  assert_words (f->hits, "pauseStart sessionStart pauseStart ");
  g_assert_cmpuint (f->resumes, ==, 1);
  assert_words (f->ids, "none ");
  /* The rest of the one before goes as a batch. */
  answer (f, 3, 201, NULL);
  answer (f, 4, 201, "/sessions/two");
  assert_words (f->ids, "two ");
  answer (f, 5, 204, NULL);
  mh_tracker_get_stats (f->tracker, &stats);
  g_assert_cmpuint (stats.sessions, ==, 2);
  g_assert_cmpuint (stats.resumes, ==, 1);
  g_assert_cmpuint (stats.queued, ==, 0);
  g_assert_cmpuint (stats.dropped, ==, 0);
  g_assert_cmpuint (f->warnings->len, ==, 0);
}

/* Too late: it has ended by then, nothing comes back. */
static void
test_expire_after_end (Fixture *f, gconstpointer data)
{
  start_session (f);
  call (f, MH_CALL_SESSION_END);
  turn (f);
  answer (f, 2, 410, NULL);
  assert_words (f->hits, "sessionEnd ");
  g_assert_cmpuint (mh_test_transport_waiting (f->transport), ==, 0);
  assert_stats (f, 3, 2, 0, 1);
  /* The application has made no mistake. */
  g_assert_cmpuint (count_refused (f), ==, 0);
}

/* An answer about a session before this one changes nothing of this one. */
static void
test_expire_of_another (Fixture *f, gconstpointer data)
{
  start_session (f);
  call (f, MH_CALL_SESSION_END);
  turn (f);
  call_start (f);
  turn (f);
  assert_words (f->ids, "none ");
  answer (f, 2, 404, NULL);
  assert_words (f->hits, "sessionEnd sessionStart ");
  g_assert_cmpuint (f->resumes, ==, 0);
  answer (f, 3, 201, "/sessions/two");
  assert_words (f->ids, "two ");
}

static void
test_refused (Fixture *f, gconstpointer data)
{
  call_start (f);
  call (f, MH_CALL_PLAY);
  turn (f);
  answer (f, 0, 400, NULL);
  g_assert_nonnull (strstr (f->warnings->str, "refused the session"));
  g_string_truncate (f->warnings, 0);
  assert_stats (f, 2, 0, 0, 2);
  /* Goes on being tracked, is not sent, and not warned of again. */
  pass (f, MH_TIME_FROM_SEC (60));
  call (f, MH_CALL_SESSION_END);
  turn (f);
  g_assert_cmpuint (f->warnings->len, ==, 0);
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 1);
  assert_stats (f, f->stamps->len, 0, 0, f->stamps->len);
  /* The next one is tried again. */
  call_start (f);
  turn (f);
  answer (f, 1, 201, "/sessions/two");
  assert_words (f->ids, "two ");
}

static void
test_no_server (Fixture *f, gconstpointer data)
{
  set_server (f, NULL);
  call_start (f);
  call (f, MH_CALL_PLAY);
  pass (f, MH_TIME_FROM_SEC (11));
  call (f, MH_CALL_COMPLETE);
  turn (f);
  assert_words (f->hits, "sessionStart play play ping sessionComplete ");
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 0);
  assert_stats (f, 5, 0, 0, 0);
}

static void
test_config_of_next (Fixture *f, gconstpointer data)
{
  start_session (f);
  set_server (f, "https://b.example");
  call (f, MH_CALL_PAUSE);
  turn (f);
  answer (f, 2, 204, NULL);
  call (f, MH_CALL_SESSION_END);
  turn (f);
  answer (f, 3, 204, NULL);
  call_start (f);
  turn (f);
  g_assert_cmpstr (mh_test_transport_request (f->transport, 3)->uri, ==,
      SERVER "/api/v1/sessions/one/events");
  g_assert_cmpstr (mh_test_transport_request (f->transport, 4)->uri, ==,
      "https://b.example/api/v1/sessions");
}

/* Without a service it tracks on; with one again, from the next session. */
static void
test_service_goes (Fixture *f, gconstpointer data)
{
  start_session (f);
  mh_tracker_set_service (f->tracker, NULL);
  call (f, MH_CALL_PAUSE);
  turn (f);
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 2);
  mh_tracker_set_service (f->tracker, f->service);
  call (f, MH_CALL_SESSION_END);
  turn (f);
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 2);
  call_start (f);
  turn (f);
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 3);
}

/* What it leaves behind is delivered by whoever comes: it does not wait for ever
 * in the statistics of a player that is used again. */
static void
test_service_statistics (Fixture *f, gconstpointer data)
{
  start_session (f);
  call (f, MH_CALL_PAUSE);
  turn (f);
  assert_stats (f, 3, 2, 1, 0);
  mh_tracker_set_service (f->tracker, NULL);
  assert_stats (f, 3, 2, 1, 0);
  mh_tracker_set_service (f->tracker, f->service);
  assert_stats (f, 3, 2, 0, 0);
}

static MhTransport *
make_none (MhTime timeout, GError **error)
{
  g_set_error_literal (
      error, MH_ERROR, MH_ERROR_TRANSPORT, "a test has no network");
  return NULL;
}

/* Nothing can be sent: tracked all the same, and said once. */
static void
test_no_transport (Fixture *f, gconstpointer data)
{
  g_auto (MhStats) stats = { 0 };
  const char *message = "heartbeats are kept, but not sent: "
                        "a test has no network";

  mh_service_set_transport_func_for_test (f->service, make_none);
  set_server (f, NULL);
  call_start (f);
  call (f, MH_CALL_SESSION_END);
  g_assert_cmpstr (f->warnings->str, ==, "");
  assert_words (f->hits, "sessionStart sessionEnd ");
  set_server (f, SERVER);
  for (guint i = 0; i < 3; i++) {
    call_start (f);
    call (f, MH_CALL_PLAY);
    call (f, MH_CALL_SESSION_END);
    pass (f, MH_TIME_FROM_SEC (60));
    assert_words (f->hits, "sessionStart play sessionEnd ");
  }
  g_assert_true (g_str_has_prefix (f->warnings->str, message));
  g_assert_cmpuint (f->warnings->len, ==, strlen (message) + 1);
  assert_stats (f, 11, 0, 9, 0);
  mh_tracker_get_stats (f->tracker, &stats);
  g_assert_cmpstr (stats.last_error, ==, message);
  g_assert_cmpuint (stats.failed, ==, 0);
}

static void
test_refused_call (Fixture *f, gconstpointer data)
{
  const MhCall play = { MH_CALL_PLAY };
  g_autoptr (GError) error = NULL;

  g_assert_false (mh_tracker_call (f->tracker, &play, f->clock.now, &error));
  g_assert_error (error, MH_ERROR, MH_ERROR_REFUSED);
  g_assert_false (mh_tracker_is_open (f->tracker));
  g_assert_cmpint (mh_tracker_next_deadline (f->tracker), ==, MH_TIME_NEVER);
  g_assert_cmpuint (count_refused (f), ==, 1);
}

/* What is inferred may differ from what the application has said. */
static void
test_refused_call_of_ours (Fixture *f, gconstpointer data)
{
  const MhCall play = { MH_CALL_PLAY, .ours = TRUE };
  g_autoptr (GError) error = NULL;

  g_assert_false (mh_tracker_call (f->tracker, &play, f->clock.now, &error));
  g_assert_error (error, MH_ERROR, MH_ERROR_REFUSED);
  g_assert_cmpuint (count_refused (f), ==, 0);
}

/* A visitor opts out while two sessions wait: one that has ended and the
 * current one. Nothing more goes out, not even a sessionEnd. */
static void
test_abandon_all (Fixture *f, gconstpointer data)
{
  g_auto (MhStats) stats = { 0 };

  mh_test_transport_set_late (f->transport, TRUE);
  call_start (f);
  call (f, MH_CALL_PLAY);
  call (f, MH_CALL_COMPLETE);
  call_start (f);
  call (f, MH_CALL_PLAY);
  turn (f);
  /* Both starts are on their way; what follows waits for their answers. */
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 2);
  g_string_truncate (f->hits, 0);
  mh_tracker_abandon (f->tracker, "a test");
  mh_test_transport_answer_all (f->transport);
  mh_test_clock_advance (&f->clock, MH_TIME_FROM_SEC (3600));
  mh_tracker_advance (f->tracker, f->clock.now);
  turn (f);
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 2);
  g_assert_cmpstr (f->hits->str, ==, "");
  g_assert_false (mh_tracker_is_open (f->tracker));
  mh_tracker_get_stats (f->tracker, &stats);
  g_assert_cmpuint (stats.queued, ==, 0);
  g_assert_cmpuint (stats.dropped, ==, 5);
}

/* Returns: how many hits have gone out, when all is done. */
static guint
deliver (Fixture *f)
{
  do {
    mh_test_transport_answer_all (f->transport);
    turn (f);
  } while (mh_test_transport_waiting (f->transport) > 0);
  return mh_test_transport_count (f->transport);
}

static void
set_consent (MhTracker *tracker, gboolean given)
{
  g_autoptr (MhConfig) visitor = mh_config_new ();

  visitor->collection_server = g_strdup (SERVER);
  visitor->consent_pending = !given;
  mh_tracker_set_consent (tracker, visitor);
}

/* Nothing goes out before the visitor agrees; then all of it, in order, and the
 * session goes on. */
static void
test_consent_unknown (Fixture *f, gconstpointer data)
{
  g_auto (MhStats) stats = { 0 };

  set_consent (f->tracker, FALSE);
  call_start (f);
  call (f, MH_CALL_PLAY);
  pass (f, MH_TIME_FROM_SEC (25));
  g_assert_cmpuint (deliver (f), ==, 0);
  mh_tracker_get_stats (f->tracker, &stats);
  g_assert_cmpuint (stats.queued, ==, 5);
  set_consent (f->tracker, TRUE);
  turn (f);
  g_assert_cmpuint (deliver (f), ==, 5);
  pass (f, MH_TIME_FROM_SEC (10));
  g_assert_cmpuint (deliver (f), ==, 6);
  g_assert_cmpstr (f->hits->str, ==, "sessionStart play play ping ping ping ");
  g_assert_nonnull (
      strstr (mh_test_transport_body (f->transport, 0), "sessionStart"));
}

/* What was made before goes out; what comes after waits, for as long as it
 * takes. Then it is too late for that session. */
static void
test_consent_withdrawn (Fixture *f, gconstpointer data)
{
  guint n;

  call_start (f);
  call (f, MH_CALL_PLAY);
  pass (f, MH_TIME_FROM_SEC (1));
  n = deliver (f);
  g_assert_cmpuint (n, ==, 3);
  set_consent (f->tracker, FALSE);
  pass (f, MH_TIME_FROM_SEC (10));
  g_assert_cmpuint (deliver (f), ==, n);
  pass (f, MH_TIME_FROM_SEC (700));
  g_assert_cmpuint (deliver (f), ==, n);
  g_assert_cmpuint (f->resumes, ==, 0);
  set_consent (f->tracker, TRUE);
  turn (f);
  deliver (f);
  g_assert_cmpuint (f->resumes, ==, 1);
}

/* The next session of the same player, a resume, waits as well. */
static void
test_consent_resume (Fixture *f, gconstpointer data)
{
  set_consent (f->tracker, FALSE);
  call_start (f);
  call (f, MH_CALL_PLAY);
  call (f, MH_CALL_PAUSE);
  pass (f, MH_TIME_FROM_SEC (1800));
  call (f, MH_CALL_PLAY);
  pass (f, MH_TIME_FROM_SEC (1));
  g_assert_cmpuint (f->resumes, ==, 1);
  g_assert_cmpuint (deliver (f), ==, 0);
}

/* Somebody else's consent is not this one's. */
static void
test_consent_other (Fixture *f, gconstpointer data)
{
  set_consent (f->tracker, FALSE);
  call_start (f);
  call (f, MH_CALL_SESSION_END);
  set_server (f, "https://b.example");
  call_start (f);
  call (f, MH_CALL_SESSION_END);
  turn (f);
  g_assert_cmpuint (deliver (f), ==, 2);
  set_server (f, SERVER);
  call_start (f);
  call (f, MH_CALL_SESSION_END);
  turn (f);
  g_assert_cmpuint (deliver (f), ==, 6);
}

/* Nor is that of another player of the same application, for as long as this
 * one has not been told of it. */
static void
test_consent_other_player (Fixture *f, gconstpointer data)
{
  MhTracker *other = mh_tracker_new (&f->clock.clock, &listener, f);
  MhTracker *own = f->tracker;

  set_consent (own, FALSE);
  call_start (f);
  f->tracker = other;
  mh_tracker_set_service (other, f->service);
  set_server (f, SERVER);
  call_start (f);
  call (f, MH_CALL_SESSION_END);
  turn (f);
  g_assert_cmpuint (deliver (f), ==, 2);
  set_consent (other, TRUE);
  turn (f);
  g_assert_cmpuint (deliver (f), ==, 2);
  f->tracker = own;
  set_consent (own, TRUE);
  turn (f);
  g_assert_cmpuint (deliver (f), ==, 3);
  mh_tracker_set_service (other, NULL);
  mh_tracker_free (other);
}

/* Who has come meanwhile agrees: not for who was there. */
static void
test_consent_other_visitor (Fixture *f, gconstpointer data)
{
  g_autoptr (MhConfig) one = mh_config_new ();
  g_autoptr (MhConfig) other = mh_config_new ();

  one->collection_server = g_strdup (SERVER);
  one->visitor_id = g_strdup ("one");
  one->consent_pending = TRUE;
  other->collection_server = g_strdup (SERVER);
  other->visitor_id = g_strdup ("other");
  mh_tracker_set_config (f->tracker, one);
  call_start (f);
  call (f, MH_CALL_PLAY);
  call (f, MH_CALL_PAUSE);
  mh_tracker_set_consent (f->tracker, other);
  turn (f);
  /* One that resumes it is that visitor's as well. */
  pass (f, MH_TIME_FROM_SEC (1800));
  call (f, MH_CALL_PLAY);
  pass (f, MH_TIME_FROM_SEC (1));
  g_assert_cmpuint (f->resumes, ==, 1);
  g_assert_cmpuint (deliver (f), ==, 0);
  mh_tracker_set_config (f->tracker, other);
  call (f, MH_CALL_SESSION_END);
  call_start (f);
  call (f, MH_CALL_SESSION_END);
  turn (f);
  g_assert_cmpuint (deliver (f), ==, 2);
}

#define TEST(name, function) \
  g_test_add ("/tracker/" name, Fixture, NULL, set_up, function, tear_down)

/* What waits has no room for more: the body of a sessionStart is kept for as long as the
 * session. */
static void
test_body_size (Fixture *f, gconstpointer data)
{
  gconstpointer body;
  gsize size;

  call_start (f);
  turn (f);
  body = g_bytes_get_data (
      mh_test_transport_request (f->transport, 0)->body, &size);
  g_assert_cmpuint (malloc_usable_size ((gpointer) body), <=, size + 16);
}

/* Not for each session, nor whenever it comes back. */
static void
test_problem_once (Fixture *f, gconstpointer data)
{
  g_autoptr (MhConfig) config = mh_config_new ();
  g_auto (MhStats) stats = { 0 };

  config->collection_server = g_strdup (SERVER);
  config->state_dir = g_strdup ("/proc/self/nothing");
  mh_service_set_durable_for_test (f->service);
  mh_tracker_set_config (f->tracker, config);
  for (guint i = 0; i < 3; i++) {
    call_start (f);
    call (f, MH_CALL_SESSION_END);
    turn (f);
  }
  g_assert_nonnull (strstr (f->warnings->str, "in memory only\n"));
  g_assert_cmpint (strchr (f->warnings->str, '\n') - f->warnings->str, ==,
      (gssize) f->warnings->len - 1);
  mh_tracker_get_stats (f->tracker, &stats);
  g_assert_nonnull (stats.last_error);
}

/* With a back end that knows nothing of sessions: their IDs are ours, and known
 * at once. */
static void
test_own_ids (Fixture *f, gconstpointer data)
{
  g_autoptr (MhConfig) config = mh_config_new ();
  g_auto (MhStats) stats = { 0 };
  const char *body;

  config->collection_server = g_strdup ("https://a.example/in?key=secret");
  config->authorization = g_strdup ("Bearer secret");
  config->protocol = MH_PROTOCOL_EVENTS;
  mh_tracker_set_config (f->tracker, config);
  call_start_named (f, "item");
  turn (f);
  mh_tracker_get_stats (f->tracker, &stats);
  g_assert_true (g_uuid_string_is_valid (stats.session_id));
  body = mh_test_transport_body (f->transport, 0);
  g_assert_nonnull (strstr (body, stats.session_id));
  g_assert_nonnull (strstr (body, "\"seq\":0,"));
  g_assert_cmpstr (mh_test_transport_request (f->transport, 0)->uri, ==,
      "https://a.example/in?key=secret");
  g_assert_cmpstr (mh_test_transport_request (f->transport, 0)->authorization,
      ==, "Bearer secret");
  mh_test_transport_answer (f->transport, 0, 503, NULL, NULL);
  /* What opens a door is not told. */
  g_assert_nonnull (strstr (f->warnings->str, "https://a.example/in "));
  g_assert_null (strstr (f->warnings->str, "secret"));
}

/* ---- what a server refuses ---- */

static void
set_protocol (Fixture *f, MhProtocolKind protocol)
{
  g_autoptr (MhConfig) config = mh_config_new ();

  config->collection_server = g_strdup (SERVER);
  config->authorization = g_strdup ("Bearer secret");
  config->protocol = protocol;
  mh_tracker_set_config (f->tracker, config);
}

static guint
count_warnings (Fixture *f)
{
  guint n = 0;

  for (const char *c = f->warnings->str; *c; c++)
    n += *c == '\n';
  return n;
}

/* Answers everything until nothing is under way any more. */
static void
answer_all (Fixture *f, guint *next, guint status)
{
  while (*next < mh_test_transport_count (f->transport))
    answer (f, (*next)++, status, NULL);
}

/* A back end that knows nothing of sessions: each event is refused alone, which
 * is told once a session. */
static void
test_events_refused (Fixture *f, gconstpointer data)
{
  static const MhProtocolKind protocols[] = { MH_PROTOCOL_EVENTS,
    MH_PROTOCOL_CMCD };
  static const guint statuses[] = { 400, 413, 422 };
  guint next = 0;

  for (guint i = 0; i < G_N_ELEMENTS (protocols) * G_N_ELEMENTS (statuses);
       i++) {
    guint status = statuses[i % G_N_ELEMENTS (statuses)];
    g_autofree char *number = g_strdup_printf (" %u", status);

    set_protocol (f, protocols[i / G_N_ELEMENTS (statuses)]);
    call_start (f);
    call (f, MH_CALL_PLAY);
    turn (f);
    answer_all (f, &next, status);
    call (f, MH_CALL_PAUSE);
    call (f, MH_CALL_SESSION_END);
    turn (f);
    answer_all (f, &next, status);
    g_assert_cmpuint (count_warnings (f), ==, 1);
    g_assert_nonnull (strstr (f->warnings->str, "the server refused"));
    g_assert_nonnull (strstr (f->warnings->str, number));
    g_string_truncate (f->warnings, 0);
  }
}

/* The same where the server has taken the session, but none of its events. */
static void
test_later_refused (Fixture *f, gconstpointer data)
{
  guint next = 1;

  call_start (f);
  turn (f);
  answer (f, 0, 201, "/sessions/one");
  call (f, MH_CALL_PLAY);
  call (f, MH_CALL_PAUSE);
  turn (f);
  answer_all (f, &next, 422);
  g_assert_cmpuint (count_warnings (f), ==, 1);
  g_assert_nonnull (strstr (f->warnings->str, "422"));
}

/* The batch of what was downloaded. */
static void
test_batch_refused (Fixture *f, gconstpointer data)
{
  g_auto (MhCall) start = { MH_CALL_SESSION_START };
  guint next = 0;

  start.media = mh_media_new ();
  start.media->id = g_strdup ("id");
  start.media->name = g_strdup ("name");
  start.media->length = 60;
  start.media->stream_type = g_strdup ("vod");
  start.media->media_type = g_strdup ("video");
  start.media->preroll_wait = 0;
  start.media->downloaded = TRUE;
  g_assert_true (mh_tracker_call (f->tracker, &start, f->clock.now, NULL));
  call (f, MH_CALL_PLAY);
  call (f, MH_CALL_SESSION_END);
  turn (f);
  answer_all (f, &next, 422);
  g_assert_cmpuint (next, ==, 1);
  g_assert_cmpuint (count_warnings (f), ==, 1);
  g_assert_nonnull (strstr (f->warnings->str, "422"));
}

static void
assert_last_error (Fixture *f, const char *text)
{
  g_auto (MhStats) stats = { 0 };

  mh_tracker_get_stats (f->tracker, &stats);
  g_assert_nonnull (stats.last_error);
  g_assert_nonnull (strstr (stats.last_error, text));
}

/* What is dropped since then does not hide why. */
static void
test_refused_last_error (Fixture *f, gconstpointer data)
{
  static const guint statuses[] = { 400, 404, 410, 413 };
  static const MhProtocolKind protocols[] = { MH_PROTOCOL_MEDIA_COLLECTION,
    MH_PROTOCOL_MEDIA_EDGE };
  guint next = 0;

  for (guint i = 0; i < 8; i++) {
    g_autofree char *number = g_strdup_printf (" %u", statuses[i % 4]);

    set_protocol (f, protocols[i / 4]);
    call_start (f);
    turn (f);
    answer_all (f, &next, statuses[i % 4]);
    assert_last_error (f, number);
    call (f, MH_CALL_PLAY);
    call (f, MH_CALL_SESSION_END);
    turn (f);
    answer_all (f, &next, statuses[i % 4]);
    assert_last_error (f, number);
  }
}

/* Adobe's APIs have no such header. */
static void
test_no_authorization (Fixture *f, gconstpointer data)
{
  static const struct
  {
    MhProtocolKind protocol;
    const char *wanted;
  } rows[] = {
    { MH_PROTOCOL_CMCD, "Bearer secret" },
    { MH_PROTOCOL_MEDIA_COLLECTION, NULL },
    { MH_PROTOCOL_MEDIA_EDGE, NULL },
    { MH_PROTOCOL_EVENTS, "Bearer secret" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    set_protocol (f, rows[i].protocol);
    call_start (f);
    turn (f);
    g_assert_cmpstr (mh_test_transport_request (f->transport, i)->authorization,
        ==, rows[i].wanted);
    answer (f, i, 422, NULL);
    call (f, MH_CALL_SESSION_END);
    mh_tracker_abandon (f->tracker, "test");
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  TEST ("stamps", test_stamps);
  TEST ("stamps/wall-jumps", test_wall_jumps);
  TEST ("stamps/late-call", test_late_call);
  TEST ("stats", test_stats);
  TEST ("own-ids", test_own_ids);
  TEST ("failing", test_failing);
  TEST ("outage", test_outage);
  TEST ("apostrophe", test_apostrophe);
  TEST ("body-size", test_body_size);
  TEST ("problem-once", test_problem_once);
  TEST ("expire", test_expire);
  TEST ("expire/after-end", test_expire_after_end);
  TEST ("expire/of-another", test_expire_of_another);
  TEST ("refused", test_refused);
  TEST ("refused/events", test_events_refused);
  TEST ("refused/later", test_later_refused);
  TEST ("refused/batch", test_batch_refused);
  TEST ("refused/last-error", test_refused_last_error);
  TEST ("no-authorization", test_no_authorization);
  TEST ("no-server", test_no_server);
  TEST ("config-of-next", test_config_of_next);
  TEST ("service-goes", test_service_goes);
  TEST ("service-goes/statistics", test_service_statistics);
  TEST ("no-transport", test_no_transport);
  TEST ("refused-call", test_refused_call);
  TEST ("refused-call/of-ours", test_refused_call_of_ours);
  TEST ("abandon", test_abandon_all);
  TEST ("consent/unknown", test_consent_unknown);
  TEST ("consent/withdrawn", test_consent_withdrawn);
  TEST ("consent/resume", test_consent_resume);
  TEST ("consent/other", test_consent_other);
  TEST ("consent/other-visitor", test_consent_other_visitor);
  TEST ("consent/other-player", test_consent_other_player);
  return g_test_run ();
}
