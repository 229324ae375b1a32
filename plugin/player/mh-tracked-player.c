/* mh-tracked-player: makes calls of what was observed of one pipeline.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-tracked-player-private.h"

#include "mh-structure.h"

/* How far the clocks must be apart for it to be the machine's sleep. */
#define SLEEP MH_TIME_FROM_SEC (2)

/* ---- what the tracker says ---- */

static void
player_on_hit (const MhHit *hit, gpointer user_data)
{
  MhTrackedPlayer *self = user_data;

  GST_TRACE ("hit %s, session %u, playhead %f", mh_event_name (hit->event),
      hit->session, hit->playhead);
  if (self->post_messages)
    mh_notifier_put_structure (self->notifier, mh_structure_from_hit (hit));
}

static void
player_on_session_id (const char *id, gpointer user_data)
{
  MhTrackedPlayer *self = user_data;

  mh_notifier_put_notify (self->notifier, "session-id");
}

static void
player_on_warning (const char *message, gpointer user_data)
{
  MhTrackedPlayer *self = user_data;

  mh_notifier_put_warning (self->notifier, message);
}

/* ---- on the worker ---- */

/* Adds to @total what @counter has counted since it was read last. */
static guint64
player_widen (guint64 *total, const guint32 *counter)
{
  guint32 count = __atomic_load_n (counter, __ATOMIC_RELAXED);

  *total += (guint32) (count - (guint32) *total);
  return *total;
}

static void
player_take_sample (MhTrackedPlayer *self, MhTime at, MhSample *sample)
{
  *sample = (MhSample) MH_SAMPLE_INIT;
  sample->at = at;
  sample->buffers = player_widen (&self->buffers, &self->flow->buffers);
  sample->step = mh_atomic64_load (&self->flow->step, 0);
  sample->buffer_end = (gint64) mh_mailbox_get_end (self->mailbox);
  if (mh_mailbox_may_ask (self->mailbox))
    mh_stream_look (self->stream, sample, self->worker);
  mh_tracked_player_take_answer (self, sample);
}

/* Hits that are due, each with the playhead of its moment. */
static void
player_run_deadlines (MhTrackedPlayer *self, MhTime until)
{
  MhTime deadline;

  until = MIN (until, mh_monitor_settled (self->monitor));
  while ((deadline = mh_tracker_next_deadline (self->tracker)) <= until) {
    /* Just before: a deadline comes before a call at the same moment. */
    MhTime before = MAX (deadline - 1, mh_tracker_get_now (self->tracker));

    mh_tracked_player_run_cues (self, before);
    /* Else the session goes on from what it was told last. */
    if (mh_place_reaches (&self->place, before))
      mh_tracked_player_tell_place (self, before);
    mh_tracker_advance (self->tracker, deadline);
  }
  mh_tracked_player_run_cues (self, until);
}

/* Sets the timer to what is due next. While running. */
static void
player_set_timer (MhTrackedPlayer *self)
{
  MhTime session = mh_tracker_next_deadline (self->tracker);
  MhTime deadline = mh_monitor_next_deadline (self->monitor);

  if (mh_tracked_player_is_held (self)) {
    mh_worker_set_timer (
        self->worker, &self->timer, mh_tracked_player_hold_deadline (self));
    return;
  }
  /* While something is undecided the monitor's own deadline comes first. */
  if (session <= mh_monitor_settled (self->monitor))
    deadline = MIN (deadline, session);
  deadline = MIN (deadline, mh_liveness_deadline (&self->liveness));
  deadline = MIN (deadline, mh_tracked_player_cue_timer (self));
  deadline = MIN (deadline, mh_tracked_player_controls_timer (self));
  mh_worker_set_timer (self->worker, &self->timer, deadline);
  mh_mailbox_set_inactive_since (
      self->mailbox, mh_tracker_get_inactive_since (self->tracker));
}

/* While the machine sleeps, CLOCK_BOOTTIME runs on and the monotonic clock does
 * not. What is due for that time is due before anything that was seen since:
 * playback has stood still. */
