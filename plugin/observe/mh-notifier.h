/* mh-outbox: what the application is to be told, in order.
 *
 * Messages and notifications run the application's code: a bus's sync handler,
 * a signal's. The worker must not do that (a handler may take its time, or wait
 * for the worker), so it leaves them here, and GStreamer's own threads for such
 * things, or a thread that came by anyway, take them out.
 *
 * May touch: GStreamer. Thread-safe.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct _MhOutbox MhOutbox;

/**
 * mh_outbox_new:
 * @element: (transfer none): whom the news are from; not kept alive
 * @own: whether that is one of ours; another one's warnings and properties are
 *   none of ours, they are not told
 *
 * Returns: (transfer full): an empty outbox.
 */
MhOutbox *mh_outbox_new (GstElement *element, gboolean own);
MhOutbox *mh_outbox_ref (MhOutbox *outbox);
void mh_outbox_unref (MhOutbox *outbox);

/**
 * mh_outbox_put_structure:
 * @structure: (transfer full): posted as an element message
 *
 * From any thread; never waits.
 */
void mh_outbox_put_structure (MhOutbox *outbox, GstStructure *structure);

/**
 * mh_outbox_put_warning:
 * @text: posted as a warning message of the element
 *
 * From any thread; never waits.
 */
void mh_outbox_put_warning (MhOutbox *outbox, const char *text);

/**
 * mh_outbox_put_notify:
 * @property: (transfer none): static name of a property that has changed
 *
 * From any thread; never waits.
 */
void mh_outbox_put_notify (MhOutbox *outbox, const char *property);

/**
 * mh_outbox_drain:
 * @element: (transfer none): the element
 *
 * Tells the application what there is, now, in this thread: not the worker's,
 * and without a lock held. Does nothing while another thread is at it.
 */
void mh_outbox_drain (MhOutbox *outbox, GstElement *element);

/**
 * mh_outbox_release:
 * @element: (transfer full): any element
 *
 * Gives a reference back where the last one may be: disposing of an element
 * is the application's code as well, and not the worker's to run.
 */
void mh_outbox_release (GstElement *element);

G_END_DECLS
