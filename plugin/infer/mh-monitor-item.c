/* mh-monitor-item: what begins an item: another group of streams
 * (docs/design/inference.md#items), or the next round of media that is played in a loop
 * (docs/design/inference.md#loops).
 *
 * What the pad shows is ahead of what is rendered, by what is queued: a round ends when
 * the playhead comes to where its data ends. Whether a SEGMENT begins a round is
 * mh_item_turn()'s to say. A seek that begins one is mh-monitor-seek.c's. A SEGMENT that
 * goes elsewhere in the same round waits in the same way: mh_item_jump().
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-monitor-private.h"

/* Seconds: how long the last buffer may be, with what a sink of sound holds. */
#define LAST_BUFFER 0.5

/* What is known of an item, apart from the pipeline that plays it. */
void
mh_monitor_begin_item (MhMonitor *self, gboolean data)
{
  self->item.number++;
  mh_session_phase_begin_item (&self->phase);
  mh_start_begin_item (&self->start, self->now, data);
  mh_item_place_begin_item (&self->item_place);
  mh_data_end_flush (&self->data_end, TRUE);
  mh_seek_begin_item (&self->seek);
  self->stall.stalled = FALSE;
  mh_playback_set (&self->playback, MH_PLAYBACK_INIT);
  mh_early_end_begin_item (&self->early_end);
  mh_playhead_reset (&self->playhead);
  mh_quality_begin_session (&self->quality, self->now);
  mh_monitor_announce (self);
}

/* ---- the next item ---- */

/* The application names the media: where it has not ended and the name is the
 * same, then it is still that, whatever it comes from (another camera, a source
 * that was restarted). */
static gboolean
goes_on (const MhMonitor *self, double left)
{
  gboolean ended = self->item.length > 0 &&
      mh_monitor_judge_end (self, left) == MH_CALL_COMPLETE;

  return mh_session_phase_is_same_media (&self->phase) && !ended;
}

void
mh_monitor_drop_jump (MhMonitor *self)
{
  mh_item_begin (&self->item);
  self->rate.segment = self->rate.next;
  mh_playhead_set_rate (
      &self->playhead, mh_monitor_moving_rate (self), self->now);
}

static void
take_over (MhMonitor *self, guint group)
{
  mh_stream_groups_play (&self->streams, group);
  mh_monitor_drop_jump (self);
  mh_data_end_flush (&self->data_end, TRUE);
  mh_quality_begin_item (&self->quality, self->now);
  mh_poll_schedule_want (&self->poll, self->now);
}

/* The item before ends with the beginning of the next one. Where it was not at
 * its end, that may be the same once more.
 *
 * Returns: whether it was left in the middle. */
static gboolean
end_before (MhMonitor *self, gboolean cut, double left, MhTime at)
{
  MhCallType how = cut ? MH_CALL_SESSION_END
                       : mh_monitor_judge_end (self, left);
  gboolean open = mh_session_phase_is_open (&self->phase);

  mh_monitor_end (self, how, at);
  if (!open || cut || how != MH_CALL_SESSION_END)
    return FALSE;
  mh_continuation_break_off (&self->continuation, 0);
  return TRUE;
}

/* Where the item is left when the next one is told of. Sinks do that when they have
 * the last buffer, which is shown for some time yet. */
static double
get_left (const MhMonitor *self)
{
  double left = mh_playhead_get_before_jump (&self->playhead, self->now);
  double end = self->data_end.place;

  return end > left && end - left < LAST_BUFFER &&
          mh_monitor_judge_end (self, end) == MH_CALL_COMPLETE
      ? end
      : left;
}

static void
take_data_place (MhMonitor *self)
{
  double place;

  if (mh_stream_groups_is_ahead (&self->streams))
    return;
  place = mh_item_place_take_data (&self->item_place, self->streams.pad_place);
  if (place >= 0)
    mh_playhead_set (&self->playhead, place, self->now);
}

/* A seek went to another item, and not where it was to go in this one.
 *
 * Returns: when this one was left. */
static MhTime
leave_seek (MhMonitor *self)
{
  MhTime at = mh_playback_get_since (&self->playback, self->now);

  if (mh_seek_is_active (&self->seek) && !self->playhead.live)
    mh_playhead_set (&self->playhead, self->seek.from, at);
  return at;
}

/* Whether @group is of the item that is played: a variant switch; or a source that is
 * made of files begins the streams anew after a seek (splitmuxsrc). The next item may
 * have come to the pad before that: playbin3 seeks in that one then. */
static gboolean
is_same_item (const MhMonitor *self, guint group)
{
  return !mh_stream_groups_is_other (&self->streams, group) ||
      (mh_seek_was_asked (&self->seek) && group != self->streams.next);
}

