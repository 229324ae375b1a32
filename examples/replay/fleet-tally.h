/* fleet-tally: what a fleet of players has done, as figures.
 *
 * May touch: GLib, mh-time, stdio.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-time.h"

G_BEGIN_DECLS

/**
 * FleetTally:
 * @n_players: how many there are
 * @duration: how long they are watched
 * @spread: by when all of them have begun
 * @player_time: how long they were there since they began, all together
 * @sessions: how many have begun
 * @resumes: how many of them went on with an earlier one
 * @calls_refused: calls that the session rules refused
 * @hits: how many were made
 * @hits_sent: how many of them the server has taken
 * @hits_dropped: how many were given up
 * @hits_waiting: how many were still waiting at the end
 * @requests: how many were sent, repeated ones too
 * @failures: how many of them failed, and were repeated
 * @bytes: of their bodies
 * @by_second: requests in each second of @duration
 * @took: seconds that it took, where it was sent
 *
 * All zero but for the first three and @by_second, before it begins.
 */
typedef struct
{
  guint n_players;
  MhTime duration;
  MhTime spread;
  MhTime player_time;
  guint64 sessions;
  guint64 resumes;
  guint64 calls_refused;
  guint64 hits;
  guint64 hits_sent;
  guint64 hits_dropped;
  guint64 hits_waiting;
  guint64 requests;
  guint64 failures;
  guint64 bytes;
  guint *by_second;
  double took;
} FleetTally;

/**
 * fleet_tally_init:
 * @tally: filled in; give it to fleet_tally_clear()
 */
void fleet_tally_init (FleetTally *tally, guint n_players, MhTime duration);
void fleet_tally_clear (FleetTally *tally);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FleetTally, fleet_tally_clear)

/**
 * fleet_tally_note_request:
 * @at: when
 * @n_bytes: the length of its body
 */
void fleet_tally_note_request (FleetTally *tally, MhTime at, gsize n_bytes);

/* Writes the figures to standard output, a line each. */
void fleet_tally_print (const FleetTally *tally);

G_END_DECLS
