/* collector-rules: which events there are and what may be in them.
 *
 * The tables of docs/design/wire-media-collection.md#parameters. Both the check
 * of an event (collector-event) and the published schema (collector-schema) are
 * made from them, so they cannot disagree.
 *
 * May touch: GLib.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a key of customMetadata or of an application's standard metadata is
 * made of, as a regular expression without anchors. */
#define COLLECTOR_KEY_PATTERN "[a-zA-Z0-9_.]+"

/**
 * CollectorType:
 *
 * What a value must be in the JSON, exactly: 5 is an integer and a number,
 * 5.0 is a number only.
 */
typedef enum
{
  COLLECTOR_TYPE_STRING,
  COLLECTOR_TYPE_BOOLEAN,
  COLLECTOR_TYPE_INTEGER,
  COLLECTOR_TYPE_NUMBER,
  COLLECTOR_TYPE_CUSTOMER_IDS, /* an object of objects, each as customer_id */
} CollectorType;

/**
 * CollectorRule:
 * @name: the member's name; NULL ends a table
 * @type: what it must be
 * @required: whether it must be there
 * @minimum: lowest value, inclusive; for numbers
 * @maximum: highest value, inclusive, %G_MAXINT64: none; where @minimum and
 *   @maximum are both 0 there are no limits at all
 * @choices: (nullable): NULL-terminated: the strings that it may be
 */
typedef struct
{
  const char *name;
  CollectorType type;
  gboolean required;
  gint64 minimum;
  gint64 maximum;
  const char *const *choices;
} CollectorRule;

/**
 * CollectorEventRules:
 * @name: the event type
 * @params: (nullable): its parameters; NULL: it has none
 * @metadata: whether it carries metadata: customMetadata, and strings whose
 *   names begin with "media." in params
 */
typedef struct
{
  const char *name;
  const CollectorRule *params;
  gboolean metadata;
} CollectorEventRules;

/* The members of playerTime, of qoeData, and of one customer id. */
extern const CollectorRule collector_rules_player_time[];
extern const CollectorRule collector_rules_qoe[];
extern const CollectorRule collector_rules_customer_id[];

/**
 * collector_rules_for_event:
 * @name: an event type, may be anything
 *
 * Returns: (nullable): its rules, static; NULL where there is no such type.
 */
const CollectorEventRules *collector_rules_for_event (const char *name);

/**
 * collector_rules_find:
 * @rules: (nullable): a table
 * @name: a member's name
 *
 * Returns: (nullable): its rule in @rules, static.
 */
const CollectorRule *collector_rules_find (
    const CollectorRule *rules, const char *name);

/**
 * collector_rules_any_required:
 * @rules: (nullable): a table
 *
 * Returns: whether any of @rules is a required member.
 */
gboolean collector_rules_any_required (const CollectorRule *rules);

/**
 * collector_rules_is_key:
 * @key: a member's name
 *
 * Returns: whether all of @key matches %COLLECTOR_KEY_PATTERN.
 */
gboolean collector_rules_is_key (const char *key);

/**
 * collector_rules_limited:
 * @rule: a rule
 *
 * Returns: whether its minimum and maximum mean something.
 */
gboolean collector_rules_limited (const CollectorRule *rule);

G_END_DECLS
