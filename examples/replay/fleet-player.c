/* fleet-player: one player of a fleet.
 *
 * It does what the tracker and the spool do in a process: begins sessions, gives
 * hits their time and ID, and hands them to the sender
 * (src/session/mh-tracker.c, src/delivery/mh-spool-session.c).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "fleet-player.h"

#include "fleet-link.h"

#include <stdio.h>

struct _FleetPlayer
{
  FleetShared *shared;
  FleetViewer viewer;
  FleetRandom ids;
  MhSession *session;
  MhStore *store;
  MhSender *sender;
  MhTimeNode node;
  MhSessionTrail trail;
  gint64 key; /* of the session, in the store */
  gint64 last_ts;
  char installation[MH_SESSION_TRAIL_ID_SIZE];
};

/* A UUID of version 4. */
static void
make_id (FleetPlayer *self, char *id)
{
  guint64 a = fleet_random_next (&self->ids);
  guint64 b = fleet_random_next (&self->ids);

  g_snprintf (id, MH_SESSION_TRAIL_ID_SIZE,
      "%08x-%04x-4%03x-%04x-%012" G_GINT64_MODIFIER "x", (guint) (a >> 32),
      (guint) (a >> 16) & 0xffff, (guint) a & 0xfff,
      ((guint) (b >> 48) & 0x3fff) | 0x8000, b & 0xffffffffffff);
}

/* ---- what the sender tells ---- */

static void
fleet_player_on_sent (gint64 key, MhEvent event, gpointer user_data)
{
  FleetPlayer *self = user_data;

  self->shared->tally.hits_sent++;
}

static void
fleet_player_on_dropped (
    gint64 key, guint n, const char *reason, gpointer user_data)
{
  FleetPlayer *self = user_data;
  FleetTally *tally = &self->shared->tally;

  if (tally->hits_dropped == 0)
    fprintf (stderr, "the first hit that was given up: %s\n", reason);
  tally->hits_dropped += n;
}

static void
fleet_player_on_failed (gint64 key, const char *reason, gpointer user_data)
{
  FleetPlayer *self = user_data;
  FleetTally *tally = &self->shared->tally;

  if (tally->failures++ == 0)
    fprintf (stderr, "the first request that failed: %s\n", reason);
}

static void
fleet_player_on_expired (gint64 key, const char *reason, gpointer user_data)
{
  const MhCall call = { MH_CALL_EXPIRE, .ours = TRUE };
  FleetPlayer *self = user_data;

  if (key == self->key)
    mh_session_call (
        self->session, &call, mh_clock_now (&self->shared->clock), NULL);
}

static const MhDelivery delivery = {
  .sent = fleet_player_on_sent,
  .dropped = fleet_player_on_dropped,
  .expired = fleet_player_on_expired,
  .failed = fleet_player_on_failed,
};

/* ---- what the session tells ---- */

static void
begin_session (FleetPlayer *self, const MhHit *start)
{
  FleetShared *shared = self->shared;
  char id[MH_SESSION_TRAIL_ID_SIZE];
  gboolean resume = FALSE;

  g_variant_lookup (start->params, "media.resume", "b", &resume);
  shared->tally.sessions++;
  shared->tally.resumes += resume;
  self->last_ts = 0;
  make_id (self, id);
  mh_session_trail_begin (&self->trail, id);
  self->key = mh_sender_open (
      self->sender, shared->endpoint, shared->config->protocol);
  mh_store_set_mode (self->store, self->key,
      shared->config->late_delivery == MH_LATE_DELIVERY_BATCH
          ? MH_SEND_LIVE
          : MH_SEND_ONLY_LIVE);
}

static GBytes *
encode (FleetPlayer *self, const MhHit *hit)
{
  FleetShared *shared = self->shared;
  char id[MH_SESSION_TRAIL_ID_SIZE];
  GBytes *body;

  make_id (self, id);
  mh_session_trail_pass (&self->trail, hit, id);
  shared->config->app_installation_id = self->installation;
  body = shared->protocol->encode (
      shared->config, hit, shared->protocol->join ? &self->trail : NULL);
  shared->config->app_installation_id = NULL;
  return body;
}

/* Two hits of a session never share a time stamp on the wire. */
static void
stamp (FleetPlayer *self, MhHit *hit)
{
  const MhClock *clock = &self->shared->clock;
  gint64 offset = mh_clock_utc (clock) - mh_clock_now (clock);

  hit->ts = MAX ((hit->at + offset) / MH_USEC_PER_MSEC, self->last_ts + 1);
  self->last_ts = hit->ts;
}

