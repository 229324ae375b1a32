/* mh-service-private: shared by mh-service*.c only.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-service.h"

#include "mh-lane.h"
#include "mh-network.h"

G_BEGIN_DECLS

struct _MhService
{
  guint users; /* service_lock */
  guint ends; /* service_lock: end_if_unused() that are on their way */
  MhWorker *worker;
  MhAsker *asker;

  /* The worker's thread only. */
  GPtrArray *lanes; /* MhLane, one for each state directory */
  GPtrArray *left; /* those of them that an earlier service has left */
  gboolean in_memory; /* there is none: for tests */
  MhTransportFunc make_transport;
  MhTransport *transport;
  gboolean opened; /* make_transport has been called */
  GError *error; /* what came of it instead of a transport */
  GHashTable *listeners; /* session key → Listener */
  MhNetwork *network; /* while a server is offline */
  gboolean no_network; /* it cannot be watched */
  gboolean sweep; /* some of them may have heard all */
  guint unclaimed; /* dropped hits that nobody has listened to */

  GMutex idle_lock;
  GCond idle_cond;
  gboolean idle; /* idle_lock: nothing can be delivered at the moment */
  guint flushes; /* idle_lock: that the worker has not come to yet */
};

/* Whether there is nothing to be done at the moment, for who waits for it. */
void mh_service_note_idle (MhService *self);

/* If it is not open yet. */
void mh_service_open_transport (MhService *self);

MhStore *mh_service_new_store (const MhStoreLimits *limits);

/* Takes the store. */
MhLane *mh_service_add_lane (MhService *self, MhStore *store, const char *dir);

G_END_DECLS
