/* collector-event: one event as a player sent it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-event.h"

#include "collector-json.h"
#include "collector-limits.h"
#include "collector-rules.h"
#include "collector-text.h"

#include <string.h>

/* As much of a foreign name or value as a reason repeats. */
#define MAX_QUOTED 64

/* The name of a member as it goes into a reason. */
static char *
quote (const char *name)
{
  g_autofree char *printable = collector_text_printable (name, MAX_QUOTED);

  return g_strdup_printf ("\"%s\"", printable);
}

/* What a value is, for people: `a string`, `5.0`. */
static char *
describe (JsonNode *node)
{
  g_autofree char *text = NULL;

  switch (json_node_get_node_type (node)) {
    case JSON_NODE_OBJECT:
      return g_strdup ("an object");
    case JSON_NODE_ARRAY:
      return g_strdup ("an array");
    case JSON_NODE_NULL:
      return g_strdup ("null");
    case JSON_NODE_VALUE:
      break;
  }
  text = collector_json_write (node);
  return collector_text_printable (text, MAX_QUOTED);
}

static gboolean
is_value_of (JsonNode *node, GType type)
{
  return JSON_NODE_HOLDS_VALUE (node) &&
      json_node_get_value_type (node) == type;
}

static const char *
type_name (CollectorType type)
{
  switch (type) {
    case COLLECTOR_TYPE_STRING:
      return "a string";
    case COLLECTOR_TYPE_BOOLEAN:
      return "true or false";
    case COLLECTOR_TYPE_INTEGER:
      return "an integer";
    case COLLECTOR_TYPE_NUMBER:
      return "a number";
    case COLLECTOR_TYPE_CUSTOMER_IDS:
      return "an object";
  }
  g_assert_not_reached ();
}

static gboolean
has_type (JsonNode *node, CollectorType type)
{
  switch (type) {
    case COLLECTOR_TYPE_STRING:
      return is_value_of (node, G_TYPE_STRING);
    case COLLECTOR_TYPE_BOOLEAN:
      return is_value_of (node, G_TYPE_BOOLEAN);
    case COLLECTOR_TYPE_INTEGER:
      return is_value_of (node, G_TYPE_INT64);
    case COLLECTOR_TYPE_NUMBER:
      return is_value_of (node, G_TYPE_INT64) ||
          is_value_of (node, G_TYPE_DOUBLE);
    case COLLECTOR_TYPE_CUSTOMER_IDS:
      return JSON_NODE_HOLDS_OBJECT (node);
  }
  g_assert_not_reached ();
}

static gboolean
check_range (
    const char *where, const CollectorRule *rule, JsonNode *node, char **reason)
{
  g_autofree char *found = NULL;
  /* An integer is compared as one: a double has no room for all of them. */
  gboolean whole = json_node_get_value_type (node) == G_TYPE_INT64;

  if (whole ? json_node_get_int (node) < rule->minimum
            : json_node_get_double (node) < (double) rule->minimum) {
    found = describe (node);
    return collector_text_refuse (reason,
        "%s: \"%s\" must be at least %" G_GINT64_FORMAT ", not %s", where,
        rule->name, rule->minimum, found);
  }
  if (whole && json_node_get_int (node) > rule->maximum) {
    found = describe (node);
    return collector_text_refuse (reason,
        "%s: \"%s\" must be at most %" G_GINT64_FORMAT ", not %s", where,
        rule->name, rule->maximum, found);
  }
  return TRUE;
}

static gboolean check_object (const char *where, JsonNode *node,
    const CollectorRule *rules, gboolean metadata, char **reason);

static gboolean
check_customer_ids (JsonNode *node, char **reason)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *customer;

  json_object_iter_init_ordered (&iter, json_node_get_object (node));
  while (json_object_iter_next_ordered (&iter, &name, &customer)) {
    g_autofree char *quoted = quote (name);
    g_autofree char *where = g_strdup_printf (
        "params: \"visitor.customerIDs\": %s", quoted);

    if (!check_object (
            where, customer, collector_rules_customer_id, FALSE, reason))
      return FALSE;
  }
  return TRUE;
}

