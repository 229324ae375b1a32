/* collector-cmcd: the back end's side of CMCD, version 2, in event mode.
 *
 * /cmcd takes lines of structured fields (docs/design/wire-cmcd.md), also of
 * other players.
 *
 * May touch: GLib, json-glib, libsoup, the other collector files.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "collector-exchange.h"

G_BEGIN_DECLS

#define COLLECTOR_CMCD_PATH "/cmcd"

/**
 * collector_cmcd_handle:
 * @exchange: a request to %COLLECTOR_CMCD_PATH
 *
 * Answers it. All of its lines are taken, or none is.
 */
void collector_cmcd_handle (CollectorExchange *exchange);

/**
 * collector_cmcd_parse:
 * @line: one line, without its end
 * @reason: (out): what is wrong, one line; set only where NULL is returned
 *
 * Returns: (transfer full) (nullable): its keys and values, as they are
 *   written, but strings without quotes and escapes; what is true has the value
 *   "?1".
 */
GHashTable *collector_cmcd_parse (const char *line, char **reason);

G_END_DECLS
