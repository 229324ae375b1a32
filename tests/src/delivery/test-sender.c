/* Tests of mh-sender, with a transport and a clock worked by hand.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-protocol.h"
#include "mh-backoff.h"

#include <stdio.h>
#include <string.h>

#include "mh-test-sender.h"

#define SEC(s) MH_TIME_FROM_SEC (s)
#define MAX_HITS 20000
#define OTHER_SERVER "https://b.example"

static void
test_order_waits_for_id (MhTestSender *f, gconstpointer data)
{
  gint64 session = mh_test_sender_open (f);

  mh_test_sender_enqueue (f, session, MH_EVENT_SESSION_START, "start");
  mh_test_sender_enqueue (f, session, MH_EVENT_PLAY, "play");
  mh_test_sender_enqueue (f, session, MH_EVENT_PING, "ping");
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 0);
  g_assert_cmpint (mh_sender_next_deadline (f->sender), ==, f->clock.now);

  mh_sender_run (f->sender);
  mh_sender_run (f->sender);
  mh_test_sender_assert_last (f, 1, "start");
  g_assert_cmpstr (mh_test_transport_request (f->transport, 0)->uri, ==,
      MH_TEST_SERVER "/api/v1/sessions");
  g_assert_cmpuint (mh_store_count (f->store), ==, 3);
  g_assert_cmpint (mh_sender_next_deadline (f->sender), ==, MH_TIME_NEVER);

  mh_test_transport_answer (f->transport, 0, 201, "/s/sid-0", NULL);
  mh_test_sender_assert_told (f, "id:1:sid-0 sent:1:sessionStart ");
  mh_test_sender_assert_last (f, 2, "play");
  g_assert_cmpstr (mh_test_transport_request (f->transport, 1)->uri, ==,
      MH_TEST_SERVER "/api/v1/sessions/sid-0/events");
  mh_test_sender_answer (f, 1, 204);
  mh_test_sender_assert_last (f, 3, "ping");
  mh_test_sender_answer (f, 2, 204);
  mh_test_sender_assert_told (f, "sent:1:play sent:1:ping ");
  g_assert_cmpuint (mh_store_count (f->store), ==, 0);
  g_assert_cmpuint (f->n_changed, >, 0);
}

static void
test_order_retry (MhTestSender *f, gconstpointer data)
{
  gint64 session = mh_test_sender_started (f);

  mh_test_sender_enqueue (f, session, MH_EVENT_PLAY, "play");
  mh_test_sender_send (f, session, MH_EVENT_PING, "ping");
  for (guint attempt = 1; attempt <= 8; attempt++) {
    MhTime due = f->clock.now + mh_backoff_delay (attempt, 0, 0.5);

    mh_test_sender_assert_last (f, 1 + attempt, "play");
    mh_test_sender_answer (f, attempt, attempt % 2 ? 0 : 500);
    g_assert_cmpint (mh_sender_next_deadline (f->sender), ==, due);
    f->clock.now = due - 1;
    mh_sender_run (f->sender);
    mh_test_sender_assert_last (f, 1 + attempt, "play");
    f->clock.now = due;
    mh_sender_run (f->sender);
  }
  mh_test_sender_assert_told (f,
      "failed:1 failed:1 failed:1 failed:1 "
      "failed:1 failed:1 failed:1 failed:1 ");
  mh_test_sender_answer (f, 9, 204);
  mh_test_sender_assert_last (f, 11, "ping");
  /* A success starts the count anew. */
  mh_test_sender_answer (f, 10, 500);
  g_assert_cmpint (mh_sender_next_deadline (f->sender), ==,
      f->clock.now + mh_backoff_delay (1, 0, 0.5));
}

static void
test_retry_after (MhTestSender *f, gconstpointer data)
{
  gint64 session = mh_test_sender_started (f);

  mh_test_sender_send (f, session, MH_EVENT_PLAY, "play");
  mh_test_transport_answer (f->transport, 1, 503, NULL, "100");
  g_assert_cmpint (mh_sender_next_deadline (f->sender), ==,
      f->clock.now + SEC (100) + SEC (1) / 2);
  /* New hits do not go before it. */
  mh_test_sender_send (f, session, MH_EVENT_PING, "ping");
  mh_test_sender_assert_last (f, 2, "play");
  mh_test_sender_pass (f, SEC (101));
  mh_test_sender_assert_last (f, 3, "play");
}

/* @data: MAX_HITS: media-collection; more: media-edge. */
static gint64
open_for (MhTestSender *f, gconstpointer data)
{
  return GPOINTER_TO_UINT (data) > MAX_HITS
      ? mh_sender_open (
            f->sender, MH_TEST_SERVER "?configId=ds", MH_PROTOCOL_MEDIA_EDGE)
      : mh_test_sender_open (f);
}

/* The server answers to a start that it wants to be left alone. */
static void
ask_to_wait (MhTestSender *f, gconstpointer data, const char *retry_after)
{
  guint n = mh_test_transport_count (f->transport);

  mh_test_sender_send (f, open_for (f, data), MH_EVENT_SESSION_START, "first");
  mh_test_transport_answer (f->transport, n, 503, NULL, retry_after);
}

