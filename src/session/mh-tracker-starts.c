/* mh-tracker-starts: media that fails at its start again and again.
 *
 * An application that tries to play every second what cannot be played would fill
 * the queue in an hour. The first failure is reported, and of those that follow
 * ever fewer (mh_backoff_start_delay()): the hits of another start are withheld
 * until it plays, and dropped where it does not. They are not lost: the application
 * gets them as messages.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-tracker-private.h"

#include "mh-log.h"

/* What a start may have until it plays. Beyond, pings are not kept. */
#define MAX_WITHHELD 64

void
mh_tracker_clear_withheld (MhTracker *self)
{
  g_queue_clear_full (&self->starts.withheld, (GDestroyNotify) mh_hit_free);
  self->starts.is_withheld = FALSE;
}

/* What the visitor has not agreed to leaves no trace. */
static gboolean
is_watched (MhTracker *self)
{
  return self->service && self->protocol && self->starts.media_id &&
      !self->current->consent_pending;
}

gboolean
mh_tracker_withhold_start (MhTracker *self, const MhHit *start)
{
  const char *id = NULL;
  gboolean resume = FALSE;

  mh_tracker_clear_withheld (self);
  g_clear_pointer (&self->starts.media_id, g_free);
  g_variant_lookup (start->params, "media.id", "&s", &id);
  self->starts.media_id = g_strdup (id);
  self->starts.has_failed = self->starts.has_played = FALSE;
  /* What is resumed has begun. */
  g_variant_lookup (start->params, "media.resume", "b", &resume);
  self->starts.is_withheld = !resume && is_watched (self) &&
      mh_service_has_failed_lately (self->service, self->current, id);
  if (self->starts.is_withheld)
    mh_log (SESSION, INFO, NULL,
        "this media has failed before: its hits wait until it plays");
  return self->starts.is_withheld;
}

void
mh_tracker_note_start (MhTracker *self, const MhHit *hit)
{
  if (!is_watched (self) || self->starts.has_played)
    return;
  if (hit->event == MH_EVENT_PLAY) {
    self->starts.has_played = TRUE;
    mh_service_note_played (
        self->service, self->current, self->starts.media_id);
  } else if (hit->event == MH_EVENT_ERROR && !self->starts.has_failed &&
      !self->starts.is_withheld) {
    self->starts.has_failed = TRUE;
    mh_service_note_failure (
        self->service, self->current, self->starts.media_id);
  }
}

void
mh_tracker_withhold (MhTracker *self, MhHit *hit)
{
  GQueue *withheld = &self->starts.withheld;
  gboolean ends = mh_event_ends_session (hit->event);

  if (hit->event == MH_EVENT_PING && withheld->length >= MAX_WITHHELD)
    mh_hit_free (hit);
  else
    g_queue_push_tail (withheld, hit);
  if (ends)
    mh_tracker_clear_withheld (self);
}
