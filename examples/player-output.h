/* player-output: the example player's lines.
 *
 * May touch: GLib.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * player_print:
 * @what: one word: what the line is about
 * @format: as of printf(), without the line's end
 *
 * Prints a line, with the time of day in front as the collector has it, so that
 * the two can be read side by side.
 */
void player_print (const char *what, const char *format, ...)
    G_GNUC_PRINTF (2, 3);

/**
 * player_complain:
 * @format: as of printf(), without the line's end
 *
 * Prints a line to the standard error output, with the program's name.
 */
void player_complain (const char *format, ...) G_GNUC_PRINTF (1, 2);

G_END_DECLS
