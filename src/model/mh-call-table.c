/* mh-call-table: the calls and their arguments, a row each.
 *
 * docs/reference/calls.md has the same rows; the test `reference` compares them.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-call-private.h"

#define ARGUMENT(name, type, Value, field) \
  { \
    name, ARGUMENT_##type, G_STRUCT_OFFSET (Value, field) \
  }
#define NO_MORE \
  { \
    NULL, 0, 0 \
  }

const Argument mh_call_media_members[] = {
  ARGUMENT ("id", STRING, MhMedia, id),
  ARGUMENT ("name", STRING, MhMedia, name),
  ARGUMENT ("length", NUMBER, MhMedia, length),
  ARGUMENT ("streamType", STRING, MhMedia, stream_type),
  ARGUMENT ("mediaType", STRING, MhMedia, media_type),
  ARGUMENT ("resumed", BOOLEAN, MhMedia, resumed),
  ARGUMENT ("prerollWaitingTime", NUMBER, MhMedia, preroll_wait),
  ARGUMENT ("granularAdTracking", BOOLEAN, MhMedia, granular_ads),
  NO_MORE,
};

static const Argument session_start_arguments[] = {
  { "media", ARGUMENT_MEDIA, 0 },
  ARGUMENT ("metadata", METADATA, MhMedia, metadata),
  ARGUMENT ("downloaded", BOOLEAN, MhMedia, downloaded),
  NO_MORE,
};

static const Argument ad_break_arguments[] = {
  ARGUMENT ("name", STRING, MhAdBreak, name),
  ARGUMENT ("position", INTEGER, MhAdBreak, position),
  ARGUMENT ("startTime", NUMBER, MhAdBreak, start_time),
  NO_MORE,
};

static const Argument ad_arguments[] = {
  ARGUMENT ("id", STRING, MhAd, id),
  ARGUMENT ("name", STRING, MhAd, name),
  ARGUMENT ("position", INTEGER, MhAd, position),
  ARGUMENT ("length", NUMBER, MhAd, length),
  ARGUMENT ("metadata", METADATA, MhAd, metadata),
  NO_MORE,
};

static const Argument chapter_arguments[] = {
  ARGUMENT ("name", STRING, MhChapter, name),
  ARGUMENT ("position", INTEGER, MhChapter, position),
  ARGUMENT ("length", NUMBER, MhChapter, length),
  ARGUMENT ("startTime", NUMBER, MhChapter, start_time),
  ARGUMENT ("metadata", METADATA, MhChapter, metadata),
  NO_MORE,
};

static const Argument qoe_arguments[] = {
  ARGUMENT ("bitrate", NUMBER, MhCall, qoe.bitrate),
  ARGUMENT ("startupTime", NUMBER, MhCall, qoe.startup_time),
  ARGUMENT ("fps", NUMBER, MhCall, qoe.fps),
  ARGUMENT ("droppedFrames", NUMBER, MhCall, qoe.dropped_frames),
  NO_MORE,
};

static const Argument error_arguments[] = {
  ARGUMENT ("id", STRING, MhCall, text),
  ARGUMENT ("source", STRING, MhCall, source),
  NO_MORE,
};

static const Argument state_arguments[] = {
  ARGUMENT ("name", STRING, MhCall, text),
  NO_MORE,
};

static const Argument playhead_arguments[] = {
  ARGUMENT ("value", NUMBER, MhCall, playhead.value),
  ARGUMENT ("rate", NUMBER, MhCall, playhead.rate),
  NO_MORE,
};

static const Argument no_arguments[] = { NO_MORE };

const CallRow mh_call_rows[MH_N_CALLS] = {
  [MH_CALL_SESSION_START] = { "sessionStart", VALUE_MEDIA,
      session_start_arguments },
  [MH_CALL_PLAY] = { "play", VALUE_NONE, no_arguments },
  [MH_CALL_PAUSE] = { "pause", VALUE_NONE, no_arguments },
  [MH_CALL_BUFFER_START] = { "bufferStart", VALUE_NONE, no_arguments },
  [MH_CALL_BUFFER_COMPLETE] = { "bufferComplete", VALUE_NONE, no_arguments },
  [MH_CALL_SEEK_START] = { "seekStart", VALUE_NONE, no_arguments },
  [MH_CALL_SEEK_COMPLETE] = { "seekComplete", VALUE_NONE, no_arguments },
  [MH_CALL_STALL_START] = { "stallStart", VALUE_NONE, no_arguments },
  [MH_CALL_STALL_COMPLETE] = { "stallComplete", VALUE_NONE, no_arguments },
  [MH_CALL_COMPLETE] = { "complete", VALUE_NONE, no_arguments },
  [MH_CALL_SESSION_END] = { "sessionEnd", VALUE_NONE, no_arguments },
  [MH_CALL_ERROR] = { "error", VALUE_ERROR, error_arguments },
  [MH_CALL_AD_BREAK_START] = { "adBreakStart", VALUE_AD_BREAK,
      ad_break_arguments },
  [MH_CALL_AD_BREAK_COMPLETE] = { "adBreakComplete", VALUE_NONE, no_arguments },
  [MH_CALL_AD_START] = { "adStart", VALUE_AD, ad_arguments },
  [MH_CALL_AD_COMPLETE] = { "adComplete", VALUE_NONE, no_arguments },
  [MH_CALL_AD_SKIP] = { "adSkip", VALUE_NONE, no_arguments },
  [MH_CALL_CHAPTER_START] = { "chapterStart", VALUE_CHAPTER,
      chapter_arguments },
  [MH_CALL_CHAPTER_COMPLETE] = { "chapterComplete", VALUE_NONE, no_arguments },
  [MH_CALL_CHAPTER_SKIP] = { "chapterSkip", VALUE_NONE, no_arguments },
  [MH_CALL_QOE] = { "qoe", VALUE_QOE, qoe_arguments },
  [MH_CALL_BITRATE_CHANGE] = { "bitrateChange", VALUE_NONE, no_arguments },
  [MH_CALL_STATE_START] = { "stateStart", VALUE_TEXT, state_arguments },
  [MH_CALL_STATE_END] = { "stateEnd", VALUE_TEXT, state_arguments },
  [MH_CALL_PLAYHEAD] = { "playhead", VALUE_PLAYHEAD, playhead_arguments },
  [MH_CALL_EXPIRE] = { "expire", VALUE_NONE, no_arguments },
  [MH_CALL_ADVANCE] = { "advance", VALUE_NONE, no_arguments },
};

const char *
mh_call_name (MhCallType type)
{
  g_return_val_if_fail ((guint) type < MH_N_CALLS, NULL);
  return mh_call_rows[type].name;
}

/* ---- listing ---- */

static const char *
argument_type_name (ArgumentType type)
{
  static const char *const names[] = {
    [ARGUMENT_STRING] = "string",
    [ARGUMENT_NUMBER] = "number",
    [ARGUMENT_INTEGER] = "integer",
    [ARGUMENT_BOOLEAN] = "boolean",
    [ARGUMENT_METADATA] = "metadata",
    [ARGUMENT_MEDIA] = "media",
  };

  return names[type];
}

static char *
call_describe (const CallRow *row)
{
  GString *text = g_string_new (row->name);

  g_string_append (text, " (");
  for (const Argument *a = row->arguments; a->name; a++)
    g_string_append_printf (text, "%s%s: %s", a == row->arguments ? "" : ", ",
        a->name, argument_type_name (a->type));
  g_string_append_c (text, ')');
  return g_string_free (text, FALSE);
}

char **
mh_call_list (void)
{
  char **list = g_new0 (char *, MH_N_CALLS + 1);

  for (guint i = 0; i < MH_N_CALLS; i++)
    list[i] = call_describe (&mh_call_rows[i]);
  return list;
}
