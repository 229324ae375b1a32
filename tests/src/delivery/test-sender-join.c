/* Tests of mh-sender-join: several hits in one request.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-protocol.h"

#include <string.h>

#include "mh-backoff.h"
#include "mh-test-sender.h"

#define MAX_HITS 2000
#define ENDPOINT "https://h.example/in#rows,plain,text/x"
#define CMCD "https://h.example/cmcd"
#define INTERVAL MH_TIME_FROM_SEC (60)

static gint64
open_session (MhTestSender *f)
{
  return mh_sender_open (f->sender, ENDPOINT, MH_PROTOCOL_EVENTS);
}

static void
assert_sent (MhTestSender *f, guint count, const char *body)
{
  mh_test_sender_assert_last (f, count, body);
}

/* Nothing waits for an ID, and what is there goes together. */
static void
test_together (MhTestSender *f, gconstpointer data)
{
  gint64 a = open_session (f);
  gint64 b = open_session (f);

  mh_test_sender_enqueue (f, a, MH_EVENT_SESSION_START, "a0");
  mh_test_sender_enqueue (f, b, MH_EVENT_SESSION_START, "b0");
  mh_test_sender_send (f, a, MH_EVENT_PLAY, "a1");
  assert_sent (f, 1, "a0\na1\nb0\n");
  g_assert_cmpstr (mh_test_transport_request (f->transport, 0)->uri, ==,
      "https://h.example/in");
  /* While that is under way. */
  mh_test_sender_enqueue (f, b, MH_EVENT_PLAY, "b1");
  mh_test_sender_send (f, a, MH_EVENT_SESSION_END, "a2");
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 1);
  mh_test_sender_answer (f, 0, 200);
  mh_test_sender_assert_told (
      f, "sent:1:sessionStart sent:1:play sent:2:sessionStart ");
  assert_sent (f, 2, "a2\nb1\n");
  mh_test_sender_answer (f, 1, 204);
  mh_test_sender_assert_told (f, "sent:1:sessionEnd sent:2:play ");
  g_assert_cmpuint (mh_store_count (f->store), ==, 0);
}

static void
test_bounded (MhTestSender *f, gconstpointer data)
{
  gint64 a = open_session (f);
  g_autofree char *large = g_strnfill (200 * 1024, 'x');
  g_autofree char *two = g_strdup_printf ("%s\n%s\n", large, large);

  for (guint i = 0; i < 1200; i++)
    mh_test_sender_enqueue (f, a, MH_EVENT_PING, "p");
  mh_sender_run (f->sender);
  for (guint i = 0; i < 3; i++) {
    g_assert_cmpuint (strlen (mh_test_transport_body (f->transport, i)), ==,
        i < 2 ? 1000 : 400);
    mh_test_sender_answer (f, i, 200);
  }
  for (guint i = 0; i < 3; i++)
    mh_test_sender_enqueue (f, a, MH_EVENT_PING, large);
  mh_sender_run (f->sender);
  assert_sent (f, 4, two);
  mh_test_sender_answer (f, 3, 200);
  mh_test_sender_answer (f, 4, 200);
  g_assert_cmpuint (mh_store_count (f->store), ==, 0);
}

/* The one that is wrong is found, and all others arrive, each once. */
static void
test_poison (MhTestSender *f, gconstpointer data)
{
  guint status = GPOINTER_TO_UINT (data) - MAX_HITS;
  g_autoptr (GHashTable)
      got = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gint64 sessions[4];
  guint n = 0;

  for (guint i = 0; i < 4; i++)
    sessions[i] = open_session (f);
  for (guint i = 0; i < 200; i++) {
    g_autofree char *body = g_strdup_printf (i == 77 ? "poison" : "h%u", i);

    mh_test_sender_enqueue (f, sessions[i % 4], MH_EVENT_PING, body);
  }
  mh_sender_run (f->sender);
  while (mh_store_count (f->store) > 0) {
    const char *body = mh_test_transport_body (f->transport, n);
    g_auto (GStrv) lines = g_strsplit (body, "\n", -1);

    g_assert_cmpuint (n, <, 100);
    if (strstr (body, "poison")) {
      mh_test_sender_answer (f, n++, status);
    } else {
      for (guint i = 0; lines[i] && *lines[i]; i++)
        g_assert_true (g_hash_table_add (got, g_strdup (lines[i])));
      mh_test_sender_answer (f, n++, 200);
    }
    if (mh_test_transport_waiting (f->transport) == 0) {
      mh_test_sender_pass (f, 2 * MH_BACKOFF_CAP);
    }
  }
  g_assert_cmpuint (g_hash_table_size (got), ==, 199);
  g_assert_cmpuint (f->n_sent, ==, 199);
  g_assert_cmpuint (f->n_dropped, ==, 1);
}

/* Lets the time pass until the sender sends something. */
static void
wait_for_request (MhTestSender *f)
{
  guint before = mh_test_transport_count (f->transport);

  while (mh_test_transport_count (f->transport) == before) {
    MhTime next = mh_sender_next_deadline (f->sender);

    g_assert_cmpint (next, !=, MH_TIME_NEVER);
    mh_test_clock_advance (
        &f->clock, MAX (next - mh_clock_now (&f->clock.clock), 1));
    mh_sender_run (f->sender);
  }
}

