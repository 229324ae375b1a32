/* mh-buffering: how full a pipeline's buffers are, and whether a pause is the
 * application's, which waits for them to fill, or the viewer's.
 *
 * GStreamer has one PAUSED for both. A buffer that was low just before the pause says
 * so. Where the pipeline's messages are kept from us, the element in front is asked
 * after the pause has begun. Where no element tells how full its buffer is, a pause
 * that begins where the data ends is one for want of data
 * (docs/design/inference.md#buffering).
 *
 * Several elements may fill a buffer at the same time. The lowest percentage counts, as
 * in decodebin and urisourcebin: the player has what it needs when the last of them has.
 *
 * Pure: percentages and times in, what a pause is for comes out.
 *
 * May touch: GLib, mh-time.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-time.h"

G_BEGIN_DECLS

/* How many elements may fill a buffer at the same time. Where there are more, those
 * that told last count. */
#define MH_BUFFERING_SOURCES 8

/**
 * MhBufferingSource:
 * @id: which element fills, only compared with
 * @percent: how full its buffer is, < 100
 * @flushed: whether there was a flush since
 */
typedef struct
{
  guint64 id;
  int percent;
  gboolean flushed;
} MhBufferingSource;

/**
 * MhBuffering:
 * @sources: the elements that fill, in the order in which they told last
 * @n_sources: how many those are; 0: the buffers are full
 * @is_told: whether an element has told of its buffer by a message in this run
 * @low_since: since when the buffers are not full; only while they are not
 * @counts: whether the pause is for buffering, as the buffers say: then it lasts until
 *   they are full
 * @is_dry: whether the pause began where the data ends. @counts and @is_dry may both be
 *   TRUE of one pause
 * @is_unknown: whether an answer is awaited about what the pause is for
 * @ask_at: when to ask
 *
 * All zero: the buffers are full, and there is no pause.
 */
typedef struct
{
  MhBufferingSource sources[MH_BUFFERING_SOURCES];
  guint n_sources;
  gboolean is_told;
  MhTime low_since;
  gboolean counts;
  gboolean is_dry;
  gboolean is_unknown;
  MhTime ask_at;
} MhBuffering;

/**
 * mh_buffering_tell:
 * @source: which element fills a buffer, only compared with
 * @percent: how full it is, as a message says; 100: it is full, or gone
 * @at: when
 *
 * Takes a BUFFERING message.
 *
 * Returns: whether the lowest percentage has changed.
 */
gboolean mh_buffering_tell (
    MhBuffering *self, guint64 source, int percent, MhTime at);

/* What was in the buffers is gone, and an element that fills a buffer anew says so.
 * What was told before counts only until an element tells something. */
void mh_buffering_flush (MhBuffering *self);

/**
 * mh_buffering_answer:
 * @percent: how full the buffer of the element in front is, as it answers
 * @since: when the pause began
 *
 * Returns: whether it has become known with that what the pause is for.
 */
gboolean mh_buffering_answer (MhBuffering *self, int percent, MhTime since);

/**
 * mh_buffering_begin_pause:
 * @at: when a pause began
 *
 * Finds out what the pause is for, by how full the buffers are: mh_buffering_fills()
 * says it from then on (docs/design/inference.md#buffering, the second rule).
 */
void mh_buffering_begin_pause (MhBuffering *self, MhTime at);

/**
 * mh_buffering_ask:
 * @at: when a pause began
 *
 * No message will say what it is for: the element in front has to be asked.
 */
void mh_buffering_ask (MhBuffering *self, MhTime at);

/**
 * mh_buffering_ask_again:
 * @at: when the element in front is asked
 *
 * Sets when it is to be asked the next time.
 */
void mh_buffering_ask_again (MhBuffering *self, MhTime at);

/* The element is in PLAYING. */
void mh_buffering_end_pause (MhBuffering *self);

/* Returns: the lowest percentage of all elements that fill a buffer; 100: none does. */
int mh_buffering_percent (const MhBuffering *self);

/* Returns: whether they are not full. */
gboolean mh_buffering_is_low (const MhBuffering *self);

/* Returns: whether a pause is for the buffers to fill, and they are not full. */
gboolean mh_buffering_fills (const MhBuffering *self);

/* Returns: whether the element in front is to be asked, where no message tells
 * anything: what a pause is for, or how far the buffer is. */
gboolean mh_buffering_wants_answer (const MhBuffering *self);

G_END_DECLS
