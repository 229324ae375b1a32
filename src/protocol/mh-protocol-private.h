/* mh-protocol-private: what the protocols share, and what the files have that they
 * are split into.
 *
 * mh-protocol.c                   what holds for every HTTP back end
 * mh-protocol-cmcd.c              Common Media Client Data
 * mh-protocol-collection.c        the Media Collection API
 * mh-protocol-collection-batch.c  hits of one session as one body of that
 * mh-protocol-edge.c              the Media Edge API: bodies and requests
 * mh-protocol-edge-answer.c       what its answers mean
 * mh-protocol-edge-batch.c        hits of one session as one body of that
 * mh-protocol-events.c            rows and CloudEvents
 *
 * May touch: what mh-protocol.h may; the files beside it mh-json and json-glib. For
 * those files only. Pure.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-protocol.h"

G_BEGIN_DECLS

#define MH_PROTOCOL_DECLARE(kind, symbol, nick, title, whole) \
  extern const MhProtocol mh_protocol_##symbol;
MH_PROTOCOLS (MH_PROTOCOL_DECLARE)
#undef MH_PROTOCOL_DECLARE

/* What hits call this library. */
#define MH_PROTOCOL_LIBRARY "gst-media-heartbeat/" MH_VERSION

/* How many hits a request may have: what a server takes at once, and what is
 * lost of a connection that breaks. */
#define MH_PROTOCOL_MOST_HITS 500

/* mh-protocol.c */

/**
 * mh_protocol_describe:
 * @answer: an answer
 * @lacking: (nullable): what is wrong with it, where its status does not tell
 *
 * Returns: (transfer full): what @answer was, one line of printable text for
 *   people.
 */
char *mh_protocol_describe (const MhAnswer *answer, const char *lacking);

/**
 * mh_protocol_join:
 * @server: base URI, with or without a slash at its end
 * @path: path without a leading slash
 *
 * Returns: (transfer full): the URI of @path below @server.
 */
char *mh_protocol_join (const char *server, const char *path);

/**
 * mh_protocol_frame:
 * @begin: what stands in front of the first hit
 * @between: what stands between two
 * @end: what stands behind the last
 * @bodies: (element-type GBytes): hits, as encoded
 *
 * Returns: (transfer full): the hits as one body.
 */
GBytes *mh_protocol_frame (
    const char *begin, const char *between, const char *end, GPtrArray *bodies);

/**
 * mh_protocol_status_outcome:
 * @answer: an answer
 * @utc_now: seconds UTC
 * @outcome: filled in; %MH_OUTCOME_ACCEPTED where FALSE is returned
 *
 * What holds for every HTTP back end. 2xx is for the caller to judge, 404 and
 * 410 too where they have a meaning of their own.
 *
 * Proxies, captive portals and firewalls answer in the server's place, with any
 * status and any header. Their answers are retries, as the network may let the
 * next request through. An answer is taken for the server's own only if it has
 * one of these forms:
 *
 * - 413, 414, 415, 422 and 431 are refusals: they are about the request itself,
 *   which stays as it is.
 * - 400, 404 and 410 are refusals, unless the body is a page: its first
 *   character, but for white space and a byte order mark, is '<'. An API writes
 *   JSON or text.
 * - Other 4xx (401, 403, 405, 451 and so on) are refusals only with a JSON object
 *   as the body: no API that is spoken here gives them without one.
 * - 407, 408, 425, 429, 5xx (511 is a portal's), redirects, a 2xx other than
 *   201 and 204 with a page as its body, and no answer are retries, with Retry-After
 *   in seconds or as a date, at most 24 h. Hits wait within the limits of the queue.
 *
 * Returns: whether the answer is one of these.
 */
gboolean mh_protocol_status_outcome (
    const MhAnswer *answer, gint64 utc_now, MhOutcome *outcome);

/**
 * mh_protocol_refine_event_refusal:
 * @outcome: (inout): %MH_OUTCOME_REFUSED, as of mh_protocol_status_outcome(), for
 *   an event other than `sessionStart`
 *
 * For the APIs of Adobe, whose server knows sessions. 404 and 410 mean that the
 * session has expired. If the event was sent before, these and 400 mean that the
 * server took it then: an event that has ended its session finds that closed, and a
 * repeated event is not later than the last one, which is a 400.
 */
void mh_protocol_refine_event_refusal (
    const MhAnswer *answer, MhOutcome *outcome);

/* Returns: whether @answer may be the server's own, as its body is no page. */
gboolean mh_protocol_is_own (const MhAnswer *answer);

/* mh-protocol-collection-batch.c, mh-protocol-edge-batch.c: the body that the
 * function batch() of MhProtocol sends. Returns: (transfer full) (nullable): NULL:
 * @start is no event. */
GBytes *mh_protocol_collection_batch_encode (
    GBytes *start, gboolean resume, GPtrArray *hits, guint *left_out);
GBytes *mh_protocol_edge_batch_encode (
    GBytes *start, gboolean resume, GPtrArray *hits, guint *left_out);

/* The longest body that the Media Edge API takes. */
#define MH_PROTOCOL_EDGE_BATCH_MAX (64 * 1024)

/* mh-protocol-edge-answer.c */

/* The function answer() of MhProtocol, for a hit that was sent alone. */
void mh_protocol_edge_answer (
    MhEvent event, const MhAnswer *answer, gint64 utc_now, MhOutcome *outcome);
/* The function batch_answer() of MhProtocol, for a whole session. */
void mh_protocol_edge_batch_answer (
    const MhAnswer *answer, gint64 utc_now, MhOutcome *outcome);

/* mh-protocol-events.c */

/* The function answer() of MhProtocol, for each protocol whose requests have
 * several hits (docs/design/wire-events.md#answers). */
void mh_protocol_events_answer (
    MhEvent event, const MhAnswer *answer, gint64 utc_now, MhOutcome *outcome);

G_END_DECLS
