/* mh-observer-cues: calls that are due because of where the media is.
 *
 * Each is made with the time and the playhead of the moment at which it was
 * due: between everything else, in order. All of it on the worker.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-observer-private.h"

GST_DEBUG_CATEGORY_EXTERN (gst_media_heartbeat_debug);
#define GST_CAT_DEFAULT gst_media_heartbeat_debug

/* A look at a pipeline that is about to get somewhere, but does not, is not
 * worth more. */
#define SOON MH_TIME_FROM_MSEC (10)

static void
tell (MhObserver *self, MhTime at)
{
  MhLine line = { .at = at };
  guint group = mh_monitor_where (self->monitor, at, &line.value, &line.rate);

  mh_cues_tell (self->cues, group, &line);
}

/* The session only: the monitor is at work itself. */
static gboolean
call_session (MhObserver *self, const MhCall *call, MhTime at, GError **error)
{
  MhCall playhead;

  mh_monitor_playhead (self->monitor, at, &playhead);
  if (mh_tracker_is_open (self->tracker))
    mh_tracker_call (self->tracker, &playhead, at, NULL);
  return mh_tracker_call (self->tracker, call, at, error);
}

/* What is left by a jump is left where it was. */
static void
call_left (MhObserver *self, const MhCue *cue)
{
  MhCall playhead = { MH_CALL_PLAYHEAD };

  playhead.playhead.value = cue->left;
  playhead.playhead.rate = 0;
  mh_tracker_call (self->tracker, &playhead, cue->at, NULL);
  mh_tracker_call (self->tracker, cue->call, cue->at, NULL);
  mh_monitor_playhead (self->monitor, cue->at, &playhead);
  mh_tracker_call (self->tracker, &playhead, cue->at, NULL);
}

static void
warn_refused (MhObserver *self, const MhCall *call, const GError *error)
{
  g_autofree char *message = g_strdup_printf ("%s of an event is refused: %s",
      mh_call_name (call->type), error->message);

  mh_observer_warn (self, message);
}

/* @nested: whether that is for the sake of a call of the monitor's. */
static void
make (MhObserver *self, const MhCue *cue, gboolean nested)
{
  g_autoptr (GError) error = NULL;
  gboolean accepted;

  if (cue->theirs && mh_observer_state_is_said (self, cue->call))
    return;
  if (!isnan (cue->left)) {
    call_left (self, cue);
    return;
  }
  if (!cue->theirs && cue->call->type == MH_CALL_AD_BREAK_START) {
    MhCall playhead;

    /* Of live media that is another time than the stream's. */
    mh_monitor_playhead (self->monitor, cue->at, &playhead);
    cue->call->ad_break->start_time = playhead.playhead.value;
  }
  accepted = nested || !cue->theirs
      ? call_session (self, cue->call, cue->at, &error)
      : mh_observer_make_call (self, cue->call, cue->at, &error);
  GST_DEBUG ("%s at its place: %s", mh_call_name (cue->call->type),
      accepted ? "made" : error->message);
  if (accepted && cue->theirs) {
    mh_cues_note (self->cues, cue->call->type);
    mh_observer_note_state (self, cue->call);
  } else if (cue->theirs)
    warn_refused (self, cue->call, error);
}

static void
run (MhObserver *self, MhTime until, gboolean nested)
{
  MhCue cue;

  while (mh_cues_pop (self->cues, until, &cue)) {
    mh_observer_run_states (self, cue.at);
    make (self, &cue, nested);
    mh_cue_clear (&cue);
  }
  mh_observer_run_states (self, until);
}

void
mh_observer_run_cues (MhObserver *self, MhTime until)
{
  if (!mh_monitor_leads (self->monitor))
    return;
  tell (self, until);
  run (self, until, FALSE);
}

static void
finish_item (MhObserver *self)
{
  MhCue cue;

  while (mh_cues_pop_rest (self->cues, &cue)) {
    make (self, &cue, TRUE);
    mh_cue_clear (&cue);
  }
}

void
mh_observer_cue_call (MhObserver *self, MhCallType type, MhTime at)
{
  mh_observer_run_states (self, at);
  switch (type) {
    case MH_CALL_PLAY:
      /* An ad that begins with what is played is no content before it. */
      tell (self, at);
      if (mh_cues_can_open (self->cues, at))
        run (self, at, TRUE);
      break;
    case MH_CALL_COMPLETE:
      tell (self, at);
      run (self, at, TRUE);
      finish_item (self);
      mh_cues_leave (self->cues);
      mh_states_leave (&self->states);
      break;
    case MH_CALL_SESSION_END:
      mh_cues_leave (self->cues);
      mh_states_leave (&self->states);
      break;
    default:
      break;
  }
}

static void
take_mark (MhObserver *self, MhObservation *observation)
{
  g_autoptr (GError) error = NULL;
  MhMark *mark = g_steal_pointer (&observation->mark);
  MhCallType type = mark->call ? mark->call->type : MH_CALL_ADVANCE;
  MhCue cue = MH_CUE_INIT;

  cue.call = mh_cues_take (self->cues, mark, &error);
  cue.at = observation->at;
  cue.theirs = TRUE;
  if (cue.call) {
    make (self, &cue, FALSE);
  } else if (error) {
    const MhCall call = { type };

    warn_refused (self, &call, error);
  }
  mh_cue_clear (&cue);
}

void
mh_observer_cue_observation (MhObserver *self, MhObservation *observation)
{
  mh_observer_run_cues (
      self, MIN (observation->at, mh_monitor_settled (self->monitor)));
  switch (observation->type) {
    case MH_OBSERVED_MARK:
      take_mark (self, observation);
      break;
    case MH_OBSERVED_FLUSH_START:
    case MH_OBSERVED_FLUSH_STOP:
      mh_cues_flush (self->cues);
      break;
    case MH_OBSERVED_STATE:
      /* Down and up again is another run, by now or from then on. */
      if (observation->state <= GST_STATE_READY)
        mh_cues_flush (self->cues);
      break;
    default:
      break;
  }
}

MhTime
mh_observer_cue_deadline (MhObserver *self)
{
  MhTime deadline = mh_cues_deadline (self->cues);

  if (deadline == MH_TIME_NEVER || !mh_monitor_leads (self->monitor) ||
      deadline > mh_monitor_settled (self->monitor))
    return MH_TIME_NEVER;
  return deadline;
}

MhTime
mh_observer_cue_timer (MhObserver *self)
{
  MhTime deadline = mh_observer_cue_deadline (self);

  return deadline == MH_TIME_NEVER ? deadline
                                   : MAX (deadline, self->seen_at + SOON);
}

void
mh_observer_begin_cues (
    MhObserver *self, const MhSettings *settings, double duration)
{
  mh_cues_begin (
      self->cues, settings->auto_chapters, settings->auto_ads, duration);
}

/* ---- from any thread ---- */

void
mh_observer_push_mark (MhObserver *self, MhMark *mark)
{
  MhObservation observation = MH_OBSERVATION_INIT (MH_OBSERVED_MARK);

  observation.mark = mark;
  mh_observer_push (self, &observation);
}

void
mh_observer_push_call (MhObserver *self, MhMark *mark)
{
  g_autoptr (MhObserver) leader = mh_observer_dup_leader (self);

  mh_observer_push_mark (leader ? leader : self, mark);
}
