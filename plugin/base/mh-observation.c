/* mh-observation: what can be observed of a pipeline, as plain values.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-observation.h"

#include "mh-gst.h"

gboolean
mh_observation_is_change (MhObservationType type)
{
  switch (type) {
    case MH_OBSERVED_STATE:
    case MH_OBSERVED_TOP_STATE:
    case MH_OBSERVED_SEEK:
    case MH_OBSERVED_FLUSH_START:
    case MH_OBSERVED_FLUSH_STOP:
    case MH_OBSERVED_SEGMENT:
    case MH_OBSERVED_DATA:
    case MH_OBSERVED_ASYNC_DONE:
    case MH_OBSERVED_STREAM_START:
    case MH_OBSERVED_INSTANT_RATE:
    case MH_OBSERVED_LEAD:
      return TRUE;
    default:
      return FALSE;
  }
}

const char *
mh_observation_name (MhObservationType type)
{
  static const char *const names[] = { "state", "top-state", "buffering",
    "seek", "flush-start", "flush-stop", "segment", "data", "pad-eos", "eos",
    "async-done", "stream-start", "pad-stream-start", "instant-rate", "error",
    "call", "gone", "lead", "bitrate", "mark", "frame-rate", "segment-done",
    "duration" };

  G_STATIC_ASSERT (G_N_ELEMENTS (names) == MH_OBSERVED_DURATION + 1);
  return names[type];
}

/* Where a seek goes, in stream time. */
static void
read_seek (GstEvent *event, MhObservation *observation)
{
  GstFormat format;
  GstSeekType start_type, stop_type;
  gint64 start, stop;

  gst_event_parse_seek (event, &observation->rate, &format, NULL, &start_type,
      &start, &stop_type, &stop);
  if (format != GST_FORMAT_TIME)
    return;
  if (observation->rate >= 0 && start_type == GST_SEEK_TYPE_SET && start >= 0)
    observation->time = (GstClockTime) start;
  else if (observation->rate < 0 && stop_type == GST_SEEK_TYPE_SET && stop >= 0)
    observation->time = (GstClockTime) stop;
}

/* Data begins at its end when played backwards; or within it, when a seek has gone on
 * from where the source was (its offset). */
static guint64
find_first (const GstSegment *segment)
{
  return segment->rate < 0 && GST_CLOCK_TIME_IS_VALID (segment->stop)
      ? segment->stop - segment->offset
      : segment->start + segment->offset;
}

static void
read_segment (GstEvent *event, MhObservation *observation)
{
  const GstSegment *segment;

  gst_event_parse_segment (event, &segment);
  if (segment->format != GST_FORMAT_TIME)
    return;
  /* The applied rate is of what the stream holds already: it moves through
   * the media at both. */
  observation->rate = segment->rate * segment->applied_rate;
  observation->time = gst_segment_to_stream_time (
      segment, GST_FORMAT_TIME, find_first (segment));
  if (!GST_CLOCK_TIME_IS_VALID (observation->time))
    observation->time = segment->time; /* it has no end to count from */
}

static void
read_flush_stop (GstEvent *event, MhObservation *observation)
{
  gboolean reset_time;

  gst_event_parse_flush_stop (event, &reset_time);
  observation->keeps_time = !reset_time;
}

/* Returns: whether that is video. @rate: where it is the same for all of it. */
static gboolean
read_frame_rate (const GstCaps *caps, double *rate)
{
  const GstStructure *structure;
  int numerator, denominator;

  if (gst_caps_is_empty (caps) || gst_caps_is_any (caps))
    return FALSE;
  structure = gst_caps_get_structure (caps, 0);
  if (!g_str_has_prefix (gst_structure_get_name (structure), "video/"))
    return FALSE;
  *rate = 0;
  if (gst_structure_get_fraction (
          structure, "framerate", &numerator, &denominator) &&
      numerator > 0 && denominator > 0)
    *rate = (double) numerator / denominator;
  return TRUE;
}

/* Returns: whether there is a bitrate. */
static gboolean
read_tags (const GstTagList *tags, MhBitrateReport *report)
{
  guint bitrate = 0, nominal = 0;

  gst_tag_list_get_uint (tags, GST_TAG_BITRATE, &bitrate);
  gst_tag_list_get_uint (tags, GST_TAG_NOMINAL_BITRATE, &nominal);
  report->bitrate = bitrate;
  report->nominal = nominal;
  return bitrate > 0 || nominal > 0;
}

static gboolean
read_tag_event (GstEvent *event, MhObservation *observation)
{
  GstTagList *tags;

  gst_event_parse_tag (event, &tags);
  observation->bitrate.origin = gst_tag_list_get_scope (tags) ==
          GST_TAG_SCOPE_GLOBAL
      ? MH_BITRATE_CONTAINER
      : MH_BITRATE_PAD;
  return read_tags (tags, &observation->bitrate);
}

