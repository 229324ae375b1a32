/* mh-mailbox: what passes between the threads of a pipeline and the worker.
 *
 *   element, tracer ──► queue, flow ──► player
 *   (any thread)   ◄── notifier ◄──────  (the worker)
 *
 * It is what both sides touch. Any thread puts observations into
 * its queue, or waits for a call to be made; the worker's side (mh-mailbox-reader)
 * takes them out, asks the pipeline through it, and leaves what the application
 * is to be told. Nothing here waits for the network, and no lock is held while
 * the pipeline is asked or the application's code runs.
 *
 * mh-mailbox.c         what is put in, which of several mailboxes of a pipeline is the
 *                      one, and what the player has said of itself
 * mh-mailbox-hold.c    what is kept while it is not known whether it is wanted
 * mh-mailbox-reader.c  the worker's side
 * mh-mailbox-wait.c    what a thread waits for
 *
 * May touch: GStreamer, mh-atomic64, controls, leader, notifier, stream, settings, worker.
 * Thread-safe: any thread, where a function does not say otherwise.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

#include "mh-enums.h"
#include "mh-leader.h"
#include "mh-mark.h"
#include "mh-notifier.h"
#include "mh-observation.h"
#include "mh-settings.h"
#include "mh-stream.h"
#include "mh-atomic64.h"

G_BEGIN_DECLS

/**
 * MhFlow:
 * @buffers: how many buffers (or lists) and gaps have passed, modulo 2³²
 * @pts: of the last buffer, ns
 * @duration: of the last buffer, ns
 * @step: largest step between time stamps in this segment, ns
 * @late: how many frames came to a sink too late to be shown, modulo 2³²
 *
 * What the streaming thread leaves behind for each buffer: relaxed stores that the
 * worker reads when it wants to know. One streaming thread writes, and those of the
 * sinks @late. The counters have the size that every machine stores at once.
 */
typedef struct
{
  guint32 buffers;
  guint32 late;
  MhAtomic64 pts;
  MhAtomic64 duration;
  MhAtomic64 step;
} MhFlow;

typedef struct _MhMailbox MhMailbox;

/**
 * mh_mailbox_new:
 * @element: (transfer none): the element that posts the messages; not kept alive
 * @own: whether @element is a mediaheartbeat element: then warnings are posted
 *   for the application, and its properties are notified
 * @sinkpad: (nullable) (transfer none): where data comes in; not kept alive
 *
 * Returns: (transfer full): a mailbox that is not open, and has no reader yet.
 */
MhMailbox *mh_mailbox_new (GstElement *element, gboolean own, GstPad *sinkpad);

MhMailbox *mh_mailbox_ref (MhMailbox *mailbox);

/* The last reference takes the reader with it: where it is given back, the mailbox is
 * not open, and the worker has nothing more to do with it. */
void mh_mailbox_unref (MhMailbox *mailbox);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MhMailbox, mh_mailbox_unref)

/**
 * mh_mailbox_hold:
 * @mailbox: a mailbox that is not open
 *
 * Keeps what is observed from here on, up to a bound, while it is not known yet
 * whether the mailbox will be opened. Of many seeks it keeps the last, and always the
 * states of a player's run. What it has kept before is forgotten.
 */
void mh_mailbox_hold (MhMailbox *mailbox);

/**
 * mh_mailbox_set_settings:
 * @settings: (transfer none): what counts from the next session on
 *
 * Any thread.
 */
void mh_mailbox_set_settings (MhMailbox *mailbox, MhSettings *settings);

/* Returns: (transfer none): where the streaming thread leaves its notes. */
MhFlow *mh_mailbox_get_flow (MhMailbox *mailbox);

/* Returns: stream time of where the data ends that has come so far; NONE: unknown. Any
 * thread; nothing is asked. */
GstClockTime mh_mailbox_get_end (MhMailbox *mailbox);

/* Returns: (transfer none): what is noted of the stream, for the element to keep up to
 * date. */
MhStream *mh_mailbox_get_stream (MhMailbox *mailbox);

/**
 * mh_mailbox_set_top:
 * @top: (nullable) (transfer none): the topmost parent; not kept alive
 *
 * Sets the element whose position, state and controls count. Not the worker's
 * thread.
 */
