/* mh-tap: one point of a pipeline's data flow, and what is seen from there.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-tap.h"

/* How late a frame may be for a sink of video to show it all the same: what
 * these begin with. */
#define LATE (20 * GST_MSECOND)

/* How far behind the last buffer before it a SEGMENT may begin that goes on from there:
 * demuxers and decoders do not agree to the millisecond on where that is. */
#define OVERLAP (500 * GST_MSECOND)

static void
reset_flow (MhTap *self)
{
  mh_atomic64_store (&self->last_pts, GST_CLOCK_TIME_NONE);
  mh_atomic64_store (&self->flow->pts, GST_CLOCK_TIME_NONE);
  mh_atomic64_store (&self->flow->step, 0);
}

void
mh_tap_init (MhTap *self, MhMailbox *mailbox)
{
  self->mailbox = mailbox;
  self->flow = mh_mailbox_get_flow (mailbox);
  g_mutex_init (&self->lock);
  g_queue_init (&self->marks);
  mh_tap_reset (self);
}

void
mh_tap_clear (MhTap *self)
{
  mh_tap_drop_marks (self);
  g_mutex_clear (&self->lock);
}

void
mh_tap_reset (MhTap *self)
{
  MH_RELAXED_STORE (self->want_data, TRUE);
  self->have_group = FALSE;
  MH_RELAXED_STORE (self->is_video, FALSE);
  mh_tap_drop_marks (self);
  MH_RELAXED_STORE (self->flushed, TRUE);
  gst_segment_init (&self->segment, GST_FORMAT_UNDEFINED);
  reset_flow (self);
}

/* ---- data and events ---- */

void
mh_tap_data (MhTap *self, GstClockTime pts)
{
  MhObservation data = MH_OBSERVATION_INIT (MH_OBSERVED_DATA);

  if (!__atomic_exchange_n (&self->want_data, FALSE, __ATOMIC_RELAXED))
    return;
  data.time = mh_stream_buffer_end (
      mh_mailbox_get_stream (self->mailbox), pts, GST_CLOCK_TIME_NONE);
  mh_mailbox_push (self->mailbox, &data);
  mh_tap_release_marks (self, pts);
}

/* A stream of another group is another item. */
static void
tap_note_group (MhTap *self, GstEvent *event)
{
  guint group;

  if (!gst_event_parse_group_id (event, &group))
    return;
  if (self->have_group && group != self->group)
    mh_stream_forget (mh_mailbox_get_stream (self->mailbox));
  self->have_group = TRUE;
  self->group = group;
}

static void
tap_note_caps (MhTap *self, GstEvent *event)
{
  GstCaps *caps;
  const char *name;

  gst_event_parse_caps (event, &caps);
  name = gst_structure_get_name (gst_caps_get_structure (caps, 0));
  MH_RELAXED_STORE (self->is_video, g_str_has_prefix (name, "video/"));
}

static void
note_gap (MhTap *self, GstEvent *event)
{
  GstClockTime start, duration;

  gst_event_parse_gap (event, &start, &duration);
  mh_atomic64_store (&self->flow->pts, start);
  mh_atomic64_store (&self->flow->duration, duration);
  MH_RELAXED_STORE (
      self->flow->buffers, MH_RELAXED_LOAD (self->flow->buffers) + 1);
  if (MH_RELAXED_LOAD (self->want_data))
    mh_tap_data (self, start);
}

/* Where no data has come since the last segment, the one before that counts. Where the
 * last buffer begins: some sources go on from there, however long it is. */
static void
note_reached (MhTap *self)
{
  GstClockTime place = mh_atomic64_load (&self->flow->pts, GST_CLOCK_TIME_NONE);

  if (__atomic_exchange_n (&self->flushed, FALSE, __ATOMIC_RELAXED)) {
    self->reached = GST_CLOCK_TIME_NONE;
    return;
  }
  if (!GST_CLOCK_TIME_IS_VALID (place) ||
      self->segment.format != GST_FORMAT_TIME)
    return;
  place = gst_segment_to_running_time (&self->segment, GST_FORMAT_TIME, place);
  if (GST_CLOCK_TIME_IS_VALID (place))
    self->reached = place;
}

/* Returns: whether it is the segment of the data before. A source keeps in its segment
 * where it is. */