/* What the server asks for holds for all that goes there: neither those that wait nor
 * new ones ask it once more. */
static void
test_retry_after_server (MhTestSender *f, gconstpointer data)
{
  const guint n = 1000;
  MhTime until;
  gint64 other;

  for (guint i = 0; i < n; i++)
    mh_test_sender_enqueue (
        f, open_for (f, data), MH_EVENT_SESSION_START, "start");
  mh_sender_run (f->sender);
  until = f->clock.now + SEC (3600);
  for (guint i = 0; i < MH_SENDER_MAX_UNANSWERED; i++)
    mh_test_transport_answer (f->transport, i, 503, NULL, "3600");
  g_assert_cmpuint (
      mh_test_transport_count (f->transport), ==, MH_SENDER_MAX_UNANSWERED);
  mh_test_sender_send (f, open_for (f, data), MH_EVENT_SESSION_START, "new");
  g_assert_cmpuint (mh_test_transport_waiting (f->transport), ==, 0);
  g_assert_false (mh_sender_is_busy (f->sender));
  /* Another server is another one. */
  other = mh_sender_open (
      f->sender, OTHER_SERVER, MH_PROTOCOL_MEDIA_COLLECTION);
  mh_test_sender_send (f, other, MH_EVENT_SESSION_START, "other");
  mh_test_sender_assert_last (f, MH_SENDER_MAX_UNANSWERED + 1, "other");
  mh_test_transport_answer (
      f->transport, MH_SENDER_MAX_UNANSWERED, 201, "/s/o", NULL);
  g_assert_cmpint (mh_sender_next_deadline (f->sender), >=, until);
  mh_test_sender_pass (f, until - 1 - f->clock.now);
  g_assert_cmpuint (mh_test_transport_waiting (f->transport), ==, 0);
  mh_test_sender_pass (f, SEC (1) + 1);
  g_assert_cmpuint (
      mh_test_transport_waiting (f->transport), ==, MH_SENDER_MAX_IN_FLIGHT);
  mh_test_transport_answer_all (f->transport);
  /* Its answers to media-edge lack the ID. */
  if (GPOINTER_TO_UINT (data) == MAX_HITS)
    g_assert_cmpuint (mh_store_count (f->store), ==, 0);
}

/* Sessions that go on as well, with what they have next. */
static void
test_retry_after_going_on (MhTestSender *f, gconstpointer data)
{
  gint64 session = mh_test_sender_started (f);

  mh_test_sender_send (f, session, MH_EVENT_PLAY, "play");
  mh_test_sender_send (
      f, mh_test_sender_open (f), MH_EVENT_SESSION_START, "start");
  mh_test_transport_answer (f->transport, 2, 429, NULL, "100");
  /* It was under way. */
  mh_test_sender_answer (f, 1, 204);
  mh_test_sender_assert_told (f, "failed:2 sent:1:play ");
  mh_test_sender_send (f, session, MH_EVENT_PING, "ping");
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 3);
  mh_test_sender_pass (f, SEC (101));
  g_assert_cmpuint (mh_test_transport_waiting (f->transport), ==, 2);
  mh_test_transport_answer_all (f->transport);
}

/* The first that ask after that are told to wait once more: so do the others. A
 * shorter wish does not make the longer one shorter. */
static void
test_retry_after_again (MhTestSender *f, gconstpointer data)
{
  MhTime until = f->clock.now + SEC (100);

  ask_to_wait (f, data, "100");
  for (guint i = 0; i < 100; i++)
    mh_test_sender_enqueue (
        f, open_for (f, data), MH_EVENT_SESSION_START, "start");
  mh_sender_run (f->sender);
  mh_test_sender_pass (f, until + SEC (1) - f->clock.now);
  g_assert_cmpuint (
      mh_test_transport_waiting (f->transport), ==, MH_SENDER_MAX_IN_FLIGHT);
  mh_test_transport_answer (f->transport, 1, 503, NULL, "200");
  mh_test_transport_answer (f->transport, 2, 503, NULL, "1");
  g_assert_cmpuint (mh_test_transport_waiting (f->transport), ==,
      MH_SENDER_MAX_IN_FLIGHT - 2);
  mh_test_sender_pass (f, SEC (199));
  g_assert_cmpuint (mh_test_transport_waiting (f->transport), ==,
      MH_SENDER_MAX_IN_FLIGHT - 2);
  mh_test_sender_pass (f, SEC (2));
  mh_test_transport_answer_all (f->transport);
}

/* For a day at most, as for one session. */
static void
test_retry_after_most (MhTestSender *f, gconstpointer data)
{
  MhTime until = f->clock.now + MH_PROTOCOL_RETRY_AFTER_MAX;

  ask_to_wait (f, data, "99999999999999999999999");
  mh_test_sender_send (f, open_for (f, data), MH_EVENT_SESSION_START, "start");
  mh_test_sender_pass (f, until - 1 - f->clock.now);
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 1);
  mh_test_sender_pass (f, SEC (1) + 1);
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 3);
  mh_test_transport_answer_all (f->transport);
}

