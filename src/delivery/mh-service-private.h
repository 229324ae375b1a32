/* mh-service-private: what the files of the service share.
 *
 * mh-service.c           who uses it, and the worker that it has
 * mh-service-delivery.c  the spools, and the transport that they share
 * mh-service-end.c       how it ends: after its last user, or with the process
 * mh-service-visitor.c   visitors who opt out while nothing plays
 *
 * May touch: what mh-service.h may. For those files only.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-service.h"

#include "mh-spool.h"
#include "mh-network.h"

G_BEGIN_DECLS

/* What the process has one of. */
typedef struct
{
  GMutex lock; /* never held while something is written: applications wait */
  MhService *service; /* lock */
  gboolean ends; /* lock: the process does: there will be no other service */
  guint n_ending; /* lock: services that are at their end */
  GCond ended_cond; /* n_ending is less */

  /* What a service has not delivered at its end, for the next. Only one service
   * at a time touches it, on its worker: the next one's waits for the end of the
   * one before. */
  GPtrArray *leftovers;
} MhServiceProcess;

extern MhServiceProcess mh_service_process;

/* A listener that is to hear of no other session: @done is called when it is
 * forgotten. */
typedef struct
{
  gpointer user_data;
  void (*done) (gpointer data);
  gpointer data;
} MhServiceLeaver;

struct _MhService
{
  guint users; /* the process's lock */
  guint ends; /* the process's lock: begin_linger() that are on their way */
  gint64 patience; /* atomic: how long the process's end may wait */
  int order; /* atomic: what the bell means */
  MhWorker *worker;
  MhQueryThread *query_thread;

  /* The worker's thread only. */
  GPtrArray *spools; /* MhSpool, one for each state directory */
  GPtrArray *left; /* those of them that an earlier service has left */
  gboolean in_memory; /* there is none: for tests */
  MhTransportFunc make_transport; /* NULL: a test's transport is the only one */
  MhTransport *transport;
  gboolean opened; /* make_transport has been called */
  gboolean relayed; /* each spool has the helper program send instead */
  GError *error; /* what came of it instead of a transport */
  GArray *leavers; /* of MhServiceLeaver */
  MhNetwork *network; /* while a server is offline */
  gboolean no_network; /* it cannot be watched */
  MhTimer linger; /* while there is no user */
  MhTime
      deliver_until; /* while there is none: it does not end before, if busy */
  gboolean draining; /* nothing new is sent: it is about to end */
  gboolean stopped; /* it ends with the process */
  gboolean freed_at_end; /* it has no user any more by then */
  GQueue forgettings; /* of what mh-service-visitor.c is about to do */
  guint unclaimed; /* dropped hits that no tracker was told of */

  GMutex idle_lock;
  GCond idle_cond;
  gboolean idle; /* idle_lock: nothing can be delivered at the moment */
  guint flushes; /* idle_lock: that the worker has not come to yet */
};

/* mh-service-delivery.c */

/* On the worker: whether something is under way, or can be sent now. */
gboolean mh_service_is_busy (MhService *self);
/* Wakes the thread that waits for the delivery, if there is nothing to be done. */
void mh_service_note_idle (MhService *self);

/* Opens the transport, if it is not open yet. */
void mh_service_open_transport (MhService *self);

/* No tracker is told anything any more. */
void mh_service_forget_all (MhService *self);

/* Returns: (transfer full): an empty store, in memory only. The keys of its sessions
 * are those of no other store of the process. */
MhStore *mh_service_new_store (const MhStoreLimits *limits);

/* Makes a spool for a state directory; takes the store. */
MhSpool *mh_service_add_spool (
    MhService *self, MhStore *store, const char *dir);

/* How long the process's end may wait where no element has set it. */
#define MH_SERVICE_PATIENCE MH_TIME_FROM_MSEC (500)

/* mh-service.c */

/* On the worker: ends the spools, and keeps what they have left for the next
 * service. */
void mh_service_end_spools (MhService *self);
/* Frees a service whose spools have ended. */
void mh_service_free (MhService *self);

/* mh-service-end.c */

/* Registers what is to run when the process ends or forks. Once for a process. */
void mh_service_watch_process (void);
/* Registers the end of the process again, to come in front of the libraries that
 * were loaded since. */
void mh_service_watch_exit (void);
/* The worker's bell has rung. */
void mh_service_on_bell (gpointer data);
/* On the worker: a user has come, for one that had none. */
void mh_service_stay (gpointer data);
/* The timer `linger`: ends the service, if it still has no user and nothing to do. */
void mh_service_on_linger (MhTime now, gpointer user_data);
/* On the worker: the sender of a spool has done all it can. */
void mh_service_drain (MhService *self);

/* mh-service-visitor.c: on the worker: does now what waits for its time. */
void mh_service_forget_now (MhService *self);

G_END_DECLS
