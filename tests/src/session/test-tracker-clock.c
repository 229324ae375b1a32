/* Tests of a session on a machine whose wall clock is wrong for a while.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-protocol.h"
#include "mh-tracker.h"

#include <math.h>
#include <string.h>

#include "mh-test-clock.h"
#include "mh-test-transport.h"
#include "mh-test-turn.h"

#define SERVER "https://a.example"

/* 1970-01-01T00:05:00Z and 2026-11-28T20:00:00Z, in ms. */
#define EARLY G_GINT64_CONSTANT (300000)
#define EVENING G_GINT64_CONSTANT (1795896000000)

#define SEC(s) MH_TIME_FROM_SEC (s)

typedef struct
{
  MhTestClock clock;
  MhTestTransport *transport;
  MhService *service;
  MhTracker *tracker;
  guint n_sent; /* requests that have had an answer of deliver() */
  guint n_sessions; /* that it has given IDs to */
  GHashTable *latest; /* session → ts of the latest event that it has taken */
  guint session; /* of the latest hit that the application was told of */
  gint64 ts; /* its */
  double playhead; /* its */
} Fixture;

static void
on_hit (const MhHit *hit, gpointer user_data)
{
  Fixture *f = user_data;

  if (hit->session == f->session)
    g_assert_cmpint (hit->ts, >, f->ts);
  f->session = hit->session;
  f->ts = hit->ts;
  f->playhead = hit->playhead;
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
set_up (Fixture *f, gconstpointer protocol)
{
  g_autoptr (MhConfig) config = mh_config_new ();

  mh_test_clock_init (&f->clock);
  f->clock.utc = EARLY * MH_USEC_PER_MSEC;
  f->latest = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  f->transport = mh_test_transport_new ();
  f->service = mh_service_new_for_test (
      &f->clock.clock, MH_TRANSPORT (f->transport));
  f->tracker = mh_tracker_new (&f->clock.clock, &listener, f);
  mh_tracker_set_service (f->tracker, f->service);
  config->collection_server = g_strdup (SERVER);
  config->protocol = (MhProtocolKind) GPOINTER_TO_UINT (protocol);
  config->datastream_id = g_strdup ("stream");
  config->channel = g_strdup ("channel");
  config->player_name = g_strdup ("player");
  mh_tracker_set_config (f->tracker, config);
}

static void
tear_down (Fixture *f, gconstpointer protocol)
{
  mh_tracker_set_service (f->tracker, NULL);
  mh_tracker_free (f->tracker);
  mh_service_free_for_test (f->service);
  g_assert_finalize_object (f->transport);
  g_hash_table_unref (f->latest);
}

static void
turn (Fixture *f)
{
  mh_test_turn (mh_service_get_worker (f->service));
}

static void
pass (Fixture *f, MhTime span)
{
  mh_test_clock_advance (&f->clock, span);
  mh_tracker_advance (f->tracker, f->clock.now);
  turn (f);
}

/* The player says where the media is, as for each call: live media is at the second
 * of the day. */
static void
call (Fixture *f, const MhCall *what)
{
  const MhCall playhead = { MH_CALL_PLAYHEAD,
    .playhead = { fmod ((double) f->clock.utc / 1e6, 86400), 1 } };

  g_assert_true (mh_tracker_call (f->tracker, &playhead, f->clock.now, NULL));
  g_assert_true (mh_tracker_call (f->tracker, what, f->clock.now, NULL));
}

static void
start_media (Fixture *f)
{
  g_auto (MhCall) start = { MH_CALL_SESSION_START };

  start.media = mh_media_new ();
  start.media->id = g_strdup ("id");
  start.media->name = g_strdup ("name");
  start.media->length = 86400;
  start.media->stream_type = g_strdup ("live");
  start.media->media_type = g_strdup ("video");
  start.media->preroll_wait = 0;
  call (f, &start);
}

static void
start (Fixture *f)
{
  const MhCall play = { MH_CALL_PLAY };

  start_media (f);
  call (f, &play);
}

static void
set_clock (Fixture *f, gint64 utc)
{
  f->clock.utc = utc * MH_USEC_PER_MSEC;
}

/* A pattern of how each protocol says when it was, and that the playhead was at that
 * second. */
static char *
describe_at (MhProtocolKind protocol, gint64 ts, int second)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (ts / 1000);

  switch (protocol) {
    case MH_PROTOCOL_MEDIA_COLLECTION:
      return g_strdup_printf (
          "*\"playhead\":%d*,\"ts\":%" G_GINT64_FORMAT "*", second, ts);
    case MH_PROTOCOL_MEDIA_EDGE: {
      g_autofree char *text = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S");

      return g_strdup_printf ("*\"timestamp\":\"%s.%03dZ\"*\"playhead\":%d*",
          text, (int) (ts % 1000), second);
    }
    case MH_PROTOCOL_EVENTS:
      return g_strdup_printf (
          "*\"ts\":%" G_GINT64_FORMAT ",*\"playhead\":%d*", ts, second);
    default:
      return g_strdup_printf ("*,ts=%" G_GINT64_FORMAT ",*", ts);
  }
}

