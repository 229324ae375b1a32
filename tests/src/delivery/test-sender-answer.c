/* Tests of mh-sender: hits whose answers were lost, and answers that are not the
 * server's.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-backoff.h"

#include "mh-test-sender.h"

#define MAX_HITS 100

/* One second more than any pause between two tries. */
static void
let_pass (MhTestSender *f)
{
  mh_test_sender_pass (f, 2 * MH_BACKOFF_CAP);
}

/* A session whose next hit has been sent as request 1, and whose answer is
 * lost; it is sent again as request 2. */
static gint64
lose_one (MhTestSender *f, MhEvent event)
{
  gint64 session = mh_test_sender_started (f);

  mh_test_sender_send (f, session, event, "first");
  mh_test_transport_lose (f->transport, 1);
  let_pass (f);
  mh_test_sender_assert_last (f, 3, "first");
  mh_test_sender_assert_told (f, "failed:1 ");
  return session;
}

/* It has arrived: nobody begins another session for it. */
static void
test_lost_end (MhTestSender *f, gconstpointer data)
{
  lose_one (f, MH_EVENT_SESSION_COMPLETE);
  mh_test_sender_answer (f, 2, 410);
  mh_test_sender_assert_told (f, "sent:1:sessionComplete ");
  g_assert_cmpuint (mh_store_count (f->store), ==, 0);
}

/* Not later than the last event: that is what it is. */
static void
test_lost_ping (MhTestSender *f, gconstpointer data)
{
  gint64 session = lose_one (f, MH_EVENT_PING);

  mh_test_sender_answer (f, 2, 400);
  mh_test_sender_assert_told (f, "sent:1:ping ");
  mh_test_sender_send (f, session, MH_EVENT_PING, "second");
  mh_test_sender_assert_last (f, 4, "second");
  mh_test_sender_answer (f, 3, 400);
  mh_test_sender_assert_told (f, "dropped:1:1 ");
}

/* What comes after it was never sent. */
static void
test_lost_then_next (MhTestSender *f, gconstpointer data)
{
  gint64 session = lose_one (f, MH_EVENT_PING);

  mh_test_sender_enqueue (f, session, MH_EVENT_PLAY, "second");
  mh_test_sender_answer (f, 2, 404);
  mh_test_sender_assert_last (f, 4, "second");
  mh_test_sender_assert_told (f, "sent:1:ping ");
  mh_test_sender_answer (f, 3, 404);
  mh_test_sender_assert_told (f, "dropped:1:1 expired:1 ");
}

/* The server has said that it has not taken it, or was never asked. */
static void
test_not_lost (MhTestSender *f, gconstpointer data)
{
  guint status = GPOINTER_TO_UINT (data) > MAX_HITS ? 0 : 503;
  gint64 session = mh_test_sender_started (f);

  mh_test_sender_send (f, session, MH_EVENT_PING, "first");
  mh_test_sender_answer (f, 1, status);
  let_pass (f);
  mh_test_sender_answer (f, 2, 410);
  mh_test_sender_assert_told (f, "failed:1 dropped:1:1 expired:1 ");
}

/* That is about this time, and not about the one before. */
static void
test_lost_then_down (MhTestSender *f, gconstpointer data)
{
  lose_one (f, MH_EVENT_SESSION_END);
  mh_test_sender_answer (f, 2, 503);
  let_pass (f);
  mh_test_sender_answer (f, 3, 0);
  let_pass (f);
  mh_test_sender_answer (f, 4, 410);
  mh_test_sender_assert_told (f, "failed:1 failed:1 sent:1:sessionEnd ");
}

/* Its process, or its transport, is gone before the answer. */
static void
test_cut_off (MhTestSender *f, gconstpointer data)
{
  gint64 session = mh_test_sender_started (f);

  mh_test_sender_send (f, session, MH_EVENT_SESSION_COMPLETE, "first");
  /* The process goes without an end. */
  g_assert_true (
      mh_store_was_sent (f->store, mh_store_head (f->store, session)->id));
  mh_test_transport_lose (f->transport, 1);
  mh_test_sender_restart (f);
  mh_sender_run (f->sender);
  mh_test_sender_answer (f, 0, 410);
  g_assert_cmpuint (f->n_dropped, ==, 0);
  g_assert_cmpuint (f->n_sent, ==, 2);
}

