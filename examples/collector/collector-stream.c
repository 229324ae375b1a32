/* collector-stream: changes of the model as server-sent events.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "collector-stream.h"

#include <string.h>

/* How often changes are sent, milliseconds. */
#define INTERVAL 250

/* A client that has gone is seen when something is written. */
#define KEEP_ALIVE 15000

struct _CollectorStreams
{
  CollectorModel *model;
  gint64 (*now) (void);
  GPtrArray *all; /* Stream */
  guint timer; /* while there are streams */
};

typedef struct
{
  CollectorStreams *streams;
  SoupServerMessage *message;
  guint64 serial; /* of the model when it was last looked at */
  gint64 since; /* when that was */
  gint64 written; /* when something was sent */
  gboolean busy; /* that is not written yet */
} Stream;

static void
stream_free (gpointer data)
{
  Stream *stream = data;

  g_signal_handlers_disconnect_by_data (stream->message, stream);
  g_object_unref (stream->message);
  g_free (stream);
}

static void
wrote_chunk (SoupServerMessage *message, gpointer user_data)
{
  ((Stream *) user_data)->busy = FALSE;
}

static void
send_text (Stream *stream, const char *event, const char *data, gint64 now)
{
  char *text = data ? g_strdup_printf ("event: %s\ndata: %s\n\n", event, data)
                    : g_strdup (":\n\n");

  soup_message_body_append (
      soup_server_message_get_response_body (stream->message), SOUP_MEMORY_TAKE,
      text, strlen (text));
  stream->busy = TRUE;
  stream->written = now;
  soup_server_message_unpause (stream->message);
}

/* A client that has gone is seen by the end of what it sends, long before
 * something has to be written. */
static gboolean
has_gone (Stream *stream)
{
  GSocket *socket = soup_server_message_get_socket (stream->message);
  GInputVector vector = { &(char){ 0 }, 1 };
  int flags = G_SOCKET_MSG_PEEK;

  return socket && g_socket_condition_check (socket, G_IO_IN) != 0 &&
      g_socket_receive_message (
          socket, NULL, &vector, 1, NULL, NULL, &flags, NULL, NULL) <= 0;
}

static void
send_changes (Stream *stream, gint64 now)
{
  CollectorModel *model = stream->streams->model;
  g_autofree char *text = collector_view_changes (
      model, stream->serial, stream->since, now);

  if (text)
    send_text (stream, "change", text, now);
  else if (now - stream->written > KEEP_ALIVE || has_gone (stream))
    send_text (stream, NULL, NULL, now);
  stream->serial = model->serial;
  stream->since = now;
}

static gboolean
tick (gpointer user_data)
{
  CollectorStreams *streams = user_data;
  gint64 now = streams->now ();

  for (guint i = 0; i < streams->all->len; i++) {
    Stream *stream = g_ptr_array_index (streams->all, i);

    if (!stream->busy)
      send_changes (stream, now);
  }
  return G_SOURCE_CONTINUE;
}

/* A timer in the context of the thread, as the server has. */
static guint
start_timer (CollectorStreams *streams)
{
  g_autoptr (GSource) source = g_timeout_source_new (INTERVAL);

  g_source_set_callback (source, tick, streams, NULL);
  return g_source_attach (source, g_main_context_get_thread_default ());
}

static void
stop_timer (CollectorStreams *streams)
{
  GSource *source = streams->timer
      ? g_main_context_find_source_by_id (
            g_main_context_get_thread_default (), streams->timer)
      : NULL;

  if (source)
    g_source_destroy (source);
  streams->timer = 0;
}

static void
finished (SoupServerMessage *message, gpointer user_data)
{
  Stream *stream = user_data;
  CollectorStreams *streams = stream->streams;

  g_ptr_array_remove_fast (streams->all, stream);
  if (streams->all->len == 0)
    stop_timer (streams);
}

CollectorStreams *
collector_streams_new (CollectorModel *model, gint64 (*now) (void))
{
  CollectorStreams *streams = g_new0 (CollectorStreams, 1);

  streams->model = model;
  streams->now = now;
  streams->all = g_ptr_array_new_with_free_func (stream_free);
  return streams;
}

void
collector_streams_free (CollectorStreams *streams)
{
  if (!streams)
    return;
  stop_timer (streams);
  g_ptr_array_unref (streams->all);
  g_free (streams);
}

static Stream *
new_stream (CollectorStreams *streams, SoupServerMessage *message)
{
  Stream *stream = g_new0 (Stream, 1);

  stream->streams = streams;
  stream->message = g_object_ref (message);
  g_signal_connect (message, "wrote-chunk", G_CALLBACK (wrote_chunk), stream);
  g_signal_connect (message, "finished", G_CALLBACK (finished), stream);
  g_ptr_array_add (streams->all, stream);
  return stream;
}

gboolean
collector_streams_add (CollectorStreams *streams, SoupServerMessage *message)
{
  gint64 now = streams->now ();
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (
      message);
  g_autofree char *list = NULL;
  Stream *stream;

  if (streams->all->len >= COLLECTOR_STREAMS_MAX)
    return FALSE;
  soup_message_headers_set_content_type (headers, "text/event-stream", NULL);
  soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
  soup_message_body_set_accumulate (
      soup_server_message_get_response_body (message), FALSE);
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  stream = new_stream (streams, message);
  stream->serial = streams->model->serial;
  stream->since = now;
  list = collector_view_list (streams->model, NULL, now);
  send_text (stream, "list", list, now);
  if (!streams->timer)
    streams->timer = start_timer (streams);
  return TRUE;
}
