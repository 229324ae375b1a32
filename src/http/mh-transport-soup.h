/* mh-transport-soup: the transport over HTTP, with libsoup 3.
 *
 * One SoupSession, and so one pool of kept-alive connections, for each set of
 * CAs that servers are checked by (mh-soup-pool). TLS is verified by GIO's
 * default back end; redirects are not followed; a request that has taken
 * @timeout is given up whatever trickles in.
 *
 * May touch: libsoup, by way of mh-soup-load and mh-soup-pool, and GIO. Used by one
 * thread: the one that made it, whose thread-default main context it runs on.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-transport.h"
#include "mh-time.h"

G_BEGIN_DECLS

/* docs/design/decisions.md#numbers. */
#define MH_REQUEST_TIMEOUT MH_TIME_FROM_SEC (5)

#define MH_TYPE_TRANSPORT_SOUP (mh_transport_soup_get_type ())
G_DECLARE_FINAL_TYPE (
    MhTransportSoup, mh_transport_soup, MH, TRANSPORT_SOUP, GObject)

/**
 * mh_transport_soup_new:
 * @timeout: how long a request may take in all, %MH_REQUEST_TIMEOUT
 * @error: %MH_ERROR_TRANSPORT: there is no libsoup, see mh_soup_load()
 *
 * Close the transport before you give it back. What is left of the requests that were
 * under way is freed in the next iterations of the context.
 *
 * Returns: (nullable) (transfer full): a transport of the calling thread.
 */
MhTransport *mh_transport_soup_new (MhTime timeout, GError **error);

/* Does now what is done when @timeout is over, to all requests under way. */
void mh_transport_soup_time_out_for_test (MhTransportSoup *self);

G_END_DECLS
