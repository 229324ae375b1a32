/* mh-timeline: calls written as JSON, run through a session.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-timeline.h"

#include <math.h>
#include <string.h>

#include "collector-json.h"
#include "mh-protocol.h"

/* The largest time whose microseconds are still exact in a JSON number. */
#define MAX_AT 9e12

struct _MhTimeline
{
  MhSession *session;
  MhSessionListener listener;
  gpointer user_data;
  double last_at;
};

MhTimeline *
mh_timeline_new (const MhConfig *config, const MhSessionListener *listener,
    gpointer user_data)
{
  MhTimeline *self = g_new0 (MhTimeline, 1);
  MhTimeouts timeouts = {
    .idle = MH_TIME_FROM_SEC (config->idle_timeout),
    .session = MH_TIME_FROM_SEC (config->session_timeout),
    .ping = MH_TIME_FROM_SEC (config->ping_interval),
    .ad_ping = MH_TIME_FROM_SEC (config->ad_ping_interval),
  };

  self->listener = *listener;
  self->user_data = user_data;
  self->session = mh_session_new (listener, user_data);
  mh_session_set_timeouts (self->session, &timeouts);
  return self;
}

void
mh_timeline_free (MhTimeline *self)
{
  if (!self)
    return;
  mh_session_free (self->session);
  g_free (self);
}

static gboolean
malformed (GError **error, const char *message)
{
  g_set_error_literal (error, MH_ERROR, MH_ERROR_MALFORMED, message);
  return FALSE;
}

/* Takes "at" and "call" out of the call's members. */
static gboolean
take_head (MhTimeline *self, GVariantDict *members, double *at,
    const char **name, GError **error)
{
  g_autoptr (GVariant) time = g_variant_dict_lookup_value (members, "at", NULL);

  if (!time)
    return malformed (error, "“at” is missing");
  if (g_variant_is_of_type (time, G_VARIANT_TYPE_INT64))
    *at = (double) g_variant_get_int64 (time);
  else if (g_variant_is_of_type (time, G_VARIANT_TYPE_DOUBLE))
    *at = g_variant_get_double (time);
  else
    return malformed (error, "“at” is not a number");
  if (!(*at >= 0 && *at <= MAX_AT))
    return malformed (error, "“at” is out of range");
  if (*at < self->last_at)
    return malformed (error, "“at” is before that of the call before");
  if (!g_variant_dict_lookup (members, "call", "&s", name))
    return malformed (error, "“call” is missing or not a string");
  return TRUE;
}

gboolean
mh_timeline_call (MhTimeline *self, JsonNode *node, GError **error)
{
  g_autoptr (GVariant) value = NULL;
  g_autoptr (GVariant) details = NULL;
  g_autoptr (GVariantDict) members = NULL;
  g_autoptr (MhCall) call = NULL;
  g_autoptr (GError) refusal = NULL;
  g_autofree char *name_copy = NULL;
  const char *name;
  double at;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return malformed (error, "not a JSON object");
  value = json_gvariant_deserialize (node, "a{sv}", error);
  if (!value)
    return FALSE;
  g_variant_ref_sink (value);
  members = g_variant_dict_new (value);
  if (!take_head (self, members, &at, &name, error))
    return FALSE;
  name_copy = g_strdup (name);
  g_variant_dict_remove (members, "at");
  g_variant_dict_remove (members, "call");
  details = g_variant_ref_sink (g_variant_dict_end (members));
  call = mh_call_parse (name_copy, details, error);
  if (!call)
    return FALSE;
  self->last_at = at;
  if (!mh_session_call (
          self->session, call, (MhTime) rint (at * 1000), &refusal) &&
      self->listener.refused)
    self->listener.refused (
        call, (MhTime) rint (at * 1000), refusal, self->user_data);
  return TRUE;
}

/* ---- scenarios ---- */

/* Configuration, not timeline: left out of the expected hits. */
static gboolean
is_config_param (const char *name)
{
  static const char *const names[] = { "media.playerName", "media.channel",
    "media.libraryVersion", "media.sdkVersion", "media.ad.playerName",
    "appInstallationId", NULL };

  return g_str_has_prefix (name, "analytics.") ||
      g_str_has_prefix (name, "visitor.") || g_strv_contains (names, name);
}

