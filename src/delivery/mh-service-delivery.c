/* mh-service-delivery: its spools, the transport that they share, and what is
 * told of them.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-service-private.h"

#include "mh-backoff.h"
#include "mh-crash.h"
#include "mh-installation.h"
#include "mh-transport-relay.h"
#include "mh-transport-soup.h"

/* The highest key of all sessions of the process. It outlives the service, as hits do.
 * Only one service at a time touches it, on its worker. */
static gint64 last_key;

/* The spool that a session was opened on, as long as its player listens. */
static MhSpool *
find_spool_of (MhService *self, gint64 session)
{
  for (guint i = 0; i < self->spools->len; i++) {
    if (mh_spool_has_session (self->spools->pdata[i], session))
      return self->spools->pdata[i];
  }
  return NULL;
}

static void
service_on_sent (gint64 session, MhEvent event, gpointer user_data)
{
  MhService *self = user_data;
  static gboolean watched;

  /* All that a request needs is loaded by now. */
  if (!watched && !self->in_memory)
    mh_service_watch_exit ();
  watched |= !self->in_memory;
}

/* The dropped hits are those of a process, or of a player, that is gone: a player that
 * there is now counts them. */
static void
drop_unclaimed (MhService *self, guint n, const char *reason)
{
  self->unclaimed += n;
  for (guint i = 0; i < self->spools->len && self->unclaimed > 0; i++) {
    if (mh_spool_tell_unclaimed (
            self->spools->pdata[i], self->unclaimed, reason))
      self->unclaimed = 0;
  }
}

static void
service_on_dropped (
    gint64 session, guint n, const char *reason, gpointer user_data)
{
  if (!find_spool_of (user_data, session))
    drop_unclaimed (user_data, n, reason);
}

gboolean
mh_service_is_busy (MhService *self)
{
  for (guint i = 0; i < self->spools->len; i++) {
    if (mh_sender_is_busy (mh_spool_get_sender (self->spools->pdata[i])))
      return TRUE;
  }
  return FALSE;
}

void
mh_service_note_idle (MhService *self)
{
  g_mutex_lock (&self->idle_lock);
  /* What the caller of a flush has invoked before may still make hits. */
  self->idle = !mh_service_is_busy (self) && self->flushes == 0;
  if (self->idle)
    g_cond_broadcast (&self->idle_cond);
  g_mutex_unlock (&self->idle_lock);
}

static void
service_on_network_changed (gpointer user_data)
{
  MhService *self = user_data;

  for (guint i = 0; i < self->spools->len; i++) {
    MhSpool *spool = self->spools->pdata[i];

    mh_sender_network_changed (mh_spool_get_sender (spool));
    mh_spool_queue_run (spool);
  }
}

/* The network is watched for as long as a sender waits for it. */
static void
watch_network (MhService *self)
{
  guint n_offline = 0;

  if (self->in_memory)
    return;
  for (guint i = 0; i < self->spools->len; i++)
    n_offline += mh_sender_count_offline (
        mh_spool_get_sender (self->spools->pdata[i]));
  if (n_offline == 0) {
    g_clear_pointer (&self->network, mh_network_free);
  } else if (!self->network && !self->no_network) {
    self->network = mh_network_new (
        mh_worker_get_context (self->worker), service_on_network_changed, self);
    self->no_network = self->network == NULL;
  }
}

/* Returns: (transfer full): a set of those that still listen: to look for each of those
 * that leave would take as long for each of them. */
static GHashTable *
find_players (MhService *self)
{
  GHashTable *players = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < self->spools->len; i++)
    mh_spool_add_players (self->spools->pdata[i], players);
  return players;
}

/* @all: whatever there is to be told. */
static void
let_leave (MhService *self, gboolean all)
{
  g_autoptr (GHashTable) players = NULL;

  if (self->leavers->len == 0)
    return;
  players = find_players (self);
  for (guint i = self->leavers->len; i-- > 0;) {
    MhServiceLeaver leaver = g_array_index (self->leavers, MhServiceLeaver, i);

    if (!all && g_hash_table_contains (players, leaver.user_data))
      continue;
    g_array_remove_index_fast (self->leavers, i);
    leaver.done (leaver.data);
  }
}

void
mh_service_forget_all (MhService *self)
{
  let_leave (self, TRUE);
  for (guint i = 0; i < self->spools->len; i++)
    mh_spool_leave_all (self->spools->pdata[i]);
}

void
mh_service_leave (MhService *self, gpointer user_data,
    void (*done) (gpointer data), gpointer data)
{
  const MhServiceLeaver leaver = { user_data, done, data };

  g_array_append_val (self->leavers, leaver);
  let_leave (self, FALSE);
}

