/* mh-flow: what the streaming thread leaves behind for each buffer.
 *
 * May touch: GLib, mh-wide.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-wide.h"

G_BEGIN_DECLS

/**
 * MhFlow:
 * @buffers: how many buffers (or lists) and gaps have passed, modulo 2³²
 * @pts: of the last buffer, ns
 * @duration: of the last buffer, ns
 * @step: largest step between time stamps in this segment, ns
 * @late: how many frames came to a sink too late to be shown, modulo 2³²
 *
 * Relaxed stores that the worker reads when it wants to know. One streaming
 * thread writes, and those of the sinks @late. The counters have the size that
 * every machine stores at once.
 */
typedef struct
{
  guint32 buffers;
  guint32 late;
  MhWide pts;
  MhWide duration;
  MhWide step;
} MhFlow;

G_END_DECLS
