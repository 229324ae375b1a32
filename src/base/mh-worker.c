/* mh-worker: a thread with a main context and one queue of deadlines.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-worker.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

/* How many descriptors a worker needs, with some for what it works with. */
#define N_DESCRIPTORS 8

/* The largest value of time_t. */
#define LAST_SECOND (sizeof (time_t) > 4 ? G_MAXINT64 : G_MAXINT32)

/* Without a timerfd: the longest that it waits before it looks at its clock. */
#define LONGEST_WAIT MH_TIME_FROM_SEC (10)

struct _MhWorker
{
  gatomicrefcount refs;
  const MhClock *clock;
  GMainContext *context;

  /* The worker's thread only. */
  MhTimeQueue *timers;
  GSource *timer_source; /* NULL without a thread */
  GSource *bell_source; /* NULL without a thread */
  int timer_fd; /* -1: none, or none could be made */
  MhTime armed; /* what timer_fd is set to */
  gboolean quit;

  GThread *thread;

  int born; /* the value of n_forks */
  int rung; /* atomic */
  void (*bell) (gpointer data);
  gpointer bell_data;

  GMutex lock;
  GCond ended_cond;
  gboolean ended; /* lock */
};

/* Which worker the calling thread is. */
static GPrivate current_worker;

/* How many forks there are between the first process that had a worker and this
 * one. Atomic. A worker of another number has no thread here. */
static int n_forks;

static void
worker_note_fork (void)
{
  __atomic_add_fetch (&n_forks, 1, __ATOMIC_RELAXED);
}

static void
worker_watch_forks (void)
{
  static gsize done;

  if (g_once_init_enter (&done)) {
    pthread_atfork (NULL, NULL, worker_note_fork);
    g_once_init_leave (&done, 1);
  }
}

gboolean
mh_worker_is_here (MhWorker *self)
{
  return self->born == __atomic_load_n (&n_forks, __ATOMIC_RELAXED);
}

MhWorker *
mh_worker_new (const MhClock *clock)
{
  MhWorker *self = g_new0 (MhWorker, 1);

  worker_watch_forks ();
  g_atomic_ref_count_init (&self->refs);
  self->born = __atomic_load_n (&n_forks, __ATOMIC_RELAXED);
  self->clock = clock;
  /* The thread needs it as well, and where there is none makes one. */
  g_main_context_default ();
  self->context = g_main_context_new ();
  self->timers = mh_time_queue_new ();
  self->timer_fd = -1;
  self->armed = MH_TIME_NEVER;
  g_mutex_init (&self->lock);
  g_cond_init (&self->ended_cond);
  return self;
}

MhWorker *
mh_worker_ref (MhWorker *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
mh_worker_unref (MhWorker *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  mh_time_queue_free (self->timers);
  if (self->timer_fd >= 0)
    close (self->timer_fd);
  g_main_context_unref (self->context);
  g_clear_pointer (&self->thread, g_thread_unref);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->ended_cond);
  g_free (self);
}

/* By the monotonic clock: after the machine has slept it is late. */
static void
arm_source (MhWorker *self, MhTime next)
{
  MhTime wait = next - mh_clock_now (self->clock);

  g_source_set_ready_time (self->timer_source,
      next == MH_TIME_NEVER
          ? -1
          : g_get_monotonic_time () + CLAMP (wait, 0, LONGEST_WAIT));
}

/* time_t may have 32 bits. The timer then fires too early, which is harmless:
 * mh_worker_run_timers() looks at the clock and arms it again. */
struct timespec
mh_worker_timespec (MhTime deadline, gint64 last_second)
{
  gint64 seconds = MAX (deadline, 1) / MH_USEC_PER_SEC;

  if (seconds > last_second)
    return (struct timespec){ .tv_sec = (time_t) last_second };
  return (struct timespec){ .tv_sec = (time_t) seconds,
    .tv_nsec = MAX (deadline, 1) % MH_USEC_PER_SEC * 1000 };
}

