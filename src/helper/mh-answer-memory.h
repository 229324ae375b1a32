/* mh-answer-memory: remembers the answers to requests that were sent for other processes.
 *
 * A process that ends or is killed does not get the answers to its last requests, and
 * its store still has these hits. When they are to be sent again as leftovers, mh-answer-memory
 * gives the answer that it remembers, and does not send them a second time.
 *
 * May touch: transport-soup, mh-relay. On the worker.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-transport.h"

G_BEGIN_DECLS

typedef struct _MhAnswerMemory MhAnswerMemory;

MhAnswerMemory *mh_answer_memory_new (void);

/* Gives up what is under way. No transport of it is left. */
void mh_answer_memory_free (MhAnswerMemory *self);

/**
 * mh_answer_memory_send:
 * @request: of a process
 * @done: as for mh_transport_send()
 * @user_data: for @done
 *
 * Sends it, and remembers what comes of it.
 */
void mh_answer_memory_send (MhAnswerMemory *self, const MhRequest *request,
    MhAnswerFunc done, gpointer user_data);

/* For an opt-out. Gives up what is under way and may not have been written yet: its
 * @done functions are called with an error. All answers are forgotten. Do not call
 * it from such a function. */
void mh_answer_memory_give_up (MhAnswerMemory *self);

/* Returns: (transfer full): a transport that sends nothing that was sent already,
 * once for each request. */
MhTransport *mh_answer_memory_new_transport (MhAnswerMemory *self);

G_END_DECLS
