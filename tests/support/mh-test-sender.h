/* mh-test-sender: a sender with all around it, worked by hand.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-sender.h"

#include "mh-test-clock.h"
#include "mh-test-transport.h"

/* Where its sessions go. */
#define MH_TEST_SERVER "https://a.example"

/**
 * MhTestSender:
 * @clock: what the sender goes by
 * @store: what it empties
 * @transport: what it sends with, at first
 * @sender: the sender; every jitter is half of what it may be
 * @told: a word for each call of the listener, but changed
 * @n_sent: how many hits have arrived
 * @n_dropped: how many were given up
 * @n_changed: how often the listener was told that something changed
 *
 * A fixture for g_test_add().
 */
typedef struct
{
  MhTestClock clock;
  MhStore *store;
  MhTestTransport *transport;
  MhSender *sender;
  GString *told;
  guint n_sent;
  guint n_dropped;
  guint n_changed;
} MhTestSender;

/**
 * mh_test_sender_set_up:
 * @f: filled in
 * @max_hits: how many hits its store takes, as a pointer
 */
void mh_test_sender_set_up (MhTestSender *f, gconstpointer max_hits);

/**
 * mh_test_sender_tear_down:
 * @f: cleared; its sender may be NULL by now. Each request must have its answer
 *   and nobody else may hold the transport
 * @max_hits: not used
 */
void mh_test_sender_tear_down (MhTestSender *f, gconstpointer max_hits);

/**
 * mh_test_sender_add:
 * @path: of a test
 * @func: the test; its data is @data
 * @data: how many hits its store takes, or more than that for a test of its own
 *   variant
 *
 * Adds the test with this fixture.
 */
void mh_test_sender_add (const char *path,
    void (*func) (MhTestSender *f, gconstpointer data), guint data);

/**
 * mh_test_sender_restart:
 * @f: a fixture
 *
 * Puts another sender and transport in the place of the ones before; the store
 * stays.
 */
void mh_test_sender_restart (MhTestSender *f);

/* Returns: the key of a new session to %MH_TEST_SERVER. */
gint64 mh_test_sender_open (MhTestSender *f);

/* Returns: the key of a session whose start has been accepted as request 0, under the
 * id "sid". Nothing of that is left in @told. */
gint64 mh_test_sender_started (MhTestSender *f);

/* Enqueues a hit whose body is @body. */
void mh_test_sender_enqueue (
    MhTestSender *f, gint64 session, MhEvent event, const char *body);

/* Does the same, and lets the sender run: what is due is sent. */
void mh_test_sender_send (
    MhTestSender *f, gint64 session, MhEvent event, const char *body);

/**
 * mh_test_sender_pass:
 * @time: microseconds
 *
 * Lets time pass, and the sender run: what has come due is done.
 */
void mh_test_sender_pass (MhTestSender *f, MhTime time);

/* Answers the request @index with a bare @status. */
void mh_test_sender_answer (MhTestSender *f, guint index, guint status);

/* Asserts that @count requests have been made, the last one with @body. */
void mh_test_sender_assert_last (
    MhTestSender *f, guint count, const char *body);

/* Asserts what the listener was told since the last time. */
void mh_test_sender_assert_told (MhTestSender *f, const char *wanted);
