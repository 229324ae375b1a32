/* mh-test-transport: a transport whose answers the test gives by hand.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-transport.h"

#define MH_TYPE_TEST_TRANSPORT (mh_test_transport_get_type ())
G_DECLARE_FINAL_TYPE (
    MhTestTransport, mh_test_transport, MH, TEST_TRANSPORT, GObject)

/* Returns: (transfer full): a transport to which nothing has been sent. */
MhTestTransport *mh_test_transport_new (void);

/**
 * mh_test_transport_set_late:
 * @self: a transport
 * @late: whether close() leaves the requests to be answered by the test, as a
 *   real one may
 */
void mh_test_transport_set_late (MhTestTransport *self, gboolean late);

/* Returns: how many requests have come in since the start. */
guint mh_test_transport_count (MhTestTransport *self);

/* Returns: how many of them have no answer yet. */
guint mh_test_transport_waiting (MhTestTransport *self);

/* Returns: whether close() has been called. */
gboolean mh_test_transport_is_closed (MhTestTransport *self);

/**
 * mh_test_transport_request:
 * @self: a transport
 * @index: 0 for the first request of all
 *
 * Returns: (transfer none): that request, answered or not.
 */
const MhRequest *mh_test_transport_request (MhTestTransport *self, guint index);

/* Returns: (transfer none): the body of a request as a string. */
const char *mh_test_transport_body (MhTestTransport *self, guint index);

/**
 * mh_test_transport_answer:
 * @self: a transport
 * @index: of a request that has no answer yet
 * @status: HTTP status; 0: a network error, before anything was sent
 * @location: (nullable): header
 * @retry_after: (nullable): header
 */
void mh_test_transport_answer (MhTestTransport *self, guint index, guint status,
    const char *location, const char *retry_after);

/**
 * mh_test_transport_answer_body:
 * @index: of a request that has no answer yet
 * @body: what the answer says
 */
void mh_test_transport_answer_body (
    MhTestTransport *self, guint index, guint status, const char *body);

/**
 * mh_test_transport_lose:
 * @index: of a request that has no answer yet
 *
 * The request has been sent, and no answer comes.
 */
void mh_test_transport_lose (MhTestTransport *self, guint index);

/**
 * mh_test_transport_answer_page:
 * @index: of a request that has no answer yet
 *
 * Answers it with @status and a page for people, as a captive portal does.
 */
void mh_test_transport_answer_page (
    MhTestTransport *self, guint index, guint status);

/**
 * mh_test_transport_answer_all:
 * @self: a transport
 *
 * Answers whatever waits, and what comes in meanwhile, as a server does that
 * accepts everything. Session ids are `sid-` and the number of the request.
 */
void mh_test_transport_answer_all (MhTestTransport *self);
