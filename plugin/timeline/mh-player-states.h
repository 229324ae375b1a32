/* mh-player-states: which player states are on, as the player's controls show or as the
 * application says.
 *
 * It is told what the controls show, and says which state is to be started or ended,
 * and when that was. Once the application tells of a state itself, the controls do not
 * count for that state until the next item. Pure.
 *
 * May touch: GLib, mh-time.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-time.h"

G_BEGIN_DECLS

/**
 * MhPlayerStateKind:
 * @MH_PLAYER_STATE_MUTE: nothing is to be heard
 * @MH_PLAYER_STATE_CAPTIONS: subtitles are shown
 *
 * The states that a player's controls show.
 */
typedef enum
{
  MH_PLAYER_STATE_MUTE,
  MH_PLAYER_STATE_CAPTIONS,
} MhPlayerStateKind;

#define MH_N_PLAYER_STATES 2

/* So many changes of a state are kept until the session is told of them. Where there
 * are more, the oldest change and the one that undoes it are left out. Even. */
#define MH_PLAYER_STATE_CHANGES 8

/**
 * MhPlayerStateChange:
 * @name: of a state, as the session knows it; static
 * @on: whether it begins
 * @at: when
 */
typedef struct
{
  const char *name;
  gboolean on;
  MhTime at;
} MhPlayerStateChange;

typedef struct
{
  /*< private >*/
  gboolean shown; /* by the controls, the last time */
  gboolean told; /* to the session */
  gboolean used; /* it was told at some time */
  gboolean theirs; /* the application's */
  MhTime changes
      [MH_PLAYER_STATE_CHANGES]; /* from @told on, each to the opposite */
  guint n_changes;
} MhPlayerState;

typedef struct
{
  /*< private >*/
  gboolean wanted; /* of this session */
  MhPlayerState states[MH_N_PLAYER_STATES];
} MhPlayerStates;

/**
 * mh_player_states_begin:
 * @wanted: whether what the controls show counts: not between sessions, as with a
 *   structure of zeros
 *
 * A session begins, in which no state is on, or is over.
 */
void mh_player_states_begin (MhPlayerStates *states, gboolean wanted);

/* Returns: whether it is worth telling what the controls show. */
gboolean mh_player_states_are_wanted (const MhPlayerStates *states);

/**
 * mh_player_states_tell:
 * @on: what the controls show of @kind
 * @at: since when, not before the time before; what they have shown already
 *   changes nothing
 *
 * Takes what a control shows, for the next look at what is due.
 */
void mh_player_states_tell (
    MhPlayerStates *states, MhPlayerStateKind kind, gboolean on, MhTime at);

/**
 * mh_player_states_pop:
 * @until: now
 * @change: (out): what is to be said
 *
 * What was said counts as said, unless mh_player_states_note() follows.
 *
 * Returns: whether there was something by @until; the oldest comes first.
 */
gboolean mh_player_states_pop (
    MhPlayerStates *states, MhTime until, MhPlayerStateChange *change);

/**
 * mh_player_states_is_said:
 * @name: any state's
 * @on: what the application says of it
 *
 * The application tells of a state for the first time. It may say what this file has
 * said already because of a control: that is no mistake. From then on the controls do
 * not count for the state.
 *
 * Returns: whether there is nothing left to say.
 */
gboolean mh_player_states_is_said (
    MhPlayerStates *states, const char *name, gboolean on);

/**
 * mh_player_states_note:
 * @name: any state's
 *
 * The application has told of it, and the session has taken it; or the session has
 * refused it. It is left alone until the next session.
 */
void mh_player_states_note (MhPlayerStates *states, const char *name);

G_END_DECLS
