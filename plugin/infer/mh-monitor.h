/* mh-monitor: what GStreamer's behaviour means for a session.
 *
 * Observations (own state changes, bus messages, events, data flow) and times
 * in, decisions (calls of the session rules) out. Pure: it asks no element and no clock,
 * so that it is tested with recorded sequences of observations. Everything
 * known about how GStreamer behaves is here; the rules and their numbers are
 * those of docs/design/inference.md, whose sections the comments name.
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

#include "mh-decision.h"
#include "mh-observation.h"

G_BEGIN_DECLS

/**
 * MhSample:
 * @at: when it was taken
 * @asked: whether the topmost parent was asked for its position
 * @position: what it has answered, ns; -1: it does not say
 * @position_at: when that was right; %MH_TIME_NONE: the answer took too long to
 *   tell where the media is by now
 * @position_end: what @buffer_end was then, ns; -1: unknown
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
  gboolean asked;
  gint64 position;
  MhTime position_at;
  gint64 position_end;
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
    .position = -1, .position_at = MH_TIME_NONE, .position_end = -1, \
    .buffer_end = -1, .percent = -1 \
  }

typedef struct _MhMonitor MhMonitor;

/* Returns: (transfer full): a monitor that has seen nothing yet. */
MhMonitor *mh_monitor_new (void);
void mh_monitor_free (MhMonitor *monitor);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MhMonitor, mh_monitor_free)

/* Takes what has been decided, one by one. Call it until there is none, after
 * mh_monitor_observe(), mh_monitor_sample(), mh_monitor_inform() and
 * mh_monitor_sleep(). A decision that is added while another one is carried out comes
 * after those that are there.
 * Returns: (transfer full) (nullable): the next decision; NULL: there is none. */
MhDecision *mh_monitor_take (MhMonitor *monitor);

/**
 * mh_monitor_set_stall_threshold:
 * @threshold: microseconds, > 0: T0 of docs/design/inference.md#stalls
 *
 * Counts from the next look on.
 */
void mh_monitor_set_stall_threshold (MhMonitor *monitor, MhTime threshold);

/**
 * mh_monitor_set_live:
 * @item: which item, as the place of a decision or of now says
 * @live: whether that happens now
 * @utc_offset: microseconds from #MhTime to UTC
 *
 * Says whether the item is live. The playhead of live media is the second of the UTC
 * day, also in decisions that have not been taken yet.
 */
void mh_monitor_set_live (
    MhMonitor *monitor, guint item, gboolean live, gint64 utc_offset);

/**
 * mh_monitor_set_length:
 * @item: which item, as the place of a decision or of now says
 * @length: seconds; -1: not known
 *
 * Says how long the item is, as soon as that is known, and again when it is known
 * better. An item that ends before its length is not complete
 * (docs/design/inference.md#end-stop-and-error).
 */
void mh_monitor_set_length (MhMonitor *monitor, guint item, double length);

/**
 * mh_monitor_set_media_id:
 * @id: (nullable): what the application calls the media
 *
 * Says what the application calls the media. While the ID is the same, other streams
 * that begin before the end of the media belong to the same media.
 */
void mh_monitor_set_media_id (MhMonitor *monitor, const char *id);

/**
 * mh_monitor_set_fed:
 * @fed: whether the application itself brings the data, when it likes to
 *
 * Call it before mh_monitor_inform(), for the item that is about to start: the viewer
 * has waited since its data came.
 */
void mh_monitor_set_fed (MhMonitor *monitor, gboolean fed);

/**
 * mh_monitor_sleep:
 * @from: when the machine fell asleep
 * @until: when that was noticed
 *
 * The machine has slept: what played then has stood still since @from, until progress
 * is seen again; what was about to play has not before @until.
 */
void mh_monitor_sleep (MhMonitor *monitor, MhTime from, MhTime until);

/**
 * mh_monitor_observe:
 * @observation: what was observed, not before the one before
 *
 * Takes an observation in. What is decided by that is in the decisions, for the
 * owner to take.
 */
void mh_monitor_observe (MhMonitor *monitor, const MhObservation *observation);

/**
 * mh_monitor_sample:
 * @sample: what the player looks like now
 *
 * Lets time pass up to the sample's: waits end, stalls are noticed.
 */
void mh_monitor_sample (MhMonitor *monitor, const MhSample *sample);

/**
 * mh_monitor_count_dropped:
 * @dropped: how many frames of video messages have told of as dropped by now
 * @late: how many came too late by what passed the element; this counts only
 *   where the pipeline's messages are kept from us
 *
 * Call it before what is observed at the same time. Both only ever grow.
 */
void mh_monitor_count_dropped (
    MhMonitor *monitor, guint64 dropped, guint64 late);

/* Returns: when it wants the next sample, if nothing is observed before. */
MhTime mh_monitor_next_deadline (MhMonitor *monitor);

/* Returns: up to when its calls are out; %MH_TIME_NEVER: nothing is undecided. But for
 * a stall's start: it makes no hit, is dated to when the playhead came to a halt, and
 * delays nothing. */
MhTime mh_monitor_settled (MhMonitor *monitor);

/**
 * mh_monitor_get_place:
 * @place: (out): filled in
 *
 * Fills in where the media is. It is right for moments that are settled.
 */
void mh_monitor_get_place (MhMonitor *monitor, MhPlace *place);

/* Returns: whether this monitor leads, and has decided on the start of a session and
 * not on its end; the session may have been closed meanwhile, as it was inactive for
 * long. */
gboolean mh_monitor_is_open (const MhMonitor *monitor);

/* Returns: whether this monitor decides on calls; if not, that of another element
 * does. */
gboolean mh_monitor_leads (MhMonitor *monitor);

/**
 * mh_monitor_asks:
 * @now: the time
 *
 * Returns: whether the topmost parent is to be asked for its position now; the
 *   answer comes with a later sample. Never soon after it has changed (mh-poll-schedule).
 */
gboolean mh_monitor_asks (MhMonitor *monitor, MhTime now);

/**
 * mh_monitor_asks_percent:
 * @now: the time
 *
 * Returns: whether the peer is to be asked now how full its buffer is, since no
 *   message says so; the answer comes with a later sample. Never soon after the
 *   pipeline has changed.
 */
gboolean mh_monitor_asks_percent (MhMonitor *monitor, MhTime now);

/* Returns: whether a session is about to start as soon as it is known what is played:
 * what is observed from here on is to wait for mh_monitor_inform(). */
gboolean mh_monitor_wants_info (MhMonitor *monitor);

/* Returns: whether what passes is another item than what is played. */
gboolean mh_monitor_is_ahead (const MhMonitor *monitor);

/**
 * mh_monitor_prepare:
 * @next: what is observed next
 *
 * Where a session is to start that ends with @next, it does so first: see then
 * whether mh_monitor_wants_info(), and carry out what comes of it, before
 * mh_monitor_observe() is told of @next.
 */
void mh_monitor_prepare (MhMonitor *monitor, const MhObservation *next);

/* Lets the session start: it is known what is played, or it will not be known. */
void mh_monitor_inform (MhMonitor *monitor);

G_END_DECLS
