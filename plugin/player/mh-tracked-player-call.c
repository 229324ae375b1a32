/* mh-tracked-player-call: calls that are not the monitor's.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-tracked-player-private.h"

#include "mh-error.h"

static gboolean
player_refuse (const char *reason, GError **error)
{
  g_set_error_literal (error, MH_ERROR, MH_ERROR_REFUSED, reason);
  return FALSE;
}

gboolean
mh_tracked_player_check_leads (MhTrackedPlayer *self, GError **error)
{
  return mh_monitor_leads (self->monitor) ||
      player_refuse ("another element has begun to lead", error);
}

/* Before a session that the application starts; fills in what is played.
 * Returns: whether it may. */
static gboolean
player_prepare_session (MhTrackedPlayer *self, const MhCall *call,
    const MhSettings *settings, MhStreamInfo *info, GError **error)
{
  g_autoptr (MhConfig) config = mh_tracked_player_make_config (self, settings);

  if (settings->privacy == MH_PRIVACY_OPT_OUT)
    return player_refuse ("privacy is opt-out", error);
  self->post_messages = settings->post_messages;
  if (mh_tracker_is_open (self->tracker))
    return TRUE;
  mh_tracker_set_config (self->tracker, config);
  mh_tracked_player_find_out (
      self, call->media->stream_type, call->media->length, info);
  call->media->remember = mh_settings_remembers (
      settings, call->media->stream_type, info->live);
  return TRUE;
}

/* What has come due at the end of an item is no call in the next one. */
static void
player_tell_monitor (MhTrackedPlayer *self, MhCallType type, MhTime at)
{
  MhObservation observation = MH_OBSERVATION_INIT (MH_OBSERVED_CALL);
  MhPlace place;

  mh_monitor_get_place (self->monitor, &place);
  if (place.item != self->place.item)
    return;
  observation.at = at;
  observation.call = type;
  mh_monitor_observe (self->monitor, &observation);
}

gboolean
mh_tracked_player_make_call (
    MhTrackedPlayer *self, const MhCall *call, MhTime at, GError **error)
{
  g_autoptr (MhSettings) settings = mh_mailbox_dup_settings (self->mailbox);
  g_auto (MhStreamInfo) info = { 0 };

  if (mh_tracked_player_state_is_said (self, call))
    return TRUE;
  if (call->type == MH_CALL_SESSION_START &&
      !player_prepare_session (self, call, settings, &info, error))
    return FALSE;
  if (!mh_tracked_player_call (self, call, at, error))
    return FALSE;
  mh_cues_note (self->cues, call->type);
  mh_tracked_player_note_state (self, call);
  if (call->type == MH_CALL_SESSION_START) {
    mh_cues_begin (
        self->cues, settings->auto_chapters, settings->auto_ads, info.duration);
    mh_tracked_player_begin_states (self, settings, at);
  } else if (call->type == MH_CALL_COMPLETE ||
      call->type == MH_CALL_SESSION_END) {
    mh_tracked_player_leave_cues (self);
  }
  player_tell_monitor (self, call->type, at);
  return TRUE;
}
