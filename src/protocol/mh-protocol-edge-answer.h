/* mh-protocol-edge-answer: what the Media Edge API's answers mean
 * (docs/design/wire-media-edge.md#answers).
 *
 * May touch: json-glib, mh-json-check. Pure.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-protocol.h"

G_BEGIN_DECLS

/* The function answer() of MhProtocol, for a hit that was sent alone. */
void mh_protocol_edge_answer (
    MhEvent event, const MhAnswer *answer, gint64 utc_now, MhOutcome *outcome);
/* The function batch_answer() of MhProtocol, for a whole session. */
void mh_protocol_edge_batch_answer (
    const MhAnswer *answer, gint64 utc_now, MhOutcome *outcome);

G_END_DECLS
