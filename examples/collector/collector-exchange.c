/* collector-exchange: a request on its way to an answer.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-exchange.h"

#include "collector-event.h"
#include "collector-json.h"

#include <string.h>

static void
exchange_report (CollectorExchange *exchange, CollectorReport *what)
{
  const CollectorServerOptions *options = &exchange->server->options;

  what->protocol = exchange->protocol;
  what->arrival = g_get_real_time () / 1000;
  if (options->report)
    options->report (what, options->user_data);
}

static void
exchange_set_reason (
    SoupServerMessage *message, guint status, const char *reason)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  char *text;

  json_object_set_int_member (object, "status", status);
  json_object_set_string_member (object, "reason", reason);
  json_node_set_object (node, object);
  text = json_to_string (node, FALSE);
  soup_server_message_set_response (
      message, "application/json", SOUP_MEMORY_TAKE, text, strlen (text));
}

void
collector_exchange_refuse (
    CollectorExchange *exchange, guint status, const char *reason)
{
  JsonNode *body = exchange->body;
  CollectorReport what = {
    .accepted = FALSE,
    .status = status,
    .path = exchange->path,
    .session_id = exchange->session_id,
    .event = body && JSON_NODE_HOLDS_OBJECT (body) ? json_node_get_object (body)
                                                   : NULL,
    .reason = reason,
  };

  soup_server_message_set_status (exchange->message, status, NULL);
  /* A fault may well be an answer that looks like success. */
  if (status >= 400)
    (exchange->explain ? exchange->explain : exchange_set_reason) (
        exchange->message, status, reason);
  exchange_report (exchange, &what);
}

void
collector_exchange_accept (CollectorExchange *exchange, guint status,
    CollectorSession *session, JsonObject *event)
{
  CollectorReport what = {
    .accepted = TRUE,
    .repeated = exchange->repeated,
    .status = status,
    .path = exchange->path,
    .session_id = collector_session_get_id (session),
    .state = collector_session_get_state (session),
    .event = event,
    .subject = collector_session_get_subject (session),
  };

  soup_server_message_set_status (exchange->message, status, NULL);
  exchange_report (exchange, &what);
}

gboolean
collector_exchange_check_method (
    CollectorExchange *exchange, const char *wanted)
{
  const char *method = soup_server_message_get_method (exchange->message);
  g_autofree char *reason = NULL;

  if (strcmp (method, wanted) == 0)
    return TRUE;
  soup_message_headers_replace (
      soup_server_message_get_response_headers (exchange->message), "Allow",
      wanted);
  reason = g_strdup_printf ("this path takes %s only", wanted);
  collector_exchange_refuse (exchange, SOUP_STATUS_METHOD_NOT_ALLOWED, reason);
  return FALSE;
}

gboolean
collector_exchange_check_type (
    CollectorExchange *exchange, const char *const *types)
{
  const char *type = soup_message_headers_get_content_type (
      soup_server_message_get_request_headers (exchange->message), NULL);
  g_autofree char *wanted = NULL;
  g_autofree char *reason = NULL;

  for (guint i = 0; type && types[i]; i++) {
    if (g_ascii_strcasecmp (type, types[i]) == 0)
      return TRUE;
  }
  wanted = g_strjoinv (" or ", (char **) (gpointer) types);
  reason = g_strdup_printf ("the Content-Type must be %s", wanted);
  collector_exchange_refuse (exchange, SOUP_STATUS_BAD_REQUEST, reason);
  return FALSE;
}

gboolean
collector_exchange_read_json (
    CollectorExchange *exchange, const char *const *types)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *reason = NULL;
  const char *data;
  gsize length;

  if (!collector_exchange_check_type (exchange, types))
    return FALSE;
  bytes = soup_message_body_flatten (
      soup_server_message_get_request_body (exchange->message));
  data = g_bytes_get_data (bytes, &length);
  exchange->body = collector_json_parse (data, length, &reason);
  if (!exchange->body)
    collector_exchange_refuse (exchange, SOUP_STATUS_BAD_REQUEST, reason);
  return exchange->body != NULL;
}
