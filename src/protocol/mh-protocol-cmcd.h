/* mh-protocol-cmcd: Common Media Client Data, version 2, event mode
 * (docs/design/wire-cmcd.md).
 *
 * May touch: mh-protocol-events. Pure.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-protocol.h"

G_BEGIN_DECLS

extern const MhProtocol mh_protocol_cmcd;

G_END_DECLS
