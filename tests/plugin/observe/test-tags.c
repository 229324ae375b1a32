/* Tests of mh-tags.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-tags.h"

#include <string.h>

#include "mh-metadata.h"
#include "mh-text.h"

/* Takes the list. */
static void
take (MhTags *tags, GstTagList *list, GstTagScope scope)
{
  gst_tag_list_set_scope (list, scope);
  mh_tags_take (tags, list);
  gst_tag_list_unref (list);
}

static void
assert_metadata (const MhTags *tags, gboolean live, const char *expected)
{
  g_autoptr (GVariant) metadata = mh_tags_dup_metadata (tags, live);
  g_autofree char *text = metadata ? g_variant_print (metadata, FALSE) : NULL;

  g_assert_cmpstr (text, ==, expected);
}

static void
test_nothing (void)
{
  MhTags tags = { 0 };

  take (&tags, gst_tag_list_new (GST_TAG_BITRATE, 64000u, NULL),
      GST_TAG_SCOPE_STREAM);
  g_assert_true (mh_tags_is_empty (&tags));
  g_assert_null (mh_tags_get_title (&tags));
  assert_metadata (&tags, FALSE, NULL);
  mh_tags_clear (&tags);
}

/* Every name there is, and a name for each. */
static void
test_names (void)
{
  MhTags tags = { 0 };
  g_autoptr (GVariant) metadata = NULL;
  GVariantIter iter;
  const char *key;

  take (&tags,
      gst_tag_list_new (GST_TAG_TITLE, "t", GST_TAG_ARTIST, "ar", GST_TAG_ALBUM,
          "al", GST_TAG_GENRE, "ge", GST_TAG_SHOW_NAME, "sh",
          GST_TAG_SHOW_SEASON_NUMBER, 2u, GST_TAG_SHOW_EPISODE_NUMBER, 11u,
          GST_TAG_PUBLISHER, "pu", GST_TAG_ORGANIZATION, "or", GST_TAG_ISRC,
          "is", GST_TAG_COMPOSER, "co", GST_TAG_USER_RATING, 80u, NULL),
      GST_TAG_SCOPE_GLOBAL);
  g_assert_cmpstr (mh_tags_get_title (&tags), ==, "t");
  assert_metadata (&tags, FALSE,
      "{'a.media.artist': 'ar', 'a.media.album': 'al', 'a.media.genre': 'ge', "
      "'a.media.show': 'sh', 'a.media.season': '2', 'a.media.episode': '11', "
      "'a.media.publisher': 'pu', 'a.media.label': 'or', "
      "'a.media.asset': 'is'}");
  metadata = mh_tags_dup_metadata (&tags, FALSE);
  g_variant_iter_init (&iter, metadata);
  while (g_variant_iter_next (&iter, "{&s&s}", &key, NULL))
    g_assert_nonnull (mh_metadata_standard_name (key));
  mh_tags_clear (&tags);
  g_assert_true (mh_tags_is_empty (&tags));
}

/* What an Icecast server calls itself. */
static void
test_station (void)
{
  MhTags tags = { 0 };

  take (&tags, gst_tag_list_new (GST_TAG_ORGANIZATION, "Radio", NULL),
      GST_TAG_SCOPE_STREAM);
  assert_metadata (&tags, TRUE, "{'a.media.station': 'Radio'}");
  assert_metadata (&tags, FALSE, "{'a.media.label': 'Radio'}");
  g_assert_nonnull (mh_metadata_standard_name ("a.media.station"));
  mh_tags_clear (&tags);
}

/* Who is closest to being the artist. */
static void
test_artist (void)
{
  MhTags tags = { 0 };

  take (&tags, gst_tag_list_new (GST_TAG_PERFORMER, "performer", NULL),
      GST_TAG_SCOPE_GLOBAL);
  assert_metadata (&tags, FALSE, "{'a.media.artist': 'performer'}");
  take (&tags, gst_tag_list_new (GST_TAG_ALBUM_ARTIST, "album's", NULL),
      GST_TAG_SCOPE_STREAM);
  assert_metadata (&tags, FALSE, "{'a.media.artist': \"album's\"}");
  take (&tags,
      gst_tag_list_new (
          GST_TAG_ALBUM_ARTIST, "album's", GST_TAG_ARTIST, "artist", NULL),
      GST_TAG_SCOPE_STREAM);
  assert_metadata (&tags, FALSE, "{'a.media.artist': 'artist'}");
  mh_tags_clear (&tags);
}

static void
test_several_values (void)
{
  MhTags tags = { 0 };

  take (&tags,
      gst_tag_list_new (GST_TAG_GENRE, "Jazz", GST_TAG_GENRE, "Live",
          GST_TAG_ARTIST, "One", GST_TAG_ARTIST, "Two", NULL),
      GST_TAG_SCOPE_GLOBAL);
  assert_metadata (&tags, FALSE,
      "{'a.media.artist': 'One, Two', 'a.media.genre': 'Jazz, Live'}");
  mh_tags_clear (&tags);
}

