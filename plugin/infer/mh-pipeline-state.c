/* mh-pipeline-state: the states of the element and of its pipeline, and what they make
 * together.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-pipeline-state.h"

void
mh_pipeline_begin (MhPipeline *self)
{
  self->top = GST_STATE_READY;
  self->has_messages = FALSE;
}

void
mh_pipeline_set_own (MhPipeline *self, GstState state, MhTime at)
{
  self->own = state;
  self->own_at = at;
}

gboolean
mh_pipeline_set_top (MhPipeline *self, GstState state, GstState pending)
{
  gboolean changed = state != self->top || pending != self->pending;

  self->top = state;
  self->pending = pending;
  return changed;
}

static MhPipelineState
get_state_in_paused (const MhPipeline *self)
{
  switch (self->target) {
    case GST_STATE_PLAYING:
      return MH_PIPELINE_OPENING;
    case GST_STATE_PAUSED:
      return MH_PIPELINE_PAUSED;
    default:
      return MH_PIPELINE_CLOSING;
  }
}

static MhPipelineState
get_state_in_playing (const MhPipeline *self)
{
  if (self->top == GST_STATE_PLAYING && self->pending == GST_STATE_VOID_PENDING)
    return MH_PIPELINE_PLAYING;
  if (self->top == GST_STATE_PAUSED && self->target == GST_STATE_PAUSED)
    return MH_PIPELINE_KEPT_PAUSED;
  return MH_PIPELINE_STARTING;
}

MhPipelineState
mh_pipeline_get_state (const MhPipeline *self)
{
  switch (self->own) {
    case GST_STATE_PLAYING:
      return get_state_in_playing (self);
    case GST_STATE_PAUSED:
      return get_state_in_paused (self);
    default:
      return MH_PIPELINE_DOWN;
  }
}

gboolean
mh_pipeline_is_up (const MhPipeline *self)
{
  return mh_pipeline_get_state (self) != MH_PIPELINE_DOWN;
}

gboolean
mh_pipeline_is_wanted (const MhPipeline *self)
{
  MhPipelineState state = mh_pipeline_get_state (self);

  return state >= MH_PIPELINE_OPENING && state != MH_PIPELINE_KEPT_PAUSED;
}

gboolean
mh_pipeline_moves (const MhPipeline *self)
{
  return self->own == GST_STATE_PLAYING &&
      mh_pipeline_get_state (self) != MH_PIPELINE_KEPT_PAUSED;
}

gboolean
mh_pipeline_is_stopped (const MhPipeline *self)
{
  return self->target == GST_STATE_READY || self->target == GST_STATE_NULL;
}

gboolean
mh_pipeline_is_prerolled (const MhPipeline *self)
{
  return self->top == GST_STATE_PAUSED &&
      self->pending == GST_STATE_VOID_PENDING;
}

gboolean
mh_pipeline_is_newly_kept (MhPipeline *self)
{
  MhPipelineState before = self->seen;

  self->seen = mh_pipeline_get_state (self);
  return self->seen == MH_PIPELINE_KEPT_PAUSED &&
      before != MH_PIPELINE_KEPT_PAUSED;
}
