/* mh-hook-work: threads for what a tracer's hook must not do itself.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-hook-work.h"

typedef struct
{
  MhHookWorkFunc func;
  gpointer data;
} Work;

/* A pool of threads, and what they are to do. */
typedef struct
{
  int max_threads;
  GThreadPool *pool; /* of Work; NULL: nothing was put so far */
  guint64 n_put;
  guint64 n_done;
} Lane;

static GMutex lock; /* of what follows; not held while anything is done */
static GCond cond; /* something has been done */
static Lane queue = { 1, NULL, 0, 0 };
static Lane asks = { -1, NULL, 0, 0 };

static void
lane_run (gpointer data, gpointer user_data)
{
  Lane *lane = user_data;
  Work *work = data;

  work->func (work->data);
  g_free (work);
  g_mutex_lock (&lock);
  lane->n_done++;
  g_cond_broadcast (&cond);
  g_mutex_unlock (&lock);
}

/* Where no thread can be made, the work waits for the next that is put. */
static void
lane_put (Lane *lane, MhHookWorkFunc func, gpointer data)
{
  g_autoptr (GError) error = NULL;
  Work *work = g_new (Work, 1);

  work->func = func;
  work->data = data;
  g_mutex_lock (&lock);
  if (!lane->pool)
    lane->pool = g_thread_pool_new (
        lane_run, lane, lane->max_threads, FALSE, NULL);
  lane->n_put++;
  g_thread_pool_push (lane->pool, work, &error);
  g_mutex_unlock (&lock);
  if (error)
    g_warning ("mediaheartbeat: %s", error->message);
}

void
mh_hook_work_put (MhHookWorkFunc func, gpointer data)
{
  lane_put (&queue, func, data);
}

void
mh_hook_work_ask (MhHookWorkFunc func, gpointer data)
{
  lane_put (&asks, func, data);
}

gboolean
mh_hook_work_wait (const int *busy, MhTime patience)
{
  gint64 until = g_get_monotonic_time () + patience;
  gboolean in_time = TRUE;
  guint64 last;

  g_mutex_lock (&lock);
  while (busy && g_atomic_int_get (busy) != 0 && in_time)
    in_time = g_cond_wait_until (&cond, &lock, until);
  last = queue.n_put;
  while (queue.n_done < last && in_time)
    in_time = g_cond_wait_until (&cond, &lock, until);
  g_mutex_unlock (&lock);
  return in_time;
}

static void
free_pool (GThreadPool *pool)
{
  if (pool)
    g_thread_pool_free (pool, FALSE, TRUE);
}

gboolean
mh_hook_work_finish (MhTime patience)
{
  gint64 until = g_get_monotonic_time () + patience;
  GThreadPool *pools[2] = { NULL, NULL };
  gboolean in_time = TRUE;

  g_mutex_lock (&lock);
  while ((queue.n_done < queue.n_put || asks.n_done < asks.n_put) && in_time)
    in_time = g_cond_wait_until (&cond, &lock, until);
  if (in_time) {
    pools[0] = g_steal_pointer (&queue.pool);
    pools[1] = g_steal_pointer (&asks.pool);
  }
  g_mutex_unlock (&lock);
  free_pool (pools[0]);
  free_pool (pools[1]);
  return in_time;
}
