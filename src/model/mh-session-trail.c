/* mh-session-trail: a session's hits so far, as far as a protocol has to know of them.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-session-trail.h"

void
mh_session_trail_begin (MhSessionTrail *trail, const char *session)
{
  *trail = (MhSessionTrail){ "" };
  g_strlcpy (trail->session, session, sizeof trail->session);
}

static void
note_content (MhSessionTrail *trail, const MhHit *hit)
{
  const char *type = mh_hit_get_text (hit->params, "media.contentType");

  g_strlcpy (trail->content, mh_hit_get_text (hit->params, "media.id"),
      sizeof trail->content);
  trail->live = g_str_equal (type, "live") || g_str_equal (type, "linear");
  trail->audio = g_str_equal (
      mh_hit_get_text (hit->params, "media.streamType"), "audio");
}

static void
note_start (MhSessionTrail *trail, const MhHit *hit)
{
  gint64 time;

  trail->starts = !trail->started && hit->qoe &&
      g_variant_lookup (hit->qoe, "media.qoe.timeToStart", "x", &time);
  trail->started |= trail->starts;
}

static gboolean
is_state (MhEvent event)
{
  return event == MH_EVENT_SESSION_START || event == MH_EVENT_PLAY ||
      event == MH_EVENT_PAUSE_START || event == MH_EVENT_BUFFER_START;
}

/* Rebuffering is what comes after the first play; before it is the start. It ends with
 * the next state: a pause in it is no buffering, and the play after that tells of it. */
static void
note_buffering (MhSessionTrail *trail, const MhHit *hit)
{
  if (trail->buffering_since != 0)
    trail->untold += MAX (hit->ts - trail->buffering_since, 1);
  trail->buffering_since = 0;
  if (hit->event == MH_EVENT_BUFFER_START && trail->played)
    trail->buffering_since = hit->ts;
  if (hit->event != MH_EVENT_PLAY || trail->untold == 0)
    return;
  trail->buffered = trail->untold;
  trail->buffered_total += trail->buffered;
  trail->n_buffers++;
  trail->untold = 0;
}

void
mh_session_trail_pass (MhSessionTrail *trail, const MhHit *hit, const char *id)
{
  g_strlcpy (trail->id, id, sizeof trail->id);
  trail->seq = trail->n_hits++;
  trail->failed = trail->seq > 0 && trail->last == MH_EVENT_ERROR;
  trail->played |= trail->seq > 0 && trail->last == MH_EVENT_PLAY;
  trail->last = hit->event;
  trail->buffered = 0;
  note_start (trail, hit);
  if (hit->event == MH_EVENT_SESSION_START)
    note_content (trail, hit);
  if (!is_state (hit->event))
    return;
  note_buffering (trail, hit);
  trail->state = hit->event;
  trail->seeking = hit->event != MH_EVENT_PLAY && hit->seeking;
}
