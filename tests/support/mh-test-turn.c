/* mh-test-turn: does by hand what a worker that has no thread would do by now.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-test-turn.h"

void
mh_test_turn (MhWorker *worker)
{
  while (g_main_context_iteration (mh_worker_get_context (worker), FALSE))
    ;
  mh_worker_run_timers (worker);
}
