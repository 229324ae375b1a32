/* mh-stream-sinks: what the sinks of a pipeline have got.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-stream-private.h"

/* How often a pipeline may change while it is looked through. */
#define TRIES 3

typedef struct
{
  guint group; /* 0: whichever comes first */
  MhTags *tags;
} Search;

guint
mh_stream_get_group (GstPad *pad)
{
  g_autoptr (GstEvent)
      event = gst_pad_get_sticky_event (pad, GST_EVENT_STREAM_START, 0);
  guint group = 0;

  if (event)
    gst_event_parse_group_id (event, &group);
  return group;
}

static gboolean
stream_take_event (GstPad *pad, GstEvent **event, gpointer user_data)
{
  GstTagList *list;

  if (GST_EVENT_TYPE (*event) == GST_EVENT_TAG) {
    gst_event_parse_tag (*event, &list);
    mh_tags_take (user_data, list);
  }
  return TRUE;
}

/* Returns: (transfer full) (nullable): NULL: @item is no sink, or has several. */
static GstPad *
get_sink_pad (const GValue *item)
{
  GstElement *element = g_value_get_object (item);

  return mh_gst_is_sink (element) ? gst_element_get_static_pad (element, "sink")
                                  : NULL;
}

static void
stream_look_for_tags (const GValue *item, gpointer user_data)
{
  Search *search = user_data;
  g_autoptr (GstPad) pad = get_sink_pad (item);
  MhTags own = { 0 };
  guint group;

  group = pad ? mh_stream_get_group (pad) : 0;
  if (search->group == 0)
    search->group = group;
  if (group == 0 || group != search->group)
    return;
  gst_pad_sticky_events_foreach (pad, stream_take_event, &own);
  mh_tags_add (search->tags, &own);
  mh_tags_clear (&own);
}

void
mh_stream_look_at_all (
    GstElement *top, GstIteratorForeachFunction look, gpointer user_data)
{
  GstIterator *all;

  if (!GST_IS_BIN (top))
    return;
  all = gst_bin_iterate_recurse (GST_BIN (top));
  for (guint i = 0; i < TRIES &&
       gst_iterator_foreach (all, look, user_data) == GST_ITERATOR_RESYNC;
       i++)
    gst_iterator_resync (all);
  gst_iterator_free (all);
}

void
mh_stream_ask_sinks (GstElement *top, guint group, MhTags *tags)
{
  Search search = { group, tags };

  mh_stream_look_at_all (top, stream_look_for_tags, &search);
}

/* ---- video ---- */

typedef struct
{
  const char *sound; /* NULL: not known */
  gboolean found;
} VideoSearch;

/* What is linked there and has not come to its end. */
static gboolean
is_given_video (GstPad *pad)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);

  return caps && gst_pad_is_linked (pad) && !GST_PAD_IS_EOS (pad) &&
      mh_stream_read_caps (caps) == MH_MEDIA_TYPE_VIDEO &&
      !g_str_has_prefix (
          gst_structure_get_name (gst_caps_get_structure (caps, 0)), "image/");
}

/* A visualization passes the sound's STREAM_START on. */
static void
stream_look_for_video (const GValue *item, gpointer user_data)
{
  VideoSearch *search = user_data;
  g_autoptr (GstPad) pad = get_sink_pad (item);
  g_autofree char *stream = NULL;

  if (search->found || !pad || !is_given_video (pad))
    return;
  stream = gst_pad_get_stream_id (pad);
  search->found = !stream || g_strcmp0 (stream, search->sound) != 0;
}

gboolean
mh_stream_ask_sinks_for_video (GstElement *top, const char *sound)
{
  VideoSearch search = { sound, FALSE };

  mh_stream_look_at_all (top, stream_look_for_video, &search);
  return search.found;
}

/* ---- position ---- */

typedef struct
{
  guint n_timed; /* sinks that keep time, and have something to show */
  guint n_ended; /* that keep time, and have come to the end of their stream */
  guint n_free; /* and that do not: they take data as fast as it comes */
  gboolean ended; /* which of those that keep time are asked now */
  gint64 position; /* the farthest of the first kind there is; -1: not known */
} PositionSearch;

/* Returns: (transfer none) (nullable): NULL: @item is no sink that may keep time. */
static GstElement *
get_sink (const GValue *item, gboolean *sync)
{
  GstElement *element = g_value_get_object (item);

  if (!mh_gst_is_sink (element) ||
      !mh_gst_has_property (element, "sync", G_TYPE_BOOLEAN))
    return NULL;
  g_object_get (element, "sync", sync, NULL);
  return element;
}

static gboolean
has_ended (GstElement *sink)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (sink, "sink");

  return pad && GST_PAD_IS_EOS (pad);
}

static void
stream_count_sinks (const GValue *item, gpointer user_data)
{
  PositionSearch *search = user_data;
  gboolean sync;
  GstElement *sink = get_sink (item, &sync);

  if (!sink)
    return;
  if (!sync)
    search->n_free++;
  else if (has_ended (sink))
    search->n_ended++;
  else
    search->n_timed++;
}

static void
stream_ask_sink (const GValue *item, gpointer user_data)
{
  PositionSearch *search = user_data;
  gint64 position = -1;
  gboolean sync;
  GstElement *sink = get_sink (item, &sync);

  if (sink && sync && has_ended (sink) == search->ended &&
      gst_element_query_position (sink, GST_FORMAT_TIME, &position))
    search->position = MAX (search->position, position);
}

gboolean
mh_stream_ask_sinks_position (GstElement *top, gint64 *position)
{
  PositionSearch search = { .position = -1 };
  guint n_kinds;

  mh_stream_look_at_all (top, stream_count_sinks, &search);
  n_kinds = (search.n_timed > 0) + (search.n_ended > 0) + (search.n_free > 0);
  if (n_kinds < 2)
    return FALSE;
  mh_stream_look_at_all (top, stream_ask_sink, &search);
  /* Those that have not ended may never get anything. */
  search.ended = TRUE;
  if (search.position < 0)
    mh_stream_look_at_all (top, stream_ask_sink, &search);
  *position = search.position;
  return TRUE;
}
