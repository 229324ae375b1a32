/* collector-events: the back end's side of protocol=events.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-events.h"

#include "collector-event.h"
#include "collector-json.h"
#include "collector-limits.h"
#include "collector-rules.h"
#include "collector-text.h"

#include <string.h>

#define TYPE_PREFIX "gst-media-heartbeat."

static const char *const media_types[] = { "application/x-ndjson",
  "application/json", "application/cloudevents+json",
  "application/cloudevents-batch+json", NULL };

/* Members of a row and the parameters that they are elsewhere. */
static const struct
{
  const char *member;
  const char *object;
  const char *param;
  GType type; /* a number takes both kinds */
} members[] = {
  { "installation", "params", "appInstallationId", G_TYPE_STRING },
  { "content_id", "params", "media.id", G_TYPE_STRING },
  { "content_name", "params", "media.name", G_TYPE_STRING },
  { "content_type", "params", "media.contentType", G_TYPE_STRING },
  { "stream_type", "params", "media.streamType", G_TYPE_STRING },
  { "player", "params", "media.playerName", G_TYPE_STRING },
  { "channel", "params", "media.channel", G_TYPE_STRING },
  { "app_version", "params", "media.sdkVersion", G_TYPE_STRING },
  { "library_version", "params", "media.libraryVersion", G_TYPE_STRING },
  { "visitor_id", "params", "analytics.visitorId", G_TYPE_STRING },
  { "length", "params", "media.length", G_TYPE_DOUBLE },
  { "resume", "params", "media.resume", G_TYPE_BOOLEAN },
  { "ad_break_name", "params", "media.ad.podFriendlyName", G_TYPE_STRING },
  { "ad_break_index", "params", "media.ad.podIndex", G_TYPE_INT64 },
  { "ad_break_offset", "params", "media.ad.podSecond", G_TYPE_DOUBLE },
  { "ad_id", "params", "media.ad.id", G_TYPE_STRING },
  { "ad_name", "params", "media.ad.name", G_TYPE_STRING },
  { "ad_length", "params", "media.ad.length", G_TYPE_DOUBLE },
  { "ad_position", "params", "media.ad.podPosition", G_TYPE_INT64 },
  { "chapter_name", "params", "media.chapter.friendlyName", G_TYPE_STRING },
  { "chapter_index", "params", "media.chapter.index", G_TYPE_INT64 },
  { "chapter_offset", "params", "media.chapter.offset", G_TYPE_DOUBLE },
  { "chapter_length", "params", "media.chapter.length", G_TYPE_DOUBLE },
  { "state_name", "params", "media.state.name", G_TYPE_STRING },
  { "error_id", "qoeData", "media.qoe.errorID", G_TYPE_STRING },
  { "error_source", "qoeData", "media.qoe.errorSource", G_TYPE_STRING },
  { "bitrate", "qoeData", "media.qoe.bitrate", G_TYPE_INT64 },
  { "dropped_frames", "qoeData", "media.qoe.droppedFrames", G_TYPE_INT64 },
  { "fps", "qoeData", "media.qoe.framesPerSecond", G_TYPE_INT64 },
  { "time_to_start", "qoeData", "media.qoe.timeToStart", G_TYPE_INT64 },
};

/* An event and whose it is. */
typedef struct
{
  char *session;
  JsonObject *event;
} Item;

static void
item_free (gpointer data)
{
  Item *item = data;

  g_free (item->session);
  g_clear_pointer (&item->event, json_object_unref);
  g_free (item);
}

/* ---- events ---- */

JsonObject *
collector_events_object (JsonObject *event, const char *name)
{
  if (!json_object_has_member (event, name))
    json_object_set_object_member (event, name, json_object_new ());
  return json_object_get_object_member (event, name);
}

