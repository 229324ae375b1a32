/* mh-tracker-enqueue: a hit on its way into the queue.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-tracker-private.h"

static GBytes *
encode (MhTracker *self, const MhHit *hit)
{
  g_autofree char *id = NULL;

  if (!mh_tracker_has_own_ids (self))
    return self->protocol->encode (self->current, hit, NULL);
  id = g_uuid_string_random ();
  mh_trail_pass (&self->trail, hit, id);
  return self->protocol->encode (self->current, hit, &self->trail);
}

void
mh_tracker_enqueue (MhTracker *self, MhHit *hit)
{
  double playhead = hit->playhead;
  g_autoptr (GBytes) body = NULL;

  mh_tracker_place_for_queue (self, hit);
  body = encode (self, hit);
  hit->playhead = playhead;
  mh_service_enqueue (self->service, self->key, hit->event, hit->ts, body);
}
