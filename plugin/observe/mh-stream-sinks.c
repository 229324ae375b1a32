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

/* Of what a pad is given now; 0: none. */
static guint
get_group (GstPad *pad)
{
  g_autoptr (GstEvent)
      event = gst_pad_get_sticky_event (pad, GST_EVENT_STREAM_START, 0);
  guint group = 0;

  if (event)
    gst_event_parse_group_id (event, &group);
  return group;
}

static gboolean
take_event (GstPad *pad, GstEvent **event, gpointer user_data)
{
  GstTagList *list;

  if (GST_EVENT_TYPE (*event) == GST_EVENT_TAG) {
    gst_event_parse_tag (*event, &list);
    mh_tags_take (user_data, list);
  }
  return TRUE;
}

static void
look_at (const GValue *item, gpointer user_data)
{
  Search *search = user_data;
  GstElement *element = g_value_get_object (item);
  g_autoptr (GstPad) pad = NULL;
  MhTags own = { 0 };
  guint group;

  if (GST_IS_BIN (element) ||
      !GST_OBJECT_FLAG_IS_SET (element, GST_ELEMENT_FLAG_SINK))
    return;
  pad = gst_element_get_static_pad (element, "sink");
  group = pad ? get_group (pad) : 0;
  if (search->group == 0)
    search->group = group;
  if (group == 0 || group != search->group)
    return;
  gst_pad_sticky_events_foreach (pad, take_event, &own);
  mh_tags_add (search->tags, &own);
  mh_tags_clear (&own);
}

void
mh_stream_ask_sinks (GstElement *top, guint group, MhTags *tags)
{
  Search search = { group, tags };
  GstIterator *all;

  if (!GST_IS_BIN (top))
    return;
  all = gst_bin_iterate_recurse (GST_BIN (top));
  for (guint i = 0; i < TRIES &&
       gst_iterator_foreach (all, look_at, &search) == GST_ITERATOR_RESYNC;
       i++)
    gst_iterator_resync (all);
  gst_iterator_free (all);
}
