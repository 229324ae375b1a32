/* collector-server: the back end's side of the Media Collection API.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-exchange.h"

#include "collector-cmcd.h"
#include "collector-edge.h"
#include "collector-event.h"
#include "collector-events.h"
#include "collector-json.h"
#include "collector-limits.h"
#include "collector-page.h"
#include "collector-rules.h"
#include "collector-schema.h"
#include "collector-text.h"

#include <stdarg.h>
#include <string.h>
#include <time.h>

#define API "/api/v1/"
#define MAX_PATH_SHOWN 100

static gint64
boot_time (gpointer user_data)
{
  struct timespec ts;

  clock_gettime (CLOCK_BOOTTIME, &ts);
  return (gint64) ts.tv_sec * G_USEC_PER_SEC + ts.tv_nsec / 1000;
}

static gboolean
read_body (CollectorExchange *exchange)
{
  static const char *const types[] = { "application/json", NULL };

  return collector_exchange_read_json (exchange, types);
}

static gboolean
starts_session (JsonObject *event)
{
  return strcmp (collector_event_type (event), "sessionStart") == 0;
}

/* A correct event, and a sessionStart exactly where one is wanted. */
static gboolean
check_event (JsonNode *node, gboolean start, char **reason)
{
  if (!collector_event_check (node, reason) ||
      !collector_limits_check_time ("playerTime: \"ts\"",
          collector_event_ts (json_node_get_object (node)), reason))
    return FALSE;
  if (starts_session (json_node_get_object (node)) == start)
    return TRUE;
  *reason = g_strdup_printf ("eventType: %s does not belong here%s",
      collector_event_type (json_node_get_object (node)),
      start ? ", a session begins with sessionStart" : "");
  return FALSE;
}

static void
handle_sessions (CollectorExchange *exchange)
{
  CollectorServer *server = exchange->server;
  g_autoptr (CollectorSession) session = collector_session_new ();
  g_autofree char *reason = NULL;
  g_autofree char *location = NULL;
  JsonObject *event;

  if (!collector_exchange_check_method (exchange, "POST") ||
      !read_body (exchange))
    return;
  if (!check_event (exchange->body, TRUE, &reason) ||
      !collector_session_accept (session, json_node_get_object (exchange->body),
          exchange->now, &reason)) {
    collector_exchange_refuse (exchange, SOUP_STATUS_BAD_REQUEST, reason);
    return;
  }
  event = json_node_get_object (exchange->body);
  location = g_strconcat (
      API "sessions/", collector_session_get_id (session), NULL);
  soup_message_headers_replace (
      soup_server_message_get_response_headers (exchange->message), "Location",
      location);
  collector_exchange_accept (exchange, SOUP_STATUS_CREATED, session, event);
  collector_sessions_add (server->sessions, g_steal_pointer (&session));
}

static void
handle_events (CollectorExchange *exchange, const char *id)
{
  CollectorServer *server = exchange->server;
  g_autofree char *reason = NULL;
  CollectorSession *session;
  JsonObject *event;
  gboolean open;

  if (!collector_exchange_check_method (exchange, "POST"))
    return;
  session = collector_sessions_find (
      server->sessions, id, exchange->now, &open);
  if (!session) {
    collector_exchange_refuse (
        exchange, SOUP_STATUS_NOT_FOUND, "there is no such session");
    return;
  }
  exchange->session_id = collector_session_get_id (session);
  if (!open) {
    collector_exchange_refuse (
        exchange, SOUP_STATUS_GONE, "the session is closed");
    return;
  }
  if (!read_body (exchange))
    return;
  if (!check_event (exchange->body, FALSE, &reason) ||
      !collector_session_accept (session, json_node_get_object (exchange->body),
          exchange->now, &reason)) {
    collector_exchange_refuse (exchange, SOUP_STATUS_BAD_REQUEST, reason);
    return;
  }
  event = json_node_get_object (exchange->body);
  collector_sessions_touch (server->sessions, session);
  collector_exchange_accept (exchange, SOUP_STATUS_NO_CONTENT, session, event);
}