/* Answers 500 to what has one of the words @wrong, and 200 to the rest, until
 * nothing is under way. Returns: the number of the next request. */
static guint
answer_until_idle (MhTestSender *f, guint n, const char *wrong)
{
  g_auto (GStrv) words = g_strsplit (wrong, " ", -1);

  while (mh_test_transport_waiting (f->transport) > 0) {
    const char *body = mh_test_transport_body (f->transport, n);
    gboolean fails = FALSE;

    for (guint i = 0; words[i]; i++)
      fails |= strstr (body, words[i]) != NULL;
    g_assert_cmpuint (n, <, 400);
    mh_test_sender_answer (f, n++, fails ? 500 : 200);
    if (mh_store_count (f->store) > 0 &&
        mh_test_transport_waiting (f->transport) == 0)
      wait_for_request (f);
  }
  return n;
}

/* It answers 500 to everything, for an hour, and then takes everything. */
static void
test_fails_for_an_hour (MhTestSender *f, gconstpointer data)
{
  guint n_sessions = GPOINTER_TO_UINT (data) - MAX_HITS;
  MhTime end = mh_clock_now (&f->clock.clock) + MH_TIME_FROM_SEC (3600);
  guint n;

  for (guint i = 0; i < n_sessions; i++) {
    gint64 session = open_session (f);

    mh_test_sender_enqueue (f, session, MH_EVENT_SESSION_START, "start");
    for (guint k = 0; k < 20; k++)
      mh_test_sender_enqueue (f, session, MH_EVENT_PING, "ping");
  }
  mh_sender_run (f->sender);
  for (n = 0; mh_clock_now (&f->clock.clock) < end; n++) {
    mh_test_sender_answer (f, n, 500);
    wait_for_request (f);
  }
  /* With the back-off of any other failure. */
  g_assert_cmpuint (n, <, 200);
  answer_until_idle (f, n, "none");
  g_assert_cmpuint (f->n_dropped, ==, 0);
  g_assert_cmpuint (f->n_sent, ==, n_sessions * 21);
}

/* What a session begins with is wrong, and so is the second: the others arrive,
 * in order, also with no other session. */
static void
test_wrong_hits (MhTestSender *f, gconstpointer data)
{
  gint64 a = GPOINTER_TO_UINT (data) == MAX_HITS
      ? open_session (f)
      : mh_sender_open (f->sender, CMCD, MH_PROTOCOL_CMCD);

  mh_test_sender_enqueue (f, a, MH_EVENT_SESSION_START, "wrong0");
  mh_test_sender_enqueue (f, a, MH_EVENT_PLAY, "wrong1");
  mh_test_sender_enqueue (f, a, MH_EVENT_PING, "ping");
  mh_test_sender_enqueue (f, a, MH_EVENT_PAUSE_START, "pause");
  mh_test_sender_send (f, a, MH_EVENT_SESSION_END, "end");
  answer_until_idle (f, 0, "wrong");
  g_assert_cmpuint (mh_store_count (f->store), ==, 0);
  g_assert_cmpuint (f->n_dropped, ==, 2);
  g_assert_true (strstr (f->told->str, "sent:1:ping ") <
      strstr (f->told->str, "dropped:1:1 "));
  g_assert_true (strstr (f->told->str, "dropped:1:1 ") <
      strstr (f->told->str, "sent:1:pauseStart "));
  /* One is dropped for each that is taken. */
  g_assert_true (g_str_has_suffix (
      f->told->str, "sent:1:pauseStart dropped:1:1 sent:1:sessionEnd "));
}

/* After an outage it takes one hit, and fails for as long again. */
static void
test_fails_again (MhTestSender *f, gconstpointer data)
{
  MhTime end = mh_clock_now (&f->clock.clock) + MH_TIME_FROM_SEC (3600);
  guint n;

  for (guint i = 0; i < 60; i++)
    mh_test_sender_enqueue (f, open_session (f), MH_EVENT_PING, "ping");
  mh_sender_run (f->sender);
  for (n = 0; mh_clock_now (&f->clock.clock) < end; n++) {
    mh_test_sender_answer (f, n, 500);
    wait_for_request (f);
  }
  mh_test_sender_answer (f, n++, 200);
  end += MH_TIME_FROM_SEC (3600);
  for (; mh_clock_now (&f->clock.clock) < end; n++) {
    mh_test_sender_answer (f, n, 500);
    if (mh_test_transport_waiting (f->transport) == 0)
      wait_for_request (f);
  }
  g_assert_cmpuint (n, <, 400);
  answer_until_idle (f, n, "none");
  g_assert_cmpuint (f->n_dropped, <=, 1);
  g_assert_cmpuint (f->n_sent + f->n_dropped, ==, 60);
}

