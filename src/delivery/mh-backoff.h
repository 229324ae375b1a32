/* mh-backoff: when to try again. Pure: no clock, no randomness of its own.
 *
 * May touch: GLib, mh-time, and in the file a limit of mh-protocol.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-time.h"

G_BEGIN_DECLS

/* Exponential back-off with full jitter (docs/design/decisions.md#numbers). */
#define MH_BACKOFF_BASE MH_TIME_FROM_SEC (1)
#define MH_BACKOFF_CAP MH_TIME_FROM_SEC (60)

/* The longest back-off for a server that does not answer at all, and after how many
 * attempts in a row, made one after the other, that server is offline. */
#define MH_BACKOFF_SERVER_CAP MH_TIME_FROM_SEC (30 * 60)
#define MH_BACKOFF_OFFLINE_AFTER 5

/* The shortest and the longest time in which the start of media that has failed is
 * not reported again, and after how long it is not known to have failed. */
#define MH_BACKOFF_START MH_TIME_FROM_SEC (5)
#define MH_BACKOFF_START_CAP MH_TIME_FROM_SEC (60 * 60)
#define MH_BACKOFF_START_MEMORY MH_TIME_FROM_SEC (24 * 60 * 60)

/**
 * mh_backoff_delay:
 * @attempt: how many attempts have failed so far, >= 1
 * @retry_after: the server's wish, microseconds; 0: none
 * @random: 0 <= @random < 1
 *
 * A random part of 1 s doubled with each failure, 60 s at most; never before
 * the server's wish is over, which counts for 24 h at most and is itself
 * followed by the jitter, so that a fleet does not come back all at once.
 *
 * Returns: how long to wait, microseconds.
 */
MhTime mh_backoff_delay (guint attempt, MhTime retry_after, double random);

/**
 * mh_backoff_server_delay:
 * @attempt: how many attempts have failed so far, >= 1
 * @random: 0 <= @random < 1
 *
 * The back-off for the session that is the next to try at a server from which no
 * answer has come: a random part of 1 s doubled with each failure, 30 minutes at
 * most.
 *
 * Returns: how long to wait, microseconds.
 */
MhTime mh_backoff_server_delay (guint attempt, double random);

/**
 * mh_backoff_start_delay:
 * @attempt: how many starts of a media item have failed and were reported, >= 1
 *
 * Returns: for how long the next one that fails is not reported: 5 s doubled with
 *   each, an hour at most, microseconds.
 */
MhTime mh_backoff_start_delay (guint attempt);

G_END_DECLS
