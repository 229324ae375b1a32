/* mh-protocol-batch: hits of one session as one body, for the Media Collection
 * API's downloaded content.
 *
 * The hits have been encoded before, perhaps by another version, and may come from
 * the disk. They are therefore read as JSON again, and what is not JSON is left out.
 *
 * May touch: GLib, json-glib, mh-json. Pure.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * mh_protocol_batch_encode:
 * @start: the session's sessionStart, as encoded
 * @resume: whether it has been delivered before: then this continues it, from
 *   the playhead of the first of @hits, a millisecond before that
 * @hits: (element-type GBytes): what comes after it, as encoded, in order
 * @left_out: (out): how many of @hits are no events, and not in it
 *
 * The batch begins with a sessionStart that is flagged as downloaded, and with
 * @resume as a resume (docs/design/wire-media-collection.md#requests).
 *
 * Returns: (transfer full) (nullable): an array of events; NULL: @start is no
 *   event.
 */
GBytes *mh_protocol_batch_encode (
    GBytes *start, gboolean resume, GPtrArray *hits, guint *left_out);

G_END_DECLS
