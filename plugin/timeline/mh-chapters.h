/* mh-chapters: starts and ends the chapters of an item, when the media reaches them.
 *
 * A chapter is complete if the media has reached its end by playing forwards. If the
 * media leaves it in another way, it is skipped. Pure: its caller says where the
 * media is.
 *
 * May touch: GStreamer's TOCs, mh-call, mh-motion, mh-time. Not thread-safe; a list of chapters is
 * immutable.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

#include "mh-call.h"
#include "mh-motion.h"

G_BEGIN_DECLS

/**
 * MhChapterSpan:
 * @name: (nullable): its title
 * @start: seconds
 * @end: seconds, > @start; infinite: the media's
 */
typedef struct
{
  char *name;
  double start;
  double end;
} MhChapterSpan;

/* Returns: (transfer full): a list without chapters. They are added in order, none
 * begins before the one before it ends. */
GPtrArray *mh_chapters_list_new (void);

/* Adds a chapter; one that is no span of time is left out. */
void mh_chapters_list_add (
    GPtrArray *list, const char *name, double start, double end);

gboolean mh_chapters_list_equal (const GPtrArray *a, const GPtrArray *b);

/**
 * mh_chapters_list_from_toc:
 * @toc: a table of contents
 *
 * Where there are several editions (versions, angles), the first that has chapters
 * counts. A chapter that has chapters itself is replaced by these, and by what comes
 * before them. A chapter that overlaps the next one ends where that one begins.
 *
 * Returns: (transfer full): its chapters, in order; there may be none.
 */
GPtrArray *mh_chapters_list_from_toc (GstToc *toc);

typedef struct _MhChapters MhChapters;

/* Returns: (transfer full): no chapters. */
MhChapters *mh_chapters_new (void);
void mh_chapters_free (MhChapters *chapters);

/**
 * mh_chapters_set:
 * @list: (nullable) (transfer none): of MhChapterSpan
 *
 * Sets the chapters. The chapter that is open stays open if it is in @list as well.
 */
void mh_chapters_set (MhChapters *chapters, GPtrArray *list);

/**
 * mh_chapters_begin:
 * @duration: of the media, seconds; -1: unknown
 *
 * A session has begun, or ended: no chapter is open.
 */
void mh_chapters_begin (MhChapters *chapters, double duration);

/**
 * mh_chapters_jump:
 * @from: where the media has been, seconds
 * @to: where it is now, without having been in between
 * @rate: how it goes on
 *
 * Notes a seek, or another jump.
 */
void mh_chapters_jump (
    MhChapters *chapters, double from, double to, double rate);

/* Returns: when something is due; before the motion's moment: it is overdue. */
MhTime mh_chapters_deadline (MhChapters *chapters, const MhMotion *motion);

/**
 * mh_chapters_pop:
 * @until: now
 * @at: (out): when it was due
 * @left: (out): where the media was when the chapter was left early, seconds; NaN: no
 *   chapter was left early, and the media is where @motion says
 *
 * Call it again until it returns NULL.
 *
 * Returns: (transfer full) (nullable): what is due by now.
 */
MhCall *mh_chapters_pop (MhChapters *chapters, const MhMotion *motion,
    MhTime until, MhTime *at, double *left);

/**
 * mh_chapters_pop_end:
 * @at: where the media has come to its end, seconds
 *
 * Returns: (transfer full) (nullable): the call that ends the chapter that is open.
 */
MhCall *mh_chapters_pop_end (MhChapters *chapters, double at);

G_END_DECLS
