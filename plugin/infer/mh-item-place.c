/* mh-item-place: whether it is known where an item is, and which answers of the pipeline
 * are about it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-item-place.h"

#include <math.h>

/* For how long, and how close to it, an answer may still be of the item before
 * (docs/design/inference.md#items: the sink comes to the next one last). */
#define LEFT_FOR MH_TIME_FROM_SEC (2)
#define LEFT_NEAR 0.5
/* Seconds: how far from its start an item begins that goes on elsewhere. */
#define ELSEWHERE 0.5

void
mh_item_place_begin_item (MhItemPlace *self)
{
  self->state = MH_ITEM_PLACE_ALONE;
  self->is_known = FALSE;
  self->is_prerolled = FALSE;
}

void
mh_item_place_follow (
    MhItemPlace *self, double left, gboolean exchanged, MhTime at)
{
  self->state = exchanged ? MH_ITEM_PLACE_EXCHANGED : MH_ITEM_PLACE_BEHIND;
  self->left = left;
  self->left_at = at;
}

void
mh_item_place_take_segment (MhItemPlace *self)
{
  self->is_prerolled = FALSE;
  if (self->from_start && self->state == MH_ITEM_PLACE_ALONE)
    self->is_known = TRUE;
}

void
mh_item_place_preroll (MhItemPlace *self)
{
  self->is_known &= !self->is_prerolled;
  self->is_prerolled = TRUE;
}

double
mh_item_place_take_data (MhItemPlace *self, double place)
{
  if (self->state != MH_ITEM_PLACE_EXCHANGED || place < ELSEWHERE)
    return -1;
  self->state = MH_ITEM_PLACE_ALONE;
  return fabs (place - self->left) < ELSEWHERE ? self->left : place;
}

gboolean
mh_item_place_is_about_left (const MhItemPlace *self, double place, MhTime at)
{
  MhTime since = at - self->left_at;

  return self->state != MH_ITEM_PLACE_ALONE && since < LEFT_FOR &&
      place > self->left - LEFT_NEAR &&
      place < self->left + mh_time_seconds (since) + LEFT_NEAR;
}

gboolean
mh_item_place_take_answer (MhItemPlace *self, double place, MhTime at)
{
  self->is_known = TRUE;
  if (mh_item_place_is_about_left (self, place, at))
    return FALSE;
  self->state = MH_ITEM_PLACE_ALONE;
  return TRUE;
}
