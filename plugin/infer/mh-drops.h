/* mh-drops: how many frames of video a pipeline has dropped.
 *
 * Whoever drops one says so, with how many it has dropped so far: sinks,
 * decoders, converters, each those that came to it. Some begin anew at a flush
 * (inference.md, 9). Pure. Not thread-safe.
 *
 * May touch: GLib.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MH_DROPS_SOURCES 8

/**
 * MhDropsSource:
 * @id: who
 * @frames: whether what it drops is frames
 * @count: how many it has told of
 * @turn: when that was, by the count of all reports; 0: not yet
 */
typedef struct
{
  guint64 id;
  gboolean frames;
  guint64 count;
  guint64 turn;
} MhDropsSource;

/**
 * MhDrops:
 * @total: how many there have been; only ever grows
 * @steppers: who steps through the media: what is skipped then has not been
 *   dropped
 *
 * All zero: nothing is known.
 */
typedef struct
{
  MhDropsSource sources[MH_DROPS_SOURCES];
  guint n_sources;
  guint64 turn;
  guint64 total;
  guint64 steppers[MH_DROPS_SOURCES];
  guint n_steppers;
} MhDrops;

/**
 * mh_drops_begin:
 *
 * The pipeline begins anew, and all who tell with it.
 */
void mh_drops_begin (MhDrops *drops);

/**
 * mh_drops_knows:
 * @id: who tells
 *
 * Returns: whether it is known what that one drops.
 */
gboolean mh_drops_knows (const MhDrops *drops, guint64 id);

/**
 * mh_drops_add:
 * @id: who tells, for the first time
 * @frames: whether what it drops is frames
 *
 * Of many, the one that has been silent for longest is forgotten.
 */
void mh_drops_add (MhDrops *drops, guint64 id, gboolean frames);

/**
 * mh_drops_tell:
 * @id: who tells; nothing where it is not known
 * @count: how many it has dropped so far
 *
 * The first report counts for one at most: each tells of every one, so what is
 * more was before anybody looked.
 */
void mh_drops_tell (MhDrops *drops, guint64 id, guint64 count);

/**
 * mh_drops_step:
 * @id: who steps; sinks of one pipeline do it together, each at its own pace
 * @begins: whether it begins to, or is done
 *
 * Of more than there is room for, the rest does not count.
 */
void mh_drops_step (MhDrops *drops, guint64 id, gboolean begins);

/**
 * mh_drops_end_steps:
 *
 * Nobody steps any more.
 */
void mh_drops_end_steps (MhDrops *drops);

G_END_DECLS
