/* mh-service-end: how it ends: some time after its last user, with the process,
 * or not at all in a child of that.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-service-private.h"

#include "mh-transport-soup.h"

#include <pthread.h>
#include <stdlib.h>

/* How long it stays without a user; longer while it has something to send, and the
 * process's end would wait for that longer. */
#define LINGER MH_TIME_FROM_SEC (5)

/* How long it then waits for the answers to what it has sent: a little longer
 * than a request may take. */
#define DRAIN (MH_REQUEST_TIMEOUT + MH_TIME_FROM_SEC (1))

/* How long the thread may take to end once delivery is over or given up. */
#define STOP_WAIT MH_TIME_FROM_MSEC (200)

/* How long the process's end waits for a lock that is never held for long, except
 * by a thread that is not there any more. */
#define LOCK_WAIT MH_TIME_FROM_MSEC (100)

/* What the bell means. */
enum
{
  ORDER_FLUSH = 1,
  ORDER_STOP,
};

/* ---- at the end of its users ---- */

static guint
count_in_flight (MhService *self)
{
  guint n = 0;

  for (guint i = 0; i < self->spools->len; i++)
    n += mh_sender_count_in_flight (
        mh_spool_get_sender (self->spools->pdata[i]));
  return n;
}

static void
set_draining (MhService *self, gboolean draining)
{
  self->draining = draining;
  for (guint i = 0; i < self->spools->len; i++) {
    mh_sender_pause (mh_spool_get_sender (self->spools->pdata[i]), draining);
    if (!draining)
      mh_spool_queue_run (self->spools->pdata[i]);
  }
}

static void
set_linger (MhService *self, MhTime from_now)
{
  MhTime now = mh_clock_now (mh_worker_get_clock (self->worker));

  mh_worker_set_timer (
      self->worker, &self->linger, mh_time_add (now, from_now));
}

void
mh_service_stay (gpointer data)
{
  MhService *self = data;

  mh_worker_set_timer (self->worker, &self->linger, MH_TIME_NEVER);
  if (self->draining)
    set_draining (self, FALSE);
}

void
mh_service_drain (MhService *self)
{
  if (self->draining && count_in_flight (self) == 0)
    set_linger (self, 0);
}

static void
service_begin_linger (gpointer data)
{
  MhService *self = data;
  MhTime now = mh_clock_now (mh_worker_get_clock (self->worker));

  self->deliver_until = mh_time_add (
      now, __atomic_load_n (&self->patience, __ATOMIC_RELAXED));
  g_mutex_lock (&mh_service_process.lock);
  self->ends--;
  g_mutex_unlock (&mh_service_process.lock);
  set_linger (self, LINGER);
}

/* The last function of a service that runs on the worker. */
static void
service_end (gpointer data)
{
  MhServiceProcess *process = &mh_service_process;
  MhService *self = data;

  mh_worker_set_timer (self->worker, &self->linger, MH_TIME_NEVER);
  mh_worker_quit (self->worker);
  mh_service_forget_all (self);
  mh_service_end_spools (self);
  if (!self->freed_at_end)
    return;
  mh_service_free (self);
  g_mutex_lock (&process->lock);
  process->n_ending--;
  g_cond_broadcast (&process->ended_cond);
  g_mutex_unlock (&process->lock);
}

static void
close_all (MhService *self)
{
  mh_service_forget_now (self);
  for (guint i = 0; i < self->spools->len; i++)
    mh_spool_close (self->spools->pdata[i]);
  /* Behind what was invoked before. */
  mh_worker_invoke (self->worker, service_end, self, NULL);
}

static void
leave_process_locked (MhService *self)
{
  self->freed_at_end = TRUE;
  mh_service_process.service = NULL;
  mh_service_process.n_ending++;
}

/* What can be sent is sent for as long as the process's end would wait for it. */
static gboolean
service_has_work (MhService *self, MhTime now)
{
  return !self->draining && now < self->deliver_until &&
      mh_service_is_busy (self);
}

/* The timer decides here, and not service_begin_linger(), whether this is the end: the
 * machine may be slow, and the service in use again by the time that the timer
 * runs; and two workers must never have one store. The service may also have been
 * in use and be out of use again: then service_begin_linger() is under way, behind all
 * that was invoked in between, and sets the timer anew. */
void
mh_service_on_linger (MhTime now, gpointer user_data)
{
  MhServiceProcess *process = &mh_service_process;
  MhService *self = user_data;
  gboolean works = service_has_work (self, now);
  gboolean waits = works || (!self->draining && count_in_flight (self) > 0);
  gboolean unused;

  g_mutex_lock (&process->lock);
  unused = self->users == 0 && self->ends == 0 && !process->ends;
  if (unused && !waits)
    leave_process_locked (self);
  g_mutex_unlock (&process->lock);
  if (!unused)
    return;
  if (!waits) {
    close_all (self);
    return;
  }
  if (works) {
    set_linger (self, MIN (LINGER, self->deliver_until - now));
    return;
  }
  set_draining (self, TRUE);
  set_linger (self, DRAIN);
}

void
mh_service_set_patience (MhService *self, MhTime wait)
{
  __atomic_store_n (&self->patience, wait, __ATOMIC_RELAXED);
}