/* Nothing has come or been told of an item yet: it is this one. A flush after the end
 * has begun it (instant-uri). */
static void
begin_first_item (MhMonitor *self, guint group)
{
  gboolean data = mh_stream_groups_had_data (&self->streams, group);

  mh_stream_groups_play (&self->streams, group);
  mh_start_forget_data (&self->start);
  if (data)
    mh_start_take_data (&self->start, self->now);
}

/* @cut: whether the item before was flushed away: what looked like a seek was its end
 * @left: where that is left otherwise */
static void
begin_next_item (MhMonitor *self, guint group, gboolean cut, double left)
{
  gboolean data = mh_stream_groups_had_data (&self->streams, group);
  MhTime at = cut ? leave_seek (self) : self->now;
  gboolean exchanged;

  if (mh_session_phase_is_open (&self->phase) && !cut && !self->playhead.live)
    mh_playhead_set (&self->playhead, left, self->now);
  exchanged = end_before (self, cut, left, at);
  mh_stream_groups_play (&self->streams, group);
  mh_item_forget (&self->item);
  mh_monitor_begin_item (self, data);
  mh_quality_begin_item (&self->quality, self->now);
  if (!cut)
    mh_item_place_follow (&self->item_place, left, exchanged, self->now);
  if (data)
    take_data_place (self);
}

void
mh_monitor_observe_group (MhMonitor *self, guint group)
{
  /* instant-uri, or playbin3 seeks in it. */
  gboolean cut = mh_seek_awaits_data (&self->seek) ||
      (mh_seek_is_active (&self->seek) && group == self->streams.next);
  double left;

  if (is_same_item (self, group)) {
    mh_stream_groups_play (&self->streams, group);
  } else if (!mh_session_phase_has_begun (&self->phase) &&
      !self->start.has_data) {
    begin_first_item (self, group);
  } else {
    mh_monitor_settle_play (self);
    left = get_left (self);
    if (!cut && goes_on (self, left))
      take_over (self, group);
    else
      begin_next_item (self, group, cut, left);
  }
}

/* Data that no SEGMENT says anew where it is goes on where the data before it has ended:
 * it is of the same item, though the streams have begun anew (splitmuxsrc, at the next
 * of its parts after a seek). */
static void
join_streams (MhMonitor *self)
{
  if (!mh_stream_groups_is_ahead (&self->streams) ||
      self->streams.pad_has_segment)
    return;
  mh_stream_groups_play (&self->streams, self->streams.pad);
  mh_data_end_flush (&self->data_end, TRUE);
}

/* @place: stream time of its beginning, or NONE */
static void
take_data (MhMonitor *self, GstClockTime place)
{
  mh_start_take_data (&self->start, self->now);
  mh_stream_groups_take_data (&self->streams, mh_monitor_seconds (place));
  /* Without messages, data changes the item:
   * docs/design/inference.md#items. */
  if (mh_stream_groups_is_other (&self->streams, self->streams.pad) &&
      !mh_seek_awaits_data (&self->seek) && !self->pipeline.has_messages)
    mh_monitor_observe_group (self, self->streams.pad);
  take_data_place (self);
  mh_seek_take_data (&self->seek, self->now);
}

void
mh_monitor_observe_data (MhMonitor *self, GstClockTime place)
{
  join_streams (self);
  take_data (self, place);
}

void
mh_monitor_observe_pad_eos (MhMonitor *self, GstClockTime end)
{
  mh_data_end_finish (&self->data_end, mh_monitor_seconds (end));
  self->playhead.limit = -1;
  take_data (self, GST_CLOCK_TIME_NONE);
}

/* Sinks know nothing of the next item before it is played. Where that was prepared by
 * then (playbin), a seek back from the end of this one goes to the next one. */
static void
find_prepared (MhMonitor *self, guint group)
{
  double target = mh_seek_get_target (&self->seek);

  if (mh_seek_was_asked (&self->seek) && target < self->seek.from &&
      self->item.length > 0 &&
      mh_stream_groups_was_prepared (&self->streams, group) &&
      mh_monitor_judge_end (self, self->seek.from) == MH_CALL_COMPLETE)
    self->streams.next = group;
}

/* @end: of the data that has come before it. */
void
mh_monitor_observe_pad_group (MhMonitor *self, guint group, GstClockTime end)
{
  gboolean other = mh_stream_groups_is_other (&self->streams, group);

  mh_stream_groups_pass (&self->streams, group);
  /* Right after a flush, @end is of what was flushed. */
  if (other && self->start.has_data &&
      mh_data_end_follow (&self->data_end, mh_monitor_seconds (end))) {
    self->playhead.limit = self->data_end.place;
    self->playhead.limit_at = MH_TIME_NONE;
  }
  if (!self->streams.is_known) {
    mh_stream_groups_play (&self->streams, group);
  } else if (other && mh_seek_awaits_data (&self->seek)) {
    /* Right after a flush it is a cut: docs/design/inference.md#items. */
    find_prepared (self, group);
    mh_monitor_observe_group (self, group);
  }
}

