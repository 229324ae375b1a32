/* mh-place: where the media is, and of what, as a value.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-place.h"

void
mh_place_playhead (const MhPlace *self, MhTime at, MhCall *call)
{
  *call = (MhCall){ MH_CALL_PLAYHEAD, .ours = TRUE };
  call->playhead.value = mh_playhead_get (&self->playhead, at);
  call->playhead.rate = self->playhead.live ? 1 : self->rate;
}

gboolean
mh_place_reaches (const MhPlace *self, MhTime at)
{
  return self->playhead.live || self->playhead.at <= at ||
      (self->rate != 0 && self->playhead.rate == self->rate);
}

double
mh_place_stream_time (const MhPlace *self, MhTime at)
{
  MhPlayhead playhead = self->playhead;

  playhead.live = FALSE;
  return mh_playhead_get (&playhead, at);
}

void
mh_place_set_live (MhPlace *self, guint item, gboolean live, gint64 utc_offset)
{
  if (self->item != item)
    return;
  self->playhead.live = live;
  self->playhead.utc_offset = utc_offset;
}
