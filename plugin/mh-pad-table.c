/* mh-pad-table: which pads the tracer counts data of.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-pad-table.h"

/* A pad is in one of the slots that follow its hash; the last hashes have as
 * many slots behind them as the others. */
MhPadSlot mh_pad_table[MH_PAD_TABLE_SIZE + MH_PAD_TABLE_PROBES];

static GMutex lock; /* of those who change it */

gboolean
mh_pad_table_add (gconstpointer pad, MhTap *tap)
{
  MhPadSlot *slot = &mh_pad_table[mh_pad_table_hash (pad)];
  gboolean added = FALSE;

  g_mutex_lock (&lock);
  for (guint i = 0; i < MH_PAD_TABLE_PROBES && !added; i++, slot++) {
    if (slot->pad)
      continue;
    __atomic_store_n (&slot->tap, tap, __ATOMIC_RELAXED);
    /* Whoever finds the pad finds its tap. */
    __atomic_store_n (&slot->pad, pad, __ATOMIC_RELEASE);
    added = TRUE;
  }
  g_mutex_unlock (&lock);
  return added;
}

void
mh_pad_table_remove (gconstpointer pad, const MhTap *tap)
{
  MhPadSlot *slot = &mh_pad_table[mh_pad_table_hash (pad)];

  g_mutex_lock (&lock);
  for (guint i = 0; i < MH_PAD_TABLE_PROBES; i++, slot++) {
    if (slot->pad == pad && (!tap || slot->tap == tap))
      __atomic_store_n (&slot->pad, NULL, __ATOMIC_RELEASE);
  }
  g_mutex_unlock (&lock);
}
