/* mh-session-private: what the files of the session share.
 *
 * mh-session.c        the public functions, deadlines, the pre-roll wait
 * mh-session-calls.c  the table: what is refused when, what a call does
 * mh-session-hits.c   what a hit of the session holds
 *
 * May touch: what mh-session.h may. For those three files only.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-held-calls.h"
#include "mh-session.h"

G_BEGIN_DECLS

/* Player states by name, for an item (docs/design/session-rules.md#state). */
#define MAX_STATES 10

typedef enum
{
  PLAYBACK_INIT,
  PLAYBACK_PLAY,
  PLAYBACK_PAUSE,
  PLAYBACK_SEEK,
  PLAYBACK_BUFFER,
} Playback;

/* A player state of the application, by name; kept once it was used. */
typedef struct
{
  char *name;
  gboolean on;
} PlayerState;

struct _MhSession
{
  MhSessionListener listener;
  gpointer user_data;
  MhTimeouts timeouts;
  MhTime timeouts_since; /* no deadline comes before they were set */
  MhTime now; /* the latest time given, MH_TIME_NONE before the first */
  guint number; /* of the current session */
  guint n_sessions;

  /* The media item and its context, which survive a restart. */
  MhMedia *media; /* NULL: nothing is tracked */
  MhAdBreak *ad_break;
  MhAd *ad;
  MhChapter *chapter;
  PlayerState states[MAX_STATES];
  guint n_states;
  GVariant *qoe; /* as it goes with a hit, or NULL */
  Playback play_state; /* INIT, PLAY or PAUSE */
  gboolean buffering;
  gboolean seeking;
  gboolean stalled;
  MhTime inactive_since; /* MH_TIME_NONE while active */
  gboolean closed; /* by inactivity */

  /* The playhead: a value, its speed in s/s, and since when. */
  double playhead;
  double rate;
  MhTime playhead_since;

  /* The current session; begins anew with a restart. */
  MhTime began;
  MhTime content_since; /* MH_TIME_NONE: not counting */
  gboolean content_started;
  Playback reported;
  MhTime reported_at; /* of the last playback hit or ping */
  GVariant *reported_qoe;

  MhHeldCalls held; /* the pre-roll wait */
};

/* mh-session.c */

/* Begins a session of the item: sessionStart, and what begins anew. */
void mh_session_begin (MhSession *self, MhTime t, gboolean resume);
/* Begins the item's next session, with all that is open or on. */
void mh_session_restart (MhSession *self, MhTime t);
/* Reports the playback state whether or not it has changed. */
void mh_session_flush (MhSession *self, MhTime t);
/* What happens after every call and at every deadline. */
void mh_session_step (MhSession *self, MhTime t);

/* mh-session-calls.c */

/* Does the call at time @t, or refuses it. Deadlines before @t are done. */
gboolean mh_session_do_call (
    MhSession *self, const MhCall *call, MhTime t, GError **error);

/* mh-session-hits.c: each makes one hit, at time @t, and hands it to the listener. Not
 * while the session is closed. */

/* A hit that has no parameters of its own. */
void mh_session_emit (MhSession *self, MhEvent event, MhTime t);
/* Each of these takes its parameters from what is open: media, break, ad, chapter. */
void mh_session_emit_session_start (MhSession *self, MhTime t, gboolean resume);
void mh_session_emit_ad_break_start (MhSession *self, MhTime t);
void mh_session_emit_ad_start (MhSession *self, MhTime t);
void mh_session_emit_chapter_start (MhSession *self, MhTime t);
/* stateStart or stateEnd of the player state @name. */
void mh_session_emit_state (
    MhSession *self, MhEvent event, const char *name, MhTime t);
/* @source: (nullable): `player` or `external`; NULL: the player. */
void mh_session_emit_error (
    MhSession *self, const char *id, const char *source, MhTime t);
/* It has the QoE data, whether or not that was reported already. */
void mh_session_emit_bitrate_change (MhSession *self, MhTime t);
/* Returns: (transfer full): the object as it goes with a hit, maybe empty. */
GVariant *mh_session_qoe_params (const MhQoe *qoe);
/* Returns: (transfer full) (nullable): of @metadata what may go with @event. */
GVariant *mh_session_clean_metadata (
    MhSession *self, MhEvent event, GVariant *metadata);

G_END_DECLS
