/* mh-stream: what is known of the stream that passes.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-stream-private.h"

/* How far before the end of a file its first part ends at least. */
#define CHAIN (500 * GST_MSECOND)

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
  for (guint i = 0; i < MH_STREAM_GROUPS; i++)
    mh_stream_free_item (self->items[i]);
  for (guint i = 0; i < MH_STREAM_GROUPS; i++)
    g_free (self->told[i]);
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

/* The item may be played long after that: its sinks get its tags late, and
 * those that pass are another item's by then. */
static void
keep_tags_locked (MhStream *self)
{
  MhStreamItem *item = mh_stream_find_item_locked (self, self->group);

  if (!item || mh_tags_is_empty (&self->tags))
    return;
  mh_tags_clear (&item->tags);
  item->tags = self->tags;
  self->tags = (MhTags){ 0 };
}

static void
forget_locked (MhStream *self)
{
  self->caps_type = MH_MEDIA_TYPE_AUTO;
  self->has_collection = FALSE;
  self->has_video = FALSE;
  self->group = 0;
  self->sought = FALSE;
  mh_tags_clear (&self->tags);
}

void
mh_stream_begin (MhStream *self)
{
  g_atomic_int_set (&self->heard, FALSE);
  g_mutex_lock (&self->lock);
  gst_segment_init (&self->segment, GST_FORMAT_UNDEFINED);
  forget_locked (self);
  self->n_items = 0;
  mh_dropped_frames_begin (&self->drops);
  g_mutex_unlock (&self->lock);
}

void
mh_stream_forget (MhStream *self)
{
  g_mutex_lock (&self->lock);
  keep_tags_locked (self);
  forget_locked (self);
  g_mutex_unlock (&self->lock);
}

MhMediaType
mh_stream_read_caps (const GstCaps *caps)
{
  const char *name = gst_caps_is_empty (caps) || gst_caps_is_any (caps)
      ? ""
      : gst_structure_get_name (gst_caps_get_structure (caps, 0));

  return g_str_has_prefix (name, "audio/") ? MH_MEDIA_TYPE_AUDIO
      : g_str_has_prefix (name, "video/") || g_str_has_prefix (name, "image/")
      ? MH_MEDIA_TYPE_VIDEO
      : MH_MEDIA_TYPE_AUTO;
}

static void
stream_note_caps (MhStream *self, GstEvent *event)
{
  GstCaps *caps;

  gst_event_parse_caps (event, &caps);
  g_mutex_lock (&self->lock);
  self->caps_type = mh_stream_read_caps (caps);
  g_mutex_unlock (&self->lock);
}

static void
stream_note_group (MhStream *self, GstEvent *event)
{
  const char *stream;
  guint group = 0;

  gst_event_parse_group_id (event, &group);
  gst_event_parse_stream_start (event, &stream);
  g_mutex_lock (&self->lock);
  self->group = group;
  if (group != 0)
    mh_stream_pass_item_locked (self, group, stream);
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
  self->has_collection = TRUE;
  self->has_video = has_video;
  g_mutex_unlock (&self->lock);
}

void
mh_stream_note_event (MhStream *self, GstEvent *event)
{
  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_STREAM_START:
      stream_note_group (self, event);
      break;
    case GST_EVENT_CAPS:
      stream_note_caps (self, event);
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
      /* A seek may ask for a part. With it a step ends, and no message says so. */
      g_mutex_lock (&self->lock);
      self->sought = TRUE;
      mh_dropped_frames_end_steps (&self->drops);
      g_mutex_unlock (&self->lock);
      break;
    default:
      break;
  }
}

/* ---- looking ---- */

/* Its lock is held for moments only, but the thread that holds it may be
 * preempted. */
#define TRIES 3

static gboolean
stream_try_lock (GstElement *element)
{
  for (guint i = 0; i < TRIES; i++) {
    if (GST_OBJECT_TRYLOCK (element))
      return TRUE;
    g_thread_yield ();
  }
  return FALSE;
}

