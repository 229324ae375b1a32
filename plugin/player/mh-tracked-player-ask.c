/* mh-tracked-player-ask: what the pipeline is asked.
 *
 * The query thread does that, and no other thread waits for it: the worker
 * has other players to see to, and a pipeline may take its time (a sink that talks to slow
 * hardware), or hang. The answer comes to the worker like anything else.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-tracked-player-private.h"

/* An answer that has not come by then counts as none. */
#define TIMEOUT MH_TIME_FROM_SEC (1)

static void
asked_take_info (MhTrackedPlayer *self, MhQuestion *question)
{
  MhAsked *asked = &self->asked;

  mh_stream_info_clear (&asked->info);
  asked->info = question->info;
  question->info = (MhStreamInfo){ 0 };
  asked->info_at = question->info_at;
  asked->info_group = question->group;
  if (mh_tracked_player_is_informed (self, MH_TIME_NONE))
    mh_tracked_player_review_live (self, &asked->info);
}

static void
asked_take_uri (MhAsked *asked, MhQuestion *question)
{
  g_free (asked->uri);
  asked->uri = g_steal_pointer (&question->uri);
  asked->uri_changes = question->changes;
  asked->uri_known = TRUE;
}

static void
asked_take_answers (MhTrackedPlayer *self, MhQuestion *question)
{
  MhAsked *asked = &self->asked;

  asked->asks = 0;
  asked->at = MH_TIME_NONE;
  if (question->asks & MH_ASK_POSITION) {
    asked->sample_changes = question->changes;
    asked->sample.asked = TRUE;
    asked->sample.position = question->position;
    asked->sample.position_at = question->position_at;
    asked->sample.position_end = question->position_end;
  }
  if (question->asks & MH_ASK_PERCENT)
    asked->sample.percent = question->percent;
  if (question->asks & MH_ASK_INFO)
    asked_take_info (self, question);
  if (question->asks & MH_ASK_URI)
    asked_take_uri (asked, question);
  if (question->asks & MH_ASK_CONTROLS)
    mh_tracked_player_take_view (self, &question->view, question->controls_at);
}

void
mh_tracked_player_answer (gpointer reader, MhQuestion *question)
{
  MhTrackedPlayer *self = reader;

  /* Stopped in the meantime. */
  if (!self->worker || question->id != self->asked.id)
    return;
  asked_take_answers (self, question);
  mh_tracked_player_process (self, TRUE);
}

static MhQuestion *
asked_make_question (MhTrackedPlayer *self)
{
  MhAsked *asked = &self->asked;
  MhQuestion *question = mh_mailbox_question_new (asked->wants);

  question->id = ++asked->id;
  question->changes = self->seen;
  question->group = self->place.group;
  question->controls_at = asked->controls_at;
  asked->controls_asked_at = asked->controls_at;
  return question;
}

static void
asked_post (MhTrackedPlayer *self, MhTime at)
{
  MhAsked *asked = &self->asked;

  if (asked->changes != self->seen)
    asked->wants &= ~(guint) MH_ASK_POSITION;
  if (!mh_tracked_player_can_ask (self))
    asked->wants = 0;
  if (asked->wants == 0)
    return;
  asked->at = at;
  asked->asks = asked->wants;
  if (!mh_mailbox_ask (
          self->mailbox, self->query_thread, asked_make_question (self))) {
    GST_WARNING ("there is no thread to ask the pipeline with");
    asked->at = MH_TIME_NONE;
    asked->asks = 0;
  }
  asked->wants = 0;
}

static void
asked_want_position (MhTrackedPlayer *self)
{
  mh_tracked_player_want (self, MH_ASK_POSITION);
  self->asked.changes = self->seen;
}

/* A pipeline that does not answer counts as one that does not say where it is. */
static void
asked_miss_answer (MhTrackedPlayer *self)
{
  GST_WARNING ("the pipeline does not answer");
  mh_query_thread_nudge (self->query_thread);
  self->asked.sample.asked = TRUE;
  self->asked.sample.position = -1;
  self->asked.sample_changes = self->seen;
}

void
mh_tracked_player_ask (MhTrackedPlayer *self, MhTime at)
{
  MhAsked *asked = &self->asked;
  gboolean position = mh_monitor_asks (self->monitor, at);

  if (mh_monitor_asks_percent (self->monitor, at))
    mh_tracked_player_want (self, MH_ASK_PERCENT);
  if (asked->at == MH_TIME_NONE) {
    if (position)
      asked_want_position (self);
    asked_post (self, at);
  } else if (position && at - asked->at > TIMEOUT) {
    asked_miss_answer (self);
  } else if (position) {
    asked_want_position (self);
  }
}

gboolean
mh_tracked_player_can_ask (MhTrackedPlayer *self)
{
  return self->query_thread && mh_mailbox_may_ask (self->mailbox);
}

void
mh_tracked_player_want (MhTrackedPlayer *self, guint wants)
{
  self->asked.wants |= wants & ~self->asked.asks;
}

void
mh_tracked_player_want_info_again (MhTrackedPlayer *self)
{
  self->asked.wants |= MH_ASK_INFO;
}

void
mh_tracked_player_want_controls (MhTrackedPlayer *self, MhTime at)
{
  if (!mh_tracked_player_is_asked (self, MH_ASK_CONTROLS))
    self->asked.controls_since = mh_clock_system_now ();
  /* The earlier one has not been asked yet. */
  if (self->asked.wants & MH_ASK_CONTROLS)
    at = MIN (at, self->asked.controls_at);
  self->asked.controls_at = at;
  self->asked.wants |= MH_ASK_CONTROLS;
}

gboolean
mh_tracked_player_is_asked (MhTrackedPlayer *self, guint asks)
{
  return ((self->asked.asks | self->asked.wants) & asks) != 0;
}

gboolean
mh_tracked_player_is_informed (MhTrackedPlayer *self, MhTime since)
{
  return self->asked.info_at != MH_TIME_NONE && self->asked.info_at >= since &&
      self->asked.info_group == self->place.group;
}

void
mh_tracked_player_take_answer (MhTrackedPlayer *self, MhSample *sample)
{
  const MhSample *answer = &self->asked.sample;

  sample->percent = answer->percent;
  if (answer->asked && self->asked.sample_changes == self->seen) {
    sample->asked = TRUE;
    sample->position = answer->position;
    sample->position_at = answer->position_at;
    sample->position_end = answer->position_end;
  }
  self->asked.sample = (MhSample) MH_SAMPLE_INIT;
}

void
mh_tracked_player_forget_info (MhTrackedPlayer *self)
{
  mh_stream_info_clear (&self->asked.info);
  self->asked.info = (MhStreamInfo){ 0 };
  self->asked.info_at = MH_TIME_NONE;
}

void
mh_tracked_player_stop_asking (MhTrackedPlayer *self)
{
  MhAsked *asked = &self->asked;

  mh_tracked_player_forget_info (self);
  asked->id++;
  asked->at = MH_TIME_NONE;
  asked->asks = 0;
  asked->wants = 0;
  asked->uri_known = FALSE;
  asked->view_known = FALSE;
  asked->sample = (MhSample) MH_SAMPLE_INIT;
}

void
mh_tracked_player_clear_asked (MhTrackedPlayer *self)
{
  mh_stream_info_clear (&self->asked.info);
  g_free (self->asked.uri);
}
