/* mh-worker: a thread with a main context and one heap of deadlines.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-worker.h"

#include <glib-unix.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

struct _MhWorker
{
  gatomicrefcount refs;
  const MhClock *clock;
  GMainContext *context;

  /* The worker's thread only. */
  MhHeap *timers;
  GSource *timer_source; /* NULL without a thread */
  int timer_fd;
  MhTime armed; /* what timer_fd is set to */
  gboolean quit;

  GThread *thread;

  GMutex lock;
  GCond ended_cond;
  gboolean ended; /* lock */
};

/* Which worker the calling thread is. */
static GPrivate current_worker;

MhWorker *
mh_worker_new (const MhClock *clock)
{
  MhWorker *self = g_new0 (MhWorker, 1);

  g_atomic_ref_count_init (&self->refs);
  self->clock = clock;
  self->context = g_main_context_new ();
  self->timers = mh_heap_new ();
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
  mh_heap_free (self->timers);
  if (self->timer_fd >= 0)
    close (self->timer_fd);
  g_main_context_unref (self->context);
  g_clear_pointer (&self->thread, g_thread_unref);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->ended_cond);
  g_free (self);
}

/* Sets the timerfd to the first deadline, if that is another one. */
static void
arm (MhWorker *self)
{
  MhTime next = mh_heap_next (self->timers);
  struct itimerspec spec = { 0 };

  if (self->timer_fd < 0 || next == self->armed)
    return;
  self->armed = next;
  if (next != MH_TIME_NEVER) {
    spec.it_value.tv_sec = MAX (next, 1) / MH_USEC_PER_SEC;
    spec.it_value.tv_nsec = MAX (next, 1) % MH_USEC_PER_SEC * 1000;
  }
  timerfd_settime (self->timer_fd, TFD_TIMER_ABSTIME, &spec, NULL);
}

void
mh_worker_run_timers (MhWorker *self)
{
  MhTime now = mh_clock_now (self->clock);
  MhHeapNode *node;

  while ((node = mh_heap_pop (self->timers, now))) {
    MhTimer *timer = MH_HEAP_ENTRY (node, MhTimer, node);

    timer->due (now, timer->user_data);
  }
  arm (self);
}

static gboolean
timer_fd_ready (gint fd, GIOCondition condition, gpointer user_data)
{
  MhWorker *self = user_data;
  guint64 expirations;

  if (read (fd, &expirations, sizeof expirations) < 0)
    return G_SOURCE_CONTINUE;
  self->armed = MH_TIME_NEVER;
  mh_worker_run_timers (self);
  return G_SOURCE_CONTINUE;
}

static gpointer
run (gpointer data)
{
  MhWorker *self = data;

  g_private_set (&current_worker, self);
  g_main_context_push_thread_default (self->context);
  while (!self->quit)
    g_main_context_iteration (self->context, TRUE);
  /* Whatever was closed at the end still wants to be told so. */
  while (g_main_context_iteration (self->context, FALSE))
    ;
  g_source_destroy (self->timer_source);
  g_clear_pointer (&self->timer_source, g_source_unref);
  g_main_context_pop_thread_default (self->context);

  g_mutex_lock (&self->lock);
  self->ended = TRUE;
  g_cond_broadcast (&self->ended_cond);
  g_mutex_unlock (&self->lock);
  mh_worker_unref (self);
  return NULL;
}

void
mh_worker_start (MhWorker *self)
{
  g_return_if_fail (!self->thread);
  self->timer_fd = timerfd_create (CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
  self->timer_source = g_unix_fd_source_new (self->timer_fd, G_IO_IN);
  g_source_set_callback (
      self->timer_source, G_SOURCE_FUNC (timer_fd_ready), self, NULL);
  g_source_attach (self->timer_source, self->context);
  self->thread = g_thread_new ("mediaheartbeat", run, mh_worker_ref (self));
}

static void
quit (gpointer data)
{
  ((MhWorker *) data)->quit = TRUE;
}

void
mh_worker_quit (MhWorker *self)
{
  mh_worker_invoke (self, quit, self, NULL);
}

gboolean
mh_worker_join (MhWorker *self, MhTime wait)
{
  gint64 until = g_get_monotonic_time () + wait;
  GThread *thread = NULL;
  gboolean ended;

  if (mh_worker_is_current (self))
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
  Invocation *invocation = g_new (Invocation, 1);
  GSource *source = g_idle_source_new ();

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

/* An invocation that somebody waits for. */
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
wait_run (gpointer data)
{
  Wait *wait = data;

  wait->function (wait->data);
  g_mutex_lock (&wait->lock);
  wait->done = TRUE;
  g_cond_broadcast (&wait->cond);
  g_mutex_unlock (&wait->lock);
}

gboolean
mh_worker_invoke_and_wait (MhWorker *self, void (*function) (gpointer data),
    gpointer data, GDestroyNotify destroy, MhTime span)
{
  Wait *wait = g_atomic_rc_box_new0 (Wait);
  gint64 until = g_get_monotonic_time () + span;
  gboolean done;

  wait->function = function;
  wait->data = data;
  wait->destroy = destroy;
  g_mutex_init (&wait->lock);
  g_cond_init (&wait->cond);
  if (mh_worker_is_current (self))
    wait_run (wait);
  else
    mh_worker_invoke (
        self, wait_run, g_atomic_rc_box_acquire (wait), wait_unref);
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
    mh_heap_remove (self->timers, &timer->node);
  else
    mh_heap_set (self->timers, &timer->node, deadline);
  arm (self);
}
