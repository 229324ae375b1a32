/* player-timeline: what no pipeline shows, told to the element as an item comes
 * to certain positions.
 *
 * Names and arguments of the calls are in docs/reference/calls.md; where one is
 * refused, a warning on the bus says why.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "player-timeline.h"

#include "player-heartbeat.h"

#define INTERVAL 20 /* ms */

struct _PlayerTimeline
{
  PlayerPlayback *playback;
  GstElement *heartbeat;
  double start;
  guint next; /* step */
  guint timer;
};

/* ---- the calls ---- */

static void
toggle_mute (PlayerTimeline *self)
{
  const PlayerAction mute = { PLAYER_MUTE };

  player_playback_act (&mute, self->playback);
}

static void
start_ad_break (PlayerTimeline *self)
{
  g_autoptr (GstStructure) ad_break = gst_structure_new ("details", "name",
      G_TYPE_STRING, "Mid-roll", "position", G_TYPE_INT, 1, "startTime",
      G_TYPE_DOUBLE, self->start + 2.0, NULL);
  g_autoptr (GstStructure) metadata = gst_structure_new ("metadata",
      "a.media.ad.advertiser", G_TYPE_STRING, "Example", "placement",
      G_TYPE_STRING, "stitched", NULL);
  g_autoptr (GstStructure)
      ad = gst_structure_new ("details", "id", G_TYPE_STRING, "ad-1", "name",
          G_TYPE_STRING, "First ad", "position", G_TYPE_INT, 1, "length",
          G_TYPE_DOUBLE, 1.0, "metadata", GST_TYPE_STRUCTURE, metadata, NULL);

  player_heartbeat_track (self->heartbeat, "adBreakStart", ad_break);
  player_heartbeat_track (self->heartbeat, "adStart", ad);
}

static void
start_second_ad (PlayerTimeline *self)
{
  g_autoptr (GstStructure) ad = gst_structure_new ("details", "id",
      G_TYPE_STRING, "ad-2", "name", G_TYPE_STRING, "Second ad", "position",
      G_TYPE_INT, 2, "length", G_TYPE_DOUBLE, 1.0, NULL);

  player_heartbeat_track (self->heartbeat, "adComplete", NULL);
  player_heartbeat_track (self->heartbeat, "adStart", ad);
}

static void
end_ad_break (PlayerTimeline *self)
{
  player_heartbeat_track (self->heartbeat, "adComplete", NULL);
  player_heartbeat_track (self->heartbeat, "adBreakComplete", NULL);
}

static void
start_chapter (PlayerTimeline *self)
{
  g_autoptr (GstStructure) chapter = gst_structure_new ("details", "name",
      G_TYPE_STRING, "Chapter 1", "position", G_TYPE_INT, 1, "length",
      G_TYPE_DOUBLE, 1.0, "startTime", G_TYPE_DOUBLE, self->start + 5.0, NULL);

  player_heartbeat_track (self->heartbeat, "chapterStart", chapter);
}

static void
end_chapter (PlayerTimeline *self)
{
  player_heartbeat_track (self->heartbeat, "chapterComplete", NULL);
}

/* When, in seconds after the start, and what then. */
static const struct
{
  double at;
  void (*act) (PlayerTimeline *self);
} steps[] = {
  { 1.5, toggle_mute },
  { 2.0, start_ad_break },
  { 3.0, start_second_ad },
  { 4.0, end_ad_break },
  { 4.5, toggle_mute },
  { 5.0, start_chapter },
  { 6.0, end_chapter },
};

/* ---- running ---- */

static gboolean
on_timer (gpointer user_data)
{
  PlayerTimeline *self = user_data;
  double position = player_playback_get_position (self->playback);

  while (self->next < G_N_ELEMENTS (steps) &&
      position >= self->start + steps[self->next].at)
    steps[self->next++].act (self);
  return G_SOURCE_CONTINUE;
}

PlayerTimeline *
player_timeline_new (
    PlayerPlayback *playback, GstElement *heartbeat, double start)
{
  PlayerTimeline *self = g_new0 (PlayerTimeline, 1);

  self->playback = playback;
  self->heartbeat = heartbeat;
  self->start = start;
  self->timer = g_timeout_add (INTERVAL, on_timer, self);
  return self;
}

void
player_timeline_free (PlayerTimeline *self)
{
  if (!self)
    return;
  g_source_remove (self->timer);
  g_free (self);
}
