/* mh-fill: how full a pipeline's buffers are.
 *
 * Several elements of a pipeline may fill a buffer at the same time, each with a
 * percentage of its own. The lowest counts, as in decodebin and urisourcebin: the
 * player has what it needs when the last of them has. An element that is full is
 * forgotten.
 *
 * May touch: GLib. Pure.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How many elements may fill a buffer at the same time. Where there are more, those
 * that told last count. */
#define MH_FILL_SOURCES 8

/**
 * MhFill:
 * @sources: those that fill, in the order in which they told last
 * @n: how many those are
 *
 * All zero: nothing fills.
 */
typedef struct
{
  struct
  {
    guint64 source;
    int percent; /* < 100 */
    gboolean flushed; /* since */
  } sources[MH_FILL_SOURCES];
  guint n;
} MhFill;

/**
 * mh_fill_tell:
 * @source: which element fills, only compared with
 * @percent: how full it is; 100: it is full, or gone
 *
 * Notes how full a buffer is. One that is full is forgotten.
 */
void mh_fill_tell (MhFill *fill, guint64 source, int percent);

/**
 * mh_fill_flush:
 *
 * What was in the buffers is gone, and an element that fills a buffer anew says so.
 * What was told before counts only until an element tells something.
 */
void mh_fill_flush (MhFill *fill);

/**
 * mh_fill_percent:
 *
 * Returns: the lowest percentage of all elements that fill a buffer; 100: no
 *   element does.
 */
int mh_fill_percent (const MhFill *fill);

G_END_DECLS
