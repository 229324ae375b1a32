/* mh-test-turn: does by hand what a worker that has no thread would do by now.
 *
 * May touch: GLib, mh-worker.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-worker.h"

G_BEGIN_DECLS

/**
 * mh_test_turn:
 * @worker: a worker that was not started
 *
 * Runs what was invoked on it, then the timers that are due by its clock.
 */
void mh_test_turn (MhWorker *worker);

G_END_DECLS
