/* mh-data-watch: whether data comes between two looks at the player.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-data-watch.h"

void
mh_data_watch_look (MhDataWatch *self, MhTime at, guint64 buffers)
{
  self->flows = buffers != self->buffers;
  if (self->flows)
    self->flowed_at = at;
  self->buffers = buffers;
  self->before = self->at;
  self->at = at;
}

void
mh_data_watch_sleep (MhDataWatch *self, MhTime until)
{
  self->at = until;
}

gboolean
mh_data_watch_has_flowed (const MhDataWatch *self, MhTime at, MhTime within)
{
  return at - self->flowed_at < within;
}
