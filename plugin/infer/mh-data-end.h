/* mh-data-end: where the data of an item ends, and whether that is the end.
 *
 * The pad shows data before it is rendered, and of one stream alone: others of the
 * pipeline may be longer (docs/design/inference.md#end-stop-and-error).
 *
 * Pure: what was seen and times in. Places are seconds of stream time.
 *
 * May touch: GLib, mh-time.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-time.h"

G_BEGIN_DECLS

/**
 * MhDataEndState:
 * @MH_DATA_END_OPEN: more data of the item may come
 * @MH_DATA_END_FOLLOWED: data of the next item has come after it
 * @MH_DATA_END_OVER: the EOS event has come
 */
typedef enum
{
  MH_DATA_END_OPEN,
  MH_DATA_END_FOLLOWED,
  MH_DATA_END_OVER,
} MhDataEndState;

/**
 * MhDataEnd:
 * @state: of the item
 * @seen: where the last buffer ended that has come by, be it of the next item;
 *   -1: unknown
 * @place: where the data of the item ends; -1: unknown, or more may come
 * @is_passed: whether the pipeline plays on after the data
 * @over_since: since when all of the pipeline may have come to its end;
 *   %MH_TIME_NONE: it has not
 */
typedef struct
{
  MhDataEndState state;
  double seen;
  double place;
  gboolean is_passed;
  MhTime over_since;
} MhDataEnd;

#define MH_DATA_END_INIT \
  { \
    .seen = -1, .place = -1, .over_since = MH_TIME_NONE \
  }

/**
 * mh_data_end_flush:
 * @restarts: whether something was rendered before: then an EOS event of before does
 *   not count any more. At the start a demuxer may flush after it has read to EOS
 *
 * What was seen is gone, or another item is played.
 */
void mh_data_end_flush (MhDataEnd *self, gboolean restarts);

/**
 * mh_data_end_finish:
 * @place: where the data ended; -1: unknown
 *
 * The EOS event has come.
 */
void mh_data_end_finish (MhDataEnd *self, double place);

/**
 * mh_data_end_follow:
 * @place: where the data ended; -1: unknown
 *
 * The next item's data begins to come.
 *
 * Returns: whether it is known with it where that of this item ends.
 */
gboolean mh_data_end_follow (MhDataEnd *self, double place);

/**
 * mh_data_end_take_position:
 * @position: where the pipeline says that it is, while what is seen is the item's
 *
 * Returns: whether it plays on after the data.
 */
gboolean mh_data_end_take_position (MhDataEnd *self, double position);

/* Returns: how far the playhead may run by itself; -1: as far as it likes. */
double mh_data_end_get_limit (const MhDataEnd *self);

/* Returns: whether the EOS event has come. */
gboolean mh_data_end_is_over (const MhDataEnd *self);

/**
 * mh_data_end_get_last:
 * @playhead: where the media should be by the clock
 *
 * Sinks that do not wait for the clock are there before it is, and on a slow
 * machine the clock has run on when the message comes.
 *
 * Returns: where a pipeline is that has posted EOS; -1: at @playhead.
 */
double mh_data_end_get_last (const MhDataEnd *self, double playhead);

/**
 * mh_data_end_stand:
 * @since: since when, if it did not before
 * @settled: not before that
 *
 * All of the pipeline may have come to its end.
 */
void mh_data_end_stand (MhDataEnd *self, MhTime since, MhTime settled);

/* It has not. */
void mh_data_end_move (MhDataEnd *self);

G_END_DECLS
