/* mh-monitor-sample: what the player looks like at a moment, and what it answers.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-monitor-private.h"

#include <math.h>

/* Seconds: an answer that is further away than that is a correction; and one that is
 * not as close as that shows that the clocks drift apart. */
#define OFF 0.05
#define CLOSE 0.0125
/* When no data has come for that long, no more may come. */
#define DRY MH_TIME_FROM_MSEC (500)
/* How long the pipeline must stand still after the EOS event for it to be the end,
 * where the bus is hidden; otherwise that message is long overdue. */
#define END_WAIT_HIDDEN MH_TIME_FROM_MSEC (500)
#define END_WAIT MH_TIME_FROM_SEC (2)

/* While seeking the target counts; and before any data of an item has come, no
 * answer is about it. */
static gboolean
is_about_this (MhMonitor *self, double value, MhTime at)
{
  if (self->seek.state != MH_SEEK_NONE || !mh_start_has_begun (&self->start))
    return FALSE;
  return mh_item_place_take_answer (&self->item_place, value, at);
}

/* How far the data that has come is ahead of the position, seconds; NaN: unknown. */
static double
get_lead (const MhMonitor *self, MhTime at)
{
  double seen = self->data_end.seen;

  return seen < 0 ? NAN : seen - mh_playhead_get (&self->playhead, at);
}

/* The playhead as it could be known when the pipeline answered: data that has come
 * since says nothing of the answer. */
static MhPlayhead
get_answered (const MhMonitor *self, const MhSample *sample)
{
  MhPlayhead playhead = self->playhead;

  if (playhead.limit < 0 || sample->position_end < 0 ||
      !mh_monitor_sees_item (self))
    return playhead;
  playhead.limit = MIN (
      playhead.limit, (double) sample->position_end / GST_SECOND);
  playhead.limit_at = MH_TIME_NONE;
  return playhead;
}

/* Returns: how far it is from where it should have been, seconds; or NaN. */
static double
take_position (MhMonitor *self, const MhSample *sample)
{
  MhPlayhead playhead = get_answered (self, sample);
  MhTime at = sample->position_at;
  double value = (double) sample->position / GST_SECOND;
  double expected = mh_playhead_get (&playhead, at);

  if (!is_about_this (self, value, at))
    return NAN;
  if (mh_monitor_sees_item (self) &&
      mh_data_end_take_position (&self->data_end, value))
    self->playhead.limit = -1;
  /* At the end of the data, as it should be: the clock runs on meanwhile, and the
   * sinks are where it says as soon as there is data again. */
  if (!mh_playhead_is_held (&playhead, at) || fabs (value - expected) > OFF)
    mh_playhead_set (&self->playhead, value, at);
  return fabs (value - expected);
}

/* Whether the media stands still for want of data when the pipeline answers: it
 * jumps when there is more. */
static gboolean
is_held (const MhMonitor *self, const MhSample *sample)
{
  MhPlayhead playhead = get_answered (self, sample);

  return !self->stall.stalled &&
      mh_playhead_is_held (&playhead,
          sample->position_at == MH_TIME_NONE ? sample->at
                                              : sample->position_at);
}

/* @error: as take_position() returns it. */
static MhPollAnswer
judge_answer (const MhMonitor *self, double error, gboolean held, double lead)
{
  if (!mh_pipeline_moves (&self->pipeline) || self->playhead.live)
    return MH_POLL_STANDS;
  if (held || !(error <= OFF))
    return MH_POLL_OFF;
  return error <= CLOSE && !isnan (lead) && !self->stall.stalled ? MH_POLL_EXACT
                                                                 : MH_POLL_NEAR;
}

static void
take_answer (MhMonitor *self, const MhSample *sample)
{
  gboolean held = is_held (self, sample);
  double error = 0, lead = NAN;

  if (!sample->asked)
    return;
  if (sample->position < 0)
    self->item_place.is_known = TRUE; /* as far as it will be */
  else if (sample->position_at != MH_TIME_NONE)
    error = take_position (self, sample);
  if (sample->position_at != MH_TIME_NONE)
    lead = get_lead (self, sample->at);
  mh_poll_schedule_answer (
      &self->poll, sample->at, judge_answer (self, error, held, lead), lead);
}

