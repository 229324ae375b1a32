/* mh-delivery: what is told of the delivery of hits.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-hit.h"

G_BEGIN_DECLS

/**
 * MhDelivery:
 * @session_id: the server has given @session its id
 * @sent: a hit of @session has arrived
 * @dropped: @n hits of @session are given up, for @reason. Session 0: hits that
 *   another process, or player, has left behind
 * @refused: the server has refused the sessionStart of @session: nothing of it
 *   is or will be sent. Called once a session, beside @dropped
 * @expired: the back end no longer takes hits of @session (404, 410, or more
 *   than %MH_SESSION_EXPIRY since the last one that it took), or those that it
 *   needs are lost as the store was full and there are new ones since: what
 *   was queued is dropped, or with %MH_SEND_LIVE sent as a batch. Called once a
 *   session. Where the server took no event of @session but its start, the next
 *   session to that server is begun after a back-off, which doubles for as long
 *   as it goes on like that
 * @failed: an attempt failed and will be repeated
 * @problem: something is wrong with the state directory, one line; not again
 *   before it was well in between
 * @changed: the number of waiting hits, the next deadline or what is on the disk
 *   may have changed
 * @hit_refused: the server has refused one of the hits of @session, or the batch
 *   with the rest of it, for @reason. Called once a session, beside @dropped
 * @adopted: @session, which a process that is gone has left, is this spool's now,
 *   and nothing of it has been sent since. Told to the spool's owner only
 *
 * What a sender tells its spool, and a spool its owner and the player that a
 * session belongs to. On the worker, from within what the caller does, or an
 * answer. Handlers may enqueue, but not free what calls them. Any may be NULL.
 */
typedef struct
{
  void (*session_id) (gint64 session, const char *id, gpointer user_data);
  void (*sent) (gint64 session, MhEvent event, gpointer user_data);
  void (*dropped) (
      gint64 session, guint n, const char *reason, gpointer user_data);
  void (*refused) (gint64 session, const char *reason, gpointer user_data);
  void (*expired) (gint64 session, const char *reason, gpointer user_data);
  void (*failed) (gint64 session, const char *reason, gpointer user_data);
  void (*problem) (const char *message, gpointer user_data);
  void (*changed) (gpointer user_data);
  void (*hit_refused) (gint64 session, const char *reason, gpointer user_data);
  void (*adopted) (gint64 session, gpointer user_data);
} MhDelivery;

G_END_DECLS
