/* collector-schema: the rules of an event as a JSON schema (draft 4).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-schema.h"

static void
member_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static void
member_int (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

static void
member_false (JsonBuilder *builder, const char *name)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, FALSE);
}

static void
begin_member (JsonBuilder *builder, const char *name)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_object (builder);
}

static void
add_choices (JsonBuilder *builder, const char *const *choices)
{
  json_builder_set_member_name (builder, "enum");
  json_builder_begin_array (builder);
  for (; *choices; choices++)
    json_builder_add_string_value (builder, *choices);
  json_builder_end_array (builder);
}

static void
add_required (JsonBuilder *builder, const CollectorRule *rules)
{
  /* Draft 4 wants at least one name in it. */
  if (!collector_rules_any_required (rules))
    return;
  json_builder_set_member_name (builder, "required");
  json_builder_begin_array (builder);
  for (; rules->name; rules++) {
    if (rules->required)
      json_builder_add_string_value (builder, rules->name);
  }
  json_builder_end_array (builder);
}

static void add_object (JsonBuilder *builder, const CollectorRule *rules);

static void
add_value (JsonBuilder *builder, const CollectorRule *rule)
{
  static const char *const types[] = {
    [COLLECTOR_TYPE_STRING] = "string",
    [COLLECTOR_TYPE_BOOLEAN] = "boolean",
    [COLLECTOR_TYPE_INTEGER] = "integer",
    [COLLECTOR_TYPE_NUMBER] = "number",
    [COLLECTOR_TYPE_CUSTOMER_IDS] = "object",
  };

  begin_member (builder, rule->name);
  member_string (builder, "type", types[rule->type]);
  if (rule->type == COLLECTOR_TYPE_CUSTOMER_IDS) {
    begin_member (builder, "additionalProperties");
    add_object (builder, collector_rules_customer_id);
    json_builder_end_object (builder);
  }
  if (collector_rules_limited (rule)) {
    member_int (builder, "minimum", rule->minimum);
    if (rule->maximum != G_MAXINT64)
      member_int (builder, "maximum", rule->maximum);
  }
  if (rule->choices)
    add_choices (builder, rule->choices);
  json_builder_end_object (builder);
}

/* Into an object schema that is open. */
static void
add_object (JsonBuilder *builder, const CollectorRule *rules)
{
  member_string (builder, "type", "object");
  add_required (builder, rules);
  begin_member (builder, "properties");
  for (const CollectorRule *rule = rules; rule->name; rule++)
    add_value (builder, rule);
  json_builder_end_object (builder);
  member_false (builder, "additionalProperties");
}

/* patternProperties hold for members in "properties" as well: those that are
 * no strings have to be excluded from the pattern. */
static char *
standard_metadata_pattern (const CollectorRule *rules)
{
  g_autoptr (GString) others = g_string_new (NULL);

  for (; rules->name; rules++) {
    if (rules->type == COLLECTOR_TYPE_STRING ||
        !g_str_has_prefix (rules->name, "media."))
      continue;
    if (others->len > 0)
      g_string_append_c (others, '|');
    g_string_append (others, rules->name + strlen ("media."));
  }
  g_string_replace (others, ".", "\\.", 0);
  return g_strdup_printf ("^media\\.(?!(%s)$)[a-zA-Z0-9_.]*$", others->str);
}

static void
add_string_pattern (JsonBuilder *builder, const char *pattern)
{
  begin_member (builder, "patternProperties");
  begin_member (builder, pattern);
  member_string (builder, "type", "string");
  json_builder_end_object (builder);
  json_builder_end_object (builder);
}

static void
add_params (JsonBuilder *builder, const CollectorEventRules *rules)
{
  if (!rules->params)
    return;
  begin_member (builder, "params");
  add_object (builder, rules->params);
  if (rules->metadata) {
    g_autofree char *pattern = standard_metadata_pattern (rules->params);

    add_string_pattern (builder, pattern);
  }
  member_int (builder, "minProperties", 1);
  json_builder_end_object (builder);
}

static void
add_custom_metadata (JsonBuilder *builder)
{
  begin_member (builder, "customMetadata");
  member_string (builder, "type", "object");
  add_string_pattern (builder, "^" COLLECTOR_KEY_PATTERN "$");
  member_false (builder, "additionalProperties");
  member_int (builder, "minProperties", 1);
  json_builder_end_object (builder);
}

static void
add_parts (JsonBuilder *builder, const CollectorEventRules *rules)
{
  begin_member (builder, "eventType");
  add_choices (builder, (const char *const[]){ rules->name, NULL });
  json_builder_end_object (builder);
  begin_member (builder, "playerTime");
  add_object (builder, collector_rules_player_time);
  json_builder_end_object (builder);
  add_params (builder, rules);
  begin_member (builder, "qoeData");
  add_object (builder, collector_rules_qoe);
  member_int (builder, "minProperties", 1);
  json_builder_end_object (builder);
  if (rules->metadata)
    add_custom_metadata (builder);
}

JsonNode *
collector_schema_new (const CollectorEventRules *rules)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  member_string (builder, "$schema", "http://json-schema.org/draft-04/schema#");
  member_string (builder, "title", rules->name);
  member_string (builder, "type", "object");
  json_builder_set_member_name (builder, "required");
  json_builder_begin_array (builder);
  json_builder_add_string_value (builder, "eventType");
  json_builder_add_string_value (builder, "playerTime");
  if (collector_rules_any_required (rules->params))
    json_builder_add_string_value (builder, "params");
  json_builder_end_array (builder);
  begin_member (builder, "properties");
  add_parts (builder, rules);
  json_builder_end_object (builder);
  member_false (builder, "additionalProperties");
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}
