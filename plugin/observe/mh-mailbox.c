/* mh-mailbox: what passes between the threads of a pipeline and the worker.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-mailbox-private.h"

/* ---- making ---- */

static void mailbox_ring (gpointer owner, gboolean moving);
static void mailbox_lead (gpointer owner, gboolean leads, gboolean taken_over,
    gboolean alone, guint streams);

MhMailbox *
mh_mailbox_new (GstElement *element, gboolean own, GstPad *sinkpad)
{
  static const MhControlsOwner owner = {
    .ref = (gpointer (*) (gpointer)) mh_mailbox_ref,
    .unref = (GDestroyNotify) mh_mailbox_unref,
    .changed = mailbox_ring,
  };
  MhMailbox *self = g_new0 (MhMailbox, 1);

  g_atomic_ref_count_init (&self->refs);
  self->notifier = mh_notifier_new (element, own);
  self->stream = mh_stream_new (sinkpad);
  self->controls = mh_controls_new (&owner, self);
  self->member = mh_leader_member_new (mailbox_lead, self);
  self->settings = mh_settings_new ();
  self->inactive_since = MH_TIME_NONE;
  self->resume_position = -1;
  mh_atomic64_store (&self->flow.pts, GST_CLOCK_TIME_NONE);
  mh_atomic64_store (&self->flow.duration, GST_CLOCK_TIME_NONE);
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
  g_queue_init (&self->queue);
  return self;
}

