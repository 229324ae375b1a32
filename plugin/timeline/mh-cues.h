/* mh-cues: the calls that are due at a position of the media.
 *
 * Its caller says where the media is and how it moves. It says which call is due, and
 * at which moment: that may lie between two looks at the position. While the media
 * stands still, no call is due.
 *
 * May touch: mh-mark, mh-inband-calls, mh-seen-marks, mh-chapters, mh-ad-breaks, mh-motion, mh-call,
 * mh-time. Pure.
 * Not thread-safe.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-mark.h"
#include "mh-motion.h"

G_BEGIN_DECLS

typedef struct _MhCues MhCues;

/**
 * MhCue:
 * @call: the call to be made
 * @at: when it was due
 * @left: the playhead, seconds, where it is not that of the moment; NaN: it is
 * @theirs: whether the application has asked for the call, and is to be told if it
 *   is refused
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

/* Returns: (transfer full): cues of which none is known. */
MhCues *mh_cues_new (void);
void mh_cues_free (MhCues *cues);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MhCues, mh_cues_free)

/**
 * mh_cues_begin:
 * @chapters: whether the stream's chapters count
 * @ads: whether the stream's ad breaks count
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
 * An application that calls for chapters, or for ads, knows better than the stream:
 * those of the stream do not count for this session any more.
 */
void mh_cues_note (MhCues *cues, MhCallType type);

/**
 * mh_cues_take:
 * @mark: (transfer full): what the stream says
 * @error: %MH_ERROR_REFUSED: there is no room for it
 *
 * Takes a mark. A mark that has come before does not count again.
 *
 * Returns: (transfer full) (nullable): the call to be made now; NULL: the mark waits
 *   for its place, or brings no call.
 */
MhCall *mh_cues_take (MhCues *cues, MhMark *mark, GError **error);

/* The data that was on its way is gone. */
void mh_cues_flush (MhCues *cues);

/**
 * mh_cues_tell:
 * @group: what is played
 * @motion: where that is; not before the one before
 *
 * Says where the media is now.
 */
void mh_cues_tell (MhCues *cues, guint group, const MhMotion *motion);

/* Returns: when the next cue is due; not before the moment of the motion that was told
 * last. */
MhTime mh_cues_deadline (MhCues *cues);

/**
 * mh_cues_pop:
 * @until: now
 * @cue: (out): filled in; mh_cue_clear() it
 *
 * Returns: whether a cue is due by now.
 */
gboolean mh_cues_pop (MhCues *cues, MhTime until, MhCue *cue);

/**
 * mh_cues_pop_rest:
 * @cue: (out): filled in; mh_cue_clear() it
 *
 * Returns: whether a cue is left that is due now that the item has come to its end.
 */
gboolean mh_cues_pop_rest (MhCues *cues, MhCue *cue);

/* Returns: whether what is due by now may come before the call that plays. */
gboolean mh_cues_can_open (MhCues *cues, MhTime until);

/* The session is over, and so is what was played. */
void mh_cues_leave (MhCues *cues);

G_END_DECLS
