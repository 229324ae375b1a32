/* mh-early-end: whether what plays comes to its end by an error or a stop.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-early-end.h"

/* Messages of one failure come within milliseconds, one from each element that
 * it gets to. */
#define BURST MH_TIME_FROM_SEC (2)
/* GST_ELEMENT_FLOW_ERROR: an element says with it that another one has failed,
 * be it much later, when the queues between them are empty. */
#define FLOW_ERROR "gst-stream-error-quark:1"
/* GST_RESOURCE_ERROR_NOT_FOUND. */
#define NOT_FOUND "gst-resource-error-quark:3"

void
mh_early_end_begin_item (MhEarlyEnd *self)
{
  self->failed = FALSE;
  if (self->state != MH_EARLY_END_STOPPING)
    self->state = MH_EARLY_END_NONE;
}

void
mh_early_end_move (MhEarlyEnd *self, MhTime at)
{
  self->alive_at = MAX (self->alive_at, at);
}

void
mh_early_end_fail_silently (MhEarlyEnd *self, MhTime at)
{
  self->failed = TRUE;
  self->error_at = at;
  if (self->state == MH_EARLY_END_NONE)
    self->state = MH_EARLY_END_FAILED;
}

gboolean
mh_early_end_fail (MhEarlyEnd *self, const char *id, MhTime at)
{
  gboolean echo = self->failed &&
      (at - self->error_at <= BURST || g_strcmp0 (id, FLOW_ERROR) == 0);

  mh_early_end_fail_silently (self, at);
  return !echo;
}

gboolean
mh_early_end_is_closed_window (const char *id)
{
  return g_strcmp0 (id, NOT_FOUND) == 0;
}

gboolean
mh_early_end_stop (MhEarlyEnd *self, MhTime at)
{
  if (self->state == MH_EARLY_END_STOPPING)
    return FALSE;
  self->state = MH_EARLY_END_STOPPING;
  self->stop_at = at;
  return TRUE;
}

void
mh_early_end_resume (MhEarlyEnd *self)
{
  self->decide_at = MH_TIME_NEVER;
  if (self->state == MH_EARLY_END_STOPPING)
    self->state = self->failed ? MH_EARLY_END_FAILED : MH_EARLY_END_NONE;
}

gboolean
mh_early_end_is_stopping (const MhEarlyEnd *self)
{
  return self->state == MH_EARLY_END_STOPPING;
}

MhTime
mh_early_end_deadline (const MhEarlyEnd *self)
{
  return self->state == MH_EARLY_END_FAILED
      ? mh_time_add (MAX (self->error_at, self->alive_at), MH_EARLY_END_STILL)
      : MH_TIME_NEVER;
}

void
mh_early_end_break (MhEarlyEnd *self)
{
  self->state = MH_EARLY_END_BROKEN;
  self->failed = FALSE;
}
