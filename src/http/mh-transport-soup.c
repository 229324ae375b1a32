/* mh-transport-soup: the transport over HTTP, with libsoup 3.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-transport-soup.h"

#include "mh-body.h"
#include "mh-cutoff.h"
#include "mh-log.h"
#include "mh-soup-pool.h"

/* 100, 102, 103: so many say nothing, and then an answer has to come. */
#define MAX_INTERIM 16

/* From a request's deadline until its connection is shut down by another thread:
 * not reached where the main loop runs. */
#define GRACE MH_TIME_FROM_SEC (1)

struct _MhTransportSoup
{
  GObject parent;

  const MhSoup *soup;
  MhSoupPool *pool;
  MhCutoff *cutoff;
  GMainContext *context; /* where answers come */
  MhTime timeout;
  GQueue flights; /* of Flight.link: requests without an answer */
  guint n_requests;
  gboolean closed;
};

/* One request under way. It lives until libsoup has let go of it, which may be
 * after its answer has been given. */
typedef struct
{
  MhTransportSoup *transport; /* a reference */
  MhAnswerFunc done; /* NULL once it has been called */
  gpointer user_data;
  SoupSession *session; /* a reference, or NULL as: */
  SoupMessage *message; /* NULL where the request was not fit for one */
  GCancellable *cancellable;
  GSource *deadline;
  gint64 cut_at; /* g_get_monotonic_time() */
  MhCutoffMark mark; /* set only while deadline is */
  GInputStream *stream; /* the answer's body */
  gboolean written; /* the server may have had it */
  GError *unfit; /* why there is no message */
  guint n_interim; /* answers that are none yet */
  GTlsCertificateFlags faults; /* of the server's certificate */
  GList link; /* in MhTransportSoup.flights while done is set */
  guint number; /* for the log */
  gint64 sent_at; /* g_get_monotonic_time() */
} Flight;

