/* mh-seen-marks: which of the events that bring calls have come before.
 *
 * One event may arrive several times: at each element of a pipeline, over each
 * branch that it was sent into, and again when pads are linked anew, if it is
 * sticky. The sequence number does not identify it: by GStreamer's convention,
 * events that follow from one another share a number, and may still bring different
 * calls. An event has come before if it is the same object. It also has if it is a copy, as
 * a pad with an offset makes one: with the same number and the same call, seen before at
 * another place of the pipeline (a sticky event: also at the same place).
 *
 * May touch: mh-call, mh-mark. Pure. Not thread-safe.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-mark.h"

G_BEGIN_DECLS

typedef struct _MhSeenMarks MhSeenMarks;

/* Returns: (transfer full): nothing has come. */
MhSeenMarks *mh_seen_marks_new (void);
void mh_seen_marks_free (MhSeenMarks *marks);

/**
 * mh_seen_marks_is_new:
 * @mark: one that brings a call
 *
 * Returns: whether the mark has not come before. From now on it has.
 */
gboolean mh_seen_marks_is_new (MhSeenMarks *marks, const MhMark *mark);

/* Call it when data was flushed. Events that came with that data may come again with
 * it, and count again. Sticky events stay at the pads and do not count again. */
void mh_seen_marks_flush (MhSeenMarks *marks);

G_END_DECLS
