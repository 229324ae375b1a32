/* mh-playback: the playback state, made of all that is known of a player.
 *
 * One table says what the player seems to do, by the states of its parts. Another one
 * says for how long it must seem so until that is reported: the next moment may prove
 * it wrong (a pause of a millisecond, the gap between two seeks).
 *
 * Pure: the parts and times in, states and deadlines out
 * (docs/design/inference.md#buffering, whose rules the comments name).
 *
 * May touch: mh-enums, mh-pipeline-state, mh-time.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-enums.h"
#include "mh-pipeline-state.h"

G_BEGIN_DECLS

/**
 * MhPlaybackParts:
 * @pipeline: the states of element and pipeline
 * @is_stopping: whether the pipeline goes below PAUSED
 * @is_seeking: whether a seek goes on
 * @seek_wait: how long that must last to count
 * @has_data: whether data of this item has come
 * @is_shown: whether the first frame of this item was rendered
 * @is_placed: whether it is known where the media is
 * @asks_since: since when the pipeline may be asked for that
 * @lacks_data: whether a pause, or the start, is for want of data
 * @lacked_data: whether the pause began where the data ended, and so looked like want
 *   of data. If it turns out to be an ordinary pause, it is dated to its beginning
 * @asks_fill: whether it is still to be found out if a pause is for want of data
 *
 * What the playback state is made of.
 */
typedef struct
{
  MhPipelineState pipeline;
  gboolean is_stopping;
  gboolean is_seeking;
  MhTime seek_wait;
  gboolean has_data;
  gboolean is_shown;
  gboolean is_placed;
  MhTime asks_since;
  gboolean lacks_data;
  gboolean lacked_data;
  gboolean asks_fill;
} MhPlaybackParts;

/**
 * MhPlayback:
 * @reported: what counts; never STALLED: the stall is mh-stall's
 * @seeming: what the player seems to do; the same as @reported: nothing is undecided
 * @since: since when; only where they differ
 * @awake_since: when the machine had slept last: nothing has played while it did
 *
 * All zero: INIT.
 */
typedef struct
{
  MhPlaybackState reported;
  MhPlaybackState seeming;
  MhTime since;
  MhTime awake_since;
} MhPlayback;

/**
 * mh_playback_set:
 * @state: what is reported from now on, whatever the player seems to do
 *
 * Sets the state without waiting for it to settle.
 */
void mh_playback_set (MhPlayback *self, MhPlaybackState state);

/* What the player seems to do comes to nothing. */
void mh_playback_drop (MhPlayback *self);

/**
 * mh_playback_sleep:
 * @until: when the machine awoke
 *
 * What had not played for long enough to count begins when it plays on.
 */
void mh_playback_sleep (MhPlayback *self, MhTime until);

/**
 * mh_playback_judge:
 * @parts: all that is known of the player
 *
 * Returns: what the player seems to do.
 */
MhPlaybackState mh_playback_judge (
    const MhPlayback *self, const MhPlaybackParts *parts);

/**
 * mh_playback_update:
 * @parts: all that is known of the player
 * @since: since when they have been so
 *
 * Takes up what the player seems to do.
 *
 * Returns: whether that is undecided, and another state than before.
 */
gboolean mh_playback_update (
    MhPlayback *self, const MhPlaybackParts *parts, MhTime since);

/* Returns: whether the player seems to do something else than what is reported. */
gboolean mh_playback_is_undecided (const MhPlayback *self);

/**
 * mh_playback_get_since:
 * @now: a moment
 *
 * Returns: since when something is undecided; else @now.
 */
MhTime mh_playback_get_since (const MhPlayback *self, MhTime now);

/**
 * mh_playback_waits_for_place:
 * @parts: all that is known of the player
 *
 * Returns: whether it plays for certain, and is not reported to only until it is known
 *   where it does.
 */
gboolean mh_playback_waits_for_place (
    const MhPlayback *self, const MhPlaybackParts *parts);

/**
 * mh_playback_deadline:
 * @parts: all that is known of the player
 *
 * Returns: when what the player seems to do is to be reported, if it still seems so
 *   then; %MH_TIME_NEVER: nothing is undecided.
 */
MhTime mh_playback_deadline (
    const MhPlayback *self, const MhPlaybackParts *parts);

G_END_DECLS
