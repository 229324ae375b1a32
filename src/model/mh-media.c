/* mh-media: what is tracked, as values.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-media.h"

#include <math.h>

static void
clear_media (gpointer data)
{
  MhMedia *media = data;

  g_free (media->id);
  g_free (media->name);
  g_free (media->stream_type);
  g_free (media->media_type);
  g_clear_pointer (&media->metadata, g_variant_unref);
}

static void
clear_ad_break (gpointer data)
{
  g_free (((MhAdBreak *) data)->name);
}

static void
clear_ad (gpointer data)
{
  MhAd *ad = data;

  g_free (ad->id);
  g_free (ad->name);
  g_clear_pointer (&ad->metadata, g_variant_unref);
}

static void
clear_chapter (gpointer data)
{
  MhChapter *chapter = data;

  g_free (chapter->name);
  g_clear_pointer (&chapter->metadata, g_variant_unref);
}

MhMedia *
mh_media_new (void)
{
  MhMedia *media = g_atomic_rc_box_new0 (MhMedia);

  media->length = -1;
  media->preroll_wait = MH_PREROLL_WAIT_DEFAULT;
  return media;
}

MhAdBreak *
mh_ad_break_new (void)
{
  MhAdBreak *ad_break = g_atomic_rc_box_new0 (MhAdBreak);

  ad_break->position = -1;
  ad_break->start_time = -1;
  return ad_break;
}

MhAd *
mh_ad_new (void)
{
  MhAd *ad = g_atomic_rc_box_new0 (MhAd);

  ad->position = -1;
  ad->length = -1;
  return ad;
}

MhChapter *
mh_chapter_new (void)
{
  MhChapter *chapter = g_atomic_rc_box_new0 (MhChapter);

  chapter->position = -1;
  chapter->length = -1;
  chapter->start_time = -1;
  return chapter;
}

#define DEFINE_REFS(Type, type) \
  Type *type##_ref (Type *self) \
  { \
    return g_atomic_rc_box_acquire (self); \
  } \
  void type##_unref (Type *self) \
  { \
    if (self) \
      g_atomic_rc_box_release_full (self, DEFINE_REFS_CLEAR_##type); \
  }

#define DEFINE_REFS_CLEAR_mh_media clear_media
#define DEFINE_REFS_CLEAR_mh_ad_break clear_ad_break
#define DEFINE_REFS_CLEAR_mh_ad clear_ad
#define DEFINE_REFS_CLEAR_mh_chapter clear_chapter

/* clang-format off */
DEFINE_REFS (MhMedia, mh_media)
DEFINE_REFS (MhAdBreak, mh_ad_break)
DEFINE_REFS (MhAd, mh_ad)
DEFINE_REFS (MhChapter, mh_chapter)
/* clang-format on */

static GVariant *
ref_metadata (GVariant *metadata)
{
  return metadata ? g_variant_ref (metadata) : NULL;
}

MhMedia *
mh_media_copy (const MhMedia *media)
{
  MhMedia *copy = g_atomic_rc_box_new (MhMedia);

  *copy = *media;
  copy->id = g_strdup (media->id);
  copy->name = g_strdup (media->name);
  copy->stream_type = g_strdup (media->stream_type);
  copy->media_type = g_strdup (media->media_type);
  copy->metadata = ref_metadata (media->metadata);
  return copy;
}

MhAd *
mh_ad_copy (const MhAd *ad)
{
  MhAd *copy = g_atomic_rc_box_new (MhAd);

  *copy = *ad;
  copy->id = g_strdup (ad->id);
  copy->name = g_strdup (ad->name);
  copy->metadata = ref_metadata (ad->metadata);
  return copy;
}

MhChapter *
mh_chapter_copy (const MhChapter *chapter)
{
  MhChapter *copy = g_atomic_rc_box_new (MhChapter);

  *copy = *chapter;
  copy->name = g_strdup (chapter->name);
  copy->metadata = ref_metadata (chapter->metadata);
  return copy;
}

static gboolean
media_check_text (const char *member, const char *value, GError **error)
{
  if (value && *value)
    return TRUE;
  g_set_error (
      error, MH_ERROR, MH_ERROR_REFUSED, "%s is missing or empty", member);
  return FALSE;
}

static gboolean
media_check_number (const char *member, double value, GError **error)
{
  if (isfinite (value) && value >= 0)
    return TRUE;
  g_set_error (error, MH_ERROR, MH_ERROR_REFUSED,
      "%s is missing or not a number of at least 0", member);
  return FALSE;
}

static gboolean
check_position (gint64 value, GError **error)
{
  if (value >= 1)
    return TRUE;
  g_set_error_literal (
      error, MH_ERROR, MH_ERROR_REFUSED, "position is missing or less than 1");
  return FALSE;
}

gboolean
mh_media_check (const MhMedia *media, GError **error)
{
  if (!media_check_text ("id", media->id, error) ||
      !media_check_text ("name", media->name, error) ||
      !media_check_text ("streamType", media->stream_type, error) ||
      !media_check_number ("length", media->length, error) ||
      !media_check_number ("prerollWaitingTime", media->preroll_wait, error))
    return FALSE;
  if (g_strcmp0 (media->media_type, "audio") != 0 &&
      g_strcmp0 (media->media_type, "video") != 0) {
    g_set_error (error, MH_ERROR, MH_ERROR_REFUSED,
        "mediaType is neither audio nor video, but “%s”",
        media->media_type ? media->media_type : "");
    return FALSE;
  }
  return TRUE;
}

gboolean
mh_ad_break_check (const MhAdBreak *ad_break, GError **error)
{
  return media_check_text ("name", ad_break->name, error) &&
      check_position (ad_break->position, error) &&
      media_check_number ("startTime", ad_break->start_time, error);
}

gboolean
mh_ad_check (const MhAd *ad, GError **error)
{
  return media_check_text ("id", ad->id, error) &&
      media_check_text ("name", ad->name, error) &&
      check_position (ad->position, error) &&
      media_check_number ("length", ad->length, error);
}

gboolean
mh_chapter_check (const MhChapter *chapter, GError **error)
{
  return media_check_text ("name", chapter->name, error) &&
      check_position (chapter->position, error) &&
      media_check_number ("length", chapter->length, error) &&
      media_check_number ("startTime", chapter->start_time, error);
}

gboolean
mh_qoe_check (const MhQoe *qoe, GError **error)
{
  return (isnan (qoe->bitrate) ||
             media_check_number ("bitrate", qoe->bitrate, error)) &&
      (isnan (qoe->dropped_frames) ||
          media_check_number ("droppedFrames", qoe->dropped_frames, error)) &&
      (isnan (qoe->fps) || media_check_number ("fps", qoe->fps, error)) &&
      (isnan (qoe->startup_time) ||
          media_check_number ("startupTime", qoe->startup_time, error));
}

gboolean
mh_ad_break_equal (const MhAdBreak *a, const MhAdBreak *b)
{
  return g_str_equal (a->name, b->name) && a->position == b->position &&
      a->start_time == b->start_time;
}

gboolean
mh_ad_equal (const MhAd *a, const MhAd *b)
{
  return g_str_equal (a->id, b->id) && g_str_equal (a->name, b->name) &&
      a->position == b->position && a->length == b->length;
}

gboolean
mh_chapter_equal (const MhChapter *a, const MhChapter *b)
{
  return g_str_equal (a->name, b->name) && a->position == b->position &&
      a->length == b->length && a->start_time == b->start_time;
}
