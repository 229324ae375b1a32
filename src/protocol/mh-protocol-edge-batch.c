/* mh-protocol-edge-batch: hits of one session as one body of the Media Edge API
 * (docs/design/wire-media-edge.md#downloaded-content).
 *
 * The hits have been encoded before, perhaps by another version, and may come from
 * the disk. They are therefore read as JSON again, and what is no event is left out.
 *
 * Where all of it is longer than %MH_PROTOCOL_EDGE_BATCH_MAX, pings are left out
 * evenly, as far as that needs; not so many that ten minutes are without an event,
 * which would close the session. Other events never are.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-protocol-private.h"

#include <string.h>

#include "mh-json.h"

/* The API closes a session that is silent for ten minutes. */
#define MAX_GAP (590 * 1000)

/* One event of the batch. */
typedef struct
{
  char *text;
  gsize length;
  gint64 ts; /* ms UTC */
  gboolean ping;
} Part;

static void
part_free (gpointer data)
{
  Part *part = data;

  g_free (part->text);
  g_free (part);
}

/* ---- reading ---- */

/* The event in the body of a request; NULL: there is none. Owned by @root. */
static JsonObject *
find_xdm (JsonObject *root)
{
  JsonArray *events = mh_json_get_array (root, "events");
  JsonObject *xdm = NULL;

  if (mh_json_count (events) == 1)
    xdm = mh_json_get_object (mh_json_get_element (events, 0), "xdm");
  return mh_json_get_text (xdm, "eventType") &&
          mh_json_get_text (xdm, "timestamp") &&
          mh_json_get_object (xdm, "mediaCollection")
      ? xdm
      : NULL;
}

/* Returns: (transfer full) (nullable): the event that @body carries. */
static JsonObject *
edge_batch_parse_event (GBytes *body)
{
  g_autoptr (JsonObject) root = mh_json_parse (body);
  JsonObject *xdm = find_xdm (root);

  return xdm ? json_object_ref (xdm) : NULL;
}

static gint64
time_of (JsonObject *xdm)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (
      mh_json_get_text (xdm, "timestamp"), NULL);

  return time ? g_date_time_to_unix (time) * 1000 +
          g_date_time_get_microsecond (time) / 1000
              : 0;
}

/* ---- writing ---- */

/* @collection and @ts: in place of what @xdm has. */
static Part *
part_new (JsonObject *xdm, JsonObject *collection, gint64 ts)
{
  g_autoptr (JsonObject) event = json_object_new ();
  g_autofree char *time = mh_protocol_format_time (ts);
  GString *json = g_string_new (NULL);
  Part *part = g_new0 (Part, 1);

  part->ts = ts;
  part->ping = g_str_equal (mh_json_get_text (xdm, "eventType"), "media.ping");
  mh_json_add_text (
      event, "mediaEventType", mh_json_get_text (xdm, "eventType"));
  mh_json_add_text (event, "mediaEventTimestamp", time);
  json_object_set_object_member (
      event, "mediaCollection", json_object_ref (collection));
  mh_json_append_object (json, event);
  part->length = json->len;
  part->text = g_string_free (json, FALSE);
  return part;
}

static Part *
event_part (JsonObject *xdm)
{
  return part_new (
      xdm, mh_json_get_object (xdm, "mediaCollection"), time_of (xdm));
}

/* @first: (nullable): the event whose moment the start takes over: just before
 * it, as two events of a session never share a time. */
static Part *
start_part (JsonObject *start, gboolean resume, JsonObject *first)
{
  g_autoptr (JsonObject) collection = mh_json_copy_object (
      mh_json_get_object (start, "mediaCollection"));
  JsonObject *details = mh_json_get_object (collection, "sessionDetails");
  gint64 ts = time_of (start);

  if (resume) {
    details = details ? mh_json_copy_object (details) : json_object_new ();
    json_object_set_boolean_member (details, "hasResume", TRUE);
    json_object_set_object_member (collection, "sessionDetails", details);
  }
  if (resume && first) {
    JsonObject *other = mh_json_get_object (first, "mediaCollection");

    json_object_set_int_member (collection, "playhead",
        json_object_get_int_member_with_default (other, "playhead", 0));
    ts = MAX (time_of (first) - 1, 0);
  }
  return part_new (start, collection, ts);
}

/* ---- how many pings ---- */

/* Whether @parts[i] goes where of each run of pings every @step-th does: also
 * where the session would be silent for too long without it. */
static gboolean
is_kept (GPtrArray *parts, guint i, guint step, guint run, gint64 last_ts)
{
  const Part *part = parts->pdata[i];
  const Part *next = i + 1 < parts->len ? parts->pdata[i + 1] : NULL;

  return !part->ping || run % step == 0 ||
      (next && next->ts - last_ts > MAX_GAP);
}

/* Appends them to @json, or only counts where that is NULL. Returns: how long
 * they are. */
static gsize
write_parts (GPtrArray *parts, guint step, GString *json)
{
  gsize length = 0;
  gint64 last_ts = 0;
  guint run = 0;

  for (guint i = 0; i < parts->len; i++) {
    const Part *part = parts->pdata[i];

    run = part->ping ? run + 1 : 0;
    if (!is_kept (parts, i, step, run, last_ts))
      continue;
    last_ts = part->ts;
    length += part->length + 1;
    if (!json)
      continue;
    g_string_append (json, i > 0 ? "," : "");
    g_string_append (json, part->text);
  }
  return length;
}

/* The smallest that is enough; what is too long with the largest goes all the
 * same, and the server judges. */
static guint
find_step (GPtrArray *parts, gsize room)
{
  guint step = 1;

  while (step < parts->len && write_parts (parts, step, NULL) > room)
    step++;
  return step;
}

static GBytes *
write_batch (JsonObject *start, GPtrArray *parts)
{
  GString *json = g_string_new (
      "{\"events\":[{\"xdm\":{\"eventType\":\"media.downloaded\","
      "\"identityMap\":");
  JsonObject *identity = mh_json_get_object (start, "identityMap");

  if (identity)
    mh_json_append_object (json, identity);
  else
    g_string_append (json, "{}");
  g_string_append (json, ",\"mediaDownloadedEvents\":[");
  write_parts (parts,
      find_step (
          parts, MH_PROTOCOL_EDGE_BATCH_MAX - MIN (json->len, 32768) - 8),
      json);
  g_string_append (json, "]}}]}");
  return g_string_free_to_bytes (json);
}

static void
edge_batch_add_event (
    GPtrArray *parts, JsonObject *start, gboolean resume, JsonObject *event)
{
  if (parts->len == 0)
    g_ptr_array_add (parts, start_part (start, resume, event));
  if (event)
    g_ptr_array_add (parts, event_part (event));
}

GBytes *
mh_protocol_edge_batch_encode (
    GBytes *start, gboolean resume, GPtrArray *hits, guint *left_out)
{
  g_autoptr (JsonObject) first = edge_batch_parse_event (start);
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (part_free);

  *left_out = 0;
  if (!first)
    return NULL;
  for (guint i = 0; i < hits->len; i++) {
    g_autoptr (JsonObject) event = edge_batch_parse_event (hits->pdata[i]);

    if (event)
      edge_batch_add_event (parts, first, resume, event);
    else
      (*left_out)++;
  }
  if (parts->len == 0)
    edge_batch_add_event (parts, first, resume, NULL);
  return write_batch (first, parts);
}
