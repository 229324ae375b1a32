/* mh-protocol-events: each hit as an object of its own, for data bases, log
 * pipelines and event brokers (docs/design/wire-events.md).
 *
 * May touch: mh-json, mh-json-object. Pure.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-protocol.h"

G_BEGIN_DECLS

extern const MhProtocol mh_protocol_events;

/* The function answer() of MhProtocol, for each protocol whose requests have
 * several hits (docs/design/wire-events.md#answers). */
void mh_protocol_events_answer (
    MhEvent event, const MhAnswer *answer, gint64 utc_now, MhOutcome *outcome);

G_END_DECLS
