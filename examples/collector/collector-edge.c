/* collector-edge: the back end's side of the Media Edge API.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-edge.h"

#include "collector-edge-event.h"
#include "collector-event.h"

#include <string.h>

/* The API's limit of a request. */
#define BODY_MAX (64 * 1024)

#define ERRORS "https://ns.adobe.com/aep/errors/va-edge-"

static const char *const json_types[] = { "application/json", "text/plain",
  NULL };

/* ---- answers ---- */

/* A problem (RFC 9457), of the types that the API has. */
static void
explain (SoupServerMessage *message, guint status, const char *reason)
{
  g_autoptr (JsonObject) problem = json_object_new ();
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *type = g_strdup_printf (ERRORS "0%u-%u", status, status);
  char *text;

  json_object_set_string_member (problem, "type", type);
  json_object_set_int_member (problem, "status", status);
  json_object_set_string_member (
      problem, "title", status == 404 ? "Not found" : "Invalid request");
  json_object_set_string_member (problem, "detail", reason);
  json_node_set_object (node, problem);
  text = json_to_string (node, FALSE);
  soup_server_message_set_response (message, "application/problem+json",
      SOUP_MEMORY_TAKE, text, strlen (text));
}

/* ---- cookies, for Adobe's web SDK ---- */

/* It sends one request at a time until it has an identity, and keeps the hint in a
 * cookie as well. On a page of another site than the server's the answer has them
 * in its body; their names have the organisation in them. */
#define COOKIE(name) \
  "{\"key\":\"kndctr_%s_" name "\",\"value\":\"%s\",\"maxAge\":%u}"

/* What it has of the organisation: an ID of 38 digits, in a message of protobuf. */
static char *
make_identity (char *ecid)
{
  guchar message[2 + 38] = { 1 << 3 | 2, 38 };

  for (guint i = 0; i < 38; i++)
    ecid[i] = (char) ('0' + g_random_int_range (0, 10));
  ecid[38] = '\0';
  memcpy (message + 2, ecid, 38);
  return g_base64_encode (message, sizeof message);
}

static JsonNode *
get_member (JsonNode *node, const char *name)
{
  return node && JSON_NODE_HOLDS_OBJECT (node)
      ? json_object_get_member (json_node_get_object (node), name)
      : NULL;
}

/* Whether the page has had its cookies before: it sends them in the body. */
static gboolean
has_cookie (JsonNode *body, const char *key)
{
  JsonNode *state = get_member (get_member (body, "meta"), "state");
  JsonNode *entries = get_member (state, "entries");
  JsonArray *array = entries && JSON_NODE_HOLDS_ARRAY (entries)
      ? json_node_get_array (entries)
      : NULL;

  for (guint i = 0; array && i < json_array_get_length (array); i++) {
    JsonNode *name = get_member (json_array_get_element (array, i), "key");

    if (name && JSON_NODE_HOLDS_VALUE (name) &&
        g_strcmp0 (json_node_get_string (name), key) == 0)
      return TRUE;
  }
  return FALSE;
}

static void
append_identity (GString *text, const char *organisation)
{
  char ecid[39];
  g_autofree char *value = make_identity (ecid);

  g_string_append_printf (
      text, "," COOKIE ("identity"), organisation, value, 34128000u);
}

static void
append_cookies (GString *text, CollectorExchange *exchange)
{
  g_autofree char *organisation = g_strdelimit (
      g_strdup (exchange->server->options.org_id), "@", '_');
  g_autofree char *key = g_strdup_printf ("kndctr_%s_identity", organisation);

  g_string_append (text, ",{\"type\":\"state:store\",\"payload\":[");
  g_string_append_printf (
      text, COOKIE ("cluster"), organisation, COLLECTOR_EDGE_HINT, 1800u);
  if (!has_cookie (exchange->body, key))
    append_identity (text, organisation);
  g_string_append (text, "]}");
}

