/* mh-protocol-edge: the Media Edge API (docs/design/wire-media-edge.md).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-protocol-private.h"

#include <math.h>
#include <string.h>

#include "mh-json.h"

/* What each body begins with, up to where a session's ID belongs. */
#define COLLECTION "\"mediaCollection\":{"

/* ---- names and numbers ---- */

/* How a value is written (docs/design/wire-media-edge.md#numbers). */
typedef enum
{
  AS_TEXT,
  AS_LENGTH, /* s, rounded, at least 1 where there is any */
  AS_SECONDS, /* s, rounded down */
  AS_NUMBER, /* rounded */
  AS_KILO, /* rounded, of a thousand */
  AS_FLAG,
} Form;

/* One parameter of a hit and the member that it becomes; without a name: none.
 * Those that are own come first, then what the configuration says, then the
 * rest. A table ends with an empty row. */
typedef struct
{
  const char *param;
  const char *name;
  Form form;
  gboolean own;
} Row;

/* The tables of docs/design/wire-media-edge.md#names. */
static const Row session_rows[] = {
  { "media.id", "name", AS_TEXT, TRUE },
  { "media.name", "friendlyName", AS_TEXT, TRUE },
  { "media.length", "length", AS_LENGTH, TRUE },
  { "media.contentType", "contentType", AS_TEXT, TRUE },
  { "media.streamType", "streamType", AS_TEXT, TRUE },
  { "media.resume", "hasResume", AS_FLAG, FALSE },
  { "media.downloaded", NULL, AS_FLAG, FALSE },
  { "media.playerName", "playerName", AS_TEXT, FALSE },
  { "media.channel", "channel", AS_TEXT, FALSE },
  { "media.sdkVersion", "appVersion", AS_TEXT, FALSE },
  { "media.show", "show", AS_TEXT, FALSE },
  { "media.season", "season", AS_TEXT, FALSE },
  { "media.episode", "episode", AS_TEXT, FALSE },
  { "media.assetId", "assetID", AS_TEXT, FALSE },
  { "media.genre", "genre", AS_TEXT, FALSE },
  { "media.firstAirDate", "firstAirDate", AS_TEXT, FALSE },
  { "media.firstDigitalDate", "firstDigitalDate", AS_TEXT, FALSE },
  { "media.rating", "rating", AS_TEXT, FALSE },
  { "media.originator", "originator", AS_TEXT, FALSE },
  { "media.network", "network", AS_TEXT, FALSE },
  { "media.showType", "showType", AS_TEXT, FALSE },
  { "media.adLoad", "adLoad", AS_TEXT, FALSE },
  { "media.pass.mvpd", "mvpd", AS_TEXT, FALSE },
  { "media.pass.auth", "authorized", AS_TEXT, FALSE },
  { "media.dayPart", "dayPart", AS_TEXT, FALSE },
  { "media.feed", "feed", AS_TEXT, FALSE },
  { "media.streamFormat", "streamFormat", AS_TEXT, FALSE },
  { "media.artist", "artist", AS_TEXT, FALSE },
  { "media.album", "album", AS_TEXT, FALSE },
  { "media.label", "label", AS_TEXT, FALSE },
  { "media.author", "author", AS_TEXT, FALSE },
  { "media.station", "station", AS_TEXT, FALSE },
  { "media.publisher", "publisher", AS_TEXT, FALSE },
  { NULL },
};

static const Row ad_break_rows[] = {
  { "media.ad.podFriendlyName", "friendlyName", AS_TEXT, TRUE },
  { "media.ad.podIndex", "index", AS_NUMBER, TRUE },
  { "media.ad.podSecond", "offset", AS_SECONDS, TRUE },
  { NULL },
};

static const Row ad_rows[] = {
  { "media.ad.id", "name", AS_TEXT, TRUE },
  { "media.ad.name", "friendlyName", AS_TEXT, TRUE },
  { "media.ad.length", "length", AS_LENGTH, TRUE },
  { "media.ad.podPosition", "podPosition", AS_NUMBER, TRUE },
  { "media.ad.playerName", "playerName", AS_TEXT, FALSE },
  { "media.ad.advertiser", "advertiser", AS_TEXT, FALSE },
  { "media.ad.campaignId", "campaignID", AS_TEXT, FALSE },
  { "media.ad.creativeId", "creativeID", AS_TEXT, FALSE },
  { "media.ad.creativeURL", "creativeURL", AS_TEXT, FALSE },
  { "media.ad.placementId", "placementID", AS_TEXT, FALSE },
  { "media.ad.siteId", "siteID", AS_TEXT, FALSE },
  { NULL },
};

