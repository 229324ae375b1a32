/* mh-monitor-private: what the files of the monitor share.
 *
 * mh-monitor.c          what the player seems to do, and when that counts
 * mh-monitor-ask.c      what its owner asks
 * mh-monitor-observe.c  what each observation changes
 * mh-monitor-qoe.c      what is told of the quality of experience
 *
 * May touch: what mh-monitor.h may. For those files only.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-bitrate.h"
#include "mh-monitor.h"
#include "mh-playhead.h"
#include "mh-stall.h"

G_BEGIN_DECLS

typedef enum
{
  PHASE_NONE, /* nothing to track yet */
  PHASE_WANTED, /* somebody wants to play; sessionStart is to come */
  PHASE_OPEN, /* a session is tracked */
  PHASE_OVER, /* it has ended; a new run or item, or a replay, begins one */
} Phase;

/* How many short items may wait behind the pad to be played. */
#define MH_MONITOR_PASSED 8

struct _MhMonitor
{
  const MhMonitorListener *listener;
  gpointer user_data;
  MhTime now; /* of the latest observation or sample */

  /* The pipeline, as far as observed. */
  GstState own;
  MhTime own_at; /* since when */
  GstState top;
  GstState top_pending;
  GstState target; /* of the topmost parent */
  MhTime idle_at; /* when that was last seen not to be PLAYING */
  int percent; /* of the last BUFFERING message */
  MhTime low_since; /* since when it is below 100 */
  gboolean pause_is_buffering; /* own PAUSED is the application's buffering */
  gboolean messages; /* of the pipeline reach us in this run */
  gboolean pad_eos;
  double end; /* seconds: of the last buffer, or -1 */
  MhTime end_since; /* when it may have come to its end, or NONE */
  MhTime sampled_at;
  MhTime run_at; /* when the pipeline set out to play its first item */
  MhTime ready_at; /* when it was ready to, or NONE: no data yet */
  gboolean first_item; /* of the run */
  gboolean data; /* of the current item has passed */
  MhTime data_at;
  gboolean placed; /* the pipeline has told where the current item is */
  gboolean pad_data; /* of the item at the pad has: it may be the next one */
  gboolean have_group;
  guint group;
  guint pad_group;
  guint passed[MH_MONITOR_PASSED]; /* by the pad, with data: not it any more */
  guint n_passed; /* of this run */
  double segment_rate;
  double multiplier; /* instant rate change */
  guint64 buffers;

  /* Stopping: decided when it is over. */
  gboolean stopping;
  MhTime stop_at;
  MhTime stop_decide_at; /* MH_TIME_NEVER: not before READY → NULL */

  /* Seeking. */
  gboolean seeking;
  gboolean seek_sure; /* and not the cut to another item */
  gboolean flushing;
  guint32 flush_seqnum;
  MhTime flush_stop_at;
  MhTime seek_data_at; /* MH_TIME_NONE: no data since the flush */
  double seek_from; /* seconds: where the burst of seeks began */
  gboolean seek_segment; /* the latest has got somewhere */
  double seek_target; /* seconds, NaN: not known */
  guint32 seek_seqnum; /* of the latest SEEK event */
  GstClockTime seek_time;

  /* The session. */
  gboolean leads; /* else it is only told what it would be */
  Phase phase;
  MhTime asked_at; /* since when the viewer waits for the first frame */
  MhTime wanted_at;
  MhTime called_at; /* the session, the last time */
  gboolean played; /* the first frame of the item was rendered */
  gboolean wire_paused; /* the session's own play state is pause */
  gboolean wire_seeking; /* the session takes it for seeking */
  MhPlaybackState reported; /* never STALLED: that is stall.stalled */
  MhPlaybackState candidate;
  MhTime candidate_since; /* MH_TIME_NONE: there is none */

  /* Before anybody wanted to play. */
  char *early_error;
  MhTime early_error_at;

  double left; /* where the item before was left without a break */
  MhTime left_at; /* MH_TIME_NONE: the pipeline has told of this one since */

