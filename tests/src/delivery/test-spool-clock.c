/* Tests of what waits in a state directory, on a machine whose wall clock is wrong
 * for a while: it is neither too old, nor of 1970.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-protocol.h"
#include "mh-spool.h"

#include <string.h>

#include "mh-test-clock.h"
#include "mh-test-dir.h"
#include "mh-test-transport.h"

/* 1970-01-01T00:05:00Z and 2026-11-28T20:00:00Z, in ms. */
#define EARLY G_GINT64_CONSTANT (300000)
#define EVENING G_GINT64_CONSTANT (1795896000000)

#define SEC(s) MH_TIME_FROM_SEC (s)
#define FORTNIGHT (14 * 86400)

typedef struct
{
  char *dir;
  MhTestClock clock;
  MhWorker *worker;
  MhTestTransport *transport;
  MhSpool *spool;
  guint n_dropped;
} Fixture;

static void
on_dropped (gint64 session, guint n, const char *reason, gpointer user_data)
{
  ((Fixture *) user_data)->n_dropped += n;
}

static const MhDelivery listener = { .dropped = on_dropped };

static void
set_up (Fixture *f, gconstpointer data)
{
  f->dir = mh_test_dir_new ();
  mh_test_clock_init (&f->clock);
  f->clock.utc = EARLY * MH_USEC_PER_MSEC;
  f->worker = mh_worker_new (&f->clock.clock);
  f->transport = mh_test_transport_new ();
}

/* A process, with or without a network. */
static void
open_spool (Fixture *f, gboolean online)
{
  const MhStoreLimits limits = { 100, 1 << 20, FORTNIGHT };
  MhStore *store = mh_store_new (100);

  mh_store_set_limits (store, &limits);
  f->spool = mh_spool_new (f->worker, store, f->dir, &listener, f);
  mh_spool_begin (f->spool);
  if (online)
    mh_sender_set_transport (
        mh_spool_get_sender (f->spool), MH_TRANSPORT (f->transport));
}

static void
close_spool (Fixture *f)
{
  mh_spool_close (f->spool);
  g_assert_null (mh_spool_end (f->spool));
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  close_spool (f);
  mh_worker_unref (f->worker);
  g_assert_finalize_object (f->transport);
  mh_test_dir_free (f->dir);
}

static void
turn (Fixture *f)
{
  mh_worker_run_timers (f->worker);
  while (g_main_context_iteration (mh_worker_get_context (f->worker), FALSE))
    ;
}

static void
enqueue (Fixture *f, gint64 session, MhEvent event)
{
  g_autoptr (MhConfig) config = mh_config_new ();
  g_autoptr (MhHit)
      hit = mh_hit_new (event, 0, 12.5, f->clock.now, NULL, NULL, NULL);
  g_autoptr (GBytes) body = NULL;

  hit->ts = f->clock.utc / MH_USEC_PER_MSEC;
  body = mh_protocol_get (MH_PROTOCOL_MEDIA_COLLECTION)
             ->encode (config, hit, NULL);
  mh_sender_enqueue (
      mh_spool_get_sender (f->spool), session, event, hit->ts, body);
  mh_spool_queue_run (f->spool);
}

static gint64
begin_session (Fixture *f, MhSendMode mode)
{
  MhSender *sender = mh_spool_get_sender (f->spool);
  gint64 session = mh_sender_open (
      sender, "https://a.example", MH_PROTOCOL_MEDIA_COLLECTION);

  mh_store_set_mode (mh_spool_get_store (f->spool), session, mode);
  enqueue (f, session, MH_EVENT_SESSION_START);
  return session;
}

/* A whole session, five seconds long. */
static void
play (Fixture *f, MhSendMode mode)
{
  gint64 session = begin_session (f, mode);

  mh_test_clock_advance (&f->clock, SEC (5));
  enqueue (f, session, MH_EVENT_SESSION_END);
  turn (f);
}

/* The same in a process without a network, which ends then. */
static void
play_and_close (Fixture *f, MhSendMode mode)
{
  open_spool (f, FALSE);
  play (f, mode);
  close_spool (f);
}

static void
set_clock (Fixture *f, gint64 utc)
{
  f->clock.utc = utc * MH_USEC_PER_MSEC;
}

static void
assert_says (Fixture *f, guint request, gint64 ts)
{
  g_autofree char *wanted = g_strdup_printf (
      "\"playerTime\":{\"playhead\":12.5,\"ts\":%" G_GINT64_FORMAT "}", ts);
  const char *body = mh_test_transport_body (f->transport, request);

  if (!strstr (body, wanted))
    g_error ("no %s in %s", wanted, body);
}

/* The clock is looked at every five minutes. */
static void
notice_clock (Fixture *f)
{
  mh_test_clock_advance (&f->clock, SEC (400));
  turn (f);
}

static void
connect_spool (Fixture *f)
{
  mh_sender_set_transport (
      mh_spool_get_sender (f->spool), MH_TRANSPORT (f->transport));
  mh_spool_queue_run (f->spool);
}

/* Both of its hits are sent, as of when it was. */
static void
assert_sent (Fixture *f, gint64 began)
{
  turn (f);
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 1);
  assert_says (f, 0, began);
  mh_test_transport_answer (f->transport, 0, 201, "/s/sid", NULL);
  turn (f);
  assert_says (f, 1, began + 5000);
  mh_test_transport_answer (f->transport, 1, 204, NULL, NULL);
  g_assert_cmpuint (f->n_dropped, ==, 0);
}

