/* mh-stream: what is known of the stream that passes.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-stream-private.h"

#include "mh-outbox.h"

MhStream *
mh_stream_new (GstPad *sinkpad)
{
  MhStream *self = g_new0 (MhStream, 1);

  g_weak_ref_init (&self->sinkpad, sinkpad);
  g_weak_ref_init (&self->top, NULL);
  g_mutex_init (&self->lock);
  gst_segment_init (&self->segment, GST_FORMAT_UNDEFINED);
  return self;
}

void
mh_stream_free (MhStream *self)
{
  g_weak_ref_clear (&self->sinkpad);
  g_weak_ref_clear (&self->top);
  g_mutex_clear (&self->lock);
  mh_tags_clear (&self->tags);
  g_free (self->uri);
  g_free (self);
}

void
mh_stream_set_top (MhStream *self, GstElement *top)
{
  g_weak_ref_set (&self->top, top);
}

void
mh_stream_set_pad (MhStream *self, GstPad *sinkpad)
{
  g_weak_ref_set (&self->sinkpad, sinkpad);
}

/* ---- noting ---- */

void
mh_stream_note_uri (MhStream *self, const char *uri)
{
  g_mutex_lock (&self->lock);
  g_free (self->uri);
  self->uri = g_strdup (uri);
  g_mutex_unlock (&self->lock);
}

static void
forget_locked (MhStream *self)
{
  gst_segment_init (&self->segment, GST_FORMAT_UNDEFINED);
  self->caps_type = MH_MEDIA_TYPE_AUTO;
  self->has_video = FALSE;
  self->group = 0;
  mh_tags_clear (&self->tags);
}

void
mh_stream_begin (MhStream *self)
{
  g_mutex_lock (&self->lock);
  forget_locked (self);
  self->n_groups = 0;
  mh_drops_begin (&self->drops);
  g_mutex_unlock (&self->lock);
}

void
mh_stream_forget (MhStream *self)
{
  g_mutex_lock (&self->lock);
  forget_locked (self);
  g_mutex_unlock (&self->lock);
}

static void
note_caps (MhStream *self, GstEvent *event)
{
  GstCaps *caps;
  const char *name;

  gst_event_parse_caps (event, &caps);
  name = gst_structure_get_name (gst_caps_get_structure (caps, 0));
  g_mutex_lock (&self->lock);
  self->caps_type = g_str_has_prefix (name, "audio/") ? MH_MEDIA_TYPE_AUDIO
      : g_str_has_prefix (name, "video/") || g_str_has_prefix (name, "image/")
      ? MH_MEDIA_TYPE_VIDEO
      : MH_MEDIA_TYPE_AUTO;
  g_mutex_unlock (&self->lock);
}

static gboolean
has_passed_locked (MhStream *self, guint group)
{
  for (guint i = 0; i < MIN (self->n_groups, MH_STREAM_GROUPS); i++) {
    if (self->groups[i] == group)
      return TRUE;
  }
  return FALSE;
}

static void
note_group (MhStream *self, GstEvent *event)
{
  guint group = 0;

  gst_event_parse_group_id (event, &group);
  g_mutex_lock (&self->lock);
  self->group = group;
  if (group != 0 && !has_passed_locked (self, group))
    self->groups[self->n_groups++ % MH_STREAM_GROUPS] = group;
  g_mutex_unlock (&self->lock);
}

static void
note_tags (MhStream *self, GstEvent *event)
{
  GstTagList *tags;

  gst_event_parse_tag (event, &tags);
  g_mutex_lock (&self->lock);
  mh_tags_take (&self->tags, tags);
  g_mutex_unlock (&self->lock);
}

static void
note_collection (MhStream *self, GstEvent *event)
{
  g_autoptr (GstStreamCollection) collection = NULL;
  gboolean has_video = FALSE;

  gst_event_parse_stream_collection (event, &collection);
  for (guint i = 0; i < gst_stream_collection_get_size (collection); i++) {
    GstStream *stream = gst_stream_collection_get_stream (collection, i);

    if (gst_stream_get_stream_type (stream) & GST_STREAM_TYPE_VIDEO)
      has_video = TRUE;
  }
  g_mutex_lock (&self->lock);
  self->has_video = has_video;
  g_mutex_unlock (&self->lock);
}

