/* Tests of mh-store and mh-spool: a disk that fails at the first operation, the
 * second, the third …
 *
 * Each time a process of its own works on it and is gone, without a word, in the
 * end. Whatever it had accepted, and not delivered, is found by the next, in
 * order.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-spool.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mh-test-clock.h"
#include "mh-test-dir.h"
#include "mh-test-share.h"
#include "mh-test-transport.h"
#include "mh-test-vfs.h"

/* More operations than there are. */
#define MANY 2000

/* What the process says in the end. */
typedef struct
{
  guint accepted; /* hits that are safe in its database */
  guint delivered; /* that the server has had; they are the first ones */
  guint problems; /* what a player hears of it */
  gboolean failed; /* it came to the fault */
} Report;

typedef struct
{
  MhTestClock clock;
  MhWorker *worker;
  MhTestTransport *transport;
  MhSpool *spool;
  gint64 session;
  guint enqueued;
  guint answered;
  Report *report;
} World;

/* ---- the process ---- */

static void
on_dropped (gint64 session, guint n, const char *reason, gpointer user_data)
{
  /* Nothing of what was taken over, nor of its own. */
  g_assert_not_reached ();
}

static void
on_problem (const char *message, gpointer user_data)
{
  ((World *) user_data)->report->problems++;
}

static const MhDelivery listener = {
  .dropped = on_dropped,
  .problem = on_problem,
};

static void
enqueue (World *world, MhEvent event)
{
  g_autofree char *text = g_strdup_printf ("%u", world->enqueued++);
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));

  mh_sender_enqueue (mh_spool_get_sender (world->spool), world->session, event,
      mh_clock_utc (&world->clock.clock) / 1000, body);
}

/* The worker's turn, and what is safe after it. */
static void
turn (World *world)
{
  mh_spool_run (world->spool);
  if (mh_store_is_safe (mh_spool_get_store (world->spool)))
    world->report->accepted = world->enqueued;
}

static void
let_pass (World *world, double seconds)
{
  mh_test_clock_advance (&world->clock, (MhTime) (seconds * 1e6));
  mh_worker_run_timers (world->worker);
  turn (world);
}

static void
answer (World *world)
{
  g_autofree char *text = g_strdup_printf ("%u", world->report->delivered);

  while (!g_str_equal (
      mh_test_transport_body (world->transport, world->answered), text))
    mh_test_transport_answer (
        world->transport, world->answered++, 0, NULL, NULL);
  world->report->delivered++;
  mh_test_transport_answer (world->transport, world->answered++,
      world->report->delivered == 1 ? 201 : 204,
      world->report->delivered == 1 ? "/s/sid" : NULL, NULL);
  turn (world);
}

static void
live (const char *dir, Report *report)
{
  World world = { .report = report };
  MhStore *store = mh_store_new (1000);

  mh_test_clock_init (&world.clock);
  world.worker = mh_worker_new (&world.clock.clock);
  world.transport = mh_test_transport_new ();
  world.spool = mh_spool_new (world.worker, store, dir, &listener, &world);
  mh_spool_begin (world.spool);
  world.session = mh_sender_open (mh_spool_get_sender (world.spool),
      "https://a.example", MH_PROTOCOL_MEDIA_COLLECTION);
  enqueue (&world, MH_EVENT_SESSION_START);
  enqueue (&world, MH_EVENT_PLAY);
  enqueue (&world, MH_EVENT_PING);
  turn (&world);
  let_pass (&world, 1);
  mh_sender_set_transport (
      mh_spool_get_sender (world.spool), MH_TRANSPORT (world.transport));
  turn (&world);
  answer (&world);
  enqueue (&world, MH_EVENT_PING);
  answer (&world);
  let_pass (&world, 1);
  for (guint i = 0; i < 3; i++) {
    enqueue (&world, MH_EVENT_PING);
    turn (&world);
  }
  let_pass (&world, 2);
  enqueue (&world, MH_EVENT_PLAY);
  turn (&world);
  let_pass (&world, 4);
  report->failed = mh_test_vfs_has_failed ();
}

/* ---- the one that comes after it ---- */

typedef struct
{
  const char *name;
  MhTestFault fault;
  gboolean for_good;
  gboolean may_damage; /* it looks like a damaged file */
} Case;

