/* Tests of mh-transport-soup, against servers in the same process on loopback.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-transport-soup.h"

#include <stdlib.h>
#include <string.h>

#include "mh-hostile.h"
#include "mh-test-sanitizer.h"
#include "mh-test-server.h"

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

static MhTransport *
new_transport (MhTime timeout)
{
  g_autoptr (GError) error = NULL;
  MhTransport *transport = mh_transport_soup_new (timeout, &error);

  g_assert_no_error (error);
  return transport;
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
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
}

/* Lets everything that is ready run, as the ends of cancelled operations. */
static void
settle (void)
{
  while (g_main_context_iteration (g_main_context_get_thread_default (), FALSE))
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

/* One request to a server with @handler, and its answer. */
static void
ask_once (MhTestServer *self, SoupServerCallback handler, MhTime timeout,
    Result *result)
{
  MhTransport *transport = new_transport (timeout);

  mh_test_server_start (self, handler);
  send_to (transport, mh_test_server_uri (self), result);
  wait_for (&result->done);
  dispose_transport (transport);
}

static void
test_answer (void)
{
  MhTestServer server;
  g_auto (Result) result = { 0 };

  ask_once (&server, mh_test_server_created, LONG, &result);
  g_assert_no_error (result.error);
  g_assert_cmpuint (result.status, ==, 201);
  g_assert_cmpstr (result.location, ==, "/api/v1/sessions/abc");
  g_assert_cmpstr (result.retry_after, ==, "7");
  g_assert_cmpmem (g_bytes_get_data (result.body, NULL),
      g_bytes_get_size (result.body), "fine", 4);
  mh_test_server_stop (&server);
}

static void
test_request (void)
{
  MhTestServer server;
  g_auto (Result) result = { 0 };

  ask_once (&server, mh_test_server_created, LONG, &result);
  g_assert_cmpstr (server.content_type, ==, "application/json");
  g_assert_cmpstr (server.user_agent, ==, "gst-media-heartbeat/" MH_VERSION);
  g_assert_null (server.accept_encoding);
  g_assert_null (server.content_encoding);
  g_assert_null (server.authorization);
  g_assert_cmpstr (server.body, ==, "{\"a\":1}");
  mh_test_server_stop (&server);
}

static void
test_request_headers (void)
{
  MhTestServer server;
  g_auto (Result) result = { 0 };
  g_autoptr (GBytes) body = g_bytes_new_static ("packed", 6);
  MhTransport *transport = new_transport (LONG);
  g_autoptr (MhRequest) request = NULL;

  mh_test_server_start (&server, mh_test_server_created);
  request = mh_request_new ("POST", mh_test_server_uri (&server), body);
  request->content_type = g_strdup ("application/x-ndjson");
  request->compressed = TRUE;
  request->authorization = g_strdup ("Bearer x");
  mh_transport_send (transport, request, on_done, &result);
  wait_for (&result.done);
  dispose_transport (transport);
  g_assert_cmpstr (server.content_type, ==, "application/x-ndjson");
  g_assert_cmpstr (server.content_encoding, ==, "gzip");
  g_assert_cmpstr (server.authorization, ==, "Bearer x");
  mh_test_server_stop (&server);
}

static void
test_redirect (void)
{
  MhTestServer server;
  g_auto (Result) result = { 0 };

  ask_once (&server, mh_test_server_redirect, LONG, &result);
  g_assert_cmpuint (result.status, ==, 307);
  g_assert_cmpuint (server.n_requests, ==, 1);
  mh_test_server_stop (&server);
}

static void
test_unauthorized (void)
{
  MhTestServer server;
  g_auto (Result) result = { 0 };

  ask_once (&server, mh_test_server_unauthorized, LONG, &result);
  g_assert_cmpuint (result.status, ==, 401);
  g_assert_cmpuint (server.n_requests, ==, 1);
  mh_test_server_stop (&server);
}

#define LONG_BODY 30000

static char
long_body_at (gsize i)
{
  return (char) ('a' + i % 23);
}

static void
answer_long_body (SoupServer *server, SoupServerMessage *message,
    const char *path, GHashTable *query, gpointer user_data)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize i = 0; i < LONG_BODY; i++)
    g_string_append_c (text, long_body_at (i));
  soup_server_message_set_status (message, 400, NULL);
  soup_server_message_set_response (
      message, "text/plain", SOUP_MEMORY_COPY, text->str, text->len);
}