static gboolean
has_segment (MhTap *self, GstEvent *event)
{
  GstSegment segment;

  gst_event_copy_segment (event, &segment);
  segment.position = self->segment.position;
  segment.duration = self->segment.duration;
  return gst_segment_is_equal (&segment, &self->segment);
}

/* A SEGMENT comes once more when an element before is exchanged, a pad's offset changes or
 * another track is selected. The data goes on after that. Where data goes back, the
 * running time does not.
 *
 * @same: whether it is the segment of the data before
 *
 * Returns: whether it is such a one. */
static gboolean
tap_note_segment (MhTap *self, GstEvent *event, gboolean same)
{
  const GstSegment *segment;

  gst_event_parse_segment (event, &segment);
  note_reached (self);
  reset_flow (self);
  MH_RELAXED_STORE (self->want_data, TRUE);
  self->segment = *segment;
  return segment->format == GST_FORMAT_TIME &&
      GST_CLOCK_TIME_IS_VALID (self->reached) &&
      (same || segment->base + OVERLAP < self->reached);
}

/* Whether it is of interest where the data before it ends. */
static gboolean
ends_data (GstEvent *event)
{
  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_STREAM_START:
    case GST_EVENT_SEGMENT:
    case GST_EVENT_SEGMENT_DONE:
    case GST_EVENT_EOS:
      return TRUE;
    default:
      return FALSE;
  }
}

/* @end: of the data before it, or NONE
 * @same, @again: of a SEGMENT, as in MhObservation */
static void
tap_observe_event (MhTap *self, GstEvent *event, GstClockTime end,
    gboolean same, gboolean again)
{
  MhObservation observation;

  if (!mh_observation_from_event (event, &observation))
    return;
  observation.end = end;
  observation.again = again;
  observation.same = same;
  if (GST_CLOCK_TIME_IS_VALID (end) &&
      GST_EVENT_TYPE (event) != GST_EVENT_SEGMENT)
    observation.time = end;
  mh_mailbox_push (self->mailbox, &observation);
}

void
mh_tap_event (MhTap *self, GstEvent *event)
{
  GstClockTime end = ends_data (event) ? mh_mailbox_get_end (self->mailbox)
                                       : GST_CLOCK_TIME_NONE;
  gboolean again = FALSE, same = FALSE;

  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_STREAM_START:
      tap_note_group (self, event);
      MH_RELAXED_STORE (self->want_data, TRUE);
      break;
    case GST_EVENT_CAPS:
      tap_note_caps (self, event);
      break;
    case GST_EVENT_SEGMENT:
      same = has_segment (self, event);
      again = tap_note_segment (self, event, same);
      break;
    case GST_EVENT_GAP:
      note_gap (self, event);
      break;
    case GST_EVENT_FLUSH_STOP:
      MH_RELAXED_STORE (self->flushed, TRUE);
      mh_tap_drop_marks (self);
      break;
    case GST_EVENT_EOS:
      mh_tap_release_marks (self, GST_CLOCK_TIME_NONE);
      break;
    default:
      break;
  }
  mh_tap_mark (self, event);
  mh_stream_note_event (mh_mailbox_get_stream (self->mailbox), event);
  tap_observe_event (self, event, end, same, again);
}

/* One comes for each frame, from the thread of the sink. */
static void
note_qos (MhTap *self, GstEvent *event)
{
  GstQOSType type;
  GstClockTimeDiff late;

  gst_event_parse_qos (event, &type, NULL, &late, NULL);
  if (late > LATE && type != GST_QOS_TYPE_THROTTLE &&
      MH_RELAXED_LOAD (self->is_video))
    __atomic_fetch_add (&self->flow->late, 1, __ATOMIC_RELAXED);
}

void
mh_tap_upstream_event (MhTap *self, GstEvent *event)
{
  MhObservation observation;

  if (GST_EVENT_TYPE (event) == GST_EVENT_QOS) {
    note_qos (self, event);
    return;
  }
  if (GST_EVENT_TYPE (event) == GST_EVENT_SEEK &&
      mh_observation_from_event (event, &observation))
    mh_mailbox_push (self->mailbox, &observation);
  mh_tap_upstream_mark (self, event);
}

/* No SEGMENT follows: where data is pulled there is none, and the pipeline alone knows
 * where it goes on. */
