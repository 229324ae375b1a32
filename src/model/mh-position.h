/* mh-position: the position at which a media item was left.
 *
 * May touch: GLib only.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * MhPosition:
 * @playhead: seconds of content, finite and >= 0
 * @complete: whether it was played to its end: there is nothing to resume
 * @ts: when, milliseconds UTC
 */
typedef struct
{
  double playhead;
  gboolean complete;
  gint64 ts;
} MhPosition;

G_END_DECLS
