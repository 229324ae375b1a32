/* Tests of mh-sender-wait: pings of many sessions go together.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-test-sender.h"

#define MSEC(ms) MH_TIME_FROM_MSEC (ms)
#define MAX_HITS 1000
/* From so many sessions on. */
#define CROWD 32

/* @n sessions whose starts have been accepted, at a multiple of a second.
 *
 * Returns: (transfer full): their keys. */
static GArray *
start_sessions (MhTestSender *f, guint n)
{
  GArray *keys = g_array_new (FALSE, FALSE, sizeof (gint64));

  f->clock.now = MH_TIME_FROM_SEC (100);
  for (guint i = 0; i < n; i++) {
    gint64 key = mh_test_sender_open (f);

    mh_test_sender_send (f, key, MH_EVENT_SESSION_START, "start");
    mh_test_transport_answer_all (f->transport);
    g_array_append_val (keys, key);
  }
  g_string_truncate (f->told, 0);
  return keys;
}

static void
send (MhTestSender *f, const GArray *keys, guint i, MhEvent event)
{
  mh_test_sender_send (
      f, g_array_index (keys, gint64, i), event, mh_event_name (event));
}

/* What has gone out since the starts. */
static guint
count (MhTestSender *f, const GArray *keys)
{
  return mh_test_transport_count (f->transport) - keys->len;
}

static void
test_together (MhTestSender *f, gconstpointer data)
{
  g_autoptr (GArray) keys = start_sessions (f, CROWD);

  mh_test_sender_pass (f, MSEC (10));
  send (f, keys, 3, MH_EVENT_PING);
  mh_test_sender_pass (f, MSEC (100));
  send (f, keys, 4, MH_EVENT_PING);
  g_assert_cmpuint (count (f, keys), ==, 0);
  g_assert_cmpint (
      mh_sender_next_deadline (f->sender) - f->clock.now, ==, MSEC (15));
  mh_test_sender_pass (f, MSEC (15));
  g_assert_cmpuint (count (f, keys), ==, 2);
  mh_test_transport_answer_all (f->transport);
  g_assert_cmpuint (f->n_sent, ==, CROWD + 2);
  g_assert_cmpuint (mh_store_count (f->store), ==, 0);
}

/* What a viewer does is told at once, and the ping before it as well. */
static void
test_other_hits (MhTestSender *f, gconstpointer data)
{
  g_autoptr (GArray) keys = start_sessions (f, CROWD);

  send (f, keys, 0, MH_EVENT_PLAY);
  g_assert_cmpuint (count (f, keys), ==, 1);
  send (f, keys, 1, MH_EVENT_PING);
  g_assert_cmpuint (count (f, keys), ==, 1);
  send (f, keys, 1, MH_EVENT_PAUSE_START);
  mh_test_sender_assert_last (f, CROWD + 2, "ping");
  mh_test_transport_answer_all (f->transport);
  mh_test_sender_assert_last (f, CROWD + 3, "pauseStart");
  mh_test_transport_answer_all (f->transport);
}

static void
test_few_sessions (MhTestSender *f, gconstpointer data)
{
  g_autoptr (GArray) keys = start_sessions (f, CROWD - 1);

  send (f, keys, 0, MH_EVENT_PING);
  g_assert_cmpuint (count (f, keys), ==, 1);
  mh_test_transport_answer_all (f->transport);
}

/* The process goes: nothing waits any longer. */
static void
test_hurry (MhTestSender *f, gconstpointer data)
{
  g_autoptr (GArray) keys = start_sessions (f, CROWD);

  send (f, keys, 0, MH_EVENT_PING);
  mh_sender_hurry (f->sender);
  g_assert_true (mh_sender_is_busy (f->sender));
  mh_sender_run (f->sender);
  g_assert_cmpuint (count (f, keys), ==, 1);
  send (f, keys, 1, MH_EVENT_PING);
  g_assert_cmpuint (count (f, keys), ==, 2);
  mh_test_transport_answer_all (f->transport);
}

/* It has failed: the back-off counts from then on, and no tick. */
static void
test_retry (MhTestSender *f, gconstpointer data)
{
  g_autoptr (GArray) keys = start_sessions (f, CROWD);
  MhTime due;

  send (f, keys, 0, MH_EVENT_PING);
  mh_test_sender_pass (f, MSEC (250));
  mh_test_sender_answer (f, CROWD, 503);
  due = mh_sender_next_deadline (f->sender);
  g_assert_cmpint (due - f->clock.now, >=, MSEC (500));
  mh_test_sender_pass (f, due - f->clock.now);
  g_assert_cmpuint (count (f, keys), ==, 2);
  mh_test_transport_answer_all (f->transport);
}

/* The process is killed while it waits: the next one sends it. */
static void
test_killed (MhTestSender *f, gconstpointer data)
{
  g_autoptr (GArray) keys = start_sessions (f, CROWD);

  send (f, keys, 0, MH_EVENT_PING);
  mh_test_sender_restart (f);
  mh_sender_run (f->sender);
  mh_test_sender_assert_last (f, 1, "ping");
  mh_test_transport_answer_all (f->transport);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  mh_test_sender_add ("/sender-gather/together", test_together, MAX_HITS);
  mh_test_sender_add ("/sender-gather/other-hits", test_other_hits, MAX_HITS);
  mh_test_sender_add (
      "/sender-gather/few-sessions", test_few_sessions, MAX_HITS);
  mh_test_sender_add ("/sender-gather/hurry", test_hurry, MAX_HITS);
  mh_test_sender_add ("/sender-gather/retry", test_retry, MAX_HITS);
  mh_test_sender_add ("/sender-gather/killed", test_killed, MAX_HITS);
  return g_test_run ();
}
