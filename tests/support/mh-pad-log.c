/* mh-pad-log: all that passes a pad, as text.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-pad-log.h"

#include <string.h>
#include <sys/prctl.h>

struct _MhPadLog
{
  GstPad *pad;
  gulong probe;

  GMutex lock;
  GString *down;
  GString *up;
  GHashTable *asked; /* set of text */
  GHashTable *answered; /* set of text */
  GHashTable *numbers; /* seqnum, group or stream → number + 1 */
};

static gboolean
is_worker (void)
{
  char name[16] = "";

  prctl (PR_GET_NAME, name);
  return g_str_has_prefix (name, "mediaheartbeat");
}

static guint
number (MhPadLog *self, guint id)
{
  guint n = GPOINTER_TO_UINT (
      g_hash_table_lookup (self->numbers, GUINT_TO_POINTER (id)));

  if (n == 0) {
    n = g_hash_table_size (self->numbers) + 1;
    g_hash_table_insert (
        self->numbers, GUINT_TO_POINTER (id), GUINT_TO_POINTER (n));
  }
  return n;
}

/* ---- data ---- */

static gboolean
note_meta (GstBuffer *buffer, GstMeta **meta, gpointer user_data)
{
  g_string_append_printf (user_data, " %s", g_type_name ((*meta)->info->api));
  return TRUE;
}

/* Whether a buffer's memory has been used before is a matter of speed. */
static void
note_buffer (GString *text, GstBuffer *buffer)
{
  g_string_append_printf (text,
      "buffer %" GST_TIME_FORMAT " %" GST_TIME_FORMAT " %" GST_TIME_FORMAT
      " %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT
      " flags %x size %" G_GSIZE_FORMAT
      " memories %u refs %d writable %d pool %s",
      GST_TIME_ARGS (GST_BUFFER_PTS (buffer)),
      GST_TIME_ARGS (GST_BUFFER_DTS (buffer)),
      GST_TIME_ARGS (GST_BUFFER_DURATION (buffer)), GST_BUFFER_OFFSET (buffer),
      GST_BUFFER_OFFSET_END (buffer),
      GST_BUFFER_FLAGS (buffer) & ~(guint) GST_BUFFER_FLAG_TAG_MEMORY,
      gst_buffer_get_size (buffer), gst_buffer_n_memory (buffer),
      GST_MINI_OBJECT_REFCOUNT_VALUE (buffer), gst_buffer_is_writable (buffer),
      buffer->pool ? G_OBJECT_TYPE_NAME (buffer->pool) : "none");
  gst_buffer_foreach_meta (buffer, note_meta, text);
  g_string_append_c (text, '\n');
}

static void
note_list (GString *text, GstBufferList *list)
{
  g_string_append_printf (text, "list of %u, refs %d, writable %d\n",
      gst_buffer_list_length (list), GST_MINI_OBJECT_REFCOUNT_VALUE (list),
      gst_buffer_list_is_writable (list));
  for (guint i = 0; i < gst_buffer_list_length (list); i++)
    note_buffer (text, gst_buffer_list_get (list, i));
}

/* ---- events ---- */

static void
note_segment (GString *text, GstEvent *event)
{
  const GstSegment *segment;

  gst_event_parse_segment (event, &segment);
  g_string_append_printf (text,
      " %s flags %x rate %g %g base %" G_GUINT64_FORMAT
      " offset %" G_GUINT64_FORMAT " start %" G_GUINT64_FORMAT
      " stop %" G_GUINT64_FORMAT " time %" G_GUINT64_FORMAT
      " position %" G_GUINT64_FORMAT " duration %" G_GUINT64_FORMAT,
      gst_format_get_name (segment->format), segment->flags, segment->rate,
      segment->applied_rate, segment->base, segment->offset, segment->start,
      segment->stop, segment->time, segment->position, segment->duration);
}

static void
note_stream_start (MhPadLog *self, GString *text, GstEvent *event)
{
  const char *id;
  GstStreamFlags flags;
  guint group = 0;

  gst_event_parse_stream_start (event, &id);
  gst_event_parse_stream_flags (event, &flags);
  g_string_append_printf (
      text, " id %u flags %x", number (self, g_str_hash (id)), flags);
  if (gst_event_parse_group_id (event, &group))
    g_string_append_printf (text, " group %u", number (self, group));
}

