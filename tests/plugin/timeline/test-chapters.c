/* Tests of plugin/timeline/mh-chapters.c, its tables of contents and of what
 * plugin/timeline/mh-cues.c makes of them.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-cues.h"
#include "mh-chapters.h"

#define ITEM 7

/* ---- an item with chapters ---- */

/* 0–10 One, 10–20 Two, a gap, 30–60 without a name. */
static MhMark *
make_mark (guint group, const char *first)
{
  MhMark *mark = g_new0 (MhMark, 1);

  mark->group = group;
  mark->position = NAN;
  mark->chapters = mh_chapters_list_new ();
  mh_chapters_list_add (mark->chapters, first, 0, 10);
  mh_chapters_list_add (mark->chapters, "Two", 10, 20);
  mh_chapters_list_add (mark->chapters, NULL, 30, INFINITY);
  return mark;
}

static MhCues *
make_cues (void)
{
  MhCues *cues = mh_cues_new ();

  g_assert_null (mh_cues_take (cues, make_mark (ITEM, "One"), NULL));
  mh_cues_begin (cues, TRUE, TRUE, 60);
  return cues;
}

/* Times of this test are ms. */
static void
tell (MhCues *cues, gint64 at, double value, double rate)
{
  const MhMotion motion = { MH_TIME_FROM_MSEC (at), value, rate };

  mh_cues_tell (cues, ITEM, &motion);
}

