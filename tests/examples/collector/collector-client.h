/* collector-client: a collector in the test's own process, and a client of it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <libsoup/soup.h>

#include "collector-server.h"

/**
 * CollectorClient:
 * @server: the collector, on a port of its own
 * @reports: what the test writes down of each report
 * @id: (nullable): of a session, for tests that need one; freed with the rest
 *
 * A fixture for g_test_add().
 */
typedef struct
{
  CollectorServer *server;
  GString *reports;
  char *id;

  /*< private >*/
  SoupSession *session;
} CollectorClient;

/**
 * collector_client_set_up:
 * @self: filled in
 * @strict: as with `--strict`
 * @org_id: (nullable): as with `--org-id`
 * @report: gets each report, and @self
 */
void collector_client_set_up (CollectorClient *self, gboolean strict,
    const char *org_id, CollectorReportFunc report);
void collector_client_tear_down (CollectorClient *self, gconstpointer data);

/**
 * collector_client_note:
 * @before: what stands before the JSON of an event
 *
 * Writes a report down, a line: an event that was accepted, or status and reason of
 * a refusal.
 */
void collector_client_note (
    CollectorClient *self, const CollectorReport *report, const char *before);

/**
 * collector_client_post:
 * @path: with its query
 * @type: the body's media type
 * @encoding: (nullable): the body's encoding
 * @answer: (out) (optional): the body of the answer
 *
 * Returns: the status of the answer.
 */
guint collector_client_post (CollectorClient *self, const char *path,
    const char *type, const char *encoding, GBytes *body, char **answer);
guint collector_client_post_text (CollectorClient *self, const char *path,
    const char *type, const char *text, char **answer);

/**
 * collector_client_assert_reported:
 * @wanted: with single quotes for double ones
 *
 * Asserts what was written down since the last time.
 */
void collector_client_assert_reported (
    CollectorClient *self, const char *wanted);