void
mh_stream_look (MhStream *self, MhSample *sample, MhWorker *worker)
{
  GstElement *top = g_weak_ref_get (&self->top);

  if (!top)
    return;
  sample->looked = stream_try_lock (top);
  if (sample->looked) {
    sample->state = GST_STATE (top);
    sample->pending = GST_STATE_PENDING (top);
    sample->target = GST_STATE_TARGET (top);
    GST_OBJECT_UNLOCK (top);
  }
  mh_notifier_release_together (top, worker);
}

/* ---- asking ---- */

gint64
mh_stream_ask_position (MhStream *self)
{
  GstElement *top = g_weak_ref_get (&self->top);
  gint64 position = -1;
  GstState target;

  if (!top)
    return -1;
  if (!mh_stream_ask_sinks_position (top, &position) &&
      !gst_element_query_position (top, GST_FORMAT_TIME, &position))
    position = -1;
  GST_OBJECT_LOCK (top);
  target = GST_STATE_TARGET (top);
  GST_OBJECT_UNLOCK (top);
  mh_notifier_release (top);
  /* While it stops, its sinks are down before the element is, and say 0. */
  return target >= GST_STATE_PAUSED ? position : -1;
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

  /* TRUE with -1 is an answer as well (docs/design/inference.md#live-media). */
  if (!pad || !gst_pad_peer_query_duration (pad, GST_FORMAT_TIME, &duration) ||
      duration < 0) {
    if (!top || !gst_element_query_duration (top, GST_FORMAT_TIME, &duration))
      return -1;
  }
  return duration >= 0 ? (double) duration / GST_SECOND : -1;
}

/* The peer of @pad only: a topmost parent that plays says that anything is live
 * (docs/design/inference.md#live-media). */
static gboolean
ask_latency (GstPad *pad)
{
  g_autoptr (GstQuery) query = gst_query_new_latency ();
  gboolean live = FALSE;

  if (pad && gst_pad_peer_query (pad, query))
    gst_query_parse_latency (query, &live, NULL, NULL);
  return live;
}

/* Where tsdemux ends of whose source no length is known: -1 at 27 MHz, in ns. */
#define TS_NO_END ((gint64) (G_MAXUINT64 / 27))

/* The peer of @pad; where that is gone (a sink that was replaced), @top, which
 * finds out by its sinks. Both are nullable. */
static MhSeekable
ask_seekable (GstPad *pad, GstElement *top)
{
  g_autoptr (GstQuery) query = gst_query_new_seeking (GST_FORMAT_TIME);
  gboolean seekable = FALSE;
  gint64 end = -1;

  if (pad ? !gst_pad_peer_query (pad, query)
          : !top || !gst_element_query (top, query))
    return MH_SEEKABLE_UNKNOWN;
  gst_query_parse_seeking (query, NULL, &seekable, NULL, &end);
  if (!seekable)
    return MH_SEEKABLE_NOT;
  return end > 0 && ABS (end - TS_NO_END) > (gint64) GST_SECOND
      ? MH_SEEKABLE_TO_END
      : MH_SEEKABLE_ENDLESS;
}

/* playbin knows what it plays. Returns: whether @top says so. */
static gboolean
ask_playbin_for_video (GstElement *top, gboolean *has_video)
{
  int n_video = 0;

  if (!mh_gst_has_property (top, "n-video", G_TYPE_INT))
    return FALSE;
  g_object_get (top, "n-video", &n_video, NULL);
  *has_video = n_video > 0;
  return TRUE;
}

/* Whether the sound that passes is that of a film. playbin or a stream collection
 * tells which streams there are. Otherwise the sinks tell.
 *
 * @top: (nullable): the topmost parent, to be asked */
