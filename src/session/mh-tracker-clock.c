/* mh-tracker-clock: hits on their way into the queue, and a wall clock that jumps
 * while something is tracked.
 *
 * All hits of a session are dated by the clock that it began with. What the server
 * has nothing of is moved by the queue, as that finds out about the clock by itself
 * (mh_store_set_clock()). Of what it has a part of, the rest goes by the same clock:
 * times of a session never go back, and never leap. It is ended as soon as it goes
 * by a wrong clock, and another one goes on with the media.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-tracker-private.h"

#include "mh-log.h"
#include "mh-wall-jump.h"

/* Seconds that a live playhead and its time stamp may differ by: time stamps of a
 * session are kept apart. */
#define LIVE_NEAR 0.05

/* By how many milliseconds the wall clock was wrong when the session began, as is
 * known by now. */
static gint64
get_jump (MhTracker *self)
{
  return mh_wall_jump_measure (self->utc_offset / MH_USEC_PER_MSEC,
      mh_clock_utc_offset (self->clock) / MH_USEC_PER_MSEC);
}

static void
move_hit (MhHit *hit, gint64 by)
{
  hit->playhead = mh_wall_jump_move_playhead (
      hit->playhead, hit->ts, by, LIVE_NEAR);
  hit->ts += by;
}

gint64
mh_tracker_get_shift (MhTracker *self)
{
  gint64 shift;

  return self->key &&
          mh_service_get_sent_shift (self->service, self->key, &shift)
      ? shift
      : get_jump (self);
}

/* By how many milliseconds the session goes by a wrong clock for the server. */
static gint64
get_error (MhTracker *self)
{
  gint64 jump = get_jump (self);

  return jump == 0 ? 0
                   : mh_wall_jump_measure (mh_tracker_get_shift (self), jump);
}

/* The queue moves the time by the shift, and a live playhead with it. One that
 * agrees with a wrong clock is set right, as no queue will do that. */
static void
tracker_place_for_queue (MhTracker *self, MhHit *hit)
{
  gint64 shift = mh_tracker_get_shift (self);
  gint64 error = get_error (self);

  if (error != 0)
    hit->playhead = mh_wall_jump_move_playhead (
        hit->playhead, hit->ts + shift, error, LIVE_NEAR);
  else if (shift != 0)
    hit->playhead = mh_wall_jump_move_playhead (
        hit->playhead, hit->ts + shift, -shift, LIVE_NEAR);
}

static GBytes *
tracker_encode (MhTracker *self, const MhHit *hit)
{
  g_autofree char *id = NULL;

  if (!mh_tracker_has_own_ids (self))
    return self->protocol->encode (self->current, hit, NULL);
  id = g_uuid_string_random ();
  mh_session_trail_pass (&self->trail, hit, id);
  return self->protocol->encode (self->current, hit, &self->trail);
}

/* It may wait for long, and that of a sessionStart is kept with its session: without
 * the room that was left for more while it was written. */
static GBytes *
trim (GBytes *body)
{
  gsize size;
  gpointer data = g_bytes_unref_to_data (body, &size);

  return g_bytes_new_take (g_realloc (data, size), size);
}

void
mh_tracker_enqueue (MhTracker *self, MhHit *hit)
{
  double playhead = hit->playhead;
  g_autoptr (GBytes) body = NULL;

  tracker_place_for_queue (self, hit);
  body = trim (tracker_encode (self, hit));
  hit->playhead = playhead;
  mh_service_enqueue (self->service, self->key, hit->event, hit->ts, body);
}

void
mh_tracker_redate (MhTracker *self, MhHit *current)
{
  gint64 jump = get_jump (self);

  if (jump == 0)
    return;
  for (GList *l = self->starts.withheld.head; l; l = l->next)
    move_hit (l->data, jump);
  move_hit (current, jump);
  self->last_ts += jump;
  self->utc_offset += jump * MH_USEC_PER_MSEC;
}

/* A live playhead that was told before the jump. */
static void
move_playhead (MhTracker *self, MhTime at, gint64 error)
{
  double playhead = mh_session_get_playhead (self->session, at);
  gint64 ts = (at + self->utc_offset) / MH_USEC_PER_MSEC +
      mh_tracker_get_shift (self);
  const MhCall call = { MH_CALL_PLAYHEAD,
    .playhead = {
        mh_wall_jump_move_playhead (playhead, ts, error, LIVE_NEAR), 1 } };

  if (call.playhead.value != playhead)
    mh_session_call (self->session, &call, at, NULL);
}

void
mh_tracker_check_clock (MhTracker *self, MhTime at)
{
  gint64 error = get_error (self);

  if (error == 0 || mh_resume_detector_is_holding (self->resume))
    return;
  mh_session_advance (self->session, at);
  if (!mh_session_can_renew (self->session))
    return;
  mh_log (SESSION, INFO, NULL,
      "the wall clock was wrong by %" G_GINT64_FORMAT
      " s: another session goes on by the right one",
      error / 1000);
  move_playhead (self, at, error);
  mh_session_renew (self->session);
}
