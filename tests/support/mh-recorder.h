/* mh-recorder: a session whose hits are kept as short texts, for tests.
 *
 * Calls are written as "name {details}", with the details in GVariant's text
 * format; times are milliseconds. A hit reads
 * "<session> <event>@<time>[ ph=<playhead>][ resume][ <name>][ qoe(…)]", for
 * example "0 stateStart@1500 ph=1.5 mute".
 *
 * Everything that fails fails the running test.
 *
 * May touch: GLib, mh-session.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-session.h"

G_BEGIN_DECLS

/* Calls that many tests make. */
#define MEDIA_MEMBERS \
  "'id': <'i'>, 'name': <'n'>, 'length': <60>, 'streamType': <'vod'>, " \
  "'mediaType': <'video'>"
#define SESSION_START \
  "sessionStart {'media': <{" MEDIA_MEMBERS ", 'prerollWaitingTime': <0>}>}"
#define SESSION_START_PREROLL \
  "sessionStart {'media': <{" MEDIA_MEMBERS "}>}" /* the default wait */
#define SESSION_START_GRANULAR \
  "sessionStart {'media': <{" MEDIA_MEMBERS ", 'prerollWaitingTime': <0>, " \
  "'granularAdTracking': <true>}>}"
#define AD_BREAK_START(name) \
  "adBreakStart {'name': <'" name "'>, 'position': <1>, 'startTime': <0>}"
#define AD_START(name) \
  "adStart {'id': <'i'>, 'name': <'" name "'>, 'position': <1>, " \
  "'length': <15>}"
#define CHAPTER_START(name) \
  "chapterStart {'name': <'" name "'>, 'position': <1>, 'length': <20>, " \
  "'startTime': <0>}"
#define STATE_START(name) "stateStart {'name': <'" name "'>}"
#define STATE_END(name) "stateEnd {'name': <'" name "'>}"
#define QOE(bitrate) "qoe {'bitrate': <" #bitrate ">}"
#define PLAYHEAD(value, rate) \
  "playhead {'value': <" #value ">, 'rate': <" #rate ">}"

typedef struct _MhRecorder MhRecorder;

/* Returns: (transfer full): a recorder with a new session. */
MhRecorder *mh_recorder_new (void);
void mh_recorder_free (MhRecorder *recorder);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MhRecorder, mh_recorder_free)

/* Returns: (transfer none): its session. */
MhSession *mh_recorder_session (MhRecorder *recorder);

/**
 * mh_recorder_set_full:
 * @full: whether hits are followed by all of their params and custom metadata,
 *   as GVariants' text, instead of "resume" and the name
 */
void mh_recorder_set_full (MhRecorder *recorder, gboolean full);

/**
 * mh_recorder_parse:
 * @text: a call as described above
 *
 * Returns: (transfer full): the call.
 */
MhCall *mh_recorder_parse (const char *text);

/* Makes a call that is to be accepted (or held back). */
void mh_recorder_call (MhRecorder *recorder, gint64 at, const char *text);

/**
 * mh_recorder_refuse:
 * @reason: what the error says
 *
 * Makes a call that is to be refused: without a hit, without a change of the
 * next deadline.
 */
void mh_recorder_refuse (
    MhRecorder *recorder, gint64 at, const char *text, const char *reason);

/* Returns: whether the call was accepted (or held back). */
gboolean mh_recorder_try (MhRecorder *recorder, gint64 at, const char *text);

void mh_recorder_advance (MhRecorder *recorder, gint64 at);

/* Returns: the next deadline in milliseconds, -1 for none. */
gint64 mh_recorder_get_deadline (MhRecorder *recorder);

/**
 * mh_recorder_drop_pings:
 * @n: how many pings there must be
 *
 * Removes the pings from what was recorded.
 */
void mh_recorder_drop_pings (MhRecorder *recorder, guint n);

/* Returns: (transfer full): what was recorded since the last time, each text followed
 * by " | ". */
char *mh_recorder_take (MhRecorder *recorder);

/**
 * mh_recorder_expect:
 * @...: the hits; late refusals as "refused <call>@<time>: <reason>", warnings
 *   as "warning: <message>"; none at all: nothing was recorded
 *
 * Compares what was recorded since the last time, and forgets it.
 */
#define mh_recorder_expect(recorder, ...) \
  mh_recorder_expectv ( \
      recorder, (const char *const[]){ NULL, ##__VA_ARGS__, NULL } + 1)
void mh_recorder_expectv (MhRecorder *recorder, const char *const *lines);

G_END_DECLS
