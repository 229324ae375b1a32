/* mh-spool-session: the sessions of players on a spool, and who hears of what
 * becomes of them.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-spool-private.h"

#include "mh-protocol.h"

/* The player that a session belongs to. */
typedef struct
{
  const MhDelivery *delivery;
  gpointer user_data;
  guint waiting; /* hits that it has not heard the end of */
  gboolean over; /* there will be no more hits */
} Listener;

static Listener *
find_listener (MhSpool *self, gint64 session)
{
  return g_hash_table_lookup (self->listeners, &session);
}

GHashTable *
mh_spool_new_listeners (void)
{
  return g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
}

/* ---- what the sender tells ---- */

/* The owner first, then the session's player: with the session, and one or two
 * more. */
#define TELL(self, event, session, ...) \
  G_STMT_START \
  { \
    Listener *told = find_listener (self, session); \
\
    if ((self)->owner->event) \
      (self)->owner->event (session, __VA_ARGS__, (self)->owner_data); \
    if (told && told->delivery->event) \
      told->delivery->event (session, __VA_ARGS__, told->user_data); \
  } \
  G_STMT_END

/* Those that are only passed on: with the session and a text. */
#define DEFINE_ON(event) \
  static void spool_on_##event ( \
      gint64 session, const char *text, gpointer user_data) \
  { \
    MhSpool *self = user_data; \
\
    TELL (self, event, session, text); \
  }

/* clang-format off */
DEFINE_ON (session_id)
DEFINE_ON (refused)
DEFINE_ON (hit_refused)
DEFINE_ON (failed)
/* clang-format on */

static void
spool_on_sent (gint64 session, MhEvent event, gpointer user_data)
{
  MhSpool *self = user_data;
  Listener *listener = find_listener (self, session);

  if (listener)
    listener->waiting -= MIN (listener->waiting, 1);
  TELL (self, sent, session, event);
  if (mh_event_ends_session (event))
    g_hash_table_remove (self->listeners, &session);
}

static void
spool_on_dropped (
    gint64 session, guint n, const char *reason, gpointer user_data)
{
  MhSpool *self = user_data;
  Listener *listener = find_listener (self, session);

  if (listener) {
    listener->waiting -= MIN (n, listener->waiting);
    /* Not yet removed: there may be more to tell, such as why. */
    self->sweep = TRUE;
  }
  TELL (self, dropped, session, n, reason);
}

static void
spool_on_expired (gint64 session, const char *reason, gpointer user_data)
{
  MhSpool *self = user_data;
  Listener *listener = find_listener (self, session);

  if (listener) {
    /* The player goes on with another session, if at all. */
    listener->over = TRUE;
    self->sweep = TRUE;
  }
  TELL (self, expired, session, reason);
}

/* The sender has something to do: later, as it is in the middle of something. */
static void
spool_on_changed (gpointer user_data)
{
  mh_spool_queue_run (user_data);
}

const MhDelivery mh_spool_delivery = {
  .session_id = spool_on_session_id,
  .sent = spool_on_sent,
  .dropped = spool_on_dropped,
  .refused = spool_on_refused,
  .hit_refused = spool_on_hit_refused,
  .expired = spool_on_expired,
  .failed = spool_on_failed,
  .changed = spool_on_changed,
};

void
mh_spool_tell_problem (MhSpool *self, const char *message)
{
  g_autoptr (GHashTable) told = g_hash_table_new (NULL, NULL);
  GHashTableIter iter;
  Listener *listener;

  if (self->owner->problem)
    self->owner->problem (message, self->owner_data);
  g_hash_table_iter_init (&iter, self->listeners);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &listener)) {
    if (listener->delivery->problem &&
        g_hash_table_add (told, listener->user_data))
      listener->delivery->problem (message, listener->user_data);
  }
}

gboolean
mh_spool_tell_unclaimed (MhSpool *self, guint n, const char *reason)
{
  GHashTableIter iter;
  Listener *listener;

  g_hash_table_iter_init (&iter, self->listeners);
  if (!g_hash_table_iter_next (&iter, NULL, (gpointer *) &listener))
    return FALSE;
  if (listener->delivery->dropped)
    listener->delivery->dropped (0, n, reason, listener->user_data);
  return TRUE;
}

/* ---- the players that listen ---- */

static gboolean
has_heard_all (gpointer key, gpointer value, gpointer user_data)
{
  const Listener *listener = value;

  return listener->over && listener->waiting == 0;
}

void
mh_spool_sweep (MhSpool *self)
{
  if (!self->sweep)
    return;
  self->sweep = FALSE;
  g_hash_table_foreach_remove (self->listeners, has_heard_all, NULL);
}

static gboolean
is_of (gpointer key, gpointer value, gpointer user_data)
{
  return ((Listener *) value)->user_data == user_data;
}

