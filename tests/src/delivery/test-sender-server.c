/* Tests of mh-sender with servers that do not answer.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-backoff.h"

#include "mh-test-sender.h"

#define SEC(s) MH_TIME_FROM_SEC (s)
#define MAX_HITS 20000
#define OTHER_SERVER "https://b.example"

static gint64
add_start (MhTestSender *f, const char *server)
{
  gint64 session = mh_sender_open (
      f->sender, server, MH_PROTOCOL_MEDIA_COLLECTION);

  mh_test_sender_enqueue (f, session, MH_EVENT_SESSION_START, server);
  return session;
}

/* The next time that there is something to do comes. Returns: what went out. */
static guint
step (MhTestSender *f)
{
  guint before = mh_test_transport_count (f->transport);
  MhTime next = mh_sender_next_deadline (f->sender);

  g_assert_cmpint (next, <, MH_TIME_NEVER);
  mh_test_sender_pass (f, MAX (next - f->clock.now, 0));
  return mh_test_transport_count (f->transport) - before;
}

/* All that is under way gets no answer: the latest requests, all others have
 * theirs. */
static void
fail_all (MhTestSender *f)
{
  guint n = mh_test_transport_waiting (f->transport);
  guint first = mh_test_transport_count (f->transport) - n;

  for (guint i = 0; i < n; i++)
    mh_test_sender_answer (f, first + i, 0);
  g_assert_cmpuint (mh_test_transport_waiting (f->transport), ==, 0);
}

/* Somebody tries. */
static void
try_next (MhTestSender *f)
{
  g_assert_cmpuint (mh_test_transport_waiting (f->transport), ==, 0);
  while (step (f) == 0)
    ;
  g_assert_cmpuint (mh_test_transport_waiting (f->transport), ==, 1);
}

/* Until a server is offline. */
static void
go_offline (MhTestSender *f)
{
  mh_sender_run (f->sender);
  fail_all (f);
  while (mh_sender_count_offline (f->sender) == 0) {
    g_assert_cmpint (
        mh_sender_next_deadline (f->sender) - f->clock.now, <=, SEC (8));
    step (f);
    fail_all (f);
  }
}

/* Half of what it may be, each time: 2, 4 … but never more than 15 minutes. */
static void
test_delays (MhTestSender *f, gconstpointer data)
{
  guint attempt;

  add_start (f, MH_TEST_SERVER);
  go_offline (f);
  attempt = MH_BACKOFF_OFFLINE_AFTER;
  for (guint i = 0; i < 12; i++, attempt++) {
    MhTime due = f->clock.now + mh_backoff_server_delay (attempt, 0.5);

    try_next (f);
    g_assert_cmpint (f->clock.now, ==, due);
    fail_all (f);
  }
  g_assert_cmpuint (mh_store_count (f->store), ==, 1);
}

static void
begin_many (MhTestSender *f)
{
  for (guint i = 0; i < 40; i++)
    add_start (f, MH_TEST_SERVER);
  mh_sender_run (f->sender);
  g_assert_cmpuint (
      mh_test_transport_waiting (f->transport), ==, MH_SENDER_MAX_UNANSWERED);
  g_assert_cmpint (mh_sender_next_deadline (f->sender), ==, MH_TIME_NEVER);
}

/* Each request may hold a thread of the application's until its time-out. */
static void
test_first_tries (MhTestSender *f, gconstpointer data)
{
  begin_many (f);
  add_start (f, OTHER_SERVER);
  mh_sender_run (f->sender);
  g_assert_cmpuint (mh_test_transport_waiting (f->transport), ==,
      MH_SENDER_MAX_UNANSWERED + 1);
  /* The other server says nothing of the first. */
  mh_test_transport_answer (
      f->transport, MH_SENDER_MAX_UNANSWERED, 201, "/s/o", NULL);
  g_assert_cmpuint (
      mh_test_transport_waiting (f->transport), ==, MH_SENDER_MAX_UNANSWERED);
  mh_test_sender_answer (f, 0, 500);
  g_assert_cmpuint (
      mh_test_transport_waiting (f->transport), ==, MH_SENDER_MAX_IN_FLIGHT);
  mh_test_transport_answer_all (f->transport);
  g_assert_cmpuint (f->n_sent, ==, 40);
}

static void
test_first_tries_fail (MhTestSender *f, gconstpointer data)
{
  begin_many (f);
  mh_test_sender_answer (f, 0, 0);
  g_assert_cmpuint (mh_test_transport_waiting (f->transport), ==,
      MH_SENDER_MAX_UNANSWERED - 1);
  fail_all (f);
  try_next (f);
  mh_test_transport_answer_all (f->transport);
  g_assert_cmpuint (f->n_sent, >=, 40 - MH_SENDER_MAX_UNANSWERED);
}

