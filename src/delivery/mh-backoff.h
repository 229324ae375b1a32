/* mh-retry: when to try again. Pure: no clock, no randomness of its own.
 *
 * May touch: GLib and mh-time only.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-time.h"

G_BEGIN_DECLS

/* Exponential back-off with full jitter (lessons.md, "Numbers …"). */
#define MH_RETRY_BASE MH_TIME_FROM_SEC (1)
#define MH_RETRY_CAP MH_TIME_FROM_SEC (60)
#define MH_RETRY_AFTER_MAX MH_TIME_FROM_SEC (24 * 60 * 60)

/* The same for a server that does not answer at all. It is offline after so many
 * attempts in a row, made one after the other. */
#define MH_RETRY_SERVER_CAP MH_TIME_FROM_SEC (30 * 60)
#define MH_RETRY_OFFLINE_AFTER 5

/* An answer that takes a hit and leaves out what must come with it may have been
 * cut on its way, or be all that this server ever says: then each attempt leaves
 * something there. */
#define MH_RETRY_UNUSABLE_MAX 5

/**
 * mh_retry_delay:
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
MhTime mh_retry_delay (guint attempt, MhTime retry_after, double random);

/**
 * mh_retry_server_delay:
 * @attempt: how many attempts have failed so far, >= 1
 * @random: 0 <= @random < 1
 *
 * The same for whoever may try next at a server from which no answer has come:
 * 30 minutes at most.
 *
 * Returns: how long to wait, microseconds.
 */
MhTime mh_retry_server_delay (guint attempt, double random);

G_END_DECLS
