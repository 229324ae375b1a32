/* mh-leader: which of several that observe one pipeline tracks it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-leader.h"

#include "mh-lock.h"

struct _MhLeaderMember
{
  MhLeaderFunc func;
  gpointer owner;

  /* The registry's lock. */
  gconstpointer top; /* NULL: of nothing */
  MhLeaderRank rank;
  gboolean leads; /* as it was told last */
  gboolean alone; /* and there has been no other since */
};

/* The members of one pipeline. */
typedef struct
{
  GPtrArray *members; /* in the order in which they came */
  gboolean open; /* the session of the one that leads, or led last */
  guint streams; /* which that one plays */
} Group;

static GMutex lock;
/* lock: topmost parent → Group. NULL while there are none. */
static GHashTable *groups;

static void
group_free (gpointer data)
{
  Group *group = data;

  g_ptr_array_unref (group->members);
  g_free (group);
}

MhLeaderMember *
mh_leader_member_new (MhLeaderFunc func, gpointer owner)
{
  MhLeaderMember *self = g_new0 (MhLeaderMember, 1);

  self->func = func;
  self->owner = owner;
  self->leads = TRUE;
  return self;
}

static void
tell_locked (MhLeaderMember *self, gboolean leads, const Group *group)
{
  if (self->leads == leads)
    return;
  self->leads = leads;
  self->func (self->owner, leads, leads && group && group->open,
      leads && group && self->alone, group ? group->streams : 0);
  self->alone = group && group->members->len == 1;
}

static Group *
find_group_locked (gconstpointer top)
{
  return groups && top ? g_hash_table_lookup (groups, top) : NULL;
}

/* Returns: (nullable): the first of the members that are to lead. */
static MhLeaderMember *
find_leader_locked (const Group *group)
{
  MhLeaderMember *leader = NULL;

  for (guint i = 0; i < group->members->len; i++) {
    MhLeaderMember *member = g_ptr_array_index (group->members, i);

    if (!leader || member->rank > leader->rank)
      leader = member;
  }
  return leader && leader->rank != MH_LEADER_NEVER ? leader : NULL;
}

static void
decide_locked (const Group *group)
{
  const MhLeaderMember *leader = find_leader_locked (group);

  for (int leads = FALSE; leads <= TRUE; leads++) {
    for (guint i = 0; i < group->members->len; i++) {
      MhLeaderMember *member = g_ptr_array_index (group->members, i);
      gboolean is_to = member == leader ||
          (leader && leader->rank == MH_LEADER_ALWAYS &&
              member->rank == MH_LEADER_ALWAYS);

      if (is_to == leads)
        tell_locked (member, leads, group);
    }
  }
}

static void
leave_locked (MhLeaderMember *self)
{
  Group *group = find_group_locked (self->top);

  if (!group)
    return;
  g_ptr_array_remove (group->members, self);
  if (group->members->len > 0) {
    decide_locked (group);
  } else {
    g_hash_table_remove (groups, self->top);
    if (g_hash_table_size (groups) == 0)
      g_clear_pointer (&groups, g_hash_table_unref);
  }
  self->top = NULL;
}

static Group *
ensure_group_locked (gconstpointer top)
{
  Group *group = find_group_locked (top);

  if (group)
    return group;
  if (!groups)
    groups = g_hash_table_new_full (NULL, NULL, NULL, group_free);
  group = g_new0 (Group, 1);
  group->members = g_ptr_array_new ();
  g_hash_table_insert (groups, (gpointer) top, group);
  return group;
}

/* Whether another member leads than @self. */
static gboolean
is_led_locked (const Group *group, const MhLeaderMember *self)
{
  for (guint i = 0; i < group->members->len; i++) {
    const MhLeaderMember *member = g_ptr_array_index (group->members, i);

    if (member != self && member->leads)
      return TRUE;
  }
  return FALSE;
}

/* Notes that more than one has been there. */
static void
note_company_locked (const Group *group)
{
  if (group->members->len == 1)
    return;
  for (guint i = 0; i < group->members->len; i++) {
    MhLeaderMember *member = g_ptr_array_index (group->members, i);

    member->alone = FALSE;
  }
}

/* A member that comes has led itself so far. Where it leads here in the place of
 * another one, it is told of that as well. */
static void
add_locked (Group *group, MhLeaderMember *self)
{
  gboolean was_led = is_led_locked (group, self);
  gboolean led = self->leads;

  g_ptr_array_add (group->members, self);
  note_company_locked (group);
  decide_locked (group);
  if (led && self->leads && was_led && !is_led_locked (group, self) &&
      group->open)
    self->func (self->owner, TRUE, TRUE, FALSE, group->streams);
}

void
mh_leader_join (MhLeaderMember *self, gconstpointer top, MhLeaderRank rank)
{
  Group *group;
  gboolean comes;

  g_mutex_lock (&lock);
  comes = self->top != top;
  if (comes)
    leave_locked (self);
  self->rank = rank;
  group = ensure_group_locked (top);
  self->top = top;
  if (comes)
    add_locked (group, self);
  else
    decide_locked (group);
  g_mutex_unlock (&lock);
}

void
mh_leader_leave (MhLeaderMember *self)
{
  g_mutex_lock (&lock);
  leave_locked (self);
  tell_locked (self, TRUE, NULL);
  g_mutex_unlock (&lock);
}

void
mh_leader_member_free (MhLeaderMember *self)
{
  g_mutex_lock (&lock);
  leave_locked (self);
  g_mutex_unlock (&lock);
  g_free (self);
}

void
mh_leader_set_open (MhLeaderMember *self, gboolean open, guint streams)
{
  Group *group;

  g_mutex_lock (&lock);
  group = self->leads ? find_group_locked (self->top) : NULL;
  if (group) {
    group->open = open;
    group->streams = streams;
  }
  g_mutex_unlock (&lock);
}

gpointer
mh_leader_dup (MhLeaderMember *self, gpointer (*ref) (gpointer))
{
  MH_AUTO_LOCK (&lock);
  const Group *group = find_group_locked (self->top);
  const MhLeaderMember *leader = self->leads ? self
      : group                                ? find_leader_locked (group)
                                             : NULL;

  return leader ? ref (leader->owner) : NULL;
}
