/* mh-data-end: where the data of an item ends, and whether that is the end.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-data-end.h"

/* Seconds: how far behind the end of the data a position shows that there is more. */
#define BEHIND 0.05

void
mh_data_end_flush (MhDataEnd *self, gboolean restarts)
{
  if (restarts || self->state == MH_DATA_END_FOLLOWED)
    self->state = MH_DATA_END_OPEN;
  self->place = -1;
  self->is_passed = FALSE;
}

void
mh_data_end_finish (MhDataEnd *self, double place)
{
  self->state = MH_DATA_END_OVER;
  if (place >= 0)
    self->place = place;
}

gboolean
mh_data_end_follow (MhDataEnd *self, double place)
{
  if (place < 0 || self->place >= 0 || self->is_passed)
    return FALSE;
  if (self->state == MH_DATA_END_OPEN)
    self->state = MH_DATA_END_FOLLOWED;
  self->place = place;
  return TRUE;
}

gboolean
mh_data_end_take_position (MhDataEnd *self, double position)
{
  if (self->seen >= 0 && position > self->seen + BEHIND)
    self->is_passed = TRUE;
  return self->is_passed;
}

double
mh_data_end_get_limit (const MhDataEnd *self)
{
  return self->is_passed || mh_data_end_is_over (self) ? -1 : self->seen;
}

gboolean
mh_data_end_is_over (const MhDataEnd *self)
{
  return self->state == MH_DATA_END_OVER;
}

double
mh_data_end_get_last (const MhDataEnd *self, double playhead)
{
  gboolean is_last = mh_data_end_is_over (self) &&
      (self->place > playhead || !self->is_passed);

  return is_last ? self->place : -1;
}

void
mh_data_end_stand (MhDataEnd *self, MhTime since, MhTime settled)
{
  if (self->over_since == MH_TIME_NONE)
    self->over_since = since;
  self->over_since = MAX (self->over_since, settled);
}

void
mh_data_end_move (MhDataEnd *self)
{
  self->over_since = MH_TIME_NONE;
}