static gboolean
find_out_video (MhStream *self, GstPad *pad, GstElement *top)
{
  g_autofree char *stream = NULL;
  gboolean has_video, known;

  g_mutex_lock (&self->lock);
  known = self->has_collection;
  has_video = self->has_video;
  g_mutex_unlock (&self->lock);
  if (has_video || !top || ask_playbin_for_video (top, &has_video) || known)
    return has_video;
  stream = pad ? gst_pad_get_stream_id (pad) : NULL;
  return mh_stream_ask_sinks_for_video (top, stream);
}

/* Converters send no CAPS with a stream that has those of the one before.
 *
 * @pad: (nullable): the pad to be asked then */
static MhMediaType
find_out_caps_type (MhStream *self, GstPad *pad)
{
  g_autoptr (GstCaps) caps = NULL;
  MhMediaType type;

  g_mutex_lock (&self->lock);
  type = self->caps_type;
  g_mutex_unlock (&self->lock);
  if (type == MH_MEDIA_TYPE_AUTO && pad)
    caps = gst_pad_get_current_caps (pad);
  return caps ? mh_stream_read_caps (caps) : type;
}

static void
find_out_media_type (
    MhStream *self, GstPad *pad, GstElement *top, MhStreamInfo *info)
{
  info->media_type = find_out_caps_type (self, pad);
  if (info->media_type != MH_MEDIA_TYPE_VIDEO &&
      find_out_video (
          self, pad, info->media_type == MH_MEDIA_TYPE_AUDIO ? top : NULL))
    info->media_type = MH_MEDIA_TYPE_VIDEO;
}

/* Returns: (transfer none): what has passed of @group; or of what passes, where
 * @group has not: a mixer makes one. @known: (out): whether it is @group's. */
static const MhTags *
get_tags_locked (MhStream *self, guint group, gboolean *known)
{
  const MhStreamItem *item = NULL;

  if (group != 0 && self->group != 0 && group != self->group)
    item = mh_stream_find_item_locked (self, group);
  *known = item || group == 0 || self->group == 0 || group == self->group;
  return item ? &item->tags : &self->tags;
}

/* A file may be a chain of songs, each with tags of its own. Its first segment
 * ends with the first song, far before the file does. */
static gboolean
is_chain_locked (MhStream *self)
{
  const GstSegment *segment = &self->segment;

  return segment->format == GST_FORMAT_TIME && !self->sought &&
      GST_CLOCK_TIME_IS_VALID (segment->stop) &&
      GST_CLOCK_TIME_IS_VALID (segment->duration) &&
      segment->stop + CHAIN < segment->duration;
}

/* @station: (nullable): what it says of itself, where a radio station is
 * played: its songs are not what it is. */
static void
set_tags (MhStreamInfo *info, const MhTags *tags, MhTags *station)
{
  info->title = g_strdup (mh_tags_get_title (tags));
  info->metadata = mh_tags_dup_metadata (tags, FALSE);
  info->live_metadata = mh_tags_dup_metadata (
      info->is_radio ? station : tags, TRUE);
  if (info->is_radio)
    info->station = g_strdup (mh_tags_get_station (station));
}

/* Where no tags pass (in front of a demuxer), or another item's, the sinks are
 * asked which they have got with this one. A mixer in front of them makes a
 * group of its own, without tags: then those that pass count.
 *
 * @top: (nullable): the topmost parent, to be asked
 * @station: what a radio station says of itself */
static void
find_out_tags (MhStream *self, GstElement *top, guint group, MhTags *station,
    MhStreamInfo *info)
{
  MhTags tags = { 0 };
  MhTags asked = { 0 };
  gboolean known, chain;

  g_mutex_lock (&self->lock);
  mh_tags_add (&tags, get_tags_locked (self, group, &known));
  chain = is_chain_locked (self);
  g_mutex_unlock (&self->lock);
  if (top && (!known || mh_tags_is_empty (&tags)))
    mh_stream_ask_sinks (top, group, &asked);
  if (mh_tags_is_empty (&asked))
    mh_tags_add (&asked, &tags);
  if (chain)
    mh_tags_forget_streams (&asked);
  set_tags (info, &asked, station);
  mh_tags_clear (&tags);
  mh_tags_clear (&asked);
}