/* So late that the back end knows the session no more: that is what it says. */
static void
test_late (MhTestSender *f, gconstpointer data)
{
  gint64 session = mh_test_sender_started (f);

  mh_test_sender_send (f, session, MH_EVENT_SESSION_COMPLETE, "first");
  mh_test_transport_lose (f->transport, 1);
  mh_test_sender_pass (f, MH_SESSION_EXPIRY + 1);
  mh_test_sender_assert_last (f, 3, "first");
  mh_test_sender_answer (f, 2, 410);
  mh_test_sender_assert_told (f, "failed:1 sent:1:sessionComplete ");
}

/* A captive portal, until somebody has logged in. */
static void
test_portal (MhTestSender *f, gconstpointer data)
{
  static const guint statuses[] = { 200, 302, 403, 404, 407, 410, 511 };
  gint64 session = mh_test_sender_open (f);
  guint n = 0;

  mh_test_sender_send (f, session, MH_EVENT_SESSION_START, "start");
  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++) {
    mh_test_transport_answer_page (f->transport, n++, statuses[i]);
    mh_test_sender_assert_told (f, "failed:1 ");
    let_pass (f);
    mh_test_sender_assert_last (f, n + 1, "start");
  }
  mh_test_transport_answer (f->transport, n++, 201, "/s/sid/", NULL);
  mh_test_sender_enqueue (f, session, MH_EVENT_PING, "ping");
  mh_test_sender_assert_told (f, "id:1:sid sent:1:sessionStart ");
  mh_sender_run (f->sender);
  /* Within the time that a session lasts. */
  for (guint i = 0; i < 4; i++) {
    mh_test_transport_answer_page (f->transport, n++, statuses[i]);
    mh_test_sender_assert_told (f, "failed:1 ");
    let_pass (f);
    mh_test_sender_assert_last (f, n + 1, "ping");
  }
  mh_test_sender_answer (f, n, 204);
  mh_test_sender_assert_told (f, "sent:1:ping ");
}

/* The answer is the first to come after the wall clock was set. */
static void
test_jump (MhTestSender *f, gconstpointer data)
{
  gint64 session = mh_test_sender_started (f);

  mh_test_sender_send (f, session, MH_EVENT_PING, "first");
  f->clock.utc += MH_TIME_FROM_SEC (86400);
  mh_test_sender_answer (f, 1, 204);
  g_assert_cmpint (mh_store_get_session (f->store, session)->accepted, ==,
      f->clock.utc / MH_USEC_PER_MSEC);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  mh_test_sender_add ("/sender-answer/lost/end", test_lost_end, MAX_HITS);
  mh_test_sender_add ("/sender-answer/jump", test_jump, MAX_HITS);
  mh_test_sender_add ("/sender-answer/lost/ping", test_lost_ping, MAX_HITS);
  mh_test_sender_add (
      "/sender-answer/lost/then-next", test_lost_then_next, MAX_HITS);
  mh_test_sender_add (
      "/sender-answer/lost/then-down", test_lost_then_down, MAX_HITS);
  mh_test_sender_add ("/sender-answer/lost/cut-off", test_cut_off, MAX_HITS);
  mh_test_sender_add ("/sender-answer/lost/late", test_late, MAX_HITS);
  mh_test_sender_add (
      "/sender-answer/not-lost/refused", test_not_lost, MAX_HITS);
  mh_test_sender_add (
      "/sender-answer/not-lost/unsent", test_not_lost, MAX_HITS + 1);
  mh_test_sender_add ("/sender-answer/portal", test_portal, MAX_HITS);
  return g_test_run ();
}