static void
answer_start (CollectorExchange *exchange, const char *session_id)
{
  g_autofree char *request = g_uuid_string_random ();
  GString *text = g_string_new (NULL);
  gsize length;

  g_string_printf (text,
      "{\"requestId\":\"%s\",\"handle\":["
      "{\"type\":\"media-analytics:new-session\",\"eventIndex\":0,"
      "\"payload\":[{\"sessionId\":\"%s\"}]},"
      "{\"type\":\"locationHint:result\",\"payload\":["
      "{\"scope\":\"EdgeNetwork\",\"hint\":\"" COLLECTOR_EDGE_HINT
      "\",\"ttlSeconds\":1800}]}",
      request, session_id);
  if (exchange->server->options.org_id)
    append_cookies (text, exchange);
  g_string_append (text, "]}");
  length = text->len;
  soup_server_message_set_response (exchange->message, "application/json",
      SOUP_MEMORY_TAKE, g_string_free (text, FALSE), length);
}

/* ---- requests ---- */

/* The only event of the request, or NULL where there is another number. */
static JsonNode *
find_event (CollectorExchange *exchange)
{
  JsonNode *events = JSON_NODE_HOLDS_OBJECT (exchange->body)
      ? json_object_get_member (json_node_get_object (exchange->body), "events")
      : NULL;
  JsonNode *event;

  if (!events || !JSON_NODE_HOLDS_ARRAY (events) ||
      json_array_get_length (json_node_get_array (events)) != 1)
    return NULL;
  event = json_array_get_element (json_node_get_array (events), 0);
  return JSON_NODE_HOLDS_OBJECT (event)
      ? json_object_get_member (json_node_get_object (event), "xdm")
      : NULL;
}

/* The events of a request for @event; NULL: it has been answered. */
static GPtrArray *
read_events (CollectorExchange *exchange, const char *event, JsonNode **xdm)
{
  g_autoptr (GPtrArray) events = NULL;
  g_autofree char *reason = NULL;
  const char *type;

  *xdm = find_event (exchange);
  if (*xdm)
    events = collector_edge_event_convert (*xdm, FALSE, &reason);
  else
    reason = g_strdup ("events: must have one event, with a member xdm");
  if (!events) {
    collector_exchange_refuse (exchange, SOUP_STATUS_BAD_REQUEST, reason);
    return NULL;
  }
  type = json_object_get_string_member (
      json_node_get_object (*xdm), "eventType");
  if (strcmp (type + strlen ("media."), event) == 0)
    return g_steal_pointer (&events);
  collector_exchange_refuse (exchange, SOUP_STATUS_BAD_REQUEST,
      "eventType: this event has another path");
  return NULL;
}

static void
handle_start (CollectorExchange *exchange)
{
  CollectorServer *server = exchange->server;
  g_autoptr (CollectorSession) session = collector_session_new ();
  g_autoptr (GPtrArray) events = NULL;
  g_autofree char *reason = NULL;
  JsonNode *xdm;
  JsonObject *event;

  events = read_events (exchange, "sessionStart", &xdm);
  if (!events)
    return;
  event = events->pdata[0];
  collector_edge_event_add_identity (event,
      json_object_get_member (json_node_get_object (xdm), "identityMap"));
  if (!collector_session_accept (session, event, exchange->now, &reason)) {
    collector_exchange_refuse (exchange, SOUP_STATUS_BAD_REQUEST, reason);
    return;
  }
  answer_start (exchange, collector_session_get_id (session));
  collector_exchange_accept (exchange, SOUP_STATUS_OK, session, event);
  collector_sessions_add (server->sessions, g_steal_pointer (&session));
}

/* The session that an event is for, if it is open and in the place that @hint
 * names; NULL: it has been answered. */
