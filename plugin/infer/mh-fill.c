/* mh-fill: how full a pipeline's buffers are.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-fill.h"

#include <string.h>

static void
forget_source (MhFill *self, guint i)
{
  self->n--;
  memmove (&self->sources[i], &self->sources[i + 1],
      (self->n - i) * sizeof self->sources[0]);
}

void
mh_fill_tell (MhFill *self, guint64 source, int percent)
{
  for (guint i = self->n; i-- > 0;) {
    if (self->sources[i].source == source || self->sources[i].flushed)
      forget_source (self, i);
  }
  if (percent >= 100)
    return;
  if (self->n == MH_FILL_SOURCES)
    forget_source (self, 0);
  self->sources[self->n].source = source;
  self->sources[self->n].percent = percent;
  self->sources[self->n].flushed = FALSE;
  self->n++;
}

void
mh_fill_flush (MhFill *self)
{
  for (guint i = 0; i < self->n; i++)
    self->sources[i].flushed = TRUE;
}

int
mh_fill_percent (const MhFill *self)
{
  int lowest = 100;

  for (guint i = 0; i < self->n; i++)
    lowest = MIN (lowest, self->sources[i].percent);
  return lowest;
}