MhMailbox *
mh_mailbox_ref (MhMailbox *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
mh_mailbox_unref (MhMailbox *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  mh_leader_member_free (self->member);
  self->funcs->free (self->reader);
  mh_controls_free (self->controls);
  mh_stream_free (self->stream);
  mh_notifier_unref (self->notifier);
  mh_settings_unref (self->settings);
  g_queue_clear_full (&self->queue, mh_mailbox_free_observation);
  g_cond_clear (&self->cond);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* ---- what is put in ---- */

GstClockTime
mh_mailbox_get_end (MhMailbox *self)
{
  return mh_stream_buffer_end (self->stream,
      mh_atomic64_load (&self->flow.pts, GST_CLOCK_TIME_NONE),
      mh_atomic64_load (&self->flow.duration, GST_CLOCK_TIME_NONE));
}

/* Not in a child of fork(), where the worker is not. */
static gboolean
mailbox_is_read_locked (MhMailbox *self)
{
  return self->worker && mh_worker_is_here (self->worker);
}

static void
mailbox_process (gpointer data)
{
  MhMailbox *self = data;

  self->funcs->process (self->reader, TRUE);
}

void
mh_mailbox_wake_locked (MhMailbox *self)
{
  mh_worker_invoke (self->worker, mailbox_process, mh_mailbox_ref (self),
      (GDestroyNotify) mh_mailbox_unref);
}

/* Unless the worker has been told. */
static void
mailbox_schedule_locked (MhMailbox *self)
{
  if (self->scheduled || !mailbox_is_read_locked (self))
    return;
  self->scheduled = TRUE;
  mh_mailbox_wake_locked (self);
}

/* Whether a playhead is taken with it, or may be. An event that ends the data has its
 * end from the tap. */
static gboolean
takes_playhead (MhObservationType type)
{
  switch (type) {
    case MH_OBSERVED_STATE:
    case MH_OBSERVED_FLUSH_START:
    case MH_OBSERVED_EOS:
    case MH_OBSERVED_ERROR:
    case MH_OBSERVED_GONE:
    case MH_OBSERVED_LEAD:
      return TRUE;
    default:
      return FALSE;
  }
}

static MhObservation *
mailbox_copy (MhMailbox *self, const MhObservation *observation)
{
  MhObservation *copy = g_memdup2 (observation, sizeof *observation);
  GstClockTime end = takes_playhead (copy->type) ? mh_mailbox_get_end (self)
                                                 : GST_CLOCK_TIME_NONE;

  copy->text = g_strdup (observation->text);
  copy->heard = mh_stream_is_heard (self->stream);
  if (GST_CLOCK_TIME_IS_VALID (end))
    copy->end = end;
  return copy;
}

/* Returns: whether it is kept. A flush leaves little of what came before it. */
static gboolean
mailbox_takes_locked (MhMailbox *self, MhObservationType type)
{
  if (mailbox_is_read_locked (self))
    return TRUE;
  if (!self->hold)
    return FALSE;
  if (type == MH_OBSERVED_FLUSH_START)
    mh_mailbox_make_room_locked (self);
  return mh_mailbox_can_hold_locked (self, type);
}

/* @before: (nullable): what it comes in front of, as if at the same time. */
static void
mailbox_insert_locked (MhMailbox *self, MhObservation *copy, GList *before)
{
  if (!mailbox_takes_locked (self, copy->type)) {
    mh_mailbox_free_observation (copy);
    return;
  }
  copy->at = before ? ((MhObservation *) before->data)->at
                    : mh_clock_system_now ();
  if (mh_observation_is_change (copy->type))
    g_atomic_int_inc (&self->changes);
  g_queue_insert_before (&self->queue, before, copy);
  mailbox_schedule_locked (self);
}

void
mh_mailbox_push (MhMailbox *self, const MhObservation *observation)
{
  MhObservation *copy = mailbox_copy (self, observation);

  g_mutex_lock (&self->lock);
  mailbox_insert_locked (self, copy, NULL);
  g_mutex_unlock (&self->lock);
}

/* In front of the first data that is held since it was last told whether it leads. What
 * comes before data means the same to one that leads and to one that follows. */
static void
mailbox_push_before_data (MhMailbox *self, const MhObservation *observation)
{
  MhObservation *copy = mailbox_copy (self, observation);
  GList *data;

  g_mutex_lock (&self->lock);
  data = self->hold ? mh_mailbox_find_data_locked (self) : NULL;
  if (data) /* no more is known of then */
    copy->end = GST_CLOCK_TIME_NONE;
  mailbox_insert_locked (self, copy, data);
  g_mutex_unlock (&self->lock);
}

void
mh_mailbox_push_mark (MhMailbox *self, MhMark *mark)
{
  MhObservation observation = MH_OBSERVATION_INIT (MH_OBSERVED_MARK);
  g_autoptr (MhMailbox) leader = mark->call ? mh_mailbox_dup_leader (self)
                                            : NULL;

  observation.mark = mark;
  mh_mailbox_push (leader ? leader : self, &observation);
}

void
mh_mailbox_set_settings (MhMailbox *self, MhSettings *settings)
{
  g_mutex_lock (&self->lock);
  mh_settings_unref (self->settings);
  self->settings = mh_settings_ref (settings);
  mailbox_schedule_locked (self); /* an opt-out counts at once */
  g_mutex_unlock (&self->lock);
}

/* The controls show something else; @moving: maybe for each buffer of a stream.
 * A volume may move with each buffer: once that is known, this is one load. */
static void
mailbox_ring (gpointer owner, gboolean moving)
{
  MhMailbox *self = owner;
  int ring = moving ? MH_RING_MOVING : MH_RING;

  if (g_atomic_int_get (&self->ring) >= ring)
    return;
  g_mutex_lock (&self->lock);
  if (g_atomic_int_get (&self->ring) == MH_RING_NOT)
    self->ring_at = mh_clock_system_now ();
  if (g_atomic_int_get (&self->ring) < ring) {
    g_atomic_int_set (&self->ring, ring);
    mailbox_schedule_locked (self);
  }
  g_mutex_unlock (&self->lock);
}

void
mh_mailbox_set_top (MhMailbox *self, GstElement *top)
{
  mh_stream_set_top (self->stream, top);
  mh_controls_set_top (self->controls, top);
  /* A session of the application's may have begun before there were any. */
  if (top)
    mailbox_ring (self, FALSE);
}

void
mh_mailbox_set_quiet (MhMailbox *self, gboolean quiet)
{
  g_atomic_int_set (&self->quiet, quiet);
}

MhFlow *
mh_mailbox_get_flow (MhMailbox *self)
{
  return &self->flow;
}

MhStream *
mh_mailbox_get_stream (MhMailbox *self)
{
  return self->stream;
}

/* ---- which of several mailboxes of a pipeline is the one ---- */

/* In order with everything else that is observed. Where it has only not been known
 * whether this is playback, it has led all along. */
static void
mailbox_lead (gpointer owner, gboolean leads, gboolean taken_over,
    gboolean alone, guint streams)
{
  MhObservation lead = MH_OBSERVATION_INIT (MH_OBSERVED_LEAD);

  lead.leads = leads;
  lead.taken_over = taken_over;
  lead.group = streams;
  if (leads && alone)
    mailbox_push_before_data (owner, &lead);
  else
    mh_mailbox_push (owner, &lead);
}

void
mh_mailbox_join (MhMailbox *self, GstElement *top, MhLeaderRank rank)
{
  mh_leader_join (self->member, top, rank);
}

void
mh_mailbox_leave (MhMailbox *self)
{
  mh_leader_leave (self->member);
}

void
mh_mailbox_set_open (MhMailbox *self, gboolean open, guint streams)
{
  if (self->open == open && self->streams == streams)
    return;
  self->open = open;
  self->streams = streams;
  mh_leader_set_open (self->member, open, streams);
}

MhMailbox *
mh_mailbox_dup_leader (MhMailbox *self)
{
  return mh_leader_dup (self->member, (gpointer (*) (gpointer)) mh_mailbox_ref);
}

/* ---- what comes back ---- */

MhNotifier *
mh_mailbox_get_notifier (MhMailbox *self)
{
  return self->notifier;
}

MhPlaybackState
mh_mailbox_get_playback_state (MhMailbox *self)
{
  return (MhPlaybackState) g_atomic_int_get (&self->playback_state);
}

guint64
mh_mailbox_get_inactive_time (MhMailbox *self)
{
  MH_AUTO_LOCK (&self->lock);

  return self->inactive_since == MH_TIME_NONE
      ? 0
      : (guint64) MAX (mh_clock_system_now () - self->inactive_since, 0) * 1000;
}
