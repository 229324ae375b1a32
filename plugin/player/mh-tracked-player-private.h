/* mh-tracked-player-private: what the files of the player share.
 *
 * mh-tracked-player.c            what was observed is dealt with, in order
 * mh-tracked-player-ask.c        what the pipeline is asked
 * mh-tracked-player-call.c       calls that are not the monitor's
 * mh-tracked-player-carry-out.c  what the monitor has decided becomes calls
 * mh-tracked-player-cues.c       calls that are due because of where the media is
 * mh-tracked-player-hold.c       a session waits for the pipeline's answers
 * mh-tracked-player-live.c       whether what is played happens now
 * mh-tracked-player-resume.c     where the media was left the last time
 * mh-tracked-player-run.c        its way to the worker, and back from it
 * mh-tracked-player-states.c     what the player's controls show
 *
 * May touch: what mh-tracked-player.h may. For those files only.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-cues.h"
#include "mh-liveness.h"
#include "mh-log-route.h"
#include "mh-mailbox-reader.h"
#include "mh-monitor.h"
#include "mh-player-states.h"
#include "mh-tracked-player.h"

#define GST_CAT_DEFAULT gst_media_heartbeat_debug

G_BEGIN_DECLS

/* What has been asked, and the latest answers. */
typedef struct
{
  guint wants; /* MhAsk: what to ask next */
  int changes; /* up to which the position of these is wanted */
  guint asks; /* MhAsk: what is being asked */
  guint id; /* of that question */
  MhTime at; /* since when; MH_TIME_NONE: nothing is */

  MhSample sample; /* position and percent, until they are taken */
  int sample_changes; /* what they are about */
  MhStreamInfo info;
  MhTime info_at; /* MH_TIME_NONE: not known */
  guint info_group; /* what it is about */
  char *uri;
  int uri_changes; /* what it is about */
  gboolean uri_known;
  MhControlsView view;
  gboolean view_known; /* for the session that starts */
  MhTime controls_at; /* since when the controls may show something else */
  MhTime controls_asked_at; /* the same, of the question that is being asked */
  MhTime controls_since; /* since when they are asked, or are to be */
} MhAsked;

/* What a session waits for before it starts, or goes on. */
typedef struct
{
  guint what; /* MhAsk: what is to be known; 0: nothing is held */
  MhTime since;
} MhHold;

/* Where to resume, once that is known. */
typedef struct
{
  gboolean known; /* for these settings and this media: */
  MhSettings *settings; /* or NULL */
  char *id;
} MhResumePoint;

struct _MhTrackedPlayer
{
  /* The mailbox, which outlives the player, and what belongs to it. */
  MhMailbox *mailbox;
  MhStream *stream;
  MhNotifier *notifier;
  MhFlow *flow;

  /* The worker's, as is all that follows; while it is not running, of the thread
   * that starts it. */
  MhWorker *worker; /* NULL while not running */
  MhQueryThread *query_thread; /* NULL while not running */
  guint run; /* how often it has been started */
  MhTimer timer;

  /* What decides, and what is told. */
  MhMonitor *monitor;
  MhCues *cues;
  MhLiveness liveness; /* of the session */
  MhPlayerStates states;
  MhTracker *tracker; /* its stats: any thread */

  /* What has been taken from the mailbox. */
  GQueue taken; /* of MhObservation: not dealt with yet */
  int seen; /* the changes when that was taken */
  MhTime seen_at; /* when it last processed, or NONE: by its own clock */
  gint64 seen_awake; /* and by one that stops while the machine sleeps */
  guint64 buffers; /* of the flow, when it was looked at last: */
  guint64 late;

  /* What is asked, and waited for. */
  MhAsked asked;
  double told_length; /* seconds, as the application says; <= 0: it does not */
  MhHold hold;
  MhTime looked_at; /* at the controls */
  MhResumePoint resume;

  /* The session. */
  MhPlace place; /* of what is being carried out, or else of now */
  gboolean post_messages;
  guint resumed_serial; /* of the resumed flag that a session has taken */
  char *media_id; /* of the latest session that has begun by itself, or NULL */
  MhPrivacy privacy; /* as obeyed last */
  guint opt_outs; /* that were obeyed */
};

