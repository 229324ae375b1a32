/* Tests of mh-media: validation and equality.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-media.h"

#include <math.h>

static MhMedia *
valid_media (void)
{
  MhMedia *media = mh_media_new ();

  media->id = g_strdup ("i");
  media->name = g_strdup ("n");
  media->length = 60;
  media->stream_type = g_strdup ("vod");
  media->media_type = g_strdup ("video");
  return media;
}

static MhAd *
valid_ad (void)
{
  MhAd *ad = mh_ad_new ();

  ad->id = g_strdup ("i");
  ad->name = g_strdup ("a");
  ad->position = 1;
  ad->length = 15;
  return ad;
}

static MhAdBreak *
valid_ad_break (void)
{
  MhAdBreak *ad_break = mh_ad_break_new ();

  ad_break->name = g_strdup ("b");
  ad_break->position = 1;
  ad_break->start_time = 0;
  return ad_break;
}

static MhChapter *
valid_chapter (void)
{
  MhChapter *chapter = mh_chapter_new ();

  chapter->name = g_strdup ("c");
  chapter->position = 1;
  chapter->length = 20;
  chapter->start_time = 0;
  return chapter;
}

/* Checks a value, which is to be refused because of @member. */
#define ASSERT_REFUSED(check, value, member) \
  G_STMT_START \
  { \
    g_autoptr (GError) refusal = NULL; \
    g_assert_false (check (value, &refusal)); \
    g_assert_error (refusal, MH_ERROR, MH_ERROR_REFUSED); \
    g_assert_true (g_str_has_prefix (refusal->message, member " ")); \
    g_assert_false (check (value, NULL)); \
  } \
  G_STMT_END

#define ASSERT_VALID(check, value) \
  G_STMT_START \
  { \
    g_autoptr (GError) refusal = NULL; \
    g_assert_true (check (value, &refusal)); \
    g_assert_no_error (refusal); \
  } \
  G_STMT_END

/* A text that is missing or empty is refused. */
#define ASSERT_TEXT_NEEDED(check, value, field, member) \
  G_STMT_START \
  { \
    char *text = g_steal_pointer (&value->field); \
    ASSERT_REFUSED (check, value, member); \
    value->field = (char *) ""; \
    ASSERT_REFUSED (check, value, member); \
    value->field = text; \
    ASSERT_VALID (check, value); \
  } \
  G_STMT_END

/* A number must be finite and at least 0. */
#define ASSERT_NUMBER_NEEDED(check, value, field, member) \
  G_STMT_START \
  { \
    double number = value->field; \
    value->field = -0.001; \
    ASSERT_REFUSED (check, value, member); \
    value->field = NAN; \
    ASSERT_REFUSED (check, value, member); \
    value->field = INFINITY; \
    ASSERT_REFUSED (check, value, member); \
    value->field = 0; \
    ASSERT_VALID (check, value); \
    value->field = number; \
  } \
  G_STMT_END

#define ASSERT_POSITION_NEEDED(check, value) \
  G_STMT_START \
  { \
    value->position = 0; \
    ASSERT_REFUSED (check, value, "position"); \
    value->position = -1; \
    ASSERT_REFUSED (check, value, "position"); \
    value->position = G_MAXINT64; \
    ASSERT_VALID (check, value); \
    value->position = 1; \
  } \
  G_STMT_END

static void
new_values_are_invalid (void)
{
  g_autoptr (MhMedia) media = mh_media_new ();
  g_autoptr (MhAdBreak) ad_break = mh_ad_break_new ();
  g_autoptr (MhAd) ad = mh_ad_new ();
  g_autoptr (MhChapter) chapter = mh_chapter_new ();

  g_assert_false (mh_media_check (media, NULL));
  g_assert_false (mh_ad_break_check (ad_break, NULL));
  g_assert_false (mh_ad_check (ad, NULL));
  g_assert_false (mh_chapter_check (chapter, NULL));
  g_assert_cmpfloat (media->preroll_wait, ==, 250);
  g_assert_false (media->resumed || media->granular_ads || media->downloaded);
  mh_media_unref (NULL);
  mh_ad_break_unref (NULL);
  mh_ad_unref (NULL);
  mh_chapter_unref (NULL);
}

static void
media_check (void)
{
  g_autoptr (MhMedia) media = valid_media ();

  ASSERT_VALID (mh_media_check, media);
  ASSERT_TEXT_NEEDED (mh_media_check, media, id, "id");
  ASSERT_TEXT_NEEDED (mh_media_check, media, name, "name");
  ASSERT_TEXT_NEEDED (mh_media_check, media, stream_type, "streamType");
  ASSERT_TEXT_NEEDED (mh_media_check, media, media_type, "mediaType");
  ASSERT_NUMBER_NEEDED (mh_media_check, media, length, "length");
  ASSERT_NUMBER_NEEDED (
      mh_media_check, media, preroll_wait, "prerollWaitingTime");
  g_free (media->media_type);
  media->media_type = g_strdup ("Video");
  ASSERT_REFUSED (mh_media_check, media, "mediaType");
  g_free (media->media_type);
  media->media_type = g_strdup ("audio");
  ASSERT_VALID (mh_media_check, media);
}