static void
player_notice_sleep (MhTrackedPlayer *self)
{
  MhTime at = mh_clock_system_now ();
  gint64 awake = g_get_monotonic_time ();
  gboolean slept = self->seen_at != MH_TIME_NONE &&
      (at - self->seen_at) - (awake - self->seen_awake) > SLEEP;

  if (slept) {
    GST_DEBUG ("the machine has slept");
    mh_monitor_sleep (self->monitor, self->seen_at, at);
    mh_tracked_player_carry_out (self);
    player_run_deadlines (self, at);
  }
  self->seen_at = at;
  self->seen_awake = awake;
}

/* What is tracked waits for the visitor's consent; one who opts out has nothing
 * tracked, and nothing sent any more, not even what waits. */
static void
player_obey_privacy (MhTrackedPlayer *self, const MhSettings *settings)
{
  MhPrivacy privacy = settings->privacy;
  g_autoptr (MhConfig) visitor = NULL;

  /* None is missed, as soon as it may have been taken back. */
  if (settings->opt_outs != self->opt_outs) {
    GST_DEBUG ("nothing is tracked: privacy=opt-out");
    mh_tracker_forget_visitor (
        self->tracker, settings->config, "privacy=opt-out");
  }
  if (privacy != self->privacy && privacy != MH_PRIVACY_OPT_OUT) {
    visitor = mh_settings_dup_config (settings);
    mh_tracker_set_consent (self->tracker, visitor);
  }
  self->opt_outs = settings->opt_outs;
  self->privacy = privacy;
}

static void
player_log_observation (const MhObservation *observation)
{
  GST_LOG ("observed %s at %" G_GINT64_FORMAT
           ": state %s (to %s), target %s, percent %d",
      mh_observation_name (observation->type), observation->at,
      gst_element_state_get_name (observation->state),
      gst_element_state_get_name (observation->pending),
      gst_element_state_get_name (observation->target), observation->percent);
  if (observation->type == MH_OBSERVED_LEAD)
    GST_DEBUG (observation->leads
            ? "this element tracks what is played"
            : "nothing is tracked: leader=no, or another element leads");
}

/* A session that has been held starts with what was counted when it was due: the
 * frames that were dropped since are its own. */
static void
player_count_dropped (MhTrackedPlayer *self, gboolean patient)
{
  if (mh_tracked_player_hold_start (self, patient))
    return;
  mh_monitor_count_dropped (self->monitor,
      mh_stream_count_dropped (self->stream),
      player_widen (&self->late, &self->flow->late));
}

/* Returns: whether that was all. */
static gboolean
player_observe (MhTrackedPlayer *self, gboolean patient)
{
  MhObservation *observation;

  while (!mh_tracked_player_hold_start (self, patient)) {
    observation = g_queue_peek_head (&self->taken);
    if (!observation)
      return TRUE;
    mh_monitor_prepare (self->monitor, observation);
    if (mh_tracked_player_hold_start (self, patient))
      return FALSE;
    g_queue_pop_head (&self->taken);
    player_log_observation (observation);
    mh_tracked_player_cue_observation (self, observation);
    mh_monitor_observe (self->monitor, observation);
    mh_tracked_player_carry_out (self);
    mh_tracked_player_prepare_info (self, observation);
    mh_mailbox_free_observation (observation);
  }
  return FALSE;
}

static void
player_look (MhTrackedPlayer *self, MhSettings *settings, MhTime at)
{
  MhSample sample;

  player_take_sample (self, at, &sample);
  mh_monitor_sample (self->monitor, &sample);
  mh_tracked_player_carry_out (self);
  GST_TRACE ("position %" G_GINT64_FORMAT " at %" G_GINT64_FORMAT
             ", buffers to %" G_GINT64_FORMAT,
      sample.position, sample.position_at, sample.buffer_end);
  player_run_deadlines (self, at);
  mh_tracked_player_update_resume (self, settings);
}

