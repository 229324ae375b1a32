/* mh-playhead: where the media is, between two answers of the pipeline, and how fast
 * it plays.
 *
 * A value, its speed, and since when (docs/design/architecture.md#time,
 * docs/design/inference.md#position).
 * Pure: plain arithmetic on what it is told.
 *
 * May touch: GLib, mh-time.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-time.h"

G_BEGIN_DECLS

/**
 * MhRate:
 * @segment: of the SEGMENT that is rendered; < 0: backwards
 * @next: of the latest SEGMENT, which may be rendered later
 * @multiplier: of the instant rate change that goes on; 1: none does
 *
 * How fast the media moves when it does, seconds of media a second. None is 0.
 */
typedef struct
{
  double segment;
  double next;
  double multiplier;
} MhRate;

#define MH_RATE_INIT \
  { \
    .segment = 1, .next = 1, .multiplier = 1 \
  }

double mh_rate_get (const MhRate *self);
gboolean mh_rate_is_forward (const MhRate *self);

/**
 * MhPlayhead:
 * @value: seconds, at @at
 * @at: when @value was right; %MH_TIME_NONE: never yet
 * @rate: seconds of media a second, 0 while it stands still
 * @limit: where the data ends that has been seen, seconds; without an answer of the
 *   pipeline the playhead stops there; < 0: unknown
 * @limit_at: when the data was seen to end at @limit, while more of it comes: the place
 *   where the playhead stops moves on from @limit with @rate, beginning at that moment;
 *   %MH_TIME_NONE: it stops at @limit itself
 * @live: the second of the UTC day instead, always moving
 * @utc_offset: µs from #MhTime to UTC, for @live
 * @before: value before the last jump
 * @before_at: when that was right
 */
typedef struct
{
  double value;
  MhTime at;
  double rate;
  double limit;
  MhTime limit_at;
  gboolean live;
  gint64 utc_offset;
  double before;
  MhTime before_at;
} MhPlayhead;

/* Sets the playhead to the start of an item of which nothing is known. It stands
 * still. */
void mh_playhead_reset (MhPlayhead *self);

/**
 * mh_playhead_set:
 * @value: seconds
 * @at: when that was right
 *
 * Takes an answer of the pipeline.
 */
void mh_playhead_set (MhPlayhead *self, double value, MhTime at);

/* The last jump was a seek, and not the beginning of another item. */
void mh_playhead_forget_jump (MhPlayhead *self);

/**
 * mh_playhead_rewind:
 * @rate: how fast it has moved
 * @since: since when, perhaps before the last mh_playhead_set()
 *
 * What was set has moved since then: takes it back to where it was.
 */
void mh_playhead_rewind (MhPlayhead *playhead, double rate, MhTime since);

/**
 * mh_playhead_set_rate:
 * @rate: the new speed
 * @since: since when it moves so
 *
 * Up to @since it has moved at the old speed, unless a later value is known.
 */
void mh_playhead_set_rate (MhPlayhead *self, double rate, MhTime since);

/**
 * mh_playhead_lift:
 * @at: when that is so
 *
 * Lifts the limit: it goes on from where it is held.
 */
void mh_playhead_lift (MhPlayhead *self, MhTime at);

/**
 * mh_playhead_get:
 * @at: any moment
 *
 * Returns: the playhead at that moment, seconds, >= 0.
 */
double mh_playhead_get (const MhPlayhead *self, MhTime at);

/**
 * mh_playhead_get_reached:
 * @at: any moment
 *
 * Returns: when it came to where it is at @at, as far as it moves by itself: before
 *   @at where it is held by its limit.
 */
MhTime mh_playhead_get_reached (const MhPlayhead *self, MhTime at);

/**
 * mh_playhead_is_held:
 * @at: any moment
 *
 * Returns: whether it would be well beyond @limit then, had it moved on: what
 *   shows the media stands still, or will jump when there is more.
 */
gboolean mh_playhead_is_held (const MhPlayhead *self, MhTime at);

/**
 * mh_playhead_get_before_jump:
 * @at: any moment
 *
 * Leaves out the last jump, if it was within the second before @at. A jump is a
 * value that is more than half a second away from where the playhead should have
 * been. This is the end of an item whose successor has begun.
 *
 * Returns: the playhead at that moment, seconds.
 */
double mh_playhead_get_before_jump (const MhPlayhead *self, MhTime at);

G_END_DECLS
