/* Tests of mh-sender with the Media Edge API: the location hint, and what becomes
 * of hits while answers are lost, the server is away, or the process is.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-protocol.h"

#include <string.h>

#include "mh-backoff.h"

#include "mh-test-sender.h"

#define MAX_HITS 100
#define ENDPOINT "https://edge.example?configId=ds"
#define START \
  "{\"events\":[{\"xdm\":{\"eventType\":\"media.sessionStart\"," \
  "\"timestamp\":\"2026-11-28T20:00:00.000Z\",\"mediaCollection\":{" \
  "\"playhead\":0,\"sessionDetails\":{\"name\":\"i\",\"hasResume\":false}}}}]}"
#define EVENT(type) \
  "{\"events\":[{\"xdm\":{\"eventType\":\"media." type "\"," \
  "\"timestamp\":\"2026-11-28T20:00:10.000Z\",\"mediaCollection\":{" \
  "\"playhead\":10}}}]}"
#define WITH_ID(type) \
  "{\"events\":[{\"xdm\":{\"eventType\":\"media." type \
  "\",\"timestamp\":\"2026-11-28T20:00:10.000Z\",\"mediaCollection\":{" \
  "\"sessionID\":\"sid\",\"playhead\":10}}}]}"
#define NEW_SESSION \
  "{\"handle\":[{\"type\":\"media-analytics:new-session\"," \
  "\"payload\":[{\"sessionId\":\"sid\"}]},{\"type\":\"locationHint:result\"," \
  "\"payload\":[{\"scope\":\"EdgeNetwork\",\"hint\":\"va6\"}]}]}"

static void
let_pass (MhTestSender *f)
{
  mh_test_sender_pass (f, 2 * MH_BACKOFF_CAP);
}

static void
assert_request (
    MhTestSender *f, guint index, const char *path, const char *body)
{
  g_autofree char *uri = g_strconcat (
      "https://edge.example/ee/", path, "?configId=ds", NULL);

  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, index + 1);
  g_assert_cmpstr (
      mh_test_transport_request (f->transport, index)->uri, ==, uri);
  if (body)
    g_assert_cmpstr (mh_test_transport_body (f->transport, index), ==, body);
}

static gint64
open_session (MhTestSender *f)
{
  gint64 session = mh_sender_open (f->sender, ENDPOINT, MH_PROTOCOL_MEDIA_EDGE);

  mh_store_set_mode (f->store, session, MH_SEND_LIVE);
  mh_test_sender_enqueue (f, session, MH_EVENT_SESSION_START, START);
  return session;
}

/* Its start is accepted as request 0. */
static gint64
start_session (MhTestSender *f)
{
  gint64 session = open_session (f);

  mh_sender_run (f->sender);
  assert_request (f, 0, "va/v1/sessionStart", START);
  mh_test_transport_answer_body (f->transport, 0, 200, NEW_SESSION);
  mh_test_sender_assert_told (f, "id:1:sid sent:1:sessionStart ");
  return session;
}

static void
test_hint (MhTestSender *f, gconstpointer data)
{
  gint64 session = start_session (f);

  mh_test_sender_send (f, session, MH_EVENT_PLAY, EVENT ("play"));
  assert_request (f, 1, "va6/va/v1/play", WITH_ID ("play"));
  mh_test_sender_answer (f, 1, 204);
  mh_test_sender_assert_told (f, "sent:1:play ");
  mh_test_sender_send (f, session, MH_EVENT_STATE_END, EVENT ("x"));
  assert_request (f, 2, "va6/va/v1/statesUpdate", WITH_ID ("x"));
  mh_test_sender_answer (f, 2, 204);
}

/* It is kept with the session, also for the sender after this one. */
static void
test_hint_restart (MhTestSender *f, gconstpointer data)
{
  gint64 session = start_session (f);

  mh_test_sender_enqueue (f, session, MH_EVENT_SESSION_END, EVENT ("x"));
  mh_test_sender_restart (f);
  mh_sender_run (f->sender);
  assert_request (f, 0, "va6/va/v1/sessionEnd", WITH_ID ("x"));
  mh_test_sender_answer (f, 0, 204);
  g_assert_cmpuint (mh_store_count (f->store), ==, 0);
}

