/* mh-observer: carries what an element sees to the worker, and what comes of
 * it back.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-observer-private.h"

#include "mh-installation.h"
#include "mh-structure.h"

GST_DEBUG_CATEGORY_EXTERN (gst_media_heartbeat_debug);
#define GST_CAT_DEFAULT gst_media_heartbeat_debug

/* An answer of the pipeline is taken for what was so when something was
 * observed only if it comes this soon after. */
#define POSITION_LATE MH_TIME_FROM_MSEC (100)
/* How far the clocks must be apart for it to be the machine's sleep. */
#define SLEEP MH_TIME_FROM_SEC (2)
/* How much is kept while nobody knows whether it is wanted. */
#define MAX_HELD 1000

MhObserver *
mh_observer_ref (MhObserver *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
mh_observer_free_observation (gpointer data)
{
  MhObservation *observation = data;

  g_free (observation->text);
  mh_mark_free (observation->mark);
  g_free (observation);
}

void
mh_observer_unref (MhObserver *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  mh_leader_member_free (self->member);
  mh_tracker_free (self->tracker);
  mh_monitor_free (self->monitor);
  mh_observer_clear_resume (self);
  mh_cues_free (self->cues);
  mh_controls_free (self->controls);
  mh_stream_free (self->stream);
  mh_outbox_unref (self->outbox);
  mh_settings_unref (self->settings);
  g_queue_clear_full (&self->queue, mh_observer_free_observation);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
mh_observer_unref_data (gpointer data)
{
  mh_observer_unref (data);
}

MhSettings *
mh_observer_dup_settings (MhObserver *self)
{
  MhSettings *settings;

  g_mutex_lock (&self->lock);
  settings = mh_settings_ref (self->settings);
  g_mutex_unlock (&self->lock);
  return settings;
}

static MhTime
now (void)
{
  return mh_clock_now (mh_clock_system ());
}

/* ---- what the tracker says ---- */

static void
on_hit (const MhHit *hit, gpointer user_data)
{
  MhObserver *self = user_data;

  GST_TRACE ("hit %s, session %u, playhead %f", mh_event_name (hit->event),
      hit->session, hit->playhead);
  if (self->post_messages)
    mh_outbox_put_structure (self->outbox, mh_structure_from_hit (hit));
}

static void
on_session_id (const char *id, gpointer user_data)
{
  MhObserver *self = user_data;

  mh_outbox_put_notify (self->outbox, "session-id");
}

static void
on_warning (const char *message, gpointer user_data)
{
  mh_observer_warn (user_data, message);
}

/* ---- what the monitor says ---- */

static void
on_call (const MhCall *call, MhTime at, gpointer user_data)
{
  MhObserver *self = user_data;
  g_autoptr (GError) error = NULL;

  mh_observer_cue_call (self, call->type, at);
  GST_DEBUG ("call %s", mh_call_name (call->type));
  /* Refused where the application has made calls of its own. */
  if (!mh_tracker_call (self->tracker, call, at, &error))
    GST_DEBUG ("%s is refused: %s", mh_call_name (call->type), error->message);
}

/* The installation's id is kept on the disk: that is for the worker to read,
 * and only where it is going to be sent. */
MhConfig *
mh_observer_make_config (MhObserver *self, const MhSettings *settings)
{
  MhConfig *config = mh_settings_dup_config (settings);
  g_autoptr (GError) error = NULL;

  if (!config->collection_server || config->app_installation_id)
    return config;
  config->app_installation_id = mh_installation_dup_id (
      config->state_dir, &error);
  if (error)
    mh_observer_warn (self, error->message);
  return config;
}

void
mh_observer_find_out (MhObserver *self, MhStreamInfo *info)
{
  mh_observer_ask_info (self, mh_monitor_get_group (self->monitor), info);
  mh_monitor_set_live (
      self->monitor, info->live, mh_clock_utc (mh_clock_system ()) - now ());
}

static void
on_start (MhTime at, gpointer user_data)
{
  MhObserver *self = user_data;
  g_autoptr (MhSettings) settings = mh_observer_dup_settings (self);
  g_autoptr (MhConfig) config = NULL;
  g_auto (MhStreamInfo) info = { 0 };
  g_auto (MhCall) start = { MH_CALL_SESSION_START };
  gboolean open = mh_tracker_is_open (self->tracker); /* by the application */
  MhCall playhead;

  mh_observer_find_out (self, &info);
  if (settings->privacy == MH_PRIVACY_OPT_OUT)
    return;
  config = mh_observer_make_config (self, settings);
  self->post_messages = settings->post_messages;
  mh_tracker_set_config (self->tracker, config);
  mh_observer_update_resume (self, settings);
  /* An item may start elsewhere than at 0: the first hit says where. */
  mh_monitor_playhead (self->monitor, at, &playhead);
  mh_tracker_call (self->tracker, &playhead, at, NULL);
  start.media = mh_settings_make_media (settings, &info);
  /* The application says it for one session, not for all that follow. */
  start.media->resumed &= settings->resumed_serial != self->resumed_serial;
  self->resumed_serial = settings->resumed_serial;
  mh_observer_begin_cues (self, settings, info.duration);
  on_call (&start, at, self);
  if (!open)
    mh_observer_begin_states (self, settings, at);
}

static void
on_state (MhPlaybackState state, gpointer user_data)
{
  MhObserver *self = user_data;

  if (g_atomic_int_get (&self->playback_state) == (int) state)
    return;
  g_atomic_int_set (&self->playback_state, (int) state);
  mh_outbox_put_notify (self->outbox, "playback-state");
}

/* ---- on the worker ---- */

static void
take_sample (MhObserver *self, gboolean look, MhSample *sample)
{
  guint64 buffers = __atomic_load_n (&self->flow.buffers, __ATOMIC_RELAXED);

  *sample = (MhSample) MH_SAMPLE_INIT;
  sample->buffers = buffers;
  sample->step = __atomic_load_n (&self->flow.step, __ATOMIC_RELAXED);
  look = look || mh_monitor_wants_position (self->monitor, buffers);
  sample->buffer_end = mh_stream_buffer_end (self->stream,
      __atomic_load_n (&self->flow.pts, __ATOMIC_RELAXED),
      __atomic_load_n (&self->flow.duration, __ATOMIC_RELAXED));
  mh_observer_ask_sample (
      self, look, mh_monitor_wants_percent (self->monitor), sample);
}

/* Gives an observation the position that was asked for after it, where that
 * is about the same moment and the same media. */
static void
add_position (MhObservation *observation, const MhSample *sample)
{
  switch (observation->type) {
    case MH_OBSERVED_STATE:
    case MH_OBSERVED_TOP_STATE:
    case MH_OBSERVED_BUFFERING:
    case MH_OBSERVED_EOS:
    case MH_OBSERVED_ERROR:
    case MH_OBSERVED_LEAD:
      if (observation->position < 0 &&
          sample->at - observation->at <= POSITION_LATE)
        observation->position = sample->position;
      break;
    default:
      break;
  }
}

/* Hits that are due, each with the playhead of its moment. */
static void
run_deadlines (MhObserver *self, MhTime until)
{
  MhTime deadline;

  until = MIN (until, mh_monitor_settled (self->monitor));
  while ((deadline = mh_tracker_next_deadline (self->tracker)) <= until) {
    MhCall playhead;
    /* Just before: a deadline comes before a call at the same moment. */
    MhTime before = MAX (deadline - 1, mh_tracker_get_now (self->tracker));

    mh_observer_run_cues (self, before);
    mh_monitor_playhead (self->monitor, before, &playhead);
    if (mh_tracker_is_open (self->tracker))
      mh_tracker_call (self->tracker, &playhead, before, NULL);
    mh_tracker_advance (self->tracker, deadline);
  }
  mh_observer_run_cues (self, until);
}

void
mh_observer_set_timer (MhObserver *self)
{
  MhTime session = mh_tracker_next_deadline (self->tracker);
  MhTime deadline = mh_monitor_next_deadline (self->monitor);

  /* While something is undecided the monitor's own deadline comes first. */
  if (session <= mh_monitor_settled (self->monitor))
    deadline = MIN (deadline, session);
  deadline = MIN (deadline, mh_observer_cue_timer (self));
  deadline = MIN (deadline, mh_observer_controls_timer (self));
  mh_worker_set_timer (self->worker, &self->timer, deadline);
  g_mutex_lock (&self->lock);
  self->inactive_since = mh_tracker_get_inactive_since (self->tracker);
  g_mutex_unlock (&self->lock);
}

/* While the machine sleeps, CLOCK_BOOTTIME runs on and the monotonic clock does
 * not. What is due for that time is due before anything that was seen since:
 * playback has stood still. Returns: whether it has slept. */
static gboolean
notice_sleep (MhObserver *self)
{
  MhTime at = now ();
  gint64 awake = g_get_monotonic_time ();
  gboolean slept = self->seen_at != MH_TIME_NONE &&
      (at - self->seen_at) - (awake - self->seen_awake) > SLEEP;

  if (slept) {
    GST_DEBUG ("the machine has slept");
    mh_monitor_sleep (self->monitor, self->seen_at);
    run_deadlines (self, at);
  }
  self->seen_at = at;
  self->seen_awake = awake;
  return slept;
}

/* What is tracked waits for the visitor's consent; one who opts out has nothing
 * tracked, and nothing sent any more, not even what waits. */
static void
obey_privacy (MhObserver *self, const MhSettings *settings)
{
  MhPrivacy privacy = settings->privacy;
  g_autoptr (MhConfig) visitor = NULL;

  /* None is missed, as soon as it may have been taken back. */
  if (settings->opt_outs != self->opt_outs)
    mh_tracker_forget_visitor (
        self->tracker, settings->config, "privacy=opt-out");
  if (privacy != self->privacy && privacy != MH_PRIVACY_OPT_OUT) {
    visitor = mh_settings_dup_config (settings);
    mh_tracker_set_consent (self->tracker, visitor);
  }
  self->opt_outs = settings->opt_outs;
  self->privacy = privacy;
}

/* Whether the media has jumped since then: what was answered before it is about
 * another place, or another item. */
static gboolean
has_jumped_since (const GQueue *queue, MhTime since)
{
  for (const GList *l = queue->tail; l; l = l->prev) {
    const MhObservation *observation = l->data;

    if (observation->at < since)
      return FALSE;
    switch (observation->type) {
      case MH_OBSERVED_FLUSH_START:
      case MH_OBSERVED_FLUSH_STOP:
      case MH_OBSERVED_SEGMENT:
      case MH_OBSERVED_STREAM_START:
        return TRUE;
      default:
        break;
    }
  }
  return FALSE;
}

static void
observe (MhObserver *self, GQueue *queue, const MhSample *sample)
{
  MhObservation *observation;

  while ((observation = g_queue_pop_head (queue))) {
    add_position (observation, sample);
    GST_LOG ("observed %s at %" G_GINT64_FORMAT
             ": state %s (to %s), target %s, percent %d, position "
             "%" G_GINT64_FORMAT,
        mh_observation_name (observation->type), observation->at,
        gst_element_state_get_name (observation->state),
        gst_element_state_get_name (observation->pending),
        gst_element_state_get_name (observation->target), observation->percent,
        observation->position);
    mh_observer_cue_observation (self, observation);
    mh_monitor_observe (self->monitor, observation);
    mh_observer_free_observation (observation);
  }
}

/* Sinks may tell of tags many times a second, and what a stream says of itself
 * is about what is to come: they are not worth a question. */
static gboolean
is_worth_a_look (const GQueue *queue)
{
  for (const GList *l = queue->head; l; l = l->next) {
    const MhObservation *observation = l->data;

    if (observation->type != MH_OBSERVED_BITRATE &&
        observation->type != MH_OBSERVED_FRAME_RATE &&
        observation->type != MH_OBSERVED_MARK)
      return TRUE;
  }
  return FALSE;
}

static void
process (MhObserver *self)
{
  g_autoptr (MhSettings) settings = mh_observer_dup_settings (self);
  MhSample sample;
  MhTime asked_at;
  GQueue queue;
  gboolean look;
  /* It fell asleep some time after it was last looked at. */
  gboolean slept = notice_sleep (self);

  mh_monitor_set_stall_threshold (
      self->monitor, MH_TIME_FROM_MSEC (settings->stall_threshold));
  obey_privacy (self, settings);
  g_mutex_lock (&self->lock);
  look = slept || is_worth_a_look (&self->queue);
  asked_at = now ();
  g_mutex_unlock (&self->lock);
  take_sample (self,
      look || mh_tracker_next_deadline (self->tracker) <= now () ||
          mh_observer_cue_deadline (self) <= now () ||
          mh_monitor_wants_look (self->monitor),
      &sample);
  /* An answer may take its time. What was observed meanwhile comes before the
   * sample: both are dated under the lock. */
  g_mutex_lock (&self->lock);
  queue = self->queue;
  g_queue_init (&self->queue);
  self->scheduled = FALSE;
  sample.at = now ();
  g_mutex_unlock (&self->lock);
  if (has_jumped_since (&queue, asked_at))
    sample.position = -1;
  mh_monitor_count_dropped (self->monitor,
      mh_stream_count_dropped (self->stream),
      __atomic_load_n (&self->flow.late, __ATOMIC_RELAXED));
  mh_observer_look_at_controls (self, sample.at);
  observe (self, &queue, &sample);
  mh_monitor_sample (self->monitor, &sample);
  run_deadlines (self, sample.at);
  mh_observer_update_resume (self, settings);
  mh_observer_set_timer (self);
}

void
mh_observer_process (gpointer data)
{
  MhObserver *self = data;

  /* Stopped in the meantime: what was observed since waits for the start. */
  if (self->worker)
    process (self);
}

static void
on_timer (MhTime at, gpointer user_data)
{
  process (user_data);
}

/* ---- making ---- */

MhObserver *
mh_observer_new (GstElement *element, gboolean own, GstPad *sinkpad)
{
  static const MhMonitorListener monitor_listener = { on_start, on_call,
    on_state };
  static const MhTrackerListener tracker_listener = { on_hit, on_session_id,
    on_warning };
  MhObserver *self = g_new0 (MhObserver, 1);

  g_atomic_ref_count_init (&self->refs);
  self->outbox = mh_outbox_new (element, own);
  self->stream = mh_stream_new (sinkpad);
  self->controls = mh_observer_new_controls (self);
  self->member = mh_observer_new_member (self);
  self->settings = mh_settings_new ();
  self->inactive_since = MH_TIME_NONE;
  self->resume_position = -1;
  self->seen_at = MH_TIME_NONE;
  self->looked_at = MH_TIME_NONE;
  self->monitor = mh_monitor_new (&monitor_listener, self);
  self->cues = mh_cues_new ();
  self->tracker = mh_tracker_new (mh_clock_system (), &tracker_listener, self);
  self->timer.due = on_timer;
  self->timer.user_data = self;
  self->flow.pts = GST_CLOCK_TIME_NONE;
  self->flow.duration = GST_CLOCK_TIME_NONE;
  g_mutex_init (&self->lock);
  g_queue_init (&self->queue);
  return self;
}

/* ---- from any thread ---- */

/* Under the lock. */
static void
schedule_locked (MhObserver *self)
{
  if (self->scheduled || !self->service)
    return;
  self->scheduled = TRUE;
  mh_worker_invoke (mh_service_get_worker (self->service), mh_observer_process,
      mh_observer_ref (self), mh_observer_unref_data);
}

void
mh_observer_set_settings (MhObserver *self, MhSettings *settings)
{
  g_mutex_lock (&self->lock);
  mh_settings_unref (self->settings);
  self->settings = mh_settings_ref (settings);
  schedule_locked (self); /* an opt-out counts at once */
  g_mutex_unlock (&self->lock);
}

MhFlow *
mh_observer_get_flow (MhObserver *self)
{
  return &self->flow;
}

MhStream *
mh_observer_get_stream (MhObserver *self)
{
  return self->stream;
}

void
mh_observer_set_quiet (MhObserver *self, gboolean quiet)
{
  g_atomic_int_set (&self->quiet, quiet);
}

void
mh_observer_push (MhObserver *self, const MhObservation *observation)
{
  MhObservation *copy = g_memdup2 (observation, sizeof *observation);

  copy->text = g_strdup (observation->text);
  g_mutex_lock (&self->lock);
  if (!self->service && (!self->hold || self->queue.length >= MAX_HELD)) {
    g_mutex_unlock (&self->lock);
    mh_observer_free_observation (copy);
    return;
  }
  copy->at = now ();
  g_queue_push_tail (&self->queue, copy);
  schedule_locked (self);
  g_mutex_unlock (&self->lock);
}

void
mh_observer_ring (MhObserver *self, gboolean moving)
{
  int rung = moving ? RUNG_MOVING : RUNG;

  if (g_atomic_int_get (&self->rung) >= rung)
    return;
  g_mutex_lock (&self->lock);
  if (g_atomic_int_get (&self->rung) == RUNG_NOT)
    self->rung_at = now ();
  if (g_atomic_int_get (&self->rung) < rung) {
    g_atomic_int_set (&self->rung, rung);
    schedule_locked (self);
  }
  g_mutex_unlock (&self->lock);
}

void
mh_observer_drain (MhObserver *self, GstElement *element)
{
  mh_outbox_drain (self->outbox, element);
}

void
mh_observer_warn (MhObserver *self, const char *text)
{
  GST_WARNING ("%s", text);
  mh_outbox_put_warning (self->outbox, text);
}

MhPlaybackState
mh_observer_get_playback_state (MhObserver *self)
{
  return (MhPlaybackState) g_atomic_int_get (&self->playback_state);
}

guint64
mh_observer_get_inactive_time (MhObserver *self)
{
  MhTime since;

  g_mutex_lock (&self->lock);
  since = self->inactive_since;
  g_mutex_unlock (&self->lock);
  return since == MH_TIME_NONE ? 0 : (guint64) MAX (now () - since, 0) * 1000;
}

void
mh_observer_get_stats (MhObserver *self, MhStats *stats)
{
  mh_tracker_get_stats (self->tracker, stats);
}
