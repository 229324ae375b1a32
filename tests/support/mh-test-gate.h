/* mh-test-gate: holds a thread up, such as a worker's, until the test lets it go.
 *
 * May touch: GLib.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * MhTestGate:
 *
 * A gate that a thread waits at. A new one is shut.
 */
typedef struct
{
  GMutex lock;
  GCond cond;
  gboolean open; /* lock */
  gboolean reached; /* lock */
  guint inside; /* lock: threads in mh_test_gate_pass() */
} MhTestGate;

void mh_test_gate_init (MhTestGate *gate);

/**
 * mh_test_gate_clear:
 * @gate: an open gate
 *
 * Waits until no thread is at the gate any more: then its memory may go.
 */
void mh_test_gate_clear (MhTestGate *gate);

/**
 * mh_test_gate_pass:
 * @gate: (type MhTestGate): the gate
 *
 * Waits until the gate is open. The thread to be held up calls this.
 */
void mh_test_gate_pass (gpointer gate);

/* Waits until a thread has come to the gate. */
void mh_test_gate_await (MhTestGate *gate);

/* Lets go the thread that waits, and those that come. */
void mh_test_gate_open (MhTestGate *gate);

G_END_DECLS
