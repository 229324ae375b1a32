/* collector-exchange: a request on its way to an answer, for collector-server,
 * and the protocols that it hands requests to.
 *
 * May touch: GLib, json-glib, libsoup, collector-server.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "collector-seen.h"
#include "collector-server.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

struct _CollectorServer
{
  SoupServer *soup;
  CollectorServerOptions options;
  CollectorSessions *sessions;
  CollectorSeen *seen; /* what may come again */
  CollectorPage *page;
  guint16 port;
  guint fail_count; /* requests still to fail */
  guint fail_status; /* how */
  GPtrArray *fail_headers; /* name, value, name, value… */
};

/* One request on its way to an answer. */
typedef struct
{
  CollectorServer *server;
  SoupServerMessage *message;
  gint64 now; /* when it was complete */
  char *path; /* printable */
  const char *protocol; /* that it is written in */
  const char *session_id; /* of a known session */
  gboolean repeated; /* the event that is accepted has come before */
  JsonNode *body; /* what came, once it has proved to be JSON */
  /* Makes the body of a refusal, instead of what is usual; or NULL. */
  void (*explain) (
      SoupServerMessage *message, guint status, const char *reason);
} CollectorExchange;

/* Answers with @status, and says why. */
void collector_exchange_refuse (
    CollectorExchange *exchange, guint status, const char *reason);

/* Reports @event, which @session has accepted, and answers with @status. */
void collector_exchange_accept (CollectorExchange *exchange, guint status,
    CollectorSession *session, JsonObject *event);

/* The functions below answer by themselves where they return FALSE. */

gboolean collector_exchange_check_method (
    CollectorExchange *exchange, const char *wanted);

/* Whether the request's media type is one of @types, which end with NULL. */
gboolean collector_exchange_check_type (
    CollectorExchange *exchange, const char *const *types);

/* The same, and that the body is JSON: fills in CollectorExchange.body. */
gboolean collector_exchange_read_json (
    CollectorExchange *exchange, const char *const *types);

G_END_DECLS
