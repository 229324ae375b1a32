/* mh-hostile: a server on loopback that takes what it is sent, but for one
 * request that goes wrong in a given way.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
/* For strcasestr(). */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "mh-hostile.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

typedef struct
{
  MhHostile *server;
  GSocketConnection *connection;
  guint n_pending; /* operations; nobody else holds it */
  GString *in; /* what has come and is no whole request yet */
  char buffer[4096];
  GString *out; /* what is being written */
  gsize next; /* of it, where it goes byte by byte */
  gboolean slow;
  gboolean endless;
  gboolean closes; /* when it is written */
} Connection;

static const char *const names[MH_N_FAULTS] = {
  [MH_FAULT_NONE] = "none",
  [MH_FAULT_REFUSED] = "refused connection",
  [MH_FAULT_HANG_UP] = "closed connection",
  [MH_FAULT_RESET] = "reset connection",
  [MH_FAULT_SILENT] = "no answer",
  [MH_FAULT_HALF_HEADER] = "half a header",
  [MH_FAULT_CUT_HEADER] = "cut header",
  [MH_FAULT_CUT_LINE] = "cut at a line",
  [MH_FAULT_HALF_BODY] = "half a body",
  [MH_FAULT_GARBAGE] = "garbage",
  [MH_FAULT_SLOW_HEADER] = "slow header",
  [MH_FAULT_SLOW_BODY] = "slow body",
  [MH_FAULT_ENDLESS_HEADER] = "endless header",
  [MH_FAULT_ENDLESS_BODY] = "endless body",
  [MH_FAULT_500] = "500",
  [MH_FAULT_503] = "503 Retry-After",
  [MH_FAULT_429] = "429",
  [MH_FAULT_400] = "400",
  [MH_FAULT_404] = "404",
  [MH_FAULT_410] = "410",
};

const char *
mh_fault_name (MhFault fault)
{
  return names[fault];
}

static GSocket *
new_socket (guint16 port)
{
  g_autoptr (GInetAddress)
      loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress)
      address = g_inet_socket_address_new (loopback, port);
  g_autoptr (GError) error = NULL;
  GSocket *socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM,
      G_SOCKET_PROTOCOL_TCP, &error);

  g_assert_no_error (error);
  /* Shared, as long as one of them listens at most. */
  g_socket_bind (socket, address, TRUE, &error);
  g_assert_no_error (error);
  return socket;
}

static void
stop_listening (MhHostile *self)
{
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_clear_object (&self->service);
}

gboolean
mh_hostile_is_listening (MhHostile *self)
{
  return self->service != NULL;
}

/* ---- connections ---- */

static void connection_read (Connection *self);
static void connection_write (Connection *self);

static void
connection_unref (Connection *self)
{
  if (--self->n_pending > 0)
    return;
  g_socket_close (g_socket_connection_get_socket (self->connection), NULL);
  self->server->n_connections--;
  g_object_unref (self->connection);
  g_string_free (self->in, TRUE);
  g_string_free (self->out, TRUE);
  g_free (self);
}

/* The other side reads what there is, and then the end. */
static void
hang_up (Connection *self)
{
  g_socket_shutdown (
      g_socket_connection_get_socket (self->connection), FALSE, TRUE, NULL);
}

static void
reset (Connection *self)
{
  GSocket *socket = g_socket_connection_get_socket (self->connection);
  const struct linger at_once = { 1, 0 };

  g_assert_cmpint (setsockopt (g_socket_get_fd (socket), SOL_SOCKET, SO_LINGER,
                       &at_once, sizeof at_once),
      ==, 0);
  g_socket_close (socket, NULL);
}

static void
on_written (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Connection *self = user_data;
  gboolean done = g_output_stream_write_all_finish (
      G_OUTPUT_STREAM (source), result, NULL, NULL);

  if (done && self->slow) {
    if (++self->next < self->out->len)
      connection_write (self);
    else
      self->server->stuck = TRUE;
  } else if (done && self->endless) {
    g_string_set_size (self->out, 16 * 1024);
    memset (self->out->str, 'x', self->out->len);
    connection_write (self);
  } else if (self->closes) {
    hang_up (self);
  }
  connection_unref (self);
}

static void
connection_write (Connection *self)
{
  GOutputStream *output = g_io_stream_get_output_stream (
      G_IO_STREAM (self->connection));

  self->n_pending++;
  g_output_stream_write_all_async (output, self->out->str + self->next,
      self->slow ? 1 : self->out->len, G_PRIORITY_DEFAULT, NULL, on_written,
      self);
}

static void
say (Connection *self, const char *text)
{
  g_string_assign (self->out, text);
  connection_write (self);
}

/* ---- answers ---- */

static MhFault
next_fault (MhHostile *self, guint request)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->faults); i++) {
    if (self->faults[i].fault != MH_FAULT_NONE &&
        self->faults[i].request == request)
      return self->faults[i].fault;
  }
  return MH_FAULT_NONE;
}

