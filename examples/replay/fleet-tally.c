/* fleet-tally: what a fleet of players has done, as figures.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "fleet-tally.h"

#include <stdio.h>

/* All players have begun after this long, or after half of the time. */
#define SPREAD MH_TIME_FROM_SEC (300)

void
fleet_tally_init (FleetTally *tally, guint n_players, MhTime duration)
{
  *tally = (FleetTally){ n_players, duration, MIN (SPREAD, duration / 2) };
  tally->by_second = g_new0 (guint, (gsize) (duration / MH_USEC_PER_SEC) + 1);
}

void
fleet_tally_clear (FleetTally *tally)
{
  g_clear_pointer (&tally->by_second, g_free);
}

void
fleet_tally_note_request (FleetTally *tally, MhTime at, gsize n_bytes)
{
  tally->requests++;
  tally->bytes += n_bytes;
  if (at < tally->duration)
    tally->by_second[at / MH_USEC_PER_SEC]++;
}

static void
print_count (const char *name, guint64 n)
{
  printf ("%-28s%" G_GUINT64_FORMAT "\n", name, n);
}

/* With all players there, and in the busiest second. */
static void
print_rates (const FleetTally *tally)
{
  gint64 first = tally->spread / MH_USEC_PER_SEC;
  gint64 end = tally->duration / MH_USEC_PER_SEC;
  guint64 n = 0;
  guint most = 0;

  for (gint64 i = 0; i < end; i++) {
    most = MAX (most, tally->by_second[i]);
    n += i >= first ? tally->by_second[i] : 0;
  }
  printf ("%-28s%.1f\n", "requests a second",
      (double) n / (double) MAX (end - first, 1));
  print_count ("requests, busiest second", most);
}

static void
print_hourly (const FleetTally *tally)
{
  double hours = mh_time_seconds (tally->player_time) / 3600;

  printf ("%-28s%.1f\n", "sessions a player and hour",
      (double) tally->sessions / hours);
  printf (
      "%-28s%.1f\n", "hits a player and hour", (double) tally->hits / hours);
  printf ("%-28s%.1f\n", "requests a player and hour",
      (double) tally->requests / hours);
  printf (
      "%-28s%.0f\n", "bytes a player and hour", (double) tally->bytes / hours);
}

void
fleet_tally_print (const FleetTally *tally)
{
  print_count ("players", tally->n_players);
  print_count ("seconds", (guint64) (tally->duration / MH_USEC_PER_SEC));
  print_count ("sessions", tally->sessions);
  print_count ("sessions resumed", tally->resumes);
  print_count ("calls refused", tally->calls_refused);
  print_count ("hits", tally->hits);
  print_count ("hits taken", tally->hits_sent);
  print_count ("hits given up", tally->hits_dropped);
  print_count ("hits waiting", tally->hits_waiting);
  print_count ("requests", tally->requests);
  print_count ("requests that failed", tally->failures);
  print_count ("bytes", tally->bytes);
  print_rates (tally);
  print_hourly (tally);
  if (tally->took > 0)
    printf ("%-28s%.1f s, %.0f requests a second\n", "sent in", tally->took,
        (double) tally->requests / tally->took);
}
