/* collector-limits: bounds of what a player can mean.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-limits.h"

#include <math.h>
#include <string.h>

gboolean
collector_limits_check_time (const char *member, gint64 ts, char **reason)
{
  const char *fault = NULL;

  if (ts <= 0)
    fault = "must be a time, in milliseconds since 1970";
  else if (ts > g_get_real_time () / 1000 + COLLECTOR_AHEAD_MAX)
    fault = "is more than a day ahead of the collector's clock";
  if (fault)
    *reason = g_strdup_printf ("%s: %s", member, fault);
  return !fault;
}

gboolean
collector_limits_check_number (const char *member, double value, char **reason)
{
  if (isfinite (value) && fabs (value) <= (double) COLLECTOR_NUMBER_MAX)
    return TRUE;
  *reason = g_strdup_printf (
      "%s: must be at most %" G_GINT64_FORMAT, member, COLLECTOR_NUMBER_MAX);
  return FALSE;
}

static gboolean
is_number (JsonNode *node)
{
  GType type = node && JSON_NODE_HOLDS_VALUE (node)
      ? json_node_get_value_type (node)
      : G_TYPE_INVALID;

  return type == G_TYPE_INT64 || type == G_TYPE_DOUBLE;
}

gboolean
collector_limits_check_positive (
    const char *member, JsonNode *node, char **reason)
{
  if (is_number (node) && json_node_get_double (node) >= 0)
    return collector_limits_check_number (
        member, json_node_get_double (node), reason);
  *reason = node
      ? g_strdup_printf ("%s: must be a number that is not negative", member)
      : g_strdup_printf ("%s: is missing", member);
  return FALSE;
}

gboolean
collector_limits_check_count (const char *member, JsonNode *node, char **reason)
{
  if (!node ||
      (is_number (node) && json_node_get_value_type (node) == G_TYPE_INT64))
    return collector_limits_check_positive (member, node, reason);
  *reason = g_strdup_printf ("%s: must be a whole number", member);
  return FALSE;
}

gboolean
collector_limits_check_id (const char *member, const char *id, char **reason)
{
  if (id && *id && strlen (id) <= COLLECTOR_ID_MAX)
    return TRUE;
  *reason = id && *id ? g_strdup_printf ("%s: is longer than %d bytes", member,
                            COLLECTOR_ID_MAX)
                      : g_strdup_printf ("%s: is missing or no text", member);
  return FALSE;
}
