/* mh-decision: what the inference has decided, for its owner to carry out, and where the
 * media was then.
 *
 * The inference appends to a list; its owner takes decisions out of it after
 * each function that may have appended some, in their order. Nothing is called
 * back while the inference decides: a decision has with it the place that it is
 * about, as it was then.
 *
 * May touch: mh-call, mh-enums, mh-playhead, mh-time. Pure. Not thread-safe.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-call.h"
#include "mh-enums.h"
#include "mh-playhead.h"

G_BEGIN_DECLS

/**
 * MhPlace:
 * @playhead: where the media is
 * @rate: by how many seconds it moves in a second, as reported: 0 while it is
 *   reported to stand still
 * @item: of which item, counted by the inference
 * @group: the group of the streams that are played; 0: they say none
 *
 * It says for any moment what a session is told of the playhead, and stays right for the
 * decision that it belongs to while the player goes on.
 */
typedef struct
{
  MhPlayhead playhead;
  double rate;
  guint item;
  guint group;
} MhPlace;

/**
 * mh_place_playhead:
 * @at: a moment
 * @call: (out): a playhead call for it; it owns nothing
 *
 * Says where the media is at that moment, and how fast it moves: for live media
 * the second of the UTC day.
 */
void mh_place_playhead (const MhPlace *place, MhTime at, MhCall *call);

/**
 * mh_place_reaches:
 * @at: a moment
 *
 * A pause is reported only after it has lasted for a while. A deadline from before the
 * pause may therefore be handled while the place already stands still, and one from
 * before a seek in a pause when the place is that of the target.
 *
 * Returns: FALSE if @at is before a stop that has not been reported yet, or before what
 *   stands still came to where it is: the place does not say where the media was then.
 */
gboolean mh_place_reaches (const MhPlace *self, MhTime at);

/**
 * mh_place_stream_time:
 * @at: a moment
 *
 * Returns: where in the stream the media is at that moment, seconds of stream
 *   time: as the playhead, but for live media.
 */
double mh_place_stream_time (const MhPlace *place, MhTime at);

/**
 * mh_place_set_live:
 * @item: the item that @live is about
 * @live: whether what is played happens now
 * @utc_offset: microseconds from #MhTime to UTC
 *
 * Nothing happens where the place is of another item.
 */
void mh_place_set_live (
    MhPlace *place, guint item, gboolean live, gint64 utc_offset);

/**
 * MhDecisionType:
 * @MH_DECISION_START: a session begins: the owner finds out what is played,
 *   says whether that is live (mh_monitor_set_live()), and calls sessionStart.
 *   Comes before any call of that session.
 * @MH_DECISION_CALL: the session is to be called, with the playhead of the place
 *   before it
 * @MH_DECISION_STATE: the playback state, which may be the same as before
 */
typedef enum
{
  MH_DECISION_START,
  MH_DECISION_CALL,
  MH_DECISION_STATE,
} MhDecisionType;

/**
 * MhResume:
 * @MH_RESUME_NO: a session that starts begins something
 * @MH_RESUME_SAME: it goes on with the one before, if the media is the same
 * @MH_RESUME_YES: it goes on with the one before
 */
typedef enum
{
  MH_RESUME_NO,
  MH_RESUME_SAME,
  MH_RESUME_YES,
} MhResume;

/**
 * MhDecision:
 * @type: what has been decided
 * @at: when that is to have happened; not of a state
 * @place: where the media is
 * @call: (nullable): the call; a playhead call has no values of its own: they
 *   are those of @place
 * @state: the state
 * @resume: whether the session that starts goes on with another
 */
typedef struct
{
  MhDecisionType type;
  MhTime at;
  MhPlace place;
  MhCall *call;
  MhPlaybackState state;
  MhResume resume;
} MhDecision;

void mh_decision_free (MhDecision *decision);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MhDecision, mh_decision_free)

/**
 * MhDecisions:
 *
 * Decisions in their order. All zero: there are none.
 */
typedef struct
{
  GQueue queue;
} MhDecisions;

void mh_decisions_clear (MhDecisions *decisions);

/**
 * mh_decisions_append_start:
 * @at: when the session begins
 * @place: where the media is
 * @resume: whether it goes on with another
 *
 * Decides that a session starts: appends that to the list.
 */
void mh_decisions_append_start (
    MhDecisions *decisions, MhTime at, const MhPlace *place, MhResume resume);

/**
 * mh_decisions_append_call:
 * @call: (transfer none): a call; copied
 * @at: when it is to have happened
 * @place: where the media is
 *
 * Decides on a call of the session: appends that to the list.
 */
void mh_decisions_append_call (MhDecisions *decisions, const MhCall *call,
    MhTime at, const MhPlace *place);

/**
 * mh_decisions_append_state:
 * @state: the playback state
 * @place: where the media is
 *
 * Decides that the playback state is another one: appends that to the list.
 */
void mh_decisions_append_state (
    MhDecisions *decisions, MhPlaybackState state, const MhPlace *place);

/* Returns: (transfer full) (nullable): the first decision, which leaves the list;
 * NULL: there is none. */
MhDecision *mh_decisions_take (MhDecisions *decisions);

/**
 * mh_decisions_set_live:
 * @item: an item
 * @live: whether the item is live
 * @utc_offset: microseconds from #MhTime to UTC
 *
 * Corrects the places of the decisions in the list: whether the item is live has
 * become known since they were made.
 */
void mh_decisions_set_live (
    MhDecisions *decisions, guint item, gboolean live, gint64 utc_offset);

G_END_DECLS
