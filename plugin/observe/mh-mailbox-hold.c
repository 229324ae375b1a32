/* mh-mailbox-hold: what is kept while it is not known whether it is wanted.
 *
 * That may be long: an editor is in PAUSED for hours, and seeks. What such seeks have
 * been about does not count once the next one flushes.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-mailbox-private.h"

/* How much is kept. Tags and marks leave room for what happens, and that for the states,
 * without which nothing begins. */
#define MAX_HELD 1000
#define ROOM 100

/* From how much on it is looked at what does not count any more. */
#define MANY (MAX_HELD / 2)

/* How many things of all kinds are told apart (each sink, each buffer). */
#define MAX_THINGS 64

/* The latest of what was said of each thing. */
typedef struct
{
  const MhObservation *things[MAX_THINGS];
  guint n;
} Latest;

void
mh_mailbox_hold (MhMailbox *self)
{
  g_mutex_lock (&self->lock);
  if (self->hold)
    g_queue_clear_full (&self->queue, mh_mailbox_free_observation);
  self->hold = TRUE;
  g_mutex_unlock (&self->lock);
}

GList *
mh_mailbox_find_data_locked (MhMailbox *self)
{
  GList *found = NULL;

  for (GList *l = self->queue.tail; l; l = l->prev) {
    const MhObservation *observation = l->data;

    if (observation->type == MH_OBSERVED_LEAD)
      break;
    if (observation->type == MH_OBSERVED_DATA ||
        observation->type == MH_OBSERVED_PAD_EOS)
      found = l;
  }
  return found;
}

gboolean
mh_mailbox_can_hold_locked (MhMailbox *self, MhObservationType type)
{
  guint most = MAX_HELD;

  if (type == MH_OBSERVED_LEAD)
    return TRUE; /* who leads must be known */
  if (type == MH_OBSERVED_STATE)
    most += ROOM;
  else if (type == MH_OBSERVED_BITRATE || type == MH_OBSERVED_MARK)
    most -= ROOM;
  return self->queue.length < most;
}

/* Whether the next one says anew what it says, after a flush at the latest. */
static gboolean
is_renewed (MhObservationType type)
{
  switch (type) {
    case MH_OBSERVED_TOP_STATE:
    case MH_OBSERVED_BUFFERING:
    case MH_OBSERVED_SEEK:
    case MH_OBSERVED_FLUSH_START:
    case MH_OBSERVED_FLUSH_STOP:
    case MH_OBSERVED_SEGMENT:
    case MH_OBSERVED_DATA:
    case MH_OBSERVED_PAD_EOS:
    case MH_OBSERVED_ASYNC_DONE:
    case MH_OBSERVED_INSTANT_RATE:
    case MH_OBSERVED_BITRATE:
    case MH_OBSERVED_FRAME_RATE:
    case MH_OBSERVED_SEGMENT_DONE:
    case MH_OBSERVED_DURATION:
      return TRUE;
    default:
      return FALSE;
  }
}

/* Whether @after says all that @before has said of the same thing. */
static gboolean
replaces (const MhObservation *after, const MhObservation *before)
{
  const MhBitrateReport *later = &after->bitrate, *sooner = &before->bitrate;

  if (after->type != before->type || after->source != before->source)
    return FALSE;
  return after->type != MH_OBSERVED_BITRATE ||
      (later->origin == sooner->origin && later->source == sooner->source &&
          later->stream == sooner->stream &&
          (later->bitrate > 0 || sooner->bitrate <= 0) &&
          (later->nominal > 0 || sooner->nominal <= 0));
}

/* Returns: whether something later replaces it. */
static gboolean
take (Latest *self, const MhObservation *observation)
{
  for (guint i = 0; i < self->n; i++) {
    if (replaces (self->things[i], observation))
      return TRUE;
  }
  if (self->n < MAX_THINGS)
    self->things[self->n++] = observation;
  return FALSE;
}

void
mh_mailbox_make_room_locked (MhMailbox *self)
{
  GList *first = mh_mailbox_find_data_locked (self);
  Latest latest = { .n = 0 };
  GList *before;

  if (self->queue.length < MANY)
    return;
  for (GList *l = self->queue.tail; l; l = before) {
    MhObservation *observation = l->data;

    before = l->prev;
    if (l == first || !is_renewed (observation->type) ||
        !take (&latest, observation))
      continue;
    g_queue_delete_link (&self->queue, l);
    mh_mailbox_free_observation (observation);
  }
}