/* The pad has the ID of the stream only after all behind it have been given that. The
 * peer answers for it before.
 *
 * @stream: (out) (transfer full) (nullable): the ID of what passes
 * Returns: its group; 0: it is not known. */
static guint
get_passing (MhStream *self, GstPad *pad, char **stream)
{
  const MhStreamItem *item;
  guint group;

  g_mutex_lock (&self->lock);
  group = self->group;
  item = group != 0 ? mh_stream_find_item_locked (self, group) : NULL;
  *stream = item ? g_strdup (item->stream) : NULL;
  g_mutex_unlock (&self->lock);
  if (!*stream)
    *stream = gst_pad_get_stream_id (pad);
  return group;
}

/* Whether what passes is played after @group, which has passed: what the topmost parent
 * says is about @group. */
static gboolean
is_ahead (MhStream *self, guint passing, guint group)
{
  MH_AUTO_LOCK (&self->lock);

  return passing != 0 && passing != group &&
      mh_stream_find_item_locked (self, group);
}

void
mh_stream_find_out (
    MhStream *self, gboolean ask, guint group, MhStreamInfo *info)
{
  GstElement *top = g_weak_ref_get (&self->top);
  GstElement *asked = ask ? top : NULL;
  g_autoptr (GstPad) pad = ask ? g_weak_ref_get (&self->sinkpad) : NULL;
  g_autofree char *stream = NULL;
  guint passing = pad ? get_passing (self, pad, &stream) : 0;
  MhTags station = { 0 };

  find_out_media_type (self, pad, asked, info);
  info->duration = ask_duration (
      pad, is_ahead (self, passing, group) ? NULL : asked);
  info->seekable = ask_seekable (pad, asked);
  info->says_live = ask_latency (pad);
  if (asked)
    mh_stream_ask_source (asked, group, info, &station);
  find_out_tags (self, asked, group, &station, info);
  mh_tags_clear (&station);
  info->uri = ask ? mh_stream_ask_uri (self, pad, asked)
                  : mh_stream_dup_uri (self, FALSE);
  if (asked)
    mh_stream_check_source (self, asked, stream, info);
  mh_stream_attribute (self, stream, passing, group, info);
  if (top) {
    info->fallback_id = gst_object_get_name (GST_OBJECT (top));
    mh_notifier_release (top);
  }
}

GstClockTime
mh_stream_buffer_end (MhStream *self, GstClockTime pts, GstClockTime duration)
{
  MH_AUTO_LOCK (&self->lock);
  guint64 end;

  if (!GST_CLOCK_TIME_IS_VALID (pts) || self->segment.format != GST_FORMAT_TIME)
    return GST_CLOCK_TIME_NONE;
  if (GST_CLOCK_TIME_IS_VALID (duration))
    pts += duration;
  if (GST_CLOCK_TIME_IS_VALID (self->segment.stop))
    pts = MIN (pts, self->segment.stop);
  end = gst_segment_to_stream_time (&self->segment, GST_FORMAT_TIME, pts);
  return end <= G_MAXINT64 ? end : GST_CLOCK_TIME_NONE;
}

GstClockTime
mh_stream_from_running (MhStream *self, GstClockTime running)
{
  MH_AUTO_LOCK (&self->lock);
  guint64 place;

  if (self->segment.format != GST_FORMAT_TIME ||
      gst_segment_position_from_running_time_full (
          &self->segment, GST_FORMAT_TIME, running, &place) <= 0 ||
      gst_segment_to_stream_time_full (
          &self->segment, GST_FORMAT_TIME, place, &place) <= 0 ||
      place > G_MAXINT64)
    return GST_CLOCK_TIME_NONE;
  return place;
}