static const Row chapter_rows[] = {
  { "media.chapter.friendlyName", "friendlyName", AS_TEXT, TRUE },
  { "media.chapter.index", "index", AS_NUMBER, TRUE },
  { "media.chapter.length", "length", AS_LENGTH, TRUE },
  { "media.chapter.offset", "offset", AS_SECONDS, TRUE },
  { NULL },
};

static const Row qoe_rows[] = {
  { "media.qoe.bitrate", "bitrate", AS_KILO, TRUE },
  { "media.qoe.droppedFrames", "droppedFrames", AS_NUMBER, TRUE },
  { "media.qoe.framesPerSecond", "framesPerSecond", AS_NUMBER, TRUE },
  { "media.qoe.timeToStart", "timeToStart", AS_NUMBER, TRUE },
  { NULL },
};

/* NULL: it has no member of its own. */
static const Row *
edge_find_row (const Row *rows, const char *param)
{
  for (; rows->param; rows++) {
    if (g_str_equal (rows->param, param))
      return rows;
  }
  return NULL;
}

static double
number_of (GVariant *value)
{
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT64))
    return (double) g_variant_get_int64 (value);
  return g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE)
      ? g_variant_get_double (value)
      : 0;
}

/* All whole numbers of this API have 32 bits. */
static gint64
to_int32 (double value)
{
  return isnan (value) ? 0 : (gint64) CLAMP (value, 0, (double) G_MAXINT32);
}

static gint64
convert (Form form, double value)
{
  switch (form) {
    case AS_LENGTH:
      return value > 0 ? MAX (to_int32 (rint (value)), 1) : 0;
    case AS_SECONDS:
      return to_int32 (floor (value));
    case AS_KILO:
      return to_int32 (rint (value / 1000));
    case AS_NUMBER:
    case AS_TEXT:
    case AS_FLAG:
      break;
  }
  return to_int32 (rint (value));
}

