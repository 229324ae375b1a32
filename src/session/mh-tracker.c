/* mh-tracker: one player's tracking.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-tracker-private.h"

#include "mh-log.h"

#include <math.h>

void
mh_stats_clear (MhStats *stats)
{
  g_clear_pointer (&stats->last_error, g_free);
  g_clear_pointer (&stats->session_id, g_free);
}

static void
add_stat (MhTracker *self, guint64 *stat, guint64 n)
{
  g_mutex_lock (&self->lock);
  *stat += n;
  g_mutex_unlock (&self->lock);
}

/* A hit that is given up while it is under way may arrive all the same. */
static void
take_from_queued (MhTracker *self, guint64 n)
{
  g_mutex_lock (&self->lock);
  self->stats.queued -= MIN (self->stats.queued, n);
  g_mutex_unlock (&self->lock);
}

void
mh_tracker_note_error (MhTracker *self, const char *message)
{
  g_mutex_lock (&self->lock);
  g_free (self->stats.last_error);
  self->stats.last_error = g_strdup (message);
  g_mutex_unlock (&self->lock);
}

void
mh_tracker_set_session_id (MhTracker *self, const char *id)
{
  gboolean changed;

  g_mutex_lock (&self->lock);
  changed = g_strcmp0 (self->stats.session_id, id) != 0;
  if (changed) {
    g_free (self->stats.session_id);
    self->stats.session_id = g_strdup (id);
  }
  g_mutex_unlock (&self->lock);
  if (changed)
    self->listener->session_id (id, self->user_data);
}

static void
tracker_warn (const char *message, gpointer user_data)
{
  MhTracker *self = user_data;

  mh_tracker_note_error (self, message);
  self->listener->warning (message, self->user_data);
}

/* ---- what the back end says ---- */

static void
tracker_on_session_id (gint64 key, const char *id, gpointer user_data)
{
  MhTracker *self = user_data;

  if (key == self->key)
    mh_tracker_set_session_id (self, id);
}

static void
tracker_on_sent (gint64 key, MhEvent event, gpointer user_data)
{
  MhTracker *self = user_data;

  add_stat (self, &self->stats.sent, 1);
  take_from_queued (self, 1);
  self->failing = FALSE;
}

static void
tracker_on_dropped (gint64 key, guint n, const char *reason, gpointer user_data)
{
  MhTracker *self = user_data;

  add_stat (self, &self->stats.dropped, n);
  if (key)
    take_from_queued (self, n);
  /* That the session is over is no news, and would hide why. */
  if (!key || key != self->over)
    mh_tracker_note_error (self, reason);
}

static void
tracker_on_refused (gint64 key, const char *reason, gpointer user_data)
{
  MhTracker *self = user_data;

  self->over = key;
  mh_warn (tracker_warn, self,
      "the server refused the session, nothing of it is sent: %s", reason);
}

static void
tracker_on_hit_refused (gint64 key, const char *reason, gpointer user_data)
{
  mh_warn (tracker_warn, user_data,
      "the server refused a heartbeat, it is dropped: %s", reason);
}

static void
tracker_on_failed (gint64 key, const char *reason, gpointer user_data)
{
  MhTracker *self = user_data;

  add_stat (self, &self->stats.failed, 1);
  mh_tracker_note_error (self, reason);
  if (self->failing)
    return;
  /* Once for as long as it lasts. */
  self->failing = TRUE;
  /* What follows in a URI may open a door. */
  mh_warn (self->listener->warning, self->user_data,
      "heartbeats cannot be delivered to %.*s and wait: %s",
      (int) strcspn (self->current->collection_server, "?"),
      self->current->collection_server, reason);
}

/* The session goes on under a new id
 * (docs/design/session-rules.md#back-end). */
static void
tracker_on_expired (gint64 key, const char *reason, gpointer user_data)
{
  const MhCall call = { MH_CALL_EXPIRE, .ours = TRUE };
  MhTracker *self = user_data;
  MhTime now = mh_clock_now (self->clock);

  mh_tracker_note_error (self, reason);
  /* What waits in front of the session is the next item. */
  if (key != self->key || mh_resume_detector_is_holding (self->resume))
    return;
  mh_tracker_set_session_id (self, NULL);
  /* Refused where the session has ended or is closed by now: then there is
   * nothing to go on with. */
  mh_tracker_call (self, &call, now, NULL);
}