/* The end of the process does not ask before that, and does not wait for it. */
static void
test_retry_after_hurry (MhTestSender *f, gconstpointer data)
{
  gint64 unanswered = open_for (f, data);
  MhTime until = f->clock.now + SEC (100);

  mh_test_sender_send (f, unanswered, MH_EVENT_SESSION_START, "unanswered");
  ask_to_wait (f, data, "100");
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 2);
  mh_test_sender_answer (f, 0, 0);
  mh_sender_hurry (f->sender);
  mh_test_sender_send (f, open_for (f, data), MH_EVENT_SESSION_START, "new");
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 2);
  g_assert_false (mh_sender_is_busy (f->sender));
  while (mh_test_transport_waiting (f->transport) == 0)
    mh_test_sender_pass (
        f, MAX (mh_sender_next_deadline (f->sender) - f->clock.now, 1));
  g_assert_cmpint (f->clock.now, >=, until);
  mh_test_transport_answer_all (f->transport);
}

static gboolean
is_any (gint64 session, gpointer user_data)
{
  return TRUE;
}

/* Neither the visitor's consent nor another transport shortens it, and what is
 * dropped waits for nothing. */
static void
test_retry_after_consent (MhTestSender *f, gconstpointer data)
{
  g_autoptr (MhConfig) config = mh_config_new ();
  g_autofree char *consent = mh_config_dup_consent (config);
  MhTime until = f->clock.now + SEC (100);
  gint64 session;

  ask_to_wait (f, data, "100");
  session = open_for (f, data);
  mh_store_set_text (f->store, session, MH_STORE_CONSENT, consent);
  mh_test_sender_send (f, session, MH_EVENT_SESSION_START, "start");
  mh_sender_consent (f->sender, config, is_any, NULL);
  mh_sender_run (f->sender);
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 1);
  mh_sender_set_transport (f->sender, NULL);
  g_assert_finalize_object (f->transport);
  f->transport = mh_test_transport_new ();
  mh_sender_set_transport (f->sender, MH_TRANSPORT (f->transport));
  mh_sender_run (f->sender);
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 0);
  g_assert_cmpint (mh_sender_next_deadline (f->sender), >=, until);
  mh_sender_drop_all (f->sender, "opt-out");
  g_assert_cmpint (mh_sender_next_deadline (f->sender), ==, MH_TIME_NEVER);
}

static void
test_sessions_independent (MhTestSender *f, gconstpointer data)
{
  gint64 a = mh_test_sender_open (f);
  gint64 b = mh_test_sender_open (f);

  mh_test_sender_enqueue (f, a, MH_EVENT_SESSION_START, "a");
  mh_test_sender_enqueue (f, b, MH_EVENT_SESSION_START, "b");
  mh_test_sender_send (f, b, MH_EVENT_PLAY, "b-play");
  g_assert_cmpuint (mh_test_transport_waiting (f->transport), ==, 2);
  mh_test_sender_answer (f, 0, 500);
  mh_test_transport_answer (f->transport, 1, 201, "/s/b", NULL);
  mh_test_sender_assert_last (f, 3, "b-play");
}

static void
test_event_refused (MhTestSender *f, gconstpointer data)
{
  gint64 session = mh_test_sender_started (f);

  mh_test_sender_enqueue (f, session, MH_EVENT_PLAY, "bad");
  mh_test_sender_send (f, session, MH_EVENT_PING, "ping");
  mh_test_sender_answer (f, 1, 400);
  mh_test_sender_assert_told (f, "dropped:1:1 ");
  mh_test_sender_assert_last (f, 3, "ping");
  mh_test_sender_answer (f, 2, 204);
  mh_test_sender_assert_told (f, "sent:1:ping ");
}

/* A session that has begun there, and whose ID got lost: cut on the way, or this
 * server never says it. */
static void
test_start_unusable (MhTestSender *f, gconstpointer data)
{
  gint64 session = mh_test_sender_open (f);

  mh_test_sender_enqueue (f, session, MH_EVENT_SESSION_START, "start");
  mh_test_sender_send (f, session, MH_EVENT_PLAY, "play");
  for (guint i = 0; i < 2 * MH_PROTOCOL_TRIES - 1; i++) {
    mh_test_sender_assert_last (f, i + 1, "start");
    mh_test_sender_assert_told (f, i > 0 ? "failed:1 " : "");
    mh_test_sender_answer (f, i, i % 2 ? 500 : 201);
    mh_test_sender_pass (f, SEC (61));
  }
  mh_test_sender_assert_told (f, "dropped:1:2 refused:1 ");
  g_assert_cmpuint (mh_store_count (f->store), ==, 0);
}

