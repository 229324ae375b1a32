/* mh-media-server: an HTTP server of one file.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-media-server.h"

#include <string.h>

/* Bytes that are sent at once, and between two of a radio's songs. */
#define BLOCK 4000

struct _MhMediaServer
{
  MhMediaServed served;
  GSocketListener *listener;
  GCancellable *cancellable; /* of its accepting */
  GThread *thread; /* that accepts */
  char *uri;
  char *data;
  gsize size;
  GMutex lock;
  GCond changed;
  gboolean closed; /* lock */
  guint n_running; /* lock: connections */
};

/* What one client has asked for. */
typedef struct
{
  gboolean body;
  gboolean songs;
  gsize first;
} Request;

static gboolean
read_request (GInputStream *input, Request *request)
{
  g_autoptr (GDataInputStream) lines = g_data_input_stream_new (input);
  gboolean any = FALSE;
  char *line;

  g_filter_input_stream_set_close_base_stream (
      G_FILTER_INPUT_STREAM (lines), FALSE);
  g_data_input_stream_set_newline_type (
      lines, G_DATA_STREAM_NEWLINE_TYPE_CR_LF);
  *request = (Request){ .body = TRUE };
  while ((line = g_data_input_stream_read_line (lines, NULL, NULL, NULL))) {
    gboolean end = *line == '\0';

    if (g_str_has_prefix (line, "HEAD "))
      request->body = FALSE;
    if (g_ascii_strcasecmp (line, "icy-metadata: 1") == 0)
      request->songs = TRUE;
    if (g_ascii_strncasecmp (line, "range: bytes=", 13) == 0)
      request->first = (gsize) g_ascii_strtoull (line + 13, NULL, 10);
    g_free (line);
    any = TRUE;
    if (end)
      return any;
  }
  return FALSE;
}

static char *
make_headers (MhMediaServer *self, const Request *request)
{
  const MhMediaServed *served = &self->served;
  gboolean part = served->ranges && request->first > 0;
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "HTTP/1.1 %s\r\nContent-Type: %s\r\n",
      part ? "206 Partial Content" : "200 OK", served->type);
  g_string_append (text, "Connection: close\r\n");
  if (served->length)
    g_string_append_printf (text, "Content-Length: %" G_GSIZE_FORMAT "\r\n",
        self->size - (part ? request->first : 0));
  else if (!served->station)
    g_string_append (text, "Transfer-Encoding: chunked\r\n");
  if (served->ranges)
    g_string_append (text, "Accept-Ranges: bytes\r\n");
  if (part)
    g_string_append_printf (text,
        "Content-Range: bytes %" G_GSIZE_FORMAT "-%" G_GSIZE_FORMAT
        "/%" G_GSIZE_FORMAT "\r\n",
        request->first, self->size - 1, self->size);
  if (served->station)
    g_string_append_printf (
        text, "icy-name: %s\r\nicy-genre: Jazz\r\n", served->station);
  if (served->station && request->songs)
    g_string_append_printf (text, "icy-metaint: %d\r\n", BLOCK);
  g_string_append (text, "\r\n");
  return g_string_free (text, FALSE);
}

/* Returns: FALSE: the server is closed. */
static gboolean
wait (MhMediaServer *self, gint64 microseconds)
{
  gint64 until = g_get_monotonic_time () + microseconds;
  gboolean closed;

  g_mutex_lock (&self->lock);
  while (!self->closed && microseconds > 0 &&
      g_cond_wait_until (&self->changed, &self->lock, until))
    ;
  closed = self->closed;
  g_mutex_unlock (&self->lock);
  return !closed;
}

static gboolean
put (GOutputStream *output, const char *data, gsize size)
{
  return g_output_stream_write_all (output, data, size, NULL, NULL, NULL);
}

static gboolean
put_song (GOutputStream *output, guint n)
{
  g_autofree char *title = g_strdup_printf ("StreamTitle='Someone - %u';", n);
  char block[1 + 64] = { 4 };

  strncpy (block + 1, title, sizeof block - 2);
  return put (output, block, sizeof block);
}

