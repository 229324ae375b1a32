/* mh-buffering: how full a pipeline's buffers are, and what a pause is for.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-buffering.h"

#include <string.h>

/* The source of what no message tells, but the peer. */
#define PEER 0
/* docs/design/inference.md#buffering, rule 2. */
#define BEFORE_PAUSE MH_TIME_FROM_SEC (1)
/* How often to ask while a buffer fills, where the bus is hidden. */
#define POLL MH_TIME_FROM_MSEC (250)

static void
forget_source (MhBuffering *self, guint i)
{
  self->n_sources--;
  memmove (&self->sources[i], &self->sources[i + 1],
      (self->n_sources - i) * sizeof self->sources[0]);
}

/* An element that is full is forgotten. */
static void
fill (MhBuffering *self, guint64 id, int percent)
{
  for (guint i = self->n_sources; i-- > 0;) {
    if (self->sources[i].id == id || self->sources[i].flushed)
      forget_source (self, i);
  }
  if (percent >= 100)
    return;
  if (self->n_sources == MH_BUFFERING_SOURCES)
    forget_source (self, 0);
  self->sources[self->n_sources++] = (MhBufferingSource){ id, percent, FALSE };
}

void
mh_buffering_flush (MhBuffering *self)
{
  for (guint i = 0; i < self->n_sources; i++)
    self->sources[i].flushed = TRUE;
}

gboolean
mh_buffering_tell (MhBuffering *self, guint64 source, int percent, MhTime at)
{
  int before = mh_buffering_percent (self);

  self->is_told = TRUE;
  fill (self, source, percent);
  if (mh_buffering_is_low (self) && before == 100)
    self->low_since = at;
  return mh_buffering_percent (self) != before;
}

gboolean
mh_buffering_answer (MhBuffering *self, int percent, MhTime since)
{
  gboolean was_unknown = self->is_unknown;

  fill (self, PEER, percent);
  if (!was_unknown)
    return FALSE;
  self->is_unknown = FALSE;
  self->low_since = since;
  self->counts = percent < 100;
  return TRUE;
}

void
mh_buffering_begin_pause (MhBuffering *self, MhTime at)
{
  self->counts = mh_buffering_is_low (self) &&
      at - self->low_since <= BEFORE_PAUSE;
}

void
mh_buffering_ask (MhBuffering *self, MhTime at)
{
  self->is_unknown = TRUE;
  self->ask_at = at;
}

void
mh_buffering_ask_again (MhBuffering *self, MhTime at)
{
  self->ask_at = mh_time_add (at, POLL);
}

void
mh_buffering_end_pause (MhBuffering *self)
{
  self->counts = FALSE;
}

int
mh_buffering_percent (const MhBuffering *self)
{
  int lowest = 100;

  for (guint i = 0; i < self->n_sources; i++)
    lowest = MIN (lowest, self->sources[i].percent);
  return lowest;
}

gboolean
mh_buffering_is_low (const MhBuffering *self)
{
  return mh_buffering_percent (self) < 100;
}

gboolean
mh_buffering_fills (const MhBuffering *self)
{
  return self->counts && mh_buffering_is_low (self);
}

gboolean
mh_buffering_wants_answer (const MhBuffering *self)
{
  return self->is_unknown || mh_buffering_fills (self);
}
