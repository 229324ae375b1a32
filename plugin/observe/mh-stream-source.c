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

/* ---- whose data it is ---- */

/* GStreamer begins the ID of a stream with that of its source: a hash of its URI. */
static gboolean
is_of_uri (const char *stream, const char *uri)
{
  g_autofree char *hash = g_compute_checksum_for_string (
      G_CHECKSUM_SHA256, uri, -1);

  return g_str_has_prefix (stream, hash);
}

gboolean
mh_stream_is_of_first (
    const char *stream, const char *first, const char *second)
{
  return stream && first && second && is_of_uri (stream, first) &&
      !is_of_uri (stream, second);
}

typedef struct
{
  const char *stream;
  const char *answer; /* the URI that was told */
  gboolean has_other; /* a source has that, and its ID is not @stream's */
  char *uri; /* of its source; NULL: none that is known */
  double length; /* seconds, by the demuxer behind it; -1: not known */
} UriSearch;

static double
ask_behind (GstElement *source)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (source, "src");
  g_autoptr (GstPad) peer = pad ? gst_pad_get_peer (pad) : NULL;
  GstElement *behind = peer ? gst_pad_get_parent_element (peer) : NULL;
  gint64 length = -1;

  if (!behind)
    return -1;
  if (!gst_element_query_duration (behind, GST_FORMAT_TIME, &length))
    length = -1;
  mh_notifier_release (behind);
  return length >= 0 ? (double) length / GST_SECOND : -1;
}

static void
stream_look_for_uri (const GValue *item, gpointer user_data)
{
  UriSearch *search = user_data;
  GstElement *element = g_value_get_object (item);
  g_autofree char *uri = NULL;

  if (!GST_IS_URI_HANDLER (element) ||
      !GST_OBJECT_FLAG_IS_SET (element, GST_ELEMENT_FLAG_SOURCE))
    return;
  uri = gst_uri_handler_get_uri (GST_URI_HANDLER (element));
  if (g_strcmp0 (uri, search->answer) == 0)
    search->has_other = TRUE;
  if (search->uri || !uri || !is_of_uri (search->stream, uri))
    return;
  search->uri = g_steal_pointer (&uri);
  search->length = ask_behind (element);
}

void
mh_stream_check_source (GstElement *top, GstPad *pad, MhStreamInfo *info)
{
  g_autofree char *stream = pad ? gst_pad_get_stream_id (pad) : NULL;
  UriSearch search = { stream, info->uri, .length = -1 };

  if (!stream || !info->uri || is_of_uri (stream, info->uri))
    return;
  mh_stream_look_at_all (top, stream_look_for_uri, &search);
  /* A redirection has the ID of where it came from, and is the source's own. */
  if (!search.uri || !search.has_other) {
    g_free (search.uri);
    return;
  }
  g_free (info->uri);
  info->uri = search.uri;
  info->duration = search.length;
  info->seekable = MH_SEEKABLE_UNKNOWN;
  if (search.length < 0)
    info->has_size = FALSE; /* no longer wait would bring it */
}
