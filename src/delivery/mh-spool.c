/* mh-spool: what belongs to one state directory.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-spool-private.h"

#include "mh-crash.h"

/* From a commit to the disk: with what the disk needs, a power cut takes no more
 * than the last second. */
#define SYNC_DELAY MH_TIME_FROM_MSEC (700)

/* Between two looks for what other processes have left. */
#define LOOK_INTERVAL MH_TIME_FROM_SEC (5 * 60)

/* Before a database that does not work is tried again; doubles up to the last. */
#define RECOVER_FIRST MH_TIME_FROM_SEC (1)
#define RECOVER_LAST MH_TIME_FROM_SEC (10 * 60)

/* ---- the directory ---- */

static void
note_problem (MhSpool *self)
{
  g_autofree char *problem = mh_store_take_problem (self->store);

  if (!problem || self->told)
    return;
  self->told = TRUE;
  g_free (self->problem);
  self->problem = g_strdup (problem);
  mh_spool_tell_problem (self, problem);
}

static void
set_upkeep (MhSpool *self)
{
  MhTime now = mh_clock_now (self->clock);

  note_problem (self);
  if (!mh_store_needs_sync (self->store))
    self->sync_at = MH_TIME_NEVER;
  else if (self->sync_at == MH_TIME_NEVER)
    self->sync_at = mh_time_add (now, SYNC_DELAY);
  if (mh_store_is_safe (self->store)) {
    self->recover_at = MH_TIME_NEVER;
    self->recover_delay = RECOVER_FIRST;
  } else if (self->recover_at == MH_TIME_NEVER) {
    self->recover_at = mh_time_add (now, self->recover_delay);
    self->recover_delay = MIN (2 * self->recover_delay, RECOVER_LAST);
  }
  mh_worker_set_timer (self->worker, &self->upkeep_timer,
      MIN (self->sync_at, MIN (self->look_at, self->recover_at)));
}

static void
spool_adopt (MhSpool *self)
{
  g_autoptr (GArray) keys = NULL;
  guint dropped;

  keys = mh_store_adopt (self->store, &dropped);
  MH_CRASH_POINT ("spool/adopted");
  for (guint i = 0; i < keys->len; i++) {
    gint64 session = g_array_index (keys, gint64, i);

    mh_sender_adopt (self->sender, session);
    if (self->owner->adopted)
      self->owner->adopted (session, self->owner_data);
  }
  if (dropped > 0)
    mh_spool_delivery.dropped (0, dropped, "the queue was full", self);
  if (keys->len > 0)
    mh_spool_queue_run (self);
}

static void
give_up_old (MhSpool *self)
{
  gint64 before = mh_clock_utc (self->clock) / MH_USEC_PER_MSEC -
      mh_store_get_limits (self->store)->max_age * G_GINT64_CONSTANT (1000);
  g_autoptr (GArray) keys = mh_store_dup_old (self->store, before);

  for (guint i = 0; i < keys->len; i++)
    mh_sender_expire (self->sender, g_array_index (keys, gint64, i),
        "it has waited for longer than queue-max-age");
}

/* Adopts what processes that are gone have left, and gives up what is too old. */
static void
spool_look (MhSpool *self)
{
  mh_sender_check_clock (self->sender);
  if (self->begun)
    self->look_at = mh_time_add (mh_clock_now (self->clock), LOOK_INTERVAL);
  spool_adopt (self);
  give_up_old (self);
}

void
mh_spool_forget_all (MhSpool *self, const char *reason)
{
  spool_look (self);
  MH_CRASH_POINT ("spool/forgetting");
  mh_sender_drop_all (self->sender, reason);
  mh_store_forget_sessions (self->store);
  mh_store_forget_positions (self->store);
  mh_store_scrub (self->store);
  /* What could not be done yet is tried again. */
  mh_spool_queue_run (self);
}

static void
recover_store (MhSpool *self)
{
  self->recover_at = MH_TIME_NEVER;
  if (!mh_store_recover (self->store))
    return;
  self->told = FALSE;
  g_clear_pointer (&self->problem, g_free);
  if (self->begun)
    spool_look (self);
}

