/* mh-monitor-seek: what a seek changes (docs/design/inference.md#seeking).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-monitor-private.h"

#include <math.h>

/* Returns: seconds; NAN: none. */
static double
get_seconds (GstClockTime time)
{
  return GST_CLOCK_TIME_IS_VALID (time) ? (double) time / GST_SECOND : NAN;
}

/* A seek to beyond the end goes to the end. */
void
mh_monitor_observe_seek (MhMonitor *self, const MhObservation *observation)
{
  double target = mh_item_limit (&self->item,
      mh_playhead_get (&self->playhead, self->now),
      get_seconds (observation->time));

  mh_seek_ask (&self->seek, observation->seqnum, target);
}

/* Replay: a new session, not a seek in the old one. */
static gboolean
is_replay (const MhMonitor *self)
{
  return self->playback.reported == MH_PLAYBACK_ENDED ||
      self->early_end.state == MH_EARLY_END_BROKEN;
}

/* Whether a seek to @target, seconds, plays the media once more. */
static gboolean
rewinds (const MhMonitor *self, double from, double target)
{
  return mh_session_phase_is_open (&self->phase) && self->start.is_shown &&
      !self->playhead.live && mh_rate_is_forward (&self->rate) &&
      mh_item_is_rewound (&self->item, from, target);
}

/* It does: the session is complete @at. */
static void
rewind_item (MhMonitor *self, double target, MhTime at)
{
  mh_monitor_end (self, MH_CALL_COMPLETE, at);
  mh_monitor_begin_item (self, FALSE);
  mh_playhead_set (&self->playhead, target, self->now);
}

/* The first of a burst: scrubbing goes anywhere. */
static gboolean
rewinds_at_once (const MhMonitor *self, double asked)
{
  return !mh_seek_is_active (&self->seek) && !isnan (asked) &&
      rewinds (self, mh_playhead_get (&self->playhead, self->now), asked);
}

/* A flush that is a seek, unless something else comes of it. */
static void
begin_seek (MhMonitor *self, guint32 seqnum)
{
  double target;

  if (!mh_seek_begin (
          &self->seek, seqnum, mh_playhead_get (&self->playhead, self->now)))
    return; /* the same seek again (queue2, playbin3) */
  target = mh_seek_get_target (&self->seek);
  if (self->playback.reported != MH_PLAYBACK_PLAYING && !isnan (target))
    mh_playhead_set (&self->playhead, target, self->now);
}

/* What came before is gone. */
static void
forget_flushed (MhMonitor *self)
{
  mh_data_end_flush (&self->data_end, self->start.is_shown);
  mh_playhead_lift (&self->playhead, self->now);
  mh_start_forget_data (&self->start);
  self->item_place.is_known &= self->start.is_shown;
}

/* A burst of seeks, or of flushes, is one seek, from where the first was made: the
 * playhead may be where that goes. */
static void
flush_streams (MhMonitor *self, guint unmade)
{
  gboolean active = mh_seek_is_active (&self->seek);
  double place = active ? self->seek.from
                        : mh_playhead_get (&self->playhead, self->now);

  mh_stream_groups_flush (
      &self->streams, mh_monitor_judge_end (self, place) == MH_CALL_COMPLETE);
  if (!active)
    self->streams.unmade = unmade;
}

/* What has come to the pad far from the end is a part of the same item, whose message
 * may come when the seek has data. */
static void
keep_part (MhMonitor *self)
{
  if (mh_stream_groups_is_ahead (&self->streams) && self->streams.next == 0 &&
      mh_seek_was_asked (&self->seek))
    mh_stream_groups_play (&self->streams, self->streams.pad);
}

void
mh_monitor_observe_flush_start (
    MhMonitor *self, const MhObservation *observation)
{
  guint32 seqnum = observation->seqnum;
  double asked = mh_seek_get_asked (&self->seek, seqnum);
  gboolean rewound;

  if (mh_early_end_is_stopping (&self->early_end))
    return;
  mh_buffering_flush (&self->buffering);
  flush_streams (self, observation->group);
  /* That needs what is known of the end, which is dropped next. */
  rewound = rewinds_at_once (self, asked);
  mh_monitor_drop_jump (self);
  if (is_replay (self)) {
    mh_monitor_begin_item (self, FALSE);
    if (!isnan (asked))
      mh_playhead_set (&self->playhead, asked, self->now);
    mh_seek_flush (&self->seek);
    return;
  }
  if (rewound) {
    rewind_item (self, asked, self->now);
    mh_seek_flush (&self->seek);
    return;
  }
  mh_seek_flush (&self->seek);
  forget_flushed (self);
  if (!self->start.is_shown)
    return; /* where it starts from; or a demuxer's own flush */
  begin_seek (self, seqnum);
  keep_part (self);
}

/* With the running time, sinks forget an instant rate change. */
void
mh_monitor_observe_flush_stop (
    MhMonitor *self, const MhObservation *observation)
{
  mh_seek_end_flush (&self->seek, self->now, observation->keeps_time);
  if (!observation->keeps_time)
    self->rate.multiplier = 1;
}

/* Whether the seek that goes on gets beyond the known end: it was to go there, and that
 * is wrong. A file may grow, and a length be estimated. */
static gboolean
is_beyond (const MhMonitor *self, double place)
{
  double target = mh_seek_get_target (&self->seek);

  return mh_rate_is_forward (&self->rate) && self->item.length > 0 &&
      target >= self->item.length && place > target;
}

/* Where it goes on. A seek to a key frame gets somewhere else than it was to;
 * played backwards, a segment begins where it ends. */
static void
observe_place (MhMonitor *self, double place)
{
  gboolean seeking = mh_seek_is_active (&self->seek);
  gboolean target_unknown = seeking && isnan (mh_seek_get_target (&self->seek));

  if (target_unknown && rewinds (self, self->seek.from, place)) {
    rewind_item (
        self, place, mh_playback_get_since (&self->playback, self->now));
    return;
  }
  if (target_unknown)
    self->seek.target = place;
  else if (is_beyond (self, place))
    mh_seek_correct (&self->seek, place);
  else if (seeking ? !mh_rate_is_forward (&self->rate)
                   : self->start.is_shown || self->item_place.is_known)
    return;
  mh_playhead_set (&self->playhead, place, self->now);
  if (!seeking)
    mh_item_place_take_segment (&self->item_place);
}

void
mh_monitor_observe_segment (MhMonitor *self, const MhObservation *observation)
{
  double place = get_seconds (observation->time);

  if (mh_seek_call_off (&self->seek, place, observation->same))
    return;
  self->rate.next = observation->rate;
  if (!mh_monitor_observe_jump (self, observation))
    self->rate.segment = observation->rate;
  if (!mh_stream_groups_is_flushed_next (&self->streams))
    mh_seek_take_segment (&self->seek);
  mh_stream_groups_take_segment (&self->streams);
  if (!mh_seek_is_active (&self->seek)) /* else it stands still */
    mh_playhead_lift (&self->playhead, self->now);
  self->playhead.limit = mh_item_has_turned (&self->item) ? self->item.end : -1;
  if (!isnan (place))
    observe_place (self, place);
  mh_playhead_set_rate (
      &self->playhead, mh_monitor_moving_rate (self), self->now);
}

gboolean
mh_monitor_end_seek (MhMonitor *self)
{
  if (!mh_seek_end (&self->seek))
    return FALSE;
  mh_playhead_forget_jump (&self->playhead);
  mh_stall_reset (&self->stall, self->now, self->data_watch.buffers, FALSE);
  return TRUE;
}