/* The whole counts more than a stream of it, whichever is told later. */
static void
test_scopes (void)
{
  MhTags tags = { 0 };

  take (&tags,
      gst_tag_list_new (GST_TAG_TITLE, "film", GST_TAG_GENRE, "Drama", NULL),
      GST_TAG_SCOPE_GLOBAL);
  take (&tags,
      gst_tag_list_new (GST_TAG_TITLE, "commentary", GST_TAG_GENRE, "Talk",
          GST_TAG_ARTIST, "director", NULL),
      GST_TAG_SCOPE_STREAM);
  g_assert_cmpstr (mh_tags_get_title (&tags), ==, "film");
  assert_metadata (
      &tags, FALSE, "{'a.media.artist': 'director', 'a.media.genre': 'Drama'}");
  mh_tags_clear (&tags);
}

/* As the event does on a pad: a decoder that goes on with another item begins
 * with the tags of the one before. What is about the bitrate changes nothing. */
static void
test_later (void)
{
  MhTags tags = { 0 };

  take (&tags,
      gst_tag_list_new (GST_TAG_TITLE, "first", GST_TAG_GENRE, "Pop", NULL),
      GST_TAG_SCOPE_STREAM);
  take (&tags, gst_tag_list_new (GST_TAG_BITRATE, 64000u, NULL),
      GST_TAG_SCOPE_STREAM);
  g_assert_cmpstr (mh_tags_get_title (&tags), ==, "first");
  take (&tags, gst_tag_list_new (GST_TAG_ALBUM, "album", NULL),
      GST_TAG_SCOPE_GLOBAL);
  take (&tags, gst_tag_list_new (GST_TAG_TITLE, "second", NULL),
      GST_TAG_SCOPE_STREAM);
  g_assert_cmpstr (mh_tags_get_title (&tags), ==, "second");
  assert_metadata (&tags, FALSE, "{'a.media.album': 'album'}");
  mh_tags_clear (&tags);
}

/* Two streams of one item. */
static void
test_add (void)
{
  MhTags tags = { 0 }, others = { 0 };

  take (&tags, gst_tag_list_new (GST_TAG_GENRE, "Drama", NULL),
      GST_TAG_SCOPE_STREAM);
  take (&others,
      gst_tag_list_new (GST_TAG_GENRE, "Talk", GST_TAG_ARTIST, "One", NULL),
      GST_TAG_SCOPE_STREAM);
  take (&others, gst_tag_list_new (GST_TAG_TITLE, "film", NULL),
      GST_TAG_SCOPE_GLOBAL);
  mh_tags_add (&tags, &others);
  mh_tags_clear (&others);
  g_assert_cmpstr (mh_tags_get_title (&tags), ==, "film");
  assert_metadata (
      &tags, FALSE, "{'a.media.artist': 'One', 'a.media.genre': 'Drama'}");
  mh_tags_clear (&tags);
}

static void
test_track_name (void)
{
  MhTags tags = { 0 };

  take (&tags, gst_tag_list_new (GST_TAG_TITLE, "Audio", NULL),
      GST_TAG_SCOPE_STREAM);
  g_assert_null (mh_tags_get_title (&tags));
  take (&tags, gst_tag_list_new (GST_TAG_TITLE, "Audio", NULL),
      GST_TAG_SCOPE_GLOBAL);
  g_assert_cmpstr (mh_tags_get_title (&tags), ==, "Audio");
  mh_tags_clear (&tags);
}

static void
test_blank (void)
{
  MhTags tags = { 0 };

  take (&tags,
      gst_tag_list_new (GST_TAG_TITLE, "  ", GST_TAG_ARTIST, " Name ", NULL),
      GST_TAG_SCOPE_GLOBAL);
  g_assert_null (mh_tags_get_title (&tags));
  assert_metadata (&tags, FALSE, "{'a.media.artist': 'Name'}");
  mh_tags_clear (&tags);
}

/* Cut where a character ends. */
static void
test_long (void)
{
  MhTags tags = { 0 };
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GVariant) metadata = NULL;
  const char *album;

  while (text->len <= 2 * MH_TEXT_MAX)
    g_string_append (text, "a€");
  take (&tags, gst_tag_list_new (GST_TAG_ALBUM, text->str, NULL),
      GST_TAG_SCOPE_GLOBAL);
  metadata = mh_tags_dup_metadata (&tags, FALSE);
  g_assert_true (g_variant_lookup (metadata, "a.media.album", "&s", &album));
  g_assert_cmpuint (strlen (album), <=, MH_TEXT_MAX);
  g_assert_cmpuint (strlen (album), >, MH_TEXT_MAX - 4);
  g_assert_true (g_utf8_validate (album, -1, NULL));
  g_assert_true (g_str_has_prefix (text->str, album));
  mh_tags_clear (&tags);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tags/nothing", test_nothing);
  g_test_add_func ("/tags/names", test_names);
  g_test_add_func ("/tags/station", test_station);
  g_test_add_func ("/tags/artist", test_artist);
  g_test_add_func ("/tags/several-values", test_several_values);
  g_test_add_func ("/tags/scopes", test_scopes);
  g_test_add_func ("/tags/later", test_later);
  g_test_add_func ("/tags/add", test_add);
  g_test_add_func ("/tags/track-name", test_track_name);
  g_test_add_func ("/tags/blank", test_blank);
  g_test_add_func ("/tags/long", test_long);
  return g_test_run ();
}
