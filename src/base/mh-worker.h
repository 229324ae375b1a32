/* mh-worker: a thread with a main context and one queue of deadlines.
 *
 * Timers are nodes of the queue, not GSources: ten thousand sessions cost one
 * timerfd. It counts CLOCK_BOOTTIME, so that a machine that wakes up finds its
 * timers due at once.
 *
 * A child of fork() that calls no exec() has no such thread: there nothing is
 * invoked on a worker of the parent's, and nothing waits for it.
 *
 * May touch: GLib, mh-clock, mh-time-queue, timerfd, pthread_atfork().
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-clock.h"
#include "mh-time-queue.h"

G_BEGIN_DECLS

typedef struct _MhWorker MhWorker;

/**
 * MhTimer:
 * @due: called on the worker when the deadline has passed; may set the timer
 *   again, or free what it is embedded in
 * @user_data: for @due
 *
 * To be embedded; all zero but for these two. The owner cancels the timer before
 * the memory goes.
 */
typedef struct
{
  /*< private >*/
  MhTimeNode node;
  /*< public >*/
  void (*due) (MhTime now, gpointer user_data);
  gpointer user_data;
} MhTimer;

/**
 * mh_worker_new:
 * @clock: (transfer none): what time it is; outlives the worker
 *
 * Returns: (transfer full): a worker without a thread: the caller's thread is
 *   its own until mh_worker_start(), and in tests all the time.
 */
MhWorker *mh_worker_new (const MhClock *clock);

/**
 * mh_worker_can_start:
 * @error: why not
 *
 * Returns: whether there are file descriptors enough for a worker. GLib ends the
 *   process where a main context finds none.
 */
gboolean mh_worker_can_start (GError **error);

/**
 * mh_worker_start:
 * @error: why there is no thread
 *
 * Starts its thread. Where there is no descriptor for a timer, its deadlines
 * count by a clock that stands still while the machine sleeps.
 *
 * Returns: whether it has a thread now; if so, not to be called again.
 */
gboolean mh_worker_start (MhWorker *worker, GError **error);

/**
 * mh_worker_set_bell:
 * @worker: a worker that has not been started
 * @function: what mh_worker_ring() calls on the worker
 * @data: for @function
 *
 * Prepares what mh_worker_ring() does. Once for a worker.
 */
void mh_worker_set_bell (
    MhWorker *worker, void (*function) (gpointer data), gpointer data);

/**
 * mh_worker_ring:
 * @worker: a worker with a bell
 *
 * Calls the bell's function on the worker, before what was invoked. Takes no
 * lock and allocates nothing: from any thread, whatever that has interrupted.
 */
void mh_worker_ring (MhWorker *worker);

/* Returns: whether the worker was made by this process, and not by one that this
 * process was forked from. */
gboolean mh_worker_is_here (MhWorker *worker);

/* Returns: @worker. The count is atomic. */
MhWorker *mh_worker_ref (MhWorker *worker);

/* @worker: (transfer full): a worker whose thread was stopped, or not started. */
void mh_worker_unref (MhWorker *worker);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MhWorker, mh_worker_unref)

/**
 * mh_worker_quit:
 * @worker: a started worker
 *
 * Lets the thread end after what it has been told to so far. Any thread; from the
 * worker's own, its bell calls nothing from here on.
 */
void mh_worker_quit (MhWorker *worker);

/**
 * mh_worker_join:
 * @worker: a started worker that is told to quit
 * @wait: microseconds to wait for the thread's end at most
 *
 * A thread that does not end in time is left to itself: it holds a reference.
 *
 * Returns: whether the thread has ended; FALSE at once on the worker itself.
 */
gboolean mh_worker_join (MhWorker *worker, MhTime wait);

/* Returns: (transfer none): the main context that the thread runs. */
GMainContext *mh_worker_get_context (MhWorker *worker);

/* Returns: (transfer none): the worker's clock. */
const MhClock *mh_worker_get_clock (MhWorker *worker);

/* Returns: whether the calling thread is the worker's. */
gboolean mh_worker_is_current (MhWorker *worker);

/**
 * mh_worker_invoke:
 * @function: what to call on the worker, after what was invoked before
 * @data: for @function
 * @destroy: (nullable): frees @data on the worker, or wherever the worker goes
 *   away before it came to it
 *
 * From any thread; never waits. In a child of the worker's process nothing
 * happens, and @data is not freed.
 */
void mh_worker_invoke (MhWorker *worker, void (*function) (gpointer data),
    gpointer data, GDestroyNotify destroy);

/**
 * mh_worker_invoke_and_wait:
 * @function: what to call on the worker, after what was invoked before
 * @data: for @function
 * @destroy: (nullable): frees @data, as for mh_worker_invoke()
 * @wait: microseconds
 *
 * Waits for @function's end, but not for longer than @wait, and not at all where
 * the worker's thread has ended. On the worker itself it is called at once.
 *
 * Returns: whether it has ended.
 */
gboolean mh_worker_invoke_and_wait (MhWorker *worker,
    void (*function) (gpointer data), gpointer data, GDestroyNotify destroy,
    MhTime wait);

/**
 * mh_worker_set_timer:
 * @timer: a timer of it
 * @deadline: when; %MH_TIME_NEVER cancels it
 *
 * On the worker only.
 */
void mh_worker_set_timer (MhWorker *worker, MhTimer *timer, MhTime deadline);

/* Calls every timer that is due. The thread does this by itself; tests that have a
 * clock of their own and no thread call it. */
void mh_worker_run_timers (MhWorker *worker);

/**
 * mh_worker_timespec:
 * @deadline: a time
 * @last_second: the largest value of time_t
 *
 * Returns: @deadline, or @last_second where that is before it. Never zero, which
 * would turn a timerfd off. For the worker and its test.
 */
struct timespec mh_worker_timespec (MhTime deadline, gint64 last_second);

G_END_DECLS
