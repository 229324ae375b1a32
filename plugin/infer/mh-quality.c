/* mh-monitor-qoe: what is told of the quality of experience: the time to start,
 * the bitrate, and of video how many frames a second it has and how many were
 * dropped.
 *
 * Each qoe call replaces the one before, so that everything is told again. A
 * bitrateChange is for a viewer who sees another variant. What parsers count
 * creeps for as long as they count: that goes with the next hit, and makes none,
 * and so does what is told of frames.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-monitor-private.h"

#include <math.h>

/* Nothing is told more often. */
#define INTERVAL MH_TIME_FROM_SEC (1)
/* Changes that are told at all, and those of counted bitrates that are changes
 * of the media. */
#define CHANGE 0.01
#define COUNTED_CHANGE 0.25
/* How long after the first frame, or the first bitrate, another one corrects it:
 * tags of the streams come one by one, and parsers have not seen much. */
#define CORRECTED_FOR MH_TIME_FROM_MSEC (1500)
/* How much sooner than the pipeline a sink may tell of the next item. */
#define TAGS_EARLY MH_TIME_FROM_MSEC (500)

/* ---- the streams of an item ---- */

void
mh_monitor_begin_streams (MhMonitor *self)
{
  mh_bitrate_reset (&self->bitrate);
  self->pad_frame_rate = 0;
  self->frame_rate = 0;
  self->sink_frame_rate = 0;
  self->n_passed = 0;
}

/* A queue behind the pad may hold several items. */
void
mh_monitor_set_pad_group (MhMonitor *self, guint group)
{
  if (group == self->pad_group)
    return;
  if (self->pad_data)
    self->passed[self->n_passed++ % MH_MONITOR_PASSED] = self->pad_group;
  self->pad_data = FALSE;
  self->pad_group = group;
}

gboolean
mh_monitor_had_data (const MhMonitor *self, guint group)
{
  if (self->pad_group == group)
    return self->pad_data;
  for (guint i = 0; i < MIN (self->n_passed, MH_MONITOR_PASSED); i++) {
    if (self->passed[i] == group)
      return TRUE;
  }
  return FALSE;
}

/* The pad may have come to this item before, and nobody repeats caps that are
 * the same. */
void
mh_monitor_next_streams (MhMonitor *self)
{
  MhTime since = self->now - TAGS_EARLY;

  mh_bitrate_next_item (&self->bitrate, since);
  self->frame_rate = self->pad_frame_rate;
  if (self->sink_frame_rate_at < since)
    self->sink_frame_rate = 0;
}

void
mh_monitor_observe_rate (MhMonitor *self, const MhObservation *observation)
{
  if (observation->type == MH_OBSERVED_BITRATE) {
    mh_bitrate_tell (&self->bitrate, &observation->bitrate, self->now);
    if (observation->frame_rate <= 0)
      return;
    self->sink_frame_rate = observation->frame_rate;
    self->sink_frame_rate_at = self->now;
    return;
  }
  self->pad_frame_rate = observation->frame_rate;
  if (!self->have_group || self->pad_group == self->group)
    self->frame_rate = observation->frame_rate;
}

static double
current_frame_rate (const MhMonitor *self)
{
  return self->frame_rate > 0 ? self->frame_rate : self->sink_frame_rate;
}

void
mh_monitor_count_dropped (MhMonitor *self, guint64 dropped, guint64 late)
{
  self->dropped = dropped;
  self->late = late;
}

/* Of this session. */
static guint64
current_dropped (const MhMonitor *self)
{
  return mh_monitor_is_in_the_dark (self)
      ? self->late - self->late_before
      : self->dropped - self->dropped_before;
}

/* ---- what is told of it ---- */

void
mh_monitor_reset_qoe (MhMonitor *self)
{
  self->qoe_theirs = FALSE;
  self->startup_time = NAN;
  self->bitrate_told = 0;
  self->bitrate_changed = 0;
  self->bitrate_exact = FALSE;
  self->bitrate_at = self->now;
  self->qoe_at = MH_TIME_NONE;
  self->frame_rate_told = 0;
  self->dropped_before = self->dropped;
  self->late_before = self->late;
  self->dropped_told = 0;
}

