/* mh-continuation: whether the session that starts next goes on with the one before.
 *
 * A session may end while the pipeline has not: an element that was gone for a moment,
 * a source that was restarted, an error that was not the end, an element that took the
 * place of the one that led.
 *
 * Pure: what has ended goes in (docs/design/inference.md#end-stop-and-error).
 *
 * May touch: mh-decision, mh-streams.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-decision.h"
#include "mh-streams.h"

G_BEGIN_DECLS

/**
 * MhContinuation:
 * @resume: how the session before has ended
 * @group: where it is to go on in the same streams: their group; 0: in any
 *
 * All zero: there was none.
 */
typedef struct
{
  MhResume resume;
  guint group;
} MhContinuation;

/**
 * mh_continuation_end:
 *
 * What was before is over.
 */
void mh_continuation_end (MhContinuation *self);

/**
 * mh_continuation_break_off:
 * @group: in which streams it may go on; 0: in any
 *
 * A session has ended that may go on, if the media is the same.
 */
void mh_continuation_break_off (MhContinuation *self, guint group);

/**
 * mh_continuation_take_over:
 *
 * Another element had a session open, and this one goes on with it.
 */
void mh_continuation_take_over (MhContinuation *self);

/**
 * mh_continuation_come:
 * @group: what that one plays; 0: unknown
 *
 * As mh_continuation_take_over(), for an element that joins a pipeline which another
 * one tracks. The new element may already have the next item's streams: then its
 * session is no resume.
 */
void mh_continuation_come (MhContinuation *self, guint group);

/**
 * mh_continuation_get:
 * @streams: what is played
 *
 * Returns: whether a session that starts now goes on with the one before.
 */
MhResume mh_continuation_get (
    const MhContinuation *self, const MhStreams *streams);

G_END_DECLS
