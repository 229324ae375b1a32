/* Tests of mh-sender: what is delivered as one batch: downloaded content, and
 * what has come too late for the back end.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-test-sender.h"

#include <string.h>

#define MAX_HITS GUINT_TO_POINTER (100)

#define EVENT(type, ts) \
  "{\"eventType\":\"" type "\",\"playerTime\":{\"playhead\":0,\"ts\":" ts "}}"
#define START EVENT ("sessionStart", "1")
#define PLAY EVENT ("play", "2")
#define PING EVENT ("ping", "3")
#define END EVENT ("sessionEnd", "4")

#define DOWNLOADED MH_TEST_SERVER "/api/v1/downloaded"

static gint64
open_session (MhTestSender *f, MhSendMode mode)
{
  gint64 session = mh_test_sender_open (f);

  mh_store_set_mode (f->store, session, mode);
  return session;
}

/* A live one that the server has taken, under the id "sid"; request 0. */
static gint64
open_started (MhTestSender *f, MhSendMode mode)
{
  gint64 session = open_session (f, mode);

  mh_test_sender_send (f, session, MH_EVENT_SESSION_START, START);
  mh_test_transport_answer (f->transport, 0, 201, "/s/sid", NULL);
  mh_test_sender_assert_told (f, "id:1:sid sent:1:sessionStart ");
  return session;
}

static void
assert_uri (MhTestSender *f, guint request, const char *uri)
{
  g_assert_cmpstr (
      mh_test_transport_request (f->transport, request)->uri, ==, uri);
}

/* Asserts the events of a batch, in order, by their names. */
static void
assert_batch (
    MhTestSender *f, guint request, gboolean resume, const char *const *events)
{
  const char *body = mh_test_transport_body (f->transport, request);
  const char *flag = strstr (body, "\"media.resume\":true");

  assert_uri (f, request, DOWNLOADED);
  g_assert_nonnull (strstr (body, "\"media.downloaded\":true"));
  g_assert_cmpint (flag != NULL, ==, resume);
  for (; *events; events++) {
    g_autofree char *member = g_strdup_printf ("\"eventType\":\"%s\"", *events);

    body = strstr (body, member);
    g_assert_nonnull (body);
    body += strlen (member);
  }
  g_assert_null (strstr (body, "eventType"));
}

/* ---- the rest of a live session ---- */

static void
test_rest (MhTestSender *f, gconstpointer data)
{
  const char *const events[] = { "sessionStart", "play", "ping", NULL };
  gint64 session = open_started (f, MH_SEND_LIVE);

  mh_test_sender_enqueue (f, session, MH_EVENT_PLAY, PLAY);
  mh_test_sender_send (f, session, MH_EVENT_PING, PING);
  mh_test_sender_answer (f, 1, 404);
  /* The player goes on with another; nothing is lost. */
  mh_test_sender_assert_told (f, "expired:1 ");
  assert_batch (f, 2, TRUE, events);
  mh_test_sender_answer (f, 2, 201);
  mh_test_sender_assert_told (f, "sent:1:play sent:1:ping ");
  g_assert_cmpuint (mh_store_count (f->store), ==, 0);
  g_assert_null (mh_store_get_session (f->store, session));
}

static void
test_rest_by_time (MhTestSender *f, gconstpointer data)
{
  const char *const events[] = { "sessionStart", "play", NULL };
  gint64 session = open_started (f, MH_SEND_LIVE);

  mh_test_sender_enqueue (f, session, MH_EVENT_PLAY, PLAY);
  f->clock.now += MH_SESSION_EXPIRY + 1;
  mh_sender_run (f->sender);
  mh_test_sender_assert_told (f, "expired:1 ");
  assert_batch (f, 1, TRUE, events);
  mh_test_sender_answer (f, 1, 201);
  mh_test_sender_assert_told (f, "sent:1:play ");
}