gboolean
mh_spool_has_session (MhSpool *spool, gint64 session)
{
  return find_listener (spool, session) != NULL;
}

void
mh_spool_add_players (MhSpool *spool, GHashTable *players)
{
  GHashTableIter iter;
  Listener *listener;

  g_hash_table_iter_init (&iter, spool->listeners);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &listener))
    g_hash_table_add (players, listener->user_data);
}

void
mh_spool_leave (MhSpool *spool, gpointer user_data)
{
  g_hash_table_foreach_remove (spool->listeners, is_of, user_data);
}

void
mh_spool_leave_all (MhSpool *spool)
{
  g_hash_table_remove_all (spool->listeners);
}

/* ---- consent ---- */

/* Another player that runs has to be told itself. */
typedef struct
{
  MhSpool *spool;
  gpointer user_data;
} Consent;

static gboolean
is_meant (gint64 session, gpointer user_data)
{
  const Consent *consent = user_data;
  const Listener *listener = find_listener (consent->spool, session);

  return !listener || listener->user_data == consent->user_data;
}

static void
give_consent (MhSpool *self, const MhConfig *config, gpointer user_data)
{
  Consent consent = { self, user_data };

  mh_sender_consent (self->sender, config, is_meant, &consent);
}

static void
withhold (MhSpool *self, gint64 session, const MhConfig *config)
{
  g_autofree char *consent = mh_config_dup_consent (config);

  /* When it is its turn, the sender finds out: nothing else depends on it. */
  mh_store_set_text (self->store, session, MH_STORE_CONSENT, consent);
}

void
mh_spool_withhold (MhSpool *spool, gint64 session, const MhConfig *config)
{
  withhold (spool, session, config);
  mh_spool_queue_run (spool);
}

void
mh_spool_consent (MhSpool *spool, const MhConfig *config, gpointer user_data)
{
  give_consent (spool, config, user_data);
  mh_spool_queue_run (spool);
}

/* ---- sessions ---- */

static gint64
spool_open_session (MhSpool *self, const MhConfig *config, gboolean whole)
{
  g_autofree char *endpoint = mh_protocol_dup_endpoint (config);
  gint64 session;

  /* Another session of the same server may have a protocol without these. */
  if (mh_protocol_get (config->protocol)->join)
    mh_sender_set_access (self->sender, endpoint, config->authorization,
        MH_TIME_FROM_SEC (config->send_interval));
  session = mh_sender_open (self->sender, endpoint, config->protocol);

  /* Another process, with another current directory, may come to it. */
  if (config->tls_database) {
    g_autofree char *path = g_canonicalize_filename (
        config->tls_database, NULL);

    mh_sender_set_tls_database (self->sender, session, path);
  }
  mh_store_set_mode (self->store, session,
      whole ? MH_SEND_WHOLE
          : config->late_delivery == MH_LATE_DELIVERY_BATCH
          ? MH_SEND_LIVE
          : MH_SEND_ONLY_LIVE);
  return session;
}

gint64
mh_spool_open (MhSpool *spool, const MhConfig *config, gboolean whole,
    const MhDelivery *delivery, gpointer user_data)
{
  g_autofree char *problem = NULL;
  gint64 session;
  Listener *listener;

  if (config->allow_http)
    mh_sender_allow_http (spool->sender);
  mh_spool_begin (spool);
  session = spool_open_session (spool, config, whole);
  if (config->consent_pending)
    withhold (spool, session, config);
  else
    give_consent (spool, config, user_data);
  listener = g_new0 (Listener, 1);
  listener->delivery = delivery;
  listener->user_data = user_data;
  g_hash_table_insert (
      spool->listeners, g_memdup2 (&session, sizeof session), listener);
  problem = mh_spool_take_problem (spool);
  if (problem && delivery->problem)
    delivery->problem (problem, user_data);
  return session;
}

void
mh_spool_enqueue (
    MhSpool *spool, gint64 session, MhEvent event, gint64 ts, GBytes *body)
{
  Listener *listener = find_listener (spool, session);

  /* The session is over: its player has heard all there is to hear. */
  if (!listener)
    return;
  listener->waiting++;
  listener->over = mh_event_ends_session (event);
  mh_sender_enqueue (spool->sender, session, event, ts, body);
  mh_spool_queue_run (spool);
}

void
mh_spool_drop_all (MhSpool *spool, gpointer user_data, const char *reason)
{
  g_autofree gint64 **keys = (gint64 **) g_hash_table_get_keys_as_array (
      spool->listeners, NULL);

  for (guint i = 0; keys[i]; i++) {
    gint64 session = *keys[i];

    if (find_listener (spool, session)->user_data != user_data)
      continue;
    mh_sender_drop (spool->sender, session, reason);
    g_hash_table_remove (spool->listeners, &session);
  }
}
