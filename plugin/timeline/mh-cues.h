/* mh-cues: what is to be called because of where the media is.
 *
 * Told where the media is and how it moves, it says what is due, and when
 * exactly: a playhead that moves gets somewhere between two looks at it. While
 * the media stands still nothing is due.
 *
 * May touch: mh-mark, mh-schedule, mh-chapters, mh-breaks, mh-line, mh-call,
 * mh-time. Pure.
 * Not thread-safe.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-line.h"
#include "mh-mark.h"

G_BEGIN_DECLS

typedef struct _MhCues MhCues;

/**
 * MhCue:
 * @call: what is to be called
 * @at: when that was due
 * @left: the playhead, seconds, where it is not that of the moment; NaN: it is
 * @theirs: whether somebody has asked for it, and is to know if it is refused
 */
typedef struct
{
  MhCall *call;
  MhTime at;
  double left;
  gboolean theirs;
} MhCue;

#define MH_CUE_INIT \
  { \
    .at = MH_TIME_NONE, .left = NAN \
  }

void mh_cue_clear (MhCue *cue);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MhCue, mh_cue_clear)

/**
 * mh_cues_new:
 *
 * Returns: (transfer full): cues of which none is known.
 */
MhCues *mh_cues_new (void);
void mh_cues_free (MhCues *cues);

/**
 * mh_cues_begin:
 * @chapters: whether those of the stream count
 * @ads: likewise
 * @duration: of the media, seconds; -1: unknown
 *
 * A session begins.
 */
void mh_cues_begin (
    MhCues *cues, gboolean chapters, gboolean ads, double duration);

/**
 * mh_cues_note:
 * @type: of a call of the application's
 *
 * Who tells of chapters, or of ads, knows better: those of the stream do not
 * count for this session any more.
 */
void mh_cues_note (MhCues *cues, MhCallType type);

/**
 * mh_cues_take:
 * @mark: (transfer full): what the stream says
 * @error: %MH_ERROR_REFUSED: there is no room for it
 *
 * What has come before does not count again.
 *
 * Returns: (transfer full) (nullable): what is to be called now; what is not
 *   waits.
 */
MhCall *mh_cues_take (MhCues *cues, MhMark *mark, GError **error);

/**
 * mh_cues_flush:
 *
 * The data that was on its way is gone.
 */
void mh_cues_flush (MhCues *cues);

/**
 * mh_cues_tell:
 * @group: what is played
 * @line: where that is; not before the one before
 *
 * Says where the media is now.
 */
void mh_cues_tell (MhCues *cues, guint group, const MhLine *line);

/**
 * mh_cues_deadline:
 *
 * Returns: when the next is due; not before where the media was told to be.
 */
MhTime mh_cues_deadline (MhCues *cues);

/**
 * mh_cues_pop:
 * @until: now
 * @cue: (out): filled in; mh_cue_clear() it
 *
 * Returns: whether one is due by now.
 */
gboolean mh_cues_pop (MhCues *cues, MhTime until, MhCue *cue);

/**
 * mh_cues_pop_rest:
 * @cue: (out): likewise
 *
 * Returns: whether one is left that is due now that the item has come to its
 *   end.
 */
gboolean mh_cues_pop_rest (MhCues *cues, MhCue *cue);

/**
 * mh_cues_can_open:
 *
 * Returns: whether what is due by now may come before the call that plays.
 */
gboolean mh_cues_can_open (MhCues *cues, MhTime until);

/**
 * mh_cues_leave:
 *
 * The session is over, and what is played with it.
 */
void mh_cues_leave (MhCues *cues);

G_END_DECLS
