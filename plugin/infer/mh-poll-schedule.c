/* mh-poll-schedule: when to ask a pipeline for its position.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-poll-schedule.h"

/* After the first answer, and at most: each time twice as long. */
#define FIRST_GAP MH_TIME_FROM_MSEC (250)
#define LAST_GAP MH_TIME_FROM_SEC (8)
/* At most where each answer is what was expected, and a doubt would be noticed.
 * Clocks that are 200 millionths apart come 13 ms apart meanwhile. */
#define EXACT_GAP MH_TIME_FROM_SEC (64)
/* From this gap on the questions of all players of a process come together. */
#define TOGETHER MH_TIME_FROM_SEC (1)
/* Seconds: data that is further ahead of the position, or less far, than it was when
 * the pipeline answered last does not move as the position does. */
#define LEAD_CHANGE 0.1
/* An answer that has not come after that may be asked for again. */
#define LONG MH_TIME_FROM_SEC (1)

static MhTime
get_quiet_end (const MhPollSchedule *self)
{
  return self->changed_at == MH_TIME_NONE
      ? MH_TIME_NONE
      : mh_time_add (self->changed_at, MH_POLL_QUIET);
}

void
mh_poll_schedule_change (MhPollSchedule *self, MhTime at)
{
  self->changed_at = at;
  self->due = get_quiet_end (self);
  self->gap = FIRST_GAP;
}

void
mh_poll_schedule_want (MhPollSchedule *self, MhTime at)
{
  self->due = MIN (self->due, MAX (at, get_quiet_end (self)));
}

void
mh_poll_schedule_ask (MhPollSchedule *self, MhTime at)
{
  self->due = mh_time_add (at, LONG);
  self->doubt_at = self->due;
}

void
mh_poll_schedule_take_lead (MhPollSchedule *self, MhTime at, double lead)
{
  if (fabs (lead - self->lead) > LEAD_CHANGE)
    mh_poll_schedule_want (self, MAX (at, self->doubt_at));
}

static MhTime
next_gap (MhTime gap, MhPollAnswer answer)
{
  MhTime last = answer == MH_POLL_EXACT ? EXACT_GAP : LAST_GAP;

  return CLAMP (2 * gap, FIRST_GAP, last);
}

void
mh_poll_schedule_answer (
    MhPollSchedule *self, MhTime at, MhPollAnswer answer, double lead)
{
  self->answered_at = at;
  self->lead = answer == MH_POLL_STANDS ? NAN : lead;
  if (answer == MH_POLL_STANDS || answer == MH_POLL_OFF)
    self->gap = FIRST_GAP;
  else if (answer == MH_POLL_NEAR)
    self->gap = MIN (self->gap, LAST_GAP);
  self->doubt_at = mh_time_add (at, MIN (self->gap, LAST_GAP));
  self->due = mh_time_add (at, self->gap);
  if (self->gap >= TOGETHER)
    self->due = mh_time_round_up (self->due, TOGETHER);
  if (answer == MH_POLL_STANDS)
    self->due = MH_TIME_NEVER;
  self->gap = next_gap (self->gap, answer);
}