static void
test_start_usable_again (MhTestSender *f, gconstpointer data)
{
  gint64 session = mh_test_sender_open (f);

  mh_test_sender_enqueue (f, session, MH_EVENT_SESSION_START, "start");
  mh_test_sender_send (f, session, MH_EVENT_PLAY, "play");
  mh_test_sender_answer (f, 0, 201);
  mh_test_sender_pass (f, SEC (61));
  mh_test_transport_answer (f->transport, 1, 201, "/s/sid", NULL);
  mh_test_sender_assert_told (f, "failed:1 id:1:sid sent:1:sessionStart ");
  mh_test_sender_assert_last (f, 3, "play");
}

static void
test_start_refused (MhTestSender *f, gconstpointer data)
{
  gint64 session = mh_test_sender_open (f);

  mh_test_sender_enqueue (f, session, MH_EVENT_SESSION_START, "start");
  mh_test_sender_send (f, session, MH_EVENT_PLAY, "play");
  mh_test_sender_answer (f, 0, 400);
  mh_test_sender_assert_told (f, "dropped:1:2 refused:1 ");
  mh_test_sender_enqueue (f, session, MH_EVENT_PING, "ping");
  mh_test_sender_assert_told (f, "dropped:1:1 ");
  mh_sender_run (f->sender);
  mh_test_sender_assert_last (f, 1, "start");
  g_assert_cmpuint (mh_store_count (f->store), ==, 0);
  g_assert_null (mh_store_get_session (f->store, session));
}

static void
test_expired_by_answer (MhTestSender *f, gconstpointer data)
{
  gint64 session = mh_test_sender_started (f);

  mh_test_sender_enqueue (f, session, MH_EVENT_PLAY, "play");
  mh_test_sender_send (f, session, MH_EVENT_PING, "ping");
  mh_test_sender_answer (f, 1, 404);
  mh_test_sender_assert_told (f, "dropped:1:2 expired:1 ");
  mh_test_sender_send (f, session, MH_EVENT_PING, "ping");
  mh_test_sender_assert_told (f, "dropped:1:1 ");
  mh_test_sender_assert_last (f, 2, "play");
  g_assert_null (mh_store_get_session (f->store, session));
}

/* A server that takes every start and knows no session afterwards: the next
 * start waits, and longer each time (the jitter is half of what it may be). */
static void
test_expired_again_and_again (MhTestSender *f, gconstpointer data)
{
  static const MhTime delays[] = { 0, MH_TIME_FROM_MSEC (500),
    MH_TIME_FROM_MSEC (1000), MH_TIME_FROM_MSEC (2000) };
  guint request = 0;

  for (guint i = 0; i < G_N_ELEMENTS (delays); i++) {
    gint64 session = mh_test_sender_open (f);

    mh_test_sender_enqueue (f, session, MH_EVENT_SESSION_START, "start");
    mh_test_sender_enqueue (f, session, MH_EVENT_PLAY, "play");
    if (delays[i] > 0) {
      mh_test_sender_pass (f, delays[i] - 1);
      g_assert_cmpuint (mh_test_transport_count (f->transport), ==, request);
      mh_test_clock_advance (&f->clock, 1);
    }
    mh_sender_run (f->sender);
    mh_test_transport_answer (
        f->transport, request++, 201, "/api/v1/sessions/sid", NULL);
    mh_test_sender_answer (f, request++, 404);
  }
}

/* Nothing more goes out, and the answer that is under way finds nobody. */
static void
test_drop (MhTestSender *f, gconstpointer data)
{
  gint64 session = mh_test_sender_started (f);

  mh_test_sender_enqueue (f, session, MH_EVENT_PLAY, "play");
  mh_test_sender_send (f, session, MH_EVENT_PING, "ping");
  mh_sender_drop (f->sender, session, "a test");
  mh_test_sender_assert_told (f, "dropped:1:2 ");
  g_assert_null (mh_store_get_session (f->store, session));
  g_assert_cmpuint (mh_store_count (f->store), ==, 0);
  mh_test_sender_answer (f, 1, 204);
  mh_sender_drop (f->sender, session, "again");
  mh_test_sender_send (f, session, MH_EVENT_PING, "ping");
  mh_test_sender_assert_told (f, "dropped:1:1 ");
  mh_test_sender_assert_last (f, 2, "play");
}

static void
test_expired_by_time (MhTestSender *f, gconstpointer data)
{
  gint64 session = mh_test_sender_started (f);

  mh_test_clock_advance (&f->clock, MH_SESSION_EXPIRY);
  mh_test_sender_send (f, session, MH_EVENT_PING, "in time");
  mh_test_sender_assert_last (f, 2, "in time");
  mh_test_sender_answer (f, 1, 204);
  mh_test_sender_assert_told (f, "sent:1:ping ");

  mh_test_clock_advance (&f->clock, MH_SESSION_EXPIRY + 1);
  mh_test_sender_send (f, session, MH_EVENT_PING, "late");
  mh_test_sender_assert_last (f, 2, "in time");
  mh_test_sender_assert_told (f, "dropped:1:1 expired:1 ");
}

