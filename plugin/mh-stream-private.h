/* mh-stream-private: what the files of the stream share.
 *
 * May touch: what mh-stream.h may. For those files only.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-drops.h"
#include "mh-stream.h"
#include "mh-tags.h"

G_BEGIN_DECLS

/* What a sink was told of an item. */
typedef struct
{
  guint64 sink;
  guint group; /* 0: none */
  MhTags tags;
} MhStreamNote;

#define MH_STREAM_NOTES 8

struct _MhStream
{
  GWeakRef sinkpad;
  GWeakRef top;

  GMutex lock; /* of all that follows; never held while asking */
  GstSegment segment;
  MhMediaType caps_type;
  gboolean has_video; /* some stream of the collection is */
  guint group; /* of what passes; 0: none */
  MhTags tags; /* of what passes */
  MhStreamNote notes[MH_STREAM_NOTES];
  guint next_note; /* the oldest of these */
  MhDrops drops;
  char *uri; /* as the player says */
};

G_END_DECLS