/* What is wrong is looked for at once, not once an interval. */
static void
test_wrong_interval (MhTestSender *f, gconstpointer data)
{
  gint64 a;

  mh_sender_set_access (f->sender, ENDPOINT, NULL, INTERVAL);
  a = open_session (f);
  mh_test_sender_enqueue (f, a, MH_EVENT_PLAY, "a0");
  mh_test_sender_enqueue (f, a, MH_EVENT_PING, "wrong");
  mh_test_sender_send (f, a, MH_EVENT_PING, "a2");
  mh_test_sender_answer (f, 0, 400);
  assert_sent (f, 2, "a0\n");
  mh_test_sender_answer (f, 1, 200);
  assert_sent (f, 3, "wrong\na2\n");
  mh_test_sender_answer (f, 2, 400);
  assert_sent (f, 4, "wrong\n");
  mh_test_sender_answer (f, 3, 400);
  assert_sent (f, 5, "a2\n");
  mh_test_sender_answer (f, 4, 200);
  mh_test_sender_assert_told (f, "sent:1:play dropped:1:1 sent:1:ping ");
}

/* There is no other hit: it waits, as it may be all right, until there is one. */
static void
test_wrong_alone (MhTestSender *f, gconstpointer data)
{
  gint64 a = open_session (f);
  gint64 b = open_session (f);
  guint n;

  mh_test_sender_send (f, a, MH_EVENT_SESSION_START, "wrong");
  for (n = 0; n < 50; n++) {
    mh_test_sender_answer (f, n, 500);
    wait_for_request (f);
  }
  g_assert_cmpuint (f->n_dropped, ==, 0);
  mh_test_sender_enqueue (f, b, MH_EVENT_SESSION_START, "b0");
  mh_test_sender_enqueue (f, a, MH_EVENT_SESSION_END, "a1");
  answer_until_idle (f, n, "wrong");
  g_assert_cmpuint (mh_store_count (f->store), ==, 0);
  g_assert_cmpuint (f->n_dropped, ==, 1);
  g_assert_cmpuint (f->n_sent, ==, 2);
}

/* After it has taken another one, it fails in another way: the suspect waits. */
static void
test_wrong_or_away (MhTestSender *f, gconstpointer data)
{
  gint64 a = open_session (f);
  guint n;

  mh_test_sender_enqueue (f, a, MH_EVENT_SESSION_START, "a0");
  mh_test_sender_send (f, a, MH_EVENT_PLAY, "a1");
  for (n = 0;
       g_str_has_prefix (mh_test_transport_body (f->transport, n), "a0\n");
       n++) {
    mh_test_sender_answer (f, n, 500);
    wait_for_request (f);
  }
  assert_sent (f, n + 1, "a1\n");
  mh_test_sender_answer (f, n++, 200);
  assert_sent (f, n + 1, "a0\n");
  mh_test_sender_answer (f, n++, 503);
  wait_for_request (f);
  mh_test_sender_answer (f, n++, 500);
  wait_for_request (f);
  g_assert_cmpuint (f->n_dropped, ==, 0);
  mh_test_sender_answer (f, n++, 200);
  g_assert_cmpuint (f->n_sent, ==, 2);
}

static gboolean
is_any (gint64 session, gpointer user_data)
{
  return TRUE;
}

/* After it has taken another one it fails for several, while the suspect is not to
 * be sent: it has to take one again before the suspect is judged. */
static void
test_wrong_or_several (MhTestSender *f, gconstpointer data)
{
  g_autoptr (MhConfig) config = mh_config_new ();
  g_autofree char *consent = mh_config_dup_consent (config);
  gint64 a = open_session (f);
  gint64 b = open_session (f);
  guint n;

  mh_test_sender_send (f, a, MH_EVENT_PLAY, "a0");
  for (n = 0; n < MH_PROTOCOL_TRIES; n++) {
    mh_test_sender_answer (f, n, 500);
    mh_test_sender_enqueue (f, b, MH_EVENT_PING, "b");
    wait_for_request (f);
  }
  mh_store_set_text (f->store, a, MH_STORE_CONSENT, consent);
  assert_sent (f, n + 1, "b\n");
  mh_test_sender_answer (f, n++, 200);
  assert_sent (f, n + 1, "b\nb\n");
  mh_test_sender_answer (f, n++, 500);
  mh_sender_consent (f->sender, config, is_any, NULL);
  wait_for_request (f);
  assert_sent (f, n + 1, "a0\n");
  mh_test_sender_answer (f, n++, 500);
  g_assert_cmpuint (f->n_dropped, ==, 0);
  wait_for_request (f);
  answer_until_idle (f, n, "none");
  g_assert_cmpuint (f->n_sent, ==, MH_PROTOCOL_TRIES + 1);
}

/* The suspect's session goes while another hit is tried. */
static void
test_suspect_dropped (MhTestSender *f, gconstpointer data)
{
  gint64 a = open_session (f);
  gint64 b = open_session (f);

  mh_test_sender_send (f, a, MH_EVENT_SESSION_START, "a0");
  mh_test_sender_answer (f, 0, 500);
  mh_sender_drop (f->sender, a, "for a reason");
  mh_test_sender_enqueue (f, b, MH_EVENT_SESSION_START, "b0");
  mh_test_sender_enqueue (f, b, MH_EVENT_PLAY, "b1");
  wait_for_request (f);
  assert_sent (f, 2, "b0\n");
  mh_test_sender_answer (f, 1, 200);
  assert_sent (f, 3, "b1\n");
  mh_test_sender_answer (f, 2, 200);
  g_assert_cmpuint (f->n_sent, ==, 2);
}

