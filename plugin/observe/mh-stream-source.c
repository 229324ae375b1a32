/* mh-stream-source: what the element says that brings the data into the pipeline.
 *
 * Much of it passes no further than a demuxer: the headers of an HTTP server,
 * among them those of a radio station (ICY), and the tags made of these, which
 * the tags of each song replace.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-stream-private.h"

/* The sources of a pipeline: what is played, and what is played next. */
typedef struct
{
  guint group; /* that is played; 0: not known */
  guint n_sources;
  GstElement *source; /* a reference: of that group, or the only one */
  gboolean sure;
} Search;

static void
stream_look_for_source (const GValue *item, gpointer user_data)
{
  Search *search = user_data;
  GstElement *element = g_value_get_object (item);
  g_autoptr (GstPad) pad = NULL;
  guint group;

  if (GST_IS_BIN (element) ||
      !GST_OBJECT_FLAG_IS_SET (element, GST_ELEMENT_FLAG_SOURCE) ||
      !(pad = gst_element_get_static_pad (element, "src")))
    return;
  search->n_sources++;
  group = mh_stream_get_group (pad);
  if (search->sure || (search->source && group != search->group))
    return;
  search->sure = group != 0 && group == search->group;
  if (search->source)
    mh_notifier_release (search->source);
  search->source = gst_object_ref (element);
}

/* Returns: (transfer full) (nullable): NULL: there is none, or it is not known
 * which of several. */
static GstElement *
find_source (GstElement *top, guint group)
{
  Search search = { .group = group };

  mh_stream_look_at_all (top, stream_look_for_source, &search);
  if (!search.sure && search.n_sources != 1 && search.source)
    mh_notifier_release (g_steal_pointer (&search.source));
  return search.source;
}

/* ---- HTTP headers ---- */

static gboolean
is_icy_field (GQuark field, const GValue *value, gpointer is_radio)
{
  const char *name = g_quark_to_string (field);

  if (g_ascii_strncasecmp (name, "icy-", 4) == 0 ||
      g_ascii_strcasecmp (name, "ice-audio-info") == 0)
    *(gboolean *) is_radio = TRUE;
  return TRUE;
}

/* souphttpsrc and curlhttpsrc send the server's headers as a sticky event.
 * Returns: whether @event has any of a radio station's. */
static gboolean
has_icy_headers (GstEvent *event)
{
  const GstStructure *structure = gst_event_get_structure (event);
  const GValue *headers = structure &&
          gst_structure_has_name (structure, "http-headers")
      ? gst_structure_get_value (structure, "response-headers")
      : NULL;
  gboolean is_radio = FALSE;

  if (headers && GST_VALUE_HOLDS_STRUCTURE (headers))
    gst_structure_foreach (
        gst_value_get_structure (headers), is_icy_field, &is_radio);
  return is_radio;
}

static gboolean
has_icy_caps (GstPad *pad)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);

  return caps && !gst_caps_is_empty (caps) && !gst_caps_is_any (caps) &&
      gst_structure_has_name (
          gst_caps_get_structure (caps, 0), "application/x-icy");
}

typedef struct
{
  gboolean is_radio;
  MhTags tags;
} Sticky;

static gboolean
stream_take_sticky (GstPad *pad, GstEvent **event, gpointer user_data)
{
  Sticky *sticky = user_data;
  GstTagList *list;

  if (GST_EVENT_TYPE (*event) == GST_EVENT_TAG) {
    gst_event_parse_tag (*event, &list);
    mh_tags_take (&sticky->tags, list);
  } else if (GST_EVENT_TYPE (*event) == GST_EVENT_CUSTOM_DOWNSTREAM_STICKY) {
    sticky->is_radio |= has_icy_headers (*event);
  }
  return TRUE;
}

/* The length of a source that counts in bytes is found out by a parser, later. A
 * source that counts in time (a test source) says it at once. */
static gboolean
has_size (GstElement *source)
{
  gint64 length = -1;

  if (gst_element_query_duration (source, GST_FORMAT_TIME, &length) &&
      length > 0)
    return FALSE;
  return gst_element_query_duration (source, GST_FORMAT_BYTES, &length) &&
      length > 0;
}

static void
ask_source (GstElement *source, MhStreamInfo *info, MhTags *station)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (source, "src");
  Sticky sticky = { 0 };

  if (!pad)
    return;
  gst_pad_sticky_events_foreach (pad, stream_take_sticky, &sticky);
  info->has_size = has_size (source);
  info->is_radio = sticky.is_radio || has_icy_caps (pad);
  if (info->is_radio)
    mh_tags_add (station, &sticky.tags);
  mh_tags_clear (&sticky.tags);
}

void
mh_stream_ask_source (
    GstElement *top, guint group, MhStreamInfo *info, MhTags *station)
{
  GstElement *source = find_source (top, group);

  if (!source)
    return;
  ask_source (source, info, station);
  mh_notifier_release (source);
}
