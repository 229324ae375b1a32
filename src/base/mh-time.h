/* mh-time: the one unit of time in the core, and arithmetic that cannot wrap.
 *
 * May touch: GLib types only. Reads no clock (mh-clock does).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A point in time or a span: microseconds of CLOCK_BOOTTIME, which runs on while
 * the machine sleeps (docs/design/architecture.md#time). The core never asks for
 * the time itself; it is always an argument. */
typedef gint64 MhTime;

/* A point in time that is not set. Never returned as a deadline. */
#define MH_TIME_NONE G_MININT64

/* A deadline that never comes. */
#define MH_TIME_NEVER G_MAXINT64

#define MH_USEC_PER_MSEC G_GINT64_CONSTANT (1000)
#define MH_USEC_PER_SEC G_GINT64_CONSTANT (1000000)

#define MH_TIME_FROM_MSEC(ms) ((MhTime) ((gint64) (ms) *MH_USEC_PER_MSEC))
#define MH_TIME_FROM_SEC(s) ((MhTime) ((gint64) (s) *MH_USEC_PER_SEC))
#define MH_TIME_TO_MSEC(t) ((gint64) ((t) / MH_USEC_PER_MSEC))

/**
 * mh_time_add:
 * @t: a point in time, not %MH_TIME_NONE
 * @span: microseconds, >= 0
 *
 * Returns: @t + @span, or %MH_TIME_NEVER where that does not fit.
 */
static inline MhTime
mh_time_add (MhTime t, MhTime span)
{
  return t > MH_TIME_NEVER - span ? MH_TIME_NEVER : t + span;
}

/**
 * mh_time_round_up:
 * @t: a point in time, >= 0, or %MH_TIME_NEVER
 * @span: microseconds, > 0
 *
 * What is due at such times is due together with what others round up.
 *
 * Returns: the first multiple of @span that is not before @t.
 */
static inline MhTime
mh_time_round_up (MhTime t, MhTime span)
{
  return t % span == 0 ? t : mh_time_add (t, span - t % span);
}

/**
 * mh_time_seconds:
 * @span: microseconds
 *
 * Returns: @span in seconds.
 */
static inline double
mh_time_seconds (MhTime span)
{
  return (double) span / (double) MH_USEC_PER_SEC;
}

G_END_DECLS
