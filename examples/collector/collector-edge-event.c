/* collector-edge-event: an event of the Media Edge API in the form of the Media
 * Collection API.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-edge-event.h"

#include "collector-json.h"
#include "collector-limits.h"
#include "collector-text.h"

#include <string.h>

/* As much of a foreign value as a reason repeats. */
#define MAX_QUOTED 64

typedef enum
{
  TEXT,
  WHOLE,
  POSITIVE, /* a whole number that is not negative */
  FLAG,
  COUNT, /* as POSITIVE, and may be 0 */
  KILO, /* as COUNT, of thousands */
} Kind;

/* One member and the parameter that it becomes. A table ends without a name. */
typedef struct
{
  const char *name;
  const char *param;
  Kind kind;
  gboolean required;
} Row;

/* docs/design/wire-media-edge.md#names */
static const Row session_rows[] = {
  { "name", "media.id", TEXT, TRUE },
  { "playerName", "media.playerName", TEXT, TRUE },
  { "length", "media.length", WHOLE, TRUE },
  { "channel", "media.channel", TEXT, TRUE },
  { "contentType", "media.contentType", TEXT, TRUE },
  { "friendlyName", "media.name", TEXT },
  { "streamType", "media.streamType", TEXT },
  { "hasResume", "media.resume", FLAG },
  { "isDownloaded", "media.downloaded", FLAG },
  { "appVersion", "media.sdkVersion", TEXT },
  { "show", "media.show", TEXT },
  { "season", "media.season", TEXT },
  { "episode", "media.episode", TEXT },
  { "assetID", "media.assetId", TEXT },
  { "genre", "media.genre", TEXT },
  { "firstAirDate", "media.firstAirDate", TEXT },
  { "firstDigitalDate", "media.firstDigitalDate", TEXT },
  { "rating", "media.rating", TEXT },
  { "originator", "media.originator", TEXT },
  { "network", "media.network", TEXT },
  { "showType", "media.showType", TEXT },
  { "adLoad", "media.adLoad", TEXT },
  { "mvpd", "media.pass.mvpd", TEXT },
  { "authorized", "media.pass.auth", TEXT },
  { "dayPart", "media.dayPart", TEXT },
  { "feed", "media.feed", TEXT },
  { "streamFormat", "media.streamFormat", TEXT },
  { "artist", "media.artist", TEXT },
  { "album", "media.album", TEXT },
  { "label", "media.label", TEXT },
  { "author", "media.author", TEXT },
  { "station", "media.station", TEXT },
  { "publisher", "media.publisher", TEXT },
  { NULL },
};

static const Row ad_break_rows[] = {
  { "index", "media.ad.podIndex", WHOLE, TRUE },
  { "offset", "media.ad.podSecond", WHOLE, TRUE },
  { "friendlyName", "media.ad.podFriendlyName", TEXT },
  { NULL },
};

static const Row ad_rows[] = {
  { "name", "media.ad.id", TEXT, TRUE },
  { "length", "media.ad.length", WHOLE, TRUE },
  { "playerName", "media.ad.playerName", TEXT, TRUE },
  { "podPosition", "media.ad.podPosition", POSITIVE, TRUE },
  { "friendlyName", "media.ad.name", TEXT },
  { "advertiser", "media.ad.advertiser", TEXT },
  { "campaignID", "media.ad.campaignId", TEXT },
  { "creativeID", "media.ad.creativeId", TEXT },
  { "creativeURL", "media.ad.creativeURL", TEXT },
  { "placementID", "media.ad.placementId", TEXT },
  { "siteID", "media.ad.siteId", TEXT },
  { NULL },
};

static const Row chapter_rows[] = {
  { "index", "media.chapter.index", WHOLE, TRUE },
  { "length", "media.chapter.length", WHOLE, TRUE },
  { "offset", "media.chapter.offset", WHOLE, TRUE },
  { "friendlyName", "media.chapter.friendlyName", TEXT },
  { NULL },
};

static const Row error_rows[] = {
  { "name", "media.qoe.errorID", TEXT, TRUE },
  { "source", "media.qoe.errorSource", TEXT, TRUE },
  { NULL },
};

