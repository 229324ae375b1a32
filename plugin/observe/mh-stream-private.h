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

/* How many items may have passed that are not played yet. */
#define MH_STREAM_GROUPS 8

struct _MhStream
{
  GWeakRef sinkpad;
  GWeakRef top;

  GMutex lock; /* of all that follows; never held while asking */
  GstSegment segment;
  MhMediaType caps_type;
  gboolean has_video; /* some stream of the collection is */
  guint group; /* of what passes; 0: none */
  guint groups[MH_STREAM_GROUPS]; /* of what passed last, that as well */
  guint n_groups; /* of this run */
  MhTags tags; /* of what passes */
  MhDrops drops;
  char *uri; /* as the player says */
};

/* mh-stream-sinks.c */

/* Asks the sinks in @top for the tags of what they have got, and adds those of
 * @group. That is 0 where the message that tells of it came before anybody
 * listened: there has been one item only then. */
void mh_stream_ask_sinks (GstElement *top, guint group, MhTags *tags);

G_END_DECLS
