/* mh-observer-track: what a thread asks of the worker and waits for: calls of
 * the application's, and that what was observed has been dealt with.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-observer-private.h"

/* At most this long the thread that posts EOS or an error waits for the worker
 * to put what follows from it on the bus first. */
#define LAST_NEWS_WAIT MH_TIME_FROM_MSEC (50)

/* A call of the application's on its way to the worker and back. */
typedef struct
{
  MhObserver *observer;
  MhCall *call; /* NULL: just to have been there */
  GError *error;
  gboolean accepted;
} Errand;

static void
errand_clear (gpointer data)
{
  Errand *errand = data;

  mh_observer_unref (errand->observer);
  mh_call_free (errand->call);
  g_clear_error (&errand->error);
}

static void
errand_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, errand_clear);
}

gboolean
mh_observer_make_call (
    MhObserver *self, const MhCall *call, MhTime at, GError **error)
{
  MhObservation observation = MH_OBSERVATION_INIT (MH_OBSERVED_CALL);
  g_autoptr (MhSettings) settings = mh_observer_dup_settings (self);
  g_auto (MhStreamInfo) info = { 0 };
  MhCall playhead;

  /* Since whoever calls has looked for it. */
  if (!mh_monitor_leads (self->monitor)) {
    g_set_error_literal (
        error, MH_ERROR, MH_ERROR_REFUSED, "another element has begun to lead");
    return FALSE;
  }
  if (mh_observer_state_is_said (self, call))
    return TRUE;
  if (call->type == MH_CALL_SESSION_START) {
    g_autoptr (MhConfig) config = mh_observer_make_config (self, settings);

    if (settings->privacy == MH_PRIVACY_OPT_OUT) {
      g_set_error_literal (
          error, MH_ERROR, MH_ERROR_REFUSED, "privacy is opt-out");
      return FALSE;
    }
    self->post_messages = settings->post_messages;
    if (!mh_tracker_is_open (self->tracker)) {
      mh_tracker_set_config (self->tracker, config);
      mh_observer_find_out (self, &info);
      call->media->remember = mh_settings_remembers (
          settings, call->media->stream_type, info.live);
    }
  }
  mh_monitor_playhead (self->monitor, at, &playhead);
  if (mh_tracker_is_open (self->tracker) || call->type == MH_CALL_SESSION_START)
    mh_tracker_call (self->tracker, &playhead, at, NULL);
  if (!mh_tracker_call (self->tracker, call, at, error))
    return FALSE;
  mh_cues_note (self->cues, call->type);
  mh_observer_note_state (self, call);
  if (call->type == MH_CALL_SESSION_START) {
    mh_observer_begin_cues (self, settings, info.duration);
    mh_observer_begin_states (self, settings, at);
  } else if (call->type == MH_CALL_COMPLETE ||
      call->type == MH_CALL_SESSION_END) {
    mh_cues_leave (self->cues);
    mh_states_leave (&self->states);
  }
  observation.at = at;
  observation.call = call->type;
  mh_monitor_observe (self->monitor, &observation);
  return TRUE;
}

static void
run_errand (gpointer data)
{
  Errand *errand = data;
  MhObserver *self = errand->observer;

  mh_observer_process (self);
  if (!self->worker || !errand->call)
    return;
  errand->accepted = mh_observer_make_call (
      self, errand->call, mh_clock_now (mh_clock_system ()), &errand->error);
  mh_observer_set_timer (self);
}

/* Returns: (transfer full) (nullable): the errand when it is done; NULL:
 * nothing is running, or the worker has not come to it in time. */
static Errand *
send_errand (MhObserver *self, MhCall *call, MhTime wait)
{
  Errand *errand = g_atomic_rc_box_new0 (Errand);
  MhWorker *worker = NULL;
  gboolean done = FALSE;

  errand->observer = mh_observer_ref (self);
  errand->call = call;
  g_mutex_lock (&self->lock);
  if (self->service)
    worker = mh_worker_ref (mh_service_get_worker (self->service));
  g_mutex_unlock (&self->lock);
  if (worker) {
    done = mh_worker_invoke_and_wait (worker, run_errand,
        g_atomic_rc_box_acquire (errand), errand_unref, wait);
    mh_worker_unref (worker);
  }
  if (!done)
    g_clear_pointer (&errand, errand_unref);
  return errand;
}

static gboolean
track (MhObserver *self, MhCall *call, GError **error)
{
  Errand *errand;
  gboolean accepted;

  g_mutex_lock (&self->lock);
  accepted = self->service != NULL;
  g_mutex_unlock (&self->lock);
  if (!accepted) {
    mh_call_free (call);
    g_set_error_literal (
        error, MH_ERROR, MH_ERROR_REFUSED, "the element is in the NULL state");
    return FALSE;
  }
  /* The worker waits for nothing but the pipeline's answer to a query. Where
   * that takes long, the call stands. */
  errand = send_errand (self, call, MH_TIME_FROM_SEC (1));
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
mh_observer_track (MhObserver *self, MhCall *call, GError **error)
{
  g_autoptr (MhObserver) leader = mh_observer_dup_leader (self);
  g_autoptr (MhSettings) settings = mh_observer_dup_settings (self);

  /* There is one player, whichever element its application calls. */
  if (leader && (leader != self || settings->leader != MH_LEAD_NO))
    return track (leader, call, error);
  mh_call_free (call);
  g_set_error_literal (error, MH_ERROR, MH_ERROR_REFUSED,
      "leader=no, and no other element of the pipeline leads");
  return FALSE;
}

void
mh_observer_settle (MhObserver *self, GstElement *element)
{
  Errand *errand = send_errand (self, NULL, LAST_NEWS_WAIT);

  g_clear_pointer (&errand, errand_unref);
  mh_outbox_drain (self->outbox, element);
}