static const Row qoe_rows[] = {
  { "bitrate", "media.qoe.bitrate", KILO },
  { "droppedFrames", "media.qoe.droppedFrames", COUNT },
  { "framesPerSecond", "media.qoe.framesPerSecond", COUNT },
  { "timeToStart", "media.qoe.timeToStart", COUNT },
  { NULL },
};

/* What an event must have beside its playhead, and where it goes. */
static const struct
{
  const char *event;
  const char *section;
  const Row *rows;
  const char *object;
} sections[] = {
  { "sessionStart", "sessionDetails", session_rows, "params" },
  { "adBreakStart", "advertisingPodDetails", ad_break_rows, "params" },
  { "adStart", "advertisingDetails", ad_rows, "params" },
  { "chapterStart", "chapterDetails", chapter_rows, "params" },
  { "error", "errorDetails", error_rows, "qoeData" },
  { "bitrateChange", "qoeDataDetails", qoe_rows, "qoeData" },
};

static const char *const plain_events[] = { "sessionStart", "sessionComplete",
  "sessionEnd", "adBreakStart", "adBreakComplete", "adStart", "adComplete",
  "adSkip", "chapterStart", "chapterComplete", "chapterSkip", "play", "ping",
  "bufferStart", "pauseStart", "bitrateChange", "error", "statesUpdate", NULL };

/* ---- values ---- */

static JsonObject *
as_object (JsonNode *node)
{
  return node && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node)
                                               : NULL;
}

static JsonObject *
get_object (JsonObject *object, const char *name)
{
  return object ? as_object (json_object_get_member (object, name)) : NULL;
}

static gboolean
has_type (JsonNode *node, GType type)
{
  return node && JSON_NODE_HOLDS_VALUE (node) &&
      json_node_get_value_type (node) == type;
}

static const char *
get_text (JsonObject *object, const char *name)
{
  JsonNode *node = object ? json_object_get_member (object, name) : NULL;

  return has_type (node, G_TYPE_STRING) ? json_node_get_string (node) : NULL;
}

static gboolean
is_whole (JsonNode *node, gint64 least)
{
  return has_type (node, G_TYPE_INT64) && json_node_get_int (node) >= least &&
      json_node_get_int (node) <= COLLECTOR_NUMBER_MAX;
}

static gboolean
fits (JsonNode *node, Kind kind)
{
  switch (kind) {
    case TEXT:
      return has_type (node, G_TYPE_STRING);
    case FLAG:
      return has_type (node, G_TYPE_BOOLEAN);
    case WHOLE:
      return is_whole (node, -COLLECTOR_NUMBER_MAX);
    case POSITIVE:
    case COUNT:
    case KILO:
      return is_whole (node, 0);
  }
  g_assert_not_reached ();
}

static const char *
kind_name (Kind kind)
{
  switch (kind) {
    case TEXT:
      return "a string";
    case FLAG:
      return "true or false";
    case WHOLE:
      return "a whole number";
    case POSITIVE:
    case COUNT:
    case KILO:
      return "a whole number that is not negative";
  }
  g_assert_not_reached ();
}

static JsonNode *
convert_value (JsonNode *node, Kind kind)
{
  if (kind == KILO)
    return json_node_init_int (json_node_alloc (),
        CLAMP (json_node_get_int (node), 0, G_MAXINT32) * 1000);
  /* Adobe's own clients count from 0 as well. */
  if (kind == POSITIVE)
    return json_node_init_int (
        json_node_alloc (), MAX (json_node_get_int (node), 1));
  return json_node_copy (node);
}

/* Of @section those that @rows know, into @object. */
static gboolean
convert_section (JsonObject *section, const char *where, const Row *rows,
    JsonObject *object, char **reason)
{
  for (; rows->name; rows++) {
    JsonNode *node = json_object_get_member (section, rows->name);

    if (!node && !rows->required)
      continue;
    if (!node)
      return collector_text_refuse (
          reason, "%s.%s: Missing required field", where, rows->name);
    if (!fits (node, rows->kind)) {
      g_autofree char *text = collector_json_write (node);
      g_autofree char *quoted = collector_text_printable (text, MAX_QUOTED);

      return collector_text_refuse (reason, "%s.%s: must be %s, not %s", where,
          rows->name, kind_name (rows->kind), quoted);
    }
    json_object_set_member (
        object, rows->param, convert_value (node, rows->kind));
  }
  return TRUE;
}

