/* mh-pipeline-state: the states of the element and of its pipeline, and what they are together.
 *
 * An element changes its state with the pipeline, but not at the same moment, and not
 * always: a flushing seek takes the pipeline to PAUSED and back while the element
 * stays in PLAYING (docs/design/inference.md#the-whole-pipelines-state).
 *
 * Pure: states and times in, what they mean comes out.
 *
 * May touch: GStreamer's plain types, mh-time.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

#include "mh-time.h"

G_BEGIN_DECLS

/**
 * MhRunState:
 * @MH_RUN_DOWN: the element is below PAUSED
 * @MH_RUN_CLOSING: the element is in PAUSED, and the pipeline is to go below that, or
 *   it is not known where to
 * @MH_RUN_PAUSED: the element is in PAUSED, and the pipeline is to stay there
 * @MH_RUN_OPENING: the element is in PAUSED, and the pipeline is to play
 * @MH_RUN_STARTING: the element is in PLAYING, and the pipeline is not there yet
 * @MH_RUN_KEPT_PAUSED: the element is in PLAYING, and the pipeline was paused before it
 *   got there: it stays in PAUSED, and tells no element of it
 * @MH_RUN_PLAYING: the whole pipeline is in PLAYING
 *
 * Those in which the element is in PAUSED, and those in which it is in PLAYING, are
 * together and in this order.
 */
typedef enum
{
  MH_RUN_DOWN,
  MH_RUN_CLOSING,
  MH_RUN_PAUSED,
  MH_RUN_OPENING,
  MH_RUN_STARTING,
  MH_RUN_KEPT_PAUSED,
  MH_RUN_PLAYING,
} MhRunState;

#define MH_RUN_N_STATES (MH_RUN_PLAYING + 1)

/**
 * MhRun:
 * @own: the element's state
 * @own_at: since when
 * @top: the topmost parent's state
 * @pending: what that goes on to; VOID: it stays
 * @target: where the topmost parent was told to go; VOID: not known
 * @seen: the state of all when mh_run_is_newly_kept() was last called
 * @has_messages: whether messages of the pipeline, or of any element in it, have
 *   reached us in this run; else the application keeps them from us
 *   (docs/design/inference.md#bus-messages)
 */
typedef struct
{
  GstState own;
  MhTime own_at;
  GstState top;
  GstState pending;
  GstState target;
  MhRunState seen;
  gboolean has_messages;
} MhRun;

#define MH_RUN_INIT \
  { \
    .own = GST_STATE_NULL \
  }

/* The element goes from READY to PAUSED: nothing is known of the pipeline but that it
 * has begun anew. mh_run_set_own() follows. */
void mh_run_begin (MhRun *self);

/**
 * mh_run_set_own:
 * @state: the element's
 * @at: since when
 *
 * Takes a state change of the element.
 */
void mh_run_set_own (MhRun *self, GstState state, MhTime at);

/**
 * mh_run_set_top:
 * @state: the topmost parent's
 * @pending: what it goes on to, or VOID
 *
 * Returns: whether that is another one than before.
 */
gboolean mh_run_set_top (MhRun *self, GstState state, GstState pending);

/* Returns: what all of it is together. */
MhRunState mh_run_get_state (const MhRun *self);

/* Returns: whether the element is in PAUSED or PLAYING. */
gboolean mh_run_is_up (const MhRun *self);

/* Returns: whether the pipeline plays or was asked to. */
gboolean mh_run_is_wanted (const MhRun *self);

/* Returns: whether the element is in PLAYING, and not because the pipeline was kept
 * paused. */
gboolean mh_run_moves (const MhRun *self);

/* Returns: whether the pipeline was told to go below PAUSED. */
gboolean mh_run_is_stopped (const MhRun *self);

/* Returns: whether the pipeline is in PAUSED and stays there: its sinks have data. */
gboolean mh_run_is_prerolled (const MhRun *self);

/* Returns: whether it is KEPT_PAUSED, and was not at the last call. */
gboolean mh_run_is_newly_kept (MhRun *self);

G_END_DECLS