void
mh_stream_note_event (MhStream *self, GstEvent *event)
{
  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_STREAM_START:
      note_group (self, event);
      break;
    case GST_EVENT_CAPS:
      note_caps (self, event);
      break;
    case GST_EVENT_TAG:
      note_tags (self, event);
      break;
    case GST_EVENT_STREAM_COLLECTION:
      note_collection (self, event);
      break;
    case GST_EVENT_SEGMENT:
      g_mutex_lock (&self->lock);
      gst_event_copy_segment (event, &self->segment);
      g_mutex_unlock (&self->lock);
      break;
    case GST_EVENT_FLUSH_STOP:
      /* With it a step ends, and nobody says so. */
      g_mutex_lock (&self->lock);
      mh_drops_end_steps (&self->drops);
      g_mutex_unlock (&self->lock);
      break;
    default:
      break;
  }
}

/* ---- asking ---- */

void
mh_stream_look (MhStream *self, MhSample *sample)
{
  GstElement *top = g_weak_ref_get (&self->top);
  gint64 position;

  if (!top)
    return;
  if (!gst_element_query_position (top, GST_FORMAT_TIME, &position))
    position = -1;
  GST_OBJECT_LOCK (top);
  sample->state = GST_STATE (top);
  sample->pending = GST_STATE_PENDING (top);
  sample->target = GST_STATE_TARGET (top);
  GST_OBJECT_UNLOCK (top);
  sample->looked = TRUE;
  /* While it stops, its sinks are down before the element is, and say 0. */
  if (sample->target >= GST_STATE_PAUSED && position >= 0)
    sample->position = position;
  mh_outbox_release (top);
}

int
mh_stream_ask_percent (MhStream *self)
{
  g_autoptr (GstPad) pad = g_weak_ref_get (&self->sinkpad);
  g_autoptr (GstQuery) query = gst_query_new_buffering (GST_FORMAT_PERCENT);
  gboolean busy;
  int percent;

  if (!pad || !gst_pad_peer_query (pad, query))
    return -1;
  gst_query_parse_buffering_percent (query, &busy, &percent);
  return busy ? CLAMP (percent, 0, 100) : 100;
}

static double
ask_duration (GstPad *pad, GstElement *top)
{
  gint64 duration = -1;

  /* TRUE with -1 is an answer as well (inference.md, 7). */
  if (!gst_pad_peer_query_duration (pad, GST_FORMAT_TIME, &duration) ||
      duration < 0) {
    if (!top || !gst_element_query_duration (top, GST_FORMAT_TIME, &duration))
      return -1;
  }
  return duration >= 0 ? (double) duration / GST_SECOND : -1;
}

/* inference.md, 7. A stream without end that can be sought in everywhere makes
 * itself up as it goes: that is not live. */
static gboolean
ask_live (GstPad *pad, double duration)
{
  g_autoptr (GstQuery) latency = gst_query_new_latency ();
  g_autoptr (GstQuery) seeking = gst_query_new_seeking (GST_FORMAT_TIME);
  gboolean live = FALSE, seekable = FALSE;
  gint64 end = -1;

  if (gst_pad_peer_query (pad, latency))
    gst_query_parse_latency (latency, &live, NULL, NULL);
  if (live || duration >= 0)
    return live;
  /* Nobody who answers: nothing is known yet. */
  if (!gst_pad_peer_query (pad, seeking))
    return FALSE;
  gst_query_parse_seeking (seeking, NULL, &seekable, NULL, &end);
  return seekable ? end > 0 : TRUE;
}

/* playbin knows what it plays; playbin3's streams come as a collection. */
static gboolean
ask_playbin_for_video (GstElement *top)
{
  GParamSpec *pspec = g_object_class_find_property (
      G_OBJECT_GET_CLASS (top), "n-video");
  int n_video = 0;

  if (!pspec || pspec->value_type != G_TYPE_INT)
    return FALSE;
  g_object_get (top, "n-video", &n_video, NULL);
  return n_video > 0;
}

static char *
ask_uri (GstPad *pad)
{
  g_autoptr (GstQuery) query = gst_query_new_uri ();
  char *uri = NULL;

  if (gst_pad_peer_query (pad, query))
    gst_query_parse_uri (query, &uri);
  return uri;
}

