/* mh-pad-table: which pads the tracer counts data of.
 *
 * Asked at every push of the process: a handful of instructions, no lock. Of a
 * fixed size; where it is full, a pipeline's data is not counted, and only its
 * position tells whether it moves.
 *
 * May touch: GStreamer's plain types, mh-tap. Thread-safe.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

#include "mh-tap.h"

G_BEGIN_DECLS

#define MH_PAD_TABLE_SIZE 1024 /* a power of two */
#define MH_PAD_TABLE_PROBES 8

typedef struct
{
  gconstpointer pad; /* atomic */
  MhTap *tap; /* atomic */
} MhPadSlot;

extern MhPadSlot mh_pad_table[MH_PAD_TABLE_SIZE + MH_PAD_TABLE_PROBES];

static inline guint
mh_pad_table_hash (gconstpointer pad)
{
  return (guint) ((guintptr) pad / 16 * 2654435761u) & (MH_PAD_TABLE_SIZE - 1);
}

/**
 * mh_pad_table_find:
 * @pad: any pad, only compared with
 *
 * Returns: (nullable): what was added for it. Valid for as long as whoever
 *   added it says; data that passes @pad must not outlive that.
 */
static inline MhTap *
mh_pad_table_find (gconstpointer pad)
{
  const MhPadSlot *slot = &mh_pad_table[mh_pad_table_hash (pad)];

  for (guint i = 0; i < MH_PAD_TABLE_PROBES; i++, slot++) {
    if (G_UNLIKELY (__atomic_load_n (&slot->pad, __ATOMIC_ACQUIRE) == pad))
      return __atomic_load_n (&slot->tap, __ATOMIC_RELAXED);
  }
  return NULL;
}

/**
 * mh_pad_table_add:
 * @pad: a pad that is not there yet, only compared with
 * @tap: told of its data
 *
 * Returns: FALSE where there is no room.
 */
gboolean mh_pad_table_add (gconstpointer pad, MhTap *tap);

/**
 * mh_pad_table_remove:
 * @pad: a pad, there or not
 * @tap: (nullable): only if it is for this one
 */
void mh_pad_table_remove (gconstpointer pad, const MhTap *tap);

G_END_DECLS
