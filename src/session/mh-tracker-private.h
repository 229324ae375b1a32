/* mh-tracker-private: what the files of the tracker share.
 *
 * mh-tracker.c          calls to the session, its hits to the queue, the statistics
 * mh-tracker-clock.c    how a hit is dated, and a wall clock that jumps
 * mh-tracker-starts.c   media that fails at its start again and again
 * mh-tracker-visitor.c  a visitor who agrees, or does not
 *
 * May touch: what mh-tracker.h may. For those files only.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-tracker.h"

#include "mh-protocol.h"
#include "mh-resume-detector.h"

G_BEGIN_DECLS

struct _MhTracker
{
  MhService *service;
  const MhClock *clock;
  const MhTrackerListener *listener;
  gpointer user_data;

  /* The worker's thread only. */
  MhResumeDetector *resume; /* in front of the session */
  MhSession *session;
  char *media_id; /* of the current item, where its position is kept, or NULL */
  MhTime played_at; /* that, for the first time; MH_TIME_NONE: not yet */
  MhConfig *config; /* what the next session takes */
  MhConfig *current; /* what the current one took */
  const MhProtocol *protocol; /* of the current session, NULL: not sent */
  gint64 key; /* of the current session in the store, or 0 */
  MhSessionTrail trail; /* of the session, where its protocol needs one */
  gint64 utc_offset; /* µs, of the current session */
  gint64 last_ts; /* ms, of the current session */
  gboolean has_problem; /* the state directory, as has been said */
  gint64 over; /* the latest session that was refused, as has been said */
  gboolean failing; /* nothing gets through at the moment, as has been said */

  struct
  {
    char *media_id; /* of the current session, or NULL */
    gboolean whole; /* it is a batch */
    gboolean has_played;
    gboolean has_failed; /* instead, as has been noted */
    gboolean is_withheld; /* until it plays, with: */
    GQueue withheld; /* of MhHit: what is not in the store */
  } starts;

  GMutex lock;
  MhStats stats; /* lock */
};

/* @id: (nullable): what the server calls the current session. */
void mh_tracker_set_session_id (MhTracker *self, const char *id);

/* Whether the server knows nothing of sessions: then their IDs are made here. */
gboolean mh_tracker_has_own_ids (MhTracker *self);

/* mh-tracker-clock.c */

/* Puts a hit of a session that is sent into the queue. */
void mh_tracker_enqueue (MhTracker *self, MhHit *hit);

/* By how many milliseconds the queue moves the hits of the session. */
gint64 mh_tracker_get_shift (MhTracker *self);

/* Nothing of the session is in the queue, but all of it is about to be: what is
 * withheld and @current are dated by the clock of now. */
void mh_tracker_redate (MhTracker *self, MhHit *current);

/* Where the server has a part of the session by a clock that was wrong, ends that at
 * @at and goes on with another one. */
void mh_tracker_check_clock (MhTracker *self, MhTime at);

/* mh-tracker-starts.c */

/* A session begins. Returns: whether its hits are to wait until it plays. */
gboolean mh_tracker_withhold_start (MhTracker *self, const MhHit *start);

/* Looks at a hit of the current session: whether its start has failed, or it plays. */
void mh_tracker_note_start (MhTracker *self, const MhHit *hit);

/* Keeps a hit of such a session. It takes @hit. What is kept goes with the session's
 * end. */
void mh_tracker_withhold (MhTracker *self, MhHit *hit);
/* Forgets what is kept: nothing is withheld any more. */
void mh_tracker_clear_withheld (MhTracker *self);

G_END_DECLS
