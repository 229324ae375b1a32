/* mh-player: a pipeline with a mediaheartbeat in it, and what it says.
 *
 * Everything is waited for, nothing is slept through: what takes too long
 * fails the test.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

#include "mh-collector.h"

/* How far a playhead may be from the pipeline's position, seconds. */
#define MH_PLAYHEAD_TOLERANCE 0.3

#define mh_player_assert_near(playhead, position) \
  g_assert_cmpfloat_with_epsilon (playhead, position, MH_PLAYHEAD_TOLERANCE)

/**
 * MhPlayer:
 * @pipeline: the pipeline
 * @heartbeat: (nullable): the element in it
 * @bus: the pipeline's bus
 * @hits: of GstStructure: the element's messages so far
 * @warnings: of strings: its warning messages so far
 * @errors: how many error messages there were
 *
 * All that came over the bus up to what was waited for.
 */
typedef struct
{
  GstElement *pipeline;
  GstElement *heartbeat;
  GstBus *bus;
  GPtrArray *hits;
  GPtrArray *warnings;
  guint errors;
} MhPlayer;

/**
 * mh_player_new:
 * @pipeline: (transfer full): a pipeline
 * @heartbeat: (nullable) (transfer none): the element in it
 * @collector: (nullable): where its heartbeats go
 *
 * Returns: (transfer full): a player in the NULL state.
 */
MhPlayer *mh_player_new (
    GstElement *pipeline, GstElement *heartbeat, MhCollector *collector);

/**
 * mh_player_add_playbins:
 * @path: of a test
 * @function: the test; its data is the name of a factory
 *
 * Adds it for playbin and for playbin3, which @path is continued by.
 */
void mh_player_add_playbins (const char *path, GTestDataFunc function);

/**
 * mh_player_launch:
 * @collector: (nullable): where heartbeats go
 * @description: a format for a pipeline as gst-launch-1.0 takes it; its
 *   mediaheartbeat is named "heartbeat"
 *
 * Returns: (transfer full): a player in the NULL state.
 */
MhPlayer *mh_player_launch (
    MhCollector *collector, const char *description, ...) G_GNUC_PRINTF (2, 3);

/**
 * mh_player_playbin:
 * @factory: playbin or playbin3
 * @filter: audio-filter or video-filter: where the element goes
 * @path: (nullable): the file to play
 *
 * Returns: (transfer full): a player with fakesinks that keep time.
 */
MhPlayer *mh_player_playbin (MhCollector *collector, const char *factory,
    const char *filter, const char *path);

/**
 * mh_player_free:
 * @self: (transfer full): a player, in any state; goes to NULL
 */
void mh_player_free (MhPlayer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MhPlayer, mh_player_free)

/**
 * mh_player_go:
 * @state: a state
 *
 * Asks for it and waits for it; fails where that fails. After NULL, waits for the
 * element's flush-timeout at most until what it has made is delivered.
 */
void mh_player_go (MhPlayer *self, GstState state);

/* Takes in what is on the bus by now. */
void mh_player_pump (MhPlayer *self);

/**
 * mh_player_wait_message:
 * @types: one of these
 *
 * Waits for a message of the pipeline, or any element where it is an error.
 */
void mh_player_wait_message (MhPlayer *self, GstMessageType types);

/**
 * mh_player_wait_hit:
 * @event: eventType
 * @n: 1: the first since the player was made
 *
 * Returns: (transfer none): that message of the element.
 */
const GstStructure *mh_player_wait_hit (
    MhPlayer *self, const char *event, guint n);

/**
 * mh_player_wait_warning:
 * @text: what it holds
 *
 * Waits for a warning message of the element.
 */
void mh_player_wait_warning (MhPlayer *self, const char *text);

/**
 * mh_player_seek:
 * @seconds: where to
 *
 * A flushing, accurate seek. Does not wait: mh_player_settle() does.
 */
void mh_player_seek (MhPlayer *self, double seconds);

/**
 * mh_player_seek_from:
 * @least: (out): where the player was before, as it says, seconds
 * @target: seconds
 *
 * Seeks from where it plays.
 *
 * Returns: where the player was before at most, seconds: a slow machine plays on
 *   between the question for the position and the seek.
 */
double mh_player_seek_from (MhPlayer *self, double *least, double target);

/**
 * mh_player_give_next:
 * @self: of a playbin
 * @uri: (transfer none): what it goes on with, without a gap; outlives the first item
 */
void mh_player_give_next (MhPlayer *self, char *uri);

/* Waits until the pipeline's state is what was asked for, after a seek. */
void mh_player_settle (MhPlayer *self);

/* Returns: seconds; fails where the pipeline does not say. */
double mh_player_position (MhPlayer *self);

/**
 * mh_player_wait_position:
 * @seconds: a position
 *
 * Lets it play until it is there, by the pipeline's own clock.
 */
void mh_player_wait_position (MhPlayer *self, double seconds);

/* Returns: a counter of the element's stats. */
guint64 mh_player_get_stat (MhPlayer *self, const char *name);

/**
 * mh_player_count_warnings:
 * @text: what they hold
 *
 * Returns: how many such warnings there have been.
 */
guint mh_player_count_warnings (MhPlayer *self, const char *text);