/* A session that is given up makes room for another's try, also the last of those
 * that have one. */
static void
test_first_tries_dropped (MhTestSender *f, gconstpointer data)
{
  gint64 first = add_start (f, MH_TEST_SERVER);

  begin_many (f);
  mh_sender_drop (f->sender, first, "a test");
  mh_sender_run (f->sender);
  g_assert_cmpuint (
      mh_test_transport_count (f->transport), ==, MH_SENDER_MAX_UNANSWERED + 1);
  /* No session waits for this answer. */
  mh_test_sender_answer (f, 0, 201);
  g_assert_cmpuint (
      mh_test_transport_count (f->transport), ==, MH_SENDER_MAX_UNANSWERED + 1);
  mh_sender_drop_all (f->sender, "a test");
  g_assert_cmpuint (mh_store_count (f->store), ==, 0);
}

/* Sessions that were let go, and are given up before their turn, leave it to others. */
static void
test_first_tries_given_up (MhTestSender *f, gconstpointer data)
{
  gint64 sessions[2 * MH_SENDER_MAX_UNANSWERED];

  for (guint i = 0; i < G_N_ELEMENTS (sessions); i++)
    sessions[i] = add_start (f, MH_TEST_SERVER);
  add_start (f, MH_TEST_SERVER);
  mh_sender_run (f->sender);
  for (guint i = 0; i < G_N_ELEMENTS (sessions); i++)
    mh_sender_drop (f->sender, sessions[i], "a test");
  mh_sender_run (f->sender);
  g_assert_cmpuint (
      mh_test_transport_count (f->transport), ==, MH_SENDER_MAX_UNANSWERED + 1);
}

/* A hiccup that takes all that is under way counts once, and is soon over. */
static void
test_together (MhTestSender *f, gconstpointer data)
{
  mh_test_sender_started (f);
  for (guint i = 0; i < 30; i++)
    add_start (f, MH_TEST_SERVER);
  mh_sender_run (f->sender);
  for (guint i = 1; i <= 30; i++)
    mh_test_sender_answer (f, i, 0);
  g_assert_cmpuint (mh_sender_count_offline (f->sender), ==, 0);
  mh_test_sender_pass (f, SEC (1) / 2);
  g_assert_cmpuint (mh_test_transport_waiting (f->transport), ==, 1);
  mh_test_transport_answer_all (f->transport);
  g_assert_cmpuint (f->n_sent, ==, 1 + 30);
}

/* Whatever it says: the server is there. */
static void
test_any_answer (MhTestSender *f, gconstpointer data)
{
  gint64 session = mh_test_sender_started (f);

  mh_test_sender_send (f, session, MH_EVENT_PLAY, "play");
  for (guint i = 1; i <= 3 * MH_BACKOFF_OFFLINE_AFTER; i++) {
    mh_test_sender_answer (f, i, i % 4 ? 0 : 500);
    mh_test_sender_pass (f, SEC (30));
    g_assert_cmpuint (mh_sender_count_offline (f->sender), ==, 0);
    /* Not too late for the back end. */
    if (mh_test_transport_waiting (f->transport) == 0)
      break;
  }
}

/* Ten thousand sessions do not each try. */
static void
test_one_probe (MhTestSender *f, gconstpointer data)
{
  const guint n = 10000;
  guint tries;

  for (guint i = 0; i < n; i++)
    add_start (f, MH_TEST_SERVER);
  go_offline (f);
  tries = mh_test_transport_count (f->transport);
  for (guint i = 0; i < 20; i++) {
    try_next (f);
    /* New ones do not either. */
    add_start (f, MH_TEST_SERVER);
    mh_sender_run (f->sender);
    g_assert_cmpuint (mh_test_transport_waiting (f->transport), ==, 1);
    fail_all (f);
  }
  g_assert_cmpuint (mh_test_transport_count (f->transport) - tries, ==, 20);
  g_assert_cmpuint (mh_store_count (f->store), ==, n + 20);

  /* One gets through, and all go. */
  try_next (f);
  mh_test_transport_answer_all (f->transport);
  g_assert_cmpuint (mh_sender_count_offline (f->sender), ==, 0);
  while (mh_store_count (f->store) > 0) {
    g_assert_cmpint (
        mh_sender_next_deadline (f->sender) - f->clock.now, <=, SEC (60));
    step (f);
    mh_test_transport_answer_all (f->transport);
  }
  g_assert_cmpuint (f->n_sent, ==, n + 20);
  g_assert_cmpuint (f->n_dropped, ==, 0);
}

/* A session whose requests never get an answer must not stand in the way of
 * those that would. */
