/* mh-start: the time from READY to the first frame. How long the viewer has waited,
 * how long the start of a session waits, and whether an error has come before there
 * was anything to play.
 *
 * Pure: times in, times out (docs/design/inference.md#the-start).
 *
 * May touch: GLib, mh-time. Not thread-safe.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-time.h"

G_BEGIN_DECLS

/**
 * MhStartState:
 * @MH_START_NEXT: nothing plays, or an item that is not the first of its run: the
 *   viewer has not waited for the pipeline to be made ready
 * @MH_START_OPENING: the pipeline has set out to play, and has nothing to show yet
 * @MH_START_FAILED: an error has come instead
 * @MH_START_READY: it is prerolled, and its buffer filled
 *
 * How far the start of a run of the pipeline has come.
 */
typedef enum
{
  MH_START_NEXT,
  MH_START_OPENING,
  MH_START_FAILED,
  MH_START_READY,
} MhStartState;

/**
 * MhStart:
 * @state: where it is
 * @run_at: when the pipeline set out
 * @ready_at: when it was ready
 * @idle_at: when the pipeline's target was last seen to be below PLAYING
 * @wanted_at: when the pipeline was seen to be asked to play: the session begins
 *   then
 * @asked_at: since when the viewer waits
 * @data_at: when the first data of the item came; only while @has_data
 * @has_data: whether there was any
 * @is_shown: whether the first frame of the item was rendered
 * @is_fed: the application itself brings the data, when it likes to
 * @error: (nullable): what has failed
 *
 * All zero: nothing has been seen. Clear it with mh_start_clear().
 */
typedef struct
{
  MhStartState state;
  MhTime run_at;
  MhTime ready_at;
  MhTime idle_at;
  MhTime wanted_at;
  MhTime asked_at;
  MhTime data_at;
  gboolean has_data;
  gboolean is_shown;
  gboolean is_fed;
  char *error;
} MhStart;

void mh_start_clear (MhStart *self);

/**
 * mh_start_begin_run:
 * @at: when the pipeline went from READY to PAUSED
 * @again: whether the run before has failed, and the player sets PLAYING without a look
 *   at that
 *
 * A run of the pipeline begins: nothing is ready. An error of before counts only if it
 * begins @again.
 */
void mh_start_begin_run (MhStart *self, MhTime at, gboolean again);

/**
 * mh_start_begin_item:
 * @at: when another item began
 * @has_data: whether its data has come already
 *
 * Call it before mh_start_begin_run() for the first item of a run.
 */
void mh_start_begin_item (MhStart *self, MhTime at, gboolean has_data);

/**
 * mh_start_take_data:
 * @at: when the first data came; what comes later is ignored
 *
 * Takes data of the item. After an error it is that of another source in place of
 * the one that has failed.
 */
void mh_start_take_data (MhStart *self, MhTime at);

/* It was flushed away. */
void mh_start_forget_data (MhStart *self);

/**
 * mh_start_preroll:
 * @at: when the pipeline has come to PAUSED; what comes after the first frame is
 *   ignored
 */
void mh_start_preroll (MhStart *self, MhTime at);

/**
 * mh_start_fill:
 * @at: when the buffer of a pipeline was full again before the first frame
 *
 * It is ready only now: it had prerolled with too little in its buffer.
 */
void mh_start_fill (MhStart *self, MhTime at);

/**
 * mh_start_idle:
 * @at: when the pipeline was seen not to be asked to play
 *
 * A wish to play that is seen later is not dated to before that.
 */
void mh_start_idle (MhStart *self, MhTime at);

/**
 * mh_start_want:
 * @at: when it was seen to be asked to play
 *
 * From then on the session waits to be started.
 */
void mh_start_want (MhStart *self, MhTime at);

/**
 * mh_start_begin_called:
 * @at: when the application started a session by itself
 * @was_wanted: whether one has waited to be started: the viewer waits since then
 *
 * Nothing of that session has been shown yet.
 */
void mh_start_begin_called (MhStart *self, MhTime at, gboolean was_wanted);

/* A frame is rendered. Returns: whether it is the first of the item. */
gboolean mh_start_show (MhStart *self);

/* Returns: whether anything of the item has come, or has been shown. */
gboolean mh_start_has_begun (const MhStart *self);

/**
 * mh_start_fail:
 * @error: `domain:code` of an ERROR message
 *
 * An error has come before there was anything to play. The first of a run counts.
 */
void mh_start_fail (MhStart *self, const char *error);

/* Returns: when a session that is wanted starts whatever is not known yet: a second
 * after the first data, or ten seconds after it was wanted. */
MhTime mh_start_deadline (const MhStart *self);

/**
 * mh_start_get_wait:
 * @at: when the first frame was rendered
 *
 * Returns: how long the viewer has waited for it.
 */
MhTime mh_start_get_wait (const MhStart *self, MhTime at);

G_END_DECLS
