/* collector-session: what a back end remembers of its sessions.
 *
 * Reads no clock: the time of arrival is an argument, in microseconds of any
 * clock that never goes back.
 *
 * May touch: GLib, json-glib, collector-event.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Sessions beyond this number push out the one heard of least recently, so
 * that a collector left running does not grow without end. */
#define COLLECTOR_SESSIONS_MAX 100000

/**
 * CollectorState:
 *
 * What the player of a session does, as far as its events tell.
 */
typedef enum
{
  COLLECTOR_STATE_START, /* neither play nor pause yet */
  COLLECTOR_STATE_PLAYING,
  COLLECTOR_STATE_PAUSED,
  COLLECTOR_STATE_BUFFERING,
  COLLECTOR_STATE_ENDED, /* sessionEnd or sessionComplete was seen */
} CollectorState;

/**
 * collector_state_name:
 * @state: a state
 *
 * Returns: its name in the output: start, playing, paused, …; static.
 */
const char *collector_state_name (CollectorState state);

/**
 * CollectorSession:
 *
 * One session. Not thread-safe, as everything here.
 */
typedef struct _CollectorSession CollectorSession;

/**
 * collector_session_new:
 *
 * Returns: (transfer full): a session by itself, with a new random id, that
 *   has not seen an event; free with collector_session_free().
 */
CollectorSession *collector_session_new (void);

/**
 * collector_session_new_known:
 * @id: an id that collector_session_get_id() has given, in another process
 *
 * Returns: (transfer full): as by collector_session_new(), with that id.
 */
CollectorSession *collector_session_new_known (const char *id);

/**
 * collector_session_free:
 * @session: (nullable) (transfer full): a session that is in no table
 */
void collector_session_free (CollectorSession *session);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CollectorSession, collector_session_free)

/**
 * collector_session_get_id:
 * @session: a session
 *
 * Returns: its id: 32 hexadecimal digits; owned by @session.
 */
const char *collector_session_get_id (CollectorSession *session);

/**
 * collector_session_get_state:
 * @session: a session
 *
 * Returns: its state after the last event.
 */
CollectorState collector_session_get_state (CollectorSession *session);

/**
 * collector_session_get_subject:
 * @session: a session
 *
 * Returns: (nullable): the name of what the last event was about: the ad, ad
 *   break, chapter or player state, also for events that end one without
 *   naming it; valid until the next event.
 */
const char *collector_session_get_subject (CollectorSession *session);

/**
 * collector_session_accept:
 * @session: a session
 * @event: an event that collector_event_check() accepted
 * @now: when it arrived
 * @reason: (out): what is wrong; set only where FALSE is returned
 *
 * The session must be open. Refuses an event whose time stamp is not later
 * than the last one's, and then changes nothing.
 *
 * Returns: whether the event is now part of the session.
 */
gboolean collector_session_accept (
    CollectorSession *session, JsonObject *event, gint64 now, char **reason);

/**
 * collector_session_take:
 * @session: a session
 * @event: an event of any time, which is new
 * @now: when it arrived
 *
 * As collector_session_accept() for protocols without an order. An event that
 * is earlier than the last one changes neither the state nor the subject.
 */
void collector_session_take (
    CollectorSession *session, JsonObject *event, gint64 now);

/**
 * CollectorSessions:
 *
 * The sessions that were started, by id.
 */
typedef struct _CollectorSessions CollectorSessions;

/**
 * collector_sessions_new:
 * @expire: microseconds without an event after which a session is closed
 *
 * Returns: (transfer full): an empty table; free with
 *   collector_sessions_free().
 */
CollectorSessions *collector_sessions_new (gint64 expire);

/**
 * collector_sessions_free:
 * @sessions: (nullable) (transfer full): a table
 */
void collector_sessions_free (CollectorSessions *sessions);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CollectorSessions, collector_sessions_free)

/**
 * collector_sessions_add:
 * @sessions: a table
 * @session: (transfer full): a session with its sessionStart
 */
void collector_sessions_add (
    CollectorSessions *sessions, CollectorSession *session);

/**
 * collector_sessions_find:
 * @sessions: a table
 * @id: an id, may be anything
 * @now: the time
 * @open: (out): whether the session takes events: it has not ended, and not
 *   been silent for longer than the table's limit
 *
 * Returns: (transfer none) (nullable): the session; NULL where it is unknown,
 *   and then @open is FALSE.
 */
CollectorSession *collector_sessions_find (
    CollectorSessions *sessions, const char *id, gint64 now, gboolean *open);

/**
 * collector_sessions_touch:
 * @sessions: a table
 * @session: a session in it that has just accepted an event
 *
 * Makes it the one that is forgotten last.
 */
void collector_sessions_touch (
    CollectorSessions *sessions, CollectorSession *session);

G_END_DECLS
