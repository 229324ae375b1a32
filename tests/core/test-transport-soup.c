/* Tests of mh-transport-soup, against servers in the same process on loopback.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-transport-soup.h"

#include <libsoup/soup.h>
#include <string.h>

#define LONG MH_TIME_FROM_SEC (60)

/* What came back for one request. */
typedef struct
{
  gboolean done;
  guint status;
  char *location;
  char *retry_after;
  GBytes *body;
  GError *error;
} Result;

static void
result_clear (Result *result)
{
  g_free (result->location);
  g_free (result->retry_after);
  g_clear_pointer (&result->body, g_bytes_unref);
  g_clear_error (&result->error);
  *result = (Result){ 0 };
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Result, result_clear)

static void
on_done (const MhAnswer *answer, gpointer user_data)
{
  Result *result = user_data;

  g_assert_false (result->done);
  g_assert_cmpint (answer->status == 0, ==, answer->error != NULL);
  result->done = TRUE;
  result->status = answer->status;
  result->location = g_strdup (answer->location);
  result->retry_after = g_strdup (answer->retry_after);
  result->body = answer->body ? g_bytes_ref (answer->body) : NULL;
  result->error = answer->error ? g_error_copy (answer->error) : NULL;
}

static void
send_to (MhTransport *transport, char *uri, Result *result)
{
  g_autoptr (GBytes) body = g_bytes_new_static ("{\"a\":1}", 7);
  g_autoptr (MhRequest) request = mh_request_new ("POST", uri, body);

  mh_transport_send (transport, request, on_done, result);
  /* Never before it has returned. */
  g_assert_false (result->done);
}

static void
wait_for (const gboolean *flag)
{
  while (!*flag)
    g_main_context_iteration (NULL, TRUE);
}

/* Lets everything that is ready run, as the ends of cancelled operations. */
static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
on_gone (gpointer user_data, GObject *was)
{
  *(gboolean *) user_data = TRUE;
}

/* Closes and lets go, and sees that nothing is left of it. */
static void
dispose_transport (MhTransport *transport)
{
  gboolean gone = FALSE;

  mh_transport_close (transport);
  g_object_weak_ref (G_OBJECT (transport), on_gone, &gone);
  g_object_unref (transport);
  wait_for (&gone);
  settle ();
}

/* A server whose /x is answered by its handler, with what it has seen. */
typedef struct
{
  SoupServer *server;
  guint n_requests;
  guint n_connections; /* different client ports, one after the other */
  guint last_port;
  gboolean asked; /* a request has come */
  gboolean left; /* a client has gone before its answer was complete */
  char *content_type;
  char *user_agent;
  char *accept_encoding;
  char *body;
} Server;

static void
note_request (Server *self, SoupServerMessage *message)
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
  g_free (self->body);
  self->body = g_strndup (body->data, (gsize) body->length);
}

