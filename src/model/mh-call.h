/* mh-call: what can happen to a session, and how it is written down.
 *
 * A call has the same name and arguments everywhere: in
 * docs/design/session-rules.md#calls, in the replay program, in the element's
 * track signal.
 *
 * May touch: GLib, mh-media, mh-error.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-media.h"

G_BEGIN_DECLS

/* The calls of docs/design/session-rules.md#calls, in its order. */
typedef enum
{
  MH_CALL_SESSION_START,
  MH_CALL_PLAY,
  MH_CALL_PAUSE,
  MH_CALL_BUFFER_START,
  MH_CALL_BUFFER_COMPLETE,
  MH_CALL_SEEK_START,
  MH_CALL_SEEK_COMPLETE,
  MH_CALL_STALL_START,
  MH_CALL_STALL_COMPLETE,
  MH_CALL_COMPLETE,
  MH_CALL_SESSION_END,
  MH_CALL_ERROR,
  MH_CALL_AD_BREAK_START,
  MH_CALL_AD_BREAK_COMPLETE,
  MH_CALL_AD_START,
  MH_CALL_AD_COMPLETE,
  MH_CALL_AD_SKIP,
  MH_CALL_CHAPTER_START,
  MH_CALL_CHAPTER_COMPLETE,
  MH_CALL_CHAPTER_SKIP,
  MH_CALL_QOE,
  MH_CALL_BITRATE_CHANGE,
  MH_CALL_STATE_START,
  MH_CALL_STATE_END,
  MH_CALL_PLAYHEAD,
  MH_CALL_EXPIRE,
  MH_CALL_ADVANCE,
} MhCallType;

#define MH_N_CALLS (MH_CALL_ADVANCE + 1)

/**
 * MhCall:
 * @type: which call
 * @media: of sessionStart
 * @ad_break: of adBreakStart
 * @ad: of adStart
 * @chapter: of chapterStart
 * @qoe: of qoe
 * @text: of error its id, of stateStart and stateEnd the state's name
 * @source: (nullable): of error: where it was noticed, "player" or "external";
 *   NULL: in the player
 * @playhead: of playhead: seconds of content, and by how many seconds it moves
 *   in a second
 * @ours: whether this project makes the call by itself, and not the application:
 *   a refusal is no mistake of the application then, and is neither counted nor
 *   warned of
 *
 * The union's other members do not count. Free what it owns with
 * mh_call_clear(), or mh_call_free() where it was allocated.
 */
typedef struct
{
  MhCallType type;
  union
  {
    MhMedia *media;
    MhAdBreak *ad_break;
    MhAd *ad;
    MhChapter *chapter;
    gpointer boxed; /* one of these four, whichever it is */
    MhQoe qoe;
    struct
    {
      char *text;
      char *source;
    };
    struct
    {
      double value;
      double rate;
    } playhead;
  };
  gboolean ours;
} MhCall;

/* Returns: (transfer full): a call without any arguments: those that it has are for the
 * caller to set. */
MhCall *mh_call_new (MhCallType type);

/* Returns: the call's name, "sessionStart" and so on; static. */
const char *mh_call_name (MhCallType type);

/* Returns: (transfer full): a text for each call, in the order of #MhCallType: its
 * name and its arguments with their types, as in `stateStart (name: string)`. NULL
 * ends it; free it with g_strfreev(). */
char **mh_call_list (void);

/**
 * mh_call_parse:
 * @name: a call's name
 * @details: (nullable): its arguments by name, `a{sv}`: strings, numbers of
 *   any type, booleans, nested `a{sv}` or `a{ss}` for metadata and media
 * @error: %MH_ERROR_MALFORMED: unknown call, unknown argument, wrong type
 *
 * Arguments that are missing are left invalid: the session refuses them.
 *
 * Returns: (transfer full) (nullable): the call.
 */
MhCall *mh_call_parse (const char *name, GVariant *details, GError **error);

/**
 * mh_call_check:
 * @error: %MH_ERROR_REFUSED with the reason
 *
 * Returns: whether its arguments are valid, whatever the session's state.
 */
gboolean mh_call_check (const MhCall *call, GError **error);

/* Returns: whether two calls are the same one with the same arguments, those in the
 * metadata included. */
gboolean mh_call_equal (const MhCall *a, const MhCall *b);

/* Returns: (transfer full): a copy that shares the (immutable) values. */
MhCall *mh_call_copy (const MhCall *call);

void mh_call_clear (MhCall *call);
void mh_call_free (MhCall *call);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MhCall, mh_call_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MhCall, mh_call_free)

G_END_DECLS
