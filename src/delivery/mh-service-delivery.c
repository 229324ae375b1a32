/* mh-service-delivery: its lanes, and who hears of what becomes of the sessions
 * on them.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-service-private.h"

#include "mh-crash.h"
#include "mh-installation.h"
#include "mh-transport-soup.h"

/* Of all sessions of the process: outlives the service, as hits do. Only one
 * service at a time touches it, on its worker. */
static gint64 last_key;

/* Who wants to hear of a session. */
typedef struct
{
  MhLane *lane;
  const MhDelivery *delivery;
  gpointer user_data;
  guint waiting; /* hits that it has not heard the end of */
  gboolean over; /* there will be no more hits */
} Listener;

static Listener *
find_listener (MhService *self, gint64 session)
{
  return g_hash_table_lookup (self->listeners, &session);
}

static void
on_session_id (gint64 session, const char *id, gpointer user_data)
{
  Listener *listener = find_listener (user_data, session);

  if (listener)
    listener->delivery->session_id (session, id, listener->user_data);
}

static void
on_sent (gint64 session, MhEvent event, gpointer user_data)
{
  MhService *self = user_data;
  Listener *listener = find_listener (self, session);

  if (listener) {
    listener->waiting -= MIN (listener->waiting, 1);
    listener->delivery->sent (session, event, listener->user_data);
  }
  if (mh_event_ends_session (event))
    g_hash_table_remove (self->listeners, &session);
}

/* Hits of a process, or of a player, that is gone: whoever plays now counts
 * them. */
static void
drop_unclaimed (MhService *self, guint n, const char *reason)
{
  GHashTableIter iter;
  Listener *listener;

  self->unclaimed += n;
  g_hash_table_iter_init (&iter, self->listeners);
  if (self->unclaimed == 0 ||
      !g_hash_table_iter_next (&iter, NULL, (gpointer *) &listener))
    return;
  n = self->unclaimed;
  self->unclaimed = 0;
  listener->delivery->dropped (0, n, reason, listener->user_data);
}

static void
on_dropped (gint64 session, guint n, const char *reason, gpointer user_data)
{
  MhService *self = user_data;
  Listener *listener = find_listener (self, session);

  if (!listener) {
    drop_unclaimed (self, n, reason);
    return;
  }
  listener->waiting -= MIN (n, listener->waiting);
  listener->delivery->dropped (session, n, reason, listener->user_data);
  /* Not yet removed: there may be more to tell, such as why. */
  self->sweep = TRUE;
}

static gboolean
has_heard_all (gpointer key, gpointer value, gpointer user_data)
{
  const Listener *listener = value;

  return listener->over && listener->waiting == 0;
}

static void
on_refused (gint64 session, const char *reason, gpointer user_data)
{
  Listener *listener = find_listener (user_data, session);

  if (listener)
    listener->delivery->refused (session, reason, listener->user_data);
}

static void
on_expired (gint64 session, const char *reason, gpointer user_data)
{
  MhService *self = user_data;
  Listener *listener = find_listener (self, session);

  if (!listener)
    return;
  /* It goes on under another key, if at all. */
  listener->over = TRUE;
  self->sweep = TRUE;
  listener->delivery->expired (session, reason, listener->user_data);
}

static void
on_failed (gint64 session, const char *reason, gpointer user_data)
{
  Listener *listener = find_listener (user_data, session);

  if (listener)
    listener->delivery->failed (session, reason, listener->user_data);
}

static gboolean
is_busy (MhService *self)
{
  for (guint i = 0; i < self->lanes->len; i++) {
    if (mh_sender_is_busy (mh_lane_get_sender (self->lanes->pdata[i])))
      return TRUE;
  }
  return FALSE;
}

void
mh_service_note_idle (MhService *self)
{
  g_mutex_lock (&self->idle_lock);
  /* What the caller of a flush has invoked before may still make hits. */
  self->idle = !is_busy (self) && self->flushes == 0;
  if (self->idle)
    g_cond_broadcast (&self->idle_cond);
  g_mutex_unlock (&self->idle_lock);
}

static void
on_network_changed (gpointer user_data)
{
  MhService *self = user_data;

  for (guint i = 0; i < self->lanes->len; i++) {
    MhLane *lane = self->lanes->pdata[i];

    mh_sender_network_changed (mh_lane_get_sender (lane));
    mh_lane_queue_run (lane);
  }
}

/* Nobody is told of the network's return but who waits for it. */
static void
watch_network (MhService *self)
{
  guint n_offline = 0;

  if (self->in_memory)
    return;
  for (guint i = 0; i < self->lanes->len; i++)
    n_offline += mh_sender_count_offline (
        mh_lane_get_sender (self->lanes->pdata[i]));
  if (n_offline == 0) {
    g_clear_pointer (&self->network, mh_network_free);
  } else if (!self->network && !self->no_network) {
    self->network = mh_network_new (
        mh_worker_get_context (self->worker), on_network_changed, self);
    self->no_network = self->network == NULL;
  }
}

