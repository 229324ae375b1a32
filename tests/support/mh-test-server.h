/* mh-test-server: an HTTP server in the same process, on loopback, that behaves
 * or misbehaves in a given way.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <libsoup/soup.h>

/**
 * MhTestServer:
 * @server: the server; what is asked below /x goes to its handler
 * @n_requests: how many requests have come
 * @n_connections: over how many connections, one used after the other
 * @n_handshakes: how many connections are agreeing on TLS
 * @last_port: the client's port of the last one
 * @asked: a request has come
 * @left: the client of mh_test_server_endless() has gone
 * @content_type: header of the last request, NULL without
 * @user_agent: likewise
 * @accept_encoding: likewise
 * @content_encoding: the header Content-Encoding of the latest request
 * @authorization: the header Authorization of the latest request
 * @body: the body of the last request
 *
 * What a server has seen.
 */
typedef struct
{
  SoupServer *server;
  guint n_requests;
  guint n_connections;
  guint n_handshakes;
  guint last_port;
  gboolean asked;
  gboolean left;
  char *content_type;
  char *user_agent;
  char *accept_encoding;
  char *content_encoding;
  char *authorization;
  char *body;
} MhTestServer;

/**
 * mh_test_server_start:
 * @self: filled in
 * @handler: one of those below
 *
 * Starts a server on a free port of 127.0.0.1, in the default main context.
 */
void mh_test_server_start (MhTestServer *self, SoupServerCallback handler);

/**
 * mh_test_server_start_tls:
 * @self: filled in
 * @handler: one of those below
 *
 * The same with TLS, and a certificate that nobody trusts.
 *
 * Returns: whether GIO has TLS here; if not, nothing is started.
 */
gboolean mh_test_server_start_tls (
    MhTestServer *self, SoupServerCallback handler);

/**
 * mh_test_server_start_tls_file:
 * @self: filled in
 * @handler: one of those below
 * @path: its key and certificate (PEM)
 *
 * The same with another certificate. GIO must have TLS here.
 */
void mh_test_server_start_tls_file (
    MhTestServer *self, SoupServerCallback handler, const char *path);

/**
 * mh_test_server_stop:
 * @self: cleared
 *
 * Waits for the handshakes under way: their clients must be gone.
 */
void mh_test_server_stop (MhTestServer *self);

/* Returns: (transfer full): a URI that its handler answers. */
char *mh_test_server_uri (MhTestServer *self);

/* 201 with a Location, a Retry-After and a short body. */
void mh_test_server_created (SoupServer *server, SoupServerMessage *message,
    const char *path, GHashTable *query, gpointer user_data);

/* 307 to somewhere else on the same server. */
void mh_test_server_redirect (SoupServer *server, SoupServerMessage *message,
    const char *path, GHashTable *query, gpointer user_data);

/* 401 and a wish for a password. */
void mh_test_server_unauthorized (SoupServer *server,
    SoupServerMessage *message, const char *path, GHashTable *query,
    gpointer user_data);

/* 200 and a body without end, as fast as it goes. */
void mh_test_server_endless (SoupServer *server, SoupServerMessage *message,
    const char *path, GHashTable *query, gpointer user_data);

/* 201 and one byte of a body, and then nothing. */
void mh_test_server_stuck (SoupServer *server, SoupServerMessage *message,
    const char *path, GHashTable *query, gpointer user_data);

/* 201 and a byte now and then, for ever: no read ever takes long. */
void mh_test_server_trickle (SoupServer *server, SoupServerMessage *message,
    const char *path, GHashTable *query, gpointer user_data);

/* No answer at all. */
void mh_test_server_never (SoupServer *server, SoupServerMessage *message,
    const char *path, GHashTable *query, gpointer user_data);
