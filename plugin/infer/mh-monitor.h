/* mh-monitor: what GStreamer's behaviour means for a session.
 *
 * Observations (own state changes, bus messages, events, data flow) and times
 * in, calls of the session rules out. Pure: it asks no element and no clock,
 * so that it is tested with recorded sequences of observations. Everything
 * known about how GStreamer behaves is here; the rules and their numbers are
 * those of inference.md, whose sections the comments name.
 *
 * A decision that needs a while (is this a pause, or does it go on at once?)
 * is made late but dated early: mh_monitor_settled() says up to when all calls
 * are out, so that the owner does not advance the session beyond it.
 *
 * May touch: GStreamer's plain types, mh-call, mh-time. Not thread-safe.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

#include "mh-observation.h"

G_BEGIN_DECLS

/**
 * MhPlaybackState:
 *
 * What the player is doing, as the element's playback-state property tells.
 */
typedef enum
{
  MH_PLAYBACK_INIT,
  MH_PLAYBACK_PLAYING,
  MH_PLAYBACK_PAUSED,
  MH_PLAYBACK_SEEKING,
  MH_PLAYBACK_BUFFERING,
  MH_PLAYBACK_STALLED,
  MH_PLAYBACK_ENDED,
} MhPlaybackState;

/**
 * MhSample:
 * @at: when it was taken
 * @position: of the topmost parent, ns; -1: it does not say, or was not asked
 * @buffer_end: stream time of the end of the last buffer seen, ns; -1: unknown
 * @buffers: how many buffers (or lists) and gaps have passed
 * @step: the largest step of running time between buffers in this segment, ns
 * @looked: whether the following three are of now; else they do not count
 * @state: current state of the topmost parent
 * @pending: its pending state, or VOID
 * @target: its target state
 * @percent: how full the peer says that its buffer is; -1: it does not say, or
 *   was not asked
 *
 * What the player looks like at a moment.
 */
typedef struct
{
  MhTime at;
  gint64 position;
  gint64 buffer_end;
  guint64 buffers;
  GstClockTime step;
  gboolean looked;
  GstState state;
  GstState pending;
  GstState target;
  int percent;
} MhSample;

#define MH_SAMPLE_INIT \
  { \
    .position = -1, .buffer_end = -1, .percent = -1 \
  }

/**
 * MhMonitorListener:
 * @start: a session begins at @at: the owner finds out what is played, says
 *   whether that is live (mh_monitor_set_live()) and calls sessionStart
 * @call: the session is to be called
 * @state: the playback state has changed
 *
 * What a monitor tells its owner, from within its functions. @start comes
 * before any other call of that session.
 */
typedef struct
{
  void (*start) (MhTime at, gpointer user_data);
  void (*call) (const MhCall *call, MhTime at, gpointer user_data);
  void (*state) (MhPlaybackState state, gpointer user_data);
} MhMonitorListener;

typedef struct _MhMonitor MhMonitor;

/**
 * mh_monitor_new:
 * @listener: (transfer none): static, none of it NULL
 * @user_data: for @listener
 *
 * Returns: (transfer full): a monitor that has seen nothing yet.
 */
MhMonitor *mh_monitor_new (
    const MhMonitorListener *listener, gpointer user_data);
void mh_monitor_free (MhMonitor *monitor);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MhMonitor, mh_monitor_free)

/**
 * mh_monitor_set_stall_threshold:
 * @monitor: a monitor
 * @threshold: microseconds, > 0: T0 of inference.md, 4
 */
void mh_monitor_set_stall_threshold (MhMonitor *monitor, MhTime threshold);

/**
 * mh_monitor_set_live:
 * @monitor: a monitor
 * @live: whether what is played happens now
 * @utc_offset: microseconds from #MhTime to UTC
 *
 * Of the item that is played: the playhead of live media is the second of the
 * UTC day.
 */
void mh_monitor_set_live (MhMonitor *monitor, gboolean live, gint64 utc_offset);

/**
 * mh_monitor_sleep:
 * @monitor: a monitor
 * @from: when the machine fell asleep
 *
 * The machine has slept until now: what played then has stood still since
 * @from, until progress is seen again.
 */
void mh_monitor_sleep (MhMonitor *monitor, MhTime from);

/**
 * mh_monitor_observe:
 * @monitor: a monitor
 * @observation: what was observed, not before the one before
 */
void mh_monitor_observe (MhMonitor *monitor, const MhObservation *observation);

/**
 * mh_monitor_sample:
 * @monitor: a monitor
 * @sample: what the player looks like now
 *
 * Lets time pass up to the sample's: waits end, stalls are noticed.
 */
void mh_monitor_sample (MhMonitor *monitor, const MhSample *sample);

/**
 * mh_monitor_count_dropped:
 * @monitor: a monitor
 * @dropped: how many frames of video messages have told of as dropped by now
 * @late: how many came too late by what passed the element; this counts only
 *   where the pipeline's messages are kept from us
 *
 * Before what is observed at the same time. Both only ever grow.
 */
void mh_monitor_count_dropped (
    MhMonitor *monitor, guint64 dropped, guint64 late);

/**
 * mh_monitor_next_deadline:
 *
 * Returns: when it wants the next sample, if nothing is observed before.
 */
MhTime mh_monitor_next_deadline (MhMonitor *monitor);

/**
 * mh_monitor_settled:
 *
 * Returns: up to when its calls are out; %MH_TIME_NEVER: nothing is undecided.
 *   But for a stall's start: it makes no hit, is dated to when the playhead came
 *   to a halt, and delays nothing.
 */
MhTime mh_monitor_settled (MhMonitor *monitor);

/**
 * mh_monitor_playhead:
 * @monitor: a monitor
 * @at: a moment
 * @call: (out): a playhead call for it
 *
 * Where the media is at that moment, and how fast it moves.
 */
void mh_monitor_playhead (MhMonitor *monitor, MhTime at, MhCall *call);

/**
 * mh_monitor_where:
 * @monitor: a monitor
 * @at: a moment that is settled
 * @value: (out): seconds of stream time
 * @rate: (out): how fast it moves
 *
 * Where in the stream the media is at that moment: as the playhead, but for
 * live media.
 *
 * Returns: the group of the streams that are played; 0: they say none.
 */
guint mh_monitor_where (
    MhMonitor *monitor, MhTime at, double *value, double *rate);

/**
 * mh_monitor_get_group:
 *
 * Returns: likewise.
 */
guint mh_monitor_get_group (MhMonitor *monitor);

/**
 * mh_monitor_leads:
 *
 * Returns: whether it calls the session; else another does.
 */
gboolean mh_monitor_leads (MhMonitor *monitor);

/**
 * mh_monitor_wants_look:
 *
 * Returns: whether a sample should tell the topmost parent's state although
 *   nothing was observed: its messages may be kept from us.
 */
gboolean mh_monitor_wants_look (MhMonitor *monitor);

/**
 * mh_monitor_wants_position:
 * @monitor: a monitor
 * @buffers: how many have passed by now
 *
 * Returns: whether a sample by the clock, not for the sake of a hit, is worth
 *   the question for the position: not while data flows
 */
gboolean mh_monitor_wants_position (MhMonitor *monitor, guint64 buffers);

/**
 * mh_monitor_wants_percent:
 *
 * Returns: whether a sample should tell how full the peer's buffer is, since no
 *   message does.
 */
gboolean mh_monitor_wants_percent (MhMonitor *monitor);

G_END_DECLS
