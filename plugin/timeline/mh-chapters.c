/* mh-chapters: the chapters of an item, begun and left as the media goes.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-chapters.h"

/* Seconds: a seek to a chapter may end up this close in front of it: that is not in
 * the chapter before. */
#define NEAR 0.25
/* Media ends sooner or later than its chapters say. */
#define END_NEAR 1.0

/* A file may hold anything: more than that is no table of contents. */
#define MAX_CHAPTERS 1000
#define MAX_DEPTH 8

struct _MhChapters
{
  GPtrArray *list; /* NULL: none */
  double duration;
  int open; /* index, or -1 */
  double cursor; /* where the media is or has been, while none is open */
  gboolean skipped; /* one was left early, and that has not been told yet */
  double left; /* where that was */
};

/* ---- lists ---- */

static void
span_free (gpointer data)
{
  MhChapterSpan *span = data;

  g_free (span->name);
  g_free (span);
}

GPtrArray *
mh_chapters_list_new (void)
{
  return g_ptr_array_new_with_free_func (span_free);
}

void
mh_chapters_list_add (
    GPtrArray *list, const char *name, double start, double end)
{
  MhChapterSpan *span;

  if (!(start >= 0 && start < end) || isinf (start))
    return;
  span = g_new (MhChapterSpan, 1);
  span->name = name && *name ? g_utf8_make_valid (name, -1) : NULL;
  span->start = start;
  span->end = end;
  g_ptr_array_add (list, span);
}

static gboolean
span_equal (gconstpointer a, gconstpointer b)
{
  const MhChapterSpan *one = a, *other = b;

  return one->start == other->start && one->end == other->end &&
      g_strcmp0 (one->name, other->name) == 0;
}

gboolean
mh_chapters_list_equal (const GPtrArray *a, const GPtrArray *b)
{
  if (a == b)
    return TRUE;
  if (!a || !b || a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++) {
    if (!span_equal (a->pdata[i], b->pdata[i]))
      return FALSE;
  }
  return TRUE;
}

/* ---- the list of a table of contents ---- */

static char *
toc_dup_title (const GstTocEntry *entry)
{
  GstTagList *tags = gst_toc_entry_get_tags (entry);
  char *title = NULL;

  if (tags)
    gst_tag_list_get_string (tags, GST_TAG_TITLE, &title);
  return title;
}

static gboolean
toc_get_start (GstTocEntry *entry, gint64 *start)
{
  return gst_toc_entry_get_start_stop_times (entry, start, NULL) && *start >= 0;
}

/* One by one, as they begin: where each ends is seen later. */
static void
toc_collect (GList *entries, GPtrArray *found, guint depth)
{
  for (GList *l = entries; l && found->len < MAX_CHAPTERS; l = l->next) {
    GstTocEntry *entry = l->data;
    GList *inner = gst_toc_entry_get_sub_entries (entry);
    gint64 start, inner_start;

    if (!gst_toc_entry_is_sequence (entry) || !toc_get_start (entry, &start))
      continue;
    if (!inner || !toc_get_start (inner->data, &inner_start) ||
        inner_start > start)
      g_ptr_array_add (found, entry);
    if (depth < MAX_DEPTH)
      toc_collect (inner, found, depth + 1);
  }
}

static GPtrArray *
toc_find_playing (GList *entries)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new ();

  toc_collect (entries, found, 0);
  for (GList *l = entries; l && found->len == 0; l = l->next) {
    if (gst_toc_entry_is_alternative (l->data))
      toc_collect (gst_toc_entry_get_sub_entries (l->data), found, 0);
  }
  return g_steal_pointer (&found);
}

static int
toc_compare_starts (gconstpointer a, gconstpointer b)
{
  gint64 one = 0, other = 0;

  toc_get_start (*(GstTocEntry *const *) a, &one);
  toc_get_start (*(GstTocEntry *const *) b, &other);
  return one < other ? -1 : one > other;
}

/* Returns: seconds; infinite: it does not say. */
static double
toc_get_end (GstTocEntry *entry, GstTocEntry *next)
{
  double end = INFINITY;
  gint64 stop, next_start;

  if (gst_toc_entry_get_start_stop_times (entry, NULL, &stop) && stop >= 0)
    end = (double) stop / GST_SECOND;
  if (next && toc_get_start (next, &next_start))
    end = MIN (end, (double) next_start / GST_SECOND);
  return end;
}

GPtrArray *
mh_chapters_list_from_toc (GstToc *toc)
{
  g_autoptr (GPtrArray) found = toc_find_playing (gst_toc_get_entries (toc));
  GPtrArray *list = mh_chapters_list_new ();

  g_ptr_array_sort (found, toc_compare_starts);
  for (guint i = 0; i < found->len; i++) {
    GstTocEntry *entry = found->pdata[i];
    g_autofree char *title = toc_dup_title (entry);
    gint64 start = 0;

    toc_get_start (entry, &start);
    mh_chapters_list_add (list, title, (double) start / GST_SECOND,
        toc_get_end (entry, i + 1 < found->len ? found->pdata[i + 1] : NULL));
  }
  return list;
}

/* ---- making ---- */

MhChapters *
mh_chapters_new (void)
{
  MhChapters *self = g_new0 (MhChapters, 1);

  mh_chapters_begin (self, -1);
  return self;
}

