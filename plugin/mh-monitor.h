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

#include "mh-call.h"
#include "mh-time.h"

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
 * MhObservationType:
 * @MH_OBSERVED_STATE: the element's own state has changed: @state
 * @MH_OBSERVED_TOP_STATE: the topmost parent's state has changed: @state
 * @MH_OBSERVED_BUFFERING: BUFFERING message: @percent
 * @MH_OBSERVED_SEEK: SEEK event on its way upstream: @seqnum, @rate, @time (the
 *   target in stream time, or none)
 * @MH_OBSERVED_FLUSH_START: event: @seqnum
 * @MH_OBSERVED_FLUSH_STOP: event: @seqnum
 * @MH_OBSERVED_SEGMENT: event: @seqnum, @rate, @time (stream time of its start,
 *   or none where it is not in time format)
 * @MH_OBSERVED_DATA: the first buffer or gap after a segment
 * @MH_OBSERVED_PAD_EOS: event
 * @MH_OBSERVED_EOS: message of the topmost parent
 * @MH_OBSERVED_ASYNC_DONE: message of the topmost parent
 * @MH_OBSERVED_STREAM_START: message of the topmost parent: @group
 * @MH_OBSERVED_PAD_STREAM_START: event: @group
 * @MH_OBSERVED_INSTANT_RATE: event: @rate, a multiplier
 * @MH_OBSERVED_ERROR: ERROR message: @text, `domain:code`
 * @MH_OBSERVED_CALL: the application has made a call: @call
 * @MH_OBSERVED_GONE: the element is being disposed of
 */
typedef enum
{
  MH_OBSERVED_STATE,
  MH_OBSERVED_TOP_STATE,
  MH_OBSERVED_BUFFERING,
  MH_OBSERVED_SEEK,
  MH_OBSERVED_FLUSH_START,
  MH_OBSERVED_FLUSH_STOP,
  MH_OBSERVED_SEGMENT,
  MH_OBSERVED_DATA,
  MH_OBSERVED_PAD_EOS,
  MH_OBSERVED_EOS,
  MH_OBSERVED_ASYNC_DONE,
  MH_OBSERVED_STREAM_START,
  MH_OBSERVED_PAD_STREAM_START,
  MH_OBSERVED_INSTANT_RATE,
  MH_OBSERVED_ERROR,
  MH_OBSERVED_CALL,
  MH_OBSERVED_GONE,
} MhObservationType;

/**
 * MhObservation:
 * @type: what was observed
 * @at: when
 * @target: target state of the topmost parent at that moment
 * @position: its position in ns, where somebody has asked; or -1
 * @state: see the type
 * @pending: of the topmost parent's state: what it goes on to, or VOID
 * @percent: see the type
 * @seqnum: see the type
 * @group: see the type
 * @time: ns; GST_CLOCK_TIME_NONE: none
 * @rate: see the type
 * @text: (nullable): see the type
 * @call: see the type
 */
typedef struct
{
  MhObservationType type;
  MhTime at;
  GstState target;
  gint64 position;
  GstState state;
  GstState pending;
  int percent;
  guint32 seqnum;
  guint group;
  GstClockTime time;
  double rate;
  char *text;
  MhCallType call;
} MhObservation;

#define MH_OBSERVATION_INIT(type_) \
  { \
    .type = type_, .at = MH_TIME_NONE, .target = GST_STATE_VOID_PENDING, \
    .position = -1, .time = GST_CLOCK_TIME_NONE, .rate = 1.0 \
  }

/**
 * MhSample:
 * @at: when it was taken
 * @position: of the topmost parent, ns; -1: it does not say, or was not asked
 * @buffer_end: stream time of the end of the last buffer seen, ns; -1: unknown
 * @buffers: how many buffers (or lists) and gaps have passed
 * @step: the largest step of running time between buffers in this segment, ns
 * @state: current state of the topmost parent
 * @pending: its pending state, or VOID
 * @target: its target state
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
  GstState state;
  GstState pending;
  GstState target;
} MhSample;

/**
 * MhMonitorListener:
 * @start: a session begins at @at: the owner finds out what is played, calls
 *   sessionStart, and returns whether the media is live
 * @call: the session is to be called
 * @state: the playback state has changed
 *
 * What a monitor tells its owner, from within its functions. @start comes
 * before any other call of that session.
 */
typedef struct
{
  gboolean (*start) (MhTime at, gpointer user_data);
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
 * mh_monitor_set_utc_offset:
 * @monitor: a monitor
 * @offset: microseconds from #MhTime to UTC
 *
 * For the playhead of live media: the second of the UTC day.
 */
void mh_monitor_set_utc_offset (MhMonitor *monitor, gint64 offset);

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
 * mh_monitor_next_deadline:
 *
 * Returns: when it wants the next sample, if nothing is observed before.
 */
MhTime mh_monitor_next_deadline (MhMonitor *monitor);

/**
 * mh_monitor_settled:
 *
 * Returns: up to when its calls are out; %MH_TIME_NEVER: nothing is undecided.
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
 * mh_monitor_wants_position:
 * @monitor: a monitor
 * @buffers: how many have passed by now
 *
 * Returns: whether a sample by the clock, not for the sake of a hit, is worth
 *   the question for the position: not while data flows
 */
gboolean mh_monitor_wants_position (MhMonitor *monitor, guint64 buffers);

G_END_DECLS
