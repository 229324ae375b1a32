/* mh-media: what is tracked: the media item, its ad breaks, ads and chapters,
 * and the quality of experience; values and their validation.
 *
 * The values are shared by reference, across threads as well, and never change
 * once there is a second owner: the code that makes a value fills it in before.
 * The reference counts are atomic.
 *
 * May touch: GLib, mh-error.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

#include "mh-error.h"

G_BEGIN_DECLS

/* Property preroll-wait, ms (docs/design/session-rules.md#pre-roll). */
#define MH_PREROLL_WAIT_DEFAULT 250

/**
 * MhMedia:
 * @id: what identifies the item; not empty
 * @name: its readable name; not empty
 * @length: seconds, >= 0
 * @stream_type: "vod", "live", …: the wire's media.contentType; not empty
 * @media_type: "audio" or "video": the wire's media.streamType
 * @preroll_wait: milliseconds, >= 0, for which calls are held back
 * @resumed: the application says that this session resumes an earlier one
 * @granular_ads: ping every ad-ping-interval inside ads
 * @downloaded: downloaded content
 * @remember: whether its position is kept, for the next time; not on the wire
 * @metadata: (nullable): `a{ss}`
 */
typedef struct
{
  char *id;
  char *name;
  double length;
  char *stream_type;
  char *media_type;
  double preroll_wait;
  gboolean resumed;
  gboolean granular_ads;
  gboolean downloaded;
  gboolean remember;
  GVariant *metadata;
} MhMedia;

/**
 * MhAdBreak:
 * @name: not empty
 * @position: index among the breaks, >= 1
 * @start_time: seconds of content, >= 0
 */
typedef struct
{
  char *name;
  gint64 position;
  double start_time;
} MhAdBreak;

/**
 * MhAd:
 * @id: not empty
 * @name: not empty
 * @position: index in its break, >= 1
 * @length: seconds, >= 0
 * @metadata: (nullable): `a{ss}`
 */
typedef struct
{
  char *id;
  char *name;
  gint64 position;
  double length;
  GVariant *metadata;
} MhAd;

/**
 * MhChapter:
 * @name: not empty
 * @position: index, >= 1
 * @length: seconds, >= 0
 * @start_time: seconds of content, >= 0
 * @metadata: (nullable): `a{ss}`
 */
typedef struct
{
  char *name;
  gint64 position;
  double length;
  double start_time;
  GVariant *metadata;
} MhChapter;

/**
 * MhQoe:
 * @bitrate: bits per second
 * @dropped_frames: since the item began
 * @fps: frames per second
 * @startup_time: milliseconds from the wish to play to the first frame
 *
 * All >= 0; NaN: not known.
 */
typedef struct
{
  double bitrate;
  double dropped_frames;
  double fps;
  double startup_time;
} MhQoe;

#define MH_QOE_INIT \
  { \
    NAN, NAN, NAN, NAN \
  }

/* Each _new() gives a value that is invalid until filled in: numbers are -1,
 * strings NULL. Each _unref() accepts NULL. */
MhMedia *mh_media_new (void);
MhMedia *mh_media_ref (MhMedia *media);
void mh_media_unref (MhMedia *media);

MhAdBreak *mh_ad_break_new (void);
MhAdBreak *mh_ad_break_ref (MhAdBreak *ad_break);
void mh_ad_break_unref (MhAdBreak *ad_break);

MhAd *mh_ad_new (void);
MhAd *mh_ad_ref (MhAd *ad);
void mh_ad_unref (MhAd *ad);

MhChapter *mh_chapter_new (void);
MhChapter *mh_chapter_ref (MhChapter *chapter);
void mh_chapter_unref (MhChapter *chapter);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MhMedia, mh_media_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MhAdBreak, mh_ad_break_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MhAd, mh_ad_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MhChapter, mh_chapter_unref)

/* Each _copy() returns (transfer full) a value that only the caller holds, and may
 * change: a value that has another owner stays as it is. */
MhMedia *mh_media_copy (const MhMedia *media);
MhAd *mh_ad_copy (const MhAd *ad);
MhChapter *mh_chapter_copy (const MhChapter *chapter);

/* Each _check() says whether the value is valid as described above; if not,
 * the error is MH_ERROR_REFUSED with the member and the reason. */
gboolean mh_media_check (const MhMedia *media, GError **error);
gboolean mh_ad_break_check (const MhAdBreak *ad_break, GError **error);
gboolean mh_ad_check (const MhAd *ad, GError **error);
gboolean mh_chapter_check (const MhChapter *chapter, GError **error);
gboolean mh_qoe_check (const MhQoe *qoe, GError **error);

/* Returns: whether two values are equal; metadata does not count, as in the SDKs. */
gboolean mh_ad_break_equal (const MhAdBreak *a, const MhAdBreak *b);
gboolean mh_ad_equal (const MhAd *a, const MhAd *b);
gboolean mh_chapter_equal (const MhChapter *a, const MhChapter *b);

G_END_DECLS
