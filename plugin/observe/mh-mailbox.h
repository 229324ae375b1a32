/* mh-observer: carries what an element sees to the worker, and what comes of
 * it back.
 *
 *   element ──► queue ──► monitor ──► tracker ──► hits
 *   (any thread)  │  (the worker)                  │
 *                 └────── outbox ◄─────────────────┘
 *
 * It owns the monitor and the tracker of an element, asks the pipeline for its
 * position when they need it, and finds out what is played when a session
 * starts. Nothing here waits for the network; what runs on the worker never
 * runs the application's code (mh-outbox does) and holds no lock while it asks
 * the pipeline.
 *
 * May touch: GStreamer, monitor, tracker, settings, outbox, service.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

#include "mh-leader.h"
#include "mh-monitor.h"
#include "mh-settings.h"
#include "mh-stream.h"
#include "mh-tracker.h"

G_BEGIN_DECLS

typedef struct _MhObserver MhObserver;

/**
 * MhFlow:
 * @buffers: how many buffers (or lists) and gaps have passed
 * @pts: of the last buffer, ns
 * @duration: of the last buffer, ns
 * @step: largest step between time stamps in this segment, ns
 * @late: how many frames came to a sink too late to be shown
 *
 * What the streaming thread leaves behind for each buffer: relaxed stores that
 * the worker reads when it wants to know. One streaming thread writes, and those
 * of the sinks @late.
 */
typedef struct
{
  guint64 buffers;
  GstClockTime pts;
  GstClockTime duration;
  GstClockTime step;
  guint64 late;
} MhFlow;

/**
 * mh_observer_new:
 * @element: (transfer none): who posts messages; not kept alive
 * @own: whether that is one of ours: its warnings are for the application, and
 *   its properties are notified
 * @sinkpad: (nullable) (transfer none): where data comes in; not kept alive
 *
 * Returns: (transfer full): an observer that is not running.
 */
MhObserver *mh_observer_new (
    GstElement *element, gboolean own, GstPad *sinkpad);

MhObserver *mh_observer_ref (MhObserver *observer);
void mh_observer_unref (MhObserver *observer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MhObserver, mh_observer_unref)

/**
 * mh_observer_close:
 * @observer: an observer, running or not, whose element goes
 *
 * Ends its session, if there is one, and stops it. Any thread.
 */
void mh_observer_close (MhObserver *observer);

/**
 * mh_observer_start:
 * @observer: an observer
 *
 * Takes up the process's worker; nothing if it has done so.
 */
void mh_observer_start (MhObserver *observer);

/**
 * mh_observer_hold:
 * @observer: an observer that is not running
 *
 * Keeps what is observed from here on, up to a bound, for when it is started:
 * it is not known yet whether it will be. Forgets what it has held so far.
 */
void mh_observer_hold (MhObserver *observer);

/**
 * mh_observer_stop:
 * @observer: an observer
 *
 * Gives the worker back, after the time that the settings allow for delivering
 * what is left. Its tracking is kept: a session's number and the stats go on
 * with the next start.
 */
void mh_observer_stop (MhObserver *observer);

/**
 * mh_observer_set_settings:
 * @settings: (transfer none): what counts from the next session on
 *
 * Any thread.
 */
void mh_observer_set_settings (MhObserver *observer, MhSettings *settings);

/**
 * mh_observer_get_flow:
 *
 * Returns: (transfer none): where the streaming thread leaves its notes.
 */
MhFlow *mh_observer_get_flow (MhObserver *observer);

/**
 * mh_observer_get_stream:
 *
 * Returns: (transfer none): what is noted of the stream, for the element to
 *   keep up to date.
 */
MhStream *mh_observer_get_stream (MhObserver *observer);

/**
 * mh_observer_set_top:
 * @top: (nullable) (transfer none): the topmost parent; not kept alive
 *
 * Says whose position, state and controls count. Any thread but the worker's.
 */
void mh_observer_set_top (MhObserver *observer, GstElement *top);

/**
 * mh_observer_join:
 * @observer: an observer that is running
 * @top: (transfer none): the topmost parent; only compared with
 * @rank: whether it is to track
 *
 * Says where it observes: of several, one tracks. Any thread.
 */
void mh_observer_join (
    MhObserver *observer, GstElement *top, MhLeaderRank rank);

/**
 * mh_observer_leave:
 * @observer: an observer
 *
 * It observes nothing any more; another may take over. Any thread.
 */
void mh_observer_leave (MhObserver *observer);

/**
 * mh_observer_set_quiet:
 * @quiet: whether the pipeline stops: from here on it is not asked anything
 *
 * Any thread.
 */
void mh_observer_set_quiet (MhObserver *observer, gboolean quiet);

/**
 * mh_observer_push:
 * @observer: an observer
 * @observation: what was observed; its text is copied, its mark is taken, @at
 *   is set
 *
 * Any thread; never waits. Nothing happens while the observer is not running,
 * unless it holds what is observed.
 */
void mh_observer_push (MhObserver *observer, const MhObservation *observation);

/**
 * mh_observer_push_mark:
 * @mark: (transfer full): what the stream says of itself
 *
 * Likewise.
 */
void mh_observer_push_mark (MhObserver *observer, MhMark *mark);

/**
 * mh_observer_push_call:
 * @mark: (transfer full): a call that is made when the media is at its position
 *
 * Likewise; where another element of the pipeline leads, in that one's session.
 */
void mh_observer_push_call (MhObserver *observer, MhMark *mark);

/**
 * mh_observer_settle:
 * @element: (transfer none): the element
 *
 * Waits, for a moment at most, until what was observed has been dealt with, and
 * tells the application what came of it: so that at the end of a stream, or at
 * an error, that is on the bus in front of the message at which applications
 * leave. Not the worker's thread.
 */
void mh_observer_settle (MhObserver *observer, GstElement *element);

/**
 * mh_observer_track:
 * @observer: an observer
 * @call: (transfer full): a call of the application's
 * @error: %MH_ERROR_REFUSED with the reason, or that nothing is running
 *
 * Makes a call, in order with what was observed: where another element of the
 * pipeline leads, in that one's session, which is the pipeline's. Waits for the worker, which
 * does not wait for anything.
 *
 * Returns: whether it was accepted.
 */
gboolean mh_observer_track (MhObserver *observer, MhCall *call, GError **error);

/**
 * mh_observer_drain:
 * @element: (transfer none): the element
 *
 * Tells the application now, in this thread, what it is to be told.
 */
void mh_observer_drain (MhObserver *observer, GstElement *element);

/**
 * mh_observer_warn:
 * @text: what is wrong
 *
 * Posts a warning message of the element. Any thread.
 */
void mh_observer_warn (MhObserver *observer, const char *text);

MhPlaybackState mh_observer_get_playback_state (MhObserver *observer);

/**
 * mh_observer_get_inactive_time:
 *
 * Returns: for how long the player has been inactive, ns; 0 while it is active
 *   or nothing is tracked.
 */
guint64 mh_observer_get_inactive_time (MhObserver *observer);

/**
 * mh_observer_get_resume_position:
 *
 * Where somebody was in the media that is played, or is about to be, before this
 * session. Waits for the worker for a moment; not the worker's thread, and
 * without a lock held.
 *
 * Returns: seconds; -1: nowhere, or that is not remembered, or not known yet.
 */
double mh_observer_get_resume_position (MhObserver *observer);

/**
 * mh_observer_get_stats:
 * @stats: (out): filled in; mh_stats_clear() it
 */
void mh_observer_get_stats (MhObserver *observer, MhStats *stats);

G_END_DECLS
