/* mh-sender: delivers what is in the store.
 *
 * Hits of one session go strictly in order, one at a time, and wait for the
 * session's id. Sessions are independent of each other, unless their server does not
 * answer at all. The protocol says what an answer means, and mh-backoff when to try
 * again.
 *
 * May touch: store, protocol, backoff, transport, clock, time-queue. Never the
 * session's header. Not thread-safe: the worker owns it. Owns no timer: the
 * owner asks for the next deadline and calls mh_sender_run() when it has passed.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-clock.h"
#include "mh-delivery.h"
#include "mh-store.h"
#include "mh-transport.h"

G_BEGIN_DECLS

/* The back end closes a session after this long without an event
 * (docs/design/session-rules.md#back-end). */
#define MH_SESSION_EXPIRY MH_TIME_FROM_SEC (10 * 60)

/* How many requests may be under way at once, of all sessions together. */
#define MH_SENDER_MAX_IN_FLIGHT 32
/* How many of them may be to a server that has not answered any session yet. While TLS is
 * negotiated, each holds a thread of GTask's pool, which the application uses too: for
 * as long as the time-out where a server takes connections and says nothing. */
#define MH_SENDER_MAX_UNANSWERED 4

typedef struct _MhSender MhSender;

/**
 * mh_sender_new:
 * @store: (transfer none): where hits wait; outlives the sender
 * @clock: (transfer none): outlives the sender
 * @listener: copied; it hears of all sessions, and of no problem
 * @user_data: for the listener
 *
 * What @store holds already, from a sender before this one, is delivered too.
 *
 * Returns: (transfer full): a sender without a transport; free with
 *   mh_sender_free().
 */
MhSender *mh_sender_new (MhStore *store, const MhClock *clock,
    const MhDelivery *listener, gpointer user_data);
void mh_sender_free (MhSender *sender);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MhSender, mh_sender_free)

/* Returns: a number r, 0 <= r < 1. */
typedef double (*MhRandomFunc) (void);

/**
 * mh_sender_set_random:
 * @random: where the jitter of retries comes from, instead of
 *   g_random_double()
 *
 * For tests.
 */
void mh_sender_set_random (MhSender *sender, MhRandomFunc random);

/**
 * mh_sender_set_transport:
 * @transport: (nullable): what to send with; NULL: nothing is sent, what was
 *   under way will be sent again
 *
 * The old transport is closed; late answers from it are ignored.
 */
void mh_sender_set_transport (MhSender *sender, MhTransport *transport);

/**
 * mh_sender_open:
 * @server: base URI, checked
 * @protocol: what it speaks; this build has it
 *
 * mh_store_set_mode() says how it is sent. With the column %MH_STORE_CONSENT
 * (mh_store_set_text()) nothing more of it is sent, by whatever process, before
 * mh_sender_consent().
 *
 * Returns: the key of a new session.
 */
gint64 mh_sender_open (
    MhSender *sender, const char *server, MhProtocolKind protocol);

/**
 * mh_sender_set_access:
 * @server: as for mh_sender_open()
 * @authorization: (nullable): goes with the requests to it, from now on; kept
 *   in memory only
 * @interval: how long hits are collected for a request, where the protocol has
 *   several in one; 0: what there is is sent at once
 *
 * Sets how a server of several hits in a request is asked.
 */
void mh_sender_set_access (MhSender *sender, const char *server,
    const char *authorization, MhTime interval);

/**
 * mh_sender_set_tls_database:
 * @session: key of a session of which nothing has been enqueued
 * @path: (nullable): absolute path of a file of CAs that its server is checked
 *   by; NULL: the system's
 *
 * Sets it for the requests of this session; it is kept with the session on the disk.
 */
void mh_sender_set_tls_database (
    MhSender *sender, gint64 session, const char *path);

/* Returns: whether @session may be sent, if it waits for the consent there is. */
typedef gboolean (*MhConsentFunc) (gint64 session, gpointer user_data);

