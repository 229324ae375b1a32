/* mh-seek: a seek, from the flush that begins it to the data that ends it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-seek.h"

#include <math.h>

/* A flush may be a seek whose target is not known before the SEGMENT. Where a SEEK
 * event has told the target, the SEGMENT says that it can be reached, and an error
 * that it cannot. */
#define WAIT_GUESSED MH_TIME_FROM_SEC (2)
#define WAIT_ASKED MH_TIME_FROM_SEC (1)
/* How long ASYNC_DONE may be missing after a flush
 * (docs/design/inference.md#seeking). */
#define ASYNC_DONE MH_TIME_FROM_MSEC (500)
/* How far from where it was the data goes on that replaces other data, seconds. */
#define NEAR 0.5

void
mh_seek_begin_run (MhSeek *self)
{
  self->state = MH_SEEK_NONE;
}

void
mh_seek_begin_item (MhSeek *self)
{
  if (self->state == MH_SEEK_FLUSHING)
    self->state = MH_SEEK_FLUSH;
  else if (mh_seek_is_active (self))
    self->state = MH_SEEK_NONE;
}

void
mh_seek_ask (MhSeek *self, guint32 seqnum, double place)
{
  self->asked_seqnum = seqnum;
  self->asked_place = place;
}

gboolean
mh_seek_is_asked (const MhSeek *self, guint32 seqnum)
{
  return seqnum == self->asked_seqnum;
}

double
mh_seek_get_asked (const MhSeek *self, guint32 seqnum)
{
  return mh_seek_is_asked (self, seqnum) ? self->asked_place : NAN;
}

void
mh_seek_flush (MhSeek *self)
{
  self->state = mh_seek_is_active (self) ? MH_SEEK_FLUSHING : MH_SEEK_FLUSH;
}

/* An application may give several seeks one sequence number: they differ by where
 * they go. */
static gboolean
is_same (const MhSeek *self, guint32 seqnum)
{
  double asked = mh_seek_get_asked (self, seqnum);

  return seqnum == self->seqnum &&
      (isnan (asked) || isnan (self->target) || asked == self->target);
}

gboolean
mh_seek_begin (MhSeek *self, guint32 seqnum, double from)
{
  gboolean active = mh_seek_is_active (self);

  if (active && is_same (self, seqnum))
    return FALSE;
  if (!active) {
    self->certainty = MH_SEEK_GUESSED;
    self->from = from;
  }
  if (self->certainty != MH_SEEK_GUESSED || mh_seek_is_asked (self, seqnum))
    self->certainty = MH_SEEK_ASKED;
  self->state = MH_SEEK_FLUSHING;
  self->seqnum = seqnum;
  self->was_asked = mh_seek_is_asked (self, seqnum);
  self->target = mh_seek_get_asked (self, seqnum);
  return TRUE;
}

void
mh_seek_end_flush (MhSeek *self, MhTime at, gboolean keeps_time)
{
  self->state = mh_seek_is_active (self) ? MH_SEEK_EMPTY : MH_SEEK_NONE;
  self->keeps_time = keeps_time && !self->was_asked;
  self->flushed_at = at;
}

gboolean
mh_seek_call_off (MhSeek *self, double place, gboolean same)
{
  if (self->state != MH_SEEK_EMPTY || !self->keeps_time)
    return FALSE;
  if (!same && !(fabs (place - self->from) <= NEAR))
    return FALSE;
  self->state = MH_SEEK_NONE;
  return TRUE;
}

void
mh_seek_correct (MhSeek *self, double place)
{
  self->target = place;
  if (mh_seek_is_asked (self, self->seqnum))
    self->asked_place = place;
}

void
mh_seek_take_segment (MhSeek *self)
{
  if (mh_seek_is_active (self))
    self->certainty = MH_SEEK_REACHED;
}

void
mh_seek_take_data (MhSeek *self, MhTime at)
{
  if (self->state != MH_SEEK_EMPTY)
    return;
  self->state = MH_SEEK_DATA;
  self->data_at = at;
}

gboolean
mh_seek_fail (MhSeek *self)
{
  if (!mh_seek_is_active (self) || self->certainty == MH_SEEK_REACHED)
    return FALSE;
  self->certainty = MH_SEEK_REACHED;
  self->target = self->from;
  return TRUE;
}

gboolean
mh_seek_end (MhSeek *self)
{
  if (self->state != MH_SEEK_EMPTY && self->state != MH_SEEK_DATA)
    return FALSE;
  self->state = MH_SEEK_NONE;
  return TRUE;
}

gboolean
mh_seek_is_active (const MhSeek *self)
{
  return self->state >= MH_SEEK_FLUSHING;
}

gboolean
mh_seek_awaits_data (const MhSeek *self)
{
  return self->state == MH_SEEK_FLUSHING || self->state == MH_SEEK_EMPTY;
}

gboolean
mh_seek_was_asked (const MhSeek *self)
{
  return mh_seek_awaits_data (self) && self->was_asked;
}

gboolean
mh_seek_is_sure (const MhSeek *self)
{
  return mh_seek_is_active (self) && self->certainty != MH_SEEK_GUESSED;
}

double
mh_seek_get_target (const MhSeek *self)
{
  return mh_seek_is_active (self) ? self->target : NAN;
}

MhTime
mh_seek_get_wait (const MhSeek *self)
{
  static const MhTime waits[] = {
    [MH_SEEK_GUESSED] = WAIT_GUESSED,
    [MH_SEEK_ASKED] = WAIT_ASKED,
    [MH_SEEK_REACHED] = 0,
  };

  return waits[self->certainty];
}

MhTime
mh_seek_deadline (const MhSeek *self)
{
  return self->state == MH_SEEK_DATA
      ? MAX (mh_time_add (self->flushed_at, ASYNC_DONE), self->data_at)
      : MH_TIME_NEVER;
}
