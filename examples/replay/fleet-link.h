/* fleet-link: the transport of one player of a fleet, which is a function.
 *
 * May touch: mh-transport, fleet-player's header.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "fleet-player.h"

G_BEGIN_DECLS

#define FLEET_TYPE_LINK (fleet_link_get_type ())
G_DECLARE_FINAL_TYPE (FleetLink, fleet_link, FLEET, LINK, GObject)

/**
 * fleet_link_new:
 * @shared: whose ask() gets the requests; outlives the link
 * @player: whose requests they are
 *
 * All requests have their answer before it is closed.
 *
 * Returns: (transfer full): a transport.
 */
MhTransport *fleet_link_new (FleetShared *shared, FleetPlayer *player);

G_END_DECLS
