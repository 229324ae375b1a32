/* mh-transport: sending one request and getting one answer, as an interface.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-transport.h"

G_DEFINE_INTERFACE (MhTransport, mh_transport, G_TYPE_OBJECT)

static void
mh_transport_default_init (MhTransportInterface *iface)
{
}

MhRequest *
mh_request_new (const char *method, char *uri, GBytes *body)
{
  MhRequest *request = g_new0 (MhRequest, 1);

  request->method = g_strdup (method);
  request->uri = uri;
  request->body = g_bytes_ref (body);
  return request;
}

void
mh_request_free (MhRequest *request)
{
  if (!request)
    return;
  g_free (request->method);
  g_free (request->uri);
  g_bytes_unref (request->body);
  g_free (request->content_type);
  g_free (request->authorization);
  g_free (request->tls_database);
  g_free (request);
}

void
mh_transport_send (MhTransport *self, const MhRequest *request,
    MhAnswerFunc done, gpointer user_data)
{
  g_return_if_fail (MH_IS_TRANSPORT (self));
  g_return_if_fail (request != NULL && done != NULL);

  MH_TRANSPORT_GET_IFACE (self)->send (self, request, done, user_data);
}

void
mh_transport_close (MhTransport *self)
{
  g_return_if_fail (MH_IS_TRANSPORT (self));

  MH_TRANSPORT_GET_IFACE (self)->close (self);
}
