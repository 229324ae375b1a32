/* mh-service: what all trackers of a process share.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-service.h"

#include "mh-transport-soup.h"

/* How long the thread may take to end once delivery is over or given up. */
#define STOP_WAIT MH_TIME_FROM_MSEC (200)

/* Who wants to hear of a session. */
typedef struct
{
  const MhDelivery *delivery;
  gpointer user_data;
  guint waiting; /* hits that it has not heard the end of */
  gboolean over; /* there will be no more hits */
} Listener;

struct _MhService
{
  guint users; /* service_lock */
  guint ends; /* service_lock: end_if_unused() that are on their way */
  MhWorker *worker;

  /* The worker's thread only. */
  MhStore *store;
  MhSender *sender;
  MhTransportFunc make_transport;
  gboolean opened; /* make_transport has been called */
  GError *error; /* what came of it instead of a transport */
  MhTimer sender_timer;
  GHashTable *listeners; /* session key → Listener */
  gboolean sweep; /* some of them may have heard all */
  gboolean run_queued;
  gboolean ending; /* nobody comes any more */

  GMutex idle_lock;
  GCond idle_cond;
  gboolean idle; /* idle_lock: nothing can be delivered at the moment */
  guint flushes; /* idle_lock: that the worker has not come to yet */
};

/* Guards the two below and MhService.users; held while the last one leaves,
 * so that two services never share the store. */
static GMutex service_lock;
static MhService *the_service;

/* Outlives the service: hits that are not delivered when the last user leaves
 * wait here for the next. */
static MhStore *the_store;

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

