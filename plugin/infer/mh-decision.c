/* mh-decision: what the inference has decided, for its owner to carry out.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-decision.h"

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
