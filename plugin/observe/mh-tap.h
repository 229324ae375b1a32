/* mh-tap: one point of a pipeline's data flow, and what is seen from there.
 *
 * The point is the element, or a pad that the tracer has picked. The tap hands the
 * data, events and state changes that it sees to the mailbox. It decides nothing.
 *
 * May touch: GStreamer, mailbox. Each function says whose thread it is for.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

#include "mh-mark.h"
#include "mh-mailbox.h"

G_BEGIN_DECLS

/**
 * MhTap:
 * @mailbox: (transfer none): where its observations go
 * @flow: (transfer none): the mailbox's notes of the data
 * @last_pts: atomic: time stamp of the last buffer, NONE after a discontinuity
 * @want_data: atomic: the next buffer is the first of a segment, or one that
 *   @marks wait for
 * @is_video: atomic: what passes is frames
 * @have_group: whether @group is known
 * @group: of the stream that passes
 * @flushed: atomic: what has come before does not count for @reached
 * @segment: of the data that passes
 * @reached: running time at which the last buffer since a flush begins, as of the last
 *   segment; NONE: not known
 * @lock: of @marks
 * @marks: of #MhMark: what the stream has said of the data that follows
 *
 * All members that change, except the atomics and @marks, belong to the streaming
 * thread, and while nothing streams to the thread of the state change. In pull mode
 * several threads may pull, and none brings events.
 */
typedef struct
{
  MhMailbox *mailbox;
  MhFlow *flow;
  MhAtomic64 last_pts;
  gboolean want_data;
  gboolean is_video;
  gboolean have_group;
  guint group;
  gboolean flushed;
  GstSegment segment;
  GstClockTime reached;
  GMutex lock;
  GQueue marks;
} MhTap;

/**
 * mh_tap_init:
 * @mailbox: (transfer none): outlives the tap
 *
 * Prepares a tap that has seen nothing.
 */
void mh_tap_init (MhTap *tap, MhMailbox *mailbox);

/* Frees what the tap holds. Nothing may stream any more. */
void mh_tap_clear (MhTap *tap);

/* Forgets what has passed. Call it while nothing streams, and not on the way to
 * PAUSED, where an element behind this one may pull already. */
void mh_tap_reset (MhTap *tap);

/**
 * mh_tap_event:
 * @event: (transfer none): on its way downstream
 *
 * Observes an event. For the thread that pushes it.
 */
void mh_tap_event (MhTap *tap, GstEvent *event);

/**
 * mh_tap_upstream_event:
 * @event: (transfer none): on its way upstream
 *
 * Observes a SEEK, a QOS event, or a call that an event brings. Any thread.
 */
void mh_tap_upstream_event (MhTap *tap, GstEvent *event);

/**
 * mh_tap_pulled_event:
 * @event: (transfer none): on its way upstream, where data is pulled
 *
 * Observes a flush: an element that pulls its data takes a seek for itself, and
 * flushes what it pulls from. Any thread.
 */
void mh_tap_pulled_event (MhTap *tap, GstEvent *event);

/**
 * mh_tap_before_change:
 * @top: (transfer none): the topmost parent
 * @transition: what is about to happen
 *
 * Call it before the parent class (in the tracer: the pipeline) does its part of a
 * state change.
 */
void mh_tap_before_change (
    MhTap *tap, GstElement *top, GstStateChange transition);

/**
 * mh_tap_after_change:
 * @top: (transfer none): the topmost parent
 * @transition: what has happened
 * @result: what has come of it
 *
 * Call it after the parent class (in the tracer: the pipeline) has done its part of a
 * state change, whether or not that has failed.
 */
void mh_tap_after_change (MhTap *tap, GstElement *top,
    GstStateChange transition, GstStateChangeReturn result);

/* Returns: (transfer full): an element's outermost parent, or the element. */
GstElement *mh_tap_find_top (GstElement *element);

/* Returns: the target state of an element. */
GstState mh_tap_get_target (GstElement *element);

/* The first data has come since it was wanted. Where several threads pull, one of
 * them comes here. */
void mh_tap_data (MhTap *tap, GstClockTime pts);

/* mh-tap-mark.c */

/* An event that may say something of the stream, or of its data. For the thread that
 * pushes it. */
void mh_tap_mark (MhTap *tap, GstEvent *event);
/* A message that is observed, or says something of the stream, or which element drops
 * frames. Any thread. @top: the topmost parent. Returns: whether it was observed. */
gboolean mh_tap_message (
    MhMailbox *mailbox, gconstpointer top, GstMessage *message);
/* An event that goes upstream and may be a call: that is due at once. Any thread. */
void mh_tap_upstream_mark (MhTap *tap, GstEvent *event);
/* The data that the marks are about comes; @pts: its time stamp, or NONE. */
void mh_tap_release_marks (MhTap *tap, GstClockTime pts);
/* The data that the marks are about was flushed, and does not come. */
void mh_tap_drop_marks (MhTap *tap);

#define MH_RELAXED_LOAD(where) __atomic_load_n (&(where), __ATOMIC_RELAXED)
#define MH_RELAXED_STORE(where, value) \
  __atomic_store_n (&(where), (value), __ATOMIC_RELAXED)

/* Notes a buffer. This is all that is done for one: a few stores, which the worker
 * reads when it needs them. It takes no lock, reads no clock and allocates nothing.
 * For the streaming thread. */
static inline void
mh_tap_buffer (MhTap *tap, GstBuffer *buffer)
{
  MhFlow *flow = tap->flow;
  GstClockTime pts = GST_BUFFER_PTS (buffer);
  GstClockTime last = mh_atomic64_load (&tap->last_pts, GST_CLOCK_TIME_NONE);

  if (G_LIKELY (GST_CLOCK_TIME_IS_VALID (pts))) {
    mh_atomic64_store (&flow->pts, pts);
    mh_atomic64_store (&flow->duration, GST_BUFFER_DURATION (buffer));
    /* last is NONE, the largest value there is, at first. */
    if (pts > last && pts - last > mh_atomic64_load (&flow->step, 0) &&
        !GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DISCONT))
      mh_atomic64_store (&flow->step, pts - last);
    mh_atomic64_store (&tap->last_pts, pts);
  }
  MH_RELAXED_STORE (flow->buffers, MH_RELAXED_LOAD (flow->buffers) + 1);
  if (G_UNLIKELY (MH_RELAXED_LOAD (tap->want_data)))
    mh_tap_data (tap, pts);
}

/* Notes a list as it passes: it counts as its last buffer. */
static inline void
mh_tap_list (MhTap *tap, GstBufferList *list)
{
  guint length = gst_buffer_list_length (list);

  if (length == 0)
    return;
  if (G_UNLIKELY (MH_RELAXED_LOAD (tap->want_data)))
    mh_tap_data (tap, GST_BUFFER_PTS (gst_buffer_list_get (list, 0)));
  mh_tap_buffer (tap, gst_buffer_list_get (list, length - 1));
}

G_END_DECLS
