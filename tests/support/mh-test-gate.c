/* mh-test-gate: holds a thread up, such as a worker's, until the test lets it go.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-test-gate.h"

void
mh_test_gate_init (MhTestGate *gate)
{
  g_mutex_init (&gate->lock);
  g_cond_init (&gate->cond);
  gate->open = gate->reached = FALSE;
  gate->inside = 0;
}

void
mh_test_gate_pass (gpointer data)
{
  MhTestGate *gate = data;

  g_mutex_lock (&gate->lock);
  gate->reached = TRUE;
  gate->inside++;
  g_cond_broadcast (&gate->cond);
  while (!gate->open)
    g_cond_wait (&gate->cond, &gate->lock);
  gate->inside--;
  g_cond_broadcast (&gate->cond);
  g_mutex_unlock (&gate->lock);
}

void
mh_test_gate_await (MhTestGate *gate)
{
  g_mutex_lock (&gate->lock);
  while (!gate->reached)
    g_cond_wait (&gate->cond, &gate->lock);
  g_mutex_unlock (&gate->lock);
}

void
mh_test_gate_open (MhTestGate *gate)
{
  g_mutex_lock (&gate->lock);
  gate->open = TRUE;
  g_cond_broadcast (&gate->cond);
  g_mutex_unlock (&gate->lock);
}

void
mh_test_gate_clear (MhTestGate *gate)
{
  g_mutex_lock (&gate->lock);
  while (gate->inside > 0)
    g_cond_wait (&gate->cond, &gate->lock);
  g_mutex_unlock (&gate->lock);
  g_mutex_clear (&gate->lock);
  g_cond_clear (&gate->cond);
}
