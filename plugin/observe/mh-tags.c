/* mh-tags: what the tags of a stream say of the media.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-tags.h"

#include "mh-text.h"

#include <string.h>

/* Places in the table. */
#define TITLE 0
#define STATION 10

/* Where several tags have one name, the first that there is counts. A tag whose
 * meaning is only close to that of the back end's name is left out: a composer is not
 * an author, a date of recording not that of a first showing, and a listener's rating
 * not a guideline for parents. */
static const struct
{
  const char *tag;
  const char *name;
  const char *live_name; /* NULL: the same */
} known[MH_TAGS_KNOWN] = {
  { GST_TAG_TITLE, NULL, NULL }, /* not metadata: the media's name */
  { GST_TAG_ARTIST, "a.media.artist", NULL },
  { GST_TAG_ALBUM_ARTIST, "a.media.artist", NULL },
  { GST_TAG_PERFORMER, "a.media.artist", NULL },
  { GST_TAG_ALBUM, "a.media.album", NULL },
  { GST_TAG_GENRE, "a.media.genre", NULL },
  { GST_TAG_SHOW_NAME, "a.media.show", NULL },
  { GST_TAG_SHOW_SEASON_NUMBER, "a.media.season", NULL },
  { GST_TAG_SHOW_EPISODE_NUMBER, "a.media.episode", NULL },
  { GST_TAG_PUBLISHER, "a.media.publisher", NULL },
  /* The Vorbis comment is the label's; an Icecast server has its own name
   * there. */
  [STATION] = { GST_TAG_ORGANIZATION, "a.media.label", "a.media.station" },
  /* An ISRC names a recording everywhere, as an asset's ID does. */
  { GST_TAG_ISRC, "a.media.asset", NULL },
};

void
mh_tags_clear (MhTags *self)
{
  for (guint i = 0; i < MH_TAGS_KNOWN; i++) {
    g_clear_pointer (&self->whole[i], g_free);
    g_clear_pointer (&self->stream[i], g_free);
  }
}

/* Takes the text. Returns: (transfer full) (nullable): valid, not too long, and
 * not just blanks. */
static char *
clean (char *text)
{
  g_autofree char *valid = text ? mh_text_dup_fit (text) : NULL;

  g_free (text);
  if (!valid)
    return NULL;
  g_strstrip (valid);
  return *valid ? g_steal_pointer (&valid) : NULL;
}

/* Several values of one tag come as one text, with commas. */
static char *
dup_value (const GstTagList *list, const char *tag)
{
  char *text = NULL;
  guint number;

  if (gst_tag_get_type (tag) == G_TYPE_STRING)
    gst_tag_list_get_string (list, tag, &text);
  else if (gst_tag_list_get_uint (list, tag, &number))
    text = g_strdup_printf ("%u", number);
  return clean (text);
}

/* The name that muxers give to a track without one is not a title. */
static gboolean
is_track_name (const char *title)
{
  static const char *const names[] = { "Audio", "Video", "Subtitle", NULL };

  return g_strv_contains (names, title);
}

/* Returns: whether there is any. */
static gboolean
read_tags (const GstTagList *list, gboolean whole, char **values)
{
  gboolean any = FALSE;

  for (guint i = 0; i < MH_TAGS_KNOWN; i++) {
    values[i] = dup_value (list, known[i].tag);
    if (i == TITLE && !whole && values[i] && is_track_name (values[i]))
      g_clear_pointer (&values[i], g_free);
    any = any || values[i];
  }
  return any;
}

void
mh_tags_take (MhTags *self, const GstTagList *list)
{
  gboolean whole = gst_tag_list_get_scope (list) == GST_TAG_SCOPE_GLOBAL;
  char **values = whole ? self->whole : self->stream;
  char *taken[MH_TAGS_KNOWN];

  if (!read_tags (list, whole, taken))
    return;
  for (guint i = 0; i < MH_TAGS_KNOWN; i++) {
    g_free (values[i]);
    values[i] = taken[i];
  }
}

void
mh_tags_add (MhTags *self, const MhTags *other)
{
  for (guint i = 0; i < MH_TAGS_KNOWN; i++) {
    if (!self->whole[i])
      self->whole[i] = g_strdup (other->whole[i]);
    if (!self->stream[i])
      self->stream[i] = g_strdup (other->stream[i]);
  }
}

static const char *
get_tag (const MhTags *self, guint i)
{
  return self->whole[i] ? self->whole[i] : self->stream[i];
}

gboolean
mh_tags_is_empty (const MhTags *self)
{
  for (guint i = 0; i < MH_TAGS_KNOWN; i++) {
    if (get_tag (self, i))
      return FALSE;
  }
  return TRUE;
}

const char *
mh_tags_get_title (const MhTags *self)
{
  return get_tag (self, TITLE);
}

const char *
mh_tags_get_station (const MhTags *self)
{
  return get_tag (self, STATION);
}

void
mh_tags_forget_streams (MhTags *self)
{
  for (guint i = 0; i < MH_TAGS_KNOWN; i++)
    g_clear_pointer (&self->stream[i], g_free);
}

static const char *
get_name (guint i, gboolean live)
{
  return live && known[i].live_name ? known[i].live_name : known[i].name;
}

GVariant *
mh_tags_dup_metadata (const MhTags *self, gboolean live)
{
  GVariantBuilder builder;
  const char *before = NULL; /* those of one name are side by side */
  gboolean any = FALSE;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{ss}"));
  for (guint i = 0; i < MH_TAGS_KNOWN; i++) {
    const char *name = get_name (i, live);

    if (!name || !get_tag (self, i) || g_strcmp0 (name, before) == 0)
      continue;
    g_variant_builder_add (&builder, "{ss}", name, get_tag (self, i));
    before = name;
    any = TRUE;
  }
  if (!any) {
    g_variant_builder_clear (&builder);
    return NULL;
  }
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}
