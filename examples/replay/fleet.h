/* fleet: the traffic of many players, by the code that real ones run.
 *
 * Time is the fleet's own: an hour takes as long as it takes to compute. Where the
 * requests are really sent, time stands still at the end of each second until
 * they have their answers.
 *
 * May touch: fleet-*, mh-time-queue, mh-transport-soup's constructor.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-config.h"

G_BEGIN_DECLS

/**
 * FleetOptions:
 * @n_players: how many there are
 * @seconds: how long they are watched
 * @rate: how many requests may be sent in a second of real time; 0: as many as the
 *   server takes
 * @seed: the same one makes the same traffic
 * @send: whether requests are really sent, to the collection server; otherwise
 *   they are counted
 */
typedef struct
{
  int n_players;
  int seconds;
  int rate;
  gint64 seed;
  gboolean send;
} FleetOptions;

/**
 * fleet_check_options:
 * @error: %MH_ERROR_CONFIG: which one cannot be used
 */
gboolean fleet_check_options (const FleetOptions *options, GError **error);

/**
 * fleet_run:
 * @options: checked
 * @config: whose protocol this build has, with a collection server
 * @first_utc: microseconds since 1970 when it begins
 * @error: %MH_ERROR_REFUSED: the server has not taken everything;
 *   otherwise why nothing can be sent
 *
 * Writes figures to standard output.
 *
 * Returns: whether everything was taken.
 */
gboolean fleet_run (const FleetOptions *options, const MhConfig *config,
    gint64 first_utc, GError **error);

G_END_DECLS