/* One event of a batch, the next of @session. */
static gboolean
check_batch_event (CollectorSession *session, JsonNode *node, gboolean first,
    gint64 now, char **reason)
{
  if (!check_event (node, first, reason))
    return FALSE;
  if (first &&
      !collector_event_is_true (
          json_node_get_object (node), "media.downloaded")) {
    *reason = g_strdup ("params: \"media.downloaded\" must be true");
    return FALSE;
  }
  if (collector_session_get_state (session) == COLLECTOR_STATE_ENDED) {
    *reason = g_strdup ("the session has ended before this event");
    return FALSE;
  }
  return collector_session_accept (
      session, json_node_get_object (node), now, reason);
}

static gboolean
check_batch (JsonNode *body, gint64 now, char **reason)
{
  g_autoptr (CollectorSession) trial = collector_session_new ();
  JsonArray *events;

  if (!JSON_NODE_HOLDS_ARRAY (body) ||
      json_array_get_length (json_node_get_array (body)) == 0) {
    *reason = g_strdup ("the body must be an array of events");
    return FALSE;
  }
  events = json_node_get_array (body);
  for (guint i = 0; i < json_array_get_length (events); i++) {
    g_autofree char *fault = NULL;

    if (!check_batch_event (
            trial, json_array_get_element (events, i), i == 0, now, &fault)) {
      *reason = g_strdup_printf ("event %u: %s", i, fault);
      return FALSE;
    }
  }
  return TRUE;
}

static void
handle_downloaded (CollectorExchange *exchange)
{
  g_autoptr (CollectorSession) session = NULL;
  g_autofree char *reason = NULL;
  JsonArray *events;

  if (!collector_exchange_check_method (exchange, "POST") ||
      !read_body (exchange))
    return;
  if (!check_batch (exchange->body, exchange->now, &reason)) {
    collector_exchange_refuse (exchange, SOUP_STATUS_BAD_REQUEST, reason);
    return;
  }
  /* Once more, now that nothing can be refused any longer: what was taken has
   * been reported, and the other way round. */
  session = collector_session_new ();
  events = json_node_get_array (exchange->body);
  for (guint i = 0; i < json_array_get_length (events); i++) {
    JsonObject *event = json_array_get_object_element (events, i);

    if (collector_session_accept (session, event, exchange->now, &reason))
      collector_exchange_accept (exchange, SOUP_STATUS_CREATED, session, event);
  }
}