static int
second_of_day (gint64 ts)
{
  return (int) (ts / 1000 % 86400);
}

static char *
describe (MhProtocolKind protocol, gint64 ts)
{
  return describe_at (protocol, ts, second_of_day (ts));
}

static void
assert_says (Fixture *f, gconstpointer protocol, guint request, gint64 ts)
{
  g_autofree char *wanted = describe (
      (MhProtocolKind) GPOINTER_TO_UINT (protocol), ts);
  const char *body = mh_test_transport_body (f->transport, request);

  if (!g_pattern_match_simple (wanted, body))
    g_error ("no %s in %s", wanted, body);
}

static gboolean
has_ids (gconstpointer protocol)
{
  return GPOINTER_TO_UINT (protocol) == MH_PROTOCOL_MEDIA_COLLECTION ||
      GPOINTER_TO_UINT (protocol) == MH_PROTOCOL_MEDIA_EDGE;
}

static void
accept_start (Fixture *f, gconstpointer protocol, guint request)
{
  static const char edge[] =
      "{\"handle\":[{\"type\":\"media-analytics:new-session\",\"payload\":"
      "[{\"sessionId\":\"sid\"}]}]}";

  if (GPOINTER_TO_UINT (protocol) == MH_PROTOCOL_MEDIA_EDGE)
    mh_test_transport_answer_body (f->transport, request, 200, edge);
  else
    mh_test_transport_answer (f->transport, request, 201, "/s/sid", NULL);
  turn (f);
}

/* Answers each request, from number @from on, and looks for one that says so. */
static void
assert_sent (Fixture *f, gconstpointer protocol, guint from, gint64 ts)
{
  g_autofree char *wanted = describe (
      (MhProtocolKind) GPOINTER_TO_UINT (protocol), ts);
  gboolean found = FALSE;

  turn (f);
  for (guint i = from; i < mh_test_transport_count (f->transport); i++) {
    found |= g_pattern_match_simple (
        wanted, mh_test_transport_body (f->transport, i));
    mh_test_transport_answer (f->transport, i, 204, NULL, NULL);
    turn (f);
  }
  if (!found)
    g_error ("nothing like %s has been sent", wanted);
}

/* No server answers before the clock is set. What waits is sent as it would have
 * been made by the right clock. */
static void
test_waiting (Fixture *f, gconstpointer protocol)
{
  guint n;

  start (f);
  turn (f);
  assert_says (f, protocol, 0, EARLY);
  mh_test_transport_answer (f->transport, 0, 0, NULL, NULL);
  turn (f);
  set_clock (f, EVENING);
  pass (f, SEC (5));
  n = mh_test_transport_count (f->transport);
  g_assert_cmpuint (n, ==, 2);
  assert_says (f, protocol, 1, EVENING);
  if (!has_ids (protocol)) {
    assert_sent (f, protocol, 1, EVENING + 1);
    return;
  }
  accept_start (f, protocol, 1);
  assert_sent (f, protocol, 2, EVENING + 1);
}

