/* mh-sequence: a monitor fed with a written sequence of observations, and what
 * it makes of them.
 *
 * Stands in for mh-tracked-player: feeds the monitor as that does, lets time pass
 * from deadline to deadline, and runs the calls through a real session. Beside
 * it a simple player answers for positions and data flow, so that a sequence
 * holds no more than what a log of the real thing would show.
 *
 * A sequence is a text of lines: a time in ms, then what is observed at that
 * moment, all of it at once for the worker, in order:
 *
 *   own=STATE>TARGET    the element's own state; topmost parent's target
 *   top=STATE[+PENDING] state-changed message of the topmost parent
 *   buf=PERCENT[@N]     BUFFERING of the N-th of those who fill a buffer
 *   seek=SEQNUM:TIME    SEEK event; TIME in s, or - where it says none
 *   flush=SEQNUM[:N]    FLUSH_START, when N was the number of the next group
 *   unflush=SEQNUM      FLUSH_STOP
 *   segment=TIME[:RATE] SEGMENT           data            first data after it
 *   segment=TIME!       the SEGMENT of before, sent once more
 *   padeos, eos         EOS event, message
 *   asyncdone           ASYNC_DONE
 *   group=N, padgroup=N STREAM_START message, event
 *   irate=X             INSTANT_RATE_CHANGE
 *   error=ID[@sink]     ERROR message, of a sink
 *   gone                dispose
 *   segdone, segdone=-  SEGMENT_DONE event, message
 *   leads=0, leads=1    it follows; it leads, as it does at first
 *   leads=open[:N]      it leads, and the one that led has a session open, of what
 *                       has group N
 *   bitrate=WHO:BITRATE[:NOMINAL[:FPS]]  tags of a sink called WHO, or of
 *                       `container` or `pad`, or what a demuxer called
 *                       `variant…` says; FPS of the video at that sink
 *   fps=FPS             CAPS of video
 *   call=NAME           the application calls (sessionStart with media)
 *
 * and what is not observed, but how the player is from that moment on:
 *
 *   really=STATE[+PENDING]  the topmost parent's state, without a message
 *   target=STATE        its target state, likewise
 *   heard               messages of its elements reach us, which tell of nothing else
 *   pos=S, nopos        its position, in s; it does not say
 *   dry, wet            no data comes, data comes again
 *   freeze, thaw        the position stands still, data goes on; both move
 *   slow=MS             what it answers is on its way to the worker for so long
 *   lead=S              how far the last buffer is ahead of the position
 *   fill=PERCENT        how full the peer says that its buffer is
 *   step=MS             largest step of time between buffers
 *   dropped=N, overdue=N  frames so far, by messages and by QOS events
 *   live                what the owner finds out when the session starts
 *   length=S            the same, and at once: how long the media is
 *   mediaid=ID          what the application calls the media
 *   late                the worker sees this line only together with the next
 *   threshold=MS  mh_monitor_set_stall_threshold()
 *   utc=MS        what live media is set to, see mh_monitor_set_live()
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-monitor.h"

G_BEGIN_DECLS

typedef struct _MhSequence MhSequence;

/* The start of most: wanted at 0, first data at 600, plays from 1000 on. */
#define MH_SEQUENCE_START \
  "0 own=paused>playing\n" \
  "600 padgroup=1 segment=0 data\n" \
  "990 group=1 top=paused+playing asyncdone\n" \
  "995 own=playing>playing\n" \
  "1000 top=playing\n"

/* What that makes, up to 2000 ms: calls and hits. */
#define MH_SEQUENCE_START_CALLS \
  "sessionStart@0 ph=0", "qoe@1000 startup=1000", "play@1000 ph=0 r=1"
#define MH_SEQUENCE_START_HITS \
  "sessionStart@0 ph=0", "play@1000 ph=0", "play@2000 ph=1"

/* Returns: (transfer full): a sequence at time 0 of which nothing has run. */
MhSequence *mh_sequence_new (void);
void mh_sequence_free (MhSequence *sequence);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MhSequence, mh_sequence_free)

/* Runs the lines of @script, after what has run already. */
void mh_sequence_play (MhSequence *sequence, const char *script);

/* The machine sleeps until then, ms; the player does nothing meanwhile. */
void mh_sequence_sleep (MhSequence *sequence, gint64 until);

/* Each asserts that what there was since the last such assertion is what the
 * arguments, to be ended with NULL, say; times are ms, playheads seconds:
 *
 * calls:  "play@1000 ph=0 r=1": with the playhead of its place; "qoe@1000 startup=1000",
 *         "qoe@1000 startup=1000 bitrate=80000", "qoe@1000 bitrate=80000",
 *         "qoe@1000 startup=1000 fps=25 dropped=3"
 * hits:   "pauseStart@2000 ph=2", "sessionStart@0 ph=0 resume"
 * states: "playing@1000": when the application was told
 */
void mh_sequence_assert_calls (
    MhSequence *sequence, ...) G_GNUC_NULL_TERMINATED;
void mh_sequence_assert_hits (MhSequence *sequence, ...) G_GNUC_NULL_TERMINATED;
void mh_sequence_assert_states (
    MhSequence *sequence, ...) G_GNUC_NULL_TERMINATED;

/* Returns: how many hits of that name, or written just so, there have been. */
guint mh_sequence_count_hits (MhSequence *sequence, const char *name);

/* Returns: how often the pipeline has been asked for its position. */
guint mh_sequence_count_questions (MhSequence *sequence);

/* Returns: how often the worker has been woken by a deadline. */
guint mh_sequence_count_wakeups (MhSequence *sequence);

/* Returns: (transfer none): what the session refused of the monitor's calls:
 * "pause@1000: buffering". */
GPtrArray *mh_sequence_get_refusals (MhSequence *sequence);

/* Returns: (transfer none): the monitor, to be asked. */
MhMonitor *mh_sequence_get_monitor (MhSequence *sequence);

G_END_DECLS
