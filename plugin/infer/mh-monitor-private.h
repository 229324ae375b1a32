/* mh-monitor-private: what the files of the monitor share.
 *
 * mh-monitor.c          what the player seems to do, and when that counts
 * mh-monitor-ask.c      what its owner asks
 * mh-monitor-end.c      how a session comes to its end
 * mh-monitor-item.c     what begins an item
 * mh-monitor-observe.c  what each observation changes
 * mh-monitor-qoe.c      what is told of the quality of experience
 * mh-monitor-sample.c   what each sample changes
 * mh-monitor-seek.c     what a seek changes
 *
 * May touch: what mh-monitor.h may. For those files only.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-buffering.h"
#include "mh-data-end.h"
#include "mh-data-watch.h"
#include "mh-early-end.h"
#include "mh-item.h"
#include "mh-item-place.h"
#include "mh-monitor.h"
#include "mh-pipeline-state.h"
#include "mh-playback.h"
#include "mh-playhead.h"
#include "mh-poll-schedule.h"
#include "mh-quality.h"
#include "mh-seek.h"
#include "mh-session-phase.h"
#include "mh-stall.h"
#include "mh-start.h"
#include "mh-stream-groups.h"

G_BEGIN_DECLS

/* What is known of one pipeline, a type for each question. */
struct _MhMonitor
{
  MhTime now; /* when the latest observation or sample was */
  MhDecisions decisions; /* what has been decided and not taken yet */

  /* What the pipeline does. */
  MhPipeline pipeline; /* the states of element and pipeline */
  MhStart start; /* how far the item is on its way to the first frame */
  MhSeek seek; /* whether a seek goes on, and how far it is */
  MhBuffering buffering; /* how full the buffers are, and what a pause is for */
  MhStall stall; /* whether it stands still although it should play */
  MhEarlyEnd early_end; /* whether an error or a stop ends it */

  /* What it plays. */
  MhItem item; /* which item, how long it is, and which round of it */
  MhStreamGroups streams; /* whose streams are played, and whose pass the pad */
  MhDataEnd data_end; /* where the data ends, and whether that is the end */
  MhDataWatch data_watch; /* whether data comes between two looks */

  /* Where the media is. */
  MhPlayhead playhead; /* where, between two answers of the pipeline */
  MhRate rate; /* how fast it plays */
  MhItemPlace item_place; /* whether that is known, what answers mean */
  MhPollSchedule poll; /* when to ask the pipeline */

  /* What the session is told. */
  MhPlayback playback; /* what the player seems to do, and what is reported */
  MhSessionPhase phase; /* how far the session is */
  MhContinuation continuation; /* whether the next one goes on with it */
  MhQuality quality; /* what it is told of the quality of experience */
};

/* mh-monitor.c */

/* Calls the session, if one is open; the owner adds the playhead. */
void mh_monitor_call (MhMonitor *self, const MhCall *the_call, MhTime at);
/* Calls the session with a call that has no arguments. */
void mh_monitor_call_type (MhMonitor *self, MhCallType type, MhTime at);
/* How fast the media moves, by what is reported. */
double mh_monitor_current_rate (const MhMonitor *self);
/* The rate as above; 0 while the element stands still, reported or not. */
double mh_monitor_moving_rate (const MhMonitor *self);
/* A session is wanted since @at, be it that of the next round. */
void mh_monitor_want (MhMonitor *self, MhTime at);
/* The start of a wanted session; nothing otherwise. */
void mh_monitor_start (MhMonitor *self);
/* When a wanted session starts whatever is not known yet. */
MhTime mh_monitor_start_deadline (const MhMonitor *self);
/* When what the player seems to do becomes the reported state. */
MhTime mh_monitor_playback_deadline (const MhMonitor *self);
/* What the player seems to do, since @since, is undecided, or counts. */
void mh_monitor_update (MhMonitor *self, MhTime since);
/* What it plays ends. It has played, even if it is not known where yet. */
void mh_monitor_settle_play (MhMonitor *self);
/* Where the topmost parent is going to. */
void mh_monitor_take_target (MhMonitor *self, GstState target);
/* Whether the data that comes by is that of the item, and round, that is played. */
gboolean mh_monitor_sees_item (const MhMonitor *self);
/* A stall has begun or ended. */
void mh_monitor_report_stall (MhMonitor *self, MhTime at);
/* The playback state is this from now on. */
void mh_monitor_announce (MhMonitor *self);

/* mh-monitor-qoe.c */

/* What is observed of the streams' rates. */
void mh_monitor_observe_rate (
    MhMonitor *self, const MhObservation *observation);
/* The session is about to end, @at: tells the last of what is counted. */
void mh_monitor_end_qoe (MhMonitor *self, MhTime at);
/* The first frame has been rendered. */
void mh_monitor_begin_qoe (MhMonitor *self, MhTime at);
/* Tells what there is to be told by now. */
void mh_monitor_update_qoe (MhMonitor *self);
/* When there will be something to tell. */
MhTime mh_monitor_qoe_deadline (const MhMonitor *self);