static void
test_in_turn (MhTestSender *f, gconstpointer data)
{
  add_start (f, MH_TEST_SERVER);
  go_offline (f);
  add_start (f, MH_TEST_SERVER);
  add_start (f, MH_TEST_SERVER);
  mh_sender_run (f->sender);
  for (guint i = 0; i < 9; i++) {
    try_next (f);
    fail_all (f);
  }
  /* Session 1 has had a few tries before. */
  g_assert_cmpuint (mh_store_count (f->store), ==, 3);
  mh_test_sender_assert_told (f,
      "failed:1 failed:1 failed:1 failed:1 failed:1 "
      "failed:1 failed:2 failed:3 failed:1 failed:2 failed:3 "
      "failed:1 failed:2 failed:3 ");
}

/* Nobody waits for half an hour once one has got through. */
static void
test_recovery (MhTestSender *f, gconstpointer data)
{
  add_start (f, MH_TEST_SERVER);
  go_offline (f);
  for (guint i = 0; i < 10; i++) {
    try_next (f);
    fail_all (f);
  }
  for (guint i = 0; i < 5; i++)
    add_start (f, MH_TEST_SERVER);
  mh_sender_run (f->sender);
  g_assert_cmpuint (mh_test_transport_waiting (f->transport), ==, 0);
  try_next (f);
  mh_test_sender_answer (f, mh_test_transport_count (f->transport) - 1, 503);
  /* The others at once. */
  g_assert_cmpuint (mh_test_transport_waiting (f->transport), ==, 5);
  mh_test_transport_answer_all (f->transport);
  g_assert_cmpuint (f->n_sent, ==, 5);
}

/* Where one server is back, the network may be. */
static void
test_recovery_others (MhTestSender *f, gconstpointer data)
{
  add_start (f, MH_TEST_SERVER);
  add_start (f, OTHER_SERVER);
  go_offline (f);
  for (guint i = 0; i < 40; i++) {
    step (f);
    fail_all (f);
  }
  g_assert_cmpuint (mh_sender_count_offline (f->sender), ==, 2);
  while (step (f) == 0)
    ;
  /* They may try at the same time. */
  if (mh_test_transport_waiting (f->transport) == 2)
    mh_test_sender_answer (f, mh_test_transport_count (f->transport) - 2, 0);
  g_assert_cmpint (
      mh_sender_next_deadline (f->sender) - f->clock.now, >, SEC (1));
  mh_test_transport_answer_all (f->transport);
  g_assert_cmpuint (mh_sender_count_offline (f->sender), ==, 1);
  g_assert_cmpint (
      mh_sender_next_deadline (f->sender) - f->clock.now, <=, SEC (60));
  try_next (f);
  g_assert_cmpuint (f->n_sent, ==, 1);
  mh_test_transport_answer_all (f->transport);
  g_assert_cmpuint (f->n_sent, ==, 2);
}

static void
test_network_changed (MhTestSender *f, gconstpointer data)
{
  add_start (f, MH_TEST_SERVER);
  mh_sender_network_changed (f->sender);
  go_offline (f);
  for (guint i = 0; i < 10; i++) {
    try_next (f);
    fail_all (f);
  }
  mh_sender_network_changed (f->sender);
  /* It begins anew: 1 s, 2 s, … */
  for (guint i = 1; i < 8; i++) {
    MhTime now = f->clock.now;

    try_next (f);
    g_assert_cmpint (
        f->clock.now, ==, now + mh_backoff_server_delay (MAX (1, i - 1), 0.5));
    fail_all (f);
  }
}

static void
test_hurry (MhTestSender *f, gconstpointer data)
{
  add_start (f, MH_TEST_SERVER);
  go_offline (f);
  add_start (f, MH_TEST_SERVER);
  mh_sender_run (f->sender);
  g_assert_false (mh_sender_is_busy (f->sender));
  mh_sender_hurry (f->sender);
  mh_sender_run (f->sender);
  g_assert_cmpuint (mh_test_transport_waiting (f->transport), ==, 1);
  g_assert_true (mh_sender_is_busy (f->sender));
  mh_test_transport_answer_all (f->transport);
  g_assert_cmpuint (f->n_sent, ==, 2);
}

/* The one whose turn it is goes away, before and while it tries. */
static void
test_probe_dropped (MhTestSender *f, gconstpointer data)
{
  gint64 first = add_start (f, MH_TEST_SERVER), second;

  go_offline (f);
  second = add_start (f, MH_TEST_SERVER);
  add_start (f, MH_TEST_SERVER);
  mh_sender_run (f->sender);
  mh_sender_drop (f->sender, first, "a test");
  try_next (f);
  mh_sender_drop (f->sender, second, "a test");
  mh_sender_run (f->sender);
  g_assert_cmpuint (mh_test_transport_waiting (f->transport), ==, 2);
  mh_test_transport_answer_all (f->transport);
  g_assert_cmpuint (f->n_sent, ==, 1);
  g_assert_cmpuint (mh_sender_count_offline (f->sender), ==, 0);
}