/* The same is sent again, with the same IDs, and nothing is lost. */
static void
test_lost_answer (MhTestSender *f, gconstpointer data)
{
  gint64 a = open_session (f);
  gint64 b = open_session (f);

  mh_test_sender_enqueue (f, a, MH_EVENT_SESSION_START, "a0");
  mh_test_sender_send (f, b, MH_EVENT_SESSION_START, "b0");
  mh_test_transport_lose (f->transport, 0);
  mh_test_sender_assert_told (f, "failed:1 failed:2 ");
  mh_test_sender_enqueue (f, a, MH_EVENT_PLAY, "a1");
  mh_test_sender_pass (f, 2 * MH_BACKOFF_CAP);
  /* The one that tries while the server is silent is alone. */
  assert_sent (f, 2, "a0\na1\n");
  mh_test_sender_answer (f, 1, 200);
  assert_sent (f, 3, "b0\n");
  mh_test_sender_answer (f, 2, 200);
  g_assert_cmpuint (f->n_sent, ==, 3);
  g_assert_cmpuint (f->n_dropped, ==, 0);
}

/* Whatever it answers, as long as that is not about what is sent. */
static void
test_server_away (MhTestSender *f, gconstpointer data)
{
  static const guint statuses[] = { 503, 0, 401, 404, 410, 429, 0, 0, 403 };
  gint64 a = open_session (f);
  gint64 b = open_session (f);
  guint n = 0;

  mh_test_sender_enqueue (f, a, MH_EVENT_SESSION_START, "a0");
  mh_test_sender_send (f, b, MH_EVENT_SESSION_START, "b0");
  for (; n < G_N_ELEMENTS (statuses); n++) {
    g_assert_cmpuint (mh_test_transport_count (f->transport), ==, n + 1);
    mh_test_sender_answer (f, n, statuses[n]);
    /* Not at once, and then once. */
    while (mh_test_transport_count (f->transport) == n + 1) {
      MhTime next = mh_sender_next_deadline (f->sender);

      g_assert_cmpint (next, !=, MH_TIME_NEVER);
      mh_test_clock_advance (
          &f->clock, MAX (next - mh_clock_now (&f->clock.clock), 1));
      mh_sender_run (f->sender);
    }
  }
  mh_test_sender_enqueue (f, a, MH_EVENT_SESSION_END, "a1");
  mh_test_transport_answer_all (f->transport);
  mh_sender_run (f->sender);
  mh_test_transport_answer_all (f->transport);
  g_assert_cmpuint (mh_store_count (f->store), ==, 0);
  g_assert_cmpuint (f->n_sent, ==, 3);
  g_assert_cmpuint (f->n_dropped, ==, 0);
}

/* Another sender delivers what is in the store, each hit with its session. */
static void
test_restart (MhTestSender *f, gconstpointer data)
{
  gint64 a = open_session (f);
  gint64 b = open_session (f);

  mh_test_sender_send (f, a, MH_EVENT_SESSION_START, "a0");
  mh_test_sender_enqueue (f, a, MH_EVENT_SESSION_END, "a1");
  mh_test_sender_send (f, b, MH_EVENT_SESSION_START, "b0");
  mh_test_transport_lose (f->transport, 0);
  mh_test_sender_restart (f);
  mh_test_sender_pass (f, MH_TIME_FROM_SEC (3600 * 24));
  assert_sent (f, 1, "a0\na1\nb0\n");
  g_assert_cmpstr (
      mh_test_transport_request (f->transport, 0)->content_type, ==, "text/x");
  mh_test_sender_answer (f, 0, 200);
  g_assert_cmpuint (mh_store_count (f->store), ==, 0);
}

/* The transport goes while a request is under way. */
static void
test_cut_off (MhTestSender *f, gconstpointer data)
{
  gint64 a = open_session (f);

  mh_test_sender_send (f, a, MH_EVENT_SESSION_START, "a0");
  mh_test_sender_restart (f);
  mh_sender_run (f->sender);
  assert_sent (f, 1, "a0\n");
  mh_test_sender_answer (f, 0, 200);
  g_assert_cmpuint (f->n_sent, ==, 1);
}

/* Those that are under way as well. */
static void
test_dropped (MhTestSender *f, gconstpointer data)
{
  gint64 a = open_session (f);
  gint64 b = open_session (f);

  mh_test_sender_enqueue (f, a, MH_EVENT_SESSION_START, "a0");
  mh_test_sender_send (f, b, MH_EVENT_SESSION_START, "b0");
  mh_sender_drop (f->sender, a, "for a reason");
  mh_test_sender_assert_told (f, "dropped:1:1 ");
  mh_test_sender_answer (f, 0, 200);
  mh_test_sender_assert_told (f, "sent:2:sessionStart ");
  a = open_session (f);
  mh_test_sender_send (f, a, MH_EVENT_SESSION_START, "c0");
  assert_sent (f, 2, "c0\n");
  mh_sender_drop (f->sender, a, "for a reason");
  mh_test_sender_send (f, b, MH_EVENT_PLAY, "b1");
  assert_sent (f, 3, "b1\n");
  mh_test_sender_answer (f, 1, 200);
  mh_test_sender_answer (f, 2, 200);
  mh_test_sender_assert_told (f, "dropped:3:1 sent:2:play ");
}