void
mh_chapters_free (MhChapters *self)
{
  g_clear_pointer (&self->list, g_ptr_array_unref);
  g_free (self);
}

static const MhChapterSpan *
get_span (const MhChapters *self, int index)
{
  return self->list->pdata[index];
}

void
mh_chapters_set (MhChapters *self, GPtrArray *list)
{
  g_autoptr (GPtrArray) before = g_steal_pointer (&self->list);
  int open = self->open;
  guint index;

  self->list = list ? g_ptr_array_ref (list) : NULL;
  if (open < 0)
    return;
  if (list &&
      g_ptr_array_find_with_equal_func (
          list, before->pdata[open], span_equal, &index)) {
    self->open = (int) index;
    return;
  }
  self->cursor = ((MhChapterSpan *) before->pdata[open])->start;
  self->open = -1;
  self->skipped = TRUE;
  self->left = NAN;
}

void
mh_chapters_begin (MhChapters *self, double duration)
{
  self->duration = duration;
  self->open = -1;
  self->cursor = 0;
  self->skipped = FALSE;
  self->left = NAN;
}

/* ---- jumps ---- */

static double
snap_to_edge (const MhChapters *self, double to, double rate)
{
  for (guint i = 0; self->list && i < self->list->len; i++) {
    const MhChapterSpan *span = self->list->pdata[i];

    if (rate >= 0 && span->start > to && span->start <= to + NEAR)
      return span->start;
    if (rate < 0 && span->end < to && span->end >= to - NEAR)
      return span->end;
  }
  return to;
}

static gboolean
contains (const MhChapterSpan *span, double place, double rate)
{
  return rate >= 0 ? span->start <= place && place < span->end
                   : span->start < place && place <= span->end;
}

void
mh_chapters_jump (MhChapters *self, double from, double to, double rate)
{
  self->cursor = snap_to_edge (self, to, rate);
  if (self->open < 0 ||
      contains (get_span (self, self->open), self->cursor, rate))
    return;
  self->open = -1;
  self->skipped = TRUE;
  self->left = from;
}

/* ---- what is next ---- */

typedef struct
{
  MhCallType type;
  int index;
  double place;
  MhTime at;
} Next;

/* Returns: the index of the chapter that the media is in or comes to, or -1. */
static int
chapters_find_ahead (const MhChapters *self, double rate)
{
  int n = self->list ? (int) self->list->len : 0;

  for (int k = 0; k < n; k++) {
    int i = rate > 0 ? k : n - 1 - k;
    const MhChapterSpan *span = get_span (self, i);

    if (rate > 0 ? span->end > self->cursor : span->start < self->cursor)
      return i;
  }
  return -1;
}

static Next
find_next (const MhChapters *self, const MhMotion *motion)
{
  Next next = { .index = self->open, .at = MH_TIME_NEVER };
  gboolean forward = motion->rate > 0;
  const MhChapterSpan *span;

  if (self->skipped) {
    next.type = MH_CALL_CHAPTER_SKIP;
    next.at = motion->at;
    return next;
  }
  if (motion->rate == 0)
    return next;
  if (self->open >= 0) {
    span = get_span (self, self->open);
    next.type = forward ? MH_CALL_CHAPTER_COMPLETE : MH_CALL_CHAPTER_SKIP;
    next.place = forward ? span->end : span->start;
  } else {
    next.index = chapters_find_ahead (self, motion->rate);
    if (next.index < 0)
      return next;
    span = get_span (self, next.index);
    next.type = MH_CALL_CHAPTER_START;
    next.place = forward ? MAX (self->cursor, span->start)
                         : MIN (self->cursor, span->end);
  }
  next.at = mh_motion_reach (motion, next.place);
  return next;
}

static MhCall *
make_start (const MhChapters *self, int index)
{
  const MhChapterSpan *span = get_span (self, index);
  double end = isinf (span->end) ? self->duration : span->end;
  MhCall *call = mh_call_new (MH_CALL_CHAPTER_START);

  call->chapter = mh_chapter_new ();
  call->chapter->name = span->name ? g_strdup (span->name)
                                   : g_strdup_printf ("Chapter %d", index + 1);
  call->chapter->position = index + 1;
  call->chapter->length = MAX (end - span->start, 0);
  call->chapter->start_time = span->start;
  return call;
}

MhTime
mh_chapters_deadline (MhChapters *self, const MhMotion *motion)
{
  return find_next (self, motion).at;
}

MhCall *
mh_chapters_pop (MhChapters *self, const MhMotion *motion, MhTime until,
    MhTime *at, double *left)
{
  Next next = find_next (self, motion);

  if (next.at > until)
    return NULL;
  *at = next.at;
  *left = NAN;
  if (next.type == MH_CALL_CHAPTER_START) {
    self->open = next.index;
    return make_start (self, next.index);
  }
  if (self->skipped) {
    *left = self->left;
    self->skipped = FALSE;
  } else {
    self->open = -1;
    self->cursor = next.place;
  }
  return mh_call_new (next.type);
}

MhCall *
mh_chapters_pop_end (MhChapters *self, double at)
{
  int open = self->open;

  if (open < 0 ||
      (open != (int) self->list->len - 1 &&
          at < get_span (self, open)->end - END_NEAR))
    return NULL;
  self->open = -1;
  return mh_call_new (MH_CALL_CHAPTER_COMPLETE);
}
