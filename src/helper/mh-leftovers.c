/* mh-leftovers: delivers what processes that are gone have left in a state
 * directory.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-leftovers.h"

#include <string.h>

#include "mh-network.h"
#include "mh-spool.h"

/* Until a player has said something else: the default of queue-max-age. */
#define MAX_AGE (14 * 24 * 60 * 60)

#define MAX_ACCESS 256

struct _MhLeftovers
{
  MhWorker *worker;
  char *dir;
  MhAnswerMemory *memory;
  void (*done) (gpointer user_data);
  gpointer user_data;
  guint max_age;
  gboolean allow_http;
  GHashTable *access; /* URI → authorization, or NULL */
  MhTime progress;
  MhSpool *spool; /* while there is something to be sent */
  MhSpool
      *closing; /* it is closed, and what was invoked for it is on its way */
  MhNetwork *network; /* as long */
  gboolean again; /* there may be more, behind what is closing */
  gboolean settling; /* leftovers_settle() is on its way */
  gboolean gives_up;
  gboolean forgetting; /* something of an opt-out may still be on the disk */
};

/* ---- what is known of servers ---- */

static void
give_access (MhLeftovers *self, const MhStoreSession *row)
{
  g_autofree char *uri = g_strndup (row->server, strcspn (row->server, "#"));
  gpointer authorization;

  if (g_hash_table_lookup_extended (self->access, uri, NULL, &authorization))
    mh_sender_set_access (
        mh_spool_get_sender (self->spool), row->server, authorization, 0);
}

static void
give_all_access (MhLeftovers *self)
{
  MhStore *store = mh_spool_get_store (self->spool);
  g_autoptr (GArray) keys = mh_store_dup_sessions (store);

  for (guint i = 0; i < keys->len; i++)
    give_access (
        self, mh_store_get_session (store, g_array_index (keys, gint64, i)));
}

void
mh_leftovers_set_access (
    MhLeftovers *self, const char *uri, const char *authorization)
{
  gpointer before;

  if (g_hash_table_lookup_extended (self->access, uri, NULL, &before) &&
      g_strcmp0 (before, authorization) == 0)
    return;
  /* Those that are known are a few; a URI that names a session is none. */
  if (g_hash_table_size (self->access) >= MAX_ACCESS)
    g_hash_table_remove_all (self->access);
  g_hash_table_insert (self->access, g_strdup (uri), g_strdup (authorization));
  if (self->spool)
    give_all_access (self);
}

/* ---- the spool ---- */

static void
leftovers_on_network (gpointer user_data)
{
  MhLeftovers *self = user_data;

  mh_sender_network_changed (mh_spool_get_sender (self->spool));
  mh_spool_queue_run (self->spool);
}

static gboolean
leftovers_has_work (MhLeftovers *self)
{
  MhSender *sender = mh_spool_get_sender (self->spool);

  return mh_sender_is_busy (sender) || mh_sender_count_in_flight (sender) > 0 ||
      mh_sender_next_deadline (sender) != MH_TIME_NEVER;
}

/* The spool is what tries again to delete: another one would know of nothing. */
static gboolean
is_forgetting (MhLeftovers *self)
{
  MhStore *store = mh_spool_get_store (self->spool);

  if (mh_store_is_safe (store) && !mh_store_needs_sync (store))
    self->forgetting = FALSE;
  return self->forgetting;
}

static gboolean
may_close (MhLeftovers *self)
{
  return !is_forgetting (self) &&
      (self->gives_up || !leftovers_has_work (self));
}

static void
leftovers_end_spool (gpointer data)
{
  MhLeftovers *self = data;

  mh_store_free (mh_spool_end (g_steal_pointer (&self->closing)));
  if (!self->again) {
    self->done (self->user_data);
    return;
  }
  self->again = FALSE;
  mh_leftovers_look (self);
}

/* Its end is behind what was invoked before. */
static void
close_spool (MhLeftovers *self)
{
  g_clear_pointer (&self->network, mh_network_free);
  mh_spool_close (self->spool);
  self->gives_up = FALSE;
  self->closing = g_steal_pointer (&self->spool);
  mh_worker_invoke (self->worker, leftovers_end_spool, self, NULL);
}

static void
leftovers_settle (gpointer data)
{
  MhLeftovers *self = data;

  self->settling = FALSE;
  if (self->spool && may_close (self))
    close_spool (self);
}

