/* mh-hit: one thing to report, as the session made it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-hit.h"

#include <math.h>

static const char *const event_names[MH_N_EVENTS] = {
  [MH_EVENT_SESSION_START] = "sessionStart",
  [MH_EVENT_SESSION_COMPLETE] = "sessionComplete",
  [MH_EVENT_SESSION_END] = "sessionEnd",
  [MH_EVENT_AD_BREAK_START] = "adBreakStart",
  [MH_EVENT_AD_BREAK_COMPLETE] = "adBreakComplete",
  [MH_EVENT_AD_START] = "adStart",
  [MH_EVENT_AD_COMPLETE] = "adComplete",
  [MH_EVENT_AD_SKIP] = "adSkip",
  [MH_EVENT_CHAPTER_START] = "chapterStart",
  [MH_EVENT_CHAPTER_COMPLETE] = "chapterComplete",
  [MH_EVENT_CHAPTER_SKIP] = "chapterSkip",
  [MH_EVENT_PLAY] = "play",
  [MH_EVENT_PING] = "ping",
  [MH_EVENT_BUFFER_START] = "bufferStart",
  [MH_EVENT_PAUSE_START] = "pauseStart",
  [MH_EVENT_BITRATE_CHANGE] = "bitrateChange",
  [MH_EVENT_ERROR] = "error",
  [MH_EVENT_STATE_START] = "stateStart",
  [MH_EVENT_STATE_END] = "stateEnd",
};

const char *
mh_event_name (MhEvent event)
{
  g_return_val_if_fail ((guint) event < MH_N_EVENTS, NULL);
  return event_names[event];
}

gboolean
mh_event_ends_session (MhEvent event)
{
  return event == MH_EVENT_SESSION_COMPLETE || event == MH_EVENT_SESSION_END;
}

/* Takes a floating reference; an empty container says nothing. */
static GVariant *
take_unless_empty (GVariant *variant)
{
  if (!variant)
    return NULL;
  g_variant_ref_sink (variant);
  if (g_variant_n_children (variant) > 0)
    return variant;
  g_variant_unref (variant);
  return NULL;
}

/* Microseconds: what the clocks give, and free of the noise that adding
 * doubles leaves behind (1.1 + 0.1 shall read 1.2). Beyond 2^53 of them, a
 * double holds none, and one more factor could make it infinite. */
static double
round_playhead (double playhead)
{
  if (!isfinite (playhead) || playhead <= 0)
    return 0;
  return playhead < 9e9 ? rint (playhead * 1e6) / 1e6 : playhead;
}

MhHit *
mh_hit_new (MhEvent event, guint session, double playhead, MhTime at,
    GVariant *params, GVariant *custom_metadata, GVariant *qoe)
{
  MhHit *hit = g_new0 (MhHit, 1);

  hit->event = event;
  hit->session = session;
  hit->playhead = round_playhead (playhead);
  hit->at = at;
  hit->params = take_unless_empty (params);
  hit->custom_metadata = take_unless_empty (custom_metadata);
  hit->qoe = take_unless_empty (qoe);
  return hit;
}

void
mh_hit_free (MhHit *hit)
{
  if (!hit)
    return;
  g_clear_pointer (&hit->params, g_variant_unref);
  g_clear_pointer (&hit->custom_metadata, g_variant_unref);
  g_clear_pointer (&hit->qoe, g_variant_unref);
  g_free (hit);
}

const char *
mh_hit_get_text (GVariant *values, const char *name)
{
  const char *text = "";

  if (values)
    g_variant_lookup (values, name, "&s", &text);
  return text;
}