static gboolean
check_value (
    const char *where, const CollectorRule *rule, JsonNode *node, char **reason)
{
  g_autofree char *found = NULL;

  if (!has_type (node, rule->type)) {
    found = describe (node);
    return collector_text_refuse (reason, "%s: \"%s\" must be %s, not %s",
        where, rule->name, type_name (rule->type), found);
  }
  if (rule->type == COLLECTOR_TYPE_CUSTOMER_IDS)
    return check_customer_ids (node, reason);
  if (rule->type == COLLECTOR_TYPE_NUMBER) {
    g_autofree char *member = g_strdup_printf ("%s: \"%s\"", where, rule->name);

    if (!collector_limits_check_number (
            member, json_node_get_double (node), reason))
      return FALSE;
  }
  if (collector_rules_limited (rule))
    return check_range (where, rule, node, reason);
  if (rule->choices &&
      !g_strv_contains (rule->choices, json_node_get_string (node))) {
    g_autofree char *choices = g_strjoinv (
        " or ", (char **) (gpointer) rule->choices);

    found = describe (node);
    return collector_text_refuse (reason, "%s: \"%s\" must be %s, not %s",
        where, rule->name, choices, found);
  }
  return TRUE;
}

static gboolean
check_member (const char *where, const char *name, JsonNode *node,
    const CollectorRule *rules, gboolean metadata, char **reason)
{
  const CollectorRule *rule = collector_rules_find (rules, name);
  g_autofree char *quoted = NULL;
  g_autofree char *found = NULL;

  if (rule)
    return check_value (where, rule, node, reason);
  quoted = quote (name);
  if (!metadata || !g_str_has_prefix (name, "media.") ||
      !collector_rules_is_key (name))
    return collector_text_refuse (
        reason, "%s: %s is not known here", where, quoted);
  if (has_type (node, COLLECTOR_TYPE_STRING))
    return TRUE;
  found = describe (node);
  return collector_text_refuse (reason,
      "%s: %s is not known here, and as standard metadata must be a string, "
      "not %s",
      where, quoted, found);
}

/* @metadata: whether strings named media.… may be there beside @rules. */
static gboolean
check_object (const char *where, JsonNode *node, const CollectorRule *rules,
    gboolean metadata, char **reason)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (!JSON_NODE_HOLDS_OBJECT (node)) {
    g_autofree char *found = describe (node);

    return collector_text_refuse (
        reason, "%s: must be an object, not %s", where, found);
  }
  json_object_iter_init_ordered (&iter, json_node_get_object (node));
  while (json_object_iter_next_ordered (&iter, &name, &value)) {
    if (!check_member (where, name, value, rules, metadata, reason))
      return FALSE;
  }
  for (; rules && rules->name; rules++) {
    if (rules->required &&
        !json_object_has_member (json_node_get_object (node), rules->name))
      return collector_text_refuse (
          reason, "%s: \"%s\" is missing", where, rules->name);
  }
  return TRUE;
}

static gboolean
check_not_empty (const char *where, JsonNode *node, char **reason)
{
  if (JSON_NODE_HOLDS_OBJECT (node) &&
      json_object_get_size (json_node_get_object (node)) == 0)
    return collector_text_refuse (
        reason, "%s: must be left out when it is empty", where);
  return TRUE;
}

static gboolean
check_custom_metadata (JsonNode *node, char **reason)
{
  JsonObjectIter iter;
  const char *key;
  JsonNode *value;

  if (!check_not_empty ("customMetadata", node, reason))
    return FALSE;
  if (!JSON_NODE_HOLDS_OBJECT (node)) {
    g_autofree char *found = describe (node);

    return collector_text_refuse (
        reason, "customMetadata: must be an object, not %s", found);
  }
  json_object_iter_init_ordered (&iter, json_node_get_object (node));
  while (json_object_iter_next_ordered (&iter, &key, &value)) {
    g_autofree char *quoted = quote (key);
    g_autofree char *found = NULL;

    if (!collector_rules_is_key (key))
      return collector_text_refuse (reason,
          "customMetadata: the key %s has other characters than a-z, A-Z, "
          "0-9, _ and .",
          quoted);
    if (has_type (value, COLLECTOR_TYPE_STRING))
      continue;
    found = describe (value);
    return collector_text_refuse (
        reason, "customMetadata: %s must be a string, not %s", quoted, found);
  }
  return TRUE;
}