/* Where no tags pass (in front of a demuxer), or those of another item (that
 * passes already), the sinks are asked what they have got with this one. A
 * mixer in front of them makes a group of its own, and has none: then those that
 * pass count. Not for what has passed itself.
 *
 * @top: (nullable): who may be asked */
static void
find_out_tags (MhStream *self, GstElement *top, guint group, MhStreamInfo *info)
{
  MhTags tags = { 0 };
  MhTags asked = { 0 };
  gboolean same;

  g_mutex_lock (&self->lock);
  same = group == 0 || self->group == 0 || self->group == group;
  if (same || !has_passed_locked (self, group))
    mh_tags_add (&tags, &self->tags);
  g_mutex_unlock (&self->lock);
  if (top && (!same || mh_tags_is_empty (&tags)))
    mh_stream_ask_sinks (top, group, &asked);
  if (mh_tags_is_empty (&asked))
    mh_tags_add (&asked, &tags);
  info->title = g_strdup (mh_tags_get_title (&asked));
  info->metadata = mh_tags_dup_metadata (&asked, info->live);
  mh_tags_clear (&tags);
  mh_tags_clear (&asked);
}

char *
mh_stream_dup_uri (MhStream *self, gboolean ask)
{
  g_autoptr (GstPad) pad = g_weak_ref_get (&self->sinkpad);
  char *uri = pad && ask ? ask_uri (pad) : NULL;

  if (uri)
    return uri;
  g_mutex_lock (&self->lock);
  uri = g_strdup (self->uri);
  g_mutex_unlock (&self->lock);
  return uri;
}

void
mh_stream_find_out (
    MhStream *self, gboolean ask, guint group, MhStreamInfo *info)
{
  GstElement *top = g_weak_ref_get (&self->top);
  g_autoptr (GstPad) pad = g_weak_ref_get (&self->sinkpad);

  g_mutex_lock (&self->lock);
  info->media_type = self->has_video ? MH_MEDIA_TYPE_VIDEO : self->caps_type;
  g_mutex_unlock (&self->lock);
  info->duration = -1;
  if (pad && ask) {
    info->duration = ask_duration (pad, top);
    info->live = ask_live (pad, info->duration);
  }
  find_out_tags (self, ask ? top : NULL, group, info);
  info->uri = mh_stream_dup_uri (self, ask);
  if (top && ask && info->media_type == MH_MEDIA_TYPE_AUDIO &&
      ask_playbin_for_video (top))
    info->media_type = MH_MEDIA_TYPE_VIDEO;
  if (top) {
    info->fallback_id = gst_object_get_name (GST_OBJECT (top));
    mh_outbox_release (top);
  }
}

gint64
mh_stream_buffer_end (MhStream *self, GstClockTime pts, GstClockTime duration)
{
  guint64 end = GST_CLOCK_TIME_NONE;

  if (!GST_CLOCK_TIME_IS_VALID (pts))
    return -1;
  if (GST_CLOCK_TIME_IS_VALID (duration))
    pts += duration;
  g_mutex_lock (&self->lock);
  if (self->segment.format == GST_FORMAT_TIME) {
    if (GST_CLOCK_TIME_IS_VALID (self->segment.stop))
      pts = MIN (pts, self->segment.stop);
    end = gst_segment_to_stream_time (&self->segment, GST_FORMAT_TIME, pts);
  }
  g_mutex_unlock (&self->lock);
  return GST_CLOCK_TIME_IS_VALID (end) ? (gint64) end : -1;
}

gint64
mh_stream_from_running (MhStream *self, GstClockTime running)
{
  gint64 time = -1;
  GstSegment segment;
  guint64 place;
  int sign;

  g_mutex_lock (&self->lock);
  segment = self->segment;
  g_mutex_unlock (&self->lock);
  if (segment.format != GST_FORMAT_TIME ||
      gst_segment_position_from_running_time_full (
          &segment, GST_FORMAT_TIME, running, &place) <= 0)
    return -1;
  sign = gst_segment_to_stream_time_full (
      &segment, GST_FORMAT_TIME, place, &place);
  if (sign > 0 && place <= G_MAXINT64)
    time = (gint64) place;
  return time;
}