static void
on_dropped (gint64 session, guint n, const char *reason, gpointer user_data)
{
  MhService *self = user_data;
  Listener *listener = find_listener (self, session);

  if (!listener)
    return;
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

static void
note_idle (MhService *self)
{
  g_mutex_lock (&self->idle_lock);
  /* What the caller of a flush has invoked before may still make hits. */
  self->idle = !mh_sender_is_busy (self->sender) && self->flushes == 0;
  if (self->idle)
    g_cond_broadcast (&self->idle_cond);
  g_mutex_unlock (&self->idle_lock);
}

static void
run_sender (gpointer data)
{
  MhService *self = data;

  self->run_queued = FALSE;
  if (self->ending)
    return;
  mh_sender_run (self->sender);
  mh_worker_set_timer (self->worker, &self->sender_timer,
      mh_sender_next_deadline (self->sender));
  if (self->sweep) {
    self->sweep = FALSE;
    g_hash_table_foreach_remove (self->listeners, has_heard_all, NULL);
  }
  note_idle (self);
}

static void
on_timer (MhTime now, gpointer user_data)
{
  run_sender (user_data);
}

/* The sender has something to do: later, as it is in the middle of something,
 * and so that hits of one turn go together. */
static void
on_changed (gpointer user_data)
{
  MhService *self = user_data;

  if (self->run_queued || self->ending)
    return;
  self->run_queued = TRUE;
  mh_worker_invoke (self->worker, run_sender, self, NULL);
}

static MhService *
service_new (const MhClock *clock, MhStore *store)
{
  static const MhSenderListener listener = { on_session_id, on_sent, on_dropped,
    on_refused, on_expired, on_failed, on_changed };
  MhService *self = g_new0 (MhService, 1);

  self->worker = mh_worker_new (clock);
  self->store = store;
  self->sender = mh_sender_new (store, clock, &listener, self);
  self->make_transport = mh_transport_soup_new;
  self->sender_timer.due = on_timer;
  self->sender_timer.user_data = self;
  self->listeners = g_hash_table_new_full (
      g_int64_hash, g_int64_equal, g_free, g_free);
  self->idle = TRUE;
  g_mutex_init (&self->idle_lock);
  g_cond_init (&self->idle_cond);
  return self;
}

static void
service_free (MhService *self)
{
  mh_worker_set_timer (self->worker, &self->sender_timer, MH_TIME_NEVER);
  mh_sender_free (self->sender);
  g_clear_error (&self->error);
  g_hash_table_unref (self->listeners);
  mh_worker_unref (self->worker);
  g_mutex_clear (&self->idle_lock);
  g_cond_clear (&self->idle_cond);
  g_free (self);
}

/* Not before there is something to deliver: whoever sends nothing has no use for
 * libsoup. It belongs to the thread that makes it. What has failed is not tried
 * again with each session. */
static void
open_transport (MhService *self)
{
  g_autoptr (MhTransport) transport = NULL;

  if (self->opened)
    return;
  self->opened = TRUE;
  transport = self->make_transport (MH_REQUEST_TIMEOUT, &self->error);
  mh_sender_set_transport (self->sender, transport);
}

/* What an earlier service has left does not wait for a session. */
static void
begin (gpointer data)
{
  MhService *self = data;

  if (mh_sender_pending (self->sender) > 0)
    open_transport (self);
  run_sender (self);
}

static void
hurry (gpointer data)
{
  MhService *self = data;

  g_mutex_lock (&self->idle_lock);
  self->flushes--;
  g_mutex_unlock (&self->idle_lock);
  mh_sender_hurry (self->sender);
  run_sender (self);
}

MhService *
mh_service_acquire (void)
{
  MhService *self;

  g_mutex_lock (&service_lock);
  if (!the_service) {
    if (!the_store)
      the_store = mh_store_new (10000);
    the_service = service_new (mh_clock_system (), the_store);
    mh_worker_start (the_service->worker);
    mh_worker_invoke (the_service->worker, begin, the_service, NULL);
  }
  the_service->users++;
  self = the_service;
  g_mutex_unlock (&service_lock);
  return self;
}

/* Not idle before the worker has come to it: the caller's last hits are on
 * their way. */
static void
begin_flush (MhService *self)
{
  g_mutex_lock (&self->idle_lock);
  self->idle = FALSE;
  self->flushes++;
  g_mutex_unlock (&self->idle_lock);
  mh_worker_invoke (self->worker, hurry, self, NULL);
}

static void
wait_until_idle (MhService *self, gint64 until)
{
  g_mutex_lock (&self->idle_lock);
  while (!self->idle &&
      g_cond_wait_until (&self->idle_cond, &self->idle_lock, until))
    ;
  g_mutex_unlock (&self->idle_lock);
}

void
mh_service_flush (MhService *self, MhTime wait)
{
  gint64 until = g_get_monotonic_time () + wait;
  gboolean alone;

  g_mutex_lock (&service_lock);
  alone = self->users == 1;
  g_mutex_unlock (&service_lock);
  if (!alone || mh_worker_is_current (self->worker))
    return;
  begin_flush (self);
  wait_until_idle (self, until);
}

static void
end (gpointer data)
{
  MhService *self = data;

  mh_worker_quit (self->worker);
  service_free (self);
}

/* The last thing that was told to the worker. Whether it is the end is decided
 * here and not where it was told: a worker that comes to it late (an element
 * does not answer a query, the machine swaps) may be in use again by then, and
 * there must never be two of them on one store. Or it is out of use again: then
 * another one of these comes, behind all that was told in between. */
static void
end_if_unused (gpointer data)
{
  MhService *self = data;
  gboolean ends;

  g_mutex_lock (&service_lock);
  ends = --self->ends == 0 && self->users == 0;
  if (ends)
    the_service = NULL;
  g_mutex_unlock (&service_lock);
  if (!ends)
    return;
  self->ending = TRUE;
  mh_sender_set_transport (self->sender, NULL);
  /* Behind what was invoked before. */
  mh_worker_invoke (self->worker, end, self, NULL);
}

void
mh_service_release (MhService *self)
{
  g_autoptr (MhWorker) worker = NULL;

  g_mutex_lock (&service_lock);
  g_assert (self == the_service && self->users > 0);
  if (--self->users == 0) {
    worker = mh_worker_ref (self->worker);
    self->ends++;
    mh_worker_invoke (worker, end_if_unused, self, NULL);
  }
  g_mutex_unlock (&service_lock);
  if (worker)
    mh_worker_join (worker, STOP_WAIT);
}

MhService *
mh_service_new_for_test (const MhClock *clock, MhTransport *transport)
{
  MhService *self = service_new (clock, mh_store_new (10000));

  self->opened = TRUE;
  mh_sender_set_transport (self->sender, transport);
  return self;
}

void
mh_service_set_transport_func_for_test (
    MhService *service, MhTransportFunc make_transport)
{
  mh_sender_set_transport (service->sender, NULL);
  g_clear_error (&service->error);
  service->opened = FALSE;
  service->make_transport = make_transport;
}

void
mh_service_free_for_test (MhService *self)
{
  MhStore *store = self->store;

  service_free (self);
  mh_store_free (store);
}

MhWorker *
mh_service_get_worker (MhService *self)
{
  return self->worker;
}

gint64
mh_service_open (MhService *self, const char *server, MhProtocolKind protocol,
    const MhDelivery *delivery, gpointer user_data)
{
  gint64 session;
  Listener *listener;

  open_transport (self);
  session = mh_sender_open (self->sender, server, protocol);
  listener = g_new0 (Listener, 1);
  listener->delivery = delivery;
  listener->user_data = user_data;
  g_hash_table_insert (
      self->listeners, g_memdup2 (&session, sizeof session), listener);
  return session;
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

  if (listener) {
    listener->waiting++;
    listener->over = mh_event_ends_session (event);
  }
  mh_sender_enqueue (self->sender, session, event, ts, body);
  on_changed (self);
}

void
mh_service_drop (MhService *self, gint64 session, const char *reason)
{
  mh_sender_drop (self->sender, session, reason);
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
mh_service_forget (MhService *self, gpointer user_data)
{
  g_hash_table_foreach_remove (self->listeners, listens_for, user_data);
}
