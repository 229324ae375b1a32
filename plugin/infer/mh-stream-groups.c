/* mh-stream-groups: which item is being played, and which item's data passes the pad.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-stream-groups.h"

void
mh_stream_groups_begin_run (MhStreamGroups *self)
{
  self->is_known = FALSE;
  self->n_passed = 0;
}

void
mh_stream_groups_play (MhStreamGroups *self, guint group)
{
  self->is_known = TRUE;
  self->played = group;
}

void
mh_stream_groups_pass (MhStreamGroups *self, guint group)
{
  if (group == self->pad)
    return;
  if (self->pad_has_data)
    self->passed[self->n_passed++ % MH_STREAM_GROUPS_PASSED] = self->pad;
  self->pad_has_data = FALSE;
  self->pad_has_segment = FALSE;
  self->pad = group;
}

void
mh_stream_groups_take_segment (MhStreamGroups *self)
{
  self->pad_has_segment = TRUE;
}

void
mh_stream_groups_take_data (MhStreamGroups *self, double place)
{
  if (!self->pad_has_data)
    self->pad_place = place;
  self->pad_has_data = TRUE;
}

guint
mh_stream_groups_get_played (const MhStreamGroups *self)
{
  return self->is_known ? self->played : 0;
}

gboolean
mh_stream_groups_is_other (const MhStreamGroups *self, guint group)
{
  return self->is_known && group != self->played;
}

gboolean
mh_stream_groups_is_ahead (const MhStreamGroups *self)
{
  return self->pad != 0 && mh_stream_groups_is_other (self, self->pad);
}

gboolean
mh_stream_groups_had_data (const MhStreamGroups *self, guint group)
{
  if (self->pad == group)
    return self->pad_has_data;
  for (guint i = 0; i < MIN (self->n_passed, MH_STREAM_GROUPS_PASSED); i++) {
    if (self->passed[i] == group)
      return TRUE;
  }
  return FALSE;
}

void
mh_stream_groups_flush (MhStreamGroups *self, gboolean is_at_end)
{
  self->next = is_at_end && mh_stream_groups_is_ahead (self) ? self->pad : 0;
}

gboolean
mh_stream_groups_is_flushed_next (const MhStreamGroups *self)
{
  return mh_stream_groups_is_ahead (self) && self->pad == self->next;
}

/* GStreamer counts groups up, and begins anew after the largest number. */
gboolean
mh_stream_groups_was_prepared (const MhStreamGroups *self, guint group)
{
  return self->is_known && self->unmade != 0 &&
      (gint) (group - self->played) > 0 && (gint) (self->unmade - group) > 0;
}
