/* mh-relay-link: one end of a connection between a process and the helper
 * program.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-relay-link.h"

#include <errno.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CHUNK (64 * 1024)

typedef struct
{
  guint32 type;
  guint32 length;
} Head;

struct _MhRelayLink
{
  int fd;
  GMainContext *context;
  const MhRelayLinkFuncs *funcs;
  gpointer user_data;
  GByteArray *in;
  GByteArray *out;
  GSource *reader;
  GSource *writer; /* while there is something to be written */
  gboolean hands_on; /* one of its functions is called */
  gboolean is_gone; /* that has freed it: what is left of it goes afterwards */
};

static GSource *
add_source (MhRelayLink *self, GIOCondition condition, GUnixFDSourceFunc func)
{
  GSource *source = g_unix_fd_source_new (self->fd, condition);

  g_source_set_callback (source, G_SOURCE_FUNC (func), self, NULL);
  g_source_attach (source, self->context);
  return source;
}

static void
remove_source (GSource **source)
{
  if (*source)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

/* ---- out ---- */

/* That the other side is gone is for the reader to find. */
static gboolean
relay_link_flush (MhRelayLink *self)
{
  gssize n = 1;

  while (self->out->len > 0 && n > 0) {
    n = send (
        self->fd, self->out->data, self->out->len, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n > 0)
      g_byte_array_remove_range (self->out, 0, (guint) n);
  }
  if (n < 0 && errno != EAGAIN && errno != EINTR)
    g_byte_array_set_size (self->out, 0);
  return self->out->len == 0;
}

static gboolean
relay_link_write_some (int fd, GIOCondition condition, gpointer user_data)
{
  MhRelayLink *self = user_data;

  if (!relay_link_flush (self))
    return G_SOURCE_CONTINUE;
  g_clear_pointer (&self->writer, g_source_unref);
  return G_SOURCE_REMOVE;
}

void
mh_relay_link_send (MhRelayLink *self, MhRelayType type, GBytes *contents)
{
  gsize length = 0;
  const guint8 *data = contents ? g_bytes_get_data (contents, &length) : NULL;
  const Head head = { type, (guint32) length };

  g_return_if_fail (length <= MH_RELAY_MAX_FRAME);

  g_byte_array_append (self->out, (const guint8 *) &head, sizeof head);
  if (length > 0)
    g_byte_array_append (self->out, data, (guint) length);
  if (!self->writer && !relay_link_flush (self))
    self->writer = add_source (self, G_IO_OUT, relay_link_write_some);
}

/* A socket that has nothing in it has room for that. */
gboolean
mh_relay_link_send_now (int fd, MhRelayType type)
{
  const Head head = { type, 0 };

  return send (fd, &head, sizeof head, MSG_NOSIGNAL | MSG_DONTWAIT) ==
      (gssize) sizeof head;
}

/* ---- in ---- */

static gboolean
is_whole (MhRelayLink *self, Head *head)
{
  if (self->in->len < sizeof *head)
    return FALSE;
  memcpy (head, self->in->data, sizeof *head);
  return self->in->len - sizeof *head >= head->length;
}

/* Returns: FALSE: the link is gone. */
static gboolean
hand_on (MhRelayLink *self)
{
  Head head;

  self->hands_on = TRUE;
  while (!self->is_gone && is_whole (self, &head)) {
    g_autoptr (GBytes)
        contents = g_bytes_new (self->in->data + sizeof head, head.length);

    g_byte_array_remove_range (self->in, 0, (guint) sizeof head + head.length);
    self->funcs->frame (head.type, contents, self->user_data);
  }
  self->hands_on = FALSE;
  if (!self->is_gone)
    return TRUE;
  g_free (self);
  return FALSE;
}

static gboolean
is_too_long (MhRelayLink *self)
{
  Head head;

  return !is_whole (self, &head) && self->in->len >= sizeof head &&
      head.length > MH_RELAY_MAX_FRAME;
}

static gboolean
relay_link_read_some (int fd, GIOCondition condition, gpointer user_data)
{
  MhRelayLink *self = user_data;
  guint before = self->in->len;
  gssize n;

  g_byte_array_set_size (self->in, before + CHUNK);
  n = recv (fd, self->in->data + before, CHUNK, MSG_DONTWAIT);
  g_byte_array_set_size (self->in, before + (guint) MAX (n, 0));
  if (n < 0 && (errno == EAGAIN || errno == EINTR))
    return G_SOURCE_CONTINUE;
  if (n > 0 && !is_too_long (self))
    return hand_on (self) ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
  g_clear_pointer (&self->reader, g_source_unref);
  self->funcs->closed (self->user_data);
  return G_SOURCE_REMOVE;
}

/* ---- public ---- */

MhRelayLink *
mh_relay_link_new (int fd, GMainContext *context, const MhRelayLinkFuncs *funcs,
    gpointer user_data)
{
  MhRelayLink *self = g_new0 (MhRelayLink, 1);

  self->fd = fd;
  self->context = g_main_context_ref (context);
  self->funcs = funcs;
  self->user_data = user_data;
  self->in = g_byte_array_new ();
  self->out = g_byte_array_new ();
  self->reader = add_source (self, G_IO_IN | G_IO_HUP, relay_link_read_some);
  return self;
}

void
mh_relay_link_free (MhRelayLink *self)
{
  if (!self)
    return;
  remove_source (&self->reader);
  remove_source (&self->writer);
  g_clear_pointer (&self->in, g_byte_array_unref);
  g_clear_pointer (&self->out, g_byte_array_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  close (self->fd);
  self->is_gone = TRUE;
  if (!self->hands_on)
    g_free (self);
}
