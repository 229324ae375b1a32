/* mh-playback: the playback state, made of all that is known of a player.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-playback.h"

#define N_STATES (MH_PLAYBACK_ENDED + 1)

/* docs/design/inference.md#buffering, rules 5 and 7. */
#define SETTLE MH_TIME_FROM_MSEC (250)
/* docs/design/inference.md#buffering, rules 3 and 6. */
#define SETTLE_PAUSE MH_TIME_FROM_MSEC (500)
/* How long playing may wait for an answer about where it is, where that is not
 * known: an element that comes to a pipeline that plays is anywhere. */
#define SETTLE_PLACE MH_TIME_FROM_MSEC (500)
/* How long a pause may wait for an answer about whether it is for buffering. */
#define SETTLE_FILL MH_TIME_FROM_MSEC (500)

/* ---- what the player seems to do ---- */

#define INIT MH_PLAYBACK_INIT
#define PLAYING MH_PLAYBACK_PLAYING
#define PAUSED MH_PLAYBACK_PAUSED
#define BUFFERING MH_PLAYBACK_BUFFERING

/* By the states of element and pipeline, before the first frame of an item (R6) and
 * after it, and whether data is wanted. Once something was shown, what is in PLAYING
 * plays whatever BUFFERING says (R5). While the element is down, what was reported
 * stays. */
static const MhPlaybackState states[MH_PIPELINE_N_STATES][2][2] = {
  [MH_PIPELINE_CLOSING] = { { INIT, BUFFERING }, { PAUSED, BUFFERING } },
  [MH_PIPELINE_PAUSED] = { { PAUSED, BUFFERING }, { PAUSED, BUFFERING } },
  [MH_PIPELINE_OPENING] = { { INIT, BUFFERING }, { PAUSED, BUFFERING } },
  [MH_PIPELINE_STARTING] = { { INIT, BUFFERING }, { PLAYING, PLAYING } },
  [MH_PIPELINE_KEPT_PAUSED] = { { PAUSED, BUFFERING }, { PAUSED, BUFFERING } },
  [MH_PIPELINE_PLAYING] = { { PLAYING, PLAYING }, { PLAYING, PLAYING } },
};

/* A sink that does not wait for data is in PLAYING without any (async=false, live
 * ones): nothing is rendered yet. */
static MhPipelineState
get_pipeline (const MhPlaybackParts *parts)
{
  return parts->pipeline == MH_PIPELINE_PLAYING && !parts->has_data
      ? MH_PIPELINE_STARTING
      : parts->pipeline;
}

MhPlaybackState
mh_playback_judge (const MhPlayback *self, const MhPlaybackParts *parts)
{
  if (parts->pipeline == MH_PIPELINE_DOWN || parts->is_stopping ||
      self->reported == MH_PLAYBACK_ENDED)
    return self->reported;
  if (parts->is_seeking)
    return MH_PLAYBACK_SEEKING;
  return states[get_pipeline (parts)][!!parts->is_shown][!!parts->lacks_data];
}

#undef INIT
#undef PLAYING
#undef PAUSED
#undef BUFFERING

/* ---- and for how long it must, to count ---- */

typedef enum
{
  NEVER, /* it does not count: it is part of what is reported */
  SHORT,
  PAUSE, /* after a start, or buffering, the player may be about to play */
  PLACE, /* until it is known where the media is */
  AGAIN, /* between two seeks of a scrub, or two flaps of buffering, it plays for
          * moments only: the whole is one period */
  SEEK, /* as long as the seek needs */
} Wait;

/* By what is reported, and what the player seems to do. A seek while buffering is part
 * of the buffering, and buffering in a seek part of that: the session rules know no
 * both. A pause stays one whatever BUFFERING says (R4). */
