/* mh-observer-run: its way to the worker, and back from it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-observer-private.h"

/* The observer's way to the worker: it stays there until detach(), which comes
 * after it, and the service until then. */
typedef struct
{
  MhObserver *observer;
  MhService *service;
} Attachment;

static void
attachment_free (gpointer data)
{
  Attachment *attachment = data;

  mh_observer_unref (attachment->observer);
  g_free (attachment);
}

static void
attach (gpointer data)
{
  Attachment *attachment = data;
  MhObserver *self = attachment->observer;

  self->worker = mh_service_get_worker (attachment->service);
  self->asker = mh_service_get_asker (attachment->service);
  mh_tracker_set_service (self->tracker, attachment->service);
  mh_observer_process (self);
  /* Behind an opt-out from before it was started. */
  mh_service_go_on (attachment->service);
}

/* The last that runs of it on the worker. */
static void
detach (gpointer data)
{
  MhObserver *self = data;

  if (!self->worker)
    return;
  mh_worker_set_timer (self->worker, &self->timer, MH_TIME_NEVER);
  mh_tracker_set_service (self->tracker, NULL);
  self->worker = NULL;
  self->asker = NULL;
}

void
mh_observer_start (MhObserver *self)
{
  Attachment *attachment;
  MhService *service;

  g_mutex_lock (&self->lock);
  service = self->service;
  g_mutex_unlock (&self->lock);
  if (service)
    return;
  service = mh_service_acquire ();
  attachment = g_new (Attachment, 1);
  attachment->observer = mh_observer_ref (self);
  attachment->service = service;
  g_mutex_lock (&self->lock);
  self->service = service;
  self->hold = FALSE;
  self->scheduled = TRUE; /* attach() looks at the queue */
  mh_worker_invoke (
      mh_service_get_worker (service), attach, attachment, attachment_free);
  g_mutex_unlock (&self->lock);
}

void
mh_observer_hold (MhObserver *self)
{
  g_mutex_lock (&self->lock);
  if (self->hold)
    g_queue_clear_full (&self->queue, mh_observer_free_observation);
  self->hold = TRUE;
  g_mutex_unlock (&self->lock);
}

void
mh_observer_stop (MhObserver *self)
{
  MhService *service;
  MhTime wait;

  g_mutex_lock (&self->lock);
  service = g_steal_pointer (&self->service);
  wait = MH_TIME_FROM_MSEC (self->settings->flush_timeout);
  if (service)
    mh_worker_invoke (mh_service_get_worker (service), mh_observer_process,
        mh_observer_ref (self), mh_observer_unref_data);
  g_mutex_unlock (&self->lock);
  if (!service)
    return;
  mh_service_flush (service, wait);
  mh_worker_invoke (mh_service_get_worker (service), detach,
      mh_observer_ref (self), mh_observer_unref_data);
  mh_service_release (service);
}

void
mh_observer_close (MhObserver *self)
{
  const MhObservation gone = MH_OBSERVATION_INIT (MH_OBSERVED_GONE);

  mh_observer_set_top (self, NULL);
  mh_observer_push (self, &gone);
  mh_observer_stop (self);
}