/* ---- a server that goes by the rules ---- */

/* Returns: (transfer full): what comes between @before and the next quotation mark. */
static char *
dup_between (const char *text, const char *before)
{
  const char *start = strstr (text, before);

  g_assert_nonnull (start);
  start += strlen (before);
  return g_strndup (start, strcspn (start, "\"/"));
}

static gint64
get_ts (const char *body)
{
  const char *number = g_strrstr (body, "\"ts\":");
  g_autofree char *text = NULL;
  g_autoptr (GDateTime) time = NULL;

  if (number)
    return g_ascii_strtoll (number + 5, NULL, 10);
  text = dup_between (body, "\"timestamp\":\"");
  time = g_date_time_new_from_iso8601 (text, NULL);
  return g_date_time_to_unix (time) * 1000 +
      g_date_time_get_microsecond (time) / 1000;
}

/* An event that is not later than the one before is refused. */
static void
take (Fixture *f, char *session, const char *body)
{
  gint64 ts = get_ts (body);
  gint64 *latest = g_hash_table_lookup (f->latest, session);

  if (latest && ts <= *latest)
    g_error ("not later than %" G_GINT64_FORMAT ": %s", *latest, body);
  g_hash_table_insert (f->latest, session, g_memdup2 (&ts, sizeof ts));
}

static void
take_start (Fixture *f, guint request, gboolean edge)
{
  const char *body = mh_test_transport_body (f->transport, request);
  char *id = g_strdup_printf ("sid%u", ++f->n_sessions);
  g_autofree char *location = g_strdup_printf ("/s/%s", id);
  g_autofree char *answer = g_strdup_printf (
      "{\"handle\":[{\"type\":\"media-analytics:new-session\",\"payload\":"
      "[{\"sessionId\":\"%s\"}]}]}",
      id);

  take (f, id, body);
  if (edge)
    mh_test_transport_answer_body (f->transport, request, 200, answer);
  else
    mh_test_transport_answer (f->transport, request, 201, location, NULL);
}

static void
take_request (Fixture *f, gconstpointer protocol, guint request)
{
  const char *body = mh_test_transport_body (f->transport, request);
  const char *uri = mh_test_transport_request (f->transport, request)->uri;
  gboolean edge = GPOINTER_TO_UINT (protocol) == MH_PROTOCOL_MEDIA_EDGE;

  if (!has_ids (protocol)) {
    mh_test_transport_answer (f->transport, request, 204, NULL, NULL);
  } else if (strstr (body, "sessionStart")) {
    take_start (f, request, edge);
  } else {
    take (f,
        edge ? dup_between (body, "\"sessionID\":\"")
             : dup_between (uri, "/sessions/"),
        body);
    mh_test_transport_answer (f->transport, request, 204, NULL, NULL);
  }
}

static void
deliver (Fixture *f, gconstpointer protocol)
{
  turn (f);
  while (f->n_sent < mh_test_transport_count (f->transport)) {
    take_request (f, protocol, f->n_sent++);
    turn (f);
  }
}

/* Since request @from, one that has such an event. */
static void
assert_has (Fixture *f, guint from, const char *event, const char *wanted)
{
  for (guint i = from; i < mh_test_transport_count (f->transport); i++) {
    const char *body = mh_test_transport_body (f->transport, i);

    if (strstr (body, event) && g_pattern_match_simple (wanted, body))
      return;
  }
  g_error ("no %s like %s has been sent", event, wanted);
}

static void
assert_event (Fixture *f, gconstpointer protocol, guint from, const char *event,
    gint64 ts, int second)
{
  g_autofree char *wanted = describe_at (
      (MhProtocolKind) GPOINTER_TO_UINT (protocol), ts, second);

  /* It has names of its own for events. */
  if (GPOINTER_TO_UINT (protocol) != MH_PROTOCOL_CMCD)
    assert_has (f, from, event, wanted);
}

static guint
start_online (Fixture *f, gconstpointer protocol)
{
  start (f);
  deliver (f, protocol);
  return mh_test_transport_count (f->transport);
}