static void
ad_break_check (void)
{
  g_autoptr (MhAdBreak) ad_break = valid_ad_break ();

  ASSERT_VALID (mh_ad_break_check, ad_break);
  ASSERT_TEXT_NEEDED (mh_ad_break_check, ad_break, name, "name");
  ASSERT_POSITION_NEEDED (mh_ad_break_check, ad_break);
  ASSERT_NUMBER_NEEDED (mh_ad_break_check, ad_break, start_time, "startTime");
}

static void
ad_check (void)
{
  g_autoptr (MhAd) ad = valid_ad ();

  ASSERT_VALID (mh_ad_check, ad);
  ASSERT_TEXT_NEEDED (mh_ad_check, ad, id, "id");
  ASSERT_TEXT_NEEDED (mh_ad_check, ad, name, "name");
  ASSERT_POSITION_NEEDED (mh_ad_check, ad);
  ASSERT_NUMBER_NEEDED (mh_ad_check, ad, length, "length");
}

static void
chapter_check (void)
{
  g_autoptr (MhChapter) chapter = valid_chapter ();

  ASSERT_VALID (mh_chapter_check, chapter);
  ASSERT_TEXT_NEEDED (mh_chapter_check, chapter, name, "name");
  ASSERT_POSITION_NEEDED (mh_chapter_check, chapter);
  ASSERT_NUMBER_NEEDED (mh_chapter_check, chapter, length, "length");
  ASSERT_NUMBER_NEEDED (mh_chapter_check, chapter, start_time, "startTime");
}

/* What is not known is valid; what is known must be a number. */
static void
qoe_check (void)
{
  static const struct
  {
    MhQoe qoe;
    const char *member;
  } refused[] = {
    { { -1, NAN, NAN, NAN }, "bitrate" },
    { { 0, -1, NAN, NAN }, "droppedFrames" },
    { { 0, 0, -0.1, NAN }, "fps" },
    { { 0, 0, 0, -1 }, "startupTime" },
    { { INFINITY, 0, 0, 0 }, "bitrate" },
  };
  const MhQoe unknown = MH_QOE_INIT;
  const MhQoe zero = { 0, 0, 0, 0 };

  ASSERT_VALID (mh_qoe_check, &unknown);
  ASSERT_VALID (mh_qoe_check, &zero);
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_false (mh_qoe_check (&refused[i].qoe, &error));
    g_assert_error (error, MH_ERROR, MH_ERROR_REFUSED);
    g_assert_true (g_str_has_prefix (error->message, refused[i].member));
  }
}

#define ASSERT_DIFFERENT_BY(equal, a, b, field, value) \
  G_STMT_START \
  { \
    g_assert_true (equal (a, b)); \
    b->field = value; \
    g_assert_false (equal (a, b)); \
    g_assert_false (equal (b, a)); \
    b->field = a->field; \
  } \
  G_STMT_END

static void
ad_break_equal (void)
{
  g_autoptr (MhAdBreak) a = valid_ad_break ();
  g_autoptr (MhAdBreak) b = valid_ad_break ();
  g_autofree char *name = b->name;

  ASSERT_DIFFERENT_BY (mh_ad_break_equal, a, b, position, 2);
  ASSERT_DIFFERENT_BY (mh_ad_break_equal, a, b, start_time, 0.5);
  ASSERT_DIFFERENT_BY (mh_ad_break_equal, a, b, name, (char *) "x");
  b->name = NULL;
}

static void
ad_equal (void)
{
  g_autoptr (MhAd) a = valid_ad ();
  g_autoptr (MhAd) b = valid_ad ();
  g_autofree char *id = b->id;
  g_autofree char *name = b->name;

  ASSERT_DIFFERENT_BY (mh_ad_equal, a, b, position, 2);
  ASSERT_DIFFERENT_BY (mh_ad_equal, a, b, length, 16);
  ASSERT_DIFFERENT_BY (mh_ad_equal, a, b, name, (char *) "x");
  ASSERT_DIFFERENT_BY (mh_ad_equal, a, b, id, (char *) "x");
  /* Metadata does not count. */
  b->metadata = g_variant_ref_sink (g_variant_new_parsed ("{'k': 'v'}", NULL));
  g_assert_true (mh_ad_equal (a, b));
  b->name = NULL;
  b->id = NULL;
}

