/* fleet: the traffic of many players, by the code that real ones run.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "fleet.h"

#include "fleet-player.h"
#include "fleet-server.h"
#include "mh-transport-soup.h"

#define MAX_PLAYERS 1000000
#define MAX_SECONDS (7 * 24 * 60 * 60)

/* How many requests are under way at once: what a server on this machine has to do
 * before the last of them is answered has to take less than the time-out. */
#define MAX_IN_FLIGHT 32

/* How long players may take to deliver the rest. */
#define DELIVERY MH_TIME_FROM_SEC (120)

typedef struct
{
  const FleetOptions *options;
  FleetShared shared;
  MhTime now;
  gint64 first_utc;
  GPtrArray *players; /* of FleetPlayer, those that play */
  MhTimeQueue *due;
  FleetServer *server;
  MhTransport *network; /* NULL: the requests are counted only */
  guint in_flight;
  gint64 began; /* real time, us */
} Fleet;

/* A request on its way to a real server. */
typedef struct
{
  Fleet *fleet;
  FleetPlayer *player;
  MhAnswerFunc done;
  gpointer user_data;
} Passed;

gboolean
fleet_check_options (const FleetOptions *options, GError **error)
{
  const char *wrong = NULL;

  if (options->n_players < 1 || options->n_players > MAX_PLAYERS)
    wrong = "--fleet takes 1 to 1000000 players";
  else if (options->seconds < 2 || options->seconds > MAX_SECONDS)
    wrong = "--seconds takes 2 to 604800";
  else if (options->rate < 0)
    wrong = "--rate takes a number of requests, or 0";
  if (wrong)
    g_set_error_literal (error, MH_ERROR, MH_ERROR_CONFIG, wrong);
  return wrong == NULL;
}

/* ---- time ---- */

static MhTime
fleet_get_now (gpointer user_data)
{
  return ((Fleet *) user_data)->now;
}

static gint64
fleet_get_utc (gpointer user_data)
{
  Fleet *self = user_data;

  return self->first_utc + self->now;
}

static void
schedule (Fleet *self, FleetPlayer *player)
{
  MhTimeNode *node = fleet_player_get_node (player);
  MhTime deadline = fleet_player_next_deadline (player);

  if (deadline == MH_TIME_NEVER)
    mh_time_queue_remove (self->due, node);
  else
    mh_time_queue_set (self->due, node, deadline);
}

/* ---- the network ---- */

static void
fleet_on_answer (const MhAnswer *answer, gpointer user_data)
{
  Passed *passed = user_data;
  Fleet *self = passed->fleet;

  self->in_flight--;
  passed->done (answer, passed->user_data);
  schedule (self, passed->player);
  g_free (passed);
}

static void
pass (Fleet *self, FleetPlayer *player, const MhRequest *request,
    MhAnswerFunc done, gpointer done_data)
{
  Passed *passed = g_new0 (Passed, 1);

  *passed = (Passed){ self, player, done, done_data };
  self->in_flight++;
  mh_transport_send (self->network, request, fleet_on_answer, passed);
}

static void
fleet_ask (FleetPlayer *player, const MhRequest *request, MhAnswerFunc done,
    gpointer done_data, gpointer user_data)
{
  Fleet *self = user_data;

  fleet_tally_note_request (
      &self->shared.tally, self->now, g_bytes_get_size (request->body));
  if (self->network)
    pass (self, player, request, done, done_data);
  else
    fleet_server_ask (
        self->server, player, request, self->now, done, done_data);
}

static void
wait_for_answers (Fleet *self, guint most)
{
  while (self->in_flight > most)
    g_main_context_iteration (NULL, TRUE);
}