/* The playhead does not run on beyond the data of this item by itself. What the pad has
 * come to since is about another one; and at the end of the data of this stream
 * there may be others. */
static void
take_end (MhMonitor *self, const MhSample *sample)
{
  self->data_end.seen =
      sample->buffer_end >= 0 ? (double) sample->buffer_end / GST_SECOND : -1;
  mh_data_watch_look (&self->data_watch, sample->at, sample->buffers);
  if (self->data_watch.flows) {
    if (mh_playhead_is_held (&self->playhead, sample->at))
      mh_poll_schedule_want (&self->poll, sample->at);
    mh_poll_schedule_take_lead (
        &self->poll, sample->at, get_lead (self, sample->at));
  }
  self->playhead.limit_at = MH_TIME_NONE;
  if (!mh_monitor_sees_item (self))
    return;
  self->playhead.limit = mh_data_end_get_limit (&self->data_end);
  /* While data comes this is right for the moment only. */
  if (mh_data_watch_has_flowed (&self->data_watch, sample->at, DRY))
    self->playhead.limit_at = sample->at;
}

/* After the EOS event: whether the pipeline has come to its end, or is about to by
 * the looks of it, without saying so. Where it does not say its position, the EOS
 * message is awaited. */
static gboolean
check_end (MhMonitor *self, const MhSample *sample)
{
  gboolean bus_is_hidden = !self->pipeline.has_messages;
  gboolean awaits_eos = sample->position < 0 && !bus_is_hidden;
  gboolean elsewhere = sample->position >= 0 &&
      !mh_monitor_is_near_end (self, (double) sample->position / GST_SECOND);

  if (awaits_eos || elsewhere) {
    mh_data_end_move (&self->data_end);
    return awaits_eos;
  }
  mh_data_end_stand (
      &self->data_end, self->data_watch.before, self->stall.progress_at);
  if (sample->at - self->data_end.over_since >=
      (bus_is_hidden ? END_WAIT_HIDDEN : END_WAIT))
    mh_monitor_end_item (self, self->data_end.over_since);
  return TRUE;
}

/* While no data comes only the position tells whether it plays, and after the
 * last of it whether that was the end: until then it may have been. */
static void
want_answer (MhMonitor *self, MhTime at)
{
  MhTime interval = mh_monitor_look_interval (self);

  /* What has come or been answered a moment ago is an answer as well. */
  if (mh_data_watch_has_flowed (&self->data_watch, at, interval) ||
      at - self->poll.answered_at < interval)
    return;
  mh_poll_schedule_want (&self->poll, at);
  if (mh_monitor_may_be_over (self))
    mh_data_end_stand (&self->data_end, self->data_watch.before, MH_TIME_NONE);
}

/* Where the media is, ns; -1: that is not known. */
static gint64
get_expected (const MhMonitor *self, MhTime at)
{
  return self->item_place.is_known && !self->playhead.live
      ? (gint64) (mh_playhead_get (&self->playhead, at) * GST_SECOND)
      : -1;
}

/* The first frame counts as rendered when the whole pipeline plays and data of
 * this item has come by (issue of sinks that go to PLAYING without data:
 * async=false and live ones). */
static gboolean
is_rendering (const MhMonitor *self)
{
  return mh_pipeline_get_state (&self->pipeline) == MH_PIPELINE_PLAYING &&
      self->start.has_data;
}

