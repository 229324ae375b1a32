/* mh-test-clock: a clock that the test sets by hand.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-clock.h"

/**
 * MhTestClock:
 * @clock: to be handed to the code under test
 * @now: what @clock's now says
 * @utc: what its utc says
 * @boot: what its boot says; static
 *
 * Not thread-safe: for tests that run in one thread.
 */
typedef struct
{
  MhClock clock;
  MhTime now;
  gint64 utc;
  const char *boot;
} MhTestClock;

/**
 * mh_test_clock_init:
 * @self: filled in; stays where it is, as the clock points to it
 *
 * Starts it at 1000 s, 2026-01-01 00:00:00 UTC.
 */
void mh_test_clock_init (MhTestClock *self);

/**
 * mh_test_clock_advance:
 * @self: a clock
 * @span: microseconds, >= 0
 *
 * Lets time go by, on both of its faces.
 */
void mh_test_clock_advance (MhTestClock *self, MhTime span);
