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

/**
 * collector_text_refuse:
 * @reason: (out) (transfer full): why, as one line of printable text
 * @format: of that, as for printf(); its arguments may come from outside
 *
 * Says why something is refused, for `return collector_text_refuse (…)`.
 *
 * Returns: %FALSE.
 */
gboolean collector_text_refuse (char **reason, const char *format, ...)
    G_GNUC_PRINTF (2, 3);

G_END_DECLS
