/* mh-decision: what the inference has decided, and where the media was then.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-decision.h"

/* ---- where the media is ---- */

void
mh_place_playhead (const MhPlace *self, MhTime at, MhCall *call)
{
  *call = (MhCall){ MH_CALL_PLAYHEAD, .ours = TRUE };
  call->playhead.value = mh_playhead_get (&self->playhead, at);
  call->playhead.rate = self->playhead.live ? 1 : self->rate;
}

gboolean
mh_place_reaches (const MhPlace *self, MhTime at)
{
  return self->playhead.live || self->playhead.at <= at ||
      (self->rate != 0 && self->playhead.rate == self->rate);
}

double
mh_place_stream_time (const MhPlace *self, MhTime at)
{
  MhPlayhead playhead = self->playhead;

  playhead.live = FALSE;
  return mh_playhead_get (&playhead, at);
}

void
mh_place_set_live (MhPlace *self, guint item, gboolean live, gint64 utc_offset)
{
  if (self->item != item)
    return;
  self->playhead.live = live;
  self->playhead.utc_offset = utc_offset;
}

/* ---- what has been decided ---- */

void
mh_decision_free (MhDecision *self)
{
  if (!self)
    return;
  mh_call_free (self->call);
  g_free (self);
}

static void
free_data (gpointer data)
{
  mh_decision_free (data);
}

void
mh_decisions_clear (MhDecisions *self)
{
  g_queue_clear_full (&self->queue, free_data);
}

static MhDecision *
append (MhDecisions *self, MhDecisionType type, MhTime at, const MhPlace *place)
{
  MhDecision *decision = g_new0 (MhDecision, 1);

  decision->type = type;
  decision->at = at;
  decision->place = *place;
  g_queue_push_tail (&self->queue, decision);
  return decision;
}

void
mh_decisions_append_start (
    MhDecisions *self, MhTime at, const MhPlace *place, MhResume resume)
{
  append (self, MH_DECISION_START, at, place)->resume = resume;
}

void
mh_decisions_append_call (
    MhDecisions *self, const MhCall *call, MhTime at, const MhPlace *place)
{
  append (self, MH_DECISION_CALL, at, place)->call = mh_call_copy (call);
}

void
mh_decisions_append_state (
    MhDecisions *self, MhPlaybackState state, const MhPlace *place)
{
  append (self, MH_DECISION_STATE, MH_TIME_NONE, place)->state = state;
}

MhDecision *
mh_decisions_take (MhDecisions *self)
{
  return g_queue_pop_head (&self->queue);
}

void
mh_decisions_set_live (
    MhDecisions *self, guint item, gboolean live, gint64 utc_offset)
{
  for (GList *link = self->queue.head; link; link = link->next) {
    MhDecision *decision = link->data;

    mh_place_set_live (&decision->place, item, live, utc_offset);
  }
}