static CollectorSession *
find_session (CollectorExchange *exchange, JsonNode *xdm, const char *hint)
{
  CollectorServer *server = exchange->server;
  const char *id = collector_edge_event_session (xdm);
  gboolean open = FALSE;
  CollectorSession *session;

  if (!id) {
    collector_exchange_refuse (exchange, SOUP_STATUS_BAD_REQUEST,
        "mediaCollection.sessionID: Missing required field");
    return NULL;
  }
  session = collector_sessions_find (
      server->sessions, id, exchange->now, &open);
  if (session)
    exchange->session_id = collector_session_get_id (session);
  if (open &&
      (!server->options.strict || g_strcmp0 (hint, COLLECTOR_EDGE_HINT) == 0))
    return session;
  collector_exchange_refuse (exchange, SOUP_STATUS_NOT_FOUND,
      !session    ? "there is no such session"
          : !open ? "the session is closed"
                  : "the session is in another place than the location hint "
                    "names");
  return NULL;
}

static void
handle_event (CollectorExchange *exchange, const char *event, const char *hint)
{
  g_autoptr (GPtrArray) events = NULL;
  CollectorSession *session;
  JsonNode *xdm;

  events = read_events (exchange, event, &xdm);
  session = events ? find_session (exchange, xdm, hint) : NULL;
  for (guint i = 0; session && i < events->len; i++) {
    g_autofree char *reason = NULL;

    if (!collector_session_accept (
            session, events->pdata[i], exchange->now, &reason)) {
      collector_exchange_refuse (exchange, SOUP_STATUS_BAD_REQUEST, reason);
      return;
    }
    collector_sessions_touch (exchange->server->sessions, session);
    collector_exchange_accept (
        exchange, SOUP_STATUS_NO_CONTENT, session, events->pdata[i]);
  }
}

/* ---- downloaded content ---- */

/* All events of a whole session, or NULL. */
static GPtrArray *
read_whole_session (JsonNode *xdm, char **reason)
{
  g_autoptr (GPtrArray)
      all = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  JsonNode *list = xdm && JSON_NODE_HOLDS_OBJECT (xdm)
      ? json_object_get_member (
            json_node_get_object (xdm), "mediaDownloadedEvents")
      : NULL;
  JsonArray *array =
      list && JSON_NODE_HOLDS_ARRAY (list) ? json_node_get_array (list) : NULL;

  for (guint i = 0; array && i < json_array_get_length (array); i++) {
    g_autoptr (GPtrArray) some = collector_edge_event_convert (
        json_array_get_element (array, i), TRUE, reason);

    if (!some)
      return NULL;
    for (guint j = 0; j < some->len; j++)
      g_ptr_array_add (all, json_object_ref (some->pdata[j]));
  }
  if (all->len > 0 &&
      strcmp (collector_event_type (all->pdata[0]), "sessionStart") == 0)
    return g_steal_pointer (&all);
  *reason = g_strdup ("mediaDownloadedEvents: must begin with a sessionStart");
  return NULL;
}

static gboolean
fits_together (GPtrArray *events, gint64 now, char **reason)
{
  g_autoptr (CollectorSession) trial = collector_session_new ();

  for (guint i = 0; i < events->len; i++) {
    if (collector_session_get_state (trial) == COLLECTOR_STATE_ENDED) {
      *reason = g_strdup ("the session has ended before this event");
      return FALSE;
    }
    if (!collector_session_accept (trial, events->pdata[i], now, reason))
      return FALSE;
  }
  return TRUE;
}

static void
handle_downloaded (CollectorExchange *exchange)
{
  g_autoptr (CollectorSession) session = collector_session_new ();
  g_autoptr (GPtrArray) events = NULL;
  g_autofree char *reason = NULL;
  JsonNode *xdm = find_event (exchange);
  JsonNode *map;

  events = read_whole_session (xdm, &reason);
  if (!events || !fits_together (events, exchange->now, &reason)) {
    collector_exchange_refuse (exchange, SOUP_STATUS_BAD_REQUEST, reason);
    return;
  }
  map = json_object_get_member (json_node_get_object (xdm), "identityMap");
  if (!map || !JSON_NODE_HOLDS_OBJECT (map)) {
    collector_exchange_refuse (exchange, SOUP_STATUS_BAD_REQUEST,
        "identityMap: Missing required field");
    return;
  }
  collector_edge_event_add_identity (events->pdata[0], map);
  json_object_set_boolean_member (
      json_object_get_object_member (events->pdata[0], "params"),
      "media.downloaded", TRUE);
  answer_start (exchange, collector_session_get_id (session));
  for (guint i = 0; i < events->len; i++) {
    if (collector_session_accept (
            session, events->pdata[i], exchange->now, &reason))
      collector_exchange_accept (
          exchange, SOUP_STATUS_OK, session, events->pdata[i]);
  }
}

