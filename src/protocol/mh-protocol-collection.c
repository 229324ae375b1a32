/* mh-protocol-collection: the Media Collection API (wire-media-collection.md).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-protocol-collection.h"

#include <math.h>
#include <string.h>

#include "mh-json.h"
#include "mh-protocol-batch.h"
#include "mh-retry.h"

#define LIBRARY_VERSION "gst-media-heartbeat/" MH_VERSION

/* One object of an event. It opens with its first member, so that it is left
 * out when it has none. */
typedef struct
{
  GString *json;
  const char *name;
  GHashTable *members; /* names so far, NULL without any; not owned */
} ObjectWriter;

/* Returns whether a value for the member @name is to follow. */
static gboolean
object_add_name (ObjectWriter *object, const char *name)
{
  if (object->members) {
    if (!g_hash_table_add (object->members, (gpointer) name))
      return FALSE;
    g_string_append_c (object->json, ',');
  } else {
    object->members = g_hash_table_new (g_str_hash, g_str_equal);
    g_hash_table_add (object->members, (gpointer) name);
    g_string_append (object->json, ",\"");
    g_string_append (object->json, object->name);
    g_string_append (object->json, "\":{");
  }
  mh_json_append_string (object->json, name);
  g_string_append_c (object->json, ':');
  return TRUE;
}

static void
object_add_string (ObjectWriter *object, const char *name, const char *value)
{
  if (value && object_add_name (object, name))
    mh_json_append_string (object->json, value);
}

static void
object_add_variant (ObjectWriter *object, const char *name, GVariant *value)
{
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE) &&
      !isfinite (g_variant_get_double (value)))
    return;
  if (object_add_name (object, name))
    mh_json_append_variant (object->json, value);
}

static void
object_end (ObjectWriter *object)
{
  if (!object->members)
    return;
  g_string_append_c (object->json, '}');
  g_hash_table_unref (object->members);
}

/* @values: (nullable): a{sv} */
static void
object_add_all (ObjectWriter *object, GVariant *values)
{
  GVariantIter iter;
  const char *name;
  GVariant *value;

  if (!values)
    return;
  g_variant_iter_init (&iter, values);
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &value))
    object_add_variant (object, name, value);
}

/* @values: (nullable): a{ss} */
static void
object_add_strings (ObjectWriter *object, GVariant *values)
{
  GVariantIter iter;
  const char *name, *value;

  if (!values)
    return;
  g_variant_iter_init (&iter, values);
  while (g_variant_iter_loop (&iter, "{&s&s}", &name, &value))
    object_add_string (object, name, value);
}

/* Only when it is on: off is what the back end takes for granted. */
static void
object_add_flag (ObjectWriter *object, const char *name, gboolean on)
{
  if (on && object_add_name (object, name))
    g_string_append (object->json, "true");
}

/* @ids: (nullable): a{ss}, as set; what is malformed has been warned of */
static void
add_customer_ids (ObjectWriter *params, GVariant *ids)
{
  GVariantIter iter;
  const char *name, *text;
  gboolean any = FALSE;

  if (!ids)
    return;
  g_variant_iter_init (&iter, ids);
  while (g_variant_iter_loop (&iter, "{&s&s}", &name, &text)) {
    g_autofree char *id = NULL;
    int auth_state;

    if (!mh_config_parse_customer_id (text, &id, &auth_state) ||
        (!any && !object_add_name (params, "visitor.customerIDs")))
      continue;
    g_string_append_c (params->json, any ? ',' : '{');
    any = TRUE;
    mh_json_append_string (params->json, name);
    g_string_append (params->json, ":{\"id\":");
    mh_json_append_string (params->json, id);
    g_string_append_printf (params->json, ",\"authState\":%d}", auth_state);
  }
  if (any)
    g_string_append_c (params->json, '}');
}

static void
add_identity_params (ObjectWriter *params, const MhConfig *config)
{
  object_add_string (params, "analytics.visitorId", config->visitor_id);
  object_add_string (params, "analytics.aid", config->analytics_id);
  object_add_flag (params, "analytics.optOutShare", config->opt_out_share);
  object_add_flag (params, "analytics.optOutServerSideForwarding",
      config->opt_out_forwarding);
  object_add_string (
      params, "visitor.marketingCloudUserId", config->marketing_cloud_user_id);
  if (config->location_hint >= 0 &&
      object_add_name (params, "visitor.aamLocationHint"))
    mh_json_append_integer (params->json, config->location_hint);
  add_customer_ids (params, config->customer_ids);
}

static void
add_session_start_params (ObjectWriter *params, const MhConfig *config)
{
  object_add_string (
      params, "analytics.trackingServer", config->tracking_server);
  object_add_string (params, "analytics.reportSuite", config->report_suite);
  object_add_string (params, "visitor.marketingCloudOrgId", config->org_id);
  if (config->collection_server &&
      object_add_name (params, "analytics.enableSSL")) {
    gboolean ssl = g_ascii_strncasecmp (
                       config->collection_server, "https:", 6) == 0;

    g_string_append (params->json, ssl ? "true" : "false");
  }
  add_identity_params (params, config);
  object_add_string (params, "appInstallationId", config->app_installation_id);
  object_add_string (params, "media.playerName", config->player_name);
  object_add_string (params, "media.channel", config->channel);
  object_add_string (params, "media.sdkVersion", config->app_version);
  object_add_string (params, "media.libraryVersion", LIBRARY_VERSION);
}

