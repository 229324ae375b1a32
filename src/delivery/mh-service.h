/* mh-service: what all trackers of a process share: the worker thread, a spool
 * for each state directory, and the transport.
 *
 * May touch: worker, query_thread, spools and what is in them, the constructors of
 * mh-transport-soup and mh-transport-relay, mh-installation's directory.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-query-thread.h"
#include "mh-config.h"
#include "mh-position.h"
#include "mh-sender.h"
#include "mh-worker.h"

G_BEGIN_DECLS

typedef struct _MhService MhService;

/**
 * mh_service_acquire:
 * @error: why there is none: no thread or no file descriptor is left, or the
 *   process is about to end
 *
 * Returns: (transfer full) (nullable): the process's service, started by the
 *   first to come. Give it back with mh_service_release(). Any thread.
 */
MhService *mh_service_acquire (GError **error);

/* Delivers what an earlier service of this process has left, without waiting for a
 * session. A player calls it when it is started, after mh_service_forget_visitor()
 * where its visitor has opted out. On the worker. */
void mh_service_go_on (MhService *service);

/**
 * mh_service_set_patience:
 * @wait: microseconds
 *
 * How long the end of the process may wait for what is to be delivered. The
 * latest call counts. Any thread.
 */
void mh_service_set_patience (MhService *service, MhTime wait);

/**
 * mh_service_release:
 * @service: (transfer full): the service
 *
 * Waits for nothing. Without a user the service goes on for some seconds, and the
 * next user takes it over as it is. If none comes, the service waits for the answers
 * to the requests that are under way, and ends. Undelivered hits stay in the state directory, or in memory
 * where that does not work; the next one goes on with them. Any thread.
 *
 * Where the process ends before that, by exit() or the end of main(), it delivers
 * for as long as mh_service_set_patience() says. In a child of fork(), nothing
 * happens for a service of the parent.
 */
void mh_service_release (MhService *service);

/**
 * mh_service_end_for_test:
 * @wait: microseconds
 *
 * Does what the end of the process does, with @wait as the longest wait; but the
 * process goes on.
 */
void mh_service_end_for_test (MhTime wait);

/**
 * mh_service_new_for_test:
 * @clock: the test's clock
 * @transport: (nullable): the test's transport
 *
 * Returns: (transfer full): a service without a thread, apart from the
 *   process's, and without state directories; free with
 *   mh_service_free_for_test().
 */
MhService *mh_service_new_for_test (
    const MhClock *clock, MhTransport *transport);
void mh_service_free_for_test (MhService *service);

/* With state directories, as the process's own. */
void mh_service_set_durable_for_test (MhService *service);

/**
 * MhTransportFunc:
 * @timeout: how long a request may take in all
 * @error: why there is none
 *
 * On the worker.
 *
 * Returns: (nullable) (transfer full): a transport of the calling thread.
 */
typedef MhTransport *(*MhTransportFunc) (MhTime timeout, GError **error);

/**
 * mh_service_set_transport_func_for_test:
 * @service: of mh_service_new_for_test()
 * @make_transport: where the next session to be opened gets a transport from,
 *   instead of mh_transport_soup_new()
 */
void mh_service_set_transport_func_for_test (
    MhService *service, MhTransportFunc make_transport);

/* Returns: (transfer none): the worker. Any thread. */
MhWorker *mh_service_get_worker (MhService *service);

/* Returns: (transfer none): for questions of the worker's. On the worker. */
MhQueryThread *mh_service_get_query_thread (MhService *service);

/**
 * mh_service_open:
 * @config: its server, checked; its protocol, which this build has; its state
 *   directory, and the limits of the queue there, which count for all from now
 *   on
 * @whole: whether it is sent as one batch when it has ended (downloaded
 *   content)
 * @delivery: (transfer none): static
 * @user_data: for @delivery
 *
 * Where @config waits for the visitor's consent, the session waits as well. Otherwise
 * @config is a consent for all that waits for it in that state directory.
 *
 * The first session opens the transport. Without one its hits wait; see
 * mh_service_get_error(). The first session of a state directory opens that;
 * @delivery hears of its problem. On the worker.
 *
 * Returns: the key of a new session to be delivered.
 */
gint64 mh_service_open (MhService *service, const MhConfig *config,
    gboolean whole, const MhDelivery *delivery, gpointer user_data);

/**
 * mh_service_withhold:
 * @session: of mh_service_open()
 * @config: what its visitor has to agree to
 *
 * See mh_spool_withhold(). On the worker.
 */
void mh_service_withhold (
    MhService *service, gint64 session, const MhConfig *config);

