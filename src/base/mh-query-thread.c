/* mh-query-thread: asks what may never answer.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-query-thread.h"

/* A question that has waited for so long waits for threads that hang. */
#define TOO_LONG MH_TIME_FROM_MSEC (50)
/* As many threads as there are pipelines that hang, up to this. */
#define MAX_THREADS 32

typedef struct
{
  MhQueryFunc ask;
  gpointer question;
  GDestroyNotify free_func;
  gint64 since; /* on the monotonic clock */
} Request;

/* A thread that asks, and what is known of it. */
typedef struct
{
  MhQueryThread *query_thread; /* a reference */
  GThread *thread; /* lock of the query thread: NULL: it is left behind */
  gboolean asks; /* the same lock */
} Querier;

struct _MhQueryThread
{
  gatomicrefcount refs; /* of the owner and of each thread */
  GMutex lock; /* of all that follows */
  GCond cond;
  GQueue requests;
  GPtrArray *queriers; /* of those that were not left behind */
  guint n_idle;
  gboolean closed;
};

static void
query_thread_unref (MhQueryThread *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_ptr_array_unref (self->queriers);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->cond);
  g_free (self);
}

MhQueryThread *
mh_query_thread_new (void)
{
  MhQueryThread *self = g_new0 (MhQueryThread, 1);

  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
  g_queue_init (&self->requests);
  self->queriers = g_ptr_array_new ();
  return self;
}

/* ---- the threads ---- */

static void
serve_locked (MhQueryThread *self, Querier *querier)
{
  Request *request = g_queue_pop_head (&self->requests);

  querier->asks = TRUE;
  g_mutex_unlock (&self->lock);
  request->ask (request->question);
  g_free (request);
  g_mutex_lock (&self->lock);
  querier->asks = FALSE;
}

/* A thread that comes back from a question when there is no need for it any more
 * ends. */
static gboolean
is_needed_locked (MhQueryThread *self)
{
  return !self->closed && (self->requests.length > 0 || self->n_idle == 0);
}

/* Returns: whether no other thread joins the thread. */
static gboolean
query_thread_leave_locked (MhQueryThread *self, Querier *querier)
{
  if (self->closed)
    return querier->thread == NULL;
  g_ptr_array_remove_fast (self->queriers, querier);
  g_clear_pointer (&querier->thread, g_thread_unref);
  return TRUE;
}

static gpointer
query_thread_run (gpointer data)
{
  Querier *querier = data;
  MhQueryThread *self = querier->query_thread;
  gboolean own;

  g_mutex_lock (&self->lock);
  while (is_needed_locked (self)) {
    if (self->requests.length > 0) {
      serve_locked (self, querier);
      continue;
    }
    self->n_idle++;
    while (!self->closed && self->requests.length == 0)
      g_cond_wait (&self->cond, &self->lock);
    self->n_idle--;
  }
  own = query_thread_leave_locked (self, querier);
  g_mutex_unlock (&self->lock);
  query_thread_unref (self);
  if (own)
    g_free (querier);
  return NULL;
}

/* Returns: whether there is a thread. */
static gboolean
add_thread_locked (MhQueryThread *self)
{
  Querier *querier;

  if (self->queriers->len >= MAX_THREADS)
    return TRUE;
  querier = g_new0 (Querier, 1);
  querier->query_thread = self;
  g_atomic_ref_count_inc (&self->refs);
  querier->thread = g_thread_try_new (
      "mediaheartbeat?", query_thread_run, querier, NULL);
  if (!querier->thread) {
    query_thread_unref (self);
    g_free (querier);
    return self->queriers->len > 0;
  }
  g_ptr_array_add (self->queriers, querier);
  return TRUE;
}

static gboolean
has_waited_too_long_locked (MhQueryThread *self)
{
  const Request *first = g_queue_peek_head (&self->requests);

  return first && g_get_monotonic_time () - first->since > TOO_LONG;
}

/* ---- from any thread ---- */

static void
clear_requests (MhQueryThread *self)
{
  Request *request;

  while ((request = g_queue_pop_head (&self->requests))) {
    request->free_func (request->question);
    g_free (request);
  }
}

static void
close_locked (MhQueryThread *self, GPtrArray *idle)
{
  self->closed = TRUE;
  for (guint i = 0; i < self->queriers->len; i++) {
    Querier *querier = self->queriers->pdata[i];

    if (querier->asks)
      g_clear_pointer (&querier->thread, g_thread_unref);
    else
      g_ptr_array_add (idle, querier);
  }
  g_cond_broadcast (&self->cond);
}

void
mh_query_thread_free (MhQueryThread *self)
{
  g_autoptr (GPtrArray) idle = g_ptr_array_new_with_free_func (g_free);

  if (!self)
    return;
  g_mutex_lock (&self->lock);
  close_locked (self, idle);
  g_mutex_unlock (&self->lock);
  for (guint i = 0; i < idle->len; i++)
    g_thread_join (((Querier *) idle->pdata[i])->thread);
  clear_requests (self);
  query_thread_unref (self);
}

gboolean
mh_query_thread_ask (MhQueryThread *self, MhQueryFunc ask, gpointer question,
    GDestroyNotify free_func)
{
  Request *request = g_new (Request, 1);
  gboolean asked = TRUE;

  *request = (Request){ ask, question, free_func, g_get_monotonic_time () };
  g_mutex_lock (&self->lock);
  if (self->queriers->len == 0 || has_waited_too_long_locked (self))
    asked = add_thread_locked (self);
  if (asked) {
    g_queue_push_tail (&self->requests, request);
    g_cond_signal (&self->cond);
  }
  g_mutex_unlock (&self->lock);
  if (!asked) {
    free_func (question);
    g_free (request);
  }
  return asked;
}

void
mh_query_thread_nudge (MhQueryThread *self)
{
  g_mutex_lock (&self->lock);
  if (has_waited_too_long_locked (self))
    add_thread_locked (self);
  g_mutex_unlock (&self->lock);
}
