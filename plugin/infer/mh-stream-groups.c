/* mh-stream-groups: the streams of which item are played, and of which pass the pad.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-stream-groups.h"

void
mh_streams_begin_run (MhStreams *self)
{
  self->is_known = FALSE;
  self->n_passed = 0;
}

void
mh_streams_play (MhStreams *self, guint group)
{
  self->is_known = TRUE;
  self->played = group;
}

void
mh_streams_pass (MhStreams *self, guint group)
{
  if (group == self->pad)
    return;
  if (self->pad_has_data)
    self->passed[self->n_passed++ % MH_STREAMS_PASSED] = self->pad;
  self->pad_has_data = FALSE;
  self->pad_has_segment = FALSE;
  self->pad = group;
}

void
mh_streams_take_segment (MhStreams *self)
{
  self->pad_has_segment = TRUE;
}

void
mh_streams_take_data (MhStreams *self, double place)
{
  if (!self->pad_has_data)
    self->pad_place = place;
  self->pad_has_data = TRUE;
}

guint
mh_streams_get_played (const MhStreams *self)
{
  return self->is_known ? self->played : 0;
}

gboolean
mh_streams_is_other (const MhStreams *self, guint group)
{
  return self->is_known && group != self->played;
}

gboolean
mh_streams_is_ahead (const MhStreams *self)
{
  return self->pad != 0 && mh_streams_is_other (self, self->pad);
}

gboolean
mh_streams_had_data (const MhStreams *self, guint group)
{
  if (self->pad == group)
    return self->pad_has_data;
  for (guint i = 0; i < MIN (self->n_passed, MH_STREAMS_PASSED); i++) {
    if (self->passed[i] == group)
      return TRUE;
  }
  return FALSE;
}

void
mh_streams_flush (MhStreams *self, gboolean is_at_end)
{
  self->next = is_at_end && mh_streams_is_ahead (self) ? self->pad : 0;
}

gboolean
mh_streams_is_flushed_next (const MhStreams *self)
{
  return mh_streams_is_ahead (self) && self->pad == self->next;
}

/* GStreamer counts groups up, and begins anew after the largest number. */
gboolean
mh_streams_was_prepared (const MhStreams *self, guint group)
{
  return self->is_known && self->unmade != 0 &&
      (gint) (group - self->played) > 0 && (gint) (self->unmade - group) > 0;
}
