/* mh-quality: what a session is told of the quality of experience, and when: the time
 * to start, the bitrate, and of video how many frames a second it has and how many were
 * dropped.
 *
 * Each qoe call replaces the one before, so that everything is told again. A
 * bitrateChange is for a viewer who sees another variant. A bitrate that a parser is
 * still counting changes all the time. Such a change, like the figures of frames, goes
 * with the next hit and causes none of its own.
 *
 * Pure: reports and times in, what is to be told comes out
 * (docs/design/inference.md#quality).
 *
 * May touch: GLib, mh-bitrate, mh-media, mh-time.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-bitrate.h"
#include "mh-media.h"

G_BEGIN_DECLS

/**
 * MhQualityState:
 * @MH_QUALITY_UNTOLD: the session has been told nothing yet
 * @MH_QUALITY_TOLD: it has been told, and is told again of what changes
 * @MH_QUALITY_THEIRS: the application tells it, and we do not
 */
typedef enum
{
  MH_QUALITY_UNTOLD,
  MH_QUALITY_TOLD,
  MH_QUALITY_THEIRS,
} MhQualityState;

/**
 * MhFrameRate:
 * @pad: of what passes
 * @item: of what is played
 * @sink: as a sink of video tells it
 * @sink_at: when it did; only where @sink is known
 *
 * How many frames a second video has; 0: not known.
 */
typedef struct
{
  double pad;
  double item;
  double sink;
  MhTime sink_at;
} MhFrameRate;

/**
 * MhDropped:
 * @told: how many frames were dropped as messages say, ever
 * @late: how many came too late, ever: this counts where messages are kept from us
 */
typedef struct
{
  guint64 told;
  guint64 late;
} MhDropped;

/**
 * MhQuality:
 * @state: of the session
 * @bitrate: of the item
 * @frame_rate: of the item
 * @counted: up to now, be it in a run that is not seen yet
 * @dropped: up to now, in the runs that have been seen
 * @dropped_before: up to the session's beginning
 * @startup_time: ms; NAN: not known
 * @bitrate_at: when the bitrate was told first, or could have been
 * @bitrate_changed: the bitrate when it last was a change of the media
 * @told: what the session has been told last: bitrate, frame rate and frames that were
 *   dropped; 0: nothing
 * @is_exact: whether the bitrate that it was told is a variant's
 * @told_at: when that was; only in TOLD
 */
typedef struct
{
  MhQualityState state;
  MhBitrate bitrate;
  MhFrameRate frame_rate;
  MhDropped counted;
  MhDropped dropped;
  MhDropped dropped_before;
  double startup_time;
  MhTime bitrate_at;
  double bitrate_changed;
  struct
  {
    double bitrate;
    double frame_rate;
    guint64 dropped;
  } told;
  gboolean is_exact;
  MhTime told_at;
} MhQuality;

/* Another run of the pipeline: nothing is known of its streams, and what has been
 * counted by now is counted in it. Call it after mh_quality_begin_session(). */
void mh_quality_begin_run (MhQuality *self);

/**
 * mh_quality_begin_item:
 * @at: when
 *
 * Another item is played, without a stop. Its streams may have been reported a moment
 * before, or passed the pad.
 */
void mh_quality_begin_item (MhQuality *self, MhTime at);

/**
 * mh_quality_begin_session:
 * @at: when
 *
 * A session begins: nothing has been told of its quality.
 */
void mh_quality_begin_session (MhQuality *self, MhTime at);

/* The application tells the session of its quality. */
void mh_quality_leave (MhQuality *self);

/**
 * mh_quality_take_bitrate:
 * @report: of the bitrate
 * @frame_rate: of video, where a sink of that has told both; else 0
 * @at: when
 *
 * Takes what is observed of a stream's rates.
 */
void mh_quality_take_bitrate (MhQuality *self, const MhBitrateReport *report,
    double frame_rate, MhTime at);

/**
 * mh_quality_take_frame_rate:
 * @frame_rate: of what passes the pad
 * @is_played: whether that is what is played, and not the next item
 *
 * Takes the frame rate of caps.
 */
void mh_quality_take_frame_rate (
    MhQuality *self, double frame_rate, gboolean is_played);

/**
 * mh_quality_count:
 * @counted: how many frames were dropped by now
 * @is_up: whether that is in the run that is seen, and not in one that is about to be
 */
void mh_quality_count (MhQuality *self, MhDropped counted, gboolean is_up);

/**
 * mh_quality_start:
 * @wait: how long the viewer has waited for the first frame
 * @at: when it was rendered
 *
 * Says how long the start took. mh_quality_tell() follows.
 */
void mh_quality_start (MhQuality *self, MhTime wait, MhTime at);

/**
 * mh_quality_tell:
 * @is_hidden: whether the pipeline's messages are kept from us
 * @at: when the session is told
 * @qoe: (out): all of it
 *
 * Returns: whether the bitrate has changed because the media has.
 */
gboolean mh_quality_tell (
    MhQuality *self, gboolean is_hidden, MhTime at, MhQoe *qoe);

/**
 * mh_quality_tell_dropped:
 * @is_hidden: as for mh_quality_tell()
 * @at: when the session is about to end
 * @qoe: (out): what it is told then
 *
 * Returns: whether it is to be told the last of what is counted.
 */
gboolean mh_quality_tell_dropped (
    MhQuality *self, gboolean is_hidden, MhTime at, MhQoe *qoe);

/**
 * mh_quality_deadline:
 * @is_hidden: as for mh_quality_tell()
 * @now: a moment
 *
 * Returns: when the session is to be told, as things are; %MH_TIME_NEVER: there is
 *   nothing to tell.
 */
MhTime mh_quality_deadline (
    const MhQuality *self, gboolean is_hidden, MhTime now);

G_END_DECLS
