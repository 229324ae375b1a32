/* mh-hostile: a server on loopback that takes what it is sent, but for one
 * request that goes wrong in a given way. HTTP by hand: libsoup's server would
 * not do such things.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gio/gio.h>

/**
 * MhFault:
 * @MH_FAULT_NONE: 201 with a Location for sessions, 201 for batches, 204 for
 *   events, 404 for those of a session that it has not begun; for the Media Edge
 *   API 200 with a session's ID, 200 and 204
 * @MH_FAULT_REFUSED: nobody listens, until mh_hostile_listen()
 * @MH_FAULT_HANG_UP: the connection is closed, properly
 * @MH_FAULT_RESET: the connection is reset
 * @MH_FAULT_SILENT: no answer
 * @MH_FAULT_HALF_HEADER: the connection is closed in the middle of the status
 * @MH_FAULT_CUT_HEADER: and in the middle of what comes then
 * @MH_FAULT_CUT_LINE: and at the end of a line of that: whoever does not look
 *   closely has it as whole, and a session has no ID
 * @MH_FAULT_HALF_BODY: and in the middle of the body
 * @MH_FAULT_GARBAGE: no HTTP
 * @MH_FAULT_SLOW_HEADER: a byte now and then, and no end
 * @MH_FAULT_SLOW_BODY: the same after the header
 * @MH_FAULT_ENDLESS_HEADER: as fast as it goes
 * @MH_FAULT_ENDLESS_BODY: the same after the header
 * @MH_FAULT_500: that status, as with the following ones
 * @MH_FAULT_503: with Retry-After
 *
 * What a server does. Before those of the network, and those that take no end,
 * it has taken what it was sent; before the statuses it has not.
 */
typedef enum
{
  MH_FAULT_NONE,
  MH_FAULT_REFUSED,
  MH_FAULT_HANG_UP,
  MH_FAULT_RESET,
  MH_FAULT_SILENT,
  MH_FAULT_HALF_HEADER,
  MH_FAULT_CUT_HEADER,
  MH_FAULT_CUT_LINE,
  MH_FAULT_HALF_BODY,
  MH_FAULT_GARBAGE,
  MH_FAULT_SLOW_HEADER,
  MH_FAULT_SLOW_BODY,
  MH_FAULT_ENDLESS_HEADER,
  MH_FAULT_ENDLESS_BODY,
  MH_FAULT_500,
  MH_FAULT_503,
  MH_FAULT_429,
  MH_FAULT_400,
  MH_FAULT_404,
  MH_FAULT_410,
} MhFault;

#define MH_N_FAULTS (MH_FAULT_410 + 1)

/**
 * MhHostile:
 * @port: where it listens, also when it does not
 * @n_requests: how many have come
 * @faults: what happens to which request; the others go well
 * @n_done: how many of @faults have happened
 * @stuck: it has done all it will about a request that gets no answer
 * @taken: (element-type utf8): the bodies that it took, in order
 *
 * A server, in the default main context.
 */
typedef struct
{
  guint16 port;
  guint n_requests;
  struct
  {
    guint request; /* the first is 0 */
    MhFault fault;
  } faults[2];
  guint n_done;
  gboolean stuck;
  GPtrArray *taken;

  /*< private >*/
  GSocket *guard; /* keeps the port when nobody listens */
  GSocketService *service;
  GPtrArray *ids; /* of sessions that it has begun */
  guint n_connections;
} MhHostile;

/**
 * mh_hostile_start:
 * @self: filled in; @faults, if any, are set by the caller
 */
void mh_hostile_start (MhHostile *self);

/**
 * mh_hostile_stop:
 * @self: cleared. Its clients have gone, or are about to
 */
void mh_hostile_stop (MhHostile *self);

/* After %MH_FAULT_REFUSED: listens again. */
void mh_hostile_listen (MhHostile *self);

/**
 * mh_hostile_is_listening:
 */
gboolean mh_hostile_is_listening (MhHostile *self);

/* Returns: a name for people. */
const char *mh_fault_name (MhFault fault);