static void
on_ran (gpointer user_data)
{
  MhService *self = user_data;

  if (self->sweep) {
    self->sweep = FALSE;
    g_hash_table_foreach_remove (self->listeners, has_heard_all, NULL);
  }
  watch_network (self);
  mh_service_note_idle (self);
}

/* Once to each player, not for each of its sessions. */
static void
on_problem (MhLane *lane, const char *message, gpointer user_data)
{
  MhService *self = user_data;
  g_autoptr (GHashTable) told = g_hash_table_new (NULL, NULL);
  GHashTableIter iter;
  Listener *listener;

  g_hash_table_iter_init (&iter, self->listeners);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &listener)) {
    if (listener->lane == lane && g_hash_table_add (told, listener->user_data))
      listener->delivery->problem (message, listener->user_data);
  }
}

/* Not before there is something to deliver: whoever sends nothing has no use for
 * libsoup. It belongs to the thread that makes it. What has failed is not tried
 * again with each session. */
void
mh_service_open_transport (MhService *self)
{
  if (self->opened)
    return;
  self->opened = TRUE;
  self->transport = self->make_transport (MH_REQUEST_TIMEOUT, &self->error);
  for (guint i = 0; i < self->lanes->len; i++)
    mh_sender_set_transport (
        mh_lane_get_sender (self->lanes->pdata[i]), self->transport);
}

MhLane *
mh_service_add_lane (MhService *self, MhStore *store, const char *dir)
{
  static const MhLaneListener listener = {
    { on_session_id, on_sent, on_dropped, on_refused, on_expired, on_failed },
    on_ran,
    on_problem,
  };
  MhLane *lane = mh_lane_new (self->worker, store, dir, &listener, self);

  g_ptr_array_add (self->lanes, lane);
  mh_sender_set_transport (mh_lane_get_sender (lane), self->transport);
  return lane;
}

MhStore *
mh_service_new_store (const MhStoreLimits *limits)
{
  MhStore *store = mh_store_new (limits->max_hits);

  mh_store_set_limits (store, limits);
  mh_store_share_keys (store, &last_key);
  return store;
}

/* @dir: (nullable) */
static MhLane *
find_open_lane (MhService *self, const char *dir)
{
  for (guint i = 0; i < self->lanes->len; i++) {
    if (g_strcmp0 (mh_lane_get_dir (self->lanes->pdata[i]), dir) == 0)
      return self->lanes->pdata[i];
  }
  return NULL;
}

static char *
dup_dir (MhService *self, const MhConfig *config)
{
  return self->in_memory ? NULL : mh_installation_dup_dir (config->state_dir);
}

/* The lane of a configuration, whose limits count from now on. */
static MhLane *
find_lane (MhService *self, const MhConfig *config)
{
  const MhStoreLimits limits = { config->queue_max_hits,
    config->queue_max_bytes, config->queue_max_age };
  g_autofree char *dir = dup_dir (self, config);
  MhLane *lane = find_open_lane (self, dir);

  if (!lane)
    return mh_service_add_lane (self, mh_service_new_store (&limits), dir);
  mh_store_set_limits (mh_lane_get_store (lane), &limits);
  return lane;
}

/* Another player that runs has to be told itself. */
typedef struct
{
  MhService *service;
  gpointer user_data;
} Consent;

static gboolean
is_meant (gint64 session, gpointer user_data)
{
  const Consent *consent = user_data;
  const Listener *listener = find_listener (consent->service, session);

  return !listener || listener->user_data == consent->user_data;
}

static void
give_consent (
    MhService *self, MhLane *lane, const MhConfig *config, gpointer user_data)
{
  Consent consent = { self, user_data };

  mh_sender_consent (mh_lane_get_sender (lane), config, is_meant, &consent);
}

static void
obey_consent (MhService *self, MhLane *lane, gint64 session,
    const MhConfig *config, gpointer user_data)
{
  g_autofree char *consent = NULL;

  if (!config->consent_pending) {
    give_consent (self, lane, config, user_data);
    return;
  }
  consent = mh_config_dup_consent (config);
  mh_sender_withhold (mh_lane_get_sender (lane), session, consent);
}

/* Nobody has kept anything there: nor is a database made to say so. */
static gboolean
is_blank (MhService *self, const MhConfig *config)
{
  g_autofree char *dir = dup_dir (self, config);

  return !find_open_lane (self, dir) &&
      !(dir && g_file_test (dir, G_FILE_TEST_IS_DIR));
}

