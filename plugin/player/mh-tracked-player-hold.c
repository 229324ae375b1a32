/* mh-tracked-player-hold: a session that is to start, or to be resumed, and a ping
 * wait for the pipeline's answers, and everything that comes after them with them.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-tracked-player-private.h"

#include "mh-media-uri.h"

/* For how long at most. */
#define HOLD MH_TIME_FROM_SEC (1)
/* For how long where only the length is missing, and how often it is asked for. */
#define HOLD_FOR_LENGTH MH_TIME_FROM_SEC (3)
#define ASK_LENGTH MH_TIME_FROM_MSEC (100)

gboolean
mh_tracked_player_is_held (MhTrackedPlayer *self)
{
  return self->hold.what != 0;
}

/* Whether what is played is known but for its length. */
static gboolean
hold_is_for_length (MhTrackedPlayer *self)
{
  return self->hold.what == MH_ASK_INFO &&
      mh_tracked_player_is_informed (self, self->hold.since) &&
      !mh_tracked_player_knows_length (self);
}

MhTime
mh_tracked_player_hold_deadline (MhTrackedPlayer *self)
{
  MhTime end;

  if (!mh_tracked_player_is_held (self))
    return MH_TIME_NEVER;
  if (!hold_is_for_length (self))
    return mh_time_add (self->hold.since, HOLD);
  end = mh_time_add (self->hold.since, HOLD_FOR_LENGTH);
  return mh_tracked_player_is_asked (self, MH_ASK_INFO)
      ? end
      : MIN (end, mh_time_add (self->asked.info_at, ASK_LENGTH));
}

/* Whether an answer may still come that is worth it. */
static gboolean
hold_is_worth_it (MhTrackedPlayer *self, gboolean patient)
{
  MhTime most = hold_is_for_length (self) ? HOLD_FOR_LENGTH : HOLD;

  return patient && mh_tracked_player_can_ask (self) &&
      mh_clock_system_now () - self->hold.since < most;
}

/* What is to be known when a session starts; of the controls since @at. */
static void
hold_want_info (MhTrackedPlayer *self, MhTime at)
{
  g_autoptr (MhSettings) settings = mh_mailbox_dup_settings (self->mailbox);

  mh_tracked_player_want (self, MH_ASK_INFO);
  if (settings->auto_states &&
      !mh_tracked_player_is_asked (self, MH_ASK_CONTROLS))
    mh_tracked_player_want_controls (self, at);
}

/* A parser knows the length when it has seen enough: it is asked again. */
static void
hold_want_length (MhTrackedPlayer *self)
{
  if (mh_clock_system_now () - self->asked.info_at >= ASK_LENGTH)
    mh_tracked_player_want (self, MH_ASK_INFO);
}

/* Returns: whether there is something to wait for. */
static gboolean
hold_want (MhTrackedPlayer *self)
{
  if (hold_is_for_length (self))
    hold_want_length (self);
  else if (!mh_tracked_player_is_informed (self, self->hold.since))
    hold_want_info (self, self->hold.since);
  else
    return FALSE;
  return TRUE;
}

/* Whether the pipeline is still to say what is played, before a session that
 * is due starts, and anything else comes after it. An answer from before it was
 * due counts where the pipeline cannot be asked any more: other sinks may have
 * had nothing yet. */
static gboolean
hold_for_info (MhTrackedPlayer *self, gboolean patient)
{
  while (mh_monitor_wants_info (self->monitor)) {
    if (self->hold.what != MH_ASK_INFO)
      self->hold = (MhHold){ MH_ASK_INFO, mh_clock_system_now () };
    if (hold_is_worth_it (self, patient) && hold_want (self))
      return TRUE;
    mh_monitor_set_fed (
        self->monitor, mh_media_uri_is_fed (self->asked.info.uri));
    mh_monitor_inform (self->monitor);
    mh_tracked_player_carry_out (self);
  }
  return FALSE;
}

/* A hit is due that comes after what the controls have shown since. */
static gboolean
hold_is_due (MhTrackedPlayer *self)
{
  const MhAsked *asked = &self->asked;
  MhTime deadline = mh_tracker_next_deadline (self->tracker);
  MhTime since = asked->controls_at;

  if (asked->asks & MH_ASK_CONTROLS)
    since = MIN (since, asked->controls_asked_at);
  return since < deadline && deadline <= mh_clock_system_now ();
}

/* A session that is resumed begins with the states that are on. Where the
 * controls have rung while it was inactive, the next observation may be the one
 * that resumes it, and the answer tells of an earlier time. The same holds for a
 * ping. */
static gboolean
hold_for_controls (MhTrackedPlayer *self, gboolean patient)
{
  if (!mh_tracked_player_is_asked (self, MH_ASK_CONTROLS) ||
      (mh_tracker_get_inactive_since (self->tracker) == MH_TIME_NONE &&
          !hold_is_due (self)))
    return FALSE;
  self->hold = (MhHold){ MH_ASK_CONTROLS, self->asked.controls_since };
  return hold_is_worth_it (self, patient);
}

gboolean
mh_tracked_player_hold_start (MhTrackedPlayer *self, gboolean patient)
{
  if (hold_for_info (self, patient) || hold_for_controls (self, patient))
    return TRUE;
  self->hold.what = 0;
  return FALSE;
}

/* Of an item the pads tell while it passes, and no longer. They are asked when it comes:
 * when its data does, its source may be gone, as what is short waits in a queue of the
 * player as a whole. And again with the data: tags and length may be known only then. */
static void
hold_want_item (MhTrackedPlayer *self, MhTime at)
{
  gboolean first = !mh_tracker_is_open (self->tracker);

  if (!mh_monitor_leads (self->monitor) || !mh_tracked_player_can_ask (self))
    return;
  if (first && !mh_tracked_player_is_informed (self, MH_TIME_NONE))
    hold_want_info (self, at);
  if (first || mh_monitor_is_ahead (self->monitor))
    mh_tracked_player_want_info_again (self);
}

void
mh_tracked_player_prepare_info (
    MhTrackedPlayer *self, const MhObservation *observation)
{
  switch (observation->type) {
    case MH_OBSERVED_STATE:
      if (observation->state <= GST_STATE_READY ||
          !mh_tracked_player_can_ask (self))
        mh_tracked_player_forget_info (self);
      else if (!mh_tracker_is_open (self->tracker))
        mh_tracked_player_want (
            self, MH_ASK_URI); /* the player has only one item so far */
      break;
    case MH_OBSERVED_PAD_STREAM_START:
    case MH_OBSERVED_DATA:
      hold_want_item (self, observation->at);
      break;
    case MH_OBSERVED_DURATION:
      if (!mh_liveness_is_sure (&self->liveness) ||
          mh_tracker_is_open (self->tracker))
        mh_tracked_player_want (self, MH_ASK_INFO);
      break;
    case MH_OBSERVED_PAD_EOS:
    case MH_OBSERVED_SEGMENT_DONE:
      /* Demuxers that estimate the length know it now. */
      if (mh_tracked_player_can_ask (self))
        mh_tracked_player_want (self, MH_ASK_INFO);
      break;
    default:
      break;
  }
}
