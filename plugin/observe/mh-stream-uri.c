/* mh-stream-uri: where what passes comes from.
 *
 * A player tells the URI of what it reads, which may be the next item's: the ID of the
 * stream shows whose data passes.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-stream-private.h"

#include <string.h>

/* ---- what is told ---- */

static gboolean
is_told_locked (MhStream *self, const char *uri)
{
  for (guint i = 0; i < MIN (self->n_told, MH_STREAM_GROUPS); i++) {
    if (g_str_equal (self->told[i], uri))
      return TRUE;
  }
  return FALSE;
}

/* A `data:` URI is the media itself: its source has all there is, and it may be long. */
static void
note_told (MhStream *self, const char *uri)
{
  if (!uri || g_ascii_strncasecmp (uri, "data:", strlen ("data:")) == 0)
    return;
  g_mutex_lock (&self->lock);
  if (!is_told_locked (self, uri)) {
    char **oldest = &self->told[self->n_told++ % MH_STREAM_GROUPS];

    g_free (*oldest);
    *oldest = g_strdup (uri);
  }
  g_mutex_unlock (&self->lock);
}

/* Returns: (transfer full): the URIs that were told lately. */
static char **
dup_told (MhStream *self)
{
  MH_AUTO_LOCK (&self->lock);
  char **told = g_new0 (char *, MH_STREAM_GROUPS + 1);

  for (guint i = 0; i < MIN (self->n_told, MH_STREAM_GROUPS); i++)
    told[i] = g_strdup (self->told[i]);
  return told;
}

static char *
ask_pad_uri (GstPad *pad)
{
  g_autoptr (GstQuery) query = gst_query_new_uri ();
  char *uri = NULL;

  if (gst_pad_peer_query (pad, query))
    gst_query_parse_uri (query, &uri);
  return uri;
}

/* A player says what it plays, or what it plays next: the first item. What was next
 * may begin to play in between. */
static char *
ask_top_uri (GstElement *top)
{
  static const char *const names[] = { "current-uri", "uri", "current-uri" };

  return mh_gst_dup_first_string (top, names, G_N_ELEMENTS (names));
}

/* @pad: (nullable): whose peer is asked
 *
 * Returns: (transfer full) (nullable): what that says, or else what was noted. */
static char *
find_own_uri (MhStream *self, GstPad *pad)
{
  char *uri = pad ? ask_pad_uri (pad) : NULL;
  MH_AUTO_LOCK (&self->lock);

  return uri ? uri : g_strdup (self->uri);
}

char *
mh_stream_dup_uri (MhStream *self, gboolean ask)
{
  g_autoptr (GstPad) pad = ask ? g_weak_ref_get (&self->sinkpad) : NULL;
  char *uri = find_own_uri (self, pad);
  GstElement *top = ask && !uri ? g_weak_ref_get (&self->top) : NULL;

  if (top) {
    uri = ask_top_uri (top);
    mh_notifier_release (top);
  }
  if (ask)
    note_told (self, uri);
  return uri;
}

char *
mh_stream_ask_uri (MhStream *self, GstPad *pad, GstElement *top)
{
  g_autofree char *next = NULL;
  char *uri = find_own_uri (self, pad);

  if (top)
    next = ask_top_uri (top);
  if (!uri)
    uri = g_strdup (next);
  note_told (self, uri);
  note_told (self, next);
  return uri;
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
  return stream && first && is_of_uri (stream, first) &&
      !(second && is_of_uri (stream, second));
}

typedef struct
{
  const char *stream;
  const char *answer; /* the URI that was told */
  gboolean has_other; /* a source has that, and its ID is not @stream's */
  gboolean is_others; /* and what comes from it has the ID of that URI */
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

/* What pulls from a source has it give no ID: the one of what comes is that of its URI.
 *
 * Returns: whether what comes from @source has the ID of @uri. */
static gboolean
names_stream (GstElement *source, const char *uri)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (source, "src");
  g_autofree char *id = pad ? gst_pad_get_stream_id (pad) : NULL;

  return pad && (!id || is_of_uri (id, uri));
}

/* Returns: whether @stream begins like a hash of a URI. What mixes streams, and a source
 * that has no URI, make shorter IDs up. */
static gboolean
is_hash (const char *stream)
{
  gssize length = g_checksum_type_get_length (G_CHECKSUM_SHA256) * 2;

  return (gssize) strspn (stream, "0123456789abcdef") == length;
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
  if (g_strcmp0 (uri, search->answer) == 0) {
    search->has_other = TRUE;
    search->is_others |= names_stream (element, uri);
  }
  if (search->uri || !uri || !is_of_uri (search->stream, uri))
    return;
  search->uri = g_steal_pointer (&uri);
  search->length = ask_behind (element);
}

/* The lock is the streaming threads' as well: nothing is hashed while it is held.
 *
 * Returns: (transfer full) (nullable): the URI that was told of which @stream is. */
static char *
find_told (MhStream *self, const char *stream)
{
  g_auto (GStrv) told = dup_told (self);

  for (char **uri = told; *uri; uri++) {
    if (is_of_uri (stream, *uri))
      return g_strdup (*uri);
  }
  return NULL;
}

/* Returns: whether the answer is about another source than that of the stream; the
 * URI of this one is found then, if it is known. A redirection has the ID of where it
 * came from, and is the source's own. */
static gboolean
is_of_another (MhStream *self, UriSearch *search)
{
  if (search->uri)
    return search->has_other;
  search->uri = find_told (self, search->stream);
  return search->uri || (search->is_others && is_hash (search->stream));
}

void
mh_stream_check_source (
    MhStream *self, GstElement *top, const char *stream, MhStreamInfo *info)
{
  UriSearch search = { stream, info->uri, .length = -1 };

  if (!stream || !info->uri || is_of_uri (stream, info->uri))
    return;
  mh_stream_look_at_all (top, stream_look_for_uri, &search);
  if (!is_of_another (self, &search)) {
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