  MhStall stall;
  MhPlayhead playhead;

  /* The quality of experience. */
  MhBitrate bitrate;
  gboolean qoe_theirs; /* the application tells of it */
  double startup_time; /* ms, NaN: not known */
  double pad_frame_rate; /* of what passes; 0: not known */
  double frame_rate; /* of what is played, likewise */
  double sink_frame_rate; /* as a sink of video tells it, likewise */
  MhTime sink_frame_rate_at;
  double frame_rate_told; /* 0: not yet */
  guint64 dropped; /* frames so far */
  guint64 late;
  guint64 dropped_before; /* the session */
  guint64 late_before;
  guint64 dropped_told;
  double bitrate_told; /* 0: not yet */
  double bitrate_changed; /* the same when it last was a change */
  gboolean bitrate_exact; /* it is a variant's */
  MhTime bitrate_at; /* when it was told first, or could have been */
  MhTime qoe_at; /* when anything was told last */
};

/* mh-monitor.c */

/* Calls the session, if one is open. */
void mh_monitor_call (MhMonitor *self, const MhCall *the_call, MhTime at);
/* The same for a call without arguments. */
void mh_monitor_call_type (MhMonitor *self, MhCallType type, MhTime at);
/* The same for where the media is. */
void mh_monitor_call_playhead (MhMonitor *self, MhTime at);
/* How fast the media moves, by what is reported. */
double mh_monitor_current_rate (const MhMonitor *self);
/* The start of a wanted session; nothing otherwise. */
void mh_monitor_start (MhMonitor *self);
/* When a wanted session starts whatever is not known yet. */
MhTime mh_monitor_start_deadline (const MhMonitor *self);
/* When what the player seems to do becomes the reported state. */
MhTime mh_monitor_candidate_deadline (const MhMonitor *self);
/* Tells the owner the playback state. */
void mh_monitor_announce (MhMonitor *self);

/* mh-monitor-qoe.c */

/* Another run: nothing is known of its streams. */
void mh_monitor_begin_streams (MhMonitor *self);
/* Another item of the same run. */
void mh_monitor_next_streams (MhMonitor *self);
/* The pad has come to the streams of @group. */
void mh_monitor_set_pad_group (MhMonitor *self, guint group);
/* Whether there was data of it, be it that the pad has gone on since. */
gboolean mh_monitor_had_data (const MhMonitor *self, guint group);
/* What is observed of the streams' rates. */
void mh_monitor_observe_rate (
    MhMonitor *self, const MhObservation *observation);
/* Nothing has been told of this session's. */
void mh_monitor_reset_qoe (MhMonitor *self);
/* It is about to end, @at: the last of what is counted. */
void mh_monitor_end_qoe (MhMonitor *self, MhTime at);
/* The first frame has been rendered. */
void mh_monitor_begin_qoe (MhMonitor *self, MhTime at);
/* Tells what there is to be told by now. */
void mh_monitor_update_qoe (MhMonitor *self);
/* When there will be. */
MhTime mh_monitor_qoe_deadline (const MhMonitor *self);

/* mh-monitor-ask.c */

/* When a seek without ASYNC_DONE is over. */
MhTime mh_monitor_seek_deadline (const MhMonitor *self);

/* mh-monitor-observe.c */

/* Takes an observation in; what comes of it is mh-monitor.c's to see. */
void mh_monitor_dispatch (MhMonitor *self, const MhObservation *observation);
/* A seek is over. */
void mh_monitor_end_seek (MhMonitor *self);
/* Whether nobody tells what the pipeline's messages would: the application
 * keeps them (inference.md, 1). */
gboolean mh_monitor_is_in_the_dark (const MhMonitor *self);
/* After the EOS event: whether the pipeline has come to its end, or is about to
 * by the looks of it, without saying so. */
gboolean mh_monitor_check_end (MhMonitor *self, const MhSample *sample);
/* A stop is over: ends the session. */
void mh_monitor_finish_stop (MhMonitor *self);

G_END_DECLS
