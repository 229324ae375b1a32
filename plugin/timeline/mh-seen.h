/* mh-seen: which of the events that bring calls have come before.
 *
 * An event comes more than once: to each of the elements of a pipeline, over
 * each branch that it was sent into, and a sticky one again where pads are
 * linked anew. Sequence numbers do not tell: events that follow from one another
 * share one, by GStreamer's convention, and are different calls all the same. So
 * an event is one that has come before if it is the same object; or, as pads with
 * an offset pass copies on, if it has the same number and brings the same call,
 * and came to another place of the pipeline before. A sticky one that does may
 * have come to the same place.
 *
 * May touch: mh-call, mh-mark. Pure. Not thread-safe.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-mark.h"

G_BEGIN_DECLS

typedef struct _MhSeen MhSeen;

/**
 * mh_seen_new:
 *
 * Returns: (transfer full): nothing has come.
 */
MhSeen *mh_seen_new (void);
void mh_seen_free (MhSeen *seen);

/**
 * mh_seen_is_new:
 * @mark: one that brings a call
 *
 * Returns: whether the mark has not come before. From now on it has.
 */
gboolean mh_seen_is_new (MhSeen *seen, const MhMark *mark);

/**
 * mh_seen_flush:
 *
 * The data that was on its way is gone: what came with it may come again with the
 * data. Sticky events stay at the pads and do not.
 */
void mh_seen_flush (MhSeen *seen);

G_END_DECLS
