/* mh-protocol: what a hit looks like to a back end, and what its answers mean.
 *
 * An interface with several implementations (mh-protocol-*), all of them pure:
 * no I/O, no clock, no state.
 *
 * May touch: GLib, mh-hit, mh-config, mh-transport's request and answer. Never the
 * session's header.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-config.h"
#include "mh-hit.h"
#include "mh-protocol-redate.h"
#include "mh-session-trail.h"
#include "mh-transport.h"

G_BEGIN_DECLS

/* The longest session id that is believed to be one. */
#define MH_SESSION_ID_MAX 256

/* The longest hint that is believed to be one. */
#define MH_HINT_MAX 16

/* An answer that takes a hit and leaves out what must come with it may have been
 * cut on its way, or be all that this server ever says: then each attempt leaves
 * something there. What is in doubt is tried as often before it is judged. */
#define MH_PROTOCOL_TRIES 5

/* A server's wish when to try again counts for a day at most. */
#define MH_PROTOCOL_RETRY_AFTER_MAX MH_TIME_FROM_SEC (24 * 60 * 60)

/**
 * MhOutcomeKind:
 * @MH_OUTCOME_ACCEPTED: the hit has arrived
 * @MH_OUTCOME_RETRY: it has not, try the same again later
 * @MH_OUTCOME_REFUSED: it never will: drop it and go on with the next
 * @MH_OUTCOME_EXPIRED: the back end does not know the session (any more)
 * @MH_OUTCOME_DOUBT: it has not, and the answer leaves open whether the back end
 *   fails or the hit is one that it will never take: as a retry, with several hits
 *   fewer at once. A single one is refused when it gets this answer again after the
 *   back end has taken another one
 * @MH_OUTCOME_SPLIT: something in the request will never be taken: with several
 *   hits, send fewer at once; a single one is refused
 * @MH_OUTCOME_STOP: it takes nothing more of this session
 */
typedef enum
{
  MH_OUTCOME_ACCEPTED,
  MH_OUTCOME_RETRY,
  MH_OUTCOME_REFUSED,
  MH_OUTCOME_EXPIRED,
  MH_OUTCOME_DOUBT,
  MH_OUTCOME_SPLIT,
  MH_OUTCOME_STOP,
} MhOutcomeKind;

/**
 * MhOutcome:
 * @kind: what is to be done
 * @session_id: (nullable): of an accepted sessionStart: the id, checked
 * @hint: (nullable): beside it: which part of the back end has the session,
 *   checked
 * @retry_after: of a retry or a doubt: the server's wish, microseconds from now; 0: none
 * @tries: of a retry: after so many answers of this kind the hit is refused;
 *   0: never
 * @repeated: whether the back end says this as well of a hit that it has taken
 *   before, such as that its session is closed
 * @untaken: of a retry or a doubt: whether this answer says that the back end has not taken
 *   the hit
 * @too_long: of a split: whether the length is what is wrong
 * @reason: (nullable): what went wrong, one line of printable text for people,
 *   where @kind is not accepted
 */
typedef struct
{
  MhOutcomeKind kind;
  char *session_id;
  char *hint;
  MhTime retry_after;
  guint tries;
  gboolean repeated;
  gboolean untaken;
  gboolean too_long;
  char *reason;
} MhOutcome;

void mh_outcome_clear (MhOutcome *outcome);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MhOutcome, mh_outcome_clear)

