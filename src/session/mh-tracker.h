/* mh-tracker: one player's tracking. It gives calls to the session, puts the
 * session's hits into the store, and turns answers of the back end into calls.
 *
 * May touch: session, resume-detector, protocol, service, clock. On the worker's
 * thread, apart from mh_tracker_get_stats().
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-service.h"
#include "mh-session.h"

G_BEGIN_DECLS

typedef struct _MhTracker MhTracker;

/**
 * MhStats:
 * @sessions: how many have begun
 * @resumes: how many of them were flagged as a resume
 * @hits: how many were made
 * @sent: how many of them the server has taken
 * @queued: how many wait for delivery
 * @failed: attempts that failed (and are repeated)
 * @dropped: how many were given up
 * @refused: calls of the application that the session rules refused
 * @delivery: (nullable): how they are sent: "direct", "helper" or "none"; static;
 *   NULL: no session with a server has begun
 * @last_error: (nullable): the latest thing that went wrong, one line
 * @session_id: (nullable): the server's id of the current session
 */
typedef struct
{
  guint64 sessions;
  guint64 resumes;
  guint64 hits;
  guint64 sent;
  guint64 queued;
  guint64 failed;
  guint64 dropped;
  guint64 refused;
  const char *delivery;
  char *last_error;
  char *session_id;
} MhStats;

void mh_stats_clear (MhStats *stats);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MhStats, mh_stats_clear)

/**
 * MhTrackerListener:
 * @hit: a hit was made, stamped for the wire; valid during the call
 * @session_id: the current session's id, or NULL, has changed
 * @warning: something went wrong that people should know; one line
 *
 * What a tracker tells its owner, on the worker. Handlers must not call the
 * tracker. None is NULL.
 */
typedef struct
{
  void (*hit) (const MhHit *hit, gpointer user_data);
  void (*session_id) (const char *id, gpointer user_data);
  void (*warning) (const char *message, gpointer user_data);
} MhTrackerListener;

/**
 * mh_tracker_new:
 * @clock: (transfer none): what time it is; outlives the tracker
 * @listener: (transfer none): static
 * @user_data: for @listener
 *
 * Any thread.
 *
 * Returns: (transfer full): a tracker that tracks nothing yet and, without a
 *   service, sends nothing.
 */
MhTracker *mh_tracker_new (const MhClock *clock,
    const MhTrackerListener *listener, gpointer user_data);

/**
 * mh_tracker_set_service:
 * @service: (nullable) (transfer none): delivers its hits from the next session
 *   on; outlives the tracker, or is taken away with NULL. What waits then
 *   stays @queued in its statistics until there is another service: its delivery
 *   is not told to this tracker
 *
 * The tracker belongs to the worker of its service; without a service, to the
 * thread that has made it.
 */
void mh_tracker_set_service (MhTracker *tracker, MhService *service);

/* @tracker: (nullable) (transfer full): a tracker without a service; a session
 * that is open is not ended. */
void mh_tracker_free (MhTracker *tracker);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MhTracker, mh_tracker_free)

/**
 * mh_tracker_set_config:
 * @config: (transfer none): immutable from here on
 *
 * Sets the configuration, which counts from the next session on.
 */
void mh_tracker_set_config (MhTracker *tracker, MhConfig *config);

/**
 * mh_tracker_call:
 * @call: what has happened
 * @at: when; before the latest time given counts as that time
 * @error: %MH_ERROR_REFUSED with the reason
 *
 * A sessionStart whose media is to be remembered, and the calls after it, may
 * wait to see whether it resumes (mh-resume-detector). The refusal of a call that has
 * waited is told to the listener as a warning, if the application made the call.
 *
 * Returns: FALSE when the session rules refuse the call; @refused of the
 *   statistics counts it, if the application made the call.
 */
gboolean mh_tracker_call (
    MhTracker *tracker, const MhCall *call, MhTime at, GError **error);

/**
 * mh_tracker_abandon:
 * @reason: why, for the stats
 *
 * Drops the current session at once, with all hits that wait for delivery, also those
 * of earlier sessions. No sessionEnd is made. It is for a visitor who opts out.
 */
void mh_tracker_abandon (MhTracker *tracker, const char *reason);

/**
 * mh_tracker_set_consent:
 * @visitor: the configuration of a visitor who has agreed to what is sent, or has
 *   not been asked yet
 *
 * Takes effect at once, without another configuration. Hits that are made while the
 * answer is not known wait for it. A consent counts for what has waited so far of
 * that visitor (mh_config_consents()), and not for the current session, if that is
 * another visitor's.
 */
void mh_tracker_set_consent (MhTracker *tracker, const MhConfig *visitor);

/**
 * mh_tracker_forget_visitor:
 * @config: its state directory
 * @reason: why, for the stats
 *
 * Abandons all sessions, and deletes what is kept on the disk, for a visitor who opts
 * out; see mh_service_forget_visitor().
 */
void mh_tracker_forget_visitor (
    MhTracker *tracker, const MhConfig *config, const char *reason);

/* Does what is due up to and including @now. */
void mh_tracker_advance (MhTracker *tracker, MhTime now);

/* Returns: when it wants to be advanced; see mh_session_next_deadline(). */
MhTime mh_tracker_next_deadline (MhTracker *tracker);

/* Returns: the latest time given; %MH_TIME_NONE before the first. */
MhTime mh_tracker_get_now (MhTracker *tracker);

/* Returns: whether a media item is tracked. */
gboolean mh_tracker_is_open (MhTracker *tracker);

/* Returns: see mh_session_get_inactive_since(). */
MhTime mh_tracker_get_inactive_since (MhTracker *tracker);

/**
 * mh_tracker_get_resume_position:
 * @config: its state directory, and how old a position may be
 * @media_id: a media item
 *
 * Returns: where the item was left in its middle, seconds; -1: nowhere, or that is
 *   not known. While the item is played, the position moves with its hits.
 */
double mh_tracker_get_resume_position (
    MhTracker *tracker, const MhConfig *config, const char *media_id);

/**
 * mh_tracker_note_error:
 * @message: what has gone wrong, one line, for @last_error of its statistics
 *
 * For what the owner has told people of already: the listener is not called.
 */
void mh_tracker_note_error (MhTracker *tracker, const char *message);

/**
 * mh_tracker_get_stats:
 * @stats: (out): filled in; mh_stats_clear() it
 *
 * Any thread.
 */
void mh_tracker_get_stats (MhTracker *tracker, MhStats *stats);

G_END_DECLS