static gboolean
is_edge (const char *path)
{
  return strstr (path, "/va/v1/") != NULL;
}

/* Whether it is taken without a word: an event of a session that there is. */
static gboolean
is_event (const char *path)
{
  return is_edge (path)
      ? !strstr (path, "/sessionStart") && !strstr (path, "/downloaded")
      : g_str_has_suffix (path, "/events");
}

/* What the Media Edge API says of a session. */
static const char *
body_of (const char *path)
{
  return is_edge (path) && strstr (path, "/sessionStart")
      ? "{\"handle\":[{\"type\":\"media-analytics:new-session\","
        "\"payload\":[{\"sessionId\":\"sid\"}]}]}"
      : "";
}

/* The header of an answer that takes the request, but for its end. */
static void
begin_answer (Connection *self, const char *path, gboolean with_body)
{
  if (is_event (path) && !with_body)
    g_string_assign (self->out, "HTTP/1.1 204 No Content\r\n");
  else if (is_event (path) || is_edge (path))
    g_string_assign (self->out, "HTTP/1.1 200 OK\r\n");
  else
    g_string_assign (self->out, "HTTP/1.1 201 Created\r\n");
  if (g_str_has_suffix (path, "/sessions")) {
    char *id = g_strdup_printf ("sid-%05u", self->server->n_requests);

    g_string_append_printf (self->out, "Location: /api/v1/sessions/%s\r\n", id);
    g_ptr_array_add (self->server->ids, id);
  }
}

/* Where nobody is to take the next request, it must not come this way. */
static void
end_answer (Connection *self, const char *body)
{
  MhHostile *server = self->server;

  if (next_fault (server, server->n_requests) == MH_FAULT_REFUSED) {
    g_string_append (self->out, "Connection: close\r\n");
    self->closes = TRUE;
    server->n_requests++;
    server->n_done++;
    stop_listening (server);
  }
  g_string_append_printf (self->out, "\r\n%s", body);
  connection_write (self);
}

static void
answer_normally (Connection *self, const char *path)
{
  begin_answer (self, path, FALSE);
  if (!is_event (path))
    g_string_append_printf (self->out,
        "Content-Length: %" G_GSIZE_FORMAT "\r\n", strlen (body_of (path)));
  end_answer (self, body_of (path));
}

static void
answer_status (Connection *self, MhFault fault)
{
  g_string_printf (self->out, "HTTP/1.1 %.3s No\r\n%sContent-Length: 0\r\n",
      names[fault], fault == MH_FAULT_503 ? "Retry-After: 100\r\n" : "");
  end_answer (self, "");
}

static void
answer_part (Connection *self, const char *path, MhFault fault)
{
  begin_answer (self, path, TRUE);
  if (fault == MH_FAULT_ENDLESS_HEADER)
    g_string_append (self->out, "X-Endless: ");
  else if (fault == MH_FAULT_SLOW_HEADER)
    g_string_append (self->out, "X-Slow: 123456789\r\n");
  else if (fault == MH_FAULT_ENDLESS_BODY)
    g_string_append (self->out, "\r\n");
  else if (fault == MH_FAULT_CUT_HEADER)
    g_string_append (self->out, "X-Cut: 123");
  else
    g_string_append (self->out, "Content-Length: 1000\r\n\r\nhalf of a body");
  self->slow = fault == MH_FAULT_SLOW_HEADER || fault == MH_FAULT_SLOW_BODY;
  self->endless = fault == MH_FAULT_ENDLESS_HEADER ||
      fault == MH_FAULT_ENDLESS_BODY;
  self->closes = !self->slow && !self->endless;
  connection_write (self);
}

static void
answer (Connection *self, const char *path, MhFault fault)
{
  switch (fault) {
    case MH_FAULT_REFUSED:
    case MH_FAULT_NONE:
      answer_normally (self, path);
      return;
    case MH_FAULT_HANG_UP:
      hang_up (self);
      return;
    case MH_FAULT_RESET:
      reset (self);
      return;
    case MH_FAULT_SILENT:
      self->server->stuck = TRUE;
      return;
    case MH_FAULT_GARBAGE:
      self->closes = TRUE;
      say (self, "\x01\xff garbage\r\n\r\n<html>");
      return;
    case MH_FAULT_HALF_HEADER:
      self->closes = TRUE;
      say (self, "HTTP/1.1 20");
      return;
    case MH_FAULT_CUT_LINE:
      self->closes = TRUE;
      begin_answer (self, path, FALSE);
      /* Without what comes after the status. */
      g_string_truncate (self->out,
          (gsize) (strchr (self->out->str, '\n') - self->out->str) + 1);
      connection_write (self);
      return;
    case MH_FAULT_CUT_HEADER:
    case MH_FAULT_HALF_BODY:
    case MH_FAULT_SLOW_HEADER:
    case MH_FAULT_SLOW_BODY:
    case MH_FAULT_ENDLESS_HEADER:
    case MH_FAULT_ENDLESS_BODY:
      answer_part (self, path, fault);
      return;
    case MH_FAULT_500:
    case MH_FAULT_503:
    case MH_FAULT_429:
    case MH_FAULT_400:
    case MH_FAULT_404:
    case MH_FAULT_410:
      answer_status (self, fault);
      return;
  }
  g_assert_not_reached ();
}

