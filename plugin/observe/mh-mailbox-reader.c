/* mh-mailbox-reader: the worker's side of a mailbox.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-mailbox-private.h"

/* An answer that takes longer tells of some moment in between. */
#define EXACT MH_TIME_FROM_MSEC (50)

static MhTime
get_now (void)
{
  return mh_clock_now (mh_clock_system ());
}

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
  gpointer keeper = NULL;

  g_mutex_lock (&self->lock);
  if (self->worker && mh_worker_is_here (self->worker)) {
    keeper = g_steal_pointer (&self->keeper);
    mh_mailbox_wake_locked (self);
    self->worker = NULL;
  }
  g_mutex_unlock (&self->lock);
  return keeper;
}

gboolean
mh_mailbox_is_open (MhMailbox *self)
{
  gboolean open;

  g_mutex_lock (&self->lock);
  open = self->worker != NULL;
  g_mutex_unlock (&self->lock);
  return open;
}

/* ---- what was put in ---- */

MhTime
mh_mailbox_take (MhMailbox *self, GQueue *into, int *changes, gboolean *open)
{
  MhObservation *observation;
  MhTime at;

  g_mutex_lock (&self->lock);
  while ((observation = g_queue_pop_head (&self->queue)))
    g_queue_push_tail (into, observation);
  self->scheduled = FALSE;
  *changes = g_atomic_int_get (&self->changes);
  *open = self->worker != NULL;
  at = get_now ();
  g_mutex_unlock (&self->lock);
  return at;
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
  MhSettings *settings;

  g_mutex_lock (&self->lock);
  settings = mh_settings_ref (self->settings);
  g_mutex_unlock (&self->lock);
  return settings;
}

MhRing
mh_mailbox_get_ring (MhMailbox *self)
{
  return (MhRing) g_atomic_int_get (&self->ring);
}

MhTime
mh_mailbox_take_ring (MhMailbox *self)
{
  MhTime at;

  g_mutex_lock (&self->lock);
  g_atomic_int_set (&self->ring, MH_RING_NOT);
  at = self->ring_at;
  g_mutex_unlock (&self->lock);
  return at;
}

/* ---- questions ---- */

/* A question on its way to the pipeline and back. */
typedef struct
{
  MhMailbox *mailbox; /* a reference */
  MhQuestion *question;
} Letter;

static void
letter_free (gpointer data)
{
  Letter *letter = data;

  mh_question_free (letter->question);
  mh_mailbox_unref (letter->mailbox);
  g_free (letter);
}

gboolean
mh_mailbox_may_ask (MhMailbox *self)
{
  return g_atomic_int_get (&self->quiet) == 0;
}

/* Not soon after a change: there may have been one since it was decided to
 * ask. */
static void
letter_ask_position (MhMailbox *mailbox, MhQuestion *question)
{
  MhTime before = get_now ();
  MhTime after;

  if (!mh_mailbox_may_ask (mailbox) ||
      g_atomic_int_get (&mailbox->changes) != question->changes)
    return;
  question->position = mh_stream_ask_position (mailbox->stream);
  question->position_end = mh_mailbox_get_end (mailbox);
  after = get_now ();
  if (after - before <= EXACT)
    question->position_at = before + (after - before) / 2;
}

static void
letter_ask (MhMailbox *mailbox, MhQuestion *question)
{
  if (question->asks & MH_ASK_POSITION)
    letter_ask_position (mailbox, question);
  if (question->asks & MH_ASK_PERCENT)
    question->percent = mh_stream_ask_percent (mailbox->stream);
  if (question->asks & MH_ASK_INFO) {
    question->info_at = get_now ();
    mh_stream_find_out (
        mailbox->stream, TRUE, question->group, &question->info);
  }
  if (question->asks & MH_ASK_URI)
    question->uri = mh_stream_dup_uri (mailbox->stream, TRUE);
  if (question->asks & MH_ASK_CONTROLS)
    mh_controls_look (mailbox->controls, &question->view);
}

static void
letter_come_back (gpointer data)
{
  Letter *letter = data;
  MhMailbox *mailbox = letter->mailbox;

  mailbox->funcs->answer (mailbox->reader, letter->question);
}

/* In the query thread, and from there to the worker of now. */
static void
letter_go (gpointer data)
{
  Letter *letter = data;
  MhMailbox *mailbox = letter->mailbox;

  if (mh_mailbox_may_ask (mailbox))
    letter_ask (mailbox, letter->question);
  g_mutex_lock (&mailbox->lock);
  if (mailbox->worker) {
    mh_worker_invoke (mailbox->worker, letter_come_back, letter, letter_free);
    letter = NULL;
  }
  g_mutex_unlock (&mailbox->lock);
  if (letter)
    letter_free (letter);
}

gboolean
mh_mailbox_ask (
    MhMailbox *self, MhQueryThread *query_thread, MhQuestion *question)
{
  Letter *letter = g_new0 (Letter, 1);

  letter->mailbox = mh_mailbox_ref (self);
  letter->question = question;
  return mh_query_thread_ask (query_thread, letter_go, letter, letter_free);
}

/* ---- what is told back ---- */

void
mh_mailbox_post (MhMailbox *self, GstStructure *structure)
{
  mh_notifier_put_structure (self->notifier, structure);
}

void
mh_mailbox_notify (MhMailbox *self, const char *property)
{
  mh_notifier_put_notify (self->notifier, property);
}

void
mh_mailbox_set_playback_state (MhMailbox *self, MhPlaybackState state)
{
  if (mh_mailbox_get_playback_state (self) == state)
    return;
  g_atomic_int_set (&self->playback_state, (int) state);
  mh_mailbox_notify (self, "playback-state");
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
    mh_mailbox_notify (self, "resume-position");
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