/* A server is forgotten with its last session. */
static void
test_forgotten (MhTestSender *f, gconstpointer data)
{
  gint64 session = add_start (f, MH_TEST_SERVER);

  go_offline (f);
  mh_sender_drop (f->sender, session, "a test");
  g_assert_cmpuint (mh_sender_count_offline (f->sender), ==, 0);
  g_assert_cmpint (mh_sender_next_deadline (f->sender), ==, MH_TIME_NEVER);
  add_start (f, MH_TEST_SERVER);
  mh_sender_run (f->sender);
  g_assert_cmpuint (mh_test_transport_waiting (f->transport), ==, 1);
}

/* Held sessions that had to make room are told of at the next try. */
static void
test_full (MhTestSender *f, gconstpointer data)
{
  add_start (f, MH_TEST_SERVER);
  go_offline (f);
  for (guint i = 0; i < 6; i++) {
    gint64 session = add_start (f, MH_TEST_SERVER);

    mh_test_sender_send (f, session, MH_EVENT_SESSION_END, "end");
  }
  g_assert_cmpuint (mh_store_count (f->store), ==, 4);
  step (f);
  g_assert_cmpuint (f->n_dropped, ==, 9);
  fail_all (f);
  g_assert_cmpint (mh_sender_next_deadline (f->sender), >, f->clock.now);
}

static void
test_tls_database (MhTestSender *f, gconstpointer data)
{
  gint64 session = mh_test_sender_open (f);

  mh_sender_set_tls_database (f->sender, session, "/ca.pem");
  mh_test_sender_enqueue (f, session, MH_EVENT_SESSION_START, "start");
  mh_test_sender_enqueue (f, session, MH_EVENT_PLAY, "play");
  go_offline (f);
  g_assert_cmpstr (
      mh_test_transport_request (f->transport, 0)->tls_database, ==, "/ca.pem");
  /* By other CAs it may well be known. */
  add_start (f, MH_TEST_SERVER);
  mh_sender_run (f->sender);
  g_assert_cmpuint (mh_test_transport_waiting (f->transport), ==, 1);
  mh_test_transport_answer_all (f->transport);
  g_assert_cmpuint (f->n_sent, ==, 1);
  /* Also after another process has taken it over. */
  mh_test_sender_restart (f);
  mh_sender_run (f->sender);
  g_assert_cmpstr (
      mh_test_transport_request (f->transport, 0)->tls_database, ==, "/ca.pem");
  mh_test_transport_answer_all (f->transport);
  g_assert_cmpuint (f->n_sent, ==, 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  mh_test_sender_add (
      "/sender-server/first-tries/few", test_first_tries, MAX_HITS);
  mh_test_sender_add (
      "/sender-server/first-tries/fail", test_first_tries_fail, MAX_HITS);
  mh_test_sender_add (
      "/sender-server/first-tries/dropped", test_first_tries_dropped, MAX_HITS);
  mh_test_sender_add ("/sender-server/first-tries/given-up",
      test_first_tries_given_up, MAX_HITS);
  mh_test_sender_add ("/sender-server/offline/delays", test_delays, MAX_HITS);
  mh_test_sender_add (
      "/sender-server/offline/not-by-a-hiccup", test_together, MAX_HITS);
  mh_test_sender_add (
      "/sender-server/offline/not-with-any-answer", test_any_answer, MAX_HITS);
  mh_test_sender_add (
      "/sender-server/offline/one-probe", test_one_probe, MAX_HITS);
  mh_test_sender_add ("/sender-server/offline/in-turn", test_in_turn, MAX_HITS);
  mh_test_sender_add ("/sender-server/offline/hurry", test_hurry, MAX_HITS);
  mh_test_sender_add (
      "/sender-server/offline/probe-dropped", test_probe_dropped, MAX_HITS);
  mh_test_sender_add (
      "/sender-server/offline/forgotten", test_forgotten, MAX_HITS);
  mh_test_sender_add ("/sender-server/offline/full", test_full, 4);
  mh_test_sender_add (
      "/sender-server/recovery/all-at-once", test_recovery, MAX_HITS);
  mh_test_sender_add (
      "/sender-server/recovery/other-servers", test_recovery_others, MAX_HITS);
  mh_test_sender_add ("/sender-server/recovery/network-changed",
      test_network_changed, MAX_HITS);
  mh_test_sender_add (
      "/sender-server/tls-database", test_tls_database, MAX_HITS);
  return g_test_run ();
}
