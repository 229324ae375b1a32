/* mh-tracked-player-run: its way to the worker, and back from it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-tracked-player-private.h"

/* The player's way to the worker: it stays there until attachment_detach(), which
 * comes after it, and the service until then. */
typedef struct
{
  MhTrackedPlayer *player;
  MhMailbox *mailbox; /* a reference, which keeps the player */
  MhService *service;
  guint run; /* of the player: the one that is left */
} Attachment;

static Attachment *
attachment_new (MhTrackedPlayer *self, MhService *service)
{
  Attachment *attachment = g_new0 (Attachment, 1);

  attachment->player = self;
  attachment->mailbox = mh_mailbox_ref (self->mailbox);
  attachment->service = service;
  return attachment;
}

static void
attachment_free (gpointer data)
{
  Attachment *attachment = data;

  mh_mailbox_unref (attachment->mailbox);
  g_free (attachment);
}

static void
attachment_attach (gpointer data)
{
  Attachment *attachment = data;
  MhTrackedPlayer *self = attachment->player;

  self->run++;
  /* Not detached yet, as the worker had no time for that: it is the same one, and
   * has perhaps seen what is played now already. */
  if (!self->worker) {
    self->worker = mh_service_get_worker (attachment->service);
    self->query_thread = mh_service_get_query_thread (attachment->service);
    mh_tracker_set_service (self->tracker, attachment->service);
  }
  mh_tracked_player_process (self, TRUE);
  /* Behind an opt-out from before it was started. */
  mh_service_go_on (attachment->service);
}

/* The last that runs of it on the worker, for now. */
static void
attachment_detach (gpointer data)
{
  Attachment *attachment = data;
  MhTrackedPlayer *self = attachment->player;

  /* A player that has been started again keeps its worker, even if it has been stopped
   * again since: the worker deals with that stop later. */
  if (attachment->run == self->run && !mh_mailbox_is_open (self->mailbox) &&
      self->worker) {
    mh_worker_set_timer (self->worker, &self->timer, MH_TIME_NEVER);
    mh_tracker_set_service (self->tracker, NULL);
    mh_tracked_player_stop_asking (self);
    self->worker = NULL;
    self->query_thread = NULL;
  }
  attachment_free (attachment);
}

/* Its stats go on until all is delivered. */
static void
attachment_leave (gpointer data)
{
  Attachment *attachment = data;
  MhTrackedPlayer *self = attachment->player;
  Attachment *left;

  if (mh_mailbox_is_open (self->mailbox) || !self->worker)
    return;
  mh_worker_set_timer (self->worker, &self->timer, MH_TIME_NEVER);
  left = attachment_new (self, attachment->service);
  left->run = self->run;
  mh_service_leave (
      attachment->service, self->tracker, attachment_detach, left);
}

/* How long the end of the process may wait for what is to be delivered. */
static void
player_set_patience (MhTrackedPlayer *self, MhService *service)
{
  g_autoptr (MhSettings) settings = mh_mailbox_dup_settings (self->mailbox);

  mh_service_set_patience (
      service, MH_TIME_FROM_MSEC (settings->flush_timeout));
}

/* Returns: (transfer full) (nullable): the process's service. What plays goes on
 * without one. */
static MhService *
player_acquire_service (MhTrackedPlayer *self)
{
  g_autoptr (GError) error = NULL;
  MhService *service = mh_service_acquire (&error);

  if (!service) {
    g_autofree char *message = g_strdup_printf (
        "nothing is tracked: %s", error->message);

    mh_notifier_put_warning (self->notifier, message);
  }
  return service;
}

/* In a child of fork(), what the parent has started stays as it is: the thread
 * that it belongs to is not there. */
void
mh_tracked_player_start (MhTrackedPlayer *self)
{
  MhService *service;

  if (mh_mailbox_is_open (self->mailbox) ||
      !(service = player_acquire_service (self)))
    return;
  player_set_patience (self, service);
  mh_mailbox_open (self->mailbox, mh_service_get_worker (service), service,
      attachment_attach, attachment_new (self, service), attachment_free);
}

void
mh_tracked_player_stop (MhTrackedPlayer *self)
{
  MhService *service = mh_mailbox_close (self->mailbox);

  if (!service)
    return;
  player_set_patience (self, service);
  mh_worker_invoke (mh_service_get_worker (service), attachment_leave,
      attachment_new (self, service), attachment_free);
  mh_service_release (service);
}

/* ---- an opt-out while it does not run ---- */

static MhConfig *
attachment_take_opt_out (gpointer data)
{
  MhTrackedPlayer *self = ((Attachment *) data)->player;
  g_autoptr (MhSettings) settings = mh_mailbox_dup_settings (self->mailbox);

  /* The player may have been started since, and have obeyed already. */
  if (settings->opt_outs == self->opt_outs)
    return NULL;
  self->opt_outs = settings->opt_outs;
  return mh_config_ref (settings->config);
}

static void
attachment_forget_visitor (gpointer data)
{
  Attachment *attachment = data;

  mh_service_forget_soon (attachment->service, attachment_take_opt_out,
      attachment_new (attachment->player, attachment->service),
      attachment_free);
}

void
mh_tracked_player_obey_opt_out (MhTrackedPlayer *self)
{
  MhService *service;

  /* Where it runs, mh_tracked_player_process() sees to it. */
  if (mh_mailbox_is_open (self->mailbox) ||
      !(service = player_acquire_service (self)))
    return;
  mh_worker_invoke (mh_service_get_worker (service), attachment_forget_visitor,
      attachment_new (self, service), attachment_free);
  mh_service_release (service);
}

void
mh_tracked_player_close (MhTrackedPlayer *self)
{
  const MhObservation gone = MH_OBSERVATION_INIT (MH_OBSERVED_GONE);

  mh_mailbox_set_top (self->mailbox, NULL);
  mh_mailbox_push (self->mailbox, &gone);
  mh_tracked_player_stop (self);
}
