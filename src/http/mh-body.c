/* mh-body: reads the body of an answer.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-body.h"

/* Of a body, at a time. */
#define PART 4096

typedef struct
{
  GInputStream *stream;
  GCancellable *cancellable;
  gsize most;
  GByteArray *bytes; /* behind what was read: room for the next part */
  gsize n_read;
  MhBodyFunc done;
  gpointer user_data;
} Reading;

static void
end (Reading *self, const GError *error)
{
  g_autoptr (GBytes) body = g_byte_array_free_to_bytes (self->bytes);

  self->done (error ? NULL : body, error, self->user_data);
  g_free (self);
}

/* @n: how much has come; 0: the end; -1: @error. Returns: whether there may be more;
 * otherwise @self is gone. */
static gboolean
take_part (Reading *self, gssize n, const GError *error)
{
  self->n_read += (gsize) MAX (n, 0);
  g_byte_array_set_size (self->bytes, (guint) self->n_read);
  if (n > 0 && self->n_read < self->most)
    return TRUE;
  end (self, error);
  return FALSE;
}

/* What is there already, or the end. Returns: FALSE: it has to be waited for. */
static gboolean
read_now (Reading *self, gpointer room, gsize size, gssize *n, GError **error)
{
  GPollableInputStream *stream;

  if (!G_IS_POLLABLE_INPUT_STREAM (self->stream))
    return FALSE;
  stream = G_POLLABLE_INPUT_STREAM (self->stream);
  if (!g_pollable_input_stream_can_poll (stream))
    return FALSE;
  *n = g_pollable_input_stream_read_nonblocking (
      stream, room, size, self->cancellable, error);
  return *n >= 0 ||
      !g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
}

static void read_on (Reading *self);

static void
on_part (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Reading *self = user_data;
  g_autoptr (GError) error = NULL;
  gssize n = g_input_stream_read_finish (self->stream, result, &error);

  if (take_part (self, n, error))
    read_on (self);
}

static void
read_on (Reading *self)
{
  gboolean more;

  do {
    g_autoptr (GError) error = NULL;
    gsize size = MIN (PART, self->most - self->n_read);
    guint8 *room;
    gssize n;

    g_byte_array_set_size (self->bytes, (guint) (self->n_read + size));
    room = self->bytes->data + self->n_read;
    if (!read_now (self, room, size, &n, &error)) {
      g_input_stream_read_async (self->stream, room, size, G_PRIORITY_DEFAULT,
          self->cancellable, on_part, self);
      return;
    }
    more = take_part (self, n, error);
  } while (more);
}

void
mh_body_read (GInputStream *stream, gsize most, GCancellable *cancellable,
    MhBodyFunc done, gpointer user_data)
{
  Reading *self;

  g_return_if_fail (most > 0 && most <= G_MAXUINT);

  self = g_new0 (Reading, 1);
  self->stream = stream;
  self->cancellable = cancellable;
  self->most = most;
  self->bytes = g_byte_array_new ();
  self->done = done;
  self->user_data = user_data;
  read_on (self);
}
