/* mh-protocol-collection: the Media Collection API
 * (docs/design/wire-media-collection.md).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-protocol-private.h"

#include <string.h>

#include "mh-json.h"

/* @values: (nullable): a{sv} */
static void
collection_add_values (JsonObject *object, GVariant *values)
{
  GVariantIter iter;
  const char *name;
  GVariant *value;

  if (!values)
    return;
  g_variant_iter_init (&iter, values);
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &value))
    mh_json_add_variant (object, name, value);
}

/* @values: (nullable): a{ss} */
static void
add_strings (JsonObject *object, GVariant *values)
{
  GVariantIter iter;
  const char *name, *value;

  if (!values)
    return;
  g_variant_iter_init (&iter, values);
  while (g_variant_iter_loop (&iter, "{&s&s}", &name, &value))
    mh_json_add_text (object, name, value);
}

/* Only when it is on: off is what the back end takes for granted. */
static void
add_flag (JsonObject *object, const char *name, gboolean on)
{
  if (on)
    mh_json_add_boolean (object, name, TRUE);
}

/* What is malformed has been warned of. */
static void
collection_add_customer_id (
    const char *name, const char *id, int auth_state, gpointer customers)
{
  JsonObject *customer;

  if (auth_state < 0)
    return;
  customer = json_object_new ();
  mh_json_add_text (customer, "id", id);
  mh_json_add_integer (customer, "authState", auth_state);
  mh_json_add_object (customers, name, customer);
}

static void
collection_add_customer_ids (JsonObject *params, GVariant *ids)
{
  JsonObject *customers = json_object_new ();

  mh_config_for_each_customer_id (ids, collection_add_customer_id, customers);
  mh_json_add_object (params, "visitor.customerIDs", customers);
}

static void
add_identity_params (JsonObject *params, const MhConfig *config)
{
  mh_json_add_text (params, "analytics.visitorId", config->visitor_id);
  mh_json_add_text (params, "analytics.aid", config->analytics_id);
  add_flag (params, "analytics.optOutShare", config->opt_out_share);
  add_flag (params, "analytics.optOutServerSideForwarding",
      config->opt_out_forwarding);
  mh_json_add_text (
      params, "visitor.marketingCloudUserId", config->marketing_cloud_user_id);
  if (config->location_hint >= 0)
    mh_json_add_integer (
        params, "visitor.aamLocationHint", config->location_hint);
  collection_add_customer_ids (params, config->customer_ids);
}

static void
add_session_start_params (JsonObject *params, const MhConfig *config)
{
  mh_json_add_text (
      params, "analytics.trackingServer", config->tracking_server);
  mh_json_add_text (params, "analytics.reportSuite", config->report_suite);
  mh_json_add_text (params, "visitor.marketingCloudOrgId", config->org_id);
  if (config->collection_server)
    mh_json_add_boolean (params, "analytics.enableSSL",
        g_ascii_strncasecmp (config->collection_server, "https:", 6) == 0);
  add_identity_params (params, config);
  mh_json_add_text (params, "appInstallationId", config->app_installation_id);
  mh_json_add_text (params, "media.playerName", config->player_name);
  mh_json_add_text (params, "media.channel", config->channel);
  mh_json_add_text (params, "media.sdkVersion", config->app_version);
  mh_json_add_text (params, "media.libraryVersion", MH_PROTOCOL_LIBRARY);
}

static JsonObject *
collection_make_time (const MhHit *hit)
{
  JsonObject *time = json_object_new ();

  mh_json_add_number (time, "playhead", hit->playhead);
  mh_json_add_integer (time, "ts", hit->ts);
  return time;
}

static JsonObject *
collection_make_params (const MhConfig *config, const MhHit *hit)
{
  JsonObject *params = json_object_new ();

  if (hit->event == MH_EVENT_SESSION_START)
    add_session_start_params (params, config);
  else if (hit->event == MH_EVENT_AD_START)
    mh_json_add_text (params, "media.ad.playerName", config->player_name);
  collection_add_values (params, hit->params);
  return params;
}

static void
collection_add_event (
    JsonObject *event, const MhConfig *config, const MhHit *hit)
{
  JsonObject *qoe = json_object_new ();
  JsonObject *metadata = json_object_new ();

  collection_add_values (qoe, hit->qoe);
  add_strings (metadata, hit->custom_metadata);
  mh_json_add_text (event, "eventType", mh_event_name (hit->event));
  mh_json_add_object (event, "playerTime", collection_make_time (hit));
  mh_json_add_object (event, "params", collection_make_params (config, hit));
  mh_json_add_object (event, "qoeData", qoe);
  mh_json_add_object (event, "customMetadata", metadata);
}

