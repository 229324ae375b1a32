/* player-terminal: the example player's keys.
 *
 * May touch: GLib, termios, player-action.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "player-action.h"

G_BEGIN_DECLS

typedef struct _PlayerTerminal PlayerTerminal;

/* What the keys do, for people. */
#define PLAYER_TERMINAL_HELP \
  "space pause/play, left/right -/+10 s, up/down volume, n next, m mute, q quit"

/**
 * player_terminal_new:
 * @func: called for each key that means something, from the default main
 *   context, until the terminal is freed
 * @user_data: for @func
 *
 * Takes the terminal's keys one by one and without echo. A process has one
 * terminal, so there is one of these at most; an exit() gives it back as it was
 * as well.
 *
 * Returns: (transfer full) (nullable): the terminal; NULL: the standard input is
 *   none, or another program's at the moment.
 */
PlayerTerminal *player_terminal_new (PlayerActionFunc func, gpointer user_data);

/**
 * player_terminal_free:
 * @terminal: (nullable): is as it was afterwards
 */
void player_terminal_free (PlayerTerminal *terminal);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerTerminal, player_terminal_free)

G_END_DECLS
