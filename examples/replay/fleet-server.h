/* fleet-server: a server that takes everything, in the time of a fleet.
 *
 * May touch: mh-time-queue, fleet-player's header.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "fleet-player.h"
#include "mh-time-queue.h"

G_BEGIN_DECLS

/* How long an answer takes. */
#define FLEET_LATENCY MH_TIME_FROM_MSEC (50)

typedef struct _FleetServer FleetServer;

FleetServer *fleet_server_new (void);

/**
 * fleet_server_free:
 * @server: (transfer full): one that has answered everything
 */
void fleet_server_free (FleetServer *server);

/**
 * fleet_server_ask:
 * @player: whose request it is
 * @request: the request
 * @now: when it is sent; the answer comes %FLEET_LATENCY later
 */
void fleet_server_ask (FleetServer *server, FleetPlayer *player,
    const MhRequest *request, MhTime now, MhAnswerFunc done,
    gpointer user_data);

/* Returns: when the next answer comes; %MH_TIME_NEVER: nothing was asked. */
MhTime fleet_server_next (FleetServer *server);

/**
 * fleet_server_answer:
 * @until: what time it is
 *
 * Gives the next answer that has come by then.
 *
 * Returns: (transfer none) (nullable): the player that has got it; NULL: there is
 *   none.
 */
FleetPlayer *fleet_server_answer (FleetServer *server, MhTime until);

G_END_DECLS