/* mh-monitor-observe.c */

/* Takes an observation in; what comes of it is mh-monitor.c's to see. */
void mh_monitor_dispatch (MhMonitor *self, const MhObservation *observation);

/* mh-monitor-seek.c */

/* A SEEK event: it counts when its flush comes. */
void mh_monitor_observe_seek (
    MhMonitor *self, const MhObservation *observation);
/* A flush begins; its @seqnum is that of its seek. */
void mh_monitor_observe_flush_start (
    MhMonitor *self, const MhObservation *observation);
/* The flush is over; whether the seek is, shows the data or ASYNC_DONE. */
void mh_monitor_observe_flush_stop (
    MhMonitor *self, const MhObservation *observation);
/* Where the data that follows is. */
void mh_monitor_observe_segment (
    MhMonitor *self, const MhObservation *observation);
/* ASYNC_DONE has come, or is not awaited any longer. Returns: whether a seek is over
 * with it. */
gboolean mh_monitor_end_seek (MhMonitor *self);

/* mh-monitor-ask.c */

/* Whether the buffer's percentage is to be asked for: it is not known whether the
 * player buffers, and no message will say so. */
gboolean mh_monitor_wants_percent (const MhMonitor *self);

/* How often to look whether it still plays. */
MhTime mh_monitor_look_interval (const MhMonitor *self);
/* Returns: @time in seconds; -1: it is not known. */
static inline double
mh_monitor_seconds (GstClockTime time)
{
  return GST_CLOCK_TIME_IS_VALID (time) ? (double) time / GST_SECOND : -1;
}
/* Whether no more data is to come, by the looks of it. */
gboolean mh_monitor_may_be_over (const MhMonitor *self);
/* Whether no more data is to come, and @position, seconds, is where it ends. */
gboolean mh_monitor_is_near_end (const MhMonitor *self, double position);

/* mh-monitor-end.c */

/* Ends the session, if there is one or was to be one. */
void mh_monitor_end (MhMonitor *self, MhCallType how, MhTime at);
/* Returns: the call that ends the session at @place, seconds. */
MhCallType mh_monitor_judge_end (const MhMonitor *self, double place);
/* The item has come to its end. */
void mh_monitor_end_item (MhMonitor *self, MhTime at);
/* The EOS message: the item is at its end, unless the pipeline stops. */
void mh_monitor_observe_eos (MhMonitor *self);
/* An ERROR message, whichever element has posted it. */
void mh_monitor_observe_error (
    MhMonitor *self, const MhObservation *observation);
/* When an error becomes the end, if nothing moves. */
MhTime mh_monitor_failed_deadline (const MhMonitor *self);
/* Ends the session if that deadline has passed. */
void mh_monitor_check_failed (MhMonitor *self);
/* Whether there was an error before it was asked to play, and nothing else. */
gboolean mh_monitor_has_failed_early (const MhMonitor *self);
/* The pipeline, or the element, goes down. */
void mh_monitor_begin_stop (MhMonitor *self);
/* A stop is over: ends the session. */
void mh_monitor_finish_stop (MhMonitor *self);

/* mh-monitor-item.c */

/* Another item begins; @data: its data has come already. */
void mh_monitor_begin_item (MhMonitor *self, gboolean data);
/* The STREAM_START message: @group is played from now on. */
void mh_monitor_observe_group (MhMonitor *self, guint group);
/* The STREAM_START event at the pad; @end: of the data before it. */
void mh_monitor_observe_pad_group (
    MhMonitor *self, guint group, GstClockTime end);
/* Data; @place: stream time of its beginning, or NONE. */
void mh_monitor_observe_data (MhMonitor *self, GstClockTime place);
/* The EOS event; @end: of the data before it. */
void mh_monitor_observe_pad_eos (MhMonitor *self, GstClockTime end);
/* The last data of a round, or of a part of it; @end: of it, or NONE. */
void mh_monitor_observe_segment_done (MhMonitor *self, GstClockTime end);
/* A SEGMENT without a flush: whether it goes back to the start, or elsewhere. Returns:
 * whether it counts only when what has come before it is over. */
gboolean mh_monitor_observe_jump (
    MhMonitor *self, const MhObservation *observation);
/* What waits to be rendered is gone, or is rendered already: a round, or a jump. */
void mh_monitor_drop_jump (MhMonitor *self);
/* When the round that is played comes to its end. */
MhTime mh_monitor_round_deadline (const MhMonitor *self);
/* Whether that has passed, or has by the position. Returns: since when what plays
 * now plays; MH_TIME_NONE: it goes on as before. */
MhTime mh_monitor_check_round (MhMonitor *self, const MhSample *sample);

G_END_DECLS