/* mh-tracked-player.c */

/* Deals with what was observed so far. Where a session is about to start it is
 * held until the pipeline has said what is played, or has taken too long
 * (mh_tracked_player_is_held()); but it is not held where @patient is FALSE. Does
 * nothing while the player is not running: what is observed waits for the start. */
void mh_tracked_player_process (MhTrackedPlayer *self, gboolean patient);

/* mh-tracked-player-live.c */

/* A session starts: fills in @info with what is played, as far as is known by now,
 * and tells the monitor whether that is live, and how long it is. The application
 * says @stream_type (nullable) and @length (seconds, or < 0). */
void mh_tracked_player_find_out (MhTrackedPlayer *self, const char *stream_type,
    double length, MhStreamInfo *info);
/* Takes another answer of the pipeline, which may change whether the media is live. */
void mh_tracked_player_review_live (
    MhTrackedPlayer *self, const MhStreamInfo *info);
/* Where the wall clock has jumped, the playhead of live media does so as well. */
void mh_tracked_player_review_clock (MhTrackedPlayer *self);
/* Asks the pipeline again whether the media is live, where that is due. */
void mh_tracked_player_want_live (MhTrackedPlayer *self, MhTime at);
/* Whether the length that was answered will not be known better soon. */
gboolean mh_tracked_player_knows_length (MhTrackedPlayer *self);

/* mh-tracked-player-carry-out.c */

/* Returns: (transfer full): what a session that starts now goes by. */
MhConfig *mh_tracked_player_make_config (
    MhTrackedPlayer *self, const MhSettings *settings);

/* Carries out what the monitor has decided. Call it after each function of the
 * monitor that may decide something, but not from within what this function calls:
 * the rest follows by itself. */
void mh_tracked_player_carry_out (MhTrackedPlayer *self);
/* Makes a call of the session, with the playhead of that moment before it. */
gboolean mh_tracked_player_call (
    MhTrackedPlayer *self, const MhCall *call, MhTime at, GError **error);
/* Does the same for a call that the application has not asked for. */
gboolean mh_tracked_player_call_by_itself (
    MhTrackedPlayer *self, const MhCall *call, MhTime at, GError **error);
/* Tells the session the playhead and nothing else, where a session is open. */
void mh_tracked_player_tell_place (MhTrackedPlayer *self, MhTime at);

/* mh-tracked-player-hold.c */

/* Returns: whether what was observed waits for an answer of the pipeline. */
gboolean mh_tracked_player_is_held (MhTrackedPlayer *self);
/* Returns: when the player is held no longer, at the latest; MH_TIME_NEVER: it is
 * not held. */
MhTime mh_tracked_player_hold_deadline (MhTrackedPlayer *self);
/* Holds the player where a session is about to start and it is not known what is
 * played. Returns: whether what comes next has to wait; not where @patient is FALSE. */
gboolean mh_tracked_player_hold_start (MhTrackedPlayer *self, gboolean patient);
/* Prepares for the next item: what is known of the one before does not hold for it.
 * The pipeline can say what it is as soon as there is data. */
void mh_tracked_player_prepare_info (
    MhTrackedPlayer *self, const MhObservation *observation);

/* mh-tracked-player-ask.c: while running */

/* Asks what is wanted, and what the monitor wants, in the query thread,
 * one question at a time; the answer comes to the worker, which deals with what
 * was observed then. Never waits. */
void mh_tracked_player_ask (MhTrackedPlayer *self, MhTime now);
/* Whether there is a pipeline that can be asked. */
gboolean mh_tracked_player_can_ask (MhTrackedPlayer *self);
/* Asks for more (MhAsk) at the next opportunity, if it is not being asked. */
void mh_tracked_player_want (MhTrackedPlayer *self, guint wants);
/* Asks what is played, once more where that is being asked already: another item
 * has come since. */
void mh_tracked_player_want_info_again (MhTrackedPlayer *self);
/* Asks what the controls show since @at. If that is being asked already, it is asked
 * once more, as the controls may have been read before they changed. */
