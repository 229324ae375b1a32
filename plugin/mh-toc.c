/* mh-toc: a table of contents, as the list of chapters that play.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-toc.h"

/* Files are anybody's: more than that is no table of contents. */
#define MAX_CHAPTERS 1000
#define MAX_DEPTH 8

static char *
dup_title (const GstTocEntry *entry)
{
  GstTagList *tags = gst_toc_entry_get_tags (entry);
  char *title = NULL;

  if (tags)
    gst_tag_list_get_string (tags, GST_TAG_TITLE, &title);
  return title;
}

static gboolean
get_start (GstTocEntry *entry, gint64 *start)
{
  return gst_toc_entry_get_start_stop_times (entry, start, NULL) && *start >= 0;
}

/* One by one, as they begin: where each ends is seen later. */
static void
collect (GList *entries, GPtrArray *found, guint depth)
{
  for (GList *l = entries; l && found->len < MAX_CHAPTERS; l = l->next) {
    GstTocEntry *entry = l->data;
    GList *inner = gst_toc_entry_get_sub_entries (entry);
    gint64 start, inner_start;

    if (!gst_toc_entry_is_sequence (entry) || !get_start (entry, &start))
      continue;
    if (!inner || !get_start (inner->data, &inner_start) || inner_start > start)
      g_ptr_array_add (found, entry);
    if (depth < MAX_DEPTH)
      collect (inner, found, depth + 1);
  }
}

static GPtrArray *
find_playing (GList *entries)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new ();

  collect (entries, found, 0);
  for (GList *l = entries; l && found->len == 0; l = l->next) {
    if (gst_toc_entry_is_alternative (l->data))
      collect (gst_toc_entry_get_sub_entries (l->data), found, 0);
  }
  return g_steal_pointer (&found);
}

static int
compare_starts (gconstpointer a, gconstpointer b)
{
  gint64 one = 0, other = 0;

  get_start (*(GstTocEntry *const *) a, &one);
  get_start (*(GstTocEntry *const *) b, &other);
  return one < other ? -1 : one > other;
}

/* Returns: seconds; infinite: it does not say. */
static double
get_end (GstTocEntry *entry, GstTocEntry *next)
{
  double end = INFINITY;
  gint64 stop, next_start;

  if (gst_toc_entry_get_start_stop_times (entry, NULL, &stop) && stop >= 0)
    end = (double) stop / GST_SECOND;
  if (next && get_start (next, &next_start))
    end = MIN (end, (double) next_start / GST_SECOND);
  return end;
}

GPtrArray *
mh_toc_flatten (GstToc *toc)
{
  g_autoptr (GPtrArray) found = find_playing (gst_toc_get_entries (toc));
  GPtrArray *list = mh_chapter_list_new ();

  g_ptr_array_sort (found, compare_starts);
  for (guint i = 0; i < found->len; i++) {
    GstTocEntry *entry = found->pdata[i];
    g_autofree char *title = dup_title (entry);
    gint64 start = 0;

    get_start (entry, &start);
    mh_chapter_list_add (list, title, (double) start / GST_SECOND,
        get_end (entry, i + 1 < found->len ? found->pdata[i + 1] : NULL));
  }
  return list;
}
