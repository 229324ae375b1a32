/* mh-playhead: where the media is, between two answers of the pipeline.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-playhead.h"

#include <math.h>

#define SECONDS_A_DAY 86400.0
#define JUMP 0.5 /* seconds */
#define WELL 0.05 /* seconds */
#define JUMP_MEMORY MH_TIME_FROM_SEC (1)

double
mh_rate_get (const MhRate *self)
{
  return self->segment * self->multiplier;
}

gboolean
mh_rate_is_forward (const MhRate *self)
{
  return self->segment > 0;
}

void
mh_playhead_reset (MhPlayhead *self)
{
  self->value = 0;
  self->at = MH_TIME_NONE;
  self->rate = 0;
  self->limit = -1;
  self->limit_at = MH_TIME_NONE;
  self->live = FALSE;
  self->before = 0;
  self->before_at = MH_TIME_NONE;
}

static double
get_limit (const MhPlayhead *self, MhTime at)
{
  double limit = self->limit;

  if (self->limit_at != MH_TIME_NONE && at > self->limit_at)
    limit += self->rate * mh_time_seconds (at - self->limit_at);
  return limit;
}

static double
extrapolate (const MhPlayhead *self, double value, MhTime from, MhTime to)
{
  double limit = get_limit (self, to);
  double moved;

  if (from == MH_TIME_NONE)
    return MAX (value, 0);
  moved = value + self->rate * mh_time_seconds (to - from);
  if (self->rate > 0 && self->limit >= 0 && moved > limit)
    moved = MAX (limit, value);
  return MAX (moved, 0);
}

double
mh_playhead_get (const MhPlayhead *self, MhTime at)
{
  if (self->live)
    return fmod (mh_time_seconds (at + self->utc_offset), SECONDS_A_DAY);
  return extrapolate (self, self->value, self->at, at);
}

MhTime
mh_playhead_get_reached (const MhPlayhead *self, MhTime at)
{
  double moved;

  if (self->live || self->at == MH_TIME_NONE || self->rate <= 0)
    return at;
  moved = self->value + self->rate * mh_time_seconds (at - self->at);
  return at -
      (MhTime) ((moved - mh_playhead_get (self, at)) / self->rate *
          MH_USEC_PER_SEC);
}

gboolean
mh_playhead_is_held (const MhPlayhead *self, MhTime at)
{
  double moved;

  if (self->live || self->at == MH_TIME_NONE || self->rate <= 0 ||
      self->limit < 0)
    return FALSE;
  moved = self->value + self->rate * mh_time_seconds (at - self->at);
  return moved > get_limit (self, at) + WELL;
}

double
mh_playhead_get_before_jump (const MhPlayhead *self, MhTime at)
{
  if (self->live || self->before_at == MH_TIME_NONE ||
      at - self->before_at > JUMP_MEMORY)
    return mh_playhead_get (self, at);
  return self->before;
}

void
mh_playhead_set (MhPlayhead *self, double value, MhTime at)
{
  double expected = extrapolate (self, self->value, self->at, at);

  if (self->at != MH_TIME_NONE && fabs (value - expected) > JUMP) {
    self->before = expected;
    self->before_at = at;
  }
  self->value = value;
  self->at = at;
}

void
mh_playhead_forget_jump (MhPlayhead *self)
{
  self->before_at = MH_TIME_NONE;
}

void
mh_playhead_set_rate (MhPlayhead *self, double rate, MhTime since)
{
  /* Where the pipeline never says, it moves by the clock. */
  if (self->at == MH_TIME_NONE ? rate != 0 : self->at < since) {
    self->value = extrapolate (self, self->value, self->at, since);
    self->at = since;
  }
  self->rate = rate;
}

void
mh_playhead_lift (MhPlayhead *self, MhTime at)
{
  if (self->limit < 0)
    return;
  mh_playhead_set_rate (self, self->rate, at);
  self->limit = -1;
}

void
mh_playhead_rewind (MhPlayhead *self, double rate, MhTime since)
{
  if (self->at == MH_TIME_NONE || self->at <= since)
    return;
  self->value -= rate * mh_time_seconds (self->at - since);
  self->value = MAX (self->value, 0);
  self->at = since;
}
