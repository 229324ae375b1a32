/* mh-tracked-player-carry-out: what the monitor has decided becomes calls of the
 * session.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-tracked-player-private.h"

#include "mh-installation.h"

/* The only place that tells the session a playhead, but for what a jump has left
 * behind. */
static void
player_tell_place (MhTrackedPlayer *self, MhTime at)
{
  MhCall playhead;

  mh_place_playhead (&self->place, at, &playhead);
  /* A source that repeats itself may go on and on. */
  if (!self->place.playhead.live && self->told_length > 0 &&
      playhead.playhead.value >= self->told_length) {
    playhead.playhead.value = self->told_length;
    playhead.playhead.rate = 0;
  }
  mh_tracker_call (self->tracker, &playhead, at, NULL);
}

void
mh_tracked_player_tell_place (MhTrackedPlayer *self, MhTime at)
{
  if (mh_tracker_is_open (self->tracker))
    player_tell_place (self, at);
}

gboolean
mh_tracked_player_call (
    MhTrackedPlayer *self, const MhCall *call, MhTime at, GError **error)
{
  /* An item may start elsewhere than at 0: the first hit says where. */
  if (mh_tracker_is_open (self->tracker) || call->type == MH_CALL_SESSION_START)
    player_tell_place (self, at);
  return mh_tracker_call (self->tracker, call, at, error);
}

gboolean
mh_tracked_player_call_by_itself (
    MhTrackedPlayer *self, const MhCall *call, MhTime at, GError **error)
{
  MhCall ours = *call;

  ours.ours = TRUE;
  return mh_tracked_player_call (self, &ours, at, error);
}

static void
player_carry_out_call (MhTrackedPlayer *self, const MhCall *call, MhTime at)
{
  g_autoptr (GError) error = NULL;

  mh_tracked_player_cue_call (self, call->type, at);
  if (call->type == MH_CALL_PLAYHEAD) {
    mh_tracked_player_tell_place (self, at);
    return;
  }
  GST_DEBUG ("call %s", mh_call_name (call->type));
  /* Refused where the application has made calls of its own. */
  if (!mh_tracked_player_call_by_itself (self, call, at, &error))
    GST_DEBUG ("%s is refused: %s", mh_call_name (call->type), error->message);
}

/* mh_settings_check() has told it. */
static void
player_note_destination (MhTrackedPlayer *self, const MhSettings *settings)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *message = NULL;

  if (mh_config_check_destination (settings->config, &error))
    return;
  message = g_strdup_printf ("%s; nothing is sent", error->message);
  mh_tracker_note_error (self->tracker, message);
}

/* The installation's id is kept on the disk: that is for the worker to read,
 * and only where it is going to be sent. */
MhConfig *
mh_tracked_player_make_config (
    MhTrackedPlayer *self, const MhSettings *settings)
{
  MhConfig *config = mh_settings_dup_config (settings);
  g_autoptr (GError) error = NULL;

  player_note_destination (self, settings);
  if (!config->collection_server || config->app_installation_id)
    return config;
  config->app_installation_id = mh_installation_dup_id (
      config->state_dir, &error);
  if (error)
    mh_notifier_put_warning (self->notifier, error->message);
  return config;
}

/* Whether a session for @media is the one before, which goes on. */
static gboolean
player_goes_on (MhTrackedPlayer *self, const MhMedia *media, MhResume resume)
{
  gboolean same = g_strcmp0 (self->media_id, media->id) == 0;

  g_free (self->media_id);
  self->media_id = g_strdup (media->id);
  return resume == MH_RESUME_YES || (resume == MH_RESUME_SAME && same);
}

static void
player_carry_out_start (MhTrackedPlayer *self, MhTime at, MhResume resume)
{
  g_autoptr (MhSettings) settings = mh_mailbox_dup_settings (self->mailbox);
  g_autoptr (MhConfig) config = NULL;
  g_auto (MhStreamInfo) info = { 0 };
  g_auto (MhCall) start = { MH_CALL_SESSION_START };
  gboolean open = mh_tracker_is_open (self->tracker); /* by the application */

  mh_tracked_player_find_out (
      self, settings->content_type, settings->media_length, &info);
  if (settings->privacy == MH_PRIVACY_OPT_OUT)
    return;
  config = mh_tracked_player_make_config (self, settings);
  self->post_messages = settings->post_messages;
  mh_tracker_set_config (self->tracker, config);
  mh_tracked_player_set_uri (self, info.uri);
  mh_tracked_player_update_resume (self, settings);
  start.media = mh_settings_make_media (settings, &info);
  /* The application says it for one session, not for all that follow. */
  start.media->resumed &= settings->resumed_serial != self->resumed_serial;
  start.media->resumed |= player_goes_on (self, start.media, resume);
  self->resumed_serial = settings->resumed_serial;
  mh_cues_begin (
      self->cues, settings->auto_chapters, settings->auto_ads, info.duration);
  player_carry_out_call (self, &start, at);
  if (!open)
    mh_tracked_player_begin_states (self, settings, at);
}

static void
player_carry_out_decision (MhTrackedPlayer *self, const MhDecision *decision)
{
  switch (decision->type) {
    case MH_DECISION_START:
      player_carry_out_start (self, decision->at, decision->resume);
      break;
    case MH_DECISION_CALL:
      player_carry_out_call (self, decision->call, decision->at);
      break;
    case MH_DECISION_STATE:
      mh_mailbox_set_playback_state (self->mailbox, decision->state);
      break;
  }
}

void
mh_tracked_player_carry_out (MhTrackedPlayer *self)
{
  MhDecision *decision;

  while ((decision = mh_monitor_take (self->monitor))) {
    if (decision->type == MH_DECISION_CALL)
      mh_tracked_player_move (self, &decision->place, decision->at);
    else
      self->place = decision->place;
    player_carry_out_decision (self, decision);
    mh_decision_free (decision);
  }
  mh_monitor_get_place (self->monitor, &self->place);
  mh_mailbox_set_open (
      self->mailbox, mh_monitor_is_open (self->monitor), self->place.group);
}
