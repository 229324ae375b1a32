/* mh-notifier: what the application is to be told, in order.
 *
 * Messages and notifications run the application's code: a bus's sync handler,
 * a signal's. The worker must not run it, because a handler may take its time, or
 * wait for the worker. The worker therefore leaves them here. GStreamer's thread for
 * asynchronous calls takes them out, or a thread that calls mh_notifier_settle().
 *
 * May touch: GStreamer, mh-worker. Thread-safe.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

#include "mh-worker.h"

G_BEGIN_DECLS

typedef struct _MhNotifier MhNotifier;

/**
 * mh_notifier_new:
 * @element: (transfer none): what the notifications are of; not kept alive
 * @own: whether @element is a `mediaheartbeat` element. Under the tracer it is the
 *   application's: then no warning is posted for it and no property notified
 *
 * Returns: (transfer full): a notifier that has nothing to tell.
 */
MhNotifier *mh_notifier_new (GstElement *element, gboolean own);
void mh_notifier_unref (MhNotifier *notifier);

/**
 * mh_notifier_put_structure:
 * @structure: (transfer full): posted as an element message
 *
 * From any thread; never waits.
 */
void mh_notifier_put_structure (MhNotifier *notifier, GstStructure *structure);

/**
 * mh_notifier_put_warning:
 * @text: what is wrong
 *
 * It is posted as a warning of the element, as by GST_ELEMENT_WARNING(), in the
 * thread that tells it. From any thread; never waits.
 *
 * Returns: whether it will be posted. Where the element is gone, or is not one of ours,
 *   the text goes to the log instead.
 */
gboolean mh_notifier_put_warning (MhNotifier *notifier, const char *text);

/**
 * mh_notifier_put_notify:
 * @property: (transfer none): static name of a property that has changed
 *
 * From any thread; never waits.
 */
void mh_notifier_put_notify (MhNotifier *notifier, const char *property);

/**
 * mh_notifier_drain:
 * @element: (transfer none): the element
 *
 * Tells the application what there is, now, in this thread. Call it from any thread but
 * the worker's, without a lock held. Where another thread tells something at the moment,
 * this function leaves the rest to that thread and does not wait; mh_notifier_settle()
 * waits.
 */
void mh_notifier_drain (MhNotifier *notifier, GstElement *element);

/**
 * mh_notifier_settle:
 * @element: (transfer none): the element
 * @wait: microseconds, for a message or notification that another thread has in
 *   hand
 *
 * Posts, in this thread and in order, all messages and notifications that were left
 * before the call. If another thread has one in hand, this function waits for that
 * first, for @wait at most, as that thread's handler may wait for this thread. It may
 * be called from within a handler.
 */
void mh_notifier_settle (
    MhNotifier *notifier, GstElement *element, gint64 wait);

/**
 * mh_notifier_release:
 * @element: (transfer full): any element
 *
 * Gives a reference back where the last one may be: disposing of an element
 * is the application's code as well, and not the worker's to run. Not from a thread
 * that gst_element_call_async() has made: gst_deinit() holds such a call up until
 * that thread is done.
 */
void mh_notifier_release (GstElement *element);

/**
 * mh_notifier_release_together:
 * @element: (transfer full): any element
 * @worker: the worker, whose thread this is
 *
 * As mh_notifier_release(), once the worker has done what is due: what is due for all
 * players at the same moment has one thread woken, not one for each of them.
 */
void mh_notifier_release_together (GstElement *element, MhWorker *worker);

G_END_DECLS