static void
note_event (MhPadLog *self, GString *text, GstEvent *event)
{
  const GstStructure *structure = gst_event_get_structure (event);
  g_autofree char *content = NULL;

  g_string_append_printf (text, "event %s seqnum %u",
      GST_EVENT_TYPE_NAME (event), number (self, gst_event_get_seqnum (event)));
  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_STREAM_START:
      note_stream_start (self, text, event);
      break;
    case GST_EVENT_SEGMENT:
      note_segment (text, event);
      break;
    case GST_EVENT_SINK_MESSAGE:
    case GST_EVENT_PROTECTION:
    case GST_EVENT_TOC:
    case GST_EVENT_STREAM_COLLECTION:
      break; /* what they hold has addresses */
    case GST_EVENT_STREAM_GROUP_DONE:
      break;
    default:
      if (structure)
        content = gst_structure_to_string (structure);
      g_string_append_printf (text, " %s", content ? content : "");
      break;
  }
  g_string_append_c (text, '\n');
}

/* ---- queries ---- */

static void
note_allocation (GString *text, GstQuery *query)
{
  g_autofree char *caps_text = NULL;
  GstCaps *caps;
  gboolean need_pool;

  gst_query_parse_allocation (query, &caps, &need_pool);
  caps_text = caps ? gst_caps_to_string (caps) : NULL;
  g_string_append_printf (text, " need-pool %d caps %s", need_pool, caps_text);
  for (guint i = 0; i < gst_query_get_n_allocation_pools (query); i++) {
    g_autoptr (GstBufferPool) pool = NULL;
    guint size, minimum, maximum;

    gst_query_parse_nth_allocation_pool (
        query, i, &pool, &size, &minimum, &maximum);
    g_string_append_printf (text, " pool %s %u %u %u",
        pool ? G_OBJECT_TYPE_NAME (pool) : "none", size, minimum, maximum);
  }
  for (guint i = 0; i < gst_query_get_n_allocation_params (query); i++) {
    g_autoptr (GstAllocator) allocator = NULL;
    GstAllocationParams params;

    gst_query_parse_nth_allocation_param (query, i, &allocator, &params);
    g_string_append_printf (text, " allocator %s %x %" G_GSIZE_FORMAT,
        allocator ? G_OBJECT_TYPE_NAME (allocator) : "none", params.flags,
        params.align);
  }
  for (guint i = 0; i < gst_query_get_n_allocation_metas (query); i++)
    g_string_append_printf (text, " meta %s",
        g_type_name (gst_query_parse_nth_allocation_meta (query, i, NULL)));
}

static void
note_scheduling (GString *text, GstQuery *query)
{
  GstSchedulingFlags flags;
  int minimum, maximum, align;

  gst_query_parse_scheduling (query, &flags, &minimum, &maximum, &align);
  g_string_append_printf (text, " flags %x %d %d %d push %d pull %d", flags,
      minimum, maximum, align,
      gst_query_has_scheduling_mode (query, GST_PAD_MODE_PUSH),
      gst_query_has_scheduling_mode (query, GST_PAD_MODE_PULL));
}

static char *
dup_query (GstQuery *query)
{
  GString *text = g_string_new (NULL);
  const GstStructure *structure = gst_query_get_structure (query);
  g_autofree char *content = NULL;

  g_string_printf (text, "query %s", GST_QUERY_TYPE_NAME (query));
  switch (GST_QUERY_TYPE (query)) {
    case GST_QUERY_ALLOCATION:
      note_allocation (text, query);
      break;
    case GST_QUERY_SCHEDULING:
      note_scheduling (text, query);
      break;
    default:
      if (structure)
        content = gst_structure_to_string (structure);
      g_string_append_printf (text, " %s", content ? content : "");
      break;
  }
  return g_string_free (text, FALSE);
}

/* ---- the pad ---- */

static void
note_query (MhPadLog *self, GstPadProbeInfo *info)
{
  gboolean answer = (info->type & GST_PAD_PROBE_TYPE_PULL) != 0;
  gboolean down = (info->type & GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM) != 0;
  g_autofree char *query = dup_query (GST_PAD_PROBE_INFO_QUERY (info));

  g_hash_table_add (answer ? self->answered : self->asked,
      g_strdup_printf ("%s %s", down ? "down" : "up", query));
}

static GstPadProbeReturn
on_probe (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  MhPadLog *self = user_data;

  if (is_worker ())
    return GST_PAD_PROBE_OK;
  g_mutex_lock (&self->lock);
  if (info->type & GST_PAD_PROBE_TYPE_BUFFER)
    note_buffer (self->down, GST_PAD_PROBE_INFO_BUFFER (info));
  else if (info->type & GST_PAD_PROBE_TYPE_BUFFER_LIST)
    note_list (self->down, GST_PAD_PROBE_INFO_BUFFER_LIST (info));
  else if (info->type & GST_PAD_PROBE_TYPE_EVENT_UPSTREAM)
    note_event (self, self->up, GST_PAD_PROBE_INFO_EVENT (info));
  else if (info->type &
      (GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM | GST_PAD_PROBE_TYPE_EVENT_FLUSH))
    note_event (self, self->down, GST_PAD_PROBE_INFO_EVENT (info));
  else if (info->type & GST_PAD_PROBE_TYPE_QUERY_BOTH)
    note_query (self, info);
  g_mutex_unlock (&self->lock);
  return GST_PAD_PROBE_OK;
}

