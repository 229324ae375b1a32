/* mh-observation: what can be observed of a pipeline, as plain values, and how
 * it is read from GStreamer's events and messages.
 *
 * May touch: GStreamer, mh-call's types, mh-time. Decides nothing.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

#include "mh-bitrate-report.h"
#include "mh-call.h"
#include "mh-time.h"

G_BEGIN_DECLS

/* What a stream says of itself (mh-mark); an observation carries it. */
typedef struct _MhMark MhMark;

/**
 * MhObservationType:
 * @MH_OBSERVED_STATE: the element's own state has changed: @state, and @top of
 *   the topmost parent
 * @MH_OBSERVED_TOP_STATE: the topmost parent's state has changed: @state
 * @MH_OBSERVED_BUFFERING: BUFFERING message: @percent, @source; 100 as well where
 *   that has stopped or left the pipeline
 * @MH_OBSERVED_SEEK: SEEK event on its way upstream: @seqnum, @rate, @time (the
 *   target in stream time, or none)
 * @MH_OBSERVED_FLUSH_START: event: @seqnum, and a @group whose number those that are
 *   made later exceed
 * @MH_OBSERVED_FLUSH_STOP: event: @seqnum, @keeps_time
 * @MH_OBSERVED_SEGMENT: event: @seqnum, @rate, @time (stream time of its start,
 *   or none where it is not in time format), @end, @again, @same
 * @MH_OBSERVED_DATA: the first buffer or gap after a segment: @time (stream time of
 *   its beginning, or none)
 * @MH_OBSERVED_PAD_EOS: event: @time (stream time of the end of the data)
 * @MH_OBSERVED_EOS: message of the topmost parent
 * @MH_OBSERVED_ASYNC_DONE: message of the topmost parent
 * @MH_OBSERVED_STREAM_START: message of the topmost parent: @group
 * @MH_OBSERVED_PAD_STREAM_START: event: @group, and @time as above
 * @MH_OBSERVED_INSTANT_RATE: event: @rate, a multiplier
 * @MH_OBSERVED_ERROR: ERROR message: @text, `domain:code`; @from_sink
 * @MH_OBSERVED_CALL: the application has made a call: @call
 * @MH_OBSERVED_GONE: the element has left its pipeline, or is being disposed of
 * @MH_OBSERVED_LEAD: whether the element tracks or follows: @leads; with
 *   @taken_over the @group of the streams that were played; 0: unknown
 * @MH_OBSERVED_BITRATE: message of a sink or of a demuxer of adaptive streams, or
 *   TAG event: @bitrate
 * @MH_OBSERVED_MARK: the stream says something of itself: @mark
 * @MH_OBSERVED_FRAME_RATE: CAPS event of video: @frame_rate
 * @MH_OBSERVED_SEGMENT_DONE: event, with @end; or message of the topmost parent
 * @MH_OBSERVED_DURATION: DURATION_CHANGED message
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
  MH_OBSERVED_LEAD,
  MH_OBSERVED_BITRATE,
  MH_OBSERVED_MARK,
  MH_OBSERVED_FRAME_RATE,
  MH_OBSERVED_SEGMENT_DONE,
  MH_OBSERVED_DURATION,
} MhObservationType;

/**
 * MhObservation:
 * @type: what was observed
 * @at: when
 * @target: target state of the topmost parent at that moment
 * @top: see the type: its current state, or VOID
 * @state: see the type
 * @pending: of the topmost parent's state: what it goes on to, or VOID
 * @percent: see the type
 * @source: which element fills a buffer, never another one's; of several whose
 *   messages one of their parents merges, that parent; 0: the peer
 * @seqnum: see the type
 * @group: see the type
 * @time: ns; GST_CLOCK_TIME_NONE: none
 * @end: ns: stream time of the end of the data that has come before, of what ends
 *   the data or takes a playhead; GST_CLOCK_TIME_NONE: none
 * @rate: see the type
 * @keeps_time: whether the running time goes on after the flush
 * @same: whether it is the same segment as the one before
 * @text: (nullable): see the type
 * @from_sink: whether a sink has posted it
 * @call: see the type
 * @leads: see the type
 * @taken_over: with @leads: whether the element that led before has a session
 *   open
 * @bitrate: see the type
 * @mark: (nullable): see the type
 * @heard: whether a message of any of the pipeline's elements had reached us by then,
 *   in this run
 * @again: see the type: whether the running time at which it begins has been passed by
 *   the data before it: it is the one of before, sent once more
 * @frame_rate: frames a second; 0: not known, or it varies; with the bitrate of
 *   a sink, of the video that it is given
 */
typedef struct
{
  MhObservationType type;
  MhTime at;
  GstState target;
  GstState top;
  GstState state;
  GstState pending;
  int percent;
  guint64 source;
  guint32 seqnum;
  guint group;
  GstClockTime time;
  GstClockTime end;
  double rate;
  gboolean keeps_time;
  gboolean same;
  char *text;
  gboolean from_sink;
  MhCallType call;
  gboolean leads;
  gboolean taken_over;
  MhBitrateReport bitrate;
  MhMark *mark;
  gboolean heard;
  gboolean again;
  double frame_rate;
} MhObservation;

#define MH_OBSERVATION_INIT(type_) \
  { \
    .type = type_, .at = MH_TIME_NONE, .target = GST_STATE_VOID_PENDING, \
    .top = GST_STATE_VOID_PENDING, .percent = -1, .time = GST_CLOCK_TIME_NONE, \
    .end = GST_CLOCK_TIME_NONE, .rate = 1.0 \
  }

/* Returns: a name of @type for logs; static. */
const char *mh_observation_name (MhObservationType type);

/* Returns: whether what plays may begin to run with it, or to run otherwise. */
gboolean mh_observation_is_change (MhObservationType type);

/**
 * mh_observation_from_event:
 * @event: an event at a pad of the element
 * @observation: (out): filled in
 *
 * Returns: whether @event matters.
 */
gboolean mh_observation_from_event (
    GstEvent *event, MhObservation *observation);

/**
 * mh_observation_from_message:
 * @message: a message on the topmost parent's bus
 * @top: (nullable): the topmost parent
 * @observation: (out): filled in; its text is to be freed with g_free()
 *
 * Returns: whether @message matters.
 */
gboolean mh_observation_from_message (
    GstMessage *message, gconstpointer top, MhObservation *observation);

/**
 * mh_observation_from_removed:
 * @element: an element that has left the pipeline
 * @observation: (out): filled in
 *
 * Returns: whether that matters: it has told of a buffer that it fills.
 */
gboolean mh_observation_from_removed (
    GstElement *element, MhObservation *observation);

G_END_DECLS