static const Wait waits[N_STATES][N_STATES] = {
  [MH_PLAYBACK_INIT] = { [MH_PLAYBACK_PLAYING] = PLACE,
      [MH_PLAYBACK_PAUSED] = PAUSE,
      [MH_PLAYBACK_SEEKING] = SEEK,
      [MH_PLAYBACK_BUFFERING] = SHORT },
  [MH_PLAYBACK_PLAYING] = { [MH_PLAYBACK_PAUSED] = SHORT,
      [MH_PLAYBACK_SEEKING] = SEEK,
      [MH_PLAYBACK_BUFFERING] = SHORT },
  [MH_PLAYBACK_PAUSED] = { [MH_PLAYBACK_PLAYING] = PLACE,
      [MH_PLAYBACK_SEEKING] = SEEK },
  [MH_PLAYBACK_SEEKING] = { [MH_PLAYBACK_PLAYING] = AGAIN,
      [MH_PLAYBACK_PAUSED] = SHORT },
  [MH_PLAYBACK_BUFFERING] = { [MH_PLAYBACK_PLAYING] = AGAIN,
      [MH_PLAYBACK_PAUSED] = PAUSE },
};

/* Whether it may play for a moment only. */
static gboolean
may_flap (const MhPlaybackParts *parts, Wait wait)
{
  return wait == AGAIN && parts->is_shown;
}

static MhTime
get_play_wait (const MhPlaybackParts *parts, Wait wait)
{
  if (may_flap (parts, wait))
    return SETTLE;
  return parts->is_placed ? 0 : SETTLE_PLACE;
}

static MhTime
get_wait (
    const MhPlayback *self, const MhPlaybackParts *parts, MhPlaybackState state)
{
  Wait wait = waits[self->reported][state];

  switch (wait) {
    case NEVER:
      return MH_TIME_NEVER;
    case SEEK:
      return parts->seek_wait;
    case PLACE:
    case AGAIN:
      return get_play_wait (parts, wait);
    case SHORT:
    case PAUSE:
      break;
  }
  if (state == MH_PLAYBACK_PAUSED && parts->asks_fill)
    return SETTLE_FILL;
  return wait == SHORT ? SETTLE : SETTLE_PAUSE;
}

/* ---- from one to the next ---- */

void
mh_playback_set (MhPlayback *self, MhPlaybackState state)
{
  self->reported = state;
  self->seeming = state;
}

void
mh_playback_drop (MhPlayback *self)
{
  self->seeming = self->reported;
}

void
mh_playback_sleep (MhPlayback *self, MhTime until)
{
  if (self->seeming == MH_PLAYBACK_PLAYING)
    mh_playback_drop (self);
  self->awake_since = until;
}

/* A pause too short to count before a seek belongs to the seek. */
static gboolean
goes_on (const MhPlaybackParts *parts, MhPlaybackState state)
{
  return state == MH_PLAYBACK_SEEKING ||
      (state == MH_PLAYBACK_PAUSED && parts->lacked_data);
}

gboolean
mh_playback_update (
    MhPlayback *self, const MhPlaybackParts *parts, MhTime since)
{
  MhPlaybackState state = mh_playback_judge (self, parts);

  if (get_wait (self, parts, state) == MH_TIME_NEVER) {
    mh_playback_drop (self);
    return FALSE;
  }
  if (state == self->seeming)
    return FALSE;
  if (!mh_playback_is_undecided (self) || !goes_on (parts, state))
    self->since = MAX (since, self->awake_since);
  self->seeming = state;
  return TRUE;
}

gboolean
mh_playback_is_undecided (const MhPlayback *self)
{
  return self->seeming != self->reported;
}

MhTime
mh_playback_get_since (const MhPlayback *self, MhTime now)
{
  return mh_playback_is_undecided (self) ? self->since : now;
}

gboolean
mh_playback_waits_for_place (
    const MhPlayback *self, const MhPlaybackParts *parts)
{
  Wait wait = waits[self->reported][self->seeming];

  return self->seeming == MH_PLAYBACK_PLAYING &&
      (wait == PLACE || wait == AGAIN) && !may_flap (parts, wait);
}

MhTime
mh_playback_deadline (const MhPlayback *self, const MhPlaybackParts *parts)
{
  MhTime since = self->since;

  if (!mh_playback_is_undecided (self))
    return MH_TIME_NEVER;
  if (!parts->is_placed)
    since = MAX (since, parts->asks_since);
  return mh_time_add (since, get_wait (self, parts, self->seeming));
}