char *
mh_protocol_collection_event_text (
    const MhConfig *config, const MhHit *hit, gboolean with_session)
{
  g_autoptr (JsonObject) event = json_object_new ();
  GString *text = g_string_sized_new (128);

  if (with_session)
    mh_json_add_integer (event, "session", hit->session);
  collection_add_event (event, config, hit);
  mh_json_append_object (text, event);
  return g_string_free (text, FALSE);
}

static GBytes *
collection_encode (
    const MhConfig *config, const MhHit *hit, const MhSessionTrail *trail)
{
  char *text = mh_protocol_collection_event_text (config, hit, FALSE);

  return g_bytes_new_take (text, strlen (text));
}

static MhRequest *
collection_request (const char *server, MhEvent event, GBytes *body,
    const char *session_id, const char *hint)
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
  g_autoptr (GBytes) body = mh_protocol_collection_batch_encode (
      start, resume, hits, left_out);

  return body ? mh_request_new ("POST",
                    mh_protocol_join (server, "api/v1/downloaded"), body)
              : NULL;
}

/* Where the path of a URI reference begins; NULL where there is none: a host's
 * name is not a segment of it, whatever it looks like. */
static const char *
find_path (const char *reference)
{
  gsize scheme = strcspn (reference, ":/?#");

  if (reference[scheme] == ':')
    reference += scheme + 1;
  if (!g_str_has_prefix (reference, "//"))
    return reference;
  reference += 2;
  reference += strcspn (reference, "/?#");
  return *reference == '/' ? reference : NULL;
}

/* The session's id: the last segment of the path in a Location header that is
 * not empty. Nothing else of the header is believed: where requests go is up to
 * the application. NULL where there is none that is fit for a path, and for the
 * path of all sessions without an id. */
static char *
session_id_from_location (const char *location)
{
  const char *path = location ? find_path (location) : NULL;
  gsize length = path ? strcspn (path, "?#") : 0;
  gsize begin;
  g_autofree char *id = NULL;

  while (length > 0 && path[length - 1] == '/')
    length--;
  for (begin = length; begin > 0 && path[begin - 1] != '/'; begin--)
    ;
  /* An escaped slash or zero makes it NULL: it is checked as it is sent. */
  id = g_uri_unescape_segment (path + begin, path + length, "/");
  if (!id || !mh_protocol_check_session_id (id, strlen (id)) ||
      g_str_equal (id, "sessions"))
    return NULL;
  return g_steal_pointer (&id);
}

static void
session_start_outcome (const MhAnswer *answer, MhOutcome *outcome)
{
  char *session_id = session_id_from_location (answer->location);

  outcome->session_id = session_id;
  if (session_id)
    return;
  /* The API answers 201. Other successes come from what is in between, such as
   * the login page of a hotel's network, and go away. */
  outcome->kind = MH_OUTCOME_RETRY;
  outcome->tries = answer->status == 201 ? MH_PROTOCOL_TRIES : 0;
  outcome->reason = g_strdup_printf (
      "HTTP %u without a usable session id", answer->status);
}

static void
collection_answer (
    MhEvent event, const MhAnswer *answer, gint64 utc_now, MhOutcome *outcome)
{
  gboolean starts = event == MH_EVENT_SESSION_START;

  if (mh_protocol_status_outcome (answer, utc_now, outcome)) {
    if (!starts && outcome->kind == MH_OUTCOME_REFUSED)
      mh_protocol_refine_event_refusal (answer, outcome);
  } else if (starts) {
    session_start_outcome (answer, outcome);
  }
}

static void
collection_batch_answer (
    const MhAnswer *answer, gint64 utc_now, MhOutcome *outcome)
{
  mh_protocol_status_outcome (answer, utc_now, outcome);
}

static const MhProtocolClock clocks[] = {
  { "{", "\"ts\":", FALSE, FALSE, "\"playhead\":", 1, 0.05 },
  { NULL },
};

const MhProtocol mh_protocol_collection = {
  .name = "media-collection",
  .encode = collection_encode,
  .clocks = clocks,
  .request = collection_request,
  .batch = collection_batch,
  .batch_answer = collection_batch_answer,
  .answer = collection_answer,
};
