/* Tests of mh-metadata: what is kept of it and under which name.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-metadata.h"

#include <string.h>

static void
add_warning (const char *message, gpointer user_data)
{
  g_ptr_array_add (user_data, g_strdup (message));
}

static char *
clean (GVariant *metadata, GPtrArray *warnings)
{
  g_autoptr (GVariant) sunk = g_variant_ref_sink (metadata);
  g_autoptr (GVariant) kept = mh_metadata_clean (sunk, add_warning, warnings);

  return kept ? g_variant_print (kept, FALSE) : g_strdup ("nothing");
}

static void
clean_keys (void)
{
  static const struct
  {
    const char *metadata;
    const char *kept;
    guint n_warnings;
  } rows[] = {
    { "@a{ss} {}", "nothing", 0 },
    { "{'aZ0_.9': 'v'}", "{'aZ0_.9': 'v'}", 0 },
    { "{'': 'v'}", "nothing", 1 },
    { "{'a b': 'v'}", "nothing", 1 },
    { "{'a-b': 'v', 'k': 'v', 'ä': 'v'}", "{'k': 'v'}", 2 },
    { "{'a\\n': 'v', '\"': 'v', 'a/b': 'v'}", "nothing", 3 },
    { "{'k': ''}", "{'k': ''}", 0 },
    /* The last one counts, also where two names become one parameter. */
    { "{'k': '1', 'l': '2', 'k': '3'}", "{'l': '2', 'k': '3'}", 0 },
    { "{'media.show': '1', 'a.media.show': '2'}", "{'a.media.show': '2'}", 0 },
    { "{'a.media.show': '1', 'media.show': '2'}", "{'media.show': '2'}", 0 },
    { "{'a.media.x': '1', 'media.x': '2'}",
        "{'a.media.x': '1', 'media.x': '2'}", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);
    g_autofree char *kept = clean (
        g_variant_new_parsed (rows[i].metadata, NULL), warnings);

    g_assert_cmpstr (kept, ==, rows[i].kept);
    g_assert_cmpuint (warnings->len, ==, rows[i].n_warnings);
  }
  g_assert_null (mh_metadata_clean (NULL, add_warning, NULL));
}

static void
warning_names_the_key (void)
{
  g_autoptr (GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *kept = clean (
      g_variant_new_parsed ("{'a b': 'v'}", NULL), warnings);

  g_assert_cmpstr (g_ptr_array_index (warnings, 0), ==,
      "metadata “a b” is dropped: a key has letters, digits, '_' and '.' only");
}

/* Values of @length bytes, the last characters being @end. */
static gsize
kept_length (gsize length, const char *end, guint n_warnings)
{
  g_autofree char *value = g_strnfill (length, 'x');
  g_autoptr (GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GVariant) metadata = NULL;
  g_autoptr (GVariant) kept = NULL;
  const char *text = NULL;

  memcpy (value + length - strlen (end), end, strlen (end));
  metadata = g_variant_ref_sink (g_variant_new_parsed ("{'k': %s}", value));
  kept = mh_metadata_clean (metadata, add_warning, warnings);
  g_assert_cmpuint (warnings->len, ==, n_warnings);
  g_assert_true (g_variant_lookup (kept, "k", "&s", &text));
  g_assert_true (g_utf8_validate (text, -1, NULL));
  return strlen (text);
}

/* Cut at a character's end: “…” has three bytes. */
static void
long_values (void)
{
  g_assert_cmpuint (kept_length (4095, "", 0), ==, 4095);
  g_assert_cmpuint (kept_length (4096, "", 0), ==, 4096);
  g_assert_cmpuint (kept_length (4097, "", 1), ==, 4096);
  g_assert_cmpuint (kept_length (9000, "", 1), ==, 4096);
  g_assert_cmpuint (kept_length (4096, "…", 0), ==, 4096);
  g_assert_cmpuint (kept_length (4097, "…", 1), ==, 4094);
  g_assert_cmpuint (kept_length (4098, "…", 1), ==, 4095);
  g_assert_cmpuint (kept_length (4099, "…", 1), ==, 4096);
  g_assert_cmpuint (kept_length (4100, "…", 1), ==, 4096);
}

static GVariant *
numbered (guint n)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{ss}"));
  for (guint i = 0; i < n; i++) {
    g_autofree char *key = g_strdup_printf ("k%u", i);

    g_variant_builder_add (&builder, "{ss}", key, "v");
  }
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

static void
many_entries (void)
{
  static const struct
  {
    guint n;
    guint kept;
    guint n_warnings;
  } rows[] = { { 100, 100, 0 }, { 101, 100, 1 }, { 1000, 100, 1 } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);
    g_autoptr (GVariant) metadata = numbered (rows[i].n);
    g_autoptr (GVariant)
        kept = mh_metadata_clean (metadata, add_warning, warnings);

    g_assert_cmpuint (g_variant_n_children (kept), ==, rows[i].kept);
    g_assert_cmpuint (warnings->len, ==, rows[i].n_warnings);
    g_assert_true (g_variant_lookup (kept, "k99", "&s", NULL));
  }
}