/* ---- the next round ---- */

/* Whether what comes by is the item that is played, forwards and not live. */
static gboolean
may_repeat (const MhMonitor *self)
{
  return self->start.is_shown && self->seek.state == MH_SEEK_NONE &&
      !self->playhead.live && mh_rate_is_forward (&self->rate) &&
      !mh_stream_groups_is_ahead (&self->streams);
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
  self->item_place.is_known = TRUE;
}

/* Returns: whether what is rendered is not there yet. */
static gboolean
take_jump (MhMonitor *self, const MhObservation *observation, double place)
{
  double end = mh_monitor_seconds (observation->end);
  gboolean asked = mh_seek_is_asked (&self->seek, observation->seqnum);

  return mh_item_turn (&self->item, end, place, asked) ||
      mh_item_jump (
          &self->item, end, place, observation->rate != self->rate.segment);
}

gboolean
mh_monitor_observe_jump (MhMonitor *self, const MhObservation *observation)
{
  double place = mh_monitor_seconds (observation->time);

  if (observation->rate <= 0)
    mh_item_begin (&self->item); /* what is played backwards comes to no end */
  if (place < 0 || observation->rate <= 0 || observation->again ||
      !may_repeat (self))
    return FALSE;
  if (self->playback.reported == MH_PLAYBACK_ENDED)
    begin_late (self, place);
  else if (mh_session_phase_is_open (&self->phase))
    return take_jump (self, observation, place);
  return FALSE;
}

/* By the last place that is known, wherever it is held since. */
MhTime
mh_monitor_round_deadline (const MhMonitor *self)
{
  const MhPlayhead *playhead = &self->playhead;

  if (!mh_session_phase_is_open (&self->phase) ||
      playhead->at == MH_TIME_NONE ||
      mh_early_end_is_stopping (&self->early_end))
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
  self->rate.segment = self->rate.next;
  mh_playhead_set (&self->playhead, start, at);
  self->item_place.is_known = TRUE;
  mh_item_place_follow (&self->item_place, left, FALSE, at);
  mh_monitor_want (self, at);
  mh_poll_schedule_want (&self->poll, self->now);
}

/* One viewing: only the playhead is elsewhere. */
static void
finish_jump (MhMonitor *self, MhTime at)
{
  double left = self->item.end;

  mh_playhead_set (&self->playhead, self->item.start, at);
  mh_playhead_forget_jump (&self->playhead);
  mh_item_next_round (&self->item);
  self->playhead.limit = mh_monitor_sees_item (self) ? -1 : self->item.end;
  mh_item_place_follow (&self->item_place, left, FALSE, at);
  self->rate.segment = self->rate.next;
  mh_playhead_set_rate (&self->playhead, mh_monitor_moving_rate (self), at);
  mh_monitor_call_type (self, MH_CALL_PLAYHEAD, at);
  mh_poll_schedule_want (&self->poll, self->now);
}

/* Where the pipeline says that it is in the next round already. */
static MhTime
get_turned_at (const MhMonitor *self, const MhSample *sample)
{
  double rate = mh_monitor_moving_rate (self);
  double place = (double) sample->position / GST_SECOND;
  MhTime at = sample->position_at;

  if (!sample->asked || place < 0 || at == MH_TIME_NONE || rate <= 0 ||
      mh_item_place_is_about_left (&self->item_place, place, at))
    return MH_TIME_NEVER;
  return mh_item_turned_at (
      &self->item, at, place, mh_playhead_get (&self->playhead, at), rate);
}

MhTime
mh_monitor_check_round (MhMonitor *self, const MhSample *sample)
{
  MhTime deadline = mh_monitor_round_deadline (self);
  MhTime at = MIN (deadline, get_turned_at (self, sample));

  if (!mh_session_phase_is_open (&self->phase) || at > self->now)
    return MH_TIME_NONE;
  /* Not before what has been settled. */
  at = MAX (at, MAX (self->data_watch.before, self->phase.called_at));
  if (self->item.state == MH_ITEM_JUMPED) {
    finish_jump (self, at);
    return MH_TIME_NONE;
  }
  if (self->item.state == MH_ITEM_TURNED) {
    begin_round (self, at);
    return at;
  }
  mh_playhead_set (&self->playhead, self->item.end, at);
  mh_monitor_end_item (self, at);
  return MH_TIME_NONE;
}
