/* mh-query-thread: a thread for questions that may never be answered.
 *
 * A pipeline may hang for reasons of its own, and with it the thread that asks it
 * something. The query thread therefore does nothing but ask. If the questions that
 * wait have waited too long, another thread is started beside it. Threads that hang
 * are left behind when the query thread is freed.
 *
 * May touch: GLib, mh-time.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

#include "mh-time.h"

G_BEGIN_DECLS

typedef struct _MhQueryThread MhQueryThread;

/**
 * MhQueryFunc:
 * @question: (transfer full): what is asked, and where the answer goes
 *
 * Asks, and sends the answer to the thread that waits for it. In the query
 * thread.
 */
typedef void (*MhQueryFunc) (gpointer question);

/* Returns: (transfer full): a query thread, which begins to run with the first
 * question. */
MhQueryThread *mh_query_thread_new (void);

/**
 * mh_query_thread_free:
 * @query_thread: (nullable) (transfer full): a query thread
 *
 * It has ended then, unless it asks something: then it ends with the answer.
 * What was not asked yet is freed.
 */
void mh_query_thread_free (MhQueryThread *query_thread);

/**
 * mh_query_thread_ask:
 * @query_thread: a query thread
 * @ask: asks
 * @question: (transfer full): for @ask
 * @free_func: frees @question where it is not asked
 *
 * Never waits. Any thread.
 *
 * Returns: FALSE: there is no thread, and none can be made; @question is freed.
 */
gboolean mh_query_thread_ask (MhQueryThread *query_thread, MhQueryFunc ask,
    gpointer question, GDestroyNotify free_func);

/**
 * mh_query_thread_nudge:
 * @query_thread: a query thread
 *
 * Starts another thread beside this one where questions have waited too long. Call it
 * from time to time while an answer is waited for. Any thread.
 */
void mh_query_thread_nudge (MhQueryThread *query_thread);

G_END_DECLS