static gboolean
fleet_on_time (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Real microseconds until the next request may be sent. */
static gint64
count_early (Fleet *self)
{
  gint64 wanted = self->options->rate > 0
      ? (gint64) ((double) self->shared.tally.requests / self->options->rate *
            G_USEC_PER_SEC)
      : 0;

  return wanted - (g_get_monotonic_time () - self->began);
}

static void
keep_pace (Fleet *self)
{
  gint64 early;

  wait_for_answers (self, MAX_IN_FLIGHT - 1);
  while (self->options->rate > 0 && (early = count_early (self)) > 0) {
    gboolean over = FALSE;

    g_timeout_add ((guint) (early / 1000 + 1), fleet_on_time, &over);
    while (!over)
      g_main_context_iteration (NULL, TRUE);
  }
}

/* Returns: whether everything has its answer that was asked in an earlier second:
 * FALSE where it has that just now, and there may be more to do first. */
static gboolean
may_go_on (Fleet *self, MhTime next)
{
  if (!self->network || self->in_flight == 0 ||
      next / MH_USEC_PER_SEC == self->now / MH_USEC_PER_SEC)
    return TRUE;
  wait_for_answers (self, 0);
  return FALSE;
}

/* ---- running ---- */

static void
do_due (Fleet *self)
{
  MhTimeNode *node;
  FleetPlayer *player;

  while ((player = fleet_server_answer (self->server, self->now)))
    schedule (self, player);
  while ((node = mh_time_queue_pop (self->due, self->now))) {
    player = fleet_player_from_node (node);
    fleet_player_advance (player);
    schedule (self, player);
    if (self->network)
      keep_pace (self);
  }
}

static void
run_until (Fleet *self, MhTime end)
{
  for (;;) {
    MhTime next = MIN (
        mh_time_queue_next (self->due), fleet_server_next (self->server));

    if (!may_go_on (self, next))
      continue;
    if (next >= end)
      return;
    self->now = MAX (self->now, next);
    do_due (self);
  }
}

static void
leave (Fleet *self)
{
  for (guint i = 0; i < self->players->len; i++) {
    FleetPlayer *player = self->players->pdata[i];

    fleet_player_leave (player);
    schedule (self, player);
    if (self->network)
      keep_pace (self);
  }
}

static void
play (Fleet *self)
{
  FleetTally *tally = &self->shared.tally;

  run_until (self, tally->duration);
  self->now = tally->duration;
  leave (self);
  run_until (self, tally->duration + DELIVERY);
  wait_for_answers (self, 0);
}

/* ---- the players ---- */

static void
add_player (Fleet *self, guint number)
{
  FleetPlayer *player = fleet_player_new (
      &self->shared, (guint64) self->options->seed, number);

  g_ptr_array_add (self->players, player);
  schedule (self, player);
}

/* An answer that has not come in time is none. */
static void
remove_players (Fleet *self)
{
  while (fleet_server_answer (self->server, MH_TIME_NEVER))
    ;
  for (guint i = 0; i < self->players->len; i++) {
    FleetPlayer *player = self->players->pdata[i];

    self->shared.tally.hits_waiting += fleet_player_count_waiting (player);
    mh_time_queue_remove (self->due, fleet_player_get_node (player));
    fleet_player_free (player);
  }
  g_ptr_array_set_size (self->players, 0);
}

/* In the order of time, as they would come. */
static void
play_together (Fleet *self)
{
  self->began = g_get_monotonic_time ();
  for (guint i = 0; i < self->shared.tally.n_players; i++)
    add_player (self, i);
  play (self);
  self->shared.tally.took = (double) (g_get_monotonic_time () - self->began) /
      G_USEC_PER_SEC;
  remove_players (self);
}

/* Figures are the same in any order, and one player fits into a cache. */
static void
play_one_by_one (Fleet *self)
{
  for (guint i = 0; i < self->shared.tally.n_players; i++) {
    self->now = 0;
    add_player (self, i);
    play (self);
    remove_players (self);
  }
}

/* ---- the fleet ---- */

static void
set_up (Fleet *self, const MhConfig *config)
{
  FleetShared *shared = &self->shared;

  shared->clock = (MhClock){ fleet_get_now, fleet_get_utc, self };
  shared->config = mh_config_copy (config);
  g_clear_pointer (&shared->config->app_installation_id, g_free);
  shared->protocol = mh_protocol_get (config->protocol);
  shared->ask = fleet_ask;
  shared->user_data = self;
  fleet_tally_init (&shared->tally, (guint) self->options->n_players,
      MH_TIME_FROM_SEC (self->options->seconds));
  self->players = g_ptr_array_new ();
  self->due = mh_time_queue_new ();
  self->server = fleet_server_new ();
}

static void
tear_down (Fleet *self)
{
  g_ptr_array_unref (self->players);
  fleet_server_free (self->server);
  mh_time_queue_free (self->due);
  fleet_tally_clear (&self->shared.tally);
  mh_config_unref (self->shared.config);
  if (self->network)
    mh_transport_close (self->network);
  g_clear_object (&self->network);
}

static gboolean
check_taken (const FleetTally *tally, GError **error)
{
  if (tally->hits_sent == tally->hits)
    return TRUE;
  g_set_error (error, MH_ERROR, MH_ERROR_REFUSED,
      "%" G_GUINT64_FORMAT " hits were not taken",
      tally->hits - tally->hits_sent);
  return FALSE;
}

gboolean
fleet_run (const FleetOptions *options, const MhConfig *config,
    gint64 first_utc, GError **error)
{
  Fleet self = { options, .first_utc = first_utc };
  g_autofree char *endpoint = mh_protocol_dup_endpoint (config);
  gboolean taken;

  if (options->send) {
    self.network = mh_transport_soup_new (MH_REQUEST_TIMEOUT, error);
    if (!self.network)
      return FALSE;
  }
  self.shared.endpoint = endpoint;
  set_up (&self, config);
  if (options->send)
    play_together (&self);
  else
    play_one_by_one (&self);
  fleet_tally_print (&self.shared.tally);
  taken = check_taken (&self.shared.tally, error);
  tear_down (&self);
  return taken;
}
