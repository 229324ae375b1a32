/* mh-remember: whether a session resumes where the same media was left.
 *
 * It stands in front of the session. Where it is known that somebody was in the
 * middle of the media, and the session does not begin there, the next moment
 * tells: players start at 0 and seek then. For that long the calls wait here,
 * and go on with the times they came with, so that all rules hold as if they
 * had not waited.
 *
 * Pure: calls and times in, calls out. May touch: mh-call, mh-position, mh-time.
 * Not thread-safe.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-call.h"
#include "mh-position.h"
#include "mh-time.h"

G_BEGIN_DECLS

typedef struct _MhRemember MhRemember;

/* Seconds: how close to the position is there; what is not further than that
 * from the beginning is none to resume at. */
#define MH_REMEMBER_NEAR 10.0

/* How long it plays before it is clear that it does not resume, and how long that
 * may take in all: what is reported late must not come after the first ping. */
#define MH_REMEMBER_PLAY MH_TIME_FROM_SEC (1)
#define MH_REMEMBER_WAIT MH_TIME_FROM_SEC (10)

/**
 * MhRememberFunc:
 * @call: a call that has waited
 * @at: when it came
 */
typedef void (*MhRememberFunc) (
    const MhCall *call, MhTime at, gpointer user_data);

/**
 * mh_remember_resume_at:
 * @position: (nullable): where somebody was
 *
 * Returns: where to resume, seconds; -1: there is nothing to be resumed.
 */
double mh_remember_resume_at (const MhPosition *position);

/**
 * mh_remember_new:
 * @pass: gets the calls that have waited, when they go on; must not call this
 * @user_data: for @pass
 *
 * Returns: (transfer full): one that holds nothing.
 */
MhRemember *mh_remember_new (MhRememberFunc pass, gpointer user_data);
void mh_remember_free (MhRemember *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MhRemember, mh_remember_free)

/**
 * mh_remember_take:
 * @self: one
 * @call: what has happened; a valid one
 * @at: when, not before the call before
 * @resume_at: of sessionStart: where it would resume, seconds, or -1; of other
 *   calls it does not count
 *
 * Sees all calls. Before it returns FALSE, those that have waited have gone on.
 * A sessionStart that resumes gets its media's @resumed set.
 *
 * Returns: whether the call waits; if not, it is the caller's to pass on.
 */
gboolean mh_remember_take (
    MhRemember *self, const MhCall *call, MhTime at, double resume_at);

/**
 * mh_remember_advance:
 *
 * Lets go on what has waited long enough by @now.
 */
void mh_remember_advance (MhRemember *self, MhTime now);

/**
 * mh_remember_discard:
 *
 * What waits goes nowhere.
 */
void mh_remember_discard (MhRemember *self);

gboolean mh_remember_is_holding (const MhRemember *self);

/**
 * mh_remember_next_deadline:
 *
 * Returns: when it wants to be advanced; %MH_TIME_NEVER while nothing waits.
 */
MhTime mh_remember_next_deadline (const MhRemember *self);

/**
 * mh_remember_get_now:
 *
 * Returns: when the latest of the calls that wait has come; %MH_TIME_NONE:
 *   nothing waits.
 */
MhTime mh_remember_get_now (const MhRemember *self);

G_END_DECLS
