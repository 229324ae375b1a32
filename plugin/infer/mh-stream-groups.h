/* mh-stream-groups: which item is being played, and which item's data passes the pad.
 *
 * The streams of one item have one group ID. The pad is ahead of what is played: a
 * queue behind it may hold several items (docs/design/inference.md#items).
 *
 * Pure: group IDs in, questions about them answered. Places are seconds of stream time.
 *
 * May touch: GLib.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How many short items may wait behind the pad to be played. */
#define MH_STREAM_GROUPS_PASSED 8

/**
 * MhStreamGroups:
 * @is_known: whether it is known what is played
 * @played: the group that is played; only where that is known
 * @pad: the group that passes the pad; 0: none yet
 * @pad_has_data: whether data of that has come
 * @pad_place: where that data begins; -1: not known. Only with @pad_has_data
 * @pad_has_segment: whether a SEGMENT has
 * @passed: those that have passed the pad, with data, and do not any more
 * @n_passed: how many there have been in this run
 * @next: the group of the next item, if it was made before the last flush; 0: none
 * @unmade: groups that were made before the last flush have smaller numbers; 0: not
 *   known
 *
 * All zero: there were none.
 */
typedef struct
{
  gboolean is_known;
  guint played;
  guint pad;
  gboolean pad_has_data;
  double pad_place;
  gboolean pad_has_segment;
  guint passed[MH_STREAM_GROUPS_PASSED];
  guint n_passed;
  guint next;
  guint unmade;
} MhStreamGroups;

/* Another run of the pipeline: it is not known what is played. */
void mh_stream_groups_begin_run (MhStreamGroups *self);

/**
 * mh_stream_groups_play:
 * @group: what is played from now on
 *
 * Takes the `stream-start` message.
 */
void mh_stream_groups_play (MhStreamGroups *self, guint group);

/**
 * mh_stream_groups_pass:
 * @group: what passes the pad from now on
 *
 * Takes a STREAM_START event at the pad.
 */
void mh_stream_groups_pass (MhStreamGroups *self, guint group);

/**
 * mh_stream_groups_take_data:
 * @place: where it begins; -1: not known
 *
 * Data of what passes the pad has come. The place of the first counts.
 */
void mh_stream_groups_take_data (MhStreamGroups *self, double place);

/* It has been told where the data is that passes the pad next. */
void mh_stream_groups_take_segment (MhStreamGroups *self);

/* Returns: the group that is played; 0: it is not known. */
guint mh_stream_groups_get_played (const MhStreamGroups *self);

/**
 * mh_stream_groups_is_other:
 * @group: a group
 *
 * Returns: whether it is known what is played, and that is another group.
 */
gboolean mh_stream_groups_is_other (const MhStreamGroups *self, guint group);

/* Returns: whether another item passes the pad than is played. */
gboolean mh_stream_groups_is_ahead (const MhStreamGroups *self);

/**
 * mh_stream_groups_had_data:
 * @group: a group
 *
 * Returns: whether there was data of it, be it that the pad has gone on since.
 */
gboolean mh_stream_groups_had_data (const MhStreamGroups *self, guint group);

/**
 * mh_stream_groups_flush:
 * @is_at_end: whether what is played is at its end
 *
 * A flush begins. Another group that passes the pad is the next item's at the end of
 * what is played; far from there it is a part of the same item.
 */
void mh_stream_groups_flush (MhStreamGroups *self, gboolean is_at_end);

/* Returns: whether the pad is ahead by the next item, and was before the last flush: a
 * seek in that one says nothing of what is played. */
gboolean mh_stream_groups_is_flushed_next (const MhStreamGroups *self);

/**
 * mh_stream_groups_was_prepared:
 * @group: a group
 *
 * Returns: whether it was made after that which is played, and before the last flush.
 */
gboolean mh_stream_groups_was_prepared (
    const MhStreamGroups *self, guint group);

G_END_DECLS
