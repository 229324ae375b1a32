/* mh-protocol-collection: the Media Collection API
 * (docs/design/wire-media-collection.md).
 *
 * May touch: mh-json. Pure.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-protocol.h"

G_BEGIN_DECLS

/**
 * mh_protocol_collection_event_text:
 * @config: what the application has set
 * @hit: a hit with its time stamp for the wire
 * @with_session: whether to put the hit's session number in front, as a member
 *   `session` that the wire does not have
 *
 * What goes over the wire for @hit. Parameters of @config stand before those of
 * the hit; of two with the same name the first one counts. Values that the
 * wire has no form for (numbers that are not finite) are left out.
 *
 * Returns: (transfer full): the event as one line of JSON, without a line end.
 */
char *mh_protocol_collection_event_text (
    const MhConfig *config, const MhHit *hit, gboolean with_session);

G_END_DECLS
