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
#define MH_EARLY_END_STILL MH_TIME_FROM_SEC (10)

/**
 * MhEarlyEndState:
 * @MH_EARLY_END_NONE: it goes on
 * @MH_EARLY_END_FAILED: there was an error; it goes on while anything moves
 * @MH_EARLY_END_STOPPING: the pipeline goes below PAUSED; why, is known a moment
 *   later
 * @MH_EARLY_END_BROKEN: nothing has moved since an error, and the session has been
 *   ended; what moves now resumes it
 */
typedef enum
{
  MH_EARLY_END_NONE,
  MH_EARLY_END_FAILED,
  MH_EARLY_END_STOPPING,
  MH_EARLY_END_BROKEN,
} MhEarlyEndState;

/**
 * MhEarlyEnd:
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
  MhEarlyEndState state;
  gboolean failed;
  MhTime error_at;
  MhTime alive_at;
  MhTime stop_at;
  MhTime decide_at;
} MhEarlyEnd;

#define MH_EARLY_END_INIT \
  { \
    .decide_at = MH_TIME_NEVER \
  }

/* Another item begins: what failed was the item before. A stop goes on. */
void mh_early_end_begin_item (MhEarlyEnd *self);

/**
 * mh_early_end_move:
 * @at: when
 *
 * Something moves: data, a position, how full a buffer is, a state.
 */
void mh_early_end_move (MhEarlyEnd *self, MhTime at);

/**
 * mh_early_end_fail:
 * @id: `domain:code` of an ERROR message
 * @at: when it came
 *
 * Returns: whether the error is to be reported: one that an earlier error has caused
 *   is not.
 */
gboolean mh_early_end_fail (MhEarlyEnd *self, const char *id, MhTime at);

/**
 * mh_early_end_fail_silently:
 * @at: when
 *
 * Takes an error that is not reported: the window of the video was closed.
 */
void mh_early_end_fail_silently (MhEarlyEnd *self, MhTime at);

/**
 * mh_early_end_is_closed_window:
 * @id: `domain:code` of an ERROR message
 *
 * Returns: whether a sink that has shown something says with it that its window
 *   is gone: the viewer has closed it.
 */
gboolean mh_early_end_is_closed_window (const char *id);

/**
 * mh_early_end_stop:
 * @at: when the pipeline began to stop; only the first counts
 *
 * Returns: whether it is the first.
 */
gboolean mh_early_end_stop (MhEarlyEnd *self, MhTime at);

/* The stop is over, or was called off. */
void mh_early_end_resume (MhEarlyEnd *self);

/* Returns: whether the pipeline goes below PAUSED: between mh_early_end_stop() and
 * mh_early_end_resume(). */
gboolean mh_early_end_is_stopping (const MhEarlyEnd *self);

/* Returns: when an error becomes the end, if nothing moves until then; %MH_TIME_NEVER:
 * there was none. */
MhTime mh_early_end_deadline (const MhEarlyEnd *self);

/* That deadline has passed. */
void mh_early_end_break (MhEarlyEnd *self);

G_END_DECLS