/* ---- paths ---- */

static gboolean
is_loopback (const char *origin)
{
  g_autoptr (GUri) uri = g_uri_parse (origin, G_URI_FLAGS_NONE, NULL);
  const char *host = uri ? g_uri_get_host (uri) : NULL;
  g_autoptr (GInetAddress)
      address = host ? g_inet_address_new_from_string (host) : NULL;

  return host &&
      (g_ascii_strcasecmp (host, "localhost") == 0 ||
          (address && g_inet_address_get_is_loopback (address)));
}

/* A browser sends plain text to anywhere, without a question: for Adobe's web
 * SDK on a page of this machine that is wanted, and not for any web site. */
static gboolean
check_origin (CollectorExchange *exchange)
{
  const char *origin = soup_message_headers_get_one (
      soup_server_message_get_request_headers (exchange->message), "Origin");

  if (!origin || is_loopback (origin))
    return TRUE;
  collector_exchange_refuse (exchange, SOUP_STATUS_FORBIDDEN,
      "Origin: only pages of this machine may send");
  return FALSE;
}

static gboolean
has_datastream (CollectorExchange *exchange)
{
  const char *query = g_uri_get_query (
      soup_server_message_get_uri (exchange->message));
  g_autoptr (GHashTable) names = query ? soup_form_decode (query) : NULL;
  const char *id = names ? g_hash_table_lookup (names, "configId") : NULL;

  return id && *id;
}

/* What holds for all requests. */
static gboolean
check_request (CollectorExchange *exchange)
{
  SoupMessageBody *body = soup_server_message_get_request_body (
      exchange->message);
  const char *fault = NULL;

  if (!has_datastream (exchange))
    fault = "configId: Missing required parameter of the query";
  else if (body->length > BODY_MAX)
    fault = "the body is longer than 64 KB";
  if (fault)
    collector_exchange_refuse (exchange, SOUP_STATUS_BAD_REQUEST, fault);
  return !fault;
}

static void
route (CollectorExchange *exchange, const char *event, const char *hint)
{
  if (!collector_exchange_check_method (exchange, "POST") ||
      !check_origin (exchange) || !check_request (exchange) ||
      !collector_exchange_read_json (exchange, json_types))
    return;
  if (strcmp (event, "sessionStart") == 0)
    handle_start (exchange);
  else if (strcmp (event, "downloaded") == 0)
    handle_downloaded (exchange);
  else
    handle_event (exchange, event, hint);
}

void
collector_edge_handle (CollectorExchange *exchange, const char *path)
{
  g_auto (GStrv)
      parts = g_strsplit (path + strlen (COLLECTOR_EDGE_PATH), "/", 5);
  guint n = g_strv_length (parts);
  gboolean hint = n > 0 && strcmp (parts[0], "va") != 0 &&
      strcmp (parts[0], "v1") != 0;
  char **rest = parts + hint;

  exchange->protocol = "media-edge";
  exchange->explain = explain;
  n -= hint;
  if (n == 3 && strcmp (rest[0], "va") == 0 && strcmp (rest[1], "v1") == 0)
    route (exchange, rest[2], hint ? parts[0] : NULL);
  else if (n == 2 && strcmp (rest[0], "v1") == 0 &&
      strcmp (rest[1], "interact") == 0)
    route (exchange, "sessionStart", NULL);
  else
    collector_exchange_refuse (
        exchange, SOUP_STATUS_NOT_FOUND, "there is nothing here");
}