static void
chapter_equal (void)
{
  g_autoptr (MhChapter) a = valid_chapter ();
  g_autoptr (MhChapter) b = valid_chapter ();
  g_autofree char *name = b->name;

  ASSERT_DIFFERENT_BY (mh_chapter_equal, a, b, position, 2);
  ASSERT_DIFFERENT_BY (mh_chapter_equal, a, b, length, 21);
  ASSERT_DIFFERENT_BY (mh_chapter_equal, a, b, start_time, 0.5);
  ASSERT_DIFFERENT_BY (mh_chapter_equal, a, b, name, (char *) "x");
  b->metadata = g_variant_ref_sink (g_variant_new_parsed ("{'k': 'v'}", NULL));
  g_assert_true (mh_chapter_equal (a, b));
  b->name = NULL;
}

/* ---- owners in several threads ---- */

#define ROUNDS 20000

typedef struct
{
  MhMedia *media;
  MhAdBreak *ad_break;
  MhAd *ad;
  MhChapter *chapter;
} Shared;

static void
note_freed (gpointer n_freed)
{
  g_atomic_int_inc ((int *) n_freed);
}

/* Returns: (transfer full): metadata that counts when it is freed. */
static GVariant *
make_metadata (int *n_freed)
{
  g_autoptr (GBytes)
      bytes = g_bytes_new_with_free_func ("", 0, note_freed, n_freed);

  return g_variant_ref_sink (
      g_variant_new_from_bytes (G_VARIANT_TYPE ("a{ss}"), bytes, TRUE));
}

static gpointer
take_and_give_back (gpointer data)
{
  const Shared *shared = data;

  for (guint i = 0; i < ROUNDS; i++) {
    mh_media_ref (shared->media);
    mh_ad_break_ref (shared->ad_break);
    mh_ad_ref (shared->ad);
    mh_chapter_ref (shared->chapter);
    mh_media_unref (shared->media);
    mh_ad_break_unref (shared->ad_break);
    mh_ad_unref (shared->ad);
    mh_chapter_unref (shared->chapter);
  }
  return NULL;
}

/* A call is made in the application's thread and kept by the worker. */
static void
shared_by_threads (void)
{
  int n_freed = 0;
  Shared shared = { valid_media (), valid_ad_break (), valid_ad (),
    valid_chapter () };
  GThread *threads[2];

  shared.media->metadata = make_metadata (&n_freed);
  shared.ad->metadata = make_metadata (&n_freed);
  shared.chapter->metadata = make_metadata (&n_freed);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("owner", take_and_give_back, &shared);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_cmpint (n_freed, ==, 0);
  mh_media_unref (shared.media);
  mh_ad_break_unref (shared.ad_break);
  mh_ad_unref (shared.ad);
  mh_chapter_unref (shared.chapter);
  g_assert_cmpint (n_freed, ==, 3);
}

static void
copies (void)
{
  g_autoptr (MhMedia) media = valid_media ();
  g_autoptr (MhAd) ad = valid_ad ();
  g_autoptr (MhAd) ad_copy = NULL;
  g_autoptr (MhChapter) chapter = valid_chapter ();
  g_autoptr (MhChapter) chapter_copy = NULL;
  MhMedia *copy;

  media->metadata = g_variant_ref_sink (g_variant_new_parsed ("{'k': 'v'}"));
  copy = mh_media_copy (media);
  g_assert_true (copy != media && copy->metadata == media->metadata);
  ASSERT_VALID (mh_media_check, copy);
  g_assert_cmpstr (copy->id, ==, "i");
  copy->resumed = TRUE;
  g_clear_pointer (&copy->metadata, g_variant_unref);
  mh_media_unref (copy);
  g_assert_false (media->resumed);
  g_assert_nonnull (media->metadata);
  ASSERT_VALID (mh_media_check, media);

  ad_copy = mh_ad_copy (ad);
  g_assert_true (ad_copy != ad && mh_ad_equal (ad_copy, ad));
  chapter_copy = mh_chapter_copy (chapter);
  g_assert_true (
      chapter_copy != chapter && mh_chapter_equal (chapter_copy, chapter));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/media/new-values-are-invalid", new_values_are_invalid);
  g_test_add_func ("/media/check/media", media_check);
  g_test_add_func ("/media/check/ad-break", ad_break_check);
  g_test_add_func ("/media/check/ad", ad_check);
  g_test_add_func ("/media/check/chapter", chapter_check);
  g_test_add_func ("/media/check/qoe", qoe_check);
  g_test_add_func ("/media/equal/ad-break", ad_break_equal);
  g_test_add_func ("/media/equal/ad", ad_equal);
  g_test_add_func ("/media/equal/chapter", chapter_equal);
  g_test_add_func ("/media/copies", copies);
  g_test_add_func ("/media/shared-by-threads", shared_by_threads);
  return g_test_run ();
}
