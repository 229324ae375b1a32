/* mh-remember: whether a session resumes where the same media was left.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-remember.h"

#include <math.h>

/* A call that waits. */
typedef struct
{
  MhCall *call;
  MhTime at;
} HeldCall;

struct _MhRemember
{
  MhRememberFunc pass;
  gpointer user_data;

  /* The playhead, also before there is a session. */
  double playhead;
  double rate;
  MhTime playhead_since;

  /* While calls wait. */
  GQueue held; /* of HeldCall, the first is the sessionStart */
  double resume_at;
  MhTime latest; /* when they go on in any case */
  gboolean sought; /* there was a seek: the playhead may be anywhere */
  gboolean plays; /* it was told to, last */
  gboolean waits; /* seeking, buffering */
  gboolean stalled;
  MhTime active_since; /* MH_TIME_NONE: it does not play at the moment */
  MhTime played; /* before that */
};

double
mh_remember_resume_at (const MhPosition *position)
{
  return position && !position->complete &&
          position->playhead > MH_REMEMBER_NEAR
      ? position->playhead
      : -1;
}

static void
held_call_free (gpointer data)
{
  HeldCall *held = data;

  mh_call_free (held->call);
  g_free (held);
}

MhRemember *
mh_remember_new (MhRememberFunc pass, gpointer user_data)
{
  MhRemember *self = g_new0 (MhRemember, 1);

  self->pass = pass;
  self->user_data = user_data;
  g_queue_init (&self->held);
  return self;
}

void
mh_remember_free (MhRemember *self)
{
  if (!self)
    return;
  mh_remember_discard (self);
  g_free (self);
}

void
mh_remember_discard (MhRemember *self)
{
  g_queue_clear_full (&self->held, held_call_free);
}

gboolean
mh_remember_is_holding (const MhRemember *self)
{
  return self->held.length > 0;
}

MhTime
mh_remember_get_now (const MhRemember *self)
{
  const HeldCall *last = self->held.tail ? self->held.tail->data : NULL;

  return last ? last->at : MH_TIME_NONE;
}

MhTime
mh_remember_next_deadline (const MhRemember *self)
{
  if (!mh_remember_is_holding (self))
    return MH_TIME_NEVER;
  if (self->active_since == MH_TIME_NONE)
    return self->latest;
  return MIN (self->latest,
      mh_time_add (self->active_since, MH_REMEMBER_PLAY - self->played));
}

/* ---- waiting ---- */

static gboolean
is_near (const MhRemember *self, double resume_at, MhTime at)
{
  double playhead = self->playhead +
      self->rate * mh_time_seconds (at - self->playhead_since);

  return resume_at >= 0 && fabs (playhead - resume_at) <= MH_REMEMBER_NEAR;
}

static void
hold (MhRemember *self, const MhCall *call, MhTime at)
{
  HeldCall *held = g_new (HeldCall, 1);

  held->call = mh_call_copy (call);
  held->at = at;
  g_queue_push_tail (&self->held, held);
}

static void
begin (MhRemember *self, const MhCall *start, MhTime at, double resume_at)
{
  self->resume_at = resume_at;
  self->latest = mh_time_add (at, MH_REMEMBER_WAIT);
  self->sought = FALSE;
  self->plays = FALSE;
  self->waits = FALSE;
  self->stalled = FALSE;
  self->active_since = MH_TIME_NONE;
  self->played = 0;
  hold (self, start, at);
}

static void
let_go (MhRemember *self, gboolean resumed)
{
  GQueue queue = self->held;
  HeldCall *held = queue.head->data;

  g_queue_init (&self->held);
  held->call->media->resumed |= resumed;
  while ((held = g_queue_pop_head (&queue))) {
    self->pass (held->call, held->at, self->user_data);
    held_call_free (held);
  }
}

/* How long it has played, by the session's rules. */
static void
count (MhRemember *self, MhCallType type, MhTime at)
{
  gboolean active;

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
  active = self->plays && !self->waits && !self->stalled;
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
wait_on (MhRemember *self, const MhCall *call, MhTime at)
{
  if (ends_wait (call->type)) {
    let_go (self, FALSE);
    return FALSE;
  }
  count (self, call->type, at);
  if (self->sought && is_near (self, self->resume_at, at)) {
    let_go (self, TRUE);
    return FALSE;
  }
  hold (self, call, at);
  return TRUE;
}

gboolean
mh_remember_take (
    MhRemember *self, const MhCall *call, MhTime at, double resume_at)
{
  mh_remember_advance (self, at);
  if (call->type == MH_CALL_PLAYHEAD) {
    self->playhead = call->playhead.value;
    self->rate = call->playhead.rate;
    self->playhead_since = at;
  }
  if (mh_remember_is_holding (self))
    return wait_on (self, call, at);
  if (call->type != MH_CALL_SESSION_START || resume_at < 0 ||
      call->media->resumed)
    return FALSE;
  if (is_near (self, resume_at, at)) {
    call->media->resumed = TRUE;
    return FALSE;
  }
  begin (self, call, at, resume_at);
  return TRUE;
}

void
mh_remember_advance (MhRemember *self, MhTime now)
{
  if (now >= mh_remember_next_deadline (self))
    let_go (self, FALSE);
}