void
mh_service_release (MhService *self)
{
  MhServiceProcess *process = &mh_service_process;

  if (!mh_worker_is_here (self->worker))
    return;
  g_mutex_lock (&process->lock);
  g_assert (self == process->service && self->users > 0);
  if (--self->users == 0 && !process->ends) {
    self->ends++;
    mh_worker_invoke (self->worker, service_begin_linger, self, NULL);
  }
  g_mutex_unlock (&process->lock);
}

/* ---- at the end of the process ---- */

/* Behind what was invoked before: hits may still come of that. */
static void
service_flush (gpointer data)
{
  MhService *self = data;

  g_mutex_lock (&self->idle_lock);
  self->flushes = 0;
  g_mutex_unlock (&self->idle_lock);
  mh_service_forget_now (self);
  set_draining (self, FALSE);
  for (guint i = 0; i < self->spools->len; i++) {
    mh_sender_hurry (mh_spool_get_sender (self->spools->pdata[i]));
    mh_spool_run (self->spools->pdata[i]);
  }
  mh_service_note_idle (self);
}

static void
service_stop (gpointer data)
{
  MhService *self = data;

  if (self->stopped)
    return;
  self->stopped = TRUE;
  g_mutex_lock (&mh_service_process.lock);
  /* Elements that are left have it until they go, if they do. */
  if (self->users == 0)
    leave_process_locked (self);
  g_mutex_unlock (&mh_service_process.lock);
  close_all (self);
}

void
mh_service_on_bell (gpointer data)
{
  MhService *self = data;

  mh_worker_invoke (self->worker,
      g_atomic_int_get (&self->order) == ORDER_STOP ? service_stop
                                                    : service_flush,
      self, NULL);
}

static void
wait_until_idle (MhService *self, gint64 until)
{
  g_mutex_lock (&self->idle_lock);
  while (!self->idle &&
      g_cond_wait_until (&self->idle_cond, &self->idle_lock, until))
    ;
  g_mutex_unlock (&self->idle_lock);
}

/* The service may be gone as soon as it has its last order. */
static void
service_order (MhService *self, MhWorker *worker, int what)
{
  g_atomic_int_set (&self->order, what);
  mh_worker_ring (worker);
}

/* Delivers for @wait at most, and lets its thread end. This may be a signal's
 * handler: beside the worker, which has none, only other threads that come here
 * take the locks, nothing is allocated, and each wait has an end. */
static void
service_finish (MhService *self, MhWorker *worker, MhTime wait)
{
  gint64 until = g_get_monotonic_time () + wait;

  g_mutex_lock (&self->idle_lock);
  self->idle = FALSE;
  self->flushes = 1;
  g_mutex_unlock (&self->idle_lock);
  service_order (self, worker, ORDER_FLUSH);
  wait_until_idle (self, until);
  service_order (self, worker, ORDER_STOP);
  mh_worker_join (worker, STOP_WAIT);
}

static gboolean
service_try_lock (GMutex *lock)
{
  gint64 until = g_get_monotonic_time () + LOCK_WAIT;

  while (!g_mutex_trylock (lock)) {
    if (g_get_monotonic_time () > until)
      return FALSE;
    g_usleep (1000);
  }
  return TRUE;
}

/* Returns: (nullable) (transfer full): the worker of the service, where that has
 * to be finished. */
static MhWorker *
service_take_over (MhService **service)
{
  MhServiceProcess *process = &mh_service_process;
  gint64 until = g_get_monotonic_time () + STOP_WAIT;
  MhWorker *worker = NULL;

  if (!service_try_lock (&process->lock))
    return NULL;
  *service = process->ends ? NULL : process->service;
  process->ends = TRUE;
  if (*service && !mh_worker_is_current ((*service)->worker))
    worker = mh_worker_ref ((*service)->worker);
  while (process->n_ending > 0 &&
      g_cond_wait_until (&process->ended_cond, &process->lock, until))
    ;
  g_mutex_unlock (&process->lock);
  return worker;
}

static void
service_on_exit_of_process (void)
{
  MhService *service = NULL;
  g_autoptr (MhWorker) worker = service_take_over (&service);

  if (worker)
    service_finish (service, worker,
        __atomic_load_n (&service->patience, __ATOMIC_RELAXED));
}

void
mh_service_end_for_test (MhTime wait)
{
  MhService *service = NULL;
  g_autoptr (MhWorker) worker = service_take_over (&service);

  if (worker)
    service_finish (service, worker, wait);
  g_mutex_lock (&mh_service_process.lock);
  mh_service_process.ends = FALSE;
  g_mutex_unlock (&mh_service_process.lock);
}

/* What is registered last comes first: in front of what the libraries have
 * registered that are loaded by then. */
void
mh_service_watch_exit (void)
{
  atexit (service_on_exit_of_process);
}

/* ---- in a child ---- */

/* The lock is taken so that no other thread is in the middle of something. */
static gboolean is_locked;

static void
service_before_fork (void)
{
  is_locked = service_try_lock (&mh_service_process.lock);
}

static void
service_after_fork (void)
{
  if (is_locked)
    g_mutex_unlock (&mh_service_process.lock);
}

/* The parent's service is the parent's, and what it has left as well. */
static void
service_after_fork_in_child (void)
{
  mh_service_process = (MhServiceProcess){ 0 };
}

void
mh_service_watch_process (void)
{
  static gsize done;

  if (g_once_init_enter (&done)) {
    pthread_atfork (
        service_before_fork, service_after_fork, service_after_fork_in_child);
    mh_service_watch_exit ();
    g_once_init_leave (&done, 1);
  }
}