static gboolean
is_number (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) &&
      (json_node_get_value_type (node) == G_TYPE_INT64 ||
          json_node_get_value_type (node) == G_TYPE_DOUBLE);
}

static gboolean
same_value (JsonNode *a, JsonNode *b)
{
  if (is_number (a) && is_number (b))
    return json_node_get_double (a) == json_node_get_double (b);
  return json_node_equal (a, b);
}

static gboolean
differ (GError **error, const char *what, const char *name, JsonNode *wanted,
    JsonNode *got)
{
  g_autofree char *a = wanted ? json_to_string (wanted, FALSE) : NULL;
  g_autofree char *b = got ? json_to_string (got, FALSE) : NULL;

  g_set_error (error, MH_ERROR, MH_ERROR_REFUSED, "%s%s%s: expected %s, got %s",
      what, name ? " " : "", name ? name : "", a ? a : "nothing",
      b ? b : "nothing");
  return FALSE;
}

/* Whether two (nullable) objects have the same members. */
static gboolean
same_members (
    const char *what, JsonObject *wanted, JsonObject *got, GError **error)
{
  g_autoptr (GList) wanted_names = wanted ? json_object_get_members (wanted)
                                          : NULL;
  g_autoptr (GList) got_names = got ? json_object_get_members (got) : NULL;

  for (GList *l = wanted_names; l; l = l->next) {
    JsonNode *a = json_object_get_member (wanted, l->data);
    JsonNode *b = got ? json_object_get_member (got, l->data) : NULL;

    if (!b || !same_value (a, b))
      return differ (error, what, l->data, a, b);
  }
  for (GList *l = got_names; l; l = l->next) {
    if (is_config_param (l->data))
      continue;
    if (!wanted || !json_object_has_member (wanted, l->data))
      return differ (
          error, what, l->data, NULL, json_object_get_member (got, l->data));
  }
  return TRUE;
}

static JsonObject *
object_member (JsonObject *object, const char *name)
{
  return json_object_has_member (object, name)
      ? json_object_get_object_member (object, name)
      : NULL;
}

static gboolean
same_hit (JsonObject *wanted, JsonObject *got, GError **error)
{
  JsonObject *time = json_object_get_object_member (got, "playerTime");
  struct
  {
    const char *name;
    JsonNode *got;
  } members[] = {
    { "eventType", json_object_get_member (got, "eventType") },
    { "ts", json_object_get_member (time, "ts") },
    { "playhead", json_object_get_member (time, "playhead") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (members); i++) {
    JsonNode *node = json_object_get_member (wanted, members[i].name);

    if (node && !same_value (node, members[i].got))
      return differ (error, members[i].name, NULL, node, members[i].got);
  }
  return same_members ("params", object_member (wanted, "params"),
             object_member (got, "params"), error) &&
      same_members ("customMetadata", object_member (wanted, "customMetadata"),
          object_member (got, "customMetadata"), error) &&
      same_members ("qoeData", object_member (wanted, "qoeData"),
          object_member (got, "qoeData"), error);
}

/* Hits of a run as Media Collection events, per session. */
typedef struct
{
  const MhConfig *config;
  GPtrArray *sessions; /* of GPtrArray of JsonObject */
} Run;

static void
run_hit (MhHit *hit, gpointer user_data)
{
  Run *run = user_data;
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *text = NULL;

  hit->ts = MH_TIME_TO_MSEC (hit->at);
  text = mh_protocol_collection_event_text (run->config, hit, FALSE);
  node = json_from_string (text, NULL);
  g_assert (node);
  while (run->sessions->len <= hit->session)
    g_ptr_array_add (run->sessions,
        g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref));
  g_ptr_array_add (g_ptr_array_index (run->sessions, hit->session),
      json_node_dup_object (node));
  mh_hit_free (hit);
}

static gboolean
check_expected (
    JsonObject *wanted, guint *next, GPtrArray *hits, GError **error)
{
  guint place = json_object_has_member (wanted, "index")
      ? (guint) json_object_get_int_member (wanted, "index")
      : (*next)++;

  if (!hits || place >= hits->len) {
    g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

    json_node_set_object (node, wanted);
    differ (error, "hit", NULL, node, NULL);
  } else if (same_hit (wanted, g_ptr_array_index (hits, place), error)) {
    return TRUE;
  }
  g_prefix_error (error, "session %d, hit %u: ",
      (int) json_object_get_int_member (wanted, "session"), place);
  return FALSE;
}

