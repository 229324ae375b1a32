/* mh-mailbox-reader: the worker's side of a mailbox.
 *
 * The reader is a player (mh-tracked-player), which this folder does not know.
 * Each function is for the worker's thread, or for the thread that holds the
 * mailbox before it is opened, where it does not say otherwise.
 *
 * May touch: what mh-mailbox.h may, query_thread.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-controls.h"
#include "mh-mailbox.h"
#include "mh-query-thread.h"
#include "mh-settings-media.h"
#include "mh-worker.h"

G_BEGIN_DECLS

/**
 * MhAsk:
 *
 * What the pipeline may be asked at the same time.
 */
typedef enum
{
  MH_ASK_POSITION = 1 << 0,
  MH_ASK_PERCENT = 1 << 1,
  MH_ASK_INFO = 1 << 2,
  MH_ASK_URI = 1 << 3,
  MH_ASK_CONTROLS = 1 << 4,
} MhAsk;

/**
 * MhQuestion:
 * @asks: #MhAsk: what is asked
 * @id: of the question
 * @changes: how often the pipeline had changed: after another change it is not
 *   asked for its position
 * @group: of the streams that the answer is to be about
 * @controls_at: since when the controls may show what they show
 * @position: answer: ns, or -1
 * @position_at: when that was so; %MH_TIME_NONE: the answer took too long to tell
 * @position_end: stream time of the end of the last buffer seen then, ns, or -1
 * @percent: answer: how full the peer's buffer is, or -1
 * @info: answer: what is played
 * @info_at: when it was asked; %MH_TIME_NONE: it was not
 * @uri: (nullable): answer: where the media comes from
 * @view: answer: what the controls show
 *
 * The worker fills in what is asked, and hands the question to the query thread, which
 * fills in the answers and hands it back: one thread has it at a time.
 */
typedef struct
{
  /*< private >*/
  MhMailbox *mailbox; /* a reference, on its way to the pipeline and back */

  /*< public >*/
  guint asks;
  guint id;
  int changes;
  guint group;
  MhTime controls_at;

  gint64 position;
  MhTime position_at;
  gint64 position_end;
  int percent;
  MhStreamInfo info;
  MhTime info_at;
  char *uri;
  MhControlsView view;
} MhQuestion;

/**
 * MhMailboxReader:
 * @process: deals with what is in the queue; @patient: it may leave it there to
 *   wait for an answer of the pipeline's
 * @call: makes a call of the application's, in order with what was dealt with;
 *   returns whether it was accepted, without an @error where nothing runs
 * @answer: takes an answer, unless it has stopped asking since
 * @look_up_resume: finds out anew where to resume
 * @is_held: whether what is in the queue waits for an answer
 * @is_asking: whether what is in the queue waits for an answer, or what the
 *   controls show is being asked
 * @free: frees the reader, in any thread
 *
 * What a mailbox wants of its reader, on the worker. None is NULL.
 */
typedef struct
{
  void (*process) (gpointer reader, gboolean patient);
  gboolean (*call) (gpointer reader, const MhCall *call, GError **error);
  void (*answer) (gpointer reader, MhQuestion *question);
  void (*look_up_resume) (gpointer reader);
  gboolean (*is_held) (gpointer reader);
  gboolean (*is_asking) (gpointer reader);
  void (*free) (gpointer reader);
} MhMailboxReader;

/**
 * mh_mailbox_set_reader:
 * @mailbox: a mailbox that has none
 * @funcs: (transfer none): static
 * @reader: (transfer full): freed with the mailbox, which it does not hold
 *
 * Call it once, before the mailbox is opened.
 */
void mh_mailbox_set_reader (
    MhMailbox *mailbox, const MhMailboxReader *funcs, gpointer reader);

/**
 * mh_mailbox_open:
 * @mailbox: a mailbox that is not open
 * @worker: (transfer none): where the reader is from here on; outlives the time
 *   until it is closed
 * @keeper: (transfer full): what keeps @worker; mh_mailbox_close() gives it back
 * @first: called on the worker before the reader is
 * @data: for @first
 * @destroy: frees @data
 *
 * From here on the worker is told of what is put in. Any thread.
 */