gboolean
mh_observation_from_event (GstEvent *event, MhObservation *observation)
{
  GstCaps *caps;

  *observation = (MhObservation) MH_OBSERVATION_INIT (MH_OBSERVED_SEEK);
  observation->seqnum = gst_event_get_seqnum (event);
  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_SEEK:
      read_seek (event, observation);
      return TRUE;
    case GST_EVENT_FLUSH_START:
      observation->type = MH_OBSERVED_FLUSH_START;
      observation->group = gst_util_group_id_next ();
      return TRUE;
    case GST_EVENT_FLUSH_STOP:
      observation->type = MH_OBSERVED_FLUSH_STOP;
      read_flush_stop (event, observation);
      return TRUE;
    case GST_EVENT_SEGMENT:
      observation->type = MH_OBSERVED_SEGMENT;
      read_segment (event, observation);
      return TRUE;
    case GST_EVENT_EOS:
      observation->type = MH_OBSERVED_PAD_EOS;
      return TRUE;
    case GST_EVENT_STREAM_START:
      observation->type = MH_OBSERVED_PAD_STREAM_START;
      return gst_event_parse_group_id (event, &observation->group);
    case GST_EVENT_INSTANT_RATE_CHANGE:
      observation->type = MH_OBSERVED_INSTANT_RATE;
      gst_event_parse_instant_rate_change (event, &observation->rate, NULL);
      return TRUE;
    case GST_EVENT_TAG:
      observation->type = MH_OBSERVED_BITRATE;
      return read_tag_event (event, observation);
    case GST_EVENT_CAPS:
      observation->type = MH_OBSERVED_FRAME_RATE;
      gst_event_parse_caps (event, &caps);
      return read_frame_rate (caps, &observation->frame_rate);
    case GST_EVENT_SEGMENT_DONE:
      observation->type = MH_OBSERVED_SEGMENT_DONE;
      return TRUE;
    default:
      return FALSE;
  }
}

/* `domain:code`: stable over versions and languages, unlike the text. */
static char *
dup_error_id (GstMessage *message)
{
  g_autoptr (GError) error = NULL;

  gst_message_parse_error (message, &error, NULL);
  return g_strdup_printf (
      "%s:%d", g_quark_to_string (error->domain), error->code);
}

/* An element that the sound passes knows the rate of the video by this alone. */
static double
get_frame_rate (GstPad *pad)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  double rate = 0;

  return caps && read_frame_rate (caps, &rate) ? rate : 0;
}

/* The same one may come to several sinks, or to a sink that another one is replaced
 * with. */
static guint
get_stream (GstPad *pad)
{
  g_autofree char *id = gst_pad_get_stream_id (pad);

  return id ? g_str_hash (id) : 0;
}

static void
read_sink (GstObject *sink, MhObservation *observation)
{
  g_autoptr (GstPad)
      pad = gst_element_get_static_pad (GST_ELEMENT (sink), "sink");

  observation->bitrate.source = (guint64) (gsize) sink;
  if (!pad)
    return;
  observation->bitrate.stream = get_stream (pad);
  observation->frame_rate = get_frame_rate (pad);
}

/* Only those of sinks count: what other elements tell is either passed on to the
 * sinks, or about data that is not shown. A message without a bitrate counts as
 * well. */
static gboolean
read_tag_message (GstMessage *message, MhObservation *observation)
{
  MhBitrateReport *report = &observation->bitrate;
  GstObject *src = GST_MESSAGE_SRC (message);
  g_autoptr (GstTagList) tags = NULL;
  gboolean global, told;

  if (!mh_gst_is_sink (src))
    return FALSE;
  gst_message_parse_tag (message, &tags);
  global = gst_tag_list_get_scope (tags) == GST_TAG_SCOPE_GLOBAL;
  told = read_tags (tags, report);
  report->origin = global ? MH_BITRATE_CONTAINER : MH_BITRATE_STREAM;
  read_sink (src, observation);
  return told || !global;
}

/* A message of hlsdemux and its like. They post it at each switch with a bitrate,
 * which those for DASH do not tell, and without one at other times. */
static gboolean
read_statistics (GstMessage *message, MhBitrateReport *report)
{
  const GstStructure *structure = gst_message_get_structure (message);
  guint bitrate = 0;
  int signed_bitrate;

  if (!gst_structure_has_name (structure, "adaptive-streaming-statistics"))
    return FALSE;
  if (gst_structure_get_int (structure, "bitrate", &signed_bitrate))
    bitrate = (guint) MAX (signed_bitrate, 0);
  else
    gst_structure_get_uint (structure, "bitrate", &bitrate);
  report->origin = MH_BITRATE_VARIANT;
  report->source = (guint64) (gsize) GST_MESSAGE_SRC (message);
  report->bitrate = bitrate;
  return TRUE;
}

/* ---- which element fills a buffer ---- */

/* How often a lock is tried that another thread has for a moment. */
#define TRIES 100

/* These forward the lowest of what is within them, whosever that is, and keep
 * the rest to themselves. */
static gboolean
merges_buffering (GstObject *object)
{
  const char *name = G_OBJECT_TYPE_NAME (object);

  return g_str_equal (name, "GstDecodeBin") ||
      g_str_equal (name, "GstURISourceBin");
}

