/* mh-session-phase: how far the session of the item that plays is.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-session-phase.h"

void
mh_session_phase_clear (MhSessionPhase *self)
{
  g_clear_pointer (&self->media_id, g_free);
  g_clear_pointer (&self->open_id, g_free);
}

/* ---- the session ---- */

void
mh_session_phase_begin_item (MhSessionPhase *self)
{
  self->state = MH_SESSION_PHASE_NONE;
}

void
mh_session_phase_want (MhSessionPhase *self)
{
  self->state = MH_SESSION_PHASE_WANTED;
}

void
mh_session_phase_withdraw (MhSessionPhase *self)
{
  if (mh_session_phase_is_wanted (self))
    self->state = MH_SESSION_PHASE_NONE;
}

gboolean
mh_session_phase_ask (MhSessionPhase *self)
{
  if (self->state == MH_SESSION_PHASE_WANTED && self->leads)
    self->state = MH_SESSION_PHASE_ASKING;
  return self->state == MH_SESSION_PHASE_ASKING;
}

void
mh_session_phase_inform (MhSessionPhase *self)
{
  if (mh_session_phase_is_wanted (self))
    self->state = MH_SESSION_PHASE_INFORMED;
}

gboolean
mh_session_phase_start (MhSessionPhase *self)
{
  if (!mh_session_phase_is_wanted (self))
    return FALSE;
  mh_session_phase_adopt (self);
  return TRUE;
}

void
mh_session_phase_adopt (MhSessionPhase *self)
{
  mh_session_phase_keep (self);
  g_free (self->open_id);
  self->open_id = g_strdup (self->media_id);
}

void
mh_session_phase_keep (MhSessionPhase *self)
{
  self->state = MH_SESSION_PHASE_PLAYING;
}

void
mh_session_phase_end (MhSessionPhase *self)
{
  self->state = MH_SESSION_PHASE_OVER;
}

/* ---- what an open session is told ---- */

gboolean
mh_session_phase_call (MhSessionPhase *self, MhTime at)
{
  if (!mh_session_phase_is_open (self) || !self->leads)
    return FALSE;
  self->called_at = MAX (self->called_at, at);
  return TRUE;
}

void
mh_session_phase_play (MhSessionPhase *self)
{
  if (mh_session_phase_is_open (self))
    self->state = MH_SESSION_PHASE_PLAYING;
}

void
mh_session_phase_pause (MhSessionPhase *self)
{
  if (mh_session_phase_is_open (self))
    self->state = MH_SESSION_PHASE_PAUSED;
}

gboolean
mh_session_phase_begin_seek (MhSessionPhase *self)
{
  switch (self->state) {
    case MH_SESSION_PHASE_PLAYING:
      self->state = MH_SESSION_PHASE_SEEKING;
      return TRUE;
    case MH_SESSION_PHASE_PAUSED:
      self->state = MH_SESSION_PHASE_PAUSED_SEEKING;
      return TRUE;
    default:
      return FALSE;
  }
}

gboolean
mh_session_phase_pause_seek (MhSessionPhase *self)
{
  if (self->state != MH_SESSION_PHASE_PAUSED_SEEKING)
    return FALSE;
  self->state = MH_SESSION_PHASE_PAUSED;
  return TRUE;
}

/* ---- who leads, and what is played ---- */

gboolean
mh_session_phase_lead (MhSessionPhase *self, gboolean taken_over)
{
  gboolean anew = mh_session_phase_is_open (self) ||
      (mh_session_phase_is_wanted (self) && taken_over);

  self->leads = TRUE;
  if (anew)
    self->state = MH_SESSION_PHASE_NONE;
  return anew;
}

void
mh_session_phase_follow (MhSessionPhase *self)
{
  self->leads = FALSE;
  if (self->state == MH_SESSION_PHASE_ASKING)
    self->state = MH_SESSION_PHASE_WANTED;
}

void
mh_session_phase_name_media (MhSessionPhase *self, const char *id)
{
  if (g_strcmp0 (self->media_id, id) == 0)
    return;
  g_free (self->media_id);
  self->media_id = g_strdup (id);
}

/* ---- questions ---- */

gboolean
mh_session_phase_is_wanted (const MhSessionPhase *self)
{
  return self->state >= MH_SESSION_PHASE_WANTED &&
      self->state <= MH_SESSION_PHASE_INFORMED;
}

gboolean
mh_session_phase_is_open (const MhSessionPhase *self)
{
  return self->state >= MH_SESSION_PHASE_PLAYING &&
      self->state <= MH_SESSION_PHASE_PAUSED_SEEKING;
}

gboolean
mh_session_phase_is_tracked (const MhSessionPhase *self)
{
  return mh_session_phase_is_wanted (self) || mh_session_phase_is_open (self);
}

gboolean
mh_session_phase_has_begun (const MhSessionPhase *self)
{
  return self->state >= MH_SESSION_PHASE_PLAYING;
}

gboolean
mh_session_phase_is_same_media (const MhSessionPhase *self)
{
  return mh_session_phase_is_open (self) && self->media_id &&
      g_strcmp0 (self->media_id, self->open_id) == 0;
}

/* ---- the session before ---- */

void
mh_continuation_end (MhContinuation *self)
{
  self->resume = MH_RESUME_NO;
}

void
mh_continuation_break_off (MhContinuation *self, guint group)
{
  self->resume = MH_RESUME_SAME;
  self->group = group;
}

void
mh_continuation_take_over (MhContinuation *self, guint group)
{
  self->resume = MH_RESUME_YES;
  self->group = group;
}

MhResume
mh_continuation_get (const MhContinuation *self, const MhStreamGroups *streams)
{
  if (self->group != 0 && mh_stream_groups_is_other (streams, self->group))
    return MH_RESUME_NO;
  return self->resume;
}
