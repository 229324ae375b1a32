/* mh-session-phase: how far the session of the item that plays is.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-session-phase.h"

void
mh_phase_clear (MhPhase *self)
{
  g_clear_pointer (&self->media_id, g_free);
  g_clear_pointer (&self->open_id, g_free);
}

/* ---- the session ---- */

void
mh_phase_begin_item (MhPhase *self)
{
  self->state = MH_PHASE_NONE;
}

void
mh_phase_want (MhPhase *self)
{
  self->state = MH_PHASE_WANTED;
}

void
mh_phase_withdraw (MhPhase *self)
{
  if (mh_phase_is_wanted (self))
    self->state = MH_PHASE_NONE;
}

gboolean
mh_phase_ask (MhPhase *self)
{
  if (self->state == MH_PHASE_WANTED && self->leads)
    self->state = MH_PHASE_ASKING;
  return self->state == MH_PHASE_ASKING;
}

void
mh_phase_inform (MhPhase *self)
{
  if (mh_phase_is_wanted (self))
    self->state = MH_PHASE_INFORMED;
}

gboolean
mh_phase_start (MhPhase *self)
{
  if (!mh_phase_is_wanted (self))
    return FALSE;
  mh_phase_adopt (self);
  return TRUE;
}

void
mh_phase_adopt (MhPhase *self)
{
  mh_phase_keep (self);
  g_free (self->open_id);
  self->open_id = g_strdup (self->media_id);
}

void
mh_phase_keep (MhPhase *self)
{
  self->state = MH_PHASE_PLAYING;
}

void
mh_phase_end (MhPhase *self)
{
  self->state = MH_PHASE_OVER;
}

/* ---- what an open session is told ---- */

gboolean
mh_phase_call (MhPhase *self, MhTime at)
{
  if (!mh_phase_is_open (self) || !self->leads)
    return FALSE;
  self->called_at = MAX (self->called_at, at);
  return TRUE;
}

void
mh_phase_play (MhPhase *self)
{
  if (mh_phase_is_open (self))
    self->state = MH_PHASE_PLAYING;
}

void
mh_phase_pause (MhPhase *self)
{
  if (mh_phase_is_open (self))
    self->state = MH_PHASE_PAUSED;
}

gboolean
mh_phase_begin_seek (MhPhase *self)
{
  switch (self->state) {
    case MH_PHASE_PLAYING:
      self->state = MH_PHASE_SEEKING;
      return TRUE;
    case MH_PHASE_PAUSED:
      self->state = MH_PHASE_PAUSED_SEEKING;
      return TRUE;
    default:
      return FALSE;
  }
}

gboolean
mh_phase_pause_seek (MhPhase *self)
{
  if (self->state != MH_PHASE_PAUSED_SEEKING)
    return FALSE;
  self->state = MH_PHASE_PAUSED;
  return TRUE;
}

/* ---- who leads, and what is played ---- */

gboolean
mh_phase_lead (MhPhase *self, gboolean taken_over)
{
  gboolean anew = mh_phase_is_open (self) ||
      (mh_phase_is_wanted (self) && taken_over);

  self->leads = TRUE;
  if (anew)
    self->state = MH_PHASE_NONE;
  return anew;
}

void
mh_phase_follow (MhPhase *self)
{
  self->leads = FALSE;
  if (self->state == MH_PHASE_ASKING)
    self->state = MH_PHASE_WANTED;
}

void
mh_phase_name_media (MhPhase *self, const char *id)
{
  if (g_strcmp0 (self->media_id, id) == 0)
    return;
  g_free (self->media_id);
  self->media_id = g_strdup (id);
}

/* ---- questions ---- */

gboolean
mh_phase_is_wanted (const MhPhase *self)
{
  return self->state >= MH_PHASE_WANTED && self->state <= MH_PHASE_INFORMED;
}

gboolean
mh_phase_is_open (const MhPhase *self)
{
  return self->state >= MH_PHASE_PLAYING &&
      self->state <= MH_PHASE_PAUSED_SEEKING;
}

gboolean
mh_phase_is_tracked (const MhPhase *self)
{
  return mh_phase_is_wanted (self) || mh_phase_is_open (self);
}

gboolean
mh_phase_has_begun (const MhPhase *self)
{
  return self->state >= MH_PHASE_PLAYING;
}

gboolean
mh_phase_is_same_media (const MhPhase *self)
{
  return mh_phase_is_open (self) && self->media_id &&
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
mh_continuation_get (const MhContinuation *self, const MhStreams *streams)
{
  if (self->group != 0 && mh_streams_is_other (streams, self->group))
    return MH_RESUME_NO;
  return self->resume;
}