/* What is made for it after that is none of it. */
static void
test_rest_is_over (MhTestSender *f, gconstpointer data)
{
  gint64 session = open_started (f, MH_SEND_LIVE);

  mh_test_sender_send (f, session, MH_EVENT_PLAY, PLAY);
  mh_test_sender_answer (f, 1, 410);
  mh_test_sender_assert_told (f, "expired:1 ");
  mh_test_sender_enqueue (f, session, MH_EVENT_PING, PING);
  mh_test_sender_assert_told (f, "dropped:1:1 ");
  mh_test_sender_answer (f, 2, 201);
  mh_test_sender_assert_told (f, "sent:1:play ");
}

static void
test_rest_unwanted (MhTestSender *f, gconstpointer data)
{
  gint64 session = open_started (f, MH_SEND_ONLY_LIVE);

  mh_test_sender_send (f, session, MH_EVENT_PLAY, PLAY);
  mh_test_sender_answer (f, 1, 404);
  mh_test_sender_assert_told (f, "dropped:1:1 expired:1 ");
  g_assert_cmpuint (mh_test_transport_waiting (f->transport), ==, 0);
}

/* Nothing but the end was still to be told. */
static void
test_rest_end (MhTestSender *f, gconstpointer data)
{
  gint64 session = open_started (f, MH_SEND_LIVE);

  mh_test_sender_enqueue (f, session, MH_EVENT_SESSION_END, END);
  f->clock.now += MH_SESSION_EXPIRY + 1;
  mh_sender_run (f->sender);
  mh_test_sender_assert_told (f, "dropped:1:1 expired:1 ");
  g_assert_cmpuint (mh_test_transport_waiting (f->transport), ==, 0);
}

/* A batch is tried again like anything else, and given up when refused. */
static void
test_rest_answers (MhTestSender *f, gconstpointer data)
{
  gint64 session = open_started (f, MH_SEND_LIVE);

  mh_test_sender_send (f, session, MH_EVENT_PLAY, PLAY);
  mh_test_sender_answer (f, 1, 404);
  mh_test_sender_assert_told (f, "expired:1 ");
  for (guint i = 2; i < 5; i++) {
    mh_test_sender_answer (f, i, i == 2 ? 0 : 503);
    mh_test_sender_assert_told (f, "failed:1 ");
    f->clock.now = mh_sender_next_deadline (f->sender);
    mh_sender_run (f->sender);
    assert_uri (f, i + 1, DOWNLOADED);
  }
  mh_test_sender_answer (f, 5, 400);
  mh_test_sender_assert_told (f, "dropped:1:1 ");
  g_assert_cmpuint (mh_store_count (f->store), ==, 0);
}

/* Rows that are no events do not keep the others back. */
static void
test_rest_damaged (MhTestSender *f, gconstpointer data)
{
  gint64 session = open_started (f, MH_SEND_LIVE);

  mh_test_sender_enqueue (f, session, MH_EVENT_PLAY, "damaged");
  mh_test_sender_send (f, session, MH_EVENT_PLAY, PLAY);
  mh_test_sender_answer (f, 1, 404);
  mh_test_sender_assert_told (f, "expired:1 ");
  mh_test_sender_answer (f, 2, 201);
  mh_test_sender_assert_told (f, "dropped:1:1 sent:1:play ");
}

/* ---- a session of long ago ---- */

/* None of it has been delivered, and it has been over for a while. */
static void
test_past (MhTestSender *f, gconstpointer data)
{
  const char *const events[] = { "sessionStart", "play", "sessionEnd", NULL };
  gint64 session = open_session (f, MH_SEND_LIVE);

  mh_test_sender_enqueue (f, session, MH_EVENT_SESSION_START, START);
  mh_test_sender_enqueue (f, session, MH_EVENT_PLAY, PLAY);
  mh_test_sender_send (f, session, MH_EVENT_SESSION_END, END);
  assert_batch (f, 0, FALSE, events);
  mh_test_sender_answer (f, 0, 201);
  mh_test_sender_assert_told (
      f, "sent:1:sessionStart sent:1:play sent:1:sessionEnd ");
}

/* What goes on is live, however long it could not be sent. */
static void
test_past_but_open (MhTestSender *f, gconstpointer data)
{
  gint64 session = open_session (f, MH_SEND_LIVE);

  mh_test_sender_send (f, session, MH_EVENT_SESSION_START, START);
  assert_uri (f, 0, MH_TEST_SERVER "/api/v1/sessions");
  mh_test_sender_answer (f, 0, 400);
}