static gboolean
put_block (MhMediaServer *self, GOutputStream *output, gsize at, gsize size)
{
  gboolean chunked = !self->served.length && !self->served.station;
  g_autofree char *head = g_strdup_printf ("%" G_GSIZE_MODIFIER "x\r\n", size);

  return (!chunked || put (output, head, strlen (head))) &&
      put (output, self->data + at, size) &&
      (!chunked || put (output, "\r\n", 2));
}

static void
send_body (MhMediaServer *self, GOutputStream *output, const Request *request)
{
  gsize at = self->served.ranges ? MIN (request->first, self->size) : 0;
  gboolean songs = self->served.station && request->songs;
  guint n = 0;

  while (at < self->size) {
    gsize size = MIN (BLOCK, self->size - at);

    if (!put_block (self, output, at, size) ||
        (songs && size == BLOCK && !put_song (output, n++)))
      return;
    at += size;
    if (!wait (self,
            self->served.rate > 0
                ? (gint64) size * G_USEC_PER_SEC / self->served.rate
                : 0))
      return;
  }
  if (!self->served.length && !self->served.station)
    put (output, "0\r\n\r\n", 5);
}

static void
answer (MhMediaServer *self, GSocketConnection *connection)
{
  GOutputStream *output = g_io_stream_get_output_stream (
      G_IO_STREAM (connection));
  g_autofree char *headers = NULL;
  Request request;

  if (!read_request (
          g_io_stream_get_input_stream (G_IO_STREAM (connection)), &request) ||
      !wait (self, (gint64) self->served.delay * 1000))
    return;
  headers = make_headers (self, &request);
  if (put (output, headers, strlen (headers)) && request.body)
    send_body (self, output, &request);
}

typedef struct
{
  MhMediaServer *server;
  GSocketConnection *connection;
} Client;

static gpointer
serve (gpointer data)
{
  Client *client = data;
  MhMediaServer *self = client->server;

  answer (self, client->connection);
  g_io_stream_close (G_IO_STREAM (client->connection), NULL, NULL);
  g_object_unref (client->connection);
  g_free (client);
  g_mutex_lock (&self->lock);
  self->n_running--;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  return NULL;
}

static gpointer
accept_all (gpointer data)
{
  MhMediaServer *self = data;
  GSocketConnection *connection;

  while ((connection = g_socket_listener_accept (
              self->listener, NULL, self->cancellable, NULL))) {
    Client *client = g_new (Client, 1);

    *client = (Client){ self, connection };
    g_mutex_lock (&self->lock);
    self->n_running++;
    g_mutex_unlock (&self->lock);
    g_thread_unref (g_thread_new ("media-server", serve, client));
  }
  return NULL;
}

MhMediaServer *
mh_media_server_new (const MhMediaServed *served)
{
  MhMediaServer *self = g_new0 (MhMediaServer, 1);
  g_autoptr (GInetAddress)
      loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) wanted = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) got = NULL;
  g_autoptr (GError) error = NULL;

  self->served = *served;
  g_file_get_contents (served->path, &self->data, &self->size, &error);
  g_assert_no_error (error);
  self->listener = g_socket_listener_new ();
  self->cancellable = g_cancellable_new ();
  g_socket_listener_add_address (self->listener, wanted, G_SOCKET_TYPE_STREAM,
      G_SOCKET_PROTOCOL_TCP, NULL, &got, &error);
  g_assert_no_error (error);
  self->uri = g_strdup_printf ("http://127.0.0.1:%u/media",
      g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (got)));
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  self->thread = g_thread_new ("media-server", accept_all, self);
  return self;
}

void
mh_media_server_free (MhMediaServer *self)
{
  g_cancellable_cancel (self->cancellable);
  g_thread_join (self->thread);
  g_mutex_lock (&self->lock);
  self->closed = TRUE;
  g_cond_broadcast (&self->changed);
  while (self->n_running > 0)
    g_cond_wait (&self->changed, &self->lock);
  g_mutex_unlock (&self->lock);
  g_object_unref (self->listener);
  g_object_unref (self->cancellable);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_free (self->data);
  g_free (self->uri);
  g_free (self);
}

const char *
mh_media_server_get_uri (MhMediaServer *self)
{
  return self->uri;
}
