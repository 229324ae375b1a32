/* mh-stream: what is known of the stream that passes, and what the pipeline
 * around it answers when asked.
 *
 * Streaming and application threads note what passes. The query thread asks the
 * pipeline, with no lock held, and never once the pipeline stops.
 *
 * mh-stream.c          the stream
 * mh-stream-item.c     what has passed of each item
 * mh-stream-message.c  what messages say of elements that drop frames
 * mh-stream-sinks.c    what the sinks have got
 * mh-stream-source.c   what the source says
 * mh-stream-uri.c      where it comes from
 *
 * May touch: GStreamer, mh-dropped-frames, mh-monitor's sample, mh-stream-info,
 * mh-tags, mh-worker.
 * Thread-safe.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

#include "mh-monitor.h"
#include "mh-stream-info.h"
#include "mh-worker.h"

G_BEGIN_DECLS

typedef struct _MhStream MhStream;

/* Returns: what is described by a pad's @caps; AUTO: neither sound nor pictures. */
MhMediaType mh_stream_read_caps (const GstCaps *caps);

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
 *
 * Sets the pipeline that is asked.
 */
void mh_stream_set_top (MhStream *stream, GstElement *top);

/**
 * mh_stream_set_pad:
 * @sinkpad: (nullable) (transfer none): where the stream comes in from now on
 *
 * Sets the pad whose sticky events and peer are asked.
 */
void mh_stream_set_pad (MhStream *stream, GstPad *sinkpad);

/**
 * mh_stream_note_uri:
 * @uri: (nullable): what is played, if no element upstream says so
 *
 * For the tracer, which reads it from the pipeline.
 */
void mh_stream_note_uri (MhStream *stream, const char *uri);

/**
 * mh_stream_note_message:
 * @message: a message of the pipeline
 *
 * Keeps what it says: that an element has dropped a frame, that a sink steps
 * through the media, and that there are messages. In the thread that posts.
 */
void mh_stream_note_message (MhStream *stream, GstMessage *message);

/* Each element tells of its states, before data comes: from then on it is known that
 * the application does not keep the messages to itself.
 * Returns: whether a message of an element's state has been noted since
 * mh_stream_begin(). */
gboolean mh_stream_is_heard (MhStream *stream);

/* Returns: whether mh_stream_note_message() has nothing to ask for @message: the first
 * from an element that drops something has it looked at. */
gboolean mh_stream_knows_message (MhStream *stream, GstMessage *message);

/**
 * mh_stream_note_event:
 * @event: an event that came in
 *
 * Keeps what it says of the stream: caps, tags, collection, segment.
 */
void mh_stream_note_event (MhStream *stream, GstEvent *event);

/* The pipeline begins anew: all that was noted no longer holds. */
void mh_stream_begin (MhStream *stream);

/* Another stream comes: what was noted no longer holds. */
void mh_stream_forget (MhStream *stream);

/* Returns: how full the peer of the sink pad says that its buffer is, if it is filling
 * it; 100 if it is not; -1: it does not say (docs/design/inference.md#bus-messages). */
int mh_stream_ask_percent (MhStream *stream);

/**
 * mh_stream_look:
 * @sample: its state, pending and target are filled in
 * @worker: whose thread this is
 *
 * Looks at the topmost parent, and asks it nothing. Does not wait.
 */
void mh_stream_look (MhStream *stream, MhSample *sample, MhWorker *worker);

/* Returns: the topmost parent's position, ns; -1: it does not say. */
gint64 mh_stream_ask_position (MhStream *stream);

/* Returns: how many frames messages have told of as dropped; only ever grows. */
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
 * Fills in what is played (docs/design/inference.md#position and #live-media).
 * mh-liveness decides whether that is live.
 */
void mh_stream_find_out (
    MhStream *stream, gboolean ask, guint group, MhStreamInfo *info);

/**
 * mh_stream_buffer_end:
 * @pts: of the last buffer
 * @duration: of the last buffer
 *
 * Returns: stream time of its end; NONE: unknown.
 */
GstClockTime mh_stream_buffer_end (
    MhStream *stream, GstClockTime pts, GstClockTime duration);

/**
 * mh_stream_from_running:
 * @running: running time
 *
 * Returns: the stream time that it is in the current segment, before it or after
 *   it as well; NONE: unknown.
 */
GstClockTime mh_stream_from_running (MhStream *stream, GstClockTime running);

G_END_DECLS