static gboolean
check_params (JsonNode *node, const CollectorEventRules *rules, char **reason)
{
  if (!rules->params)
    return collector_text_refuse (reason, "params: %s has none", rules->name);
  return check_not_empty ("params", node, reason) &&
      check_object ("params", node, rules->params, rules->metadata, reason);
}

/* One of the members of the event itself, apart from eventType. */
static gboolean
check_part (const char *name, JsonNode *node, const CollectorEventRules *rules,
    char **reason)
{
  g_autofree char *quoted = NULL;

  if (strcmp (name, "eventType") == 0)
    return TRUE;
  if (strcmp (name, "playerTime") == 0)
    return check_object (
        "playerTime", node, collector_rules_player_time, FALSE, reason);
  if (strcmp (name, "params") == 0)
    return check_params (node, rules, reason);
  if (strcmp (name, "qoeData") == 0)
    return check_not_empty ("qoeData", node, reason) &&
        check_object ("qoeData", node, collector_rules_qoe, FALSE, reason);
  if (strcmp (name, "customMetadata") == 0)
    return rules->metadata ? check_custom_metadata (node, reason)
                           : collector_text_refuse (reason,
                                 "customMetadata: %s has none", rules->name);
  quoted = quote (name);
  return collector_text_refuse (
      reason, "%s is not a member of an event", quoted);
}

static const CollectorEventRules *
find_rules (JsonObject *event, char **reason)
{
  JsonNode *node = json_object_get_member (event, "eventType");
  const CollectorEventRules *rules = NULL;
  g_autofree char *found = NULL;

  if (!node) {
    collector_text_refuse (reason, "\"eventType\" is missing");
    return NULL;
  }
  if (has_type (node, COLLECTOR_TYPE_STRING))
    rules = collector_rules_for_event (json_node_get_string (node));
  if (rules)
    return rules;
  found = describe (node);
  collector_text_refuse (reason, "eventType: there is no event %s", found);
  return NULL;
}

gboolean
collector_event_check (JsonNode *node, char **reason)
{
  const CollectorEventRules *rules;
  JsonObject *event;
  JsonObjectIter iter;
  const char *name;
  JsonNode *part;

  if (!JSON_NODE_HOLDS_OBJECT (node)) {
    g_autofree char *found = describe (node);

    return collector_text_refuse (
        reason, "an event must be an object, not %s", found);
  }
  event = json_node_get_object (node);
  rules = find_rules (event, reason);
  if (!rules)
    return FALSE;
  json_object_iter_init_ordered (&iter, event);
  while (json_object_iter_next_ordered (&iter, &name, &part)) {
    if (!check_part (name, part, rules, reason))
      return FALSE;
  }
  if (!json_object_has_member (event, "playerTime"))
    return collector_text_refuse (reason, "\"playerTime\" is missing");
  if (collector_rules_any_required (rules->params) &&
      !json_object_has_member (event, "params"))
    return collector_text_refuse (reason, "\"params\" is missing");
  return TRUE;
}

const char *
collector_event_type (JsonObject *event)
{
  return json_object_get_string_member (event, "eventType");
}

gint64
collector_event_ts (JsonObject *event)
{
  return json_object_get_int_member (
      json_object_get_object_member (event, "playerTime"), "ts");
}

double
collector_event_playhead (JsonObject *event)
{
  JsonObject *time = json_object_get_object_member (event, "playerTime");

  return json_object_has_member (time, "playhead")
      ? json_object_get_double_member (time, "playhead")
      : -1;
}

JsonNode *
collector_event_get (JsonObject *event, const char *object, const char *member)
{
  if (!json_object_has_member (event, object))
    return NULL;
  return json_object_get_member (
      json_object_get_object_member (event, object), member);
}

const char *
collector_event_get_string (
    JsonObject *event, const char *object, const char *member)
{
  JsonNode *node = collector_event_get (event, object, member);

  return node ? json_node_get_string (node) : NULL;
}

gboolean
collector_event_is_true (JsonObject *event, const char *param)
{
  JsonNode *node = collector_event_get (event, "params", param);

  return node && json_node_get_boolean (node);
}