/* ---- downloaded content ---- */

static void
test_whole (MhTestSender *f, gconstpointer data)
{
  const char *const events[] = { "sessionStart", "play", "sessionEnd", NULL };
  gint64 session = open_session (f, MH_SEND_WHOLE);

  mh_test_sender_enqueue (f, session, MH_EVENT_SESSION_START, START);
  mh_test_sender_send (f, session, MH_EVENT_PLAY, PLAY);
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 0);
  g_assert_false (mh_sender_is_busy (f->sender));
  mh_test_sender_send (f, session, MH_EVENT_SESSION_END, END);
  assert_batch (f, 0, FALSE, events);
  mh_test_sender_answer (f, 0, 201);
  mh_test_sender_assert_told (
      f, "sent:1:sessionStart sent:1:play sent:1:sessionEnd ");
}

/* Its player has gone without a word. */
static void
test_whole_adopted (MhTestSender *f, gconstpointer data)
{
  const char *const events[] = { "sessionStart", "play", NULL };
  gint64 session = open_session (f, MH_SEND_WHOLE);

  mh_test_sender_enqueue (f, session, MH_EVENT_SESSION_START, START);
  mh_test_sender_enqueue (f, session, MH_EVENT_PLAY, PLAY);
  mh_test_sender_restart (f);
  mh_sender_run (f->sender);
  assert_batch (f, 0, FALSE, events);
  mh_test_sender_answer (f, 0, 201);
  mh_test_sender_assert_told (f, "sent:1:sessionStart sent:1:play ");
}

/* A sender that comes after this one goes on with the batch. */
static void
test_rest_adopted (MhTestSender *f, gconstpointer data)
{
  const char *const events[] = { "sessionStart", "play", NULL };
  gint64 session = open_started (f, MH_SEND_LIVE);

  mh_test_sender_send (f, session, MH_EVENT_PLAY, PLAY);
  mh_test_sender_answer (f, 1, 404);
  mh_test_sender_assert_told (f, "expired:1 ");
  mh_test_sender_answer (f, 2, 0);
  mh_test_sender_assert_told (f, "failed:1 ");
  mh_test_sender_restart (f);
  mh_sender_run (f->sender);
  assert_batch (f, 0, TRUE, events);
  mh_test_sender_answer (f, 0, 201);
  mh_test_sender_assert_told (f, "sent:1:play ");
}

/* The server wants to be left alone: another batch waits as well. */
static void
test_retry_after (MhTestSender *f, gconstpointer data)
{
  for (guint i = 0; i < 2; i++) {
    gint64 session = open_session (f, MH_SEND_WHOLE);

    mh_test_sender_enqueue (f, session, MH_EVENT_SESSION_START, START);
    mh_test_sender_send (f, session, MH_EVENT_SESSION_END, END);
    if (i == 0)
      mh_test_transport_answer (f->transport, 0, 503, NULL, "100");
  }
  mh_test_sender_pass (f, MH_TIME_FROM_SEC (100) - 1);
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 1);
  mh_test_sender_pass (f, MH_TIME_FROM_SEC (1));
  g_assert_cmpuint (mh_test_transport_waiting (f->transport), ==, 2);
  mh_test_transport_answer_all (f->transport);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*func) (MhTestSender *f, gconstpointer data);
  } tests[] = {
    { "/batch/rest", test_rest },
    { "/batch/rest/by-time", test_rest_by_time },
    { "/batch/rest/is-over", test_rest_is_over },
    { "/batch/rest/unwanted", test_rest_unwanted },
    { "/batch/rest/end", test_rest_end },
    { "/batch/rest/answers", test_rest_answers },
    { "/batch/rest/damaged", test_rest_damaged },
    { "/batch/rest/adopted", test_rest_adopted },
    { "/batch/past", test_past },
    { "/batch/past/but-open", test_past_but_open },
    { "/batch/whole", test_whole },
    { "/batch/whole/adopted", test_whole_adopted },
    { "/batch/whole/retry-after", test_retry_after },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, MhTestSender, MAX_HITS, mh_test_sender_set_up,
        tests[i].func, mh_test_sender_tear_down);
  return g_test_run ();
}
