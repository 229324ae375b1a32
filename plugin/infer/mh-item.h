/* mh-item: where a media item begins and ends, and whether it got there; which moves
 * are rounds of a loop, and how far a seek can go.
 *
 * An item that is played in a loop comes to its end without the EOS message: the data
 * of a round ends (SEGMENT_DONE), and the data of the next round begins with a SEGMENT
 * that starts earlier in stream time. What is rendered follows some time later
 * (docs/design/inference.md#loops).
 *
 * Pure: places go in, what they mean comes out. All places are seconds of
 * stream time.
 *
 * May touch: GLib, mh-time.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-time.h"

G_BEGIN_DECLS

/**
 * MhItemState:
 * @MH_ITEM_RUNS: its data comes, or comes no more
 * @MH_ITEM_DONE: the last data of this round has come, and what is rendered is
 *   not there yet
 * @MH_ITEM_TURNED: the last data of this round has come, what is rendered is not
 *   there yet, and data of the next round comes
 * @MH_ITEM_JUMPED: data of another place in this round comes, and what is rendered
 *   has not come to the end of the data before that
 */
typedef enum
{
  MH_ITEM_RUNS,
  MH_ITEM_DONE,
  MH_ITEM_TURNED,
  MH_ITEM_JUMPED,
} MhItemState;

/**
 * MhItem:
 * @number: items are counted
 * @state: of the round that is rendered
 * @length: of the media; < 0: not known
 * @end: where the data of this round ends; < 0: not known. With JUMPED: where the data
 *   before the jump ends. Not with RUNS
 * @start: where the next round begins, or where the jump goes. Only with TURNED and
 *   JUMPED
 * @more: how many more rounds have come after that one, or jumps to the same place. Only
 *   with TURNED and JUMPED
 * @behind: what has come of the data behind the jump, as in @state. Only with JUMPED
 * @behind_end: as @end, of that
 * @behind_start: as @start, of that
 */
typedef struct
{
  guint number;
  MhItemState state;
  double length;
  double end;
  double start;
  guint more;
  MhItemState behind;
  double behind_end;
  double behind_start;
} MhItem;

#define MH_ITEM_INIT \
  { \
    .length = -1, .end = -1, .behind_end = -1 \
  }

/* What is known of an item is not known of the next one. */
void mh_item_forget (MhItem *self);

/* Another item begins, or a seek goes somewhere in this one: the item runs. The length
 * stays. */
void mh_item_begin (MhItem *self);

/* What is rendered has come to the next round, or has jumped. What has come behind the
 * jump counts from then on. */
void mh_item_next_round (MhItem *self);

/**
 * mh_item_is_complete:
 * @place: where playback has come to an end
 * @rate: how it was played
 * @live: whether it is live
 *
 * Returns: whether that is the end of the media. Live media has none, and
 *   what is played backwards does not come to it.
 */
gboolean mh_item_is_complete (
    const MhItem *self, double place, double rate, gboolean live);

/**
 * mh_item_is_rewound:
 * @from: where it was
 * @to: where it goes by a seek
 *
 * Returns: whether that is the media once more: from its last second to its
 *   first, or from its last to its first 2 %; after its source has told of the end,
 *   also from its last two seconds.
 */
gboolean mh_item_is_rewound (const MhItem *self, double from, double to);

/**
 * mh_item_limit:
 * @from: where it is
 * @place: where it is to go by a seek, or NAN
 *
 * Returns: @place, or the end of the media if @place is beyond that.
 */
double mh_item_limit (const MhItem *self, double from, double place);

/**
 * mh_item_finish:
 * @end: where the data ends that has come; < 0: not known
 *
 * Takes SEGMENT_DONE, be it behind a jump. Whether that is the end of the media, or of a part that is
 * repeated, is decided when what is rendered gets there.
 */
void mh_item_finish (MhItem *self, double end);

/**
 * mh_item_turn:
 * @end: where the data ends that has come; < 0: not known: it goes back from nowhere,
 *   but from the end of the media after SEGMENT_DONE
 * @start: where that begins which comes now, without a flush
 * @asked: whether a seek has asked for it
 *
 * Takes a SEGMENT without a flush. It is the next round when it goes back after
 * SEGMENT_DONE at the end of the media, or from the last second of the media to the
 * first. Where the length is not known, it is when it goes to the first second and no
 * seek has asked for it. Otherwise it is a seek within this round. Behind a jump the
 * same holds of the data behind that.
 *
 * Returns: whether it is the next round.
 */
gboolean mh_item_turn (MhItem *self, double end, double start, gboolean asked);

/**
 * mh_item_jump:
 * @end: where the data ends that has come; < 0: not known
 * @start: where that begins which comes now, without a flush
 * @other_rate: whether it is played at another rate
 *
 * Takes a SEGMENT without a flush that is no next round, and of which
 * mh_item_turn() has been told. What is rendered goes there, or goes on at that rate,
 * when it has come to @end. A jump behind a jump waits for that one: two at most wait, and
 * those that go to the same place.
 *
 * Returns: whether it goes elsewhere, or on at another rate.
 */
gboolean mh_item_jump (
    MhItem *self, double end, double start, gboolean other_rate);

/* Returns: whether what comes is not what is rendered next: it is of the next round,
 * or behind a jump. */
gboolean mh_item_has_turned (const MhItem *self);

/**
 * mh_item_end_at:
 * @now: a moment
 * @place: where what is rendered is then
 * @rate: how fast that moves
 *
 * Returns: when it comes to the end of this round, or to a jump; %MH_TIME_NEVER: it
 *   does not, as things are.
 */
MhTime mh_item_end_at (
    const MhItem *self, MhTime now, double place, double rate);

/**
 * mh_item_turned_at:
 * @at: a moment
 * @place: where what is rendered is then, as the pipeline says
 * @expected: where it would be then, if it has not jumped
 * @rate: how fast that moves, > 0
 *
 * A round that is shorter than what is queued is at its own beginning when the next one
 * comes by.
 *
 * Returns: when the next round has begun, or it has jumped, if it has; else
 *   %MH_TIME_NEVER.
 */
MhTime mh_item_turned_at (
    const MhItem *self, MhTime at, double place, double expected, double rate);

G_END_DECLS