JsonObject *
collector_events_new (const char *type, double playhead, gint64 ts)
{
  JsonObject *event = json_object_new ();
  JsonObject *time = collector_events_object (event, "playerTime");

  json_object_set_string_member (event, "eventType", type);
  if (playhead >= 0)
    json_object_set_double_member (time, "playhead", playhead);
  json_object_set_int_member (time, "ts", ts);
  return event;
}

void
collector_events_take (CollectorExchange *exchange, const char *session_id,
    JsonObject *event, guint status)
{
  CollectorSessions *sessions = exchange->server->sessions;
  gboolean open;
  CollectorSession *session = collector_sessions_find (
      sessions, session_id, exchange->now, &open);

  if (!session) {
    session = collector_session_new_known (session_id);
    collector_sessions_add (sessions, session);
  }
  exchange->repeated = !collector_seen_add (
      exchange->server->seen, session_id, event);
  if (!exchange->repeated)
    collector_session_take (session, event, exchange->now);
  collector_sessions_touch (sessions, session);
  collector_exchange_accept (exchange, status, session, event);
}

/* ---- values ---- */

static JsonNode *
get (JsonObject *object, const char *name, GType type)
{
  JsonNode *node = json_object_get_member (object, name);
  GType found = node && JSON_NODE_HOLDS_VALUE (node)
      ? json_node_get_value_type (node)
      : G_TYPE_INVALID;

  return found == type || (type == G_TYPE_DOUBLE && found == G_TYPE_INT64)
      ? node
      : NULL;
}

static const char *
get_text (JsonObject *object, const char *name)
{
  JsonNode *node = get (object, name, G_TYPE_STRING);

  return node ? json_node_get_string (node) : NULL;
}

static JsonObject *
get_object (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node)
                                               : NULL;
}

/* ---- rows ---- */

static void
add_members (JsonObject *row, JsonObject *event)
{
  gboolean starts = strcmp (collector_event_type (event), "sessionStart") == 0;

  for (guint i = 0; i < G_N_ELEMENTS (members); i++) {
    JsonNode *node = get (row, members[i].member, members[i].type);

    if (node && (starts || i > 0))
      json_object_set_member (
          collector_events_object (event, members[i].object), members[i].param,
          json_node_copy (node));
  }
}

static void
add_texts (JsonObject *from, JsonObject *event)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  if (!from)
    return;
  json_object_iter_init_ordered (&iter, from);
  while (json_object_iter_next_ordered (&iter, &name, &node)) {
    if (get_text (from, name))
      json_object_set_member (collector_events_object (event, "customMetadata"),
          name, json_node_copy (node));
  }
}

static const char *
text_or_empty (const char *text)
{
  return text ? text : "";
}

static gboolean
refuse (char **reason, const char *fault)
{
  *reason = g_strdup (fault);
  return FALSE;
}

/* What both forms have in @row. @id and @session: what they have elsewhere;
 * @member: what the second of them is called. */
static gboolean
check_row (JsonObject *row, const char *id, const char *session,
    const char *member, char **reason)
{
  return collector_limits_check_id ("id", id, reason) &&
      collector_limits_check_id (member, session, reason) &&
      collector_limits_check_count (
          "seq", json_object_get_member (row, "seq"), reason) &&
      collector_limits_check_positive (
          "playhead", json_object_get_member (row, "playhead"), reason);
}

/* Of the other members those that have a number or a flag. One of another kind
 * would be left out. */
static gboolean
check_members (JsonObject *row, char **reason)
{
  for (guint i = 0; i < G_N_ELEMENTS (members); i++) {
    JsonNode *node = json_object_get_member (row, members[i].member);
    const char *name = members[i].member;

    if (!node)
      continue;
    if (!get (row, name, members[i].type)) {
      *reason = g_strdup_printf ("%s: is of another type", name);
      return FALSE;
    }
    if (members[i].type == G_TYPE_DOUBLE &&
        !collector_limits_check_number (
            name, json_node_get_double (node), reason))
      return FALSE;
    if (members[i].type == G_TYPE_INT64 &&
        strcmp (members[i].object, "qoeData") == 0 &&
        !collector_limits_check_count (name, node, reason))
      return FALSE;
  }
  return TRUE;
}

