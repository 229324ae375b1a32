/* mh-place: where the media is, and of what, as a value.
 *
 * It says for any moment what a session is told of the playhead, and stays
 * right for the decision that it belongs to while the player goes on.
 *
 * May touch: mh-call, mh-playhead, mh-time. Pure.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-call.h"
#include "mh-playhead.h"

G_BEGIN_DECLS

/**
 * MhPlace:
 * @playhead: where the media is
 * @rate: by how many seconds it moves in a second, as reported: 0 while it is
 *   reported to stand still
 * @item: of which item, counted by the inference
 * @group: the group of the streams that are played; 0: they say none
 */
typedef struct
{
  MhPlayhead playhead;
  double rate;
  guint item;
  guint group;
} MhPlace;

/**
 * mh_place_playhead:
 * @place: a place
 * @at: a moment
 * @call: (out): a playhead call for it; it owns nothing
 *
 * Says where the media is at that moment, and how fast it moves: for live media
 * the second of the UTC day.
 */
void mh_place_playhead (const MhPlace *place, MhTime at, MhCall *call);

/**
 * mh_place_reaches:
 * @at: a moment
 *
 * A pause is reported only after it has lasted for a while. A deadline from before the
 * pause may therefore be handled while the place already stands still, and one from
 * before a seek in a pause when the place is that of the target.
 *
 * Returns: FALSE if @at is before a stop that has not been reported yet, or before what
 *   stands still came to where it is: the place does not say where the media was then.
 */
gboolean mh_place_reaches (const MhPlace *self, MhTime at);

/**
 * mh_place_stream_time:
 * @place: a place
 * @at: a moment
 *
 * Returns: where in the stream the media is at that moment, seconds of stream
 *   time: as the playhead, but for live media.
 */
double mh_place_stream_time (const MhPlace *place, MhTime at);

/**
 * mh_place_set_live:
 * @place: a place
 * @item: the item that @live is about
 * @live: whether what is played happens now
 * @utc_offset: microseconds from #MhTime to UTC
 *
 * Nothing happens where the place is of another item.
 */
void mh_place_set_live (
    MhPlace *place, guint item, gboolean live, gint64 utc_offset);

G_END_DECLS