/* Later: the spool is in the middle of something. */
static void
leftovers_on_changed (gpointer user_data)
{
  MhLeftovers *self = user_data;

  if (self->settling)
    return;
  self->settling = TRUE;
  mh_worker_invoke (self->worker, leftovers_settle, self, NULL);
}

static void
leftovers_note_progress (MhLeftovers *self)
{
  self->progress = mh_clock_now (mh_worker_get_clock (self->worker));
}

static void
leftovers_on_sent (gint64 session, MhEvent event, gpointer user_data)
{
  leftovers_note_progress (user_data);
}

/* Whatever look has found it. */
static void
leftovers_on_adopted (gint64 session, gpointer user_data)
{
  MhLeftovers *self = user_data;

  give_access (
      self, mh_store_get_session (mh_spool_get_store (self->spool), session));
  leftovers_note_progress (self);
}

static MhStoreLimits
get_limits (MhLeftovers *self)
{
  return (MhStoreLimits){ G_MAXUINT, G_MAXUINT, self->max_age };
}

/* The transport that there was is closed. */
static void
renew_transport (MhLeftovers *self)
{
  g_autoptr (MhTransport)
      transport = mh_answer_memory_new_transport (self->memory);
  MhSender *sender = mh_spool_get_sender (self->spool);

  mh_sender_set_transport (sender, NULL);
  mh_sender_set_transport (sender, transport);
}

/* No limit but the age: what there is was bounded when it was stored. */
static void
open_spool (MhLeftovers *self)
{
  static const MhDelivery listener = {
    .sent = leftovers_on_sent,
    .changed = leftovers_on_changed,
    .adopted = leftovers_on_adopted,
  };
  const MhStoreLimits limits = get_limits (self);
  MhStore *store = mh_store_new (limits.max_hits);

  mh_store_set_limits (store, &limits);
  self->spool = mh_spool_new (self->worker, store, self->dir, &listener, self);
  if (self->allow_http)
    mh_sender_allow_http (mh_spool_get_sender (self->spool));
  renew_transport (self);
  self->network = mh_network_new (
      mh_worker_get_context (self->worker), leftovers_on_network, self);
}

/* A spool that there is keeps what it knows of servers: when to try again. */
void
mh_leftovers_look (MhLeftovers *self)
{
  if (self->closing) {
    self->again = TRUE;
    return;
  }
  if (!self->spool)
    open_spool (self);
  mh_spool_look (self->spool);
  mh_spool_queue_run (self->spool);
}

gboolean
mh_leftovers_is_busy (MhLeftovers *self)
{
  return self->spool || self->closing;
}

static void
leftovers_forget (gpointer data)
{
  mh_leftovers_forget (data);
}

void
mh_leftovers_forget (MhLeftovers *self)
{
  if (self->closing) {
    mh_worker_invoke (self->worker, leftovers_forget, self, NULL);
    return;
  }
  if (!self->spool)
    open_spool (self);
  self->forgetting = TRUE;
  mh_spool_forget_all (self->spool, "privacy=opt-out");
  renew_transport (self);
  leftovers_on_changed (self);
}

void
mh_leftovers_allow_http (MhLeftovers *self)
{
  if (self->allow_http)
    return;
  self->allow_http = TRUE;
  if (self->spool)
    mh_sender_allow_http (mh_spool_get_sender (self->spool));
}

MhTime
mh_leftovers_get_progress (MhLeftovers *self)
{
  return self->progress;
}

void
mh_leftovers_give_up (MhLeftovers *self)
{
  self->again = FALSE;
  self->gives_up = self->spool != NULL;
  leftovers_on_changed (self);
}

void
mh_leftovers_set_max_age (MhLeftovers *self, guint seconds)
{
  MhStoreLimits limits;

  self->max_age = MAX (seconds, 1);
  limits = get_limits (self);
  if (self->spool)
    mh_store_set_limits (mh_spool_get_store (self->spool), &limits);
}

MhLeftovers *
mh_leftovers_new (MhWorker *worker, const char *dir, MhAnswerMemory *memory,
    void (*done) (gpointer user_data), gpointer user_data)
{
  MhLeftovers *self = g_new0 (MhLeftovers, 1);

  self->worker = worker;
  self->dir = g_strdup (dir);
  self->memory = memory;
  self->done = done;
  self->user_data = user_data;
  self->max_age = MAX_AGE;
  self->access = g_hash_table_new_full (
      g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
mh_leftovers_free (MhLeftovers *self)
{
  g_assert (!mh_leftovers_is_busy (self));
  g_hash_table_unref (self->access);
  g_free (self->dir);
  g_free (self);
}
