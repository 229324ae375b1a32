/* mh-resume-detector: whether a session resumes where the same media was left.
 *
 * It stands in front of the session. Players that resume start at 0 and then seek to
 * the position. So if the media was left in its middle, and the session does not begin
 * there, it is clear only a moment later whether the session resumes. Until then the
 * calls wait here. They are passed on with the times at which they came, so that all
 * rules apply as if they had not waited.
 *
 * Pure: calls and times in, calls out. May touch: mh-call, mh-held-calls, mh-log, mh-position,
 * mh-time. Not thread-safe.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-call.h"
#include "mh-held-calls.h"
#include "mh-position.h"
#include "mh-time.h"

G_BEGIN_DECLS

typedef struct _MhResumeDetector MhResumeDetector;

/* Seconds: a session that begins this close to the position resumes there. A
 * position this close to the beginning is not resumed at all. */
#define MH_RESUME_DETECTOR_NEAR 10.0

/* How long it plays before it is clear that it does not resume, and how long that
 * may take in all: what is reported late must not come after the first ping. */
#define MH_RESUME_DETECTOR_PLAY MH_TIME_FROM_SEC (1)
#define MH_RESUME_DETECTOR_WAIT MH_TIME_FROM_SEC (10)

/**
 * mh_resume_detector_resume_at:
 * @position: (nullable): where the media was left
 *
 * Returns: where to resume, seconds; -1: there is nothing to be resumed.
 */
double mh_resume_detector_resume_at (const MhPosition *position);

/**
 * mh_resume_detector_new:
 * @pass: gets the calls that go on from here; must not call this
 * @user_data: for @pass
 *
 * Returns: (transfer full): one that holds nothing.
 */
MhResumeDetector *mh_resume_detector_new (
    MhHeldCallFunc pass, gpointer user_data);
void mh_resume_detector_free (MhResumeDetector *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MhResumeDetector, mh_resume_detector_free)

/**
 * mh_resume_detector_take:
 * @call: what has happened; a valid call
 * @at: when, not before the time of the last call
 * @resume_at: for sessionStart: where it would resume, seconds, or -1; ignored for
 *   other calls
 *
 * Takes each call of the player. Before it returns FALSE, the calls that have waited
 * have gone on.
 * A sessionStart that resumes goes on with a copy of its media that has @resumed
 * set, at once where the session begins at @resume_at.
 *
 * Returns: whether the call waits or has gone on; if not, it is the caller's to
 *   pass on.
 */
gboolean mh_resume_detector_take (
    MhResumeDetector *self, const MhCall *call, MhTime at, double resume_at);

/* Passes on the calls that have waited long enough by @now. */
void mh_resume_detector_advance (MhResumeDetector *self, MhTime now);

/* Drops the calls that wait. */
void mh_resume_detector_discard (MhResumeDetector *self);

/* Returns: whether calls wait. */
gboolean mh_resume_detector_is_holding (const MhResumeDetector *self);

/* Returns: when it wants to be advanced; %MH_TIME_NEVER while nothing waits. */
MhTime mh_resume_detector_next_deadline (const MhResumeDetector *self);

/* Returns: when the latest of the calls that wait has come; %MH_TIME_NONE: nothing
 * waits. */
MhTime mh_resume_detector_get_now (const MhResumeDetector *self);

G_END_DECLS
