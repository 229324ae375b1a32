/* mh-mailbox-reader: the worker's side of a mailbox.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-mailbox-private.h"

/* An answer that takes longer tells of some moment in between. */
#define EXACT MH_TIME_FROM_MSEC (50)

/* ---- open and closed ---- */

void
mh_mailbox_set_reader (
    MhMailbox *self, const MhMailboxReader *funcs, gpointer reader)
{
  self->funcs = funcs;
  self->reader = reader;
}

void
mh_mailbox_open (MhMailbox *self, MhWorker *worker, gpointer keeper,
    void (*first) (gpointer data), gpointer data, GDestroyNotify destroy)
{
  g_mutex_lock (&self->lock);
  self->worker = worker;
  self->keeper = keeper;
  self->hold = FALSE;
  self->scheduled = TRUE; /* @first looks at the queue */
  mh_worker_invoke (worker, first, data, destroy);
  g_mutex_unlock (&self->lock);
}

gpointer
mh_mailbox_close (MhMailbox *self)
{
  MH_AUTO_LOCK (&self->lock);

  if (!self->worker || !mh_worker_is_here (self->worker))
    return NULL;
  mh_mailbox_wake_locked (self);
  self->worker = NULL;
  return g_steal_pointer (&self->keeper);
}

gboolean
mh_mailbox_is_open (MhMailbox *self)
{
  MH_AUTO_LOCK (&self->lock);

  return self->worker != NULL;
}

/* ---- what was put in ---- */

MhTime
mh_mailbox_take (MhMailbox *self, GQueue *into, int *changes, gboolean *open)
{
  MH_AUTO_LOCK (&self->lock);
  MhObservation *observation;

  while ((observation = g_queue_pop_head (&self->queue)))
    g_queue_push_tail (into, observation);
  self->scheduled = FALSE;
  *changes = g_atomic_int_get (&self->changes);
  *open = self->worker != NULL;
  return mh_clock_system_now ();
}

void
mh_mailbox_free_observation (gpointer data)
{
  MhObservation *observation = data;

  g_free (observation->text);
  mh_mark_free (observation->mark);
  g_free (observation);
}

MhSettings *
mh_mailbox_dup_settings (MhMailbox *self)
{
  MH_AUTO_LOCK (&self->lock);

  return mh_settings_ref (self->settings);
}

MhRing
mh_mailbox_get_ring (MhMailbox *self)
{
  return (MhRing) g_atomic_int_get (&self->ring);
}

MhTime
mh_mailbox_take_ring (MhMailbox *self)
{
  MH_AUTO_LOCK (&self->lock);

  g_atomic_int_set (&self->ring, MH_RING_NOT);
  return self->ring_at;
}

/* ---- questions ---- */

MhQuestion *
mh_mailbox_question_new (guint asks)
{
  MhQuestion *self = g_new0 (MhQuestion, 1);

  self->asks = asks;
  self->position = -1;
  self->position_at = MH_TIME_NONE;
  self->position_end = -1;
  self->percent = -1;
  self->info_at = MH_TIME_NONE;
  return self;
}

void
mh_mailbox_question_free (MhQuestion *self)
{
  g_clear_pointer (&self->mailbox, mh_mailbox_unref);
  mh_stream_info_clear (&self->info);
  g_free (self->uri);
  g_free (self);
}

gboolean
mh_mailbox_may_ask (MhMailbox *self)
{
  return g_atomic_int_get (&self->quiet) == 0;
}

/* Not soon after a change: there may have been one since it was decided to
 * ask. */
static void
question_ask_position (MhMailbox *mailbox, MhQuestion *question)
{
  MhTime before = mh_clock_system_now ();
  MhTime after;

  if (!mh_mailbox_may_ask (mailbox) ||
      g_atomic_int_get (&mailbox->changes) != question->changes)
    return;
  question->position = mh_stream_ask_position (mailbox->stream);
  question->position_end = (gint64) mh_mailbox_get_end (mailbox);
  after = mh_clock_system_now ();
  if (after - before <= EXACT)
    question->position_at = before + (after - before) / 2;
}

static void
question_ask (MhMailbox *mailbox, MhQuestion *question)
{
  if (question->asks & MH_ASK_POSITION)
    question_ask_position (mailbox, question);
  if (question->asks & MH_ASK_PERCENT)
    question->percent = mh_stream_ask_percent (mailbox->stream);
  if (question->asks & MH_ASK_INFO) {
    question->info_at = mh_clock_system_now ();
    mh_stream_find_out (
        mailbox->stream, TRUE, question->group, &question->info);
  }
  if (question->asks & MH_ASK_URI)
    question->uri = mh_stream_dup_uri (mailbox->stream, TRUE);
  if (question->asks & MH_ASK_CONTROLS)
    mh_controls_look (mailbox->controls, &question->view);
}

static void
question_come_back (gpointer data)
{
  MhQuestion *question = data;
  MhMailbox *mailbox = question->mailbox;

  mailbox->funcs->answer (mailbox->reader, question);
}

/* In the query thread, and from there to the worker of now. */
static void
question_go (gpointer data)
{
  MhQuestion *question = data;
  MhMailbox *mailbox = question->mailbox;

  if (mh_mailbox_may_ask (mailbox))
    question_ask (mailbox, question);
  g_mutex_lock (&mailbox->lock);
  if (mailbox->worker)
    mh_worker_invoke (mailbox->worker, question_come_back,
        g_steal_pointer (&question), (GDestroyNotify) mh_mailbox_question_free);
  g_mutex_unlock (&mailbox->lock);
  g_clear_pointer (&question, mh_mailbox_question_free);
}

gboolean
mh_mailbox_ask (
    MhMailbox *self, MhQueryThread *query_thread, MhQuestion *question)
{
  question->mailbox = mh_mailbox_ref (self);
  return mh_query_thread_ask (query_thread, question_go, question,
      (GDestroyNotify) mh_mailbox_question_free);
}

/* ---- what is told back ---- */

void
mh_mailbox_set_playback_state (MhMailbox *self, MhPlaybackState state)
{
  if (mh_mailbox_get_playback_state (self) == state)
    return;
  g_atomic_int_set (&self->playback_state, (int) state);
  mh_notifier_put_notify (self->notifier, "playback-state");
}

void
mh_mailbox_set_resume_position (MhMailbox *self, double position)
{
  gboolean changed;

  g_mutex_lock (&self->lock);
  changed = self->resume_position != position;
  self->resume_position = position;
  g_mutex_unlock (&self->lock);
  if (changed)
    mh_notifier_put_notify (self->notifier, "resume-position");
}

void
mh_mailbox_set_inactive_since (MhMailbox *self, MhTime since)
{
  g_mutex_lock (&self->lock);
  self->inactive_since = since;
  g_mutex_unlock (&self->lock);
}

static void
mailbox_set_waited_for (MhMailbox *self, gboolean *what, gboolean waited_for)
{
  g_mutex_lock (&self->lock);
  if (*what && !waited_for)
    g_cond_broadcast (&self->cond);
  *what = waited_for;
  g_mutex_unlock (&self->lock);
}

void
mh_mailbox_set_held (MhMailbox *self, gboolean held)
{
  mailbox_set_waited_for (self, &self->held, held);
}

void
mh_mailbox_set_resume_asked (MhMailbox *self, gboolean asked)
{
  mailbox_set_waited_for (self, &self->resume_asked, asked);
}