/* @row has been checked. */
static Item *
make_item (JsonObject *row, const char *id, const char *session,
    const char *type, gint64 ts)
{
  Item *item = g_new0 (Item, 1);

  item->session = g_strdup (session);
  item->event = collector_events_new (type,
      json_node_get_double (json_object_get_member (row, "playhead")), ts);
  json_object_set_string_member (item->event, "id", id);
  json_object_set_int_member (
      item->event, "seq", json_object_get_int_member (row, "seq"));
  add_members (row, item->event);
  add_texts (get_object (row, "metadata"), item->event);
  return item;
}

static Item *
read_row (JsonObject *row, char **reason)
{
  const char *id = get_text (row, "id");
  const char *session = get_text (row, "session");
  const char *type = text_or_empty (get_text (row, "type"));
  JsonNode *time = get (row, "ts", G_TYPE_INT64);
  gint64 ts = time ? json_node_get_int (time) : 0;

  if (!check_row (row, id, session, "session", reason) ||
      !collector_limits_check_time ("ts", ts, reason) ||
      !check_members (row, reason))
    return NULL;
  if (collector_rules_for_event (type))
    return make_item (row, id, session, type, ts);
  refuse (reason, "type: there is no such event");
  return NULL;
}

/* -1: it is none. */
static gint64
read_time (const char *text)
{
  g_autoptr (GDateTime) date = text ? g_date_time_new_from_iso8601 (text, NULL)
                                    : NULL;

  return date ? g_date_time_to_unix (date) * 1000 +
          g_date_time_get_microsecond (date) / 1000
              : -1;
}

/* The number twice: for what orders events, and for what reads them. */
static gboolean
check_sequence (JsonObject *envelope, JsonObject *data, char **reason)
{
  const char *sequence = get_text (envelope, "sequence");
  gint64 number = -1;

  if (!json_object_has_member (envelope, "sequence"))
    return TRUE;
  if (sequence &&
      !g_ascii_string_to_signed (sequence, 10, 0, G_MAXINT64, &number, NULL))
    number = -1;
  return number == json_object_get_int_member (data, "seq") ||
      refuse (reason, "sequence: must be the number in data.seq");
}

static gboolean
check_envelope (JsonObject *envelope, char **reason)
{
  if (g_strcmp0 (get_text (envelope, "specversion"), "1.0") != 0)
    return refuse (reason, "specversion: must be \"1.0\"");
  if (!*text_or_empty (get_text (envelope, "source")))
    return refuse (reason, "source: is missing or no text");
  return get_object (envelope, "data") ||
      refuse (reason, "data: is missing or no object");
}

static Item *
read_cloud_event (JsonObject *envelope, char **reason)
{
  const char *type = text_or_empty (get_text (envelope, "type"));
  const char *id = get_text (envelope, "id");
  const char *session = get_text (envelope, "subject");
  gint64 ts = read_time (get_text (envelope, "time"));
  JsonObject *data = get_object (envelope, "data");

  if (!check_envelope (envelope, reason) ||
      !check_row (data, id, session, "subject", reason) ||
      !check_sequence (envelope, data, reason) ||
      !collector_limits_check_time ("time", ts, reason) ||
      !check_members (data, reason))
    return NULL;
  if (g_str_has_prefix (type, TYPE_PREFIX) &&
      collector_rules_for_event (type + strlen (TYPE_PREFIX)))
    return make_item (data, id, session, type + strlen (TYPE_PREFIX), ts);
  refuse (reason, "type: there is no such event");
  return NULL;
}

static gboolean
add_item (GPtrArray *items, JsonNode *node, char **reason)
{
  JsonObject *object =
      JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  Item *item;

  if (!object)
    return refuse (reason, "that is no event");
  item = json_object_has_member (object, "specversion")
      ? read_cloud_event (object, reason)
      : read_row (object, reason);
  if (item)
    g_ptr_array_add (items, item);
  return item != NULL;
}

