/* mh-protocol-collection: the Media Collection API (wire-media-collection.md).
 *
 * May touch: json-glib. Pure.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-protocol.h"

G_BEGIN_DECLS

extern const MhProtocol mh_protocol_collection;

G_END_DECLS
