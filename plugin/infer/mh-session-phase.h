/* mh-session-phase: how far the session of the item that plays is, what it takes the
 * player for, and whether it goes on with the one before.
 *
 * An element that follows another one goes through the same phases as the one that
 * leads; only the calls of the latter are made.
 *
 * Pure: what happens to the session goes in; what that means comes out
 * (docs/design/inference.md#the-start, #end-stop-and-error).
 *
 * May touch: GLib, mh-decision, mh-stream-groups, mh-time. Not thread-safe.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-decision.h"
#include "mh-stream-groups.h"

G_BEGIN_DECLS

/**
 * MhSessionPhaseState:
 * @MH_SESSION_PHASE_NONE: nothing is to be tracked yet
 * @MH_SESSION_PHASE_WANTED: the pipeline is asked to play: sessionStart is to come
 * @MH_SESSION_PHASE_ASKING: the same, and it is due: only what is played is not known
 * @MH_SESSION_PHASE_INFORMED: the same, and what is played is known, as far as it will
 *   be
 * @MH_SESSION_PHASE_PLAYING: a session is open: it was told that the media plays, or
 *   nothing yet
 * @MH_SESSION_PHASE_SEEKING: a session is open: it was told of a seek, which began in
 *   play
 * @MH_SESSION_PHASE_PAUSED: a session is open: it was told of a pause
 * @MH_SESSION_PHASE_PAUSED_SEEKING: a session is open: it was told of a seek, which
 *   began in a pause
 * @MH_SESSION_PHASE_OVER: the session has ended; a new run or item, or a replay, begins
 *   one
 *
 * Those in which a session is wanted, and those in which one is open, are together
 * and in this order.
 */
typedef enum
{
  MH_SESSION_PHASE_NONE,
  MH_SESSION_PHASE_WANTED,
  MH_SESSION_PHASE_ASKING,
  MH_SESSION_PHASE_INFORMED,
  MH_SESSION_PHASE_PLAYING,
  MH_SESSION_PHASE_SEEKING,
  MH_SESSION_PHASE_PAUSED,
  MH_SESSION_PHASE_PAUSED_SEEKING,
  MH_SESSION_PHASE_OVER,
} MhSessionPhaseState;

/**
 * MhSessionPhase:
 * @state: of the item
 * @leads: whether calls are made
 * @called_at: when the session was called last
 * @media_id: (nullable): what the application calls the media
 * @open_id: (nullable): what it called the media when the latest session started
 *
 * Clear it with mh_session_phase_clear().
 */
typedef struct
{
  MhSessionPhaseState state;
  gboolean leads;
  MhTime called_at;
  char *media_id;
  char *open_id;
} MhSessionPhase;

#define MH_SESSION_PHASE_INIT \
  { \
    .leads = TRUE \
  }

void mh_session_phase_clear (MhSessionPhase *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MhSessionPhase, mh_session_phase_clear)

/* ---- the session ---- */

/* Another item begins, of which nothing is tracked yet. */
void mh_session_phase_begin_item (MhSessionPhase *self);

/* A session is wanted, and it is not known what is played. */
void mh_session_phase_want (MhSessionPhase *self);

/* The session is wanted no longer. Nothing happens if it was not wanted. */
void mh_session_phase_withdraw (MhSessionPhase *self);

/* A session that is wanted is due. An element that leads must know what is played
 * before it starts one.
 * Returns: whether it has to be asked for that; if so, the start waits for
 * mh_session_phase_inform(). */
gboolean mh_session_phase_ask (MhSessionPhase *self);

/* It is known what is played, as far as it will be. Nothing happens if no session is
 * wanted. */
void mh_session_phase_inform (MhSessionPhase *self);

/* Opens the session that is wanted, of the media that the application names.
 * Returns: whether one was. */
gboolean mh_session_phase_start (MhSessionPhase *self);

/* The application has started a session: it is tracked as if mh_session_phase_start()
 * had opened it. */
void mh_session_phase_adopt (MhSessionPhase *self);

