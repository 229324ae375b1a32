/* player-action: what the example player can be told to do, by a key or by a
 * script.
 *
 * May touch: GLib.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PlayerActionType:
 * @PLAYER_PAUSE: pause
 * @PLAYER_PLAY: play on
 * @PLAYER_TOGGLE: the one of the two that makes a difference
 * @PLAYER_SEEK: go to the value, s
 * @PLAYER_SKIP: go on (or back) by the value, s
 * @PLAYER_RATE: play at the value; < 0: backwards
 * @PLAYER_VOLUME: set the volume to the value, 0 to 1
 * @PLAYER_LOUDER: change the volume by the value
 * @PLAYER_MUTE: mute, or the opposite
 * @PLAYER_NEXT: go to the next item
 * @PLAYER_QUIT: leave
 */
typedef enum
{
  PLAYER_PAUSE,
  PLAYER_PLAY,
  PLAYER_TOGGLE,
  PLAYER_SEEK,
  PLAYER_SKIP,
  PLAYER_RATE,
  PLAYER_VOLUME,
  PLAYER_LOUDER,
  PLAYER_MUTE,
  PLAYER_NEXT,
  PLAYER_QUIT,
} PlayerActionType;

typedef struct
{
  PlayerActionType type;
  double value; /* 0 where the type needs none */
} PlayerAction;

typedef void (*PlayerActionFunc) (
    const PlayerAction *action, gpointer user_data);

G_END_DECLS