/* It has arrived, as it turns out: no other session is begun for it. */
static void
test_lost_answer (MhTestSender *f, gconstpointer data)
{
  static const char *const closed[] = { NULL,
    "{\"errors\":[{\"type\":\"https://x/va-edge-0404-404\"}]}" };
  gint64 session = start_session (f);

  mh_test_sender_send (f, session, MH_EVENT_SESSION_COMPLETE, EVENT ("x"));
  mh_test_transport_lose (f->transport, 1);
  mh_test_sender_assert_told (f, "failed:1 ");
  let_pass (f);
  assert_request (f, 2, "va6/va/v1/sessionComplete", WITH_ID ("x"));
  if (closed[GPOINTER_TO_UINT (data) - MAX_HITS])
    mh_test_transport_answer_body (f->transport, 2, 207, closed[1]);
  else
    mh_test_sender_answer (f, 2, 404);
  mh_test_sender_assert_told (f, "sent:1:sessionComplete ");
}

static void
test_server_away (MhTestSender *f, gconstpointer data)
{
  static const guint statuses[] = { 0, 503, 429, 0, 502 };
  gint64 session = start_session (f);
  guint n = 1;

  mh_test_sender_enqueue (f, session, MH_EVENT_PLAY, EVENT ("play"));
  mh_test_sender_send (f, session, MH_EVENT_SESSION_END, EVENT ("x"));
  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++) {
    assert_request (f, n, "va6/va/v1/play", WITH_ID ("play"));
    mh_test_sender_answer (f, n++, statuses[i]);
    mh_test_sender_assert_told (f, "failed:1 ");
    mh_test_sender_pass (f, MH_BACKOFF_CAP + 1);
  }
  assert_request (f, n, "va6/va/v1/play", WITH_ID ("play"));
  mh_test_sender_answer (f, n++, 204);
  assert_request (f, n, "va6/va/v1/sessionEnd", WITH_ID ("x"));
  mh_test_sender_answer (f, n, 204);
  mh_test_sender_assert_told (f, "sent:1:play sent:1:sessionEnd ");
}

/* Answers the ping of a session with 500, @n times. Returns: its next request. */
static guint
fail_ping (MhTestSender *f, gint64 session, guint n)
{
  mh_test_sender_send (f, session, MH_EVENT_PING, EVENT ("ping"));
  for (guint i = 1; i <= n; i++) {
    assert_request (f, i, "va6/va/v1/ping", WITH_ID ("ping"));
    mh_test_sender_answer (f, i, 500);
    mh_test_sender_assert_told (f, "failed:1 ");
    mh_test_sender_pass (f, MH_BACKOFF_CAP);
  }
  return n + 1;
}

/* As long as it takes nothing, it is away, and the hit is all right. After ten
 * minutes the session is closed, and the hit belongs to the rest of it. */
static void
test_broken_server (MhTestSender *f, gconstpointer data)
{
  guint n = fail_ping (f, start_session (f), 9);

  mh_test_sender_answer (f, n++, 500);
  mh_test_sender_assert_told (f, "failed:1 ");
  for (guint i = 0; i < 30; i++) {
    let_pass (f);
    mh_test_sender_assert_told (f, i == 0 ? "expired:1 " : "");
    assert_request (f, n, "va/v1/downloaded", NULL);
    mh_test_sender_answer (f, n++, 500);
    mh_test_sender_assert_told (f, "failed:1 ");
  }
  let_pass (f);
  mh_test_transport_answer_body (f->transport, n, 200, "{}");
  mh_test_sender_assert_told (f, "sent:1:ping ");
}

/* It takes another session, and not this hit: that is wrong. */
static void
test_broken_hit (MhTestSender *f, gconstpointer data)
{
  guint n = fail_ping (f, start_session (f), MH_PROTOCOL_TRIES);

  open_session (f);
  mh_sender_run (f->sender);
  mh_test_transport_answer_body (f->transport, n + 1, 200, NEW_SESSION);
  mh_test_sender_assert_told (f, "id:2:sid sent:2:sessionStart ");
  /* This one was under way before. */
  mh_test_sender_answer (f, n, 500);
  mh_test_sender_assert_told (f, "failed:1 ");
  let_pass (f);
  mh_test_sender_answer (f, n + 2, 500);
  mh_test_sender_assert_told (f, "dropped:1:1 ");
}

