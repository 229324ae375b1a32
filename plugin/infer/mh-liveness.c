/* mh-liveness: whether what is played happens now.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-liveness.h"

#include <string.h>

/* For how long anything may change the judgement. */
#define YOUNG MH_TIME_FROM_SEC (10)
/* When to ask again, after the start. */
#define AGAIN MH_TIME_FROM_SEC (1)
#define ONCE_MORE MH_TIME_FROM_SEC (4)
/* What Adobe's API has for the length of media that has none. */
#define NO_LENGTH 86400.0

MhLivenessState
mh_liveness_judge_told (const char *stream_type, double length)
{
  static const char *const live[] = { "live", "linear", "radio", NULL };
  static const char *const on_demand[] = { "vod", "aod", "dvod", "ugc", "song",
    "podcast", "audiobook", "clip", NULL };

  if (stream_type && g_strv_contains (live, stream_type))
    return MH_LIVENESS_LIVE;
  if (stream_type && g_strv_contains (on_demand, stream_type))
    return MH_LIVENESS_ON_DEMAND;
  return length > 0 && length != NO_LENGTH ? MH_LIVENESS_ON_DEMAND
                                           : MH_LIVENESS_UNDECIDED;
}

MhLivenessState
mh_liveness_judge (MhLivenessState told, const MhStreamInfo *info)
{
  if (told != MH_LIVENESS_UNDECIDED)
    return told;
  /* A live stream's header may say 0. */
  if (info->duration > 0)
    return MH_LIVENESS_ON_DEMAND;
  /* A window moves on with what is live. */
  if (info->seekable == MH_SEEKABLE_TO_END || info->is_radio || info->says_live)
    return MH_LIVENESS_LIVE;
  return MH_LIVENESS_UNDECIDED;
}

void
mh_liveness_begin (MhLiveness *self, MhLivenessState told, MhTime at)
{
  self->told = told;
  self->state = told;
  self->since = at;
  self->asked_at = at;
}

gboolean
mh_liveness_take (MhLiveness *self, const MhStreamInfo *info, MhTime at)
{
  MhLivenessState state = mh_liveness_judge (self->told, info);
  gboolean before = mh_liveness_is_live (self);

  if (self->since == MH_TIME_NONE)
    return FALSE;
  if (at - self->since <= YOUNG || state == MH_LIVENESS_ON_DEMAND)
    self->state = state;
  return mh_liveness_is_live (self) != before;
}

gboolean
mh_liveness_is_live (const MhLiveness *self)
{
  return self->state == MH_LIVENESS_LIVE;
}

void
mh_liveness_ask (MhLiveness *self, MhTime at)
{
  self->asked_at = at;
}

/* What is on demand has said so by its duration, or the application has. */
gboolean
mh_liveness_is_sure (const MhLiveness *self)
{
  return self->since == MH_TIME_NONE || self->told != MH_LIVENESS_UNDECIDED ||
      self->state == MH_LIVENESS_ON_DEMAND;
}

MhTime
mh_liveness_deadline (const MhLiveness *self)
{
  if (mh_liveness_is_sure (self))
    return MH_TIME_NEVER;
  if (self->asked_at < mh_time_add (self->since, AGAIN))
    return mh_time_add (self->since, AGAIN);
  return self->asked_at < mh_time_add (self->since, ONCE_MORE)
      ? mh_time_add (self->since, ONCE_MORE)
      : MH_TIME_NEVER;
}