/* The session that the application has started before is that of the item which has
 * begun. */
void mh_session_phase_keep (MhSessionPhase *self);

/* The session is over, or the application wants none. */
void mh_session_phase_end (MhSessionPhase *self);

/* ---- what an open session is told ---- */

/**
 * mh_session_phase_call:
 * @at: when the session is to be called
 *
 * Returns: whether that call is made: there is a session, and this element leads.
 */
gboolean mh_session_phase_call (MhSessionPhase *self, MhTime at);

/* The session is told that the media plays, which ends a seek as well. */
void mh_session_phase_play (MhSessionPhase *self);

/* The session is told of a pause. */
void mh_session_phase_pause (MhSessionPhase *self);

/* A seek begins.
 * Returns: whether the session is to be told of it: not if it takes the player for
 * seeking already. */
gboolean mh_session_phase_begin_seek (MhSessionPhase *self);

/* A seek has come to a pause. If the seek began in play, its end would report a play
 * that never was: the session keeps taking the player for seeking, which is as
 * inactive, until mh_session_phase_play().
 * Returns: whether the session is to be told of the end of the seek. */
gboolean mh_session_phase_pause_seek (MhSessionPhase *self);

/* ---- who leads, and what is played ---- */

/**
 * mh_session_phase_lead:
 * @taken_over: whether the element that led had a session open
 *
 * This element leads from now on. A session that it has followed is not its own, nor
 * is one that it wants where another has begun: it begins anew.
 *
 * Returns: whether it does.
 */
gboolean mh_session_phase_lead (MhSessionPhase *self, gboolean taken_over);

/* Another element leads from now on. */
void mh_session_phase_follow (MhSessionPhase *self);

/**
 * mh_session_phase_name_media:
 * @id: (nullable): what the application calls the media from now on
 */
void mh_session_phase_name_media (MhSessionPhase *self, const char *id);

/* ---- questions ---- */

/* Returns: whether a session is to start. */
gboolean mh_session_phase_is_wanted (const MhSessionPhase *self);

/* Returns: whether a session is open. */
gboolean mh_session_phase_is_open (const MhSessionPhase *self);

/* Returns: whether a session is open, or is to start. */
gboolean mh_session_phase_is_tracked (const MhSessionPhase *self);

/* Returns: whether the item has a session, or has had one. */
gboolean mh_session_phase_has_begun (const MhSessionPhase *self);

/* Returns: whether a session is open, and the application still names its media as it
 * did when that started. */
gboolean mh_session_phase_is_same_media (const MhSessionPhase *self);

/* ---- the session before ---- */

/**
 * MhContinuation:
 * @resume: how the session before has ended
 * @group: where it is to go on in the same streams: their group; 0: in any
 *
 * All zero: there was none.
 *
 * Whether the session that starts next goes on with the one before. A session may end
 * while the pipeline has not: an element that was gone for a moment, a source that was
 * restarted, an error that was not the end, an element that took the place of the one
 * that led.
 */
typedef struct
{
  MhResume resume;
  guint group;
} MhContinuation;

/* What was before is over. */
void mh_continuation_end (MhContinuation *self);

/**
 * mh_continuation_break_off:
 * @group: in which streams it may go on; 0: in any
 *
 * A session has ended that may go on, if the media is the same.
 */
void mh_continuation_break_off (MhContinuation *self, guint group);

/**
 * mh_continuation_take_over:
 * @group: what another element played, where this one joins a pipeline that the other
 *   one tracks; 0: unknown, or it has tracked the same
 *
 * Another element had a session open, and this one goes on with it. Where it joins, it
 * may already have the next item's streams: then its session is no resume.
 */
void mh_continuation_take_over (MhContinuation *self, guint group);

/**
 * mh_continuation_get:
 * @streams: what is played
 *
 * Returns: whether a session that starts now goes on with the one before.
 */
MhResume mh_continuation_get (
    const MhContinuation *self, const MhStreamGroups *streams);

G_END_DECLS
