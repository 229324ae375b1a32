/* mh-mailbox-private: what the files of the mailbox share.
 *
 * May touch: what mh-mailbox.h may. For those files only.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-lock.h"
#include "mh-mailbox-reader.h"

G_BEGIN_DECLS

struct _MhMailbox
{
  gatomicrefcount refs;

  /* Set once. Each has locks of its own. */
  MhNotifier *notifier;
  MhStream *stream;
  MhControls *controls;
  MhLeaderMember *member;

  /* Set once; the worker's. */
  const MhMailboxReader *funcs;
  gpointer reader;

  /* Atomics. */
  MhFlow flow;
  int quiet; /* the pipeline stops, it must not be asked any more */
  int changes; /* how often the pipeline has changed (mh-poll-schedule) */
  int ring; /* written under the lock: MhRing */
  int playback_state; /* MhPlaybackState */
  gboolean open; /* worker */
  guint streams; /* worker */

  GMutex lock; /* of what follows */
  GCond cond; /* of @held and @resume_asked */
  MhWorker *worker; /* NULL: not open */
  gpointer keeper; /* of that */
  GQueue queue; /* of MhObservation */
  gboolean hold; /* keep what is observed while not open */
  gboolean scheduled; /* the worker is told of the queue */
  MhSettings *settings;
  MhTime ring_at; /* since when it rings */
  MhTime inactive_since;
  double resume_position;
  gboolean resume_asked; /* it waits for an answer of the pipeline's */
  gboolean held; /* so does what was observed, or seen of controls */
};

/* mh-mailbox.c */

/* Has the worker deal with what has been put in. Under the lock, while open. */
void mh_mailbox_wake_locked (MhMailbox *self);
/* Returns: (transfer full) (nullable): the one of the pipeline that is tracked,
 * itself or another; NULL: none is. */
MhMailbox *mh_mailbox_dup_leader (MhMailbox *self);

/* mh-mailbox-hold.c */

/* Returns: (nullable): the first data that is held since it was last told whether it
 * leads. */
GList *mh_mailbox_find_data_locked (MhMailbox *self);
/* Returns: whether one of @type is held, with all that is. */
gboolean mh_mailbox_can_hold_locked (MhMailbox *self, MhObservationType type);
/* A flush comes: where much is held, forgets what has been said anew since, and what a
 * seek was about that another one has followed. */
void mh_mailbox_make_room_locked (MhMailbox *self);

G_END_DECLS
