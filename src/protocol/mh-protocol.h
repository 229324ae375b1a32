/* mh-protocol: what a hit looks like to a back end, and what its answers mean.
 *
 * An interface with several implementations (mh-protocol-*), all of them pure:
 * no I/O, no clock, no state.
 *
 * May touch: GLib, mh-hit, mh-config, mh-transport's request and answer,
 * mh-retry's limits; mh-json and json-glib in the implementations. Never the
 * session's header.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-config.h"
#include "mh-hit.h"
#include "mh-transport.h"

G_BEGIN_DECLS

/* The longest session id that is believed to be one. */
#define MH_SESSION_ID_MAX 256

/**
 * MhOutcomeKind:
 * @MH_OUTCOME_ACCEPTED: the hit has arrived
 * @MH_OUTCOME_RETRY: it has not, try the same again later
 * @MH_OUTCOME_REFUSED: it never will: drop it and go on with the next
 * @MH_OUTCOME_EXPIRED: the back end does not know the session (any more)
 */
typedef enum
{
  MH_OUTCOME_ACCEPTED,
  MH_OUTCOME_RETRY,
  MH_OUTCOME_REFUSED,
  MH_OUTCOME_EXPIRED,
} MhOutcomeKind;

/**
 * MhOutcome:
 * @kind: what is to be done
 * @session_id: (nullable): of an accepted sessionStart: the id, checked
 * @retry_after: of a retry: the server's wish, microseconds from now; 0: none
 * @tries: of a retry: after so many answers of this kind the hit is refused;
 *   0: never
 * @reason: (nullable): what went wrong, one line of printable text for people,
 *   where @kind is not accepted
 */
typedef struct
{
  MhOutcomeKind kind;
  char *session_id;
  MhTime retry_after;
  guint tries;
  char *reason;
} MhOutcome;

void mh_outcome_clear (MhOutcome *outcome);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MhOutcome, mh_outcome_clear)

/**
 * MhProtocol:
 * @name: nick of the element's protocol property
 * @encode: @hit as the body of a request, without the session's id
 * @request: the request that carries @body, as encoded, to @server.
 *   @session_id: (nullable): NULL for a sessionStart only
 * @batch: (nullable): the request that carries a whole session, or the rest of
 *   one, that could not or was not to be delivered as it happened. @start,
 *   @resume, @hits, @left_out: see mh_protocol_batch_encode(). Returns NULL
 *   where @start cannot be used. NULL: the back end knows no such thing
 * @batch_answer: (nullable): what the answer to that means; it has no id
 * @answer: what @answer to the request for @event means. @utc_now: seconds
 *   UTC, for dates in headers. @outcome: filled in
 */
typedef struct
{
  const char *name;
  GBytes *(*encode) (const MhConfig *config, const MhHit *hit);
  MhRequest *(*request) (
      const char *server, MhEvent event, GBytes *body, const char *session_id);
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
 * mh_protocol_join:
 * @server: base URI, with or without a slash at its end
 * @path: path without a leading slash
 *
 * Returns: (transfer full): the URI of @path below @server.
 */
char *mh_protocol_join (const char *server, const char *path);

/**
 * mh_protocol_status_outcome:
 * @answer: an answer
 * @utc_now: seconds UTC
 * @outcome: filled in where TRUE is returned
 *
 * What holds for every HTTP back end: no answer, 408, 425, 429, 5xx and
 * redirects are retries (with Retry-After in seconds or as a date, at most
 * 24 h), other 4xx are refusals. 2xx is for the caller to judge, 404 and 410
 * too where they have a meaning of their own.
 *
 * Returns: whether the answer is one of these.
 */
gboolean mh_protocol_status_outcome (
    const MhAnswer *answer, gint64 utc_now, MhOutcome *outcome);

/**
 * mh_protocol_check_session_id:
 * @id: what a server calls a session
 * @length: its length in bytes
 *
 * Returns: whether it is 1 to %MH_SESSION_ID_MAX characters of [A-Za-z0-9_-],
 *   and so safe in a path, a log and a body.
 */
gboolean mh_protocol_check_session_id (const char *id, gsize length);

G_END_DECLS