static gboolean
differs (double value, double from, double share)
{
  return value > 0 && fabs (value - from) > from * share;
}

static double
current_bitrate (const MhMonitor *self)
{
  return mh_bitrate_get (&self->bitrate, mh_monitor_is_in_the_dark (self));
}

/* A demuxer tells its variants when it changes them, not which one it begins
 * with: the first that is told in the middle of an item is a change. */
static gboolean
is_change (const MhMonitor *self, double bitrate, gboolean exact, MhTime at)
{
  gboolean young = at - self->bitrate_at < CORRECTED_FOR;

  if (exact)
    return (self->bitrate_exact || !young) &&
        differs (bitrate, self->bitrate_changed, CHANGE);
  return self->bitrate_told > 0 && !young &&
      differs (bitrate, self->bitrate_changed, COUNTED_CHANGE);
}

/* Returns: whether that is a change of the media. */
static gboolean
take_bitrate (MhMonitor *self, double bitrate, MhTime at)
{
  gboolean exact = mh_bitrate_is_exact (&self->bitrate);
  gboolean changed = is_change (self, bitrate, exact, at);

  if (bitrate <= 0)
    return FALSE;
  if (self->bitrate_told <= 0)
    self->bitrate_at = at;
  if (changed || at - self->bitrate_at < CORRECTED_FOR)
    self->bitrate_changed = bitrate;
  self->bitrate_told = bitrate;
  self->bitrate_exact = exact;
  return changed;
}

static void
take_frames (MhMonitor *self)
{
  if (current_frame_rate (self) > 0)
    self->frame_rate_told = current_frame_rate (self);
  self->dropped_told = current_dropped (self);
}

/* Whether there is something new of any of it. */
static gboolean
has_news (const MhMonitor *self)
{
  return differs (current_bitrate (self), self->bitrate_told, CHANGE) ||
      differs (current_frame_rate (self), self->frame_rate_told, CHANGE) ||
      current_dropped (self) != self->dropped_told;
}

static void
call_qoe (MhMonitor *self, MhTime at)
{
  MhCall the_call = { MH_CALL_QOE, .qoe = MH_QOE_INIT };

  the_call.qoe.startup_time = self->startup_time;
  if (self->bitrate_told > 0)
    the_call.qoe.bitrate = self->bitrate_told;
  if (self->frame_rate_told > 0)
    the_call.qoe.fps = self->frame_rate_told;
  if (self->dropped_told > 0)
    the_call.qoe.dropped_frames = (double) self->dropped_told;
  mh_monitor_call (self, &the_call, at);
  self->qoe_at = at;
}

void
mh_monitor_begin_qoe (MhMonitor *self, MhTime at)
{
  if (self->qoe_theirs)
    return;
  self->startup_time = (double) MH_TIME_TO_MSEC (at - self->asked_at);
  self->bitrate_at = at;
  take_bitrate (self, current_bitrate (self), at);
  take_frames (self);
  call_qoe (self, at);
}

void
mh_monitor_end_qoe (MhMonitor *self, MhTime at)
{
  if (!self->played || self->qoe_theirs ||
      current_dropped (self) == self->dropped_told)
    return;
  take_frames (self);
  call_qoe (self, at);
}

/* While something is undecided, what follows may be dated earlier than now. */
MhTime
mh_monitor_qoe_deadline (const MhMonitor *self)
{
  if (self->phase != PHASE_OPEN || !self->played || self->qoe_theirs ||
      self->reported != MH_PLAYBACK_PLAYING ||
      mh_monitor_settled ((MhMonitor *) self) != MH_TIME_NEVER ||
      !has_news (self))
    return MH_TIME_NEVER;
  return self->qoe_at == MH_TIME_NONE ? self->now
                                      : mh_time_add (self->qoe_at, INTERVAL);
}

void
mh_monitor_update_qoe (MhMonitor *self)
{
  gboolean changed;

  if (mh_monitor_qoe_deadline (self) > self->now)
    return;
  changed = take_bitrate (self, current_bitrate (self), self->now);
  take_frames (self);
  call_qoe (self, self->now);
  if (!changed)
    return;
  mh_monitor_call_playhead (self, self->now);
  mh_monitor_call_type (self, MH_CALL_BITRATE_CHANGE, self->now);
}
