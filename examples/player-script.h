/* player-script: actions at given times, so that the example player runs
 * unattended.
 *
 * May touch: GLib, player-action.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "player-action.h"

G_BEGIN_DECLS

typedef struct _PlayerScript PlayerScript;

/**
 * player_script_parse:
 * @text: `2:pause,8:play,12:seek=30,20:rate=2,25:quit`: seconds since the start
 *   and what to do then, in ascending order
 * @error: %G_OPTION_ERROR_BAD_VALUE: what is wrong with @text
 *
 * Returns: (transfer full) (nullable): the script.
 */
PlayerScript *player_script_parse (const char *text, GError **error);
void player_script_free (PlayerScript *script);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerScript, player_script_free)

/**
 * player_script_start:
 * @script: a script that has not been started
 * @func: called for each action at its time, from the default main context,
 *   until the script is freed
 * @user_data: for @func
 *
 * Second 0 is now.
 */
void player_script_start (
    PlayerScript *script, PlayerActionFunc func, gpointer user_data);

G_END_DECLS