/**
 * MhProtocol:
 * @name: nick of the element's protocol property
 * @endpoint: (nullable): what the sessions of @config are sent to, of which
 *   everything is known that a stored hit needs: the collection server, and in
 *   its query or fragment more. It is kept with the session, so another
 *   configuration does not move what waits. NULL: the collection server
 * @encode: @hit as the body of a request, without the session's id. @trail:
 *   (nullable): what came before it, and whose it is; NULL only where @join is
 * @clocks: where @encode puts time and playhead, ended by one without a name
 * @join: (nullable): a request of several hits, for a back end that knows
 *   nothing of sessions and has no IDs of its own: then there is no @request, nothing waits
 *   for an ID, nothing expires. @bodies: (element-type GBytes): as encoded
 * @join_limit: beside it: how many hits a request to @server may have
 * @one_session: beside it: whether they have to be of one session
 * @request: (nullable): the request that carries @body, as encoded, to @server, an
 *   endpoint. @session_id: (nullable): NULL for a sessionStart only. @hint:
 *   (nullable): what came with the ID
 * @batch: (nullable): the request that carries a whole session, or the rest of
 *   one, that could not or was not to be delivered as it happened. @start: its
 *   sessionStart, as encoded. @resume: whether that has been delivered before: then
 *   this continues it, from the playhead of the first of @hits, a millisecond before
 *   that. @hits: (element-type GBytes): what comes after it, as encoded, in order.
 *   @left_out: (out): how many of @hits are no events, and not in it. Returns NULL
 *   where @start is no event. NULL: the back end knows no such thing
 * @batch_answer: (nullable): what the answer to that means; it has no id
 * @answer: what @answer to the request for @event means. @utc_now: seconds
 *   UTC, for dates in headers. @outcome: filled in
 */
typedef struct
{
  const char *name;
  char *(*endpoint) (const MhConfig *config);
  GBytes *(*encode) (
      const MhConfig *config, const MhHit *hit, const MhSessionTrail *trail);
  const MhProtocolClock *clocks;
  MhRequest *(*join) (const char *server, GPtrArray *bodies);
  guint (*join_limit) (const char *server);
  gboolean one_session;
  MhRequest *(*request) (const char *server, MhEvent event, GBytes *body,
      const char *session_id, const char *hint);
  MhRequest *(*batch) (const char *server, GBytes *start, gboolean resume,
      GPtrArray *hits, guint *left_out);
  void (*batch_answer) (
      const MhAnswer *answer, gint64 utc_now, MhOutcome *outcome);
  void (*answer) (MhEvent event, const MhAnswer *answer, gint64 utc_now,
      MhOutcome *outcome);
} MhProtocol;

/**
 * mh_protocol_get:
 * @kind: which protocol
 *
 * Returns: (nullable): its implementation, static; NULL where this build has
 *   none.
 */
const MhProtocol *mh_protocol_get (MhProtocolKind kind);

/**
 * mh_protocol_dup_endpoint:
 * @config: a configuration with a collection server, whose protocol this build
 *   has
 *
 * Returns: (transfer full): where its sessions are sent to; see #MhProtocol.
 */
char *mh_protocol_dup_endpoint (const MhConfig *config);

/**
 * mh_protocol_format_time:
 * @ts: milliseconds UTC
 *
 * Returns: (transfer full): @ts as RFC 3339 has it: `2026-11-28T20:00:00.000Z`.
 */
char *mh_protocol_format_time (gint64 ts);

/**
 * mh_protocol_check_session_id:
 * @id: what a server calls a session
 * @length: its length in bytes
 *
 * Returns: whether it is 1 to %MH_SESSION_ID_MAX characters of [A-Za-z0-9_-],
 *   and so safe in a path, a log and a body.
 */
gboolean mh_protocol_check_session_id (const char *id, gsize length);

/**
 * mh_protocol_check_hint:
 * @hint: what a server calls a part of itself
 *
 * Returns: whether it is 1 to %MH_HINT_MAX characters of [a-z0-9].
 */
gboolean mh_protocol_check_hint (const char *hint);

/**
 * mh_protocol_collection_event_text:
 * @config: what the application has set
 * @hit: a hit with its time stamp for the wire
 * @with_session: whether to put the hit's session number in front, as a member
 *   `session` that the wire does not have
 *
 * What goes over the wire for @hit with the Media Collection API
 * (mh-protocol-collection.c). Parameters of @config stand before those of
 * the hit; of two with the same name the first one counts. Values that the
 * wire has no form for (numbers that are not finite) are left out.
 *
 * Returns: (transfer full): the event as one line of JSON, without a line end.
 */
char *mh_protocol_collection_event_text (
    const MhConfig *config, const MhHit *hit, gboolean with_session);

G_END_DECLS
