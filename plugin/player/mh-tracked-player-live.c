/* mh-tracked-player-live: whether what is played happens now, and what is known of it.
 *
 * mh-liveness judges; here it is fed: with what the application says and the
 * pipeline answers when a session starts, and again while it is young. The
 * playhead follows at once.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-tracked-player-private.h"

#include "mh-wall-jump.h"

static void
player_set_live (MhTrackedPlayer *self)
{
  gboolean live = mh_liveness_is_live (&self->liveness);
  gint64 utc_offset = mh_clock_utc_offset (mh_clock_system ());
  guint item = self->place.item;

  GST_DEBUG ("what is played is %s", live ? "live" : "on demand");
  mh_monitor_set_live (self->monitor, item, live, utc_offset);
  mh_place_set_live (&self->place, item, live, utc_offset);
}

/* The playhead of live media is as wrong as the wall clock. */
void
mh_tracked_player_review_clock (MhTrackedPlayer *self)
{
  const MhPlayhead *playhead = &self->place.playhead;
  gint64 utc_offset = mh_clock_utc_offset (mh_clock_system ());

  if (playhead->live &&
      mh_wall_jump_measure (playhead->utc_offset / MH_USEC_PER_MSEC,
          utc_offset / MH_USEC_PER_MSEC) != 0)
    player_set_live (self);
}

/* What has passed tells the rest, until there is an answer. */
static void
player_get_info (MhTrackedPlayer *self, MhStreamInfo *info)
{
  if (mh_tracked_player_is_informed (self, MH_TIME_NONE)) {
    *info = self->asked.info;
    self->asked.info = (MhStreamInfo){ 0 };
    mh_tracked_player_forget_info (self);
  } else {
    mh_stream_find_out (self->stream, FALSE, self->place.group, info);
    mh_tracked_player_want (self, MH_ASK_INFO);
  }
}

/* Tells the monitor how long the media is. The application's own length counts,
 * as it does in the session. */
static void
player_take_length (MhTrackedPlayer *self, const MhStreamInfo *info)
{
  g_autoptr (MhSettings) settings = mh_mailbox_dup_settings (self->mailbox);
  double length = settings->media_length > 0 ? settings->media_length
                                             : info->duration;

  self->told_length = settings->media_length;
  mh_monitor_set_length (
      self->monitor, self->place.item, length > 0 ? length : -1);
}

void
mh_tracked_player_find_out (MhTrackedPlayer *self, const char *stream_type,
    double length, MhStreamInfo *info)
{
  MhTime at = mh_clock_system_now ();

  player_get_info (self, info);
  mh_liveness_begin (
      &self->liveness, mh_liveness_judge_told (stream_type, length), at);
  mh_liveness_take (&self->liveness, info, at);
  info->live = mh_liveness_is_live (&self->liveness);
  player_set_live (self);
  player_take_length (self, info);
}

void
mh_tracked_player_review_live (MhTrackedPlayer *self, const MhStreamInfo *info)
{
  if (mh_liveness_take (&self->liveness, info, mh_clock_system_now ()))
    player_set_live (self);
  /* The length may be known better than when the session began. */
  if (mh_tracker_is_open (self->tracker) && info->duration > 0)
    player_take_length (self, info);
}

void
mh_tracked_player_want_live (MhTrackedPlayer *self, MhTime at)
{
  if (mh_liveness_deadline (&self->liveness) > at)
    return;
  mh_liveness_ask (&self->liveness, at);
  mh_tracked_player_want (self, MH_ASK_INFO);
}

/* ---- the length ---- */

/* What the application says need not be waited for, and what is live has none. */
gboolean
mh_tracked_player_knows_length (MhTrackedPlayer *self)
{
  g_autoptr (MhSettings) settings = mh_mailbox_dup_settings (self->mailbox);
  const MhStreamInfo *info = &self->asked.info;

  return settings->media_length >= 0 || mh_stream_info_is_complete (info) ||
      mh_liveness_judge (mh_liveness_judge_told (settings->content_type, -1),
          info) == MH_LIVENESS_LIVE;
}
