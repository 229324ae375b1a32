/* mh-observer-private: what the files of the observer share.
 *
 * mh-observer.c        to the worker and back
 * mh-observer-ask.c    what the pipeline is asked
 * mh-observer-cues.c   calls that are due because of where the media is
 * mh-observer-lead.c   who of several tracks a pipeline
 * mh-observer-resume.c where somebody was in what is played
 * mh-observer-run.c    its way to the worker, and back from it
 * mh-observer-states.c what the player's controls show
 * mh-observer-track.c  what a thread waits for
 *
 * May touch: what mh-observer.h may. For those files only.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-controls.h"
#include "mh-cues.h"
#include "mh-leader.h"
#include "mh-observer.h"
#include "mh-outbox.h"
#include "mh-states.h"

G_BEGIN_DECLS

/* The player's controls may show something else. */
typedef enum
{
  RUNG_NOT,
  RUNG_MOVING, /* and again with the next buffer */
  RUNG,
} MhRung;

struct _MhObserver
{
  gatomicrefcount refs;
  MhOutbox *outbox;
  MhStream *stream;
  MhControls *controls;
  MhLeaderMember *member; /* its registry's lock */
  MhFlow flow; /* atomics */
  int quiet; /* atomic: the pipeline stops, it must not be asked any more */
  int playback_state; /* atomic: MhPlaybackState */
  int rung; /* atomic, written under the lock: MhRung */
  int asking; /* atomic: it owes an answer */

  GMutex lock;
  MhService *service; /* lock: NULL while not running */
  GQueue queue; /* lock: of MhObservation */
  gboolean hold; /* lock: keep what is observed while not running */
  gboolean scheduled; /* lock: the worker is told of the queue */
  MhSettings *settings; /* lock */
  MhTime inactive_since; /* lock */
  MhTime rung_at; /* lock: since when it is */
  double resume_position; /* lock */

  /* The worker's thread only; while not running, of whoever starts it. */
  MhWorker *worker; /* NULL while not running */
  MhAsker *asker; /* likewise */
  MhMonitor *monitor;
  MhTracker *tracker;
  MhCues *cues;
  MhStates states;
  MhTime looked_at; /* at the controls */
  MhTimer timer;
  gboolean post_messages; /* of the current session */
  guint resumed_serial; /* of the resumed flag that a session has taken */
  MhPrivacy privacy; /* as obeyed last */
  guint opt_outs; /* that were obeyed */
  MhTime seen_at; /* when it last processed, or NONE: by its own clock */
  gint64 seen_awake; /* and by one that stops while the machine sleeps */
  gboolean resume_known; /* for these settings and this media: */
  MhSettings *resume_settings; /* or NULL */
  char *resume_id;
};

/* Returns: (transfer full): the settings of now. Any thread. */
MhSettings *mh_observer_dup_settings (MhObserver *self);

/* Returns: (transfer full): what a session that starts now goes by. On the
 * worker. */
MhConfig *mh_observer_make_config (
    MhObserver *self, const MhSettings *settings);

/* What is played, and to the monitor whether it is live. On the worker. */
void mh_observer_find_out (MhObserver *self, MhStreamInfo *info);

/* Deals with what was observed so far; @data is the observer. On the worker. */
void mh_observer_process (gpointer data);

/* Returns: (transfer full): a member of the registry for the observer. */
MhLeaderMember *mh_observer_new_member (MhObserver *self);

/* Returns: (transfer full) (nullable): who tracks what the observer observes,
 * itself or another; NULL: nobody does. Any thread. */
MhObserver *mh_observer_dup_leader (MhObserver *self);

/* For a queue, and for whoever keeps a reference. */
void mh_observer_free_observation (gpointer data);
void mh_observer_unref_data (gpointer data);

/* mh-observer-ask.c: on the worker, while running. The pipeline is not waited
 * for longer than is bearable to others, and not asked while it stops: then there
 * is no answer. */

/* Fills @sample in where @look, and its percent where @percent. */
void mh_observer_ask_sample (
    MhObserver *self, gboolean look, gboolean percent, MhSample *sample);
/* What is played, as far as that is known without an answer. */
void mh_observer_ask_info (MhObserver *self, guint group, MhStreamInfo *info);
/* Returns: (transfer full) (nullable): where it comes from, likewise. */
char *mh_observer_ask_uri (MhObserver *self);
/* Returns: whether there is an answer. */
gboolean mh_observer_ask_controls (MhObserver *self, MhControlsView *view);

/* mh-observer-cues.c: on the worker */

/* A session begins; @duration: seconds, or -1. */
void mh_observer_begin_cues (
    MhObserver *self, const MhSettings *settings, double duration);
/* Makes the calls that are due by @until, which is settled. */
void mh_observer_run_cues (MhObserver *self, MhTime until);
/* Before the monitor's own call, from within it. */
void mh_observer_cue_call (MhObserver *self, MhCallType type, MhTime at);
/* Before the monitor is told of it; takes the mark out of it. */
void mh_observer_cue_observation (MhObserver *self, MhObservation *observation);
/* When the next is due, and when that is worth a look. */
MhTime mh_observer_cue_deadline (MhObserver *self);
MhTime mh_observer_cue_timer (MhObserver *self);

/* mh-observer.c: the player's controls show something else; @moving: maybe for
 * each buffer of a stream. Any thread. */
void mh_observer_ring (MhObserver *self, gboolean moving);

/* mh-observer-states.c: on the worker, but for the first */

/* Returns: (transfer full): controls that ring. */
MhControls *mh_observer_new_controls (MhObserver *self);
/* The session has taken a sessionStart. */
void mh_observer_begin_states (
    MhObserver *self, const MhSettings *settings, MhTime at);
/* Has a look at the controls, where it is worth that; @now: not later. */
void mh_observer_look_at_controls (MhObserver *self, MhTime now);
/* When to have another. */
MhTime mh_observer_controls_timer (MhObserver *self);
/* Tells the session what the controls have shown by @until, which is settled. */
void mh_observer_run_states (MhObserver *self, MhTime until);
/* Of a call of the application's: whether it was made for it already. */
gboolean mh_observer_state_is_said (MhObserver *self, const MhCall *call);
/* One that was accepted. */
void mh_observer_note_state (MhObserver *self, const MhCall *call);

/* mh-observer-track.c: makes a call that is not the monitor's. On the worker. */
gboolean mh_observer_make_call (
    MhObserver *self, const MhCall *call, MhTime at, GError **error);

/* mh-observer-resume.c: looks up where to resume, if it is not known. On the
 * worker, while running. */
void mh_observer_update_resume (MhObserver *self, MhSettings *settings);
void mh_observer_clear_resume (MhObserver *self);

/* Sets the timer to what is due next. On the worker, while running. */
void mh_observer_set_timer (MhObserver *self);

G_END_DECLS
