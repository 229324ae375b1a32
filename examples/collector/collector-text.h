/* collector-text: text from outside, made safe to show.
 *
 * What a player sends ends up on a developer's terminal, where control
 * characters are commands.
 *
 * May touch: GLib.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * collector_text_printable:
 * @text: UTF-8
 * @max: how many characters of @text to keep at most, -1: all
 *
 * Control and format characters, line separators and what Unicode has not
 * assigned become \uXXXX (two of them beyond U+FFFF), as in JSON: so JSON stays
 * the same JSON. Text that is cut ends with "…".
 *
 * Returns: (transfer full): one line of printable text.
 */
char *collector_text_printable (const char *text, glong max);

G_END_DECLS
