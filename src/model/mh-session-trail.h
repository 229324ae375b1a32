/* mh-session-trail: a session's hits so far, as far as a protocol has to know of them.
 *
 * For protocols whose sessions the server knows nothing of: the session and
 * each hit have an ID and a number of our own, and what a hit says may depend on
 * those before it.
 *
 * May touch: GLib, mh-hit. Pure: IDs are the caller's to make.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-hit.h"

G_BEGIN_DECLS

/* A UUID as text, with its end. */
#define MH_SESSION_TRAIL_ID_SIZE 37

/* Bytes that are kept of the content's ID, with its end. */
#define MH_SESSION_TRAIL_CONTENT_SIZE 129

/**
 * MhSessionTrail:
 * @session: the session's ID
 * @id: the hit's ID
 * @seq: the number of the hit in its session, from 0 on without a gap
 * @state: the latest of sessionStart, play, pauseStart and bufferStart
 * @seeking: of a pauseStart or a bufferStart: whether the player seeks
 * @played: whether a play came before this hit
 * @buffered: of the first play after rebuffering: how long that took, ms, without a
 *   pause between; 0: there was none
 * @n_buffers: how often rebuffering has ended
 * @buffered_total: how long it took in all, ms
 * @content: the ID of the content, as long as there is room
 * @live: whether it happens now
 * @audio: whether it is audio
 * @starts: whether this hit is the first to say how long the start took
 * @failed: whether the hit before this one was an error
 *
 * What is known when a hit is encoded; @state, @n_buffers and so on have that
 * hit in them. All zero: before a session.
 */
typedef struct
{
  char session[MH_SESSION_TRAIL_ID_SIZE];
  char id[MH_SESSION_TRAIL_ID_SIZE];
  guint seq;
  MhEvent state;
  gboolean seeking;
  gboolean played;
  gint64 buffered;
  guint n_buffers;
  gint64 buffered_total;
  char content[MH_SESSION_TRAIL_CONTENT_SIZE];
  gboolean live;
  gboolean audio;
  gboolean starts;
  gboolean failed;

  /*< private >*/
  guint n_hits;
  gint64 buffering_since; /* ms UTC; 0: it is not */
  gint64 untold; /* ms of rebuffering since the last play */
  MhEvent last;
  gboolean started;
} MhSessionTrail;

/**
 * mh_session_trail_begin:
 * @session: the ID of the session that begins
 *
 * Begins a trail: nothing came before the next hit.
 */
void mh_session_trail_begin (MhSessionTrail *trail, const char *session);

/**
 * mh_session_trail_pass:
 * @hit: the next hit, with its time stamp for the wire
 * @id: its ID
 *
 * To be called for each hit, before it is encoded.
 */
void mh_session_trail_pass (
    MhSessionTrail *trail, const MhHit *hit, const char *id);

G_END_DECLS
