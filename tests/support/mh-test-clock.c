/* mh-test-clock: a clock that the test sets by hand.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-test-clock.h"

static MhTime
test_now (gpointer user_data)
{
  return ((MhTestClock *) user_data)->now;
}

static gint64
test_utc (gpointer user_data)
{
  return ((MhTestClock *) user_data)->utc;
}

static const char *
test_boot (gpointer user_data)
{
  return ((MhTestClock *) user_data)->boot;
}

void
mh_test_clock_init (MhTestClock *self)
{
  self->clock = (MhClock){ test_now, test_utc, self, test_boot };
  self->boot = "first";
  self->now = MH_TIME_FROM_SEC (1000);
  self->utc = 1767225600 * MH_USEC_PER_SEC;
}

void
mh_test_clock_advance (MhTestClock *self, MhTime span)
{
  self->now += span;
  self->utc += span;
}
