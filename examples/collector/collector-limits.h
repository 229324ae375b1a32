/* collector-limits: bounds of what a player can mean.
 *
 * May touch: GLib, json-glib.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The longest id of a session or an event that players may make, bytes. */
#define COLLECTOR_ID_MAX 256

/* The largest number of seconds, and of events. Each whole number up to it is
 * exact in a double. */
#define COLLECTOR_NUMBER_MAX G_GINT64_CONSTANT (1000000000000000)

/* So far ahead of this machine's clock may an event be, milliseconds. */
#define COLLECTOR_AHEAD_MAX (24 * 60 * 60 * 1000)

/* The functions below return whether the value is within its bounds. @member is
 * its name; @reason: (out): is set only where FALSE is returned. */

/* @ts: milliseconds UTC. Reads the clock. */
gboolean collector_limits_check_time (
    const char *member, gint64 ts, char **reason);

/* @value: of any kind and sign. */
gboolean collector_limits_check_number (
    const char *member, double value, char **reason);

/* @node: (nullable): what came. It must be a number that is not negative. */
gboolean collector_limits_check_positive (
    const char *member, JsonNode *node, char **reason);

/* @node: (nullable): what came. It must be a whole number that is not
 * negative. */
gboolean collector_limits_check_count (
    const char *member, JsonNode *node, char **reason);

/* @id: (nullable): an id. It must be there and have at most %COLLECTOR_ID_MAX
 * bytes. */
gboolean collector_limits_check_id (
    const char *member, const char *id, char **reason);

G_END_DECLS
