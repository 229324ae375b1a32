/* mh-test-sleep: a machine that sleeps, without one.
 *
 * A program that uses this has its own clock_gettime() and timerfds, in the
 * place of the C library's, for everything that it loads: after a sleep the
 * clocks that run on meanwhile are ahead of the others, and what was to happen
 * in that time by a clock that runs on happens at once. Which clock a sleep
 * leaves alone cannot be seen on a machine that has never slept.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

/**
 * mh_test_sleep:
 * @seconds: for how long
 *
 * Has slept, when it returns. Timers that are set already keep their time, as
 * if it were that long until the machine woke up.
 */
void mh_test_sleep (guint seconds);

/**
 * mh_test_set_wall:
 * @seconds: by how much the wall clock is wrong from now on; it was right
 *
 * No other clock changes.
 */
void mh_test_set_wall (gint seconds);