/* It is longer than what is read at a time. */
static void
test_long_body (void)
{
  MhTestServer server;
  g_auto (Result) result = { 0 };
  const char *text;
  gsize length;

  ask_once (&server, answer_long_body, LONG, &result);
  g_assert_cmpuint (result.status, ==, 400);
  text = g_bytes_get_data (result.body, &length);
  g_assert_cmpuint (length, ==, LONG_BODY);
  for (gsize i = 0; i < length; i++)
    g_assert_cmpint (text[i], ==, long_body_at (i));
  mh_test_server_stop (&server);
}

static void
test_endless_body (void)
{
  MhTestServer server;
  g_auto (Result) result = { 0 };

  ask_once (&server, mh_test_server_endless, LONG, &result);
  g_assert_cmpuint (result.status, ==, 200);
  g_assert_cmpuint (g_bytes_get_size (result.body), ==, MH_ANSWER_MAX_BODY);
  /* The rest is not read: the connection goes. */
  wait_for (&server.left);
  mh_test_server_stop (&server);
}

static void
test_timeout (gconstpointer handler)
{
  MhTestServer server;
  g_auto (Result) result = { 0 };

  ask_once (
      &server, (SoupServerCallback) handler, MH_TIME_FROM_MSEC (50), &result);
  g_assert_error (result.error, MH_ERROR, MH_ERROR_TRANSPORT);
  g_assert_cmpstr (result.error->message, ==, "no answer within 0.05 s");
  g_assert_null (result.location);
  mh_test_server_stop (&server);
}

/* @data: what of it comes byte by byte. */
static void
test_slow (gconstpointer data)
{
  MhHostile server = { .faults = { { 0, GPOINTER_TO_UINT (data) } } };
  MhTransport *transport = new_transport (MH_TIME_FROM_MSEC (50));
  g_auto (Result) result = { 0 };

  mh_hostile_start (&server);
  send_to (transport,
      g_strdup_printf ("http://127.0.0.1:%u/sessions", server.port), &result);
  wait_for (&result.done);
  g_assert_error (result.error, MH_ERROR, MH_ERROR_TRANSPORT);
  g_assert_cmpstr (result.error->message, ==, "no answer within 0.05 s");
  dispose_transport (transport);
  mh_hostile_stop (&server);
}

/* What a server says, and then again and again, as fast as it goes. */
typedef struct
{
  const char *first;
  const char *again;
  gboolean is_answer; /* what comes first, whatever comes then */
  GSocket *socket;
} Flood;

static const Flood floods[] = {
  { "", "HTTP/1.1 102 Processing\r\n\r\n", FALSE },
  { "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
      "X: y\r\n", TRUE },
};

static gpointer
say_again (gpointer user_data)
{
  const Flood *flood = user_data;
  g_autoptr (GSocket) socket = g_socket_accept (flood->socket, NULL, NULL);
  g_autoptr (GString) many = g_string_new (NULL);

  /* Where the other end was shut down with the window full, TCP does not say so
   * for a minute. */
  g_socket_set_timeout (socket, 3);
  for (guint i = 0; i < 500; i++)
    g_string_append (many, flood->again);
  g_socket_send (socket, flood->first, strlen (flood->first), NULL, NULL);
  while (g_socket_send (socket, many->str, many->len, NULL, NULL) > 0)
    ;
  return NULL;
}

/* From another thread: whoever reads must not be kept from all else by it. */
static void
test_flood (gconstpointer data)
{
  Flood flood = *(const Flood *) data;
  g_autoptr (GInetAddress)
      loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocket) socket = g_socket_new (
      G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_autoptr (GSocketAddress) bound = NULL;
  MhTransport *transport = new_transport (MH_TIME_FROM_SEC (1));
  g_auto (Result) result = { 0 };
  GThread *thread;

  g_assert_true (g_socket_bind (socket, address, TRUE, NULL) &&
      g_socket_listen (socket, NULL));
  bound = g_socket_get_local_address (socket, NULL);
  flood.socket = socket;
  thread = g_thread_new ("server", say_again, &flood);
  send_to (transport,
      g_strdup_printf ("http://127.0.0.1:%u/x",
          g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound))),
      &result);
  wait_for (&result.done);
  /* libsoup 3.8 reads a trailer to its end: then it is cut off. */
  if (flood.is_answer && !result.error)
    g_assert_cmpuint (result.status, ==, 201);
  else if (!flood.is_answer)
    g_assert_cmpstr (result.error->message, ==, "interim answers without end");
  dispose_transport (transport);
  g_thread_join (thread);
}