/* What waits for the answer of one that goes does not wait for it any more. */
static void
test_dropped_before (MhTestSender *f, gconstpointer data)
{
  gboolean expires = GPOINTER_TO_UINT (data) > MAX_HITS;
  gint64 a = open_session (f);
  gint64 b = open_session (f);

  mh_test_sender_send (f, a, MH_EVENT_SESSION_START, "a0");
  mh_test_sender_send (f, b, MH_EVENT_PLAY, "b1");
  assert_sent (f, 1, "a0\n");
  f->n_changed = 0;
  if (expires)
    mh_sender_expire (f->sender, a, "for a reason");
  else
    mh_sender_drop (f->sender, a, "for a reason");
  mh_test_sender_assert_told (
      f, expires ? "dropped:1:1 expired:1 " : "dropped:1:1 ");
  /* The owner is told that it has to run. */
  g_assert_cmpuint (f->n_changed, ==, 1);
  mh_sender_run (f->sender);
  assert_sent (f, 2, "b1\n");
  mh_test_sender_answer (f, 0, 200);
  mh_test_sender_answer (f, 1, 200);
  mh_test_sender_assert_told (f, "sent:2:play ");
}

/* The same when the transport has been taken away before; its answer may be late. */
static void
test_dropped_offline (MhTestSender *f, gconstpointer data)
{
  gboolean late = GPOINTER_TO_UINT (data) > MAX_HITS;
  gint64 a = open_session (f);
  gint64 b = open_session (f);

  mh_test_sender_send (f, a, MH_EVENT_SESSION_START, "a0");
  mh_test_sender_send (f, b, MH_EVENT_PLAY, "b1");
  assert_sent (f, 1, "a0\n");
  mh_test_transport_set_late (f->transport, late);
  mh_sender_set_transport (f->sender, NULL);
  if (late)
    mh_test_sender_answer (f, 0, 0);
  mh_sender_drop (f->sender, a, "for a reason");
  g_assert_finalize_object (f->transport);
  f->transport = mh_test_transport_new ();
  mh_sender_set_transport (f->sender, MH_TRANSPORT (f->transport));
  mh_sender_run (f->sender);
  assert_sent (f, 1, "b1\n");
  mh_test_sender_answer (f, 0, 200);
}

static void
test_interval (MhTestSender *f, gconstpointer data)
{
  gint64 a, b;

  mh_sender_set_access (f->sender, ENDPOINT, NULL, INTERVAL);
  a = open_session (f);
  b = open_session (f);
  mh_test_sender_send (f, a, MH_EVENT_SESSION_START, "a0");
  mh_test_sender_answer (f, 0, 200);
  mh_test_sender_send (f, a, MH_EVENT_PLAY, "a1");
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 1);
  g_assert_cmpint (mh_sender_next_deadline (f->sender), ==,
      mh_clock_now (&f->clock.clock) + INTERVAL);
  /* What does not wait takes the others along. */
  mh_test_sender_send (f, b, MH_EVENT_SESSION_START, "b0");
  assert_sent (f, 2, "b0\na1\n");
  mh_test_sender_answer (f, 1, 200);
  mh_test_sender_send (f, b, MH_EVENT_PLAY, "b1");
  mh_test_sender_send (f, a, MH_EVENT_PING, "a2");
  mh_test_sender_pass (f, INTERVAL - 1);
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 2);
  mh_test_sender_pass (f, 1);
  assert_sent (f, 3, "b1\na2\n");
  mh_test_sender_answer (f, 2, 200);
  /* And the end of the process waits for nothing. */
  mh_test_sender_send (f, a, MH_EVENT_PING, "a3");
  mh_sender_hurry (f->sender);
  mh_sender_run (f->sender);
  assert_sent (f, 4, "a3\n");
  mh_test_sender_answer (f, 3, 200);
}

/* @data: MAX_HITS: events; more: CMCD, whose requests have one session each. */
static const char *
set_interval (MhTestSender *f, gconstpointer data)
{
  const char *server = GPOINTER_TO_UINT (data) > MAX_HITS ? CMCD : ENDPOINT;

  mh_sender_set_access (f->sender, server, NULL, INTERVAL);
  return server;
}

static gint64
open_one (MhTestSender *f, const char *server)
{
  return mh_sender_open (f->sender, server,
      g_str_equal (server, CMCD) ? MH_PROTOCOL_CMCD : MH_PROTOCOL_EVENTS);
}

/* Answers what comes until nothing does, without letting any time pass. Returns: how
 * many requests that were. */
static guint
answer_at_once (MhTestSender *f)
{
  guint before = mh_test_transport_count (f->transport);

  before -= mh_test_transport_waiting (f->transport);
  mh_test_transport_answer_all (f->transport);
  return mh_test_transport_count (f->transport) - before;
}

static void
enqueue_pings (MhTestSender *f, gint64 session, guint n)
{
  for (guint i = 0; i < n; i++)
    mh_test_sender_enqueue (f, session, MH_EVENT_PING, "p");
}

/* Three sessions whose starts the server has taken, with 600 hits each that wait for
 * the interval to be over. */
static void
collect_much (MhTestSender *f, const char *server, gint64 sessions[3])
{
  for (guint i = 0; i < 3; i++) {
    sessions[i] = open_one (f, server);
    mh_test_sender_send (f, sessions[i], MH_EVENT_SESSION_START, "s");
    answer_at_once (f);
  }
  for (guint i = 0; i < 3; i++)
    enqueue_pings (f, sessions[i], 600);
}

