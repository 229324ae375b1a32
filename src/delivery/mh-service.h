/* mh-service: what all trackers of a process share: the worker thread, a lane
 * for each state directory, and the transport.
 *
 * May touch: worker, asker, lanes and what is in them, mh-transport-soup's
 * constructor, mh-installation's directory.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-asker.h"
#include "mh-config.h"
#include "mh-position.h"
#include "mh-sender.h"
#include "mh-worker.h"

G_BEGIN_DECLS

typedef struct _MhService MhService;

/**
 * MhDelivery:
 *
 * @problem: what is wrong with the state directory, one line
 *
 * What a tracker hears of the delivery of a session of its own; as in
 * #MhSenderListener, none of them NULL. On the worker. @dropped with session 0
 * is about hits that another process, or player, has left behind.
 */
typedef struct
{
  void (*session_id) (gint64 session, const char *id, gpointer user_data);
  void (*sent) (gint64 session, MhEvent event, gpointer user_data);
  void (*dropped) (
      gint64 session, guint n, const char *reason, gpointer user_data);
  void (*refused) (gint64 session, const char *reason, gpointer user_data);
  void (*expired) (gint64 session, const char *reason, gpointer user_data);
  void (*failed) (gint64 session, const char *reason, gpointer user_data);
  void (*problem) (const char *message, gpointer user_data);
} MhDelivery;

/**
 * mh_service_acquire:
 *
 * Returns: (transfer full): the process's service, started by whoever comes
 *   first. Give it back with mh_service_release(). Any thread.
 */
MhService *mh_service_acquire (void);

/**
 * mh_service_go_on:
 * @service: the service
 *
 * Delivers what an earlier service has left: it does not wait for a session. But
 * it does for whoever comes first, who may have to forget it
 * (mh_service_forget_visitor()). On the worker.
 */
void mh_service_go_on (MhService *service);

/**
 * mh_service_flush:
 * @service: the service
 * @wait: microseconds
 *
 * Waits up to @wait until all hits that were made so far are delivered, if the
 * caller is the only one who uses the service: the others' hits still have
 * time. Any thread; never waits on the worker itself.
 */
void mh_service_flush (MhService *service, MhTime wait);

/**
 * mh_service_release:
 * @service: (transfer full): the service
 *
 * Whoever leaves last stops the thread. Undelivered hits stay in the state
 * directory, or in memory where that does not work; the next to come goes on
 * with them. Any thread.
 */
void mh_service_release (MhService *service);

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

/**
 * mh_service_set_durable_for_test:
 *
 * With state directories, as the process's own.
 */
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

/**
 * mh_service_get_worker:
 *
 * Returns: (transfer none): the worker. Any thread.
 */
MhWorker *mh_service_get_worker (MhService *service);

/**
 * mh_service_get_asker:
 *
 * Returns: (transfer none): for questions of the worker's. On the worker.
 */
MhAsker *mh_service_get_asker (MhService *service);

/**
 * mh_service_open:
 * @service: the service
 * @config: its server, checked; its protocol, which this build has; its state
 *   directory, and the limits of the queue there, which count for all from now
 *   on
 * @whole: whether it is sent as one batch when it has ended (downloaded
 *   content)
 * @delivery: (transfer none): static
 * @user_data: for @delivery
 *
 * Where @config waits for the visitor's consent, so does the session. Otherwise
 * that is a consent for all that waits for it in that state directory.
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
 * See mh_sender_withhold(). On the worker.
 */
void mh_service_withhold (
    MhService *service, gint64 session, const MhConfig *config);

/**
 * mh_service_consent:
 * @config: its state directory, and what the visitor has agreed to
 * @user_data: of mh_service_open(): whose sessions that is about, beside those
 *   that nobody listens to any more
 *
 * See mh_sender_consent(). A state directory that nothing has been sent from yet
 * is looked at when something is. On the worker.
 */
void mh_service_consent (
    MhService *service, const MhConfig *config, gpointer user_data);

/**
 * mh_service_get_error:
 *
 * On the worker.
 *
 * Returns: (nullable) (transfer none): why nothing can be sent for as long as
 *   this service lasts; NULL: it can, or no session has been opened yet.
 */
const GError *mh_service_get_error (MhService *service);

/**
 * mh_service_enqueue:
 *
 * Accepts a hit for delivery; see mh_sender_enqueue(). On the worker.
 */
void mh_service_enqueue (
    MhService *service, gint64 session, MhEvent event, gint64 ts, GBytes *body);

/**
 * mh_service_drop:
 *
 * Gives a session's delivery up; see mh_sender_drop(). On the worker.
 */
void mh_service_drop (MhService *service, gint64 session, const char *reason);

/**
 * mh_service_drop_all:
 * @service: the service
 * @user_data: as given to mh_service_open()
 * @reason: why
 *
 * The same for all sessions that were opened with @user_data. On the worker.
 */
void mh_service_drop_all (
    MhService *service, gpointer user_data, const char *reason);

/**
 * mh_service_forget_visitor:
 * @config: its state directory
 * @reason: why, for whoever listens
 *
 * Drops and deletes all that is kept in the state directory: hits, also those
 * that earlier processes have left, positions, and the installation's id. On
 * the worker.
 */
void mh_service_forget_visitor (
    MhService *service, const MhConfig *config, const char *reason);

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
 * @service: the service
 * @user_data: as given to mh_service_open()
 *
 * No more is told to @user_data, while its hits are still delivered. On the
 * worker.
 */
void mh_service_forget (MhService *service, gpointer user_data);

G_END_DECLS