/* One answer, and then nothing, on one connection. */
static gpointer
answer_once (gpointer user_data)
{
  static const char answer[] = "HTTP/1.1 201 Created\r\n"
                               "Content-Length: 0\r\n\r\n";
  g_autoptr (GSocket) socket = g_socket_accept (user_data, NULL, NULL);
  char buffer[4096];
  gssize n;

  g_socket_set_timeout (socket, 30);
  g_assert_cmpint (
      g_socket_receive (socket, buffer, sizeof buffer, NULL, NULL), >, 0);
  g_socket_send (socket, answer, strlen (answer), NULL, NULL);
  while ((n = g_socket_receive (socket, buffer, sizeof buffer, NULL, NULL)) > 0)
    ;
  return GINT_TO_POINTER (n == 0);
}

/* The thread that the transport runs on does not return to its main loop when
 * the deadline comes: the connection ends all the same, also one that another
 * request has been answered on. */
static void
test_starved (void)
{
  g_autoptr (GInetAddress)
      loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocket) socket = g_socket_new (
      G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_autoptr (GSocketAddress) bound = NULL;
  MhTransport *transport = new_transport (MH_TIME_FROM_MSEC (500));
  g_auto (Result) first = { 0 };
  g_auto (Result) second = { 0 };
  g_autofree char *uri = NULL;
  GThread *thread;

  g_assert_true (g_socket_bind (socket, address, TRUE, NULL) &&
      g_socket_listen (socket, NULL));
  bound = g_socket_get_local_address (socket, NULL);
  uri = g_strdup_printf ("http://127.0.0.1:%u/x",
      g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound)));
  thread = g_thread_new ("server", answer_once, socket);
  send_to (transport, g_strdup (uri), &first);
  wait_for (&first.done);
  g_assert_cmpuint (first.status, ==, 201);
  settle ();
  send_to (transport, g_strdup (uri), &second);
  settle ();
  g_assert_false (second.done);
  g_assert_true (g_thread_join (thread));
  wait_for (&second.done);
  g_assert_nonnull (second.error);
  dispose_transport (transport);
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
  MhTransport *transport = new_transport (LONG);

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

/* A few are what a server may say. */
static void
test_wait (void)
{
  static const char text[] = "HTTP/1.1 100 Continue\r\n\r\n"
                             "HTTP/1.1 102 Processing\r\n\r\n"
                             "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
                             "HTTP/1.1 201 Created\r\nLocation: /one\r\n"
                             "Content-Length: 0\r\n\r\n";
  g_auto (Result) result = { 0 };

  ask_raw (text, sizeof text - 1, &result);
  g_assert_cmpuint (result.status, ==, 201);
  g_assert_cmpstr (result.location, ==, "/one");
}

static void
test_refused (void)
{
  MhTransport *transport = new_transport (LONG);
  g_auto (Result) result = { 0 };
  g_autofree char *uri = NULL;
  MhTestServer server;

  /* A port that was free a moment ago. */
  mh_test_server_start (&server, mh_test_server_created);
  uri = mh_test_server_uri (&server);
  mh_test_server_stop (&server);
  send_to (transport, g_steal_pointer (&uri), &result);
  wait_for (&result.done);
  g_assert_error (result.error, MH_ERROR, MH_ERROR_TRANSPORT);
  dispose_transport (transport);
}

/* Whoever is not known gets nothing to read. */
static void
test_untrusted (void)
{
  MhTransport *transport;
  g_auto (Result) result = { 0 };
  MhTestServer server;

  if (MH_TEST_WITH_ASAN) {
    g_test_skip ("LeakSanitizer crashes when GnuTLS has been loaded late");
    return;
  }
  if (!mh_test_server_start_tls (&server, mh_test_server_created)) {
    g_test_skip ("GIO has no TLS here");
    return;
  }
  transport = new_transport (LONG);
  send_to (transport, mh_test_server_uri (&server), &result);
  wait_for (&result.done);
  g_assert_error (result.error, MH_ERROR, MH_ERROR_TRANSPORT);
  g_test_message ("%s", result.error->message);
  g_assert_cmpuint (server.n_requests, ==, 0);
  dispose_transport (transport);
  mh_test_server_stop (&server);
}

static void
test_bad_uri (void)
{
  static const char *const uris[] = { "", "not a uri", "ftp://127.0.0.1/x",
    "http://" };
  MhTransport *transport = new_transport (LONG);

  for (guint i = 0; i < G_N_ELEMENTS (uris); i++) {
    g_auto (Result) result = { 0 };

    send_to (transport, g_strdup (uris[i]), &result);
    wait_for (&result.done);
    g_assert_error (result.error, MH_ERROR, MH_ERROR_TRANSPORT);
  }
  dispose_transport (transport);
}

