/* mh-spool-private: what the files of the spool share.
 *
 * mh-spool.c          the directory, its timers, what processes that are gone left
 * mh-spool-session.c  the sessions of players, and who hears of them
 *
 * May touch: what mh-spool.h may. For those files only; on the worker.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-spool.h"

G_BEGIN_DECLS

struct _MhSpool
{
  MhWorker *worker;
  const MhClock *clock;
  char *dir;
  MhStore *store;
  MhSender *sender;
  const MhDelivery *owner;
  gpointer owner_data;
  MhTimer sender_timer;
  MhTimer upkeep_timer;
  gboolean begun;
  gboolean run_queued;
  gboolean closed;

  GHashTable *listeners; /* session key → Listener */
  gboolean sweep; /* some of them may have heard all */

  /* What upkeep_timer is set to the first of. */
  MhTime sync_at;
  MhTime look_at;
  MhTime recover_at;
  MhTime recover_delay;

  char *problem;
  gboolean told; /* of the problem there is */
};

/* mh-spool-session.c */

/* What the sender tells: its user data is the spool. */
extern const MhDelivery mh_spool_delivery;

/* Returns: (transfer full): an empty table for MhSpool.listeners. */
GHashTable *mh_spool_new_listeners (void);

/* Removes the listeners that have heard all there is to hear. */
void mh_spool_sweep (MhSpool *self);
/* Something is wrong with the directory: tells the owner, and each player once. */
void mh_spool_tell_problem (MhSpool *self, const char *message);

G_END_DECLS
