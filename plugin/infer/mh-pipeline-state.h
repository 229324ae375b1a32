/* mh-pipeline-state: the states of the element and of its pipeline, and what they make
 * together.
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
 * MhPipelineState:
 * @MH_PIPELINE_DOWN: the element is below PAUSED
 * @MH_PIPELINE_CLOSING: the element is in PAUSED, and the pipeline is to go below that,
 *   or it is not known where to
 * @MH_PIPELINE_PAUSED: the element is in PAUSED, and the pipeline is to stay there
 * @MH_PIPELINE_OPENING: the element is in PAUSED, and the pipeline is to play
 * @MH_PIPELINE_STARTING: the element is in PLAYING, and the pipeline is not there yet
 * @MH_PIPELINE_KEPT_PAUSED: the element is in PLAYING, and the pipeline was paused
 *   before it got there: it stays in PAUSED, and tells no element of it
 * @MH_PIPELINE_PLAYING: the whole pipeline is in PLAYING
 *
 * Those in which the element is in PAUSED, and those in which it is in PLAYING, are
 * together and in this order.
 */
typedef enum
{
  MH_PIPELINE_DOWN,
  MH_PIPELINE_CLOSING,
  MH_PIPELINE_PAUSED,
  MH_PIPELINE_OPENING,
  MH_PIPELINE_STARTING,
  MH_PIPELINE_KEPT_PAUSED,
  MH_PIPELINE_PLAYING,
} MhPipelineState;

#define MH_PIPELINE_N_STATES (MH_PIPELINE_PLAYING + 1)

/**
 * MhPipeline:
 * @own: the element's state
 * @own_at: since when
 * @top: the topmost parent's state
 * @pending: what that goes on to; VOID: it stays
 * @target: where the topmost parent was told to go; VOID: not known
 * @seen: the state of all when mh_pipeline_is_newly_kept() was last called
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
  MhPipelineState seen;
  gboolean has_messages;
} MhPipeline;

#define MH_PIPELINE_INIT \
  { \
    .own = GST_STATE_NULL \
  }

/* The element goes from READY to PAUSED: nothing is known of the pipeline but that it
 * has begun anew. mh_pipeline_set_own() follows. */
void mh_pipeline_begin (MhPipeline *self);

/**
 * mh_pipeline_set_own:
 * @state: the element's
 * @at: since when
 *
 * Takes a state change of the element.
 */
void mh_pipeline_set_own (MhPipeline *self, GstState state, MhTime at);

/**
 * mh_pipeline_set_top:
 * @state: the topmost parent's
 * @pending: what it goes on to, or VOID
 *
 * Returns: whether that is another one than before.
 */
gboolean mh_pipeline_set_top (
    MhPipeline *self, GstState state, GstState pending);

/* Returns: what all of it is together. */
MhPipelineState mh_pipeline_get_state (const MhPipeline *self);

/* Returns: whether the element is in PAUSED or PLAYING. */
gboolean mh_pipeline_is_up (const MhPipeline *self);

/* Returns: whether the pipeline plays or was asked to. */
gboolean mh_pipeline_is_wanted (const MhPipeline *self);

/* Returns: whether the element is in PLAYING, and not because the pipeline was kept
 * paused. */
gboolean mh_pipeline_moves (const MhPipeline *self);

/* Returns: whether the pipeline was told to go below PAUSED. */
gboolean mh_pipeline_is_stopped (const MhPipeline *self);

/* Returns: whether the pipeline is in PAUSED and stays there: its sinks have data. */
gboolean mh_pipeline_is_prerolled (const MhPipeline *self);

/* Returns: whether it is KEPT_PAUSED, and was not at the last call. */
gboolean mh_pipeline_is_newly_kept (MhPipeline *self);

G_END_DECLS
