/* mh-cues: what is to be called because of where the media is.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-cues.h"

#include "mh-error.h"
#include "mh-schedule.h"

struct _MhCues
{
  MhSchedule *schedule;
  guint group; /* what is played */
  MhLine line; /* where it is */
  MhTime floor; /* since when it has been on its way there */
};

void
mh_cue_clear (MhCue *cue)
{
  g_clear_pointer (&cue->call, mh_call_free);
}

MhCues *
mh_cues_new (void)
{
  MhCues *self = g_new0 (MhCues, 1);

  self->schedule = mh_schedule_new ();
  self->line.at = self->floor = MH_TIME_NONE;
  return self;
}

void
mh_cues_free (MhCues *self)
{
  mh_schedule_free (self->schedule);
  g_free (self);
}

void
mh_cues_run (MhCues *self)
{
  mh_schedule_flush (self->schedule);
}

MhCall *
mh_cues_take (MhCues *self, MhMark *mark, GError **error)
{
  g_autoptr (MhMark) taken = mark;

  if (!mh_schedule_is_new (self->schedule, mark->seqnum, mark->sticky))
    return NULL;
  if (isnan (mark->position))
    return g_steal_pointer (&mark->call);
  if (!mh_schedule_add (self->schedule, mark->group, mark->position,
          g_steal_pointer (&mark->call)))
    g_set_error_literal (error, MH_ERROR, MH_ERROR_REFUSED,
        "too many calls wait for their data");
  return NULL;
}

void
mh_cues_flush (MhCues *self)
{
  mh_schedule_flush (self->schedule);
}

void
mh_cues_tell (MhCues *self, guint group, const MhLine *line)
{
  if (line->at < self->line.at)
    return;
  /* From one place to the next it has moved all the time, or not at all. */
  self->floor = self->line.rate != 0 && group == self->group ? self->line.at
                                                             : line->at;
  self->group = group;
  self->line = *line;
}

MhTime
mh_cues_deadline (MhCues *self)
{
  MhTime deadline = mh_schedule_deadline (
      self->schedule, &self->line, self->group);

  return MAX (deadline, self->floor);
}

gboolean
mh_cues_pop (MhCues *self, MhTime until, MhCue *cue)
{
  *cue = (MhCue) MH_CUE_INIT;
  cue->call = mh_schedule_pop (
      self->schedule, &self->line, self->group, until, &cue->at);
  cue->at = MAX (cue->at, self->floor);
  cue->theirs = TRUE;
  return cue->call != NULL;
}

gboolean
mh_cues_pop_rest (MhCues *self, MhCue *cue)
{
  *cue = (MhCue) MH_CUE_INIT;
  cue->call = mh_schedule_pop_rest (self->schedule, self->group);
  cue->at = self->line.at;
  cue->theirs = TRUE;
  return cue->call != NULL;
}

gboolean
mh_cues_can_open (MhCues *self, MhTime until)
{
  return mh_schedule_can_open (self->schedule, &self->line, self->group, until);
}

void
mh_cues_leave (MhCues *self)
{
  mh_schedule_leave (self->schedule, self->group);
}
