/* mh-lane: what belongs to one state directory.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-lane.h"

#include "mh-crash.h"

/* From a commit to the disk: with what the disk needs, a power cut takes no more
 * than the last second. */
#define SYNC_DELAY MH_TIME_FROM_MSEC (700)

/* Between two looks for what other processes have left. */
#define LOOK_INTERVAL MH_TIME_FROM_SEC (5 * 60)

/* Before a database that does not work is tried again; doubles up to the last. */
#define RECOVER_FIRST MH_TIME_FROM_SEC (1)
#define RECOVER_LAST MH_TIME_FROM_SEC (10 * 60)

struct _MhLane
{
  MhWorker *worker;
  const MhClock *clock;
  char *dir;
  MhStore *store;
  MhSender *sender;
  const MhLaneListener *listener;
  gpointer user_data;
  MhTimer sender_timer;
  MhTimer upkeep_timer;
  gboolean begun;
  gboolean run_queued;
  gboolean closed;

  /* What upkeep_timer is set to the first of. */
  MhTime sync_at;
  MhTime look_at;
  MhTime recover_at;
  MhTime recover_delay;

  char *problem;
  gboolean told; /* of the problem there is */
};

/* ---- the directory ---- */

static void
note_problem (MhLane *self)
{
  g_autofree char *problem = mh_store_take_problem (self->store);

  if (!problem || self->told)
    return;
  self->told = TRUE;
  g_free (self->problem);
  self->problem = g_strdup (problem);
  self->listener->problem (self, problem, self->user_data);
}

static void
set_upkeep (MhLane *self)
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
adopt (MhLane *self)
{
  g_autoptr (GArray) keys = NULL;
  guint dropped;

  keys = mh_store_adopt (self->store, &dropped);
  MH_CRASH_POINT ("lane/adopted");
  for (guint i = 0; i < keys->len; i++)
    mh_sender_adopt (self->sender, g_array_index (keys, gint64, i));
  if (dropped > 0)
    self->listener->sender.dropped (
        0, dropped, "the queue was full", self->user_data);
  if (keys->len > 0)
    mh_lane_queue_run (self);
}

static void
give_up_old (MhLane *self)
{
  gint64 before = mh_clock_utc (self->clock) / MH_USEC_PER_MSEC -
      mh_store_get_limits (self->store)->max_age * G_GINT64_CONSTANT (1000);
  g_autoptr (GArray) keys = mh_store_dup_old (self->store, before);

  for (guint i = 0; i < keys->len; i++)
    mh_sender_expire (self->sender, g_array_index (keys, gint64, i),
        "it has waited for longer than queue-max-age");
}

void
mh_lane_look (MhLane *self)
{
  if (self->begun)
    self->look_at = mh_time_add (mh_clock_now (self->clock), LOOK_INTERVAL);
  adopt (self);
  give_up_old (self);
}

void
mh_lane_forget_all (MhLane *self, const char *reason)
{
  mh_lane_look (self);
  MH_CRASH_POINT ("lane/forgetting");
  mh_sender_drop_all (self->sender, reason);
  mh_store_forget_sessions (self->store);
  mh_store_forget_positions (self->store);
  mh_store_scrub (self->store);
  /* What could not be done yet is tried again. */
  mh_lane_queue_run (self);
}

static void
recover (MhLane *self)
{
  self->recover_at = MH_TIME_NEVER;
  if (!mh_store_recover (self->store))
    return;
  self->told = FALSE;
  g_clear_pointer (&self->problem, g_free);
  if (self->begun)
    mh_lane_look (self);
}

static void
on_upkeep (MhTime now, gpointer user_data)
{
  MhLane *self = user_data;

  if (now >= self->recover_at)
    recover (self);
  if (now >= self->sync_at) {
    self->sync_at = MH_TIME_NEVER;
    mh_store_sync (self->store);
  }
  if (now >= self->look_at)
    mh_lane_look (self);
  set_upkeep (self);
}

/* ---- the sender ---- */

void
mh_lane_run (MhLane *self)
{
  self->run_queued = FALSE;
  if (self->closed)
    return;
  mh_sender_run (self->sender);
  mh_worker_set_timer (self->worker, &self->sender_timer,
      mh_sender_next_deadline (self->sender));
  if (self->dir)
    set_upkeep (self);
  self->listener->ran (self->user_data);
}

