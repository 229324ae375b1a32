/* collector-client: a collector in the test's own process, and a client of it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-client.h"

#include <string.h>

void
collector_client_set_up (CollectorClient *self, gboolean strict,
    const char *org_id, CollectorReportFunc report)
{
  const CollectorServerOptions options = {
    .strict = strict, .org_id = org_id, .report = report, .user_data = self
  };

  self->reports = g_string_new (NULL);
  self->server = collector_server_new (&options, NULL);
  g_assert_nonnull (self->server);
  self->session = soup_session_new ();
  soup_session_set_proxy_resolver (self->session, NULL);
}

void
collector_client_tear_down (CollectorClient *self, gconstpointer data)
{
  soup_session_abort (self->session);
  g_object_unref (self->session);
  collector_server_free (self->server);
  g_string_free (self->reports, TRUE);
  g_free (self->id);
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GBytes **body = user_data;

  *body = soup_session_send_and_read_finish (
      SOUP_SESSION (source), result, NULL);
  g_assert_nonnull (*body);
}

void
collector_client_note (
    CollectorClient *self, const CollectorReport *report, const char *before)
{
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *text = NULL;

  if (!report->accepted) {
    g_string_append_printf (
        self->reports, "%u %s\n", report->status, report->reason);
    return;
  }
  node = json_node_init_object (json_node_alloc (), report->event);
  text = json_to_string (node, FALSE);
  g_string_append_printf (self->reports, "%s%s\n", before, text);
}

guint
collector_client_post (CollectorClient *self, const char *path,
    const char *type, const char *encoding, GBytes *body, char **answer)
{
  g_autofree char *uri = g_strdup_printf (
      "http://127.0.0.1:%u%s", collector_server_get_port (self->server), path);
  g_autoptr (SoupMessage) message = soup_message_new ("POST", uri);
  g_autoptr (GBytes) answered = NULL;

  soup_message_set_request_body_from_bytes (message, type, body);
  if (encoding)
    soup_message_headers_replace (soup_message_get_request_headers (message),
        "Content-Encoding", encoding);
  soup_session_send_and_read_async (
      self->session, message, G_PRIORITY_DEFAULT, NULL, on_done, &answered);
  while (!answered)
    g_main_context_iteration (NULL, TRUE);
  if (answer)
    *answer = g_strndup (
        g_bytes_get_data (answered, NULL), g_bytes_get_size (answered));
  return soup_message_get_status (message);
}

guint
collector_client_post_text (CollectorClient *self, const char *path,
    const char *type, const char *text, char **answer)
{
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));

  return collector_client_post (self, path, type, NULL, body, answer);
}

void
collector_client_assert_reported (CollectorClient *self, const char *wanted)
{
  g_autoptr (GString) quoted = g_string_new (wanted);

  g_string_replace (quoted, "'", "\"", 0);
  g_assert_cmpstr (self->reports->str, ==, quoted->str);
  g_string_truncate (self->reports, 0);
}