static void
handle_created (SoupServer *server, SoupServerMessage *message,
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

static void
handle_redirect (SoupServer *server, SoupServerMessage *message,
    const char *path, GHashTable *query, gpointer user_data)
{
  note_request (user_data, message);
  soup_server_message_set_redirect (message, 307, "/elsewhere");
}

static void
handle_unauthorized (SoupServer *server, SoupServerMessage *message,
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
  ((Server *) user_data)->left = TRUE;
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

static void
handle_endless (SoupServer *server, SoupServerMessage *message,
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

/* Sends headers and one byte, and then nothing. */
static void
handle_stuck (SoupServer *server, SoupServerMessage *message, const char *path,
    GHashTable *query, gpointer user_data)
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

/* Sends a byte now and then, for ever: no read ever takes long. */
static void
handle_trickle (SoupServer *server, SoupServerMessage *message,
    const char *path, GHashTable *query, gpointer user_data)
{
  GSource *source = g_timeout_source_new (5);

  handle_stuck (server, message, path, query, user_data);
  g_source_set_callback (source, write_byte, message, NULL);
  g_source_attach (source, NULL);
  g_object_set_data_full (G_OBJECT (message), "source", source, stop_writing);
}

/* Says nothing at all. */
static void
handle_never (SoupServer *server, SoupServerMessage *message, const char *path,
    GHashTable *query, gpointer user_data)
{
  note_request (user_data, message);
  soup_server_message_pause (message);
}

static void
server_start (Server *self, SoupServerCallback handler)
{
  g_autoptr (GError) error = NULL;

  *self = (Server){ .server = soup_server_new (NULL, NULL) };
  soup_server_add_handler (self->server, "/x", handler, self, NULL);
  soup_server_listen_local (
      self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
}

static void
server_stop (Server *self)
{
  soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  settle ();
  g_free (self->content_type);
  g_free (self->user_agent);
  g_free (self->accept_encoding);
  g_free (self->body);
}

static char *
server_uri (Server *self)
{
  GSList *uris = soup_server_get_uris (self->server);
  char *uri = g_strdup_printf (
      "http://127.0.0.1:%d/x", g_uri_get_port (uris->data));

  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  return uri;
}

/* One request to a server with @handler, and its answer. */
static void
ask_once (
    Server *self, SoupServerCallback handler, MhTime timeout, Result *result)
{
  MhTransport *transport = mh_transport_soup_new (timeout);

  server_start (self, handler);
  send_to (transport, server_uri (self), result);
  wait_for (&result->done);
  dispose_transport (transport);
}

static void
test_answer (void)
{
  Server server;
  g_auto (Result) result = { 0 };

  ask_once (&server, handle_created, LONG, &result);
  g_assert_no_error (result.error);
  g_assert_cmpuint (result.status, ==, 201);
  g_assert_cmpstr (result.location, ==, "/api/v1/sessions/abc");
  g_assert_cmpstr (result.retry_after, ==, "7");
  g_assert_cmpmem (g_bytes_get_data (result.body, NULL),
      g_bytes_get_size (result.body), "fine", 4);
  server_stop (&server);
}

static void
test_request (void)
{
  Server server;
  g_auto (Result) result = { 0 };

  ask_once (&server, handle_created, LONG, &result);
  g_assert_cmpstr (server.content_type, ==, "application/json");
  g_assert_cmpstr (server.user_agent, ==, "gst-media-heartbeat/" MH_VERSION);
  g_assert_null (server.accept_encoding);
  g_assert_cmpstr (server.body, ==, "{\"a\":1}");
  server_stop (&server);
}

static void
test_redirect (void)
{
  Server server;
  g_auto (Result) result = { 0 };

  ask_once (&server, handle_redirect, LONG, &result);
  g_assert_cmpuint (result.status, ==, 307);
  g_assert_cmpuint (server.n_requests, ==, 1);
  server_stop (&server);
}

static void
test_unauthorized (void)
{
  Server server;
  g_auto (Result) result = { 0 };

  ask_once (&server, handle_unauthorized, LONG, &result);
  g_assert_cmpuint (result.status, ==, 401);
  g_assert_cmpuint (server.n_requests, ==, 1);
  server_stop (&server);
}

static void
test_endless_body (void)
{
  Server server;
  g_auto (Result) result = { 0 };

  ask_once (&server, handle_endless, LONG, &result);
  g_assert_cmpuint (result.status, ==, 200);
  g_assert_cmpuint (g_bytes_get_size (result.body), ==, MH_ANSWER_MAX_BODY);
  /* The rest is not read: the connection goes. */
  wait_for (&server.left);
  server_stop (&server);
}

static void
test_timeout (gconstpointer handler)
{
  Server server;
  g_auto (Result) result = { 0 };

  ask_once (
      &server, (SoupServerCallback) handler, MH_TIME_FROM_MSEC (50), &result);
  g_assert_error (result.error, MH_ERROR, MH_ERROR_TRANSPORT);
  g_assert_cmpstr (result.error->message, ==, "no answer within 0.05 s");
  g_assert_null (result.location);
  server_stop (&server);
}

static void
test_refused (void)
{
  MhTransport *transport = mh_transport_soup_new (LONG);
  g_auto (Result) result = { 0 };
  g_autofree char *uri = NULL;
  Server server;

  /* A port that was free a moment ago. */
  server_start (&server, handle_created);
  uri = server_uri (&server);
  server_stop (&server);
  send_to (transport, g_steal_pointer (&uri), &result);
  wait_for (&result.done);
  g_assert_error (result.error, MH_ERROR, MH_ERROR_TRANSPORT);
  dispose_transport (transport);
}

static void
test_bad_uri (void)
{
  static const char *const uris[] = { "", "not a uri", "ftp://127.0.0.1/x",
    "http://" };
  MhTransport *transport = mh_transport_soup_new (LONG);

  for (guint i = 0; i < G_N_ELEMENTS (uris); i++) {
    g_auto (Result) result = { 0 };

    send_to (transport, g_strdup (uris[i]), &result);
    wait_for (&result.done);
    g_assert_error (result.error, MH_ERROR, MH_ERROR_TRANSPORT);
  }
  dispose_transport (transport);
}

static void
test_keep_alive (void)
{
  MhTransport *transport = mh_transport_soup_new (LONG);
  Server server;

  server_start (&server, handle_created);
  for (guint i = 0; i < 5; i++) {
    g_auto (Result) result = { 0 };

    send_to (transport, server_uri (&server), &result);
    wait_for (&result.done);
    g_assert_cmpuint (result.status, ==, 201);
    /* Only now does the connection go back to where it is found again. */
    settle ();
  }
  g_assert_cmpuint (server.n_requests, ==, 5);
  g_assert_cmpuint (server.n_connections, ==, 1);
  dispose_transport (transport);
  server_stop (&server);
}

static void
test_many_at_once (void)
{
  MhTransport *transport = mh_transport_soup_new (LONG);
  Result results[50] = { 0 };
  Server server;

  server_start (&server, handle_created);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    send_to (transport, server_uri (&server), &results[i]);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++) {
    wait_for (&results[i].done);
    g_assert_cmpuint (results[i].status, ==, 201);
    result_clear (&results[i]);
  }
  dispose_transport (transport);
  server_stop (&server);
}

static void
test_close_in_flight (gconstpointer handler)
{
  MhTransport *transport = mh_transport_soup_new (LONG);
  Result results[20] = { 0 };
  Server server;

  server_start (&server, (SoupServerCallback) handler);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    send_to (transport, server_uri (&server), &results[i]);
  wait_for (&server.asked);
  dispose_transport (transport);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++) {
    g_assert_true (results[i].done);
    g_assert_error (results[i].error, MH_ERROR, MH_ERROR_TRANSPORT);
    result_clear (&results[i]);
  }
  server_stop (&server);
}

static void
test_send_after_close (void)
{
  MhTransport *transport = mh_transport_soup_new (LONG);
  g_auto (Result) result = { 0 };
  Server server;

  server_start (&server, handle_created);
  mh_transport_close (transport);
  send_to (transport, server_uri (&server), &result);
  wait_for (&result.done);
  g_assert_error (result.error, MH_ERROR, MH_ERROR_TRANSPORT);
  g_assert_cmpuint (server.n_requests, ==, 0);
  dispose_transport (transport);
  server_stop (&server);
}

/* A server that says one thing, whatever it is asked. */
static gboolean
on_raw_connection (GSocketService *service, GSocketConnection *connection,
    GObject *source, gpointer user_data)
{
  GOutputStream *output = g_io_stream_get_output_stream (
      G_IO_STREAM (connection));
  const GString *text = user_data;

  g_output_stream_write_all (output, text->str, text->len, NULL, NULL, NULL);
  /* Only the half: a reset would take back what has been written. */
  g_socket_shutdown (
      g_socket_connection_get_socket (connection), FALSE, TRUE, NULL);
  g_object_set_data_full (G_OBJECT (service), "connection",
      g_object_ref (connection), g_object_unref);
  return TRUE;
}

static void
ask_raw (const char *text, gsize length, Result *result)
{
  g_autoptr (GSocketService) service = g_socket_service_new ();
  g_autoptr (GString) copy = g_string_new_len (text, (gssize) length);
  g_autoptr (GInetAddress)
      loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) bound = NULL;
  MhTransport *transport = mh_transport_soup_new (LONG);

  g_assert_true (
      g_socket_listener_add_address (G_SOCKET_LISTENER (service), address,
          G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, &bound, NULL));
  g_signal_connect (service, "incoming", G_CALLBACK (on_raw_connection), copy);
  send_to (transport,
      g_strdup_printf ("http://127.0.0.1:%u/x",
          g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound))),
      result);
  wait_for (&result->done);
  dispose_transport (transport);
  g_socket_service_stop (service);
  g_socket_listener_close (G_SOCKET_LISTENER (service));
  settle ();
}