static char *
describe (const MhCue *cue)
{
  g_autoptr (GString) text = g_string_new (mh_call_name (cue->call->type));

  if (cue->call->type == MH_CALL_CHAPTER_START)
    g_string_append_printf (text, " %s %d %g-%g", cue->call->chapter->name,
        (int) cue->call->chapter->position, cue->call->chapter->start_time,
        cue->call->chapter->length);
  g_string_append_printf (text, "@%d", (int) MH_TIME_TO_MSEC (cue->at));
  if (!isnan (cue->left))
    g_string_append_printf (text, " left %g", cue->left);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* What is due until then: this, and nothing else. */
static void
assert_due (MhCues *cues, gint64 until, const char *wanted)
{
  g_autoptr (GString) got = g_string_new (NULL);
  MhCue cue;

  while (mh_cues_pop (cues, MH_TIME_FROM_MSEC (until), &cue)) {
    g_autofree char *text = describe (&cue);

    g_assert_false (cue.theirs);
    g_string_append_printf (got, "%s%s", got->len > 0 ? ", " : "", text);
    mh_cue_clear (&cue);
  }
  g_assert_cmpstr (got->str, ==, wanted);
}

/* Since 1000 the first chapter is played. */
static MhCues *
make_playing (void)
{
  MhCues *cues = make_cues ();

  tell (cues, 1000, 0, 1);
  assert_due (cues, 1000, "chapterStart One 1 0-10@1000");
  return cues;
}

static void
assert_end (MhCues *cues, gboolean completes)
{
  g_auto (MhCue) cue = MH_CUE_INIT;

  g_assert_cmpint (mh_cues_pop_rest (cues, &cue), ==, completes);
  if (completes)
    g_assert_cmpint (cue.call->type, ==, MH_CALL_CHAPTER_COMPLETE);
}

/* ---- playing ---- */

static void
test_play (void)
{
  g_autoptr (MhCues) cues = make_cues ();

  /* Ready, and waiting. */
  tell (cues, 500, 0, 0);
  assert_due (cues, 900, "");
  tell (cues, 1000, 0, 1);
  assert_due (cues, 1000, "chapterStart One 1 0-10@1000");
  g_assert_cmpint (mh_cues_deadline (cues), ==, MH_TIME_FROM_MSEC (11000));
  tell (cues, 10900, 9.9, 1);
  assert_due (cues, 10900, "");
  /* Looked at late, dated to when it was. */
  tell (cues, 11300, 10.3, 1);
  assert_due (
      cues, 11300, "chapterComplete@11000, chapterStart Two 2 10-10@11000");
  /* An answer that is a bit behind the one before. */
  tell (cues, 11400, 9.95, 1);
  assert_due (cues, 11400, "");
  tell (cues, 21100, 20, 1);
  assert_due (cues, 21100, "chapterComplete@21100");
  g_assert_cmpint (mh_cues_deadline (cues), ==, MH_TIME_FROM_MSEC (31100));
  tell (cues, 31200, 30.1, 1);
  assert_due (cues, 31200, "chapterStart Chapter 3 3 30-30@31100");
  tell (cues, 61100, 60, 1);
  assert_due (cues, 61100, "");
  assert_end (cues, TRUE);
  assert_end (cues, FALSE);
}

static void
test_pause (void)
{
  g_autoptr (MhCues) cues = make_playing ();

  tell (cues, 10900, 9.9, 1);
  tell (cues, 10900, 9.9, 0);
  g_assert_cmpint (mh_cues_deadline (cues), ==, MH_TIME_NEVER);
  tell (cues, 3600000, 9.9, 0);
  assert_due (cues, 3600000, "");
  tell (cues, 3600000, 9.9, 1);
  assert_due (cues, 3601000,
      "chapterComplete@3600100, chapterStart Two 2 10-10@3600100");
}

static void
test_fast (void)
{
  g_autoptr (MhCues) cues = make_playing ();

  tell (cues, 5000, 4, 1);
  tell (cues, 5000, 4, 2);
  g_assert_cmpint (mh_cues_deadline (cues), ==, MH_TIME_FROM_MSEC (8000));
  tell (cues, 8500, 11, 2);
  assert_due (
      cues, 8500, "chapterComplete@8000, chapterStart Two 2 10-10@8000");
}

/* Backwards nothing is complete: nobody has seen its end. */
static void
test_backwards (void)
{
  g_autoptr (MhCues) cues = make_cues ();

  tell (cues, 1000, 35, 1);
  assert_due (cues, 1000, "chapterStart Chapter 3 3 30-30@1000");
  tell (cues, 2000, 36, 1);
  tell (cues, 2000, 36, -2);
  g_assert_cmpint (mh_cues_deadline (cues), ==, MH_TIME_FROM_MSEC (5000));
  tell (cues, 15500, 9, -2);
  assert_due (cues, 15500,
      "chapterSkip@5000, chapterStart Two 2 10-10@10000, chapterSkip@15000, "
      "chapterStart One 1 0-10@15000");
  tell (cues, 20000, 0, -2);
  assert_due (cues, 20000, "chapterSkip@20000");
  g_assert_cmpint (mh_cues_deadline (cues), ==, MH_TIME_NEVER);
}

/* ---- seeking ---- */

static void
test_seek_away (void)
{
  g_autoptr (MhCues) cues = make_playing ();

  tell (cues, 6000, 5, 1);
  tell (cues, 6000, 45, 0);
  assert_due (cues, 6000, "chapterSkip@6000 left 5");
  /* Another one at once. */
  tell (cues, 6200, 15, 0);
  assert_due (cues, 6200, "");
  tell (cues, 6500, 15, 1);
  assert_due (cues, 6500, "chapterStart Two 2 10-10@6500");
}

static void
test_seek_within (void)
{
  g_autoptr (MhCues) cues = make_playing ();

  tell (cues, 6000, 5, 1);
  tell (cues, 6000, 1, 0);
  tell (cues, 6500, 1, 1);
  assert_due (cues, 6500, "");
  g_assert_cmpint (mh_cues_deadline (cues), ==, MH_TIME_FROM_MSEC (15500));
}

/* Into the gap, and back to a chapter that was left. */
static void
test_seek_to_nothing (void)
{
  g_autoptr (MhCues) cues = make_playing ();

  tell (cues, 6000, 25, 0);
  assert_due (cues, 6000, "chapterSkip@6000 left 5");
  tell (cues, 6000, 25, 1);
  assert_due (cues, 7000, "");
  tell (cues, 7000, 2, 1);
  assert_due (cues, 7000, "chapterStart One 1 0-10@7000");
}

/* "Next chapter", and the pipeline ends up a frame in front of it. */
static void
test_seek_to_chapter (void)
{
  g_autoptr (MhCues) cues = make_playing ();

  tell (cues, 6000, 5, 1);
  tell (cues, 6000, 9.96, 0);
  assert_due (cues, 6000, "chapterSkip@6000 left 5");
  tell (cues, 6500, 9.96, 1);
  assert_due (cues, 6500, "");
  assert_due (cues, 6600, "chapterStart Two 2 10-10@6540");
}

static void
test_start_elsewhere (void)
{
  g_autoptr (MhCues) cues = make_cues ();

  tell (cues, 1000, 12, 1);
  assert_due (cues, 1000, "chapterStart Two 2 10-10@1000");
}

/* ---- ends ---- */

static void
test_end_early (void)
{
  g_autoptr (MhCues) cues = make_playing ();

  tell (cues, 6000, 5, 1);
  assert_end (cues, FALSE);
  /* Another session: from the beginning. */
  mh_cues_leave (cues);
  assert_due (cues, 9000, "");
  mh_cues_begin (cues, TRUE, TRUE, 60);
  tell (cues, 9000, 0, 1);
  assert_due (cues, 9000, "chapterStart One 1 0-10@9000");
}

static void
test_end_near (void)
{
  g_autoptr (MhCues) cues = make_cues ();

  tell (cues, 1000, 11, 1);
  assert_due (cues, 1000, "chapterStart Two 2 10-10@1000");
  tell (cues, 9500, 19.5, 1);
  assert_end (cues, TRUE);
}

/* ---- who tells ---- */

static void
test_told_again (void)
{
  g_autoptr (MhCues) cues = make_playing ();

  for (guint i = 0; i < 40; i++)
    mh_cues_take (cues, make_mark (ITEM, "One"), NULL);
  assert_due (cues, 1500, "");
  /* The one that is open is no chapter any more, by what is told now. */
  mh_cues_take (cues, make_mark (ITEM, "Introduction"), NULL);
  tell (cues, 2000, 1, 1);
  assert_due (
      cues, 2000, "chapterSkip@2000, chapterStart Introduction 1 0-10@2000");
}

static void
test_next_item (void)
{
  g_autoptr (MhCues) cues = make_cues ();
  const MhMotion motion = { MH_TIME_FROM_MSEC (61000), 0, 1 };

  tell (cues, 1000, 0, 1);
  assert_due (cues, 1000, "chapterStart One 1 0-10@1000");
  mh_cues_take (cues, make_mark (ITEM + 1, "First"), NULL);
  tell (cues, 2000, 1, 1);
  assert_due (cues, 2000, "");
  mh_cues_leave (cues);
  mh_cues_begin (cues, TRUE, TRUE, -1);
  mh_cues_tell (cues, ITEM + 1, &motion);
  assert_due (cues, 61000, "chapterStart First 1 0-10@61000");
  /* An item of which nothing is told has none. */
  mh_cues_leave (cues);
  mh_cues_begin (cues, TRUE, TRUE, -1);
  mh_cues_tell (cues, ITEM + 2, &motion);
  assert_due (cues, 99000, "");
}

static void
test_theirs (void)
{
  g_autoptr (MhCues) cues = make_playing ();

  mh_cues_note (cues, MH_CALL_AD_START);
  mh_cues_note (cues, MH_CALL_CHAPTER_START);
  assert_due (cues, 99000, "");
  assert_end (cues, FALSE);
  g_assert_cmpint (mh_cues_deadline (cues), ==, MH_TIME_NEVER);
  mh_cues_leave (cues);
  mh_cues_begin (cues, TRUE, TRUE, 60);
  tell (cues, 99000, 0, 1);
  assert_due (cues, 99000, "chapterStart One 1 0-10@99000");
}

static void
test_off (void)
{
  g_autoptr (MhCues) cues = make_cues ();

  mh_cues_begin (cues, FALSE, TRUE, 60);
  tell (cues, 1000, 0, 1);
  assert_due (cues, 99000, "");
}

/* ---- tables of contents ---- */

static GstTocEntry *
make_entry (GstTocEntryType type, const char *title, double start, double stop)
{
  static guint n;
  g_autofree char *uid = g_strdup_printf ("%u", n++);
  GstTocEntry *entry = gst_toc_entry_new (type, uid);

  gst_toc_entry_set_start_stop_times (entry, (gint64) (start * GST_SECOND),
      stop >= 0 ? (gint64) (stop * GST_SECOND) : GST_TOC_REPEAT_COUNT_INFINITE);
  if (title)
    gst_toc_entry_set_tags (
        entry, gst_tag_list_new (GST_TAG_TITLE, title, NULL));
  return entry;
}

static void
assert_flat (GstToc *toc, const char *wanted)
{
  g_autoptr (GPtrArray) list = mh_chapters_list_from_toc (toc);
  g_autoptr (GString) got = g_string_new (NULL);

  for (guint i = 0; i < list->len; i++) {
    const MhChapterSpan *span = list->pdata[i];

    g_string_append_printf (got, "%s%s %g-%g", i > 0 ? ", " : "",
        span->name ? span->name : "-", span->start, span->end);
  }
  g_assert_cmpstr (got->str, ==, wanted);
}

static void
test_toc (void)
{
  g_autoptr (GstToc) toc = gst_toc_new (GST_TOC_SCOPE_GLOBAL);
  GstTocEntry *hidden = make_entry (GST_TOC_ENTRY_TYPE_EDITION, NULL, 0, 60);
  GstTocEntry *edition = make_entry (GST_TOC_ENTRY_TYPE_EDITION, NULL, 0, 60);
  GstTocEntry *other = make_entry (GST_TOC_ENTRY_TYPE_EDITION, NULL, 0, 60);
  GstTocEntry *part = make_entry (GST_TOC_ENTRY_TYPE_CHAPTER, "B", 10, 40);
  GstTocEntry *whole = make_entry (GST_TOC_ENTRY_TYPE_CHAPTER, "C", 40, 60);

  gst_toc_entry_append_sub_entry (
      part, make_entry (GST_TOC_ENTRY_TYPE_CHAPTER, "b1", 15, 20));
  gst_toc_entry_append_sub_entry (
      part, make_entry (GST_TOC_ENTRY_TYPE_CHAPTER, NULL, 20, 42));
  gst_toc_entry_append_sub_entry (
      whole, make_entry (GST_TOC_ENTRY_TYPE_CHAPTER, "c1", 40, 60));
  gst_toc_entry_append_sub_entry (edition, whole);
  gst_toc_entry_append_sub_entry (edition, part);
  gst_toc_entry_append_sub_entry (
      edition, make_entry (GST_TOC_ENTRY_TYPE_CHAPTER, "A", 0, -1));
  gst_toc_entry_append_sub_entry (
      other, make_entry (GST_TOC_ENTRY_TYPE_CHAPTER, "X", 0, 60));
  gst_toc_append_entry (toc, hidden);
  gst_toc_append_entry (toc, edition);
  gst_toc_append_entry (toc, other);
  assert_flat (toc, "A 0-10, B 10-15, b1 15-20, - 20-40, c1 40-60");
}

static void
test_toc_tracks (void)
{
  g_autoptr (GstToc) toc = gst_toc_new (GST_TOC_SCOPE_GLOBAL);

  gst_toc_append_entry (
      toc, make_entry (GST_TOC_ENTRY_TYPE_TRACK, "One", 0, 5));
  gst_toc_append_entry (
      toc, make_entry (GST_TOC_ENTRY_TYPE_TRACK, "Nothing", 5, 5));
  gst_toc_append_entry (
      toc, make_entry (GST_TOC_ENTRY_TYPE_TRACK, NULL, 5, -1));
  assert_flat (toc, "One 0-5, - 5-inf");
}

static void
test_toc_empty (void)
{
  g_autoptr (GstToc) toc = gst_toc_new (GST_TOC_SCOPE_GLOBAL);

  gst_toc_append_entry (
      toc, make_entry (GST_TOC_ENTRY_TYPE_EDITION, NULL, 0, 60));
  assert_flat (toc, "");
}

/* As deep, and as many, as an enemy likes. */
static void
test_toc_hostile (void)
{
  g_autoptr (GstToc) toc = gst_toc_new (GST_TOC_SCOPE_GLOBAL);
  g_autoptr (GPtrArray) list = NULL;
  GstTocEntry *inner = make_entry (GST_TOC_ENTRY_TYPE_CHAPTER, "x", 5, 4);

  for (guint i = 0; i < 100; i++) {
    GstTocEntry *outer = make_entry (
        GST_TOC_ENTRY_TYPE_CHAPTER, "x", 100 - i, 200);

    gst_toc_entry_append_sub_entry (outer, inner);
    inner = outer;
  }
  gst_toc_append_entry (toc, inner);
  for (guint i = 0; i < 2000; i++)
    gst_toc_append_entry (
        toc, make_entry (GST_TOC_ENTRY_TYPE_CHAPTER, NULL, i, i + 1));
  list = mh_chapters_list_from_toc (toc);
  g_assert_cmpuint (list->len, <=, 1000);
  for (guint i = 1; i < list->len; i++) {
    const MhChapterSpan *span = list->pdata[i];

    g_assert_cmpfloat (
        span->start, >=, ((MhChapterSpan *) list->pdata[i - 1])->end);
  }
}

int
main (int argc, char *argv[])
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chapters/play", test_play);
  g_test_add_func ("/chapters/pause", test_pause);
  g_test_add_func ("/chapters/fast", test_fast);
  g_test_add_func ("/chapters/backwards", test_backwards);
  g_test_add_func ("/chapters/seek/away", test_seek_away);
  g_test_add_func ("/chapters/seek/within", test_seek_within);
  g_test_add_func ("/chapters/seek/to-nothing", test_seek_to_nothing);
  g_test_add_func ("/chapters/seek/to-a-chapter", test_seek_to_chapter);
  g_test_add_func ("/chapters/start-elsewhere", test_start_elsewhere);
  g_test_add_func ("/chapters/end/early", test_end_early);
  g_test_add_func ("/chapters/end/near", test_end_near);
  g_test_add_func ("/chapters/told-again", test_told_again);
  g_test_add_func ("/chapters/next-item", test_next_item);
  g_test_add_func ("/chapters/theirs-count-instead", test_theirs);
  g_test_add_func ("/chapters/off", test_off);
  g_test_add_func ("/chapters/toc", test_toc);
  g_test_add_func ("/chapters/toc/tracks", test_toc_tracks);
  g_test_add_func ("/chapters/toc/empty", test_toc_empty);
  g_test_add_func ("/chapters/toc/hostile", test_toc_hostile);
  return g_test_run ();
}
