/* mh-test-server: an HTTP server in the same process, on loopback, that behaves
 * or misbehaves in a given way.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-test-server.h"

static void
note_request (MhTestServer *self, SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (
      message);
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  GInetSocketAddress *address = G_INET_SOCKET_ADDRESS (
      soup_server_message_get_remote_address (message));
  guint port = g_inet_socket_address_get_port (address);

  self->n_requests++;
  self->asked = TRUE;
  if (port != self->last_port)
    self->n_connections++;
  self->last_port = port;
  g_free (self->content_type);
  self->content_type = g_strdup (
      soup_message_headers_get_one (headers, "Content-Type"));
  g_free (self->user_agent);
  self->user_agent = g_strdup (
      soup_message_headers_get_one (headers, "User-Agent"));
  g_free (self->accept_encoding);
  self->accept_encoding = g_strdup (
      soup_message_headers_get_one (headers, "Accept-Encoding"));
  g_free (self->content_encoding);
  self->content_encoding = g_strdup (
      soup_message_headers_get_one (headers, "Content-Encoding"));
  g_free (self->authorization);
  self->authorization = g_strdup (
      soup_message_headers_get_one (headers, "Authorization"));
  g_free (self->body);
  self->body = g_strndup (body->data, (gsize) body->length);
}

void
mh_test_server_created (SoupServer *server, SoupServerMessage *message,
    const char *path, GHashTable *query, gpointer user_data)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (
      message);

  note_request (user_data, message);
  soup_message_headers_replace (headers, "Location", "/api/v1/sessions/abc");
  soup_message_headers_replace (headers, "Retry-After", "7");
  soup_server_message_set_status (message, 201, NULL);
  soup_server_message_set_response (
      message, "text/plain", SOUP_MEMORY_STATIC, "fine", 4);
}

void
mh_test_server_redirect (SoupServer *server, SoupServerMessage *message,
    const char *path, GHashTable *query, gpointer user_data)
{
  note_request (user_data, message);
  soup_server_message_set_redirect (message, 307, "/elsewhere");
}

void
mh_test_server_unauthorized (SoupServer *server, SoupServerMessage *message,
    const char *path, GHashTable *query, gpointer user_data)
{
  note_request (user_data, message);
  soup_message_headers_replace (
      soup_server_message_get_response_headers (message), "WWW-Authenticate",
      "Basic realm=\"x\"");
  soup_server_message_set_status (message, 401, NULL);
}

static void
on_finished (SoupServerMessage *message, gpointer user_data)
{
  ((MhTestServer *) user_data)->left = TRUE;
}

/* The next part of a body without end; the first ones at once. */
static void
write_more (SoupServerMessage *message, gpointer user_data)
{
  static const char data[16 * 1024] = { 'x' };

  soup_message_body_append (soup_server_message_get_response_body (message),
      SOUP_MEMORY_STATIC, data, sizeof data);
  soup_server_message_unpause (message);
}

void
mh_test_server_endless (SoupServer *server, SoupServerMessage *message,
    const char *path, GHashTable *query, gpointer user_data)
{
  note_request (user_data, message);
  soup_server_message_set_status (message, 200, NULL);
  soup_message_headers_set_encoding (
      soup_server_message_get_response_headers (message),
      SOUP_ENCODING_CHUNKED);
  soup_message_body_set_accumulate (
      soup_server_message_get_response_body (message), FALSE);
  g_signal_connect (message, "wrote-chunk", G_CALLBACK (write_more), NULL);
  g_signal_connect (message, "finished", G_CALLBACK (on_finished), user_data);
  write_more (message, NULL);
}

void
mh_test_server_stuck (SoupServer *server, SoupServerMessage *message,
    const char *path, GHashTable *query, gpointer user_data)
{
  note_request (user_data, message);
  soup_server_message_set_status (message, 201, NULL);
  soup_message_headers_set_encoding (
      soup_server_message_get_response_headers (message),
      SOUP_ENCODING_CHUNKED);
  soup_message_body_append (soup_server_message_get_response_body (message),
      SOUP_MEMORY_STATIC, "x", 1);
}

static gboolean
write_byte (gpointer user_data)
{
  SoupServerMessage *message = user_data;

  soup_message_body_append (soup_server_message_get_response_body (message),
      SOUP_MEMORY_STATIC, "x", 1);
  soup_server_message_unpause (message);
  return G_SOURCE_CONTINUE;
}

static void
stop_writing (gpointer source)
{
  g_source_destroy (source);
  g_source_unref (source);
}

void
mh_test_server_trickle (SoupServer *server, SoupServerMessage *message,
    const char *path, GHashTable *query, gpointer user_data)
{
  GSource *source = g_timeout_source_new (5);

  mh_test_server_stuck (server, message, path, query, user_data);
  g_source_set_callback (source, write_byte, message, NULL);
  g_source_attach (source, NULL);
  g_object_set_data_full (G_OBJECT (message), "source", source, stop_writing);
}

void
mh_test_server_never (SoupServer *server, SoupServerMessage *message,
    const char *path, GHashTable *query, gpointer user_data)
{
  note_request (user_data, message);
  soup_server_message_pause (message);
}

/* Made for these tests, for 127.0.0.1, and signed by itself. The key protects
 * nothing. */
