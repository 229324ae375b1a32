/* mh-dropped-frames: how many frames of video a pipeline has dropped.
 *
 * An element that drops a frame posts a message with the number that it has
 * dropped so far: sinks, decoders, converters. Each counts the frames that came to
 * it, and some begin anew at a flush
 * (docs/design/inference.md#quality). Pure. Not thread-safe.
 *
 * May touch: GLib.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MH_DROPPED_FRAMES_SOURCES 8

/**
 * MhDroppedFramesSource:
 * @id: which element
 * @frames: whether what it drops is frames
 * @count: how many it has told of
 * @turn: when that was, by the count of all reports; 0: not yet
 */
typedef struct
{
  guint64 id;
  gboolean frames;
  guint64 count;
  guint64 turn;
} MhDroppedFramesSource;

/**
 * MhDroppedFrames:
 * @total: how many there have been; only ever grows
 * @steppers: the elements that step through the media: frames that are skipped
 *   then are not dropped ones
 *
 * All zero: nothing is known.
 */
typedef struct
{
  MhDroppedFramesSource sources[MH_DROPPED_FRAMES_SOURCES];
  guint n_sources;
  guint64 turn;
  guint64 total;
  guint64 steppers[MH_DROPPED_FRAMES_SOURCES];
  guint n_steppers;
} MhDroppedFrames;

/* The pipeline begins anew, and so do the counts of all its elements. */
void mh_dropped_frames_begin (MhDroppedFrames *drops);

/**
 * mh_dropped_frames_knows:
 * @id: an element
 *
 * Returns: whether it is known what that element drops.
 */
gboolean mh_dropped_frames_knows (const MhDroppedFrames *drops, guint64 id);

/**
 * mh_dropped_frames_add:
 * @id: an element that reports for the first time
 * @frames: whether what it drops is frames
 *
 * When there are too many, the element that has been silent for longest is
 * forgotten.
 */
void mh_dropped_frames_add (
    MhDroppedFrames *drops, guint64 id, gboolean frames);

/**
 * mh_dropped_frames_tell:
 * @id: the element that reports; one that was not added is ignored
 * @count: how many it has dropped so far
 *
 * The first report counts for one frame at most: an element reports each frame, so
 * a larger number is from before the pipeline was watched.
 */
void mh_dropped_frames_tell (MhDroppedFrames *drops, guint64 id, guint64 count);

/**
 * mh_dropped_frames_step:
 * @id: the sink that steps; the sinks of one pipeline step together, each at its
 *   own pace
 * @begins: whether it begins to, or is done
 *
 * Where there is no room for all of them, the rest does not count.
 */
void mh_dropped_frames_step (
    MhDroppedFrames *drops, guint64 id, gboolean begins);

/* No sink steps any more. */
void mh_dropped_frames_end_steps (MhDroppedFrames *drops);

G_END_DECLS