/* An interval's hits do not fit into a request: the rest goes next, and not an
 * interval later. */
static void
test_interval_full (MhTestSender *f, gconstpointer data)
{
  const char *server = set_interval (f, data);
  gint64 sessions[3];

  collect_much (f, server, sessions);
  mh_test_sender_pass (f, INTERVAL - 1);
  g_assert_cmpuint (mh_test_transport_waiting (f->transport), ==, 0);
  g_assert_false (mh_sender_is_busy (f->sender));
  mh_test_sender_pass (f, 1);
  g_assert_cmpuint (answer_at_once (f), ==, g_str_equal (server, CMCD) ? 6 : 4);
  g_assert_cmpuint (mh_store_count (f->store), ==, 0);
  /* Then they are collected again. */
  for (guint i = 0; i < 3; i++)
    mh_test_sender_send (f, sessions[i], MH_EVENT_PING, "p");
  g_assert_cmpuint (mh_test_transport_waiting (f->transport), ==, 0);
  g_assert_cmpint (mh_sender_next_deadline (f->sender), ==,
      mh_clock_now (&f->clock.clock) + INTERVAL);
  mh_test_sender_pass (f, INTERVAL);
  g_assert_cmpuint (answer_at_once (f), ==, g_str_equal (server, CMCD) ? 3 : 1);
}

/* A request that is just full has left nothing: the next waits. */
static void
test_interval_just_full (MhTestSender *f, gconstpointer data)
{
  gint64 a = open_one (f, set_interval (f, data));

  enqueue_pings (f, a, 500);
  mh_sender_run (f->sender);
  g_assert_cmpuint (answer_at_once (f), ==, 1);
  g_assert_cmpuint (mh_store_count (f->store), ==, 0);
  mh_test_sender_send (f, a, MH_EVENT_PING, "p");
  g_assert_cmpuint (mh_test_transport_waiting (f->transport), ==, 0);
  mh_test_sender_pass (f, INTERVAL);
  g_assert_cmpuint (answer_at_once (f), ==, 1);
}

/* While some sessions are sent, others get hits: those are for the next interval. */
static void
test_interval_each (MhTestSender *f, gconstpointer data)
{
  const char *server = set_interval (f, data);
  gint64 a = open_one (f, server), b = open_one (f, server);

  mh_test_sender_enqueue (f, a, MH_EVENT_PING, "a0");
  mh_test_sender_send (f, b, MH_EVENT_PING, "b0");
  assert_sent (f, 1, "a0");
  mh_test_sender_answer (f, 0, 200);
  assert_sent (f, 2, "b0");
  mh_test_sender_enqueue (f, a, MH_EVENT_PING, "a1");
  mh_test_sender_answer (f, 1, 200);
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 2);
  mh_test_sender_pass (f, INTERVAL);
  assert_sent (f, 3, "a1");
  mh_test_sender_answer (f, 2, 200);
}

/* What a process has left is not held back by what this one collects. */
static void
test_interval_adopted (MhTestSender *f, gconstpointer data)
{
  const char *server = set_interval (f, data);

  for (guint i = 0; i < 3; i++)
    enqueue_pings (f, open_one (f, server), 600);
  mh_test_sender_restart (f);
  set_interval (f, data);
  mh_sender_run (f->sender);
  g_assert_cmpuint (answer_at_once (f), ==, g_str_equal (server, CMCD) ? 6 : 4);
  g_assert_cmpuint (mh_store_count (f->store), ==, 0);
  g_assert_cmpuint (f->n_sent, ==, 1800);
}

/* What does not wait has no place in the first request. */
static void
test_interval_urgent (MhTestSender *f, gconstpointer data)
{
  gint64 a = open_one (f, set_interval (f, data));

  mh_test_sender_send (f, a, MH_EVENT_PING, "p");
  mh_test_sender_answer (f, 0, 200);
  enqueue_pings (f, a, 700);
  mh_test_sender_send (f, a, MH_EVENT_SESSION_END, "end");
  g_assert_cmpuint (answer_at_once (f), ==, 2);
  g_assert_cmpuint (mh_store_count (f->store), ==, 0);
}

/* The end of the process waits for nothing: neither for what is in the way of the
 * first request, nor for what comes behind it. */
static void
test_interval_hurry (MhTestSender *f, gconstpointer data)
{
  const char *server = set_interval (f, data);
  gint64 sessions[3];

  collect_much (f, server, sessions);
  mh_sender_run (f->sender);
  mh_sender_hurry (f->sender);
  mh_sender_run (f->sender);
  for (guint n = 3; mh_store_count (f->store) > 0; n++) {
    g_assert_true (mh_sender_is_busy (f->sender));
    mh_test_sender_answer (f, n, 200);
  }
  g_assert_false (mh_sender_is_busy (f->sender));
  mh_test_sender_send (f, sessions[0], MH_EVENT_PING, "late");
  mh_test_sender_send (f, sessions[1], MH_EVENT_PING, "late");
  g_assert_cmpuint (answer_at_once (f), ==, 2);
}