static void
fleet_player_on_hit (MhHit *hit, gpointer user_data)
{
  FleetPlayer *self = user_data;
  g_autoptr (GBytes) body = NULL;

  if (hit->event == MH_EVENT_SESSION_START)
    begin_session (self, hit);
  stamp (self, hit);
  self->shared->tally.hits++;
  body = encode (self, hit);
  mh_sender_enqueue (self->sender, self->key, hit->event, hit->ts, body);
  mh_hit_free (hit);
}

static void
fleet_player_on_refused (
    const MhCall *call, MhTime at, const GError *error, gpointer user_data)
{
  FleetPlayer *self = user_data;

  self->shared->tally.calls_refused += !call->ours;
}

/* ---- what the viewer does ---- */

static void
fleet_player_on_call (const MhCall *call, gpointer user_data)
{
  FleetPlayer *self = user_data;
  MhTime now = mh_clock_now (&self->shared->clock);

  if (!mh_session_call (self->session, call, now, NULL))
    self->shared->tally.calls_refused++;
}

/* ---- from outside ---- */

static MhSession *
make_session (FleetPlayer *self)
{
  static const MhSessionListener listener = { fleet_player_on_hit,
    fleet_player_on_refused, NULL };
  const MhConfig *config = self->shared->config;
  const MhTimeouts timeouts = { MH_TIME_FROM_SEC (config->idle_timeout),
    MH_TIME_FROM_SEC (config->session_timeout),
    MH_TIME_FROM_SEC (config->ping_interval),
    MH_TIME_FROM_SEC (config->ad_ping_interval) };
  MhSession *session = mh_session_new (&listener, self);

  mh_session_set_timeouts (session, &timeouts);
  return session;
}

/* Jitter is for servers that come back: here it would make figures differ. */
static double
no_jitter (void)
{
  return 0.5;
}

static MhSender *
make_sender (FleetPlayer *self)
{
  FleetShared *shared = self->shared;
  MhSender *sender = mh_sender_new (
      self->store, &shared->clock, &delivery, self);
  MhTransport *link = fleet_link_new (shared, self);

  mh_sender_set_random (sender, no_jitter);
  mh_sender_set_transport (sender, link);
  g_object_unref (link);
  if (shared->protocol->join)
    mh_sender_set_access (sender, shared->endpoint,
        shared->config->authorization,
        MH_TIME_FROM_SEC (shared->config->send_interval));
  return sender;
}

static double
get_day_second (const MhClock *clock)
{
  gint64 utc = mh_clock_utc (clock) - mh_clock_now (clock);

  return (double) (utc / MH_USEC_PER_SEC % (24 * 60 * 60));
}

FleetPlayer *
fleet_player_new (FleetShared *shared, guint64 seed, guint number)
{
  FleetPlayer *self = g_new0 (FleetPlayer, 1);
  FleetRandom random = seed;
  MhTime first_at;

  /* The seeds of neighbours have to have nothing in common. */
  random = fleet_random_next (&random) ^ number;
  random = fleet_random_next (&random);
  first_at = (MhTime) fleet_random_between (
      &random, 0, (double) shared->tally.spread);
  shared->tally.player_time += shared->tally.duration - first_at;
  self->shared = shared;
  self->ids = fleet_random_next (&random);
  make_id (self, self->installation);
  fleet_viewer_init (&self->viewer, fleet_random_next (&random), first_at,
      get_day_second (&shared->clock));
  self->session = make_session (self);
  self->store = mh_store_new (shared->config->queue_max_hits);
  self->sender = make_sender (self);
  return self;
}

void
fleet_player_free (FleetPlayer *self)
{
  mh_session_free (self->session);
  mh_sender_free (self->sender);
  mh_store_free (self->store);
  g_free (self);
}

void
fleet_player_advance (FleetPlayer *self)
{
  MhTime now = mh_clock_now (&self->shared->clock);

  while (self->viewer.next_at <= now)
    fleet_viewer_step (&self->viewer, fleet_player_on_call, self);
  mh_session_advance (self->session, now);
  mh_sender_run (self->sender);
}

void
fleet_player_leave (FleetPlayer *self)
{
  fleet_viewer_leave (&self->viewer, fleet_player_on_call, self);
  fleet_player_advance (self);
}

MhTime
fleet_player_next_deadline (FleetPlayer *self)
{
  MhTime deadline = MIN (
      self->viewer.next_at, mh_session_next_deadline (self->session));

  return MIN (deadline, mh_sender_next_deadline (self->sender));
}

guint
fleet_player_count_waiting (FleetPlayer *self)
{
  return mh_store_count (self->store);
}

MhTimeNode *
fleet_player_get_node (FleetPlayer *self)
{
  return &self->node;
}

FleetPlayer *
fleet_player_from_node (MhTimeNode *node)
{
  return MH_TIME_NODE_ENTRY (node, FleetPlayer, node);
}