static gboolean
add_all (GPtrArray *items, JsonNode *node, char **reason)
{
  JsonArray *array;

  if (!JSON_NODE_HOLDS_ARRAY (node))
    return add_item (items, node, reason);
  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++) {
    g_autofree char *fault = NULL;

    if (add_item (items, json_array_get_element (array, i), &fault))
      continue;
    *reason = g_strdup_printf ("event %u: %s", i, fault);
    return FALSE;
  }
  return TRUE;
}

/* ---- requests ---- */

/* The body as it was before it was packed; NULL: it cannot be read. */
static GBytes *
unpack (GBytes *body)
{
  g_autoptr (GConverter) gunzip = G_CONVERTER (
      g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
  g_autofree char *text = g_malloc (COLLECTOR_BODY_MAX);
  gsize read, written;

  if (g_bytes_get_size (body) == 0 ||
      g_converter_convert (gunzip, g_bytes_get_data (body, NULL),
          g_bytes_get_size (body), text, COLLECTOR_BODY_MAX,
          G_CONVERTER_INPUT_AT_END, &read, &written,
          NULL) != G_CONVERTER_FINISHED)
    return NULL;
  return g_bytes_new (text, written);
}

static GBytes *
read_bytes (CollectorExchange *exchange)
{
  const char *encoding = soup_message_headers_get_one (
      soup_server_message_get_request_headers (exchange->message),
      "Content-Encoding");
  g_autoptr (GBytes) body = soup_message_body_flatten (
      soup_server_message_get_request_body (exchange->message));

  return g_strcmp0 (encoding, "gzip") == 0 ? unpack (body)
                                           : g_steal_pointer (&body);
}

static gboolean
read_text (const char *text, gsize length, GPtrArray *items, char **reason)
{
  g_autoptr (JsonNode) node = collector_json_parse (text, length, reason);

  return node && add_all (items, node, reason);
}

static gboolean
read_lines (const char *text, gsize length, GPtrArray *items, char **reason)
{
  const char *end = text + length;

  for (guint number = 1; text < end; number++) {
    const char *stop = memchr (text, '\n', (gsize) (end - text));
    g_autofree char *fault = NULL;

    if (!stop)
      stop = end;
    if (!read_text (text, (gsize) (stop - text), items, &fault)) {
      *reason = g_strdup_printf ("line %u: %s", number, fault);
      return FALSE;
    }
    text = stop + 1;
  }
  return TRUE;
}

void
collector_events_handle (CollectorExchange *exchange)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (item_free);
  g_autofree char *reason = NULL;
  g_autoptr (GBytes) body = NULL;
  const char *text;
  gboolean fine;
  gsize length;

  exchange->protocol = "events";
  if (!collector_exchange_check_method (exchange, "POST") ||
      !collector_exchange_check_type (exchange, media_types))
    return;
  body = read_bytes (exchange);
  if (!body) {
    collector_exchange_refuse (
        exchange, SOUP_STATUS_BAD_REQUEST, "the body cannot be unpacked");
    return;
  }
  text = g_bytes_get_data (body, &length);
  /* Rows begin with an object: whether there are more is seen by the lines. */
  fine = length > 0 && *text == '{' && memchr (text, '\n', length)
      ? read_lines (text, length, items, &reason)
      : read_text (text, length, items, &reason);
  if (!fine) {
    collector_exchange_refuse (exchange, SOUP_STATUS_BAD_REQUEST, reason);
    return;
  }
  soup_server_message_set_status (exchange->message, SOUP_STATUS_OK, NULL);
  for (guint i = 0; i < items->len; i++) {
    const Item *item = items->pdata[i];

    collector_events_take (
        exchange, item->session, item->event, SOUP_STATUS_OK);
  }
}