/* What has begun by a wrong clock ends by it, and what goes on is another session by
 * the right one. The application is told so. */
static void
jump (Fixture *f, gconstpointer protocol, MhCallType type, gint64 to)
{
  const MhCall what = { type };
  guint n = mh_test_transport_count (f->transport);
  guint session = f->session;
  gint64 before;

  mh_test_clock_advance (&f->clock, SEC (5));
  before = f->clock.utc / MH_USEC_PER_MSEC;
  set_clock (f, to);
  call (f, &what);
  g_assert_cmpuint (f->session, ==, session + 1);
  g_assert_cmpint (f->ts - to, <, 10);
  g_assert_cmpint (f->ts - to, >=, 0);
  g_assert_cmpfloat_with_epsilon (f->playhead, second_of_day (to), 1e-6);
  deliver (f, protocol);
  assert_event (f, protocol, n, "sessionEnd", before, second_of_day (to));
  assert_event (f, protocol, n, "sessionStart", to, second_of_day (to));
}

static void
test_going_on (Fixture *f, gconstpointer protocol)
{
  start_online (f, protocol);
  jump (f, protocol, MH_CALL_PAUSE, EVENING);
  /* It was an hour fast. */
  jump (f, protocol, MH_CALL_PLAY, EVENING - 3600000);
}

/* Nothing is said by the player: the next ping is the first to find out. */
static void
test_ping (Fixture *f, gconstpointer protocol)
{
  guint n = start_online (f, protocol);

  mh_test_clock_advance (&f->clock, SEC (5));
  set_clock (f, EVENING);
  pass (f, SEC (5));
  g_assert_cmpuint (f->session, ==, 1);
  deliver (f, protocol);
  assert_event (f, protocol, n, "sessionStart", EVENING + 5000, 20 * 3600 + 5);
  g_assert_cmpfloat_with_epsilon (f->playhead, 20 * 3600 + 5, 1e-6);
}

/* Its end is one by its own clock, and nothing is begun for its sake. */
static void
test_end (Fixture *f, gconstpointer protocol)
{
  const MhCall end = { MH_CALL_SESSION_END };
  guint n;

  set_clock (f, EVENING);
  n = start_online (f, protocol);
  mh_test_clock_advance (&f->clock, SEC (5));
  set_clock (f, EVENING - 7200000);
  call (f, &end);
  g_assert_cmpuint (f->session, ==, 0);
  deliver (f, protocol);
  assert_event (f, protocol, n, "sessionEnd", EVENING + 5000, 18 * 3600);
}

/* Others may follow in the same request. */
static gboolean
is_repeated (Fixture *f, guint request)
{
  const char *body = mh_test_transport_body (f->transport, request);
  g_autofree char *begin = g_strndup (body, strlen (body) - 1);
  guint i = request + 1;

  while (i < mh_test_transport_count (f->transport) &&
      !g_str_has_prefix (mh_test_transport_body (f->transport, i), begin))
    i++;
  return i < mh_test_transport_count (f->transport);
}

/* What was sent, and whose answer was lost, is repeated as it was. */
static void
test_lost (Fixture *f, gconstpointer protocol)
{
  const MhCall pause = { MH_CALL_PAUSE };
  guint n = start_online (f, protocol);

  mh_test_clock_advance (&f->clock, SEC (1) / 2);
  call (f, &pause);
  turn (f);
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, n + 1);
  mh_test_transport_lose (f->transport, n);
  turn (f);
  set_clock (f, EVENING);
  pass (f, SEC (5));
  f->n_sent = n + 1;
  deliver (f, protocol);
  g_assert_true (is_repeated (f, n));
}

/* A start that may have arrived. Where the server gives it an ID, that begins another
 * session; otherwise the server knows it again, and keeps the first. */
static void
test_lost_start (Fixture *f, gconstpointer protocol)
{
  start (f);
  turn (f);
  mh_test_transport_lose (f->transport, 0);
  set_clock (f, EVENING);
  pass (f, SEC (8));
  f->n_sent = 1;
  deliver (f, protocol);
  g_assert_cmpint (is_repeated (f, 0), ==, !has_ids (protocol));
  assert_event (f, protocol, 1, "sessionStart",
      EVENING + (has_ids (protocol) ? 0 : 8000),
      20 * 3600 + (has_ids (protocol) ? 0 : 8));
}