static void
run (gpointer data)
{
  mh_lane_run (data);
}

static void
on_sender_timer (MhTime now, gpointer user_data)
{
  mh_lane_run (user_data);
}

void
mh_lane_queue_run (MhLane *self)
{
  if (self->run_queued || self->closed)
    return;
  self->run_queued = TRUE;
  mh_worker_invoke (self->worker, run, self, NULL);
}

/* The sender has something to do: later, as it is in the middle of something. */
static void
on_changed (gpointer user_data)
{
  mh_lane_queue_run (user_data);
}

static void
on_session_id (gint64 session, const char *id, gpointer user_data)
{
  MhLane *self = user_data;

  self->listener->sender.session_id (session, id, self->user_data);
}

static void
on_sent (gint64 session, MhEvent event, gpointer user_data)
{
  MhLane *self = user_data;

  self->listener->sender.sent (session, event, self->user_data);
}

static void
on_dropped (gint64 session, guint n, const char *reason, gpointer user_data)
{
  MhLane *self = user_data;

  self->listener->sender.dropped (session, n, reason, self->user_data);
}

static void
on_refused (gint64 session, const char *reason, gpointer user_data)
{
  MhLane *self = user_data;

  self->listener->sender.refused (session, reason, self->user_data);
}

static void
on_expired (gint64 session, const char *reason, gpointer user_data)
{
  MhLane *self = user_data;

  self->listener->sender.expired (session, reason, self->user_data);
}

static void
on_failed (gint64 session, const char *reason, gpointer user_data)
{
  MhLane *self = user_data;

  self->listener->sender.failed (session, reason, self->user_data);
}

/* ---- public ---- */

MhLane *
mh_lane_new (MhWorker *worker, MhStore *store, const char *dir,
    const MhLaneListener *listener, gpointer user_data)
{
  static const MhSenderListener sender_listener = { on_session_id, on_sent,
    on_dropped, on_refused, on_expired, on_failed, on_changed };
  MhLane *self = g_new0 (MhLane, 1);

  self->worker = worker;
  self->clock = mh_worker_get_clock (worker);
  self->dir = g_strdup (dir);
  self->store = store;
  self->listener = listener;
  self->user_data = user_data;
  self->sender_timer.due = on_sender_timer;
  self->sender_timer.user_data = self;
  self->upkeep_timer.due = on_upkeep;
  self->upkeep_timer.user_data = self;
  self->sync_at = self->look_at = self->recover_at = MH_TIME_NEVER;
  self->recover_delay = RECOVER_FIRST;
  if (dir)
    mh_store_attach (store, dir);
  self->sender = mh_sender_new (store, self->clock, &sender_listener, self);
  if (dir)
    set_upkeep (self);
  return self;
}

void
mh_lane_begin (MhLane *self)
{
  if (self->begun || !self->dir)
    return;
  self->begun = TRUE;
  mh_lane_look (self);
  set_upkeep (self);
}

void
mh_lane_close (MhLane *self)
{
  self->closed = TRUE;
  mh_sender_set_transport (self->sender, NULL);
}

MhStore *
mh_lane_end (MhLane *self)
{
  MhStore *store = self->store;

  mh_worker_set_timer (self->worker, &self->sender_timer, MH_TIME_NEVER);
  mh_worker_set_timer (self->worker, &self->upkeep_timer, MH_TIME_NEVER);
  mh_sender_free (self->sender);
  MH_CRASH_POINT ("lane/ending");
  if (mh_store_is_empty (store) ||
      (mh_store_commit (store) && mh_store_is_safe (store)))
    g_clear_pointer (&store, mh_store_free);
  g_free (self->dir);
  g_free (self->problem);
  g_free (self);
  return store;
}

const char *
mh_lane_get_dir (MhLane *self)
{
  return self->dir;
}

MhStore *
mh_lane_get_store (MhLane *self)
{
  return self->store;
}

MhSender *
mh_lane_get_sender (MhLane *self)
{
  return self->sender;
}

char *
mh_lane_take_problem (MhLane *self)
{
  char *problem = g_strdup (self->problem);

  /* It is over: one is enough to know of it. */
  if (mh_store_is_safe (self->store)) {
    g_clear_pointer (&self->problem, g_free);
    self->told = FALSE;
  }
  return problem;
}
