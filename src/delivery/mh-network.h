/* mh-network: tells when the machine may have got a network.
 *
 * This is one netlink socket, for as long as a hit waits for a network.
 * GNetworkMonitor waits for D-Bus, and leaves threads, sockets and a connection
 * to D-Bus in the process for good: see docs/design/decisions.md.
 *
 * May touch: GLib, the kernel's netlink. Of the thread that runs the context.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _MhNetwork MhNetwork;

/* Called when an interface that runs has got an address. It must not free the
 * watch. */
typedef void (*MhNetworkFunc) (gpointer user_data);

/**
 * mh_network_new:
 * @context: where @changed is called
 * @changed: what to call
 * @user_data: for @changed
 *
 * Returns: (nullable) (transfer full): a watch; NULL where that is not allowed,
 *   as in some sandboxes. Free with mh_network_free().
 */
MhNetwork *mh_network_new (
    GMainContext *context, MhNetworkFunc changed, gpointer user_data);

/* @network: (nullable): a watch. */
void mh_network_free (MhNetwork *network);

G_END_DECLS
