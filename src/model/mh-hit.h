/* mh-hit: one thing to report, as the session made it.
 *
 * A hit is neutral: which request it becomes is up to a protocol
 * (mh-protocol-*), which element message up to the plugin.
 *
 * May touch: GLib and mh-time only.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-time.h"

G_BEGIN_DECLS

/* The event types of docs/design/wire-media-collection.md#events, in its order.
 * Their names on the wire come from mh_event_name(). */
typedef enum
{
  MH_EVENT_SESSION_START,
  MH_EVENT_SESSION_COMPLETE,
  MH_EVENT_SESSION_END,
  MH_EVENT_AD_BREAK_START,
  MH_EVENT_AD_BREAK_COMPLETE,
  MH_EVENT_AD_START,
  MH_EVENT_AD_COMPLETE,
  MH_EVENT_AD_SKIP,
  MH_EVENT_CHAPTER_START,
  MH_EVENT_CHAPTER_COMPLETE,
  MH_EVENT_CHAPTER_SKIP,
  MH_EVENT_PLAY,
  MH_EVENT_PING,
  MH_EVENT_BUFFER_START,
  MH_EVENT_PAUSE_START,
  MH_EVENT_BITRATE_CHANGE,
  MH_EVENT_ERROR,
  MH_EVENT_STATE_START,
  MH_EVENT_STATE_END,
} MhEvent;

#define MH_N_EVENTS (MH_EVENT_STATE_END + 1)

/**
 * mh_event_name:
 * @event: an event type
 *
 * Returns: its name on the wire, "sessionStart" and so on; static.
 */
const char *mh_event_name (MhEvent event);

/**
 * mh_event_ends_session:
 * @event: an event type
 *
 * Returns: whether no hit follows @event in its session.
 */
gboolean mh_event_ends_session (MhEvent event);

/**
 * MhHit:
 * @event: what happened
 * @session: number of the session, 0 for the first of its tracker
 * @playhead: seconds of content, >= 0, to the microsecond
 * @seeking: whether the player seeks: then a pauseStart is that
 * @at: when it happened
 * @ts: when it happened, in milliseconds UTC, as it goes on the wire; 0 until the
 *   tracker (or the replay program) has set it
 * @params: (nullable): parameters, `a{sv}` of s, d, x and b under the names of
 *   docs/design/wire-media-collection.md#parameters, in order; without those
 *   that come from the configuration
 * @custom_metadata: (nullable): the application's own metadata, `a{ss}`
 * @qoe: (nullable): quality of experience, `a{sv}` of x and s
 *
 * It has one owner at a time; free it with mh_hit_free(). It is never changed once
 * @ts is set.
 */
typedef struct
{
  MhEvent event;
  guint session;
  double playhead;
  gboolean seeking;
  MhTime at;
  gint64 ts;
  GVariant *params;
  GVariant *custom_metadata;
  GVariant *qoe;
} MhHit;

/**
 * mh_hit_new:
 * @event: what happened
 * @session: number of the session
 * @playhead: seconds; rounded to the microsecond, negative becomes 0
 * @at: when
 * @params: (nullable) (transfer floating): see #MhHit; an empty one is dropped
 * @custom_metadata: (nullable) (transfer floating): see #MhHit; an empty one is
 *   dropped
 * @qoe: (nullable) (transfer floating): see #MhHit; an empty one is dropped
 *
 * Returns: (transfer full): a new hit without a time stamp for the wire.
 */
MhHit *mh_hit_new (MhEvent event, guint session, double playhead, MhTime at,
    GVariant *params, GVariant *custom_metadata, GVariant *qoe);

/* @hit: (nullable) (transfer full): a hit. */
void mh_hit_free (MhHit *hit);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MhHit, mh_hit_free)

/* @values: (nullable): parameters, or the quality of experience, of a hit. Returns:
 * (transfer none): the text that is there as @name; empty: there is none. */
const char *mh_hit_get_text (GVariant *values, const char *name);

G_END_DECLS
