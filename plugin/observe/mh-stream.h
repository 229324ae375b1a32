/* mh-stream: what is known of the stream that passes, and what the pipeline
 * around it answers when asked.
 *
 * Streaming and application threads note, the observer asks: with no lock held,
 * and never once the pipeline stops.
 *
 * mh-stream.c          the stream
 * mh-stream-message.c  what messages say of those who drop frames
 * mh-stream-sinks.c    what the sinks have got
 *
 * May touch: GStreamer, mh-drops, mh-monitor's sample, mh-settings' stream info,
 * mh-tags.
 * Thread-safe.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

#include "mh-monitor.h"
#include "mh-settings.h"

G_BEGIN_DECLS

typedef struct _MhStream MhStream;

/**
 * mh_stream_new:
 * @sinkpad: (nullable) (transfer none): where the stream comes in; not kept
 *   alive
 *
 * Returns: (transfer full): notes about nothing yet; free with
 *   mh_stream_free().
 */
MhStream *mh_stream_new (GstPad *sinkpad);
void mh_stream_free (MhStream *stream);

/**
 * mh_stream_set_top:
 * @top: (nullable) (transfer none): the topmost parent; not kept alive
 */
void mh_stream_set_top (MhStream *stream, GstElement *top);

/**
 * mh_stream_set_pad:
 * @sinkpad: (nullable) (transfer none): where the stream comes in from now on
 */
void mh_stream_set_pad (MhStream *stream, GstPad *sinkpad);

/**
 * mh_stream_note_uri:
 * @uri: (nullable): what is played if nobody upstream says so
 */
void mh_stream_note_uri (MhStream *stream, const char *uri);

/**
 * mh_stream_note_message:
 * @message: a message of the pipeline
 *
 * Keeps what it says: that somebody has dropped a frame, that somebody steps
 * through the media. In the thread that posts.
 */
void mh_stream_note_message (MhStream *stream, GstMessage *message);

/**
 * mh_stream_note_event:
 * @event: an event that came in
 *
 * Keeps what it says of the stream: caps, tags, collection, segment.
 */
void mh_stream_note_event (MhStream *stream, GstEvent *event);

/**
 * mh_stream_begin:
 *
 * The pipeline begins anew: all that was noted no longer holds.
 */
void mh_stream_begin (MhStream *stream);

/**
 * mh_stream_forget:
 *
 * Another stream comes: what was noted no longer holds.
 */
void mh_stream_forget (MhStream *stream);

/**
 * mh_stream_ask_percent:
 *
 * Returns: how full the peer of the sink pad says that its buffer is, if it is
 *   filling it; 100 if it is not; -1: it does not say (inference.md, 1).
 */
int mh_stream_ask_percent (MhStream *stream);

/**
 * mh_stream_look:
 * @sample: its position, state, pending and target are filled in where the
 *   topmost parent says so
 */
void mh_stream_look (MhStream *stream, MhSample *sample);

/**
 * mh_stream_count_dropped:
 *
 * Returns: how many frames messages have told of as dropped; only ever grows.
 */
guint64 mh_stream_count_dropped (MhStream *stream);

/**
 * mh_stream_dup_uri:
 * @ask: whether the pipeline may be asked; otherwise only what was noted
 *
 * Returns: (transfer full) (nullable): where the stream comes from.
 */
char *mh_stream_dup_uri (MhStream *stream, gboolean ask);

/**
 * mh_stream_find_out:
 * @ask: whether the pipeline may be asked; otherwise only what was noted
 * @group: of the streams of what is played; 0: they say none
 * @info: (out): filled in
 *
 * What is played (inference.md, 5 and 7).
 */
void mh_stream_find_out (
    MhStream *stream, gboolean ask, guint group, MhStreamInfo *info);

/**
 * mh_stream_buffer_end:
 * @pts: of the last buffer
 * @duration: of the last buffer
 *
 * Returns: stream time of its end, ns; -1: unknown.
 */
gint64 mh_stream_buffer_end (
    MhStream *stream, GstClockTime pts, GstClockTime duration);

/**
 * mh_stream_from_running:
 * @running: running time
 *
 * Returns: the stream time that it is in the current segment, before it or after
 *   it as well, ns; -1: unknown.
 */
gint64 mh_stream_from_running (MhStream *stream, GstClockTime running);

G_END_DECLS
