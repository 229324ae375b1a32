/* mh-mailbox-wait: what a thread asks of the worker and waits for: calls of the
 * application's, that what was observed has been dealt with, and where to resume.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-mailbox-private.h"

#include "mh-error.h"

/* A thread waits at most this long for a session that starts as soon as the
 * pipeline has said what is played, or what its controls show. After that the
 * session starts without that. */
#define START_WAIT MH_TIME_FROM_MSEC (50)
/* How long to wait for the worker, and for the pipeline to tell where its media
 * comes from. */
#define RESUME_WAIT MH_TIME_FROM_SEC (1)

/* A call of the application's on its way to the worker and back. */
typedef struct
{
  MhMailbox *mailbox;
  MhCall *call; /* NULL: just to have been there */
  GError *error;
  gboolean accepted;
  gboolean patient; /* to be sent again where it is held */
  gboolean held; /* the mailbox's lock: it is to be sent again */
  gboolean left; /* the mailbox's lock: no thread sends it again */
} Errand;

static void
errand_clear (gpointer data)
{
  Errand *errand = data;

  mh_mailbox_unref (errand->mailbox);
  mh_call_free (errand->call);
  g_clear_error (&errand->error);
}

static void
errand_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, errand_clear);
}

/* ---- on the worker ---- */

/* Returns: whether it comes again. */
static gboolean
errand_put_back (Errand *errand)
{
  MhMailbox *self = errand->mailbox;
  gboolean held = self->funcs->is_asking (self->reader);
  MH_AUTO_LOCK (&self->lock);

  errand->held = held && !errand->left;
  return errand->held;
}

/* A call whose thread waits no more was told to be accepted: it is made now. */
static void
errand_run (gpointer data)
{
  Errand *errand = data;
  MhMailbox *self = errand->mailbox;

  if (errand->patient) {
    self->funcs->process (self->reader, TRUE);
    if (errand_put_back (errand))
      return;
  }
  if (!errand->patient || (errand->call && self->funcs->is_held (self->reader)))
    self->funcs->process (self->reader, FALSE);
  if (errand->call)
    errand->accepted = self->funcs->call (
        self->reader, errand->call, &errand->error);
}

static void
mailbox_look_up_resume (gpointer data)
{
  MhMailbox *self = data;

  self->funcs->look_up_resume (self->reader);
}

/* ---- in the thread that waits ---- */

/* Returns: (transfer full) (nullable): the worker; NULL: it is not open. */
static MhWorker *
mailbox_ref_worker (MhMailbox *self)
{
  MH_AUTO_LOCK (&self->lock);

  return self->worker ? mh_worker_ref (self->worker) : NULL;
}

/* Returns: FALSE: the worker has not come to it in time. */
static gboolean
errand_send_once (Errand *errand, MhTime wait)
{
  g_autoptr (MhWorker) worker = mailbox_ref_worker (errand->mailbox);

  return !worker ||
      mh_worker_invoke_and_wait (worker, errand_run,
          g_atomic_rc_box_acquire (errand), errand_unref, wait);
}

/* Waits until it is not so any more; no longer than until then. */
static void
mailbox_wait_while (MhMailbox *self, const gboolean *what, gint64 until)
{
  g_mutex_lock (&self->lock);
  while (*what && g_cond_wait_until (&self->cond, &self->lock, until))
    ;
  g_mutex_unlock (&self->lock);
}

/* Returns: whether the worker puts it back, or has done so, and it is to be sent
 * again; otherwise the worker deals with it when it comes to it. */
static gboolean
errand_leave (Errand *errand)
{
  MH_AUTO_LOCK (&errand->mailbox->lock);

  errand->left = TRUE;
  return errand->held;
}

/* Returns: (transfer full) (nullable): the errand when it is done, or
 * nothing is running any more; NULL: the worker has not come to it in time. */
static Errand *
mailbox_send (MhMailbox *self, MhCall *call, MhTime wait)
{
  Errand *errand = g_atomic_rc_box_new0 (Errand);
  gboolean done;

  errand->mailbox = mh_mailbox_ref (self);
  errand->call = call;
  errand->patient = TRUE;
  done = errand_send_once (errand, wait);
  if (errand_leave (errand)) {
    mailbox_wait_while (
        self, &self->held, g_get_monotonic_time () + START_WAIT);
    errand->patient = FALSE;
    done = errand_send_once (errand, wait);
  }
  if (!done)
    g_clear_pointer (&errand, errand_unref);
  return errand;
}

static gboolean
mailbox_track (MhMailbox *self, MhCall *call, GError **error)
{
  Errand *errand;
  gboolean accepted;

  if (!mh_mailbox_is_open (self)) {
    mh_call_free (call);
    g_set_error_literal (
        error, MH_ERROR, MH_ERROR_REFUSED, "the element is in the NULL state");
    return FALSE;
  }
  /* The worker does not wait. Where the machine is too busy all the same, the call
   * stands. */
  errand = mailbox_send (self, call, MH_TIME_FROM_SEC (1));
  if (!errand)
    return TRUE;
  accepted = errand->accepted;
  if (!accepted && errand->error)
    g_propagate_error (error, g_steal_pointer (&errand->error));
  else if (!accepted)
    g_set_error_literal (
        error, MH_ERROR, MH_ERROR_REFUSED, "the element goes to NULL");
  errand_unref (errand);
  return accepted;
}

gboolean
mh_mailbox_track (MhMailbox *self, MhCall *call, GError **error)
{
  g_autoptr (MhMailbox) leader = mh_mailbox_dup_leader (self);
  g_autoptr (MhSettings) settings = mh_mailbox_dup_settings (self);

  /* There is one player, whichever element its application calls. */
  if (leader && (leader != self || settings->leader != MH_LEAD_NO))
    return mailbox_track (leader, call, error);
  mh_call_free (call);
  g_set_error_literal (error, MH_ERROR, MH_ERROR_REFUSED,
      "leader=no, and no other element of the pipeline leads");
  return FALSE;
}

void
mh_mailbox_settle (MhMailbox *self, GstElement *element, MhTime wait)
{
  Errand *errand = mailbox_send (self, NULL, wait);

  g_clear_pointer (&errand, errand_unref);
  mh_notifier_settle (self->notifier, element, wait);
}

double
mh_mailbox_get_resume_position (MhMailbox *self)
{
  gint64 until = g_get_monotonic_time () + RESUME_WAIT;
  g_autoptr (MhSettings) settings = mh_mailbox_dup_settings (self);
  g_autoptr (MhWorker) worker = mailbox_ref_worker (self);
  double position;

  if (!worker || !settings->remember)
    return -1;
  mh_worker_invoke_and_wait (worker, mailbox_look_up_resume,
      mh_mailbox_ref (self), (GDestroyNotify) mh_mailbox_unref, RESUME_WAIT);
  mailbox_wait_while (self, &self->resume_asked, until);
  g_mutex_lock (&self->lock);
  position = self->resume_position;
  g_mutex_unlock (&self->lock);
  return position;
}
