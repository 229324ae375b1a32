/* Tests of mh-worker.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-worker.h"

#include "mh-test-clock.h"
#include "mh-test-gate.h"

#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define LONG MH_TIME_FROM_SEC (60)

static MhWorker *
start (void)
{
  MhWorker *worker = mh_worker_new (mh_clock_system ());

  g_assert_true (mh_worker_start (worker, NULL));
  return worker;
}

static void
stop (MhWorker *worker)
{
  mh_worker_quit (worker);
  g_assert_true (mh_worker_join (worker, LONG));
  mh_worker_unref (worker);
}

static void
nothing (gpointer data)
{
}

static void
count (gpointer data)
{
  g_atomic_int_inc ((int *) data);
}

/* ---- invocations ---- */

typedef struct
{
  GString *order;
  char letter;
} Note;

static void
note (gpointer data)
{
  Note *what = data;

  g_string_append_c (what->order, what->letter);
}

static void
test_order (void)
{
  MhWorker *worker = start ();
  GString *order = g_string_new (NULL);

  for (char c = 'a'; c <= 'z'; c++) {
    Note *what = g_new (Note, 1);

    *what = (Note){ order, c };
    mh_worker_invoke (worker, note, what, g_free);
  }
  /* What is waited for comes after what was invoked before. */
  g_assert_true (mh_worker_invoke_and_wait (worker, nothing, NULL, NULL, LONG));
  g_assert_cmpstr (order->str, ==, "abcdefghijklmnopqrstuvwxyz");
  stop (worker);
  g_string_free (order, TRUE);
}

static void
check_current (gpointer data)
{
  g_assert_true (mh_worker_is_current (data));
}

static void
test_current (void)
{
  MhWorker *worker = start ();
  MhWorker *other = start ();

  g_assert_false (mh_worker_is_current (worker));
  g_assert_true (
      mh_worker_invoke_and_wait (worker, check_current, worker, NULL, LONG));
  stop (worker);
  stop (other);
}

typedef struct
{
  MhWorker *worker;
  int n;
} Nested;

static void
invoke_nested (gpointer data)
{
  Nested *nested = data;

  g_assert_true (
      mh_worker_invoke_and_wait (nested->worker, count, &nested->n, NULL, 0));
  g_assert_cmpint (nested->n, ==, 1);
}

/* Waiting on the worker for the worker would last for ever. */
static void
test_wait_on_itself (void)
{
  Nested nested = { start (), 0 };

  g_assert_true (mh_worker_invoke_and_wait (
      nested.worker, invoke_nested, &nested, NULL, LONG));
  stop (nested.worker);
}

static void
test_wait_in_vain (void)
{
  MhWorker *worker = start ();
  MhTestGate gate;
  int called = 0, destroyed = 0;
  int *counters[] = { &called, &destroyed };

  mh_test_gate_init (&gate);
  mh_worker_invoke (worker, mh_test_gate_pass, &gate, NULL);
  mh_test_gate_await (&gate);
  g_assert_false (mh_worker_invoke_and_wait (
      worker, count, counters[0], NULL, MH_TIME_FROM_MSEC (10)));
  g_assert_cmpint (g_atomic_int_get (&called), ==, 0);
  /* It is called all the same, later. */
  mh_test_gate_open (&gate);
  g_assert_true (
      mh_worker_invoke_and_wait (worker, nothing, &destroyed, count, LONG));
  g_assert_cmpint (g_atomic_int_get (&called), ==, 1);
  stop (worker);
  g_assert_cmpint (g_atomic_int_get (&destroyed), ==, 1);
  mh_test_gate_clear (&gate);
}

#define N_THREADS 8
#define N_EACH 500

static gpointer
invoke_many (gpointer data)
{
  Nested *shared = data;

  for (guint i = 0; i < N_EACH; i++) {
    if (i % 50 == 0)
      g_assert_true (mh_worker_invoke_and_wait (
          shared->worker, count, &shared->n, NULL, LONG));
    else
      mh_worker_invoke (shared->worker, count, &shared->n, NULL);
  }
  return NULL;
}

static void
test_threads (void)
{
  Nested shared = { start (), 0 };
  GThread *threads[N_THREADS];

  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new (NULL, invoke_many, &shared);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  stop (shared.worker);
  g_assert_cmpint (shared.n, ==, N_THREADS * N_EACH);
}

/* ---- stopping ---- */

