/* mh-relay-server: sends the requests of processes that are connected, and ends
 * when there is none and nothing waits.
 *
 * May touch: mh-relay, mh-relay-link, mh-answer-memory, leftovers, a socket. On the
 * worker.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-worker.h"

G_BEGIN_DECLS

typedef struct _MhRelayServer MhRelayServer;

/**
 * mh_relay_server_new:
 * @worker: (transfer none): outlives it
 * @dir: the state directory
 * @dir_fd: (transfer none): the same, open
 * @listener: (transfer full): of mh_relay_listen()
 * @lock: (transfer full): a descriptor; closed when another program may listen
 * @over: called once, when there is nothing more to do
 * @user_data: for @over
 *
 * Returns: (transfer full): a server that takes connections from here on, on
 * @worker.
 */
MhRelayServer *mh_relay_server_new (MhWorker *worker, const char *dir,
    int dir_fd, int listener, int lock, void (*over) (gpointer user_data),
    gpointer user_data);

/* @self: a server that is over. */
void mh_relay_server_free (MhRelayServer *self);

G_END_DECLS