/**
 * mh_service_consent:
 * @config: its state directory, and what the visitor has agreed to
 * @user_data: of mh_service_open(): whose sessions that is about, beside those
 *   that have no listener any more
 *
 * See mh_sender_consent(). A state directory that nothing has been sent from yet
 * is looked at when something is. On the worker.
 */
void mh_service_consent (
    MhService *service, const MhConfig *config, gpointer user_data);

/* On the worker. Returns: (nullable) (transfer none): why nothing can be sent for
 * as long as this service lasts; NULL: it can, or no session has been opened yet. */
const GError *mh_service_get_error (MhService *service);

/* On the worker, once a session has been opened. Returns: "direct": this process
 * sends; "helper": the helper program does, as libsoup 2 is in this process;
 * "none": nothing is sent, see mh_service_get_error(). */
const char *mh_service_get_delivery (MhService *service);

/**
 * mh_service_get_sent_shift:
 * @shift: (out): what is added to the times of its hits, #MhStoreSession.sent_shift
 *
 * On the worker.
 *
 * Returns: whether the server has one of the hits of @session, or may have.
 */
gboolean mh_service_get_sent_shift (
    MhService *service, gint64 session, gint64 *shift);

/* Accepts a hit for delivery; see mh_sender_enqueue(). On the worker. */
void mh_service_enqueue (
    MhService *service, gint64 session, MhEvent event, gint64 ts, GBytes *body);

/**
 * mh_service_drop_all:
 * @user_data: as given to mh_service_open()
 * @reason: why
 *
 * Gives up all sessions that were opened with @user_data; see mh_sender_drop(). On
 * the worker.
 */
void mh_service_drop_all (
    MhService *service, gpointer user_data, const char *reason);

/**
 * mh_service_forget_visitor:
 * @config: its state directory
 * @reason: why, for the listeners
 *
 * Drops and deletes all that is kept in the state directory: hits, also those
 * that earlier processes have left, positions, and the installation's id. Requests
 * that are under way are given up, and the transport is closed: do not call it from
 * a function that a transport calls. On the worker.
 */
void mh_service_forget_visitor (
    MhService *service, const MhConfig *config, const char *reason);

/* On the worker. Returns: (transfer full) (nullable): names the state directory of
 * a visitor who has opted out; NULL: that has been cleared already. */
typedef MhConfig *(*MhOptOutFunc) (gpointer user_data);

/**
 * mh_service_forget_soon:
 * @get: is called in a moment, when all properties that are set together are set
 * @user_data: for @get
 * @destroy: (nullable): frees @user_data, on the worker
 *
 * Does what mh_service_forget_visitor() does, whether or not anything plays, and
 * before the service ends. On the worker.
 */
void mh_service_forget_soon (MhService *service, MhOptOutFunc get,
    gpointer user_data, GDestroyNotify destroy);

/**
 * mh_service_has_failed_lately:
 * @media_id: a media item
 *
 * Returns: whether its start has failed not long ago, also in another process, and
 *   it has not played since: another failure says nothing new. On the worker.
 */
gboolean mh_service_has_failed_lately (
    MhService *service, const MhConfig *config, const char *media_id);

/* Notes that the start of a media item has failed, and was reported. On the worker. */
void mh_service_note_failure (
    MhService *service, const MhConfig *config, const char *media_id);
/* Notes that a media item has played: earlier failures do not count any more. On the
 * worker. */
void mh_service_note_played (
    MhService *service, const MhConfig *config, const char *media_id);

/**
 * mh_service_get_position:
 * @config: its state directory, and how old a position may be
 * @media_id: the media item
 * @position: (out): where it was last, by any process
 *
 * Opens the state directory, but makes none. On the worker.
 *
 * Returns: whether that is known.
 */
gboolean mh_service_get_position (MhService *service, const MhConfig *config,
    const char *media_id, MhPosition *position);

/**
 * mh_service_put_position:
 * @config: as above
 * @position: where it is now
 * @problem: (out) (transfer full) (nullable): what is wrong with the state
 *   directory: it is kept for the process only
 *
 * Makes and opens the state directory, and sends nothing. On the worker.
 */
void mh_service_put_position (MhService *service, const MhConfig *config,
    const char *media_id, const MhPosition *position, char **problem);

/**
 * mh_service_forget:
 * @user_data: as given to mh_service_open()
 *
 * Tells nothing more to @user_data. The hits of its sessions are still delivered. On
 * the worker.
 */
void mh_service_forget (MhService *service, gpointer user_data);

/**
 * mh_service_leave:
 * @user_data: as given to mh_service_open()
 * @done: called on the worker when there is nothing more to be told to
 *   @user_data, or the service ends; it may call mh_service_forget()
 * @data: for @done
 *
 * On the worker.
 */
void mh_service_leave (MhService *service, gpointer user_data,
    void (*done) (gpointer data), gpointer data);

G_END_DECLS