/* The request that was sent has hits of both times, and is taken. */
static void
assert_batch (Fixture *f, gint64 first, gint64 last)
{
  assert_says (f, 0, first);
  assert_says (f, 0, last);
  mh_test_transport_answer (f->transport, 0, 201, NULL, NULL);
  g_assert_cmpuint (f->n_dropped, ==, 0);
}

/* Nothing is sent, and both hits are dropped. */
static void
assert_given_up (Fixture *f)
{
  turn (f);
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 0);
  g_assert_cmpuint (f->n_dropped, ==, 2);
}

/* The network comes some time after the clock, in the same process. */
static void
test_same_process (Fixture *f, gconstpointer data)
{
  open_spool (f, FALSE);
  play (f, MH_SEND_ONLY_LIVE);
  set_clock (f, EVENING);
  notice_clock (f);
  connect_spool (f);
  assert_sent (f, EVENING - 5000);
}

/* The clock is set while no process runs. */
static void
test_next_process (Fixture *f, gconstpointer data)
{
  play_and_close (f, MH_SEND_ONLY_LIVE);
  set_clock (f, EVENING);
  open_spool (f, TRUE);
  assert_sent (f, EVENING - 5000);
}

/* The clock is set in the first boot, and wrong again in the second. */
static void
test_next_boot (Fixture *f, gconstpointer data)
{
  open_spool (f, FALSE);
  play (f, MH_SEND_ONLY_LIVE);
  set_clock (f, EVENING);
  notice_clock (f);
  close_spool (f);
  f->clock.boot = "second";
  f->clock.now = SEC (10);
  set_clock (f, EARLY);
  open_spool (f, FALSE);
  turn (f);
  set_clock (f, EVENING + 900000);
  notice_clock (f);
  connect_spool (f);
  assert_sent (f, EVENING - 5000);
}

/* The clock of the last shutdown, three weeks ago, in place of that of 1970. */
static void
test_last_shutdown (Fixture *f, gconstpointer data)
{
  set_clock (f, EVENING - 21 * G_GINT64_CONSTANT (86400000));
  play_and_close (f, MH_SEND_ONLY_LIVE);
  set_clock (f, EVENING);
  open_spool (f, TRUE);
  assert_sent (f, EVENING - 5000);
}

/* A clock that was in the future: nothing waits for it to be past. */
static void
test_future (Fixture *f, gconstpointer data)
{
  set_clock (f, EVENING + 86400000);
  open_spool (f, FALSE);
  play (f, MH_SEND_ONLY_LIVE);
  set_clock (f, EVENING);
  close_spool (f);
  open_spool (f, TRUE);
  assert_sent (f, EVENING - 5000);
}

/* One that is over for long is a batch of downloaded content, of when it was. */
static void
test_batch (Fixture *f, gconstpointer data)
{
  play_and_close (f, MH_SEND_LIVE);
  set_clock (f, EVENING);
  mh_test_clock_advance (&f->clock, SEC (3600));
  open_spool (f, TRUE);
  turn (f);
  g_assert_nonnull (
      strstr (mh_test_transport_request (f->transport, 0)->uri, "downloaded"));
  assert_batch (f, EVENING - 5000, EVENING);
}

/* The rest of what the server has in part, over for long: another session for it, so
 * that it is of when it was. */
static void
test_rest (Fixture *f, gconstpointer data)
{
  gint64 session;

  open_spool (f, TRUE);
  session = begin_session (f, MH_SEND_LIVE);
  turn (f);
  mh_test_transport_answer (f->transport, 0, 201, "/s/sid", NULL);
  mh_sender_pause (mh_spool_get_sender (f->spool), TRUE);
  mh_test_clock_advance (&f->clock, SEC (5));
  enqueue (f, session, MH_EVENT_PLAY);
  enqueue (f, session, MH_EVENT_SESSION_END);
  turn (f);
  close_spool (f);
  g_assert_finalize_object (f->transport);
  f->transport = mh_test_transport_new ();
  set_clock (f, EVENING);
  mh_test_clock_advance (&f->clock, SEC (3600));
  open_spool (f, TRUE);
  turn (f);
  g_assert_cmpuint (mh_test_transport_count (f->transport), ==, 1);
  assert_batch (f, EVENING - 1, EVENING);
}

/* What is too old by the right clock is given up. */
static void
test_too_old (Fixture *f, gconstpointer data)
{
  play_and_close (f, MH_SEND_ONLY_LIVE);
  set_clock (f, EVENING);
  mh_test_clock_advance (&f->clock, SEC (FORTNIGHT + 60));
  open_spool (f, TRUE);
  assert_given_up (f);
}

/* Of another boot that was never told the time: nobody knows when that was. */
static void
test_unknown (Fixture *f, gconstpointer data)
{
  play_and_close (f, MH_SEND_ONLY_LIVE);
  f->clock.boot = "second";
  set_clock (f, EVENING);
  open_spool (f, TRUE);
  assert_given_up (f);
}

#define TEST(name, function) \
  g_test_add ("/spool-clock/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  TEST ("same-process", test_same_process);
  TEST ("next-process", test_next_process);
  TEST ("next-boot", test_next_boot);
  TEST ("last-shutdown", test_last_shutdown);
  TEST ("future", test_future);
  TEST ("batch", test_batch);
  TEST ("rest", test_rest);
  TEST ("too-old", test_too_old);
  TEST ("unknown", test_unknown);
  return g_test_run ();
}
