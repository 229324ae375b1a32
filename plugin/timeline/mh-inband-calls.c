/* mh-inband-calls: calls that came in band and wait until the media reaches a position.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-inband-calls.h"

/* No stream has more marks than that within what is buffered. */
#define MAX_ENTRIES 1000

typedef struct
{
  guint group;
  double position;
  MhCall *call;
} Entry;

struct _MhInbandCalls
{
  GQueue entries; /* of Entry, as they came */
};

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  mh_call_free (entry->call);
  g_free (entry);
}

MhInbandCalls *
mh_inband_calls_new (void)
{
  MhInbandCalls *self = g_new0 (MhInbandCalls, 1);

  g_queue_init (&self->entries);
  return self;
}

void
mh_inband_calls_free (MhInbandCalls *self)
{
  g_queue_clear_full (&self->entries, entry_free);
  g_free (self);
}

gboolean
mh_inband_calls_add (
    MhInbandCalls *self, guint group, double position, MhCall *call)
{
  Entry *entry;

  if (self->entries.length >= MAX_ENTRIES) {
    mh_call_free (call);
    return FALSE;
  }
  entry = g_new (Entry, 1);
  entry->group = group;
  entry->position = position;
  entry->call = call;
  g_queue_push_tail (&self->entries, entry);
  return TRUE;
}

void
mh_inband_calls_flush (MhInbandCalls *self)
{
  g_queue_clear_full (&self->entries, entry_free);
}

/* Takes an entry out of the queue. */
static MhCall *
steal_entry (MhInbandCalls *self, GList *link)
{
  Entry *entry = link->data;
  MhCall *call = g_steal_pointer (&entry->call);

  g_queue_delete_link (&self->entries, link);
  g_free (entry);
  return call;
}

static GList *
find_group (MhInbandCalls *self, guint group)
{
  for (GList *l = self->entries.head; l; l = l->next) {
    if (((Entry *) l->data)->group == group)
      return l;
  }
  return NULL;
}

void
mh_inband_calls_leave (MhInbandCalls *self, guint group)
{
  GList *link;

  while ((link = find_group (self, group)))
    mh_call_free (steal_entry (self, link));
}

/* Returns: (nullable): the one that is due first. */
static GList *
find_first (
    MhInbandCalls *self, const MhMotion *motion, guint group, MhTime *deadline)
{
  GList *first = NULL;

  *deadline = MH_TIME_NEVER;
  for (GList *l = self->entries.head; l; l = l->next) {
    const Entry *entry = l->data;
    MhTime at = mh_motion_reach (motion, entry->position);

    if (entry->group != group || at >= *deadline)
      continue;
    first = l;
    *deadline = at;
  }
  return first;
}

MhTime
mh_inband_calls_deadline (
    MhInbandCalls *self, const MhMotion *motion, guint group)
{
  MhTime deadline;

  find_first (self, motion, group, &deadline);
  return deadline;
}

MhCall *
mh_inband_calls_pop (MhInbandCalls *self, const MhMotion *motion, guint group,
    MhTime until, MhTime *at)
{
  GList *first = find_first (self, motion, group, at);

  return first && *at <= until ? steal_entry (self, first) : NULL;
}

MhCall *
mh_inband_calls_pop_rest (MhInbandCalls *self, guint group)
{
  GList *link = find_group (self, group);

  return link ? steal_entry (self, link) : NULL;
}

gboolean
mh_inband_calls_can_open (
    MhInbandCalls *self, const MhMotion *motion, guint group, MhTime until)
{
  gboolean lacks_ad = FALSE;

  for (GList *l = self->entries.head; l; l = l->next) {
    const Entry *entry = l->data;

    if (entry->group != group ||
        mh_motion_reach (motion, entry->position) > until)
      continue;
    switch (entry->call->type) {
      case MH_CALL_AD_BREAK_START:
        lacks_ad = TRUE;
        break;
      case MH_CALL_AD_START:
      case MH_CALL_AD_BREAK_COMPLETE:
        lacks_ad = FALSE;
        break;
      case MH_CALL_AD_COMPLETE:
      case MH_CALL_AD_SKIP:
      case MH_CALL_CHAPTER_START:
      case MH_CALL_CHAPTER_COMPLETE:
      case MH_CALL_CHAPTER_SKIP:
        break;
      default:
        return FALSE;
    }
  }
  return !lacks_ad;
}
