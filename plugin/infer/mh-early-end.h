/* mh-early-end: whether what plays comes to its end by an error or a stop.
 *
 * An error is not the end: a source that fails leaves data in the queues, and a
 * branch that fails need not be the one that is watched. The session goes on
 * until nothing moves any more (docs/design/inference.md#end-stop-and-error).
 *
 * Pure: what has happened and when go in; what that means comes out.
 *
 * May touch: GLib, mh-time.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-time.h"

G_BEGIN_DECLS

/* How long nothing may move after an error before that is the end. */
#define MH_ENDING_STILL MH_TIME_FROM_SEC (10)

/**
 * MhEndingState:
 * @MH_ENDING_NONE: it goes on
 * @MH_ENDING_FAILED: there was an error; it goes on while anything moves
 * @MH_ENDING_STOPPING: the pipeline goes below PAUSED; why, is known a moment
 *   later
 * @MH_ENDING_BROKEN: nothing has moved since an error, and the session has been
 *   ended; what moves now resumes it
 */
typedef enum
{
  MH_ENDING_NONE,
  MH_ENDING_FAILED,
  MH_ENDING_STOPPING,
  MH_ENDING_BROKEN,
} MhEndingState;

/**
 * MhEnding:
 * @state: of one item, until the next one begins
 * @failed: there was an error, also while @state is STOPPING
 * @error_at: when the latest error message came; only with @failed
 * @alive_at: when anything was last seen to move
 * @stop_at: when the pipeline began to stop
 * @decide_at: when that is to be decided at the latest; %MH_TIME_NEVER: not
 *   before the pipeline is down
 */
typedef struct
{
  MhEndingState state;
  gboolean failed;
  MhTime error_at;
  MhTime alive_at;
  MhTime stop_at;
  MhTime decide_at;
} MhEnding;

#define MH_ENDING_INIT \
  { \
    .decide_at = MH_TIME_NEVER \
  }

/* Another item begins: what failed was the item before. A stop goes on. */
void mh_ending_begin_item (MhEnding *self);

/**
 * mh_ending_move:
 * @at: when
 *
 * Something moves: data, a position, how full a buffer is, a state.
 */
void mh_ending_move (MhEnding *self, MhTime at);

/**
 * mh_ending_fail:
 * @id: `domain:code` of an ERROR message
 * @at: when it came
 *
 * Returns: whether the error is to be reported: one that an earlier error has caused
 *   is not.
 */
gboolean mh_ending_fail (MhEnding *self, const char *id, MhTime at);

/**
 * mh_ending_fail_silently:
 * @at: when
 *
 * Takes an error that is not reported: the window of the video was closed.
 */
void mh_ending_fail_silently (MhEnding *self, MhTime at);

/**
 * mh_ending_is_closed_window:
 * @id: `domain:code` of an ERROR message
 *
 * Returns: whether a sink that has shown something says with it that its window
 *   is gone: the viewer has closed it.
 */
gboolean mh_ending_is_closed_window (const char *id);

/**
 * mh_ending_stop:
 * @at: when the pipeline began to stop; only the first counts
 *
 * Returns: whether it is the first.
 */
gboolean mh_ending_stop (MhEnding *self, MhTime at);

/* The stop is over, or was called off. */
void mh_ending_resume (MhEnding *self);

/* Returns: whether the pipeline goes below PAUSED: between mh_ending_stop() and
 * mh_ending_resume(). */
gboolean mh_ending_is_stopping (const MhEnding *self);

/* Returns: when an error becomes the end, if nothing moves until then; %MH_TIME_NEVER:
 * there was none. */
MhTime mh_ending_deadline (const MhEnding *self);

/* That deadline has passed. */
void mh_ending_break (MhEnding *self);

G_END_DECLS