void
mh_tracked_player_process (MhTrackedPlayer *self, gboolean patient)
{
  g_autoptr (MhSettings) settings = mh_mailbox_dup_settings (self->mailbox);
  gboolean held, open;
  MhTime at;

  if (!self->worker)
    return;
  /* The machine fell asleep some time after the player was last looked at. */
  player_notice_sleep (self);
  mh_tracked_player_review_clock (self);
  mh_monitor_set_stall_threshold (
      self->monitor, MH_TIME_FROM_MSEC (settings->stall_threshold));
  mh_monitor_set_media_id (self->monitor, settings->media_id);
  player_obey_privacy (self, settings);
  at = mh_mailbox_take (self->mailbox, &self->taken, &self->seen, &open);
  patient &= open; /* no answer comes once it is stopped */
  player_count_dropped (self, patient);
  mh_tracked_player_look_at_controls (self, at);
  held = !player_observe (self, patient);
  if (!held) {
    player_look (self, settings, at);
    held = mh_tracked_player_hold_start (self, patient);
  }
  mh_tracked_player_want_live (self, at);
  mh_tracked_player_ask (self, at);
  mh_mailbox_set_held (self->mailbox,
      held || mh_tracked_player_is_asked (self, MH_ASK_CONTROLS));
  player_set_timer (self);
}

static void
player_on_timer (MhTime at, gpointer user_data)
{
  mh_tracked_player_process (user_data, TRUE);
}

/* ---- the mailbox's reader ---- */

static void
reader_process (gpointer reader, gboolean patient)
{
  mh_tracked_player_process (reader, patient);
}

static gboolean
reader_call (gpointer reader, const MhCall *call, GError **error)
{
  MhTrackedPlayer *self = reader;
  gboolean accepted;

  if (!self->worker)
    return FALSE;
  /* The caller has looked for the element that leads, and it may have changed since. */
  accepted = mh_tracked_player_check_leads (self, error) &&
      mh_tracked_player_make_call (self, call, mh_clock_system_now (), error);
  mh_tracked_player_carry_out (self);
  player_set_timer (self);
  return accepted;
}

static void
reader_look_up_resume (gpointer reader)
{
  MhTrackedPlayer *self = reader;

  self->resume.known = FALSE;
  mh_tracked_player_process (self, TRUE);
}

static gboolean
reader_is_held (gpointer reader)
{
  return mh_tracked_player_is_held (reader);
}

static gboolean
reader_is_asking (gpointer reader)
{
  return mh_tracked_player_is_held (reader) ||
      mh_tracked_player_is_asked (reader, MH_ASK_CONTROLS);
}

static void
reader_free (gpointer reader)
{
  MhTrackedPlayer *self = reader;

  mh_tracker_free (self->tracker);
  mh_monitor_free (self->monitor);
  mh_tracked_player_clear_resume (self);
  mh_tracked_player_clear_asked (self);
  g_free (self->media_id);
  mh_cues_free (self->cues);
  g_queue_clear_full (&self->taken, mh_mailbox_free_observation);
  g_free (self);
}

static const MhMailboxReader mailbox_reader = {
  .process = reader_process,
  .call = reader_call,
  .answer = mh_tracked_player_answer,
  .look_up_resume = reader_look_up_resume,
  .is_held = reader_is_held,
  .is_asking = reader_is_asking,
  .free = reader_free,
};

static const MhTrackerListener tracker_listener = {
  .hit = player_on_hit,
  .session_id = player_on_session_id,
  .warning = player_on_warning,
};

MhTrackedPlayer *
mh_tracked_player_new (MhMailbox *mailbox)
{
  MhTrackedPlayer *self = g_new0 (MhTrackedPlayer, 1);

  self->mailbox = mailbox;
  self->stream = mh_mailbox_get_stream (mailbox);
  self->notifier = mh_mailbox_get_notifier (mailbox);
  self->flow = mh_mailbox_get_flow (mailbox);
  self->seen_at = MH_TIME_NONE;
  self->looked_at = MH_TIME_NONE;
  self->liveness = (MhLiveness) MH_LIVENESS_INIT;
  self->asked.at = MH_TIME_NONE;
  self->asked.info_at = MH_TIME_NONE;
  self->asked.sample = (MhSample) MH_SAMPLE_INIT;
  self->monitor = mh_monitor_new ();
  mh_monitor_get_place (self->monitor, &self->place);
  self->cues = mh_cues_new ();
  self->tracker = mh_tracker_new (mh_clock_system (), &tracker_listener, self);
  self->timer.due = player_on_timer;
  self->timer.user_data = self;
  g_queue_init (&self->taken);
  mh_mailbox_set_reader (mailbox, &mailbox_reader, self);
  return self;
}

/* ---- any thread ---- */

void
mh_tracked_player_get_stats (MhTrackedPlayer *self, MhStats *stats)
{
  mh_tracker_get_stats (self->tracker, stats);
}
