/* mh-asker: asks what may never answer.
 *
 * A pipeline may hang for reasons of its own, and with it whoever asks it
 * something. That is a thread kept for the purpose: it is left behind then, and
 * the next question has another one.
 *
 * May touch: GLib, mh-time.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

#include "mh-time.h"

G_BEGIN_DECLS

typedef struct _MhAsker MhAsker;

/**
 * MhAskFunc:
 * @question: what is asked, and where the answer goes
 *
 * In a thread of the asker's.
 */
typedef void (*MhAskFunc) (gpointer question);

/**
 * mh_asker_new:
 *
 * Returns: (transfer full): an asker; its thread comes with the first question.
 */
MhAsker *mh_asker_new (void);

/**
 * mh_asker_free:
 * @asker: (nullable) (transfer full): an asker
 *
 * Its thread is gone then. Those that were left behind end when they have their
 * answer.
 */
void mh_asker_free (MhAsker *asker);

/**
 * mh_asker_ask:
 * @asker: an asker, of one thread at a time
 * @ask: asks
 * @question: (transfer full): for @ask
 * @free_func: for @question
 * @patience: how long to wait for the answer, microseconds
 *
 * Returns: whether it has been answered: then @question is the caller's again.
 *   Otherwise it is freed in the thread that asks, when there is an answer.
 */
gboolean mh_asker_ask (MhAsker *asker, MhAskFunc ask, gpointer question,
    GDestroyNotify free_func, MhTime patience);

G_END_DECLS