void mh_mailbox_set_top (MhMailbox *mailbox, GstElement *top);

/**
 * mh_mailbox_join:
 * @top: (transfer none): the topmost parent; only compared with
 * @rank: whether it is to track
 *
 * Says which pipeline the mailbox observes. Where several observe one pipeline, one
 * of them tracks it. One that was kept from that by its rank alone, while it held what
 * was observed (mh_mailbox_hold()) and no other was there, has led since before the first
 * data that it holds. Any thread.
 */
void mh_mailbox_join (MhMailbox *mailbox, GstElement *top, MhLeaderRank rank);

/* The mailbox observes nothing any more, and another may take the lead. Any thread. */
void mh_mailbox_leave (MhMailbox *mailbox);

/**
 * mh_mailbox_set_quiet:
 * @quiet: whether the pipeline stops: from here on it is not asked anything
 *
 * Any thread.
 */
void mh_mailbox_set_quiet (MhMailbox *mailbox, gboolean quiet);

/**
 * mh_mailbox_push:
 * @observation: what was observed; its text is copied, its mark is taken, @at
 *   is set
 *
 * Never waits. Nothing happens while the mailbox is not open, unless it holds
 * what is observed.
 */
void mh_mailbox_push (MhMailbox *mailbox, const MhObservation *observation);

/**
 * mh_mailbox_push_mark:
 * @mark: (transfer full): what the stream says of itself
 *
 * Puts an observation of the mark into the queue, as mh_mailbox_push() does. A call goes
 * into that of the element that leads in the pipeline, if there is one: it is for the
 * session of that element. Anything else that leads sees in the stream as well.
 */
void mh_mailbox_push_mark (MhMailbox *mailbox, MhMark *mark);

/* At the end of a stream and at an error: a busy machine's worker may take its
 * time to come to it. In a state change: its caller holds locks. */
#define MH_SETTLE_AT_END MH_TIME_FROM_MSEC (500)
#define MH_SETTLE_IN_STATE_CHANGE MH_TIME_FROM_MSEC (50)

/**
 * mh_mailbox_settle:
 * @element: (transfer none): the element
 * @wait: microseconds: the limit of each single wait
 *
 * Waits until what was observed has been dealt with, and the application has been
 * told what came of it. At the end of a stream, or at an error, that is on the bus
 * then in front of the message at which applications leave. Mostly that takes a
 * moment. There are three waits of @wait at most: for the worker, for the worker
 * once more where an answer of the pipeline's was awaited (up to 50 ms) in between,
 * and for a thread that tells the application something. Handlers of the
 * application that run in this thread come on top. Not the worker's thread.
 */
void mh_mailbox_settle (MhMailbox *mailbox, GstElement *element, MhTime wait);

/**
 * mh_mailbox_track:
 * @call: (transfer full): a call of the application's
 * @error: %MH_ERROR_REFUSED with the reason, or that nothing is running
 *
 * Makes a call, in order with what was observed. Where another element of the
 * pipeline leads, the call is made in the session of that element. Waits for the
 * worker, for two seconds at most where the machine is busy. Not the worker's
 * thread.
 *
 * Returns: whether it was accepted.
 */
gboolean mh_mailbox_track (MhMailbox *mailbox, MhCall *call, GError **error);

/* Returns: (transfer none): where anything leaves what the application is to be told. */
MhNotifier *mh_mailbox_get_notifier (MhMailbox *mailbox);

/* Returns: the playback state that was reported last. Takes no lock. Any thread. */
MhPlaybackState mh_mailbox_get_playback_state (MhMailbox *mailbox);

/* Returns: for how long the player has been inactive, ns; 0 while it is active or
 * nothing is tracked. */
guint64 mh_mailbox_get_inactive_time (MhMailbox *mailbox);

/* Says where the media that is played, or is about to be, was left before this
 * session. Waits for the worker, for a second at most. Not the worker's thread, and
 * without a lock held.
 * Returns: seconds; -1: it was not played, or that is not remembered, or not known
 * yet. */
double mh_mailbox_get_resume_position (MhMailbox *mailbox);

G_END_DECLS