/* The answer to the start comes after the jump: it was for the time before. */
static void
test_awaited (Fixture *f, gconstpointer protocol)
{
  const MhCall pause = { MH_CALL_PAUSE };

  set_clock (f, EVENING);
  start (f);
  turn (f);
  set_clock (f, EVENING - 3600000);
  deliver (f, protocol);
  mh_test_clock_advance (&f->clock, SEC (5));
  call (f, &pause);
  deliver (f, protocol);
  assert_event (f, protocol, 0, "play", EVENING + 1, 20 * 3600);
  assert_event (
      f, protocol, 0, "sessionStart", EVENING - 3600000 + 5000, 19 * 3600 + 5);
}

/* There is no network: whatever is tried. */
static void
fail_all (Fixture *f)
{
  turn (f);
  while (f->n_sent < mh_test_transport_count (f->transport)) {
    mh_test_transport_answer (f->transport, f->n_sent++, 0, NULL, NULL);
    turn (f);
  }
}

/* Before anything of it has arrived, it moves as often as it has to. */
static void
test_twice (Fixture *f, gconstpointer protocol)
{
  const MhCall pause = { MH_CALL_PAUSE };

  start (f);
  fail_all (f);
  set_clock (f, EVENING - 86400000);
  mh_test_clock_advance (&f->clock, SEC (1) / 2);
  call (f, &pause);
  fail_all (f);
  set_clock (f, EVENING + 500);
  pass (f, SEC (8));
  deliver (f, protocol);
  g_assert_cmpuint (f->session, ==, 0);
  assert_event (f, protocol, 1, "sessionStart", EVENING, 20 * 3600);
  assert_event (f, protocol, 1, "pauseStart", EVENING + 500, 20 * 3600);
}

/* Media that has failed before is reported when it plays: as of when that was. */
static void
test_withheld (Fixture *f, gconstpointer protocol)
{
  const MhCall error = { MH_CALL_ERROR, .text = (char *) "no-such-file" };
  const MhCall end = { MH_CALL_SESSION_END };
  const MhCall play = { MH_CALL_PLAY };
  const MhCall pause = { MH_CALL_PAUSE };
  guint n;

  start_media (f);
  call (f, &error);
  call (f, &end);
  deliver (f, protocol);
  n = mh_test_transport_count (f->transport);
  mh_test_clock_advance (&f->clock, SEC (1));
  start_media (f);
  mh_test_clock_advance (&f->clock, SEC (1));
  set_clock (f, EVENING);
  call (f, &play);
  g_assert_cmpint (f->ts, ==, EVENING);
  mh_test_clock_advance (&f->clock, SEC (1) / 2);
  call (f, &pause);
  g_assert_cmpuint (f->session, ==, 1);
  deliver (f, protocol);
  assert_event (f, protocol, n, "sessionStart", EVENING - 1000, 20 * 3600 - 1);
  assert_event (f, protocol, n, "play", EVENING, 20 * 3600);
  assert_event (f, protocol, n, "pauseStart", EVENING + 500, 20 * 3600);
}

static void
add (const char *name, void (*test) (Fixture *f, gconstpointer protocol))
{
  for (guint i = 0; i < MH_N_PROTOCOLS; i++) {
    g_autofree char *path = g_strdup_printf ("/tracker-clock/%s/%s", name,
        mh_protocol_get ((MhProtocolKind) i)->name);

    g_test_add (path, Fixture, GUINT_TO_POINTER (i), set_up, test, tear_down);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("waiting", test_waiting);
  add ("going-on", test_going_on);
  add ("ping", test_ping);
  add ("end", test_end);
  add ("lost", test_lost);
  add ("lost-start", test_lost_start);
  add ("awaited", test_awaited);
  add ("twice", test_twice);
  add ("withheld", test_withheld);
  return g_test_run ();
}
