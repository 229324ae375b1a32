/* mh-sender-suspects: which hit goes alone to a server that takes several in a
 * request, while it is not known whether the server fails or the hit is wrong
 * (mh-suspects).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-sender-private.h"

/* Whether it waits for its turn, or for others. */
static gboolean
may_go (MhSender *self, const SenderSession *session)
{
  const MhStoreSession *row = mh_store_get_session (self->store, session->key);

  return row && !row->consent && mh_protocol_get (row->protocol)->join &&
      (session->state == STATE_READY || session->state == STATE_HELD);
}

/* The oldest hit of @session that is @hit; 0: the oldest that is no suspect. */
static gboolean
find_hit (MhSender *self, SenderSession *session, gint64 hit, JoinedHit *found)
{
  const MhSuspects *suspects = &session->server->join.suspects;
  g_autoptr (GPtrArray) hits = mh_store_dup_hits (self->store, session->key);

  for (guint i = 0; i < hits->len; i++) {
    const MhStoreHit *stored = hits->pdata[i];

    if (hit ? stored->id != hit : mh_suspects_contains (suspects, stored->id))
      continue;
    *found = (JoinedHit){ session, stored->id, stored->event };
    return TRUE;
  }
  return FALSE;
}

/* The first that can go. Those that are gone are none any more. */
static gboolean
find_suspect (MhSender *self, SenderServer *server, JoinedHit *found)
{
  MhSuspects *suspects = &server->join.suspects;

  for (guint i = 0; i < mh_suspects_count (suspects);) {
    MhSuspect suspect = mh_suspects_get (suspects, i);
    SenderSession *session = g_hash_table_lookup (
        self->sessions, &suspect.session);

    if (!session || !find_hit (self, session, suspect.hit, found))
      mh_suspects_forget (suspects, suspect.hit);
    else if (may_go (self, session))
      return TRUE;
    else
      i++;
  }
  return FALSE;
}

/* @heads: only the first hit of a session. */
static gboolean
find_in (MhSender *self, SenderServer *server, GQueue *queue, gboolean heads,
    JoinedHit *found)
{
  for (GList *link = queue->head; link; link = link->next) {
    SenderSession *session = link->data;
    const MhStoreHit *head = mh_store_head (self->store, session->key);

    if (session->server != server || !head || !may_go (self, session))
      continue;
    if (heads && mh_suspects_contains (&server->join.suspects, head->id))
      continue;
    if (find_hit (self, session, 0, found))
      return TRUE;
  }
  return FALSE;
}

static gboolean
find_other (
    MhSender *self, SenderServer *server, gboolean heads, JoinedHit *found)
{
  return find_in (self, server, &self->ready, heads, found) ||
      find_in (self, server, &server->held, heads, found);
}

/* A hit that is no suspect: the first of another session, so that each session
 * keeps its order; every other time one behind a suspect, as what all sessions
 * begin with may be wrong. */
static gboolean
pick_other (MhSender *self, SenderServer *server, JoinedHit *picked)
{
  gboolean heads = mh_suspects_count (&server->join.suspects) % 2 == 1;

  return (heads && find_other (self, server, TRUE, picked)) ||
      find_other (self, server, FALSE, picked);
}

gboolean
mh_sender_suspects_pick (
    MhSender *self, SenderServer *server, JoinedHit *picked)
{
  gboolean other = mh_suspects_wants_other (&server->join.suspects);

  if (!find_suspect (self, server, picked))
    return FALSE;
  if (other)
    pick_other (self, server, picked);
  return TRUE;
}
