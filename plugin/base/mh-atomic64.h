/* mh-atomic64: a 64-bit number that one thread stores and others load, without a
 * lock.
 *
 * Most machines store 64 bits at once. Where the compiler would call libatomic
 * for that, which may take a lock (armel, mipsel, powerpc), the number is kept
 * in two halves, with a third word that counts: it is odd while the halves are
 * being stored. A reader that finds the same even count before and after has both
 * halves of one number.
 *
 * MH_ATOMIC64_HALVES can be set to 1 to have the halves on every machine.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#ifndef MH_ATOMIC64_HALVES
#define MH_ATOMIC64_HALVES (__GCC_ATOMIC_LLONG_LOCK_FREE != 2)
#endif

#if MH_ATOMIC64_HALVES

/* How often a reader looks before it gives up: the thread that stores may have
 * been interrupted between two words. */
#define MH_ATOMIC64_LOOKS 16

typedef struct
{
  guint32 high;
  guint32 low;
  guint32 sequence;
} MhAtomic64;

static inline void
mh_atomic64_store (MhAtomic64 *self, guint64 value)
{
  guint32 sequence = __atomic_load_n (&self->sequence, __ATOMIC_RELAXED) | 1;

  __atomic_store_n (&self->sequence, sequence, __ATOMIC_RELAXED);
  __atomic_thread_fence (__ATOMIC_RELEASE);
  __atomic_store_n (&self->high, (guint32) (value >> 32), __ATOMIC_RELAXED);
  __atomic_store_n (&self->low, (guint32) value, __ATOMIC_RELAXED);
  __atomic_store_n (&self->sequence, sequence + 1, __ATOMIC_RELEASE);
}

static inline guint64
mh_atomic64_load (const MhAtomic64 *self, guint64 otherwise)
{
  for (int i = 0; i < MH_ATOMIC64_LOOKS; i++) {
    guint32 before = __atomic_load_n (&self->sequence, __ATOMIC_ACQUIRE);
    guint32 high = __atomic_load_n (&self->high, __ATOMIC_RELAXED);
    guint32 low = __atomic_load_n (&self->low, __ATOMIC_RELAXED);

    __atomic_thread_fence (__ATOMIC_ACQUIRE);
    if (before % 2 == 0 &&
        __atomic_load_n (&self->sequence, __ATOMIC_RELAXED) == before)
      return (guint64) high << 32 | low;
  }
  return otherwise;
}

#else

typedef struct
{
  guint64 value;
} MhAtomic64;

/* One thread at a time. */
static inline void
mh_atomic64_store (MhAtomic64 *self, guint64 value)
{
  __atomic_store_n (&self->value, value, __ATOMIC_RELAXED);
}

/**
 * mh_atomic64_load:
 * @otherwise: what to return where the number is being stored for too long
 *
 * Any thread. A number that is all zeros in memory is 0.
 */
static inline guint64
mh_atomic64_load (const MhAtomic64 *self, guint64 otherwise)
{
  return __atomic_load_n (&self->value, __ATOMIC_RELAXED);
}

#endif

G_END_DECLS