static void
spool_on_upkeep (MhTime now, gpointer user_data)
{
  MhSpool *self = user_data;

  if (now >= self->recover_at)
    recover_store (self);
  if (now >= self->sync_at) {
    self->sync_at = MH_TIME_NEVER;
    mh_store_sync (self->store);
  }
  if (now >= self->look_at)
    spool_look (self);
  set_upkeep (self);
  if (mh_store_has_losses (self->store))
    mh_spool_queue_run (self);
  if (self->owner->changed && !self->closed)
    self->owner->changed (self->owner_data);
}

/* ---- the sender ---- */

void
mh_spool_run (MhSpool *self)
{
  self->run_queued = FALSE;
  if (self->closed)
    return;
  mh_sender_run (self->sender);
  mh_worker_set_timer (self->worker, &self->sender_timer,
      mh_sender_next_deadline (self->sender));
  if (self->dir)
    set_upkeep (self);
  mh_spool_sweep (self);
  if (self->owner->changed)
    self->owner->changed (self->owner_data);
}

static void
spool_run (gpointer data)
{
  mh_spool_run (data);
}

static void
spool_on_sender_timer (MhTime now, gpointer user_data)
{
  mh_spool_run (user_data);
}

void
mh_spool_queue_run (MhSpool *self)
{
  if (self->run_queued || self->closed)
    return;
  self->run_queued = TRUE;
  mh_worker_invoke (self->worker, spool_run, self, NULL);
}

/* ---- public ---- */

MhSpool *
mh_spool_new (MhWorker *worker, MhStore *store, const char *dir,
    const MhDelivery *owner, gpointer owner_data)
{
  MhSpool *self = g_new0 (MhSpool, 1);

  self->worker = worker;
  self->clock = mh_worker_get_clock (worker);
  self->dir = g_strdup (dir);
  self->store = store;
  self->owner = owner;
  self->owner_data = owner_data;
  self->listeners = mh_spool_new_listeners ();
  self->sender_timer.due = spool_on_sender_timer;
  self->sender_timer.user_data = self;
  self->upkeep_timer.due = spool_on_upkeep;
  self->upkeep_timer.user_data = self;
  self->sync_at = self->look_at = self->recover_at = MH_TIME_NEVER;
  self->recover_delay = RECOVER_FIRST;
  if (dir)
    mh_store_attach (store, dir);
  self->sender = mh_sender_new (store, self->clock, &mh_spool_delivery, self);
  if (dir)
    set_upkeep (self);
  return self;
}

void
mh_spool_begin (MhSpool *self)
{
  if (self->begun || !self->dir)
    return;
  self->begun = TRUE;
  spool_look (self);
  set_upkeep (self);
}

void
mh_spool_look (MhSpool *self)
{
  if (self->begun)
    spool_look (self);
  else
    mh_spool_begin (self);
}

void
mh_spool_close (MhSpool *self)
{
  self->closed = TRUE;
  mh_sender_set_transport (self->sender, NULL);
}

MhStore *
mh_spool_end (MhSpool *self)
{
  MhStore *store = self->store;

  mh_worker_set_timer (self->worker, &self->sender_timer, MH_TIME_NEVER);
  mh_worker_set_timer (self->worker, &self->upkeep_timer, MH_TIME_NEVER);
  mh_sender_free (self->sender);
  MH_CRASH_POINT ("spool/ending");
  /* The time of the next try to use the directory may be far away. */
  if (mh_store_is_empty (store) || mh_store_save (store))
    g_clear_pointer (&store, mh_store_free);
  g_hash_table_unref (self->listeners);
  g_free (self->dir);
  g_free (self->problem);
  g_free (self);
  return store;
}

const char *
mh_spool_get_dir (MhSpool *self)
{
  return self->dir;
}

MhStore *
mh_spool_get_store (MhSpool *self)
{
  return self->store;
}

MhSender *
mh_spool_get_sender (MhSpool *self)
{
  return self->sender;
}

char *
mh_spool_take_problem (MhSpool *self)
{
  char *problem = g_strdup (self->problem);

  /* The problem is over: to tell it once is enough. */
  if (mh_store_is_safe (self->store)) {
    g_clear_pointer (&self->problem, g_free);
    self->told = FALSE;
  }
  return problem;
}
