/* mh-protocol-edge: the Media Edge API (docs/design/wire-media-edge.md).
 *
 * Here are the bodies and the requests; mh-protocol-edge-answer reads what comes
 * back, mh-protocol-edge-batch puts whole sessions together.
 *
 * May touch: mh-json, mh-json-object. Pure.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-protocol.h"

G_BEGIN_DECLS

extern const MhProtocol mh_protocol_edge;

G_END_DECLS