/* A problem may come and go (a disk that is full): people need to hear of it once. */
static void
tracker_on_problem (const char *message, gpointer user_data)
{
  MhTracker *self = user_data;

  mh_tracker_note_error (self, message);
  if (self->has_problem)
    return;
  self->has_problem = TRUE;
  self->listener->warning (message, self->user_data);
}

static const MhDelivery delivery = {
  .session_id = tracker_on_session_id,
  .sent = tracker_on_sent,
  .dropped = tracker_on_dropped,
  .refused = tracker_on_refused,
  .hit_refused = tracker_on_hit_refused,
  .expired = tracker_on_expired,
  .failed = tracker_on_failed,
  .problem = tracker_on_problem,
};

/* ---- hits ---- */

/* Hits are accepted even where none can be sent: they wait for a service that
 * can, after this one. Said once, not for each session. */
static void
open_delivery (MhTracker *self, gboolean whole)
{
  const GError *error;
  g_autofree char *message = NULL;

  self->key = mh_service_open (
      self->service, self->current, whole, &delivery, self);
  g_mutex_lock (&self->lock);
  self->stats.delivery = mh_service_get_delivery (self->service);
  g_mutex_unlock (&self->lock);
  mh_log (SESSION, DEBUG, NULL,
      "its hits are those of %" G_GINT64_FORMAT " in delivery", self->key);
  error = mh_service_get_error (self->service);
  if (!error)
    return;
  message = g_strdup_printf (
      "heartbeats are kept, but not sent: %s", error->message);
  if (self->failing) {
    mh_tracker_note_error (self, message);
    return;
  }
  self->failing = TRUE;
  tracker_warn (message, self);
}

gboolean
mh_tracker_has_own_ids (MhTracker *self)
{
  return self->key && self->protocol->join;
}

static void
begin_trail (MhTracker *self)
{
  g_autofree char *session = NULL;

  if (!mh_tracker_has_own_ids (self))
    return;
  session = g_uuid_string_random ();
  mh_session_trail_begin (&self->trail, session);
}

static void
tracker_open_session (MhTracker *self)
{
  if (self->protocol && self->service)
    open_delivery (self, self->starts.whole);
  begin_trail (self);
  mh_tracker_set_session_id (
      self, mh_tracker_has_own_ids (self) ? self->trail.session : NULL);
}

/* What a session keeps while it lasts: where it goes, and how its times map
 * to UTC, so that a wall clock that jumps in between changes no distance. */
static void
begin_session (MhTracker *self, const MhHit *start)
{
  g_clear_pointer (&self->current, mh_config_unref);
  self->current = mh_config_ref (self->config);
  self->utc_offset = mh_clock_utc_offset (self->clock);
  self->last_ts = G_MININT64;
  self->key = 0;
  self->protocol = self->current->collection_server
      ? mh_protocol_get (self->current->protocol)
      : NULL;
  self->starts.whole = FALSE;
  g_variant_lookup (
      start->params, "media.downloaded", "b", &self->starts.whole);
  if (mh_tracker_withhold_start (self, start))
    mh_tracker_set_session_id (self, NULL);
  else
    tracker_open_session (self);
}

/* Two hits of a session never share a time stamp on the wire. */
static void
stamp_hit (MhTracker *self, MhHit *hit)
{
  gint64 ts = (hit->at + self->utc_offset) / MH_USEC_PER_MSEC;

  hit->ts = self->last_ts == G_MININT64 ? ts : MAX (ts, self->last_ts + 1);
  self->last_ts = hit->ts;
}

static void
count_hit (MhTracker *self, const MhHit *hit)
{
  gboolean resume = FALSE;

  g_mutex_lock (&self->lock);
  self->stats.hits++;
  self->stats.queued += self->key != 0;
  if (hit->event == MH_EVENT_SESSION_START) {
    self->stats.sessions++;
    g_variant_lookup (hit->params, "media.resume", "b", &resume);
    self->stats.resumes += resume;
  }
  g_mutex_unlock (&self->lock);
}

/* A session that has hardly begun does not say where the viewer is: it may fail, be
 * left again, or jump to where the media was left. */
static gboolean
counts_as_position (MhTracker *self, const MhHit *hit)
{
  if (self->played_at == MH_TIME_NONE && hit->event == MH_EVENT_PLAY)
    self->played_at = hit->at;
  return hit->event == MH_EVENT_SESSION_COMPLETE ||
      (self->played_at != MH_TIME_NONE &&
          hit->at - self->played_at >= MH_RESUME_DETECTOR_PLAY);
}

