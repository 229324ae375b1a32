/* mh-protocol-edge-batch: hits of one session as one body of the Media Edge API
 * (docs/design/wire-media-edge.md#downloaded-content).
 *
 * The hits have been encoded before, perhaps by another version, and may come from
 * the disk. They are therefore read as JSON again, and what is no event is left out.
 *
 * May touch: GLib, json-glib, mh-json, mh-json-check, mh-protocol. Pure.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The longest body that the API takes. */
#define MH_PROTOCOL_EDGE_BATCH_MAX (64 * 1024)

/**
 * mh_protocol_edge_batch_encode:
 * @start: the session's sessionStart, as encoded
 * @resume: whether it has been delivered before: then this continues it, from
 *   the playhead of the first of @hits, a millisecond before that
 * @hits: (element-type GBytes): what comes after it, as encoded, in order
 * @left_out: (out): how many of @hits are no events, and not in it
 *
 * Where all of it is longer than %MH_PROTOCOL_EDGE_BATCH_MAX, pings are left
 * out evenly, as far as that needs; not so many that ten minutes are without an
 * event, which would close the session. Other events never are.
 *
 * Returns: (transfer full) (nullable): the body of a request; NULL: @start is
 *   no event.
 */
GBytes *mh_protocol_edge_batch_encode (
    GBytes *start, gboolean resume, GPtrArray *hits, guint *left_out);

G_END_DECLS