static void
let_take (MhTestSender *f, guint index)
{
  mh_test_transport_answer_body (f->transport, index, 200, NEW_SESSION);
  g_string_truncate (f->told, 0);
}

/* The next try of the ping, and its answer. */
static void
answer_ping (MhTestSender *f, guint index, guint status, const char *told)
{
  mh_test_sender_pass (f, MH_BACKOFF_CAP / 2);
  assert_request (f, index, "va6/va/v1/ping", WITH_ID ("ping"));
  mh_test_sender_answer (f, index, status);
  mh_test_sender_assert_told (f, told);
}

/* What it took before the latest tries says nothing: it may fail since then. */
static void
test_broken_since (MhTestSender *f, gconstpointer data)
{
  gint64 session = start_session (f);
  guint n = 3;

  open_session (f);
  mh_test_sender_send (f, session, MH_EVENT_PING, EVENT ("ping"));
  mh_test_sender_answer (f, 2, 500);
  mh_test_sender_assert_told (f, "failed:1 ");
  let_take (f, 1);
  for (; n < 3 + MH_PROTOCOL_TRIES; n++)
    answer_ping (f, n, 500, "failed:1 ");
  open_session (f);
  mh_sender_run (f->sender);
  let_take (f, n++);
  answer_ping (f, n++, 503, "failed:1 ");
  answer_ping (f, n++, 500, "failed:1 ");
  open_session (f);
  mh_sender_run (f->sender);
  let_take (f, n++);
  answer_ping (f, n, 500, "dropped:1:1 ");
}

/* The session is gone: what is left of it is downloaded content, without a hint,
 * and the player begins another one. */
static void
test_expired (MhTestSender *f, gconstpointer data)
{
  gint64 session = start_session (f);
  const char *body;

  mh_test_sender_enqueue (f, session, MH_EVENT_PING, EVENT ("ping"));
  mh_test_sender_send (f, session, MH_EVENT_PAUSE_START, EVENT ("pause"));
  mh_test_sender_answer (f, 1, 404);
  mh_test_sender_assert_told (f, "expired:1 ");
  assert_request (f, 2, "va/v1/downloaded", NULL);
  body = mh_test_transport_body (f->transport, 2);
  g_assert_nonnull (strstr (body, "\"hasResume\":true"));
  g_assert_nonnull (strstr (body, "media.pause"));
  mh_test_transport_answer_body (f->transport, 2, 200, "{}");
  mh_test_sender_assert_told (f, "sent:1:ping sent:1:pauseStart ");
}

/* A datastream without Media Analytics says nothing of it. */
static void
test_not_enabled (MhTestSender *f, gconstpointer data)
{
  open_session (f);
  mh_sender_run (f->sender);
  for (guint i = 0; i + 1 < MH_PROTOCOL_TRIES; i++) {
    mh_test_transport_answer_body (
        f->transport, i, 200, "{\"requestId\":\"r\",\"handle\":[]}");
    mh_test_sender_assert_told (f, "failed:1 ");
    let_pass (f);
  }
  mh_test_transport_answer_body (
      f->transport, MH_PROTOCOL_TRIES - 1, 200, "{\"handle\":[]}");
  mh_test_sender_assert_told (f, "dropped:1:1 refused:1 ");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  mh_test_sender_add ("/sender-edge/hint/session", test_hint, MAX_HITS);
  mh_test_sender_add ("/sender-edge/hint/restart", test_hint_restart, MAX_HITS);

  mh_test_sender_add (
      "/sender-edge/lost-answer/status", test_lost_answer, MAX_HITS);
  mh_test_sender_add (
      "/sender-edge/lost-answer/error", test_lost_answer, MAX_HITS + 1);
  mh_test_sender_add ("/sender-edge/server/away", test_server_away, MAX_HITS);
  mh_test_sender_add (
      "/sender-edge/server/broken", test_broken_server, MAX_HITS);
  mh_test_sender_add (
      "/sender-edge/server/broken-hit", test_broken_hit, MAX_HITS);
  mh_test_sender_add (
      "/sender-edge/server/broken-since", test_broken_since, MAX_HITS);
  mh_test_sender_add (
      "/sender-edge/server/not-enabled", test_not_enabled, MAX_HITS);
  mh_test_sender_add ("/sender-edge/expired", test_expired, MAX_HITS);
  return g_test_run ();
}