static void
keep_position (MhTracker *self, const MhHit *hit)
{
  const MhPosition position = { MAX (hit->playhead, 0),
    hit->event == MH_EVENT_SESSION_COMPLETE,
    mh_clock_utc (self->clock) / MH_USEC_PER_MSEC };
  g_autofree char *problem = NULL;

  if (!self->media_id || !counts_as_position (self, hit) || !self->service ||
      self->config->consent_pending || !isfinite (position.playhead))
    return;
  mh_service_put_position (
      self->service, self->current, self->media_id, &position, &problem);
  if (problem)
    tracker_on_problem (problem, self);
}

/* It plays after all. */
static void
tracker_release (MhTracker *self, MhHit *current)
{
  MhHit *hit;

  mh_tracker_redate (self, current);
  tracker_open_session (self);
  while ((hit = g_queue_pop_head (&self->starts.withheld))) {
    if (self->key)
      mh_tracker_enqueue (self, hit);
    add_stat (self, &self->stats.queued, self->key != 0);
    mh_hit_free (hit);
  }
  self->starts.is_withheld = FALSE;
}

static void
tracker_on_hit (MhHit *hit, gpointer user_data)
{
  MhTracker *self = user_data;
  gint64 shift;

  if (hit->event == MH_EVENT_SESSION_START)
    begin_session (self, hit);
  stamp_hit (self, hit);
  mh_tracker_note_start (self, hit);
  if (self->starts.is_withheld && hit->event == MH_EVENT_PLAY)
    tracker_release (self, hit);
  count_hit (self, hit);
  keep_position (self, hit);
  shift = mh_tracker_get_shift (self);
  if (self->key)
    mh_tracker_enqueue (self, hit);
  hit->ts += shift;
  self->listener->hit (hit, self->user_data);
  hit->ts -= shift;
  if (self->starts.is_withheld)
    mh_tracker_withhold (self, hit);
  else
    mh_hit_free (hit);
}

/* The application was told that the call is accepted. */
static void
tracker_on_held_call_refused (
    const MhCall *call, MhTime at, const GError *error, gpointer user_data)
{
  MhTracker *self = user_data;

  if (call->ours)
    return;
  add_stat (self, &self->stats.refused, 1);
  mh_warn (tracker_warn, self, "%s is refused: %s", mh_call_name (call->type),
      error->message);
}

/* ---- calls ---- */

static gboolean
call_session (MhTracker *self, const MhCall *call, MhTime at, GError **error)
{
  if (call->type == MH_CALL_SESSION_START &&
      !mh_session_is_open (self->session)) {
    g_free (self->media_id);
    self->media_id = call->media && call->media->remember
        ? g_strdup (call->media->id)
        : NULL;
    self->played_at = MH_TIME_NONE;
  }
  return mh_session_call (self->session, call, at, error);
}

static void
tracker_on_passed (const MhCall *call, MhTime at, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!call_session (user_data, call, at, &error))
    tracker_on_held_call_refused (call, at, error, user_data);
}

/* Where the item of a call would resume, or -1: also where it is to be refused,
 * as the session that is open cannot wait. */
static double
find_resume (MhTracker *self, const MhCall *call)
{
  double position;

  if (call->type != MH_CALL_SESSION_START || !call->media->remember ||
      mh_tracker_is_open (self))
    return -1;
  position = mh_tracker_get_resume_position (
      self, self->config, call->media->id);
  if (position < 0)
    mh_log (SESSION, DEBUG, NULL,
        "not resumed: no position of this media is kept, or it is at its "
        "beginning or end");
  return position;
}

/* While calls wait, the session must not be told of later ones. */
static gboolean
tracker_do_call (MhTracker *self, const MhCall *call, MhTime at, GError **error)
{
  if (!mh_call_check (call, error)) {
    if (mh_resume_detector_is_holding (self->resume))
      return FALSE;
    g_clear_error (error);
  } else if (mh_resume_detector_take (
                 self->resume, call, at, find_resume (self, call))) {
    return TRUE;
  }
  return call_session (self, call, at, error);
}

/* ---- public ---- */

