/* mh-seek: a seek, from the flush that begins it to the data that ends it.
 *
 * A flush alone does not say what it is for: a seek, the cut to another item, or a
 * demuxer that looks for its first frame. A SEEK event with the same sequence number
 * says so, or the SEGMENT that follows. Several seeks in a row are one, from where
 * the first began to where the last goes (docs/design/inference.md#seeking).
 *
 * Pure: events, times and places in, states and deadlines out. Places are seconds of
 * stream time; NAN: not known.
 *
 * May touch: GLib, mh-time.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-time.h"

G_BEGIN_DECLS

/**
 * MhSeekState:
 * @MH_SEEK_NONE: nothing is flushed, and no seek goes on
 * @MH_SEEK_FLUSH: a flush goes on that is no seek: nothing was shown before it
 * @MH_SEEK_FLUSHING: a seek: its flush goes on
 * @MH_SEEK_EMPTY: a seek: its flush is over, and no data has come since
 * @MH_SEEK_DATA: a seek: data of it has come, and ASYNC_DONE has not
 */
typedef enum
{
  MH_SEEK_NONE,
  MH_SEEK_FLUSH,
  MH_SEEK_FLUSHING,
  MH_SEEK_EMPTY,
  MH_SEEK_DATA,
} MhSeekState;

/**
 * MhSeekCertainty:
 * @MH_SEEK_GUESSED: it may be the cut to another item
 * @MH_SEEK_ASKED: a SEEK event has asked for it; an error may follow instead
 * @MH_SEEK_REACHED: a SEGMENT says that it gets somewhere, or an error that it goes
 *   back to where it began
 */
typedef enum
{
  MH_SEEK_GUESSED,
  MH_SEEK_ASKED,
  MH_SEEK_REACHED,
} MhSeekCertainty;

/**
 * MhSeek:
 * @state: how far it is
 * @certainty: whether it is a seek. This and the next four only while a seek goes
 *   on
 * @seqnum: of its latest flush
 * @was_asked: whether a SEEK event had asked for that flush
 * @from: where the first of several began
 * @target: where the latest goes
 * @keeps_time: whether the running time goes on after the latest flush, and no SEEK
 *   event had asked for it; only in EMPTY
 * @flushed_at: when the latest flush was over; only in EMPTY and DATA
 * @data_at: when the first data came after that; only in DATA
 * @asked_seqnum: of the latest SEEK event
 * @asked_place: where that asks to go
 *
 * All zero: there was none.
 */
typedef struct
{
  MhSeekState state;
  MhSeekCertainty certainty;
  guint32 seqnum;
  gboolean was_asked;
  gboolean keeps_time;
  double from;
  double target;
  MhTime flushed_at;
  MhTime data_at;
  guint32 asked_seqnum;
  double asked_place;
} MhSeek;

/* The pipeline begins anew: nothing is flushed. */
void mh_seek_begin_run (MhSeek *self);

/* Another item begins: what went on was no seek. A flush goes on. */
void mh_seek_begin_item (MhSeek *self);

/**
 * mh_seek_ask:
 * @seqnum: of a SEEK event
 * @place: where it asks to go
 *
 * Whether anything comes of it shows the flush.
 */
void mh_seek_ask (MhSeek *self, guint32 seqnum, double place);

/**
 * mh_seek_is_asked:
 * @seqnum: of a flush or a SEGMENT
 *
 * Returns: whether the latest SEEK event has asked for it.
 */
gboolean mh_seek_is_asked (const MhSeek *self, guint32 seqnum);

/**
 * mh_seek_get_asked:
 * @seqnum: of a flush
 *
 * Returns: where the SEEK event asks to go that has asked for the flush; NAN: none
 *   has, or it does not say.
 */
double mh_seek_get_asked (const MhSeek *self, guint32 seqnum);

/* A flush begins. A seek that goes on has not got anywhere yet. */
void mh_seek_flush (MhSeek *self);

/**
 * mh_seek_begin:
 * @seqnum: of the flush
 * @from: where the media is, if no seek goes on
 *
 * The flush that has begun with mh_seek_flush() is taken for a seek.
 *
 * Returns: whether it is another one than the one that goes on.
 */
gboolean mh_seek_begin (MhSeek *self, guint32 seqnum, double from);

/**
 * mh_seek_end_flush:
 * @at: when the flush was over
 * @keeps_time: whether the running time goes on
 *
 * Takes FLUSH_STOP. A seek goes on until its data comes, or ASYNC_DONE.
 */
void mh_seek_end_flush (MhSeek *self, MhTime at, gboolean keeps_time);

/**
 * mh_seek_call_off:
 * @place: where the SEGMENT after the flush begins
 * @same: whether it is the same segment as before the flush
 *
 * An application or a source may flush to replace data, and play on from the same place.
 * Then the flush keeps the running time, and no SEEK event has come before it.
 *
 * Returns: whether it was no seek; none goes on any more.
 */
gboolean mh_seek_call_off (MhSeek *self, double place, gboolean same);

/**
 * mh_seek_correct:
 * @place: where the SEGMENT after the flush begins
 *
 * The seek that goes on goes there, and not where it was thought to. Another flush of
 * the same seek does not change that.
 */
void mh_seek_correct (MhSeek *self, double place);

/* A SEGMENT has come: a seek that goes on has got somewhere. */
void mh_seek_take_segment (MhSeek *self);

/**
 * mh_seek_take_data:
 * @at: when data came; the first counts
 *
 * Takes the data that follows the flush of a seek.
 */
void mh_seek_take_data (MhSeek *self, MhTime at);

/* An error has come. A seek that has not got anywhere goes back to where it began.
 * Returns: whether there was one. */
gboolean mh_seek_fail (MhSeek *self);

/* ASYNC_DONE has come, or is not awaited any longer. A seek whose flush goes on is not
 * over with it.
 * Returns: whether a seek is over. */
gboolean mh_seek_end (MhSeek *self);

/* Returns: whether a seek goes on, and no data of it has come. */
gboolean mh_seek_awaits_data (const MhSeek *self);

/* Returns: whether a seek goes on, no data of it has come, and a SEEK event has caused
 * its last flush. */
gboolean mh_seek_was_asked (const MhSeek *self);

/* Returns: whether a seek goes on. */
gboolean mh_seek_is_active (const MhSeek *self);

/* Returns: whether one goes on that is not the cut to another item. */
gboolean mh_seek_is_sure (const MhSeek *self);

/* Returns: where the seek goes; NAN: it is not known, or there is none. */
double mh_seek_get_target (const MhSeek *self);

/* Returns: how long to wait before the seek that goes on is reported. */
MhTime mh_seek_get_wait (const MhSeek *self);

/* Returns: when a seek is over that has data, and no ASYNC_DONE; %MH_TIME_NEVER: there
 * is none. */
MhTime mh_seek_deadline (const MhSeek *self);

G_END_DECLS