/* Reads a request. Returns: FALSE: there is none. */
static gboolean
read_request (GDataInputStream *input)
{
  gssize length = 0;

  for (;;) {
    g_autofree char *line = g_data_input_stream_read_line (
        input, NULL, NULL, NULL);

    if (!line)
      return FALSE;
    if (*line == '\0')
      return g_input_stream_skip (
                 G_INPUT_STREAM (input), (gsize) length, NULL, NULL) == length;
    if (g_ascii_strncasecmp (line, "Content-Length:", 15) == 0)
      length = atoi (line + 15);
  }
}

/* libsoup's server closes the connection after such an answer. */
static gboolean
answer_no_content (GThreadedSocketService *service,
    GSocketConnection *connection, GObject *source, gpointer n_connections)
{
  static const char answer[] = "HTTP/1.1 204 No Content\r\n\r\n";
  g_autoptr (GDataInputStream) input = g_data_input_stream_new (
      g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  GOutputStream *output = g_io_stream_get_output_stream (
      G_IO_STREAM (connection));

  g_data_input_stream_set_newline_type (
      input, G_DATA_STREAM_NEWLINE_TYPE_CR_LF);
  g_atomic_int_inc ((gint *) n_connections);
  while (read_request (input))
    g_output_stream_write_all (
        output, answer, strlen (answer), NULL, NULL, NULL);
  return TRUE;
}

/* Such an answer has no length: it must not have one (RFC 9110, 8.6). */
static void
test_keep_alive_no_content (void)
{
  MhTransport *transport = new_transport (LONG);
  GSocketService *service = g_threaded_socket_service_new (10);
  gint n_connections = 0;
  guint16 port = g_socket_listener_add_any_inet_port (
      G_SOCKET_LISTENER (service), NULL, NULL);

  g_signal_connect (
      service, "run", G_CALLBACK (answer_no_content), &n_connections);
  for (guint i = 0; i < 5; i++) {
    g_auto (Result) result = { 0 };

    send_to (
        transport, g_strdup_printf ("http://127.0.0.1:%u/x", port), &result);
    wait_for (&result.done);
    g_assert_cmpuint (result.status, ==, 204);
    settle ();
  }
  g_assert_cmpint (g_atomic_int_get (&n_connections), ==, 1);
  dispose_transport (transport);
  g_socket_service_stop (service);
  g_socket_listener_close (G_SOCKET_LISTENER (service));
  g_object_unref (service);
}

static void
test_keep_alive (void)
{
  MhTransport *transport = new_transport (LONG);
  MhTestServer server;

  mh_test_server_start (&server, mh_test_server_created);
  for (guint i = 0; i < 5; i++) {
    g_auto (Result) result = { 0 };

    send_to (transport, mh_test_server_uri (&server), &result);
    wait_for (&result.done);
    g_assert_cmpuint (result.status, ==, 201);
    /* Only now does the connection go back to where it is found again. */
    settle ();
  }
  g_assert_cmpuint (server.n_requests, ==, 5);
  g_assert_cmpuint (server.n_connections, ==, 1);
  dispose_transport (transport);
  mh_test_server_stop (&server);
}

static void
test_many_at_once (void)
{
  MhTransport *transport = new_transport (LONG);
  Result results[50] = { 0 };
  MhTestServer server;

  mh_test_server_start (&server, mh_test_server_created);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    send_to (transport, mh_test_server_uri (&server), &results[i]);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++) {
    wait_for (&results[i].done);
    g_assert_cmpuint (results[i].status, ==, 201);
    result_clear (&results[i]);
  }
  dispose_transport (transport);
  mh_test_server_stop (&server);
}

static void
test_close_in_flight (gconstpointer handler)
{
  MhTransport *transport = new_transport (LONG);
  Result results[20] = { 0 };
  MhTestServer server;

  mh_test_server_start (&server, (SoupServerCallback) handler);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    send_to (transport, mh_test_server_uri (&server), &results[i]);
  wait_for (&server.asked);
  dispose_transport (transport);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++) {
    g_assert_true (results[i].done);
    g_assert_error (results[i].error, MH_ERROR, MH_ERROR_TRANSPORT);
    result_clear (&results[i]);
  }
  mh_test_server_stop (&server);
}

static void
test_send_after_close (void)
{
  MhTransport *transport = new_transport (LONG);
  g_auto (Result) result = { 0 };
  MhTestServer server;

  mh_test_server_start (&server, mh_test_server_created);
  mh_transport_close (transport);
  send_to (transport, mh_test_server_uri (&server), &result);
  wait_for (&result.done);
  g_assert_error (result.error, MH_ERROR, MH_ERROR_TRANSPORT);
  g_assert_cmpuint (server.n_requests, ==, 0);
  dispose_transport (transport);
  mh_test_server_stop (&server);
}