static void
test_stop_does_the_rest (void)
{
  MhWorker *worker = start ();
  int called = 0, destroyed = 0;

  for (guint i = 0; i < 100; i++)
    mh_worker_invoke (worker, count, &called, NULL);
  mh_worker_invoke (worker, nothing, &destroyed, count);
  stop (worker);
  g_assert_cmpint (called, ==, 100);
  g_assert_cmpint (destroyed, ==, 1);
}

static void
test_stop_is_bounded (void)
{
  MhWorker *worker = start ();
  gint64 before;
  MhTestGate gate;
  int destroyed = 0;

  mh_test_gate_init (&gate);
  mh_worker_invoke (worker, mh_test_gate_pass, &gate, NULL);
  mh_test_gate_await (&gate);
  before = g_get_monotonic_time ();
  mh_worker_quit (worker);
  g_assert_false (mh_worker_join (worker, MH_TIME_FROM_MSEC (20)));
  g_assert_cmpint (
      g_get_monotonic_time () - before, >=, MH_TIME_FROM_MSEC (20));
  mh_worker_invoke (worker, nothing, &destroyed, count);
  /* Left to itself: it holds a reference until it has come to its end. */
  mh_worker_ref (worker);
  mh_worker_unref (worker);
  mh_test_gate_open (&gate);
  mh_worker_quit (worker);
  g_assert_true (mh_worker_join (worker, LONG));
  mh_worker_unref (worker);
  g_assert_cmpint (destroyed, ==, 1);
  mh_test_gate_clear (&gate);
}

/* What nobody came to is freed with the worker. */
static void
test_never_started (void)
{
  MhWorker *worker = mh_worker_new (mh_clock_system ());
  int called = 0, destroyed = 0;

  mh_worker_invoke (worker, count, &called, NULL);
  mh_worker_invoke (worker, nothing, &destroyed, count);
  mh_worker_unref (worker);
  g_assert_cmpint (called, ==, 0);
  g_assert_cmpint (destroyed, ==, 1);
}

/* ---- the bell ---- */

static void
test_bell (void)
{
  MhWorker *worker = mh_worker_new (mh_clock_system ());
  MhTestGate gate, rung;

  mh_test_gate_init (&gate);
  mh_test_gate_init (&rung);
  mh_test_gate_open (&rung);
  mh_worker_set_bell (worker, mh_test_gate_pass, &rung);
  g_assert_true (mh_worker_start (worker, NULL));
  mh_worker_ring (worker);
  mh_test_gate_await (&rung);
  /* While the worker is at something else, and for two at once. */
  rung.reached = FALSE;
  mh_worker_invoke (worker, mh_test_gate_pass, &gate, NULL);
  mh_test_gate_await (&gate);
  mh_worker_ring (worker);
  mh_worker_ring (worker);
  mh_test_gate_open (&gate);
  mh_test_gate_await (&rung);
  stop (worker);
  /* Nobody is there to hear it. */
  mh_test_gate_clear (&gate);
  mh_test_gate_clear (&rung);
}

/* ---- too little of everything ---- */

static void
set_limit (int what, rlim_t most)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (what, &limit), ==, 0);
  limit.rlim_cur = most;
  g_assert_cmpint (setrlimit (what, &limit), ==, 0);
}

static void
trap_itself (void)
{
  if (g_getenv ("MH_TEST_WRAPPER")) {
    g_test_skip ("in an emulator this program cannot start itself");
    return;
  }
  g_test_trap_subprocess (NULL, LONG, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

static void test_timer_of (MhWorker *worker);

/* Its deadlines come all the same. */
static void
test_no_timerfd (void)
{
  if (g_test_subprocess ()) {
    MhWorker *worker = mh_worker_new (mh_clock_system ());
    g_autoptr (GError) error = NULL;

    set_limit (RLIMIT_NOFILE, 3);
    g_assert_false (mh_worker_can_start (&error));
    g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_MFILE);
    g_assert_true (mh_worker_start (worker, NULL));
    test_timer_of (worker);
    stop (worker);
    /* A sanitizer opens files at its end. */
    set_limit (RLIMIT_NOFILE, 64);
    return;
  }
  trap_itself ();
}

/* In pages. */
static gulong
get_address_space (void)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  return strtoul (text, NULL, 10);
}

