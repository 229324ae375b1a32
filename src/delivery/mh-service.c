/* mh-service: what all trackers of a process share.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-service-private.h"

#include "mh-transport-soup.h"

/* How long the thread may take to end once delivery is over or given up. */
#define STOP_WAIT MH_TIME_FROM_MSEC (200)

/* Guards the_service and what says so; held while the last user leaves. Never
 * while something is written: applications wait for it. */
static GMutex service_lock;
static MhService *the_service;

/* What a service has not delivered when its last user leaves, for the next. */
typedef struct
{
  char *dir;
  MhStoreLimits limits;
  MhStore *store; /* NULL: it is all in the directory */
} Leftover;

/* These outlive the service. Only one service at a time touches them, on its
 * worker: the next one's waits for the end of the one before. */
static GPtrArray *the_leftovers; /* Leftover */
static guint n_ending; /* service_lock */
static GCond ended_cond; /* n_ending is less */

static MhService *
service_new (const MhClock *clock)
{
  MhService *self = g_new0 (MhService, 1);

  self->worker = mh_worker_new (clock);
  self->asker = mh_asker_new ();
  self->lanes = g_ptr_array_new ();
  self->left = g_ptr_array_new ();
  self->make_transport = mh_transport_soup_new;
  self->listeners = g_hash_table_new_full (
      g_int64_hash, g_int64_equal, g_free, g_free);
  self->idle = TRUE;
  g_mutex_init (&self->idle_lock);
  g_cond_init (&self->idle_cond);
  return self;
}

static void
service_free (MhService *self)
{
  g_assert (self->lanes->len == 0);
  g_ptr_array_unref (self->lanes);
  g_ptr_array_unref (self->left);
  g_clear_object (&self->transport);
  g_clear_error (&self->error);
  mh_network_free (self->network);
  g_hash_table_unref (self->listeners);
  mh_asker_free (self->asker);
  mh_worker_unref (self->worker);
  g_mutex_clear (&self->idle_lock);
  g_cond_clear (&self->idle_cond);
  g_free (self);
}

static void
leftover_free (gpointer data)
{
  Leftover *leftover = data;

  mh_store_free (leftover->store);
  g_free (leftover->dir);
  g_free (leftover);
}

/* What an earlier service has left waits for mh_service_go_on(). */
static void
begin (gpointer data)
{
  MhService *self = data;
  g_autoptr (GPtrArray) leftovers = NULL;

  g_mutex_lock (&service_lock);
  while (n_ending > 0)
    g_cond_wait (&ended_cond, &service_lock);
  leftovers = g_steal_pointer (&the_leftovers);
  g_mutex_unlock (&service_lock);
  for (guint i = 0; leftovers && i < leftovers->len; i++) {
    Leftover *leftover = leftovers->pdata[i];
    gboolean idle = leftover->store && mh_store_count (leftover->store) == 0;
    MhStore *store = leftover->store ? g_steal_pointer (&leftover->store)
                                     : mh_service_new_store (&leftover->limits);
    MhLane *lane = mh_service_add_lane (self, store, leftover->dir);

    /* What is only remembered is sent nowhere. */
    if (!idle)
      g_ptr_array_add (self->left, lane);
  }
}

void
mh_service_go_on (MhService *self)
{
  guint waiting = 0;

  for (guint i = 0; i < self->left->len; i++) {
    mh_lane_begin (self->left->pdata[i]);
    waiting += mh_store_count (mh_lane_get_store (self->left->pdata[i]));
  }
  if (waiting > 0)
    mh_service_open_transport (self);
  for (guint i = 0; i < self->left->len; i++)
    mh_lane_run (self->left->pdata[i]);
  g_ptr_array_set_size (self->left, 0);
}

static void
end_lanes (MhService *self)
{
  for (guint i = 0; i < self->lanes->len; i++) {
    MhLane *lane = self->lanes->pdata[i];
    Leftover *leftover = g_new0 (Leftover, 1);
    gboolean empty = mh_store_count (mh_lane_get_store (lane)) == 0;

    leftover->dir = g_strdup (mh_lane_get_dir (lane));
    leftover->limits = *mh_store_get_limits (mh_lane_get_store (lane));
    leftover->store = mh_lane_end (lane);
    if (!the_leftovers)
      the_leftovers = g_ptr_array_new_with_free_func (leftover_free);
    if (empty && !leftover->store)
      leftover_free (leftover);
    else
      g_ptr_array_add (the_leftovers, leftover);
  }
  g_ptr_array_set_size (self->lanes, 0);
}