static void
append_event (GString *json, const MhConfig *config, const MhHit *hit)
{
  ObjectWriter params = { json, "params" };
  ObjectWriter qoe = { json, "qoeData" };
  ObjectWriter metadata = { json, "customMetadata" };

  g_string_append (json, "\"eventType\":\"");
  g_string_append (json, mh_event_name (hit->event));
  g_string_append (json, "\",\"playerTime\":{\"playhead\":");
  mh_json_append_double (json, hit->playhead);
  g_string_append (json, ",\"ts\":");
  mh_json_append_integer (json, hit->ts);
  g_string_append_c (json, '}');

  if (hit->event == MH_EVENT_SESSION_START)
    add_session_start_params (&params, config);
  else if (hit->event == MH_EVENT_AD_START)
    object_add_string (&params, "media.ad.playerName", config->player_name);
  object_add_all (&params, hit->params);
  object_end (&params);
  object_add_all (&qoe, hit->qoe);
  object_end (&qoe);
  object_add_strings (&metadata, hit->custom_metadata);
  object_end (&metadata);
  g_string_append_c (json, '}');
}

char *
mh_protocol_collection_event_text (
    const MhConfig *config, const MhHit *hit, gboolean with_session)
{
  GString *json = g_string_sized_new (128);

  g_string_append_c (json, '{');
  if (with_session)
    g_string_append_printf (json, "\"session\":%u,", hit->session);
  append_event (json, config, hit);
  return g_string_free (json, FALSE);
}

static GBytes *
collection_encode (const MhConfig *config, const MhHit *hit)
{
  GString *json = g_string_sized_new (128);

  g_string_append_c (json, '{');
  append_event (json, config, hit);
  return g_string_free_to_bytes (json);
}

static MhRequest *
collection_request (
    const char *server, MhEvent event, GBytes *body, const char *session_id)
{
  g_autofree char *path = NULL;

  g_return_val_if_fail (
      (event == MH_EVENT_SESSION_START) == (session_id == NULL), NULL);

  if (session_id)
    path = g_strdup_printf ("api/v1/sessions/%s/events", session_id);
  return mh_request_new (
      "POST", mh_protocol_join (server, path ? path : "api/v1/sessions"), body);
}

static MhRequest *
collection_batch (const char *server, GBytes *start, gboolean resume,
    GPtrArray *hits, guint *left_out)
{
  g_autoptr (GBytes)
      body = mh_protocol_batch_encode (start, resume, hits, left_out);

  return body ? mh_request_new ("POST",
                    mh_protocol_join (server, "api/v1/downloaded"), body)
              : NULL;
}

/* The session's id: the last segment of the path in a Location header. Nothing
 * else of the header is believed: where requests go is up to the application.
 * NULL where there is none that is fit for a path. */
static char *
session_id_from_location (const char *location)
{
  const char *authority;
  const char *segment;
  gsize length;

  if (!location)
    return NULL;
  length = strcspn (location, "?#");
  authority = g_strstr_len (location, (gssize) length, "//");
  /* A host's name is not a segment, whatever it looks like. */
  if (authority &&
      !memchr (authority + 2, '/', length - (gsize) (authority + 2 - location)))
    return NULL;
  segment = g_strrstr_len (location, (gssize) length, "/");
  segment = segment ? segment + 1 : location;
  length -= (gsize) (segment - location);
  if (!mh_protocol_check_session_id (segment, length))
    return NULL;
  return g_strndup (segment, length);
}

static void
session_start_outcome (const MhAnswer *answer, MhOutcome *outcome)
{
  char *session_id = session_id_from_location (answer->location);

  *outcome = (MhOutcome){ MH_OUTCOME_ACCEPTED, .session_id = session_id };
  if (session_id)
    return;
  /* The API answers 201. Other successes come from what is in between, such as
   * the login page of a hotel's network, and go away. */
  outcome->kind = MH_OUTCOME_RETRY;
  outcome->tries = answer->status == 201 ? MH_RETRY_UNUSABLE_MAX : 0;
  outcome->reason = g_strdup_printf (
      "HTTP %u without a usable session id", answer->status);
}

static void
collection_answer (
    MhEvent event, const MhAnswer *answer, gint64 utc_now, MhOutcome *outcome)
{
  gboolean starts = event == MH_EVENT_SESSION_START;

  if (mh_protocol_status_outcome (answer, utc_now, outcome)) {
    if (!starts && (answer->status == 404 || answer->status == 410))
      outcome->kind = MH_OUTCOME_EXPIRED;
  } else if (starts) {
    session_start_outcome (answer, outcome);
  } else {
    *outcome = (MhOutcome){ MH_OUTCOME_ACCEPTED };
  }
}

static void
collection_batch_answer (
    const MhAnswer *answer, gint64 utc_now, MhOutcome *outcome)
{
  if (!mh_protocol_status_outcome (answer, utc_now, outcome))
    *outcome = (MhOutcome){ MH_OUTCOME_ACCEPTED };
}

const MhProtocol mh_protocol_collection = {
  .name = "media-collection",
  .encode = collection_encode,
  .request = collection_request,
  .batch = collection_batch,
  .batch_answer = collection_batch_answer,
  .answer = collection_answer,
};
