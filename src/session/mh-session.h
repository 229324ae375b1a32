/* mh-session: the rules of a tracking session
 * (docs/design/session-rules.md).
 *
 * Calls and times go in, hits come out. The session has no clock, thread, timer or
 * random numbers. Its owner asks for the next deadline, and advances the session when
 * that has passed.
 *
 * A session object tracks one player for as long as it lives: media items one
 * after the other, each with one session or, when it is resumed, more.
 *
 * May touch: GLib, mh-time, mh-call, mh-media, mh-metadata, mh-hit, mh-error.
 * Never a protocol's, the store's or the sender's header. Not thread-safe.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-call.h"
#include "mh-hit.h"
#include "mh-metadata.h"

G_BEGIN_DECLS

typedef struct _MhSession MhSession;

/**
 * MhTimeouts:
 * @idle: how long a player may be inactive before its session is closed
 * @session: how long a session may be in all
 * @ping: time between pings
 * @ad_ping: time between pings inside an ad, where the media asks for granular
 *   tracking
 *
 * All microseconds, > 0. For downloaded content the time between pings is
 * 50 s whatever @ping and @ad_ping say.
 */
typedef struct
{
  MhTime idle;
  MhTime session;
  MhTime ping;
  MhTime ad_ping;
} MhTimeouts;

/* The values of
 * docs/design/session-rules.md#after-every-call-and-at-every-deadline. */
#define MH_TIMEOUTS_INIT \
  { \
    MH_TIME_FROM_SEC (1800), MH_TIME_FROM_SEC (86400), MH_TIME_FROM_SEC (10), \
        MH_TIME_FROM_SEC (1) \
  }

/**
 * MhSessionListener:
 * @hit: a hit was made; @hit is handed over
 * @refused: a call that had been held back is refused now; @error as
 *   mh_session_call() would have set it
 * @warning: something of a call is left out, for people to read
 *
 * What a session tells its owner, from within its functions. Handlers must
 * not call the session. @refused and @warning may be NULL.
 */
typedef struct
{
  void (*hit) (MhHit *hit, gpointer user_data);
  void (*refused) (
      const MhCall *call, MhTime at, const GError *error, gpointer user_data);
  MhWarningFunc warning;
} MhSessionListener;

/**
 * mh_session_new:
 * @listener: copied
 * @user_data: for the listener
 *
 * Returns: (transfer full): a session object that tracks nothing yet, with the
 *   time-outs of docs/design/session-rules.md; free with mh_session_free().
 */
MhSession *mh_session_new (
    const MhSessionListener *listener, gpointer user_data);
void mh_session_free (MhSession *session);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MhSession, mh_session_free)

/* Takes effect at the next call, advance or deadline. */
void mh_session_set_timeouts (MhSession *session, const MhTimeouts *timeouts);

/**
 * mh_session_call:
 * @call: what has happened
 * @now: when; not before any time given earlier
 * @error: %MH_ERROR_REFUSED with the reason: nothing has changed
 *
 * Deadlines up to and including @now come first. During the pre-roll wait the
 * call may be held back; its hits, with its own time, are made later, and a
 * refusal is told to the listener then.
 *
 * Returns: FALSE when the call is refused.
 */
gboolean mh_session_call (
    MhSession *session, const MhCall *call, MhTime now, GError **error);

/* Returns: where the media is at @at, seconds, as far as it was told. */
double mh_session_get_playhead (MhSession *session, MhTime at);

/* Returns: whether something is tracked, and no calls wait for an ad. */
gboolean mh_session_can_renew (MhSession *session);

/**
 * mh_session_renew:
 * @session: a session that can be renewed
 *
 * Ends what is tracked at the latest time that was given, and goes on with it as a
 * resumed session.
 */
void mh_session_renew (MhSession *session);

/* Forgets the media item, and with it all of its context, without a word: no hit,
 * not even a sessionEnd. */
void mh_session_abandon (MhSession *session);

/**
 * mh_session_advance:
 * @now: what time it is; not before any time given earlier
 *
 * Does what is due up to and including @now.
 */
void mh_session_advance (MhSession *session, MhTime now);

/* Returns: when the session wants to be advanced, if no call comes first;
 * %MH_TIME_NEVER when only a call can change anything. */
MhTime mh_session_next_deadline (const MhSession *session);

/* Returns: the latest time that it has been given; %MH_TIME_NONE before that. */
MhTime mh_session_get_now (const MhSession *session);

/* Returns: whether a media item is tracked, also while its session is closed by
 * inactivity. */
gboolean mh_session_is_open (const MhSession *session);

/* Returns: since when the player has been inactive; %MH_TIME_NONE where it is
 * active or nothing is tracked. */
MhTime mh_session_get_inactive_since (const MhSession *session);

G_END_DECLS