static void
service_on_changed (gpointer user_data)
{
  MhService *self = user_data;

  let_leave (self, FALSE);
  watch_network (self);
  mh_service_note_idle (self);
  mh_service_drain (self);
}

/* The helper program belongs to one state directory. */
static MhTransport *
new_relay (MhSpool *spool)
{
  const char *dir = mh_spool_get_dir (spool);

  return dir ? mh_transport_relay_new (dir, MH_REQUEST_TIMEOUT,
                   mh_store_get_limits (mh_spool_get_store (spool))->max_age)
             : NULL;
}

static void
give_transport (MhService *self, MhSpool *spool)
{
  g_autoptr (MhTransport) relay = self->relayed ? new_relay (spool) : NULL;

  mh_sender_set_transport (
      mh_spool_get_sender (spool), relay ? relay : self->transport);
}

/* Not before there is something to deliver: a process that sends nothing has no use
 * for libsoup. The transport belongs to the thread that makes it. What has failed is not tried
 * again with each session. */
void
mh_service_open_transport (MhService *self)
{
  if (self->opened)
    return;
  self->opened = TRUE;
  self->transport = self->make_transport (MH_REQUEST_TIMEOUT, &self->error);
  self->relayed = !self->transport && !self->in_memory &&
      mh_transport_relay_is_needed ();
  if (self->relayed)
    g_clear_error (&self->error);
  for (guint i = 0; i < self->spools->len; i++)
    give_transport (self, self->spools->pdata[i]);
}

/* What is under way for @spool is about hits that are dropped, and may not have been
 * written yet: a connection may still be made, and the helper program would get it as
 * soon as it runs. Other spools that have the same transport send theirs again. */
static void
drop_transport (MhService *self, MhSpool *spool)
{
  if (self->relayed) {
    mh_sender_set_transport (mh_spool_get_sender (spool), NULL);
    give_transport (self, spool);
    return;
  }
  if (!self->transport || !self->make_transport)
    return;
  for (guint i = 0; i < self->spools->len; i++)
    mh_sender_set_transport (
        mh_spool_get_sender (self->spools->pdata[i]), NULL);
  g_clear_object (&self->transport);
  self->opened = FALSE;
  mh_service_open_transport (self);
}

const char *
mh_service_get_delivery (MhService *self)
{
  if (self->relayed)
    return "helper";
  return self->transport ? "direct" : "none";
}

