/* mh-collector: the example collector in a thread of its own, for tests of
 * whole pipelines.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "collector-server.h"

/* How long anything may take at most before a test fails, microseconds: a lot,
 * for a loaded machine under valgrind. */
#define MH_TEST_PATIENCE (60 * G_TIME_SPAN_SECOND)

/**
 * MhCollected:
 * @accepted: whether it was taken
 * @status: the answer's
 * @session: (nullable): the session's id
 * @type: (nullable): eventType
 * @playhead: seconds
 * @ts: milliseconds UTC
 * @resume: whether it starts a session that resumes another
 * @event: (nullable): the whole event; a collector_event_check()ed one where
 *   @accepted
 * @at: when it came in, monotonic microseconds
 *
 * One event, or one refused request, as the collector saw it.
 */
typedef struct
{
  gboolean accepted;
  guint status;
  char *session;
  char *type;
  double playhead;
  gint64 ts;
  gboolean resume;
  JsonObject *event;
  gint64 at;
} MhCollected;

typedef struct _MhCollector MhCollector;

/* Returns: (transfer full): a collector that listens on loopback, with a thread of its
 * own; free with mh_collector_free(). */
MhCollector *mh_collector_new (void);
void mh_collector_free (MhCollector *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MhCollector, mh_collector_free)

/* Returns: what to set as collection-server. */
const char *mh_collector_get_uri (MhCollector *self);

/**
 * mh_collector_fail_next:
 * @count: how many requests
 * @status: as for collector_server_fail_next()
 * @header: (nullable): name of a header of the answers
 * @value: (nullable): its value
 *
 * See collector_server_fail_next(); has happened on return.
 */
void mh_collector_fail_next (MhCollector *self, guint count, guint status,
    const char *header, const char *value);

/**
 * mh_collector_wait:
 * @type: eventType
 * @n: 1: the first of them that was accepted, and so on
 *
 * Waits for it; the test fails when it does not come.
 *
 * Returns: (transfer none): that event.
 */
const MhCollected *mh_collector_wait (
    MhCollector *self, const char *type, guint n);

/**
 * mh_collector_wait_refused:
 * @n: how many
 *
 * Waits until @n requests have been refused.
 */
void mh_collector_wait_refused (MhCollector *self, guint n);

/**
 * mh_collector_count:
 * @type: (nullable): eventType; NULL: any
 *
 * Returns: how many of them have been accepted so far.
 */
guint mh_collector_count (MhCollector *self, const char *type);

/* Returns: how many requests have been refused so far. */
guint mh_collector_count_refused (MhCollector *self);

/**
 * mh_collector_nth:
 * @index: 0: the first of all, accepted or not
 *
 * Returns: (nullable) (transfer none): what came as number @index.
 */
const MhCollected *mh_collector_nth (MhCollector *self, guint index);

/**
 * mh_collector_nth_start:
 * @n: 1: the first
 *
 * Of what was accepted so far: sessions are delivered independently of each other, and
 * one that began later may come before.
 *
 * Returns: (nullable) (transfer none): the start of the session that began as number
 *   @n.
 */
const MhCollected *mh_collector_nth_start (MhCollector *self, guint n);

/* Returns: (transfer full): the types of what was accepted so far, in order, with a
 * space between them; one session after the other, by the time of their start: they
 * are delivered independently of each other. Without pings, and without what repeats
 * the one before (the play that marks the start of the content). */
char *mh_collector_dup_order (MhCollector *self);

/**
 * mh_collector_assert_order:
 * @wanted: as by mh_collector_dup_order()
 *
 * Asserts that this is what has come, or comes within some seconds (a player at
 * NULL does not wait for delivery), that nothing was refused, and what
 * mh_collector_assert_sane() does.
 */
void mh_collector_assert_order (MhCollector *self, const char *wanted);

/**
 * mh_collector_assert_order_but_play:
 * @wanted: as by mh_collector_dup_order(), without any play
 *
 * Asserts that this is what has come so far. A chapter that ends after one second
 * does so with the confirmation of the content: in either order, or without that.
 */
void mh_collector_assert_order_but_play (MhCollector *self, const char *wanted);

/* Asserts what holds for whatever a player does: in each session times that increase,
 * and playheads that are not negative. */
void mh_collector_assert_sane (MhCollector *self);