/* An outage: what waits for its repetition expires as well. */
static void
test_expired_in_retry (MhTestSender *f, gconstpointer data)
{
  gint64 session = mh_test_sender_started (f);

  mh_test_sender_send (f, session, MH_EVENT_PING, "ping");
  mh_test_sender_answer (f, 1, 0);
  mh_test_sender_pass (f, MH_SESSION_EXPIRY + 1);
  mh_test_sender_assert_told (f, "failed:1 dropped:1:1 expired:1 ");
  mh_test_sender_assert_last (f, 2, "ping");
}

/* A sessionStart that was never accepted does not. */
static void
test_not_expired_before_start (MhTestSender *f, gconstpointer data)
{
  gint64 session = mh_test_sender_open (f);

  mh_test_sender_send (f, session, MH_EVENT_SESSION_START, "start");
  mh_test_sender_answer (f, 0, 0);
  mh_test_sender_pass (f, 10 * MH_SESSION_EXPIRY);
  mh_test_sender_assert_last (f, 2, "start");
}

static void
test_ended_removed (MhTestSender *f, gconstpointer data)
{
  gint64 session = mh_test_sender_started (f);

  mh_test_sender_send (f, session, MH_EVENT_SESSION_END, "end");
  g_assert_nonnull (mh_store_get_session (f->store, session));
  mh_test_sender_answer (f, 1, 204);
  g_assert_null (mh_store_get_session (f->store, session));
  mh_test_sender_assert_told (f, "sent:1:sessionEnd ");
  mh_test_sender_enqueue (f, session, MH_EVENT_PING, "ping");
  mh_test_sender_assert_told (f, "dropped:1:1 ");
}

static void
test_ended_refused (MhTestSender *f, gconstpointer data)
{
  gint64 session = mh_test_sender_started (f);

  mh_test_sender_send (f, session, MH_EVENT_SESSION_COMPLETE, "complete");
  mh_test_sender_answer (f, 1, 400);
  g_assert_null (mh_store_get_session (f->store, session));
  mh_test_sender_assert_told (f, "dropped:1:1 ");
}

static void
test_hurry (MhTestSender *f, gconstpointer data)
{
  static const struct
  {
    const char *server;
    guint status;
    const char *retry_after;
  } answers[] = { { MH_TEST_SERVER, 0, NULL }, { OTHER_SERVER, 503, "50" },
    { MH_TEST_SERVER, 500, NULL }, { MH_TEST_SERVER, 0, NULL } };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    mh_test_sender_enqueue (f,
        mh_sender_open (
            f->sender, answers[i].server, MH_PROTOCOL_MEDIA_COLLECTION),
        MH_EVENT_SESSION_START, "start");
  mh_sender_run (f->sender);
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    mh_test_transport_answer (
        f->transport, i, answers[i].status, NULL, answers[i].retry_after);
  mh_sender_hurry (f->sender);
  g_assert_cmpint (mh_sender_next_deadline (f->sender), ==, f->clock.now);
  mh_sender_run (f->sender);
  /* One of the two: the last that was heard of the server was nothing. */
  g_assert_cmpuint (mh_test_transport_waiting (f->transport), ==, 1);
  mh_test_transport_answer_all (f->transport);
  g_assert_cmpuint (f->n_sent, ==, 2);
  /* The others keep their times. */
  g_assert_cmpint (
      mh_sender_next_deadline (f->sender), ==, f->clock.now + SEC (1) / 2);
}

static void
test_in_flight_limit (MhTestSender *f, gconstpointer data)
{
  mh_test_sender_started (f);
  for (guint i = 0; i < 40; i++)
    mh_test_sender_enqueue (
        f, mh_test_sender_open (f), MH_EVENT_SESSION_START, "start");
  mh_sender_run (f->sender);
  g_assert_cmpuint (
      mh_test_transport_waiting (f->transport), ==, MH_SENDER_MAX_IN_FLIGHT);
  /* Nothing can be done before an answer comes. */
  g_assert_cmpint (mh_sender_next_deadline (f->sender), ==, MH_TIME_NEVER);
  mh_test_sender_answer (f, 5, 500);
  g_assert_cmpuint (
      mh_test_transport_waiting (f->transport), ==, MH_SENDER_MAX_IN_FLIGHT);
  mh_test_transport_answer_all (f->transport);
  g_assert_cmpuint (f->n_sent, ==, 40);
}

static void
test_transport_none (MhTestSender *f, gconstpointer data)
{
  gint64 session = mh_test_sender_open (f);

  mh_sender_set_transport (f->sender, NULL);
  g_assert_true (mh_test_transport_is_closed (f->transport));
  mh_test_sender_send (f, session, MH_EVENT_SESSION_START, "start");
  g_assert_cmpint (mh_sender_next_deadline (f->sender), ==, MH_TIME_NEVER);
  g_assert_cmpuint (mh_store_count (f->store), ==, 1);
  /* Nobody need wait for what cannot be sent. */
  g_assert_false (mh_sender_is_busy (f->sender));
}

