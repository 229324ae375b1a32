/* mh-mailbox-lead: which of several mailboxes of one pipeline is tracked.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-mailbox-private.h"

/* In order with everything else that is observed. Where it has only not been known
 * whether this is playback, it has led all along. */
static void
mailbox_lead (gpointer owner, gboolean leads, gboolean taken_over,
    gboolean alone, guint streams)
{
  MhObservation lead = MH_OBSERVATION_INIT (MH_OBSERVED_LEAD);

  lead.leads = leads;
  lead.taken_over = taken_over;
  lead.group = streams;
  if (leads && alone)
    mh_mailbox_push_before_data (owner, &lead);
  else
    mh_mailbox_push (owner, &lead);
}

MhLeaderMember *
mh_mailbox_new_member (MhMailbox *self)
{
  return mh_leader_member_new (mailbox_lead, self);
}

void
mh_mailbox_join (MhMailbox *self, GstElement *top, MhLeaderRank rank)
{
  mh_leader_join (self->member, top, rank);
}

void
mh_mailbox_leave (MhMailbox *self)
{
  mh_leader_leave (self->member);
}

void
mh_mailbox_set_open (MhMailbox *self, gboolean open, guint streams)
{
  if (self->open == open && self->streams == streams)
    return;
  self->open = open;
  self->streams = streams;
  mh_leader_set_open (self->member, open, streams);
}

MhMailbox *
mh_mailbox_dup_leader (MhMailbox *self)
{
  return mh_leader_dup (self->member, mh_mailbox_ref_data);
}