gint64
mh_service_open (MhService *self, const MhConfig *config, gboolean whole,
    const MhDelivery *delivery, gpointer user_data)
{
  g_autofree char *problem = NULL;
  gint64 session;
  Listener *listener;
  MhLane *lane;

  mh_service_open_transport (self);
  lane = find_lane (self, config);
  if (config->allow_http)
    mh_sender_allow_http (mh_lane_get_sender (lane));
  mh_lane_begin (lane);
  session = mh_sender_open (
      mh_lane_get_sender (lane), config->collection_server, config->protocol);
  /* Another process, with another current directory, may come to it. */
  if (config->tls_database) {
    g_autofree char *path = g_canonicalize_filename (
        config->tls_database, NULL);

    mh_sender_set_tls_database (mh_lane_get_sender (lane), session, path);
  }
  mh_sender_set_mode (mh_lane_get_sender (lane), session,
      whole ? MH_SEND_WHOLE
          : config->late_delivery == MH_LATE_DELIVERY_BATCH
          ? MH_SEND_LIVE
          : MH_SEND_ONLY_LIVE);
  obey_consent (self, lane, session, config, user_data);
  listener = g_new0 (Listener, 1);
  listener->lane = lane;
  listener->delivery = delivery;
  listener->user_data = user_data;
  g_hash_table_insert (
      self->listeners, g_memdup2 (&session, sizeof session), listener);
  problem = mh_lane_take_problem (lane);
  if (problem)
    delivery->problem (problem, user_data);
  drop_unclaimed (self, 0, "from before");
  MH_CRASH_POINT ("service/opened");
  return session;
}

void
mh_service_withhold (MhService *self, gint64 session, const MhConfig *config)
{
  Listener *listener = find_listener (self, session);
  g_autofree char *consent = mh_config_dup_consent (config);

  if (!listener)
    return;
  mh_sender_withhold (mh_lane_get_sender (listener->lane), session, consent);
  mh_lane_queue_run (listener->lane);
}

void
mh_service_consent (MhService *self, const MhConfig *config, gpointer user_data)
{
  g_autofree char *dir = dup_dir (self, config);
  MhLane *lane = find_open_lane (self, dir);

  if (!lane)
    return;
  give_consent (self, lane, config, user_data);
  mh_lane_queue_run (lane);
}

const GError *
mh_service_get_error (MhService *self)
{
  return self->error;
}

void
mh_service_enqueue (
    MhService *self, gint64 session, MhEvent event, gint64 ts, GBytes *body)
{
  Listener *listener = find_listener (self, session);

  /* It has heard all there is to hear. */
  if (!listener)
    return;
  listener->waiting++;
  listener->over = mh_event_ends_session (event);
  mh_sender_enqueue (
      mh_lane_get_sender (listener->lane), session, event, ts, body);
  MH_CRASH_POINT ("service/enqueued");
  mh_lane_queue_run (listener->lane);
}

void
mh_service_drop (MhService *self, gint64 session, const char *reason)
{
  Listener *listener = find_listener (self, session);

  if (!listener)
    return;
  mh_sender_drop (mh_lane_get_sender (listener->lane), session, reason);
  g_hash_table_remove (self->listeners, &session);
}

static gboolean
listens_for (gpointer key, gpointer value, gpointer user_data)
{
  return ((Listener *) value)->user_data == user_data;
}

void
mh_service_drop_all (MhService *self, gpointer user_data, const char *reason)
{
  g_autofree gint64 **keys = (gint64 **) g_hash_table_get_keys_as_array (
      self->listeners, NULL);

  for (guint i = 0; keys[i]; i++) {
    gint64 session = *keys[i];

    if (find_listener (self, session)->user_data == user_data)
      mh_service_drop (self, session, reason);
  }
}

void
mh_service_forget_visitor (
    MhService *self, const MhConfig *config, const char *reason)
{
  if (is_blank (self, config))
    return;
  mh_lane_forget_all (find_lane (self, config), reason);
  MH_CRASH_POINT ("service/forgotten");
  if (!self->in_memory)
    mh_installation_remove (config->state_dir);
}

/* ---- positions ---- */

/* The store of a configuration, where positions that are too old do not count. */
static MhStore *
find_positions (MhService *self, MhLane *lane, const MhConfig *config)
{
  const MhClock *clock = mh_worker_get_clock (self->worker);
  MhStore *store = mh_lane_get_store (lane);

  mh_store_set_positions_from (store,
      mh_clock_utc (clock) / MH_USEC_PER_MSEC -
          config->remember_max_age * G_GINT64_CONSTANT (1000));
  return store;
}

gboolean
mh_service_get_position (MhService *self, const MhConfig *config,
    const char *media_id, MhPosition *position)
{
  return !is_blank (self, config) &&
      mh_store_get_position (
          find_positions (self, find_lane (self, config), config), media_id,
          position);
}

void
mh_service_put_position (MhService *self, const MhConfig *config,
    const char *media_id, const MhPosition *position, char **problem)
{
  MhLane *lane = find_lane (self, config);

  mh_store_put_position (
      find_positions (self, lane, config), media_id, position);
  mh_lane_queue_run (lane);
  *problem = mh_lane_take_problem (lane);
}

void
mh_service_forget (MhService *self, gpointer user_data)
{
  g_hash_table_foreach_remove (self->listeners, listens_for, user_data);
}
