/* mh-service-visitor: visitors who opt out while nothing plays.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-service-private.h"

/* An application that sets one property may set others at once: after that the
 * state directory of the visitor is known. */
#define FORGET_DELAY MH_TIME_FROM_MSEC (100)

typedef struct
{
  MhService *service;
  MhTimer timer;
  MhOptOutFunc get;
  gpointer user_data;
  GDestroyNotify destroy;
  GList link; /* in MhService.forgettings */
} Forgetting;

static void
service_forget (MhTime now, gpointer data)
{
  Forgetting *self = data;
  g_autoptr (MhConfig) config = self->get (self->user_data);

  mh_worker_set_timer (self->service->worker, &self->timer, MH_TIME_NEVER);
  g_queue_unlink (&self->service->forgettings, &self->link);
  if (config)
    mh_service_forget_visitor (self->service, config, "privacy=opt-out");
  if (self->destroy)
    self->destroy (self->user_data);
  g_free (self);
}

void
mh_service_forget_now (MhService *self)
{
  while (self->forgettings.head)
    service_forget (MH_TIME_NONE, self->forgettings.head->data);
}

void
mh_service_forget_soon (MhService *self, MhOptOutFunc get, gpointer user_data,
    GDestroyNotify destroy)
{
  Forgetting *forgetting = g_new0 (Forgetting, 1);
  MhTime now = mh_clock_now (mh_worker_get_clock (self->worker));

  forgetting->service = self;
  forgetting->timer.due = service_forget;
  forgetting->timer.user_data = forgetting;
  forgetting->get = get;
  forgetting->user_data = user_data;
  forgetting->destroy = destroy;
  forgetting->link.data = forgetting;
  g_queue_push_tail_link (&self->forgettings, &forgetting->link);
  mh_worker_set_timer (
      self->worker, &forgetting->timer, mh_time_add (now, FORGET_DELAY));
}