static void
add_value (JsonObject *object, const Row *row, GVariant *value)
{
  if (row->form == AS_TEXT) {
    if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
      mh_json_add_text (object, row->name, g_variant_get_string (value, NULL));
  } else if (row->form == AS_FLAG) {
    if (g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
      mh_json_add_boolean (object, row->name, g_variant_get_boolean (value));
  } else {
    mh_json_add_integer (
        object, row->name, convert (row->form, number_of (value)));
  }
}

/* Of @values (nullable, a{sv}) those that @rows know and that are @own. */
static void
edge_add_values (
    JsonObject *object, const Row *rows, GVariant *values, gboolean own)
{
  GVariantIter iter;
  const char *param;
  GVariant *value;

  if (!values)
    return;
  g_variant_iter_init (&iter, values);
  while (g_variant_iter_loop (&iter, "{&sv}", &param, &value)) {
    const Row *row = edge_find_row (rows, param);

    if (row && row->name && row->own == own)
      add_value (object, row, value);
  }
}

/* ---- metadata ---- */

static void
add_custom (JsonArray *list, const char *name, const char *value)
{
  JsonObject *custom = json_object_new ();

  mh_json_add_text (custom, "name", name);
  mh_json_add_text (custom, "value", value);
  json_array_add_object_element (list, custom);
}

/* Standard metadata that this API has no member for keeps its name. */
static void
add_unknown (JsonArray *list, const Row *rows, GVariant *params)
{
  GVariantIter iter;
  const char *param;
  GVariant *value;

  if (!params)
    return;
  g_variant_iter_init (&iter, params);
  while (g_variant_iter_loop (&iter, "{&sv}", &param, &value)) {
    if (!edge_find_row (rows, param) &&
        g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
      add_custom (list, param, g_variant_get_string (value, NULL));
  }
}

static void
edge_add_metadata (JsonObject *collection, const Row *rows, const MhHit *hit)
{
  g_autoptr (JsonArray) list = json_array_new ();
  GVariantIter iter;
  const char *name, *value;

  if (hit->custom_metadata) {
    g_variant_iter_init (&iter, hit->custom_metadata);
    while (g_variant_iter_loop (&iter, "{&s&s}", &name, &value))
      add_custom (list, name, value);
  }
  add_unknown (list, rows, hit->params);
  if (json_array_get_length (list) > 0)
    json_object_set_array_member (
        collection, "customMetadata", json_array_ref (list));
}

/* ---- identity ---- */

static void
add_identity (JsonObject *map, const char *name, const char *id,
    const char *state, gboolean primary)
{
  JsonObject *identity;

  if (!id || !*id)
    return;
  identity = json_object_new ();
  mh_json_add_text (identity, "id", id);
  mh_json_add_text (identity, "authenticatedState", state);
  mh_json_add_boolean (identity, "primary", primary);
  mh_json_add_list (map, name, identity);
}

static void
edge_add_customer_id (
    const char *name, const char *id, int auth_state, gpointer map)
{
  static const char *const states[] = { "ambiguous", "authenticated",
    "loggedOut" };

  if (auth_state >= 0)
    add_identity (map, name, id, states[auth_state], FALSE);
}

/* A device ID must be a random UUID: the API does not take any other. */
static gboolean
is_random_uuid (const char *text)
{
  static const char form[] = "xxxxxxxx-xxxx-4xxx-xxxx-xxxxxxxxxxxx";

  if (!text || strlen (text) != strlen (form))
    return FALSE;
  for (guint i = 0; form[i]; i++) {
    if (form[i] == 'x' ? !g_ascii_isxdigit (text[i]) : text[i] != form[i])
      return FALSE;
  }
  return TRUE;
}

static JsonObject *
make_identity_map (const MhConfig *config)
{
  JsonObject *map = json_object_new ();
  const char *ecid = config->marketing_cloud_user_id;
  gboolean has_ecid = ecid && *ecid;

  add_identity (map, "ECID", ecid, "ambiguous", TRUE);
  if (is_random_uuid (config->app_installation_id))
    add_identity (
        map, "FPID", config->app_installation_id, "ambiguous", !has_ecid);
  add_identity (map, "AAID", config->analytics_id, "ambiguous", FALSE);
  mh_config_for_each_customer_id (
      config->customer_ids, edge_add_customer_id, map);
  return map;
}

/* ---- events ---- */

static JsonObject *
make_session_details (const MhConfig *config, const MhHit *hit)
{
  JsonObject *details = json_object_new ();

  edge_add_values (details, session_rows, hit->params, TRUE);
  mh_json_add_text (details, "playerName", config->player_name);
  mh_json_add_text (details, "channel", config->channel);
  mh_json_add_text (details, "appVersion", config->app_version);
  edge_add_values (details, session_rows, hit->params, FALSE);
  return details;
}

static JsonObject *
make_ad_details (const MhConfig *config, const MhHit *hit)
{
  JsonObject *details = json_object_new ();

  edge_add_values (details, ad_rows, hit->params, TRUE);
  mh_json_add_text (details, "playerName", config->player_name);
  edge_add_values (details, ad_rows, hit->params, FALSE);
  return details;
}

static JsonObject *
make_details (const Row *rows, GVariant *params)
{
  JsonObject *details = json_object_new ();

  edge_add_values (details, rows, params, TRUE);
  return details;
}

static JsonObject *
make_state (const MhHit *hit)
{
  JsonObject *state = json_object_new ();

  mh_json_add_text (
      state, "name", mh_hit_get_text (hit->params, "media.state.name"));
  return state;
}

/* There are these two sources. */
static JsonObject *
make_error (const MhHit *hit)
{
  const char *source = mh_hit_get_text (hit->qoe, "media.qoe.errorSource");
  JsonObject *error = json_object_new ();

  mh_json_add_text (
      error, "name", mh_hit_get_text (hit->qoe, "media.qoe.errorID"));
  mh_json_add_text (error, "source",
      g_str_equal (source, "external") ? "external" : "player");
  return error;
}

/* A change of the bitrate has them even where there are none. */
static void
edge_add_qoe (JsonObject *collection, const MhHit *hit)
{
  JsonObject *qoe = make_details (qoe_rows, hit->qoe);

  if (hit->event == MH_EVENT_BITRATE_CHANGE)
    json_object_set_object_member (collection, "qoeDataDetails", qoe);
  else
    mh_json_add_object (collection, "qoeDataDetails", qoe);
}

/* What this event has beside its playhead. */
static void
add_parts (JsonObject *collection, const MhConfig *config, const MhHit *hit)
{
  const Row *rows = NULL;

  if (hit->event == MH_EVENT_SESSION_START) {
    mh_json_add_object (
        collection, "sessionDetails", make_session_details (config, hit));
    rows = session_rows;
  } else if (hit->event == MH_EVENT_AD_START) {
    mh_json_add_object (
        collection, "advertisingDetails", make_ad_details (config, hit));
    rows = ad_rows;
  } else if (hit->event == MH_EVENT_CHAPTER_START) {
    mh_json_add_object (
        collection, "chapterDetails", make_details (chapter_rows, hit->params));
    rows = chapter_rows;
  } else if (hit->event == MH_EVENT_AD_BREAK_START) {
    mh_json_add_object (collection, "advertisingPodDetails",
        make_details (ad_break_rows, hit->params));
  } else if (hit->event == MH_EVENT_STATE_START) {
    mh_json_add_list (collection, "statesStart", make_state (hit));
  } else if (hit->event == MH_EVENT_STATE_END) {
    mh_json_add_list (collection, "statesEnd", make_state (hit));
  } else if (hit->event == MH_EVENT_ERROR) {
    mh_json_add_object (collection, "errorDetails", make_error (hit));
  }
  edge_add_qoe (collection, hit);
  if (rows)
    edge_add_metadata (collection, rows, hit);
}

/* Its path, and the end of its type. */
static const char *
edge_name (MhEvent event)
{
  return event == MH_EVENT_STATE_START || event == MH_EVENT_STATE_END
      ? "statesUpdate"
      : mh_event_name (event);
}

static JsonObject *
make_xdm (const MhConfig *config, const MhHit *hit)
{
  JsonObject *xdm = json_object_new ();
  JsonObject *collection = json_object_new ();
  g_autofree char *type = g_strconcat ("media.", edge_name (hit->event), NULL);
  g_autofree char *time = mh_protocol_format_time (hit->ts);

  mh_json_add_integer (
      collection, "playhead", convert (AS_SECONDS, hit->playhead));
  add_parts (collection, config, hit);
  mh_json_add_text (xdm, "eventType", type);
  mh_json_add_text (xdm, "timestamp", time);
  mh_json_add_object (xdm, "mediaCollection", collection);
  if (hit->event == MH_EVENT_SESSION_START)
    mh_json_add_object (xdm, "identityMap", make_identity_map (config));
  return xdm;
}

static GBytes *
edge_encode (
    const MhConfig *config, const MhHit *hit, const MhSessionTrail *trail)
{
  g_autoptr (JsonObject) body = json_object_new ();
  JsonObject *event = json_object_new ();

  mh_json_add_object (event, "xdm", make_xdm (config, hit));
  mh_json_add_list (body, "events", event);
  return mh_json_to_bytes (body);
}

/* ---- requests ---- */

/* The datastream stands in the query, as every request has it there. */
static char *
edge_endpoint (const MhConfig *config)
{
  g_autofree char *datastream = g_uri_escape_string (
      config->datastream_id ? config->datastream_id : "", NULL, FALSE);
  g_autofree char *server = g_strdup (config->collection_server);

  while (g_str_has_suffix (server, "/"))
    server[strlen (server) - 1] = '\0';
  return g_strconcat (server, "?configId=", datastream, NULL);
}

/* @path below an endpoint, with its query. */
static char *
make_uri (const char *endpoint, const char *path)
{
  gsize length = strcspn (endpoint, "?");

  return g_strdup_printf (
      "%.*s/ee/%s%s", (int) length, endpoint, path, endpoint + length);
}

/* The ID is the collection's first member. What stands in front of it is no
 * text of the application's, so the first match is the place. */
static GBytes *
splice_session (GBytes *body, const char *session_id)
{
  gsize length;
  const char *text = g_bytes_get_data (body, &length);
  const char *place = text ? g_strstr_len (text, (gssize) length, COLLECTION)
                           : NULL;
  GString *json;

  if (!place)
    return g_bytes_ref (body);
  place += strlen (COLLECTION);
  json = g_string_sized_new (length + 96);
  g_string_append_len (json, text, place - text);
  g_string_append_printf (json, "\"sessionID\":\"%s\",", session_id);
  g_string_append_len (json, place, text + length - place);
  return g_string_free_to_bytes (json);
}

static MhRequest *
edge_request (const char *server, MhEvent event, GBytes *body,
    const char *session_id, const char *hint)
{
  g_autofree char *path = NULL;
  g_autoptr (GBytes) spliced = NULL;

  g_return_val_if_fail (
      (event == MH_EVENT_SESSION_START) == (session_id == NULL), NULL);

  path = g_strdup_printf (
      "%s%sva/v1/%s", hint ? hint : "", hint ? "/" : "", edge_name (event));
  spliced = session_id ? splice_session (body, session_id) : g_bytes_ref (body);
  return mh_request_new ("POST", make_uri (server, path), spliced);
}

static MhRequest *
edge_batch (const char *server, GBytes *start, gboolean resume, GPtrArray *hits,
    guint *left_out)
{
  g_autoptr (GBytes)
      body = mh_protocol_edge_batch_encode (start, resume, hits, left_out);

  return body
      ? mh_request_new ("POST", make_uri (server, "va/v1/downloaded"), body)
      : NULL;
}

/* Its playheads are rounded down to seconds. */
static const MhProtocolClock clocks[] = {
  { "{", "\"timestamp\":\"", FALSE, TRUE, "\"playhead\":", 1, 1.05 },
  { NULL },
};

const MhProtocol mh_protocol_edge = {
  .name = "media-edge",
  .endpoint = edge_endpoint,
  .encode = edge_encode,
  .clocks = clocks,
  .request = edge_request,
  .batch = edge_batch,
  .batch_answer = mh_protocol_edge_batch_answer,
  .answer = mh_protocol_edge_answer,
};
