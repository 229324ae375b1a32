/* mh-seen-marks: which of the events that bring calls have come before.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-seen-marks.h"

/* An event comes again at most that many events later. */
#define MEMORY 32
/* At how many places of a pipeline one is seen. */
#define PLACES 8

typedef struct
{
  guint event; /* 0: not known */
  guint32 seqnum;
  gboolean sticky;
  MhCall *call; /* NULL: none is here */
  guint64 places[PLACES];
  guint n_places; /* that it came to */
} Entry;

struct _MhSeenMarks
{
  Entry
      *entries; /* a ring of MEMORY; NULL: none has come, as mostly none does */
  guint n;
};

MhSeenMarks *
mh_seen_marks_new (void)
{
  return g_new0 (MhSeenMarks, 1);
}

static void
entry_clear (Entry *entry)
{
  mh_call_free (entry->call);
  *entry = (Entry){ 0 };
}

/* Returns: how many entries there are. */
static guint
count_entries (const MhSeenMarks *self)
{
  return self->entries ? MEMORY : 0;
}

void
mh_seen_marks_free (MhSeenMarks *self)
{
  for (guint i = 0; i < count_entries (self); i++)
    entry_clear (&self->entries[i]);
  g_free (self->entries);
  g_free (self);
}

static gboolean
came_to (const Entry *entry, guint64 place)
{
  for (guint i = 0; i < entry->n_places; i++) {
    if (entry->places[i] == place)
      return TRUE;
  }
  return FALSE;
}

static gboolean
is_same_event (const Entry *entry, const MhMark *mark)
{
  return entry->call && entry->event != 0 && entry->event == mark->event;
}

static gboolean
is_copy (const Entry *entry, const MhMark *mark)
{
  return entry->call && entry->seqnum == mark->seqnum &&
      entry->sticky == mark->sticky &&
      (mark->sticky || !came_to (entry, mark->place)) &&
      mh_call_equal (entry->call, mark->call);
}

/* Returns: (nullable): the oldest that @is. */
static Entry *
seen_find (MhSeenMarks *self, const MhMark *mark,
    gboolean (*is) (const Entry *entry, const MhMark *mark))
{
  for (guint i = 0; i < count_entries (self); i++) {
    Entry *entry = &self->entries[(self->n + i) % MEMORY];

    if (is (entry, mark))
      return entry;
  }
  return NULL;
}

/* Takes the place of the oldest. */
static Entry *
add (MhSeenMarks *self, const MhMark *mark)
{
  Entry *entry;

  if (!self->entries)
    self->entries = g_new0 (Entry, MEMORY);
  entry = &self->entries[self->n++ % MEMORY];
  entry_clear (entry);
  entry->event = mark->event;
  entry->seqnum = mark->seqnum;
  entry->sticky = mark->sticky;
  entry->call = mh_call_copy (mark->call);
  return entry;
}

gboolean
mh_seen_marks_is_new (MhSeenMarks *self, const MhMark *mark)
{
  Entry *entry = seen_find (self, mark, is_same_event);
  gboolean is_new;

  if (!entry)
    entry = seen_find (self, mark, is_copy);
  is_new = !entry;
  if (is_new)
    entry = add (self, mark);
  if (!came_to (entry, mark->place) && entry->n_places < PLACES)
    entry->places[entry->n_places++] = mark->place;
  return is_new;
}

void
mh_seen_marks_flush (MhSeenMarks *self)
{
  for (guint i = 0; i < count_entries (self); i++) {
    if (!self->entries[i].sticky)
      entry_clear (&self->entries[i]);
  }
}