/* What has failed waits for the back-off, and not for others once more. */
static void
test_interval_failed (MhTestSender *f, gconstpointer data)
{
  gint64 a = open_one (f, set_interval (f, data));

  mh_test_sender_send (f, a, MH_EVENT_PING, "p");
  mh_test_sender_answer (f, 0, 503);
  mh_test_sender_pass (f, MH_BACKOFF_BASE);
  assert_sent (f, 2, g_str_equal (set_interval (f, data), CMCD) ? "p" : "p\n");
  mh_test_sender_answer (f, 1, 200);
  /* What does not wait does not wait then either. */
  mh_test_sender_send (f, a, MH_EVENT_ERROR, "e");
  mh_test_sender_answer (f, 2, 503);
  mh_test_sender_pass (f, MH_BACKOFF_BASE);
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 4);
  mh_test_sender_answer (f, 3, 400);
  mh_test_sender_send (f, a, MH_EVENT_ERROR, "e");
  g_assert_cmpuint (answer_at_once (f), ==, 1);
}

/* The transport is replaced while an error report is under way: the report goes again by
 * the new one, and does not wait for the interval. */
static void
test_interval_transport (MhTestSender *f, gconstpointer data)
{
  gboolean late = GPOINTER_TO_UINT (data) > MAX_HITS;
  gint64 a = open_one (f, set_interval (f, NULL));

  mh_test_sender_send (f, a, MH_EVENT_PING, "p");
  mh_test_sender_answer (f, 0, 200);
  mh_test_sender_send (f, a, MH_EVENT_ERROR, "e");
  assert_sent (f, 2, "e\n");
  mh_test_transport_set_late (f->transport, late);
  mh_sender_set_transport (f->sender, NULL);
  if (late)
    mh_test_sender_answer (f, 1, 0);
  g_assert_finalize_object (f->transport);
  f->transport = mh_test_transport_new ();
  mh_sender_set_transport (f->sender, MH_TRANSPORT (f->transport));
  mh_sender_run (f->sender);
  assert_sent (f, 1, "e\n");
  mh_test_sender_answer (f, 0, 200);
}

/* One tries while the server is silent: what has waited for that does not wait for
 * an interval beside. */
static void
test_interval_silent (MhTestSender *f, gconstpointer data)
{
  const char *server = set_interval (f, data);

  for (guint i = 0; i < 3; i++)
    enqueue_pings (f, open_one (f, server), 1);
  mh_sender_run (f->sender);
  mh_test_sender_answer (f, 0, 0);
  mh_test_sender_pass (f, MH_BACKOFF_BASE);
  g_assert_cmpuint (answer_at_once (f), ==, g_str_equal (server, CMCD) ? 3 : 2);
  g_assert_cmpuint (mh_store_count (f->store), ==, 0);
}

/* The other hit of the request goes away before the answer: it may have been that
 * one, so this one has another try. */
static void
test_wrong_gone (MhTestSender *f, gconstpointer data)
{
  guint status = GPOINTER_TO_UINT (data) - MAX_HITS;
  gint64 a = open_session (f), b = open_session (f);

  mh_test_sender_enqueue (f, a, MH_EVENT_PLAY, "wrong");
  mh_test_sender_send (f, b, MH_EVENT_PLAY, "good");
  assert_sent (f, 1, "wrong\ngood\n");
  mh_sender_drop (f->sender, a, "a test");
  mh_test_sender_assert_told (f, "dropped:1:1 ");
  mh_test_sender_answer (f, 0, status);
  mh_test_sender_assert_told (f, "");
  assert_sent (f, 2, "good\n");
  mh_test_sender_answer (f, 1, 200);
  mh_test_sender_assert_told (f, "sent:2:play ");
}

static void
test_authorization (MhTestSender *f, gconstpointer data)
{
  gint64 a;

  mh_sender_set_access (f->sender, ENDPOINT, "Bearer x", 0);
  a = open_session (f);
  mh_test_sender_send (f, a, MH_EVENT_SESSION_START, "a0");
  g_assert_cmpstr (mh_test_transport_request (f->transport, 0)->authorization,
      ==, "Bearer x");
  mh_test_sender_answer (f, 0, 200);
}

/* The server wants no more of one session: the others go on. Requests are of one
 * session each. */