void mh_tracked_player_want_controls (MhTrackedPlayer *self, MhTime at);
/* Returns: whether the answer to one of these is still to come. */
gboolean mh_tracked_player_is_asked (MhTrackedPlayer *self, guint asks);
/* Whether it is known what is played, and has been asked since @since. */
gboolean mh_tracked_player_is_informed (MhTrackedPlayer *self, MhTime since);
/* Puts what was answered of the position and the buffer into a sample, once. */
void mh_tracked_player_take_answer (MhTrackedPlayer *self, MhSample *sample);
/* Forgets what was answered about the media: that is not what plays any more. */
void mh_tracked_player_forget_info (MhTrackedPlayer *self);
/* Takes an answer: the reader's function. */
void mh_tracked_player_answer (gpointer reader, MhQuestion *question);
/* The player stops: no answer is waited for any more. */
void mh_tracked_player_stop_asking (MhTrackedPlayer *self);
/* Frees what was answered. The player is freed with it. */
void mh_tracked_player_clear_asked (MhTrackedPlayer *self);

/* mh-tracked-player-cues.c */

/* Makes the calls that are due by @until, which is settled. */
void mh_tracked_player_run_cues (MhTrackedPlayer *self, MhTime until);
/* Makes the cues that are due before the media moves to @place, at the moment @at,
 * and notes the move: the only place that does, between two looks. Call it before the
 * call that the monitor has decided then. */
void mh_tracked_player_move (
    MhTrackedPlayer *self, const MhPlace *place, MhTime at);
/* Makes the cues that come before a call of the monitor, where the media is by then.
 * Call it before that call. */
void mh_tracked_player_cue_call (
    MhTrackedPlayer *self, MhCallType type, MhTime at);
/* Takes the mark out of an observation, and forgets what was flushed. Call it before
 * the monitor is told of the observation. */
void mh_tracked_player_cue_observation (
    MhTrackedPlayer *self, MhObservation *observation);
/* The item is over: nothing that is due in it is called any more. */
void mh_tracked_player_leave_cues (MhTrackedPlayer *self);
/* Returns: when the next cue is worth a look; MH_TIME_NEVER: there is none. */
MhTime mh_tracked_player_cue_timer (MhTrackedPlayer *self);

/* mh-tracked-player-states.c */

/* The session has taken a sessionStart: the states begin anew. */
void mh_tracked_player_begin_states (
    MhTrackedPlayer *self, const MhSettings *settings, MhTime at);
/* Has the controls looked at, if they may show something else. @now: the time. */
void mh_tracked_player_look_at_controls (MhTrackedPlayer *self, MhTime now);
/* Takes what the controls have shown since @at. */
void mh_tracked_player_take_view (
    MhTrackedPlayer *self, const MhControlsView *view, MhTime at);
/* Returns: when to look at the controls again. */
MhTime mh_tracked_player_controls_timer (MhTrackedPlayer *self);
/* Tells the session what the controls have shown by @until, which is settled. */
void mh_tracked_player_run_states (MhTrackedPlayer *self, MhTime until);
/* Returns: whether a call of the application changes nothing: the player has made it
 * already, because of a control. */
gboolean mh_tracked_player_state_is_said (
    MhTrackedPlayer *self, const MhCall *call);
/* Notes a call of the application that was accepted. */
void mh_tracked_player_note_state (MhTrackedPlayer *self, const MhCall *call);

/* mh-tracked-player-call.c */

/* Returns: whether the session is that of this element: the application may call it. */
gboolean mh_tracked_player_check_leads (MhTrackedPlayer *self, GError **error);
/* Makes a call of the application, and tells the monitor of it. The caller carries
 * out what the monitor decides then. */
gboolean mh_tracked_player_make_call (
    MhTrackedPlayer *self, const MhCall *call, MhTime at, GError **error);

/* mh-tracked-player-resume.c */

/* Looks up where to resume, if it is not known. While running. */
void mh_tracked_player_update_resume (
    MhTrackedPlayer *self, MhSettings *settings);
/* Frees what is known of where to resume. The player is freed with it. */
void mh_tracked_player_clear_resume (MhTrackedPlayer *self);
/* Sets where the media comes from, which is known by other means. */
void mh_tracked_player_set_uri (MhTrackedPlayer *self, const char *uri);

G_END_DECLS
