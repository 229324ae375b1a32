/* mh-item-place: whether it is known where an item is, and which answers of the pipeline
 * are about it.
 *
 * A pipeline begins at the start of its media. That is known of it if it got to PAUSED
 * with the element in it, and had data before it played; any other pipeline may be
 * anywhere, and has to be asked.
 *
 * When the next item of a playlist begins, the sinks come to it last: for a moment the
 * pipeline still answers for the item before (docs/design/inference.md#items).
 *
 * Pure: answers and times in. Places are seconds of stream time.
 *
 * May touch: GLib, mh-time.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-time.h"

G_BEGIN_DECLS

/**
 * MhItemPlaceState:
 * @MH_ITEM_PLACE_ALONE: what the pipeline answers is about this item
 * @MH_ITEM_PLACE_BEHIND: it may still be about the item before
 * @MH_ITEM_PLACE_EXCHANGED: the same, and the item before was left in the middle
 */
typedef enum
{
  MH_ITEM_PLACE_ALONE,
  MH_ITEM_PLACE_BEHIND,
  MH_ITEM_PLACE_EXCHANGED,
} MhItemPlaceState;

/**
 * MhItemPlace:
 * @state: of this item
 * @is_known: whether it is known where it is, as far as it will be
 * @from_start: whether this run began before the topmost parent was in PAUSED, and that
 *   did not play before it had data
 * @is_prerolled: whether the pipeline has prerolled since the last SEGMENT, before the first
 *   frame
 * @asks_since: since when the pipeline may be asked: only the element that leads
 *   asks
 * @left: where the item before was left; not in ALONE
 * @left_at: when; not in ALONE
 *
 * All zero: nothing is known.
 */
typedef struct
{
  MhItemPlaceState state;
  gboolean is_known;
  gboolean from_start;
  gboolean is_prerolled;
  MhTime asks_since;
  double left;
  MhTime left_at;
} MhItemPlace;

/* Another item begins, of which nothing is known. */
void mh_item_place_begin_item (MhItemPlace *self);

/**
 * mh_item_place_follow:
 * @left: where the item before was left, without a break
 * @exchanged: whether that was in its middle
 * @at: when
 *
 * Call it after mh_item_place_begin_item().
 */
void mh_item_place_follow (
    MhItemPlace *self, double left, gboolean exchanged, MhTime at);

/* A SEGMENT without a seek says where an item begins: that is where it is, unless the
 * pipeline was there before the element, played before it had data, or still plays the
 * item before. */
void mh_item_place_take_segment (MhItemPlace *self);

/* The pipeline has prerolled before the first frame. When it had done so without a SEGMENT
 * in between, it has stepped on by some frames, and only it knows where it is. */
void mh_item_place_preroll (MhItemPlace *self);

/**
 * mh_item_place_take_data:
 * @place: where the data of this item begins; -1: not known
 *
 * A stream that another one is exchanged for in mid-play goes on where that is, though
 * its SEGMENT is that of the whole (input-selector). What follows the end of an item
 * begins anew, though its time stamps may go on (playbin3, gapless). Where the item
 * before may have been shorter than it was said to be, the pipeline has to answer.
 *
 * Returns: where this item is; -1: that does not say it.
 */
double mh_item_place_take_data (MhItemPlace *self, double place);

/**
 * mh_item_place_is_about_left:
 * @place: where the pipeline says that it is
 * @at: when
 *
 * Returns: whether that may still be about the item before, or the place before a jump.
 */
gboolean mh_item_place_is_about_left (
    const MhItemPlace *self, double place, MhTime at);

/**
 * mh_item_place_take_answer:
 * @place: where the pipeline says that it is
 * @at: when
 *
 * After any answer it is known where this item is. An answer about the item before
 * leaves this one where it was when it was announced.
 *
 * Returns: whether the answer is about this item.
 */
gboolean mh_item_place_take_answer (MhItemPlace *self, double place, MhTime at);

G_END_DECLS