static void
test_transport_replaced (MhTestSender *f, gconstpointer data)
{
  g_autoptr (MhTestTransport) old = f->transport;
  gint64 session = mh_test_sender_open (f);

  mh_test_transport_set_late (old, TRUE);
  mh_test_sender_send (f, session, MH_EVENT_SESSION_START, "start");
  f->transport = mh_test_transport_new ();
  mh_sender_set_transport (f->sender, MH_TRANSPORT (f->transport));
  mh_sender_run (f->sender);
  mh_test_sender_assert_last (f, 1, "start");
  mh_test_transport_answer (old, 0, 201, "/s/late", NULL);
  mh_test_sender_assert_told (f, "");
  mh_test_transport_answer (f->transport, 0, 201, "/s/new", NULL);
  mh_test_sender_assert_told (f, "id:1:new sent:1:sessionStart ");
}

static void
test_transport_same (MhTestSender *f, gconstpointer data)
{
  mh_sender_set_transport (f->sender, MH_TRANSPORT (f->transport));
  g_assert_false (mh_test_transport_is_closed (f->transport));
}

static void
test_freed_before_answer (void)
{
  MhTestSender f = { 0 };

  mh_test_sender_set_up (&f, GUINT_TO_POINTER (MAX_HITS));
  mh_test_transport_set_late (f.transport, TRUE);
  mh_test_sender_enqueue (
      &f, mh_test_sender_open (&f), MH_EVENT_SESSION_START, "start");
  mh_sender_run (f.sender);
  mh_sender_free (g_steal_pointer (&f.sender));
  mh_test_transport_answer (f.transport, 0, 201, "/s/late", NULL);
  mh_test_sender_assert_told (&f, "");
  mh_test_sender_tear_down (&f, NULL);
}

/* What an earlier sender has left in the store. */
static void
test_adopts (MhTestSender *f, gconstpointer data)
{
  gint64 session = mh_test_sender_started (f);

  mh_test_sender_enqueue (f, session, MH_EVENT_PLAY, "play");
  mh_test_sender_restart (f);
  mh_sender_run (f->sender);
  mh_test_sender_assert_last (f, 1, "play");
  mh_test_sender_answer (f, 0, 204);
  mh_test_sender_assert_told (f, "sent:1:play ");
  g_assert_null (mh_store_get_session (f->store, session));
}

/* The store makes room at the cost of another session. */
static void
test_full_other_session (MhTestSender *f, gconstpointer data)
{
  gint64 a = mh_test_sender_open (f);
  gint64 b = mh_test_sender_open (f);

  mh_sender_set_transport (f->sender, NULL);
  mh_test_sender_enqueue (f, a, MH_EVENT_SESSION_START, "a");
  mh_test_sender_enqueue (f, a, MH_EVENT_PLAY, "a-play");
  mh_test_sender_enqueue (f, b, MH_EVENT_SESSION_START, "b");
  mh_test_sender_enqueue (f, b, MH_EVENT_PLAY, "b-play");
  mh_test_sender_enqueue (f, b, MH_EVENT_PING, "b-ping");
  g_object_unref (f->transport);
  f->transport = mh_test_transport_new ();
  mh_sender_set_transport (f->sender, MH_TRANSPORT (f->transport));
  mh_sender_run (f->sender);
  mh_test_sender_assert_told (f, "dropped:1:2 ");
  mh_test_sender_assert_last (f, 1, "b");

  /* Whose player is told when it reports the next time, from the next run. */
  mh_test_sender_enqueue (f, a, MH_EVENT_PING, "a-ping");
  mh_test_sender_assert_told (f, "");
  mh_sender_run (f->sender);
  mh_test_sender_assert_told (f, "dropped:1:1 expired:1 ");
  mh_test_sender_enqueue (f, a, MH_EVENT_PING, "a-ping");
  mh_test_sender_assert_told (f, "dropped:1:1 ");
}

/* The same while a hit of it is under way: it counts as what became of it. */
static void
test_full_in_flight (MhTestSender *f, gconstpointer data)
{
  gint64 a = mh_test_sender_started (f);
  gint64 b = mh_test_sender_open (f);

  mh_test_sender_enqueue (f, a, MH_EVENT_PLAY, "a-play");
  mh_test_sender_enqueue (f, a, MH_EVENT_PING, "a-ping");
  mh_test_sender_send (f, a, MH_EVENT_SESSION_END, "a-end");
  for (guint i = 0; i < 4; i++)
    mh_test_sender_enqueue (
        f, b, i ? MH_EVENT_PLAY : MH_EVENT_SESSION_START, "b");
  mh_test_sender_answer (f, 1, 204);
  mh_test_sender_assert_told (f, "sent:1:play dropped:1:2 ");
}

