/* mh-resume-detector: whether a session resumes where the same media was left.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-resume-detector.h"

#include <math.h>

#include "mh-log.h"

struct _MhResumeDetector
{
  MhHeldCallFunc pass;
  gpointer user_data;

  /* The playhead, also before there is a session. */
  double playhead;
  double rate;
  MhTime playhead_since;

  /* While calls wait. */
  MhHeldCalls held; /* the first is the sessionStart */
  double resume_at;
  gboolean sought; /* there was a seek: the playhead may be anywhere */
  gboolean plays; /* it was told to, last */
  gboolean waits; /* seeking, buffering */
  gboolean stalled;
  MhTime active_since; /* MH_TIME_NONE: it does not play at the moment */
  MhTime played; /* before that */
};

double
mh_resume_detector_resume_at (const MhPosition *position)
{
  return position && !position->complete &&
          position->playhead > MH_RESUME_DETECTOR_NEAR
      ? position->playhead
      : -1;
}

MhResumeDetector *
mh_resume_detector_new (MhHeldCallFunc pass, gpointer user_data)
{
  MhResumeDetector *self = g_new0 (MhResumeDetector, 1);

  self->pass = pass;
  self->user_data = user_data;
  self->held = (MhHeldCalls) MH_HELD_CALLS_INIT;
  return self;
}

void
mh_resume_detector_free (MhResumeDetector *self)
{
  if (!self)
    return;
  mh_resume_detector_discard (self);
  g_free (self);
}

void
mh_resume_detector_discard (MhResumeDetector *self)
{
  mh_held_calls_clear (&self->held);
}

gboolean
mh_resume_detector_is_holding (const MhResumeDetector *self)
{
  return mh_held_calls_are_on (&self->held);
}

MhTime
mh_resume_detector_get_now (const MhResumeDetector *self)
{
  return mh_held_calls_get_last_time (&self->held);
}

MhTime
mh_resume_detector_next_deadline (const MhResumeDetector *self)
{
  if (!mh_resume_detector_is_holding (self))
    return MH_TIME_NEVER;
  if (self->active_since == MH_TIME_NONE)
    return self->held.until;
  return MIN (self->held.until,
      mh_time_add (self->active_since, MH_RESUME_DETECTOR_PLAY - self->played));
}

/* ---- waiting ---- */

static gboolean
is_near (const MhResumeDetector *self, double resume_at, MhTime at)
{
  double playhead = self->playhead +
      self->rate * mh_time_seconds (at - self->playhead_since);

  return resume_at >= 0 &&
      fabs (playhead - resume_at) <= MH_RESUME_DETECTOR_NEAR;
}

static void
resume_detector_begin (
    MhResumeDetector *self, const MhCall *start, MhTime at, double resume_at)
{
  self->resume_at = resume_at;
  self->held.until = mh_time_add (at, MH_RESUME_DETECTOR_WAIT);
  self->sought = FALSE;
  self->plays = FALSE;
  self->waits = FALSE;
  self->stalled = FALSE;
  self->active_since = MH_TIME_NONE;
  self->played = 0;
  mh_held_calls_add (&self->held, start, at);
}

/* The media of the call has other owners. */
static void
mark_resumed (MhCall *start)
{
  MhMedia *media = mh_media_copy (start->media);

  media->resumed = TRUE;
  mh_media_unref (start->media);
  start->media = media;
}

static void
resume_detector_let_go (MhResumeDetector *self, gboolean resumed)
{
  mh_log (SESSION, DEBUG, NULL, "%s %.3f, where this media was left",
      resumed ? "resumed: it begins near"
              : "not resumed: it does not begin near",
      self->resume_at);
  if (resumed)
    mark_resumed (mh_held_calls_peek_first (&self->held));
  mh_held_calls_release (&self->held, self->pass, self->user_data);
}

/* Whether it plays, by the session's rules. */
static void
note_playing (MhResumeDetector *self, MhCallType type)
{
  switch (type) {
    case MH_CALL_PLAY:
      self->plays = TRUE;
      self->waits = FALSE;
      break;
    case MH_CALL_PAUSE:
      self->plays = FALSE;
      break;
    case MH_CALL_SEEK_START:
      self->sought = TRUE;
      self->waits = TRUE;
      break;
    case MH_CALL_BUFFER_START:
      self->waits = TRUE;
      break;
    case MH_CALL_SEEK_COMPLETE:
    case MH_CALL_BUFFER_COMPLETE:
      self->waits = FALSE;
      break;
    case MH_CALL_STALL_START:
    case MH_CALL_STALL_COMPLETE:
      self->stalled = type == MH_CALL_STALL_START;
      break;
    default:
      break;
  }
}

/* How long it has played. */
static void
count_playing (MhResumeDetector *self, MhTime at)
{
  gboolean active = self->plays && !self->waits && !self->stalled;

  if (active == (self->active_since != MH_TIME_NONE))
    return;
  if (!active)
    self->played += at - self->active_since;
  self->active_since = active ? at : MH_TIME_NONE;
}

/* What must not wait, or says by itself that this is no resume: an ad break comes
 * before the content. */
static gboolean
ends_wait (MhCallType type)
{
  switch (type) {
    case MH_CALL_SESSION_START:
    case MH_CALL_COMPLETE:
    case MH_CALL_SESSION_END:
    case MH_CALL_ERROR:
    case MH_CALL_AD_BREAK_START:
    case MH_CALL_EXPIRE:
      return TRUE;
    default:
      return FALSE;
  }
}

/* Returns: whether @call waits with the others. */
static gboolean
wait_on (MhResumeDetector *self, const MhCall *call, MhTime at)
{
  if (ends_wait (call->type)) {
    resume_detector_let_go (self, FALSE);
    return FALSE;
  }
  note_playing (self, call->type);
  count_playing (self, at);
  if (self->sought && is_near (self, self->resume_at, at)) {
    resume_detector_let_go (self, TRUE);
    return FALSE;
  }
  mh_held_calls_add (&self->held, call, at);
  return TRUE;
}

gboolean
mh_resume_detector_take (
    MhResumeDetector *self, const MhCall *call, MhTime at, double resume_at)
{
  mh_resume_detector_advance (self, at);
  if (call->type == MH_CALL_PLAYHEAD) {
    self->playhead = call->playhead.value;
    self->rate = call->playhead.rate;
    self->playhead_since = at;
  }
  if (mh_resume_detector_is_holding (self))
    return wait_on (self, call, at);
  if (call->type != MH_CALL_SESSION_START || resume_at < 0 ||
      call->media->resumed)
    return FALSE;
  resume_detector_begin (self, call, at, resume_at);
  if (is_near (self, resume_at, at))
    resume_detector_let_go (self, TRUE);
  return TRUE;
}

void
mh_resume_detector_advance (MhResumeDetector *self, MhTime now)
{
  if (now >= mh_resume_detector_next_deadline (self))
    resume_detector_let_go (self, FALSE);
}
