/* mh-toc: a table of contents, as the list of chapters that play.
 *
 * May touch: GStreamer's TOCs, mh-chapters' lists. Pure.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

#include "mh-chapters.h"

G_BEGIN_DECLS

/**
 * mh_toc_flatten:
 * @toc: a table of contents
 *
 * Of several editions (versions, angles) the first that has chapters plays. A
 * chapter that has chapters itself is these, and what of it comes before them.
 * What overlaps ends where the next one begins.
 *
 * Returns: (transfer full): its chapters, in order; there may be none.
 */
GPtrArray *mh_toc_flatten (GstToc *toc);

G_END_DECLS