/**
 * mh_sender_consent:
 * @config: that of the application whose visitor has agreed
 * @func: which sessions that is about
 * @user_data: for @func
 *
 * Lets sessions go that wait for this consent; mh_sender_run() sends their hits.
 */
void mh_sender_consent (MhSender *sender, const MhConfig *config,
    MhConsentFunc func, gpointer user_data);

/* Looks whether the wall clock has jumped: then what waits is dated anew
 * (mh_store_set_clock()). mh_sender_run() and mh_sender_open() do so by
 * themselves. */
void mh_sender_check_clock (MhSender *sender);

/**
 * mh_sender_enqueue:
 * @session: key of a session; one that was refused or has expired, or is
 *   unknown, swallows the hit (it counts as dropped)
 * @event: what the hit reports; after one that ends the session there is no
 *   other
 * @ts: when, milliseconds UTC
 * @body: the encoded hit
 *
 * Accepts a hit for delivery. Sends nothing itself: mh_sender_run() does.
 */
void mh_sender_enqueue (
    MhSender *sender, gint64 session, MhEvent event, gint64 ts, GBytes *body);

/**
 * mh_sender_drop:
 * @session: key of a session, known or not
 * @reason: why, for the listener's dropped
 *
 * Gives a session up: nothing more of it is sent, not even what waits. A
 * request under way is not called back.
 */
void mh_sender_drop (MhSender *sender, gint64 session, const char *reason);

/* Gives up all sessions of the store, as mh_sender_drop() does one. */
void mh_sender_drop_all (MhSender *sender, const char *reason);

/**
 * mh_sender_expire:
 * @session: key of a session, known or not
 * @reason: why, for the listener's dropped and expired
 *
 * Gives a session up as mh_sender_drop() does, as one that the back end has
 * closed: a player that still reports to it goes on with another one.
 */
void mh_sender_expire (MhSender *sender, gint64 session, const char *reason);

/**
 * mh_sender_adopt:
 * @session: key of a session that the store has adopted since the sender was
 *   made
 *
 * Delivers the hits of an adopted session, to which no hit can be appended. Rows of
 * the database are checked: a session whose server or session id no application could have set
 * is dropped, and one that goes to plain http, other than on loopback, waits for
 * mh_sender_allow_http().
 */
void mh_sender_adopt (MhSender *sender, gint64 session);

/* From now on sessions that are adopted, and those that were before, may go over
 * plain http to others than loopback: an element of this process allows that. */
void mh_sender_allow_http (MhSender *sender);

/* Has the store commit, and sends what is due; never what is not committed. It is
 * called by itself after an answer, which makes room for the next request. */
void mh_sender_run (MhSender *sender);

/* Forgets how long to wait before the next attempts that failed for want of an
 * answer (not those that the server asked to be late): used before the process
 * goes. At a server that does not answer, one session tries. From then on no hit
 * waits for others, as it does with an interval (mh_sender_set_access()). */
void mh_sender_hurry (MhSender *sender);

/* The network may have come back: servers that are offline are tried again soon,
 * and their back-off begins anew. The first answer of a server that was offline
 * does that for the others. */
void mh_sender_network_changed (MhSender *sender);

/* Returns: how many servers are offline (mh-backoff.h) that sessions wait for. */
guint mh_sender_count_offline (MhSender *sender);

/* Returns: when mh_sender_run() has something to do; %MH_TIME_NEVER: only after an
 * answer or a new hit. */
MhTime mh_sender_next_deadline (MhSender *sender);

/* Returns: whether hits are under way or due: not, when all that waits for delivery
 * waits for a later attempt, for hits that are to come, or for a transport. */
gboolean mh_sender_is_busy (MhSender *sender);

/**
 * mh_sender_pause:
 * @pause: whether nothing more is to be sent; answers are still taken
 *
 * Stops the sending for a while, or lets it go on.
 */
void mh_sender_pause (MhSender *sender, gboolean pause);

/* Returns: how many requests have no answer yet. */
guint mh_sender_count_in_flight (MhSender *sender);

G_END_DECLS