static void
test_full_own_pings (MhTestSender *f, gconstpointer data)
{
  gint64 session = mh_test_sender_open (f);

  mh_test_sender_enqueue (f, session, MH_EVENT_SESSION_START, "start");
  for (guint i = 0; i < 5; i++)
    mh_test_sender_enqueue (f, session, MH_EVENT_PING, "ping");
  mh_test_sender_assert_told (f, "dropped:1:1 dropped:1:1 ");
  mh_sender_run (f->sender);
  mh_test_transport_answer_all (f->transport);
  g_assert_cmpuint (f->n_sent, ==, 4);
}

/* Without its sessionStart nothing of a session can go. */
static void
test_full_start_lost (MhTestSender *f, gconstpointer data)
{
  gint64 session = mh_test_sender_open (f);

  mh_test_sender_enqueue (f, session, MH_EVENT_SESSION_START, "start");
  for (guint i = 0; i < 4; i++)
    mh_test_sender_enqueue (f, session, MH_EVENT_PLAY, "play");
  mh_test_sender_assert_told (f, "dropped:1:1 ");
  mh_sender_run (f->sender);
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 0);
  mh_test_sender_assert_told (f, "dropped:1:4 ");
  mh_test_sender_send (f, session, MH_EVENT_PLAY, "play");
  mh_test_sender_assert_told (f, "dropped:1:1 expired:1 ");
}

/* Ten thousand sessions of which few are due: run() must not look at all. */
static void
test_many_sessions (MhTestSender *f, gconstpointer data)
{
  const guint n = 10000;
  gint64 last = 0;

  for (guint i = 0; i < n; i++) {
    last = mh_test_sender_open (f);
    mh_test_sender_enqueue (f, last, MH_EVENT_SESSION_START, "start");
  }
  mh_sender_run (f->sender);
  mh_test_transport_answer_all (f->transport);
  g_assert_cmpuint (f->n_sent, ==, n);
  for (guint i = 0; i < 100000; i++) {
    mh_sender_run (f->sender);
    g_assert_cmpint (mh_sender_next_deadline (f->sender), ==, MH_TIME_NEVER);
  }
  mh_test_sender_send (f, last, MH_EVENT_PLAY, "play");
  mh_test_sender_assert_last (f, n + 1, "play");
  mh_test_sender_answer (f, n, 204);
}

/* Whatever the network does, each hit arrives once and in order. There are so many
 * sessions that their pings go together. */
static void
test_random_network (MhTestSender *f, gconstpointer data)
{
  const guint n_sessions = 40, n_hits = 20;
  guint next[41] = { 0 };
  guint answered = 0;

  for (guint s = 1; s <= n_sessions; s++) {
    gint64 session = mh_test_sender_open (f);

    for (guint i = 0; i < n_hits; i++) {
      g_autofree char *body = g_strdup_printf ("%u %u", s, i);

      mh_test_sender_enqueue (
          f, session, i ? MH_EVENT_PING : MH_EVENT_SESSION_START, body);
    }
  }
  mh_sender_run (f->sender);
  while (mh_store_count (f->store) > 0) {
    static const guint bad[] = { 0, 302, 429, 500, 503 };

    while (answered < mh_test_transport_count (f->transport)) {
      const char *body = mh_test_transport_body (f->transport, answered);
      guint s = 0, i = 0;

      g_assert_cmpint (sscanf (body, "%u %u", &s, &i), ==, 2);
      g_assert_cmpuint (i, ==, next[s]);
      if (g_test_rand_bit ()) {
        mh_test_sender_answer (
            f, answered++, bad[g_test_rand_int_range (0, 5)]);
      } else {
        next[s]++;
        mh_test_transport_answer (
            f->transport, answered++, i ? 204 : 201, i ? NULL : "/s/x", NULL);
      }
    }
    if (mh_store_count (f->store) > 0) {
      /* Within the ten minutes of a session's life. */
      f->clock.now = mh_sender_next_deadline (f->sender);
      g_assert_cmpint (f->clock.now, <, MH_TIME_NEVER);
      mh_sender_run (f->sender);
    }
  }
  g_assert_cmpuint (f->n_sent, ==, n_sessions * n_hits);
  g_assert_cmpuint (f->n_dropped, ==, 0);
}

/* Nothing is sent, and all the same nothing grows without bounds: sessions that
 * had to make room are told of. */