void mh_mailbox_open (MhMailbox *mailbox, MhWorker *worker, gpointer keeper,
    void (*first) (gpointer data), gpointer data, GDestroyNotify destroy);

/* The worker is told once more to deal with what has been put in. In a child of
 * fork(), where the worker is not, nothing happens. Any thread.
 * Returns: (transfer full) (nullable): the keeper; NULL: it is not open. */
gpointer mh_mailbox_close (MhMailbox *mailbox);

/* Returns: whether it is open, be it in a parent of this process. Any thread. */
gboolean mh_mailbox_is_open (MhMailbox *mailbox);

/* ---- what was put in ---- */

/**
 * mh_mailbox_take:
 * @into: (element-type MhObservation): where what is in the queue is appended;
 *   free with mh_mailbox_free_observation()
 * @changes: (out): how often the pipeline has changed by then
 * @open: (out): whether the mailbox is open
 *
 * Returns: when that was.
 */
MhTime mh_mailbox_take (
    MhMailbox *mailbox, GQueue *into, int *changes, gboolean *open);
/* Frees an observation of mh_mailbox_take(), with its text and mark. */
void mh_mailbox_free_observation (gpointer data);

/* Returns: (transfer full): the settings of now. Any thread. */
MhSettings *mh_mailbox_dup_settings (MhMailbox *mailbox);

/**
 * MhRing:
 * @MH_RING_NOT: the controls show what they showed
 * @MH_RING_MOVING: they may show something else, and again with the next buffer
 * @MH_RING: they may show something else
 */
typedef enum
{
  MH_RING_NOT,
  MH_RING_MOVING,
  MH_RING,
} MhRing;

/* Returns: what has rung. */
MhRing mh_mailbox_get_ring (MhMailbox *mailbox);

/* Stops the ringing: the next change of a control rings again.
 * Returns: since when it has rung. */
MhTime mh_mailbox_take_ring (MhMailbox *mailbox);

/* ---- questions ---- */

/**
 * mh_mailbox_question_new:
 * @asks: #MhAsk
 *
 * Returns: (transfer full): a question that has not been asked.
 */
MhQuestion *mh_mailbox_question_new (guint asks);
void mh_mailbox_question_free (MhQuestion *question);

/* Returns: whether the pipeline may be asked: it does not stop. Any thread. */
gboolean mh_mailbox_may_ask (MhMailbox *mailbox);

/**
 * mh_mailbox_ask:
 * @query_thread: what asks
 * @question: (transfer full): what is asked
 *
 * Never waits. The reader gets the answer, if the mailbox is open by then.
 *
 * Returns: FALSE: there is no thread to ask with.
 */
gboolean mh_mailbox_ask (
    MhMailbox *mailbox, MhQueryThread *query_thread, MhQuestion *question);

/* ---- what is told back ---- */

/**
 * mh_mailbox_set_open:
 * @open: whether it has decided on the start of a session, and not on its end
 * @streams: group of the streams that are played; 0: unknown
 *
 * Says so for the element that takes over. To be called before the worker reads
 * the next observation.
 */
void mh_mailbox_set_open (MhMailbox *mailbox, gboolean open, guint streams);

/* Each of these says what a property of the element is from here on. Where that is
 * another value, `notify` follows (mh_notifier_put_notify()). */
void mh_mailbox_set_playback_state (MhMailbox *mailbox, MhPlaybackState state);
/* @position: seconds; -1: there is none. */
void mh_mailbox_set_resume_position (MhMailbox *mailbox, double position);

/* Says since when the player is inactive, for the property `inactive-time`, which has
 * no `notify`. @since: %MH_TIME_NONE: it is active. */
void mh_mailbox_set_inactive_since (MhMailbox *mailbox, MhTime since);

/* A thread that waits for the worker (mh_mailbox_settle()) waits a little longer while
 * @held: an answer of the pipeline's is on its way, and what was observed waits for it. */
void mh_mailbox_set_held (MhMailbox *mailbox, gboolean held);
/* The same for mh_mailbox_get_resume_position(), while the pipeline is asked where the
 * media comes from. */
void mh_mailbox_set_resume_asked (MhMailbox *mailbox, gboolean asked);

G_END_DECLS
