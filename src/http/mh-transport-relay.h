/* mh-transport-relay: the transport of a process that cannot send: it has its
 * requests sent by the helper program.
 *
 * The program is started with the first request. Order, retries, consent and what
 * waits stay with the process; the program sends. When the process is gone, the program
 * delivers the hits that the process has left in the state directory.
 *
 * May touch: mh-relay, mh-relay-link, mh-helper, mh-soup-load. Used by one thread: the one that
 * made it, whose thread-default main context it runs on.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-time.h"
#include "mh-transport.h"

G_BEGIN_DECLS

#define MH_TYPE_TRANSPORT_RELAY (mh_transport_relay_get_type ())
G_DECLARE_FINAL_TYPE (
    MhTransportRelay, mh_transport_relay, MH, TRANSPORT_RELAY, GObject)

/* Returns: whether libsoup 2 keeps this process from sending. */
gboolean mh_transport_relay_is_needed (void);

/**
 * mh_transport_relay_new:
 * @dir: the state directory; it need not be there yet
 * @timeout: how long a request may take in all, once the program runs
 * @max_age: seconds after which what this process leaves is not sent any more
 *
 * Close the transport before you give it back.
 *
 * Returns: (transfer full): a transport of the calling thread.
 */
MhTransport *mh_transport_relay_new (
    const char *dir, MhTime timeout, guint max_age);

/**
 * mh_transport_relay_forget:
 * @dir: the state directory
 *
 * The visitor has opted out: a helper program that runs there deletes what it has
 * taken over. Call it when the database has been cleared. Any thread; never waits.
 */
void mh_transport_relay_forget (const char *dir);

G_END_DECLS