static void
feed_stall (MhMonitor *self, const MhSample *sample)
{
  gboolean data = sample->buffers != self->stall.buffers;
  gboolean changed, ending;

  if (self->playback.reported != MH_PLAYBACK_PLAYING ||
      mh_seek_is_active (&self->seek) ||
      mh_early_end_is_stopping (&self->early_end) ||
      mh_playback_is_undecided (&self->playback) || !is_rendering (self)) {
    mh_data_end_move (&self->data_end);
    return;
  }
  if (!data && !sample->asked)
    want_answer (self, sample->at);
  /* Where the media should be is not known after the machine slept. */
  data = mh_stall_wake (&self->stall, sample->buffers);
  changed = mh_stall_feed (&self->stall, sample->at, sample->asked,
      sample->position, sample->buffers, sample->step);
  if (data)
    mh_stall_expect (&self->stall, get_expected (self, sample->at),
        mh_playhead_get_reached (&self->playhead, sample->at),
        self->playhead.rate);
  mh_early_end_move (&self->early_end, self->stall.progress_at);
  ending = mh_monitor_may_be_over (self) && sample->asked &&
      check_end (self, sample);
  /* What stands still at its end has not stalled. */
  if (ending && changed && self->stall.stalled)
    self->stall.stalled = FALSE;
  else if (changed && self->playback.reported == MH_PLAYBACK_PLAYING)
    mh_monitor_report_stall (self, self->stall.progress_at);
}

/* The pipeline plays, and it is not known since when. */
static void
note_playing (MhMonitor *self)
{
  if (!self->start.is_shown)
    self->item_place.is_known = FALSE;
  /* Its clock runs without data: what comes first is what is due by then. */
  if (!mh_start_has_begun (&self->start))
    self->item_place.from_start = FALSE;
}

static void
take_look (MhMonitor *self, const MhSample *sample)
{
  if (!sample->looked)
    return;
  if (mh_pipeline_set_top (&self->pipeline, sample->state, sample->pending)) {
    mh_poll_schedule_change (&self->poll, sample->at);
    if (sample->state == GST_STATE_PLAYING && !self->pipeline.has_messages)
      note_playing (self);
  }
  mh_monitor_take_target (self, sample->target);
}

/* The element in front tells how full its buffer is, which it does only when it is asked.
 *
 * Returns: whether it has become known with that what a pause is for. */
static gboolean
take_percent (MhMonitor *self, int percent)
{
  int before = mh_buffering_percent (&self->buffering);
  gboolean known;

  if (percent < 0 || !mh_monitor_wants_percent (self))
    return FALSE;
  known = mh_buffering_answer (
      &self->buffering, percent, self->pipeline.own_at);
  if (mh_buffering_percent (&self->buffering) != before)
    mh_early_end_move (&self->early_end, self->now);
  return known;
}

/* What was given up after an error is rendered after all. */
static void
revive (MhMonitor *self, const MhSample *sample)
{
  if (self->data_watch.flows)
    mh_early_end_move (&self->early_end, sample->at);
  if (self->early_end.state != MH_EARLY_END_BROKEN ||
      self->phase.state != MH_SESSION_PHASE_OVER || !self->data_watch.flows ||
      !is_rendering (self))
    return;
  mh_monitor_begin_item (self, TRUE);
}

void
mh_monitor_sample (MhMonitor *self, const MhSample *sample)
{
  MhTime since = sample->at;
  MhTime round;

  self->now = MAX (self->now, sample->at);
  take_look (self, sample);
  take_end (self, sample);
  /* What came before that which is undecided is settled. */
  if (take_percent (self, sample->percent))
    since = MAX (self->pipeline.own_at,
        mh_playback_get_since (&self->playback, sample->at));
  revive (self, sample);
  round = mh_monitor_check_round (self, sample);
  if (round != MH_TIME_NONE)
    since = round;
  take_answer (self, sample);
  feed_stall (self, sample);
  if (mh_seek_deadline (&self->seek) <= self->now) {
    since = MAX (self->seek.data_at, self->pipeline.own_at);
    since = MAX (since, self->phase.called_at);
    mh_monitor_end_seek (self);
  }
  if (mh_early_end_is_stopping (&self->early_end) &&
      self->early_end.decide_at <= self->now)
    mh_monitor_finish_stop (self);
  mh_monitor_check_failed (self);
  mh_monitor_update (self, since);
  mh_monitor_update_qoe (self);
}