static void
standard_names (void)
{
  static const struct
  {
    const char *key;
    const char *param;
  } rows[] = {
    { "a.media.show", "media.show" },
    { "a.media.season", "media.season" },
    { "a.media.episode", "media.episode" },
    { "a.media.asset", "media.assetId" },
    { "a.media.genre", "media.genre" },
    { "a.media.airDate", "media.firstAirDate" },
    { "a.media.digitalDate", "media.firstDigitalDate" },
    { "a.media.rating", "media.rating" },
    { "a.media.originator", "media.originator" },
    { "a.media.network", "media.network" },
    { "a.media.type", "media.showType" },
    { "a.media.adLoad", "media.adLoad" },
    { "a.media.pass.mvpd", "media.pass.mvpd" },
    { "a.media.pass.auth", "media.pass.auth" },
    { "a.media.dayPart", "media.dayPart" },
    { "a.media.feed", "media.feed" },
    { "a.media.format", "media.streamFormat" },
    { "a.media.artist", "media.artist" },
    { "a.media.album", "media.album" },
    { "a.media.label", "media.label" },
    { "a.media.author", "media.author" },
    { "a.media.station", "media.station" },
    { "a.media.publisher", "media.publisher" },
    { "a.media.ad.advertiser", "media.ad.advertiser" },
    { "a.media.ad.campaign", "media.ad.campaignId" },
    { "a.media.ad.creative", "media.ad.creativeId" },
    { "a.media.ad.placement", "media.ad.placementId" },
    { "a.media.ad.site", "media.ad.siteId" },
    { "a.media.ad.creativeURL", "media.ad.creativeURL" },
    { "media.show", "media.show" },
    { "media.whatever", "media.whatever" },
    { "a.media.whatever", NULL },
    { "a.media.Show", NULL },
    { "Media.show", NULL },
    { "media", NULL },
    { "mediashow", NULL },
    { "a.media.", NULL },
    { "k", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpstr (
        mh_metadata_standard_name (rows[i].key), ==, rows[i].param);
}

static void
assert_merged (const char *first, const char *more, const char *wanted)
{
  g_autoptr (GVariant)
      a = first ? g_variant_ref_sink (g_variant_new_parsed (first)) : NULL;
  g_autoptr (GVariant)
      b = more ? g_variant_ref_sink (g_variant_new_parsed (more)) : NULL;
  g_autoptr (GVariant) merged = mh_metadata_merge (a, b);
  g_autofree char *text = merged ? g_variant_print (merged, FALSE) : NULL;

  g_assert_cmpstr (text, ==, wanted);
}

static void
test_merge (void)
{
  assert_merged (NULL, NULL, NULL);
  assert_merged ("{'a': '1'}", NULL, "{'a': '1'}");
  assert_merged (NULL, "{'a': '1'}", "{'a': '1'}");
  assert_merged ("{'a': '1', 'b': '2'}", "{'b': '3', 'c': '4'}",
      "{'a': '1', 'b': '2', 'c': '4'}");
  assert_merged ("{'media.artist': 'theirs'}", "{'a.media.artist': 'ours'}",
      "{'media.artist': 'theirs'}");
  assert_merged ("{'a.media.artist': 'theirs'}", "{'media.artist': 'ours'}",
      "{'a.media.artist': 'theirs'}");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/metadata/clean/keys", clean_keys);
  g_test_add_func ("/metadata/clean/warning", warning_names_the_key);
  g_test_add_func ("/metadata/clean/long-values", long_values);
  g_test_add_func ("/metadata/clean/many-entries", many_entries);
  g_test_add_func ("/metadata/standard-names", standard_names);
  g_test_add_func ("/metadata/merge", test_merge);
  return g_test_run ();
}