/* Whatever comes: one answer or one error, and nothing in between. */
static void
test_garbage (void)
{
  static const char *const texts[] = { "", "\r\n\r\n", "garbage\r\n\r\n",
    "HTTP/1.1 999999 No\r\n\r\n", "HTTP/9.9 200 OK\r\n\r\n",
    "HTTP/1.1 201 Created\r\nContent-Length: -1\r\n\r\n",
    "HTTP/1.1 201 Created\r\nContent-Length: 99\r\n\r\nshort",
    "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "HTTP/1.1 201 Created\r\nLocation", "HTTP/1.1 201 Created\r\n: x\r\n\r\n",
    "HTTP/1.1 201 Created\r\nLocation: \xff\xfe\x01\r\n"
    "Content-Length: 0\r\n\r\n" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_auto (Result) result = { 0 };

    ask_raw (texts[i], strlen (texts[i]), &result);
    g_assert_true (result.done);
  }
}

static void
test_header_endless (void)
{
  g_autoptr (GString) text = g_string_new ("HTTP/1.1 201 Created\r\nX: ");
  g_auto (Result) result = { 0 };

  for (guint i = 0; i < 200 * 1024; i++)
    g_string_append_c (text, 'x');
  ask_raw (text->str, text->len, &result);
  g_assert_error (result.error, MH_ERROR, MH_ERROR_TRANSPORT);
}