static void mh_transport_soup_iface_init (MhTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (MhTransportSoup, mh_transport_soup,
    G_TYPE_OBJECT,
    G_IMPLEMENT_INTERFACE (MH_TYPE_TRANSPORT, mh_transport_soup_iface_init))

static void
soup_flight_free (Flight *flight)
{
  g_assert (flight->done == NULL);
  g_clear_object (&flight->stream);
  if (flight->message)
    g_signal_handlers_disconnect_by_data (flight->message, flight);
  g_clear_object (&flight->message);
  g_clear_object (&flight->session);
  g_clear_error (&flight->unfit);
  g_object_unref (flight->cancellable);
  g_object_unref (flight->transport);
  g_free (flight);
}

static void
soup_flight_clear_deadline (Flight *flight)
{
  mh_cutoff_remove (flight->transport->cutoff, &flight->mark);
  if (!flight->deadline)
    return;
  g_source_destroy (flight->deadline);
  g_clear_pointer (&flight->deadline, g_source_unref);
}

static void
soup_flight_log_answer (const Flight *flight, const MhAnswer *answer)
{
  gint64 took = (g_get_monotonic_time () - flight->sent_at) / 1000;

  if (answer->status)
    mh_log (HTTP, DEBUG, NULL,
        "request %u: answer %u in %d ms, %" G_GSIZE_FORMAT " bytes",
        flight->number, answer->status, (int) took,
        answer->body ? g_bytes_get_size (answer->body) : 0);
  else
    mh_log (HTTP, DEBUG, NULL, "request %u: no answer after %d ms, %s: %s",
        flight->number, (int) took,
        answer->unsent ? "not sent" : "the server may have had it",
        answer->error->message);
}

/* Gives the answer; further ones are not given. */
static void
soup_flight_done (Flight *flight, const MhAnswer *answer)
{
  MhAnswerFunc done = g_steal_pointer (&flight->done);

  if (!done)
    return;
  g_queue_unlink (&flight->transport->flights, &flight->link);
  soup_flight_clear_deadline (flight);
  soup_flight_log_answer (flight, answer);
  done (answer, flight->user_data);
}

static void
soup_flight_fail (Flight *flight, const char *message)
{
  g_autoptr (GError)
      error = g_error_new_literal (MH_ERROR, MH_ERROR_TRANSPORT, message);

  soup_flight_done (
      flight, &(MhAnswer){ .unsent = !flight->written, .error = error });
}

static void
soup_flight_succeed (Flight *flight, GBytes *body)
{
  const MhSoup *soup = flight->transport->soup;
  SoupMessageHeaders *headers = soup->message_get_response_headers (
      flight->message);

  soup_flight_done (flight,
      &(MhAnswer){
          .status = soup->message_get_status (flight->message),
          .location = soup->message_headers_get_one (headers, "Location"),
          .retry_after = soup->message_headers_get_one (headers, "Retry-After"),
          .body = body,
      });
}

static gboolean
soup_on_deadline (gpointer user_data)
{
  Flight *flight = user_data;
  g_autofree char *message = g_strdup_printf (
      "no answer within %.3g s", mh_time_seconds (flight->transport->timeout));

  /* First, as the cancellation may come back at once and free it. */
  soup_flight_fail (flight, message);
  g_cancellable_cancel (flight->cancellable);
  return G_SOURCE_REMOVE;
}

static void
soup_on_body (GBytes *body, const GError *error, gpointer user_data)
{
  Flight *flight = user_data;

  if (body)
    soup_flight_succeed (flight, body);
  else
    soup_flight_fail (flight, error->message);
  /* Letting go of the stream before its end gives up its connection: the rest
   * of a long answer is not read. */
  soup_flight_free (flight);
}

/* ---- sockets ---- */

static void
free_socket (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

/* libsoup gives a connection to the message that it is made for, and only its
 * number to those that use it later. The numbers are a session's. */
static GHashTable *
get_sockets (Flight *flight)
{
  static const char *const key = "mediaheartbeat-sockets";
  GObject *session = G_OBJECT (flight->session);
  GHashTable *sockets = g_object_get_data (session, key);

  if (!sockets) {
    sockets = g_hash_table_new_full (
        g_int64_hash, g_int64_equal, g_free, free_socket);
    g_object_set_data_full (
        session, key, sockets, (GDestroyNotify) g_hash_table_unref);
  }
  return sockets;
}

static gboolean
is_gone (gpointer key, gpointer value, gpointer user_data)
{
  g_autoptr (GSocket) socket = g_weak_ref_get (value);

  return !socket || g_socket_is_closed (socket);
}

static void
note_socket (Flight *flight, GSocketConnection *connection)
{
  GHashTable *sockets = get_sockets (flight);
  guint64 id = flight->transport->soup->message_get_connection_id (
      flight->message);
  GWeakRef *ref = g_new0 (GWeakRef, 1);

  g_hash_table_foreach_remove (sockets, is_gone, NULL);
  g_weak_ref_init (ref, g_socket_connection_get_socket (connection));
  g_hash_table_replace (sockets, g_memdup2 (&id, sizeof id), ref);
}

/* Without its headers, no server can do anything with it. */
static void
soup_on_wrote_headers (SoupMessage *message, gpointer user_data)
{
  Flight *flight = user_data;
  guint64 id = flight->transport->soup->message_get_connection_id (message);
  GWeakRef *ref = g_hash_table_lookup (get_sockets (flight), &id);
  g_autoptr (GSocket) socket = ref ? g_weak_ref_get (ref) : NULL;

  flight->written = TRUE;
  if (socket && !g_socket_is_closed (socket) && flight->deadline)
    mh_cutoff_set (flight->transport->cutoff, &flight->mark,
        g_socket_get_fd (socket), flight->cut_at);
}

/* libsoup reads these for as long as there are any, and lets nothing else run
 * meanwhile, not even our deadline. */
static void
soup_on_interim (SoupMessage *message, gpointer user_data)
{
  Flight *flight = user_data;

  if (++flight->n_interim > MAX_INTERIM)
    g_cancellable_cancel (flight->cancellable);
}

/* An answer without content has no length either (RFC 9110, 8.6). libsoup takes
 * that for one that ends with its connection, and would make a new one, with a
 * handshake, for each request. */
static void
soup_on_got_headers (SoupMessage *message, gpointer user_data)
{
  const MhSoup *soup = ((Flight *) user_data)->transport->soup;

  if (soup->message_get_status (message) == SOUP_STATUS_NO_CONTENT)
    soup->message_headers_set_encoding (
        soup->message_get_response_headers (message), SOUP_ENCODING_NONE);
}

static void
forbid_resumption (GObject *connection)
{
  /* Not before glib-networking 2.76. */
  if (g_object_class_find_property (
          G_OBJECT_GET_CLASS (connection), "session-resumption-enabled"))
    g_object_set (connection, "session-resumption-enabled", FALSE, NULL);
}

/* What GIO has found, or that there is nothing to check. */
static GTlsCertificateFlags
find_faults (GTlsConnection *connection)
{
  return g_tls_connection_get_peer_certificate (connection)
      ? g_tls_connection_get_peer_certificate_errors (connection)
      : G_TLS_CERTIFICATE_GENERIC_ERROR;
}

static void
cut_stream (GIOStream *stream)
{
  g_autoptr (GIOStream) base = NULL;

  g_object_get (stream, "base-io-stream", &base, NULL);
  if (G_IS_SOCKET_CONNECTION (base))
    g_socket_close (
        g_socket_connection_get_socket (G_SOCKET_CONNECTION (base)), NULL);
}

/* GIO remembers TLS sessions for the whole process, and takes one up again
 * without regard to what it finds out about the certificate, which was accepted
 * before: perhaps with other CAs, or with none. */
static void
soup_on_network_event (SoupMessage *message, GSocketClientEvent event,
    GIOStream *stream, gpointer user_data)
{
  Flight *flight = user_data;

  if (event == G_SOCKET_CLIENT_CONNECTED && G_IS_SOCKET_CONNECTION (stream))
    note_socket (flight, G_SOCKET_CONNECTION (stream));
  if (event == G_SOCKET_CLIENT_TLS_HANDSHAKING)
    forbid_resumption (G_OBJECT (stream));
  if (event != G_SOCKET_CLIENT_TLS_HANDSHAKED)
    return;
  flight->faults = find_faults (G_TLS_CONNECTION (stream));
  if (flight->faults) {
    /* No other message may use the connection. */
    cut_stream (stream);
    g_cancellable_cancel (flight->cancellable);
  }
}

/* Where there are several faults, the first is the one that people can mend. */
static const char *
describe_faults (GTlsCertificateFlags faults)
{
  if (faults & G_TLS_CERTIFICATE_UNKNOWN_CA)
    return "the server's certificate is from an unknown CA";
  if (faults & G_TLS_CERTIFICATE_BAD_IDENTITY)
    return "the server's certificate is another host's";
  if (faults & G_TLS_CERTIFICATE_NOT_ACTIVATED)
    return "the server's certificate is not valid yet (is the clock right?)";
  if (faults & G_TLS_CERTIFICATE_EXPIRED)
    return "the server's certificate has expired (is the clock right?)";
  return "the server's certificate cannot be accepted";
}

static char *
describe_failure (Flight *flight, const GError *error)
{
  if (flight->n_interim > MAX_INTERIM)
    return g_strdup ("interim answers without end");
  if (g_error_matches (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE))
    g_object_get (
        flight->message, "tls-peer-certificate-errors", &flight->faults, NULL);
  if (flight->faults)
    return g_strdup (describe_faults (flight->faults));
  return g_strdup (error ? error->message : "closed");
}

static void
soup_on_headers (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Flight *flight = user_data;
  const MhTransportSoup *self = flight->transport;
  g_autoptr (GError) error = NULL;

  flight->stream = self->soup->session_send_finish (
      flight->session, result, &error);
  if (!flight->stream || !flight->done) {
    g_autofree char *reason = describe_failure (flight, error);

    if (flight->faults)
      mh_soup_pool_doubt (self->pool, flight->session);
    soup_flight_fail (flight, reason);
    soup_flight_free (flight);
    return;
  }
  mh_body_read (flight->stream, MH_ANSWER_MAX_BODY, flight->cancellable,
      soup_on_body, flight);
}

/* For requests that never reach libsoup. */
static gboolean
soup_on_unsendable (gpointer user_data)
{
  Flight *flight = user_data;

  if (flight->transport->closed)
    soup_flight_fail (flight, "the transport is closed");
  else
    soup_flight_done (
        flight, &(MhAnswer){ .unsent = TRUE, .error = flight->unfit });
  soup_flight_free (flight);
  return G_SOURCE_REMOVE;
}

/* What is needed to send it. NULL, with the reason, where @request is not fit
 * for that: libsoup takes it for a mistake of ours. */
static SoupMessage *
new_message (MhTransportSoup *self, const MhRequest *request,
    SoupSession **session, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (request->uri, SOUP_HTTP_URI_FLAGS, NULL);
  const char *scheme = uri ? g_uri_get_scheme (uri) : NULL;
  const char *host = uri ? g_uri_get_host (uri) : NULL;
  gboolean tls = g_strcmp0 (scheme, "https") == 0;

  if ((!tls && g_strcmp0 (scheme, "http") != 0) || !host || !*host) {
    g_set_error_literal (
        error, MH_ERROR, MH_ERROR_TRANSPORT, "not a URI for HTTP");
    return NULL;
  }
  *session = mh_soup_pool_get (
      self->pool, tls ? request->tls_database : NULL, error);
  return *session ? self->soup->message_new_from_uri (request->method, uri)
                  : NULL;
}

static void
attach (GSource *source, GMainContext *context, GSourceFunc func, gpointer data)
{
  g_source_set_callback (source, func, data, NULL);
  g_source_attach (source, context);
}

/* The URI's path names a session: it is not for every log. */
static void
soup_flight_log_request (const Flight *flight, const MhRequest *request)
{
  g_autoptr (GUri) uri = g_uri_parse (request->uri, SOUP_HTTP_URI_FLAGS, NULL);

  mh_log (HTTP, DEBUG, NULL,
      "request %u: %s to %s://%s:%d, %" G_GSIZE_FORMAT " bytes", flight->number,
      request->method, uri ? g_uri_get_scheme (uri) : "?",
      uri && g_uri_get_host (uri) ? g_uri_get_host (uri) : "?",
      uri ? g_uri_get_port (uri) : 0, g_bytes_get_size (request->body));
  mh_log (HTTP, TRACE, NULL, "request %u: %s: %.*s", flight->number,
      request->uri,
      request->compressed ? 0 : (int) g_bytes_get_size (request->body),
      (const char *) g_bytes_get_data (request->body, NULL));
}

static void
set_headers (const MhSoup *soup, SoupMessage *message, const MhRequest *request)
{
  SoupMessageHeaders *headers = soup->message_get_request_headers (message);

  if (request->compressed)
    soup->message_headers_replace (headers, "Content-Encoding", "gzip");
  if (request->authorization)
    soup->message_headers_replace (
        headers, "Authorization", request->authorization);
}

static void
mh_transport_soup_send (MhTransport *transport, const MhRequest *request,
    MhAnswerFunc done, gpointer user_data)
{
  MhTransportSoup *self = MH_TRANSPORT_SOUP (transport);
  const MhSoup *soup = self->soup;
  Flight *flight = g_new0 (Flight, 1);

  flight->transport = g_object_ref (self);
  flight->done = done;
  flight->user_data = user_data;
  flight->cancellable = g_cancellable_new ();
  flight->link.data = flight;
  flight->number = ++self->n_requests;
  flight->sent_at = g_get_monotonic_time ();
  if (mh_log_wants (MH_LOG_HTTP, MH_LOG_DEBUG))
    soup_flight_log_request (flight, request);
  g_queue_push_tail_link (&self->flights, &flight->link);

  if (!self->closed)
    flight->message = new_message (
        self, request, &flight->session, &flight->unfit);
  if (!flight->message) {
    g_autoptr (GSource) idle = g_idle_source_new ();

    attach (idle, self->context, soup_on_unsendable, flight);
    return;
  }
  /* Where requests go is up to the application, never to a server. A POST that
   * is not called idempotent gets a new connection each time; ours is sent
   * again anyway where no answer comes. */
  soup->message_add_flags (
      flight->message, SOUP_MESSAGE_NO_REDIRECT | SOUP_MESSAGE_IDEMPOTENT);
  soup->message_set_request_body_from_bytes (flight->message,
      request->content_type ? request->content_type : "application/json",
      request->body);
  set_headers (soup, flight->message, request);
  g_signal_connect (flight->message, "network-event",
      G_CALLBACK (soup_on_network_event), flight);
  g_signal_connect (flight->message, "wrote-headers",
      G_CALLBACK (soup_on_wrote_headers), flight);
  g_signal_connect (
      flight->message, "got-headers", G_CALLBACK (soup_on_got_headers), flight);
  g_signal_connect (flight->message, "got-informational",
      G_CALLBACK (soup_on_interim), flight);
  /* The session's own timeout starts anew with every byte. */
  flight->deadline = g_timeout_source_new (
      (guint) CLAMP (MH_TIME_TO_MSEC (self->timeout), 1, G_MAXINT));
  attach (flight->deadline, self->context, soup_on_deadline, flight);
  flight->cut_at = g_get_monotonic_time () + self->timeout + GRACE;
  soup->session_send_async (flight->session, flight->message,
      G_PRIORITY_DEFAULT, flight->cancellable, soup_on_headers, flight);
}

static void
mh_transport_soup_close (MhTransport *transport)
{
  MhTransportSoup *self = MH_TRANSPORT_SOUP (transport);
  GList *link;

  /* The flights may be the last to hold it. */
  g_object_ref (self);
  self->closed = TRUE;
  while ((link = self->flights.head)) {
    Flight *flight = link->data;
    g_autoptr (GCancellable) cancellable = g_object_ref (flight->cancellable);

    soup_flight_fail (flight, "the transport is closed");
    g_cancellable_cancel (cancellable);
  }
  /* Connections that are kept alive, too. */
  mh_soup_pool_close (self->pool);
  g_object_unref (self);
}

static void
mh_transport_soup_finalize (GObject *object)
{
  MhTransportSoup *self = MH_TRANSPORT_SOUP (object);

  mh_soup_pool_free (self->pool);
  mh_cutoff_free (self->cutoff);
  g_main_context_unref (self->context);
  G_OBJECT_CLASS (mh_transport_soup_parent_class)->finalize (object);
}

static void
mh_transport_soup_class_init (MhTransportSoupClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = mh_transport_soup_finalize;
}

static void
mh_transport_soup_iface_init (MhTransportInterface *iface)
{
  iface->send = mh_transport_soup_send;
  iface->close = mh_transport_soup_close;
}

static void
mh_transport_soup_init (MhTransportSoup *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->cutoff = mh_cutoff_new ();
}

MhTransport *
mh_transport_soup_new (MhTime timeout, GError **error)
{
  const MhSoup *soup;
  MhTransportSoup *self;

  g_return_val_if_fail (timeout > 0, NULL);

  soup = mh_soup_load (error);
  if (!soup)
    return NULL;
  self = g_object_new (MH_TYPE_TRANSPORT_SOUP, NULL);
  self->soup = soup;
  self->pool = mh_soup_pool_new (soup, timeout);
  self->timeout = timeout;
  return MH_TRANSPORT (self);
}

void
mh_transport_soup_time_out_for_test (MhTransportSoup *self)
{
  while (self->flights.head)
    soup_on_deadline (self->flights.head->data);
}