static GQuark
filler_quark (void)
{
  return g_quark_from_static_string ("mh-filler");
}

/* At a source: the number of its filler. */
static GQuark
filled_quark (void)
{
  return g_quark_from_static_string ("mh-filled");
}

static guint
get_number (gpointer object, GQuark quark)
{
  return GPOINTER_TO_UINT (g_object_get_qdata (object, quark));
}

/* A number of its own, which goes with the object: another one that gets its
 * memory has none. */
static guint
number_object (GstObject *object)
{
  static int last; /* atomic */

  if (get_number (object, filler_quark ()) == 0)
    g_object_replace_qdata (G_OBJECT (object), filler_quark (), NULL,
        GUINT_TO_POINTER (g_atomic_int_add (&last, 1) + 1), NULL, NULL);
  return get_number (object, filler_quark ());
}

/* A tracer is told of a message with any lock held, by this thread as well. */
static gboolean
try_lock (GstObject *object)
{
  for (guint i = 0; i < TRIES; i++) {
    if (GST_OBJECT_TRYLOCK (object))
      return TRUE;
  }
  return FALSE;
}

/* The outermost of @object and what it is in counts. The lock of what is within
 * keeps its parent alive. @number: (out): 0: none of them merges. Returns:
 * whether all could be looked at. */
static gboolean
find_filler (GstObject *object, guint *number)
{
  gboolean known;

  *number = 0;
  if (!try_lock (object))
    return FALSE;
  known = !GST_OBJECT_PARENT (object) ||
      find_filler (GST_OBJECT_PARENT (object), number);
  if (known && *number == 0 && merges_buffering (object))
    *number = number_object (object);
  GST_OBJECT_UNLOCK (object);
  return known;
}

/* Each message of a source has the number that the first one had. */
static guint64
number_filler (GstObject *source)
{
  guint number = get_number (source, filled_quark ());

  if (number != 0)
    return number;
  if (!find_filler (source, &number) || number == 0)
    number = number_object (source);
  g_object_set_qdata (
      G_OBJECT (source), filled_quark (), GUINT_TO_POINTER (number));
  return number;
}

gboolean
mh_observation_from_removed (GstElement *element, MhObservation *observation)
{
  *observation = (MhObservation) MH_OBSERVATION_INIT (MH_OBSERVED_BUFFERING);
  observation->percent = 100;
  observation->source = get_number (element, filler_quark ());
  return observation->source != 0;
}

/* A state-changed message of another element than the topmost parent. */
static gboolean
read_child_state (GstMessage *message, MhObservation *observation)
{
  GstState state;

  gst_message_parse_state_changed (message, NULL, &state, NULL);
  return state <= GST_STATE_READY &&
      GST_IS_ELEMENT (GST_MESSAGE_SRC (message)) &&
      mh_observation_from_removed (
          GST_ELEMENT (GST_MESSAGE_SRC (message)), observation);
}

gboolean
mh_observation_from_message (
    GstMessage *message, gconstpointer top, MhObservation *observation)
{
  gboolean from_top = top && GST_MESSAGE_SRC (message) == top;

  *observation = (MhObservation) MH_OBSERVATION_INIT (MH_OBSERVED_EOS);
  switch (GST_MESSAGE_TYPE (message)) {
    case GST_MESSAGE_EOS:
      return from_top;
    case GST_MESSAGE_ASYNC_DONE:
      observation->type = MH_OBSERVED_ASYNC_DONE;
      return from_top;
    case GST_MESSAGE_STREAM_START:
      observation->type = MH_OBSERVED_STREAM_START;
      return from_top &&
          gst_message_parse_group_id (message, &observation->group);
    case GST_MESSAGE_STATE_CHANGED:
      observation->type = MH_OBSERVED_TOP_STATE;
      if (!from_top)
        return read_child_state (message, observation);
      gst_message_parse_state_changed (
          message, NULL, &observation->state, &observation->pending);
      return TRUE;
    case GST_MESSAGE_BUFFERING:
      observation->type = MH_OBSERVED_BUFFERING;
      gst_message_parse_buffering (message, &observation->percent);
      if (GST_MESSAGE_SRC (message))
        observation->source = number_filler (GST_MESSAGE_SRC (message));
      return TRUE;
    case GST_MESSAGE_ERROR:
      observation->type = MH_OBSERVED_ERROR;
      observation->text = dup_error_id (message);
      observation->from_sink = mh_gst_is_sink (GST_MESSAGE_SRC (message));
      return TRUE;
    case GST_MESSAGE_SEGMENT_DONE:
      observation->type = MH_OBSERVED_SEGMENT_DONE;
      return from_top;
    case GST_MESSAGE_TAG:
      observation->type = MH_OBSERVED_BITRATE;
      return read_tag_message (message, observation);
    case GST_MESSAGE_DURATION_CHANGED:
      observation->type = MH_OBSERVED_DURATION;
      return TRUE;
    case GST_MESSAGE_ELEMENT:
      observation->type = MH_OBSERVED_BITRATE;
      return read_statistics (message, &observation->bitrate);
    default:
      return FALSE;
  }
}