MhPadLog *
mh_pad_log_new (GstPad *pad)
{
  MhPadLog *self = g_new0 (MhPadLog, 1);

  self->pad = gst_object_ref (pad);
  g_mutex_init (&self->lock);
  self->down = g_string_new (NULL);
  self->up = g_string_new (NULL);
  self->asked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->answered = g_hash_table_new_full (
      g_str_hash, g_str_equal, g_free, NULL);
  self->numbers = g_hash_table_new (NULL, NULL);
  self->probe = gst_pad_add_probe (pad,
      GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST |
          GST_PAD_PROBE_TYPE_EVENT_BOTH | GST_PAD_PROBE_TYPE_EVENT_FLUSH |
          GST_PAD_PROBE_TYPE_QUERY_BOTH,
      on_probe, self, NULL);
  return self;
}

void
mh_pad_log_free (MhPadLog *self)
{
  gst_pad_remove_probe (self->pad, self->probe);
  gst_object_unref (self->pad);
  g_mutex_clear (&self->lock);
  g_string_free (self->down, TRUE);
  g_string_free (self->up, TRUE);
  g_hash_table_unref (self->asked);
  g_hash_table_unref (self->answered);
  g_hash_table_unref (self->numbers);
  g_free (self);
}

static void
add_set (GString *text, const char *title, GHashTable *set)
{
  g_autoptr (GList)
      keys = g_list_sort (g_hash_table_get_keys (set), (GCompareFunc) strcmp);

  for (const GList *l = keys; l; l = l->next)
    g_string_append_printf (text, "%s %s\n", title, (char *) l->data);
}

char *
mh_pad_log_dup_text (MhPadLog *self)
{
  GString *text = g_string_new ("-- down\n");

  g_mutex_lock (&self->lock);
  g_string_append (text, self->down->str);
  g_string_append_printf (text, "-- up\n%s-- queries\n", self->up->str);
  add_set (text, "asked", self->asked);
  add_set (text, "answered", self->answered);
  g_mutex_unlock (&self->lock);
  return g_string_free (text, FALSE);
}

/* ---- asking ---- */

static void
ask (GstPad *pad, GstQuery *query, GString *text)
{
  gboolean answered = gst_pad_peer_query (pad, query);
  g_autofree char *answer = dup_query (query);

  g_string_append_printf (text, "%s %s\n", answered ? "yes" : "no", answer);
}

char *
mh_pad_log_ask (GstPad *pad)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  g_autoptr (GstCaps)
      filter = gst_caps_from_string ("audio/x-raw; video/x-raw");
  g_autoptr (GstCaps) other = gst_caps_from_string ("text/plain");
  GstQuery *queries[] = {
    gst_query_new_position (GST_FORMAT_TIME),
    gst_query_new_position (GST_FORMAT_BYTES),
    gst_query_new_duration (GST_FORMAT_TIME),
    gst_query_new_duration (GST_FORMAT_BYTES),
    gst_query_new_latency (),
    gst_query_new_seeking (GST_FORMAT_TIME),
    gst_query_new_seeking (GST_FORMAT_BYTES),
    gst_query_new_segment (GST_FORMAT_TIME),
    gst_query_new_convert (GST_FORMAT_BYTES, 44100, GST_FORMAT_TIME),
    gst_query_new_formats (),
    gst_query_new_buffering (GST_FORMAT_PERCENT),
    gst_query_new_uri (),
    gst_query_new_caps (NULL),
    gst_query_new_caps (filter),
    gst_query_new_accept_caps (caps ? caps : other),
    gst_query_new_accept_caps (other),
    gst_query_new_scheduling (),
    gst_query_new_context ("some.context"),
    gst_query_new_bitrate (),
    gst_query_new_custom (
        GST_QUERY_CUSTOM, gst_structure_new_empty ("some-query")),
  };
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (queries); i++) {
    GstQueryTypeFlags flags = gst_query_type_get_flags (
        GST_QUERY_TYPE (queries[i]));

    if (flags &
        (GST_PAD_IS_SRC (pad) ? GST_QUERY_TYPE_DOWNSTREAM
                              : GST_QUERY_TYPE_UPSTREAM))
      ask (pad, queries[i], text);
    gst_query_unref (queries[i]);
  }
  return g_string_free (text, FALSE);
}
