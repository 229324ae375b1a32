/* mh-transport: sending one request and getting one answer, as an interface.
 *
 * mh-transport-soup is the implementation over the network, mh-transport-relay
 * the one through the helper program; the tests have their own. Whether and when to
 * try again is not a transport's business.
 *
 * May touch: GLib, GObject, mh-error.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib-object.h>

#include "mh-error.h"

G_BEGIN_DECLS

/* Longer answers are cut here: nothing that a server sends may fill memory. */
#define MH_ANSWER_MAX_BODY (64 * 1024)

/**
 * MhRequest:
 * @method: "POST"
 * @uri: absolute URI
 * @body: its body
 * @content_type: (nullable): what @body is; NULL, as made: application/json
 * @compressed: whether it is that, compressed with gzip
 * @authorization: (nullable): the header of that name
 * @tls_database: (nullable): the file of CAs that an https server's certificate
 *   is checked by; NULL, as made: the system's
 */
typedef struct
{
  char *method;
  char *uri;
  GBytes *body;
  char *content_type;
  gboolean compressed;
  char *authorization;
  char *tls_database;
} MhRequest;

/**
 * mh_request_new:
 * @method: the method, copied
 * @uri: (transfer full): the URI
 * @body: the body, a reference is taken
 *
 * Returns: (transfer full): a request; free with mh_request_free().
 */
MhRequest *mh_request_new (const char *method, char *uri, GBytes *body);
void mh_request_free (MhRequest *request);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MhRequest, mh_request_free)

/**
 * MhAnswer:
 * @status: HTTP status, 0 where no answer came
 * @location: (nullable): header of that name, as received: trust nothing
 * @retry_after: (nullable): the header Retry-After, as received: trust nothing
 * @body: (nullable): at most %MH_ANSWER_MAX_BODY bytes, as received
 * @unsent: where @status is 0: whether the server has not had the request, as
 *   nothing, or not all of what names it, was written to it
 * @error: (nullable): why there is no answer, where @status is 0.
 *   %MH_ERROR_CONFIG: no server was asked, as something is set that cannot be
 *   used; the message names it
 *
 * Owned by the transport, valid during the #MhAnswerFunc only.
 */
typedef struct
{
  guint status;
  const char *location;
  const char *retry_after;
  GBytes *body;
  gboolean unsent;
  const GError *error;
} MhAnswer;

/**
 * MhAnswerFunc:
 * @answer: valid during the call
 * @user_data: as for mh_transport_send()
 *
 * Called once for each request, whatever has come of it. It may be called by libsoup
 * while that reads from the connection: it must not close the transport.
 */
typedef void (*MhAnswerFunc) (const MhAnswer *answer, gpointer user_data);

#define MH_TYPE_TRANSPORT (mh_transport_get_type ())
G_DECLARE_INTERFACE (MhTransport, mh_transport, MH, TRANSPORT, GObject)

/**
 * MhTransportInterface:
 * @send: mh_transport_send(). Calls @done exactly once, never before it has
 *   returned, in the thread that called it (its thread-default main context)
 * @close: mh_transport_close()
 */
struct _MhTransportInterface
{
  GTypeInterface parent;

  void (*send) (MhTransport *self, const MhRequest *request, MhAnswerFunc done,
      gpointer user_data);
  void (*close) (MhTransport *self);
};

/**
 * mh_transport_send:
 * @request: (transfer none): what is sent; not needed any more when this returns
 * @done: gets the answer, later, in the thread that calls this
 * @user_data: for @done
 *
 * Sends a request. Never waits.
 */
void mh_transport_send (MhTransport *self, const MhRequest *request,
    MhAnswerFunc done, gpointer user_data);

/* Gives up all requests under way: @done of each is still called, with an error,
 * later or before this returns. Nothing is sent any more. */
void mh_transport_close (MhTransport *self);

G_END_DECLS
