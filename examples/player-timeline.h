/* player-timeline: what no pipeline shows, told to the element as an item comes
 * to certain positions: an ad break with two ads, a chapter, the mute state.
 *
 * The same as in player.py and player.js.
 *
 * May touch: GStreamer, player-action, player-heartbeat, player-playback.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "player-playback.h"

G_BEGIN_DECLS

typedef struct _PlayerTimeline PlayerTimeline;

/**
 * player_timeline_new:
 * @playback: what plays; must outlive it
 * @heartbeat: the element
 * @start: where the item was begun with, s
 *
 * Calls from the default main context, until it is freed.
 *
 * Returns: (transfer full): the timeline, at work.
 */
PlayerTimeline *player_timeline_new (
    PlayerPlayback *playback, GstElement *heartbeat, double start);
void player_timeline_free (PlayerTimeline *timeline);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerTimeline, player_timeline_free)

G_END_DECLS
