/* mh-stream-private: what the files of the stream share.
 *
 * May touch: what mh-stream.h may. For those files only.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-dropped-frames.h"
#include "mh-gst.h"
#include "mh-lock.h"
#include "mh-notifier.h"
#include "mh-stream.h"
#include "mh-tags.h"

G_BEGIN_DECLS

/* How many items may have passed that are not played yet. */
#define MH_STREAM_GROUPS 8

/* URIs that were told lately, of whatever item. */
typedef char *MhStreamUris[MH_STREAM_GROUPS];

/* What has passed of an item. */
typedef struct
{
  guint group;
  char *stream; /* the ID of the stream that passes */
  MhTags tags; /* complete once another item passes */
  MhStreamInfo answers; /* of the pads, while it passed: no tags are in it */
  gboolean is_answered;
} MhStreamItem;

struct _MhStream
{
  GWeakRef sinkpad;
  GWeakRef top;

  gboolean heard; /* atomic: messages reach us, in this run */

  GMutex lock; /* of all that follows; never held while asking */
  GstSegment segment;
  gboolean sought; /* the stream was flushed: it may be a part */
  MhMediaType caps_type;
  gboolean has_collection; /* it says which streams there are: */
  gboolean has_video; /* some stream of it is */
  guint group; /* of what passes; 0: none */
  MhStreamItem *items[MH_STREAM_GROUPS]; /* that passed last, this one as well:
                                          * made when they are needed */
  guint n_items; /* of this run */
  MhTags tags; /* of what passes */
  MhDroppedFrames drops;
  char *uri; /* as the player says */
  MhStreamUris told;
  guint n_told; /* how many have come; none of them is a `data:` URI */
};

/* mh-stream-item.c */

void mh_stream_free_item (MhStreamItem *item);

/* Returns: (nullable): NULL: nothing of @group has passed lately. */
MhStreamItem *mh_stream_find_item_locked (MhStream *self, guint group);

/* @group passes, perhaps for the first time. @stream: (nullable): the ID of its stream */
void mh_stream_pass_item_locked (
    MhStream *self, guint group, const char *stream);

/* The pads tell of what passes, which may be an item that is played later: that is
 * kept until then.
 *
 * @stream: (nullable): the ID of the stream that passes
 * @passing: the group that passed when they began to be asked; 0: they were not
 * @group: the one that is to be known */
void mh_stream_attribute (MhStream *self, const char *stream, guint passing,
    guint group, MhStreamInfo *info);

/* mh-stream-sinks.c */

/* Looks at each element in @top, those within bins as well. */
void mh_stream_look_at_all (
    GstElement *top, GstIteratorForeachFunction look, gpointer user_data);

/* Returns: the group of the stream that a pad is given now; 0: it has none. */
guint mh_stream_get_group (GstPad *pad);

/* Asks the sinks in @top for the tags of what they have got, and adds those of
 * @group. That is 0 where the message that tells of it came before the bus was
 * watched: there has been one item only then. */
void mh_stream_ask_sinks (GstElement *top, guint group, MhTags *tags);

/* Asks them whether one is given video, which is not made of the stream called
 * @sound: then that is the sound of a film. Pictures that are attached to music
 * are tags in GStreamer, and no streams; a still image that a sink is given
 * undecoded does not make a film either. */
gboolean mh_stream_ask_sinks_for_video (GstElement *top, const char *sound);

/* Asks those that keep time and have not ended where they are, if there are others as
 * well: a bin says what the one says that is farthest. One that records is ahead of what
 * is shown, and one whose stream has ended says after a seek that it is at the end.
 * Returns: whether that is so. @position: (out): ns; -1: they do not say. */
gboolean mh_stream_ask_sinks_position (GstElement *top, gint64 *position);

/* mh-stream-source.c */

/* Asks the source of @group in @top: fills in @info's is_radio and has_size, and
 * adds what a radio station says of itself to @station. */
void mh_stream_ask_source (
    GstElement *top, guint group, MhStreamInfo *info, MhTags *station);

/* mh-stream-uri.c */

/* Asks for the URI of what passes. Keeps the one that @top says it plays as well: a player
 * is ahead of what passes, and that comes later, when its source may be gone.
 * @pad: (nullable): what is asked first
 * @top: (nullable): what is asked where that and what was noted say none
 * Returns: (transfer full) (nullable) */
char *mh_stream_ask_uri (MhStream *self, GstPad *pad, GstElement *top);

/* Asks whose data passes where @info's URI is another source's: concat answers
 * for the first of its sources, whichever is played. What has lost its source has a URI
 * that was told before, or none.
 * @stream: (nullable): the ID of the stream that passes; NULL: asks nothing */
void mh_stream_check_source (
    MhStream *self, GstElement *top, const char *stream, MhStreamInfo *info);

/* Whether @stream, an ID, is that of @first, a URI, and not of @second. Each is nullable:
 * NULL is of nothing. */
gboolean mh_stream_is_of_first (
    const char *stream, const char *first, const char *second);

G_END_DECLS
