/* mh-monitor-loop: media that is played in a loop, one round after the other
 * (docs/design/inference.md#loops).
 *
 * Each round is an item. What the pad shows is ahead of what is rendered, by
 * what is queued: a round ends when the playhead comes to where its data ends.
 * Whether a SEGMENT begins a round is mh_item_turn()'s to say. A seek with a flush that
 * begins one comes from mh-monitor-seek.c, by mh_monitor_rewinds().
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-monitor-private.h"

/* Whether what comes by is the item that is played, forwards and not live. */
static gboolean
may_repeat (const MhMonitor *self)
{
  return self->start.is_shown && self->seek.state == MH_SEEK_NONE &&
      !self->playhead.live && mh_rate_is_forward (&self->rate) &&
      !mh_streams_is_ahead (&self->streams);
}

void
mh_monitor_observe_segment_done (MhMonitor *self, GstClockTime end)
{
  if (may_repeat (self))
    mh_item_finish (&self->item, mh_monitor_seconds (end));
}

/* What has ended begins again when its next round comes late. */
static void
begin_late (MhMonitor *self, double place)
{
  if (self->item.state != MH_ITEM_DONE)
    return;
  mh_item_begin (&self->item);
  mh_monitor_begin_item (self, FALSE);
  mh_playhead_set (&self->playhead, place, self->now);
  self->placing.is_known = TRUE;
}

void
mh_monitor_observe_jump (MhMonitor *self, const MhObservation *observation)
{
  double place = mh_monitor_seconds (observation->time);
  gboolean asked = mh_seek_is_asked (&self->seek, observation->seqnum);

  if (place < 0 || observation->rate <= 0 || observation->again ||
      !may_repeat (self))
    return;
  if (self->playback.reported == MH_PLAYBACK_ENDED)
    begin_late (self, place);
  else if (mh_phase_is_open (&self->phase))
    mh_item_turn (
        &self->item, mh_monitor_seconds (observation->end), place, asked);
}

/* By the last place that is known, wherever it is held since. */
MhTime
mh_monitor_round_deadline (const MhMonitor *self)
{
  const MhPlayhead *playhead = &self->playhead;

  if (!mh_phase_is_open (&self->phase) || playhead->at == MH_TIME_NONE ||
      mh_ending_is_stopping (&self->ending))
    return MH_TIME_NEVER;
  return mh_item_end_at (
      &self->item, playhead->at, playhead->value, playhead->rate);
}

static void
begin_round (MhMonitor *self, MhTime at)
{
  double left = self->item.end;
  double start = self->item.start;

  mh_playhead_set (&self->playhead, left, at);
  mh_monitor_end (self, mh_monitor_judge_end (self, left), at);
  mh_monitor_begin_item (self, TRUE);
  mh_item_next_round (&self->item);
  mh_playhead_set (&self->playhead, start, at);
  self->placing.is_known = TRUE;
  mh_placing_follow (&self->placing, left, FALSE, at);
  mh_monitor_want (self, at);
  mh_poll_want (&self->poll, self->now);
}

/* Where the pipeline says that it is in the next round already. */
static MhTime
get_turned_at (const MhMonitor *self, const MhSample *sample)
{
  double rate = mh_monitor_moving_rate (self);

  if (!sample->asked || sample->position < 0 ||
      sample->position_at == MH_TIME_NONE || rate <= 0)
    return MH_TIME_NEVER;
  return mh_item_turned_at (&self->item, sample->position_at,
      (double) sample->position / GST_SECOND, rate);
}

MhTime
mh_monitor_check_round (MhMonitor *self, const MhSample *sample)
{
  MhTime deadline = mh_monitor_round_deadline (self);
  MhTime at = MIN (deadline, get_turned_at (self, sample));

  if (!mh_phase_is_open (&self->phase) || at > self->now)
    return MH_TIME_NONE;
  /* Not before what has been settled. */
  at = MAX (at, MAX (self->look.before, self->phase.called_at));
  if (self->item.state == MH_ITEM_TURNED) {
    begin_round (self, at);
    return at;
  }
  mh_playhead_set (&self->playhead, self->item.end, at);
  mh_monitor_end_item (self, at);
  return MH_TIME_NONE;
}

gboolean
mh_monitor_rewinds (const MhMonitor *self, double from, double target)
{
  return mh_phase_is_open (&self->phase) && self->start.is_shown &&
      !self->playhead.live && mh_rate_is_forward (&self->rate) &&
      mh_item_is_rewound (&self->item, from, target);
}

void
mh_monitor_rewind (MhMonitor *self, double target, MhTime at)
{
  mh_monitor_end (self, MH_CALL_COMPLETE, at);
  mh_monitor_begin_item (self, FALSE);
  mh_playhead_set (&self->playhead, target, self->now);
}
