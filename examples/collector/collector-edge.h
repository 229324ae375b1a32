/* collector-edge: the back end's side of the Media Edge API.
 *
 * The paths of docs/design/wire-media-edge.md#request, with and without a
 * location hint, and /ee/v1/interact, where Adobe's web SDK sends its
 * sessionStart.
 *
 * May touch: GLib, json-glib, libsoup, the other collector files.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "collector-exchange.h"

G_BEGIN_DECLS

/* What the paths of all its requests begin with. */
#define COLLECTOR_EDGE_PATH "/ee/"

/* What an answer to a sessionStart has for the requests that follow. */
#define COLLECTOR_EDGE_HINT "loc1"

/**
 * collector_edge_handle:
 * @exchange: a request whose path begins with %COLLECTOR_EDGE_PATH
 * @path: its path
 *
 * Answers it.
 */
void collector_edge_handle (CollectorExchange *exchange, const char *path);

G_END_DECLS
