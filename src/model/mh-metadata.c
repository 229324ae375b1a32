/* mh-metadata: the application's names and values, and which of them are
 * standard parameters.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-metadata.h"
#include "mh-text.h"

#include <string.h>

/* SDK name → parameter
 * (docs/design/wire-media-collection.md#standard-metadata). */
static const struct
{
  const char *sdk;
  const char *param;
} standard_names[] = {
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
};

const char *
mh_metadata_standard_name (const char *key)
{
  if (g_str_has_prefix (key, "media."))
    return key;
  for (guint i = 0; i < G_N_ELEMENTS (standard_names); i++) {
    if (g_str_equal (standard_names[i].sdk, key))
      return standard_names[i].param;
  }
  return NULL;
}

static gboolean
is_clean_key (const char *key)
{
  if (!*key)
    return FALSE;
  for (; *key; key++) {
    if (!g_ascii_isalnum (*key) && *key != '_' && *key != '.')
      return FALSE;
  }
  return TRUE;
}

/* The parameter that a key becomes, or the key itself. */
static const char *
final_name (const char *key)
{
  const char *standard = mh_metadata_standard_name (key);

  return standard ? standard : key;
}

/* Whether one of the entries from number @from on has the name of @key, under
 * whichever of its names. */
static gboolean
has_name (GVariant *metadata, gsize from, const char *key)
{
  gsize n = g_variant_n_children (metadata);

  for (gsize i = from; i < n; i++) {
    const char *other;

    g_variant_get_child (metadata, i, "{&s&s}", &other, NULL);
    if (g_str_equal (final_name (key), final_name (other)))
      return TRUE;
  }
  return FALSE;
}

static gboolean
check_key (const char *key, MhWarningFunc warning, gpointer user_data)
{
  if (is_clean_key (key))
    return TRUE;
  mh_warn (warning, user_data,
      "metadata “%s” is dropped: a key has letters, digits, '_' and '.' only",
      key);
  return FALSE;
}

static char *
dup_bounded (const char *key, const char *value, MhWarningFunc warning,
    gpointer user_data)
{
  char *bounded = mh_text_dup_fit (value);

  if (strlen (bounded) < strlen (value))
    mh_warn (warning, user_data,
        "the value of metadata “%s” is cut to %d bytes", key, MH_TEXT_MAX);
  return bounded;
}

GVariant *
mh_metadata_clean (
    GVariant *metadata, MhWarningFunc warning, gpointer user_data)
{
  GVariantBuilder builder;
  gsize n = metadata ? g_variant_n_children (metadata) : 0;
  guint kept = 0;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{ss}"));
  for (gsize i = 0; i < n; i++) {
    const char *key, *value;
    g_autofree char *bounded = NULL;

    g_variant_get_child (metadata, i, "{&s&s}", &key, &value);
    if (!check_key (key, warning, user_data))
      continue;
    if (kept == MH_METADATA_MAX_ENTRIES) {
      mh_warn (warning, user_data,
          "metadata “%s” and what follows is dropped: more than %d entries",
          key, MH_METADATA_MAX_ENTRIES);
      break;
    }
    if (has_name (metadata, i + 1, key))
      continue; /* the last one counts */
    bounded = dup_bounded (key, value, warning, user_data);
    g_variant_builder_add (&builder, "{ss}", key, bounded);
    kept++;
  }
  if (kept == 0) {
    g_variant_builder_clear (&builder);
    return NULL;
  }
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

GVariant *
mh_metadata_merge (GVariant *first, GVariant *more)
{
  GVariantBuilder builder;
  GVariantIter iter;
  const char *key, *value;

  if (!first || !more)
    return first || more ? g_variant_ref (first ? first : more) : NULL;
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{ss}"));
  g_variant_iter_init (&iter, first);
  while (g_variant_iter_next (&iter, "{&s&s}", &key, &value))
    g_variant_builder_add (&builder, "{ss}", key, value);
  g_variant_iter_init (&iter, more);
  while (g_variant_iter_next (&iter, "{&s&s}", &key, &value)) {
    if (!has_name (first, 0, key))
      g_variant_builder_add (&builder, "{ss}", key, value);
  }
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}
