/* mh-dropped-frames: how many frames of video a pipeline has dropped.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-dropped-frames.h"

void
mh_dropped_frames_begin (MhDroppedFrames *self)
{
  self->n_sources = 0;
  mh_dropped_frames_end_steps (self);
}

/* Returns: its place, or how many there are. */
static guint
find_source (const MhDroppedFrames *self, guint64 id)
{
  guint i = 0;

  while (i < self->n_sources && self->sources[i].id != id)
    i++;
  return i;
}

gboolean
mh_dropped_frames_knows (const MhDroppedFrames *self, guint64 id)
{
  return find_source (self, id) < self->n_sources;
}

static guint
find_oldest (const MhDroppedFrames *self)
{
  guint oldest = 0;

  for (guint i = 1; i < self->n_sources; i++) {
    if (self->sources[i].turn < self->sources[oldest].turn)
      oldest = i;
  }
  return oldest;
}

void
mh_dropped_frames_add (MhDroppedFrames *self, guint64 id, gboolean frames)
{
  guint i = find_source (self, id);

  if (i < self->n_sources)
    return;
  if (i == MH_DROPPED_FRAMES_SOURCES)
    i = find_oldest (self);
  else
    self->n_sources++;
  self->sources[i] = (MhDroppedFramesSource){ id, frames, 0, 0 };
}

/* How many it has dropped since its last report. */
static guint64
count_since (const MhDroppedFramesSource *source, guint64 count)
{
  if (source->turn == 0)
    return MIN (count, 1);
  return count >= source->count ? count - source->count : count;
}

void
mh_dropped_frames_tell (MhDroppedFrames *self, guint64 id, guint64 count)
{
  guint i = find_source (self, id);
  MhDroppedFramesSource *source = &self->sources[i];

  if (i == self->n_sources)
    return;
  if (source->frames && self->n_steppers == 0)
    self->total += count_since (source, count);
  source->count = count;
  source->turn = ++self->turn;
}

void
mh_dropped_frames_step (MhDroppedFrames *self, guint64 id, gboolean begins)
{
  guint i = 0;

  while (i < self->n_steppers && self->steppers[i] != id)
    i++;
  if (begins && i == self->n_steppers && i < MH_DROPPED_FRAMES_SOURCES)
    self->steppers[self->n_steppers++] = id;
  else if (!begins && i < self->n_steppers)
    self->steppers[i] = self->steppers[--self->n_steppers];
}

void
mh_dropped_frames_end_steps (MhDroppedFrames *self)
{
  self->n_steppers = 0;
}