/* ---- requests ---- */

static gboolean
is_known (MhHostile *self, const char *path)
{
  g_auto (GStrv) words = g_strsplit (path, "/", -1);

  for (guint i = 0; i < self->ids->len; i++) {
    if (g_strcmp0 (self->ids->pdata[i], words[4]) == 0)
      return TRUE;
  }
  return FALSE;
}

static void
handle (Connection *self, const char *path, const char *body, gsize length)
{
  MhHostile *server = self->server;
  MhFault fault = next_fault (server, server->n_requests);

  server->n_requests++;
  if (fault != MH_FAULT_NONE)
    server->n_done++;
  else if (g_str_has_suffix (path, "/events") && !is_known (server, path))
    fault = MH_FAULT_404;
  if (fault < MH_FAULT_500)
    g_ptr_array_add (server->taken, g_strndup (body, length));
  answer (self, path, fault);
}

/* Returns: whether there was a whole one. */
static gboolean
handle_request (Connection *self)
{
  const char *end = strstr (self->in->str, "\r\n\r\n");
  const char *length = strcasestr (self->in->str, "\r\nContent-Length:");
  g_auto (GStrv) words = NULL;
  gsize header, body;

  if (!end)
    return FALSE;
  g_assert_nonnull (length);
  header = (gsize) (end - self->in->str) + 4;
  body = (gsize) strtoul (strchr (length, ':') + 1, NULL, 10);
  if (self->in->len < header + body)
    return FALSE;
  words = g_strsplit (self->in->str, " ", 3);
  g_assert_cmpstr (words[0], ==, "POST");
  handle (self, words[1], self->in->str + header, body);
  g_string_erase (self->in, 0, (gssize) (header + body));
  return TRUE;
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Connection *self = user_data;
  gssize length = g_input_stream_read_finish (
      G_INPUT_STREAM (source), result, NULL);

  if (length > 0) {
    g_string_append_len (self->in, self->buffer, length);
    while (handle_request (self))
      ;
    connection_read (self);
  } else {
    /* What is being written fails. */
    g_socket_close (g_socket_connection_get_socket (self->connection), NULL);
  }
  connection_unref (self);
}

static void
connection_read (Connection *self)
{
  GInputStream *input = g_io_stream_get_input_stream (
      G_IO_STREAM (self->connection));

  self->n_pending++;
  g_input_stream_read_async (input, self->buffer, sizeof self->buffer,
      G_PRIORITY_DEFAULT, NULL, on_read, self);
}

static gboolean
on_incoming (GSocketService *service, GSocketConnection *connection,
    GObject *source, gpointer user_data)
{
  Connection *self = g_new0 (Connection, 1);

  self->server = user_data;
  self->server->n_connections++;
  self->connection = g_object_ref (connection);
  self->in = g_string_new (NULL);
  self->out = g_string_new (NULL);
  connection_read (self);
  return TRUE;
}

/* ---- public ---- */

void
mh_hostile_listen (MhHostile *self)
{
  g_autoptr (GSocket) socket = new_socket (self->port);
  g_autoptr (GError) error = NULL;

  g_socket_listen (socket, &error);
  g_assert_no_error (error);
  self->service = g_socket_service_new ();
  g_socket_listener_add_socket (
      G_SOCKET_LISTENER (self->service), socket, NULL, &error);
  g_assert_no_error (error);
  g_signal_connect (self->service, "incoming", G_CALLBACK (on_incoming), self);
}

void
mh_hostile_start (MhHostile *self)
{
  g_autoptr (GSocketAddress) bound = NULL;

  self->taken = g_ptr_array_new_with_free_func (g_free);
  self->ids = g_ptr_array_new_with_free_func (g_free);
  self->guard = new_socket (0);
  bound = g_socket_get_local_address (self->guard, NULL);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  if (next_fault (self, 0) == MH_FAULT_REFUSED) {
    self->n_requests++;
    self->n_done++;
  } else {
    mh_hostile_listen (self);
  }
}

void
mh_hostile_stop (MhHostile *self)
{
  if (self->service)
    stop_listening (self);
  while (self->n_connections > 0)
    g_main_context_iteration (NULL, TRUE);
  g_clear_object (&self->guard);
  g_clear_pointer (&self->taken, g_ptr_array_unref);
  g_clear_pointer (&self->ids, g_ptr_array_unref);
}