MhTracker *
mh_tracker_new (
    const MhClock *clock, const MhTrackerListener *listener, gpointer user_data)
{
  static const MhSessionListener session_listener = {
    .hit = tracker_on_hit,
    .refused = tracker_on_held_call_refused,
    .warning = tracker_warn,
  };
  MhTracker *self = g_new0 (MhTracker, 1);

  self->clock = clock;
  self->listener = listener;
  self->user_data = user_data;
  self->session = mh_session_new (&session_listener, self);
  self->resume = mh_resume_detector_new (tracker_on_passed, self);
  self->played_at = MH_TIME_NONE;
  self->config = mh_config_new ();
  g_mutex_init (&self->lock);
  return self;
}

void
mh_tracker_free (MhTracker *self)
{
  if (!self)
    return;
  g_return_if_fail (!self->service);
  mh_resume_detector_free (self->resume);
  mh_session_free (self->session);
  mh_tracker_clear_withheld (self);
  g_free (self->starts.media_id);
  g_free (self->media_id);
  mh_config_unref (self->config);
  g_clear_pointer (&self->current, mh_config_unref);
  mh_stats_clear (&self->stats);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
mh_tracker_set_config (MhTracker *self, MhConfig *config)
{
  MhTimeouts timeouts = {
    .idle = MH_TIME_FROM_SEC (config->idle_timeout),
    .session = MH_TIME_FROM_SEC (config->session_timeout),
    .ping = MH_TIME_FROM_SEC (config->ping_interval),
    .ad_ping = MH_TIME_FROM_SEC (config->ad_ping_interval),
  };

  mh_config_ref (config);
  mh_config_unref (self->config);
  self->config = config;
  mh_session_set_timeouts (self->session, &timeouts);
}

void
mh_tracker_set_service (MhTracker *self, MhService *service)
{
  if (self->service)
    mh_service_forget (self->service, self);
  /* What waits from before is delivered by another player's service, or process. */
  if (service)
    take_from_queued (self, G_MAXUINT64);
  self->service = service;
  self->has_problem = FALSE;
  self->key = 0;
}

/* The playhead comes before each of the other calls. What is over is not begun
 * anew. */
static gboolean
tracker_goes_on (const MhCall *call)
{
  return call->type != MH_CALL_PLAYHEAD && call->type != MH_CALL_COMPLETE &&
      call->type != MH_CALL_SESSION_END && call->type != MH_CALL_EXPIRE;
}

gboolean
mh_tracker_call (MhTracker *self, const MhCall *call, MhTime at, GError **error)
{
  g_autoptr (GError) reason = NULL;

  at = MAX (at, mh_tracker_get_now (self));
  if (tracker_goes_on (call))
    mh_tracker_check_clock (self, at);
  if (tracker_do_call (self, call, at, &reason))
    return TRUE;
  if (!call->ours)
    add_stat (self, &self->stats.refused, 1);
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

void
mh_tracker_advance (MhTracker *self, MhTime now)
{
  now = MAX (now, mh_tracker_get_now (self));
  mh_resume_detector_advance (self->resume, now);
  if (!mh_resume_detector_is_holding (self->resume))
    mh_session_advance (self->session, now);
  mh_tracker_check_clock (self, now);
}

MhTime
mh_tracker_next_deadline (MhTracker *self)
{
  return MIN (mh_resume_detector_next_deadline (self->resume),
      mh_session_next_deadline (self->session));
}

MhTime
mh_tracker_get_now (MhTracker *self)
{
  return MAX (mh_resume_detector_get_now (self->resume),
      mh_session_get_now (self->session));
}

gboolean
mh_tracker_is_open (MhTracker *self)
{
  return mh_resume_detector_is_holding (self->resume) ||
      mh_session_is_open (self->session);
}

MhTime
mh_tracker_get_inactive_since (MhTracker *self)
{
  return mh_session_get_inactive_since (self->session);
}

void
mh_tracker_get_stats (MhTracker *self, MhStats *stats)
{
  g_mutex_lock (&self->lock);
  *stats = self->stats;
  stats->last_error = g_strdup (self->stats.last_error);
  stats->session_id = g_strdup (self->stats.session_id);
  g_mutex_unlock (&self->lock);
}

double
mh_tracker_get_resume_position (
    MhTracker *self, const MhConfig *config, const char *media_id)
{
  MhPosition position;

  if (!self->service ||
      !mh_service_get_position (self->service, config, media_id, &position))
    return -1;
  return mh_resume_detector_resume_at (&position);
}