/* Sets the timer to the first deadline, if that is another one. */
static void
arm (MhWorker *self)
{
  MhTime next = mh_time_queue_next (self->timers);
  struct itimerspec spec = { 0 };

  if (!self->timer_source || next == self->armed)
    return;
  self->armed = next;
  if (self->timer_fd < 0) {
    arm_source (self, next);
    return;
  }
  if (next != MH_TIME_NEVER)
    spec.it_value = mh_worker_timespec (next, LAST_SECOND);
  timerfd_settime (self->timer_fd, TFD_TIMER_ABSTIME, &spec, NULL);
}

void
mh_worker_run_timers (MhWorker *self)
{
  MhTime now = mh_clock_now (self->clock);
  MhTimeNode *node;

  while ((node = mh_time_queue_pop (self->timers, now))) {
    MhTimer *timer = MH_TIME_NODE_ENTRY (node, MhTimer, node);

    timer->due (now, timer->user_data);
  }
  arm (self);
}

static gboolean
worker_timer_fd_ready (gint fd, GIOCondition condition, gpointer user_data)
{
  MhWorker *self = user_data;
  guint64 expirations;

  if (read (fd, &expirations, sizeof expirations) < 0)
    return G_SOURCE_CONTINUE;
  self->armed = MH_TIME_NEVER;
  mh_worker_run_timers (self);
  return G_SOURCE_CONTINUE;
}

/* ---- sources of its own: the bell, and timers without a timerfd ---- */

typedef struct
{
  GSource source;
  MhWorker *worker;
} WorkerSource;

static gboolean
worker_bell_is_rung (GSource *source)
{
  return g_atomic_int_get (&((WorkerSource *) source)->worker->rung);
}

static gboolean
worker_prepare_bell (GSource *source, gint *timeout)
{
  *timeout = -1;
  return worker_bell_is_rung (source);
}

static gboolean
worker_dispatch_bell (GSource *source, GSourceFunc callback, gpointer user_data)
{
  MhWorker *self = ((WorkerSource *) source)->worker;

  g_atomic_int_set (&self->rung, FALSE);
  if (self->bell)
    self->bell (self->bell_data);
  return G_SOURCE_CONTINUE;
}