/* A stack does not fit any more. */
static void
test_no_thread (void)
{
#ifdef __SANITIZE_ADDRESS__
  g_test_skip ("AddressSanitizer needs more than that");
  return;
#endif
  if (g_test_subprocess ()) {
    MhWorker *worker = mh_worker_new (mh_clock_system ());
    g_autoptr (GError) error = NULL;
    rlim_t size = (rlim_t) get_address_space () * (rlim_t) getpagesize ();

    set_limit (RLIMIT_AS, size + (1 << 20));
    g_assert_false (mh_worker_start (worker, &error));
    g_assert_error (error, G_THREAD_ERROR, G_THREAD_ERROR_AGAIN);
    set_limit (RLIMIT_AS, RLIM_INFINITY);
    /* And again, when there is room. */
    g_assert_true (mh_worker_start (worker, NULL));
    stop (worker);
    return;
  }
  trap_itself ();
}

/* ---- in a child ---- */

/* Where there is no such thread nothing is waited for. */
static void
test_fork (void)
{
  MhWorker *worker;
  int called = 0, status;
  pid_t child;

  if (g_getenv ("MH_TEST_WRAPPER")) {
    g_test_skip ("qemu aborts where a child of fork() makes a thread");
    return;
  }
  worker = start ();
  child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0) {
    gint64 before = g_get_monotonic_time ();

    alarm (30);
    if (mh_worker_is_here (worker) ||
        mh_worker_invoke_and_wait (worker, count, &called, NULL, LONG) ||
        mh_worker_join (worker, LONG) || called != 0)
      _exit (1);
    mh_worker_invoke (worker, count, &called, NULL);
    mh_worker_ring (worker);
    worker = start ();
    if (!mh_worker_is_here (worker) ||
        !mh_worker_invoke_and_wait (worker, count, &called, NULL, LONG))
      _exit (2);
    if (g_get_monotonic_time () - before >= LONG / 2)
      _exit (3);
    /* Not _exit(): valgrind would report what the threads of the parent have
     * allocated, as those threads do not exist here. */
    execlp ("true", "true", NULL);
    _exit (4);
  }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_cmpint (status, ==, 0);
  g_assert_true (mh_worker_is_here (worker));
  stop (worker);
}

/* ---- timers ---- */

typedef struct
{
  MhWorker *worker;
  MhTimer timer;
  MhTime due; /* of the latest call */
  guint n;
  MhTime again; /* after how long, 0: not */
} Alarm;

static void
on_due (MhTime now, gpointer user_data)
{
  Alarm *alarm = user_data;

  alarm->due = now;
  alarm->n++;
  if (alarm->again > 0)
    mh_worker_set_timer (alarm->worker, &alarm->timer, now + alarm->again);
}

static void
alarm_init (Alarm *alarm, MhWorker *worker)
{
  *alarm = (Alarm){ .worker = worker };
  alarm->timer.due = on_due;
  alarm->timer.user_data = alarm;
}

static void
test_timers (void)
{
  MhTestClock clock;
  g_autoptr (MhWorker) worker = NULL;
  Alarm first, second;

  mh_test_clock_init (&clock);
  worker = mh_worker_new (&clock.clock);
  g_assert_true (mh_worker_get_clock (worker) == &clock.clock);
  alarm_init (&first, worker);
  alarm_init (&second, worker);
  mh_worker_set_timer (worker, &first.timer, clock.now + 10);
  mh_worker_set_timer (worker, &second.timer, clock.now + 20);
  mh_worker_run_timers (worker);
  mh_test_clock_advance (&clock, 9);
  mh_worker_run_timers (worker);
  g_assert_cmpuint (first.n, ==, 0);
  mh_test_clock_advance (&clock, 1);
  mh_worker_run_timers (worker);
  g_assert_cmpuint (first.n, ==, 1);
  g_assert_cmpint (first.due, ==, clock.now);
  g_assert_cmpuint (second.n, ==, 0);
  /* Moved, then cancelled. */
  mh_worker_set_timer (worker, &second.timer, clock.now + 100);
  mh_test_clock_advance (&clock, 50);
  mh_worker_run_timers (worker);
  g_assert_cmpuint (second.n, ==, 0);
  mh_worker_set_timer (worker, &second.timer, MH_TIME_NEVER);
  mh_worker_set_timer (worker, &second.timer, MH_TIME_NEVER);
  mh_test_clock_advance (&clock, 1000);
  mh_worker_run_timers (worker);
  g_assert_cmpuint (second.n, ==, 0);
  g_assert_cmpuint (first.n, ==, 1);
}