static void
hurry (gpointer data)
{
  MhService *self = data;

  g_mutex_lock (&self->idle_lock);
  self->flushes--;
  g_mutex_unlock (&self->idle_lock);
  for (guint i = 0; i < self->lanes->len; i++) {
    mh_sender_hurry (mh_lane_get_sender (self->lanes->pdata[i]));
    mh_lane_run (self->lanes->pdata[i]);
  }
  mh_service_note_idle (self);
}

MhService *
mh_service_acquire (void)
{
  MhService *self;

  g_mutex_lock (&service_lock);
  if (!the_service) {
    the_service = service_new (mh_clock_system ());
    mh_worker_start (the_service->worker);
    mh_worker_invoke (the_service->worker, begin, the_service, NULL);
  }
  the_service->users++;
  self = the_service;
  g_mutex_unlock (&service_lock);
  return self;
}

/* Not idle before the worker has come to it: the caller's last hits are on
 * their way. */
static void
begin_flush (MhService *self)
{
  g_mutex_lock (&self->idle_lock);
  self->idle = FALSE;
  self->flushes++;
  g_mutex_unlock (&self->idle_lock);
  mh_worker_invoke (self->worker, hurry, self, NULL);
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

void
mh_service_flush (MhService *self, MhTime wait)
{
  gint64 until = g_get_monotonic_time () + wait;
  gboolean alone;

  g_mutex_lock (&service_lock);
  alone = self->users == 1;
  g_mutex_unlock (&service_lock);
  if (!alone || mh_worker_is_current (self->worker))
    return;
  begin_flush (self);
  wait_until_idle (self, until);
}

static void
end (gpointer data)
{
  MhService *self = data;

  mh_worker_quit (self->worker);
  end_lanes (self);
  service_free (self);
  g_mutex_lock (&service_lock);
  n_ending--;
  g_cond_signal (&ended_cond);
  g_mutex_unlock (&service_lock);
}

/* The last thing that was told to the worker. Whether it is the end is decided
 * here and not where it was told: a worker that comes to it late (an element
 * does not answer a query, the machine swaps) may be in use again by then, and
 * there must never be two of them on one store. Or it is out of use again: then
 * another one of these comes, behind all that was told in between. */
static void
end_if_unused (gpointer data)
{
  MhService *self = data;
  gboolean ends;

  g_mutex_lock (&service_lock);
  ends = --self->ends == 0 && self->users == 0;
  if (ends) {
    the_service = NULL;
    n_ending++;
  }
  g_mutex_unlock (&service_lock);
  if (!ends)
    return;
  for (guint i = 0; i < self->lanes->len; i++)
    mh_lane_close (self->lanes->pdata[i]);
  /* Behind what was invoked before. */
  mh_worker_invoke (self->worker, end, self, NULL);
}

void
mh_service_release (MhService *self)
{
  g_autoptr (MhWorker) worker = NULL;

  g_mutex_lock (&service_lock);
  g_assert (self == the_service && self->users > 0);
  if (--self->users == 0) {
    worker = mh_worker_ref (self->worker);
    self->ends++;
    mh_worker_invoke (worker, end_if_unused, self, NULL);
  }
  g_mutex_unlock (&service_lock);
  if (worker)
    mh_worker_join (worker, STOP_WAIT);
}

MhService *
mh_service_new_for_test (const MhClock *clock, MhTransport *transport)
{
  MhService *self = service_new (clock);

  self->in_memory = TRUE;
  self->opened = TRUE;
  g_set_object (&self->transport, transport);
  return self;
}

void
mh_service_set_durable_for_test (MhService *service)
{
  service->in_memory = FALSE;
}

void
mh_service_set_transport_func_for_test (
    MhService *service, MhTransportFunc make_transport)
{
  g_assert (service->lanes->len == 0);
  g_clear_object (&service->transport);
  g_clear_error (&service->error);
  service->opened = FALSE;
  service->make_transport = make_transport;
}

void
mh_service_free_for_test (MhService *self)
{
  for (guint i = 0; i < self->lanes->len; i++)
    mh_store_free (mh_lane_end (self->lanes->pdata[i]));
  g_ptr_array_set_size (self->lanes, 0);
  service_free (self);
}

MhWorker *
mh_service_get_worker (MhService *self)
{
  return self->worker;
}

MhAsker *
mh_service_get_asker (MhService *self)
{
  return self->asker;
}