MhSpool *
mh_service_add_spool (MhService *self, MhStore *store, const char *dir)
{
  static const MhDelivery listener = {
    .sent = service_on_sent,
    .dropped = service_on_dropped,
    .changed = service_on_changed,
  };
  MhSpool *spool = mh_spool_new (self->worker, store, dir, &listener, self);

  g_ptr_array_add (self->spools, spool);
  give_transport (self, spool);
  return spool;
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
static MhSpool *
find_open_spool (MhService *self, const char *dir)
{
  for (guint i = 0; i < self->spools->len; i++) {
    if (g_strcmp0 (mh_spool_get_dir (self->spools->pdata[i]), dir) == 0)
      return self->spools->pdata[i];
  }
  return NULL;
}

static char *
dup_dir (MhService *self, const MhConfig *config)
{
  return self->in_memory ? NULL : mh_installation_dup_dir (config->state_dir);
}

/* The spool of a configuration, whose limits count from now on. */
static MhSpool *
find_spool (MhService *self, const MhConfig *config)
{
  const MhStoreLimits limits = { config->queue_max_hits,
    config->queue_max_bytes, config->queue_max_age };
  g_autofree char *dir = dup_dir (self, config);
  MhSpool *spool = find_open_spool (self, dir);

  if (!spool)
    return mh_service_add_spool (self, mh_service_new_store (&limits), dir);
  mh_store_set_limits (mh_spool_get_store (spool), &limits);
  return spool;
}

/* Whether nothing was kept in a state directory: then no database is made to say
 * so. */
static gboolean
is_blank (MhService *self, const MhConfig *config)
{
  g_autofree char *dir = dup_dir (self, config);

  return !find_open_spool (self, dir) &&
      !(dir && g_file_test (dir, G_FILE_TEST_IS_DIR));
}

gint64
mh_service_open (MhService *self, const MhConfig *config, gboolean whole,
    const MhDelivery *delivery, gpointer user_data)
{
  gint64 session;

  mh_service_open_transport (self);
  session = mh_spool_open (
      find_spool (self, config), config, whole, delivery, user_data);
  drop_unclaimed (self, 0, "from before");
  MH_CRASH_POINT ("service/opened");
  return session;
}

void
mh_service_withhold (MhService *self, gint64 session, const MhConfig *config)
{
  MhSpool *spool = find_spool_of (self, session);

  if (spool)
    mh_spool_withhold (spool, session, config);
}

void
mh_service_consent (MhService *self, const MhConfig *config, gpointer user_data)
{
  g_autofree char *dir = dup_dir (self, config);
  MhSpool *spool = find_open_spool (self, dir);

  if (spool)
    mh_spool_consent (spool, config, user_data);
}

const GError *
mh_service_get_error (MhService *self)
{
  return self->error;
}

gboolean
mh_service_get_sent_shift (MhService *self, gint64 session, gint64 *shift)
{
  MhSpool *spool = find_spool_of (self, session);
  const MhStoreSession *row =
      spool ? mh_store_get_session (mh_spool_get_store (spool), session) : NULL;

  if (!row || !mh_store_session_is_begun (row))
    return FALSE;
  *shift = row->sent_shift;
  return TRUE;
}

void
mh_service_enqueue (
    MhService *self, gint64 session, MhEvent event, gint64 ts, GBytes *body)
{
  MhSpool *spool = find_spool_of (self, session);

  if (!spool)
    return;
  mh_spool_enqueue (spool, session, event, ts, body);
  MH_CRASH_POINT ("service/enqueued");
}

void
mh_service_drop_all (MhService *self, gpointer user_data, const char *reason)
{
  for (guint i = 0; i < self->spools->len; i++)
    mh_spool_drop_all (self->spools->pdata[i], user_data, reason);
}

void
mh_service_forget_visitor (
    MhService *self, const MhConfig *config, const char *reason)
{
  g_autofree char *dir = dup_dir (self, config);
  MhSpool *spool;

  if (is_blank (self, config))
    return;
  spool = find_spool (self, config);
  mh_spool_forget_all (spool, reason);
  MH_CRASH_POINT ("service/forgotten");
  if (!self->in_memory)
    mh_installation_remove (config->state_dir);
  drop_transport (self, spool);
  if (!self->in_memory)
    mh_transport_relay_forget (dir);
}

/* ---- starts that fail ---- */

static gint64
utc_ms (MhService *self)
{
  return mh_clock_utc (mh_worker_get_clock (self->worker)) / MH_USEC_PER_MSEC;
}

/* How many starts have failed; 0: that is too long ago to count. @age: µs */
static guint
count_failures (
    MhService *self, const MhConfig *config, const char *media_id, MhTime *age)
{
  MhStoreFailures failures;

  mh_store_get_failures (
      mh_spool_get_store (find_spool (self, config)), media_id, &failures);
  *age = MH_TIME_FROM_MSEC (utc_ms (self) - failures.ts);
  return *age >= 0 && *age < MH_BACKOFF_START_MEMORY ? failures.n : 0;
}

gboolean
mh_service_has_failed_lately (
    MhService *self, const MhConfig *config, const char *media_id)
{
  MhTime age;
  guint n;

  if (is_blank (self, config))
    return FALSE;
  n = count_failures (self, config, media_id, &age);
  return n > 0 && age < mh_backoff_start_delay (n);
}

static void
put_failures (
    MhService *self, const MhConfig *config, const char *media_id, guint n)
{
  MhSpool *spool = find_spool (self, config);
  const MhStoreFailures failures = { n, utc_ms (self) };

  mh_store_put_failures (mh_spool_get_store (spool), media_id, &failures);
  mh_spool_queue_run (spool);
}

void
mh_service_note_failure (
    MhService *self, const MhConfig *config, const char *media_id)
{
  MhTime age;
  guint n = count_failures (self, config, media_id, &age);

  put_failures (self, config, media_id, n + 1);
}

void
mh_service_note_played (
    MhService *self, const MhConfig *config, const char *media_id)
{
  MhStoreFailures failures;

  mh_store_get_failures (
      mh_spool_get_store (find_spool (self, config)), media_id, &failures);
  if (failures.n > 0)
    put_failures (self, config, media_id, 0);
}

/* ---- positions ---- */

/* The store of a configuration, where positions that are too old do not count. */
static MhStore *
find_positions (MhService *self, MhSpool *spool, const MhConfig *config)
{
  const MhClock *clock = mh_worker_get_clock (self->worker);
  MhStore *store = mh_spool_get_store (spool);

  mh_sender_check_clock (mh_spool_get_sender (spool));
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
          find_positions (self, find_spool (self, config), config), media_id,
          position);
}

void
mh_service_put_position (MhService *self, const MhConfig *config,
    const char *media_id, const MhPosition *position, char **problem)
{
  MhSpool *spool = find_spool (self, config);

  mh_store_put_position (
      find_positions (self, spool, config), media_id, position);
  mh_spool_queue_run (spool);
  *problem = mh_spool_take_problem (spool);
}

void
mh_service_forget (MhService *self, gpointer user_data)
{
  for (guint i = 0; i < self->spools->len; i++)
    mh_spool_leave (self->spools->pdata[i], user_data);
}