static const char test_certificate[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgmoM3LVRVgQ5m9JEy\n"
    "8HyDwM5ITb8XC1M7Hw5ilZSr6nChRANCAAT/wWf2XR0L4PEXp+fCyRk9M5DQqpvF\n"
    "9sfFI77Eavhgk4M+P1RoRHR9MyzhqG58CAUNqGzaoASu6HuaByjlJYFu\n"
    "-----END PRIVATE KEY-----\n"
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBkDCCATagAwIBAgIUJ75hczJcJtBLmmvfrAedrA/qb7AwCgYIKoZIzj0EAwIw\n"
    "FDESMBAGA1UEAwwJMTI3LjAuMC4xMCAXDTI2MTEyMzA0MjYwNFoYDzIxMjYxMDMw\n"
    "MDQyNjA0WjAUMRIwEAYDVQQDDAkxMjcuMC4wLjEwWTATBgcqhkjOPQIBBggqhkjO\n"
    "PQMBBwNCAAT/wWf2XR0L4PEXp+fCyRk9M5DQqpvF9sfFI77Eavhgk4M+P1RoRHR9\n"
    "MyzhqG58CAUNqGzaoASu6HuaByjlJYFuo2QwYjAdBgNVHQ4EFgQU0rAzk47vplbH\n"
    "Gwv4fEyCXeDViUswHwYDVR0jBBgwFoAU0rAzk47vplbHGwv4fEyCXeDViUswDwYD\n"
    "VR0TAQH/BAUwAwEB/zAPBgNVHREECDAGhwR/AAABMAoGCCqGSM49BAMCA0gAMEUC\n"
    "IQCQhrkFIbX2m0myFRsnGvBoo6LYStSiKn+q+xEu+2yR5AIgGHHV7qMe5Q+FViyZ\n"
    "WVZjru+k6mwgESLnF1SJRUwPero=\n"
    "-----END CERTIFICATE-----\n";

static void
end_handshake (gpointer user_data)
{
  ((MhTestServer *) user_data)->n_handshakes--;
}

static void
on_handshake_end (SoupServerMessage *message)
{
  g_object_set_data (G_OBJECT (message), "handshake", NULL);
}

/* The first message of a connection comes before the handshake. Where that
 * fails, libsoup 3.2 says that the message is disconnected and keeps it, 3.6
 * frees it. */
static void
on_request_started (
    SoupServer *server, SoupServerMessage *message, gpointer user_data)
{
  GObject *socket = G_OBJECT (soup_server_message_get_socket (message));

  if (g_object_get_data (socket, "seen"))
    return;
  g_object_set_data (socket, "seen", socket);
  ((MhTestServer *) user_data)->n_handshakes++;
  g_object_set_data_full (
      G_OBJECT (message), "handshake", user_data, end_handshake);
  g_signal_connect (message, "connected", G_CALLBACK (on_handshake_end), NULL);
  g_signal_connect (
      message, "disconnected", G_CALLBACK (on_handshake_end), NULL);
}

static void
start (MhTestServer *self, SoupServerCallback handler,
    GTlsCertificate *certificate)
{
  g_autoptr (GError) error = NULL;

  *self = (MhTestServer){ .server = soup_server_new (NULL, NULL) };
  soup_server_set_tls_certificate (self->server, certificate);
  soup_server_add_handler (self->server, "/x", handler, self, NULL);
  g_signal_connect (
      self->server, "request-started", G_CALLBACK (on_request_started), self);
  soup_server_listen_local (self->server, 0,
      SOUP_SERVER_LISTEN_IPV4_ONLY |
          (certificate ? SOUP_SERVER_LISTEN_HTTPS : 0),
      &error);
  g_assert_no_error (error);
}

void
mh_test_server_start (MhTestServer *self, SoupServerCallback handler)
{
  start (self, handler, NULL);
}

gboolean
mh_test_server_start_tls (MhTestServer *self, SoupServerCallback handler)
{
  g_autoptr (GTlsCertificate) certificate = NULL;
  g_autoptr (GError) error = NULL;

  if (!g_tls_backend_supports_tls (g_tls_backend_get_default ()))
    return FALSE;
  certificate = g_tls_certificate_new_from_pem (test_certificate, -1, &error);
  g_assert_no_error (error);
  start (self, handler, certificate);
  return TRUE;
}

void
mh_test_server_start_tls_file (
    MhTestServer *self, SoupServerCallback handler, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate)
      certificate = g_tls_certificate_new_from_file (path, &error);

  g_assert_no_error (error);
  start (self, handler, certificate);
}

void
mh_test_server_stop (MhTestServer *self)
{
  /* A connection that is let go in a handshake is used once more at its end:
   * libsoup before 3.7.1 does not cancel it. */
  while (self->n_handshakes > 0)
    g_main_context_iteration (NULL, TRUE);
  soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  /* Lets it take leave of its clients. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_free (self->content_type);
  g_free (self->user_agent);
  g_free (self->accept_encoding);
  g_free (self->content_encoding);
  g_free (self->authorization);
  g_free (self->body);
}

char *
mh_test_server_uri (MhTestServer *self)
{
  GSList *uris = soup_server_get_uris (self->server);
  char *uri = g_strdup_printf ("%s://127.0.0.1:%d/x",
      g_uri_get_scheme (uris->data), g_uri_get_port (uris->data));

  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  return uri;
}
