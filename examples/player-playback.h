/* player-playback: the example player's pipeline: playbin, one item after the
 * other, with the heartbeat element in it.
 *
 * May touch: GStreamer, player-action, player-heartbeat, player-output.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

#include "player-action.h"

G_BEGIN_DECLS

typedef struct _PlayerPlayback PlayerPlayback;

/**
 * PlayerPlaybackOptions:
 * @uris: (array zero-terminated=1): what to play, one at least; not copied
 * @heartbeat: (transfer none): the element
 * @video: whether the element looks at the video instead of the audio
 * @fake: whether to play to nowhere, at normal speed
 * @loop: whether to begin again at the end
 * @resume: where to begin with the first item, s
 * @started: called when something plays for the first time
 * @done: called at the end; @failed: because of an error, which has been printed
 * @user_data: for the two
 */
typedef struct
{
  const char *const *uris;
  GstElement *heartbeat;
  gboolean video;
  gboolean fake;
  gboolean loop;
  double resume;
  void (*started) (gpointer user_data);
  void (*done) (gboolean failed, gpointer user_data);
  gpointer user_data;
} PlayerPlaybackOptions;

/**
 * player_playback_new:
 * @options: what to do
 * @error: %GST_CORE_ERROR_MISSING_PLUGIN: an element is not installed
 *
 * Returns: (transfer full) (nullable): a playback that has not begun.
 */
PlayerPlayback *player_playback_new (
    const PlayerPlaybackOptions *options, GError **error);

/**
 * player_playback_free:
 * @playback: (nullable): stops, and prints the last that the element says
 */
void player_playback_free (PlayerPlayback *playback);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerPlayback, player_playback_free)

/**
 * player_playback_start:
 * @playback: a playback that has not begun
 *
 * Needs the default main context to run. May call `done` at once.
 */
void player_playback_start (PlayerPlayback *playback);

/**
 * player_playback_get_position:
 * @playback: the playback
 *
 * Returns: where the current item is, s.
 */
double player_playback_get_position (PlayerPlayback *playback);

/**
 * player_playback_act:
 * @action: what to do
 * @playback: the playback
 *
 * A #PlayerActionFunc.
 */
void player_playback_act (const PlayerAction *action, gpointer playback);

G_END_DECLS