static void
handle_schema (CollectorExchange *exchange, const char *name)
{
  const CollectorEventRules *rules = collector_rules_for_event (name);
  g_autoptr (JsonNode) schema = NULL;
  char *text;

  if (!collector_exchange_check_method (exchange, "GET"))
    return;
  if (!rules) {
    collector_exchange_refuse (
        exchange, SOUP_STATUS_NOT_FOUND, "there is no such event");
    return;
  }
  schema = collector_schema_new (rules);
  text = json_to_string (schema, TRUE);
  soup_server_message_set_status (exchange->message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (exchange->message, "application/json",
      SOUP_MEMORY_TAKE, text, strlen (text));
}

/* From a player whose server has no path. */
static void
refuse_root (CollectorExchange *exchange)
{
  soup_message_headers_replace (
      soup_server_message_get_response_headers (exchange->message), "Allow",
      "GET, HEAD");
  collector_exchange_refuse (exchange, SOUP_STATUS_METHOD_NOT_ALLOWED,
      "rows go to " COLLECTOR_EVENTS_PATH ", and CMCD to " COLLECTOR_CMCD_PATH);
}

static void
route (CollectorExchange *exchange, const char *path)
{
  g_auto (GStrv) parts = NULL;
  guint n_parts;

  if (g_str_has_prefix (path, COLLECTOR_EDGE_PATH)) {
    collector_edge_handle (exchange, path);
    return;
  }
  if (g_str_equal (path, COLLECTOR_EVENTS_PATH)) {
    collector_events_handle (exchange);
    return;
  }
  if (g_str_equal (path, COLLECTOR_CMCD_PATH)) {
    collector_cmcd_handle (exchange);
    return;
  }
  if (g_str_equal (path, "/")) {
    refuse_root (exchange);
    return;
  }
  parts = g_strsplit (
      g_str_has_prefix (path, API) ? path + strlen (API) : "", "/", 4);
  n_parts = g_strv_length (parts);
  if (n_parts == 1 && strcmp (parts[0], "sessions") == 0)
    handle_sessions (exchange);
  else if (n_parts == 3 && strcmp (parts[0], "sessions") == 0 &&
      strcmp (parts[2], "events") == 0)
    handle_events (exchange, parts[1]);
  else if (n_parts == 1 && strcmp (parts[0], "downloaded") == 0)
    handle_downloaded (exchange);
  else if (n_parts == 2 && strcmp (parts[0], "schemas") == 0)
    handle_schema (exchange, parts[1]);
  else
    collector_exchange_refuse (
        exchange, SOUP_STATUS_NOT_FOUND, "there is nothing here");
}

static void
close_connection (SoupServerMessage *message)
{
  g_autoptr (GIOStream) stream = soup_server_message_steal_connection (message);

  g_io_stream_close (stream, NULL, NULL);
}

static guint
take_fault (CollectorExchange *exchange, const char *path)
{
  CollectorServer *server = exchange->server;
  GPtrArray *headers = server->fail_headers;

  if (server->fail_count == 0)
    return server->options.fault
        ? server->options.fault (path, server->options.user_data)
        : 0;
  server->fail_count--;
  for (guint i = 0; i + 1 < headers->len; i += 2)
    soup_message_headers_append (
        soup_server_message_get_response_headers (exchange->message),
        headers->pdata[i], headers->pdata[i + 1]);
  return server->fail_status;
}

static void
handle_api (
    CollectorServer *server, SoupServerMessage *message, const char *path)
{
  CollectorExchange exchange = {
    .server = server,
    .message = message,
    .now = server->options.now (server->options.user_data),
    .path = collector_text_printable (path, MAX_PATH_SHOWN),
    .protocol = "media-collection",
  };
  guint fault = take_fault (&exchange, path);

  if (fault == COLLECTOR_FAULT_SILENT)
    soup_server_message_pause (message);
  else if (fault == COLLECTOR_FAULT_CLOSE)
    close_connection (message);
  else if (fault != 0)
    collector_exchange_refuse (&exchange, fault, "a fault was asked for");
  else
    route (&exchange, path);
  g_clear_pointer (&exchange.body, json_node_unref);
  g_free (exchange.path);
}

static void
handle_request (SoupServer *soup, SoupServerMessage *message, const char *path,
    GHashTable *query, gpointer user_data)
{
  CollectorServer *server = user_data;
  gboolean posted = g_str_equal (
      soup_server_message_get_method (message), "POST");

  if (!server->page || (posted && g_str_equal (path, "/")) ||
      !collector_page_handle (server->page, message, path))
    handle_api (server, message, path);
}

/* Refuses a body as soon as it has become too long; the rest is read, so that
 * the answer reaches a client that only reads it after writing, but not kept. */
static void
got_chunk (SoupServerMessage *message, GBytes *chunk, gpointer user_data)
{
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  CollectorExchange exchange = { .server = user_data, .message = message };

  if (soup_server_message_get_status (message) != 0 ||
      body->length <= COLLECTOR_BODY_MAX)
    return;
  soup_message_body_set_accumulate (body, FALSE);
  soup_message_body_truncate (body);
  exchange.path = collector_text_printable (
      g_uri_get_path (soup_server_message_get_uri (message)), MAX_PATH_SHOWN);
  collector_exchange_refuse (&exchange, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE,
      "the body is longer than 1 MiB");
  g_free (exchange.path);
}

/* libsoup takes an answer without a body for one that ends with the connection, and
 * closes it. */
static void
keep_connection (SoupServerMessage *message, gpointer user_data)
{
  if (soup_server_message_get_status (message) == SOUP_STATUS_NO_CONTENT)
    soup_message_headers_set_encoding (
        soup_server_message_get_response_headers (message), SOUP_ENCODING_NONE);
}

static void
watch_body (SoupServer *soup, SoupServerMessage *message, const char *path,
    GHashTable *query, gpointer user_data)
{
  g_signal_connect (message, "got-chunk", G_CALLBACK (got_chunk), user_data);
  g_signal_connect (
      message, "wrote-headers", G_CALLBACK (keep_connection), NULL);
}

static gboolean
listen_anywhere (CollectorServer *server, GError **error)
{
  const CollectorServerOptions *options = &server->options;
  g_autoptr (GError) cause = NULL;

  if (options->listen_all)
    return soup_server_listen_all (server->soup, options->port, 0, error);
  if (soup_server_listen_local (server->soup, options->port, 0, &cause))
    return TRUE;
  /* A machine may have no ::1. */
  return soup_server_listen_local (
      server->soup, options->port, SOUP_SERVER_LISTEN_IPV4_ONLY, error);
}

static guint16
find_port (SoupServer *soup)
{
  GSList *uris = soup_server_get_uris (soup);
  guint16 port = (guint16) g_uri_get_port (uris->data);

  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  return port;
}

CollectorServer *
collector_server_new (const CollectorServerOptions *options, GError **error)
{
  g_autoptr (CollectorServer) server = g_new0 (CollectorServer, 1);

  if (options)
    server->options = *options;
  if (!server->options.now)
    server->options.now = boot_time;
  if (server->options.expire == 0)
    server->options.expire = COLLECTOR_EXPIRE_DEFAULT;
  server->sessions = collector_sessions_new (
      (gint64) server->options.expire * G_USEC_PER_SEC);
  server->seen = collector_seen_new ();
  server->fail_headers = g_ptr_array_new_with_free_func (g_free);
  server->soup = soup_server_new (
      "server-header", "mediaheartbeat-collector/" MH_VERSION, NULL);
  soup_server_add_early_handler (server->soup, NULL, watch_body, server, NULL);
  soup_server_add_handler (server->soup, NULL, handle_request, server, NULL);
  if (!listen_anywhere (server, error))
    return NULL;
  server->port = find_port (server->soup);
  return g_steal_pointer (&server);
}

void
collector_server_free (CollectorServer *server)
{
  if (!server)
    return;
  soup_server_disconnect (server->soup);
  g_object_unref (server->soup);
  collector_sessions_free (server->sessions);
  collector_seen_free (server->seen);
  g_ptr_array_unref (server->fail_headers);
  g_free (server);
}

gboolean
collector_server_restore (
    CollectorServer *server, const CollectorReport *report)
{
  gint64 age = g_get_real_time () - report->arrival * 1000;
  gint64 heard = server->options.now (server->options.user_data) - MAX (age, 0);
  CollectorSession *session;
  gboolean open;

  if (!report->accepted)
    return TRUE;
  session = collector_sessions_find (
      server->sessions, report->session_id, heard, &open);
  if (!session) {
    session = collector_session_new_known (report->session_id);
    collector_sessions_add (server->sessions, session);
  }
  collector_sessions_touch (server->sessions, session);
  if (!collector_seen_add (server->seen, report->session_id, report->event))
    return FALSE;
  collector_session_take (session, report->event, heard);
  return TRUE;
}

void
collector_server_set_page (CollectorServer *server, CollectorPage *page)
{
  server->page = page;
}

guint16
collector_server_get_port (CollectorServer *server)
{
  return server->port;
}

void
collector_server_fail_next (
    CollectorServer *server, guint count, guint status, ...)
{
  const char *part;
  va_list args;

  g_return_if_fail (status != 0);
  server->fail_count = count;
  server->fail_status = status;
  g_ptr_array_set_size (server->fail_headers, 0);
  va_start (args, status);
  while ((part = va_arg (args, const char *)))
    g_ptr_array_add (server->fail_headers, g_strdup (part));
  va_end (args);
}
