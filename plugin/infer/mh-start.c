/* mh-start: from when a pipeline is made ready to the first frame.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-start.h"

/* How long a session's start may wait for what is known with the first data,
 * and for how long after that for the first frame. */
#define WAIT MH_TIME_FROM_SEC (10)
#define WAIT_AFTER_DATA MH_TIME_FROM_SEC (1)
/* How soon a player plays on by itself once it is ready to. */
#define READY_TO_PLAY MH_TIME_FROM_MSEC (500)

void
mh_start_clear (MhStart *self)
{
  g_clear_pointer (&self->error, g_free);
}

void
mh_start_begin_item (MhStart *self, MhTime at, gboolean has_data)
{
  self->state = MH_START_NEXT;
  self->has_data = has_data;
  self->data_at = at;
  self->is_shown = FALSE;
  self->is_fed = FALSE;
}

void
mh_start_begin_run (MhStart *self, MhTime at, gboolean again)
{
  if (!again)
    mh_start_clear (self);
  self->state = again ? MH_START_FAILED : MH_START_OPENING;
  self->run_at = at;
}

void
mh_start_take_data (MhStart *self, MhTime at)
{
  if (!self->has_data)
    self->data_at = at;
  self->has_data = TRUE;
  /* A source that has failed was replaced by another. */
  if (self->state == MH_START_FAILED)
    self->state = MH_START_OPENING;
}

void
mh_start_forget_data (MhStart *self)
{
  self->has_data = FALSE;
}

void
mh_start_preroll (MhStart *self, MhTime at)
{
  if (self->state == MH_START_NEXT || self->is_shown)
    return;
  self->state = MH_START_READY;
  self->ready_at = at;
}

void
mh_start_fill (MhStart *self, MhTime at)
{
  if (self->state == MH_START_READY)
    self->ready_at = at;
}

void
mh_start_idle (MhStart *self, MhTime at)
{
  self->idle_at = at;
}

/* A player that goes to PAUSED first and plays as soon as it can was asked to play
 * back then; one that was kept ready and then told to play, only now. It was ready
 * at 100 % even if there is less again before it plays: the percentage flaps
 * (docs/design/decisions.md#lessons-from-other-trackers). */
static MhTime
get_asked_at (const MhStart *self, MhTime at)
{
  switch (self->state) {
    case MH_START_OPENING:
    case MH_START_FAILED:
      /* At some time since it was last seen not to be asked. */
      return MAX (self->run_at, self->idle_at);
    case MH_START_READY:
      return at - self->ready_at <= READY_TO_PLAY ? self->run_at : at;
    case MH_START_NEXT:
      break;
  }
  return at;
}

void
mh_start_want (MhStart *self, MhTime at)
{
  self->wanted_at = at;
  self->asked_at = get_asked_at (self, at);
}

void
mh_start_begin_called (MhStart *self, MhTime at, gboolean was_wanted)
{
  if (!was_wanted)
    self->wanted_at = self->asked_at = at;
  self->is_shown = FALSE;
}

gboolean
mh_start_show (MhStart *self)
{
  gboolean first = !self->is_shown;

  self->is_shown = TRUE;
  return first;
}

gboolean
mh_start_has_begun (const MhStart *self)
{
  return self->is_shown || self->has_data;
}

void
mh_start_fail (MhStart *self, const char *error)
{
  if (self->state != MH_START_OPENING)
    return;
  self->state = MH_START_FAILED;
  g_free (self->error);
  self->error = g_strdup (error);
}

MhTime
mh_start_deadline (const MhStart *self)
{
  MhTime latest = mh_time_add (self->wanted_at, WAIT);

  return self->has_data
      ? MIN (latest,
            mh_time_add (MAX (self->data_at, self->wanted_at), WAIT_AFTER_DATA))
      : latest;
}

/* An application that brings the data itself (a page with Media Source Extensions)
 * opens the pipeline long before it has any, or is asked to play: nothing tells
 * when that is, but its data. */
MhTime
mh_start_get_wait (const MhStart *self, MhTime at)
{
  MhTime since = self->is_fed && self->has_data
      ? MAX (self->asked_at, self->data_at)
      : self->asked_at;

  return MAX (at - since, 0);
}
