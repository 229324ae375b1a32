/* mh-tags: what the tags of a stream say of the media, under the names that
 * the back end has for it.
 *
 * Tags of the whole and those of one stream of it (a sound track's) are kept
 * apart: the former count more. Nothing in them is trusted: what is kept is
 * valid UTF-8, and bounded.
 *
 * May touch: GStreamer's tag lists, mh-text. Pure. Not thread-safe.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* How many tags it knows. */
#define MH_TAGS_KNOWN 12

/**
 * MhTags:
 * @whole: the latest of each tag that is about the whole medium; or NULL
 * @stream: the latest of each tag that is about the stream it came with; or NULL
 *
 * All zero: nothing is known.
 */
typedef struct
{
  char *whole[MH_TAGS_KNOWN];
  char *stream[MH_TAGS_KNOWN];
} MhTags;

/* Nothing is known any more. */
void mh_tags_clear (MhTags *tags);

/**
 * mh_tags_take:
 * @list: of an event, or of a message
 *
 * Replaces what was known of the same scope, as the event does on a pad: a
 * decoder that goes on with another item begins with the tags of the one before,
 * and corrects that. One without any of the tags (a parser's, about the bitrate)
 * replaces nothing.
 */
void mh_tags_take (MhTags *tags, const GstTagList *list);

/**
 * mh_tags_add:
 * @other: of another stream of the same item
 *
 * Takes from @other what is not known.
 */
void mh_tags_add (MhTags *tags, const MhTags *other);

/* Returns: whether none of the tags has been seen. */
gboolean mh_tags_is_empty (const MhTags *tags);

/* Returns: (transfer none) (nullable): what the media is called; not what a muxer
 * calls a track that has no name. */
const char *mh_tags_get_title (const MhTags *tags);

/* Returns: (transfer none) (nullable): the name of the station, if the media is live. */
const char *mh_tags_get_station (const MhTags *tags);

/* Forgets what came with one stream only, as that is not about the whole. */
void mh_tags_forget_streams (MhTags *tags);

/**
 * mh_tags_dup_metadata:
 * @live: whether the media is live: its maker is a station then, and a record
 *   label otherwise
 *
 * Returns: (transfer full) (nullable): `a{ss}`, the SDK's names
 *   (docs/design/wire-media-collection.md#standard-metadata) and values; NULL:
 *   none.
 */
GVariant *mh_tags_dup_metadata (const MhTags *tags, gboolean live);

G_END_DECLS
