/* mh-session-phase: how far the session of the item that plays is, what it takes the player
 * for, and whether it goes on with the one before.
 *
 * An element that follows another one goes through the same phases as the one that
 * leads; only the calls of the latter are made.
 *
 * Pure: what happens to the session goes in; what that means comes out
 * (docs/design/inference.md#the-start, #end-stop-and-error).
 *
 * May touch: GLib, mh-decision, mh-streams, mh-time. Not thread-safe.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-decision.h"
#include "mh-streams.h"

G_BEGIN_DECLS

/**
 * MhPhaseState:
 * @MH_PHASE_NONE: nothing is to be tracked yet
 * @MH_PHASE_WANTED: the pipeline is asked to play: sessionStart is to come
 * @MH_PHASE_ASKING: the same, and it is due: only what is played is not known
 * @MH_PHASE_INFORMED: the same, and what is played is known, as far as it will be
 * @MH_PHASE_PLAYING: a session is open: it was told that the media plays, or nothing
 *   yet
 * @MH_PHASE_SEEKING: a session is open: it was told of a seek, which began in play
 * @MH_PHASE_PAUSED: a session is open: it was told of a pause
 * @MH_PHASE_PAUSED_SEEKING: a session is open: it was told of a seek, which began in
 *   a pause
 * @MH_PHASE_OVER: the session has ended; a new run or item, or a replay, begins one
 *
 * Those in which a session is wanted, and those in which one is open, are together
 * and in this order.
 */
typedef enum
{
  MH_PHASE_NONE,
  MH_PHASE_WANTED,
  MH_PHASE_ASKING,
  MH_PHASE_INFORMED,
  MH_PHASE_PLAYING,
  MH_PHASE_SEEKING,
  MH_PHASE_PAUSED,
  MH_PHASE_PAUSED_SEEKING,
  MH_PHASE_OVER,
} MhPhaseState;

/**
 * MhPhase:
 * @state: of the item
 * @leads: whether calls are made
 * @called_at: when the session was called last
 * @media_id: (nullable): what the application calls the media
 * @open_id: (nullable): what it called the media when the latest session started
 *
 * Clear it with mh_phase_clear().
 */
typedef struct
{
  MhPhaseState state;
  gboolean leads;
  MhTime called_at;
  char *media_id;
  char *open_id;
} MhPhase;

#define MH_PHASE_INIT \
  { \
    .leads = TRUE \
  }

void mh_phase_clear (MhPhase *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MhPhase, mh_phase_clear)

/* ---- the session ---- */

/* Another item begins, of which nothing is tracked yet. */
void mh_phase_begin_item (MhPhase *self);

/* A session is wanted, and it is not known what is played. */
void mh_phase_want (MhPhase *self);

/* The session is wanted no longer. Nothing happens if it was not wanted. */
void mh_phase_withdraw (MhPhase *self);

/* A session that is wanted is due. An element that leads must know what is played
 * before it starts one.
 * Returns: whether it has to be asked for that; if so, the start waits for
 * mh_phase_inform(). */
gboolean mh_phase_ask (MhPhase *self);

/* It is known what is played, as far as it will be. Nothing happens if no session is
 * wanted. */
void mh_phase_inform (MhPhase *self);

/* Opens the session that is wanted, of the media that the application names.
 * Returns: whether one was. */
gboolean mh_phase_start (MhPhase *self);

/* The application has started a session: it is tracked as if mh_phase_start() had
 * opened it. */
void mh_phase_adopt (MhPhase *self);

/* The session that the application has started before is that of the item which has
 * begun. */
void mh_phase_keep (MhPhase *self);

/* The session is over, or the application wants none. */
void mh_phase_end (MhPhase *self);

/* ---- what an open session is told ---- */

/**
 * mh_phase_call:
 * @at: when the session is to be called
 *
 * Returns: whether that call is made: there is a session, and this element leads.
 */
gboolean mh_phase_call (MhPhase *self, MhTime at);

/* The session is told that the media plays, which ends a seek as well. */
void mh_phase_play (MhPhase *self);

/* The session is told of a pause. */
void mh_phase_pause (MhPhase *self);

/* A seek begins.
 * Returns: whether the session is to be told of it: not if it takes the player for
 * seeking already. */
gboolean mh_phase_begin_seek (MhPhase *self);

/* A seek has come to a pause. If the seek began in play, its end would report a play
 * that never was: the session keeps taking the player for seeking, which is as
 * inactive, until mh_phase_play().
 * Returns: whether the session is to be told of the end of the seek. */
gboolean mh_phase_pause_seek (MhPhase *self);

/* ---- who leads, and what is played ---- */

/**
 * mh_phase_lead:
 * @taken_over: whether the element that led had a session open
 *
 * This element leads from now on. A session that it has followed is not its own, nor
 * is one that it wants where another has begun: it begins anew.
 *
 * Returns: whether it does.
 */
gboolean mh_phase_lead (MhPhase *self, gboolean taken_over);

/* Another element leads from now on. */
void mh_phase_follow (MhPhase *self);

/**
 * mh_phase_name_media:
 * @id: (nullable): what the application calls the media from now on
 */
void mh_phase_name_media (MhPhase *self, const char *id);

/* ---- questions ---- */

/* Returns: whether a session is to start. */
gboolean mh_phase_is_wanted (const MhPhase *self);

/* Returns: whether a session is open. */
gboolean mh_phase_is_open (const MhPhase *self);

/* Returns: whether a session is open, or is to start. */
gboolean mh_phase_is_tracked (const MhPhase *self);

/* Returns: whether the item has a session, or has had one. */
gboolean mh_phase_has_begun (const MhPhase *self);

/* Returns: whether a session is open, and the application still names its media as it
 * did when that started. */
gboolean mh_phase_is_same_media (const MhPhase *self);

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
    const MhContinuation *self, const MhStreams *streams);

G_END_DECLS
