/* mh-held-calls: calls that are held back for a while, and then passed on with
 * the times they came at.
 *
 * Why calls are held back, and until when, is up to the owner: mh-session waits
 * for a pre-roll ad, and mh-resume-detector until it knows whether the session resumes.
 *
 * May touch: mh-call, mh-time. Pure. Not thread-safe.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-call.h"
#include "mh-time.h"

G_BEGIN_DECLS

/**
 * MhHeldCalls:
 * @until: when they are passed on at the latest; %MH_TIME_NONE: none are held
 *
 * To be embedded. %MH_HELD_CALLS_INIT before its first use.
 */
typedef struct
{
  MhTime until;

  /*< private >*/
  GQueue queue;
} MhHeldCalls;

#define MH_HELD_CALLS_INIT \
  { \
    MH_TIME_NONE, G_QUEUE_INIT \
  }

/**
 * MhHeldCallFunc:
 * @call: a call that was held back
 * @at: when it came
 */
typedef void (*MhHeldCallFunc) (
    const MhCall *call, MhTime at, gpointer user_data);

/* Returns: whether calls are to be held back. */
static inline gboolean
mh_held_calls_are_on (const MhHeldCalls *self)
{
  return self->until != MH_TIME_NONE;
}

/**
 * mh_held_calls_add:
 * @call: a valid call
 * @at: when it came, not before the last one
 *
 * Holds back a copy of @call.
 */
void mh_held_calls_add (MhHeldCalls *self, const MhCall *call, MhTime at);

/* Returns: (transfer none) (nullable): the call that is the first to be passed on. */
MhCall *mh_held_calls_peek_first (MhHeldCalls *self);

/* Returns: when the last call came; %MH_TIME_NONE: none is held. */
MhTime mh_held_calls_get_last_time (const MhHeldCalls *self);

/**
 * mh_held_calls_release:
 * @pass: gets each call, in order
 *
 * Holds nothing back any more, and then passes on what was held back.
 */
void mh_held_calls_release (
    MhHeldCalls *self, MhHeldCallFunc pass, gpointer user_data);

/* Holds nothing back any more, and drops what was held back. */
void mh_held_calls_clear (MhHeldCalls *self);

G_END_DECLS