/* On a machine with a time_t of 32 bits as well. */
static void
test_timer_far (void)
{
  static const struct
  {
    MhTime deadline;
    gint64 last_second, seconds;
    long nanoseconds;
  } rows[] = {
    { 0, G_MAXINT32, 0, 1000 },
    { 1500000, G_MAXINT32, 1, 500000000 },
    { MH_TIME_FROM_SEC (G_MAXINT32) + 5, G_MAXINT32, G_MAXINT32, 5000 },
    { MH_TIME_FROM_SEC (G_MAXINT32 + G_GINT64_CONSTANT (1)), G_MAXINT32,
        G_MAXINT32, 0 },
    { MH_TIME_NEVER - 1, G_MAXINT32, G_MAXINT32, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    struct timespec found = mh_worker_timespec (
        rows[i].deadline, rows[i].last_second);

    g_assert_cmpint (found.tv_sec, ==, rows[i].seconds);
    g_assert_cmpint (found.tv_nsec, ==, rows[i].nanoseconds);
  }
}

static void
test_timer_again (void)
{
  MhTestClock clock;
  g_autoptr (MhWorker) worker = NULL;
  Alarm alarm;

  mh_test_clock_init (&clock);
  worker = mh_worker_new (&clock.clock);
  alarm_init (&alarm, worker);
  alarm.again = 10;
  mh_worker_set_timer (worker, &alarm.timer, clock.now);
  for (guint i = 0; i < 5; i++) {
    mh_worker_run_timers (worker);
    g_assert_cmpuint (alarm.n, ==, i + 1);
    mh_test_clock_advance (&clock, 10);
  }
  mh_worker_set_timer (worker, &alarm.timer, MH_TIME_NEVER);
}

/* By the thread itself, a deadline of the past included. */
static void
on_gate_due (MhTime now, gpointer user_data)
{
  mh_test_gate_pass (user_data);
}

typedef struct
{
  MhWorker *worker;
  MhTimer *timer;
  MhTime deadline;
} Setting;

static void
set_timer (gpointer data)
{
  Setting *setting = data;

  mh_worker_set_timer (setting->worker, setting->timer, setting->deadline);
}

static void
test_timer_of (MhWorker *worker)
{
  MhTime now = mh_clock_now (mh_clock_system ());
  MhTime deadlines[] = { now + MH_TIME_FROM_MSEC (20), now - 1, 0, -5 };

  for (guint i = 0; i < G_N_ELEMENTS (deadlines); i++) {
    MhTestGate gate;
    MhTimer timer = { .due = on_gate_due, .user_data = &gate };
    Setting setting = { worker, &timer, deadlines[i] };

    mh_test_gate_init (&gate);
    mh_test_gate_open (&gate);
    mh_worker_invoke (worker, set_timer, &setting, NULL);
    mh_test_gate_await (&gate);
    g_assert_cmpint (mh_clock_now (mh_clock_system ()), >=, deadlines[i]);
    g_assert_true (
        mh_worker_invoke_and_wait (worker, nothing, NULL, NULL, LONG));
    mh_test_gate_clear (&gate);
  }
}

static void
test_timer_of_thread (void)
{
  MhWorker *worker = start ();

  test_timer_of (worker);
  stop (worker);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/worker/invoke/order", test_order);
  g_test_add_func ("/worker/invoke/current", test_current);
  g_test_add_func ("/worker/invoke/on-itself", test_wait_on_itself);
  g_test_add_func ("/worker/invoke/in-vain", test_wait_in_vain);
  g_test_add_func ("/worker/invoke/threads", test_threads);
  g_test_add_func ("/worker/stop/rest", test_stop_does_the_rest);
  g_test_add_func ("/worker/stop/bounded", test_stop_is_bounded);
  g_test_add_func ("/worker/never-started", test_never_started);
  g_test_add_func ("/worker/bell", test_bell);
  g_test_add_func ("/worker/no-timerfd", test_no_timerfd);
  g_test_add_func ("/worker/no-thread", test_no_thread);
  g_test_add_func ("/worker/fork", test_fork);
  g_test_add_func ("/worker/timers", test_timers);
  g_test_add_func ("/worker/timers/far", test_timer_far);
  g_test_add_func ("/worker/timers/again", test_timer_again);
  g_test_add_func ("/worker/timers/thread", test_timer_of_thread);
  return g_test_run ();
}