static void
end_pulled_flush (MhTap *self, GstEvent *event)
{
  MhObservation segment = MH_OBSERVATION_INIT (MH_OBSERVED_SEGMENT);

  segment.seqnum = gst_event_get_seqnum (event);
  MH_RELAXED_STORE (self->want_data, TRUE);
  mh_mailbox_push (self->mailbox, &segment);
}

void
mh_tap_pulled_event (MhTap *self, GstEvent *event)
{
  GstEventType type = GST_EVENT_TYPE (event);
  MhObservation observation;

  if ((type != GST_EVENT_FLUSH_START && type != GST_EVENT_FLUSH_STOP) ||
      !mh_observation_from_event (event, &observation))
    return;
  mh_mailbox_push (self->mailbox, &observation);
  if (type == GST_EVENT_FLUSH_STOP)
    end_pulled_flush (self, event);
}

/* ---- states ---- */

GstElement *
mh_tap_find_top (GstElement *element)
{
  GstObject *top = gst_object_ref (GST_OBJECT (element));
  GstObject *parent;

  while ((parent = gst_object_get_parent (top))) {
    gst_object_unref (top);
    top = parent;
  }
  return GST_ELEMENT (top);
}

/* Without its lock, which the caller of a tracer's hook may hold. */
GstState
mh_tap_get_target (GstElement *element)
{
  return MH_RELAXED_LOAD (GST_STATE_TARGET (element));
}

/* Tells of a state change, and returns the topmost parent's target: whether
 * this is on the way to somewhere else. Nothing is asked here: the thread that
 * changes the state holds locks, and an answer may need them. */
static GstState
push_state (MhTap *self, GstElement *top, GstState state)
{
  MhObservation observation = MH_OBSERVATION_INIT (MH_OBSERVED_STATE);

  observation.state = state;
  observation.target = mh_tap_get_target (top);
  observation.top = MH_RELAXED_LOAD (GST_STATE (top));
  mh_mailbox_push (self->mailbox, &observation);
  return observation.target;
}

static void
tap_begin_run (MhTap *self, GstElement *top)
{
  mh_stream_begin (mh_mailbox_get_stream (self->mailbox));
  mh_mailbox_set_quiet (self->mailbox, FALSE);
  push_state (self, top, GST_STATE_PAUSED);
  /* Data that was pulled before is this run's. */
  if (!__atomic_exchange_n (&self->want_data, TRUE, __ATOMIC_RELAXED))
    mh_tap_data (self, GST_CLOCK_TIME_NONE);
}

void
mh_tap_before_change (MhTap *self, GstElement *top, GstStateChange transition)
{
  switch (transition) {
    case GST_STATE_CHANGE_NULL_TO_READY:
      mh_tap_reset (self);
      break;
    case GST_STATE_CHANGE_READY_TO_PAUSED:
      tap_begin_run (self, top);
      break;
    case GST_STATE_CHANGE_PAUSED_TO_PLAYING:
      mh_mailbox_set_quiet (self->mailbox, FALSE);
      break;
    case GST_STATE_CHANGE_PLAYING_TO_PAUSED:
      if (push_state (self, top, GST_STATE_PAUSED) < GST_STATE_PAUSED)
        mh_mailbox_set_quiet (self->mailbox, TRUE);
      break;
    case GST_STATE_CHANGE_PAUSED_TO_READY:
      mh_mailbox_set_quiet (self->mailbox, TRUE);
      push_state (self, top, GST_STATE_READY);
      break;
    case GST_STATE_CHANGE_READY_TO_NULL:
      push_state (self, top, GST_STATE_NULL);
      break;
    default:
      break;
  }
}

void
mh_tap_after_change (MhTap *self, GstElement *top, GstStateChange transition,
    GstStateChangeReturn result)
{
  gboolean failed = result == GST_STATE_CHANGE_FAILURE;

  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED && failed)
    push_state (self, top, GST_STATE_READY);
  else if (transition == GST_STATE_CHANGE_PAUSED_TO_PLAYING && !failed)
    push_state (self, top, GST_STATE_PLAYING);
  else if (transition == GST_STATE_CHANGE_PAUSED_TO_READY && !failed)
    mh_tap_reset (self);
}
