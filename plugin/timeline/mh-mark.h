/* mh-mark: what a stream carries about itself: calls in events from upstream, at a
 * position of the stream; its chapters; the ad breaks of a broadcast.
 *
 * Made by the streaming thread from an event, taken by the worker. Plain values
 * from there on.
 *
 * May touch: GStreamer's events, mh-call, mh-chapters' lists, mh-scte35,
 * mh-structure, mh-error. Decides nothing.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

#include "mh-call.h"
#include "mh-chapters.h"
#include "mh-observation.h"
#include "mh-scte35.h"

G_BEGIN_DECLS

/* Name of the events that bring calls, and of their field that names one. */
#define MH_MARK_EVENT "media-heartbeat"
#define MH_MARK_CALL "call"

/**
 * MhMark:
 * @group: of the stream that it came with; 0: none
 * @position: stream time of the data that follows, s; NaN: none, it counts at
 *   once; of a splice where that is
 * @running: running time of a splice; NONE: not known
 * @of_message: nothing has brought it through the stream: @group is not known,
 *   and @position is about where the data is that it came with
 * @seqnum: of the event
 * @event: number of the event, counted over all events that bring calls
 *   (mh-mark.c), so that one that comes by several elements counts once; 0: not
 *   known
 * @place: which point of the pipeline has seen it. Two marks of one event are from
 *   different points if this differs; it means nothing else
 * @sticky: whether the event is sticky: it may come again, and counts once
 * @call: (nullable): what is to be called then
 * @chapters: (nullable): those of the whole stream, wherever it says so
 *
 * @splice: (nullable): the start or end of a break
 *
 * One of @call, @chapters and @splice is set.
 */
struct _MhMark
{
  guint group;
  double position;
  GstClockTime running;
  gboolean of_message;
  guint32 seqnum;
  guint event;
  guint64 place;
  gboolean sticky;
  MhCall *call;
  GPtrArray *chapters;
  MhScte35 *splice;
};

/**
 * mh_mark_is_in:
 * @event: any event
 *
 * Returns: whether it is one that brings a call.
 */
gboolean mh_mark_is_in (GstEvent *event);

/**
 * mh_mark_from_event:
 * @event: one that mh_mark_is_in()
 * @error: what is wrong with it, in the words that the signal `track` has for a call
 *
 * Returns: (transfer full) (nullable): the call that it brings. The caller sets its
 *   position.
 */
MhMark *mh_mark_from_event (GstEvent *event, GError **error);

/**
 * mh_mark_from_toc:
 * @event: TOC
 *
 * Returns: (transfer full): the chapters that it tells of.
 */
MhMark *mh_mark_from_toc (GstEvent *event);

/**
 * mh_mark_from_splice:
 * @splice: (transfer full): what is announced
 * @running: when, running time, or NONE
 *
 * Returns: (transfer full): a mark about it. The caller sets its position.
 */
MhMark *mh_mark_from_splice (MhScte35 *splice, GstClockTime running);

void mh_mark_free (MhMark *mark);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MhMark, mh_mark_free)

G_END_DECLS