typedef struct
{
  char *uri;
  Result result;
  gboolean finished; /* set in the main context */
} OtherThread;

static gboolean
on_finished_thread (gpointer user_data)
{
  ((OtherThread *) user_data)->finished = TRUE;
  return G_SOURCE_REMOVE;
}

static gpointer
other_thread (gpointer user_data)
{
  OtherThread *other = user_data;
  g_autoptr (GMainContext) context = g_main_context_new ();
  MhTransport *transport;

  g_main_context_push_thread_default (context);
  transport = new_transport (LONG);
  send_to (transport, g_steal_pointer (&other->uri), &other->result);
  wait_for (&other->result.done);
  dispose_transport (transport);
  g_main_context_pop_thread_default (context);
  g_idle_add (on_finished_thread, other);
  return NULL;
}

/* As the worker uses it: everything in a thread with a context of its own. */
static void
test_other_thread (void)
{
  OtherThread other = { 0 };
  GThread *thread;
  MhTestServer server;

  if (MH_TEST_WITH_TSAN) {
    g_test_skip ("GLib's own locks are not seen, as it is not instrumented");
    return;
  }
  mh_test_server_start (&server, mh_test_server_created);
  other.uri = mh_test_server_uri (&server);
  thread = g_thread_new ("other", other_thread, &other);
  wait_for (&other.finished);
  g_thread_join (thread);
  g_assert_cmpuint (other.result.status, ==, 201);
  result_clear (&other.result);
  mh_test_server_stop (&server);
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
    "HTTP/1.1 201 OK\r\nLocation: \xff\xfe\x01\r\nContent-Length: 0\r\n\r\n" };

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
  g_test_add_func ("/transport-soup/request/headers", test_request_headers);
  g_test_add_func ("/transport-soup/redirect-not-followed", test_redirect);
  g_test_add_func ("/transport-soup/unauthorized-once", test_unauthorized);
  g_test_add_func ("/transport-soup/body/long", test_long_body);
  g_test_add_func ("/transport-soup/body/endless", test_endless_body);
  g_test_add_data_func ("/transport-soup/timeout/silent",
      (gconstpointer) mh_test_server_never, test_timeout);
  g_test_add_data_func ("/transport-soup/timeout/stuck-body",
      (gconstpointer) mh_test_server_stuck, test_timeout);
  g_test_add_data_func ("/transport-soup/timeout/trickle",
      (gconstpointer) mh_test_server_trickle, test_timeout);
  g_test_add_data_func ("/transport-soup/timeout/slow-header",
      GUINT_TO_POINTER (MH_FAULT_SLOW_HEADER), test_slow);
  g_test_add_data_func ("/transport-soup/timeout/slow-body",
      GUINT_TO_POINTER (MH_FAULT_SLOW_BODY), test_slow);
  g_test_add_func ("/transport-soup/interim", test_wait);
  g_test_add_data_func (
      "/transport-soup/flood/interim", &floods[0], test_flood);
  g_test_add_data_func (
      "/transport-soup/flood/trailer", &floods[1], test_flood);
  g_test_add_func ("/transport-soup/starved", test_starved);
  g_test_add_func ("/transport-soup/refused-connection", test_refused);
  g_test_add_func ("/transport-soup/untrusted-certificate", test_untrusted);
  g_test_add_func ("/transport-soup/bad-uri", test_bad_uri);
  g_test_add_func ("/transport-soup/keep-alive", test_keep_alive);
  g_test_add_func (
      "/transport-soup/keep-alive/no-content", test_keep_alive_no_content);
  g_test_add_func ("/transport-soup/many-at-once", test_many_at_once);
  g_test_add_func ("/transport-soup/other-thread", test_other_thread);
  g_test_add_data_func ("/transport-soup/close/silent",
      (gconstpointer) mh_test_server_never, test_close_in_flight);
  g_test_add_data_func ("/transport-soup/close/stuck-body",
      (gconstpointer) mh_test_server_stuck, test_close_in_flight);
  g_test_add_func ("/transport-soup/close/send-after", test_send_after_close);
  g_test_add_func ("/transport-soup/garbage", test_garbage);
  g_test_add_func (
      "/transport-soup/garbage/header-endless", test_header_endless);
  g_test_add_func ("/transport-soup/garbage/location", test_garbage_location);
  return g_test_run ();
}
