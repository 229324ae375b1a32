/* mh-stream-info: what a stream and the pipeline around it say of what is played.
 *
 * mh-stream fills it in, mh-liveness judges it, mh-settings-media makes the media item
 * of it.
 *
 * May touch: GLib, mh-enums. Pure.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-enums.h"

G_BEGIN_DECLS

/**
 * MhSeekable:
 * @MH_SEEKABLE_UNKNOWN: the pipeline has no answer
 * @MH_SEEKABLE_NOT: it cannot be sought in
 * @MH_SEEKABLE_TO_END: from one place to another: all of it, or a window
 * @MH_SEEKABLE_ENDLESS: everywhere, and it has no end
 *
 * What a SEEKING query has said.
 */
typedef enum
{
  MH_SEEKABLE_UNKNOWN,
  MH_SEEKABLE_NOT,
  MH_SEEKABLE_TO_END,
  MH_SEEKABLE_ENDLESS,
} MhSeekable;

/**
 * MhStreamInfo:
 * @uri: (nullable): where the stream comes from, as the source says
 * @title: (nullable): its title tag
 * @metadata: (nullable): `a{ss}`: what else its tags say
 * @live_metadata: (nullable): `a{ss}`: what its tags say if the media is live
 * @station: (nullable): the name that a radio station gives itself
 * @fallback_id: (nullable): its ID where neither the application nor @uri gives one
 * @duration: seconds, -1: unknown
 * @seekable: whether it can be sought in
 * @is_radio: it comes from a server of radio stations, with ICY headers
 * @says_live: its source is live, by the LATENCY query
 * @has_size: it is known how many bytes there are
 * @live: whether it happens now, as mh-liveness has judged
 * @media_type: %MH_MEDIA_TYPE_AUTO: not known
 *
 * What was found out about what is played.
 */
typedef struct
{
  char *uri;
  char *title;
  GVariant *metadata;
  GVariant *live_metadata;
  char *station;
  char *fallback_id;
  double duration;
  MhSeekable seekable;
  gboolean is_radio;
  gboolean says_live;
  gboolean has_size;
  gboolean live;
  MhMediaType media_type;
} MhStreamInfo;

void mh_stream_info_clear (MhStreamInfo *info);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MhStreamInfo, mh_stream_info_clear)

/* Returns: whether the length is known, or will not be known soon: FALSE for a stream
 * of which the number of bytes is known, and its duration not yet, or only by a first
 * estimate, which its parser still corrects. */
gboolean mh_stream_info_is_complete (const MhStreamInfo *info);

G_END_DECLS
