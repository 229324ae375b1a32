/* mh-poll-schedule: when to ask a pipeline for its position.
 *
 * Asking is not free of danger: the clock of an audio sink must not be read
 * while the stream has only just begun to run again (pulsesink on PipeWire stands
 * still after that). So a pipeline is asked when each change has settled, and
 * then ever more rarely, to correct what the clocks drift apart: once a minute
 * while the data moves as the position should. Pure.
 *
 * May touch: GLib, mh-time.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <math.h>

#include "mh-time.h"

G_BEGIN_DECLS

/* How long a change takes to settle. */
#define MH_POLL_QUIET MH_TIME_FROM_MSEC (100)

/**
 * MhPollSchedule:
 * @changed_at: the last change, or %MH_TIME_NONE
 * @due: when to ask next; %MH_TIME_NEVER: not before there is a reason
 * @gap: how long to wait after the next answer
 * @doubt_at: since when a doubt is reason enough to ask
 * @answered_at: when the pipeline answered last
 * @lead: how far the data was ahead of the position then, seconds; NaN: not known, or
 *   the position stands still
 */
typedef struct
{
  MhTime changed_at;
  MhTime due;
  MhTime gap;
  MhTime doubt_at;
  MhTime answered_at;
  double lead;
} MhPollSchedule;

/**
 * MhPollAnswer:
 * @MH_POLL_STANDS: the position stands still: it is not asked for again
 * @MH_POLL_OFF: it was not where it should have been
 * @MH_POLL_NEAR: it was there, more or less
 * @MH_POLL_EXACT: it was there, and what else is seen of the media would tell if
 *   it were not
 */
typedef enum
{
  MH_POLL_STANDS,
  MH_POLL_OFF,
  MH_POLL_NEAR,
  MH_POLL_EXACT,
} MhPollAnswer;

#define MH_POLL_SCHEDULE_INIT \
  { \
    .changed_at = MH_TIME_NONE, .due = MH_TIME_NEVER, \
    .doubt_at = MH_TIME_NONE, .lead = NAN \
  }

/**
 * mh_poll_schedule_change:
 * @at: when the pipeline has changed its state, flushed, or the like
 *
 * Puts off the next question until the change has settled, and begins anew with
 * short gaps.
 */
void mh_poll_schedule_change (MhPollSchedule *poll, MhTime at);

/**
 * mh_poll_schedule_want:
 * @at: when the position is needed, as soon as it may be asked for
 *
 * Brings the next question forward, if it would come later.
 */
void mh_poll_schedule_want (MhPollSchedule *poll, MhTime at);

/**
 * mh_poll_schedule_ask:
 * @at: when the pipeline is asked
 *
 * The next question comes after the answer, or when that has not come for long.
 */
void mh_poll_schedule_ask (MhPollSchedule *poll, MhTime at);

/**
 * mh_poll_schedule_take_lead:
 * @at: when data has come
 * @lead: how far it is ahead of where the position should be, seconds; NaN: not known
 *
 * Data that moves as the position does says where the media is, but for what clocks
 * drift apart. Where it does not, the pipeline is asked earlier than was planned, but
 * not more often than every few seconds.
 */
void mh_poll_schedule_take_lead (MhPollSchedule *poll, MhTime at, double lead);

/**
 * mh_poll_schedule_answer:
 * @at: when the pipeline has answered
 * @answer: what that means
 * @lead: how far the data is ahead of the position now, seconds; NaN: not known
 */
void mh_poll_schedule_answer (
    MhPollSchedule *poll, MhTime at, MhPollAnswer answer, double lead);

G_END_DECLS