static gboolean
worker_dispatch_ready (
    GSource *source, GSourceFunc callback, gpointer user_data)
{
  MhWorker *self = ((WorkerSource *) source)->worker;

  g_source_set_ready_time (source, -1);
  self->armed = MH_TIME_NEVER;
  mh_worker_run_timers (self);
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs bell_funcs = { worker_prepare_bell, worker_bell_is_rung,
  worker_dispatch_bell };
static GSourceFuncs ready_funcs = { NULL, NULL, worker_dispatch_ready };

static GSource *
new_source (MhWorker *self, GSourceFuncs *funcs)
{
  GSource *source = g_source_new (funcs, sizeof (WorkerSource));

  ((WorkerSource *) source)->worker = self;
  return source;
}

static GSource *
new_timer_source (MhWorker *self)
{
  GSource *source;

  if (self->timer_fd < 0)
    return new_source (self, &ready_funcs);
  source = g_unix_fd_source_new (self->timer_fd, G_IO_IN);
  g_source_set_callback (
      source, G_SOURCE_FUNC (worker_timer_fd_ready), self, NULL);
  return source;
}

/* GLib blocks a source while it is dispatched, and wakes the loop once more when it
 * unblocks the source. It does neither for a source that may recurse. No callback
 * here runs a main loop, so none recurses. */
static void
attach_sources (MhWorker *self)
{
  self->timer_source = new_timer_source (self);
  g_source_set_can_recurse (self->timer_source, TRUE);
  g_source_attach (self->timer_source, self->context);
  if (!self->bell)
    return;
  self->bell_source = new_source (self, &bell_funcs);
  /* Before anything else. */
  g_source_set_priority (self->bell_source, G_PRIORITY_HIGH);
  g_source_attach (self->bell_source, self->context);
}

static void
drop_source (GSource **source)
{
  if (*source)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

/* ---- the thread ---- */

/* Handlers of the application's signals do not run here: they may end the
 * process, which waits for this thread. Those that tell of a fault of the
 * thread's own stay. */
static void
block_signals (void)
{
  static const int faults[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP,
    SIGABRT, SIGSYS, SIGPROF };
  sigset_t set;

  sigfillset (&set);
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    sigdelset (&set, faults[i]);
  pthread_sigmask (SIG_BLOCK, &set, NULL);
}

static gpointer
worker_run (gpointer data)
{
  MhWorker *self = data;

  block_signals ();
  g_private_set (&current_worker, self);
  g_main_context_push_thread_default (self->context);
  while (!self->quit)
    g_main_context_iteration (self->context, TRUE);
  /* Whatever was closed at the end still wants to be told so. */
  while (g_main_context_iteration (self->context, FALSE))
    ;
  drop_source (&self->timer_source);
  drop_source (&self->bell_source);
  g_main_context_pop_thread_default (self->context);

  g_mutex_lock (&self->lock);
  self->ended = TRUE;
  g_cond_broadcast (&self->ended_cond);
  g_mutex_unlock (&self->lock);
  mh_worker_unref (self);
  return NULL;
}

gboolean
mh_worker_can_start (GError **error)
{
  int fds[N_DESCRIPTORS];
  guint n = 0;

  while (n < N_DESCRIPTORS &&
      (fds[n] = open ("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC)) >= 0)
    n++;
  if (n < N_DESCRIPTORS)
    g_set_error_literal (error, G_FILE_ERROR, G_FILE_ERROR_MFILE,
        "there are too few file descriptors left");
  for (guint i = 0; i < n; i++)
    close (fds[i]);
  return n == N_DESCRIPTORS;
}

gboolean
mh_worker_start (MhWorker *self, GError **error)
{
  g_return_val_if_fail (!self->thread, FALSE);
  self->timer_fd = timerfd_create (CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
  attach_sources (self);
  self->thread = g_thread_try_new (
      "mediaheartbeat", worker_run, mh_worker_ref (self), error);
  if (self->thread)
    return TRUE;
  drop_source (&self->timer_source);
  drop_source (&self->bell_source);
  mh_worker_unref (self); /* the thread's */
  return FALSE;
}

void
mh_worker_set_bell (
    MhWorker *self, void (*function) (gpointer data), gpointer data)
{
  g_return_if_fail (!self->thread);
  self->bell = function;
  self->bell_data = data;
}

void
mh_worker_ring (MhWorker *self)
{
  if (!mh_worker_is_here (self))
    return;
  g_atomic_int_set (&self->rung, TRUE);
  g_main_context_wakeup (self->context);
}

static void
worker_quit (gpointer data)
{
  ((MhWorker *) data)->quit = TRUE;
}

void
mh_worker_quit (MhWorker *self)
{
  if (mh_worker_is_current (self))
    self->bell = NULL;
  mh_worker_invoke (self, worker_quit, self, NULL);
}

gboolean
mh_worker_join (MhWorker *self, MhTime wait)
{
  gint64 until = g_get_monotonic_time () + wait;
  GThread *thread = NULL;
  gboolean ended;

  if (mh_worker_is_current (self) || !mh_worker_is_here (self))
    return FALSE;
  g_mutex_lock (&self->lock);
  while (
      !self->ended && g_cond_wait_until (&self->ended_cond, &self->lock, until))
    ;
  ended = self->ended;
  if (ended)
    thread = g_steal_pointer (&self->thread);
  g_mutex_unlock (&self->lock);
  /* The last that the thread does is to say so: this wait is a short one. */
  if (thread)
    g_thread_join (thread);
  return ended;
}

GMainContext *
mh_worker_get_context (MhWorker *self)
{
  return self->context;
}

const MhClock *
mh_worker_get_clock (MhWorker *self)
{
  return self->clock;
}

gboolean
mh_worker_is_current (MhWorker *self)
{
  return g_private_get (&current_worker) == self;
}

typedef struct
{
  void (*function) (gpointer data);
  gpointer data;
  GDestroyNotify destroy;
} Invocation;

static gboolean
invocation_run (gpointer user_data)
{
  Invocation *invocation = user_data;

  invocation->function (invocation->data);
  return G_SOURCE_REMOVE;
}

static void
invocation_free (gpointer user_data)
{
  Invocation *invocation = user_data;

  if (invocation->destroy)
    invocation->destroy (invocation->data);
  g_free (invocation);
}

void
mh_worker_invoke (MhWorker *self, void (*function) (gpointer data),
    gpointer data, GDestroyNotify destroy)
{
  Invocation *invocation;
  GSource *source;

  /* Its locks may be held by a thread that is not here. */
  if (!mh_worker_is_here (self))
    return;
  invocation = g_new (Invocation, 1);
  source = g_idle_source_new ();
  invocation->function = function;
  invocation->data = data;
  invocation->destroy = destroy;
  /* Not g_main_context_invoke(): that would run here and now where the
   * context happens to have no owner. */
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, invocation_run, invocation, invocation_free);
  g_source_attach (source, self->context);
  g_source_unref (source);
}

/* An invocation that a thread waits for. */
typedef struct
{
  void (*function) (gpointer data);
  gpointer data;
  GDestroyNotify destroy;

  GMutex lock;
  GCond cond;
  gboolean done; /* lock */
} Wait;

static void
wait_clear (gpointer data)
{
  Wait *wait = data;

  if (wait->destroy)
    wait->destroy (wait->data);
  g_mutex_clear (&wait->lock);
  g_cond_clear (&wait->cond);
}

static void
wait_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, wait_clear);
}

static void
worker_wait_run (gpointer data)
{
  Wait *wait = data;

  wait->function (wait->data);
  g_mutex_lock (&wait->lock);
  wait->done = TRUE;
  g_cond_broadcast (&wait->cond);
  g_mutex_unlock (&wait->lock);
}

/* Whether what is invoked will be called. */
static gboolean
worker_runs (MhWorker *self)
{
  gboolean runs;

  if (!mh_worker_is_here (self))
    return FALSE;
  g_mutex_lock (&self->lock);
  runs = !self->ended;
  g_mutex_unlock (&self->lock);
  return runs;
}

gboolean
mh_worker_invoke_and_wait (MhWorker *self, void (*function) (gpointer data),
    gpointer data, GDestroyNotify destroy, MhTime span)
{
  gint64 until = g_get_monotonic_time () + (worker_runs (self) ? span : 0);
  Wait *wait;
  gboolean done;

  /* Nothing would take it out of the queue, and free it. */
  if (!mh_worker_is_here (self) && !mh_worker_is_current (self))
    return FALSE;
  wait = g_atomic_rc_box_new0 (Wait);
  wait->function = function;
  wait->data = data;
  wait->destroy = destroy;
  g_mutex_init (&wait->lock);
  g_cond_init (&wait->cond);
  if (mh_worker_is_current (self))
    worker_wait_run (wait);
  else
    mh_worker_invoke (
        self, worker_wait_run, g_atomic_rc_box_acquire (wait), wait_unref);
  g_mutex_lock (&wait->lock);
  while (!wait->done && g_cond_wait_until (&wait->cond, &wait->lock, until))
    ;
  done = wait->done;
  g_mutex_unlock (&wait->lock);
  wait_unref (wait);
  return done;
}

void
mh_worker_set_timer (MhWorker *self, MhTimer *timer, MhTime deadline)
{
  if (deadline == MH_TIME_NEVER)
    mh_time_queue_remove (self->timers, &timer->node);
  else
    mh_time_queue_set (self->timers, &timer->node, deadline);
  arm (self);
}
