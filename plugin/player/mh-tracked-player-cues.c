/* mh-tracked-player-cues: calls that are due because of where the media is.
 *
 * Each is made with the time and the playhead of the moment at which it was
 * due: between everything else, in order. All of it on the worker.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-tracked-player-private.h"

/* How long to wait at least between two looks at a pipeline that is about to come to
 * a cue, but does not. */
#define SOON MH_TIME_FROM_MSEC (10)

static void
player_tell_cues (MhTrackedPlayer *self, MhTime at)
{
  const MhMotion motion = { at, mh_place_stream_time (&self->place, at),
    self->place.rate };

  mh_cues_tell (self->cues, self->place.group, &motion);
}

/* A chapter or break that a jump has left ends where the media was before the
 * jump. */
static void
player_call_left (MhTrackedPlayer *self, const MhCue *cue)
{
  MhCall playhead = { MH_CALL_PLAYHEAD, .ours = TRUE };
  MhCall call = *cue->call;

  playhead.playhead.value = cue->left;
  playhead.playhead.rate = 0;
  call.ours = TRUE;
  mh_tracker_call (self->tracker, &playhead, cue->at, NULL);
  mh_tracker_call (self->tracker, &call, cue->at, NULL);
  mh_tracked_player_tell_place (self, cue->at);
}

static void
player_warn_refused (
    MhTrackedPlayer *self, const MhCall *call, const GError *error)
{
  g_autofree char *message = g_strdup_printf ("%s of an event is refused: %s",
      mh_call_name (call->type), error->message);

  mh_notifier_put_warning (self->notifier, message);
}

static void
player_make_cue (MhTrackedPlayer *self, const MhCue *cue)
{
  g_autoptr (GError) error = NULL;
  gboolean accepted;

  if (cue->theirs && mh_tracked_player_state_is_said (self, cue->call))
    return;
  if (!isnan (cue->left)) {
    player_call_left (self, cue);
    return;
  }
  if (!cue->theirs && cue->call->type == MH_CALL_AD_BREAK_START) {
    MhCall playhead;

    /* The playhead of live media is not the stream's time. */
    mh_place_playhead (&self->place, cue->at, &playhead);
    cue->call->ad_break->start_time = playhead.playhead.value;
  }
  accepted = cue->theirs
      ? mh_tracked_player_make_call (self, cue->call, cue->at, &error)
      : mh_tracked_player_call_by_itself (self, cue->call, cue->at, &error);
  GST_DEBUG ("%s at its place: %s", mh_call_name (cue->call->type),
      accepted ? "made" : error->message);
  if (!accepted && cue->theirs)
    player_warn_refused (self, cue->call, error);
}

/* Returns: whether one was due, and has been made. */
static gboolean
player_make_next_cue (MhTrackedPlayer *self, MhTime until)
{
  g_auto (MhCue) cue = MH_CUE_INIT;

  if (!mh_cues_pop (self->cues, until, &cue))
    return FALSE;
  mh_tracked_player_run_states (self, cue.at);
  player_make_cue (self, &cue);
  return TRUE;
}

void
mh_tracked_player_run_cues (MhTrackedPlayer *self, MhTime until)
{
  if (!mh_monitor_leads (self->monitor))
    return;
  player_tell_cues (self, until);
  while (player_make_next_cue (self, until))
    mh_tracked_player_carry_out (self);
  mh_tracked_player_run_states (self, until);
}

/* What is due before a decision: the monitor's next ones come after that. */
static void
player_run_cues_before (MhTrackedPlayer *self, MhTime at)
{
  while (player_make_next_cue (self, at))
    ;
  mh_tracked_player_run_states (self, at);
}

/* If the worker is late, the next observation may have been made long after the move. A
 * chapter or break that a jump has left must end at the place before the jump, and
 * not where the media would be by then. An element that follows by now led when the
 * monitor decided. */
void
mh_tracked_player_move (MhTrackedPlayer *self, const MhPlace *place, MhTime at)
{
  player_tell_cues (self, at);
  player_run_cues_before (self, at);
  self->place = *place;
  player_tell_cues (self, at);
}

static void
player_finish_item (MhTrackedPlayer *self)
{
  MhCue cue;

  while (mh_cues_pop_rest (self->cues, &cue)) {
    player_make_cue (self, &cue);
    mh_cue_clear (&cue);
  }
}

void
mh_tracked_player_leave_cues (MhTrackedPlayer *self)
{
  mh_cues_leave (self->cues);
  mh_player_states_begin (&self->states, FALSE);
}

void
mh_tracked_player_cue_call (MhTrackedPlayer *self, MhCallType type, MhTime at)
{
  mh_tracked_player_run_states (self, at);
  switch (type) {
    case MH_CALL_PLAY:
      /* An ad that begins with what is played is no content before it. */
      if (mh_cues_can_open (self->cues, at))
        player_run_cues_before (self, at);
      break;
    case MH_CALL_COMPLETE:
      player_run_cues_before (self, at);
      player_finish_item (self);
      mh_tracked_player_leave_cues (self);
      break;
    case MH_CALL_SESSION_END:
      mh_tracked_player_leave_cues (self);
      break;
    default:
      break;
  }
}

static void
player_take_mark (MhTrackedPlayer *self, MhObservation *observation)
{
  g_autoptr (GError) error = NULL;
  MhMark *mark = g_steal_pointer (&observation->mark);
  MhCallType type = mark->call ? mark->call->type : MH_CALL_ADVANCE;
  MhCue cue = MH_CUE_INIT;

  cue.call = mh_cues_take (self->cues, mark, &error);
  cue.at = observation->at;
  cue.theirs = TRUE;
  if (cue.call && mh_tracked_player_check_leads (self, &error)) {
    player_make_cue (self, &cue);
    mh_tracked_player_carry_out (self);
  } else if (error) {
    const MhCall call = { type };

    player_warn_refused (self, &call, error);
  }
  mh_cue_clear (&cue);
}

void
mh_tracked_player_cue_observation (
    MhTrackedPlayer *self, MhObservation *observation)
{
  mh_tracked_player_run_cues (
      self, MIN (observation->at, mh_monitor_settled (self->monitor)));
  switch (observation->type) {
    case MH_OBSERVED_MARK:
      player_take_mark (self, observation);
      break;
    case MH_OBSERVED_FLUSH_START:
    case MH_OBSERVED_FLUSH_STOP:
      mh_cues_flush (self->cues);
      break;
    case MH_OBSERVED_STATE:
      /* READY or NULL ends the run: what comes after it is another one. */
      if (observation->state <= GST_STATE_READY)
        mh_cues_flush (self->cues);
      break;
    default:
      break;
  }
}

MhTime
mh_tracked_player_cue_timer (MhTrackedPlayer *self)
{
  MhTime deadline = mh_cues_deadline (self->cues);

  if (deadline == MH_TIME_NEVER || !mh_monitor_leads (self->monitor) ||
      deadline > mh_monitor_settled (self->monitor))
    return MH_TIME_NEVER;
  return MAX (deadline, self->seen_at + SOON);
}
