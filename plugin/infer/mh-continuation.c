/* mh-continuation: whether the session that starts next goes on with the one before.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-continuation.h"

void
mh_continuation_end (MhContinuation *self)
{
  self->resume = MH_RESUME_NO;
}

void
mh_continuation_break_off (MhContinuation *self, guint group)
{
  self->resume = MH_RESUME_SAME;
  self->group = group;
}

void
mh_continuation_take_over (MhContinuation *self)
{
  mh_continuation_come (self, 0);
}

void
mh_continuation_come (MhContinuation *self, guint group)
{
  self->resume = MH_RESUME_YES;
  self->group = group;
}

MhResume
mh_continuation_get (const MhContinuation *self, const MhStreams *streams)
{
  if (self->group != 0 && mh_streams_is_other (streams, self->group))
    return MH_RESUME_NO;
  return self->resume;
}
