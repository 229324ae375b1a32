/* mh-service: what all trackers of a process share.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-service-private.h"

#include "mh-transport-soup.h"

MhServiceProcess mh_service_process;

/* What a service has not delivered at its end. */
typedef struct
{
  char *dir;
  MhStoreLimits limits;
  MhStore *store; /* NULL: it is all in the directory */
} Leftover;

static MhService *
service_new (const MhClock *clock)
{
  MhService *self = g_new0 (MhService, 1);

  self->worker = mh_worker_new (clock);
  self->query_thread = mh_query_thread_new ();
  self->spools = g_ptr_array_new ();
  self->left = g_ptr_array_new ();
  self->make_transport = mh_transport_soup_new;
  self->leavers = g_array_new (FALSE, FALSE, sizeof (MhServiceLeaver));
  self->linger.due = mh_service_on_linger;
  self->linger.user_data = self;
  self->patience = MH_SERVICE_PATIENCE;
  self->idle = TRUE;
  g_mutex_init (&self->idle_lock);
  g_cond_init (&self->idle_cond);
  return self;
}

void
mh_service_free (MhService *self)
{
  g_assert (self->spools->len == 0);
  mh_service_forget_all (self);
  g_array_unref (self->leavers);
  g_ptr_array_unref (self->spools);
  g_ptr_array_unref (self->left);
  g_clear_object (&self->transport);
  g_clear_error (&self->error);
  mh_network_free (self->network);
  mh_query_thread_free (self->query_thread);
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
service_begin (gpointer data)
{
  MhService *self = data;
  MhServiceProcess *process = &mh_service_process;
  g_autoptr (GPtrArray) leftovers = NULL;

  g_mutex_lock (&process->lock);
  while (process->n_ending > 0)
    g_cond_wait (&process->ended_cond, &process->lock);
  leftovers = g_steal_pointer (&process->leftovers);
  g_mutex_unlock (&process->lock);
  for (guint i = 0; leftovers && i < leftovers->len; i++) {
    Leftover *leftover = leftovers->pdata[i];
    gboolean idle = leftover->store && mh_store_count (leftover->store) == 0;
    MhStore *store = leftover->store ? g_steal_pointer (&leftover->store)
                                     : mh_service_new_store (&leftover->limits);
    MhSpool *spool = mh_service_add_spool (self, store, leftover->dir);

    /* What is only remembered is sent nowhere. */
    if (!idle)
      g_ptr_array_add (self->left, spool);
  }
}

void
mh_service_go_on (MhService *self)
{
  guint waiting = 0;

  for (guint i = 0; i < self->left->len; i++) {
    mh_spool_begin (self->left->pdata[i]);
    waiting += mh_store_count (mh_spool_get_store (self->left->pdata[i]));
  }
  if (waiting > 0)
    mh_service_open_transport (self);
  for (guint i = 0; i < self->left->len; i++)
    mh_spool_run (self->left->pdata[i]);
  g_ptr_array_set_size (self->left, 0);
}

void
mh_service_end_spools (MhService *self)
{
  for (guint i = 0; i < self->spools->len; i++) {
    MhSpool *spool = self->spools->pdata[i];
    Leftover *leftover = g_new0 (Leftover, 1);
    gboolean empty = mh_store_count (mh_spool_get_store (spool)) == 0;

    leftover->dir = g_strdup (mh_spool_get_dir (spool));
    leftover->limits = *mh_store_get_limits (mh_spool_get_store (spool));
    leftover->store = mh_spool_end (spool);
    if (!mh_service_process.leftovers)
      mh_service_process.leftovers = g_ptr_array_new_with_free_func (
          leftover_free);
    if (empty && !leftover->store)
      leftover_free (leftover);
    else
      g_ptr_array_add (mh_service_process.leftovers, leftover);
  }
  g_ptr_array_set_size (self->spools, 0);
  g_ptr_array_set_size (self->left, 0);
}

static MhService *
service_start (GError **error)
{
  MhService *self;

  if (!mh_worker_can_start (error))
    return NULL;
  self = service_new (mh_clock_system ());
  mh_worker_set_bell (self->worker, mh_service_on_bell, self);
  if (mh_worker_start (self->worker, error)) {
    mh_worker_invoke (self->worker, service_begin, self, NULL);
    return self;
  }
  mh_service_free (self);
  return NULL;
}

MhService *
mh_service_acquire (GError **error)
{
  MhServiceProcess *process = &mh_service_process;
  MhService *self = NULL;

  mh_service_watch_process ();
  g_mutex_lock (&process->lock);
  if (process->ends) {
    g_set_error_literal (
        error, MH_ERROR, MH_ERROR_REFUSED, "the process is about to end");
  } else if (process->service) {
    self = process->service;
    if (self->users == 0)
      mh_worker_invoke (self->worker, mh_service_stay, self, NULL);
  } else {
    self = process->service = service_start (error);
  }
  if (self)
    self->users++;
  g_mutex_unlock (&process->lock);
  return self;
}

MhService *
mh_service_new_for_test (const MhClock *clock, MhTransport *transport)
{
  MhService *self = service_new (clock);

  self->in_memory = TRUE;
  self->opened = TRUE;
  self->make_transport = NULL;
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
  g_assert (service->spools->len == 0);
  g_clear_object (&service->transport);
  g_clear_error (&service->error);
  service->opened = FALSE;
  service->make_transport = make_transport;
}

void
mh_service_free_for_test (MhService *self)
{
  mh_service_forget_now (self);
  for (guint i = 0; i < self->spools->len; i++)
    mh_store_free (mh_spool_end (self->spools->pdata[i]));
  g_ptr_array_set_size (self->spools, 0);
  mh_service_free (self);
}

MhWorker *
mh_service_get_worker (MhService *self)
{
  return self->worker;
}

MhQueryThread *
mh_service_get_query_thread (MhService *self)
{
  return self->query_thread;
}