/* Compares the hits made with those expected; where a session's are listed in
 * full there must be no others. */
static gboolean
check_expectations (JsonArray *expect, GPtrArray *sessions, GError **error)
{
  g_autofree guint *listed = g_new0 (guint, sessions->len + 1);
  gboolean by_index = FALSE;

  for (guint i = 0; i < json_array_get_length (expect); i++) {
    JsonObject *wanted = json_array_get_object_element (expect, i);
    guint number = (guint) json_object_get_int_member (wanted, "session");
    GPtrArray *hits =
        number < sessions->len ? g_ptr_array_index (sessions, number) : NULL;

    by_index |= json_object_has_member (wanted, "index");
    if (!check_expected (
            wanted, &listed[MIN (number, sessions->len)], hits, error))
      return FALSE;
  }
  for (guint n = 0; n < sessions->len && !by_index; n++) {
    GPtrArray *hits = g_ptr_array_index (sessions, n);

    if (hits->len > listed[n]) {
      g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

      json_node_set_object (node, g_ptr_array_index (hits, listed[n]));
      differ (error, "hit", NULL, NULL, node);
      g_prefix_error (error, "session %u, hit %u: ", n, listed[n]);
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
is_array (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node && JSON_NODE_HOLDS_ARRAY (node);
}

/* @name is not there, or it is a number that a hit or session can have. */
static gboolean
is_place (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);
  gint64 place;

  if (!node)
    return TRUE;
  if (json_node_get_value_type (node) != G_TYPE_INT64)
    return FALSE;
  place = json_node_get_int (node);
  return place >= 0 && place <= G_MAXINT32;
}

/* @name is not there, or it has members. */
static gboolean
has_members (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return !node || JSON_NODE_HOLDS_OBJECT (node);
}

static gboolean
is_wanted (JsonNode *node)
{
  JsonObject *wanted =
      JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

  return wanted && json_object_has_member (wanted, "session") &&
      is_place (wanted, "session") && is_place (wanted, "index") &&
      has_members (wanted, "params") && has_members (wanted, "qoeData") &&
      has_members (wanted, "customMetadata");
}

static gboolean
check_wanted (JsonArray *expect, GError **error)
{
  for (guint i = 0; i < json_array_get_length (expect); i++) {
    if (!is_wanted (json_array_get_element (expect, i))) {
      malformed (error,
          "not an object with a number “session”, perhaps “index”, and "
          "objects where a hit has them");
      g_prefix_error (error, "expect %u: ", i);
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
run_calls (MhTimeline *timeline, JsonArray *calls, GError **error)
{
  for (guint i = 0; i < json_array_get_length (calls); i++) {
    if (!mh_timeline_call (
            timeline, json_array_get_element (calls, i), error)) {
      g_prefix_error (error, "call %u: ", i);
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
check_object (JsonObject *object, const MhConfig *config, GError **error)
{
  static const MhSessionListener listener = { run_hit, NULL, NULL };
  g_autoptr (GPtrArray) sessions = g_ptr_array_new_with_free_func (
      (GDestroyNotify) g_ptr_array_unref);
  Run run = { config, sessions };
  g_autoptr (MhTimeline) timeline = mh_timeline_new (config, &listener, &run);
  JsonArray *expect;

  if (!is_array (object, "calls") || !is_array (object, "expect"))
    return malformed (error, "an array “calls” or “expect” is missing");
  expect = json_object_get_array_member (object, "expect");
  return check_wanted (expect, error) &&
      run_calls (
          timeline, json_object_get_array_member (object, "calls"), error) &&
      check_expectations (expect, sessions, error);
}

JsonNode *
mh_timeline_load (const char *path, GError **error)
{
  g_autofree char *text = NULL;
  g_autofree char *reason = NULL;
  JsonNode *root;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, error))
    return NULL;
  root = collector_json_parse (text, length, &reason);
  if (!root)
    malformed (error, reason);
  return root;
}

gboolean
mh_scenario_check (const char *path, const MhConfig *config, GError **error)
{
  g_autoptr (JsonNode) root = mh_timeline_load (path, error);

  if (!root)
    return FALSE;
  if (!JSON_NODE_HOLDS_OBJECT (root))
    return malformed (error, "not a JSON object");
  return check_object (json_node_get_object (root), config, error);
}
