/* mh-observer-lead: who of several observers of one pipeline tracks it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-observer-private.h"

/* In order with everything else that is observed. */
static void
on_lead (gpointer owner, gboolean leads)
{
  MhObservation lead = MH_OBSERVATION_INIT (MH_OBSERVED_LEAD);

  lead.leads = leads;
  mh_observer_push (owner, &lead);
}

MhLeaderMember *
mh_observer_new_member (MhObserver *self)
{
  return mh_leader_member_new (on_lead, self);
}

void
mh_observer_join (MhObserver *self, GstElement *top, MhLeaderRank rank)
{
  mh_leader_join (self->member, top, rank);
}

void
mh_observer_leave (MhObserver *self)
{
  mh_leader_leave (self->member);
}

static gpointer
ref_observer (gpointer owner)
{
  return mh_observer_ref (owner);
}

MhObserver *
mh_observer_dup_leader (MhObserver *self)
{
  return mh_leader_dup (self->member, ref_observer);
}
