/* fleet-player: one player of a fleet: a viewer, the session rules, a protocol, a
 * queue in memory and a sender, as in a process of its own.
 *
 * May touch: mh-session, mh-protocol, mh-store, mh-sender, fleet-viewer,
 * fleet-tally.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "fleet-tally.h"
#include "fleet-viewer.h"
#include "mh-time-queue.h"
#include "mh-protocol.h"
#include "mh-sender.h"
#include "mh-session.h"

G_BEGIN_DECLS

typedef struct _FleetPlayer FleetPlayer;

/**
 * FleetShared:
 * @config: of all players; the ID of the installation in it is that of the player
 *   which encodes a hit
 * @protocol: its protocol
 * @endpoint: where requests go
 * @clock: the time of the fleet
 * @tally: what is counted
 * @ask: sends a request of @player
 * @user_data: for @ask
 *
 * What the players of a fleet have in common.
 */
typedef struct
{
  MhConfig *config;
  const MhProtocol *protocol;
  const char *endpoint;
  MhClock clock;
  FleetTally tally;
  void (*ask) (FleetPlayer *player, const MhRequest *request, MhAnswerFunc done,
      gpointer done_data, gpointer user_data);
  gpointer user_data;
} FleetShared;

/**
 * fleet_player_new:
 * @shared: outlives the player
 * @seed: that of the fleet
 * @number: the number of the player in it
 *
 * Returns: (transfer full): a player that begins by itself.
 */
FleetPlayer *fleet_player_new (FleetShared *shared, guint64 seed, guint number);

/**
 * fleet_player_free:
 * @player: (transfer full): one that has an answer to all its requests
 */
void fleet_player_free (FleetPlayer *player);

/* Does what is due at the time of the clock. */
void fleet_player_advance (FleetPlayer *player);

/* Ends what is played; the player does nothing more than deliver it. */
void fleet_player_leave (FleetPlayer *player);

/* Returns: when it is to be advanced; %MH_TIME_NEVER: after an answer only. */
MhTime fleet_player_next_deadline (FleetPlayer *player);

/* Returns: how many hits wait for delivery. */
guint fleet_player_count_waiting (FleetPlayer *player);

/* Returns: its place in its owner's queue. */
MhTimeNode *fleet_player_get_node (FleetPlayer *player);

/* Returns: whose place @node is. */
FleetPlayer *fleet_player_from_node (MhTimeNode *node);

G_END_DECLS