static void
test_garbage_location (void)
{
  static const char text[] = "HTTP/1.1 201 Created\r\n"
                             "Location: /a/\xff\"<b>;x=1, c\r\n"
                             "Content-Length: 0\r\n\r\n";
  g_auto (Result) result = { 0 };

  ask_raw (text, sizeof text - 1, &result);
  g_assert_cmpuint (result.status, ==, 201);
  g_assert_nonnull (result.location);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_setenv ("GIO_USE_PROXY_RESOLVER", "dummy", TRUE);
  g_test_add_func ("/transport-soup/answer", test_answer);
  g_test_add_func ("/transport-soup/request", test_request);
  g_test_add_func ("/transport-soup/redirect-not-followed", test_redirect);
  g_test_add_func ("/transport-soup/unauthorized-once", test_unauthorized);
  g_test_add_func ("/transport-soup/body/endless", test_endless_body);
  g_test_add_data_func ("/transport-soup/timeout/silent",
      (gconstpointer) handle_never, test_timeout);
  g_test_add_data_func ("/transport-soup/timeout/stuck-body",
      (gconstpointer) handle_stuck, test_timeout);
  g_test_add_data_func ("/transport-soup/timeout/trickle",
      (gconstpointer) handle_trickle, test_timeout);
  g_test_add_func ("/transport-soup/refused-connection", test_refused);
  g_test_add_func ("/transport-soup/bad-uri", test_bad_uri);
  g_test_add_func ("/transport-soup/keep-alive", test_keep_alive);
  g_test_add_func ("/transport-soup/many-at-once", test_many_at_once);
  g_test_add_data_func ("/transport-soup/close/silent",
      (gconstpointer) handle_never, test_close_in_flight);
  g_test_add_data_func ("/transport-soup/close/stuck-body",
      (gconstpointer) handle_stuck, test_close_in_flight);
  g_test_add_func ("/transport-soup/close/send-after", test_send_after_close);
  g_test_add_func ("/transport-soup/garbage", test_garbage);
  g_test_add_func (
      "/transport-soup/garbage/header-endless", test_header_endless);
  g_test_add_func ("/transport-soup/garbage/location", test_garbage_location);
  return g_test_run ();
}
