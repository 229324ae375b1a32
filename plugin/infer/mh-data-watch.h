/* mh-data-watch: whether data comes between two looks at the player.
 *
 * Pure: times and a count in, what they mean comes out.
 *
 * May touch: GLib, mh-time.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-time.h"

G_BEGIN_DECLS

/**
 * MhDataWatch:
 * @buffers: how many buffers (or lists) and gaps had come by at the latest look
 * @flows: whether those were more than at the look before
 * @flowed_at: when they were last
 * @at: when the latest look was
 * @before: when the one before that was: what is new at the latest look has happened
 *   between the two
 *
 * All zero: nothing has come.
 */
typedef struct
{
  guint64 buffers;
  gboolean flows;
  MhTime flowed_at;
  MhTime at;
  MhTime before;
} MhDataWatch;

/**
 * mh_data_watch_look:
 * @at: now
 * @buffers: how many have come by
 *
 * Takes another look.
 */
void mh_data_watch_look (MhDataWatch *self, MhTime at, guint64 buffers);

/**
 * mh_data_watch_sleep:
 * @until: when the machine awoke
 *
 * The machine has slept: what is new at the next look has happened since then.
 */
void mh_data_watch_sleep (MhDataWatch *self, MhTime until);

/**
 * mh_data_watch_has_flowed:
 * @at: now
 * @within: for how long data may be missing
 *
 * Returns: whether data was seen to come less than @within ago.
 */
gboolean mh_data_watch_has_flowed (
    const MhDataWatch *self, MhTime at, MhTime within);

G_END_DECLS