static void
run_process (const char *dir, const Case *c, int n, Report *report)
{
  int ends[2], status;
  pid_t pid;

  g_assert_cmpint (pipe (ends), ==, 0);
  pid = fork ();
  if (pid == 0) {
    mh_test_vfs_register ();
    mh_test_vfs_fail (c->fault, n, c->for_good);
    live (dir, report);
    if (write (ends[1], report, sizeof *report) == sizeof *report)
      raise (SIGKILL);
    _exit (1);
  }
  close (ends[1]);
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL);
  g_assert_cmpint (read (ends[0], report, sizeof *report), ==, sizeof *report);
  close (ends[0]);
}

static gint64
number (MhStore *store, const MhStoreHit *hit)
{
  g_autoptr (GBytes) body = mh_test_dir_dup_body (store, hit);
  g_autofree char *text = g_strndup (
      g_bytes_get_data (body, NULL), g_bytes_get_size (body));

  return g_ascii_strtoll (text, NULL, 10);
}

/* Returns: what was left by the one before. */
static guint
check (const char *dir, const Report *report)
{
  g_autoptr (MhStore) store = mh_store_new (1000);
  g_autoptr (GArray) keys = NULL;
  gint64 first = G_MAXINT, last = -1;
  guint n_old = 0, dropped;

  mh_store_attach (store, dir);
  g_assert_true (mh_store_is_safe (store));
  keys = mh_store_adopt (store, &dropped);
  for (guint i = 0; i < keys->len; i++) {
    gint64 key = g_array_index (keys, gint64, i);
    const MhStoreHit *hit;

    while ((hit = mh_store_head (store, key))) {
      gint64 n = number (store, hit);

      if (n >= 100) {
        n_old++;
      } else {
        g_assert_true (last < 0 || n == last + 1);
        last = n;
        first = MIN (first, last);
      }
      mh_store_acknowledge (store, hit->id, NULL);
    }
  }
  if (report->accepted > report->delivered) {
    g_assert_cmpint (first, <=, report->delivered);
    g_assert_cmpint (last, >=, (gint64) report->accepted - 1);
  }
  return n_old;
}

/* Two hits of a process that is gone before. */
static void
leave_old (const char *dir)
{
  g_autoptr (MhStore) store = mh_store_new (1000);
  g_autoptr (GBytes) body = g_bytes_new_static ("100", 3);
  gint64 key;

  mh_store_attach (store, dir);
  key = mh_store_add_session (
      store, "https://old.example", MH_PROTOCOL_MEDIA_COLLECTION);
  for (guint i = 0; i < 2; i++)
    mh_store_append (
        store, key, MH_EVENT_SESSION_START, g_get_real_time () / 1000, body);
}

static void
test_faults (gconstpointer data)
{
  const Case *c = data;
  int share = (int) mh_test_share ();
  guint n_lost = 0;
  int n;

  /* Where not all of the places are tried, these are others for each fault. */
  for (n = (int) (g_str_hash (c->name) % (guint) share); n < MANY; n += share) {
    char *dir = mh_test_dir_new ();
    Report report = { 0 };
    guint n_old;

    leave_old (dir);
    run_process (dir, c, n, &report);
    n_old = check (dir, &report);
    if (!c->may_damage)
      g_assert_cmpuint (n_old, ==, 2);
    n_lost += report.accepted < 8;
    g_assert_cmpuint (report.problems, <=, 1);
    mh_test_dir_free (dir);
    if (!report.failed)
      break;
  }
  g_assert_cmpint (n, <, MANY);
  g_test_message ("%s: %d places to fail, in %u of them the last hits were in "
                  "memory only",
      c->name, n / share, n_lost);
  if (!c->for_good)
    g_assert_cmpuint (n_lost, ==, 0);
}

int
main (int argc, char **argv)
{
  static const Case cases[] = {
    { "error/once", MH_TEST_FAULT_ERROR, FALSE, FALSE },
    { "error/for-good", MH_TEST_FAULT_ERROR, TRUE, FALSE },
    { "full", MH_TEST_FAULT_FULL, TRUE, FALSE },
    { "full/once", MH_TEST_FAULT_FULL, FALSE, FALSE },
    { "torn-write/once", MH_TEST_FAULT_TORN, FALSE, FALSE },
    { "torn-write/for-good", MH_TEST_FAULT_TORN, TRUE, FALSE },
    { "short-read", MH_TEST_FAULT_SHORT, FALSE, TRUE },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/store-faults/", cases[i].name, NULL);

    g_test_add_data_func (path, &cases[i], test_faults);
  }
  return g_test_run ();
}
