/* mh-mailbox: what passes between the threads of a pipeline and the worker.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-mailbox-private.h"

GST_DEBUG_CATEGORY_EXTERN (gst_media_heartbeat_debug);
#define GST_CAT_DEFAULT gst_media_heartbeat_debug

/* ---- making ---- */

static void mailbox_ring (gpointer owner, gboolean moving);

MhMailbox *
mh_mailbox_new (GstElement *element, gboolean own, GstPad *sinkpad)
{
  static const MhControlsOwner owner = {
    .ref = mh_mailbox_ref_data,
    .unref = mh_mailbox_unref_data,
    .changed = mailbox_ring,
  };
  MhMailbox *self = g_new0 (MhMailbox, 1);

  g_atomic_ref_count_init (&self->refs);
  self->notifier = mh_notifier_new (element, own);
  self->stream = mh_stream_new (sinkpad);
  self->controls = mh_controls_new (&owner, self);
  self->member = mh_mailbox_new_member (self);
  self->settings = mh_settings_new ();
  self->inactive_since = MH_TIME_NONE;
  self->resume_position = -1;
  mh_wide_store (&self->flow.pts, GST_CLOCK_TIME_NONE);
  mh_wide_store (&self->flow.duration, GST_CLOCK_TIME_NONE);
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

gpointer
mh_mailbox_ref_data (gpointer data)
{
  return mh_mailbox_ref (data);
}

void
mh_mailbox_unref_data (gpointer data)
{
  mh_mailbox_unref (data);
}

/* ---- what is put in ---- */

gint64
mh_mailbox_get_end (MhMailbox *self)
{
  return mh_stream_buffer_end (self->stream,
      mh_wide_load (&self->flow.pts, GST_CLOCK_TIME_NONE),
      mh_wide_load (&self->flow.duration, GST_CLOCK_TIME_NONE));
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
      mh_mailbox_unref_data);
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
  gint64 end = takes_playhead (copy->type) ? mh_mailbox_get_end (self) : -1;

  copy->text = g_strdup (observation->text);
  copy->heard = mh_stream_is_heard (self->stream);
  if (end >= 0)
    copy->end = (GstClockTime) end;
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

void
mh_mailbox_push_before_data (MhMailbox *self, const MhObservation *observation)
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

  observation.mark = mark;
  mh_mailbox_push (self, &observation);
}

void
mh_mailbox_push_call (MhMailbox *self, MhMark *mark)
{
  g_autoptr (MhMailbox) leader = mh_mailbox_dup_leader (self);

  mh_mailbox_push_mark (leader ? leader : self, mark);
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

/* ---- what comes back ---- */

void
mh_mailbox_drain (MhMailbox *self, GstElement *element)
{
  mh_notifier_drain (self->notifier, element);
}

void
mh_mailbox_warn (MhMailbox *self, const char *text)
{
  if (!mh_notifier_put_warning (self->notifier, text))
    GST_WARNING ("%s", text);
}

MhPlaybackState
mh_mailbox_get_playback_state (MhMailbox *self)
{
  return (MhPlaybackState) g_atomic_int_get (&self->playback_state);
}

guint64
mh_mailbox_get_inactive_time (MhMailbox *self)
{
  MhTime since;

  g_mutex_lock (&self->lock);
  since = self->inactive_since;
  g_mutex_unlock (&self->lock);
  return since == MH_TIME_NONE
      ? 0
      : (guint64) MAX (mh_clock_system_now () - since, 0) * 1000;
}