static void
test_stop (MhTestSender *f, gconstpointer data)
{
  gint64 a = mh_sender_open (f->sender, CMCD, MH_PROTOCOL_CMCD);
  gint64 b = mh_sender_open (f->sender, CMCD, MH_PROTOCOL_CMCD);

  mh_test_sender_enqueue (f, a, MH_EVENT_SESSION_START, "a0");
  mh_test_sender_enqueue (f, a, MH_EVENT_PLAY, "a1");
  mh_test_sender_send (f, b, MH_EVENT_SESSION_START, "b0");
  assert_sent (f, 1, "a0\na1");
  mh_test_sender_enqueue (f, a, MH_EVENT_PING, "a2");
  mh_test_sender_answer (f, 0, 410);
  mh_test_sender_assert_told (f, "dropped:1:3 refused:1 ");
  assert_sent (f, 2, "b0");
  mh_test_sender_answer (f, 1, 200);
  mh_test_sender_assert_told (f, "sent:2:sessionStart ");
  mh_test_sender_enqueue (f, a, MH_EVENT_PING, "a3");
  mh_test_sender_assert_told (f, "dropped:1:1 ");
  g_assert_cmpuint (mh_store_count (f->store), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  mh_test_sender_add ("/sender-join/together", test_together, MAX_HITS);
  mh_test_sender_add ("/sender-join/bounded", test_bounded, MAX_HITS);
  mh_test_sender_add ("/sender-join/poison/400", test_poison, MAX_HITS + 400);
  mh_test_sender_add ("/sender-join/poison/413", test_poison, MAX_HITS + 413);
  mh_test_sender_add ("/sender-join/poison/500", test_poison, MAX_HITS + 500);
  mh_test_sender_add (
      "/sender-join/fails/session", test_fails_for_an_hour, MAX_HITS + 1);
  mh_test_sender_add (
      "/sender-join/fails/sessions", test_fails_for_an_hour, MAX_HITS + 30);
  mh_test_sender_add ("/sender-join/fails/again", test_fails_again, MAX_HITS);
  mh_test_sender_add ("/sender-join/wrong/hits", test_wrong_hits, MAX_HITS);
  mh_test_sender_add ("/sender-join/wrong/cmcd", test_wrong_hits, MAX_HITS + 1);
  mh_test_sender_add (
      "/sender-join/wrong/interval", test_wrong_interval, MAX_HITS);
  mh_test_sender_add ("/sender-join/wrong/alone", test_wrong_alone, MAX_HITS);
  mh_test_sender_add (
      "/sender-join/wrong/or-away", test_wrong_or_away, MAX_HITS);
  mh_test_sender_add (
      "/sender-join/wrong/or-several", test_wrong_or_several, MAX_HITS);
  mh_test_sender_add (
      "/sender-join/wrong/dropped", test_suspect_dropped, MAX_HITS);
  mh_test_sender_add (
      "/sender-join/wrong/gone/400", test_wrong_gone, MAX_HITS + 400);
  mh_test_sender_add (
      "/sender-join/wrong/gone/413", test_wrong_gone, MAX_HITS + 413);
  mh_test_sender_add ("/sender-join/lost-answer", test_lost_answer, MAX_HITS);
  mh_test_sender_add ("/sender-join/server-away", test_server_away, MAX_HITS);
  mh_test_sender_add ("/sender-join/restart", test_restart, MAX_HITS);
  mh_test_sender_add ("/sender-join/cut-off", test_cut_off, MAX_HITS);
  mh_test_sender_add ("/sender-join/dropped", test_dropped, MAX_HITS);
  mh_test_sender_add (
      "/sender-join/dropped-before/drop", test_dropped_before, MAX_HITS);
  mh_test_sender_add (
      "/sender-join/dropped-before/expire", test_dropped_before, MAX_HITS + 1);
  mh_test_sender_add (
      "/sender-join/dropped-before/offline", test_dropped_offline, MAX_HITS);
  mh_test_sender_add ("/sender-join/dropped-before/offline-late",
      test_dropped_offline, MAX_HITS + 1);
  mh_test_sender_add ("/sender-join/interval/waits", test_interval, MAX_HITS);
  mh_test_sender_add (
      "/sender-join/interval/full/events", test_interval_full, MAX_HITS);
  mh_test_sender_add (
      "/sender-join/interval/full/cmcd", test_interval_full, MAX_HITS + 1);
  mh_test_sender_add ("/sender-join/interval/just-full/events",
      test_interval_just_full, MAX_HITS);
  mh_test_sender_add ("/sender-join/interval/just-full/cmcd",
      test_interval_just_full, MAX_HITS + 1);
  mh_test_sender_add (
      "/sender-join/interval/adopted/events", test_interval_adopted, MAX_HITS);
  mh_test_sender_add ("/sender-join/interval/adopted/cmcd",
      test_interval_adopted, MAX_HITS + 1);
  mh_test_sender_add (
      "/sender-join/interval/urgent/events", test_interval_urgent, MAX_HITS);
  mh_test_sender_add (
      "/sender-join/interval/urgent/cmcd", test_interval_urgent, MAX_HITS + 1);
  mh_test_sender_add (
      "/sender-join/interval/hurry/events", test_interval_hurry, MAX_HITS);
  mh_test_sender_add (
      "/sender-join/interval/hurry/cmcd", test_interval_hurry, MAX_HITS + 1);
  mh_test_sender_add (
      "/sender-join/interval/failed/events", test_interval_failed, MAX_HITS);
  mh_test_sender_add (
      "/sender-join/interval/failed/cmcd", test_interval_failed, MAX_HITS + 1);
  mh_test_sender_add (
      "/sender-join/interval/silent/events", test_interval_silent, MAX_HITS);
  mh_test_sender_add (
      "/sender-join/interval/silent/cmcd", test_interval_silent, MAX_HITS + 1);
  mh_test_sender_add (
      "/sender-join/interval/each", test_interval_each, MAX_HITS + 1);
  mh_test_sender_add (
      "/sender-join/interval/transport", test_interval_transport, MAX_HITS);
  mh_test_sender_add ("/sender-join/interval/transport-late",
      test_interval_transport, MAX_HITS + 1);
  mh_test_sender_add (
      "/sender-join/authorization", test_authorization, MAX_HITS);
  mh_test_sender_add ("/sender-join/stop", test_stop, MAX_HITS);
  return g_test_run ();
}
