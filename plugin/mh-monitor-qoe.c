/* mh-monitor-qoe: what is told of the quality of experience: the time to start
 * and the bitrate.
 *
 * Each qoe call replaces the one before, so that everything is told again. A
 * bitrateChange is for a viewer who sees another variant. What parsers count
 * creeps for as long as they count: that goes with the next hit, and makes none.
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
call_qoe (MhMonitor *self, MhTime at)
{
  MhCall the_call = { MH_CALL_QOE, .qoe = MH_QOE_INIT };

  the_call.qoe.startup_time = self->startup_time;
  if (self->bitrate_told > 0)
    the_call.qoe.bitrate = self->bitrate_told;
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
  call_qoe (self, at);
}

/* While something is undecided, what follows may be dated earlier than now. */
MhTime
mh_monitor_qoe_deadline (const MhMonitor *self)
{
  if (self->phase != PHASE_OPEN || !self->played || self->qoe_theirs ||
      self->reported != MH_PLAYBACK_PLAYING ||
      mh_monitor_settled ((MhMonitor *) self) != MH_TIME_NEVER ||
      !differs (current_bitrate (self), self->bitrate_told, CHANGE))
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
  call_qoe (self, self->now);
  if (!changed)
    return;
  mh_monitor_call_playhead (self, self->now);
  mh_monitor_call_type (self, MH_CALL_BITRATE_CHANGE, self->now);
}