/* The object @name of @event, which is made if there is none. */
static JsonObject *
need_object (JsonObject *event, const char *name)
{
  if (!json_object_has_member (event, name))
    json_object_set_object_member (event, name, json_object_new ());
  return json_object_get_object_member (event, name);
}

/* ---- parts of an event ---- */

static gboolean
convert_details (
    JsonObject *collection, const char *type, JsonObject *event, char **reason)
{
  for (guint i = 0; i < G_N_ELEMENTS (sections); i++) {
    JsonObject *section;
    g_autofree char *where = NULL;

    if (strcmp (sections[i].event, type) != 0)
      continue;
    section = get_object (collection, sections[i].section);
    where = g_strconcat ("mediaCollection.", sections[i].section, NULL);
    if (!section)
      return collector_text_refuse (
          reason, "%s: Missing required field", where);
    return convert_section (section, where, sections[i].rows,
        need_object (event, sections[i].object), reason);
  }
  return TRUE;
}

static gboolean
convert_qoe (JsonObject *collection, JsonObject *event, char **reason)
{
  JsonObject *section = get_object (collection, "qoeDataDetails");

  if (!section)
    return TRUE;
  if (json_object_get_size (section) == 0)
    return TRUE;
  return convert_section (section, "mediaCollection.qoeDataDetails", qoe_rows,
      need_object (event, "qoeData"), reason);
}

static gboolean
convert_metadata (JsonObject *collection, JsonObject *event, char **reason)
{
  JsonNode *node = json_object_get_member (collection, "customMetadata");
  JsonArray *array;

  if (!node)
    return TRUE;
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return collector_text_refuse (
        reason, "mediaCollection.customMetadata: not an array");
  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++) {
    JsonObject *item = as_object (json_array_get_element (array, i));
    const char *name = get_text (item, "name");
    const char *value = get_text (item, "value");

    if (!name || !value)
      return collector_text_refuse (reason,
          "mediaCollection.customMetadata[%u]: name and value must be strings",
          i);
    json_object_set_string_member (
        need_object (event, "customMetadata"), name, value);
  }
  return TRUE;
}

static gboolean
convert_playhead (
    JsonObject *collection, gint64 ts, JsonObject *event, char **reason)
{
  JsonNode *node = json_object_get_member (collection, "playhead");
  JsonObject *time;

  if (!fits (node, POSITIVE))
    return collector_text_refuse (reason, "mediaCollection.playhead: %s",
        node ? "must be a whole number that is not negative"
             : "Missing required field");
  time = need_object (event, "playerTime");
  json_object_set_int_member (time, "playhead", json_node_get_int (node));
  json_object_set_int_member (time, "ts", ts);
  return TRUE;
}

static JsonObject *
convert_event (
    JsonObject *collection, const char *type, gint64 ts, char **reason)
{
  g_autoptr (JsonObject) event = json_object_new ();

  json_object_set_string_member (event, "eventType", type);
  if (!convert_playhead (collection, ts, event, reason) ||
      !convert_details (collection, type, event, reason) ||
      !convert_qoe (collection, event, reason) ||
      !convert_metadata (collection, event, reason))
    return NULL;
  return g_steal_pointer (&event);
}

/* ---- states ---- */

static gboolean
add_states (GPtrArray *events, JsonObject *collection, const char *list,
    const char *type, gint64 ts, char **reason)
{
  JsonNode *node = json_object_get_member (collection, list);
  JsonArray *array =
      node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; array && i < json_array_get_length (array); i++) {
    const char *name = get_text (
        as_object (json_array_get_element (array, i)), "name");
    JsonObject *event;

    if (!name)
      return collector_text_refuse (reason,
          "mediaCollection.%s[%u].name: Missing required "
          "field",
          list, i);
    event = convert_event (collection, type, ts + events->len, reason);
    if (!event)
      return FALSE;
    json_object_set_string_member (
        need_object (event, "params"), "media.state.name", name);
    g_ptr_array_add (events, event);
  }
  return TRUE;
}

