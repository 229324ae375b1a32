/* mh-test-transport: a transport whose answers the test gives by hand.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-test-transport.h"

#include <string.h>

typedef struct
{
  MhRequest *request;
  char *body;
  MhAnswerFunc done; /* NULL once answered */
  gpointer user_data;
} Sent;

struct _MhTestTransport
{
  GObject parent;

  GPtrArray *sent; /* of Sent */
  guint waiting;
  gboolean late;
  gboolean closed;
};

static void mh_test_transport_iface_init (MhTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (MhTestTransport, mh_test_transport,
    G_TYPE_OBJECT,
    G_IMPLEMENT_INTERFACE (MH_TYPE_TRANSPORT, mh_test_transport_iface_init))

static void
sent_free (gpointer data)
{
  Sent *sent = data;

  mh_request_free (sent->request);
  g_free (sent->body);
  g_free (sent);
}

static Sent *
nth (MhTestTransport *self, guint index)
{
  g_assert_cmpuint (index, <, self->sent->len);
  return g_ptr_array_index (self->sent, index);
}

static void
give (MhTestTransport *self, Sent *sent, const MhAnswer *answer)
{
  MhAnswerFunc done = g_steal_pointer (&sent->done);

  g_assert_nonnull (done);
  self->waiting--;
  done (answer, sent->user_data);
}

static void
mh_test_transport_send (MhTransport *transport, const MhRequest *request,
    MhAnswerFunc done, gpointer user_data)
{
  MhTestTransport *self = MH_TEST_TRANSPORT (transport);
  Sent *sent = g_new0 (Sent, 1);
  gsize size;
  const char *data = g_bytes_get_data (request->body, &size);

  g_assert_false (self->closed);
  sent->request = mh_request_new (
      request->method, g_strdup (request->uri), request->body);
  sent->request->tls_database = g_strdup (request->tls_database);
  sent->request->content_type = g_strdup (request->content_type);
  sent->request->compressed = request->compressed;
  sent->request->authorization = g_strdup (request->authorization);
  sent->body = g_strndup (data, size);
  sent->done = done;
  sent->user_data = user_data;
  g_ptr_array_add (self->sent, sent);
  self->waiting++;
}

static void
mh_test_transport_close (MhTransport *transport)
{
  MhTestTransport *self = MH_TEST_TRANSPORT (transport);

  self->closed = TRUE;
  for (guint i = 0; !self->late && i < self->sent->len; i++) {
    if (nth (self, i)->done)
      mh_test_transport_answer (self, i, 0, NULL, NULL);
  }
}

static void
mh_test_transport_finalize (GObject *object)
{
  MhTestTransport *self = MH_TEST_TRANSPORT (object);

  /* Each request has its answer, exactly once: that is the contract. */
  g_assert_cmpuint (self->waiting, ==, 0);
  g_ptr_array_unref (self->sent);
  G_OBJECT_CLASS (mh_test_transport_parent_class)->finalize (object);
}

static void
mh_test_transport_class_init (MhTestTransportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = mh_test_transport_finalize;
}

static void
mh_test_transport_iface_init (MhTransportInterface *iface)
{
  iface->send = mh_test_transport_send;
  iface->close = mh_test_transport_close;
}

static void
mh_test_transport_init (MhTestTransport *self)
{
  self->sent = g_ptr_array_new_with_free_func (sent_free);
}

MhTestTransport *
mh_test_transport_new (void)
{
  return g_object_new (MH_TYPE_TEST_TRANSPORT, NULL);
}

void
mh_test_transport_set_late (MhTestTransport *self, gboolean late)
{
  self->late = late;
}

guint
mh_test_transport_count (MhTestTransport *self)
{
  return self->sent->len;
}

guint
mh_test_transport_waiting (MhTestTransport *self)
{
  return self->waiting;
}

gboolean
mh_test_transport_is_closed (MhTestTransport *self)
{
  return self->closed;
}

const MhRequest *
mh_test_transport_request (MhTestTransport *self, guint index)
{
  return nth (self, index)->request;
}

const char *
mh_test_transport_body (MhTestTransport *self, guint index)
{
  return nth (self, index)->body;
}

void
mh_test_transport_answer (MhTestTransport *self, guint index, guint status,
    const char *location, const char *retry_after)
{
  g_autoptr (GError) error = NULL;
  MhAnswer answer = {
    .status = status,
    .location = location,
    .retry_after = retry_after,
    .unsent = status == 0,
  };

  if (status == 0)
    error = g_error_new_literal (
        MH_ERROR, MH_ERROR_TRANSPORT, "network is down");
  answer.error = error;
  give (self, nth (self, index), &answer);
}

void
mh_test_transport_answer_body (
    MhTestTransport *self, guint index, guint status, const char *body)
{
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));

  give (
      self, nth (self, index), &(MhAnswer){ .status = status, .body = bytes });
}

void
mh_test_transport_lose (MhTestTransport *self, guint index)
{
  g_autoptr (GError) error = g_error_new_literal (
      MH_ERROR, MH_ERROR_TRANSPORT, "the connection is lost");

  give (self, nth (self, index), &(MhAnswer){ .error = error });
}

void
mh_test_transport_answer_page (MhTestTransport *self, guint index, guint status)
{
  static const char page[] = "\r\n<!DOCTYPE html><title>Log in</title>";
  g_autoptr (GBytes) body = g_bytes_new_static (page, sizeof page - 1);

  give (self, nth (self, index),
      &(MhAnswer){ .status = status, .location = "/login", .body = body });
}

void
mh_test_transport_answer_all (MhTestTransport *self)
{
  for (guint i = 0; i < self->sent->len; i++) {
    Sent *sent = nth (self, i);
    g_autofree char *location = NULL;

    if (!sent->done)
      continue;
    if (g_str_has_suffix (sent->request->uri, "/sessions"))
      location = g_strdup_printf ("/api/v1/sessions/sid-%u", i);
    mh_test_transport_answer (self, i, location ? 201 : 204, location, NULL);
  }
}
