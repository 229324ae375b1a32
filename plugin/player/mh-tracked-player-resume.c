/* mh-tracked-player-resume: where the media was left the last time, for an
 * application that seeks there. Whether a session resumes an earlier one is decided in
 * src/session/mh-resume-detector.c.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-tracked-player-private.h"

static gboolean
player_knows_resume (
    MhTrackedPlayer *self, MhSettings *settings, const char *id)
{
  return self->resume.known && self->resume.settings == settings &&
      g_strcmp0 (self->resume.id, id) == 0;
}

static void
player_set_resume_known (
    MhTrackedPlayer *self, MhSettings *settings, const char *id)
{
  mh_settings_ref (settings);
  g_clear_pointer (&self->resume.settings, mh_settings_unref);
  self->resume.settings = settings;
  g_free (self->resume.id);
  self->resume.id = g_strdup (id);
  self->resume.known = TRUE;
}

/* Returns: whether it is known where the media comes from, as far as it will
 * be. */
static gboolean
player_find_uri (MhTrackedPlayer *self, MhStreamInfo *info)
{
  MhAsked *asked = &self->asked;

  if (asked->uri_known && asked->uri_changes == self->seen) {
    info->uri = g_strdup (asked->uri);
    return TRUE;
  }
  if (!mh_tracked_player_can_ask (self)) {
    info->uri = mh_stream_dup_uri (self->stream, FALSE);
    return TRUE;
  }
  mh_tracked_player_want (self, MH_ASK_URI);
  return FALSE;
}

void
mh_tracked_player_set_uri (MhTrackedPlayer *self, const char *uri)
{
  g_free (self->asked.uri);
  self->asked.uri = g_strdup (uri);
  self->asked.uri_known = TRUE;
  self->asked.uri_changes = self->seen;
}

/* Live media is not kept: it need not be known for what it is yet. */
static void
player_look_up_resume (
    MhTrackedPlayer *self, MhSettings *settings, const MhStreamInfo *info)
{
  g_autoptr (MhMedia) media = mh_settings_make_media (settings, info);
  double position = -1;

  if (player_knows_resume (self, settings, media->id))
    return;
  player_set_resume_known (self, settings, media->id);
  if (media->remember)
    position = mh_tracker_get_resume_position (
        self->tracker, settings->config, media->id);
  mh_mailbox_set_resume_position (self->mailbox, position);
}

/* While a session is open, the position stays the one that held when the session
 * began. */
void
mh_tracked_player_update_resume (MhTrackedPlayer *self, MhSettings *settings)
{
  g_auto (MhStreamInfo) info = { 0 };
  gboolean asked = FALSE;

  if (!settings->remember)
    mh_mailbox_set_resume_position (self->mailbox, -1);
  if (!settings->remember || mh_tracker_is_open (self->tracker))
    self->resume.known = FALSE;
  else if (!settings->media_id && !player_find_uri (self, &info))
    asked = TRUE;
  else
    player_look_up_resume (self, settings, &info);
  mh_mailbox_set_resume_asked (self->mailbox, asked);
}

void
mh_tracked_player_clear_resume (MhTrackedPlayer *self)
{
  g_clear_pointer (&self->resume.settings, mh_settings_unref);
  g_clear_pointer (&self->resume.id, g_free);
}