static gboolean
convert_states (
    GPtrArray *events, JsonObject *collection, gint64 ts, char **reason)
{
  if (!add_states (
          events, collection, "statesStart", "stateStart", ts, reason) ||
      !add_states (events, collection, "statesEnd", "stateEnd", ts, reason))
    return FALSE;
  if (events->len > 0)
    return TRUE;
  return collector_text_refuse (
      reason, "mediaCollection: neither statesStart nor statesEnd is there");
}

/* ---- public ---- */

/* -1 where it is none. */
static gint64
parse_time (const char *text)
{
  g_autoptr (GDateTime) time = text ? g_date_time_new_from_iso8601 (text, NULL)
                                    : NULL;

  return time ? g_date_time_to_unix (time) * 1000 +
          g_date_time_get_microsecond (time) / 1000
              : -1;
}

GPtrArray *
collector_edge_event_convert (
    JsonNode *node, gboolean downloaded, char **reason)
{
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func (
      (GDestroyNotify) json_object_unref);
  JsonObject *xdm = as_object (node);
  JsonObject *collection = get_object (xdm, "mediaCollection");
  const char *type = get_text (
      xdm, downloaded ? "mediaEventType" : "eventType");
  gint64 ts = parse_time (
      get_text (xdm, downloaded ? "mediaEventTimestamp" : "timestamp"));
  JsonObject *event;

  if (!type || !g_str_has_prefix (type, "media.") ||
      !g_strv_contains (plain_events, type + strlen ("media."))) {
    collector_text_refuse (reason, "eventType: there is no such event");
    return NULL;
  }
  type += strlen ("media.");
  if (ts <= 0 || !collection) {
    collector_text_refuse (reason, "%s: Missing required field",
        collection ? "timestamp" : "mediaCollection");
    return NULL;
  }
  if (!collector_limits_check_time (
          downloaded ? "mediaEventTimestamp" : "timestamp", ts, reason))
    return NULL;
  if (strcmp (type, "statesUpdate") == 0)
    return convert_states (events, collection, ts, reason)
        ? g_steal_pointer (&events)
        : NULL;
  event = convert_event (collection, type, ts, reason);
  if (!event)
    return NULL;
  g_ptr_array_add (events, event);
  return g_steal_pointer (&events);
}

/* @list: what a namespace has: the first one's ID. */
static const char *
first_id (JsonNode *list, int *state)
{
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (list) ? json_node_get_array (list)
                                                  : NULL;
  JsonObject *item = array && json_array_get_length (array) > 0
      ? as_object (json_array_get_element (array, 0))
      : NULL;
  const char *text = get_text (item, "authenticatedState");

  *state = g_strcmp0 (text, "authenticated") == 0 ? 1
      : g_strcmp0 (text, "loggedOut") == 0        ? 2
                                                  : 0;
  return get_text (item, "id");
}

static void
add_id (JsonObject *params, const char *space, const char *id, int state)
{
  static const char *const known[][2] = { { "ECID",
                                              "visitor.marketingCloudUserId" },
    { "FPID", "appInstallationId" }, { "AAID", "analytics.aid" } };
  JsonObject *customer;

  for (guint i = 0; i < G_N_ELEMENTS (known); i++) {
    if (strcmp (known[i][0], space) == 0) {
      json_object_set_string_member (params, known[i][1], id);
      return;
    }
  }
  customer = json_object_new ();
  json_object_set_string_member (customer, "id", id);
  json_object_set_int_member (customer, "authState", state);
  json_object_set_object_member (
      need_object (params, "visitor.customerIDs"), space, customer);
}

void
collector_edge_event_add_identity (JsonObject *event, JsonNode *map)
{
  JsonObject *params = need_object (event, "params");
  JsonObjectIter iter;
  const char *space;
  JsonNode *list;

  if (!as_object (map))
    return;
  json_object_iter_init_ordered (&iter, as_object (map));
  while (json_object_iter_next_ordered (&iter, &space, &list)) {
    int state;
    const char *id = first_id (list, &state);

    if (id)
      add_id (params, space, id, state);
  }
}

const char *
collector_edge_event_session (JsonNode *xdm)
{
  return get_text (
      get_object (as_object (xdm), "mediaCollection"), "sessionID");
}
