/* mh-liveness: whether what is played happens now, or is played from a store.
 *
 * One machine for each session. It judges what is known when the session starts,
 * and again in the first moments of the session, since much becomes known then; after
 * that only a duration that appears changes the judgement
 * (docs/design/inference.md#live-media). Pure.
 *
 * May touch: GLib, mh-stream-info, mh-time. Not thread-safe.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-stream-info.h"
#include "mh-time.h"

G_BEGIN_DECLS

/**
 * MhLivenessState:
 * @MH_LIVENESS_UNDECIDED: nothing says either; taken for on demand
 * @MH_LIVENESS_ON_DEMAND: it has a length
 * @MH_LIVENESS_LIVE: it happens now
 */
typedef enum
{
  MH_LIVENESS_UNDECIDED,
  MH_LIVENESS_ON_DEMAND,
  MH_LIVENESS_LIVE,
} MhLivenessState;

/**
 * MhLiveness:
 * @told: what the application says; %MH_LIVENESS_UNDECIDED: nothing of it
 * @state: the judgement
 * @since: when the session started; %MH_TIME_NONE: there is none
 * @asked_at: when the pipeline was asked last
 *
 * All zero but @since and @asked_at, see %MH_LIVENESS_INIT: there is no session.
 */
typedef struct
{
  MhLivenessState told;
  MhLivenessState state;
  MhTime since;
  MhTime asked_at;
} MhLiveness;

#define MH_LIVENESS_INIT \
  { \
    .since = MH_TIME_NONE, .asked_at = MH_TIME_NONE \
  }

/**
 * mh_liveness_judge_told:
 * @stream_type: (nullable): the application's content type
 * @length: the application's media length in seconds; < 0: it says none
 *
 * Returns: the judgement by these two. The content type counts before the length. A
 *   content type that is not among Adobe's says nothing, and so does the length
 *   86400, which stands for media without a length.
 */
MhLivenessState mh_liveness_judge_told (const char *stream_type, double length);

/**
 * mh_liveness_judge:
 * @told: what mh_liveness_judge_told() has returned
 * @info: what the pipeline says
 *
 * Returns: the judgement by the first of these that says anything: the
 *   application, a known duration, a window that can be sought in, ICY headers,
 *   the LATENCY query.
 */
MhLivenessState mh_liveness_judge (
    MhLivenessState told, const MhStreamInfo *info);

/**
 * mh_liveness_begin:
 * @told: what mh_liveness_judge_told() has returned
 * @at: when the session starts
 *
 * To be followed by mh_liveness_take() with what is known by then.
 */
void mh_liveness_begin (MhLiveness *self, MhLivenessState told, MhTime at);

/**
 * mh_liveness_take:
 * @info: what the pipeline says now
 * @at: the time
 *
 * Returns: whether the judgement has changed: the media is live now, or is not any
 *   more.
 */
gboolean mh_liveness_take (
    MhLiveness *self, const MhStreamInfo *info, MhTime at);

/* Returns: whether the playhead is the second of the day. */
gboolean mh_liveness_is_live (const MhLiveness *self);

/**
 * mh_liveness_ask:
 * @at: when the pipeline is asked once more
 *
 * Notes that the pipeline is being asked, so that the next question comes later.
 */
void mh_liveness_ask (MhLiveness *self, MhTime at);

/* Returns: when to ask the pipeline once more: a second after the start, and some
 * seconds later; %MH_TIME_NEVER: there is no need, unless the pipeline says that its
 * duration has changed. */
MhTime mh_liveness_deadline (const MhLiveness *self);

/* Returns: whether nothing that the pipeline says could change the judgement, or there
 * is no session. */
gboolean mh_liveness_is_sure (const MhLiveness *self);

G_END_DECLS
