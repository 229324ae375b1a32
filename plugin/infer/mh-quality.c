/* mh-quality: what a session is told of the quality of experience, and when.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-quality.h"

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
mh_quality_begin_run (MhQuality *self)
{
  mh_bitrate_reset (&self->bitrate);
  self->frame_rate = (MhFrameRate){ 0 };
  self->dropped = self->counted;
}

void
mh_quality_count (MhQuality *self, MhDropped counted, gboolean is_up)
{
  self->counted = counted;
  if (is_up)
    self->dropped = counted;
}

/* The pad may have come to this item before, and CAPS that have not changed are not
 * sent again. */
void
mh_quality_begin_item (MhQuality *self, MhTime at)
{
  MhTime since = at - TAGS_EARLY;

  mh_bitrate_next_item (&self->bitrate, since);
  self->frame_rate.item = self->frame_rate.pad;
  if (self->frame_rate.sink_at < since)
    self->frame_rate.sink = 0;
}

void
mh_quality_take_bitrate (MhQuality *self, const MhBitrateReport *report,
    double frame_rate, MhTime at)
{
  mh_bitrate_tell (&self->bitrate, report, at);
  if (frame_rate <= 0)
    return;
  self->frame_rate.sink = frame_rate;
  self->frame_rate.sink_at = at;
}

void
mh_quality_take_frame_rate (
    MhQuality *self, double frame_rate, gboolean is_played)
{
  self->frame_rate.pad = frame_rate;
  if (is_played)
    self->frame_rate.item = frame_rate;
}

/* ---- what it is now ---- */

static double
get_frame_rate (const MhQuality *self)
{
  return self->frame_rate.item > 0 ? self->frame_rate.item
                                   : self->frame_rate.sink;
}

/* Returns: how many frames were dropped in this session. */
static guint64
get_dropped (const MhQuality *self, gboolean is_hidden)
{
  return is_hidden ? self->dropped.late - self->dropped_before.late
                   : self->dropped.told - self->dropped_before.told;
}

static double
get_bitrate (const MhQuality *self, gboolean is_hidden)
{
  return mh_bitrate_get (&self->bitrate, is_hidden);
}

/* ---- what is told of it ---- */

void
mh_quality_begin_session (MhQuality *self, MhTime at)
{
  self->state = MH_QUALITY_UNTOLD;
  self->dropped_before = self->dropped;
  self->startup_time = NAN;
  self->bitrate_at = at;
  self->bitrate_changed = 0;
  self->told.bitrate = 0;
  self->told.frame_rate = 0;
  self->told.dropped = 0;
  self->is_exact = FALSE;
}

void
mh_quality_leave (MhQuality *self)
{
  self->state = MH_QUALITY_THEIRS;
}

static gboolean
differs_by (double value, double from, double share)
{
  return value > 0 && fabs (value - from) > from * share;
}

/* Whether the session has been told all there is to tell. */
static gboolean
is_told (const MhQuality *self, gboolean is_hidden)
{
  return !differs_by (
             get_bitrate (self, is_hidden), self->told.bitrate, CHANGE) &&
      !differs_by (get_frame_rate (self), self->told.frame_rate, CHANGE) &&
      get_dropped (self, is_hidden) == self->told.dropped;
}

/* A demuxer tells its variants when it changes them, not which one it begins
 * with: the first that is told in the middle of an item is a change. */
static gboolean
is_change (const MhQuality *self, double bitrate, gboolean exact, MhTime at)
{
  gboolean young = at - self->bitrate_at < CORRECTED_FOR;

  if (exact)
    return (self->is_exact || !young) &&
        differs_by (bitrate, self->bitrate_changed, CHANGE);
  return self->told.bitrate > 0 && !young &&
      differs_by (bitrate, self->bitrate_changed, COUNTED_CHANGE);
}

/* Returns: whether that is a change of the media. */
static gboolean
take_bitrate (MhQuality *self, gboolean is_hidden, MhTime at)
{
  double bitrate = get_bitrate (self, is_hidden);
  gboolean exact = mh_bitrate_is_exact (&self->bitrate);
  gboolean changed = is_change (self, bitrate, exact, at);

  if (bitrate <= 0)
    return FALSE;
  if (self->told.bitrate <= 0)
    self->bitrate_at = at;
  if (changed || at - self->bitrate_at < CORRECTED_FOR)
    self->bitrate_changed = bitrate;
  self->told.bitrate = bitrate;
  self->is_exact = exact;
  return changed;
}

static void
take_frames (MhQuality *self, gboolean is_hidden)
{
  if (get_frame_rate (self) > 0)
    self->told.frame_rate = get_frame_rate (self);
  self->told.dropped = get_dropped (self, is_hidden);
}

static void
make_qoe (MhQuality *self, MhTime at, MhQoe *qoe)
{
  self->state = MH_QUALITY_TOLD;
  self->told_at = at;
  *qoe = (MhQoe) MH_QOE_INIT;
  qoe->startup_time = self->startup_time;
  if (self->told.bitrate > 0)
    qoe->bitrate = self->told.bitrate;
  if (self->told.frame_rate > 0)
    qoe->fps = self->told.frame_rate;
  if (self->told.dropped > 0)
    qoe->dropped_frames = (double) self->told.dropped;
}

void
mh_quality_start (MhQuality *self, MhTime wait, MhTime at)
{
  self->startup_time = (double) MH_TIME_TO_MSEC (wait);
  self->bitrate_at = at;
}

gboolean
mh_quality_tell (MhQuality *self, gboolean is_hidden, MhTime at, MhQoe *qoe)
{
  gboolean changed = take_bitrate (self, is_hidden, at);

  take_frames (self, is_hidden);
  make_qoe (self, at, qoe);
  return changed;
}

gboolean
mh_quality_tell_dropped (
    MhQuality *self, gboolean is_hidden, MhTime at, MhQoe *qoe)
{
  if (self->state == MH_QUALITY_THEIRS ||
      get_dropped (self, is_hidden) == self->told.dropped)
    return FALSE;
  take_frames (self, is_hidden);
  make_qoe (self, at, qoe);
  return TRUE;
}

MhTime
mh_quality_deadline (const MhQuality *self, gboolean is_hidden, MhTime now)
{
  if (self->state == MH_QUALITY_THEIRS || is_told (self, is_hidden))
    return MH_TIME_NEVER;
  return self->state == MH_QUALITY_UNTOLD
      ? now
      : mh_time_add (self->told_at, INTERVAL);
}