static void
test_full_no_transport (MhTestSender *f, gconstpointer data)
{
  gint64 a = mh_test_sender_open (f), b = mh_test_sender_open (f), c;

  mh_sender_set_transport (f->sender, NULL);
  mh_test_sender_enqueue (f, a, MH_EVENT_SESSION_START, "a");
  mh_test_sender_enqueue (f, a, MH_EVENT_SESSION_END, "a-end");
  mh_test_sender_enqueue (f, b, MH_EVENT_SESSION_START, "b");
  mh_test_sender_send (f, b, MH_EVENT_PLAY, "b-play");
  mh_test_sender_assert_told (f, "");
  c = mh_test_sender_open (f);
  mh_test_sender_enqueue (f, c, MH_EVENT_SESSION_START, "c");
  mh_test_sender_enqueue (f, c, MH_EVENT_PLAY, "c-play");
  mh_test_sender_send (f, c, MH_EVENT_PING, "c-ping");
  mh_test_sender_assert_told (f, "dropped:1:2 dropped:2:2 ");
  /* The one that still plays goes on as another. */
  mh_test_sender_send (f, b, MH_EVENT_PING, "b-ping");
  mh_test_sender_assert_told (f, "dropped:2:1 expired:2 ");
  g_assert_cmpuint (mh_store_count (f->store), ==, 3);
  g_assert_cmpuint (f->n_dropped, ==, 5);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  mh_test_sender_add (
      "/sender/order/waits-for-id", test_order_waits_for_id, MAX_HITS);
  mh_test_sender_add (
      "/sender/order/retry-keeps-order", test_order_retry, MAX_HITS);
  mh_test_sender_add (
      "/sender/order/random-network", test_random_network, MAX_HITS);
  mh_test_sender_add (
      "/sender/retry-after/session", test_retry_after, MAX_HITS);
  mh_test_sender_add ("/sender/retry-after/server/collection",
      test_retry_after_server, MAX_HITS);
  mh_test_sender_add (
      "/sender/retry-after/server/edge", test_retry_after_server, MAX_HITS + 1);
  mh_test_sender_add (
      "/sender/retry-after/again/collection", test_retry_after_again, MAX_HITS);
  mh_test_sender_add (
      "/sender/retry-after/again/edge", test_retry_after_again, MAX_HITS + 1);
  mh_test_sender_add (
      "/sender/retry-after/most/collection", test_retry_after_most, MAX_HITS);
  mh_test_sender_add (
      "/sender/retry-after/most/edge", test_retry_after_most, MAX_HITS + 1);
  mh_test_sender_add (
      "/sender/retry-after/hurry/collection", test_retry_after_hurry, MAX_HITS);
  mh_test_sender_add (
      "/sender/retry-after/hurry/edge", test_retry_after_hurry, MAX_HITS + 1);
  mh_test_sender_add ("/sender/retry-after/consent/collection",
      test_retry_after_consent, MAX_HITS);
  mh_test_sender_add ("/sender/retry-after/consent/edge",
      test_retry_after_consent, MAX_HITS + 1);
  mh_test_sender_add (
      "/sender/retry-after/going-on", test_retry_after_going_on, MAX_HITS);
  mh_test_sender_add (
      "/sender/sessions/independent", test_sessions_independent, MAX_HITS);
  mh_test_sender_add ("/sender/sessions/many", test_many_sessions, MAX_HITS);
  mh_test_sender_add ("/sender/refused/event", test_event_refused, MAX_HITS);
  mh_test_sender_add (
      "/sender/refused/session-start", test_start_refused, MAX_HITS);
  mh_test_sender_add (
      "/sender/unusable/for-good", test_start_unusable, MAX_HITS);
  mh_test_sender_add (
      "/sender/unusable/once", test_start_usable_again, MAX_HITS);
  mh_test_sender_add (
      "/sender/expired/by-answer", test_expired_by_answer, MAX_HITS);
  mh_test_sender_add (
      "/sender/expired/by-time", test_expired_by_time, MAX_HITS);
  mh_test_sender_add (
      "/sender/expired/in-retry", test_expired_in_retry, MAX_HITS);
  mh_test_sender_add ("/sender/expired/not-before-start",
      test_not_expired_before_start, MAX_HITS);
  mh_test_sender_add ("/sender/expired/again-and-again",
      test_expired_again_and_again, MAX_HITS);
  mh_test_sender_add ("/sender/drop/in-flight", test_drop, MAX_HITS);
  mh_test_sender_add ("/sender/ended/removed", test_ended_removed, MAX_HITS);
  mh_test_sender_add ("/sender/ended/refused", test_ended_refused, MAX_HITS);
  mh_test_sender_add ("/sender/hurry", test_hurry, MAX_HITS);
  mh_test_sender_add (
      "/sender/in-flight-limit", test_in_flight_limit, MAX_HITS);
  mh_test_sender_add ("/sender/transport/none", test_transport_none, MAX_HITS);
  mh_test_sender_add (
      "/sender/transport/replaced", test_transport_replaced, MAX_HITS);
  mh_test_sender_add ("/sender/transport/same", test_transport_same, MAX_HITS);
  g_test_add_func (
      "/sender/transport/freed-before-answer", test_freed_before_answer);
  mh_test_sender_add ("/sender/adopts", test_adopts, MAX_HITS);
  mh_test_sender_add ("/sender/full/other-session", test_full_other_session, 4);
  mh_test_sender_add ("/sender/full/no-transport", test_full_no_transport, 4);
  mh_test_sender_add ("/sender/full/in-flight", test_full_in_flight, 4);
  mh_test_sender_add ("/sender/full/own-pings", test_full_own_pings, 4);
  mh_test_sender_add ("/sender/full/start-lost", test_full_start_lost, 4);
  return g_test_run ();
}
